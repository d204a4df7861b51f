//! `overzet tm`: the translation memory, what people wrote, approved or brought along.
//!
//! `overzet tm import desk.tmx` keeps its pairs in the memory file; `translate` then takes the very
//! same text from there and shows what is like it.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use crate::bitext::{LangPair, State};
use crate::format::{self, About};
use crate::memory::{MemoryIndex, MemoryPair, Prune, Store};
use crate::pipeline;
use crate::workflow::files::{self, Outputs};
use crate::workflow::ledger::Ledger;
use crate::workflow::{self, Host, pairs};
use std::fmt::Write;
use std::path::PathBuf;

/// Arguments of `tm`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Source language of the pairs, BCP 47; default: the setting `from`
    #[arg(long, value_name = "LANG", global = true)]
    pub from: Option<String>,
    /// Target language of the pairs, BCP 47; default: the setting `to`
    #[arg(long, value_name = "LANG", global = true)]
    pub to: Option<String>,
    /// What to do
    #[command(subcommand)]
    pub action: MemoryAction,
}

/// What can be done with the memory.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum MemoryAction {
    /// Import pairs from files: .tmx .xlf .sdlxliff .mqxliff .jsonl .tsv .csv
    Import(ImportArgs),
    /// Export the pairs to a file, format by extension
    Export(ExportArgs),
    /// Find similar sentences, and pairs that contain the words
    Search(SearchArgs),
    /// Show statistics of the memory
    Stats,
    /// Delete drafts or pairs
    Prune(PruneArgs),
}

/// Arguments of `tm import`.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArgs {
    /// Files of pairs
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Also import unapproved machine translations
    #[arg(long)]
    pub all: bool,
}

/// Arguments of `tm export`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExportArgs {
    /// Output file, format by extension; default: JSON Lines on stdout
    pub file: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long)]
    pub force: bool,
}

/// Arguments of `tm search`.
#[derive(Debug, Clone, clap::Args)]
pub struct SearchArgs {
    /// A sentence, or words
    pub text: String,
    /// Minimum similarity of a match, in per cent
    #[arg(
        long,
        default_value_t = pipeline::MIN_MATCH_PERCENT,
        value_parser = clap::value_parser!(u8).range(1..=100)
    )]
    pub least: u8,
    /// Maximum number of matches
    #[arg(long, default_value = "5")]
    pub limit: usize,
}

/// Arguments of `tm prune`.
#[derive(Debug, Clone, clap::Args)]
#[command(group(
    clap::ArgGroup::new("which")
        .required(true)
        .multiple(true)
        .args(["older_than", "engine", "file"])
))]
pub struct PruneArgs {
    /// Entries older than this number of days
    #[arg(long, value_name = "DAYS")]
    pub older_than: Option<u32>,
    /// Drafts of this engine
    #[arg(long, value_name = "NAME")]
    pub engine: Option<String>,
    /// Pairs of this file, as `tm stats` names it
    #[arg(long, value_name = "FILE", conflicts_with = "engine")]
    pub file: Option<String>,
    /// Delete pairs instead of drafts, if only an age is given
    #[arg(long, conflicts_with = "engine")]
    pub pairs: bool,
    /// Only count the matches
    #[arg(long)]
    pub dry_run: bool,
}

/// Does what was asked.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let store = Store::open(&session.setup.memory())?;
    let pair = session
        .setup
        .pair_with(args.from.as_deref(), args.to.as_deref());
    match &args.action {
        MemoryAction::Import(args) => import(args, &store, &pair, session),
        MemoryAction::Export(args) => export(args, &store, &pair, session),
        MemoryAction::Search(args) => search(args, &store, &pair, session),
        MemoryAction::Stats => stats(&store, session),
        MemoryAction::Prune(args) => prune(args, &store, session),
    }
}

