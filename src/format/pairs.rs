//! Aligned pairs as files: the table of formats, and what they have in common.

use super::error::Error;
use super::pair_contract::{About, PairFormat, Pairs};
use super::{jsonl, tables, tmx, xliff, xliff2};
use crate::bitext::Unit;
use serde_json::{Map, Value};
use std::io::{self, Write};

/// The formats of pairs.
pub static PAIRS: &[&dyn PairFormat] = &[
    &jsonl::Jsonl,
    &tables::Tsv,
    &tables::Csv,
    &tmx::Tmx,
    &xliff::Xliff,
];

/// The format of a file name or of a name that the user gave.
///
/// Errors: [`Error::Unknown`].
pub fn pair_format(name: &str) -> Result<&'static dyn PairFormat, Error> {
    let extension = name.rsplit_once('.').map_or(name, |(_, e)| e);
    let extension = match extension.to_ascii_lowercase().as_str() {
        "xliff" => "xlf".to_owned(),
        "ndjson" => "jsonl".to_owned(),
        "tab" => "tsv".to_owned(),
        other => other.to_owned(),
    };
    PAIRS
        .iter()
        .copied()
        .find(|format| format.name() == extension)
        .ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            known: PAIRS
                .iter()
                .map(|f| f.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// Reads pairs. The format is `kind` if given, else that of the name's extension.
///
/// Errors: [`Error::Unknown`], [`Error::NotText`], [`Error::Broken`] with the place.
pub fn read_pairs(bytes: &[u8], name: &str, kind: Option<&str>) -> Result<Pairs, Error> {
    let format = pair_format(kind.unwrap_or(name))?;
    if format.name() == "xlf" {
        // One extension, two generations: the root's version tells.
        let root = super::xml::read(bytes, name)?;
        return if root
            .attribute("version")
            .is_some_and(|v| v.starts_with('2'))
        {
            Ok(xliff2::from_root(&root))
        } else {
            xliff::from_root(&root, name)
        };
    }
    format.read(bytes, name)
}

/// Writes pairs in the format of `kind`, a name or a file name.
///
/// Errors: [`Error::Unknown`].
///
/// ```
/// use overzet::bitext::Unit;
/// use overzet::format::{self, About};
///
/// let units = [Unit::translated("Het is stil.", "It is quiet.")];
/// let tsv = format::write_pairs("tsv", &units, &[], &About::default())?;
/// let back = format::read_pairs(&tsv, "pairs.tsv", None)?;
/// assert_eq!(back.units[0].target.plain, "It is quiet.");
/// # Ok::<(), format::Error>(())
/// ```
pub fn write_pairs(
    kind: &str,
    units: &[Unit],
    extra: &[Map<String, Value>],
    about: &About,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    // Memory takes everything.
    let _ = write_pairs_to(&mut bytes, pair_format(kind)?, units, extra, about);
    Ok(bytes)
}

/// Writes pairs that are too many to be held in memory as a file.
///
/// Errors: those of `out`.
pub fn write_pairs_to(
    out: &mut dyn Write,
    format: &dyn PairFormat,
    units: &[Unit],
    extra: &[Map<String, Value>],
    about: &About,
) -> io::Result<()> {
    if format.name() == "xlf" && about.xliff2 {
        return xliff2::write(out, units, about);
    }
    format.write(out, units, extra, about)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Link;

    #[test]
    fn confidence_comes_back_from_every_format_that_has_a_place_for_it() {
        let link = |source, target| Link { source, target };
        let unit = |confidence, links: &[Link]| Unit {
            source: "Het regent".into(),
            target: "It rains".into(),
            confidence,
            links: links.into(),
            ..Unit::default()
        };
        let units = [
            unit(Some(0.971), &[link(0, 0), link(1, 1)]),
            unit(None, &[]),
        ];
        for (kind, xliff2, has_links) in [
            ("jsonl", false, true),
            ("csv", false, true),
            ("tmx", false, true),
            ("xlf", false, false),
            ("xlf", true, false),
        ] {
            let about = About {
                source_lang: "nl".into(),
                target_lang: "en".into(),
                xliff2,
                ..About::default()
            };
            let bytes = write_pairs(kind, &units, &[], &about).unwrap();
            let back = read_pairs(&bytes, "p", Some(kind)).unwrap().units;
            for (before, after) in units.iter().zip(&back) {
                assert_eq!(after.confidence, before.confidence, "{kind} {xliff2}");
                if has_links {
                    assert_eq!(after.links, before.links, "{kind}");
                }
            }
            // Nonsense is passed over.
            let spoiled = String::from_utf8(bytes).unwrap().replace("0.971", "1.971");
            let back = read_pairs(spoiled.as_bytes(), "p", Some(kind)).unwrap();
            assert!(
                kind == "jsonl" || back.units[0].confidence.is_none(),
                "{kind}"
            );
        }
        // Pairs that nobody aligned keep the columns that they always had.
        let plain = write_pairs("csv", &units[1..], &[], &About::default()).unwrap();
        assert!(!String::from_utf8(plain).unwrap().contains("confidence"));
    }
}
