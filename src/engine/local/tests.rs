//! The local engine on a model of random weights, which the tests write.

use super::job::{LocalJob, contains};
use super::*;
use crate::bitext::{Code, CodeKind, LangPair, Span, Text};
use crate::engine::{EngineValue, Term};
use crate::nmt::toy_model::{self, Random, SMALL, Storage, text};
use std::collections::BTreeSet;

/// A folder with a model of random weights.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("model.bin", toy_model::model(SMALL, 7, Storage::Int8, "")),
        ("vocab.spm", toy_model::vocab(SMALL)),
        ("lex.bin", toy_model::shortlist(SMALL, 7)),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn engine(folder: &std::path::Path, more: &[(&str, &str)]) -> Result<LocalEngine, Error> {
    let mut settings = EngineSettings::default();
    let folder = folder.display().to_string();
    for (name, text) in [("OVERZET_MODEL", folder.as_str())].iter().chain(more) {
        let value = EngineValue {
            text: (*text).to_owned(),
            secret: false,
            origin: "a test".into(),
        };
        settings.set(name, value);
    }
    LocalEngine::new(&settings)
}

fn item(id: u32, text: impl Into<Text>, terms: Vec<Term>) -> Item {
    Item {
        id,
        text: text.into(),
        terms,
    }
}

fn term(text: &str, dutch: &str, forms: &[&str], bans: &[&str]) -> Term {
    let start = text.find(dutch).unwrap();
    let all = |list: &[&str]| list.iter().map(|form| (*form).to_owned()).collect();
    Term {
        source: dutch.into(),
        target: forms[0].into(),
        forms: all(forms),
        bans: all(bans),
        span: Span::new(start, start + dutch.len()),
        is_name: true,
        note: String::new(),
    }
}

async fn drafts(engine: &LocalEngine, items: &[Item]) -> Result<Vec<Draft>, Error> {
    let items: Vec<&Item> = items.iter().collect();
    let request = Request {
        pair: &LangPair::default(),
        items: &items,
        before: "",
        after: "",
        own_glossary: true,
    };
    engine.translate(&request).await
}

#[tokio::test]
async fn terms_stand_in_the_draft_and_bans_do_not() {
    let folder = folder();
    let engine = engine(folder.path(), &[]).unwrap();
    let texts = [
        "de haven van Koersk en een huis",
        "Koersk en MI6 in de haven",
        "„een huis in Koersk”",
    ];
    let items: Vec<Item> = texts
        .iter()
        .enumerate()
        .map(|(id, text)| {
            item(
                id as u32,
                *text,
                vec![term(text, "Koersk", &["Kursk"], &["Koersk", "had"])],
            )
        })
        .collect();
    let drafts = drafts(&engine, &items).await.unwrap();
    assert_eq!(drafts.len(), items.len());
    for (draft, item) in drafts.iter().zip(&items) {
        let plain = &draft.text.plain;
        assert_eq!(draft.id, item.id);
        assert!(contains(plain, "Kursk"), "{plain}");
        assert!(
            !contains(plain, "Koersk") && !contains(plain, "had"),
            "{plain}"
        );
        let counts = (
            crate::bitext::words(&item.text.plain).len(),
            crate::bitext::words(plain).len(),
        );
        for link in &draft.links {
            assert!(
                (link.source as usize) < counts.0 && (link.target as usize) < counts.1,
                "{link:?}"
            );
        }
        let score = draft.score.unwrap();
        assert!((0.0..=1.0).contains(&score));
        for doubt in &draft.doubts {
            assert!(
                doubt
                    .target
                    .is_none_or(|span| plain.get(span.start..span.end).is_some())
            );
        }
        assert!(draft.alternatives.iter().all(|other| other != plain));
    }
    assert!(drafts[2].text.plain.starts_with('“') && drafts[2].text.plain.ends_with('”'));
}

#[tokio::test]
async fn drafts_are_the_same_for_any_threads_and_any_company() {
    let folder = folder();
    let random = &mut Random(3);
    let items: Vec<Item> = (0..40)
        .map(|id| item(id, text(random, 3 + id as usize % 9), Vec::new()))
        .collect();
    let one = engine(folder.path(), &[("local.threads", "1")]).unwrap();
    let three = engine(folder.path(), &[("local.threads", "3")]).unwrap();
    assert_eq!(one.options(), three.options());
    assert!(one.limits().characters < three.limits().characters);
    let together = drafts(&three, &items).await.unwrap();
    let mut alone = Vec::new();
    for item in &items {
        alone.extend(drafts(&one, std::slice::from_ref(item)).await.unwrap());
    }
    assert_eq!(together, alone);
    let distinct: BTreeSet<&str> = alone.iter().map(|d| d.text.plain.as_str()).collect();
    assert!(
        distinct.len() > 3,
        "a model that always says the same proves nothing"
    );
}

#[tokio::test]
async fn codes_come_out_once_each() {
    let folder = folder();
    let engine = engine(folder.path(), &[]).unwrap();
    let mut text = Text::from("de haven van een huis");
    let code = |at, id, kind| Code {
        at,
        id,
        kind,
        data: String::new(),
        label: "b".into(),
    };
    text.codes = thin_vec::thin_vec![
        code(0, 1, CodeKind::Open),
        code(3, 2, CodeKind::Open),
        code(8, 2, CodeKind::Close),
        code(9, 3, CodeKind::Empty),
        code(21, 1, CodeKind::Close),
    ];
    let drafts = drafts(&engine, &[item(1, text.clone(), Vec::new())])
        .await
        .unwrap();
    assert_eq!(drafts[0].text.code_set(), text.code_set());
    assert!(drafts[0].text.codes.is_sorted_by_key(|code| code.at));
}

