//! A letter that is passed on by e-mail. It comes from us and says who passed it on; never does it look as if the sender had mailed it.

use super::mail::Mail;
use super::post::Post;
use super::worker::{Effect, TryError};
use crate::copies::{LetterCopy, eml, page, text};
use crate::domain::email::EmailAddress;
use crate::domain::forward::weight;
use crate::domain::holder::Holder;
use crate::original;
use crate::seal::Place;
use crate::store;
use crate::store::forward::State as Forwarded;
use crate::store::mailbox::State;
use app::{CopyWords, Language};
use uuid::Uuid;

/// What is to go where.
struct Ready {
    to: EmailAddress,
    copy: LetterCopy,
    language: Language,
}

/// Tries once.
pub(super) async fn run(
    post: &Post,
    attempts: i64,
    mailbox_id: Uuid,
    forward_id: Uuid,
) -> (Result<(), TryError>, Effect) {
    let stands = |state| Effect::Forward {
        mailbox_id,
        id: forward_id,
        state,
        attempts,
    };
    let ready = match ready(post, mailbox_id, forward_id).await {
        Ok(Some(ready)) => ready,
        Ok(None) => return (Ok(()), stands(Forwarded::Stopped)),
        Err(error) => return (Err(error), stands(Forwarded::Waiting)),
    };
    match send(post, forward_id, ready).await {
        Ok(()) => (Ok(()), stands(Forwarded::Sent)),
        Err(error) => (Err(error), stands(Forwarded::Waiting)),
    }
}

/// The letter, if it still may go: the mailbox is open, the letter is there and not in the bin, and nothing forbids it.
async fn ready(post: &Post, mailbox_id: Uuid, forward_id: Uuid) -> Result<Option<Ready>, TryError> {
    let house = &post.house;
    let mut tx = house.db.read().await?;
    let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
        return Ok(None);
    };
    let row = store::forward::by_id(&mut tx, mailbox_id, forward_id).await?;
    let Some(row) = row.filter(|row| row.state == Forwarded::Waiting && mailbox.state == State::Open) else {
        return Ok(None);
    };
    let letter = store::letter::by_id(&mut tx, mailbox_id, row.letter_id).await?;
    let Some(letter) = letter.filter(|letter| letter.binned_at.is_none()) else {
        return Ok(None);
    };
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let to = key.open(&Place::of("forward", &forward_id, "recipient"), &row.recipient)?;
    let to = String::from_utf8(to).map_err(|_| TryError::Content)?;
    let to = to.parse().map_err(|_| TryError::Content)?;
    let holder = key.open(&Place::of("mailbox", &mailbox_id, "holder"), &mailbox.holder)?;
    let holder: Holder = serde_json::from_slice(&holder).map_err(|_| TryError::Content)?;
    let original = original::open(&mut tx, mailbox_id, &key, letter.delivery_id).await?;
    let protected = store::forward::is_protected(&mut tx, mailbox_id).await?;
    let sender = original.delivery.sender.id.to_string();
    let bytes = weight(original.message(letter.place)?);
    if post.limits.judge(Some(&sender), protected, bytes).is_err() {
        return Ok(None);
    }
    Ok(Some(Ready {
        to,
        copy: LetterCopy::of(letter.id, letter.place, &holder.name, original)?,
        language: Language::from_tag(&mailbox.language).unwrap_or_default(),
    }))
}

async fn send(post: &Post, forward_id: Uuid, ready: Ready) -> Result<(), TryError> {
    let Ready { to, copy, language } = ready;
    let words = CopyWords::of(language);
    let now = post.house.clock.now();
    // Cleaning a long letter is work for a processor.
    let written = tokio::task::spawn_blocking(move || {
        let above = words.passed_on(&copy.holder, &copy.sender.name);
        let mail = Mail {
            id: forward_id,
            at: now,
            to: to.address().clone(),
            return_path: None,
            language: words.tag(),
            subject: words.passed_on_subject(&copy.message.subject),
            text: format!("{above}\n\n{}", text::letter(&copy, &words, now)),
            html: page::mailed(&copy, &words, &above, now).map_err(|_| TryError::Words)?,
        };
        Ok::<_, TryError>((mail, eml::attachments(&copy)))
    });
    let (mail, files) = written.await.map_err(|_| TryError::Panicked)??;
    match post.mailer.send_with(&mail, files).await {
        Ok(_) => Ok(()),
        Err(refused) => Err(refused.error.into()),
    }
}
