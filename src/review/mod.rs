//! The review page: one HTML file on which an editor reads Dutch and English side by side,
//! corrects, and approves.
//!
//! The page asks nothing of any network: style, script and data stand in the file, and its security
//! policy forbids the rest. Text from outside enters the page as data and never as markup: it
//! stands in a JSON block in which `<`, `>` and `&` are written as escapes, and the script builds
//! every element with `textContent`.
//!
//! What the editor downloads are the very lines that the page was made of; only the lines that were
//! touched are written anew.
//!
//! `Het offensief in Koersk …` | `The offensive in Kursk …`, with the chip `= Koersk → Kursk` under
//! the Dutch.

pub mod glossary;

use crate::bitext::{LangPair, Unit, words};
use serde::Serialize;

/// What the page says of itself. The caller knows the clock and the version, the page does not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct PageInfo {
    /// What stands over the page: the Dutch headline, or the file's name.
    pub title: String,
    /// Name of the source document.
    pub source_name: String,
    /// Which way the translation goes.
    pub pair: LangPair,
    /// Name of the engine with its model; empty where none was asked.
    pub engine: String,
    /// Digest of the glossary; empty where none was given.
    pub glossary: String,
    /// Version of overzet.
    pub version: String,
    /// When the drafts were made, as a person reads it; empty if unknown.
    pub created: String,
    /// What a person should know before reading: a guessed encoding, furniture left out.
    pub notices: Vec<String>,
    /// Name under which the pairs are downloaded, such as `artikel.nl-en.jsonl`.
    pub pairs_name: String,
}

#[derive(Serialize)]
struct PagePayload<'a> {
    about: &'a PageInfo,
    digest: String,
    units: Vec<PageRow<'a>>,
}

#[derive(Serialize)]
struct PageRow<'a> {
    /// The unit's line of the pairs file, byte for byte.
    line: &'a str,
    /// Words of source and target, as UTF-16 offsets start, end, start, end, …; only where links
    /// need them.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<[Vec<usize>; 2]>,
    /// Whether nothing stands between this unit and the one before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    glued: bool,
}

/// The page, as the text of an HTML file.
///
/// Shape: `pairs` has one line per unit, in the order of `units`, as the pair format `jsonl` writes
/// them; where one of the two is longer, its rest is left out. No units give a page that says so.
/// Errors: none. The same input gives the same bytes.
pub fn page(units: &[Unit], pairs: &str, about: &PageInfo) -> String {
    let lines: Vec<&str> = pairs.lines().filter(|line| !line.is_empty()).collect();
    debug_assert_eq!(units.len(), lines.len(), "one line per unit");
    let rows = units
        .iter()
        .zip(lines)
        .enumerate()
        .map(|(index, (unit, line))| PageRow {
            line,
            words: (!unit.links.is_empty()).then(|| {
                [
                    utf16_words(&unit.source.plain),
                    utf16_words(&unit.target.plain),
                ]
            }),
            glued: index
                .checked_sub(1)
                .and_then(|before| units.get(before))
                .is_some_and(|before| {
                    before.block == unit.block
                        && unit.within.start > 0
                        && before.within.end == unit.within.start
                }),
        })
        .collect();
    let payload = PagePayload {
        about,
        digest: blake3::hash(pairs.as_bytes()).to_hex().to_string(),
        units: rows,
    };
    // Text, numbers and lists cannot fail to be written.
    let data = as_data(&serde_json::to_string(&payload).unwrap_or_default());
    // No text can name the digest of a page that holds that text, so none can let a script of its
    // own run.
    let nonce = &blake3::hash(data.as_bytes()).to_hex()[..32];
    fill(include_str!("page.html"), |name| match name {
        "title" => as_markup(&about.title).into(),
        "nonce" => nonce.into(),
        "style" => include_str!("page.css").into(),
        "script" => [
            include_str!("text.js"),
            include_str!("units.js"),
            include_str!("keep.js"),
            include_str!("page.js"),
        ]
        .concat()
        .into(),
        "data" => data.as_str().into(),
        _ => "".into(),
    })
}

