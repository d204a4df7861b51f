//! Reads an SRX file: header, language rules, language maps. Patterns are kept as they stand,
//! spaces at their edges included.
//!
//! Lenient where real files are: OmegaT's leaves out `segmentsubflows`, memoQ writes version 1.0,
//! Okapi reads SRX inside other XML. Strict where silence would cost: an unknown language, broken
//! XML, entities of the file's own.

use super::pattern::{Automaton, MatchScratch};
use crate::bitext::Place;
use crate::segment::error::Error;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Something that was passed over, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRule {
    /// What and why, in a sentence without a full stop.
    pub what: String,
    /// Where.
    pub place: Place,
}

/// One side of a rule, and the byte at which it begins in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RulePattern {
    pub pattern: String,
    pub at: usize,
}

/// A rule as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SrxRuleText {
    pub cuts: bool,
    pub before: RulePattern,
    pub after: RulePattern,
}

/// The rules that bear one name.
#[derive(Debug, Clone)]
struct LanguageRule {
    name: String,
    rules: Vec<SrxRuleText>,
}

/// Which codes use which rules.
#[derive(Debug, Clone)]
struct LanguageMap {
    pattern: RulePattern,
    rules: String,
}

/// A file.
#[derive(Debug, Clone)]
pub(super) struct SrxFile {
    cascade: bool,
    groups: Vec<LanguageRule>,
    maps: Vec<LanguageMap>,
    pub passed: Vec<SkippedRule>,
}

impl SrxFile {
    /// Reads a file.
    ///
    /// Errors: see [`super::SrxRules::read`].
    pub fn read(name: &str, text: &str) -> Result<Self, Error> {
        let mut reading = SrxReader {
            name,
            text,
            file: Self {
                cascade: false,
                groups: Vec::new(),
                maps: Vec::new(),
                passed: Vec::new(),
            },
            prefix: None,
            side: None,
            at: 0,
        };
        reading.all()?;
        if reading.prefix.is_none() {
            return Err(reading.error("this file holds no <srx>", 0));
        }
        Ok(reading.file)
    }

    /// The rules for a code, in their order: those of the first map that matches, or with cascade
    /// those of all.
    ///
    /// Errors: no map matches, a map names rules that are not there, a map's pattern cannot be
    /// used.
    pub fn rules_of(
        &self,
        code: &str,
        error: &impl Fn(String, usize) -> Error,
    ) -> Result<Vec<SrxRuleText>, Error> {
        let mut rules = Vec::new();
        let mut found = false;
        let mut room = MatchScratch::default();
        for map in &self.maps {
            let automaton = Automaton::whole(&map.pattern.pattern).map_err(|(what, _)| {
                let what = format!(
                    "the language pattern `{}` cannot be used: {what}",
                    map.pattern.pattern
                );
                error(what, map.pattern.at)
            })?;
            if !automaton.matches(code, 0, &mut room) {
                continue;
            }
            let Some(group) = self.groups.iter().find(|group| group.name == map.rules) else {
                let what = format!(
                    "`{}` has no <languagerule languagerulename=\"{}\">",
                    map.pattern.pattern, map.rules
                );
                return Err(error(what, map.pattern.at));
            };
            found = true;
            rules.extend(group.rules.iter().cloned());
            if !self.cascade {
                break;
            }
        }
        if found {
            return Ok(rules);
        }
        let known: Vec<&str> = self
            .maps
            .iter()
            .map(|map| map.pattern.pattern.as_str())
            .collect();
        let known = if known.is_empty() {
            "none at all".to_owned()
        } else {
            known.join(", ")
        };
        let what = format!("this file has no rules for `{code}`; it has {known}");
        Err(error(what, 0))
    }
}

/// The state while a file is read.
struct SrxReader<'t> {
    name: &'t str,
    text: &'t str,
    file: SrxFile,
    /// The namespace prefix of `<srx>`; elements with another are extensions.
    prefix: Option<String>,
    /// The pattern that is being read: whether it is the one after the break.
    side: Option<bool>,
    /// Where the present piece of XML begins.
    at: usize,
}

