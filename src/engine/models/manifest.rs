//! The manifest of a model: roles, sizes, hashes, addresses, licence. Every name is checked before
//! it becomes a path.

use super::digest::file_digest;
use super::error::Error;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A list of models: the one pinned in the binary, or the one of `--manifest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format; 1.
    pub schema: u32,
    /// The models, best first.
    pub models: Vec<ModelManifest>,
}

/// The manifest of one model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelManifest {
    /// Version of this format; 1.
    pub schema: u32,
    /// The model's name on the command line: `nl-en-tiny`.
    pub name: String,
    /// Source language, BCP 47.
    pub source: String,
    /// Target language, BCP 47.
    pub target: String,
    /// Size class of the network: `tiny`, `base-memory`, …
    pub architecture: String,
    /// Version of the weights.
    pub version: String,
    /// Licence of the files.
    pub license: String,
    /// Author and place of publication.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// Published scores.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quality: String,
    /// The files.
    pub files: Vec<ModelFile>,
}

/// The role of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FileRole {
    /// The weights.
    Model,
    /// The vocabulary of both languages.
    Vocab,
    /// The vocabulary of the source.
    SrcVocab,
    /// The vocabulary of the target.
    TrgVocab,
    /// The lexical shortlist.
    Lex,
}

/// A file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelFile {
    /// The file's role.
    pub role: FileRole,
    /// The file's name.
    pub file: String,
    /// The size in bytes, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// The SHA-256, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The form in which it is distributed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<PackedFile>,
}

/// The packed form of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackedFile {
    /// The packed file's name.
    pub file: String,
    /// The compression.
    pub compression: Compression,
    /// The size in bytes.
    pub bytes: u64,
    /// The SHA-256.
    pub sha256: String,
    /// Addresses, tried in order.
    #[serde(default)]
    pub urls: Vec<String>,
}

/// The compression of a packed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Compression {
    /// gzip, RFC 1952.
    Gzip,
    /// Zstandard, RFC 8878.
    Zstd,
}

/// Name of the file that makes a folder a model; written last.
pub(super) const MANIFEST_NAME: &str = "manifest.json";

/// Largest size of a model's file, in bytes.
pub(super) const MAX_FILE_BYTES: u64 = 2 << 30;

impl Manifest {
    /// The manifest that is pinned in the binary.
    ///
    /// Errors: none in a binary that passed its tests.
    pub fn pinned() -> Result<Self, Error> {
        Self::read("the built-in manifest", include_bytes!("manifest.json"))
    }

    /// Reads and checks a manifest: a list of models, or one model alone. `file` names it in
    /// messages.
    ///
    /// Errors: [`Error::Manifest`].
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Error> {
        let wrong = |what: String| Error::Manifest {
            file: file.to_owned(),
            what,
        };
        let value: serde_json::Value =
            serde_json::from_slice(bytes).map_err(|e| wrong(e.to_string()))?;
        let manifest = if value.get("models").is_some() {
            serde_json::from_value(value).map_err(|e| wrong(e.to_string()))?
        } else {
            let model: ModelManifest =
                serde_json::from_value(value).map_err(|e| wrong(e.to_string()))?;
            Self {
                schema: model.schema,
                models: vec![model],
            }
        };
        if manifest.schema != 1 {
            return Err(wrong(format!("unknown schema {}", manifest.schema)));
        }
        for model in &manifest.models {
            model
                .validate()
                .map_err(|what| wrong(format!("model `{}`: {what}", model.name)))?;
        }
        Ok(manifest)
    }

    /// The model with this name (`nl-en-tiny`), or the first of a pair (`nl-en`); with
    /// `architecture`, the first that has it.
    ///
    /// Errors: [`Error::Unknown`] with the available names.
    pub fn find(&self, name: &str, architecture: Option<&str>) -> Result<&ModelManifest, Error> {
        let fits = |model: &&ModelManifest| {
            (model.name == name || model.pair() == name)
                && architecture.is_none_or(|wanted| model.architecture == wanted)
        };
        self.models.iter().find(fits).ok_or_else(|| {
            let names: Vec<&str> = self.models.iter().map(|m| m.name.as_str()).collect();
            let asked = architecture.map_or(String::new(), |a| format!(" {a}"));
            Error::Unknown {
                name: format!("{name}{asked}"),
                known: names.join(", "),
            }
        })
    }
}

impl ModelManifest {
    /// The language pair: `nl-en`.
    pub fn pair(&self) -> String {
        format!("{}-{}", self.source, self.target)
    }

    /// The folder of the model under its pair: `tiny-1.0`.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.architecture, self.version)
    }

    /// Bytes to fetch.
    pub fn packed_bytes(&self) -> u64 {
        let size = |file: &ModelFile| file.packed.as_ref().map_or(file.bytes, |p| Some(p.bytes));
        self.files.iter().filter_map(size).sum()
    }

    /// Place among the models of a pair, the best translator first.
    pub(super) fn rank(&self) -> usize {
        ["base", "base-memory", "tiny"]
            .iter()
            .position(|known| *known == self.architecture)
            .unwrap_or(usize::MAX)
    }

    /// The first violated rule, if any: file names that could leave the folder, missing roles,
    /// malformed hashes.
    pub(super) fn validate(&self) -> Result<(), String> {
        if self.schema != 1 {
            return Err(format!("unknown schema {}", self.schema));
        }
        for (what, name) in [
            ("name", &self.name),
            ("source", &self.source),
            ("target", &self.target),
            ("architecture", &self.architecture),
            ("version", &self.version),
        ] {
            if !is_plain(name) {
                return Err(format!("{what} `{name}` is not a plain name"));
            }
        }
        let mut names: Vec<&str> = Vec::new();
        for file in &self.files {
            let packed = file.packed.as_ref();
            for name in std::iter::once(&file.file).chain(packed.map(|p| &p.file)) {
                if !is_plain(name) || name == MANIFEST_NAME {
                    return Err(format!("`{name}` is not a plain file name"));
                }
                if names.contains(&name.as_str()) {
                    return Err(format!("`{name}` occurs twice"));
                }
                names.push(name);
            }
            let hashes = file.sha256.iter().chain(packed.map(|p| &p.sha256));
            for hash in hashes {
                if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(format!("`{hash}` is not a SHA-256"));
                }
            }
            if file.sha256.is_none() && packed.is_none() {
                return Err(format!("{} has no hash", file.file));
            }
            if file.bytes.unwrap_or(0).max(packed.map_or(0, |p| p.bytes)) > MAX_FILE_BYTES {
                return Err(format!(
                    "{} is larger than {MAX_FILE_BYTES} bytes",
                    file.file
                ));
            }
        }
        let has = |role: FileRole| self.files.iter().any(|file| file.role == role);
        if !has(FileRole::Model)
            || !(has(FileRole::Vocab) || has(FileRole::SrcVocab) && has(FileRole::TrgVocab))
        {
            return Err("a model and a vocabulary are needed".into());
        }
        Ok(())
    }
}

impl ModelFile {
    /// Whether bytes of this size and hash are this file; the error has both.
    pub(super) fn fits(&self, bytes: u64, sha256: &str) -> Result<(), String> {
        compare(self.bytes, self.sha256.as_deref(), bytes, sha256)
    }
}

impl PackedFile {
    /// Whether the file at `path` is this one; the inner error has both sizes or both hashes.
    pub(super) fn check(&self, path: &Path) -> Result<Result<(), String>, Error> {
        let (bytes, sha256) = file_digest(path).map_err(|e| Error::disk(path, &e))?;
        Ok(self.fits(bytes, &sha256))
    }

    /// Whether bytes of this size and hash are this file; the error has both.
    pub(super) fn fits(&self, bytes: u64, sha256: &str) -> Result<(), String> {
        compare(Some(self.bytes), Some(&self.sha256), bytes, sha256)
    }
}

fn compare(size: Option<u64>, hash: Option<&str>, bytes: u64, sha256: &str) -> Result<(), String> {
    if let Some(size) = size.filter(|size| *size != bytes) {
        return Err(format!("it has {bytes} bytes, not {size}"));
    }
    match hash.filter(|hash| !hash.eq_ignore_ascii_case(sha256)) {
        Some(hash) => Err(format!("its SHA-256 is {sha256}, not {hash}")),
        None => Ok(()),
    }
}

/// Whether a name can be a part of a path: letters, digits, `.`, `_`, `-`, without a leading point.
fn is_plain(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_manifest_is_whole() {
        let manifest = Manifest::pinned().unwrap();
        assert_eq!(manifest.find("nl-en", None).unwrap().name, "nl-en-tiny");
        assert_eq!(
            manifest.find("nl-en", Some("base-memory")).unwrap().name,
            "nl-en-base-memory"
        );
        let error = manifest.find("fr-en", None).unwrap_err().to_string();
        assert!(error.contains("nl-en-tiny"), "{error}");
        for model in &manifest.models {
            for file in &model.files {
                let packed = file.packed.as_ref().unwrap();
                assert!(packed.urls.iter().all(|url| url.starts_with("https://")));
                assert!(packed.urls.iter().all(|url| url.ends_with(&packed.file)));
            }
        }
    }

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        let pinned = String::from_utf8_lossy(include_bytes!("manifest.json")).into_owned();
        for (good, bad) in [
            ("\"file\": \"vocab.nlen.spm\"", "\"file\": \"../vocab.spm\""),
            ("\"version\": \"1.0\"", "\"version\": \"1/0\""),
            ("\"architecture\": \"tiny\"", "\"architecture\": \"..\""),
            (
                "\"file\": \"vocab.nlen.spm\"",
                "\"file\": \"manifest.json\"",
            ),
            ("\"sha256\": \"149400", "\"sha256\": \"zz9400"),
            ("\"bytes\": 411834", "\"bytes\": 99999999999"),
            ("\"role\": \"vocab\"", "\"role\": \"lex\""),
            ("\"schema\": 1", "\"schema\": 2"),
            ("\"files\"", "\"fils\""),
        ] {
            let text = pinned.replace(good, bad);
            assert_ne!(text, pinned, "{good}");
            assert!(Manifest::read("m", text.as_bytes()).is_err(), "{bad}");
        }
    }
}
