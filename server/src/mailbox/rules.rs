//! Rules for letters that come in: made, tried on the letters that are there, ordered, switched off, removed.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, header, listed};
use super::sort::begin;
use crate::db::Tx;
use crate::domain::alphabet::sort_key;
use crate::domain::rule::{Asks, Facts, RULES, Rule, Sender, Then, WORDS_LENGTH};
use crate::domain::sorting::What;
use crate::house::House;
use crate::seal::Place as SealedAt;
use crate::sorting::{Asked, Chosen, opened, there};
use crate::store;
use crate::store::rule::RuleRow;
use uuid::Uuid;

/// How many of the newest letters a rule is tried on.
pub const TRIED_ON: usize = 20_000;

/// How many of the letters that a rule would have caught are shown.
const SHOWN: usize = 10;

/// How many letters are read at a time.
const AT_A_TIME: i64 = 1_000;

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

/// A rule that is to be made.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// From which sender, by organisation number.
    pub sender: Option<String>,
    /// With which words in the subject.
    pub words: Option<String>,
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
    /// The rule.
    pub told: Told,
    /// How many letters.
    pub caught: usize,
    /// The newest of them.
    pub some: Vec<Listed>,
    /// There are more letters than it was tried on.
    pub more: bool,
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
    match enter(&mut tx, house, person).await? {
        Some(entered) => all(&mut tx, &entered).await,
        None => Ok(Vec::new()),
    }
}

/// Everybody that letters have come from, by the alphabet.
pub async fn senders(house: &House, person: &Person) -> Result<Vec<KnownSender>, MailboxError> {
    let mut tx = house.db.read().await?;
    match enter(&mut tx, house, person).await? {
        Some(entered) => known_senders(&mut tx, &entered).await,
        None => Ok(Vec::new()),
    }
}

/// Makes a rule, switched off: it is tried before it is switched on.
pub async fn make(house: &House, person: &Person, wanted: Wanted) -> Result<Changed, MailboxError> {
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(Changed::NotFound);
    };
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    let rows = store::rule::all(&mut tx, entered.id).await?;
    if rows.len() >= RULES {
        return Ok(Changed::TooMany);
    }
    let sender = match wanted.sender {
        None => None,
        Some(number) => {
            let known = known_senders(&mut tx, &entered).await?;
            let Some(sender) = known.into_iter().find(|sender| sender.number == number) else {
                return Ok(Changed::NotFound);
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
            category: wanted.category,
        },
        then: wanted.then,
    };
    if !rule.asks.is_something() {
        return Ok(Changed::AsksNothing);
    }
    if !rule.is_whole(&there(&mut tx, entered.id).await?) {
        return Ok(Changed::NotFound);
    }
    let id = house.ids.at(house.clock.now());
    let content = serde_json::to_vec(&rule).map_err(|_| MailboxError::Record("rule"))?;
    let row = RuleRow {
        id,
        place: rows.iter().map(|row| row.place).max().unwrap_or(0) + 1,
        active: false,
        content: entered
            .key
            .seal(house.ids, &SealedAt::of("rule", &id, "content"), &content)?,
    };
    store::rule::put(&mut tx, entered.id, &row).await?;
    tx.commit().await?;
    Ok(Changed::Done(id))
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
    let Some(entered) = enter(&mut tx, house, person).await? else {
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

/// What a rule would have caught of the newest letters; nothing when there is no such rule.
pub async fn attempt(house: &House, person: &Person, id: Uuid) -> Result<Option<Tried>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
        return Ok(None);
    };
    let Some(told) = all(&mut tx, &entered).await?.into_iter().find(|told| told.id == id) else {
        return Ok(None);
    };
    let (caught, more) = caught(&mut tx, &entered, &told.rule).await?;
    let mut some = Vec::new();
    for letter in caught.iter().take(SHOWN) {
        if let Some(row) = store::letter::by_id(&mut tx, entered.id, *letter).await? {
            some.push(listed(&entered.key, &row)?);
        }
    }
    Ok(Some(Tried {
        told,
        caught: caught.len(),
        some,
        more,
    }))
}

/// Does to the letters that are there what a rule does to those that come.
pub async fn apply(house: &House, person: &Person, id: Uuid) -> Result<Applied, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person).await? else {
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
    let (letters, _) = caught(&mut tx, &entered, &told.rule).await?;
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
    let Some(entered) = enter(&mut tx, house, person).await? else {
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

async fn known_senders(tx: &mut Tx, entered: &Entered) -> Result<Vec<KnownSender>, MailboxError> {
    let mut senders = Vec::new();
    for row in store::letter::all_senders(tx, entered.id).await? {
        let header = header(&entered.key, row.letter, &row.header)?;
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

/// The letters that a rule catches, newest first, of the newest [`TRIED_ON`] outside the bin; and whether there are older ones.
async fn caught(tx: &mut Tx, entered: &Entered, rule: &Rule) -> Result<(Vec<Uuid>, bool), MailboxError> {
    let mut caught = Vec::new();
    let mut before = Uuid::max();
    let mut looked_at = 0;
    loop {
        let rows = store::letter::page_outside_bin(tx, entered.id, before, AT_A_TIME).await?;
        for row in &rows {
            let header = header(&entered.key, row.id, &row.header)?;
            let facts = Facts {
                sender: header.sender_number.as_deref(),
                subject: &header.subject,
            };
            let categories = match rule.asks.category {
                Some(_) => store::category::of_letter(tx, entered.id, row.id).await?,
                None => Vec::new(),
            };
            if rule.asks.catches(facts, &categories) {
                caught.push(row.id);
            }
        }
        looked_at += rows.len();
        match rows.last() {
            Some(last) if i64::try_from(rows.len()).is_ok_and(|n| n == AT_A_TIME) => before = last.id,
            _ => return Ok((caught, false)),
        }
        if looked_at >= TRIED_ON {
            return Ok((caught, true));
        }
    }
}
