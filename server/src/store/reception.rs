//! Reception rules that are not signed yet, and who has written to a mailbox.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// What is kept for a mailbox, sealed.
#[derive(Clone, Debug, Default)]
pub struct ReceptionRow {
    /// Ticks that are not signed yet.
    pub draft: Option<Vec<u8>>,
    /// The senders that the person has seen.
    pub seen: Option<Vec<u8>>,
}

/// What is kept for a mailbox.
pub async fn read(tx: &mut Tx, mailbox: Uuid) -> Result<ReceptionRow, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT draft, seen FROM reception WHERE mailbox_id = $1",
            params![mailbox],
        )
        .await?;
    row.map_or_else(
        || Ok(ReceptionRow::default()),
        |row| {
            Ok(ReceptionRow {
                draft: row.maybe_blob("draft")?,
                seen: row.maybe_blob("seen")?,
            })
        },
    )
}

/// Keeps the ticks, or forgets them.
pub async fn put_draft(tx: &mut Tx, mailbox: Uuid, draft: Option<Vec<u8>>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO reception (mailbox_id, draft) VALUES ($1, $2)
         ON CONFLICT (mailbox_id) DO UPDATE SET draft = excluded.draft",
        params![mailbox, draft],
    )
    .await
    .map(drop)
}

/// Keeps which senders have been seen.
pub async fn put_seen(tx: &mut Tx, mailbox: Uuid, seen: Vec<u8>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO reception (mailbox_id, seen) VALUES ($1, $2)
         ON CONFLICT (mailbox_id) DO UPDATE SET seen = excluded.seen",
        params![mailbox, seen],
    )
    .await
    .map(drop)
}

/// Every sender that has written to a mailbox, by blind index, with the time of its newest letter.
///
/// Walks from sender to sender in the index: as many steps as there are senders, however many letters they have sent.
pub async fn who_has_written(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<(Vec<u8>, OffsetDateTime)>, DbError> {
    tx.fetch_all(
        "WITH RECURSIVE written (who) AS (
             SELECT (SELECT sender_index FROM letter WHERE mailbox_id = $1 AND sender_index IS NOT NULL ORDER BY sender_index LIMIT 1)
             UNION ALL
             SELECT (SELECT sender_index FROM letter WHERE mailbox_id = $1 AND sender_index > written.who ORDER BY sender_index LIMIT 1)
             FROM written WHERE written.who IS NOT NULL
         )
         SELECT who, (SELECT received_at FROM letter WHERE mailbox_id = $1 AND sender_index = who ORDER BY id DESC LIMIT 1) AS newest
         FROM written WHERE who IS NOT NULL",
        params![mailbox],
    )
    .await?
    .iter()
    .map(|row| Ok((row.blob("who")?, row.time("newest")?)))
    .collect()
}
