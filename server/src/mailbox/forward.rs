//! Passing a letter on, by e-mail or into another mailbox here: asked first, confirmed, and then a job of the outbox. What was typed is
//! kept, sealed, until it is confirmed or something else is typed.
//!
//! Nothing here looks up whether there is a mailbox under the number that was given. Who passes on must not learn it: not from an answer,
//! not from how long it takes. See [`super::forward_ask`] for how a holder is asked.

use super::MailboxError;
use super::access::{Entered, Person, enter, enter_in_turn};
use super::forward_ask::{self, Question as Asking};
use super::forward_rules::make_rule;
use super::forward_told::tell_holder;
use super::inbox::listed;
use crate::audit::{self, Actor, Event, Scribe};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::audit::AuditAct;
use crate::domain::calendar::day_in_sweden;
use crate::domain::email::EmailAddress;
use crate::domain::forward::{Forbidden, Limits, Way, weight};
use crate::domain::holder_number::read_number;
use crate::domain::letter::Header;
use crate::domain::look::WAITS;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::{self, Job};
use crate::seal::Place;
use crate::store;
use crate::store::forward::{ForwardRow, State};
use crate::{original, store::letter::LetterRow};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

pub use super::forward_log::{PAGE, Told, log, take_back};
pub use super::forward_rules::{Also, Days, MOST_RULES, RuleTold, remove_rule, rules};

/// Letters that one mailbox may pass on in [`PERIOD`]: nobody reads so much aloud to others, and a mailbox is no sender of mail.
const MOST: usize = 100;
/// The period that [`MOST`] counts in.
const PERIOD: Duration = Duration::DAY;

/// A letter that is to be passed on.
#[derive(Debug)]
pub struct Question {
    /// What lists show of it.
    pub header: Header,
    /// How many attachments go along.
    pub attachments: u32,
    /// How many bytes they and the text are.
    pub bytes: u64,
    /// Whether it may be passed on at all.
    pub allowed: Result<(), Forbidden>,
    /// Whether it may go by e-mail.
    pub by_mail: Result<(), Forbidden>,
    /// Into a mailbox it goes as the signed original; otherwise as a copy without signature, because the signature is over other letters
    /// too.
    pub whole: bool,
    /// The holder that the sender addressed it to, when another has passed it on.
    pub addressed_to: Option<String>,
    /// What was typed last.
    pub typed: Option<Typed>,
}

/// What was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed {
    /// An e-mail address.
    Address(String),
    /// Something else in its place.
    NoAddress(String),
    /// The number of somebody who may have a mailbox here, twelve digits.
    Number(String),
    /// Something else in its place, or a number with a wrong check digit.
    NoNumber(String),
    /// The person's own number.
    OwnNumber(String),
}

/// What came of typing an address or a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is kept under this id: to be confirmed, or to be corrected.
    Kept(Uuid),
    /// The letter may not be passed on.
    Forbidden,
    /// No such letter in the person's own mailbox.
    NotFound,
}

/// What came of confirming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Waiting,
    /// The other holder is asked; it waits for the answer.
    Asking,
    /// Confirmed before; it goes once.
    Already,
    /// The letter may not be passed on.
    Forbidden,
    /// So many today that no more go.
    TooMany,
    /// There are so many rules that no more are made; nothing was sent.
    TooManyRules,
    /// So many holders are asked and have not said yes that no more are asked.
    TooManyAsked,
    /// No such letter, or nothing typed.
    NotFound,
}

/// The question about a letter, with what was typed under `draft`.
pub async fn question(
    house: &House,
    person: &Person,
    limits: &Limits,
    letter: Uuid,
    draft: Option<Uuid>,
) -> Result<Option<Question>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Forward).await? else {
        return Ok(None);
    };
    let Some(row) = entered.letter(&mut tx, letter).await? else {
        return Ok(None);
    };
    let typed = match draft {
        Some(draft) => {
            let row = store::forward::by_id(&mut tx, entered.id, draft).await?;
            let row = row.filter(|row| row.letter_id == letter && row.state == State::Draft);
            match row {
                Some(row) => Some(typed(house, &entered, row.way, recipient(&entered, &row)?)?),
                None => None,
            }
        }
        None => None,
    };
    let judged = judged(&mut tx, &entered, limits, &row).await?;
    Ok(Some(Question {
        header: judged.header,
        attachments: u32::try_from(row.attachments).unwrap_or(0),
        bytes: judged.bytes,
        allowed: judged.allowed,
        by_mail: judged.by_mail,
        whole: judged.whole,
        addressed_to: judged.addressed_to,
        typed,
    }))
}

