//! The token by which a caller stops a run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

/// Tells a run to finish what is in flight and send nothing more. An answer that arrives bit by bit
/// is not waited for.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<CancelState>);

#[derive(Debug, Default)]
struct CancelState {
    is_set: AtomicBool,
    /// The run that waits for its answers.
    waiting: Mutex<Option<Waker>>,
}

impl CancelToken {
    /// Asks to stop.
    pub fn set(&self) {
        self.0.is_set.store(true, Ordering::Relaxed);
        let waiting = self.0.waiting.lock();
        if let Some(run) = waiting.unwrap_or_else(PoisonError::into_inner).take() {
            run.wake();
        }
    }

    /// Whether somebody asked.
    pub fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::Relaxed)
    }

    /// Whether somebody asked; if not, this task is woken when somebody does.
    pub(super) fn poll(&self, context: &Context<'_>) -> bool {
        let waiting = self.0.waiting.lock();
        *waiting.unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
        self.is_set()
    }
}
