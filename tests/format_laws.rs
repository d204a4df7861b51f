//! The laws of the formats as properties: an engine that echoes gives the input byte for byte; one
//! that marks every text changes texts and the listed attributes alone.

use crate::structure::{edition, marked, read, structure};
use overzet::bitext::Text;
use proptest::prelude::*;

/// Pieces of HTML with something of everything, closed or not.
const HTML: &str = "(woord|Een zin\\. |één|3,5| |\n|\r\n|\t|&amp;|&eacute;|&copy|&#146;|&nbsp;|&bogus;|&|<|>|\"|'|\u{a0}|<p>|</p>|<P CLASS=x>|<div>|</div>|<b>|</b>|<i lang=de>|</i>|<a href='?a=1&b'>|</a>|<br>|<br/>|<wbr>|<img alt=\"De kade\" src=x>|<img alt=kade>|<input type=submit value='Zoek \"het\"'>|<input placeholder=naam>|<span title='tip & truc'>|</span>|<ul>|<li>|</ul>|<table>|<tr>|<td>|<th abbr=kort>|</table>|<select>|<option>|<option label='een'>|</select>|<button>|</button>|<label>|</label>|<pre>|</pre>|<code>|</code>|<kbd>|</kbd>|<svg>|</svg>|<math>|</math>|<x-kaart>|</x-kaart>|<o:p>|</o:p>|<ruby>|<rt>|</ruby>|<h1>|</h1>|<template>|</template>|<textarea>een &amp; <b></textarea>|<svg><title>De &lt; kade</title>|<title>De &lt; kade</title>|<script>a < b && c</script>|<script type=\"application/ld\\+json\">\\{\"headline\":\"De kade\"\\}</script>|<style>p \\{\\}</style>|<noscript>|</noscript>|<iframe srcdoc='<p>Ja'></iframe>|<nav>|</nav>|<p translate=no>|<span translate=yes>|<em class='notranslate'>|</em>|<!-- c -->|<!doctype html>|<\\?php x \\?>|<!\\[CDATA\\[x\\]\\]>|<head>|</head>|<body>|<meta name=description content='De kade'>|<|</){0,24}";
/// The same with elements of raw text and comments that are never closed.
const BROKEN: &str = "(woord|Een zin\\. |één|3,5| |\n|\r\n|\t|&amp;|&eacute;|&copy|&#146;|&nbsp;|&bogus;|&|<|>|\"|'|\u{a0}|<p>|</p>|<P CLASS=x>|<div>|</div>|<b>|</b>|<i lang=de>|</i>|<a href='?a=1&b'>|</a>|<br>|<br/>|<wbr>|<img alt=\"De kade\" src=x>|<img alt=kade>|<input type=submit value='Zoek \"het\"'>|<input placeholder=naam>|<span title='tip & truc'>|</span>|<ul>|<li>|</ul>|<table>|<tr>|<td>|<th abbr=kort>|</table>|<select>|<option>|<option label='een'>|</select>|<button>|</button>|<label>|</label>|<textarea>|</textarea>|<pre>|</pre>|<code>|</code>|<kbd>|</kbd>|<svg>|<title>|</title>|</svg>|<math>|</math>|<x-kaart>|</x-kaart>|<o:p>|</o:p>|<ruby>|<rt>|</ruby>|<h1>|</h1>|<script>|</script>|<script type=\"application/ld\\+json\">|\\{\"headline\":\"De kade\"\\}|<style>|</style>|<template>|</template>|<noscript>|</noscript>|<iframe srcdoc='<p>Ja'>|</iframe>|<nav>|</nav>|<p translate=no>|<span translate=yes>|<em class='notranslate'>|</em>|<!-- c -->|<!doctype html>|<\\?php x \\?>|<!\\[CDATA\\[x\\]\\]>|<head>|</head>|<body>|<meta name=description content='De kade'>|<|</|<p|<!--){0,24}";
/// Lines of Markdown.
const MARKDOWN: &str = "(woord|Een zin\\. |één|3,5 | |  \n|\\\\\n|\n|\n\n|\r\n|\\*|\\*\\*|_|__|~~|`|``|\n# |\n## |\n- |\n\\* |\n1\\. |\n   |\n    |\n> |\\[|\\]|\\(x\\)|\\(x \"De titel\"\\)|!\\[alt\\]\\(p\\.png\\)|\\[kade\\]|\n\\[kade\\]: /k 'De kade'\n|<https://a\\.nl/\\?a=1&b_c_>|https://b\\.nl/x_y_z|a@b\\.nl|&amp;|&eacute;|&|\\\\\\*|\\\\\\[|\\\\|<b>|</b>|<br>|<img alt='beeld'>|\n<div>\n|\n</div>\n|\n```\n|\n---\n|\n===\n|\n\\| a \\| b \\|\n\\|---\\|---\\|\n\\| c \\| d \\|\n|\n- \\[ \\] |\\[\\^1\\]|\n\\[\\^1\\]: |\n: |:|\\.|\\)|!|\\{|\\}){0,24}";
/// Lines of plain text.
const PLAIN: &str = "(woord |Een zin\\. |één |12 |verdwenen was, maar de bemanning bleek al lang veilig |\t|  |\n|\n|\n\n|\r|\r\n|\u{2028}|\u{2029}|\n- |\n– |\n1\\. |\n12\\. |\na\\) |•|\u{200b}|\u{a0}|\u{feff}|-|:|\\.){0,40}";

