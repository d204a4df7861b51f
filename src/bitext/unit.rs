//! The translation unit: what travels on the line, with everything that is known about it.

use super::{Document, Finding, Hit, Link, Role, Span, Text};
use serde::{Deserialize, Serialize};

/// How far a unit has come. XLIFF 2 calls it `state`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A target is there, and nothing speaks against it.
    Translated,
    /// A target is there, and a person must look at it.
    NeedsReview,
    /// No target.
    #[default]
    Untranslated,
    /// A person has said yes.
    Approved,
}

impl State {
    /// The name used in every file format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Translated => "translated",
            Self::NeedsReview => "needs-review",
            Self::Untranslated => "untranslated",
            Self::Approved => "approved",
        }
    }
}

/// Where a target came from. In files: `engine:NAME`, `memory:87`, `human`, `copied`, `none`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Origin {
    /// An engine, by name.
    Engine(String),
    /// The translation memory, with the match in per cent.
    Memory(u8),
    /// A person.
    Human,
    /// The source itself.
    Copied,
    /// Nothing yet.
    #[default]
    None,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Engine(name) => write!(f, "engine:{name}"),
            Self::Memory(percent) => write!(f, "memory:{percent}"),
            Self::Human => f.write_str("human"),
            Self::Copied => f.write_str("copied"),
            Self::None => f.write_str("none"),
        }
    }
}

impl std::str::FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "human" => Ok(Self::Human),
            "copied" => Ok(Self::Copied),
            "none" => Ok(Self::None),
            _ => {
                if let Some(name) = text.strip_prefix("engine:") {
                    return Ok(Self::Engine(name.to_owned()));
                }
                text.strip_prefix("memory:")
                    .and_then(|percent| percent.parse().ok())
                    .map(Self::Memory)
                    .ok_or_else(|| format!("unknown origin `{text}`"))
            }
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// A pair of the translation memory whose source is like a unit's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// How alike the sources are, in per cent, rounded down; 100 is the same text.
    pub percent: u8,
    /// The source that was translated before.
    pub source: String,
    /// What it became.
    pub target: String,
}

/// A source segment and its target, with everything that is known about the two. TMX `tu`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Unit {
    /// Stable within the document: `b4.s1` is the first segment of block 4.
    pub id: String,
    /// Number of the block, from 1.
    pub block: u32,
    /// Role of the block.
    pub role: Role,
    /// The source segment.
    pub source: Text,
    /// The target; empty while untranslated.
    pub target: Text,
    /// Where the segment stands in its block's plain text, in bytes.
    pub within: Span,
    /// Where the segment stands in the (decoded) source file, in bytes.
    pub source_span: Option<Span>,
    /// Where the target stands in the (decoded) edition, in bytes.
    pub target_span: Option<Span>,
    /// How far it has come.
    pub state: State,
    /// Where the target came from.
    pub origin: Origin,
    /// Quality as the engine sees it, 0..=1, where it says so.
    pub score: Option<f32>,
    /// The engine's or memory's words before enforcement.
    pub draft: Option<Text>,
    /// What the translation memory has that is like it, the best first.
    pub matches: Vec<Match>,
    /// Glossary terms found in the source.
    pub hits: Vec<Hit>,
    /// Which word became which.
    pub links: Vec<Link>,
    /// What the checks have to say.
    pub findings: Vec<Finding>,
    /// Names of checks that a person has silenced for this unit.
    pub ok: Vec<String>,
    /// From alignment: the source segments joined here, from 0.
    pub source_segments: Vec<u32>,
    /// From alignment: the target segments joined here, from 0.
    pub target_segments: Vec<u32>,
    /// From alignment: probability that the pair is exactly right, 0..=1.
    pub confidence: Option<f32>,
    /// How the target came about: the ladder's rung, a second request.
    pub notes: Vec<String>,
    /// Characters that the service billed for the draft, where an engine made it.
    pub billed: Option<u64>,
    /// When the draft arrived, in seconds since 1970-01-01 UTC.
    pub made: Option<i64>,
}

/// The finished English document with its units and findings.
#[derive(Debug, Clone, PartialEq)]
pub struct Edition {
    /// The Dutch document.
    pub document: Document,
    /// Its units, in document order.
    pub units: Vec<Unit>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_survives_its_text_form() {
        for origin in [
            Origin::Engine("deepl".into()),
            Origin::Memory(87),
            Origin::Human,
            Origin::Copied,
            Origin::None,
        ] {
            assert_eq!(origin.to_string().parse::<Origin>().unwrap(), origin);
        }
        assert!("memory:x".parse::<Origin>().is_err());
    }
}
