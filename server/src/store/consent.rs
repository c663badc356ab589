//! Consents: whom a holder lets into the mailbox. A row lies with the mailbox; who is let in finds it by a keyed hash of the own number.

use crate::db::{DbError, Row, Tx};
use crate::domain::consent::Level;
use crate::domain::named::named;
use crate::params;
use crate::seal::Wrapped;
use time::OffsetDateTime;
use uuid::Uuid;

/// How a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No answer.
    Offered,
    /// The helper has said yes.
    Active,
    /// The helper has said no.
    Refused,
    /// One of them has ended it.
    Ended,
}

const STATES: [(State, &str); 4] = [
    (State::Offered, "offered"),
    (State::Active, "active"),
    (State::Refused, "refused"),
    (State::Ended, "ended"),
];

named!(State, STATES);

/// Who ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedBy {
    /// Who gave it.
    Holder,
    /// Who had it.
    Helper,
}

const ENDERS: [(EndedBy, &str); 2] = [(EndedBy::Holder, "holder"), (EndedBy::Helper, "helper")];

named!(EndedBy, ENDERS);

/// A consent.
#[derive(Clone, Debug)]
pub struct ConsentRow {
    /// Its id.
    pub id: Uuid,
    /// Blind index of the helper's number.
    pub helper_index: Vec<u8>,
    /// The helper, sealed.
    pub helper: Vec<u8>,
    /// Which senders' letters, sealed.
    pub terms: Vec<u8>,
    /// What for.
    pub level: Level,
    /// Letters that came then or later; nothing: the old ones too.
    pub from: Option<OffsetDateTime>,
    /// Nothing is let in from then on.
    pub ends_at: OffsetDateTime,
    /// How it stands.
    pub state: State,
    /// When it was offered.
    pub offered_at: OffsetDateTime,
    /// When it was answered.
    pub answered_at: Option<OffsetDateTime>,
    /// When it was ended before its time.
    pub ended_at: Option<OffsetDateTime>,
    /// By whom.
    pub ended_by: Option<EndedBy>,
}

impl ConsentRow {
    /// Whether it lets anybody in at a moment.
    pub fn is_in_force(&self, at: OffsetDateTime) -> bool {
        self.state == State::Active && at < self.ends_at
    }

    /// Whether it waits for an answer at a moment.
    pub fn is_offered(&self, at: OffsetDateTime) -> bool {
        self.state == State::Offered && at < self.ends_at
    }
}

/// A consent as who is let in has it: with the mailbox.
#[derive(Clone, Debug)]
pub struct GivenRow {
    /// The consent.
    pub consent: ConsentRow,
    /// Whose mailbox.
    pub mailbox: Uuid,
    /// Its key, wrapped.
    pub wrapped: Wrapped,
    /// Its holder, sealed.
    pub holder: Vec<u8>,
}

fn read(row: &Row) -> Result<ConsentRow, DbError> {
    let ended_by = row.maybe_text("ended_by")?;
    Ok(ConsentRow {
        id: row.id("id")?,
        helper_index: row.blob("helper_index")?,
        helper: row.blob("helper")?,
        terms: row.blob("terms")?,
        level: row.text("level")?.parse().map_err(|()| DbError::Column("level"))?,
        from: row.maybe_time("from_at")?,
        ends_at: row.time("ends_at")?,
        state: row.text("state")?.parse().map_err(|()| DbError::Column("state"))?,
        offered_at: row.time("offered_at")?,
        answered_at: row.maybe_time("answered_at")?,
        ended_at: row.maybe_time("ended_at")?,
        ended_by: ended_by
            .map(|by| by.parse().map_err(|()| DbError::Column("ended_by")))
            .transpose()?,
    })
}

fn read_given(row: &Row) -> Result<GivenRow, DbError> {
    Ok(GivenRow {
        consent: read(row)?,
        mailbox: row.id("mailbox_id")?,
        wrapped: Wrapped {
            bytes: row.blob("wrapped_key")?,
            version: u32::try_from(row.int("key_version")?).map_err(|_| DbError::Column("key_version"))?,
        },
        holder: row.blob("holder")?,
    })
}

/// Writes an offer.
pub async fn insert(tx: &mut Tx, mailbox: Uuid, row: &ConsentRow) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO consent (mailbox_id, id, helper_index, helper, terms, level, from_at, ends_at, state, offered_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            mailbox,
            row.id,
            row.helper_index.as_slice(),
            row.helper.as_slice(),
            row.terms.as_slice(),
            row.level.as_str(),
            row.from,
            row.ends_at,
            row.state.as_str(),
            row.offered_at
        ],
    )
    .await
    .map(drop)
}

