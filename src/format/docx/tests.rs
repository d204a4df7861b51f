//! Tests of Word documents, which are made here.

use super::super::{Error, encode, read, write};
use super::*;
use crate::bitext::{Document, Role};
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const KINDS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A zip file of these entries.
pub(crate) fn zipped(entries: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in entries {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document with these paragraphs.
fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?>\n<w:document xmlns:w=\"{W}\"><w:body>{body}</w:body></w:document>"
    );
    let root = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{KINDS}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
    );
    let own = format!(
        "<Relationships><Relationship Id=\"r1\" Type=\"{KINDS}/styles\" Target=\"styles.xml\"/>\
         <Relationship Id=\"r2\" Type=\"{KINDS}/footnotes\" Target=\"footnotes.xml\"/></Relationships>"
    );
    let styles = "<w:styles><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"nl-NL\" w:eastAsia=\"en-US\"/></w:rPr></w:rPrDefault></w:docDefaults>\
        <w:style w:type=\"paragraph\" w:styleId=\"Kop1\"><w:name w:val=\"heading 1\"/></w:style>\
        <w:style w:type=\"paragraph\" w:styleId=\"Onze\"><w:name w:val=\"Onze kop\"/><w:basedOn w:val=\"Kop1\"/></w:style></w:styles>";
    let mut entries = vec![
        (
            "[Content_Types].xml",
            "<Types><Override ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>",
        ),
        ("_rels/.rels", &*root),
        ("word/document.xml", &*document),
        ("word/_rels/document.xml.rels", &*own),
        ("word/styles.xml", styles),
        ("word/media/foto.png", "not a picture"),
    ];
    entries.extend_from_slice(more);
    zipped(&entries)
}

fn opened(bytes: &[u8]) -> Document {
    let mut document = read(bytes, Some("a.docx"), None, &Lang::new("nl")).unwrap();
    document.target = Some(Lang::new("en"));
    document
}

/// The document part of the edition in which every text became what `change` makes of it.
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
    let body = &written.parts[document
        .parts
        .iter()
        .position(|part| part.name == "word/document.xml")
        .unwrap()];
    let start = body.find("<w:body>").unwrap() + "<w:body>".len();
    body[start..body.find("</w:body>").unwrap()].to_owned()
}

fn upper(text: &Text) -> Text {
    Text {
        plain: text.plain.to_uppercase(),
        codes: text.codes.clone(),
    }
}

const RUNS: &str = "<w:p w:rsidR=\"00A1\"><w:r w:rsidR=\"00A1\"><w:rPr><w:b/></w:rPr><w:t>TEXEL</w:t></w:r>\
    <w:r><w:t xml:space=\"preserve\"> – De op</w:t></w:r><w:proofErr w:type=\"spellStart\"/>\
    <w:r w:rsidR=\"00B2\"><w:rPr><w:lang w:val=\"nl-NL\"/></w:rPr><w:t>vang</w:t></w:r>\
    <w:bookmarkStart w:id=\"1\" w:name=\"x\"/><w:bookmarkEnd w:id=\"1\"/>\
    <w:r><w:t xml:space=\"preserve\"> is vol.</w:t></w:r></w:p>";

#[test]
fn runs_of_equal_look_are_one_text() {
    let document = opened(&docx(RUNS, &[]));
    let text = &document.blocks[0].text;
    assert_eq!(text.plain, "TEXEL – De opvang is vol.");
    let codes: Vec<(usize, u32, &str)> = text
        .codes
        .iter()
        .map(|code| (code.at, code.id, &*code.label))
        .collect();
    assert_eq!(codes, [(0, 1, "b"), (5, 1, "b")]);
}

