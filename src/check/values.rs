//! Reads the quantities of a text as values: numbers in digits and words, with scale, unit and currency; dates, times, months, weekdays.
//!
//! `1.300` is 1300 in Dutch and 1.3 in English; `half acht` is 7:30; `2 miljard` is 2·10⁹; `jaren negentig` are the 1990s.

use crate::bitext::Span;

/// Which language's notation is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Decimal comma, thousands by full stop.
    Dutch,
    /// Decimal point, thousands by comma.
    English,
}

/// What a quantity is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A number.
    Number,
    /// Minutes since midnight; ambiguous if it may be half a day later.
    Time {
        /// Whether morning or evening is left open.
        ambiguous: bool,
    },
    /// Day of a month: 100 · month + day.
    Date,
    /// A month alone.
    Month,
    /// A weekday, 0 for Monday.
    Weekday,
    /// Dozens, hundreds, thousands: a class without a value.
    Vague,
}

/// A value in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// What it is.
    pub kind: Kind,
    /// Its value; not a number for one in the other language's notation.
    pub value: f64,
    /// Where it stands.
    pub span: Span,
    /// Whether it is written in digits.
    pub digits: bool,
    /// Its unit, by canonical name: `km`, `%`, `kg`.
    pub unit: Option<&'static str>,
    /// Its currency: `€`, `$`, `£`.
    pub currency: Option<&'static str>,
}

/// A piece of the text: letters, or a number with its separators.
#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    span: Span,
    text: &'t str,
    number: bool,
}

const DUTCH_MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DUTCH_DAYS: [&str; 7] = [
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
];
const ENGLISH_DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Words of units with their canonical names.
const UNITS: &[(&str, &str)] = &[
    ("km", "km"),
    ("kilometer", "km"),
    ("kilometers", "km"),
    ("kilometre", "km"),
    ("kilometres", "km"),
    ("m", "m"),
    ("meter", "m"),
    ("meters", "m"),
    ("metre", "m"),
    ("metres", "m"),
    ("cm", "cm"),
    ("centimeter", "cm"),
    ("centimeters", "cm"),
    ("centimetre", "cm"),
    ("centimetres", "cm"),
    ("mm", "mm"),
    ("millimeter", "mm"),
    ("millimeters", "mm"),
    ("millimetre", "mm"),
    ("millimetres", "mm"),
    ("mijl", "mile"),
    ("mijlen", "mile"),
    ("mile", "mile"),
    ("miles", "mile"),
    ("mi", "mile"),
    ("voet", "foot"),
    ("foot", "foot"),
    ("feet", "foot"),
    ("ft", "foot"),
    ("inch", "inch"),
    ("inches", "inch"),
    ("yard", "yard"),
    ("yards", "yard"),
    ("kg", "kg"),
    ("kilo", "kg"),
    ("kilo's", "kg"),
    ("kilos", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("gram", "g"),
    ("grams", "g"),
    ("pond", "pound"),
    ("ponden", "pound"),
    ("pound", "pound"),
    ("pounds", "pound"),
    ("lb", "pound"),
    ("lbs", "pound"),
    ("ton", "ton"),
    ("tons", "ton"),
    ("tonne", "ton"),
    ("tonnes", "ton"),
    ("hectare", "ha"),
    ("hectares", "ha"),
    ("hectaren", "ha"),
    ("ha", "ha"),
    ("acre", "acre"),
    ("acres", "acre"),
    ("liter", "l"),
    ("liters", "l"),
    ("litre", "l"),
    ("litres", "l"),
    ("gallon", "gallon"),
    ("gallons", "gallon"),
    ("mph", "mph"),
    ("kph", "km/h"),
    ("procent", "%"),
    ("percent", "%"),
    ("pct", "%"),
];

/// How many of the second make one of the first.
pub const CONVERSIONS: &[(&str, &str, f64)] = &[
    ("km", "mile", 0.621_371),
    ("m", "foot", 3.280_84),
    ("m", "yard", 1.093_61),
    ("cm", "inch", 0.393_701),
    ("mm", "inch", 0.039_370),
    ("kg", "pound", 2.204_62),
    ("km/h", "mph", 0.621_371),
    ("ha", "acre", 2.471_05),
    ("l", "gallon", 0.264_172),
    ("km²", "mile²", 0.386_102),
    ("m²", "foot²", 10.763_9),
    ("ha", "km²", 0.01),
    ("km", "m", 1000.0),
    ("m", "cm", 100.0),
    ("cm", "foot", 0.032_808),
    ("m", "inch", 39.370_1),
    ("g", "kg", 0.001),
    ("ton", "kg", 1000.0),
    ("km", "foot", 3280.84),
];

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let bytes = text.as_bytes();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_ascii_digit() {
            let mut end = start + 1;
            while let Some(&b) = bytes.get(end) {
                let next_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
                let joins = b.is_ascii_digit() || (matches!(b, b'.' | b',' | b':') && next_digit);
                // A no-break space between groups of three is part of the number.
                let space = ["\u{a0}", "\u{202f}", "\u{2009}"]
                    .iter()
                    .find(|s| text[end..].starts_with(**s));
                if joins {
                    end += 1;
                } else if let Some(space) = space
                    && text[end + space.len()..]
                        .bytes()
                        .take_while(u8::is_ascii_digit)
                        .count()
                        == 3
                {
                    end += space.len() + 3;
                } else {
                    break;
                }
            }
            while chars.next_if(|&(at, _)| at < end).is_some() {}
            tokens.push(Token {
                span: Span::new(start, end),
                text: &text[start..end],
                number: true,
            });
        } else if c.is_alphabetic() {
            let mut end = start + c.len_utf8();
            while let Some(&(at, c)) = chars.peek() {
                let inner = matches!(c, '\'' | '’')
                    && text[at + c.len_utf8()..].starts_with(char::is_alphabetic);
                if c.is_alphabetic() || inner {
                    end = at + c.len_utf8();
                    chars.next();
                } else {
                    break;
                }
            }
            tokens.push(Token {
                span: Span::new(start, end),
                text: &text[start..end],
                number: false,
            });
        }
    }
    tokens
}

