//! Exchange files of other tools: read by name, and written back with every byte that is not ours.

use super::{About, Pairs, read_pairs, rewrite_pairs, write_pairs};
use crate::bitext::{CodeKind, Lang, LangPair, Origin, Span, State, Text, Unit};
use proptest::prelude::*;

fn read(name: &str, text: &str) -> Pairs {
    read_pairs(text.as_bytes(), name, None, &LangPair::default()).unwrap()
}

/// A memory with these units; its header names another language first.
fn tmx(units: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\r\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\">\r\n<tmx version=\"1.4\"><header creationtool=\"x\" creationtoolversion=\"1\" segtype=\"sentence\" o-tmf=\"x\" adminlang=\"en\" srclang=\"*all*\" datatype=\"html\"><prop type=\"own\">1</prop></header><body>{units}</body></tmx>\r\n"
    )
}

fn tuv(lang: &str, seg: &str) -> String {
    format!("<tuv xml:lang=\"{lang}\"><seg>{seg}</seg></tuv>")
}

fn xliff1(units: &str) -> String {
    format!(
        "<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"a\" source-language=\"nl-NL\" target-language=\"en-GB\" datatype=\"html\"><body>{units}</body></file></xliff>"
    )
}

fn xliff2(units: &str) -> String {
    format!(
        "<xliff version=\"2.0\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\" srcLang=\"nl\" trgLang=\"en\"><file id=\"f1\">{units}</file></xliff>"
    )
}

/// The file with one word exchanged in every target.
fn exchanged(name: &str, text: &str, from: &str, to: &str) -> String {
    let pair = LangPair::default();
    let mut units = read(name, text).units;
    for unit in &mut units {
        while let Some(at) = unit.target.plain.find(from) {
            unit.target.replace(Span::new(at, at + from.len()), to);
        }
    }
    let bytes = rewrite_pairs(text.as_bytes(), name, name, &pair, &units);
    let text = String::from_utf8(bytes.unwrap().unwrap()).unwrap();
    assert_eq!(read(name, &text).units.len(), units.len());
    for (again, unit) in read(name, &text).units.iter().zip(&units) {
        assert_eq!((&again.source, &again.target), (&unit.source, &unit.target));
    }
    text
}

#[test]
fn languages_are_chosen_by_name_in_either_direction() {
    let (nl, en, de) = (
        tuv("NL-nl", "Ja."),
        tuv("en_US", "Yes."),
        tuv("de-DE", "Jawohl."),
    );
    for order in [[&nl, &en, &de], [&de, &en, &nl], [&en, &de, &nl]] {
        let pairs = read(
            "m.tmx",
            &tmx(&format!("<tu>{}{}{}</tu>", order[0], order[1], order[2])),
        );
        let unit = &pairs.units[0];
        assert_eq!((&*unit.source.plain, &*unit.target.plain), ("Ja.", "Yes."));
    }
    let pairs = read(
        "m.tmx",
        &tmx(&format!("<tu>{nl}{de}</tu><tu>{de}{en}</tu>")),
    );
    assert!(pairs.units.is_empty());
    let notice = &pairs.notices[0].message;
    assert!(
        notice.contains("2 units") && notice.contains("NL-nl, de-DE"),
        "{notice}"
    );
}

#[test]
fn the_region_that_is_asked_for_is_preferred() {
    let all = ["en-US", "en", "en-GB"]
        .map(|lang| tuv(lang, lang))
        .concat();
    let text = tmx(&format!("<tu>{}{all}</tu>", tuv("nl", "Taal")));
    for (asked, wanted) in [
        ("en-GB", "en-GB"),
        ("en", "en"),
        ("en-AU", "en"),
        ("EN_us", "en-US"),
    ] {
        let pair = LangPair {
            source: Lang::new("nl"),
            target: Lang::new(asked),
        };
        let pairs = read_pairs(text.as_bytes(), "m.tmx", None, &pair).unwrap();
        assert_eq!(pairs.units[0].target.plain, wanted);
    }
}

