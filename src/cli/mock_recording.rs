//! `overzet mock`, where it asks real services: recorded traffic and cassettes.

use super::failure::Failure;
use super::session::Session;
use crate::bitext::LangPair;
use crate::engine::{self, Engine, Item, Request};
use crate::mock::{self, LiveEngine, Outgoing, Wire, WireTape};
use crate::workflow::files;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// The recorded traffic of a file, which need not be there yet if it is to be recorded.
pub(super) fn wire(
    path: &Path,
    upstream: Option<&str>,
    session: &Session,
) -> Result<Wire, Failure> {
    let tape = if upstream.is_some() && !path.exists() {
        WireTape::default()
    } else {
        let text = String::from_utf8_lossy(&files::read(path)?).into_owned();
        WireTape::read(&text)
            .map_err(|what| Failure::input(format!("{}: {what}", path.display())))?
    };
    let forward = match upstream {
        Some(address) => Some(forwarder(address, session)?),
        None => None,
    };
    Ok(Wire {
        tape,
        path: path.to_owned(),
        forward,
    })
}

/// Passes requests on to an address.
fn forwarder(address: &str, session: &Session) -> Result<Arc<mock::Forwarder>, Failure> {
    let client = session.setup.net()?.client().clone();
    let address: Arc<str> = Arc::from(address.trim_end_matches('/'));
    Ok(Arc::new(move |request: Outgoing| {
        let (client, url) = (client.clone(), format!("{address}{}", request.path));
        Box::pin(async move {
            let method = reqwest::Method::from_bytes(request.method.as_bytes())
                .map_err(|error| error.to_string())?;
            let mut builder = client.request(method, url).body(request.body);
            for (name, value) in request.headers {
                builder = builder.header(name, value);
            }
            let told = builder.send().await.map_err(|error| error.to_string())?;
            let headers = told.headers().iter().map(|(name, value)| {
                let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                (name.as_str().to_owned(), value)
            });
            let (status, headers) = (told.status().as_u16(), headers.collect());
            let body = told.bytes().await.map_err(|error| error.to_string())?;
            Ok((status, headers, body.to_vec()))
        })
    }))
}

/// Asks an engine, and appends what it answers to the cassette.
pub(super) fn recorder(
    engine: &str,
    cassette: &Path,
    session: &Session,
) -> Result<LiveEngine, Failure> {
    let net = session.setup.net()?;
    let engine: Arc<dyn Engine> =
        Arc::from(engine::by_name(engine)?.build(&session.setup.engine_settings(), &net)?);
    let cassette: Arc<Path> = Arc::from(cassette);
    Ok(LiveEngine(Arc::new(move |texts: Vec<String>| {
        let (engine, cassette) = (Arc::clone(&engine), Arc::clone(&cassette));
        Box::pin(async move {
            let answers = ask(&*engine, &texts)
                .await
                .map_err(|error| error.to_string())?;
            let lines: Vec<String> = texts
                .iter()
                .zip(&answers)
                .map(|(source, target)| {
                    format!(
                        "{}\n",
                        serde_json::json!({"source": source, "target": target})
                    )
                })
                .collect();
            std::fs::OpenOptions::new()
                .create(true)
                .append(true)
                .open(&*cassette)
                .and_then(|mut file| file.write_all(lines.concat().as_bytes()))
                .map_err(|error| format!("{} cannot be written: {error}", cassette.display()))?;
            Ok(answers)
        })
    })))
}

/// What an engine makes of texts, one for one.
async fn ask(engine: &dyn Engine, texts: &[String]) -> Result<Vec<String>, engine::Error> {
    let pair = LangPair::default();
    let items: Vec<Item> = texts
        .iter()
        .enumerate()
        .map(|(id, text)| Item {
            id: id as u32,
            text: text.as_str().into(),
            terms: Vec::new(),
        })
        .collect();
    let mut answers = vec![String::new(); texts.len()];
    for part in items.chunks(engine.limits().texts.max(1)) {
        let part: Vec<&Item> = part.iter().collect();
        let request = Request {
            pair: &pair,
            items: &part,
            before: "",
            after: "",
            own_glossary: true,
        };
        for draft in engine.translate(&request).await? {
            answers[draft.id as usize] = draft.text.plain;
        }
    }
    Ok(answers)
}
