//! The routes: one table, from which the server, its OpenAPI description and the page of
//! documentation are made.

use super::request::{Answered, DeskRequest, DeskRole};
use super::state::Desk;
use super::{align_mode, articles, bulk, glossary, matches, output, session, structure, units};
use percent_encoding::percent_decode_str;
use std::sync::Arc;

/// The work of a route.
pub type Work = fn(&Arc<Desk>, &DeskRequest) -> Answered;

/// How a route is answered.
#[derive(Clone, Copy)]
pub enum Handling {
    /// By work that may block.
    Work(Work),
    /// By the stream of events.
    Events,
    /// By the description of the routes.
    Description,
    /// By the figures of the desk.
    Metrics,
    /// By a word that says that the desk is there; open to all.
    Health,
    /// By letting somebody in; open to all.
    LogIn,
    /// By letting somebody out.
    LogOut,
}

/// A field of a body or of a query.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// Its type: string, integer, boolean, strings, span, codes, or the words of an enumeration
    /// with `|` between.
    pub kind: &'static str,
    /// Whether it must be there.
    pub is_needed: bool,
}

/// What a route takes.
#[derive(Debug, Clone, Copy)]
pub enum Taken {
    /// No body.
    Nothing,
    /// An object; fields that are not named are allowed where the second is true.
    Json(&'static [Field], bool),
    /// A form with a file.
    Form(&'static [Field]),
}

/// A route.
#[derive(Clone, Copy)]
pub struct DeskRoute {
    /// The method.
    pub method: &'static str,
    /// The path, with names in braces.
    pub path: &'static str,
    /// What it does, in one line.
    pub summary: &'static str,
    /// Who may ask.
    pub role: DeskRole,
    /// The query.
    pub query: &'static [Field],
    /// The body.
    pub takes: Taken,
    /// Whether it needs `If-Match`.
    pub is_locked: bool,
    /// The answer: its status, and the name of its schema or its media type.
    pub gives: (u16, &'static str),
    /// How it is answered.
    pub handling: Handling,
}

const fn needed(name: &'static str, kind: &'static str) -> Field {
    Field {
        name,
        kind,
        is_needed: true,
    }
}

const fn maybe(name: &'static str, kind: &'static str) -> Field {
    Field {
        name,
        kind,
        is_needed: false,
    }
}

/// A route that reads.
const fn get(
    path: &'static str,
    summary: &'static str,
    gives: &'static str,
    work: Work,
) -> DeskRoute {
    DeskRoute {
        method: "GET",
        path,
        summary,
        role: DeskRole::Reader,
        query: &[],
        takes: Taken::Nothing,
        is_locked: false,
        gives: (200, gives),
        handling: Handling::Work(work),
    }
}

/// A route that writes.
const fn post(
    path: &'static str,
    summary: &'static str,
    fields: &'static [Field],
    gives: &'static str,
    work: Work,
) -> DeskRoute {
    DeskRoute {
        method: "POST",
        role: DeskRole::Editor,
        takes: Taken::Json(fields, false),
        ..get(path, summary, gives, work)
    }
}

/// A route that writes a unit under its lock.
const fn on_unit(
    path: &'static str,
    summary: &'static str,
    fields: &'static [Field],
    work: Work,
) -> DeskRoute {
    DeskRoute {
        role: DeskRole::Translator,
        is_locked: true,
        ..post(path, summary, fields, "Written", work)
    }
}

const FINDING: &[Field] = &[
    needed("check", "string"),
    maybe("span", "span"),
    maybe("text", "string"),
];
const TEXT: &[Field] = &[needed("target", "string"), maybe("codes", "codes")];
const FILTER: &str = "all|open|errors|unapproved|edited|terms|clean";
const FORM: &[Field] = &[
    needed("file", "file"),
    maybe("engine", "string"),
    maybe("glossary", "string"),
    maybe("target", "file"),
];

/// The routes.
pub const ROUTES: &[DeskRoute] = &[
    DeskRoute {
        takes: Taken::Form(FORM),
        gives: (201, "Article"),
        ..post(
            "/api/articles",
            "Add an article; it is translated in the background",
            &[],
            "",
            articles::create,
        )
    },
    get(
        "/api/articles",
        "All articles, the newest first",
        "Articles",
        articles::list,
    ),
    get(
        "/api/articles/{id}",
        "An article with its counts and progress",
        "Article",
        articles::show,
    ),
    DeskRoute {
        method: "DELETE",
        takes: Taken::Nothing,
        gives: (204, ""),
        ..post(
            "/api/articles/{id}",
            "Remove an article with its units and history",
            &[],
            "",
            articles::delete,
        )
    },
    DeskRoute {
        method: "PUT",
        takes: Taken::Form(&[needed("file", "file")]),
        ..post(
            "/api/articles/{id}/source",
            "A new version of the Dutch; what people made of unchanged units stands",
            &[],
            "SourceChanges",
            articles::put_source,
        )
    },
    get(
        "/api/articles/{id}/source",
        "The Dutch document",
        "application/octet-stream",
        articles::source,
    ),
    DeskRoute {
        method: "PUT",
        takes: Taken::Json(
            &[
                maybe("slug", "string"),
                maybe("embargo", "string"),
                maybe("byline", "string"),
                maybe("dateline", "string"),
                maybe("headline", "string"),
                maybe("summary", "string"),
            ],
            true,
        ),
        ..post(
            "/api/articles/{id}/fields",
            "Set fields of the article; null takes one away",
            &[],
            "Article",
            articles::put_fields,
        )
    },
    post(
        "/api/articles/{id}/retry",
        "Ask again for what is untranslated",
        &[maybe("engine", "string")],
        "Article",
        articles::retry,
    ),
    post(
        "/api/articles/{id}/approve",
        "Approve all units of a filter; open findings stay open",
        &[maybe("filter", FILTER)],
        "Approved",
        bulk::approve,
    ),
    DeskRoute {
        role: DeskRole::Translator,
        ..post(
            "/api/articles/{id}/replace",
            "Replace a text in all units, or show what would change",
            &[
                needed("find", "string"),
                needed("with", "string"),
                maybe("preview", "boolean"),
            ],
            "Changes",
            bulk::replace,
        )
    },
    DeskRoute {
        role: DeskRole::Translator,
        ..post(
            "/api/articles/{id}/propagate",
            "Give units of the same Dutch the English of one",
            &[
                needed("unit", "string"),
                maybe("except", "strings"),
                maybe("preview", "boolean"),
            ],
            "Changes",
            bulk::propagate,
        )
    },
    DeskRoute {
        role: DeskRole::Translator,
        ..post(
            "/api/articles/{id}/glossary-fix",
            "Repair a term in all units, or show what would change",
            &[needed("term", "string"), maybe("preview", "boolean")],
            "Changes",
            glossary::fix,
        )
    },
    DeskRoute {
        takes: Taken::Json(&[], true),
        ..post(
            "/api/articles/{id}/align",
            "Move the borders of aligned pairs",
            &[],
            "Units",
            align_mode::align,
        )
    },
    get(
        "/api/articles/{id}/edition",
        "The edition in the document's format",
        "application/octet-stream",
        output::edition,
    ),
    get(
        "/api/articles/{id}/pairs.{kind}",
        "The pairs; kind is jsonl, tmx, xlf, tsv or csv",
        "application/octet-stream",
        output::pairs,
    ),
    get(
        "/api/articles/{id}/report.json",
        "The report",
        "application/json",
        output::report,
    ),
    get(
        "/api/articles/{id}/layout",
        "The blocks of the document with the ids of their units",
        "Layout",
        output::layout,
    ),
    post(
        "/api/articles/{id}/files",
        "Write the files of the article into the folder `edition`",
        &[maybe("force", "boolean")],
        "Files",
        output::files,
    ),
    DeskRoute {
        query: &[
            maybe("after", "string"),
            maybe("limit", "integer"),
            maybe("filter", FILTER),
        ],
        ..get(
            "/api/articles/{id}/units",
            "The units in order, page by page",
            "Units",
            units::list,
        )
    },
    get(
        "/api/articles/{id}/units/{unit}",
        "A unit",
        "Unit",
        units::show,
    ),
    DeskRoute {
        method: "PUT",
        ..on_unit(
            "/api/articles/{id}/units/{unit}",
            "Save a unit: text, state or both",
            &[
                maybe("target", "string"),
                maybe("state", "translated|needs-review|approved"),
                maybe("codes", "codes"),
            ],
            units::put,
        )
    },
    DeskRoute {
        role: DeskRole::Reader,
        ..post(
            "/api/articles/{id}/units/{unit}/check",
            "Judge a text; nothing is saved",
            TEXT,
            "Judged",
            units::check,
        )
    },
    DeskRoute {
        role: DeskRole::Translator,
        ..post(
            "/api/articles/{id}/units/{unit}/translate",
            "Ask an engine for this unit; nothing is saved",
            &[maybe("engine", "string"), maybe("alternatives", "integer")],
            "Drafts",
            matches::translate,
        )
    },
    on_unit(
        "/api/articles/{id}/units/{unit}/dismiss",
        "Dismiss a finding",
        FINDING,
        units::dismiss,
    ),
    on_unit(
        "/api/articles/{id}/units/{unit}/undismiss",
        "Open a dismissed finding again",
        FINDING,
        units::undismiss,
    ),
    on_unit(
        "/api/articles/{id}/units/{unit}/join",
        "Join with the next unit",
        &[],
        structure::join,
    ),
    on_unit(
        "/api/articles/{id}/units/{unit}/split",
        "Split in two",
        &[needed("source", "integer"), needed("target", "integer")],
        structure::split,
    ),
    on_unit(
        "/api/articles/{id}/units/{unit}/omit",
        "Leave out on purpose",
        &[],
        structure::omit,
    ),
    on_unit(
        "/api/articles/{id}/units/{unit}/restore",
        "Undo omit, join or split",
        &[],
        structure::restore,
    ),
    get(
        "/api/articles/{id}/units/{unit}/history",
        "The steps of a unit, the newest first",
        "History",
        units::history,
    ),
    get(
        "/api/articles/{id}/units/{unit}/comments",
        "The remarks about a unit",
        "Comments",
        units::comments,
    ),
    DeskRoute {
        role: DeskRole::Reader,
        gives: (201, "Comment"),
        ..post(
            "/api/articles/{id}/units/{unit}/comments",
            "Add a remark",
            &[needed("text", "string")],
            "",
            units::comment,
        )
    },
    get(
        "/api/session",
        "Who asks, the engines, the limits",
        "Session",
        session::show,
    ),
    DeskRoute {
        role: DeskRole::Reader,
        gives: (204, ""),
        ..post(
            "/api/presence",
            "Tell the others which unit one is in",
            &[needed("article", "string"), maybe("unit", "string")],
            "",
            session::presence,
        )
    },
    DeskRoute {
        query: &[
            needed("q", "string"),
            maybe("lang", "nl|en"),
            maybe("limit", "integer"),
        ],
        ..get(
            "/api/memory",
            "Similar pairs of the memory, and pairs that hold the text",
            "Matches",
            matches::memory,
        )
    },
    DeskRoute {
        query: &[maybe("q", "string"), maybe("limit", "integer")],
        ..get(
            "/api/glossary",
            "Entries of the glossary in force",
            "Entries",
            glossary::list,
        )
    },
    DeskRoute {
        gives: (201, "Added"),
        ..post(
            "/api/glossary",
            "Add a term to the table of the desk; articles are judged anew",
            &[
                needed("nl", "string"),
                needed("en", "string"),
                maybe("accept", "strings"),
                maybe("forbidden", "strings"),
                maybe("note", "string"),
                maybe("article", "string"),
            ],
            "",
            glossary::add,
        )
    },
    special(
        "GET",
        "/api/events",
        "Server-sent events: progress, unit, article, presence",
        "text/event-stream",
        Handling::Events,
    ),
    special(
        "GET",
        "/api/openapi.json",
        "This description",
        "application/json",
        Handling::Description,
    ),
    special(
        "GET",
        "/metrics",
        "Figures of the desk for Prometheus",
        "text/plain",
        Handling::Metrics,
    ),
    special(
        "GET",
        "/healthz",
        "Whether the desk is there; needs no key",
        "text/plain",
        Handling::Health,
    ),
    DeskRoute {
        takes: Taken::Json(
            &[needed("name", "string"), needed("password", "string")],
            false,
        ),
        ..special(
            "POST",
            "/login",
            "Log in; the answer sets a cookie; needs no key",
            "LoggedIn",
            Handling::LogIn,
        )
    },
    DeskRoute {
        gives: (204, ""),
        takes: Taken::Json(&[], false),
        ..special("POST", "/logout", "Log out", "", Handling::LogOut)
    },
];

/// A route that the server answers by itself.
const fn special(
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    gives: &'static str,
    handling: Handling,
) -> DeskRoute {
    DeskRoute {
        method,
        path,
        summary,
        role: DeskRole::Reader,
        query: &[],
        takes: Taken::Nothing,
        is_locked: false,
        gives: (200, gives),
        handling,
    }
}

/// The parts of a path that a pattern names; none where it does not fit.
fn parts(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut own = path.split('/');
    for part in pattern.split('/') {
        let own = percent_decode_str(own.next()?).decode_utf8().ok()?;
        match part.split_once('{') {
            Some((before, _)) => found.push(own.strip_prefix(before)?.to_owned()),
            None if part == own => {}
            None => return None,
        }
    }
    own.next().is_none().then_some(found)
}

/// What a request asks for.
pub enum FoundRoute {
    /// A route with the parts of its path.
    Route(&'static DeskRoute, Vec<String>),
    /// A path with other methods.
    Methods(Vec<&'static str>),
    /// Nothing.
    Nothing,
}

/// The route of a request.
pub fn find(method: &str, path: &str) -> FoundRoute {
    let method = if method == "HEAD" { "GET" } else { method };
    let mut methods = Vec::new();
    for route in ROUTES {
        if let Some(parts) = parts(route.path, path) {
            if route.method == method {
                return FoundRoute::Route(route, parts);
            }
            methods.push(route.method);
        }
    }
    if methods.is_empty() {
        FoundRoute::Nothing
    } else {
        FoundRoute::Methods(methods)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_with_their_parts() {
        let parts = |method, path| match find(method, path) {
            FoundRoute::Route(route, parts) => Some((route.path, parts)),
            _ => None,
        };
        let (path, own) = parts("GET", "/api/articles/7/pairs.tmx").unwrap();
        assert_eq!(
            (path, own.as_slice()),
            (
                "/api/articles/{id}/pairs.{kind}",
                &["7".to_owned(), "tmx".into()][..]
            )
        );
        let (path, own) = parts("PUT", "/api/articles/7/units/b1.s1%2E2").unwrap();
        assert_eq!(
            (path, own[1].as_str()),
            ("/api/articles/{id}/units/{unit}", "b1.s1.2")
        );
        assert!(parts("GET", "/api/articles/7/units/").is_some());
        assert!(
            matches!(find("PATCH", "/api/articles"), FoundRoute::Methods(m) if m == ["POST", "GET"])
        );
        assert!(matches!(find("GET", "/api/x"), FoundRoute::Nothing));
    }
}
