//! Markdown of every dialect, read and written; the tree without its text stays as it is.

use super::*;
use proptest::prelude::*;

fn edit(source: &str, change: impl Fn(&str) -> String) -> String {
    let document =
        super::super::read(source.as_bytes(), Some("a.md"), None, &Lang::new("nl")).unwrap();
    let texts: Vec<Text> = document
        .blocks
        .iter()
        .map(|block| Text {
            plain: change(&block.text.plain),
            codes: block.text.codes.clone(),
        })
        .collect();
    super::super::write(&document, &texts)
        .unwrap()
        .parts
        .concat()
}

#[test]
fn only_the_text_changes() {
    let source = "# Kop\n\nEen **vet** woord en `code` en [link](http://x \"t\").\n\n* punt\n  gaat door\n\n| a | b |\n|---|:-:|\n| c | d |\n\n```\nniet dit\n```\n";
    let upper = edit(source, str::to_uppercase);
    assert_eq!(
        upper,
        "# KOP\n\nEEN **VET** WOORD EN `code` EN [LINK](http://x \"T\").\n\n* PUNT GAAT DOOR\n\n| A | B |\n|---|:-:|\n| C | D |\n\n```\nniet dit\n```\n"
    );
}

#[test]
fn nested_emphasis_keeps_its_marks() {
    assert_eq!(
        edit(
            "***alles*** en *deels **vet*** [![alt](i.png)](u)",
            str::to_uppercase
        ),
        "***ALLES*** EN *DEELS **VET*** [![ALT](i.png)](u)"
    );
}

#[test]
fn new_text_is_not_read_as_markup() {
    let out = edit("Gewone zin hier.", |_| "a*b* [c] 1 * 2 <d> _e_".into());
    assert_eq!(out, "a\\*b\\* \\[c\\] 1 * 2 \\<d> \\_e\\_");
}

/// What a page is without its text: the events of the parser, with the addresses of its links.
fn tree(source: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH;
    Parser::new_ext(source, options)
        .filter(|event| !matches!(event, Event::Text(_) | Event::SoftBreak))
        .map(|event| format!("{event:?}"))
        .collect()
}

fn flat(source: &str) -> Vec<String> {
    let document =
        super::super::read(source.as_bytes(), Some("a.md"), None, &Lang::new("nl")).unwrap();
    document.blocks.into_iter().map(|b| b.text.plain).collect()
}

#[test]
fn escapes_keep_one_backslash() {
    for source in [
        "\\[Update\\] De kade is open.",
        "\\#kade is open.",
        "2024\\. Dat was het jaar.",
        "> 10\\. De brug",
        "1\\) zei zij",
        "[\\<ins>](https://a.example) is een tag.",
        "Een \\*ster\\* hier",
        "De som $x_1 + \\beta$ klopt en kost \\$5.",
        "Zie <https://a.example/?a=1&b=2_c_> en https://b.example/?x_y_z=1&q.",
        "Prijs {{< x \"y\" >}} en {% z %} en {a.b}.",
        "Noot^[met *nadruk*] hier",
    ] {
        let upper = edit(source, |text| format!("{text} nu"));
        assert_eq!(upper, format!("{source} nu"), "{source}");
    }
}

#[test]
fn a_reference_link_keeps_its_label() {
    let source = "De [gemeente] en [de *raad*][] en [x][y] ![kade]\n\n[gemeente]: a\n[de *raad*]: b\n[y]: c\n[kade]: k.jpg \"De kade\"\n";
    assert_eq!(
        edit(source, str::to_uppercase),
        "DE [GEMEENTE][gemeente] EN [DE *RAAD*][de *raad*] EN [X][y] ![KADE][kade]\n\n[gemeente]: a\n[de *raad*]: b\n[y]: c\n[kade]: k.jpg \"DE KADE\"\n"
    );
}

#[test]
fn html_is_read_as_html() {
    assert_eq!(
        flat(
            "<figure>\n<img alt=\"Foto\">\n<figcaption>De brug</figcaption>\n</figure>\n\nDe <span translate=\"no\">Ster</span> van <kbd>Ctrl</kbd> en <img alt=beeld> <b>dik</b>\n\n<pre>De brug</pre>\n"
        ),
        ["Foto", "De brug", "De  van  en  dik", "beeld"]
    );
    assert_eq!(
        edit("a<b>b</b> <img alt=\"c\">\n\n<p>d & e", str::to_uppercase),
        "A<b>B</b> <img alt=\"C\">\n\n<p>D &amp; E"
    );
}

