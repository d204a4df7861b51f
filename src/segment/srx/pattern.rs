//! The regular expressions of SRX files: those of ICU and Java, matched towards a position or away
//! from it.
//!
//! SRX asks a question that the usual crates do not answer: does some match of this pattern *end*
//! here, and one of that pattern *begin* here, with word boundaries and look-around seeing across
//! the position? And it asks in the syntax of Java (`\h`, `\Q…\E`, `\uhhhh`, possessive
//! quantifiers), at every candidate of a text, for hundreds of rules. So a pattern is compiled to a
//! small automaton that runs in either direction from a position, all alternatives at once: no
//! backtracking, linear in the stretch that it reads.
//!
//! Before `Volgens dr.` and after ` De Wit`: `\b[Dd]r\.` read backwards from the full stop,
//! `\s+\p{Lu}` read forwards.
//!
//! Differences: a match exists or not, so greedy and lazy mean the same; an atomic group is a plain
//! group; back references are refused.

use super::class::CharClass;
use super::parse::{PatternAssertion, PatternNode, PatternParser};

/// A pattern reads at most so many characters each way, which keeps the time linear whatever it
/// says.
const REACH: usize = 2000;
/// The largest automaton, in instructions.
const LARGEST: usize = 60_000;

/// How many characters are compared before an automaton is run.
const FORESEEN: usize = 4;
/// Any character, or the end of the text.
const ANY: u128 = u128::MAX;

#[derive(Debug, Clone)]
enum PatternStep {
    One(CharClass),
    Jump(usize),
    Fork(usize, usize),
    Look {
        automaton: Box<Automaton>,
        wanted: bool,
    },
    Assert(PatternAssertion),
    Match,
}

/// A compiled pattern for one direction.
#[derive(Debug, Clone)]
pub(super) struct Automaton {
    steps: Vec<PatternStep>,
    forward: bool,
    /// ASCII characters that a match can read first, second, and so on, one bit each; all others
    /// are possible. [`ANY`] from the place on at which a match may have ended.
    first: [u128; FORESEEN],
}

/// Room for running automata; kept between calls so that nothing is allocated per position.
#[derive(Debug, Default)]
pub(super) struct MatchScratch {
    spare: Vec<ThreadSet>,
}

