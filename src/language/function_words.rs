//! Words that have grammar rather than content.

use super::Language;

/// Ascending, for binary search.
const DUTCH_FUNCTION: &[&str] = &[
    "aan", "al", "als", "bij", "daar", "dan", "dat", "de", "deze", "die", "dit", "door", "dus",
    "een", "en", "er", "geen", "haar", "had", "hadden", "hebben", "heeft", "hem", "hen", "het",
    "hier", "hij", "hoe", "hun", "ik", "in", "is", "je", "jullie", "kan", "kunnen", "maar", "meer",
    "men", "met", "mijn", "na", "naar", "niet", "nog", "nu", "of", "om", "omdat", "onder", "ons",
    "onze", "ook", "op", "over", "te", "tegen", "toen", "tot", "u", "uit", "van", "voor", "waar",
    "was", "wat", "we", "wel", "werd", "wie", "wij", "worden", "wordt", "zal", "ze", "zich", "zij",
    "zijn", "zou", "zouden", "zullen",
];
/// Ascending, for binary search.
const ENGLISH_FUNCTION: &[&str] = &[
    "a", "about", "after", "against", "also", "an", "and", "are", "as", "at", "be", "because",
    "been", "being", "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has",
    "have", "he", "her", "him", "his", "how", "i", "if", "in", "is", "it", "its", "me", "more",
    "my", "no", "not", "now", "of", "on", "one", "or", "our", "s", "she", "should", "so", "t",
    "than", "that", "the", "their", "them", "there", "these", "they", "this", "those", "through",
    "to", "under", "until", "us", "was", "we", "were", "what", "when", "where", "which", "who",
    "will", "with", "would", "you",
];

/// Whether a word has grammar rather than content; in languages that are not known, every word of up to two letters.
pub(crate) fn is_function_word(form: &str, tongue: Language) -> bool {
    match tongue {
        Language::Dutch => DUTCH_FUNCTION.binary_search(&form).is_ok(),
        Language::English => ENGLISH_FUNCTION.binary_search(&form).is_ok(),
        Language::Other => form.chars().count() <= 2,
    }
}

/// What may follow a particle that ends its clause.
pub(crate) const CLAUSE: &[&str] = &[
    "en", "of", "maar", "dat", "die", "om", "omdat", "als", "toen", "terwijl", "nadat", "voordat",
    "zodat", "want", "waarna", "waarbij", "nu",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_found() {
        assert!(DUTCH_FUNCTION.is_sorted() && ENGLISH_FUNCTION.is_sorted());
        assert!(is_function_word("het", Language::Dutch));
        assert!(!is_function_word("boot", Language::Dutch));
        assert!(is_function_word("the", Language::English));
    }
}
