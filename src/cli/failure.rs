//! Why a command could not do what was asked: the one place that words errors and says what to try
//! next.
//!
//! An error says what, where, why, and the next command to try:
//!
//! ```text
//! error: unknown column `policie`
//!   --> glossaries/names.tsv:1:7
//!    |
//!  1 | nl  en  policie  note
//!    |         ^^^^^^^ did you mean `policy`?
//! hint: `overzet glossary lint glossaries/names.tsv` lists every problem of the file at once
//! ```

pub use super::exit::Exit;
use super::{advice, draw};
use crate::bitext::Place;
use crate::workflow::Error;
use crate::{config, engine, format, memory, pipeline, segment, term};
use std::fmt;

/// Why a command could not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How the process ends.
    pub exit: Exit,
    /// What is wrong, in one sentence without a full stop.
    pub error: String,
    /// Where, if it is in a file.
    pub place: Option<Place>,
    /// What to say beside the caret.
    pub label: String,
    /// Why: the chain of causes, outermost first.
    pub causes: Vec<String>,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Failure {
    /// A failure with this exit code.
    pub fn new(exit: Exit, error: impl Into<String>) -> Self {
        Self {
            exit,
            error: error.into(),
            place: None,
            label: String::new(),
            causes: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Wrong arguments, settings or glossary: exit 2.
    pub fn usage(error: impl Into<String>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// A file that cannot be read or written: exit 3.
    pub fn input(error: impl Into<String>) -> Self {
        Self::new(Exit::Input, error)
    }

    /// The same failure, pointing at a place, with a few words beside the caret.
    #[must_use]
    pub fn at(mut self, place: Place, label: impl Into<String>) -> Self {
        self.place = Some(place);
        self.label = label.into();
        self
    }

    /// The same failure, with the chain of causes of `error`, itself included.
    #[must_use]
    pub fn caused_by(mut self, error: &dyn std::error::Error) -> Self {
        let mut next = Some(error);
        while let Some(cause) = next {
            let text = cause.to_string();
            if self.causes.last() != Some(&text) {
                self.causes.push(text);
            }
            next = cause.source();
        }
        self
    }

    /// The same failure, with one more thing to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.error)?;
        if let Some(place) = &self.place {
            draw::excerpt(f, place, &self.label)?;
        } else if !self.label.is_empty() {
            writeln!(f, "  {}", self.label)?;
        }
        for cause in &self.causes {
            writeln!(f, "caused by: {cause}")?;
        }
        for hint in &self.hints {
            writeln!(f, "hint: {hint}")?;
        }
        Ok(())
    }
}

impl From<engine::Error> for Failure {
    fn from(error: engine::Error) -> Self {
        let (exit, hint) = advice::of_engine(&error);
        let mut failure = Self::new(exit, error.to_string());
        failure.hints.extend(hint);
        failure
    }
}

impl From<memory::Error> for Failure {
    fn from(error: memory::Error) -> Self {
        Self::input("the memory file cannot be used")
            .caused_by(&error)
            .hint("`memory = \"PATH\"` in overzet.toml names another")
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        let text = error.to_string();
        match error {
            config::Error::File { place, label, .. } => Self::usage(text).at(place, label),
            config::Error::Variable { .. } => {
                Self::usage(text).hint("`overzet config show --origin` lists every setting")
            }
            config::Error::Foreign { folder, .. } => Self::usage(text).hint(format!(
                "it decides where text and keys go; if you trust it, set {}={folder}",
                config::TRUST
            )),
            config::Error::DotEnvLine { .. } | config::Error::Unreadable { .. } => {
                Self::usage(text)
            }
        }
    }
}

impl From<segment::Error> for Failure {
    fn from(error: segment::Error) -> Self {
        let segment::Error::Data { what, place } = error;
        Self::usage(what).at(*place, "")
    }
}

impl From<term::Error> for Failure {
    fn from(error: term::Error) -> Self {
        let text = error.to_string();
        match error {
            term::Error::Broken { place, fix, .. } => {
                let hint = format!("`overzet glossary lint {}` checks the file", place.file);
                Self::usage(text).at(*place, fix).hint(hint)
            }
            term::Error::Unreadable { .. } => {
                Self::usage(text).hint("`--glossary PATH` names a file or folder")
            }
            term::Error::NoStyle { .. } => {
                Self::usage(text).hint("`--style NAME` or the setting `style` chooses one")
            }
            term::Error::Unknown { .. } => {
                Self::usage(text).hint("name the format with `--format NAME`")
            }
        }
    }
}

impl From<format::Error> for Failure {
    fn from(error: format::Error) -> Self {
        let text = error.to_string();
        match error {
            format::Error::Broken { place, .. } => Self::input(text).at(*place, ""),
            format::Error::NotText { .. } => Self::input(text),
            format::Error::Refused { advice, .. } => Self::input(text).hint(advice),
            format::Error::Unknown { .. } => {
                Self::input(text).hint("name the format with `--format NAME`")
            }
        }
    }
}

impl From<engine::models::Error> for Failure {
    fn from(error: engine::models::Error) -> Self {
        use engine::models::Error;
        let text = error.to_string();
        match error {
            Error::Manifest { .. } => Self::usage(text),
            Error::Unknown { .. } => Self::usage(text).hint("`overzet models list` describes them"),
            Error::Disk { .. } => {
                Self::input(text).hint("downloaded data is kept; rerun the same command to resume")
            }
            Error::Locked { .. } => Self::new(Exit::Unavailable, text)
                .hint("wait for it to end, then run the same command again"),
            Error::Wrong { .. } => Self::input(text)
                .hint("nothing was installed; installed models are unchanged")
                .hint("use `--mirror` or `--from-dir` for another source"),
            Error::Network { .. } => Self::new(Exit::Unavailable, text)
                .hint("rerun the same command to resume")
                .hint("use `--mirror ADDRESS` or `--from-dir FOLDER` for another source"),
            Error::Absent { .. } => Self::input(text),
            Error::Interrupted => Self::new(Exit::Interrupted, text),
        }
    }
}

impl From<pipeline::Error> for Failure {
    fn from(error: pipeline::Error) -> Self {
        use pipeline::Error;
        let text = error.to_string();
        let frozen = "run once without --frozen, and keep the memory file";
        match error {
            Error::Format(error) => error.into(),
            Error::Memory(error) => error.into(),
            Error::Engine(error) => error.into(),
            Error::NoEngine => Self {
                hints: advice::NO_ENGINE.map(str::to_owned).to_vec(),
                ..Self::usage("no engine is configured, and no model is installed")
            },
            Error::WouldSend { .. } | Error::WouldRetry { .. } => {
                Self::new(Exit::WouldSend, text).hint(frozen)
            }
            Error::OverCap { .. } => Self::new(Exit::Quota, text)
                .hint("raise --max-chars or --max-cost; --dry-run shows the volume and price"),
            Error::OverAccount { .. } => Self::new(Exit::Quota, text),
            Error::Interrupted { .. } => Self::new(Exit::Interrupted, text),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        let (exit, hint) = advice::of(&error);
        let mut failure = match error {
            Error::Config(error) => error.into(),
            Error::Engine(error) => error.into(),
            Error::Format(error) => error.into(),
            Error::Memory(error) => error.into(),
            Error::Models(error) => error.into(),
            Error::Pipeline(error) => error.into(),
            Error::Segment(error) => error.into(),
            Error::Term(error) => error.into(),
            Error::Lexicon(error) => Self {
                exit,
                ..error.into()
            },
            Error::Unreadable { source, .. } | Error::Unwritable { source, .. } => {
                Self::new(exit, text).caused_by(&source)
            }
            Error::Broken { place, .. } | Error::Priors { place, .. } => {
                Self::new(exit, text).at(*place, "")
            }
            _ => Self::new(exit, text),
        };
        failure.hints.extend(hint);
        failure
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_the_line_and_the_caret() {
        let source = "nl\ten\tpolicie\n";
        let failure = Failure::usage("unknown column `policie`")
            .at(
                Place::at("names.tsv", source, 6, 7),
                "did you mean `policy`?",
            )
            .hint("`overzet glossary lint names.tsv` lists every problem of the file");
        assert_eq!(
            failure.to_string(),
            "error: unknown column `policie`\n  --> names.tsv:1:7\n   |\n 1 | nl  en  policie\n   |         ^^^^^^^ did you mean `policy`?\n\
             hint: `overzet glossary lint names.tsv` lists every problem of the file\n"
        );
    }
}
