//! A run of text: a plain string, and the inline codes that stand beside it by byte offset.
//!
//! Markup never enters the string. `Lees <b>alles</b>.` is the plain string `Lees alles.` with an
//! opening code at byte 5 and a closing one at byte 10, so that segmenting, matching and checking
//! see what a person reads.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;
use thin_vec::ThinVec;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A half-open range of UTF-8 bytes; in JSON `[start,end]`.
///
/// ```
/// use overzet::bitext::Span;
///
/// let span = Span::new(3, 9);
/// assert_eq!(span.of("In Koersk is het stil."), "Koersk");
/// assert!(span.overlaps(Span::new(8, 12)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    #[inline]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    #[inline]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers no byte.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether the two ranges share a byte.
    #[inline]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether `other` is wholly inside.
    #[inline]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The part of `text` that this range names. The range must lie on character boundaries of
    /// `text`.
    #[inline]
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether the range is in `text`, on character boundaries.
    pub fn fits(self, text: &str) -> bool {
        self.start <= self.end && text.get(self.start..self.end).is_some()
    }

    /// The same range, moved right by `by` bytes.
    pub const fn shifted(self, by: usize) -> Self {
        Self::new(self.start + by, self.end + by)
    }
}

impl Serialize for Span {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.start, self.end).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (start, end) = <(usize, usize)>::deserialize(deserializer)?;
        if end < start {
            return Err(serde::de::Error::custom("a span ends before it starts"));
        }
        Ok(Self { start, end })
    }
}

/// What an inline code does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeKind {
    /// Opens a stretch, like `<b>` or the first `**`.
    Open,
    /// Closes the stretch that the code with the same id opened.
    Close,
    /// Stands alone, like `<br>`, an image, or a whole protected `` `code span` ``.
    Empty,
}

/// Inline markup at a position of the plain string.
///
/// TMX `bpt`/`ept`/`ph`, XLIFF 1.2 `bpt`/`ept`/`ph`, XLIFF 2 `pc`/`sc`/`ec`/`ph`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Code {
    /// Byte offset in the plain string before which the code stands.
    pub at: usize,
    /// Number within the block, from 1; the two codes of a pair share it.
    pub id: u32,
    /// Opens, closes or stands alone.
    pub kind: CodeKind,
    /// The markup itself, byte for byte, as it stands in the file.
    pub data: String,
    /// What a person calls it: `b`, `a`, `code`, `br`, `image`.
    pub label: String,
}

impl Code {
    /// A code without a name for people.
    pub fn new(at: usize, id: u32, kind: CodeKind, data: impl Into<String>) -> Self {
        Self {
            at,
            id,
            kind,
            data: data.into(),
            label: String::new(),
        }
    }

    /// Whether the code has a width: a line break, a tab, several spaces, a
    /// control character.
    ///
    /// A break is a space for everything that reads words, so every reader of a format puts a space
    /// into the plain text at a break where none stands, and every writer leaves that space out:
    /// `in<br>Delft` is the plain text `in Delft` with the code before the space. Offsets of the
    /// plain text need no second map for it.
    pub fn is_break(&self) -> bool {
        matches!(self.label.as_str(), "br" | "tab" | "cp" | "spaces")
    }
}

/// A plain string with its inline codes.
///
/// Invariant: codes are sorted by `at`, in their order of appearance where several share an offset,
/// and every `at` is a character boundary of `plain`, at most `plain.len()`.
///
/// ```
/// use overzet::bitext::{Code, CodeKind, Text};
///
/// // `Lees <b>alles</b>`: markup never enters the string.
/// let mut text = Text::from("Lees alles");
/// for (at, kind, data) in [(5, CodeKind::Open, "<b>"), (10, CodeKind::Close, "</b>")] {
///     text.codes.push(Code::new(at, 1, kind, data));
/// }
/// // Codes move along with the text.
/// text.replace(overzet::bitext::Span::new(0, 4), "Bekijk");
/// assert_eq!(text.plain, "Bekijk alles");
/// assert_eq!((text.codes[0].at, text.codes[1].at), (7, 12));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Text {
    /// What a person reads.
    pub plain: String,
    /// Markup beside it.
    #[serde(default, skip_serializing_if = "ThinVec::is_empty")]
    pub codes: ThinVec<Code>,
}

