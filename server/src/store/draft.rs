//! What a person typed into a form that was not taken, or what stood there before: kept for a while, to be shown once more.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// Keeps the content of a form, sealed, in the place of what was kept before.
pub async fn put(tx: &mut Tx, mailbox: Uuid, form: &str, content: Vec<u8>, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO draft (mailbox_id, form, content, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (mailbox_id, form) DO UPDATE SET content = excluded.content, at = excluded.at",
        params![mailbox, form, content, at],
    )
    .await
    .map(drop)
}

/// What was kept since a moment, sealed.
pub async fn read(tx: &mut Tx, mailbox: Uuid, form: &str, since: OffsetDateTime) -> Result<Option<Vec<u8>>, DbError> {
    tx.fetch_optional(
        "SELECT content FROM draft WHERE mailbox_id = $1 AND form = $2 AND at >= $3",
        params![mailbox, form, since],
    )
    .await?
    .map(|row| row.blob("content"))
    .transpose()
}

/// Forgets it.
pub async fn delete(tx: &mut Tx, mailbox: Uuid, form: &str) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM draft WHERE mailbox_id = $1 AND form = $2",
        params![mailbox, form],
    )
    .await
    .map(drop)
}
