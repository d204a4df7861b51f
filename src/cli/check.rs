//! `overzet check`: what an editor should look at in pairs that exist already.

use super::failure::{Exit, Failure};
use super::session::Session;
use super::style::StyleArgs;
use super::{findings, print};
use crate::bitext::Severity;
use crate::workflow::check::{self, CheckRequest};
use clap::ValueEnum;
use std::path::PathBuf;

/// Arguments of `check`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Pairs: .jsonl, .tsv, .csv, .tmx, .xlf, or a memory
    pub pairs: PathBuf,
    /// Glossary file or folder; may be repeated. If none is given or configured, only the terms
    /// recorded in the pairs are checked
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Source language of the pairs, BCP 47; default: the setting `from`
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// Target language of the pairs, BCP 47; default: the setting `to`
    #[arg(long, value_name = "LANG")]
    pub to: Option<String>,
    /// House style
    #[command(flatten)]
    pub style: StyleArgs,
    /// Exit 1 if a finding has at least this severity
    #[arg(long, value_enum, default_value = "error")]
    pub fail_on: FailOn,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: FindingsFormat,
    /// Format of the pairs, if the extension is missing
    #[arg(long)]
    pub pairs_format: Option<String>,
    /// Only these checks, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Not these checks, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Findings to ignore: the output of an earlier run with --format jsonl
    #[arg(long)]
    pub baseline: Option<PathBuf>,
}

/// Exit 1 if a finding has at least this severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors
    Error,
    /// Errors and warnings
    Warning,
    /// Never
    Never,
}

/// What is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FindingsFormat {
    /// Human-readable
    Text,
    /// One object per finding
    Jsonl,
    /// SARIF 2.1.0, for code review tools
    Sarif,
}

impl FailOn {
    /// The severity that is meant; none for never.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Never => None,
        }
    }
}

/// Checks the pairs and prints the findings.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let request = CheckRequest {
        pairs: args.pairs.clone(),
        format: args.pairs_format.clone(),
        from: args.from.clone(),
        to: args.to.clone(),
        glossary: args.glossary.clone(),
        only: args.only.clone(),
        skip: args.skip.clone(),
        baseline: args.baseline.clone(),
    };
    let pairs = check::run(&request, &session.setup, session)?;
    let (units, lines) = (&pairs.units, &pairs.lines);
    match args.format {
        FindingsFormat::Jsonl => print::stream(|out| Ok(findings::jsonl(out, units, lines)?))?,
        FindingsFormat::Sarif => {
            let name = args.pairs.display().to_string();
            print::out(findings::sarif(units, lines, &name).as_bytes())?;
        }
        FindingsFormat::Text => print::text(&findings::text(units, lines))?,
    }
    let judged = findings::judged(units);
    if args.format != FindingsFormat::Text && !judged.is_empty() {
        session.say(judged.trim_end());
    }
    Ok(check::outcome(units, args.fail_on.severity()).into())
}
