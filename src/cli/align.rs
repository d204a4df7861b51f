//! `overzet align`: a text and its translation, both at hand, into pairs.

use super::align_inputs::{self as inputs, Sentences};
use super::align_translations::{self, Wanted};
use super::failure::{Exit, Failure};
use super::output::{self, Outputs};
use super::{World, align_batch, align_words, glossary, print, segment};
use crate::align::{self, Alignment, Given, Lexicon, Source};
use crate::bitext::{Bead, Lang, LangPair, Unit};
use crate::format::{self, About};
use crate::pipeline::{
    self, AlignEvidence, AlignInput, AlignResources, AlignSide, AlignedTexts, DocumentInput,
};
use crate::segment::Splitter;
use crate::term::Glossary;
use crate::{check, review};
use std::path::{Path, PathBuf};

/// Arguments of `align`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The text: .txt, .md, .html, or pairs (.jsonl .tsv .csv .tmx .xlf), of which the source side is taken
    pub source: Option<PathBuf>,
    /// Its translation, in any of these formats. Left out where the first file holds pairs: both its sides are aligned again
    pub target: Option<PathBuf>,
    /// Where the pairs go, in the format of the name: .jsonl .tsv .csv .tmx .xlf .html; stdout (JSON Lines) without
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// The same, for several files
    #[arg(long, value_name = "PATH")]
    pub pairs: Vec<PathBuf>,
    /// Both files have one segment per line; an empty line parts paragraphs
    #[arg(long)]
    pub presegmented: bool,
    /// Language of the text
    #[arg(long)]
    pub from: Option<String>,
    /// Language of the translation
    #[arg(long)]
    pub to: Option<String>,
    /// Lexicon: TSV `source<TAB>target`, hunalign .dic, or pairs such as .tmx; may be given several times
    #[arg(long, value_name = "FILE")]
    pub lexicon: Vec<PathBuf>,
    /// Glossary file or folder, as a lexicon with full credit and for the checks; may be given several times
    #[arg(long, value_name = "PATH")]
    pub glossary: Vec<PathBuf>,
    /// Translations of the text as evidence
    #[command(flatten)]
    pub translations: align_translations::TranslationArgs,
    /// Sentence embeddings: two files of float32, one row per segment of the text and of its translation
    #[arg(long, value_names = ["SOURCE.f32", "TARGET.f32"], num_args = 2)]
    pub vectors: Vec<PathBuf>,
    /// Server that is asked for sentence embeddings, in OpenAI's form; the texts are sent there
    #[arg(long, value_name = "URL", conflicts_with = "vectors")]
    pub embeddings: Option<String>,
    /// Model that the server is asked for
    #[arg(
        long,
        value_name = "NAME",
        default_value = "default",
        requires = "embeddings"
    )]
    pub embeddings_model: String,
    /// TSV `source line<TAB>target line`, from 0: both texts are cut before these
    #[arg(long, value_name = "FILE")]
    pub anchors: Option<PathBuf>,
    /// Segments of a pair at most, both sides together
    #[arg(long, default_value_t = align::MAX_BEAD, value_parser = max_bead)]
    pub max_bead: usize,
    /// Pair single segments only
    #[arg(long)]
    pub one_to_one: bool,
    /// Earlier pairs: what is approved there is kept, the rest is aligned again
    #[arg(long, value_name = "PAIRS")]
    pub keep_manual: Option<PathBuf>,
    /// Many texts in one process: JSON Lines `{"id","src","tgt"}` in, `{"id","beads"}` out
    #[arg(long, conflicts_with_all = ["source", "output", "pairs", "presegmented", "mt", "engine", "anchors", "keep_manual", "vectors", "embeddings"])]
    pub batch: bool,
    /// What is asked about words
    #[command(flatten)]
    pub words: align_words::WordArgs,
    /// Threads; the output is the same for any number
    #[arg(long)]
    pub threads: Option<usize>,
    /// Write over files that may have been edited
    #[arg(long)]
    pub force: bool,
}

fn max_bead(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number @ 2..=8) => Ok(number),
        _ => Err("a number from 2 to 8 is wanted".into()),
    }
}

/// Aligns what was given.
pub async fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
    let desk = Desk::open(args, world)?;
    if args.batch {
        return if args.words.words {
            align_words::batch(&desk)
        } else {
            align_batch::run(&desk)
        };
    }
    let Some(source) = &args.source else {
        return Err(Failure::usage("there is nothing to align").hint(
            "name both texts: `overzet align artikel.nl.txt article.en.txt -o pairs.jsonl`",
        ));
    };
    if args.words.words && args.target.is_none() && inputs::is_pairs(source) {
        return align_words::pairs(&desk, source);
    }
    desk.texts(source, args.target.as_deref()).await
}

/// Why aligning ended before the pairs were there.
enum Ended {
    /// Nothing went wrong: after a dry run, or because somebody stopped it.
    Done(Exit),
    /// It failed.
    Failed(Failure),
}

