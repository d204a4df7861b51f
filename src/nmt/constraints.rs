//! The glossary during decoding: required forms appear, banned forms do not.
//!
//! A required form is written when the decoder's attention reaches its source term and a new word
//! begins: for "Koersk" the pieces of "Kursk". Before that the decoder looks a few pieces ahead: if
//! the model is about to write the form by itself, nothing is forced, and a short lead-in word
//! ("the") may come first. A missed form is written where the attention was highest, not at the end
//! of the sentence.
//!
//! A ban works on surface text, not on pieces, because a form has many segmentations: when the form
//! is complete and its word is closed, the decoder goes back to the step that completed it and
//! takes another piece there. A ban on "had" therefore leaves "haddock" alone.

use super::vocab::{EOS, UNK, Vocab};
use std::ops::Range;

/// A required term as the decoder needs it.
#[derive(Debug, Clone)]
pub struct TermPieces {
    /// Indexes of the source tokens that it translates.
    pub source: Vec<usize>,
    /// The allowed forms: surface text and target ids.
    pub forms: Vec<(String, Vec<u32>)>,
}

/// Which steps wrote a required form, and who chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintOutcome {
    /// The decoder steps that wrote the form: indexes into [`super::NmtAnswer::tokens`].
    pub steps: Range<usize>,
    /// Whether the tracker forced the form; false if the model chose it by itself.
    pub forced: bool,
}

/// The tracker's decision for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepChoice {
    /// Write this piece.
    Take(u32),
    /// The attention has reached the term (index), and the model would write the piece (id): look
    /// ahead, then call [`ConstraintTracker::begin`] or [`ConstraintTracker::wait`].
    Reached(usize, u32),
    /// The term must be written now: find the form that fits best, then call
    /// [`ConstraintTracker::begin`].
    Due(usize),
    /// Go back to this step and decide again.
    Back(usize),
}

/// The part of the tracker that changes from step to step. The decoder saves a copy per step, so
/// that it can go back.
#[derive(Debug, Clone, Default)]
pub struct ConstraintState {
    /// Term, form and next piece of the form that is being written.
    writing: Option<(usize, usize, usize)>,
    /// Whether a form was just finished: the next piece must not continue its word.
    sealed: bool,
    outcomes: Vec<Option<ConstraintOutcome>>,
    /// For every term the first step at which it may be forced again.
    waits: Vec<usize>,
    /// For every term whether a lead-in word has been written for it.
    led: Vec<bool>,
}

/// Required and banned forms of one sentence, and how far they are satisfied.
#[derive(Debug)]
pub struct ConstraintTracker<'a> {
    vocab: &'a Vocab,
    terms: Vec<TermPieces>,
    bans: &'a [String],
    /// The state after the last step; the decoder saves and restores it.
    pub state: ConstraintState,
    /// Pieces that may not be chosen at a step: (step, id).
    masked: Vec<(usize, u32)>,
    /// For every missed term the step at which it is to be written.
    placed: Vec<Option<usize>>,
    backs: usize,
    strict: bool,
}

/// Steps back after which banned forms are masked before they are complete; after twice as many the
/// sentence is ended.
const MAX_BACKTRACKS: usize = 48;

/// Share of a step's attention, 0..=1, from which a term counts as reached; less is a glance.
pub const REACHED_ATTENTION: f32 = 0.5;

/// What the tracker may know about a step.
#[derive(Debug)]
pub struct StepContext<'s> {
    /// The ids written so far.
    pub tokens: &'s [u32],
    /// Attention rows of these ids: `[steps][source tokens]`.
    pub alignment: &'s [Vec<f32>],
    /// Attention row of this step: `[source tokens]`.
    pub attention: &'s [f32],
    /// Ids of the candidates, ascending.
    pub ids: &'s [u32],
    /// Logits of the candidates, `[candidates]`; masked candidates are set to −∞.
    pub logits: &'s mut [f32],
    /// Pieces that may still be written.
    pub pieces_left: usize,
}

