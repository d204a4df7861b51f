//! `overzet align --words`: which word became which, in pairs that exist already, in two texts just aligned, or in a batch.
//!
//! `{"id":"p1","source":"De bijl is oud.","target":"The axe is old."}` → `{"id":"p1","links":[[0,0],[1,1],[2,2],[3,3]],"sure":[…]}`; with
//! `--format pharaoh` → `0-0 1-1 2-2 3-3`.

use super::align::Desk;
use super::failure::{Exit, Failure};
use super::output::{self, Outputs};
use super::{glossary, print};
use crate::align::Lexicon;
use crate::align::word::{Aligner, Knowledge, LIMIT, Linked, Pair, Priors, Which, link};
use crate::bitext::{Link, Place, Unit};
use crate::format::{self, About};
use crate::term;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Arguments of `align` that are about words.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct WordArgs {
    /// Link words: which word became which
    #[arg(long)]
    pub words: bool,
    /// Links as JSON Lines, or as Pharaoh `0-0 1-2`, one line per pair
    #[arg(long, value_enum, default_value = "jsonl", requires = "words")]
    pub format: Output,
    /// What earlier texts taught about words
    #[arg(long, value_name = "FILE", requires = "words")]
    pub priors: Option<PathBuf>,
    /// Add what this text teaches to the file of --priors
    #[arg(long, requires = "priors")]
    pub save_priors: bool,
}

/// How links are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Output {
    /// Pairs, or items of a batch, with their links
    #[default]
    Jsonl,
    /// Links alone
    Pharaoh,
}

/// Links the units of two texts, or of pairs, and keeps what they teach.
///
/// Errors: a priors file that cannot be read or written.
pub(super) fn units(desk: &Desk<'_>, lexicon: &Lexicon, units: &mut [Unit]) -> Result<(), Failure> {
    let mut aligner = aligner(desk, lexicon)?;
    link(units, &mut aligner, Which::All);
    keep(desk, &aligner)
}

/// Links the words of pairs that exist already; their sentences stay as they are.
///
/// Errors: pairs that cannot be read, outputs that cannot be written.
pub(super) fn pairs(desk: &Desk<'_>, path: &Path) -> Result<Exit, Failure> {
    let outputs = Outputs::new(None, desk.args.force);
    let places: Vec<&PathBuf> = desk.args.output.iter().chain(&desk.args.pairs).collect();
    for place in &places {
        outputs.check(place)?;
    }
    let mut pairs = glossary::pairs(path, None)?;
    let lexicon = desk.lexicon(&desk.pair);
    term::find(&mut pairs.units, &desk.glossary);
    term::judge(&mut pairs.units, &desk.glossary);
    units(desk, &lexicon, &mut pairs.units)?;
    let linked = pairs
        .units
        .iter()
        .filter(|unit| !unit.links.is_empty())
        .count();
    let total: usize = pairs.units.iter().map(|unit| unit.links.len()).sum();
    let about = About {
        source_lang: desk.pair.source.tag().to_owned(),
        target_lang: desk.pair.target.tag().to_owned(),
        original: path.display().to_string(),
        ..About::default()
    };
    let write = |kind: &str| writer(desk, kind, &pairs.units, &pairs.extra, &about);
    if places.is_empty() {
        let write = write("jsonl")?;
        print::stream(|out| Ok(write(out)?))?;
    }
    for place in places {
        outputs.write_with(place, write(&place.display().to_string())?)?;
    }
    desk.say(&format!(
        "{} pairs, {linked} with links, {total} links",
        pairs.units.len()
    ));
    Ok(Exit::Done)
}

/// What writes the pairs, or their links alone where that was asked for.
///
/// Errors: a name that tells no format.
pub(super) fn writer<'a>(
    desk: &Desk<'_>,
    kind: &str,
    units: &'a [Unit],
    extra: &'a [serde_json::Map<String, serde_json::Value>],
    about: &'a About,
) -> Result<impl FnOnce(&mut dyn Write) -> io::Result<()> + use<'a>, Failure> {
    let format = match desk.args.words.format {
        Output::Pharaoh => None,
        Output::Jsonl => Some(format::pair_format(kind)?),
    };
    Ok(move |out: &mut dyn Write| match format {
        Some(format) => format::write_pairs_to(out, format, units, extra, about),
        None => units
            .iter()
            .try_for_each(|unit| writeln!(out, "{}", Link::pharaoh(&unit.links))),
    })
}