#[test]
fn dialects_keep_their_lines() {
    for (source, wanted) in [
        ("# Kop\r\rTekst.\r\r- punt\r", "# KOP\r\rTEKST.\r\r- PUNT\r"),
        ("::: tip\nDe kade.\n:::", "::: tip\nDE KADE.\n:::"),
        ("> [!NOTE]\n> De kade.", "> [!NOTE]\n> DE KADE."),
        (
            "> [!info]- Titel\n> De kade.",
            "> [!info]- TITEL\n> DE KADE.",
        ),
        ("De stad.\n{: .intro #x}", "DE STAD.\n{: .intro #x}"),
        ("## Kop {#x .y}", "## KOP {#x .y}"),
        ("Term\n: De stad", "TERM\n: DE STAD"),
        (
            "{{< figure src=\"x\" >}}\n\nDe kade",
            "{{< figure src=\"x\" >}}\n\nDE KADE",
        ),
        ("Zie:\na | b\n---|---\nc | d", "ZIE:\nA | B\n---|---\nC | D"),
        (
            "import X from './x'\n\nDe kade {props.x}",
            "import X from './x'\n\nDE KADE {props.x}",
        ),
        (
            "*[HTML]: Een taal\n*[CSS]: Nog een",
            "*[HTML]: EEN TAAL\n*[CSS]: NOG EEN",
        ),
        (
            "[[_TOC_]]\n\nZie [[Pagina]] en [[Pagina|hier]]",
            "[[_TOC_]]\n\nZIE [[Pagina]] EN [[Pagina|HIER]]",
        ),
        ("Een\\\ntwee  \ndrie", "EEN\\\nTWEE  \nDRIE"),
        (
            "!!! note \"Titel\"\n    De kade",
            "!!! note \"TITEL\"\n    DE KADE",
        ),
    ] {
        assert_eq!(edit(source, str::to_uppercase), wanted);
    }
}

#[test]
fn front_matter_is_fields() {
    let source = "---\ntitle: De kade\nslug: kade\ndescription: >-\n  Een\n  twee\nimages:\n  - alt: 'Zo''n foto'\n    src: a.jpg\nsubtitle: \"Een \\\"b\\\"\"\ntags: [een]\nlang: nl\n---\nTekst\n";
    assert_eq!(
        flat(source),
        ["De kade", "Een twee", "Zo'n foto", "Een \"b\"", "Tekst"]
    );
    assert_eq!(
        edit(source, |text| text
            .replace("De kade", "Quay: it's")
            .replace("Zo'n", "It's")),
        source
            .replace("De kade", "\"Quay: it's\"")
            .replace("Zo''n", "It''s")
    );
    let long = "---\ndescription: Een lange\n  zin en meer\nkeywords: [kade, \"de brug\"]\ntags:\n  - water\n  - 'b'\nsummary: \"op\n  twee\"\n---\nTekst\n";
    assert_eq!(flat(long), ["Een lange zin en meer", "Tekst"]);
    let options = ReadOptions {
        front_matter: vec!["Keywords".to_owned(), "tags".to_owned()],
        ..ReadOptions::default()
    };
    let reading = Markdown.find_with(long, &Lang::new("nl"), &options);
    assert_eq!(
        Markdown.find(long, &Lang::new("nl")).notices.len(),
        1,
        "two lines stay"
    );
    let texts: Vec<_> = reading
        .found
        .iter()
        .map(|found| &found.text.plain)
        .collect();
    assert_eq!(texts, ["kade", "de brug", "water", "b", "Tekst"]);
    assert_eq!(
        edit(long, |text| text.replace("zin en meer", "zin: ja")),
        long.replace("Een lange\n  zin en meer", "\"Een lange zin: ja\"")
    );
    let toml = "+++\ntitle = 'Kade'\ndraft = false\n[params]\nintro = \"x\"\n+++\nTekst";
    assert_eq!(flat(toml), ["Kade", "Tekst"]);
    assert_eq!(
        flat("{\"title\": \"Kade\", \"url\": \"x\"}\n\nTekst"),
        ["Kade", "Tekst"]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_draft_leaves_the_tree_as_it_is(draft in "([a-z]{1,3}|[ -/:-@\\[-`{-~]|1\\.|2\\)|é| ){1,14}") {
        let draft = draft.trim().to_owned();
        prop_assume!(draft.chars().any(char::is_alphanumeric));
        for source in ["tekst\n", "# tekst\n", "## tekst\n", "- tekst\n", "1. tekst\n", "> tekst\n", "| a | tekst |\n|---|---|\n| b | tekst |\n", "tekst\n===\n", "a\\\ntekst\n"] {
            let out = edit(source, |text| if text == "a tekst" { format!("a {draft}") } else if text == "tekst" { draft.clone() } else { text.to_owned() });
            prop_assert_eq!(tree(source), tree(&out), "{:?} {:?}", source, out);
        }
    }
}
