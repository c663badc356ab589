//! Letters as lists show them.

use crate::db::{DbError, Row, Tx, Value};
use crate::domain::sorting::{List, Place, Standing};
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// A row of the table, its header sealed.
#[derive(Clone, Debug)]
pub struct LetterRow {
    /// Its id: a UUIDv7, so that ids sort by arrival.
    pub id: Uuid,
    /// The delivery it came in.
    pub delivery_id: Uuid,
    /// Which message of that delivery.
    pub place: i64,
    /// Sealed header.
    pub header: Vec<u8>,
    /// How many attachments.
    pub attachments: i64,
    /// When it was first opened.
    pub read_at: Option<OffsetDateTime>,
    /// When it arrived.
    pub received_at: OffsetDateTime,
    /// The archive or a folder; the inbox when there is none.
    pub folder_id: Option<Uuid>,
    /// In the bin since then.
    pub binned_at: Option<OffsetDateTime>,
    /// Starred since then.
    pub starred_at: Option<OffsetDateTime>,
    /// The sender's number, blinded under the mailbox key.
    pub sender_index: Option<Vec<u8>>,
}

impl LetterRow {
    /// All that sorting changes of it.
    pub fn standing(&self) -> Standing {
        Standing {
            place: Place::of(self.folder_id),
            binned_at: self.binned_at,
            read_at: self.read_at,
            starred_at: self.starred_at,
        }
    }
}

/// A statement that reads letters: `select_letters!("WHERE …")` is `SELECT id, … FROM letter WHERE …`, with every column that [`read`] takes, and
/// those that are named before. A macro, so that a statement is a literal still; the test that prepares all of them knows it.
macro_rules! select_letters {
    ($($also:ident,)* $rest:literal) => {
        concat!(
            "SELECT ",
            $(stringify!($also), ", ",)*
            "id, delivery_id, place, header, attachments, read_at, received_at, folder_id, binned_at, starred_at, sender_index FROM letter ",
            $rest
        )
    };
}
pub(super) use select_letters;

pub(super) fn read(row: &Row) -> Result<LetterRow, DbError> {
    Ok(LetterRow {
        id: row.id("id")?,
        delivery_id: row.id("delivery_id")?,
        place: row.int("place")?,
        header: row.blob("header")?,
        attachments: row.int("attachments")?,
        read_at: row.maybe_time("read_at")?,
        received_at: row.time("received_at")?,
        folder_id: row.maybe_id("folder_id")?,
        binned_at: row.maybe_time("binned_at")?,
        starred_at: row.maybe_time("starred_at")?,
        sender_index: row.maybe_blob("sender_index")?,
    })
}

/// Adds a letter, unread.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, letter: &LetterRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO letter (mailbox_id, id, delivery_id, place, header, attachments, read_at, received_at, folder_id,
                             binned_at, starred_at, sender_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            mailbox,
            letter.id,
            letter.delivery_id,
            letter.place,
            letter.header.as_slice(),
            letter.attachments,
            letter.read_at,
            letter.received_at,
            letter.folder_id,
            letter.binned_at,
            letter.starred_at,
            letter.sender_index.clone()
        ],
    )
    .await
    .map(drop)
}

/// A page of a list: newest first, older than `before`, at most `limit`. One statement a list, so that each finds its index.
pub async fn page(tx: &mut Tx, mailbox: Uuid, list: List, before: Uuid, limit: i64) -> Result<Vec<LetterRow>, DbError> {
    let sql = match list {
        List::Inbox => {
            select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND folder_id IS NULL AND binned_at IS NULL ORDER BY id DESC LIMIT $3"
            )
        }
        List::Attached => {
            select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND folder_id IS NULL AND binned_at IS NULL AND attachments > 0 ORDER BY id DESC LIMIT $3"
            )
        }
        List::Unread => {
            select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND binned_at IS NULL AND read_at IS NULL ORDER BY id DESC LIMIT $3"
            )
        }
        List::Starred => {
            select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND binned_at IS NULL AND starred_at IS NOT NULL ORDER BY id DESC LIMIT $3"
            )
        }
        List::Bin => {
            select_letters!("WHERE mailbox_id = $1 AND id < $2 AND binned_at IS NOT NULL ORDER BY id DESC LIMIT $3")
        }
        List::Category(category) => {
            return rows(
                tx,
                "SELECT l.id AS id, l.delivery_id AS delivery_id, l.place AS place, l.header AS header, l.attachments AS attachments, l.read_at AS read_at, l.received_at AS received_at, l.folder_id AS folder_id, l.binned_at AS binned_at, l.starred_at AS starred_at, l.sender_index AS sender_index
                 FROM letter_category c JOIN letter l ON l.mailbox_id = c.mailbox_id AND l.id = c.letter_id
                 WHERE c.mailbox_id = $1 AND c.letter_id < $2 AND c.category_id = $4 AND l.binned_at IS NULL
                 ORDER BY c.letter_id DESC LIMIT $3",
                params![mailbox, before, limit, category],
            )
            .await;
        }
        List::Placed(folder) => {
            return rows(
                tx,
                select_letters!("WHERE mailbox_id = $1 AND id < $2 AND folder_id = $4 AND binned_at IS NULL ORDER BY id DESC LIMIT $3"),
                params![mailbox, before, limit, folder],
            )
            .await;
        }
    };
    rows(tx, sql, params![mailbox, before, limit]).await
}

