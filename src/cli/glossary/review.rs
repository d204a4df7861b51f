//! `overzet glossary review`: every occurrence of every entry, as a page to decide on, a workbook,
//! a table, or a summary in the terminal.

use crate::cli::failure::{Exit, Failure};
use crate::cli::print;
use crate::cli::session::Session;
use crate::pipeline;
use crate::review::glossary::{GlossaryPageInfo, page};
use crate::term;
use crate::term::suggest::SuggestOptions;
use crate::term::survey::{EntrySurvey, Survey, survey};
use crate::workflow::files::{Outputs, extension};
use crate::workflow::glossary::{load, survey_sources};
use crate::workflow::pairs;
use std::path::PathBuf;

/// Arguments of `glossary review`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Pairs (.jsonl, .tsv, .csv, .tmx, .xlf) of one engine or several, a memory, or Dutch
    /// documents (.txt, .md, .html)
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Glossary file or folder; default: those of the settings
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// What to write, by extension: .html (the page), .xlsx, .tsv; may be repeated; default: a
    /// summary on stdout
    #[arg(short, long)]
    pub output: Vec<PathBuf>,
    /// Maximum number of candidates for the glossary
    #[arg(long, default_value_t = SuggestOptions::default().most)]
    pub candidates: usize,
    /// Overwrite existing files
    #[arg(long)]
    pub force: bool,
}

/// What can be written.
const KINDS: [&str; 3] = ["html", "xlsx", "tsv"];

/// Surveys the texts and writes what was asked for.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    for path in &args.output {
        if !KINDS.contains(&extension(path).as_str()) {
            return Err(
                Failure::usage(format!("unknown output format: {}", path.display()))
                    .hint("use the extension .html, .xlsx or .tsv"),
            );
        }
    }
    let glossary = load(&args.glossary, &session.setup)?;
    if glossary.is_empty() {
        return Err(Failure::usage("there is no glossary to review").hint(
            "`--glossary PATH` names one; `overzet glossary suggest` finds candidates for a \
                first one",
        ));
    }
    let mut sources = Vec::new();
    for path in &args.files {
        sources.append(&mut survey_sources(path, &session.setup)?);
    }
    for source in &mut sources {
        pairs::find_again(&mut source.units, &glossary);
        term::judge(&mut source.units, &glossary);
        pipeline::link_words(&mut source.units, &session.setup.pair());
    }
    let options = SuggestOptions {
        most: args.candidates,
        ..SuggestOptions::default()
    };
    let survey = survey(&glossary, &sources, &options);
    if args.output.is_empty() {
        print::text(&table(&survey))?;
    }
    let outputs = Outputs::new(None, args.force);
    for path in &args.output {
        let bytes = match extension(path).as_str() {
            "html" => document(&survey, args).into_bytes(),
            "xlsx" => term::survey_workbook::survey_workbook(
                &glossary,
                &survey,
                &path.display().to_string(),
            )?,
            _ => rows(&survey).into_bytes(),
        };
        outputs.write(path, &bytes)?;
        session.say(&format!("written: {}", path.display()));
    }
    let count = |of: fn(&EntrySurvey) -> usize| survey.entries.iter().map(of).sum::<usize>();
    let unused = survey.entries.iter().filter(|e| e.count() == 0).count();
    session.say(&format!(
        "{} entries, {unused} unused; {} occurrences, {} violations; {} candidates",
        survey.entries.len(),
        count(EntrySurvey::count),
        count(EntrySurvey::violations),
        survey.candidates.len()
    ));
    Ok(Exit::Done)
}

fn document(survey: &Survey, args: &Args) -> String {
    let names: Vec<&str> = survey
        .sources
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    let shown = args.output.iter().find(|path| extension(path) == "html");
    let stem = shown.and_then(|path| path.file_stem());
    let stem = stem.map_or_else(|| "glossary".into(), |stem| stem.to_string_lossy());
    let about = GlossaryPageInfo {
        title: format!("Glossary: {}", names.join(", ")),
        version: env!("CARGO_PKG_VERSION").into(),
        download: format!("{stem}.decisions.tsv"),
    };
    page(survey, &about)
}

/// Every occurrence as a row.
fn rows(survey: &Survey) -> String {
    let mut text = String::from("entry\tnl\ten\tverdict\tfound\trendered\tby\tdutch\tenglish\n");
    for row in survey.rows() {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| cell.replace(['\t', '\n', '\r'], " "))
            .collect();
        text.push_str(&cells.join("\t"));
        text.push('\n');
    }
    text
}

/// The entries that occur, violated ones first, with what the English makes of them; candidates at
/// the end.
fn table(survey: &Survey) -> String {
    let mut entries: Vec<&EntrySurvey> = survey.entries.iter().filter(|e| e.count() > 0).collect();
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.violations(), entry.count())));
    let mut text = String::new();
    for entry in entries {
        let mark = match entry.violations() {
            0 if entry.is_inconsistent() => "~",
            0 => " ",
            _ => "×",
        };
        text.push_str(&format!(
            "{mark} {:>4}× {} → {}\n",
            entry.count(),
            entry.cell("nl"),
            entry.cell("en")
        ));
        let plain = entry.renderings.len() == 1 && entry.violations() == 0;
        for rendering in entry
            .renderings
            .iter()
            .filter(|r| !plain && !r.verdict.is_empty())
        {
            let by: Vec<String> = rendering
                .by
                .iter()
                .filter(|_| survey.sources.len() > 1)
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            let shown = if rendering.text.is_empty() {
                "—"
            } else {
                &rendering.text
            };
            text.push_str(&format!(
                "        {:>4}× {:<12}{shown}  {}\n",
                rendering.count,
                rendering.verdict,
                by.join(", ")
            ));
        }
    }
    for candidate in survey.candidates.iter().take(20) {
        let english = candidate.english.first().map_or("?", |(text, _)| text);
        text.push_str(&format!(
            "? {:>4}× {} → {english}  (candidate)\n",
            candidate.count, candidate.nl
        ));
    }
    // Lines end where their words end.
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}
