//! Rules for letters that come in.

use crate::db::{DbError, Row, Tx};
use crate::params;
use uuid::Uuid;

/// A row of the table, its content sealed.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// Its id.
    pub id: Uuid,
    /// The order rules are asked in.
    pub place: i64,
    /// Asked for each letter that comes in.
    pub active: bool,
    /// Which letters, and what to do with them; sealed.
    pub content: Vec<u8>,
}

fn read(row: &Row) -> Result<RuleRow, DbError> {
    Ok(RuleRow {
        id: row.id("id")?,
        place: row.int("place")?,
        active: row.int("active")? != 0,
        content: row.blob("content")?,
    })
}

/// Every rule of a mailbox, in their order.
pub async fn all(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<RuleRow>, DbError> {
    tx.fetch_all(
        "SELECT id, place, active, content FROM rule WHERE mailbox_id = $1 ORDER BY place, id",
        params![mailbox],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Adds a rule, or writes all of one that is there.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: &RuleRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO rule (mailbox_id, id, place, active, content) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET
            place = excluded.place, active = excluded.active, content = excluded.content",
        params![
            mailbox,
            row.id,
            row.place,
            i64::from(row.active),
            row.content.as_slice()
        ],
    )
    .await
    .map(drop)
}

/// Takes a rule away.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM rule WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}
