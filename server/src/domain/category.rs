//! Colours of categories. A category always has its word beside its colour.

use std::str::FromStr;

/// How many categories a mailbox may have.
pub const CATEGORIES: usize = 50;

/// The colour of a category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colour {
    /// Green.
    #[default]
    Green,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Red.
    Red,
    /// Orange.
    Orange,
    /// Grey.
    Grey,
}

const NAMES: [(Colour, &str); 6] = [
    (Colour::Green, "green"),
    (Colour::Blue, "blue"),
    (Colour::Violet, "violet"),
    (Colour::Red, "red"),
    (Colour::Orange, "orange"),
    (Colour::Grey, "grey"),
];

impl Colour {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        NAMES
            .iter()
            .find(|(colour, _)| *colour == self)
            .map_or("", |(_, name)| name)
    }
}

impl FromStr for Colour {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(colour, _)| *colour)
            .ok_or(())
    }
}
