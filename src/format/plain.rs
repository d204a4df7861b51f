//! Plain text: a line is a block, unless the text is visibly hard-wrapped; then blank lines part
//! the blocks.

use super::contract::{Format, Found, Reading};
use super::roles;
use crate::bitext::{Block, Lang, OffsetMap, Role, Span, Text};

/// Plain text.
pub struct Plain;

/// A line: where its visible text begins and ends.
#[derive(Debug, Clone, Copy)]
struct Line {
    start: usize,
    end: usize,
}

impl Format for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text"]
    }

    fn find(&self, source: &str, _: &Lang) -> Reading {
        let mut found: Vec<Found> = Vec::new();
        let mut group: Vec<Line> = Vec::new();
        let mut at = 0;
        for raw in source.split_inclusive(['\n', '\r']) {
            if raw == "\n" && source[..at].ends_with('\r') {
                // The second half of a line end.
                at += 1;
                continue;
            }
            let text = raw.trim();
            let start = at + (raw.len() - raw.trim_start().len());
            if text.is_empty() {
                flush(source, &group, &mut found);
                group.clear();
            } else {
                group.push(Line {
                    start,
                    end: start + text.len(),
                });
            }
            at += raw.len();
        }
        flush(source, &group, &mut found);
        Reading {
            found,
            ..Reading::default()
        }
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        // A line end inside a target would make two blocks of one.
        let start = out.len();
        for part in text.plain.split_inclusive(['\n', '\r']) {
            let line = part.trim_end_matches(['\n', '\r']);
            out.push_str(line);
            out.extend(std::iter::repeat_n(' ', part.len() - line.len()));
        }
        OffsetMap::linear(0, out.len() - start)
    }
}

/// Turns the lines between two blank ones into one block or several.
fn flush(source: &str, lines: &[Line], found: &mut Vec<Found>) {
    if is_wrapped(source, lines) {
        block(source, lines, found);
    } else {
        for line in lines {
            block(source, std::slice::from_ref(line), found);
        }
    }
}

/// Whether the lines are one paragraph cut at a margin: all but the last of a similar length, and
/// most of them not at the end of a sentence.
fn is_wrapped(source: &str, lines: &[Line]) -> bool {
    let [body @ .., _] = lines else { return false };
    if body.is_empty()
        || lines
            .iter()
            .any(|line| marker(&source[line.start..line.end]) > 0)
    {
        return false;
    }
    let text = |line: &Line| &source[line.start..line.end];
    let lengths: Vec<usize> = body.iter().map(|line| text(line).chars().count()).collect();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let open = body
        .iter()
        .filter(|line| !text(line).ends_with(['.', '!', '?', '"', '”', '’', ':']))
        .count();
    (40..=120).contains(&longest)
        && lengths.iter().all(|&length| length + 20 >= longest)
        && open * 2 >= body.len()
}

/// Length of a list marker with its spaces: `- `, `* `, `• `, `1. `, `a) `.
fn marker(text: &str) -> usize {
    let bullet = text.chars().next().filter(|c| "-*•–‣▪◦".contains(*c));
    let length = match bullet {
        Some(c) => c.len_utf8(),
        None => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let stem = if digits == 0 && text.as_bytes().first().is_some_and(u8::is_ascii_lowercase)
            {
                1
            } else {
                digits
            };
            // `b.v. ` is an abbreviation, `12. ` a number of a list.
            match text.as_bytes().get(stem) {
                Some(b')') if (1..=3).contains(&stem) => stem + 1,
                Some(b'.') if (1..=3).contains(&digits) => stem + 1,
                _ => return 0,
            }
        }
    };
    let rest = &text[length..];
    let spaces = rest.len() - rest.trim_start().len();
    if spaces == 0 || rest.trim().is_empty() {
        0
    } else {
        length + spaces
    }
}

fn block(source: &str, lines: &[Line], found: &mut Vec<Found>) {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        return;
    };
    let item = marker(&source[first.start..first.end]);
    let start = first.start + item;
    let mut plain = String::with_capacity(last.end - start);
    let mut map = OffsetMap::default();
    for (index, line) in lines.iter().enumerate() {
        let from = if index == 0 { start } else { line.start };
        if index > 0 {
            // The line end and the spaces around it are one space.
            map.point(plain.len(), lines[index - 1].end);
            plain.push(' ');
        }
        map.point(plain.len(), from);
        plain.push_str(&source[from..line.end]);
    }
    map.finish(plain.len(), last.end);
    let role = if item > 0 {
        Role::ListItem
    } else {
        // Only the first block can be the headline.
        roles::of_plain(&plain, found.len(), false)
    };
    found.push(Found {
        span: Span::new(start, last.end),
        role,
        text: Text::from(plain),
        map,
        ..Found::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn lines_of_a_list_of_sentences_stay_apart() {
        assert_eq!(roles("Eerste zin.\nTweede zin.\nDerde zin.\n").len(), 3);
    }
}
