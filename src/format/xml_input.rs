//! The bytes of an XML file as UTF-8, piece by piece, in the encoding that the file declares.

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, BufRead, Read};

/// The length of the pieces that are read and decoded, in bytes.
const PIECE: usize = 32 * 1024;

/// An XML declaration ends within this many bytes.
const DECLARATION: usize = 1024;

/// How many bytes of a line are kept for a message.
const SHOWN_LINE: usize = 400;

/// Decodes a file while it is read and knows the line that it has come to.
///
/// XML 1.0, section 4.3.3 and appendix F: a byte-order mark decides, then the encoding that the
/// declaration names, then UTF-8. Undeclared bytes that are not UTF-8 are read as Windows-1252.
pub(super) struct XmlInput<'r> {
    inner: &'r mut dyn Read,
    raw: Vec<u8>,
    raw_at: usize,
    decoder: Decoder,
    /// Whether the encoding was a guess that may still be changed: all text so far was ASCII.
    is_guess: bool,
    ended: bool,
    finished: bool,
    text: Vec<u8>,
    at: usize,
    /// Lines that were passed, and the beginning of the present one.
    lines: usize,
    line: Vec<u8>,
}

impl<'r> XmlInput<'r> {
    /// Reads the beginning of a file.
    ///
    /// Errors: those of the reader; `InvalidData` for an encoding that nobody knows.
    pub(super) fn new(inner: &'r mut dyn Read) -> io::Result<Self> {
        let mut input = Self::decoded(inner);
        while input.raw.len() < DECLARATION && !input.ended {
            input.read_raw()?;
        }
        let (encoding, mark, is_declared) = encoding_of(&input.raw)?;
        input.raw_at = mark;
        input.decoder = encoding.new_decoder_without_bom_handling();
        input.is_guess = !is_declared;
        Ok(input)
    }

    /// Reads UTF-8 without a mark, whatever the file declares.
    pub(super) fn decoded(inner: &'r mut dyn Read) -> Self {
        Self {
            inner,
            raw: Vec::with_capacity(PIECE),
            raw_at: 0,
            decoder: UTF_8.new_decoder_without_bom_handling(),
            is_guess: false,
            ended: false,
            finished: false,
            text: Vec::new(),
            at: 0,
            lines: 0,
            line: Vec::new(),
        }
    }

    /// The line that was come to: its number and the column, from 1, and its text.
    pub(super) fn line(&self) -> (usize, usize, String) {
        let rest = &self.text[self.at..];
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let mut line = self.line.clone();
        let column = String::from_utf8_lossy(&line).chars().count() + 1;
        let room = SHOWN_LINE.saturating_sub(line.len());
        line.extend_from_slice(&rest[..end.min(room)]);
        let text = String::from_utf8_lossy(&line);
        (self.lines + 1, column, text.trim_end().to_owned())
    }

