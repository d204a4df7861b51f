//! The walk through a page: open elements, the run of text that is being gathered, and what is left
//! as it is.

use super::super::contract::{Found, Reading};
use super::attributes;
use super::elements;
use super::kinds;
use super::ld;
use super::left::Left;
use super::run::{TextRun, says_something};
use super::stack::{Inherited, Kept, OpenElement, OpenElements};
use super::tokens::{HtmlToken, HtmlTokens, StartTag};
use crate::bitext::{Role, Span};

/// How many things in sentences may stand in one another; deeper ones are read as one.
const MOST_ISLANDS: usize = 16;

/// How many asides in one another are judged, each by all that it holds.
const MOST_JUDGED: u8 = 4;

/// Reads a page, or a part of one. `lang` is the primary subtag of its language; XML knows no end
/// tags that may be omitted.
pub(crate) fn read(source: &str, lang: &str, xml: bool) -> Reading {
    let mut walk = HtmlWalk {
        source,
        lang,
        xml,
        tokens: HtmlTokens::new(source, xml),
        open: OpenElements::default(),
        contexts: vec![Context::default()],
        languages: Vec::new(),
        left: Left::default(),
        headline_seen: false,
    };
    while let Some(token) = walk.tokens.next() {
        walk.token(token);
    }
    walk.pop_to(0, None, source.len());
    walk.finish_run();
    let context = walk.contexts.pop().unwrap_or_default();
    Reading {
        found: context.found,
        languages: walk.languages,
        notices: walk.left.notices(),
    }
}

/// A place where runs are gathered: the page, or one thing in a sentence.
#[derive(Debug, Default)]
struct Context {
    run: TextRun,
    found: Vec<Found>,
    island: Option<Island>,
}

/// A thing in a sentence whose end has not come.
#[derive(Debug)]
struct Island {
    start: usize,
    label: String,
    /// Where its element stands among the open ones.
    element: usize,
}

struct HtmlWalk<'s> {
    source: &'s str,
    lang: &'s str,
    xml: bool,
    tokens: HtmlTokens<'s>,
    open: OpenElements,
    contexts: Vec<Context>,
    languages: Vec<Span>,
    left: Left,
    headline_seen: bool,
}

