//! One item on its way through the model: what is asked for it, and the draft that its answer makes.

use crate::bitext::{Doubt, Span};
use crate::engine::decoration::{StrippedText, strip};
use crate::engine::tag_placement::{LinkedSpans, place, word_links};
use crate::engine::{Draft, Item};
use crate::nmt;
use std::ops::Range;

/// Mean log-probability of a piece below which a form was written against the model's will: one in about 150.
const UNWILLING: f32 = -5.0;
/// Another wording is offered when the mean log-probability of its pieces is at most this much lower: three quarters of the answer's score.
const NEAR: f32 = 0.3;
/// A word is unsure when the second choice was nearly as good …
const CLOSE: f32 = 0.25;
/// … and the choice itself unlikely: at least three words were in question.
const UNLIKELY: f32 = -1.05;

/// An item on its way.
pub struct LocalJob<'a> {
    item: &'a Item,
    bare: StrippedText,
    /// What the model is asked.
    pub request: nmt::NmtRequest,
    /// For each term of the request its index in the item.
    terms: Vec<usize>,
    /// The English of a text that is a term and nothing else, as a byline may be; the model is not asked.
    whole: Option<String>,
}

impl<'a> LocalJob<'a> {
    pub fn new(item: &'a Item, alternatives: usize) -> Self {
        let bare = strip(&item.text, &item.terms);
        let mut request = nmt::NmtRequest::new(&bare.text);
        let mut terms = Vec::new();
        for (index, term) in item.terms.iter().enumerate() {
            let Some(span) = bare.inner(term.span).filter(|_| !term.forms.is_empty()) else {
                continue;
            };
            // `LONDEN – …`: a dateline follows its source.
            let shouted =
                !term.source.contains(char::is_lowercase) && bare.text.contains(&term.source);
            terms.push(index);
            request.terms.push(nmt::TermConstraint {
                source: span.start..span.end,
                forms: forms(&term.forms, shouted),
            });
        }
        let may = |ban: &str| {
            item.terms
                .iter()
                .flat_map(|term| &term.forms)
                .any(|form| contains(form, ban))
        };
        for ban in item
            .terms
            .iter()
            .flat_map(|term| &term.bans)
            .filter(|ban| !may(ban))
        {
            for ban in [ban.clone(), capital(ban)] {
                if !request.ban.contains(&ban) && !may(&ban) {
                    request.ban.push(ban);
                }
            }
        }
        request.nbest = if alternatives == 0 {
            0
        } else {
            alternatives + 1
        };
        let all = Span::new(0, bare.text.len());
        let whole = item
            .terms
            .iter()
            .find(|term| bare.inner(term.span) == Some(all))
            .and_then(|term| term.forms.first())
            .map(|form| {
                if bare.text.starts_with(char::is_uppercase) {
                    capital(form)
                } else {
                    form.clone()
                }
            });
        if whole.is_some() {
            request.text.clear();
        }
        Self {
            item,
            bare,
            request,
            terms,
            whole,
        }
    }

    /// The terms whose form was written though the model wanted something else: index in the item, and where the form stands in the answer.
    pub fn unwilling(&self, answer: &nmt::NmtAnswer) -> Vec<(usize, Range<usize>)> {
        let forced = self.forced(answer);
        let unlikely = |steps: &Range<usize>| {
            let pieces = answer.logprobs.get(steps.clone()).unwrap_or_default();
            pieces.iter().sum::<f32>() / (pieces.len().max(1) as f32) < UNWILLING
        };
        let found = forced.into_iter().filter(|(_, steps, _)| unlikely(steps));
        found.map(|(term, _, range)| (term, range)).collect()
    }

    /// The forms that were written for the model: index of the term in the item, steps, bytes of the answer.
    fn forced(&self, answer: &nmt::NmtAnswer) -> Vec<(usize, Range<usize>, Range<usize>)> {
        let kept = self.terms.iter().zip(&answer.constraints);
        kept.filter_map(|(&term, kept)| {
            let steps = kept.as_ref().filter(|kept| kept.forced)?.steps.clone();
            let spans = answer.target_spans.get(steps.clone())?;
            let range = spans.first()?.start..spans.last()?.end;
            let space = answer.target.get(range.clone())?.len()
                - answer.target[range.clone()].trim_start().len();
            Some((term, steps, range.start + space..range.end))
        })
        .collect()
    }

