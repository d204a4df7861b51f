//! Numbers, dates, times, units and money: values are read on both sides, then compared.
//!
//! What has no equal on the other side is looked at again under the transformations that are right (a percentage for a fraction, a converted unit);
//! what is left is reported.

use super::values::{CONVERSIONS, Kind, Notation, Quantity, read};
use super::{Check, Example, Pair, bad, good};
use crate::bitext::Finding;

/// One of the five checks that compare quantities, by name.
pub struct Quantities(pub &'static str);

impl Check for Quantities {
    fn name(&self) -> &'static str {
        self.0
    }

    fn summary(&self) -> &'static str {
        match self.0 {
            "numbers" => "a number has no equal on the other side",
            "dates" => "a day, month, year or weekday changed",
            "times" => "a time of the clock changed",
            "units" => "a unit changed, or a value was converted",
            _ => "a currency or a scale of money changed",
        }
    }

    fn reason(&self) -> &'static str {
        match self.0 {
            "numbers" => {
                "Values are compared, not strings: 1.300 and 1,300, 3 and three, 2 miljard and 2 billion are equal; a Dutch separator left in English changes the value. The numbers 0 and 1 in words never raise an alarm."
            }
            "dates" => {
                "04-10-2023 is 4 October; April 10 is wrong though the digits agree. Weekdays and months must keep their value."
            }
            "times" => {
                "Half acht is 7:30, 19.30 uur is 7:30 p.m. A 12-hour time without a.m. or p.m. agrees with both."
            }
            "units" => {
                "12 kilometer is not 12 miles. A correct conversion is a warning: an editor must know."
            }
            _ => "25 euro is not $25, and 3 miljard is not 3 trillion.",
        }
    }

    fn examples(&self) -> &'static [Example] {
        match self.0 {
            "numbers" => {
                const {
                    &[
                        bad(
                            "Er liepen 212 mensen mee.",
                            "A total of 221 people took part.",
                        ),
                        bad("Het water steeg 0,8 meter.", "The water rose 0,8 meters."),
                        bad("Honderden mensen kwamen.", "Thousands of people came."),
                        good("Ongeveer 1.300 huizen.", "About 1,300 homes."),
                        good("Veertien huizen brandden af.", "14 houses burned down."),
                    ]
                }
            }
            "dates" => {
                const {
                    &[
                        bad(
                            "Op 04-10-2023 ging de fabriek dicht.",
                            "The plant closed on April 10, 2023.",
                        ),
                        bad(
                            "Ze vergaderen dinsdag weer.",
                            "They meet again on Thursday.",
                        ),
                        good(
                            "Op 05-11-2023 werd het lek gedicht.",
                            "The leak was sealed on Nov. 5, 2023.",
                        ),
                    ]
                }
            }
            "times" => {
                const {
                    &[
                        bad(
                            "De trein vertrekt om half negen.",
                            "The train leaves at half past nine.",
                        ),
                        good(
                            "De winkel sluit om half acht 's avonds.",
                            "The shop closes at 7:30 p.m.",
                        ),
                    ]
                }
            }
            "units" => {
                const {
                    &[
                        bad(
                            "De tunnel is 12 kilometer lang.",
                            "The tunnel is 12 miles long.",
                        ),
                        bad(
                            "De bestuurder reed 160 km/u.",
                            "The driver was doing 100 mph.",
                        ),
                        good(
                            "Het land is 500 vierkante mijl groot.",
                            "The land covers 500 square miles.",
                        ),
                    ]
                }
            }
            _ => {
                const {
                    &[
                        bad("Een kaartje kost 25 euro.", "A ticket costs $25."),
                        bad(
                            "De renovatie kost 3 miljard euro.",
                            "The renovation costs 3 trillion euros.",
                        ),
                        good(
                            "De boete bedroeg € 1,5 miljoen.",
                            "The fine was €1.5 million.",
                        ),
                    ]
                }
            }
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        pair.quantities()
            .iter()
            .filter(|f| f.check == self.0)
            .cloned()
            .collect()
    }
}

/// The quantities of one side, and which of them found their equal.
struct Side {
    all: Vec<Quantity>,
    met: Vec<bool>,
}

