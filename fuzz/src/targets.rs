//! What is done with hostile bytes: none may panic, hang, fill the memory, or answer with a span that is off the text.
//!
//! `choice` chooses among formats or engines. The fuzz targets and `tests/hostile.rs` both stand on this file.
#![allow(
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    reason = "a panic is what is looked for"
)]

use overzet::bitext::{Edition, Lang, LangPair, Origin, State, Text, Unit};
use overzet::check::{self, CheckContext};
use overzet::engine::{
    Clock, ENGINES, Engine, EngineSettings, EngineValue, HttpClient, HttpOptions, Item, Request,
};
use overzet::format;
use overzet::segment::{SplitOptions, Splitter, srx};
use overzet::term::{self, Glossary};
use std::future::Future;
use std::io::{Read, Write};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

/// Names of documents, one per format.
pub const DOCUMENTS: [&str; 4] = ["a.txt", "a.md", "a.html", "a.xhtml"];
/// Formats of pairs.
pub const PAIRS: [&str; 5] = ["jsonl", "tsv", "csv", "tmx", "xlf"];
/// Names of glossaries, one per format.
pub const GLOSSARIES: [&str; 2] = ["g.tsv", "g.csv"];
/// Languages: two with data, one without.
pub const LANGUAGES: [&str; 3] = ["nl", "en", "fr"];

/// Reads a document, writes it back, and writes it changed.
pub fn document(choice: usize, bytes: &[u8]) {
    let name = DOCUMENTS[choice % DOCUMENTS.len()];
    let Ok(document) = format::read(bytes, Some(name), None, &Lang::new("nl")) else {
        return;
    };
    let texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
    let written = format::write(&document, &texts).unwrap();
    assert_eq!(format::encode(&document, &written.parts).unwrap().0, bytes);
    for text in &texts {
        assert!(text.codes.iter().all(|c| text.plain.is_char_boundary(c.at)));
    }
    let changed: Vec<Text> = texts
        .iter()
        .map(|t| Text::from(t.plain.to_uppercase()))
        .collect();
    let _ = format::write(&document, &changed);
}

/// Takes a document the way of every run, with an engine that echoes and with one that marks its texts and
/// moves the codes to their end.
pub fn edition(choice: usize, bytes: &[u8]) {
    let name = DOCUMENTS[choice % DOCUMENTS.len()];
    let Ok(document) = format::read(bytes, Some(name), None, &Lang::new("nl")) else {
        return;
    };
    let splitter = Splitter::new(&Lang::new("nl"), &SplitOptions::default()).unwrap();
    for marks in [false, true] {
        let mut units = overzet::segment::split(&document, &splitter);
        for unit in &mut units {
            unit.target = unit.source.clone();
            unit.origin = Origin::Engine("own".into());
            unit.state = State::Translated;
            if marks {
                unit.target.plain = format!("*{}]\"", unit.source.plain);
                let end = unit.target.plain.len();
                unit.target.codes.iter_mut().for_each(|code| code.at = end);
            }
        }
        let mut edition = Edition {
            document: document.clone(),
            units,
        };
        let parts = format::edition(&mut edition).unwrap();
        for unit in &edition.units {
            let place = unit.target_span.unwrap();
            assert!(place.end <= parts[0].len() && place.start <= place.end);
        }
        if !marks {
            assert_eq!(format::encode(&document, &parts).unwrap().0, bytes);
        }
    }
}

/// Formats of other tools into which targets are written.
pub const REWRITTEN: [&str; 2] = ["tmx", "xlf"];

/// Writes the targets of a file into it, as they were and changed. What was written can be read.
pub fn rewrite(choice: usize, bytes: &[u8]) {
    let kind = REWRITTEN[choice % REWRITTEN.len()];
    let (name, pair) = (format!("p.{kind}"), LangPair::default());
    let Ok(mut pairs) = format::read_pairs(bytes, &name, None, &pair) else {
        return;
    };
    let rewrite = |units: &[Unit]| format::rewrite_pairs(bytes, &name, kind, &pair, units);
    if let Ok(Some(same)) = rewrite(&pairs.units) {
        assert_eq!(same, bytes, "nothing has changed");
    }
    for unit in &mut pairs.units {
        if !unit.target.is_empty() {
            unit.target.plain.insert_str(0, "<&]]>");
            unit.target.codes.iter_mut().for_each(|code| code.at += 5);
        }
    }
    if let Ok(Some(changed)) = rewrite(&pairs.units) {
        let again = format::read_pairs(&changed, &name, None, &pair).unwrap();
        assert_eq!(again.units.len(), pairs.units.len());
    }
}

