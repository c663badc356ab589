//! Passing a letter on by e-mail: asked first, confirmed, and then a job of the outbox. What was typed is kept, sealed, until it is
//! confirmed or something else is typed.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::listed;
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::domain::email::EmailAddress;
use crate::domain::forward::{Forbidden, Limits, Rule, weight};
use crate::domain::letter::Header;
use crate::house::House;
use crate::outbox::{self, Job};
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::access_log::AccessRow;
use crate::store::forward::{ForwardRow, RuleRow, State};
use crate::{original, store::letter::LetterRow};
use contracts::identifier::OrganisationNumber;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How many rows the log shows at once.
pub const PAGE: usize = 50;
/// Rules in a mailbox, at most: each is opened for each letter that comes in.
pub const MOST_RULES: usize = 20;
/// Mails that one mailbox may send in [`PERIOD`]: nobody reads so much aloud to others, and a mailbox is no sender of mail.
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
    /// Whether it may be passed on.
    pub allowed: Result<(), Forbidden>,
    /// What was typed last, and whether it is an address.
    pub typed: Option<(String, bool)>,
}

/// What came of typing an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// It is kept under this id: to be confirmed, or to be corrected.
    Kept(Uuid),
    /// The letter may not be passed on.
    Forbidden,
    /// No such letter in the person's own mailbox.
    NotFound,
}

/// What else is to go to the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Also {
    /// Nothing.
    Nothing,
    /// What comes from the same sender, for so many days.
    FromSender(Days),
    /// Everything that comes, for so many days.
    Everything(Days),
}

/// How long a rule lasts: at most a year, after which the person is to think again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(u16);

impl Days {
    /// So many days, from 1 to 366.
    pub fn new(days: u16) -> Option<Self> {
        (1..=366).contains(&days).then_some(Self(days))
    }
}

/// A rule as the person sees it.
#[derive(Debug)]
pub struct RuleTold {
    /// Its id.
    pub id: Uuid,
    /// What it does.
    pub rule: Rule,
    /// When it ends.
    pub ends_at: OffsetDateTime,
    /// It has ended.
    pub over: bool,
}

/// What came of confirming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Waiting,
    /// Confirmed before; it goes once.
    Already,
    /// The letter may not be passed on.
    Forbidden,
    /// So many today that no more go.
    TooMany,
    /// There are so many rules that no more are made; nothing was sent.
    TooManyRules,
    /// No such letter, or nothing typed.
    NotFound,
}

/// A row of the log.
#[derive(Debug)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// When it last changed.
    pub at: OffsetDateTime,
    /// To where.
    pub to: String,
    /// What became of it.
    pub state: State,
    /// How many tries.
    pub attempts: u32,
    /// By a rule.
    pub by_rule: bool,
    /// Which letter, with its subject, if it is still there.
    pub letter: Option<(Uuid, String)>,
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
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(None);
    };
    let Some(row) = store::letter::by_id(&mut tx, entered.id, letter).await? else {
        return Ok(None);
    };
    let typed = match draft {
        Some(draft) => {
            let row = store::forward::by_id(&mut tx, entered.id, draft).await?;
            let row = row.filter(|row| row.letter_id == letter && row.state == State::Draft);
            row.map(|row| recipient(&entered, &row)).transpose()?
        }
        None => None,
    };
    let (header, _, bytes, allowed) = judged(&mut tx, &entered, limits, &row).await?;
    Ok(Some(Question {
        header,
        attachments: u32::try_from(row.attachments).unwrap_or(0),
        bytes,
        allowed,
        typed: typed.map(|typed| {
            let right = typed.parse::<EmailAddress>().is_ok();
            (typed, right)
        }),
    }))
}

/// Keeps what was typed, to be confirmed or corrected. Sends nothing.
pub async fn ask(
    house: &House,
    person: &Person,
    limits: &Limits,
    letter: Uuid,
    typed: &str,
) -> Result<Asked, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Asked::NotFound);
    };
    let Some(row) = store::letter::by_id(&mut tx, entered.id, letter).await? else {
        return Ok(Asked::NotFound);
    };
    if judged(&mut tx, &entered, limits, &row).await?.3.is_err() {
        return Ok(Asked::Forbidden);
    }
    let typed: String = typed.trim().chars().take(320).collect();
    let typed = typed
        .parse::<EmailAddress>()
        .map_or(typed, |address| address.to_string());
    store::forward::forget_drafts(&mut tx, entered.id).await?;
    let id = house.ids.at(now);
    let sealed = entered
        .key
        .seal(house.ids, &Place::of("forward", &id, "recipient"), typed.as_bytes())?;
    let row = ForwardRow {
        id,
        letter_id: letter,
        recipient: sealed,
        rule_id: None,
        state: State::Draft,
        attempts: 0,
        at: now,
    };
    store::forward::insert(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Asked::Kept(id))
}

