//! Reception rules: the person sees what FaR says, ticks what is to change, reads the text, and signs it.
//!
//! FaR keeps the rules and is asked each time; nothing here decides about a delivery. Ticks are kept sealed until they are signed,
//! so that a person can go through the senders page by page. Before anything is stored, FaR's rules are compared with what the pages
//! showed; after it, they are read back: «saved» is said only when FaR says so.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::reception::{Change, Conflict, Draft, Listed, Rules};
use crate::domain::right::Right;
use crate::house::House;
use crate::register::{Agreement, Evidence, Reason, Register, RegisterError, Registered, Senders};
use crate::seal::Place;
use crate::store;
use contracts::identifier::{OrganisationNumber, RecipientId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap};

/// What is needed to speak with FaR about one person's rules.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The house.
    pub house: &'a House,
    /// FaR.
    pub far: &'a dyn Register,
    /// Who may send.
    pub senders: &'a Senders,
    /// Whose rules.
    pub person: &'a Person,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// The rules, with the ticks in them.
#[derive(Debug)]
pub enum Reception {
    /// Every sender.
    Rules {
        /// In no order.
        senders: Vec<Listed>,
        /// How many ticks are not signed.
        changes: usize,
    },
    /// FaR does not answer; nothing has changed.
    TryAgain,
    /// The person has no open mailbox here.
    NotHere,
}

/// A tick on a page.
#[derive(Clone, Copy, Debug)]
pub struct Tick {
    /// Which sender.
    pub sender: OrganisationNumber,
    /// What the page said that FaR says.
    pub was: bool,
    /// What the person wants.
    pub wanted: bool,
}

/// What is about to be signed.
#[derive(Debug, PartialEq, Eq)]
pub enum Review {
    /// Nothing is changed.
    Nothing,
    /// These changes.
    Changes(Vec<Change>),
    /// FaR's rules have changed since the pages were made.
    Conflicts(Vec<Conflict>),
    /// FaR does not answer; nothing has changed.
    TryAgain,
    /// The person has no open mailbox here.
    NotHere,
}

/// What came of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// FaR has the new rules.
    Stored,
    /// More people must sign (companies). Its rules are as before.
    MoreMustSign,
    /// Who must sign cannot be told by a machine (companies). Its rules are as before.
    RuleNotSupported,
    /// The text that was read is not what would be signed now: read it again.
    ReadAgain,
    /// FaR does not answer, or refused; its rules are as before.
    NotStored,
    /// FaR does not answer, and whether it took the rules cannot be known yet.
    Unknown,
    /// The person has no open mailbox here.
    NotHere,
}

/// Why FaR's rules are not known.
enum NoRules {
    TryAgain,
    NotHere,
}

/// What the person sees first: FaR's rules, with the ticks that are not signed yet.
pub async fn open_reception(desk: Desk<'_>) -> Result<Reception, MailboxError> {
    let mut tx = desk.house.db.read().await?;
    let Some(whose) = enter_open(&mut tx, desk).await? else {
        return Ok(Reception::NotHere);
    };
    let kept = store::reception::read(&mut tx, whose.id).await?;
    let written: HashMap<_, _> = store::reception::who_has_written(&mut tx, whose.id)
        .await?
        .into_iter()
        .collect();
    drop(tx);
    let rules = match rules(desk, whose.recipient()?).await {
        Ok(rules) => rules,
        Err(NoRules::TryAgain) => return Ok(Reception::TryAgain),
        Err(NoRules::NotHere) => return Ok(Reception::NotHere),
    };
    let draft = draft(&whose, kept.draft.as_deref())?;
    let seen: Option<BTreeSet<OrganisationNumber>> = open(&whose, "seen", kept.seen.as_deref())?;
    if seen.is_none() {
        // Whoever joins after the first look is new.
        note_seen(desk, &rules).await?;
    }
    let blind = whose.key.blind("sender")?;
    let wanted = rules.with(&draft);
    let senders = rules
        .iter()
        .map(|(number, rule)| Listed {
            number,
            name: rule.name.clone(),
            in_register: rule.digital,
            digital: wanted.digital(number).unwrap_or(rule.digital),
            last_letter: written.get(blind.token(&number.to_string()).as_slice()).copied(),
            new: seen.as_ref().is_some_and(|seen| !seen.contains(&number)),
        })
        .collect();
    Ok(Reception::Rules {
        senders,
        changes: draft.changes(&rules).len(),
    })
}

