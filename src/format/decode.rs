//! Bytes to text and back: UTF-8 with and without a mark, UTF-16 with one, Windows-1252 where UTF-8
//! is impossible; what is no text is refused.

use super::error::Error;
use crate::bitext::{Encoding, Notice};

/// A page declares its encoding within this many bytes.
const DECLARATION: usize = 1024;

/// First bytes of files that people hand in by mistake.
const NOT_TEXT: &[(&[u8], &str)] = &[
    (
        b"%PDF-",
        "this is a PDF: export it as text, Markdown or HTML first",
    ),
    (
        b"PK\x03\x04",
        "this is a zip file (DOCX, ODT, EPUB, XLSX): export it as text, Markdown or HTML first",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "this is an old Office document: export it as text or HTML first",
    ),
    (b"\x89PNG", "this is a picture"),
    (b"\xff\xd8\xff", "this is a picture"),
    (b"\x1f\x8b", "this is a gzip file: unpack it first"),
    (b"SQLite format 3", "this is a database"),
    (
        b"{\\rtf",
        "this is RTF: export it as text, Markdown or HTML first",
    ),
];

/// Refuses known binary formats by their first bytes.
///
/// Errors: [`Error::NotText`].
pub(super) fn refuse_binary(start: &[u8]) -> Result<(), Error> {
    match NOT_TEXT.iter().find(|(own, _)| start.starts_with(own)) {
        Some((_, what)) => Err(Error::NotText {
            what: (*what).to_owned(),
        }),
        None => Ok(()),
    }
}

/// Decodes a file.
///
/// Errors: [`Error::NotText`] for known binary formats and for NUL bytes. A guessed encoding is
/// told in a notice.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding, Vec<Notice>), Error> {
    refuse_binary(bytes)?;
    for (mark, encoding, codec) in [
        (&b"\xff\xfe"[..], Encoding::Utf16Le, encoding_rs::UTF_16LE),
        (&b"\xfe\xff"[..], Encoding::Utf16Be, encoding_rs::UTF_16BE),
    ] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = codec.decode_without_bom_handling_and_without_replacement(rest);
            return text
                .map(|text| (text.into_owned(), encoding, Vec::new()))
                .ok_or_else(|| Error::NotText {
                    what: "the file begins like UTF-16, but is not".into(),
                });
        }
    }
    if let Some(at) = memchr::memchr(0, bytes) {
        return Err(Error::NotText {
            what: format!("byte {at} is NUL: not a text file"),
        });
    }
    let (encoding, rest) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (Encoding::Utf8Bom, rest),
        None => (Encoding::Utf8, bytes),
    };
    match std::str::from_utf8(rest) {
        Ok(text) => Ok((text.to_owned(), encoding, Vec::new())),
        Err(error) => match declared(bytes) {
            Some((text, own)) => Ok((text, Encoding::Legacy(own), Vec::new())),
            None => windows1252(bytes, error.valid_up_to()),
        },
    }
}

/// Decodes a page by the encoding that it declares: in an XML declaration or in a `meta` near its
/// beginning (HTML Standard, *prescan a byte stream*). None where it declares none, or where the
/// bytes would not come back.
fn declared(bytes: &[u8]) -> Option<(String, &'static encoding_rs::Encoding)> {
    let start = &bytes[..bytes.len().min(DECLARATION)];
    if start.trim_ascii_start().first() != Some(&b'<') {
        return None;
    }
    let lower = start.to_ascii_lowercase();
    let label = |name: &[u8]| {
        let at = lower.windows(name.len()).position(|part| part == name)?;
        let value = lower[at + name.len()..].trim_ascii_start();
        let value = value.strip_prefix(b"=")?.trim_ascii_start();
        let value = value
            .strip_prefix(b"\"")
            .or(value.strip_prefix(b"'"))
            .unwrap_or(value);
        let end = value
            .iter()
            .position(|b| !(b.is_ascii_alphanumeric() || b"-_:.+".contains(b)))?;
        encoding_rs::Encoding::for_label(&value[..end])
    };
    let xml = lower
        .starts_with(b"<?xml")
        .then(|| label(b"encoding"))
        .flatten();
    let own = xml.or_else(|| label(b"charset"))?;
    if !own.is_ascii_compatible() {
        return None;
    }
    let text = own.decode_without_bom_handling_and_without_replacement(bytes)?;
    (*own.encode(&text).0 == *bytes).then(|| (text.into_owned(), own))
}

