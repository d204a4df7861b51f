//! Properties of the engine, on small models with random weights from [`super::toy_model`].

use super::kernel::KernelLevel;
use super::toy_model::{self, Random, SMALL, Storage, model, text};
use super::{
    Error, ModelFiles, NamedBytes, NmtAnswer, NmtModel, NmtOptions, NmtRequest, TermConstraint,
    Vocab,
};

/// The files of a small model.
#[derive(Debug, Clone)]
pub struct ToyFiles {
    pub model: Vec<u8>,
    pub vocab: Vec<u8>,
    pub shortlist: Vec<u8>,
    /// Whether the target has its own vocabulary (of the same pieces).
    pub two_vocabularies: bool,
}

impl ToyFiles {
    /// The model of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            model: model(SMALL, seed, Storage::Int8, ""),
            two_vocabularies: false,
            vocab: toy_model::vocab(SMALL),
            shortlist: toy_model::shortlist(SMALL, seed),
        }
    }

    /// Loads the model.
    pub fn load(&self) -> Result<NmtModel, Error> {
        let file = |name, bytes| NamedBytes { name, bytes };
        NmtModel::from_files(&ModelFiles {
            model: file("model.bin", &self.model),
            source: file("vocab.spm", &self.vocab),
            target: self
                .two_vocabularies
                .then_some(file("trgvocab.spm", &self.vocab)),
            shortlist: Some(file("lex.bin", &self.shortlist)),
        })
    }
}

fn translator(seed: u64) -> NmtModel {
    ToyFiles::new(seed).load().expect("the sample is sound")
}

fn requests(seed: u64, count: usize) -> Vec<NmtRequest> {
    let random = &mut Random(seed);
    (0..count)
        .map(|_| {
            let words = random.next(14);
            NmtRequest::new(text(random, words))
        })
        .collect()
}

#[test]
fn the_answer_does_not_depend_on_batch_threads_order_or_kernel() {
    let requests = requests(3, 10);
    let mut turned = requests.clone();
    turned.reverse();
    for (seed, shortlist) in [(5, true), (6, false)] {
        let with = |threads, batch_words| NmtOptions {
            threads,
            batch_words,
            shortlist,
        };
        let scalar = translator(seed).at_level(KernelLevel::Scalar);
        let base = scalar.translate(&requests, &with(1, 1024));
        assert!(base.iter().any(|answer| answer.tokens.len() > 4));
        for level in KernelLevel::available() {
            let translator = translator(seed).at_level(level);
            for options in [with(1, 1), with(3, 40)] {
                let answers = translator.translate(&requests, &options);
                assert_eq!(answers, base, "{level:?} {options:?}");
            }
            let mut answers = translator.translate(&turned, &with(1, 1024));
            answers.reverse();
            assert_eq!(answers, base, "{level:?} in reverse");
        }
    }
}

/// Every CPU gives the same text, today and tomorrow: a change of this number is a change of the
/// product's output.
#[test]
fn the_numbers_are_those_of_every_other_machine() {
    let answers = translator(5).translate(&requests(3, 6), &NmtOptions::default());
    let numbers = answers.iter().flat_map(|answer| {
        let tokens = answer.tokens.iter().copied();
        let floats = answer
            .logprobs
            .iter()
            .chain(answer.alignment.iter().flatten());
        tokens.chain(floats.map(|value| value.to_bits()))
    });
    let digest = numbers.fold(0xcbf2_9ce4_8422_2325_u64, |digest, number| {
        (digest ^ u64::from(number)).wrapping_mul(0x100_0000_01b3)
    });
    assert_eq!(digest, 0x94b8_881a_9ae5_0820, "{digest:#x}");
}

