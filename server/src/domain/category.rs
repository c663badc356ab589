//! Colours of categories. A category always has its word beside its colour.

use super::named::named;

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

named!(Colour, NAMES);
