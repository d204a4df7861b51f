//! Recorded traffic: requests and answers as they were on the wire, keys left out.

use super::journal::{body_without_keys, is_secret, without_keys};
use super::reply::Reply;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// A request that is passed on, with its keys.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// GET, POST.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The headers, without `host` and lengths.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// What came back for it: status, headers, body.
pub type Incoming = (u16, Vec<(String, String)>, Vec<u8>);

/// A request with its answer.
#[derive(Debug, Clone)]
struct Exchange {
    method: String,
    path: String,
    asked: Value,
    reply: Reply,
    is_used: bool,
}

/// Exchanges in the order of their recording.
#[derive(Debug, Clone, Default)]
pub struct WireTape {
    exchanges: Vec<Exchange>,
}

/// A body as it is compared: JSON by value, anything else by its text.
fn compared(body: &[u8]) -> Value {
    let text = body_without_keys(&String::from_utf8_lossy(body));
    serde_json::from_str(&text).unwrap_or(Value::String(text))
}

impl WireTape {
    /// Reads JSON Lines as [`WireTape::record`] writes them.
    ///
    /// Errors: a sentence that names the line.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut exchanges = Vec::new();
        for (index, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let wrong = |what: &str| format!("line {}: {what}", index + 1);
            let value: Value =
                serde_json::from_str(line).map_err(|error| wrong(&error.to_string()))?;
            let (asked, told) = (&value["request"], &value["response"]);
            let (Some(method), Some(path), Some(status)) = (
                asked["method"].as_str(),
                asked["path"].as_str(),
                told["status"].as_u64().and_then(|n| u16::try_from(n).ok()),
            ) else {
                return Err(wrong(
                    "no `request` with a path and `response` with a status",
                ));
            };
            let headers = told["headers"].as_object().into_iter().flatten();
            exchanges.push(Exchange {
                method: method.to_owned(),
                path: path.to_owned(),
                asked: asked["body"].clone(),
                reply: Reply {
                    status,
                    headers: headers
                        .filter_map(|(name, value)| {
                            Some((name.clone(), value.as_str()?.to_owned()))
                        })
                        .collect(),
                    parts: vec![bytes(told).ok_or_else(|| wrong("the body is not readable"))?],
                    tokens: 0,
                },
                is_used: false,
            });
        }
        Ok(Self { exchanges })
    }

    /// The answer to a request. Of several answers to the same request each is given once, in
    /// order, and then the last if `repeats`.
    pub fn find(&mut self, request: &Outgoing, repeats: bool) -> Option<Reply> {
        let (path, body) = (without_keys(&request.path), compared(&request.body));
        let fits = |exchange: &Exchange| {
            exchange.method == request.method && exchange.path == path && exchange.asked == body
        };
        let place = self
            .exchanges
            .iter()
            .position(|exchange| !exchange.is_used && fits(exchange))
            .or_else(|| {
                let last = self.exchanges.iter().rposition(fits);
                last.filter(|_| repeats)
            })?;
        let exchange = &mut self.exchanges[place];
        exchange.is_used = true;
        Some(exchange.reply.clone())
    }

    /// Appends an exchange to a file, and gives the answer for the client.
    ///
    /// Errors: what the system says.
    pub fn record(
        &mut self,
        file: &Path,
        request: &Outgoing,
        told: Incoming,
    ) -> std::io::Result<Reply> {
        let (status, headers, body) = told;
        // The body was read whole and unpacked.
        let dropped = [
            "content-length",
            "content-encoding",
            "transfer-encoding",
            "connection",
        ];
        let headers: Vec<(String, String)> = headers
            .into_iter()
            .filter(|(name, _)| {
                !dropped.contains(&name.as_str()) && !is_secret(name) && name != "set-cookie"
            })
            .collect();
        let (name, shown) = match std::str::from_utf8(&body) {
            Ok(text) => ("body", text.to_owned()),
            Err(_) => ("base64", STANDARD.encode(&body)),
        };
        let fields: serde_json::Map<String, Value> = headers
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)))
            .collect();
        let asked = compared(&request.body);
        let path = without_keys(&request.path);
        let line = json!({
            "request": {"method": request.method, "path": path, "body": asked},
            "response": {"status": status, "headers": fields, name: shown},
        });
        std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(file)?
            .write_all(format!("{line}\n").as_bytes())?;
        let reply = Reply {
            status,
            headers,
            parts: vec![body],
            tokens: 0,
        };
        self.exchanges.push(Exchange {
            method: request.method.clone(),
            path,
            asked,
            reply: reply.clone(),
            is_used: true,
        });
        Ok(reply)
    }
}

/// The body of a recorded answer.
fn bytes(told: &Value) -> Option<Vec<u8>> {
    if let Some(text) = told["body"].as_str() {
        return Some(text.as_bytes().to_vec());
    }
    STANDARD.decode(told["base64"].as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_is_played_back_in_order_and_without_keys() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tape.jsonl");
        let request = Outgoing {
            method: "POST".into(),
            path: "/v2/x?key=secret&a=b".into(),
            headers: vec![("authorization".into(), "secret".into())],
            body: br#"{"q":1,"api_key":"secret"}"#.to_vec(),
        };
        let mut tape = WireTape::default();
        assert_eq!(tape.find(&request, true), None);
        for (status, body) in [(429, b"".to_vec()), (200, vec![0xff, 0x00])] {
            let headers = vec![("x-trace-id".to_owned(), "t".to_owned())];
            tape.record(&file, &request, (status, headers, body))
                .unwrap();
        }
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(!text.contains("secret"), "{text}");
        let mut tape = WireTape::read(&text).unwrap();
        let told: Vec<(u16, Vec<u8>)> = (0..3)
            .map(|_| {
                let reply = tape.find(&request, true).unwrap();
                assert_eq!(reply.headers[0].0, "x-trace-id");
                (reply.status, reply.body())
            })
            .collect();
        let last = (200, vec![0xff, 0x00]);
        assert_eq!(told, [(429, Vec::new()), last.clone(), last]);
        assert_eq!(tape.find(&request, false), None);
        assert!(
            WireTape::read("{\"request\":{}}")
                .unwrap_err()
                .contains("line 1")
        );
    }
}