/// Keeps ticks until they are signed. Says nothing to FaR. False when the person has no open mailbox here.
pub async fn keep_ticks(desk: Desk<'_>, ticks: &[Tick]) -> Result<bool, MailboxError> {
    change_draft(desk, |draft| {
        for tick in ticks {
            draft.tick(tick.sender, tick.was, tick.wanted);
        }
    })
    .await
}

/// Ticks every sender there is, one way or the other. Says nothing to FaR; false when it cannot be asked who there is.
pub async fn tick_all(desk: Desk<'_>, wanted: bool) -> Result<bool, MailboxError> {
    let Some(rules) = known_rules(desk).await? else {
        return Ok(false);
    };
    change_draft(desk, |draft| {
        for (number, rule) in rules.iter() {
            draft.tick(number, rule.digital, wanted);
        }
    })
    .await
}

/// Forgets the ticks that are not signed.
pub async fn forget_ticks(desk: Desk<'_>) -> Result<bool, MailboxError> {
    change_draft(desk, |draft| *draft = Draft::default()).await
}

/// Keeps the wishes and takes for the rest what FaR says now: the answer to [`Review::Conflicts`].
pub async fn settle(desk: Desk<'_>) -> Result<bool, MailboxError> {
    let Some(rules) = known_rules(desk).await? else {
        return Ok(false);
    };
    change_draft(desk, |draft| *draft = draft.on(&rules)).await
}

/// Every sender that there is now has been seen.
pub async fn see_all(desk: Desk<'_>) -> Result<bool, MailboxError> {
    let Some(rules) = known_rules(desk).await? else {
        return Ok(false);
    };
    note_seen(desk, &rules).await
}

/// What would be signed now.
pub async fn review(desk: Desk<'_>) -> Result<Review, MailboxError> {
    Ok(compare(desk).await?.0)
}

/// The mark of a text: signing asks for it, so that what is signed is what was read.
pub fn mark_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Stores the rules in FaR, with the text that the person has read; `text` makes it of the changes, `mark` is of what was read.
pub async fn sign(
    desk: Desk<'_>,
    text: impl Fn(&[Change]) -> String,
    mark: &str,
    login: Evidence,
) -> Result<Signed, MailboxError> {
    let (changes, rules) = match compare(desk).await? {
        (Review::Changes(changes), Some(rules)) => (changes, rules),
        (Review::TryAgain, _) => return Ok(Signed::NotStored),
        (Review::NotHere, _) => return Ok(Signed::NotHere),
        _ => return Ok(Signed::ReadAgain),
    };
    let text = text(&changes);
    if mark_of(&text) != mark {
        return Ok(Signed::ReadAgain);
    }
    let Some(holder) = holder(desk).await? else {
        return Ok(Signed::NotHere);
    };
    let agreement = Agreement {
        holder,
        person: desk.person.number,
        name: desk.person.name.clone(),
        text,
        at: desk.house.clock.now(),
        login,
    };
    store(desk, &agreement, &rules).await
}

/// Rules of a company that wait for signatures: what they change, and the rules that there would be.
pub(super) struct Waiting {
    /// What they change.
    pub(super) changes: Vec<Change>,
    rules: Rules,
}

