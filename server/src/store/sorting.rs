//! What was done with letters, and how each lay before.

use crate::db::{DbError, Row, Tx};
use crate::domain::named::named;
use crate::domain::sorting::{Place, Standing};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// How far an act has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActState {
    /// More letters are to be changed.
    Doing,
    /// Done.
    Done,
    /// Is being taken back.
    Undoing,
    /// Taken back.
    Undone,
}

const STATES: [(ActState, &str); 4] = [
    (ActState::Doing, "doing"),
    (ActState::Done, "done"),
    (ActState::Undoing, "undoing"),
    (ActState::Undone, "undone"),
];

named!(ActState, STATES);

/// A row of the table, its content sealed.
#[derive(Clone, Debug)]
pub struct ActRow {
    /// Its id.
    pub id: Uuid,
    /// How far it has come.
    pub state: ActState,
    /// What, with which letters; sealed.
    pub content: Vec<u8>,
    /// How many letters it has changed.
    pub letters: i64,
    /// Letters from this one on have been looked at, newest first.
    pub handled: Uuid,
    /// When it was asked for.
    pub at: OffsetDateTime,
}

fn read(row: &Row) -> Result<ActRow, DbError> {
    Ok(ActRow {
        id: row.id("id")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        content: row.blob("content")?,
        letters: row.int("letters")?,
        handled: row.id("handled")?,
        at: row.time("at")?,
    })
}

/// One act of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<ActRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, state, content, letters, handled, at FROM sorting_act WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Adds an act, or writes how far it has come.
pub async fn put(tx: &mut Tx, mailbox: Uuid, row: &ActRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO sorting_act (mailbox_id, id, state, content, letters, handled, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET
            state = excluded.state, letters = excluded.letters, handled = excluded.handled",
        params![
            mailbox,
            row.id,
            row.state.as_str(),
            row.content.as_slice(),
            row.letters,
            row.handled,
            row.at
        ],
    )
    .await
    .map(drop)
}

/// Keeps the `newest` acts that have ended, and forgets the others: they can no longer be undone.
pub async fn forget_old(tx: &mut Tx, mailbox: Uuid, newest: i64) -> Result<(), DbError> {
    let old = tx
        .fetch_all(
            "SELECT id FROM sorting_act WHERE mailbox_id = $1 AND (state = 'done' OR state = 'undone')
             ORDER BY id DESC LIMIT 1000 OFFSET $2",
            params![mailbox, newest],
        )
        .await?;
    for row in &old {
        let id = row.id("id")?;
        tx.execute(
            "DELETE FROM sorting_letter WHERE mailbox_id = $1 AND act_id = $2",
            params![mailbox, id],
        )
        .await?;
        tx.execute(
            "DELETE FROM sorting_act WHERE mailbox_id = $1 AND id = $2",
            params![mailbox, id],
        )
        .await?;
    }
    Ok(())
}

/// Writes how a letter lay before an act.
pub async fn remember(tx: &mut Tx, mailbox: Uuid, act: Uuid, letter: Uuid, before: Standing) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO sorting_letter (mailbox_id, act_id, letter_id, folder_id, binned_at, read_at, starred_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            mailbox,
            act,
            letter,
            before.place.folder_id(),
            before.binned_at,
            before.read_at,
            before.starred_at
        ],
    )
    .await
    .map(drop)
}

/// Some of the letters that an act has changed, each with how it lay before.
pub async fn remembered(tx: &mut Tx, mailbox: Uuid, act: Uuid, limit: i64) -> Result<Vec<(Uuid, Standing)>, DbError> {
    tx.fetch_all(
        "SELECT letter_id, folder_id, binned_at, read_at, starred_at FROM sorting_letter
         WHERE mailbox_id = $1 AND act_id = $2 ORDER BY letter_id LIMIT $3",
        params![mailbox, act, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok((
            row.id("letter_id")?,
            Standing {
                place: Place::of(row.maybe_id("folder_id")?),
                binned_at: row.maybe_time("binned_at")?,
                read_at: row.maybe_time("read_at")?,
                starred_at: row.maybe_time("starred_at")?,
            },
        ))
    })
    .collect()
}

/// Forgets how a letter lay, once it has been put back.
pub async fn forget_letter(tx: &mut Tx, mailbox: Uuid, act: Uuid, letter: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM sorting_letter WHERE mailbox_id = $1 AND act_id = $2 AND letter_id = $3",
        params![mailbox, act, letter],
    )
    .await
    .map(drop)
}
