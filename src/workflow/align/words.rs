//! Which word became which: an aligner with what earlier texts taught it, and what it learns kept.

use crate::align::Lexicon;
use crate::align::word::{Aligner, LIMIT, LinkScope, Priors, WordKnowledge, link};
use crate::bitext::{LangPair, Unit};
use crate::format;
use crate::workflow::files::{self, Outputs};
use crate::workflow::{Error, Host, NoticeLevel};
use std::num::NonZero;
use std::path::PathBuf;

/// What words are linked with.
#[derive(Debug, Clone, Default)]
pub struct WordLinking {
    /// Whether words are linked at all.
    pub links: bool,
    /// What earlier texts taught about words.
    pub priors: Option<PathBuf>,
    /// Whether what this text teaches is added to that file.
    pub saves_priors: bool,
}

impl WordLinking {
    /// An aligner of words.
    ///
    /// Errors: [`Error::Unreadable`] and [`Error::Priors`] for the file of priors.
    pub fn aligner<'l>(
        &self,
        lexicon: &'l Lexicon,
        pair: &'l LangPair,
        threads: NonZero<usize>,
        host: &dyn Host,
    ) -> Result<Aligner<'l>, Error> {
        let aligner = Aligner::new(WordKnowledge::new(lexicon, pair)).on(threads);
        let Some(path) = &self.priors else {
            return Ok(aligner);
        };
        if self.saves_priors && !path.exists() {
            return Ok(aligner);
        }
        let name = path.display().to_string();
        let (text, ..) = format::decode(&files::read(path)?)?;
        let priors = Priors::read(&name, &text, pair).map_err(|error| Error::Priors {
            what: error.what,
            place: error.place,
        })?;
        let line = format!("priors {name}: {} pairs of words", priors.len());
        host.notify(NoticeLevel::Info, &line);
        Ok(aligner.with_priors(priors))
    }

    /// Adds what an aligner learnt to the file of priors, where that is wanted.
    ///
    /// Errors: [`Error::Unwritable`].
    pub fn keep(
        &self,
        aligner: &Aligner<'_>,
        pair: &LangPair,
        host: &dyn Host,
    ) -> Result<(), Error> {
        let Some(path) = self.priors.as_ref().filter(|_| self.saves_priors) else {
            return Ok(());
        };
        let priors = aligner.priors();
        // The file is ours by the request that names it.
        Outputs::new(None, true).write(path, priors.write(pair).as_bytes())?;
        let line = format!(
            "priors {}: {} pairs of words kept, {LIMIT} at most",
            path.display(),
            priors.len()
        );
        host.notify(NoticeLevel::Info, &line);
        Ok(())
    }

    /// Links the units of two texts, or of pairs, and keeps what they teach.
    ///
    /// Errors: those of [`WordLinking::aligner`] and [`WordLinking::keep`].
    pub fn link_units(
        &self,
        units: &mut [Unit],
        lexicon: &Lexicon,
        pair: &LangPair,
        threads: NonZero<usize>,
        host: &dyn Host,
    ) -> Result<(), Error> {
        let mut aligner = self.aligner(lexicon, pair, threads, host)?;
        link(units, &mut aligner, LinkScope::All);
        self.keep(&aligner, pair, host)
    }
}
