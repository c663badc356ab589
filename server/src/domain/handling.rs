//! Handling (handläggning): who of a company takes a letter, and how far they have come.

use super::named::named;

/// Characters of a note at most. A browser lets nobody write more than half of it, however it counts them.
pub const LONGEST_NOTE: usize = 4_000;

/// Notes on one letter at most.
pub const MOST_NOTES: usize = 100;

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Somebody is to take it.
    Given,
    /// They have begun.
    Begun,
    /// It is done.
    Done,
}

const STEPS: [(Step, &str); 3] = [(Step::Given, "given"), (Step::Begun, "begun"), (Step::Done, "done")];

named!(Step, STEPS);

/// A note as it is kept: without empty ends; nothing when nothing is left, or it is too long.
pub fn note(written: &str) -> Option<String> {
    let note = written.trim().replace("\r\n", "\n");
    (!note.is_empty() && note.chars().count() <= LONGEST_NOTE).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_has_something_in_it_and_an_end() {
        assert_eq!(
            note(" Ring kommunen.\r\nSedan betala. \n").as_deref(),
            Some("Ring kommunen.\nSedan betala.")
        );
        assert_eq!(note(" \r\n "), None);
        assert_eq!(
            note(&"å".repeat(LONGEST_NOTE)).map(|note| note.chars().count()),
            Some(LONGEST_NOTE)
        );
        assert_eq!(note(&"å".repeat(LONGEST_NOTE + 1)), None);
    }
}
