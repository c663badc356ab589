//! A letter as lists show it.

use super::MailboxError;
use crate::domain::letter::Header;
use crate::domain::sorting::Place;
use crate::record;
use crate::seal::MailboxKey;
use crate::store::letter::LetterRow;
use time::OffsetDateTime;
use uuid::Uuid;

/// A letter in a list.
#[derive(Debug)]
pub struct Listed {
    /// Its id.
    pub id: Uuid,
    /// Sender, subject and so on.
    pub header: Header,
    /// How many attachments.
    pub attachments: u32,
    /// Not opened.
    pub unread: bool,
    /// When it arrived.
    pub received_at: OffsetDateTime,
    /// Where it lies; in the bin, where it goes back to.
    pub place: Place,
    /// In the bin since then.
    pub binned_at: Option<OffsetDateTime>,
    /// Has a star.
    pub starred: bool,
    /// Its categories.
    pub categories: Vec<Uuid>,
}

/// Unseals a letter as lists show it. Its categories are asked for by the lists that show them.
pub(super) fn listed(key: &MailboxKey, row: &LetterRow) -> Result<Listed, MailboxError> {
    Ok(Listed {
        id: row.id,
        header: record::header(key, row.id, &row.header)?,
        attachments: u32::try_from(row.attachments).unwrap_or(0),
        unread: row.read_at.is_none(),
        received_at: row.received_at,
        place: Place::of(row.folder_id),
        binned_at: row.binned_at,
        starred: row.starred_at.is_some(),
        categories: Vec::new(),
    })
}