impl From<&str> for Text {
    fn from(plain: &str) -> Self {
        Self {
            plain: plain.to_owned(),
            codes: ThinVec::new(),
        }
    }
}

impl From<String> for Text {
    fn from(plain: String) -> Self {
        Self {
            plain,
            codes: ThinVec::new(),
        }
    }
}

impl Text {
    /// Whether there is neither text nor a code.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.codes.is_empty()
    }

    /// Appends `other`, its codes behind those that stand here.
    pub fn push(&mut self, other: &Self) {
        let by = self.plain.len();
        self.plain.push_str(&other.plain);
        self.codes
            .extend(other.codes.iter().cloned().map(|mut code| {
                code.at += by;
                code
            }));
    }

    /// Cuts the text at the segments and gives every piece, gaps included: gap, segment, gap, …,
    /// segment, gap.
    ///
    /// Shape: `segments` are ascending, do not overlap and lie on character boundaries; the answer
    /// has `2 * segments.len() + 1` pieces, and put together they are this text, codes included. A
    /// code on the border between a gap and a segment goes with the segment where it opens
    /// something that starts there or closes something that ends there.
    pub fn cut(&self, segments: &[Span]) -> Vec<Self> {
        let mut pieces = Vec::with_capacity(2 * segments.len() + 1);
        let mut bounds = Vec::with_capacity(2 * segments.len() + 2);
        bounds.push(0);
        for segment in segments {
            bounds.push(segment.start);
            bounds.push(segment.end);
        }
        bounds.push(self.plain.len());
        let mut next = 0;
        for (index, pair) in bounds.windows(2).enumerate() {
            let (start, end) = (pair[0], pair[1]);
            let last = index + 2 == bounds.len();
            let is_segment = index % 2 == 1;
            let mut codes = ThinVec::new();
            while let Some(code) = self.codes.get(next) {
                let inside = code.at < end
                    || last
                    || (code.at == end
                        && if is_segment {
                            code.kind != CodeKind::Open
                        } else {
                            code.kind == CodeKind::Close && code.at > start
                        });
                if !inside {
                    break;
                }
                codes.push(Code {
                    at: code.at - start,
                    ..code.clone()
                });
                next += 1;
            }
            pieces.push(Self {
                plain: self.plain[start..end].to_owned(),
                codes,
            });
        }
        pieces
    }

    /// The codes as a sorted multiset of (id, kind), the measure of law (d).
    pub fn code_set(&self) -> Vec<(u32, CodeKind)> {
        let mut set: Vec<_> = self.codes.iter().map(|code| (code.id, code.kind)).collect();
        set.sort_unstable();
        set
    }

    /// The digest of the content that engines and memories see: blake3 over the plain string in
    /// NFC and the place, id and kind of every code.
    ///
    /// This is the one definition of "the same text". The markup of a code (its `data` and `label`)
    /// is not a part of it, on purpose: it never reaches an engine, so a changed link address does
    /// not cost a sentence, and a sentence that stands twice with two addresses is sent once.
    /// Whoever gives a text to a unit puts in the markup of that unit with
    /// [`Text::with_markup_of`], so that every unit keeps its own address.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut hasher = blake3::Hasher::new();
        self.feed(&mut hasher);
        *hasher.finalize().as_bytes()
    }

    /// Adds the parts of [`Text::fingerprint`] to a hasher.
    pub(crate) fn feed(&self, hasher: &mut blake3::Hasher) {
        let is_nfc = is_nfc_quick(self.plain.chars()) == IsNormalized::Yes;
        if is_nfc {
            feed(hasher, self.plain.as_bytes());
        } else {
            feed(hasher, self.plain.nfc().collect::<String>().as_bytes());
        }
        for code in &self.codes {
            let at = if is_nfc {
                code.at
            } else {
                self.plain[..code.at].nfc().map(char::len_utf8).sum()
            };
            feed(hasher, &(at as u64).to_le_bytes());
            feed(hasher, &code.id.to_le_bytes());
            feed(hasher, &[code.kind as u8]);
        }
    }

    /// This text with a space in the place of every byte of a line end, as it is sent: engines cut
    /// a text at its line ends, or drop them.
    #[must_use]
    pub fn on_one_line(&self) -> Self {
        Self {
            plain: self.plain.replace(['\n', '\r'], " "),
            codes: self.codes.clone(),
        }
    }

    /// This text without halves of pairs that `source` has whole: an engine lost the other half, and
    /// markup that opens and never closes would change all that follows.
    #[must_use]
    pub fn whole_pairs(&self, source: &Self) -> Cow<'_, Self> {
        if self.codes.iter().all(|code| code.kind == CodeKind::Empty) {
            return Cow::Borrowed(self);
        }
        let pairs_of_source: Vec<u32> = std::iter::zip(&source.codes, source.in_pairs())
            .filter_map(|(code, is_paired)| is_paired.then_some(code.id))
            .collect();
        let stays: Vec<bool> = std::iter::zip(&self.codes, self.in_pairs())
            .map(|(code, is_paired)| {
                is_paired || code.kind == CodeKind::Empty || !pairs_of_source.contains(&code.id)
            })
            .collect();
        if stays.iter().all(|stays| *stays) {
            return Cow::Borrowed(self);
        }
        let mut whole = self.clone();
        let mut stays = stays.into_iter();
        whole.codes.retain(|_| stays.next() == Some(true));
        Cow::Owned(whole)
    }

    /// Whether each code is half of a pair that stands here whole: a closing code belongs to the
    /// last opening one of its number before it that is still open.
    fn in_pairs(&self) -> Vec<bool> {
        let mut paired = vec![false; self.codes.len()];
        let mut open: Vec<usize> = Vec::new();
        for (index, code) in self.codes.iter().enumerate() {
            match code.kind {
                CodeKind::Open => open.push(index),
                CodeKind::Close => {
                    let own = |&opened: &usize| self.codes[opened].id == code.id;
                    if let Some(at) = open.iter().rposition(own) {
                        paired[open.remove(at)] = true;
                        paired[index] = true;
                    }
                }
                CodeKind::Empty => {}
            }
        }
        paired
    }

    /// This text with the markup that `source` has for the same codes; other codes stay as they
    /// are.
    #[must_use]
    pub fn with_markup_of(mut self, source: &Self) -> Self {
        // The first of each id and kind counts.
        let own = source.codes.iter().rev();
        let own: HashMap<_, _> = own.map(|code| ((code.id, code.kind), code)).collect();
        for code in &mut self.codes {
            if let Some(Code { data, label, .. }) = own.get(&(code.id, code.kind)) {
                code.data.clone_from(data);
                code.label.clone_from(label);
            }
        }
        self
    }

    /// Replaces the bytes of `span` by `with` and moves the codes behind; codes inside the span end
    /// up behind the new text's start.
    ///
    /// The span must lie on character boundaries.
    pub fn replace(&mut self, span: Span, with: &str) {
        self.plain.replace_range(span.start..span.end, with);
        for code in &mut self.codes {
            if code.at >= span.end {
                code.at = code.at - span.len() + with.len();
            } else if code.at > span.start {
                code.at = span.start + with.len();
            }
        }
    }
}

