//! Units: read, written, judged while they are written, and their history.

use super::article::{DeskArticle, EditStep, unit_of};
use super::limits::LONGEST_TEXT;
use super::problem::Problem;
use super::request::{Answered, DeskReply, DeskRequest, DeskRole};
use super::state::Desk;
use super::store::CommentRow;
use crate::bitext::{Code, Finding, FindingStatus, Span, State, Text, Unit};
use crate::workflow::unit_edit::{self, UnitEdit};
use serde_json::{Value, json};
use std::sync::Arc;

/// The units before a change, by what a page shows of them.
pub struct Before(Vec<(Vec<Finding>, State)>);

impl Before {
    /// Remembers.
    pub fn of(article: &DeskArticle) -> Self {
        let shown = |unit: &Unit| {
            let all = unit.findings.iter().chain(&unit.dismissed);
            (all.cloned().collect(), unit.state)
        };
        Self(article.units.iter().map(shown).collect())
    }

    /// The places of other units whose findings are others now.
    fn concerned(&self, article: &DeskArticle, changed: &[usize]) -> Vec<usize> {
        let now = Self::of(article);
        if now.0.len() != self.0.len() {
            return Vec::new();
        }
        (0..now.0.len())
            .filter(|index| !changed.contains(index) && now.0[*index] != self.0[*index])
            .collect()
    }
}

/// Keeps a change of units, tells the pages, and answers with the first of them.
pub fn answer(
    desk: &Desk,
    article: &mut DeskArticle,
    changed: &[usize],
    before: &Before,
    call: &DeskRequest,
    action: &str,
) -> Answered {
    let step = EditStep {
        action,
        by: &call.who.name,
        at: desk.now(),
    };
    let is_whole = before.0.len() != article.units.len();
    let change = if is_whole {
        article.whole_change(changed, step)
    } else {
        article.change(changed, step)
    };
    desk.keep(&change)?;
    let concerned = before.concerned(article, changed);
    for &index in changed.iter().chain(&concerned) {
        desk.tell_unit(article, index, &call.who.name);
    }
    let first = changed.first().copied().unwrap_or(0);
    let mut body = article.unit_json(first);
    let others = changed.iter().skip(1).chain(&concerned);
    let others: Vec<Value> = others.map(|&index| article.unit_json(index)).collect();
    body["neighbours"] = json!(others);
    body["article"] = desk.article_json(&article.row);
    Ok(DeskReply::Json {
        status: 200,
        body: body.to_string(),
        etag: Some(article.etag(first)),
    })
}

/// The limit of a list: 1 to `most`.
///
/// Errors: 400.
pub fn limit(call: &DeskRequest, default: usize, most: usize) -> Result<usize, Problem> {
    let Some(text) = call.query("limit") else {
        return Ok(default);
    };
    let number = text.parse().ok().filter(|n| (1..=most).contains(n));
    number.ok_or_else(|| Problem::new(400, format!("`limit` is 1 to {most}")))
}

/// `GET /api/articles/{id}/units`
pub fn list(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let limit = limit(call, 200, 500)?;
    let filter = call.query("filter").unwrap_or("all");
    desk.with_article(call.article()?, |article| {
        let start = match call.query("after").filter(|id| !id.is_empty()) {
            Some(id) => article.place(id)? + 1,
            None => 0,
        };
        let (mut units, mut next, mut total) = (Vec::new(), None, 0);
        for index in 0..article.units.len() {
            if !DeskArticle::is_in(&article.units[index], filter)? {
                continue;
            }
            total += 1;
            if index < start {
                continue;
            }
            if units.len() < limit {
                units.push(index);
            } else if next.is_none() {
                next = units.last().map(|&last| article.units[last].id.clone());
            }
        }
        if article.units.is_empty() {
            DeskArticle::is_in(&Unit::default(), filter)?;
        }
        let units: Vec<Value> = units.iter().map(|&at| article.unit_json(at)).collect();
        let body = json!({"units": units, "next": next, "total": total});
        Ok(DeskReply::json(&body))
    })
}