#[test]
fn a_file_the_other_way_round_is_turned() {
    let text = "<xliff version=\"1.2\"><file source-language=\"en-US\" target-language=\"nl\"><body><trans-unit id=\"1\"><source>Yes</source><target>Ja</target></trans-unit></body></file><file source-language=\"nl\" target-language=\"fr\"><body><trans-unit id=\"2\"><source>Ja</source><target>Oui</target></trans-unit></body></file></xliff>";
    let pairs = read("m.xlf", text);
    assert_eq!(pairs.units.len(), 1);
    assert_eq!(pairs.units[0].source.plain, "Ja");
    assert_eq!(pairs.units[0].target.plain, "Yes");
    assert_eq!(pairs.notices.len(), 1);
    // The English side is the source of that file: it is not written.
    let mut units = pairs.units;
    units[0].target = "Yeah".into();
    let pair = LangPair::default();
    assert_eq!(
        rewrite_pairs(text.as_bytes(), "m.xlf", "m.xlf", &pair, &units),
        Ok(None)
    );
}

#[test]
fn what_nobody_may_translate_is_left_out_and_told() {
    let unit = "<source>KRANT</source>";
    for (text, count) in [
        (
            xliff1(&format!(
                "<trans-unit id=\"1\" translate=\"no\">{unit}</trans-unit>"
            )),
            0,
        ),
        (
            xliff1(&format!(
                "<group translate=\"no\"><group><trans-unit id=\"1\">{unit}</trans-unit></group></group>"
            )),
            0,
        ),
        (
            xliff1(&format!(
                "<group translate=\"no\"><trans-unit id=\"1\" translate=\"yes\">{unit}</trans-unit></group>"
            )),
            1,
        ),
        (
            xliff2(&format!(
                "<group id=\"g\" translate=\"no\"><unit id=\"1\"><segment>{unit}</segment></unit></group>"
            )),
            0,
        ),
    ] {
        let pairs = read("m.xlf", &text);
        assert_eq!(pairs.units.len(), count, "{text}");
        assert_eq!(pairs.notices.len(), 1 - count, "{text}");
    }
}

#[test]
fn codes_of_other_tools_have_numbers_kinds_and_markup() {
    let codes = |text: &Text| -> Vec<(u32, CodeKind, String)> {
        let all = text.codes.iter();
        all.map(|c| (c.id, c.kind, c.data.clone())).collect()
    };
    use CodeKind::{Close, Empty, Open};
    let is = |found: Vec<(u32, CodeKind, String)>, wanted: &[(u32, CodeKind, &str)]| {
        let found: Vec<_> = found
            .iter()
            .map(|(id, kind, data)| (*id, *kind, &**data))
            .collect();
        assert_eq!(found, wanted);
    };
    let source = tuv(
        "nl",
        "a<bpt i=\"1\" x=\"9\">{b}</bpt>b<ept i=\"1\">{/b}</ept><ph>{0}</ph><ut>\\par</ut><hi>h</hi>",
    );
    let target = tuv(
        "en",
        "<ph>{0}</ph><bpt i=\"4\" x=\"9\">{b}</bpt>b<ept i=\"4\">{/b}</ept><it pos=\"end\">{i}</it>",
    );
    let pairs = read("m.tmx", &tmx(&format!("<tu>{source}{target}</tu>")));
    is(
        codes(&pairs.units[0].source),
        &[
            (1, Open, "{b}"),
            (1, Close, "{/b}"),
            (2, Empty, "{0}"),
            (3, Empty, "\\par"),
            (4, Open, "<hi>"),
            (4, Close, "</hi>"),
        ],
    );
    is(
        codes(&pairs.units[0].target),
        &[
            (2, Empty, "{0}"),
            (1, Open, "{b}"),
            (1, Close, "{/b}"),
            (5, Close, "{i}"),
        ],
    );
    let unit = "<trans-unit id=\"1\"><source><g id=\"k\">een</g> <x id=\"z\" equiv-text=\"{{n}}\"/><mrk mtype=\"term\">bus</mrk></source><target><x id=\"z\"/><g id=\"k\">one</g></target></trans-unit>";
    let pairs = read("m.xlf", &xliff1(unit));
    assert_eq!(pairs.units[0].source.plain, "een bus");
    is(
        codes(&pairs.units[0].source),
        &[
            (1, Open, "<g id=\"k\">"),
            (1, Close, "</g>"),
            (2, Empty, "{{n}}"),
        ],
    );
    assert_eq!(pairs.units[0].target.codes[0].id, 2);
    let unit = "<unit id=\"1\"><originalData><data id=\"x\">&lt;b></data><data id=\"y\">&lt;/b></data></originalData><segment><source>a<pc id=\"p\" dataRefStart=\"x\" dataRefEnd=\"y\">b</pc><cp hex=\"001f\"/>c<sc id=\"3\"/>d<ec startRef=\"3\"/></source></segment></unit>";
    let pairs = read("m.xlf", &xliff2(unit));
    assert_eq!(pairs.units[0].source.plain, "ab cd");
    is(
        codes(&pairs.units[0].source),
        &[
            (1, Open, "<b>"),
            (1, Close, "</b>"),
            (2, Empty, "<cp hex=\"001f\"/>"),
            (3, Open, "<sc id=\"3\"/>"),
            (3, Close, "<ec/>"),
        ],
    );
}

