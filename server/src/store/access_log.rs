//! Who did what in a mailbox. Rows are only added.

use crate::db::{DbError, Tx};
use crate::domain::access::Act;
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
}

/// Adds a row.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, row: &AccessRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO access_log (mailbox_id, id, at, actor, act, letter_id) VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            mailbox,
            row.id,
            row.at,
            row.actor.as_slice(),
            row.act.as_str(),
            row.letter_id
        ],
    )
    .await
    .map(drop)
}

/// Whether `act` was done to `letter` after `since` (an id, which begins with its time).
pub async fn has_since(tx: &mut Tx, mailbox: Uuid, since: Uuid, act: Act, letter: Uuid) -> Result<bool, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT id FROM access_log WHERE mailbox_id = $1 AND id > $2 AND act = $3 AND letter_id = $4 LIMIT 1",
            params![mailbox, since, act.as_str(), letter],
        )
        .await?;
    Ok(row.is_some())
}

/// The newest rows of a mailbox.
pub async fn newest(tx: &mut Tx, mailbox: Uuid, limit: i64) -> Result<Vec<AccessRow>, DbError> {
    tx.fetch_all(
        "SELECT id, at, actor, act, letter_id FROM access_log WHERE mailbox_id = $1 ORDER BY id DESC LIMIT $2",
        params![mailbox, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(AccessRow {
            id: row.id("id")?,
            at: row.time("at")?,
            actor: row.blob("actor")?,
            act: row.text("act")?.parse().map_err(|()| DbError::Column("act"))?,
            letter_id: row.maybe_id("letter_id")?,
        })
    })
    .collect()
}
