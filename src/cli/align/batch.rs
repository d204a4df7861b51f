//! The batch wire of `align`: one JSON object per line in, one per line out, in order; nothing
//! learned from one may change another.
//!
//! `{"id":"a1","src":["Eerste zin."],"tgt":["First sentence."]}` gives
//! `{"id":"a1","beads":[[[0],[0],0.99]]}`.

use crate::align::{self, AlignOptions, Lexicon, Segment};
use crate::bitext::{Lang, LangPair, Place};
use crate::cli::failure::{Exit, Failure};
use crate::cli::{json_lines, print};
use crate::workflow::align::AlignRun;
use crate::workflow::{Host, NoticeLevel};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct AlignItem {
    id: serde_json::Value,
    src: Vec<String>,
    tgt: Vec<String>,
    mt: Option<Vec<String>>,
    from: Option<String>,
    to: Option<String>,
}

/// A bead: source numbers, target numbers, confidence.
type BeadRow = (Vec<usize>, Vec<usize>, f32);

#[derive(Serialize)]
struct AlignAnswer<'a> {
    id: &'a serde_json::Value,
    beads: Vec<BeadRow>,
}

/// Reads stdin, aligns, and writes the answers.
///
/// Errors: exit 3 for a line that is not such an object; exit 2 where `mt` and `src` differ in number.
pub fn run(run: &AlignRun<'_>, host: &dyn Host) -> Result<Exit, Failure> {
    let input = print::read_lines()?;
    let items = items(&input)?;
    // One lexicon per pair of languages.
    let mut lexicons: BTreeMap<(String, String), (LangPair, Lexicon)> = BTreeMap::new();
    for item in &items {
        let pair = pair(item, &run.pair);
        let key = (pair.source.base(), pair.target.base());
        lexicons.entry(key).or_insert_with(|| {
            let lexicon = run.lexicon(&pair);
            (pair, lexicon)
        });
    }
    // A single text gets all threads, many share them.
    let outer = run.threads.get().min(items.len().max(1));
    let inner = (run.threads.get() / outer).max(1);
    let mut matched: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    print::stream(|out| {
        for some in items.chunks(64 * outer) {
            let answers = align::in_parallel(
                some,
                outer,
                || (),
                |(), item| {
                    let own = pair(item, &run.pair);
                    let key = (own.source.base(), own.target.base());
                    let (pair, lexicon) = &lexicons[&key];
                    let segments = |texts: &'_ [String], base: &str| -> Vec<bool> {
                        texts
                            .iter()
                            .map(|text| align::is_furniture(text, base))
                            .collect()
                    };
                    let furniture = (segments(&item.src, &key.0), segments(&item.tgt, &key.1));
                    let given = AlignOptions {
                        translations: item.mt.as_deref(),
                        threads: inner,
                        ..run.given(pair, lexicon)
                    };
                    let alignment = align::sentences(
                        &Segment::listed(&item.src, &furniture.0),
                        &Segment::listed(&item.tgt, &furniture.1),
                        &given,
                    );
                    (key, alignment)
                },
            );
            for (item, (key, alignment)) in some.iter().zip(answers) {
                let sums = matched
                    .entry(key)
                    .or_insert_with(|| vec![0; alignment.matched.len()]);
                for (sum, count) in sums.iter_mut().zip(&alignment.matched) {
                    *sum += count;
                }
                for doubt in &alignment.input_warnings {
                    host.notify(NoticeLevel::Warning, &format!("{}: {doubt}", item.id));
                }
                let beads = alignment
                    .beads
                    .into_iter()
                    .map(|bead| {
                        let confidence = (bead.confidence * 1000.0).round() / 1000.0;
                        (bead.source.collect(), bead.target.collect(), confidence)
                    })
                    .collect();
                let id = &item.id;
                json_lines::write(out, &AlignAnswer { id, beads })?;
            }
        }
        Ok(())
    })?;
    for (key, counts) in &matched {
        run.report_lexicons(&lexicons[key].1, counts);
    }
    Ok(Exit::Done)
}

fn pair(item: &AlignItem, default: &LangPair) -> LangPair {
    let tag = |own: &Option<String>, default: &Lang| {
        own.as_ref().map_or_else(|| default.clone(), Lang::new)
    };
    LangPair {
        source: tag(&item.from, &default.source),
        target: tag(&item.to, &default.target),
    }
}

fn items(input: &str) -> Result<Vec<AlignItem>, Failure> {
    let mut items: Vec<AlignItem> = Vec::new();
    for item in json_lines::objects("-", input, r#"{"id","src","tgt"}"#) {
        let (at, item): (_, AlignItem) = item?;
        if let Some(mt) = item.mt.as_ref().filter(|mt| mt.len() != item.src.len()) {
            return Err(Failure::usage(format!(
                "line {}: `mt` has {} entries, `src` has {}",
                Place::at("-", input, at, 1).line,
                mt.len(),
                item.src.len()
            )));
        }
        items.push(item);
    }
    Ok(items)
}
