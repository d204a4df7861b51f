//! Two texts that exist already into pairs: what they are aligned with is set up once, then each
//! pair of texts goes through.

pub mod evidence;
pub mod inputs;
pub mod words;

use self::evidence::{EvidenceResult, EvidenceSearch, EvidenceSources};
use self::inputs::{EmbeddingServer, Sentences};
use self::words::WordLinking;
use super::budget::PricedPlan;
use super::{Error, Host, NoticeLevel, Setup, files, glossary, pairs, segment};
use crate::align::{self, AlignOptions, Lexicon, LexiconSource};
use crate::bitext::{Bead, LangPair, Unit};
use crate::check;
use crate::format::{self, Pairs};
use crate::pipeline::{
    self, AlignEvidence, AlignInput, AlignResources, AlignSide, AlignedTexts, DocumentInput,
};
use crate::segment::Splitter;
use crate::term::{self, Glossary};
use std::num::NonZero;
use std::path::{Path, PathBuf};

/// What texts are aligned with.
#[derive(Debug, Clone, Default)]
pub struct AlignRequest {
    /// Language of the text, where it is not that of the settings.
    pub from: Option<String>,
    /// Language of the translation, where it is not that of the settings.
    pub to: Option<String>,
    /// Whether the texts have one segment per line.
    pub presegmented: bool,
    /// Lexicons: TSV, hunalign's `.dic`, or pairs.
    pub lexicons: Vec<PathBuf>,
    /// Glossary files and folders; without any, those of the settings.
    pub glossary: Vec<PathBuf>,
    /// Where translations of the text may come from.
    pub evidence: EvidenceSources,
    /// Files of vectors, of the text and of its translation; none or two.
    pub vectors: Vec<PathBuf>,
    /// Server that is asked for vectors.
    pub embeddings: Option<EmbeddingServer>,
    /// File of places where both texts are cut first.
    pub anchors: Option<PathBuf>,
    /// Segments of a pair at most, both sides together.
    pub max_bead: Option<usize>,
    /// Whether only single segments are paired.
    pub one_to_one: bool,
    /// Earlier pairs, of which the approved ones are kept.
    pub keep_manual: Option<PathBuf>,
    /// Which word became which.
    pub words: WordLinking,
    /// Threads; as many as there are cores if not given. The result is the same for any number.
    pub threads: Option<usize>,
}

/// What is set up once.
pub struct AlignRun<'a> {
    setup: &'a Setup,
    host: &'a dyn Host,
    request: &'a AlignRequest,
    /// Languages, unless an item of a batch says otherwise.
    pub pair: LangPair,
    glossary: Glossary,
    /// The user's lexicons, the glossary first.
    sources: Vec<LexiconSource>,
    /// The sentences of those that are pairs.
    sentences: Vec<Sentences>,
    /// Threads that may be used.
    pub threads: NonZero<usize>,
}

/// What came of aligning.
pub enum AlignResult {
    /// The texts in pairs.
    Aligned(Box<AlignedTexts>),
    /// A dry run: what would be sent.
    Planned(PricedPlan),
    /// Somebody asked to stop; what was translated is kept.
    Interrupted,
}

/// Why aligning ended before the pairs were there.
enum AlignEnd {
    /// Nothing failed: a dry run, or somebody stopped it.
    Result(AlignResult),
    /// It failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for AlignEnd {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl<'a> AlignRun<'a> {
    /// Reads glossary and lexicons.
    ///
    /// Errors: those of the files.
    pub fn open(
        request: &'a AlignRequest,
        setup: &'a Setup,
        host: &'a dyn Host,
    ) -> Result<Self, Error> {
        let pair = setup.pair_with(request.from.as_deref(), request.to.as_deref());
        let glossary = glossary::load(&request.glossary, setup)?;
        let (mut sources, mut sentences) = (Vec::new(), Vec::new());
        if !glossary.is_empty() && pair.source.base() == "nl" {
            sources.push(inputs::terms(&glossary));
        }
        for path in &request.lexicons {
            let (source, pairs) = inputs::lexicon(path, &pair)?;
            sources.push(source);
            sentences.extend(pairs);
        }
        let line = format!("glossary: {} entries", glossary.entries().len());
        host.notify(NoticeLevel::Detail, &line);
        let cores = || std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        let threads = request.threads.map(|n| NonZero::new(n.max(1)));
        Ok(Self {
            setup,
            host,
            request,
            pair,
            glossary,
            sources,
            sentences,
            threads: threads.flatten().unwrap_or_else(cores),
        })
    }

    /// The lexicons of a pair of languages, the built-in one first.
    pub fn lexicon(&self, pair: &LangPair) -> Lexicon {
        let mut lexicon = Lexicon::built_in(pair);
        for source in &self.sources {
            lexicon.add(source.clone());
        }
        lexicon
    }

    /// The options that hold for every text.
    pub fn given<'g>(&self, pair: &'g LangPair, lexicon: &'g Lexicon) -> AlignOptions<'g> {
        AlignOptions {
            max_bead: self.request.max_bead.unwrap_or(align::MAX_BEAD),
            one_to_one: self.request.one_to_one,
            ..AlignOptions::new(pair, lexicon)
        }
    }

    /// Notifies the host what each lexicon contributed; `matched` counts its entries that stand in
    /// the texts.
    pub fn report_lexicons(&self, lexicon: &Lexicon, matched: &[usize]) {
        for (source, matched) in lexicon.sources().iter().zip(matched) {
            // Whole sentences were counted as translations.
            if source.entries == 0 && self.sentences.iter().any(|s| s.name == source.name) {
                continue;
            }
            let line = format!(
                "lexicon {}: {} entries, {} matched in this text",
                source.name,
                thousands(source.entries),
                thousands(*matched)
            );
            if *matched == 0 {
                let line = format!("{line}: it contributed nothing");
                self.host.notify(NoticeLevel::Warning, &line);
            } else {
                self.host.notify(NoticeLevel::Info, &line);
            }
        }
    }

