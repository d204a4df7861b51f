//! A survey of a glossary as an Excel workbook.

use super::columns;
use super::concept::Concept;
use super::error::Error;
use super::files::xlsx;
use super::glossary::Glossary;
use super::survey::Survey;

/// A survey as a workbook: the glossary on the first sheet, as `glossary import` takes it back;
/// then the candidates, with a column `take` in which a `yes` makes them entries of the import;
/// then every occurrence, and every form with how often it was found.
///
/// Errors: [`Error::Unreadable`] where Excel has a limit that the survey passes.
pub fn survey_workbook(glossary: &Glossary, survey: &Survey, name: &str) -> Result<Vec<u8>, Error> {
    let make = || -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let entries = glossary.entries();
        let mut book = xlsx::workbook()?;
        let mut columns = columns::used(entries);
        for wanted in ["policy", "status"] {
            if !columns.iter().any(|column| column == wanted) {
                columns.push(wanted.to_owned());
            }
        }
        xlsx::glossary(&mut book, "glossary", entries, &columns)?;
        let candidates: Vec<Concept> = survey
            .candidates
            .iter()
            .map(|candidate| {
                let mut entry = Concept {
                    repair: true,
                    numbered: true,
                    ..Concept::default()
                };
                for (column, value) in &candidate.cells {
                    // The cells were got from an entry.
                    let _ = columns::set(&mut entry, column, value);
                }
                let _ = columns::set(&mut entry, xlsx::TAKE, "no");
                entry
            })
            .filter(|entry| !entry.en.is_empty())
            .collect();
        let header = [
            xlsx::TAKE,
            "nl",
            "en",
            "en_accept",
            "policy",
            "status",
            "pos",
            "note",
        ];
        let header = header.map(str::to_owned);
        xlsx::glossary(&mut book, xlsx::CANDIDATES, &candidates, &header)?;
        let header = [
            "id", "nl", "en", "verdict", "found", "rendered", "by", "dutch", "english",
        ];
        xlsx::table(&mut book, "occurrences", &header, &survey.rows())?;
        let forms: Vec<Vec<String>> = survey
            .entries
            .iter()
            .flat_map(|entry| {
                let row = move |text: &str, kind: &str, count: usize| {
                    let id = entry.cell("id").to_owned();
                    let nl = entry.cell("nl").to_owned();
                    vec![id, nl, text.to_owned(), kind.to_owned(), count.to_string()]
                };
                let looked = entry.forms.iter().map(move |form| {
                    let kind = if form.vetoed { "vetoed" } else { form.kind };
                    row(&form.text, kind, form.count)
                });
                let further = entry.further.iter();
                looked.chain(further.map(move |(text, count)| row(text, "not looked for", *count)))
            })
            .collect();
        let header = ["id", "nl", "form", "kind", "times"];
        xlsx::table(&mut book, "forms", &header, &forms)?;
        book.save_to_buffer()
    };
    make().map_err(|error| Error::Unreadable {
        path: name.to_owned(),
        reason: error.to_string(),
    })
}
