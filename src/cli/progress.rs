//! Progress bars, on stderr and only where a person looks.

use super::World;
use crate::engine::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// A bar, or nothing.
pub struct Bar(Option<ProgressBar>);

/// A bar for so many segments; nothing where nobody looks.
pub fn bar(world: &World, total: usize) -> Bar {
    if !world.shows_progress() {
        return Bar(None);
    }
    let bar = ProgressBar::new(total as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} segments {eta}") {
        bar.set_style(style);
    }
    Bar(Some(bar))
}

impl Bar {
    /// Moves it.
    pub fn set(&self, progress: Progress) {
        if let Some(bar) = &self.0 {
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
