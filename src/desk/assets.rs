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

/// The files. `/` is the page of the desk, `/login` that of people with passwords.
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
        path: "/assets/desk.css",
        kind: CSS,
        text: include_str!("page/desk.css"),
    },
    DeskAsset {
        path: "/assets/desk.js",
        kind: SCRIPT,
        text: include_str!("page/desk.js"),
    },
];

/// The file at a path.
pub fn asset(path: &str) -> Option<&'static DeskAsset> {
    ASSETS.iter().find(|asset| asset.path == path)
}
