//! Times as people in Sweden say them, from times in UTC.

use super::NO_BREAK;
use crate::i18n::Locale;
use crate::words::say;
use leptos_i18n::td_string;
use time::{Date, Duration, Month, OffsetDateTime, UtcOffset, Weekday};

/// The part of the list that a letter stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Today,
    Yesterday,
    ThisWeek,
    LastWeek,
    Earlier,
}

impl Group {
    pub(crate) fn heading(self, l: Locale) -> &'static str {
        match self {
            Self::Today => td_string!(l, day.today),
            Self::Yesterday => td_string!(l, day.yesterday),
            Self::ThisWeek => td_string!(l, day.this_week),
            Self::LastWeek => td_string!(l, day.last_week),
            Self::Earlier => td_string!(l, day.earlier),
        }
    }
}

/// A moment seen from now, both in Swedish time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    at: OffsetDateTime,
    now: OffsetDateTime,
}

impl Moment {
    pub(crate) fn new(at: OffsetDateTime, now: OffsetDateTime) -> Self {
        Self {
            at: in_sweden(at),
            now: in_sweden(now),
        }
    }

    /// Weeks begin on Monday. What lies ahead (clocks differ) counts as today.
    pub(crate) fn group(self) -> Group {
        let (day, today) = (self.at.date(), self.now.date());
        let monday = today - Duration::days(i64::from(today.weekday().number_days_from_monday()));
        if day >= today {
            Group::Today
        } else if day == today - Duration::DAY {
            Group::Yesterday
        } else if day >= monday {
            Group::ThisWeek
        } else if day >= monday - Duration::WEEK {
            Group::LastWeek
        } else {
            Group::Earlier
        }
    }

    /// As a list under a heading has it: “08.14”, “fredag”, “2 mars”, “16 december 2025”.
    pub(crate) fn in_list(self, l: Locale) -> String {
        match self.group() {
            Group::Today | Group::Yesterday => self.clock(l),
            Group::ThisWeek | Group::LastWeek => weekday(l, self.at.weekday()).to_owned(),
            Group::Earlier => date(l, self.at.date(), self.now.date()),
        }
    }

    /// As a letter has it: “I dag 08.14”, “fredag 13 mars klockan 14.02”.
    pub(crate) fn in_letter(self, l: Locale) -> String {
        self.at_time(l, self.clock(l))
    }

    fn at_time(self, l: Locale, time: String) -> String {
        match self.group() {
            Group::Today => say!(l, day.today_at, time = time),
            Group::Yesterday => say!(l, day.yesterday_at, time = time),
            _ => say!(l, day.date_at, date = self.day_and_date(l, false), time = time),
        }
    }

    /// The same inside a sentence: “i dag 08.14”.
    pub(crate) fn in_sentence(self, l: Locale) -> String {
        self.inside(self.in_letter(l))
    }

    /// The same to the second, for what was in the same minute: “i dag 08.14.05”.
    pub(crate) fn in_sentence_to_the_second(self, l: Locale) -> String {
        let time = format!("{}{}{:02}", self.clock(l), mark(l), self.at.second());
        self.inside(self.at_time(l, time))
    }

    fn inside(self, words: String) -> String {
        match self.group() {
            Group::Today | Group::Yesterday => {
                let mut letters = words.chars();
                letters
                    .next()
                    .into_iter()
                    .flat_map(char::to_lowercase)
                    .chain(letters)
                    .collect()
            }
            _ => words,
        }
    }

    /// The same beside another moment, whose day is not said again: “08.14”.
    pub(crate) fn beside(self, l: Locale, other: OffsetDateTime) -> String {
        if in_sweden(other).date() == self.at.date() {
            self.clock(l)
        } else {
            self.in_sentence(l)
        }
    }

    /// Of a moment to come, inside a sentence: “i dag klockan 17.00”, “måndag 23 mars klockan 09.00”.
    pub(crate) fn in_future(self, l: Locale) -> String {
        let date = if self.at.date() == self.now.date() {
            td_string!(l, day.until_today).to_lowercase()
        } else if self.at.date() - self.now.date() == Duration::DAY {
            td_string!(l, day.until_tomorrow).to_lowercase()
        } else {
            self.day_and_date(l, false)
        };
        say!(l, day.date_at, date = date, time = self.clock(l))
    }