#[test]
fn a_forced_answer_has_the_probabilities_of_the_free_one() {
    let translator = translator(11);
    let requests = requests(8, 12);
    let free = translator.translate(&requests, &NmtOptions::default());
    let forced: Vec<NmtRequest> = requests
        .iter()
        .zip(&free)
        .map(|(request, answer)| NmtRequest {
            force: Some(answer.tokens.clone()),
            ..request.clone()
        })
        .collect();
    let forced = translator.translate(&forced, &NmtOptions::default());
    for (free, forced) in free.iter().zip(&forced) {
        assert_eq!(
            (&free.target, &free.logprobs, &free.alignment),
            (&forced.target, &forced.logprobs, &forced.alignment)
        );
        assert_eq!(forced.best, forced.tokens);
    }
}

#[test]
fn a_prefix_is_kept_and_gone_on_with() {
    let translator = translator(12);
    let free = &translator.translate(
        &[NmtRequest::new("de haven van Kursk")],
        &NmtOptions::default(),
    )[0];
    assert!(free.tokens.len() > 3);
    let prefix = vec![free.tokens[0], free.tokens[1]];
    let request = NmtRequest {
        prefix,
        ..NmtRequest::new("de haven van Kursk")
    };
    let again = &translator.translate(&[request], &NmtOptions::default())[0];
    assert_eq!(again.tokens, free.tokens);
}

