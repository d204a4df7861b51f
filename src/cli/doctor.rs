//! `overzet doctor`: what is found, what is missing, and what to do about it. Values of keys are never shown.

use super::failure::{Exit, Failure};
use super::{World, glossary, local, print};
use crate::bitext::Severity;
use crate::engine::{self, ENGINES};
use crate::memory::Store;

/// Looks around and says what it sees.
pub async fn run(world: &World) -> Result<Exit, Failure> {
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
    line(true, "overzet.toml", &shown(&world.settings.file));
    line(true, ".env", &shown(&world.settings.dotenv));
    match glossary::load(&[], world) {
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
        Err(failure) => line(false, "glossary", &failure.error),
    }
    let path = world.memory();
    match Store::open(&path).and_then(|store| store.counts()) {
        Ok(counts) => line(
            true,
            "memory",
            &format!(
                "{} pairs, {} drafts in {}",
                counts.pairs,
                counts.drafts,
                path.display()
            ),
        ),
        Err(error) => line(false, "memory", &error.to_string()),
    }
    let settings = local::settings(world, &world.pair(), None);
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
    let net = world.net()?;
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
    print::out(text.as_bytes())?;
    Ok(if bad { Exit::Findings } else { Exit::Done })
}
