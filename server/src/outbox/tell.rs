//! Makes notices of what is to be told: a row and a job for each address.

use super::addresses::Known;
use super::{Job, OutboxError, enqueue_once};
use crate::db::Tx;
use crate::domain::address::Address;
use crate::domain::channel::Channel;
use crate::domain::notice_rules::{Reach, Rules, Way, reach};
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::notice::{NoticeKind, NoticeRow, NoticeState};
use time::OffsetDateTime;
use uuid::Uuid;

/// What is told.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What it is about.
    pub kind: NoticeKind,
    /// Shared by all that tell the same, so that the second way knows of the first.
    pub round_id: Uuid,
    /// The letters that it tells of.
    pub letters: Vec<Uuid>,
    /// The address that it speaks of.
    pub about: Option<Address>,
}

/// Tells by the channels that are wanted, or by the second way at once when none of them works.
pub async fn tell_by(
    tx: &mut Tx,
    house: &House,
    mailbox: (Uuid, &MailboxKey),
    telling: &Telling,
    wanted: &[Channel],
    (known, rules): (&[Known], &Rules),
) -> Result<(), OutboxError> {
    let ways: Vec<Way> = known.iter().map(Known::way).collect();
    let (ids, state) = match reach(wanted, &ways, rules.second_way) {
        Reach::To(ids) => (ids, NoticeState::Waiting),
        Reach::Broken(ids) => (ids, NoticeState::Failed),
        Reach::Nowhere => return Ok(()),
    };
    for to in known.iter().filter(|known| ids.contains(&known.row.id)) {
        tell(tx, house, mailbox, telling, to, state).await?;
    }
    Ok(())
}

/// Tells every address in use, whatever the rules for notices say: what somebody at an open session must not do unseen.
pub async fn tell_all(
    tx: &mut Tx,
    house: &House,
    mailbox: (Uuid, &MailboxKey),
    (kind, about): (NoticeKind, Option<Address>),
    known: &[Known],
) -> Result<(), OutboxError> {
    let telling = Telling {
        kind,
        round_id: house.ids.at(house.clock.now()),
        letters: Vec::new(),
        about,
    };
    for own in known.iter().filter(|known| known.row.is_in_use()) {
        tell(tx, house, mailbox, &telling, own, NoticeState::Waiting).await?;
    }
    Ok(())
}

/// Writes the notice for one address, and the job that sends it unless it has failed already.
pub async fn tell(
    tx: &mut Tx,
    house: &House,
    (mailbox_id, key): (Uuid, &MailboxKey),
    telling: &Telling,
    to: &Known,
    state: NoticeState,
) -> Result<(), OutboxError> {
    let now = house.clock.now();
    let id = house.ids.at(now);
    let row = NoticeRow {
        id,
        kind: telling.kind,
        channel: to.row.channel,
        address_id: Some(to.row.id),
        round_id: Some(telling.round_id),
        letter_id: match telling.letters.as_slice() {
            [one] => Some(*one),
            _ => None,
        },
        letters: i64::try_from(telling.letters.len()).unwrap_or(i64::MAX),
        recipient: sealed(house, key, &id, "recipient", &to.address)?,
        about: telling
            .about
            .as_ref()
            .map(|about| sealed(house, key, &id, "about", about))
            .transpose()?,
        state,
        attempts: 0,
        answer: None,
        arrived_at: None,
        at: now,
    };
    store::notice::insert(tx, mailbox_id, &row).await?;
    for letter in &telling.letters {
        store::notice::add_letter(tx, mailbox_id, id, *letter).await?;
    }
    if state == NoticeState::Waiting {
        enqueue_once(tx, house, id, &Job::Send { mailbox_id }, now).await?;
    }
    Ok(())
}

/// The id of the round of a mailbox that waits for a moment: the same for everything that does.
pub(super) fn round_id(house: &House, mailbox_id: Uuid, at: OffsetDateTime) -> Uuid {
    derived(house, "notice.round", mailbox_id, at)
}

/// The id of what is there once for a mailbox and a moment.
pub(super) fn derived(house: &House, purpose: &str, mailbox_id: Uuid, at: OffsetDateTime) -> Uuid {
    let whose = format!("{mailbox_id} {}", at.unix_timestamp_nanos());
    house.ids.derived(at, &house.keys.blind_index(purpose, &whose))
}

fn sealed(
    house: &House,
    key: &MailboxKey,
    id: &Uuid,
    field: &'static str,
    address: &Address,
) -> Result<Vec<u8>, OutboxError> {
    let plain = format!("{} {address}", address.channel().as_str());
    Ok(key.seal(house.ids, &Place::of("notice", id, field), plain.as_bytes())?)
}

/// An address that a notice holds. Those from before there were several channels are e-mail addresses alone.
pub fn opened(key: &MailboxKey, id: &Uuid, field: &'static str, sealed: &[u8]) -> Result<Address, OutboxError> {
    let plain = key.open(&Place::of("notice", id, field), sealed)?;
    let text = String::from_utf8(plain).map_err(|_| OutboxError::Content)?;
    let (channel, address) = text.split_once(' ').unwrap_or(("email", &text));
    let channel = channel.parse().map_err(|()| OutboxError::Content)?;
    Address::parse(channel, address).map_err(|_| OutboxError::Content)
}
