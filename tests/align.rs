//! Alignment: law (g), honest answers to odd input, and edits that it has to name.

use overzet::align::{
    AlignOptions, Alignment, InputWarning, Lexicon, LexiconSource, Segment, sentences,
};
use overzet::bitext::{Bead, Block, Lang, LangPair, OffsetMap, Span, Text};
use overzet::check::CheckContext;
use overzet::format::{Format, Found, Reading};
use overzet::pipeline::{self, AlignEvidence, AlignInput, AlignResources, DocumentInput};
use overzet::segment::{SplitOptions, Splitter};
use overzet::term::Glossary;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// An article with its edition, sentence by sentence; people and events are invented.
pub const ARTICLE: &[(&str, &str)] = &[
    (
        "Brandweer redt 43 koeien uit ondergelopen stal bij Kampen",
        "Firefighters rescue 43 cows from flooded barn near Kampen",
    ),
    (
        "De brandweer van IJsselland heeft dinsdagnacht 43 koeien uit een ondergelopen stal bij Kampen gehaald.",
        "Firefighters from IJsselland brought 43 cows out of a flooded barn near Kampen on Tuesday night.",
    ),
    (
        "Het water van de IJssel stond op sommige plekken anderhalve meter hoog.",
        "The water of the river IJssel was one and a half metres deep in places.",
    ),
    (
        "Boerin Hedwig Marsman ontdekte het gevaar om kwart over drie, toen haar hond niet ophield met blaffen.",
        "Farmer Hedwig Marsman discovered the danger at a quarter past three, when her dog would not stop barking.",
    ),
    (
        "‘Ik liep met een zaklamp naar buiten en stond tot mijn knieën in het water’, vertelt ze.",
        "“I walked outside with a torch and was up to my knees in water,” she said.",
    ),
    (
        "Twee boten en een trekker van de buren werden ingezet om de dieren één voor één naar de dijk te brengen.",
        "Two boats and a neighbour's tractor were used to bring the animals to the dike one by one.",
    ),
    (
        "Na vijf uur stond de laatste koe op het droge.",
        "After five hours the last cow stood on dry land.",
    ),
    (
        "Eén kalf overleefde de nacht niet.",
        "One calf did not survive the night.",
    ),
    (
        "Volgens burgemeester Tjeerd Oosting was het de zwaarste overstroming sinds 1995.",
        "According to mayor Tjeerd Oosting, it was the worst flood since 1995.",
    ),
    (
        "Hij kondigde aan dat de gemeente 250.000 euro uittrekt voor getroffen boeren.",
        "He announced that the municipality is setting aside 250,000 euros for farmers who were affected.",
    ),
    (
        "Het waterschap had maandag nog gemeld dat er geen reden tot zorg was.",
        "On Monday the water board had still said that there was no reason for concern.",
    ),
    (
        "Een woordvoerder noemt die inschatting achteraf te optimistisch.",
        "A spokesman now calls that assessment too optimistic.",
    ),
    (
        "In Duitsland viel in drie dagen 96 millimeter regen, veel meer dan verwacht.",
        "In Germany 96 millimetres of rain fell in three days, far more than expected.",
    ),
    (
        "De piek bereikte Nederland daardoor twaalf uur eerder dan voorspeld.",
        "As a result the peak reached the Netherlands twelve hours earlier than forecast.",
    ),
    (
        "Scholen in de binnenstad bleven woensdag dicht.",
        "Schools in the city centre stayed closed on Wednesday.",
    ),
    (
        "Ook het treinverkeer tussen Kampen en Zwolle lag stil.",
        "Train services between Kampen and Zwolle were suspended as well.",
    ),
    (
        "Vrijwilligers vulden de hele dag zandzakken op het marktplein.",
        "Volunteers filled sandbags on the market square all day.",
    ),
    (
        "De twintigjarige student Ruben Haverkate kwam er speciaal voor terug uit Groningen.",
        "Student Ruben Haverkate, 20, came back from Groningen especially for it.",
    ),
    (
        "‘Mijn oma woont aan de kade, dus ik had geen keus’, zegt hij lachend.",
        "“My grandmother lives on the quay, so I had no choice,” he said with a laugh.",
    ),
    (
        "Koning Willem-Alexander heeft telefonisch zijn medeleven betuigd.",
        "King Willem-Alexander expressed his sympathy by telephone.",
    ),
    (
        "Deskundigen waarschuwen dat zulke pieken vaker zullen voorkomen.",
        "Experts warn that such peaks will occur more often.",
    ),
    (
        "‘De rivier krijgt te weinig ruimte’, zegt hoogleraar waterbeheer Petra Lindeboom.",
        "“The river is given too little room,” said Petra Lindeboom, a professor of water management.",
    ),
    (
        "Zij pleit al jaren voor een nevengeul ten zuiden van de stad.",
        "For years she has argued for a side channel south of the city.",
    ),
    (
        "Het plan werd in 2016 door de provincie geschrapt om geld te besparen.",
        "The province scrapped the plan in 2016 to save money.",
    ),
    (
        "De oppositie eist nu een onafhankelijk onderzoek.",
        "The opposition is now demanding an independent inquiry.",
    ),
    (
        "Verzekeraars schatten de schade voorlopig op 18 miljoen euro.",
        "Insurers put the damage at 18 million euros for now.",
    ),
    (
        "De koeien van Marsman staan tijdelijk bij een collega in Wezep.",
        "Marsman's cows are being kept temporarily by a fellow farmer in Wezep.",
    ),
    (
        "Melken gaat daar drie keer per dag, in ploegen.",
        "Milking is done there three times a day, in shifts.",
    ),
    (
        "De hond heeft intussen een nieuwe mand gekregen.",
        "The dog, meanwhile, has been given a new basket.",
    ),
    (
        "Vrijdag wordt opnieuw regen verwacht.",
        "More rain is expected on Friday.",
    ),
];

