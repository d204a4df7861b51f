//! Markdown: pulldown-cmark says where the text stands, and translated ranges are spliced into the
//! original bytes.
//!
//! A renderer would normalise (`*` to `-`, table rules, link forms); splicing leaves everything
//! that is not text as it is.

mod front_matter;
mod mask;
mod render;
mod run;
mod walk;

use super::contract::{Format, ReadOptions, Reading};
use super::html;
use crate::bitext::{Block, Lang, Notation, OffsetMap, Text};

/// CommonMark with the extensions of GitHub and of static site generators.
pub struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown", "mdx"]
    }

    fn find(&self, source: &str, lang: &Lang) -> Reading {
        self.find_with(source, lang, &ReadOptions::default())
    }

    fn find_with(&self, source: &str, lang: &Lang, options: &ReadOptions) -> Reading {
        walk::read(source, &lang.base(), &options.front_matter)
    }

    fn render(&self, block: &Block, text: &Text, out: &mut String) -> OffsetMap {
        match block.notation {
            Notation::Text => render::text(block.role, text, false, out),
            Notation::BehindDefinition => render::text(block.role, text, true, out),
            Notation::TitleDouble | Notation::TitleSingle | Notation::TitleParentheses => {
                render::title(block.notation, text, out)
            }
            Notation::YamlPlain
            | Notation::YamlFlow
            | Notation::YamlSingle
            | Notation::YamlBlock
            | Notation::TomlLiteral => front_matter::render(block.notation, text, out),
            notation => {
                let bars = matches!(
                    notation,
                    Notation::DoubleQuoted | Notation::SingleQuoted | Notation::Unquoted
                );
                html::render(notation, text, bars, out)
            }
        }
    }
}

#[cfg(test)]
mod tests;
