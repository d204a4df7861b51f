//! A loaded model: texts in, answers out, in batches of similar length and on several threads. An
//! answer does not depend on its batch.

use super::clause_split;
use super::constraints::{ConstraintOutcome, ConstraintTracker, TermPieces, occurrences};
use super::decode::{Decoder, DecoderRow, Hypothesis};
use super::embedding::OutputLayer;
use super::error::Error;
use super::kernel::KernelLevel;
use super::links::{self, TokenizedSide};
use super::network::{NetworkBuffers, StudentNetwork};
use super::request::{NmtAlternative, NmtAnswer, NmtOptions, NmtRequest};
use super::settings;
use super::shortlist::LexicalShortlist;
use super::vocab::{EOS, PieceToken, UNK, Vocab};
use super::weights::ModelWeights;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A model, ready to translate. Threads can share it.
#[derive(Debug)]
pub struct NmtModel {
    network: StudentNetwork,
    source: Vocab,
    /// The target vocabulary, if it differs from the source vocabulary.
    target: Option<Vocab>,
    shortlist: Option<LexicalShortlist>,
    /// The summand of every logit, one number per target id; see `EmbeddingTable::prepared`.
    bias: Vec<f32>,
    level: KernelLevel,
    /// The output layer over the whole vocabulary, packed at its first use.
    all: OnceLock<OutputLayer>,
}

/// A file in memory.
#[derive(Debug, Clone, Copy)]
pub struct NamedBytes<'a> {
    /// The name, for messages.
    pub name: &'a str,
    /// The content.
    pub bytes: &'a [u8],
}

impl<'a> NamedBytes<'a> {
    fn of((name, bytes): &'a (String, Vec<u8>)) -> Self {
        Self { name, bytes }
    }
}

/// The files of a model.
#[derive(Debug, Clone, Copy)]
pub struct ModelFiles<'a> {
    /// The weights.
    pub model: NamedBytes<'a>,
    /// The vocabulary of both languages, or of the source.
    pub source: NamedBytes<'a>,
    /// The vocabulary of the target, if it has its own.
    pub target: Option<NamedBytes<'a>>,
    /// The lexical shortlist, if the model has one.
    pub shortlist: Option<NamedBytes<'a>>,
}

/// Most target tokens per source token (Marian's max-length-factor).
const MAX_LENGTH_FACTOR: usize = 2;
/// Most source tokens of a batch, whatever the caller asks for: larger batches cost memory and gain
/// nothing.
const MAX_BATCH_TOKENS: usize = 512;
/// Fewest source tokens of a batch when several threads share the work: smaller products are
/// slower.
const MIN_BATCH_TOKENS: usize = 128;
/// Fewest batches per thread, if there are enough texts, so that all threads end at about the same
/// time.
const BATCHES_PER_THREAD: usize = 8;
/// Largest width of a beam search; wider ones only cost time.
const MAX_BEAM: usize = 64;

/// A part of a text that is translated as one sentence.
struct TextPart {
    request: usize,
    /// Its tokens, by their indexes in the request.
    tokens: Range<usize>,
    /// Their ids, with EOS.
    ids: Vec<u32>,
}

/// The translation of a part.
#[derive(Default)]
struct PartResult {
    hypothesis: Hypothesis,
    outcomes: Vec<(usize, Option<ConstraintOutcome>)>,
    nbest: Vec<Hypothesis>,
}

