//! Addresses, handles and tags that changed.
//!
//! `www.voorbeeld.nl/weer` → `www.voorbeeld.com/weather` leads nowhere or to somebody else.

use super::{Check, Example, Pair, bad, good};
use crate::bitext::{Finding, Span};

/// Addresses.
pub struct Urls;

/// Web and e-mail addresses, handles and hashtags, from left to right.
pub(super) fn addresses(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    let mut at = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        let start = at;
        at += token.len();
        if !token.contains(['@', '#', '/', '.']) {
            continue;
        }
        let inner = token
            .trim_matches(|c: char| c.is_whitespace() || "()[]{}“”„\"‘’'<>«»,;*_".contains(c))
            .trim_end_matches(['.', '!', '?', ':', '…'])
            .trim_end_matches(|c: char| "()[]“”\"‘’'<>,;".contains(c));
        let start = start + token.find(inner).unwrap_or(0);
        if inner.contains(['@', '#', '/', '.', ':']) && is_address(inner) {
            found.push(Span::new(start, start + inner.len()));
        }
    }
    found
}

fn is_address(word: &str) -> bool {
    let lower = word.to_lowercase();
    if ["http://", "https://", "ftp://", "www.", "mailto:"]
        .iter()
        .any(|start| lower.starts_with(start))
    {
        return true;
    }
    if let Some((name, host)) = word.split_once('@') {
        let tagged = name.is_empty()
            && host.chars().count() >= 2
            && host.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        return tagged || (!name.is_empty() && host.contains('.'));
    }
    if let Some(tag) = word.strip_prefix('#') {
        return tag.chars().count() >= 2 && tag.starts_with(char::is_alphabetic);
    }
    // `voorbeeld.nl/weer`, `voorbeeld.nl`
    let host = lower.split('/').next().unwrap_or_default();
    let Some((name, top)) = host.rsplit_once('.') else {
        return false;
    };
    const TOPS: [&str; 16] = [
        "nl",
        "com",
        "org",
        "net",
        "eu",
        "be",
        "de",
        "uk",
        "gov",
        "edu",
        "info",
        "io",
        "fr",
        "tv",
        "amsterdam",
        "us",
    ];
    TOPS.contains(&top)
        && name.len() >= 2
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        && name.contains(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('.')
}

impl Check for Urls {
    fn name(&self) -> &'static str {
        "urls"
    }

    fn summary(&self) -> &'static str {
        "an address, a handle or a tag changed"
    }

    fn reason(&self) -> &'static str {
        "Addresses are not translated; a changed one leads nowhere or to somebody else. Capitals in the host, a trailing slash and a full stop behind are style."
    }

    fn examples(&self) -> &'static [Example] {
        const {
            &[
                bad(
                    "Meer op www.voorbeeld.nl/weer.",
                    "More at www.voorbeeld.com/weather.",
                ),
                bad("Mail naar info@havenwijk.nl.", "Mail info@havenwijk.com."),
                good(
                    "Meer op www.voorbeeld.nl/weer.",
                    "More at www.voorbeeld.nl/weer.",
                ),
            ]
        }
    }

    fn run(&self, pair: &Pair<'_>) -> Vec<Finding> {
        let same = |text: &str| text.trim_end_matches('/').to_lowercase();
        let (source, target) = (&pair.source.addresses, &pair.target.addresses);
        if source.is_empty() {
            return Vec::new();
        }
        let theirs: Vec<String> = target
            .iter()
            .map(|span| same(span.of(pair.target.text)))
            .collect();
        let whole = pair.target.text.to_lowercase();
        let mut new: Vec<Span> = target
            .iter()
            .zip(&theirs)
            .filter(|(_, text)| {
                !source
                    .iter()
                    .any(|span| same(span.of(pair.source.text)) == **text)
            })
            .map(|(span, _)| *span)
            .collect();
        let mut findings = Vec::new();
        for span in source {
            let address = span.of(pair.source.text);
            // A tag or handle in running text may lose its mark to the words around it, an address may stand within a longer one.
            if theirs.contains(&same(address)) || whole.contains(&same(address)) {
                continue;
            }
            let mut finding = Finding::error(
                "urls",
                format!("“{address}” is not in the English as it stands"),
            )
            .at_source(*span);
            if !new.is_empty() {
                finding = finding.at_target(new.remove(0)).suggest(address);
            }
            findings.push(finding);
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_whole() {
        let text = "Zie (https://a.nl/x?y=1), mail j.smit@havenwijk.nl of volg @havenwijk en #storm: havenwijk.nl. Nr. 5 van a.s. week.";
        let found: Vec<&str> = addresses(text).iter().map(|span| span.of(text)).collect();
        assert_eq!(
            found,
            [
                "https://a.nl/x?y=1",
                "j.smit@havenwijk.nl",
                "@havenwijk",
                "#storm",
                "havenwijk.nl"
            ]
        );
    }
}
