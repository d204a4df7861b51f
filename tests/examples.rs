//! The examples run, and print what they promise.

#[path = "../examples/own_check.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod own_check;
#[path = "../examples/own_engine.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod own_engine;
#[path = "../examples/own_format.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod own_format;
#[path = "../examples/translate_string.rs"]
#[allow(dead_code, reason = "its main is not called here")]
mod translate_string;

/// What an example prints.
macro_rules! printed {
    ($example:ident) => {{
        let mut out = Vec::new();
        $example::run(&mut out).await.unwrap();
        String::from_utf8(out).unwrap()
    }};
}

#[tokio::test]
async fn a_string_is_translated_with_its_glossary_and_checked() {
    let told = printed!(translate_string);
    assert!(told.contains("→ It is quiet in Kursk.\n"), "{told}");
    assert!(told.contains("\n  numbers: "), "{told}");
    let lines = include_str!("../examples/translate_string.rs")
        .lines()
        .count();
    assert!(lines <= 32, "the first example is to stay short: {lines}");
}

#[tokio::test]
async fn an_own_engine_is_sent_each_text_once_in_batches() {
    let told = printed!(own_engine);
    assert!(told.contains("Een zin. → EEN ZIN.\nNog"), "{told}");
    assert!(told.ends_with("4 texts in 2 requests\n"), "{told}");
}

#[tokio::test]
async fn an_own_format_keeps_every_byte_that_is_not_text() {
    let told = printed!(own_format);
    assert_eq!(told, "# knoppen\ntitle = It is quiet.\n\nname=MI6\n");
}

#[tokio::test]
async fn an_own_check_speaks_beside_those_of_the_table() {
    let told = printed!(own_check);
    assert!(
        told.contains("warning no-shouting: the Dutch does not shout\n"),
        "{told}"
    );
    assert!(told.contains("error numbers: "), "{told}");
}
