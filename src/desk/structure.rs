//! The structure of an article: units joined, split, left out on purpose, and put back.

use super::article::{DeskArticle, UnitKeeping, line_of, unit_of};
use super::problem::Problem;
use super::request::{Answered, DeskRequest};
use super::state::Desk;
use super::units::{Before, answer};
use crate::bitext::{Span, State, Text, Unit};
use crate::workflow::unit_edit::{self, retell, set_text};
use serde_json::{Value, json};
use std::sync::Arc;

/// What restores units: their lines before, and the units that were added since.
fn undo_of(units: &[&Unit], added: &[&str]) -> String {
    let lines: Vec<String> = units.iter().map(|unit| line_of(unit)).collect();
    json!({"lines": lines, "added": added}).to_string()
}

/// Has `work` change a unit that is named as it is, judges the article and answers. `work` gives
/// the places that changed, that of the unit first.
fn change(
    desk: &Arc<Desk>,
    call: &DeskRequest,
    action: &str,
    work: impl FnOnce(&mut DeskArticle, usize) -> Result<Vec<usize>, Problem>,
) -> Answered {
    desk.with_article(call.article()?, |article| {
        if article.row.state == "translating" {
            return Err(Problem::new(409, "the article is being translated"));
        }
        let index = article.place(call.unit())?;
        article.check_etag(index, call.if_match.as_deref(), false, None)?;
        let before = Before::of(article);
        let changed = work(article, index)?;
        let own = desk.glossary();
        let with = desk.context(&own);
        for &index in &changed {
            retell(&mut article.units[index], &with);
        }
        article.cache.clear();
        unit_edit::check_again(&mut article.units, &mut article.cache, &with);
        answer(desk, article, &changed, &before, call, action)
    })
}

/// Whether the desk can take a unit apart or together: one whose text is its own.
fn plain(unit: &Unit) -> Result<(), Problem> {
    if unit.is_absent() {
        let detail = format!("{} has no text of its own; restore it first", unit.id);
        return Err(Problem::new(409, detail));
    }
    Ok(())
}

/// `POST …/join`
pub fn join(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    change(desk, call, "joined", |article, index| {
        let units = &mut article.units;
        plain(&units[index])?;
        let next = index + 1 + units[index].joined.len();
        let is_block = units
            .get(next)
            .is_some_and(|unit| unit.block == units[index].block);
        if !is_block {
            let detail = format!("{} is the last unit of its block", units[index].id);
            return Err(Problem::new(409, detail));
        }
        plain(&units[next])?;
        let taken: Vec<usize> = (next..=next + units[next].joined.len()).collect();
        let all = [index].into_iter().chain(taken.iter().copied());
        let own: Vec<&Unit> = all.map(|at| &units[at]).collect();
        let undo = undo_of(&own, &[]);
        let mut text = units[index].target.clone();
        if !text.is_empty() && !units[next].target.is_empty() {
            text.push(&Text::from(" "));
        }
        text.push(&units[next].target);
        // Markup of the second unit is not in the Dutch of the first.
        let codes = text.codes.clone();
        let id = units[index].id.clone();
        set_text(&mut units[index], text);
        units[index].target.codes = codes;
        for &at in &taken {
            let unit = &mut units[at];
            set_text(unit, Text::default());
            unit.state = State::Translated;
            unit.joined.clear();
            unit.joined_to = Some(id.as_str().into());
        }
        let ids: Vec<String> = taken.iter().map(|&at| units[at].id.clone()).collect();
        units[index].joined.extend(ids);
        // The first join of several is the one that is undone last: its lines are the oldest.
        article.keeping[index].undo = Some(nested(article.keeping[index].undo.take(), undo));
        Ok([index].into_iter().chain(taken).collect())
    })
}

/// An undo with the one before it.
fn nested(before: Option<String>, undo: String) -> String {
    let mut own: Value = serde_json::from_str(&undo).unwrap_or_default();
    own["before"] = json!(before);
    own.to_string()
}

/// `POST …/omit`
pub fn omit(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    change(desk, call, "omitted", |article, index| {
        let unit = &mut article.units[index];
        plain(unit)?;
        if !unit.joined.is_empty() {
            let detail = format!("{} holds other units; restore it first", unit.id);
            return Err(Problem::new(409, detail));
        }
        let undo = undo_of(&[unit], &[]);
        set_text(unit, Text::default());
        unit.state = State::Omitted;
        article.keeping[index].undo = Some(nested(article.keeping[index].undo.take(), undo));
        Ok(vec![index])
    })
}

