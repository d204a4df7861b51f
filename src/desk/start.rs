//! From a folder to a desk that is served.

use super::auth::Gate;
use super::folder::{DeskFolder, FolderError};
use super::listener::{DeskListener, tls};
use super::server::DeskServer;
use super::sqlite::SqliteDesk;
use super::state::Desk;
use super::store::StoreError;
use super::users::{Users, UsersError};
use crate::memory::Store;
use crate::workflow::{Error, Setup};
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The port where the desk is served if nobody names another.
const PORT: u16 = 7_878;
/// Ports that are tried after it.
const FURTHER_PORTS: u16 = 100;

/// How a desk is served.
#[derive(Debug, Clone, Default)]
pub struct ServeOptions {
    /// The folder, absolute.
    pub folder: PathBuf,
    /// Where it listens; without it, on the loopback and the first free port from 7878 on.
    pub listen: Option<SocketAddr>,
    /// The database; without it, that of the memory.
    pub database: Option<PathBuf>,
    /// The file of users.
    pub users: Option<PathBuf>,
    /// Names by which it may be asked beside the loopback's.
    pub hosts: Vec<String>,
    /// Certificate and key, in PEM.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// Why a desk cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// See [`Error`].
    #[error(transparent)]
    Workflow(#[from] Error),
    /// Its folder cannot be used, or is served already.
    #[error("{0}")]
    Folder(String),
    /// The file of users cannot be used.
    #[error(transparent)]
    Users(#[from] UsersError),
    /// Its database cannot be used.
    #[error("{0}")]
    Store(String),
    /// It would listen to other machines, and everybody who has the link would be let in.
    #[error("{address} is not a loopback address, and the desk has no users")]
    Open {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be had.
    #[error("the desk cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("TLS: {0}")]
    Tls(io::Error),
    /// The server ended.
    #[error("the desk ended: {0}")]
    Ended(io::Error),
}

impl From<StoreError> for ServeError {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<FolderError> for ServeError {
    fn from(error: FolderError) -> Self {
        Self::Folder(error.to_string())
    }
}

/// A desk that listens and is about to answer.
pub struct StartedDesk {
    /// The link for the browser; without users it holds the key.
    pub link: String,
    server: DeskServer,
    listener: DeskListener,
    /// Held, so that nobody else serves the folder.
    folder: DeskFolder,
}

/// Takes the folder, opens its database and listens.
///
/// Errors: [`ServeError`].
pub async fn start(setup: Setup, options: &ServeOptions) -> Result<StartedDesk, ServeError> {
    if let Some(address) = options.listen
        && options.users.is_none()
        && !address.ip().is_loopback()
    {
        return Err(ServeError::Open { address });
    }
    let users = options.users.as_deref().map(Users::read).transpose()?;
    let certificate = options.tls.as_ref().map(|(chain, key)| tls(chain, key));
    let certificate = certificate.transpose().map_err(ServeError::Tls)?;
    let is_tls = certificate.is_some();
    let mut folder = DeskFolder::take(&options.folder)?;
    let path = options.database.clone().unwrap_or_else(|| setup.memory());
    let memory = Store::open(&path).map_err(Error::from)?;
    memory.create().map_err(Error::from)?;
    let store = SqliteDesk::open(&path)?;
    let desk = Desk::open(setup, &options.folder, memory, Box::new(store))?;
    let socket = listen(options.listen).await?;
    let listener = DeskListener::new(socket, certificate).map_err(ServeError::Ended)?;
    let address = listener.address();
    let scheme = if is_tls { "https" } else { "http" };
    let site = format!("{scheme}://{address}/");
    folder.note_address(&site).map_err(ServeError::Ended)?;
    let has_users = users.is_some();
    let name = options.folder.display().to_string();
    let is_open = has_users && !address.ip().is_loopback();
    let gate = Gate::new(&folder.key, &name, users, &options.hosts, is_open);
    let link = if has_users {
        site
    } else {
        format!("{site}?token={}", folder.key)
    };
    Ok(StartedDesk {
        link,
        server: DeskServer::new(Arc::new(desk), gate, is_tls),
        listener,
        folder,
    })
}

/// Binds the address, or the first free port of the loopback from the usual one on.
async fn listen(wanted: Option<SocketAddr>) -> Result<TcpListener, ServeError> {
    if let Some(address) = wanted {
        let socket = TcpListener::bind(address).await;
        return socket.map_err(|source| ServeError::Listen { address, source });
    }
    let usual = SocketAddr::from(([127, 0, 0, 1], PORT));
    let mut last = io::Error::from(io::ErrorKind::AddrInUse);
    for port in PORT..PORT + FURTHER_PORTS {
        match TcpListener::bind(SocketAddr::new(usual.ip(), port)).await {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    Err(ServeError::Listen {
        address: usual,
        source: last,
    })
}

impl StartedDesk {
    /// Serves until `stop` is done, then finishes what is under way.
    ///
    /// Errors: [`ServeError::Ended`].
    pub async fn serve(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let served = self.server.serve(self.listener, stop).await;
        drop(self.folder);
        served.map_err(ServeError::Ended)
    }
}
