//! Articles on their way through the line, in the background.

use super::article::{DeskArticle, EditStep, line_of};
use super::problem::Problem;
use super::state::{Desk, locked};
use super::store::ArticleRow;
use crate::bitext::{State, Unit};
use crate::engine::CancelToken;
use crate::pipeline::{self, DocumentInput, Translation};
use crate::workflow::budget::Bounds;
use crate::workflow::review_carry::carry_over;
use crate::workflow::review_match::match_units;
use crate::workflow::translate::{TranslateRequest, TranslateRun};
use crate::workflow::{Error, Host, HostProgress, NoticeLevel};
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::runtime::Handle;

/// The desk as the host of a run.
struct DeskHost<'a> {
    desk: &'a Desk,
    article: i64,
    stop: CancelToken,
}

impl Host for DeskHost<'_> {
    fn notify(&self, _: NoticeLevel, _: &str) {}

    fn progress(&self, progress: HostProgress<'_>) {
        // One sentence that is asked for again is nobody's progress.
        if self.article == 0 {
            return;
        }
        if let HostProgress::Texts { done, total, .. } = progress {
            locked(&self.desk.progress).insert(self.article, (done, total));
            let data = json!({"article": self.article.to_string(), "done": done, "total": total});
            self.desk.events.tell("progress", &data);
        }
    }

    fn now(&self) -> i64 {
        self.desk.now()
    }

    fn cancelled(&self) -> CancelToken {
        self.stop.clone()
    }
}

/// How an article is translated, as its row says.
fn request(desk: &Desk, row: &ArticleRow, is_offline: bool) -> TranslateRequest {
    let options: Value = serde_json::from_str(&row.options).unwrap_or_default();
    let bounds = Bounds::default().or(&desk.setup.settings);
    TranslateRequest {
        engine: options["engine"].as_str().map(str::to_owned),
        glossary: desk.glossary_paths(),
        bounds: Bounds {
            offline: bounds.offline || is_offline,
            ..bounds
        },
        ..TranslateRequest::default()
    }
}

/// Takes the document of an article through the line; units without a draft stay untranslated
/// where nothing may be sent.
fn line(
    desk: &Desk,
    row: &ArticleRow,
    bytes: &[u8],
    is_offline: bool,
    stop: &CancelToken,
    runtime: &Handle,
) -> Result<(Translation, String), Error> {
    let host = DeskHost {
        desk,
        article: row.id,
        stop: stop.clone(),
    };
    let request = request(desk, row, is_offline);
    let run = TranslateRun::open(&request, &desk.setup, &host)?;
    let input = DocumentInput::named(bytes, &row.name);
    runtime.block_on(run.unwritten(input, Vec::new()))
}

/// Translates an article in the background.
pub fn start(desk: &Arc<Desk>, id: i64) {
    let (desk, runtime) = (Arc::clone(desk), Handle::current());
    let stop = CancelToken::default();
    locked(&desk.running).insert(id, stop.clone());
    let blocking = runtime.clone();
    blocking.spawn_blocking(move || {
        let result = translate(&desk, id, &stop, &runtime);
        locked(&desk.running).remove(&id);
        locked(&desk.progress).remove(&id);
        if let Err(problem) = result {
            fail(&desk, id, problem);
        }
    });
}

/// Notes that an article could not be translated.
fn fail(desk: &Desk, id: i64, problem: Problem) {
    // An article that was removed meanwhile needs no note.
    let _ = desk.with_article(id, |article| {
        "failed".clone_into(&mut article.row.state);
        article.row.problem = Some(problem.detail);
        let step = EditStep {
            action: "failed",
            by: "overzet",
            at: desk.now(),
        };
        let change = article.change(&[], step);
        Ok(desk.keep(&change)?)
    });
}

