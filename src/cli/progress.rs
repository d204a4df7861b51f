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
            HostProgress::Texts {
                done,
                total,
                tokens_per_second,
                seconds_left,
            } => {
                let bar = bar.get_or_insert_with(|| texts(total));
                bar.set_position(done);
                if let Some(pace) = tokens_per_second {
                    bar.set_message(pace_of(pace, seconds_left));
                }
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
    styled(total, "{bar:30} {pos}/{len} segments {eta} {msg}")
}

/// The pace of a model, such as `3.1 tokens/s, 2 min left`.
fn pace_of(tokens_per_second: f32, seconds_left: Option<u64>) -> String {
    let left = match seconds_left {
        None => String::new(),
        Some(seconds @ 0..100) => format!(", {seconds} s left"),
        Some(seconds) => format!(", {} min left", seconds.div_ceil(60)),
    };
    format!("{tokens_per_second:.1} tokens/s{left}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_of_a_model_is_shown_with_the_time_left() {
        assert_eq!(pace_of(3.12, Some(121)), "3.1 tokens/s, 3 min left");
        assert_eq!(pace_of(40.0, Some(9)), "40.0 tokens/s, 9 s left");
        assert_eq!(pace_of(0.4, None), "0.4 tokens/s");
    }
}
