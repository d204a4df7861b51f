//! Pages of HTML: what is read of them, and that every byte comes back.

use super::super::contract::Found;
use super::*;
use crate::bitext::{CodeKind, Role, Span};
use proptest::prelude::*;

/// Every text of a page with its role, those inside codes behind the text that holds them.
fn flat(found: &[Found]) -> Vec<(Role, String)> {
    let mut all = Vec::new();
    for text in found {
        all.push((text.role, text.text.plain.clone()));
        for (_, _, nested) in &text.inlays {
            all.extend(flat(nested));
        }
    }
    all
}

fn read(source: &str) -> Reading {
    walk::read(source, "nl", is_xml(source))
}

fn texts(source: &str) -> Vec<String> {
    flat(&read(source).found)
        .into_iter()
        .map(|(_, text)| text)
        .collect()
}

fn roles(source: &str) -> Vec<Role> {
    flat(&read(source).found)
        .into_iter()
        .map(|(role, _)| role)
        .collect()
}

/// A text written where the first one of a page stands.
fn written(source: &str, plain: &str) -> String {
    let found = read(source).found.remove(0);
    let mut out = String::new();
    let text = Text {
        plain: plain.to_owned(),
        codes: found.text.codes.clone(),
    };
    render(found.notation, &text, false, &mut out);
    out
}

#[test]
fn inline_elements_become_codes_and_come_back() {
    let source = "<p>Lees  <b>alles</b> over &euro;5 <br>nu.</p>";
    let found = read(source).found;
    assert_eq!(found[0].text.plain, "Lees alles over €5 nu.");
    let kinds: Vec<_> = found[0].text.codes.iter().map(|c| (c.at, c.kind)).collect();
    assert_eq!(
        kinds,
        [
            (5, CodeKind::Open),
            (10, CodeKind::Close),
            (21, CodeKind::Empty)
        ]
    );
    assert_eq!(
        written(source, "Lees alles over €5 nu."),
        "Lees <b>alles</b> over €5 <br>nu."
    );
}

#[test]
fn scripts_and_protected_parts_are_not_text() {
    let source = "<script>var x = '<p>nee</p>';</script><p>Ja <code>let x</code></p><p translate=\"no\">Nee</p><pre>code</pre>";
    assert_eq!(texts(source), ["Ja "]);
}

#[test]
fn roles_come_from_the_elements() {
    let source = "<h1>Kop</h1><h2>Tussenkop</h2><ul><li>Punt</li></ul><blockquote><p>Citaat</p></blockquote><figcaption>Bijschrift</figcaption><p>Lees ook: meer</p>";
    assert_eq!(
        roles(source),
        [
            Role::Headline,
            Role::Heading,
            Role::ListItem,
            Role::Quote,
            Role::Caption,
            Role::Furniture
        ]
    );
    assert_eq!(
        roles(
            "<p class='intro auteur'>Anna</p><p><time>2 mei</time></p><p>Druk <button>nu</button></p><button>Verder</button><footer>Krant</footer>"
        ),
        [
            Role::Byline,
            Role::Dateline,
            Role::Paragraph,
            Role::Furniture,
            Role::Furniture
        ]
    );
}

#[test]
fn protection_is_inherited_and_can_be_lifted() {
    for (source, wanted) in [
        ("<p class=\"a NoTranslate\">Naam<p>Tekst", &["Tekst"][..]),
        ("<p>De <b translate=NO>Ster</b> is nieuw", &["De  is nieuw"]),
        (
            "<p data-translate=no title='notranslate'>Tekst",
            &["notranslate", "Tekst"],
        ),
        (
            "<div translate=no>Naam <p translate>Tekst</p>Naam</div><p>Ook",
            &["Tekst", "Ook"],
        ),
        (
            "<div translate=no>Naam <i translate=yes>tekst</i> naam</div>",
            &["tekst"],
        ),
        (
            "<p>De <q translate=no>Naam <i translate=yes>tekst</i></q> is er.",
            &["De  is er.", "tekst"],
        ),
        (
            "<p translate=no><img alt='Naam'></p><img alt='Tekst'>",
            &["Tekst"],
        ),
        ("<code translate=yes>Tekst</code>", &["Tekst"]),
        ("<p><span translate=no>Naam</p><p>Tekst", &["Tekst"]),
    ] {
        assert_eq!(texts(source), wanted, "{source}");
    }
}