/// The same of the unread letters of a place, or of those that have been read.
pub async fn page_by_read(
    tx: &mut Tx,
    mailbox: Uuid,
    folder: Option<Uuid>,
    unread: bool,
    before: Uuid,
    limit: i64,
) -> Result<Vec<LetterRow>, DbError> {
    let Some(folder) = folder else {
        let sql = if unread {
            select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND folder_id IS NULL AND binned_at IS NULL AND read_at IS NULL ORDER BY id DESC LIMIT $3"
            )
        } else {
            select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND folder_id IS NULL AND binned_at IS NULL AND read_at IS NOT NULL ORDER BY id DESC LIMIT $3"
            )
        };
        return rows(tx, sql, params![mailbox, before, limit]).await;
    };
    let sql = if unread {
        select_letters!(
            "WHERE mailbox_id = $1 AND id < $2 AND folder_id = $4 AND binned_at IS NULL AND read_at IS NULL ORDER BY id DESC LIMIT $3"
        )
    } else {
        select_letters!(
            "WHERE mailbox_id = $1 AND id < $2 AND folder_id = $4 AND binned_at IS NULL AND read_at IS NOT NULL ORDER BY id DESC LIMIT $3"
        )
    };
    rows(tx, sql, params![mailbox, before, limit, folder]).await
}

/// A sender of letters in a place, with the newest letter there.
#[derive(Clone, Debug)]
pub struct SenderRow {
    /// The sender's number, blinded.
    pub sender_index: Vec<u8>,
    /// That letter's id.
    pub letter: Uuid,
    /// Its header, sealed.
    pub header: Vec<u8>,
}

/// Every sender of the letters in a place, without a look at every letter: from one sender the index leads to the next.
pub async fn senders(tx: &mut Tx, mailbox: Uuid, folder: Option<Uuid>) -> Result<Vec<SenderRow>, DbError> {
    let found = match folder {
        None => {
            tx.fetch_all(
                "WITH RECURSIVE sender (token) AS (
                    SELECT (SELECT sender_index FROM letter
                            WHERE mailbox_id = $1 AND folder_id IS NULL AND binned_at IS NULL AND sender_index IS NOT NULL
                            ORDER BY sender_index LIMIT 1)
                    UNION ALL
                    SELECT (SELECT l.sender_index FROM letter l
                            WHERE l.mailbox_id = $1 AND l.folder_id IS NULL AND l.binned_at IS NULL AND l.sender_index > sender.token
                            ORDER BY l.sender_index LIMIT 1)
                    FROM sender WHERE sender.token IS NOT NULL
                 ), newest (token, id) AS (
                    SELECT token, (SELECT l.id FROM letter l
                            WHERE l.mailbox_id = $1 AND l.folder_id IS NULL AND l.binned_at IS NULL AND l.sender_index = sender.token
                            ORDER BY l.id DESC LIMIT 1)
                    FROM sender WHERE token IS NOT NULL
                 )
                 SELECT n.token AS sender_index, l.id AS id, l.header AS header
                 FROM newest n JOIN letter l ON l.mailbox_id = $1 AND l.id = n.id",
                params![mailbox],
            )
            .await?
        }
        Some(folder) => {
            tx.fetch_all(
                "WITH RECURSIVE sender (token) AS (
                    SELECT (SELECT sender_index FROM letter
                            WHERE mailbox_id = $1 AND folder_id = $2 AND binned_at IS NULL AND sender_index IS NOT NULL
                            ORDER BY sender_index LIMIT 1)
                    UNION ALL
                    SELECT (SELECT l.sender_index FROM letter l
                            WHERE l.mailbox_id = $1 AND l.folder_id = $2 AND l.binned_at IS NULL AND l.sender_index > sender.token
                            ORDER BY l.sender_index LIMIT 1)
                    FROM sender WHERE sender.token IS NOT NULL
                 ), newest (token, id) AS (
                    SELECT token, (SELECT l.id FROM letter l
                            WHERE l.mailbox_id = $1 AND l.folder_id = $2 AND l.binned_at IS NULL AND l.sender_index = sender.token
                            ORDER BY l.id DESC LIMIT 1)
                    FROM sender WHERE token IS NOT NULL
                 )
                 SELECT n.token AS sender_index, l.id AS id, l.header AS header
                 FROM newest n JOIN letter l ON l.mailbox_id = $1 AND l.id = n.id",
                params![mailbox, folder],
            )
            .await?
        }
    };
    found.iter().map(sender).collect()
}

