//! The faults of the mock, each one a row: transport, status, shape of the answer, and the words
//! themselves.

/// When a fault strikes, counted over the requests of a session that it is meant for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Timing {
    /// Every request.
    Always,
    /// The first N requests.
    First(u64),
    /// Every N-th request.
    Every(u64),
    /// All requests after the first N.
    After(u64),
    /// A share of the requests, by the seed.
    Rate(f64),
}

/// A fault with its value and its moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Its name, a row of [`FAULTS`].
    pub name: &'static str,
    /// Its number, where it takes one: seconds, milliseconds.
    pub value: Option<f64>,
    /// When it strikes.
    pub when: Timing,
    /// Which requests it is meant for.
    pub on: Aim,
    /// A word: of the requests that ask for a translation, only those with a text that has it.
    pub has: Option<String>,
}

/// The requests that a fault is meant for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aim {
    /// Those that ask for a translation.
    Words,
    /// Every one.
    Any,
    /// Those whose path begins so.
    Path(String),
}

/// Every fault: name and what it does.
pub static FAULTS: &[(&str, &str)] = &[
    ("429", "too many requests, without Retry-After"),
    (
        "429-seconds",
        "too many requests, Retry-After in seconds (value)",
    ),
    ("429-date", "too many requests, Retry-After as a date"),
    ("429-ms", "too many requests, retry-after-ms (value)"),
    ("quota", "the quota is used up, in the dialect's own way"),
    (
        "400",
        "the request is not taken, in the dialect's own words",
    ),
    ("401", "the key is refused"),
    ("403", "the key is refused, with an empty body"),
    ("413", "the request is too large, with an HTML body"),
    ("500", "internal error, with an empty body"),
    ("502", "bad gateway, with an HTML body of a proxy"),
    ("503", "unavailable, with a JSON body"),
    ("529", "overloaded, with an empty body"),
    ("slow", "the answer waits (value: milliseconds)"),
    ("hang", "no answer ever comes"),
    (
        "pace",
        "a model takes so long for each token (value: milliseconds)",
    ),
    (
        "stall",
        "a streamed answer stops half-way, or after so many tokens (value), and never ends",
    ),
    ("cut", "the connection breaks in the middle of the body"),
    ("truncated", "the JSON ends in the middle"),
    ("html-200", "an HTML page under status 200"),
    ("empty-200", "an empty body under status 200"),
    ("bom", "a byte-order mark before the JSON"),
    ("error-200", "an error under status 200"),
    ("too-few", "the last text is missing"),
    ("too-many", "one text too many"),
    ("reordered", "the texts come in reverse order"),
    (
        "duplicated",
        "the first text stands in place of the second too",
    ),
    ("empty-text", "the first text is empty"),
    ("no-text", "the first text has no field of its own"),
    ("fenced", "a model's answer stands in a code fence"),
    ("thinking", "a model's answer comes behind its thoughts"),
    ("cut-off", "a model's answer ends at its length limit"),
    ("refusal", "a model refuses"),
    ("filtered", "a content filter takes a model's answer away"),
    (
        "filtered-400",
        "a content filter refuses the request, with status 400",
    ),
    (
        "format-400",
        "a model's server knows no form for its answers, with status 400",
    ),
    (
        "context",
        "a model's context has so many tokens (value), which the prompt may exceed",
    ),
    (
        "endless",
        "a model repeats its first sentence, or the one with the word of `has=`, up to its limit",
    ),
    ("ids-doubled", "a model gives two texts one id"),
    ("escaped", "the texts are HTML-escaped"),
    ("tags-lost", "tags and marks are gone"),
    ("tags-halved", "closing tags and marks are gone"),
    ("tags-moved", "tags and marks stand at the start"),
    ("tags-doubled", "tags and marks stand twice"),
    ("terms-ignored", "terms are not applied"),
    ("terms-mangled", "terms are squeezed into the word before"),
    ("terms-leak", "the Dutch term stands in the English"),
    ("terms-invented", "a placeholder stands where a term was"),
    (
        "terms-halved",
        "of a term of several words the last one is missing",
    ),
    ("terms-lower", "terms are applied in lower case"),
    ("terms-capitals", "terms in capitals are left as they were"),
    ("tags-emptied", "tags and marks enclose nothing"),
    ("upper", "everything is in capitals"),
    ("lower", "everything is in lower case"),
    (
        "lower-start",
        "the first letter is in lower case, as LibreTranslate does it to fragments",
    ),
    ("dutch", "the Dutch comes back"),
    ("doubled", "the last clause stands twice"),
    ("article", "an article stands twice"),
    ("number", "the first number is changed"),
];

/// Reads `NAME[=VALUE][,first=N|every=N|after=N|rate=P][,on=any|/PATH][,has=WORD]`.
///
/// Without `on=`, a fault is meant for requests that ask for a translation; with `has=`, for those
/// of them with a text that has the word.
///
/// Errors: a sentence that names the nearest fault.
pub fn parse(spec: &str) -> Result<Fault, String> {
    let mut parts = spec.split(',').map(str::trim);
    let head = parts.next().unwrap_or_default();
    let (name, value) = match head.split_once('=') {
        Some((name, value)) => {
            let value = value
                .parse::<f64>()
                .map_err(|_| format!("`{value}` is not a number in `{spec}`"))?;
            (name, Some(value))
        }
        None => (head, None),
    };
    let Some((name, _)) = FAULTS.iter().find(|(known, _)| *known == name) else {
        let near = FAULTS.iter().map(|(known, _)| *known).find(|known| {
            !name.is_empty()
                && (known.starts_with(name) || name.starts_with(known) || known.contains(name))
        });
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(format!("`{name}` is not a fault{hint}"));
    };
    let mut fault = Fault {
        name,
        value,
        when: Timing::Always,
        on: Aim::Words,
        has: None,
    };
    for part in parts {
        fault.qualify(part)?;
    }
    Ok(fault)
}

