//! "Has it arrived?": a delivery is traced by its `TransId`, by the call id of a fault, by a sender's reference, or by recipient and day. Who
//! sent it is told to those alone who have named it; what the letter is about to nobody.

use super::access::OnDuty;
use super::account::{ArrivalState, PAGE, What, When, arrival_state, before as before_of, handle, named_id};
use super::keyhole::Keyhole;
use super::{SupportError, draft};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::calendar::{begin_in_sweden, day_in_sweden, first_moment_after};
use crate::domain::channel::Channel;
use crate::domain::holder_number::read_number;
use crate::domain::look::{LASTS, Reason, WrongReason};
use crate::domain::paging::{cut, one_more};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::mailbox::access::holder_index;
use crate::record::{LONGEST_REFERENCE, parties, reference_index};
use crate::store;
use crate::store::account::AccountRow;
use crate::store::call::{CallOutcome, CallRow};
use crate::store::notice::NoticeState;
use contracts::identifier::OrganisationNumber;
use contracts::xml::parse_date;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// The most days that can be asked for at once.
const MOST_DAYS: Duration = Duration::days(31);

/// What is typed to trace a delivery.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedTrace {
    /// A `TransId`, a call id or a reference.
    pub what: String,
    /// Without one, the recipient's number.
    pub number: String,
    /// And the first day.
    pub first: String,
    /// And the last day.
    pub last: String,
    /// What it is about, by name.
    pub cause: String,
    /// In their own words.
    pub words: String,
}

impl std::fmt::Debug for TypedTrace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedTrace(…)")
    }
}

/// What is not right with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongTrace {
    /// Nothing is named, or more than a reference can be.
    What,
    /// It cannot be anybody's number.
    Number,
    /// No days, the wrong way round, or too many.
    Days,
    /// No cause was chosen.
    Cause,
    /// No words, or too many.
    Words,
    /// The recipient's identity is protected: that needs a look, and two.
    Protected,
}

impl From<WrongReason> for WrongTrace {
    fn from(wrong: WrongReason) -> Self {
        match wrong {
            WrongReason::Cause => Self::Cause,
            WrongReason::Words => Self::Words,
        }
    }
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// What was found is shown under this id.
    Trace(Uuid),
    /// Something is not right; what was typed waits under this id.
    Wrong(WrongTrace, Uuid),
}

/// What is kept of a question that was right.
#[derive(Serialize, Deserialize)]
struct Kept {
    typed: TypedTrace,
    /// When it was asked, in microseconds since 1970; none of one that was not right.
    asked_at: Option<i64>,
}

/// What a trace goes by.
enum By {
    /// `TransId`, call id or reference: who names it may be told who sent it.
    Name(String),
    /// The recipient between two moments.
    Recipient([u8; 32], OffsetDateTime, OffsetDateTime),
}

/// What became of a notice of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notified {
    /// By which way.
    pub channel: Channel,
    /// When it last changed, or is due.
    pub at: OffsetDateTime,
    /// What became of it; nothing of one that waits for its time.
    pub state: Option<NoticeState>,
    /// When it was in the phone.
    pub arrived: Option<OffsetDateTime>,
}

/// What is in the mailbox of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Since when.
    pub at: When,
    /// Each letter of it; nothing of somebody with protected identity.
    pub letters: Vec<ArrivalState>,
    /// What was told; nothing of somebody with protected identity.
    pub notices: Vec<Notified>,
}

/// A call, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// When it came.
    pub at: When,
    /// What became of it.
    pub outcome: CallOutcome,
    /// The code of its fault.
    pub code: Option<u16>,
    /// The id of the call, as the sender's log has it; only with a fault.
    pub call_id: Option<Uuid>,
    /// Who sent it, when it was named.
    pub sender: Option<OrganisationNumber>,
    /// What lies in the mailbox; nothing when it was not stored, or has been removed since.
    pub stored: Option<Stored>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Trace {
    /// Newest first.
    pub calls: Vec<Traced>,
    /// Names the next part.
    pub next: Option<String>,
    /// It was asked by name, not by recipient.
    pub by_name: bool,
}

/// What was typed before and not taken, for the form.
pub async fn form(house: &House, duty: &OnDuty, typed: Option<Uuid>) -> Result<Option<TypedTrace>, SupportError> {
    duty.leave_to(house, StaffAct::TraceDelivery).await?;
    let Some(id) = typed else { return Ok(None) };
    let mut tx = house.db.read().await?;
    let kept: Option<Kept> = draft::find(&mut tx, house, duty, id).await?;
    Ok(kept.map(|kept| kept.typed))
}

