//! At most so many characters a minute, where the user sets a limit: Azure's free tier counts them
//! in a sliding window.
//!
//! With 33,000 a minute, a text of 30,000 characters goes out at once and one of 10,000 a minute
//! later.

use std::collections::VecDeque;

/// Seconds of the window.
const WINDOW_SECONDS: i64 = 60;

/// What was sent within the last minute.
#[derive(Debug)]
pub(super) struct RateLimiter {
    most: u64,
    sent: VecDeque<(i64, u64)>,
    within: u64,
}

impl RateLimiter {
    /// At most so many characters a minute; 0 counts as one.
    pub(super) fn new(most: u64) -> Self {
        Self {
            most: most.max(1),
            sent: VecDeque::new(),
            within: 0,
        }
    }

    /// Seconds to wait before so many characters may go out; 0 is now. More than fit into a minute
    /// go out alone.
    ///
    /// `now` is in seconds.
    pub(super) fn wait(&mut self, characters: u64, now: i64) -> u64 {
        while let Some(&(at, count)) = self.sent.front()
            && now - at >= WINDOW_SECONDS
        {
            self.within -= count;
            self.sent.pop_front();
        }
        match self.sent.front() {
            Some(&(at, _)) if self.within + characters > self.most => {
                (WINDOW_SECONDS - (now - at)).max(1) as u64
            }
            _ => 0,
        }
    }

    /// Notes that so many characters went out.
    pub(super) fn note(&mut self, characters: u64, now: i64) {
        self.sent.push_back((now, characters));
        self.within += characters;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_holds_no_more_than_allowed() {
        let mut limiter = RateLimiter::new(100);
        assert_eq!(limiter.wait(60, 0), 0);
        limiter.note(60, 0);
        assert_eq!(limiter.wait(40, 1), 0);
        limiter.note(40, 10);
        assert_eq!(limiter.wait(1, 20), 40);
        assert_eq!(limiter.wait(60, 60), 0, "the first has left the window");
        assert_eq!(limiter.wait(61, 60), 10);
        let mut alone = RateLimiter::new(10);
        assert_eq!(
            alone.wait(500, 0),
            0,
            "more than a minute's worth goes out alone"
        );
    }
}
