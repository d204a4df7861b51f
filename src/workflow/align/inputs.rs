//! What `align` reads beside the two texts: lexicons, vectors, anchors, and pairs that a person
//! approved.

use crate::align::LexiconSource;
use crate::bitext::{Bead, LangPair, Place, Span, State, Text, Unit};
use crate::engine;
use crate::format::{self, Pairs};
use crate::pipeline::{AlignSide, SentenceVectors};
use crate::term::{Glossary, Status};
use crate::workflow::{Error, Host, NoticeLevel, Purpose, Setup, files, pairs};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Whether a file holds pairs, by its name.
pub fn is_pairs(path: &Path) -> bool {
    let extension = files::extension(path);
    !extension.is_empty() && format::pair_format(&extension).is_ok()
}

/// One side of pairs: every unit is a segment; null units of the other side fall out.
pub fn side(pairs: Pairs, of: AlignSide) -> Vec<Unit> {
    let mut units = pairs.units;
    for unit in &mut units {
        if of == AlignSide::Target {
            unit.source = std::mem::take(&mut unit.target);
            unit.source_span = unit.target_span;
        }
        unit.target = Text::default();
        unit.target_span = None;
    }
    units.retain(|unit| !unit.source.is_empty());
    units
}

/// One segment per line.
pub fn lines(text: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut at = 0;
    for (number, raw) in text.split_inclusive('\n').enumerate() {
        let line = raw.trim_end_matches(['\n', '\r']);
        units.push(Unit {
            id: format!("l{}", number + 1),
            block: 1,
            source: line.into(),
            within: Span::new(0, line.len()),
            source_span: Some(Span::new(at, at + line.len())),
            ..Unit::default()
        });
        at += raw.len();
    }
    units
}

/// The segments that make up a text: those of these numbers if they still do, else the first run
/// from `after` on that does.
fn locate(text: &str, numbers: &[u32], units: &[Unit], after: usize) -> Option<Range<usize>> {
    let joined = |range: &Range<usize>| {
        let texts: Vec<&str> = units
            .get(range.clone())?
            .iter()
            .map(|u| u.source.plain.as_str())
            .filter(|t| !t.is_empty())
            .collect();
        Some(texts.join(" "))
    };
    let is_it = |range: &Range<usize>| {
        range.start >= after && joined(range).is_some_and(|found| found == text)
    };
    if text.is_empty() {
        return Some(after..after);
    }
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
        let range = *first as usize..*last as usize + 1;
        if is_it(&range) {
            return Some(range);
        }
    }
    (after..units.len())
        .filter(|&start| {
            text.starts_with(units[start].source.plain.as_str())
                && !units[start].source.plain.is_empty()
        })
        .flat_map(|start| (1..=8).map(move |count| start..start + count))
        .find(is_it)
}

/// Puts approved units back in the place of what was aligned for them.
pub fn restore(units: &mut [Unit], kept: Vec<(Bead, Unit)>) {
    for (bead, approved) in kept {
        let place = units.iter_mut().find(|unit| {
            let holds = |numbers: &[u32], range: &Range<usize>| {
                numbers.len() == range.len()
                    && numbers
                        .first()
                        .is_none_or(|&first| first as usize == range.start)
            };
            holds(&unit.source_segments, &bead.source) && holds(&unit.target_segments, &bead.target)
        });
        if let Some(unit) = place {
            *unit = Unit {
                source_segments: std::mem::take(&mut unit.source_segments),
                target_segments: std::mem::take(&mut unit.target_segments),
                source_span: unit.source_span,
                target_span: unit.target_span,
                confidence: Some(1.0),
                ..approved
            };
        }
    }
}

/// The glossary's pairs as a lexicon.
pub fn terms(glossary: &Glossary) -> LexiconSource {
    let entries = glossary
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.status != Status::Deprecated);
    let pairs: Vec<(String, String)> = entries
        .flat_map(|(index, entry)| {
            let english: Vec<String> = std::iter::once(&entry.en)
                .chain(&entry.en_accept)
                .cloned()
                .collect();
            let forms = glossary.forms(index);
            forms.into_iter().flat_map(move |form| {
                english
                    .clone()
                    .into_iter()
                    .map(move |en| (form.clone(), en))
            })
        })
        .collect();
    LexiconSource::from_pairs(
        "glossary",
        pairs.iter().map(|(nl, en)| (nl.as_str(), en.as_str())),
        1.0,
    )
}

/// Pairs of a file that was given as a lexicon: sentences and what they became.
pub struct Sentences {
    /// Name of the file.
    pub name: String,
    /// Source and target.
    pub pairs: Vec<(String, String)>,
}

