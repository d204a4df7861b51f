//! The page `docs/segmentation.md`, made from the rules and the word lists.

use crate::fresh::wrapped;
use overzet::segment::{RULES, word_lists};
use std::fmt::Write;

/// The meaning of each word list, in the order of the page.
const MEANINGS: [(&str, &str); 16] = [
    (
        "titles",
        "a name follows; otherwise a starter that is not a surname begins the next sentence",
    ),
    ("never", "never the end of a sentence"),
    (
        "before_number",
        "a number follows; otherwise the sentence ends only before a starter or a quotation",
    ),
    (
        "word_before_number",
        "the same, but the token is an ordinary word too: no cut before a number, else a full stop like any other",
    ),
    (
        "maybe_final",
        "may end a sentence: a cut only before a starter or a quotation",
    ),
    (
        "final",
        "ends a sentence where a capital or a number follows",
    ),
    ("months", "part of a date where a number stands beside it"),
    (
        "initial",
        "initials of more than one letter (section `initials`, key `multi`)",
    ),
    (
        "suffixes",
        "endings of abbreviated streets, firms and numbers",
    ),
    (
        "titled",
        "words before a single capital that is not an initial",
    ),
    (
        "starters",
        "words that, capitalised, begin a sentence and hardly ever a name",
    ),
    ("particles", "words that begin surnames"),
    ("clitics", "letters behind an apostrophe that make a word"),
    (
        "brands",
        "words that begin a sentence in lower case, besides `iPhone`, `eBay` and the like",
    ),
    ("names", "names with a mark"),
    ("verbs", "verbs of reporting, behind their subject"),
];

/// The page.
pub fn page() -> String {
    let mut page = String::from(HEAD);
    page.push_str("## The rules\n\n");
    page.push_str(&wrapped(
        "Asked in this order; the first that applies decides. `|` marks a cut, `~` a place where there is none. `overzet segment --explain` prints the names.",
    ));
    page.push_str("\n\n");
    page.push_str("| rule | meaning | example |\n|---|---|---|\n");
    for row in RULES {
        let examples: Vec<String> = row
            .examples
            .iter()
            .map(|example| format!("`{}`", example.replace('|', "\\|")))
            .collect();
        let _ = writeln!(
            page,
            "| `{}` | {} | {} |",
            row.name,
            row.says,
            examples.join(" · ")
        );
    }
    page.push_str(DATA);
    for lang in ["nl", "en"] {
        let lists = word_lists(lang);
        assert!(!lists.is_empty(), "{lang} has no data");
        let _ = writeln!(
            page,
            "\n### `{lang}`\n\n| class | means | entries | such as |\n|---|---|---|---|"
        );
        for (name, meaning) in MEANINGS {
            let (_, entries) = lists.iter().find(|list| list.0 == name).unwrap();
            let step = entries.len().div_ceil(6).max(1);
            let shown = entries.iter().step_by(step);
            let shown: Vec<String> = shown.map(|entry| format!("`{entry}`")).collect();
            let (count, shown) = (entries.len(), shown.join(" "));
            let _ = writeln!(page, "| `{name}` | {meaning} | {count} | {shown} |");
        }
    }
    page.push_str(SRX);
    page
}

const HEAD: &str = "# Segmentation

<!-- Generated from src/segment/ and data/segment/; `make docs` writes it anew. -->

`overzet segment` cuts text into sentences, without losing a byte: it prints byte ranges. Between
two segments there is nothing but white space, zero-width characters or a list marker at the start
of a line. `translate` and `align` cut the same way.

```sh
overzet segment artikel.txt                   # one segment per line
overzet segment --format jsonl artikel.txt    # {\"start\":0,\"end\":57,\"text\":\"…\"}; bytes of the whole input
overzet segment --format jsonl --batch -      # {\"id\",\"text\"} per line in, {\"id\",\"segments\"} out
overzet segment --explain artikel.txt         # each candidate with the rule that decided
overzet segment --srx memoq.srx artikel.txt   # cut as a translator's tool does
overzet segment --export-srx overzet-nl.srx   # let a translator's tool cut as overzet does
```

