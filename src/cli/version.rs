//! `overzet --version`: version, commit, features and licence.

/// The cargo features, and whether this build has them.
const FEATURES: [(&str, bool); 5] = [
    ("cli", cfg!(feature = "cli")),
    ("mock", cfg!(feature = "mock")),
    ("xlsx", cfg!(feature = "xlsx")),
    ("http", cfg!(feature = "http")),
    ("local", cfg!(feature = "local")),
];

/// The long form; `build.rs` names the commit of release builds in a git checkout.
pub fn long() -> String {
    text(option_env!("OVERZET_COMMIT"))
}

fn text(commit: Option<&str>) -> String {
    let commit = commit.map_or_else(String::new, |commit| format!(" ({commit})"));
    let features: Vec<&str> = FEATURES
        .iter()
        .filter_map(|&(name, is_on)| is_on.then_some(name))
        .collect();
    format!(
        "{}{commit}\nfeatures: {}\nlicence: {}",
        env!("CARGO_PKG_VERSION"),
        features.join(" "),
        env!("CARGO_PKG_LICENSE"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commit_is_shown_where_it_is_known() {
        let version = env!("CARGO_PKG_VERSION");
        let first = |commit| text(commit).lines().next().map(str::to_owned);
        assert_eq!(first(None).as_deref(), Some(version));
        let with = format!("{version} (0123456789ab)");
        assert_eq!(first(Some("0123456789ab")), Some(with));
    }
}
