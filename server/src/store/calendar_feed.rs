//! The address under which a calendar fetches what is to be paid. Found by a hash; kept sealed.

use crate::db::{DbError, Row, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A feed.
#[derive(Clone, Debug)]
pub struct FeedRow {
    /// Whose mailbox.
    pub mailbox_id: Uuid,
    /// The secret of its address, sealed.
    pub token: Vec<u8>,
    /// How much it says, by name.
    pub detail: String,
    /// Since when.
    pub made_at: OffsetDateTime,
    /// When it was last fetched.
    pub fetched_at: Option<OffsetDateTime>,
}

fn read(row: &Row) -> Result<FeedRow, DbError> {
    Ok(FeedRow {
        mailbox_id: row.id("mailbox_id")?,
        token: row.blob("token")?,
        detail: row.text("detail")?,
        made_at: row.time("made_at")?,
        fetched_at: row.maybe_time("fetched_at")?,
    })
}

/// Makes the feed of a mailbox; the one before it is gone.
pub async fn put(
    tx: &mut Tx,
    mailbox: Uuid,
    token_hash: [u8; 32],
    token: &[u8],
    detail: &'static str,
    now: OffsetDateTime,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO calendar_feed (mailbox_id, token_hash, token, detail, made_at, fetched_at)
         VALUES ($1, $2, $3, $4, $5, NULL)
         ON CONFLICT (mailbox_id) DO UPDATE SET
            token_hash = excluded.token_hash, token = excluded.token, detail = excluded.detail, made_at = excluded.made_at, fetched_at = NULL",
        params![mailbox, token_hash, token, detail, now],
    )
    .await
    .map(drop)
}

/// Takes the feed of a mailbox away.
pub async fn remove(tx: &mut Tx, mailbox: Uuid) -> Result<(), DbError> {
    tx.execute("DELETE FROM calendar_feed WHERE mailbox_id = $1", params![mailbox])
        .await
        .map(drop)
}

/// The feed of a mailbox.
pub async fn of(tx: &mut Tx, mailbox: Uuid) -> Result<Option<FeedRow>, DbError> {
    tx.fetch_optional(
        "SELECT mailbox_id, token, detail, made_at, fetched_at FROM calendar_feed WHERE mailbox_id = $1",
        params![mailbox],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The feed with this address.
pub async fn by_token(tx: &mut Tx, token_hash: [u8; 32]) -> Result<Option<FeedRow>, DbError> {
    tx.fetch_optional(
        "SELECT mailbox_id, token, detail, made_at, fetched_at FROM calendar_feed WHERE token_hash = $1",
        params![token_hash],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Writes that it was fetched.
pub async fn fetched(tx: &mut Tx, mailbox: Uuid, now: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE calendar_feed SET fetched_at = $2 WHERE mailbox_id = $1",
        params![mailbox, now],
    )
    .await
    .map(drop)
}