/// `GET /api/articles/{id}/units/{unit}`
pub fn show(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    desk.with_article(call.article()?, |article| {
        let index = article.place(call.unit())?;
        Ok(DeskReply::Json {
            status: 200,
            body: article.unit_json(index).to_string(),
            etag: Some(article.etag(index)),
        })
    })
}

/// The English that a request gives a unit; none where it gives none or the same.
fn new_text(unit: &Unit, call: &DeskRequest) -> Result<Option<Text>, Problem> {
    let target = call.text("target")?;
    if target.is_some_and(|target| target.len() > LONGEST_TEXT) {
        return Err(Problem::new(413, "the text is longer than 64 kB"));
    }
    let text = match (target, call.body.get("codes")) {
        (None, None | Some(Value::Null)) => return Ok(None),
        (Some(target), None | Some(Value::Null)) if target == unit.target.plain => return Ok(None),
        (Some(target), None | Some(Value::Null)) => unit_edit::reworded(&unit.target, target),
        (target, Some(codes)) => {
            let plain = target.unwrap_or(&unit.target.plain).to_owned();
            let codes = codes_of(unit, codes, &plain)?;
            Text {
                plain,
                codes: codes.into(),
            }
        }
    };
    Ok((text != unit.target).then_some(text))
}

/// Codes as a request places them: only those of the unit's own Dutch and English.
fn codes_of(unit: &Unit, codes: &Value, plain: &str) -> Result<Vec<Code>, Problem> {
    let wrong = |what: String| Problem::new(400, format!("`codes`: {what}"));
    let own = codes.get("target").unwrap_or(codes);
    let Value::Array(items) = own else {
        return Err(wrong("not a list".into()));
    };
    let mut placed = Vec::new();
    for item in items {
        let (at, id) = (item["at"].as_u64(), item["id"].as_u64());
        let (Some(at), Some(id)) = (at, id) else {
            return Err(wrong("a code has `at`, `id` and `kind`".into()));
        };
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        if !plain.is_char_boundary(at) {
            return Err(wrong(format!("{at} is not a place in the text")));
        }
        let mut known = unit.source.codes.iter().chain(&unit.target.codes);
        let known = known.find(|code| {
            u64::from(code.id) == id
                && serde_json::to_value(code.kind).ok() == item.get("kind").cloned()
        });
        let known =
            known.ok_or_else(|| wrong(format!("the unit has no code {id} of this kind")))?;
        placed.push(Code {
            at,
            ..known.clone()
        });
    }
    placed.sort_by_key(|code| code.at);
    Ok(placed)
}

/// The state that a request asks for.
fn wanted_state(call: &DeskRequest) -> Result<Option<State>, Problem> {
    let known = ["translated", "needs-review", "approved"];
    match call.text("state")? {
        None => Ok(None),
        Some("translated") => Ok(Some(State::Translated)),
        Some("needs-review") => Ok(Some(State::NeedsReview)),
        Some("approved") => Ok(Some(State::Approved)),
        Some(other) => {
            let detail = format!("unknown state `{other}`; available: {}", known.join(", "));
            Err(Problem::new(400, detail))
        }
    }
}

