//! The result of a check: what was found, how bad it is, and where.

use super::Span;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How loudly a finding speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth a look.
    Warning,
    /// Wrong, 19 times in 20.
    Error,
}

impl Severity {
    /// The name used in every file format.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What a person made of a finding.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum FindingStatus {
    /// Nothing yet.
    #[default]
    Open,
    /// It is not a problem.
    Dismissed,
    /// It was shown when the unit was approved.
    Accepted,
}

/// What a check has to say about a unit. MQM calls it an issue.
///
/// ```
/// use overzet::bitext::{Finding, Severity, Span};
///
/// let finding = Finding::error("numbers", "1.300 became 1.3")
///     .at_source(Span::new(8, 13))
///     .suggest("1,300");
/// assert_eq!(finding.severity, Severity::Error);
/// assert_eq!(finding.suggestion.as_deref(), Some("1,300"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Finding {
    /// Name of the check, a row of `CHECKS`.
    pub check: Cow<'static, str>,
    /// How loudly.
    pub severity: Severity,
    /// What, expected, found: one sentence.
    pub message: String,
    /// What a person made of it.
    #[serde(default)]
    pub status: FindingStatus,
    /// Where in the unit's source, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Span>,
    /// Where in the unit's target, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Span>,
    /// What to write in place of the target span, where that is certain enough to offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Finding {
    /// A finding without spans.
    pub fn new(check: &'static str, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            check: Cow::Borrowed(check),
            severity,
            message: message.into(),
            status: FindingStatus::Open,
            source: None,
            target: None,
            suggestion: None,
        }
    }

    /// An error.
    pub fn error(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Severity::Error, message)
    }

    /// A warning.
    pub fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Severity::Warning, message)
    }

    /// The same finding, pointing into the source.
    #[must_use]
    pub fn at_source(mut self, span: Span) -> Self {
        self.source = Some(span);
        self
    }

    /// The same finding, pointing into the target.
    #[must_use]
    pub fn at_target(mut self, span: Span) -> Self {
        self.target = Some(span);
        self
    }

    /// The same finding, with what to write instead.
    #[must_use]
    pub fn suggest(mut self, text: impl Into<String>) -> Self {
        self.suggestion = Some(text.into());
        self
    }
}