/// The value of a number as written; none for a notation that belongs to the other language.
fn numeral(text: &str, notation: Notation) -> Option<f64> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (thousands, decimal) = match notation {
        Notation::Dutch => ('.', ','),
        Notation::English => (',', '.'),
    };
    let (whole, fraction) = match compact.rsplit_once(decimal) {
        Some((whole, fraction)) if compact.matches(decimal).count() == 1 => (whole, fraction),
        Some(_) => return None,
        None => (compact.as_str(), ""),
    };
    if fraction.contains([thousands, ':']) {
        return None;
    }
    let mut groups = whole.split(thousands);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    if rest.iter().any(|g| g.len() != 3) || (!rest.is_empty() && (first.len() > 3 || first == "0"))
    {
        // `2.5` in Dutch is a list number or an Anglicism: read as it looks. A Dutch decimal in English is no number.
        if notation == Notation::Dutch && rest.len() == 1 && fraction.is_empty() {
            return format!("{first}.{}", rest[0]).parse().ok();
        }
        return None;
    }
    format!("{first}{}.{fraction}0", rest.concat()).parse().ok()
}

/// A Dutch number word: `achtendertig`, `tweeëntwintig`, `honderdtwintig`, `derde`.
fn dutch_word(word: &str) -> Option<f64> {
    const SMALL: &[(&str, f64)] = &[
        ("twee", 2.0),
        ("drie", 3.0),
        ("vier", 4.0),
        ("vijf", 5.0),
        ("zes", 6.0),
        ("zeven", 7.0),
        ("acht", 8.0),
        ("negen", 9.0),
        ("tien", 10.0),
        ("elf", 11.0),
        ("twaalf", 12.0),
        ("dertien", 13.0),
        ("veertien", 14.0),
        ("vijftien", 15.0),
        ("zestien", 16.0),
        ("zeventien", 17.0),
        ("achttien", 18.0),
        ("negentien", 19.0),
    ];
    const TENS: &[(&str, f64)] = &[
        ("twintig", 20.0),
        ("dertig", 30.0),
        ("veertig", 40.0),
        ("vijftig", 50.0),
        ("zestig", 60.0),
        ("zeventig", 70.0),
        ("tachtig", 80.0),
        ("negentig", 90.0),
    ];
    const OTHER: &[(&str, f64)] = &[
        ("tweede", 2.0),
        ("derde", 3.0),
        ("vierde", 4.0),
        ("vijfde", 5.0),
        ("zesde", 6.0),
        ("zevende", 7.0),
        ("achtste", 8.0),
        ("negende", 9.0),
        ("tiende", 10.0),
        ("elfde", 11.0),
        ("twaalfde", 12.0),
        ("dozijn", 12.0),
        ("anderhalf", 1.5),
        ("anderhalve", 1.5),
        ("helft", 0.5),
        ("driekwart", 0.75),
        ("honderd", 100.0),
        ("duizend", 1000.0),
        ("twintigste", 20.0),
        ("dertigste", 30.0),
        ("tweeën", 2.0),
    ];
    let find =
        |list: &[(&str, f64)], word: &str| list.iter().find(|(w, _)| *w == word).map(|(_, v)| *v);
    if let Some(value) = find(SMALL, word)
        .or_else(|| find(TENS, word))
        .or_else(|| find(OTHER, word))
    {
        return Some(value);
    }
    for (tens, value) in TENS {
        if let Some(unit) = word
            .strip_suffix(tens)
            .and_then(|u| u.strip_suffix("en").or_else(|| u.strip_suffix("ën")))
        {
            let unit = if unit == "een" || unit == "één" {
                Some(1.0)
            } else {
                find(SMALL, unit)
            };
            return unit.filter(|u| *u < 10.0).map(|u| u + value);
        }
    }
    for (scale, value) in [("duizend", 1000.0), ("honderd", 100.0)] {
        if let Some((left, right)) = word.split_once(scale) {
            let left = if left.is_empty() {
                Some(1.0)
            } else {
                dutch_word(left)
            };
            let right = right.strip_prefix("en").unwrap_or(right);
            let right = match right {
                "" => Some(0.0),
                "een" | "één" => Some(1.0),
                right => dutch_word(right),
            };
            return left.zip(right).map(|(l, r)| l * value + r);
        }
    }
    None
}