/// Reads several specs, separated by `;`.
///
/// Errors: that of the first spec that is not one.
pub fn parse_all(specs: &str) -> Result<Vec<Fault>, String> {
    specs
        .split(';')
        .filter(|spec| !spec.trim().is_empty())
        .map(|spec| parse(spec.trim()))
        .collect()
}

impl Fault {
    /// Reads one of the words behind the name.
    fn qualify(&mut self, part: &str) -> Result<(), String> {
        let (key, number) = part.split_once('=').ok_or_else(|| {
            format!(
                "`{part}` is none of `first=N`, `every=N`, `after=N`, `rate=P`, `on=any`, `has=WORD`"
            )
        })?;
        let whole = || {
            number
                .parse::<u64>()
                .map_err(|_| format!("`{number}` is not a whole number in `{part}`"))
        };
        self.when = match key {
            "first" => Timing::First(whole()?),
            "every" => Timing::Every(whole()?.max(1)),
            "after" => Timing::After(whole()?),
            "rate" => Timing::Rate(
                number
                    .parse::<f64>()
                    .map_err(|_| format!("`{number}` is not a number in `{part}`"))?,
            ),
            "on" => {
                self.on = match number {
                    "any" => Aim::Any,
                    path if path.starts_with('/') => Aim::Path(path.to_owned()),
                    _ => {
                        return Err(format!(
                            "`{number}` is neither `any` nor a path in `{part}`"
                        ));
                    }
                };
                return Ok(());
            }
            "has" => {
                self.has = Some(number.to_owned());
                return Ok(());
            }
            _ => {
                return Err(format!(
                    "`{key}` is none of first, every, after, rate, on, has"
                ));
            }
        };
        Ok(())
    }

    /// Whether it is meant for a request with these texts to translate.
    pub fn is_meant_for(&self, path: &str, texts: &[&str]) -> bool {
        let has_word = |word: &String| texts.iter().any(|text| text.contains(word.as_str()));
        self.has.as_ref().is_none_or(has_word)
            && match &self.on {
                Aim::Words => !texts.is_empty(),
                Aim::Any => true,
                Aim::Path(beginning) => path.starts_with(beginning.as_str()),
            }
    }

    /// Whether it strikes request number `count` (from 0); `roll` is a number in 0..1 of that
    /// request.
    pub fn strikes(&self, count: u64, roll: f64) -> bool {
        match self.when {
            Timing::Always => true,
            Timing::First(n) => count < n,
            Timing::Every(n) => count % n == n - 1,
            Timing::After(n) => count >= n,
            Timing::Rate(rate) => roll < rate,
        }
    }

    /// Its spec, as [`parse`] reads it.
    pub fn spec(&self) -> String {
        let value = self
            .value
            .map_or_else(String::new, |value| format!("={value}"));
        let when = match self.when {
            Timing::Always => String::new(),
            Timing::First(n) => format!(",first={n}"),
            Timing::Every(n) => format!(",every={n}"),
            Timing::After(n) => format!(",after={n}"),
            Timing::Rate(rate) => format!(",rate={rate}"),
        };
        let on = match &self.on {
            Aim::Words => String::new(),
            Aim::Any => ",on=any".to_owned(),
            Aim::Path(path) => format!(",on={path}"),
        };
        let has = self
            .has
            .as_ref()
            .map_or_else(String::new, |word| format!(",has={word}"));
        format!("{}{value}{when}{on}{has}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_are_read_and_slips_are_named() {
        let fault = parse("429-seconds=2,first=3").unwrap();
        assert_eq!(
            (fault.name, fault.value, fault.when),
            ("429-seconds", Some(2.0), Timing::First(3))
        );
        assert!(fault.strikes(2, 0.0) && !fault.strikes(3, 0.0));
        assert!(parse("reorder").unwrap_err().contains("reordered"));
        assert!(parse("cut,often=2").is_err() && parse("cut,on=usage").is_err());
        let fault = parse("503,on=/v2/usage,every=2").unwrap();
        assert!(fault.is_meant_for("/v2/usage", &[]));
        assert!(!fault.is_meant_for("/v2/translate", &["De stad"]));
        let fault = parse("endless,has=Koersk").unwrap();
        assert!(fault.is_meant_for("/api/chat", &["De stad", "In Koersk"]));
        assert!(!fault.is_meant_for("/api/chat", &["De stad"]));
        for spec in [
            "429-seconds=2,first=3",
            "503,every=2,on=/v2/usage",
            "cut,on=any",
            "endless,first=1,has=Koersk",
        ] {
            assert_eq!(parse(spec).unwrap().spec(), spec);
        }
        assert_eq!(parse_all("429,first=1; cut").unwrap().len(), 2);
    }
}
