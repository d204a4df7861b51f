//! `overzet models`: the models of the local engine; fetched only here, never in the middle of a
//! translation.

use super::failure::{Exit, Failure};
use super::session::Session;
use super::{interrupt, print};
use crate::engine::models::{self, InstalledModel, ModelManifest};
use crate::workflow::models::{self as workflow, ModelRequest};
use crate::workflow::{Error, Host, HostProgress};
use clap::Subcommand;
use std::fmt::Write;
use std::path::PathBuf;

/// Arguments of `models`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do; without it, `list`
    #[command(subcommand)]
    pub action: Option<ModelsAction>,
}

/// What `models` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum ModelsAction {
    /// List available and installed models
    List {
        /// Manifest (file or address) instead of the built-in one
        #[arg(long)]
        manifest: Option<String>,
    },
    /// Download, verify and install a model
    Pull(PullArgs),
    /// Compare the files of installed models with their hashes
    Verify {
        /// Name of a model; without it, all
        name: Option<String>,
    },
    /// Remove an installed model
    Rm {
        /// Name of the model, such as nl-en-tiny
        name: String,
    },
    /// Print the folder of the model that a translation uses
    Path {
        /// Language pair
        #[arg(default_value = "nl-en")]
        pair: String,
    },
}

/// Arguments of `models pull`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct PullArgs {
    /// Language pair or name: nl-en, nl-en-base-memory
    pub name: String,
    /// Architecture: tiny (smaller, faster) or base-memory (better)
    pub architecture: Option<String>,
    /// Folder with the files, packed or unpacked, instead of the network
    #[arg(long)]
    pub from_dir: Option<PathBuf>,
    /// Address of a mirror that holds NAME/FILE for each file
    #[arg(long, conflicts_with = "from_dir")]
    pub mirror: Option<String>,
    /// Manifest (file or address) instead of the built-in one
    #[arg(long)]
    pub manifest: Option<String>,
    /// Download nothing; requires --from-dir
    #[arg(long)]
    pub offline: bool,
}

/// Does what is asked.
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    match &args.action {
        None => list(None, session).await,
        Some(ModelsAction::List { manifest }) => list(manifest.as_deref(), session).await,
        Some(ModelsAction::Pull(args)) => {
            let request = ModelRequest {
                name: args.name.clone(),
                architecture: args.architecture.clone(),
                from_folder: args.from_dir.clone(),
                mirror: args.mirror.clone(),
                manifest: args.manifest.clone(),
                offline: args.offline,
            };
            print_folder(&pull(&request, session).await?)
        }
        Some(ModelsAction::Verify { name }) => verify(name.as_deref(), session),
        Some(ModelsAction::Rm { name }) => {
            let one = workflow::named(name, &session.setup)?;
            models::remove(&one)?;
            session.say(&format!("removed {}", one.folder.display()));
            Ok(Exit::Done)
        }
        Some(ModelsAction::Path { pair }) => {
            print_folder(&workflow::for_pair(pair, &session.setup)?)
        }
    }
}

fn print_folder(one: &InstalledModel) -> Result<Exit, Failure> {
    print::out(format!("{}\n", one.folder.display()).as_bytes())?;
    Ok(Exit::Done)
}

/// Fetches and installs a model; says size and licence before the first byte. Ctrl-C interrupts.
pub async fn pull(request: &ModelRequest, session: &Session) -> Result<InstalledModel, Failure> {
    let before = |model: &ModelManifest| {
        session.say(&format!("{}: {}", model.name, describe(model)));
    };
    let result = tokio::select! {
        result = workflow::pull(request, &session.setup, session, before) => result,
        () = interrupt::asked() => Err(Error::Models(models::Error::Interrupted)),
    };
    session.progress(HostProgress::Finished);
    let one = result?;
    session.say(&format!(
        "installed {} in {}",
        one.model.name,
        one.folder.display()
    ));
    Ok(one)
}

/// Size, licence and origin of a model in a line.
fn describe(model: &ModelManifest) -> String {
    let mut text = format!(
        "{} to fetch, licence {}",
        megabytes(model.packed_bytes()),
        model.license
    );
    if !model.origin.is_empty() {
        let _ = write!(text, ", {}", model.origin);
    }
    text
}

async fn list(from: Option<&str>, session: &Session) -> Result<Exit, Failure> {
    let offline = session.setup.settings.is_on("offline");
    let manifest = workflow::manifest(from, &session.setup, offline).await?;
    let installed = models::installed(&session.setup.models());
    let mut text = String::new();
    for one in &installed {
        let bytes: u64 = one.model.files.iter().filter_map(|file| file.bytes).sum();
        let _ = writeln!(
            text,
            "{:<20} installed  {:>9}  {}",
            one.model.name,
            megabytes(bytes),
            one.model.license
        );
        let _ = writeln!(text, "{:<20} {}", "", one.folder.display());
    }
    for model in &manifest.models {
        if installed.iter().any(|one| one.model.name == model.name) {
            continue;
        }
        let _ = writeln!(
            text,
            "{:<20} -          {:>9}  {}",
            model.name,
            megabytes(model.packed_bytes()),
            model.license
        );
        if !model.quality.is_empty() {
            let _ = writeln!(text, "{:<20} {}", "", model.quality);
        }
    }
    print::out(text.as_bytes())?;
    Ok(Exit::Done)
}

fn verify(name: Option<&str>, session: &Session) -> Result<Exit, Failure> {
    let all = match name {
        Some(name) => vec![workflow::named(name, &session.setup)?],
        None => models::installed(&session.setup.models()),
    };
    if all.is_empty() {
        return Err(Failure::usage("no model is installed")
            .hint("`overzet models pull nl-en` downloads one"));
    }
    let mut wrong = Vec::new();
    for one in &all {
        let found = models::verify(one);
        let state = if found.is_empty() { "ok" } else { "damaged" };
        print::out(format!("{:<20} {state}\n", one.model.name).as_bytes())?;
        wrong.extend(found);
    }
    match wrong.first() {
        None => Ok(Exit::Done),
        Some(first) => {
            let mut failure =
                Failure::input(first.clone()).hint("`overzet models pull NAME` downloads it again");
            failure.causes.extend(wrong.iter().skip(1).cloned());
            Err(failure)
        }
    }
}

/// Bytes for people.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
