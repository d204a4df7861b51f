//! The columns of an entry as text: set when a file is read, got when one is written or two entries
//! are compared.
//!
//! `policy` = `exact` → `Policy::Exact` and back; `nl_forms` = `Kiëv|!Kievs` → one further form and
//! one veto.

use super::concept::{Article, Case, Concept, Condition, Policy, Status};

/// The columns that mean something, in the order in which they are written.
pub const COLUMNS: [&str; 19] = [
    "id",
    "nl",
    "nl_forms",
    "en",
    "en_accept",
    "en_family",
    "forbidden",
    "policy",
    "case",
    "article",
    "when",
    "repair",
    "pos",
    "domain",
    "status",
    "note",
    "url",
    "owner",
    "updated",
];

const POLICIES: [(&str, Policy); 5] = [
    ("exact", Policy::Exact),
    ("variant", Policy::Variant),
    ("family", Policy::Family),
    ("keep", Policy::Keep),
    ("drop", Policy::Drop),
];
const CASES: [(&str, Case); 4] = [
    ("exact", Case::Exact),
    ("lower", Case::Lower),
    ("title-before-name", Case::TitleBeforeName),
    ("follow-source", Case::FollowSource),
];
const ARTICLES: [(&str, Article); 3] = [
    ("keep", Article::Keep),
    ("none", Article::None),
    ("the", Article::The),
];
const REPAIRS: [(&str, bool); 2] = [("yes", true), ("no", false)];
const STATUSES: [(&str, Status); 3] = [
    ("approved", Status::Approved),
    ("proposed", Status::Proposed),
    ("deprecated", Status::Deprecated),
];

