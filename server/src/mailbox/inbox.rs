//! A letter as lists show it, and how many are unread.

use super::MailboxError;
use super::access::{Person, enter};
use crate::domain::letter::Header;
use crate::domain::sorting::Place;
use crate::house::House;
use crate::seal::{MailboxKey, Place as SealedAt};
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
}

/// How many letters are unread; nothing without a mailbox.
pub async fn unread(house: &House, person: &Person) -> Result<Option<u64>, MailboxError> {
    let mut tx = house.db.read().await?;
    Ok(enter(&mut tx, house, person).await?.map(|entered| entered.unread))
}

/// Unseals the header of a row.
pub(super) fn listed(key: &MailboxKey, row: &LetterRow) -> Result<Listed, MailboxError> {
    let plain = key.open(&SealedAt::of("letter", &row.id, "header"), &row.header)?;
    Ok(Listed {
        id: row.id,
        header: serde_json::from_slice(&plain).map_err(|_| MailboxError::Record("letter header"))?,
        attachments: u32::try_from(row.attachments).unwrap_or(0),
        unread: row.read_at.is_none(),
        received_at: row.received_at,
        place: Place::of(row.folder_id),
        binned_at: row.binned_at,
        starred: row.starred_at.is_some(),
    })
}
