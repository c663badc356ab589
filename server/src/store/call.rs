//! What became of calls of Service v3.

use crate::db::{DbError, Row, Tx};
use crate::domain::named::named;
use crate::params;
use uuid::Uuid;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    /// The letters are in the mailbox.
    Delivered,
    /// They were there already.
    Duplicate,
    /// The recipient has no open mailbox here: told to the sender as not delivered.
    NotHere,
    /// Something was wrong with it: told to the sender with a code.
    Refused,
    /// Something of ours failed.
    Failed,
}

const OUTCOMES: [(CallOutcome, &str); 5] = [
    (CallOutcome::Delivered, "delivered"),
    (CallOutcome::Duplicate, "duplicate"),
    (CallOutcome::NotHere, "not_here"),
    (CallOutcome::Refused, "refused"),
    (CallOutcome::Failed, "failed"),
];

named!(CallOutcome, OUTCOMES);

/// A row, who it was sealed.
#[derive(Clone, Debug)]
pub struct CallRow {
    /// Its id, which begins with when it came.
    pub id: Uuid,
    /// What a sender is told with a fault.
    pub call_id: Uuid,
    /// What a sender is told of letters that are here.
    pub trans_id: Option<Uuid>,
    /// What became of it.
    pub outcome: CallOutcome,
    /// The code of the fault.
    pub code: Option<i64>,
    /// Keyed hash of the recipient's number.
    pub recipient_index: Option<Vec<u8>>,
    /// Who connected and who sends, sealed.
    pub content: Vec<u8>,
}

fn read(row: &Row) -> Result<CallRow, DbError> {
    Ok(CallRow {
        id: row.id("id")?,
        call_id: row.id("call_id")?,
        trans_id: row.maybe_id("trans_id")?,
        outcome: row.text("outcome")?.parse().map_err(|()| DbError::Column("outcome"))?,
        code: row.maybe_int("code")?,
        recipient_index: row.maybe_blob("recipient_index")?,
        content: row.blob("content")?,
    })
}

/// Adds a call; one that got a fault with the keyed hash of whose it was.
pub async fn insert(tx: &mut Tx, row: &CallRow, fault_of: Option<[u8; 32]>) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO intake_call (id, call_id, trans_id, outcome, code, recipient_index, content, party_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            row.id,
            row.call_id,
            row.trans_id,
            row.outcome.as_str(),
            row.code,
            row.recipient_index.clone(),
            row.content.as_slice(),
            fault_of.map(|index| index.to_vec())
        ],
    )
    .await
    .map(drop)
}

/// Names a call by a reference of its sender's, as a keyed hash.
pub async fn add_reference(tx: &mut Tx, reference_index: [u8; 32], call: Uuid) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO intake_reference (reference_index, call_row) VALUES ($1, $2)
         ON CONFLICT (reference_index, call_row) DO NOTHING",
        params![reference_index, call],
    )
    .await
    .map(drop)
}

/// Calls whose fault had this call id, newest first: one, unless somebody makes up ids.
pub async fn by_call_id(tx: &mut Tx, call_id: Uuid, before: Uuid, limit: i64) -> Result<Vec<CallRow>, DbError> {
    tx.fetch_all(
        "SELECT id, call_id, trans_id, outcome, code, recipient_index, content FROM intake_call
         WHERE call_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![call_id, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Calls that were answered with this `TransId`, newest first.
pub async fn by_trans_id(tx: &mut Tx, trans_id: Uuid, before: Uuid, limit: i64) -> Result<Vec<CallRow>, DbError> {
    tx.fetch_all(
        "SELECT id, call_id, trans_id, outcome, code, recipient_index, content FROM intake_call
         WHERE trans_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![trans_id, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Calls whose sender gave this reference, newest first.
pub async fn by_reference(
    tx: &mut Tx,
    reference_index: [u8; 32],
    before: Uuid,
    limit: i64,
) -> Result<Vec<CallRow>, DbError> {
    tx.fetch_all(
        "SELECT k.id, k.call_id, k.trans_id, k.outcome, k.code, k.recipient_index, k.content
         FROM intake_reference r JOIN intake_call k ON k.id = r.call_row
         WHERE r.reference_index = $1 AND r.call_row < $2 ORDER BY r.call_row DESC LIMIT $3",
        params![reference_index, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Calls for a recipient between two moments, newest first.
pub async fn by_recipient(
    tx: &mut Tx,
    recipient_index: &[u8],
    (since, before): (Uuid, Uuid),
    limit: i64,
) -> Result<Vec<CallRow>, DbError> {
    tx.fetch_all(
        "SELECT id, call_id, trans_id, outcome, code, recipient_index, content FROM intake_call
         WHERE recipient_index = $1 AND id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4",
        params![recipient_index, since, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// An organisation's calls that got a fault, newest first.
pub async fn faults_of(tx: &mut Tx, party_index: [u8; 32], before: Uuid, limit: i64) -> Result<Vec<CallRow>, DbError> {
    tx.fetch_all(
        "SELECT id, call_id, trans_id, outcome, code, recipient_index, content FROM intake_call
         WHERE party_index = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        params![party_index, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Forgets up to `limit` calls that came before `before`, with their references; tells how many.
pub async fn sweep(tx: &mut Tx, before: Uuid, limit: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM intake_reference WHERE call_row IN (SELECT id FROM intake_call WHERE id < $1 ORDER BY id LIMIT $2)",
        params![before, limit],
    )
    .await?;
    tx.execute(
        "DELETE FROM intake_call WHERE id IN (SELECT id FROM intake_call WHERE id < $1 ORDER BY id LIMIT $2)",
        params![before, limit],
    )
    .await
}
