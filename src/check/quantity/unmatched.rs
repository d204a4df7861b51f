//! What found no equal: pairs of numbers that became one another, then what stands alone.
//!
//! `Er waren 212 lopers` → `221 runners`: “212” became “221”.

use super::set::{NUMBERS, QuantitySet};
use crate::bitext::Finding;
use crate::language::quantity::units::MEASURES;
use crate::language::quantity::{MeasureUnit, Quantity, QuantityKind, numeral};

/// Whether a number that is left over says something at all.
fn counts(q: &Quantity) -> bool {
    match q.kind {
        QuantityKind::Cardinal | QuantityKind::Ordinal | QuantityKind::Year if q.digits => {
            q.value.abs() != 1.0 && q.value != 0.0
        }
        QuantityKind::Cardinal | QuantityKind::Ordinal => !q.loose && q.value >= 2.0,
        QuantityKind::Decade => true,
        _ => false,
    }
}

/// Whether a quantity is a part of one, may be read so, or is a number of halves: `anderhalf`.
fn is_share(q: &Quantity) -> bool {
    // `a second` is a span of time.
    let also = q
        .also
        .is_some_and(|(kind, part)| kind == QuantityKind::Share && part < 0.5);
    let halves = q.kind == QuantityKind::Cardinal && !q.digits && q.value.fract() != 0.0;
    q.kind == QuantityKind::Share || also || halves
}

/// Reports what found no equal: first pairs that became one another, then what stands alone.
pub(super) fn leftover(
    left: &mut QuantitySet,
    right: &mut QuantitySet,
    findings: &mut Vec<Finding>,
) {
    for is_kind in [is_share, |q: &Quantity| q.kind == QuantityKind::Class] {
        let open = |set: &QuantitySet| -> Vec<usize> {
            let all = set.open(NUMBERS).into_iter();
            all.filter(|&i| is_kind(&set.all[i])).collect()
        };
        if let ([i], [j]) = (open(left).as_slice(), open(right).as_slice()) {
            findings.push(became(left, *i, right, *j));
            left.met[*i] = true;
            right.met[*j] = true;
        }
    }
    // One ordinal in words became another one: `de tweede helft` → `the first half`.
    let ordinals = |set: &QuantitySet| -> Vec<usize> {
        let all = set.open(&[QuantityKind::Ordinal]).into_iter();
        all.filter(|&i| !set.all[i].digits).collect()
    };
    if let ([i], [j]) = (ordinals(left).as_slice(), ordinals(right).as_slice())
        && (left.all[*i].loose || right.all[*j].loose)
    {
        findings.push(became(left, *i, right, *j));
        left.met[*i] = true;
        right.met[*j] = true;
    }
    let main = &NUMBERS[..4];
    let counted = |set: &QuantitySet| -> Vec<usize> {
        set.open(main)
            .into_iter()
            .filter(|&i| counts(&set.all[i]))
            .collect()
    };
    let (mut lost, mut new) = (counted(left), counted(right));
    // `1` and `0` say nothing alone; but a 7 on the other side came from somewhere.
    let sizes = (new.len(), lost.len());
    for (set, own, other) in [(&*left, &mut lost, sizes.0), (&*right, &mut new, sizes.1)] {
        if own.len() < other {
            own.extend(
                set.open(main)
                    .into_iter()
                    .filter(|&i| set.all[i].digits && !counts(&set.all[i]))
                    .take(other - own.len()),
            );
            own.sort_unstable();
        }
    }
    let pairs = paired(left, right, &lost, &new);
    for &(i, j) in &pairs {
        let (a, b) = (&left.all[i], &right.all[j]);
        let small = !a.digits && !b.digits && a.value < 4.0 && b.value < 4.0;
        if small && pairs.len() > 1
            || a.kind == QuantityKind::Ordinal && a.loose
            || b.kind == QuantityKind::Ordinal && b.loose
        {
            continue;
        }
        findings.push(became(left, i, right, j));
    }
    let alone = |own: &[usize], taken: Vec<usize>| -> Vec<usize> {
        own.iter().copied().filter(|i| !taken.contains(i)).collect()
    };
    for i in alone(&lost, pairs.iter().map(|p| p.0).collect()) {
        if !left.all[i].digits || !counts(&left.all[i]) {
            continue;
        }
        if is_always(&left.all[i], right.side.text) {
            continue;
        }
        let message = format!("“{}” is missing in the English", left.text(i));
        let check = check_of(&left.all[i], left.of_date[i]);
        let finding = if weighty(&left.all[i]) {
            Finding::error(check, message)
        } else {
            Finding::warning(check, message)
        };
        findings.push(finding.at_source(left.all[i].span));
    }
    for j in alone(&new, pairs.iter().map(|p| p.1).collect()) {
        if !right.all[j].digits || !counts(&right.all[j]) {
            continue;
        }
        let is_holiday = right.of_date[j] && names_holiday(&left.side.lower);
        if is_holiday || is_in_words(&right.all[j], &left.side.lower) {
            continue;
        }
        let message = format!("“{}” is not in the Dutch", right.text(j));
        let check = check_of(&right.all[j], right.of_date[j]);
        findings.push(Finding::warning(check, message).at_target(right.all[j].span));
    }
}

/// Whether a number of the Dutch is a part of what English says without it: `24 uur per dag` is
/// `24/7`.
fn is_always(quantity: &Quantity, target: &str) -> bool {
    let always = [
        "24/7",
        "around the clock",
        "round-the-clock",
        "day and night",
    ];
    matches!(quantity.value as u32, 24 | 7) && always.iter().any(|form| target.contains(form))
}

