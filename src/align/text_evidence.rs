//! The words of one text as types, and the types of each of its sentences.

use super::tokens::{SentenceToken, TokenKind, tokens};
use crate::language::Language;
use crate::language::function_words::is_function_word;
use std::collections::HashMap;

/// Begins the form of a source word that stands beside a translation.
pub(super) const HELPER: char = '\u{2}';
/// Begins the form of a source word that stands for itself, among sentences that have translations.
pub(super) const OWN: char = '\u{3}';

/// The form of a type without the mark of a source word.
pub(super) fn bare(form: &str) -> &str {
    form.strip_prefix([HELPER, OWN]).unwrap_or(form)
}

/// One text: its words as types, and what each sentence has of them.
#[derive(Debug, Default)]
pub(crate) struct TextEvidence {
    /// Per sentence its types with how often each occurs, ascending by type.
    pub bags: Vec<Vec<(u32, f32)>>,
    /// Per sentence its types in order.
    pub orders: Vec<Vec<u32>>,
    /// Per type its form.
    pub forms: Vec<String>,
    /// Per type what it is; a name if it ever is one.
    pub kinds: Vec<TokenKind>,
    /// Per type the number of sentences that have it.
    pub counts: Vec<u32>,
    /// Per type how much it weighs.
    pub weights: Vec<f32>,
    /// Per sentence the sum of its weights.
    pub masses: Vec<f32>,
    /// Per sentence its length in characters, white space aside.
    pub lengths: Vec<f32>,
    pub(super) ids: HashMap<String, u32>,
}

impl TextEvidence {
    /// Reads the sentences.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>, tongue: Language) -> Self {
        let mut side = Self::default();
        for text in texts {
            let order: Vec<u32> = tokens(text, tongue)
                .into_iter()
                .map(|token| side.entered(token))
                .collect();
            side.push(order, text);
        }
        side.weigh(tongue, tongue);
        side
    }

    /// Reads translations of sentences, and beside each the sentence itself: its words may account
    /// for words of the other text, but nobody has to account for them. A sentence whose
    /// translation is empty stands for itself.
    pub fn translated<'a>(
        texts: impl Iterator<Item = (&'a str, &'a str)>,
        tongues: (Language, Language),
    ) -> Self {
        let mut side = Self::default();
        for (translation, text) in texts {
            let mut order: Vec<u32> = tokens(translation, tongues.0)
                .into_iter()
                .map(|token| side.entered(token))
                .collect();
            let is_own = translation.trim().is_empty();
            for mut token in tokens(text, tongues.1) {
                // Forms of the two languages must not meet.
                if matches!(token.kind, TokenKind::Word | TokenKind::Name) {
                    if !is_own && is_function_word(&token.form, tongues.1) {
                        continue;
                    }
                    token.form.insert(0, if is_own { OWN } else { HELPER });
                } else if !is_own {
                    continue;
                }
                order.push(side.entered(token));
            }
            side.push(order, if is_own { text } else { translation });
        }
        side.weigh(tongues.0, tongues.1);
        side
    }

    /// The type of a token, a new one if need be.
    fn entered(&mut self, token: SentenceToken) -> u32 {
        let next = self.forms.len() as u32;
        let id = match self.ids.get(&token.form) {
            Some(&id) => id,
            None => {
                self.ids.insert(token.form.clone(), next);
                self.forms.push(token.form);
                self.kinds.push(token.kind);
                self.counts.push(0);
                next
            }
        };
        if token.kind == TokenKind::Name {
            self.kinds[id as usize] = TokenKind::Name;
        }
        id
    }

    fn push(&mut self, order: Vec<u32>, text: &str) {
        let mut sorted = order.clone();
        sorted.sort_unstable();
        let mut bag: Vec<(u32, f32)> = Vec::with_capacity(sorted.len());
        for same in sorted.chunk_by(|a, b| a == b) {
            self.counts[same[0] as usize] += 1;
            bag.push((same[0], same.len() as f32));
        }
        let length = text.chars().filter(|c| !c.is_whitespace()).count();
        self.lengths.push(length as f32);
        self.bags.push(bag);
        self.orders.push(order);
    }

    /// The type of a form.
    pub fn id(&self, form: &str) -> Option<u32> {
        self.ids.get(form).copied()
    }

    /// Weights by rarity: ln(1 + N/n) for a type that n of N sentences have. What is known as a
    /// function word weighs little in short texts too.
    ///
    /// `own` is the language of words that are marked as [`OWN`].
    fn weigh(&mut self, tongue: Language, own: Language) {
        let sentences = self.bags.iter().filter(|bag| !bag.is_empty()).count() as f32;
        self.weights = (0..self.forms.len())
            .map(|id| {
                let (form, kind) = (self.forms[id].as_str(), self.kinds[id]);
                let (form, tongue) = form
                    .strip_prefix(OWN)
                    .map_or((form, tongue), |form| (form, own));
                let rarity = (1.0 + sentences.max(12.0) / self.counts[id] as f32).ln();
                match kind {
                    _ if form.starts_with(HELPER) => 0.0,
                    TokenKind::Mark => (0.5 * rarity).min(1.5),
                    TokenKind::Number | TokenKind::Name => 1.2 * rarity,
                    TokenKind::Word if is_function_word(form, tongue) => (0.5 * rarity).min(0.6),
                    TokenKind::Word => rarity,
                }
            })
            .collect();
        self.masses = self
            .bags
            .iter()
            .map(|bag| {
                bag.iter()
                    .map(|&(id, n)| n * self.weights[id as usize])
                    .sum()
            })
            .collect();
    }
}
