//! What a try, or what came back after it, means: for the notice, for the address, and for the second way.

use super::addresses::{self, Known};
use super::tell::{Telling, opened, tell};
use super::{OutboxError, rules};
use crate::db::Tx;
use crate::domain::address::Address;
use crate::domain::calendar::day_in_sweden;
use crate::domain::day_figure::DayFigure;
use crate::domain::notice_rules::{Tried as TriedWay, Way, second_way};
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::notice::{NoticeKind, NoticeRow, NoticeState};
use time::OffsetDateTime;
use uuid::Uuid;

/// A notice that was tried.
#[derive(Debug)]
pub(super) struct Tried {
    /// Whose.
    pub(super) mailbox_id: Uuid,
    /// The mailbox's key.
    pub(super) key: MailboxKey,
    /// As it stood before.
    pub(super) row: NoticeRow,
    /// Which try it was, from 1.
    pub(super) attempt: i64,
    /// What the other side said.
    pub(super) answer: Option<String>,
    /// What came of it.
    pub(super) outcome: Outcome,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The other side took it.
    Sent,
    /// Not this time; whether it is tried again is decided by the schedule.
    Again,
    /// The schedule has come to its end.
    GivenUp,
    /// The address takes nothing any more, by the other side's number.
    Refused {
        /// `550`, `5.1.1`.
        number: String,
    },
    /// Everything that it would have told of has been read or put in the bin, or the mailbox is left.
    NotNeeded,
    /// The address is not the person's any more, or known to take nothing.
    Gone,
    /// The person's rules hold it until then.
    Held {
        /// The end of the hold.
        until: OffsetDateTime,
    },
}

impl Outcome {
    fn state(&self) -> Option<NoticeState> {
        match self {
            Self::Sent => Some(NoticeState::Sent),
            Self::Again => Some(NoticeState::Waiting),
            Self::GivenUp | Self::Refused { .. } | Self::Gone => Some(NoticeState::Failed),
            Self::NotNeeded => Some(NoticeState::NotNeeded),
            Self::Held { .. } => None,
        }
    }

    /// What it counts as by the day; nothing while it is not decided.
    fn figure(&self) -> Option<DayFigure> {
        match self {
            Self::Sent => Some(DayFigure::NoticesSent),
            Self::GivenUp | Self::Refused { .. } | Self::Gone => Some(DayFigure::NoticesFailed),
            Self::NotNeeded => Some(DayFigure::NoticesNotNeeded),
            Self::Again | Self::Held { .. } => None,
        }
    }

    /// For figures.
    fn name(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Again => "tried-again",
            Self::GivenUp => "given-up",
            Self::Refused { .. } => "refused",
            Self::NotNeeded => "not-needed",
            Self::Gone => "address-gone",
            Self::Held { .. } => "held",
        }
    }
}

/// Writes what it means, in the transaction that ends the try. `false`, and nothing written, when the notice stands otherwise than it did
/// when the try began: its fate was heard of in another way meanwhile, and what follows from that has been done.
pub(super) async fn write(tx: &mut Tx, house: &House, tried: &Tried) -> Result<bool, OutboxError> {
    let (now, row) = (house.clock.now(), &tried.row);
    let Some(state) = tried.outcome.state() else {
        counted(row, tried.outcome.name());
        return Ok(true);
    };
    let answer = tried.answer.as_ref().map(|answer| {
        let place = Place::of("notice", &row.id, "answer");
        tried.key.seal(house.ids, &place, answer.as_bytes())
    });
    let (change, attempts) = ((row.state, state), tried.attempt);
    if !store::notice::change(tx, tried.mailbox_id, row.id, change, attempts, answer.transpose()?, now).await? {
        return Ok(false);
    }
    counted(row, tried.outcome.name());
    if let Some(figure) = tried.outcome.figure() {
        house.tally.count(day_in_sweden(now), figure, 1, tried.mailbox_id);
    }
    if state != NoticeState::Failed {
        return Ok(true);
    }
    if let (Outcome::Refused { number }, Some(address)) = (&tried.outcome, row.address_id) {
        mark_broken(tx, house, (tried.mailbox_id, &tried.key), address, number).await?;
    }
    take_second_way(tx, house, tried).await?;
    Ok(true)
}

/// For figures.
pub(crate) fn counted(row: &NoticeRow, outcome: &'static str) {
    let channel = row.channel.as_str();
    metrics::counter!("brevlada_notices_total", "channel" => channel, "outcome" => outcome).increment(1);
}

/// A notice of which word has come after it was handed over.
#[derive(Debug)]
pub struct HandedOver {
    /// Whose.
    pub mailbox_id: Uuid,
    /// How it stands.
    pub row: NoticeRow,
    key: MailboxKey,
}

