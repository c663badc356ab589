//! What an opinion of the service is about.

use std::str::FromStr;

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

impl Tag {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(tag, _)| *tag == self).map_or("", |(_, name)| name)
    }
}

impl FromStr for Tag {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(tag, _)| *tag)
            .ok_or(())
    }
}
