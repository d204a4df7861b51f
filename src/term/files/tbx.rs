//! TermBase eXchange: reads version 3 in both styles (DCA and DCT) and version 2 (martif), writes
//! TBX-Basic of both versions.
//!
//! The three ways of writing say the same thing with other elements: `<termNote
//! type="partOfSpeech">noun</termNote>` and `<min:partOfSpeech>noun</min:partOfSpeech>` are one
//! fact about a term. Source: ISO 30042:2019, ISO 30042:2008, TBX-Basic 1.2.1.

use super::format::{Contents, GlossaryFormat};
use super::text::{self, RecordLines};
use crate::format::xml::{Element, escape};
use crate::term::columns;
use crate::term::concept::{Concept, Policy};
use crate::term::error::Error;
use std::fmt::Write;

/// Version 3, DCA style; reads all.
pub struct TbxGlossary;

/// Version 2, TBX-Basic; reads all.
pub struct MartifGlossary;

impl GlossaryFormat for TbxGlossary {
    fn name(&self) -> &'static str {
        "tbx"
    }
    fn about(&self) -> &'static str {
        "TBX 3 (ISO 30042:2019), TBX-Basic in DCA style; DCT and version 2 are read too"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["tbx", "xml"]
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        read(bytes, name)
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        Ok(write(entries, &THREE))
    }
}

impl GlossaryFormat for MartifGlossary {
    fn name(&self) -> &'static str {
        "tbx2"
    }
    fn about(&self) -> &'static str {
        "TBX 2 (martif), TBX-Basic, for older tools"
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        read(bytes, name)
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        Ok(write(entries, &TWO))
    }
}

/// What the id of a concept begins with whose entry has none.
const GIVEN: &str = "overzet-";

/// The columns that a concept can hold.
const HELD: [&str; 11] = [
    "id",
    "nl",
    "nl_forms",
    "en",
    "en_accept",
    "forbidden",
    "pos",
    "domain",
    "note",
    "url",
    "owner",
];

/// A fact about a concept, a language or a term: its data category and its value.
struct TbxFact {
    category: String,
    value: String,
}

/// The facts that stand directly in an element, those in groups included.
fn facts(element: &Element) -> Vec<TbxFact> {
    let mut found = Vec::new();
    for child in element.elements() {
        let kind = child.attribute("type");
        let said = || {
            child
                .text()
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        };
        let mut add = |category: &str, value: String| {
            found.push(TbxFact {
                category: category.to_owned(),
                value,
            });
        };
        match child.name.as_str() {
            "langSec" | "langSet" | "termSec" | "tig" | "ntig" | "termGrp" | "term" => {}
            "descripGrp" | "termNoteGrp" | "adminGrp" | "transacGrp" => found.extend(facts(child)),
            "note" | "date" => add(&child.name, said()),
            "descrip" | "termNote" | "admin" | "transac" | "transacNote" | "descripNote"
            | "adminNote" => add(kind.unwrap_or_default(), said()),
            "xref" => add(
                kind.unwrap_or_default(),
                child.attribute("target").map_or_else(said, str::to_owned),
            ),
            // DCT: the element is the category.
            _ => add(
                &child.name,
                child.attribute("target").map_or_else(said, str::to_owned),
            ),
        }
    }
    found
}

/// How a term stands in its language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TermStanding {
    Preferred,
    Unsaid,
    Admitted,
    Deprecated,
}

/// The words of both versions, of Weblate and of Translate Toolkit.
fn standing(word: &str) -> Option<TermStanding> {
    let bare = word.trim_end_matches("-admn-sts").trim_end_matches("Term");
    Some(match bare {
        "preferred" | "standardized" => TermStanding::Preferred,
        "admitted" | "legal" | "regulated" => TermStanding::Admitted,
        "deprecated" | "superseded" | "forbidden" | "obsolete" | "notRecommended" => {
            TermStanding::Deprecated
        }
        _ => return None,
    })
}

