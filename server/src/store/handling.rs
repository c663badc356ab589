//! Who takes which letter of a company, and notes of colleagues.

use crate::db::{DbError, Row, Tx};
use crate::domain::handling::Step;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// Who takes a letter.
#[derive(Clone, Debug)]
pub struct HandlingRow {
    /// Keyed hash of the taker's number.
    pub taker_index: Vec<u8>,
    /// Sealed: the taker, and who said so.
    pub handling: Vec<u8>,
    /// How far it has come.
    pub step: Step,
    /// Since when.
    pub changed_at: OffsetDateTime,
}

/// A note on a letter.
#[derive(Clone, Debug)]
pub struct NoteRow {
    /// Its id, which tells when.
    pub id: Uuid,
    /// Keyed hash of the author's number.
    pub author_index: Vec<u8>,
    /// Sealed: the author's name, and the text.
    pub note: Vec<u8>,
}

fn step(row: &Row) -> Result<Step, DbError> {
    row.text("step")?.parse().map_err(|()| DbError::Column("step"))
}

/// Who takes a letter; nothing when nobody does.
pub async fn of_letter(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Option<HandlingRow>, DbError> {
    tx.fetch_optional(
        "SELECT taker_index, handling, step, changed_at FROM letter_handling WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await?
    .map(|row| {
        Ok(HandlingRow {
            taker_index: row.blob("taker_index")?,
            handling: row.blob("handling")?,
            step: step(&row)?,
            changed_at: row.time("changed_at")?,
        })
    })
    .transpose()
}

/// Writes down who takes a letter, in the place of who did.
pub async fn put(tx: &mut Tx, mailbox: Uuid, letter: Uuid, row: &HandlingRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO letter_handling (mailbox_id, letter_id, taker_index, handling, step, changed_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (mailbox_id, letter_id) DO UPDATE SET
             taker_index = excluded.taker_index, handling = excluded.handling, step = excluded.step,
             changed_at = excluded.changed_at",
        params![
            mailbox,
            letter,
            row.taker_index.as_slice(),
            row.handling.as_slice(),
            row.step.as_str(),
            row.changed_at
        ],
    )
    .await
    .map(drop)
}

/// Nobody takes a letter any more.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM letter_handling WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await
    .map(drop)
}

/// Letters that somebody takes and has not done, the newest first, with how far they have come.
pub async fn open_of(
    tx: &mut Tx,
    mailbox: Uuid,
    taker_index: [u8; 32],
    before: Uuid,
    limit: i64,
) -> Result<Vec<(Uuid, Step)>, DbError> {
    tx.fetch_all(
        "SELECT letter_id, step FROM letter_handling
         WHERE mailbox_id = $1 AND taker_index = $2 AND step <> 'done' AND letter_id < $3
         ORDER BY letter_id DESC LIMIT $4",
        params![mailbox, taker_index, before, limit],
    )
    .await?
    .iter()
    .map(|row| Ok((row.id("letter_id")?, step(row)?)))
    .collect()
}

/// The notes on a letter, the oldest first.
pub async fn notes(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Vec<NoteRow>, DbError> {
    tx.fetch_all(
        "SELECT id, author_index, note FROM letter_note WHERE mailbox_id = $1 AND letter_id = $2 ORDER BY id",
        params![mailbox, letter],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(NoteRow {
            id: row.id("id")?,
            author_index: row.blob("author_index")?,
            note: row.blob("note")?,
        })
    })
    .collect()
}

/// Keeps a note.
pub async fn insert_note(tx: &mut Tx, mailbox: Uuid, letter: Uuid, row: &NoteRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO letter_note (mailbox_id, letter_id, id, author_index, note) VALUES ($1, $2, $3, $4, $5)",
        params![
            mailbox,
            letter,
            row.id,
            row.author_index.as_slice(),
            row.note.as_slice()
        ],
    )
    .await
    .map(drop)
}

/// Takes a note of its author's away; tells whether there was one.
pub async fn remove_note(
    tx: &mut Tx,
    mailbox: Uuid,
    letter: Uuid,
    id: Uuid,
    author_index: [u8; 32],
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "DELETE FROM letter_note WHERE mailbox_id = $1 AND letter_id = $2 AND id = $3 AND author_index = $4",
            params![mailbox, letter, id, author_index],
        )
        .await?;
    Ok(touched > 0)
}

/// Forgets who took a letter that goes for good, and what was noted on it.
pub async fn forget_letter(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<(), DbError> {
    remove(tx, mailbox, letter).await?;
    tx.execute(
        "DELETE FROM letter_note WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await
    .map(drop)
}
