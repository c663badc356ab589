//! Time, ids and randomness. Everything that needs one is given it; nothing else asks the machine.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Tells the time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> OffsetDateTime + Send + Sync>);

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Arc::new(OffsetDateTime::now_utc))
    }

    /// One that always tells the same time: for what is done now as if it had been done then.
    pub fn stopped_at(at: OffsetDateTime) -> Self {
        Self(Arc::new(move || at))
    }

    /// Now, in UTC.
    pub fn now(&self) -> OffsetDateTime {
        (self.0)()
    }
}

/// A clock that a test moves by hand.
#[derive(Clone, Debug)]
pub struct HandClock(Arc<Mutex<OffsetDateTime>>);

impl HandClock {
    /// Stands at `start`.
    pub fn at(start: OffsetDateTime) -> Self {
        Self(Arc::new(Mutex::new(start)))
    }

    /// Moves on.
    pub fn advance(&self, by: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// The clock to give away.
    pub fn clock(&self) -> Clock {
        let hand = self.0.clone();
        Clock(Arc::new(move || *hand.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Makes ids and secrets from the system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ids;

impl Ids {
    /// A UUIDv7 for `at`: rows made later sort later.
    pub fn at(self, at: OffsetDateTime) -> Uuid {
        let seconds = u64::try_from(at.unix_timestamp()).unwrap_or(0);
        Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, at.nanosecond()))
    }

    /// The moment that an id was made for, to the millisecond; none of one that names none.
    pub fn moment(self, id: Uuid) -> Option<OffsetDateTime> {
        let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
        let whole = OffsetDateTime::from_unix_timestamp(i64::try_from(seconds).ok()?).ok()?;
        Some(whole + Duration::nanoseconds(i64::from(nanoseconds)))
    }

    /// The smallest id of its millisecond: every id made later is greater.
    pub fn first_at(self, at: OffsetDateTime) -> Uuid {
        let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
    }

    /// The same id for the same moment and the same hash: for what must be there once, whoever makes it.
    pub fn derived(self, at: OffsetDateTime, hash: &[u8; 32]) -> Uuid {
        let millis = u64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
        let bytes = hash.first_chunk::<10>().copied().unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }

    /// A random UUID, for references that tell nothing.
    pub fn random(self) -> Uuid {
        Uuid::new_v4()
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// The system has no randomness to give: nothing secret can be made.
    pub fn bytes<const N: usize>(self) -> Result<[u8; N], getrandom::Error> {
        let mut bytes = [0; N];
        getrandom::fill(&mut bytes)?;
        Ok(bytes)
    }
}
