//! What a loader has to get right: order, cascade, empty sides, edge spaces, hostile files.

use super::*;
use crate::bitext::Lang;
use crate::segment::{SplitOptions, Splitter};
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn file(header: &str, rules: &str) -> String {
    format!(
        "<srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\"><header {header}/><body><languagerules>{rules}</languagerules><maprules>\
         <languagemap languagepattern=\"NL.*\" languagerulename=\"A\"/><languagemap languagepattern=\".*_two\" languagerulename=\"B\"/></maprules></body></srx>"
    )
}

fn rule(cuts: &str, before: &str, after: &str) -> String {
    format!(
        "<rule break=\"{cuts}\"><beforebreak>{before}</beforebreak><afterbreak>{after}</afterbreak></rule>"
    )
}

fn group(name: &str, rules: &[String]) -> String {
    format!(
        "<languagerule languagerulename=\"{name}\">{}</languagerule>",
        rules.concat()
    )
}

fn both(first: &[String], second: &[String]) -> String {
    group("A", first) + &group("B", second)
}

fn cut_by(srx: &str, code: &str, text: &str) -> Vec<String> {
    let options = SplitOptions {
        srx: Some(Arc::new(
            SrxRules::read("rules.srx", srx, code, false).unwrap(),
        )),
        ..SplitOptions::default()
    };
    let splitter = Splitter::new(&Lang::new("nl"), &options).unwrap();
    splitter
        .segments(text)
        .iter()
        .map(|span| span.of(text).to_owned())
        .collect()
}

fn wrong(srx: &str, code: &str) -> (String, Place) {
    let Error::Data { what, place } = SrxRules::read("rules.srx", srx, code, false).unwrap_err();
    (what, *place)
}

const HEADER: &str = "segmentsubflows=\"yes\" cascade=\"no\"";

#[test]
fn the_first_rule_that_matches_decides() {
    let no = rule("no", r"\bmr\.", r"\s");
    let yes = rule("yes", r"\.", r"\s");
    let text = "Dat zei mr. De Wit. Zij niet.";
    let good = file(HEADER, &both(&[no.clone(), yes.clone()], &[]));
    assert_eq!(
        cut_by(&good, "nl", text),
        ["Dat zei mr. De Wit.", "Zij niet."]
    );
    let late = file(HEADER, &both(&[yes, no], &[]));
    assert_eq!(cut_by(&late, "nl", text).len(), 3);
}

#[test]
fn a_cascade_takes_the_rules_of_all_maps_in_order() {
    let first = [rule("no", r"\bmr\.", "")];
    let second = [rule("yes", r"\.", r"\s")];
    let text = "Dat zei mr. De Wit. Zij niet.";
    let cascade = file(
        "segmentsubflows=\"yes\" cascade=\"yes\"",
        &both(&first, &second),
    );
    assert_eq!(cut_by(&cascade, "nl_two", text).len(), 2);
    let plain = file(HEADER, &both(&first, &second));
    assert_eq!(cut_by(&plain, "nl_two", text).len(), 1);
    assert_eq!(cut_by(&plain, "xx_two", text).len(), 3);
    let none = file("", &both(&first, &second));
    assert_eq!(cut_by(&none, "nl_two", text).len(), 1);
}

#[test]
fn absent_and_empty_sides_match_anything_and_edge_spaces_count() {
    let rules = "<rule><beforebreak>; </beforebreak></rule><rule break=\"yes\"><afterbreak># </afterbreak></rule><rule><beforebreak>X</beforebreak><afterbreak/></rule>";
    let srx = file(HEADER, &both(&[rules.to_owned()], &[]));
    assert_eq!(
        cut_by(&srx, "nl", "een; twee;drie # vier #vijf aXb"),
        ["een;", "twee;drie", "# vier #vijf aX", "b"]
    );
}

#[test]
fn overlapping_matches_of_one_rule_are_all_found() {
    let srx = file(HEADER, &both(&[rule("yes", "aa", "")], &[]));
    assert_eq!(cut_by(&srx, "nl", "aaaab"), ["aa", "a", "a", "b"]);
    let groups = file(
        HEADER,
        &both(
            &[rule("no", r"\b(mr|dr)\.\s", ""), rule("yes", r"\.\s", "")],
            &[],
        ),
    );
    assert_eq!(cut_by(&groups, "nl", "Zie dr. Bos. Ja.").len(), 2);
}

