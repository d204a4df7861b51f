//! The names of the rules, what each says, and an example of each.
//!
//! `--explain` prints the names, `docs/segmentation.md` the whole table, and a test runs every
//! example.

/// The rule that decided a candidate; [`RULES`] says what each means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// A missing space between two sentences.
    MissingSpace,
    /// A quotation is open and is kept whole.
    QuotationKept,
    /// Nothing but marks follows.
    OnlyMarksFollow,
    /// Nothing but marks stands before.
    NothingBefore,
    /// A comma or the like follows.
    PunctuationFollows,
    /// Lower case follows.
    LowerCase,
    /// Lower case that does begin a sentence.
    Brand,
    /// Somebody writes without capitals.
    LowerCaseWriter,
    /// `!` or `?`.
    Mark,
    /// The mark of a name.
    NameWithMark,
    /// A mark in a bracket.
    Bracket,
    /// A reporting clause follows.
    Report,
    /// An ellipsis.
    Ellipsis,
    /// An omission.
    EllipsisInBrackets,
    /// The number of an item.
    Enumerator,
    /// Class `never`.
    Never,
    /// Class `titles`.
    Title,
    /// Classes `before_number` and `word_before_number`.
    BeforeNumber,
    /// Class `months`.
    Month,
    /// Class `maybe_final`.
    MaybeFinal,
    /// Class `final`.
    Final,
    /// A letter that is no initial.
    LetterOfATitle,
    /// Initials.
    Initial,
    /// An ending of the list of suffixes.
    Suffix,
    /// Letters with full stops.
    Points,
    /// Any other full stop.
    FullStop,
    /// An SRX exception.
    Exception,
    /// An SRX break.
    Srx,
    /// UAX #29.
    Unicode,
}

/// A row of the table of rules.
#[derive(Debug, Clone, Copy)]
pub struct RuleDoc {
    /// The rule.
    pub rule: Rule,
    /// Its name in `--explain`.
    pub name: &'static str,
    /// What it says.
    pub says: &'static str,
    /// Language of the examples.
    pub lang: &'static str,
    /// Examples; `|` stands where the rule cuts, `~` where it does not.
    pub examples: &'static [&'static str],
}

const fn row(
    rule: Rule,
    name: &'static str,
    says: &'static str,
    lang: &'static str,
    examples: &'static [&'static str],
) -> RuleDoc {
    RuleDoc {
        rule,
        name,
        says,
        lang,
        examples,
    }
}

