//! Days as they are counted in Sweden.

use time::{Date, OffsetDateTime, Time};
use time_tz::{Offset as _, OffsetDateTimeExt as _, TimeZone as _, timezones};

/// The date in Sweden at a moment.
pub fn day_in_sweden(at: OffsetDateTime) -> Date {
    at.to_timezone(timezones::db::europe::STOCKHOLM).date()
}

/// The moment when a date begins in Sweden.
pub fn begin_in_sweden(day: Date) -> OffsetDateTime {
    let midnight = day.with_time(Time::MIDNIGHT).assume_utc();
    // Clocks are never changed at midnight, so the offset just before it is the offset at it.
    let offset = timezones::db::europe::STOCKHOLM
        .get_offset_utc(&(midnight - time::Duration::hours(2)))
        .to_utc();
    midnight - time::Duration::seconds(i64::from(offset.whole_seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn the_day_turns_at_swedish_midnight() {
        assert_eq!(day_in_sweden(datetime!(2026-06-30 22:00 UTC)), date!(2026 - 07 - 01));
        assert_eq!(day_in_sweden(datetime!(2026-12-31 22:59 UTC)), date!(2026 - 12 - 31));
        assert_eq!(begin_in_sweden(date!(2026 - 07 - 01)), datetime!(2026-06-30 22:00 UTC));
        assert_eq!(begin_in_sweden(date!(2026 - 12 - 31)), datetime!(2026-12-30 23:00 UTC));
        assert_eq!(begin_in_sweden(date!(2026 - 03 - 30)), datetime!(2026-03-29 22:00 UTC));
    }
}