/// Reads pairs, judges and checks them, and writes them in every format.
pub fn pairs(choice: usize, bytes: &[u8]) {
    let kind = PAIRS[choice % PAIRS.len()];
    let Ok(mut pairs) = format::read_pairs(bytes, &format!("p.{kind}"), None, &LangPair::default())
    else {
        return;
    };
    let glossary = Glossary::parse("g.tsv", "nl\ten\nEén\tOne\n").unwrap();
    term::find(&mut pairs.units, &glossary);
    term::enforce(&mut pairs.units, &glossary, &|_| 0);
    let pair = LangPair::default();
    let with = CheckContext::new(&glossary, &pair);
    check::run(&mut pairs.units, &with);
    let about = format::About {
        source_lang: "nl".into(),
        target_lang: "en".into(),
        ..format::About::default()
    };
    for kind in PAIRS {
        let _ = format::write_pairs(kind, &pairs.units, &pairs.extra, &about);
    }
}

/// Reads a glossary and enforces it.
pub fn glossary(choice: usize, bytes: &[u8]) {
    let name = GLOSSARIES[choice % GLOSSARIES.len()];
    let Ok(glossary) = Glossary::parse(name, &String::from_utf8_lossy(bytes)) else {
        return;
    };
    let _ = glossary.lint();
    let _ = glossary.digest();
    let mut units = [Unit::translated("In Koersk a;b en Koersks", "In Koersk x")];
    term::find(&mut units, &glossary);
    term::enforce(&mut units, &glossary, &|_| 0);
}

/// Asserts that segments ascend, do not overlap and lie on characters.
fn assert_spans(splitter: &Splitter, text: &str) {
    let mut at = 0;
    for span in splitter.segments(text) {
        assert!(
            span.start >= at && span.end > span.start && text.get(span.start..span.end).is_some()
        );
        at = span.end;
    }
}

/// Reads SRX rules and cuts a text with them.
pub fn rules(_: usize, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for lenient in [false, true] {
        let Ok(rules) = srx::SrxRules::read("r.srx", &text, "nl", lenient) else {
            continue;
        };
        let options = SplitOptions {
            srx: Some(Arc::new(rules)),
            ..SplitOptions::default()
        };
        let splitter = Splitter::new(&Lang::new("nl"), &options).unwrap();
        assert_spans(
            &splitter,
            "Dhr. Bos kwam.  “Ja!” Zij\nniet. (…) aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1. 2.\u{2029}x",
        );
    }
}

/// Cuts text.
pub fn segment(choice: usize, bytes: &[u8]) {
    static SPLITTERS: LazyLock<Vec<Splitter>> = LazyLock::new(|| {
        LANGUAGES
            .iter()
            .map(|lang| Splitter::new(&Lang::new(*lang), &SplitOptions::default()).unwrap())
            .collect()
    });
    let text = String::from_utf8_lossy(bytes);
    assert_spans(&SPLITTERS[choice % SPLITTERS.len()], &text);
}

/// A clock that does not wait, and remembers how long it would have.
#[derive(Default)]
pub struct Counting {
    /// The waits in order.
    pub waits: Mutex<Vec<Duration>>,
}

impl Clock for Counting {
    fn now(&self) -> i64 {
        784_111_777
    }
    fn sleep<'a>(&'a self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        self.waits.lock().unwrap().push(time);
        Box::pin(std::future::ready(()))
    }
    fn random(&self) -> f64 {
        0.5
    }
}

/// A server on the loopback address that gives one canned answer to whatever is asked, and counts how often.
pub struct Canned {
    /// Its address.
    pub address: String,
    /// How often it was asked.
    pub asked: Arc<Mutex<u32>>,
    answer: Arc<Mutex<Vec<u8>>>,
}

