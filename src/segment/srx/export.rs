//! Writes the built-in tables as SRX 2.0, so that a translator's tool cuts as overzet does.
//!
//! Classes become exceptions, starters become the `afterbreak` of a rule that comes before them. What depends on more than a few words on either
//! side cannot be said in SRX: the state of quotations, the numbers of items, which lines are wrapped. The file says so itself.
//!
//! `bijv. De Telegraaf` → `<rule break="no"><beforebreak>\b(?:[Bb]ijv|…)\.</beforebreak><afterbreak>\s</afterbreak></rule>`

use crate::bitext::Lang;
use crate::segment::data::{Class, Tables};
use crate::segment::{Error, Options};
use std::fmt::Write;

/// Marks that close behind a terminator, and references.
const CLOSE: &str = r#"(?:[”’"'»›)\]}“‘*_]|''|\[\d+\]|[¹²³⁰⁴-⁹])*(?:\s(?:''|[”»])(?=\s))?"#;
/// A closing mark with a space before it, as in tokenised news.
const DETACHED: &str = r"\s(?:''|[”»])(?:\s|$)";
/// Marks that open a sentence, with the spaces that some put behind them.
const OPEN: &str = r#"(?:[“”‘„‚"'«»‹(\[–—\-]|,,|\s)*"#;
/// What lies between two sentences.
const GAP: &str = r"[\s\x{200B}\x{200C}\x{200D}\x{2060}\x{FEFF}]+";

/// The built-in rules of a language as an SRX 2.0 file; none for a language without data.
///
/// Errors: a user's language data that is wrong.
pub fn export(lang: &Lang, options: &Options) -> Result<Option<String>, Error> {
    let base = lang.base();
    let tables = Tables::of(&base, &options.data)?;
    Ok(tables.map(|tables| file(&base, &tables)))
}

fn file(lang: &str, tables: &Tables) -> String {
    let upper = lang.to_uppercase();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!-- The segmentation rules of overzet {} for {lang}. SRX cannot say everything: the state of quotations, the numbers of items in running\n     \
         text and wrapped lines are decided by overzet itself, so a few cuts differ. -->\n\
         <srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\">\n\
         <header segmentsubflows=\"yes\" cascade=\"no\">\n\
         <formathandle type=\"start\" include=\"no\"/>\n<formathandle type=\"end\" include=\"yes\"/>\n<formathandle type=\"isolated\" include=\"no\"/>\n\
         </header>\n<body>\n<languagerules>\n<languagerule languagerulename=\"overzet-{lang}\">\n",
        env!("CARGO_PKG_VERSION")
    );
    for (cuts, before, after) in rules(tables) {
        let word = if cuts { "yes" } else { "no" };
        let _ = writeln!(
            out,
            "<rule break=\"{word}\"><beforebreak>{}</beforebreak><afterbreak>{}</afterbreak></rule>",
            escape(&before),
            escape(&after)
        );
    }
    let _ = write!(
        out,
        "</languagerule>\n</languagerules>\n<maprules>\n<languagemap languagepattern=\"({lang}|{upper}).*\" languagerulename=\"overzet-{lang}\"/>\n</maprules>\n</body>\n</srx>\n"
    );
    out
}