/// Reads a lexicon by its name. Of a file of pairs the sentences come along, too long to be looked
/// up word by word.
///
/// Errors: [`Error::Unreadable`], [`Error::Broken`], [`Error::Lexicon`].
pub fn lexicon(path: &Path, pair: &LangPair) -> Result<(LexiconSource, Option<Sentences>), Error> {
    let extension = files::extension(path);
    let bytes = files::read_for(Purpose::Configuration, path)?;
    let name = path.display().to_string();
    if is_pairs(path) && extension != "tsv" {
        let pairs: Vec<(String, String)> = format::read_pairs(&bytes, &name, None, pair)
            .map_err(Error::Lexicon)?
            .units
            .into_iter()
            .map(|unit| (unit.source.plain, unit.target.plain))
            .filter(|(source, target)| !source.is_empty() && !target.is_empty())
            .collect();
        let terms = pairs.iter().map(|(s, t)| (s.as_str(), t.as_str()));
        let name = files::base(path);
        let source = LexiconSource::from_pairs(name.clone(), terms, 1.0);
        return Ok((source, Some(Sentences { name, pairs })));
    }
    let (text, ..) = format::decode(&bytes)?;
    let read = if extension == "dic" {
        LexiconSource::from_hunalign(&name, &text)
    } else {
        LexiconSource::from_tsv(&name, &text)
    };
    let mut source = read.map_err(|error| Error::Broken {
        what: error.what,
        place: error.place,
    })?;
    source.name = files::base(path);
    Ok((source, None))
}

/// The nodes of an anchor file.
pub fn anchors(
    path: Option<&PathBuf>,
    sources: usize,
    targets: usize,
    host: &dyn Host,
) -> Result<Vec<(usize, usize)>, Error> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let name = path.display().to_string();
    let (text, ..) = format::decode(&files::read(path)?)?;
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let node = line
                .split_once('\t')
                .and_then(|(i, j)| Some((i.trim().parse().ok()?, j.trim().parse().ok()?)));
            let wrong = |what: String| Error::Broken {
                what,
                place: Box::new(Place::at(&name, &text, at, raw.trim_end().len())),
            };
            let Some((i, j)) = node else {
                return Err(wrong(
                    "this line is not an anchor: expected `source line<TAB>target line`".into(),
                ));
            };
            if i > sources || j > targets {
                return Err(wrong(format!(
                    "this anchor is outside the texts, which have {sources} and {targets} segments"
                )));
            }
            if anchors.last().is_some_and(|&(s, t)| i < s || j < t) {
                return Err(wrong(
                    "this anchor crosses the one before it: both columns must ascend".into(),
                ));
            }
            anchors.push((i, j));
        }
        at += raw.len();
    }
    let line = format!("anchors {name}: {} cuts", anchors.len());
    host.notify(NoticeLevel::Info, &line);
    Ok(anchors)
}

/// The empty range of a side where the unit at `index` has no text: behind the nearest earlier unit
/// whose text is found, else before the nearest later one; never before `least`.
fn place_between(
    units: &[Unit],
    index: usize,
    is_empty: impl Fn(&Unit) -> bool,
    locate: impl Fn(&Unit) -> Option<Range<usize>>,
    least: usize,
) -> Range<usize> {
    let found = |unit: &Unit| if is_empty(unit) { None } else { locate(unit) };
    let before = units[..index]
        .iter()
        .rev()
        .find_map(|u| Some(found(u)?.end));
    let after = || {
        units[index + 1..]
            .iter()
            .find_map(|u| Some(found(u)?.start))
    };
    let at = before.or_else(after).unwrap_or(least).max(least);
    at..at
}

/// The approved units of earlier pairs, each with the segments that it covers now.
pub fn kept(
    path: Option<&PathBuf>,
    here: &[Unit],
    there: &[Unit],
    pair: &LangPair,
    host: &dyn Host,
) -> Result<Vec<(Bead, Unit)>, Error> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let earlier = pairs::read(path, None, pair)?.units;
    let total = earlier
        .iter()
        .filter(|unit| unit.state == State::Approved)
        .count();
    let mut kept: Vec<(Bead, Unit)> = Vec::new();
    let mut after = (0, 0);
    for (index, unit) in earlier.iter().enumerate() {
        if unit.state != State::Approved {
            continue;
        }
        let source = locate(&unit.source.plain, &unit.source_segments, here, after.0);
        let target = locate(&unit.target.plain, &unit.target_segments, there, after.1);
        let (Some(mut source), Some(mut target)) = (source, target) else {
            continue;
        };
        // A side that is empty has no place of its own: it stands where the pairs around it do.
        if unit.target.plain.is_empty() {
            let around = |unit: &Unit| locate(&unit.target.plain, &unit.target_segments, there, 0);
            target = place_between(&earlier, index, |u| u.target.is_empty(), around, after.1);
        } else if unit.source.plain.is_empty() {
            let around = |unit: &Unit| locate(&unit.source.plain, &unit.source_segments, here, 0);
            source = place_between(&earlier, index, |u| u.source.is_empty(), around, after.0);
        }
        after = (source.end, target.end);
        let bead = Bead {
            source,
            target,
            confidence: 1.0,
        };
        kept.push((bead, unit.clone()));
    }
    let line = format!(
        "{}: {total} approved pairs, {} kept",
        path.display(),
        kept.len()
    );
    host.notify(NoticeLevel::Info, &line);
    if kept.len() < total {
        let line = format!(
            "the text of {} approved pairs is not there any more, or stands elsewhere: these are aligned again",
            total - kept.len()
        );
        host.notify(NoticeLevel::Warning, &line);
    }
    Ok(kept)
}

