//! `overzet mock`: a server that speaks every engine's dialect, for trying and testing without a
//! network.

use super::failure::{Exit, Failure};
use super::mock_recording::{recorder, wire};
use super::session::Session;
use super::{interrupt, print};
use crate::mock::{self, Answers, Options, faults};
use crate::workflow::files;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Arguments of `mock`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// Port; 0 takes a free one
    #[arg(long, default_value = "0")]
    pub port: u16,
    /// Address to listen on; 0.0.0.0 lets other machines and containers in
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// Recorded pairs: JSON Lines with `source` and `target`
    #[arg(long)]
    pub cassette: Option<PathBuf>,
    /// Translate texts missing from the cassette word by word
    #[arg(long, requires = "cassette")]
    pub gloss: bool,
    /// Echo the source text
    #[arg(long, conflicts_with = "cassette")]
    pub echo: bool,
    /// Engine for texts missing from the cassette; its answers are recorded
    #[arg(
        long,
        value_name = "ENGINE",
        requires = "cassette",
        conflicts_with = "gloss"
    )]
    pub record: Option<String>,
    /// Quota, in characters
    #[arg(long, default_value = "1250000")]
    pub quota: u64,
    /// Fault to inject:
    /// `NAME[=VALUE][,first=N|every=N|after=N|rate=P][,on=any|/PATH][,has=WORD]`; may be repeated
    #[arg(long)]
    pub fault: Vec<String>,
    /// A key that is accepted; may be repeated. Without it, every key that does not begin with
    /// `invalid`
    #[arg(long, value_name = "KEY")]
    pub key: Vec<String>,
    /// A model that exists; may be repeated. Without it, every name that does not begin with
    /// `unknown`
    #[arg(long, value_name = "NAME")]
    pub model: Vec<String>,
    /// Folder that stands for Google's storage: a glossary's `gs://BUCKET/FILE` is read from
    /// BUCKET/FILE in it
    #[arg(long, value_name = "FOLDER")]
    pub buckets: Option<PathBuf>,
    /// Refuse fields that a service does not have, although it would pass over them; with a FILE,
    /// check DeepL's requests against that OpenAPI description (JSON), too
    #[arg(long, value_name = "FILE", num_args = 0..=1)]
    #[allow(clippy::option_option)]
    pub strict: Option<Option<PathBuf>>,
    /// Speak https with a certificate of its own, which is written to FILE for clients to trust
    #[arg(long, value_name = "FILE")]
    pub tls: Option<PathBuf>,
    /// Answer from recorded traffic: requests and answers as they were on the wire
    #[arg(long, value_name = "FILE")]
    pub wire: Option<PathBuf>,
    /// Pass on what the recorded traffic lacks to this address, and record it
    #[arg(long, value_name = "URL", requires = "wire")]
    pub upstream: Option<String>,
    /// End when standard input closes, as it does when the process that started the mock is gone
    #[arg(long)]
    pub until_eof: bool,
    /// Delay of every answer, in milliseconds
    #[arg(long, default_value = "0")]
    pub latency: u64,
    /// Do not apply the glossary that an engine is given
    #[arg(long)]
    pub ignore_terms: bool,
    /// Seed for faults with a rate
    #[arg(long, default_value = "1")]
    pub seed: u64,
    /// List the faults
    #[arg(long)]
    pub list_faults: bool,
}