impl Side {
    fn new(text: &str, notation: Notation) -> Self {
        let all = read(text, notation);
        Self {
            met: vec![false; all.len()],
            all,
        }
    }

    fn open(&self, kind: fn(Kind) -> bool) -> Vec<usize> {
        (0..self.all.len())
            .filter(|&i| !self.met[i] && kind(self.all[i].kind))
            .collect()
    }
}

fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

/// Compares all quantities of a pair.
pub fn compare(source: &str, target: &str) -> Vec<Finding> {
    let mut left = Side::new(source, Notation::Dutch);
    let mut right = Side::new(target, Notation::English);
    let mut findings = Vec::new();
    times(&mut left, &mut right, &mut findings);
    dates(&mut left, &mut right, &mut findings);
    numbers(&mut left, &mut right, source, target, &mut findings);
    vague(&left, &right, source, target, &mut findings);
    findings
}

fn number(kind: Kind) -> bool {
    kind == Kind::Number
}

/// Matches pairs that `fits` accepts, in order.
fn matching(
    left: &mut Side,
    right: &mut Side,
    from: fn(Kind) -> bool,
    to: fn(Kind) -> bool,
    fits: &dyn Fn(&Quantity, &Quantity) -> bool,
) {
    for i in left.open(from) {
        if let Some(j) = right
            .open(to)
            .into_iter()
            .find(|&j| fits(&left.all[i], &right.all[j]))
        {
            left.met[i] = true;
            right.met[j] = true;
        }
    }
}

fn became(
    check: &'static str,
    before: &Quantity,
    after: &Quantity,
    source: &str,
    target: &str,
) -> Finding {
    let message = format!(
        "“{}” became “{}”",
        before.span.of(source),
        after.span.of(target)
    );
    Finding::error(check, message)
        .at_source(before.span)
        .at_target(after.span)
}

fn is_time(kind: Kind) -> bool {
    matches!(kind, Kind::Time { .. })
}

fn times(left: &mut Side, right: &mut Side, findings: &mut Vec<Finding>) {
    let equal = |a: &Quantity, b: &Quantity| {
        let ambiguous = |q: &Quantity| matches!(q.kind, Kind::Time { ambiguous: true });
        let span = if ambiguous(a) || ambiguous(b) {
            720.0
        } else {
            1440.0
        };
        same(a.value % span, b.value % span)
    };
    matching(left, right, is_time, is_time, &equal);
    // `until ten`: the hour alone.
    let hour =
        |a: &Quantity, b: &Quantity| same(a.value / 60.0 % 12.0, b.value % 12.0) && b.value <= 24.0;
    matching(left, right, is_time, number, &hour);
    let hour =
        |a: &Quantity, b: &Quantity| same(b.value / 60.0 % 12.0, a.value % 12.0) && a.value <= 24.0;
    matching(left, right, number, is_time, &hour);
    let (lost, new) = (left.open(is_time), right.open(is_time));
    for (rank, &i) in lost.iter().enumerate() {
        let (before, after) = (
            left.all[i].clone(),
            new.get(rank).map(|&j| right.all[j].clone()),
        );
        left.met[i] = true;
        if let Some(after) = after {
            right.met[new[rank]] = true;
            findings.push(
                Finding::error("times", "the time of the clock changed")
                    .at_source(before.span)
                    .at_target(after.span),
            );
        } else if before.digits {
            // 19.30 uur → 1930
            let glued = (before.value / 60.0).floor() * 100.0 + before.value % 60.0;
            if let Some(j) = right
                .open(number)
                .into_iter()
                .find(|&j| same(right.all[j].value, glued))
            {
                right.met[j] = true;
                findings.push(
                    Finding::error("times", "a time became a number")
                        .at_source(before.span)
                        .at_target(right.all[j].span),
                );
            } else {
                findings.push(
                    Finding::warning("times", "a time of the clock is missing in the English")
                        .at_source(before.span),
                );
            }
        }
    }
}

fn is_date(kind: Kind) -> bool {
    kind == Kind::Date
}

fn is_month(kind: Kind) -> bool {
    kind == Kind::Month
}

fn is_weekday(kind: Kind) -> bool {
    kind == Kind::Weekday
}

