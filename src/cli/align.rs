//! `overzet align`: a text and its translation, both at hand, into pairs.

use super::failure::{Exit, Failure};
use super::output::{self, Outputs};
use super::{World, align_batch, align_words, glossary, print, segment};
use crate::align::{self, Alignment, Given, Lexicon, Source};
use crate::bitext::{Bead, Lang, LangPair, Place, State, Unit};
use crate::format::{self, About, PAIRS, Pairs};
use crate::segment::Splitter;
use crate::term::{Glossary, Status};
use crate::{check, pipeline, review};
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
    /// A machine translation of the text, one line per source segment
    #[arg(long, value_name = "FILE")]
    pub mt: Option<PathBuf>,
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
    #[arg(long, conflicts_with_all = ["source", "output", "pairs", "presegmented", "mt", "anchors", "keep_manual"])]
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
pub fn run(args: &Args, world: &World) -> Result<Exit, Failure> {
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
    if args.words.words && args.target.is_none() && is_pairs(source) {
        return align_words::pairs(&desk, source);
    }
    desk.texts(source, args.target.as_deref())
}

/// What is set up once.
pub(super) struct Desk<'a> {
    world: &'a World,
    pub args: &'a Args,
    /// Languages, unless an item of a batch says otherwise.
    pub pair: LangPair,
    pub glossary: Glossary,
    /// The user's lexicons, the glossary first.
    sources: Vec<Source>,
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
        let mut sources = Vec::new();
        if !glossary.is_empty() && pair.source.base() == "nl" {
            sources.push(terms(&glossary));
        }
        for path in &args.lexicon {
            sources.push(lexicon(path)?);
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
    fn texts(&self, source: &Path, target: Option<&Path>) -> Result<Exit, Failure> {
        let outputs = Outputs::new(None, self.args.force);
        let places: Vec<&PathBuf> = self.args.output.iter().chain(&self.args.pairs).collect();
        for path in &places {
            outputs.check(path)?;
        }
        let here = self.text(source, Of::Source)?;
        let there = match target {
            Some(path) => self.text(path, Of::Target)?,
            None if is_pairs(source) => self.text(source, Of::Target)?,
            None => {
                return Err(Failure::usage(format!(
                    "a translation of {} is wanted",
                    source.display()
                ))
                .hint("name both texts: `overzet align artikel.nl.txt article.en.txt`"));
            }
        };
        let lexicon = self.lexicon(&self.pair);
        let translations = self.translations(here.len())?;
        let anchors = self.anchors(here.len(), there.len())?;
        let kept = self.kept(&here, &there)?;
        let fixed: Vec<Bead> = kept.iter().map(|(bead, _)| bead.clone()).collect();
        let given = Given {
            translations: translations.as_deref(),
            anchors: &anchors,
            fixed: &fixed,
            threads: self.threads,
            ..self.given(&self.pair, &lexicon)
        };
        let silenced: Vec<String> = self
            .world
            .settings
            .silenced()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let with = check::Context {
            glossary: &self.glossary,
            pair: &self.pair,
            silenced: &silenced,
        };
        let (mut units, alignment) = pipeline::align(&here, &there, &given, &with);
        restore(&mut units, kept);
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
            print::out(&align_words::written(self, "jsonl", &units, &[], &about)?)?;
        }
        for path in places {
            let kind = path.display().to_string();
            let bytes = if kind.ends_with(".html") {
                page(&units, &about, &self.pair, &alignment)?
            } else {
                align_words::written(self, &kind, &units, &[], &about)?
            };
            outputs.write(path, &bytes)?;
        }
        Ok(Exit::Done)
    }

    /// Reads and cuts one of the texts: its segments stand as sources of the units.
    fn text(&self, path: &Path, of: Of) -> Result<Vec<Unit>, Failure> {
        let lang = match of {
            Of::Source => &self.pair.source,
            Of::Target => &self.pair.target,
        };
        let name = path.display().to_string();
        if is_pairs(path) {
            return Ok(side(glossary::pairs(path, None)?, of));
        }
        let bytes = output::read(path)?;
        if self.args.presegmented {
            let (text, ..) = format::decode(&bytes)?;
            return Ok(lines(&text));
        }
        let document = format::read(&bytes, Some(&name), None, lang)?;
        for notice in &document.notices {
            self.say(&format!("{name}: {}", notice.message));
        }
        let splitter = Splitter::new(lang, &segment::options(&self.world.settings)?)?;
        Ok(crate::segment::split(&document, &splitter))
    }

    fn translations(&self, wanted: usize) -> Result<Option<Vec<String>>, Failure> {
        let Some(path) = &self.args.mt else {
            return Ok(None);
        };
        let (text, ..) = format::decode(&output::read(path)?)?;
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if lines.len() != wanted {
            return Err(Failure::usage(format!(
                "{} has {} lines, the source has {wanted} segments",
                path.display(),
                lines.len()
            ))
            .hint(
                "one line per source segment is wanted; `overzet segment FILE` shows the segments",
            ));
        }
        Ok(Some(lines))
    }

    /// The nodes of an anchor file.
    fn anchors(&self, sources: usize, targets: usize) -> Result<Vec<(usize, usize)>, Failure> {
        let Some(path) = &self.args.anchors else {
            return Ok(Vec::new());
        };
        let name = path.display().to_string();
        let (text, ..) = format::decode(&output::read(path)?)?;
        let mut anchors: Vec<(usize, usize)> = Vec::new();
        let mut at = 0;
        for raw in text.split_inclusive('\n') {
            let line = raw.trim();
            if !line.is_empty() && !line.starts_with('#') {
                let node = line
                    .split_once('\t')
                    .and_then(|(i, j)| Some((i.trim().parse().ok()?, j.trim().parse().ok()?)));
                let wrong = |what: String| {
                    Failure::usage(what).at(Place::at(&name, &text, at, raw.trim_end().len()), "")
                };
                let Some((i, j)) = node else {
                    return Err(wrong(
                        "this line is no anchor: `source line<TAB>target line` is wanted".into(),
                    ));
                };
                if i > sources || j > targets {
                    return Err(wrong(format!(
                        "this anchor lies outside the texts, which have {sources} and {targets} segments"
                    )));
                }
                if anchors.last().is_some_and(|&(s, t)| i < s || j < t) {
                    return Err(wrong(
                        "this anchor crosses the one before it: both columns must ascend".into(),
                    ));
                }
                anchors.push((i, j));
            }
            at += raw.len();
        }
        self.say(&format!("anchors {name}: {} cuts", anchors.len()));
        Ok(anchors)
    }

    /// The approved units of earlier pairs, each with the segments that it covers now.
    fn kept(&self, here: &[Unit], there: &[Unit]) -> Result<Vec<(Bead, Unit)>, Failure> {
        let Some(path) = &self.args.keep_manual else {
            return Ok(Vec::new());
        };
        let approved: Vec<Unit> = glossary::pairs(path, None)?
            .units
            .into_iter()
            .filter(|unit| unit.state == State::Approved)
            .collect();
        let total = approved.len();
        let mut kept: Vec<(Bead, Unit)> = Vec::new();
        let mut after = (0, 0);
        for unit in approved {
            let source = locate(&unit.source.plain, &unit.source_segments, here, after.0);
            let target = locate(&unit.target.plain, &unit.target_segments, there, after.1);
            if let (Some(source), Some(target)) = (source, target) {
                after = (source.end, target.end);
                kept.push((
                    Bead {
                        source,
                        target,
                        confidence: 1.0,
                    },
                    unit,
                ));
            }
        }
        self.say(&format!(
            "{}: {} approved pairs, {} kept",
            path.display(),
            total,
            kept.len()
        ));
        if kept.len() < total {
            self.say(&format!(
                "warning: the text of {} approved pairs is not there any more, or stands elsewhere: these are aligned again",
                total - kept.len()
            ));
        }
        Ok(kept)
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
        let lone = |pick: fn(&Unit) -> &Vec<u32>| {
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

/// Which of the two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Source,
    Target,
}

/// Whether a file holds pairs, by its name.
fn is_pairs(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy().to_ascii_lowercase();
        PAIRS.iter().any(|format| format.name() == extension) || extension == "xliff"
    })
}