/// Serves until Ctrl-C.
pub async fn run(args: &Args, session: &Session) -> Result<Exit, Failure> {
    if args.list_faults {
        let list: Vec<String> = faults::FAULTS
            .iter()
            .map(|(name, what)| format!("{name:<14} {what}\n"))
            .collect();
        print::out(list.concat().as_bytes())?;
        return Ok(Exit::Done);
    }
    let asks_outside = args.record.is_some() || args.upstream.is_some();
    if asks_outside && !args.host.is_loopback() {
        return Err(Failure::usage(format!(
            "other machines would use your keys through {}",
            args.host
        ))
        .hint("`--record` and `--upstream` listen on 127.0.0.1 alone"));
    }
    let answers = match &args.cassette {
        // A cassette that is to be recorded need not be there yet.
        Some(path) if args.record.is_some() && !path.exists() => {
            Answers::cassette("", false).map_err(Failure::input)?
        }
        Some(path) => {
            let text = String::from_utf8_lossy(&files::read(path)?).into_owned();
            Answers::cassette(&text, args.gloss)
                .map_err(|what| Failure::input(format!("{}: {what}", path.display())))?
        }
        None if args.echo => Answers::Echo,
        None => Answers::Gloss,
    };
    let faults: Result<Vec<_>, String> =
        args.fault.iter().map(|spec| faults::parse(spec)).collect();
    let options = Options {
        host: args.host,
        port: args.port,
        answers,
        faults: faults
            .map_err(|what| Failure::usage(what).hint("`overzet mock --list-faults` lists them"))?,
        latency: Duration::from_millis(args.latency),
        applies_terms: !args.ignore_terms,
        seed: args.seed,
        quota: args.quota,
        keys: args.key.clone(),
        models: args.model.clone(),
        buckets: args.buckets.clone(),
        live: match (&args.record, &args.cassette) {
            (Some(engine), Some(cassette)) => Some(recorder(engine, cassette, session)?),
            _ => None,
        },
        wire: match &args.wire {
            Some(path) => Some(wire(path, args.upstream.as_deref(), session)?),
            None => None,
        },
        is_strict: args.strict.is_some(),
        tls: args.tls.is_some(),
        strict: match args.strict.iter().flatten().next() {
            Some(path) => Some(Arc::new(description(path)?)),
            None => None,
        },
    };
    let server = mock::start(options).await.map_err(|error| {
        Failure::input(format!("{}:{} is not available", args.host, args.port))
            .caused_by(&error)
            .hint("`--port 0` chooses a free port")
    })?;
    let mut lines = variables(&server.address());
    if let (Some(path), Some(certificate)) = (&args.tls, server.certificate()) {
        std::fs::write(path, certificate).map_err(|error| {
            Failure::input(format!("{} cannot be written", path.display())).caused_by(&error)
        })?;
        lines.push_str(&trust(path));
    }
    print::out(lines.as_bytes())?;
    session.say("serving until Ctrl-C");
    tokio::select! {
        () = interrupt::asked() => {}
        () = closed_input(), if args.until_eof => {}
    }
    server.stop().await;
    Ok(Exit::Done)
}

/// Waits until standard input has ended.
async fn closed_input() {
    // A thread of its own, which the end of the process does not wait for.
    let (done, ended) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        let _ = done.send(());
    });
    let _ = ended.await;
}

/// Reads an OpenAPI description.
fn description(path: &Path) -> Result<serde_json::Value, Failure> {
    let read: serde_json::Value = serde_json::from_slice(&files::read(path)?)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    if read["paths"].is_object() {
        Ok(read)
    } else {
        Err(Failure::input(format!(
            "{} is not an OpenAPI description: it has no `paths`",
            path.display()
        )))
    }
}

/// What to set so that clients trust a certificate: overzet, Python, Node, curl.
fn trust(certificate: &Path) -> String {
    let path = std::path::absolute(certificate).unwrap_or_else(|_| certificate.to_owned());
    [
        "OVERZET_HTTP_CA_FILE",
        "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE",
        "NODE_EXTRA_CA_CERTS",
    ]
    .map(|name| format!("{name}={}\n", path.display()))
    .concat()
}

/// What to set so that each engine talks to the mock.
fn variables(address: &str) -> String {
    format!(
        "# overzet mock: {address}\n# deepl\nDEEPL_AUTH_KEY=mock\nDEEPL_SERVER_URL={address}\n\
         # google, google-v3\nGOOGLE_API_KEY=mock\nGOOGLE_ACCESS_TOKEN=mock\n\
         GOOGLE_CLOUD_PROJECT=mock\nGOOGLE_SERVER_URL={address}\n\
         # azure, azure-2026\nAZURE_TRANSLATOR_KEY=mock\nAZURE_TRANSLATOR_ENDPOINT={address}\n\
         # libretranslate\nLIBRETRANSLATE_URL={address}\n\
         # openai\nOPENAI_API_KEY=mock\nOPENAI_BASE_URL={address}/v1\n\
         # ollama\nOLLAMA_HOST={address}\n"
    )
}
