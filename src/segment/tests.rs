//! What the splitter promises, over both languages.

use super::*;
use crate::bitext::{Block, Notation, OffsetMap, Text};

fn splitter(lang: &str, options: &SplitOptions) -> Splitter {
    Splitter::new(&Lang::new(lang), options).unwrap()
}

fn cut(lang: &str, text: &str) -> Vec<String> {
    splitter(lang, &SplitOptions::default())
        .segments(text)
        .into_iter()
        .map(|span| span.of(text).to_owned())
        .collect()
}

/// Sentences are written with `|` where they end.
fn check(lang: &str, marked: &str) {
    let text = marked.replace('|', " ");
    let wanted: Vec<&str> = marked.split('|').collect();
    assert_eq!(cut(lang, &text), wanted);
}

#[test]
fn dutch_sentences_end_where_they_end() {
    for marked in [
        "Drs. J. de Wit sprak om 10.30 uur.|\"Dat klopt\", zei hij.",
        "De prijs steeg met 2,5 procent tot 1.300 euro.|Daarna daalde hij.",
        "Hij woont o.a. in Gent en kent dhr. Bos en mevr. A.B. Visser.|Zij niet.",
        "‘Ik kom niet terug.’|Hij zweeg.",
        "“Hoe kan dat?” vroeg ze.|Niemand wist het.",
        "Ze verkochten vis, brood, enz.|Daarna sloot de zaak.",
        "Op 3 jan. 2024 begon het.|Het eindigde in sept. van dat jaar.",
        "Het bedrijf verhuisde in de jaren 90.|’s Avonds was het er stil.",
        "Plan B.|Er was geen plan B.|Dat bleek later.",
        "Verdachte Karim T. zweeg.|De officier eiste acht jaar tegen Karim T.|Hij gaat in beroep.",
        "Yahoo! Nederland sluit.|Echt waar!|Nu al...|Morgen meer.",
        "Zie art. 5 en blz. 12 e.v.|De rechter las nr. 4 niet.",
        "De man (‘Wat een dag!’) lachte.|Daarna niet meer.",
        "Kijk op nu.nl of mail j.jansen@krant.nl.|Bel anders.",
        ",, Ik ga weg. ''|Hij ging.|,,Echt?''|Ja.",
        "Prof.dr.ir. De Boer en ds.W. Smit kwamen.|Wie niet?!|Jansen.",
        "Hij werkt bij de NS.|Bos ook.|Zij zag het op tv.|Amsterdam juichte.",
    ] {
        check("nl", marked);
    }
}

#[test]
fn english_sentences_end_where_they_end() {
    for marked in [
        "Mr. Smith lives in Washington, D.C.|He met Sen. Jones at 5 p.m. on Jan. 6 there.",
        "“Are you ready?” Smith asked.|Nobody was.",
        "“Are you ready?”|He was not.",
        "The U.S. economy grew 2.5 percent.|That was more than expected.",
        "Acme Inc. Chairman Bo Lee left.|See No. 5, p. 14 and Fig. 2.|No.|It is over.",
    ] {
        check("en", marked);
    }
}

#[test]
fn hard_cases_are_cut_as_written() {
    for (lang, cases) in [
        ("nl", include_str!("../../tests/fixtures/segment/nl.txt")),
        ("en", include_str!("../../tests/fixtures/segment/en.txt")),
    ] {
        let marked = cases
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for line in marked {
            check(lang, line);
        }
    }
}

/// A sentence on its own is one segment, whatever stood around it, but for the few whose cut hung
/// on what came before.
#[test]
fn a_segment_alone_is_a_segment() {
    let (mut all, mut other) = (0, Vec::new());
    for (lang, cases) in [
        ("nl", include_str!("../../tests/fixtures/segment/nl.txt")),
        ("en", include_str!("../../tests/fixtures/segment/en.txt")),
    ] {
        let marked = cases
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        for segment in marked.flat_map(|line| line.split('|')) {
            all += 1;
            if cut(lang, segment) != [segment] {
                other.push(segment);
            }
        }
    }
    assert!(
        other.len() * 100 <= all,
        "{} of {all}: {other:?}",
        other.len()
    );
}

#[test]
fn every_rule_decides_its_examples() {
    for row in RULES {
        for example in row.examples {
            let at = example.find(['|', '~']).expect("an example is marked");
            let cuts = example[at..].starts_with('|');
            let text = format!("{}{}", &example[..at], &example[at + 1..]);
            let found = splitter(row.lang, &SplitOptions::default())
                .explain(&text)
                .into_iter()
                .find(|candidate| candidate.at == at);
            let found = found.unwrap_or_else(|| panic!("no candidate: {example}"));
            assert_eq!((found.cut, found.rule), (cuts, row.rule), "{example}");
        }
    }
}

#[test]
fn a_quotation_can_be_kept_whole() {
    let keep = SplitOptions {
        quotes: QuotationPolicy::Keep,
        ..SplitOptions::default()
    };
    let text = "“Ik ga weg. Ik kom niet terug”, zei hij. Daarna ging hij. ‘Kom. Nu.’ Stil.";
    assert_eq!(splitter("nl", &keep).segments(text).len(), 4);
    assert_eq!(cut("nl", text).len(), 6);
}

#[test]
fn a_headline_is_one_segment_unless_it_ends_like_a_sentence() {
    let splitter = splitter("nl", &SplitOptions::default());
    let count = |text: &str, role: Role| splitter.block(text, role).len();
    assert_eq!(count("Bos: ‘Ik stop.’ Kamer geschokt", Role::Headline), 1);
    assert_eq!(count("Kabinet valt. Wat nu?", Role::Headline), 2);
    assert_eq!(count("Door A. Bos. Foto: B. Smit.", Role::Byline), 1);
    assert_eq!(
        count("Eerste regel\nen de tweede. Klaar.", Role::Paragraph),
        2
    );
    assert_eq!(count("  ", Role::Paragraph), 0);
}