#[test]
fn alignment_and_probabilities_are_those_of_distributions() {
    let answers = translator(2).translate(&requests(4, 20), &NmtOptions::default());
    for answer in &answers {
        let spans = answer.source_spans.iter().all(|s| s.start <= s.end);
        assert!(spans && answer.source_spans.len() == answer.source_tokens.len());
        assert!(
            answer.logprobs.iter().all(|&p| p <= 1e-6) && answer.margins.iter().all(|&m| m >= 0.0)
        );
        for row in &answer.alignment {
            assert_eq!(row.len(), answer.source_tokens.len());
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}

/// Occurrences of `form` as a word of its own.
fn count(text: &str, form: &str) -> usize {
    super::constraints::occurrences(text, form).count()
}

#[test]
fn required_forms_appear_and_banned_ones_do_not() {
    for seed in 1..6 {
        let (translator, random) = (translator(seed), &mut Random(seed + 70));
        let plain = requests(seed, 25);
        let free = translator.translate(&plain, &NmtOptions::default());
        let guarded: Vec<NmtRequest> = plain
            .iter()
            .zip(&free)
            .filter(|(request, _)| !request.text.trim().is_empty())
            .map(|(request, answer)| {
                let forms = vec![["Kursk", "MI6", "the haddock", "Ül"][random.next(4)].to_owned()];
                let at = random.next(request.text.len());
                let words: Vec<&str> = answer
                    .target
                    .split(|c: char| !c.is_alphanumeric())
                    .filter(|w| !w.is_empty())
                    .collect();
                let ban = words
                    .iter()
                    .take(random.next(4))
                    .filter(|w| count(&forms[0], w) == 0);
                NmtRequest {
                    ban: ban.map(|w| (*w).to_owned()).collect(),
                    terms: vec![TermConstraint {
                        source: at..at + 3,
                        forms,
                    }],
                    ..request.clone()
                }
            })
            .collect();
        for (request, answer) in guarded
            .iter()
            .zip(translator.translate(&guarded, &NmtOptions::default()))
        {
            let term = &request.terms[0].forms[0];
            assert!(
                count(&answer.target, term) > 0,
                "{term} in {:?}",
                answer.target
            );
            assert!(answer.constraints[0].is_some());
            for ban in &request.ban {
                assert_eq!(
                    count(&answer.target, ban),
                    0,
                    "{ban} in {:?}",
                    answer.target
                );
            }
        }
    }
}

fn term(source: std::ops::Range<usize>, form: &str) -> TermConstraint {
    TermConstraint {
        source,
        forms: vec![form.to_owned()],
    }
}

/// Two hits of one term need two forms, and a ban does not reach into longer words.
#[test]
fn two_hits_are_two_forms_and_a_ban_spares_longer_words() {
    let text = "Kursk van de haven van Kursk";
    for seed in 1..6 {
        let request = NmtRequest {
            terms: vec![term(0..5, "haddock"), term(23..28, "haddock")],
            ban: vec!["had".to_owned(), "Kursk".to_owned()],
            ..NmtRequest::new(text)
        };
        let answer = translator(seed)
            .translate(&[request], &NmtOptions::default())
            .remove(0);
        assert!(count(&answer.target, "haddock") >= 2, "{:?}", answer.target);
        assert_eq!(
            count(&answer.target, "had") + count(&answer.target, "Kursk"),
            0
        );
        let kept: Vec<_> = answer.constraints.iter().flatten().collect();
        assert!(
            kept[0].steps.end <= kept[1].steps.start || kept[1].steps.end <= kept[0].steps.start
        );
    }
}

#[test]
fn a_text_is_not_cut_inside_a_term_and_every_part_keeps_its_own() {
    let text = "de haven van het ".repeat(40);
    let spans: Vec<_> = text
        .match_indices("haven van het")
        .map(|(at, found)| at..at + found.len())
        .collect();
    let request = NmtRequest {
        terms: spans.iter().map(|span| term(span.clone(), "MI6")).collect(),
        ..NmtRequest::new(text)
    };
    let answer = translator(3)
        .translate(&[request], &NmtOptions::default())
        .remove(0);
    assert!(answer.parts > 2);
    assert!(answer.constraints.iter().all(Option::is_some));
    assert_eq!(count(&answer.target, "MI6"), spans.len());
    for (token, id) in answer.source_tokens.iter().enumerate() {
        let at = answer.source_spans[token].end;
        assert!(*id != 0 || !spans.iter().any(|span| span.start < at && at < span.end));
    }
}

/// Number of pieces of the answer's first word.
fn answer_pieces(translator: &NmtModel, answer: &NmtAnswer) -> usize {
    let vocab = translator.source_vocab();
    let further = answer
        .tokens
        .iter()
        .skip(1)
        .take_while(|&&id| vocab.continues_word(id));
    1 + further.count()
}

/// The glossary requires the form that the model is about to write anyway: nothing changes, and
/// nothing is forced.
#[test]
fn a_form_that_the_model_writes_by_itself_is_left_to_it() {
    // With a shortlist the form's own pieces would become candidates, and with a term the limit is
    // higher.
    let all = NmtOptions {
        shortlist: false,
        ..NmtOptions::default()
    };
    let mut asked = 0;
    for seed in 1..4 {
        let (translator, random) = (translator(seed), &mut Random(seed));
        let plain: Vec<NmtRequest> = (0..15).map(|_| NmtRequest::new(text(random, 2))).collect();
        for (request, free) in plain.iter().zip(translator.translate(&plain, &all)) {
            let word = free.target.split(' ').next().unwrap_or_default();
            let pieces = translator.source_vocab().encode(word).len();
            let own = answer_pieces(&translator, &free);
            if own > pieces || own == free.tokens.len() || !word.chars().all(char::is_alphanumeric)
            {
                continue;
            }
            let request = NmtRequest {
                terms: vec![term(0..request.text.len(), word)],
                ..request.clone()
            };
            let answer = translator.translate(&[request], &all).remove(0);
            let count = free.tokens.len();
            assert_eq!(answer.tokens[..count], free.tokens, "{word}");
            assert_eq!(answer.logprobs[..count], free.logprobs, "{word}");
            assert!(
                answer.constraints[0]
                    .as_ref()
                    .is_some_and(|kept| !kept.forced)
            );
            asked += 1;
        }
    }
    assert!(asked > 5, "{asked}");
}

#[test]
fn alternatives_are_distinct_and_in_order() {
    let request = NmtRequest {
        nbest: 4,
        ..NmtRequest::new("de haven van Kursk")
    };
    let answer = translator(4)
        .translate(&[request], &NmtOptions::default())
        .remove(0);
    assert!(answer.nbest.len() > 1);
    assert!(
        answer
            .nbest
            .windows(2)
            .all(|pair| pair[0].score >= pair[1].score && pair[0].target != pair[1].target)
    );
}

#[test]
fn a_long_text_is_cut_and_nothing_is_lost() {
    let translator = translator(6);
    let text = "de haven van Kursk, een haven in de een ".repeat(40);
    let answer: NmtAnswer = translator
        .translate(&[NmtRequest::new(text.clone())], &NmtOptions::default())
        .remove(0);
    assert!(answer.parts > 5);
    let whole: Vec<u32> = translator
        .source_vocab()
        .encode(&text)
        .iter()
        .map(|t| t.id)
        .collect();
    let ids: Vec<u32> = answer
        .source_tokens
        .iter()
        .copied()
        .filter(|&id| id != 0)
        .collect();
    assert_eq!(ids, whole);
    assert_eq!(
        answer.source_tokens.iter().filter(|&&id| id == 0).count(),
        answer.parts
    );
    let covered = answer
        .source_spans
        .iter()
        .map(std::ops::Range::len)
        .sum::<usize>();
    assert_eq!(covered, text.trim_end().len());
    assert!(
        answer
            .alignment
            .iter()
            .all(|row| row.len() == answer.source_tokens.len())
    );
}

#[test]
fn unknown_settings_are_refused_by_name() {
    for (setting, named) in [
        ("type: s2s\n", "type: s2s"),
        ("dec-cell: gru\n", "dec-cell: gru"),
        ("transformer-ffn-activation: swish\n", "swish"),
        ("transformer-train-positions: true\n", "train-positions"),
    ] {
        let mut files = ToyFiles::new(1);
        files.model = model(SMALL, 1, Storage::Int8, setting);
        let error = files.load().expect_err(setting).to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[test]
fn a_float_model_with_two_vocabularies_says_nearly_the_same() {
    let mut files = ToyFiles::new(12);
    let requests = requests(5, 10);
    let free = files
        .load()
        .expect("sound")
        .translate(&requests, &NmtOptions::default());
    files.model = model(SMALL, 12, Storage::Float, "tied-embeddings-all: false\n");
    files.two_vocabularies = true;
    let forced: Vec<NmtRequest> = requests
        .iter()
        .zip(&free)
        .map(|(request, answer)| NmtRequest {
            force: Some(answer.tokens.clone()),
            ..request.clone()
        })
        .collect();
    // Without the shared vocabulary the shortlist would have other candidates.
    let all = NmtOptions {
        shortlist: false,
        ..NmtOptions::default()
    };
    let quantised = ToyFiles::new(12)
        .load()
        .expect("sound")
        .translate(&forced, &all);
    let float = files.load().expect("floats load").translate(&forced, &all);
    let pairs = || {
        quantised
            .iter()
            .zip(&float)
            .flat_map(|(a, b)| a.logprobs.iter().zip(&b.logprobs))
    };
    let (count, sum) = pairs().fold((0, 0.0), |(n, sum), (a, b)| (n + 1, sum + (a - b).abs()));
    assert!(
        count > 20 && sum / (count as f32) < 0.25,
        "{count} steps, mean difference {}",
        sum / count as f32
    );
}

#[test]
fn tokens_cover_the_text_and_come_back() {
    let vocab = Vocab::read("vocab.spm", &toy_model::vocab(SMALL)).expect("sound");
    for (text, back) in [
        ("de haven", "de haven"),
        ("  de   haven  ", "de haven"),
        ("de\thaven", "de haven"),
        ("é😀", "é😀"),
        ("__x__de", "__x__de"),
        ("\u{feff}a\u{200b}", "\u{feff}a\u{200b}"),
        ("", ""),
        (" \t ", ""),
    ] {
        let tokens = vocab.encode(text);
        let ids: Vec<u32> = tokens.iter().map(|t| t.id).collect();
        assert_eq!(vocab.decode(&ids).0, back, "{text:?}");
        assert!(
            tokens
                .windows(2)
                .all(|pair| pair[0].span.end <= pair[1].span.start),
            "{text:?}"
        );
        if let (Some(first), Some(last)) = (tokens.first(), tokens.last()) {
            let lost = [&text[..first.span.start], &text[last.span.end..]].concat();
            assert_eq!(lost.trim(), "", "{text:?}");
        }
    }
}

#[test]
fn bytes_that_are_no_utf8_become_the_replacement_character() {
    let vocab = Vocab::read("vocab.spm", &toy_model::vocab(SMALL)).expect("sound");
    let byte = |byte: u32| byte + 2;
    let (text, spans) = vocab.decode(&[
        byte(0x61),
        byte(0xff),
        byte(0xc3),
        byte(0xa9),
        byte(0xe2),
        byte(0x82),
        0,
    ]);
    assert_eq!(text, "a\u{fffd}é\u{fffd}\u{fffd}");
    assert_eq!(spans[3], 4..6);
    assert_eq!(vocab.decode(&[u32::MAX, 0, 1]).0, " ⁇ ");
}

#[test]
fn links_join_words_and_leave_the_end_out() {
    let answer = translator(4)
        .translate(
            &[NmtRequest::new("de haven van Kursk")],
            &NmtOptions::default(),
        )
        .remove(0);
    assert!(!answer.links.is_empty());
    for link in &answer.links {
        let source = &"de haven van Kursk"[link.source.clone()];
        assert!(
            ["de", "haven", "van", "Kursk"].contains(&source),
            "{source:?}"
        );
        assert!(!answer.target[link.target.clone()].contains(' '));
    }
}

/// Loads files that may be damaged, and translates if they load: neither may panic.
fn survives(files: &ToyFiles) -> bool {
    let Ok(translator) = files.load() else {
        return false;
    };
    let answers = translator.translate(
        &[NmtRequest::new("de haven é 😀 MI6")],
        &NmtOptions::default(),
    );
    answers.len() == 1
}

#[test]
fn truncated_files_are_errors() {
    let sound = ToyFiles::new(9);
    assert!(survives(&sound));
    let cuts = |len: usize| {
        (0..400)
            .chain((400..len).step_by(len / 150 + 1))
            .filter(move |&cut| cut < len)
    };
    for cut in cuts(sound.model.len()) {
        let mut files = sound.clone();
        files.model.truncate(cut);
        assert!(!survives(&files), "model cut at {cut}");
    }
    for cut in cuts(sound.shortlist.len()) {
        let mut files = sound.clone();
        files.shortlist.truncate(cut);
        assert!(!survives(&files), "shortlist cut at {cut}");
    }
    for cut in cuts(sound.vocab.len()) {
        let mut files = sound.clone();
        files.vocab.truncate(cut);
        // Without its last fields the file may still be a vocabulary, of another size or without
        // options.
        survives(&files);
    }
}

#[test]
fn damaged_files_never_panic() {
    let sound = ToyFiles::new(9);
    let random = &mut Random(77);
    for round in 0..600 {
        let mut files = sound.clone();
        let file = match round % 3 {
            0 => &mut files.model,
            1 => &mut files.vocab,
            _ => &mut files.shortlist,
        };
        // Mostly in the headers, which hold lengths and offsets.
        let span = if round % 2 == 0 {
            file.len().min(6000)
        } else {
            file.len()
        };
        for _ in 0..=random.next(3) {
            let at = random.next(span);
            file[at] = match random.next(4) {
                0 => 0xff,
                1 => 0x80,
                _ => file[at] ^ 1 << random.next(8),
            };
        }
        if round % 3 == 2 {
            let sum = super::shortlist::checksum(&file[16..]);
            file[8..16].copy_from_slice(&sum.to_le_bytes());
        }
        survives(&files);
    }
}

#[test]
fn an_error_names_file_and_offset() {
    let mut files = ToyFiles::new(1);
    files.model[24..32].copy_from_slice(&0x4102_u64.to_le_bytes());
    let error = files.load().expect_err("intgemm16 is not run").to_string();
    assert!(
        error.contains("model.bin") && error.contains("0x4102"),
        "{error}"
    );
    let mut files = ToyFiles::new(1);
    files.model[16..24].copy_from_slice(&u64::MAX.to_le_bytes());
    let error = files.load().expect_err("a name of 2^64 bytes").to_string();
    assert!(error.contains("byte 16"), "{error}");
}