/// The two halves of a text, without the space between them; none where the place is not in it.
fn halves(text: &Text, at: usize) -> Option<(Text, Text, Span)> {
    let (first, second) = text.plain.split_at_checked(at)?;
    let end = first.trim_end().len();
    let start = at + second.len() - second.trim_start().len();
    let whole = text.plain.len();
    let pieces = text.cut(&[Span::new(0, end), Span::new(start, whole)]);
    let [before, mut one, gap, two, after] = <[Text; 5]>::try_from(pieces).ok()?;
    if !before.is_empty() {
        let mut text = before;
        text.push(&one);
        one = text;
    }
    let mut two = two;
    if !gap.codes.is_empty() {
        // A code in the gap goes with what follows it.
        let mut text = Text {
            plain: String::new(),
            codes: gap.codes.clone(),
        };
        text.codes.iter_mut().for_each(|code| code.at = 0);
        text.push(&two);
        two = text;
    }
    two.push(&after);
    Some((one, two, Span::new(end, start)))
}

/// `POST …/split`
pub fn split(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let (source, target) = (call.number("source")?, call.number("target")?);
    change(desk, call, "split", |article, index| {
        let old = article.units[index].clone();
        plain(&old)?;
        if !old.joined.is_empty() || old.confidence.is_some() {
            let detail = format!("{} cannot be split; restore it first", old.id);
            return Err(Problem::new(409, detail));
        }
        let outside = |side| Problem::new(400, format!("`{side}` is not a place inside the text"));
        let dutch = halves(&old.source, source).ok_or_else(|| outside("source"))?;
        let english = halves(&old.target, target).ok_or_else(|| outside("target"))?;
        // The space between two units is that of the Dutch.
        let is_torn = dutch.2.is_empty();
        if is_torn || dutch.0.plain.trim().is_empty() || dutch.1.plain.trim().is_empty() {
            return Err(outside("source"));
        }
        let is_free = |id: &String| article.units.iter().all(|unit| unit.id != *id);
        let ids = (2..=article.units.len() + 2).map(|number| format!("{}.{number}", old.id));
        let id = ids.into_iter().find(is_free);
        let id = id.expect("one of more names than there are units is free");
        let undo = undo_of(&[&old], &[&id]);
        let cut = old.source.plain.len();
        let mut first = old.clone();
        let mut second = old;
        second.id.clone_from(&id);
        // Where the halves stand in the file: exact where the Dutch stands there as it reads.
        if let Some(span) = first.source_span {
            if span.len() == cut && first.source.codes.is_empty() {
                first.source_span = Some(Span::new(span.start, span.start + dutch.2.start));
                second.source_span = Some(Span::new(span.start + dutch.2.end, span.end));
            } else {
                second.source_span = None;
            }
        }
        first.source = dutch.0;
        second.source = dutch.1;
        for (unit, text) in [(&mut first, english.0), (&mut second, english.1)] {
            unit.draft = None;
            unit.matches.clear();
            unit.alternatives.clear();
            set_text(unit, text);
        }
        article.units[index] = first;
        article.units.insert(index + 1, second);
        article.keeping[index].undo = Some(nested(article.keeping[index].undo.take(), undo));
        let revision = article.keeping[index].revision;
        let keeping = UnitKeeping {
            revision,
            undo: None,
        };
        article.keeping.insert(index + 1, keeping);
        Ok(vec![index, index + 1])
    })
}

/// `POST …/restore`
pub fn restore(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    // A unit that stands in another is restored with that one.
    let id = call.article()?;
    let owner = desk.with_article(id, |article| {
        let unit = &article.units[article.place(call.unit())?];
        let is_added = |text: &String| {
            let undo: Value = serde_json::from_str(text).unwrap_or_default();
            undo["added"]
                .as_array()
                .is_some_and(|ids| ids.contains(&json!(unit.id)))
        };
        let owner = unit.joined_to.as_deref().map(str::to_owned).or_else(|| {
            let mut all = article.units.iter().zip(&article.keeping);
            let own = all.find(|(_, own)| own.undo.as_ref().is_some_and(is_added));
            own.map(|(unit, _)| unit.id.clone())
        });
        if let Some(owner) = &owner {
            // The lock is that of the unit that the request names.
            let index = article.place(call.unit())?;
            article.check_etag(index, call.if_match.as_deref(), false, None)?;
            let first = article.place(owner)?;
            return Ok(Some((owner.clone(), article.etag(first))));
        }
        Ok(None)
    })?;
    let call = match owner {
        Some((owner, etag)) => &DeskRequest {
            path: vec![id.to_string(), owner],
            if_match: Some(etag),
            ..call.clone()
        },
        None => call,
    };
    change(desk, call, "restored", |article, index| {
        let undo = article.keeping[index].undo.take();
        let undo: Option<Value> = undo.and_then(|undo| serde_json::from_str(&undo).ok());
        let undo = undo.ok_or_else(|| {
            let id = &article.units[index].id;
            Problem::new(409, format!("{id} was not joined, split or left out"))
        })?;
        for id in undo["added"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let at = article.place(id)?;
            article.units.remove(at);
            article.keeping.remove(at);
        }
        let mut changed = Vec::new();
        for line in undo["lines"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            let unit = unit_of(line, &desk.pair)?;
            let at = article.place(&unit.id)?;
            article.units[at] = unit;
            changed.push(at);
        }
        article.keeping[index].undo = undo["before"].as_str().map(str::to_owned);
        Ok(changed)
    })
}
