//! Exports: how far each has come.

use crate::db::{DbError, Row, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// How an export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Being made.
    Working,
    /// Can be fetched.
    Ready,
    /// Given up.
    Failed,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Working => "working",
            State::Ready => "ready",
            State::Failed => "failed",
        }
    }
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct ExportRow {
    /// Names its pieces.
    pub id: Uuid,
    /// How it stands.
    pub state: State,
    /// `sv` or `en`.
    pub language: String,
    /// Letters up to this one are in it.
    pub through: Uuid,
    /// Letters up to this one are written.
    pub written: Uuid,
    /// How many letters there are in it.
    pub letters: i64,
    /// How many are written.
    pub done: i64,
    /// How many pieces are.
    pub parts: i64,
    /// How long they are together.
    pub bytes: i64,
    /// When it was asked for.
    pub asked_at: OffsetDateTime,
    /// The last try failed then.
    pub held_up_at: Option<OffsetDateTime>,
    /// It goes then, when it is ready.
    pub expires_at: Option<OffsetDateTime>,
}

fn read(row: &Row) -> Result<ExportRow, DbError> {
    Ok(ExportRow {
        id: row.id("id")?,
        state: match row.text("state")?.as_str() {
            "working" => State::Working,
            "ready" => State::Ready,
            "failed" => State::Failed,
            _ => return Err(DbError::Column("state")),
        },
        language: row.text("language")?,
        through: row.id("through")?,
        written: row.id("written")?,
        letters: row.int("letters")?,
        done: row.int("done")?,
        parts: row.int("parts")?,
        bytes: row.int("bytes")?,
        asked_at: row.time("asked_at")?,
        held_up_at: row.maybe_time("held_up_at")?,
        expires_at: row.maybe_time("expires_at")?,
    })
}

/// The export of a mailbox, if there is one.
pub async fn of_mailbox(tx: &mut Tx, mailbox: Uuid) -> Result<Option<ExportRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, state, language, through, written, letters, done, parts, bytes, asked_at, held_up_at, expires_at
         FROM export WHERE mailbox_id = $1",
        params![mailbox],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Adds the export of a mailbox; there is at most one ([`DbError::is_duplicate`]).
pub async fn insert(tx: &mut Tx, mailbox: Uuid, row: &ExportRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO export (mailbox_id, id, state, language, through, written, letters, done, parts, bytes, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, $8)",
        params![
            mailbox,
            row.id,
            row.state.as_str(),
            row.language.as_str(),
            row.through,
            row.written,
            row.letters,
            row.asked_at
        ],
    )
    .await
    .map(drop)
}

/// A piece that has been written, and how far that brings the export.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// How many pieces there were before it.
    pub parts: i64,
    /// The last letter in it.
    pub written: Uuid,
    /// How many letters are in it.
    pub letters: i64,
    /// How long it is.
    pub bytes: i64,
}

/// Counts a piece, unless the export is another now, or somebody else has written the same piece; tells which.
pub async fn advance(tx: &mut Tx, mailbox: Uuid, id: Uuid, step: Step) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE export SET parts = parts + 1, written = $4, done = done + $5, bytes = bytes + $6, held_up_at = NULL
             WHERE mailbox_id = $1 AND id = $2 AND parts = $3 AND state = 'working'",
            params![mailbox, id, step.parts, step.written, step.letters, step.bytes],
        )
        .await?;
    Ok(touched > 0)
}

/// It can be fetched until `expires_at`.
pub async fn finish(tx: &mut Tx, mailbox: Uuid, id: Uuid, expires_at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE export SET state = 'ready', expires_at = $3 WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id, expires_at],
    )
    .await
    .map(drop)
}

/// A try failed; another will be made.
pub async fn hold_up(tx: &mut Tx, mailbox: Uuid, id: Uuid, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE export SET held_up_at = $3 WHERE mailbox_id = $1 AND id = $2 AND state = 'working'",
        params![mailbox, id, at],
    )
    .await
    .map(drop)
}

/// No more tries.
pub async fn fail(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "UPDATE export SET state = 'failed' WHERE mailbox_id = $1 AND id = $2 AND state = 'working'",
        params![mailbox, id],
    )
    .await
    .map(drop)
}

/// Forgets an export; its pieces are taken away apart.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM export WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}
