//! The one e-mail address of a mailbox: confirmed, and waiting for its code.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// The row, addresses sealed.
#[derive(Clone, Debug)]
pub struct ContactRow {
    /// Where notices go, sealed.
    pub confirmed: Option<Vec<u8>>,
    /// A new address that waits for its code, and what is known of the code.
    pub waiting: Option<WaitingRow>,
    /// Codes that were sent since `codes_since`.
    pub codes_sent: i64,
    /// When the counting of codes began.
    pub codes_since: OffsetDateTime,
    /// When the row last changed.
    pub changed_at: OffsetDateTime,
}

/// An address that waits for its code.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// The address, sealed.
    pub address: Vec<u8>,
    /// Keyed hash of the code with the address.
    pub code_hash: Vec<u8>,
    /// When the code is too old.
    pub expires_at: OffsetDateTime,
    /// Wrong codes that were given.
    pub tries: i64,
}

/// The contact details of a mailbox; none before an address was first given.
pub async fn read(tx: &mut Tx, mailbox: Uuid) -> Result<Option<ContactRow>, DbError> {
    let found = tx
        .fetch_optional(
            "SELECT confirmed, waiting, code_hash, code_expires_at, code_tries, codes_sent, codes_since, changed_at
             FROM contact WHERE mailbox_id = $1",
            params![mailbox],
        )
        .await?;
    let Some(row) = found else { return Ok(None) };
    let waiting = match (
        row.maybe_blob("waiting")?,
        row.maybe_blob("code_hash")?,
        row.maybe_time("code_expires_at")?,
    ) {
        (Some(address), Some(code_hash), Some(expires_at)) => Some(WaitingRow {
            address,
            code_hash,
            expires_at,
            tries: row.int("code_tries")?,
        }),
        _ => None,
    };
    Ok(Some(ContactRow {
        confirmed: row.maybe_blob("confirmed")?,
        waiting,
        codes_sent: row.int("codes_sent")?,
        codes_since: row.time("codes_since")?,
        changed_at: row.time("changed_at")?,
    }))
}

/// Writes the whole row.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: ContactRow) -> Result<(), DbError> {
    let (address, code_hash, expires_at, tries) = match row.waiting {
        Some(waiting) => (
            Some(waiting.address),
            Some(waiting.code_hash),
            Some(waiting.expires_at),
            waiting.tries,
        ),
        None => (None, None, None, 0),
    };
    tx.execute(
        "INSERT INTO contact (mailbox_id, confirmed, waiting, code_hash, code_expires_at, code_tries,
                              codes_sent, codes_since, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (mailbox_id) DO UPDATE SET
            confirmed = excluded.confirmed, waiting = excluded.waiting, code_hash = excluded.code_hash,
            code_expires_at = excluded.code_expires_at, code_tries = excluded.code_tries,
            codes_sent = excluded.codes_sent, codes_since = excluded.codes_since, changed_at = excluded.changed_at",
        params![
            mailbox,
            row.confirmed,
            address,
            code_hash,
            expires_at,
            tries,
            row.codes_sent,
            row.codes_since,
            row.changed_at
        ],
    )
    .await
    .map(drop)
}

/// Whether notices have somewhere to go, without opening anything: asked for every letter that comes in.
pub async fn is_confirmed(tx: &mut Tx, mailbox: Uuid) -> Result<bool, DbError> {
    Ok(tx
        .fetch_optional(
            "SELECT mailbox_id FROM contact WHERE mailbox_id = $1 AND confirmed IS NOT NULL",
            params![mailbox],
        )
        .await?
        .is_some())
}
