//! The staff register, as the operator keeps it on the command line.

use super::SupportError;
use super::password::Kept;
use crate::audit::{self, Actor, Event, Member, Scribe};
use crate::db::Tx;
use crate::domain::audit::AuditAct;
use crate::domain::staff::{Login, Roles, password};
use crate::domain::totp;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use crate::store::staff::{StaffRow, State};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;
use zeroize::Zeroizing;

/// What is sealed in a row.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Content {
    /// Their name.
    pub(super) name: String,
    /// By what they log in.
    pub(super) login: String,
    /// Of a local account alone.
    pub(super) secrets: Option<Secrets>,
}

/// What a local account is logged in to with.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Secrets {
    pub(super) password: Kept,
    pub(super) totp: Zeroizing<Vec<u8>>,
}

/// What is shown once, when a local account is made or reset.
pub struct Shown {
    /// The password, when we have made it.
    pub password: Option<Zeroizing<String>>,
    /// The secret for an authenticator app, as text.
    pub secret: Zeroizing<String>,
    /// The same as an address that such an app takes.
    pub address: Zeroizing<String>,
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown(…)")
    }
}

/// What came of adding somebody.
#[derive(Debug)]
pub enum Added {
    /// Added; with what a local account is logged in to.
    Done(Option<Shown>),
    /// Somebody has this login already.
    Taken,
}

/// Somebody of the staff, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Their id.
    pub id: Uuid,
    /// Their name.
    pub name: String,
    /// By what they log in.
    pub login: String,
    /// Their roles.
    pub roles: Roles,
    /// Whether they may not log in.
    pub locked: bool,
    /// Since when they are there.
    pub since: OffsetDateTime,
}

/// Somebody to be added.
pub struct New {
    /// Their name.
    pub name: String,
    /// By what they log in.
    pub login: Login,
    /// Their roles.
    pub roles: Roles,
    /// The password of a local account; one is made when there is none.
    pub password: Option<Zeroizing<String>>,
}

impl std::fmt::Debug for New {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("New(…)")
    }
}

/// Adds somebody. `host` is what an authenticator app calls the service.
pub async fn add(house: &House, new: New, host: &str) -> Result<Added, SupportError> {
    let now = house.clock.now();
    let id = house.ids.at(now);
    let (secrets, shown) = match &new.login {
        Login::Organisation(_) => (None, None),
        Login::Local(name) => {
            let (secrets, shown) = make(house, new.password, host, name).await?;
            (Some(secrets), Some(shown))
        }
    };
    let content = Content {
        name: new.name,
        login: new.login.name().to_owned(),
        secrets,
    };
    let row = StaffRow {
        id,
        way: new.login.way().to_owned(),
        login_index: index(house, &new.login),
        content: sealed(house, id, &content)?,
        roles: new.roles.to_string(),
        state: State::Active,
        tries: 0,
        wait_until: OffsetDateTime::UNIX_EPOCH,
        code_step: 0,
        created_at: now,
        changed_at: now,
    };
    let mut tx = house.db.begin().await?;
    match store::staff::insert(&mut tx, &row).await {
        Err(error) if error.is_duplicate() => return Ok(Added::Taken),
        other => other?,
    }
    write(&mut tx, house, AuditAct::AddedStaff, &content, Some(row.roles)).await?;
    tx.commit().await?;
    Ok(Added::Done(shown))
}

/// Everybody.
pub async fn list(house: &House) -> Result<Vec<Listed>, SupportError> {
    let mut tx = house.db.read().await?;
    let rows = store::staff::all(&mut tx).await?;
    rows.iter().map(|row| listed(house, row)).collect()
}

