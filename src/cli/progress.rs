//! The progress bar, on stderr and only where a person looks.

use crate::workflow::HostProgress;
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::{Arc, Mutex, PoisonError};

/// A bar that appears with the first progress and goes with the last.
#[derive(Clone)]
pub struct Bar(Option<Arc<Mutex<Option<ProgressBar>>>>);

impl Bar {
    /// A bar; nothing where nobody looks.
    pub fn new(is_shown: bool) -> Self {
        Self(is_shown.then(Arc::default))
    }

    /// Draws how far a run is.
    pub fn show(&self, progress: HostProgress<'_>) {
        let Some(bar) = &self.0 else { return };
        let mut bar = bar.lock().unwrap_or_else(PoisonError::into_inner);
        match progress {
            HostProgress::Texts { done, total } => {
                bar.get_or_insert_with(|| texts(total)).set_position(done);
            }
            HostProgress::Bytes { file, done, total } => {
                let bar = bar.get_or_insert_with(bytes);
                bar.set_message(file.to_owned());
                bar.set_length(total);
                bar.set_position(done);
            }
            HostProgress::Finished => {
                if let Some(bar) = bar.take() {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

fn texts(total: u64) -> ProgressBar {
    styled(total, "{bar:30} {pos}/{len} segments {eta}")
}

fn bytes() -> ProgressBar {
    styled(0, "{msg:32!} {bar:20} {bytes:>10}/{total_bytes:10} {eta}")
}

fn styled(total: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
