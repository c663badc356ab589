//! What is counted as it happens. It waits in memory until it is written (`support::numbers`): counting must cost a delivery nothing.

use crate::domain::day_figure::DayFigure;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use time::Date;
use uuid::Uuid;

/// So many mailboxes must stand behind a figure for it to be shown; more need not be known.
pub const ENOUGH: usize = 5;

/// Whether so many may stand for all.
pub fn is_enough(behind: i64) -> bool {
    usize::try_from(behind).is_ok_and(|behind| behind >= ENOUGH)
}

/// How many, and of whom: the first [`ENOUGH`] mailboxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub total: i64,
    /// Mailboxes that stand behind it.
    pub behind: BTreeSet<Uuid>,
}

impl Count {
    fn add(&mut self, total: i64, behind: impl IntoIterator<Item = Uuid>) {
        self.total += total;
        for mailbox in behind {
            if self.behind.len() < ENOUGH {
                self.behind.insert(mailbox);
            }
        }
    }
}

/// What was counted, by day and figure.
pub type Counted = BTreeMap<(Date, DayFigure), Count>;

/// What was counted and is not written yet. As big as a few days' figures, however much is counted.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<Mutex<Counted>>);

impl Tally {
    /// Counts, on a day, so many that a mailbox stands behind.
    pub fn count(&self, day: Date, figure: DayFigure, total: i64, mailbox: Uuid) {
        self.counted().entry((day, figure)).or_default().add(total, [mailbox]);
    }

    /// Takes out what is to be written.
    pub fn take(&self) -> Counted {
        std::mem::take(&mut *self.counted())
    }

    /// Puts back what could not be written.
    pub fn put_back(&self, back: Counted) {
        let mut counted = self.counted();
        for (of, count) in back {
            counted.entry(of).or_default().add(count.total, count.behind);
        }
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn what_is_put_back_is_counted_once() {
        let (tally, day) = (Tally::default(), date!(2026 - 11 - 27));
        for number in 0..9 {
            tally.count(day, DayFigure::Letters, 2, Uuid::from_u128(number));
        }
        let taken = tally.take();
        assert_eq!(taken[&(day, DayFigure::Letters)].total, 18);
        assert_eq!(
            taken[&(day, DayFigure::Letters)].behind.len(),
            ENOUGH,
            "more need not be known"
        );
        tally.count(day, DayFigure::Letters, 1, Uuid::from_u128(1));
        tally.put_back(taken);
        assert_eq!(tally.take()[&(day, DayFigure::Letters)].total, 19);
        assert!(tally.take().is_empty());
    }
}