/// The template with its `{{name}}`s replaced. What is put in is not looked at again.
fn fill<'a>(template: &str, value: impl Fn(&str) -> std::borrow::Cow<'a, str>) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some((before, name, after)) = rest.split_once("{{").and_then(|(before, tail)| {
        tail.split_once("}}")
            .map(|(name, after)| (before, name, after))
    }) {
        page.push_str(before);
        page.push_str(&value(name));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// JSON that may stand inside a `<script>` element. The characters that are replaced occur in JSON
/// inside of strings only.
fn as_data(json: &str) -> String {
    let mut data = String::with_capacity(json.len() + json.len() / 16);
    for c in json.chars() {
        match c {
            '<' => data.push_str("\\u003c"),
            '>' => data.push_str("\\u003e"),
            '&' => data.push_str("\\u0026"),
            '\u{2028}' => data.push_str("\\u2028"),
            '\u{2029}' => data.push_str("\\u2029"),
            _ => data.push(c),
        }
    }
    data
}

/// Text that may stand between two tags.
fn as_markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The words of a text in the units in which a browser counts.
fn utf16_words(text: &str) -> Vec<usize> {
    let (mut bytes, mut wide) = (0, 0);
    let mut offsets = Vec::new();
    for word in words(text) {
        for at in [word.start, word.end] {
            wide += text[bytes..at].encode_utf16().count();
            bytes = at;
            offsets.push(wide);
        }
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::{Link, Span};

    /// The data block of a page, read back.
    fn data_of(page: &str) -> serde_json::Value {
        let (_, rest) = page.split_once("id=\"data\">").unwrap();
        let (data, _) = rest.split_once("</script>").unwrap();
        serde_json::from_str(data).unwrap()
    }

    fn unit(source: &str, target: &str) -> Unit {
        Unit {
            source: source.into(),
            target: target.into(),
            within: Span::new(0, source.len()),
            ..Unit::default()
        }
    }

    #[test]
    fn hostile_text_stays_inside_the_data() {
        let evil = "</script><img src=x onerror=alert(1)><!--<script>{{script}}&\u{2028}";
        let line = serde_json::json!({"source": evil, "target": evil}).to_string();
        let about = PageInfo {
            title: evil.into(),
            ..PageInfo::default()
        };
        let page = page(&[unit(evil, evil)], &line, &about);
        assert!(!page.contains("<img"));
        assert!(!page.contains("<!--<script"));
        assert!(
            !page
                .split_once("id=\"data\"")
                .unwrap()
                .1
                .contains('\u{2028}')
        );
        // Two scripts that we wrote: the data and the program.
        assert_eq!(page.matches("</script>").count(), 2);
        assert_eq!(data_of(&page)["units"][0]["line"], line.as_str());
        assert_eq!(data_of(&page)["about"]["title"], evil);
    }

    #[test]
    fn the_page_names_no_place_outside_itself() {
        let page = page(&[], "", &PageInfo::default());
        for word in [
            "http:",
            "https:",
            "//cdn",
            "@import",
            "fetch(",
            "innerHTML",
            "url(",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'"));
        assert!(!page.contains("unsafe-inline"));
        assert!(!page.contains("{{"));
        assert_eq!(page.matches("</script").count(), 2);
        assert_eq!(page.matches("</style").count(), 1);
    }

    #[test]
    fn words_are_counted_as_a_browser_counts() {
        // One word of two UTF-16 units that needs four bytes, one letter of two bytes.
        assert_eq!(utf16_words("\u{20000} één."), [0, 2, 3, 6]);
        let mut linked = unit("één", "one");
        linked.links = thin_vec::thin_vec![Link {
            source: 0,
            target: 0,
        }];
        let page = page(&[linked], "{}", &PageInfo::default());
        assert_eq!(
            data_of(&page)["units"][0]["words"],
            serde_json::json!([[0, 3], [0, 3]])
        );
    }

    #[test]
    fn the_same_pairs_have_the_same_digest_and_another_title_another_nonce() {
        let units = [unit("Ja.", "Yes.")];
        let [first, second] = ["A", "B"].map(|title| {
            let about = PageInfo {
                title: title.into(),
                ..PageInfo::default()
            };
            page(&units, "{\"source\":\"Ja.\"}", &about)
        });
        assert_eq!(data_of(&first)["digest"], data_of(&second)["digest"]);
        assert_ne!(first[..600], second[..600]);
    }
}