/// Every sender of a mailbox, wherever the letters lie.
pub async fn all_senders(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<SenderRow>, DbError> {
    tx.fetch_all(
        "WITH RECURSIVE sender (token) AS (
            SELECT (SELECT sender_index FROM letter WHERE mailbox_id = $1 AND sender_index IS NOT NULL
                    ORDER BY sender_index LIMIT 1)
            UNION ALL
            SELECT (SELECT l.sender_index FROM letter l WHERE l.mailbox_id = $1 AND l.sender_index > sender.token
                    ORDER BY l.sender_index LIMIT 1)
            FROM sender WHERE sender.token IS NOT NULL
         ), newest (token, id) AS (
            SELECT token, (SELECT l.id FROM letter l WHERE l.mailbox_id = $1 AND l.sender_index = sender.token
                    ORDER BY l.id DESC LIMIT 1)
            FROM sender WHERE token IS NOT NULL
         )
         SELECT n.token AS sender_index, l.id AS id, l.header AS header
         FROM newest n JOIN letter l ON l.mailbox_id = $1 AND l.id = n.id",
        params![mailbox],
    )
    .await?
    .iter()
    .map(sender)
    .collect()
}

fn sender(row: &Row) -> Result<SenderRow, DbError> {
    Ok(SenderRow {
        sender_index: row.blob("sender_index")?,
        letter: row.id("id")?,
        header: row.blob("header")?,
    })
}

/// A page of one sender's letters in a place; of letters whose sender has no index when `sender` is empty.
pub async fn page_of_sender(
    tx: &mut Tx,
    mailbox: Uuid,
    folder: Option<Uuid>,
    sender: &[u8],
    before: Uuid,
    limit: i64,
) -> Result<Vec<LetterRow>, DbError> {
    match (folder, sender.is_empty()) {
        (None, false) => {
            rows(
                tx,
                select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND sender_index = $4 AND folder_id IS NULL AND binned_at IS NULL
                 ORDER BY id DESC LIMIT $3"
            ),
                params![mailbox, before, limit, sender],
            )
            .await
        }
        (None, true) => {
            rows(
                tx,
                select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND sender_index IS NULL AND folder_id IS NULL AND binned_at IS NULL
                 ORDER BY id DESC LIMIT $3"
            ),
                params![mailbox, before, limit],
            )
            .await
        }
        (Some(folder), false) => {
            rows(
                tx,
                select_letters!(
                    "WHERE mailbox_id = $1 AND id < $2 AND sender_index = $4 AND folder_id = $5 AND binned_at IS NULL
                 ORDER BY id DESC LIMIT $3"
                ),
                params![mailbox, before, limit, sender, folder],
            )
            .await
        }
        (Some(folder), true) => {
            rows(
                tx,
                select_letters!(
                "WHERE mailbox_id = $1 AND id < $2 AND sender_index IS NULL AND folder_id = $4 AND binned_at IS NULL
                 ORDER BY id DESC LIMIT $3"
            ),
                params![mailbox, before, limit, folder],
            )
            .await
        }
    }
}

/// Letters that have lain in the bin since `since` or longer.
pub async fn binned_until(
    tx: &mut Tx,
    mailbox: Uuid,
    since: OffsetDateTime,
    limit: i64,
) -> Result<Vec<LetterRow>, DbError> {
    rows(
        tx,
        select_letters!(
            "WHERE mailbox_id = $1 AND binned_at IS NOT NULL AND binned_at <= $2 ORDER BY binned_at LIMIT $3"
        ),
        params![mailbox, since, limit],
    )
    .await
}

async fn rows(tx: &mut Tx, sql: &'static str, values: Vec<Value>) -> Result<Vec<LetterRow>, DbError> {
    tx.fetch_all(sql, values).await?.iter().map(read).collect()
}

