//! TMX as a glossary: every unit is a phrase, as Amazon Translate and most CAT tools take it.

use super::format::{Contents, GlossaryFormat};
use super::{phrases, text};
use crate::bitext::{Origin, Place, State, Unit};
use crate::format::{self, About};
use crate::term::concept::Concept;
use crate::term::error::Error;

/// TMX 1.4.
pub struct TmxGlossary;

impl GlossaryFormat for TmxGlossary {
    fn name(&self) -> &'static str {
        "tmx"
    }
    fn about(&self) -> &'static str {
        "TMX 1.4, one unit per phrase (Amazon, CAT tools)"
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["tmx"]
    }
    fn read(&self, bytes: &[u8], name: &str) -> Result<Contents, Error> {
        let root = text::xml(bytes, name)?;
        let mut contents = Contents::with_columns(&["nl", "en"]);
        for tu in root.descendants("tu") {
            // The languages tell the sides, whichever the header calls the source.
            let side = |wanted: &str| {
                let tuv = tu.all("tuv").find(|tuv| text::language(tuv) == wanted)?;
                let said = tuv.first("seg")?.text();
                Some(said.split_whitespace().collect::<Vec<_>>().join(" "))
            };
            match (side("nl"), side("en")) {
                (Some(nl), Some(en)) if !nl.is_empty() && !en.is_empty() => {
                    contents.push(phrases::entry(&nl, &en, Place::default()));
                }
                _ => contents.drop("unit without Dutch or English".into()),
            }
        }
        Ok(contents)
    }
    fn write(&self, entries: &[Concept], _name: &str) -> Result<Vec<u8>, Error> {
        let units: Vec<Unit> = phrases::of(entries)
            .into_iter()
            .enumerate()
            .map(|(index, phrase)| Unit {
                id: (index + 1).to_string(),
                source: phrase.source.as_str().into(),
                target: phrase.target.as_str().into(),
                state: State::Approved,
                origin: Origin::Human,
                ..Unit::default()
            })
            .collect();
        let about = About {
            source_lang: "nl".into(),
            target_lang: "en".into(),
            ..About::default()
        };
        format::write_pairs("tmx", &units, &[], &about).map_err(|error| Error::Unreadable {
            path: "tmx".into(),
            reason: error.to_string(),
        })
    }
}
