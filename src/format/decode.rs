//! Bytes to text and back: UTF-8 with and without a mark, UTF-16 with one, Windows-1252 where UTF-8
//! is impossible; what is no text is refused.

use super::error::Error;
use crate::bitext::{Encoding, Notice};

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

/// Decodes a file.
///
/// Errors: [`Error::NotText`] for known binary formats and for NUL bytes. A guessed encoding is
/// told in a notice.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding, Vec<Notice>), Error> {
    if let Some((_, what)) = NOT_TEXT.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(Error::NotText {
            what: (*what).to_owned(),
        });
    }
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
            what: format!("byte {at} is NUL: this is no text file"),
        });
    }
    let (encoding, rest) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => (Encoding::Utf8Bom, rest),
        None => (Encoding::Utf8, bytes),
    };
    match std::str::from_utf8(rest) {
        Ok(text) => Ok((text.to_owned(), encoding, Vec::new())),
        Err(error) => windows1252(bytes, error.valid_up_to()),
    }
}

/// Reads Windows-1252, of which Latin-1's letters are a part. Its five empty places are refused:
/// they would not come back.
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
    Ok((text.into_owned(), Encoding::Windows1252, vec![notice]))
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
        Encoding::Windows1252 => {
            // The encoder writes what it lacks as a numeric reference, which only HTML understands.
            let (bytes, _, lacking) = encoding_rs::WINDOWS_1252.encode(text);
            if !lacking || references {
                return (bytes.into_owned(), None);
            }
            let notice = Notice {
                message:
                    "the edition holds characters that Windows-1252 lacks; it was written as UTF-8"
                        .into(),
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
        assert_eq!(encoding, Encoding::Windows1252);
        assert!(notices[0].message.contains("Windows-1252"));
        assert_eq!(encode(&text, encoding, false).0, b"Oekra\xefne");
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
        let (bytes, notice) = encode("→", Encoding::Windows1252, false);
        assert_eq!(bytes, "→".as_bytes());
        assert!(notice.is_some());
        assert_eq!(encode("→", Encoding::Windows1252, true).0, b"&#8594;");
    }
}
