//! What every dialect consists of: a table of routes, its refusals, and the place of its key.

use super::call::Call;
use super::dialect::ServiceDialect;
use super::faults::Fault;
use super::reply::Reply;
use super::store::MockStore;

/// A reason to refuse a request; each dialect has its own words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal<'a> {
    /// Too many requests.
    RateLimited,
    /// The quota is used up.
    Quota,
    /// The key is missing.
    NoKey,
    /// The key is not accepted.
    BadKey,
    /// The service is unavailable.
    Unavailable,
    /// There is no such path.
    NoPath(&'a str),
    /// The path has no such method.
    NoMethod,
    /// The body does not say what it is, or is of a kind that is not read.
    MediaType,
    /// The body cannot be read.
    Malformed(&'a str),
    /// The body is too large.
    TooLarge,
    /// A field is wrong.
    Invalid(&'a str),
    /// The real service could not be asked.
    Upstream(&'a str),
}

/// A text to translate. Codes of languages are without a region, in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Utterance {
    /// The text.
    pub text: String,
    /// Its language, if it is known.
    pub source: Option<String>,
    /// The language that it is wanted in.
    pub target: String,
}

/// What was said: `texts[i]` answers `asked[i]`, unless a fault changed their number.
#[derive(Debug)]
pub struct Spoken<'a> {
    /// The translations.
    pub texts: Vec<String>,
    /// What was asked.
    pub asked: &'a [Utterance],
    /// The language of each text that was asked, and how sure that is (0 to 1).
    pub sources: Vec<(String, f64)>,
    /// The faults that struck.
    pub faults: &'a [Fault],
}

impl Spoken<'_> {
    /// The characters of a text that was asked; 0 past the end.
    pub fn characters(&self, index: usize) -> usize {
        self.asked
            .get(index)
            .map_or(0, |utterance| utterance.text.chars().count())
    }

    /// The language of a text that was asked.
    pub fn source(&self, index: usize) -> &str {
        self.sources
            .get(index)
            .map_or("nl", |(code, _)| code.as_str())
    }

    /// Whether a fault struck.
    pub fn has(&self, fault: &str) -> bool {
        self.faults.iter().any(|struck| struck.name == fault)
    }

    /// The text that a fault is meant for: the one that answers a text with its word, else the
    /// first. None if the fault did not strike, or took the text away.
    pub fn struck_text(&self, fault: &str) -> Option<&str> {
        let fault = self.faults.iter().find(|struck| struck.name == fault)?;
        let has = |word: &String| {
            self.asked
                .iter()
                .position(|u| u.text.contains(word.as_str()))
        };
        let index = fault.has.as_ref().and_then(has).unwrap_or(0);
        self.texts.get(index).map(String::as_str)
    }
}

/// Makes the answer out of the translations.
pub type Finish = Box<dyn FnOnce(&MockStore, &Spoken) -> Reply + Send>;

/// A request for translations.
pub struct Task {
    /// The texts.
    pub utterances: Vec<Utterance>,
    /// The terms of the glossary that the request names.
    pub terms: Vec<(String, String)>,
    /// Whether an English text is to be changed, and stays as it is where nothing is recorded.
    pub is_edit: bool,
    /// The tokens of a model's prompt; 0 for every other service.
    pub prompt_tokens: usize,
    /// Makes the answer.
    pub finish: Finish,
}

impl Task {
    /// A request without terms.
    pub fn new(
        utterances: Vec<Utterance>,
        finish: impl FnOnce(&MockStore, &Spoken) -> Reply + Send + 'static,
    ) -> Self {
        Self {
            utterances,
            terms: Vec::new(),
            is_edit: false,
            prompt_tokens: 0,
            finish: Box::new(finish),
        }
    }

    /// The characters of its texts.
    pub fn characters(&self) -> u64 {
        let lengths = self
            .utterances
            .iter()
            .map(|u| u.text.chars().count() as u64);
        lengths.sum()
    }
}

/// What a route makes of a request.
pub enum FaultOutcome {
    /// An answer.
    Done(Reply),
    /// Words are wanted first.
    Words(Task),
}

