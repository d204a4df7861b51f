//! Examples of what a check finds and what it leaves alone.
//!
//! `bad("De brug is open.", "The bridge is open.").with_term("brug", "viaduct")` fires where its
//! check is `terms`.

/// A pair that shows what a check is for; both texts may hold inline codes, written as tags: `De
/// <b>brug</b> is open.`
#[derive(Debug, Clone, Copy)]
pub struct Example {
    /// Dutch.
    pub source: &'static str,
    /// English.
    pub target: &'static str,
    /// Whether the check fires.
    pub fires: bool,
    /// The pair that stands before it in the same document.
    pub before: Option<(&'static str, &'static str)>,
    /// The glossary row that holds: Dutch and English.
    pub term: Option<(&'static str, &'static str)>,
    /// The file of the house style that is chosen.
    pub style: Option<&'static str>,
    /// What the engine was unsure of.
    pub doubt: Option<&'static str>,
    /// Whether tags are text and not inline codes.
    pub as_text: bool,
}

/// An example that fires.
pub const fn bad(source: &'static str, target: &'static str) -> Example {
    Example {
        source,
        target,
        fires: true,
        before: None,
        term: None,
        style: None,
        doubt: None,
        as_text: false,
    }
}

/// An example that looks alike and does not.
pub const fn good(source: &'static str, target: &'static str) -> Example {
    Example {
        fires: false,
        ..bad(source, target)
    }
}

impl Example {
    /// The same, behind another pair of the document.
    pub const fn after(mut self, source: &'static str, target: &'static str) -> Self {
        self.before = Some((source, target));
        self
    }

    /// The same, with tags that are text, as a table of pairs has them.
    pub const fn as_text(mut self) -> Self {
        self.as_text = true;
        self
    }

    /// The same, with a row in the glossary.
    pub const fn with_term(mut self, nl: &'static str, en: &'static str) -> Self {
        self.term = Some((nl, en));
        self
    }

    /// The same, in a house style.
    pub const fn in_style(mut self, file: &'static str) -> Self {
        self.style = Some(file);
        self
    }

    /// The same, by an engine that says what it is unsure of.
    pub const fn doubted(mut self, why: &'static str) -> Self {
        self.doubt = Some(why);
        self
    }
}