#[test]
fn only_the_changed_word_of_a_memory_differs() {
    let source = tuv("nl-NL", "In Koersk");
    for (seg, wanted) in [
        ("In Koersk", "In Kursk"),
        (
            "<bpt i=\"7\" x=\"3\" type=\"bold\">&lt;b&#62;</bpt>In Koersk<ept i=\"7\"/>&#x2019;s",
            "<bpt i=\"7\" x=\"3\" type=\"bold\">&lt;b&#62;</bpt>In Kursk<ept i=\"7\"/>&#x2019;s",
        ),
        ("<![CDATA[A & Koersk]]>", "A &amp; Kursk"),
        (
            "A &gt; Koersk<ph x=\"2\" type=\"lb\"/>now",
            "A &gt; Kursk<ph x=\"2\" type=\"lb\"/>now",
        ),
        (
            "<hi type=\"x\">Ko<!-- c -->ersk</hi>",
            "<hi type=\"x\">Ku<!-- c -->rsk</hi>",
        ),
        ("Line\r\nKoersk\r\nend", "Line\r\nKursk\r\nend"),
    ] {
        let unit = |seg: &str| {
            tmx(&format!(
                "<tu tuid=\"1\" changedate=\"20240102T030405Z\"><note>Hallo &quot;x&quot;</note><prop type='x-klant'>9</prop>{source}<tuv xml:lang='en-GB' changeid=\"jan\">\r\n<prop type=\"p\">q</prop><seg>{seg}</seg></tuv>{}</tu>",
                tuv("de", "Koersk")
            ))
        };
        let found = exchanged("m.tmx", &unit(seg), "Koersk", "Kursk");
        if seg.contains("\r\n") {
            assert!(found.contains("Kursk"), "{found}");
        } else {
            assert_eq!(found, unit(wanted));
        }
    }
}

#[test]
fn only_the_changed_word_of_an_xliff_differs() {
    let one = |target: &str| {
        xliff1(&format!(
            "<group resname=\"kop\"><trans-unit id=\"t1\" resname=\"a\" maxwidth=\"40\" own:x=\"1\" xmlns:own=\"urn:own\"><source>In <g id=\"1\" ctype=\"bold\">Koersk</g></source>\n<!-- c -->{target}<note>Let op</note><alt-trans><target>Koersk</target></alt-trans><own:data/></trans-unit></group>"
        ))
    };
    let target = "<target state='translated' xml:lang=\"en-GB\">In <g id=\"1\" ctype=\"bold\">Koersk</g> <mrk mtype=\"x-own\" comment=\"&lt;\">now</mrk></target>";
    assert_eq!(
        exchanged("m.xliff", &one(target), "Koersk", "Kursk"),
        one(&target.replace("Koersk", "Kursk"))
    );
    let two = |word: &str| {
        xliff2(&format!(
            "<notes><note id=\"n\">Let op</note></notes><unit id=\"u\" name=\"k\"><notes><note>x</note></notes><originalData><data id=\"d\">%s</data></originalData><segment id=\"a\" state=\"translated\"><source>In <ph id=\"q\" dataRef=\"d\" canDelete=\"no\"/> Koersk</source><target>In <ph id=\"q\" dataRef=\"d\" canDelete=\"no\"/> <mrk id=\"m\" type=\"term\">{word}</mrk></target></segment><ignorable><source> </source></ignorable><segment><source>Ja</source><target>Yes {word}</target></segment></unit>"
        ))
    };
    assert_eq!(
        exchanged("m.xlf", &two("Koersk"), "Koersk", "Kursk"),
        two("Kursk")
    );
}