/// Takes a question. What was asked stands in no address: it is kept under an id, for half an hour.
pub async fn ask(house: &House, duty: &OnDuty, typed: TypedTrace) -> Result<Asked, SupportError> {
    let leave = duty.leave_to(house, StaffAct::TraceDelivery).await?;
    let now = house.clock.now();
    let reason = Reason::given(&typed.cause, &typed.words);
    let asked = read(house, &typed, now).and_then(|by| Ok((by, reason?)));
    let mut tx = house.db.begin().await?;
    let wrong = match asked {
        Err(wrong) => Some(wrong),
        Ok((By::Name(_), _)) => None,
        Ok((By::Recipient(index, ..), reason)) => {
            let account = store::account::by_holder(&mut tx, &index).await?;
            let protected = account.filter(|account| account.protected_at.is_some());
            if let Some(account) = &protected {
                let about = (Some("protected".to_owned()), Some(&reason));
                let kept = keep(&mut tx, house, duty, typed, None).await?;
                leave.write_about(&mut tx, house, Some(account.id), about).await?;
                tx.commit().await?;
                return Ok(Asked::Wrong(WrongTrace::Protected, kept));
            }
            None
        }
    };
    let asked_at = wrong.is_none().then_some(now);
    let kept = keep(&mut tx, house, duty, typed, asked_at).await?;
    tx.commit().await?;
    Ok(wrong.map_or(Asked::Trace(kept), |wrong| Asked::Wrong(wrong, kept)))
}

/// What was found, a part at a time; nothing when nobody asked, or too long ago. Each holder whom it is about sees that it was asked.
pub async fn see(house: &House, duty: &OnDuty, id: Uuid, from: Option<String>) -> Result<Option<Trace>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::TraceDelivery).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let kept: Option<Kept> = draft::find(&mut tx, house, duty, id).await?;
    let asked = kept.and_then(|kept| {
        let asked_at = crate::db::from_micros(kept.asked_at?);
        let reason = Reason::given(&kept.typed.cause, &kept.typed.words).ok()?;
        let by = read(house, &kept.typed, now).ok()?;
        (asked_at + LASTS > now).then_some((by, reason))
    });
    let Some((by, reason)) = asked else {
        return Ok(None);
    };
    let by_name = matches!(by, By::Name(_));
    let (rows, next) = found(&mut tx, house, id, &by, from).await?;
    let mut concerned: Vec<AccountRow> = Vec::new();
    let mut calls = Vec::with_capacity(rows.len());
    for row in rows {
        let account = whose(&mut tx, &row).await?;
        // One who became protected since is not traced by one alone.
        if by_name || account.as_ref().is_none_or(|account| account.protected_at.is_none()) {
            calls.push(traced(&mut tx, house, &row, account.as_ref(), by_name).await?);
        }
        if let Some(account) = account.filter(|one| !concerned.iter().any(|other| other.id == one.id)) {
            concerned.push(account);
        }
    }
    for account in &concerned {
        let keyhole = Keyhole::of(house, account)?;
        keyhole.log(&mut tx, house, Act::StaffTraced, &reason).await?;
    }
    let object = format!("{} {}", if by_name { "named" } else { "recipient" }, calls.len());
    let one = match concerned.as_slice() {
        [one] => Some(one.id),
        _ => None,
    };
    leave
        .write_about(&mut tx, house, one, (Some(object), Some(&reason)))
        .await?;
    tx.commit().await?;
    Ok(Some(Trace { calls, next, by_name }))
}

/// Reads what was typed.
fn read(house: &House, typed: &TypedTrace, now: OffsetDateTime) -> Result<By, WrongTrace> {
    let what = typed.what.trim();
    if !what.is_empty() {
        let fits = what.chars().count() <= LONGEST_REFERENCE;
        return if fits {
            Ok(By::Name(what.to_owned()))
        } else {
            Err(WrongTrace::What)
        };
    }
    if typed.number.trim().is_empty() {
        return Err(WrongTrace::What);
    }
    let number = read_number(&typed.number, day_in_sweden(now)).ok_or(WrongTrace::Number)?;
    let day = |text: &str| -> Option<Date> { parse_date(text.trim()) };
    let (first, last) = day(&typed.first).zip(day(&typed.last)).ok_or(WrongTrace::Days)?;
    let until = first_moment_after(last).ok_or(WrongTrace::Days)?;
    if first > last || last - first >= MOST_DAYS {
        return Err(WrongTrace::Days);
    }
    let index = holder_index(house, &number.to_string());
    Ok(By::Recipient(index, begin_in_sweden(first), until))
}

async fn keep(
    tx: &mut Tx,
    house: &House,
    duty: &OnDuty,
    typed: TypedTrace,
    asked_at: Option<OffsetDateTime>,
) -> Result<Uuid, SupportError> {
    let kept = Kept {
        typed,
        asked_at: asked_at.map(crate::db::micros),
    };
    draft::keep(tx, house, duty, &kept).await
}