/// Sentences that have nothing to do with it.
const FOREIGN: &[&str] = &[
    "The museum will open its new wing for modern photography next spring.",
    "Shares in the chip maker fell by seven per cent after the announcement.",
    "Her third novel was translated into Danish and Portuguese.",
    "The parliament voted against a ban on plastic straws.",
    "Nobody has claimed the lottery prize so far.",
];

fn listed<'a>(texts: &[&'a str]) -> Vec<Segment<'a>> {
    texts
        .iter()
        .map(|text| Segment {
            text,
            opens: false,
            furniture: false,
        })
        .collect()
}

/// What a test asks for.
#[derive(Clone, Copy)]
struct Asked<'a> {
    max_bead: usize,
    one_to_one: bool,
    anchors: &'a [(usize, usize)],
    fixed: &'a [Bead],
    threads: usize,
}

const PLAIN: Asked<'static> = Asked {
    max_bead: overzet::align::MAX_BEAD,
    one_to_one: false,
    anchors: &[],
    fixed: &[],
    threads: 1,
};

fn align(source: &[&str], target: &[&str]) -> Alignment {
    align_with(source, target, PLAIN)
}

fn align_with(source: &[&str], target: &[&str], asked: Asked<'_>) -> Alignment {
    let pair = LangPair::default();
    let lexicon = Lexicon::built_in(&pair);
    let given = AlignOptions {
        max_bead: asked.max_bead,
        one_to_one: asked.one_to_one,
        anchors: asked.anchors,
        fixed: asked.fixed,
        threads: asked.threads,
        ..AlignOptions::new(&pair, &lexicon)
    };
    sentences(&listed(source), &listed(target), &given)
}

/// Law (g): beads are in order and cover both sides; a confidence is a probability.
fn is_lawful(alignment: &Alignment, sources: usize, targets: usize) -> bool {
    let mut at = (0, 0);
    for bead in &alignment.beads {
        let is_empty = bead.source.is_empty() && bead.target.is_empty();
        if is_empty
            || bead.source.start != at.0
            || bead.target.start != at.1
            || !(0.0..=1.0).contains(&bead.confidence)
        {
            return false;
        }
        at = (bead.source.end, bead.target.end);
    }
    at == (sources, targets)
}

