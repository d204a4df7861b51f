//! Writes the built-in tables as SRX 2.0, so that a translator's tool cuts as overzet does.
//!
//! Classes become exceptions, starters become the `afterbreak` of a rule that comes before them.
//! What depends on more than a few words on either side cannot be said in SRX: the state of
//! quotations, the numbers of items, which lines are wrapped. The file says so itself.
//!
//! `bijv. De Telegraaf` → `<rule
//! break="no"><beforebreak>\b(?:[Bb]ijv|…)\.</beforebreak><afterbreak>\s</afterbreak></rule>`

use crate::bitext::Lang;
use crate::segment::data::{AbbreviationClass, LanguageTables, WordSet};
use crate::segment::error::Error;
use crate::segment::options::SplitOptions;
use std::fmt::Write;

/// Marks that close behind a terminator, and references.
const CLOSE: &str = r#"(?:[”’"'»›)\]}“‘*_]|''|\[\d+\]|[¹²³⁰⁴-⁹])*(?:\s(?:''|[”»])(?=\s))?"#;
/// A closing mark with a space before it, as in tokenised news.
const DETACHED: &str = r"\s(?:''|[”»])(?:\s|$)";
/// Marks that open a sentence, with the spaces that some put behind them.
const OPEN: &str = r#"(?:[“”‘„‚"'«»‹(\[–—\-]|,,|\s)*"#;
/// A pattern that matches nothing, for a list without entries.
const NOTHING: &str = "(?!)";
/// White space between two sentences.
const GAP: &str = r"[\s\x{200B}\x{200C}\x{200D}\x{2060}\x{FEFF}]+";

/// The built-in rules of a language as an SRX 2.0 file; none for a language without data.
///
/// Errors: a user's language data that is wrong.
pub fn export(lang: &Lang, options: &SplitOptions) -> Result<Option<String>, Error> {
    let base = lang.base();
    let tables = LanguageTables::of(&base, &options.data)?;
    Ok(tables.map(|tables| file(&base, &tables)))
}

fn file(lang: &str, tables: &LanguageTables) -> String {
    let upper = lang.to_uppercase();
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!-- The segmentation rules of overzet {} for {lang}. SRX cannot say everything: the \
         state of quotations, the numbers of items in running\n     \
         text and wrapped lines are decided by overzet itself, so a few cuts differ. -->\n\
         <srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\">\n\
         <header segmentsubflows=\"yes\" cascade=\"no\">\n\
         <formathandle type=\"start\" include=\"no\"/>\n\
         <formathandle type=\"end\" include=\"yes\"/>\n\
         <formathandle type=\"isolated\" include=\"no\"/>\n\
         </header>\n<body>\n<languagerules>\n<languagerule languagerulename=\"overzet-{lang}\">\n",
        env!("CARGO_PKG_VERSION")
    );
    for (cuts, before, after) in rules(tables) {
        let word = if cuts { "yes" } else { "no" };
        let (before, after) = (escape(&before), escape(&after));
        let _ = writeln!(
            out,
            "<rule break=\"{word}\"><beforebreak>{before}</beforebreak>\
             <afterbreak>{after}</afterbreak></rule>"
        );
    }
    let _ = write!(
        out,
        "</languagerule>\n</languagerules>\n<maprules>\n\
         <languagemap languagepattern=\"({lang}|{upper}).*\" languagerulename=\"overzet-{lang}\"/>\n\
         </maprules>\n</body>\n</srx>\n"
    );
    out
}

/// A rule to write: whether it cuts, what stands before, what stands behind.
type ExportedRule = (bool, String, String);

/// The rules in the order in which the first that matches decides.
fn rules(tables: &LanguageTables) -> Vec<ExportedRule> {
    let classes = CharClasses::new(tables);
    let mut rules = certain(&classes);
    rules.extend(names(tables, &classes));
    rules.extend(before_starters(tables));
    rules.extend(open(tables, &classes));
    rules.extend(rest(tables, &classes));
    rules
}

