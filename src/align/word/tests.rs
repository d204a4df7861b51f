//! The word aligner on small corpora of our own, on hostile ones, and its laws.

use super::*;
use crate::align::lexicon::{Lexicon, LexiconSource};
use crate::bitext::{Hit, LangPair, Origin, Span, Text, Unit, Verdict};
use proptest::prelude::*;

/// Source, target, and the links that a person drew.
type Drawn = (&'static str, &'static str, &'static [(u32, u32)]);

const ARTICLE: &[Drawn] = &[
    (
        "De burgemeester opende gisteren de nieuwe brug.",
        "The mayor opened the new bridge yesterday.",
        &[(0, 0), (1, 1), (2, 2), (3, 6), (4, 3), (5, 4), (6, 5)],
    ),
    (
        "Het jeugdvoetbaltoernooi trok 1.300 bezoekers.",
        "The youth football tournament drew 1,300 visitors.",
        &[(0, 0), (1, 1), (1, 2), (1, 3), (2, 4), (3, 5), (4, 6)],
    ),
    (
        "Minister Poetinskaja kondigde de staking aan.",
        "Minister Putinskaya announced the strike.",
        &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 2)],
    ),
    (
        "Zij is te moe om te lezen.",
        "She is too tired to read.",
        &[(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 4), (6, 5)],
    ),
    (
        "Volgens de politie is er niemand gewond geraakt.",
        "Nobody was injured, according to the police.",
        &[
            (0, 3),
            (0, 4),
            (1, 5),
            (2, 6),
            (3, 1),
            (5, 0),
            (6, 2),
            (7, 1),
        ],
    ),
    (
        "De kosten van de verbouwing zijn hoger dan verwacht.",
        "The costs of the renovation are higher than expected.",
        &[
            (0, 0),
            (1, 1),
            (2, 2),
            (3, 3),
            (4, 4),
            (5, 5),
            (6, 6),
            (7, 7),
            (8, 8),
        ],
    ),
];

fn align(pairs: &[LinkInput], lexicon: &Lexicon, threads: usize) -> Vec<LinkedPair> {
    Aligner::new(WordKnowledge::new(lexicon, &LangPair::default()))
        .on(NonZero::new(threads).expect("not zero"))
        .align(pairs)
}

fn article() -> Vec<LinkInput> {
    ARTICLE
        .iter()
        .map(|(source, target, _)| LinkInput::of(source, target))
        .collect()
}

fn plain(links: &[Link]) -> Vec<(u32, u32)> {
    links
        .iter()
        .map(|link| (link.source, link.target))
        .collect()
}

#[test]
fn an_article_of_six_sentences_is_linked_as_a_person_would() {
    let lexicon = Lexicon::built_in(&LangPair::default());
    let found = align(&article(), &lexicon, 1);
    let (mut hits, mut said, mut wanted) = (0, 0, 0);
    for ((_, _, gold), linked) in ARTICLE.iter().zip(&found) {
        let links = plain(&linked.links);
        hits += links.iter().filter(|link| gold.contains(link)).count();
        said += links.len();
        wanted += gold.len();
        assert!(linked.sure.iter().all(|link| linked.links.contains(link)));
        assert!(
            plain(&linked.sure).iter().all(|link| gold.contains(link)),
            "{:?}",
            linked.sure
        );
    }
    let error = 1.0 - 2.0 * hits as f32 / (said + wanted) as f32;
    assert!(error <= 0.1, "{error} {found:?}");
    // the compound takes all three words
    assert!(
        plain(&found[1].links)
            .iter()
            .filter(|link| link.0 == 1)
            .count()
            == 3,
        "{:?}",
        found[1].links
    );
    // the particle goes with its verb, om and te with to
    assert!(plain(&found[2].links).contains(&(5, 2)), "{:?}", found[2]);
    assert!(plain(&found[3].links).contains(&(4, 4)) && plain(&found[3].links).contains(&(5, 4)));
}