impl SrxReader<'_> {
    fn error(&self, what: impl Into<String>, at: usize) -> Error {
        Error::Data {
            what: what.into(),
            place: Box::new(Place::at(self.name, self.text, at, 1)),
        }
    }

    fn pass(&mut self, what: impl Into<String>) {
        let what = what.into();
        if self.file.passed.iter().all(|passed| passed.what != what) {
            let place = Place::at(self.name, self.text, self.at, 1);
            self.file.passed.push(SkippedRule { what, place });
        }
    }

    fn all(&mut self) -> Result<(), Error> {
        let mut reader = Reader::from_str(self.text);
        loop {
            self.at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            let event = reader.read_event().map_err(|error| {
                let at = usize::try_from(reader.error_position()).unwrap_or(usize::MAX);
                self.error(format!("this is not well-formed XML: {error}"), at)
            })?;
            match event {
                Event::Start(tag) => self.open(&tag, false)?,
                Event::Empty(tag) => self.open(&tag, true)?,
                Event::End(tag)
                    if matches!(tag.local_name().as_ref(), "beforebreak" | "afterbreak") =>
                {
                    self.side = None;
                }
                Event::Text(text) => {
                    self.add(&text.xml_content(XmlVersion::Implicit1_0));
                }
                Event::CData(data) => {
                    self.add(&data.xml_content(XmlVersion::Implicit1_0));
                }
                Event::GeneralRef(entity) => {
                    let text = match entity.resolve_char_ref() {
                        Ok(Some(c)) => c.to_string(),
                        _ => {
                            let name: &str = &entity;
                            quick_xml::escape::resolve_xml_entity(name)
                                .ok_or_else(|| {
                                    self.error(
                                        format!("the entity `&{name};` is not known"),
                                        self.at,
                                    )
                                })?
                                .to_owned()
                        }
                    };
                    self.add(&text);
                }
                Event::DocType(doctype) => {
                    if doctype.contains('[') {
                        return Err(self.error(
                            "a document type with declarations of its own is refused",
                            self.at,
                        ));
                    }
                }
                Event::Eof => return Ok(()),
                Event::End(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn add(&mut self, text: &str) {
        if let Some(side) = self.side.and_then(|after| self.open_side(after)) {
            side.pattern.push_str(text);
        }
    }

    /// A side of the rule that is being read.
    fn open_side(&mut self, after: bool) -> Option<&mut RulePattern> {
        let rule = self.file.groups.last_mut()?.rules.last_mut()?;
        Some(if after {
            &mut rule.after
        } else {
            &mut rule.before
        })
    }

    fn open(&mut self, tag: &BytesStart<'_>, empty: bool) -> Result<(), Error> {
        let prefix = tag
            .name()
            .prefix()
            .map(|prefix| prefix.as_ref().to_owned())
            .unwrap_or_default();
        let local = tag.local_name();
        if local.as_ref() == "srx" && self.prefix.is_none() {
            self.prefix = Some(prefix);
            return self.version(tag);
        }
        if self.prefix.as_ref() != Some(&prefix) {
            if self.prefix.is_some() {
                self.pass("elements of other namespaces, such as Okapi's, are ignored");
            }
            return Ok(());
        }
        match local.as_ref() {
            "header" => {
                self.file.cascade = self.attribute(tag, "cascade")?.as_deref() == Some("yes");
            }
            "languagerule" => {
                let name = self.needed(tag, "languagerulename")?;
                self.file.groups.push(LanguageRule {
                    name,
                    rules: Vec::new(),
                });
            }
            "rule" => self.rule(tag)?,
            "languagemap" => {
                let map = LanguageMap {
                    pattern: RulePattern {
                        pattern: self.needed(tag, "languagepattern")?,
                        at: self.at,
                    },
                    rules: self.needed(tag, "languagerulename")?,
                };
                self.file.maps.push(map);
            }
            "beforebreak" => self.begin_side(false, empty),
            "afterbreak" => self.begin_side(true, empty),
            _ => {}
        }
        Ok(())
    }

    /// Begins to read a pattern.
    fn begin_side(&mut self, after: bool, empty: bool) {
        let at = self.at;
        if let Some(side) = self.open_side(after) {
            side.at = at;
        }
        self.side = (!empty).then_some(after);
    }

    fn version(&mut self, tag: &BytesStart<'_>) -> Result<(), Error> {
        match self.attribute(tag, "version")?.as_deref() {
            Some("1.0" | "2.0") => Ok(()),
            Some(other) => Err(self.error(
                format!("SRX {other} is not known; there are 1.0 and 2.0"),
                self.at,
            )),
            None => {
                self.pass("<srx> has no version; 2.0 is assumed");
                Ok(())
            }
        }
    }

    fn rule(&mut self, tag: &BytesStart<'_>) -> Result<(), Error> {
        let cuts = match self.attribute(tag, "break")?.as_deref() {
            None | Some("yes") => true,
            Some("no") => false,
            Some(other) => {
                return Err(self.error(
                    format!("`break=\"{other}\"` is neither yes nor no"),
                    self.at,
                ));
            }
        };
        // Okapi switches rules off with an attribute of its own; such a rule matches nothing.
        let mut never = String::new();
        for attribute in tag.attributes().flatten() {
            if attribute.key.local_name().as_ref() == "active" && attribute.value.as_ref() == "no" {
                never.push_str("(?!)");
            }
        }
        let at = self.at;
        let Some(group) = self.file.groups.last_mut() else {
            return Err(self.error("a <rule> stands outside <languagerule>", at));
        };
        group.rules.push(SrxRuleText {
            cuts,
            before: RulePattern { pattern: never, at },
            after: RulePattern {
                pattern: String::new(),
                at,
            },
        });
        Ok(())
    }

    fn attribute(&self, tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Error> {
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.error(error.to_string(), self.at))?;
            if attribute.key.as_ref() == name {
                let value = attribute
                    .normalized_value(XmlVersion::Implicit1_0)
                    .map_err(|error| self.error(error.to_string(), self.at))?;
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    fn needed(&self, tag: &BytesStart<'_>, name: &str) -> Result<String, Error> {
        self.attribute(tag, name)?.ok_or_else(|| {
            let tag = tag.name().as_ref().to_owned();
            self.error(format!("<{tag}> has no `{name}`"), self.at)
        })
    }
}
