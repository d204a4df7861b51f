//! Whether a draft can be the answer to its text at all. A service may mix up, double or invent
//! texts; what is in doubt is asked for again.

use super::{Draft, Item};
use std::collections::{BTreeMap, HashMap};

/// Characters that the translation of so many characters has at most: ten times as many are none,
/// but short texts may grow.
pub(super) fn longest_translation(source: usize) -> usize {
    source * 10 + 200
}

/// Whether a draft can be an answer to its item at all.
pub(super) fn is_plausible(item: &Item, draft: &Draft) -> bool {
    let (source, target) = (
        item.text.plain.chars().count(),
        draft.text.plain.chars().count(),
    );
    let has_text = draft.text.plain.chars().any(char::is_alphanumeric);
    has_text && target <= longest_translation(source)
}

/// Whether a draft that arrives before the others can be taken for what it says: nothing of it
/// stands for another text of the request. `earlier` are the drafts before it, with their items.
pub(super) fn is_in_place(
    item: &Item,
    draft: &Draft,
    items: &[Item],
    earlier: &[(u32, String)],
) -> bool {
    let own = draft.text.plain.as_str();
    let source = |id: u32| {
        let item = items.iter().find(|item| item.id == id);
        item.map_or("", |item| item.text.plain.as_str())
    };
    let is_copy = own.chars().count() > COPY_CHARACTERS
        && earlier.iter().any(|(id, text)| {
            text == own && source(*id).to_lowercase() != item.text.plain.to_lowercase()
        });
    let anchors_of_own = anchors(&item.text.plain);
    let has_own = anchors_of_own.is_empty() || anchors_of_own.iter().any(|a| own.contains(a));
    let is_anothers = || {
        items
            .iter()
            .filter(|other| other.id != item.id)
            .any(|other| {
                let anchors = anchors(&other.text.plain);
                !anchors.is_empty() && anchors.iter().all(|a| own.contains(a))
            })
    };
    !is_copy && (has_own || !is_anothers())
}

/// Characters of a draft above which two different texts do not have the same one.
const COPY_CHARACTERS: usize = 24;

/// Whether a positional answer shows signs of being out of order: numbers and capitalised names of
/// several texts stand in each other's drafts and not in their own, or two different texts have one
/// and the same draft.
pub(super) fn is_shuffled(items: &[Item], drafts: &BTreeMap<u32, Vec<&Draft>>) -> bool {
    let text = |item: &Item| match drafts.get(&item.id).map(Vec::as_slice) {
        Some([only]) => Some(only.text.plain.as_str()),
        _ => None,
    };
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut misplaced = 0;
    for item in items {
        let Some(own) = text(item) else { continue };
        let source = item.text.plain.as_str();
        if own.chars().count() > COPY_CHARACTERS
            && let Some(other) = seen.get(own)
            && source.to_lowercase() != other.to_lowercase()
        {
            return true;
        }
        seen.insert(own, source);
        let anchors = anchors(source);
        if anchors.is_empty() || anchors.iter().any(|a| own.contains(a)) {
            continue;
        }
        // Nothing of its own stands there; does all of it stand in a neighbour's?
        let elsewhere = items.iter().any(|other| {
            other.id != item.id
                && text(other).is_some_and(|draft| anchors.iter().all(|a| draft.contains(a)))
        });
        misplaced += usize::from(elsewhere);
        if misplaced >= 2 {
            return true;
        }
    }
    misplaced == 1 && items.len() == 2
}

/// Pieces of a text that a translation keeps as they are: numbers of two digits and more, and words
/// with two capitals or a digit.
fn anchors(text: &str) -> Vec<&str> {
    crate::bitext::words(text)
        .into_iter()
        .map(|span| span.of(text))
        .filter(|word| {
            let digits = word.chars().filter(char::is_ascii_digit).count();
            let plain_number = digits >= 2 && word.chars().all(|c| c.is_ascii_digit());
            let code = word.chars().filter(|c| c.is_uppercase()).count() >= 2 && digits > 0;
            plain_number || code
        })
        .collect()
}
