//! Compares the quantities of two sides: exact first, then under the transformations that are
//! right, and reports what is left.
//!
//! `€ 1,5 mln` = `€1.5 million`; `160 km/u` → `100 mph` is a conversion; `miljard` → `trillion` is
//! wrong.

use super::equality::{agree, counts_alike, is_conversion, same, same_span};
use super::set::{NUMBERS, QuantitySet, meet};
use super::unmatched::leftover;
use crate::bitext::{Finding, Span};
use crate::language::quantity::units::MEASURES;
use crate::language::quantity::{MeasureUnit, Quantity, QuantityKind, numeral};
use crate::language::text_view::TextView;
use crate::language::{Language, word_lists};

/// Compares all quantities of a pair.
pub fn compare(source: &TextView<'_>, target: &TextView<'_>) -> Vec<Finding> {
    let mut left = QuantitySet::new(source, Language::Dutch);
    let mut right = QuantitySet::new(target, Language::English);
    let mut findings = Vec::new();
    notation(&mut left, &mut right, &mut findings);
    times(&mut left, &mut right, &mut findings);
    let kinds = &[QuantityKind::Date];
    meet(&mut left, &mut right, kinds, kinds, &|a, b| agree(a, b));
    left.take_apart();
    right.take_apart();
    for kind in [QuantityKind::Month, QuantityKind::Weekday] {
        meet(&mut left, &mut right, &[kind], &[kind], &|a, b| {
            a.value == b.value
        });
        named(&mut left, &mut right, kind, &mut findings);
    }
    numbers(&mut left, &mut right, &mut findings);
    order(&left, &right, &mut findings);
    once(findings)
}

/// A number of the English that is written in Dutch: its value is right and what it says is not.
fn notation(left: &mut QuantitySet, right: &mut QuantitySet, findings: &mut Vec<Finding>) {
    for j in right.open(NUMBERS) {
        let number = right.all[j].clone();
        let dutch = if number.foreign {
            Some(number.value)
        } else {
            number
                .also
                .filter(|_| number.digits)
                .map(|(_, value)| value)
        };
        let Some(dutch) = dutch else { continue };
        let own = |q: &Quantity| same(q.value, number.value) && !number.foreign;
        if left.open(NUMBERS).iter().any(|&i| own(&left.all[i])) {
            right.all[j].also = None;
            continue;
        }
        let from = left
            .open(NUMBERS)
            .into_iter()
            .find(|&i| same(left.all[i].value, dutch));
        if from.is_none() && !number.foreign {
            right.all[j].also = None;
            continue;
        }
        let text = right.text(j);
        let right_form = numeral::english(text);
        let mut finding = Finding::error(
            "numbers",
            format!("“{text}” is Dutch notation; English writes {right_form}"),
        )
        .at_target(number.span)
        .suggest(right_form);
        if let Some(i) = from {
            left.met[i] = true;
            finding = finding.at_source(left.all[i].span);
        }
        right.met[j] = true;
        findings.push(finding);
    }
}

