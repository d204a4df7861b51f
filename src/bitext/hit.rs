//! A glossary term found in a source segment, and how its English was judged.

use super::Span;
use serde::{Deserialize, Serialize};

/// How the English renders a term that was found in the Dutch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Verdict {
    /// The required form, in its case.
    Exact,
    /// An accepted variant, or the required form in another case.
    Variant,
    /// A derivation that syntax asks for: Hungary → Hungarian.
    Derived,
    /// The head is shared with a neighbour: First and Second World Wars.
    Coordinated,
    /// None of these.
    Miss,
    /// A form that may never stand there.
    Forbidden,
}

impl Verdict {
    /// The name used in every file format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Variant => "variant",
            Self::Derived => "derived",
            Self::Coordinated => "coordinated",
            Self::Miss => "miss",
            Self::Forbidden => "forbidden",
        }
    }

    /// Whether the text itself is wrong, whatever the policy of the entry.
    pub const fn is_violation(self) -> bool {
        matches!(self, Self::Miss | Self::Forbidden)
    }
}

/// A term found at a span of the source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hit {
    /// The entry's Dutch form.
    pub term: String,
    /// The English form that the entry requires.
    pub required: String,
    /// Where it was found, in bytes of the unit's source.
    pub source: Span,
    /// Where its English stands, in bytes of the unit's target; none before judgement and for a
    /// miss.
    #[serde(default)]
    pub target: Option<Span>,
    /// How the English was judged; none before `term::enforce`.
    #[serde(default)]
    pub verdict: Option<Verdict>,
    /// The rule that repaired it, if one did.
    #[serde(default)]
    pub repair: Option<String>,
    /// The English that stood there before the repair, so that a repair can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The entry's id in its glossary.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub entry: String,
    /// Whether the source has the term in capitals that are not its own: `LONDEN –`.
    #[serde(skip)]
    pub capitals: bool,
    /// Position of the entry in the loaded glossary; meaningless outside the process. A hit that
    /// was read from a file has none until it is found again.
    #[serde(skip, default = "unbound")]
    pub index: usize,
}

/// The position of no entry.
const fn unbound() -> usize {
    usize::MAX
}
