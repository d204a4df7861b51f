//! The glossary's review page: one HTML file on which a terminologist goes through the entries,
//! sees every occurrence, decides, and takes the decisions away as a table.
//!
//! The rules are those of the pairs' page: nothing is asked of any network, text enters as data and
//! never as markup. What is downloaded are rows of a glossary file, which `overzet glossary import`
//! compares and merges.
//!
//! `staakt-het-vuren → cease-fire`, 12 occurrences, `ceasefire` 3× by one engine: accept it, forbid
//! it, or require it.

use super::{as_data, as_markup, fill};
use serde::Serialize;

/// What the page says of itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GlossaryPageInfo {
    /// What stands over the page.
    pub title: String,
    /// Version of overzet.
    pub version: String,
    /// Name under which the decisions are downloaded.
    pub download: String,
}

#[derive(Serialize)]
struct GlossaryPayload<'a, T> {
    about: &'a GlossaryPageInfo,
    digest: String,
    survey: &'a T,
}

/// The page, as the text of an HTML file. `survey` is what `term::survey` found.
///
/// Errors: none. The same input gives the same bytes.
pub fn page(survey: &impl Serialize, about: &GlossaryPageInfo) -> String {
    // Text, numbers and lists cannot fail to be written.
    let own = serde_json::to_string(survey).unwrap_or_default();
    let payload = GlossaryPayload {
        about,
        digest: blake3::hash(own.as_bytes()).to_hex().to_string(),
        survey,
    };
    let data = as_data(&serde_json::to_string(&payload).unwrap_or_default());
    let nonce = &blake3::hash(data.as_bytes()).to_hex()[..32];
    fill(include_str!("glossary.html"), |name| match name {
        "title" => as_markup(&about.title).into(),
        "nonce" => nonce.into(),
        "style" => include_str!("glossary.css").into(),
        "script" => include_str!("glossary.js").into(),
        "data" => data.as_str().into(),
        _ => "".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_inside_the_data_and_no_place_outside_is_named() {
        let evil = "</script><img src=x onerror=alert(1)><!--<script>{{script}}&\u{2028}";
        let about = GlossaryPageInfo {
            title: evil.into(),
            ..GlossaryPageInfo::default()
        };
        let page = page(&serde_json::json!({"entries": [evil]}), &about);
        assert!(!page.contains("<img") && !page.contains("<!--<script"));
        assert_eq!(page.matches("</script").count(), 2);
        assert_eq!(page.matches("</style").count(), 1);
        for word in [
            "http:",
            "https:",
            "@import",
            "fetch(",
            "innerHTML",
            "url(",
            "unsafe-inline",
        ] {
            assert!(!page.contains(word), "{word}");
        }
        assert!(page.contains("default-src 'none'"));
    }
}
