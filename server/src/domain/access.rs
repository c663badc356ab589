//! What can be done in a mailbox, as the access log names it.

use super::named::named;

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
    /// Decided who of a company takes a letter, or how far it has come.
    HandledLetter,
    /// Wrote a note on a letter for colleagues, or took it away.
    NotedOnLetter,
    /// Passed a letter on.
    Forwarded,
    /// Made or took away a rule that passes letters on.
    ChangedForwarding,
    /// Let somebody into the mailbox, or no longer; or was let in.
    ChangedConsent,
    /// Answered somebody who wants to pass letters on into this mailbox, or answered otherwise than before.
    AnsweredAsker,
    /// Passed a letter on into this mailbox, from their own.
    PassedOnHere,
    /// Opened the mailbox, again or for the first time.
    OpenedMailbox,
    /// Signed for a company what takes more signatures.
    SignedInPart,
    /// Took back what waited for signatures.
    TookBack,
    /// Ended the mailbox.
    EndedMailbox,
    /// FaR said that the holder has gone: the mailbox takes no letters.
    MovedAway,
    /// Staff looked at the account.
    StaffLooked,
    /// Staff traced a delivery.
    StaffTraced,
    /// Staff had a notice sent again.
    StaffResentNotice,
    /// Staff ended sessions.
    StaffEndedSessions,
    /// Staff locked the mailbox.
    StaffLocked,
    /// Staff unlocked the mailbox.
    StaffUnlocked,
    /// Staff asked that an address be confirmed again.
    StaffAskedAgain,
    /// The holder's identity was marked as protected.
    MarkedProtected,
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
    (Act::HandledLetter, "handled-letter"),
    (Act::NotedOnLetter, "noted-on-letter"),
    (Act::Forwarded, "forwarded"),
    (Act::ChangedForwarding, "changed-forwarding"),
    (Act::ChangedConsent, "changed-consent"),
    (Act::AnsweredAsker, "answered-asker"),
    (Act::PassedOnHere, "passed-on-here"),
    (Act::OpenedMailbox, "opened-mailbox"),
    (Act::SignedInPart, "signed-in-part"),
    (Act::TookBack, "took-back"),
    (Act::EndedMailbox, "ended-mailbox"),
    (Act::MovedAway, "moved-away"),
    (Act::StaffLooked, "staff-looked"),
    (Act::StaffTraced, "staff-traced"),
    (Act::StaffResentNotice, "staff-resent-notice"),
    (Act::StaffEndedSessions, "staff-ended-sessions"),
    (Act::StaffLocked, "staff-locked"),
    (Act::StaffUnlocked, "staff-unlocked"),
    (Act::StaffAskedAgain, "staff-asked-again"),
    (Act::MarkedProtected, "marked-protected"),
];

/// What somebody who reads the log looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Letters that were read.
    Read,
    /// Logins, and looks of staff: who has been here.
    Logins,
    /// What was changed.
    Changes,
}

named!(Act, NAMES);

impl Act {
    /// Under what it is looked for.
    pub fn group(self) -> Group {
        match self {
            Self::LoggedIn | Self::StaffLooked | Self::StaffTraced => Group::Logins,
            Self::OpenedLetter
            | Self::FetchedAttachment
            | Self::DownloadedLetter
            | Self::SavedCopy
            | Self::FetchedExport
            | Self::Forwarded => Group::Read,
            Self::MarkedUnread
            | Self::HandledLetter
            | Self::NotedOnLetter
            | Self::MovedLetters
            | Self::BinnedLetters
            | Self::RestoredLetters
            | Self::EmptiedBin
            | Self::ChangedContact
            | Self::ChangedReception
            | Self::Imported
            | Self::ChangedForwarding
            | Self::ChangedConsent
            | Self::AnsweredAsker
            | Self::PassedOnHere
            | Self::OpenedMailbox
            | Self::SignedInPart
            | Self::TookBack
            | Self::EndedMailbox
            | Self::MovedAway
            | Self::StaffResentNotice
            | Self::StaffEndedSessions
            | Self::StaffLocked
            | Self::StaffUnlocked
            | Self::StaffAskedAgain
            | Self::MarkedProtected => Group::Changes,
        }
    }

    /// Every act that is looked for under a group.
    pub fn of_group(group: Group) -> impl Iterator<Item = Self> {
        NAMES
            .iter()
            .map(|(act, _)| *act)
            .filter(move |act| act.group() == group)
    }
}

/// In which right somebody acts in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capacity {
    /// The holder, for themselves.
    Holder,
    /// The holder of another mailbox, from there.
    Another,
    /// Somebody whom the holder lets in.
    Helper,
    /// Somebody who signs for the company that holds it (firmatecknare).
    Signatory,
    /// Somebody with a role in the company that holds it.
    Role,
    /// The operator's support staff.
    Staff,
    /// The operator's programs, or the infrastructure.
    System,
}

const CAPACITIES: [(Capacity, &str); 7] = [
    (Capacity::Holder, "holder"),
    (Capacity::Another, "another"),
    (Capacity::Helper, "helper"),
    (Capacity::Signatory, "signatory"),
    (Capacity::Role, "role"),
    (Capacity::Staff, "staff"),
    (Capacity::System, "system"),
];

named!(Capacity, CAPACITIES);
