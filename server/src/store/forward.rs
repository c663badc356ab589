//! What was passed on and what became of it, and the rules that do it by themselves.

use crate::db::{DbError, Row, Tx};
use crate::domain::forward::Way;
use crate::domain::named::named;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Typed, and not confirmed.
    Draft,
    /// Waits for the other holder's answer.
    Asking,
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The mail server took it, or it lies in the other mailbox.
    Sent,
    /// Given up after the last try.
    Failed,
    /// No longer allowed when its turn came, or the letter was gone.
    Stopped,
    /// Nobody answers: a rule's letter when nothing is asked any more.
    Unanswered,
    /// Taken back by the person before there was an answer.
    Withdrawn,
}

const STATES: [(State, &str); 8] = [
    (State::Draft, "draft"),
    (State::Asking, "asking"),
    (State::Unanswered, "unanswered"),
    (State::Withdrawn, "withdrawn"),
    (State::Waiting, "waiting"),
    (State::Sent, "sent"),
    (State::Failed, "failed"),
    (State::Stopped, "stopped"),
];

named!(State, STATES);

/// A row of the table, its recipient sealed.
#[derive(Clone, Debug)]
pub struct ForwardRow {
    /// Its id, which sorts by when it was begun.
    pub id: Uuid,
    /// Which letter.
    pub letter_id: Uuid,
    /// To whom, sealed: an address, or twelve digits.
    pub recipient: Vec<u8>,
    /// By mail or into a mailbox.
    pub way: Way,
    /// The question that it hangs on, of those that go into a mailbox.
    pub ask_id: Option<Uuid>,
    /// The rule that did it.
    pub rule_id: Option<Uuid>,
    /// What became of it.
    pub state: State,
    /// How many tries there were.
    pub attempts: i64,
    /// When it last changed.
    pub at: OffsetDateTime,
}

fn read(row: &Row) -> Result<ForwardRow, DbError> {
    Ok(ForwardRow {
        id: row.id("id")?,
        letter_id: row.id("letter_id")?,
        recipient: row.blob("recipient")?,
        way: row.text("way")?.parse().map_err(|()| DbError::Column("way"))?,
        ask_id: row.maybe_id("ask_id")?,
        rule_id: row.maybe_id("rule_id")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        attempts: row.int("attempts")?,
        at: row.time("at")?,
    })
}

/// Adds a row.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, row: &ForwardRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO forward (mailbox_id, id, letter_id, recipient, way, ask_id, rule_id, state, attempts, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            mailbox,
            row.id,
            row.letter_id,
            row.recipient.as_slice(),
            row.way.as_str(),
            row.ask_id,
            row.rule_id,
            row.state.as_str(),
            row.attempts,
            row.at
        ],
    )
    .await
    .map(drop)
}

/// One row of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<ForwardRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, letter_id, recipient, way, ask_id, rule_id, state, attempts, at FROM forward WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// What was passed on from a mailbox, newest first, older than `before`. Drafts are not.
pub async fn page(tx: &mut Tx, mailbox: Uuid, before: Uuid, limit: i64) -> Result<Vec<ForwardRow>, DbError> {
    tx.fetch_all(
        "SELECT id, letter_id, recipient, way, ask_id, rule_id, state, attempts, at FROM forward
         WHERE mailbox_id = $1 AND id < $2 AND state <> 'draft' ORDER BY id DESC LIMIT $3",
        params![mailbox, before, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Moves a row from one state to another; tells whether it was in the first.
pub async fn change(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    from: State,
    to: State,
    attempts: i64,
    at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE forward SET state = $4, attempts = $5, at = $6 WHERE mailbox_id = $1 AND id = $2 AND state = $3",
            params![mailbox, id, from.as_str(), to.as_str(), attempts, at],
        )
        .await?;
    Ok(touched > 0)
}

/// Confirms a draft: to whom, as it was understood, and on which question it hangs.
pub async fn confirm(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    recipient: &[u8],
    ask: Option<Uuid>,
    state: State,
    at: OffsetDateTime,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE forward SET recipient = $3, ask_id = $4, state = $5, at = $6
         WHERE mailbox_id = $1 AND id = $2 AND state = 'draft'",
        params![mailbox, id, recipient, ask, state.as_str(), at],
    )
    .await
    .map(drop)
}

/// Forgets what was typed and not confirmed.
pub async fn forget_drafts(tx: &mut Tx, mailbox: Uuid) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM forward WHERE mailbox_id = $1 AND state = 'draft'",
        params![mailbox],
    )
    .await
    .map(drop)
}

/// Notes an address, by its keyed hash, that letters are passed on to; `false` when it was known.
pub async fn know(tx: &mut Tx, mailbox: Uuid, recipient: [u8; 32], since: OffsetDateTime) -> Result<bool, DbError> {
    let added = tx
        .execute(
            "INSERT INTO forward_known (mailbox_id, recipient, since) VALUES ($1, $2, $3)
             ON CONFLICT (mailbox_id, recipient) DO NOTHING",
            params![mailbox, recipient, since],
        )
        .await?;
    Ok(added > 0)
}

/// A rule, its content sealed.
#[derive(Clone, Debug)]
pub struct RuleRow {
    /// Its id.
    pub id: Uuid,
    /// To whom, and from which sender, sealed.
    pub content: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// It does nothing from then on.
    pub ends_at: OffsetDateTime,
}

/// Adds a rule.
pub async fn insert_rule(tx: &mut Tx, mailbox: Uuid, rule: &RuleRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO forward_rule (mailbox_id, id, content, created_at, ends_at) VALUES ($1, $2, $3, $4, $5)",
        params![mailbox, rule.id, rule.content.as_slice(), rule.created_at, rule.ends_at],
    )
    .await
    .map(drop)
}

/// The rules of a mailbox, those that have ended too, the oldest first.
pub async fn rules(tx: &mut Tx, mailbox: Uuid) -> Result<Vec<RuleRow>, DbError> {
    tx.fetch_all(
        "SELECT id, content, created_at, ends_at FROM forward_rule WHERE mailbox_id = $1 ORDER BY id",
        params![mailbox],
    )
    .await?
    .iter()
    .map(|row| {
        Ok(RuleRow {
            id: row.id("id")?,
            content: row.blob("content")?,
            created_at: row.time("created_at")?,
            ends_at: row.time("ends_at")?,
        })
    })
    .collect()
}

/// Takes a rule away; tells whether it was there.
pub async fn remove_rule(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "DELETE FROM forward_rule WHERE mailbox_id = $1 AND id = $2",
            params![mailbox, id],
        )
        .await?;
    Ok(touched > 0)
}

/// Whether the identity of a mailbox's holder is protected.
pub async fn is_protected(tx: &mut Tx, mailbox: Uuid) -> Result<bool, DbError> {
    let row = tx
        .fetch_optional("SELECT protected_at FROM mailbox WHERE id = $1", params![mailbox])
        .await?;
    Ok(row
        .map(|row| row.maybe_time("protected_at"))
        .transpose()?
        .flatten()
        .is_some())
}

/// Marks the holder of a mailbox as protected since `at`, or no longer.
pub async fn set_protected(tx: &mut Tx, mailbox: Uuid, at: Option<OffsetDateTime>) -> Result<(), DbError> {
    tx.execute(
        "UPDATE mailbox SET protected_at = $2 WHERE id = $1",
        params![mailbox, at],
    )
    .await
    .map(drop)
}
