//! The checks on tables of pairs (`tests/suite`), their examples, and every digit of right pairs
//! changed in turn.

use overzet::bitext::{Code, CodeKind, Doubt, Finding, LangPair, Span, Text, Unit};
use overzet::check::{self, CHECKS, CheckContext, Example};
use overzet::term::{self, Glossary, Style};
use std::path::Path;

fn findings(source: &str, target: &str) -> Vec<Finding> {
    let (glossary, pair) = (Glossary::default(), LangPair::default());
    let with = CheckContext::new(&glossary, &pair);
    let unit = Unit::translated(source, target);
    check::unit(&unit, &with)
}

fn told(findings: &[Finding]) -> String {
    let one = |f: &Finding| format!("{} {}: {}", f.severity.name(), f.check, f.message);
    findings.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// A text whose tags are inline codes; tags of one name are one pair of codes, on both sides.
fn tagged(text: &str) -> Text {
    let mut found = Text::default();
    let mut rest = text;
    while let Some((before, tag, after)) = rest.split_once('<').and_then(|(before, rest)| {
        let (tag, after) = rest.split_once('>')?;
        Some((before, tag, after))
    }) {
        found.plain.push_str(before);
        let name = tag.trim_matches('/');
        let name = name.split(' ').next().unwrap_or_default();
        let kind = match (tag.starts_with('/'), tag.ends_with('/')) {
            (true, _) => CodeKind::Close,
            (_, true) => CodeKind::Empty,
            _ => CodeKind::Open,
        };
        found.codes.push(Code {
            at: found.plain.len(),
            id: name.bytes().map(u32::from).sum(),
            kind,
            data: format!("<{tag}>"),
            label: name.to_owned(),
        });
        rest = after;
    }
    found.plain.push_str(rest);
    found
}

/// The units of one document with their findings, the terms found and judged.
fn checked(mut units: Vec<Unit>, glossary: &Glossary) -> Vec<Unit> {
    let pair = LangPair::default();
    term::find(&mut units, glossary);
    term::judge(&mut units, glossary);
    check::run(&mut units, &CheckContext::new(glossary, &pair));
    units
}

fn glossary(terms: &[(&str, &str)], style: &str) -> Glossary {
    let rows = terms.iter().map(|(nl, en)| format!("{nl}\t{en}\n"));
    let table = format!("nl\ten\n{}", rows.collect::<String>());
    let style = Style::parse("example.toml", style).unwrap();
    Glossary::parse("example.tsv", &table)
        .unwrap()
        .in_style(style)
}

/// Writes what cannot be seen so that it can: `\n`, `\t`, `\u{200b}`.
fn escaped(text: &str) -> String {
    let visible = |c: char| {
        c == ' ' || c.is_alphanumeric() || c.is_ascii_graphic() || {
            "‘’“”„«»–—…€£¥²³½¼¾°§·•×−½⅓⅔".contains(c)
        }
    };
    let one = |c: char| match c {
        '\\' => "\\\\".to_owned(),
        _ if visible(c) => c.to_string(),
        _ => c.escape_default().to_string(),
    };
    text.chars().map(one).collect()
}

/// The text of a cell: the inverse of [`escaped`].
fn unescaped(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let hex = || after.strip_prefix("u{")?.split_once('}');
        let (c, left) = match after.chars().next() {
            Some('n') => ('\n', &after[1..]),
            Some('t') => ('\t', &after[1..]),
            Some('r') => ('\r', &after[1..]),
            Some('u') => {
                let (digits, left) = hex().expect("\\u{…}");
                let code = u32::from_str_radix(digits, 16).unwrap();
                (char::from_u32(code).unwrap(), left)
            }
            _ => ('\\', &after[1..]),
        };
        text.push(c);
        rest = left;
    }
    text + rest
}

/// Findings as a table of the suite writes them: `numbers:error "221"; names:warning "Kolkman"`,
/// `-` for none. The quoted words are those of the English, or else of the Dutch.
fn written(findings: &[Finding], unit: &Unit) -> String {
    let one = |f: &Finding| {
        let words = match (f.target, f.source) {
            (Some(span), _) => Some(span.of(&unit.target.plain)),
            (None, Some(span)) => Some(span.of(&unit.source.plain)),
            (None, None) => None,
        };
        let words = words.map(|words| format!(" \"{}\"", escaped(words)));
        format!(
            "{}:{}{}",
            f.check,
            f.severity.name(),
            words.unwrap_or_default()
        )
    };
    if findings.is_empty() {
        return "-".to_owned();
    }
    findings.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What the findings of a row are.
fn row_findings(cells: &[&str]) -> String {
    let with = cells.get(3).copied().unwrap_or_default();
    let has_tags = with.split("; ").any(|part| part == "tags");
    let text = |cell: &str| {
        let cell = unescaped(cell);
        if has_tags {
            tagged(&cell)
        } else {
            cell.as_str().into()
        }
    };
    let pairs = |name: &str| -> Vec<(String, String)> {
        let parts = with.split("; ").filter_map(|part| part.strip_prefix(name));
        parts
            .filter_map(|part| part.split_once(" => "))
            .map(|(nl, en)| (unescaped(nl), unescaped(en)))
            .collect()
    };
    let terms = pairs("term ");
    let terms: Vec<(&str, &str)> = terms.iter().map(|(a, b)| (&**a, &**b)).collect();
    let own = Unit::translated(text(cells[0]), text(cells[1]));
    let before = pairs("after ");
    let before = before
        .iter()
        .map(|(nl, en)| Unit::translated(text(nl), text(en)));
    let units = before.chain([own]).collect();
    let last = checked(units, &glossary(&terms, "")).pop().unwrap();
    written(&last.findings, &last)
}

/// The tables of the suite by name; `#` opens a comment.
fn suite() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut tables: Vec<(String, String)> = files
        .filter(|path| path.extension().is_some_and(|end| end == "tsv"))
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    tables.sort();
    tables
}

