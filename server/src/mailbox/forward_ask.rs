//! Asking a holder to be let in with letters, and answering. Nobody gets a letter from another holder without having said yes once; who
//! asks is told of a yes by the letters arriving, and of nothing else: a no, no answer and no mailbox are the same to them.

use super::MailboxError;
use super::access::{Entered, Person, enter, enter_in_turn};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::{self, Job, ask_index};
use crate::record;
use crate::store;
use crate::store::forward::State as Forwarded;
use crate::store::forward_ask::{AskRow, AskerRow, State};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use crate::outbox::ASK_WAITS as WAITS;

/// How long a no holds, unless it is taken back: within it, asking again shows nothing.
pub const NO_HOLDS: Duration = Duration::days(180);
/// Holders that one mailbox may have asked at a time without their having said yes.
pub const MOST_ASKED: usize = 20;
/// Letters that wait for one answer, at most: all of them go when it is yes.
const MOST_WAITING: usize = 200;
/// Questions and answers that are shown.
const SHOWN: i64 = 200;

/// How it stands with asking whom a letter is to go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Nobody needs to be asked.
    NotNeeded,
    /// Under this question they have said yes.
    SaidYes(Uuid),
    /// They are asked.
    Waits(Uuid),
    /// So much is asked already that nothing more is.
    TooMany,
}

/// Who has asked to pass letters on to the person, as our register of holders has them.
#[derive(Clone, PartialEq, Eq)]
pub struct Asker {
    /// The question.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// Their number, twelve digits.
    pub number: String,
    /// How the question stands.
    pub state: State,
    /// When they asked, or were answered.
    pub at: OffsetDateTime,
}

impl std::fmt::Debug for Asker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asker({:?})", self.state)
    }
}

/// What the person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Letters may come, and what waits does.
    Yes,
    /// No, or no longer.
    No,
    /// No, and not to be asked again.
    Block,
    /// May be asked again.
    Unblock,
}

/// Asks a number, in the transaction that passes a letter on. The mailbox of who asks has the turn.
///
/// The statements are the same whether somebody has a mailbox under the number or not, and whatever they have answered.
pub(super) async fn ask(
    tx: &mut Tx,
    house: &House,
    mailbox: Uuid,
    number: &str,
    now: OffsetDateTime,
) -> Result<Question, MailboxError> {
    let asked = ask_index(house, number);
    let since = now - WAITS;
    let before = store::forward_ask::of_pair(tx, mailbox, asked).await?;
    let open = store::forward_ask::count_open(tx, mailbox, since).await?;
    let is_new = before.is_none_or(|row| row.state != State::Accepted && row.asked_at <= since);
    if is_new && usize::try_from(open).unwrap_or(usize::MAX) >= MOST_ASKED {
        return Ok(Question::TooMany);
    }
    store::forward_ask::ask(tx, mailbox, house.ids.at(now), asked, now, now - NO_HOLDS).await?;
    // Read again now that the row is held: an answer may have come in between.
    let Some(row) = store::forward_ask::of_pair(tx, mailbox, asked).await? else {
        return Err(MailboxError::Record("question"));
    };
    if row.state == State::Accepted {
        return Ok(Question::SaidYes(row.id));
    }
    let limit = i64::try_from(MOST_WAITING).unwrap_or(i64::MAX);
    let waiting = store::forward_ask::waiting_letters(tx, mailbox, row.id, since, limit).await?;
    Ok(if waiting.len() >= MOST_WAITING {
        Question::TooMany
    } else {
        Question::Waits(row.id)
    })
}

/// Everybody who asks the person, and whom they have answered: the newest question first.
pub async fn askers(house: &House, person: &Person) -> Result<Vec<Asker>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(vec![]);
    };
    let rows = store::forward_ask::askers(&mut tx, asked_index(house, &entered)?, SHOWN).await?;
    rows.iter()
        .filter(|row| is_shown(row, now))
        .map(|row| told(house, row))
        .collect()
}