fn translate(desk: &Desk, id: i64, stop: &CancelToken, runtime: &Handle) -> Result<(), Problem> {
    let Some((row, _)) = desk.store.article(id)? else {
        return Ok(());
    };
    let source = desk.store.source(id)?.unwrap_or_default();
    let made = line(desk, &row, &source, false, stop, runtime);
    let (made, failure) = match made {
        Ok((translation, report)) => {
            let failure = translation.stats.fatal.as_ref().map(ToString::to_string);
            ((translation, report), failure)
        }
        // It goes on when the desk is opened again.
        Err(Error::Pipeline(pipeline::Error::Interrupted { .. })) => return Ok(()),
        Err(error) => {
            // The editor can work all the same: the units are there, without their English.
            let failure = error.to_string();
            let offline = line(desk, &row, &source, true, stop, runtime);
            let made = offline.map_err(|_| Problem::new(502, failure.clone()))?;
            (made, Some(failure))
        }
    };
    desk.with_article(id, |article| {
        let (translation, report) = made;
        let changed = if article.units.is_empty() {
            take(desk, article, translation.edition.units);
            (0..article.units.len()).collect()
        } else {
            fill(desk, article, translation.edition.units)
        };
        article.row.report = report;
        let is_open = |unit: &Unit| unit.state == State::Untranslated;
        let open = article.units.iter().filter(|unit| is_open(unit)).count();
        let state = match (open, &failure) {
            (0, _) => "ready",
            (open, Some(_)) if open == article.units.len() => "failed",
            _ => "partial",
        };
        state.clone_into(&mut article.row.state);
        article.row.problem = match (open, failure) {
            (0, _) => None,
            (_, Some(failure)) => Some(failure),
            (1, None) => Some("1 unit is untranslated".to_owned()),
            (open, None) => Some(format!("{open} units are untranslated")),
        };
        let step = EditStep {
            action: "translated",
            by: "overzet",
            at: desk.now(),
        };
        let change = article.whole_change(&changed, step);
        desk.keep(&change)?;
        for index in changed {
            desk.tell_unit(article, index, "overzet");
        }
        Ok(())
    })
}

/// Gives units that are untranslated what came of their Dutch; everything else stays as it is.
fn fill(desk: &Desk, article: &mut DeskArticle, made: Vec<Unit>) -> Vec<usize> {
    let places = match_units(&article.units, &made);
    let mut changed = Vec::new();
    for (index, place) in places.into_iter().enumerate() {
        let (old, Some(new)) = (&article.units[index], place.map(|place| &made[place])) else {
            continue;
        };
        let waits = old.state == State::Untranslated && !old.is_absent();
        if waits && new.state != State::Untranslated {
            article.units[index] = Unit {
                id: old.id.clone(),
                ok: old.ok.clone(),
                ..new.clone()
            };
            changed.push(index);
        }
    }
    let own = desk.glossary();
    article.judge(&desk.context(&own), own.number);
    changed
}

/// What became of the units of an article.
#[derive(Debug, Default)]
pub struct SourceChanges {
    /// Units whose Dutch is the same.
    pub kept: Vec<String>,
    /// Units in the place of one whose Dutch was another.
    pub changed: Vec<String>,
    /// Units that are new.
    pub added: Vec<String>,
    /// Units that are gone.
    pub removed: Vec<Unit>,
}

/// Puts new units in the place of an article's; what people made of the old ones stands where the
/// Dutch is the same.
fn take(desk: &Desk, article: &mut DeskArticle, units: Vec<Unit>) -> SourceChanges {
    let old = std::mem::replace(&mut article.units, units);
    let places = match_units(&old, &article.units);
    let keeping = std::mem::take(&mut article.keeping);
    let next = keeping.iter().map(|own| own.revision).max().unwrap_or(0);
    carry_over(&mut article.units, old.clone());
    article.keeping = vec![super::article::UnitKeeping::default(); article.units.len()];
    for own in &mut article.keeping {
        own.revision = next;
    }
    let mut changes = SourceChanges::default();
    let mut is_old = vec![false; article.units.len()];
    for ((unit, place), own) in old.into_iter().zip(places).zip(keeping) {
        match place {
            Some(place) => {
                is_old[place] = true;
                article.keeping[place].undo = own.undo;
                changes.kept.push(article.units[place].id.clone());
            }
            None => changes.removed.push(unit),
        }
    }
    for (unit, _) in article
        .units
        .iter()
        .zip(is_old)
        .filter(|(_, is_old)| !is_old)
    {
        let had = changes.removed.iter().any(|old| old.id == unit.id);
        if had {
            changes.changed.push(unit.id.clone());
        } else {
            changes.added.push(unit.id.clone());
        }
    }
    let own = desk.glossary();
    article.judge(&desk.context(&own), own.number);
    changes
}

