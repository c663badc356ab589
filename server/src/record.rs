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

/// The name that a person has given a folder, from its row.
pub(crate) fn folder_name(key: &MailboxKey, folder: Uuid, sealed: &[u8]) -> Result<String, SealError> {
    key.open_text(&Place::of("folder", &folder, "name"), sealed)
}

/// The name that a person has given a category, from its row.
pub(crate) fn category_name(key: &MailboxKey, category: Uuid, sealed: &[u8]) -> Result<String, SealError> {
    key.open_text(&Place::of("category", &category, "name"), sealed)
}
