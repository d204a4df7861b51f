//! Repairs terms by rule, under guards.
//!
//! `the Koersk region` → `the Kursk region`. A form is only replaced where it stands, never
//! inserted at a guessed place; nothing is deleted but a leading article. After every step the unit
//! is judged again, and a step that makes anything worse is undone. Every repair is recorded in its
//! hit.

use super::concept::{Article, Case, Concept, Policy, Status};
use super::forms::{self, FormKind, capital};
use super::glossary::Glossary;
use super::guards;
use super::judge::{FormOccurrence, is_satisfied, judge_unit, occurrences, wanted};
use super::needle::Target;
use super::replacement::widened;
use crate::bitext::{Hit, Span, State, Unit, Verdict};
use crate::language::articles::{Follows, follows, sounds_like_vowel, takes_the};
use crate::language::edit_distance::similarity;
use crate::language::folding::last_word;
use crate::language::sentence_start::{Start, start};
use crate::language::word_lists;

/// Judges every unit and makes the safe repairs.
///
/// `guard` counts the findings of the checks in a unit: a repair that adds one is undone. Applying
/// it twice changes nothing more.
pub fn enforce(units: &mut [Unit], glossary: &Glossary, guard: &dyn Fn(&Unit) -> usize) {
    for unit in units {
        if unit.state == State::Untranslated || unit.hits.is_empty() {
            continue;
        }
        judge_unit(unit, glossary);
        let mut found = None;
        for position in 0..unit.hits.len() {
            repair(unit, position, glossary, guard, &mut found);
        }
    }
}

/// How bad the verdicts of a unit are, hit by hit; a repair must not make any worse.
fn badness(unit: &Unit) -> Vec<u8> {
    unit.hits
        .iter()
        .map(|hit| match hit.verdict {
            Some(Verdict::Exact) => 0,
            Some(Verdict::Derived | Verdict::Coordinated) => 1,
            Some(Verdict::Variant) => 2,
            Some(Verdict::Forbidden) => 3,
            _ => 4,
        })
        .collect()
}

/// Repairs one hit, if it is not satisfied and a rule applies. `found` keeps the guard's count of
/// the unit as it stands.
fn repair(
    unit: &mut Unit,
    position: usize,
    glossary: &Glossary,
    guard: &dyn Fn(&Unit) -> usize,
    found: &mut Option<usize>,
) {
    let Some(entry) = glossary.entry(unit.hits[position].index) else {
        return;
    };
    let may = entry.repair && entry.status == Status::Approved && entry.policy != Policy::Drop;
    if !may || is_satisfied(entry, &unit.hits[position], &unit.target.plain) {
        return;
    }
    let Some(step) = plan(unit, position, entry, glossary) else {
        return;
    };
    let before = unit.clone();
    let old = step.span.of(&unit.target.plain).to_owned();
    if unit.draft.is_none() {
        unit.draft = Some(Box::new(unit.target.clone()));
    }
    unit.rewrite(step.span, &step.text);
    judge_unit(unit, glossary);
    let (was, is) = (badness(&before), badness(unit));
    let worse = is.iter().zip(&was).any(|(new, old)| new > old)
        || is.iter().map(|&b| u32::from(b)).sum::<u32>() >= was.iter().map(|&b| u32::from(b)).sum();
    let now = if worse { usize::MAX } else { guard(unit) };
    if now > *found.get_or_insert_with(|| guard(&before)) {
        *unit = before;
        return;
    }
    *found = Some(now);
    // Judging may have shifted which hit the new form answers; the record belongs to the one that
    // became better.
    let index = unit.hits[position].index;
    let changed = (0..unit.hits.len())
        .find(|&i| unit.hits[i].index == index && unit.hits[i].repair.is_none() && is[i] < was[i]);
    let hit = &mut unit.hits[changed.unwrap_or(position)];
    hit.repair = Some(step.rule.to_owned());
    hit.before = Some(old);
}

/// A replacement: the old span, the new text, the rule.
pub(super) struct RepairStep {
    pub span: Span,
    pub text: String,
    rule: &'static str,
}