#[test]
fn a_changed_paragraph_is_runs_of_its_looks_with_its_marks() {
    let written = edition(&docx(RUNS, &[]), |text| {
        let mut own = text.clone();
        own.replace(
            crate::bitext::Span::new(5, text.plain.len()),
            " – Shelter full.",
        );
        own
    });
    assert_eq!(
        written,
        "<w:p w:rsidR=\"00A1\"><w:r><w:rPr><w:b/></w:rPr><w:t>TEXEL</w:t></w:r>\
         <w:r><w:t xml:space=\"preserve\"> – Shelter</w:t></w:r>\
         <w:bookmarkStart w:id=\"1\" w:name=\"x\"/><w:bookmarkEnd w:id=\"1\"/>\
         <w:r><w:t xml:space=\"preserve\"> full.</w:t></w:r></w:p>"
    );
}

#[test]
fn an_echo_gives_every_byte_back_but_for_the_language() {
    let bytes = docx(RUNS, &[]);
    let document = opened(&bytes);
    let texts: Vec<Text> = document
        .blocks
        .iter()
        .map(|block| block.text.clone())
        .collect();
    let written = write(&document, &texts).unwrap();
    let styles = document
        .parts
        .iter()
        .position(|part| part.name == "word/styles.xml")
        .unwrap();
    assert!(written.parts[styles].contains("<w:lang w:val=\"en-US\" w:eastAsia=\"en-US\"/>"));
    for (part, text) in document.parts.iter().zip(&written.parts) {
        assert_eq!(
            text.replace("en-US", "nl-NL"),
            part.source.replace("en-US", "nl-NL")
        );
    }
    // Without a target the file itself comes back.
    let own = Document {
        target: None,
        ..document
    };
    let written = write(&own, &texts).unwrap();
    assert_eq!(encode(&own, &written.parts).unwrap().0, bytes);
}

#[test]
fn roles_come_from_names_of_styles_and_never_from_their_ids() {
    let paragraph = |style: &str, text: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let body = [
        paragraph("Onze", "Dijk houdt stand"),
        paragraph("Kop1", "Het water daalt"),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>mei</w:t></w:r></w:p></w:tc></w:tr></w:tbl>".to_owned(),
        "<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Bel overdag.</w:t></w:r></w:p>".to_owned(),
    ]
    .concat();
    let notes = "<w:footnotes><w:footnote w:type=\"separator\"><w:p><w:r><w:t>x</w:t></w:r></w:p></w:footnote>\
        <w:footnote w:id=\"1\"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Een noot.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let document = opened(&docx(&body, &[("word/footnotes.xml", notes)]));
    let roles: Vec<Role> = document.blocks.iter().map(|block| block.role).collect();
    assert_eq!(
        roles,
        [
            Role::Headline,
            Role::Heading,
            Role::Cell,
            Role::ListItem,
            Role::Note
        ]
    );
}

#[test]
fn fields_that_programs_compute_are_codes_and_links_are_pairs() {
    let field = |instruction: &str, result: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> {instruction} </w:instrText></w:r>\
             <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>{result}</w:t></w:r>\
             <w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let body = format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">Zie </w:t></w:r>{}<w:r><w:t xml:space=\"preserve\"> op bladzijde </w:t></w:r>{}<w:r><w:t>.</w:t></w:r></w:p>",
        field("HYPERLINK \"https://voorbeeld.example\"", "de kaart"),
        field("PAGEREF x", "7"),
    );
    let bytes = docx(&body, &[]);
    let text = opened(&bytes).blocks[0].text.clone();
    assert_eq!(text.plain, "Zie de kaart op bladzijde .");
    assert_eq!(text.codes[2].label, "field PAGEREF");
    let written = edition(&bytes, upper);
    assert_eq!(written.matches("HYPERLINK \"https").count(), 1);
    assert_eq!(written.matches("fldCharType").count(), 6);
    assert!(written.contains("<w:t>7</w:t>"));
    // A field that was moved or lost leaves a file that every reader opens.
    edition(&bytes, |text| {
        let mut own = upper(text);
        own.codes.reverse();
        own.codes.iter_mut().for_each(|code| code.at = 0);
        own
    });
    edition(&bytes, |text| Text::from(text.plain.to_uppercase()));
}

