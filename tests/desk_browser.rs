//! The page of the desk in headless Chromium: a day's work, counted in keys and clicks; conflicts; what
//! is typed and not saved; and that nothing leaves the desk's own address.

use crate::browser::{Browser, HOSTILE};
use crate::desk_server::Served;
use crate::stage::Stage;
use serde_json::{Value, json};
use std::cell::Cell;

const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

/// Sentences of one article with their drafts; `HOSTILE` stands for text that would become markup.
const SENTENCES: [(&str, &str); 12] = [
    ("De haven gaat open", "The harbour opens"),
    (
        "Er staan 1.300 auto's voor de poort.",
        "There are 1.300 cars before the gate.",
    ),
    (
        "De kade kost 2,5 miljoen euro.",
        "The quay costs 2,5 million euros.",
    ),
    ("Het waait.", "It is windy."),
    (
        "De eerste boot komt op 3 maart 2024.",
        "The first boat comes on 3 March 2023.",
    ),
    ("De schipper wacht.", "The skipper waits."),
    ("De kraan is stuk.", "The crane is broken."),
    ("Niemand weet waarom.", "Nobody knows why."),
    (
        "Er zijn 17 kranen op de kade.",
        "There are 71 cranes on the quay.",
    ),
    ("De meeuwen schreeuwen.", "The gulls scream."),
    ("Morgen is er markt.", "There is a market tomorrow."),
    ("Iedereen komt.", "Everyone comes."),
];

/// A folder with the article and its drafts; the last paragraph is hostile.
fn stage() -> Stage {
    let stage = Stage::new();
    let (mut article, mut drafts) = (String::new(), String::new());
    for (index, (dutch, english)) in SENTENCES.iter().enumerate() {
        article.push_str(dutch);
        article.push_str(if index % 3 == 0 { "\n\n" } else { " " });
        drafts.push_str(&format!("{dutch}\t{english}\n"));
    }
    article.push_str(&format!("\n\n{HOSTILE}\n"));
    drafts.push_str(&format!("{HOSTILE}\t{HOSTILE}\n"));
    stage.write("haven.nl.txt", article);
    stage.write("drafts.tsv", drafts);
    stage.with("OVERZET_REPLAY", "drafts.tsv")
}

/// A browser at the desk, and what it cost.
struct Desk {
    browser: Browser,
    served: Served,
    stage: Stage,
    cost: Cell<usize>,
}

const LABEL: &str = "return document.querySelector('.unit.current')?.getAttribute('aria-label')";
const SAVED: &str = "return document.getElementById('saved')?.textContent";

/// The path of a unit of the article.
fn unit_path(id: &str) -> String {
    format!("/api/articles/1/units/{id}")
}

impl Desk {
    /// The desk with the article that was chosen; none where there is no browser.
    async fn open(test: &str) -> Option<Self> {
        let browser = Browser::open(test, "").await?;
        let stage = stage();
        let served = Served::start(&stage, &[]);
        let link = format!("http://{}/?token={}", served.address, served.key);
        browser.command("url", json!({ "url": link })).await;
        let desk = Self {
            browser,
            served,
            stage,
            cost: Cell::new(2),
        };
        let none = "return document.getElementById('none')?.hidden === false";
        desk.browser.see(none, json!(true)).await;
        let input = desk.browser.element("#file").await;
        let path = desk.stage.path("haven.nl.txt").display().to_string();
        let name = format!("element/{input}/value");
        desk.browser.command(&name, json!({ "text": path })).await;
        let ready = "return document.querySelectorAll('.unit').length > 0 && document.querySelector('.unit.current') !== null";
        desk.browser.see(ready, json!(true)).await;
        Some(desk)
    }

    /// Presses keys that count.
    async fn press(&self, keys: &str) {
        self.cost.set(self.cost.get() + keys.chars().count());
        self.browser.press(keys).await;
    }

    async fn see(&self, script: &str, wanted: Value) {
        self.browser.see(script, wanted).await;
    }

