//! An account as staff see it: how it stands, and that letters came. Nothing here gives what a letter holds, or who sent it.

use crate::db::{DbError, Row, Tx};
use crate::domain::channel::Channel;
use crate::params;
use crate::seal::Wrapped;
use crate::store::leaving::Why;
use time::OffsetDateTime;
use uuid::Uuid;

/// A mailbox as an account.
#[derive(Clone, Debug)]
pub struct AccountRow {
    /// Its id.
    pub id: Uuid,
    /// The holder, sealed.
    pub holder: Vec<u8>,
    /// The mailbox key, wrapped.
    pub wrapped: Wrapped,
    /// When it was opened.
    pub opened_at: OffsetDateTime,
    /// Why it takes no letters and since when, unless it does.
    pub closed: Option<(Why, OffsetDateTime)>,
    /// Since when nobody comes in.
    pub locked_at: Option<OffsetDateTime>,
    /// Since when the holder's identity is known to be protected.
    pub protected_at: Option<OffsetDateTime>,
}

fn read(row: &Row) -> Result<AccountRow, DbError> {
    let opened_at = row.time("opened_at")?;
    let closed = match row.text("state")?.as_str() {
        "open" => None,
        _ => {
            let why = row.maybe_text("closed_why")?;
            let why = why.map_or(Ok(Why::Ended), |why| {
                why.parse().map_err(|()| DbError::Column("closed_why"))
            })?;
            Some((why, row.maybe_time("closed_at")?.unwrap_or(opened_at)))
        }
    };
    Ok(AccountRow {
        id: row.id("id")?,
        holder: row.blob("holder")?,
        wrapped: Wrapped {
            bytes: row.blob("wrapped_key")?,
            version: u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?,
        },
        opened_at,
        closed,
        locked_at: row.maybe_time("locked_at")?,
        protected_at: row.maybe_time("protected_at")?,
    })
}

/// The account of the holder with this blind index; one that is destroyed is not there.
pub async fn by_holder(tx: &mut Tx, holder_index: &[u8]) -> Result<Option<AccountRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, holder, wrapped_key, key_version, state, opened_at, closed_at, closed_why, locked_at, protected_at
         FROM mailbox WHERE holder_index = $1 AND state <> 'destroyed'",
        params![holder_index],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The account of a mailbox; one that is destroyed is not there.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<AccountRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, holder, wrapped_key, key_version, state, opened_at, closed_at, closed_why, locked_at, protected_at
         FROM mailbox WHERE id = $1 AND state <> 'destroyed'",
        params![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// A letter as a thing that came: when, and what became of it.
#[derive(Clone, Debug)]
pub struct ArrivedRow {
    /// Its id.
    pub id: Uuid,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// Whether it has been read.
    pub read: bool,
    /// Whether it lies in the bin.
    pub binned: bool,
}

fn arrived(row: &Row) -> Result<ArrivedRow, DbError> {
    Ok(ArrivedRow {
        id: row.id("id")?,
        received_at: row.time("received_at")?,
        read: row.maybe_time("read_at")?.is_some(),
        binned: row.maybe_time("binned_at")?.is_some(),
    })
}

/// What has come to a mailbox, newest first, older than `before`.
pub async fn arrivals(tx: &mut Tx, mailbox: Uuid, before: Uuid, limit: i64) -> Result<Vec<ArrivedRow>, DbError> {
    tx.fetch_all(
        "SELECT id, received_at, read_at, binned_at FROM letter WHERE mailbox_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![mailbox, before, limit],
    )
    .await?
    .iter()
    .map(arrived)
    .collect()
}

/// What is left of a delivery in the mailbox.
pub async fn of_delivery(tx: &mut Tx, mailbox: Uuid, delivery: Uuid) -> Result<Vec<ArrivedRow>, DbError> {
    tx.fetch_all(
        "SELECT id, received_at, read_at, binned_at FROM letter WHERE mailbox_id = $1 AND delivery_id = $2",
        params![mailbox, delivery],
    )
    .await?
    .iter()
    .map(arrived)
    .collect()
}

/// In which mailbox a delivery lies, and since when.
pub async fn delivery(tx: &mut Tx, id: Uuid) -> Result<Option<(Uuid, OffsetDateTime)>, DbError> {
    tx.fetch_optional(
        "SELECT mailbox_id, received_at FROM delivery WHERE id = $1",
        params![id],
    )
    .await?
    .map(|row| Ok((row.id("mailbox_id")?, row.time("received_at")?)))
    .transpose()
}

/// The notices that told of a letter, oldest first.
pub async fn notices_of(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Vec<Uuid>, DbError> {
    tx.fetch_all(
        "SELECT notice_id FROM notice_letter WHERE mailbox_id = $1 AND letter_id = $2 ORDER BY notice_id",
        params![mailbox, letter],
    )
    .await?
    .iter()
    .map(|row| row.id("notice_id"))
    .collect()
}

/// By which ways a letter waits to be told of, and until when.
pub async fn told_later(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Vec<(Channel, OffsetDateTime)>, DbError> {
    tx.fetch_all(
        "SELECT channel, due_at FROM notice_waiting WHERE mailbox_id = $1 AND letter_id = $2 ORDER BY due_at",
        params![mailbox, letter],
    )
    .await?
    .iter()
    .map(|row| {
        let channel = row.text("channel")?.parse().map_err(|()| DbError::Column("channel"))?;
        Ok((channel, row.time("due_at")?))
    })
    .collect()
}
