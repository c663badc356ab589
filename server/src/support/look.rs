//! Looks: somebody of the staff finds an account by its holder's number and says why. From then on the look stands in addresses and in logs,
//! and the number nowhere. At the account of somebody with protected identity it waits for a second of the staff ([`super::second`]).

use super::access::OnDuty;
use super::keyhole::Keyhole;
use super::{SupportError, draft};
use crate::audit::{self, Event, Scribe};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::audit::{ActingAs, AuditAct};
use crate::domain::calendar::day_in_sweden;
use crate::domain::holder_number::read_number;
use crate::domain::look::{KEPT, LASTS, Reason, WAITS, WrongReason};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::mailbox::access::holder_index;
use crate::mailbox::forward::mark_protected;
use crate::register::{self, Register, RegisterError};
use crate::seal::Place;
use crate::store;
use crate::store::account::AccountRow;
use crate::store::look::{LookRow, LookState};
use contracts::identifier::RecipientId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

/// Looks of their own that somebody is shown.
const SHOWN: i64 = 20;

/// What is typed to find an account.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedFind {
    /// The holder's number, as people write it.
    pub number: String,
    /// What it is about, by name.
    pub cause: String,
    /// In their own words.
    pub words: String,
}

impl std::fmt::Debug for TypedFind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedFind(…)")
    }
}

/// What is not right with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongFind {
    /// It cannot be anybody's number.
    Number,
    /// Nobody with that number has a mailbox here.
    Nobody,
    /// No cause was chosen.
    Cause,
    /// No words, or too many.
    Words,
}

impl From<WrongReason> for WrongFind {
    fn from(wrong: WrongReason) -> Self {
        match wrong {
            WrongReason::Cause => Self::Cause,
            WrongReason::Words => Self::Words,
        }
    }
}

/// What came of looking for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This look shows it, or waits for a second.
    Look(Uuid),
    /// Something is not right; what was typed waits under this id.
    Wrong(WrongFind, Uuid),
}

/// What FaR says of a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FarSays {
    /// With us.
    Here,
    /// With another operator, by name.
    Elsewhere(String),
    /// With none.
    Nowhere,
    /// A registration waits for more signatures.
    Pending,
    /// FaR gave no usable answer.
    Silent,
    /// That the identity is protected.
    Protected,
}

/// How a look stands for whoever has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It shows the account.
    Open,
    /// It waits for a second.
    Waiting,
    /// The second said no.
    Refused,
    /// It is over.
    Over,
}

/// A look, told.
#[derive(Clone, Debug)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// Why.
    pub reason: Reason,
    /// How it stands.
    pub standing: Standing,
    /// When it was asked for.
    pub asked_at: OffsetDateTime,
    /// When it is over.
    pub ends_at: OffsetDateTime,
}

/// What was typed before and not taken, and the looks of their own that are not over.
pub async fn form(
    house: &House,
    duty: &OnDuty,
    typed: Option<Uuid>,
) -> Result<(Option<TypedFind>, Vec<Told>), SupportError> {
    // What is looked at is written down when it is.
    duty.leave_to(house, StaffAct::OpenLook).await?;
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let typed = match typed {
        Some(id) => draft::find(&mut tx, house, duty, id).await?,
        None => None,
    };
    let rows = store::look::of_staff(&mut tx, duty.id(), now, SHOWN).await?;
    let looks = rows.iter().map(|row| told(house, row, false, now));
    Ok((typed, looks.collect::<Result<_, _>>()?))
}

/// Opens a look at the account of the holder with this number.
pub async fn find(house: &House, far: &dyn Register, duty: &OnDuty, typed: TypedFind) -> Result<Found, SupportError> {
    let leave = duty.leave_to(house, StaffAct::OpenLook).await?;
    let now = house.clock.now();
    let number = read_number(&typed.number, day_in_sweden(now));
    let (number, reason) = match (number, Reason::given(&typed.cause, &typed.words)) {
        (None, _) => return keep(house, duty, WrongFind::Number, &typed).await,
        (_, Err(wrong)) => return keep(house, duty, wrong.into(), &typed).await,
        (Some(number), Ok(reason)) => (number, reason),
    };
    let index = holder_index(house, &number.to_string());
    let mut tx = house.db.read().await?;
    let account = store::account::by_holder(&mut tx, &index).await?;
    drop(tx);
    let Some(account) = account else {
        let mut tx = house.db.begin().await?;
        let draft = draft::keep(&mut tx, house, duty, &typed).await?;
        leave
            .write_about(&mut tx, house, None, (Some("nobody".to_owned()), Some(&reason)))
            .await?;
        tx.commit().await?;
        return Ok(Found::Wrong(WrongFind::Nobody, draft));
    };
    if account.protected_at.is_none() {
        // The register may know by now. Should it not answer, what we know counts.
        ask(house, far, &account, &number).await?;
    }
    let mut tx = house.db.begin().await?;
    let Some(account) = store::account::by_id(&mut tx, account.id).await? else {
        drop(tx);
        return keep(house, duty, WrongFind::Nobody, &typed).await;
    };
    let waits = account.protected_at.is_some();
    let id = house.ids.at(now);
    let row = LookRow {
        id,
        mailbox_id: account.id,
        staff_id: duty.id(),
        second_id: None,
        reason: house.keys.seal(house.ids, &place(&id), reason.written().as_bytes())?,
        state: if waits { LookState::Waiting } else { LookState::Open },
        asked_at: now,
        ends_at: now + if waits { WAITS } else { LASTS },
    };
    store::look::sweep(&mut tx, now - KEPT).await?;
    store::look::insert(&mut tx, &row).await?;
    if !waits {
        let keyhole = Keyhole::of(house, &account)?;
        keyhole.log(&mut tx, house, Act::StaffLooked, &reason).await?;
    }
    leave
        .write_about(&mut tx, house, Some(account.id), (Some(id.to_string()), Some(&reason)))
        .await?;
    tx.commit().await?;
    Ok(Found::Look(id))
}

