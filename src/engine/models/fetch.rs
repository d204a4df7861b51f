//! One packed file over the network: resumed where the last attempt ended, and never believed before its hash fits.
//!
//! What arrived stands in `NAME.part`. The next attempt asks for the rest (RFC 9110, sections 14.2 and 13.1.5: `Range` with `If-Range` on the
//! entity tag); a server that ignores it sends the whole file, and the part begins afresh.

use super::{Error, Packed};
#[cfg(feature = "http")]
use crate::engine::{HttpClient, http::Pause};
use std::path::Path;
#[cfg(feature = "http")]
use std::{
    fs::File,
    io::{Seek, Write},
    path::PathBuf,
};

/// Where the files of a model come from.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Source<'a> {
    /// The addresses of the manifest, or a mirror: `MIRROR/NAME-OF-THE-MODEL/FILE`.
    #[cfg(feature = "http")]
    Network {
        /// The network.
        net: &'a HttpClient,
        /// Address of the mirror.
        mirror: Option<&'a str>,
    },
    /// A folder with packed or unpacked files.
    Folder(&'a Path),
}

/// How far a pull is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stage<'a> {
    /// The file.
    pub file: &'a str,
    /// Bytes of it that are here.
    pub done: u64,
    /// Its size in bytes.
    pub total: u64,
}

#[cfg(feature = "http")]
/// An attempt counts as progress, and the count of attempts begins anew, if it brought this many bytes.
const PROGRESS: u64 = 1 << 16;

#[cfg(feature = "http")]
/// Why an attempt ended.
enum Failed {
    /// The next may succeed.
    Retry(String),
    /// This address will not do.
    GiveUp(String),
    /// The disk says no.
    Disk(Error),
}