## Lines and paragraphs

Lines end in LF, CRLF, CR, U+2028 or U+2029. A blank line and U+2029 always part. `--newlines`
decides what a single line end means:

- `hard`: the end of a segment.
- `soft`: white space.
- `auto` (the default): a line end is white space only where the text is visibly wrapped: the line
  does not end a sentence (unless other lines of the paragraph run on in lower case), the next line
  is not a list item, its first word would not have fitted, the lines are of the length of prose (40
  to 160 characters), and the next line begins in lower case or the paragraph ends like a sentence.
  Without a blank line in the text, one line at least must run on in lower case, because newsrooms
  paste a paragraph a line. So headline, byline, caption, list items and the rows of a table stay
  apart. A dash behind a line that breaks off opens an aside, and a number there ends a sentence:
  neither is a list item.

Inside a block of a document a line end is white space, unless `--newlines` is `hard`. A byline and
a dateline are one segment; so are a headline, a heading, a table cell and page furniture, unless
they end like a sentence.

## Quotations

With `--quotes split` (the default) the sentences of a quotation are segments of their own, and the
reporting clause stays with the sentence that it reports. With `keep` a quotation is never cut.

A language without data is cut by the rules of UAX #29.

";

const DATA: &str = "
## Language data

The data of a language are in `data/segment/nl.toml` and `en.toml`, which are compiled in. A file of
your own has the same sections and goes on top; name it in `overzet.toml`:

```toml
[segment]
data = [\"desk.toml\"]
```

```toml
# desk.toml
schema = 1
lang = \"nl\"                          # may be a language without built-in data

[abbreviations]
never = [\"bladz\"]                    # without the final full stop, in lower case
exact = { \"Red\" = \"never\" }          # where case decides; \"word\" is an ordinary word

[starts]
starters = [\"desalniettemin\"]

[remove]                             # deletes entries
never = [\"fa\"]
```

An entry moves when your file puts it into another class. An unknown section, an entry twice or in
two classes, a full stop at the end, a capital outside `exact` are errors with file, line and
column. The token before a full stop is looked up whole, then its part behind a hyphen or slash,
then, if full stops join known abbreviations (`prof.dr.ir.`), by its last. In capitals it is an
acronym (`de NS.`) and no abbreviation.
";

const SRX: &str = "
## SRX

`--srx FILE` replaces the built-in rules by those of an SRX 2.0 or 1.0 file, `--srx-add FILE` puts
the file's exceptions before the built-in rules, `--srx-lang CODE` names the code to look up where
it is not that of `--lang` (LanguageTool: `nl_two`). At each position the first rule whose
`beforebreak` ends there and whose `afterbreak` begins there decides; overlapping matches are found;
spaces at the edges of a pattern count; codes are compared without case. The rules see the whole
text, line ends included, unless `--newlines hard` cuts it into lines first. White space at a cut is
reported as a gap.

Patterns are those of ICU and Java: look-around, `\\h`, `\\R`, `\\Q…\\E`, `\\uhhhh`, `\\x{h}`, octal,
possessive quantifiers, class intersections; a full stop matches a line end, as in OmegaT.
Differences: an atomic group is a plain group, a back reference is an error, and a pattern reads at
most 2,000 characters each way, which keeps the time linear. A pattern that cannot be used is an
error with its line (exit code 2); `--srx-lenient` skips and reports it. Only the language
asked for is compiled. `formathandle` is ignored: an inline code at a cut goes with what it opens
or closes.

`--export-srx [FILE]` writes the built-in rules of `--lang` as SRX 2.0, with your own data in them.
SRX cannot express the state of quotations, the numbers of items and wrapped lines; the exported
rules agree with the built-in ones on more than 98 of 100 boundaries of running text.

A CAT tool finds a pair of the memory only where it cuts as overzet did. In OmegaT, put the
article's TMX into the project's `tm/auto/`, and the rules into `omegat/segmentation.srx`:
`overzet segment --lang nl --export-srx segmentation.srx`. A test does both with OmegaT's console
(version 3 keeps the same rules in a file of its own) and gets the edition, line for line.
";
