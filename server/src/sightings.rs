//! Certificates of others, as they are seen. They wait in memory until they are written (`support::certificates`): seeing one must cost a
//! delivery nothing, and one that was seen today is not seen again today.

use crate::domain::certificate::SeenAs;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::{Date, OffsetDateTime};

/// Certificates that are remembered at once. Each has been trusted by somebody whom we trust, so there are not many.
const MOST: usize = 10_000;

/// A certificate that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Where.
    pub seen_as: SeenAs,
    /// When.
    pub at: OffsetDateTime,
    /// The certificate.
    pub der: Vec<u8>,
}

#[derive(Debug, Default)]
struct Seen {
    /// On which day each was seen last, by its fingerprint.
    days: HashMap<([u8; 32], SeenAs), Date>,
    waiting: Vec<Sighting>,
}

/// What was seen and is not written yet. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Sightings(Arc<Mutex<Seen>>);

impl Sightings {
    /// Notes a certificate, once a day.
    pub fn note(&self, seen_as: SeenAs, fingerprint: [u8; 32], der: &[u8], at: OffsetDateTime) {
        let (key, today) = ((fingerprint, seen_as), at.date());
        let mut seen = self.seen();
        if seen.days.get(&key) == Some(&today) {
            return;
        }
        if seen.days.len() >= MOST {
            seen.days.retain(|_, day| *day == today);
        }
        if seen.days.len() >= MOST || seen.waiting.len() >= MOST {
            return;
        }
        seen.days.insert(key, today);
        seen.waiting.push(Sighting {
            seen_as,
            at,
            der: der.to_vec(),
        });
    }

    /// Takes out what is to be written.
    pub fn take(&self) -> Vec<Sighting> {
        std::mem::take(&mut self.seen().waiting)
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, back: Vec<Sighting>) {
        self.seen().waiting.extend(back);
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    #[test]
    fn a_certificate_is_seen_once_a_day_in_each_place() {
        let (sightings, now) = (Sightings::default(), datetime!(2026-11-27 08:00 UTC));
        for seconds in 0..1_000 {
            sightings.note(SeenAs::Seal, [1; 32], b"one", now + Duration::seconds(seconds));
        }
        sightings.note(SeenAs::Signature, [1; 32], b"one", now);
        let taken = sightings.take();
        assert_eq!(taken.len(), 2);
        sightings.put_back(taken);
        assert_eq!(sightings.take().len(), 2, "what could not be written waits");
        sightings.note(SeenAs::Seal, [1; 32], b"one", now + Duration::DAY);
        assert_eq!(sightings.take().len(), 1, "another day");
    }
}
