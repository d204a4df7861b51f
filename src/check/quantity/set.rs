//! The quantities of one side of a pair, and which of them found their equal on the other.

use crate::language::Language;
use crate::language::quantity::{Quantity, QuantityKind, read};
use crate::language::text_view::TextView;

/// The quantities of one side, and which of them found their equal.
pub struct QuantitySet<'s, 't> {
    pub side: &'s TextView<'t>,
    pub all: Vec<Quantity>,
    pub met: Vec<bool>,
    /// Quantities that were taken out of a date.
    pub of_date: Vec<bool>,
}

impl<'s, 't> QuantitySet<'s, 't> {
    pub fn new(side: &'s TextView<'t>, language: Language) -> Self {
        let all = read(side, language);
        Self {
            side,
            met: vec![false; all.len()],
            of_date: vec![false; all.len()],
            all,
        }
    }

    pub fn open(&self, kinds: &[QuantityKind]) -> Vec<usize> {
        (0..self.all.len())
            .filter(|&i| !self.met[i] && kinds.contains(&self.all[i].kind))
            .collect()
    }

    /// Parts the dates that have no equal into month and day, which may stand apart: `1 en 2
    /// maart`.
    pub fn take_apart(&mut self) {
        for i in self.open(&[QuantityKind::Date]) {
            self.met[i] = true;
            let date = self.all[i].clone();
            let part = |kind, value| Quantity {
                kind,
                value,
                also: None,
                ..date.clone()
            };
            let (month, day) = ((date.value / 100.0).floor(), date.value % 100.0);
            for quantity in [
                part(QuantityKind::Month, month),
                part(QuantityKind::Cardinal, day),
            ] {
                self.all.push(quantity);
                self.met.push(false);
                self.of_date.push(true);
            }
        }
    }

    pub fn text(&self, index: usize) -> &'t str {
        self.all[index].span.of(self.side.text)
    }
}

/// What is compared as a number.
pub const NUMBERS: &[QuantityKind] = &[
    QuantityKind::Cardinal,
    QuantityKind::Ordinal,
    QuantityKind::Year,
    QuantityKind::Decade,
    QuantityKind::Share,
    QuantityKind::Class,
];

/// Marks the pairs that `fits` accepts as met, in order, and gives them.
pub fn meet(
    left: &mut QuantitySet,
    right: &mut QuantitySet,
    from: &[QuantityKind],
    to: &[QuantityKind],
    fits: &dyn Fn(&Quantity, &Quantity) -> bool,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for i in left.open(from) {
        if let Some(j) = right
            .open(to)
            .into_iter()
            .find(|&j| fits(&left.all[i], &right.all[j]))
        {
            left.met[i] = true;
            right.met[j] = true;
            pairs.push((i, j));
        }
    }
    pairs
}
