//! What leaves the desk: edition, pairs, report and files, put together by the code that
//! `translate` and `review` write with.

use super::article::DeskArticle;
use super::problem::Problem;
use super::request::{Answered, DeskReply, DeskRequest};
use super::state::Desk;
use crate::format;
use crate::workflow::assembly::{AssembledEdition, AssemblyContext};
use crate::workflow::files::{self, Outputs};
use crate::workflow::ledger::Ledger;
use crate::workflow::{bundle, segment};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Puts an article together and has `write` make something of it.
fn assembled<T>(
    desk: &Desk,
    article: &DeskArticle,
    path: &Path,
    write: impl FnOnce(&AssembledEdition<'_>) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let report: Value = serde_json::from_str(&article.row.report)
        .map_err(|_| Problem::new(409, "the article is not translated yet"))?;
    let source = desk.store.source(article.row.id)?.unwrap_or_default();
    let mut document = format::read_with(
        &source,
        Some(&article.row.name),
        report["source"]["format"].as_str(),
        &desk.pair.source,
        &[],
        &segment::reading(&desk.setup.settings),
    )?;
    document.target = Some(desk.pair.target.clone());
    let own = desk.glossary();
    let with = AssemblyContext {
        glossary: &own.glossary,
        pair: &desk.pair,
        silenced: &desk.silenced,
        xliff2: desk.setup.settings.text("xliff") == Some("2.1"),
    };
    let units = article.units.clone();
    let assembled = AssembledEdition::new(document, units, path, &report, &with)?;
    write(&assembled)
}

/// The media type of a file by its extension.
fn media_type(name: &str) -> &'static str {
    match files::extension(Path::new(name)).as_str() {
        "txt" => "text/plain; charset=utf-8",
        "md" | "markdown" => "text/markdown; charset=utf-8",
        "html" | "htm" => "text/html; charset=utf-8",
        "json" => "application/json",
        "jsonl" => "application/jsonl",
        "tsv" => "text/tab-separated-values; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "tmx" => "application/x-tmx+xml",
        "xlf" => "application/xliff+xml",
        _ => "application/octet-stream",
    }
}

/// `GET /api/articles/{id}/edition`
pub fn edition(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    desk.with_article(call.article()?, |article| {
        let path = PathBuf::from(&article.row.name);
        let name = files::base(&bundle::edition(Path::new(""), &path));
        let bytes = assembled(desk, article, &path, |own| Ok(own.bytes.clone()))?;
        let kind = media_type(&name);
        Ok(DeskReply::File { name, kind, bytes })
    })
}

/// `GET /api/articles/{id}/pairs.{kind}`
pub fn pairs(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let kind = call.path.get(1).map_or("", String::as_str);
    if !["jsonl", "tmx", "xlf", "tsv", "csv"].contains(&kind) {
        let detail = format!("there are no pairs as `{kind}`; available: jsonl tmx xlf tsv csv");
        return Err(Problem::new(404, detail));
    }
    desk.with_article(call.article()?, |article| {
        let path = PathBuf::from(&article.row.name);
        let name = format!("{}.nl-en.{kind}", bundle::stem(&article.row.name));
        let bytes = assembled(desk, article, &path, |own| Ok(own.pairs(&name)?))?;
        let kind = media_type(&name);
        Ok(DeskReply::File { name, kind, bytes })
    })
}

/// `GET /api/articles/{id}/report.json`
pub fn report(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    desk.with_article(call.article()?, |article| {
        let path = PathBuf::from(&article.row.name);
        let text = assembled(desk, article, &path, |own| Ok(own.report()))?;
        let name = format!("{}.report.json", bundle::stem(&article.row.name));
        Ok(DeskReply::File {
            kind: media_type(&name),
            name,
            bytes: text.into_bytes(),
        })
    })
}

/// `GET /api/articles/{id}/layout`
pub fn layout(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    desk.with_article(call.article()?, |article| {
        let mut blocks: Vec<Value> = Vec::new();
        let mut number = None;
        for unit in &article.units {
            if number == Some(unit.block) {
                if let Some(ids) = blocks.last_mut().and_then(|b| b["units"].as_array_mut()) {
                    ids.push(json!(unit.id));
                }
                continue;
            }
            number = Some(unit.block);
            blocks.push(json!({
                "block": unit.block, "role": unit.role.name(), "units": [unit.id],
            }));
        }
        Ok(DeskReply::json(&json!({"blocks": blocks})))
    })
}

/// The folder of the files of articles, in that of the desk.
const FOLDER: &str = "edition";

/// `POST /api/articles/{id}/files`
pub fn files(desk: &Arc<Desk>, call: &DeskRequest) -> Answered {
    let force = call.switch("force")?;
    desk.with_article(call.article()?, |article| {
        let paths = write_files(desk, article, force)?;
        let shown = |path: &PathBuf| path.strip_prefix(&desk.folder).unwrap_or(path).to_owned();
        let paths: Vec<String> = paths
            .iter()
            .map(|p| shown(p).display().to_string())
            .collect();
        Ok(DeskReply::json(&json!({"paths": paths})))
    })
}

/// Writes the files of an article, the Dutch first where it is not there.
///
/// Errors: 409 for a file that a person changed; nothing is written then.
pub fn write_files(
    desk: &Desk,
    article: &DeskArticle,
    force: bool,
) -> Result<Vec<PathBuf>, Problem> {
    let folder = desk.folder.join(FOLDER);
    let source = folder.join(&article.row.name);
    let stem = bundle::stem(&article.row.name);
    let target = bundle::edition(&folder, &source);
    let [jsonl, tmx, xlf, page] = bundle::pairs(&folder, &stem);
    let report = bundle::report(&folder, &stem);
    let outputs = Outputs::new(Some(Ledger::new(&desk.memory)), force);
    let written = [&target, &jsonl, &tmx, &xlf, &page, &report];
    for path in written.into_iter().chain([&source]) {
        outputs.check(path)?;
    }
    let bytes = desk.store.source(article.row.id)?.unwrap_or_default();
    assembled(desk, article, &source, |own| {
        outputs.write(&source, &bytes)?;
        outputs.write(&target, &own.bytes)?;
        for path in [&jsonl, &tmx, &xlf] {
            outputs.write(path, &own.pairs(&path.display().to_string())?)?;
        }
        outputs.write(&page, &own.page()?)?;
        outputs.write(&report, own.report().as_bytes())?;
        Ok(())
    })?;
    Ok(vec![target, jsonl, tmx, xlf, page, report, source])
}
