//! A person's rules of notices, and the letters that wait for their time.

use crate::db::{DbError, Row, Tx};
use crate::domain::channel::Channel;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// The rules, sealed; none before the person has decided anything.
pub async fn read(tx: &mut Tx, mailbox: Uuid) -> Result<Option<Vec<u8>>, DbError> {
    tx.fetch_optional("SELECT rules FROM notice_rules WHERE mailbox_id = $1", params![mailbox])
        .await?
        .map(|row| row.blob("rules"))
        .transpose()
}

/// Writes the rules.
pub async fn put(tx: &mut Tx, mailbox: Uuid, rules: Vec<u8>, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO notice_rules (mailbox_id, rules, changed_at) VALUES ($1, $2, $3)
         ON CONFLICT (mailbox_id) DO UPDATE SET rules = excluded.rules, changed_at = excluded.changed_at",
        params![mailbox, rules, at],
    )
    .await
    .map(drop)
}

/// A letter that waits to be told of by a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingRow {
    /// Everything of the mailbox that waits for the same moment; the id of the job that tells of it.
    pub round_id: Uuid,
    /// Which letter.
    pub letter_id: Uuid,
    /// By which channel.
    pub channel: Channel,
    /// The moment.
    pub due_at: OffsetDateTime,
}

fn waiting(row: &Row) -> Result<WaitingRow, DbError> {
    Ok(WaitingRow {
        round_id: row.id("round_id")?,
        letter_id: row.id("letter_id")?,
        channel: row.text("channel")?.parse().map_err(|()| DbError::Column("channel"))?,
        due_at: row.time("due_at")?,
    })
}

/// Lets a letter wait; nothing when it does already.
pub async fn wait(tx: &mut Tx, mailbox: Uuid, row: &WaitingRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO notice_waiting (mailbox_id, round_id, letter_id, channel, due_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mailbox_id, round_id, letter_id, channel) DO NOTHING",
        params![mailbox, row.round_id, row.letter_id, row.channel.as_str(), row.due_at],
    )
    .await
    .map(drop)
}

/// What waits in a round, by arrival of the letters.
pub async fn of_round(tx: &mut Tx, mailbox: Uuid, round: Uuid) -> Result<Vec<WaitingRow>, DbError> {
    tx.fetch_all(
        "SELECT round_id, letter_id, channel, due_at FROM notice_waiting
         WHERE mailbox_id = $1 AND round_id = $2 ORDER BY letter_id, channel",
        params![mailbox, round],
    )
    .await?
    .iter()
    .map(waiting)
    .collect()
}

/// Everything that waits in a mailbox.
pub async fn all_waiting(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<WaitingRow>, DbError> {
    tx.fetch_all(
        "SELECT round_id, letter_id, channel, due_at FROM notice_waiting WHERE mailbox_id = $1 ORDER BY letter_id, channel",
        params![mailbox],
    )
    .await?
    .iter()
    .map(waiting)
    .collect()
}

/// A round that waits, for the person's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitingRound {
    /// By which channel.
    pub channel: Channel,
    /// When.
    pub due_at: OffsetDateTime,
    /// How many letters.
    pub letters: i64,
}

/// The rounds that wait, soonest first.
pub async fn waiting_rounds(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<WaitingRound>, DbError> {
    tx.fetch_all(
        "SELECT due_at, channel, CAST(COUNT(*) AS BIGINT) AS letters FROM notice_waiting
         WHERE mailbox_id = $1 GROUP BY due_at, channel ORDER BY due_at, channel",
        params![mailbox],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(WaitingRound {
            channel: row.text("channel")?.parse().map_err(|()| DbError::Column("channel"))?,
            due_at: row.time("due_at")?,
            letters: row.int("letters")?,
        })
    })
    .collect()
}

/// Takes one away: it is told of, or decided anew.
pub async fn end_waiting(tx: &mut Tx, mailbox: Uuid, row: &WaitingRow) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM notice_waiting WHERE mailbox_id = $1 AND round_id = $2 AND letter_id = $3 AND channel = $4",
        params![mailbox, row.round_id, row.letter_id, row.channel.as_str()],
    )
    .await
    .map(drop)
}
