//! Where letters lie, what can be done with them, and what that makes of the counts.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// The archive, as a letter's folder. No folder of anybody's has this id: theirs are made from the time.
pub const ARCHIVE: Uuid = Uuid::from_u128(1);

/// The bin, where counts are kept.
pub const BIN: Uuid = Uuid::from_u128(2);

/// How long a letter stays in the bin before it is gone for good.
pub const BIN_KEEPS: Duration = Duration::days(30);

/// Where a letter lies; or, in the bin, where it goes back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// The inbox.
    Inbox,
    /// The archive.
    Archive,
    /// A folder of the person's own.
    Folder(Uuid),
}

impl Place {
    /// The place that a letter's column names.
    pub fn of(folder_id: Option<Uuid>) -> Self {
        match folder_id {
            None => Self::Inbox,
            Some(ARCHIVE) => Self::Archive,
            Some(folder) => Self::Folder(folder),
        }
    }

    /// How a letter's column names it.
    pub fn folder_id(self) -> Option<Uuid> {
        match self {
            Self::Inbox => None,
            Self::Archive => Some(ARCHIVE),
            Self::Folder(folder) => Some(folder),
        }
    }
}

/// A list of letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum List {
    /// The inbox.
    Inbox,
    /// What is unread, wherever it lies but in the bin.
    Unread,
    /// What has attachments, of the inbox.
    Attached,
    /// The archive or a folder.
    Placed(Uuid),
    /// The bin.
    Bin,
    /// What has a star, wherever it lies but in the bin.
    Starred,
    /// What has a category, wherever it lies but in the bin.
    Category(Uuid),
}

/// How a list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// Unread ones first, each part newest first.
    UnreadFirst,
    /// By the sender's name, each sender's newest first.
    Sender,
    /// By the subject.
    Subject,
}

/// All of a letter that sorting changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Where it lies.
    pub place: Place,
    /// In the bin since then.
    pub binned_at: Option<OffsetDateTime>,
    /// Read since then.
    pub read_at: Option<OffsetDateTime>,
    /// Starred since then.
    pub starred_at: Option<OffsetDateTime>,
}

/// What can be done with letters. Nothing here removes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// Move to a place, out of the bin too.
    Move(Place),
    /// Put in the bin.
    Bin,
    /// Take out of the bin, to where it was.
    Restore,
    /// Mark as read.
    Read,
    /// Mark as unread.
    Unread,
    /// Give a star.
    Star,
    /// Take the star away.
    Unstar,
    /// Give a category.
    Give(Uuid),
    /// Take a category away.
    Take(Uuid),
}

impl What {
    /// How a letter stands when this was done to it at `at`. The same as before when there is nothing to do.
    pub fn done(self, before: Standing, at: OffsetDateTime) -> Standing {
        let mut after = before;
        match self {
            Self::Move(place) => {
                after.place = place;
                after.binned_at = None;
            }
            Self::Bin => after.binned_at = before.binned_at.or(Some(at)),
            Self::Restore => after.binned_at = None,
            Self::Read => after.read_at = before.read_at.or(Some(at)),
            Self::Unread => after.read_at = None,
            Self::Star => after.starred_at = before.starred_at.or(Some(at)),
            Self::Unstar => after.starred_at = None,
            // A category is no part of how a letter stands.
            Self::Give(_) | Self::Take(_) => {}
        }
        after
    }

    /// How a letter stands when this, done at `at`, is taken back. What has been changed again since then is left as it is.
    pub fn undone(self, before: Standing, now: Standing, at: OffsetDateTime) -> Standing {
        let did = self.done(before, at);
        let mut after = now;
        match self {
            Self::Move(_) => {
                if (now.place, now.binned_at) == (did.place, did.binned_at) {
                    after.place = before.place;
                    after.binned_at = before.binned_at;
                }
            }
            Self::Bin | Self::Restore => {
                if now.binned_at == did.binned_at {
                    after.binned_at = before.binned_at;
                }
            }
            Self::Read | Self::Unread => {
                if now.read_at == did.read_at {
                    after.read_at = before.read_at;
                }
            }
            Self::Star | Self::Unstar => {
                if now.starred_at == did.starred_at {
                    after.starred_at = before.starred_at;
                }
            }
            Self::Give(_) | Self::Take(_) => {}
        }
        after
    }
}

