//! Consents (medgivanden): the holder lets another person into the mailbox, who says yes or no; either ends it, and it ends by itself. What
//! it lets somebody do is decided where everybody enters ([`super::access`]); here it is given, answered and ended.

use super::MailboxError;
use super::access::{Entered, Person, Terms, enter, enter_in_turn, helper_index, log_for_helper};
use super::draft::{self, Form};
use super::rules::{KnownSender, known_senders};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::calendar::{day_in_sweden, first_moment_after};
use crate::domain::consent::{AT_MOST, AT_MOST_OF_COMPANY, Level, MOST_SENDERS, may_last_through};
use crate::domain::holder::Holder;
use crate::domain::holder_number::read_number;
use crate::domain::right::Right;
use crate::house::House;
use crate::outbox;
use crate::record;
use crate::seal::Place;
use crate::store;
use crate::store::consent::{ConsentRow, EndedBy, GivenRow, State};
use contracts::identifier::RecipientId;
use contracts::xml::parse_date;
use serde::{Deserialize, Serialize};
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// Consents that are shown: those that live, and some that are past.
const SHOWN: i64 = 240;

/// An offer as it is typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Personal number of who is to be let in.
    pub number: String,
    /// What for.
    pub level: Level,
    /// Letters that have come before too.
    pub old_letters: bool,
    /// Only from these senders, by organisation number; nothing: from all.
    pub senders: Option<Vec<String>>,
    /// The last day, `YYYY-MM-DD`.
    pub through: String,
}

/// What is wrong with an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// That is no personal number.
    Number,
    /// It is the holder's own.
    OwnNumber,
    /// It is an organisation's.
    Organisation,
    /// That person has been let in, or is asked, already.
    Already,
    /// That is no day.
    Day,
    /// The day is past, or too far away.
    DayOutOfBounds,
    /// No sender was chosen.
    NoSender,
    /// Only in a company's mailbox can anybody be let in to administer, and only who sees every letter.
    Administers,
    /// So many are let in that no more can be.
    TooMany,
}

/// What came of offering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// The person can answer when they log in.
    Done,
    /// Nothing was offered; what was typed is kept for a while.
    Wrong(Wrong),
    /// Not in this mailbox.
    NotFound,
}

/// How a consent stands for those who have it before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stands {
    /// No answer yet.
    Offered,
    /// In force.
    Active,
    /// The helper said no.
    Refused,
    /// The holder ended it.
    EndedByHolder,
    /// The helper ended it.
    EndedByHelper,
    /// Its time is over.
    Over,
}

/// A consent and what it goes to.
#[derive(Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// The other one: who was let in, or whose mailbox it is.
    pub other: Holder,
    /// The mailbox.
    pub mailbox: Uuid,
    /// What for.
    pub level: Level,
    /// Letters from then on; nothing: the old ones too.
    pub from: Option<OffsetDateTime>,
    /// Names of the senders; nothing: all.
    pub senders: Option<Vec<String>>,
    /// Over from then on.
    pub ends_at: OffsetDateTime,
    /// How it stands.
    pub stands: Stands,
    /// Since when it stands so.
    pub since: OffsetDateTime,
}

impl std::fmt::Debug for Consent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Consent({:?})", self.stands)
    }
}

/// The page where consents are given.
#[derive(Debug)]
pub struct Given {
    /// The newest first.
    pub consents: Vec<Consent>,
    /// Senders that can be named.
    pub senders: Vec<KnownSender>,
    /// What was typed and not taken.
    pub typed: Option<Typed>,
}

/// Whom the person lets into their own mailbox; nothing without one.
pub async fn given(house: &House, person: &Person) -> Result<Option<Given>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(None);
    };
    let rows = store::consent::of_mailbox(&mut tx, entered.id, now, SHOWN).await?;
    let consents = rows
        .iter()
        .map(|row| {
            let other = helper(&entered, row)?;
            told(&entered.key, entered.id, row, other, now)
        })
        .collect::<Result<_, _>>()?;
    Ok(Some(Given {
        consents,
        senders: known_senders(&mut tx, &entered).await?,
        typed: draft::kept(&mut tx, &entered, Form::Consent, now).await?,
    }))
}

