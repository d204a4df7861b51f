//! Words that have grammar rather than content.

use super::{Language, word_lists};

/// Whether a word in lower case has grammar rather than content; in languages that are not known,
/// every word of up to two letters.
pub(crate) fn is_function_word(word: &str, language: Language) -> bool {
    match language {
        Language::Dutch => word_lists::is("function.dutch", word),
        Language::English => word_lists::is("function.english", word),
        Language::Other => word.chars().count() <= 2,
    }
}

/// Whether a word in lower case is one at whose side no term begins or ends: a function word, or a
/// common verb, measure or number.
pub(crate) fn is_common_word(word: &str, language: Language) -> bool {
    let common = match language {
        Language::Dutch => "common.dutch",
        Language::English => "common.english",
        Language::Other => return is_function_word(word, language),
    };
    is_function_word(word, language) || word_lists::is(common, word)
}

/// Whether a Dutch word may begin another clause, so that a particle before it ends its own.
pub(crate) fn may_open_clause(word: &str) -> bool {
    word_lists::is("clause.opening", word) || word_lists::is("clause.opening.weak", word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn function_words_are_found() {
        assert!(is_function_word("het", Language::Dutch));
        assert!(!is_function_word("boot", Language::Dutch));
        assert!(is_function_word("the", Language::English));
        assert!(
            is_common_word("jaar", Language::Dutch) && !is_function_word("jaar", Language::Dutch)
        );
        assert!(
            is_common_word("the", Language::English) && !is_common_word("boat", Language::English)
        );
    }
}