    /// Aligns a text and its translation; without `target`, both sides of a file of pairs. What a
    /// person approved is put back, and words are linked where that is wanted.
    ///
    /// Errors: [`Error::NoTarget`]; those of the files, the memory, the network and its bounds.
    pub async fn texts(&self, source: &Path, target: Option<&Path>) -> Result<AlignResult, Error> {
        let target = match target {
            Some(path) => path,
            None if inputs::is_pairs(source) => source,
            None => {
                let path = source.to_owned();
                return Err(Error::NoTarget { path });
            }
        };
        let names = (source.display().to_string(), target.display().to_string());
        let lexicon = self.lexicon(&self.pair);
        let silenced = self.setup.settings.silenced();
        let splitting = segment::options(&self.setup.settings)?;
        let with = AlignResources {
            options: AlignOptions {
                threads: self.threads.get(),
                ..self.given(&self.pair, &lexicon)
            },
            source_splitter: &Splitter::new(&self.pair.source, &splitting)?,
            target_splitter: &Splitter::new(&self.pair.target, &splitting)?,
            checks: check::CheckContext::new(&self.glossary, &self.pair).silenced(&silenced),
            formats: &[],
        };
        let mut kept = Vec::new();
        let aligned = pipeline::align(
            self.text(source, &names.0, AlignSide::Source)?,
            self.text(target, &names.1, AlignSide::Target)?,
            &with,
            |side, notice| {
                let name = match side {
                    AlignSide::Source => &names.0,
                    AlignSide::Target => &names.1,
                };
                let line = format!("{name}: {}", notice.message);
                self.host.notify(NoticeLevel::Info, &line);
            },
            async |here, there| self.evidence(here, there, &mut kept).await,
        );
        let mut aligned = match aligned.await {
            Ok(aligned) => aligned,
            Err(AlignEnd::Result(result)) => return Ok(result),
            Err(AlignEnd::Failed(error)) => return Err(error),
        };
        inputs::restore(&mut aligned.units, kept);
        if self.request.words.links {
            self.link(&mut aligned.units, &lexicon)?;
        }
        self.report_lexicons(&lexicon, &aligned.alignment.matched);
        Ok(AlignResult::Aligned(Box::new(aligned)))
    }

    /// Everything that is known beside the two texts. `kept` becomes the pairs that a person
    /// approved.
    async fn evidence(
        &self,
        here: &[Unit],
        there: &[Unit],
        kept: &mut Vec<(Bead, Unit)>,
    ) -> Result<AlignEvidence, AlignEnd> {
        let request = self.request;
        let search = EvidenceSearch {
            setup: self.setup,
            host: self.host,
            pair: &self.pair,
            glossary: &self.glossary,
            sentences: &self.sentences,
            sources: &request.evidence,
        };
        let translations = match search.run(here).await? {
            EvidenceResult::Found(translations) => translations,
            EvidenceResult::Planned(plan) => {
                return Err(AlignEnd::Result(AlignResult::Planned(plan)));
            }
            EvidenceResult::Interrupted => {
                return Err(AlignEnd::Result(AlignResult::Interrupted));
            }
        };
        let may_send = request.evidence.bounds.allow_sending();
        let vectors = match &request.embeddings {
            Some(server) => {
                Some(inputs::embedded(server, here, there, self.setup, self.host, may_send).await?)
            }
            None => inputs::vectors(&request.vectors, here.len(), there.len())?,
        };
        let anchors = request.anchors.as_ref();
        let anchors = inputs::anchors(anchors, here.len(), there.len(), self.host)?;
        *kept = {
            let path = request.keep_manual.as_ref();
            inputs::kept(path, here, there, &self.pair, self.host)?
        };
        Ok(AlignEvidence {
            translations,
            vectors,
            anchors,
            fixed: kept.iter().map(|(bead, _)| bead.clone()).collect(),
        })
    }

    /// Links the words of pairs that exist already; their sentences stay as they are.
    ///
    /// Errors: those of the files.
    pub fn link_pairs(&self, path: &Path) -> Result<Pairs, Error> {
        let mut pairs = pairs::read(path, None, &self.pair)?;
        pairs::tell(&pairs.notices, path, self.host);
        term::find(&mut pairs.units, &self.glossary);
        term::judge(&mut pairs.units, &self.glossary);
        self.link(&mut pairs.units, &self.lexicon(&self.pair))?;
        Ok(pairs)
    }

    fn link(&self, units: &mut [Unit], lexicon: &Lexicon) -> Result<(), Error> {
        let words = &self.request.words;
        words.link_units(units, lexicon, &self.pair, self.threads, self.host)
    }

    /// One of the texts: a document, or segments of pairs or lines.
    fn text<'t>(
        &self,
        path: &Path,
        name: &'t str,
        side: AlignSide,
    ) -> Result<AlignInput<'t>, Error> {
        if inputs::is_pairs(path) {
            let pairs = pairs::read(path, None, &self.pair)?;
            return Ok(AlignInput::Segments(inputs::side(pairs, side)));
        }
        let bytes = files::read(path)?;
        if self.request.presegmented {
            let (text, ..) = format::decode(&bytes)?;
            return Ok(AlignInput::Segments(inputs::lines(&text)));
        }
        Ok(AlignInput::Document(DocumentInput::named(bytes, name)))
    }
}

/// A count with its thousands apart: `45,118`.
fn thousands(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_their_thousands_apart() {
        assert_eq!(thousands(45118), "45,118");
        assert_eq!(thousands(100), "100");
    }
}
