//! Documents that are zip files, and subtitles, with hostile bytes: what is read is written back, and
//! whatever an engine makes of the texts and codes, the edition opens again.

use crate::hostile::hostile;
use overzet::bitext::{Document, Lang, Text};
use overzet::format;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

const DOCX: &str = "<w:document xmlns:w=\"x\"><w:body><w:p><w:pPr><w:pStyle w:val=\"Kop1\"/></w:pPr><w:r><w:t>Kop &amp; staart</w:t></w:r></w:p>\
    <w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">Het water </w:t></w:r><w:hyperlink r:id=\"r1\" w:tooltip=\"Open de kaart\"><w:r><w:t>steeg</w:t><w:br/><w:t>tot hier</w:t></w:r></w:hyperlink>\
    <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"x\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>uitleg</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>\
    <w:bookmarkStart w:id=\"1\"/><w:ins><w:r><w:t> nu</w:t></w:r></w:ins><w:del><w:r><w:delText>toen</w:delText></w:r></w:del><w:sdt><w:sdtContent><w:r><w:t>keuze</w:t></w:r></w:sdtContent></w:sdt>\
    <w:r><mc:AlternateContent><mc:Choice><w:drawing><wp:docPr descr=\"Een kaart\"/><w:txbxContent><w:p><w:r><w:t>In een kader.</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice>\
    <mc:Fallback><w:pict><v:shape alt=\"Een kaart\"><w:txbxContent><w:p><w:r><w:t>In een kader.</w:t></w:r></w:p></w:txbxContent></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p></w:body></w:document>";
const ODT: &str = "<office:document-content><office:automatic-styles><style:style style:name=\"T1\" style:family=\"text\"><style:text-properties fo:font-weight=\"bold\"/></style:style></office:automatic-styles><office:body>\
    <text:p>Het <text:span text:style-name=\"T1\">wa</text:span><text:span text:style-name=\"T1\">ter</text:span> steeg<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Een <text:span text:style-name=\"T2\">noot</text:span>.</text:p></text:note-body></text:note>\
    tot<text:s text:c=\"3\"/>hier<text:line-break/><text:a xlink:href=\"x\">en daar</text:a><text:bookmark text:name=\"b\"/>.<draw:frame><svg:desc>Een kaart</svg:desc><draw:text-box><text:p>In een kader.</text:p></draw:text-box></draw:frame></text:p></office:body></office:document-content>";
const XHTML: &str = "<?xml version=\"1.0\"?><html xml:lang=\"nl\"><body><h1>Kop &amp; staart</h1><p>Lees <b>dit <i>nu</i></b><br/>en <a href=\"y\" title=\"de kaart\">meer</a></p></body></html>";

/// A zip file of these entries.
fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default();
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document of each format with this part.
fn document(format: &str, part: &[u8]) -> Vec<u8> {
    match format {
        "docx" => zipped(&[
            ("[Content_Types].xml", b"<Types>wordprocessingml</Types>"),
            ("_rels/.rels", b"<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"word/document.xml\"/></Relationships>"),
            ("word/document.xml", part),
        ]),
        "odt" => zipped(&[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", part),
        ]),
        "epub" => zipped(&[
            ("mimetype", b"application/epub+zip"),
            ("META-INF/container.xml", b"<container><rootfile full-path=\"p.opf\"/></container>"),
            ("p.opf", b"<package><item id=\"a\" href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/></package>"),
            ("a.xhtml", part),
        ]),
        _ => part.to_vec(),
    }
}

fn read(format: &str, bytes: &[u8]) -> Option<Document> {
    let name = format!("a.{format}");
    let mut document = format::read(bytes, Some(&name), None, &Lang::new("nl")).ok()?;
    document.target = Some(Lang::new("en"));
    Some(document)
}

/// What engines do to a text, from harmless to mad.
fn changes() -> [fn(&Text) -> Text; 4] {
    [
        |text| Text::from(text.plain.to_uppercase()),
        |text| {
            let mut own = text.clone();
            own.plain.insert_str(0, "& <b> ");
            own.codes.iter_mut().for_each(|code| code.at = 0);
            own
        },
        |text| {
            let mut own = text.clone();
            own.codes.reverse();
            let end = own.plain.len();
            own.codes.iter_mut().for_each(|code| code.at = end);
            own
        },
        |_| Text::default(),
    ]
}

/// Reads a document, writes it back, and writes it changed.
fn goes_through(format: &str, bytes: &[u8]) {
    let Some(document) = read(format, bytes) else {
        return;
    };
    let texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
    let echo = Document {
        target: None,
        ..document.clone()
    };
    let written = format::write(&echo, &texts).unwrap();
    let sources: Vec<&str> = document.parts.iter().map(|part| &*part.source).collect();
    assert_eq!(written.parts, sources);
    assert_eq!(format::encode(&echo, &written.parts).unwrap().0, bytes);
    for change in changes() {
        let changed: Vec<Text> = texts.iter().map(change).collect();
        let written = format::write(&document, &changed).unwrap();
        let (edition, _) = format::encode(&document, &written.parts).unwrap();
        assert!(
            read(format, &edition).is_some(),
            "an edition of {:?} does not open: {:?}",
            sources,
            written.parts
        );
    }
}

#[test]
fn hostile_parts_of_containers_are_written_back_or_refused() {
    for (format, seed) in [("docx", DOCX), ("odt", ODT), ("epub", XHTML)] {
        goes_through(format, &document(format, seed.as_bytes()));
        hostile(format, &[seed.as_bytes()], |part| {
            goes_through(format, &document(format, part));
        });
    }
}

#[test]
fn hostile_containers_are_read_or_refused() {
    for (format, seed) in [("docx", DOCX), ("odt", ODT), ("epub", XHTML)] {
        let whole = document(format, seed.as_bytes());
        for end in (0..whole.len()).step_by(97) {
            assert!(read(format, &whole[..end]).is_none(), "cut at {end}");
        }
        hostile(format, &[&whole], |bytes| {
            if let Some(document) = read(format, bytes) {
                let texts: Vec<Text> = document.blocks.iter().map(|b| b.text.clone()).collect();
                let written = format::write(&document, &texts).unwrap();
                let _ = format::encode(&document, &written.parts);
            }
        });
    }
}

#[test]
fn hostile_subtitles_lose_no_byte() {
    let srt = "1\r\n00:00:01,000 --> 00:00:03,400\r\n{\\an8}De brug <i>wordt</i>\r\n\r\n2\r\n00:00:03,500 --> 00:00:06,200\r\nopnieuw gebouwd.\r\n- Ja?\r\n- Nee.\r\n";
    let vtt = "WEBVTT\nLanguage: nl\n\nNOTE x\n\na\n00:01.000 --> 00:04.000 line:0\n<v Anna>Het water &amp; de <c.geel>wind</c>\n\n00:04.100 --> 00:07.000 line:0\n<v Anna>nemen <00:05.000>toe.\n";
    for (format, seed) in [("srt", srt), ("vtt", vtt)] {
        hostile(format, &[srt.as_bytes(), seed.as_bytes()], |bytes| {
            goes_through(format, bytes);
        });
    }
}
