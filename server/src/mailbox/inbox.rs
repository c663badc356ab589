//! A page of the inbox.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::letter::Header;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store::letter::{Filter, LetterRow, page};
use time::OffsetDateTime;
use uuid::Uuid;

/// Letters on a page.
pub const PAGE: usize = 50;

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
}

/// What came of asking for a page.
#[derive(Debug)]
pub enum Inbox {
    /// The page.
    Page {
        /// Newest first.
        letters: Vec<Listed>,
        /// Where the next page begins.
        next: Option<Uuid>,
        /// Unread in the whole mailbox.
        unread: u64,
    },
    /// The person has no mailbox here.
    NoMailbox,
}

/// The letters older than `before` (or the newest), for the person's own mailbox.
pub async fn open_inbox(
    house: &House,
    person: &Person,
    filter: Filter,
    before: Option<Uuid>,
) -> Result<Inbox, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Inbox::NoMailbox);
    };
    let (letters, next) = read_page(&mut tx, &entered, filter, before).await?;
    Ok(Inbox::Page {
        letters,
        next,
        unread: entered.unread,
    })
}

/// How many letters are unread; nothing without a mailbox.
pub async fn unread(house: &House, person: &Person) -> Result<Option<u64>, MailboxError> {
    let mut tx = house.db.read().await?;
    Ok(enter(&mut tx, house, person).await?.map(|entered| entered.unread))
}

async fn read_page(
    tx: &mut Tx,
    entered: &Entered,
    filter: Filter,
    before: Option<Uuid>,
) -> Result<(Vec<Listed>, Option<Uuid>), MailboxError> {
    // One more than fits tells whether there is a next page.
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = page(tx, entered.id, filter, before.unwrap_or(Uuid::max()), limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let letters = rows
        .iter()
        .map(|row| listed(&entered.key, row))
        .collect::<Result<Vec<_>, _>>()?;
    let next = if more {
        letters.last().map(|letter| letter.id)
    } else {
        None
    };
    Ok((letters, next))
}

/// Unseals the header of a row.
pub(super) fn listed(key: &MailboxKey, row: &LetterRow) -> Result<Listed, MailboxError> {
    let plain = key.open(&Place::of("letter", &row.id, "header"), &row.header)?;
    Ok(Listed {
        id: row.id,
        header: serde_json::from_slice(&plain).map_err(|_| MailboxError::Record("letter header"))?,
        attachments: u32::try_from(row.attachments).unwrap_or(0),
        unread: row.read_at.is_none(),
        received_at: row.received_at,
    })
}