#[test]
fn another_language_stays_and_is_counted() {
    let reading = read(
        "<html lang=nl-BE><p>Hij zei <q lang=fr>non <i lang=nl>nee</i></q>.<p lang=de>Nein</p><p xml:lang='nl'>Ja",
    );
    assert_eq!(
        flat(&reading.found)
            .into_iter()
            .map(|(_, t)| t)
            .collect::<Vec<_>>(),
        ["Hij zei .", "nee", "Ja"]
    );
    assert_eq!(reading.languages.len(), 3);
    assert!(
        reading.notices[0]
            .message
            .contains("2 marked as another language")
    );
    // A page that names the wrong language is read all the same.
    let reading = read("<html lang=en><p>De kade is nat.");
    assert_eq!(reading.found.len(), 1);
    assert!(reading.notices[0].message.contains("`en`"));
}

#[test]
fn omitted_end_tags_end_what_they_end() {
    for (source, wanted) in [
        (
            "<ul><li translate=no>Een<li>Twee</ul>Drie",
            &["Twee", "Drie"][..],
        ),
        ("<dl><dt class=notranslate>A<dd>B<dt>C</dl>", &["B", "C"]),
        (
            "<table><tr><td translate=no>A<td>B<tr><th>C</table>D",
            &["B", "C", "D"],
        ),
        ("<p translate=no>A<table><tr><td>B</table>", &["B"]),
        ("<select><option translate=no>A<option>B</select>", &["B"]),
        ("<p translate=no>A<h2>B</h2>", &["B"]),
        ("<ul><li translate=no>A<ul><li>B</ul>C<li>D</ul>", &["D"]),
        ("<div><p translate=no>A</div>B", &["B"]),
        ("<button translate=no><p>A</button>B", &["B"]),
    ] {
        assert_eq!(texts(source), wanted, "{source}");
    }
}

#[test]
fn nothing_swallows_a_page() {
    for source in [
        "<p>Zie <svg><use href=#i></p><p>De kade",
        "<p>Zie <math><mi>x<p>De kade",
        "<p>Zie <svg><path><div>De kade",
        "<!--><p>De kade",
        "<!-- x --!><p>De kade",
        "<!---><p>De kade",
        "<title>Zie<p>De kade",
        "<textarea>Zie</p><p translate=yes>De kade",
        "<template><p>De kade",
        "<noscript><p>De kade",
        "<object><p>De kade",
        "<select><option>Zie<p>De kade",
        "<iframe><p translate=yes>De kade",
        "<style></style><p>De kade",
        "<svg><style><p>De kade",
        "<a href='x'><p>De kade",
        "<p>Zie <script></script></p>De kade",
        "<p>Zie <audio>a<p>De kade",
        "</#list><p>De kade",
        "<?php x ?><p>De kade",
        "<p>De kade<b",
    ] {
        assert!(
            texts(source).iter().any(|t| t == "De kade"),
            "{source}: {:?}",
            texts(source)
        );
    }
    // What a browser does not show either is told.
    for source in ["<p>A b</p><!-- De kade", "<p>A b</p><a title=\"De kade>"] {
        assert!(
            read(source).notices[0].message.contains("never closed"),
            "{source}"
        );
    }
}

#[test]
fn a_sentence_with_icons_and_own_elements_is_one() {
    for source in [
        "<p>De kade <svg><title>pijl</title><path/></svg> is nat.",
        "<p>De kade <krant-term>is</krant-term> nat.",
        "<p>De kade is<o:p></o:p> nat.",
        "<p>De <st1:place>kade</st1:place> is nat.",
        "<p>De <label>kade</label> is <button>nat</button>.",
        "<p>De <nobr>kade</nobr> is nat.",
        "<p>De <ruby>kade<rp>(</rp><rt>k</rt><rp>)</rp></ruby> is nat.",
        "<p>De kade <select><option>a<option>b</select> is nat.",
        "<p>De <output>kade</output> is <meter>1</meter> nat.",
        "<p>De kade<!-- x --> is <picture><source><img></picture> nat.",
        "<p>De kade <math><mi>x</mi></math> is nat.",
        "<p>De kade <script>x</script><style>y</style> is nat.",
        "<p>De <slot>kade</slot> is <video>x</video> nat.",
    ] {
        let found = read(source).found;
        assert_eq!(found.len(), 1, "{source}");
        let words: Vec<&str> = found[0].text.plain.split_whitespace().collect();
        assert_eq!(
            words.join(" ").replace(" .", "."),
            "De kade is nat.",
            "{source}"
        );
    }
}

#[test]
fn controls_side_by_side_are_blocks_of_their_own() {
    let source = "<form><label>Zoek een haven</label> <input placeholder='Naam'><button>Verstuur</button></form><nav><a>Een</a> | <a>Twee</a></nav>";
    let found: Vec<_> = read(source)
        .found
        .into_iter()
        .map(|f| f.text.plain)
        .collect();
    assert_eq!(found, ["Zoek een haven", "Naam", "Verstuur", "Een", "Twee"]);
    assert_eq!(
        texts("<p>Klik op <button>Verder</button> of <button>Terug</button>."),
        ["Klik op Verder of Terug."]
    );
}

