//! The languages that the mock's services name, and a guess which one a text is in.

/// A language: code, English name, whether DeepL has a formal and an informal form of address in
/// it.
pub struct LanguageRow {
    /// The code without a region, in lower case.
    pub code: &'static str,
    /// Its English name.
    pub name: &'static str,
    /// Its own name.
    pub own: &'static str,
    /// Whether the service can choose between formal and informal.
    pub formality: bool,
    /// Codes of its regions, for target languages only; empty where the bare code is the only one.
    pub regions: &'static [(&'static str, &'static str)],
}

const fn tongue(
    code: &'static str,
    name: &'static str,
    own: &'static str,
    formality: bool,
) -> LanguageRow {
    LanguageRow {
        code,
        name,
        own,
        formality,
        regions: &[],
    }
}

/// Every language.
pub static LANGUAGES: &[LanguageRow] = &[
    tongue("ar", "Arabic", "العربية", false),
    tongue("bg", "Bulgarian", "български", false),
    tongue("cs", "Czech", "čeština", false),
    tongue("da", "Danish", "dansk", false),
    tongue("de", "German", "Deutsch", true),
    tongue("el", "Greek", "ελληνικά", false),
    LanguageRow {
        code: "en",
        name: "English",
        own: "English",
        formality: false,
        regions: &[("gb", "British"), ("us", "American")],
    },
    tongue("es", "Spanish", "español", true),
    tongue("et", "Estonian", "eesti", false),
    tongue("fi", "Finnish", "suomi", false),
    tongue("fr", "French", "français", true),
    tongue("he", "Hebrew", "עברית", false),
    tongue("hu", "Hungarian", "magyar", false),
    tongue("id", "Indonesian", "Bahasa Indonesia", false),
    tongue("it", "Italian", "italiano", true),
    tongue("ja", "Japanese", "日本語", true),
    tongue("ko", "Korean", "한국어", false),
    tongue("lt", "Lithuanian", "lietuvių", false),
    tongue("lv", "Latvian", "latviešu", false),
    tongue("nb", "Norwegian Bokmål", "norsk bokmål", false),
    tongue("nl", "Dutch", "Nederlands", true),
    tongue("pl", "Polish", "polski", true),
    LanguageRow {
        code: "pt",
        name: "Portuguese",
        own: "português",
        formality: true,
        regions: &[("br", "Brazilian"), ("pt", "European")],
    },
    tongue("ro", "Romanian", "română", false),
    tongue("ru", "Russian", "русский", true),
    tongue("sk", "Slovak", "slovenčina", false),
    tongue("sl", "Slovenian", "slovenščina", false),
    tongue("sv", "Swedish", "svenska", false),
    tongue("th", "Thai", "ไทย", false),
    tongue("tr", "Turkish", "Türkçe", false),
    tongue("uk", "Ukrainian", "українська", false),
    tongue("vi", "Vietnamese", "Tiếng Việt", false),
    LanguageRow {
        code: "zh",
        name: "Chinese",
        own: "中文",
        formality: false,
        regions: &[("hans", "Simplified"), ("hant", "Traditional")],
    },
];

/// The language of a code in any case, with or without a region that the language has.
pub fn of_code(code: &str) -> Option<&'static LanguageRow> {
    let code = code.to_ascii_lowercase().replace('_', "-");
    let (bare, region) = match code.split_once('-') {
        Some((bare, region)) => (bare, Some(region)),
        None => (code.as_str(), None),
    };
    let found = LANGUAGES.iter().find(|tongue| tongue.code == bare)?;
    let extra = [("es", "419"), ("zh", "cn"), ("zh", "tw"), ("fr", "ca")];
    match region {
        None => Some(found),
        Some(region) => (found.regions.iter().any(|(known, _)| *known == region)
            || extra.contains(&(bare, region)))
        .then_some(found),
    }
}

/// Frequent small words, by language; each is looked for as a whole word.
const SMALL_WORDS: &[(&str, &str)] = &[
    (
        "nl",
        "de het een en van niet dat die met voor zijn er ook naar wordt heeft ik ja nee geen bij \
         uit maar dit werd goedemorgen hallo",
    ),
    (
        "en",
        "the a an and of not that with for are is to was has this you how it be hello world he she \
         they will from",
    ),
    (
        "de",
        "der die das und ist nicht ein eine mit für auf den dem ich sie wir wie hallo zu im",
    ),
    (
        "fr",
        "le la les et est pas un une des avec pour dans je vous nous bonjour du que",
    ),
    (
        "es",
        "el la los y es no un una con para en que por hola las del",
    ),
    (
        "it",
        "il la gli e è non un una con per che di ciao sono del",
    ),
];

/// Which language a text is in: by its letters, else by its small words; Dutch where nothing speaks
/// for another. The second value is a confidence from 0 to 1.
pub fn detect(text: &str) -> (&'static str, f64) {
    for c in text.chars() {
        let script = match c {
            '\u{0370}'..='\u{03ff}' => "el",
            'і' | 'ї' | 'є' | 'ґ' => "uk",
            '\u{0590}'..='\u{05ff}' => "he",
            '\u{0600}'..='\u{06ff}' => "ar",
            '\u{0e00}'..='\u{0e7f}' => "th",
            '\u{3040}'..='\u{30ff}' => "ja",
            '\u{ac00}'..='\u{d7af}' => "ko",
            _ => continue,
        };
        return (script, 1.0);
    }
    if text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
        return ("zh", 1.0);
    }
    if text.chars().any(|c| ('\u{0400}'..='\u{04ff}').contains(&c)) {
        return ("ru", 1.0);
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| !word.is_empty())
        .collect();
    let mut best = ("nl", 0);
    for (code, list) in SMALL_WORDS {
        let hits = words
            .iter()
            .filter(|word| list.split_whitespace().any(|small| small == **word))
            .count();
        if hits > best.1 {
            best = (code, hits);
        }
    }
    let share = best.1 as f64 / words.len().max(1) as f64;
    (best.0, (0.5 + share).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_any_case_and_unknown_ones_are_not() {
        assert_eq!(of_code("EN-gb").map(|t| t.code), Some("en"));
        assert_eq!(of_code("nl").map(|t| t.name), Some("Dutch"));
        assert!(of_code("EN-XX").is_none() && of_code("xx").is_none());
        let mut codes: Vec<&str> = LANGUAGES.iter().map(|t| t.code).collect();
        codes.dedup();
        assert_eq!(codes.len(), LANGUAGES.len());
    }

    #[test]
    fn letters_and_small_words_tell_the_language() {
        for (text, code) in [
            ("Het regent in de stad.", "nl"),
            ("The weather is fine.", "en"),
            ("Wie ist das Wetter?", "de"),
            ("протонный луч", "ru"),
            ("пучок протонів", "uk"),
            ("陽子ビーム", "ja"),
            ("质子束", "zh"),
            ("Koersk", "nl"),
        ] {
            assert_eq!(detect(text).0, code, "{text}");
        }
    }
}
