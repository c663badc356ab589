//! Who has asked whom to take letters that are passed on, and the answers. A row lies with who asks; who is asked finds it by a keyed
//! hash of the own number.

use crate::db::{DbError, Row, Tx};
use crate::domain::named::named;
use crate::params;
use crate::seal::Wrapped;
use time::OffsetDateTime;
use uuid::Uuid;

/// How a question stands. Who asks is told of a yes, and of nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No answer.
    Asked,
    /// Letters may come.
    Accepted,
    /// No, for some time.
    Declined,
    /// No, and not to be asked again.
    Blocked,
}

const STATES: [(State, &str); 4] = [
    (State::Asked, "asked"),
    (State::Accepted, "accepted"),
    (State::Declined, "declined"),
    (State::Blocked, "blocked"),
];

named!(State, STATES);

/// A question, as who asks has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskRow {
    /// Its id.
    pub id: Uuid,
    /// How it stands.
    pub state: State,
    /// When the person last asked.
    pub asked_at: OffsetDateTime,
    /// When it was answered.
    pub answered_at: Option<OffsetDateTime>,
}

/// A question, as who is asked has it: with the mailbox of who asks.
#[derive(Clone, Debug)]
pub struct AskerRow {
    /// The question.
    pub ask: AskRow,
    /// Whose mailbox asks.
    pub mailbox: Uuid,
    /// That mailbox's key, wrapped.
    pub wrapped: Wrapped,
    /// Its holder, sealed.
    pub holder: Vec<u8>,
    /// It takes letters, and so can pass them on.
    pub open: bool,
}

fn read(row: &Row) -> Result<AskRow, DbError> {
    Ok(AskRow {
        id: row.id("id")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        asked_at: row.time("asked_at")?,
        answered_at: row.maybe_time("answered_at")?,
    })
}

fn read_asker(row: &Row) -> Result<AskerRow, DbError> {
    Ok(AskerRow {
        ask: read(row)?,
        mailbox: row.id("mailbox_id")?,
        wrapped: Wrapped {
            bytes: row.blob("wrapped_key")?,
            version: u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?,
        },
        holder: row.blob("holder")?,
        open: row.text("mailbox_state")? == "open",
    })
}

/// The question that a mailbox has asked of a number.
pub async fn of_pair(tx: &mut Tx, mailbox: Uuid, asked: [u8; 32]) -> Result<Option<AskRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, state, asked_at, answered_at FROM forward_ask WHERE mailbox_id = $1 AND asked_index = $2",
        params![mailbox, asked],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// A question of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<AskRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, state, asked_at, answered_at FROM forward_ask WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The question with this id, if it is to that number.
pub async fn to_number(tx: &mut Tx, asked: [u8; 32], id: Uuid) -> Result<Option<AskerRow>, DbError> {
    tx.fetch_optional(
        "SELECT a.id AS id, a.state AS state, a.asked_at AS asked_at, a.answered_at AS answered_at, a.mailbox_id AS mailbox_id,
                m.wrapped_key AS wrapped_key, m.key_version AS key_version, m.holder AS holder, m.state AS mailbox_state
         FROM forward_ask a JOIN mailbox m ON m.id = a.mailbox_id
         WHERE a.asked_index = $1 AND a.id = $2 AND m.state <> 'destroyed' AND m.protected_at IS NULL",
        params![asked, id],
    )
    .await?
    .as_ref()
    .map(read_asker)
    .transpose()
}

/// Asks: a new question, or the same once more. What has been answered stays answered, but a no of `no_until` or before.
pub async fn ask(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    asked: [u8; 32],
    at: OffsetDateTime,
    no_until: OffsetDateTime,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO forward_ask (mailbox_id, id, asked_index, state, asked_at) VALUES ($1, $2, $3, 'asked', $4)
         ON CONFLICT (mailbox_id, asked_index) DO UPDATE SET
            asked_at = excluded.asked_at,
            state = CASE WHEN forward_ask.state = 'declined' AND forward_ask.answered_at <= $5 THEN 'asked' ELSE forward_ask.state END",
        params![mailbox, id, asked, at, no_until],
    )
    .await
    .map(drop)
}

