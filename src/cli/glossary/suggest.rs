//! `overzet glossary suggest`: what the glossary lacks, with the English that the pairs give it.

use crate::cli::failure::{Exit, Failure};
use crate::cli::print;
use crate::cli::session::Session;
use crate::pipeline;
use crate::term::files;
use crate::term::suggest::{SuggestOptions, TermCandidate, suggest};
use crate::term::{self, Concept};
use crate::workflow::files::Outputs;
use crate::workflow::glossary::load;
use crate::workflow::pairs;
use clap::ValueEnum;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `glossary suggest`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Pairs: .jsonl, .tsv, .csv, .tmx, .xlf, or a memory
    #[arg(required = true)]
    pub pairs: Vec<PathBuf>,
    /// Glossary file or folder; its entries are not suggested
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Format of the pairs, if the extension is missing
    #[arg(long)]
    pub pairs_format: Option<String>,
    /// Minimum number of occurrences
    #[arg(long, default_value_t = SuggestOptions::default().least)]
    pub least: usize,
    /// Maximum number of suggestions
    #[arg(long, default_value_t = SuggestOptions::default().most)]
    pub most: usize,
    /// Output format
    #[arg(long, value_enum, default_value = "table")]
    pub format: SuggestFormat,
    /// A glossary file to write (.tsv, .csv, .xlsx), for `glossary import`
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    pub force: bool,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SuggestFormat {
    /// Human-readable
    Table,
    /// Rows that `glossary import` takes
    Tsv,
    /// One object per suggestion
    Jsonl,
}

/// Prints or writes the suggestions.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let glossary = load(&args.glossary, &session.setup)?;
    let mut units = Vec::new();
    for path in &args.pairs {
        units.extend(
            pairs::read_or_recall(path, args.pairs_format.as_deref(), &session.setup.pair())?.units,
        );
    }
    term::find(&mut units, &glossary);
    term::judge(&mut units, &glossary);
    pipeline::link_words(&mut units, &session.setup.pair());
    let options = SuggestOptions {
        least: args.least.max(1),
        most: args.most,
    };
    let candidates = suggest(&units, &options);
    if let Some(path) = &args.output {
        let name = path.display().to_string();
        let written = files::write(&entries(&candidates), &name, None)?;
        Outputs::new(None, args.force).write(path, &written.bytes)?;
        session.say(&format!(
            "{} suggestions → {name}; edit it, then `overzet glossary import {name} --merge`",
            candidates.len()
        ));
        return Ok(Exit::Done);
    }
    let text = match args.format {
        SuggestFormat::Table => table(&candidates),
        SuggestFormat::Tsv => {
            let written = files::write(&entries(&candidates), "suggestions", Some("tsv"))?;
            print::out(&written.bytes)?;
            return Ok(Exit::Done);
        }
        SuggestFormat::Jsonl => lines(&candidates),
    };
    print::text(&text)?;
    session.say(&format!(
        "{} suggestions from {} pairs; `-o FILE.tsv` writes them for `glossary import`",
        candidates.len(),
        units.len()
    ));
    Ok(Exit::Done)
}

/// The candidates of which the pairs show the English.
fn entries(candidates: &[TermCandidate]) -> Vec<Concept> {
    candidates.iter().filter_map(TermCandidate::entry).collect()
}

/// Dutch, English and how often, within 80 columns.
fn table(candidates: &[TermCandidate]) -> String {
    let mut text = String::new();
    for candidate in candidates {
        let english: Vec<String> = candidate
            .english
            .iter()
            .enumerate()
            .map(|(index, rendering)| match index {
                0 if candidate.english.len() == 1 => rendering.text.clone(),
                _ => format!("{} {}×", rendering.text, rendering.count),
            })
            .collect();
        let english = if english.is_empty() {
            "?".to_owned()
        } else {
            english.join(", ")
        };
        text.push_str(&format!(
            "{:>5}× {:<9}{} → {english}\n",
            candidate.count,
            candidate.kind.name(),
            candidate.nl
        ));
    }
    text
}

fn lines(candidates: &[TermCandidate]) -> String {
    let mut text = String::new();
    for candidate in candidates {
        let english: Vec<_> = candidate
            .english
            .iter()
            .map(|rendering| json!({"text": rendering.text, "count": rendering.count}))
            .collect();
        let object = json!({
            "nl": candidate.nl,
            "kind": candidate.kind.name(),
            "count": candidate.count,
            "english": english,
            "confidence": (candidate.confidence * 1000.0).round() / 1000.0,
            "units": candidate.units,
        });
        text.push_str(&format!("{object}\n"));
    }
    text
}