impl NmtModel {
    /// Loads a model from a folder: `model*.bin`, `vocab*.spm` (or `srcvocab*.spm` and
    /// `trgvocab*.spm`), optionally `lex*.bin`.
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
                .ok_or_else(|| unreadable(folder, format!("the folder contains no {start}*{end}")))
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
        Self::from_files(&ModelFiles {
            model: NamedBytes::of(&model),
            source: NamedBytes::of(&source),
            target: target.as_ref().map(NamedBytes::of),
            shortlist: shortlist.as_ref().map(NamedBytes::of),
        })
    }

    /// Loads a model from memory.
    ///
    /// Errors: [`Error`]. Bytes of another kind neither cause a panic nor an allocation beyond
    /// their own size.
    pub fn from_files(files: &ModelFiles<'_>) -> Result<Self, Error> {
        let weights = ModelWeights::read(files.model.name, files.model.bytes)?;
        let shape = settings::shape(files.model.name, &weights)?;
        let source = Vocab::read(files.source.name, files.source.bytes)?;
        let target = files
            .target
            .map(|file| Vocab::read(file.name, file.bytes))
            .transpose()?;
        let size = target.as_ref().map_or(source.len(), Vocab::len);
        let network = StudentNetwork::load(&weights, shape, source.len(), size)?;
        let bias = weights.vector("decoder_ff_logit_out_b", size)?;
        let bias = network.target().prepared(bias);
        let shortlist = files
            .shortlist
            .map(|file| LexicalShortlist::read(file.name, file.bytes, source.len(), size))
            .transpose()?;
        Ok(Self {
            network,
            source,
            target,
            shortlist,
            bias,
            level: KernelLevel::best(),
            all: OnceLock::new(),
        })
    }

    /// The same model on other kernels, with the same answers. A level that this CPU lacks is
    /// ignored.
    #[must_use]
    pub fn at_level(mut self, level: KernelLevel) -> Self {
        if KernelLevel::available().contains(&level) {
            self.level = level;
        }
        self
    }

    /// The target vocabulary.
    pub fn target_vocab(&self) -> &Vocab {
        self.target.as_ref().unwrap_or(&self.source)
    }

    /// The source vocabulary.
    pub fn source_vocab(&self) -> &Vocab {
        &self.source
    }

    /// Whether the model has a lexical shortlist.
    pub fn has_shortlist(&self) -> bool {
        self.shortlist.is_some()
    }

    /// Translates any number of texts; answer i belongs to request i.
    pub fn translate(&self, requests: &[NmtRequest], options: &NmtOptions) -> Vec<NmtAnswer> {
        let tokens: Vec<Vec<PieceToken>> = requests
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
                    clause_split::clause_parts(&request.text, tokens, &self.source, &terms)
                }
            };
            parts.extend(ranges.into_iter().map(|range| {
                TextPart {
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
        // Several batches per thread, so that all threads end at about the same time.
        let all: usize = parts.iter().map(|part| part.ids.len()).sum();
        let share = match options.threads {
            0 | 1 => MAX_BATCH_TOKENS,
            threads => {
                (all / (threads * BATCHES_PER_THREAD)).clamp(MIN_BATCH_TOKENS, MAX_BATCH_TOKENS)
            }
        };
        let batches = batches(&order, &parts, options.batch_words.min(share));
        let next = AtomicUsize::new(0);
        let work = || {
            let mut encoded = Default::default();
            let mut done = Vec::new();
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                let answers = self.batch(requests, &tokens, &parts, batch, options, &mut encoded);
                done.extend(batch.iter().copied().zip(answers));
            }
            done
        };
        let threads = options.threads.clamp(1, batches.len().max(1));
        let mut done: Vec<PartResult> = parts.iter().map(|_| PartResult::default()).collect();
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut results = work();
            for other in others {
                // A worker cannot panic; if one did, only its own texts would stay empty.
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
        requests: &[NmtRequest],
        tokens: &[Vec<PieceToken>],
        parts: &[TextPart],
        batch: &[usize],
        options: &NmtOptions,
        (buffers, outputs): &mut (NetworkBuffers, Vec<OutputLayer>),
    ) -> Vec<PartResult> {
        let sentences: Vec<&[u32]> = batch.iter().map(|&at| &parts[at].ids[..]).collect();
        let encoded = self.network.encode(self.level, &sentences, buffers);
        let shortlist = self.shortlist.as_ref().filter(|_| options.shortlist);
        let mut pieces: Vec<(Vec<usize>, Vec<TermPieces>)> = batch
            .iter()
            .map(|&at| {
                self.part_terms(
                    &requests[parts[at].request],
                    &tokens[parts[at].request],
                    &parts[at],
                )
            })
            .collect();
        if shortlist.is_some() && outputs.len() < batch.len() {
            outputs.resize_with(batch.len(), OutputLayer::default);
        }
        if let Some(list) = shortlist {
            for ((&at, (_, pieces)), output) in batch.iter().zip(&pieces).zip(&mut *outputs) {
                let request = &requests[parts[at].request];
                self.candidates(list, request, &parts[at], pieces, output);
            }
        }
        let outputs = &*outputs;
        let mut terms = Vec::with_capacity(batch.len());
        let mut rows: Vec<DecoderRow<'_>> = Vec::with_capacity(batch.len());
        for (sentence, (&at, (indexes, pieces))) in batch.iter().zip(&mut pieces).enumerate() {
            let (part, request) = (&parts[at], &requests[parts[at].request]);
            let first = part.tokens.start == 0;
            let given =
                request
                    .force
                    .as_deref()
                    .unwrap_or(if first { &request.prefix } else { &[] });
            let given = self.known(given);
            // An empty text has an empty translation; the model would invent one.
            let most = if part.ids.len() > 1 {
                MAX_LENGTH_FACTOR * part.ids.len()
            } else {
                0
            };
            let output = match shortlist {
                Some(_) => &outputs[sentence],
                None => self.all(),
            };
            let mut row = DecoderRow::new(output, given, request.force.is_some(), most);
            if request.force.is_some() {
                row.limit = given.len();
            } else if !pieces.is_empty() || !request.ban.is_empty() {
                let tracker = ConstraintTracker::new(
                    self.target_vocab(),
                    std::mem::take(pieces),
                    &request.ban,
                );
                row.limit = row.limit.max(given.len() + tracker.need() + 1);
                row.tracker = Some(tracker);
            }
            terms.push(std::mem::take(indexes));
            rows.push(row);
        }
        let decoder = Decoder {
            network: &self.network,
            level: self.level,
            encoded: &encoded,
        };
        decoder.run(&mut rows, buffers);
        let mut done = Vec::with_capacity(batch.len());
        for (sentence, (row, terms)) in rows.into_iter().zip(terms).enumerate() {
            let request = &requests[parts[batch[sentence]].request];
            let width = request.beam.max(request.nbest).min(MAX_BEAM);
            let beam = width > 1 && request.force.is_none() && request.prefix.is_empty();
            let nbest = if beam {
                decoder.beam(sentence, row.output, width, row.limit, buffers)
            } else {
                Vec::new()
            };
            let outcomes = row
                .tracker
                .as_ref()
                .map(|tracker| tracker.outcomes().to_vec())
                .unwrap_or_default();
            done.push(PartResult {
                hypothesis: row.hypothesis,
                outcomes: terms.into_iter().zip(outcomes).collect(),
                nbest,
            });
        }
        done
    }

    /// The leading ids that the target vocabulary contains.
    fn known<'i>(&self, ids: &'i [u32]) -> &'i [u32] {
        let size = self.target_vocab().len();
        let count = ids.iter().take_while(|&&id| (id as usize) < size).count();
        &ids[..count]
    }

    /// The terms that begin in a part, with their indexes in the request.
    fn part_terms(
        &self,
        request: &NmtRequest,
        tokens: &[PieceToken],
        part: &TextPart,
    ) -> (Vec<usize>, Vec<TermPieces>) {
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
        let (mut indexes, mut pieces) = (Vec::new(), Vec::new());
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
            let touches = |token: &PieceToken| {
                token.span.start < term.source.end && term.source.start < token.span.end
            };
            let source = (0..own.len()).filter(|&at| touches(&own[at])).collect();
            indexes.push(index);
            pieces.push(TermPieces { source, forms });
        }
        (indexes, pieces)
    }

    /// The pieces of a form and the text that they decode to; `None` if the vocabulary cannot write
    /// it.
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

    /// Makes `output` the output layer over the candidates of a part.
    fn candidates(
        &self,
        list: &LexicalShortlist,
        request: &NmtRequest,
        part: &TextPart,
        pieces: &[TermPieces],
        output: &mut OutputLayer,
    ) {
        let forms = pieces.iter().flat_map(|w| &w.forms);
        let mut further: Vec<u32> = forms.flat_map(|(_, ids)| ids).copied().collect();
        further.extend(self.known(request.force.as_deref().unwrap_or_default()));
        further.extend(self.known(&request.prefix));
        let target = self.network.target();
        let ids = list.candidates(&part.ids, self.network.is_shared(), &further, target.len());
        target.output(ids, &self.bias, output);
    }

    /// The output layer over the whole vocabulary.
    fn all(&self) -> &OutputLayer {
        self.all.get_or_init(|| {
            let target = self.network.target();
            let mut all = OutputLayer::default();
            target.output((0..target.len() as u32).collect(), &self.bias, &mut all);
            all
        })
    }

    /// Joins the translated parts of a text.
    fn join(
        &self,
        request: &NmtRequest,
        tokens: &[PieceToken],
        parts: Vec<(TextPart, PartResult)>,
    ) -> NmtAnswer {
        let count = parts.len();
        let mut answer = NmtAnswer {
            constraints: vec![None; request.terms.len()],
            parts: count,
            ..NmtAnswer::default()
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
                done.hypothesis.clone_from(best);
            }
            let (text, spans) = self.target_vocab().decode(&done.hypothesis.tokens);
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
            for row in done.hypothesis.alignment {
                let mut wide = vec![0.0; columns];
                wide[column..column + row.len()].copy_from_slice(&row);
                answer.alignment.push(wide);
            }
            answer.tokens.extend(done.hypothesis.tokens);
            answer.logprobs.extend(done.hypothesis.logprobs);
            answer.margins.extend(done.hypothesis.margins);
            answer.best.extend(done.hypothesis.best);
            for (term, outcomes) in done.outcomes {
                answer.constraints[term] = outcomes.map(|mut outcomes| {
                    outcomes.steps = outcomes.steps.start + steps..outcomes.steps.end + steps;
                    outcomes
                });
            }
        }
        let source = TokenizedSide {
            vocab: &self.source,
            text: &request.text,
            ids: &answer.source_tokens,
            spans: &answer.source_spans,
        };
        let target = TokenizedSide {
            vocab: self.target_vocab(),
            text: &answer.target,
            ids: &answer.tokens,
            spans: &answer.target_spans,
        };
        answer.links = links::links(source, target, &answer.alignment);
        answer
    }

    /// Whether a hypothesis of the beam satisfies all terms and bans.
    fn keeps(&self, request: &NmtRequest, hypothesis: &Hypothesis) -> bool {
        let (text, _) = self.target_vocab().decode(&hypothesis.tokens);
        let stands = |form: &String| occurrences(&text, form).next().is_some();
        request
            .terms
            .iter()
            .all(|term| term.forms.iter().any(stands))
            && !request.ban.iter().any(stands)
    }

    /// The answer and the hypotheses of the beam, best first, each text once.
    fn alternatives(&self, request: &NmtRequest, done: &PartResult) -> Vec<NmtAlternative> {
        if request.nbest == 0 {
            return Vec::new();
        }
        let mut all: Vec<NmtAlternative> = Vec::new();
        let mut hypothesis: Vec<&Hypothesis> = std::iter::once(&done.hypothesis)
            .chain(&done.nbest)
            .collect();
        hypothesis.sort_by(|a, b| b.score().total_cmp(&a.score()));
        for hypothesis in hypothesis {
            let (target, _) = self.target_vocab().decode(&hypothesis.tokens);
            if all.iter().all(|other| other.target != target) {
                all.push(NmtAlternative {
                    target,
                    tokens: hypothesis.tokens.clone(),
                    score: hypothesis.score(),
                });
            }
        }
        all.truncate(request.nbest);
        all
    }
}

/// Batches of similar length: `(count + 1) · longest` stays within `words`.
fn batches(order: &[usize], parts: &[TextPart], words: usize) -> Vec<Vec<usize>> {
    let mut batches: Vec<Vec<usize>> = Vec::new();
    for &at in order {
        match batches.last_mut() {
            Some(batch) if (batch.len() + 1) * parts[batch[0]].ids.len() <= words => batch.push(at),
            _ => batches.push(vec![at]),
        }
    }
    batches
}