    async fn text(&self, script: &str) -> String {
        let value = self.browser.ask(script).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    async fn open_findings(&self) -> u64 {
        let script = "return [...document.querySelectorAll('.note:not(.settled)')].length";
        self.browser.ask(script).await.as_u64().unwrap()
    }

    /// The addresses that were asked for since the desk was opened.
    async fn addresses(&self) -> Vec<String> {
        let log = self
            .browser
            .command("se/log", json!({ "type": "performance" }))
            .await;
        let events = log.as_array().unwrap().iter();
        let events =
            events.map(|one| serde_json::from_str::<Value>(one["message"].as_str().unwrap()));
        events
            .map(|event| event.unwrap()["message"].take())
            .filter(|message| message["method"] == "Network.requestWillBeSent")
            .map(|message| {
                let url = &message["params"]["request"]["url"];
                url.as_str().unwrap().to_owned()
            })
            .skip_while(|url| !url.contains("/?token="))
            .collect()
    }
}

#[tokio::test]
async fn a_days_work_takes_few_keys_and_leaves_nothing_behind() {
    let test = "a_days_work_takes_few_keys_and_leaves_nothing_behind";
    let Some(desk) = Desk::open(test).await else {
        return;
    };
    let first = desk.open_findings().await;
    assert!(
        first >= 4,
        "{first} findings are too few to say anything of triage"
    );
    // Triage: a suggestion is applied where there is one; without one the text is corrected, or the
    // finding is not a problem.
    let mut rounds = 0;
    while desk.open_findings().await > 0 {
        rounds += 1;
        assert!(rounds < 40, "{}", desk.text(LABEL).await);
        let before = desk.open_findings().await;
        let label = desk.text(LABEL).await;
        let has = "return document.querySelector('.unit.current .note:not(.settled)') !== null";
        assert_eq!(
            desk.browser.ask(has).await,
            json!(true),
            "{label} has nothing open"
        );
        let offer = "return document.querySelector('.unit.current .note:not(.settled) [data-do=apply]') !== null";
        if desk.browser.ask(offer).await == json!(true) {
            desk.press("1").await;
        } else {
            desk.press("x").await;
        }
        let fewer = format!(
            "return [...document.querySelectorAll('.note:not(.settled)')].length < {before}"
        );
        desk.see(&fewer, json!(true)).await;
        if desk.open_findings().await > 0 && desk.browser.ask(has).await == json!(false) {
            desk.press("n").await;
        }
    }
    // One sentence is written anew; typing is the work itself, the keys around it count.
    desk.browser
        .ask("document.querySelector('[data-unit=\"b2.s2\"]').click()")
        .await;
    desk.press("e").await;
    desk.browser.press(" So it was said.").await;
    desk.press(ENTER).await;
    desk.see(
        "return document.querySelector('[data-unit=\"b2.s2\"]').getAttribute('aria-label')",
        json!("b2.s2, Paragraph, Approved, 0 open findings"),
    )
    .await;
    let english = "return document.querySelector('[data-sentence=\"b2.s2\"]').textContent.endsWith('So it was said.')";
    desk.see(english, json!(true)).await;
    // A finding that was shown while typing is accepted by the approval, and so the page shows it.
    desk.browser
        .ask("document.querySelector('[data-unit=\"b2.s3\"]').click()")
        .await;
    desk.press("e").await;
    desk.browser.press(" 1.900").await;
    let shown = "return document.querySelectorAll('.unit.current .note:not(.settled)').length > 0";
    desk.see(shown, json!(true)).await;
    desk.press(ENTER).await;
    let accepted =
        "return document.querySelector('[data-unit=\"b2.s3\"]').getAttribute('aria-label')";
    desk.see(
        accepted,
        json!("b2.s3, Paragraph, Approved, 0 open findings"),
    )
    .await;
    // Approve the rest, copy.
    desk.press("A").await;
    desk.cost.set(desk.cost.get() + 1);
    let rest = "return document.querySelectorAll('.unit .approve[aria-pressed=false]').length";
    desk.see(rest, json!(0)).await;
    desk.browser.click("#copy").await;
    desk.cost.set(desk.cost.get() + 1);
    let told = "return document.getElementById('told').textContent.startsWith('Copied')";
    desk.see(told, json!(true)).await;
    desk.see(SAVED, json!("All saved")).await;
    let limit = 30.max(2 * usize::try_from(first).unwrap() + 4);
    assert!(
        desk.cost.get() <= limit,
        "{} keys and clicks",
        desk.cost.get()
    );
    eprintln!("{first} findings: {} keys and clicks", desk.cost.get());

    // The desk has it all, and the script of the text stayed text.
    let article = desk.served.client().get("/api/articles/1");
    assert_eq!(
        (&article["publishable"], &article["gate"]["unapproved"]),
        (&json!(true), &json!(0))
    );
    let texts = "return [...document.querySelectorAll('.target')].some((cell) => cell.textContent.includes('window.pwned=1'))";
    desk.see(texts, json!(true)).await;
    desk.see("return window.pwned === undefined", json!(true))
        .await;
    desk.see("return document.querySelector('main img')", Value::Null)
        .await;
    let own = format!("http://{}/", desk.served.address);
    let asked = desk.addresses().await;
    assert!(!asked.is_empty());
    for url in asked {
        assert!(url.starts_with(&own) || url.starts_with("data:"), "{url}");
    }
}

#[tokio::test]
async fn two_who_change_one_text_see_both_and_nothing_is_overwritten() {
    let test = "two_who_change_one_text_see_both_and_nothing_is_overwritten";
    let Some(desk) = Desk::open(test).await else {
        return;
    };
    // Somebody else writes while this window types.
    desk.browser
        .ask("document.querySelector('[data-unit=\"b1.s1\"]').click()")
        .await;
    desk.browser.press("e").await;
    desk.browser.press(" at last").await;
    let mut other = desk.served.client();
    other.put(
        &unit_path("b1.s1"),
        &json!({ "target": "The harbour is open" }),
    );
    desk.browser.press(ESCAPE).await;
    // What is struck through in the difference is not in the other text.
    let sides = "return [...document.querySelectorAll('.conflict .words')].map((text) => [...text.childNodes].filter((part) => part.nodeName !== 'DEL').map((part) => part.textContent).join(''))";
    desk.see(
        sides,
        json!(["The harbour opens at last", "The harbour is open"]),
    )
    .await;
    desk.see(SAVED, json!("Not saved: b1.s1")).await;
    assert_eq!(
        other.get(&unit_path("b1.s1"))["target"],
        "The harbour is open"
    );
    // The page keeps what was typed through a reload.
    desk.browser.command("refresh", json!({})).await;
    desk.see(
        "return document.querySelectorAll('.conflict').length",
        json!(1),
    )
    .await;
    desk.browser.click(".conflict [data-do=mine]").await;
    desk.see(SAVED, json!("All saved")).await;
    assert_eq!(
        other.get(&unit_path("b1.s1"))["target"],
        "The harbour opens at last"
    );
    // A second window of the same browser shows what the first writes, by one stream of events.
    let first = desk.browser.ask("return location.href").await;
    let new = desk
        .browser
        .command("window/new", json!({ "type": "tab" }))
        .await;
    desk.browser
        .command("window", json!({ "handle": new["handle"] }))
        .await;
    desk.browser.command("url", json!({ "url": first })).await;
    desk.see(
        LABEL,
        json!("b1.s1, Headline, Needs review, 0 open findings"),
    )
    .await;
    other.put(&unit_path("b1.s1"), &json!({ "state": "approved" }));
    desk.see(LABEL, json!("b1.s1, Headline, Approved, 0 open findings"))
        .await;
}

#[tokio::test]
async fn what_is_typed_without_a_connection_is_sent_later() {
    let test = "what_is_typed_without_a_connection_is_sent_later";
    let Some(desk) = Desk::open(test).await else {
        return;
    };
    let network = async |offline: bool| {
        let params = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        let body = json!({ "cmd": "Network.emulateNetworkConditions", "params": params });
        desk.browser.command("goog/cdp/execute", body).await;
    };
    desk.browser
        .ask("document.querySelector('[data-unit=\"b1.s1\"]').click()")
        .await;
    network(true).await;
    desk.browser.press("e").await;
    desk.browser.press(" soon").await;
    desk.browser.press(ESCAPE).await;
    desk.see(
        "return document.getElementById('saved').textContent.startsWith('Not saved: b1.s1. No connection')",
        json!(true),
    )
    .await;
    let path = unit_path("b1.s1");
    assert_eq!(
        desk.served.client().get(&path)["target"],
        "The harbour opens"
    );
    network(false).await;
    desk.see(SAVED, json!("All saved")).await;
    assert_eq!(
        desk.served.client().get(&path)["target"],
        "The harbour opens soon"
    );
}

#[tokio::test]
async fn the_page_is_named_for_screen_readers_and_fits_a_narrow_window() {
    let test = "the_page_is_named_for_screen_readers_and_fits_a_narrow_window";
    let Some(desk) = Desk::open(test).await else {
        return;
    };
    // As the browser's own tree of accessibility names it.
    for (selector, role, name) in [
        (
            "[data-unit=\"b2.s1\"]",
            "group",
            "b2.s1, Paragraph, Needs review, 1 open finding",
        ),
        (
            "[data-unit=\"b2.s1\"] .target",
            "textbox",
            "English of b2.s1",
        ),
        ("[data-unit=\"b2.s1\"] .approve", "button", "Approve b2.s1"),
        (
            "[data-unit=\"b2.s1\"] [data-do=dismiss]",
            "button",
            "Not a problem",
        ),
        (
            "[data-unit=\"b2.s1\"] [data-do=history]",
            "button",
            "History",
        ),
        ("#copy", "button", "Copy edition"),
    ] {
        let element = desk.browser.element(selector).await;
        let path = |what: &str| format!("element/{element}/computed{what}");
        for (what, wanted) in [("role", role), ("label", name)] {
            let address = path(what);
            assert_eq!(
                desk.browser.get(&address).await,
                json!(wanted),
                "{selector}"
            );
        }
    }
    desk.browser.press("?").await;
    let keys = "return document.getElementById('dialog').open && document.querySelectorAll('#dialog kbd').length > 12";
    desk.see(keys, json!(true)).await;
    desk.browser.press(ESCAPE).await;
    desk.browser
        .command("window/rect", json!({ "width": 400, "height": 800 }))
        .await;
    let wide = "return document.documentElement.scrollWidth <= innerWidth";
    desk.see(wide, json!(true)).await;
}

#[tokio::test]
async fn a_unit_is_split_joined_left_out_and_put_back_on_the_page() {
    let test = "a_unit_is_split_joined_left_out_and_put_back_on_the_page";
    let Some(desk) = Desk::open(test).await else {
        return;
    };
    let texts = "return [...document.querySelectorAll('[data-unit^=\"b2\"] .target')].map((cell) => cell.textContent)";
    let whole = json!([SENTENCES[1].1, SENTENCES[2].1, SENTENCES[3].1]);
    desk.see(texts, whole.clone()).await;
    let saved = async |id: &str| {
        desk.see(SAVED, json!("All saved")).await;
        desk.served.client().get(&unit_path(id))["target"].clone()
    };
    // The borders are where the cursors stand.
    let cursor = async |side: &str, part: &str| {
        let script = format!(
            "const cell = document.querySelector('[data-unit=\"b2.s2\"] .{side}'); const at = cell.textContent.indexOf('{part}'); const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT); let before = 0, node; while ((node = walk.nextNode()) && before + node.data.length < at) before += node.data.length; getSelection().collapse(node, at - before)"
        );
        desk.browser.ask(&script).await;
        let place = format!(
            "return new Promise((done) => setTimeout(() => done(getSelection().anchorNode.parentElement.closest('.{side}') !== null)))"
        );
        desk.see(&place, json!(true)).await;
    };
    desk.browser
        .ask("document.querySelector('[data-unit=\"b2.s2\"]').click()")
        .await;
    cursor("source", " kost").await;
    cursor("target", " costs").await;
    desk.browser
        .click("[data-unit=\"b2.s2\"] [data-do=split]")
        .await;
    let parts = json!([
        SENTENCES[1].1,
        "The quay",
        "costs 2,5 million euros.",
        SENTENCES[3].1
    ]);
    desk.see(texts, parts).await;
    assert_eq!(saved("b2.s2").await, "The quay");
    desk.browser
        .click("[data-unit=\"b2.s2\"] [data-do=restore]")
        .await;
    desk.see(texts, whole.clone()).await;
    for (key, wanted) in [
        (
            "+",
            json!([
                SENTENCES[1].1,
                format!("{} {}", SENTENCES[2].1, SENTENCES[3].1),
                ""
            ]),
        ),
        ("r", Value::Null),
        ("o", json!([SENTENCES[1].1, "", SENTENCES[3].1])),
        ("o", whole.clone()),
    ] {
        if wanted.is_null() {
            desk.browser
                .click("[data-unit=\"b2.s2\"] [data-do=restore]")
                .await;
            desk.see(texts, whole.clone()).await;
        } else {
            desk.browser.press(key).await;
            desk.see(texts, wanted).await;
        }
    }
    assert_eq!(saved("b2.s2").await, SENTENCES[2].1);
}
