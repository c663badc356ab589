//! Rules for letters that come in: tried on the letters that are there, made, ordered, switched off, removed.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, listed};
use super::rule_trial::{self, caught};
use super::sort::begin;
use crate::db::Tx;
use crate::domain::alphabet::sort_key;
use crate::domain::right::Right;
use crate::domain::rule::{Asks, RULES, Rule, Sender, Then, WORDS_LENGTH, Within};
use crate::domain::sorting::What;
use crate::house::House;
use crate::record;
use crate::seal::Place as SealedAt;
use crate::sorting::{Asked, Chosen, opened, there};
use crate::store;
use crate::store::rule::RuleRow;
use uuid::Uuid;

/// How many of the letters that a rule would have caught are shown.
const SHOWN: usize = 10;

/// A rule, told for people.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// The rule.
    pub rule: Rule,
    /// Asked for each letter that comes in.
    pub active: bool,
    /// All that it names is there; otherwise it is passed over.
    pub whole: bool,
}

/// A sender that letters have come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSender {
    /// Organisation number.
    pub number: String,
    /// Name, as in the newest letter.
    pub name: String,
}

/// A rule that is to be made, or only tried.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From which sender, by organisation number.
    pub sender: Option<String>,
    /// With which words.
    pub words: Option<String>,
    /// Where the words stand.
    pub within: Within,
    /// With which category.
    pub category: Option<Uuid>,
    /// What to do.
    pub then: Then,
}

/// What came of making or changing a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// Done.
    Done(Uuid),
    /// It asks nothing: it would catch every letter.
    AsksNothing,
    /// There are as many rules as there may be.
    TooMany,
    /// The rule, or something that it names, is not there (any more).
    NotFound,
}

/// What a rule would have caught.
#[derive(Debug)]
pub struct Tried {
    /// How many letters.
    pub caught: usize,
    /// The newest of them.
    pub some: Vec<Listed>,
    /// Some letters could not be looked at: the index of search does not know them yet.
    pub waiting: bool,
}

/// What came of trying a rule that is not made.
#[derive(Debug)]
pub enum Attempted {
    /// This is what it would have caught.
    Tried(Box<(Rule, Tried)>),
    /// It asks nothing: it would catch every letter.
    AsksNothing,
    /// Something that it names is not there (any more).
    NotFound,
}

/// What came of doing to the letters that are there what a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// Done or begun; the act can be taken back by its id.
    Begun(Uuid),
    /// The rule, or something that it names, is not there (any more).
    NotFound,
}

/// The rules of the person's own mailbox, in their order; none without one.
pub async fn rules(house: &House, person: &Person) -> Result<Vec<Told>, MailboxError> {
    let mut tx = house.db.read().await?;
    match enter(&mut tx, house, person, Right::EditSettings).await? {
        Some(entered) => all(&mut tx, &entered).await,
        None => Ok(Vec::new()),
    }
}

/// Everybody that letters have come from, by the alphabet.
pub async fn senders(house: &House, person: &Person) -> Result<Vec<KnownSender>, MailboxError> {
    let mut tx = house.db.read().await?;
    match enter(&mut tx, house, person, Right::EditSettings).await? {
        Some(entered) => known_senders(&mut tx, &entered).await,
        None => Ok(Vec::new()),
    }
}

/// What a rule that is not made would have caught. Writes nothing.
pub async fn attempt_wanted(house: &House, person: &Person, wanted: Wanted) -> Result<Attempted, MailboxError> {
    let _place = rule_trial::place().await;
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Attempted::NotFound);
    };
    match read(&mut tx, &entered, wanted).await? {
        Ok(rule) => {
            let tried = attempted(&mut tx, &entered, &rule.asks).await?;
            Ok(Attempted::Tried(Box::new((rule, tried))))
        }
        Err(NotARule::AsksNothing) => Ok(Attempted::AsksNothing),
        Err(NotARule::NotFound) => Ok(Attempted::NotFound),
    }
}

