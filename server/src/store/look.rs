//! Looks of staff at accounts. Kept for as long as they last, and some weeks; what was done with them is in the audit log.

use crate::db::{DbError, Row, Tx};
use crate::domain::named::named;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// How a look stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookState {
    /// It shows the account until its end.
    Open,
    /// It waits for a second of the staff.
    Waiting,
    /// The second said no.
    Refused,
    /// It was closed.
    Closed,
}

const STATES: [(LookState, &str); 4] = [
    (LookState::Open, "open"),
    (LookState::Waiting, "waiting"),
    (LookState::Refused, "refused"),
    (LookState::Closed, "closed"),
];

named!(LookState, STATES);

/// A row, the reason sealed.
#[derive(Clone, Debug)]
pub struct LookRow {
    /// Its id.
    pub id: Uuid,
    /// At which mailbox.
    pub mailbox_id: Uuid,
    /// Whose look it is.
    pub staff_id: Uuid,
    /// Who else of the staff has allowed it.
    pub second_id: Option<Uuid>,
    /// Why, sealed.
    pub reason: Vec<u8>,
    /// How it stands.
    pub state: LookState,
    /// When it was asked for.
    pub asked_at: OffsetDateTime,
    /// When it is over.
    pub ends_at: OffsetDateTime,
}

fn read(row: &Row) -> Result<LookRow, DbError> {
    Ok(LookRow {
        id: row.id("id")?,
        mailbox_id: row.id("mailbox_id")?,
        staff_id: row.id("staff_id")?,
        second_id: row.maybe_id("second_id")?,
        reason: row.blob("reason")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        asked_at: row.time("asked_at")?,
        ends_at: row.time("ends_at")?,
    })
}

/// Adds a look.
pub async fn insert(tx: &mut Tx, row: &LookRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO staff_look (id, mailbox_id, staff_id, second_id, reason, state, asked_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            row.id,
            row.mailbox_id,
            row.staff_id,
            row.second_id,
            row.reason.as_slice(),
            row.state.as_str(),
            row.asked_at,
            row.ends_at
        ],
    )
    .await
    .map(drop)
}

/// A look.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<LookRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, mailbox_id, staff_id, second_id, reason, state, asked_at, ends_at FROM staff_look WHERE id = $1",
        params![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Somebody's own looks that are not over, newest first.
pub async fn of_staff(tx: &mut Tx, staff: Uuid, now: OffsetDateTime, limit: i64) -> Result<Vec<LookRow>, DbError> {
    tx.fetch_all(
        "SELECT id, mailbox_id, staff_id, second_id, reason, state, asked_at, ends_at FROM staff_look
         WHERE staff_id = $1 AND state IN ('open', 'waiting') AND ends_at > $2 ORDER BY id DESC LIMIT $3",
        params![staff, now, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Looks of others than `staff` that wait for a second, oldest first.
pub async fn waiting(tx: &mut Tx, staff: Uuid, now: OffsetDateTime, limit: i64) -> Result<Vec<LookRow>, DbError> {
    tx.fetch_all(
        "SELECT id, mailbox_id, staff_id, second_id, reason, state, asked_at, ends_at FROM staff_look
         WHERE state = 'waiting' AND staff_id <> $1 AND ends_at > $2 ORDER BY id LIMIT $3",
        params![staff, now, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The second's answer to a look that waits: with `state`, it lasts until `ends_at`. Of two who answer at once, one does.
pub async fn answer(
    tx: &mut Tx,
    id: Uuid,
    second: Uuid,
    state: LookState,
    now: OffsetDateTime,
    ends_at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE staff_look SET state = $3, second_id = $2, ends_at = $5
             WHERE id = $1 AND state = 'waiting' AND staff_id <> $2 AND ends_at > $4",
            params![id, second, state.as_str(), now, ends_at],
        )
        .await?;
    Ok(touched > 0)
}

/// Closes somebody's own look; false when it was over.
pub async fn close(tx: &mut Tx, id: Uuid, staff: Uuid, now: OffsetDateTime) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE staff_look SET state = 'closed', ends_at = $3
             WHERE id = $1 AND staff_id = $2 AND state IN ('open', 'waiting') AND ends_at > $3",
            params![id, staff, now],
        )
        .await?;
    Ok(touched > 0)
}

/// Has every open look at a mailbox that one of the staff has alone wait for a second, until then.
pub async fn hold(tx: &mut Tx, mailbox: Uuid, now: OffsetDateTime, ends_at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE staff_look SET state = 'waiting', ends_at = $3
         WHERE mailbox_id = $1 AND state = 'open' AND second_id IS NULL AND ends_at > $2",
        params![mailbox, now, ends_at],
    )
    .await
    .map(drop)
}

/// Forgets looks that have been over since `before`.
pub async fn sweep(tx: &mut Tx, before: OffsetDateTime) -> Result<u64, DbError> {
    tx.execute("DELETE FROM staff_look WHERE ends_at < $1", params![before])
        .await
}
