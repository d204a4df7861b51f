//! A suggestion and a repair replace exactly the words that they stand for: no word stands twice,
//! and the checks find no more than before.

use overzet::bitext::{Finding, LangPair, Span, Unit, Verdict};
use overzet::check::{self, CheckContext};
use overzet::term::{self, Glossary};
use proptest::prelude::*;

/// Number of words that stand twice in a row; spaces and hyphens part words, points do not count.
fn doubled(text: &str) -> usize {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || c == '-')
        .map(|word| word.replace('.', "").to_lowercase())
        .collect();
    let twice = |pair: &&[String]| pair[0] == pair[1] && pair[0].contains(char::is_alphanumeric);
    words.windows(2).filter(twice).count()
}

/// The target with a suggestion in place.
fn applied(unit: &Unit, finding: &Finding) -> Option<String> {
    let (span, with): (Span, &String) = (finding.target?, finding.suggestion.as_ref()?);
    let mut text = unit.target.plain.clone();
    text.replace_range(span.start..span.end, with);
    Some(text)
}

/// A pair with its terms found and judged.
fn judged(glossary: &Glossary, source: &str, target: &str) -> Unit {
    let mut units = [Unit::translated(source, target)];
    term::find(&mut units, glossary);
    term::judge(&mut units, glossary);
    let [unit] = units;
    unit
}

/// The house glossary.
fn house() -> Glossary {
    Glossary::load(&[crate::stage::root().join("glossaries")]).unwrap()
}

/// Dutch and English sentences from amounts, units and terms, the English in right and in wrong
/// forms.
fn generated() -> Vec<(String, String)> {
    let amounts = [
        ("1.300", ["1,300", "1.300"]),
        ("2,5", ["2.5", "2,5"]),
        ("2,5", ["2 1/2", "2 1/2"]),
        ("1,5 miljoen", ["1.5 million", "1,5 million"]),
        ("14.000", ["14,000", "14.000"]),
    ];
    let units = [
        ("vierkante kilometer", "square kilometers"),
        ("kilo", "kilograms"),
        ("procent", "percent"),
        ("graden", "degrees"),
        ("euro", "euros"),
    ];
    let terms = [
        (
            "de Amerikaanse minister van Buitenlandse Zaken Anna Holm",
            [
                "U.S. Secretary of State Anna Holm",
                "US Secretary of State Anna Holm",
            ],
        ),
        ("de VS", ["the U.S.", "the US"]),
        ("Kievs leger", ["Kyiv's army", "Kiev's army"]),
        ("het Witte Huis", ["the White House", "the Witte Huis"]),
        ("de luchtafweer", ["air defense", "the air defences"]),
        (
            "de regering-Biden",
            ["the Biden administration", "the Biden government"],
        ),
    ];
    let mut pairs = Vec::new();
    for (nl, amount) in amounts {
        for (unit, english) in units {
            for (dutch, term) in terms {
                for (amount, name) in amount.iter().flat_map(|a| term.map(|t| (a, t))) {
                    pairs.push((
                        format!("Ongeveer {nl} {unit} is volgens {dutch} genoeg."),
                        format!("About {amount} {english} is enough, according to {name}."),
                    ));
                }
            }
        }
        for amount in amount {
            pairs.push((
                format!("De {nl} jaar durende oorlog in Koersk."),
                format!("The {amount}-year-long war in Koersk."),
            ));
            pairs.push((format!("Het kost € {nl}."), format!("It costs €{amount}.")));
            pairs.push((
                format!("Het kost $ {nl}."),
                format!("It costs US${amount}."),
            ));
        }
    }
    pairs
}

#[test]
fn a_suggestion_of_any_check_leaves_a_better_text() {
    let (glossary, languages) = (house(), LangPair::default());
    let with = CheckContext::new(&glossary, &languages);
    let mut count = 0;
    for (source, target) in generated() {
        let unit = judged(&glossary, &source, &target);
        let findings = check::unit(&unit, &with);
        for text in findings
            .iter()
            .filter_map(|finding| applied(&unit, finding))
        {
            assert_eq!(doubled(&text), 0, "{target} → {text}");
            let new = check::unit(&judged(&glossary, &source, &text), &with);
            assert!(new.len() < findings.len(), "{target} → {text}: {new:?}");
            count += 1;
        }
    }
    assert!(count > 500, "{count}");
}

#[test]
fn a_repair_leaves_a_better_text() {
    let (glossary, languages) = (house(), LangPair::default());
    let with = CheckContext::new(&glossary, &languages);
    for (source, target) in generated() {
        let before = judged(&glossary, &source, &target);
        let mut units = [before.clone()];
        term::enforce(&mut units, &glossary, &|unit| {
            check::unit(unit, &with).len()
        });
        let [unit] = units;
        assert_eq!(doubled(&unit.target.plain), 0, "{}", unit.target.plain);
        let findings = check::unit(&unit, &with).len();
        assert!(findings <= check::unit(&before, &with).len());
        for hit in unit.hits.iter().filter(|hit| hit.repair.is_some()) {
            assert_eq!(hit.verdict, Some(Verdict::Exact), "{hit:?}");
            let found = hit.target.unwrap().of(&unit.target.plain);
            assert_eq!(found.to_lowercase(), hit.required.to_lowercase());
        }
    }
}

const WORDS: [&str; 8] = [
    "granite", "2.5", "U.S.", "council", "square", "miles", "Holm", "year",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// A form that is a part of the required one, with the rest of it beside it or not.
    #[test]
    fn no_glossary_doubles_a_word(
        order in Just(WORDS.to_vec()).prop_shuffle(),
        length in 1_usize..5,
        part in any::<(prop::sample::Index, prop::sample::Index)>(),
        (left, right, forbidden, hyphen) in any::<(bool, bool, bool, bool)>(),
    ) {
        let words = &order[..length];
        let (first, last) = (part.0.index(length), part.1.index(length));
        let (first, last) = (first.min(last), first.max(last));
        // A wrong last word, so that the form is not the required one.
        let mut wrong = words[first..=last].to_vec();
        *wrong.last_mut().unwrap() = "gravel";
        let (required, wrong) = (words.join(" "), wrong.join(" "));
        let column = if forbidden { "forbidden" } else { "en_accept" };
        let table = format!("nl\ten\t{column}\nsteenraad\t{required}\t{wrong}\n");
        let glossary = Glossary::parse("g.tsv", &table).unwrap();
        let before = if left { words[..first].join(" ") } else { String::new() };
        let after = if right { words[last + 1..].join(" ") } else { String::new() };
        let gap = if hyphen { "-" } else { " " };
        let middle = if after.is_empty() { wrong } else { format!("{wrong}{gap}{after}") };
        let target = format!("Now we saw {before} {middle} here.").replace("  ", " ");
        let unit = judged(&glossary, "Nu zagen wij steenraad hier.", &target);
        for text in term::violations(&unit, &glossary).iter().filter_map(|f| applied(&unit, f)) {
            prop_assert_eq!(doubled(&text), 0, "{} → {}", target, text);
        }
        let mut units = [unit];
        term::enforce(&mut units, &glossary, &|_| 0);
        prop_assert_eq!(doubled(&units[0].target.plain), 0, "{}", &units[0].target.plain);
    }
}
