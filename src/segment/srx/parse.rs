//! Reads a pattern in the syntax of ICU and Java.
//!
//! Sets of characters are read by [`CharSet`]. Greedy, lazy and possessive repetitions are told
//! apart, groups are not numbered.

use super::class::{CharClass, CharSet};

/// The deepest nesting of groups.
const DEEPEST: usize = 100;

/// What a pattern is made of.
#[derive(Debug, Clone)]
pub(super) enum PatternNode {
    Empty,
    One(CharClass),
    Sequence(Vec<PatternNode>),
    Choice(Vec<PatternNode>),
    Repeat(Box<PatternNode>, u32, Option<u32>),
    Look {
        ahead: bool,
        wanted: bool,
        node: Box<PatternNode>,
    },
    Assert(PatternAssertion),
}

/// A condition on a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternAssertion {
    TextStart,
    TextEnd,
    /// The end, or before a line end that ends the text.
    LastEnd,
    LineStart,
    LineEnd,
    Border,
    NoBorder,
}

/// The flags in force.
#[derive(Debug, Clone, Copy)]
struct PatternFlags {
    /// `(?i)`
    fold: bool,
    /// `(?s)`; OmegaT and Okapi compile with it.
    dot_all: bool,
    /// `(?m)`
    lines: bool,
}

pub(super) struct PatternParser<'p> {
    pattern: &'p str,
    at: usize,
    depth: usize,
    flags: PatternFlags,
    /// Inside `\Q…\E`.
    quoted: bool,
}

type ParseResult<T> = Result<T, (String, usize)>;

impl<'p> PatternParser<'p> {
    /// A parser of a pattern.
    pub fn new(pattern: &'p str) -> Self {
        Self {
            pattern,
            at: 0,
            depth: 0,
            flags: PatternFlags {
                fold: false,
                dot_all: true,
                lines: false,
            },
            quoted: false,
        }
    }

    /// The same, with case left out of account.
    pub fn without_case(mut self) -> Self {
        self.flags.fold = true;
        self
    }

    /// Reads the pattern.
    ///
    /// Errors: what is wrong, and the byte of the pattern.
    pub fn parse(mut self) -> ParseResult<PatternNode> {
        let node = self.choice()?;
        if self.at < self.pattern.len() {
            return self.wrong("a `)` closes nothing");
        }
        Ok(node)
    }

    fn wrong<T>(&self, what: &str) -> ParseResult<T> {
        Err((what.to_owned(), self.at.min(self.pattern.len())))
    }

