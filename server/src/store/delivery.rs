//! Deliveries as they were signed and sealed.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// The delivery that was taken in with this duplicate key, if there is one.
pub async fn by_duplicate_key(tx: &mut Tx, mailbox: Uuid, duplicate_key: [u8; 32]) -> Result<Option<Uuid>, DbError> {
    tx.fetch_optional(
        "SELECT id FROM delivery WHERE mailbox_id = $1 AND duplicate_key = $2",
        params![mailbox, duplicate_key],
    )
    .await?
    .map(|row| row.id("id"))
    .transpose()
}

/// Adds a delivery. The same duplicate key twice in a mailbox is refused ([`DbError::is_duplicate`]).
pub async fn insert(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    duplicate_key: [u8; 32],
    original: &[u8],
    received_at: OffsetDateTime,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO delivery (mailbox_id, id, duplicate_key, original, received_at) VALUES ($1, $2, $3, $4, $5)",
        params![mailbox, id, duplicate_key, original, received_at],
    )
    .await
    .map(drop)
}

/// Adds what another holder has passed on, with how it came.
pub async fn insert_passed_on(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    duplicate_key: [u8; 32],
    row: &DeliveryRow,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO delivery (mailbox_id, id, duplicate_key, original, received_at, passed_on) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            mailbox,
            id,
            duplicate_key,
            row.original.as_slice(),
            row.received_at,
            row.passed_on.clone()
        ],
    )
    .await
    .map(drop)
}

/// What is kept of a delivery.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// Sealed: the original, or the copy of one message that was passed on.
    pub original: Vec<u8>,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// Sealed: how it came, when another holder has passed it on.
    pub passed_on: Option<Vec<u8>>,
}

/// A delivery.
pub async fn original(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<DeliveryRow>, DbError> {
    tx.fetch_optional(
        "SELECT original, received_at, passed_on FROM delivery WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .map(|row| {
        Ok(DeliveryRow {
            original: row.blob("original")?,
            received_at: row.time("received_at")?,
            passed_on: row.maybe_blob("passed_on")?,
        })
    })
    .transpose()
}

/// Removes a delivery for good.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM delivery WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}
