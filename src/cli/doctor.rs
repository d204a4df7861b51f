//! `overzet doctor`: what is found, what is missing, and what to do about it. Values of keys are
//! never shown.

use super::failure::{Exit, Failure};
use super::print;
use super::session::Session;
use crate::bitext::Severity;
use crate::engine::{self, ENGINES};
use crate::memory::Store;
use crate::workflow::glossary;
use crate::workflow::local_model::{self, LocalOptions};

/// Looks around and says what it sees.
pub async fn run(session: &Session) -> Result<Exit, Failure> {
    let setup = &session.setup;
    let mut text = String::new();
    let mut bad = false;
    let mut line = |good: bool, what: &str, is: &str| {
        text.push_str(&format!(
            "{} {what:<12} {is}\n",
            if good { "ok  " } else { "MISS" }
        ));
        bad |= !good;
    };
    let shown = |path: &Option<std::path::PathBuf>| {
        path.as_ref()
            .map_or_else(|| "none".to_owned(), |p| p.display().to_string())
    };
    line(true, "overzet.toml", &shown(&setup.settings.file));
    line(true, ".env", &shown(&setup.settings.dotenv));
    match glossary::load(&[], setup) {
        Ok(glossary) => {
            let errors = glossary
                .lint()
                .iter()
                .filter(|p| p.severity == Severity::Error)
                .count();
            line(
                errors == 0,
                "glossary",
                &format!("{} entries, {errors} lint errors", glossary.entries().len()),
            );
        }
        Err(error) => line(false, "glossary", &error.to_string()),
    }
    let path = setup.memory();
    // Looking makes no file.
    let counts = path
        .exists()
        .then(|| Store::open(&path).and_then(|store| store.counts()));
    match counts {
        None => line(true, "memory", &format!("none yet at {}", path.display())),
        Some(Ok(counts)) => line(
            true,
            "memory",
            &format!(
                "{} pairs, {} drafts in {}",
                counts.pairs,
                counts.drafts,
                path.display()
            ),
        ),
        Some(Err(error)) => line(false, "memory", &error.to_string()),
    }
    let settings = local_model::settings(setup, &setup.pair(), &LocalOptions::default());
    let ready: Vec<_> = ENGINES
        .iter()
        .filter(|e| {
            e.keys
                .first()
                .is_some_and(|k| settings.get(k.name).is_some())
        })
        .collect();
    line(
        !ready.is_empty(),
        "engine",
        if ready.is_empty() {
            "none; `overzet models pull nl-en` installs one, .env.example names the others"
        } else {
            "configured"
        },
    );
    let net = setup.net()?;
    for entry in ready {
        let answer = match entry.build(&settings, &net) {
            Ok(engine) => engine.probe().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) => line(true, entry.name, &answer),
            Err(error @ engine::Error::Configuration { .. }) => {
                line(true, entry.name, &format!("not set up: {error}"));
            }
            Err(error) => line(false, entry.name, &error.to_string()),
        }
    }
    print::text(&text)?;
    Ok(if bad { Exit::Findings } else { Exit::Done })
}
