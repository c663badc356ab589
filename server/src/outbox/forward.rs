//! A letter that is passed on, by e-mail or into another mailbox. A mail comes from us and says who passed the letter on; never does it look
//! as if the sender had mailed it.

use super::hand_over::hand_over;
use super::mail::Mail;
use super::post::Post;
use super::worker::{Effect, TryError};
use crate::copies::{LetterCopy, eml, page, text};
use crate::domain::email::EmailAddress;
use crate::domain::forward::{Way, weight};
use crate::domain::holder::Holder;
use crate::labour::labour;
use crate::original::{self, Original};
use crate::record;
use crate::seal::Place;
use crate::store;
use crate::store::forward::{ForwardRow, State as Forwarded};
use crate::store::letter::LetterRow;
use crate::store::mailbox::State;
use app::{CopyWords, Language};
use uuid::Uuid;

/// A letter that still may go.
pub(super) struct Going {
    pub(super) mailbox_id: Uuid,
    pub(super) row: ForwardRow,
    /// An address, or twelve digits.
    pub(super) to: String,
    /// Who passes it on.
    pub(super) holder: Holder,
    pub(super) letter: LetterRow,
    pub(super) original: Original,
    /// The sender's name as this house shows it.
    pub(super) sender: String,
    language: Language,
}

/// What is to go where by e-mail.
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
    let going = match going(post, mailbox_id, forward_id).await {
        Ok(Some(going)) => going,
        Ok(None) => return (Ok(()), stands(Forwarded::Stopped)),
        Err(error) => return (Err(error), stands(Forwarded::Waiting)),
    };
    let went = match going.row.way {
        Way::Mail => mail(post, going).await.map(|()| stands(Forwarded::Sent)),
        // How it stands then is written with the letter: both are there, or neither.
        Way::Mailbox => hand_over(&post.house, going, attempts).await.map(|()| Effect::None),
    };
    match went {
        Ok(effect) => (Ok(()), effect),
        Err(error) => (Err(error), stands(Forwarded::Waiting)),
    }
}

/// The letter, if it still may go: the mailbox is open and not locked, the letter is there and not in the bin, and nothing forbids it.
async fn going(post: &Post, mailbox_id: Uuid, forward_id: Uuid) -> Result<Option<Going>, TryError> {
    let house = &post.house;
    let mut tx = house.db.read().await?;
    let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
        return Ok(None);
    };
    let row = store::forward::by_id(&mut tx, mailbox_id, forward_id).await?;
    let Some(row) =
        row.filter(|row| row.state == Forwarded::Waiting && mailbox.state == State::Open && !mailbox.locked)
    else {
        return Ok(None);
    };
    let letter = store::letter::by_id(&mut tx, mailbox_id, row.letter_id).await?;
    let Some(letter) = letter.filter(|letter| letter.binned_at.is_none()) else {
        return Ok(None);
    };
    let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
    let to = key.open(&Place::of("forward", &forward_id, "recipient"), &row.recipient)?;
    let to = String::from_utf8(to).map_err(|_| TryError::Content)?;
    let holder = record::holder(&key, mailbox_id, &mailbox.holder)?;
    let header = record::header(&key, letter.id, &letter.header)?;
    let original = original::open(&mut tx, mailbox_id, &key, letter.delivery_id).await?;
    let protected = store::forward::is_protected(&mut tx, mailbox_id).await?;
    let sender = original.delivery.sender.id.to_string();
    let allowed = match row.way {
        Way::Mail => post
            .limits
            .judge_mail(Some(&sender), protected, weight(original.message(letter.place)?)),
        Way::Mailbox => post.limits.judge(Some(&sender), protected),
    };
    if allowed.is_err() {
        return Ok(None);
    }
    Ok(Some(Going {
        mailbox_id,
        row,
        to,
        holder,
        letter,
        original,
        sender: header.sender,
        language: Language::from_tag(&mailbox.language).unwrap_or_default(),
    }))
}

async fn mail(post: &Post, going: Going) -> Result<(), TryError> {
    let ready = Ready {
        to: going.to.parse().map_err(|_| TryError::Content)?,
        copy: LetterCopy::of(
            going.letter.id,
            going.letter.place,
            &going.holder.name,
            &going.sender,
            going.original,
        )?,
        language: going.language,
    };
    send(post, going.row.id, &going.holder.name, ready).await
}

async fn send(post: &Post, forward_id: Uuid, who: &str, ready: Ready) -> Result<(), TryError> {
    let Ready { to, copy, language } = ready;
    let words = CopyWords::of(language);
    let (now, who) = (post.house.clock.now(), who.to_owned());
    let written = labour(move || {
        let above = words.passed_on(&who, &copy.sender.name);
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
