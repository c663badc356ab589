//! Mailboxes and their holders.

use crate::db::{DbError, Row, Tx};
use crate::params;
use crate::seal::Wrapped;
use std::collections::BTreeMap;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whether letters are taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Letters come in and can be read.
    Open,
    /// No letters come in.
    Closed,
    /// Its key is gone: nothing in it can be read.
    Destroyed,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Closed => "closed",
            State::Destroyed => "destroyed",
        }
    }
}

/// A row of the table, with what is sealed still sealed.
#[derive(Clone, Debug)]
pub struct MailboxRow {
    /// Its id.
    pub id: Uuid,
    /// The holder, sealed.
    pub holder: Vec<u8>,
    /// The mailbox key, wrapped.
    pub wrapped: Wrapped,
    /// Open or closed.
    pub state: State,
    /// Unread letters.
    pub unread: i64,
    /// Language of notices: `sv` or `en`.
    pub language: String,
    /// Nobody comes in; letters do.
    pub locked: bool,
}

impl MailboxRow {
    /// Whether anybody can be let in, whatever right they have.
    pub fn can_be_entered(&self) -> bool {
        self.state != State::Destroyed && !self.locked
    }
}

/// A mailbox to be made.
#[derive(Debug)]
pub struct NewMailbox {
    /// Its id.
    pub id: Uuid,
    /// Blind index of the holder's number.
    pub holder_index: [u8; 32],
    /// The holder, sealed.
    pub holder: Vec<u8>,
    /// The mailbox key, wrapped.
    pub wrapped: Wrapped,
    /// Language of notices.
    pub language: String,
    /// Version of the terms that were accepted.
    pub terms: String,
    /// When.
    pub opened_at: OffsetDateTime,
}

fn read(row: &Row) -> Result<MailboxRow, DbError> {
    Ok(MailboxRow {
        id: row.id("id")?,
        holder: row.blob("holder")?,
        wrapped: Wrapped {
            bytes: row.blob("wrapped_key")?,
            version: u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?,
        },
        state: match row.text("state")?.as_str() {
            "open" => State::Open,
            "closed" => State::Closed,
            "destroyed" => State::Destroyed,
            _ => return Err(DbError::Column("state")),
        },
        unread: row.int("unread")?,
        language: row.text("language")?,
        locked: row.maybe_time("locked_at")?.is_some(),
    })
}

/// The mailbox whose holder has this blind index.
pub async fn by_holder(tx: &mut Tx, holder_index: [u8; 32]) -> Result<Option<MailboxRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, holder, wrapped_key, key_version, state, unread, language, locked_at FROM mailbox WHERE holder_index = $1",
        params![holder_index],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The mailbox with this id.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<MailboxRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, holder, wrapped_key, key_version, state, unread, language, locked_at FROM mailbox WHERE id = $1",
        params![id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Adds a mailbox; a holder has at most one ([`DbError::is_duplicate`]).
pub async fn insert(tx: &mut Tx, new: NewMailbox) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO mailbox (id, holder_index, holder, wrapped_key, key_version, state, unread, language, terms, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $9)",
        params![
            new.id,
            new.holder_index,
            new.holder,
            new.wrapped.bytes,
            new.wrapped.version,
            State::Open.as_str(),
            new.language,
            new.terms,
            new.opened_at
        ],
    )
    .await
    .map(drop)
}

/// Opens or closes a mailbox.
pub async fn set_state(tx: &mut Tx, id: Uuid, state: State, at: OffsetDateTime) -> Result<(), DbError> {
    let closed_at = (state == State::Closed).then_some(at);
    tx.execute(
        "UPDATE mailbox SET state = $2, closed_at = $3, closed_why = NULL, moved_to = NULL, destroy_at = NULL WHERE id = $1",
        params![id, state.as_str(), closed_at],
    )
    .await
    .map(drop)
}

/// Locks a mailbox since `at`, or unlocks it; false, and nothing done, when it stands so already.
pub async fn set_locked(tx: &mut Tx, id: Uuid, at: Option<OffsetDateTime>) -> Result<bool, DbError> {
    let touched = match at {
        Some(at) => {
            tx.execute(
                "UPDATE mailbox SET locked_at = $2 WHERE id = $1 AND locked_at IS NULL AND state <> 'destroyed'",
                params![id, at],
            )
            .await?
        }
        None => {
            tx.execute(
                "UPDATE mailbox SET locked_at = NULL WHERE id = $1 AND locked_at IS NOT NULL",
                params![id],
            )
            .await?
        }
    };
    Ok(touched > 0)
}

/// Counts `letters` that come in; `false`, and nothing done, when the mailbox is not open.
pub async fn receive(tx: &mut Tx, id: Uuid, letters: i64) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE mailbox SET unread = unread + $2 WHERE id = $1 AND state = 'open'",
            params![id, letters],
        )
        .await?;
    Ok(touched > 0)
}

/// Moves the count of unread letters.
pub async fn add_unread(tx: &mut Tx, id: Uuid, by: i64) -> Result<(), DbError> {
    tx.execute("UPDATE mailbox SET unread = unread + $2 WHERE id = $1", params![id, by])
        .await
        .map(drop)
}

/// Takes the mailbox's turn until the transaction ends: whatever changes its letters and their counts does so one after the
/// other, and none decides on what another is just changing.
pub async fn take_turn(tx: &mut Tx, id: Uuid) -> Result<(), DbError> {
    tx.execute("UPDATE mailbox SET unread = unread WHERE id = $1", params![id])
        .await
        .map(drop)
}

/// Sets the language of notices.
pub async fn set_language(tx: &mut Tx, id: Uuid, language: &str) -> Result<(), DbError> {
    tx.execute("UPDATE mailbox SET language = $2 WHERE id = $1", params![id, language])
        .await
        .map(drop)
}

/// How many mailboxes' keys each version of the master key wraps. Looks at every mailbox: for the operator, not for pages.
pub async fn count_by_key_version(tx: &mut Tx) -> Result<BTreeMap<u32, i64>, DbError> {
    tx.fetch_all(
        "SELECT key_version, CAST(COUNT(*) AS BIGINT) AS mailboxes FROM mailbox GROUP BY key_version",
        params![],
    )
    .await?
    .iter()
    .map(|row| {
        let version = u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?;
        Ok((version, row.int("mailboxes")?))
    })
    .collect()
}

/// Up to `limit` mailboxes whose key is wrapped by an older master key than `version`.
pub async fn wrapped_before(tx: &mut Tx, version: u32, limit: i64) -> Result<Vec<(Uuid, Wrapped)>, DbError> {
    tx.fetch_all(
        "SELECT id, wrapped_key, key_version FROM mailbox WHERE key_version < $1 AND state <> 'destroyed' ORDER BY id LIMIT $2",
        params![version, limit],
    )
    .await?
    .iter()
    .map(|row| {
        let version = u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?;
        Ok((
            row.id("id")?,
            Wrapped {
                bytes: row.blob("wrapped_key")?,
                version,
            },
        ))
    })
    .collect()
}

/// Replaces a wrapped key, unless somebody else has done so since it was read as `old_version`.
pub async fn rewrap(tx: &mut Tx, id: Uuid, old_version: u32, new: &Wrapped) -> Result<(), DbError> {
    tx.execute(
        "UPDATE mailbox SET wrapped_key = $3, key_version = $4 WHERE id = $1 AND key_version = $2",
        params![id, old_version, new.bytes.as_slice(), new.version],
    )
    .await
    .map(drop)
}
