//! Consent (medgivande): what a holder lets another person do in the mailbox, with which letters, and until when.

use super::named::named;
use super::right::Right;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use time::{Date, Duration, OffsetDateTime};

/// A consent is given for so long at most, then it has to be given again.
pub const LONGEST: Duration = Duration::days(3 * 366);

/// Consents of one mailbox that are offered or in force at the same time: of a person's.
pub const AT_MOST: usize = 20;

/// The same of a company's, whose staff they are.
pub const AT_MOST_OF_COMPANY: usize = 200;

/// Senders that one consent may name.
pub const MOST_SENDERS: usize = 300;

/// What somebody is let in for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Read. The holder's marks stay as they are.
    #[default]
    Read,
    /// Read, keep in order and pass on.
    Manage,
    /// All that, and decide on settings and on whom else to let in: for those who look after a company's mailbox, and see all letters.
    Administer,
}

const LEVELS: [(Level, &str); 3] = [
    (Level::Read, "read"),
    (Level::Manage, "manage"),
    (Level::Administer, "administer"),
];

named!(Level, LEVELS);

impl Level {
    /// Whether it gives a right, to somebody who sees these letters. What is put together from all letters is for who sees them all.
    pub fn allows(self, right: Right, sight: &Sight) -> bool {
        match right {
            Right::View => true,
            Right::Overview => sight.is_whole(),
            Right::Forward | Right::Organise => self != Self::Read,
            Right::Arrange => self != Self::Read && sight.is_whole(),
            // Nobody else hands on what was lent, or decides where letters and notices go.
            Right::EditSettings | Right::EditContacts | Right::SeeAccess | Right::GiveAccess => {
                self == Self::Administer && sight.is_whole()
            }
            // What binds the company takes those who sign for it.
            Right::Account => false,
        }
    }
}

/// Which letters somebody sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// Those that came then or later; nothing: the old ones too.
    pub from: Option<OffsetDateTime>,
    /// Those from these senders, by their blind indexes; nothing: from all.
    pub senders: Option<BTreeSet<Vec<u8>>>,
}

impl Sight {
    /// All letters.
    pub fn is_whole(&self) -> bool {
        self.from.is_none() && self.senders.is_none()
    }

    /// Whether a letter that came at a moment from a sender is seen.
    pub fn shows(&self, received_at: OffsetDateTime, sender: Option<&[u8]>) -> bool {
        let in_time = self.from.is_none_or(|from| received_at >= from);
        let from_them = match (&self.senders, sender) {
            (None, _) => true,
            (Some(senders), Some(sender)) => senders.contains(sender),
            (Some(_), None) => false,
        };
        in_time && from_them
    }
}

/// Whether a consent may last through this day: not over already, and not longer than the longest.
pub fn may_last_through(day: Date, today: Date) -> bool {
    day >= today && day - today <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn who_reads_only_reads_and_nobody_hands_on_what_was_lent() {
        let whole = Sight::default();
        let some = Sight {
            from: Some(datetime!(2026-11-27 00:00 UTC)),
            senders: None,
        };
        let rights = |level: Level, sight: &Sight| -> Vec<Right> {
            Right::ALL
                .into_iter()
                .filter(|right| level.allows(*right, sight))
                .collect()
        };
        assert_eq!(rights(Level::Read, &whole), [Right::View, Right::Overview]);
        assert_eq!(rights(Level::Read, &some), [Right::View]);
        assert_eq!(
            rights(Level::Manage, &whole),
            [
                Right::View,
                Right::Overview,
                Right::Forward,
                Right::Organise,
                Right::Arrange
            ]
        );
        assert_eq!(
            rights(Level::Manage, &some),
            [Right::View, Right::Forward, Right::Organise]
        );
        let all_but_the_account = Right::ALL.into_iter().filter(|right| *right != Right::Account);
        assert_eq!(
            rights(Level::Administer, &whole),
            all_but_the_account.collect::<Vec<_>>()
        );
        assert_eq!(
            rights(Level::Administer, &some),
            [Right::View, Right::Forward, Right::Organise],
            "whoever sees some letters decides for none"
        );
    }

    #[test]
    fn a_letter_is_seen_when_it_is_new_enough_and_from_one_of_the_senders() {
        let sight = Sight {
            from: Some(datetime!(2026-11-27 00:00 UTC)),
            senders: Some(BTreeSet::from([vec![1]])),
        };
        let (before, after) = (datetime!(2026-11-26 23:59:59 UTC), datetime!(2026-11-27 00:00 UTC));
        assert!(sight.shows(after, Some(&[1])));
        assert!(!sight.shows(before, Some(&[1])));
        assert!(!sight.shows(after, Some(&[2])));
        assert!(!sight.shows(after, None), "an unknown sender is none of them");
        assert!(Sight::default().shows(before, None));
    }

    #[test]
    fn a_consent_has_an_end_that_is_not_past_and_not_too_far() {
        let today = date!(2026 - 11 - 27);
        assert!(may_last_through(today, today));
        assert!(!may_last_through(date!(2026 - 11 - 26), today));
        assert!(may_last_through(date!(2029 - 11 - 27), today));
        assert!(!may_last_through(date!(2029 - 12 - 31), today));
    }
}
