//! The front door: [`Translator`] takes a text through the whole line.

use crate::bitext::{Edition, LangPair};
use crate::check::Check;
use crate::engine::{CancelToken, Engine, Transport};
use crate::format::{self, Format};
use crate::memory::Store;
use crate::pipeline::{
    self, DocumentInput, Error, Furniture, Resources, SendLimits, Sending, Translation,
};
use crate::segment::{SplitOptions, Splitter};
use crate::term::Glossary;

/// Why a [`Translator`] cannot be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TranslatorError {
    /// There are no rules that cut this language.
    #[error(transparent)]
    Splitter(#[from] crate::segment::Error),
    /// The memory cannot be used.
    #[error(transparent)]
    Memory(#[from] crate::memory::Error),
}

/// An engine, a glossary, a memory and checks, ready for any number of documents.
///
/// Texts go through all stations of the line: they are cut, earlier translations are looked up, the
/// rest is sent, terms are judged and repaired, everything is checked.
///
/// ```
/// use overzet::Translator;
/// use overzet::engine::Replay;
/// use overzet::term::Glossary;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let translator = Translator::builder()
///     .engine(Box::new(Replay::parse("drafts", "In Koersk is het stil.\tIt is quiet in Koersk.")?))
///     .glossary(Glossary::parse("desk.tsv", "nl\ten\nKoersk\tKursk\n")?)
///     .build()?;
/// let edition = translator.translate("In Koersk is het stil.").await?;
/// assert_eq!(edition.units[0].target.plain, "It is quiet in Kursk.");
/// # Ok(())
/// # }
/// ```
pub struct Translator {
    parts: TranslatorParts,
    splitter: Splitter,
    memory: Store,
}

/// The parts that a builder hands over as they are.
struct TranslatorParts {
    pair: LangPair,
    engine: Option<Box<dyn Engine>>,
    transport: Option<Box<dyn Transport>>,
    glossary: Glossary,
    checks: Vec<Box<dyn Check + Send>>,
    formats: Vec<Box<dyn Format + Send>>,
    silenced: Vec<String>,
    furniture: Furniture,
    limits: SendLimits,
    now: Box<dyn Fn() -> i64 + Send + Sync>,
}

impl Translator {
    /// A builder: Dutch to English, without an engine, a glossary, a memory file or further checks.
    pub fn builder() -> TranslatorBuilder {
        TranslatorBuilder {
            parts: TranslatorParts {
                pair: LangPair::default(),
                engine: None,
                transport: None,
                glossary: Glossary::default(),
                checks: Vec::new(),
                formats: Vec::new(),
                silenced: Vec::new(),
                furniture: Furniture::default(),
                limits: SendLimits::default(),
                now: Box::new(|| 0),
            },
            splitting: SplitOptions::default(),
            memory: None,
        }
    }

    /// Translates a plain text; its lines are headlines, bylines and paragraphs of an article.
    ///
    /// Errors: as [`Translator::run`].
    pub async fn translate(&self, text: &str) -> Result<Edition, Error> {
        let input = DocumentInput {
            bytes: text.as_bytes().into(),
            name: None,
            format: Some("plain"),
        };
        Ok(self.run(input).await?.edition)
    }

    /// Translates a document; the ending of its name chooses the format. [`Translator::write`]
    /// gives the bytes of the English document.
    ///
    /// Errors: as [`Translator::run`].
    pub async fn translate_document(&self, bytes: &[u8], name: &str) -> Result<Edition, Error> {
        Ok(self.run(DocumentInput::named(bytes, name)).await?.edition)
    }

    /// Translates a document and says what was sent.
    ///
    /// Units that the network did not answer stay [`crate::bitext::State::Untranslated`]; the
    /// failure is in [`Translation::stats`].
    ///
    /// Errors: [`Error::Format`] for a document that cannot be read, [`Error::NoEngine`] where the
    /// memory does not have everything, [`Error::Engine`] where nothing was translated, and the
    /// errors of the limits.
    pub async fn run(&self, input: DocumentInput<'_>) -> Result<Translation, Error> {
        self.run_until(input, &CancelToken::default()).await
    }

    /// The same, ended early by a token.
    ///
    /// Errors: as [`Translator::run`]; [`Error::Interrupted`].
    pub async fn run_until(
        &self,
        input: DocumentInput<'_>,
        stop: &CancelToken,
    ) -> Result<Translation, Error> {
        let formats = self.formats();
        let parts = &self.parts;
        let checks: Vec<&dyn Check> = parts.checks.iter().map(|check| &**check as _).collect();
        let with = Resources {
            furniture: parts.furniture,
            silenced: &parts.silenced,
            checks: &checks,
            formats: &formats,
            ..Resources::new(
                parts.pair.clone(),
                &self.splitter,
                &parts.glossary,
                &self.memory,
            )
        };
        let sending = parts.engine.as_deref().map(|engine| Sending {
            now: &*parts.now,
            ..Sending::new(engine, parts.transport.as_deref(), stop)
        });
        pipeline::translate(input, &with, sending.as_ref(), &parts.limits).await
    }

    /// The bytes of the English document, encoded as the Dutch one where that is possible; notes in
    /// every unit where its target stands.
    ///
    /// Errors: none for an edition of this translator.
    pub fn write(&self, edition: &mut Edition) -> Result<Vec<u8>, format::Error> {
        let text = format::edition_with(edition, &self.formats())?;
        Ok(format::encode_with(&edition.document, &text, &self.formats())?.0)
    }

    fn formats(&self) -> Vec<&dyn Format> {
        self.parts.formats.iter().map(|f| &**f as _).collect()
    }
}

/// Builds a [`Translator`].
#[must_use]
pub struct TranslatorBuilder {
    parts: TranslatorParts,
    splitting: SplitOptions,
    memory: Option<Store>,
}

impl TranslatorBuilder {
    /// Translates between these languages.
    pub fn languages(mut self, pair: LangPair) -> Self {
        self.parts.pair = pair;
        self
    }

    /// Cuts the source with these options.
    pub fn splitting(self, splitting: SplitOptions) -> Self {
        Self { splitting, ..self }
    }

    /// Asks this engine: an own one, or one that a row of [`crate::engine::ENGINES`] has built.
    pub fn engine(mut self, engine: Box<dyn Engine>) -> Self {
        self.parts.engine = Some(engine);
        self
    }

    /// The connection of the engine, for one that asks over a network: its counters steer how many
    /// requests are in flight, and its limits hold.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.parts.transport = Some(Box::new(transport));
        self
    }

    /// Enforces this glossary.
    pub fn glossary(mut self, glossary: Glossary) -> Self {
        self.parts.glossary = glossary;
        self
    }

    /// Keeps drafts in this memory and takes translations from it; without one they are kept as
    /// long as the translator.
    pub fn memory(mut self, memory: Store) -> Self {
        self.memory = Some(memory);
        self
    }

    /// Runs a check of the caller after those of the table.
    pub fn check(mut self, check: impl Check + Send + 'static) -> Self {
        self.parts.checks.push(Box::new(check));
        self
    }

    /// Reads and writes a format of the caller; it goes before those of the table.
    pub fn format(mut self, format: impl Format + Send + 'static) -> Self {
        self.parts.formats.push(Box::new(format));
        self
    }

    /// Silences a check.
    pub fn silence(mut self, check: &str) -> Self {
        self.parts.silenced.push(check.to_owned());
        self
    }

    /// Keeps, drops or translates page furniture.
    pub fn furniture(mut self, furniture: Furniture) -> Self {
        self.parts.furniture = furniture;
        self
    }

    /// Bounds what is sent.
    pub fn limits(mut self, limits: SendLimits) -> Self {
        self.parts.limits = limits;
        self
    }

    /// The clock that dates drafts in the memory, in seconds since 1970-01-01 UTC; 0 without one.
    pub fn now(mut self, now: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        self.parts.now = Box::new(now);
        self
    }

    /// Builds it.
    ///
    /// Errors: [`TranslatorError`].
    pub fn build(self) -> Result<Translator, TranslatorError> {
        Ok(Translator {
            splitter: Splitter::new(&self.parts.pair.source, &self.splitting)?,
            memory: self.memory.map_or_else(Store::in_memory, Ok)?,
            parts: self.parts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server calls it from many tasks, on any thread.
    #[test]
    fn one_translator_serves_many_threads() {
        fn is_shared<T: Send + Sync>(_: &T) {}
        fn is_sent<T: Send>(_: &T) {}
        let translator = Translator::builder().build().unwrap();
        is_shared(&translator);
        is_sent(&translator.translate("Het is stil."));
    }

    #[tokio::test]
    async fn without_an_engine_the_memory_answers_or_it_is_said() {
        let memory = Store::in_memory().unwrap();
        let known = [crate::bitext::Unit::translated(
            "Het is stil.",
            "It is quiet.",
        )];
        (memory.add_pairs(&known, &LangPair::default(), "a.tmx", 0)).unwrap();
        let translator = Translator::builder().memory(memory).build().unwrap();
        let edition = translator.translate("Het is stil.").await.unwrap();
        assert_eq!(edition.units[0].target.plain, "It is quiet.");
        let unknown = translator.translate("Het regent.").await;
        assert!(matches!(unknown, Err(Error::NoEngine)));
    }
}
