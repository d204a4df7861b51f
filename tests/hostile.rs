//! Every reader is handed hostile bytes: none may panic, hang, or answer with a span that is off the text.
//!
//! The bytes come from seeds that are cut, doubled, spliced and bit-flipped. `OVERZET_FUZZ_SECONDS=300 cargo test --release hostile` runs each target
//! that long; without it each takes a fixed number of rounds.

use crate::targets;
use overzet::bitext::{Lang, Unit};
use overzet::format;
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::{self, Glossary};
use std::time::{Duration, Instant};

/// A small generator; the same seed gives the same bytes.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// Spoils one of the seeds.
fn spoil(seeds: &[&[u8]], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.roll(seeds.len())].to_vec();
    for _ in 0..=dice.roll(6) {
        let at = dice.roll(bytes.len() + 1);
        match dice.roll(7) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] ^= 1 << dice.roll(8),
            2 => {
                let other = seeds[dice.roll(seeds.len())];
                let from = dice.roll(other.len() + 1);
                bytes.splice(at..at, other[from..].iter().copied().take(200));
            }
            3 => {
                let nasty: &[&[u8]] = &[
                    b"\0",
                    b"\xff",
                    b"\xe2\x80",
                    b"<",
                    b"&#",
                    b"\"",
                    b"\t",
                    b"\r\n\r\n",
                    "\u{feff}".as_bytes(),
                    "\u{2029}".as_bytes(),
                    "İ".as_bytes(),
                    b"]]>",
                    b"{{",
                    b"99999999999999999999",
                ];
                bytes.splice(at..at, nasty[dice.roll(nasty.len())].iter().copied());
            }
            4 => {
                let part: Vec<u8> = bytes[at..].iter().copied().take(dice.roll(64)).collect();
                for _ in 0..dice.roll(20) {
                    bytes.splice(at..at, part.iter().copied());
                }
            }
            5 if at < bytes.len() => {
                bytes.remove(at);
            }
            _ => {
                let end = (at + dice.roll(40)).min(bytes.len());
                bytes.drain(at.min(end)..end);
            }
        }
    }
    bytes.truncate(20_000);
    bytes
}

