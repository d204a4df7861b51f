//! Web and e-mail addresses, handles and tags in running text.
//!
//! `Meer op www.voorbeeld.nl/weer.` → `www.voorbeeld.nl/weer`, without the full stop.

use crate::bitext::Span;

/// Web and e-mail addresses, handles and hashtags, from left to right.
pub(crate) fn addresses(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    if !may_hold_one(text) {
        return found;
    }
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

/// Whether a text has a mark of an address at all; most sentences have none.
fn may_hold_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().any(|(at, byte)| match byte {
        b'@' | b'#' | b'/' => true,
        b'.' => bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric),
        // `mailto:`
        b':' => bytes
            .get(at + 1)
            .is_some_and(|next| !next.is_ascii_whitespace()),
        _ => false,
    })
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
    // With a path behind it, any name of letters is a top domain.
    let has_path = lower.len() > host.len() && top.len() >= 2;
    (TOPS.contains(&top) || has_path && top.bytes().all(|b| b.is_ascii_lowercase()))
        && name.len() >= 2
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-.".contains(c))
        && name.contains(|c: char| c.is_ascii_alphabetic())
        && !name.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_whole() {
        let text = "Zie (https://a.nl/x?y=1), mail j.smit@havenwijk.nl of volg @havenwijk en #storm: havenwijk.nl of club.example/a. Nr. 5 van a.s. week en/of 3.5/4.";
        let found: Vec<&str> = addresses(text).iter().map(|span| span.of(text)).collect();
        assert_eq!(
            found,
            [
                "https://a.nl/x?y=1",
                "j.smit@havenwijk.nl",
                "@havenwijk",
                "#storm",
                "havenwijk.nl",
                "club.example/a"
            ]
        );
    }
}