/// `PUT /api/articles/{id}/units/{unit}`
pub fn put(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let state = wanted_state(call)?;
    let approves = state == Some(State::Approved);
    if approves && call.who.role < DeskRole::Editor {
        return Err(Problem::new(403, "a translator does not approve"));
    }
    let reply = desk.with_article(call.article()?, |article| {
        let index = article.place(call.unit())?;
        let yours = call.text("target")?;
        let if_match = call.if_match.as_deref();
        article.check_etag(index, if_match, approves, yours)?;
        let target = new_text(&article.units[index], call)?;
        let unit = &article.units[index];
        if unit.is_absent() && (target.is_some() || state.is_some()) {
            let detail = format!("{} has no text of its own; restore it first", unit.id);
            return Err(Problem::new(409, detail));
        }
        let will_be_empty = target.as_ref().unwrap_or(&unit.target).is_empty();
        if will_be_empty && state.is_some() {
            return Err(Problem::new(409, format!("{} has no English", unit.id)));
        }
        let is_open = unit_edit::open_findings(unit).next().is_some();
        let is_same_state = state.is_none_or(|state| state == unit.state);
        if target.is_none() && is_same_state && !(approves && is_open) {
            return Ok(DeskReply::Json {
                status: 200,
                body: article.unit_json(index).to_string(),
                etag: Some(article.etag(index)),
            });
        }
        let action = match (&target, state) {
            (Some(_), Some(State::Approved)) => "edited and approved",
            (Some(_), _) => "edited",
            (None, Some(State::Approved)) => "approved",
            (None, _) => "state",
        };
        let before = Before::of(article);
        let own = desk.glossary();
        let edit = UnitEdit { target, state };
        let (units, cache) = (&mut article.units, &mut article.cache);
        unit_edit::apply(units, index, edit, cache, &desk.context(&own));
        learn(desk, article, &[index])?;
        answer(desk, article, &[index], &before, call, action)
    })?;
    Ok(reply)
}

/// Puts approved units into the memory.
///
/// Errors: 507.
pub fn learn(desk: &Desk, article: &DeskArticle, places: &[usize]) -> Result<(), Problem> {
    let approved = places.iter().map(|&index| &article.units[index]);
    let approved = approved.filter(|unit| {
        unit.state == State::Approved && unit.joined.is_empty() && !unit.is_absent()
    });
    desk.memory
        .add_pairs(approved, &desk.pair, &article.row.name, desk.now())?;
    Ok(())
}

/// `POST /api/articles/{id}/units/{unit}/check`
pub fn check(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    call.needed("target")?;
    desk.with_article(call.article()?, |article| {
        let index = article.place(call.unit())?;
        let target = new_text(&article.units[index], call)?;
        let before = Before::of(article);
        // Judged on copies: what is shown of the article stays as it is.
        let (mut units, mut cache) = (article.units.clone(), article.cache.clone());
        let own = desk.glossary();
        let edit = UnitEdit {
            target,
            state: None,
        };
        unit_edit::apply(&mut units, index, edit, &mut cache, &desk.context(&own));
        let all = |unit: &Unit| -> Vec<Finding> {
            let by_person = |f: &&Finding| f.status == FindingStatus::Dismissed;
            let dismissed = unit.dismissed.iter().filter(by_person);
            unit.findings.iter().chain(dismissed).cloned().collect()
        };
        let neighbours: Vec<Value> = units
            .iter()
            .enumerate()
            .filter(|(at, unit)| {
                let now = unit.findings.iter().chain(&unit.dismissed);
                *at != index && !now.eq(before.0[*at].0.iter())
            })
            .map(|(_, unit)| json!({"id": unit.id, "findings": all(unit)}))
            .collect();
        let unit = &units[index];
        Ok(DeskReply::json(&json!({
            "findings": all(unit),
            "terms": unit.hits,
            "links": unit.links,
            "codes": {"source": unit.source.codes, "target": unit.target.codes},
            "neighbours": neighbours,
        })))
    })
}

/// Whether a finding is the one that a request names.
fn is_meant(call: &DeskRequest) -> Result<impl Fn(&Unit, &Finding) -> bool, Problem> {
    let check = call.needed("check")?.to_owned();
    let text = call.text("text")?.map(str::to_owned);
    let span = match call.body.get("span") {
        None | Some(Value::Null) => None,
        Some(span) => {
            let span = serde_json::from_value::<Span>(span.clone());
            Some(span.map_err(|_| Problem::new(400, "`span` is not [start, end]"))?)
        }
    };
    Ok(move |unit: &Unit, finding: &Finding| {
        let part = |text: &str, span: Span| text.get(span.start..span.end).map(str::to_owned);
        let own = match (finding.target, finding.source) {
            (Some(span), _) => part(&unit.target.plain, span),
            (None, Some(span)) => part(&unit.source.plain, span),
            (None, None) => None,
        };
        finding.check == check
            && span.is_none_or(|span| finding.target.or(finding.source) == Some(span))
            && text.as_ref().is_none_or(|text| own.as_ref() == Some(text))
    })
}