impl<F: Into<Failure>> From<F> for Ended {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

/// What is set up once.
pub(super) struct Desk<'a> {
    pub world: &'a World,
    pub args: &'a Args,
    /// Languages, unless an item of a batch says otherwise.
    pub pair: LangPair,
    pub glossary: Glossary,
    /// The user's lexicons, the glossary first.
    sources: Vec<Source>,
    /// The sentences of those that are pairs.
    pub sentences: Vec<Sentences>,
    /// Threads that may be used.
    pub threads: usize,
}

impl<'a> Desk<'a> {
    fn open(args: &'a Args, world: &'a World) -> Result<Self, Failure> {
        let tag = |flag: &Option<String>, key: &str| {
            let set = flag.as_deref().or_else(|| world.settings.text(key));
            Lang::new(set.unwrap_or_default())
        };
        let pair = LangPair {
            source: tag(&args.from, "from"),
            target: tag(&args.to, "to"),
        };
        let glossary = glossary::load(&args.glossary, world)?;
        let (mut sources, mut sentences) = (Vec::new(), Vec::new());
        if !glossary.is_empty() && pair.source.base() == "nl" {
            sources.push(inputs::terms(&glossary));
        }
        for path in &args.lexicon {
            let (source, pairs) = inputs::lexicon(path)?;
            sources.push(source);
            sentences.extend(pairs);
        }
        let threads = args.threads.unwrap_or_else(|| {
            std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
        });
        Ok(Self {
            world,
            args,
            pair,
            glossary,
            sources,
            sentences,
            threads: threads.max(1),
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
    pub fn given<'g>(&self, pair: &'g LangPair, lexicon: &'g Lexicon) -> Given<'g> {
        Given {
            max_bead: self.args.max_bead,
            one_to_one: self.args.one_to_one,
            ..Given::new(pair, lexicon)
        }
    }

    /// Says what each lexicon did; `words` is what was looked up.
    pub fn told(&self, lexicon: &Lexicon, matched: &[usize]) {
        for (source, matched) in lexicon.sources().iter().zip(matched) {
            // Whole sentences were told of as translations.
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
                self.world
                    .say(&format!("warning: {line}: it contributed nothing"));
            } else {
                self.world.say(&line);
            }
        }
    }

    /// The same, as a number that is not zero.
    pub fn threads(&self) -> std::num::NonZero<usize> {
        std::num::NonZero::new(self.threads).unwrap_or(std::num::NonZero::<usize>::MIN)
    }

    /// Tells the person something.
    pub fn say(&self, line: &str) {
        self.world.say(line);
    }

    /// Two texts, or one file of pairs.
    async fn texts(&self, source: &Path, target: Option<&Path>) -> Result<Exit, Failure> {
        let outputs = Outputs::new(None, self.args.force);
        let places: Vec<&PathBuf> = self.args.output.iter().chain(&self.args.pairs).collect();
        for path in &places {
            outputs.check(path)?;
        }
        let target = match target {
            Some(path) => path,
            None if inputs::is_pairs(source) => source,
            None => {
                return Err(Failure::usage(format!(
                    "a translation of {} is wanted",
                    source.display()
                ))
                .hint("name both texts: `overzet align artikel.nl.txt article.en.txt`"));
            }
        };
        let names = (source.display().to_string(), target.display().to_string());
        let lexicon = self.lexicon(&self.pair);
        let silenced = self.world.settings.silenced();
        let splitting = segment::options(&self.world.settings)?;
        let with = AlignResources {
            options: Given {
                threads: self.threads,
                ..self.given(&self.pair, &lexicon)
            },
            source_splitter: &Splitter::new(&self.pair.source, &splitting)?,
            target_splitter: &Splitter::new(&self.pair.target, &splitting)?,
            checks: check::CheckContext::new(&self.glossary, &self.pair).silenced(&silenced),
        };
        let mut kept = Vec::new();
        let aligned = pipeline::align(
            self.text(source, &names.0, AlignSide::Source)?,
            self.text(target, &names.1, AlignSide::Target)?,
            &with,
            |of, notice| {
                let name = if of == AlignSide::Source {
                    &names.0
                } else {
                    &names.1
                };
                self.say(&format!("{name}: {}", notice.message));
            },
            async |here, there| self.evidence(here, there, &mut kept).await,
        );
        let AlignedTexts {
            source: here,
            target: there,
            mut units,
            alignment,
        } = match aligned.await {
            Ok(aligned) => aligned,
            Err(Ended::Done(exit)) => return Ok(exit),
            Err(Ended::Failed(failure)) => return Err(failure),
        };
        inputs::restore(&mut units, kept);
        if self.args.words.words {
            align_words::units(self, &lexicon, &mut units)?;
        }
        self.told(&lexicon, &alignment.matched);
        self.summary(&units, &alignment, (&here, &there));
        let about = About {
            source_lang: self.pair.source.tag().to_owned(),
            target_lang: self.pair.target.tag().to_owned(),
            original: base(source),
            ..About::default()
        };
        if places.is_empty() {
            let write = align_words::writer(self, "jsonl", &units, &[], &about)?;
            print::stream(|out| Ok(write(out)?))?;
        }
        for path in places {
            let kind = path.display().to_string();
            if kind.ends_with(".html") {
                outputs.write(path, &page(&units, &about, &self.pair, &alignment)?)?;
            } else {
                let write = align_words::writer(self, &kind, &units, &[], &about)?;
                outputs.write_with(path, write)?;
            }
        }
        Ok(Exit::Done)
    }

    /// Everything that is known beside the two texts. `kept` becomes the pairs that a person approved.
    async fn evidence(
        &self,
        here: &[Unit],
        there: &[Unit],
        kept: &mut Vec<(Bead, Unit)>,
    ) -> Result<AlignEvidence, Ended> {
        let translations = match align_translations::of(self, here).await? {
            Wanted::Given(translations) => translations,
            Wanted::End(exit) => return Err(Ended::Done(exit)),
        };
        let vectors = match &self.args.embeddings {
            Some(address) => {
                let model = &self.args.embeddings_model;
                Some(inputs::embedded(address, model, here, there, self).await?)
            }
            None => inputs::vectors(&self.args.vectors, here.len(), there.len())?,
        };
        let anchors = self.args.anchors.as_ref();
        let anchors = inputs::anchors(anchors, here.len(), there.len(), self.world)?;
        *kept = inputs::kept(self.args.keep_manual.as_ref(), here, there, self.world)?;
        Ok(AlignEvidence {
            translations,
            vectors,
            anchors,
            fixed: kept.iter().map(|(bead, _)| bead.clone()).collect(),
        })
    }

    /// One of the texts: a document, or segments of pairs or lines.
    fn text<'t>(
        &self,
        path: &Path,
        name: &'t str,
        of: AlignSide,
    ) -> Result<AlignInput<'t>, Failure> {
        if inputs::is_pairs(path) {
            let pairs = glossary::pairs(path, None)?;
            return Ok(AlignInput::Segments(inputs::side(pairs, of)));
        }
        let bytes = output::read(path)?;
        if self.args.presegmented {
            let (text, ..) = format::decode(&bytes)?;
            return Ok(AlignInput::Segments(inputs::lines(&text)));
        }
        Ok(AlignInput::Document(DocumentInput::named(bytes, name)))
    }