fn shape(bead: &Bead) -> (Vec<usize>, Vec<usize>) {
    (bead.source.clone().collect(), bead.target.clone().collect())
}

#[test]
fn an_article_and_its_edition_are_found_again_with_confidence() {
    let (source, target): (Vec<&str>, Vec<&str>) = ARTICLE.iter().copied().unzip();
    let alignment = align(&source, &target);
    assert!(is_lawful(&alignment, source.len(), target.len()));
    for (number, bead) in alignment.beads.iter().enumerate() {
        assert_eq!(shape(bead), (vec![number], vec![number]));
        assert!(bead.confidence >= 0.8, "{number}: {}", bead.confidence);
    }
    assert!(alignment.input_warnings.is_empty());
    assert!(alignment.crossings.is_empty());
}

/// What was done to the edition; sentences are known by their Dutch.
#[derive(Debug, Clone)]
enum Edit {
    Delete(usize),
    /// A sentence that has nothing to do with it, before another.
    Insert(usize, usize),
    /// A sentence and the next become one.
    Merge(usize),
    Move(usize, usize),
    Swap(usize, usize),
}

/// Whether the report names exactly what was done: all pairs that are left, and no other; what was moved; the rest without a partner.
fn named(edits: &[Edit]) -> bool {
    let source: Vec<&str> = ARTICLE.iter().map(|pair| pair.0).collect();
    let mut edition: Vec<(Vec<usize>, String)> = ARTICLE
        .iter()
        .enumerate()
        .map(|(i, pair)| (vec![i], pair.1.to_owned()))
        .collect();
    let place = |edition: &[(Vec<usize>, String)], i: usize| {
        let of = |(sources, _): &(Vec<usize>, String)| sources.contains(&i);
        edition.iter().position(of).unwrap()
    };
    let mut moved = Vec::new();
    for edit in edits {
        match *edit {
            Edit::Delete(i) => drop(edition.remove(place(&edition, i))),
            Edit::Insert(i, which) => {
                let foreign = (Vec::new(), FOREIGN[which].to_owned());
                edition.insert(place(&edition, i), foreign);
            }
            Edit::Merge(i) => {
                let (sources, text) = edition.remove(place(&edition, i + 1));
                let at = place(&edition, i);
                edition[at].0.extend(sources);
                edition[at].1 += &format!(" {text}");
            }
            Edit::Move(i, j) => {
                let to = place(&edition, j);
                let sentence = edition.remove(place(&edition, i));
                edition.insert(to, sentence);
                moved.push(i);
            }
            Edit::Swap(i, j) => {
                let (at, to) = (place(&edition, i), place(&edition, j));
                edition.swap(at, to);
                moved.extend([i, j]);
            }
        }
    }
    let (mut pairs, mut crossings) = (BTreeSet::new(), BTreeSet::new());
    for (at, (sources, _)) in edition.iter().enumerate() {
        match sources[..] {
            [] => {}
            [i] if moved.contains(&i) => drop(crossings.insert((i, at))),
            _ => drop(pairs.insert((sources.clone(), vec![at]))),
        }
    }
    let target: Vec<&str> = edition.iter().map(|(_, text)| text.as_str()).collect();
    let alignment = align(&source, &target);
    let found = alignment.beads.iter().map(shape);
    let crossed = alignment.crossings.iter().flat_map(|crossing| {
        let (i, j) = (crossing.source.clone(), crossing.target.clone());
        i.zip(j)
    });
    is_lawful(&alignment, source.len(), target.len())
        && found
            .filter(|(s, t)| !s.is_empty() && !t.is_empty())
            .eq(pairs)
        && crossed.eq(crossings)
}

