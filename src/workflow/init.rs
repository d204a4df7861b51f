//! A folder for a desk: its settings, its glossary, and a list of the keys that services need.

use super::Error;
use super::files::Outputs;
use std::path::{Path, PathBuf};

/// The house glossary, for places where the repository is not at hand: file name and content.
pub const HOUSE_GLOSSARY: &[(&str, &str)] = &[
    ("names.tsv", include_str!("../../glossaries/names.tsv")),
    ("exonyms.tsv", include_str!("../../glossaries/exonyms.tsv")),
    ("places.tsv", include_str!("../../glossaries/places.tsv")),
    (
        "institutions.tsv",
        include_str!("../../glossaries/institutions.tsv"),
    ),
    (
        "security.tsv",
        include_str!("../../glossaries/security.tsv"),
    ),
];

/// What every desk begins with: path in its folder, and content.
const DESK: &[(&str, &str)] = &[
    ("overzet.toml", include_str!("../../data/desk/overzet.toml")),
    (
        "glossaries/desk.tsv",
        include_str!("../../data/desk/desk.tsv"),
    ),
    (".env.example", include_str!("../../.env.example")),
];

/// Makes a desk in `folder`, with the house glossary on request. Returns the paths written.
///
/// Errors: [`Error::DeskExists`] if one of the files exists, and then nothing is written;
/// [`Error::Unwritable`].
pub fn run(folder: &Path, with_house_glossary: bool) -> Result<Vec<PathBuf>, Error> {
    let mut files: Vec<(PathBuf, &str)> = DESK
        .iter()
        .map(|(name, text)| (folder.join(name), *text))
        .collect();
    if with_house_glossary {
        let glossaries = folder.join("glossaries");
        let house = HOUSE_GLOSSARY.iter();
        files.extend(house.map(|(name, text)| (glossaries.join(name), *text)));
    }
    // A link that leads nowhere is in the way too.
    let in_the_way = |path: &&(PathBuf, &str)| path.0.symlink_metadata().is_ok();
    if let Some((path, _)) = files.iter().find(in_the_way) {
        return Err(Error::DeskExists { path: path.clone() });
    }
    let outputs = Outputs::new(None, false);
    for (path, text) in &files {
        outputs.write(path, text.as_bytes())?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Environment, Layer, Settings};
    use crate::term::Glossary;

    fn load(folder: &Path) -> Settings {
        let environment = Environment {
            folder: folder.to_owned(),
            ..Environment::default()
        };
        Settings::load(&environment, Layer::new(), &[]).unwrap()
    }

    /// Every setting; paths as they are written.
    fn values(settings: &Settings, folder: &Path) -> Vec<(String, String)> {
        let folder = format!("{}/", folder.display());
        let values = settings.values().iter();
        values
            .map(|(name, own)| (name.clone(), own.value.to_string().replace(&folder, "")))
            .collect()
    }

    #[test]
    fn a_new_desk_has_the_default_settings_and_a_glossary_without_faults() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        let without = load(folder.path());
        let written = run(folder.path(), true).unwrap();
        assert_eq!(written.len(), DESK.len() + HOUSE_GLOSSARY.len());
        let settings = load(folder.path());
        assert_eq!(
            values(&settings, folder.path()),
            values(&without, folder.path())
        );
        assert!(settings.file.is_some());
        let paths = [folder.path().join("glossaries")];
        let (glossary, problems) = Glossary::examine(&paths, None).unwrap();
        assert!(
            glossary.entries().len() > 400 && problems.is_empty(),
            "{problems:?}"
        );
    }

    #[test]
    fn every_setting_that_the_template_offers_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let template = DESK[0].1;
        let is_setting = |line: &str| line.contains(" = ") || line.starts_with('[');
        let (mut text, mut offered) = (String::new(), 0);
        for line in template.lines() {
            let open = line.strip_prefix("# ").filter(|rest| is_setting(rest));
            offered += usize::from(open.is_some());
            text.push_str(open.unwrap_or(line));
            text.push('\n');
        }
        assert!(offered > 5);
        std::fs::write(folder.path().join("overzet.toml"), text).unwrap();
        assert_eq!(load(folder.path()).text("style"), Some("ap"));
    }

    #[test]
    fn what_exists_is_left_alone_and_nothing_else_is_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".env.example"), "mine").unwrap();
        let error = run(folder.path(), false).unwrap_err();
        assert!(matches!(error, Error::DeskExists { .. }), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
