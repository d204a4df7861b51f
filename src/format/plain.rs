//! Plain text: its paragraphs, lines, list items and rows are blocks, the same runs as the segmenter
//! finds.

use super::contract::{Format, Found, ReadOptions, Reading};
use super::roles;
use crate::bitext::{Block, Code, CodeKind, Lang, OffsetMap, Role, Text};
use crate::language::lines::{LineRun, runs};
use crate::language::marks::is_gap;

/// Plain text.
pub struct Plain;

impl Format for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text"]
    }

    fn find(&self, source: &str, lang: &Lang) -> Reading {
        self.find_with(source, lang, &ReadOptions::default())
    }

    fn find_with(&self, source: &str, _: &Lang, options: &ReadOptions) -> Reading {
        let mut reading = Reading::default();
        runs(source, options.newlines, true, &mut |run| {
            let index = reading.found.len();
            reading.found.push(block(source, run, index));
        });
        reading
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        let start = out.len();
        let mut map = OffsetMap::default();
        let mut codes = text.codes.iter().peekable();
        for (at, c) in text.plain.char_indices() {
            let mut breaks = false;
            while let Some(code) = codes.next_if(|code| code.at <= at) {
                out.push_str(&code.data);
                breaks |= code.is_break();
            }
            map.point(at, out.len() - start);
            match c {
                // The code has the tabs.
                ' ' | '\t' if breaks => {}
                // A line end inside a target would make two blocks of one.
                '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push(' '),
                c => out.push(c),
            }
        }
        map.finish(text.plain.len(), out.len() - start);
        out.extend(codes.map(|code| code.data.as_str()));
        map
    }
}

/// Whether a line ended behind the hyphen of a compound, `Noord-⏎Holland`; not `in-⏎en uitvoer`.
fn is_cut_word(before: &str, after: &str) -> bool {
    let word = after.split(is_gap).next().unwrap_or_default();
    before
        .strip_suffix('-')
        .is_some_and(|word| word.ends_with(char::is_alphanumeric))
        && word.starts_with(char::is_alphanumeric)
        && !matches!(word, "en" | "of" | "tot" | "noch" | "and" | "or" | "to")
}

