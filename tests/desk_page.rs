//! The review page at the desk: leaving out, joining, one finding dismissed, and work that is kept by
//! article and unit.

use crate::browser::{self, Browser};
use overzet::bitext::{Finding, FindingStatus, Role, Span, State, Unit};
use serde_json::json;

const DUTCH: [&str; 4] = [
    "De brug is dicht.",
    "De veerpont vaart.",
    "Het regent.",
    "De brug is 1,5 en 2,5 meter hoog.",
];
const ENGLISH: [&str; 4] = [
    "The bridge is closed.",
    "The ferry sails.",
    "It is raining.",
    "The bridge is 1,5 and 2,5 metres high.",
];

/// Three sentences of one paragraph, and one with two findings of one check.
fn units() -> Vec<Unit> {
    let ids = ["b1.s1", "b1.s2", "b1.s3", "b2.s1"];
    let mut units: Vec<Unit> = std::iter::zip(ids, std::iter::zip(DUTCH, ENGLISH))
        .map(|(id, (dutch, english))| browser::unit(id, Role::Paragraph, dutch, english))
        .collect();
    for number in ["1,5", "2,5"] {
        let at = ENGLISH[3].find(number).unwrap();
        let span = Span::new(at, at + number.len());
        let finding = Finding::error("numbers", format!("“{number}” is Dutch notation"));
        units[3].findings.push(finding.at_target(span));
    }
    units
}

const TEXTS: &str =
    "return [...document.querySelectorAll('.target')].map((cell) => cell.textContent)";

#[tokio::test]
async fn d17_d10_omissions_joins_and_single_dismissals_are_decided_on_the_page() {
    let test = "d17_d10_omissions_joins_and_single_dismissals_are_decided_on_the_page";
    let (page, pairs) = browser::page(&units());
    let Some(browser) = Browser::open(test, &page).await else {
        return;
    };
    browser.click("[data-unit=\"0\"] [data-do=join]").await;
    let joined = json!([
        "The bridge is closed. The ferry sails.",
        "",
        ENGLISH[2],
        ENGLISH[3]
    ]);
    browser.see(TEXTS, joined.clone()).await;
    browser.click("[data-unit=\"2\"] [data-do=omit]").await;
    browser
        .click("[data-unit=\"3\"] [data-finding=\"0\"] [data-do=silence]")
        .await;
    browser.picture("decided", 1280).await;
    browser.picture("decided", 400).await;
    let wide = "return document.documentElement.scrollWidth <= innerWidth";
    browser.see(wide, json!(true)).await;
    let saved = browser.download().await;
    let (old, new) = (browser::read(&pairs), browser::read(&saved));
    assert_eq!(new[0].joined, ["b1.s2"]);
    assert_eq!(new[1].joined_to.as_deref(), Some("b1.s1"));
    assert_eq!(
        (new[1].target.plain.as_str(), new[2].state),
        ("", State::Omitted)
    );
    assert_eq!(new[2].draft.as_ref().unwrap().plain, ENGLISH[2]);
    let dismissed: Vec<_> = new[3].dismissed.iter().map(|f| &*f.message).collect();
    assert_eq!(dismissed, ["“1,5” is Dutch notation"]);
    assert_eq!(new[3].findings[0].status, FindingStatus::Open);
    // What a page hands out says what it was made of.
    for (old, new) in old.iter().zip(&new) {
        assert_eq!(new.base.as_deref(), Some(&*old.base_digest()));
        assert_ne!(new.base.as_deref(), Some(&*new.base_digest()));
    }
    // All of it comes back, also on a page of these very lines.
    browser.show(&browser::page(&new).0).await;
    for (unit, action) in [(0, "part"), (2, "omit"), (3, "silence")] {
        let selector = format!("[data-unit=\"{unit}\"] [data-do={action}]");
        browser.click(&selector).await;
    }
    browser.see(TEXTS, json!(ENGLISH)).await;
}

#[tokio::test]
async fn d8_work_is_kept_by_article_and_unit_and_offered_where_it_does_not_fit() {
    let test = "d8_work_is_kept_by_article_and_unit_and_offered_where_it_does_not_fit";
    let mut units = units();
    let Some(browser) = Browser::open(test, &browser::page(&units).0).await else {
        return;
    };
    let type_into = async |unit: usize, text: &str| {
        browser
            .ask(&format!("const cell = document.querySelector('[data-unit=\"{unit}\"] .target'); cell.focus(); getSelection().selectAllChildren(cell)"))
            .await;
        browser.press(text).await;
        browser.press("\u{E00C}").await;
    };
    type_into(0, "The bridge is shut.").await;
    type_into(1, "The ferry runs.").await;
    type_into(2, "It rains.").await;
    let kept = "return document.getElementById('kept').textContent.includes('3 units changed, not downloaded yet')";
    browser.see(kept, json!(true)).await;
    // The edition is written anew: a paragraph came in, one sentence has another text, one is gone.
    let mut new = browser::unit("b1.s1", Role::Paragraph, "Vooraf.", "Beforehand.");
    new.block = 1;
    units.remove(2);
    units[1].target = "The ferry is running.".into();
    for unit in &mut units {
        unit.block += 1;
        unit.id = unit.id.replace("b2", "b3").replace("b1", "b2");
    }
    units.insert(0, new);
    browser.show(&browser::page(&units).0).await;
    let wanted = [
        "Beforehand.",
        "The bridge is shut.",
        "The ferry is running.",
        ENGLISH[3],
    ];
    browser.see(TEXTS, json!(wanted)).await;
    let offered = "return [...document.querySelectorAll('#offers li')].map((li) => li.querySelector('p + p').textContent)";
    browser
        .see(offered, json!(["The ferry runs.", "It rains."]))
        .await;
    browser.picture("offers", 1280).await;
    browser.picture("offers", 400).await;
    browser.click("#offers [data-take=\"2\"]").await;
    browser.see(offered, json!(["It rains."])).await;
    // Another window: what one changes, the other shows, and neither writes over the other.
    browser
        .ask("const key = Object.keys(localStorage).find((key) => key.startsWith('overzet:')); const all = JSON.parse(localStorage.getItem(key)); all.notes['b3.s1'] = { id: 'b3.s1', source: units[3].source, base: units[3].row.base, from: units[3].original, target: 'From the other window.' }; localStorage.setItem(key, JSON.stringify(all))")
        .await;
    type_into(0, "In advance.").await;
    browser
        .see(
            "return document.getElementById('kept').textContent.startsWith('3 units')",
            json!(true),
        )
        .await;
    browser.command("refresh", json!({})).await;
    let wanted = [
        "In advance.",
        "The bridge is shut.",
        "The ferry runs.",
        "From the other window.",
    ];
    browser.see(TEXTS, json!(wanted)).await;
}
