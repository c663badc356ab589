//! Mailboxes that are left: closed for letters, and at last destroyed.

use crate::db::{DbError, Tx};
use crate::domain::named::named;
use crate::params;
use crate::seal::Wrapped;
use time::OffsetDateTime;
use uuid::Uuid;

/// Why a mailbox takes no letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// FaR has the holder with another operator.
    Moved,
    /// FaR has the holder with no operator, and it was not done here.
    Left,
    /// The holder ended it here.
    Ended,
}

const WHYS: [(Why, &str); 3] = [(Why::Moved, "moved"), (Why::Left, "left"), (Why::Ended, "ended")];

named!(Why, WHYS);

/// How a mailbox is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// Why; mailboxes that were closed before this was kept count as ended.
    pub why: Why,
    /// Sealed: where the holder moved to.
    pub moved_to: Option<Vec<u8>>,
    /// When its key is destroyed, if ever.
    pub destroy_at: Option<OffsetDateTime>,
}

/// A mailbox that FaR is asked about.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its id.
    pub id: Uuid,
    /// Its key, wrapped.
    pub wrapped: Wrapped,
    /// The holder, sealed.
    pub holder: Vec<u8>,
}

/// How a mailbox is left, and since when; nothing while it is open.
pub async fn read(tx: &mut Tx, mailbox: Uuid) -> Result<Option<(Closing, OffsetDateTime)>, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT closed_why, moved_to, destroy_at, closed_at, opened_at FROM mailbox WHERE id = $1 AND state = 'closed'",
            params![mailbox],
        )
        .await?;
    row.map(|row| {
        let why = row.maybe_text("closed_why")?;
        let closing = Closing {
            why: why.map_or(Ok(Why::Ended), |why| {
                why.parse().map_err(|()| DbError::Column("closed_why"))
            })?,
            moved_to: row.maybe_blob("moved_to")?,
            destroy_at: row.maybe_time("destroy_at")?,
        };
        let since = row.maybe_time("closed_at")?;
        Ok((closing, since.map_or_else(|| row.time("opened_at"), Ok)?))
    })
    .transpose()
}

/// When a mailbox was opened.
pub async fn opened_at(tx: &mut Tx, mailbox: Uuid) -> Result<Option<OffsetDateTime>, DbError> {
    tx.fetch_optional("SELECT opened_at FROM mailbox WHERE id = $1", params![mailbox])
        .await?
        .map(|row| row.time("opened_at"))
        .transpose()
}

/// Closes an open mailbox for letters. False, and nothing done, when it is not open.
pub async fn close(tx: &mut Tx, mailbox: Uuid, closing: &Closing, at: OffsetDateTime) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE mailbox SET state = 'closed', closed_at = $2, closed_why = $3, moved_to = $4, destroy_at = $5
             WHERE id = $1 AND state = 'open'",
            params![
                mailbox,
                at,
                closing.why.as_str(),
                closing.moved_to.clone(),
                closing.destroy_at
            ],
        )
        .await?;
    Ok(touched > 0)
}

/// Sets the day on which the key of a closed mailbox is destroyed, unless it is set.
pub async fn destroy_later(tx: &mut Tx, mailbox: Uuid, destroy_at: OffsetDateTime) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE mailbox SET destroy_at = $2 WHERE id = $1 AND state = 'closed' AND destroy_at IS NULL",
            params![mailbox, destroy_at],
        )
        .await?;
    Ok(touched > 0)
}

/// Overwrites the key and the holder of a closed mailbox whose day has come; `index` is one that no holder has. False when its
/// day has not come: it was opened again, or closed later than was thought.
pub async fn destroy(tx: &mut Tx, mailbox: Uuid, index: [u8; 32], now: OffsetDateTime) -> Result<bool, DbError> {
    let Some(row) = tx
        .fetch_optional(
            "SELECT wrapped_key, holder FROM mailbox WHERE id = $1 AND state = 'closed' AND destroy_at <= $2",
            params![mailbox, now],
        )
        .await?
    else {
        return Ok(false);
    };
    // Of the same length, so that the engine writes over the old bytes rather than beside them.
    let nothing = |column| row.blob(column).map(|old| vec![0_u8; old.len()]);
    let touched = tx
        .execute(
            "UPDATE mailbox SET state = 'destroyed', wrapped_key = $2, holder = $3, holder_index = $4, unread = 0, moved_to = NULL
             WHERE id = $1 AND state = 'closed' AND destroy_at <= $5",
            params![mailbox, nothing("wrapped_key")?, nothing("holder")?, index, now],
        )
        .await?;
    Ok(touched > 0)
}

/// Whether the key of a mailbox has been destroyed.
pub async fn is_destroyed(tx: &mut Tx, mailbox: Uuid) -> Result<bool, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT id FROM mailbox WHERE id = $1 AND state = 'destroyed'",
            params![mailbox],
        )
        .await?;
    Ok(row.is_some())
}

