//! Names the commit of a release build in a git checkout, for `overzet --version`. Debug builds go
//! without: a commit would compile the whole library again.

use std::path::Path;
use std::process::Command;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo gives the profile to build scripts in the environment"
)]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var_os("PROFILE").is_none_or(|profile| profile != "release") {
        return;
    }
    // A package inside of another project's checkout is not of its commit.
    if !Path::new(".git").exists() {
        return;
    }
    if let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) {
        println!("cargo::rustc-env=OVERZET_COMMIT={commit}");
    }
    // The log grows with each commit and each checkout.
    let log = git(&["rev-parse", "--git-path", "logs/HEAD"]);
    if let Some(log) = log.filter(|log| Path::new(log).exists()) {
        println!("cargo::rerun-if-changed={log}");
    }
}

/// The answer of git, in one line; none where there is no git, or it refuses.
fn git(args: &[&str]) -> Option<String> {
    let ran = Command::new("git").args(args).output().ok()?;
    let answer = String::from_utf8(ran.stdout).ok()?;
    let answer = answer.trim();
    (ran.status.success() && !answer.is_empty()).then(|| answer.to_owned())
}
