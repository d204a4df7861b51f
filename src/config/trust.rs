//! Whose settings are read: those of the project, and of nobody else.
//!
//! A file of settings decides where text and keys go. The project is the nearest folder upwards
//! that holds `overzet.toml` or is the root of a checkout (`.git`); without one it is the working
//! directory. A file counts only if it belongs to the person who runs the program (or to root), and
//! if nobody else can put another in its place; this is git's rule for `safe.directory`.

use super::layers::Error;
use std::path::{Path, PathBuf};

/// The variable that names folders whose settings are read whoever owns them, separated by `:`.
pub const TRUST: &str = "OVERZET_TRUST";

/// The project's root: the nearest folder upwards that says that it is one.
pub(super) fn project(folder: &Path) -> &Path {
    let is_root =
        |folder: &&Path| folder.join("overzet.toml").is_file() || folder.join(".git").exists();
    folder.ancestors().find(is_root).unwrap_or(folder)
}

/// The file of this name in the working directory or above it, up to the root of the project.
///
/// Errors: [`Error::Foreign`] for a file that somebody else could have put there.
pub(super) fn find(folder: &Path, name: &str, trusted: &str) -> Result<Option<PathBuf>, Error> {
    let root = project(folder);
    let within = folder
        .ancestors()
        .take_while(|folder| folder.starts_with(root));
    let Some(path) = within
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
    else {
        return Ok(None);
    };
    let home = path.parent().unwrap_or(root);
    let is_named = || {
        let mut folders = trusted.split(':').filter(|folder| !folder.is_empty());
        folders.any(|folder| same(Path::new(folder), home))
    };
    match objection(&path, home) {
        Some(reason) if !is_named() => Err(Error::Foreign {
            path: path.display().to_string(),
            folder: home.display().to_string(),
            reason,
        }),
        _ => Ok(Some(path)),
    }
}

fn same(left: &Path, right: &Path) -> bool {
    match (left.canonicalize(), right.canonicalize()) {
        (Ok(left), Ok(right)) => left == right,
        _ => false,
    }
}

/// The reason for which a file is not taken for the person's own.
#[cfg(unix)]
fn objection(path: &Path, folder: &Path) -> Option<&'static str> {
    use std::os::unix::fs::MetadataExt;
    const ANYBODY_WRITES: u32 = 0o002;
    const STICKY: u32 = 0o1000;
    let me = rustix::process::geteuid().as_raw();
    let (Ok(file), Ok(home)) = (std::fs::metadata(path), std::fs::metadata(folder)) else {
        return Some("its owner is unknown");
    };
    if ![me, 0].contains(&file.uid()) {
        Some("it belongs to another user")
    } else if file.mode() & ANYBODY_WRITES != 0 {
        Some("any user can change it")
    } else if home.mode() & ANYBODY_WRITES != 0 && home.mode() & STICKY == 0 {
        Some("any user can replace it in its folder")
    } else {
        None
    }
}

/// Elsewhere the system's own rights decide.
#[cfg(not(unix))]
fn objection(_: &Path, _: &Path) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_end_at_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        let find = |name: &str| super::find(&inner, name, "").unwrap();
        std::fs::write(folder.path().join(".env"), "").unwrap();
        assert_eq!(find(".env"), None, "a parent that is not the project's");
        std::fs::write(folder.path().join("a/overzet.toml"), "").unwrap();
        assert_eq!(find(".env"), None, "above the project");
        std::fs::write(folder.path().join("a/.env"), "").unwrap();
        assert_eq!(find(".env"), Some(folder.path().join("a/.env")));
        std::fs::write(inner.join(".env"), "").unwrap();
        assert_eq!(find(".env"), Some(inner.join(".env")));
    }

    #[cfg(unix)]
    #[test]
    fn what_anybody_could_have_put_there_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("overzet.toml");
        std::fs::write(&path, "").unwrap();
        let set = |path: &Path, mode: u32| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let find = |trusted: &str| find(folder.path(), "overzet.toml", trusted);
        for (file, home, is_mine) in [
            (0o644, 0o755, true),
            (0o644, 0o1777, true),
            (0o644, 0o777, false),
            (0o666, 0o755, false),
        ] {
            set(&path, file);
            set(folder.path(), home);
            assert_eq!(find("").is_ok(), is_mine, "{file:o} {home:o}");
        }
        set(folder.path(), 0o777);
        let named = folder.path().display().to_string();
        assert!(find(&named).is_ok(), "the person has said so");
    }
}
