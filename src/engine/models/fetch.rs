//! Fetches one packed file over the network: resumed where the last attempt ended, and trusted only
//! if its hash fits.
//!
//! The received bytes are in `NAME.part`. The next attempt requests the rest (RFC 9110, sections
//! 14.2 and 13.1.5: `Range` with `If-Range` on the entity tag); a server that ignores it sends the
//! whole file, and the part starts afresh.

use super::error::Error;
use super::manifest::{Manifest, PackedFile};
use super::source::PullProgress;
use crate::engine::HttpClient;
use crate::engine::http::{Pause, describe};
use std::fs::File;
use std::io::{Seek, Write};
use std::path::{Path, PathBuf};

/// Bytes of an attempt that count as progress and reset the count of attempts.
const PROGRESS_BYTES: u64 = 1 << 16;

/// The reason why an attempt ended.
enum AttemptError {
    /// The next attempt may succeed.
    Retry(String),
    /// This address is of no use.
    GiveUp(String),
    /// The disk reports an error.
    Disk(Error),
}

/// Fetches a file into `part`, trying its addresses in order. On success `part` holds exactly the
/// bytes that the manifest names.
///
/// Errors: [`Error::Network`] with the error of every address, [`Error::Wrong`] with both hashes,
/// [`Error::Disk`].
pub async fn fetch(
    net: &HttpClient,
    urls: &[String],
    packed: &PackedFile,
    part: &Path,
    progress: &(dyn Fn(PullProgress<'_>) + Sync),
) -> Result<(), Error> {
    let mut said = Vec::new();
    let mut wrong = None;
    for url in urls {
        let host = host(url);
        match from_one(net, url, packed, part, progress).await {
            Ok(()) => match packed.check(part)? {
                Ok(()) => return Ok(()),
                Err(what) => {
                    // Bytes of another file: worthless here, and in the way of the next address.
                    forget(part);
                    wrong = Some(what.clone());
                    said.push(format!("{host}: {what}"));
                }
            },
            Err(AttemptError::Retry(what) | AttemptError::GiveUp(what)) => {
                said.push(format!("{host}: {what}"));
            }
            Err(AttemptError::Disk(error)) => return Err(error),
        }
    }
    let (file, what) = (packed.file.clone(), said.join("; "));
    Err(match wrong {
        Some(_) => Error::Wrong { file, what },
        None => Error::Network { file, what },
    })
}

/// Fetches a manifest.
///
/// Errors: [`Error::Network`], [`Error::Manifest`].
pub async fn manifest_at(net: &HttpClient, url: &str) -> Result<Manifest, Error> {
    Manifest::read(url, &small(net, url).await?)
}

/// Fetches a small text, such as a manifest.
///
/// Errors: [`Error::Network`].
async fn small(net: &HttpClient, url: &str) -> Result<Vec<u8>, Error> {
    const MOST: usize = 4 << 20;
    let failed = |what: String| Error::Network {
        file: host(url).to_owned(),
        what,
    };
    let client = net.downloads().map_err(|e| failed(e.to_string()))?;
    let network = |error: reqwest::Error| failed(describe(&error.without_url()));
    let mut response = client.get(url).send().await.map_err(network)?;
    if !response.status().is_success() {
        return Err(failed(format!("HTTP {}", response.status().as_u16())));
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(network)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MOST {
            return Err(failed(format!("it is larger than {MOST} bytes")));
        }
    }
    Ok(bytes)
}

async fn from_one(
    net: &HttpClient,
    url: &str,
    packed: &PackedFile,
    part: &Path,
    progress: &(dyn Fn(PullProgress<'_>) + Sync),
) -> Result<(), AttemptError> {
    let client = net
        .downloads()
        .map_err(|error| AttemptError::GiveUp(error.to_string()))?;
    let (mut pause, mut most) = (Pause::default(), size(part));
    loop {
        let failed = match attempt(&client, url, packed, part, progress).await {
            Err(AttemptError::Retry(what)) => what,
            other => return other,
        };
        // Only beyond the largest part so far: a server that cuts the connection and ignores ranges
        // must not cause endless attempts.
        if size(part) >= most.saturating_add(PROGRESS_BYTES) {
            (pause, most) = (Pause::default(), size(part));
        }
        if pause.attempts() >= net.options.retries {
            return Err(AttemptError::Retry(failed));
        }
        pause.wait(net).await;
    }
}

/// Requests the missing bytes of a file once and appends them to `part`.
async fn attempt(
    client: &reqwest::Client,
    url: &str,
    packed: &PackedFile,
    part: &Path,
    progress: &(dyn Fn(PullProgress<'_>) + Sync),
) -> Result<(), AttemptError> {
    let mut have = size(part);
    if have > packed.bytes {
        forget(part);
        have = 0;
    }
    if have == packed.bytes {
        return Ok(());
    }
    let mut response = request_rest(client, url, part, have).await?;
    let resumes = resumes(&response, part, have)?;
    if !resumes {
        have = 0;
    }
    let rest = packed.bytes - have;
    if let Some(length) = response.content_length().filter(|length| *length != rest) {
        return Err(AttemptError::GiveUp(format!(
            "it offers {length} bytes, not {rest}"
        )));
    }
    let disk = |error: std::io::Error| AttemptError::Disk(Error::disk(part, &error));
    let mut file = open_part(part, resumes, header(&response, "etag")).map_err(disk)?;
    let report = |done| {
        progress(PullProgress {
            file: &packed.file,
            done,
            total: packed.bytes,
        });
    };
    report(have);
    while let Some(chunk) = response.chunk().await.map_err(retry)? {
        have += chunk.len() as u64;
        if have > packed.bytes {
            return Err(AttemptError::GiveUp(
                "it sends more bytes than the manifest has".into(),
            ));
        }
        file.write_all(&chunk).map_err(disk)?;
        report(have);
    }
    if have < packed.bytes {
        return Err(AttemptError::Retry(format!(
            "it ended after {have} of {} bytes",
            packed.bytes
        )));
    }
    file.sync_all().map_err(disk)
}

/// Sends the request: for the whole file, or for the bytes from `have` on.
async fn request_rest(
    client: &reqwest::Client,
    url: &str,
    part: &Path,
    have: u64,
) -> Result<reqwest::Response, AttemptError> {
    let mut request = client.get(url);
    if have > 0 {
        request = request.header("range", format!("bytes={have}-"));
        if let Ok(tag) = std::fs::read_to_string(tag_of(part)) {
            request = request.header("if-range", tag);
        }
    }
    request.send().await.map_err(|error| {
        if error.is_redirect() || error.is_builder() {
            AttemptError::GiveUp(describe(&error.without_url()))
        } else {
            retry(error)
        }
    })
}

/// Whether the body of a response continues the part (206) or is the whole file (200).
///
/// Errors: every other status, and a range that does not begin at `have`.
fn resumes(response: &reqwest::Response, part: &Path, have: u64) -> Result<bool, AttemptError> {
    match response.status().as_u16() {
        200 => Ok(false),
        206 => {
            let range = header(response, "content-range").unwrap_or_default();
            if range.starts_with(&format!("bytes {have}-")) {
                return Ok(true);
            }
            forget(part);
            Err(AttemptError::Retry(format!("it sent the range `{range}`")))
        }
        416 => {
            forget(part);
            Err(AttemptError::Retry(
                "it has no such range (HTTP 416)".into(),
            ))
        }
        status @ (408 | 429 | 500 | 502..=504) => {
            Err(AttemptError::Retry(format!("HTTP {status}")))
        }
        status => Err(AttemptError::GiveUp(format!("HTTP {status}"))),
    }
}

/// Opens the part at its end, or empties it and stores the strong entity tag of its new content.
fn open_part(part: &Path, resumes: bool, tag: Option<&str>) -> std::io::Result<File> {
    let mut file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(part)?;
    if resumes {
        file.seek(std::io::SeekFrom::End(0))?;
    } else {
        file.set_len(0)?;
        match tag.filter(|tag| !tag.starts_with("W/")) {
            Some(tag) => std::fs::write(tag_of(part), tag)?,
            None => drop(std::fs::remove_file(tag_of(part))),
        }
    }
    Ok(file)
}

fn header<'r>(response: &'r reqwest::Response, name: &str) -> Option<&'r str> {
    response.headers().get(name).and_then(|v| v.to_str().ok())
}

/// A network error after which another attempt may succeed.
fn retry(error: reqwest::Error) -> AttemptError {
    AttemptError::Retry(describe(&error.without_url()))
}

/// The host of an address, for messages: an address may contain a token in its query.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest[..end].rsplit('@').next().unwrap_or_default()
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

/// The file with the entity tag of a part.
fn tag_of(part: &Path) -> PathBuf {
    part.with_extension("etag")
}

/// Removes a part and its tag.
fn forget(part: &Path) {
    let _ = std::fs::remove_file(part);
    let _ = std::fs::remove_file(tag_of(part));
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_message_names_the_host_and_no_more() {
        assert_eq!(super::host("https://u:key@a.b:1/c?token=x"), "a.b:1");
        assert_eq!(super::host("x"), "x");
    }
}
