//! One item of a request to the local engine: the request to the model, and the draft from its
//! answer.

use crate::bitext::{Doubt, Span};
use crate::engine::decoration::{StrippedText, strip};
use crate::engine::tag_placement::{LinkedSpans, place, word_links};
use crate::engine::{Draft, Item};
use crate::nmt;
use std::ops::Range;

/// Mean log-probability of a forced form's pieces below which the model wanted another wording: a
/// probability of one in about 150.
const UNWILLING_MEAN_LOGPROB: f32 = -5.0;
/// Largest difference to the answer's mean log-probability at which another wording is offered:
/// three quarters of the answer's score.
const ALTERNATIVE_MAX_GAP: f32 = 0.3;
/// Margin (difference of two logits) below which a word may be unsure: the second choice was nearly
/// as good …
const UNSURE_MAX_MARGIN: f32 = 0.25;
/// … and log-probability below which it is: at least three words were in question.
const UNSURE_MAX_LOGPROB: f32 = -1.05;

/// An item between request and draft.
pub struct LocalJob<'a> {
    item: &'a Item,
    bare: StrippedText,
    /// The request to the model.
    pub request: nmt::NmtRequest,
    /// For each term of the request its index in the item.
    terms: Vec<usize>,
    /// The translation of a text that consists of one term, such as a byline; the model gets an
    /// empty text then.
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
            let all_caps =
                !term.source.contains(char::is_lowercase) && bare.text.contains(&term.source);
            terms.push(index);
            request.terms.push(nmt::TermConstraint {
                source: span.start..span.end,
                forms: forms(&term.forms, all_caps),
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

    /// The terms whose forced form the model did not want: index in the item, and bytes of the form
    /// in the answer.
    pub fn written_reluctantly(&self, answer: &nmt::NmtAnswer) -> Vec<(usize, Range<usize>)> {
        let forced = self.forced(answer);
        let unlikely = |steps: &Range<usize>| {
            let pieces = answer.logprobs.get(steps.clone()).unwrap_or_default();
            pieces.iter().sum::<f32>() / (pieces.len().max(1) as f32) < UNWILLING_MEAN_LOGPROB
        };
        let found = forced.into_iter().filter(|(_, steps, _)| unlikely(steps));
        found.map(|(term, _, range)| (term, range)).collect()
    }

    /// The forced forms: index of the term in the item, steps, bytes in the answer.
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

    /// Makes an answer printable: byte pieces may produce control characters, which become spaces.
    /// No byte changes its place.
    pub fn make_printable(&self, answer: &mut nmt::NmtAnswer) {
        let printable = |c: char| match (c.is_control(), c.len_utf8()) {
            (false, _) => c,
            (true, 1) => ' ',
            (true, _) => '\u{a0}',
        };
        answer.target = answer.target.chars().map(printable).collect();
        for other in &mut answer.nbest {
            other.target = other.target.chars().map(printable).collect();
        }
        self.correct_case(answer);
    }

    /// Capitalises forced forms at the start of a sentence, and gives them their own case
    /// elsewhere. No byte changes its place.
    pub fn correct_case(&self, answer: &mut nmt::NmtAnswer) {
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

    /// The draft of an answer; `None` for an empty one. `free` is the answer without terms, which
    /// is offered as an alternative.
    pub fn draft(&self, answer: &nmt::NmtAnswer, free: Option<&nmt::NmtAnswer>) -> Option<Draft> {
        if let Some(form) = &self.whole {
            return Some(self.term_draft(form));
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
        let near =
            |other: &&nmt::NmtAlternative| other.score >= answer.score() - ALTERNATIVE_MAX_GAP;
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

    /// The draft of a text that consists of one term.
    fn term_draft(&self, form: &str) -> Draft {
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

    /// What the model was unsure of, in bytes of the item's text and of the restored target.
    fn doubts(&self, answer: &nmt::NmtAnswer) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        let reluctant = self.written_reluctantly(answer);
        if let Some(first) = reluctant.first() {
            let forms: Vec<String> = reluctant
                .iter()
                .map(|(_, range)| format!("“{}”", &answer.target[range.clone()]))
                .collect();
            doubts.push(Doubt {
                source: Some(self.item.terms[first.0].span),
                why: format!(
                    "{}: written because the glossary requires it; the model wanted another form",
                    forms.join(", ")
                ),
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
        let (unsure, content) = unsure_words(answer);
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

/// Geometric mean of the probabilities of the pieces, 0..=1, without forced pieces.
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

/// The content words of the target that the model was unsure of, and the number of content words.
/// Function words are left out: an article or a comma needs no second reading.
fn unsure_words(answer: &nmt::NmtAnswer) -> (Vec<Range<usize>>, usize) {
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
        if least.0 < UNSURE_MAX_MARGIN && least.1 < UNSURE_MAX_LOGPROB {
            found.push(link.target.clone());
        }
    }
    (found, content)
}

/// The forms that the decoder may write: those of the desk, their variants at the start of a
/// sentence, and with `all_caps` their variants in capitals.
fn forms(forms: &[String], all_caps: bool) -> Vec<String> {
    let mut all = forms.to_vec();
    for form in forms {
        let more = [capital(form)]
            .into_iter()
            .chain(all_caps.then(|| form.to_uppercase()));
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