#[tokio::test]
async fn a_long_text_says_that_it_was_cut() {
    let folder = folder();
    let engine = engine(folder.path(), &[("local.alternatives", "0")]).unwrap();
    let long = "een huis, ".repeat(60);
    let drafts = drafts(&engine, &[item(1, long.as_str(), Vec::new())])
        .await
        .unwrap();
    assert!(
        drafts[0]
            .doubts
            .iter()
            .any(|doubt| doubt.why.contains("parts")),
        "{:?}",
        drafts[0].doubts
    );
    assert!(drafts[0].alternatives.is_empty());
}

#[tokio::test]
async fn nothing_is_loaded_before_the_first_text_and_a_broken_model_says_where() {
    let folder = folder();
    std::fs::write(folder.path().join("model.bin"), b"no model").unwrap();
    let engine = engine(folder.path(), &[]).unwrap();
    let Err(Error::Model { what }) = drafts(&engine, &[item(1, "huis", Vec::new())]).await else {
        panic!("a broken model was taken");
    };
    assert!(
        what.contains("model.bin") && what.contains("byte"),
        "{what}"
    );
}

#[test]
fn what_changes_a_draft_changes_the_options() {
    let (first, second) = (folder(), folder());
    let options = |folder: &tempfile::TempDir, more: &[(&str, &str)]| {
        let options = engine(folder.path(), more).unwrap().options();
        // The folder's name is not part of the model.
        options.split_once(' ').unwrap().1.to_owned()
    };
    let plain = options(&first, &[]);
    assert_eq!(options(&second, &[]), plain);
    assert_ne!(options(&first, &[("local.shortlist", "off")]), plain);
    std::fs::write(
        second.path().join("model.bin"),
        toy_model::model(SMALL, 8, Storage::Int8, ""),
    )
    .unwrap();
    assert_ne!(options(&second, &[]), plain);
}

#[test]
fn a_folder_without_a_model_and_a_setting_without_sense_are_told_at_once() {
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(
        engine(empty.path(), &[]),
        Err(Error::Model { .. })
    ));
    let folder = folder();
    for (name, text) in [("local.threads", "many"), ("local.kernel", "abacus")] {
        assert!(
            matches!(
                engine(folder.path(), &[(name, text)]),
                Err(Error::Configuration { .. })
            ),
            "{name}"
        );
    }
    assert!(matches!(
        LocalEngine::new(&EngineSettings::default()),
        Err(Error::Configuration { .. })
    ));
}

#[test]
fn a_ban_that_is_part_of_a_form_is_no_ban() {
    let text = "Kiev en de Oblast Kiev";
    let item = item(
        1,
        text,
        vec![
            term(text, "Kiev", &["Kyiv"], &["Kiev", "kiev"]),
            term(text, "Oblast Kiev", &["Kiev Oblast"], &[]),
        ],
    );
    assert_eq!(LocalJob::new(&item, 0).request.ban, ["kiev"]);
}

#[tokio::test]
async fn a_text_that_is_a_term_is_that_term() {
    let folder = folder();
    let engine = engine(folder.path(), &[]).unwrap();
    let texts = ["„Staakt-het-vuren”", "STAAKT-HET-VUREN"];
    let items: Vec<Item> = (0..2)
        .map(|at| {
            let dutch = texts[at].trim_matches(['„', '”']);
            item(
                at as u32,
                texts[at],
                vec![term(texts[at], dutch, &["cease-fire"], &[])],
            )
        })
        .collect();
    let drafts = drafts(&engine, &items).await.unwrap();
    let plain: Vec<&str> = drafts
        .iter()
        .map(|draft| draft.text.plain.as_str())
        .collect();
    assert_eq!(plain, ["“Cease-fire”", "CEASE-FIRE"]);
    assert!(drafts[0].links.len() == 6, "{:?}", drafts[0].links);
}

#[test]
fn control_characters_do_not_come_out() {
    let item = item(1, "huis", Vec::new());
    let mut answer = nmt::NmtAnswer {
        target: "a\u{1}b\u{85}\n".into(),
        ..nmt::NmtAnswer::default()
    };
    LocalJob::new(&item, 0).make_printable(&mut answer);
    assert_eq!(answer.target, "a b\u{a0} ");
}

#[test]
fn a_written_form_has_a_capital_where_a_sentence_begins() {
    let text = "staakt-het-vuren";
    let item = item(1, text, vec![term(text, text, &["cease-fire"], &[])]);
    let job = LocalJob::new(&item, 0);
    let correct_case = |target: &str| {
        let start = target.to_lowercase().find("cease-fire").unwrap();
        let mut answer = nmt::NmtAnswer {
            target: target.to_owned(),
            target_spans: vec![0..start, start..start + 10],
            constraints: vec![Some(nmt::ConstraintOutcome {
                steps: 1..2,
                forced: true,
            })],
            ..nmt::NmtAnswer::default()
        };
        job.correct_case(&mut answer);
        answer.target
    };
    assert_eq!(correct_case("A Cease-fire"), "A cease-fire");
    assert_eq!(correct_case("“cease-fire”"), "“Cease-fire”");
    assert_eq!(correct_case("So. cease-fire"), "So. Cease-fire");
}