/// Runs a target over spoiled seeds.
#[expect(
    clippy::disallowed_methods,
    reason = "whoever wants a long run says so in the environment"
)]
pub(crate) fn hostile(name: &str, seeds: &[&[u8]], target: impl Fn(&[u8])) {
    let seconds = std::env::var("OVERZET_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse::<u64>().ok());
    let start = Instant::now();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut rounds = 0_u64;
    loop {
        let bytes = spoil(seeds, &mut dice);
        let began = Instant::now();
        target(&bytes);
        let took = began.elapsed();
        assert!(
            took < Duration::from_secs(5),
            "{name} took {took:?} for {:?}",
            String::from_utf8_lossy(&bytes)
        );
        rounds += 1;
        let done = match seconds {
            Some(seconds) => start.elapsed() >= Duration::from_secs(seconds),
            None => rounds >= 1_500 || start.elapsed() >= Duration::from_secs(4),
        };
        if done {
            eprintln!("{name}: {rounds} rounds");
            return;
        }
    }
}

const TEXT: &[u8] = "Kop van het stuk\r\n\r\nDoor Anna Bos\n\n- punt een\n1. punt twee\n\nDrs. J. de Wit zei: “Dat klopt!” In Koersk (’s avonds) kostte het € 1,5 mln.\n".as_bytes();
const MARKDOWN: &[u8] = "---\ntitle: x\n---\n# Kop *schuin*\n\nLees **dit** [hier](http://x \"t\") en `code` ![alt](p.png).\\*\n\n> citaat\n> gaat door\n\n| a | b |\n|---|---|\n| c | d&amp;e |\n\n```\ncode\n```\n<div>html</div>\n".as_bytes();
const HTML: &[u8] = "<!doctype html><html lang=\"nl\"><head><title>Kop</title><style>p{}</style></head><body><h1>Kop &amp; staart</h1><p class='x'>Lees <b>dit <i>nu</i></b> &euro;5<br/>en <a href=\"y>z\">meer</a></p><ul><li>een<li>twee</ul><script>if(a<b){}</script><!-- c --><p translate=\"no\">nee</p></body></html>".as_bytes();

const SRX: &[u8] = b"<srx version=\"2.0\" xmlns=\"http://www.lisa.org/srx20\"><header segmentsubflows=\"yes\" cascade=\"yes\"/><body><languagerules><languagerule languagerulename=\"d\"><rule break=\"no\"><beforebreak>\\b(dhr|Mr)\\.</beforebreak><afterbreak>\\s</afterbreak></rule><rule break=\"yes\"><beforebreak>[.!?]+[\\p{Pf}]?</beforebreak><afterbreak>\\s+(?=\\p{Lu})</afterbreak></rule></languagerule></languagerules><maprules><languagemap languagepattern=\"(nl|NL).*\" languagerulename=\"d\"/></maprules></body></srx>";

/// Answers of the services, as seeds.
const REPLIES: [&[u8]; 7] = [
    br#"{"translations":[{"detected_source_language":"NL","text":"One & two.","billed_characters":8},{"text":"x"}]}"#,
    br#"{"data":{"translations":[{"translatedText":"One &amp; two."},{"translatedText":"x"}]}}"#,
    br#"[{"translations":[{"text":"One","to":"en","alignment":{"proj":"0:2-0:7 4:7-9:12"}}]},{"translations":[{"text":"x"}]}]"#,
    br#"{"value":[{"translations":[{"language":"en","text":"One","sourceCharacters":8}]},{"translations":[{"text":"x"}]}]}"#,
    br#"{"translatedText":["One","x"],"detectedLanguage":{"confidence":90,"language":"nl"}}"#,
    br#"{"choices":[{"message":{"content":"```json\n{\"translations\":[{\"id\":1,\"en\":\"One \u27e61\u27e7\"},{\"id\":2,\"en\":\"x\"}]}\n```","refusal":null},"finish_reason":"stop"}]}"#,
    br#"{"error":{"code":400036,"message":"no","errors":[{"reason":"dailyLimitExceeded"}]},"message":{"content":"[[1]] One\n[[2]] x"},"done_reason":"stop"}"#,
];

#[test]
fn hostile_documents_lose_no_byte() {
    for (choice, seed) in [TEXT, MARKDOWN, HTML, HTML].into_iter().enumerate() {
        let seeds = [
            seed,
            TEXT,
            HTML,
            b"caf\xe9 \x93ja\x94",
            b"\xff\xfeK\0o\0p\0",
        ];
        hostile(targets::DOCUMENTS[choice], &seeds, |bytes| {
            targets::document(choice, bytes);
        });
        hostile(targets::DOCUMENTS[choice], &seeds, |bytes| {
            targets::edition(choice, bytes);
        });
    }
}

#[test]
fn hostile_exchange_files_are_written_whole() {
    let tmx = b"<?xml version=\"1.0\"?>\r\n<!DOCTYPE tmx SYSTEM \"tmx14.dtd\"><tmx version=\"1.4\"><header srclang=\"nl-NL\"/><body><tu tuid=\"1\"><note>x</note><prop type=\"a\">b</prop><tuv xml:lang=\"nl\"><seg>De <bpt i=\"1\">{b}</bpt>tram<ept i=\"1\">{/b}</ept> &amp; <ph x='1'/><![CDATA[<bus>]]><sub>ja</sub></seg></tuv><tuv xml:lang=\"en-GB\"><seg>The <bpt i=\"1\">{b}</bpt>tram<ept i=\"1\">{/b}</ept><!-- c --> &#38; <ph x='1'/><hi>bus</hi></seg></tuv></tu></body></tmx>";
    let first = b"<xliff version=\"1.2\" xmlns=\"urn:oasis:names:tc:xliff:document:1.2\"><file original=\"a\" source-language=\"nl\" target-language=\"en\" datatype=\"html\"><body><group id=\"g\"><trans-unit id=\"1\"><source>In <g id=\"a\">Delft</g><x id=\"b\"/></source><seg-source><mrk mtype=\"seg\" mid=\"1\">In</mrk></seg-source><target state=\"translated\">In <g id=\"a\">Delft</g><x id=\"b\"/></target><note>n</note><alt-trans><target>x</target></alt-trans></trans-unit></group></body></file></xliff>";
    let second = b"<xliff version=\"2.1\" srcLang=\"nl\" trgLang=\"en\" xmlns=\"urn:oasis:names:tc:xliff:document:2.0\"><file id=\"f\"><unit id=\"u\"><notes><note>n</note></notes><originalData><data id=\"d\">&lt;b&gt;</data></originalData><segment id=\"s\" state=\"translated\"><source>De <pc id=\"1\" dataRefStart=\"d\">tram</pc> <ph id=\"2\"/><cp hex=\"0007\"/></source><target>The <pc id=\"1\" dataRefStart=\"d\">tram</pc> <ph id=\"2\"/></target></segment><ignorable><source> </source></ignorable></unit></file></xliff>";
    for (choice, seeds) in [vec![&tmx[..]], vec![&first[..], &second[..]]]
        .iter()
        .enumerate()
    {
        hostile(targets::REWRITTEN[choice], seeds, |bytes| {
            targets::rewrite(choice, bytes);
        });
    }
}

#[test]
fn hostile_pairs_are_read_or_refused() {
    let about = format::About {
        source_lang: "nl".into(),
        target_lang: "en".into(),
        ..format::About::default()
    };
    let mut unit = Unit::translated("Eén & twee", "One & \"two\"");
    unit.id = "b1.s1".into();
    let units = vec![unit.clone(), unit];
    for (choice, kind) in targets::PAIRS.into_iter().enumerate() {
        let seed = format::write_pairs(kind, &units, &[], &about).unwrap();
        let second = format::About {
            xliff2: true,
            ..about.clone()
        };
        let second = format::write_pairs(kind, &units, &[], &second).unwrap();
        hostile(kind, &[&seed, &second], |bytes| {
            targets::pairs(choice, bytes);
        });
    }
}

#[test]
fn hostile_glossaries_are_read_or_refused() {
    let seed = "# c\nid\tnl\tnl_forms\ten\ten_accept\tforbidden\tpolicy\tcase\tarticle\twhen\nA\tKoersk\t!Koersks\tKursk\tKoursk\tKoersk\texact\texact\tkeep\tcountry=US|GB\n".as_bytes();
    let table = "nl;en;note\r\n\"a;b\";\"say \"\"x\"\"\";\r\n".as_bytes();
    for (choice, name) in targets::GLOSSARIES.into_iter().enumerate() {
        hostile(name, &[seed, table], |bytes| {
            targets::glossary(choice, bytes);
        });
    }
}

#[test]
fn hostile_glossary_files_are_read_or_refused() {
    let text = "id\tnl\tnl_forms\ten\ten_accept\tforbidden\turl\tupdated\nA\tKoersk\t!Koersks\tKursk\tKoursk\tKoersk\thttps://a.nl/b\t2026-02-03\nB\t#a;\"b\t\tc|d,e\t\t\t\t\n";
    let glossary = Glossary::parse("g.tsv", text).unwrap();
    for format in term::files::FILES {
        let name = format!("g.{}", format.extensions().first().unwrap_or(&"csv"));
        let seed = format.write(glossary.entries(), &name).unwrap();
        let dct = "<tbx style=\"dct\"><text><body><conceptEntry><langSec xml:lang=\"nl\"><termSec><term>a</term><min:partOfSpeech>noun</min:partOfSpeech></termSec></langSec><langSec xml:lang=\"en\"><termSec><term>b</term></termSec></langSec></conceptEntry></body></text></tbx>";
        hostile(format.name(), &[&seed, dct.as_bytes()], |bytes| {
            let Ok(contents) = format.read(bytes, &name) else {
                return;
            };
            let _ = glossary.compare(&contents);
            let read = Glossary::from(contents.entries);
            let _ = read.lint();
            // What was read can be written, and what was written can be read and added to.
            for other in ["tsv", "tbx", "deepl"] {
                term::files::write(read.entries(), "g", Some(other)).unwrap();
            }
            let mut update = term::files::GlossaryUpdate::default();
            update.new = glossary.entries().to_vec();
            if ["tsv", "csv"].contains(&format.name()) {
                term::files::update(Some(bytes), &name, &update).unwrap();
            }
        });
    }
}

#[test]
fn hostile_rules_are_read_or_refused() {
    hostile(
        "srx",
        &[
            SRX,
            b"<rule break=\"yes\"><beforebreak>(a+)+$</beforebreak></rule>",
        ],
        |bytes| targets::rules(0, bytes),
    );
}

#[test]
fn hostile_text_is_cut_without_loss() {
    let quoted = "‘Ja!’ zei dr. A.B. de Wit... Toen (o.a.) 3 jan. ,,nee''. En nu?".as_bytes();
    for (choice, lang) in targets::LANGUAGES.into_iter().enumerate() {
        hostile(lang, &[TEXT, quoted], |bytes| {
            targets::segment(choice, bytes);
        });
    }
}

#[test]
fn hostile_replies_are_read_or_refused() {
    let engines = targets::over_the_network();
    for (choice, engine) in engines.iter().enumerate() {
        let count = std::cell::Cell::new(0);
        hostile(engine, &REPLIES, |bytes| {
            // Every status in turn.
            count.set(count.get() + engines.len());
            targets::reply(choice + count.get(), bytes);
        });
    }
}

#[test]
fn one_long_line_takes_linear_time() {
    let sentence = "Op 3 jan. kocht dr. De Wit (‘Ja!’) 1.300 euro’s aan <b>o.a.</b> & *brood*. ";
    for name in ["a.txt", "a.md", "a.html"] {
        let time = |count: usize| {
            let text = sentence.repeat(count);
            let began = Instant::now();
            let document =
                format::read(text.as_bytes(), Some(name), None, &Lang::new("nl")).unwrap();
            let splitter = Splitter::new(&Lang::new("nl"), &SplitOptions::default()).unwrap();
            let units = overzet::segment::split(&document, &splitter);
            assert!(!units.is_empty());
            began.elapsed().as_secs_f64()
        };
        time(100);
        let (small, large) = (time(2_000), time(16_000));
        assert!(
            large < small * 8.0 * 4.0 + 0.5,
            "{name}: {small} s for 2,000 sentences, {large} s for 16,000"
        );
    }
}
