use super::*;

fn edit(source: &str, change: impl Fn(&str) -> String) -> String {
    let document =
        super::super::read(source.as_bytes(), Some("a.md"), None, &Lang::new("nl")).unwrap();
    let texts: Vec<Text> = document
        .blocks
        .iter()
        .map(|block| Text {
            plain: change(&block.text.plain),
            codes: block.text.codes.clone(),
        })
        .collect();
    super::super::write(&document, &texts)
        .unwrap()
        .parts
        .concat()
}

#[test]
fn only_the_text_changes() {
    let source = "# Kop\n\nEen **vet** woord en `code` en [link](http://x \"t\").\n\n* punt\n  gaat door\n\n| a | b |\n|---|:-:|\n| c | d |\n\n```\nniet dit\n```\n";
    let upper = edit(source, str::to_uppercase);
    assert_eq!(
        upper,
        "# KOP\n\nEEN **VET** WOORD EN `code` EN [LINK](http://x \"T\").\n\n* PUNT GAAT DOOR\n\n| A | B |\n|---|:-:|\n| C | D |\n\n```\nniet dit\n```\n"
    );
}

#[test]
fn nested_emphasis_keeps_its_marks() {
    assert_eq!(
        edit(
            "***alles*** en *deels **vet*** [![alt](i.png)](u)",
            str::to_uppercase
        ),
        "***ALLES*** EN *DEELS **VET*** [![ALT](i.png)](u)"
    );
}

#[test]
fn new_text_is_not_read_as_markup() {
    let out = edit("Gewone zin hier.", |_| "a*b* [c] 1 * 2 <d> _e_".into());
    assert_eq!(out, "a\\*b\\* \\[c\\] 1 * 2 \\<d> \\_e\\_");
}
