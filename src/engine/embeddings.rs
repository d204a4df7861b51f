//! Sentence embeddings over HTTP, in the form of OpenAI's `/v1/embeddings`, which llama.cpp, vLLM,
//! LM Studio and text-embeddings-inference speak too.
//!
//! Texts go to the address that the user names and nowhere else; no key is sent.
//!
//! `POST {"model":"m","input":["Ja."]}` → `{"data":[{"index":0,"embedding":[0.1,…]}]}`

use super::http::by_status;
use super::{Error, HttpClient};
use serde_json::{Value, json};

const NAME: &str = "embeddings";
/// Texts of a request.
const BATCH: usize = 32;

/// A vector per text, row by row, all of one length; with no texts, nothing is sent.
///
/// `address` is that of the server, with or without `/v1`. Errors: those of [`HttpClient::send`];
/// [`Error::Protocol`] for an answer that does not have one vector per text, all of one length;
/// [`Error::Configuration`] for an address that is none.
pub async fn embed(
    net: &HttpClient,
    address: &str,
    model: &str,
    texts: &[&str],
) -> Result<Vec<f32>, Error> {
    let base = address.trim_end_matches('/');
    if !(base.starts_with("http://") || base.starts_with("https://")) {
        return Err(Error::Configuration {
            what: format!("`{address}` is not the address of a server"),
            hint: "it begins with http:// or https://, such as http://127.0.0.1:8080".into(),
        });
    }
    let base = base.strip_suffix("/v1").unwrap_or(base);
    let url = format!("{base}/v1/embeddings");
    let mut rows: Vec<f32> = Vec::new();
    let mut length = None;
    for some in texts.chunks(BATCH) {
        let body = json!({"model": model, "input": some});
        let build = || net.client().post(&url).json(&body);
        let answer = net
            .send(NAME, &build, &|answer| {
                by_status(NAME, "--embeddings", answer, "")
            })
            .await?;
        let answer = answer.json(NAME)?;
        let wrong = |what: String| Error::Protocol { engine: NAME, what };
        let data = answer["data"].as_array().map_or(&[][..], Vec::as_slice);
        if data.len() != some.len() {
            return Err(wrong(format!(
                "{} texts were sent, {} vectors came back",
                some.len(),
                data.len()
            )));
        }
        let mut ordered: Vec<&Value> = data.iter().collect();
        ordered.sort_by_key(|item| item["index"].as_u64());
        for item in ordered {
            let row = item["embedding"].as_array().map_or(&[][..], Vec::as_slice);
            if row.is_empty() || *length.get_or_insert(row.len()) != row.len() {
                return Err(wrong("its vectors are not all of one length".into()));
            }
            rows.extend(row.iter().map(|x| x.as_f64().unwrap_or(0.0) as f32));
        }
    }
    Ok(rows)
}