#[test]
fn look_around_and_words_see_across_the_position() {
    let rules = [
        rule("no", r"(?&lt;!\d)\d\.(?=\s\p{Ll})", ""),
        rule("yes", r"\.\B", r"(?!\s\()\s"),
    ];
    let srx = file(HEADER, &both(&rules, &[]));
    assert_eq!(
        cut_by(&srx, "nl", "De 3. plaats. Nu (2. rang). Dat. (Nee.) Ja").len(),
        3
    );
}

#[test]
fn an_unknown_language_lists_those_of_the_file() {
    let srx = file(HEADER, &both(&[], &[]));
    let (what, place) = wrong(&srx, "de");
    assert!(
        what.contains("`de`") && what.contains("NL.*") && what.contains(".*_two"),
        "{what}"
    );
    assert_eq!((place.file.as_str(), place.line), ("rules.srx", 1));
}

#[test]
fn real_files_are_read_as_they_are() {
    let old = "<?xml version=\"1.0\"?>\n<!DOCTYPE srx SYSTEM \"srx.dtd\">\n<srx version=\"1.0\" xmlns=\"http://www.lisa.org/srx10\"><header segmentsubflows=\"yes\"/><body><languagerules>\
        <languagerule languagerulename=\"A\"><rule break=\"yes\"><beforebreak><![CDATA[\\.]]></beforebreak><afterbreak>&#x20;&#65;</afterbreak></rule></languagerule></languagerules>\
        <maprules><maprule maprulename=\"M\"><languagemap languagepattern=\"nl\" languagerulename=\"A\"/></maprule></maprules></body></srx>";
    assert_eq!(cut_by(old, "NL", "Een. Af. Bij").len(), 2);
    let okapi = "<doc xmlns:o=\"x\"><srx version=\"2.0\"><header cascade=\"yes\"><o:options useJavaRegex=\"yes\"/></header><body><languagerules><languagerule languagerulename=\"A\">\
        <rule o:active=\"no\"><beforebreak>a</beforebreak></rule><rule><beforebreak>b</beforebreak></rule></languagerule></languagerules>\
        <maprules><languagemap languagepattern=\"nl\" languagerulename=\"A\"/></maprules></body></srx></doc>";
    assert_eq!(cut_by(okapi, "nl", "xaxbx"), ["xaxb", "x"]);
    let rules = SrxRules::read("rules.srx", okapi, "nl", false).unwrap();
    assert_eq!(rules.passed.len(), 1);
}

#[test]
fn a_pattern_that_cannot_be_used_is_named_with_its_line() {
    let broken = format!(
        "\n{}\n{}\n",
        rule("no", r"\bmr\.", ""),
        rule("yes", r"\.(", r"\s")
    );
    let srx = file(HEADER, &both(std::slice::from_ref(&broken), &[]));
    let (what, place) = wrong(&srx, "nl");
    assert!(what.contains(r"`\.(` cannot be used"), "{what}");
    assert_eq!(place.line, 3);
    let lenient = SrxRules::read("rules.srx", &srx, "nl", true).unwrap();
    assert_eq!((lenient.ordered.len(), lenient.passed.len()), (1, 1));
    assert_eq!(lenient.passed[0].place.line, 3);
    let other = file(HEADER, &both(&[], &[broken]));
    assert!(
        SrxRules::read("rules.srx", &other, "nl", false).is_ok(),
        "only the language asked for is compiled"
    );
}

