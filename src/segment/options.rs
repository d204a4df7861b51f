//! How text is cut.

use super::srx::SrxRules;
pub use crate::language::lines::Newlines;
use std::sync::Arc;

/// What happens inside quotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum QuotationPolicy {
    /// Sentences inside a quotation are segments of their own.
    #[default]
    Split,
    /// A quotation is never cut.
    Keep,
}

/// How text is cut.
#[derive(Debug, Clone, Default)]
pub struct SplitOptions {
    /// What a single line end means.
    pub newlines: Newlines,
    /// What happens inside quotations.
    pub quotes: QuotationPolicy,
    /// Further language data: (name for errors, TOML text), merged in this order; files for other
    /// languages are passed over.
    pub data: Vec<(String, String)>,
    /// Rules that replace the built-in ones.
    pub srx: Option<Arc<SrxRules>>,
    /// Rules whose exceptions come before the built-in ones.
    pub srx_add: Option<Arc<SrxRules>>,
}
