//! Leaving: the holder ends the mailbox here, or moves to another operator, or FaR says that they have.
//!
//! A mailbox that is left takes no letters and can be read. One that was ended here can be read for thirty days, and opened again;
//! then its key is destroyed ([`crate::outbox`]), and nobody can read what it held.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::folders::{Places, read_places};
use super::payments::to_pay;
use crate::audit::{self, Event, Scribe};
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::domain::audit::{ActingAs, AuditAct};
use crate::domain::leaving::{destroyed_at, is_believed};
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::{self, Job};
use crate::record;
use crate::register::{self, Agreement, Evidence, Register, RegisterError, Registered};
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::leaving::{Candidate, Closing, Why};
use contracts::identifier::RecipientId;
use contracts::recipient::MOST_RECIPIENTS;
use std::sync::Arc;
use std::time::Duration;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How the round is named in its table.
const ROUND: &str = "leavers";
/// How long one batch of a round may take before another process may go on with it.
const LEASE: time::Duration = time::Duration::minutes(5);
/// How often a process looks whether a round is due.
const LOOK: Duration = Duration::from_mins(1);

/// Whether letters come in, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Letters come in.
    Open,
    /// The holder is with another operator.
    Moved {
        /// Its name.
        to: String,
        /// When that was found.
        since: OffsetDateTime,
    },
    /// The holder is with no operator, and it was not done here.
    Left {
        /// When that was found.
        since: OffsetDateTime,
    },
    /// The holder ended the mailbox.
    Ended {
        /// When.
        since: OffsetDateTime,
        /// Until when it can be read, if it is to be destroyed.
        until: Option<OffsetDateTime>,
    },
}

/// What every page says of a mailbox.
#[derive(Debug)]
pub struct Told {
    /// Unread letters.
    pub unread: u64,
    /// Whether letters come in.
    pub standing: Standing,
    /// Where letters lie.
    pub places: Places,
    /// Bills that are not paid yet: counted to a hundred.
    pub to_pay: u64,
}

/// What FaR says about the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InRegister {
    /// With us.
    Here,
    /// With another operator.
    Elsewhere(String),
    /// With none.
    Nowhere,
    /// FaR does not answer.
    Unknown,
}

/// The page about the operator.
#[derive(Debug)]
pub struct Look {
    /// How it stands here.
    pub standing: Standing,
    /// What FaR says.
    pub register: InRegister,
    /// When the mailbox was opened.
    pub opened_at: OffsetDateTime,
}

/// What came of ending the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is ended, and can be read until then.
    Done {
        /// When its key is destroyed.
        until: OffsetDateTime,
    },
    /// The text that was read is not what would be signed now: read it again.
    ReadAgain,
    /// More people must sign (companies). Nothing has changed yet.
    MoreMustSign,
    /// Who must sign cannot be told by a machine (companies). Nothing has changed.
    RuleNotSupported,
    /// FaR does not answer, or refused. Nothing has changed.
    TryAgain,
    /// The person has no mailbox here.
    NotFound,
}

/// What a batch of a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Batch {
    /// How many FaR was asked about.
    pub asked: usize,
    /// How many had gone.
    pub left: usize,
    /// Whether that was believed, and their mailboxes closed.
    pub believed: bool,
    /// The last mailbox that was looked at; nothing when the round is over.
    pub next: Option<Uuid>,
}

/// What every page says; nothing without a mailbox.
pub async fn told(house: &House, person: &Person) -> Result<Option<Told>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(None);
    };
    let whole = whose.may(Right::Overview);
    Ok(Some(Told {
        unread: if whole { whose.unread } else { 0 },
        standing: if whose.open {
            Standing::Open
        } else {
            standing(&mut tx, &whose).await?
        },
        places: read_places(&mut tx, &whose).await?,
        to_pay: if whole { to_pay(&mut tx, &whose).await? } else { 0 },
    }))
}

