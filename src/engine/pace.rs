//! The pace of a run: how fast a model writes, when it will be done, and how many texts a request
//! may have.

use std::time::Duration;

/// Texts of the first request to an engine whose pace nobody knows.
pub(super) const FIRST_TEXTS: usize = 2;

/// The size of requests: small at first where the pace is unknown, half as large after silence,
/// then as large as the pace permits.
#[derive(Debug, Clone, Copy)]
pub(super) struct BatchSize {
    /// Texts of the next request at most.
    most: usize,
    /// Whether the last change was to fewer: then it grows no faster than twofold.
    shrunk: bool,
    /// Whether it follows the pace at all.
    is_adaptive: bool,
}

impl BatchSize {
    pub(super) fn new(starts_small: bool) -> Self {
        Self {
            most: if starts_small {
                FIRST_TEXTS
            } else {
                usize::MAX
            },
            shrunk: false,
            is_adaptive: starts_small,
        }
    }

    pub(super) fn most(self) -> usize {
        self.most
    }

    /// After a request that fell silent.
    pub(super) fn shrink(&mut self, texts: usize) {
        self.most = (texts / 2).clamp(1, self.most);
        (self.shrunk, self.is_adaptive) = (true, true);
    }

    /// After a request for so many texts that took so long: the next one is as large as fits into
    /// `silence`, the time that an answer may be silent, so that no more than that is lost.
    pub(super) fn grow(&mut self, texts: usize, took: Duration, silence: Duration) {
        if !self.is_adaptive || texts == 0 {
            return;
        }
        let by_pace = silence.as_secs_f64() * texts as f64 / took.as_secs_f64().max(1e-3);
        let most = if self.shrunk {
            self.most.saturating_mul(2)
        } else {
            usize::MAX
        };
        self.most = (by_pace as usize).clamp(1, most);
        self.shrunk = self.most == most;
    }
}

/// The tokens of a run, from the first request on.
#[derive(Debug, Clone, Copy)]
pub(super) struct TokenPace {
    began: Duration,
    tokens: u64,
    /// Characters of the texts that are through.
    characters: u64,
}

impl TokenPace {
    pub(super) fn new(now: Duration) -> Self {
        Self {
            began: now,
            tokens: 0,
            characters: 0,
        }
    }

    pub(super) fn token(&mut self) {
        self.tokens += 1;
    }

    pub(super) fn through(&mut self, characters: u64) {
        self.characters += characters;
    }

    /// Tokens a second, and the seconds that so many further characters take; none before there
    /// are any.
    pub(super) fn figures(self, now: Duration, left: u64) -> (Option<f32>, Option<u64>) {
        let seconds = now.saturating_sub(self.began).as_secs_f64();
        if self.tokens == 0 || seconds < 0.5 {
            return (None, None);
        }
        let rest = (self.characters > 0).then(|| {
            let each = seconds / self.characters as f64;
            (each * left as f64).ceil() as u64
        });
        (Some((self.tokens as f64 / seconds) as f32), rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_shrink_after_silence_and_grow_with_the_pace() {
        let second = Duration::from_secs(1);
        let mut size = BatchSize::new(true);
        assert_eq!(size.most(), FIRST_TEXTS);
        size.grow(2, second, 4 * second);
        assert_eq!(size.most(), 8);
        size.shrink(8);
        size.shrink(4);
        assert_eq!(size.most(), 2);
        size.shrink(1);
        assert_eq!(size.most(), 1);
        size.grow(1, second / 10, 60 * second);
        assert_eq!(size.most(), 2);
        size.grow(2, second, 60 * second);
        assert_eq!(size.most(), 4);
        size.grow(4, 200 * second, 60 * second);
        assert_eq!(size.most(), 1);
        // Where the pace is not in question, requests are as large as the limits.
        let mut size = BatchSize::new(false);
        size.grow(2, 100 * second, second);
        assert_eq!(size.most(), usize::MAX);
        size.shrink(50);
        assert_eq!(size.most(), 25);
    }

    #[test]
    fn the_time_left_follows_from_what_is_through() {
        let at = Duration::from_secs;
        let mut pace = TokenPace::new(at(100));
        assert_eq!(pace.figures(at(110), 50), (None, None));
        for _ in 0..30 {
            pace.token();
        }
        assert_eq!(pace.figures(at(110), 50), (Some(3.0), None));
        pace.through(100);
        assert_eq!(pace.figures(at(110), 50), (Some(3.0), Some(5)));
    }
}