fn times(left: &mut QuantitySet, right: &mut QuantitySet, findings: &mut Vec<Finding>) {
    let time = &[QuantityKind::Time];
    let clock = |q: &Quantity| q.value;
    let equal = |a: &Quantity, b: &Quantity| {
        let day = if a.open || b.open { 720.0 } else { 1440.0 };
        same(clock(a) % day, clock(b) % day)
    };
    meet(left, right, time, time, &equal);
    // `until ten`: the hour alone; `19.30` without a word that makes a time of it.
    let hour = |time: &Quantity, number: &Quantity| {
        let unit = number.unit.is_none_or(|unit| unit.name() == "hour")
            && number.currency.is_none()
            && number.value >= 0.0;
        let whole = number.value.fract() == 0.0
            && number.value <= 24.0
            && same(time.value % 720.0, number.value * 60.0 % 720.0);
        let minutes = (number.value * 100.0).round();
        let dotted = number.digits
            && number.value < 25.0
            && number.value.fract() > 0.0
            && same(
                time.value % 720.0,
                ((minutes / 100.0).floor() * 60.0 + minutes % 100.0) % 720.0,
            );
        unit && (whole || dotted)
    };
    let number = &[QuantityKind::Cardinal];
    meet(left, right, time, number, &|a, b| hour(a, b));
    meet(left, right, number, time, &|a, b| hour(b, a));
    let (lost, new) = (left.open(time), right.open(time));
    for (&i, &j) in lost.iter().zip(&new) {
        left.met[i] = true;
        right.met[j] = true;
        let message = format!(
            "“{}” became “{}”: another time",
            left.text(i),
            right.text(j)
        );
        findings.push(
            Finding::error("times", message)
                .at_source(left.all[i].span)
                .at_target(right.all[j].span),
        );
    }
    for &i in lost.iter().skip(new.len()).filter(|&&i| left.all[i].digits) {
        left.met[i] = true;
        let time = left.all[i].clone();
        let glued = (time.value / 60.0).floor() * 100.0 + time.value % 60.0;
        let other = right.open(&[QuantityKind::Cardinal, QuantityKind::Year]);
        let became = other
            .iter()
            .copied()
            .find(|&j| same(right.all[j].value, glued))
            .or_else(|| {
                let own: Vec<usize> = left
                    .open(NUMBERS)
                    .into_iter()
                    .filter(|&k| left.all[k].digits)
                    .collect();
                let digits: Vec<usize> =
                    other.into_iter().filter(|&j| right.all[j].digits).collect();
                (own.is_empty() && digits.len() == 1).then(|| digits[0])
            });
        if let Some(j) = became {
            right.met[j] = true;
            let message = format!(
                "“{}” became “{}”, which is no time",
                left.text(i),
                right.text(j)
            );
            findings.push(
                Finding::error("times", message)
                    .at_source(time.span)
                    .at_target(right.all[j].span),
            );
        } else {
            findings.push(
                Finding::warning(
                    "times",
                    format!("“{}” is missing in the English", left.text(i)),
                )
                .at_source(time.span),
            );
        }
    }
}

/// Months and weekdays that found no equal.
fn named(
    left: &mut QuantitySet,
    right: &mut QuantitySet,
    kind: QuantityKind,
    findings: &mut Vec<Finding>,
) {
    let (lost, new) = (left.open(&[kind]), right.open(&[kind]));
    for (&i, &j) in lost.iter().zip(&new) {
        left.met[i] = true;
        right.met[j] = true;
        let message = format!("“{}” became “{}”", left.text(i), right.text(j));
        findings.push(
            Finding::error("dates", message)
                .at_source(left.all[i].span)
                .at_target(right.all[j].span),
        );
    }
}

fn numbers(left: &mut QuantitySet, right: &mut QuantitySet, findings: &mut Vec<Finding>) {
    let whole =
        |a: &Quantity, b: &Quantity| agree(a, b) && a.unit == b.unit && a.currency == b.currency;
    meet(left, right, NUMBERS, NUMBERS, &|a, b| {
        whole(a, b) && a.kind == b.kind
    });
    meet(left, right, NUMBERS, NUMBERS, &whole);
    meet(left, right, NUMBERS, NUMBERS, &|a, b| {
        agree(a, b) && counts_alike(a, b)
    });
    meet(left, right, NUMBERS, NUMBERS, &same_span);
    exchanged(left, right, findings);
    shares(left, right);
    conversions(left, right, findings);
    differences(left, right);
    signs(left, right, findings);
    leftover(left, right, findings);
}

/// The same value with another unit or currency.
fn exchanged(left: &mut QuantitySet, right: &mut QuantitySet, findings: &mut Vec<Finding>) {
    for i in left.open(NUMBERS) {
        let converted = right
            .open(NUMBERS)
            .into_iter()
            .any(|j| is_conversion(&left.all[i], &right.all[j]));
        let Some(j) = right
            .open(NUMBERS)
            .into_iter()
            .find(|&j| agree(&left.all[i], &right.all[j]))
        else {
            continue;
        };
        if converted && left.all[i].value == 0.0 {
            continue;
        }
        let (a, b) = (&left.all[i], &right.all[j]);
        let finding = match (a.currency_code(), b.currency_code(), a.unit, b.unit) {
            (Some(x), Some(y), ..) => Some(Finding::error("money", format!("{x} became {y}"))),
            (.., Some(x), Some(y)) => {
                let points = [x, y].contains(&MeasureUnit::Point);
                let check = if points { "numbers" } else { "units" };
                Some(Finding::error(
                    check,
                    format!("{} became {}, and the number stayed", x.name(), y.name()),
                ))
            }
            _ => None,
        };
        findings.extend(finding.map(|f| f.at_source(a.span).at_target(b.span)));
        left.met[i] = true;
        right.met[j] = true;
    }
}

