//! Becoming a holder: the person accepts the terms, FaR registers the mailbox with us, and then it is open here.
//!
//! FaR is asked before anything is promised. Should we stop between FaR's yes and our own row, nothing is lost: FaR then says that the
//! person is ours, and the next try opens the mailbox without another registration.

use super::MailboxError;
use super::access::{Person, enter, holder_index, log_as};
use crate::audit::{self, Event, Scribe};
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::domain::audit::{ActingAs, AuditAct};
use crate::domain::holder::Holder;
use crate::domain::right::Right;
use crate::house::House;
use crate::register::{self, Agreement, Evidence, Reason, Register, RegisterError, Registered};
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::mailbox::{NewMailbox, State};
use contracts::identifier::RecipientId;
use uuid::Uuid;

/// The version of the terms that are shown now. Kept with the mailbox.
pub const TERMS: &str = "2026-11-25";

/// Youngest holder, in years (Digg's terms).
const OF_AGE: u8 = 18;

/// How a person stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// An open mailbox here.
    Open,
    /// May read the terms and open one.
    MayOpen,
    /// A mailbox at another operator, by name.
    Elsewhere(String),
    /// Under 18.
    TooYoung,
    /// Protected identity.
    Protected,
    /// Not in the population register.
    NoSwedishNumber,
    /// FaR did not answer; nothing was done.
    TryAgain,
}

/// How the person stands, asked of FaR unless there is an open mailbox here.
pub async fn standing(house: &House, far: &dyn Register, person: &Person) -> Result<Standing, MailboxError> {
    if is_open(house, person).await? {
        return Ok(Standing::Open);
    }
    if too_young(house, person) {
        return Ok(Standing::TooYoung);
    }
    Ok(match far.standing(&holder(person)).await {
        Ok(register::Standing::Elsewhere(operator)) => Standing::Elsewhere(operator.name),
        Ok(_) => Standing::MayOpen,
        Err(error) => refused(error),
    })
}

/// The person accepts `text`, the terms as they were shown; `login` is the login in which they did.
pub async fn accept(
    house: &House,
    far: &dyn Register,
    person: &Person,
    text: String,
    login: Evidence,
    language: &str,
) -> Result<Standing, MailboxError> {
    if too_young(house, person) {
        return Ok(Standing::TooYoung);
    }
    let registered = match far.standing(&holder(person)).await {
        Ok(register::Standing::Here) => Ok(Registered::Complete),
        Ok(register::Standing::Elsewhere(operator)) => return Ok(Standing::Elsewhere(operator.name)),
        Ok(register::Standing::Nowhere | register::Standing::Pending(_)) => {
            far.register(&Agreement {
                holder: holder(person),
                person: person.number,
                name: person.name.clone(),
                text,
                at: house.clock.now(),
                login,
            })
            .await
        }
        Err(error) => Err(error),
    };
    match registered {
        Ok(Registered::Complete) => {
            open(house, person, language, ActingAs::Holder).await?;
            Ok(Standing::Open)
        }
        // Only companies have more signatories; for a person these break the contract.
        Ok(Registered::MoreMustSign | Registered::RuleNotSupported) => Ok(Standing::TryAgain),
        Err(error) => Ok(refused(error)),
    }
}

/// The person moves here from another operator; `text` makes, of that operator's name, what was shown and is signed.
pub async fn move_here(
    house: &House,
    far: &dyn Register,
    person: &Person,
    text: impl Fn(&str) -> String,
    login: Evidence,
    language: &str,
) -> Result<Standing, MailboxError> {
    if too_young(house, person) {
        return Ok(Standing::TooYoung);
    }
    let moved = match far.standing(&holder(person)).await {
        Ok(register::Standing::Elsewhere(from)) => {
            far.move_here(&Agreement {
                holder: holder(person),
                person: person.number,
                name: person.name.clone(),
                text: text(&from.name),
                at: house.clock.now(),
                login,
            })
            .await
        }
        // An earlier try came through, though its answer did not.
        Ok(register::Standing::Here) => Ok(Registered::Complete),
        Ok(_) => return Ok(Standing::MayOpen),
        Err(error) => Err(error),
    };
    match moved {
        Ok(Registered::Complete) => {
            open(house, person, language, ActingAs::Holder).await?;
            Ok(Standing::Open)
        }
        Ok(Registered::MoreMustSign | Registered::RuleNotSupported) => Ok(Standing::TryAgain),
        Err(RegisterError::Unreachable(why)) => {
            tracing::warn!(why, "FaR gave no answer to a move; asking where the holder is");
            if far.standing(&holder(person)).await == Ok(register::Standing::Here) {
                open(house, person, language, ActingAs::Holder).await?;
                return Ok(Standing::Open);
            }
            Ok(Standing::TryAgain)
        }
        Err(error) => Ok(refused(error)),
    }
}

