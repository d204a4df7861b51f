//! Sets of characters, as written in patterns: `[a-z&&[^b]]`, `\p{Lu}`, `\h`.

use regex::Regex;

type Parsed<T> = Result<T, (String, usize)>;

/// A set of characters as it was written.
#[derive(Debug, Clone)]
pub(super) enum CharSet {
    Everything,
    Range(char, char),
    /// A Unicode property, looked up by a regular expression for one character.
    Property(Regex),
    Not(Box<CharSet>),
    Any(Vec<CharSet>),
    Both(Vec<CharSet>),
}

/// A set with its ASCII part worked out.
#[derive(Debug, Clone)]
pub(super) struct CharClass {
    ascii: u128,
    set: CharSet,
    fold: bool,
}

impl CharClass {
    /// `fold`: case does not matter.
    pub fn new(set: CharSet, fold: bool) -> Self {
        let mut class = Self {
            ascii: 0,
            set,
            fold,
        };
        for c in '\0'..='\x7f' {
            if class.test(c) {
                class.ascii |= 1 << u32::from(c);
            }
        }
        class
    }

    /// The ASCII characters in the set, one bit each.
    pub const fn ascii(&self) -> u128 {
        self.ascii
    }

    /// Whether a character is in the set.
    pub fn contains(&self, c: char) -> bool {
        if c.is_ascii() {
            self.ascii >> u32::from(c) & 1 == 1
        } else {
            self.test(c)
        }
    }

    fn test(&self, c: char) -> bool {
        self.set.test(c)
            || (self.fold
                && (c.to_lowercase().any(|c| self.set.test(c))
                    || c.to_uppercase().any(|c| self.set.test(c))))
    }
}

impl CharSet {
    fn test(&self, c: char) -> bool {
        match self {
            Self::Everything => true,
            Self::Range(first, last) => (*first..=*last).contains(&c),
            Self::Property(regex) => regex.is_match(c.encode_utf8(&mut [0; 4])),
            Self::Not(set) => !set.test(c),
            Self::Any(sets) => sets.iter().any(|set| set.test(c)),
            Self::Both(sets) => sets.iter().all(|set| set.test(c)),
        }
    }

    /// Line feed, vertical tab, form feed, carriage return, next line, and the two separators.
    pub fn line_ends() -> Self {
        Self::Any(vec![
            Self::Range('\n', '\r'),
            Self::Range('\u{85}', '\u{85}'),
            Self::Range('\u{2028}', '\u{2029}'),
        ])
    }

    /// Spaces and tabs.
    fn blanks() -> Self {
        let one = |c| Self::Range(c, c);
        let mut all: Vec<Self> = [
            ' ', '\t', '\u{a0}', '\u{1680}', '\u{180e}', '\u{202f}', '\u{205f}', '\u{3000}',
        ]
        .map(one)
        .into();
        all.push(Self::Range('\u{2000}', '\u{200a}'));
        Self::Any(all)
    }

    /// Reads what stands behind a backslash; `at` moves behind it.
    ///
    /// Errors: an unknown property, a number that is not a character.
    pub fn escape(pattern: &str, at: &mut usize) -> Parsed<Self> {
        let begin = *at;
        let Some(c) = take(pattern, at) else {
            return Err(("a `\\` ends the pattern".into(), begin));
        };
        let not = |set: Self| Self::Not(Box::new(set));
        Ok(match c {
            'd' => property("Nd", begin)?,
            'D' => not(property("Nd", begin)?),
            's' => property("White_Space", begin)?,
            'S' => not(property("White_Space", begin)?),
            'w' => words(begin)?,
            'W' => not(words(begin)?),
            'h' => Self::blanks(),
            'H' => not(Self::blanks()),
            'v' => Self::line_ends(),
            'V' => not(Self::line_ends()),
            'p' | 'P' => {
                let name = if pattern[*at..].starts_with('{') {
                    let Some(end) = pattern[*at..].find('}') else {
                        return Err(("a property has no `}`".into(), begin));
                    };
                    let name = &pattern[*at + 1..*at + end];
                    *at += end + 1;
                    name
                } else {
                    let from = *at;
                    take(pattern, at);
                    &pattern[from..*at]
                };
                let (name, inverse) = match name.strip_prefix('^') {
                    Some(name) => (name, true),
                    None => (name, false),
                };
                let set = property(name, begin)?;
                if inverse == (c == 'P') { set } else { not(set) }
            }
            c => {
                let c = character(c, pattern, at)
                    .ok_or_else(|| ("this number is not a character".to_owned(), begin))?;
                Self::Range(c, c)
            }
        })
    }

    /// Reads a class whose `[` has been read; `at` moves behind its `]`.
    ///
    /// Errors: no end, nested too deeply, and those of [`CharSet::escape`].
    pub fn parse(pattern: &str, at: &mut usize) -> Parsed<Self> {
        Self::parse_inner(pattern, at, 0)
    }

    fn parse_inner(pattern: &str, at: &mut usize, depth: usize) -> Parsed<Self> {
        if depth > 20 {
            return Err(("classes are nested too deeply".into(), *at));
        }
        let inverse = pattern[*at..].starts_with('^');
        *at += usize::from(inverse);
        let mut parts = Vec::new();
        let mut sets: Vec<Self> = Vec::new();
        let begin = *at;
        loop {
            let rest = &pattern[*at..];
            let Some(c) = rest.chars().next() else {
                return Err(("a class has no `]`".into(), *at));
            };
            if c == ']' && *at > begin {
                *at += 1;
                break;
            }
            if rest.starts_with("&&") {
                *at += 2;
                parts.push(Self::Any(std::mem::take(&mut sets)));
            } else if rest.starts_with("\\Q") {
                let end = rest.find("\\E").unwrap_or(rest.len());
                sets.extend(rest[2..end].chars().map(|c| Self::Range(c, c)));
                *at += (end + 2).min(rest.len());
            } else if let Some(set) = posix(rest, at) {
                sets.push(set?);
            } else if c == '[' {
                *at += 1;
                sets.push(Self::parse_inner(pattern, at, depth + 1)?);
            } else {
                sets.push(Self::item(pattern, at)?);
            }
        }
        let mut set = Self::Any(sets);
        if !parts.is_empty() {
            parts.push(set);
            set = Self::Both(parts);
        }
        Ok(if inverse {
            Self::Not(Box::new(set))
        } else {
            set
        })
    }

