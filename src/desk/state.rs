//! The desk: its settings, its store, and the articles that are open.

use super::article::DeskArticle;
use super::events::EventHub;
use super::problem::Problem;
use super::store::{ArticleChange, ArticleRow, DeskStore, StoreResult};
use crate::bitext::LangPair;
use crate::engine::CancelToken;
use crate::memory::Store;
use crate::term::Glossary;
use crate::workflow::unit_edit::EditContext;
use crate::workflow::{Error, Setup, glossary};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// Articles that are open at once; the one that waited longest is closed.
const OPEN: usize = 48;

/// An article, or none where it must be read from the store.
type Slot = Arc<Mutex<Option<DeskArticle>>>;

/// The glossary in force.
#[derive(Clone)]
pub struct GlossaryInForce {
    /// Its entries.
    pub glossary: Arc<Glossary>,
    /// Its number: one higher whenever it is loaded anew.
    pub number: u64,
}

/// Figures for `/metrics`.
#[derive(Debug, Default)]
pub struct DeskCounters {
    /// Requests that were answered.
    pub requests: AtomicU64,
    /// Answers of 400 and above.
    pub problems: AtomicU64,
    /// Units that were saved.
    pub saves: AtomicU64,
}

/// The desk.
pub struct Desk {
    /// Settings of its folder.
    pub setup: Setup,
    /// Its folder.
    pub folder: PathBuf,
    /// From which language to which.
    pub pair: LangPair,
    /// Articles, units, histories.
    pub store: Box<dyn DeskStore>,
    /// The translation memory.
    pub memory: Store,
    /// Checks that are silenced.
    pub silenced: Vec<String>,
    /// Tells what happens.
    pub events: EventHub,
    /// Figures.
    pub counters: DeskCounters,
    /// The translations under way, which are asked to stop when the desk closes.
    pub running: Mutex<HashMap<i64, CancelToken>>,
    /// How far the translation of an article is.
    pub progress: Mutex<HashMap<i64, (u64, u64)>>,
    glossary: RwLock<GlossaryInForce>,
    open: Mutex<HashMap<i64, (Slot, u64)>>,
    clock: AtomicU64,
}