impl<'a> ConstraintTracker<'a> {
    /// A tracker for these terms and bans. The caller leaves out empty bans and forms that cannot
    /// be written.
    pub fn new(vocab: &'a Vocab, terms: Vec<TermPieces>, bans: &'a [String]) -> Self {
        let state = ConstraintState {
            outcomes: vec![None; terms.len()],
            waits: vec![0; terms.len()],
            led: vec![false; terms.len()],
            ..ConstraintState::default()
        };
        Self {
            placed: vec![None; terms.len()],
            vocab,
            terms,
            bans,
            state,
            masked: Vec::new(),
            backs: 0,
            strict: false,
        }
    }

    /// For every term how it was satisfied; `None` while it is open.
    pub fn outcomes(&self) -> &[Option<ConstraintOutcome>] {
        &self.state.outcomes
    }

    /// The forms of a term: surface text and target ids.
    pub fn forms(&self, term: usize) -> &[(String, Vec<u32>)] {
        &self.terms[term].forms
    }

    /// Pieces that all terms need together, each in its longest form.
    pub fn need(&self) -> usize {
        let longest = |w: &TermPieces| w.forms.iter().map(|(_, ids)| ids.len()).max();
        self.terms.iter().filter_map(longest).sum()
    }

    fn open(&self) -> impl Iterator<Item = usize> {
        (0..self.terms.len()).filter(|&term| self.state.outcomes[term].is_none())
    }

    /// Decides a step.
    pub fn choose(&mut self, context: &mut StepContext<'_>) -> StepChoice {
        let step = context.tokens.len();
        if let Some((term, form, next)) = self.state.writing {
            return StepChoice::Take(self.write(step, term, form, next));
        }
        for (index, &id) in context.ids.iter().enumerate() {
            if (self.state.sealed && !self.closes(id)) || self.masked.contains(&(step, id)) {
                context.logits[index] = f32::NEG_INFINITY;
            }
        }
        let mut choice = best(context.ids, context.logits);
        while self.strict && choice != EOS && self.completes(context.tokens, choice) {
            let Ok(index) = context.ids.binary_search(&choice) else {
                break;
            };
            context.logits[index] = f32::NEG_INFINITY;
            choice = best(context.ids, context.logits);
        }
        let owed: usize = self.open().map(|term| shortest(&self.terms[term])).sum();
        let cramped = owed > 0 && context.pieces_left <= owed + 1;
        if cramped || self.closes(choice) {
            let (text, spans) = self.vocab.decode(context.tokens);
            if let Some(step) = self.broken(&text, &spans) {
                return self.back(step, context.tokens);
            }
            self.recheck_constraints(&text, &spans);
            if let Some(choice) = self.reached(context, choice, cramped) {
                return choice;
            }
        }
        self.state.sealed = false;
        StepChoice::Take(choice)
    }

    /// The decision about open terms at a step where a word begins; `None` leaves it to the model.
    fn reached(
        &mut self,
        context: &StepContext<'_>,
        choice: u32,
        cramped: bool,
    ) -> Option<StepChoice> {
        let step = context.tokens.len();
        let open: Vec<usize> = self.open().collect();
        if let Some(&term) = open.iter().find(|&&term| self.placed[term] == Some(step)) {
            return Some(StepChoice::Due(term));
        }
        if cramped || choice == EOS {
            let term = self.most_unspent(&open, context)?;
            let missed = self.placed[term].is_none() && !cramped;
            if let Some(place) = self.best_place(term, context).filter(|_| missed) {
                self.placed[term] = Some(place);
                self.masked.retain(|&(at, _)| at <= place);
                return Some(StepChoice::Back(place));
            }
            return Some(StepChoice::Due(term));
        }
        let mass = |term: usize| self.mass(term, context.attention);
        let free = open
            .into_iter()
            .filter(|&term| self.placed[term].is_none() && self.state.waits[term] <= step);
        let term = free.reduce(|a, b| if mass(b) > mass(a) { b } else { a })?;
        (mass(term) >= REACHED_ATTENTION).then_some(StepChoice::Reached(term, choice))
    }

    /// Attention on the source tokens of a term, 0..=1.
    pub fn mass(&self, term: usize, attention: &[f32]) -> f32 {
        let source = self.terms[term].source.iter();
        source.filter_map(|&token| attention.get(token)).sum()
    }

