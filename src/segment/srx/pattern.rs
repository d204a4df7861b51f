//! The regular expressions of SRX files: those of ICU and Java, matched towards a position or away from it.
//!
//! SRX asks a question that the usual crates do not answer: does some match of this pattern *end* here, and one of that pattern *begin* here, with
//! word boundaries and look-around seeing across the position? And it asks in the syntax of Java (`\h`, `\Q…\E`, `\uhhhh`, possessive
//! quantifiers), at every candidate of a text, for hundreds of rules. So a pattern is compiled to a small automaton that runs in either direction from
//! a position, all alternatives at once: no backtracking, linear in the stretch that it reads.
//!
//! Before `Volgens dr.` and after ` De Wit`: `\b[Dd]r\.` read backwards from the full stop, `\s+\p{Lu}` read forwards.
//!
//! Differences: a match exists or not, so greedy and lazy mean the same; an atomic group is a plain group; back references are refused.

use super::class::{Class, Set};

/// A pattern reads at most so many characters each way, which keeps the time linear whatever it says.
const REACH: usize = 2000;
/// The largest automaton, in instructions.
const LARGEST: usize = 60_000;
/// The deepest nesting of groups.
const DEEPEST: usize = 100;

/// What a pattern is made of.
#[derive(Debug, Clone)]
enum Node {
    Empty,
    One(Class),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Repeat(Box<Node>, u32, Option<u32>),
    Look {
        ahead: bool,
        wanted: bool,
        node: Box<Node>,
    },
    Assert(Assertion),
}

/// A condition on a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Assertion {
    TextStart,
    TextEnd,
    /// The end, or before a line end that ends the text.
    LastEnd,
    LineStart,
    LineEnd,
    Border,
    NoBorder,
}

#[derive(Debug, Clone)]
enum Step {
    One(Class),
    Jump(usize),
    Fork(usize, usize),
    Look {
        automaton: Box<Automaton>,
        wanted: bool,
    },
    Assert(Assertion),
    Match,
}

/// A compiled pattern for one direction.
#[derive(Debug, Clone)]
pub(super) struct Automaton {
    steps: Vec<Step>,
    forward: bool,
    /// ASCII characters that a match can read first; all others are possible.
    first: u128,
    /// Whether a match may read nothing.
    nullable: bool,
}

/// Room for running automata; kept between calls so that nothing is allocated per position.
#[derive(Debug, Default)]
pub(super) struct Room {
    spare: Vec<Threads>,
}

#[derive(Debug, Default)]
struct Threads {
    now: Vec<usize>,
    next: Vec<usize>,
    stack: Vec<usize>,
    /// The round in which a step was last added.
    seen: Vec<u32>,
    round: u32,
}

impl Automaton {
    /// Compiles a pattern. `forward`: it is to begin at the position, otherwise to end there.
    ///
    /// Errors: what is wrong, and the byte of the pattern.
    pub fn new(pattern: &str, forward: bool) -> Result<Self, (String, usize)> {
        let node = Parser::new(pattern).parse()?;
        Self::compile(&node, forward).ok_or_else(|| ("it is too large".to_owned(), 0))
    }

    /// Compiles a pattern that has to match a whole text, whatever its case.
    ///
    /// Errors: as [`Automaton::new`].
    pub fn whole(pattern: &str) -> Result<Self, (String, usize)> {
        let mut parser = Parser::new(pattern);
        parser.flags.fold = true;
        let node = Node::Sequence(vec![parser.parse()?, Node::Assert(Assertion::TextEnd)]);
        Self::compile(&node, true).ok_or_else(|| ("it is too large".to_owned(), 0))
    }

    fn compile(node: &Node, forward: bool) -> Option<Self> {
        let mut automaton = Self {
            steps: Vec::new(),
            forward,
            first: 0,
            nullable: false,
        };
        let mut budget = LARGEST;
        automaton.add(node, &mut budget)?;
        automaton.steps.push(Step::Match);
        automaton.look_at_first();
        Some(automaton)
    }

