//! Where a person's clock is.

use serde::{Deserialize, Serialize};
use std::fmt;
use time::{Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};
use time_tz::{OffsetDateTimeExt as _, OffsetResult, PrimitiveDateTimeExt as _, TimeZone as _, Tz, timezones};

/// The zones to choose from: Europe's, and where people from Sweden often are. Names of the IANA database.
pub const ZONES: [&str; 18] = [
    "Europe/Stockholm",
    "Europe/Helsinki",
    "Europe/London",
    "Europe/Lisbon",
    "Atlantic/Reykjavik",
    "Atlantic/Canary",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Bangkok",
    "Asia/Tokyo",
    "Australia/Sydney",
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "America/Nuuk",
];

/// A time zone of the IANA database, with its daylight saving.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone(&'static Tz);

/// There is no such zone to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such time zone to choose")]
pub struct NoSuchZone;

impl Default for Zone {
    fn default() -> Self {
        Self(timezones::db::europe::STOCKHOLM)
    }
}

impl Zone {
    /// One of [`ZONES`].
    pub fn named(name: &str) -> Result<Self, NoSuchZone> {
        let known = ZONES.contains(&name).then(|| timezones::get_by_name(name)).flatten();
        known.map(Self).ok_or(NoSuchZone)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What the clock there says.
    pub fn local(self, at: OffsetDateTime) -> PrimitiveDateTime {
        let local = at.to_timezone(self.0);
        PrimitiveDateTime::new(local.date(), local.time())
    }

    /// When the clock there strikes an hour of a day, in UTC. An hour that daylight saving takes away is struck when the clock has
    /// been moved; of one that comes twice it is the first.
    pub(super) fn moment(self, date: Date, hour: u8) -> OffsetDateTime {
        let mut local = PrimitiveDateTime::new(date, Time::from_hms(hour, 0, 0).unwrap_or(Time::MIDNIGHT));
        // No gap of any zone is longer than a day; a quarter is the finest step of any.
        for _ in 0..=96 {
            match local.assume_timezone(self.0) {
                OffsetResult::Some(at) => return at.to_offset(UtcOffset::UTC),
                OffsetResult::Ambiguous(one, other) => return one.min(other).to_offset(UtcOffset::UTC),
                OffsetResult::None => local += Duration::minutes(15),
            }
        }
        local.assume_utc()
    }
}

impl TryFrom<String> for Zone {
    type Error = NoSuchZone;

    fn try_from(name: String) -> Result<Self, NoSuchZone> {
        Self::named(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name().to_owned()
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn every_zone_to_choose_is_there() {
        for name in ZONES {
            assert_eq!(Zone::named(name).map(Zone::name), Ok(name));
        }
        assert_eq!(Zone::named("Europe/Atlantis"), Err(NoSuchZone));
    }

    #[test]
    fn hours_are_struck_on_the_days_when_the_clock_is_moved() {
        let stockholm = Zone::default();
        assert_eq!(
            stockholm.moment(date!(2027 - 03 - 28), 1),
            datetime!(2027-03-28 00:00 UTC)
        );
        assert_eq!(
            stockholm.moment(date!(2027 - 03 - 28), 2),
            datetime!(2027-03-28 01:00 UTC),
            "02 is 03"
        );
        assert_eq!(
            stockholm.moment(date!(2027 - 03 - 28), 8),
            datetime!(2027-03-28 06:00 UTC)
        );
        assert_eq!(
            stockholm.moment(date!(2027 - 10 - 31), 2),
            datetime!(2027-10-31 00:00 UTC),
            "the first of two"
        );
        assert_eq!(
            stockholm.moment(date!(2027 - 10 - 31), 8),
            datetime!(2027-10-31 07:00 UTC)
        );
    }
}
