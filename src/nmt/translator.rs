//! A loaded model: texts in, answers out, in batches of similar length and on several threads, with the same answers whatever the batch.

use super::Error;
use super::cut;
use super::decode::{Decoder, Lane, Written};
use super::embedding::Output;
use super::guard::{Guard, Wanted, occurrences};
use super::kernel::Level;
use super::links::{self, Side};
use super::network::{Buffers, Network};
use super::request::{Alternative, Answer, Options, Request};
use super::settings;
use super::shortlist::Shortlist;
use super::vocab::{EOS, Token, UNK, Vocab};
use super::weights::Weights;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A model, ready to translate. It can be shared between threads.
#[derive(Debug)]
pub struct Translator {
    network: Network,
    source: Vocab,
    /// The target vocabulary, if it is another.
    target: Option<Vocab>,
    shortlist: Option<Shortlist>,
    /// What the output layer adds, one number per target id.
    bias: Vec<f32>,
    level: Level,
    /// The output layer over the whole vocabulary, packed when first used.
    all: OnceLock<Output>,
}

/// A file by name and content.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The name, for messages.
    pub name: &'a str,
    /// The bytes.
    pub bytes: &'a [u8],
}

impl<'a> File<'a> {
    fn of((name, bytes): &'a (String, Vec<u8>)) -> Self {
        Self { name, bytes }
    }
}

/// The files of a model.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// The weights.
    pub model: File<'a>,
    /// The vocabulary of both sides, or of the source.
    pub source: File<'a>,
    /// The vocabulary of the target, if it is another.
    pub target: Option<File<'a>>,
    /// The lexical shortlist, if there is one.
    pub shortlist: Option<File<'a>>,
}

/// Source tokens times this is the most that is written (Marian's max-length-factor).
const LENGTH_FACTOR: usize = 2;
/// No batch has more source tokens than this, whatever is asked: more of them gain nothing and cost memory.
const MOST_WORDS: usize = 512;
/// With several threads no batch is made smaller than this: the products would become slower.
const LEAST_WORDS: usize = 128;
/// So many batches a thread has at least, where there are enough texts.
const BATCHES_PER_THREAD: usize = 8;
/// The widest search; wider ones only cost.
const WIDEST: usize = 64;

/// A part of a text on its way.
struct Part {
    request: usize,
    /// Tokens of the request that it holds.
    tokens: Range<usize>,
    /// Their ids, with EOS.
    ids: Vec<u32>,
}

/// What became of a part.
#[derive(Default)]
struct Done {
    written: Written,
    kept: Vec<(usize, Option<super::Kept>)>,
    nbest: Vec<Written>,
}