    /// A character, an escape or a range.
    fn item(pattern: &str, at: &mut usize) -> Parsed<Self> {
        let first = Self::single(pattern, at)?;
        let rest = &pattern[*at..];
        let (Self::Range(low, same), Some(behind)) = (&first, rest.strip_prefix('-')) else {
            return Ok(first);
        };
        if low != same || behind.starts_with([']', '[']) || behind.is_empty() {
            return Ok(first);
        }
        let begin = *at;
        *at += 1;
        match Self::single(pattern, at)? {
            Self::Range(high, _) if high >= *low => Ok(Self::Range(*low, high)),
            Self::Range(..) => Err(("this range runs backwards".into(), begin)),
            other => Ok(Self::Any(vec![first, Self::Range('-', '-'), other])),
        }
    }

    fn single(pattern: &str, at: &mut usize) -> Parsed<Self> {
        match take(pattern, at) {
            Some('\\') if pattern[*at..].starts_with('b') => {
                *at += 1;
                Ok(Self::Range('\u{8}', '\u{8}'))
            }
            Some('\\') => Self::escape(pattern, at),
            Some(c) => Ok(Self::Range(c, c)),
            None => Err(("a class has no `]`".into(), *at)),
        }
    }
}

fn take(pattern: &str, at: &mut usize) -> Option<char> {
    let c = pattern[*at..].chars().next()?;
    *at += c.len_utf8();
    Some(c)
}

/// `[:alpha:]` inside a class, as ICU has it.
fn posix(rest: &str, at: &mut usize) -> Option<Parsed<CharSet>> {
    let inside = rest.strip_prefix("[:")?;
    let end = inside.find(":]")?;
    let begin = *at;
    *at += end + 4;
    let name = &inside[..end];
    Some(match name.strip_prefix('^') {
        Some(name) => property(name, begin).map(|set| CharSet::Not(Box::new(set))),
        None => property(name, begin),
    })
}

fn words(at: usize) -> Parsed<CharSet> {
    Ok(CharSet::Any(vec![
        property("Alphabetic", at)?,
        property("Nd", at)?,
        property("M", at)?,
        property("Pc", at)?,
    ]))
}

/// The character that an escape names: a control, a number, or itself.
fn character(c: char, pattern: &str, at: &mut usize) -> Option<char> {
    Some(match c {
        't' => '\t',
        'n' => '\n',
        'r' => '\r',
        'f' => '\u{c}',
        'a' => '\u{7}',
        'e' => '\u{1b}',
        'c' => char::from(
            take(pattern, at)
                .filter(char::is_ascii)?
                .to_ascii_uppercase() as u8
                ^ 64,
        ),
        '0' => number(pattern, at, 3, 8)?,
        'u' => number(pattern, at, 4, 16)?,
        'x' if pattern[*at..].starts_with('{') => {
            let end = pattern[*at..].find('}')?;
            let digits = &pattern[*at + 1..*at + end];
            *at += end + 1;
            char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
        }
        'x' => number(pattern, at, 2, 16)?,
        c => c,
    })
}

fn number(pattern: &str, at: &mut usize, digits: usize, radix: u32) -> Option<char> {
    let rest = &pattern[*at..];
    let length = rest
        .chars()
        .take(digits)
        .take_while(|c| c.is_digit(radix))
        .count();
    *at += length;
    char::from_u32(u32::from_str_radix(&rest[..length], radix).ok()?)
}

/// A Unicode property by any of the names that ICU and Java know.
fn property(name: &str, at: usize) -> Parsed<CharSet> {
    let known = match name.to_ascii_lowercase().as_str() {
        "alpha" | "javaletter" | "javaalphabetic" => r"\p{Alphabetic}".to_owned(),
        "lower" | "javalowercase" => r"\p{Lowercase}".to_owned(),
        "upper" | "javauppercase" => r"\p{Uppercase}".to_owned(),
        "digit" | "javadigit" => r"\p{Nd}".to_owned(),
        "alnum" | "javaletterordigit" => r"[\p{Alphabetic}\p{Nd}]".to_owned(),
        "punct" => r"[\p{P}!-/:-@\[-`{-~]".to_owned(),
        "space" | "blank" | "javawhitespace" | "isspace" => r"\p{White_Space}".to_owned(),
        "cntrl" => r"\p{Cc}".to_owned(),
        "print" | "graph" => r"\PC".to_owned(),
        "ascii" => r"[\x00-\x7f]".to_owned(),
        "xdigit" => "[0-9A-Fa-f]".to_owned(),
        _ => format!(r"\p{{{name}}}"),
    };
    let bare = name.get(2..).filter(|_| {
        name.get(..2)
            .is_some_and(|is| is.eq_ignore_ascii_case("is"))
    });
    Regex::new(&format!(r"\A{known}\z"))
        .or_else(|error| bare.map_or(Err(error), |bare| Regex::new(&format!(r"\A\p{{{bare}}}\z"))))
        .map(CharSet::Property)
        .map_err(|_| (format!("unknown property `{name}`"), at))
}