    /// The step at which a word began while the attention on the term was highest.
    fn best_place(&self, term: usize, context: &StepContext<'_>) -> Option<usize> {
        let steps = (0..context.tokens.len())
            .filter(|&step| self.closes(context.tokens[step]) && !self.is_forced(step));
        let masses = steps.map(|step| (self.mass(term, &context.alignment[step]), step));
        let best = masses.reduce(|a, b| if b.0 > a.0 { b } else { a });
        best.filter(|&(mass, _)| mass > 0.0).map(|(_, step)| step)
    }

    /// Leaves the term to the model before step `until`; `led` if the model writes a lead-in word
    /// now.
    pub fn wait(&mut self, term: usize, until: usize, led: bool) {
        self.state.sealed = false;
        self.state.waits[term] = until;
        self.state.led[term] |= led;
    }

    /// Whether a lead-in word may still come before a term.
    pub fn may_be_led(&self, term: usize) -> bool {
        !self.state.led[term]
    }

    /// Characters of the surface text of these ids, without the white space at its ends.
    pub fn letters(&self, tokens: &[u32]) -> usize {
        self.vocab.decode(tokens).0.trim().chars().count()
    }

    /// Whether these ids contain a form of the term that is not counted for another term.
    pub fn is_written(&self, term: usize, tokens: &[u32]) -> bool {
        let (text, spans) = self.vocab.decode(tokens);
        self.written(term, &text, &spans).is_some()
    }

    /// Starts a form, or continues it where its first words are already written. Returns the next
    /// id.
    pub fn begin(&mut self, tokens: &[u32], term: usize, form: usize) -> u32 {
        let next = self.begun(tokens, term, form);
        self.write(tokens.len(), term, form, next)
    }

    /// How many leading pieces of a form stand at the end of `tokens`: whole words, or 0.
    pub fn begun(&self, tokens: &[u32], term: usize, form: usize) -> usize {
        let pieces = &self.terms[term].forms[form].1;
        let stands = |&count: &usize| {
            self.vocab.opens_word(pieces[count]) && tokens.ends_with(&pieces[..count])
        };
        (1..pieces.len()).rev().find(stands).unwrap_or(0)
    }

    fn write(&mut self, step: usize, term: usize, form: usize, next: usize) -> u32 {
        let pieces = &self.terms[term].forms[form].1;
        let last = next + 1 == pieces.len();
        self.state.writing = (!last).then_some((term, form, next + 1));
        self.state.sealed = last;
        if last {
            self.state.outcomes[term] = Some(ConstraintOutcome {
                steps: step + 1 - pieces.len()..step + 1,
                forced: true,
            });
        }
        pieces[next]
    }

    /// For a sentence that is about to end: the step to go back to if it contains a banned form.
    pub fn end(&mut self, tokens: &[u32]) -> Option<usize> {
        let (text, spans) = self.vocab.decode(tokens);
        self.recheck_constraints(&text, &spans);
        let step = self.broken(&text, &spans)?;
        match self.back(step, tokens) {
            StepChoice::Back(step) => Some(step),
            _ => None,
        }
    }

    /// Whether a piece ends the word before it.
    pub fn closes(&self, id: u32) -> bool {
        id == EOS || !self.vocab.continues_word(id)
    }

    fn most_unspent(&self, open: &[usize], context: &StepContext<'_>) -> Option<usize> {
        let unspent = |term: usize| {
            let spent = |row: &Vec<f32>| self.mass(term, row);
            self.terms[term].source.len() as f32 - context.alignment.iter().map(spent).sum::<f32>()
        };
        let terms = open.iter().copied();
        terms.reduce(|a, b| if unspent(b) > unspent(a) { b } else { a })
    }

    /// Marks terms as satisfied whose form the model wrote by itself, each occurrence for one term.
    fn recheck_constraints(&mut self, text: &str, spans: &[Range<usize>]) {
        for term in 0..self.terms.len() {
            if self.state.outcomes[term].is_some() {
                continue;
            }
            let free = self.written(term, text, spans);
            self.state.outcomes[term] = free.map(|steps| ConstraintOutcome {
                steps,
                forced: false,
            });
        }
    }

