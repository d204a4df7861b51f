//! One definition of "the same text": the plan counts exactly what a run sends, units that differ in
//! markup alone are sent once and keep their own markup, and a second run sends nothing.

use overzet::bitext::{Code, LangPair, Text};
use overzet::engine::{BoxFuture, CancelToken, Draft, Engine, Limits, Progress, Request};
use overzet::format::{self, About};
use overzet::memory::Store;
use overzet::pipeline::{
    self, DocumentInput, FallbackEngines, Furniture, Resources, SendLimits, Sending, Translation,
};
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::Glossary;
use proptest::prelude::*;
use std::sync::Mutex;

/// An engine that answers in capitals, keeps codes beside their words, and notes what it was sent.
struct Capitals {
    name: &'static str,
    takes_terms: bool,
    /// Whether terms get lost on the way.
    loses_terms: bool,
    texts: usize,
    /// Texts and characters of every request.
    sent: Mutex<Vec<(usize, u64)>>,
}

impl Capitals {
    fn new(name: &'static str, takes_terms: bool, loses_terms: bool, texts: usize) -> Self {
        Self {
            name,
            takes_terms,
            loses_terms,
            texts,
            sent: Mutex::default(),
        }
    }

    /// Requests, texts and characters since the last call.
    fn taken(&self) -> (usize, usize, u64) {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        (
            sent.len(),
            sent.iter().map(|(texts, _)| texts).sum(),
            sent.iter().map(|(_, characters)| characters).sum(),
        )
    }

    fn draft(&self, text: &Text) -> Text {
        let english = |dutch: &str| {
            let kept = if self.loses_terms {
                dutch.replace("Koersk", "daar")
            } else {
                dutch.to_owned()
            };
            kept.to_uppercase()
        };
        let codes = text.codes.iter().map(|code| Code {
            at: english(&text.plain[..code.at]).len(),
            ..code.clone()
        });
        Text {
            plain: english(&text.plain),
            codes: codes.collect(),
        }
    }
}

impl Engine for Capitals {
    fn name(&self) -> &str {
        self.name
    }
    fn limits(&self) -> Limits {
        Limits {
            texts: self.texts,
            bytes: 2_000,
            characters: 1_000,
            concurrency: 2,
        }
    }
    fn takes_terms(&self) -> bool {
        self.takes_terms
    }
    fn translate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Vec<Draft>> {
        let texts = || request.items.iter().map(|item| &item.text);
        let characters = texts().map(|text| text.plain.chars().count() as u64).sum();
        self.sent
            .lock()
            .unwrap()
            .push((request.items.len(), characters));
        let draft = |item: &&overzet::engine::Item| Draft::new(item.id, self.draft(&item.text));
        let drafts: Vec<Draft> = request.items.iter().map(draft).collect();
        Box::pin(std::future::ready(Ok(drafts)))
    }
}

/// Sentences in three pieces; the one in the middle is marked up.
const SENTENCES: [[&str; 3]; 5] = [
    ["Lees ", "de kaart", " van Koersk goed."],
    ["In ", "Koersk", " is het stil."],
    ["", "Eén brug", " is dicht."],
    // The same with the accent as a character of its own.
    ["", "E\u{301}e\u{301}n brug", " is dicht."],
    ["Op 3 mei\nis de ", "markt", " dicht."],
];

/// A sentence of the document: which, how it is marked up, with which address, and in which block.
type Sentence = (usize, usize, usize, usize);

fn html(sentences: &[Sentence]) -> String {
    let block = |&(which, markup, url, block): &Sentence| {
        let [before, inner, after] = SENTENCES[which];
        let (open, close) = [
            (format!("<a href=\"https://example.org/{url}\">"), "</a>"),
            ("<b>".into(), "</b>"),
            (String::new(), ""),
            (format!("<img src=\"https://example.org/{url}\">"), ""),
        ][markup]
            .clone();
        let name = ["p", "h1", "li", "td"][block];
        format!("<{name}>{before}{open}{inner}{close}{after}</{name}>\n")
    };
    sentences.iter().map(block).collect()
}

fn markdown(sentences: &[Sentence]) -> String {
    let block = |&(which, markup, url, block): &Sentence| {
        let [before, inner, after] = SENTENCES[which];
        let inner = match markup {
            0 => format!("[{inner}](https://example.org/{url})"),
            1 => format!("**{inner}**"),
            2 => inner.to_owned(),
            _ => format!("![](https://example.org/{url}){inner}"),
        };
        let sentence = format!("{before}{inner}{after}");
        let is_title = block == 1 && !sentence.contains('\n');
        let mark = match block {
            1 if is_title => "# ",
            2 => "- ",
            _ => "",
        };
        format!("{mark}{sentence}\n\n")
    };
    sentences.iter().map(block).collect()
}

