//! Text into sentences, without losing a byte.
//!
//! [`Splitter::segments`] cuts running text, lines and paragraphs first; [`split`] cuts the blocks of a document into units. Segments and the
//! gaps between them, put together, are the text.

mod data;
mod lines;
mod rules;

pub use rules::Candidate;

use crate::bitext::{Document, Lang, Place, Role, Span, State, Unit};
use data::Language;
use rules::Sentences;

/// Why a splitter cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file of language data is wrong.
    #[error("{what}")]
    Data {
        /// What is wrong.
        what: String,
        /// Where.
        place: Box<Place>,
    },
}

/// What a single line end means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Newlines {
    /// The end of a segment, unless the text is visibly wrapped.
    #[default]
    Auto,
    /// Always the end of a segment.
    Hard,
    /// White space.
    Soft,
}

/// What happens inside quotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Quotes {
    /// Sentences inside a quotation are segments of their own.
    #[default]
    Split,
    /// A quotation is never cut.
    Keep,
}

/// How text is cut.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What a single line end means.
    pub newlines: Newlines,
    /// What happens inside quotations.
    pub quotes: Quotes,
    /// Further language data: (name for messages, TOML text), merged in this order.
    pub data: Vec<(String, String)>,
}

/// Cuts the text of one language.
#[derive(Debug, Clone)]
pub struct Splitter {
    /// The tables; none for a language without data, which is cut by UAX #29.
    language: Option<Language>,
    options: Options,
}

impl Splitter {
    /// Builds a splitter from the tables that are compiled in and the user's files.
    ///
    /// Errors: [`Error::Data`] for a user's file that is wrong.
    pub fn new(lang: &Lang, options: &Options) -> Result<Self, Error> {
        let mut language = Language::built_in(&lang.base()).transpose()?;
        if !options.data.is_empty() {
            let tables = language.get_or_insert_with(Language::default);
            for (name, text) in &options.data {
                tables.merge(name, text)?;
            }
        }
        Ok(Self {
            language,
            options: options.clone(),
        })
    }

    /// Cuts running text. The ranges ascend, do not overlap, lie on character boundaries, and leave only gaps: white space,
    /// zero-width characters, list bullets. Empty text has no segment.
    pub fn segments(&self, text: &str) -> Vec<Span> {
        let mut out = Vec::new();
        self.walk(text, &mut out, &mut |_| {});
        out
    }

    /// Every place where a sentence might have ended, with the rule that decided.
    pub fn explain(&self, text: &str) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        self.walk(text, &mut Vec::new(), &mut |candidate| {
            candidates.push(candidate);
        });
        candidates
    }

    /// Cuts the text of one block, in which line ends are white space.
    pub fn block(&self, text: &str, role: Role) -> Vec<Span> {
        let mut out = Vec::new();
        match role {
            Role::Byline | Role::Dateline => {
                let start = text.len() - text.trim_start_matches(rules::is_gap).len();
                let end = text.trim_end_matches(rules::is_gap).len();
                if end > start {
                    out.push(Span::new(start, end));
                }
            }
            _ => self.paragraph(text, 0, &mut out, &mut |_| {}),
        }
        out
    }

    fn walk(&self, text: &str, out: &mut Vec<Span>, each: &mut dyn FnMut(Candidate)) {
        for paragraph in lines::paragraphs(text, self.options.newlines) {
            let skip = lines::bullet(paragraph.of(text));
            let start = paragraph.start + skip;
            self.paragraph(&text[start..paragraph.end], start, out, each);
        }
    }

    fn paragraph(
        &self,
        text: &str,
        base: usize,
        out: &mut Vec<Span>,
        each: &mut dyn FnMut(Candidate),
    ) {
        if let Some(language) = &self.language {
            let sentences = Sentences {
                language,
                split_quotes: self.options.quotes == Quotes::Split,
            };
            sentences.cut(text, base, out, each);
            return;
        }
        use unicode_segmentation::UnicodeSegmentation;
        let mut start = 0;
        for sentence in text.split_sentence_bounds() {
            let lead = sentence.len() - sentence.trim_start_matches(rules::is_gap).len();
            let length = sentence.trim_end_matches(rules::is_gap).len();
            if length > lead {
                out.push(Span::new(base + start + lead, base + start + length));
            }
            start += sentence.len();
        }
    }
}

