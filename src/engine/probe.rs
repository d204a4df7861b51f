//! The test of a connection by a translation of our own: key, model and languages are all asked.

use super::{Engine, Error, Item, Request};
use crate::bitext::LangPair;

/// The text that is translated.
const GREETING: &str = "Goedendag.";

/// Translates a greeting and shows what came back.
///
/// Errors: those of [`Engine::translate`]; [`Error::Mismatch`] for an answer without a text.
pub(super) async fn probe_by_greeting(engine: &dyn Engine) -> Result<String, Error> {
    let item = Item {
        id: 1,
        text: GREETING.into(),
        terms: Vec::new(),
    };
    let request = Request {
        pair: &LangPair::default(),
        items: &[&item],
        before: "",
        after: "",
        own_glossary: true,
    };
    let drafts = engine.translate(&request).await?;
    let draft = drafts.first().ok_or(Error::Mismatch {
        what: "the answer has no text".into(),
    })?;
    Ok(format!("“{GREETING}” → “{}”", draft.text.plain))
}
