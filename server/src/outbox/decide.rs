//! Decides, by the person's rules, when and how they are told of a letter.

use super::addresses::{self, Known};
use super::tell::{Telling, derived, round_id, tell_by};
use super::{Job, OutboxError, enqueue_once, rules};
use crate::db::{Turn, Tx};
use crate::domain::channel::Channel;
use crate::domain::letter::Header;
use crate::domain::notice_rules::{Facts, Rules, Way, leading_somewhere};
use crate::house::House;
use crate::record;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::mailbox::State;
use crate::store::notice::NoticeKind;
use crate::store::notice_rules::WaitingRow;
use time::{Date, OffsetDateTime, Time};
use uuid::Uuid;

/// What was decided, ready to be written.
#[derive(Debug)]
pub(super) struct Decision {
    mailbox_id: Uuid,
    letter_id: Uuid,
    key: MailboxKey,
    rules: Rules,
    known: Vec<Known>,
    at_once: Vec<Channel>,
    waiting: Vec<WaitingRow>,
    reminders: Vec<(Date, OffsetDateTime)>,
}

/// Decides; nothing when the letter has been read in the meantime, is in the bin, or has nobody to be told of to.
pub(super) async fn run(house: &House, mailbox_id: Uuid, letter_id: Uuid) -> Result<Option<Decision>, OutboxError> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let Some((key, letter)) = unread(&mut tx, house, mailbox_id, letter_id).await? else {
        return Ok(None);
    };
    let known = addresses::known(&mut tx, &key, mailbox_id).await?;
    if known.iter().all(|known| known.row.confirmed_at.is_none()) {
        return Ok(None);
    }
    let rules = rules::read(&mut tx, &key, mailbox_id).await?;
    let ways: Vec<Way> = known.iter().map(Known::way).collect();
    let planned = leading_somewhere(rules.plan(&Facts::of(&letter.header), now), &ways);
    let at_once = planned
        .iter()
        .filter(|planned| planned.at <= now)
        .map(|planned| planned.channel);
    let waiting = planned
        .iter()
        .filter(|planned| planned.at > now)
        .map(|planned| WaitingRow {
            round_id: round_id(house, mailbox_id, planned.at),
            letter_id,
            channel: planned.channel,
            due_at: planned.at,
        });
    let days = rules.reminder_days(letter.received_at).into_iter();
    let reminders = days
        .map(|day| (day, rules.reminders_at(day)))
        .filter(|(_, at)| *at > now);
    Ok(Some(Decision {
        mailbox_id,
        letter_id,
        at_once: at_once.collect(),
        waiting: waiting.collect(),
        reminders: reminders.collect(),
        key,
        known,
        rules,
    }))
}

/// Writes what was decided, in the transaction that ends the job.
pub(super) async fn write(tx: &mut Tx, house: &House, decision: &Decision) -> Result<(), OutboxError> {
    let mailbox_id = decision.mailbox_id;
    if !decision.at_once.is_empty() {
        let telling = Telling {
            kind: NoticeKind::Letters,
            round_id: decision.letter_id,
            letters: vec![decision.letter_id],
            about: None,
        };
        let (mailbox, by) = (
            (mailbox_id, &decision.key),
            (decision.known.as_slice(), &decision.rules),
        );
        tell_by(tx, house, mailbox, &telling, &decision.at_once, by).await?;
    }
    if !decision.waiting.is_empty() {
        // A round that ends at this moment must either see these letters or leave its job for them.
        tx.take_turn(Turn::NoticeRounds).await?;
    }
    for row in &decision.waiting {
        store::notice_rules::wait(tx, mailbox_id, row).await?;
        enqueue_once(tx, house, row.round_id, &Job::Round { mailbox_id }, row.due_at).await?;
    }
    for (day, at) in &decision.reminders {
        // One job for each day, whatever rules each of its letters found.
        let id = derived(
            house,
            "reminder",
            mailbox_id,
            day.with_time(Time::MIDNIGHT).assume_utc(),
        );
        enqueue_once(tx, house, id, &Job::Reminder { mailbox_id, day: *day }, *at).await?;
    }
    Ok(())
}

/// A letter that somebody may be told of.
pub(super) struct Unread {
    pub(super) header: Header,
    pub(super) received_at: OffsetDateTime,
}

/// The letter, if it is still unread and not in the bin, and the mailbox open; with the mailbox's key.
async fn unread(
    tx: &mut Tx,
    house: &House,
    mailbox_id: Uuid,
    letter_id: Uuid,
) -> Result<Option<(MailboxKey, Unread)>, OutboxError> {
    let Some(mailbox) = store::mailbox::by_id(tx, mailbox_id).await? else {
        return Ok(None);
    };
    if mailbox.state != State::Open {
        return Ok(None);
    }
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let letter = unread_letter(tx, &key, mailbox_id, letter_id).await?;
    Ok(letter.map(|letter| (key, letter)))
}

/// The same in a mailbox whose key is at hand.
pub(super) async fn unread_letter(
    tx: &mut Tx,
    key: &MailboxKey,
    mailbox_id: Uuid,
    letter_id: Uuid,
) -> Result<Option<Unread>, OutboxError> {
    let row = store::letter::by_id(tx, mailbox_id, letter_id).await?;
    let Some(row) = row.filter(|row| row.read_at.is_none() && row.binned_at.is_none()) else {
        return Ok(None);
    };
    Ok(Some(Unread {
        header: record::header(key, row.id, &row.header)?,
        received_at: row.received_at,
    }))
}

/// Decides anew of everything that waits, after the rules have changed: in the transaction that changes them.
pub async fn again(
    tx: &mut Tx,
    house: &House,
    (mailbox_id, key): (Uuid, &MailboxKey),
    rules: &Rules,
) -> Result<(), OutboxError> {
    let now = house.clock.now();
    tx.take_turn(Turn::NoticeRounds).await?;
    let waiting = store::notice_rules::all_waiting(tx, mailbox_id).await?;
    let known = addresses::known(tx, key, mailbox_id).await?;
    let ways: Vec<Way> = known.iter().map(Known::way).collect();
    for of_one_letter in waiting.chunk_by(|one, other| one.letter_id == other.letter_id) {
        let Some(letter_id) = of_one_letter.first().map(|row| row.letter_id) else {
            continue;
        };
        let waited: Vec<Channel> = of_one_letter.iter().map(|row| row.channel).collect();
        for row in of_one_letter {
            store::notice_rules::end_waiting(tx, mailbox_id, row).await?;
        }
        let Some(letter) = unread_letter(tx, key, mailbox_id, letter_id).await? else {
            continue;
        };
        let planned = rules.plan_again(&Facts::of(&letter.header), &waited, now);
        for planned in leading_somewhere(planned, &ways) {
            let row = WaitingRow {
                round_id: round_id(house, mailbox_id, planned.at),
                letter_id,
                channel: planned.channel,
                due_at: planned.at,
            };
            store::notice_rules::wait(tx, mailbox_id, &row).await?;
            enqueue_once(tx, house, row.round_id, &Job::Round { mailbox_id }, row.due_at).await?;
        }
    }
    Ok(())
}
