//! The laws of the product, each as a property: whatever the text, the engine, its faults and the
//! batches.
//!
//! The seventh, that beads are in order and cover both sides, stands with the aligner.

use overzet::bitext::{CodeKind, LangPair, Origin, Severity, State, Text, Unit};
use overzet::engine::{BoxFuture, CancelToken, Draft, Engine, Error, Limits, Request};
use overzet::format::{self, About};
use overzet::memory::Store;
use overzet::pipeline::{
    self, DocumentInput, Furniture, Resources, SendLimits, Sending, Translation,
};
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::Glossary;
use proptest::prelude::*;
use std::sync::atomic::{AtomicU64, Ordering};

/// Documents with something of everything.
const DOCUMENT: &str = "([a-zA-Z0-9 .!?,’‘“”:;()é€-]{1,12}|Koersk |MI6 |dr\\. |o\\.a\\. |\n|\r\n|\n\n|# |- |\\*\\*|`|<b>|</b>|<p>|&amp;|<br>|\\[x\\]\\(y\\)){0,40}";

/// An engine that does everything wrong that a service can, by a seed.
struct Wild {
    seed: AtomicU64,
    /// Share of answers that are wrong, of 16.
    wrong: u64,
    texts: usize,
    sent: AtomicU64,
}

impl Wild {
    fn new(seed: u64, wrong: u64) -> Self {
        Self {
            seed: AtomicU64::new(seed | 1),
            wrong,
            texts: seed as usize % 7 + 1,
            sent: AtomicU64::new(0),
        }
    }

    fn roll(&self, most: u64) -> u64 {
        let mut x = self.seed.load(Ordering::Relaxed);
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        self.seed.store(x, Ordering::Relaxed);
        x % most
    }

    fn answer(&self, request: &Request<'_>) -> Result<Vec<Draft>, Error> {
        self.sent
            .fetch_add(request.items.len() as u64, Ordering::Relaxed);
        let mut drafts: Vec<Draft> = request
            .items
            .iter()
            .map(|item| {
                let mut text = item.text.clone();
                text.plain = format!("“{}”", item.text.plain.to_uppercase());
                text.codes.clear();
                if self.roll(4) > 0 {
                    text.codes.clone_from(&item.text.codes);
                    for code in &mut text.codes {
                        code.at = if code.at == 0 { 0 } else { text.plain.len() };
                    }
                }
                Draft::new(item.id, text)
            })
            .collect();
        if self.roll(16) >= self.wrong {
            return Ok(drafts);
        }
        match self.roll(8) {
            0 => {
                return Err(Error::Mismatch {
                    what: "shape".into(),
                });
            }
            1 => return Err(Error::TooLarge { what: "413".into() }),
            2 => return Err(Error::Refused { what: "no".into() }),
            3 => drafts.truncate(self.roll(drafts.len() as u64 + 1) as usize),
            4 => drafts.reverse(),
            5 => drafts.extend(drafts.clone()),
            6 => drafts.push(Draft::new(9_999, "nobody asked".into())),
            _ => drafts
                .iter_mut()
                .for_each(|draft| draft.text = Text::default()),
        }
        Ok(drafts)
    }
}

impl Engine for Wild {
    fn name(&self) -> &'static str {
        "wild"
    }
    fn limits(&self) -> Limits {
        Limits {
            texts: self.texts,
            bytes: 4_000,
            characters: 2_000,
            concurrency: 3,
        }
    }
    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        Box::pin(std::future::ready(self.answer(request)))
    }
}

/// Takes a document through the line; the units, and the edition with its pairs.
fn line(
    text: &str,
    name: &str,
    engine: &Wild,
    store: &Store,
    glossary: &Glossary,
) -> (Vec<Unit>, String, Vec<u8>) {
    let pair = LangPair::default();
    let splitter = Splitter::new(&pair.source, &SplitOptions::default()).unwrap();
    let with = Resources {
        furniture: Furniture::Translate,
        ..Resources::new(pair, &splitter, glossary, store)
    };
    let stop = CancelToken::default();
    let sending = Sending::new(engine, None, &stop);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let input = DocumentInput::named(text.as_bytes(), name);
    let limits = SendLimits::default();
    let translated = pipeline::translate(input, &with, Some(&sending), &limits);
    let Translation {
        mut edition, stats, ..
    } = runtime.block_on(translated).unwrap();
    assert_eq!(stats.fatal, None);
    let english = format::edition(&mut edition).unwrap().concat();
    // Law c: units out are units in, in the same order.
    let cut = overzet::segment::split(&edition.document, &splitter);
    let sources = |units: &[Unit]| -> Vec<(String, Text)> {
        let source = |unit: &Unit| (unit.id.clone(), unit.source.clone());
        units.iter().map(source).collect()
    };
    assert_eq!(sources(&cut), sources(&edition.units));
    let pairs = format::write_pairs("jsonl", &edition.units, &[], &About::default()).unwrap();
    (edition.units, english, pairs)
}

