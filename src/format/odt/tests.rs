//! Tests of OpenDocument texts, which are made here.

use super::super::docx::tests::zipped;
use super::super::{encode, read, write};
use super::*;
use crate::bitext::{Document, Role};

fn odt(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles>\
         <style:style style:name=\"T1\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\" officeooo:rsid=\"1\"/></style:style>\
         <style:style style:name=\"T2\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\" officeooo:rsid=\"2\"/></style:style>\
         <style:style style:name=\"T3\" style:family=\"text\"><style:text-properties officeooo:rsid=\"3\"/></style:style>\
         <style:style style:name=\"P1\" style:family=\"paragraph\" style:parent-style-name=\"Title\"/>\
         </office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let styles = "<office:document-styles><style:default-style style:family=\"paragraph\"><style:text-properties fo:language=\"nl\" fo:country=\"NL\"/></style:default-style></office:document-styles>";
    let mut entries = vec![
        ("mimetype", KIND),
        ("content.xml", &*content),
        ("styles.xml", styles),
        ("META-INF/manifest.xml", "<manifest/>"),
    ];
    entries.extend_from_slice(more);
    zipped(&entries)
}

fn opened(bytes: &[u8]) -> Document {
    let mut document = read(bytes, Some("a.odt"), None, &Lang::new("nl")).unwrap();
    document.target = Some(Lang::new("en-GB"));
    document
}

/// The body of the edition in which every text became what `change` makes of it.
fn edition(bytes: &[u8], change: impl Fn(&Text) -> Text) -> String {
    let document = opened(bytes);
    let texts: Vec<Text> = document
        .blocks
        .iter()
        .map(|block| change(&block.text))
        .collect();
    let written = write(&document, &texts).unwrap();
    let (bytes, _) = encode(&document, &written.parts).unwrap();
    let again = opened(&bytes);
    let plain = |text: &Text| text.plain.clone();
    assert_eq!(
        again
            .blocks
            .iter()
            .map(|block| plain(&block.text))
            .collect::<Vec<_>>(),
        texts.iter().map(plain).collect::<Vec<_>>(),
        "what was written is read again"
    );
    assert!(written.parts[1].contains("fo:language=\"en\" fo:country=\"GB\""));
    let body = &written.parts[0];
    let start = body.find("<office:text>").unwrap() + "<office:text>".len();
    body[start..body.find("</office:text>").unwrap()].to_owned()
}

fn upper(text: &Text) -> Text {
    Text {
        plain: text.plain.to_uppercase(),
        codes: text.codes.clone(),
    }
}

#[test]
fn stretches_of_equal_look_are_one_and_invisible_ones_none() {
    let body = "<text:p>De op<text:span text:style-name=\"T3\">vang</text:span> is <text:span text:style-name=\"T1\">he</text:span><text:span text:style-name=\"T2\">lemaal</text:span> vol.</text:p>";
    let bytes = odt(body, &[]);
    let text = opened(&bytes).blocks[0].text.clone();
    assert_eq!(text.plain, "De opvang is helemaal vol.");
    let codes: Vec<(usize, u32)> = text.codes.iter().map(|code| (code.at, code.id)).collect();
    assert_eq!(codes, [(13, 1), (21, 1)]);
    // Where the codes are the same, the markup inside words keeps its order.
    let written = edition(&bytes, upper);
    assert_eq!(written.matches("<text:span").count(), 3, "{written}");
    // Where they are not, it goes.
    let written = edition(&bytes, |text| Text::from(text.plain.to_uppercase()));
    assert_eq!(written, "<text:p>DE OPVANG IS HELEMAAL VOL.</text:p>");
}

#[test]
fn white_space_is_that_of_the_standard() {
    let body = "<text:p>\n  Regel   een<text:line-break/>en<text:s text:c=\"3\"/>twee.\n</text:p>";
    let bytes = odt(body, &[]);
    assert_eq!(opened(&bytes).blocks[0].text.plain, "Regel een en twee.");
    assert_eq!(
        edition(&bytes, upper),
        "<text:p>\n  REGEL EEN<text:line-break/>EN<text:s text:c=\"3\"/>TWEE.\n</text:p>"
    );
    let document = opened(&bytes);
    let texts = [Text::from("Two  blanks")];
    assert!(write(&document, &texts).unwrap().parts[0].contains("Two <text:s/>blanks"));
}

#[test]
fn notes_and_frames_are_texts_inside_of_a_text() {
    let body = "<text:p text:style-name=\"P1\">Kop van het stuk</text:p>\
        <text:p>Lang<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Een noot.</text:p></text:note-body></text:note> pad\
        <draw:frame><svg:desc>Een kaart</svg:desc><draw:text-box><text:p>In een kader.</text:p></draw:text-box></draw:frame>\
        <office:annotation><text:p>Nog bellen</text:p></office:annotation>.</text:p>\
        <text:list><text:list-item><text:p>Een punt</text:p></text:list-item></text:list>";
    let bytes = odt(body, &[]);
    let document = opened(&bytes);
    let found: Vec<(Role, &str)> = document
        .blocks
        .iter()
        .map(|block| (block.role, &*block.text.plain))
        .collect();
    assert_eq!(
        found,
        [
            (Role::Headline, "Kop van het stuk"),
            (Role::Paragraph, "Lang pad."),
            (Role::Note, "Een noot."),
            (Role::Caption, "Een kaart"),
            (Role::Paragraph, "In een kader."),
            (Role::ListItem, "Een punt"),
        ]
    );
    let written = edition(&bytes, upper);
    assert_eq!(
        written,
        body.replace("Kop van het stuk", "KOP VAN HET STUK")
            .replace("Lang<", "LANG<")
            .replace(" pad<", " PAD<")
            .replace("Een ", "EEN ")
            .replace("noot", "NOOT")
            .replace("kaart", "KAART")
            .replace("In een kader", "IN EEN KADER")
            .replace("punt", "PUNT")
    );
}

#[test]
fn tracked_deletions_are_no_text() {
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>oude tekst</text:p></text:deletion></text:changed-region></text:tracked-changes>\
        <text:p>Het kost <text:change text:change-id=\"c\"/>veel.</text:p>";
    let document = opened(&odt(body, &[]));
    assert_eq!(document.blocks.len(), 1);
    assert!(document.notices[0].message.starts_with("1 tracked changes"));
    assert!(edition(&odt(body, &[]), upper).contains("<text:change text:change-id=\"c\"/>VEEL."));
}

#[test]
fn protected_and_foreign_files_are_refused() {
    let refused = |bytes: &[u8]| {
        matches!(
            read(bytes, Some("a.odt"), None, &Lang::new("nl")),
            Err(Error::Refused { .. })
        )
    };
    let encrypted = zipped(&[
        ("mimetype", KIND),
        ("content.xml", "x"),
        ("META-INF/manifest.xml", "<manifest:encryption-data/>"),
    ]);
    assert!(refused(&encrypted));
    assert!(refused(&odt(
        "",
        &[("META-INF/documentsignatures.xml", "<x/>")]
    )));
    assert!(refused(&zipped(&[(
        "mimetype",
        "application/vnd.oasis.opendocument.spreadsheet"
    )])));
    assert!(refused(b"Gewone tekst."));
}