/// What rules that accept these senders would change in those that FaR has.
pub(super) async fn waiting(
    desk: Desk<'_>,
    accepted: Vec<(OrganisationNumber, String)>,
) -> Result<Option<Waiting>, MailboxError> {
    let Some(now) = known_rules(desk).await? else {
        return Ok(None);
    };
    let rules = Rules::of(desk.senders.list(), accepted);
    let mut draft = Draft::default();
    for (number, rule) in rules.iter() {
        draft.tick(number, now.digital(number).unwrap_or(rule.digital), rule.digital);
    }
    let changes = draft.changes(&now);
    Ok(Some(Waiting { changes, rules }))
}

/// Signs rules that wait, by a text that was read.
pub(super) async fn sign_waiting(
    desk: Desk<'_>,
    waiting: &Waiting,
    agreement: &Agreement,
) -> Result<Signed, MailboxError> {
    store(desk, agreement, &waiting.rules).await
}

async fn store(desk: Desk<'_>, agreement: &Agreement, rules: &Rules) -> Result<Signed, MailboxError> {
    let stored = match desk.far.store_preferences(agreement, &rules.accepted()).await {
        Ok(Registered::Complete) => Signed::Stored,
        Ok(Registered::MoreMustSign) => Signed::MoreMustSign,
        Ok(Registered::RuleNotSupported) => Signed::RuleNotSupported,
        Err(RegisterError::Unreachable(why)) => {
            tracing::warn!(
                why,
                "FaR gave no answer when reception rules were stored; asking what it has"
            );
            match self::rules(desk, agreement.holder).await {
                Ok(now) if now.accepted() == rules.accepted() => Signed::Stored,
                Ok(_) => Signed::NotStored,
                Err(_) => Signed::Unknown,
            }
        }
        Err(error) => {
            tracing::warn!(%error, "FaR did not store reception rules");
            Signed::NotStored
        }
    };
    match stored {
        Signed::Stored => finish(desk, rules, Act::ChangedReception).await?,
        Signed::MoreMustSign => finish(desk, rules, Act::SignedInPart).await?,
        _ => {}
    }
    Ok(stored)
}

/// FaR's rules for the mailbox that the person is in; nothing when they are not known, or the mailbox is not open.
async fn known_rules(desk: Desk<'_>) -> Result<Option<Rules>, MailboxError> {
    let Some(holder) = holder(desk).await? else {
        return Ok(None);
    };
    Ok(rules(desk, holder).await.ok())
}

/// Whose rules they are.
async fn holder(desk: Desk<'_>) -> Result<Option<RecipientId>, MailboxError> {
    let mut tx = desk.house.db.read().await?;
    let whose = enter_open(&mut tx, desk).await?;
    whose.map(|whose| whose.recipient()).transpose()
}

