//! Tests of SRT and WebVTT.

use super::super::{encode, read, write};
use super::*;
use crate::bitext::Document;

const SRT: &str = "1\r\n00:00:01,000 --> 00:00:03,400\r\nDe brug bij het dorp wordt\r\n\r\n\
    2\r\n00:00:03,500 --> 00:00:06,200\r\nvolgend jaar <i>helemaal</i>\r\nopnieuw gebouwd.\r\n\r\n\
    3\r\n00:00:06,300 --> 00:00:08,000\r\n- Waarom nu?\r\n- Er is geld.\r\n\r\n\
    4\r\n00:00:09,000 --> 00:00:10,000\r\n{\\an8}♪ muziek ♪\r\n";

const VTT: &str = "WEBVTT\nLanguage: nl\n\nNOTE niet lezen\n\n\
    een\n00:01.000 --> 00:04.000 line:0\n<v Anna>Het water &amp; de <c.geel>wind</c> nemen\n\n\
    00:04.100 --> 00:07.000 line:0\n<v Anna>vandaag toe.\n";

fn opened(text: &str, name: &str) -> Document {
    let mut document = read(text.as_bytes(), Some(name), None, &Lang::new("nl")).unwrap();
    document.target = Some(Lang::new("en"));
    document
}

fn plains(document: &Document) -> Vec<&str> {
    document
        .blocks
        .iter()
        .map(|block| &*block.text.plain)
        .collect()
}

/// The edition with these texts, its codes where they were.
fn edition(document: &Document, texts: &[&str]) -> (String, Option<Notice>) {
    let texts: Vec<Text> = std::iter::zip(&document.blocks, texts)
        .map(|(block, text)| {
            let mut own = block.text.clone();
            own.plain = (*text).to_owned();
            for code in &mut own.codes {
                code.at = code.at.min(own.plain.len());
            }
            own
        })
        .collect();
    let written = write(document, &texts).unwrap();
    let (bytes, notice) = encode(document, &written.parts).unwrap();
    (String::from_utf8(bytes).unwrap(), notice)
}

#[test]
fn a_sentence_over_two_cues_is_one_text_and_speakers_are_one_each() {
    let document = opened(SRT, "a.srt");
    assert_eq!(
        plains(&document),
        [
            "De brug bij het dorp wordt volgend jaar helemaal opnieuw gebouwd.",
            "Waarom nu?",
            "Er is geld.",
            "muziek",
        ]
    );
    assert!(document.blocks.iter().all(|block| block.role == Role::Cue));
    assert_eq!(document.blocks[0].text.codes.len(), 2);
    let vtt = opened(VTT, "a.vtt");
    assert_eq!(plains(&vtt), ["Het water & de wind nemen vandaag toe."]);
}

#[test]
fn the_english_is_cut_into_the_same_cues() {
    let document = opened(SRT, "a.srt");
    let english = "The bridge near the village will be completely rebuilt next year.";
    let (written, notice) = edition(
        &document,
        &[english, "Why now?", "There is money.", "music"],
    );
    let cues = cues::read(&written, SubtitleDialect::Srt);
    let times = |text: &str| -> Vec<(u64, u64)> {
        let cues = cues::read(text, SubtitleDialect::Srt);
        cues.iter().map(|cue| (cue.from, cue.to)).collect()
    };
    assert_eq!(times(&written), times(SRT));
    assert_eq!(cues[0].body.of(&written), "The bridge near the village");
    assert!(written.contains("- Why now?\r\n- There is money.\r\n"));
    assert!(written.ends_with("{\\an8}♪ music ♪\r\n"));
    assert!(
        !written.replace("\r\n", "").contains('\n'),
        "line ends stay"
    );
    assert_eq!(notice, None);
}

#[test]
fn cues_that_became_too_fast_are_named() {
    let document = opened(SRT, "a.srt");
    let long =
        "This is a sentence that nobody on earth can read in the second that there is for it.";
    let texts = ["Short one here.", long, "Yes.", "music"];
    let (_, notice) = edition(&document, &texts);
    let message = notice.unwrap().message;
    assert!(message.starts_with("1 cues of the edition"), "{message}");
    assert!(message.contains("00:06"), "{message}");
}

#[test]
fn tags_do_not_reach_from_one_cue_into_the_next() {
    let document = opened(SRT, "a.srt");
    let mut text = document.blocks[0].text.clone();
    text.plain = "The bridge near the village will be completely rebuilt next year.".into();
    text.codes[0].at = 0;
    text.codes[1].at = text.plain.len();
    let mut texts: Vec<Text> = document
        .blocks
        .iter()
        .map(|block| block.text.clone())
        .collect();
    texts[0] = text;
    let written = write(&document, &texts).unwrap().parts.concat();
    let cues = cues::read(&written, SubtitleDialect::Srt);
    for cue in &cues[..2] {
        let lines: String = cue.lines.iter().map(|line| line.of(&written)).collect();
        assert_eq!(lines.matches("<i>").count(), 1, "{written}");
        assert_eq!(lines.matches("</i>").count(), 1, "{written}");
    }
}

#[test]
fn header_voices_and_notes_stay_and_the_language_is_set() {
    let document = opened(VTT, "a.vtt");
    let (written, _) = edition(&document, &["The water & the wind rise <today>."]);
    assert!(written.starts_with(
        "WEBVTT\nLanguage: en\n\nNOTE niet lezen\n\neen\n00:01.000 --> 00:04.000 line:0\n<v Anna>"
    ));
    assert!(
        written.contains("&amp;") && written.contains("&lt;today>"),
        "{written}"
    );
    assert_eq!(written.matches("<v Anna>").count(), 2);
}

#[test]
fn broken_files_come_back_as_they_were() {
    for text in [
        "",
        "1\n",
        "00:00:01,000 --> x\nTekst",
        "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>Half\n\nNog wat",
        "WEBVTT\n\n99:99:99:99.9 --> 00:00.0\n{\\an8\n<",
        "1\r00:01,0 --> 99999999999999999999:00,0\rx\r\r",
    ] {
        for name in ["a.srt", "a.vtt"] {
            let document = read(text.as_bytes(), Some(name), None, &Lang::new("nl")).unwrap();
            let texts: Vec<Text> = document
                .blocks
                .iter()
                .map(|block| block.text.clone())
                .collect();
            assert_eq!(
                write(&document, &texts).unwrap().parts.concat(),
                text,
                "{name}"
            );
            let empty: Vec<Text> = texts.iter().map(|_| Text::default()).collect();
            write(&document, &empty).unwrap();
        }
    }
}
