//! Plugs a document format of one's own into the line: the texts behind `=` in a file of settings.

use overzet::Translator;
use overzet::bitext::{Block, Lang, OffsetMap, Role, Span, Text};
use overzet::engine::Replay;
use overzet::format::{Format, Found, Reading};
use std::error::Error;
use std::io::Write;

/// Lines `name = text`; every other line is left alone.
struct Settings;

impl Format for Settings {
    fn name(&self) -> &'static str {
        "settings"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["settings"]
    }

    fn find(&self, source: &str, _: &Lang) -> Reading {
        let mut reading = Reading::default();
        let mut at = 0;
        for line in source.split_inclusive('\n') {
            if let Some((name, text)) = line.split_once('=') {
                let indent = text.len() - text.trim_start().len();
                let (start, text) = (at + name.len() + 1 + indent, text.trim());
                reading.found.push(Found {
                    span: Span::new(start, start + text.len()),
                    role: Role::Cell,
                    text: Text::from(text),
                    map: OffsetMap::linear(start, text.len()),
                    ..Found::default()
                });
            }
            at += line.len();
        }
        reading
    }

    fn render(&self, _: &Block, text: &Text, out: &mut String) -> OffsetMap {
        out.push_str(&text.plain);
        OffsetMap::linear(0, text.plain.len())
    }
}

/// Runs the example.
pub async fn run(out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let translator = Translator::builder()
        .engine(Box::new(Replay::parse(
            "drafts",
            "Het is stil.\tIt is quiet.\nMI6\tMI6",
        )?))
        .format(Settings)
        .build()?;
    let file = "# knoppen\ntitle = Het is stil.\n\nname=MI6\n";
    let mut edition = translator
        .translate_document(file.as_bytes(), "app.settings")
        .await?;
    out.write_all(&translator.write(&mut edition)?)?;
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout().lock()).await
}
