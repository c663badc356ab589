//! Who did what in a mailbox. Rows are only added.

use crate::db::{DbError, Tx};
use crate::domain::access::{Act, Capacity};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// One row, the actor sealed.
#[derive(Clone, Debug)]
pub struct AccessRow {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: OffsetDateTime,
    /// Who, sealed.
    pub actor: Vec<u8>,
    /// What.
    pub act: Act,
    /// Which letter.
    pub letter_id: Option<Uuid>,
    /// In which right.
    pub capacity: Capacity,
}

/// Adds a row.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, row: &AccessRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO access_log (mailbox_id, id, at, actor, act, letter_id, capacity) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            mailbox,
            row.id,
            row.at,
            row.actor.as_slice(),
            row.act.as_str(),
            row.letter_id,
            row.capacity.as_str()
        ],
    )
    .await
    .map(drop)
}

/// Adds a row of staff's, with the reason that they gave, sealed.
pub async fn insert_with_reason(tx: &mut Tx, mailbox: Uuid, row: &AccessRow, reason: &[u8]) -> Result<(), DbError> {
    insert(tx, mailbox, row).await?;
    tx.execute(
        "UPDATE access_log SET reason = $3 WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, row.id, reason],
    )
    .await
    .map(drop)
}

/// The reason that staff gave for what a row tells, sealed.
pub async fn reason(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<Vec<u8>>, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT reason FROM access_log WHERE mailbox_id = $1 AND id = $2",
            params![mailbox, id],
        )
        .await?;
    Ok(row.map(|row| row.maybe_blob("reason")).transpose()?.flatten())
}

/// By whom `act` was done to `letter` in one right after `since` (an id, which begins with its time): the rows' ids and actors, sealed.
pub async fn actors_since(
    tx: &mut Tx,
    mailbox: Uuid,
    since: Uuid,
    (act, capacity): (Act, Capacity),
    letter: Uuid,
) -> Result<Vec<(Uuid, Vec<u8>)>, DbError> {
    tx.fetch_all(
        "SELECT id, actor FROM access_log
         WHERE mailbox_id = $1 AND id > $2 AND act = $3 AND letter_id = $4 AND capacity = $5 ORDER BY id DESC LIMIT 20",
        params![mailbox, since, act.as_str(), letter, capacity.as_str()],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("id")?, row.blob("actor")?)))
    .collect()
}

/// Which rows of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Every one.
    All,
    /// Of one act.
    Act(Act),
    /// In one right.
    Capacity(Capacity),
}

/// The newest rows of a mailbox before `before`. One statement a filter, so that each finds its index.
pub async fn page(
    tx: &mut Tx,
    mailbox: Uuid,
    filter: Filter,
    before: Uuid,
    limit: i64,
) -> Result<Vec<AccessRow>, DbError> {
    let (sql, params) = match filter {
        Filter::All => (
            "SELECT id, at, actor, act, letter_id, capacity FROM access_log WHERE mailbox_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            params![mailbox, before, limit],
        ),
        Filter::Act(act) => (
            "SELECT id, at, actor, act, letter_id, capacity FROM access_log
             WHERE mailbox_id = $1 AND id < $2 AND act = $4 ORDER BY id DESC LIMIT $3",
            params![mailbox, before, limit, act.as_str()],
        ),
        Filter::Capacity(capacity) => (
            "SELECT id, at, actor, act, letter_id, capacity FROM access_log
             WHERE mailbox_id = $1 AND id < $2 AND capacity = $4 ORDER BY id DESC LIMIT $3",
            params![mailbox, before, limit, capacity.as_str()],
        ),
    };
    tx.fetch_all(sql, params)
        .await?
        .iter()
        .map(|row| {
            Ok(AccessRow {
                id: row.id("id")?,
                at: row.time("at")?,
                actor: row.blob("actor")?,
                act: row.text("act")?.parse().map_err(|()| DbError::Column("act"))?,
                letter_id: row.maybe_id("letter_id")?,
                capacity: row
                    .text("capacity")?
                    .parse()
                    .map_err(|()| DbError::Column("capacity"))?,
            })
        })
        .collect()
}