/// Confirms what was typed: the mail goes to the outbox, and the access log says so, in one transaction.
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
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Sent::NotFound);
    };
    let Some(row) = store::letter::by_id(&mut tx, entered.id, letter).await? else {
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
    let to = recipient(&entered, &forward)?;
    if to.parse::<EmailAddress>().is_err() {
        return Ok(Sent::NotFound);
    }
    let (header, sender, _, allowed) = judged(&mut tx, &entered, limits, &row).await?;
    if allowed.is_err() {
        return Ok(Sent::Forbidden);
    }
    if is_too_many(&mut tx, house, entered.id, now).await? {
        return Ok(Sent::TooMany);
    }
    if !make_rule(&mut tx, house, &entered, to, (&sender, &header.sender), also).await? {
        return Ok(Sent::TooManyRules);
    }
    store::forward::change(&mut tx, entered.id, draft, State::Draft, State::Waiting, 0, now).await?;
    let job = Job::Forward {
        mailbox_id: entered.id,
        forward_id: draft,
    };
    outbox::enqueue(&mut tx, house, &job, now).await?;
    entered
        .log(&mut tx, house.ids, now, Act::Forwarded, Some(letter))
        .await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Sent::Waiting)
}

/// What was passed on from the person's own mailbox, newest first, older than `before`; and where the next page begins.
pub async fn log(
    house: &House,
    person: &Person,
    before: Option<Uuid>,
) -> Result<(Vec<Told>, Option<Uuid>), MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok((vec![], None));
    };
    let limit = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut rows = store::forward::page(&mut tx, entered.id, before.unwrap_or(Uuid::max()), limit).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let mut told = Vec::with_capacity(rows.len());
    for row in rows {
        let letter = store::letter::by_id(&mut tx, entered.id, row.letter_id).await?;
        told.push(Told {
            id: row.id,
            at: row.at,
            to: recipient(&entered, &row)?,
            state: row.state,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            by_rule: row.rule_id.is_some(),
            letter: letter
                .map(|letter| listed(&entered.key, &letter))
                .transpose()?
                .map(|letter| (letter.id, letter.header.subject)),
        });
    }
    let next = if more { told.last().map(|row| row.id) } else { None };
    Ok((told, next))
}

/// The rules of the person's own mailbox, those that have ended too, the oldest first.
pub async fn rules(house: &House, person: &Person) -> Result<Vec<RuleTold>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(vec![]);
    };
    let rows = store::forward::rules(&mut tx, entered.id).await?;
    rows.iter()
        .map(|row| {
            Ok(RuleTold {
                id: row.id,
                rule: opened(&entered.key, row)?,
                ends_at: row.ends_at,
                over: row.ends_at <= now,
            })
        })
        .collect()
}

/// Takes a rule of the person's own mailbox away; tells whether there was one. What it has passed on is passed on.
pub async fn remove_rule(house: &House, person: &Person, rule: Uuid) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(false);
    };
    if !store::forward::remove_rule(&mut tx, entered.id, rule).await? {
        return Ok(false);
    }
    entered
        .log(&mut tx, house.ids, now, Act::ChangedForwarding, None)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// The rules that hold at `now`, for a delivery that comes in.
pub(super) async fn rules_at(
    tx: &mut Tx,
    mailbox: Uuid,
    key: &MailboxKey,
    now: OffsetDateTime,
) -> Result<Vec<(Uuid, Rule)>, MailboxError> {
    let rows = store::forward::rules(tx, mailbox).await?;
    rows.iter()
        .filter(|row| row.ends_at > now)
        .map(|row| Ok((row.id, opened(key, row)?)))
        .collect()
}

/// A letter that a rule passes on when it comes in, sealed and ready to be written.
#[derive(Debug)]
pub(super) struct ByRule {
    row: ForwardRow,
    log: AccessRow,
}

