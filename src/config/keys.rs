//! The table of settings: name, kind, what it means. Files, the listing and the manual take them
//! from here.

use crate::language::edit_distance::within;

/// What a setting holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
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
pub struct SettingKey {
    /// Dotted name in `overzet.toml`; a last part `*` stands for any name.
    pub name: &'static str,
    /// What it holds.
    pub kind: SettingKind,
    /// The environment variable that sets it, if one does.
    pub variable: Option<&'static str>,
    /// One line for people.
    pub help: &'static str,
}

const fn key(
    name: &'static str,
    kind: SettingKind,
    variable: Option<&'static str>,
    help: &'static str,
) -> SettingKey {
    SettingKey {
        name,
        kind,
        variable,
        help,
    }
}

/// Every setting of `overzet.toml`.
pub static KEYS: &[SettingKey] = &[
    key(
        "engine",
        SettingKind::Text,
        Some("OVERZET_ENGINE"),
        "engine that translates; `overzet engines` lists them",
    ),
    key(
        "second_engine",
        SettingKind::Text,
        Some("OVERZET_SECOND_ENGINE"),
        "fallback engine for sentences whose terms cannot be repaired",
    ),
    key(
        "post_editor",
        SettingKind::Text,
        Some("OVERZET_POST_EDITOR"),
        "language model that post-edits single terms: openai or ollama",
    ),
    key(
        "domain",
        SettingKind::Text,
        None,
        "subject field; selects glossary entries with `when` `domain=…`",
    ),
    key("from", SettingKind::Text, None, "source language, BCP 47"),
    key(
        "to",
        SettingKind::Text,
        None,
        "target language, BCP 47: en (American), en-US or en-GB",
    ),
    key(
        "glossary",
        SettingKind::List,
        None,
        "glossary files and folders, relative to this file",
    ),
    key(
        "style",
        SettingKind::Text,
        None,
        "house style: the table style-NAME.tsv beside the glossary (ap, bbc), or none",
    ),
    key(
        "strict",
        SettingKind::Switch,
        None,
        "exit 1 if the glossary is violated",
    ),
    key(
        "furniture",
        SettingKind::Choice(&["keep", "drop", "translate"]),
        None,
        "how to handle page furniture such as \"Aanbevolen video's\"",
    ),
    key(
        "offline",
        SettingKind::Switch,
        None,
        "nothing is sent; texts that are not in the memory stay untranslated",
    ),
    key(
        "frozen",
        SettingKind::Switch,
        None,
        "exit 8 if anything would be sent",
    ),
    key(
        "max_chars",
        SettingKind::Count,
        None,
        "maximum number of characters that a run sends",
    ),
    key(
        "max_cost",
        SettingKind::Amount,
        None,
        "maximum cost of a run in euros, by the dated list price",
    ),
    key(
        "memory",
        SettingKind::Text,
        None,
        "the memory file, relative to this file",
    ),
    key(
        "models",
        SettingKind::Text,
        Some("OVERZET_MODELS"),
        "folder of the local engine's models; default: in the user's data folder",
    ),
    key(
        "xliff",
        SettingKind::Choice(&["1.2", "2.1"]),
        None,
        "XLIFF version of .xlf pairs",
    ),
    key(
        "segment.newlines",
        SettingKind::Choice(&["auto", "hard", "soft"]),
        None,
        "whether a single line end ends a segment",
    ),
    key(
        "segment.quotes",
        SettingKind::Choice(&["split", "keep"]),
        None,
        "whether quotations are cut into sentences",
    ),
    key(
        "segment.data",
        SettingKind::List,
        None,
        "further language data files (TOML), relative to this file",
    ),
    key(
        "segment.srx",
        SettingKind::Text,
        None,
        "SRX file that replaces the built-in rules",
    ),
    key(
        "segment.srx_add",
        SettingKind::Text,
        None,
        "SRX file whose exceptions are added",
    ),
    key(
        "check.silence.*",
        SettingKind::Text,
        None,
        "a check to silence, with the reason",
    ),
    key(
        "http.retries",
        SettingKind::Count,
        None,
        "retries of a request that failed for a passing reason",
    ),
    key(
        "http.timeout",
        SettingKind::Count,
        None,
        "seconds that an answer may take; of a streamed one, seconds of silence",
    ),
    key(
        "http.ca_file",
        SettingKind::Text,
        None,
        "additional root certificates (PEM), such as those of a proxy",
    ),
    key(
        "http.max_texts",
        SettingKind::Count,
        None,
        "maximum number of texts per request, below the limit of the engine",
    ),
    key(
        "http.concurrency",
        SettingKind::Count,
        None,
        "maximum number of concurrent requests, below the limit of the engine",
    ),
    key(
        "deepl.glossary",
        SettingKind::Text,
        None,
        "name or id of a glossary that DeepL has already, in place of one of ours",
    ),
    key(
        "local.threads",
        SettingKind::Count,
        None,
        "threads of the local engine; default: number of cores",
    ),
    key(
        "local.shortlist",
        SettingKind::Choice(&["on", "off"]),
        None,
        "whether the local engine uses the lexical shortlist of its model",
    ),
    key(
        "local.alternatives",
        SettingKind::Count,
        None,
        "alternative translations from the local engine, at most 8 (default 2; 0 is faster)",
    ),
    key(
        "local.kernel",
        SettingKind::Choice(&[
            "scalar",
            "neon",
            "neon-dot",
            "avx2",
            "avx-vnni",
            "avx512-vnni",
        ]),
        Some("OVERZET_KERNEL"),
        "CPU instructions of the local engine; the output is the same with all of them",
    ),
    key(
        "http.chars_per_minute",
        SettingKind::Count,
        None,
        "maximum number of characters per minute (Azure's free tier: 33300)",
    ),
];

/// A setting that had another name; the old one is still understood.
#[derive(Debug, Clone, Copy)]
pub struct RenamedKey {
    /// The old dotted name.
    pub old_name: &'static str,
    /// The old environment variable.
    pub old_variable: &'static str,
    /// Today's dotted name.
    pub name: &'static str,
}

/// Settings that had another name.
pub static RENAMED: &[RenamedKey] = &[RenamedKey {
    old_name: "editor",
    old_variable: "OVERZET_EDITOR",
    name: "post_editor",
}];

/// Today's name of a setting.
pub fn current(name: &str) -> &str {
    let renamed = RENAMED.iter().find(|renamed| renamed.old_name == name);
    renamed.map_or(name, |renamed| renamed.name)
}

/// The row for a dotted name.
pub fn find(name: &str) -> Option<&'static SettingKey> {
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
