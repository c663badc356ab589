//! What an opinion of the service is about.

use super::named::named;

/// What an opinion is about, as staff sort them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// Something does not work.
    Fault,
    /// Something is hard to understand or to use.
    Hard,
    /// Something is missing.
    Wish,
    /// Something is good.
    Praise,
    /// Anything else.
    Other,
}

const NAMES: [(Tag, &str); 5] = [
    (Tag::Fault, "fault"),
    (Tag::Hard, "hard"),
    (Tag::Wish, "wish"),
    (Tag::Praise, "praise"),
    (Tag::Other, "other"),
];

named!(Tag, NAMES);