/// The consents of a mailbox: those that live, the newest first, and then those that are past.
pub async fn of_mailbox(
    tx: &mut Tx,
    mailbox: Uuid,
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<ConsentRow>, DbError> {
    tx.fetch_all(
        "SELECT id, helper_index, helper, terms, level, from_at, ends_at, state, offered_at, answered_at, ended_at, ended_by
         FROM consent WHERE mailbox_id = $1
         ORDER BY CASE WHEN state IN ('offered', 'active') AND ends_at > $2 THEN 0 ELSE 1 END, id DESC LIMIT $3",
        params![mailbox, now, limit],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// The consents of a mailbox that are in force.
pub async fn in_force(tx: &mut Tx, mailbox: Uuid, now: OffsetDateTime) -> Result<Vec<ConsentRow>, DbError> {
    tx.fetch_all(
        "SELECT id, helper_index, helper, terms, level, from_at, ends_at, state, offered_at, answered_at, ended_at, ended_by
         FROM consent WHERE mailbox_id = $1 AND state = 'active' AND ends_at > $2",
        params![mailbox, now],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// A consent of a mailbox.
pub async fn by_id(tx: &mut Tx, mailbox: Uuid, id: Uuid) -> Result<Option<ConsentRow>, DbError> {
    tx.fetch_optional(
        "SELECT id, helper_index, helper, terms, level, from_at, ends_at, state, offered_at, answered_at, ended_at, ended_by
         FROM consent WHERE mailbox_id = $1 AND id = $2",
        params![mailbox, id],
    )
    .await?
    .as_ref()
    .map(read)
    .transpose()
}

/// The consents of a mailbox to a number that are offered or have been said yes to, and are not past at `now`.
pub async fn live_of_pair(
    tx: &mut Tx,
    mailbox: Uuid,
    helper_index: [u8; 32],
    now: OffsetDateTime,
) -> Result<Vec<ConsentRow>, DbError> {
    tx.fetch_all(
        "SELECT id, helper_index, helper, terms, level, from_at, ends_at, state, offered_at, answered_at, ended_at, ended_by
         FROM consent WHERE helper_index = $2 AND state IN ('offered', 'active') AND mailbox_id = $1 AND ends_at > $3",
        params![mailbox, helper_index, now],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// How many consents of a mailbox are offered or have been said yes to, and are not past at `now`.
pub async fn count_live(tx: &mut Tx, mailbox: Uuid, now: OffsetDateTime) -> Result<i64, DbError> {
    tx.fetch_optional(
        "SELECT CAST(COUNT(*) AS BIGINT) AS consents FROM consent
         WHERE mailbox_id = $1 AND state IN ('offered', 'active') AND ends_at > $2",
        params![mailbox, now],
    )
    .await?
    .map_or(Ok(0), |row| row.int("consents"))
}

/// Reads consents to a number ($1) that are offered or have been said yes to, and are not past at a moment ($2), with their mailboxes.
macro_rules! select_given {
    ($rest:literal) => {
        concat!(
            "SELECT given.id AS id, given.helper_index AS helper_index, given.helper AS helper, given.terms AS terms, given.level AS level,
                    given.from_at AS from_at, given.ends_at AS ends_at, given.state AS state, given.offered_at AS offered_at,
                    given.answered_at AS answered_at, given.ended_at AS ended_at, given.ended_by AS ended_by,
                    given.mailbox_id AS mailbox_id, m.wrapped_key AS wrapped_key, m.key_version AS key_version,
                    m.holder AS holder
             FROM consent given JOIN mailbox m ON m.id = given.mailbox_id
             WHERE given.helper_index = $1 AND given.state IN ('offered', 'active') AND given.ends_at > $2
               AND m.state <> 'destroyed' ",
            $rest
        )
    };
}

/// What a number is offered, or has said yes to, and is not past at `now`: the newest first.
pub async fn given_to(
    tx: &mut Tx,
    helper_index: [u8; 32],
    now: OffsetDateTime,
    limit: i64,
) -> Result<Vec<GivenRow>, DbError> {
    tx.fetch_all(
        select_given!("ORDER BY given.id DESC LIMIT $3"),
        params![helper_index, now, limit],
    )
    .await?
    .iter()
    .map(read_given)
    .collect()
}

/// The one of them with this id.
pub async fn given_by_id(
    tx: &mut Tx,
    helper_index: [u8; 32],
    now: OffsetDateTime,
    id: Uuid,
) -> Result<Option<GivenRow>, DbError> {
    tx.fetch_optional(select_given!("AND given.id = $3"), params![helper_index, now, id])
        .await?
        .as_ref()
        .map(read_given)
        .transpose()
}

/// How many offers a number has not answered.
pub async fn count_offered(tx: &mut Tx, helper_index: [u8; 32], now: OffsetDateTime) -> Result<i64, DbError> {
    tx.fetch_optional(
        "SELECT CAST(COUNT(*) AS BIGINT) AS offers FROM consent c JOIN mailbox m ON m.id = c.mailbox_id
         WHERE c.helper_index = $1 AND c.state = 'offered' AND c.ends_at > $2 AND m.state <> 'destroyed'",
        params![helper_index, now],
    )
    .await?
    .map_or(Ok(0), |row| row.int("offers"))
}

/// Answers what is offered to a number; tells whether it was. With a yes comes the helper's name, sealed.
pub async fn answer(
    tx: &mut Tx,
    (mailbox, id): (Uuid, Uuid),
    helper_index: [u8; 32],
    (state, helper): (State, &[u8]),
    at: OffsetDateTime,
) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE consent SET state = $4, helper = $5, answered_at = $6
             WHERE mailbox_id = $1 AND id = $2 AND helper_index = $3 AND state = 'offered' AND ends_at > $6",
            params![mailbox, id, helper_index, state.as_str(), helper, at],
        )
        .await?;
    Ok(touched > 0)
}

/// Ends what is offered or in force; tells whether it was.
pub async fn end(tx: &mut Tx, (mailbox, id): (Uuid, Uuid), by: EndedBy, at: OffsetDateTime) -> Result<bool, DbError> {
    let touched = tx
        .execute(
            "UPDATE consent SET state = 'ended', ended_at = $3, ended_by = $4
             WHERE mailbox_id = $1 AND id = $2 AND state IN ('offered', 'active')",
            params![mailbox, id, at, by.as_str()],
        )
        .await?;
    Ok(touched > 0)
}
