//! A run of the command line: its setup, the clock, and the terminal that a person may look at.

use super::exit::Exit;
use super::progress::Bar;
use super::{interrupt, print};
use crate::config::{self, Environment, Layer, Sourced};
use crate::engine::{CancelToken, Clock};
use crate::workflow::{Error, Host, HostProgress, NoticeLevel, Setup};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// Options of every subcommand.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Global {
    /// Print errors only
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "verbose",
        display_order = 100
    )]
    pub quiet: bool,
    /// Print which settings, engine, glossary and memory are used
    #[arg(short, long, global = true, display_order = 101)]
    pub verbose: bool,
    /// Do not show progress bars
    #[arg(long, global = true, display_order = 102)]
    pub no_progress: bool,
}

/// The surroundings of a subcommand.
pub struct Session {
    /// Settings of files, environment and flags.
    pub setup: Setup,
    quiet: bool,
    verbose: bool,
    bar: Bar,
    stop: OnceLock<CancelToken>,
}

impl Session {
    /// Loads the settings of the working directory and the environment; `style` stands above them.
    ///
    /// Errors: those of [`Setup::new`].
    pub fn load(global: &Global, style: Option<&str>) -> Result<Self, Error> {
        let mut flags = Layer::new();
        if let Some(style) = style {
            let value = config::SettingValue::Text(style.to_owned());
            let origin = config::SettingOrigin::Flag;
            flags.insert("style".into(), Sourced { value, origin });
        }
        let shows_bars = !global.quiet && !global.no_progress && print::stderr_is_terminal();
        let session = Self {
            setup: Setup::new(&Environment::capture(), flags, Arc::new(WallClock))?,
            quiet: global.quiet,
            verbose: global.verbose,
            bar: Bar::new(shows_bars),
            stop: OnceLock::new(),
        };
        let settings = &session.setup.settings;
        for file in settings.file.iter().chain(&settings.dotenv) {
            let line = format!("settings: {}", file.display());
            session.notify(NoticeLevel::Detail, &line);
        }
        Ok(session)
    }

    /// The same terminal with another setup.
    pub fn with_setup(&self, setup: Setup) -> Self {
        Self {
            setup,
            bar: self.bar.clone(),
            stop: self.stop.clone(),
            ..*self
        }
    }

    /// Prints a line for the person, unless only errors are wanted.
    pub fn say(&self, line: &str) {
        self.notify(NoticeLevel::Info, line);
    }

    /// Whether a person can be asked something.
    pub fn can_ask(&self) -> bool {
        print::stdin_is_terminal() && print::stderr_is_terminal() && !self.quiet
    }
}

impl Host for Session {
    fn notify(&self, level: NoticeLevel, line: &str) {
        match level {
            _ if self.quiet => {}
            NoticeLevel::Detail if !self.verbose => {}
            NoticeLevel::Detail | NoticeLevel::Info => print::err(line),
            NoticeLevel::Warning => print::err(&format!("warning: {line}")),
        }
    }

    fn progress(&self, progress: HostProgress<'_>) {
        self.bar.show(progress);
    }

    fn now(&self) -> i64 {
        now()
    }

    fn cancelled(&self) -> CancelToken {
        self.stop.get_or_init(listen).clone()
    }
}

/// From now on, the first signal asks to stop, and a second one ends at once.
fn listen() -> CancelToken {
    let stop = CancelToken::default();
    let asked = stop.clone();
    tokio::spawn(async move {
        interrupt::asked().await;
        asked.set();
        print::err("stopping after the requests in flight; press Ctrl-C again to quit at once");
        interrupt::asked().await;
        print::end(Exit::Interrupted);
    });
    stop
}

/// Seconds since 1970-01-01 UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that asks the clock; the library is handed the answer"
)]
fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs() as i64)
}

/// The clock of the wall.
struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> i64 {
        now()
    }

    fn sleep<'a>(&'a self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(tokio::time::sleep(time))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the nanoseconds of the clock are random enough for a jitter"
    )]
    fn random(&self) -> f64 {
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .map_or(0.5, |since| {
                f64::from(since.subsec_nanos() % 1_000) / 1_000.0
            })
    }
}
