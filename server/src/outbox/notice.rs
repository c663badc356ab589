//! The notice that a letter has come.

use super::mail::Mail;
use super::words::{self, Language};
use super::worker::{Effect, Post, TryError};
use crate::db::Tx;
use crate::house::House;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::mailbox::State;
use crate::store::notice::{NoticeRow, NoticeState};
use lettre::Address;
use uuid::Uuid;

/// A notice that has somewhere to go.
struct Ready {
    address: Address,
    /// The address sealed for the notice's row.
    recipient: Vec<u8>,
    language: Language,
}

/// Tries once. What it means for the notice's row is written together with the job's.
pub(super) async fn run(
    post: &Post,
    job: Uuid,
    attempt: i64,
    mailbox_id: Uuid,
    letter_id: Uuid,
) -> (Result<(), TryError>, Effect) {
    let house = &post.house;
    let ready = match ready(house, job, mailbox_id).await {
        Ok(Some(ready)) => ready,
        // The address was taken away, or the mailbox closed: nobody wants to be told any more.
        Ok(None) => return (Ok(()), Effect::EndNotice { mailbox_id, id: job }),
        Err(error) => return (Err(error), Effect::None),
    };
    let sent = send(post, job, &ready).await;
    let row = NoticeRow {
        id: job,
        letter_id: Some(letter_id),
        recipient: ready.recipient,
        state: if sent.is_ok() {
            NoticeState::Sent
        } else {
            NoticeState::Waiting
        },
        attempts: attempt,
        at: house.clock.now(),
    };
    (sent, Effect::PutNotice { mailbox_id, row })
}

async fn ready(house: &House, job: Uuid, mailbox_id: Uuid) -> Result<Option<Ready>, TryError> {
    let mut tx = house.db.read().await?;
    let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
        return Ok(None);
    };
    if mailbox.state != State::Open {
        return Ok(None);
    }
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let Some(address) = confirmed(&mut tx, mailbox_id, &key).await? else {
        return Ok(None);
    };
    let recipient = key.seal(
        house.ids,
        &Place::of("notice", &job, "recipient"),
        address.to_string().as_bytes(),
    )?;
    Ok(Some(Ready {
        address,
        recipient,
        language: Language::of(&mailbox.language),
    }))
}

async fn confirmed(tx: &mut Tx, mailbox_id: Uuid, key: &MailboxKey) -> Result<Option<Address>, TryError> {
    let Some(sealed) = store::contact::read(tx, mailbox_id)
        .await?
        .and_then(|row| row.confirmed)
    else {
        return Ok(None);
    };
    let plain = key.open(&Place::of("contact", &mailbox_id, "confirmed"), &sealed)?;
    let text = String::from_utf8(plain).map_err(|_| TryError::Content)?;
    text.parse().map(Some).map_err(|_| TryError::Content)
}

async fn send(post: &Post, job: Uuid, ready: &Ready) -> Result<(), TryError> {
    let words = words::notice(ready.language, &post.host)?;
    let mail = Mail {
        id: job,
        at: post.house.clock.now(),
        to: ready.address.clone(),
        language: ready.language.tag(),
        subject: words.subject,
        text: words.text,
        html: words.html,
    };
    Ok(post.mailer.send(&mail).await?)
}
