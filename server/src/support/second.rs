//! The second of the staff: looks at accounts of people with protected identity wait for one, who sees who asks and why, and not at whose
//! account.

use super::SupportError;
use super::access::OnDuty;
use super::keyhole::Keyhole;
use super::look::reason;
use super::register::opened;
use crate::domain::access::Act;
use crate::domain::audit::AuditAct;
use crate::domain::look::{LASTS, Reason};
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::store;
use crate::store::look::LookState;
use time::OffsetDateTime;
use uuid::Uuid;

/// Looks on the page.
const SHOWN: i64 = 50;

/// A look that waits.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Its id.
    pub id: Uuid,
    /// Who asks, by name.
    pub who: String,
    /// Why.
    pub reason: Reason,
    /// Since when.
    pub asked_at: OffsetDateTime,
    /// Until when it waits.
    pub ends_at: OffsetDateTime,
}

/// Looks of others that wait for a second, oldest first.
pub async fn waiting(house: &House, duty: &OnDuty) -> Result<Vec<Waiting>, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SecondLook).await?;
    let mut tx = house.db.begin().await?;
    let rows = store::look::waiting(&mut tx, duty.id(), house.clock.now(), SHOWN).await?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in rows {
        let who = store::staff::by_id(&mut tx, row.staff_id).await?;
        waiting.push(Waiting {
            id: row.id,
            who: who
                .map(|who| opened(house, &who))
                .transpose()?
                .map_or_else(String::new, |who| who.name),
            reason: reason(house, &row)?,
            asked_at: row.asked_at,
            ends_at: row.ends_at,
        });
    }
    leave.write(&mut tx, house, None).await?;
    tx.commit().await?;
    Ok(waiting)
}

/// Allows a look, which shows the account from now on, or refuses it. False when it waits no more, or is their own.
pub async fn answer(house: &House, duty: &OnDuty, id: Uuid, allowed: bool) -> Result<bool, SupportError> {
    let leave = duty.leave_to(house, StaffAct::SecondLook).await?;
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(row) = store::look::by_id(&mut tx, id).await? else {
        return Ok(false);
    };
    let (state, act, ends_at) = if allowed {
        (LookState::Open, AuditAct::AllowedLook, now + LASTS)
    } else {
        (LookState::Refused, AuditAct::RefusedLook, now)
    };
    if !store::look::answer(&mut tx, id, duty.id(), state, now, ends_at).await? {
        return Ok(false);
    }
    let reason = reason(house, &row)?;
    if allowed {
        let Some(account) = store::account::by_id(&mut tx, row.mailbox_id).await? else {
            return Ok(false);
        };
        let keyhole = Keyhole::of(house, &account)?;
        keyhole.log(&mut tx, house, Act::StaffLooked, &reason).await?;
    }
    let about = (Some(id.to_string()), Some(&reason));
    leave.write_as(&mut tx, house, act, Some(row.mailbox_id), about).await?;
    tx.commit().await?;
    Ok(true)
}
