//! `overzet demo`: the sample article through the whole line, offline.
//!
//! A mock of a public API answers on a loopback port from a recorded cassette of drafts with the
//! faults that real engines make; the real client talks to it, the glossary is enforced, and what
//! is left over is flagged.

use super::failure::{Exit, Failure};
use super::session::Session;
use super::{print, translate};
use crate::memory::Store;
use crate::mock::{self, Answers, Options};
use crate::workflow::files::Outputs;
use crate::workflow::init::HOUSE_GLOSSARY;
use crate::workflow::ledger::Ledger;
use std::path::PathBuf;

/// Arguments of `demo`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Output folder
    #[arg(short, long, default_value = "edition")]
    pub output: PathBuf,
    /// Overwrite files even if they may have been edited
    #[arg(long)]
    pub force: bool,
}

/// The memory of the demo, in its folder.
const MEMORY: &str = "memory.sqlite";
const ARTICLE: &str = include_str!("demo/article.nl.txt");
const CASSETTE: &str = include_str!("demo/cassette.jsonl");
/// Runs the sample article.
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    own_folder(args)?;
    let answers = Answers::cassette(CASSETTE, true).map_err(Failure::input)?;
    // What the service's own glossary would do is left undone here: the drafts shall show their
    // faults.
    let options = Options {
        answers,
        applies_terms: false,
        ..Options::default()
    };
    let server = mock::start(options)
        .await
        .map_err(|error| Failure::input("no loopback port is available").caused_by(&error))?;
    let folder = &args.output;
    let memory = folder.join(MEMORY);
    std::fs::create_dir_all(folder)
        .map_err(|error| Failure::input("the folder cannot be made").caused_by(&error))?;
    let store = Store::open(&memory)?;
    // A file of this name that the demo did not write is somebody's work.
    let outputs = Outputs::new(Some(Ledger::new(&store)), args.force);
    let article = folder.join("article.nl.txt");
    outputs.write(&article, ARTICLE.as_bytes())?;
    for (name, text) in HOUSE_GLOSSARY {
        outputs.write(&folder.join("glossary").join(name), text.as_bytes())?;
    }
    let mut setup = session.setup.clone();
    setup.point_at(&server.address(), &memory);
    let session = session.with_setup(setup);
    let arguments = translate::Args {
        files: vec![article],
        output: Some(PathBuf::from(format!("{}/", folder.display()))),
        engine: Some("deepl".into()),
        glossary: vec![folder.join("glossary")],
        force: args.force,
        ..translate::Args::default()
    };
    let exit = translate::run(&arguments, &session).await;
    server.stop().await;
    exit?;
    let page = std::path::absolute(folder.join("article.review.html"))
        .unwrap_or_else(|_| folder.join("article.review.html"));
    print::out(
        format!(
            "edition    {0}/article.en.txt\npairs      {0}/article.nl-en.jsonl  .tmx  .xlf\n\
             report     {0}/article.report.json\nreview     file://{1}\n",
            folder.display(),
            page.display()
        )
        .as_bytes(),
    )?;
    session.say(
        "next: `overzet init desk` makes a folder for your own articles; `cd desk`, then \
         `overzet translate ARTICLE.txt -o edition/`",
    );
    Ok(Exit::Done)
}

/// Refuses a folder that holds files of others: one without the memory of an earlier demo.
fn own_folder(args: &Args) -> Result<(), Failure> {
    let folder = &args.output;
    if args.force || folder.join(MEMORY).exists() {
        return Ok(());
    }
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let Some(first) = entries.map(|entry| entry.path()).min() else {
        return Ok(());
    };
    Err(Failure::input(format!(
        "{} is not a folder of the demo: it holds {}",
        folder.display(),
        first.display()
    ))
    .hint("`overzet demo -o OTHER` writes to another folder; `--force` writes here"))
}
