//! `overzet glossary enforce`: judges and repairs the terms of pairs that exist already.

use crate::cli::failure::{Exit, Failure};
use crate::cli::print;
use crate::cli::session::Session;
use crate::format::{self, About};
use crate::workflow::files::{self, Outputs};
use crate::workflow::glossary::{enforce, load};
use crate::workflow::{self, pairs};
use std::path::{Path, PathBuf};

/// Arguments of `glossary enforce`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Pairs: .tsv, .jsonl, .csv, .tmx, .xlf, or a memory; `-` with --format
    pub pairs: PathBuf,
    /// Glossary file or folder; may be repeated
    #[arg(long)]
    pub glossary: Vec<PathBuf>,
    /// Output file, format by extension; default: JSON Lines on stdout
    #[arg(short, long)]
    pub output: Option<PathBuf>,
    /// Format of the pairs, if the extension is missing
    #[arg(long)]
    pub format: Option<String>,
    /// Source language of the pairs, BCP 47; default: the setting `from`
    #[arg(long, value_name = "LANG")]
    pub from: Option<String>,
    /// Target language of the pairs, BCP 47; default: the setting `to`
    #[arg(long, value_name = "LANG")]
    pub to: Option<String>,
    /// Exit 1 if a missing term or a forbidden form remains
    #[arg(long)]
    pub strict: bool,
    /// Overwrite the file even if it may have been edited
    #[arg(long)]
    pub force: bool,
}

/// The bytes of a file whose format is that of the output, so that what another tool wrote there
/// can stay; none for other formats, for stdin and for a memory.
fn same_kind(path: &Path, kind: &str) -> Option<Result<Vec<u8>, workflow::Error>> {
    let name = path.display().to_string();
    let own = format::pair_format(&name).ok()?;
    let output = format::pair_format(kind).ok()?;
    (own.name() == output.name()).then(|| files::read(path))
}

/// Judges, repairs and writes the pairs.
pub fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    let glossary = load(&args.glossary, &session.setup)?;
    let pair = session
        .setup
        .pair_with(args.from.as_deref(), args.to.as_deref());
    let mut pairs = pairs::read_or_recall(&args.pairs, args.format.as_deref(), &pair)?;
    pairs::tell(&pairs.notices, &args.pairs, session);
    if glossary.is_empty() {
        return Err(Failure::usage("there is no glossary to enforce")
            .hint("`--glossary FILE` names one; `glossaries/README.md` describes the columns"));
    }
    let open = enforce(&mut pairs.units, &glossary);
    if args.pairs.extension().is_some_and(|e| e == "tsv") || args.format.as_deref() == Some("tsv") {
        for (extra, line) in pairs.extra.iter_mut().zip(&pairs.lines) {
            extra.insert("line".into(), (*line).into());
        }
    }
    let about = About::new(&pair, args.pairs.display().to_string());
    match &args.output {
        Some(path) => {
            let kind = path.display().to_string();
            let bytes = match same_kind(&args.pairs, &kind) {
                Some(original) => {
                    let name = args.pairs.display().to_string();
                    format::rewrite_pairs(&original?, &name, &kind, &pair, &pairs.units)?
                }
                None => None,
            };
            let bytes = match bytes {
                Some(bytes) => bytes,
                None => format::write_pairs(&kind, &pairs.units, &pairs.extra, &about)?,
            };
            if let Some(lost) = format::lost_codes(format::pair_format(&kind)?, &pairs.units) {
                session.say(&lost.message);
            }
            Outputs::new(None, args.force).write(path, &bytes)?;
        }
        None => print::out(&format::write_pairs(
            "jsonl",
            &pairs.units,
            &pairs.extra,
            &about,
        )?)?,
    }
    session.say(&format!(
        "{} pairs, {} terms found, {} repaired, {open} pairs violate the glossary",
        pairs.units.len(),
        pairs.units.iter().map(|u| u.hits.len()).sum::<usize>(),
        pairs
            .units
            .iter()
            .flat_map(|u| &u.hits)
            .filter(|h| h.repair.is_some())
            .count(),
    ));
    Ok(if args.strict && open > 0 {
        Exit::Findings
    } else {
        Exit::Done
    })
}
