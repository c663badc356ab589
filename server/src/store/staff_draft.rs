//! What staff have typed and not finished.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// Keeps what was typed.
pub async fn insert(tx: &mut Tx, id: Uuid, staff_id: Uuid, content: &[u8], at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO staff_draft (id, staff_id, content, at) VALUES ($1, $2, $3, $4)",
        params![id, staff_id, content, at],
    )
    .await
    .map(drop)
}

/// What somebody has typed, sealed.
pub async fn by_id(tx: &mut Tx, id: Uuid, staff_id: Uuid) -> Result<Option<Vec<u8>>, DbError> {
    tx.fetch_optional(
        "SELECT content FROM staff_draft WHERE id = $1 AND staff_id = $2",
        params![id, staff_id],
    )
    .await?
    .map(|row| row.blob("content"))
    .transpose()
}

/// Forgets what nobody has come back to.
pub async fn sweep(tx: &mut Tx, before: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute("DELETE FROM staff_draft WHERE at < $1", params![before])
        .await
}
