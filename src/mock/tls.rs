//! TLS with a certificate of the mock's own, for clients that take no `http://`.

use axum::serve::Listener;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, pki_types::PrivateKeyDer};
use tokio_rustls::server::TlsStream;

/// Longest time that a handshake takes.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections whose handshake is done and that wait to be served.
const WAITING: usize = 64;

/// An authority and a certificate that it signs, with the key of that: clients trust authorities,
/// and not all of them a certificate that signs itself. The authority's own key is forgotten.
fn certificates(names: Vec<String>) -> Result<(Certificate, Certificate, KeyPair), rcgen::Error> {
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "overzet mock");
    authority.distinguished_name = name;
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority_key = KeyPair::generate()?;
    let own = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    let key = KeyPair::generate()?;
    let mut leaf = CertificateParams::new(names)?;
    leaf.use_authority_key_identifier_extension = true;
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok((own, leaf.signed_by(&key, &issuer)?, key))
}

/// A socket whose connections are encrypted. Handshakes do not wait for each other.
pub struct TlsListener {
    address: SocketAddr,
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
}

impl TlsListener {
    /// Encrypts the connections of a socket with a certificate that is made for it; gives what
    /// clients have to trust, as PEM.
    ///
    /// Errors: a certificate that cannot be made.
    pub fn new(socket: TcpListener) -> io::Result<(Self, String)> {
        let address = socket.local_addr()?;
        let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
        let own = address.ip().to_string();
        let names = names.into_iter().chain([own]).collect::<Vec<_>>();
        let (authority, certificate, key) = certificates(names).map_err(io::Error::other)?;
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(io::Error::other)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let settings = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .map_err(io::Error::other)?;
        let acceptor = TlsAcceptor::from(Arc::new(settings));
        let (done, ready) = mpsc::channel(WAITING);
        let mut socket = socket;
        tokio::spawn(async move {
            loop {
                let (stream, from) = tokio::select! {
                    // Accepting waits out errors such as too many open files.
                    next = Listener::accept(&mut socket) => next,
                    () = done.closed() => break,
                };
                let (acceptor, done) = (acceptor.clone(), done.clone());
                tokio::spawn(async move {
                    let shaken = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await;
                    if let Ok(Ok(stream)) = shaken {
                        let _ = done.send((stream, from)).await;
                    }
                });
            }
        });
        Ok((Self { address, ready }, authority.pem()))
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(next) => next,
            // The task that shakes hands has ended, and with it the runtime.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}
