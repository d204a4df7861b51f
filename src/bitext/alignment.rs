//! What belongs to what: groups of segments, and words.

use super::Span;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A group of source and target segments that translate each other; one side may be empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bead {
    /// Indexes of source segments, from 0, half-open.
    pub source: Range<usize>,
    /// Indexes of target segments, from 0, half-open.
    pub target: Range<usize>,
    /// Probability that this bead is exactly right, 0..=1.
    pub confidence: f32,
}

/// Word `source` corresponds to word `target`; Pharaoh `i-j`, in JSON `[i,j]`.
///
/// Words are those of [`words`], counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Link {
    /// Index of the source word.
    pub source: u32,
    /// Index of the target word.
    pub target: u32,
}

impl Link {
    /// Links in the format of Pharaoh and Moses: `0-0 1-2`.
    ///
    /// ```
    /// use overzet::bitext::Link;
    ///
    /// let links = Link::from_pharaoh("0-0 1-2").unwrap();
    /// assert_eq!(Link::pharaoh(&links), "0-0 1-2");
    /// ```
    pub fn pharaoh(links: &[Self]) -> String {
        let links: Vec<String> = links
            .iter()
            .map(|link| format!("{}-{}", link.source, link.target))
            .collect();
        links.join(" ")
    }

    /// Reads that format; nothing where it is none.
    pub fn from_pharaoh(text: &str) -> Option<Vec<Self>> {
        text.split_whitespace()
            .map(|link| {
                let (source, target) = link.split_once('-')?;
                Some(Self {
                    source: source.parse().ok()?,
                    target: target.parse().ok()?,
                })
            })
            .collect()
    }
}

impl Serialize for Link {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.source, self.target).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Link {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (source, target) = <(u32, u32)>::deserialize(deserializer)?;
        Ok(Self { source, target })
    }
}

/// The words of a text: those of UAX #29 (section 4.1) that hold a letter or a digit, as byte
/// ranges.
///
/// ```
/// use overzet::bitext::words;
///
/// let text = "In Koersk is het stil.";
/// let found: Vec<&str> = words(text).iter().map(|word| word.of(text)).collect();
/// assert_eq!(found, ["In", "Koersk", "is", "het", "stil"]);
/// ```
pub fn words(text: &str) -> Vec<Span> {
    use unicode_segmentation::UnicodeSegmentation;
    text.unicode_word_indices()
        .map(|(start, word)| Span::new(start, start + word.len()))
        .collect()
}