/// Adds a part to a hasher, its length first, so that no two lists of parts have the same bytes.
pub(crate) fn feed(hasher: &mut blake3::Hasher, part: &[u8]) {
    hasher.update(&(part.len() as u64).to_le_bytes());
    hasher.update(part);
}

/// Where the bytes of a plain string stand in a file: piecewise linear, by break points.
///
/// Invariant: both columns ascend. Between two points the distance is that of the plain string,
/// except that the last bytes of a piece may stand for more (an entity, a code between two words).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OffsetMap {
    /// `(plain, file)`: from this plain offset on, bytes stand at this file offset and behind it,
    /// one for one.
    points: Vec<(usize, usize)>,
    /// Where the last byte of the text ends: `(plain, file)`.
    end: (usize, usize),
}

impl OffsetMap {
    /// A map for a string that stands in the file as it is, from `file` on.
    pub fn linear(file: usize, len: usize) -> Self {
        Self {
            points: vec![(0, file)],
            end: (len, file + len),
        }
    }

    /// Says that the plain offset `plain` stands at `file`; calls come in ascending order.
    pub fn point(&mut self, plain: usize, file: usize) {
        if let Some(&(p, f)) = self.points.last() {
            if p == plain {
                self.points.pop();
            } else if plain - p == file - f {
                return;
            }
        }
        self.points.push((plain, file));
    }