/// Reads Windows-1252, of which Latin-1's letters are a part. Its five empty places are refused: they would not come back.
fn windows1252(bytes: &[u8], at: usize) -> Result<(String, Encoding, Vec<Notice>), Error> {
    if let Some(hole) = bytes
        .iter()
        .position(|b| matches!(b, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d))
    {
        return Err(Error::NotText {
            what: format!(
                "neither UTF-8 (byte {at}) nor Windows-1252 (byte {hole}): convert the file to UTF-8 first"
            ),
        });
    }
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes);
    let notice = Notice {
        message: format!("byte {at} is not UTF-8; the file was read as Windows-1252"),
        span: None,
    };
    Ok((
        text.into_owned(),
        Encoding::Legacy(encoding_rs::WINDOWS_1252),
        vec![notice],
    ))
}

/// Encodes text; see `format::encode`.
pub fn encode(text: &str, encoding: Encoding, references: bool) -> (Vec<u8>, Option<Notice>) {
    match encoding {
        Encoding::Utf8 => (text.as_bytes().to_vec(), None),
        Encoding::Utf8Bom => ([b"\xef\xbb\xbf", text.as_bytes()].concat(), None),
        Encoding::Utf16Le => (
            [0xfeff]
                .into_iter()
                .chain(text.encode_utf16())
                .flat_map(u16::to_le_bytes)
                .collect(),
            None,
        ),
        Encoding::Utf16Be => (
            [0xfeff]
                .into_iter()
                .chain(text.encode_utf16())
                .flat_map(u16::to_be_bytes)
                .collect(),
            None,
        ),
        Encoding::Legacy(own) => {
            // The encoder writes what it lacks as a numeric reference, which only HTML understands.
            let (bytes, _, lacking) = own.encode(text);
            if !lacking || references {
                return (bytes.into_owned(), None);
            }
            let notice = Notice {
                message: format!(
                    "the edition holds characters that {} lacks; it was written as UTF-8",
                    own.name()
                ),
                span: None,
            };
            (text.as_bytes().to_vec(), Some(notice))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_1_is_read_and_said() {
        let (text, encoding, notices) = decode(b"Oekra\xefne").unwrap();
        assert_eq!(text, "Oekraïne");
        assert_eq!(encoding, Encoding::Legacy(encoding_rs::WINDOWS_1252));
        assert!(notices[0].message.contains("Windows-1252"));
        assert_eq!(encode(&text, encoding, false).0, b"Oekra\xefne");
    }

    #[test]
    fn a_page_is_read_in_the_encoding_that_it_declares() {
        for (page, wanted) in [
            (&b"<!doctype html><meta charset=iso-8859-15><p>\xa4 5"[..], "€ 5"),
            (
                b"<html><meta http-equiv='Content-Type' content='text/html; charset=ISO-8859-2'><p>\xe6 5",
                "ć 5",
            ),
            (b"<?xml version='1.0' encoding=\"windows-1250\"?><p>\xe6 5", "ć 5"),
        ] {
            let (text, encoding, notices) = decode(page).unwrap();
            assert!(text.ends_with(wanted), "{text}");
            assert!(notices.is_empty());
            assert_eq!(encode(&text, encoding, true).0, page);
        }
        // UTF-8 that says that it is something else is UTF-8.
        let page = "<meta charset=iso-8859-1><p>€ 5";
        assert_eq!(decode(page.as_bytes()).unwrap().0, page);
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [
            &b"%PDF-1.7"[..],
            b"PK\x03\x04",
            b"a\0b",
            b"\xff\xfe\x00\xd8",
        ] {
            assert!(matches!(decode(bytes), Err(Error::NotText { .. })));
        }
    }

    #[test]
    fn what_windows_1252_lacks_becomes_utf8_or_a_reference() {
        let (bytes, notice) = encode("→", Encoding::Legacy(encoding_rs::WINDOWS_1252), false);
        assert_eq!(bytes, "→".as_bytes());
        assert!(notice.is_some());
        assert_eq!(
            encode("→", Encoding::Legacy(encoding_rs::WINDOWS_1252), true).0,
            b"&#8594;"
        );
    }
}
