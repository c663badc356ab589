//! Notices and what became of them: one row for each message to each address.

use crate::db::{DbError, Row, Tx};
use crate::domain::channel::Channel;
use crate::domain::named::named;
use crate::params;
use time::OffsetDateTime;
use uuid::Uuid;

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeState {
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The other side took it.
    Sent,
    /// Given up, refused, or come back.
    Failed,
    /// Not sent: everything it would have told of had been read or put in the bin, or the mailbox was left.
    NotNeeded,
}

const STATES: [(NoticeState, &str); 4] = [
    (NoticeState::Waiting, "waiting"),
    (NoticeState::Sent, "sent"),
    (NoticeState::Failed, "failed"),
    (NoticeState::NotNeeded, "not-needed"),
];

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Letters that have come.
    Letters,
    /// Letters that are still unread.
    Reminder,
    /// Nothing: the person wanted to see one.
    Test,
    /// An address that was added to the mailbox: told to the others.
    Added,
    /// The address itself, which was taken away: told to it.
    Removed,
    /// An address that takes nothing any more: told to the others.
    Broken,
    /// A rule that passes letters on was made: told to all.
    ForwardRule,
    /// A letter was passed on to an e-mail address for the first time: told to all.
    Forwarded,
    /// Somebody was let into the mailbox: told to all.
    Helper,
    /// Somebody will soon no longer be let in: told to all.
    HelperEnds,
    /// The mailbox was locked: told to all.
    Locked,
    /// It was unlocked: told to all.
    Unlocked,
}

const KINDS: [(NoticeKind, &str); 12] = [
    (NoticeKind::Letters, "letters"),
    (NoticeKind::Reminder, "reminder"),
    (NoticeKind::Test, "test"),
    (NoticeKind::Added, "added"),
    (NoticeKind::Removed, "removed"),
    (NoticeKind::Broken, "broken"),
    (NoticeKind::ForwardRule, "forward-rule"),
    (NoticeKind::Forwarded, "forwarded"),
    (NoticeKind::Helper, "helper"),
    (NoticeKind::HelperEnds, "helper-ends"),
    (NoticeKind::Locked, "locked"),
    (NoticeKind::Unlocked, "unlocked"),
];

named!(NoticeState, STATES);
named!(NoticeKind, KINDS);

/// A row, what is personal sealed.
#[derive(Clone, Debug)]
pub struct NoticeRow {
    /// Its id: the job's that sends it, so that every try finds the same row.
    pub id: Uuid,
    /// What it is about.
    pub kind: NoticeKind,
    /// By which channel.
    pub channel: Channel,
    /// Which of the mailbox's addresses; none for one that is not the mailbox's any more.
    pub address_id: Option<Uuid>,
    /// Shared by everything that was told together, by whichever ways.
    pub round_id: Option<Uuid>,
    /// The letter it tells of, when it is one.
    pub letter_id: Option<Uuid>,
    /// How many letters it tells of.
    pub letters: i64,
    /// The address, sealed under the mailbox key.
    pub recipient: Vec<u8>,
    /// The address that it speaks of, sealed.
    pub about: Option<Vec<u8>>,
    /// What became of it.
    pub state: NoticeState,
    /// How many times it was tried.
    pub attempts: i64,
    /// What the other side said last, sealed.
    pub answer: Option<Vec<u8>>,
    /// When it was in the phone, of text messages whose gateway has said so.
    pub arrived_at: Option<OffsetDateTime>,
    /// When it last changed.
    pub at: OffsetDateTime,
}

fn read(row: &Row) -> Result<NoticeRow, DbError> {
    Ok(NoticeRow {
        id: row.id("id")?,
        kind: row.text("kind")?.parse().map_err(|()| DbError::Column("kind"))?,
        channel: row.text("channel")?.parse().map_err(|()| DbError::Column("channel"))?,
        address_id: row.maybe_id("address_id")?,
        round_id: row.maybe_id("round_id")?,
        letter_id: row.maybe_id("letter_id")?,
        letters: row.int("letters")?,
        recipient: row.blob("recipient")?,
        about: row.maybe_blob("about")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        attempts: row.int("attempts")?,
        answer: row.maybe_blob("answer")?,
        arrived_at: row.maybe_time("arrived_at")?,
        at: row.time("at")?,
    })
}

