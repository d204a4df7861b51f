//! A line of a file with a caret under what is meant.

use crate::bitext::Place;
use std::fmt;

/// The longest stretch of a line that is shown, in characters.
const SHOWN: usize = 96;

/// Draws the line with a caret under what is meant. Tabs become two spaces; wide characters count
/// two columns; of a long line the part around the caret is shown.
pub fn excerpt(f: &mut fmt::Formatter<'_>, place: &Place, label: &str) -> fmt::Result {
    writeln!(f, "  --> {place}")?;
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len() + 2);
    let skip = place.column.saturating_sub(SHOWN / 2);
    let mut shown = String::new();
    let (mut before, mut width) = (0, 0);
    if skip > 0 {
        shown.push('…');
        before += 1;
    }
    for (index, c) in place.text.chars().enumerate().skip(skip).take(SHOWN) {
        let (text, columns): (String, usize) = match c {
            '\t' => ("  ".into(), 2),
            c if c.is_control() => ("\u{fffd}".into(), 1),
            c => (c.to_string(), columns(c)),
        };
        shown.push_str(&text);
        if index + 1 < place.column {
            before += columns;
        } else if index + 1 < place.column + place.width {
            width += columns;
        }
    }
    if place.text.chars().count() > skip + SHOWN {
        shown.push('…');
    }
    writeln!(f, "{gutter}|")?;
    writeln!(f, " {number} | {}", shown.trim_end())?;
    let caret = format!(
        "{gutter}| {}{} {label}",
        " ".repeat(before),
        "^".repeat(width.max(1))
    );
    writeln!(f, "{}", caret.trim_end())
}

/// Columns that a terminal gives a character: two for the East Asian wide blocks and emoji, none
/// for combining marks.
fn columns(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036F | 0x200B..=0x200F | 0xFE00..=0xFE0F => 0,
        0x1100..=0x115F
        | 0x2E80..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0x1F300..=0x1FAFF => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Drawn(Place, &'static str);

    impl fmt::Display for Drawn {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            excerpt(f, &self.0, self.1)
        }
    }

    #[test]
    fn a_long_line_is_shown_around_the_caret() {
        let source = format!("{}fout{}", "x".repeat(500), "y".repeat(500));
        let drawn = Drawn(Place::at("f", &source, 500, 4), "").to_string();
        assert!(drawn.contains("fout") && drawn.contains("^^^^"));
        assert!(drawn.lines().all(|line| line.chars().count() < 120));
    }
}