    /// The same map for bytes that moved from file offset `from` to `to`.
    pub fn moved(&self, from: usize, to: usize) -> Self {
        let shift = |file: usize| (file + to).saturating_sub(from);
        Self {
            points: self.points.iter().map(|&(p, f)| (p, shift(f))).collect(),
            end: (self.end.0, shift(self.end.1)),
        }
    }

    /// The same map where every file offset became another. `moved` is called with ascending
    /// offsets.
    #[must_use]
    pub fn mapped(&self, mut moved: impl FnMut(usize) -> usize) -> Self {
        Self {
            points: self.points.iter().map(|&(p, f)| (p, moved(f))).collect(),
            end: (self.end.0, moved(self.end.1)),
        }
    }

    /// Says where the text ends.
    pub fn finish(&mut self, plain: usize, file: usize) {
        self.end = (plain, file);
    }

    /// The file offset at which the plain byte at `plain` begins.
    pub fn start(&self, plain: usize) -> usize {
        if plain >= self.end.0 {
            return self.end.1;
        }
        let index = self.points.partition_point(|&(p, _)| p <= plain);
        match index.checked_sub(1).and_then(|i| self.points.get(i)) {
            Some(&(p, f)) => f + (plain - p),
            None => plain,
        }
    }

    /// The file range of a plain range: from where its first byte begins to where its last one
    /// ends.
    pub fn span(&self, plain: Span) -> Span {
        let start = self.start(plain.start);
        if plain.is_empty() {
            return Span::new(start, start);
        }
        if plain.end >= self.end.0 {
            return Span::new(start, self.end.1.max(start));
        }
        // The end of the last byte: codes that follow it are outside, an entity that it stands for
        // is inside.
        let index = self.points.partition_point(|&(p, _)| p < plain.end);
        let before = index
            .checked_sub(1)
            .and_then(|i| self.points.get(i))
            .map_or(plain.end, |&(p, f)| f + (plain.end - p));
        Span::new(start, before.max(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(at: usize, id: u32, kind: CodeKind) -> Code {
        Code {
            at,
            id,
            kind,
            data: String::new(),
            label: "b".into(),
        }
    }

    #[test]
    fn pieces_put_together_are_the_text() {
        let text = Text {
            plain: "Eén. Twee. ".into(),
            codes: thin_vec::thin_vec![
                code(0, 1, CodeKind::Open),
                code(5, 1, CodeKind::Close),
                code(6, 2, CodeKind::Open),
                code(11, 2, CodeKind::Close),
                code(12, 3, CodeKind::Empty),
            ],
        };
        let pieces = text.cut(&[Span::new(0, 5), Span::new(6, 11)]);
        assert_eq!(pieces.len(), 5);
        assert_eq!(pieces[1].codes.len(), 2);
        assert_eq!(pieces[3].codes.len(), 2);
        let mut whole = Text::default();
        for piece in &pieces {
            whole.push(piece);
        }
        assert_eq!(whole, text);
    }

    #[test]
    fn a_fingerprint_is_of_text_and_places_and_not_of_markup() {
        let text = |plain: &str, at, id, data: &str| Text {
            plain: plain.into(),
            codes: thin_vec::thin_vec![Code {
                data: data.into(),
                ..code(at, id, CodeKind::Empty)
            }],
        };
        let one = text("Eén brug", 4, 1, "<a>").fingerprint();
        assert_eq!(text("Eén brug", 4, 1, "<b>").fingerprint(), one);
        assert_eq!(text("Ee\u{301}n brug", 5, 1, "<a>").fingerprint(), one);
        for other in [
            text("Eén brug", 9, 1, "<a>"),
            text("Eén brug", 4, 2, "<a>"),
            text("Een brug", 4, 1, "<a>"),
            text("Ee\u{301}n brug", 4, 1, "<a>"),
            "Eén brug".into(),
        ] {
            assert_ne!(other.fingerprint(), one, "{other:?}");
        }
    }

    #[test]
    fn markup_comes_from_the_codes_of_the_same_id_and_kind() {
        let source = Text {
            plain: "Lees dit".into(),
            codes: thin_vec::thin_vec![
                Code {
                    data: "<a href=2>".into(),
                    ..code(0, 1, CodeKind::Open)
                },
                Code {
                    data: "</a>".into(),
                    ..code(8, 1, CodeKind::Close)
                },
            ],
        };
        let mut draft = source.clone();
        draft.codes[0].data = "<a href=1>".into();
        draft.codes.push(code(8, 7, CodeKind::Empty));
        let own = draft.with_markup_of(&source);
        let data: Vec<&str> = own.codes.iter().map(|c| c.data.as_str()).collect();
        assert_eq!(data, ["<a href=2>", "</a>", ""]);
    }

    #[test]
    fn half_of_a_lost_pair_falls_out_and_half_of_a_cut_one_stays() {
        let text = |codes: &[(usize, u32, CodeKind)]| Text {
            plain: "Lees dit".into(),
            codes: codes
                .iter()
                .map(|&(at, id, kind)| code(at, id, kind))
                .collect(),
        };
        let (open, close) = (CodeKind::Open, CodeKind::Close);
        let source = text(&[(0, 1, open), (4, 2, open), (8, 1, close)]);
        let target = text(&[(0, 1, open), (4, 2, open)]);
        assert_eq!(
            *target.whole_pairs(&source),
            text(&[(4, 2, CodeKind::Open)])
        );
        assert_eq!(*source.whole_pairs(&source), source);
        // A close before its open is not a pair; what stands twice is whole twice.
        let turned = text(&[(0, 1, close), (8, 1, open)]);
        assert_eq!(*turned.whole_pairs(&source), text(&[]));
        let twice = text(&[(0, 1, open), (2, 1, close), (4, 1, open), (8, 1, close)]);
        assert_eq!(*twice.whole_pairs(&source), twice);
    }

    #[test]
    fn replacing_moves_the_codes_behind() {
        let mut text = Text {
            plain: "in Kiev nu".into(),
            codes: thin_vec::thin_vec![code(3, 1, CodeKind::Open), code(7, 1, CodeKind::Close)],
        };
        text.replace(Span::new(3, 7), "Kyjiv!");
        assert_eq!(text.plain, "in Kyjiv! nu");
        assert_eq!((text.codes[0].at, text.codes[1].at), (3, 9));
    }

    #[test]
    fn offsets_follow_entities_and_codes() {
        // file: `A &amp; <b>B</b>`  plain: `A & B`
        let mut map = OffsetMap::default();
        map.point(0, 0);
        map.point(3, 7);
        map.point(4, 11);
        map.finish(5, 12);
        assert_eq!(map.span(Span::new(0, 5)), Span::new(0, 12));
        assert_eq!(map.span(Span::new(4, 5)), Span::new(11, 12));
        assert_eq!(map.start(2), 2);
    }
}
