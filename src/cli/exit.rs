//! The exit codes of the contract.

use crate::workflow::Outcome;

/// The exit codes of the contract; `--help`, the man page and a test take them from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Findings at or above `--fail-on`, or a glossary violation under `--strict`.
    Findings = 1,
    /// Usage, settings, glossary and lexicon files.
    Usage = 2,
    /// A document or pair file that cannot be read or is not supported; output that cannot be
    /// written.
    Input = 3,
    /// Authentication.
    Auth = 4,
    /// Quota or cost cap.
    Quota = 5,
    /// Engine or network unavailable after retries.
    Unavailable = 6,
    /// Some units are untranslated; the output is written and marks them.
    Partial = 7,
    /// `--frozen`, and something would be sent.
    WouldSend = 8,
    /// Interrupted; progress is saved, and the same command resumes.
    Interrupted = 130,
}

impl Exit {
    /// Every code with its meaning, for help and manual.
    pub const TABLE: [(Self, &'static str); 10] = [
        (Self::Done, "done"),
        (
            Self::Findings,
            "findings at or above --fail-on, or a glossary violation under --strict",
        ),
        (Self::Usage, "usage or configuration"),
        (Self::Input, "input unreadable or unsupported"),
        (Self::Auth, "authentication"),
        (Self::Quota, "quota or cost cap"),
        (
            Self::Unavailable,
            "engine or network unavailable after retries",
        ),
        (
            Self::Partial,
            "partial: some units untranslated; the output is written and marks them",
        ),
        (Self::WouldSend, "--frozen and something would be sent"),
        (
            Self::Interrupted,
            "interrupted: progress is saved; rerun the same command to resume",
        ),
    ];

    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Findings => Self::Findings,
            Outcome::Partial => Self::Partial,
        }
    }
}