/// A new version of the Dutch: what stands, stands at once; the rest is translated in the
/// background.
///
/// Errors: a document that cannot be read; the store's.
pub fn replace_source(
    desk: &Arc<Desk>,
    id: i64,
    bytes: Vec<u8>,
    by: &str,
    runtime: &Handle,
) -> Result<SourceChanges, Problem> {
    let changes = desk.with_article(id, |article| {
        if article.row.state == "translating" {
            return Err(Problem::new(409, "the article is being translated"));
        }
        let stop = CancelToken::default();
        let (translation, report) = line(desk, &article.row, &bytes, true, &stop, runtime)?;
        let changes = take(desk, article, translation.edition.units);
        article.row.report = report;
        "translating".clone_into(&mut article.row.state);
        article.row.problem = None;
        let all: Vec<usize> = (0..article.units.len()).collect();
        let step = EditStep {
            action: "source",
            by,
            at: desk.now(),
        };
        let mut change = article.whole_change(&all, step);
        change.source = Some(bytes);
        // What is gone from the article stays in the history.
        for unit in &changes.removed {
            change.revisions.push(super::store::RevisionRow {
                unit: unit.id.clone(),
                revision: 0,
                at: step.at,
                by: by.to_owned(),
                action: "removed".to_owned(),
                line: line_of(unit),
            });
        }
        desk.keep(&change)?;
        Ok(changes)
    })?;
    start(desk, id);
    Ok(changes)
}

/// Asks again for what is untranslated.
///
/// Errors: 409 while it is translated; the store's.
pub fn retry(desk: &Arc<Desk>, id: i64, engine: Option<&str>) -> Result<Value, Problem> {
    let json = desk.with_article(id, |article| {
        if article.row.state == "translating" {
            return Err(Problem::new(409, "the article is being translated"));
        }
        if let Some(engine) = engine {
            let mut options: Value =
                serde_json::from_str(&article.row.options).unwrap_or(json!({}));
            options["engine"] = json!(engine);
            article.row.options = options.to_string();
        }
        "translating".clone_into(&mut article.row.state);
        article.row.problem = None;
        let step = EditStep {
            action: "retry",
            by: "overzet",
            at: desk.now(),
        };
        let change = article.change(&[], step);
        desk.keep(&change)?;
        Ok(desk.article_json(&article.row))
    })?;
    start(desk, id);
    Ok(json)
}

/// A draft of one unit by an engine, with the engine's name and its price by a million characters.
///
/// A draft that is kept for it is not sent again, and the caps of the settings hold.
///
/// Errors: 400 for an unknown engine; 502 where it gave no text.
pub fn ask_again(
    desk: &Desk,
    unit: &Unit,
    engine: Option<String>,
    runtime: &Handle,
) -> Result<(Unit, String, Option<f64>), Problem> {
    let entry = match &engine {
        Some(name) => Some(
            crate::engine::by_name(name).map_err(|error| Problem::new(400, error.to_string()))?,
        ),
        None => None,
    };
    let host = DeskHost {
        desk,
        article: 0,
        stop: CancelToken::default(),
    };
    let request = TranslateRequest {
        engine,
        glossary: desk.glossary_paths(),
        bounds: Bounds::default().or(&desk.setup.settings),
        ..TranslateRequest::default()
    };
    let run = TranslateRun::open(&request, &desk.setup, &host)?;
    let draft = runtime.block_on(run.one(unit))?;
    let name = match &draft.origin {
        crate::bitext::Origin::Engine(name) => name.to_string(),
        other => other.to_string(),
    };
    if draft.state == State::Untranslated {
        return Err(Problem::new(502, "the engine gave no text"));
    }
    let entry = entry.or_else(|| crate::engine::by_name(&name).ok());
    let price = entry.and_then(|entry| entry.price);
    Ok((draft, name, price.map(|price| price.euro_per_million)))
}