#[test]
fn a_language_that_nobody_knows_is_learned_from_the_pairs() {
    // words of an invented language, in an order of its own
    let words = [
        ("bla", "house"),
        ("kor", "tree"),
        ("mip", "sees"),
        ("zun", "green"),
        ("taf", "old"),
        ("rel", "man"),
        ("gos", "builds"),
    ];
    let mut pairs = Vec::new();
    for a in 0..7 {
        for b in 0..7 {
            let (x, y, z) = (words[a], words[b], words[(a * 3 + b * 5) % 7]);
            pairs.push(LinkInput::of(
                &format!("{} {} {}", x.0, y.0, z.0),
                &format!("{} {} {}", y.1, x.1, z.1),
            ));
        }
    }
    let pair = LangPair {
        source: crate::bitext::Lang::new("xx"),
        target: crate::bitext::Lang::new("yy"),
    };
    let lexicon = Lexicon::built_in(&pair);
    let found = Aligner::new(WordKnowledge::new(&lexicon, &pair)).align(&pairs);
    let right = (found.iter().zip(&pairs))
        .flat_map(|(linked, pair)| {
            linked.links.iter().map(move |link| {
                (
                    &pair.source[link.source as usize],
                    &pair.target[link.target as usize],
                )
            })
        })
        .filter(|(s, t)| words.contains(&(s.as_str(), t.as_str())))
        .count();
    let all: usize = found.iter().map(|linked| linked.links.len()).sum();
    assert!(
        right * 20 >= all * 19 && all >= 3 * pairs.len() * 9 / 10,
        "{right} of {all}"
    );
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let lexicon = Lexicon::built_in(&LangPair::default());
    let pairs: Vec<LinkInput> = article().into_iter().cycle().take(50).collect();
    let one = align(&pairs, &lexicon, 1);
    for threads in [2, 3, 16] {
        assert_eq!(align(&pairs, &lexicon, threads), one);
    }
}

#[test]
fn hostile_input_costs_little_and_breaks_nothing() {
    let lexicon = Lexicon::built_in(&LangPair::default());
    assert!(align(&[], &lexicon, 1).is_empty());
    let long = vec!["woord".to_owned(); 450];
    let pairs = [
        LinkInput::default(),
        LinkInput::of("", "Something."),
        LinkInput::of("Iets.", ""),
        LinkInput {
            source: long.clone(),
            target: long.clone(),
            certain: vec![
                Link {
                    source: 449,
                    target: 449,
                },
                Link {
                    source: 70_000,
                    target: 0,
                },
            ],
        },
        LinkInput {
            source: long,
            target: vec!["x".into(), String::new()],
            certain: Vec::new(),
        },
    ];
    let found = align(&pairs, &lexicon, 2);
    assert_eq!(found.len(), pairs.len());
    assert!(found[..3].iter().all(|linked| linked.links.is_empty()));
    assert!(plain(&found[3].sure).contains(&(449, 449)));
}

#[test]
fn what_earlier_texts_taught_decides_where_the_text_at_hand_says_nothing() {
    let empty = Lexicon::empty(&LangPair::default());
    let unknown = [LinkInput::of("flurk smoel drent", "gleam harp candle")];
    let order = plain(&align(&unknown, &empty, 1)[0].links);
    assert_eq!(order, [(0, 0), (1, 1), (2, 2)]);
    let lesson = [
        LinkInput::of("flurk", "candle"),
        LinkInput::of("smoel", "gleam"),
        LinkInput::of("drent", "harp"),
    ];
    let lesson: Vec<LinkInput> = lesson.into_iter().cycle().take(30).collect();
    let mut first = Aligner::new(WordKnowledge::new(&empty, &LangPair::default()));
    first.align(&lesson);
    assert_eq!(first.priors().len(), 3);
    let text = first.priors().write(&LangPair::default());
    let priors = Priors::read("p.tsv", &text, &LangPair::default()).expect("we wrote it");
    let mut second =
        Aligner::new(WordKnowledge::new(&empty, &LangPair::default())).with_priors(priors);
    assert_eq!(
        plain(&second.align(&unknown)[0].links),
        [(0, 2), (1, 0), (2, 1)]
    );
}

#[test]
fn a_users_lexicon_counts() {
    let mut lexicon = Lexicon::empty(&LangPair::default());
    lexicon.add(LexiconSource::from_pairs(
        "own",
        [("flurk", "candle"), ("drent", "gleam")],
        1.0,
    ));
    let found = align(
        &[LinkInput::of("flurk smoel drent", "gleam harp candle")],
        &lexicon,
        1,
    );
    assert_eq!(plain(&found[0].links), [(0, 2), (1, 1), (2, 0)]);
    lexicon.add(LexiconSource::from_pairs(
        "terms",
        [("smoel drent", "brass gleam band")],
        1.0,
    ));
    let found = align(
        &[LinkInput::of(
            "flurk smoel drent",
            "brass gleam band candle",
        )],
        &lexicon,
        1,
    );
    assert_eq!(
        plain(&found[0].sure),
        [(0, 3), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (2, 2)]
    );
}

