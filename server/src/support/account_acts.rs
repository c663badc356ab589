//! What staff do for a holder, within a look. Each act is in the audit log with who did it, and in the log that the holder reads with why.

use super::SupportError;
use super::access::{Leave, OnDuty};
use super::account::{What, Within, may_go_again, named, named_id, within};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::channel::Channel;
use crate::domain::staff::StaffAct;
use crate::house::House;
use crate::mailbox::contacts::ask_to_confirm;
use crate::mailbox::forward::mark_protected;
use crate::store;
use crate::store::notice::NoticeKind;
use crate::store::sent_count::{Counted, count};
use time::Duration;
use uuid::Uuid;

/// How many notices of one mailbox staff may have sent again in [`PERIOD`].
const MOST_AGAIN: i64 = 5;

/// Within how long they are counted.
const PERIOD: Duration = Duration::HOUR;

/// What came of an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is done.
    Done,
    /// There was nothing to do: it stands so already, or what was named is not there any more.
    Nothing,
    /// Too often within an hour.
    TooMany,
    /// Nobody has said that the holder asks for it.
    NotAsked,
    /// The look shows nothing: it is over, waits, or is not theirs.
    NoLook,
}

/// What every act begins with: leave, and a look that shows the account now.
struct Begun {
    leave: Leave,
    tx: Tx,
    within: Within,
    look: Uuid,
}

async fn begin(house: &House, duty: &OnDuty, look: Uuid, act: StaffAct) -> Result<Option<Begun>, SupportError> {
    let leave = duty.leave_to(house, act).await?;
    let mut tx = house.db.begin().await?;
    let within = within(&mut tx, house, duty, look).await?;
    Ok(within.map(|within| Begun {
        leave,
        tx,
        within,
        look,
    }))
}

impl Begun {
    /// What every act ends with: a row in each of the two logs, in the transaction of the act.
    async fn done(mut self, house: &House, told: Act) -> Result<Done, SupportError> {
        let Within {
            account,
            keyhole,
            reason,
        } = &self.within;
        keyhole.log(&mut self.tx, house, told, reason).await?;
        let about = (Some(self.look.to_string()), Some(reason));
        self.leave
            .write_about(&mut self.tx, house, Some(account.id), about)
            .await?;
        self.tx.commit().await?;
        house.bell.notify_one();
        Ok(Done::Done)
    }
}

/// Sends a notice of letters once more, to the same address.
pub async fn resend(house: &House, duty: &OnDuty, look: Uuid, handle: &str) -> Result<Done, SupportError> {
    let now = house.clock.now();
    let Some(mut begun) = begin(house, duty, look, StaffAct::ResendNotice).await? else {
        return Ok(Done::NoLook);
    };
    let (tx, mailbox) = (&mut begun.tx, begun.within.account.id);
    let Some(id) = named_id(house, look, What::Notice, handle) else {
        return Ok(Done::Nothing);
    };
    let row = store::notice::by_id(tx, mailbox, id).await?;
    let Some(row) = row.filter(may_go_again) else {
        return Ok(Done::Nothing);
    };
    if !count(tx, mailbox, Counted::Resent, now, PERIOD, MOST_AGAIN).await? {
        return Ok(Done::TooMany);
    }
    if !begun.within.keyhole.tell_again(tx, house, &row).await? {
        return Ok(Done::Nothing);
    }
    begun.done(house, Act::StaffResentNotice).await
}

/// Ends one of the holder's sessions, or every one.
pub async fn end_sessions(
    house: &House,
    duty: &OnDuty,
    look: Uuid,
    handle: Option<&str>,
) -> Result<Done, SupportError> {
    let Some(mut begun) = begin(house, duty, look, StaffAct::EndSessions).await? else {
        return Ok(Done::NoLook);
    };
    let (tx, mailbox) = (&mut begun.tx, begun.within.account.id);
    let gone = match handle {
        None => store::session::delete_of_mailbox(tx, mailbox).await? > 0,
        Some(handle) => match named(house, look, What::Session, handle) {
            Some(handle) => store::session::delete_by_handle(tx, mailbox, &handle).await?,
            None => false,
        },
    };
    if !gone {
        return Ok(Done::Nothing);
    }
    begun.done(house, Act::StaffEndedSessions).await
}

/// Locks the mailbox: every session ends, nobody comes in, letters do; told to every address. `asked`: the holder wants it.
pub async fn lock(house: &House, duty: &OnDuty, look: Uuid, asked: bool) -> Result<Done, SupportError> {
    let now = house.clock.now();
    let Some(mut begun) = begin(house, duty, look, StaffAct::LockMailbox).await? else {
        return Ok(Done::NoLook);
    };
    if !asked {
        return Ok(Done::NotAsked);
    }
    let (tx, mailbox) = (&mut begun.tx, begun.within.account.id);
    if !store::mailbox::set_locked(tx, mailbox, Some(now)).await? {
        return Ok(Done::Nothing);
    }
    store::session::delete_of_mailbox(tx, mailbox).await?;
    begun.within.keyhole.tell(tx, house, NoticeKind::Locked).await?;
    begun.done(house, Act::StaffLocked).await
}

/// Unlocks it; told to every address. `asked`: the holder wants it.
pub async fn unlock(house: &House, duty: &OnDuty, look: Uuid, asked: bool) -> Result<Done, SupportError> {
    let Some(mut begun) = begin(house, duty, look, StaffAct::UnlockMailbox).await? else {
        return Ok(Done::NoLook);
    };
    if !asked {
        return Ok(Done::NotAsked);
    }
    let (tx, mailbox) = (&mut begun.tx, begun.within.account.id);
    if !store::mailbox::set_locked(tx, mailbox, None).await? {
        return Ok(Done::Nothing);
    }
    begun.within.keyhole.tell(tx, house, NoticeKind::Unlocked).await?;
    begun.done(house, Act::StaffUnlocked).await
}

/// Has an address confirmed again: a code goes to it, and nothing else until it has come back.
pub async fn ask_again(house: &House, duty: &OnDuty, look: Uuid, handle: &str) -> Result<Done, SupportError> {
    let Some(mut begun) = begin(house, duty, look, StaffAct::AskAgain).await? else {
        return Ok(Done::NoLook);
    };
    let (tx, account) = (&mut begun.tx, &begun.within.account);
    // Whose addresses are not seen has none that can be named.
    let id = named_id(house, look, What::Address, handle).filter(|_| account.protected_at.is_none());
    let known = begun.within.keyhole.addresses(tx).await?;
    let to = known
        .into_iter()
        .find(|known| Some(known.row.id) == id && known.row.channel != Channel::Push);
    let Some(to) = to else {
        return Ok(Done::Nothing);
    };
    if !ask_to_confirm(tx, house, account.id, to).await? {
        return Ok(Done::TooMany);
    }
    begun.done(house, Act::StaffAskedAgain).await
}

/// Marks the holder's identity as protected, from when on this look needs a second too. Only a command takes the mark away.
pub async fn protect(house: &House, duty: &OnDuty, look: Uuid, asked: bool) -> Result<Done, SupportError> {
    let Some(mut begun) = begin(house, duty, look, StaffAct::ProtectHolder).await? else {
        return Ok(Done::NoLook);
    };
    if !asked {
        return Ok(Done::NotAsked);
    }
    let (tx, account) = (&mut begun.tx, &begun.within.account);
    if account.protected_at.is_some() {
        return Ok(Done::Nothing);
    }
    mark_protected(tx, house, account.id).await?;
    begun.done(house, Act::MarkedProtected).await
}