/// Makes a block of a run: a line end and the gap around it are one space, tabs are a code before
/// one tab.
fn block(source: &str, run: LineRun, index: usize) -> Found {
    let LineRun { span, marker, row } = run;
    let mut text = Text::default();
    let mut map = OffsetMap::default();
    let mut rest = span.of(source);
    while !rest.is_empty() {
        let at = span.end - rest.len();
        let gap = rest.len() - rest.trim_start_matches(is_gap).len();
        let length = if gap > 0 {
            gap
        } else {
            rest.find(is_gap).unwrap_or(rest.len())
        };
        map.point(text.plain.len(), at);
        let piece = &rest[..length];
        if piece.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
            if !is_cut_word(&text.plain, &rest[length..]) {
                text.plain.push(' ');
            }
        } else if piece.contains('\t') {
            let id = text.codes.len() as u32 + 1;
            text.codes.push(Code {
                label: "tab".to_owned(),
                ..Code::new(text.plain.len(), id, CodeKind::Empty, piece)
            });
            text.plain.push('\t');
        } else {
            text.plain.push_str(piece);
        }
        rest = &rest[length..];
    }
    map.finish(text.plain.len(), span.end);
    let role = if marker > 0 {
        Role::ListItem
    } else if row {
        Role::Cell
    } else {
        // Only the first block can be the headline.
        roles::of_plain(&text.plain, index, false)
    };
    Found {
        span,
        role,
        text,
        map,
        ..Found::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::Span;
    use crate::language::lines::Newlines;

    fn roles(text: &str) -> Vec<(Role, String)> {
        Plain
            .find(text, &Lang::new("nl"))
            .found
            .into_iter()
            .map(|f| (f.role, f.text.plain))
            .collect()
    }

    #[test]
    fn lines_are_blocks_with_their_roles() {
        let found = roles(
            "Storm raast over de kust\n\nDoor Anna Bos\n\nDEN HAAG – Het waait. Hard.\n\nLees ook:\n\n- eerste punt\n2. tweede punt\n",
        );
        assert_eq!(
            found.iter().map(|(role, _)| *role).collect::<Vec<_>>(),
            [
                Role::Headline,
                Role::Byline,
                Role::Paragraph,
                Role::Furniture,
                Role::ListItem,
                Role::ListItem
            ]
        );
        assert_eq!(found[5].1, "tweede punt");
    }

    #[test]
    fn a_paragraph_cut_at_a_margin_is_one_block() {
        let text = "De kustwacht heeft zondag de hele dag gezocht naar een zeilboot die\nin de storm was verdwenen, maar de bemanning bleek al lang veilig aan\nwal te zijn.\n";
        let found = Plain.find(text, &Lang::new("nl")).found;
        assert_eq!(found.len(), 1);
        assert!(found[0].text.plain.contains("die in de storm"));
        let at = found[0].text.plain.find("in de storm").unwrap();
        let file = text.find("in de storm").unwrap();
        assert_eq!(
            found[0].map.span(Span::new(at, at + 2)),
            Span::new(file, file + 2)
        );
    }

    #[test]
    fn a_compound_that_was_cut_at_its_hyphen_is_one_word() {
        let text = "De gedeputeerde wil dat de nieuwe snelweg door het noorden van Noord-\nHolland later komt, en dat alle oude regels van de overheid voor de in-\nen uitvoer blijven.";
        let found = roles(text);
        assert!(found[0].1.contains("Noord-Holland"), "{found:?}");
        assert!(found[0].1.contains("in- en uitvoer"), "{found:?}");
    }

    #[test]
    fn a_carriage_return_alone_ends_a_line() {
        let of = |text: &str| {
            roles(text)
                .into_iter()
                .map(|(_, text)| text)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            of("Kop\r\rEen zin.\rNog een.\r"),
            ["Kop", "Een zin.", "Nog een."]
        );
        let wrapped = "De kustwacht heeft zondag de hele dag gezocht naar een zeilboot die\nin de storm was verdwenen, maar de bemanning bleek al lang veilig aan\nwal te zijn.";
        assert_eq!(of(&wrapped.replace('\n', "\r\n")).len(), 1);
    }

    #[test]
    fn the_cells_of_a_row_are_parted_by_codes() {
        let text = "Plaats\t\tGraden\nUtrecht \t 12\n";
        let document =
            crate::format::read(text.as_bytes(), None, Some("plain"), &Lang::new("nl")).unwrap();
        let mut texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
        assert_eq!(texts[1].plain, "Utrecht\t12");
        assert_eq!(document.blocks[0].role, Role::Cell);
        // Whatever an engine makes of the space, the tabs stay.
        texts[0].plain = "Place Degrees".to_owned();
        texts[0].codes[0].at = 5;
        texts[1].plain = "Utrecht\t13".to_owned();
        let written = crate::format::write(&document, &texts).unwrap();
        assert_eq!(written.parts, ["Place\t\tDegrees\nUtrecht \t 13\n"]);
    }

    #[test]
    fn line_ends_mean_what_the_settings_say() {
        let of = |newlines| {
            let options = ReadOptions {
                newlines,
                ..ReadOptions::default()
            };
            let text = "Een zin\nop twee regels\n\nKlaar";
            Plain
                .find_with(text, &Lang::new("nl"), &options)
                .found
                .len()
        };
        assert_eq!(
            [of(Newlines::Soft), of(Newlines::Auto), of(Newlines::Hard)],
            [2, 3, 3]
        );
    }

    #[test]
    fn lines_of_a_list_of_sentences_stay_apart() {
        assert_eq!(roles("Eerste zin.\nTweede zin.\nDerde zin.\n").len(), 3);
    }
}