#[test]
fn segments_and_states_of_trados_and_memoq_are_read_and_written() {
    let unit = |word: &str, level: &str| {
        xliff1(&format!(
            "<trans-unit id=\"g\"><source>Ja. Nee.</source><seg-source><mrk mtype=\"seg\" mid=\"1\">Ja.</mrk> <mrk mtype=\"seg\" mid=\"2\">Nee.</mrk></seg-source><target><mrk mtype=\"seg\" mid=\"1\">{word}.</mrk> <mrk mtype=\"seg\" mid=\"2\"/></target><sdl:seg-defs xmlns:sdl=\"urn:sdl\"><sdl:seg id=\"1\" conf=\"{level}\" origin=\"nmt\"/><sdl:seg id=\"2\"/></sdl:seg-defs></trans-unit>"
        ))
    };
    let text = unit("Yes", "Draft");
    let mut units = read("m.sdlxliff", &text).units;
    assert_eq!(
        units.iter().map(|u| &*u.id).collect::<Vec<_>>(),
        ["g.s1", "g.s2"]
    );
    assert_eq!(units[0].state, State::NeedsReview);
    assert_eq!(units[0].origin, Origin::Engine("mt".into()));
    assert_eq!(units[1].state, State::Untranslated);
    units[0].target = "Yeah.".into();
    units[0].state = State::Approved;
    let pair = LangPair::default();
    let back = rewrite_pairs(text.as_bytes(), "m.sdlxliff", "sdlxliff", &pair, &units);
    let back = String::from_utf8(back.unwrap().unwrap()).unwrap();
    assert_eq!(back, unit("Yeah", "ApprovedTranslation"));
    units[1].target = "No.".into();
    let back = rewrite_pairs(text.as_bytes(), "m.sdlxliff", "xlf", &pair, &units);
    let back = String::from_utf8(back.unwrap().unwrap()).unwrap();
    assert!(
        back.contains("<mrk mtype=\"seg\" mid=\"2\">No.</mrk>"),
        "{back}"
    );
    let memoq = xliff1(
        "<trans-unit id=\"1\" mq:status=\"NotStarted\" xmlns:mq=\"urn:mq\"><source>Ja</source><target/></trans-unit>",
    );
    let mut units = read("m.mqxliff", &memoq).units;
    units[0].target = "Yes & no".into();
    units[0].state = State::Translated;
    let back = rewrite_pairs(memoq.as_bytes(), "m.mqxliff", "xlf", &pair, &units);
    let back = String::from_utf8(back.unwrap().unwrap()).unwrap();
    let wanted = memoq
        .replace("NotStarted", "ManuallyConfirmed")
        .replace("<target/>", "<target>Yes &amp; no</target>");
    assert_eq!(back, wanted);
}

#[test]
fn a_target_is_added_where_there_is_none() {
    let pair = LangPair::default();
    for (text, wanted) in [
        (
            xliff1("<trans-unit id=\"1\"><source>Ja</source></trans-unit>"),
            xliff1(
                "<trans-unit id=\"1\" approved=\"yes\"><source>Ja</source><target state=\"final\">Yes</target></trans-unit>",
            ),
        ),
        (
            xliff1(
                "<trans-unit id=\"1\"><source>Ja</source><target state=\"new\">Ja</target></trans-unit>",
            ),
            xliff1(
                "<trans-unit id=\"1\" approved=\"yes\"><source>Ja</source><target state=\"final\">Yes</target></trans-unit>",
            ),
        ),
        (
            xliff2("<unit id=\"1\"><segment><source>Ja</source></segment></unit>"),
            xliff2(
                "<unit id=\"1\"><segment state=\"final\"><source>Ja</source><target>Yes</target></segment></unit>",
            ),
        ),
    ] {
        let mut units = read("m.xlf", &text).units;
        assert_eq!(units[0].state, State::Untranslated);
        units[0].target = "Yes".into();
        units[0].state = State::Approved;
        let back = rewrite_pairs(text.as_bytes(), "m.xlf", "xlf", &pair, &units);
        assert_eq!(String::from_utf8(back.unwrap().unwrap()).unwrap(), wanted);
    }
}

