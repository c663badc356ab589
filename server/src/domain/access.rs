//! What can be done in a mailbox, as the access log names it.

use std::str::FromStr;

/// An act that the access log keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Logged in.
    LoggedIn,
    /// Opened a letter.
    OpenedLetter,
    /// Fetched an attachment.
    FetchedAttachment,
    /// Downloaded a letter with its attachments.
    DownloadedLetter,
    /// Marked a letter unread.
    MarkedUnread,
    /// Moved letters to a folder, the archive or the inbox.
    MovedLetters,
    /// Put letters in the bin.
    BinnedLetters,
    /// Took letters out of the bin.
    RestoredLetters,
    /// Removed for good what lay in the bin.
    EmptiedBin,
    /// Changed contact details.
    ChangedContact,
    /// Changed from whom letters come here.
    ChangedReception,
    /// Saved a copy of a letter: as a file, or its original.
    SavedCopy,
    /// Fetched an export of everything.
    FetchedExport,
    /// Letters were read in from an export.
    Imported,
    /// Passed a letter on.
    Forwarded,
    /// Made or took away a rule that passes letters on.
    ChangedForwarding,
}

const NAMES: &[(Act, &str)] = &[
    (Act::LoggedIn, "logged-in"),
    (Act::OpenedLetter, "opened-letter"),
    (Act::FetchedAttachment, "fetched-attachment"),
    (Act::DownloadedLetter, "downloaded-letter"),
    (Act::MarkedUnread, "marked-unread"),
    (Act::MovedLetters, "moved-letters"),
    (Act::BinnedLetters, "binned-letters"),
    (Act::RestoredLetters, "restored-letters"),
    (Act::EmptiedBin, "emptied-bin"),
    (Act::ChangedContact, "changed-contact"),
    (Act::ChangedReception, "changed-reception"),
    (Act::SavedCopy, "saved-copy"),
    (Act::FetchedExport, "fetched-export"),
    (Act::Imported, "imported"),
    (Act::Forwarded, "forwarded"),
    (Act::ChangedForwarding, "changed-forwarding"),
];

impl Act {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        NAMES.iter().find(|(act, _)| *act == self).map_or("", |(_, name)| name)
    }
}

impl FromStr for Act {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        NAMES
            .iter()
            .find(|(_, known)| *known == name)
            .map(|(act, _)| *act)
            .ok_or(())
    }
}
