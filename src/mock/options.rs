//! How the mock behaves.

use super::answers::Answers;
use super::faults::Fault;
use super::tape::{Incoming, Outgoing, WireTape};
use std::future::Future;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// How the mock behaves.
#[derive(Debug, Clone)]
pub struct MockOptions {
    /// The address that it listens on.
    pub host: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Where the words come from.
    pub answers: Answers,
    /// What goes wrong.
    pub faults: Vec<Fault>,
    /// Every answer comes this long after its request.
    pub latency: Duration,
    /// Whether an engine's own glossary is applied to the words.
    pub applies_terms: bool,
    /// Decides what happens at a rate.
    pub seed: u64,
    /// Characters after which a key's quota is used up.
    pub quota: u64,
    /// Keys that are accepted. Empty: every key, except one that begins with `invalid`.
    pub keys: Vec<String>,
    /// Models that exist. Empty: every name, except one that begins with `unknown`.
    pub models: Vec<String>,
    /// The folder that stands for Google's storage: `gs://BUCKET/FILE` is read from `BUCKET/FILE`
    /// in it.
    pub buckets: Option<PathBuf>,
    /// Who is asked for words that the cassette lacks.
    pub live: Option<LiveEngine>,
    /// The recorded traffic that is answered from, and who is asked for the rest.
    pub wire: Option<Wire>,
    /// The OpenAPI description of DeepL, as JSON, that its requests are checked against.
    pub strict: Option<Arc<serde_json::Value>>,
    /// Whether connections are encrypted, with a certificate that [`super::Server::certificate`] has.
    pub tls: bool,
    /// Whether fields that a service does not have are refused although it would pass over them.
    pub is_strict: bool,
}

/// What a real engine makes of texts, one for one; an error is told to the client.
pub type Asker = dyn Fn(Vec<String>) -> Pin<Box<dyn Future<Output = Result<Vec<String>, String>> + Send>>
    + Send
    + Sync;

/// Somebody outside who can be asked; the mock itself opens no connection.
#[derive(Clone)]
pub struct LiveEngine(pub Arc<Asker>);

impl std::fmt::Debug for LiveEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LiveEngine")
    }
}

/// Sends a request to the real service; an error is told to the client.
pub type Forwarder = dyn Fn(Outgoing) -> Pin<Box<dyn Future<Output = Result<Incoming, String>> + Send>>
    + Send
    + Sync;

/// Recorded traffic: one JSON object a line, each a request with its answer.
#[derive(Clone)]
pub struct Wire {
    /// What was recorded so far.
    pub tape: WireTape,
    /// The file that it stands in.
    pub path: PathBuf,
    /// Who is asked for the rest, whose answers are added to the file; without one, they are
    /// refused.
    pub forward: Option<Arc<Forwarder>>,
}

impl std::fmt::Debug for Wire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wire({})", self.path.display())
    }
}

impl Default for MockOptions {
    fn default() -> Self {
        Self {
            host: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 0,
            answers: Answers::Gloss,
            faults: Vec::new(),
            latency: Duration::ZERO,
            applies_terms: true,
            seed: 1,
            quota: 1_250_000,
            keys: Vec::new(),
            models: Vec::new(),
            buckets: None,
            live: None,
            wire: None,
            strict: None,
            is_strict: false,
            tls: false,
        }
    }
}