    /// In full: “tisdag 17 mars 2026 klockan 08.14”.
    pub(crate) fn in_full(self, l: Locale) -> String {
        say!(l, day.date_at, date = self.day_and_date(l, true), time = self.clock(l))
    }

    /// “17 mars 2026”.
    pub(crate) fn date_in_full(self, l: Locale) -> String {
        day_with_year(l, self.at.date())
    }

    /// “08.14”, “08:14”.
    pub(crate) fn clock(self, l: Locale) -> String {
        format!("{:02}{}{:02}", self.at.hour(), mark(l), self.at.minute())
    }

    /// For `<time datetime>`: local time with its offset from UTC.
    pub(crate) fn machine(self) -> String {
        machine_time(self.at)
    }

    fn day_and_date(self, l: Locale, with_year: bool) -> String {
        let named = weekday(l, self.at.weekday());
        let date = if with_year {
            day_with_year(l, self.at.date())
        } else {
            date(l, self.at.date(), self.now.date())
        };
        format!("{named}{NO_BREAK}{date}")
    }
}

/// A day on which something is due, as a sender has signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Due(Date);

impl Due {
    /// Reads `YYYY-MM-DD`.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let mut parts = written.get(..10)?.splitn(3, '-');
        let year = parts.next()?.parse().ok()?;
        let month: u8 = parts.next()?.parse().ok()?;
        let day = parts.next()?.parse().ok()?;
        Date::from_calendar_date(year, Month::try_from(month).ok()?, day)
            .ok()
            .map(Self)
    }

    /// “31 mars”.
    pub(crate) fn date(self, l: Locale, now: OffsetDateTime) -> String {
        date(l, self.0, in_sweden(now).date())
    }

    /// “tisdag 31 mars”.
    pub(crate) fn day_and_date(self, l: Locale, now: OffsetDateTime) -> String {
        format!("{}{NO_BREAK}{}", weekday(l, self.0.weekday()), self.date(l, now))
    }

    /// “Om 14 dagar”, “I morgon”, “Dagen har passerat”.
    pub(crate) fn until_then(self, l: Locale, now: OffsetDateTime) -> String {
        match (self.0 - in_sweden(now).date()).whole_days() {
            i64::MIN..=-1 => td_string!(l, day.until_passed).to_string(),
            0 => td_string!(l, day.until_today).to_string(),
            1 => td_string!(l, day.until_tomorrow).to_string(),
            n => say!(l, day.until_days, n = n),
        }
    }

    /// The day is over.
    pub(crate) fn is_past(self, now: OffsetDateTime) -> bool {
        self.0 < in_sweden(now).date()
    }

    /// For `<time datetime>`.
    pub(crate) fn machine(self) -> String {
        machine_day(self.0)
    }
}

