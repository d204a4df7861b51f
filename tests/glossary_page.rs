//! The glossary's review page in headless Chromium: keys, decisions, the table that goes out and comes back, hostile text, two thousand occurrences.

use crate::browser::{Browser, HOSTILE};
use overzet::bitext::Unit;
use overzet::review::glossary::{GlossaryPageInfo, page};
use overzet::term::merge::ChangeKind;
use overzet::term::suggest::SuggestOptions;
use overzet::term::survey::{SurveySource, survey};
use overzet::term::{self, Glossary, files};
use serde_json::json;

const GLOSSARY: &str = "id\tnl\ten\ten_accept\tforbidden\tnote\nA1\tKoersk\tKursk\t\tCourse\t</script>\n\traket\tmissile\trocket\t\t\nB2\tMinsk\tMinsk\t\t\t\n";

fn unit(source: &str, target: &str) -> Unit {
    Unit::translated(source, target)
}

/// Two thousand sentences with Koersk, a few others, and hostile ones.
fn sample(glossary: &Glossary) -> String {
    let mut units: Vec<Unit> = (0..2_000)
        .map(|number| {
            unit(
                &format!("Zin {number}: in Koersk was het die dag erg stil, zei iemand."),
                &format!("Sentence {number}: it was very quiet in Kursk that day, someone said."),
            )
        })
        .collect();
    units.extend([
        unit("Er vielen twee raketten.", "Two missiles fell."),
        unit("Een raket.", "A rocket."),
        unit("Bij Voronesj.", "Near Voronezh."),
        unit("In Voronesj.", "In Voronezh."),
        unit(&format!("Koersk {HOSTILE}"), &format!("Course {HOSTILE}")),
    ]);
    term::find(&mut units, glossary);
    term::judge(&mut units, glossary);
    let source = SurveySource {
        name: HOSTILE.into(),
        units,
    };
    let about = GlossaryPageInfo {
        title: HOSTILE.into(),
        version: "0".into(),
        download: "review.decisions.tsv".into(),
    };
    page(
        &survey(glossary, &[source], &SuggestOptions::default()),
        &about,
    )
}

#[tokio::test]
async fn a_terminologist_decides_by_keys_and_takes_the_table_away() {
    let glossary = Glossary::parse("g.tsv", GLOSSARY).unwrap();
    let text = sample(&glossary);
    let test = "a_terminologist_decides_by_keys_and_takes_the_table_away";
    let Some(browser) = Browser::open(test, &text).await else {
        return;
    };
    // It opens on what is violated; nothing of the hostile text ran.
    let chosen = "return document.querySelector('#detail h2').textContent";
    browser.see(chosen, json!("Koersk → Kursk")).await;
    browser
        .see("return typeof window.pwned", json!("undefined"))
        .await;
    browser
        .see(
            "return document.querySelectorAll('img, #detail b[onmouseover]').length",
            json!(0),
        )
        .await;
    // Two thousand occurrences: some at once, all on demand, and quick.
    browser
        .see(
            "return document.querySelectorAll('.place-row').length",
            json!(150),
        )
        .await;
    let time = "const t = performance.now(); document.querySelector('.row').click(); document.body.offsetHeight; return performance.now() - t";
    let took = browser.ask(time).await.as_f64().unwrap();
    assert!(took < 3_000.0, "drawing an entry took {took} ms");
    let time = "const t = performance.now(); document.querySelector('.more').click(); document.body.offsetHeight; return performance.now() - t";
    let took = browser.ask(time).await.as_f64().unwrap();
    assert!(took < 8_000.0, "drawing 2,001 occurrences took {took} ms");
    eprintln!("2,001 occurrences drawn in {took:.0} ms");
    browser
        .see(
            "return document.querySelectorAll('.place-row').length",
            json!(2_001),
        )
        .await;
    // All entries; down to the missiles: the second rendering is required, a plural added.
    browser.click("[data-filter=all]").await;
    browser.press("j").await;
    browser.see(chosen, json!("raket → missile")).await;
    browser
        .see(
            "return document.querySelector('.made .form').textContent",
            json!("rocket"),
        )
        .await;
    browser.press("1").await;
    browser.see(chosen, json!("raket → rocket")).await;
    browser.click(".chips .add").await;
    // A name of a candidate is taken, and the note of Minsk is written by hand.
    browser.click("[data-filter=candidates]").await;
    browser.see(chosen, json!("Voronesj → Voronezh")).await;
    browser.press("a").await;
    browser.click("[data-filter=unused]").await;
    browser.see(chosen, json!("Minsk → Minsk")).await;
    browser.click("#f-note").await;
    browser.press("capital\u{E007}").await;
    browser
        .see(
            "return document.querySelector('#download').textContent",
            json!("Download 3 decisions"),
        )
        .await;
    let table = browser.save("review.decisions.tsv").await;
    let contents = files::read(table.as_bytes(), "d.tsv", None).unwrap();
    let changes = glossary.compare(&contents);
    let said: Vec<(&str, ChangeKind)> = changes
        .iter()
        .map(|change| (contents.entries[change.incoming].nl.as_str(), change.kind))
        .collect();
    // An entry without an id whose English changed: the person who merges says that the table is right.
    assert_eq!(
        said,
        [
            ("raket", ChangeKind::Conflicting),
            ("Minsk", ChangeKind::Changed),
            ("Voronesj", ChangeKind::New)
        ],
        "{table}"
    );
    assert!(changes[0].is_taken(true));
    assert_eq!(contents.entries[0].nl_forms, ["raketten"]);
    assert_eq!(contents.entries[1].note, "capital");
    assert!(browser.requests().await.iter().all(|url| {
        ["file:", "data:", "blob:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
    }));
}