/// `POST /api/articles/{id}/units/{unit}/dismiss`
pub fn dismiss(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    set_status(desk, call, FindingStatus::Dismissed, "dismissed")
}

/// `POST /api/articles/{id}/units/{unit}/undismiss`
pub fn undismiss(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    set_status(desk, call, FindingStatus::Open, "undismissed")
}

fn set_status(
    desk: &Arc<Desk>,
    call: &DeskRequest,
    status: FindingStatus,
    action: &str,
) -> Answered {
    let is_meant = is_meant(call)?;
    desk.with_article(call.article()?, |article| {
        let index = article.place(call.unit())?;
        article.check_etag(index, call.if_match.as_deref(), false, None)?;
        let before = Before::of(article);
        let unit = &mut article.units[index];
        if !unit_edit::set_status(unit, status, is_meant) {
            let detail = format!("{} has no such finding", unit.id);
            return Err(Problem::new(404, detail));
        }
        let own = desk.glossary();
        let (units, cache) = (&mut article.units, &mut article.cache);
        unit_edit::check_again(units, cache, &desk.context(&own));
        answer(desk, article, &[index], &before, call, action)
    })
}

/// `GET /api/articles/{id}/units/{unit}/history`
pub fn history(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let id = call.article()?;
    let steps = desk.store.history(id, call.unit())?;
    if steps.is_empty() {
        desk.with_article(id, |article| article.place(call.unit()))?;
    }
    let mut revisions = Vec::new();
    for step in steps {
        let unit = unit_of(&step.line, &desk.pair)?;
        revisions.push(json!({
            "revision": step.revision,
            "at": step.at,
            "by": step.by,
            "action": step.action,
            "source": unit.source.plain,
            "target": unit.target.plain,
            "state": unit.state.name(),
            "codes": {"target": unit.target.codes},
        }));
    }
    Ok(DeskReply::json(&json!({"revisions": revisions})))
}

fn comment_json(comment: &CommentRow) -> Value {
    json!({"id": comment.id, "at": comment.at, "by": comment.by, "text": comment.text})
}

/// `GET /api/articles/{id}/units/{unit}/comments`
pub fn comments(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let id = call.article()?;
    desk.with_article(id, |article| article.place(call.unit()))?;
    let all = desk.store.comments(id)?;
    let own = all.iter().filter(|comment| comment.unit == call.unit());
    let own: Vec<Value> = own.map(comment_json).collect();
    Ok(DeskReply::json(&json!({"comments": own})))
}

/// `POST /api/articles/{id}/units/{unit}/comments`
pub fn comment(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let text = call.needed("text")?.trim();
    if text.is_empty() {
        return Err(Problem::new(400, "`text` is empty"));
    }
    if text.len() > LONGEST_TEXT {
        return Err(Problem::new(413, "the text is longer than 64 kB"));
    }
    let id = call.article()?;
    desk.with_article(id, |article| {
        let index = article.place(call.unit())?;
        let mut comment = CommentRow {
            id: 0,
            unit: call.unit().to_owned(),
            at: desk.now(),
            by: call.who.name.clone(),
            text: text.to_owned(),
        };
        comment.id = desk.store.add_comment(id, &comment)?;
        *article.comments.entry(comment.unit.clone()).or_default() += 1;
        desk.tell_unit(article, index, &call.who.name);
        Ok(DeskReply::with_status(201, &comment_json(&comment)))
    })
}