/// At most one in twenty may be named wrongly.
fn are_named(scripts: &[Vec<Edit>]) {
    let wrong: Vec<_> = scripts.iter().filter(|edits| !named(edits)).collect();
    assert!(
        wrong.len() * 20 <= scripts.len(),
        "{} of {}: {wrong:?}",
        wrong.len(),
        scripts.len()
    );
}

#[test]
fn what_was_done_to_an_edition_is_named_exactly() {
    // Every place and every kind, which is more than chance would try.
    let count = ARTICLE.len();
    let mut scripts = Vec::new();
    for at in 0..count {
        scripts.push(vec![Edit::Delete(at)]);
        scripts.push(vec![Edit::Insert(at, at % FOREIGN.len())]);
        if at + 1 < count {
            scripts.push(vec![Edit::Merge(at)]);
        }
        scripts.push(vec![Edit::Move(at, (at + count / 2) % count)]);
        for away in [3, 7, 13] {
            if at + away < count {
                scripts.push(vec![Edit::Swap(at, at + away)]);
            }
        }
    }
    are_named(&scripts);
}

#[test]
fn several_edits_of_one_edition_are_named_exactly() {
    let mut seed = 1_u64;
    let mut roll = |sides: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % sides
    };
    // Four edits, each in a stretch of the article of its own; a swap stays within it.
    let scripts: Vec<Vec<Edit>> = (0..200)
        .map(|_| {
            (0..4)
                .map(|stretch| {
                    let at = stretch * 7 + roll(3);
                    match roll(4) {
                        0 => Edit::Delete(at),
                        1 => Edit::Insert(at, roll(FOREIGN.len())),
                        2 => Edit::Merge(at),
                        _ => Edit::Swap(at, at + 3),
                    }
                })
                .collect()
        })
        .collect();
    are_named(&scripts);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn beads_are_monotone_and_cover_both_sides(
        source in prop::collection::vec("[a-zA-Z0-9 .,€%’]{0,40}|\\PC{0,20}", 0..14),
        target in prop::collection::vec("[a-zA-Z0-9 .,€%’]{0,40}|\\PC{0,20}", 0..14),
        max_bead in 2_usize..8,
        one_to_one in any::<bool>(),
        anchor in (0_usize..16, 0_usize..16),
    ) {
        let source: Vec<&str> = source.iter().map(String::as_str).collect();
        let target: Vec<&str> = target.iter().map(String::as_str).collect();
        let anchors = [anchor];
        let asked = Asked { max_bead, one_to_one, anchors: &anchors, ..PLAIN };
        let alignment = align_with(&source, &target, asked);
        prop_assert!(is_lawful(&alignment, source.len(), target.len()), "{:?}", alignment.beads);
        for bead in &alignment.beads {
            let (m, n) = (bead.source.len(), bead.target.len());
            let most = if one_to_one { 2 } else { max_bead };
            prop_assert!(m + n <= most);
            let is_blank = |text: &str| text.trim().is_empty();
            if source[bead.source.clone()].iter().chain(&target[bead.target.clone()]).any(|text| is_blank(text)) {
                prop_assert!(m + n == 1 && bead.confidence == 1.0);
            }
        }
    }

    #[test]
    fn a_bead_that_a_person_approved_stays(at in 0_usize..29, to in 0_usize..29) {
        let (source, target): (Vec<&str>, Vec<&str>) = ARTICLE.iter().copied().unzip();
        let fixed = [Bead { source: at..at + 1, target: to..to + 1, confidence: 1.0 }];
        let alignment = align_with(&source, &target, Asked { fixed: &fixed, ..PLAIN });
        prop_assert!(is_lawful(&alignment, source.len(), target.len()));
        prop_assert!(alignment.beads.contains(&fixed[0]));
    }
}

