//! A model's answer while it is being written: segments that are complete are handed over, and a
//! model that repeats itself is stopped.

use super::draft_checks::longest_translation;
use super::{Error, Request, StreamEvent, StreamSink, prompt};

/// Bytes that must be one and the same piece over and over before a model counts as repeating
/// itself.
const REPEATED_BYTES: usize = 60;
/// The same within a model's thoughts, which weigh one thing several times.
const REPEATED_THOUGHT_BYTES: usize = 400;
/// Copies of the piece at least.
const REPEATED_TIMES: usize = 3;
/// Bytes that arrive between two looks at the end of the answer.
const LOOK_EVERY: usize = 16;

/// How the segments of an answer are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AnswerLayout {
    /// JSON objects with `id` and `en`.
    Json,
    /// Lines such as `[[3]] Yes.`
    Lines,
    /// The whole answer is one text.
    Whole,
}

/// The answer so far.
pub(super) struct ModelAnswer<'a> {
    /// The request; none for an answer without segments.
    request: Option<&'a Request<'a>>,
    sink: &'a StreamSink<'a>,
    layout: AnswerLayout,
    /// Name of the layout, for the notes of drafts.
    rung: &'static str,
    content: String,
    /// Bytes of the content that were looked at for segments.
    scanned: usize,
    /// Where the objects begin that are not closed yet.
    open: Vec<usize>,
    is_in_string: bool,
    is_escaped: bool,
    /// Segments handed over.
    segments: usize,
    /// Where the segment that is being written begins.
    begins: usize,
    /// Length of the content at the last look at its end.
    looked: usize,
}

impl<'a> ModelAnswer<'a> {
    /// An answer with the segments of a request.
    pub(super) fn new(
        request: &'a Request<'a>,
        sink: &'a StreamSink<'a>,
        layout: AnswerLayout,
        rung: &'static str,
    ) -> Self {
        Self {
            request: Some(request),
            rung,
            layout,
            ..Self::plain(sink)
        }
    }

    /// An answer without segments.
    pub(super) fn plain(sink: &'a StreamSink<'a>) -> Self {
        Self {
            request: None,
            sink,
            layout: AnswerLayout::Whole,
            rung: "",
            content: String::new(),
            scanned: 0,
            open: Vec::new(),
            is_in_string: false,
            is_escaped: false,
            segments: 0,
            begins: 0,
            looked: 0,
        }
    }

    /// Reports that the request sets out.
    pub(super) fn begin(&self) {
        (self.sink)(StreamEvent::Begun);
    }

    /// Everything so far.
    pub(super) fn content(&self) -> &str {
        &self.content
    }

    /// The error of a line that cannot be read: at the beginning it is not a stream at all, later
    /// it was broken off.
    pub(super) fn broken_line(&self, engine: &'static str) -> Error {
        let what = "a line of its answer is not valid JSON".to_owned();
        if self.content.is_empty() {
            Error::Protocol { engine, what }
        } else {
            Error::Network { engine, what }
        }
    }

    /// Counts a token that is not part of the answer, such as a thought.
    pub(super) fn aside(&self) {
        (self.sink)(StreamEvent::Token);
    }

    /// Takes the next piece.
    ///
    /// Errors: [`Error::Runaway`] for the segment that does not end.
    pub(super) fn push(&mut self, piece: &str) -> Result<(), Error> {
        self.content.push_str(piece);
        (self.sink)(StreamEvent::Token);
        let is_thought = self.is_thought();
        if !is_thought {
            match self.layout {
                AnswerLayout::Json => self.scan_objects(),
                AnswerLayout::Lines => self.scan_lines(),
                AnswerLayout::Whole => {}
            }
        }
        if self.content.len() >= self.looked + LOOK_EVERY {
            self.looked = self.content.len();
            self.stop_if_endless(is_thought)?;
        }
        Ok(())
    }

    /// Whether the model is still thinking; a thought is not a segment.
    fn is_thought(&mut self) -> bool {
        if self.scanned > 0 || !self.content.trim_start().starts_with("<think>") {
            return false;
        }
        if let Some(at) = self.content.find("</think>") {
            self.scanned = at + "</think>".len();
            self.begins = self.scanned;
        }
        self.scanned == 0
    }

