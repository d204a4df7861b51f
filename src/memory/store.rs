//! The SQLite file: drafts by content, pairs of people, and the digests of the files that were
//! written.
//!
//! People can open it with any SQLite tool for decades; its tables are named in words.

use super::Error;
use crate::bitext::{Code, Doubt, LangPair, Link, Origin, State, Text, Unit, feed};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// Marks the file as ours (`ovzt`), so that a wrong path is noticed before anything is written.
const APPLICATION_ID: i32 = 0x6f76_7a74;
/// Version of the tables.
const VERSION: i32 = 2;
/// How long a concurrent run is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Drafts are stored in order of arrival, beside an index of their keys: the keys are random, and
/// every answer would rewrite pages all over a tree of whole rows.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS drafts (
  key     BLOB PRIMARY KEY NOT NULL,
  engine  TEXT NOT NULL,
  options TEXT NOT NULL,
  pair    TEXT NOT NULL,
  source  TEXT NOT NULL,
  draft   TEXT NOT NULL,
  context TEXT NOT NULL,
  notes   TEXT NOT NULL,
  links   TEXT NOT NULL,
  score   REAL,
  billed  INTEGER,
  made    INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS pairs (
  key    BLOB PRIMARY KEY,
  pair   TEXT NOT NULL,
  source TEXT NOT NULL,
  target TEXT NOT NULL,
  codes  TEXT NOT NULL,
  file   TEXT NOT NULL,
  made   INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (
  path   TEXT PRIMARY KEY,
  digest BLOB NOT NULL
) WITHOUT ROWID;
";

/// Everything that a draft depends on beside its source text and its terms.
#[derive(Debug, Clone)]
pub struct DraftScope {
    /// Name of the engine.
    pub engine: String,
    /// Everything about the engine that changes its answers: model, options, version of the
    /// instructions.
    pub options: String,
    /// The language pair.
    pub pair: LangPair,
}

impl DraftScope {
    /// The key of a request: blake3 over engine, options, pair, the parts of [`Text::fingerprint`]
    /// and `terms`, the digest of the glossary entries that the engine is given for the text.
    ///
    /// Two units with one key are one request: [`crate::engine::plan`] counts it once,
    /// [`crate::engine::translate_units`] sends it once, and the memory keeps one draft for it.
    pub fn request_key(&self, source: &Text, terms: &str) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        for part in [
            self.engine.as_str(),
            &self.options,
            self.pair.source.tag(),
            self.pair.target.tag(),
        ] {
            feed(&mut hasher, part.as_bytes());
        }
        source.feed(&mut hasher);
        feed(&mut hasher, terms.as_bytes());
        *hasher.finalize().as_bytes()
    }
}

/// The column `draft`: the engine's text, with its doubts and alternatives.
#[derive(Deserialize)]
struct DraftWords {
    #[serde(flatten)]
    text: Text,
    #[serde(default)]
    doubts: Vec<Doubt>,
    #[serde(default)]
    alternatives: Vec<String>,
}

/// The same, borrowed, to write.
#[derive(Serialize)]
struct DraftWriting<'a> {
    plain: &'a str,
    #[serde(skip_serializing_if = "<[Code]>::is_empty")]
    codes: &'a [Code],
    #[serde(skip_serializing_if = "<[Doubt]>::is_empty")]
    doubts: &'a [Doubt],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    alternatives: &'a [String],
}

/// Gives the key of the request that a unit is a part of: [`DraftScope::request_key`].
pub type RequestKey<'a> = dyn Fn(&Unit) -> [u8; 32] + Sync + 'a;

/// A draft of the memory.
#[derive(Debug, Clone, PartialEq)]
pub struct CachedDraft {
    /// The engine's text.
    pub draft: Text,
    /// How they came about.
    pub notes: Vec<String>,
    /// Links that the engine gave.
    pub links: Vec<Link>,
    /// Places that the engine was unsure of.
    pub doubts: Vec<Doubt>,
    /// Other targets that it offered.
    pub alternatives: Vec<String>,
    /// Quality as the engine sees it, 0..=1.
    pub score: Option<f32>,
    /// Characters billed.
    pub billed: Option<u64>,
    /// When it arrived, in seconds since 1970-01-01 UTC.
    pub made: i64,
}

/// The time of a draft and its key, then its text.
type LatestDraft = ((i64, Vec<u8>), String);