    /// Makes an answer fit to print: byte pieces may come out as control characters, which stand for nothing. Every byte stays where it is.
    pub fn tidied(&self, answer: &mut nmt::NmtAnswer) {
        let printable = |c: char| match (c.is_control(), c.len_utf8()) {
            (false, _) => c,
            (true, 1) => ' ',
            (true, _) => '\u{a0}',
        };
        answer.target = answer.target.chars().map(printable).collect();
        for other in &mut answer.nbest {
            other.target = other.target.chars().map(printable).collect();
        }
        self.cased(answer);
    }

    /// Gives forms that were written for the model a capital where a sentence begins, and none elsewhere but their own. Every byte stays where it is.
    pub fn cased(&self, answer: &mut nmt::NmtAnswer) {
        for (term, _, range) in self.forced(answer) {
            let before = answer.target[..range.start].trim_end_matches([' ', '"', '“', '‘']);
            let begins = before.is_empty() || before.ends_with(['.', '!', '?']);
            let form = &answer.target[range.clone()];
            let own = &self.item.terms[term].forms;
            let right = match own.iter().find(|own| *own == form || capital(own) == form) {
                Some(own) if begins => capital(own),
                Some(own) => own.clone(),
                None => continue,
            };
            if right.len() == form.len() {
                answer.target.replace_range(range, &right);
            }
        }
    }

    /// The draft of an answer; none for an empty one.
    pub fn draft(&self, answer: &nmt::NmtAnswer, free: Option<&nmt::NmtAnswer>) -> Option<Draft> {
        if let Some(form) = &self.whole {
            return Some(self.of_term(form));
        }
        if answer.target.trim().is_empty() {
            return None;
        }
        let lead = self.bare.lead();
        let there = |range: &Range<usize>| Span::new(range.start, range.end).shifted(lead);
        let linked: Vec<LinkedSpans> = answer
            .links
            .iter()
            .map(|link| LinkedSpans {
                source: self.bare.outer(&link.source),
                target: there(&link.target),
                weight: link.weight,
            })
            .collect();
        let placed = place(&self.item.text, &self.bare.restore(&answer.target), &linked);
        let mut doubts = self.doubts(answer);
        for doubt in &mut doubts {
            doubt.target = doubt.target.map(|span| placed.moved(span));
        }
        let spans: Vec<(Span, Span)> = linked
            .iter()
            .map(|link| (link.source, placed.moved(link.target)))
            .collect();
        let mut alternatives: Vec<String> = Vec::new();
        let near = |other: &&nmt::NmtAlternative| other.score >= answer.score() - NEAR;
        let others = free
            .map(|answer| &answer.target)
            .into_iter()
            .chain(answer.nbest.iter().filter(near).map(|other| &other.target));
        for other in others.filter(|other| **other != answer.target) {
            let other = self.bare.restore(other);
            if !alternatives.contains(&other) {
                alternatives.push(other);
            }
        }
        alternatives.truncate(self.request.nbest.saturating_sub(1));
        Some(Draft {
            links: word_links(&self.item.text.plain, &placed.text.plain, &spans),
            doubts,
            alternatives,
            score: Some(score(answer)),
            billed: Some(0),
            ..Draft::new(self.item.id, placed.text)
        })
    }

    /// The draft of a text that is a term and nothing else.
    fn of_term(&self, form: &str) -> Draft {
        let target = Span::new(0, form.len()).shifted(self.bare.lead());
        let linked = LinkedSpans {
            source: self.bare.outer(&(0..self.bare.text.len())),
            target,
            weight: 1.0,
        };
        let placed = place(&self.item.text, &self.bare.restore(form), &[linked]);
        let spans = [(linked.source, placed.moved(target))];
        Draft {
            links: word_links(&self.item.text.plain, &placed.text.plain, &spans),
            score: Some(1.0),
            billed: Some(0),
            ..Draft::new(self.item.id, placed.text)
        }
    }