#[test]
fn hostile_and_foreign_files_are_refused() {
    for (text, what) in [
        (
            "<!DOCTYPE srx [<!ENTITY a \"b\">]><srx version=\"2.0\"/>",
            "refused",
        ),
        ("<srx version=\"2.0\"><header></srx>", "well-formed"),
        ("<html/>", "no <srx>"),
        ("", "no <srx>"),
        ("<srx version=\"3.0\"/>", "SRX 3.0"),
        ("<srx version=\"2.0\"><rule/></srx>", "outside"),
        (
            "<srx version=\"2.0\"><languagemap languagepattern=\"nl\"/></srx>",
            "languagerulename",
        ),
        (
            "<srx version=\"2.0\"><languagemap languagepattern=\"nl\" languagerulename=\"X\"/></srx>",
            "has no <languagerule",
        ),
        (
            "<srx version=\"2.0\"><languagerule languagerulename=\"A\"><rule break=\"perhaps\"/></languagerule></srx>",
            "neither yes nor no",
        ),
    ] {
        let (said, _) = wrong(text, "nl");
        assert!(said.contains(what), "{said}");
    }
    let entity = file(HEADER, &both(&[rule("no", "&bom;", "")], &[]));
    assert!(wrong(&entity, "nl").0.contains("&bom;"));
}

#[test]
fn added_exceptions_come_before_the_built_in_rules() {
    let srx = file(
        HEADER,
        &both(
            &[
                rule("yes", "Nee", ""),
                rule("no", r"\bbladz\.", r"\s"),
                rule("no", r"Ja!\s", ""),
            ],
            &[],
        ),
    );
    let options = SplitOptions {
        srx_add: Some(Arc::new(
            SrxRules::read("desk.srx", &srx, "nl", false).unwrap(),
        )),
        ..SplitOptions::default()
    };
    let splitter = Splitter::new(&Lang::new("nl"), &options).unwrap();
    let text = "Lees bladz. De Wit. Ja! Daarna niet.";
    let cut: Vec<&str> = splitter
        .segments(text)
        .iter()
        .map(|span| span.of(text))
        .collect();
    assert_eq!(cut, ["Lees bladz. De Wit.", "Ja! Daarna niet."]);
}

#[test]
fn what_is_exported_cuts_as_the_built_in_rules_do() {
    let sentences = [
        "Volgens dr. De Boer klopt het.",
        "Zie blz. 12 en art. 3 van de wet.",
        "Hij werkt bij Bos N.V. Daar is het druk.",
        "“Hoe kan dat?” vroeg ze.",
        "Op 3 jan. 2024 begon het.",
        "’s Avonds vroor het.",
        "Er is geen plan B. Bos wil er een.",
        "Karim T. Hij zweeg.",
        "De heer (!) Smit lachte.",
        "Kijk eens... daar.",
        "J. De Smet won.",
        "Zij woont in de Kerkstr. 4 in Gouda.",
        "Het ging om vis, enz. Brood was op.",
        "Yahoo! Japan groeit.",
        "Ga weg! Bos bleef.",
    ];
    let text = sentences.join(" ");
    let options = SplitOptions::default();
    let lang = Lang::new("nl");
    let srx = export(&lang, &options).unwrap().unwrap();
    let own = Splitter::new(&lang, &options).unwrap().segments(&text);
    let own: Vec<&str> = own.iter().map(|span| span.of(&text)).collect();
    assert_eq!(cut_by(&srx, "nl-BE", &text), own);
    assert!(export(&Lang::new("en"), &options).unwrap().is_some());
    assert!(export(&Lang::new("fr"), &options).unwrap().is_none());
}

#[test]
fn four_hundred_rules_over_a_megabyte_take_seconds_at_most() {
    let mut rules = Vec::new();
    for index in 0..400 {
        let mut word = String::new();
        let _ = write!(word, r"\b(afk{index}|x{index}+)\.\s");
        rules.push(rule("no", &word, ""));
    }
    rules.push(rule("yes", r"[.!?]+\s", r"\p{Lu}"));
    let srx = file(HEADER, &both(&rules, &[]));
    let text =
        "Dit is een zin van gewone lengte, zoals zij in een krant staat. En afk7. Nog een korte. "
            .repeat(12_000);
    let begun = Instant::now();
    assert!(cut_by(&srx, "nl", &text[..1 << 20]).len() > 10_000);
    assert!(
        begun.elapsed() < Duration::from_secs(40),
        "{:?}",
        begun.elapsed()
    );
}