fn read(bytes: &[u8], name: &str) -> Result<Contents, Error> {
    let root = text::xml(bytes, name)?;
    let text = text::decode(bytes, name)?;
    let lines = RecordLines::new(name, &text);
    if !["tbx", "martif"].contains(&root.name.as_str()) {
        return Err(Error::Broken {
            what: format!("this is not TBX: its root is `{}`", root.name),
            place: Box::new(lines.place(root.offset)),
            fix: "a TBX file begins with `<tbx` (version 3) or `<martif` (version 2)".into(),
        });
    }
    let mut contents = Contents::with_columns(&HELD);
    contents.columns.push("updated".into());
    for element in root
        .descendants("conceptEntry")
        .into_iter()
        .chain(root.descendants("termEntry"))
    {
        let mut entry = concept(element, &mut contents);
        if entry
            .id
            .strip_prefix(GIVEN)
            .is_some_and(|n| n.parse::<u32>().is_ok())
        {
            entry.id.clear();
        }
        entry.place = lines.place(element.offset);
        if entry.nl.is_empty() || entry.en.is_empty() {
            let lacking = if entry.nl.is_empty() {
                "Dutch"
            } else {
                "English"
            };
            contents.drop(format!("concept without a {lacking} term"));
        } else {
            contents.push(entry);
        }
    }
    Ok(contents)
}

fn concept(element: &Element, contents: &mut Contents) -> Concept {
    let mut entry = Concept {
        id: element.attribute("id").unwrap_or_default().to_owned(),
        repair: true,
        ..Concept::default()
    };
    let mut notes: Vec<String> = Vec::new();
    let mut told = facts(element);
    let languages = element
        .elements()
        .filter(|e| e.name == "langSec" || e.name == "langSet");
    for section in languages {
        told.extend(facts(section));
        match text::language(section).as_str() {
            "nl" => dutch(section, &mut entry, &mut told),
            "en" => english(section, &mut entry, &mut told),
            other => contents.drop(format!("terms of the language `{other}`")),
        }
    }
    for TbxFact { category, value } in told {
        if value.is_empty() {
            continue;
        }
        let column = match category.as_str() {
            "subjectField" => "domain",
            "externalCrossReference" => "url",
            "partOfSpeech" => "pos",
            "responsibility" => "owner",
            "date" => "updated",
            "note" | "definition" | "context" | "explanation" | "Usage note" => {
                if !notes.contains(&value) {
                    notes.push(value);
                }
                continue;
            }
            "translationNote" | "translatable" if value.eq_ignore_ascii_case("no") => {
                entry.policy = Policy::Keep;
                continue;
            }
            "transactionType" => continue,
            other => {
                contents.drop(format!("data category `{other}`"));
                continue;
            }
        };
        // The first non-empty one counts: the concept's own before its terms'.
        if columns::get(&entry, column).is_empty() {
            let _ = columns::set(&mut entry, column, &value);
        }
    }
    entry.pos = part_of_speech(&entry);
    entry.note = notes.join("; ");
    if !entry.en_accept.is_empty() && entry.policy == Policy::Exact {
        // An admitted term may stand; overzet's `exact` would repair it.
        entry.policy = Policy::Variant;
    }
    entry
}

/// The terms of a language section with how they stand; what else is known of them goes to `told`.
fn terms(section: &Element, told: &mut Vec<TbxFact>) -> Vec<(String, TermStanding)> {
    let mut found = Vec::new();
    let sections = section.elements().flat_map(|own| match own.name.as_str() {
        "termSec" | "tig" => vec![own],
        "ntig" => own.all("termGrp").collect(),
        _ => Vec::new(),
    });
    for own in sections {
        let Some(term) = own.first("term") else {
            continue;
        };
        let said = term.text().replace('|', "/");
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut stands = TermStanding::Unsaid;
        for fact in facts(own) {
            match fact.category.as_str() {
                "administrativeStatus" | "normativeAuthorization" | "Status" => {
                    stands = standing(&fact.value).unwrap_or(stands);
                }
                _ => told.push(fact),
            }
        }
        if !said.is_empty() {
            found.push((said, stands));
        }
    }
    found
}