#[test]
fn nothing_and_empty_lines_are_answered() {
    assert!(align(&[], &[]).beads.is_empty());
    let alone = align(&["Een.", "", "Twee."], &[]);
    assert!(is_lawful(&alone, 3, 0));
    assert_eq!(alone.input_warnings, [InputWarning::TargetEmpty]);
    let blank = align(&["", " ", ""], &["", ""]);
    assert!(is_lawful(&blank, 3, 2));
    assert_eq!(blank.beads.len(), 5);
    assert!(is_lawful(&align(&["Ja."], &["Yes."]), 1, 1));
}

#[test]
fn threads_change_nothing() {
    // Long enough to be cut into regions.
    let texts: Vec<(String, String)> = (0..30)
        .flat_map(|round| {
            ARTICLE.iter().enumerate().map(move |(at, (nl, en))| {
                (
                    format!("{nl} {}", round * 40 + at),
                    format!("{en} {}", round * 40 + at),
                )
            })
        })
        .collect();
    let source: Vec<&str> = texts.iter().map(|(nl, _)| nl.as_str()).collect();
    let target: Vec<&str> = texts
        .iter()
        .map(|(_, en)| en.as_str())
        .filter(|en| !en.ends_with('7'))
        .collect();
    let one = align(&source, &target);
    let many = align_with(
        &source,
        &target,
        Asked {
            threads: 5,
            ..PLAIN
        },
    );
    assert!(is_lawful(&one, source.len(), target.len()));
    assert_eq!(one, many);
    let right = one
        .beads
        .iter()
        .filter(|bead| !bead.target.is_empty())
        .all(|bead| {
            bead.source.len() == 1 && texts[bead.source.start].1 == target[bead.target.start]
        });
    assert!(right);
}

#[test]
fn ten_thousand_equal_lines_are_paired_in_order() {
    let (source, target) = (
        vec!["Ja, dat klopt."; 10_000],
        vec!["Yes, that is right."; 10_000],
    );
    let alignment = align(&source, &target);
    assert!(is_lawful(&alignment, 10_000, 10_000));
}

#[test]
fn odd_texts_are_called_what_they_look_like() {
    let (source, target): (Vec<&str>, Vec<&str>) = ARTICLE.iter().copied().unzip();
    assert_eq!(
        align(&target, &source).input_warnings,
        [InputWarning::Swapped]
    );
    assert_eq!(align(&source, &source).input_warnings, [InputWarning::Same]);
    assert_eq!(
        align(&source[..15], &source[15..]).input_warnings,
        [InputWarning::BothSource]
    );
    let unrelated = align(&source, FOREIGN);
    assert!(
        unrelated.input_warnings.contains(&InputWarning::Unrelated)
            || matches!(unrelated.input_warnings[..], [InputWarning::Lopsided(_)]),
        "{:?}",
        unrelated.input_warnings
    );
    assert!(
        unrelated
            .beads
            .iter()
            .all(|bead| bead.confidence < 0.9 || bead.target.is_empty() || bead.source.is_empty())
    );
    let lopsided = align(&source, &target[..2]);
    assert!(
        matches!(lopsided.input_warnings[..], [InputWarning::Lopsided(_)]),
        "{:?}",
        lopsided.input_warnings
    );
    // Sentences of ten thousand words: an answer, in bounded time.
    let (long, other) = (
        "woord huis water ".repeat(3_400),
        "word house water ".repeat(3_400),
    );
    let alignment = align(&[&long, "Ja.", &long], &[&other, "Yes.", &other]);
    assert!(is_lawful(&alignment, 3, 3));
}

#[test]
fn a_translation_is_evidence_in_languages_that_nobody_taught_it() {
    let pair = LangPair {
        source: overzet::bitext::Lang::new("xx"),
        target: overzet::bitext::Lang::new("yy"),
    };
    let lexicon = Lexicon::built_in(&pair);
    assert!(lexicon.is_empty());
    let (source, target) = (
        ["Qlm zor 12.", "Vaf tek.", "Pim."],
        ["Nother thing.", "Was here."],
    );
    let translations: Vec<String> = ["Something 12.", "Nother thing here.", "Was."]
        .map(str::to_owned)
        .to_vec();
    let given = AlignOptions {
        translations: Some(&translations),
        ..AlignOptions::new(&pair, &lexicon)
    };
    let alignment = sentences(&listed(&source), &listed(&target), &given);
    assert!(is_lawful(&alignment, 3, 2));
    let mut taught = Lexicon::empty(&pair);
    taught.add(LexiconSource::from_pairs(
        "own",
        [("vaf", "nother"), ("pim", "was")],
        1.0,
    ));
    let given = AlignOptions::new(&pair, &taught);
    assert_eq!(
        sentences(&listed(&source), &listed(&target), &given).matched,
        [2]
    );
}