    /// `budget`: how much may still be added.
    fn add(&mut self, node: &Node, budget: &mut usize) -> Option<()> {
        *budget = budget.checked_sub(1)?;
        match node {
            Node::Empty => {}
            Node::One(class) => self.steps.push(Step::One(class.clone())),
            Node::Assert(assertion) => self.steps.push(Step::Assert(*assertion)),
            Node::Sequence(nodes) if self.forward => {
                nodes.iter().try_for_each(|node| self.add(node, budget))?;
            }
            Node::Sequence(nodes) => nodes
                .iter()
                .rev()
                .try_for_each(|node| self.add(node, budget))?,
            Node::Choice(nodes) => {
                let mut ends = Vec::new();
                for (index, node) in nodes.iter().enumerate() {
                    if index + 1 == nodes.len() {
                        self.add(node, budget)?;
                        break;
                    }
                    let fork = self.push(Step::Fork(self.steps.len() + 1, 0));
                    self.add(node, budget)?;
                    ends.push(self.push(Step::Jump(0)));
                    self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
                }
                for end in ends {
                    self.steps[end] = Step::Jump(self.steps.len());
                }
            }
            Node::Repeat(node, min, max) => {
                for _ in 0..*min {
                    self.add(node, budget)?;
                }
                self.add_rest(node, max.map(|max| max.saturating_sub(*min)), budget)?;
            }
            Node::Look {
                ahead,
                wanted,
                node,
            } => {
                let automaton = Box::new(Self::compile(node, *ahead)?);
                self.steps.push(Step::Look {
                    automaton,
                    wanted: *wanted,
                });
            }
        }
        Some(())
    }

    /// The part of a repetition that may be missing.
    fn add_rest(&mut self, node: &Node, more: Option<u32>, budget: &mut usize) -> Option<()> {
        let Some(more) = more else {
            let fork = self.push(Step::Fork(self.steps.len() + 1, 0));
            self.add(node, budget)?;
            self.steps.push(Step::Jump(fork));
            self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
            return Some(());
        };
        let mut forks = Vec::new();
        for _ in 0..more {
            forks.push(self.push(Step::Fork(self.steps.len() + 1, 0)));
            self.add(node, budget)?;
        }
        for fork in forks {
            self.steps[fork] = Step::Fork(fork + 1, self.steps.len());
        }
        Some(())
    }

    fn push(&mut self, step: Step) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// Notes what a match can begin with, conditions left out of account.
    fn look_at_first(&mut self) {
        let mut seen = vec![false; self.steps.len()];
        let mut stack = vec![0];
        while let Some(at) = stack.pop() {
            if std::mem::replace(&mut seen[at], true) {
                continue;
            }
            match &self.steps[at] {
                Step::One(class) => self.first |= class.ascii(),
                Step::Jump(to) => stack.push(*to),
                Step::Fork(one, two) => stack.extend([*one, *two]),
                Step::Look { .. } | Step::Assert(_) => stack.push(at + 1),
                Step::Match => self.nullable = true,
            }
        }
    }

    /// Whether a match at a position is possible at all, given the character that it would read first.
    pub fn may_match(&self, next: Option<char>) -> bool {
        self.nullable || next.is_some_and(|c| !c.is_ascii() || self.first >> u32::from(c) & 1 == 1)
    }

    /// Whether the pattern matches at byte `at` of `text`: forward from there, or ending there.
    pub fn matches(&self, text: &str, at: usize, room: &mut Room) -> bool {
        let mut threads = room.spare.pop().unwrap_or_default();
        let found = self.run(text, at, &mut threads, room);
        room.spare.push(threads);
        found
    }

    fn run(&self, text: &str, start: usize, threads: &mut Threads, room: &mut Room) -> bool {
        if threads.seen.len() < self.steps.len() {
            threads.seen.resize(self.steps.len(), 0);
        }
        threads.next.clear();
        let mut at = start;
        threads.new_round();
        if self.follow(0, text, at, threads, room) {
            return true;
        }
        std::mem::swap(&mut threads.now, &mut threads.next);
        for _ in 0..REACH {
            if threads.now.is_empty() {
                return false;
            }
            let read = if self.forward {
                text[at..].chars().next()
            } else {
                text[..at].chars().next_back()
            };
            let Some(c) = read else { return false };
            at = if self.forward {
                at + c.len_utf8()
            } else {
                at - c.len_utf8()
            };
            threads.new_round();
            threads.next.clear();
            for index in 0..threads.now.len() {
                let step = threads.now[index];
                if let Step::One(class) = &self.steps[step]
                    && class.contains(c)
                    && self.follow(step + 1, text, at, threads, room)
                {
                    return true;
                }
            }
            std::mem::swap(&mut threads.now, &mut threads.next);
        }
        false
    }

