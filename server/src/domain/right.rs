//! Rights: what may be done in a mailbox. Which of them somebody has there is decided in one place ([`crate::mailbox::access`]).

/// What an act takes. Everything that can be done in a mailbox falls under one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read letters, find them, save copies.
    View,
    /// See what is put together from all letters: senders, counts, matters, payments.
    Overview,
    /// Pass a letter on.
    Forward,
    /// Mark, move, bin, give categories.
    Organise,
    /// Make, change and remove folders and categories.
    Arrange,
    /// Rules for letters that come in, notices, language, the calendar.
    EditSettings,
    /// Addresses and browsers that notices go to.
    EditContacts,
    /// Let others in, see who has been in, and lead letters elsewhere for good.
    GiveAccess,
    /// Open, end and move the mailbox, decide from whom letters come, take everything out or in, and erase for good.
    Account,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 9] = [
        Self::View,
        Self::Overview,
        Self::Forward,
        Self::Organise,
        Self::Arrange,
        Self::EditSettings,
        Self::EditContacts,
        Self::GiveAccess,
        Self::Account,
    ];
}
