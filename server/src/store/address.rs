//! Where the holder of a mailbox is reached.

use crate::db::{DbError, Row, Tx};
use crate::domain::channel::Channel;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row, the address sealed.
#[derive(Clone, Debug)]
pub struct AddressRow {
    /// Its id.
    pub id: Uuid,
    /// The way that leads to it.
    pub channel: Channel,
    /// The address, sealed.
    pub address: Vec<u8>,
    /// When its code came back; none while it waits for it.
    pub confirmed_at: Option<OffsetDateTime>,
    /// The code that it waits for.
    pub code: Option<CodeRow>,
    /// Since when it takes nothing any more, and the other side's number for it.
    pub broken: Option<(OffsetDateTime, String)>,
}

impl AddressRow {
    /// Whether something can be sent to it.
    pub fn is_in_use(&self) -> bool {
        self.confirmed_at.is_some() && self.broken.is_none()
    }
}

/// What is known of a code that was sent.
#[derive(Clone, Debug)]
pub struct CodeRow {
    /// Keyed hash of the code with the address.
    pub hash: Vec<u8>,
    /// When it is too old.
    pub expires_at: OffsetDateTime,
    /// Wrong codes that were given.
    pub tries: i64,
}

fn read(row: &Row) -> Result<AddressRow, DbError> {
    let code = match (row.maybe_blob("code_hash")?, row.maybe_time("code_expires_at")?) {
        (Some(hash), Some(expires_at)) => Some(CodeRow {
            hash,
            expires_at,
            tries: row.int("code_tries")?,
        }),
        _ => None,
    };
    let broken = row.maybe_time("broken_at")?.zip(row.maybe_text("broken")?);
    Ok(AddressRow {
        id: row.id("id")?,
        channel: row.text("channel")?.parse().map_err(|()| DbError::Column("channel"))?,
        address: row.blob("address")?,
        confirmed_at: row.maybe_time("confirmed_at")?,
        code,
        broken,
    })
}

/// The addresses of a mailbox, oldest first.
pub async fn of_mailbox(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<AddressRow>, DbError> {
    tx.fetch_all(
        "SELECT id, channel, address, confirmed_at, code_hash, code_expires_at, code_tries, broken_at, broken
         FROM address WHERE mailbox_id = $1 ORDER BY id",
        params![mailbox],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One of them.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<AddressRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, channel, address, confirmed_at, code_hash, code_expires_at, code_tries, broken_at, broken
         FROM address WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Writes the whole row.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: AddressRow) -> Result<(), DbError> {
    let (hash, expires_at, tries) = match row.code {
        Some(code) => (Some(code.hash), Some(code.expires_at), code.tries),
        None => (None, None, 0),
    };
    let (broken_at, broken) = row.broken.unzip();
    tx.execute(
        "INSERT INTO address (mailbox_id, id, channel, address, confirmed_at, code_hash, code_expires_at, code_tries, broken_at, broken)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET
            address = excluded.address, confirmed_at = excluded.confirmed_at, code_hash = excluded.code_hash,
            code_expires_at = excluded.code_expires_at, code_tries = excluded.code_tries,
            broken_at = excluded.broken_at, broken = excluded.broken",
        params![
            mailbox,
            row.id,
            row.channel.as_str(),
            row.address,
            row.confirmed_at,
            hash,
            expires_at,
            tries,
            broken_at,
            broken
        ],
    )
    .await
    .map(drop)
}

/// Marks an address that takes nothing any more; tells whether it was in order until now.
pub async fn mark_broken(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    at: OffsetDateTime,
    number: &str,
) -> Result<bool, DbError> {
    let marked = tx
        .execute(
            "UPDATE address SET broken_at = $3, broken = $4 WHERE mailbox_id = $1 AND id = $2 AND broken_at IS NULL",
            params![mailbox, id, at, number],
        )
        .await?;
    Ok(marked > 0)
}

/// Takes an address away.
pub async fn delete(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM address WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}

/// Whether notices have somewhere to go, without opening anything: asked for every letter that comes in.
pub async fn is_any_confirmed(tx: &mut Tx, mailbox: Uuid) -> Result<bool, DbError> {
    Ok(tx
        .fetch_optional(
            "SELECT id FROM address WHERE mailbox_id = $1 AND confirmed_at IS NOT NULL LIMIT 1",
            params![mailbox],
        )
        .await?
        .is_some())
}
