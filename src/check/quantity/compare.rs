//! Compares the quantities of two sides: exact first, then under the transformations that are
//! right, and reports what is left.
//!
//! `€ 1,5 mln` = `€1.5 million`; `160 km/u` → `100 mph` is a conversion; `miljard` → `trillion` is
//! wrong.

use super::equality::{agree, counts_alike, is_conversion, same, same_span};
use super::set::{NUMBERS, QuantitySet, meet};
use super::unmatched::leftover;
use crate::bitext::{Finding, Span};
use crate::language::quantity::number_words::{self, After};
use crate::language::quantity::units::{MEASURES, SYMBOLS};
use crate::language::quantity::{MeasureUnit, Quantity, QuantityKind, numeral};
use crate::language::text_view::TextView;
use crate::language::word_knowledge::renderings;
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
    ways(&left, &right, &mut findings);
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
        // `vijf ton`, `5,000 kilograms`: what the Dutch has in words is not copied with its comma.
        let is_copied = from.is_some_and(|i| left.all[i].digits);
        if !is_copied && !number.foreign {
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
                "“{}” became “{}”, which is not a time",
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
    let alike = meet(left, right, NUMBERS, NUMBERS, &|a, b| {
        agree(a, b) && counts_alike(a, b)
    });
    bare(left, right, &alike, findings);
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
        let became = |x: &str, y: &str| {
            Finding::error("units", format!("{x} became {y}, and the number stayed"))
        };
        let finding = match (a.currency_code(), b.currency_code(), a.unit, b.unit) {
            (Some(x), Some(y), ..) => Some(Finding::error("money", format!("{x} became {y}"))),
            (.., Some(x), Some(y)) => {
                let points = [x, y].contains(&MeasureUnit::Point);
                let check = if points { "numbers" } else { "units" };
                let message = format!("{} became {}, and the number stayed", x.name(), y.name());
                Some(Finding::error(check, message))
            }
            (Some(x), None, None, Some(y)) => Some(became(x, y.name())),
            (None, Some(y), Some(x), None) => Some(became(x.name(), y)),
            _ => None,
        };
        findings.extend(finding.map(|f| f.at_source(a.span).at_target(b.span)));
        left.met[i] = true;
        right.met[j] = true;
    }
}

/// Numbers whose unit is missing in the English: `5 procent` → `5`. It may stand
/// beside another number of the sentence (`15 percent, up from 12`) or in words.
fn bare(
    left: &QuantitySet,
    right: &QuantitySet,
    pairs: &[(usize, usize)],
    findings: &mut Vec<Finding>,
) {
    let english = number_words::of(Language::English);
    let side = right.side;
    let kind_of = |after: &After| match after {
        After::Percent(_) | After::Point => "percent",
        After::Currency(_) => "currency",
        After::Unit(index) if MEASURES[*index].dimension == "time" => "time",
        After::Unit(_) => "measure",
    };
    // A word or sign of the kind anywhere in the English, glued to its number too: `12km`.
    let stands = |kind: &str| {
        let word = |at: usize| {
            let own = side
                .word(at)
                .trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            english
                .after
                .get(own)
                .is_some_and(|after| kind_of(after) == kind)
                || kind == "percent" && (own.starts_with("percent") || own.starts_with("point"))
        };
        let sign = match kind {
            "percent" => side.text.contains(['%', '‰']) || side.lower.contains("per cent"),
            "currency" => SYMBOLS.iter().any(|(symbol, _)| side.text.contains(symbol)),
            _ => side.text.contains('°'),
        };
        sign || (0..side.len()).any(word)
    };
    for &(i, j) in pairs {
        let (a, b) = (&left.all[i], &right.all[j]);
        if b.unit.is_some() || b.currency.is_some() || !b.digits && b.value < 3.0 {
            continue;
        }
        // `10 procent` is `one in 10`.
        let is_part = b.word > 1
            && matches!(side.word(b.word - 1), "in" | "of")
            && same(a.value * b.value, 100.0);
        if is_part && a.unit == Some(MeasureUnit::Percent) {
            continue;
        }
        // Ages and spans of time are said in many ways.
        let (kind, metric) = match (a.currency, a.unit) {
            (Some(_), _) => ("currency", true),
            (_, Some(MeasureUnit::Percent | MeasureUnit::Point)) => ("percent", true),
            (_, Some(MeasureUnit::Measure(index))) if MEASURES[index].dimension != "time" => {
                ("measure", is_metric(index))
            }
            _ => continue,
        };
        // `de 1.500 meter` is `the 1,500`; a word that has other renderings may be one of them.
        let event = kind == "measure" && b.word > 0 && side.word(b.word - 1) == "the";
        let other = || {
            let unit = renderings(left.side.word(a.next)).into_iter();
            unit.flatten().any(|rendering| {
                rendering.len() > 2 && (0..side.len()).any(|at| side.word(at) == rendering)
            })
        };
        if event || stands(kind) || kind == "measure" && other() {
            continue;
        }
        let check = if kind == "currency" { "money" } else { "units" };
        let name = a
            .currency_code()
            .or(a.unit.map(MeasureUnit::name))
            .unwrap_or_default();
        let message = format!("“{}” lost its unit ({name})", left.text(i));
        let finding = if metric {
            Finding::error(check, message)
        } else {
            Finding::warning(check, message)
        };
        findings.push(finding.at_source(a.span).at_target(b.span));
    }
}

