//! Tells a holder that somebody is let into the mailbox, and in time that it ends: to every address, by no rules for notices. Whoever
//! sits at an open session must not let others in unseen.

use super::addresses::{self, Known};
use super::tell::tell_all;
use super::{Job, OutboxError, enqueue};
use crate::db::Tx;
use crate::house::House;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::consent::ConsentRow;
use crate::store::mailbox::State;
use crate::store::notice::NoticeKind;
use time::Duration;
use uuid::Uuid;

/// So long before its end a consent is spoken of.
const BEFORE: Duration = Duration::days(14);

/// Tells that somebody has said yes, and has the end told of when it comes near: in the transaction that lets them in.
pub async fn let_in(
    tx: &mut Tx,
    house: &House,
    (mailbox_id, key): (Uuid, &MailboxKey),
    consent: &ConsentRow,
) -> Result<(), OutboxError> {
    let now = house.clock.now();
    let known = addresses::known(tx, key, mailbox_id).await?;
    tell_all(tx, house, (mailbox_id, key), (NoticeKind::Helper, None), &known).await?;
    let soon = consent.ends_at - BEFORE;
    if soon > now {
        let job = Job::HelperEnds {
            mailbox_id,
            consent_id: consent.id,
        };
        enqueue(tx, house, &job, soon).await?;
    }
    Ok(())
}

/// A consent whose end is to be told of.
#[derive(Debug)]
pub(super) struct Ending {
    mailbox_id: Uuid,
    key: MailboxKey,
    known: Vec<Known>,
}

/// Looks whether the consent is in force still.
pub(super) async fn run(house: &House, mailbox_id: Uuid, consent: Uuid) -> Result<Option<Ending>, OutboxError> {
    let mut tx = house.db.read().await?;
    let row = store::consent::by_id(&mut tx, mailbox_id, consent).await?;
    if !row.is_some_and(|row| row.is_in_force(house.clock.now())) {
        return Ok(None);
    }
    let mailbox = store::mailbox::by_id(&mut tx, mailbox_id).await?;
    let Some(mailbox) = mailbox.filter(|mailbox| mailbox.state == State::Open) else {
        return Ok(None);
    };
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    Ok(Some(Ending {
        known: addresses::known(&mut tx, &key, mailbox_id).await?,
        mailbox_id,
        key,
    }))
}

/// Writes its notices, in the transaction that ends the job.
pub(super) async fn write(tx: &mut Tx, house: &House, ending: &Ending) -> Result<(), OutboxError> {
    let mailbox = (ending.mailbox_id, &ending.key);
    tell_all(tx, house, mailbox, (NoticeKind::HelperEnds, None), &ending.known).await
}
