//! The table of settings: name, kind, what it means. Files, the listing and the manual take them
//! from here.

use crate::language::edit_distance::within;

use SettingKind::{Amount, Choice, Count, List, Switch, Text};

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

/// A row a setting: name, kind, environment variable if one sets it, help.
macro_rules! settings {
    (@variable) => { None };
    (@variable $variable:literal) => { Some($variable) };
    ($($name:literal: $kind:expr $(, $variable:literal)? => $help:literal;)*) => {
        &[$(SettingKey {
            name: $name,
            kind: $kind,
            variable: settings!(@variable $($variable)?),
            help: $help,
        }),*]
    };
}

/// Kernels of the local engine by name.
const KERNELS: &[&str] = &[
    "scalar",
    "neon",
    "neon-dot",
    "avx2",
    "avx-vnni",
    "avx512-vnni",
];

/// Every setting of `overzet.toml`.
pub static KEYS: &[SettingKey] = settings! {
    "engine": Text, "OVERZET_ENGINE" => "engine that translates; `overzet engines` lists them";
    "second_engine": Text, "OVERZET_SECOND_ENGINE" =>
        "fallback engine for sentences whose terms cannot be repaired";
    "post_editor": Text, "OVERZET_POST_EDITOR" =>
        "language model that post-edits single terms: openai or ollama";
    "domain": Text => "subject field; selects glossary entries with `when` `domain=…`";
    "from": Text => "source language, BCP 47";
    "to": Text => "target language, BCP 47: en (American), en-US or en-GB";
    "glossary": List => "glossary files and folders, relative to this file";
    "style": Text => "house style: the table style-NAME.tsv beside the glossary (ap, bbc), or none";
    "strict": Switch => "exit 1 if the glossary is violated";
    "furniture": Choice(&["keep", "drop", "translate"]) =>
        "how to handle page furniture such as \"Aanbevolen video's\"";
    "offline": Switch => "nothing is sent; texts that are not in the memory stay untranslated";
    "frozen": Switch => "exit 8 if anything would be sent";
    "max_chars": Count => "maximum number of characters that a run sends";
    "max_cost": Amount => "maximum cost of a run in euros, by the dated list price";
    "memory": Text => "the memory file, relative to this file";
    "models": Text, "OVERZET_MODELS" =>
        "folder of the local engine's models; default: in the user's data folder";
    "xliff": Choice(&["1.2", "2.1"]) => "XLIFF version of .xlf pairs";
    "segment.newlines": Choice(&["auto", "hard", "soft"]) =>
        "whether a single line end ends a segment";
    "segment.quotes": Choice(&["split", "keep"]) => "whether quotations are cut into sentences";
    "segment.data": List => "further language data files (TOML), relative to this file";
    "segment.srx": Text => "SRX file that replaces the built-in rules";
    "segment.srx_add": Text => "SRX file whose exceptions are added";
    "front_matter": List =>
        "keys of front matter whose values are translated; default: title, description and the like";
    "fields": List =>
        "paths of the fields of JSON that are texts, such as body[type=text].value:html";
    "columns": List => "columns of tables that are texts, by the names in their header";
    "check.silence.*": Text => "a check to silence, with the reason";
    "http.retries": Count => "retries of a request that failed for a passing reason";
    "http.timeout": Count => "seconds that an answer may take; of a streamed one, seconds of silence";
    "http.ca_file": Text, "OVERZET_HTTP_CA_FILE" =>
        "additional root certificates (PEM), such as those of a proxy";
    "http.keys_in_clear": Switch, "OVERZET_HTTP_KEYS_IN_CLEAR" =>
        "send keys over http:// to other machines";
    "http.max_texts": Count => "maximum number of texts per request, below the limit of the engine";
    "http.concurrency": Count =>
        "maximum number of concurrent requests, below the limit of the engine";
    "deepl.glossary": Text =>
        "name or id of a glossary that DeepL has already, in place of one of ours";
    "local.threads": Count => "threads of the local engine; default: number of cores";
    "local.shortlist": Choice(&["on", "off"]) =>
        "whether the local engine uses the lexical shortlist of its model";
    "local.alternatives": Count =>
        "alternative translations from the local engine, at most 8 (default 2; 0 is faster)";
    "local.kernel": Choice(KERNELS), "OVERZET_KERNEL" =>
        "CPU instructions of the local engine; the output is the same with all of them";
    "http.chars_per_minute": Count =>
        "maximum number of characters per minute (Azure's free tier: 33300)";
};

/// A variable that an engine understands.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a key that must never show.
    pub secret: bool,
}

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