/// Makes a rule and switches it on.
pub async fn make(house: &House, person: &Person, wanted: Wanted) -> Result<Changed, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Changed::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let rows = store::rule::all(&mut tx, entered.id).await?;
    if rows.len() >= RULES {
        return Ok(Changed::TooMany);
    }
    let rule = match read(&mut tx, &entered, wanted).await? {
        Ok(rule) => rule,
        Err(NotARule::AsksNothing) => return Ok(Changed::AsksNothing),
        Err(NotARule::NotFound) => return Ok(Changed::NotFound),
    };
    let id = house.ids.at(house.clock.now());
    let row = RuleRow {
        id,
        place: rows.iter().map(|row| row.place).max().unwrap_or(0) + 1,
        active: true,
        content: entered
            .key
            .seal_record(house.ids, &SealedAt::of("rule", &id, "content"), &rule)?,
    };
    store::rule::put(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// Why a rule cannot be made.
enum NotARule {
    AsksNothing,
    NotFound,
}

/// The rule that is wanted, if all that it names is there.
async fn read(tx: &mut Tx, entered: &Entered, wanted: Wanted) -> Result<Result<Rule, NotARule>, MailboxError> {
    let sender = match wanted.sender {
        None => None,
        Some(number) => {
            let known = known_senders(tx, entered).await?;
            let Some(sender) = known.into_iter().find(|sender| sender.number == number) else {
                return Ok(Err(NotARule::NotFound));
            };
            Some(Sender {
                number: sender.number,
                name: sender.name,
            })
        }
    };
    let words = wanted.words.and_then(|words| {
        let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words: String = words.chars().take(WORDS_LENGTH).collect();
        words.chars().any(char::is_alphanumeric).then_some(words)
    });
    let rule = Rule {
        asks: Asks {
            sender,
            words,
            within: wanted.within,
            category: wanted.category,
        },
        then: wanted.then,
    };
    if !rule.asks.is_something() {
        return Ok(Err(NotARule::AsksNothing));
    }
    if !rule.is_whole(&there(tx, entered.id).await?) {
        return Ok(Err(NotARule::NotFound));
    }
    Ok(Ok(rule))
}

/// Switches a rule on or off.
pub async fn switch(house: &House, person: &Person, id: Uuid, active: bool) -> Result<Changed, MailboxError> {
    change(house, person, id, |rows, at| {
        if let Some(row) = rows.get_mut(at) {
            row.active = active;
        }
    })
    .await
}

/// Puts a rule one step earlier: it is asked before the one that was before it.
pub async fn earlier(house: &House, person: &Person, id: Uuid) -> Result<Changed, MailboxError> {
    change(house, person, id, |rows, at| {
        if at > 0 {
            rows.swap(at, at - 1);
        }
        for (place, row) in (1..).zip(rows) {
            row.place = place;
        }
    })
    .await
}

/// Removes a rule. What it has done stays done.
pub async fn remove(house: &House, person: &Person, id: Uuid) -> Result<Changed, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Changed::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let rows = store::rule::all(&mut tx, entered.id).await?;
    if rows.iter().all(|row| row.id != id) {
        return Ok(Changed::NotFound);
    }
    store::rule::remove(&mut tx, entered.id, id).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
}

/// What a rule would have caught; nothing when there is no such rule.
pub async fn attempt(house: &House, person: &Person, id: Uuid) -> Result<Option<(Told, Tried)>, MailboxError> {
    let _place = rule_trial::place().await;
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(None);
    };
    let Some(told) = all(&mut tx, &entered).await?.into_iter().find(|told| told.id == id) else {
        return Ok(None);
    };
    let tried = attempted(&mut tx, &entered, &told.rule.asks).await?;
    Ok(Some((told, tried)))
}

async fn attempted(tx: &mut Tx, entered: &Entered, asks: &Asks) -> Result<Tried, MailboxError> {
    let caught = caught(tx, entered, asks).await?;
    let newest = caught.newest(tx, entered.id, SHOWN).await?;
    Ok(Tried {
        caught: caught.count(),
        some: newest
            .iter()
            .map(|row| listed(&entered.key, row))
            .collect::<Result<_, _>>()?,
        waiting: caught.waiting,
    })
}

/// Does to the letters that are there what a rule does to those that come.
pub async fn apply(house: &House, person: &Person, id: Uuid) -> Result<Applied, MailboxError> {
    let now = house.clock.now();
    let _place = rule_trial::place().await;
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Applied::NotFound);
    };
    let Some(told) = all(&mut tx, &entered)
        .await?
        .into_iter()
        .find(|told| told.id == id && told.whole)
    else {
        return Ok(Applied::NotFound);
    };
    // Found outside the writing transaction: letters that come in do not wait.
    let caught = caught(&mut tx, &entered, &told.rule.asks).await?;
    let letters = caught.ids(&mut tx, entered.id).await?;
    drop(tx);
    let mut tx = house.db.begin().await?;
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let asked = Asked {
        what: match told.rule.then {
            Then::Put(place) => What::Move(place),
            Then::Category(category) => What::Give(category),
        },
        chosen: Chosen::These(letters),
        removes: None,
    };
    let act = begin(&mut tx, house, &entered, asked, now).await?;
    tx.commit().await?;
    Ok(Applied::Begun(act))
}

/// Changes the rows of the rules, with the mailbox's turn.
async fn change(
    house: &House,
    person: &Person,
    id: Uuid,
    how: impl FnOnce(&mut Vec<RuleRow>, usize),
) -> Result<Changed, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? else {
        return Ok(Changed::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let mut rows = store::rule::all(&mut tx, entered.id).await?;
    let Some(at) = rows.iter().position(|row| row.id == id) else {
        return Ok(Changed::NotFound);
    };
    how(&mut rows, at);
    for row in &rows {
        store::rule::put(&mut tx, entered.id, row).await?;
    }
    tx.commit().await?;
    Ok(Changed::Done(id))
}

async fn all(tx: &mut Tx, entered: &Entered) -> Result<Vec<Told>, MailboxError> {
    let there = there(tx, entered.id).await?;
    let mut told = Vec::new();
    for row in store::rule::all(tx, entered.id).await? {
        let rule = opened(&entered.key, &row)?;
        told.push(Told {
            id: row.id,
            whole: rule.is_whole(&there),
            active: row.active,
            rule,
        });
    }
    Ok(told)
}

pub(super) async fn known_senders(tx: &mut Tx, entered: &Entered) -> Result<Vec<KnownSender>, MailboxError> {
    let mut senders = Vec::new();
    for row in store::letter::all_senders(tx, entered.id).await? {
        let header = record::header(&entered.key, row.letter, &row.header)?;
        if let Some(number) = header.sender_number {
            senders.push(KnownSender {
                number,
                name: header.sender,
            });
        }
    }
    senders.sort_by_cached_key(|sender| sort_key(&sender.name));
    Ok(senders)
}