/// What somebody means by what they typed.
fn typed(house: &House, entered: &Entered, way: Way, text: String) -> Result<Typed, MailboxError> {
    Ok(match way {
        Way::Mail if text.parse::<EmailAddress>().is_ok() => Typed::Address(text),
        Way::Mail => Typed::NoAddress(text),
        Way::Mailbox => match read_number(&text, day_in_sweden(house.clock.now())) {
            Some(number) if number == entered.recipient()? => Typed::OwnNumber(text),
            Some(number) => Typed::Number(number.to_string()),
            None => Typed::NoNumber(text),
        },
    })
}

/// Keeps what was typed, to be confirmed or corrected. Sends nothing.
pub async fn ask(
    house: &House,
    person: &Person,
    limits: &Limits,
    letter: Uuid,
    (way, text): (Way, &str),
) -> Result<Asked, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::Forward).await? else {
        return Ok(Asked::NotFound);
    };
    let Some(row) = entered.letter(&mut tx, letter).await? else {
        return Ok(Asked::NotFound);
    };
    let judged = judged(&mut tx, &entered, limits, &row).await?;
    if judged.by(way).is_err() {
        return Ok(Asked::Forbidden);
    }
    let text: String = text.trim().chars().take(320).collect();
    let text = match way {
        Way::Mail => text.parse::<EmailAddress>().map_or(text, |address| address.to_string()),
        Way::Mailbox => text,
    };
    store::forward::forget_drafts(&mut tx, entered.id).await?;
    let id = house.ids.at(now);
    let sealed = entered
        .key
        .seal(house.ids, &Place::of("forward", &id, "recipient"), text.as_bytes())?;
    let row = ForwardRow {
        id,
        letter_id: letter,
        recipient: sealed,
        way,
        ask_id: None,
        rule_id: None,
        state: State::Draft,
        attempts: 0,
        at: now,
    };
    store::forward::insert(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Asked::Kept(id))
}

/// Confirms what was typed: the letter goes to the outbox, or waits for the answer of who is to have it; the access log says so, in one
/// transaction.
pub async fn send(
    house: &House,
    person: &Person,
    limits: &Limits,
    letter: Uuid,
    draft: Uuid,
    also: Also,
) -> Result<Sent, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter_in_turn(&mut tx, house, person, Right::Forward).await? else {
        return Ok(Sent::NotFound);
    };
    let Some(row) = entered.letter(&mut tx, letter).await? else {
        return Ok(Sent::NotFound);
    };
    let Some(forward) = store::forward::by_id(&mut tx, entered.id, draft)
        .await?
        .filter(|forward| forward.letter_id == letter)
    else {
        return Ok(Sent::NotFound);
    };
    if forward.state != State::Draft {
        return Ok(Sent::Already);
    }
    let (Typed::Address(to) | Typed::Number(to)) = typed(house, &entered, forward.way, recipient(&entered, &forward)?)?
    else {
        return Ok(Sent::NotFound);
    };
    let judged = judged(&mut tx, &entered, limits, &row).await?;
    if judged.by(forward.way).is_err() {
        return Ok(Sent::Forbidden);
    }
    if is_too_many(&mut tx, house, entered.id, now).await? {
        return Ok(Sent::TooMany);
    }
    let asking = match forward.way {
        Way::Mail => Asking::NotNeeded,
        Way::Mailbox => forward_ask::ask(&mut tx, house, entered.id, &to, now).await?,
    };
    let (state, ask) = match asking {
        Asking::NotNeeded => (State::Waiting, None),
        Asking::SaidYes(ask) => (State::Waiting, Some(ask)),
        Asking::Waits(ask) => (State::Asking, Some(ask)),
        Asking::TooMany => return Ok(Sent::TooManyAsked),
    };
    let about = (judged.sender.as_str(), judged.header.sender.as_str());
    if !make_rule(&mut tx, house, &entered, (to.clone(), ask), about, also).await? {
        return Ok(Sent::TooManyRules);
    }
    tell_holder(&mut tx, house, &entered, (forward.way, &to), also).await?;
    // Read as it was typed; kept as it was understood.
    let sealed = entered
        .key
        .seal(house.ids, &Place::of("forward", &draft, "recipient"), to.as_bytes())?;
    store::forward::confirm(&mut tx, entered.id, draft, &sealed, ask, state, now).await?;
    if state == State::Waiting {
        let job = Job::Forward {
            mailbox_id: entered.id,
            forward_id: draft,
        };
        outbox::enqueue(&mut tx, house, &job, now).await?;
    }
    entered
        .log(&mut tx, house.ids, now, Act::Forwarded, Some(letter))
        .await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(if state == State::Asking {
        Sent::Asking
    } else {
        Sent::Waiting
    })
}

