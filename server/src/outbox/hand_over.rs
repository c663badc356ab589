//! A letter that goes into another mailbox of this house, if its holder has said yes to who passes it on.
//!
//! The letter, its marks, its notice, the row in the access log and how it stands with who passed it on are one transaction: a job that is
//! tried again after it finds that it has been done. In that transaction the mailbox is taken first and the question after it, as in
//! every other.

use super::forward::Going;
use super::worker::TryError;
use super::{Job, OutboxError, enqueue};
use crate::db::Tx;
use crate::domain::access::{Act, Capacity};
use crate::domain::forward::PassedOn;
use crate::domain::letter::Header;
use crate::domain::letter_text::LetterText;
use crate::house::House;
use crate::labour::labour;
use crate::seal::{MailboxKey, Place};
use crate::sorting::{self, Sorter};
use crate::store;
use crate::store::access_log::AccessRow;
use crate::store::delivery::DeliveryRow;
use crate::store::forward::State;
use crate::store::forward_ask::State as Answer;
use crate::store::letter::LetterRow;
use crate::store::mailbox::State as Mailbox;
use contracts::service::copy_of_one;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// How long a letter waits for an answer.
pub const ASK_WAITS: Duration = Duration::days(30);

/// Answers that change while a letter is being sealed: so often is it begun again before the job is.
const TRIES: usize = 3;

/// Under what a number is asked: a keyed hash of its own, so that the database does not show who asks whom.
pub fn ask_index(house: &House, number: &str) -> [u8; 32] {
    house.keys.blind_index("forward.ask", number)
}

/// What there is to do, as far as could be seen outside the writing transaction.
enum Plan {
    /// There is no yes.
    NoAnswer,
    /// A yes, and a mailbox that takes no letters now.
    Closed,
    /// To be written.
    Deliver(Box<Sealed>),
}

/// Rows ready to be written, sealed under the receiver's key.
struct Sealed {
    mailbox: Uuid,
    duplicate_key: [u8; 32],
    delivery: DeliveryRow,
    letter: LetterRow,
    categories: Vec<Uuid>,
    log: AccessRow,
    notify: bool,
}

/// Puts the letter into the other mailbox, or lets it wait for an answer, and writes how it stands.
pub(super) async fn hand_over(house: &House, going: Going, attempts: i64) -> Result<(), TryError> {
    let (house, going) = (house.clone(), Arc::new(going));
    // Work that writes runs in a task of its own: see the worker.
    let work = async move {
        for _ in 0..TRIES {
            let plan = plan(&house, &going).await?;
            if write(&house, &going, plan, attempts).await? {
                return Ok(());
            }
        }
        Err(TryError::Busy)
    };
    tokio::spawn(work).await.map_err(|_| TryError::Panicked)?
}

async fn plan(house: &House, going: &Arc<Going>) -> Result<Plan, TryError> {
    let mut tx = house.db.read().await?;
    let ask = going.row.ask_id.ok_or(TryError::Content)?;
    let row = store::forward_ask::by_id(&mut tx, going.mailbox_id, ask).await?;
    if row.is_none_or(|row| row.state != Answer::Accepted) {
        return Ok(Plan::NoAnswer);
    }
    let index = house.keys.blind_index("holder", &going.to);
    let mailbox = store::mailbox::by_holder(&mut tx, index).await?;
    let Some(mailbox) = mailbox.filter(|mailbox| mailbox.state == Mailbox::Open) else {
        return Ok(Plan::Closed);
    };
    let key = house.keys.unwrap(&mailbox.id, &mailbox.wrapped)?;
    let notify = store::address::is_any_confirmed(&mut tx, mailbox.id).await?;
    // Whatever is wrong with rules, the letter comes in.
    let sorter = Sorter::read(&mut tx, mailbox.id, &key).await.unwrap_or_else(|error| {
        tracing::error!(%error, "rules could not be read; the letter goes to the inbox");
        Sorter::default()
    });
    drop(tx);
    let (house, going) = (house.clone(), going.clone());
    // Signatures, sealing and rules are work for a processor.
    let sealed = labour(move || sealed(&house, &going, mailbox.id, &key, &sorter, notify));
    Ok(Plan::Deliver(Box::new(sealed.await.map_err(|_| TryError::Panicked)??)))
}

