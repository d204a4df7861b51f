//! `overzet models`: the models of the local engine; fetched only here, never in the middle of a translation.

use super::failure::{Exit, Failure};
use super::{World, output, print, progress};
use crate::engine::models::{
    self, Error, InstalledModel, Manifest, ModelManifest, ModelPull, ModelSource,
};
use clap::Subcommand;
use std::fmt::Write;
use std::path::PathBuf;

/// Arguments of `models`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// What to do; without it, `list`
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What `models` can do.
#[derive(Debug, Clone, Subcommand)]
pub enum Action {
    /// List the models: those that can be had, and those that are installed
    List {
        /// Manifest (file or address) instead of the built-in one
        #[arg(long)]
        manifest: Option<String>,
    },
    /// Fetch a model, check it, and install it
    Pull(Pull),
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
    /// Print the folder of the model that a translation takes
    Path {
        /// Language pair
        #[arg(default_value = "nl-en")]
        pair: String,
    },
}

/// Arguments of `models pull`.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Pull {
    /// Language pair or name: nl-en, nl-en-base-memory
    pub name: String,
    /// Architecture: tiny (smaller, faster) or base-memory (better)
    pub architecture: Option<String>,
    /// Take the files, packed or unpacked, from this folder; no network
    #[arg(long)]
    pub from_dir: Option<PathBuf>,
    /// Address of a mirror that holds NAME/FILE for each file
    #[arg(long, conflicts_with = "from_dir")]
    pub mirror: Option<String>,
    /// Manifest (file or address) instead of the built-in one
    #[arg(long)]
    pub manifest: Option<String>,
    /// Fetch nothing; only --from-dir can succeed then
    #[arg(long)]
    pub offline: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        match error {
            Error::Manifest { .. } => Self::usage(text),
            Error::Unknown { .. } => Self::usage(text).hint("`overzet models list` describes them"),
            Error::Disk { .. } => Self::input(text)
                .hint("what was fetched is kept; the same command goes on from there"),
            Error::Locked { .. } => Self::new(Exit::Unavailable, text)
                .hint("wait for it to end, then run the same command again"),
            Error::Wrong { .. } => Self::input(text)
                .hint("nothing was installed, and nothing that was good was touched")
                .hint("`--mirror` or `--from-dir` takes the files from elsewhere"),
            Error::Network { .. } => Self::new(Exit::Unavailable, text)
                .hint("the same command goes on where it stopped")
                .hint("`--mirror ADDRESS` or `--from-dir FOLDER` takes the files from elsewhere"),
            Error::Absent { .. } => Self::input(text),
            Error::Interrupted => Self::new(Exit::Interrupted, text),
        }
    }
}

/// Does what is asked.
pub async fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    match &args.action {
        None => list(None, world).await,
        Some(Action::List { manifest }) => list(manifest.as_deref(), world).await,
        Some(Action::Pull(args)) => {
            let one = pull(args, world).await?;
            print::out(format!("{}\n", one.folder.display()).as_bytes())?;
            Ok(Exit::Done)
        }
        Some(Action::Verify { name }) => verify(name.as_deref(), world),
        Some(Action::Rm { name }) => {
            let one = named(name, world)?;
            models::remove(&one)?;
            world.say(&format!("removed {}", one.folder.display()));
            Ok(Exit::Done)
        }
        Some(Action::Path { pair }) => {
            let all = models::installed(&world.models());
            let one = all
                .iter()
                .find(|one| one.model.pair() == *pair)
                .ok_or_else(|| {
                    Failure::usage(format!("no model for {pair} is installed"))
                        .hint(format!("`overzet models pull {pair}` fetches one"))
                })?;
            print::out(format!("{}\n", one.folder.display()).as_bytes())?;
            Ok(Exit::Done)
        }
    }
}

/// Fetches and installs a model; says size and licence before the first byte.
pub async fn pull(args: &Pull, world: &World) -> Result<InstalledModel, Failure> {
    let offline = args.offline || world.settings.is_on("offline");
    let net = world.net()?;
    let manifest = manifest(args.manifest.as_deref(), world, offline).await?;
    let model = manifest.find(&args.name, args.architecture.as_deref())?;
    let source = match &args.from_dir {
        Some(folder) => ModelSource::Folder(folder),
        None if offline => {
            return Err(
                Failure::new(Exit::Unavailable, "nothing is fetched with --offline")
                    .hint("`--from-dir FOLDER` takes the files from disk"),
            );
        }
        None => ModelSource::Network {
            net: &net,
            mirror: args.mirror.as_deref(),
        },
    };
    world.say(&format!("{}: {}", model.name, describe(model)));
    let bar = progress::bytes(world);
    let root = world.models();
    let job = ModelPull {
        model,
        root: &root,
        source,
        progress: &|stage| bar.set(stage.file, stage.done, stage.total),
    };
    let result = tokio::select! {
        result = models::pull(&job) => result,
        _ = tokio::signal::ctrl_c() => Err(Error::Interrupted),
    };
    bar.finish();
    let one = result?;
    world.say(&format!(
        "installed {} in {}",
        one.model.name,
        one.folder.display()
    ));
    Ok(one)
}

/// Size, licence and origin of a model in a line.
pub fn describe(model: &ModelManifest) -> String {
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

async fn manifest(from: Option<&str>, world: &World, offline: bool) -> Result<Manifest, Failure> {
    match from {
        None => Ok(Manifest::pinned()?),
        Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
            if offline {
                let what = "nothing is fetched with --offline, not even a manifest";
                return Err(Failure::new(Exit::Unavailable, what));
            }
            Ok(models::manifest_at(&world.net()?, url).await?)
        }
        Some(path) => {
            let bytes = output::read(&PathBuf::from(path))?;
            Ok(Manifest::read(path, &bytes)?)
        }
    }
}

async fn list(from: Option<&str>, world: &World) -> Result<Exit, Failure> {
    let offline = world.settings.is_on("offline");
    let manifest = manifest(from, world, offline).await?;
    let installed = models::installed(&world.models());
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

fn verify(name: Option<&str>, world: &World) -> Result<Exit, Failure> {
    let all = match name {
        Some(name) => vec![named(name, world)?],
        None => models::installed(&world.models()),
    };
    if all.is_empty() {
        return Err(
            Failure::usage("no model is installed").hint("`overzet models pull nl-en` fetches one")
        );
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
                Failure::input(first.clone()).hint("`overzet models pull NAME` fetches it anew");
            failure.causes.extend(wrong.iter().skip(1).cloned());
            Err(failure)
        }
    }
}

fn named(name: &str, world: &World) -> Result<InstalledModel, Failure> {
    let all = models::installed(&world.models());
    let names: Vec<String> = all.iter().map(|one| one.model.name.clone()).collect();
    all.into_iter()
        .find(|one| one.model.name == name)
        .ok_or_else(|| {
            let hint = if names.is_empty() {
                "none is installed".to_owned()
            } else {
                format!("installed are {}", names.join(", "))
            };
            Failure::usage(format!("no model `{name}` is installed")).hint(hint)
        })
}

/// Bytes for people.
pub fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
