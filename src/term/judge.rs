//! Judges how the English renders each term: per occurrence, counted, best verdicts first.

use super::fold::{Folded, is_whole, is_word};
use super::glossary::{Case, Concept, Glossary, Policy, Status};
use super::repair::is_part_of_longer_name;
use crate::bitext::{Finding, Hit, Severity, Span, Unit, Verdict};

/// A form of an entry that stands in the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// Where, in bytes of the target; a possessive is outside.
    pub span: Span,
    /// What it is.
    pub kind: Verdict,
    /// Whether it is the Dutch itself.
    pub residue: bool,
}

/// A target made searchable.
pub(super) struct Target<'t> {
    pub text: &'t str,
    folded: Folded,
}

impl<'t> Target<'t> {
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            folded: Folded::new(text, true),
        }
    }

    /// Every place where a form stands as a whole word, case and apostrophes aside.
    pub fn places(&self, form: &str) -> Vec<Span> {
        let needle = Folded::new(form, true).text;
        if needle.is_empty() {
            return Vec::new();
        }
        let text = &self.folded.text;
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(found) = text[from..].find(&needle) {
            let span = Span::new(from + found, from + found + needle.len());
            let open_end = needle.ends_with('.') && !text[span.end..].starts_with(is_word);
            if is_whole(text, span) || (open_end && !text[..span.start].ends_with(is_word)) {
                places.push(self.folded.origin(span));
            }
            from = span.start + needle.chars().next().map_or(1, char::len_utf8);
        }
        places
    }
}

/// Whether a position is the start of a sentence: of the text, behind `.!?:` and a space, or behind an opening mark there.
pub(super) fn starts_sentence(text: &str, at: usize) -> bool {
    let left = text[..at].trim_end_matches([
        ' ', '\t', '\u{a0}', '"', '“', '‘', '\'', '«', '(', '[', '–', '—', '-', '’',
    ]);
    left.is_empty() || left.ends_with(['.', '!', '?', ':', '…'])
}

/// Whether a personal name stands behind a title: a capitalised word that is no sentence of its own.
pub(super) fn before_name(text: &str, end: usize) -> bool {
    let rest = &text[end..];
    rest.starts_with([' ', '\u{a0}'])
        && rest
            .trim_start()
            .chars()
            .next()
            .is_some_and(char::is_uppercase)
        && rest
            .trim_start()
            .chars()
            .nth(1)
            .is_some_and(char::is_lowercase)
}

/// The required form as it has to stand at this place.
pub(super) fn wanted(entry: &Concept, hit: &Hit, text: &str, span: Span) -> String {
    let base = hit.required.clone();
    let start = starts_sentence(text, span.start);
    match entry.case {
        Case::TitleBeforeName if before_name(text, span.end) => title(&base),
        Case::TitleBeforeName => {
            let lower = lower_title(&base);
            if start {
                super::forms::capital(&lower)
            } else {
                lower
            }
        }
        _ if start => super::forms::capital(&base),
        _ => base,
    }
}

/// `foreign secretary` → `Foreign Secretary`; small words stay small.
fn title(text: &str) -> String {
    let small = ["of", "for", "the", "and", "to", "in"];
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            if small.contains(&word) {
                word.to_owned()
            } else {
                super::forms::capital(word)
            }
        })
        .collect();
    words.join(" ")
}

/// A title that stands without a name: lower case, names of countries and abbreviations aside.
fn lower_title(text: &str) -> String {
    let words: Vec<String> = text
        .split(' ')
        .map(|word| {
            if word.chars().filter(|c| c.is_uppercase()).count() > 1 || is_demonym(word) {
                word.to_owned()
            } else {
                word.to_lowercase()
            }
        })
        .collect();
    words.join(" ")
}

/// Whether a word of a title is an adjective of a country, which keeps its capital: the British foreign secretary.
fn is_demonym(word: &str) -> bool {
    let ends = [
        "ish", "ian", "can", "ese", "eli", "nch", "tch", "rman", "aqi",
    ];
    word.starts_with(char::is_uppercase) && ends.iter().any(|end| word.ends_with(end))
}

/// Whether the required form stands right at this place.
fn is_exact(entry: &Concept, hit: &Hit, text: &str, span: Span) -> bool {
    let fold = |t: &str| t.replace('’', "'");
    let found = fold(span.of(text));
    let base = fold(&hit.required);
    if found == base {
        return entry.case != Case::TitleBeforeName
            || !before_name(text, span.end)
            || found == title(&base);
    }
    if found == fold(&wanted(entry, hit, text, span)) {
        return true;
    }
    if hit.capitals && found == base.to_uppercase() {
        return true;
    }
    match entry.case {
        Case::TitleBeforeName => {
            found.eq_ignore_ascii_case(&base)
                && (!before_name(text, span.end) || found == title(&base))
        }
        // `Follow-source` entries are judged without case, all capitals aside.
        Case::FollowSource => found.to_lowercase() == base.to_lowercase(),
        _ => false,
    }
}

