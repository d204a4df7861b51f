//! The names of the rules, what each says, and an example of each.
//!
//! `--explain` prints the names, `docs/segmentation.md` the whole table, and a test runs every
//! example.

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

/// A row a rule, in the order in which they are asked: variant, name, language of the examples,
/// meaning, examples.
macro_rules! rules {
    ($($rule:ident $name:literal $lang:literal: $says:literal => $($example:literal),*;)*) => {
        /// The rule that decided a candidate; [`RULES`] has a row of each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $says] $rule,)*
        }

        /// Every rule in the order in which they are asked, for `--explain`, the documentation and
        /// its test.
        pub const RULES: [RuleDoc; [$(Rule::$rule),*].len()] = [$(RuleDoc {
            rule: Rule::$rule,
            name: $name,
            says: $says,
            lang: $lang,
            examples: &[$($example),*],
        }),*];
    };
}

rules! {
    MissingSpace "missing-space" "nl":
        "without a space, a cut only between a word in lower case and a starter" =>
        "De trein stond stil.|Daarna niet meer.";
    QuotationKept "quotation-kept" "nl":
        "with `--quotes keep`, no cut while a quotation is open" =>;
    OnlyMarksFollow "only-marks-follow" "nl":
        "nothing but marks follows: they belong to the sentence" =>
        "Het is klaar.~ –";
    NothingBefore "nothing-before" "nl": "nothing but marks stands before" =>
        "...~ Maar toen kwam de regen.";
    PunctuationFollows "punctuation-follows" "nl":
        "a comma, a semicolon, a closing bracket or another terminator follows" =>
        "De firma Bos & Co.~ & Zonen ging dicht.";
    LowerCase "lower-case" "nl": "what follows begins in lower case" =>
        "“Hoe kan dat?”~ vroeg ze.", "Kijk eens...~ daar gaat hij.";
    Brand "lower-case-start" "nl":
        "an apostrophe with its letter and then a capital, or a name such as iPhone, does begin \
        a sentence" =>
        "Het was koud.| ’s Avonds vroor het.", "De koers steeg.| eBay daalde.";
    LowerCaseWriter "lower-case-writer" "nl":
        "the sentence began in lower case too; behind a full stop a starter has to follow" =>
        "ik ga zo naar huis.| het is al laat.", "ga je mee??| morgen kan ook.";
    NameWithMark "name-with-mark" "nl": "the mark belongs to a name; a cut only before a starter" =>
        "De zoekmachine Yahoo!~ Japan groeit.", "Hij werkte bij Yahoo!| Daarna stopte hij.";
    Bracket "bracket" "nl": "the mark stands in a bracket inside the sentence" =>
        "De heer (!)~ Smit lachte.", "Zij won (wie had dat gedacht?)~ Olympisch goud.";
    Report "report" "en":
        "a reporting clause follows: up to three capitalised words and a verb of saying" =>
        "“Are you ready?”~ Anna Bos asked.";
    Mark "mark" "nl": "`!` or `?`" => "Wat nu?| Niemand wist het.";
    EllipsisInBrackets "ellipsis-in-brackets" "nl":
        "an omission, `(...)` or `[…]`; a cut only before a starter" =>
        "De brief (...)~ Zwolle noemt hij niet.",
        "Zo begint de brief [...]| Daarna volgt een lijst.";
    Ellipsis "ellipsis" "nl": "two or more full stops, or `…`, before a capital or a digit" =>
        "Ik weet het niet...| Misschien morgen.";
    Enumerator "enumerator" "nl":
        "a number of at most three digits, a letter or a Roman numeral at the start, or behind a \
        colon or semicolon" =>
        "Er zijn drie eisen: 1.~ Meer loon.", "II.~ De gevolgen van de wet";
    Never "never" "nl": "an abbreviation behind which the sentence continues" =>
        "Er waren o.a.~ Duitse gasten.";
    Title "title" "nl":
        "a title before a name; a cut only before a starter that does not continue as a surname" =>
        "Volgens mr.~ De Wit klopt het.", "Zij is nog geen prof.| Maar dat komt.";
    BeforeNumber "before-number" "nl":
        "an abbreviation before numbers: no cut before a number, else only before a starter or a \
        quotation; where it is a word too, no cut before a number alone" =>
        "Zie blz.~ 12 daarover.",
        "Hij las geen enkele blz.| Daarna sliep hij.",
        "Er passen max.~ 80 mensen in.",
        "Dat is het max.| Amsterdam wil meer.";
    Month "month" "nl": "a month with a number beside it: a cut only before a starter" =>
        "Op 3 jan.~ 2024 begon het.", "Het begon op 3 jan.| Daarna werd het stil.";
    MaybeFinal "maybe-final" "nl":
        "an abbreviation that may end a sentence: a cut only before a starter or a quotation" =>
        "Bos N.V.~ Rotterdam groeit.", "Hij werkt bij Bos N.V.| Daar is het druk.";
    Final "final" "nl": "an abbreviation that ends a sentence where a capital follows" =>
        "Zij verkoopt peren, pruimen, enz.| Klanten zijn er genoeg.";
    LetterOfATitle "letter-of-a-title" "nl": "a capital behind a word that takes letters" =>
        "Er is geen plan B.| Bos wil er een.";
    Initial "initial" "nl":
        "initials: a cut only before a starter or a quotation that do not continue as a surname" =>
        "Schrijver J.~ Bos las voor.",
        "Volgens J.~ De Smet klopt het.",
        "De politie zoekt Karim T.| De officier eist acht jaar.";
    Suffix "suffix" "nl":
        "a token with the ending of an abbreviation: no cut before a number or a capital that is \
        no starter" =>
        "Zij woont in de Kerkstr.~ 4 in Gouda.";
    Points "points" "nl":
        "letters with full stops between, in no class: a cut only before a starter or a \
        quotation" =>
        "De club q.q.v.~ Amstel speelt.", "Zij koos voor q.q.v.| Dat bleek goed.";
    FullStop "full-stop" "nl": "any other full stop" => "De trein stond stil.| Bos stapte uit.";
    Exception "srx-exception" "nl": "an exception of the file given with `--srx-add`" =>;
    Srx "srx" "nl": "a rule of the file given with `--srx`" =>;
    Unicode "unicode" "nl": "UAX #29, for a language without data" =>;
}

impl Rule {
    /// Its name in `--explain`.
    pub fn name(self) -> &'static str {
        RULES[self as usize].name
    }
}
