//! Folders as a tree: bounded in depth and number, and never a folder in itself.

use std::collections::HashMap;
use std::str::FromStr;
use uuid::Uuid;

/// How many folders a mailbox may have.
pub const FOLDERS: usize = 200;

/// How deep folders may lie in each other.
pub const DEPTH: usize = 5;

/// How long a name may be, in characters.
pub const NAME_LENGTH: usize = 60;

/// The name of a folder, a category or a rule: one line with something on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let name = words.join(" ");
        let fits = (1..=NAME_LENGTH).contains(&name.chars().count());
        // Characters that change direction can make a name look like another one.
        let plain = !name.chars().any(|c| {
            c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        if fits && plain { Ok(Self(name)) } else { Err(()) }
    }
}

/// Why a folder cannot be put somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misplaced {
    /// One of the two folders is not there.
    Missing,
    /// It would lie in itself.
    InItself,
    /// It would lie too deep.
    TooDeep,
}

/// Which folder lies in which.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    parents: HashMap<Uuid, Option<Uuid>>,
}

impl Tree {
    /// The tree of these folders, each with the one it lies in.
    pub fn new(folders: impl IntoIterator<Item = (Uuid, Option<Uuid>)>) -> Self {
        Self {
            parents: folders.into_iter().collect(),
        }
    }

    /// Whether a new folder may be made in `parent` (none: at the top).
    pub fn takes(&self, parent: Option<Uuid>) -> Result<(), Misplaced> {
        match parent {
            Some(parent) if !self.parents.contains_key(&parent) => Err(Misplaced::Missing),
            Some(parent) if self.way_up(parent).count() >= DEPTH => Err(Misplaced::TooDeep),
            _ => Ok(()),
        }
    }

    /// Whether `folder`, with all that lies in it, may be moved into `parent`.
    pub fn may_move(&self, folder: Uuid, parent: Option<Uuid>) -> Result<(), Misplaced> {
        if !self.parents.contains_key(&folder) {
            return Err(Misplaced::Missing);
        }
        let Some(parent) = parent else { return Ok(()) };
        if !self.parents.contains_key(&parent) {
            return Err(Misplaced::Missing);
        }
        if self.way_up(parent).any(|above| above == folder) {
            return Err(Misplaced::InItself);
        }
        if self.way_up(parent).count() + self.height(folder) > DEPTH {
            return Err(Misplaced::TooDeep);
        }
        Ok(())
    }

    /// The folder, then what it lies in, and so on to the top. Bounded even if what was stored were a ring.
    fn way_up(&self, folder: Uuid) -> impl Iterator<Item = Uuid> + '_ {
        std::iter::successors(Some(folder), |below| self.parents.get(below).copied().flatten()).take(self.parents.len())
    }

    /// How many storeys a folder has with all that lies in it.
    fn height(&self, folder: Uuid) -> usize {
        self.parents
            .keys()
            .filter_map(|below| self.way_up(*below).position(|above| above == folder))
            .max()
            .map_or(1, |deepest| deepest + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_one_line_with_something_on_it() {
        assert_eq!(
            "  Skatt\n och  annat ".parse::<Name>().unwrap().as_str(),
            "Skatt och annat"
        );
        for wrong in ["", "  \n", "a\u{202e}b", &"x".repeat(61)] {
            assert!(wrong.parse::<Name>().is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_moved_no_folder_lies_in_itself_or_too_deep(moves in proptest::collection::vec((0_u128..12, 0_u128..13), 0..80)) {
            let mut folders: HashMap<Uuid, Option<Uuid>> = (0..12).map(|n| (Uuid::from_u128(n), None)).collect();
            for (folder, into) in moves {
                let folder = Uuid::from_u128(folder);
                let parent = (into < 12).then(|| Uuid::from_u128(into));
                if Tree::new(folders.clone()).may_move(folder, parent).is_ok() {
                    folders.insert(folder, parent);
                }
            }
            for folder in folders.keys() {
                let mut at = Some(*folder);
                let mut depth = 0;
                while let Some(here) = at {
                    depth += 1;
                    prop_assert!(depth <= DEPTH, "deeper than {DEPTH}, or a ring");
                    at = folders[&here];
                }
            }
        }
    }

    #[test]
    fn a_folder_lies_in_no_folder_that_lies_in_it() {
        let [a, b, c] = [1, 2, 3].map(Uuid::from_u128);
        let tree = Tree::new([(a, None), (b, Some(a)), (c, Some(b))]);
        assert_eq!(tree.may_move(a, Some(c)), Err(Misplaced::InItself));
        assert_eq!(tree.may_move(a, Some(a)), Err(Misplaced::InItself));
        assert_eq!(tree.may_move(c, Some(a)), Ok(()));
        assert_eq!(tree.may_move(c, Some(Uuid::from_u128(9))), Err(Misplaced::Missing));
        assert_eq!(tree.takes(Some(c)), Ok(()));
    }
}
