//! Fields by paths, items of ninjs, and what is written back.

use super::*;
use crate::bitext::{Document, Role};
use crate::format::{encode, read_with, write};

fn options(fields: &[&str]) -> ReadOptions {
    ReadOptions {
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        ..ReadOptions::default()
    }
}

fn read(file: &str, fields: &[&str]) -> Result<Document, Error> {
    let (name, lang) = (Some("a.json"), Lang::new("nl"));
    read_with(file.as_bytes(), name, None, &lang, &[], &options(fields))
}

fn texts(file: &str, fields: &[&str]) -> Vec<String> {
    let document = read(file, fields).unwrap();
    let blocks = document.blocks.into_iter();
    blocks.map(|block| block.text.plain).collect()
}

/// The file with every text in capitals, in English.
fn shout(file: &str, fields: &[&str]) -> String {
    let mut document = read(file, fields).unwrap();
    document.target = Some(Lang::new("en-GB"));
    let capitals = document.blocks.iter().map(|block| Text {
        plain: block.text.plain.to_uppercase(),
        ..block.text.clone()
    });
    let capitals: Vec<Text> = capitals.collect();
    let parts = write(&document, &capitals).unwrap().parts;
    String::from_utf8(encode(&document, &parts).unwrap().0).unwrap()
}

#[test]
fn paths_choose_the_strings() {
    let file = r#"{"a":{"kop":"Een kop","t":[{"type":"alinea","in":"Twee"},{"type":"code","in":"x()"}]},"b":["drie","vier"]}"#;
    for (fields, wanted) in [
        (&["a.kop"][..], &["Een kop"][..]),
        (&["a.t[type=alinea].in"], &["Twee"]),
        (&["a.t.in"], &["Twee", "x()"]),
        (&["a.t[*].in"], &["Twee", "x()"]),
        (&["a.t[1].in"], &["x()"]),
        (&["b"], &["drie", "vier"]),
        (&["b[0]"], &["drie"]),
        (&["*.kop", "b[]"], &["Een kop", "drie", "vier"]),
        (&["kop"], &[]),
    ] {
        assert_eq!(texts(file, fields), wanted, "{fields:?}");
    }
    for wrong in ["a..b", "a[", "a[x]", "a:xml", ""] {
        assert!(
            matches!(read(file, &[wrong]), Err(Error::Refused { .. })),
            "{wrong}"
        );
    }
}

#[test]
fn without_paths_the_message_names_those_with_words() {
    let file = r#"{"id":"a7","artikel":{"kop":"Het is zo","delen":[{"t":"Een zin."}]}}"#;
    let Err(Error::Refused { advice, .. }) = read(file, &[]) else {
        panic!("read without fields");
    };
    assert!(advice.ends_with("artikel.kop,artikel.delen.t"), "{advice}");
}

#[test]
fn every_byte_but_the_texts_stays() {
    let file = "{\n\t\"n\": 12000.0, \"kop\" : \"Één \\\"kop\\\"\",\n\t\"t\": [ \"<p>Een <b>zin</b> \
                &amp; meer.</p>\" ]}\n";
    let wanted = file
        .replace("Één \\\"kop\\\"", "ÉÉN \\\"KOP\\\"")
        .replace("Een <b>zin</b> &amp; meer", "EEN <b>ZIN</b> &amp; MEER");
    assert_eq!(shout(file, &["kop", "t"]), wanted);
    // The habits of the file: letters as escapes, slashes with `\`.
    let file = r#"{"kop":"\u00e9\u00e9n","t":"<p>nog \u00e9\u00e9n<\/p>","u":"a\/b"}"#;
    let wanted = r#"{"kop":"\u00c9\u00c9N","t":"<p>NOG \u00c9\u00c9N<\/p>","u":"a\/b"}"#;
    assert_eq!(shout(file, &["kop", "t"]), wanted);
    let lines = r#"{"t":"Een zin.\n\nNog een."}"#;
    assert_eq!(
        shout(lines, &["t"]),
        lines
            .to_uppercase()
            .replace("\\N", "\\n")
            .replace("\"T\"", "\"t\"")
    );
}

#[test]
fn an_item_of_ninjs_needs_no_paths() {
    let file = r#"{"uri":"u:1","language":"nl-NL","byline":"Door Jo","headline":"De kop","slugline":"de kop","body_xhtml":"<p>Een zin.</p>","charcount":9,"subject":[{"name":"stad en land"}],"associations":{"foto":{"headline":"De foto","language":"nl"},"andere":{"headline":"Das Bild","language":"de"}}}"#;
    assert_eq!(
        texts(file, &[]),
        ["Door Jo", "De kop", "Een zin.", "De foto"]
    );
    let document = read(file, &[]).unwrap();
    let roles: Vec<Role> = document.blocks.iter().map(|block| block.role).collect();
    assert_eq!(
        roles,
        [Role::Byline, Role::Headline, Role::Paragraph, Role::Caption]
    );
    assert!(
        document
            .notices
            .iter()
            .any(|n| n.message.contains("associations.andere"))
    );
    let written = shout(file, &[]);
    assert!(
        written.contains(r#""language":"en-GB","byline":"DOOR JO""#),
        "{written}"
    );
    assert!(written.contains(r#""charcount":8"#), "{written}");
    assert!(written.contains(r#""headline":"Das Bild","language":"de""#));
}

#[test]
fn bodies_are_read_by_their_content_type() {
    let file = r#"{"uri":"u:2","bodies":[{"contenttype":"text/html","value":"a <b>b</b>"},{"contentType":"text/plain","value":"a <b>"},{"contenttype":"application/pdf","value":"een zin"}]}"#;
    assert_eq!(texts(file, &[]), ["a b", "a <b>"]);
}

#[test]
fn a_string_with_half_a_character_stays_and_is_counted() {
    let document = read(r#"{"a":"\ud800 een zin","b":"twee"}"#, &["a", "b"]).unwrap();
    assert_eq!(document.blocks.len(), 1);
    assert!(document.notices[0].message.starts_with("1 string stays"));
}

#[test]
fn what_is_not_json_is_an_error_with_its_place() {
    for (file, what) in [
        ("{\n\"a\": }", "not JSON"),
        ("{\n\"a\": \"x\", \"a\": \"y\"}", "two members `a`"),
    ] {
        let Err(Error::Broken { what: own, place }) = read(file, &["a"]) else {
            panic!("{file}");
        };
        assert!(own.contains(what), "{own}");
        assert_eq!((place.line, place.file.as_str()), (2, "a.json"), "{file}");
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(read(&deep, &["a"]), Err(Error::Broken { .. })));
}
