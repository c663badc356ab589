//! Sessions. The id is a hash: no cookie can be made from a row.

use crate::db::{DbError, Row, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of the table, its content sealed.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Hash of the value in the cookie.
    pub id: [u8; 32],
    /// The mailbox, once there is one.
    pub mailbox_id: Option<Uuid>,
    /// Names the row in lists.
    pub handle: Vec<u8>,
    /// Sealed: who it is.
    pub content: Vec<u8>,
    /// Logged in at.
    pub created_at: OffsetDateTime,
    /// Last used at, to the minute.
    pub seen_at: OffsetDateTime,
    /// Ends then, unless it is used before.
    pub expires_at: OffsetDateTime,
}

fn read(row: &Row) -> Result<SessionRow, DbError> {
    Ok(SessionRow {
        id: row.blob("id")?.try_into().map_err(|_| DbError::Column("id"))?,
        mailbox_id: row.maybe_id("mailbox_id")?,
        handle: row.blob("handle")?,
        content: row.blob("content")?,
        created_at: row.time("created_at")?,
        seen_at: row.time("seen_at")?,
        expires_at: row.time("expires_at")?,
    })
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, row: &SessionRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO session (id, mailbox_id, handle, content, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            row.id,
            row.mailbox_id,
            row.handle.as_slice(),
            row.content.as_slice(),
            row.created_at,
            row.seen_at,
            row.expires_at
        ],
    )
    .await
    .map(drop)
}

/// The session with this id, unless its time is over.
pub async fn by_id(tx: &mut Tx, id: [u8; 32], now: OffsetDateTime) -> Result<Option<SessionRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, mailbox_id, handle, content, created_at, seen_at, expires_at FROM session
         WHERE id = $1 AND expires_at > $2",
        params![id, now],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Notes that a session was used. Never wakes one whose time is over.
pub async fn touch(
    tx: &mut Tx,
    id: [u8; 32],
    seen_at: OffsetDateTime,
    expires_at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND expires_at > $2",
            params![id, seen_at, expires_at],
        )
        .await?;
    Ok(touched == 1)
}

/// Ties a session to the mailbox that was opened in it.
pub async fn set_mailbox(tx: &mut Tx, id: [u8; 32], mailbox_id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "UPDATE session SET mailbox_id = $2 WHERE id = $1",
        params![id, mailbox_id],
    )
    .await
    .map(drop)
}

/// Replaces what is sealed in a session.
pub async fn set_content(tx: &mut Tx, id: [u8; 32], content: Vec<u8>) -> Result<(), DbError> {
    tx.execute("UPDATE session SET content = $2 WHERE id = $1", params![id, content])
        .await
        .map(drop)
}

/// Sessions of a mailbox that are not over, last used first.
pub async fn of_mailbox(tx: &mut Tx, mailbox_id: Uuid, now: OffsetDateTime) -> Result<Vec<SessionRow>, DbError> {
    tx.fetch_all(
        "SELECT id, mailbox_id, handle, content, created_at, seen_at, expires_at FROM session
         WHERE mailbox_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, created_at DESC",
        params![mailbox_id, now],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Ends a session.
pub async fn delete(tx: &mut Tx, id: [u8; 32]) -> Result<(), DbError> {
    tx.execute("DELETE FROM session WHERE id = $1", params![id])
        .await
        .map(drop)
}

/// Ends a session of a mailbox by its handle; tells whether there was one.
pub async fn delete_by_handle(tx: &mut Tx, mailbox_id: Uuid, handle: &[u8]) -> Result<bool, DbError> {
    let gone = tx
        .execute(
            "DELETE FROM session WHERE mailbox_id = $1 AND handle = $2",
            params![mailbox_id, handle],
        )
        .await?;
    Ok(gone > 0)
}

/// Ends every session of a mailbox but `kept`; tells how many.
pub async fn delete_others(tx: &mut Tx, mailbox_id: Uuid, kept: [u8; 32]) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM session WHERE mailbox_id = $1 AND id <> $2",
        params![mailbox_id, kept],
    )
    .await
}

/// Ends every session of a mailbox; tells how many.
pub async fn delete_of_mailbox(tx: &mut Tx, mailbox_id: Uuid) -> Result<u64, DbError> {
    tx.execute("DELETE FROM session WHERE mailbox_id = $1", params![mailbox_id])
        .await
}

/// Forgets sessions whose time is over.
pub async fn sweep(tx: &mut Tx, now: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute("DELETE FROM session WHERE expires_at <= $1", params![now])
        .await
}