/// Whether a unit is one that no other word is: a power of ten of its base, and no temperature.
fn is_metric(index: usize) -> bool {
    let power = MEASURES[index].factor.log10();
    (power - power.round()).abs() < 1e-6 && MEASURES[index].dimension != "temperature"
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
            let shown = |q: &Quantity, side: &TextView<'_>| {
                format!(
                    "{} {}",
                    q.span.of(side.text),
                    q.unit.map_or("", MeasureUnit::name)
                )
            };
            let message = format!(
                "converted: {} → {}",
                shown(&left.all[i], left.side),
                shown(&number, right.side)
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
        let dimension = match left.all[i].unit {
            Some(MeasureUnit::Measure(index)) => MEASURES[index].dimension,
            _ => "",
        };
        let level = dimension == "temperature";
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

/// Two numbers side by side behind words that say whence and whither: `van 14 naar 9 procent`.
fn whence(set: &QuantitySet, from: &str, to: &[&str]) -> Vec<(usize, usize)> {
    let behind =
        |q: &Quantity, step: usize| q.word.checked_sub(step).map_or("", |at| set.side.word(at));
    let countable = |q: &Quantity| NUMBERS.contains(&q.kind);
    (1..set.all.len())
        .filter(|&j| {
            let (a, b) = (&set.all[j - 1], &set.all[j]);
            countable(a) && countable(b) && behind(a, 1) == from && to.contains(&behind(b, 1))
        })
        .map(|j| (j - 1, j))
        .collect()
}

/// A change that was turned round: `van 14 naar 9` → `from 9 to 14`.
fn ways(left: &QuantitySet, right: &QuantitySet, findings: &mut Vec<Finding>) {
    let theirs = whence(right, "from", &["to"]);
    for (a, b) in whence(left, "van", &["naar", "tot"]) {
        let (from, to) = (&left.all[a], &left.all[b]);
        let turned = |&&(x, y): &&(usize, usize)| {
            agree(from, &right.all[y]) && agree(to, &right.all[x]) && !agree(from, to)
        };
        if let Some(&(x, y)) = theirs.iter().find(turned) {
            let before = Span::new(from.span.start, to.span.end);
            let after = Span::new(right.all[x].span.start, right.all[y].span.end);
            let (own, other) = (before.of(left.side.text), after.of(right.side.text));
            let message = format!("“{own}” became “{other}”: the way was turned round");
            let finding = Finding::error("numbers", message);
            findings.push(finding.at_source(before).at_target(after));
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