#[test]
fn inserted_text_is_read_and_deleted_text_is_not() {
    let body = "<w:p><w:r><w:t xml:space=\"preserve\">Vanaf </w:t></w:r><w:del w:id=\"1\"><w:r><w:delText>maart</w:delText></w:r></w:del>\
        <w:ins w:id=\"2\"><w:r><w:t>april</w:t></w:r></w:ins><w:r><w:t>.</w:t></w:r></w:p>";
    let bytes = docx(body, &[]);
    let document = opened(&bytes);
    assert_eq!(document.blocks[0].text.plain, "Vanaf april.");
    assert!(document.notices[0].message.starts_with("2 tracked changes"));
    let written = edition(&bytes, upper);
    assert!(written.contains("<w:delText>maart</w:delText>"));
    assert!(written.contains("APRIL."), "{written}");
}

#[test]
fn text_boxes_are_read_once_and_written_twice() {
    let inner =
        "<w:txbxContent><w:p><w:r><w:t>Tekst in een kader.</w:t></w:r></w:p></w:txbxContent>";
    let body = format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">Voor </w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr=\"Een &quot;kaart&quot;\"/>{inner}</w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:shape alt=\"Een &quot;kaart&quot;\">{inner}</v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>na het kader.</w:t></w:r></w:p>"
    );
    let bytes = docx(&body, &[]);
    let plains: Vec<String> = opened(&bytes)
        .blocks
        .iter()
        .map(|block| block.text.plain.clone())
        .collect();
    assert_eq!(
        plains,
        ["Voor na het kader.", "Een \"kaart\"", "Tekst in een kader."]
    );
    let written = edition(&bytes, upper);
    assert_eq!(written.matches("TEKST IN EEN KADER.").count(), 2);
    assert_eq!(written.matches("=\"EEN &quot;KAART&quot;\"").count(), 2);
}

#[test]
fn what_may_not_be_taken_is_refused_with_a_way_out() {
    let refusal = |bytes: &[u8]| match read(bytes, Some("a.docx"), None, &Lang::new("nl")) {
        Err(Error::Refused { what, advice }) => {
            assert!(!advice.is_empty());
            what
        }
        Err(Error::Broken { what, place }) => format!("{place}: {what}"),
        other => panic!("{other:?}"),
    };
    let good = docx(RUNS, &[]);
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    assert!(refusal(&encrypted).contains("old Office file"));
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(refusal(&encrypted).contains("password"));
    assert!(refusal(b"Gewone tekst.").contains("no zip file"));
    assert!(refusal(&good[..good.len() / 2]).contains("damaged"));
    assert!(refusal(&zipped(&[("word/document.xml", "<a/>")])).contains("no Word document"));
    assert!(refusal(&docx(RUNS, &[("_xmlsignatures/sig1.xml", "<a/>")])).contains("signed"));
    assert!(refusal(&docx(RUNS, &[("../x", "y")])).contains("../x"));
    assert!(refusal(&docx(RUNS, &[("WORD/document.xml", "y")])).contains("two entries"));
    let bomb = "<!-- ".to_owned() + &" ".repeat(8 << 20) + "-->";
    assert!(refusal(&docx(RUNS, &[("word/footnotes.xml", &bomb)])).contains("unpacks to more"));
    let dtd = "<!DOCTYPE x [<!ENTITY e \"e\">]><w:footnotes/>";
    let what = refusal(&docx(RUNS, &[("word/footnotes.xml", dtd)]));
    assert!(
        what.starts_with("a.docx!/word/footnotes.xml:1:1: "),
        "{what}"
    );
    let deep = "<w:tbl>".repeat(10_000);
    assert!(refusal(&docx(&deep, &[])).contains("too deep"));
}