/// The words that a column takes, its default first; none where it takes any text.
pub fn choices(column: &str) -> Vec<&'static str> {
    fn names<T>(table: &[(&'static str, T)]) -> Vec<&'static str> {
        table.iter().map(|row| row.0).collect()
    }
    match column {
        "policy" => names(&POLICIES),
        "case" => names(&CASES),
        "article" => names(&ARTICLES),
        "repair" => names(&REPAIRS),
        "status" => names(&STATUSES),
        _ => Vec::new(),
    }
}

/// The value of a word; the default for no word.
fn value<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    if word.is_empty() {
        return table.first().map(|row| row.1);
    }
    table.iter().find(|row| row.0 == word).map(|row| row.1)
}

/// The word of a value.
fn word<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> String {
    let row = table.iter().find(|row| row.1 == *value);
    row.map_or("", |row| row.0).to_owned()
}

/// The parts of a cell, `|` between.
pub fn list(text: &str) -> Vec<String> {
    text.split('|')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Sets a column of an entry; one that overzet does not know is kept under its name.
///
/// Errors: the values of the column, if this text is not one; the entry is then unchanged.
pub fn set(entry: &mut Concept, column: &str, text: &str) -> Result<(), String> {
    let text = text.trim();
    let wrong = || match choices(column) {
        words if words.is_empty() => {
            "country=…, left=…, right=…, role=…, domain=…, separated by spaces".to_owned()
        }
        words => words.join(", "),
    };
    match column {
        "id" => text.clone_into(&mut entry.id),
        "nl" => text.clone_into(&mut entry.nl),
        "nl_forms" => {
            let (vetoed, forms) = list(text).into_iter().partition(|f| f.starts_with('!'));
            entry.nl_forms = forms;
            entry.vetoed = vetoed;
            for veto in &mut entry.vetoed {
                *veto = veto.trim_start_matches('!').trim_start().to_owned();
            }
            entry.vetoed.retain(|veto| !veto.is_empty());
        }
        "en" => text.clone_into(&mut entry.en),
        "en_accept" => entry.en_accept = list(text),
        "en_family" => entry.en_family = list(text),
        "forbidden" => entry.forbidden = list(text),
        "policy" => entry.policy = value(&POLICIES, text).ok_or_else(wrong)?,
        "case" => entry.case = value(&CASES, text).ok_or_else(wrong)?,
        "article" => entry.article = value(&ARTICLES, text).ok_or_else(wrong)?,
        "when" => {
            entry.when = conditions(text).ok_or_else(wrong)?;
            text.clone_into(&mut entry.when_text);
        }
        "repair" => entry.repair = value(&REPAIRS, text).ok_or_else(wrong)?,
        "pos" => text.clone_into(&mut entry.pos),
        "domain" => text.clone_into(&mut entry.domain),
        "status" => entry.status = value(&STATUSES, text).ok_or_else(wrong)?,
        "note" => text.clone_into(&mut entry.note),
        _ => match entry.other.iter_mut().find(|(name, _)| name == column) {
            Some((_, own)) => text.clone_into(own),
            None => entry.other.push((column.to_owned(), text.to_owned())),
        },
    }
    Ok(())
}

/// A column of an entry as text. A number that only counts the rows of a file is not an id.
pub fn get(entry: &Concept, column: &str) -> String {
    match column {
        "id" if entry.numbered => String::new(),
        "id" => entry.id.clone(),
        "nl" => entry.nl.clone(),
        "nl_forms" => {
            let vetoed = entry.vetoed.iter().map(|veto| format!("!{veto}"));
            let forms: Vec<String> = entry.nl_forms.iter().cloned().chain(vetoed).collect();
            forms.join("|")
        }
        "en" => entry.en.clone(),
        "en_accept" => entry.en_accept.join("|"),
        "en_family" => entry.en_family.join("|"),
        "forbidden" => entry.forbidden.join("|"),
        "policy" => word(&POLICIES, &entry.policy),
        "case" => word(&CASES, &entry.case),
        "article" => word(&ARTICLES, &entry.article),
        "when" => entry.when_text.clone(),
        "repair" => word(&REPAIRS, &entry.repair),
        "pos" => entry.pos.clone(),
        "domain" => entry.domain.clone(),
        "status" => word(&STATUSES, &entry.status),
        "note" => entry.note.clone(),
        _ => entry
            .other
            .iter()
            .find(|(name, _)| name == column)
            .map_or_else(String::new, |(_, value)| value.clone()),
    }
}

/// Whether a column of an entry is worth no more than an absent one.
pub fn is_default(entry: &Concept, column: &str) -> bool {
    let text = get(entry, column);
    text.is_empty() || choices(column).first() == Some(&text.as_str())
}

/// The columns that a file of these entries needs: the known ones in their order, `nl` and `en`
/// always, then those that overzet does not know.
pub fn used(entries: &[Concept]) -> Vec<String> {
    let needed = |column: &str| {
        ["id", "nl", "en"].contains(&column) || entries.iter().any(|e| !is_default(e, column))
    };
    let mut columns: Vec<String> = COLUMNS
        .into_iter()
        .filter(|column| needed(column))
        .map(str::to_owned)
        .collect();
    for (name, value) in entries.iter().flat_map(|entry| &entry.other) {
        if !value.is_empty() && !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    columns
}

/// Reads `country=US|GB left=… role=headline`.
fn conditions(text: &str) -> Option<Vec<Condition>> {
    text.split_whitespace()
        .map(|condition| {
            let (name, value) = condition.split_once('=')?;
            let values = || value.split('|').map(str::to_owned).collect::<Vec<_>>();
            (!value.is_empty()).then_some(())?;
            Some(match name {
                "country" => Condition::Country(values()),
                "left" => Condition::Left(values().iter().map(|v| v.to_lowercase()).collect()),
                "right" => Condition::Right(values().iter().map(|v| v.to_lowercase()).collect()),
                "role" => Condition::Role(value.to_owned()),
                "domain" => Condition::Domain(value.to_owned()),
                _ => return None,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_got() {
        let values = [
            ("id", "A1"),
            ("nl_forms", "Kiëv|!Kievs"),
            ("policy", "title"),
            ("policy", "keep"),
            ("case", "lower"),
            ("article", "the"),
            ("when", "country=US|GB left=de"),
            ("repair", "no"),
            ("status", "proposed"),
            ("url", "x"),
            ("desk", "Buitenland"),
        ];
        let mut entry = Concept::default();
        for (column, text) in values {
            assert_eq!(set(&mut entry, column, text).is_ok(), text != "title");
            if text != "title" {
                assert_eq!(get(&entry, column), text);
            }
        }
        assert_eq!(entry.vetoed, ["Kievs"]);
        assert!(set(&mut entry, "when", "land=US").is_err());
        assert_eq!(entry.when.len(), 2);
        assert!(!is_default(&entry, "policy") && is_default(&Concept::default(), "policy"));
    }
}