#[derive(Debug, Default)]
struct ThreadSet {
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
        let node = PatternParser::new(pattern).parse()?;
        Self::compile(&node, forward).ok_or_else(|| ("it is too large".to_owned(), 0))
    }

    /// Compiles a pattern that has to match a whole text, whatever its case.
    ///
    /// Errors: as [`Automaton::new`].
    pub fn whole(pattern: &str) -> Result<Self, (String, usize)> {
        let parser = PatternParser::new(pattern).without_case();
        let node = PatternNode::Sequence(vec![
            parser.parse()?,
            PatternNode::Assert(PatternAssertion::TextEnd),
        ]);
        Self::compile(&node, true).ok_or_else(|| ("it is too large".to_owned(), 0))
    }

    fn compile(node: &PatternNode, forward: bool) -> Option<Self> {
        let mut automaton = Self {
            steps: Vec::new(),
            forward,
            first: [ANY; FORESEEN],
        };
        let mut budget = LARGEST;
        automaton.add(node, &mut budget)?;
        automaton.steps.push(PatternStep::Match);
        automaton.foresee();
        Some(automaton)
    }

    /// `budget`: how much may still be added.
    fn add(&mut self, node: &PatternNode, budget: &mut usize) -> Option<()> {
        *budget = budget.checked_sub(1)?;
        match node {
            PatternNode::Empty => {}
            PatternNode::One(class) => self.steps.push(PatternStep::One(class.clone())),
            PatternNode::Assert(assertion) => self.steps.push(PatternStep::Assert(*assertion)),
            PatternNode::Sequence(nodes) if self.forward => {
                nodes.iter().try_for_each(|node| self.add(node, budget))?;
            }
            PatternNode::Sequence(nodes) => nodes
                .iter()
                .rev()
                .try_for_each(|node| self.add(node, budget))?,
            PatternNode::Choice(nodes) => {
                let mut ends = Vec::new();
                for (index, node) in nodes.iter().enumerate() {
                    if index + 1 == nodes.len() {
                        self.add(node, budget)?;
                        break;
                    }
                    let fork = self.push(PatternStep::Fork(self.steps.len() + 1, 0));
                    self.add(node, budget)?;
                    ends.push(self.push(PatternStep::Jump(0)));
                    self.steps[fork] = PatternStep::Fork(fork + 1, self.steps.len());
                }
                for end in ends {
                    self.steps[end] = PatternStep::Jump(self.steps.len());
                }
            }
            PatternNode::Repeat(node, min, max) => {
                for _ in 0..*min {
                    self.add(node, budget)?;
                }
                self.add_rest(node, max.map(|max| max.saturating_sub(*min)), budget)?;
            }
            PatternNode::Look {
                ahead,
                wanted,
                node,
            } => {
                let automaton = Box::new(Self::compile(node, *ahead)?);
                self.steps.push(PatternStep::Look {
                    automaton,
                    wanted: *wanted,
                });
            }
        }
        Some(())
    }

    /// The part of a repetition that may be missing.
    fn add_rest(
        &mut self,
        node: &PatternNode,
        more: Option<u32>,
        budget: &mut usize,
    ) -> Option<()> {
        let Some(more) = more else {
            let fork = self.push(PatternStep::Fork(self.steps.len() + 1, 0));
            self.add(node, budget)?;
            self.steps.push(PatternStep::Jump(fork));
            self.steps[fork] = PatternStep::Fork(fork + 1, self.steps.len());
            return Some(());
        };
        let mut forks = Vec::new();
        for _ in 0..more {
            forks.push(self.push(PatternStep::Fork(self.steps.len() + 1, 0)));
            self.add(node, budget)?;
        }
        for fork in forks {
            self.steps[fork] = PatternStep::Fork(fork + 1, self.steps.len());
        }
        Some(())
    }

    fn push(&mut self, step: PatternStep) -> usize {
        self.steps.push(step);
        self.steps.len() - 1
    }

    /// Notes what a match can begin with, conditions left out of account.
    fn foresee(&mut self) {
        let mut from = vec![0];
        for level in 0..FORESEEN {
            let mut seen = vec![false; self.steps.len()];
            let (mut mask, mut next) = (0, Vec::new());
            while let Some(at) = from.pop() {
                if std::mem::replace(&mut seen[at], true) {
                    continue;
                }
                match &self.steps[at] {
                    PatternStep::One(class) => {
                        mask |= class.ascii();
                        next.push(at + 1);
                    }
                    PatternStep::Jump(to) => from.push(*to),
                    PatternStep::Fork(one, two) => from.extend([*one, *two]),
                    PatternStep::Look { .. } | PatternStep::Assert(_) => from.push(at + 1),
                    PatternStep::Match => return,
                }
            }
            self.first[level] = mask;
            from = next;
        }
    }

    /// Whether a match at byte `at` is possible at all, judged by the few characters that it would
    /// read first.
    pub fn may_match(&self, text: &str, at: usize) -> bool {
        let (mut after, mut before) = (text[at..].chars(), text[..at].chars());
        for mask in self.first {
            if mask == ANY {
                return true;
            }
            let read = if self.forward {
                after.next()
            } else {
                before.next_back()
            };
            match read {
                Some(c) if c.is_ascii() && mask >> u32::from(c) & 1 == 0 => return false,
                Some(c) if c.is_ascii() => {}
                Some(_) => return true,
                None => return false,
            }
        }
        true
    }

    /// Whether the pattern matches at byte `at` of `text`: forward from there, or ending there.
    pub fn matches(&self, text: &str, at: usize, room: &mut MatchScratch) -> bool {
        let mut threads = room.spare.pop().unwrap_or_default();
        let found = self.run(text, at, &mut threads, room);
        room.spare.push(threads);
        found
    }

    fn run(
        &self,
        text: &str,
        start: usize,
        threads: &mut ThreadSet,
        room: &mut MatchScratch,
    ) -> bool {
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
                if let PatternStep::One(class) = &self.steps[step]
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

    /// Adds to `next` every step that reads a character and can be reached from `from` without one;
    /// true when the match is there.
    fn follow(
        &self,
        from: usize,
        text: &str,
        at: usize,
        threads: &mut ThreadSet,
        room: &mut MatchScratch,
    ) -> bool {
        threads.stack.push(from);
        while let Some(step) = threads.stack.pop() {
            if threads.seen[step] == threads.round {
                continue;
            }
            threads.seen[step] = threads.round;
            match &self.steps[step] {
                PatternStep::One(_) => threads.next.push(step),
                PatternStep::Jump(to) => threads.stack.push(*to),
                PatternStep::Fork(one, two) => threads.stack.extend([*two, *one]),
                PatternStep::Assert(assertion) => {
                    if assertion.holds(text, at) {
                        threads.stack.push(step + 1);
                    }
                }
                PatternStep::Look { automaton, wanted } => {
                    if automaton.matches(text, at, room) == *wanted {
                        threads.stack.push(step + 1);
                    }
                }
                PatternStep::Match => {
                    threads.stack.clear();
                    threads.next.clear();
                    return true;
                }
            }
        }
        false
    }
}

impl ThreadSet {
    fn new_round(&mut self) {
        if self.round == u32::MAX {
            self.seen.fill(0);
            self.round = 0;
        }
        self.round += 1;
    }
}

impl PatternAssertion {
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
        let found = automaton.matches(&text, at, &mut MatchScratch::default());
        assert!(!found || automaton.may_match(&text, at), "{pattern}");
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

    proptest::proptest! {
        #[test]
        fn no_pattern_does_harm(pattern in r"[a-c.*+?(){}|\[\]^$\\QEpPLdsbwhux0-9,:<=!&#>é-]{0,24}", text in "[a-cé .]{0,12}") {
            for forward in [true, false] {
                if let Ok(automaton) = Automaton::new(&pattern, forward) {
                    for (at, _) in text.char_indices() {
                        let found = automaton.matches(&text, at, &mut MatchScratch::default());
                        proptest::prop_assert!(!found || automaton.may_match(&text, at));
                    }
                }
            }
        }
    }
}