impl From<Reply> for FaultOutcome {
    fn from(reply: Reply) -> Self {
        Self::Done(reply)
    }
}

/// The outcome of a route, or the service's refusal.
pub type HandlerResult = Result<FaultOutcome, Reply>;

/// The work of a route.
pub type Handler = fn(&Call, &MockStore) -> HandlerResult;

/// A path of a service.
pub struct Route {
    /// GET, POST.
    pub method: &'static str,
    /// The path: `{}` takes one part of it, perhaps with something behind it, and `{*}` the rest.
    pub path: &'static str,
    /// Whether a key is needed.
    pub needs_key: bool,
    /// Whether it asks for translations, and changes nothing before it has them.
    pub words: bool,
    /// What it does.
    pub handler: Handler,
}

/// A route that needs a key.
pub const fn route(method: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        method,
        path,
        needs_key: true,
        words: false,
        handler,
    }
}

/// A route that needs a key and asks for translations.
pub const fn words(method: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        method,
        path,
        needs_key: true,
        words: true,
        handler,
    }
}

/// A route that needs no key.
pub const fn open(method: &'static str, path: &'static str, handler: Handler) -> Route {
    Route {
        method,
        path,
        needs_key: false,
        words: false,
        handler,
    }
}

/// A dialect.
pub struct Service {
    /// Its name.
    pub dialect: ServiceDialect,
    /// Its paths; the first that fits counts.
    pub routes: &'static [Route],
    /// The key of a request, wherever the service reads it; none if there is none.
    pub key: fn(&Call) -> Option<String>,
    /// Whether requests are served without a key too, as servers of one's own do it.
    pub key_is_optional: bool,
    /// Its refusals.
    pub refuse: fn(Refusal) -> Reply,
}

/// The route of a path.
pub enum RouteMatch {
    /// A route, and the parts of the path that it leaves open.
    Route(&'static Route, Vec<String>),
    /// The path has other methods.
    OtherMethod,
    /// There is no such path.
    Nothing,
}

impl Service {
    /// Finds the route of a request.
    pub fn find(&self, method: &str, path: &str) -> RouteMatch {
        let mut found = RouteMatch::Nothing;
        for route in self.routes {
            let Some(captures) = captured(route.path, path) else {
                continue;
            };
            if route.method == method || (route.method == "GET" && method == "HEAD") {
                return RouteMatch::Route(route, captures);
            }
            found = RouteMatch::OtherMethod;
        }
        found
    }
}

/// The parts of a path that a pattern leaves open; none if it does not fit.
fn captured(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut captures = Vec::new();
    let path = if path.len() > 1 {
        path.trim_end_matches('/')
    } else {
        path
    };
    let mut parts = path.split('/');
    for wanted in pattern.split('/') {
        if wanted == "{*}" {
            let rest: Vec<&str> = parts.by_ref().collect();
            captures.push(decoded(&rest.join("/")));
            return (!captures.last()?.is_empty()).then_some(captures);
        }
        let part = parts.next()?;
        match wanted.strip_prefix("{}") {
            Some(behind) => {
                let open = part.strip_suffix(behind).filter(|open| !open.is_empty())?;
                captures.push(decoded(open));
            }
            None if wanted == part => {}
            None => return None,
        }
    }
    parts.next().is_none().then_some(captures)
}

/// A part of a path with its percent signs resolved.
fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_parts_suffixes_and_the_rest() {
        let fits = |pattern, path| captured(pattern, path).map(|list| list.join(" "));
        assert_eq!(fits("/a/{}/b", "/a/x%20y/b").as_deref(), Some("x y"));
        assert_eq!(fits("/a/{}", "/a/x/").as_deref(), Some("x"));
        assert_eq!(fits("/p/{}:do", "/p/x:do").as_deref(), Some("x"));
        assert_eq!(fits("/m/{*}", "/m/a/b:c").as_deref(), Some("a/b:c"));
        for path in ["/a", "/a/", "/a/x/b"] {
            assert_eq!(fits("/a/{}", path), None, "{path}");
        }
        assert_eq!(fits("/p/{}:do", "/p/:do"), None);
    }
}