/// Marks that an engine may put around a text: harmless ones, and ones that look like markup.
const MARKS: &[(&str, &str)] = &[
    ("«", "»"),
    ("Q", "Z"),
    ("<i>", "&amp;"),
    ("*[", "]_"),
    ("\"'", "'\""),
    ("# ", " |"),
    ("]]>", "-->"),
    ("1. ", "\\"),
];

/// What of both laws does not hold for a document with these marks.
fn broken(name: &str, source: &str, marks: (&str, &str)) -> Option<String> {
    let document = read(source.as_bytes(), name)?;
    let own = &document.parts[0].source;
    let before = structure(name, own, &[marks.0, marks.1]);
    let echo = edition(document.clone(), &Text::clone);
    if echo != source.as_bytes() {
        return Some(format!("{source:?} is echoed as {echo:?}"));
    }
    let out = edition(document, &|text| marked(text, marks.0, marks.1));
    let out = String::from_utf8_lossy(&out).into_owned();
    let after = structure(
        name,
        out.trim_start_matches('\u{feff}'),
        &[marks.0, marks.1],
    );
    (before != after).then(|| format!("{source:?} became {out:?}\n{before:?}\n{after:?}"))
}

/// What of both laws does not hold for a document, with every kind of mark.
pub fn broken_law(name: &str, source: &str) -> Option<String> {
    MARKS.iter().find_map(|marks| broken(name, source, *marks))
}

/// Asserts both laws for a document.
fn laws(name: &str, source: &str, marks: (&str, &str)) -> Result<(), TestCaseError> {
    let wrong = broken(name, source, marks);
    prop_assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn html_keeps_everything_but_its_words(source in HTML, mark in 0..MARKS.len()) {
        laws("a.html", &source, MARKS[mark])?;
    }

    #[test]
    fn broken_html_is_written_as_it_was_read(source in BROKEN) {
        let document = read(source.as_bytes(), "a.html").unwrap();
        let echo = edition(document, &Text::clone);
        prop_assert_eq!(String::from_utf8(echo).unwrap(), source);
    }

    #[test]
    fn markdown_keeps_everything_but_its_words(source in MARKDOWN, mark in 0..MARKS.len()) {
        laws("a.md", &source, MARKS[mark])?;
    }

    #[test]
    fn plain_text_keeps_everything_but_its_words(source in PLAIN, mark in 0..2_usize) {
        laws("a.txt", &source, MARKS[mark])?;
    }
}
