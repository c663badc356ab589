//! Matters and their events.

use crate::db::{DbError, Row, Tx};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A matter's blinded id.
pub type MatterId = [u8; 16];

/// A letter's part in a matter, sealed.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// The letter that is the event.
    pub letter_id: Uuid,
    /// The matter.
    pub matter_id: MatterId,
    /// The event, and the matter as it leaves it, sealed.
    pub content: Vec<u8>,
    /// The event's own name, blinded.
    pub event_index: Option<[u8; 16]>,
}

/// A matter in a list, sealed.
#[derive(Clone, Debug)]
pub struct MatterRow {
    /// Its id.
    pub id: MatterId,
    /// Its newest event, and the matter as that left it, sealed.
    pub content: Vec<u8>,
    /// The letter with the newest event.
    pub newest_letter_id: Uuid,
    /// How many events.
    pub events: i64,
    /// When the newest came.
    pub newest_at: OffsetDateTime,
}

/// An event with what its letter's row says.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// The letter.
    pub letter_id: Uuid,
    /// The event, and the matter as it left it, sealed.
    pub content: Vec<u8>,
    /// Attachments of the letter.
    pub attachments: i64,
    /// When the letter was first opened.
    pub read_at: Option<OffsetDateTime>,
    /// When it came.
    pub received_at: OffsetDateTime,
}

/// Adds an event, and leaves its matter as it says.
pub async fn add(tx: &mut Tx, mailbox: Uuid, event: &NewEvent) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO matter_event (mailbox_id, letter_id, matter_id, content, event_index) VALUES ($1, $2, $3, $4, $5)",
        params![
            mailbox,
            event.letter_id,
            event.matter_id.as_slice(),
            event.content.as_slice(),
            event.event_index.map(|index| index.to_vec())
        ],
    )
    .await?;
    tx.execute(
        "INSERT INTO matter (mailbox_id, id, newest_letter_id, events) VALUES ($1, $2, $3, 1)
         ON CONFLICT (mailbox_id, id) DO UPDATE SET
            newest_letter_id = excluded.newest_letter_id, events = matter.events + 1",
        params![mailbox, event.matter_id.as_slice(), event.letter_id],
    )
    .await
    .map(drop)
}

fn read(row: &Row) -> Result<MatterRow, DbError> {
    Ok(MatterRow {
        id: row.blob("id")?.try_into().map_err(|_| DbError::Column("id"))?,
        content: row.blob("content")?,
        newest_letter_id: row.id("newest_letter_id")?,
        events: row.int("events")?,
        newest_at: row.time("received_at")?,
    })
}

/// Forgets what a letter said, when the letter goes for good; its matter is as the event before left it, or goes too.
pub async fn forget(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<(), DbError> {
    let Some(matter) = of_letter(tx, mailbox, letter).await? else {
        return Ok(());
    };
    tx.execute(
        "DELETE FROM matter_event WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await?;
    let newest = tx
        .fetch_optional(
            "SELECT letter_id FROM matter_event WHERE mailbox_id = $1 AND matter_id = $2 ORDER BY letter_id DESC LIMIT 1",
            params![mailbox, matter.as_slice()],
        )
        .await?;
    match newest {
        Some(row) => {
            tx.execute(
                "UPDATE matter SET newest_letter_id = $3, events = events - 1 WHERE mailbox_id = $1 AND id = $2",
                params![mailbox, matter.as_slice(), row.id("letter_id")?],
            )
            .await?
        }
        None => {
            tx.execute(
                "DELETE FROM matter WHERE mailbox_id = $1 AND id = $2",
                params![mailbox, matter.as_slice()],
            )
            .await?
        }
    };
    Ok(())
}

/// A page of matters, the one with the newest event first, older than `before`.
pub async fn page(tx: &mut Tx, mailbox: Uuid, before: Uuid, limit: i64) -> Result<Vec<MatterRow>, DbError> {
    tx.fetch_all(
        "SELECT matter.id, matter_event.content, matter.newest_letter_id, matter.events, letter.received_at
         FROM matter
         JOIN matter_event ON matter_event.mailbox_id = matter.mailbox_id AND matter_event.letter_id = matter.newest_letter_id
         JOIN letter ON letter.mailbox_id = matter.mailbox_id AND letter.id = matter.newest_letter_id
         WHERE matter.mailbox_id = $1 AND matter.newest_letter_id < $2 ORDER BY matter.newest_letter_id DESC LIMIT $3",
        params![mailbox, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// One matter.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: MatterId) -> Result<Option<MatterRow>, DbError> {
    tx.fetch_optional(
        "SELECT matter.id, matter_event.content, matter.newest_letter_id, matter.events, letter.received_at
         FROM matter
         JOIN matter_event ON matter_event.mailbox_id = matter.mailbox_id AND matter_event.letter_id = matter.newest_letter_id
         JOIN letter ON letter.mailbox_id = matter.mailbox_id AND letter.id = matter.newest_letter_id
         WHERE matter.mailbox_id = $1 AND matter.id = $2",
        params![mailbox, id.as_slice()],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The matter that a letter is an event in.
pub async fn of_letter(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Option<MatterId>, DbError> {
    tx.fetch_optional(
        "SELECT matter_id FROM matter_event WHERE mailbox_id = $1 AND letter_id = $2",
        params![mailbox, letter],
    )
    .await?
    .map(|row| {
        row.blob("matter_id")?
            .try_into()
            .map_err(|_| DbError::Column("matter_id"))
    })
    .transpose()
}

/// The letter and the record, sealed, of the event with this blinded name: the newest, should a sender use a name twice.
pub async fn by_event(
    tx: &mut Tx,
    mailbox: Uuid,
    name: [u8; 16],
) -> Result<Option<(Uuid, MatterId, Vec<u8>)>, DbError> {
    tx.fetch_optional(
        "SELECT letter_id, matter_id, content FROM matter_event WHERE mailbox_id = $1 AND event_index = $2
         ORDER BY letter_id DESC LIMIT 1",
        params![mailbox, name.as_slice()],
    )
    .await?
    .map(|row| {
        let matter = row.blob("matter_id")?.try_into();
        Ok((
            row.id("letter_id")?,
            matter.map_err(|_| DbError::Column("matter_id"))?,
            row.blob("content")?,
        ))
    })
    .transpose()
}

/// The newest events of a matter, newest first.
pub async fn events(tx: &mut Tx, mailbox: Uuid, id: MatterId, limit: i64) -> Result<Vec<EventRow>, DbError> {
    tx.fetch_all(
        "SELECT matter_event.letter_id, matter_event.content, letter.attachments, letter.read_at, letter.received_at
         FROM matter_event
         JOIN letter ON letter.mailbox_id = matter_event.mailbox_id AND letter.id = matter_event.letter_id
         WHERE matter_event.mailbox_id = $1 AND matter_event.matter_id = $2
         ORDER BY matter_event.letter_id DESC LIMIT $3",
        params![mailbox, id.as_slice(), limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(EventRow {
            letter_id: row.id("letter_id")?,
            content: row.blob("content")?,
            attachments: row.int("attachments")?,
            read_at: row.maybe_time("read_at")?,
            received_at: row.time("received_at")?,
        })
    })
    .collect()
}