/// Every rule in the order in which they are asked, for `--explain`, the documentation and its
/// test.
pub const RULES: [RuleDoc; 29] = [
    row(
        Rule::MissingSpace,
        "missing-space",
        "without a space, a cut only between a word in lower case and a starter",
        "nl",
        &["De trein stond stil.|Daarna niet meer."],
    ),
    row(
        Rule::QuotationKept,
        "quotation-kept",
        "with `--quotes keep`, no cut while a quotation is open",
        "nl",
        &[],
    ),
    row(
        Rule::OnlyMarksFollow,
        "only-marks-follow",
        "nothing but marks follows: they belong to the sentence",
        "nl",
        &["Het is klaar.~ –"],
    ),
    row(
        Rule::NothingBefore,
        "nothing-before",
        "nothing but marks stands before",
        "nl",
        &["...~ Maar toen kwam de regen."],
    ),
    row(
        Rule::PunctuationFollows,
        "punctuation-follows",
        "a comma, a semicolon, a closing bracket or another terminator follows",
        "nl",
        &["De firma Bos & Co.~ & Zonen ging dicht."],
    ),
    row(
        Rule::LowerCase,
        "lower-case",
        "what follows begins in lower case",
        "nl",
        &["“Hoe kan dat?”~ vroeg ze.", "Kijk eens...~ daar gaat hij."],
    ),
    row(
        Rule::Brand,
        "lower-case-start",
        "an apostrophe with its letter and then a capital, or a name such as iPhone, does begin a sentence",
        "nl",
        &[
            "Het was koud.| ’s Avonds vroor het.",
            "De koers steeg.| eBay daalde.",
        ],
    ),
    row(
        Rule::LowerCaseWriter,
        "lower-case-writer",
        "the sentence began in lower case too, and a starter follows",
        "nl",
        &["ik ga zo naar huis.| het is al laat."],
    ),
    row(
        Rule::NameWithMark,
        "name-with-mark",
        "the mark belongs to a name; a cut only before a starter",
        "nl",
        &[
            "De zoekmachine Yahoo!~ Japan groeit.",
            "Hij werkte bij Yahoo!| Daarna stopte hij.",
        ],
    ),
    row(
        Rule::Bracket,
        "bracket",
        "the mark stands in a bracket inside the sentence",
        "nl",
        &[
            "De heer (!)~ Smit lachte.",
            "Zij won (wie had dat gedacht?)~ Olympisch goud.",
        ],
    ),
    row(
        Rule::Report,
        "report",
        "a reporting clause follows: up to three capitalised words and a verb of saying",
        "en",
        &["“Are you ready?”~ Anna Bos asked."],
    ),
    row(
        Rule::Mark,
        "mark",
        "`!` or `?`",
        "nl",
        &["Wat nu?| Niemand wist het."],
    ),
    row(
        Rule::EllipsisInBrackets,
        "ellipsis-in-brackets",
        "an omission, `(...)` or `[…]`; a cut only before a starter",
        "nl",
        &[
            "De brief (...)~ Zwolle noemt hij niet.",
            "Zo begint de brief [...]| Daarna volgt een lijst.",
        ],
    ),
    row(
        Rule::Ellipsis,
        "ellipsis",
        "two or more full stops, or `…`, before a capital or a digit",
        "nl",
        &["Ik weet het niet...| Misschien morgen."],
    ),
    row(
        Rule::Enumerator,
        "enumerator",
        "a number of at most three digits, a letter or a Roman numeral at the start, or behind a colon or semicolon",
        "nl",
        &[
            "Er zijn drie eisen: 1.~ Meer loon.",
            "II.~ De gevolgen van de wet",
        ],
    ),
    row(
        Rule::Never,
        "never",
        "an abbreviation behind which the sentence goes on",
        "nl",
        &["Er waren o.a.~ Duitse gasten."],
    ),
    row(
        Rule::Title,
        "title",
        "a title before a name; a cut only before a starter that does not go on as a surname",
        "nl",
        &[
            "Volgens mr.~ De Wit klopt het.",
            "Zij is nog geen prof.| Maar dat komt.",
        ],
    ),
    row(
        Rule::BeforeNumber,
        "before-number",
        "an abbreviation before numbers: no cut before a number, else only before a starter or a quotation; where it is a word too, no cut before a number alone",
        "nl",
        &[
            "Zie blz.~ 12 daarover.",
            "Hij las geen enkele blz.| Daarna sliep hij.",
            "Er passen max.~ 80 mensen in.",
            "Dat is het max.| Amsterdam wil meer.",
        ],
    ),
    row(
        Rule::Month,
        "month",
        "a month with a number beside it: a cut only before a starter",
        "nl",
        &[
            "Op 3 jan.~ 2024 begon het.",
            "Het begon op 3 jan.| Daarna werd het stil.",
        ],
    ),
    row(
        Rule::MaybeFinal,
        "maybe-final",
        "an abbreviation that may end a sentence: a cut only before a starter or a quotation",
        "nl",
        &[
            "Bos N.V.~ Rotterdam groeit.",
            "Hij werkt bij Bos N.V.| Daar is het druk.",
        ],
    ),
    row(
        Rule::Final,
        "final",
        "an abbreviation that ends a sentence where a capital follows",
        "nl",
        &["Zij verkoopt peren, pruimen, enz.| Klanten zijn er genoeg."],
    ),
    row(
        Rule::LetterOfATitle,
        "letter-of-a-title",
        "a capital behind a word that takes letters",
        "nl",
        &["Er is geen plan B.| Bos wil er een."],
    ),
    row(
        Rule::Initial,
        "initial",
        "initials: a cut only before a starter or a quotation that do not go on as a surname",
        "nl",
        &[
            "Schrijver J.~ Bos las voor.",
            "Volgens J.~ De Smet klopt het.",
            "De politie zoekt Karim T.| De officier eist acht jaar.",
        ],
    ),
    row(
        Rule::Suffix,
        "suffix",
        "a token with the ending of an abbreviation: no cut before a number or a capital that is no starter",
        "nl",
        &["Zij woont in de Kerkstr.~ 4 in Gouda."],
    ),
    row(
        Rule::Points,
        "points",
        "letters with full stops between, in no class: a cut only before a starter or a quotation",
        "nl",
        &[
            "De club q.q.v.~ Amstel speelt.",
            "Zij koos voor q.q.v.| Dat bleek goed.",
        ],
    ),
    row(
        Rule::FullStop,
        "full-stop",
        "any other full stop",
        "nl",
        &["De trein stond stil.| Bos stapte uit."],
    ),
    row(
        Rule::Exception,
        "srx-exception",
        "an exception of the file given with `--srx-add`",
        "nl",
        &[],
    ),
    row(
        Rule::Srx,
        "srx",
        "a rule of the file given with `--srx`",
        "nl",
        &[],
    ),
    row(
        Rule::Unicode,
        "unicode",
        "UAX #29, for a language without data",
        "nl",
        &[],
    ),
];

impl Rule {
    /// Its name in `--explain`.
    pub fn name(self) -> &'static str {
        RULES
            .iter()
            .find(|row| row.rule == self)
            .map_or("", |row| row.name)
    }
}
