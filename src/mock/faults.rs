//! What the mock can do wrong, each fault a row: transport, status, shape of the answer, and the words themselves.

/// When a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
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
    pub when: When,
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
    ("401", "the key is refused"),
    ("403", "the key is refused, with an empty body"),
    ("413", "the request is too large, with an HTML body"),
    ("500", "internal error, with an empty body"),
    ("502", "bad gateway, with an HTML body of a proxy"),
    ("503", "unavailable, with a JSON body"),
    ("529", "overloaded, with an empty body"),
    ("slow", "the answer waits (value: milliseconds)"),
    ("hang", "no answer ever comes"),
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
    ("ids-doubled", "a model gives two texts one id"),
    ("escaped", "the texts are HTML-escaped"),
    ("tags-lost", "tags and marks are gone"),
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

/// Reads `NAME[=VALUE][,first=N|every=N|after=N|rate=P]`.
///
/// Errors: a sentence that names the nearest fault.
pub fn parse(spec: &str) -> Result<Fault, String> {
    let mut parts = spec.split(',').map(str::trim);
    let head = parts.next().unwrap_or_default();
    let (name, value) = match head.split_once('=') {
        Some((name, value)) => {
            let value = value
                .parse::<f64>()
                .map_err(|_| format!("`{value}` is no number in `{spec}`"))?;
            (name, Some(value))
        }
        None => (head, None),
    };
    let Some((name, _)) = FAULTS.iter().find(|(known, _)| *known == name) else {
        let near = FAULTS.iter().map(|(known, _)| *known).find(|known| {
            known.starts_with(name) || name.starts_with(known) || known.contains(name)
        });
        let hint = near.map_or_else(
            || "`overzet mock --list-faults` lists them".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(format!("`{name}` is no fault; {hint}"));
    };
    let mut when = When::Always;
    for part in parts {
        let (key, number) = part
            .split_once('=')
            .ok_or_else(|| format!("`{part}` is no `first=N`, `every=N`, `after=N` or `rate=P`"))?;
        let whole = || {
            number
                .parse::<u64>()
                .map_err(|_| format!("`{number}` is no whole number in `{part}`"))
        };
        when = match key {
            "first" => When::First(whole()?),
            "every" => When::Every(whole()?.max(1)),
            "after" => When::After(whole()?),
            "rate" => When::Rate(
                number
                    .parse::<f64>()
                    .map_err(|_| format!("`{number}` is no number in `{part}`"))?,
            ),
            _ => return Err(format!("`{key}` is none of first, every, after, rate")),
        };
    }
    Ok(Fault { name, value, when })
}

impl Fault {
    /// Whether it strikes request number `count` (from 0); `roll` is a number in 0..1 of that request.
    pub fn strikes(&self, count: u64, roll: f64) -> bool {
        match self.when {
            When::Always => true,
            When::First(n) => count < n,
            When::Every(n) => count % n == n - 1,
            When::After(n) => count >= n,
            When::Rate(rate) => roll < rate,
        }
    }

    /// What it does to the words of an answer. Shape: `texts[i]` answers `sources[i]`.
    pub fn spoil(&self, texts: &mut Vec<String>, sources: &[String], terms: &[(String, String)]) {
        match self.name {
            "too-few" => {
                texts.pop();
            }
            "too-many" => texts.push("One more sentence that nobody asked for.".into()),
            "reordered" => texts.reverse(),
            "duplicated" if texts.len() > 1 => texts[1] = texts[0].clone(),
            "empty-text" => {
                if let Some(first) = texts.first_mut() {
                    first.clear();
                }
            }
            "escaped" => each(texts, |t| {
                t.replace('&', "&amp;")
                    .replace('\'', "&#39;")
                    .replace('"', "&quot;")
            }),
            "tags-lost" => each(texts, |t| without_tags(t).0),
            "tags-moved" => each(texts, |t| {
                let (text, tags) = without_tags(t);
                format!("{}{text}", tags.concat())
            }),
            "tags-doubled" => each(texts, |t| {
                let (_, tags) = without_tags(t);
                format!("{t}{}", tags.concat())
            }),
            "terms-ignored" | "terms-leak" => {
                for (text, _) in texts.iter_mut().zip(sources) {
                    for (source, target) in terms {
                        *text = text.replace(target, source);
                    }
                }
            }
            "terms-mangled" => {
                for text in texts.iter_mut() {
                    for (_, target) in terms {
                        *text = text.replace(&format!(" {target}"), target);
                    }
                }
            }
            "terms-invented" => {
                for text in texts.iter_mut() {
                    for (rank, (_, target)) in terms.iter().enumerate() {
                        *text = text.replace(target, &format!("TERM{rank}X"));
                    }
                }
            }
            "terms-halved" => {
                for text in texts.iter_mut() {
                    for (_, target) in terms {
                        if let Some((head, _)) = target.rsplit_once(' ') {
                            *text = text.replace(target, head);
                        }
                    }
                }
            }
            "terms-lower" => {
                for text in texts.iter_mut() {
                    for (_, target) in terms {
                        *text = text.replace(target, &target.to_lowercase());
                    }
                }
            }
            "terms-capitals" => {
                for (text, source) in texts.iter_mut().zip(sources) {
                    for (term, target) in terms
                        .iter()
                        .filter(|(term, _)| source.contains(&term.to_uppercase()))
                    {
                        *text = text.replace(&target.to_uppercase(), &term.to_uppercase());
                    }
                }
            }
            "tags-emptied" => each(texts, |t| {
                let (plain, tags) = without_tags(t);
                format!("{plain}{}", tags.concat())
            }),
            "upper" => each(texts, str::to_uppercase),
            "lower" => each(texts, str::to_lowercase),
            "lower-start" => each(texts, |t| {
                let mut chars = t.chars();
                let first: String = chars
                    .by_ref()
                    .take(1)
                    .flat_map(char::to_lowercase)
                    .collect();
                first + chars.as_str()
            }),
            "dutch" => {
                for (text, source) in texts.iter_mut().zip(sources) {
                    text.clone_from(source);
                }
            }
            "doubled" => each(texts, |t| match t.trim_end_matches('.').rsplit_once(", ") {
                Some((_, last)) => format!("{}, {last}.", t.trim_end_matches('.')),
                None => format!("{t} {t}"),
            }),
            "article" => each(texts, |t| t.replacen("the ", "the the ", 1)),
            "number" => each(texts, |t| {
                let mut done = false;
                t.chars()
                    .map(|c| {
                        if !done && c.is_ascii_digit() {
                            done = true;
                            if c == '9' {
                                '8'
                            } else {
                                char::from(c as u8 + 1)
                            }
                        } else {
                            c
                        }
                    })
                    .collect()
            }),
            _ => {}
        }
    }
}

fn each(texts: &mut [String], change: impl Fn(&str) -> String) {
    for text in texts {
        *text = change(text);
    }
}

/// A text without its tags (`<…>`) and marks (`⟦…⟧`), and these.
fn without_tags(text: &str) -> (String, Vec<String>) {
    let (mut plain, mut tags) = (String::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '⟦']) {
        let close = if rest[at..].starts_with('<') {
            '>'
        } else {
            '⟧'
        };
        let Some(end) = rest[at..].find(close) else {
            break;
        };
        plain.push_str(&rest[..at]);
        let end = at + end + close.len_utf8();
        tags.push(rest[at..end].to_owned());
        rest = &rest[end..];
    }
    plain.push_str(rest);
    (plain, tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specs_are_read_and_slips_are_named() {
        let fault = parse("429-seconds=2,first=3").unwrap();
        assert_eq!(
            (fault.name, fault.value, fault.when),
            ("429-seconds", Some(2.0), When::First(3))
        );
        assert!(fault.strikes(2, 0.0) && !fault.strikes(3, 0.0));
        assert!(parse("reorder").unwrap_err().contains("reordered"));
        assert!(parse("cut,often=2").is_err());
    }
}