#[test]
fn the_encoding_of_a_file_stays() {
    let text = tmx(&format!(
        "<tu>{}{}</tu>",
        tuv("nl", "é Koersk"),
        tuv("en", "é Koersk")
    ));
    let latin = text.replace(
        "<?xml version=\"1.0\"?>",
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>",
    );
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(&latin);
    let wide: Vec<u8> = format!("\u{feff}{text}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = format!("\u{feff}{text}").into_bytes();
    let pair = LangPair::default();
    for bytes in [latin.to_vec(), wide, marked] {
        let mut units = read_pairs(&bytes, "m.tmx", None, &pair).unwrap().units;
        let same = rewrite_pairs(&bytes, "m.tmx", "tmx", &pair, &units)
            .unwrap()
            .unwrap();
        assert_eq!(same, bytes);
        units[0].target = "é Koers→".into();
        let other = rewrite_pairs(&bytes, "m.tmx", "tmx", &pair, &units)
            .unwrap()
            .unwrap();
        let again = read_pairs(&other, "m.tmx", None, &pair).unwrap().units;
        assert_eq!(again[0].target, units[0].target);
    }
}

#[test]
fn half_of_a_lost_pair_is_not_written() {
    let mut unit = read("m.xlf", &xliff1("<trans-unit id=\"1\"><source><g id=\"1\">Ja</g></source><target><g id=\"1\">Yes</g></target></trans-unit>")).units.remove(0);
    unit.target.codes.remove(1);
    let about = About {
        source_lang: "nl".into(),
        target_lang: "en".into(),
        ..About::default()
    };
    for (kind, xliff2) in [("tmx", false), ("xlf", false), ("xlf", true)] {
        let about = About {
            xliff2,
            ..about.clone()
        };
        let bytes = write_pairs(kind, std::slice::from_ref(&unit), &[], &about).unwrap();
        let back = read(&format!("m.{kind}"), std::str::from_utf8(&bytes).unwrap());
        assert_eq!(back.units[0].source.codes.len(), 2);
        assert!(back.units[0].target.codes.is_empty(), "{kind}");
    }
}

/// A text with codes that an exchange file can hold.
fn text() -> impl Strategy<Value = Text> {
    let part = prop_oneof![
        Just("woord".to_owned()),
        Just("&<>\"".to_owned()),
        Just(" é ".to_owned()),
        Just("\n".to_owned())
    ];
    let label = prop_oneof![Just(""), Just("b"), Just("br"), Just("link"), Just("tab")];
    let piece = (part, 0..3_u8, label, 1..4_u32);
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| {
        let mut text = Text::default();
        for (index, (part, kind, label, id)) in pieces.into_iter().enumerate() {
            text.plain.push_str(&part);
            let kind = [CodeKind::Open, CodeKind::Close, CodeKind::Empty][usize::from(kind)];
            let label = if kind == CodeKind::Empty || label == "link" {
                label
            } else {
                "b"
            };
            text.codes.push(crate::bitext::Code {
                at: text.plain.len(),
                // A number is one code's: pairs and lone ones do not share any.
                id: if kind == CodeKind::Empty {
                    10 + index as u32
                } else {
                    id
                },
                kind,
                data: format!("<{id}>"),
                label: if kind == CodeKind::Close {
                    String::new()
                } else {
                    label.to_owned()
                },
            });
        }
        text
    })
}

proptest! {
    /// What was read once is read again after it was written, in every format that holds codes.
    #[test]
    fn reading_writing_and_reading_is_exact(source in text(), target in text()) {
        let unit = Unit {
            id: "1".into(),
            within: Span::new(0, source.plain.len()),
            source,
            target,
            state: State::Translated,
            ..Unit::default()
        };
        let is_doubled = |text: &Text| text.code_set().windows(2).any(|pair| pair[0] == pair[1]);
        let is_doubled = is_doubled(&unit.source) || is_doubled(&unit.target);
        for (kind, xliff2) in [("tmx", false), ("xlf", false), ("xlf", true)] {
            if xliff2 && is_doubled {
                // An id stands once in XLIFF 2: the second code gets another.
                continue;
            }
            let about = About {
                source_lang: "nl".into(),
                target_lang: "en".into(),
                original: "a".into(),
                xliff2,
                ..About::default()
            };
            let write = |units: &[Unit]| {
                String::from_utf8(write_pairs(kind, units, &[], &about).unwrap()).unwrap()
            };
            let first = write(std::slice::from_ref(&unit));
            let mut once = read(&format!("m.{kind}"), &first).units;
            let second = write(&once);
            let twice = read(&format!("m.{kind}"), &second).units;
            // The digest is of the text that was written: nobody changed it since.
            for unit in twice.iter().filter(|unit| unit.state != State::Untranslated) {
                prop_assert_eq!(unit.base.as_deref(), Some(&*unit.text_digest()));
            }
            for (once, twice) in once.iter_mut().zip(&twice) {
                once.base.clone_from(&twice.base);
            }
            prop_assert_eq!(&once, &twice, "{}\n{}", first, second);
        }
    }
}