fn dates(left: &mut Side, right: &mut Side, findings: &mut Vec<Finding>) {
    let equal = |a: &Quantity, b: &Quantity| same(a.value, b.value);
    matching(left, right, is_date, is_date, &equal);
    // The month may go without its day, or the day stand apart from it.
    let month = |a: &Quantity, b: &Quantity| same((a.value / 100.0).floor(), b.value);
    {
        let kinds = (is_date as fn(Kind) -> bool, is_month as fn(Kind) -> bool);
        matching(left, right, kinds.0, kinds.1, &month);
    }
    let day = |a: &Quantity, b: &Quantity| same((b.value / 100.0).floor(), a.value);
    matching(left, right, is_month, is_date, &day);
    matching(left, right, is_month, is_month, &equal);
    matching(left, right, is_weekday, is_weekday, &equal);
    for (kind, what) in [
        (is_date as fn(Kind) -> bool, "the date changed"),
        (is_month, "the month changed"),
        (is_weekday, "the weekday changed"),
    ] {
        let (lost, new) = (left.open(kind), right.open(kind));
        for (&i, &j) in lost.iter().zip(&new) {
            left.met[i] = true;
            right.met[j] = true;
            findings.push(
                Finding::error("dates", what)
                    .at_source(left.all[i].span)
                    .at_target(right.all[j].span),
            );
        }
    }
    // `12 juni` → `June 12` in another form, such as a day without its month, is left to the numbers.
    for i in left.open(is_date) {
        let day = left.all[i].value % 100.0;
        if let Some(j) = right
            .open(number)
            .into_iter()
            .find(|&j| same(right.all[j].value, day))
        {
            right.met[j] = true;
        }
        left.met[i] = true;
    }
    for j in right.open(is_date) {
        let day = right.all[j].value % 100.0;
        if let Some(i) = left
            .open(number)
            .into_iter()
            .find(|&i| same(left.all[i].value, day))
        {
            left.met[i] = true;
        }
        right.met[j] = true;
    }
}

