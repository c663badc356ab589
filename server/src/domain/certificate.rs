//! Certificates: where they are seen, what ours are for, and when an end is near.

use super::named::named;
use time::{Duration, OffsetDateTime};

/// Where another's certificate is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeenAs {
    /// A mediator connected with it.
    Connection,
    /// A delivery was signed with it.
    Signature,
    /// A delivery was sealed with it.
    Seal,
}

const NAMES: [(SeenAs, &str); 3] = [
    (SeenAs::Connection, "connection"),
    (SeenAs::Signature, "signature"),
    (SeenAs::Seal, "seal"),
];

named!(SeenAs, NAMES);

/// What a certificate that we have at hand is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// Mediators connect to it.
    Service,
    /// We connect to the register with it.
    Register,
    /// We sign requests for login with it.
    LoginSigning,
    /// Answers to logins are encrypted to it.
    LoginEncryption,
    /// Who issues what mediators connect with.
    ConnectionAuthority,
    /// Who issues what deliveries are signed with.
    SigningAuthority,
    /// Who issues what the register answers with.
    RegisterAuthority,
    /// An identity provider signs answers with it.
    IdentityProvider,
}

impl Purpose {
    /// Whether it is ours to renew.
    pub fn is_own(self) -> bool {
        matches!(
            self,
            Self::Service | Self::Register | Self::LoginSigning | Self::LoginEncryption
        )
    }
}

/// How near an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// There is time.
    Far,
    /// Something should be done.
    Warning,
    /// Something must be done now.
    Alarm,
    /// It is over.
    Over,
}

/// Days before the end from which there is a warning, and an alarm.
const WARNING: i64 = 60;
const ALARM: i64 = 14;

/// Whole days that are left until an end; less than nothing when it is over.
pub fn days_left(ends_at: OffsetDateTime, now: OffsetDateTime) -> i64 {
    (ends_at - now)
        .whole_seconds()
        .div_euclid(Duration::DAY.whole_seconds())
}

impl Nearness {
    /// How near this end is.
    pub fn of(ends_at: OffsetDateTime, now: OffsetDateTime) -> Self {
        let days = days_left(ends_at, now);
        if days < 0 {
            Self::Over
        } else if days <= ALARM {
            Self::Alarm
        } else if days <= WARNING {
            Self::Warning
        } else {
            Self::Far
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_warning_from_sixty_days_and_an_alarm_from_fourteen() {
        let now = datetime!(2026-11-27 08:00 UTC);
        let of = |days, seconds| Nearness::of(now + Duration::days(days) + Duration::seconds(seconds), now);
        assert_eq!(of(61, 0), Nearness::Far);
        assert_eq!(of(60, 0), Nearness::Warning);
        assert_eq!(of(15, 0), Nearness::Warning);
        assert_eq!(of(14, 1), Nearness::Alarm);
        assert_eq!(of(0, 0), Nearness::Alarm);
        assert_eq!(of(0, -1), Nearness::Over);
        assert_eq!(days_left(now - Duration::SECOND, now), -1);
    }
}