/// A Dutch term is looked for however it stands: a deprecated one may still be written.
fn dutch(section: &Element, entry: &mut Concept, told: &mut Vec<TbxFact>) {
    let mut found = terms(section, told);
    found.sort_by_key(|(_, stands)| *stands != TermStanding::Preferred);
    for (term, _) in found {
        if entry.nl.is_empty() {
            entry.nl = term;
        } else if term != entry.nl && !entry.nl_forms.contains(&term) {
            entry.nl_forms.push(term);
        }
    }
}

fn english(section: &Element, entry: &mut Concept, told: &mut Vec<TbxFact>) {
    let found = terms(section, told);
    let required = [
        TermStanding::Preferred,
        TermStanding::Unsaid,
        TermStanding::Admitted,
    ]
    .into_iter()
    .find_map(|wanted| found.iter().position(|(_, stands)| *stands == wanted));
    for (index, (term, stands)) in found.into_iter().enumerate() {
        if stands == TermStanding::Deprecated {
            if !entry.forbidden.contains(&term) {
                entry.forbidden.push(term);
            }
        } else if Some(index) == required && entry.en.is_empty() {
            entry.en = term;
        } else if term != entry.en && !entry.en_accept.contains(&term) {
            entry.en_accept.push(term);
        }
    }
}

/// TBX's parts of speech against those of the house (Universal Dependencies).
const SPEECH: [(&str, &str); 5] = [
    ("properNoun", "PROPN"),
    ("noun", "NOUN"),
    ("verb", "VERB"),
    ("adjective", "ADJ"),
    ("adverb", "ADV"),
];

/// Version 3 has no proper noun: there, a noun with a capital is one.
fn part_of_speech(entry: &Concept) -> String {
    let known = SPEECH.iter().find(|row| row.0 == entry.pos);
    match known {
        Some(("noun", _)) if entry.nl.contains(char::is_uppercase) => "PROPN".into(),
        Some((_, house)) => (*house).into(),
        None => entry.pos.clone(),
    }
}

/// The elements of a version.
struct TbxDialect {
    concept: &'static str,
    language: &'static str,
    term: &'static str,
    proper_noun: &'static str,
    head: &'static str,
    tail: &'static str,
}

const THREE: TbxDialect = TbxDialect {
    concept: "conceptEntry",
    language: "langSec",
    term: "termSec",
    proper_noun: "noun",
    head: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tbx type=\"TBX-Basic\" style=\"dca\" xml:lang=\"en\" xmlns=\"urn:iso:std:iso:30042:ed-2\">\n  <tbxHeader>\n    <fileDesc>\n      <titleStmt><title>Glossary</title></titleStmt>\n      <sourceDesc><p>Written by overzet</p></sourceDesc>\n    </fileDesc>\n  </tbxHeader>\n  <text>\n    <body>\n",
    tail: "    </body>\n  </text>\n</tbx>\n",
};

const TWO: TbxDialect = TbxDialect {
    concept: "termEntry",
    language: "langSet",
    term: "tig",
    proper_noun: "properNoun",
    head: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE martif SYSTEM \"TBXBasiccoreStructV02.dtd\">\n<martif type=\"TBX-Basic\" xml:lang=\"en\">\n  <martifHeader>\n    <fileDesc>\n      <titleStmt><title>Glossary</title></titleStmt>\n      <sourceDesc><p>Written by overzet</p></sourceDesc>\n    </fileDesc>\n    <encodingDesc><p type=\"XCSURI\">TBXBasicXCSV02.xcs</p></encodingDesc>\n  </martifHeader>\n  <text>\n    <body>\n",
    tail: "    </body>\n  </text>\n</martif>\n",
};

