//! What was passed on and what became of it; and taking back what still waits for an answer.

use super::MailboxError;
use super::access::{Person, enter, enter_in_turn};
use super::forward::recipient;
use super::forward_ask;
use super::inbox::listed;
use crate::domain::access::Act;
use crate::domain::forward::Way;
use crate::domain::paging::{cut, one_more};
use crate::domain::right::Right;
use crate::house::House;
use crate::store;
use crate::store::forward::{ForwardRow, State};
use time::OffsetDateTime;
use uuid::Uuid;

/// How many rows the log shows at once.
pub const PAGE: usize = 50;

/// A row of the log.
#[derive(Debug)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// When it last changed.
    pub at: OffsetDateTime,
    /// To where: an address, or twelve digits.
    pub to: String,
    /// Which way.
    pub way: Way,
    /// What became of it.
    pub state: State,
    /// How many tries.
    pub attempts: u32,
    /// By a rule.
    pub by_rule: bool,
    /// Which letter, with its subject, if it is still there.
    pub letter: Option<(Uuid, String)>,
}

/// Takes a letter back that waits for an answer; tells whether there was one. When nothing else waits for that answer, nobody is asked any
/// more.
pub async fn take_back(house: &House, person: &Person, forward: Uuid) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter_in_turn(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(false);
    };
    let Some((row, ask)) = store::forward::by_id(&mut tx, entered.id, forward)
        .await?
        .filter(|row| is_asked_still(row, now))
        .and_then(|row| row.ask_id.map(|ask| (row, ask)))
    else {
        return Ok(false);
    };
    // The question first, as an answer does: whichever comes second finds what the first has done.
    store::forward_ask::hold(&mut tx, entered.id, ask).await?;
    let (from, to) = (State::Asking, State::Withdrawn);
    if !store::forward::change(&mut tx, entered.id, row.id, from, to, 0, now).await? {
        return Ok(false);
    }
    let since = now - forward_ask::WAITS;
    if store::forward_ask::waiting_letters(&mut tx, entered.id, ask, since, 1)
        .await?
        .is_empty()
    {
        store::forward_ask::take_back(&mut tx, entered.id, ask).await?;
    }
    entered
        .log(&mut tx, house.ids, now, Act::ChangedForwarding, Some(row.letter_id))
        .await?;
    tx.commit().await?;
    Ok(true)
}

fn is_asked_still(row: &ForwardRow, now: OffsetDateTime) -> bool {
    row.state == State::Asking && row.at > now - forward_ask::WAITS
}

/// What was passed on from the person's own mailbox, newest first, older than `before`; and where the next page begins.
pub async fn log(
    house: &House,
    person: &Person,
    before: Option<Uuid>,
) -> Result<(Vec<Told>, Option<Uuid>), MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok((vec![], None));
    };
    let rows = store::forward::page(&mut tx, entered.id, before.unwrap_or(Uuid::max()), one_more(PAGE)).await?;
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let letter = store::letter::by_id(&mut tx, entered.id, row.letter_id).await?;
        told.push(Told {
            id: row.id,
            at: row.at,
            to: recipient(&entered, &row)?,
            way: row.way,
            // Told by the calendar alone, so that a no, no mailbox and no answer are the same.
            state: match row.state {
                State::Asking if !is_asked_still(&row, now) => State::Unanswered,
                state => state,
            },
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            by_rule: row.rule_id.is_some(),
            letter: letter
                .map(|letter| listed(&entered.key, &letter))
                .transpose()?
                .map(|letter| (letter.id, letter.header.subject)),
        });
    }
    Ok((told, next))
}
