//! The workflows as a server or a worker calls them: with a host of its own, and without the command line.

use overzet::config::{Environment, Layer};
use overzet::engine::{CancelToken, Clock};
use overzet::workflow::bundle::OutputPlaces;
use overzet::workflow::translate::{DocumentResult, TranslateRequest, TranslateRun};
use overzet::workflow::{Host, HostProgress, NoticeLevel, Outcome, Setup};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A clock that never waits.
struct StillClock;

impl Clock for StillClock {
    fn now(&self) -> i64 {
        7
    }
    fn sleep<'a>(&'a self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(std::future::ready(()))
    }
    fn random(&self) -> f64 {
        0.5
    }
}

/// A host that writes down what it is given.
#[derive(Default)]
struct Recorder {
    notices: Mutex<Vec<(NoticeLevel, String)>>,
    texts_done: Mutex<Vec<(u64, u64)>>,
    stop: CancelToken,
}

impl Host for Recorder {
    fn notify(&self, level: NoticeLevel, line: &str) {
        self.notices.lock().unwrap().push((level, line.to_owned()));
    }
    fn progress(&self, progress: HostProgress<'_>) {
        if let HostProgress::Texts { done, total, .. } = progress {
            self.texts_done.lock().unwrap().push((done, total));
        }
    }
    fn now(&self) -> i64 {
        7
    }
    fn cancelled(&self) -> CancelToken {
        self.stop.clone()
    }
}

/// A project with recorded pairs as its engine.
fn setup(folder: &Path) -> Setup {
    let replay = folder.join("replay.tsv");
    std::fs::write(&replay, "Het regent.\tIt is raining.\n").unwrap();
    std::fs::write(folder.join("overzet.toml"), "memory = \"m.sqlite\"\n").unwrap();
    let environment = Environment {
        variables: [("OVERZET_REPLAY".into(), replay.display().to_string())].into(),
        folder: folder.to_owned(),
    };
    Setup::new(&environment, Layer::new(), Arc::new(StillClock)).unwrap()
}

/// Lets the future run on any thread, as servers do.
fn on_any_thread<T>(future: impl Future<Output = T> + Send) -> T {
    tokio::runtime::Runtime::new().unwrap().block_on(future)
}

fn translate(folder: &Path, host: &Recorder) -> DocumentResult {
    let setup = setup(folder);
    let request = TranslateRequest {
        engine: Some("replay".into()),
        ..TranslateRequest::default()
    };
    let run = TranslateRun::open(&request, &setup, host).unwrap();
    let bytes = b"Het regent.\n".to_vec();
    let places = OutputPlaces {
        report: Some(folder.join("report.json")),
        ..OutputPlaces::default()
    };
    on_any_thread(run.document("a.txt", bytes, &places)).unwrap()
}

#[test]
fn a_host_of_ones_own_gets_edition_report_progress_and_notices() {
    let folder = tempfile::tempdir().unwrap();
    let host = Recorder::default();
    let DocumentResult::Written(document) = translate(folder.path(), &host) else {
        panic!("the document is not written");
    };
    assert_eq!(document.outcome, Outcome::Done);
    assert_eq!(document.bytes.as_deref(), Some(&b"It is raining.\n"[..]));
    let report = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert!(
        report.contains("1970-01-01T00:00:07Z"),
        "the host's time: {report}"
    );
    assert_eq!(host.texts_done.lock().unwrap().last(), Some(&(1, 1)));
    let notices = host.notices.lock().unwrap();
    assert!(
        notices
            .iter()
            .all(|(level, _)| *level == NoticeLevel::Detail)
    );
    assert!(
        notices
            .iter()
            .any(|(_, line)| line.starts_with("engine replay"))
    );
}

#[test]
fn a_host_that_cancels_gets_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let host = Recorder::default();
    host.stop.set();
    let result = translate(folder.path(), &host);
    assert!(matches!(
        result,
        DocumentResult::Interrupted { done: 0, total: 1 }
    ));
    assert!(!folder.path().join("report.json").exists());
}