/// Adds a notice; `false`, and nothing done, when it is there already.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, row: &NoticeRow) -> Result<bool, DbError> {
    let added = tx
        .execute(
            "INSERT INTO notice (mailbox_id, id, kind, channel, address_id, round_id, letter_id, letters, recipient, about, state,
                                 attempts, answer, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (mailbox_id, id) DO NOTHING",
            params![
                mailbox,
                row.id,
                row.kind.as_str(),
                row.channel.as_str(),
                row.address_id,
                row.round_id,
                row.letter_id,
                row.letters,
                row.recipient.as_slice(),
                row.about.clone(),
                row.state.as_str(),
                row.attempts,
                row.answer.clone(),
                row.at
            ],
        )
        .await?;
    Ok(added > 0)
}

/// Writes how a notice stands after a try, or after what was heard of it since. `false`, and nothing done, unless it stood as `from` and
/// is not known to have arrived: of two who write the fate of one notice at once, one does.
pub async fn change(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    (from, to): (NoticeState, NoticeState),
    attempts: i64,
    answer: Option<Vec<u8>>,
    at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE notice SET state = $4, attempts = $5, answer = $6, at = $7
             WHERE mailbox_id = $1 AND id = $2 AND state = $3 AND arrived_at IS NULL",
            params![mailbox, id, from.as_str(), to.as_str(), attempts, answer, at],
        )
        .await?;
    Ok(touched > 0)
}

/// Writes that a notice is in the phone, so that it is not tried again. `false`, and nothing done, when that is known or it has failed.
pub async fn arrive(
    tx: &mut Tx,
    mailbox: Uuid,
    id: Uuid,
    attempts: i64,
    arrived_at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE notice SET state = 'sent', attempts = $3, arrived_at = $4
             WHERE mailbox_id = $1 AND id = $2 AND state IN ('waiting', 'sent') AND arrived_at IS NULL",
            params![mailbox, id, attempts, arrived_at],
        )
        .await?;
    Ok(touched > 0)
}

/// Names a letter that a notice tells of.
pub async fn add_letter(tx: &mut Tx, mailbox: Uuid, notice: Uuid, letter: Uuid) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO notice_letter (mailbox_id, notice_id, letter_id) VALUES ($1, $2, $3)
         ON CONFLICT (mailbox_id, notice_id, letter_id) DO NOTHING",
        params![mailbox, notice, letter],
    )
    .await
    .map(drop)
}

/// The letters that a notice tells of, in the order they came.
pub async fn letters(tx: &mut Tx, mailbox: Uuid, notice: Uuid) -> Result<Vec<Uuid>, DbError> {
    tx.fetch_all(
        "SELECT letter_id FROM notice_letter WHERE mailbox_id = $1 AND notice_id = $2 ORDER BY letter_id",
        params![mailbox, notice],
    )
    .await?
    .iter()
    .map(|row| row.id("letter_id"))
    .collect()
}

/// One notice of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<NoticeRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, kind, channel, address_id, round_id, letter_id, letters, recipient, about, state, attempts, answer, arrived_at, at
         FROM notice WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The mailbox of a notice, of which nothing else is known.
pub async fn mailbox_of(tx: &mut Tx, id: Uuid) -> Result<Option<Uuid>, DbError> {
    tx.fetch_optional("SELECT mailbox_id FROM notice WHERE id = $1", params![id])
        .await?
        .map(|row| row.id("mailbox_id"))
        .transpose()
}

/// Everything that was told together.
pub async fn of_round(tx: &mut Tx, mailbox: Uuid, round: Uuid) -> Result<Vec<NoticeRow>, DbError> {
    tx.fetch_all(
        "SELECT id, kind, channel, address_id, round_id, letter_id, letters, recipient, about, state, attempts, answer, arrived_at, at
         FROM notice WHERE mailbox_id = $1 AND round_id = $2",
        params![mailbox, round],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// A page of notices, newest first, older than `before`; of one state, or every one.
pub async fn page(
    tx: &mut Tx,
    mailbox: Uuid,
    state: Option<NoticeState>,
    before: Uuid,
    limit: i64,
) -> Result<Vec<NoticeRow>, DbError> {
    let rows = match state {
        Some(state) => {
            tx.fetch_all(
                "SELECT id, kind, channel, address_id, round_id, letter_id, letters, recipient, about, state, attempts, answer, arrived_at, at
                 FROM notice WHERE mailbox_id = $1 AND state = $2 AND id < $3 ORDER BY id DESC LIMIT $4",
                params![mailbox, state.as_str(), before, limit],
            )
            .await?
        }
        None => {
            tx.fetch_all(
                "SELECT id, kind, channel, address_id, round_id, letter_id, letters, recipient, about, state, attempts, answer, arrived_at, at
                 FROM notice WHERE mailbox_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                params![mailbox, before, limit],
            )
            .await?
        }
    };
    rows.iter().map(read).collect()
}