/// A lock whose holder panicked: what it guards is whole, or is read anew.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    /// Opens the desk of a folder.
    ///
    /// Errors: those of the glossary and the memory.
    pub fn open(
        setup: Setup,
        folder: &Path,
        memory: Store,
        store: Box<dyn DeskStore>,
    ) -> Result<Self, Error> {
        let own = desk_glossary(&setup, folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            pair: setup.pair(),
            silenced: setup.settings.silenced(),
            setup,
            store,
            memory,
            events: EventHub::default(),
            counters: DeskCounters::default(),
            running: Mutex::default(),
            progress: Mutex::default(),
            glossary: RwLock::new(GlossaryInForce {
                glossary: Arc::new(own),
                number: 1,
            }),
            open: Mutex::default(),
            clock: AtomicU64::new(0),
        })
    }

    /// The glossary in force.
    pub fn glossary(&self) -> GlossaryInForce {
        let guard = self.glossary.read();
        guard.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Loads the glossary anew; articles are judged by it when they are asked for.
    ///
    /// Errors: those of the files; the old one stays in force.
    pub fn load_glossary(&self) -> Result<(), Error> {
        let own = desk_glossary(&self.setup, &self.folder)?;
        let mut guard = self
            .glossary
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let number = guard.number + 1;
        *guard = GlossaryInForce {
            glossary: Arc::new(own),
            number,
        };
        Ok(())
    }

    /// The file of the terms that are added at the desk.
    pub fn desk_terms(&self) -> PathBuf {
        desk_terms(&self.folder)
    }

    /// Glossary files and folders as a request of a translation names them.
    pub fn glossary_paths(&self) -> Vec<PathBuf> {
        glossary_paths(&self.setup, &self.folder)
    }

    /// Tells the pages of a unit that changed.
    pub fn tell_unit(&self, article: &DeskArticle, index: usize, by: &str) {
        let unit = article.unit_json(index);
        let data = json!({"article": article.row.id.to_string(), "unit": unit, "by": by});
        self.events.tell("unit", &data);
    }

    /// What edits are judged with.
    pub fn context<'a>(&'a self, own: &'a GlossaryInForce) -> EditContext<'a> {
        EditContext {
            glossary: &own.glossary,
            pair: &self.pair,
            silenced: &self.silenced,
        }
    }

    /// Seconds since 1970-01-01 UTC.
    pub fn now(&self) -> i64 {
        self.setup.now()
    }

    /// Works on an article while nobody else does. Whatever fails leaves it as it is kept.
    ///
    /// Errors: 404; those of `work`.
    pub fn with_article<T>(
        &self,
        id: i64,
        work: impl FnOnce(&mut DeskArticle) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let slot = self.slot(id);
        let mut guard = slot.lock().unwrap_or_else(|poisoned| {
            let mut guard = poisoned.into_inner();
            // Whoever panicked may have left it half changed.
            *guard = None;
            guard
        });
        slot.clear_poison();
        if guard.is_none() {
            *guard = Some(self.read_article(id)?);
        }
        let Some(article) = guard.as_mut() else {
            return Err(Problem::new(404, format!("there is no article {id}")));
        };
        let own = self.glossary();
        if article.glossary != own.number {
            article.judge(&self.context(&own), own.number);
        }
        let result = work(article);
        if let Err(problem) = &result {
            // A change that was not kept is not shown either.
            if problem.status >= 500 {
                *guard = None;
            }
        }
        result
    }

    fn read_article(&self, id: i64) -> Result<DeskArticle, Problem> {
        let Some((row, units)) = self.store.article(id)? else {
            return Err(Problem::new(404, format!("there is no article {id}")));
        };
        let mut article = DeskArticle::new(row, units, &self.pair)?;
        for comment in self.store.comments(id)? {
            *article.comments.entry(comment.unit).or_default() += 1;
        }
        Ok(article)
    }

    /// The place of an article that is open or will be.
    fn slot(&self, id: i64) -> Slot {
        let mut open = locked(&self.open);
        let now = self.clock.fetch_add(1, Ordering::Relaxed);
        if open.len() >= OPEN && !open.contains_key(&id) {
            // Nobody works on it: only the table holds it, and the table is locked.
            let idle = open
                .iter()
                .filter(|(_, (slot, _))| Arc::strong_count(slot) == 1)
                .min_by_key(|(_, (_, used))| *used)
                .map(|(id, _)| *id);
            if let Some(idle) = idle {
                open.remove(&idle);
            }
        }
        let (slot, used) = open.entry(id).or_default();
        *used = now;
        Arc::clone(slot)
    }

    /// Closes an article that is gone.
    pub fn close_article(&self, id: i64) {
        let slot = self.slot(id);
        *locked(&slot) = None;
        locked(&self.progress).remove(&id);
    }

    /// Keeps a change, and tells the pages of it.
    ///
    /// Errors: the store's; nothing is kept then.
    pub fn keep(&self, change: &ArticleChange) -> StoreResult<()> {
        self.store.change(change)?;
        let saved = change.revisions.len() as u64;
        self.counters.saves.fetch_add(saved, Ordering::Relaxed);
        self.events.tell("article", &self.article_json(&change.row));
        Ok(())
    }

    /// An article as the desk answers it.
    pub fn article_json(&self, row: &ArticleRow) -> Value {
        let map = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap_or_default();
        let mut own = Map::new();
        own.insert("id".into(), json!(row.id.to_string()));
        own.insert("name".into(), json!(row.name));
        own.insert("state".into(), json!(row.state));
        own.insert("problem".into(), json!(row.problem));
        let nothing = json!({
            "units": 0, "approved": 0, "edited": 0, "progress": {"done": 0, "total": 0},
            "findings": {"errors": 0, "warnings": 0, "accepted": 0},
            "words": {"source": 0, "target": 0}, "publishable": false,
            "gate": {"errors": 0, "untranslated": 0, "unapproved": 0},
        });
        if let Value::Object(nothing) = nothing {
            own.extend(nothing);
        }
        own.extend(map(&row.summary));
        if row.state == "translating"
            && let Some((done, total)) = locked(&self.progress).get(&row.id)
        {
            own.insert("progress".into(), json!({"done": done, "total": total}));
        }
        own.extend(map(&row.options));
        let report = map(&row.report);
        let format = report.get("source").and_then(|source| source.get("format"));
        own.insert("format".into(), format.cloned().unwrap_or_default());
        own.insert("fields".into(), Value::Object(map(&row.fields)));
        let entries = self.glossary().glossary.entries().len();
        own.insert("glossary".into(), json!({"entries": entries}));
        own.insert("created".into(), json!(row.created));
        own.insert("updated".into(), json!(row.updated));
        Value::Object(own)
    }
}

/// The file of the terms that are added at the desk of a folder.
pub fn desk_terms(folder: &Path) -> PathBuf {
    folder.join("glossaries").join("desk.tsv")
}

/// The files and folders of the glossary, when they are not those of the settings alone: the terms
/// of the desk come last.
fn glossary_paths(setup: &Setup, folder: &Path) -> Vec<PathBuf> {
    let mut paths = glossary::paths(&[], setup);
    let terms = desk_terms(folder);
    let whole = |path: &Path| path.canonicalize().ok();
    let is_in = |path: &PathBuf| {
        let both = whole(&terms).zip(whole(path));
        both.is_some_and(|(terms, path)| terms.starts_with(path))
    };
    if !terms.is_file() || paths.iter().any(is_in) {
        return Vec::new();
    }
    paths.push(terms);
    paths
}

/// The glossary of the settings, with the terms of the desk.
fn desk_glossary(setup: &Setup, folder: &Path) -> Result<Glossary, Error> {
    glossary::load(&glossary_paths(setup, folder), setup)
}
