//! The page of an alignment in headless Chromium: links on hover, sentences without a partner in the margin, how sure each pair is; on a phone too.

use crate::align_translations::stage;
use crate::browser::Browser;
use serde_json::json;

#[tokio::test]
async fn links_lone_sentences_and_confidence_are_seen() {
    let stage = stage();
    let edition = stage.read("a.en.txt");
    stage.write(
        "a.en.txt",
        edition.replace("Insurers", "Nobody had asked the ducks.\nInsurers"),
    );
    let args = ["align", "a.nl.txt", "a.en.txt", "--presegmented", "--words"];
    stage
        .run(&[&args[..], &["--pairs", "p.html", "-o", "p.jsonl"]].concat())
        .exits(0);
    let test = "links_lone_sentences_and_confidence_are_seen";
    let Some(browser) = Browser::open(test, &stage.read("p.html")).await else {
        return;
    };
    browser.point("[data-unit=\"1\"] .source").await;
    browser
        .point("[data-unit=\"1\"] .source [data-word=\"7\"]")
        .await;
    browser
        .see(
            "return [...document.querySelectorAll('.lit')].map((e) => e.textContent)",
            json!(["koeien", "cows"]),
        )
        .await;
    // A probability is never rounded up to certainty.
    let sure = "return [...document.querySelectorAll('.meta .part')].map((e) => e.textContent).filter((t) => t.endsWith('sure'))";
    let sure = browser.ask(sure).await;
    let sure = sure.as_array().unwrap();
    assert_eq!(sure.len(), 31, "one for every unit");
    assert_eq!(sure[1], "pair 99 % sure");
    for width in [1200, 400] {
        let metrics =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        let override_metrics =
            json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        browser.command("goog/cdp/execute", override_metrics).await;
        browser.see("return innerWidth", json!(width)).await;
        // Everything that is said of a unit stands within the page.
        let outside = "return [...document.querySelectorAll('.unit *')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth).length";
        browser.see(outside, json!(0)).await;
        for (unit, told) in [(7, "Left out"), (25, "Added")] {
            let lone = format!(
                "const unit = document.querySelector('[data-unit=\"{unit}\"]'); return [...unit.querySelectorAll('*')].some((e) => e.checkVisibility() && e.textContent.endsWith('{told}'))"
            );
            browser.see(&lone, json!(true)).await;
        }
    }
}