/// What the rules make of letters that come in from `sender`.
pub(super) fn by_rules(
    house: &House,
    key: &MailboxKey,
    rules: &[(Uuid, Rule)],
    sender: &OrganisationNumber,
    letters: &[LetterRow],
) -> Result<Vec<ByRule>, MailboxError> {
    let sender = sender.to_string();
    let mut found = Vec::new();
    for (rule_id, rule) in rules.iter().filter(|(_, rule)| rule.is_about(&sender)) {
        for letter in letters {
            let at = letter.received_at;
            let (id, log_id) = (house.ids.at(at), house.ids.at(at));
            let to = Place::of("forward", &id, "recipient");
            let who = Place::of("access_log", &log_id, "actor");
            found.push(ByRule {
                row: ForwardRow {
                    id,
                    letter_id: letter.id,
                    recipient: key.seal(house.ids, &to, rule.to.as_bytes())?,
                    rule_id: Some(*rule_id),
                    state: State::Waiting,
                    attempts: 0,
                    at,
                },
                log: AccessRow {
                    id: log_id,
                    at,
                    actor: key.seal(house.ids, &who, rule.made_by.as_bytes())?,
                    act: Act::Forwarded,
                    capacity: Capacity::Holder,
                    letter_id: Some(letter.id),
                },
            });
        }
    }
    Ok(found)
}

/// Writes what the rules made, in the transaction that takes the letters in. Whether each may go is decided when it goes.
pub(super) async fn pass_on(tx: &mut Tx, house: &House, mailbox: Uuid, found: &[ByRule]) -> Result<(), MailboxError> {
    for ByRule { row, log } in found {
        store::forward::insert(tx, mailbox, row).await?;
        store::access_log::insert(tx, mailbox, log).await?;
        let job = Job::Forward {
            mailbox_id: mailbox,
            forward_id: row.id,
        };
        outbox::enqueue(tx, house, &job, row.at).await?;
    }
    Ok(())
}

/// Makes the rule that is asked for, if one is; `false` when there are too many.
async fn make_rule(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    to: String,
    (sender, sender_name): (&str, &str),
    also: Also,
) -> Result<bool, MailboxError> {
    let (one_sender, Days(days)) = match also {
        Also::Nothing => return Ok(true),
        Also::FromSender(days) => (true, days),
        Also::Everything(days) => (false, days),
    };
    let now = house.clock.now();
    let rules = store::forward::rules(tx, entered.id).await?;
    for over in rules.iter().filter(|rule| rule.ends_at <= now) {
        store::forward::remove_rule(tx, entered.id, over.id).await?;
    }
    if rules.iter().filter(|rule| rule.ends_at > now).count() >= MOST_RULES {
        return Ok(false);
    }
    let rule = Rule {
        to,
        made_by: entered.actor().to_owned(),
        sender: one_sender.then(|| sender.to_owned()),
        sender_name: one_sender.then(|| sender_name.to_owned()),
    };
    let content = serde_json::to_vec(&rule).map_err(|_| MailboxError::Record("forwarding rule"))?;
    let id = house.ids.at(now);
    let row = RuleRow {
        id,
        content: entered
            .key
            .seal(house.ids, &Place::of("forward_rule", &id, "content"), &content)?,
        created_at: now,
        ends_at: now + Duration::days(i64::from(days)),
    };
    store::forward::insert_rule(tx, entered.id, &row).await?;
    entered.log(tx, house.ids, now, Act::ChangedForwarding, None).await?;
    Ok(true)
}

fn opened(key: &MailboxKey, row: &RuleRow) -> Result<Rule, MailboxError> {
    let plain = key.open(&Place::of("forward_rule", &row.id, "content"), &row.content)?;
    serde_json::from_slice(&plain).map_err(|_| MailboxError::Record("forwarding rule"))
}

/// Marks a holder as protected, or no longer: from then on nothing goes by e-mail. `false` when there is no such mailbox.
pub async fn protect(house: &House, number: &str, protected: bool) -> Result<bool, MailboxError> {
    let mut tx = house.db.begin().await?;
    let index = super::access::holder_index(house, number);
    let Some(mailbox) = store::mailbox::by_holder(&mut tx, index).await? else {
        return Ok(false);
    };
    let since = protected.then(|| house.clock.now());
    store::forward::set_protected(&mut tx, mailbox.id, since).await?;
    tx.commit().await?;
    Ok(true)
}

async fn judged(
    tx: &mut Tx,
    entered: &Entered,
    limits: &Limits,
    row: &LetterRow,
) -> Result<(Header, String, u64, Result<(), Forbidden>), MailboxError> {
    let header = listed(&entered.key, row)?.header;
    let original = original::open(tx, entered.id, &entered.key, row.delivery_id).await?;
    let sender = original.delivery.sender.id.to_string();
    let bytes = weight(original.message(row.place)?);
    let protected = store::forward::is_protected(tx, entered.id).await?;
    let allowed = limits.judge(Some(&sender), protected, bytes);
    Ok((header, sender, bytes, allowed))
}

fn recipient(entered: &Entered, row: &ForwardRow) -> Result<String, MailboxError> {
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
