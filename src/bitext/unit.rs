//! The translation unit: what travels on the line, with everything that is known about it.

use super::{Document, Finding, Hit, Link, Role, Span, Text, words};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use thin_vec::ThinVec;

/// How far a unit has come. XLIFF 2 calls it `state`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
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
    /// A person has left it out on purpose: it has no target, and the edition drops it.
    Omitted,
}

impl State {
    /// The name used in every file format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Translated => "translated",
            Self::NeedsReview => "needs-review",
            Self::Untranslated => "untranslated",
            Self::Approved => "approved",
            Self::Omitted => "omitted",
        }
    }
}

/// Where a target came from. In files: `engine:NAME`, `memory:87`, `human`, `copied`, `none`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Origin {
    /// An engine, by name, which the units of a run share.
    Engine(Arc<str>),
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
                    return Ok(Self::Engine(name.into()));
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

/// What an engine is unsure of: a word of its target, or something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Doubt {
    /// Where in the source, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Span>,
    /// Where in the target, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Span>,
    /// Why a person should look; empty for a word that is only marked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// A source segment and its target, with everything that is known about the two. TMX `tu`.
///
/// ```
/// use overzet::bitext::{State, Unit};
///
/// let waiting = Unit::new("In Koersk is het stil.");
/// assert_eq!(waiting.state, State::Untranslated);
/// let done = Unit::translated("In Koersk is het stil.", "It is quiet in Kursk.");
/// assert_eq!(done.target.plain, "It is quiet in Kursk.");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
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
    /// The engine's or memory's words before enforcement; none where they are still the target.
    pub draft: Option<Box<Text>>,
    /// What the translation memory has that is like it, the best first.
    pub matches: ThinVec<Match>,
    /// Glossary terms found in the source.
    pub hits: ThinVec<Hit>,
    /// Which word became which.
    pub links: ThinVec<Link>,
    /// What the engine was unsure of.
    pub doubts: ThinVec<Doubt>,
    /// Other targets that the engine has to offer, the best first.
    pub alternatives: ThinVec<String>,
    /// What the checks have to say.
    pub findings: ThinVec<Finding>,
    /// Findings that a person dismissed, and those of checks that are silenced.
    pub dismissed: ThinVec<Finding>,
    /// Names of checks that a person has silenced for this unit.
    pub ok: ThinVec<String>,
    /// From alignment: the source segments joined here, from 0.
    pub source_segments: ThinVec<u32>,
    /// From alignment: the target segments joined here, from 0.
    pub target_segments: ThinVec<u32>,
    /// From alignment: probability that the pair is exactly right, 0..=1.
    pub confidence: Option<f32>,
    /// Ids of the units after this one whose text stands in this target, too.
    pub joined: ThinVec<String>,
    /// Id of the unit before this one whose target holds the text of this one, too.
    pub joined_to: Option<Box<str>>,
    /// From alignment: id of the one-sided unit that is the other side of this one and stands
    /// elsewhere.
    pub moved: Option<Box<str>>,
    /// Digest of the text that a file of pairs was made of, where the file says so.
    pub base: Option<Box<str>>,
    /// How the target came about: a step of the fallback for terms, a second request.
    pub notes: ThinVec<String>,
    /// Characters that the service billed for the draft, where an engine made it.
    pub billed: Option<u64>,
    /// When the draft arrived, in seconds since 1970-01-01 UTC.
    pub made: Option<i64>,
}

impl Unit {
    /// A unit that waits for its target.
    pub fn new(source: impl Into<Text>) -> Self {
        Self {
            source: source.into(),
            ..Self::default()
        }
    }

    /// A translated pair.
    pub fn translated(source: impl Into<Text>, target: impl Into<Text>) -> Self {
        Self {
            target: target.into(),
            state: State::Translated,
            ..Self::new(source)
        }
    }

    /// Whether its target is empty on purpose: left out, or joined with a unit before it.
    pub fn is_absent(&self) -> bool {
        self.state == State::Omitted || self.joined_to.is_some()
    }

    /// Replaces bytes of the target; what points into it moves along. Words that were linked to a
    /// replaced word are linked to all words in its place, and a doubt about replaced bytes is
    /// settled.
    ///
    /// The span must lie on character boundaries.
    pub fn rewrite(&mut self, span: Span, with: &str) {
        let touched = |words: &[Span], span: Span| {
            let start = words.partition_point(|word| word.end <= span.start);
            let end = words.partition_point(|word| word.start < span.end);
            start as u32..end.max(start) as u32
        };
        let old = touched(&words(&self.target.plain), span);
        self.target.replace(span, with);
        let is = Span::new(span.start, span.start + with.len());
        let new = touched(&words(&self.target.plain), is);
        let links = std::mem::take(&mut self.links);
        for link in links {
            if link.target < old.start {
                self.links.push(link);
            } else if link.target >= old.end {
                let target = link.target - old.end + new.end;
                self.links.push(Link { target, ..link });
            } else {
                self.links
                    .extend(new.clone().map(|target| Link { target, ..link }));
            }
        }
        self.links.sort_unstable();
        self.links.dedup();
        self.doubts.retain_mut(|doubt| {
            let Some(target) = doubt.target.filter(|target| target.end > span.start) else {
                return true;
            };
            if target.start < span.end {
                return false;
            }
            let by = is.end + target.start - span.end;
            doubt.target = Some(Span::new(by, by + target.len()));
            true
        });
    }
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
    fn links_and_doubts_move_with_a_repair() {
        let link = |source, target| Link { source, target };
        let doubt = |start, end| Doubt {
            target: Some(Span::new(start, end)),
            ..Doubt::default()
        };
        let mut unit = Unit {
            target: "The ceasefire in Koersk holds".into(),
            links: thin_vec::thin_vec![link(0, 0), link(1, 1), link(2, 2), link(3, 3), link(4, 4)],
            doubts: thin_vec::thin_vec![doubt(4, 13), doubt(24, 29)],
            ..Unit::default()
        };
        unit.rewrite(Span::new(4, 13), "cease-fire");
        assert_eq!(unit.target.plain, "The cease-fire in Koersk holds");
        assert_eq!(unit.doubts, [doubt(25, 30)]);
        let links = [(0, 0), (1, 1), (1, 2), (2, 3), (3, 4), (4, 5)];
        assert_eq!(unit.links, links.map(|(s, t)| link(s, t)));
    }

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