fn write(entries: &[Concept], dialect: &TbxDialect) -> Vec<u8> {
    let mut out = dialect.head.to_owned();
    let mut taken = std::collections::HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let own = xml_id(&columns::get(entry, "id"));
        let id = if own.is_empty() || !taken.insert(own.clone()) {
            format!("{GIVEN}{}", index + 1)
        } else {
            own
        };
        let _ = writeln!(out, "      <{} id=\"{}\">", dialect.concept, escape(&id));
        let mut fact = |element: &str, kind: &str, value: &str| {
            if !value.is_empty() {
                let value = escape(value);
                let _ = writeln!(out, "        <{element}{kind}>{value}</{element}>");
            }
        };
        fact("descrip", " type=\"subjectField\"", &entry.domain);
        fact("note", "", &entry.note);
        let url = columns::get(entry, "url");
        if is_address(&url) {
            let target = escape(&url);
            let kind = format!(" type=\"externalCrossReference\" target=\"{target}\"");
            fact("xref", &kind, &url);
        }
        history(entry, &mut out);
        let _ = writeln!(out, "        <{} xml:lang=\"nl\">", dialect.language);
        let several = !entry.nl_forms.is_empty();
        term(
            &mut out,
            dialect,
            &entry.nl,
            several.then_some("preferred"),
            entry,
        );
        for form in &entry.nl_forms {
            term(&mut out, dialect, form, Some("admitted"), entry);
        }
        let _ = writeln!(out, "        </{}>", dialect.language);
        let _ = writeln!(out, "        <{} xml:lang=\"en\">", dialect.language);
        term(&mut out, dialect, &entry.en, Some("preferred"), entry);
        for form in &entry.en_accept {
            term(&mut out, dialect, form, Some("admitted"), entry);
        }
        for form in &entry.forbidden {
            term(&mut out, dialect, form, Some("deprecated"), entry);
        }
        let _ = writeln!(out, "        </{}>", dialect.language);
        let _ = writeln!(out, "      </{}>", dialect.concept);
    }
    out.push_str(dialect.tail);
    out.into_bytes()
}

fn term(out: &mut String, dialect: &TbxDialect, form: &str, stands: Option<&str>, entry: &Concept) {
    let (name, form) = (dialect.term, escape(form));
    let _ = write!(out, "          <{name}><term>{form}</term>");
    let known = SPEECH.iter().find(|row| row.1 == entry.pos);
    let speech = match known {
        Some(("properNoun", _)) => dialect.proper_noun,
        Some((word, _)) => word,
        None if entry.pos.is_empty() => "",
        None => "other",
    };
    if !speech.is_empty() {
        let _ = write!(out, "<termNote type=\"partOfSpeech\">{speech}</termNote>");
    }
    if let Some(stands) = stands {
        let _ = write!(
            out,
            "<termNote type=\"administrativeStatus\">{stands}Term-admn-sts</termNote>"
        );
    }
    let _ = writeln!(out, "</{name}>");
}

/// Who changed the concept, and when.
fn history(entry: &Concept, out: &mut String) {
    let (owner, updated) = (columns::get(entry, "owner"), columns::get(entry, "updated"));
    let date = is_date(&updated).then_some(updated);
    if owner.is_empty() && date.is_none() {
        return;
    }
    out.push_str("        <transacGrp><transac type=\"transactionType\">modification</transac>");
    if !owner.is_empty() {
        let owner = escape(&owner);
        let _ = write!(
            out,
            "<transacNote type=\"responsibility\">{owner}</transacNote>"
        );
    }
    if let Some(date) = date {
        let _ = write!(out, "<date>{date}</date>");
    }
    out.push_str("</transacGrp>\n");
}

