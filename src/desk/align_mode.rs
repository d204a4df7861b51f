//! The alignment mode: borders of aligned pairs moved by hand. It is not built yet.

use super::problem::Problem;
use super::request::{Answered, DeskRequest};
use super::state::Desk;
use std::sync::Arc;

/// `POST /api/articles/{id}/align`
pub fn align(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    desk.with_article(call.article()?, |_| {
        let detail = "the alignment mode is not built yet; `overzet align --keep-manual` does it";
        Err(Problem::new(501, detail))
    })
}
