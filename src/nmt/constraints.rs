//! The glossary while a sentence is being written: required forms appear, banned forms cannot.
//!
//! A required form is written when the decoder's attention reaches its source term and a new word begins: for "Koersk" the pieces of "Kursk".
//! Before that the decoder looks a few pieces ahead: if the model is about to write the form by itself, nothing is forced, and a short word that
//! leads it in ("the") may come first. A form that was missed is written where the attention was highest, not at the end of the sentence. A
//! ban works on surface text, not on pieces, because a form has many segmentations: when the form stands complete and its word is closed, the
//! decoder goes back to the step that completed it and takes another piece there. So banning "had" does not cost "haddock".

use super::vocab::{EOS, UNK, Vocab};
use std::ops::Range;

/// A required form as the decoder needs it.
#[derive(Debug, Clone)]
pub struct TermPieces {
    /// Indexes of the source tokens that it translates.
    pub source: Vec<usize>,
    /// The allowed forms: text and pieces.
    pub forms: Vec<(String, Vec<u32>)>,
}

/// How a required form came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConstraintOutcome {
    /// The steps that wrote it.
    pub steps: Range<usize>,
    /// Whether it was written for the model, not by it.
    pub forced: bool,
}

/// What is to be done at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepChoice {
    /// Write this piece.
    Take(u32),
    /// The attention has reached this term, and the model would write this piece: look ahead, then call [`ConstraintTracker::begin`] or [`ConstraintTracker::wait`].
    Reached(usize, u32),
    /// This term must be written now: find out which form fits best, then call [`ConstraintTracker::begin`].
    Due(usize),
    /// Go back to this step and decide again.
    Back(usize),
}

/// What changes from step to step; outcomes for every step, so that the decoder can go back.
#[derive(Debug, Clone, Default)]
pub struct ConstraintState {
    /// Term, form and next piece of the form that is being written.
    writing: Option<(usize, usize, usize)>,
    /// A form was just finished: the next piece must not go on with its word.
    sealed: bool,
    outcomes: Vec<Option<ConstraintOutcome>>,
    /// Up to which step the model is left alone with a term.
    waits: Vec<usize>,
    /// Whether a term has been led in by a short word.
    led: Vec<bool>,
}

/// Watches over one sentence.
#[derive(Debug)]
pub struct ConstraintTracker<'a> {
    vocab: &'a Vocab,
    terms: Vec<TermPieces>,
    bans: &'a [String],
    /// What may change; the decoder keeps copies.
    pub state: ConstraintState,
    /// Pieces that may not be chosen at a step.
    masked: Vec<(usize, u32)>,
    /// Where a term that was missed is to be written.
    placed: Vec<Option<usize>>,
    backs: usize,
    strict: bool,
}

/// So often the decoder goes back before a form is masked at once, and as often again before it gives up.
const MAX_BACKTRACKS: usize = 48;

/// From this share of the attention on, a term is reached; less is a glance.
pub const REACHED_ATTENTION: f32 = 0.5;

/// What the guard sees of a step.
#[derive(Debug)]
pub struct StepContext<'s> {
    /// What was written so far.
    pub tokens: &'s [u32],
    /// The attention row of every token so far.
    pub alignment: &'s [Vec<f32>],
    /// The attention row of this step.
    pub attention: &'s [f32],
    /// The candidates, ascending, and their logits; masked ones become −∞.
    pub ids: &'s [u32],
    /// Logits of the candidates.
    pub logits: &'s mut [f32],
    /// How many more pieces there is room for.
    pub pieces_left: usize,
}

impl<'a> ConstraintTracker<'a> {
    /// A guard for these terms and bans; empty bans and forms that cannot be written are left out by the caller.
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

    /// How every term was outcomes; none where it was not.
    pub fn outcomes(&self) -> &[Option<ConstraintOutcome>] {
        &self.state.outcomes
    }

    /// The pieces of the forms of a term.
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

    /// Whether a term is to be written at this step, where a word begins.
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

    /// Attention that lies on a term.
    pub fn mass(&self, term: usize, attention: &[f32]) -> f32 {
        let source = self.terms[term].source.iter();
        source.filter_map(|&token| attention.get(token)).sum()
    }

    /// The step at which a word began while the attention on a term was highest.
    fn best_place(&self, term: usize, context: &StepContext<'_>) -> Option<usize> {
        let steps = (0..context.tokens.len())
            .filter(|&step| self.closes(context.tokens[step]) && !self.is_forced(step));
        let masses = steps.map(|step| (self.mass(term, &context.alignment[step]), step));
        let best = masses.reduce(|a, b| if b.0 > a.0 { b } else { a });
        best.filter(|&(mass, _)| mass > 0.0).map(|(_, step)| step)
    }

    /// Leaves the model alone with a term before this step; `led` if it writes a word that leads the term in.
    pub fn wait(&mut self, term: usize, until: usize, led: bool) {
        self.state.sealed = false;
        self.state.waits[term] = until;
        self.state.led[term] |= led;
    }

    /// Whether a short word may still come before a term.
    pub fn may_be_led(&self, term: usize) -> bool {
        !self.state.led[term]
    }

    /// Letters and other characters of some pieces, spaces not counted.
    pub fn letters(&self, tokens: &[u32]) -> usize {
        self.vocab.decode(tokens).0.trim().chars().count()
    }

    /// Whether these tokens hold a form of a term that no other term has.
    pub fn is_written(&self, term: usize, tokens: &[u32]) -> bool {
        let (text, spans) = self.vocab.decode(tokens);
        self.written(term, &text, &spans).is_some()
    }

    /// Starts to write a form, or goes on with it where its first words stand already; the answer is the next piece.
    pub fn begin(&mut self, tokens: &[u32], term: usize, form: usize) -> u32 {
        let next = self.begun(tokens, term, form);
        self.write(tokens.len(), term, form, next)
    }

    /// How many pieces of a form stand at the end of these tokens: whole words of it, or none.
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

    /// At the end of a sentence that did not end by itself: whether a banned form stands in it.
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

    /// Credits forms that the model wrote by itself, each occurrence to one term.
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

    /// The steps of a form of a term that no other term has.
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

    /// The step at which to decide again, if a banned form stands in the text. A form that a term requires is not touched: the term wins.
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

    /// Whether a piece would leave a banned form at the end of the text, or inside it.
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

/// The first candidate with the highest logit; EOS where all are masked.
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

/// Where a form stands in a text as a word of its own: no letter, digit or underscore beside it.
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
