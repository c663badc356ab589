//! Sealed records of a mailbox that several parts open.

use crate::domain::holder::Holder;
use crate::domain::letter::Header;
use crate::seal::{MailboxKey, Place, SealError};
use uuid::Uuid;

/// What a list shows of a letter, from its row.
pub(crate) fn header(key: &MailboxKey, letter: Uuid, sealed: &[u8]) -> Result<Header, SealError> {
    key.open_record(&Place::of("letter", &letter, "header"), sealed)
}

/// Whose a mailbox is, from its row.
pub(crate) fn holder(key: &MailboxKey, mailbox: Uuid, sealed: &[u8]) -> Result<Holder, SealError> {
    key.open_record(&Place::of("mailbox", &mailbox, "holder"), sealed)
}
