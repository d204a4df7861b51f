//! The glossary and its proof: terms found in the Dutch, judged in the English, repaired where that
//! is safe, flagged where it is not.
//!
//! `Kievs tegenaanval` → hit on `Kiev`; `Kiev's counterattack` is forbidden; repaired to `Kyiv's
//! counterattack`; verdict exact.

mod candidate_tokens;
mod capitals;
mod columns;
mod concept;
mod country_context;
mod entry_index;
mod error;
pub mod files;
mod find;
mod forms;
mod glossary;
mod guards;
mod judge;
mod link_votes;
mod lint;
mod matcher;
pub mod merge;
mod needle;
mod repair;
mod replacement;
mod style;
pub mod suggest;
pub mod survey;
#[cfg(feature = "xlsx")]
pub mod survey_workbook;
mod violations;

pub use columns::COLUMNS;
pub use concept::{Article, Case, Concept, Condition, Policy, Status};
pub use entry_index::Difference;
pub use error::Error;
pub use find::find;
pub use glossary::{Glossary, TermPair};
pub use judge::judge;
pub use lint::{GlossaryProblem, lint as lint_entries};
pub use repair::enforce;
pub(crate) use replacement::fitted;
pub use style::{DateOrder, QuotationStyle, SpellingStyle, Style};
pub use violations::{inconsistencies, recorded, violations};