/// Closes a look of their own; false when it was over.
pub async fn close(house: &House, duty: &OnDuty, id: Uuid) -> Result<bool, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SeeAccount).await?;
    let mut tx = house.db.begin().await?;
    let Some(row) = own(&mut tx, duty, id).await? else {
        return Ok(false);
    };
    if !store::look::close(&mut tx, id, duty.id(), house.clock.now()).await? {
        return Ok(false);
    }
    let about = (Some(id.to_string()), None);
    leave
        .write_as(&mut tx, house, AuditAct::ClosedLook, Some(row.mailbox_id), about)
        .await?;
    tx.commit().await?;
    Ok(true)
}

/// What FaR says of a holder now. That the identity is protected is believed, and written down.
pub(super) async fn ask(
    house: &House,
    far: &dyn Register,
    account: &AccountRow,
    number: &RecipientId,
) -> Result<FarSays, SupportError> {
    let says = match far.standing(number).await {
        Ok(register::Standing::Here) => FarSays::Here,
        Ok(register::Standing::Elsewhere(operator)) => FarSays::Elsewhere(operator.name),
        Ok(register::Standing::Nowhere) => FarSays::Nowhere,
        Ok(register::Standing::Pending(_)) => FarSays::Pending,
        Err(RegisterError::Refused {
            reason: register::Reason::ProtectedIdentity,
            ..
        }) => FarSays::Protected,
        Err(error) => {
            tracing::warn!(%error, "FaR gave no usable answer to staff");
            FarSays::Silent
        }
    };
    if says == FarSays::Protected && account.protected_at.is_none() {
        let mut tx = house.db.begin().await?;
        mark_protected(&mut tx, house, account.id).await?;
        let event = Event::of_account(AuditAct::ProtectedHolder, ActingAs::System, account.id);
        audit::append(&mut tx, Scribe::of(house), event).await?;
        tx.commit().await?;
    }
    Ok(says)
}

/// Somebody's own look; another's is none.
pub(super) async fn own(tx: &mut Tx, duty: &OnDuty, id: Uuid) -> Result<Option<LookRow>, SupportError> {
    let row = store::look::by_id(tx, id).await?;
    Ok(row.filter(|row| row.staff_id == duty.id()))
}

/// A look, as it stands at an account that is `protected` or not.
pub(super) fn told(house: &House, row: &LookRow, protected: bool, now: OffsetDateTime) -> Result<Told, SupportError> {
    Ok(Told {
        id: row.id,
        reason: reason(house, row)?,
        standing: standing(row, protected, now),
        asked_at: row.asked_at,
        ends_at: row.ends_at,
    })
}

/// Whether a look shows the account. One who is protected is never shown to one of the staff alone, whatever the row says.
pub(super) fn standing(row: &LookRow, protected: bool, now: OffsetDateTime) -> Standing {
    match row.state {
        LookState::Refused => Standing::Refused,
        LookState::Closed => Standing::Over,
        _ if row.ends_at <= now => Standing::Over,
        LookState::Waiting => Standing::Waiting,
        LookState::Open if protected && row.second_id.is_none() => Standing::Waiting,
        LookState::Open => Standing::Open,
    }
}

/// Why a look was opened.
pub(super) fn reason(house: &House, row: &LookRow) -> Result<Reason, SupportError> {
    let plain = house.keys.open(&place(&row.id), &row.reason)?;
    let text = String::from_utf8(plain).map_err(|_| SupportError::Record("reason"))?;
    Reason::read(&text).ok_or(SupportError::Record("reason"))
}

fn place(id: &Uuid) -> Place<'_> {
    Place::of("staff_look", id, "reason")
}

async fn keep(house: &House, duty: &OnDuty, wrong: WrongFind, typed: &TypedFind) -> Result<Found, SupportError> {
    let mut tx = house.db.begin().await?;
    let draft = draft::keep(&mut tx, house, duty, typed).await?;
    tx.commit().await?;
    Ok(Found::Wrong(wrong, draft))
}