/// Everything that a run is given beside its document.
struct Bench {
    splitter: Splitter,
    glossary: Glossary,
    store: Store,
    engine: Capitals,
    second: Option<Capitals>,
}

impl Bench {
    fn new(takes_terms: bool, loses_terms: bool, texts: usize, second: bool) -> Self {
        let pair = LangPair::default();
        // In headlines the term is another entry: the same text may have other terms.
        let glossary = "nl\ten\tpolicy\twhen\tnote\nKoersk\tKursk\texact\t\t\n\
                        Koersk\tKursk\texact\trole=headline\tin headlines\n";
        Self {
            splitter: Splitter::new(&pair.source, &SplitOptions::default()).unwrap(),
            glossary: Glossary::parse("g.tsv", glossary).unwrap(),
            store: Store::in_memory().unwrap(),
            engine: Capitals::new("first", takes_terms, loses_terms, texts),
            second: second.then(|| Capitals::new("second", false, loses_terms, 3)),
        }
    }

    /// The plan and the run of a document: (requests, texts, characters) of the plan, at most so many
    /// texts and characters by the fallback, and the translation.
    fn run(&self, text: &str, name: &str) -> ((usize, usize, u64), (usize, u64), Translation) {
        let with = Resources {
            furniture: Furniture::Translate,
            ..Resources::new(
                LangPair::default(),
                &self.splitter,
                &self.glossary,
                &self.store,
            )
        };
        let stop = CancelToken::default();
        let second = self.second.as_ref();
        let sending = Sending {
            fallback: FallbackEngines {
                post_editor: None,
                second: second.map(|engine| (engine as &dyn Engine, None)),
            },
            ..Sending::new(&self.engine, None, &stop)
        };
        let input = || DocumentInput::named(text.as_bytes(), name);
        let limits = SendLimits::default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        // A server runs many lines on many threads.
        fn movable<T: Send>(future: T) -> T {
            future
        }
        let plan = movable(pipeline::plan(input(), &with, Some(&sending), &limits));
        let plan = runtime.block_on(plan).unwrap();
        assert_eq!(self.taken(), [(0, 0, 0); 2], "a plan sends nothing");
        let done = movable(pipeline::translate(input(), &with, Some(&sending), &limits));
        let done = runtime.block_on(done).unwrap();
        (
            (
                plan.engine.requests,
                plan.engine.texts,
                plan.engine.characters,
            ),
            (plan.fallback_texts, plan.fallback_characters),
            done,
        )
    }

    /// What both engines were sent since the last call.
    fn taken(&self) -> [(usize, usize, u64); 2] {
        [
            self.engine.taken(),
            self.second.as_ref().map_or((0, 0, 0), Capitals::taken),
        ]
    }
}

/// How often every address stands in a text, in the order of the addresses.
fn addresses(text: &str) -> Vec<usize> {
    let count = |url: usize| text.matches(&format!("https://example.org/{url}")).count();
    (0..4).map(count).collect()
}