/// `YYYY-MM-DD`.
fn machine_day(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

/// `YYYY-MM-DDTHH:MM:SS+01:00`.
fn machine_time(at: OffsetDateTime) -> String {
    let (hours, minutes, _) = at.offset().as_hms();
    format!(
        "{}T{:02}:{:02}:{:02}{hours:+03}:{:02}",
        machine_day(at.date()),
        at.hour(),
        at.minute(),
        at.second(),
        minutes.unsigned_abs()
    )
}

fn date(l: Locale, day: Date, today: Date) -> String {
    if day.year() == today.year() {
        format!("{}{NO_BREAK}{}", day.day(), month(l, day.month()))
    } else {
        day_with_year(l, day)
    }
}

/// “17 mars 2026”, of a day without a time.
pub(crate) fn day_with_year(l: Locale, day: Date) -> String {
    format!(
        "{}{NO_BREAK}{}{NO_BREAK}{}",
        day.day(),
        month(l, day.month()),
        day.year()
    )
}

/// Swedish time: an hour before UTC, two from the last Sunday of March to the last Sunday of October, each at 01.00 UTC
/// (directive 2000/84/EC, SFS 2001:127).
fn in_sweden(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(UtcOffset::UTC);
    let summer = match at.month() {
        Month::April | Month::May | Month::June | Month::July | Month::August | Month::September => true,
        Month::March => after_change(at),
        Month::October => !after_change(at),
        _ => false,
    };
    let hours = if summer { 2 } else { 1 };
    at.to_offset(UtcOffset::from_hms(hours, 0, 0).unwrap_or(UtcOffset::UTC))
}

/// Whether the change at 01.00 UTC on the last Sunday of a month with 31 days has been.
fn after_change(at: OffsetDateTime) -> bool {
    let days_since_sunday = at.weekday().number_days_from_sunday();
    let last_sunday_has_been = at.day() >= 25 + days_since_sunday;
    if at.weekday() == Weekday::Sunday && at.day() >= 25 {
        at.hour() >= 1
    } else {
        last_sunday_has_been
    }
}

/// The name of a day of the week, 1 for Monday.
pub(crate) fn weekday_named(l: Locale, day: u8) -> &'static str {
    weekday(l, Weekday::Monday.nth_next(day.saturating_sub(1) % 7))
}

/// What parts hours, minutes and seconds.
fn mark(l: Locale) -> char {
    match l {
        Locale::sv => '.',
        Locale::en => ':',
    }
}

fn weekday(l: Locale, day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => td_string!(l, weekday.d1),
        Weekday::Tuesday => td_string!(l, weekday.d2),
        Weekday::Wednesday => td_string!(l, weekday.d3),
        Weekday::Thursday => td_string!(l, weekday.d4),
        Weekday::Friday => td_string!(l, weekday.d5),
        Weekday::Saturday => td_string!(l, weekday.d6),
        Weekday::Sunday => td_string!(l, weekday.d7),
    }
}