/// Offers somebody to be let in. Nothing is let in before they have said yes. Whether they exist, or have a mailbox here, is not told.
pub async fn offer(house: &House, person: &Person, typed: &Typed) -> Result<Offered, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter_in_turn(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(Offered::NotFound);
    };
    match meant(&mut tx, house, person, &entered, typed, now).await? {
        Ok(row) => {
            store::consent::insert(&mut tx, entered.id, &row).await?;
            draft::forget(&mut tx, &entered, Form::Consent).await?;
            entered.log(&mut tx, house.ids, now, Act::ChangedConsent, None).await?;
            tx.commit().await?;
            Ok(Offered::Done)
        }
        Err(wrong) => {
            draft::keep(&mut tx, house, &entered, Form::Consent, typed, now).await?;
            tx.commit().await?;
            Ok(Offered::Wrong(wrong))
        }
    }
}

/// The row of an offer, or what is wrong with it.
async fn meant(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    entered: &Entered,
    typed: &Typed,
    now: OffsetDateTime,
) -> Result<Result<ConsentRow, Wrong>, MailboxError> {
    let today = day_in_sweden(now);
    let number = match read_number(&typed.number, today) {
        Some(RecipientId::Person(number)) if number == person.number => return Ok(Err(Wrong::OwnNumber)),
        Some(RecipientId::Person(number)) => number.to_string(),
        Some(RecipientId::Organisation(_)) => return Ok(Err(Wrong::Organisation)),
        Some(RecipientId::Nobody(_)) | None => return Ok(Err(Wrong::Number)),
    };
    let ends_at = match parse_date(typed.through.trim()).map(|day| (day, first_moment_after(day))) {
        Some((day, Some(_))) if !may_last_through(day, today) => return Ok(Err(Wrong::DayOutOfBounds)),
        Some((_, Some(ends_at))) => ends_at,
        _ => return Ok(Err(Wrong::Day)),
    };
    let senders = match &typed.senders {
        None => None,
        Some(chosen) => {
            let known = known_senders(tx, entered).await?;
            let named: Vec<(String, String)> = known
                .into_iter()
                .filter(|sender| chosen.contains(&sender.number))
                .take(MOST_SENDERS)
                .map(|sender| (sender.number, sender.name))
                .collect();
            if named.is_empty() {
                return Ok(Err(Wrong::NoSender));
            }
            Some(named)
        }
    };
    let of_company = entered.company()?.is_some();
    let is_limited = !typed.old_letters || senders.is_some();
    if typed.level == Level::Administer && (is_limited || !of_company) {
        return Ok(Err(Wrong::Administers));
    }
    let index = helper_index(house, &number);
    if !store::consent::live_of_pair(tx, entered.id, index, now)
        .await?
        .is_empty()
    {
        return Ok(Err(Wrong::Already));
    }
    let live = store::consent::count_live(tx, entered.id, now).await?;
    let at_most = if of_company { AT_MOST_OF_COMPANY } else { AT_MOST };
    if usize::try_from(live).unwrap_or(usize::MAX) >= at_most {
        return Ok(Err(Wrong::TooMany));
    }
    let id = house.ids.at(now);
    let sealed = |field, record: &Holder| {
        entered
            .key
            .seal_record(house.ids, &Place::of("consent", &id, field), record)
    };
    let helper = Holder {
        number,
        name: String::new(),
    };
    Ok(Ok(ConsentRow {
        id,
        helper_index: index.to_vec(),
        helper: sealed("helper", &helper)?,
        terms: entered
            .key
            .seal_record(house.ids, &Place::of("consent", &id, "terms"), &Terms { senders })?,
        level: typed.level,
        from: (!typed.old_letters).then_some(now),
        ends_at,
        state: State::Offered,
        offered_at: now,
        answered_at: None,
        ended_at: None,
        ended_by: None,
    }))
}

/// The holder ends a consent, or takes an offer back; tells whether there was one. Felt at once, in open sessions too.
pub async fn end(house: &House, person: &Person, id: Uuid) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::GiveAccess).await? else {
        return Ok(false);
    };
    if !store::consent::end(&mut tx, (entered.id, id), EndedBy::Holder, now).await? {
        return Ok(false);
    }
    entered.log(&mut tx, house.ids, now, Act::ChangedConsent, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Whose mailboxes the person has been let into, or is asked to help with.
pub async fn received(house: &House, person: &Person) -> Result<Vec<Consent>, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let rows = store::consent::given_to(&mut tx, own_index(house, person), now, SHOWN).await?;
    rows.iter().map(|row| received_row(house, row, now)).collect()
}