fn unit(source: &str, target: &str) -> Unit {
    Unit {
        source: Text::from(source),
        target: Text::from(target),
        origin: Origin::Engine("mock".into()),
        ..Unit::default()
    }
}

#[test]
fn an_engines_links_are_kept_until_the_target_is_repaired() {
    let lexicon = Lexicon::built_in(&LangPair::default());
    let mut aligner = Aligner::new(WordKnowledge::new(&lexicon, &LangPair::default()));
    let odd = thin_vec::thin_vec![Link {
        source: 0,
        target: 1,
    }];
    let mut units = vec![
        unit("De bijl is oud.", "The axe is old."),
        unit("De bijl is oud.", "The axe is old."),
        unit("De bijl is oud.", "The axe is old."),
    ];
    units[0].links.clone_from(&odd);
    units[0].draft = Some(Box::new(Text::from("The axe is old.")));
    units[1].links.clone_from(&odd);
    units[1].draft = Some(Box::new(Text::from("The hatchet is old.")));
    units[2].links = thin_vec::thin_vec![Link {
        source: 0,
        target: 99,
    }];
    link(&mut units, &mut aligner, LinkScope::Missing);
    let right = [(0, 0), (1, 1), (2, 2), (3, 3)];
    assert_eq!(units[0].links, odd);
    assert_eq!(plain(&units[1].links), right);
    assert_eq!(plain(&units[2].links), right);
    let sure = link(&mut units, &mut aligner, LinkScope::All);
    assert_eq!(plain(&units[0].links), right);
    assert_eq!(plain(&sure[0]), right);
}

#[test]
fn every_hit_is_linked_and_what_was_copied_is_not() {
    let lexicon = Lexicon::built_in(&LangPair::default());
    let mut aligner = Aligner::new(WordKnowledge::new(&lexicon, &LangPair::default()));
    let mut hit = unit(
        "Het hoofd van de Dienst Verre Zeeën zweeg.",
        "Silence came from the Far Seas Office chief.",
    );
    hit.hits = thin_vec::thin_vec![Hit {
        source: Span::new(17, 34),
        target: Some(Span::new(22, 38)),
        verdict: Some(Verdict::Exact),
        ..Hit::default()
    }];
    let mut copied = unit("Advertentie", "Advertentie");
    copied.origin = Origin::Copied;
    // an engine's links know nothing of the term
    let mut kept = hit.clone();
    kept.links = thin_vec::thin_vec![Link {
        source: 0,
        target: 0,
    }];
    let mut units = vec![hit, copied, kept];
    link(&mut units, &mut aligner, LinkScope::Missing);
    for unit in [&units[0], &units[2]] {
        for link in [(4, 4), (5, 5), (6, 6)] {
            assert!(plain(&unit.links).contains(&link), "{:?}", unit.links);
        }
    }
    assert!(plain(&units[2].links).contains(&(0, 0)));
    assert!(units[1].links.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn links_lie_within_bounds_ascend_and_hold_the_sure_and_the_certain(
        texts in proptest::collection::vec(("[a-z0-9'\\- .,éж]{0,60}", "[a-z0-9'\\- .,éж]{0,60}"), 0..6),
        certain in proptest::collection::vec((0_u32..12, 0_u32..12), 0..4),
        threads in 1_usize..4,
    ) {
        let lexicon = Lexicon::built_in(&LangPair::default());
        let pairs: Vec<LinkInput> = texts
            .iter()
            .map(|(source, target)| LinkInput {
                certain: certain.iter().map(|&(source, target)| Link { source, target }).collect(),
                ..LinkInput::of(source, target)
            })
            .collect();
        let found = align(&pairs, &lexicon, threads);
        prop_assert_eq!(found.len(), pairs.len());
        for (pair, linked) in pairs.iter().zip(&found) {
            let inside = |link: &Link| (link.source as usize) < pair.source.len() && (link.target as usize) < pair.target.len();
            prop_assert!(linked.links.iter().all(inside));
            prop_assert!(linked.links.windows(2).all(|two| two[0] < two[1]));
            prop_assert!(linked.sure.iter().all(|link| linked.links.contains(link)));
            prop_assert!(pair.certain.iter().filter(|link| inside(link)).all(|link| linked.sure.contains(link)));
        }
    }
}
