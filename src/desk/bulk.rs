//! Many units at once: approve by filter, replace, propagate, repair a term. Each is one change,
//! kept whole.

use super::article::{DeskArticle, EditStep};
use super::limits::LONGEST_TEXT;
use super::problem::Problem;
use super::request::{Answered, DeskReply, DeskRequest};
use super::state::Desk;
use super::units::learn;
use crate::bitext::{State, Text};
use crate::workflow::unit_edit::{self, UnitEdit, reworded};
use serde_json::{Value, json};
use std::sync::Arc;

/// Keeps a change of several units and tells the pages.
fn keep(
    desk: &Desk,
    article: &mut DeskArticle,
    changed: &[usize],
    call: &DeskRequest,
    action: &str,
) -> Result<(), Problem> {
    learn(desk, article, changed)?;
    let step = EditStep {
        action,
        by: &call.who.name,
        at: desk.now(),
    };
    let change = article.change(changed, step);
    desk.keep(&change)?;
    for &index in changed {
        desk.tell_unit(article, index, &call.who.name);
    }
    Ok(())
}

/// The ids of units at these places.
fn ids(article: &DeskArticle, places: &[usize]) -> Vec<String> {
    let id = |&index: &usize| article.units[index].id.clone();
    places.iter().map(id).collect()
}

/// `POST /api/articles/{id}/approve`
pub fn approve(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let filter = call.text("filter")?.unwrap_or("clean");
    desk.with_article(call.article()?, |article| {
        let mut places = Vec::new();
        for (index, unit) in article.units.iter().enumerate() {
            let may = !unit.is_absent()
                && !unit.target.is_empty()
                && ![State::Approved, State::Untranslated].contains(&unit.state);
            if DeskArticle::is_in(unit, filter)? && may {
                places.push(index);
            }
        }
        for &index in &places {
            // Nobody looked at them one by one: what is open stays open.
            article.units[index].state = State::Approved;
            article.cache.forget(index);
        }
        let own = desk.glossary();
        let (units, cache) = (&mut article.units, &mut article.cache);
        unit_edit::check_again(units, cache, &desk.context(&own));
        keep(desk, article, &places, call, "approved")?;
        Ok(DeskReply::json(&json!({
            "approved": ids(article, &places),
            "article": desk.article_json(&article.row),
        })))
    })
}

/// New texts of units, by their places.
pub type NewTexts = Vec<(usize, Text)>;

/// Shows new texts, or gives them to their units.
pub fn preview_or_take(
    desk: &Arc<Desk>,
    article: &mut DeskArticle,
    texts: NewTexts,
    call: &DeskRequest,
    action: &str,
) -> Answered {
    let changes: Vec<Value> = texts
        .iter()
        .map(|(index, text)| {
            let unit = &article.units[*index];
            json!({"unit": unit.id, "before": unit.target.plain, "after": text.plain})
        })
        .collect();
    if texts
        .iter()
        .any(|(_, text)| text.plain.len() > LONGEST_TEXT)
    {
        return Err(Problem::new(413, "a text would be longer than 64 kB"));
    }
    let is_preview = call.switch("preview")?;
    let places: Vec<usize> = texts.iter().map(|(index, _)| *index).collect();
    if !is_preview {
        let own = desk.glossary();
        for (index, text) in texts {
            let edit = UnitEdit {
                target: Some(text),
                state: None,
            };
            let (units, cache) = (&mut article.units, &mut article.cache);
            unit_edit::apply(units, index, edit, cache, &desk.context(&own));
        }
        keep(desk, article, &places, call, action)?;
    }
    let replaced = if is_preview { 0 } else { places.len() };
    Ok(DeskReply::json(&json!({
        "changes": changes,
        "replaced": replaced,
        "changed": ids(article, &places),
    })))
}

/// `POST /api/articles/{id}/replace`
pub fn replace(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let (find, with) = (call.needed("find")?, call.needed("with")?);
    if find.is_empty() {
        return Err(Problem::new(400, "`find` is empty"));
    }
    desk.with_article(call.article()?, |article| {
        let mut texts = NewTexts::new();
        for (index, unit) in article.units.iter().enumerate() {
            if unit.is_absent() || !unit.target.plain.contains(find) {
                continue;
            }
            let mut text = unit.target.clone();
            let starts: Vec<usize> = text.plain.match_indices(find).map(|(at, _)| at).collect();
            for start in starts.into_iter().rev() {
                text.replace(crate::bitext::Span::new(start, start + find.len()), with);
            }
            texts.push((index, text));
        }
        preview_or_take(desk, article, texts, call, "replaced")
    })
}

/// `POST /api/articles/{id}/propagate`
pub fn propagate(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let (id, except) = (call.needed("unit")?, call.list("except")?);
    desk.with_article(call.article()?, |article| {
        let first = article.place(id)?;
        let source = article.units[first].clone();
        if source.target.is_empty() {
            return Err(Problem::new(409, format!("{id} has no English")));
        }
        let texts = article.units.iter().enumerate().filter(|(index, unit)| {
            *index != first
                && unit.source.plain == source.source.plain
                && unit.target.plain != source.target.plain
                && !unit.is_absent()
                && unit.joined.is_empty()
                && !except.contains(&unit.id)
        });
        let same_codes =
            |unit: &crate::bitext::Unit| unit.source.code_set() == source.source.code_set();
        let texts: NewTexts = texts
            .map(|(index, unit)| {
                let text = if same_codes(unit) {
                    source.target.clone()
                } else {
                    reworded(&unit.target, &source.target.plain)
                };
                (index, text)
            })
            .collect();
        preview_or_take(desk, article, texts, call, "propagated")
    })
}
