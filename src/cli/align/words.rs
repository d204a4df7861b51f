//! `overzet align --words`: which word became which, in pairs that exist already, in two texts just
//! aligned, or in a batch.
//!
//! `{"id":"p1","source":"De bijl is oud.","target":"The axe is old."}` →
//! `{"id":"p1","links":[[0,0],[1,1],[2,2],[3,3]],"sure":[…]}`; with `--format pharaoh` → `0-0 1-1
//! 2-2 3-3`.

use crate::align::word::{LinkInput, LinkedPair};
use crate::bitext::{Link, Unit};
use crate::cli::failure::{Exit, Failure};
use crate::cli::{json_lines, print};
use crate::format::{self, About};
use crate::workflow::align::AlignRun;
use crate::workflow::align::words::WordLinking;
use crate::workflow::files::Outputs;
use crate::workflow::{Host, NoticeLevel};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Arguments of `align` that are about words.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct WordArgs {
    /// Link each word with its translation
    #[arg(long)]
    pub words: bool,
    /// Links as JSON Lines, or as Pharaoh `0-0 1-2`, one line per pair
    #[arg(long, value_enum, default_value = "jsonl", requires = "words")]
    pub format: LinkFormat,
    /// File of word statistics from earlier texts
    #[arg(long, value_name = "FILE", requires = "words")]
    pub priors: Option<PathBuf>,
    /// Update the --priors file with this text
    #[arg(long, requires = "priors")]
    pub save_priors: bool,
}

/// How links are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LinkFormat {
    /// Pairs, or items of a batch, with their links
    #[default]
    Jsonl,
    /// Links alone
    Pharaoh,
}

impl WordArgs {
    /// What the arguments ask for.
    pub fn linking(&self) -> WordLinking {
        WordLinking {
            links: self.words,
            priors: self.priors.clone(),
            saves_priors: self.save_priors,
        }
    }
}

/// Links the words of pairs that exist already; their sentences stay as they are.
///
/// Errors: pairs that cannot be read, outputs that cannot be written.
pub fn pairs(
    run: &AlignRun<'_>,
    path: &Path,
    links: LinkFormat,
    places: &[&PathBuf],
    outputs: &Outputs<'_>,
    host: &dyn Host,
) -> Result<Exit, Failure> {
    let pairs = run.link_pairs(path)?;
    let about = About::new(&run.pair, path.display().to_string());
    let write = |kind: &str| writer(links, kind, &pairs.units, &pairs.extra, &about);
    if places.is_empty() {
        let write = write("jsonl")?;
        print::stream(|out| Ok(write(out)?))?;
    }
    for place in places {
        outputs.write_with(place, write(&place.display().to_string())?)?;
    }
    let linked = pairs.units.iter().filter(|unit| !unit.links.is_empty());
    let line = format!(
        "{} pairs, {} with links, {} links",
        pairs.units.len(),
        linked.count(),
        pairs
            .units
            .iter()
            .map(|unit| unit.links.len())
            .sum::<usize>()
    );
    host.notify(NoticeLevel::Info, &line);
    Ok(Exit::Done)
}

/// What writes the pairs, or their links alone where that was asked for.
///
/// Errors: a name that tells no format.
pub fn writer<'a>(
    links: LinkFormat,
    kind: &str,
    units: &'a [Unit],
    extra: &'a [serde_json::Map<String, serde_json::Value>],
    about: &'a About,
) -> Result<impl FnOnce(&mut dyn Write) -> io::Result<()> + use<'a>, Failure> {
    let format = match links {
        LinkFormat::Pharaoh => None,
        LinkFormat::Jsonl => Some(format::pair_format(kind)?),
    };
    Ok(move |out: &mut dyn Write| match format {
        Some(format) => format::write_pairs_to(out, format, units, extra, about),
        None => units
            .iter()
            .try_for_each(|unit| writeln!(out, "{}", Link::pharaoh(&unit.links))),
    })
}

#[derive(Deserialize)]
struct WordItem {
    id: serde_json::Value,
    source: String,
    target: String,
    source_tokens: Option<Vec<String>>,
    target_tokens: Option<Vec<String>>,
}

#[derive(Serialize)]
struct WordAnswer<'a> {
    id: &'a serde_json::Value,
    links: &'a [Link],
    sure: &'a [Link],
}

/// Links the pairs of stdin; all of them are one corpus to learn from.
///
/// Errors: exit 3 for a line that is not such an object.
pub fn batch(
    run: &AlignRun<'_>,
    words: &WordLinking,
    links: LinkFormat,
    host: &dyn Host,
) -> Result<Exit, Failure> {
    let input = print::read_lines()?;
    let mut ids = Vec::new();
    let mut pairs = Vec::new();
    for item in json_lines::objects("-", &input, r#"{"id","source","target"}"#) {
        let (_, asked): (_, WordItem) = item?;
        let mut pair = LinkInput::of(&asked.source, &asked.target);
        if let Some(words) = asked.source_tokens {
            pair.source = words;
        }
        if let Some(words) = asked.target_tokens {
            pair.target = words;
        }
        pairs.push(pair);
        ids.push(asked.id);
    }
    let lexicon = run.lexicon(&run.pair);
    let mut aligner = words.aligner(&lexicon, &run.pair, run.threads, host)?;
    let found = aligner.align(&pairs);
    words.keep(&aligner, &run.pair, host)?;
    print::stream(|out| {
        for (id, LinkedPair { links: own, sure }) in ids.iter().zip(&found) {
            if links == LinkFormat::Pharaoh {
                writeln!(out, "{}", Link::pharaoh(own))?;
            } else {
                let links = own;
                json_lines::write(out, &WordAnswer { id, links, sure })?;
            }
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}
