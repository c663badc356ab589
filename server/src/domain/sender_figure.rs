//! What is counted by the day of what a sender sends.

use super::named::named;

/// Something that is counted of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SenderFigure {
    /// Letters that are in mailboxes.
    Received,
    /// Letters to who has no open mailbox here.
    NotHere,
    /// Deliveries that were refused.
    Refused,
    /// Deliveries that something of ours failed in.
    Failed,
    /// Deliveries by its connection that were refused before it was known who had sent them.
    Unread,
}

const NAMES: [(SenderFigure, &str); 5] = [
    (SenderFigure::Received, "received"),
    (SenderFigure::NotHere, "not-here"),
    (SenderFigure::Refused, "refused"),
    (SenderFigure::Failed, "failed"),
    (SenderFigure::Unread, "unread"),
];

named!(SenderFigure, NAMES);

impl SenderFigure {
    /// Every figure, in the order they are shown in.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().map(|(figure, _)| *figure)
    }

    /// Whether it counts letters to people: then it is told when enough of them stand behind it.
    pub fn is_of_people(self) -> bool {
        matches!(self, Self::Received | Self::NotHere)
    }
}