fn numbers(
    left: &mut Side,
    right: &mut Side,
    source: &str,
    target: &str,
    findings: &mut Vec<Finding>,
) {
    let measured = |a: &Quantity, b: &Quantity| {
        same(a.value, b.value) && a.unit == b.unit && a.currency == b.currency
    };
    matching(left, right, number, number, &measured);
    // The same value with another unit or currency is a finding; with one that is not said, none.
    for i in left.open(number) {
        let Some(j) = right
            .open(number)
            .into_iter()
            .find(|&j| same(left.all[i].value, right.all[j].value))
        else {
            continue;
        };
        let (a, b) = (&left.all[i], &right.all[j]);
        let pound = |q: &Quantity| q.unit == Some("pound") || q.currency == Some("£");
        if let (Some(x), Some(y)) = (a.currency, b.currency)
            && x != y
        {
            findings.push(
                Finding::error("money", format!("{x} became {y}"))
                    .at_source(a.span)
                    .at_target(b.span),
            );
        } else if let (Some(x), Some(y)) = (a.unit, b.unit)
            && x != y
            && !(pound(a) && pound(b))
        {
            findings.push(
                Finding::error("units", format!("{x} became {y}, and the number stayed"))
                    .at_source(a.span)
                    .at_target(b.span),
            );
        }
        left.met[i] = true;
        right.met[j] = true;
    }
    // A half is 50 per cent; a sign may stand in words.
    let share = |a: &Quantity, b: &Quantity| {
        let value = |q: &Quantity| {
            if q.unit == Some("%") {
                q.value / 100.0
            } else {
                q.value
            }
        };
        let nineties = same(a.value + 1900.0, b.value) || same(a.value, b.value + 1900.0);
        nineties
            || (a.unit == Some("%") || b.unit == Some("%")) && same(value(a), value(b))
            || same(a.value.abs(), b.value.abs())
                && (a.value < 0.0) != (b.value < 0.0)
                && (has_sign_word(source, target) || a.unit.is_none())
    };
    matching(left, right, number, number, &share);
    for i in left.open(number) {
        let converted = right
            .open(number)
            .into_iter()
            .find(|&j| is_conversion(&left.all[i], &right.all[j]));
        if let Some(j) = converted {
            let (a, b) = (&left.all[i], &right.all[j]);
            let message = format!(
                "converted: {} → {}",
                with_unit(a, source),
                with_unit(b, target)
            );
            findings.push(
                Finding::warning("units", message)
                    .at_source(a.span)
                    .at_target(b.span),
            );
            left.met[i] = true;
            right.met[j] = true;
        }
    }
    let counts = |q: &Quantity| {
        q.value.is_nan()
            || (q.digits && q.value.abs() != 1.0 && q.value != 0.0)
            || (q.value >= 2.0 && q.value.fract() == 0.0)
    };
    let lost: Vec<usize> = left
        .open(number)
        .into_iter()
        .filter(|&i| counts(&left.all[i]))
        .collect();
    let new: Vec<usize> = right
        .open(number)
        .into_iter()
        .filter(|&j| counts(&right.all[j]))
        .collect();
    for (&i, &j) in lost.iter().zip(&new) {
        let (a, b) = (&left.all[i], &right.all[j]);
        // Small words on both sides stand for other things too often: `twee keer` is twice, `a second` no number.
        let vague = !a.digits && !b.digits && (a.value < 4.0 || b.value < 4.0);
        if vague {
            continue;
        }
        let check = match (a.currency, b.currency) {
            (Some(_), Some(_)) => "money",
            _ => "numbers",
        };
        let finding = if b.value.is_nan() {
            let message = format!("“{}” is Dutch notation", b.span.of(target));
            Finding::error("numbers", message)
                .at_source(a.span)
                .at_target(b.span)
        } else {
            became(check, a, b, source, target)
        };
        findings.push(finding);
    }
    for &i in lost.iter().skip(new.len()).filter(|&&i| left.all[i].digits) {
        let message = format!(
            "“{}” is missing in the English",
            left.all[i].span.of(source)
        );
        let finding = if weighty(&left.all[i]) {
            Finding::error("numbers", message)
        } else {
            Finding::warning("numbers", message)
        };
        findings.push(finding.at_source(left.all[i].span));
    }
    for &j in new
        .iter()
        .skip(lost.len())
        .filter(|&&j| right.all[j].digits)
    {
        let message = format!("“{}” is not in the Dutch", right.all[j].span.of(target));
        findings.push(Finding::warning("numbers", message).at_target(right.all[j].span));
    }
}

/// Whether a lost number is surely a loss: years and small numbers may be said in another way.
fn weighty(quantity: &Quantity) -> bool {
    quantity.unit.is_some() || quantity.currency.is_some() || quantity.value.abs() > 31.0
}

fn has_sign_word(source: &str, target: &str) -> bool {
    let lower = format!("{source} {target}").to_lowercase();
    ["min ", "minus", "below", "onder nul", "onder het vriespunt"]
        .iter()
        .any(|word| lower.contains(word))
}

fn with_unit(quantity: &Quantity, text: &str) -> String {
    format!(
        "{} {}",
        quantity.span.of(text),
        quantity.unit.unwrap_or_default()
    )
}

/// Whether the second is the first in another unit, within 3 per cent or its own rounding.
fn is_conversion(a: &Quantity, b: &Quantity) -> bool {
    let (Some(from), Some(to)) = (a.unit, b.unit) else {
        return false;
    };
    CONVERSIONS.iter().any(|&(x, y, factor)| {
        let near = |wanted: f64, got: f64| (wanted - got).abs() <= wanted.abs() * 0.035;
        (x == from && y == to && near(a.value * factor, b.value))
            || (x == to && y == from && near(a.value / factor, b.value))
    })
}

fn vague(left: &Side, right: &Side, source: &str, target: &str, findings: &mut Vec<Finding>) {
    let is_vague = |q: &&Quantity| q.kind == Kind::Vague;
    let (a, b): (Vec<_>, Vec<_>) = (
        left.all.iter().filter(is_vague).collect(),
        right.all.iter().filter(is_vague).collect(),
    );
    if let ([a], [b]) = (a.as_slice(), b.as_slice())
        && !same(a.value, b.value)
    {
        findings.push(became("numbers", a, b, source, target));
    }
}