/// The calls that fit, newest first, and what names the next part.
async fn found(
    tx: &mut Tx,
    house: &House,
    trace: Uuid,
    by: &By,
    from: Option<String>,
) -> Result<(Vec<CallRow>, Option<String>), SupportError> {
    let is_first = from
        .as_ref()
        .and_then(|from| named_id(house, trace, What::Call, from))
        .is_none();
    let before = before_of(house, trace, What::Call, from);
    let rows = match by {
        By::Recipient(index, since, until) => {
            let since = house.ids.first_at(*since);
            let before = before.min(house.ids.first_at(*until));
            store::call::by_recipient(tx, index, (since, before), one_more(PAGE)).await?
        }
        By::Name(name) => by_name(tx, house, name, (before, is_first)).await?,
    };
    let (rows, next) = cut(rows, PAGE, |row| row.id);
    let next = next.map(|next| handle(house, trace, What::Call, next.as_bytes()));
    Ok((rows, next.transpose()?))
}

/// By a name that may be any of three things. A delivery whose call is not kept (any more) is told from its own row.
async fn by_name(
    tx: &mut Tx,
    house: &House,
    name: &str,
    (before, is_first): (Uuid, bool),
) -> Result<Vec<CallRow>, SupportError> {
    let index = reference_index(&house.keys, name);
    let mut rows = store::call::by_reference(tx, index, before, one_more(PAGE)).await?;
    if let Ok(id) = Uuid::parse_str(name) {
        rows.extend(store::call::by_call_id(tx, id, before, one_more(PAGE)).await?);
        rows.extend(store::call::by_trans_id(tx, id, before, one_more(PAGE)).await?);
        let told = rows
            .iter()
            .any(|row| row.trans_id == Some(id) && row.outcome == CallOutcome::Delivered);
        if is_first
            && !told
            && let Some((_, received_at)) = store::account::delivery(tx, id).await?
        {
            rows.push(CallRow {
                id: house.ids.first_at(received_at),
                call_id: Uuid::nil(),
                trans_id: Some(id),
                outcome: CallOutcome::Delivered,
                code: None,
                recipient_index: None,
                content: Vec::new(),
            });
        }
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(PAGE + 1);
    Ok(rows)
}

/// Whose account a call is about, if there is one.
async fn whose(tx: &mut Tx, row: &CallRow) -> Result<Option<AccountRow>, SupportError> {
    if let Some(index) = &row.recipient_index {
        return Ok(store::account::by_holder(tx, index).await?);
    }
    let Some(delivery) = row.trans_id else { return Ok(None) };
    let Some((mailbox, _)) = store::account::delivery(tx, delivery).await? else {
        return Ok(None);
    };
    Ok(store::account::by_id(tx, mailbox).await?)
}

async fn traced(
    tx: &mut Tx,
    house: &House,
    row: &CallRow,
    account: Option<&AccountRow>,
    by_name: bool,
) -> Result<Traced, SupportError> {
    let protected = account.is_some_and(|account| account.protected_at.is_some());
    let sender = if by_name && !row.content.is_empty() {
        let parties = parties(&house.keys, row.id, &row.content)?;
        parties.sender.and_then(|sender| sender.parse().ok())
    } else {
        None
    };
    let at = house.ids.moment(row.id).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let is_stored = row.outcome == CallOutcome::Delivered;
    let stored = match (row.trans_id.filter(|_| is_stored), account) {
        (Some(delivery), Some(account)) => stored(tx, account, delivery).await?,
        _ => None,
    };
    Ok(Traced {
        at: When::of(at, protected),
        outcome: row.outcome,
        code: row.code.and_then(|code| u16::try_from(code).ok()),
        // By it the call can be asked for, and its sender be told: so it is told to who has named the call alone.
        call_id: row.code.filter(|_| by_name).map(|_| row.call_id),
        sender,
        stored,
    })
}

/// What lies in the mailbox of a delivery, and what was told of it.
async fn stored(tx: &mut Tx, account: &AccountRow, delivery: Uuid) -> Result<Option<Stored>, SupportError> {
    let there = store::account::delivery(tx, delivery).await?;
    let Some((_, at)) = there.filter(|(mailbox, _)| *mailbox == account.id) else {
        return Ok(None);
    };
    let protected = account.protected_at.is_some();
    let (mut letters, mut notices) = (Vec::new(), Vec::new());
    if !protected {
        for letter in store::account::of_delivery(tx, account.id, delivery).await? {
            letters.push(arrival_state(letter.read, letter.binned));
            notices.extend(told_of(tx, account.id, letter.id).await?);
        }
    }
    Ok(Some(Stored {
        at: When::of(at, protected),
        letters,
        notices,
    }))
}

/// What was told of a letter, and what waits to be.
async fn told_of(tx: &mut Tx, mailbox: Uuid, letter: Uuid) -> Result<Vec<Notified>, SupportError> {
    let mut told = Vec::new();
    for notice in store::account::notices_of(tx, mailbox, letter).await? {
        if let Some(row) = store::notice::by_id(tx, mailbox, notice).await? {
            told.push(Notified {
                channel: row.channel,
                at: row.at,
                state: Some(row.state),
                arrived: row.arrived_at,
            });
        }
    }
    for (channel, at) in store::account::told_later(tx, mailbox, letter).await? {
        told.push(Notified {
            channel,
            at,
            state: None,
            arrived: None,
        });
    }
    Ok(told)
}