/// By how much the counts of a mailbox change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Letters and unread letters, by folder, [`ARCHIVE`] and [`BIN`].
    pub places: BTreeMap<Uuid, (i64, i64)>,
    /// Unread letters of the mailbox, those in the bin left out.
    pub unread: i64,
    /// Places that a letter has come to from elsewhere.
    pub entered: BTreeSet<Option<Uuid>>,
}

impl Tally {
    /// Counts that a letter stood so and stands so now.
    pub fn change(&mut self, before: Standing, after: Standing) {
        let lies = |standing: Standing| (standing.place, standing.binned_at.is_some());
        if after.binned_at.is_none() && lies(before) != lies(after) {
            self.entered.insert(after.place.folder_id());
        }
        self.add(before, -1);
        self.add(after, 1);
    }

    /// Counts a letter in (`1`) or out (`-1`).
    pub fn add(&mut self, letter: Standing, by: i64) {
        let unread = if letter.read_at.is_none() { by } else { 0 };
        let counted_at = match letter.binned_at {
            Some(_) => Some(BIN),
            None => letter.place.folder_id(),
        };
        if let Some(place) = counted_at {
            let (letters, unread_there) = self.places.entry(place).or_default();
            *letters += by;
            *unread_there += unread;
        }
        if letter.binned_at.is_none() {
            self.unread += unread;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn time(n: i64) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(1_800_000_000 + n).unwrap()
    }

    fn place() -> impl Strategy<Value = Place> {
        prop_oneof![
            Just(Place::Inbox),
            Just(Place::Archive),
            (10_u128..13).prop_map(|n| Place::Folder(Uuid::from_u128(n))),
        ]
    }

    fn moment() -> impl Strategy<Value = Option<OffsetDateTime>> {
        proptest::option::of((0_i64..3).prop_map(time))
    }

    fn standing() -> impl Strategy<Value = Standing> {
        (place(), moment(), moment(), moment()).prop_map(|(place, binned_at, read_at, starred_at)| Standing {
            place,
            binned_at,
            read_at,
            starred_at,
        })
    }

    fn what() -> impl Strategy<Value = What> {
        prop_oneof![
            place().prop_map(What::Move),
            Just(What::Bin),
            Just(What::Restore),
            Just(What::Read),
            Just(What::Unread),
            Just(What::Star),
            Just(What::Unstar),
        ]
    }

    proptest! {
        #[test]
        fn what_is_undone_at_once_is_as_it_was(before in standing(), what in what()) {
            let at = time(9);
            let after = what.done(before, at);
            prop_assert_eq!(what.undone(before, after, at), before);
            prop_assert_eq!(what.done(after, time(10)), after, "done twice is done once");
        }

        #[test]
        fn undoing_leaves_alone_what_was_moved_since(before in standing(), to in place(), then in place()) {
            let at = time(9);
            let moved = What::Move(to).done(before, at);
            let since = What::Move(then).done(moved, time(10));
            let undone = What::Move(to).undone(before, since, at);
            prop_assert_eq!(undone.place, if then == to { before.place } else { then });
        }

        #[test]
        fn counts_follow_the_letters_wherever_they_go(start in standing(), acts in proptest::collection::vec(what(), 0..12)) {
            let mut tally = Tally::default();
            tally.add(start, 1);
            let mut now = start;
            for (n, act) in (20..).zip(acts) {
                let after = act.done(now, time(n));
                tally.change(now, after);
                now = after;
            }
            let mut counted = Tally::default();
            counted.add(now, 1);
            tally.places.retain(|_, counts| *counts != (0, 0));
            tally.entered.clear();
            prop_assert_eq!(tally, counted);
        }
    }
}
