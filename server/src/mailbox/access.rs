//! Who may enter which mailbox: decided here and nowhere else. Whoever is not let in learns nothing, not even that it exists.

use super::MailboxError;
use crate::audit::{self, Event, Scribe};
use crate::clock::Ids;
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::domain::acts_for::{ActsFor, Company};
use crate::domain::audit::AuditAct;
use crate::domain::consent::{Level, Sight};
use crate::domain::holder::Holder;
use crate::domain::right::Right;
use crate::house::House;
use crate::record;
use crate::seal::{Keys, MailboxKey, Place};
use crate::store;
use crate::store::access_log::AccessRow;
use crate::store::consent::ConsentRow;
use crate::store::letter::LetterRow;
use crate::store::mailbox::{MailboxRow, State};
use contracts::identifier::{PersonalNumber, RecipientId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use time::OffsetDateTime;
use uuid::Uuid;

/// In whose mailbox somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Their own.
    #[default]
    Own,
    /// This one, which another holds: if they let them in.
    Of(Uuid),
}

/// When Authority was asked for whom somebody may act.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AskedFor {
    /// At login: good for the daily round.
    #[default]
    TheSession,
    /// For what is done now: good for what outlasts the session too.
    ThisAct,
}

/// A person who has logged in, as the login established it, and in whose mailbox they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Personnummer or samordningsnummer.
    pub number: PersonalNumber,
    /// Display name.
    pub name: String,
    /// In whose mailbox.
    pub whose: Whose,
    /// For which companies they may act, as Authority said.
    pub acts_for: Arc<ActsFor>,
    /// When it said so.
    pub asked_for: AskedFor,
}

impl Person {
    /// Somebody in their own mailbox.
    pub fn new(number: PersonalNumber, name: impl Into<String>) -> Self {
        Self {
            number,
            name: name.into(),
            whose: Whose::Own,
            acts_for: Arc::default(),
            asked_for: AskedFor::TheSession,
        }
    }

    /// The same person in somebody's mailbox.
    #[must_use]
    pub fn at(&self, whose: Whose) -> Self {
        Self { whose, ..self.clone() }
    }

    /// The same person, who may act for these companies, as Authority said when it was asked for that.
    #[must_use]
    pub fn acting(&self, acts_for: Arc<ActsFor>, asked_for: AskedFor) -> Self {
        Self {
            acts_for,
            asked_for,
            ..self.clone()
        }
    }
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}

/// A mailbox that somebody has been let into. No use case reads a mailbox without one.
#[derive(Debug)]
pub struct Entered {
    /// The mailbox.
    pub id: Uuid,
    /// Its key.
    pub key: MailboxKey,
    /// Unread letters when it was entered.
    pub unread: u64,
    /// Language of notices.
    pub language: String,
    /// Letters still come in.
    pub open: bool,
    /// Which of its letters are seen.
    pub sight: Sight,
    /// In which right.
    capacity: Capacity,
    actor: String,
    /// Sealed: the holder.
    holder: Vec<u8>,
    rights: Vec<Right>,
    /// What more may be done there when Authority has been asked for it.
    if_asked: Vec<Right>,
    /// When the consent ends that lets somebody in.
    until: Option<OffsetDateTime>,
    keys: Keys,
}

impl Entered {
    /// Name of the holder, as it was when they last became or changed one.
    pub fn holder(&self) -> Result<String, MailboxError> {
        if self.capacity == Capacity::Holder {
            return Ok(self.actor.clone());
        }
        Ok(self.holder_record()?.name)
    }

    /// The holder, as FaR knows it.
    pub fn recipient(&self) -> Result<RecipientId, MailboxError> {
        let number = self.holder_record()?.number;
        number.parse().map_err(|_| MailboxError::Record("holder"))
    }

    /// The name of the company that holds it, when one does.
    pub fn company(&self) -> Result<Option<String>, MailboxError> {
        let is_company = matches!(self.recipient()?, RecipientId::Organisation(_));
        is_company.then(|| self.holder()).transpose()
    }

    fn holder_record(&self) -> Result<Holder, MailboxError> {
        Ok(record::holder(&self.key, self.id, &self.holder)?)
    }

    /// In which right whoever is in is there.
    pub fn capacity(&self) -> Capacity {
        self.capacity
    }

    /// Name of who is in.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// Whether something else may be done there too.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whether a letter is seen.
    pub fn sees(&self, row: &LetterRow) -> bool {
        self.sight.shows(row.received_at, row.sender_index.as_deref())
    }

