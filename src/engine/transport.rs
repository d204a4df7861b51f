//! The way to a service as [`super::translate_units`] sees it: attempts, limits of the user, and
//! the clock. The HTTP client implements it; an own engine with an own client may, too.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

/// The clock that is passed in, so that a retry test takes no time.
pub trait Clock: Send + Sync {
    /// Seconds since 1970-01-01 UTC.
    fn now(&self) -> i64;
    /// Time since a moment that stays the same; finer than [`Clock::now`] where the clock is.
    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.now().max(0) as u64)
    }
    /// Waits.
    fn sleep<'a>(&'a self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
    /// A number in 0..1 for the jitter.
    fn random(&self) -> f64;
}

/// The connection that an engine's requests use. Its counters steer how many are in flight.
pub trait Transport: Send + Sync {
    /// The clock.
    fn clock(&self) -> &dyn Clock;
    /// Attempts made so far.
    fn attempts(&self) -> u64;
    /// How often the service asked to slow down.
    fn slowed(&self) -> u64;
    /// Texts per request at most, below the engine's own limit.
    fn max_texts(&self) -> Option<usize> {
        None
    }
    /// Requests in flight at most, below the engine's own limit.
    fn concurrency(&self) -> Option<usize> {
        None
    }
    /// How long an answer may be silent.
    fn timeout(&self) -> Duration {
        Duration::from_secs(60)
    }
    /// Characters a minute at most.
    fn characters_per_minute(&self) -> Option<u64> {
        None
    }
}
