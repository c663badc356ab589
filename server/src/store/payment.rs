//! What letters ask to be paid.

use crate::db::{DbError, Row, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A payment, its content sealed.
#[derive(Clone, Debug)]
pub struct PaymentRow {
    /// The letter that asks for it.
    pub letter_id: Uuid,
    /// What and to whom, sealed.
    pub content: Vec<u8>,
    /// Since when the person says that it is paid.
    pub settled_at: Option<OffsetDateTime>,
}

/// Adds what a letter asks for.
pub async fn add(tx: &mut Tx, mailbox: Uuid, payment: &PaymentRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO payment (mailbox_id, letter_id, content, settled_at) VALUES ($1, $2, $3, $4)",
        params![
            mailbox,
            payment.letter_id,
            payment.content.as_slice(),
            payment.settled_at
        ],
    )
    .await
    .map(drop)
}

/// Forgets what a letter asked for, when the letter goes for good.
pub async fn forget(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM payment WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await
    .map(drop)
}

fn read(row: &Row) -> Result<PaymentRow, DbError> {
    Ok(PaymentRow {
        letter_id: row.id("letter_id")?,
        content: row.blob("content")?,
        settled_at: row.maybe_time("settled_at")?,
    })
}

/// The payments that are open, of the newest letters first, older than `before`. Letters in the bin ask for nothing.
pub async fn open(tx: &mut Tx, mailbox: Uuid, before: Uuid, limit: i64) -> Result<Vec<PaymentRow>, DbError> {
    tx.fetch_all(
        "SELECT payment.letter_id, payment.content, payment.settled_at FROM payment
         JOIN letter ON letter.mailbox_id = payment.mailbox_id AND letter.id = payment.letter_id
         WHERE payment.mailbox_id = $1 AND payment.letter_id < $2 AND payment.settled_at IS NULL AND letter.binned_at IS NULL
         ORDER BY payment.letter_id DESC LIMIT $3",
        params![mailbox, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// How many are open; not more than `most` are counted.
pub async fn count_open(tx: &mut Tx, mailbox: Uuid, most: i64) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS payments FROM (
             SELECT payment.letter_id FROM payment
             JOIN letter ON letter.mailbox_id = payment.mailbox_id AND letter.id = payment.letter_id
             WHERE payment.mailbox_id = $1 AND payment.settled_at IS NULL AND letter.binned_at IS NULL LIMIT $2) AS newest",
            params![mailbox, most],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("payments"))
}

/// What one letter asks for.
pub async fn of_letter(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Option<PaymentRow>, DbError> {
    tx.fetch_optional(
        "SELECT letter_id, content, settled_at FROM payment WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Writes since when it is paid, or that it is not; tells whether there is such a payment.
pub async fn settle(
    tx: &mut Tx,
    mailbox: Uuid,
    letter: Uuid,
    settled_at: Option<OffsetDateTime>,
) -> Result<bool, DbError> {
    Ok(tx
        .execute(
            "UPDATE payment SET settled_at = $3 WHERE mailbox_id = $1 AND letter_id = $2",
            params![mailbox, letter, settled_at],
        )
        .await?
        > 0)
}