    /// Whether who is in has done something to a letter since an id was made: they, and nobody else who shares the mailbox.
    pub(super) async fn has_done(
        &self,
        tx: &mut Tx,
        since: Uuid,
        act: Act,
        letter: Uuid,
    ) -> Result<bool, MailboxError> {
        for (id, sealed) in store::access_log::actors_since(tx, self.id, since, (act, self.capacity), letter).await? {
            if self.key.open(&Place::of("access_log", &id, "actor"), &sealed)? == self.actor.as_bytes() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A letter of the mailbox, if it is there and seen.
    pub async fn letter(&self, tx: &mut Tx, id: Uuid) -> Result<Option<LetterRow>, MailboxError> {
        let row = store::letter::by_id(tx, self.id, id).await?;
        Ok(row.filter(|row| self.sees(row)))
    }

    /// Writes in the access log who did what, in the transaction that does it; what is of the account is written in the audit log too, and
    /// then best as the last thing that the transaction does.
    pub async fn log(
        &self,
        tx: &mut Tx,
        ids: Ids,
        at: OffsetDateTime,
        act: Act,
        letter: Option<Uuid>,
    ) -> Result<(), MailboxError> {
        let scribe = Scribe {
            keys: &self.keys,
            ids,
            at,
        };
        write_log(
            tx,
            scribe,
            (self.id, &self.key),
            (&self.actor, self.capacity),
            (act, letter),
        )
        .await
    }
}

/// Writes in the access log of a mailbox what somebody did there who has been asked to help, or had been let in.
pub(super) async fn log_for_helper(
    tx: &mut Tx,
    house: &House,
    mailbox: (Uuid, &MailboxKey),
    person: &Person,
    act: Act,
) -> Result<(), MailboxError> {
    log_as(tx, house, mailbox, (&person.name, Capacity::Helper), act).await
}

/// Writes in the access log of a mailbox what somebody did there in a right, who is not in it.
pub(super) async fn log_as(
    tx: &mut Tx,
    house: &House,
    mailbox: (Uuid, &MailboxKey),
    who: (&str, Capacity),
    act: Act,
) -> Result<(), MailboxError> {
    write_log(tx, Scribe::of(house), mailbox, who, (act, None)).await
}

async fn write_log(
    tx: &mut Tx,
    scribe: Scribe<'_>,
    (mailbox, key): (Uuid, &MailboxKey),
    (actor, capacity): (&str, Capacity),
    (act, letter_id): (Act, Option<Uuid>),
) -> Result<(), MailboxError> {
    let Scribe { ids, at, .. } = scribe;
    let id = ids.at(at);
    let row = AccessRow {
        id,
        at,
        actor: key.seal(ids, &Place::of("access_log", &id, "actor"), actor.as_bytes())?,
        act,
        letter_id,
        capacity,
    };
    store::access_log::insert(tx, mailbox, &row).await?;
    if let Some(of_account) = AuditAct::of_account(act) {
        audit::append(tx, scribe, Event::of_account(of_account, capacity.into(), mailbox)).await?;
    }
    Ok(())
}

/// Lets a person in who has a right: into their own mailbox, where they have every right; into that of a company that they may act for, as
/// Authority says; or into one whose holder lets them in, here or as Authority says. A closed mailbox can still be read.
pub async fn enter(tx: &mut Tx, house: &House, person: &Person, right: Right) -> Result<Option<Entered>, MailboxError> {
    let entered = match person.whose {
        Whose::Own => {
            let index = holder_index(house, &person.number.to_string());
            let row = store::mailbox::by_holder(tx, index).await?;
            row.filter(MailboxRow::can_be_entered)
                .map(|row| let_in(house, row, &person.name, Capacity::Holder))
                .transpose()?
        }
        Whose::Of(mailbox) => match enter_for_company(tx, house, person, mailbox).await? {
            Some(entered) if entered.may(right) => Some(entered),
            // What the holder decided here counts before what the register says.
            _ => match enter_by_consent(tx, house, person, mailbox).await? {
                Some(entered) => Some(entered),
                None => enter_by_register(tx, house, person, mailbox).await?,
            },
        },
    };
    Ok(entered.filter(|entered| entered.may(right)))
}

/// In with every right: whoever has fewer is given fewer by the caller.
fn let_in(house: &House, row: MailboxRow, actor: &str, capacity: Capacity) -> Result<Entered, MailboxError> {
    Ok(Entered {
        key: house.keys.unwrap(&row.id, &row.wrapped)?,
        id: row.id,
        unread: u64::try_from(row.unread).unwrap_or(0),
        language: row.language,
        open: row.state == State::Open,
        sight: Sight::default(),
        capacity,
        actor: actor.to_owned(),
        holder: row.holder,
        rights: Right::ALL.to_vec(),
        if_asked: Vec::new(),
        until: None,
        keys: house.keys.clone(),
    })
}

/// Lets somebody in who may act for the company that holds the mailbox. What binds the company takes an answer that was asked for it:
/// between login and now somebody may have left the board.
async fn enter_for_company(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    mailbox: Uuid,
) -> Result<Option<Entered>, MailboxError> {
    if person.acts_for.companies.is_empty() {
        return Ok(None);
    }
    let row = store::mailbox::by_id(tx, mailbox).await?;
    let Some(row) = row.filter(MailboxRow::can_be_entered) else {
        return Ok(None);
    };
    let key = house.keys.unwrap(&row.id, &row.wrapped)?;
    let holder = record::holder(&key, row.id, &row.holder)?;
    let Some(company) = person.acts_for.company(&holder.number) else {
        return Ok(None);
    };
    let mut entered = let_in(house, row, &person.name, company.ground.capacity())?;
    entered.rights = company.rights();
    if person.asked_for == AskedFor::TheSession {
        (entered.if_asked, entered.rights) = entered
            .rights
            .into_iter()
            .partition(|right| right.outlasts_the_session());
    }
    Ok(Some(entered))
}

/// A mailbox as those see it who are in it, and may read there.
#[derive(Debug)]
pub struct There {
    /// Whose it is.
    pub holder: Holder,
    /// In which right the person is there.
    pub capacity: Capacity,
    /// When it ends, for a helper.
    pub until: Option<OffsetDateTime>,
    /// What they may do, with what they may when Authority has been asked for it.
    pub rights: Vec<Right>,
}

/// Another's mailbox that a person is in; nothing when they are not let in.
pub async fn look_around(house: &House, person: &Person) -> Result<Option<There>, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(None);
    };
    Ok(Some(There {
        holder: entered.holder_record()?,
        capacity: entered.capacity,
        until: entered.until,
        rights: [entered.rights, entered.if_asked].concat(),
    }))
}