/// How many numbers a mailbox has asked since `since` that have not said yes: whatever else they may have said.
pub async fn count_open(tx: &mut Tx, mailbox: Uuid, since: OffsetDateTime) -> Result<i64, DbError> {
    tx.fetch_optional(
        "SELECT CAST(COUNT(*) AS BIGINT) AS asks FROM forward_ask
         WHERE mailbox_id = $1 AND state <> 'accepted' AND asked_at > $2",
        params![mailbox, since],
    )
    .await?
    .map_or(Ok(0), |row| row.int("asks"))
}

/// Takes a question back that has not been said yes to: nobody is asked any more.
pub async fn take_back(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<(), DbError> {
    tx.execute(
        "UPDATE forward_ask SET asked_at = 0 WHERE mailbox_id = $1 AND id = $2 AND state <> 'accepted'",
        params![mailbox, id],
    )
    .await
    .map(drop)
}

/// How a question stands, held so until the transaction ends.
pub async fn hold(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<AskRow>, DbError> {
    tx.fetch_optional(
        "UPDATE forward_ask SET state = state WHERE mailbox_id = $1 AND id = $2 RETURNING id, state, asked_at, answered_at",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// Asks again of somebody who had said yes and whose mailbox takes no letters now.
pub async fn ask_again(tx: &mut Tx, mailbox: Uuid, id: Uuid, at: OffsetDateTime) -> Result<(), DbError> {
    tx.execute(
        "UPDATE forward_ask SET state = 'asked', asked_at = $3, answered_at = NULL
         WHERE mailbox_id = $1 AND id = $2 AND state = 'accepted'",
        params![mailbox, id, at],
    )
    .await
    .map(drop)
}

/// Who has asked a number, the newest question first. Who has become protected since is not told of: neither name nor number.
pub async fn askers(tx: &mut Tx, asked: [u8; 32], limit: i64) -> Result<Vec<AskerRow>, DbError> {
    tx.fetch_all(
        "SELECT a.id AS id, a.state AS state, a.asked_at AS asked_at, a.answered_at AS answered_at, a.mailbox_id AS mailbox_id,
                m.wrapped_key AS wrapped_key, m.key_version AS key_version, m.holder AS holder, m.state AS mailbox_state
         FROM forward_ask a JOIN mailbox m ON m.id = a.mailbox_id
         WHERE a.asked_index = $1 AND m.state <> 'destroyed' AND m.protected_at IS NULL
         ORDER BY a.id DESC LIMIT $2",
        params![asked, limit],
    )
    .await?
    .iter()
    .map(read_asker)
    .collect()
}

/// How many have asked a number since `since` and wait for its answer.
pub async fn count_waiting(tx: &mut Tx, asked: [u8; 32], since: OffsetDateTime) -> Result<i64, DbError> {
    tx.fetch_optional(
        "SELECT CAST(COUNT(*) AS BIGINT) AS asks FROM forward_ask a JOIN mailbox m ON m.id = a.mailbox_id
         WHERE a.asked_index = $1 AND a.state = 'asked' AND a.asked_at > $2 AND m.state = 'open' AND m.protected_at IS NULL",
        params![asked, since],
    )
    .await?
    .map_or(Ok(0), |row| row.int("asks"))
}

/// Answers a question of `mailbox` to the number that was asked; tells whether there is one.
pub async fn answer(
    tx: &mut Tx,
    (mailbox, id): (Uuid, Uuid),
    asked: [u8; 32],
    state: State,
    at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE forward_ask SET state = $4, answered_at = $5 WHERE mailbox_id = $1 AND id = $2 AND asked_index = $3",
            params![mailbox, id, asked, state.as_str(), at],
        )
        .await?;
    Ok(touched > 0)
}

/// Forgets every answer that a number has given: its mailbox is no more.
pub async fn forget_answers(tx: &mut Tx, asked: [u8; 32]) -> Result<(), DbError> {
    tx.execute(
        "UPDATE forward_ask SET state = 'asked', answered_at = NULL WHERE asked_index = $1",
        params![asked],
    )
    .await
    .map(drop)
}

/// What waits for the answer to a question since `since`, the oldest first.
pub async fn waiting_letters(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    since: OffsetDateTime,
    limit: i64,
) -> Result<Vec<Uuid>, DbError> {
    tx.fetch_all(
        "SELECT id FROM forward WHERE mailbox_id = $1 AND ask_id = $2 AND state = 'asking' AND at > $3 ORDER BY id LIMIT $4",
        params![mailbox, id, since, limit],
    )
    .await?
    .iter()
    .map(|row| row.id("id"))
    .collect()
}
