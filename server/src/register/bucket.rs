//! A bucket of tokens: so many at once, and then one more every so often.

use std::time::Duration;
use time::OffsetDateTime;

/// Tokens that come back with time.
pub(super) struct Bucket {
    most: u32,
    one_more_after: Duration,
    tokens: u32,
    since: OffsetDateTime,
}

impl Bucket {
    /// A bucket of `most` tokens, full at `now`.
    pub(super) fn full(most: u32, one_more_after: Duration, now: OffsetDateTime) -> Self {
        Self {
            most,
            one_more_after,
            tokens: most,
            since: now,
        }
    }

    /// Takes one, if there is one.
    pub(super) fn take(&mut self, now: OffsetDateTime) -> bool {
        while self.tokens < self.most && now - self.since >= self.one_more_after {
            self.tokens += 1;
            self.since += self.one_more_after;
        }
        if self.tokens >= self.most {
            self.since = now;
        }
        let one = self.tokens.checked_sub(1);
        self.tokens = one.unwrap_or(0);
        one.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn tokens_come_back_one_by_one_and_not_beyond_the_brim() {
        let start = datetime!(2026-11-23 08:00 UTC);
        let mut bucket = Bucket::full(2, Duration::from_secs(10), start);
        let mut take = |seconds| bucket.take(start + time::Duration::seconds(seconds));
        assert_eq!([take(0), take(0), take(0)], [true, true, false]);
        assert_eq!([take(9), take(10), take(11)], [false, true, false]);
        assert_eq!([take(3600), take(3600), take(3600)], [true, true, false]);
    }
}