/// `one in three` may be a third: two numbers against a share.
fn shares(left: &mut QuantitySet, right: &mut QuantitySet) {
    let parted = |from: &mut QuantitySet, to: &mut QuantitySet| {
        let percent = |q: &Quantity| q.unit == Some(MeasureUnit::Percent);
        for i in from.open(&[QuantityKind::Share, QuantityKind::Cardinal]) {
            // `80 procent` is four in five.
            let share = match from.all[i].kind {
                QuantityKind::Share => from.all[i].value,
                _ if percent(&from.all[i]) => from.all[i].value / 100.0,
                _ => continue,
            };
            let mut open = to.open(&[QuantityKind::Cardinal]);
            // Nobody says one in 32.5, and 32 per cent are no one in 32.
            open.retain(|&j| {
                let plain = &to.all[j];
                plain.unit.is_none() && plain.currency.is_none() && plain.value.fract() == 0.0
            });
            let two = open.windows(2).find(|two| {
                let (a, b) = (&to.all[two[0]], &to.all[two[1]]);
                b.value > 0.0 && (a.value / b.value - share).abs() < 0.005
            });
            // `een op de drie`: one is not read as a number.
            let single = open
                .iter()
                .find(|&&j| (1.0 / to.all[j].value - share).abs() < 0.005);
            if let Some(two) = two {
                from.met[i] = true;
                to.met[two[0]] = true;
                to.met[two[1]] = true;
            } else if let Some(&j) = single {
                from.met[i] = true;
                to.met[j] = true;
            }
        }
    };
    parted(left, right);
    parted(right, left);
}

fn conversions(left: &mut QuantitySet, right: &mut QuantitySet, findings: &mut Vec<Finding>) {
    for j in right.open(NUMBERS) {
        let number = right.all[j].clone();
        // In brackets beside the value of the source it helps the reader.
        let beside =
            (0..left.all.len()).any(|i| left.met[i] && is_conversion(&left.all[i], &number));
        let money = number.currency.is_some()
            && (0..left.all.len()).any(|i| {
                left.met[i]
                    && left.all[i].currency.is_some()
                    && left.all[i].currency != number.currency
            })
            && left
                .open(NUMBERS)
                .iter()
                .all(|&i| left.all[i].currency.is_none());
        if beside || money {
            right.met[j] = true;
            continue;
        }
        if let Some(i) = left
            .open(NUMBERS)
            .into_iter()
            .find(|&i| is_conversion(&left.all[i], &number))
        {
            let told = |q: &Quantity, side: &TextView<'_>| {
                format!(
                    "{} {}",
                    q.span.of(side.text),
                    q.unit.map_or("", MeasureUnit::name)
                )
            };
            let message = format!(
                "converted: {} → {}",
                told(&left.all[i], left.side),
                told(&number, right.side)
            );
            findings.push(
                Finding::warning("units", message)
                    .at_source(left.all[i].span)
                    .at_target(number.span),
            );
            left.met[i] = true;
            right.met[j] = true;
        }
    }
    for i in left.open(NUMBERS) {
        if (0..right.all.len()).any(|j| right.met[j] && is_conversion(&left.all[i], &right.all[j]))
        {
            left.met[i] = true;
        }
    }
}