/// The mailbox of a company, if it has one that is not destroyed; an open one or a closed one.
pub async fn find_company_mailbox(house: &House, company: &Company) -> Result<Option<Uuid>, MailboxError> {
    let mut tx = house.db.read().await?;
    let row = store::mailbox::by_holder(&mut tx, holder_index(house, &company.number)).await?;
    Ok(row.filter(|row| row.state != State::Destroyed).map(|row| row.id))
}

/// Lets somebody in for as long as, and as far as, the holder's consent goes: asked anew at every act, so that its end is felt at once.
async fn enter_by_consent(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    mailbox: Uuid,
) -> Result<Option<Entered>, MailboxError> {
    let Some((consent, row)) = in_force(tx, house, person, mailbox).await? else {
        return Ok(None);
    };
    let mut entered = let_in(house, row, &person.name, Capacity::Helper)?;
    entered.sight = sight(&entered.key, &consent)?;
    entered.until = Some(consent.ends_at);
    entered
        .rights
        .retain(|right| consent.level.allows(*right, &entered.sight));
    Ok(Some(entered))
}

/// Lets somebody in whom the holder lets in by a consent that the register told of: as far as one given here, to all letters.
async fn enter_by_register(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    mailbox: Uuid,
) -> Result<Option<Entered>, MailboxError> {
    if person.acts_for.consents.is_empty() {
        return Ok(None);
    }
    let row = store::mailbox::by_id(tx, mailbox).await?;
    let Some(row) = row.filter(MailboxRow::can_be_entered) else {
        return Ok(None);
    };
    let mut entered = let_in(house, row, &person.name, Capacity::Helper)?;
    let holder = entered.holder_record()?;
    let Some(consent) = person.acts_for.consented(&holder.number) else {
        return Ok(None);
    };
    let level = consent.level();
    entered.rights.retain(|right| level.allows(*right, &entered.sight));
    Ok(Some(entered))
}

/// A mailbox that somebody is let into by a consent that the register told of.
#[derive(Clone, Debug)]
pub struct LetIn {
    /// Whose it is.
    pub holder: Holder,
    /// Which.
    pub mailbox: Uuid,
    /// As far as this.
    pub level: Level,
}

