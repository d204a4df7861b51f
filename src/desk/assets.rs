//! The files of the page, compiled in: one table.

/// A file of the page.
pub struct DeskAsset {
    /// Its path on the server.
    pub path: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// Its text.
    pub text: &'static str,
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The files. `/` is the page of the desk, `/login` that of people with passwords. Style, and what
/// knows of texts and elements, are those of the review page.
pub const ASSETS: &[DeskAsset] = &[
    DeskAsset {
        path: "/",
        kind: HTML,
        text: include_str!("page/desk.html"),
    },
    DeskAsset {
        path: "/login",
        kind: HTML,
        text: include_str!("page/login.html"),
    },
    DeskAsset {
        path: "/assets/login.js",
        kind: SCRIPT,
        text: include_str!("page/login.js"),
    },
    DeskAsset {
        path: "/assets/review.css",
        kind: CSS,
        text: include_str!("../review/page.css"),
    },
    DeskAsset {
        path: "/assets/desk.css",
        kind: CSS,
        text: include_str!("page/desk.css"),
    },
    DeskAsset {
        path: "/assets/desk.js",
        kind: SCRIPT,
        text: include_str!("page/desk.js"),
    },
    DeskAsset {
        path: "/assets/api.js",
        kind: SCRIPT,
        text: include_str!("page/api.js"),
    },
    DeskAsset {
        path: "/assets/list.js",
        kind: SCRIPT,
        text: include_str!("page/list.js"),
    },
    DeskAsset {
        path: "/assets/work.js",
        kind: SCRIPT,
        text: include_str!("page/work.js"),
    },
    DeskAsset {
        path: "/assets/view.js",
        kind: SCRIPT,
        text: include_str!("page/view.js"),
    },
    DeskAsset {
        path: "/assets/edition.js",
        kind: SCRIPT,
        text: include_str!("page/edition.js"),
    },
    DeskAsset {
        path: "/assets/deeds.js",
        kind: SCRIPT,
        text: include_str!("page/deeds.js"),
    },
    DeskAsset {
        path: "/assets/dialogs.js",
        kind: SCRIPT,
        text: include_str!("page/dialogs.js"),
    },
    DeskAsset {
        path: "/assets/text.js",
        kind: SCRIPT,
        text: concat!(
            include_str!("../review/text.js"),
            "export { VERDICTS, STATES, SEVERITIES, byId, count, decorate, difference, fold, \
             fromBytes, make, moved, roleClass, roleName, say, toBytes, withCodes };\n"
        ),
    },
];

/// The file at a path.
pub fn asset(path: &str) -> Option<&'static DeskAsset> {
    ASSETS.iter().find(|asset| asset.path == path)
}
