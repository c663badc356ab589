//! The person's rules of notices: read, saved, taken back.

use super::MailboxError;
use super::access::{Entered, Person, enter, enter_in_turn};
use super::draft::{self, Form};
use super::inbox::listed;
use crate::db::Tx;
use crate::domain::channel::Channel;
use crate::domain::notice_rules::{Letters, MOST_OWN, OwnRule, Rules, Way, When};
use crate::domain::right::Right;
use crate::domain::sorting::{ARCHIVE, List};
use crate::house::House;
use crate::outbox::addresses::{self, Known};
use crate::outbox::decide::again;
use crate::outbox::rules;
use crate::outbox::words::Language;
use crate::outbox::{Shown, preview};
use crate::store;
use crate::store::letter::page;
use app::ports::RulesForm;
use std::collections::BTreeMap;
use uuid::Uuid;

/// So many of the newest letters of the inbox, and of the archive, are looked through for senders to make a rule for.
const LOOKED_THROUGH: i64 = 300;

/// The rules of a mailbox, and what a form shows beside them.
#[derive(Clone, Debug)]
pub struct Current {
    /// As they are saved.
    pub rules: Rules,
    /// What was typed a moment ago and is not saved.
    pub typed: Option<RulesForm>,
    /// The last saving can be taken back.
    pub undoable: bool,
    /// The language of notices.
    pub language: Language,
    /// The company's name, when it is one's mailbox: notices begin with it.
    pub company: Option<String>,
    /// The person's addresses, as far as it matters to where notices go.
    pub ways: Vec<Way>,
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// The rules hold from now on, for what waits too.
    Done,
    /// No such rule, or no mailbox.
    NotFound,
    /// There is a rule for those letters already.
    Already,
    /// There are [`MOST_OWN`] already.
    Full,
}

/// The rules of the person's own mailbox; nothing without a mailbox.
pub async fn current(house: &House, person: &Person) -> Result<Option<Current>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(None);
    };
    Ok(Some(Current {
        rules: rules::read(&mut tx, &whose.key, whose.id).await?,
        typed: draft::kept(&mut tx, &whose, Form::NoticeRules, now).await?,
        undoable: draft::kept::<Rules>(&mut tx, &whose, Form::NoticeRulesBefore, now)
            .await?
            .is_some(),
        language: Language::of(&whose.language),
        company: whose.company()?,
        ways: addresses::known(&mut tx, &whose.key, whose.id)
            .await?
            .iter()
            .map(Known::way)
            .collect(),
    }))
}

/// What notices look like by some rules, in the mailbox of a company when it has that name.
pub fn shown(language: Language, host: &str, rules: &Rules, company: Option<&str>) -> Result<Vec<Shown>, MailboxError> {
    Ok(preview(language, host, rules, company)?)
}

/// Keeps what was typed, to be shown once more.
pub async fn keep_typed(house: &House, person: &Person, typed: &RulesForm) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    if let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditSettings).await? {
        draft::keep(&mut tx, house, &whose, Form::NoticeRules, typed, house.clock.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Changes the rules. What waits is decided anew by them, in the same transaction; what was there before is kept, to be taken back.
pub async fn change(
    house: &House,
    person: &Person,
    change: impl FnOnce(&mut Rules) -> Changed + Send,
) -> Result<Changed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Changed::NotFound);
    };
    let before = rules::read(&mut tx, &whose.key, whose.id).await?;
    let mut changed = before.clone();
    let answer = change(&mut changed);
    if answer == Changed::Done {
        draft::forget(&mut tx, &whose, Form::NoticeRules).await?;
        if changed != before {
            draft::keep(&mut tx, house, &whose, Form::NoticeRulesBefore, &before, now).await?;
            rules::write(&mut tx, house, &whose.key, whose.id, &changed, now).await?;
            again(&mut tx, house, (whose.id, &whose.key), &changed).await?;
        }
        tx.commit().await?;
        house.bell.notify_one();
    }
    Ok(answer)
}

