//! What a model is made of: roles, sizes, hashes, addresses, licence. Every name in a manifest is checked before it becomes a path.

use super::Error;
use serde::{Deserialize, Serialize};

/// A list of models, as it is pinned in the binary or handed in with `--manifest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this format; 1.
    pub schema: u32,
    /// The models, best first.
    pub models: Vec<Model>,
}

/// A model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// Version of this format; 1.
    pub schema: u32,
    /// Its name on the command line: `nl-en-tiny`.
    pub name: String,
    /// Source language, BCP 47.
    pub source: String,
    /// Target language, BCP 47.
    pub target: String,
    /// `tiny`, `base-memory`, …
    pub architecture: String,
    /// Version of the weights.
    pub version: String,
    /// Licence of the files.
    pub license: String,
    /// Who made it and where it lies.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub origin: String,
    /// What its makers measured.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quality: String,
    /// Its files.
    pub files: Vec<File>,
}

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// The weights.
    Model,
    /// The vocabulary of both sides.
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
pub struct File {
    /// What it is for.
    pub role: Role,
    /// Its name.
    pub file: String,
    /// Its size in bytes, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Its SHA-256, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The form in which it is handed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
}

/// The packed form of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// Its name.
    pub file: String,
    /// How it is packed.
    pub compression: Compression,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// Where it lies; tried in order.
    #[serde(default)]
    pub urls: Vec<String>,
}

/// How a file is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Compression {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
}

/// No file of a model is larger than this, in bytes.
pub(super) const LARGEST: u64 = 2 << 30;

impl Manifest {
    /// The manifest that is pinned in the binary.
    ///
    /// Errors: none in a binary that passed its tests.
    pub fn pinned() -> Result<Self, Error> {
        Self::read("the built-in manifest", include_bytes!("manifest.json"))
    }

    /// Reads and checks a manifest: a list of models, or one model alone. `file` names it in messages.
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
            let model: Model = serde_json::from_value(value).map_err(|e| wrong(e.to_string()))?;
            Self {
                schema: model.schema,
                models: vec![model],
            }
        };
        if manifest.schema != 1 {
            return Err(wrong(format!("schema {} is not known", manifest.schema)));
        }
        for model in &manifest.models {
            model
                .validate()
                .map_err(|what| wrong(format!("model `{}`: {what}", model.name)))?;
        }
        Ok(manifest)
    }

    /// The model of a name (`nl-en-tiny`), or the first of a pair (`nl-en`) with this architecture, if one is named.
    ///
    /// Errors: [`Error::Unknown`] that lists what there is.
    pub fn find(&self, name: &str, architecture: Option<&str>) -> Result<&Model, Error> {
        let fits = |model: &&Model| {
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

impl Model {
    /// The language pair: `nl-en`.
    pub fn pair(&self) -> String {
        format!("{}-{}", self.source, self.target)
    }

    /// The folder of the model under its pair: `tiny-1.0`.
    pub fn folder(&self) -> String {
        format!("{}-{}", self.architecture, self.version)
    }

    /// Bytes that have to be fetched.
    pub fn packed_bytes(&self) -> u64 {
        let size = |file: &File| file.packed.as_ref().map_or(file.bytes, |p| Some(p.bytes));
        self.files.iter().filter_map(size).sum()
    }

    /// Place among the models of a pair: the better translator first.
    pub(super) fn rank(&self) -> usize {
        ["base", "base-memory", "tiny"]
            .iter()
            .position(|known| *known == self.architecture)
            .unwrap_or(usize::MAX)
    }

    /// What is wrong with it, if anything is: names that are no plain file names, missing roles, hashes that are none.
    pub(super) fn validate(&self) -> Result<(), String> {
        if self.schema != 1 {
            return Err(format!("schema {} is not known", self.schema));
        }
        for (what, name) in [
            ("name", &self.name),
            ("source", &self.source),
            ("target", &self.target),
            ("architecture", &self.architecture),
            ("version", &self.version),
        ] {
            if !is_plain(name) {
                return Err(format!("{what} `{name}` is no plain name"));
            }
        }
        let mut names: Vec<&str> = Vec::new();
        for file in &self.files {
            let packed = file.packed.as_ref();
            for name in std::iter::once(&file.file).chain(packed.map(|p| &p.file)) {
                if !is_plain(name) || name == super::COMPLETE {
                    return Err(format!("`{name}` is no plain file name"));
                }
                if names.contains(&name.as_str()) {
                    return Err(format!("`{name}` is named twice"));
                }
                names.push(name);
            }
            let hashes = file.sha256.iter().chain(packed.map(|p| &p.sha256));
            for hash in hashes {
                if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(format!("`{hash}` is no SHA-256"));
                }
            }
            if file.sha256.is_none() && packed.is_none() {
                return Err(format!("{} has no hash", file.file));
            }
            if file.bytes.unwrap_or(0).max(packed.map_or(0, |p| p.bytes)) > LARGEST {
                return Err(format!("{} is larger than {LARGEST} bytes", file.file));
            }
        }
        let has = |role: Role| self.files.iter().any(|file| file.role == role);
        if !has(Role::Model) || !(has(Role::Vocab) || has(Role::SrcVocab) && has(Role::TrgVocab)) {
            return Err("a model and a vocabulary are needed".into());
        }
        Ok(())
    }
}

impl File {
    /// Whether bytes of this size and hash are this file; the error names both.
    pub(super) fn fits(&self, bytes: u64, sha256: &str) -> Result<(), String> {
        compare(self.bytes, self.sha256.as_deref(), bytes, sha256)
    }
}

impl Packed {
    /// Whether bytes of this size and hash are this file; the error names both.
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

/// Whether a name can stand in a path as it is: letters, digits, `.`, `_`, `-`, not beginning with a point.
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
