//! Quiet hours, weekends and public holidays: until when a notice is held.

use super::{Quiet, Rules};
use crate::domain::calendar::is_free_in_sweden;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime};

/// The evening before a free day begins at this hour.
const EVENING: u8 = 18;

/// When a day begins for those who have no quiet hours that end in a morning.
const MORNING: u8 = 8;

/// No hold is made of more parts than this: Christmas and New Year with a weekend between them.
const PARTS: usize = 64;

impl Rules {
    /// The first moment from `at` on when something may be told.
    pub fn released(&self, at: OffsetDateTime) -> OffsetDateTime {
        let mut at = at;
        for _ in 0..PARTS {
            let Some((date, hour)) = self.held_until(self.zone.local(at)) else {
                return at;
            };
            let until = self.zone.moment(date, hour);
            // Where daylight saving took the hour that ends the hold, the clock's next hour ends it.
            at = if until > at { until } else { at + Duration::HOUR };
        }
        at
    }

    /// The local day and hour that end the hold which `local` lies in.
    fn held_until(&self, local: PrimitiveDateTime) -> Option<(Date, u8)> {
        let (date, hour) = (local.date(), local.hour());
        let tomorrow = date + Duration::DAY;
        if self.free_days {
            let evening_before = hour >= EVENING && is_free_in_sweden(tomorrow);
            if is_free_in_sweden(date) || evening_before {
                return Some((working_day_from(tomorrow), self.morning()));
            }
            // The free day before lasts until this one begins.
            if hour < self.morning() && is_free_in_sweden(date - Duration::DAY) {
                return Some((date, self.morning()));
            }
        }
        let quiet = self.quiet?;
        let (from, to) = (u8::from(quiet.from()), u8::from(quiet.to()));
        match crosses_midnight(quiet) {
            false if (from..to).contains(&hour) => Some((date, to)),
            true if hour < to => Some((date, to)),
            true if hour >= from => Some((tomorrow, to)),
            _ => None,
        }
    }

    /// The hour at which what was held over free days is told.
    fn morning(&self) -> u8 {
        self.quiet
            .filter(|quiet| crosses_midnight(*quiet))
            .map_or(MORNING, |quiet| u8::from(quiet.to()))
    }
}

fn crosses_midnight(quiet: Quiet) -> bool {
    quiet.from() > quiet.to()
}

fn working_day_from(date: Date) -> Date {
    let mut day = date;
    while is_free_in_sweden(day) {
        day += Duration::DAY;
    }
    day
}

#[cfg(test)]
mod tests {
    use super::super::{Hour, ZONES, Zone};
    use super::*;
    use proptest::prelude::*;
    use time::macros::datetime;

    fn rules(quiet: Option<(u8, u8)>, free_days: bool) -> Rules {
        let hour = |hour| Hour::try_from(hour).unwrap();
        Rules {
            quiet: quiet.and_then(|(from, to)| Quiet::new(hour(from), hour(to))),
            free_days,
            ..Rules::default()
        }
    }

    #[test]
    fn a_night_holds_until_its_morning() {
        let night = rules(Some((20, 8)), false);
        for (at, until) in [
            (datetime!(2027-02-03 11:00 UTC), datetime!(2027-02-03 11:00 UTC)),
            (datetime!(2027-02-03 19:00 UTC), datetime!(2027-02-04 07:00 UTC)),
            (datetime!(2027-02-04 06:59:59 UTC), datetime!(2027-02-04 07:00 UTC)),
            (datetime!(2027-02-04 07:00 UTC), datetime!(2027-02-04 07:00 UTC)),
            // The nights when the clock is moved are an hour shorter and longer.
            (datetime!(2027-03-27 19:00 UTC), datetime!(2027-03-28 06:00 UTC)),
            (datetime!(2027-10-30 18:00 UTC), datetime!(2027-10-31 07:00 UTC)),
        ] {
            assert_eq!(night.released(at), until, "{at}");
        }
    }

    #[test]
    fn a_friday_evening_holds_until_monday_and_christmas_until_it_is_over() {
        let days = rules(Some((20, 8)), true);
        for (at, until) in [
            (datetime!(2027-02-05 16:59 UTC), datetime!(2027-02-05 16:59 UTC)),
            (datetime!(2027-02-05 17:00 UTC), datetime!(2027-02-08 07:00 UTC)),
            (datetime!(2027-02-07 21:00 UTC), datetime!(2027-02-08 07:00 UTC)),
            (datetime!(2027-02-08 01:00 UTC), datetime!(2027-02-08 07:00 UTC)),
            (datetime!(2026-12-23 18:00 UTC), datetime!(2026-12-28 07:00 UTC)),
        ] {
            assert_eq!(days.released(at), until, "{at}");
        }
        let without_nights = rules(None, true);
        assert_eq!(
            without_nights.released(datetime!(2027-02-06 10:00 UTC)),
            datetime!(2027-02-08 07:00 UTC)
        );
    }

    prop_compose! {
        fn moments()(seconds in 1_780_000_000_i64..1_900_000_000) -> OffsetDateTime {
            OffsetDateTime::from_unix_timestamp(seconds).unwrap()
        }
    }

    prop_compose! {
        /// Moments around the days when the clock is moved, in Europe and in America.
        fn moves()(day in prop::sample::select(vec![
            datetime!(2027-03-28 00:00 UTC), datetime!(2027-10-31 00:00 UTC),
            datetime!(2027-03-14 06:00 UTC), datetime!(2027-11-07 05:00 UTC),
        ]), minutes in -2000_i64..2000) -> OffsetDateTime {
            day + Duration::minutes(minutes)
        }
    }

    proptest! {
        #[test]
        fn nothing_is_told_in_a_hold_and_nothing_is_held_for_ever(
            at in prop_oneof![moments(), moves()], quiet in prop::option::of((0_u8..24, 0_u8..24)), free in any::<bool>(),
            zone in prop::sample::select(ZONES.to_vec()),
        ) {
            let rules = Rules { zone: Zone::named(zone).unwrap(), ..rules(quiet, free) };
            let told = rules.released(at);
            prop_assert!(told >= at);
            prop_assert!(told - at <= Duration::days(8), "{} is held until {}", at, told);
            prop_assert_eq!(rules.held_until(rules.zone.local(told)), None);
            prop_assert_eq!(rules.released(told), told);
        }

        #[test]
        fn what_comes_later_is_not_told_earlier(
            at in prop_oneof![moments(), moves()], later in 0_i64..200_000, quiet in (0_u8..24, 0_u8..24), free in any::<bool>(),
        ) {
            let rules = rules(Some(quiet), free);
            prop_assert!(rules.released(at) <= rules.released(at + Duration::seconds(later)));
        }
    }
}
