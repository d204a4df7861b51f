//! The dialects of the mock, and the path that tells which one a request speaks.

/// A dialect of the mock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceDialect {
    /// DeepL v2 and v3.
    DeepL,
    /// Google v2.
    Google,
    /// Google v3.
    GoogleV3,
    /// Azure 3.0.
    Azure,
    /// Azure 2026-06-06.
    Azure2026,
    /// LibreTranslate.
    LibreTranslate,
    /// OpenAI: chat completions, completions, responses, embeddings.
    OpenAi,
    /// Ollama's own interface.
    Ollama,
}

impl ServiceDialect {
    /// The name that the control interface uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeepL => "deepl",
            Self::Google => "google",
            Self::GoogleV3 => "google-v3",
            Self::Azure => "azure",
            Self::Azure2026 => "azure-2026",
            Self::LibreTranslate => "libretranslate",
            Self::OpenAi => "openai",
            Self::Ollama => "ollama",
        }
    }

    /// Whether a language model answers.
    pub fn is_model(self) -> bool {
        matches!(self, Self::OpenAi | Self::Ollama)
    }
}

/// First folders that name a dialect; the rest of the path is the service's own.
const PREFIXES: &[(&str, ServiceDialect)] = &[
    ("/deepl", ServiceDialect::DeepL),
    ("/google", ServiceDialect::Google),
    ("/azure", ServiceDialect::Azure),
    ("/libretranslate", ServiceDialect::LibreTranslate),
    ("/openai", ServiceDialect::OpenAi),
    ("/ollama", ServiceDialect::Ollama),
];

/// Beginnings of paths that belong to one service.
const BEGINNINGS: &[(&str, ServiceDialect)] = &[
    ("/language/translate/v2", ServiceDialect::Google),
    ("/v3/projects", ServiceDialect::GoogleV3),
    ("/v3beta1/projects", ServiceDialect::GoogleV3),
    ("/v2/", ServiceDialect::DeepL),
    ("/v3/", ServiceDialect::DeepL),
    ("/translator/text/v3", ServiceDialect::Azure),
    ("/sts/v1.0/", ServiceDialect::Azure),
    ("/v1/", ServiceDialect::OpenAi),
    ("/api/", ServiceDialect::Ollama),
];

/// Paths of LibreTranslate; those that Azure has too are Azure's if the query names its version.
const LIBRE: &[&str] = &[
    "/translate",
    "/translate_file",
    "/download_file",
    "/languages",
    "/detect",
    "/suggest",
    "/health",
    "/frontend/settings",
];

/// The dialect of a path, and the path without its prefix.
///
/// A prefix such as `/azure` decides where two services have the same path.
pub fn of_path(path: &str, query: &str) -> Option<(ServiceDialect, String)> {
    let azure = || {
        if query.contains("api-version=2026") {
            ServiceDialect::Azure2026
        } else {
            ServiceDialect::Azure
        }
    };
    for (prefix, dialect) in PREFIXES {
        let Some(rest) = path
            .strip_prefix(prefix)
            .filter(|rest| rest.starts_with('/'))
        else {
            continue;
        };
        let found = match dialect {
            ServiceDialect::Azure => azure(),
            ServiceDialect::Google if rest.starts_with("/v3") => ServiceDialect::GoogleV3,
            other => *other,
        };
        return Some((found, inside(found, rest)));
    }
    if query.contains("api-version=") {
        return Some((azure(), inside(azure(), path)));
    }
    if let Some((_, dialect)) = BEGINNINGS
        .iter()
        .find(|(beginning, _)| path.starts_with(beginning))
    {
        return Some((*dialect, inside(*dialect, path)));
    }
    let libre = LIBRE.iter().any(|known| {
        path == *known
            || path
                .strip_prefix(known)
                .is_some_and(|rest| rest.starts_with('/'))
    });
    libre.then(|| (ServiceDialect::LibreTranslate, path.to_owned()))
}

/// The path as the table of routes has it: Azure's custom hosts put theirs before it.
fn inside(dialect: ServiceDialect, path: &str) -> String {
    let custom = [
        "/translator/text/v3.0",
        "/translator/text/v3",
        "/translator/text",
    ];
    match dialect {
        ServiceDialect::Azure | ServiceDialect::Azure2026 => custom
            .iter()
            .find_map(|prefix| path.strip_prefix(prefix))
            .unwrap_or(path)
            .to_owned(),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_path_is_told_apart_by_query_and_prefix() {
        let found = |path, query| of_path(path, query).map(|(dialect, _)| dialect);
        assert_eq!(
            found("/translate", ""),
            Some(ServiceDialect::LibreTranslate)
        );
        assert_eq!(
            found("/translate", "api-version=3.0&to=en"),
            Some(ServiceDialect::Azure)
        );
        assert_eq!(
            found("/translate", "api-version=2026-06-06"),
            Some(ServiceDialect::Azure2026)
        );
        assert_eq!(found("/azure/translate", ""), Some(ServiceDialect::Azure));
        assert_eq!(
            of_path("/translator/text/v3.0/detect", "api-version=3.0"),
            Some((ServiceDialect::Azure, "/detect".to_owned()))
        );
        assert_eq!(
            found("/v3/projects/p/locations/global:translateText", ""),
            Some(ServiceDialect::GoogleV3)
        );
        assert_eq!(found("/translated", ""), None);
    }
}