#[cfg(feature = "http")]
/// Fetches a file into `part`, trying its addresses in order. On success `part` holds exactly the bytes that the manifest names.
///
/// Errors: [`Error::Network`] with what every address said, [`Error::Wrong`] with both hashes, [`Error::Disk`].
pub async fn fetch(
    net: &HttpClient,
    urls: &[String],
    packed: &Packed,
    part: &Path,
    progress: &(dyn Fn(Stage<'_>) + Sync),
) -> Result<(), Error> {
    let mut said = Vec::new();
    let mut wrong = None;
    for url in urls {
        let host = host(url);
        match from_one(net, url, packed, part, progress).await {
            Ok(()) => match check(packed, part)? {
                Ok(()) => return Ok(()),
                Err(what) => {
                    // Bytes of another file: worthless here, and in the way of the next address.
                    forget(part);
                    wrong = Some(what.clone());
                    said.push(format!("{host}: {what}"));
                }
            },
            Err(Failed::Retry(what) | Failed::GiveUp(what)) => said.push(format!("{host}: {what}")),
            Err(Failed::Disk(error)) => return Err(error),
        }
    }
    let (file, what) = (packed.file.clone(), said.join("; "));
    Err(match wrong {
        Some(_) => Error::Wrong { file, what },
        None => Error::Network { file, what },
    })
}

/// Whether a file on disk is the one that is wanted.
pub fn check(packed: &Packed, path: &Path) -> Result<Result<(), String>, Error> {
    let (bytes, sha256) = super::digest_of(path).map_err(|e| Error::disk(path, &e))?;
    Ok(packed.fits(bytes, &sha256))
}

#[cfg(feature = "http")]
/// Fetches a small text, such as a manifest.
///
/// Errors: [`Error::Network`].
pub async fn small(net: &HttpClient, url: &str) -> Result<Vec<u8>, Error> {
    const MOST: usize = 4 << 20;
    let failed = |what: String| Error::Network {
        file: host(url).to_owned(),
        what,
    };
    let client = net.downloads().map_err(|e| failed(e.to_string()))?;
    let network =
        |error: reqwest::Error| failed(crate::engine::http::describe(&error.without_url()));
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

#[cfg(feature = "http")]
async fn from_one(
    net: &HttpClient,
    url: &str,
    packed: &Packed,
    part: &Path,
    progress: &(dyn Fn(Stage<'_>) + Sync),
) -> Result<(), Failed> {
    let client = net
        .downloads()
        .map_err(|error| Failed::GiveUp(error.to_string()))?;
    let (mut pause, mut most) = (Pause::default(), size(part));
    loop {
        let failed = match attempt(&client, url, packed, part, progress).await {
            Err(Failed::Retry(what)) => what,
            other => return other,
        };
        // Only beyond what any attempt had: a server that cuts and knows no ranges must not keep us for ever.
        if size(part) >= most.saturating_add(PROGRESS) {
            (pause, most) = (Pause::default(), size(part));
        }
        if pause.attempts() >= net.options.retries {
            return Err(Failed::Retry(failed));
        }
        pause.wait(net).await;
    }
}

#[cfg(feature = "http")]
/// One request, and what it brings appended to the part.
async fn attempt(
    client: &reqwest::Client,
    url: &str,
    packed: &Packed,
    part: &Path,
    progress: &(dyn Fn(Stage<'_>) + Sync),
) -> Result<(), Failed> {
    let disk = |error: std::io::Error| Failed::Disk(Error::disk(part, &error));
    let network = |error: reqwest::Error| {
        let what = crate::engine::http::describe(&error.without_url());
        Failed::Retry(what)
    };
    let mut have = size(part);
    if have > packed.bytes {
        forget(part);
        have = 0;
    }
    if have == packed.bytes {
        return Ok(());
    }
    let mut request = client.get(url);
    if have > 0 {
        request = request.header("range", format!("bytes={have}-"));
        if let Ok(tag) = std::fs::read_to_string(tag_of(part)) {
            request = request.header("if-range", tag);
        }
    }
    let mut response = request.send().await.map_err(|error| {
        if error.is_redirect() || error.is_builder() {
            Failed::GiveUp(crate::engine::http::describe(&error.without_url()))
        } else {
            network(error)
        }
    })?;
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok());
    let goes_on = match response.status().as_u16() {
        200 => false,
        206 => {
            let range = header("content-range").unwrap_or_default();
            if !range.starts_with(&format!("bytes {have}-")) {
                forget(part);
                return Err(Failed::Retry(format!("it sent the range `{range}`")));
            }
            true
        }
        416 => {
            forget(part);
            return Err(Failed::Retry("it has no such range (HTTP 416)".into()));
        }
        status @ (408 | 429 | 500 | 502..=504) => {
            return Err(Failed::Retry(format!("HTTP {status}")));
        }
        status => return Err(Failed::GiveUp(format!("HTTP {status}"))),
    };
    let rest = packed.bytes - if goes_on { have } else { 0 };
    if let Some(length) = response.content_length().filter(|length| *length != rest) {
        return Err(Failed::GiveUp(format!(
            "it offers {length} bytes, not {rest}"
        )));
    }
    let tag = header("etag")
        .filter(|tag| !tag.starts_with("W/"))
        .map(str::to_owned);
    let mut file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(part)
        .map_err(disk)?;
    if goes_on {
        file.seek(std::io::SeekFrom::End(0)).map_err(disk)?;
    } else {
        file.set_len(0).map_err(disk)?;
        have = 0;
        match tag {
            Some(tag) => std::fs::write(tag_of(part), tag).map_err(disk)?,
            None => drop(std::fs::remove_file(tag_of(part))),
        }
    }
    let tell = |done| {
        progress(Stage {
            file: &packed.file,
            done,
            total: packed.bytes,
        });
    };
    tell(have);
    while let Some(chunk) = response.chunk().await.map_err(network)? {
        have += chunk.len() as u64;
        if have > packed.bytes {
            return Err(Failed::GiveUp(
                "it sends more than the manifest says".into(),
            ));
        }
        file.write_all(&chunk).map_err(disk)?;
        tell(have);
    }
    if have < packed.bytes {
        return Err(Failed::Retry(format!(
            "it ended after {have} of {} bytes",
            packed.bytes
        )));
    }
    file.sync_all().map_err(disk)
}

#[cfg(feature = "http")]
/// The host of an address, for messages: an address may carry a token in its query.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest[..end].rsplit('@').next().unwrap_or_default()
}

#[cfg(feature = "http")]
fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |found| found.len())
}

#[cfg(feature = "http")]
/// Where the entity tag of a part is kept.
fn tag_of(part: &Path) -> PathBuf {
    part.with_extension("etag")
}

#[cfg(feature = "http")]
/// Removes a part and its tag.
fn forget(part: &Path) {
    let _ = std::fs::remove_file(part);
    let _ = std::fs::remove_file(tag_of(part));
}

#[cfg(all(test, feature = "http"))]
mod tests {
    #[test]
    fn a_message_names_the_host_and_no_more() {
        assert_eq!(super::host("https://u:key@a.b:1/c?token=x"), "a.b:1");
        assert_eq!(super::host("x"), "x");
    }
}