/// Whether a word before the form shares its head: `First and Second World War`.
fn is_coordinated(text: &str, span: Span, source: &str, hit: Span) -> bool {
    let left = text[..span.start].trim_end();
    let Some(before) = left
        .strip_suffix(" and")
        .or_else(|| left.strip_suffix(" or"))
    else {
        return false;
    };
    let head = before.rsplit(' ').next().unwrap_or_default();
    let numeral = head.chars().all(|c| "IVX".contains(c)) && !head.is_empty();
    let paired = numeral
        || [
            "First", "Second", "Third", "first", "second", "North", "South", "East", "West",
            "Northern", "Southern", "Eastern", "Western",
        ]
        .contains(&head);
    let source_left = source[..hit.start].trim_end();
    let dutch = [" en", " of", "als in de", " en de", " als de", " en in de"]
        .iter()
        .any(|end| source_left.ends_with(end));
    paired && dutch
}

/// Every form of the entry in the target, from the left, without overlaps; longer forms first.
pub(super) fn occurrences(
    entry: &Concept,
    hit: &Hit,
    target: &Target<'_>,
    source: &str,
) -> Vec<Occurrence> {
    let mut all: Vec<Occurrence> = Vec::new();
    let mut add = |form: &str, kind: Verdict, residue: bool| {
        for span in target.places(form) {
            all.push(Occurrence {
                span,
                kind,
                residue,
            });
        }
    };
    add(&hit.required, Verdict::Exact, false);
    if hit.required != entry.en {
        add(&entry.en, Verdict::Exact, false);
    }
    for form in &entry.en_accept {
        add(form, Verdict::Variant, false);
    }
    for form in &entry.en_family {
        let coordination = form.contains(" and ") || form.ends_with("dynasties");
        add(
            form,
            if coordination {
                Verdict::Coordinated
            } else {
                Verdict::Derived
            },
            false,
        );
    }
    for form in &entry.forbidden {
        add(form, Verdict::Forbidden, false);
    }
    if entry.policy != Policy::Keep {
        for form in std::iter::once(&entry.nl).chain(&entry.nl_forms) {
            add(form, Verdict::Forbidden, true);
            if entry.is_name() {
                add(&format!("{form}s"), Verdict::Forbidden, true);
            }
        }
    }
    // The longest form at a place wins; of equal ones the better verdict.
    all.sort_by_key(|o| (std::cmp::Reverse(o.span.len()), o.kind, o.span.start));
    let mut kept: Vec<Occurrence> = Vec::new();
    for occurrence in all {
        if kept
            .iter()
            .all(|other| !other.span.overlaps(occurrence.span))
        {
            kept.push(occurrence);
        }
    }
    for occurrence in &mut kept {
        if occurrence.kind == Verdict::Exact && !is_exact(entry, hit, target.text, occurrence.span)
        {
            occurrence.kind = Verdict::Variant;
        }
        if matches!(occurrence.kind, Verdict::Variant | Verdict::Forbidden)
            && !occurrence.residue
            && is_coordinated(target.text, occurrence.span, source, hit.source)
        {
            occurrence.kind = Verdict::Coordinated;
        }
    }
    kept.sort_by_key(|o| o.span.start);
    kept
}

/// Whether a forbidden form at this place belongs to a longer name: `US Airways`.
pub(super) fn in_longer_name(text: &str, span: Span) -> bool {
    let next = text[span.end..].strip_prefix(' ').unwrap_or_default();
    let word: String = next.chars().take_while(|c| c.is_alphanumeric()).collect();
    let capital = word.chars().next().is_some_and(char::is_uppercase)
        && word.chars().nth(1).is_some_and(char::is_lowercase);
    capital
        && [
            "Airways", "Airlines", "Steel", "Bank", "Open", "Masters", "Weekly", "Times", "News",
            "Post",
        ]
        .contains(&word.as_str())
}

/// Judges every hit of the units; changes no text.
pub fn judge(units: &mut [Unit], glossary: &Glossary) {
    for unit in units {
        judge_unit(unit, glossary);
    }
}

