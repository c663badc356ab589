//! Rules that pass on what comes in, until a day. Only what senders send: a letter that somebody has passed on goes no further by itself,
//! so that two who pass on to each other do not do so for ever.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::domain::forward::Rule;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox::{self, Job};
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::access_log::AccessRow;
use crate::store::forward::{ForwardRow, RuleRow, State};
use crate::store::letter::LetterRow;
use contracts::identifier::OrganisationNumber;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// Rules in a mailbox, at most: each is opened for each letter that comes in.
pub const MOST_RULES: usize = 20;

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

/// The rules of the person's own mailbox, those that have ended too, the oldest first.
pub async fn rules(house: &House, person: &Person) -> Result<Vec<RuleTold>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
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
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
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
                    way: rule.way(),
                    ask_id: rule.ask,
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
                    capacity: rule
                        .made_as
                        .as_deref()
                        .and_then(|name| name.parse().ok())
                        .unwrap_or(Capacity::Holder),
                    letter_id: Some(letter.id),
                },
            });
        }
    }
    Ok(found)
}

/// Writes what the rules made, in the transaction that takes the letters in. Whether each may go, and whether who is to get it has said
/// yes, is decided when it goes.
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
pub(super) async fn make_rule(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    (to, ask): (String, Option<Uuid>),
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
        ask,
        made_by: entered.actor().to_owned(),
        made_as: Some(entered.capacity().as_str().to_owned()),
        sender: one_sender.then(|| sender.to_owned()),
        sender_name: one_sender.then(|| sender_name.to_owned()),
    };
    let id = house.ids.at(now);
    let row = RuleRow {
        id,
        content: entered
            .key
            .seal_record(house.ids, &Place::of("forward_rule", &id, "content"), &rule)?,
        created_at: now,
        ends_at: now + Duration::days(i64::from(days)),
    };
    store::forward::insert_rule(tx, entered.id, &row).await?;
    entered.log(tx, house.ids, now, Act::ChangedForwarding, None).await?;
    Ok(true)
}

fn opened(key: &MailboxKey, row: &RuleRow) -> Result<Rule, MailboxError> {
    Ok(key.open_record(&Place::of("forward_rule", &row.id, "content"), &row.content)?)
}
