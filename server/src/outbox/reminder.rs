//! Reminds of what is still unread.

use super::addresses::{self, Known};
use super::tell::{Telling, tell_by};
use super::{OutboxError, rules};
use crate::db::Tx;
use crate::domain::channel::Channel;
use crate::domain::notice_rules::Rules;
use crate::house::House;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::mailbox::State;
use crate::store::notice::NoticeKind;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// The most letters that a reminder counts.
const MOST: i64 = 1000;

/// What a reminder came to.
#[derive(Debug)]
pub(super) enum Reminder {
    /// Everything was read, or reminders are switched off.
    NotNeeded,
    /// The rules hold it now.
    Later(OffsetDateTime),
    /// Ready to be written.
    Due(Box<Due>),
}

/// A reminder with letters in it.
#[derive(Debug)]
pub(super) struct Due {
    mailbox_id: Uuid,
    key: MailboxKey,
    rules: Rules,
    known: Vec<Known>,
    letters: Vec<Uuid>,
    channels: Vec<Channel>,
}

/// Looks for what is unread from the days that a reminder on `day` speaks of.
pub(super) async fn run(house: &House, mailbox_id: Uuid, day: Date) -> Result<Reminder, OutboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let mailbox = store::mailbox::by_id(&mut tx, mailbox_id).await?;
    let Some(mailbox) = mailbox.filter(|mailbox| mailbox.state == State::Open) else {
        return Ok(Reminder::NotNeeded);
    };
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let rules = rules::read(&mut tx, &key, mailbox_id).await?;
    let released = rules.released(now);
    if released > now {
        return Ok(Reminder::Later(released));
    }
    let mut letters = Vec::new();
    let mut channels = rules.reminder_channels();
    for (from, to, second) in rules.reminded_of(day) {
        let (from, to) = (house.ids.first_at(from), house.ids.first_at(to));
        let unread = store::letter::unread_between(&mut tx, mailbox_id, from, to, MOST).await?;
        if second && !unread.is_empty() {
            channels = Channel::ALL.to_vec();
        }
        letters.extend(unread);
    }
    if letters.is_empty() {
        return Ok(Reminder::NotNeeded);
    }
    letters.sort_unstable();
    Ok(Reminder::Due(Box::new(Due {
        known: addresses::known(&mut tx, &key, mailbox_id).await?,
        mailbox_id,
        key,
        rules,
        letters,
        channels,
    })))
}

/// Writes its notices, in the transaction that ends the job.
pub(super) async fn write(tx: &mut Tx, house: &House, due: &Due) -> Result<(), OutboxError> {
    let telling = Telling {
        kind: NoticeKind::Reminder,
        round_id: house.ids.at(house.clock.now()),
        letters: due.letters.clone(),
        about: None,
    };
    let (mailbox, by) = ((due.mailbox_id, &due.key), (due.known.as_slice(), &due.rules));
    tell_by(tx, house, mailbox, &telling, &due.channels, by).await
}