impl HandedOver {
    /// The notice of that id; none when it is not there any more.
    pub async fn find(tx: &mut Tx, house: &House, notice: Uuid) -> Result<Option<Self>, OutboxError> {
        let Some(mailbox_id) = store::notice::mailbox_of(tx, notice).await? else {
            return Ok(None);
        };
        let mailbox = store::mailbox::by_id(tx, mailbox_id).await?;
        let row = store::notice::by_id(tx, mailbox_id, notice).await?;
        let (Some(mailbox), Some(row)) = (mailbox, row) else {
            return Ok(None);
        };
        let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
        Ok(Some(Self { mailbox_id, row, key }))
    }

    /// Writes that it has failed after all. `number` is the other side's for an address that takes nothing any more, `answer` what it said.
    /// `false`, and nothing written, when its fate was heard of in another way meanwhile.
    pub async fn failed(
        self,
        tx: &mut Tx,
        house: &House,
        number: Option<String>,
        answer: Option<String>,
    ) -> Result<bool, OutboxError> {
        let tried = Tried {
            mailbox_id: self.mailbox_id,
            key: self.key,
            attempt: self.row.attempts,
            row: self.row,
            answer,
            outcome: number.map_or(Outcome::GivenUp, |number| Outcome::Refused { number }),
        };
        write(tx, house, &tried).await
    }
}

/// When all that told the same have failed, tells by the addresses that are left.
async fn take_second_way(tx: &mut Tx, house: &House, tried: &Tried) -> Result<(), OutboxError> {
    let (mailbox_id, key, row) = (tried.mailbox_id, &tried.key, &tried.row);
    let (NoticeKind::Letters | NoticeKind::Reminder, Some(round_id)) = (row.kind, row.round_id) else {
        return Ok(());
    };
    if !rules::read(tx, key, mailbox_id).await?.second_way {
        return Ok(());
    }
    let told = store::notice::of_round(tx, mailbox_id, round_id).await?;
    let told: Vec<TriedWay> = told
        .iter()
        .map(|row| TriedWay {
            address: row.address_id,
            failed: row.state == NoticeState::Failed,
        })
        .collect();
    let known = addresses::known(tx, key, mailbox_id).await?;
    let ways: Vec<Way> = known.iter().map(Known::way).collect();
    let left = second_way(&told, &ways);
    let telling = Telling {
        kind: row.kind,
        round_id,
        letters: store::notice::letters(tx, mailbox_id, row.id).await?,
        about: None,
    };
    for to in known.iter().filter(|known| left.contains(&known.row.id)) {
        tell(tx, house, (mailbox_id, key), &telling, to, NoticeState::Waiting).await?;
    }
    Ok(())
}

/// Marks an address that takes nothing any more, and says so to the others, once.
async fn mark_broken(
    tx: &mut Tx,
    house: &House,
    (mailbox_id, key): (Uuid, &MailboxKey),
    address: Uuid,
    number: &str,
) -> Result<(), OutboxError> {
    if !store::address::mark_broken(tx, mailbox_id, address, house.clock.now(), number).await? {
        return Ok(());
    }
    let known = addresses::known(tx, key, mailbox_id).await?;
    let Some(broken) = known.iter().find(|known| known.row.id == address) else {
        return Ok(());
    };
    tell_others(
        tx,
        house,
        (mailbox_id, key),
        NoticeKind::Broken,
        (broken, known.as_slice()),
    )
    .await
}

/// Tells every address in use but one of what happened to that one.
pub async fn tell_others(
    tx: &mut Tx,
    house: &House,
    mailbox: (Uuid, &MailboxKey),
    kind: NoticeKind,
    (one, known): (&Known, &[Known]),
) -> Result<(), OutboxError> {
    let telling = Telling {
        kind,
        round_id: house.ids.at(house.clock.now()),
        letters: Vec::new(),
        about: Some(one.address.clone()),
    };
    for to in known
        .iter()
        .filter(|known| known.row.id != one.row.id && known.row.is_in_use())
    {
        tell(tx, house, mailbox, &telling, to, NoticeState::Waiting).await?;
    }
    Ok(())
}

/// What the other side said last, for the person's own list.
pub fn answer(key: &MailboxKey, row: &NoticeRow) -> Result<Option<String>, OutboxError> {
    let Some(sealed) = &row.answer else { return Ok(None) };
    let plain = key.open(&Place::of("notice", &row.id, "answer"), sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| OutboxError::Content)
}

/// The address that a notice went to, for the person's own list.
pub fn recipient(key: &MailboxKey, row: &NoticeRow) -> Result<Address, OutboxError> {
    opened(key, &row.id, "recipient", &row.recipient)
}
