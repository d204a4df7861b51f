//! What the HTML standard says of elements: which part the text, which are void, which end tags may
//! be omitted.

use html5gum::State;

/// Whether an element parts the text: its display in the standard's style sheet is `block`,
/// `list-item` or a part of a table. Everything else stands inside a sentence, elements of
/// applications too.
pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "base"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "col"
            | "colgroup"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "frame"
            | "frameset"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "option"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "ul"
            | "xmp"
    )
}

/// Whether an element has neither content nor an end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Whether an inline element is one thing in the sentence around it; what it says to readers are
/// texts of their own.
pub(super) fn is_island(name: &str) -> bool {
    matches!(
        name,
        "audio"
            | "canvas"
            | "datalist"
            | "iframe"
            | "math"
            | "meter"
            | "noembed"
            | "noframes"
            | "noscript"
            | "object"
            | "picture"
            | "progress"
            | "rp"
            | "rt"
            | "rtc"
            | "script"
            | "select"
            | "style"
            | "svg"
            | "template"
            | "textarea"
            | "video"
    )
}

/// Whether the content of an element is code, or what a user wrote.
pub(super) fn is_verbatim(name: &str) -> bool {
    matches!(
        name,
        "code" | "kbd" | "samp" | "var" | "tt" | "listing" | "xmp" | "plaintext" | "textarea"
    )
}

/// Whether the content of an element is never shown as text.
pub(super) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "script" | "style" | "iframe" | "noembed" | "noframes" | "rp" | "rt" | "rtc"
    )
}

/// How the text of an element is read where it knows no tags.
pub(super) fn state_of(name: &str) -> Option<State> {
    Some(match name {
        "title" | "textarea" => State::RcData,
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => State::RawText,
        "script" => State::ScriptData,
        "plaintext" => State::PlainText,
        _ => return None,
    })
}

/// Whether the start tag of an element ends an open `p`.
pub(super) fn ends_paragraph(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dd"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "plaintext"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
            | "xmp"
    )
}

/// Whether an element is a border that no implied end tag crosses.
pub(super) fn is_scope(name: &str) -> bool {
    matches!(
        name,
        "applet"
            | "button"
            | "caption"
            | "foreignobject"
            | "html"
            | "marquee"
            | "noscript"
            | "object"
            | "select"
            | "table"
            | "td"
            | "template"
            | "th"
    )
}

/// What the start tag of an element ends where it is open: the names, and the names of elements
/// that hide them.
pub(super) fn ends(name: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    const LISTS: &[&str] = &["ul", "ol", "menu", "dir"];
    const ROWS: &[&str] = &["tr", "tbody", "thead", "tfoot", "caption", "colgroup"];
    Some(match name {
        "li" => (&["li"], LISTS),
        "dt" | "dd" => (&["dt", "dd"], &["dl"]),
        "option" => (&["option"], &["select", "datalist"]),
        "optgroup" => (&["optgroup", "option"], &["select", "datalist"]),
        "rt" | "rp" => (&["rt", "rp"], &["ruby"]),
        "td" | "th" => (&["td", "th", "caption", "colgroup"], &["table", "template"]),
        "tr" => (&["tr", "caption", "colgroup"], &["table", "template"]),
        "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => (ROWS, &["table", "template"]),
        "a" => (&["a"], &[]),
        "button" => (&["button"], &[]),
        _ => return None,
    })
}

/// Whether a start tag in `svg` or `math` shows that the author had ended those.
pub(super) fn breaks_out(name: &str) -> bool {
    matches!(
        name,
        "b" | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "i"
            | "img"
            | "li"
            | "listing"
            | "menu"
            | "meta"
            | "nobr"
            | "ol"
            | "p"
            | "pre"
            | "ruby"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "strike"
            | "sub"
            | "sup"
            | "table"
            | "tt"
            | "u"
            | "ul"
            | "var"
    )
}

/// Whether an element of `svg` or `math` holds text for readers.
pub(super) fn speaks_in_picture(name: &str) -> bool {
    matches!(name, "title" | "desc" | "text" | "foreignobject" | "mtext")
}

/// Whether an element of `svg` or `math` holds HTML.
pub(super) fn holds_html(name: &str) -> bool {
    matches!(
        name,
        "title" | "desc" | "foreignobject" | "mi" | "mo" | "mn" | "ms" | "mtext" | "annotation-xml"
    )
}
