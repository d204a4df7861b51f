//! The desk's tables in the SQLite file of the memory.

use super::store::{
    ArticleChange, ArticleRow, CommentRow, DeskStore, LoginRow, RevisionRow, StoreError,
    StoreResult, UnitRow,
};
use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS articles (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  name    TEXT NOT NULL,
  state   TEXT NOT NULL,
  problem TEXT,
  options TEXT NOT NULL,
  summary TEXT NOT NULL,
  fields  TEXT NOT NULL,
  report  TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS article_sources (
  article INTEGER PRIMARY KEY,
  source  BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS units (
  article  INTEGER NOT NULL,
  unit     TEXT NOT NULL,
  place    INTEGER NOT NULL,
  line     TEXT NOT NULL,
  revision INTEGER NOT NULL,
  undo     TEXT,
  PRIMARY KEY (article, unit)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS revisions (
  id       INTEGER PRIMARY KEY,
  article  INTEGER NOT NULL,
  unit     TEXT NOT NULL,
  revision INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  author   TEXT NOT NULL,
  action   TEXT NOT NULL,
  line     TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS revisions_unit ON revisions (article, unit);
CREATE TABLE IF NOT EXISTS comments (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  article INTEGER NOT NULL,
  unit    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  author  TEXT NOT NULL,
  text    TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS comments_article ON comments (article);
CREATE TABLE IF NOT EXISTS logins (
  key   BLOB PRIMARY KEY NOT NULL,
  user  TEXT NOT NULL,
  until INTEGER NOT NULL
) WITHOUT ROWID;
";

const COLUMNS: &str =
    "id, name, state, problem, options, summary, fields, report, created, updated";

/// The tables in a file of the memory.
pub struct SqliteDesk {
    connection: Mutex<Connection>,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self {
            what: error.to_string(),
        }
    }
}

impl SqliteDesk {
    /// Opens the file, which the memory has made, and makes the desk's tables in it.
    pub fn open(path: &Path) -> StoreResult<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(30))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // A save that was answered outlives a power cut, too.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(&format!("BEGIN IMMEDIATE; {TABLES} COMMIT;"))?;
        Ok(Self {
            connection: Mutex::new(connection),
        })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic while the lock was held leaves a transaction that is rolled back when dropped.
        self.connection
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn article_of(row: &Row<'_>) -> rusqlite::Result<ArticleRow> {
    Ok(ArticleRow {
        id: row.get(0)?,
        name: row.get(1)?,
        state: row.get(2)?,
        problem: row.get(3)?,
        options: row.get(4)?,
        summary: row.get(5)?,
        fields: row.get(6)?,
        report: row.get(7)?,
        created: row.get(8)?,
        updated: row.get(9)?,
    })
}

impl DeskStore for SqliteDesk {
    fn add_article(&self, row: &ArticleRow, source: &[u8]) -> StoreResult<i64> {
        let mut connection = self.connection();
        let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        work.execute(
            "INSERT INTO articles (name, state, problem, options, summary, fields, report, created, updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                row.name, row.state, row.problem, row.options, row.summary, row.fields, row.report,
                row.created, row.updated
            ],
        )?;
        let id = work.last_insert_rowid();
        work.execute(
            "INSERT INTO article_sources (article, source) VALUES (?1, ?2)",
            params![id, source],
        )?;
        work.commit()?;
        Ok(id)
    }

    fn articles(&self) -> StoreResult<Vec<ArticleRow>> {
        let connection = self.connection();
        let mut statement = connection
            .prepare_cached(&format!("SELECT {COLUMNS} FROM articles ORDER BY id DESC"))?;
        let rows = statement.query_map([], article_of)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn article(&self, id: i64) -> StoreResult<Option<(ArticleRow, Vec<UnitRow>)>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached(&format!("SELECT {COLUMNS} FROM articles WHERE id = ?1"))?;
        let Some(row) = statement.query_row([id], article_of).optional()? else {
            return Ok(None);
        };
        let mut statement = connection.prepare_cached(
            "SELECT unit, line, revision, undo FROM units WHERE article = ?1 ORDER BY place",
        )?;
        let units = statement.query_map([id], |row| {
            Ok(UnitRow {
                id: row.get(0)?,
                line: row.get(1)?,
                revision: row.get::<_, i64>(2)? as u64,
                undo: row.get(3)?,
            })
        })?;
        Ok(Some((row, units.collect::<Result<_, _>>()?)))
    }

    fn source(&self, id: i64) -> StoreResult<Option<Vec<u8>>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT source FROM article_sources WHERE article = ?1")?;
        Ok(statement.query_row([id], |row| row.get(0)).optional()?)
    }

    fn change(&self, change: &ArticleChange) -> StoreResult<()> {
        let mut connection = self.connection();
        let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let row = &change.row;
        let known = work.execute(
            "UPDATE articles SET name = ?2, state = ?3, problem = ?4, options = ?5, summary = ?6,
               fields = ?7, report = ?8, updated = ?9 WHERE id = ?1",
            params![
                row.id,
                row.name,
                row.state,
                row.problem,
                row.options,
                row.summary,
                row.fields,
                row.report,
                row.updated
            ],
        )?;
        if known == 0 {
            return Err(StoreError {
                what: format!("article {} is gone", row.id),
            });
        }
        if let Some(source) = &change.source {
            work.execute(
                "UPDATE article_sources SET source = ?2 WHERE article = ?1",
                params![row.id, source],
            )?;
        }
        if change.is_whole {
            work.execute("DELETE FROM units WHERE article = ?1", [row.id])?;
        }
        {
            let mut statement = work.prepare_cached(
                "INSERT INTO units (article, unit, place, line, revision, undo)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (article, unit) DO UPDATE SET place = excluded.place,
                   line = excluded.line, revision = excluded.revision, undo = excluded.undo",
            )?;
            for (place, unit) in &change.units {
                statement.execute(params![
                    row.id,
                    unit.id,
                    *place as i64,
                    unit.line,
                    unit.revision as i64,
                    unit.undo
                ])?;
            }
            let mut statement = work.prepare_cached(
                "INSERT INTO revisions (article, unit, revision, at, author, action, line)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for step in &change.revisions {
                statement.execute(params![
                    row.id,
                    step.unit,
                    step.revision as i64,
                    step.at,
                    step.by,
                    step.action,
                    step.line
                ])?;
            }
        }
        work.commit()?;
        Ok(())
    }

    fn delete_article(&self, id: i64) -> StoreResult<bool> {
        let mut connection = self.connection();
        let work = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for table in ["article_sources", "units", "revisions", "comments"] {
            work.execute(&format!("DELETE FROM {table} WHERE article = ?1"), [id])?;
        }
        let known = work.execute("DELETE FROM articles WHERE id = ?1", [id])?;
        work.commit()?;
        Ok(known > 0)
    }

    fn history(&self, article: i64, unit: &str) -> StoreResult<Vec<RevisionRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT unit, revision, at, author, action, line FROM revisions
             WHERE article = ?1 AND unit = ?2 ORDER BY id DESC",
        )?;
        let rows = statement.query_map(params![article, unit], |row| {
            Ok(RevisionRow {
                unit: row.get(0)?,
                revision: row.get::<_, i64>(1)? as u64,
                at: row.get(2)?,
                by: row.get(3)?,
                action: row.get(4)?,
                line: row.get(5)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn add_comment(&self, article: i64, comment: &CommentRow) -> StoreResult<i64> {
        let connection = self.connection();
        connection.execute(
            "INSERT INTO comments (article, unit, at, author, text) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![article, comment.unit, comment.at, comment.by, comment.text],
        )?;
        Ok(connection.last_insert_rowid())
    }

    fn comments(&self, article: i64) -> StoreResult<Vec<CommentRow>> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached(
            "SELECT id, unit, at, author, text FROM comments WHERE article = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([article], |row| {
            Ok(CommentRow {
                id: row.get(0)?,
                unit: row.get(1)?,
                at: row.get(2)?,
                by: row.get(3)?,
                text: row.get(4)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn log_in(&self, key: &[u8; 32], login: &LoginRow) -> StoreResult<()> {
        self.connection().execute(
            "INSERT OR REPLACE INTO logins (key, user, until) VALUES (?1, ?2, ?3)",
            params![&key[..], login.user, login.until],
        )?;
        Ok(())
    }

    fn login(&self, key: &[u8; 32]) -> StoreResult<Option<LoginRow>> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT user, until FROM logins WHERE key = ?1")?;
        let row = statement.query_row([&key[..]], |row| {
            Ok(LoginRow {
                user: row.get(0)?,
                until: row.get(1)?,
            })
        });
        Ok(row.optional()?)
    }

    fn log_out(&self, key: &[u8; 32]) -> StoreResult<()> {
        self.connection()
            .execute("DELETE FROM logins WHERE key = ?1", [&key[..]])?;
        Ok(())
    }
}
