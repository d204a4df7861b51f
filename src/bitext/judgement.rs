//! What a person made of a unit, in a form that can be compared: the identity of its findings, and
//! the digest of its text, its state and its dismissals.
//!
//! Two findings of `numbers` in `On 3,5 kilometres 3,5 trees`: both point at `3,5`, and the first is
//! dismissed. Its identity is (`numbers`, `3,5`, 0), so the second stays open.

use super::{Finding, FindingStatus, State, Unit, feed};
use std::collections::HashMap;

/// What tells a finding from the others of its unit: its check, the English that it points at
/// (without one, the Dutch; without any, nothing), and its number among equals.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingKey {
    check: String,
    text: String,
    number: usize,
}

impl Unit {
    /// The identities of findings of this unit, in their order.
    ///
    /// Shape: as many as `findings`. Equal ones are counted from the start of the text on.
    pub fn finding_keys(&self, findings: &[&Finding]) -> Vec<FindingKey> {
        let mut order: Vec<usize> = (0..findings.len()).collect();
        order.sort_by_key(|&index| {
            let finding = findings[index];
            finding.target.or(finding.source).map_or(0, |s| s.start)
        });
        let mut counts: HashMap<(&str, String), usize> = HashMap::new();
        let mut keys: Vec<Option<FindingKey>> = vec![None; findings.len()];
        for index in order {
            let finding = findings[index];
            let text = self.text_of(finding);
            let count = counts.entry((&finding.check, text.clone())).or_default();
            keys[index] = Some(FindingKey {
                check: finding.check.to_string(),
                text,
                number: *count,
            });
            *count += 1;
        }
        keys.into_iter().flatten().collect()
    }

    /// The text that a finding points at, with its side.
    fn text_of(&self, finding: &Finding) -> String {
        let part = |side: &str, text: &str, start, end| {
            let part: &str = text.get(start..end)?;
            Some(format!("{side} {part}"))
        };
        let english = finding
            .target
            .and_then(|span| part("en", &self.target.plain, span.start, span.end));
        let dutch = || {
            let span = finding.source?;
            part("nl", &self.source.plain, span.start, span.end)
        };
        english.or_else(dutch).unwrap_or_default()
    }

    /// What a person made of the findings that this unit has: only the dismissed and the accepted
    /// ones.
    pub fn judged_findings(&self) -> HashMap<FindingKey, FindingStatus> {
        let all: Vec<&Finding> = self.findings.iter().chain(&self.dismissed).collect();
        self.finding_keys(&all)
            .into_iter()
            .zip(&all)
            .filter(|(_, finding)| finding.status != FindingStatus::Open)
            .map(|(key, finding)| (key, finding.status))
            .collect()
    }

    /// The identities of the findings that a person dismissed, in order, and the names of the checks
    /// that a person silenced here.
    fn dismissals(&self) -> Vec<FindingKey> {
        let mut dismissed: Vec<FindingKey> = self
            .judged_findings()
            .into_iter()
            .filter(|(_, status)| *status == FindingStatus::Dismissed)
            .map(|(key, _)| key)
            .collect();
        dismissed.extend(self.ok.iter().map(|check| FindingKey {
            check: check.clone(),
            text: "*".into(),
            number: 0,
        }));
        dismissed.sort_unstable();
        dismissed
    }

    /// Whether a person dismissed something here.
    pub fn has_dismissals(&self) -> bool {
        !self.dismissals().is_empty()
    }

    /// The digest of target, state and dismissals: BLAKE3 in hex. Two lines of pairs with one
    /// digest hold the same work of a person.
    pub fn base_digest(&self) -> String {
        self.base_digest_in(self.state)
    }

    /// The digest that this unit would have in another state.
    pub fn base_digest_in(&self, state: State) -> String {
        let mut hasher = blake3::Hasher::new();
        feed(&mut hasher, self.target.plain.as_bytes());
        feed(&mut hasher, state.name().as_bytes());
        for key in self.dismissals() {
            feed(&mut hasher, key.check.as_bytes());
            feed(&mut hasher, key.text.as_bytes());
            feed(&mut hasher, &(key.number as u64).to_le_bytes());
        }
        for id in self
            .joined
            .iter()
            .map(String::as_str)
            .chain(self.joined_to.as_deref())
        {
            feed(&mut hasher, id.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The digest of the target alone, for files of other tools: they have states of their own, and
    /// the space at a line break is the reader's ([`super::Code::is_break`]).
    pub fn text_digest(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let plain = &self.target.plain;
        let mut at = 0;
        for code in self.target.codes.iter().filter(|code| code.is_break()) {
            feed(
                &mut hasher,
                plain
                    .get(at..code.at)
                    .unwrap_or_default()
                    .trim_end()
                    .as_bytes(),
            );
            at = code.at + plain[code.at..].len() - plain[code.at..].trim_start().len();
        }
        feed(&mut hasher, &plain.as_bytes()[at..]);
        hasher.finalize().to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Span;

    fn unit() -> Unit {
        let number = |start| Finding::error("numbers", "m").at_target(Span::new(start, start + 3));
        Unit {
            findings: [number(3), number(18)].into_iter().collect(),
            ..Unit::translated("Op 3,5 km 3,5 bomen", "On 3,5 kilometres 3,5 trees")
        }
    }

    #[test]
    fn equal_findings_are_counted_and_the_digest_changes_with_every_decision() {
        let mut own = unit();
        let all: Vec<&Finding> = own.findings.iter().collect();
        let keys = own.finding_keys(&all);
        assert_eq!((keys[0].number, keys[1].number), (0, 1));
        assert_eq!(keys[0].text, "en 3,5");
        let mut digests = vec![own.base_digest()];
        let mut first = own.findings.remove(0);
        first.status = FindingStatus::Dismissed;
        own.dismissed.push(first);
        digests.push(own.base_digest());
        let judged = own.judged_findings();
        assert_eq!(judged.len(), 1);
        assert_eq!(judged[&keys[0]], FindingStatus::Dismissed);
        own.state = State::Approved;
        digests.push(own.base_digest());
        own.target.plain.push('!');
        digests.push(own.base_digest());
        own.ok.push("quotes".into());
        digests.push(own.base_digest());
        let count = digests.len();
        digests.sort();
        digests.dedup();
        assert_eq!(digests.len(), count);
    }
}