    fn rest(&self) -> &'p str {
        &self.pattern[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn choice(&mut self) -> ParseResult<PatternNode> {
        let flags = self.flags;
        let mut branches = vec![self.sequence()?];
        while !self.quoted && self.eat("|") {
            branches.push(self.sequence()?);
        }
        self.flags = flags;
        Ok(match branches.len() {
            1 => branches.remove(0),
            _ => PatternNode::Choice(branches),
        })
    }

    fn sequence(&mut self) -> ParseResult<PatternNode> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if self.quoted {
                if self.eat("\\E") {
                    self.quoted = false;
                    // A quantifier behind the quotation belongs to its last character.
                    if let Some(last) = nodes.pop() {
                        nodes.push(self.repeat(last)?);
                    }
                } else {
                    self.at += c.len_utf8();
                    nodes.push(one(c, self.flags));
                }
                continue;
            }
            if c == '|' || c == ')' {
                break;
            }
            if let Some(node) = self.atom()? {
                nodes.push(self.repeat(node)?);
            }
        }
        Ok(match nodes.len() {
            0 => PatternNode::Empty,
            1 => nodes.remove(0),
            _ => PatternNode::Sequence(nodes),
        })
    }

    /// One element without its quantifier; none for flags and `\Q`.
    fn atom(&mut self) -> ParseResult<Option<PatternNode>> {
        let Some(c) = self.bump() else {
            return Ok(None);
        };
        Ok(Some(match c {
            '(' => return self.group(),
            '[' => PatternNode::One(CharClass::new(
                CharSet::parse(self.pattern, &mut self.at)?,
                self.flags.fold,
            )),
            '.' if self.flags.dot_all => {
                PatternNode::One(CharClass::new(CharSet::Everything, false))
            }
            '.' => PatternNode::One(CharClass::new(
                CharSet::Not(Box::new(CharSet::line_ends())),
                false,
            )),
            '^' if self.flags.lines => PatternNode::Assert(PatternAssertion::LineStart),
            '^' => PatternNode::Assert(PatternAssertion::TextStart),
            '$' if self.flags.lines => PatternNode::Assert(PatternAssertion::LineEnd),
            '$' => PatternNode::Assert(PatternAssertion::LastEnd),
            '\\' => return self.escape(),
            '*' | '+' | '?' => return self.wrong("a quantifier has nothing before it"),
            c => one(c, self.flags),
        }))
    }

    fn escape(&mut self) -> ParseResult<Option<PatternNode>> {
        let assertion = match self.peek() {
            Some('Q') => {
                self.at += 1;
                self.quoted = true;
                return Ok(None);
            }
            Some('E') => {
                self.at += 1;
                return Ok(None);
            }
            Some('b') => PatternAssertion::Border,
            Some('B') => PatternAssertion::NoBorder,
            Some('A') => PatternAssertion::TextStart,
            Some('z') => PatternAssertion::TextEnd,
            Some('Z') => PatternAssertion::LastEnd,
            Some('R') => {
                self.at += 1;
                let crlf =
                    PatternNode::Sequence(vec![one('\r', self.flags), one('\n', self.flags)]);
                let end = PatternNode::One(CharClass::new(CharSet::line_ends(), false));
                return Ok(Some(PatternNode::Choice(vec![crlf, end])));
            }
            Some('1'..='9' | 'k') => return self.wrong("back references are not supported"),
            Some('G' | 'X' | 'N') => return self.wrong("this escape is not supported"),
            _ => {
                let set = CharSet::escape(self.pattern, &mut self.at)?;
                return Ok(Some(PatternNode::One(CharClass::new(set, self.flags.fold))));
            }
        };
        self.at += 1;
        Ok(Some(PatternNode::Assert(assertion)))
    }

    fn group(&mut self) -> ParseResult<Option<PatternNode>> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.wrong("groups are nested too deeply");
        }
        let outer = self.flags;
        let look = [
            ("?=", true, true),
            ("?!", true, false),
            ("?<=", false, true),
            ("?<!", false, false),
        ]
        .into_iter()
        .find(|(mark, ..)| self.eat(mark));
        if look.is_none() {
            if self.eat("?#") {
                let Some(end) = self.rest().find(')') else {
                    return self.wrong("a comment has no end");
                };
                self.at += end + 1;
                self.depth -= 1;
                return Ok(None);
            }
            if self.eat("?<") || self.eat("?P<") {
                let Some(end) = self.rest().find('>') else {
                    return self.wrong("the name of a group has no end");
                };
                self.at += end + 1;
            } else if !self.eat("?>") && !self.eat("?:") && self.eat("?") && self.take_flags()? {
                // `(?i)` holds up to the end of the group around it.
                self.depth -= 1;
                return Ok(None);
            }
        }
        let node = self.choice()?;
        if !self.eat(")") {
            return self.wrong("a group has no `)`");
        }
        self.flags = outer;
        self.depth -= 1;
        Ok(Some(match look {
            Some((_, ahead, wanted)) => PatternNode::Look {
                ahead,
                wanted,
                node: Box::new(node),
            },
            None => node,
        }))
    }

    /// Reads `i-s:` or `i)`; true for the second form.
    fn take_flags(&mut self) -> ParseResult<bool> {
        let mut on = true;
        loop {
            match self.bump() {
                Some('-') => on = false,
                Some('i') => self.flags.fold = on,
                Some('s') => self.flags.dot_all = on,
                Some('m') => self.flags.lines = on,
                Some('u' | 'd' | 'U' | 'w') => {}
                Some(')') => return Ok(true),
                Some(':') => return Ok(false),
                _ => return self.wrong("this flag is not supported"),
            }
        }
    }

    fn repeat(&mut self, node: PatternNode) -> ParseResult<PatternNode> {
        let Some((min, max)) = self.quantifier()? else {
            return Ok(node);
        };
        if self.eat("+") {
            return Ok(possessive(node, min, max));
        }
        self.eat("?");
        Ok(PatternNode::Repeat(Box::new(node), min, max))
    }

    fn quantifier(&mut self) -> ParseResult<Option<(u32, Option<u32>)>> {
        if self.quoted {
            return Ok(None);
        }
        Ok(match self.peek() {
            Some('*') => {
                self.at += 1;
                Some((0, None))
            }
            Some('+') => {
                self.at += 1;
                Some((1, None))
            }
            Some('?') => {
                self.at += 1;
                Some((0, Some(1)))
            }
            Some('{') => {
                let Some(end) = self.rest().find('}') else {
                    return Ok(None);
                };
                let inside = &self.rest()[1..end];
                let (min, max) = inside.split_once(',').unwrap_or((inside, inside));
                let Ok(min) = min.trim().parse::<u32>() else {
                    // A brace that is not a quantifier is a brace.
                    return Ok(None);
                };
                let max = match max.trim() {
                    "" => None,
                    max => match max.parse() {
                        Ok(max) if max >= min => Some(max),
                        _ => return self.wrong("this quantifier is not valid"),
                    },
                };
                if max.unwrap_or(min) > 1000 {
                    return self.wrong("this quantifier is too large");
                }
                self.at += end + 1;
                Some((min, max))
            }
            _ => None,
        })
    }
}

fn one(c: char, flags: PatternFlags) -> PatternNode {
    PatternNode::One(CharClass::new(CharSet::Range(c, c), flags.fold))
}

/// A possessive repetition takes all that it can: behind it there is not one more, unless it is
/// full.
fn possessive(node: PatternNode, min: u32, max: Option<u32>) -> PatternNode {
    let no_more = PatternNode::Look {
        ahead: true,
        wanted: false,
        node: Box::new(node.clone()),
    };
    let repeat = |min, max| PatternNode::Repeat(Box::new(node.clone()), min, max);
    match max {
        None => PatternNode::Sequence(vec![repeat(min, None), no_more]),
        Some(max) if max == min => repeat(min, Some(max)),
        Some(max) => PatternNode::Choice(vec![
            repeat(max, Some(max)),
            PatternNode::Sequence(vec![repeat(min, Some(max - 1)), no_more]),
        ]),
    }
}