    /// Hands over every object that is closed by now.
    fn scan_objects(&mut self) {
        for at in self.scanned..self.content.len() {
            let byte = self.content.as_bytes()[at];
            if self.is_in_string {
                match byte {
                    _ if self.is_escaped => self.is_escaped = false,
                    b'\\' => self.is_escaped = true,
                    b'"' => self.is_in_string = false,
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.is_in_string = !self.open.is_empty(),
                b'{' => self.open.push(at),
                b'}' => {
                    if let Some(start) = self.open.pop()
                        && let Ok(value) = serde_json::from_str(&self.content[start..=at])
                        && let Some((id, text)) = prompt::segment(&value)
                    {
                        self.hand_over(id, &text, at + 1);
                    }
                }
                _ => {}
            }
        }
        // While nothing was read, a thought may still begin.
        if !"<think>".starts_with(self.content.trim_start()) {
            self.scanned = self.content.len();
        }
    }

    /// Hands over every line that has ended.
    fn scan_lines(&mut self) {
        while let Some(length) = self.content[self.scanned..].find('\n') {
            let end = self.scanned + length + 1;
            let found = prompt::numbered(&self.content[self.scanned..end]);
            self.scanned = end;
            if let Some((id, text)) = found {
                self.hand_over(id, &text, end);
            }
        }
    }

    fn hand_over(&mut self, id: u32, text: &str, end: usize) {
        let draft = (self.request).and_then(|request| prompt::draft(id, text, request, self.rung));
        if let Some(draft) = draft {
            self.segments += 1;
            self.begins = end;
            (self.sink)(StreamEvent::Draft(Box::new(draft)));
        }
    }

    /// Ends the answer where the model repeats itself, or writes far more than a translation has.
    fn stop_if_endless(&self, is_thought: bool) -> Result<(), Error> {
        let tail = &self.content[self.begins..];
        let item = self.request.and_then(|r| r.items.get(self.segments));
        let runaway = |what: &str| {
            Err(Error::Runaway {
                id: item.map_or(0, |item| item.id),
                what: what.to_owned(),
            })
        };
        let least = if is_thought {
            REPEATED_THOUGHT_BYTES
        } else {
            REPEATED_BYTES
        };
        let repeats_too =
            item.is_some_and(|item| is_repeating(&item.text.plain, REPEATED_BYTES / 2));
        if !repeats_too && is_repeating(tail, least) {
            return runaway("it repeats itself");
        }
        // Beside the text there are marks, escapes and the frame of the answer.
        let is_too_long = |source: usize| tail.chars().count() > 2 * longest_translation(source);
        match item {
            Some(item) if !is_thought && is_too_long(item.text.plain.chars().count()) => {
                runaway("it writes far more than a translation has")
            }
            _ => Ok(()),
        }
    }
}

/// Whether a text ends in at least `least` bytes that are one piece over and over, three times or
/// more.
fn is_repeating(text: &str, least: usize) -> bool {
    let bytes = text.as_bytes();
    (1..=bytes.len() / REPEATED_TIMES).any(|period| {
        let length = (REPEATED_TIMES * period).max(least.next_multiple_of(period));
        let Some(start) = bytes.len().checked_sub(length) else {
            return false;
        };
        let end = &bytes[start..];
        end[period..] == end[..length - period]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitext::LangPair;
    use crate::engine::Item;
    use std::sync::Mutex;

    fn items() -> Vec<Item> {
        let texts = ["Ja, zeker.", "Er zijn 12 huizen.", "Nee."];
        let item = |(id, text): (usize, &&str)| Item {
            id: id as u32 + 4,
            text: (*text).into(),
            terms: Vec::new(),
        };
        texts.iter().enumerate().map(item).collect()
    }

    /// Id and text of a segment, with the characters that were read until then.
    type HandedOver = (u32, String, usize);

    /// The segments that were handed over.
    fn handed_over(layout: AnswerLayout, answer: &str) -> (Vec<HandedOver>, Result<(), Error>) {
        let items = items();
        let items: Vec<&Item> = items.iter().collect();
        let pair = LangPair::default();
        let request = Request {
            pair: &pair,
            items: &items,
            before: "",
            after: "",
            own_glossary: true,
        };
        let seen = Mutex::new((0, Vec::new()));
        let sink = |event: StreamEvent| {
            let mut seen = seen.lock().unwrap();
            match event {
                StreamEvent::Begun => {}
                StreamEvent::Token => seen.0 += 1,
                StreamEvent::Draft(draft) => {
                    let tokens = seen.0;
                    seen.1.push((draft.id, draft.text.plain, tokens));
                }
            }
        };
        let mut model = ModelAnswer::new(&request, &sink, layout, "test");
        let mut result = Ok(());
        for c in answer.chars() {
            result = model.push(&c.to_string());
            if result.is_err() {
                break;
            }
        }
        drop(model);
        (seen.into_inner().unwrap().1, result)
    }

    #[test]
    fn a_segment_is_handed_over_when_it_is_complete() {
        let thought = "<think>{\"id\":4,\"en\":\"no\"}</think>";
        let first = "```json\n{\"translations\":[{\"id\":4,\"en\":\"Yes, \\\"{sure}\\\".\"}";
        let second = ",{\"en\":\"12 houses.\",\"id\":\"5\"}";
        let other = ",{\"id\":9,\"en\":\"x\"}]}";
        let answer = [thought, first, second, other].concat();
        let (drafts, result) = handed_over(AnswerLayout::Json, &answer);
        assert_eq!(result, Ok(()));
        let read = thought.len() + first.len();
        assert_eq!(
            drafts,
            [
                (4, "Yes, \"{sure}\".".to_owned(), read),
                (5, "12 houses.".to_owned(), read + second.len())
            ]
        );
        let (drafts, _) = handed_over(AnswerLayout::Lines, "[[4]] Yes.\n[[5]] Twelve");
        assert_eq!(drafts, [(4, "Yes.".to_owned(), 11)]);
    }

    #[test]
    fn a_model_that_repeats_itself_is_stopped_at_its_segment() {
        let head = r#"{"translations":[{"id":4,"en":"Yes."},{"id":5,"en":""#;
        let words = (0..2_000).fold(String::new(), |all, n| format!("{all} {n}"));
        // A sentence, white space in place of an end, and words that come to none.
        for rest in ["There are 12 houses. ".repeat(40), " ".repeat(200), words] {
            let (drafts, result) = handed_over(AnswerLayout::Json, &format!("{head}{rest}"));
            assert_eq!(drafts.len(), 1);
            assert!(
                matches!(result, Err(Error::Runaway { id: 5, .. })),
                "{result:?}"
            );
        }
        let calm = "Nee, nee, nee, zei hij, en nog eens nee.";
        assert!(!is_repeating(calm, REPEATED_BYTES));
        assert!(is_repeating("ha, ha, ha, ha, ", 8));
    }
}
