//! Opening a letter: it is read from its signed original; the read mark and the row in the access log are one transaction, and the
//! letter is given out only when that is on disk.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use super::inbox::{Listed, listed};
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::calendar::day_in_sweden;
use crate::domain::day_figure::DayFigure;
use crate::domain::forward::PassedOn;
use crate::domain::right::Right;
use crate::domain::sorting::What;
use crate::house::House;
use crate::original;
use crate::sorting;
use crate::store;
use crate::store::matter::MatterId;
use contracts::delivery::Message;
use contracts::service::SignatureReport;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// A letter, open.
#[derive(Debug)]
pub struct OpenLetter {
    /// What lists show of it.
    pub listed: Listed,
    /// The sender's name as it was signed.
    pub signed_name: String,
    /// The message as it was signed.
    pub message: Message,
    /// Whether the signatures fit the original as it is stored now, and whose they are; nothing of a copy without signature.
    pub report: Option<SignatureReport>,
    /// How it came, when another holder has passed it on.
    pub passed_on: Option<PassedOn>,
    /// The day of the mediator's seal.
    pub sealed_on: Date,
    /// When certificates, signatures and the right to send were checked: at arrival.
    pub checked_at: OffsetDateTime,
    /// The matter that it is an event in.
    pub matter: Option<MatterId>,
    /// Since when the person says that what it asks for is paid.
    pub settled_at: Option<OffsetDateTime>,
    /// The next newer letter.
    pub newer: Option<Uuid>,
    /// The next older letter.
    pub older: Option<Uuid>,
}

/// What came of opening.
#[derive(Debug)]
pub enum Opened {
    /// Here it is.
    Letter(Box<OpenLetter>),
    /// No such letter in the person's own mailbox.
    NotFound,
}

/// Opens a letter of the person's own mailbox.
pub async fn open_letter(house: &House, person: &Person, id: Uuid) -> Result<Opened, MailboxError> {
    let now = house.clock.now();
    // Unsealed and checked outside the writing transaction, given out only after it: letters that come in do not wait.
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Opened::NotFound);
    };
    let Some(mut letter) = read(&mut tx, &entered, id).await? else {
        return Ok(Opened::NotFound);
    };
    drop(tx);

    let mut tx = house.db.begin().await?;
    store::mailbox::take_turn(&mut tx, entered.id).await?;
    // It may have gone from the bin for good in the meantime.
    let Some(row) = entered.letter(&mut tx, id).await? else {
        return Ok(Opened::NotFound);
    };
    // The mark is the holder's: who may only read leaves it as it is.
    let marks = entered.may(Right::Organise);
    let mut first = false;
    if marks {
        first = store::letter::open_first(&mut tx, entered.id, id, now).await?;
        let after = What::Read.done(row.standing(), now);
        sorting::change(&mut tx, entered.id, &row, after).await?;
    }
    entered
        .log(&mut tx, house.ids, now, Act::OpenedLetter, Some(id))
        .await?;
    tx.commit().await?;
    // What another has passed on came from no sender on that day.
    if first && letter.passed_on.is_none() {
        count_opening(house, entered.id, row.received_at, now);
    }
    letter.listed.unread &= !marks;
    Ok(Opened::Letter(Box::new(letter)))
}

/// Counts it among the letters of the day that it came on.
fn count_opening(house: &House, mailbox: Uuid, received_at: OffsetDateTime, now: OffsetDateTime) {
    let day = day_in_sweden(received_at);
    for figure in DayFigure::of_opening(now - received_at) {
        house.tally.count(day, figure, 1, mailbox);
    }
}

/// How long after an opening its frame may be fetched without being another opening.
const ONE_OPENING: Duration = Duration::minutes(10);

/// The letter for its frame or for printing: part of an opening just made, or else an opening of its own.
pub async fn open_again(house: &House, person: &Person, id: Uuid) -> Result<Opened, MailboxError> {
    let since = house.ids.first_at(house.clock.now() - ONE_OPENING);
    let mut tx = house.db.read().await?;
    let Some(entered) = enter(&mut tx, house, person, Right::View).await? else {
        return Ok(Opened::NotFound);
    };
    if !entered.has_done(&mut tx, since, Act::OpenedLetter, id).await? {
        drop(tx);
        return open_letter(house, person, id).await;
    }
    Ok(match read(&mut tx, &entered, id).await? {
        Some(letter) => Opened::Letter(Box::new(letter)),
        None => Opened::NotFound,
    })
}

pub(super) async fn read(tx: &mut Tx, entered: &Entered, id: Uuid) -> Result<Option<OpenLetter>, MailboxError> {
    let Some(row) = entered.letter(tx, id).await? else {
        return Ok(None);
    };
    let original = original::open(tx, entered.id, &entered.key, row.delivery_id).await?;
    let (report, sealed_on, checked_at) = (original.report()?, original.seal.received_on, original.checked_at());
    let passed_on = original.passed_on.clone();
    let signed_name = original.delivery.sender.name.clone();
    let message = original.into_message(row.place)?;
    // They may be among those that are not seen.
    let (newer, older) = if entered.sight.is_whole() {
        store::letter::neighbours(tx, entered.id, &row).await?
    } else {
        (None, None)
    };
    let matter = if entered.may(Right::Overview) {
        store::matter::of_letter(tx, entered.id, id).await?
    } else {
        None
    };
    let payment = store::payment::of_letter(tx, entered.id, id).await?;
    let mut listed = listed(&entered.key, &row)?;
    listed.categories = store::category::of_letter(tx, entered.id, id).await?;
    Ok(Some(OpenLetter {
        listed,
        signed_name,
        message,
        report,
        passed_on,
        sealed_on,
        checked_at,
        matter,
        settled_at: payment.and_then(|payment| payment.settled_at),
        newer,
        older,
    }))
}