/// Marks a holder as protected, or no longer: from then on nothing is passed on, and staff who look at the account need a second. `false`
/// when there is no such mailbox.
pub async fn protect(house: &House, number: &str, protected: bool) -> Result<bool, MailboxError> {
    let mut tx = house.db.begin().await?;
    let index = super::access::holder_index(house, number);
    let Some(mailbox) = store::mailbox::by_holder(&mut tx, index).await? else {
        return Ok(false);
    };
    if protected {
        mark_protected(&mut tx, house, mailbox.id).await?;
    } else {
        store::forward::set_protected(&mut tx, mailbox.id, None).await?;
    }
    let act = if protected {
        AuditAct::ProtectedHolder
    } else {
        AuditAct::UnprotectedHolder
    };
    let event = Event::by(&Actor::Command, act).about_account(mailbox.id);
    audit::append(&mut tx, Scribe::of(house), event).await?;
    tx.commit().await?;
    Ok(true)
}

/// Marks the holder of a mailbox as protected, in the transaction that writes it down. Looks that one of the staff has alone wait for a
/// second from then on.
pub(crate) async fn mark_protected(tx: &mut Tx, house: &House, mailbox: Uuid) -> Result<(), MailboxError> {
    let now = house.clock.now();
    store::forward::set_protected(tx, mailbox, Some(now)).await?;
    Ok(store::look::hold(tx, mailbox, now, now + WAITS).await?)
}

/// What is to be known of a letter that is to be passed on.
struct Judged {
    header: Header,
    sender: String,
    bytes: u64,
    whole: bool,
    addressed_to: Option<String>,
    allowed: Result<(), Forbidden>,
    by_mail: Result<(), Forbidden>,
}

impl Judged {
    fn by(&self, way: Way) -> Result<(), Forbidden> {
        match way {
            Way::Mail => self.by_mail,
            Way::Mailbox => self.allowed,
        }
    }
}

async fn judged(tx: &mut Tx, entered: &Entered, limits: &Limits, row: &LetterRow) -> Result<Judged, MailboxError> {
    let header = listed(&entered.key, row)?.header;
    let original = original::open(tx, entered.id, &entered.key, row.delivery_id).await?;
    let sender = original.delivery.sender.id.to_string();
    let bytes = weight(original.message(row.place)?);
    let protected = store::forward::is_protected(tx, entered.id).await?;
    let judge = |verdict: Result<(), Forbidden>| {
        if row.binned_at.is_some() {
            Err(Forbidden::Binned)
        } else {
            verdict
        }
    };
    Ok(Judged {
        header,
        bytes,
        whole: original.can_be_passed_on_whole(),
        addressed_to: original
            .passed_on
            .as_ref()
            .map(|passed_on| passed_on.addressed_to.clone()),
        allowed: judge(limits.judge(Some(&sender), protected)),
        by_mail: judge(limits.judge_mail(Some(&sender), protected, bytes)),
        sender,
    })
}

/// To whom a row goes, unsealed.
pub(super) fn recipient(entered: &Entered, row: &ForwardRow) -> Result<String, MailboxError> {
    let plain = entered
        .key
        .open(&Place::of("forward", &row.id, "recipient"), &row.recipient)?;
    String::from_utf8(plain).map_err(|_| MailboxError::Record("forwarding's address"))
}

async fn is_too_many(tx: &mut Tx, house: &House, mailbox: Uuid, now: OffsetDateTime) -> Result<bool, MailboxError> {
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let newest = store::forward::page(tx, mailbox, Uuid::max(), limit).await?;
    let since = house.ids.first_at(now - PERIOD);
    Ok(newest.len() >= MOST && newest.last().is_some_and(|oldest| oldest.id > since))
}