/// How many ask the person and wait for an answer.
pub async fn count_waiting(house: &House, person: &Person) -> Result<u64, MailboxError> {
    let since = house.clock.now() - WAITS;
    let mut tx = house.db.read().await?;
    let entered = enter(&mut tx, house, person, Right::GiveAccess).await?;
    let Some(entered) = entered.filter(|entered| entered.open) else {
        return Ok(0);
    };
    let count = store::forward_ask::count_waiting(&mut tx, asked_index(house, &entered)?, since).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Answers a question to the person, or answers it anew; tells whether there is one. A yes sends what waits.
pub async fn answer(house: &House, person: &Person, id: Uuid, answer: Answer) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter_in_turn(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(false);
    };
    let asked = asked_index(house, &entered)?;
    let Some(row) = store::forward_ask::to_number(&mut tx, asked, id).await? else {
        return Ok(false);
    };
    let state = match (answer, row.ask.state) {
        // What is no longer asked cannot be answered; what was answered can be answered otherwise.
        (Answer::Yes | Answer::No, State::Asked) if !is_shown(&row, now) => return Ok(false),
        (Answer::Yes, _) if !entered.open => return Ok(false),
        (Answer::Yes, State::Asked | State::Declined | State::Accepted) => State::Accepted,
        (Answer::No, State::Asked | State::Accepted | State::Declined) | (Answer::Unblock, State::Blocked) => {
            State::Declined
        }
        (Answer::Block, _) => State::Blocked,
        (Answer::Yes | Answer::No, State::Blocked) | (Answer::Unblock, _) => return Ok(false),
    };
    if !store::forward_ask::answer(&mut tx, (row.mailbox, id), asked, state, now).await? {
        return Ok(false);
    }
    if state == State::Accepted {
        let limit = i64::try_from(MOST_WAITING).unwrap_or(i64::MAX);
        send_waiting(&mut tx, house, row.mailbox, id, now, limit).await?;
    }
    log(&mut tx, house, &entered, now).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(true)
}

/// Sends what has waited for a yes.
async fn send_waiting(
    tx: &mut Tx,
    house: &House,
    mailbox_id: Uuid,
    ask: Uuid,
    now: OffsetDateTime,
    limit: i64,
) -> Result<(), MailboxError> {
    let waiting = store::forward_ask::waiting_letters(tx, mailbox_id, ask, now - WAITS, limit).await?;
    for forward_id in waiting {
        let (from, to) = (Forwarded::Asking, Forwarded::Waiting);
        if store::forward::change(tx, mailbox_id, forward_id, from, to, 0, now).await? {
            let job = Job::Forward { mailbox_id, forward_id };
            outbox::enqueue(tx, house, &job, now).await?;
        }
    }
    Ok(())
}

async fn log(tx: &mut Tx, house: &House, entered: &Entered, now: OffsetDateTime) -> Result<(), MailboxError> {
    entered.log(tx, house.ids, now, Act::AnsweredAsker, None).await
}

/// A question that waits is shown for as long as it waits; an answer, for as long as it holds.
fn is_shown(row: &AskerRow, now: OffsetDateTime) -> bool {
    let AskRow {
        state,
        asked_at,
        answered_at,
        ..
    } = row.ask;
    match state {
        State::Asked => row.open && asked_at > now - WAITS,
        State::Declined => answered_at.is_some_and(|at| at > now - NO_HOLDS),
        State::Accepted | State::Blocked => true,
    }
}

fn told(house: &House, row: &AskerRow) -> Result<Asker, MailboxError> {
    let key = house.keys.unwrap(&row.mailbox, &row.wrapped)?;
    let holder = record::holder(&key, row.mailbox, &row.holder)?;
    Ok(Asker {
        id: row.ask.id,
        name: holder.name,
        number: holder.number,
        state: row.ask.state,
        at: row.ask.answered_at.unwrap_or(row.ask.asked_at),
    })
}

/// What questions to the holder of this mailbox are found by.
fn asked_index(house: &House, entered: &Entered) -> Result<[u8; 32], MailboxError> {
    Ok(ask_index(house, &entered.recipient()?.to_string()))
}