#[test]
fn attributes_say_something_to_readers() {
    let source = "<title>Kop</title><meta name=Description content='Over de kade'><meta property=og:title content=Kop><meta name=robots content=noindex><p>Een <img alt='Foto &amp; tekst' src=x title=\"Zo 'n\"> <a title=zo aria-label='Zie'>kade</a><input type=submit value=Stuur><input value=nee placeholder=Naam>";
    assert_eq!(
        texts(source),
        [
            "Kop",
            "Over de kade",
            "Kop",
            "Een  kade",
            "Foto & tekst",
            "Zo 'n",
            "zo",
            "Zie",
            "Stuur",
            "Naam"
        ]
    );
    assert_eq!(
        written("<img alt='Zie'>", "It's a \"b\" & <c>"),
        "It&#39;s a \"b\" &amp; &lt;c&gt;"
    );
    assert_eq!(
        written("<img alt=\"Zie\">", "It's a \"b\""),
        "It's a &quot;b&quot;"
    );
    assert_eq!(written("<img alt=Zie>", "See it"), "\"See it\"");
    assert_eq!(
        written(
            "<script type='application/ld+json'>{\"headline\":\"Kop\"}</script>",
            "A \"b\"</script>"
        ),
        "A \\\"b\\\"<\\/script>"
    );
}

#[test]
fn references_are_read_once_and_written_once() {
    assert_eq!(
        texts("<p>Modri&cacute; &amp copy; AT&T caf&eacute &#146;s &firma; &#10;x"),
        ["Modrić & copy; AT&T café ’s  x"]
    );
    assert_eq!(written("<p>A&firma; B", "C D"), "C&firma; D");
    assert_eq!(written("<p>A", "a\u{a0}&lt; é"), "a&#160;&amp;lt; é");
    assert_eq!(
        written("<?xml version='1.0'?><p>A&nbsp;B&copy x", "C\u{a0}D"),
        "C&#160;D"
    );
}

#[test]
fn asides_are_what_they_hold() {
    let furniture = |source: &str| roles(source).contains(&Role::Furniture);
    assert!(!furniture(
        "<article><p>A</p><aside><h2>B</h2><p>De brug is <a>open</a>.</p></aside></article>"
    ));
    assert!(furniture(
        "<article><p>A</p><aside><h2>Meer</h2><ul><li><a>De brug</a><li><a>De kade</a></ul></aside></article>"
    ));
    assert!(!furniture(
        "<article><blockquote><p>A</p><footer>Wim Okkers</footer></blockquote></article>"
    ));
    assert!(furniture("<nav><p>A</p></nav>"));
}

#[test]
fn prose_that_keeps_its_lines_is_text() {
    let found = read("<pre>\nBeste lezer,\n  de kade is nat.\n</pre><pre>ls  -l</pre>").found;
    assert_eq!(found.len(), 0);
    let found = read("<pre>\nBeste lezer,\nde kade is nat.\n</pre>").found;
    assert_eq!(found[0].text.plain, "Beste lezer, de kade is nat.");
    assert_eq!(found[0].text.codes[0].data, "\n");
    assert!(
        read("<pre>ls  -l</pre>").notices[0]
            .message
            .contains("1 preformatted")
    );
}

/// A page with every text changed and its language named anew.
fn edition(
    source: &str,
    change: impl Fn(&str) -> String,
) -> (String, crate::bitext::Document, Vec<OffsetMap>) {
    let lang = Lang::new("nl");
    let mut document = crate::format::read(source.as_bytes(), Some("a.html"), None, &lang).unwrap();
    document.target = Some(Lang::new("en"));
    let texts: Vec<Text> = document
        .blocks
        .iter()
        .map(|block| Text {
            plain: change(&block.text.plain),
            codes: block.text.codes.clone(),
        })
        .collect();
    let written = crate::format::write(&document, &texts).unwrap();
    (written.parts.concat(), document, written.maps)
}