fn english_word(word: &str) -> Option<f64> {
    const WORDS: &[(&str, f64)] = &[
        ("two", 2.0),
        ("three", 3.0),
        ("four", 4.0),
        ("five", 5.0),
        ("six", 6.0),
        ("seven", 7.0),
        ("eight", 8.0),
        ("nine", 9.0),
        ("ten", 10.0),
        ("eleven", 11.0),
        ("twelve", 12.0),
        ("thirteen", 13.0),
        ("fourteen", 14.0),
        ("fifteen", 15.0),
        ("sixteen", 16.0),
        ("seventeen", 17.0),
        ("eighteen", 18.0),
        ("nineteen", 19.0),
        ("twenty", 20.0),
        ("thirty", 30.0),
        ("forty", 40.0),
        ("fifty", 50.0),
        ("sixty", 60.0),
        ("seventy", 70.0),
        ("eighty", 80.0),
        ("ninety", 90.0),
        ("second", 2.0),
        ("third", 3.0),
        ("thirds", 3.0),
        ("fourth", 4.0),
        ("fifth", 5.0),
        ("sixth", 6.0),
        ("seventh", 7.0),
        ("eighth", 8.0),
        ("ninth", 9.0),
        ("tenth", 10.0),
        ("eleventh", 11.0),
        ("twelfth", 12.0),
        ("twentieth", 20.0),
        ("thirtieth", 30.0),
        ("dozen", 12.0),
        ("half", 0.5),
        ("twice", 2.0),
        ("hundred", 100.0),
        ("thousand", 1000.0),
        ("nineties", 1990.0),
        ("eighties", 1980.0),
        ("seventies", 1970.0),
        ("sixties", 1960.0),
        ("fifties", 1950.0),
        ("forties", 1940.0),
        ("thirties", 1930.0),
        ("twenties", 1920.0),
    ];
    WORDS.iter().find(|(w, _)| *w == word).map(|(_, v)| *v)
}

fn scale(word: &str, notation: Notation) -> Option<f64> {
    let word = word.trim_end_matches('.');
    Some(match (notation, word) {
        (Notation::Dutch, "duizend" | "dzd") | (Notation::English, "thousand") => 1e3,
        (Notation::Dutch, "miljoen" | "mln" | "milj" | "mio")
        | (Notation::English, "million" | "mln") => 1e6,
        (Notation::Dutch, "miljard" | "mld" | "mrd") | (Notation::English, "billion" | "bn") => 1e9,
        (Notation::Dutch, "biljoen") | (Notation::English, "trillion") => 1e12,
        (Notation::Dutch, "biljard") | (Notation::English, "quadrillion") => 1e15,
        (Notation::English, "hundred") | (Notation::Dutch, "honderd") => 1e2,
        _ => return None,
    })
}