/// A format of the caller: what stands behind `=` in the first line is the text.
struct BehindEquals;

impl Format for BehindEquals {
    fn name(&self) -> &'static str {
        "behind-equals"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["equals"]
    }

    fn find(&self, source: &str, _: &Lang) -> Reading {
        let (name, text) = source.split_once('=').unwrap();
        let (start, text) = (name.len() + 1, text.trim_end());
        let found = Found {
            span: Span::new(start, start + text.len()),
            text: Text::from(text),
            map: OffsetMap::linear(start, text.len()),
            ..Found::default()
        };
        Reading {
            found: vec![found],
            ..Reading::default()
        }
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        out.push_str(&text.plain);
        OffsetMap::linear(0, text.plain.len())
    }
}

#[tokio::test]
async fn formats_of_the_caller_are_read_when_texts_are_aligned() {
    let pair = LangPair::default();
    let (lexicon, glossary) = (Lexicon::built_in(&pair), Glossary::default());
    let splitter = |lang| Splitter::new(lang, &SplitOptions::default()).unwrap();
    let with = AlignResources {
        options: AlignOptions::new(&pair, &lexicon),
        source_splitter: &splitter(&pair.source),
        target_splitter: &splitter(&pair.target),
        checks: CheckContext::new(&glossary, &pair),
        formats: &[&BehindEquals],
    };
    let text = |text: &'static str, name| {
        AlignInput::Document(DocumentInput::named(text.as_bytes(), name))
    };
    let aligned = pipeline::align::<pipeline::Error>(
        text("title=Het is stil.\n", "a.equals"),
        text("title=It is quiet.\n", "b.equals"),
        &with,
        |_, _| {},
        async |_, _| Ok(AlignEvidence::default()),
    );
    let units = aligned.await.unwrap().units;
    assert_eq!(units.len(), 1);
    assert_eq!(units[0].source.plain, "Het is stil.");
    assert_eq!(units[0].target.plain, "It is quiet.");
}

/// The segments of each bead of the article with a line put in on either side at `at`.
fn with_lines(at: usize, source: &str, target: &str) -> Vec<(Vec<usize>, Vec<usize>)> {
    let (mut here, mut there): (Vec<&str>, Vec<&str>) = ARTICLE.iter().copied().unzip();
    here.insert(at, source);
    there.insert(at, target);
    align(&here, &there).beads.iter().map(shape).collect()
}

#[test]
fn a_rewritten_heading_in_a_text_of_one_to_one_sentences_is_a_pair() {
    for at in [1, 8, ARTICLE.len()] {
        for (nl, en) in [
            ("Dat pakte anders uit dan gedacht", "It Went Badly"),
            ("Natte voeten", "Time and tide"),
            ("Buren schieten te hulp", "Many hands"),
        ] {
            let beads = with_lines(at, nl, en);
            let single = |n: usize| (vec![n], vec![n]);
            assert_eq!(
                beads,
                (0..=ARTICLE.len()).map(single).collect::<Vec<_>>(),
                "{at} {nl}"
            );
        }
    }
    // A whole sentence that was left out, and another that was put in.
    let beads = with_lines(
        8,
        "De gemeente verhoogt de belasting op tweede woningen.",
        FOREIGN[0],
    );
    assert!(
        beads.contains(&(vec![8], vec![])) && beads.contains(&(vec![], vec![8])),
        "{beads:?}"
    );
}
