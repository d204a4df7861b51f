//! Language tags and the pair that a run translates between.

use serde::{Deserialize, Serialize};

/// A BCP 47 language tag, such as `nl` or `en-US`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lang(String);

impl Lang {
    /// Takes a tag as written; the comparison helpers ignore its case.
    pub fn new(tag: impl Into<String>) -> Self {
        Self(tag.into())
    }

    /// The whole tag as written.
    pub fn tag(&self) -> &str {
        &self.0
    }

    /// The primary language in lower case: `en` of `en-US`.
    pub fn base(&self) -> String {
        self.0
            .split(['-', '_'])
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    }

    /// Whether a tag names this language, in whatever country.
    pub fn is_base_of(&self, tag: &str) -> bool {
        let base = tag.split(['-', '_']).next().unwrap_or_default();
        base.trim().eq_ignore_ascii_case(&self.base())
    }

    /// How well a tag of a file fits this language: none where the language is another; 2 where the
    /// tags are the same, 1 where the tag of the file has no region, 0 where it has another one.
    #[must_use]
    pub fn likeness(&self, tag: &str) -> Option<u8> {
        // ISO 639-2 has names of three letters, which BCP 47 does not use.
        let short = |base: String| match base.as_str() {
            "nld" | "dut" => "nl".to_owned(),
            "eng" => "en".to_owned(),
            _ => base,
        };
        let other = Self::new(tag.trim());
        if tag.is_empty() || short(self.base()) != short(other.base()) {
            return None;
        }
        let same = self
            .0
            .replace('_', "-")
            .eq_ignore_ascii_case(&other.0.replace('_', "-"));
        Some(match other.0.contains(['-', '_']) {
            _ if same => 2,
            false => 1,
            true => 0,
        })
    }

    /// This language in the form in which a file names its own: `nl_NL` is written with `_` and a
    /// region, `NL` in capitals.
    #[must_use]
    pub fn written_like(&self, other: &str) -> String {
        let underscore = other.contains('_');
        let mut tag = self
            .0
            .replace(['-', '_'], if underscore { "_" } else { "-" });
        if underscore && !tag.contains('_') && tag.eq_ignore_ascii_case("en") {
            tag.push_str("_US");
        }
        if other.len() == 2 && other.chars().all(|c| c.is_ascii_uppercase()) {
            tag.make_ascii_uppercase();
        }
        tag
    }
}

impl std::fmt::Display for Lang {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Source and target language of a run.
///
/// ```
/// use overzet::bitext::{Lang, LangPair};
///
/// // Dutch to English is the default.
/// assert_eq!(LangPair::default().source.tag(), "nl");
/// let british = LangPair { target: Lang::new("en-GB"), ..LangPair::default() };
/// assert_eq!(british.target.base(), "en");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LangPair {
    /// The language that is read.
    pub source: Lang,
    /// The language that is written.
    pub target: Lang,
}

impl Default for LangPair {
    /// Dutch to English.
    fn default() -> Self {
        Self {
            source: Lang::new("nl"),
            target: Lang::new("en"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_as_the_file_writes_its_own() {
        let english = Lang::new("en");
        for (other, wanted) in [
            ("nl", "en"),
            ("nl-NL", "en"),
            ("nl_NL", "en_US"),
            ("NL", "EN"),
        ] {
            assert_eq!(english.written_like(other), wanted);
        }
        assert_eq!(Lang::new("en-GB").written_like("nl_BE"), "en_GB");
    }
}