/// Cuts the blocks of a document into units: `b4.s1` is the first segment of block 4.
pub fn split(document: &Document, splitter: &Splitter) -> Vec<Unit> {
    let mut units = Vec::new();
    for block in &document.blocks {
        let segments = splitter.block(&block.text.plain, block.role);
        let pieces = block.text.cut(&segments);
        for (index, &within) in segments.iter().enumerate() {
            units.push(Unit {
                id: format!("b{}.s{}", block.number, index + 1),
                block: block.number,
                role: block.role,
                source: pieces[2 * index + 1].clone(),
                within,
                source_span: Some(block.map.span(within)),
                state: State::Untranslated,
                ..Unit::default()
            });
        }
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(lang: &str, text: &str) -> Vec<String> {
        Splitter::new(&Lang::new(lang), &Options::default())
            .unwrap()
            .segments(text)
            .into_iter()
            .map(|span| span.of(text).to_owned())
            .collect()
    }

    /// Sentences are written with `|` where they end.
    fn check(lang: &str, marked: &str) {
        let text = marked.replace('|', " ");
        let wanted: Vec<&str> = marked.split('|').collect();
        assert_eq!(cut(lang, &text), wanted);
    }

    #[test]
    fn dutch_sentences_end_where_they_end() {
        for marked in [
            "Drs. J. de Wit sprak om 10.30 uur.|\"Dat klopt\", zei hij.",
            "De prijs steeg met 2,5 procent tot 1.300 euro.|Daarna daalde hij.",
            "Hij woont o.a. in Gent en kent dhr. Bos en mevr. A.B. Visser.|Zij niet.",
            "‘Ik kom niet terug.’|Hij zweeg.",
            "“Hoe kan dat?” vroeg ze.|Niemand wist het.",
            "Ze kochten appels, peren, enz.|Daarna gingen ze naar huis.",
            "Op 3 jan. 2024 begon het.|Het eindigde in sept. van dat jaar.",
            "Het bedrijf verhuisde in de jaren 90.|’s Avonds was het er stil.",
            "Plan B.|Er was geen plan B.|Dat bleek later.",
            "Verdachte Karim T. zweeg.|De officier eiste acht jaar tegen Karim T.|Hij gaat in beroep.",
            "Yahoo! Nederland sluit.|Echt waar!|Nu al...|Morgen meer.",
            "Zie art. 5 en blz. 12 e.v.|De rechter las nr. 4 niet.",
            "De man (‘Wat een dag!’) lachte.|Daarna niet meer.",
            "Kijk op nu.nl of mail j.jansen@krant.nl.|Bel anders.",
        ] {
            check("nl", marked);
        }
    }

    #[test]
    fn english_sentences_end_where_they_end() {
        for marked in [
            "Mr. Smith lives in Washington, D.C.|He met Sen. Jones at 5 p.m. on Jan. 6 there.",
            "“Are you ready?” Smith asked.|Nobody was.",
            "The U.S. economy grew 2.5 percent.|That was more than expected.",
        ] {
            check("en", marked);
        }
    }

    #[test]
    fn lines_part_unless_the_text_is_wrapped() {
        assert_eq!(
            cut(
                "nl",
                "Storm op komst\nDoor Anna Bos\n\n- een punt\n- nog een punt\n"
            )
            .len(),
            4
        );
        assert_eq!(
            cut("nl", "De kustwacht heeft de hele dag gezocht naar een boot die in de\nstorm was verdwenen.\n\nKlaar.\n").len(),
            2
        );
    }

    proptest::proptest! {
        #[test]
        fn segments_and_gaps_are_the_text(text in "[a-zA-Z0-9 .!?…\n\r,'’‘“”\"()\\[\\]é\u{200b}\u{a0}-]{0,80}|\\PC{0,40}") {
            for lang in ["nl", "en", "fr"] {
                let splitter = Splitter::new(&Lang::new(lang), &Options::default()).unwrap();
                let mut at = 0;
                for span in splitter.segments(&text) {
                    proptest::prop_assert!(span.start >= at && span.end > span.start);
                    proptest::prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                    let gap = &text[at..span.start];
                    proptest::prop_assert!(gap.chars().all(|c| rules::is_gap(c) || "-*•–—▪◦‣·".contains(c)));
                    at = span.end;
                }
                proptest::prop_assert!(text[at..].chars().all(|c| rules::is_gap(c) || "-*•–—▪◦‣·".contains(c)), "{:?}", &text[at..]);
            }
        }
    }
}