/// The first rule that applies to a hit.
fn plan(unit: &Unit, position: usize, entry: &Concept, glossary: &Glossary) -> Option<RepairStep> {
    let hit = &unit.hits[position];
    let satisfied = |hit: &Hit| {
        glossary
            .entry(hit.index)
            .is_some_and(|entry| is_satisfied(entry, hit, &unit.target.plain))
    };
    let claimed: Vec<Span> = unit
        .hits
        .iter()
        .enumerate()
        .filter(|(other, own)| *other != position && satisfied(own))
        .filter_map(|(_, other)| other.target)
        .collect();
    match hit.target {
        Some(span) => swap(unit, entry, hit, span, &claimed, glossary),
        None => fuzzy(unit, entry, hit, &claimed),
    }
}

/// Replaces a form that stands in the target by the required one.
pub(super) fn swap(
    unit: &Unit,
    entry: &Concept,
    hit: &Hit,
    span: Span,
    claimed: &[Span],
    glossary: &Glossary,
) -> Option<RepairStep> {
    let (source, text) = (&unit.source.plain, &unit.target.plain);
    // `US$11,000` is a currency.
    let is_currency = text[span.end..].starts_with(['$', '€', '£']);
    if is_currency || claimed.iter().any(|other| other.overlaps(span)) {
        return None;
    }
    let found = span.of(text);
    let all = occurrences(entry, hit, &Target::new(text), source, glossary);
    let residue = all.iter().any(|o| o.span == span && o.residue);
    let same = found.to_lowercase() == hit.required.to_lowercase();
    if residue && guards::is_english_word(entry, found) {
        return None;
    }
    let rule = match (same, residue) {
        (true, _) if entry.case == Case::TitleBeforeName => "title-case",
        (true, _) => "case",
        (_, true) => "residue",
        _ => "variant-swap",
    };
    // `Kyiv (Kiev)` would become `Kyiv (Kyiv)`.
    let beside = |other: Span| {
        let gap = if other.end <= span.start {
            text.get(other.end..span.start)
        } else {
            text.get(span.end..other.start)
        };
        gap.is_some_and(|gap| gap.chars().count() < 3)
    };
    let twin = all
        .iter()
        .any(|o| o.span != span && o.kind == Verdict::Exact && beside(o.span));
    // `1.300` of `1.300 square kilometers` is as many as `1,300 square kilometers`.
    let (whole, _) = widened(text, span, &hit.required);
    let blocked = guards::in_other_name(source, hit, text, span)
        || guards::is_part_of_longer_name(entry, hit, source, text, span)
        || !residue && !guards::agrees_in_number(entry, &hit.required, whole.of(text))
        || !residue && guards::articles_clash(entry.article, &hit.required, found);
    if !same && (blocked || twin || is_left_over(unit, entry, hit, &all)) {
        return None;
    }
    finish(entry, hit, source, text, span, rule)
}

/// Whether each hit has its English already, so that a forbidden common noun answers none of them:
/// `international law knows no international right`.
fn is_left_over(unit: &Unit, entry: &Concept, hit: &Hit, all: &[FormOccurrence]) -> bool {
    let hits = unit.hits.iter().filter(|other| other.index == hit.index);
    let right = all.iter().filter(|o| o.kind == Verdict::Exact);
    !entry.is_name() && right.count() >= hits.count()
}