fn import(
    args: &ImportArgs,
    store: &Store,
    pair: &LangPair,
    session: &Session,
) -> Result<Exit, Failure> {
    for file in &args.files {
        let name = files::base(file);
        let (mut wanted, mut learnt, mut passed) = (0, 0, 0);
        let mut notices = Vec::new();
        store.add_each_pair(pair, &name, session.now(), |add| {
            notices = pairs::read_each(file, pair, &mut |unit| {
                let is_wanted = pairs::is_by_person(&unit)
                    || pairs::is_rewritten(&unit, file)
                    || (args.all && unit.state != State::Untranslated);
                if is_wanted {
                    wanted += 1;
                    learnt += add(&unit)?;
                } else {
                    passed += 1;
                }
                Ok(())
            })?;
            Ok::<_, workflow::Error>(())
        })?;
        pairs::tell(&notices, file, session);
        let mut said = format!(
            "{}: {wanted} pairs, {learnt} new or changed",
            file.display(),
        );
        if passed > 0 {
            let _ = write!(
                said,
                "; {passed} unapproved pairs skipped (--all imports them)"
            );
        }
        session.say(&said);
    }
    Ok(Exit::Done)
}

fn export(
    args: &ExportArgs,
    store: &Store,
    pair: &LangPair,
    session: &Session,
) -> Result<Exit, Failure> {
    let units = pairs::of_memory(store, pair)?;
    let about = About::new(pair, "memory");
    let Some(path) = &args.file else {
        print::out(&format::write_pairs("jsonl", &units, &[], &about)?)?;
        return Ok(Exit::Done);
    };
    let kind = path.display().to_string();
    let bytes = format::write_pairs(&kind, &units, &[], &about)?;
    if let Some(lost) = format::lost_codes(format::pair_format(&kind)?, &units) {
        session.say(&lost.message);
    }
    Outputs::new(Some(Ledger::new(store)), args.force).write(path, &bytes)?;
    session.say(&format!("{}: {} pairs", path.display(), units.len()));
    Ok(Exit::Done)
}

fn search(
    args: &SearchArgs,
    store: &Store,
    pair: &LangPair,
    session: &Session,
) -> Result<Exit, Failure> {
    let pairs = store.pairs(pair)?;
    let index = MemoryIndex::new(pairs.iter().map(|p| p.source.plain.as_str()));
    let found = index.search(&args.text, args.least, args.limit);
    let mut text = String::new();
    let mut show = |mark: &str, pair: &MemoryPair| {
        let _ = writeln!(
            text,
            "{mark:>6}  {}\n        {}\n        {}",
            pair.source.plain, pair.target.plain, pair.file
        );
    };
    for (at, percent) in &found {
        show(&format!("{percent} %"), &pairs[*at]);
    }
    let words = args.text.to_lowercase();
    let holds = |text: &str| text.to_lowercase().contains(&words);
    let holding = pairs
        .iter()
        .enumerate()
        .filter(|(at, _)| found.iter().all(|(other, _)| other != at))
        .filter(|(_, pair)| holds(&pair.source.plain) || holds(&pair.target.plain))
        .take(args.limit.saturating_sub(found.len()));
    for (_, pair) in holding {
        show("holds", pair);
    }
    print::text(&text)?;
    if text.is_empty() {
        session.say(&format!(
            "no match among {} pairs; `--least 50` lowers the threshold",
            pairs.len()
        ));
    }
    Ok(Exit::Done)
}

fn stats(store: &Store, session: &Session) -> Result<Exit, Failure> {
    let path = session.setup.memory();
    let counts = store.counts()?;
    let bytes = std::fs::metadata(&path).map_or(0, |file| file.len());
    let mut text = format!(
        "memory   {}\nsize     {:.1} MB\npairs    {}\n",
        path.display(),
        bytes as f64 / 1e6,
        counts.pairs
    );
    let origins = store.origins()?;
    for kind in ["pairs", "drafts"] {
        if kind == "drafts" {
            let _ = writeln!(text, "drafts   {}", counts.drafts);
        }
        for (_, name, count) in origins.iter().filter(|(own, _, _)| *own == kind) {
            let _ = writeln!(text, "  {count:>7}  {name}");
        }
    }
    print::text(&text)?;
    Ok(Exit::Done)
}

fn prune(args: &PruneArgs, store: &Store, session: &Session) -> Result<Exit, Failure> {
    let what = Prune {
        pairs: args.pairs || args.file.is_some(),
        before: args
            .older_than
            .map(|days| session.now() - i64::from(days) * 86_400),
        of: args.file.clone().or_else(|| args.engine.clone()),
    };
    let count = store.prune(&what, args.dry_run)?;
    let kind = if what.pairs { "pairs" } else { "drafts" };
    let verb = if args.dry_run {
        "would be deleted"
    } else {
        "deleted"
    };
    session.say(&format!("{count} {kind} {verb}"));
    Ok(Exit::Done)
}
