//! Days as they are counted in Sweden.

use time::{Date, Month, OffsetDateTime, Time, Weekday};
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

/// The moment when the clock in Sweden shows this time on this day. A time that daylight saving takes away is an hour later; of one that comes
/// twice it is the first.
pub fn moment_in_sweden(day: Date, clock: Time) -> OffsetDateTime {
    let local = day.with_time(clock).assume_utc();
    let offset = |at: OffsetDateTime| {
        let seconds = timezones::db::europe::STOCKHOLM
            .get_offset_utc(&at)
            .to_utc()
            .whole_seconds();
        time::Duration::seconds(i64::from(seconds))
    };
    // Summer's offset leads to the earlier moment: it is right when it holds there.
    let early = local - time::Duration::hours(2);
    if offset(early) == time::Duration::hours(2) {
        early
    } else {
        local - time::Duration::hours(1)
    }
}

/// Whether a day is a Saturday, a Sunday or a public holiday in Sweden (lag 1989:253), or one of the eves that count as such for those
/// who work (semesterlagen 3 a §: Midsummer's, Christmas and New Year's).
pub fn is_free_in_sweden(day: Date) -> bool {
    if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return true;
    }
    let fixed = matches!(
        (day.month(), day.day()),
        (Month::January, 1 | 6) | (Month::May, 1) | (Month::June, 6) | (Month::December, 24 | 25 | 26 | 31)
    );
    // Midsummer's eve is the Friday from the 19th to the 25th of June.
    let midsummer = day.month() == Month::June && day.weekday() == Weekday::Friday && (19..=25).contains(&day.day());
    // Good Friday, Easter Monday and Ascension Day; the other days of Easter and Pentecost are Sundays.
    let from_easter = easter(day.year()).map(|easter| (day - easter).whole_days());
    fixed || midsummer || matches!(from_easter, Some(-2 | 1 | 39))
}

/// Easter Sunday of a year, by the Gregorian computus.
fn easter(year: i32) -> Option<Date> {
    let golden = year % 19;
    let century = year / 100;
    let skipped = century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15;
    let epact = skipped % 30;
    let moon = epact - (epact / 28) * (1 - (29 / (epact + 1)) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    let from_march = moon - weekday;
    let month = 3 + (from_march + 40) / 44;
    let day = from_march + 28 - 31 * (month / 4);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(day).ok()?).ok()
}

/// The first moment of the day after `day` in Sweden; nothing at the end of the calendar.
pub fn first_moment_after(day: Date) -> Option<OffsetDateTime> {
    day.next_day().map(begin_in_sweden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_sweden_follows_the_summer() {
        use time::macros::{date, datetime, time};
        for (day, clock, expected) in [
            (date!(2026 - 01 - 15), time!(12:00), datetime!(2026-01-15 11:00 UTC)),
            (date!(2026 - 07 - 15), time!(12:00), datetime!(2026-07-15 10:00 UTC)),
            (date!(2026 - 03 - 29), time!(01:30), datetime!(2026-03-29 00:30 UTC)),
            (date!(2026 - 03 - 29), time!(02:30), datetime!(2026-03-29 01:30 UTC)),
            (date!(2026 - 03 - 29), time!(03:30), datetime!(2026-03-29 01:30 UTC)),
            (date!(2026 - 10 - 25), time!(02:30), datetime!(2026-10-25 00:30 UTC)),
            (date!(2026 - 10 - 25), time!(03:30), datetime!(2026-10-25 02:30 UTC)),
        ] {
            assert_eq!(moment_in_sweden(day, clock), expected, "{day} {clock}");
        }
    }
    use time::macros::{date, datetime};

    #[test]
    fn a_day_ends_at_midnight_in_sweden() {
        let ends = |day| first_moment_after(day).unwrap();
        assert_eq!(ends(date!(2026 - 06 - 30)), datetime!(2026-06-30 22:00 UTC));
        assert_eq!(ends(date!(2026 - 12 - 31)), datetime!(2026-12-31 23:00 UTC));
        assert_eq!(
            ends(date!(2026 - 03 - 29)),
            datetime!(2026-03-29 22:00 UTC),
            "summer time begins"
        );
        assert_eq!(ends(date!(2026 - 10 - 25)), datetime!(2026-10-25 23:00 UTC), "and ends");
        assert_eq!(first_moment_after(Date::MAX), None);
    }

    #[test]
    fn the_day_turns_at_swedish_midnight() {
        assert_eq!(day_in_sweden(datetime!(2026-06-30 22:00 UTC)), date!(2026 - 07 - 01));
        assert_eq!(day_in_sweden(datetime!(2026-12-31 22:59 UTC)), date!(2026 - 12 - 31));
        assert_eq!(begin_in_sweden(date!(2026 - 07 - 01)), datetime!(2026-06-30 22:00 UTC));
        assert_eq!(begin_in_sweden(date!(2026 - 12 - 31)), datetime!(2026-12-30 23:00 UTC));
        assert_eq!(begin_in_sweden(date!(2026 - 03 - 30)), datetime!(2026-03-29 22:00 UTC));
    }

    #[test]
    fn free_days_are_the_swedish_ones() {
        for free in [
            date!(2027 - 01 - 01),
            date!(2027 - 01 - 06),
            date!(2027 - 03 - 26),
            date!(2027 - 03 - 29),
            date!(2027 - 05 - 06),
            date!(2024 - 06 - 06),
            date!(2027 - 06 - 25),
            date!(2026 - 06 - 19),
            date!(2027 - 12 - 24),
            date!(2026 - 11 - 28),
        ] {
            assert!(is_free_in_sweden(free), "{free}");
        }
        for working in [
            date!(2027 - 01 - 07),
            date!(2027 - 03 - 25),
            date!(2027 - 03 - 30),
            date!(2027 - 06 - 24),
        ] {
            assert!(!is_free_in_sweden(working), "{working}");
        }
    }

    #[test]
    fn easter_is_where_the_almanacs_have_it() {
        for sunday in [
            date!(2024 - 03 - 31),
            date!(2025 - 04 - 20),
            date!(2026 - 04 - 05),
            date!(2027 - 03 - 28),
            date!(2038 - 04 - 25),
            date!(2049 - 04 - 18),
            date!(2076 - 04 - 19),
        ] {
            assert_eq!(easter(sunday.year()), Some(sunday));
        }
    }
}
