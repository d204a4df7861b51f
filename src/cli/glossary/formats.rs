//! The formats of glossary files, for the help.

use crate::term::files::FILES;

/// The formats of glossary files as a paragraph of help.
pub fn formats() -> String {
    let mut text = String::from("Formats:\n");
    for format in FILES {
        text.push_str(&format!("  {:<11}{}\n", format.name(), format.about()));
    }
    text.push_str("Without --format the extension tells: ");
    let told: Vec<String> = FILES
        .iter()
        .flat_map(|format| format.extensions())
        .map(|extension| format!(".{extension}"))
        .collect();
    text.push_str(&told.join(" "));
    text
}