/// How it stands, here and in FaR. Should FaR say that the holder has gone, the mailbox is closed at once.
pub async fn look(house: &House, far: &dyn Register, person: &Person) -> Result<Option<Look>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(None);
    };
    drop(tx);
    let register = match far.standing(&whose.recipient()?).await {
        Ok(register::Standing::Here) => InRegister::Here,
        Ok(register::Standing::Elsewhere(operator)) => InRegister::Elsewhere(operator.name),
        Ok(register::Standing::Nowhere) => InRegister::Nowhere,
        Ok(register::Standing::Pending(_)) => InRegister::Unknown,
        Err(error) => {
            tracing::warn!(%error, "FaR did not say where a holder is");
            InRegister::Unknown
        }
    };
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(None);
    };
    let gone = match &register {
        InRegister::Elsewhere(to) => Some(Gone::Moved(to.clone())),
        InRegister::Nowhere => Some(Gone::Left),
        InRegister::Here | InRegister::Unknown => None,
    };
    if let Some(gone) = gone.filter(|_| whose.open) {
        close_left(&mut tx, house, whose.id, &whose.key, gone).await?;
    }
    let opened_at = store::leaving::opened_at(&mut tx, whose.id).await?;
    let standing = standing(&mut tx, &whose).await?;
    tx.commit().await?;
    Ok(Some(Look {
        standing,
        register,
        opened_at: opened_at.ok_or(MailboxError::Record("mailbox"))?,
    }))
}

/// Ends the mailbox: FaR is told first, then no letters come in, and after thirty days the key is destroyed. `text` is made of
/// that day; `mark` is of the text that was read. A mailbox that was left already is only given its last day.
pub async fn end(
    house: &House,
    far: &dyn Register,
    person: &Person,
    text: impl Fn(OffsetDateTime) -> String,
    mark: &str,
    login: Evidence,
) -> Result<Ended, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(Ended::NotFound);
    };
    drop(tx);
    let now = house.clock.now();
    let text = text(destroyed_at(now));
    if super::reception::mark_of(&text) != mark {
        return Ok(Ended::ReadAgain);
    }
    let agreement = Agreement {
        holder: whose.recipient()?,
        person: person.number,
        name: person.name.clone(),
        text,
        at: now,
        login,
    };
    sign_end(house, far, person, &agreement).await
}

/// Signs for the end of the mailbox that the person is in, by a text that they have read.
pub(super) async fn sign_end(
    house: &House,
    far: &dyn Register,
    person: &Person,
    agreement: &Agreement,
) -> Result<Ended, MailboxError> {
    match leave_register(far, agreement).await {
        Ok(Left::Out) => {}
        Ok(Left::In) => return Ok(Ended::TryAgain),
        Ok(Left::RuleNotSupported) => return Ok(Ended::RuleNotSupported),
        Ok(Left::MoreMustSign) => {
            log_act(house, person, Act::SignedInPart).await?;
            return Ok(Ended::MoreMustSign);
        }
        Err(error) => {
            tracing::warn!(%error, "FaR did not end a registration");
            return Ok(Ended::TryAgain);
        }
    }
    let now = house.clock.now();
    let until = destroyed_at(now);
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::Account).await? else {
        return Ok(Ended::NotFound);
    };
    let closing = Closing {
        why: Why::Ended,
        moved_to: None,
        destroy_at: Some(until),
    };
    let done = store::leaving::close(&mut tx, whose.id, &closing, now).await?
        || store::leaving::destroy_later(&mut tx, whose.id, until).await?;
    if done {
        let job = Job::DestroyMailbox { mailbox_id: whose.id };
        outbox::enqueue(&mut tx, house, &job, until).await?;
        whose.log(&mut tx, house.ids, now, Act::EndedMailbox, None).await?;
    }
    let kept = store::leaving::read(&mut tx, whose.id).await?;
    tx.commit().await?;
    // Ended twice, the first day holds.
    let until = kept.and_then(|(closing, _)| closing.destroy_at).unwrap_or(until);
    Ok(Ended::Done { until })
}

