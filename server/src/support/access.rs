//! What somebody of the staff may do: decided here and nowhere else, denied by default, and written down whatever is decided.

use super::SupportError;
use super::register::{index, member, roles};
use crate::audit::{self, Actor, Event, Member, Scribe};
use crate::db::Tx;
use crate::domain::audit::AuditAct;
use crate::domain::look::Reason;
use crate::domain::staff::{Login, Roles, StaffAct};
use crate::house::House;
use crate::store;
use crate::store::staff::State;
use uuid::Uuid;

/// Somebody of the staff who is logged in.
#[derive(Clone, Debug)]
pub struct OnDuty {
    member: Member,
    roles: Roles,
}

/// Leave to do one thing, which has been asked for. What is done with it writes its row in the audit log.
#[derive(Debug)]
pub struct Leave {
    actor: Actor,
    act: StaffAct,
}

/// Who a checked login is.
#[derive(Debug)]
pub enum Recognised {
    /// Somebody of the staff.
    Staff(Uuid),
    /// Nobody in the register, or somebody who is locked out: which, is not told.
    Nobody,
}

impl OnDuty {
    /// The one with this id, unless they are locked out.
    pub async fn of(tx: &mut Tx, house: &House, id: Uuid) -> Result<Option<Self>, SupportError> {
        let row = store::staff::by_id(tx, id).await?;
        row.filter(|row| row.state == State::Active)
            .map(|row| {
                Ok(Self {
                    member: member(house, &row)?,
                    roles: roles(&row)?,
                })
            })
            .transpose()
    }

    /// Their name.
    pub fn name(&self) -> &str {
        &self.member.name
    }

    /// Their id in the register.
    pub fn id(&self) -> Uuid {
        self.member.id
    }

    /// Their roles.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Whether they may do this: for pages that show or leave out a way to it.
    pub fn may(&self, act: StaffAct) -> bool {
        self.roles.may(act)
    }

    /// Leave to do this. A no is written in the audit log too.
    pub async fn leave_to(&self, house: &House, act: StaffAct) -> Result<Leave, SupportError> {
        let actor = Actor::Staff(self.member.clone());
        if self.may(act) {
            return Ok(Leave { actor, act });
        }
        let mut tx = house.db.begin().await?;
        let event = Event::by(&actor, AuditAct::DeniedStaff).about_object(act.as_str());
        audit::append(&mut tx, Scribe::of(house), event).await?;
        tx.commit().await?;
        metrics::counter!("brevlada_staff_denied_total").increment(1);
        Err(SupportError::NotAllowed)
    }
}

impl Leave {
    /// Who has it.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Writes what was done, as the last thing of the transaction that does it.
    pub async fn write(&self, tx: &mut Tx, house: &House, object: Option<String>) -> Result<(), SupportError> {
        let mut event = Event::by(&self.actor, AuditAct::of_staff(self.act));
        event.object = object;
        Ok(audit::append(tx, Scribe::of(house), event).await?)
    }
}

impl Leave {
    /// The same about a mailbox, with the reason that was given.
    pub async fn write_about(
        &self,
        tx: &mut Tx,
        house: &House,
        account: Option<Uuid>,
        (object, reason): (Option<String>, Option<&Reason>),
    ) -> Result<(), SupportError> {
        let act = AuditAct::of_staff(self.act);
        self.write_as(tx, house, act, account, (object, reason)).await
    }

    /// The same under another name, where one leave is for several acts.
    pub async fn write_as(
        &self,
        tx: &mut Tx,
        house: &House,
        act: AuditAct,
        account: Option<Uuid>,
        (object, reason): (Option<String>, Option<&Reason>),
    ) -> Result<(), SupportError> {
        let mut event = Event::by(&self.actor, act);
        event.account = account;
        event.object = object;
        event.details.reason = reason.map(Reason::written);
        Ok(audit::append(tx, Scribe::of(house), event).await?)
    }
}

/// Who of the staff has one of these organisation identities. More than one person is nobody.
pub async fn recognise(tx: &mut Tx, house: &House, affiliations: &[String]) -> Result<Recognised, SupportError> {
    let mut found = None;
    for affiliation in affiliations {
        let Ok(login @ Login::Organisation(_)) = affiliation.parse::<Login>() else {
            continue;
        };
        let row = store::staff::by_login(tx, index(house, &login)).await?;
        if let Some(row) = row.filter(|row| row.state == State::Active) {
            if found.is_some_and(|other| other != row.id) {
                return Ok(Recognised::Nobody);
            }
            found = Some(row.id);
        }
    }
    Ok(found.map_or(Recognised::Nobody, Recognised::Staff))
}

/// Writes that somebody of the staff has logged in, or out.
pub async fn write_coming_and_going(tx: &mut Tx, house: &House, id: Uuid, act: AuditAct) -> Result<(), SupportError> {
    if let Some(row) = store::staff::by_id(tx, id).await? {
        let actor = Actor::Staff(member(house, &row)?);
        audit::append(tx, Scribe::of(house), Event::by(&actor, act)).await?;
    }
    Ok(())
}

/// Writes that somebody whom an employer vouches for was not let in.
pub async fn write_refusal(
    tx: &mut Tx,
    house: &House,
    name: &str,
    affiliations: &[String],
) -> Result<(), SupportError> {
    let event = Event::by(&Actor::Stranger, AuditAct::StaffLoginRefused);
    let about = format!("{name}, {}", affiliations.join(", "));
    Ok(audit::append(tx, Scribe::of(house), event.about(about)).await?)
}