/// Whether a text is a day of the calendar, as ISO 8601 writes it.
fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts[..] else {
        return false;
    };
    if [year.len(), month.len(), day.len()] != [4, 2, 2] {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) =
        (year.parse::<u16>(), month.parse::<u8>(), day.parse::<u8>())
    else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether an address may stand in an attribute of the type anyURI and be followed.
fn is_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|b| b.is_ascii_graphic() && !b"<>\"{}|\\^`[]".contains(&b))
            && rest.split('%').skip(1).all(|code| {
                code.len() >= 2 && code.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit)
            })
    })
}

/// The id as XML takes one: a letter or `_` first, then letters, digits, `-`, `_`, `.`.
fn xml_id(id: &str) -> String {
    let mut out: String = id
        .chars()
        .map(|c| {
            let fits = c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c);
            if fits { c } else { '_' }
        })
        .collect();
    if out.starts_with(|c: char| !(c.is_ascii_alphabetic() || c == '_')) {
        out.insert(0, '_');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const DCT: &str = r#"<tbx type="TBX-Basic" style="dct" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="x" xmlns:basic="y">
<tbxHeader/><text><body><conceptEntry id="c1"><min:subjectField>geo</min:subjectField>
<langSec xml:lang="nl-NL"><basic:definition>stad</basic:definition><termSec><term>Kiëv</term><min:administrativeStatus>admittedTerm-admn-sts</min:administrativeStatus></termSec><termSec><term>Kiev</term><min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus><min:partOfSpeech>noun</min:partOfSpeech></termSec></langSec>
<langSec xml:lang="en"><termSec><term>Kiev</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec><termSec><term>Kyiv</term></termSec></langSec>
<langSec xml:lang="fr"><termSec><term>Kyïv</term></termSec></langSec></conceptEntry></body></text></tbx>"#;

    const MARTIF: &str = r#"<martif type="TBX"><text><body><termEntry><langSet xml:lang="nl"><ntig><termGrp><term>MI6</term></termGrp></ntig></langSet>
<langSet xml:lang="en"><tig><term>MI6</term><termNote type="translationNote">no</termNote><descrip type="Usage note">never spelled out</descrip></tig><tig><term>SIS</term><termNote type="administrativeStatus">forbidden</termNote></tig></langSet></termEntry>
<termEntry id="x"><langSet xml:lang="nl"><tig><term>los</term></tig></langSet></termEntry></body></text></martif>"#;

    #[test]
    fn both_styles_and_both_versions_are_read() {
        let contents = TbxGlossary.read(DCT.as_bytes(), "g.tbx").unwrap();
        let entry = &contents.entries[0];
        assert_eq!(
            (entry.nl.as_str(), entry.en.as_str(), entry.pos.as_str()),
            ("Kiev", "Kyiv", "PROPN")
        );
        assert_eq!(entry.nl_forms, ["Kiëv"]);
        assert_eq!(entry.forbidden, ["Kiev"]);
        assert_eq!(
            (entry.domain.as_str(), entry.note.as_str()),
            ("geo", "stad")
        );
        assert_eq!(entry.place.line, 2);
        assert!(contents.dropped[0].0.contains("fr"));
        let contents = TbxGlossary.read(MARTIF.as_bytes(), "g.tbx").unwrap();
        let entry = &contents.entries[0];
        assert_eq!(entry.policy, Policy::Keep);
        assert_eq!(entry.note, "never spelled out");
        assert_eq!(entry.forbidden, ["SIS"]);
        assert!(contents.dropped[0].0.contains("English"));
        assert!(TbxGlossary.read(b"<tmx/>", "g.tbx").is_err());
    }

    #[test]
    fn dates_and_addresses_are_held_where_xml_holds_them() {
        assert!(is_date("2026-01-31") && !is_date("2026-02-30") && !is_date("31-01-2026"));
        assert!(
            is_address("https://a.nl/b?c=%20") && !is_address("a b") && !is_address("http://%")
        );
        assert_eq!(xml_id("7 a"), "_7_a");
    }
}
