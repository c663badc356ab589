//! Notices and what became of them.

use crate::db::{DbError, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// Given up.
    Failed,
}

impl NoticeState {
    fn as_str(self) -> &'static str {
        match self {
            NoticeState::Waiting => "waiting",
            NoticeState::Sent => "sent",
            NoticeState::Failed => "failed",
        }
    }
}

/// A row, the recipient sealed.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// Its id: the job's that sends it, so that every try finds the same row.
    pub id: Uuid,
    /// The letter it tells of.
    pub letter_id: Option<Uuid>,
    /// The address, sealed under the mailbox key.
    pub recipient: Vec<u8>,
    /// What became of it.
    pub state: NoticeState,
    /// How many times it was tried.
    pub attempts: i64,
    /// When it last changed.
    pub at: OffsetDateTime,
}

/// Writes how a notice stands now.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: &NoticeRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO notice (mailbox_id, id, letter_id, recipient, state, attempts, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET
            recipient = excluded.recipient, state = excluded.state, attempts = excluded.attempts, at = excluded.at",
        params![
            mailbox,
            row.id,
            row.letter_id,
            row.recipient.as_slice(),
            row.state.as_str(),
            row.attempts,
            row.at
        ],
    )
    .await
    .map(drop)
}

/// Ends a notice that has been begun and cannot be sent any more; one that was never begun leaves no row.
pub async fn end(tx: &mut Tx, mailbox: Uuid, id: Uuid, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE notice SET state = 'failed', at = $3 WHERE mailbox_id = $1 AND id = $2 AND state = 'waiting'",
        params![mailbox, id, at],
    )
    .await
    .map(drop)
}

/// The newest notices of a mailbox.
pub async fn newest(tx: &mut Tx, mailbox: Uuid, limit: i64) -> Result<Vec<NoticeRow>, DbError> {
    tx.fetch_all(
        "SELECT id, letter_id, recipient, state, attempts, at FROM notice
         WHERE mailbox_id = $1 ORDER BY id DESC LIMIT $2",
        params![mailbox, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(NoticeRow {
            id: row.id("id")?,
            letter_id: row.maybe_id("letter_id")?,
            recipient: row.blob("recipient")?,
            state: match row.text("state")?.as_str() {
                "waiting" => NoticeState::Waiting,
                "sent" => NoticeState::Sent,
                "failed" => NoticeState::Failed,
                _ => return Err(DbError::Column("state")),
            },
            attempts: row.int("attempts")?,
            at: row.time("at")?,
        })
    })
    .collect()
}