impl Canned {
    /// Starts it; its thread ends with the process. `headers` end with a line end each.
    pub fn new(status: u16, headers: &str, body: &[u8]) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(0));
        let answer = Arc::new(Mutex::new(Vec::new()));
        let canned = Self {
            address,
            asked: Arc::clone(&asked),
            answer: Arc::clone(&answer),
        };
        canned.set(status, headers, body);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                whole_request(&mut stream);
                *asked.lock().unwrap() += 1;
                let answer = answer.lock().unwrap().clone();
                let _ = stream.write_all(&answer);
            }
        });
        canned
    }

    /// Sets the answer.
    pub fn set(&self, status: u16, headers: &str, body: &[u8]) {
        let mut answer = format!(
            "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        )
        .into_bytes();
        answer.extend_from_slice(body);
        *self.answer.lock().unwrap() = answer;
    }
}

/// Reads a request to its end.
fn whole_request(stream: &mut impl Read) {
    let mut bytes = Vec::new();
    let mut part = [0; 4096];
    while let Ok(read @ 1..) = stream.read(&mut part) {
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .to_ascii_lowercase()
            .lines()
            .find_map(|line| line.strip_prefix("content-length: ")?.trim().parse().ok())
            .unwrap_or(0);
        if body.len() >= length {
            return;
        }
    }
}

/// The settings with which an engine speaks to `address`, every secret being `key`.
pub fn settings(engine: &str, address: &str, key: &str) -> EngineSettings {
    let mut settings = EngineSettings::default();
    let entry = ENGINES.iter().find(|entry| entry.name == engine).unwrap();
    for own in entry.keys {
        let is_address = ["_URL", "_ENDPOINT", "_HOST"]
            .iter()
            .any(|end| own.name.ends_with(end));
        let text = match own.name {
            _ if own.secret => key,
            "GOOGLE_CLOUD_PROJECT" => "p",
            _ if is_address => address,
            _ => continue,
        };
        settings.set(
            own.name,
            EngineValue {
                text: text.to_owned(),
                secret: own.secret,
                origin: ".env:1".to_owned(),
            },
        );
    }
    settings
}

/// Engines that speak over the network.
pub fn over_the_network() -> Vec<&'static str> {
    ENGINES
        .iter()
        .filter(|entry| {
            entry.keys.iter().any(|key| {
                ["_URL", "_ENDPOINT", "_HOST"]
                    .iter()
                    .any(|end| key.name.ends_with(end))
            })
        })
        .map(|entry| entry.name)
        .collect()
}

/// An engine with a server that answers it.
struct Talk {
    server: Canned,
    engine: Box<dyn Engine>,
}

/// Gives an engine these bytes as the answer of its service.
pub fn reply(choice: usize, bytes: &[u8]) {
    static TALKS: LazyLock<Vec<Talk>> = LazyLock::new(|| {
        over_the_network()
            .into_iter()
            .map(|name| {
                let server = Canned::new(200, "", b"");
                let clock = Arc::new(Counting::default()) as Arc<dyn Clock>;
                let options = HttpOptions {
                    retries: 0,
                    ..HttpOptions::default()
                };
                let net = HttpClient::new(clock, options).unwrap();
                let entry = ENGINES.iter().find(|entry| entry.name == name).unwrap();
                let engine = entry
                    .build(&settings(name, &server.address, "k"), &net)
                    .unwrap();
                Talk { server, engine }
            })
            .collect()
    });
    let talk = &TALKS[choice % TALKS.len()];
    let status = [200, 400, 403, 429][choice / TALKS.len() % 4];
    talk.server
        .set(status, "content-type: application/json\r\n", bytes);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let items = [1, 2].map(|id| Item {
        id,
        text: Text::from("Eén & twee."),
        terms: Vec::new(),
    });
    let items: Vec<&Item> = items.iter().collect();
    let request = Request {
        pair: &LangPair::default(),
        items: &items,
        before: "",
        after: "",
        own_glossary: true,
    };
    if let Ok(drafts) = runtime.block_on(talk.engine.translate(&request)) {
        for draft in drafts {
            assert!(
                items.iter().any(|item| item.id == draft.id),
                "a draft that nobody asked for"
            );
            assert!(
                draft
                    .text
                    .codes
                    .iter()
                    .all(|code| draft.text.plain.is_char_boundary(code.at))
            );
        }
    }
}