#[test]
fn a_language_without_data_is_cut_by_unicode() {
    assert_eq!(
        cut("fr", "Bonjour. Ça va ? Oui."),
        ["Bonjour.", "Ça va ?", "Oui."]
    );
}

#[test]
fn units_carry_their_place() {
    let plain = "Een zin. Nog een.";
    let document = Document {
        container: None,
        format: "plain",
        lang: Lang::new("nl"),
        target: None,
        blocks: vec![Block {
            number: 4,
            role: Role::Paragraph,
            text: Text::from(plain),
            map: OffsetMap::linear(100, plain.len()),
            notation: Notation::default(),
            inlays: Vec::new(),
        }],
        parts: Vec::new(),
        notices: Vec::new(),
    };
    let units = split(&document, &splitter("nl", &SplitOptions::default()));
    assert_eq!(units.len(), 2);
    assert_eq!((units[1].id.as_str(), units[1].block), ("b4.s2", 4));
    assert_eq!(units[1].within, Span::new(9, 17));
    assert_eq!(units[1].source_span, Some(Span::new(109, 117)));
    assert_eq!(units[1].source.plain, "Nog een.");
}

/// Checks the shape that [`Splitter::segments`] promises.
fn assert_cover(text: &str, segments: &[Span], markers: bool) {
    let mut at = 0;
    for span in segments {
        assert!(
            span.start >= at && span.end > span.start,
            "{text:?} {segments:?}"
        );
        assert_gap(text, &text[at..span.start], markers);
        let piece = span.of(text);
        assert!(
            !piece.starts_with(is_gap) && !piece.ends_with(is_gap),
            "{text:?} {piece:?}"
        );
        at = span.end;
    }
    assert_gap(text, &text[at..], markers);
}

fn assert_gap(text: &str, gap: &str, markers: bool) {
    let inside = gap.trim_matches(is_gap);
    let marker = markers && crate::language::lines::marker(&format!("{inside} x")) > 0;
    assert!(inside.is_empty() || marker, "{gap:?} of {text:?}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(256))]

    #[test]
    fn segments_and_gaps_are_the_text(
        text in "([a-zA-Z0-9 .!?…\n\r,'’‘“”„\"()\\[\\]é\u{200b}\u{a0}\u{2028}\u{2029}-]|, ,|,,|''|Dr\\. |o\\.a\\. |’s |De |1\\. ){0,60}|\\PC{0,40}|\\p{Any}{0,30}",
    ) {
        for lang in ["nl", "en", "fr"] {
            for newlines in [Newlines::Auto, Newlines::Hard, Newlines::Soft] {
                for quotes in [QuotationPolicy::Split, QuotationPolicy::Keep] {
                    let options = SplitOptions { newlines, quotes, ..SplitOptions::default() };
                    let splitter = splitter(lang, &options);
                    assert_cover(&text, &splitter.segments(&text), true);
                    for role in Role::ALL {
                        assert_cover(&text, &splitter.block(&text, role), false);
                    }
                }
            }
        }
    }

    #[test]
    fn every_cut_lies_before_a_gap_or_a_missing_space(text in "([a-z]{1,4}|[A-Z][a-z]{0,3}|[.!?…]|[ ’”)(\"]){0,40}") {
        for candidate in splitter("nl", &SplitOptions::default()).explain(&text) {
            let spaced = text[candidate.at..].starts_with(is_gap);
            proptest::prop_assert!(spaced || candidate.rule == Rule::MissingSpace);
            proptest::prop_assert!(candidate.next >= candidate.at);
        }
    }

    #[test]
    fn a_text_is_cut_alone_as_inside_a_document(
        before in "[A-Za-z .!?“”’,]{0,40}", text in "([A-Z][a-z]{0,5}|o\\.a\\.|dr\\.|[.!?…]|[ ’”“)(\"]){1,40}", after in "[A-Za-z .!?“”’,]{0,40}",
    ) {
        let splitter = splitter("nl", &SplitOptions::default());
        let document = format!("{before}\n\n{text}\n\n{after}");
        let start = before.len() + 2;
        let inside: Vec<Span> = splitter
            .segments(&document)
            .into_iter()
            .filter(|span| span.start >= start && span.end <= start + text.len())
            .map(|span| Span::new(span.start - start, span.end - start))
            .collect();
        // Newspapers open every paragraph of a long quotation anew, so an open quotation is no
        // bridge between paragraphs.
        proptest::prop_assert_eq!(inside, splitter.segments(&text));
    }

    #[test]
    fn paragraphs_do_not_depend_on_each_other(one in "[A-Za-z .!?“”]{1,40}", two in "[A-Za-z .!?“”]{1,40}") {
        let splitter = splitter("nl", &SplitOptions::default());
        let count = |text: &str| splitter.segments(text).len();
        proptest::prop_assert_eq!(count(&format!("{one}\n\n{two}")), count(&one) + count(&two));
    }
}

#[test]
fn long_runs_of_anything_take_linear_time() {
    let splitter = splitter("nl", &SplitOptions::default());
    for unit in [
        ".", ". ", "a", ". A", ". , ", "(", "! (", "'", ",,", "[", ". [", "\u{200b}", "\n", "- ",
        "“ ", "...(", "a.b", "A. ",
    ] {
        let text = unit.repeat((1 << 18) / unit.len());
        assert_cover(&text, &splitter.segments(&text), true);
    }
}