    /// What the model was unsure of, in bytes of the item's text and of the dressed target.
    fn doubts(&self, answer: &nmt::NmtAnswer) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let unwilling = self.unwilling(answer);
        if let Some(first) = unwilling.first() {
            let forms: Vec<String> = unwilling
                .iter()
                .map(|(_, range)| format!("“{}”", &answer.target[range.clone()]))
                .collect();
            doubts.push(Doubt {
                source: Some(self.item.terms[first.0].span),
                why: format!("{}: written because the glossary requires it, where the model wanted something else", forms.join(", ")),
                ..Doubt::default()
            });
        }
        if answer.parts > 1 {
            doubts.push(Doubt {
                why: format!(
                    "too long for the model: translated in {} parts",
                    answer.parts
                ),
                ..Doubt::default()
            });
        }
        let (unsure, content) = unsure(answer);
        if unsure.len() >= 3 && 3 * unsure.len() > content {
            doubts.push(Doubt {
                why: format!(
                    "the model was unsure of {} of {content} words",
                    unsure.len()
                ),
                ..Doubt::default()
            });
        }
        doubts.extend(unsure.into_iter().map(|range| Doubt {
            target: Some(Span::new(range.start, range.end).shifted(self.bare.lead())),
            ..Doubt::default()
        }));
        doubts
    }
}

/// Geometric mean of the probabilities of the pieces, 0..=1; pieces that the glossary made the decoder write are left out.
fn score(answer: &nmt::NmtAnswer) -> f32 {
    let forced = |step: usize| {
        answer
            .constraints
            .iter()
            .flatten()
            .any(|kept| kept.forced && kept.steps.contains(&step))
    };
    let own: Vec<f32> = answer
        .logprobs
        .iter()
        .enumerate()
        .filter(|(step, _)| !forced(*step))
        .map(|(_, p)| *p)
        .collect();
    let mean = own.iter().sum::<f32>() / own.len().max(1) as f32;
    // The last bits of the platform's exponential function are not part of an answer.
    (mean.exp().clamp(0.0, 1.0) * 1e4).round() / 1e4
}

/// The content words of the target that the model was unsure of, and how many content words there are. Function words are left out: nobody reads a
/// sentence again for a comma or an article.
fn unsure(answer: &nmt::NmtAnswer) -> (Vec<Range<usize>>, usize) {
    let (mut found, mut content) = (Vec::new(), 0);
    for link in &answer.links {
        let Some(word) = answer.target.get(link.target.clone()) else {
            continue;
        };
        let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
        if letters < 4 && !word.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        content += 1;
        let steps = answer
            .target_spans
            .iter()
            .enumerate()
            .filter(|(_, span)| span.start < link.target.end && link.target.start < span.end);
        let mut least = (f32::INFINITY, 0.0_f32);
        for (step, _) in steps {
            let kept = answer
                .constraints
                .iter()
                .flatten()
                .any(|kept| kept.forced && kept.steps.contains(&step));
            if let (false, Some(&margin), Some(&probability)) =
                (kept, answer.margins.get(step), answer.logprobs.get(step))
            {
                least = (least.0.min(margin), least.1.min(probability));
            }
        }
        if least.0 < CLOSE && least.1 < UNLIKELY {
            found.push(link.target.clone());
        }
    }
    (found, content)
}

/// The forms that the decoder may write: as the desk has them, and as a sentence begins. Where the source has the term in capitals that are not its
/// own, in capitals too.
fn forms(forms: &[String], shouted: bool) -> Vec<String> {
    let mut all = forms.to_vec();
    for form in forms {
        let more = [capital(form)]
            .into_iter()
            .chain(shouted.then(|| form.to_uppercase()));
        for form in more {
            if !all.contains(&form) {
                all.push(form);
            }
        }
    }
    all
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// Whether a form contains another as words.
pub fn contains(form: &str, other: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    form.match_indices(other).any(|(start, found)| {
        !letter(form[..start].chars().next_back())
            && !letter(form[start + found.len()..].chars().next())
    })
}