fn vague(word: &str, next: Option<&str>, notation: Notation) -> Option<f64> {
    Some(match (notation, word) {
        (Notation::Dutch, "tientallen") => 1.0,
        (Notation::Dutch, "honderden") => 2.0,
        (Notation::Dutch, "duizenden") => 3.0,
        (Notation::Dutch, "tienduizenden") => 4.0,
        (Notation::Dutch, "honderdduizenden") => 5.0,
        (Notation::Dutch, "miljoenen") | (Notation::English, "millions") => 6.0,
        (Notation::Dutch, "miljarden") | (Notation::English, "billions") => 9.0,
        (Notation::English, "dozens" | "scores") => 1.0,
        (Notation::English, "tens") if next == Some("thousands") => 4.0,
        (Notation::English, "tens") if next == Some("millions") => 6.0,
        (Notation::English, "tens") => 1.0,
        (Notation::English, "hundreds") if next == Some("thousands") => 5.0,
        (Notation::English, "hundreds") if next == Some("millions") => 6.0,
        (Notation::English, "hundreds") => 2.0,
        (Notation::English, "thousands") => 3.0,
        _ => return None,
    })
}

/// The month that a word names, 1..=12.
fn month(word: &str, notation: Notation) -> Option<usize> {
    match notation {
        Notation::Dutch => {
            let lower = word.to_lowercase();
            DUTCH_MONTHS
                .iter()
                .position(|m| {
                    *m == lower
                        || (lower.len() >= 3
                            && lower != "mei"
                            && lower != "maart"
                            && [
                                "jan", "feb", "febr", "mrt", "apr", "jun", "jul", "aug", "sep",
                                "sept", "okt", "nov", "dec",
                            ]
                            .contains(&lower.as_str())
                            && (m.starts_with(&lower) || (lower == "mrt" && *m == "maart")))
                })
                .map(|i| i + 1)
        }
        Notation::English => ENGLISH_MONTHS
            .iter()
            .position(|m| {
                *m == word
                    || ([
                        "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct",
                        "Nov", "Dec",
                    ]
                    .contains(&word)
                        && m.starts_with(word))
            })
            .map(|i| i + 1),
    }
}

/// Reads every quantity of a text, in order.
pub fn read(text: &str, notation: Notation) -> Vec<Quantity> {
    let tokens = tokens(text);
    let mut found: Vec<Quantity> = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let reader = Reader {
            text,
            tokens: &tokens,
            notation,
        };
        let (used, mut quantities) = reader.at(at);
        found.append(&mut quantities);
        at += used.max(1);
    }
    found
}

struct Reader<'a, 't> {
    text: &'t str,
    tokens: &'a [Token<'t>],
    notation: Notation,
}