/// The edition and its pairs as they are written.
fn written(done: &mut Translation) -> (String, String) {
    let english = format::edition(&mut done.edition).unwrap().concat();
    let units = &done.edition.units;
    let pairs = format::write_pairs("jsonl", units, &[], &About::default()).unwrap();
    (english, String::from_utf8(pairs).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_plan_counts_what_is_sent_and_a_second_run_sends_nothing(
        sentences in proptest::collection::vec((0..5_usize, 0..4_usize, 0..4_usize, 0..4_usize), 1..12),
        takes_terms in any::<bool>(),
        loses_terms in any::<bool>(),
        second in any::<bool>(),
        texts in 1..5_usize,
    ) {
        for (text, name) in [(html(&sentences), "a.html"), (markdown(&sentences), "a.md")] {
            let bench = Bench::new(takes_terms, loses_terms, texts, second);
            let (planned, at_most, mut done) = bench.run(&text, name);
            let [first, other] = bench.taken();
            let fallback = &done.fallback.run;
            // The engine's own retries are a part of the fallback.
            let own = (
                done.stats.requests as usize - fallback.requests as usize,
                done.stats.texts - fallback.texts,
                done.stats.characters - fallback.characters,
            );
            prop_assert_eq!(planned, own);
            prop_assert_eq!(first.1 + other.1, done.stats.texts);
            prop_assert_eq!(first.2 + other.2, done.stats.characters);
            prop_assert!(fallback.texts <= at_most.0 && fallback.characters <= at_most.1, "{:?} {:?}", fallback, at_most);
            let before = written(&mut done);
            let (planned, at_most, mut again) = bench.run(&text, name);
            prop_assert_eq!(bench.taken(), [(0, 0, 0); 2]);
            prop_assert_eq!((planned, at_most), ((0, 0, 0), (0, 0)));
            prop_assert_eq!(before, written(&mut again));
        }
    }

    #[test]
    fn every_unit_keeps_the_markup_of_its_own_codes(
        sentences in proptest::collection::vec((0..5_usize, 0..4_usize, 0..4_usize, 0..4_usize), 1..12),
        moved in 1..4_usize,
    ) {
        for name in ["a.html", "a.md"] {
            let write = if name == "a.md" { markdown } else { html };
            let bench = Bench::new(false, false, 3, false);
            let elsewhere: Vec<Sentence> = sentences
                .iter()
                .map(|&(which, markup, url, block)| (which, markup, (url + moved) % 4, block))
                .collect();
            for (run, sentences) in [&sentences, &elsewhere].into_iter().enumerate() {
                let text = write(sentences);
                let (_, _, mut done) = bench.run(&text, name);
                let [sent, _] = bench.taken();
                prop_assert!(run == 0 || sent.1 == 0, "a changed address costs a sentence");
                for unit in &done.edition.units {
                    let markup = |text: &Text| -> Vec<String> {
                        let mut data: Vec<String> = text.codes.iter().map(|code| code.data.clone()).collect();
                        data.sort();
                        data
                    };
                    prop_assert_eq!(markup(&unit.source), markup(&unit.target));
                }
                let (english, _) = written(&mut done);
                prop_assert_eq!(addresses(&text), addresses(&english), "{}", english);
            }
        }
    }
}

/// The same sentence in a headline and in a paragraph has other terms: it is another request for an
/// engine that is given them, in the plan, in the run and in the memory.
#[test]
fn terms_are_a_part_of_the_key_for_engines_that_take_them() {
    let text = markdown(&[(1, 2, 0, 1), (1, 2, 0, 0), (1, 2, 0, 0)]);
    for (takes_terms, texts) in [(true, 2), (false, 1)] {
        let bench = Bench::new(takes_terms, false, 5, false);
        let (planned, _, _) = bench.run(&text, "a.md");
        assert_eq!(planned.1, texts);
        assert_eq!(bench.taken()[0].1, texts);
        bench.run(&text, "a.md");
        assert_eq!(bench.taken()[0].1, 0);
    }
}

/// A run that is interrupted after any number of answers keeps them: the next run sends the rest and
/// nothing else, and writes the edition of a run that nobody stopped.
#[test]
fn an_interrupted_run_keeps_its_drafts() {
    let sentences: Vec<Sentence> = (0..5).map(|which| (which, 2, 0, 0)).collect();
    let text = markdown(&sentences);
    let (all, whole) = {
        let bench = Bench::new(false, false, 1, false);
        let mut edition = bench.run(&text, "a.md").2;
        (bench.taken()[0].1, written(&mut edition))
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    for answers in 0..4 {
        let bench = Bench::new(false, false, 1, false);
        let with = Resources {
            furniture: Furniture::Translate,
            ..Resources::new(
                LangPair::default(),
                &bench.splitter,
                &bench.glossary,
                &bench.store,
            )
        };
        let cancel = CancelToken::default();
        let progress = |progress: Progress| {
            if progress.done >= answers {
                cancel.set();
            }
        };
        let sending = Sending {
            progress: &progress,
            ..Sending::new(&bench.engine, None, &cancel)
        };
        let input = DocumentInput::named(text.as_bytes(), "a.md");
        let limits = SendLimits::default();
        let ended = pipeline::translate(input, &with, Some(&sending), &limits);
        let Err(pipeline::Error::Interrupted { done, total }) = runtime.block_on(ended) else {
            panic!("nobody noticed");
        };
        let [(_, sent, _), _] = bench.taken();
        assert!(sent < all && done >= sent && done < total, "{sent} {done}");
        let (planned, _, mut resumed) = bench.run(&text, "a.md");
        assert_eq!((planned.1, bench.taken()[0].1), (all - sent, all - sent));
        assert_eq!(written(&mut resumed), whole);
    }
}