    fn summary(&self, units: &[Unit], alignment: &Alignment, (here, there): (&[Unit], &[Unit])) {
        for doubt in &alignment.doubts {
            self.say(&format!("warning: {doubt}"));
        }
        for crossing in &alignment.crossings {
            self.say(&format!(
                "moved: source {} looks like target {}: {}",
                numbered(&crossing.source),
                numbered(&crossing.target),
                start_of(&here[crossing.source.start].source.plain)
            ));
        }
        let pairs = units
            .iter()
            .filter(|u| !u.source_segments.is_empty() && !u.target_segments.is_empty())
            .count();
        let said = |unit: &&Unit| {
            !(unit.source.plain.trim().is_empty() && unit.target.plain.trim().is_empty())
        };
        let lone = |pick: fn(&Unit) -> &[u32]| {
            units
                .iter()
                .filter(said)
                .filter(|u| pick(u).is_empty())
                .count()
        };
        let sure = units
            .iter()
            .filter(|u| {
                !u.source_segments.is_empty()
                    && !u.target_segments.is_empty()
                    && u.confidence.unwrap_or(0.0) >= 0.9
            })
            .count();
        self.say(&format!(
            "{} and {} segments: {pairs} pairs, {sure} of them sure (≥ 0.9); without a partner {} source and {} target",
            here.len(),
            there.len(),
            lone(|u| &u.target_segments),
            lone(|u| &u.source_segments)
        ));
    }
}

fn page(
    units: &[Unit],
    about: &About,
    pair: &LangPair,
    alignment: &Alignment,
) -> Result<Vec<u8>, Failure> {
    let pairs = format::write_pairs("jsonl", units, &[], about)?;
    let stem = about
        .original
        .rsplit_once('.')
        .map_or(about.original.as_str(), |(stem, _)| stem);
    let about = review::PageInfo {
        title: units
            .iter()
            .map(|unit| &unit.source.plain)
            .find(|text| !text.trim().is_empty())
            .unwrap_or(&about.original)
            .clone(),
        source_name: about.original.clone(),
        pair: pair.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        notices: alignment.doubts.iter().map(ToString::to_string).collect(),
        pairs_name: format!("{stem}.pairs.jsonl"),
        ..review::PageInfo::default()
    };
    Ok(review::page(units, &String::from_utf8_lossy(&pairs), &about).into_bytes())
}

/// The name of a file.
pub(super) fn base(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// `3` or `3–5`, numbers of segments from 0, as in the pairs.
fn numbered(range: &std::ops::Range<usize>) -> String {
    if range.len() == 1 {
        range.start.to_string()
    } else {
        format!("{}–{}", range.start, range.end - 1)
    }
}

fn start_of(text: &str) -> String {
    const SHOWN: usize = 40;
    let start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        format!("{start}…")
    } else {
        start
    }
}

/// A count with its thousands apart: `45,118`.
pub(super) fn thousands(count: usize) -> String {
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
