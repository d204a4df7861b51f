//! Catalogues with the translations that they get, and those that are refused.

use super::*;

const HEADER: &str = "msgid \"\"\nmsgstr \"\"\n\"Language: \\n\"\n\"Plural-Forms: nplurals=2; \
                      plural=(n != 1);\\n\"\n\n";

fn pair() -> LangPair {
    LangPair::default()
}

/// The texts of a catalogue, and the catalogue with each in capitals.
fn shout(file: &str, needs_review: bool) -> (Vec<String>, String) {
    let reading = Po.open(file, &pair()).unwrap();
    let texts = reading.found.iter().map(|found| found.text.plain.clone());
    let texts = texts.collect();
    let fillings: Vec<Option<Filling>> = reading
        .found
        .into_iter()
        .map(|found| {
            let mut text = found.text;
            text.plain.make_ascii_uppercase();
            Some(Filling {
                text,
                by_machine: true,
                needs_review,
            })
        })
        .collect();
    (texts, Po.fill(file, &pair(), &fillings).unwrap())
}

/// An entry becomes another one; the header is left out of both.
fn becomes(from: &str, to: &str) {
    let header = HEADER.replace("Language: \\n", "Language: en\\n");
    let written = shout(&(HEADER.to_owned() + from), false).1;
    assert_eq!(written, header + to, "{from}");
}

#[test]
fn empty_and_fuzzy_entries_are_filled() {
    becomes(
        "msgid \"Dag\"\nmsgstr \"\"\n",
        "msgid \"Dag\"\nmsgstr \"DAG\"\n",
    );
    becomes(
        "#, fuzzy\n#| msgid \"Nacht\"\nmsgid \"Dag\"\nmsgstr \"Night\"\n",
        "msgid \"Dag\"\nmsgstr \"DAG\"\n",
    );
    becomes(
        "#, fuzzy, c-format\nmsgid \"Nog %d\"\nmsgstr \"\"\n",
        "#, c-format\nmsgid \"Nog %d\"\nmsgstr \"NOG %d\"\n",
    );
    for kept in [
        "msgid \"Dag\"\nmsgstr \"Day\"\n",
        "msgid \"…\"\nmsgstr \"\"\n",
        "#~ msgid \"Dag\"\n#~ msgstr \"\"\n",
        "# Alleen een opmerking\n",
    ] {
        becomes(kept, kept);
    }
}

#[test]
fn a_draft_with_findings_is_fuzzy() {
    let file = "#. Knop\n#: a.c:1\nmsgctxt \"knop\"\nmsgid \"Dag\"\nmsgstr \"\"\n";
    let wanted = "#. Knop\n#: a.c:1\n#, fuzzy\nmsgctxt \"knop\"\nmsgid \"Dag\"\nmsgstr \"DAG\"\n";
    assert_eq!(shout(file, true).1, wanted);
}

#[test]
fn forms_of_a_plural_go_together() {
    becomes(
        "msgid \"%d dag\"\nmsgid_plural \"%d dagen\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n",
        "msgid \"%d dag\"\nmsgid_plural \"%d dagen\"\nmsgstr[0] \"%d DAG\"\nmsgstr[1] \"%d DAGEN\"\n",
    );
    let file = "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=3; plural=0;\\n\"\n\nmsgid \"een dag\"\n\
                msgid_plural \"dagen\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\nmsgstr[2] \"\"\n";
    let error = Po.open(file, &pair()).unwrap_err();
    assert!(error.to_string().contains("nplurals=3"), "{error}");
    let half = [Some(Filling::default()), None];
    let file = "msgid \"dag\"\nmsgid_plural \"dagen\"\nmsgstr[0] \"\"\nmsgstr[1] \"\"\n";
    assert_eq!(Po.fill(file, &pair(), &half).unwrap(), file);
}

#[test]
fn line_ends_placeholders_and_tags_keep_their_places() {
    let file = "msgid \"\"\n\"Een <b>dag</b>,\\n\"\n\"{naam}!\\n\"\nmsgstr \"\"\n";
    let (texts, written) = shout(file, false);
    assert_eq!(texts, ["Een dag, !"]);
    assert!(
        written.ends_with("msgstr \"\"\n\"EEN <b>DAG</b>,\\n\"\n\"{naam}!\\n\"\n"),
        "{written}"
    );
    becomes(
        "msgid \"Zeg \\\"dag\\\"\\t\\\\\"\nmsgstr \"\"\n",
        "msgid \"Zeg \\\"dag\\\"\\t\\\\\"\nmsgstr \"ZEG \\\"DAG\\\"\\t\\\\\"\n",
    );
}