impl Translator {
    /// Loads the files of a folder: `model*.bin`, `vocab*.spm` (or `srcvocab*.spm` and `trgvocab*.spm`), optionally `lex*.bin`.
    ///
    /// Errors: [`Error`], with file, offset and reason.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let unreadable = |path: &Path, reason: String| Error::Unreadable {
            file: path.display().to_string(),
            reason,
        };
        let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e.to_string()))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        let find = |start: &str, end: &str| {
            paths.iter().find(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(start) && name.ends_with(end)
            })
        };
        let need = |start: &str, end: &str| {
            find(start, end)
                .ok_or_else(|| unreadable(folder, format!("there is no {start}*{end} in it")))
        };
        let read = |path: &PathBuf| {
            let bytes = std::fs::read(path).map_err(|e| unreadable(path, e.to_string()))?;
            Ok((path.display().to_string(), bytes))
        };
        let model = read(need("model", ".bin")?)?;
        let (source, target) = match (find("srcvocab", ".spm"), find("trgvocab", ".spm")) {
            (Some(source), Some(target)) => (read(source)?, Some(read(target)?)),
            _ => (read(need("vocab", ".spm")?)?, None),
        };
        let shortlist = find("lex", ".bin").map(read).transpose()?;
        Self::from_files(&Files {
            model: File::of(&model),
            source: File::of(&source),
            target: target.as_ref().map(File::of),
            shortlist: shortlist.as_ref().map(File::of),
        })
    }

    /// The same from memory.
    ///
    /// Errors: [`Error`]; bytes that are no model never make it panic or ask for more memory than they have.
    pub fn from_files(files: &Files<'_>) -> Result<Self, Error> {
        let weights = Weights::read(files.model.name, files.model.bytes)?;
        let shape = settings::shape(files.model.name, &weights)?;
        let source = Vocab::read(files.source.name, files.source.bytes)?;
        let target = files
            .target
            .map(|file| Vocab::read(file.name, file.bytes))
            .transpose()?;
        let size = target.as_ref().map_or(source.len(), Vocab::len);
        let network = Network::load(&weights, shape, source.len(), size)?;
        let bias = weights.vector("decoder_ff_logit_out_b", size)?;
        let bias = network.target().prepared(bias);
        let shortlist = files
            .shortlist
            .map(|file| Shortlist::read(file.name, file.bytes, source.len(), size))
            .transpose()?;
        Ok(Self {
            network,
            source,
            target,
            shortlist,
            bias,
            level: Level::best(),
            all: OnceLock::new(),
        })
    }

    /// The same model on other kernels; the answers are the same. Levels that this CPU does not have are not taken.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        if Level::available().contains(&level) {
            self.level = level;
        }
        self
    }

    /// The vocabulary of the target.
    pub fn target_vocab(&self) -> &Vocab {
        self.target.as_ref().unwrap_or(&self.source)
    }

    /// The vocabulary of the source.
    pub fn source_vocab(&self) -> &Vocab {
        &self.source
    }

    /// Whether the model has a lexical shortlist.
    pub fn has_shortlist(&self) -> bool {
        self.shortlist.is_some()
    }

    /// Translates any number of texts; the answers come in their order.
    pub fn translate(&self, requests: &[Request], options: &Options) -> Vec<Answer> {
        let tokens: Vec<Vec<Token>> = requests
            .iter()
            .map(|r| self.source.encode(&r.text))
            .collect();
        let mut parts = Vec::new();
        for (request, tokens) in tokens.iter().enumerate() {
            let ranges = match requests[request].force {
                Some(_) => std::iter::once(0..tokens.len()).collect(),
                None => {
                    let request = &requests[request];
                    let terms: Vec<_> = request.terms.iter().map(|t| t.source.clone()).collect();
                    cut::parts(&request.text, tokens, &self.source, &terms)
                }
            };
            parts.extend(ranges.into_iter().map(|range| {
                Part {
                    request,
                    ids: tokens[range.clone()]
                        .iter()
                        .map(|t| t.id)
                        .chain([EOS])
                        .collect(),
                    tokens: range,
                }
            }));
        }
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&at| std::cmp::Reverse(parts[at].ids.len()));
        // With several threads there are several batches for each, so that they end at about the same time.
        let all: usize = parts.iter().map(|part| part.ids.len()).sum();
        let share = match options.threads {
            0 | 1 => MOST_WORDS,
            threads => (all / (threads * BATCHES_PER_THREAD)).clamp(LEAST_WORDS, MOST_WORDS),
        };
        let batches = batches(&order, &parts, options.batch_words.min(share));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut memory = Default::default();
            let mut done = Vec::new();
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                let answers = self.batch(requests, &tokens, &parts, batch, options, &mut memory);
                done.extend(batch.iter().copied().zip(answers));
            }
            done
        };
        let threads = options.threads.clamp(1, batches.len().max(1));
        let mut done: Vec<Done> = parts.iter().map(|_| Done::default()).collect();
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut results = work();
            for other in others {
                // A worker cannot panic; if it did, its texts would stay empty rather than take the others along.
                results.extend(other.join().unwrap_or_default());
            }
            for (at, result) in results {
                done[at] = result;
            }
        });
        let mut pairs = parts.into_iter().zip(done).peekable();
        requests
            .iter()
            .zip(tokens)
            .enumerate()
            .map(|(index, (request, tokens))| {
                let mut own = Vec::new();
                while let Some(pair) = pairs.next_if(|(part, _)| part.request == index) {
                    own.push(pair);
                }
                self.join(request, &tokens, own)
            })
            .collect()
    }

    /// Translates the parts of one batch.
    fn batch(
        &self,
        requests: &[Request],
        tokens: &[Vec<Token>],
        parts: &[Part],
        batch: &[usize],
        options: &Options,
        (buffers, outputs): &mut (Buffers, Vec<Output>),
    ) -> Vec<Done> {
        let sentences: Vec<&[u32]> = batch.iter().map(|&at| &parts[at].ids[..]).collect();
        let memory = self.network.encode(self.level, &sentences, buffers);
        let shortlist = self.shortlist.as_ref().filter(|_| options.shortlist);
        let mut wanted: Vec<(Vec<usize>, Vec<Wanted>)> = batch
            .iter()
            .map(|&at| {
                self.wanted(
                    &requests[parts[at].request],
                    &tokens[parts[at].request],
                    &parts[at],
                )
            })
            .collect();
        if shortlist.is_some() && outputs.len() < batch.len() {
            outputs.resize_with(batch.len(), Output::default);
        }
        if let Some(list) = shortlist {
            for ((&at, (_, wanted)), output) in batch.iter().zip(&wanted).zip(&mut *outputs) {
                let request = &requests[parts[at].request];
                self.candidates(list, request, &parts[at], wanted, output);
            }
        }
        let outputs = &*outputs;
        let mut terms = Vec::with_capacity(batch.len());
        let mut lanes: Vec<Lane<'_>> = Vec::with_capacity(batch.len());
        for (sentence, (&at, (indexes, wanted))) in batch.iter().zip(&mut wanted).enumerate() {
            let (part, request) = (&parts[at], &requests[parts[at].request]);
            let first = part.tokens.start == 0;
            let given =
                request
                    .force
                    .as_deref()
                    .unwrap_or(if first { &request.prefix } else { &[] });
            let given = self.known(given);
            // An empty text has an empty translation; the model would make something up.
            let most = if part.ids.len() > 1 {
                LENGTH_FACTOR * part.ids.len()
            } else {
                0
            };
            let output = match shortlist {
                Some(_) => &outputs[sentence],
                None => self.all(),
            };
            let mut lane = Lane::new(output, given, request.force.is_some(), most);
            if request.force.is_some() {
                lane.limit = given.len();
            } else if !wanted.is_empty() || !request.ban.is_empty() {
                let guard = Guard::new(self.target_vocab(), std::mem::take(wanted), &request.ban);
                lane.limit = lane.limit.max(given.len() + guard.need() + 1);
                lane.guard = Some(guard);
            }
            terms.push(std::mem::take(indexes));
            lanes.push(lane);
        }
        let decoder = Decoder {
            network: &self.network,
            level: self.level,
            memory: &memory,
        };
        decoder.run(&mut lanes, buffers);
        let mut done = Vec::with_capacity(batch.len());
        for (sentence, (lane, terms)) in lanes.into_iter().zip(terms).enumerate() {
            let request = &requests[parts[batch[sentence]].request];
            let width = request.beam.max(request.nbest).min(WIDEST);
            let beam = width > 1 && request.force.is_none() && request.prefix.is_empty();
            let nbest = if beam {
                decoder.beam(sentence, lane.output, width, lane.limit, buffers)
            } else {
                Vec::new()
            };
            let kept = lane
                .guard
                .as_ref()
                .map(|guard| guard.kept().to_vec())
                .unwrap_or_default();
            done.push(Done {
                written: lane.written,
                kept: terms.into_iter().zip(kept).collect(),
                nbest,
            });
        }
        done
    }

    /// The leading ids that the target vocabulary has.
    fn known<'i>(&self, ids: &'i [u32]) -> &'i [u32] {
        let size = self.target_vocab().len();
        let count = ids.iter().take_while(|&&id| (id as usize) < size).count();
        &ids[..count]
    }

    /// The terms that begin in a part, with their index in the request.
    fn wanted(
        &self,
        request: &Request,
        tokens: &[Token],
        part: &Part,
    ) -> (Vec<usize>, Vec<Wanted>) {
        if request.force.is_some() {
            return Default::default();
        }
        let own = &tokens[part.tokens.clone()];
        let last = part.tokens.end == tokens.len();
        let end = own.last().map_or(0, |token| token.span.end);
        let begin = if part.tokens.start == 0 {
            0
        } else {
            own.first().map_or(0, |t| t.span.start)
        };
        let (mut indexes, mut wanted) = (Vec::new(), Vec::new());
        for (index, term) in request.terms.iter().enumerate() {
            let here = term.source.start >= begin && (last || term.source.start < end);
            let forms: Vec<(String, Vec<u32>)> = term
                .forms
                .iter()
                .filter_map(|form| self.pieces(form))
                .collect();
            if !here || forms.is_empty() || part.ids.len() < 2 {
                continue;
            }
            let touches = |token: &Token| {
                token.span.start < term.source.end && term.source.start < token.span.end
            };
            let source = (0..own.len()).filter(|&at| touches(&own[at])).collect();
            indexes.push(index);
            wanted.push(Wanted { source, forms });
        }
        (indexes, wanted)
    }

    /// The pieces of a form, and the text that they give; none if it cannot be written.
    fn pieces(&self, form: &str) -> Option<(String, Vec<u32>)> {
        let ids: Vec<u32> = self
            .target_vocab()
            .encode(form)
            .iter()
            .map(|t| t.id)
            .collect();
        let (text, _) = self.target_vocab().decode(&ids);
        (!ids.is_empty() && !ids.contains(&UNK) && !text.is_empty()).then_some((text, ids))
    }

    /// Makes `output` the output layer for the candidates of a part.
    fn candidates(
        &self,
        list: &Shortlist,
        request: &Request,
        part: &Part,
        wanted: &[Wanted],
        output: &mut Output,
    ) {
        let forms = wanted.iter().flat_map(|w| &w.forms);
        let mut further: Vec<u32> = forms.flat_map(|(_, ids)| ids).copied().collect();
        further.extend(self.known(request.force.as_deref().unwrap_or_default()));
        further.extend(self.known(&request.prefix));
        let target = self.network.target();
        let ids = list.candidates(&part.ids, self.network.is_shared(), &further, target.len());
        target.output(ids, &self.bias, output);
    }

    /// The output layer over the whole vocabulary.
    fn all(&self) -> &Output {
        self.all.get_or_init(|| {
            let target = self.network.target();
            let mut all = Output::default();
            target.output((0..target.len() as u32).collect(), &self.bias, &mut all);
            all
        })
    }

    /// Puts the parts of a text together.
    fn join(&self, request: &Request, tokens: &[Token], parts: Vec<(Part, Done)>) -> Answer {
        let count = parts.len();
        let mut answer = Answer {
            constraints: vec![None; request.terms.len()],
            parts: count,
            ..Answer::default()
        };
        let columns: usize = parts.iter().map(|(part, _)| part.ids.len()).sum();
        let mut end = 0;
        for (part, mut done) in parts {
            let own = &tokens[part.tokens.clone()];
            let begin = own.first().map_or(0, |token| token.span.start);
            let constrained = !request.terms.is_empty() || !request.ban.is_empty();
            done.nbest
                .retain(|w| !constrained || self.keeps(request, w));
            if count == 1 {
                answer.nbest = self.alternatives(request, &done);
            }
            if request.beam > 1
                && !constrained
                && let Some(best) = done.nbest.first()
            {
                done.written.clone_from(best);
            }
            let (text, spans) = self.target_vocab().decode(&done.written.tokens);
            let between = request.text.get(end..begin).unwrap_or_default();
            let apart = between.contains(char::is_whitespace)
                || request
                    .text
                    .get(begin..)
                    .is_some_and(|t| t.starts_with(char::is_whitespace));
            if end > 0 && apart && !answer.target.is_empty() && !text.is_empty() {
                answer.target.push(' ');
            }
            let (base, steps, column) = (
                answer.target.len(),
                answer.tokens.len(),
                answer.source_tokens.len(),
            );
            answer.target.push_str(&text);
            answer
                .target_spans
                .extend(spans.into_iter().map(|s| s.start + base..s.end + base));
            end = own.last().map_or(end, |token| token.span.end);
            answer.source_spans.extend(
                own.iter()
                    .map(|t| t.span.clone())
                    .chain(std::iter::once(end..end)),
            );
            answer.source_tokens.extend(part.ids);
            for row in done.written.alignment {
                let mut wide = vec![0.0; columns];
                wide[column..column + row.len()].copy_from_slice(&row);
                answer.alignment.push(wide);
            }
            answer.tokens.extend(done.written.tokens);
            answer.logprobs.extend(done.written.logprobs);
            answer.margins.extend(done.written.margins);
            answer.best.extend(done.written.best);
            for (term, kept) in done.kept {
                answer.constraints[term] = kept.map(|mut kept| {
                    kept.steps = kept.steps.start + steps..kept.steps.end + steps;
                    kept
                });
            }
        }
        let source = Side {
            vocab: &self.source,
            text: &request.text,
            ids: &answer.source_tokens,
            spans: &answer.source_spans,
        };
        let target = Side {
            vocab: self.target_vocab(),
            text: &answer.target,
            ids: &answer.tokens,
            spans: &answer.target_spans,
        };
        answer.links = links::links(source, target, &answer.alignment);
        answer
    }

    /// Whether a hypothesis of the beam keeps all terms and bans.
    fn keeps(&self, request: &Request, written: &Written) -> bool {
        let (text, _) = self.target_vocab().decode(&written.tokens);
        let stands = |form: &String| occurrences(&text, form).next().is_some();
        request
            .terms
            .iter()
            .all(|term| term.forms.iter().any(stands))
            && !request.ban.iter().any(stands)
    }

    /// The answer and the beam's hypotheses, best first, each text once.
    fn alternatives(&self, request: &Request, done: &Done) -> Vec<Alternative> {
        if request.nbest == 0 {
            return Vec::new();
        }
        let mut all: Vec<Alternative> = Vec::new();
        let mut written: Vec<&Written> =
            std::iter::once(&done.written).chain(&done.nbest).collect();
        written.sort_by(|a, b| b.score().total_cmp(&a.score()));
        for written in written {
            let (target, _) = self.target_vocab().decode(&written.tokens);
            if all.iter().all(|other| other.target != target) {
                all.push(Alternative {
                    target,
                    tokens: written.tokens.clone(),
                    score: written.score(),
                });
            }
        }
        all.truncate(request.nbest);
        all
    }
}

/// Batches of similar length: as many parts as fit, by length of the longest times their number.
fn batches(order: &[usize], parts: &[Part], words: usize) -> Vec<Vec<usize>> {
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for &at in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * parts[batch[0]].ids.len() <= words => batch.push(at),
            _ => batches.push(vec![at]),
        }
    }
    batches
}
