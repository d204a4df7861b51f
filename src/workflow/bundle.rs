//! What stands together after a translation: edition, pairs, review page and report of one article,
//! and their names.
//!
//! `artikel.nl.txt` → `artikel.en.txt`, `artikel.nl-en.jsonl`, `.tmx`, `.xlf`,
//! `artikel.review.html`, `artikel.report.json`.

use super::Error;
use super::files::base;
use super::report::Provenance;
use crate::bitext::{LangPair, Role, Unit};
use crate::format::{self, About};
use crate::review;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// `artikel` of `folder/artikel.nl.txt` and of `artikel.txt`.
pub fn stem(name: &str) -> String {
    let base = base(Path::new(name));
    let stem = base
        .rsplit_once('.')
        .map_or(base.as_str(), |(stem, _)| stem);
    let stem = stem.strip_suffix(".nl").unwrap_or(stem);
    if stem == "-" || stem.is_empty() {
        "stdin".to_owned()
    } else {
        stem.to_owned()
    }
}

/// The files of pairs and the page of an article's bundle.
pub fn pairs(folder: &Path, stem: &str) -> [PathBuf; 4] {
    ["nl-en.jsonl", "nl-en.tmx", "nl-en.xlf", "review.html"]
        .map(|kind| folder.join(format!("{stem}.{kind}")))
}

/// The edition of an article in a bundle; `source` is the article's file.
pub fn edition(folder: &Path, source: &Path) -> PathBuf {
    let stem = stem(&source.display().to_string());
    let extension = source
        .extension()
        .map_or_else(|| "txt".into(), |e| e.to_string_lossy().into_owned());
    folder.join(format!("{stem}.en.{extension}"))
}

/// The report of an article in a bundle.
pub fn report(folder: &Path, stem: &str) -> PathBuf {
    folder.join(format!("{stem}.report.json"))
}

/// Where the outputs of one document go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputPlaces {
    /// The edition; without a place its bytes are given back.
    pub edition: Option<PathBuf>,
    /// Pairs and review pages, in the formats of their names.
    pub pairs: Vec<PathBuf>,
    /// The report.
    pub report: Option<PathBuf>,
}

impl OutputPlaces {
    /// Puts the whole bundle of an article into a folder; a report that has a place already keeps
    /// it.
    pub fn add_bundle(&mut self, folder: &Path, article: &Path) {
        let stem = stem(&article.display().to_string());
        self.edition = Some(edition(folder, article));
        self.pairs.extend(pairs(folder, &stem));
        self.report.get_or_insert_with(|| report(folder, &stem));
    }

    /// Every place.
    pub fn all(&self) -> impl Iterator<Item = &PathBuf> {
        self.edition.iter().chain(&self.pairs).chain(&self.report)
    }
}

/// Checks, before anything is sent, that each output of a run is a file of its own: no two
/// documents write one file, none is written over a document, and its format is known.
///
/// Errors: [`Error::SameOutput`], [`Error::OutputIsInput`], [`Error::Format`].
pub fn check_places(documents: &[(PathBuf, OutputPlaces)]) -> Result<(), Error> {
    let inputs: Vec<PathBuf> = documents.iter().map(|(file, _)| resolved(file)).collect();
    let mut taken: HashMap<PathBuf, &Path> = HashMap::new();
    for (file, places) in documents {
        for path in &places.pairs {
            let name = path.display().to_string();
            if !name.ends_with(".html") {
                format::pair_format(&name)?;
            }
        }
        for path in places.all().filter(|path| *path != Path::new("-")) {
            let place = resolved(path);
            if inputs.contains(&place) {
                let path = path.clone();
                return Err(Error::OutputIsInput { path });
            }
            if let Some(first) = taken.insert(place, file) {
                return Err(Error::SameOutput {
                    path: path.clone(),
                    documents: (first.display().to_string(), file.display().to_string()),
                });
            }
        }
    }
    Ok(())
}

/// A path by which one file has one name: links and dots followed as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    let folder = path.parent().map(resolved_folder).unwrap_or_default();
    folder.join(path.file_name().unwrap_or_default())
}

fn resolved_folder(folder: &Path) -> PathBuf {
    let named = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let whole = named.canonicalize().or_else(|_| std::path::absolute(named));
    whole.unwrap_or_else(|_| named.to_owned())
}

/// What a file of pairs says of itself.
pub fn about(pair: &LangPair, name: &str, provenance: &Provenance, xliff2: bool) -> About {
    About {
        created: provenance
            .first_draft
            .as_ref()
            .map(|t| t.replace(['-', ':'], "")),
        xliff2,
        ..About::new(pair, base(Path::new(name)))
    }
}

/// The review page of units. `name` is the article's, `notices` is what its reader said.
pub fn page(
    units: &[Unit],
    notices: &[String],
    pair: &LangPair,
    provenance: &Provenance,
    name: &str,
) -> Result<Vec<u8>, Error> {
    let pairs = format::write_pairs("jsonl", units, &[], &about(pair, name, provenance, false))?;
    let pairs = String::from_utf8_lossy(&pairs);
    let headline = units.iter().find(|u| u.role == Role::Headline);
    let page = review::PageInfo {
        title: headline.map_or_else(|| base(Path::new(name)), |u| u.source.plain.clone()),
        source_name: base(Path::new(name)),
        pair: pair.clone(),
        engine: provenance.engine.clone().unwrap_or_default(),
        glossary: provenance.glossary.chars().take(12).collect(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        created: provenance.last_draft.clone().unwrap_or_default(),
        notices: notices.to_vec(),
        pairs_name: format!("{}.nl-en.jsonl", stem(name)),
    };
    Ok(review::page(units, &pairs, &page).into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_output_of_a_run_is_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("b.txt"), "b").unwrap();
        let bundle = |article: &str, into: &str| {
            let mut places = OutputPlaces::default();
            places.add_bundle(&at(into), &at(article));
            (at(article), places)
        };
        let check = |documents: &[(PathBuf, OutputPlaces)]| check_places(documents);
        assert!(check(&[bundle("ma/a.txt", "uit"), bundle("ma/b.txt", "uit")]).is_ok());
        for second in ["di/a.txt", "ma/a.nl.txt", "ma/a.md"] {
            let error = check(&[bundle("ma/a.txt", "uit"), bundle(second, "./uit")]);
            assert!(matches!(error, Err(Error::SameOutput { .. })), "{second}");
        }
        let one = |edition: &str, pairs: &str| OutputPlaces {
            edition: Some(at(edition)),
            pairs: vec![at(pairs)],
            report: None,
        };
        let error = check(&[(at("b.txt"), one("x.tsv", "./x.tsv"))]);
        assert!(matches!(error, Err(Error::SameOutput { .. })));
        let error = check(&[(at("b.txt"), one("./b.txt", "x.tsv"))]);
        assert!(matches!(error, Err(Error::OutputIsInput { .. })));
    }

    #[test]
    fn names_follow_the_article() {
        assert_eq!(stem("map/artikel.nl.txt"), "artikel");
        assert_eq!(stem("-"), "stdin");
        assert_eq!(
            edition(Path::new("uit"), Path::new("map/stuk.html")),
            Path::new("uit/stuk.en.html")
        );
        assert_eq!(
            pairs(Path::new("uit"), "stuk")[3],
            Path::new("uit/stuk.review.html")
        );
    }
}