fn month(l: Locale, month: Month) -> &'static str {
    match month {
        Month::January => td_string!(l, month.m1),
        Month::February => td_string!(l, month.m2),
        Month::March => td_string!(l, month.m3),
        Month::April => td_string!(l, month.m4),
        Month::May => td_string!(l, month.m5),
        Month::June => td_string!(l, month.m6),
        Month::July => td_string!(l, month.m7),
        Month::August => td_string!(l, month.m8),
        Month::September => td_string!(l, month.m9),
        Month::October => td_string!(l, month.m10),
        Month::November => td_string!(l, month.m11),
        Month::December => td_string!(l, month.m12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-03-17 08:20 UTC);

    fn seen(at: OffsetDateTime) -> Moment {
        Moment::new(at, NOW)
    }

    #[test]
    fn beside_another_moment_the_day_is_said_when_it_is_another() {
        let at = seen(datetime!(2026-03-16 20:30 UTC));
        assert_eq!(at.beside(Locale::sv, datetime!(2026-03-16 05:00 UTC)), "21.30");
        assert_eq!(at.beside(Locale::sv, datetime!(2026-03-15 22:00 UTC)), "i går 21.30");
    }

    #[test]
    fn a_list_says_the_time_the_day_or_the_date() {
        for (at, group, words) in [
            (datetime!(2026-03-17 07:14 UTC), Group::Today, "08.14"),
            (datetime!(2026-03-16 23:30 UTC), Group::Today, "00.30"),
            (datetime!(2026-03-16 20:30 UTC), Group::Yesterday, "21.30"),
            (datetime!(2026-03-13 13:02 UTC), Group::LastWeek, "fredag"),
            (datetime!(2026-03-09 06:00 UTC), Group::LastWeek, "måndag"),
            (datetime!(2026-03-02 09:21 UTC), Group::Earlier, "2\u{a0}mars"),
            (
                datetime!(2025-12-16 05:30 UTC),
                Group::Earlier,
                "16\u{a0}december\u{a0}2025",
            ),
        ] {
            assert_eq!(
                (seen(at).group(), seen(at).in_list(Locale::sv)),
                (group, words.to_owned()),
                "{at}"
            );
        }
        let thursday = Moment::new(datetime!(2026-03-17 07:14 UTC), datetime!(2026-03-19 10:00 UTC));
        assert_eq!(
            (thursday.group(), thursday.in_list(Locale::en)),
            (Group::ThisWeek, "Tuesday".to_owned())
        );
    }

    #[test]
    fn what_is_to_come_is_today_tomorrow_or_a_day() {
        for (at, words) in [
            (datetime!(2026-03-17 16:00 UTC), "i dag klockan 17.00"),
            (datetime!(2026-03-18 07:00 UTC), "i morgon klockan 08.00"),
            (
                datetime!(2026-03-23 08:00 UTC),
                "måndag\u{a0}23\u{a0}mars klockan 09.00",
            ),
        ] {
            assert_eq!(seen(at).in_future(Locale::sv), words);
        }
        assert_eq!(weekday_named(Locale::sv, 1), "måndag");
        assert_eq!(weekday_named(Locale::en, 7), "Sunday");
    }

    #[test]
    fn a_letter_says_more() {
        assert_eq!(
            seen(datetime!(2026-03-17 07:14 UTC)).in_letter(Locale::sv),
            "I dag 08.14"
        );
        assert_eq!(
            seen(datetime!(2026-03-17 07:14 UTC)).in_sentence(Locale::sv),
            "i dag 08.14"
        );
        assert_eq!(
            seen(datetime!(2026-03-17 07:14:05 UTC)).in_sentence_to_the_second(Locale::sv),
            "i dag 08.14.05"
        );
        assert_eq!(
            seen(datetime!(2026-03-13 13:02 UTC)).in_letter(Locale::sv),
            "fredag\u{a0}13\u{a0}mars klockan 14.02"
        );
        assert_eq!(
            seen(datetime!(2026-03-17 07:14 UTC)).in_full(Locale::en),
            "Tuesday\u{a0}17\u{a0}March\u{a0}2026 at 08:14"
        );
    }

    #[test]
    fn swedish_time_changes_on_the_last_sundays_at_one_utc() {
        for (utc, local) in [
            (datetime!(2026-03-29 00:59:59 UTC), "2026-03-29T01:59:59+01:00"),
            (datetime!(2026-03-29 01:00 UTC), "2026-03-29T03:00:00+02:00"),
            (datetime!(2026-10-25 00:59:59 UTC), "2026-10-25T02:59:59+02:00"),
            (datetime!(2026-10-25 01:00 UTC), "2026-10-25T02:00:00+01:00"),
            (datetime!(2024-03-30 12:00 UTC), "2024-03-30T13:00:00+01:00"),
            (datetime!(2024-03-31 12:00 UTC), "2024-03-31T14:00:00+02:00"),
            (datetime!(2027-10-30 12:00 UTC), "2027-10-30T14:00:00+02:00"),
            (datetime!(2027-10-31 12:00 UTC), "2027-10-31T13:00:00+01:00"),
            (datetime!(2026-07-01 22:30 UTC), "2026-07-02T00:30:00+02:00"),
            (datetime!(2025-12-31 23:30 UTC), "2026-01-01T00:30:00+01:00"),
        ] {
            assert_eq!(seen(utc).machine(), local);
        }
    }

    #[test]
    fn a_day_to_pay_is_counted_from_today() {
        let due = Due::parse("2026-03-31").unwrap();
        assert_eq!(due.day_and_date(Locale::sv, NOW), "tisdag\u{a0}31\u{a0}mars");
        assert_eq!(due.until_then(Locale::sv, NOW), "Om 14 dagar");
        assert_eq!(
            Due::parse("2026-03-18").unwrap().until_then(Locale::sv, NOW),
            "I morgon"
        );
        assert_eq!(
            Due::parse("2026-03-16").unwrap().until_then(Locale::en, NOW),
            "The day has passed"
        );
        assert_eq!(Due::parse("2026-02-30"), None);
        assert_eq!(Due::parse("snart"), None);
    }
}