/// What a destroyed mailbox leaves behind: rows that nothing can open any more, some of each table at a time.
const SWEPT: &[&str] = &[
    "DELETE FROM letter WHERE mailbox_id = $1 AND id IN (SELECT id FROM letter WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM delivery WHERE mailbox_id = $1 AND id IN (SELECT id FROM delivery WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM access_log WHERE mailbox_id = $1 AND id IN (SELECT id FROM access_log WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM notice WHERE mailbox_id = $1 AND id IN (SELECT id FROM notice WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM sorting_letter WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM sorting_letter WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM letter_category WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM letter_category WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM sorting_act WHERE mailbox_id = $1 AND id IN (SELECT id FROM sorting_act WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM search_posting WHERE mailbox_id = $1 AND token IN (SELECT token FROM search_posting WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM search_text WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM search_text WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM notice_letter WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM notice_letter WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM notice_waiting WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM notice_waiting WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM letter_handling WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM letter_handling WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM letter_note WHERE mailbox_id = $1 AND letter_id IN (SELECT letter_id FROM letter_note WHERE mailbox_id = $1 LIMIT 500)",
    "DELETE FROM forward WHERE mailbox_id = $1 AND id IN (SELECT id FROM forward WHERE mailbox_id = $1 LIMIT 500)",
];

/// The same, of which there is one row or a few.
const SWEPT_AT_ONCE: &[&str] = &[
    "DELETE FROM reception WHERE mailbox_id = $1",
    "DELETE FROM folder WHERE mailbox_id = $1",
    "DELETE FROM category WHERE mailbox_id = $1",
    "DELETE FROM subject_order WHERE mailbox_id = $1",
    "DELETE FROM rule WHERE mailbox_id = $1",
    "DELETE FROM matter_event WHERE mailbox_id = $1",
    "DELETE FROM matter WHERE mailbox_id = $1",
    "DELETE FROM payment WHERE mailbox_id = $1",
    "DELETE FROM calendar_feed WHERE mailbox_id = $1",
    "DELETE FROM place_count WHERE mailbox_id = $1",
    "DELETE FROM search_words WHERE mailbox_id = $1",
    "DELETE FROM search_index WHERE mailbox_id = $1",
    "DELETE FROM address WHERE mailbox_id = $1",
    "DELETE FROM sent_count WHERE mailbox_id = $1",
    "DELETE FROM notice_rules WHERE mailbox_id = $1",
    "DELETE FROM draft WHERE mailbox_id = $1",
    "DELETE FROM export WHERE mailbox_id = $1",
    "DELETE FROM forward_rule WHERE mailbox_id = $1",
    "DELETE FROM forward_ask WHERE mailbox_id = $1",
    "DELETE FROM forward_known WHERE mailbox_id = $1",
    "DELETE FROM consent WHERE mailbox_id = $1",
    "DELETE FROM session WHERE mailbox_id = $1",
    "DELETE FROM staff_look WHERE mailbox_id = $1",
];

/// Takes some of the rows of a destroyed mailbox away; tells how many. To be repeated until it is none.
pub async fn sweep(tx: &mut Tx, mailbox: Uuid) -> Result<u64, DbError> {
    let mut gone = 0;
    for statement in SWEPT.iter().chain(SWEPT_AT_ONCE).copied() {
        gone += tx.execute(statement, params![mailbox]).await?;
    }
    Ok(gone)
}

/// Open mailboxes in the order of their ids, after one of them.
pub async fn open_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<Candidate>, DbError> {
    tx.fetch_all(
        "SELECT id, wrapped_key, key_version, holder FROM mailbox WHERE state = 'open' AND id > $1 ORDER BY id LIMIT $2",
        params![after, limit],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(Candidate {
            id: row.id("id")?,
            wrapped: Wrapped {
                bytes: row.blob("wrapped_key")?,
                version: u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?,
            },
            holder: row.blob("holder")?,
        })
    })
    .collect()
}

/// Whether a round is due.
pub async fn is_due(tx: &mut Tx, name: &str, now: OffsetDateTime) -> Result<bool, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT name FROM patrol WHERE name = $1 AND next_at > $2",
            params![name, now],
        )
        .await?;
    Ok(row.is_none())
}

/// Takes up a round that is due, for as long as `until`, and tells after which mailbox it goes on. Of several at once one is told so.
pub async fn take_round(
    tx: &mut Tx,
    name: &str,
    now: OffsetDateTime,
    until: OffsetDateTime,
) -> Result<Option<Uuid>, DbError> {
    tx.execute(
        "INSERT INTO patrol (name, next_at) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING",
        params![name],
    )
    .await?;
    let row = tx
        .fetch_optional(
            "UPDATE patrol SET next_at = $3 WHERE name = $1 AND next_at <= $2 RETURNING after",
            params![name, now, until],
        )
        .await?;
    row.map(|row| Ok(row.maybe_id("after")?.unwrap_or_else(Uuid::nil)))
        .transpose()
}

/// Notes how far a round has come, and when to go on.
pub async fn note_round(tx: &mut Tx, name: &str, after: Option<Uuid>, next_at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE patrol SET after = $2, next_at = $3 WHERE name = $1",
        params![name, after, next_at],
    )
    .await
    .map(drop)
}