/// Puts the new form in place: capitals, possessive, article, full stop.
fn finish(
    entry: &Concept,
    hit: &Hit,
    source: &str,
    text: &str,
    span: Span,
    rule: &'static str,
) -> Option<RepairStep> {
    let found = span.of(text);
    let is_compound = source[hit.source.end..].starts_with('-');
    let (mut start_at, mut end) = (span.start, span.end);
    let mut new = wanted(entry, hit, text, span);
    let after = &text[end..];
    let curly = text.contains('’') || !text.contains('\'');
    let possessive = if curly && text.contains('’') {
        "’s"
    } else {
        "'s"
    };
    if rule == "residue" && is_genitive(entry, found) {
        // A glued Dutch genitive becomes an English one.
        new.push_str(possessive);
    } else if let Some(bare) = bare_possessive(text, span)
        && !new.ends_with('s')
    {
        // `the United States’ army` → `the U.S.’s army`.
        new.push(bare);
        new.push('s');
        end += bare.len_utf8();
    }
    let (new, stop) = full_stop(new, found, after);
    end += stop;
    let alone = rule == "case" || rule == "title-case";
    let (article, at) = article_before(&text[..span.start]);
    let mut new = new;
    // `The MI-5 boss`: the article is the boss's.
    let respelt =
        rule == "variant-swap" && !found.contains(' ') && similarity(found, &hit.required) >= 0.75;
    let owned_by_noun = is_compound || respelt;
    match (forms::article(entry, &hit.required), article) {
        (Article::None, Some(word)) if !alone && !owned_by_noun => {
            if follows(after) != Follows::Noun {
                let opens = start(text, at) == Start::Yes
                    || start(text, at) == Start::Maybe && word.starts_with(char::is_uppercase);
                start_at = at;
                if opens {
                    new = capital(&new);
                }
            } else if takes_the(&hit.required) == Some(false)
                && takes_the(found) == Some(true)
                && !hit.required.contains(' ')
            {
                // `the United Kingdom government` is not a place for `Britain`.
                return None;
            }
        }
        (Article::The, None) if !alone && needs_the(hit, text, span, rule) => {
            new = if start(text, span.start) == Start::Yes {
                format!("The {}", hit.required)
            } else {
                format!("the {new}")
            };
        }
        _ => {}
    }
    if start_at == span.start
        && let Some(word @ ("a" | "an" | "A" | "An")) = article
    {
        let right = match (word.starts_with('A'), sounds_like_vowel(&new)) {
            (true, true) => "An",
            (true, false) => "A",
            (false, true) => "an",
            (false, false) => "a",
        };
        if right != word {
            new = format!("{right} {new}");
            start_at = at;
        }
    }
    let (span, text) = widened(text, Span::new(start_at, end), &new);
    Some(RepairStep { span, text, rule })
}

/// Whether this is the entry's Dutch genitive with its -s.
fn is_genitive(entry: &Concept, found: &str) -> bool {
    let folded = crate::language::folding::Folded::new(found, true).text;
    forms::of(entry)
        .iter()
        .any(|form| form.kind == FormKind::Genitive && form.text.to_lowercase() == folded)
}

/// The apostrophe behind a form in -s that stands there as a possessive: no closing quotation mark.
fn bare_possessive(text: &str, span: Span) -> Option<char> {
    let mark = text[span.end..]
        .chars()
        .next()
        .filter(|c| matches!(c, '\'' | '’'))?;
    let after = text[span.end + mark.len_utf8()..].chars().next();
    let opened = text[..span.start].matches(['‘', '\'']).count() % 2 == 1
        || text[..span.start].ends_with(['\'', '‘']);
    (span.of(text).ends_with(['s', 'S']) && after == Some(' ') && !opened).then_some(mark)
}

/// `the U.S..` has one full stop; a stop that belonged to the old form and ended the sentence
/// stays. Gives the new form, and how many bytes behind the old one it swallows.
fn full_stop(mut new: String, found: &str, after: &str) -> (String, usize) {
    if new.ends_with('.') && after.starts_with('.') && !after.starts_with("..") {
        return (new, 1);
    }
    if found.ends_with('.') && !new.ends_with('.') {
        let rest = after.trim_start_matches(['"', '”', '’', '\'', ')']);
        let next = crate::language::folding::first_word(rest.trim_start());
        if rest.trim().is_empty() || (rest.starts_with(' ') && word_lists::is("opener", next)) {
            new.push('.');
        }
    }
    (new, 0)
}

/// The article directly before a position, and where it begins.
fn article_before(left: &str) -> (Option<&str>, usize) {
    let Some(bare) = left.strip_suffix([' ', '\u{a0}']) else {
        return (None, left.len());
    };
    let word = last_word(bare);
    if ["the", "The", "a", "A", "an", "An"].contains(&word) {
        (Some(word), bare.len() - word.len())
    } else {
        (None, left.len())
    }
}