/// What stands before a full stop, as a whole word.
fn dot(list: &str) -> String {
    format!("(?<![\\p{{L}}\\d.])(?:{list})\\.{CLOSE}")
}

/// Terminators with what closes behind them.
fn terminator() -> String {
    format!("[.!?…]+{CLOSE}")
}

/// Paragraphs, detached closing marks, and abbreviations that never end a sentence.
fn certain(classes: &CharClasses) -> Vec<ExportedRule> {
    let numbers = format!("{}|{}", classes.before_number, classes.word_before_number);
    let dated = format!("(?<!\\d)\\d{{1,2}}[.e]?\\s(?:{})\\.", classes.months);
    vec![
        (
            true,
            r"(?:\r?\n|\r)[ \t]*(?:\r?\n|\r)".to_owned(),
            String::new(),
        ),
        (true, r"\x{2029}".to_owned(), String::new()),
        (false, "[.!?…]".to_owned(), DETACHED.to_owned()),
        (false, dot(&classes.never), GAP.to_owned()),
        (false, dot(&numbers), format!("{GAP}(?:\\d|[IVXLC]+\\b)")),
        (false, dated, format!("{GAP}\\d")),
        (false, dot(&classes.exact_months), format!("{GAP}\\d")),
    ]
}

/// Titles and initials before names, which may begin like a sentence: `J. De Smet`, `mr. ’t Hart`.
fn names(tables: &LanguageTables, classes: &CharClasses) -> Vec<ExportedRule> {
    let titled = alternatives(tables.words(WordSet::Titled).into_iter().map(either));
    let named = dot(&format!("{}|{}", classes.initials, classes.titles));
    let starters = tables.words(WordSet::Starters);
    let particles = tables.words(WordSet::Particles);
    let first = alternatives(
        particles
            .iter()
            .filter(|word| starters.contains(word))
            .map(|word| capital(word)),
    );
    let others = alternatives(particles.iter().map(|word| quoted(word)));
    vec![
        (
            true,
            format!(r"\b(?:{titled})\s\p{{Lu}}\."),
            format!("{GAP}{OPEN}\\p{{Lu}}"),
        ),
        (false, named.clone(), format!("{GAP}\\p{{Lu}}\\.")),
        (
            false,
            named.clone(),
            format!("{GAP}(?:{first})\\s(?:['’]?(?:{others})\\s)*\\p{{Lu}}"),
        ),
        (false, named, clitic(tables)),
    ]
}

/// An apostrophe with its letter, and a capital behind them.
fn clitic(tables: &LanguageTables) -> String {
    let clitics = alternatives(tables.words(WordSet::Clitics).into_iter().map(quoted));
    format!("{GAP}[“\"„(]*['’‘`](?:{clitics})[\\s-]\\p{{Lu}}")
}

/// What begins a sentence whatever stands before.
fn before_starters(tables: &LanguageTables) -> Vec<ExportedRule> {
    let starters = alternatives(tables.words(WordSet::Starters).into_iter().map(capital));
    let verbs = alternatives(tables.words(WordSet::Verbs).into_iter().map(quoted));
    vec![
        (true, terminator(), clitic(tables)),
        (
            true,
            terminator(),
            format!("{GAP}{OPEN}(?:{starters})(?![\\p{{L}}'’-])"),
        ),
        (
            false,
            "[!?][”\"’']+".to_owned(),
            format!("{GAP}(?:\\p{{Lu}}[\\p{{L}}.]*\\s){{1,3}}(?:{verbs})\\b"),
        ),
    ]
}