/// The rules in the order in which the first that matches decides: whether to cut, what stands before, what stands behind.
fn rules(tables: &Tables) -> Vec<(bool, String, String)> {
    let classes = Classes::new(tables);
    let starters_of = tables.starters();
    let starters = format!(
        "(?:{})",
        alternatives(tables.starters().iter().map(|word| capital(word)))
    );
    let start = format!("{GAP}{OPEN}{starters}(?![\\p{{L}}'’-])");
    let quote = format!("{GAP}(?:[“‘„\"'«]|,,){OPEN}(?!\\p{{Ll}})");
    let number = format!("{GAP}(?:\\d|[IVXLC]+\\b)");
    let gap = GAP.to_owned();
    let dot = |list: &str| format!("(?<![\\p{{L}}\\d.])(?:{list})\\.{CLOSE}");
    let mut rules = vec![
        (
            true,
            r"(?:\r?\n|\r)[ \t]*(?:\r?\n|\r)".to_owned(),
            String::new(),
        ),
        (true, r"\x{2029}".to_owned(), String::new()),
        (false, "[.!?…]".to_owned(), DETACHED.to_owned()),
        (false, dot(&classes.never), gap.clone()),
        (
            false,
            dot(&format!(
                "{}|{}",
                classes.before_number, classes.word_before_number
            )),
            number,
        ),
        (
            false,
            format!("(?<!\\d)\\d{{1,2}}[.e]?\\s(?:{})\\.", classes.months),
            format!("{GAP}\\d"),
        ),
    ];
    if !classes.exact_months.is_empty() {
        rules.push((false, dot(&classes.exact_months), format!("{GAP}\\d")));
    }
    let titled = alternatives(tables.titled().into_iter().map(either));
    rules.push((
        true,
        format!(r"\b(?:{titled})\s\p{{Lu}}\."),
        format!("{GAP}{OPEN}\\p{{Lu}}"),
    ));
    let initials = dot(&classes.initials);
    let particles = alternatives(
        tables
            .particles()
            .into_iter()
            .filter(|word| starters_of.contains(word))
            .map(capital),
    );
    let tail = alternatives(tables.particles().into_iter().map(quoted));
    rules.extend([
        (false, initials.clone(), format!("{GAP}\\p{{Lu}}\\.")),
        (
            false,
            initials.clone(),
            format!("{GAP}(?:{particles})\\s(?:['’]?(?:{tail})\\s)*\\p{{Lu}}"),
        ),
    ]);
    if !tables.clitics().is_empty() {
        let clitics = alternatives(tables.clitics().into_iter().map(quoted));
        let after = format!("{GAP}[“\"„(]*['’‘`](?:{clitics})[\\s-]\\p{{Lu}}");
        rules.push((false, initials.clone(), after.clone()));
        rules.push((true, format!("[.!?…]+{CLOSE}"), after));
    }
    rules.push((true, format!("[.!?…]+{CLOSE}"), start));
    if !tables.verbs().is_empty() {
        let verbs = alternatives(tables.verbs().into_iter().map(quoted));
        rules.push((
            false,
            "[!?][”\"’']+".to_owned(),
            format!("{GAP}(?:\\p{{Lu}}[\\p{{L}}.]*\\s){{1,3}}(?:{verbs})\\b"),
        ));
    }
    for class in [
        &classes.before_number,
        &classes.maybe_final,
        &classes.initials,
    ] {
        rules.push((true, dot(class), quote.clone()));
        rules.push((false, dot(class), gap.clone()));
    }
    let suffixes = alternatives(tables.suffixes().into_iter().map(quoted));
    if !suffixes.is_empty() {
        rules.push((false, format!("\\p{{L}}(?:{suffixes})\\."), gap.clone()));
    }
    for name in tables.names() {
        let mark = name.find(['!', '?', '.']).map_or(name.len(), |at| at + 1);
        let (head, tail) = name.split_at(mark);
        rules.push((
            false,
            format!("\\b{}", quoted(head)),
            format!("{GAP}{}", quoted(tail.trim_start())),
        ));
    }
    let brands = alternatives(tables.brands().into_iter().map(quoted));
    rules.extend([
        (
            true,
            dot(&classes.last),
            format!("{GAP}{OPEN}[^\\p{{Ll}},;:)\\]}}&/!?]"),
        ),
        (false, dot(r"\p{L}(?:\.\p{L}{1,4})+|\p{Ll}"), gap.clone()),
        (false, r"[(\[](?:\.{3}|…)[)\]]".to_owned(), gap.clone()),
        (
            false,
            r"\((?:[^()]{0,3}|\p{Ll}[^()]*)[!?]+\)".to_owned(),
            gap.clone(),
        ),
        (false, r"(?<!\.)\.\s\.".to_owned(), r"\s\.".to_owned()),
        (
            true,
            format!("[.!?…]+{CLOSE}"),
            format!("{GAP}(?:[iex]\\p{{Lu}}|(?:{brands})\\b)"),
        ),
        (
            true,
            format!("[.!?…]+{CLOSE}"),
            format!("{GAP}{OPEN}[^\\p{{Ll}},;:)\\]}}&/!?\\s“”‘’\"'«»(–—-]"),
        ),
    ]);
    rules
}

/// The classes as alternatives, without full stops at the end.
struct Classes {
    never: String,
    before_number: String,
    word_before_number: String,
    maybe_final: String,
    last: String,
    months: String,
    exact_months: String,
    initials: String,
}

impl Classes {
    fn new(tables: &Tables) -> Self {
        let (folded, exact) = (tables.folded(), tables.exact());
        let of = |class: Class| {
            let folded = folded
                .iter()
                .filter(|row| row.1 == class)
                .map(|row| either(row.0));
            let exact = exact
                .iter()
                .filter(|row| row.1 == class)
                .map(|row| quoted(row.0));
            alternatives(folded.chain(exact))
        };
        let months = exact
            .iter()
            .filter(|row| row.1 == Class::Month)
            .map(|row| quoted(row.0));
        let single = r"\p{Lu}(?:[.-]-?\p{Lu})*".to_owned();
        let multi = exact
            .iter()
            .filter(|row| row.1 == Class::Initial)
            .map(|row| quoted(row.0));
        Self {
            never: of(Class::Never),
            before_number: of(Class::BeforeNumber),
            word_before_number: of(Class::WordBeforeNumber),
            maybe_final: of(Class::MaybeFinal),
            last: of(Class::Final),
            months: of(Class::Month),
            exact_months: alternatives(months),
            initials: alternatives(std::iter::once(single).chain(multi)),
        }
    }
}

/// The words joined by `|`; what matches nothing where there are none.
fn alternatives(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join("|")
}

/// The word with a capital, apostrophes of both kinds: `zo'n` → `Zo['’]n`.
fn capital(word: &str) -> String {
    let mut chars = word.chars();
    let first: String = chars
        .next()
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_default();
    quoted(&format!("{first}{}", chars.as_str()))
}

/// The word with or without a capital: `dr` → `[Dd]r`; letters between full stops either way.
fn either(word: &str) -> String {
    if word.contains('.') {
        return format!("(?i:{})", quoted(word));
    }
    let mut chars = word.chars();
    match chars.next() {
        Some(c) if c.is_lowercase() => {
            let upper: String = c.to_uppercase().collect();
            format!("[{upper}{c}]{}", quoted(chars.as_str()))
        }
        _ => quoted(word),
    }
}

/// The word with every character of the syntax escaped.
fn quoted(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        match c {
            '\'' | '’' => out.push_str("['’]"),
            '.' | '!' | '?' | '(' | ')' | '[' | ']' | '|' | '*' | '+' | '{' | '}' | '^' | '$'
            | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