    /// Adds to `next` every step that reads a character and can be reached from `from` without one; true when the match is there.
    fn follow(
        &self,
        from: usize,
        text: &str,
        at: usize,
        threads: &mut Threads,
        room: &mut Room,
    ) -> bool {
        threads.stack.push(from);
        while let Some(step) = threads.stack.pop() {
            if threads.seen[step] == threads.round {
                continue;
            }
            threads.seen[step] = threads.round;
            match &self.steps[step] {
                Step::One(_) => threads.next.push(step),
                Step::Jump(to) => threads.stack.push(*to),
                Step::Fork(one, two) => threads.stack.extend([*two, *one]),
                Step::Assert(assertion) => {
                    if assertion.holds(text, at) {
                        threads.stack.push(step + 1);
                    }
                }
                Step::Look { automaton, wanted } => {
                    if automaton.matches(text, at, room) == *wanted {
                        threads.stack.push(step + 1);
                    }
                }
                Step::Match => {
                    threads.stack.clear();
                    threads.next.clear();
                    return true;
                }
            }
        }
        false
    }
}

impl Threads {
    fn new_round(&mut self) {
        if self.round == u32::MAX {
            self.seen.fill(0);
            self.round = 0;
        }
        self.round += 1;
    }
}

impl Assertion {
    fn holds(self, text: &str, at: usize) -> bool {
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        let line_end = |c: char| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
        let border = || before.is_some_and(is_word) != after.is_some_and(is_word);
        match self {
            Self::TextStart => before.is_none(),
            Self::TextEnd => after.is_none(),
            Self::LastEnd => matches!(
                &text[at..],
                "" | "\n" | "\r" | "\r\n" | "\u{85}" | "\u{2028}" | "\u{2029}"
            ),
            Self::LineStart => before.is_none_or(line_end),
            Self::LineEnd => after.is_none_or(line_end),
            Self::Border => border(),
            Self::NoBorder => !border(),
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The flags in force.
#[derive(Debug, Clone, Copy)]
struct Flags {
    /// `(?i)`
    fold: bool,
    /// `(?s)`; OmegaT and Okapi compile with it.
    dot_all: bool,
    /// `(?m)`
    lines: bool,
}

struct Parser<'p> {
    pattern: &'p str,
    at: usize,
    depth: usize,
    flags: Flags,
    /// Inside `\Q…\E`.
    quoted: bool,
}

type Parsed<T> = Result<T, (String, usize)>;

impl<'p> Parser<'p> {
    fn new(pattern: &'p str) -> Self {
        Self {
            pattern,
            at: 0,
            depth: 0,
            flags: Flags {
                fold: false,
                dot_all: true,
                lines: false,
            },
            quoted: false,
        }
    }

    fn parse(&mut self) -> Parsed<Node> {
        let node = self.choice()?;
        if self.at < self.pattern.len() {
            return self.wrong("a `)` closes nothing");
        }
        Ok(node)
    }

    fn wrong<T>(&self, what: &str) -> Parsed<T> {
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

    fn choice(&mut self) -> Parsed<Node> {
        let flags = self.flags;
        let mut branches = vec![self.sequence()?];
        while !self.quoted && self.eat("|") {
            branches.push(self.sequence()?);
        }
        self.flags = flags;
        Ok(match branches.len() {
            1 => branches.remove(0),
            _ => Node::Choice(branches),
        })
    }

    fn sequence(&mut self) -> Parsed<Node> {
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
            0 => Node::Empty,
            1 => nodes.remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    /// One element without its quantifier; none for flags and `\Q`.
    fn atom(&mut self) -> Parsed<Option<Node>> {
        let Some(c) = self.bump() else {
            return Ok(None);
        };
        Ok(Some(match c {
            '(' => return self.group(),
            '[' => Node::One(Class::new(
                Set::parse(self.pattern, &mut self.at)?,
                self.flags.fold,
            )),
            '.' if self.flags.dot_all => Node::One(Class::new(Set::Everything, false)),
            '.' => Node::One(Class::new(Set::Not(Box::new(Set::line_ends())), false)),
            '^' if self.flags.lines => Node::Assert(Assertion::LineStart),
            '^' => Node::Assert(Assertion::TextStart),
            '$' if self.flags.lines => Node::Assert(Assertion::LineEnd),
            '$' => Node::Assert(Assertion::LastEnd),
            '\\' => return self.escape(),
            '*' | '+' | '?' => return self.wrong("a quantifier has nothing before it"),
            c => one(c, self.flags),
        }))
    }

    fn escape(&mut self) -> Parsed<Option<Node>> {
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
            Some('b') => Assertion::Border,
            Some('B') => Assertion::NoBorder,
            Some('A') => Assertion::TextStart,
            Some('z') => Assertion::TextEnd,
            Some('Z') => Assertion::LastEnd,
            Some('R') => {
                self.at += 1;
                let crlf = Node::Sequence(vec![one('\r', self.flags), one('\n', self.flags)]);
                let end = Node::One(Class::new(Set::line_ends(), false));
                return Ok(Some(Node::Choice(vec![crlf, end])));
            }
            Some('1'..='9' | 'k') => return self.wrong("back references are not supported"),
            Some('G' | 'X' | 'N') => return self.wrong("this escape is not supported"),
            _ => {
                let set = Set::escape(self.pattern, &mut self.at)?;
                return Ok(Some(Node::One(Class::new(set, self.flags.fold))));
            }
        };
        self.at += 1;
        Ok(Some(Node::Assert(assertion)))
    }

    fn group(&mut self) -> Parsed<Option<Node>> {
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
            Some((_, ahead, wanted)) => Node::Look {
                ahead,
                wanted,
                node: Box::new(node),
            },
            None => node,
        }))
    }