#[test]
fn every_row_of_the_suite_has_the_findings_that_it_names() {
    let mut wrong = String::new();
    let (mut silent, mut loud) = (0, 0);
    for (file, table) in suite() {
        for (number, line) in table.lines().enumerate() {
            if line.starts_with('#') || line.is_empty() {
                continue;
            }
            let cells: Vec<&str> = line.split('\t').collect();
            assert!(
                (3..=4).contains(&cells.len()),
                "{file}:{}: {line}",
                number + 1
            );
            let found = row_findings(&cells);
            let wanted = cells[2];
            let (wish, wanted) = wanted
                .strip_prefix("~ ")
                .map_or((false, wanted), |w| (true, w));
            if wanted == "-" {
                silent += 1;
            } else {
                loud += 1;
            }
            if wish != (found != wanted) {
                let why = if wish {
                    "holds: take the ~ away"
                } else {
                    "found"
                };
                wrong += &format!("{file}:{}: {line}\n    {why}: {found}\n", number + 1);
            }
        }
    }
    assert!(silent > 100 && loud > 150, "{silent} {loud}");
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn what_cannot_be_seen_can_be_written_in_a_table() {
    for text in ["a\tb\nc\\d", "zero\u{200b}width é “x”"] {
        assert_eq!(unescaped(&escaped(text)), text);
    }
    assert_eq!(escaped("a\u{200b}\tb"), "a\\u{200b}\\tb");
}

/// The findings of an example and of the pair before it.
fn example_findings(example: &Example) -> Vec<Finding> {
    let terms: Vec<(&str, &str)> = example.term.into_iter().collect();
    let glossary = glossary(&terms, example.style.unwrap_or_default());
    let text = |text: &str| {
        if example.as_text {
            text.into()
        } else {
            tagged(text)
        }
    };
    let unit = |nl, en| Unit::translated(text(nl), text(en));
    let before = example.before.map(|(nl, en)| unit(nl, en));
    let mut own = unit(example.source, example.target);
    own.doubts.extend(example.doubt.map(|why| Doubt {
        target: Some(Span::new(0, 1)),
        why: why.into(),
        ..Doubt::default()
    }));
    let units = checked(before.into_iter().chain([own]).collect(), &glossary);
    units.into_iter().flat_map(|unit| unit.findings).collect()
}

#[test]
fn every_check_has_examples_of_both_kinds_that_do_what_they_say() {
    let mut wrong = Vec::new();
    for check in CHECKS {
        let name = check.name();
        for fires in [true, false] {
            if check.examples().iter().all(|e| e.fires != fires) {
                wrong.push(format!("{name} has no example with fires: {fires}"));
            }
        }
        for example in check.examples() {
            let found = example_findings(example);
            if found.iter().any(|f| f.check == name) != example.fires {
                wrong.push(format!("{name}: {example:?}: {}", told(&found)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every Dutch name of the tables with its English: places and people of the glossaries, exonyms,
/// countries.
fn names_of_both() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let rows = |text: &str| -> Vec<Vec<String>> {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with('#') && !line.is_empty());
        lines
            .map(|line| line.split('\t').map(str::to_owned).collect())
            .collect()
    };
    let mut pairs = Vec::new();
    for entry in std::fs::read_dir(root.join("glossaries")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "tsv") {
            continue;
        }
        let table = rows(&read(&path));
        let column = |name: &str| table[0].iter().position(|cell| cell == name).unwrap();
        let (nl, forms, en, class) = (
            column("nl"),
            column("nl_forms"),
            column("en"),
            column("pos"),
        );
        for row in table
            .iter()
            .filter(|row| row.get(class).is_some_and(|cell| cell == "PROPN"))
        {
            let all = row[forms].split('|').chain([row[nl].as_str()]);
            pairs.extend(
                all.filter(|name| !name.is_empty())
                    .map(|name| (name.to_owned(), row[en].clone())),
            );
        }
    }
    for row in rows(&read(&root.join("data/language/exonyms.tsv"))) {
        pairs.push((row[0].clone(), row[1].clone()));
    }
    for row in rows(&read(&root.join("data/language/countries.tsv"))) {
        pairs.extend(
            row[1]
                .split('|')
                .map(|name| (name.to_owned(), row[5].clone())),
        );
    }
    pairs
}

#[test]
fn the_english_name_of_every_table_is_right() {
    let pairs = names_of_both();
    assert!(pairs.len() > 600, "{}", pairs.len());
    let mut wrong = Vec::new();
    for (dutch, english) in &pairs {
        let source = format!("Gisteren was {dutch} in het nieuws.");
        let found = findings(&source, &format!("Yesterday {english} was in the news."));
        if !found.is_empty() {
            wrong.push(format!("{dutch} → {english}: {}", told(&found)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}\n{}",
        wrong.len(),
        pairs.len(),
        wrong.join("\n")
    );
}

/// Right pairs with numbers of every kind.
const NUMBERS: &[(&str, &str)] = &[
    (
        "Er liepen 2.345 mensen mee, 17 meer dan in 1998.",
        "A total of 2,345 people took part, 17 more than in 1998.",
    ),
    (
        "De rente steeg van 3,25 naar 4,75 procent.",
        "The rate rose from 3.25 to 4.75 percent.",
    ),
    (
        "Op 14 maart 2021 om 16.35 uur vertrok de trein.",
        "The train left at 16:35 on March 14, 2021.",
    ),
    (
        "Het huis kost € 425.000 en is 86 m² groot.",
        "The house costs €425,000 and measures 86 m².",
    ),
    (
        "Verhulst won met 6-4 en 7-5 in 94 minuten.",
        "Verhulst won 6–4, 7–5 in 94 minutes.",
    ),
    (
        "Het werd -13 graden in Westdorp.",
        "It was -13 degrees in Westdorp.",
    ),
    (
        "De 38-jarige schipper voer 45 km/u.",
        "The 38-year-old skipper was doing 45 km/h.",
    ),
    (
        "In de 19e eeuw woonden er 1.250 mensen.",
        "In the 19th century 1,250 people lived there.",
    ),
    (
        "Het bedrijf leende 3,6 miljard euro tegen 2,4 procent.",
        "The company borrowed €3.6 billion at 2.4 percent.",
    ),
    (
        "De motie kreeg 76 van de 150 stemmen.",
        "The motion got 76 of the 150 votes.",
    ),
];

/// How many findings of the four checks there are.
fn counted(source: &str, target: &str) -> usize {
    findings(source, target)
        .iter()
        .filter(|f| ["numbers", "dates", "times", "money"].contains(&&*f.check))
        .count()
}

#[test]
fn one_changed_digit_is_exactly_one_finding() {
    let mut wrong = Vec::new();
    for (source, target) in NUMBERS {
        assert_eq!(counted(source, target), 0, "{source} | {target}");
        for (at, digit) in target.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            // The 2 of m² and the like is no digit here; a leading digit does not become zero.
            for step in [1, 3, 7] {
                let value = digit.to_digit(10).unwrap();
                let other = char::from_digit((value + step) % 10, 10).unwrap();
                if other == '0'
                    && !target[..at].ends_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',')
                {
                    continue;
                }
                let changed = format!("{}{other}{}", &target[..at], &target[at + 1..]);
                let count = counted(source, &changed);
                if count != 1 {
                    wrong.push(format!(
                        "{count}: {source} | {changed} | {}",
                        told(&findings(source, &changed))
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn swapped_and_dropped_digits_scales_and_separators_are_found() {
    let mut wrong = Vec::new();
    let mut changes = Vec::new();
    for (source, target) in NUMBERS {
        let bytes = target.as_bytes();
        for at in 0..bytes.len() - 1 {
            let (a, b) = (bytes[at], bytes[at + 1]);
            if a.is_ascii_digit() && b.is_ascii_digit() {
                if a != b && b != b'0' {
                    let swapped = [&bytes[..at], &[b, a], &bytes[at + 2..]].concat();
                    changes.push((source, String::from_utf8(swapped).unwrap()));
                }
                if b != a {
                    let dropped = [&bytes[..at], &bytes[at + 1..]].concat();
                    changes.push((source, String::from_utf8(dropped).unwrap()));
                }
            }
        }
        for (from, to) in [
            ("billion", "million"),
            ("billion", "trillion"),
            ("3.25", "32.5"),
            ("4.75", "475"),
            ("2,345", "2.345"),
            ("3.6", "36"),
            ("2.4", "0.24"),
            ("1,250", "1.25"),
        ] {
            if target.contains(from) {
                changes.push((source, target.replacen(from, to, 1)));
            }
        }
    }
    assert!(changes.len() > 50, "{}", changes.len());
    for (source, changed) in changes {
        if counted(source, &changed) == 0 {
            wrong.push(format!("{source} | {changed}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
