//! Letters as lists show them.

use crate::db::{DbError, Row, Tx, Value};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of the table, its header sealed.
#[derive(Clone, Debug)]
pub struct LetterRow {
    /// Its id: a UUIDv7, so that ids sort by arrival.
    pub id: Uuid,
    /// The delivery it came in.
    pub delivery_id: Uuid,
    /// Which message of that delivery.
    pub place: i64,
    /// Sealed header.
    pub header: Vec<u8>,
    /// How many attachments.
    pub attachments: i64,
    /// When it was first opened.
    pub read_at: Option<OffsetDateTime>,
    /// When it arrived.
    pub received_at: OffsetDateTime,
    /// The archive or a folder; the inbox when there is none.
    pub folder_id: Option<Uuid>,
    /// In the bin since then.
    pub binned_at: Option<OffsetDateTime>,
    /// Starred since then.
    pub starred_at: Option<OffsetDateTime>,
    /// The sender's number, blinded under the mailbox key.
    pub sender_index: Option<Vec<u8>>,
}

/// Which letters of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every one.
    All,
    /// Not opened.
    Unread,
    /// With attachments.
    WithAttachment,
}

fn read(row: &Row) -> Result<LetterRow, DbError> {
    Ok(LetterRow {
        id: row.id("id")?,
        delivery_id: row.id("delivery_id")?,
        place: row.int("place")?,
        header: row.blob("header")?,
        attachments: row.int("attachments")?,
        read_at: row.maybe_time("read_at")?,
        received_at: row.time("received_at")?,
        folder_id: row.maybe_id("folder_id")?,
        binned_at: row.maybe_time("binned_at")?,
        starred_at: row.maybe_time("starred_at")?,
        sender_index: row.maybe_blob("sender_index")?,
    })
}

/// Adds a letter, unread.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, letter: &LetterRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO letter (mailbox_id, id, delivery_id, place, header, attachments, read_at, received_at, folder_id,
                             binned_at, starred_at, sender_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            mailbox,
            letter.id,
            letter.delivery_id,
            letter.place,
            letter.header.as_slice(),
            letter.attachments,
            letter.read_at,
            letter.received_at,
            letter.folder_id,
            letter.binned_at,
            letter.starred_at,
            letter.sender_index.clone()
        ],
    )
    .await
    .map(drop)
}

/// A page of letters: newest first, older than `before`, at most `limit`. One statement a filter, so that each finds its index.
pub async fn page(
    tx: &mut Tx,
    mailbox: Uuid,
    filter: Filter,
    before: Uuid,
    limit: i64,
) -> Result<Vec<LetterRow>, DbError> {
    let sql = match filter {
        Filter::All => {
            "SELECT id, delivery_id, place, header, attachments, read_at, received_at, folder_id, binned_at, starred_at, sender_index FROM letter
             WHERE mailbox_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"
        }
        Filter::Unread => {
            "SELECT id, delivery_id, place, header, attachments, read_at, received_at, folder_id, binned_at, starred_at, sender_index FROM letter
             WHERE mailbox_id = $1 AND id < $2 AND read_at IS NULL ORDER BY id DESC LIMIT $3"
        }
        Filter::WithAttachment => {
            "SELECT id, delivery_id, place, header, attachments, read_at, received_at, folder_id, binned_at, starred_at, sender_index FROM letter
             WHERE mailbox_id = $1 AND id < $2 AND attachments > 0 ORDER BY id DESC LIMIT $3"
        }
    };
    tx.fetch_all(sql, params![mailbox, before, limit])
        .await?
        .iter()
        .map(read)
        .collect()
}

/// One letter of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<LetterRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, delivery_id, place, header, attachments, read_at, received_at, folder_id, binned_at, starred_at, sender_index FROM letter
         WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The letters just newer and just older than `id`.
pub async fn neighbours(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(Option<Uuid>, Option<Uuid>), DbError> {
    let newer = tx
        .fetch_optional(
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id > $2 ORDER BY id LIMIT 1",
            params![mailbox, id],
        )
        .await?;
    let older = tx
        .fetch_optional(
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1",
            params![mailbox, id],
        )
        .await?;
    let id_of = |row: Option<Row>| row.map(|row| row.id("id")).transpose();
    Ok((id_of(newer)?, id_of(older)?))
}

/// Marks a letter read; tells whether it was unread.
pub async fn mark_read(tx: &mut Tx, mailbox: Uuid, id: Uuid, at: OffsetDateTime) -> Result<bool, DbError> {
    set_read_at(
        tx,
        "UPDATE letter SET read_at = $3 WHERE mailbox_id = $1 AND id = $2 AND read_at IS NULL",
        params![mailbox, id, at],
    )
    .await
}

/// Marks a letter unread; tells whether it was read.
pub async fn mark_unread(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<bool, DbError> {
    set_read_at(
        tx,
        "UPDATE letter SET read_at = NULL WHERE mailbox_id = $1 AND id = $2 AND read_at IS NOT NULL",
        params![mailbox, id],
    )
    .await
}

async fn set_read_at(tx: &mut Tx, sql: &'static str, values: Vec<Value>) -> Result<bool, DbError> {
    Ok(tx.execute(sql, values).await? > 0)
}