#[test]
fn texts_in_codes_and_languages_are_written() {
    let source = "<html lang=nl-NL><meta property='og:locale' content='nl_BE'><p>Een <img alt='foto' lang=\"nl\"> bij <select title=\"kies\"><option>ja<option>nee</select> de <q lang=fr>x</q> kade<br>nu";
    let (text, document, maps) = edition(source, str::to_uppercase);
    assert_eq!(
        text,
        "<html lang=en><meta property='og:locale' content='en_US'><p>EEN <img alt='FOTO' lang=\"en\"> BIJ <select title=\"KIES\"><option>JA<option>NEE</select> DE <q lang=fr>x</q> KADE<br>NU"
    );
    for (block, map) in document.blocks.iter().zip(&maps) {
        let whole = map.span(Span::new(0, block.text.plain.len()));
        assert!(
            whole
                .of(&text)
                .starts_with(&block.text.plain[..1].to_uppercase()),
            "{block:?}"
        );
    }
    // Where only what is inside a code changed, the rest keeps its bytes.
    let (text, document, maps) = edition("<p>Een &euro; <img alt=foto>  kade", |plain| {
        plain.replace("foto", "photograph")
    });
    assert_eq!(text, "<p>Een &euro; <img alt=\"photograph\">  kade");
    let kade = document.blocks[0].text.plain.find("kade").unwrap();
    assert_eq!(maps[0].span(Span::new(kade, kade + 4)).of(&text), "kade");
}

#[test]
fn a_line_break_reads_as_a_space_and_is_written_alone() {
    assert_eq!(
        texts("<p>Kerkstraat 1<br>1234 AB<br/>\n Delft<br></p>"),
        ["Kerkstraat 1 1234 AB Delft"]
    );
    let (text, ..) = edition("<p>Een<br>twee <br> drie", str::to_uppercase);
    assert_eq!(text, "<p>EEN<br>TWEE <br>DRIE");
}

/// HTML with something of everything.
const PAGE: &str = "([a-z ]{1,5}|é|&amp;|&copy|&#146;|&x;|<p>|</p>|<p translate=no>|<b>|</b>|<i lang=fr>|</i>|<br>|<br/>|<img alt=x>|<img alt=\"y z\">|<svg>|</svg>|<title>|</title>|<div>|</div>|<li>|<td>|<table>|</table>|<select>|<option>|</select>|<a title='q r'>|</a>|<pre>|</pre>|<script>|</script>|<!--|-->|<rt>|<ruby>|<template>|</template>|<button>|</button>|<label>|<input>|\n|<|>|\"|'|=|/){0,50}";

fn cover(found: &[Found], within: Span, source: &str) {
    let mut at = within.start;
    for text in found {
        assert!(
            text.span.start >= at && text.span.end <= within.end,
            "{source:?}: {text:?}"
        );
        assert!(source.get(text.span.start..text.span.end).is_some());
        at = text.span.end;
        for (_, place, nested) in &text.inlays {
            cover(nested, *place, source);
        }
    }
}

proptest! {
    #[test]
    fn spans_ascend_and_nested_ones_lie_inside(source in PAGE) {
        let whole = Span::new(0, source.len());
        cover(&read(&source).found, whole, &source);
    }

    #[test]
    fn an_unchanged_text_is_written_with_its_codes(source in PAGE) {
        for text in read(&source).found {
            let mut out = String::new();
            render(text.notation, &text.text, false, &mut out);
            // Read again where it stood it is the same text: nothing is escaped twice, nothing becomes
            // markup, whatever is open around it.
            if text.notation == Notation::Text && text.role != Role::Caption {
                let page = [&source[..text.span.start], &out, &source[text.span.end..]].concat();
                let found = read(&page).found;
                let same = found.iter().any(|again| again.text.plain.trim() == text.text.plain.trim());
                prop_assert!(same || source.contains("<pre>") || source.contains("<title>") || out.contains("<button") || out.contains("<label"), "{:?} {:?}", source, page);
            }
        }
    }
}

#[test]
fn hostile_pages_take_linear_time() {
    let began = std::time::Instant::now();
    for (part, end) in [
        ("<", ""),
        ("<b>", ""),
        ("</b>", ""),
        ("<p>", ""),
        ("<div>a", ""),
        ("<svg>", ""),
        ("<title>", ""),
        ("<!--", ""),
        ("<pre>a", ""),
        ("<a title=b>c", ""),
        ("<span translate=no>x", ""),
        ("<table><tr><td>", ""),
        ("<b><i></b></i>", ""),
        ("<select><option>x", ""),
        ("<![CDATA[", ""),
        ("&", ""),
        ("&a", ""),
        ("<ul><li>", "</ul>"),
        ("<aside>a", ""),
        ("<ruby><rt>a", ""),
        ("<button>a", ""),
        ("{\"a\":[", ""),
        ("<object>", "</object>"),
        ("<b translate=no><p>", ""),
    ] {
        let source = format!("{}{}", part.repeat(100_000 / part.len()), end.repeat(1000));
        let one = std::time::Instant::now();
        let _ = read(&source);
        assert!(one.elapsed().as_secs() < 5, "{part}: {:?}", one.elapsed());
    }
    assert!(began.elapsed().as_secs() < 60);
}