    /// The steps of the first form of the term that is not counted for another term.
    fn written(&self, term: usize, text: &str, spans: &[Range<usize>]) -> Option<Range<usize>> {
        self.terms[term].forms.iter().find_map(|(form, _)| {
            occurrences(text, form)
                .map(|range| steps(spans, &range))
                .find(|steps| !self.taken(steps))
        })
    }

    fn taken(&self, steps: &Range<usize>) -> bool {
        let overlaps =
            |k: &ConstraintOutcome| k.steps.start < steps.end && steps.start < k.steps.end;
        self.state.outcomes.iter().flatten().any(overlaps)
    }

    /// The step to decide again if the text contains a banned form. A form that a term requires is
    /// left alone: the term wins over the ban.
    fn broken(&self, text: &str, spans: &[Range<usize>]) -> Option<usize> {
        self.bans
            .iter()
            .flat_map(|ban| occurrences(text, ban))
            .find_map(|range| {
                steps(spans, &range)
                    .rev()
                    .find(|&step| !self.is_forced(step))
            })
    }

    fn is_forced(&self, step: usize) -> bool {
        let mut outcomes = self.state.outcomes.iter().flatten();
        outcomes.any(|k| k.forced && k.steps.contains(&step))
    }

    /// Whether `id` after `tokens` would complete a banned form.
    fn completes(&self, tokens: &[u32], id: u32) -> bool {
        let mut tokens = tokens.to_vec();
        tokens.push(id);
        let (text, spans) = self.vocab.decode(&tokens);
        self.broken(&text, &spans).is_some()
    }

    fn back(&mut self, step: usize, tokens: &[u32]) -> StepChoice {
        self.backs += 1;
        if self.backs == MAX_BACKTRACKS {
            self.strict = true;
            self.masked.clear();
            return StepChoice::Back(0);
        }
        if self.backs > 2 * MAX_BACKTRACKS {
            return StepChoice::Take(EOS);
        }
        self.masked.retain(|&(at, _)| at <= step);
        self.masked.push((step, tokens[step]));
        StepChoice::Back(step)
    }
}

fn shortest(terms: &TermPieces) -> usize {
    terms
        .forms
        .iter()
        .map(|(_, ids)| ids.len())
        .min()
        .unwrap_or(0)
}

/// The first candidate with the highest logit; EOS if all are masked.
fn best(ids: &[u32], logits: &[f32]) -> u32 {
    let index = argmax(logits);
    match (ids.get(index), logits.get(index)) {
        (Some(&id), Some(&logit)) if logit > f32::NEG_INFINITY && id != UNK => id,
        _ => EOS,
    }
}

/// Index of the first maximum; 0 for an empty row.
pub fn argmax(row: &[f32]) -> usize {
    let mut best = 0;
    for (index, &value) in row.iter().enumerate() {
        if value > row[best] {
            best = index;
        }
    }
    best
}

/// The tokens that write a byte range of the text.
fn steps(spans: &[Range<usize>], range: &Range<usize>) -> Range<usize> {
    let start = spans.partition_point(|span| span.end <= range.start);
    let end = spans.partition_point(|span| span.start < range.end);
    start.min(end)..end
}

/// Byte ranges at which a form is a word of its own: no letter, digit or underscore beside it.
pub fn occurrences<'t>(text: &'t str, form: &'t str) -> impl Iterator<Item = Range<usize>> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(form)
        .map(|(start, found)| start..start + found.len())
        .filter(move |range| {
            !range.is_empty()
                && !text[..range.start].chars().next_back().is_some_and(word)
                && !text[range.end..].chars().next().is_some_and(word)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_counts_only_as_a_whole_word() {
        let found: Vec<_> = occurrences("had haddock, had-", "had").collect();
        assert_eq!(found, [0..3, 13..16]);
        assert_eq!(occurrences("Kursks", "Kursk").count(), 0);
    }

    #[test]
    fn steps_are_the_tokens_that_touch_the_range() {
        let spans = [0..2, 2..5, 5..5, 5..9];
        assert_eq!(steps(&spans, &(0..5)), 0..2);
        assert_eq!(steps(&spans, &(6..9)), 3..4);
        assert_eq!(steps(&spans, &(3..6)), 1..4);
    }
}