/// One letter of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<LetterRow>, DbError> {
    tx.fetch_optional(
        select_letters!("WHERE mailbox_id = $1 AND id = $2"),
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The letters after `after`, the oldest first, up to `through` and at most `limit`: those in the bin and in folders too.
pub async fn onward(
    tx: &mut Tx,
    mailbox: Uuid,
    after: Uuid,
    through: Uuid,
    limit: i64,
) -> Result<Vec<LetterRow>, DbError> {
    tx.fetch_all(
        select_letters!("WHERE mailbox_id = $1 AND id > $2 AND id <= $3 ORDER BY id LIMIT $4"),
        params![mailbox, after, through, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// How many letters there are up to `through`, wherever they lie. Counts them: not for a page.
pub async fn count_through(tx: &mut Tx, mailbox: Uuid, through: Uuid) -> Result<i64, DbError> {
    let row = tx
        .fetch_optional(
            "SELECT CAST(COUNT(*) AS BIGINT) AS letters FROM letter WHERE mailbox_id = $1 AND id <= $2",
            params![mailbox, through],
        )
        .await?;
    row.map_or(Ok(0), |row| row.int("letters"))
}

/// Up to `limit` unread letters that are not in the bin, from one id (inclusive) to another (exclusive).
pub async fn unread_between(
    tx: &mut Tx,
    mailbox: Uuid,
    from: Uuid,
    to: Uuid,
    limit: i64,
) -> Result<Vec<Uuid>, DbError> {
    tx.fetch_all(
        "SELECT id FROM letter
         WHERE mailbox_id = $1 AND id >= $2 AND id < $3 AND read_at IS NULL AND binned_at IS NULL ORDER BY id LIMIT $4",
        params![mailbox, from, to, limit],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}

/// The letters just newer and just older than `letter`, of those that lie in the same place.
pub async fn neighbours(
    tx: &mut Tx,
    mailbox: Uuid,
    letter: &LetterRow,
) -> Result<(Option<Uuid>, Option<Uuid>), DbError> {
    let (newer, older) = match (letter.binned_at, letter.folder_id) {
        (Some(_), _) => (
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id > $2 AND binned_at IS NOT NULL ORDER BY id LIMIT 1",
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id < $2 AND binned_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        ),
        (None, None) => (
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id > $2 AND folder_id IS NULL AND binned_at IS NULL
             ORDER BY id LIMIT 1",
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id < $2 AND folder_id IS NULL AND binned_at IS NULL
             ORDER BY id DESC LIMIT 1",
        ),
        (None, Some(_)) => (
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id > $2 AND folder_id = $3 AND binned_at IS NULL
             ORDER BY id LIMIT 1",
            "SELECT id FROM letter WHERE mailbox_id = $1 AND id < $2 AND folder_id = $3 AND binned_at IS NULL
             ORDER BY id DESC LIMIT 1",
        ),
    };
    let values = |folder: Option<Uuid>| match folder {
        Some(folder) => params![mailbox, letter.id, folder],
        None => params![mailbox, letter.id],
    };
    let folder = letter.folder_id.filter(|_| letter.binned_at.is_none());
    let newer = tx.fetch_optional(newer, values(folder)).await?;
    let older = tx.fetch_optional(older, values(folder)).await?;
    let id_of = |row: Option<Row>| row.map(|row| row.id("id")).transpose();
    Ok((id_of(newer)?, id_of(older)?))
}

/// The newest letter of a mailbox, wherever it lies.
pub async fn newest(tx: &mut Tx, mailbox: Uuid) -> Result<Option<Uuid>, DbError> {
    tx.fetch_optional(
        "SELECT id FROM letter WHERE mailbox_id = $1 ORDER BY id DESC LIMIT 1",
        params![mailbox],
    )
    .await?
    .map(|row| row.id("id"))
    .transpose()
}

/// Writes how a letter stands now. The caller counts.
pub async fn set_standing(tx: &mut Tx, mailbox: Uuid, id: Uuid, now: Standing) -> Result<(), DbError> {
    tx.execute(
        "UPDATE letter SET folder_id = $3, binned_at = $4, read_at = $5, starred_at = $6 WHERE mailbox_id = $1 AND id = $2",
        params![
            mailbox,
            id,
            now.place.folder_id(),
            now.binned_at,
            now.read_at,
            now.starred_at
        ],
    )
    .await
    .map(drop)
}

/// Says that a letter is opened; tells whether it was for the first time.
pub async fn open_first(tx: &mut Tx, mailbox: Uuid, id: Uuid, at: OffsetDateTime) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE letter SET opened_at = $3 WHERE mailbox_id = $1 AND id = $2 AND opened_at IS NULL",
            params![mailbox, id, at],
        )
        .await?;
    Ok(touched > 0)
}

/// Removes a letter for good. The caller counts, and removes what hangs on it.
pub async fn remove(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM letter WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await
    .map(drop)
}

/// Whether any letter came in this delivery and is still there.
pub async fn any_of_delivery(tx: &mut Tx, mailbox: Uuid, delivery: Uuid) -> Result<bool, DbError> {
    Ok(tx
        .fetch_optional(
            "SELECT id FROM letter WHERE mailbox_id = $1 AND delivery_id = $2 LIMIT 1",
            params![mailbox, delivery],
        )
        .await?
        .is_some())
}