impl HtmlWalk<'_> {
    fn token(&mut self, token: HtmlToken) {
        match token {
            HtmlToken::Text(span) => self.text(span),
            HtmlToken::Start(tag) => self.start(&tag),
            HtmlToken::End(name, span) => self.end(&name, span),
            HtmlToken::Comment(span) | HtmlToken::Cdata(span) | HtmlToken::Broken(span) => {
                if matches!(token, HtmlToken::Broken(_)) {
                    self.left.broken(self.source, span);
                } else {
                    self.left.markup(self.source, span);
                }
                if self.open.inherited().kept.is_none() && !self.context().run.is_empty() {
                    self.context().run.lone(span, "comment", Vec::new());
                }
            }
        }
    }

    fn context(&mut self) -> &mut Context {
        if self.contexts.is_empty() {
            self.contexts.push(Context::default());
        }
        let last = self.contexts.len() - 1;
        &mut self.contexts[last]
    }

    fn text(&mut self, span: Span) {
        let Some(kept) = self.open.inherited().kept else {
            self.context().run.text(span);
            return;
        };
        let text = span.of(self.source);
        let name = self.open.name();
        if kept == Kept::Hidden && name == "script" && self.open.speaks_json() {
            let mut languages = Vec::new();
            let mut found = Vec::new();
            ld::read(self.source, span, &mut found, &mut languages);
            languages.retain(|place| attributes::is_language(place.of(self.source), self.lang));
            self.languages.append(&mut languages);
            self.context().found.append(&mut found);
        } else if says_something(text) {
            self.left.text(kept, name, text);
        }
    }

    /// Ends the run: what was gathered becomes blocks.
    fn finish_run(&mut self) {
        let inherited = self.open.inherited();
        let role = if inherited.furniture {
            Role::Furniture
        } else {
            inherited.role
        };
        let (source, xml) = (self.source, self.xml);
        let context = self.context();
        let before = context.found.len();
        context
            .run
            .finish(source, role, inherited.lines, xml, &mut context.found);
        if inherited.lines {
            let found = context.found.split_off(before);
            for text in found {
                if kinds::is_prose(text.span.of(source)) {
                    self.context().found.push(text);
                } else {
                    let raw = text.span.of(source);
                    self.left.text(Kept::Verbatim, "pre", raw);
                }
            }
        }
    }

    fn start(&mut self, tag: &StartTag) {
        let name = tag.name.as_str();
        if self.open.inherited().foreign {
            if kinds::leaves_picture(tag)
                && let Some(at) = self.open.picture()
            {
                self.pop_to(at, None, tag.span.start);
            }
        } else if !self.xml {
            self.imply_ends(name, tag.span.start);
        }
        let outer = self.open.inherited();
        let block = if outer.foreign {
            elements::speaks_in_picture(name)
        } else {
            elements::is_block(name)
        };
        let inner = self.inherit(tag, outer);
        let mut spoken = Vec::new();
        let speaks = |kept: Option<Kept>| !matches!(kept, Some(Kept::Asked | Kept::Language));
        if speaks(inner.kept)
            && (outer.kept.is_none() || inner.kept.is_none() || speaks(outer.kept))
        {
            attributes::spoken(self.source, tag, self.xml, inner.furniture, &mut spoken);
        }
        attributes::languages(self.source, tag, self.lang, &mut self.languages);
        self.left.attributes(tag);
        let state = elements::state_of(name)
            .filter(|_| !outer.foreign && (!self.xml || matches!(name, "script" | "style")));
        // An element that knows no tags and is never closed would take the rest of the page with
        // it, text that was meant for readers too.
        let endless = state.is_some()
            && !matches!(name, "script" | "style" | "plaintext")
            && !self.tokens.closes_ahead(name);
        let childless = (tag.closes && (self.xml || outer.foreign))
            || (!outer.foreign && (elements::is_void(name) || endless));
        if block {
            self.finish_run();
            self.context().found.append(&mut spoken);
        } else {
            self.inline(tag, outer, inner, childless, spoken);
        }
        if childless {
            return;
        }
        let lifted = outer.kept.is_some() && inner.kept.is_none();
        let before = self.context().found.len();
        self.open.push(OpenElement {
            name: tag.name.clone(),
            inherited: inner,
            block: block || lifted,
            json: kinds::is_json_ld(tag),
            before,
        });
        if let Some(state) = state {
            self.tokens.enter(state);
        }
    }

    /// Closes what the start tag of `name` closes without saying so.
    fn imply_ends(&mut self, name: &str, place: usize) {
        if elements::ends_paragraph(name)
            && let Some(at) = self.open.reachable(&["p"], &[])
        {
            self.pop_to(at, None, place);
        }
        if let Some((names, hiding)) = elements::ends(name)
            && let Some(at) = self.open.reachable(names, hiding)
            // Formatting inside of a link that another link ends goes on (HTML, *the adoption agency
            // algorithm*): here that counts where it says how its text is to be read.
            && (name != "a" || self.open.inherited() == self.open.inherited_at(at))
        {
            self.pop_to(at, None, place);
        }
        if kinds::is_heading(name) && kinds::is_heading(self.open.name()) {
            self.pop_to(self.open.len() - 1, None, place);
        }
    }

    /// What the content of a new element has.
    fn inherit(&mut self, tag: &StartTag, outer: Inherited) -> Inherited {
        let name = tag.name.as_str();
        let mut inner = outer;
        if outer.foreign {
            inner.foreign = !elements::holds_html(name);
            if elements::speaks_in_picture(name) && outer.kept == Some(Kept::Picture) {
                inner.kept = None;
                inner.role = Role::Caption;
            }
        } else {
            if matches!(name, "svg" | "math") {
                inner.foreign = true;
                inner.kept = inner.kept.or(Some(Kept::Picture));
            }
            if let Some(role) = kinds::role(tag, outer, self.headline_seen) {
                inner.role = role;
                self.headline_seen |= name == "h1";
            }
            inner.article |= matches!(name, "article" | "main" | "blockquote");
            inner.furniture |= kinds::is_furniture(tag, outer);
            inner.judged = inner
                .judged
                .saturating_add(u8::from(kinds::is_judged(name)));
            inner.lines = name == "pre" || (outer.lines && !elements::is_block(name));
            if elements::is_hidden(name) {
                inner.kept = inner.kept.or(Some(Kept::Hidden));
            } else if elements::is_verbatim(name) {
                inner.kept = inner.kept.or(Some(Kept::Verbatim));
            }
        }
        if let Some(lang) = attributes::language(tag) {
            let own = lang.eq_ignore_ascii_case(self.lang);
            if own && inner.kept == Some(Kept::Language) {
                inner.kept = None;
            } else if !own && !kinds::is_undetermined(lang) {
                if matches!(name, "html" | "body") {
                    self.left.page_language(lang, tag.span);
                } else {
                    inner.kept = inner.kept.or(Some(Kept::Language));
                }
            }
        }
        match attributes::translate(tag) {
            Some(true) if inner.kept != Some(Kept::Hidden) && !inner.foreign => inner.kept = None,
            Some(false) => inner.kept = Some(Kept::Asked),
            _ => {}
        }
        inner
    }

    /// A start tag inside a sentence.
    fn inline(
        &mut self,
        tag: &StartTag,
        outer: Inherited,
        inner: Inherited,
        childless: bool,
        mut spoken: Vec<Found>,
    ) {
        let name = tag.name.as_str();
        if outer.kept.is_some() {
            if inner.kept.is_none() && !childless {
                self.finish_run();
            }
            self.context().found.append(&mut spoken);
        } else if childless {
            self.context().run.lone(tag.span, name, spoken);
        } else if (elements::is_island(name) || inner.kept.is_some())
            && self.contexts.len() <= MOST_ISLANDS
        {
            self.contexts.push(Context {
                found: spoken,
                island: Some(Island {
                    start: tag.span.start,
                    label: tag.name.clone(),
                    element: self.open.len(),
                }),
                ..Context::default()
            });
        } else {
            let control = kinds::is_control(name, inner.furniture);
            self.context().run.open(tag.span, name, spoken, control);
        }
    }

    fn end(&mut self, name: &str, span: Span) {
        if matches!(name, "p" | "br")
            && self.open.inherited().foreign
            && let Some(at) = self.open.picture()
        {
            self.pop_to(at, None, span.start);
        }
        if let Some(at) = self.open.closed_by(name) {
            self.pop_to(at, Some(span), span.start);
            return;
        }
        let inherited = self.open.inherited();
        if elements::is_block(name) && !inherited.foreign {
            self.finish_run();
        } else if inherited.kept.is_none() {
            if name == "br" {
                self.context().run.lone(span, name, Vec::new());
            } else {
                let control = kinds::is_control(name, inherited.furniture);
                self.context().run.close(span, name, control);
            }
        }
    }

    /// Closes the open elements down to the one at `at`, which `tag` closes if it is there; the
    /// others end at `place`.
    fn pop_to(&mut self, at: usize, tag: Option<Span>, place: usize) {
        while self.open.len() > at {
            let own = tag.filter(|_| self.open.len() == at + 1);
            self.close_element(own, place);
        }
    }

    fn close_element(&mut self, tag: Option<Span>, place: usize) {
        let index = self.open.len() - 1;
        let is_island = |context: &Context| {
            context
                .island
                .as_ref()
                .is_some_and(|island| island.element == index)
        };
        if self.contexts.last().is_some_and(is_island) {
            self.finish_run();
            self.open.pop();
            let end = tag.map_or(place, |tag| tag.end);
            let Some(Context {
                found,
                island: Some(island),
                ..
            }) = self.contexts.pop()
            else {
                return;
            };
            let span = Span::new(island.start, end);
            let run = &mut self.context().run;
            if matches!(island.label.as_str(), "rp" | "rt" | "rtc") {
                run.annotation(span, &island.label);
            } else {
                run.lone(span, &island.label, found);
            }
            return;
        }
        let block = self.open.parts();
        if block {
            self.finish_run();
        }
        let Some(element) = self.open.pop() else {
            return;
        };
        if block {
            if kinds::is_judged(&element.name)
                && element.inherited.judged <= MOST_JUDGED
                && !element.inherited.furniture
            {
                kinds::judge(&mut self.context().found, element.before);
            }
        } else if let Some(span) = tag
            && element.inherited.kept.is_none()
            && self.open.inherited().kept.is_none()
        {
            let control = kinds::is_control(&element.name, element.inherited.furniture);
            self.context().run.close(span, &element.name, control);
        }
    }
}