/// Writes in the log of the mailbox that the person is in what they have done for its account.
pub(super) async fn log_act(house: &House, person: &Person, act: Act) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    if let Some(whose) = enter(&mut tx, house, person, Right::Account).await? {
        whose.log(&mut tx, house.ids, house.clock.now(), act, None).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Whether the holder is in FaR's register with us.
enum Left {
    /// Taken out now, or gone already.
    Out,
    /// Still in it.
    In,
    /// In it until more have signed.
    MoreMustSign,
    /// In it, and no machine can tell who must sign.
    RuleNotSupported,
}

async fn leave_register(far: &dyn Register, agreement: &Agreement) -> Result<Left, RegisterError> {
    if !is_here(far, agreement).await? {
        return Ok(Left::Out);
    }
    match far.deregister(agreement).await {
        Ok(Registered::Complete) => Ok(Left::Out),
        Ok(Registered::MoreMustSign) => Ok(Left::MoreMustSign),
        Ok(Registered::RuleNotSupported) => Ok(Left::RuleNotSupported),
        // The answer may be what was lost.
        Err(RegisterError::Unreachable(_)) => Ok(if is_here(far, agreement).await? {
            Left::In
        } else {
            Left::Out
        }),
        Err(error) => Err(error),
    }
}

async fn is_here(far: &dyn Register, agreement: &Agreement) -> Result<bool, RegisterError> {
    Ok(far.standing(&agreement.holder).await? == register::Standing::Here)
}

/// Walks the rounds until `stop`: any number of processes may, and one at a time does.
pub async fn walk_rounds(house: House, far: Arc<dyn Register>, every: Duration, stop: CancellationToken) {
    let every = time::Duration::try_from(every).unwrap_or(time::Duration::HOUR);
    while !stop.is_cancelled() {
        if let Err(error) = walk_round(&house, &*far, every, &stop).await {
            tracing::error!(%error, "a round for leavers broke off; it goes on later");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Walks a round, if one is due.
async fn walk_round(
    house: &House,
    far: &dyn Register,
    every: time::Duration,
    stop: &CancellationToken,
) -> Result<(), MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    if !store::leaving::is_due(&mut tx, ROUND, now).await? {
        return Ok(());
    }
    drop(tx);
    let mut tx = house.db.begin().await?;
    let Some(mut after) = store::leaving::take_round(&mut tx, ROUND, now, now + LEASE).await? else {
        return Ok(());
    };
    tx.commit().await?;
    while !stop.is_cancelled() {
        let batch = check_batch(house, far, after).await?;
        let now = house.clock.now();
        let mut tx = house.db.begin().await?;
        let next_at = if batch.next.is_some() { now + LEASE } else { now + every };
        store::leaving::note_round(&mut tx, ROUND, batch.next, next_at).await?;
        tx.commit().await?;
        match batch.next {
            Some(next) => after = next,
            None => break,
        }
    }
    Ok(())
}

/// Asks FaR about the next thousand holders, and closes the mailboxes of those who have gone.
pub async fn check_batch(house: &House, far: &dyn Register, after: Uuid) -> Result<Batch, MailboxError> {
    let mut tx = house.db.read().await?;
    let limit = i64::try_from(MOST_RECIPIENTS).unwrap_or(1);
    let candidates = store::leaving::open_after(&mut tx, after, limit).await?;
    drop(tx);
    let Some(last) = candidates.last().map(|candidate| candidate.id) else {
        return Ok(Batch {
            asked: 0,
            left: 0,
            believed: true,
            next: None,
        });
    };
    let mut asked = Vec::with_capacity(candidates.len());
    for candidate in &candidates {
        let opened = house.keys.unwrap(&candidate.id, &candidate.wrapped);
        match opened
            .map_err(MailboxError::from)
            .and_then(|key| Ok((holder(candidate, &key)?, key)))
        {
            Ok((holder, key)) => asked.push((candidate.id, holder, key)),
            // One that cannot be read must not keep the round from the others.
            Err(error) => {
                tracing::error!(%error, mailbox = %candidate.id, "a holder could not be read, and was not asked about");
            }
        }
    }
    let holders: Vec<_> = asked.iter().map(|(_, holder, _)| *holder).collect();
    let standings = far.standings(&holders).await.map_err(MailboxError::Register)?;
    let mut gone = Vec::new();
    for (id, holder, key) in asked {
        let standing = standings.iter().find(|(about, _)| *about == holder);
        match standing.map(|(_, standing)| standing) {
            Some(register::Standing::Elsewhere(operator)) => gone.push((id, key, Gone::Moved(operator.name.clone()))),
            Some(register::Standing::Nowhere) => gone.push((id, key, Gone::Left)),
            Some(register::Standing::Here | register::Standing::Pending(_)) | None => {}
        }
    }
    let batch = Batch {
        asked: holders.len(),
        left: gone.len(),
        believed: is_believed(holders.len(), gone.len()),
        next: Some(last),
    };
    metrics::counter!("brevlada_leavers_total").increment(u64::try_from(batch.left).unwrap_or(0));
    if !batch.believed {
        tracing::error!(
            asked = batch.asked,
            left = batch.left,
            "FaR says that many holders have gone at once: not believed, no mailbox is closed; look at FaR"
        );
        return Ok(batch);
    }
    for (id, key, gone) in gone {
        let mut tx = house.db.begin().await?;
        close_left(&mut tx, house, id, &key, gone).await?;
        tx.commit().await?;
    }
    Ok(batch)
}

/// How FaR says that a holder has gone.
enum Gone {
    Moved(String),
    Left,
}

/// Closes a mailbox whose holder has gone, and writes it in the log. One that is not open is left as it is.
async fn close_left(tx: &mut Tx, house: &House, id: Uuid, key: &MailboxKey, gone: Gone) -> Result<(), MailboxError> {
    let now = house.clock.now();
    let (why, moved_to) = match gone {
        Gone::Moved(to) => {
            let sealed = key.seal(house.ids, &Place::of("mailbox", &id, "moved_to"), to.as_bytes())?;
            (Why::Moved, Some(sealed))
        }
        Gone::Left => (Why::Left, None),
    };
    let closing = Closing {
        why,
        moved_to,
        destroy_at: None,
    };
    if store::leaving::close(tx, id, &closing, now).await? {
        let row = house.ids.at(now);
        let actor = key.seal(
            house.ids,
            &Place::of("access_log", &row, "actor"),
            "Mina meddelanden".as_bytes(),
        )?;
        let row = store::access_log::AccessRow {
            id: row,
            at: now,
            actor,
            act: Act::MovedAway,
            letter_id: None,
            capacity: Capacity::System,
        };
        store::access_log::insert(tx, id, &row).await?;
        audit::append(
            tx,
            Scribe::of(house),
            Event::of_account(AuditAct::MovedAway, ActingAs::System, id),
        )
        .await?;
        tracing::info!(mailbox = %id, "a holder has left: the mailbox takes no letters");
    }
    Ok(())
}

fn holder(candidate: &Candidate, key: &MailboxKey) -> Result<RecipientId, MailboxError> {
    let holder = record::holder(key, candidate.id, &candidate.holder)?;
    holder.number.parse().map_err(|_| MailboxError::Record("holder"))
}

async fn standing(tx: &mut Tx, whose: &Entered) -> Result<Standing, MailboxError> {
    let Some((closing, since)) = store::leaving::read(tx, whose.id).await? else {
        return Ok(Standing::Open);
    };
    // A last day counts before where the holder went.
    if closing.destroy_at.is_some() || closing.why == Why::Ended {
        return Ok(Standing::Ended {
            since,
            until: closing.destroy_at,
        });
    }
    Ok(match closing.moved_to {
        Some(sealed) => {
            let plain = whose.key.open(&Place::of("mailbox", &whose.id, "moved_to"), &sealed)?;
            let to = String::from_utf8(plain).map_err(|_| MailboxError::Record("operator"))?;
            Standing::Moved { to, since }
        }
        None => Standing::Left { since },
    })
}