/// Whether a text names a day that has the same date each year: `tweede kerstdag` is December 26.
fn names_holiday(source: &str) -> bool {
    const HOLIDAYS: &[&str] = &[
        "nieuwjaarsdag",
        "driekoningen",
        "valentijnsdag",
        "koningsdag",
        "koninginnedag",
        "dag van de arbeid",
        "dodenherdenking",
        "bevrijdingsdag",
        "allerheiligen",
        "allerzielen",
        "sint-maarten",
        "sinterklaas",
        "pakjesavond",
        "kerstavond",
        "kerstdag",
        "oudejaarsdag",
        "oudejaarsavond",
        "oudjaar",
    ];
    HOLIDAYS.iter().any(|day| source.contains(day))
}

/// Spans of time that one Dutch word names, in seconds: `een eeuw` is 100 years.
const SPANS: &[(&str, f64)] = &[
    ("halfuur", 1_800.0),
    ("half uur", 1_800.0),
    ("kwartier", 900.0),
    ("drie kwartier", 2_700.0),
    ("uur", 3_600.0),
    ("etmaal", 86_400.0),
    ("weekend", 172_800.0),
    ("week", 604_800.0),
    ("maand", 2_629_800.0),
    ("kwartaal", 7_889_400.0),
    ("halfjaar", 15_778_800.0),
    ("half jaar", 15_778_800.0),
    ("jaar", 31_557_600.0),
    ("lustrum", 157_788_000.0),
    ("decennium", 315_576_000.0),
    ("eeuw", 3_155_760_000.0),
    ("millennium", 31_557_600_000.0),
];

/// Whether a number of the English is said in Dutch words that are not a number: `een kwartier` is
/// 15 minutes, `anderhalf keer zoveel` 50 percent more.
fn is_in_words(quantity: &Quantity, source: &str) -> bool {
    let words = |text: &str| {
        source
            .match_indices(text)
            .any(|(at, _)| !source[at + text.len()..].starts_with(char::is_alphanumeric))
    };
    match quantity.unit {
        Some(MeasureUnit::Percent) => {
            let keys: &[&str] = match quantity.value as u32 {
                50 => &["anderhalf keer", "anderhalve keer", "anderhalf maal"],
                100 => &["twee keer zo", "tweemaal zo", "dubbel zo", "verdubbel"],
                200 => &["drie keer zo", "driemaal zo", "verdrievoudig"],
                _ => &[],
            };
            keys.iter().any(|key| source.contains(key))
        }
        Some(MeasureUnit::Measure(index)) if MEASURES[index].dimension == "time" => {
            let seconds = quantity.value * MEASURES[index].factor;
            // A month of 30 days is 1.4 per cent shorter than a twelfth of a year.
            let is_span = |span: f64| (seconds / span - 1.0).abs() < 0.02;
            let mut spans = SPANS.iter();
            quantity.value > 1.0 && spans.any(|&(word, span)| is_span(span) && words(word))
        }
        // `een ons` is 100 grams, `een pond` half a kilogram.
        Some(MeasureUnit::Measure(index)) if MEASURES[index].dimension == "mass" => {
            let kilos = quantity.value * MEASURES[index].factor;
            let is = |weight: f64| (kilos / weight - 1.0).abs() < 1e-6;
            is(0.1) && words("een ons") || is(0.5) && words("een pond")
        }
        None => quantity.value == 50.0 && words("half om half"),
        _ => false,
    }
}

/// Pairs up what was lost and what is new: what counts the same thing belongs together, the rest in
/// order.
fn paired(
    left: &QuantitySet,
    right: &QuantitySet,
    lost: &[usize],
    new: &[usize],
) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for strict in [true, false] {
        for &i in lost {
            if pairs.iter().any(|(a, _)| *a == i) {
                continue;
            }
            let fits = |j: usize| {
                let (a, b) = (&left.all[i], &right.all[j]);
                // A year does not become a size.
                let timely =
                    |q: &Quantity| matches!(q.kind, QuantityKind::Year | QuantityKind::Decade);
                let sized =
                    |q: &Quantity| q.unit.is_some() || q.currency.is_some() || q.scale > 1.0;
                if timely(a) && sized(b) || timely(b) && sized(a) {
                    return false;
                }
                !strict
                    || (a.unit == b.unit
                        && a.currency == b.currency
                        && (a.unit.is_some() || a.currency.is_some())
                        && a.kind == b.kind)
            };
            if let Some(&j) = new
                .iter()
                .find(|&&j| !pairs.iter().any(|(_, b)| *b == j) && fits(j))
            {
                pairs.push((i, j));
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

/// The check that a quantity belongs to.
fn check_of(q: &Quantity, of_date: bool) -> &'static str {
    match q.kind {
        _ if of_date => "dates",
        QuantityKind::Year | QuantityKind::Decade => "dates",
        _ if q.currency.is_some() => "money",
        _ => "numbers",
    }
}

fn became(left: &QuantitySet, i: usize, right: &QuantitySet, j: usize) -> Finding {
    let (a, b) = (&left.all[i], &right.all[j]);
    let check = match (check_of(a, left.of_date[i]), check_of(b, right.of_date[j])) {
        ("dates", _) | (_, "dates") => "dates",
        ("money", "money") => "money",
        _ => "numbers",
    };
    let finding = Finding::error(
        check,
        format!("“{}” became “{}”", left.text(i), right.text(j)),
    )
    .at_source(a.span)
    .at_target(b.span);
    let bare = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_digit() || ".,\u{a0}\u{202f}".contains(c))
    };
    if bare(left.text(i)) && bare(right.text(j)) {
        return finding.suggest(numeral::english(left.text(i)));
    }
    finding
}

/// Whether a lost number is surely a loss: small numbers may be said in another way.
fn weighty(quantity: &Quantity) -> bool {
    quantity.unit.is_some() || quantity.currency.is_some() || quantity.value.abs() > 31.0
}