/// The mailboxes here that the person is let into by what the register told, without those whose holder has decided it here.
pub async fn let_in_by_register(house: &House, person: &Person) -> Result<Vec<LetIn>, MailboxError> {
    let mut found = Vec::new();
    let mut tx = house.db.read().await?;
    for consent in &person.acts_for.consents {
        let row = store::mailbox::by_holder(&mut tx, holder_index(house, &consent.holder)).await?;
        let Some(row) = row.filter(MailboxRow::can_be_entered) else {
            continue;
        };
        if in_force(&mut tx, house, person, row.id).await?.is_some() {
            continue;
        }
        let key = house.keys.unwrap(&row.id, &row.wrapped)?;
        found.push(LetIn {
            holder: record::holder(&key, row.id, &row.holder)?,
            mailbox: row.id,
            level: consent.level(),
        });
    }
    Ok(found)
}

/// The consent by which a person is let into a mailbox now, and the mailbox.
async fn in_force(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    mailbox: Uuid,
) -> Result<Option<(ConsentRow, MailboxRow)>, MailboxError> {
    let now = house.clock.now();
    let index = helper_index(house, &person.number.to_string());
    let live = store::consent::live_of_pair(tx, mailbox, index, now).await?;
    let Some(consent) = live.into_iter().find(|consent| consent.is_in_force(now)) else {
        return Ok(None);
    };
    let row = store::mailbox::by_id(tx, mailbox).await?;
    Ok(row.filter(MailboxRow::can_be_entered).map(|row| (consent, row)))
}

/// Which letters a consent shows.
pub(super) fn sight(key: &MailboxKey, consent: &ConsentRow) -> Result<Sight, MailboxError> {
    let terms: Terms = key.open_record(&Place::of("consent", &consent.id, "terms"), &consent.terms)?;
    let mut senders = None;
    if let Some(numbers) = terms.senders {
        let blind = key.blind("sender")?;
        senders = Some(numbers.iter().map(|(number, _)| blind.token(number).to_vec()).collect());
    }
    Ok(Sight {
        from: consent.from,
        senders,
    })
}

/// What a consent is limited to, as it is sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Terms {
    /// Senders, by number and name; nothing: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) senders: Option<Vec<(String, String)>>,
}

/// The keyed hash that a helper's consents are found by.
pub(super) fn helper_index(house: &House, number: &str) -> [u8; 32] {
    house.keys.blind_index("consent.helper", number)
}

/// Lets a person in and takes the mailbox's turn: for what reads a count or a limit before it writes, so that two at once do not both
/// read the old one.
pub async fn enter_in_turn(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    right: Right,
) -> Result<Option<Entered>, MailboxError> {
    let entered = enter(tx, house, person, right).await?;
    if let Some(entered) = &entered {
        store::mailbox::take_turn(tx, entered.id).await?;
    }
    Ok(entered)
}

/// Lets a calendar in that has shown the secret of the mailbox's feed. What it is given, the use case decides.
pub(super) async fn enter_by_feed(tx: &mut Tx, house: &House, mailbox: Uuid) -> Result<Option<Entered>, MailboxError> {
    let Some(row) = store::mailbox::by_id(tx, mailbox)
        .await?
        .filter(MailboxRow::can_be_entered)
    else {
        return Ok(None);
    };
    let entered = let_in(house, row, "", Capacity::System)?;
    Ok(Some(Entered {
        rights: vec![Right::Overview],
        ..entered
    }))
}

/// The person's mailbox, if there is one; a closed one too, for it can be read.
pub async fn find_mailbox(house: &House, person: &Person) -> Result<Option<Uuid>, MailboxError> {
    let mut tx = house.db.read().await?;
    let row = store::mailbox::by_holder(&mut tx, holder_index(house, &person.number.to_string())).await?;
    Ok(row.map(|row| row.id))
}

/// Whether the person's mailbox is locked: they are told so at the door.
pub async fn is_locked(tx: &mut Tx, house: &House, number: &PersonalNumber) -> Result<bool, MailboxError> {
    let row = store::mailbox::by_holder(tx, holder_index(house, &number.to_string())).await?;
    Ok(row.is_some_and(|row| row.locked))
}

/// The same, asked by itself.
pub async fn is_shut(house: &House, person: &Person) -> Result<bool, MailboxError> {
    let mut tx = house.db.read().await?;
    is_locked(&mut tx, house, &person.number).await
}

/// The blind index under which a holder's mailbox is found.
pub(crate) fn holder_index(house: &House, number: &str) -> [u8; 32] {
    house.keys.blind_index("holder", number)
}
