//! `overzet serve`: the desk, where an editor works all day.

use super::failure::{Exit, Failure};
use super::session::{Global, Session};
use super::{interrupt, print};
use crate::desk::{self, DeskRole, ServeError, ServeOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Arguments of `serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The desk's folder: settings, `.env`, glossaries and memory are those of this folder
    #[arg(default_value = ".")]
    pub folder: PathBuf,
    /// Address to listen on; port 0 takes a free one. Without it: 127.0.0.1 and port 7878 or the
    /// next free one
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,
    /// Open the desk in the browser
    #[arg(long)]
    pub open: bool,
    /// Database of articles and memory; without it, the memory of the settings
    #[arg(long, value_name = "PATH")]
    pub database: Option<String>,
    /// File of users with their roles and passwords; people log in, and other machines may connect
    #[arg(long, value_name = "FILE")]
    pub users: Option<PathBuf>,
    /// Add a user to the file, or change one: the password is read from the terminal or stdin
    #[arg(long, value_name = "NAME", requires = "users")]
    pub add_user: Option<String>,
    /// Role of the user that is added
    #[arg(long, value_name = "ROLE", requires = "add_user", default_value = "editor",
          value_parser = ["reader", "translator", "editor", "admin"])]
    pub role: String,
    /// Name by which browsers may ask for the desk beside localhost; may be repeated
    #[arg(long, value_name = "NAME")]
    pub host: Vec<String>,
    /// Certificate chain in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
}

/// Serves until Ctrl-C or SIGTERM.
pub async fn run(args: &Args, global: &Global) -> Result<Exit, Failure> {
    let users = args.users.as_deref().map(absolute).transpose()?;
    if let (Some(name), Some(path)) = (&args.add_user, &users) {
        return add_user(name, &args.role, path);
    }
    if let Some(database) = args.database.as_deref().filter(|own| own.contains("://")) {
        let scheme = database.split("://").next().unwrap_or_default();
        return Err(
            Failure::usage(format!("a database of `{scheme}` cannot be used yet"))
                .hint("`--database PATH` names an SQLite file"),
        );
    }
    let database = args.database.as_deref().map(Path::new);
    let database = database.map(absolute).transpose()?;
    let tls = match (&args.tls_cert, &args.tls_key) {
        (Some(chain), Some(key)) => Some((absolute(chain)?, absolute(key)?)),
        _ => None,
    };
    let unusable = |error: std::io::Error| {
        Failure::input(format!("{} cannot be used", args.folder.display())).caused_by(&error)
    };
    let folder = args.folder.canonicalize().map_err(unusable)?;
    // Settings, `.env`, glossaries and memory are those of the folder.
    std::env::set_current_dir(&folder).map_err(unusable)?;
    let session = Session::load(global, None)?;
    let options = ServeOptions {
        folder,
        listen: args.listen,
        database,
        users,
        hosts: args.host.clone(),
        tls,
    };
    let started = desk::start(session.setup.clone(), &options).await?;
    print::out(format!("{}\n", started.link).as_bytes())?;
    session.say("the desk is open; Ctrl-C closes it");
    if args.open {
        open(&started.link, &session);
    }
    started.serve(interrupt::asked()).await?;
    session.say("the desk is closed; everything is saved");
    Ok(Exit::Done)
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(path).map_err(|error| {
        Failure::usage(format!("{} is not a path", path.display())).caused_by(&error)
    })
}

/// Adds a user; the password is a line of stdin.
fn add_user(name: &str, role: &str, path: &Path) -> Result<Exit, Failure> {
    if print::stdin_is_terminal() {
        print::err(&format!("password of {name} (it is shown while you type):"));
    }
    let mut password = String::new();
    std::io::stdin()
        .read_line(&mut password)
        .map_err(|error| Failure::input("stdin cannot be read").caused_by(&error))?;
    let role = DeskRole::of(role).unwrap_or(DeskRole::Reader);
    desk::add_user(path, name, role, password.trim_end_matches(['\r', '\n']))
        .map_err(|error| Failure::usage(error.to_string()))?;
    print::err(&format!("{name} is a user, with the role {}", role.name()));
    Ok(Exit::Done)
}

/// Opens a link in the browser of the system.
fn open(link: &str, session: &Session) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let started = std::process::Command::new(program)
        .arg(link)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    if started.is_err() {
        session.say(&format!(
            "no browser was found by `{program}`: open the link yourself"
        ));
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Workflow(error) => error.into(),
            ServeError::Open { .. } => Self::usage(error.to_string())
                .hint("`--users FILE` lets people log in; `--add-user NAME` adds them"),
            ServeError::Users(_) | ServeError::Tls(_) => Self::usage(error.to_string()),
            ServeError::Folder(_)
            | ServeError::Store(_)
            | ServeError::Listen { .. }
            | ServeError::Ended(_) => Self::input(error.to_string()),
        }
    }
}
