//! What `align` reads beside the two texts: lexicons, vectors, anchors, and pairs that a person approved.

use super::align::{Desk, base};
use super::failure::{Exit, Failure};
use super::{World, glossary, output};
use crate::align::Source;
use crate::bitext::{Bead, Place, Span, State, Text, Unit};
use crate::engine;
use crate::format::{self, PAIRS, Pairs};
use crate::pipeline::{AlignSide, SentenceVectors};
use crate::term::{Glossary, Status};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Whether a file holds pairs, by its name.
pub fn is_pairs(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_ascii_lowercase();
        PAIRS.iter().any(|format| format.name() == extension) || extension == "xliff"
    })
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

/// The segments that make up a text: those of these numbers if they still do, else the first run from `after` on that does.
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
pub fn terms(glossary: &Glossary) -> Source {
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
    Source::from_pairs(
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

/// Reads a lexicon by its name. Of a file of pairs the sentences come along, too long to be looked up word by word.
pub fn lexicon(path: &Path) -> Result<(Source, Option<Sentences>), Failure> {
    let name = path.display().to_string();
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    let source = if is_pairs(path) && extension != "tsv" {
        let pairs = glossary::pairs(path, None).map_err(|failure| Failure {
            exit: Exit::Usage,
            ..failure
        })?;
        let texts: Vec<(String, String)> = pairs
            .units
            .into_iter()
            .map(|unit| (unit.source.plain, unit.target.plain))
            .filter(|(source, target)| !source.is_empty() && !target.is_empty())
            .collect();
        let terms = texts.iter().map(|(s, t)| (s.as_str(), t.as_str()));
        let source = Source::from_pairs(base(path), terms, 1.0);
        let (name, pairs) = (base(path), texts);
        return Ok((source, Some(Sentences { name, pairs })));
    } else {
        let bytes = output::read(path).map_err(|failure| Failure {
            exit: Exit::Usage,
            ..failure
        })?;
        let (text, ..) = format::decode(&bytes)?;
        let read = if extension == "dic" {
            Source::from_hunalign(&name, &text)
        } else {
            Source::from_tsv(&name, &text)
        };
        let mut source = read.map_err(|error| Failure::usage(error.what).at(*error.place, ""))?;
        source.name = base(path);
        source
    };
    Ok((source, None))
}

/// The nodes of an anchor file.
pub fn anchors(
    path: Option<&PathBuf>,
    sources: usize,
    targets: usize,
    world: &World,
) -> Result<Vec<(usize, usize)>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let name = path.display().to_string();
    let (text, ..) = format::decode(&output::read(path)?)?;
    let mut anchors: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    for raw in text.split_inclusive('\n') {
        let line = raw.trim();
        if !line.is_empty() && !line.starts_with('#') {
            let node = line
                .split_once('\t')
                .and_then(|(i, j)| Some((i.trim().parse().ok()?, j.trim().parse().ok()?)));
            let wrong = |what: String| {
                Failure::usage(what).at(Place::at(&name, &text, at, raw.trim_end().len()), "")
            };
            let Some((i, j)) = node else {
                return Err(wrong(
                    "this line is no anchor: `source line<TAB>target line` is wanted".into(),
                ));
            };
            if i > sources || j > targets {
                return Err(wrong(format!(
                    "this anchor lies outside the texts, which have {sources} and {targets} segments"
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
    world.say(&format!("anchors {name}: {} cuts", anchors.len()));
    Ok(anchors)
}

/// The approved units of earlier pairs, each with the segments that it covers now.
pub fn kept(
    path: Option<&PathBuf>,
    here: &[Unit],
    there: &[Unit],
    world: &World,
) -> Result<Vec<(Bead, Unit)>, Failure> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let approved: Vec<Unit> = glossary::pairs(path, None)?
        .units
        .into_iter()
        .filter(|unit| unit.state == State::Approved)
        .collect();
    let total = approved.len();
    let mut kept: Vec<(Bead, Unit)> = Vec::new();
    let mut after = (0, 0);
    for unit in approved {
        let source = locate(&unit.source.plain, &unit.source_segments, here, after.0);
        let target = locate(&unit.target.plain, &unit.target_segments, there, after.1);
        if let (Some(source), Some(target)) = (source, target) {
            after = (source.end, target.end);
            kept.push((
                Bead {
                    source,
                    target,
                    confidence: 1.0,
                },
                unit,
            ));
        }
    }
    world.say(&format!(
        "{}: {} approved pairs, {} kept",
        path.display(),
        total,
        kept.len()
    ));
    if kept.len() < total {
        world.say(&format!(
            "warning: the text of {} approved pairs is not there any more, or stands elsewhere: these are aligned again",
            total - kept.len()
        ));
    }
    Ok(kept)
}

/// Reads two files of little-endian float32, one row per segment; the length of a row follows from their sizes.
///
/// Errors: exit 2 for sizes that do not fit, with both.
pub fn vectors(
    paths: &[PathBuf],
    sources: usize,
    targets: usize,
) -> Result<Option<SentenceVectors>, Failure> {
    let [here, there] = paths else {
        return Ok(None);
    };
    let read = |path: &Path, rows: usize| -> Result<(Vec<f32>, usize), Failure> {
        let bytes = output::read(path)?;
        let numbers: Vec<f32> = bytes
            .chunks_exact(4)
            .map(|four| f32::from_le_bytes([four[0], four[1], four[2], four[3]]))
            .collect();
        if rows == 0 || numbers.is_empty() || bytes.len() % (4 * rows) != 0 {
            return Err(Failure::usage(format!(
                "{} has {} bytes, which is no whole row of float32 for each of {rows} segments",
                path.display(),
                bytes.len()
            )));
        }
        let length = numbers.len() / rows;
        Ok((numbers, length))
    };
    let (source, dimension) = read(here, sources)?;
    let (target, other) = read(there, targets)?;
    if dimension != other {
        return Err(Failure::usage(format!(
            "the rows of {} have {dimension} numbers, those of {} have {other}",
            here.display(),
            there.display()
        ))
        .hint("both files must come from the same model, one row per segment; `overzet segment FILE` shows the segments"));
    }
    Ok(Some(SentenceVectors {
        source,
        target,
        dimension,
    }))
}

/// Asks a server for the vectors of both texts. Empty segments are not sent.
///
/// Errors: exit 8 or 2 where sending is not allowed; those of the network.
pub async fn embedded(
    address: &str,
    model: &str,
    here: &[Unit],
    there: &[Unit],
    desk: &Desk<'_>,
) -> Result<SentenceVectors, Failure> {
    let (world, bounds) = (desk.world, &desk.args.translations.bounds);
    if bounds.frozen(world) || bounds.offline(world) || bounds.dry_run {
        return Err(Failure::new(
            Exit::WouldSend,
            format!(
                "{} segments would be sent to {address}",
                here.len() + there.len()
            ),
        )
        .hint("`frozen`, `offline` and `dry-run` forbid it"));
    }
    let net = world.net()?;
    let mut dimension = 0;
    let mut sides = Vec::new();
    for units in [here, there] {
        let texts: Vec<&str> = units.iter().map(|unit| unit.source.plain.trim()).collect();
        let said: Vec<&str> = texts
            .iter()
            .copied()
            .filter(|text| !text.is_empty())
            .collect();
        let rows = engine::embed(&net, address, model, &said).await?;
        let length = rows.len() / said.len().max(1);
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
    world.say(&format!(
        "embeddings: {} segments sent to {address}, {dimension} numbers each",
        here.len() + there.len()
    ));
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
