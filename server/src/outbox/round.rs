//! Tells, at its time, of everything that has waited for it.

use super::addresses::{self, Known};
use super::tell::{Telling, tell_by};
use super::{OutboxError, rules};
use crate::db::{Turn, Tx};
use crate::domain::channel::Channel;
use crate::domain::notice_rules::Rules;
use crate::house::House;
use crate::seal::MailboxKey;
use crate::store;
use crate::store::mailbox::State;
use crate::store::notice::NoticeKind;
use crate::store::notice_rules::WaitingRow;
use uuid::Uuid;

/// What is told of, ready to be written.
#[derive(Debug)]
pub(super) struct Round {
    mailbox_id: Uuid,
    id: Uuid,
    /// Everything that waited when the round was read; what came later stays.
    waited: Vec<WaitingRow>,
    by: Option<By>,
}

/// With what, when there is somebody to tell.
#[derive(Debug)]
struct By {
    key: MailboxKey,
    rules: Rules,
    known: Vec<Known>,
    /// The letters that are still unread, by the channels that they are told of by.
    letters: Vec<(Channel, Vec<Uuid>)>,
}

/// Reads the round.
pub(super) async fn run(house: &House, mailbox_id: Uuid, id: Uuid) -> Result<Round, OutboxError> {
    let mut tx = house.db.read().await?;
    let waited = store::notice_rules::of_round(&mut tx, mailbox_id, id).await?;
    let mut round = Round {
        mailbox_id,
        id,
        waited,
        by: None,
    };
    let mailbox = store::mailbox::by_id(&mut tx, mailbox_id).await?;
    let Some(mailbox) = mailbox.filter(|mailbox| mailbox.state == State::Open) else {
        return Ok(round);
    };
    let mut letters: Vec<(Channel, Vec<Uuid>)> = Channel::ALL.map(|channel| (channel, Vec::new())).into();
    for row in &round.waited {
        let letter = store::letter::by_id(&mut tx, mailbox_id, row.letter_id).await?;
        if letter.is_some_and(|letter| letter.read_at.is_none() && letter.binned_at.is_none())
            && let Some((_, letters)) = letters.iter_mut().find(|(channel, _)| *channel == row.channel)
        {
            letters.push(row.letter_id);
        }
    }
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    round.by = Some(By {
        rules: rules::read(&mut tx, &key, mailbox_id).await?,
        known: addresses::known(&mut tx, &key, mailbox_id).await?,
        key,
        letters,
    });
    Ok(round)
}

/// Writes its notices and ends the wait, in the transaction that ends the job. Tells whether letters have come to the round since it was
/// read, so that it has to go on.
pub(super) async fn write(tx: &mut Tx, house: &House, round: &Round) -> Result<bool, OutboxError> {
    let mailbox_id = round.mailbox_id;
    tx.take_turn(Turn::NoticeRounds).await?;
    if let Some(by) = &round.by {
        for (letters, channels) in together(&by.letters) {
            let telling = Telling {
                kind: NoticeKind::Letters,
                round_id: house.ids.at(house.clock.now()),
                letters,
                about: None,
            };
            let (mailbox, how) = ((mailbox_id, &by.key), (by.known.as_slice(), &by.rules));
            tell_by(tx, house, mailbox, &telling, &channels, how).await?;
        }
    }
    for row in &round.waited {
        store::notice_rules::end_waiting(tx, mailbox_id, row).await?;
    }
    Ok(!store::notice_rules::of_round(tx, mailbox_id, round.id)
        .await?
        .is_empty())
}

/// The same letters by several channels are one thing told: when one of the messages fails, the other is known to have told of them.
fn together(letters: &[(Channel, Vec<Uuid>)]) -> Vec<(Vec<Uuid>, Vec<Channel>)> {
    let mut found: Vec<(Vec<Uuid>, Vec<Channel>)> = Vec::new();
    for (channel, letters) in letters.iter().filter(|(_, letters)| !letters.is_empty()) {
        match found.iter_mut().find(|(same, _)| same == letters) {
            Some((_, channels)) => channels.push(*channel),
            None => found.push((letters.clone(), vec![*channel])),
        }
    }
    found
}