fn glossary() -> Glossary {
    Glossary::parse(
        "g.tsv",
        "nl\ten\tpolicy\nKoersk\tKursk\texact\nMI6\tMI6\tkeep\n",
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Law a: what was read is written back byte for byte.
    #[test]
    fn a_document_is_written_as_it_was_read(text in DOCUMENT, any in "\\PC{0,40}|\\p{Any}{0,40}") {
        for name in ["a.txt", "a.md", "a.html"] {
            for text in [&text, &any] {
                // NUL says that this is no text.
                let Ok(document) = format::read(text.as_bytes(), Some(name), None, &LangPair::default().source) else {
                    prop_assert!(text.contains('\0'));
                    continue;
                };
                let texts: Vec<Text> = document.blocks.iter().map(|block| block.text.clone()).collect();
                let written = format::write(&document, &texts).unwrap();
                prop_assert_eq!(format::encode(&document, &written.parts).unwrap().0, text.as_bytes());
            }
        }
    }

    /// Law b: the segments of a block and the gaps between them are the block.
    #[test]
    fn segments_and_gaps_are_the_block(text in DOCUMENT) {
        let splitter = Splitter::new(&LangPair::default().source, &SplitOptions::default()).unwrap();
        for name in ["a.txt", "a.md", "a.html"] {
            let document = format::read(text.as_bytes(), Some(name), None, &LangPair::default().source).unwrap();
            for block in &document.blocks {
                let segments = splitter.block(&block.text.plain, block.role);
                let pieces = block.text.cut(&segments);
                let mut whole = Text::default();
                for piece in &pieces {
                    whole.push(piece);
                }
                prop_assert_eq!(&whole, &block.text);
                for (index, piece) in pieces.iter().enumerate() {
                    let is_gap = index % 2 == 0;
                    prop_assert_eq!(is_gap, piece.plain.trim_matches(|c: char| c.is_whitespace() || "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}".contains(c)).is_empty());
                }
            }
        }
    }

    /// Laws c, d and e: units stay, codes and terms are right or there is a finding.
    #[test]
    fn nothing_is_lost_and_what_is_wrong_is_said(text in DOCUMENT, seed in any::<u64>(), wrong in 0_u64..16) {
        for name in ["a.txt", "a.md", "a.html"] {
            let engine = Wild::new(seed, wrong);
            let (units, _, _) = line(&text, name, &engine, &Store::in_memory().unwrap(), &glossary());
            for unit in units {
                if unit.state == State::Untranslated {
                    prop_assert!(unit.target.plain.is_empty() && !unit.findings.is_empty(), "{:?}", unit);
                    continue;
                }
                let set = |text: &Text| -> Vec<(u32, CodeKind)> {
                    let mut set: Vec<_> = text.codes.iter().map(|code| (code.id, code.kind)).collect();
                    set.sort_unstable();
                    set
                };
                let said = |check: &str| unit.findings.iter().any(|finding| finding.check == check);
                prop_assert!(set(&unit.source) == set(&unit.target) || said("codes"), "{:?}", unit);
                for hit in &unit.hits {
                    let right = hit.verdict.is_some_and(|verdict| !verdict.is_violation());
                    prop_assert!(right || said("terms"), "{:?}", unit);
                }
                let error = unit.findings.iter().any(|finding| finding.severity == Severity::Error);
                prop_assert!(!error || unit.state == State::NeedsReview || unit.origin == Origin::Copied, "{:?}", unit);
            }
        }
    }

    /// Law f: a second run over the same input sends nothing and writes the same bytes.
    #[test]
    fn a_second_run_sends_nothing_and_writes_the_same(text in DOCUMENT, seed in any::<u64>()) {
        for name in ["a.txt", "a.md", "a.html"] {
            let store = Store::in_memory().unwrap();
            let glossary = glossary();
            let engine = Wild::new(seed, 0);
            let first = line(&text, name, &engine, &store, &glossary);
            let sent = engine.sent.swap(0, Ordering::Relaxed);
            let waiting = first.0.iter().any(|unit| unit.state == State::Untranslated);
            let again = line(&text, name, &engine, &store, &glossary);
            if !waiting {
                prop_assert_eq!(engine.sent.load(Ordering::Relaxed), 0, "{} texts were sent at first", sent);
                prop_assert_eq!(first, again);
            }
        }
    }
}
