//! Where the English of a sentence is cut into its cues, and a cue into lines.
//!
//! The cuts are those of least cost (dynamic programming over the borders of words). A cue costs
//! for the characters that exceed its reading speed and its lines, a cut for its distance from the
//! place where the Dutch was cut, and for what it would part: an article from its noun, a number
//! from its unit. Norms: Netflix, *English Timed Text Style Guide* (42 characters a line, 2 lines,
//! 17 characters a second).

use crate::language::word_lists;

/// The most characters of a line.
pub(super) const LINE: usize = 42;
/// The most lines of a cue.
const LINES: usize = 2;
/// The most characters that are read in a second.
pub(super) const SPEED: f64 = 17.0;

/// A cue that is to be filled: how long it is shown, and where the source was cut behind it, as a
/// share of the sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct CueRoom {
    /// In seconds.
    pub seconds: f64,
    /// From 0 to 1.
    pub share: f64,
}

/// The words of a text as ranges of bytes.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        words.push((from, text.len()));
    }
    words
}

/// What it costs to part two words.
fn cut_cost(before: &str, after: &str) -> f64 {
    let bare = |word: &str| -> String {
        word.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let mut cost = 0.0;
    if before.ends_with(['.', '!', '?', '…']) {
        cost -= 8.0;
    } else if before.ends_with([',', ';', ':', '–', '—']) {
        cost -= 5.0;
    } else if word_lists::is("function.english", &bare(before)) {
        cost += 10.0;
    } else {
        let is_number = before.ends_with(|c: char| c.is_ascii_digit());
        let is_name = |word: &str| {
            let mut chars = word.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.any(char::is_lowercase)
        };
        if is_number {
            cost += 6.0;
        } else if is_name(before) && is_name(after) {
            cost += 5.0;
        }
    }
    if word_lists::is("preposition", &bare(after)) {
        cost -= 3.0;
    }
    cost
}

/// Where a text is cut into its cues: the range of bytes of each, without the white space between
/// them. Ranges are empty where there are fewer words than cues.
pub(super) fn cues(text: &str, rooms: &[CueRoom]) -> Vec<(usize, usize)> {
    let words = words(text);
    let (count, cues) = (words.len(), rooms.len());
    let end = text.len();
    if count <= cues {
        let mut ranges = words;
        ranges.resize(cues, (end, end));
        return ranges;
    }
    // The characters before each byte, by word.
    let mut lengths = Vec::with_capacity(count);
    let mut total = 0;
    for (index, &(from, to)) in words.iter().enumerate() {
        let gap = usize::from(index > 0);
        let start = total + gap;
        total = start + text[from..to].chars().count();
        lengths.push((start, total));
    }
    let segment = |from: usize, to: usize, cue: usize| -> f64 {
        let characters = (lengths[to].1 - lengths[from].0) as f64;
        let fast = (characters - SPEED * rooms[cue].seconds).max(0.0);
        let long = (characters - (LINE * LINES) as f64).max(0.0);
        2.0 * fast + 5.0 * long
    };
    let cut = |at: usize, cue: usize| -> f64 {
        let place = lengths[at].1 as f64;
        let wanted = rooms[cue].share * total as f64;
        let word = |index: usize| &text[words[index].0..words[index].1];
        (place - wanted).abs() + cut_cost(word(at), word(at + 1))
    };
    // best[cue][word]: the least cost of cues up to `cue`, the last of which ends with `word`.
    let mut best = vec![vec![f64::INFINITY; count]; cues];
    let mut from = vec![vec![0_usize; count]; cues];
    for (word, cost) in best[0].iter_mut().enumerate() {
        *cost = segment(0, word, 0);
    }
    for cue in 1..cues {
        for word in cue..count {
            for before in cue - 1..word {
                let cost =
                    best[cue - 1][before] + cut(before, cue - 1) + segment(before + 1, word, cue);
                if cost < best[cue][word] {
                    best[cue][word] = cost;
                    from[cue][word] = before;
                }
            }
        }
    }
    let mut ends = vec![count - 1; cues];
    for cue in (1..cues).rev() {
        ends[cue - 1] = from[cue][ends[cue]];
    }
    let mut first = 0;
    ends.iter()
        .map(|&last| {
            let range = (words[first].0, words[last].1);
            first = last + 1;
            range
        })
        .collect()
}

/// The white space of a cue that becomes a line end: the offset of each in the text.
pub(super) fn lines(text: &str, most: usize) -> Vec<usize> {
    let total = text.chars().count();
    let wanted = total.div_ceil(LINE).min(most.max(LINES));
    let words = words(text);
    if wanted < 2 || words.len() < 2 {
        return Vec::new();
    }
    let mut breaks = Vec::new();
    let mut first = 0;
    for line in 1..wanted {
        let aim = total as f64 * line as f64 / wanted as f64;
        let best = (first..words.len() - 1).min_by(|&one, &other| {
            let cost = |at: usize| {
                let place = text[..words[at].1].chars().count() as f64;
                let before = &text[words[at].0..words[at].1];
                let after = &text[words[at + 1].0..words[at + 1].1];
                let start = text[..words[first].0].chars().count() as f64;
                let excess = (place - start - LINE as f64).max(0.0);
                let rest = (total as f64 - place - (LINE * (wanted - line)) as f64).max(0.0);
                (place - aim).abs() + cut_cost(before, after) + 10.0 * (excess + rest)
            };
            cost(one).total_cmp(&cost(other))
        });
        let Some(best) = best else { break };
        breaks.push(words[best].1);
        first = best + 1;
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_cut_near_the_dutch_cut_and_not_behind_an_article() {
        let text = "Next year the harbour will be completely rebuilt by the province.";
        let rooms = [
            CueRoom {
                seconds: 2.4,
                share: 0.2,
            },
            CueRoom {
                seconds: 6.0,
                share: 1.0,
            },
        ];
        let cut = cues(text, &rooms);
        let parts: Vec<&str> = cut.iter().map(|&(from, to)| &text[from..to]).collect();
        // `the` stands nearest to a fifth of the text.
        assert_eq!(
            parts,
            [
                "Next year",
                "the harbour will be completely rebuilt by the province."
            ]
        );
    }

    #[test]
    fn words_go_where_there_is_time_to_read_them() {
        let text = "one two three four five six seven eight nine ten eleven twelve";
        let room = |seconds, share| CueRoom { seconds, share };
        let even = cues(text, &[room(5.0, 0.5), room(5.0, 1.0)]);
        let hurried = cues(text, &[room(0.5, 0.5), room(5.0, 1.0)]);
        assert!(hurried[0].1 < even[0].1, "{hurried:?} {even:?}");
        assert!(hurried[0].1 > 0, "each cue gets a word");
    }

    #[test]
    fn fewer_words_than_cues_leave_the_last_ones_empty() {
        let room = CueRoom {
            seconds: 1.0,
            share: 0.5,
        };
        assert_eq!(cues("Yes.", &[room, room]), [(0, 4), (4, 4)]);
    }

    #[test]
    fn long_cues_have_two_lines_of_about_the_same_length() {
        let text = "The money comes from the province, the city and the port company itself.";
        let breaks = lines(text, 2);
        assert_eq!(breaks.len(), 1);
        assert_eq!(&text[..breaks[0]], "The money comes from the province,");
        assert!(lines("Short enough for a line.", 2).is_empty());
    }
}
