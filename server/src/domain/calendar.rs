//! Days as they are counted in Sweden.

use time::{Date, OffsetDateTime};
use time_tz::{OffsetDateTimeExt as _, timezones};

/// The date in Sweden at a moment.
pub fn day_in_sweden(at: OffsetDateTime) -> Date {
    at.to_timezone(timezones::db::europe::STOCKHOLM).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn the_day_turns_at_swedish_midnight() {
        assert_eq!(day_in_sweden(datetime!(2026-06-30 22:00 UTC)), date!(2026 - 07 - 01));
        assert_eq!(day_in_sweden(datetime!(2026-12-31 22:59 UTC)), date!(2026 - 12 - 31));
    }
}
