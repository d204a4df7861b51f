//! Aligned pairs as files: the table of formats.

use super::error::Error;
use super::pair_contract::{About, PairFormat, PairRow, Pairs};
use super::xml_input::encoding_of;
use super::{jsonl, tables, tmx, xliff, xliff2};
use crate::bitext::{LangPair, Notice, Unit};
use serde_json::{Map, Value};
use std::io::{self, Read, Write};

/// The formats of pairs.
pub static PAIRS: &[&dyn PairFormat] = &[
    &jsonl::Jsonl,
    &tables::Tsv,
    &tables::Csv,
    &tmx::Tmx,
    &xliff::Xliff,
];

/// The format of a file name or of a name that the user gave.
///
/// Errors: [`Error::Unknown`].
pub fn pair_format(name: &str) -> Result<&'static dyn PairFormat, Error> {
    let extension = name.rsplit_once('.').map_or(name, |(_, e)| e);
    let extension = extension.to_ascii_lowercase();
    PAIRS
        .iter()
        .copied()
        .find(|format| {
            format.name() == extension || format.extensions().contains(&extension.as_str())
        })
        .ok_or_else(|| Error::Unknown {
            name: name.to_owned(),
            known: PAIRS
                .iter()
                .map(|f| f.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
}

/// Reads the pairs of two languages. The format is `kind` if given, else that of the name's
/// extension.
///
/// Errors: [`Error::Unknown`], [`Error::NotText`], [`Error::Broken`] with the place.
pub fn read_pairs(
    bytes: &[u8],
    name: &str,
    kind: Option<&str>,
    pair: &LangPair,
) -> Result<Pairs, Error> {
    let mut pairs = Pairs::default();
    let mut visit = |row: PairRow| {
        pairs.units.push(row.unit);
        pairs.lines.push(row.line);
        pairs.extra.push(row.extra);
    };
    pairs.notices = read_each_pair(&mut &*bytes, name, kind, pair, &mut visit)?;
    Ok(pairs)
}

/// Reads the pairs of a file one after the other; TMX and XLIFF of any size within a few
/// megabytes of memory. Gives what was left out.
///
/// Errors: as [`read_pairs`]; pairs before the place of the error have been visited.
pub fn read_each_pair(
    input: &mut dyn Read,
    name: &str,
    kind: Option<&str>,
    pair: &LangPair,
    visit: &mut dyn FnMut(PairRow),
) -> Result<Vec<Notice>, Error> {
    pair_format(kind.unwrap_or(name))?.read_each(input, name, pair, visit)
}

/// Writes pairs in the format of `kind`, a name or a file name.
///
/// Errors: [`Error::Unknown`].
///
/// ```
/// use overzet::bitext::{LangPair, Unit};
/// use overzet::format::{self, About};
///
/// let units = [Unit::translated("Het is stil.", "It is quiet.")];
/// let tsv = format::write_pairs("tsv", &units, &[], &About::default())?;
/// let back = format::read_pairs(&tsv, "pairs.tsv", None, &LangPair::default())?;
/// assert_eq!(back.units[0].target.plain, "It is quiet.");
/// # Ok::<(), format::Error>(())
/// ```
pub fn write_pairs(
    kind: &str,
    units: &[Unit],
    extra: &[Map<String, Value>],
    about: &About,
) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    // Memory takes everything.
    let _ = write_pairs_to(&mut bytes, pair_format(kind)?, units, extra, about);
    Ok(bytes)
}

/// Writes pairs that are too many to be held in memory as a file.
///
/// Errors: those of `out`.
pub fn write_pairs_to(
    out: &mut dyn Write,
    format: &dyn PairFormat,
    units: &[Unit],
    extra: &[Map<String, Value>],
    about: &About,
) -> io::Result<()> {
    if format.name() == "xlf" && about.xliff2 {
        return xliff2::write(out, units, about);
    }
    format.write(out, units, extra, about)
}

/// Writes the targets and states of units into the file from which they were read, so that
/// everything else that another tool wrote there stays, byte for byte. None where the format does
/// not need that, or the units are not those of the file: [`write_pairs`] is the way then.
///
/// Errors: as [`read_pairs`].
pub fn rewrite_pairs(
    original: &[u8],
    name: &str,
    kind: &str,
    pair: &LangPair,
    units: &[Unit],
) -> Result<Option<Vec<u8>>, Error> {
    let format = pair_format(kind)?;
    let Ok((encoding, mark, _)) = encoding_of(original) else {
        return Ok(None);
    };
    let Some(text) =
        encoding.decode_without_bom_handling_and_without_replacement(&original[mark..])
    else {
        return Ok(None);
    };
    let Some(text) = format.rewrite(&text, name, pair, units)? else {
        return Ok(None);
    };
    let mut bytes = original[..mark].to_vec();
    match encoding.name() {
        "UTF-16LE" => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
        "UTF-16BE" => bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes)),
        // A character that the encoding lacks becomes a numeric reference.
        _ => bytes.extend_from_slice(&encoding.encode(&text).0),
    }
    Ok(Some(bytes))
}

/// Says how many pairs lose inline codes in a format that cannot hold any.
pub fn lost_codes(format: &dyn PairFormat, units: &[Unit]) -> Option<Notice> {
    if format.keeps_codes() {
        return None;
    }
    let has_codes = |unit: &&Unit| !unit.source.codes.is_empty() || !unit.target.codes.is_empty();
    let count = units.iter().filter(has_codes).count();
    (count > 0).then(|| Notice {
        message: format!(
            "{} cannot hold inline codes: {count} of {} pairs were written without theirs \
             (.jsonl, .tmx and .xlf keep them)",
            format.name().to_uppercase(),
            units.len()
        ),
        span: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Link;

    #[test]
    fn confidence_comes_back_from_every_format_that_has_a_place_for_it() {
        let link = |source, target| Link { source, target };
        let unit = |confidence, links: &[Link]| Unit {
            source: "Het regent".into(),
            target: "It rains".into(),
            confidence,
            links: links.into(),
            ..Unit::default()
        };
        let units = [
            unit(Some(0.971), &[link(0, 0), link(1, 1)]),
            unit(None, &[]),
        ];
        for (kind, xliff2, has_links) in [
            ("jsonl", false, true),
            ("csv", false, true),
            ("tmx", false, true),
            ("xlf", false, false),
            ("xlf", true, false),
        ] {
            let about = About {
                source_lang: "nl".into(),
                target_lang: "en".into(),
                xliff2,
                ..About::default()
            };
            let bytes = write_pairs(kind, &units, &[], &about).unwrap();
            let back = read_pairs(&bytes, "p", Some(kind), &LangPair::default())
                .unwrap()
                .units;
            for (before, after) in units.iter().zip(&back) {
                assert_eq!(after.confidence, before.confidence, "{kind} {xliff2}");
                if has_links {
                    assert_eq!(after.links, before.links, "{kind}");
                }
            }
            // Nonsense is passed over.
            let spoiled = String::from_utf8(bytes).unwrap().replace("0.971", "1.971");
            let back =
                read_pairs(spoiled.as_bytes(), "p", Some(kind), &LangPair::default()).unwrap();
            assert!(
                kind == "jsonl" || back.units[0].confidence.is_none(),
                "{kind}"
            );
        }
        // Pairs that nobody aligned keep the columns that they always had.
        let plain = write_pairs("csv", &units[1..], &[], &About::default()).unwrap();
        assert!(!String::from_utf8(plain).unwrap().contains("confidence"));
    }
}