/// Reads two files of little-endian float32, one row per segment; the length of a row follows from
/// their sizes.
///
/// Errors: [`Error::Unreadable`]; [`Error::VectorRows`] and [`Error::VectorLengths`] for sizes that
/// do not fit.
pub fn vectors(
    paths: &[PathBuf],
    sources: usize,
    targets: usize,
) -> Result<Option<SentenceVectors>, Error> {
    let [here, there] = paths else {
        return Ok(None);
    };
    let read = |path: &Path, rows: usize| -> Result<(Vec<f32>, usize), Error> {
        let bytes = files::read(path)?;
        let numbers: Vec<f32> = bytes
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        if rows == 0 || numbers.is_empty() || bytes.len() % (4 * rows) != 0 {
            return Err(Error::VectorRows {
                path: path.to_owned(),
                bytes: bytes.len(),
                segments: rows,
            });
        }
        let length = numbers.len() / rows;
        Ok((numbers, length))
    };
    let (source, dimension) = read(here, sources)?;
    let (target, other) = read(there, targets)?;
    if dimension != other {
        return Err(Error::VectorLengths {
            source_path: here.clone(),
            target_path: there.clone(),
            lengths: (dimension, other),
        });
    }
    Ok(Some(SentenceVectors {
        source,
        target,
        dimension,
    }))
}

/// A server that is asked for sentence embeddings, in OpenAI's form.
#[derive(Debug, Clone)]
pub struct EmbeddingServer {
    /// Its address.
    pub address: String,
    /// Model that it is asked for.
    pub model: String,
}

/// Asks a server for the vectors of both texts. Empty segments are not sent. `may_send` says
/// whether that is allowed.
///
/// Errors: [`Error::EmbeddingForbidden`]; those of the network.
pub async fn embedded(
    server: &EmbeddingServer,
    here: &[Unit],
    there: &[Unit],
    setup: &Setup,
    host: &dyn Host,
    may_send: bool,
) -> Result<SentenceVectors, Error> {
    let EmbeddingServer { address, model } = server;
    let segments = here.len() + there.len();
    if !may_send {
        return Err(Error::EmbeddingForbidden {
            segments,
            address: address.clone(),
        });
    }
    let net = setup.net()?;
    let mut dimension = 0;
    let mut sides = Vec::new();
    for units in [here, there] {
        let texts: Vec<&str> = units.iter().map(|unit| unit.source.plain.trim()).collect();
        let texts_sent: Vec<&str> = texts
            .iter()
            .copied()
            .filter(|text| !text.is_empty())
            .collect();
        let rows = engine::embed(&net, address, model, &texts_sent).await?;
        let length = rows.len() / texts_sent.len().max(1);
        let mut given = rows.chunks_exact(length.max(1));
        let mut all = Vec::with_capacity(texts.len() * length);
        for text in &texts {
            let row = if text.is_empty() { None } else { given.next() };
            match row {
                Some(row) => all.extend_from_slice(row),
                None => all.resize(all.len() + length, 0.0),
            }
        }
        dimension = dimension.max(length);
        sides.push(all);
    }
    let line =
        format!("embeddings: {segments} segments sent to {address}, {dimension} numbers each");
    host.notify(NoticeLevel::Info, &line);
    let target = sides.pop().unwrap_or_default();
    let source = sides.pop().unwrap_or_default();
    Ok(SentenceVectors {
        source,
        target,
        dimension,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_approved_text_is_found_where_it_stands_now() {
        let units = lines("Een.\nTwee.\nDrie.\n");
        assert_eq!(locate("Twee. Drie.", &[1, 2], &units, 0), Some(1..3));
        assert_eq!(locate("Twee. Drie.", &[0, 1], &units, 0), Some(1..3));
        assert_eq!(locate("Vier.", &[0], &units, 0), None);
        assert_eq!(locate("Een.", &[0], &units, 1), None);
    }
}
