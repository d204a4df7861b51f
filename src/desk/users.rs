//! The people of a desk: a file with a line each, name, role and the argon2id hash of the password.

use super::request::{DeskRole, Who};
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use std::io;
use std::path::{Path, PathBuf};

/// Shortest password, in characters.
const SHORTEST: usize = 8;

/// Somebody who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct UserLine {
    who: Who,
    hash: String,
}

/// The people of a desk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Users {
    lines: Vec<UserLine>,
    /// A hash that no password has, so that an unknown name takes as long as a wrong password.
    nobody: String,
}

/// A file of users that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UsersError {
    /// It cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A line of it is wrong.
    #[error("{path}:{line}: {what}")]
    Line {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        what: &'static str,
    },
    /// A name or a password cannot be taken.
    #[error("{0}")]
    Refused(&'static str),
}

impl Users {
    /// Reads the file.
    ///
    /// Errors: [`UsersError`].
    pub fn read(path: &Path) -> Result<Self, UsersError> {
        let text = std::fs::read_to_string(path).map_err(|source| UsersError::File {
            path: path.display().to_string(),
            source,
        })?;
        let mut lines = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = |what| UsersError::Line {
                path: path.display().to_string(),
                line: number + 1,
                what,
            };
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, role, hash] = fields[..] else {
                return Err(wrong(
                    "a line has a name, a role and a hash, with tabs between",
                ));
            };
            let role = DeskRole::of(role);
            let role = role.ok_or_else(|| wrong("roles are reader, translator, editor, admin"))?;
            if PasswordHash::new(hash).is_err() {
                return Err(wrong("the hash is not one of argon2id"));
            }
            lines.push(UserLine {
                who: Who {
                    name: name.to_owned(),
                    role,
                },
                hash: hash.to_owned(),
            });
        }
        Ok(Self {
            lines,
            nobody: hash("nobody has this password")?,
        })
    }

    /// Somebody by name.
    pub fn who(&self, name: &str) -> Option<Who> {
        let own = self.lines.iter().find(|line| line.who.name == name);
        own.map(|line| line.who.clone())
    }

    /// Somebody by name and password.
    pub fn check(&self, name: &str, password: &str) -> Option<Who> {
        let own = self.lines.iter().find(|line| line.who.name == name);
        let hash = own.map_or(self.nobody.as_str(), |line| line.hash.as_str());
        let hash = PasswordHash::new(hash).ok()?;
        let is_right = Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok();
        own.filter(|_| is_right).map(|line| line.who.clone())
    }
}

fn hash(password: &str) -> Result<String, UsersError> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|_| UsersError::Refused("the system has no randomness"))?;
    let salt = SaltString::encode_b64(&salt);
    let salt = salt.map_err(|_| UsersError::Refused("the salt cannot be used"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    let hash = hash.map_err(|_| UsersError::Refused("the password cannot be hashed"))?;
    Ok(hash.to_string())
}

/// Adds somebody to the file, or gives them another role and password.
///
/// Errors: [`UsersError`]; the file is as before then.
pub fn add(path: &Path, name: &str, role: DeskRole, password: &str) -> Result<PathBuf, UsersError> {
    let is_name = (1..=64).contains(&name.len())
        && name.trim() == name
        && !name.starts_with('#')
        && !name.chars().any(char::is_control);
    if !is_name {
        return Err(UsersError::Refused("a name has 1 to 64 bytes and no tab"));
    }
    if password.chars().count() < SHORTEST {
        return Err(UsersError::Refused("a password has at least 8 characters"));
    }
    let failed = |source| UsersError::File {
        path: path.display().to_string(),
        source,
    };
    let old = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error)),
    };
    let own = format!("{name}\t{}\t{}", role.name(), hash(password)?);
    let others = old
        .lines()
        .filter(|line| line.split('\t').next() != Some(name));
    let mut text = others.chain([own.as_str()]).collect::<Vec<_>>().join("\n");
    text.push('\n');
    super::folder::write_private(path, text.as_bytes()).map_err(failed)?;
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_come_in_by_their_password_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("users.tsv");
        add(&path, "anna", DeskRole::Editor, "een goede zin").unwrap();
        add(&path, "bas", DeskRole::Reader, "nog een zin").unwrap();
        add(&path, "anna", DeskRole::Admin, "een betere zin").unwrap();
        let users = Users::read(&path).unwrap();
        assert_eq!(
            users.check("anna", "een betere zin").unwrap().role,
            DeskRole::Admin
        );
        assert_eq!(users.check("anna", "een goede zin"), None);
        assert_eq!(users.check("carla", "een betere zin"), None);
        assert_eq!(
            users.check("bas", "nog een zin").unwrap().role,
            DeskRole::Reader
        );
        assert!(add(&path, "bas", DeskRole::Reader, "kort").is_err());
        assert!(add(&path, "b\tas", DeskRole::Reader, "lang genoeg").is_err());
        std::fs::write(&path, "anna\tbaas\tx\n").unwrap();
        assert!(matches!(
            Users::read(&path),
            Err(UsersError::Line { line: 1, .. })
        ));
    }
}
