//! A place in a file, which every error about a file points with.

/// File, line, column and the line's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// Path or name of the file as the user gave it; empty if the text has none.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length of what is meant, in characters; at least 1.
    pub width: usize,
    /// The whole line, without its end.
    pub text: String,
}

impl Place {
    /// The place of byte `offset` in `source`, `len` bytes long. Offsets past the end mean the end.
    pub fn at(file: &str, source: &str, offset: usize, len: usize) -> Self {
        let mut offset = offset.min(source.len());
        while !source.is_char_boundary(offset) {
            offset -= 1;
        }
        let start = source[..offset].rfind('\n').map_or(0, |i| i + 1);
        let end = source[offset..]
            .find('\n')
            .map_or(source.len(), |i| offset + i);
        let line = source[..start].bytes().filter(|&b| b == b'\n').count() + 1;
        let mut stop = (offset + len).min(end.max(offset));
        while !source.is_char_boundary(stop) {
            stop -= 1;
        }
        Self {
            file: file.to_owned(),
            line,
            column: source[start..offset].chars().count() + 1,
            width: source[offset..stop].chars().count().max(1),
            text: source[start..end].trim_end_matches('\r').to_owned(),
        }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let file = if self.file.is_empty() {
            "<input>"
        } else {
            &self.file
        };
        write!(f, "{file}:{}:{}", self.line, self.column)
    }
}