/// Seals the letter for who receives it.
fn sealed(
    house: &House,
    going: &Going,
    mailbox: Uuid,
    key: &MailboxKey,
    sorter: &Sorter,
    notify: bool,
) -> Result<Sealed, TryError> {
    let now = house.clock.now();
    let (original, holder) = (&going.original, &going.holder);
    let message = original.message(going.letter.place)?;
    let (text, place, copy_held) = if original.can_be_passed_on_whole() {
        (original.text().to_owned(), going.letter.place, None)
    } else {
        copied(going)?
    };
    let before = original.passed_on.as_ref();
    let passed_on = PassedOn {
        by: holder.clone(),
        at: now,
        addressed_to: before.map_or_else(|| holder.name.clone(), |before| before.addressed_to.clone()),
        first_came_at: original.checked_at(),
        copy_held,
    };
    let header = Header::of(&going.sender, &original.delivery, message).passed_on(&holder.name);
    let decided = sorter.decide(&header, || {
        let mut text = LetterText::of(&original.delivery, message, Vec::new());
        text.passed_on_by(&holder.name);
        text
    });
    let (id, delivery, log) = (house.ids.at(now), house.ids.at(now), house.ids.at(now));
    let seal = |table, id: &Uuid, field, plain: &[u8]| key.seal(house.ids, &Place::of(table, id, field), plain);
    // The same letter from the same holder is there once. By its own bytes, not by which try this is.
    let from = format!("{}\n{place}\n{}", holder.number, hex::encode(Sha256::digest(&text)));
    Ok(Sealed {
        mailbox,
        duplicate_key: house.keys.blind_index("delivery.passed-on", &from),
        letter: LetterRow {
            id,
            delivery_id: delivery,
            place,
            header: key.seal_record(house.ids, &Place::of("letter", &id, "header"), &header)?,
            attachments: i64::try_from(message.attachments.len()).unwrap_or(i64::MAX),
            read_at: None,
            received_at: now,
            folder_id: decided.place.folder_id(),
            binned_at: None,
            starred_at: None,
            sender_index: Some(
                key.blind("sender")?
                    .token(&original.delivery.sender.id.to_string())
                    .to_vec(),
            ),
        },
        categories: decided.categories,
        delivery: DeliveryRow {
            original: seal("delivery", &delivery, "original", text.as_bytes())?,
            received_at: now,
            passed_on: Some(key.seal_record(house.ids, &Place::of("delivery", &delivery, "passed_on"), &passed_on)?),
        },
        log: AccessRow {
            id: log,
            at: now,
            actor: seal("access_log", &log, "actor", holder.name.as_bytes())?,
            act: Act::PassedOnHere,
            capacity: Capacity::Another,
            letter_id: Some(id),
        },
        notify,
    })
}

/// The letter without the others that its signature is over, and whether that signature held; a copy stays the copy it is.
fn copied(going: &Going) -> Result<(String, i64, Option<bool>), TryError> {
    let original = &going.original;
    if let Some(held) = original.copy_held() {
        return Ok((original.text().to_owned(), going.letter.place, Some(held)));
    }
    let held = original.report()?.is_some_and(|report| report.holds);
    let place = usize::try_from(going.letter.place).map_err(|_| TryError::Content)?;
    let copy = copy_of_one(&original.delivery, original.seal, place).ok_or(TryError::Content)?;
    Ok((copy, 0, Some(held)))
}

/// Writes what was planned; `false`, and nothing written, when the answer has changed since.
async fn write(house: &House, going: &Going, plan: Plan, attempts: i64) -> Result<bool, TryError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    if let Plan::Deliver(sealed) = &plan {
        store::mailbox::take_turn(&mut tx, sealed.mailbox).await?;
    }
    let ask = going.row.ask_id.ok_or(TryError::Content)?;
    let row = store::forward_ask::hold(&mut tx, going.mailbox_id, ask).await?;
    let said_yes = row.is_some_and(|row| row.state == Answer::Accepted);
    let is_asked = row.is_some_and(|row| row.asked_at > now - ASK_WAITS);
    let state = match plan {
        Plan::NoAnswer if said_yes => return Ok(false),
        Plan::Closed | Plan::Deliver(_) if !said_yes => return Ok(false),
        Plan::NoAnswer if is_asked => State::Asking,
        Plan::NoAnswer => State::Unanswered,
        Plan::Closed => {
            store::forward_ask::ask_again(&mut tx, going.mailbox_id, ask, now).await?;
            State::Asking
        }
        Plan::Deliver(sealed) => {
            if !deliver(&mut tx, house, *sealed, now).await? {
                return Ok(false);
            }
            State::Sent
        }
    };
    let (id, from) = (going.row.id, State::Waiting);
    // Otherwise an earlier try has done all of it.
    if store::forward::change(&mut tx, going.mailbox_id, id, from, state, attempts, now).await? {
        tx.commit().await?;
        house.letters_bell.notify_one();
        house.bell.notify_one();
    }
    Ok(true)
}

/// Adds the letter, unless it is there; `false` when the mailbox has been closed in the meantime.
async fn deliver(tx: &mut Tx, house: &House, sealed: Sealed, now: OffsetDateTime) -> Result<bool, OutboxError> {
    let Sealed { mailbox, letter, .. } = &sealed;
    let known = store::delivery::by_duplicate_key(tx, *mailbox, sealed.duplicate_key).await?;
    if known.is_some() {
        return Ok(true);
    }
    if !store::mailbox::receive(tx, *mailbox, 1).await? {
        return Ok(false);
    }
    store::delivery::insert_passed_on(tx, *mailbox, letter.delivery_id, sealed.duplicate_key, &sealed.delivery).await?;
    sorting::add(tx, *mailbox, letter).await?;
    sorting::categorise(tx, *mailbox, letter.id, &sealed.categories).await?;
    store::access_log::insert(tx, *mailbox, &sealed.log).await?;
    if sealed.notify {
        let job = Job::Notice {
            mailbox_id: *mailbox,
            letter_id: letter.id,
        };
        enqueue(tx, house, &job, now).await?;
    }
    Ok(true)
}
