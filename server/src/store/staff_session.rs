//! Sessions of staff. The id is a hash: no cookie can be made from a row.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of the table.
#[derive(Clone, Debug)]
pub struct StaffSessionRow {
    /// Hash of the value in the cookie.
    pub id: [u8; 32],
    /// Whose.
    pub staff_id: Uuid,
    /// Logged in at.
    pub created_at: OffsetDateTime,
    /// Last used at, to the minute.
    pub seen_at: OffsetDateTime,
    /// Ends then, unless it is used before.
    pub expires_at: OffsetDateTime,
}

/// Adds a session.
pub async fn insert(tx: &mut Tx, row: &StaffSessionRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO staff_session (id, staff_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        params![row.id, row.staff_id, row.created_at, row.seen_at, row.expires_at],
    )
    .await
    .map(drop)
}

/// The session with this id, unless its time is over.
pub async fn by_id(tx: &mut Tx, id: [u8; 32], now: OffsetDateTime) -> Result<Option<StaffSessionRow>, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT staff_id, created_at, seen_at, expires_at FROM staff_session WHERE id = $1 AND expires_at > $2",
            params![id, now],
        )
        .await?;
    row.map(|row| {
        Ok(StaffSessionRow {
            id,
            staff_id: row.id("staff_id")?,
            created_at: row.time("created_at")?,
            seen_at: row.time("seen_at")?,
            expires_at: row.time("expires_at")?,
        })
    })
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
            "UPDATE staff_session SET seen_at = $2, expires_at = $3 WHERE id = $1 AND expires_at > $2",
            params![id, seen_at, expires_at],
        )
        .await?;
    Ok(touched == 1)
}

/// Ends a session; tells whose it was.
pub async fn delete(tx: &mut Tx, id: [u8; 32]) -> Result<Option<Uuid>, DbError> {
    tx.fetch_optional(
        "DELETE FROM staff_session WHERE id = $1 RETURNING staff_id",
        params![id],
    )
    .await?
    .map(|row| row.id("staff_id"))
    .transpose()
}

/// Ends every session of somebody.
pub async fn delete_of(tx: &mut Tx, staff_id: Uuid) -> Result<u64, DbError> {
    tx.execute("DELETE FROM staff_session WHERE staff_id = $1", params![staff_id])
        .await
}

/// Forgets sessions whose time is over.
pub async fn sweep(tx: &mut Tx, now: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute("DELETE FROM staff_session WHERE expires_at <= $1", params![now])
        .await
}