    /// Reads `i-s:` or `i)`; true for the second form.
    fn take_flags(&mut self) -> Parsed<bool> {
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

    fn repeat(&mut self, node: Node) -> Parsed<Node> {
        let Some((min, max)) = self.quantifier()? else {
            return Ok(node);
        };
        if self.eat("+") {
            return Ok(possessive(node, min, max));
        }
        self.eat("?");
        Ok(Node::Repeat(Box::new(node), min, max))
    }

    fn quantifier(&mut self) -> Parsed<Option<(u32, Option<u32>)>> {
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
                    // A brace that is no quantifier stands for itself.
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

fn one(c: char, flags: Flags) -> Node {
    Node::One(Class::new(Set::Range(c, c), flags.fold))
}

/// A possessive repetition takes all that it can: behind it there is not one more, unless it is full.
fn possessive(node: Node, min: u32, max: Option<u32>) -> Node {
    let no_more = Node::Look {
        ahead: true,
        wanted: false,
        node: Box::new(node.clone()),
    };
    let repeat = |min, max| Node::Repeat(Box::new(node.clone()), min, max);
    match max {
        None => Node::Sequence(vec![repeat(min, None), no_more]),
        Some(max) if max == min => repeat(min, Some(max)),
        Some(max) => Node::Choice(vec![
            repeat(max, Some(max)),
            Node::Sequence(vec![repeat(min, Some(max - 1)), no_more]),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether the pattern ends at the `|` of the text.
    fn ends(pattern: &str, marked: &str) -> bool {
        at(pattern, marked, false)
    }

    /// Whether the pattern begins at the `|` of the text.
    fn begins(pattern: &str, marked: &str) -> bool {
        at(pattern, marked, true)
    }

    fn at(pattern: &str, marked: &str, forward: bool) -> bool {
        let at = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        let automaton = Automaton::new(pattern, forward).unwrap();
        let found = automaton.matches(&text, at, &mut Room::default());
        let read = if forward {
            text[at..].chars().next()
        } else {
            text[..at].chars().next_back()
        };
        assert!(!found || automaton.may_match(read), "{pattern}");
        found
    }

    #[test]
    fn a_match_ends_or_begins_at_the_position() {
        assert!(ends(r"\bdr\.", "zei dr.| Bos"));
        assert!(!ends(r"\bdr\.", "vlindr.| Bos"));
        assert!(!ends(r"\bdr\.", "dr. |Bos"));
        assert!(ends(r"\bdr\.\s", "dr. |Bos"));
        assert!(begins(r"\s+\p{Lu}", "dr.| Élan"));
        assert!(!begins(r"\s+\p{Lu}", "dr.| élan"));
        assert!(ends("", "a|b") && begins("", "|"));
    }

    #[test]
    fn conditions_see_across_the_position() {
        assert!(ends(r"[a-z]\b", "zin|. "));
        assert!(!ends(r"[a-z]\b", "zi|n"));
        assert!(begins(r"\bzin", "|zin") && !begins(r"\bzin", "on|zin"));
        assert!(ends("a(?=b)", "a|b") && !ends("a(?!b)", "a|b"));
        assert!(begins("(?<=a)b", "a|b") && !begins("(?<!a)b", "a|b"));
        assert!(ends("^a", "a|b") && !ends("^a", "ba|"));
        assert!(begins("a$", "|a\n") && begins(r"a\Z", "|a") && !begins(r"a\z", "|a\n"));
        assert!(begins("(?m)a$", "|a\nb"));
    }

    #[test]
    fn the_syntax_of_java_and_icu_is_read() {
        for (pattern, text) in [
            (r"\Q.(\E+", ".(((|"),
            (r"\h\v", "\u{a0}\n|"),
            (r"a\R", "a\r\n|"),
            (r"\u00e9\x41\x{1F600}\0101\t", "éA😀A\t|"),
            (r"(?i)ÉÉN", "één|"),
            (r"(?i:a)b", "Ab|"),
            (r"[a-z&&[^bc]]{2,3}", "ade|"),
            (r"[^\p{Lu}\s]+", "x|"),
            (r"[\]\-a]+", "]-a|"),
            (r"(?<naam>a)(?>b|c)(?#iets)", "ac|"),
            (r"x{2}y{,}", "xxy{,}|"),
            (r"\p{IsAlphabetic}\P{L}\p{Punct}\p{javaUpperCase}", "a1!A|"),
            (r"(a|b)*?c", "abc|"),
            ("a.b", "a\nb|"),
            (r"\y\%", "y%|"),
        ] {
            assert!(ends(pattern, text), "{pattern}");
        }
        assert!(!ends("(?-s)a.b", "a\nb|") && !ends("(?i:a)b", "AB|"));
    }

    #[test]
    fn possessive_repetitions_take_all_they_can() {
        assert!(!begins("a++a", "|aaa") && begins("a++b", "|aab"));
        assert!(begins("a{1,2}+a", "|aaa") && !begins("a{1,2}+a", "|aa"));
        assert!(!begins("a?+a", "|a") && begins("a?+b", "|b"));
    }

    #[test]
    fn what_cannot_be_used_is_said_with_its_place() {
        for (pattern, at) in [
            ("a(b", 3),
            ("a)", 1),
            ("*a", 1),
            (r"(a)\1", 4),
            ("[a", 2),
            (r"\p{Onzin}", 0),
            ("a{3,1}", 1),
            ("a{99999}", 1),
            ("(?x)a", 3),
        ] {
            let (what, found) = Automaton::new(pattern, true).unwrap_err();
            assert!(found.abs_diff(at) < 2, "{pattern}: {what} at {found}");
        }
        let deep = "(".repeat(5000) + &")".repeat(5000);
        assert!(Automaton::new(&deep, true).is_err());
        assert!(Automaton::new("((a{1000}){1000}){1000}", true).is_err());
    }

    #[test]
    fn a_pattern_that_explodes_elsewhere_takes_no_time() {
        let text = "a".repeat(3000) + "|";
        assert!(!ends("(b|(a+)+)*c", &text));
        assert!(ends("(a|aa|a*)*", &text));
    }
}
