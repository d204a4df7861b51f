//! Progress bars, on stderr and only where a person looks.

use super::World;
use crate::engine::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar, or nothing.
pub struct Bar(Option<ProgressBar>);

/// A bar for texts, which shows itself when it is moved; nothing where nobody looks.
pub fn bar(world: &World) -> Bar {
    if !world.shows_progress() {
        return Bar(None);
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} segments {eta}") {
        bar.set_style(style);
    }
    Bar(Some(bar))
}

/// A bar for bytes of files, or nothing.
pub struct Bytes(Option<ProgressBar>);

/// A bar for downloads; nothing where nobody looks.
pub fn bytes(world: &World) -> Bytes {
    if !world.shows_progress() {
        return Bytes(None);
    }
    let bar = ProgressBar::new(0);
    let style =
        ProgressStyle::with_template("{msg:32!} {bar:20} {bytes:>10}/{total_bytes:10} {eta}");
    if let Ok(style) = style {
        bar.set_style(style);
    }
    Bytes(Some(bar))
}

impl Bytes {
    /// Moves it.
    pub fn set(&self, file: &str, done: u64, total: u64) {
        if let Some(bar) = &self.0 {
            bar.set_message(file.to_owned());
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    /// Takes it away.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

impl Bar {
    /// Moves it.
    pub fn set(&self, progress: Progress) {
        if let Some(bar) = &self.0 {
            bar.set_length(progress.total as u64);
            bar.set_position(progress.done as u64);
        }
    }

    /// Takes it away.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