#[test]
fn numbers_in_escapes_are_bytes() {
    let (texts, _) = shout("msgid \"\\303\\251\\x63 dag\"\nmsgstr \"\"\n", false);
    assert_eq!(texts, ["éc dag"]);
    let error = Po
        .open("msgid \"\\303 dag\"\nmsgstr \"\"\n", &pair())
        .unwrap_err();
    assert!(error.to_string().contains("not UTF-8"), "{error}");
}

#[test]
fn lines_are_cut_as_the_file_cuts_them() {
    let words = "lang ".repeat(20);
    let long = format!("msgid \"{words}einde\"\nmsgstr \"\"\n");
    let upper = words.to_uppercase();
    becomes(
        &long,
        &format!("msgid \"{words}einde\"\nmsgstr \"{upper}EINDE\"\n"),
    );
    let wrapped = format!("{long}\nmsgid \"\"\n\"een \"\n\"twee\"\nmsgstr \"Two\"\n");
    let written = shout(&wrapped, false).1;
    let lines = written.lines().filter(|line| line.starts_with("\"LANG"));
    assert!(lines.clone().count() > 1 && lines.clone().all(|line| line.len() <= WIDTH));
    let windows = "msgid \"Dag\"\r\nmsgstr \"\"\r\n\r\nmsgid \"a\\nb\"\r\nmsgstr \"\"\r\n";
    let written = shout(windows, true).1;
    assert_eq!(
        written.matches('\n').count(),
        written.matches("\r\n").count()
    );
}

#[test]
fn a_template_gets_language_and_plural_forms() {
    let file = "msgid \"\"\nmsgstr \"\"\n\"Language: \\n\"\n\"Plural-Forms: nplurals=INTEGER; \
                plural=EXPRESSION;\\n\"\n\nmsgid \"dag\"\nmsgid_plural \"dagen\"\nmsgstr[0] \"\"\n\
                msgstr[1] \"\"\n";
    let written = shout(file, false).1;
    assert!(written.contains("\"Language: en\\n\""), "{written}");
    assert!(written.contains("\"Plural-Forms: nplurals=2; plural=(n != 1);\\n\""));
}

#[test]
fn a_catalogue_of_english_texts_is_refused() {
    for file in [
        "msgid \"The way of the house\"\nmsgstr \"\"\n",
        "msgid \"\"\nmsgstr \"Language: nl\\n\"\n\nmsgid \"Day\"\nmsgstr \"Dag\"\n",
        "msgid \"\"\nmsgstr \"X-Source-Language: en\\n\"\n\nmsgid \"Dag\"\nmsgstr \"\"\n",
    ] {
        let error = Po.open(file, &pair()).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{file}");
    }
}

#[test]
fn a_broken_catalogue_is_an_error_with_its_place() {
    for (file, line, what) in [
        ("msgid \"Dag\n", 1, "not closed"),
        ("msgid \"a\"b\"\nmsgstr \"\"\n", 1, "quotation mark"),
        ("\nmsgstr \"\"\n", 2, "wrong place"),
        ("msgid \"a\"\nmsgid \"b\"\n", 2, "wrong place"),
        ("msgid \"a\"\n", 2, "without `msgstr`"),
        ("Dag allemaal\n", 1, "neither"),
        ("\"los\"\n", 1, "no keyword"),
    ] {
        let Error::Broken { what: own, place } = Po.open(file, &pair()).unwrap_err() else {
            panic!("{file}");
        };
        assert!(own.contains(what), "{own}");
        assert_eq!(place.line, line, "{file}");
    }
}

#[test]
fn without_translations_every_byte_stays() {
    let file = format!(
        "{}msgid \"Dag\"\nmsgstr \"\"\n",
        HEADER.replace("Language: ", "Language: en")
    );
    assert_eq!(Po.fill(&file, &pair(), &[None]).unwrap(), file);
}