/// Opens the mailbox of somebody whom FaR already has with us, without a login: after a restored database, and for a demonstration.
pub async fn open_registered(house: &House, far: &dyn Register, person: &Person) -> Result<Standing, MailboxError> {
    match far.standing(&holder(person)).await {
        Ok(register::Standing::Here) => {
            open(house, person, "sv", ActingAs::Command).await?;
            Ok(Standing::Open)
        }
        Ok(register::Standing::Elsewhere(operator)) => Ok(Standing::Elsewhere(operator.name)),
        Ok(_) => Ok(Standing::MayOpen),
        Err(error) => Ok(refused(error)),
    }
}

async fn is_open(house: &House, person: &Person) -> Result<bool, MailboxError> {
    let mut tx = house.db.read().await?;
    let row = store::mailbox::by_holder(&mut tx, holder_index(house, &person.number.to_string())).await?;
    Ok(row.is_some_and(|row| row.state == State::Open))
}

/// Opens the person's mailbox here: a new one, or the one that was closed. Doing it twice changes nothing.
async fn open(house: &House, person: &Person, language: &str, right: ActingAs) -> Result<(), MailboxError> {
    let now = house.clock.now();
    let index = holder_index(house, &person.number.to_string());
    let mut tx = house.db.begin().await?;
    match store::mailbox::by_holder(&mut tx, index).await? {
        Some(row) if row.state == State::Open => return Ok(()),
        Some(row) => {
            store::mailbox::set_state(&mut tx, row.id, State::Open, now).await?;
            if let Some(whose) = enter(&mut tx, house, person, Right::Account).await? {
                whose.log(&mut tx, house.ids, now, Act::OpenedMailbox, None).await?;
            }
        }
        None => {
            let holder = Holder {
                number: person.number.to_string(),
                name: person.name.clone(),
            };
            let Some((id, _)) = make(&mut tx, house, holder, language).await? else {
                return Ok(());
            };
            let event = Event::of_account(AuditAct::OpenedMailbox, right, id);
            audit::append(&mut tx, Scribe::of(house), event).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// Opens a company's mailbox here, after `person` has signed last: a new one, or the one that was closed. Doing it twice changes nothing.
pub(super) async fn open_for_company(
    house: &House,
    holder: Holder,
    person: &Person,
    language: &str,
) -> Result<Uuid, MailboxError> {
    let now = house.clock.now();
    let index = holder_index(house, &holder.number);
    let mut tx = house.db.begin().await?;
    let (id, key) = match store::mailbox::by_holder(&mut tx, index).await? {
        Some(row) if row.state == State::Open => return Ok(row.id),
        Some(row) => {
            store::mailbox::set_state(&mut tx, row.id, State::Open, now).await?;
            (row.id, house.keys.unwrap(&row.id, &row.wrapped)?)
        }
        None => match make(&mut tx, house, holder, language).await? {
            Some(made) => made,
            None => {
                drop(tx);
                let mut tx = house.db.read().await?;
                let row = store::mailbox::by_holder(&mut tx, index).await?;
                return row.map(|row| row.id).ok_or(MailboxError::Record("mailbox"));
            }
        },
    };
    let who = (person.name.as_str(), Capacity::Signatory);
    log_as(&mut tx, house, (id, &key), who, Act::OpenedMailbox).await?;
    tx.commit().await?;
    Ok(id)
}

/// A new mailbox; nothing when the holder has got one at the same moment: somebody clicked twice, or two signed at once.
async fn make(
    tx: &mut Tx,
    house: &House,
    holder: Holder,
    language: &str,
) -> Result<Option<(Uuid, MailboxKey)>, MailboxError> {
    let now = house.clock.now();
    let id = house.ids.at(now);
    let (key, wrapped) = house.keys.new_mailbox_key(house.ids, &id)?;
    let new = NewMailbox {
        id,
        holder_index: holder_index(house, &holder.number),
        holder: key.seal_record(house.ids, &Place::of("mailbox", &id, "holder"), &holder)?,
        wrapped,
        language: language.to_owned(),
        terms: TERMS.to_owned(),
        opened_at: now,
    };
    match store::mailbox::insert(tx, new).await {
        Err(error) if error.is_duplicate() => Ok(None),
        other => {
            other?;
            Ok(Some((id, key)))
        }
    }
}

fn holder(person: &Person) -> RecipientId {
    RecipientId::Person(person.number)
}

fn too_young(house: &House, person: &Person) -> bool {
    person
        .number
        .age_on(crate::domain::calendar::day_in_sweden(house.clock.now()))
        < OF_AGE
}

fn refused(error: RegisterError) -> Standing {
    match error {
        RegisterError::ElsewhereAt(operator) => Standing::Elsewhere(operator.name),
        RegisterError::Refused {
            reason: Reason::ProtectedIdentity,
            ..
        } => Standing::Protected,
        RegisterError::Refused {
            reason: Reason::NotInPopulationRegister,
            ..
        } => Standing::NoSwedishNumber,
        error => {
            tracing::warn!(%error, "FaR gave no usable answer about a registration");
            Standing::TryAgain
        }
    }
}