/// The memory file. All methods take `&self`; several processes may use one file at the same time.
///
/// ```
/// use overzet::bitext::{LangPair, State, Unit};
/// use overzet::memory::Store;
///
/// let (store, pair) = (Store::in_memory()?, LangPair::default());
/// store.add_pairs(&[Unit::translated("Het is stil.", "It is quiet.")], &pair, "a.tmx", 0)?;
/// let mut units = [Unit::new("Het is stil.")];
/// store.apply_exact_matches(&mut units, &pair, 70)?;
/// assert_eq!(units[0].target.plain, "It is quiet.");
/// # Ok::<(), overzet::memory::Error>(())
/// ```
#[derive(Debug)]
pub struct Store {
    connection: Mutex<Connection>,
    /// The file that is made when the first thing is kept; until then the memory is an empty one.
    pending: Mutex<Option<PathBuf>>,
}

impl Store {
    /// Opens the file. One that does not exist is made, with its folder, when the first thing is
    /// kept.
    ///
    /// Errors: [`Error::Open`] if it cannot be opened, [`Error::Foreign`] if it is something else.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if path.exists() {
            let connection = Self::open_file(path)?;
            return Ok(Self {
                connection: Mutex::new(connection),
                pending: Mutex::default(),
            });
        }
        Ok(Self {
            pending: Mutex::new(Some(path.to_owned())),
            ..Self::in_memory()?
        })
    }

    /// Makes the file if it does not exist yet, so that a place where it cannot be is noticed
    /// before anything is paid for.
    ///
    /// Errors: as those of [`Store::open`].
    pub fn create(&self) -> Result<(), Error> {
        self.to_write().map(drop)
    }

    fn open_file(path: &Path) -> Result<Connection, Error> {
        let name = path.display().to_string();
        let fail = |source: Box<dyn std::error::Error + Send + Sync>| Error::Open {
            path: name.clone(),
            source,
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|error| fail(Box::new(error)))?;
        }
        let connection = Connection::open(path).map_err(|error| fail(Box::new(error)))?;
        Self::prepare(connection, &name)
    }

    /// Whether the file at `path` is an SQLite file, a memory most likely: [`Store::open`] says if
    /// it is another.
    pub fn is_at(path: &Path) -> bool {
        const MAGIC: &[u8; 16] = b"SQLite format 3\0";
        let mut head = [0; MAGIC.len()];
        let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
        read.is_ok() && head == *MAGIC
    }

    /// A memory that lasts as long as the value.
    pub fn in_memory() -> Result<Self, Error> {
        let connection = Self::prepare(Connection::open_in_memory()?, ":memory:")?;
        Ok(Self {
            connection: Mutex::new(connection),
            pending: Mutex::default(),
        })
    }

    fn prepare(connection: Connection, name: &str) -> Result<Connection, Error> {
        connection.busy_timeout(PATIENCE)?;
        let started = Instant::now();
        // The switch to WAL and the clean-up of a run that ends answer "busy" at once, whatever the
        // time-out; they last moments.
        while let Err(error) = Self::set_up(&connection, name) {
            match error {
                Error::Database(ref source)
                    if source.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
                        && started.elapsed() < PATIENCE =>
                {
                    std::thread::sleep(Duration::from_millis(5));
                }
                error => return Err(error),
            }
        }
        Ok(connection)
    }

    fn set_up(connection: &Connection, name: &str) -> Result<(), Error> {
        let foreign = |reason: String| Error::Foreign {
            path: name.to_owned(),
            reason,
        };
        // One statement, so that another run that is just making the tables is seen before or
        // after, never in between.
        let (id, version, tables): (i32, i32, i64) = connection
            .query_row(
                "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version), \
                 (SELECT count(*) FROM sqlite_schema)",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::NotADatabase) => foreign("it is not an SQLite file".into()),
                _ => Error::Database(error),
            })?;
        if id != APPLICATION_ID && (id != 0 || tables > 0) {
            return Err(foreign("it belongs to another program".into()));
        }
        if version > VERSION {
            return Err(foreign(format!(
                "its version is {version}, the newest known is {VERSION}"
            )));
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // With WAL, NORMAL survives a killed process; only a power cut can lose the last commits,
        // never corrupt the file.
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        // In KiB and pages: the index of 100,000 drafts stays in memory, and its pages are not
        // copied into the file for every few answers.
        connection.pragma_update(None, "cache_size", -8_000)?;
        connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
        if tables == 0 || version < VERSION {
            let made = connection.execute_batch(&format!(
                "BEGIN IMMEDIATE; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; {TABLES} COMMIT;"
            ));
            if made.is_err() && !connection.is_autocommit() {
                connection.execute_batch("ROLLBACK")?;
            }
            made?;
        }
        Ok(())
    }

    pub(super) fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held cannot leave SQLite half-way: every write is one
        // statement.
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The same for a write, which makes the file.
    pub(super) fn to_write(&self) -> Result<MutexGuard<'_, Connection>, Error> {
        let mut connection = self.connection();
        let mut pending = self
            .pending
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(path) = pending.as_deref() {
            *connection = Self::open_file(path)?;
            *pending = None;
        }
        Ok(connection)
    }

    /// The draft under a key.
    pub fn get(&self, key: &[u8; 32]) -> Result<Option<CachedDraft>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT draft, notes, links, score, billed, made FROM drafts WHERE key = ?1",
        )?;
        let row = statement
            .query_row([&key[..]], |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, Option<f32>>(3)?,
                    row.get::<_, Option<i64>>(4)?,
                    row.get::<_, i64>(5)?,
                ))
            })
            .optional()?;
        Ok(row.and_then(|(draft, notes, links, score, billed, made)| {
            // A row that cannot be read is as good as none: the text is asked for again.
            let words: DraftWords = serde_json::from_str(&draft).ok()?;
            Some(CachedDraft {
                draft: words.text,
                doubts: words.doubts,
                alternatives: words.alternatives,
                notes: serde_json::from_str(&notes).ok()?,
                links: serde_json::from_str(&links).ok()?,
                score,
                billed: billed.and_then(|b| u64::try_from(b).ok()),
                made,
            })
        }))
    }

    /// Keeps the drafts of an answer, all of them or none; the first draft under a key stays.
    /// Returns whether every draft was the first.
    ///
    /// `key` gives the [`DraftScope::request_key`] of a unit. `context` is the context that was
    /// sent along; it is recorded only. `now` is in seconds since 1970-01-01 UTC.
    pub fn cache_drafts(
        &self,
        scope: &DraftScope,
        units: &[&Unit],
        key: &RequestKey<'_>,
        context: &str,
        now: i64,
    ) -> Result<bool, Error> {
        let mut fresh = 0;
        let json =
            |value: Result<String, serde_json::Error>| value.unwrap_or_else(|_| "null".into());
        let pair = format!("{}-{}", scope.pair.source, scope.pair.target);
        let mut connection = self.to_write()?;
        // One transaction for an answer: a commit costs more than all of its rows. It takes the
        // lock at once, so that a concurrent run is waited for.
        let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        {
            let mut statement = work.prepare_cached(
                "INSERT OR IGNORE INTO drafts (key, engine, options, pair, source, draft, context, notes, links, score, billed, made)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )?;
            for unit in units {
                let text = unit.draft.as_deref().unwrap_or(&unit.target);
                let words = DraftWriting {
                    plain: &text.plain,
                    codes: &text.codes,
                    doubts: &unit.doubts,
                    alternatives: &unit.alternatives,
                };
                fresh += statement.execute(params![
                    &key(unit)[..],
                    scope.engine,
                    scope.options,
                    pair,
                    unit.source.plain,
                    json(serde_json::to_string(&words)),
                    context,
                    json(serde_json::to_string(&unit.notes)),
                    json(serde_json::to_string(&unit.links)),
                    unit.score,
                    unit.billed.map(|b| b as i64),
                    now,
                ])?;
            }
        }
        work.commit()?;
        Ok(fresh == units.len())
    }

    /// Gives untranslated units their drafts, with the markup of the unit's own codes. Returns how
    /// many there were.
    ///
    /// `key` gives the [`DraftScope::request_key`] of a unit.
    pub fn load_cached_drafts(
        &self,
        units: &mut [Unit],
        scope: &DraftScope,
        key: &RequestKey<'_>,
    ) -> Result<usize, Error> {
        // A first run asks once, not for every unit.
        let any: bool =
            self.connection()
                .query_row("SELECT EXISTS (SELECT 1 FROM drafts)", [], |row| row.get(0))?;
        if !any {
            return Ok(0);
        }
        let mut found = 0;
        let engine: Arc<str> = scope.engine.as_str().into();
        for unit in units
            .iter_mut()
            .filter(|unit| unit.state == State::Untranslated && !unit.source.plain.is_empty())
        {
            let Some(kept) = self.get(&key(unit))? else {
                continue;
            };
            unit.target = kept.draft.with_markup_of(&unit.source);
            unit.draft = None;
            unit.state = State::Translated;
            unit.origin = Origin::Engine(Arc::clone(&engine));
            unit.notes = kept.notes.into();
            unit.links = kept.links.into();
            unit.doubts = kept.doubts.into();
            // The key is made of the NFC form: the bytes of this source may be others.
            for doubt in &mut unit.doubts {
                doubt.source = doubt.source.filter(|span| span.fits(&unit.source.plain));
            }
            unit.alternatives = kept.alternatives.into();
            unit.score = kept.score;
            unit.billed = kept.billed;
            unit.made = Some(kept.made);
            found += 1;
        }
        Ok(found)
    }

    /// Any translation of each of these texts, where there is one: that of a person, else the
    /// latest of an engine. Options, terms, codes and the variety of a language do not matter here:
    /// as evidence of the meaning of a text, any translation works.
    pub fn lookup_any<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
        pair: &LangPair,
    ) -> Result<HashMap<&'t str, String>, Error> {
        // The latest draft, and between two of one second the one with the larger key: an order
        // that does not depend on that of the rows.
        let mut found: HashMap<&str, Option<LatestDraft>> =
            texts.into_iter().map(|text| (text, None)).collect();
        let languages = format!("{}%-{}%", pair.source.base(), pair.target.base());
        {
            let connection = self.connection();
            let mut statement = connection
                .prepare_cached("SELECT source, draft, made, key FROM drafts WHERE pair LIKE ?1")?;
            let mut rows = statement.query([languages])?;
            while let Some(row) = rows.next()? {
                let source = row.get_ref(0)?.as_str().unwrap_or_default();
                let Some(best) = found.get_mut(source) else {
                    continue;
                };
                let when = (row.get(2)?, row.get(3)?);
                if best.as_ref().is_some_and(|(known, _)| *known > when) {
                    continue;
                }
                let draft = row.get_ref(1)?.as_str().unwrap_or_default();
                if let Ok(words) = serde_json::from_str::<DraftWords>(draft) {
                    *best = Some((when, words.text.plain));
                }
            }
        }
        for known in self.pairs(pair)? {
            if let Some(best) = found.get_mut(known.source.plain.as_str()) {
                *best = Some(((i64::MAX, Vec::new()), known.target.plain));
            }
        }
        Ok(found
            .into_iter()
            .filter_map(|(text, best)| Some((text, best?.1)))
            .collect())
    }

    /// Fills in when the draft of a unit arrived and what was billed for it.
    pub fn fill_provenance(&self, units: &mut [Unit], key: &RequestKey<'_>) -> Result<(), Error> {
        for unit in units
            .iter_mut()
            .filter(|unit| unit.made.is_none() && matches!(unit.origin, Origin::Engine(_)))
        {
            let key = key(unit);
            let connection = self.connection();
            let mut statement =
                connection.prepare_cached("SELECT made, billed FROM drafts WHERE key = ?1")?;
            let row: Option<(i64, Option<i64>)> = statement
                .query_row([&key[..]], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            if let Some((made, billed)) = row {
                unit.made = Some(made);
                unit.billed = billed.and_then(|b| u64::try_from(b).ok());
            }
        }
        Ok(())
    }

    /// The digest with which the file of this name was written last.
    pub fn output_digest(&self, name: &str) -> Result<Option<Vec<u8>>, Error> {
        let connection = self.connection();
        let query = "SELECT digest FROM outputs WHERE path = ?1";
        Ok(connection
            .query_row(query, [name], |row| row.get(0))
            .optional()?)
    }

    /// Records that the file at `path` was written with this digest.
    pub fn record_output(&self, path: &str, digest: &[u8; 32]) -> Result<(), Error> {
        self.to_write()?.execute(
            "INSERT INTO outputs (path, digest) VALUES (?1, ?2) ON CONFLICT (path) DO UPDATE SET digest = excluded.digest",
            params![path, &digest[..]],
        )?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::CodeKind;

    fn scope() -> DraftScope {
        DraftScope {
            engine: "deepl".into(),
            options: "en-US".into(),
            pair: LangPair::default(),
        }
    }

    fn key(unit: &Unit) -> [u8; 32] {
        scope().request_key(&unit.source, "")
    }

    fn unit(source: &str, target: &str) -> Unit {
        Unit {
            source: source.into(),
            target: target.into(),
            draft: Some(Box::new(target.into())),
            state: State::Translated,
            billed: Some(9),
            ..Unit::default()
        }
    }

    #[test]
    fn a_kept_draft_comes_back_for_the_same_text_only() {
        let store = Store::in_memory().unwrap();
        store
            .cache_drafts(&scope(), &[&unit("Het regent.", "It rains.")], &key, "", 7)
            .unwrap();
        let mut units = [
            Unit {
                source: "Het regent.".into(),
                ..Unit::default()
            },
            Unit {
                source: "Het sneeuwt.".into(),
                ..Unit::default()
            },
        ];
        let found = store
            .load_cached_drafts(&mut units, &scope(), &key)
            .unwrap();
        assert_eq!(found, 1);
        assert_eq!(units[0].target.plain, "It rains.");
        assert_eq!((units[0].made, units[0].billed), (Some(7), Some(9)));
        assert_eq!(units[1].state, State::Untranslated);
    }

    #[test]
    fn engine_options_terms_and_codes_are_part_of_the_key() {
        let source = Text::from("Het regent.");
        let key = scope().request_key(&source, "");
        let mut other = scope();
        other.options = "en-GB".into();
        assert_ne!(other.request_key(&source, ""), key);
        assert_ne!(scope().request_key(&source, "t"), key);
        let mut coded = source.clone();
        coded.codes.push(Code {
            at: 0,
            id: 1,
            kind: CodeKind::Empty,
            data: "<br>".into(),
            label: "br".into(),
        });
        let with_break = scope().request_key(&coded, "");
        assert_ne!(with_break, key);
        coded.codes[0].data = "<br/>".into();
        assert_eq!(scope().request_key(&coded, ""), with_break);
    }

    #[test]
    fn the_first_answer_stays() {
        let store = Store::in_memory().unwrap();
        store
            .cache_drafts(&scope(), &[&unit("Ja.", "Yes.")], &key, "", 1)
            .unwrap();
        store
            .cache_drafts(&scope(), &[&unit("Ja.", "Yeah.")], &key, "", 2)
            .unwrap();
        let kept = store
            .get(&scope().request_key(&"Ja.".into(), ""))
            .unwrap()
            .unwrap();
        assert_eq!(kept.draft.plain, "Yes.");
        assert_eq!(store.counts().unwrap().drafts, 1);
    }

    #[test]
    fn what_a_text_became_is_known_whatever_the_engine() {
        let store = Store::in_memory().unwrap();
        let keep = |engine: &str, target: &str, now| {
            let scope = DraftScope {
                engine: engine.into(),
                pair: LangPair {
                    target: crate::bitext::Lang::new("en-GB"),
                    ..LangPair::default()
                },
                ..scope()
            };
            let units = [unit("Ja.", target), unit("Nee.", "No.")];
            store
                .cache_drafts(
                    &scope,
                    &[&units[0], &units[1]],
                    &|unit| scope.request_key(&unit.source, "t"),
                    "",
                    now,
                )
                .unwrap();
        };
        keep("deepl", "Yeah.", 5);
        keep("google", "Aye.", 4);
        let known = || {
            store
                .lookup_any(["Ja.", "Nee.", "Misschien."], &LangPair::default())
                .unwrap()
        };
        assert_eq!(known()["Ja."], "Yeah.");
        assert_eq!((known()["Nee."].as_str(), known().len()), ("No.", 2));
        store
            .add_pairs(&[unit("Ja.", "Yes.")], &LangPair::default(), "a.tmx", 1)
            .unwrap();
        assert_eq!(known()["Ja."], "Yes.");
        let back = LangPair {
            source: crate::bitext::Lang::new("en"),
            target: crate::bitext::Lang::new("nl"),
        };
        assert!(store.lookup_any(["Ja."], &back).unwrap().is_empty());
    }

    #[test]
    fn a_foreign_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        std::fs::write(
            &path,
            "not a database, but long enough to have a header".repeat(9),
        )
        .unwrap();
        assert!(matches!(Store::open(&path), Err(Error::Foreign { .. })));
        let other = folder.path().join("other.db");
        Connection::open(&other)
            .unwrap()
            .execute_batch("CREATE TABLE x (y)")
            .unwrap();
        assert!(matches!(Store::open(&other), Err(Error::Foreign { .. })));
    }
}