/// One side of pairs: every unit is a segment; null units of the other side fall out.
fn side(pairs: Pairs, of: Of) -> Vec<Unit> {
    let mut units = pairs.units;
    for unit in &mut units {
        if of == Of::Target {
            unit.source = std::mem::take(&mut unit.target);
            unit.source_span = unit.target_span;
        }
        unit.target = crate::bitext::Text::default();
        unit.target_span = None;
    }
    units.retain(|unit| !unit.source.is_empty());
    units
}

/// One segment per line.
fn lines(text: &str) -> Vec<Unit> {
    let mut units = Vec::new();
    let mut at = 0;
    for (number, raw) in text.split_inclusive('\n').enumerate() {
        let line = raw.trim_end_matches(['\n', '\r']);
        units.push(Unit {
            id: format!("l{}", number + 1),
            block: 1,
            source: line.into(),
            within: crate::bitext::Span::new(0, line.len()),
            source_span: Some(crate::bitext::Span::new(at, at + line.len())),
            ..Unit::default()
        });
        at += raw.len();
    }
    units
}

/// The segments that make up a text: those of these numbers if they still do, else the first run from `after` on that does.
fn locate(
    text: &str,
    numbers: &[u32],
    units: &[Unit],
    after: usize,
) -> Option<std::ops::Range<usize>> {
    let joined = |range: &std::ops::Range<usize>| {
        let texts: Vec<&str> = units
            .get(range.clone())?
            .iter()
            .map(|u| u.source.plain.as_str())
            .filter(|t| !t.is_empty())
            .collect();
        Some(texts.join(" "))
    };
    let is_it = |range: &std::ops::Range<usize>| {
        range.start >= after && joined(range).is_some_and(|found| found == text)
    };
    if text.is_empty() {
        return Some(after..after);
    }
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
        let range = *first as usize..*last as usize + 1;
        if is_it(&range) {
            return Some(range);
        }
    }
    (after..units.len())
        .filter(|&start| {
            text.starts_with(units[start].source.plain.as_str())
                && !units[start].source.plain.is_empty()
        })
        .flat_map(|start| (1..=8).map(move |count| start..start + count))
        .find(is_it)
}