impl<'t> Reader<'_, 't> {
    fn token(&self, at: usize) -> Option<Token<'t>> {
        self.tokens.get(at).copied()
    }

    fn lower(&self, at: usize) -> String {
        self.token(at)
            .map_or_else(String::new, |t| t.text.to_lowercase())
    }

    /// What stands between a token and the one before it.
    fn gap(&self, at: usize) -> &'t str {
        let (Some(token), Some(before)) = (
            self.token(at),
            at.checked_sub(1).and_then(|i| self.token(i)),
        ) else {
            return " ";
        };
        &self.text[before.span.end..token.span.start]
    }

    /// Reads what begins at a token; how many tokens that took.
    fn at(&self, at: usize) -> (usize, Vec<Quantity>) {
        let Some(token) = self.token(at) else {
            return (1, Vec::new());
        };
        if let Some(read) = self.clock(at).or_else(|| self.date(at)) {
            return (read.0, vec![read.1]);
        }
        if token.number {
            return self.digits(at);
        }
        if let Some(read) = self.calendar(at) {
            return (1, vec![read]);
        }
        let lower = token.text.to_lowercase();
        let next_word = {
            let next = self.lower(at + 1);
            if next == "of" {
                self.lower(at + 2)
            } else {
                next
            }
        };
        if let Some(class) = vague(&lower, Some(&next_word), self.notation) {
            let used = if matches!(self.lower(at + 1).as_str(), "of")
                && vague(&next_word, None, self.notation).is_some()
            {
                3
            } else {
                1
            };
            return (used, vec![self.quantity(Kind::Vague, class, at, at, false)]);
        }
        self.words(at)
    }

    fn quantity(
        &self,
        kind: Kind,
        value: f64,
        first: usize,
        last: usize,
        digits: bool,
    ) -> Quantity {
        let start = self.token(first).map_or(0, |t| t.span.start);
        let end = self.token(last).map_or(start, |t| t.span.end);
        Quantity {
            kind,
            value,
            span: Span::new(start, end),
            digits,
            unit: None,
            currency: None,
        }
    }

    /// Months and weekdays that stand alone.
    fn calendar(&self, at: usize) -> Option<Quantity> {
        let token = self.token(at)?;
        let sentence_start = token.span.start == 0;
        let (days, own): (&[&str; 7], String) = match self.notation {
            Notation::Dutch => (&DUTCH_DAYS, token.text.to_lowercase()),
            Notation::English => (&ENGLISH_DAYS, token.text.to_owned()),
        };
        let day = days.iter().position(|d| {
            own.strip_prefix(d).is_some_and(|rest| {
                rest.is_empty()
                    || [
                        "ochtend", "middag", "avond", "nacht", "morgen", "s", "'s", "’s",
                    ]
                    .contains(&rest)
            })
        });
        if let Some(day) = day {
            return Some(self.quantity(Kind::Weekday, day as f64, at, at, false));
        }
        let month = month(token.text, self.notation)?;
        // `May` and `March` begin sentences as verbs and in names.
        let doubtful = self.notation == Notation::English
            && sentence_start
            && matches!(token.text, "May" | "March");
        let short = token.text.len() < 4 && !matches!(token.text, "mei" | "May" | "Mei");
        (!doubtful && !short).then(|| self.quantity(Kind::Month, month as f64, at, at, false))
    }

    /// Times of the clock.
    fn clock(&self, at: usize) -> Option<(usize, Quantity)> {
        let token = self.token(at)?;
        let time = |hour: f64, minute: f64, ambiguous: bool, used: usize, digits: bool| {
            (hour <= 24.0 && minute < 60.0).then(|| {
                let quantity = self.quantity(
                    Kind::Time { ambiguous },
                    (hour * 60.0 + minute) % 1440.0,
                    at,
                    at + used - 1,
                    digits,
                );
                (used, quantity)
            })
        };
        let next = self.lower(at + 1);
        if token.number {
            let parts: Vec<&str> = token.text.split([':', '.']).collect();
            let number = |text: &str| text.parse::<f64>().ok();
            let glued = self
                .token(at + 1)
                .is_some_and(|t| t.span.start == token.span.end);
            match self.notation {
                Notation::Dutch => {
                    let two = parts.len() == 2 && parts[1].len() == 2;
                    if two && (next == "uur" || token.text.contains(':')) {
                        let used = if next == "uur" { 2 } else { 1 };
                        let hour = number(parts[0])?;
                        return time(hour, number(parts[1])?, hour <= 12.0, used, true);
                    }
                    if parts.len() == 1
                        && next == "u"
                        && glued
                        && let Some(minutes) =
                            self.token(at + 2).filter(|t| t.number && t.text.len() == 2)
                    {
                        return time(number(parts[0])?, number(minutes.text)?, true, 3, true);
                    }
                    if parts.len() == 1 && next == "uur" && self.is_clock_context(at) {
                        let hour = number(parts[0])?;
                        return time(hour, 0.0, hour <= 12.0, 2, true);
                    }
                }
                Notation::English => {
                    let (hour, minute) = match parts.as_slice() {
                        [hour] => (number(hour)?, 0.0),
                        [hour, minute] if minute.len() == 2 => (number(hour)?, number(minute)?),
                        _ => return None,
                    };
                    let rest = self.text[token.span.end..]
                        .trim_start_matches([' ', '\u{a0}'])
                        .to_lowercase();
                    let half = ["a.m", "am", "p.m", "pm"].iter().find(|half| {
                        rest.strip_prefix(**half)
                            .is_some_and(|r| !r.starts_with(char::is_alphanumeric))
                    });
                    if let Some(half) = half {
                        let used = if half.contains('.') { 3 } else { 2 };
                        let hour = hour % 12.0 + if half.starts_with('p') { 12.0 } else { 0.0 };
                        return time(hour, minute, false, used, true);
                    }
                    if next == "o'clock" || next == "o’clock" {
                        return time(hour, minute, hour <= 12.0, 2, true);
                    }
                    if token.text.contains(':') && parts.len() == 2 {
                        return time(hour, minute, hour <= 12.0, 1, true);
                    }
                }
            }
            return None;
        }
        let word = token.text.to_lowercase();
        match self.notation {
            Notation::Dutch => {
                let hour = |at: usize| -> Option<f64> {
                    let word = self.lower(at);
                    if word == "een" || word == "één" {
                        Some(1.0)
                    } else {
                        dutch_word(&word).or_else(|| word.parse().ok())
                    }
                    .filter(|h| *h <= 12.0 && h.fract() == 0.0)
                };
                if word == "half" {
                    let hour = hour(at + 1)?;
                    return time((hour + 11.0) % 12.0, 30.0, true, 2, false);
                }
                if word == "kwart" && matches!(next.as_str(), "over" | "voor") {
                    let hour = hour(at + 2)?;
                    let (hour, minute) = if next == "over" {
                        (hour, 15.0)
                    } else {
                        ((hour + 11.0) % 12.0, 45.0)
                    };
                    return time(hour, minute, true, 3, false);
                }
                if next == "uur" && self.is_clock_context(at) {
                    return time(hour(at)?, 0.0, true, 2, false);
                }
                None
            }
            Notation::English => {
                if matches!(word.as_str(), "half" | "quarter")
                    && matches!(next.as_str(), "past" | "to")
                {
                    let hour = english_word(&self.lower(at + 2))
                        .or_else(|| self.lower(at + 2).parse().ok())?;
                    let minutes = if word == "half" { 30.0 } else { 15.0 };
                    let (hour, minute) = if next == "past" {
                        (hour, minutes)
                    } else {
                        ((hour + 11.0) % 12.0, 60.0 - minutes)
                    };
                    return time(hour, minute, true, 3, false);
                }
                if matches!(next.as_str(), "o'clock" | "o’clock") {
                    return time(english_word(&word)?, 0.0, true, 2, false);
                }
                match word.as_str() {
                    "noon" => time(12.0, 0.0, true, 1, false),
                    "midnight" => time(0.0, 0.0, true, 1, false),
                    _ => None,
                }
            }
        }
    }

    /// Whether `N uur` behind this token's predecessor is a time and no duration.
    fn is_clock_context(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|i| self.lower(i)).unwrap_or_default();
        let before2 = at.checked_sub(2).map(|i| self.lower(i)).unwrap_or_default();
        let words = ["om", "tot", "vanaf", "rond", "omstreeks", "sinds", "vóór"];
        words.contains(&before.as_str())
            || (["ongeveer", "circa"].contains(&before.as_str())
                && words.contains(&before2.as_str()))
    }

    /// Days of months.
    fn date(&self, at: usize) -> Option<(usize, Quantity)> {
        let token = self.token(at)?;
        let day = |at: usize| -> Option<f64> {
            let token = self.token(at).filter(|t| t.number)?;
            token
                .text
                .parse::<f64>()
                .ok()
                .filter(|d| (1.0..=31.0).contains(d) && token.text.len() <= 2)
        };
        let date = |day: f64, month: f64, last: usize| {
            Some((
                last - at + 1,
                self.quantity(Kind::Date, month * 100.0 + day, at, last, true),
            ))
        };
        if token.number {
            let first = day(at)?;
            if self.notation == Notation::Dutch
                && let (Some(second), Some(year)) = (day(at + 1), self.token(at + 2))
                && ["-", "/"].contains(&self.gap(at + 1))
                && self.gap(at + 2) == self.gap(at + 1)
                && year.text.len() == 4
                && second <= 12.0
            {
                return date(first, second, at + 1);
            }
            // `3 maart`, `3 March`, `3rd of March`
            let mut next = at + 1;
            if self.notation == Notation::English {
                while matches!(self.lower(next).as_str(), "st" | "nd" | "rd" | "th" | "of") {
                    next += 1;
                }
            }
            let word = self.token(next).filter(|t| !t.number)?;
            let near = self.text[token.span.end..word.span.start]
                .chars()
                .all(|c| c.is_whitespace() || c.is_alphabetic());
            let month = month(word.text, self.notation).filter(|_| near)?;
            return date(first, month as f64, next);
        }
        if self.notation == Notation::English {
            let month = month(token.text, self.notation)?;
            let second = day(at + 1)?;
            let gap = self.gap(at + 1);
            if gap.trim_matches([' ', '.', '\u{a0}']).is_empty() {
                return date(second, month as f64, at + 1);
            }
        }
        None
    }

    /// A number in digits.
    fn digits(&self, at: usize) -> (usize, Vec<Quantity>) {
        let Some(token) = self.token(at) else {
            return (1, Vec::new());
        };
        let before = self.text[..token.span.start].chars().next_back();
        let after = &self.text[token.span.end..];
        // Part of a name (A320, MI6) or of an address.
        let glued_left =
            before.is_some_and(|c| c.is_alphabetic() || c == '_' || c == '@' || c == '/');
        let hyphenated =
            before == Some('-') && self.text[..token.span.start - 1].ends_with(char::is_uppercase);
        let suffix: String = after
            .chars()
            .take_while(|c| c.is_alphabetic() || *c == '²')
            .collect();
        let ordinal = matches!(
            suffix.as_str(),
            "e" | "ste" | "de" | "st" | "nd" | "rd" | "th" | "s" | "er" | "'s"
        );
        let unit_suffix = UNITS.iter().any(|(w, _)| *w == suffix)
            || ["m²", "km²", "u", "mln", "mld", "bn", "x"].contains(&suffix.as_str());
        if glued_left
            || hyphenated
            || !(suffix.is_empty() || ordinal || unit_suffix)
            || after.starts_with(['/', '_']) && after[1..].starts_with(char::is_alphanumeric)
        {
            return (1, Vec::new());
        }
        // `2:2` is a score or a verse.
        if token.text.contains(':') {
            return (1, Vec::new());
        }
        let mut value = numeral(token.text, self.notation).unwrap_or(f64::NAN);
        let mut last = at;
        // `1995–96` names 1996; `'90s` and `jaren 90` the 1990s.
        let short = token.text.len() == 2;
        if short && value.fract() == 0.0 && matches!(self.gap(at), "-" | "–" | "/") && at > 0 {
            let year = self
                .token(at - 1)
                .and_then(|t| t.text.parse::<f64>().ok())
                .filter(|y| (1000.0..=2100.0).contains(y));
            if let Some(year) = year.filter(|y| (y % 100.0) < value) {
                value += (year / 100.0).floor() * 100.0;
            }
        }
        let decade = (suffix == "s" && short)
            || (self.notation == Notation::Dutch
                && short
                && matches!(self.lower(at.wrapping_sub(1)).as_str(), "jaren"));
        if decade
            || (short
                && before.is_some_and(|c| matches!(c, '\'' | '’' | '‘'))
                && !after.starts_with(['\'', '’']))
        {
            value += if value < 30.0 && !decade {
                2000.0
            } else {
                1900.0
            };
        }
        if matches!(before, Some('-' | '−'))
            && self.text[..token.span.start]
                .chars()
                .rev()
                .nth(1)
                .is_none_or(|c| c.is_whitespace() || c == '(')
        {
            value = -value;
        }
        if ordinal && !suffix.is_empty() {
            last += 1;
        }
        if let Some(factor) = self
            .token(last + 1)
            .filter(|t| !t.number)
            .and_then(|t| scale(&t.text.to_lowercase(), self.notation))
        {
            let gap = self.gap(last + 1);
            if gap.trim().is_empty() || gap == "-" {
                value *= factor;
                last += 1;
            }
        }
        let mut quantity = self.quantity(Kind::Number, value, at, at, true);
        self.measure(&mut quantity, at, last);
        // `$30m` are millions, `30m` are meters.
        if suffix == "m" && quantity.currency.is_some() {
            quantity.value *= 1e6;
            quantity.unit = None;
        }
        (last - at + 1, vec![quantity])
    }

    /// Unit and currency around a number.
    fn measure(&self, quantity: &mut Quantity, first: usize, last: usize) {
        let start = self.token(first).map_or(0, |t| t.span.start);
        let end = self.token(last).map_or(0, |t| t.span.end);
        let left = self.text[..start].trim_end_matches([' ', '\u{a0}', '-']);
        let right = self.text[end..].trim_start_matches([' ', '\u{a0}']);
        for mark in ["€", "$", "£", "¥"] {
            if left.ends_with(mark) || right.starts_with(mark) {
                quantity.currency = Some(mark);
            }
        }
        let next = self.lower(last + 1);
        let near = self
            .gap(last + 1)
            .trim_matches([' ', '\u{a0}', '-'])
            .is_empty();
        if near {
            quantity.currency = quantity.currency.or(match next.as_str() {
                "euro" | "euros" | "euro's" | "euro’s" | "eur" => Some("€"),
                "dollar" | "dollars" | "usd" => Some("$"),
                "sterling" => Some("£"),
                _ => None,
            });
        }
        if right.starts_with('%') {
            quantity.unit = Some("%");
        } else if right.starts_with("km²") || right.starts_with("km2") {
            quantity.unit = Some("km²");
        } else if right.starts_with("m²") || right.starts_with("m2") {
            quantity.unit = Some("m²");
        } else if right.starts_with("km/u") || right.starts_with("km/h") {
            quantity.unit = Some("km/h");
        } else if right.starts_with("per cent") {
            quantity.unit = Some("%");
        } else if near {
            let square = matches!(next.as_str(), "vierkante" | "square");
            let word = if square { self.lower(last + 2) } else { next };
            let unit = UNITS.iter().find(|(w, _)| *w == word).map(|(_, u)| *u);
            let per_hour = {
                let after = if square { last + 3 } else { last + 2 };
                self.lower(after) == "per"
                    && matches!(self.lower(after + 1).as_str(), "uur" | "hour")
                    || self.lower(after) == "an" && self.lower(after + 1) == "hour"
            };
            quantity.unit = match (unit, square, per_hour) {
                (Some("km"), true, _) => Some("km²"),
                (Some("m"), true, _) => Some("m²"),
                (Some("mile"), true, _) => Some("mile²"),
                (Some("foot"), true, _) => Some("foot²"),
                (Some("km"), _, true) => Some("km/h"),
                (Some("mile"), _, true) => Some("mph"),
                (unit, ..) => unit,
            };
        }
    }

    /// Number words.
    fn words(&self, at: usize) -> (usize, Vec<Quantity>) {
        let word = self.lower(at);
        let (mut value, mut last) = match self.notation {
            Notation::Dutch => match dutch_word(&word) {
                Some(value) => (value, at),
                None => return (1, Vec::new()),
            },
            Notation::English => match self.english_number(at) {
                Some((value, last)) => (value, last),
                None => return (1, Vec::new()),
            },
        };
        if self.notation == Notation::Dutch
            && word != "honderd"
            && word != "duizend"
            && let Some(factor) = scale(&self.lower(last + 1), self.notation)
        {
            value *= factor;
            last += 1;
        }
        // `jaren negentig`
        if self.notation == Notation::Dutch
            && self.lower(at.wrapping_sub(1)) == "jaren"
            && value % 10.0 == 0.0
            && value < 100.0
        {
            value += 1900.0;
        }
        let mut quantity = self.quantity(Kind::Number, value, at, last, false);
        self.measure(&mut quantity, at, last);
        (last - at + 1, vec![quantity])
    }

    /// `twenty-one`, `two hundred and five`, `two million`.
    fn english_number(&self, at: usize) -> Option<(f64, usize)> {
        let mut value = english_word(&self.lower(at))?;
        let mut last = at;
        if (20.0..100.0).contains(&value) && value % 10.0 == 0.0 {
            let gap = self.gap(last + 1);
            let unit = english_word(&self.lower(last + 1))
                .or_else(|| (self.lower(last + 1) == "one").then_some(1.0))
                .or_else(|| (self.lower(last + 1) == "first").then_some(1.0));
            if let Some(unit) = unit.filter(|u| *u < 10.0 && *u >= 1.0 && gap == "-") {
                value += unit;
                last += 1;
            }
        }
        while let Some(factor) = scale(&self.lower(last + 1), self.notation)
            .filter(|_| self.gap(last + 1).trim_matches([' ', '-']).is_empty())
        {
            value *= factor;
            last += 1;
        }
        Some((value, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, notation: Notation) -> Vec<f64> {
        read(text, notation).into_iter().map(|q| q.value).collect()
    }

    #[test]
    fn each_notation_reads_its_own() {
        assert_eq!(
            values("1.300 en 2,5 en 1.300,50 en 12\u{a0}000", Notation::Dutch),
            [1300.0, 2.5, 1300.5, 12000.0]
        );
        assert_eq!(
            values("1,300 and 2.5 and 1,300.50", Notation::English),
            [1300.0, 2.5, 1300.5]
        );
        assert!(values("0,8 meters", Notation::English)[0].is_nan());
        assert_eq!(
            values("MI6, A320 en H5N1", Notation::Dutch),
            Vec::<f64>::new()
        );
    }

    #[test]
    fn words_scales_and_decades_are_values() {
        assert_eq!(
            values(
                "achtendertig, tweeëntwintig, honderdtwintig, negentienhonderd, anderhalf",
                Notation::Dutch
            ),
            [38.0, 22.0, 120.0, 1900.0, 1.5]
        );
        assert_eq!(
            values("thirty-eight, two hundred, five million", Notation::English),
            [38.0, 200.0, 5e6]
        );
        assert_eq!(
            values("2 miljard en 1,2 biljoen", Notation::Dutch),
            [2e9, 1.2e12]
        );
        assert_eq!(values("de jaren negentig", Notation::Dutch), [1990.0]);
        assert_eq!(values("1995–96", Notation::English), [1995.0, 1996.0]);
    }

    #[test]
    fn times_and_dates_are_read() {
        assert_eq!(values("om half acht", Notation::Dutch), [450.0]);
        assert_eq!(values("om 15.00 uur", Notation::Dutch), [900.0]);
        assert_eq!(values("at 7:30 p.m.", Notation::English), [1170.0]);
        assert_eq!(values("op 05-11-2023", Notation::Dutch), [1105.0, 2023.0]);
        assert_eq!(
            values("on Nov. 5, 2023", Notation::English),
            [1105.0, 2023.0]
        );
    }
}
