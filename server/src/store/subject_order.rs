//! The order of a big place by subject, sealed.

use crate::db::{DbError, Tx};
use crate::params;
use uuid::Uuid;

/// The order of a place that was kept.
#[derive(Clone, Debug)]
pub struct OrderRow {
    /// Grows when letters come to the place that are not its newest.
    pub version: i64,
    /// Letters up to this one are in it.
    pub newest: Uuid,
    /// What each is sorted by, with its id; sealed. Empty when nothing is kept.
    pub content: Vec<u8>,
}

/// The order of a place that was kept.
pub async fn read(tx: &mut Tx, mailbox: Uuid, place: Uuid) -> Result<Option<OrderRow>, DbError> {
    tx.fetch_optional(
        "SELECT version, newest, content FROM subject_order WHERE mailbox_id = $1 AND place_id = $2",
        params![mailbox, place],
    )
    .await?
    .map(|row| {
        Ok(OrderRow {
            version: row.int("version")?,
            newest: row.id("newest")?,
            content: row.blob("content")?,
        })
    })
    .transpose()
}

/// Keeps the order of a place that was made from what `read` gave, unless that is over in the meantime.
pub async fn put(
    tx: &mut Tx,
    mailbox: Uuid,
    place: Uuid,
    version: Option<i64>,
    newest: Uuid,
    content: &[u8],
) -> Result<(), DbError> {
    let Some(version) = version else {
        return tx
            .execute(
                "INSERT INTO subject_order (mailbox_id, place_id, version, newest, content) VALUES ($1, $2, 0, $3, $4)
                 ON CONFLICT (mailbox_id, place_id) DO NOTHING",
                params![mailbox, place, newest, content],
            )
            .await
            .map(drop);
    };
    tx.execute(
        "UPDATE subject_order SET newest = $4, content = $5 WHERE mailbox_id = $1 AND place_id = $2 AND version = $3",
        params![mailbox, place, version, newest, content],
    )
    .await
    .map(drop)
}

/// Empties the order of a place: letters have come to it that are not its newest.
pub async fn forget(tx: &mut Tx, mailbox: Uuid, place: Uuid) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO subject_order (mailbox_id, place_id, version, newest, content) VALUES ($1, $2, 1, $3, $4)
         ON CONFLICT (mailbox_id, place_id) DO UPDATE SET
            version = subject_order.version + 1, newest = excluded.newest, content = excluded.content",
        params![mailbox, place, Uuid::nil(), Vec::<u8>::new()],
    )
    .await
    .map(drop)
}

/// Removes the order of a folder that is gone.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, place: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM subject_order WHERE mailbox_id = $1 AND place_id = $2",
        params![mailbox, place],
    )
    .await
    .map(drop)
}