/// What follows when FaR has the rules, or the signature: the ticks are gone, everybody in the list has been seen, and the log says so.
async fn finish(desk: Desk<'_>, rules: &Rules, act: Act) -> Result<(), MailboxError> {
    let house = desk.house;
    let mut tx = house.db.begin().await?;
    if let Some(whose) = enter(&mut tx, house, desk.person, Right::Account).await? {
        store::reception::put_draft(&mut tx, whose.id, None).await?;
        store::reception::put_seen(&mut tx, whose.id, sealed_numbers(desk, &whose, rules)?).await?;
        whose.log(&mut tx, house.ids, house.clock.now(), act, None).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The draft against FaR's rules, and those rules with the draft in them when there is something to sign.
async fn compare(desk: Desk<'_>) -> Result<(Review, Option<Rules>), MailboxError> {
    let mut tx = desk.house.db.read().await?;
    let Some(whose) = enter_open(&mut tx, desk).await? else {
        return Ok((Review::NotHere, None));
    };
    let kept = store::reception::read(&mut tx, whose.id).await?;
    drop(tx);
    let draft = draft(&whose, kept.draft.as_deref())?;
    if draft.is_empty() {
        return Ok((Review::Nothing, None));
    }
    let rules = match rules(desk, whose.recipient()?).await {
        Ok(rules) => rules,
        Err(NoRules::TryAgain) => return Ok((Review::TryAgain, None)),
        Err(NoRules::NotHere) => return Ok((Review::NotHere, None)),
    };
    let conflicts = draft.conflicts(&rules);
    if !conflicts.is_empty() {
        return Ok((Review::Conflicts(conflicts), None));
    }
    let changes = draft.changes(&rules);
    if changes.is_empty() {
        return Ok((Review::Nothing, None));
    }
    Ok((Review::Changes(changes), Some(rules.with(&draft))))
}

/// What FaR says now.
async fn rules(desk: Desk<'_>, holder: RecipientId) -> Result<Rules, NoRules> {
    match desk.far.preferences(&holder, desk.person.number).await {
        Ok(accepted) => {
            desk.senders.catch_up(accepted.iter().map(|(number, _)| *number)).await;
            Ok(Rules::of(desk.senders.list(), accepted))
        }
        Err(RegisterError::Refused {
            reason: Reason::NotThere,
            ..
        }) => Err(NoRules::NotHere),
        Err(error) => {
            tracing::warn!(%error, "FaR did not tell the reception rules");
            Err(NoRules::TryAgain)
        }
    }
}

async fn enter_open(tx: &mut Tx, desk: Desk<'_>) -> Result<Option<Entered>, MailboxError> {
    Ok(enter(tx, desk.house, desk.person, Right::Account)
        .await?
        .filter(|whose| whose.open))
}

/// Reads, changes and keeps the draft in one transaction, so that ticks from two windows both count.
async fn change_draft(desk: Desk<'_>, change: impl FnOnce(&mut Draft)) -> Result<bool, MailboxError> {
    let mut tx = desk.house.db.begin().await?;
    let Some(whose) = enter_open(&mut tx, desk).await? else {
        return Ok(false);
    };
    let kept = store::reception::read(&mut tx, whose.id).await?;
    let mut draft = draft(&whose, kept.draft.as_deref())?;
    change(&mut draft);
    let sealed = if draft.is_empty() {
        None
    } else {
        Some(sealed(desk, &whose, "draft", &draft)?)
    };
    store::reception::put_draft(&mut tx, whose.id, sealed).await?;
    tx.commit().await?;
    Ok(true)
}

async fn note_seen(desk: Desk<'_>, rules: &Rules) -> Result<bool, MailboxError> {
    let mut tx = desk.house.db.begin().await?;
    let Some(whose) = enter_open(&mut tx, desk).await? else {
        return Ok(false);
    };
    store::reception::put_seen(&mut tx, whose.id, sealed_numbers(desk, &whose, rules)?).await?;
    tx.commit().await?;
    Ok(true)
}

fn sealed_numbers(desk: Desk<'_>, whose: &Entered, rules: &Rules) -> Result<Vec<u8>, MailboxError> {
    let numbers: BTreeSet<_> = rules.iter().map(|(number, _)| number).collect();
    sealed(desk, whose, "seen", &numbers)
}

fn draft(whose: &Entered, kept: Option<&[u8]>) -> Result<Draft, MailboxError> {
    Ok(open(whose, "draft", kept)?.unwrap_or_default())
}

fn sealed(
    desk: Desk<'_>,
    whose: &Entered,
    field: &'static str,
    what: &impl Serialize,
) -> Result<Vec<u8>, MailboxError> {
    let place = Place::of("reception", &whose.id, field);
    Ok(whose.key.seal_record(desk.house.ids, &place, what)?)
}

fn open<T: DeserializeOwned>(
    whose: &Entered,
    field: &'static str,
    sealed: Option<&[u8]>,
) -> Result<Option<T>, MailboxError> {
    sealed
        .map(|sealed| {
            let place = Place::of("reception", &whose.id, field);
            Ok(whose.key.open_record(&place, sealed)?)
        })
        .transpose()
}
