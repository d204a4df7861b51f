//! What a run says of itself: how far it is, and its figures at the end.

use super::Error;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// Texts that have their draft or their finding.
    pub done: usize,
    /// Texts of the run.
    pub total: usize,
    /// Tokens that a model writes in a second.
    pub tokens_per_second: Option<f32>,
    /// Seconds until a model is done, by its pace so far.
    pub seconds_left: Option<u64>,
}

/// The figures of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunStats {
    /// Requests that were answered or failed for good.
    pub requests: u64,
    /// Characters sent, every attempt counted.
    pub characters: u64,
    /// Texts that got a draft.
    pub texts: usize,
    /// Texts that failed on their own; their units have a finding.
    pub failed: usize,
    /// Whether somebody asked to stop before all was done.
    pub stopped: bool,
    /// Lines of the engine that a person should know.
    pub notices: Vec<String>,
    /// The error that ended the run early.
    pub fatal: Option<Error>,
}

impl RunStats {
    /// Adds the figures of a run that came after this one.
    pub fn add(&mut self, other: Self) {
        self.requests += other.requests;
        self.characters += other.characters;
        self.texts += other.texts;
        self.failed += other.failed;
        self.stopped |= other.stopped;
        self.notices.extend(other.notices);
        self.fatal = self.fatal.take().or(other.fatal);
    }
}