/// Whether `the` has to be written: the old form had none because it takes none, and the new one
/// stands for itself behind a preposition, a verb or at the start. `US officials`, `the 2012
/// Olympics` and `Russia's Kremlin` need none.
fn needs_the(hit: &Hit, text: &str, span: Span, rule: &str) -> bool {
    let found = span.of(text);
    // Where the old form takes one too, syntax has left it out.
    let took_none = rule == "residue" || rule == "fuzzy" || takes_the(found) != Some(true);
    let left = text[..span.start].trim_end_matches([' ', '\u{a0}', '"', '“', '‘', '(']);
    let word = last_word(left);
    let place = left.is_empty()
        || left.ends_with(['.', '!', '?', ',', ':', ';', '–', '—'])
        || word_lists::is_any_case("preposition", word)
        || word_lists::is("verb", word);
    let possessive = text[span.end..].starts_with(['\'', '’']);
    took_none
        && place
        && !word_lists::is_any_case("determiner", word)
        && !hit.required.to_lowercase().starts_with("the ")
        && (possessive || follows(&text[span.end..]) == Follows::Alone)
}

/// Least similarity of a torn or misspelt name, and least distance to the second best span.
const SIMILAR: f64 = 0.62;
const MARGIN: f64 = 0.10;

/// Replaces a capitalised span that resembles the required form or the Dutch one more than anything
/// else does.
fn fuzzy(unit: &Unit, entry: &Concept, hit: &Hit, claimed: &[Span]) -> Option<RepairStep> {
    if !hit.required.starts_with(char::is_uppercase) || hit.required.chars().count() < 4 {
        return None;
    }
    let (source, text) = (&unit.source.plain, &unit.target.plain);
    let words = crate::bitext::words(text);
    let most = hit.required.split(' ').count() + 1;
    let surface = hit.source.of(source);
    let ends_in_name = last_word(&hit.required).starts_with(|c: char| !c.is_lowercase());
    let mut spans: Vec<(f64, Span)> = Vec::new();
    for first in 0..words.len() {
        if !words[first].of(text).starts_with(char::is_uppercase) {
            continue;
        }
        for last in first..words.len().min(first + most) {
            let span = Span::new(words[first].start, words[last].end);
            let inside = span.of(text);
            if ends_in_name
                && !words[last]
                    .of(text)
                    .starts_with(|c: char| !c.is_lowercase())
            {
                continue;
            }
            if inside.contains([',', '.', ';', ':', '"', '“', '”', '(', ')']) {
                break;
            }
            if claimed.iter().any(|other| other.overlaps(span)) {
                continue;
            }
            let bare = inside
                .strip_suffix("'s")
                .or_else(|| inside.strip_suffix("’s"))
                .unwrap_or(inside);
            let score = [hit.required.as_str(), &entry.nl, surface]
                .iter()
                .map(|form| similarity(bare, form))
                .fold(0.0, f64::max);
            spans.push((score, Span::new(span.start, span.start + bare.len())));
        }
    }
    spans.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let &(score, span) = spans.first()?;
    let second = spans
        .iter()
        .find(|(_, other)| !other.overlaps(span))
        .map_or(0.0, |(score, _)| *score);
    let found = span.of(text);
    // A word that the source has too is another name, not a torn one.
    let elsewhere = source.contains(found) && !surface.contains(found);
    // `Mondays` and `Nov-Feb` are not misspelt `Monday` and `November`.
    let (bare, longer) = (found.trim_end_matches('s'), found.contains('-'));
    let inflected = bare == hit.required && found != hit.required
        || longer && !hit.required.contains('-') && !surface.contains('-');
    let blocked = elsewhere
        || inflected
        || guards::is_other_thing(entry, hit, found)
        || guards::is_torn(found, &hit.required)
        || guards::in_other_name(source, hit, text, span)
        || guards::is_part_of_longer_name(entry, hit, source, text, span)
        || !guards::follows_up(&source[hit.source.end..], &text[span.end..]);
    if score < SIMILAR || score - second < MARGIN || blocked {
        return None;
    }
    finish(entry, hit, source, text, span, "fuzzy")
}

#[cfg(test)]
mod tests;