/// Tells by a channel at once from now on, if the usual rule said that it does not tell at all: in the caller's transaction, once the address
/// that it leads to is written.
pub(super) async fn tell_at_once_by(
    tx: &mut Tx,
    house: &House,
    whose: &Entered,
    channel: Channel,
) -> Result<(), MailboxError> {
    let mut rules = rules::read(tx, &whose.key, whose.id).await?;
    if rules.usual.by(channel) != When::Never {
        return Ok(());
    }
    rules.usual = rules.usual.with(channel, When::AtOnce);
    rules::write(tx, house, &whose.key, whose.id, &rules, house.clock.now()).await?;
    again(tx, house, (whose.id, &whose.key), &rules).await?;
    // What is still in a form, or could be taken back, would undo it without a word.
    draft::forget(tx, whose, Form::NoticeRules).await?;
    draft::forget(tx, whose, Form::NoticeRulesBefore).await
}

/// Takes the last change back.
pub async fn undo(house: &House, person: &Person) -> Result<Changed, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter_in_turn(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Changed::NotFound);
    };
    let Some(before) = draft::kept::<Rules>(&mut tx, &whose, Form::NoticeRulesBefore, now).await? else {
        return Ok(Changed::NotFound);
    };
    rules::write(&mut tx, house, &whose.key, whose.id, &before, now).await?;
    again(&mut tx, house, (whose.id, &whose.key), &before).await?;
    draft::forget(&mut tx, &whose, Form::NoticeRulesBefore).await?;
    draft::forget(&mut tx, &whose, Form::NoticeRules).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Changed::Done)
}

/// Adds a rule of one's own, or puts it in the place of the one with its id.
pub fn put_own(rules: &mut Rules, rule: OwnRule, is_new: bool) -> Changed {
    let same = |letters: &Letters| match (letters, &rule.letters) {
        (Letters::From { number, .. }, Letters::From { number: other, .. }) => number == other,
        (one, other) => one == other,
    };
    if rules.own.iter().any(|own| own.id != rule.id && same(&own.letters)) {
        return Changed::Already;
    }
    if is_new {
        if rules.own.len() >= MOST_OWN {
            return Changed::Full;
        }
        rules.own.push(rule);
        return Changed::Done;
    }
    match rules.own.iter_mut().find(|own| own.id == rule.id) {
        Some(own) => {
            *own = rule;
            Changed::Done
        }
        None => Changed::NotFound,
    }
}

/// Takes a rule of one's own away.
pub fn remove_own(rules: &mut Rules, id: Uuid) -> Changed {
    let before = rules.own.len();
    rules.own.retain(|own| own.id != id);
    if rules.own.len() < before {
        Changed::Done
    } else {
        Changed::NotFound
    }
}

/// The senders of the newest letters and of the rules there are, by number with their names.
pub async fn senders(house: &House, person: &Person) -> Result<BTreeMap<String, String>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(BTreeMap::new());
    };
    let mut found = BTreeMap::new();
    for list in [List::Inbox, List::Placed(ARCHIVE)] {
        for row in page(&mut tx, whose.id, list, Uuid::max(), LOOKED_THROUGH).await? {
            let header = listed(&whose.key, &row)?.header;
            if let Some(number) = header.sender_number {
                found.entry(number).or_insert(header.sender);
            }
        }
    }
    for own in rules::read(&mut tx, &whose.key, whose.id).await?.own {
        if let Letters::From { number, name } = own.letters {
            found.entry(number).or_insert(name);
        }
    }
    Ok(found)
}

/// Whether anything is waiting for its time: for the person's list.
pub async fn waiting(house: &House, person: &Person) -> Result<Vec<store::notice_rules::WaitingRound>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Vec::new());
    };
    Ok(store::notice_rules::waiting_rounds(&mut tx, whose.id).await?)
}