/// Judges the hits of one unit. The k-th hit of an entry needs the k-th English form; the best verdicts are given first.
pub(super) fn judge_unit(unit: &mut Unit, glossary: &Glossary) {
    if unit.hits.is_empty() {
        return;
    }
    let text = unit.target.plain.clone();
    let target = Target::new(&text);
    let required_elsewhere: Vec<(usize, String)> = unit
        .hits
        .iter()
        .map(|hit| (hit.index, hit.required.clone()))
        .collect();
    let mut order: Vec<usize> = unit.hits.iter().map(|hit| hit.index).collect();
    order.sort_unstable();
    order.dedup();
    for index in order {
        let Some(entry) = glossary.entry(index) else {
            continue;
        };
        let positions: Vec<usize> = (0..unit.hits.len())
            .filter(|&i| unit.hits[i].index == index)
            .collect();
        if entry.policy == Policy::Drop {
            judge_dropped(unit, entry, &positions, &target);
            continue;
        }
        let mut found = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for &position in &positions {
            let hit = &unit.hits[position];
            if seen.contains(&hit.required.as_str()) {
                continue;
            }
            seen.push(&hit.required);
            for occurrence in occurrences(entry, hit, &target, &unit.source.plain) {
                if found
                    .iter()
                    .all(|o: &Occurrence| !o.span.overlaps(occurrence.span))
                {
                    found.push(occurrence);
                }
            }
        }
        // A forbidden form that another entry of the unit asks for, or that is part of a longer name, is explained.
        found.retain(|o| {
            o.kind != Verdict::Forbidden
                || !(in_longer_name(&text, o.span)
                    || required_elsewhere.iter().any(|(other, form)| {
                        *other != index
                            && form
                                .to_lowercase()
                                .contains(&o.span.of(&text).to_lowercase())
                    }))
        });
        // Of equal verdicts the free-standing form answers first: `non-US` and `International Olympic Committee` are other names.
        let bound = |o: &Occurrence| {
            let hit = &unit.hits[positions[0]];
            text[..o.span.start].ends_with('-') || is_part_of_longer_name(entry, hit, &text, o.span)
        };
        found.sort_by_cached_key(|o| (o.kind, bound(o), o.span.start));
        for (rank, &position) in positions.iter().enumerate() {
            let hit = &mut unit.hits[position];
            match found.get(rank) {
                Some(occurrence) => {
                    hit.verdict = Some(occurrence.kind);
                    hit.target = Some(occurrence.span);
                }
                None => {
                    hit.verdict = Some(Verdict::Miss);
                    hit.target = None;
                }
            }
        }
    }
}

/// A dropped term is right when nothing of it stands in the target.
fn judge_dropped(unit: &mut Unit, entry: &Concept, positions: &[usize], target: &Target<'_>) {
    let trace = std::iter::once(&entry.en)
        .chain(&entry.en_accept)
        .chain(std::iter::once(&entry.nl))
        .chain(&entry.nl_forms)
        .find_map(|form| target.places(form).first().copied());
    for &position in positions {
        let hit = &mut unit.hits[position];
        hit.target = trace;
        hit.verdict = Some(if trace.is_some() {
            Verdict::Forbidden
        } else {
            Verdict::Exact
        });
    }
}

/// Whether a verdict satisfies an entry.
pub(super) fn is_satisfied(entry: &Concept, verdict: Option<Verdict>) -> bool {
    match verdict {
        Some(Verdict::Exact) => true,
        Some(Verdict::Variant) => matches!(entry.policy, Policy::Variant | Policy::Family),
        Some(Verdict::Derived | Verdict::Coordinated) => entry.policy != Policy::Keep,
        _ => false,
    }
}

/// What the glossary has to say about a unit that was judged: misses and forbidden forms are errors, house-form variants warnings, proposed entries
/// warnings at most; a forbidden form beside a right one is an error too.
pub fn violations(unit: &Unit, glossary: &Glossary) -> Vec<Finding> {
    let mut findings = Vec::new();
    for hit in &unit.hits {
        let Some(entry) = glossary.entry(hit.index) else {
            continue;
        };
        if hit.verdict.is_none() || is_satisfied(entry, hit.verdict) {
            continue;
        }
        let surface = hit.source.of(&unit.source.plain);
        let found = hit.target.map(|span| span.of(&unit.target.plain));
        let (severity, message) = match (hit.verdict, found) {
            (Some(Verdict::Forbidden), Some(found)) if entry.policy == Policy::Drop => (
                Severity::Warning,
                format!("“{surface}” is to be left out, but “{found}” stands in the English"),
            ),
            (Some(Verdict::Forbidden), Some(found)) => (
                Severity::Error,
                format!(
                    "“{surface}” must be “{}”; “{found}” never passes",
                    hit.required
                ),
            ),
            (Some(Verdict::Variant | Verdict::Derived | Verdict::Coordinated), Some(found)) => (
                Severity::Warning,
                format!(
                    "house form of “{surface}” is “{}”, found “{found}”",
                    hit.required
                ),
            ),
            _ => (
                Severity::Error,
                format!("“{surface}” must be “{}”; it is missing", hit.required),
            ),
        };
        let severity = if entry.status == Status::Proposed {
            Severity::Warning
        } else {
            severity
        };
        let mut finding = Finding::new("terms", severity, message).at_source(hit.source);
        if let Some(span) = hit.target {
            finding = finding.at_target(span);
            if matches!(hit.verdict, Some(Verdict::Variant | Verdict::Forbidden))
                && entry.policy != Policy::Drop
            {
                finding = finding.suggest(wanted(entry, hit, &unit.target.plain, span));
            }
        }
        findings.push(finding);
    }
    findings
}
