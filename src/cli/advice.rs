//! What the command line makes of the errors of workflows: the exit code, and the next thing to
//! try.

use super::exit::Exit;
use crate::check::CHECKS;
use crate::workflow::{Error, Purpose};
use crate::{config, engine};

/// The ways to an engine.
pub const NO_ENGINE: [&str; 4] = [
    "install a model that runs on this machine: `overzet models pull nl-en` \
     (`overzet models list` says how large it is)",
    "or set a key: copy .env.example to .env and fill in one line, such as DEEPL_AUTH_KEY",
    "or point at a server: LIBRETRANSLATE_URL, OLLAMA_HOST or OPENAI_BASE_URL",
    "or try it without either: `overzet demo`, or `overzet mock` in a second window",
];

/// The exit code of an engine's error, and the next thing to try.
pub fn of_engine(error: &engine::Error) -> (Exit, Option<String>) {
    use engine::Error;
    let (exit, hint) = match error {
        Error::Auth { .. } => (
            Exit::Auth,
            "check the key in .env or the environment; `overzet config show --origin` says \
             where it was read",
        ),
        Error::Quota { .. } => (
            Exit::Quota,
            "progress is saved; rerun the same command to resume",
        ),
        Error::RateLimited { .. }
        | Error::Network { .. }
        | Error::Protocol { .. }
        | Error::Rejected { .. }
        | Error::Interrupted { .. } => (
            Exit::Unavailable,
            "progress is saved; `overzet engines test NAME` tests the connection",
        ),
        Error::Address { .. } => (
            Exit::Unavailable,
            "check the address of the service; `overzet config show --origin` says where it was \
             set",
        ),
        Error::Model { .. } => (
            Exit::Input,
            "`overzet models verify` compares installed models with their hashes",
        ),
        Error::NotKept { .. } => (
            Exit::Input,
            "check the memory file; `overzet config show` prints its path",
        ),
        Error::UnsupportedPair { .. } => return (Exit::Usage, None),
        Error::Configuration { hint, .. } => return (Exit::Usage, Some(hint.clone())),
        Error::TooLarge { .. }
        | Error::Refused { .. }
        | Error::Mismatch { .. }
        | Error::Runaway { .. } => {
            return (Exit::Unavailable, None);
        }
    };
    (exit, Some(hint.to_owned()))
}

/// The exit code of an error, and a hint where there is one. Errors that a workflow passes on from
/// another module have their own.
pub fn of(error: &Error) -> (Exit, Option<String>) {
    use Exit::{Input, Unavailable, Usage, WouldSend};
    let anew = "translate it again; approved pairs are taken from the memory";
    let (exit, hint) = match error {
        Error::Unreadable { path, purpose, .. } => {
            let exit = match purpose {
                Purpose::Document => Input,
                Purpose::Configuration => Usage,
            };
            let files = format!("name the files: {}/*.txt", path.display());
            return (exit, path.is_dir().then_some(files));
        }
        Error::SeveralArticles { first, .. } => {
            let hint = format!("name one: `overzet review {}`", first.display());
            return (Usage, Some(hint));
        }
        Error::SeveralGlossaries { paths } => {
            let names: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
            let hint = format!("`--into PATH` chooses one: {}", names.join(", "));
            return (Usage, Some(hint));
        }
        Error::UnknownCheck { name } => return (Usage, Some(known_checks(name))),
        Error::NoModel { installed, .. } if !installed.is_empty() => {
            return (Usage, Some(format!("installed: {}", installed.join(", "))));
        }
        Error::NoModelFor { pair } => {
            return (
                Usage,
                Some(format!("`overzet models pull {pair}` downloads one")),
            );
        }
        Error::NoModel { .. } => (Usage, "none is installed"),
        Error::Exists { .. } => (Input, "use `--force` to overwrite it, or name another file"),
        Error::LinkInTheWay { .. } => (Input, "name the file that it points to"),
        Error::SameOutput { .. } => (
            Usage,
            "translate them one by one, each with a folder of its own: `-o FOLDER/`",
        ),
        Error::OutputIsInput { .. } => (Usage, "write elsewhere: `-o OTHER`"),
        Error::DeskExists { .. } => (
            Input,
            "`overzet init FOLDER` makes a desk in another folder",
        ),
        Error::Priors { .. } => (Input, "`--save-priors` makes such a file"),
        Error::NoTarget { .. } => (
            Usage,
            "name both texts: `overzet align artikel.nl.txt article.en.txt`",
        ),
        Error::LineCount { .. } => (
            Usage,
            "the file needs one line per source segment; `overzet segment FILE` shows the segments",
        ),
        Error::VectorLengths { .. } => (
            Usage,
            "both files must come from the same model, one row per segment; `overzet segment \
            FILE` shows the segments",
        ),
        Error::EmbeddingForbidden { .. } => {
            (WouldSend, "`frozen`, `offline` and `dry-run` forbid it")
        }
        Error::NotAnEditor { .. } => (Usage, "openai or ollama can"),
        Error::NoPairs { .. } => (Input, "`overzet translate ARTICLE -o FOLDER/` writes them"),
        Error::NoReport { .. } => (Input, "without --edits only the page is written"),
        Error::OtherEdition { .. } => (
            Input,
            "these pairs belong to another article, or the article was translated again since",
        ),
        Error::Conflicts { .. } => (
            Input,
            "load the page again: it offers what you wrote beside the new text; `overzet tm import FILE` takes the texts of a file for the next translation",
        ),
        Error::OtherText { .. } | Error::OutOfPlace { .. } => (Input, anew),
        Error::NoArticle { .. } => (
            Input,
            "use `--source FILE` to name it; if it was changed, translate it again first: edits are taken over where their Dutch still stands",
        ),
        Error::NoImportTarget => (
            Usage,
            "`--into glossaries/desk.tsv` names a file; it may be new",
        ),
        Error::NoRules { .. } => (
            Usage,
            "overzet has rules for nl and en; segment.data in overzet.toml adds a language",
        ),
        Error::FetchForbidden { manifest: false } => {
            (Unavailable, "use `--from-dir FOLDER` to install from disk")
        }
        Error::FetchForbidden { manifest: true } => return (Unavailable, None),
        Error::Unwritable { .. } => return (Input, None),
        _ => return (Usage, None),
    };
    (exit, Some(hint.to_owned()))
}

/// The check that is meant by a misspelt name, or all of them.
fn known_checks(name: &str) -> String {
    let all: Vec<&str> = CHECKS.iter().map(|check| check.name()).collect();
    let near = config::keys::nearest(name, all.iter().copied());
    near.map_or_else(|| all.join(", "), |near| format!("did you mean `{near}`?"))
}
