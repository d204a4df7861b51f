//! Connections as the server takes them, plain or by TLS.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// How long a client may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A connection, plain or by TLS.
pub trait DeskStream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> DeskStream for T {}

/// The address of who asks.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// Gives connections that are ready to be served.
pub struct DeskListener {
    ready: mpsc::Receiver<(Box<dyn DeskStream>, SocketAddr)>,
    address: SocketAddr,
}

impl DeskListener {
    /// Takes connections of a socket; with `tls`, those that agree on it.
    ///
    /// Errors: what the system says.
    pub fn new(socket: TcpListener, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let address = socket.local_addr()?;
        let (sender, ready) = mpsc::channel(64);
        tokio::spawn(accept(socket, tls, sender));
        Ok(Self { ready, address })
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

type Ready = mpsc::Sender<(Box<dyn DeskStream>, SocketAddr)>;

async fn accept(socket: TcpListener, tls: Option<TlsAcceptor>, ready: Ready) {
    loop {
        let (stream, from) = tokio::select! {
            accepted = socket.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(_) => {
                    // Such as too many open files: it passes when a connection ends.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = ready.closed() => return,
        };
        // An answer is small and is waited for.
        let _ = stream.set_nodelay(true);
        match &tls {
            None => {
                if ready.send((Box::new(stream), from)).await.is_err() {
                    return;
                }
            }
            Some(tls) => {
                tokio::spawn(agree(tls.clone(), stream, from, ready.clone()));
            }
        }
    }
}

/// Agrees on TLS apart from the others: a slow client makes nobody wait.
async fn agree(tls: TlsAcceptor, stream: TcpStream, from: SocketAddr, ready: Ready) {
    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
        let _ = ready.send((Box::new(stream), from)).await;
    }
}

impl Listener for DeskListener {
    type Io = Box<dyn DeskStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(ready) => ready,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl Connected<IncomingStream<'_, DeskListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, DeskListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// TLS with a certificate and its key, both in PEM.
///
/// Errors: files that cannot be read or used.
pub fn tls(certificate: &Path, key: &Path) -> io::Result<TlsAcceptor> {
    let wrong = |path: &Path, error: &dyn std::fmt::Display| {
        io::Error::other(format!("{}: {error}", path.display()))
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| wrong(certificate, &error))?
        .collect::<Result<_, _>>()
        .map_err(|error| wrong(certificate, &error))?;
    if chain.is_empty() {
        return Err(wrong(certificate, &"there is no certificate in it"));
    }
    let own = PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(certificate, &error))?
        .with_no_client_auth()
        .with_single_cert(chain, own)
        .map_err(|error| wrong(certificate, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