/// How many ask the person for help and have no answer.
pub async fn count_offered(house: &House, person: &Person) -> Result<u64, MailboxError> {
    let mut tx = house.db.read().await?;
    let count = store::consent::count_offered(&mut tx, own_index(house, person), house.clock.now()).await?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// Answers an offer to the person; tells whether there was one.
pub async fn answer(house: &House, person: &Person, id: Uuid, yes: bool) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let index = own_index(house, person);
    let mut tx = house.db.begin().await?;
    let Some(row) = to_person(&mut tx, house, person, id, now).await? else {
        return Ok(false);
    };
    let key = house.keys.unwrap(&row.mailbox, &row.wrapped)?;
    let helper = Holder {
        number: person.number.to_string(),
        name: person.name.clone(),
    };
    let sealed = key.seal_record(house.ids, &Place::of("consent", &id, "helper"), &helper)?;
    let state = if yes { State::Active } else { State::Refused };
    if !store::consent::answer(&mut tx, (row.mailbox, id), index, (state, &sealed), now).await? {
        return Ok(false);
    }
    if yes {
        outbox::helper::let_in(&mut tx, house, (row.mailbox, &key), &row.consent).await?;
    }
    log_for_helper(&mut tx, house, (row.mailbox, &key), person, Act::ChangedConsent).await?;
    tx.commit().await?;
    Ok(true)
}

/// The person wants no longer to be let in; tells whether they were.
pub async fn give_up(house: &House, person: &Person, id: Uuid) -> Result<bool, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(row) = to_person(&mut tx, house, person, id, now).await? else {
        return Ok(false);
    };
    let key = house.keys.unwrap(&row.mailbox, &row.wrapped)?;
    if row.consent.state != State::Active
        || !store::consent::end(&mut tx, (row.mailbox, id), EndedBy::Helper, now).await?
    {
        return Ok(false);
    }
    log_for_helper(&mut tx, house, (row.mailbox, &key), person, Act::ChangedConsent).await?;
    tx.commit().await?;
    Ok(true)
}

/// A consent to the person that is offered or in force.
async fn to_person(
    tx: &mut Tx,
    house: &House,
    person: &Person,
    id: Uuid,
    now: OffsetDateTime,
) -> Result<Option<GivenRow>, MailboxError> {
    Ok(store::consent::given_by_id(tx, own_index(house, person), now, id).await?)
}

/// The last day on which a consent lets anybody in.
pub fn last_day(ends_at: OffsetDateTime) -> Date {
    day_in_sweden(ends_at - Duration::SECOND)
}

fn received_row(house: &House, row: &GivenRow, now: OffsetDateTime) -> Result<Consent, MailboxError> {
    let key = house.keys.unwrap(&row.mailbox, &row.wrapped)?;
    let holder = record::holder(&key, row.mailbox, &row.holder)?;
    told(&key, row.mailbox, &row.consent, holder, now)
}

/// Who is let in, or asked.
pub(super) fn helper(entered: &Entered, row: &ConsentRow) -> Result<Holder, MailboxError> {
    Ok(entered
        .key
        .open_record(&Place::of("consent", &row.id, "helper"), &row.helper)?)
}

fn told(
    key: &crate::seal::MailboxKey,
    mailbox: Uuid,
    row: &ConsentRow,
    other: Holder,
    now: OffsetDateTime,
) -> Result<Consent, MailboxError> {
    let terms: Terms = key.open_record(&Place::of("consent", &row.id, "terms"), &row.terms)?;
    let is_over = now >= row.ends_at;
    let stands = match (row.state, row.ended_by) {
        (State::Offered | State::Active, _) if is_over => Stands::Over,
        (State::Offered, _) => Stands::Offered,
        (State::Active, _) => Stands::Active,
        (State::Refused, _) => Stands::Refused,
        (State::Ended, Some(EndedBy::Helper)) => Stands::EndedByHelper,
        (State::Ended, _) => Stands::EndedByHolder,
    };
    Ok(Consent {
        id: row.id,
        other,
        mailbox,
        level: row.level,
        from: row.from,
        senders: terms
            .senders
            .map(|senders| senders.into_iter().map(|(_, name)| name).collect()),
        ends_at: row.ends_at,
        stands,
        since: match stands {
            Stands::Over => row.ends_at,
            _ => row.ended_at.or(row.answered_at).unwrap_or(row.offered_at),
        },
    })
}

fn own_index(house: &House, person: &Person) -> [u8; 32] {
    helper_index(house, &person.number.to_string())
}