/// Locks somebody out, at once and in open sessions too, or lets them in again; false when nobody has this login.
pub async fn lock(house: &House, login: &Login, locked: bool) -> Result<bool, SupportError> {
    let mut tx = house.db.begin().await?;
    let Some(row) = store::staff::hold_by_login(&mut tx, index(house, login)).await? else {
        return Ok(false);
    };
    let (state, act) = if locked {
        (State::Locked, AuditAct::LockedStaff)
    } else {
        (State::Active, AuditAct::UnlockedStaff)
    };
    store::staff::set_state(&mut tx, row.id, state, house.clock.now()).await?;
    if locked {
        store::staff_session::delete_of(&mut tx, row.id).await?;
    }
    write(&mut tx, house, act, &opened(house, &row)?, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// Gives somebody these roles, from their next page on; false when nobody has this login.
pub async fn set_roles(house: &House, login: &Login, roles: &Roles) -> Result<bool, SupportError> {
    let mut tx = house.db.begin().await?;
    let Some(row) = store::staff::hold_by_login(&mut tx, index(house, login)).await? else {
        return Ok(false);
    };
    let roles = roles.to_string();
    store::staff::set_roles(&mut tx, row.id, &roles, house.clock.now()).await?;
    write(
        &mut tx,
        house,
        AuditAct::ChangedRoles,
        &opened(house, &row)?,
        Some(roles),
    )
    .await?;
    tx.commit().await?;
    Ok(true)
}

/// Gives a local account another password and another secret, and ends its sessions; nothing when there is no such account.
pub async fn reset(
    house: &House,
    login: &Login,
    password: Option<Zeroizing<String>>,
    host: &str,
) -> Result<Option<Shown>, SupportError> {
    let Login::Local(name) = login else {
        return Ok(None);
    };
    let (secrets, shown) = make(house, password, host, name).await?;
    let mut tx = house.db.begin().await?;
    let Some(row) = store::staff::hold_by_login(&mut tx, index(house, login)).await? else {
        return Ok(None);
    };
    let content = Content {
        secrets: Some(secrets),
        ..opened(house, &row)?
    };
    store::staff::set_content(&mut tx, row.id, &sealed(house, row.id, &content)?, house.clock.now()).await?;
    store::staff_session::delete_of(&mut tx, row.id).await?;
    write(&mut tx, house, AuditAct::ResetStaff, &content, None).await?;
    tx.commit().await?;
    Ok(Some(shown))
}

async fn make(
    house: &House,
    given: Option<Zeroizing<String>>,
    host: &str,
    name: &str,
) -> Result<(Secrets, Shown), SupportError> {
    let random = house.ids.bytes().map_err(|_| SupportError::NoRandomness)?;
    let made = given.is_none().then(|| Zeroizing::new(password(random)));
    let word = given.or_else(|| made.clone()).ok_or(SupportError::NoRandomness)?;
    let totp: [u8; 20] = house.ids.bytes().map_err(|_| SupportError::NoRandomness)?;
    let shown = Shown {
        password: made,
        secret: Zeroizing::new(totp::written(&totp)),
        address: Zeroizing::new(totp::address(&totp, host, name)),
    };
    let secrets = Secrets {
        password: Kept::of(house.ids, word).await?,
        totp: Zeroizing::new(totp.to_vec()),
    };
    Ok((secrets, shown))
}

/// What the operator does with the register is done on the command line alone.
async fn write(
    tx: &mut Tx,
    house: &House,
    act: AuditAct,
    content: &Content,
    roles: Option<String>,
) -> Result<(), SupportError> {
    let mut event = Event::by(&Actor::Command, act).about(format!("{}, {}", content.name, content.login));
    event.object = roles;
    Ok(audit::append(tx, Scribe::of(house), event).await?)
}

fn listed(house: &House, row: &StaffRow) -> Result<Listed, SupportError> {
    let content = opened(house, row)?;
    Ok(Listed {
        id: row.id,
        name: content.name,
        login: content.login,
        roles: roles(row)?,
        locked: row.state == State::Locked,
        since: row.created_at,
    })
}

/// Who somebody is, for the audit log and for their pages.
pub(super) fn member(house: &House, row: &StaffRow) -> Result<Member, SupportError> {
    Ok(Member {
        id: row.id,
        name: opened(house, row)?.name,
    })
}

pub(super) fn roles(row: &StaffRow) -> Result<Roles, SupportError> {
    row.roles.parse().map_err(|_| SupportError::Record("list of roles"))
}

pub(super) fn index(house: &House, login: &Login) -> [u8; 32] {
    house.keys.blind_index("staff", &login.key())
}

fn sealed(house: &House, id: Uuid, content: &Content) -> Result<Vec<u8>, SupportError> {
    let place = Place::of("staff", &id, "content");
    Ok(house.keys.seal_record(house.ids, &place, content)?)
}

pub(super) fn opened(house: &House, row: &StaffRow) -> Result<Content, SupportError> {
    let place = Place::of("staff", &row.id, "content");
    Ok(house.keys.open_record(&place, &row.content)?)
}