/// Puts approved units back in the place of what was aligned for them.
fn restore(units: &mut [Unit], kept: Vec<(Bead, Unit)>) {
    for (bead, approved) in kept {
        let place = units.iter_mut().find(|unit| {
            let holds = |numbers: &[u32], range: &std::ops::Range<usize>| {
                numbers.len() == range.len()
                    && numbers
                        .first()
                        .is_none_or(|&first| first as usize == range.start)
            };
            holds(&unit.source_segments, &bead.source) && holds(&unit.target_segments, &bead.target)
        });
        if let Some(unit) = place {
            *unit = Unit {
                source_segments: std::mem::take(&mut unit.source_segments),
                target_segments: std::mem::take(&mut unit.target_segments),
                source_span: unit.source_span,
                target_span: unit.target_span,
                confidence: Some(1.0),
                ..approved
            };
        }
    }
}

/// The glossary's pairs as a lexicon.
fn terms(glossary: &Glossary) -> Source {
    let entries = glossary
        .entries()
        .iter()
        .enumerate()
        .filter(|(_, entry)| entry.status != Status::Deprecated);
    let pairs: Vec<(String, String)> = entries
        .flat_map(|(index, entry)| {
            let english: Vec<String> = std::iter::once(&entry.en)
                .chain(&entry.en_accept)
                .cloned()
                .collect();
            let forms = glossary.forms(index);
            forms.into_iter().flat_map(move |form| {
                english
                    .clone()
                    .into_iter()
                    .map(move |en| (form.clone(), en))
            })
        })
        .collect();
    Source::from_pairs(
        "glossary",
        pairs.iter().map(|(nl, en)| (nl.as_str(), en.as_str())),
        1.0,
    )
}

/// Reads a lexicon by its name.
fn lexicon(path: &Path) -> Result<Source, Failure> {
    let name = path.display().to_string();
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    let source = if is_pairs(path) && extension != "tsv" {
        let pairs = glossary::pairs(path, None).map_err(|failure| Failure {
            exit: Exit::Usage,
            ..failure
        })?;
        let texts = pairs
            .units
            .iter()
            .map(|unit| (unit.source.plain.as_str(), unit.target.plain.as_str()));
        Source::from_pairs(base(path), texts, 1.0)
    } else {
        let bytes = output::read(path).map_err(|failure| Failure {
            exit: Exit::Usage,
            ..failure
        })?;
        let (text, ..) = format::decode(&bytes)?;
        let read = if extension == "dic" {
            Source::from_hunalign(&name, &text)
        } else {
            Source::from_tsv(&name, &text)
        };
        let mut source = read.map_err(|error| Failure::usage(error.what).at(*error.place, ""))?;
        source.name = base(path);
        source
    };
    Ok(source)
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
    let about = review::About {
        title: units
            .first()
            .map_or_else(String::new, |unit| unit.source.plain.clone()),
        source_name: about.original.clone(),
        pair: pair.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        notices: alignment.doubts.iter().map(ToString::to_string).collect(),
        pairs_name: format!("{stem}.pairs.jsonl"),
        ..review::About::default()
    };
    Ok(review::page(units, &String::from_utf8_lossy(&pairs), &about).into_bytes())
}

fn base(path: &Path) -> String {
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

    #[test]
    fn an_approved_text_is_found_where_it_stands_now() {
        let units = lines("Een.\nTwee.\nDrie.\n");
        assert_eq!(locate("Twee. Drie.", &[1, 2], &units, 0), Some(1..3));
        assert_eq!(locate("Twee. Drie.", &[0, 1], &units, 0), Some(1..3));
        assert_eq!(locate("Vier.", &[0], &units, 0), None);
        assert_eq!(locate("Een.", &[0], &units, 1), None);
    }
}
