//! How a command ends: the exit codes, and the one place that words and draws an error.
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

use crate::bitext::Place;
use std::fmt;

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
    /// A document or pair file that cannot be read or is not supported; output that cannot be written.
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
    /// Interrupted; what was done is kept, and the same command goes on.
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
            "interrupted: what was done is kept, the same command goes on",
        ),
    ];

    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

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
            draw(f, place, &self.label)?;
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

/// The longest stretch of a line that is shown, in characters.
const SHOWN: usize = 96;

/// Draws the line with a caret under what is meant. Tabs become two spaces; wide characters count two columns; of a long line the
/// part around the caret is shown.
fn draw(f: &mut fmt::Formatter<'_>, place: &Place, label: &str) -> fmt::Result {
    writeln!(f, "  --> {place}")?;
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len() + 2);
    let skip = place.column.saturating_sub(SHOWN / 2);
    let mut shown = String::new();
    let (mut before, mut width) = (0, 0);
    if skip > 0 {
        shown.push('…');
        before += 1;
    }
    for (index, c) in place.text.chars().enumerate().skip(skip).take(SHOWN) {
        let (text, columns): (String, usize) = match c {
            '\t' => ("  ".into(), 2),
            c if c.is_control() => ("\u{fffd}".into(), 1),
            c => (c.to_string(), columns(c)),
        };
        shown.push_str(&text);
        if index + 1 < place.column {
            before += columns;
        } else if index + 1 < place.column + place.width {
            width += columns;
        }
    }
    if place.text.chars().count() > skip + SHOWN {
        shown.push('…');
    }
    writeln!(f, "{gutter}|")?;
    writeln!(f, " {number} | {}", shown.trim_end())?;
    let caret = format!(
        "{gutter}| {}{} {label}",
        " ".repeat(before),
        "^".repeat(width.max(1))
    );
    writeln!(f, "{}", caret.trim_end())
}

/// Columns that a terminal gives a character: two for the East Asian wide blocks and emoji, none for combining marks.
fn columns(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0x1F300..=0x1FAFF => 2,
        _ => 1,
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

    #[test]
    fn a_long_line_is_shown_around_the_caret() {
        let source = format!("{}fout{}", "x".repeat(500), "y".repeat(500));
        let drawn = Failure::input("oops")
            .at(Place::at("f", &source, 500, 4), "")
            .to_string();
        assert!(drawn.contains("fout") && drawn.contains("^^^^"));
        assert!(drawn.lines().all(|line| line.chars().count() < 120));
    }
}
