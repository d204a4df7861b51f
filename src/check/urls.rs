//! Addresses, handles and tags that changed.
//!
//! `www.voorbeeld.nl/weer` → `www.voorbeeld.com/weather` leads nowhere or to somebody else.

use super::contract::{Check, CheckedPair};
use super::example::{Example, bad, good};
use crate::bitext::{Finding, Span};

/// Addresses.
pub struct UrlsCheck;

impl Check for UrlsCheck {
    fn name(&self) -> &'static str {
        "urls"
    }

    fn summary(&self) -> &'static str {
        "an address, a handle or a tag changed"
    }

    fn reason(&self) -> &'static str {
        "Addresses are not translated; a changed one leads nowhere or to somebody else. Capitals \
         in the host, a trailing slash and a full stop behind are style."
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

    fn run(&self, pair: &CheckedPair<'_>) -> Vec<Finding> {
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
            // A tag or handle in running text may lose its mark to the words around it, an address
            // may stand within a longer one.
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