    /// Reads the next bytes behind those that are left.
    fn read_raw(&mut self) -> io::Result<()> {
        self.raw.drain(..self.raw_at);
        self.raw_at = 0;
        let kept = self.raw.len();
        self.raw.resize(kept + PIECE, 0);
        let read = loop {
            match self.inner.read(&mut self.raw[kept..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.raw.truncate(kept + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(())
    }

    /// Decodes the next piece; none is left where nothing was decoded.
    fn decode(&mut self) -> io::Result<()> {
        self.text.clear();
        self.at = 0;
        while self.text.is_empty() && !self.finished {
            let left = self.raw.len() - self.raw_at;
            if !self.ended && left < if self.is_guess { 4 } else { 1 } {
                self.read_raw()?;
                continue;
            }
            let piece = &self.raw[self.raw_at..];
            if self.is_guess && !piece.is_empty() {
                let ascii = piece.iter().take_while(|byte| byte.is_ascii()).count();
                if ascii > 0 {
                    self.text.extend_from_slice(&piece[..ascii]);
                    self.raw_at += ascii;
                    continue;
                }
                let first = std::str::from_utf8(&piece[..piece.len().min(4)]);
                if first.is_err_and(|error| error.valid_up_to() == 0) {
                    self.decoder = WINDOWS_1252.new_decoder_without_bom_handling();
                }
                self.is_guess = false;
            }
            self.text.resize(piece.len() * 3 + 16, 0);
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(piece, &mut self.text, self.ended);
            self.text.truncate(written);
            self.raw_at += read;
            match result {
                DecoderResult::InputEmpty => self.finished = self.ended,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    let name = self.decoder.encoding().name();
                    let what = format!("bytes that are not {name}, the encoding of this file");
                    return Err(io::Error::new(io::ErrorKind::InvalidData, what));
                }
            }
        }
        Ok(())
    }
}

impl Read for XmlInput<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let text = self.fill_buf()?;
        let length = text.len().min(buffer.len());
        buffer[..length].copy_from_slice(&text[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for XmlInput<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.text.len() {
            self.decode()?;
        }
        Ok(&self.text[self.at..])
    }

    fn consume(&mut self, amount: usize) {
        let passed = &self.text[self.at..self.at + amount];
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.lines += memchr::memchr_iter(b'\n', passed).count();
            self.line.clear();
            self.line.extend(passed[last + 1..].iter().take(SHOWN_LINE));
        } else {
            let room = SHOWN_LINE.saturating_sub(self.line.len());
            self.line.extend(passed.iter().take(room));
        }
        self.at += amount;
    }
}

/// The encoding of an XML file, the length of its byte-order mark, and whether the file says so.
///
/// Errors: `InvalidData` for a name that is not an encoding.
pub(super) fn encoding_of(start: &[u8]) -> io::Result<(&'static Encoding, usize, bool)> {
    if let Some((encoding, mark)) = Encoding::for_bom(start) {
        return Ok((encoding, mark, true));
    }
    match start {
        [b'<', 0, b'?', 0, ..] => return Ok((UTF_16LE, 0, true)),
        [0, b'<', 0, b'?', ..] => return Ok((UTF_16BE, 0, true)),
        _ => {}
    }
    let Some(name) = declared(start) else {
        return Ok((UTF_8, 0, false));
    };
    let encoding = Encoding::for_label(name).ok_or_else(|| {
        let name = String::from_utf8_lossy(name);
        let what = format!("`{name}` is not an encoding that can be read");
        io::Error::new(io::ErrorKind::InvalidData, what)
    })?;
    // Without a mark the bytes that were read so far would not be legible in UTF-16.
    if encoding == UTF_16LE || encoding == UTF_16BE {
        return Ok((UTF_8, 0, true));
    }
    // A file that says UTF-8 and is not is common; the guess still stands open.
    Ok((encoding, 0, encoding != UTF_8))
}

/// The name of the encoding in an XML declaration.
fn declared(start: &[u8]) -> Option<&[u8]> {
    let rest = start.strip_prefix(b"<?xml")?;
    let end = rest.windows(2).position(|pair| pair == b"?>")?;
    let declaration = &rest[..end];
    let at = declaration
        .windows(8)
        .position(|window| window == b"encoding")?;
    let value = declaration[at + 8..].trim_ascii_start();
    let value = value.strip_prefix(b"=")?.trim_ascii_start();
    let quote = *value
        .first()
        .filter(|quote| matches!(quote, b'"' | b'\''))?;
    let end = value[1..].iter().position(|&b| b == quote)?;
    Some(value[1..=end].trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> io::Result<String> {
        let mut text = String::new();
        let mut inner = bytes;
        XmlInput::new(&mut inner)?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn the_declaration_decides_the_encoding() {
        let latin = b"<?xml version='1.0' encoding = 'iso-8859-15'?><a>\xa4</a>";
        assert!(text(latin).unwrap().ends_with("<a>€</a>"));
        assert!(text(b"<?xml version='1.0' encoding='klingon'?><a/>").is_err());
        assert!(
            text(b"<?xml version=\"1.0\" encoding=\"windows-1250\"?>\xe6")
                .unwrap()
                .ends_with('ć')
        );
        let utf16: Vec<u8> = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>é</a>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert!(text(&utf16).unwrap().ends_with("<a>é</a>"));
        assert!(text(&utf16[2..]).unwrap().ends_with("<a>é</a>"));
    }

    #[test]
    fn undeclared_bytes_that_are_not_utf8_are_windows_1252() {
        let long = "<!-- -->".repeat(9_000);
        let bytes = [long.as_bytes(), b"<a>caf\xe9 \x93</a>"].concat();
        assert!(text(&bytes).unwrap().ends_with("<a>café “</a>"));
        // Not both at once.
        assert!(text("é\u{e9}".as_bytes()).is_ok());
        assert!(text(b"<a>\xc3\xa9 \xe9 </a>").is_err());
    }

    #[test]
    fn pieces_of_characters_are_put_together() {
        let long = "é€😀".repeat(20_000);
        assert_eq!(text(long.as_bytes()).unwrap(), long);
        let utf16: Vec<u8> = std::iter::once('\u{feff}')
            .chain(long.chars())
            .collect::<String>()
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(text(&utf16).unwrap(), long);
    }

    #[test]
    fn the_line_is_known() {
        let mut bytes = &b"eerste\ntweede\nderde regel\nvierde"[..];
        let mut input = XmlInput::new(&mut bytes).unwrap();
        input.fill_buf().unwrap();
        input.consume(16);
        assert_eq!(input.line(), (3, 3, "derde regel".to_owned()));
    }
}