#[derive(Deserialize)]
struct Asked {
    id: serde_json::Value,
    source: String,
    target: String,
    source_tokens: Option<Vec<String>>,
    target_tokens: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    links: &'a [Link],
    sure: &'a [Link],
}

/// Links the pairs of stdin; all of them are one corpus to learn from.
///
/// Errors: exit 3 for a line that is no such object.
pub(super) fn batch(desk: &Desk<'_>) -> Result<Exit, Failure> {
    let input = output::read(Path::new("-"))?;
    let input = String::from_utf8(input).map_err(|error| {
        Failure::input(format!(
            "stdin is not UTF-8: byte {}",
            error.utf8_error().valid_up_to()
        ))
    })?;
    let mut ids = Vec::new();
    let mut pairs = Vec::new();
    let mut at = 0;
    for line in input.split_inclusive('\n') {
        if !line.trim().is_empty() {
            let asked: Asked =
                serde_json::from_str(line).map_err(|error| broken(&input, at, &error))?;
            let mut pair = Pair::of(&asked.source, &asked.target);
            if let Some(words) = asked.source_tokens {
                pair.source = words;
            }
            if let Some(words) = asked.target_tokens {
                pair.target = words;
            }
            pairs.push(pair);
            ids.push(asked.id);
        }
        at += line.len();
    }
    let lexicon = desk.lexicon(&desk.pair);
    let mut aligner = aligner(desk, &lexicon)?;
    let found = aligner.align(&pairs);
    keep(desk, &aligner)?;
    print::stream(|out| {
        for (id, Linked { links, sure }) in ids.iter().zip(&found) {
            if desk.args.words.format == Output::Pharaoh {
                writeln!(out, "{}", Link::pharaoh(links))?;
            } else {
                serde_json::to_writer(&mut *out, &Answer { id, links, sure })
                    .map_err(std::io::Error::from)?;
                writeln!(out)?;
            }
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}

fn broken(input: &str, at: usize, error: &serde_json::Error) -> Failure {
    let place = Place::at("-", input, at, 1);
    let what = format!(
        "line {} is no `{{\"id\",\"source\",\"target\"}}`",
        place.line
    );
    let text = place.text.chars().take(120).collect();
    Failure::input(what).at(Place { text, ..place }, error.to_string())
}

fn aligner<'l>(desk: &Desk<'_>, lexicon: &'l Lexicon) -> Result<Aligner<'l>, Failure> {
    let aligner = Aligner::new(Knowledge::new(lexicon, &desk.pair)).on(desk.threads());
    let args = &desk.args.words;
    let Some(path) = &args.priors else {
        return Ok(aligner);
    };
    let name = path.display().to_string();
    if args.save_priors && !path.exists() {
        return Ok(aligner);
    }
    let (text, ..) = format::decode(&output::read(path)?)?;
    let priors = Priors::read(&name, &text, &desk.pair).map_err(|error| {
        Failure::input(error.what.clone())
            .at(*error.place, "")
            .hint("`--save-priors` makes such a file")
    })?;
    desk.say(&format!("priors {name}: {} pairs of words", priors.len()));
    Ok(aligner.with_priors(priors))
}

fn keep(desk: &Desk<'_>, aligner: &Aligner<'_>) -> Result<(), Failure> {
    let args = &desk.args.words;
    let Some(path) = args.priors.as_ref().filter(|_| args.save_priors) else {
        return Ok(());
    };
    let priors = aligner.priors();
    // The file is ours by the flag that names it.
    Outputs::new(None, true).write(path, priors.write(&desk.pair).as_bytes())?;
    desk.say(&format!(
        "priors {}: {} pairs of words kept, {LIMIT} at most",
        path.display(),
        priors.len()
    ));
    Ok(())
}