/// `1.800, tweehonderd meer dan vorig jaar` may be 1,800, up from 1,600: a difference against what
/// it was.
fn differences(left: &mut QuantitySet, right: &mut QuantitySet) {
    for i in left.open(NUMBERS) {
        let sign = match left.side.word(left.all[i].next) {
            "meer" | "hoger" => -1.0,
            "minder" | "lager" => 1.0,
            _ => continue,
        };
        let step = sign * left.all[i].value;
        let before = |j: &usize| {
            let said = right.all[*j]
                .word
                .checked_sub(1)
                .map(|at| right.side.word(at));
            let from =
                |k: usize| left.met[k] && same(left.all[k].value + step, right.all[*j].value);
            matches!(said, Some("from" | "with" | "to")) && (0..left.all.len()).any(from)
        };
        if let Some(j) = right.open(NUMBERS).into_iter().find(before) {
            left.met[i] = true;
            right.met[j] = true;
        }
    }
}

/// The same value with another sign is wrong unless words say which way it goes.
fn signs(left: &mut QuantitySet, right: &mut QuantitySet, findings: &mut Vec<Finding>) {
    for i in left.open(NUMBERS) {
        let opposite = |q: &Quantity| q.value != 0.0 && same(q.value, -left.all[i].value);
        let Some(j) = right
            .open(NUMBERS)
            .into_iter()
            .find(|&j| opposite(&right.all[j]))
        else {
            continue;
        };
        let unsigned = if left.all[i].value < 0.0 {
            right.side
        } else {
            left.side
        };
        // A temperature that dropped to 12 degrees is not one that dropped to -12.
        let level = matches!(left.all[i].unit, Some(MeasureUnit::Measure(index)) if MEASURES[index].dimension == "temperature");
        if level || !unsigned.has(word_lists::get("numbers.down")) {
            let message = format!("“{}” lost or gained its sign", left.text(i));
            findings.push(
                Finding::error("numbers", message)
                    .at_source(left.all[i].span)
                    .at_target(right.all[j].span),
            );
        }
        left.met[i] = true;
        right.met[j] = true;
    }
}

/// Two numbers side by side that say a score, a vote or a range.
fn couples(set: &QuantitySet, joints: &[&str]) -> Vec<(usize, usize)> {
    (1..set.all.len())
        .filter(|&j| {
            let (a, b) = (&set.all[j - 1], &set.all[j]);
            let between = set.side.text.get(a.span.end..b.span.start).unwrap_or("?");
            let between = between
                .trim()
                .trim_start_matches("votes")
                .trim_start_matches("stemmen")
                .trim();
            a.digits
                && b.digits
                && a.kind == QuantityKind::Cardinal
                && b.kind == QuantityKind::Cardinal
                && joints.contains(&between)
        })
        .map(|j| (j - 1, j))
        .collect()
}

/// A score that was turned round: `3-1` → `1-3`. English puts the higher number first even for a
/// defeat.
fn order(left: &QuantitySet, right: &QuantitySet, findings: &mut Vec<Finding>) {
    let value = |set: &QuantitySet, (a, b): (usize, usize)| {
        (set.all[a].value.abs(), set.all[b].value.abs())
    };
    let theirs = couples(right, &["-", "–", "to", "against", "versus", ":"]);
    for own in couples(left, &["-", "–", "tegen", "tot", "versus", ":"]) {
        let (a, b) = value(left, own);
        let turned = theirs.iter().find(|&&pair| value(right, pair) == (b, a));
        let kept = theirs.iter().any(|&pair| value(right, pair) == (a, b));
        if let Some(&(x, y)) = turned.filter(|_| {
            a != b
                && !kept
                && !(left.side.has(word_lists::get("numbers.lost"))
                    || right.side.has(word_lists::get("numbers.lost")))
        }) {
            let whole = |set: &QuantitySet, from: usize, to: usize| {
                Span::new(set.all[from].span.start, set.all[to].span.end)
            };
            let (before, after) = (whole(left, own.0, own.1), whole(right, x, y));
            let message = format!(
                "“{}” became “{}”: the order changed",
                before.of(left.side.text),
                after.of(right.side.text)
            );
            findings.push(
                Finding::error("numbers", message)
                    .at_source(before)
                    .at_target(after),
            );
        }
    }
}

/// A date that differs in day and month is one finding.
fn once(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let again = kept.iter().any(|other| {
            other.check == "dates"
                && finding.check == "dates"
                && (other.source == finding.source && other.source.is_some()
                    || other.target == finding.target && other.target.is_some())
        });
        if !again {
            kept.push(finding);
        }
    }
    kept
}