/// Abbreviations that end a sentence before a starter or a quotation only.
fn open(tables: &LanguageTables, classes: &CharClasses) -> Vec<ExportedRule> {
    let quote = format!("{GAP}(?:[“‘„\"'«]|,,){OPEN}(?!\\p{{Ll}})");
    let dated = format!("(?<!\\d)\\d{{1,2}}[.e]?\\s(?:{})\\.", classes.months);
    let suffixes = alternatives(tables.suffixes().into_iter().map(quoted));
    let mut rules = vec![(false, dot(&classes.titles), GAP.to_owned())];
    for before in [
        dot(&classes.before_number),
        dot(&classes.maybe_final),
        dot(&classes.initials),
        dated,
        format!("\\p{{L}}(?:{suffixes})\\."),
    ] {
        rules.push((true, before.clone(), quote.clone()));
        rules.push((false, before, GAP.to_owned()));
    }
    for name in tables.names() {
        let mark = name.find(['!', '?', '.']).map_or(name.len(), |at| at + 1);
        let (head, tail) = name.split_at(mark);
        let after = format!("{GAP}{}", quoted(tail.trim_start()));
        rules.push((false, format!("\\b{}", quoted(head)), after));
    }
    rules
}

/// The rest: what may follow a full stop like any other.
fn rest(tables: &LanguageTables, classes: &CharClasses) -> Vec<ExportedRule> {
    let brands = alternatives(tables.words(WordSet::Brands).into_iter().map(quoted));
    let gap = || GAP.to_owned();
    vec![
        (
            true,
            dot(&classes.last),
            format!("{GAP}{OPEN}[^\\p{{Ll}},;:)\\]}}&/!?]"),
        ),
        (false, dot(r"\p{L}(?:\.\p{L}{1,4})+|\p{Ll}"), gap()),
        (false, r"[(\[](?:\.{3}|…)[)\]]".to_owned(), gap()),
        (
            false,
            r"\((?:[^()]{0,3}|\p{Ll}[^()]*)[!?]+\)".to_owned(),
            gap(),
        ),
        (false, r"(?<!\.)\.\s\.".to_owned(), r"\s\.".to_owned()),
        (
            true,
            terminator(),
            format!("{GAP}(?:[iex]\\p{{Lu}}|(?:{brands})\\b)"),
        ),
        (
            true,
            terminator(),
            format!("{GAP}{OPEN}[^\\p{{Ll}},;:)\\]}}&/!?\\s“”‘’\"'«»(–—-]"),
        ),
    ]
}

/// The classes as alternatives, without full stops at the end.
struct CharClasses {
    never: String,
    titles: String,
    before_number: String,
    word_before_number: String,
    maybe_final: String,
    last: String,
    months: String,
    exact_months: String,
    initials: String,
}

impl CharClasses {
    fn new(tables: &LanguageTables) -> Self {
        let (folded, exact) = (tables.folded(), tables.exact());
        let of = |class: AbbreviationClass| {
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
            .filter(|row| row.1 == AbbreviationClass::Month)
            .map(|row| quoted(row.0));
        let single = r"\p{Lu}(?:[.-]-?\p{Lu})*".to_owned();
        let multi = exact
            .iter()
            .filter(|row| row.1 == AbbreviationClass::Initial)
            .map(|row| quoted(row.0));
        Self {
            never: of(AbbreviationClass::Never),
            titles: of(AbbreviationClass::Title),
            before_number: of(AbbreviationClass::BeforeNumber),
            word_before_number: of(AbbreviationClass::WordBeforeNumber),
            maybe_final: of(AbbreviationClass::MaybeFinal),
            last: of(AbbreviationClass::Final),
            months: of(AbbreviationClass::Month),
            exact_months: alternatives(months),
            initials: alternatives(std::iter::once(single).chain(multi)),
        }
    }
}

/// The words joined by `|`; what matches nothing where there are none.
fn alternatives(words: impl Iterator<Item = String>) -> String {
    let words: Vec<String> = words.collect();
    if words.is_empty() {
        return NOTHING.to_owned();
    }
    words.join("|")
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
