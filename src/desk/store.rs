//! What the desk keeps, behind one trait: SQLite has it today, a server's database can join.
//!
//! A call is one transaction, and it is durable when it returns: an answer that a person got is
//! never lost, whenever the process ends.

/// Why the store failed.
#[derive(Debug, thiserror::Error)]
#[error("the desk's database: {what}")]
pub struct StoreError {
    /// What the database says.
    pub what: String,
}

/// An article without its units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArticleRow {
    /// Its number.
    pub id: i64,
    /// Name of its file.
    pub name: String,
    /// translating, ready, partial or failed.
    pub state: String,
    /// Why it failed.
    pub problem: Option<String>,
    /// Engine and glossary, as JSON.
    pub options: String,
    /// Counts, as JSON.
    pub summary: String,
    /// Embargo, slug and others, as JSON.
    pub fields: String,
    /// The report of its translation, as JSON; empty before it.
    pub report: String,
    /// When it came, in seconds since 1970-01-01 UTC.
    pub created: i64,
    /// When it was changed.
    pub updated: i64,
}

/// A unit as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// Its id.
    pub id: String,
    /// Its line of pairs as JSON Lines.
    pub line: String,
    /// How often it was changed.
    pub revision: u64,
    /// What restores it after a join, a split or an omission, as JSON.
    pub undo: Option<String>,
}

/// A step of a unit's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRow {
    /// The unit.
    pub unit: String,
    /// Its number.
    pub revision: u64,
    /// When.
    pub at: i64,
    /// Who.
    pub by: String,
    /// What was done.
    pub action: String,
    /// The unit's line after it.
    pub line: String,
}

/// A remark about a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentRow {
    /// Its number.
    pub id: i64,
    /// The unit.
    pub unit: String,
    /// When.
    pub at: i64,
    /// Who.
    pub by: String,
    /// The remark.
    pub text: String,
}

/// A change of an article, kept whole or not at all.
#[derive(Debug, Default)]
pub struct ArticleChange {
    /// The article as it is now.
    pub row: ArticleRow,
    /// The units that changed, with their places.
    pub units: Vec<(usize, UnitRow)>,
    /// Whether `units` are all units of the article, in the place of those that were.
    pub is_whole: bool,
    /// The steps.
    pub revisions: Vec<RevisionRow>,
    /// A new version of the Dutch document.
    pub source: Option<Vec<u8>>,
}

/// Somebody who is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginRow {
    /// The name.
    pub user: String,
    /// Until when, in seconds since 1970-01-01 UTC.
    pub until: i64,
}

/// The result of a call.
pub type StoreResult<T> = Result<T, StoreError>;

/// What the desk keeps.
pub trait DeskStore: Send + Sync {
    /// Adds an article with its document; gives its number.
    fn add_article(&self, row: &ArticleRow, source: &[u8]) -> StoreResult<i64>;
    /// Every article, the newest first.
    fn articles(&self) -> StoreResult<Vec<ArticleRow>>;
    /// An article with its units in order.
    fn article(&self, id: i64) -> StoreResult<Option<(ArticleRow, Vec<UnitRow>)>>;
    /// The Dutch document of an article.
    fn source(&self, id: i64) -> StoreResult<Option<Vec<u8>>>;
    /// Keeps a change.
    fn change(&self, change: &ArticleChange) -> StoreResult<()>;
    /// Removes an article with all that belongs to it; says whether there was one.
    fn delete_article(&self, id: i64) -> StoreResult<bool>;
    /// The history of a unit, the newest step first.
    fn history(&self, article: i64, unit: &str) -> StoreResult<Vec<RevisionRow>>;
    /// Adds a remark; gives its number.
    fn add_comment(&self, article: i64, comment: &CommentRow) -> StoreResult<i64>;
    /// The remarks of an article, the oldest first.
    fn comments(&self, article: i64) -> StoreResult<Vec<CommentRow>>;
    /// Keeps that somebody is in, under the digest of a key.
    fn log_in(&self, key: &[u8; 32], login: &LoginRow) -> StoreResult<()>;
    /// Who is in under the digest of a key.
    fn login(&self, key: &[u8; 32]) -> StoreResult<Option<LoginRow>>;
    /// Ends a log-in.
    fn log_out(&self, key: &[u8; 32]) -> StoreResult<()>;
}
