//! The table of settings: name, kind, what it means. Files, the listing and the manual take them from here.

use crate::language::edit_distance::within;

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A string.
    Text,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of strings; in the environment separated by `:`.
    List,
    /// A whole number, 0 or more.
    Count,
    /// A number, 0 or more.
    Amount,
    /// true or false.
    Switch,
}

/// A setting.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Dotted name in `overzet.toml`; a last part `*` stands for any name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// The environment variable that sets it, if one does.
    pub variable: Option<&'static str>,
    /// One line for people.
    pub help: &'static str,
}

const fn key(
    name: &'static str,
    kind: Kind,
    variable: Option<&'static str>,
    help: &'static str,
) -> Key {
    Key {
        name,
        kind,
        variable,
        help,
    }
}

/// Every setting of `overzet.toml`.
pub static KEYS: &[Key] = &[
    key(
        "engine",
        Kind::Text,
        Some("OVERZET_ENGINE"),
        "engine that translates; `overzet engines` lists them",
    ),
    key(
        "second_engine",
        Kind::Text,
        Some("OVERZET_SECOND_ENGINE"),
        "engine that is asked where the first one's terms cannot be repaired",
    ),
    key(
        "post_editor",
        Kind::Text,
        Some("OVERZET_POST_EDITOR"),
        "language model that may change single terms: openai or ollama",
    ),
    key(
        "domain",
        Kind::Text,
        None,
        "subject field; selects glossary entries with `when` `domain=…`",
    ),
    key("from", Kind::Text, None, "source language, BCP 47"),
    key(
        "to",
        Kind::Text,
        None,
        "target language, BCP 47: en (American), en-US or en-GB",
    ),
    key(
        "glossary",
        Kind::List,
        None,
        "glossary files and folders, relative to this file",
    ),
    key(
        "style",
        Kind::Text,
        None,
        "house style: the table style-NAME.tsv beside the glossary (ap, bbc), or none",
    ),
    key(
        "strict",
        Kind::Switch,
        None,
        "a glossary violation ends with exit code 1",
    ),
    key(
        "furniture",
        Kind::Choice(&["keep", "drop", "translate"]),
        None,
        "what becomes of page furniture such as \"Aanbevolen video's\"",
    ),
    key(
        "offline",
        Kind::Switch,
        None,
        "nothing is sent; what is not in the memory stays untranslated",
    ),
    key(
        "frozen",
        Kind::Switch,
        None,
        "end with exit code 8 if something would be sent",
    ),
    key(
        "max_chars",
        Kind::Count,
        None,
        "characters that one run may send at most",
    ),
    key(
        "max_cost",
        Kind::Amount,
        None,
        "euros that one run may cost at most, by the dated list price",
    ),
    key(
        "memory",
        Kind::Text,
        None,
        "the memory file, relative to this file",
    ),
    key(
        "models",
        Kind::Text,
        Some("OVERZET_MODELS"),
        "the folder of the local engine's models; without it, that of the user's data",
    ),
    key(
        "xliff",
        Kind::Choice(&["1.2", "2.1"]),
        None,
        "XLIFF version of .xlf pairs",
    ),
    key(
        "segment.newlines",
        Kind::Choice(&["auto", "hard", "soft"]),
        None,
        "whether a single line end ends a segment",
    ),
    key(
        "segment.quotes",
        Kind::Choice(&["split", "keep"]),
        None,
        "whether quotations are cut into sentences",
    ),
    key(
        "segment.data",
        Kind::List,
        None,
        "further language data files (TOML), relative to this file",
    ),
    key(
        "segment.srx",
        Kind::Text,
        None,
        "SRX file that replaces the built-in rules",
    ),
    key(
        "segment.srx_add",
        Kind::Text,
        None,
        "SRX file whose exceptions are added",
    ),
    key(
        "check.silence.*",
        Kind::Text,
        None,
        "a check that is not wanted here, with the reason",
    ),
    key(
        "http.retries",
        Kind::Count,
        None,
        "attempts after the first, for what may be tried again",
    ),
    key(
        "http.timeout",
        Kind::Count,
        None,
        "seconds that one attempt may take at least",
    ),
    key(
        "http.ca_file",
        Kind::Text,
        None,
        "further root certificates (PEM), for a proxy of the house",
    ),
    key(
        "http.max_texts",
        Kind::Count,
        None,
        "texts per request, at most; lowers what the engine would take",
    ),
    key(
        "http.concurrency",
        Kind::Count,
        None,
        "requests in flight, at most; lowers what the engine would take",
    ),
    key(
        "local.threads",
        Kind::Count,
        None,
        "threads of the engine in the process; without it, as many as there are cores",
    ),
    key(
        "local.shortlist",
        Kind::Choice(&["on", "off"]),
        None,
        "whether that engine uses the lexical shortlist of its model",
    ),
    key(
        "local.alternatives",
        Kind::Count,
        None,
        "other wordings that it offers to the editor, at most 8 (default 2; 0 is faster)",
    ),
    key(
        "local.kernel",
        Kind::Choice(&[
            "scalar",
            "neon",
            "neon-dot",
            "avx2",
            "avx-vnni",
            "avx512-vnni",
        ]),
        Some("OVERZET_KERNEL"),
        "instructions of the engine in the process; the text is the same with all of them",
    ),
    key(
        "http.chars_per_minute",
        Kind::Count,
        None,
        "characters a minute at most, where the account counts them (Azure's free tier: 33300)",
    ),
];

/// Names of settings and variables that were changed, with the names of today; the old ones still work.
static RENAMED: &[(&str, &str)] = &[
    ("editor", "post_editor"),
    ("OVERZET_EDITOR", "OVERZET_POST_EDITOR"),
];

/// The name of today for a name that may be an old one.
pub fn current(name: &str) -> &str {
    let row = RENAMED.iter().find(|(old, _)| *old == name);
    row.map_or(name, |(_, new)| new)
}

/// The old name of a setting or variable, if it has one.
pub fn former(name: &str) -> Option<&'static str> {
    let row = RENAMED.iter().find(|(_, new)| *new == name);
    row.map(|(old, _)| *old)
}

/// The row for a dotted name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| match key.name.strip_suffix(".*") {
        Some(table) => name
            .strip_prefix(table)
            .and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|rest| !rest.is_empty()),
        None => key.name == name,
    })
}

/// The known name nearest to `name`, if it is near enough to be meant.
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .filter_map(|candidate| {
            let most = 1 + candidate.chars().count() / 4;
            Some((within(name, candidate, most)?, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour() {
        let names = || KEYS.iter().map(|key| key.name);
        assert_eq!(nearest("glosary", names()), Some("glossary"));
        assert_eq!(nearest("colour", names()), None);
        assert!(find("check.silence.numbers").is_some());
        assert!(find("check.silence.").is_none());
    }
}
