//! The code that confirms an address.

use super::mail::Mail;
use super::words::{self, Language};
use super::worker::{Post, TryError};
use crate::domain::email::{CODE_HOLDS, EmailAddress};
use crate::house::House;
use crate::store;
use uuid::Uuid;

/// The keyed hash of a code together with what it is for. Without the index key a million codes cannot be tried against it.
pub fn code_hash(house: &House, mailbox_id: Uuid, address: &EmailAddress, code: &str) -> Vec<u8> {
    house
        .keys
        .blind_index("contact.code", &format!("{mailbox_id} {address} {code}"))
        .to_vec()
}

/// Tries once.
pub(super) async fn run(post: &Post, job: Uuid, mailbox_id: Uuid, address: &str, code: &str) -> Result<(), TryError> {
    let house = &post.house;
    let to: EmailAddress = address.parse().map_err(|_| TryError::Content)?;
    let language = {
        let mut tx = house.db.read().await?;
        let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
            return Ok(());
        };
        let waiting = store::contact::read(&mut tx, mailbox_id)
            .await?
            .and_then(|row| row.waiting);
        // A code that was replaced, used or has grown old would only confuse whoever gets it.
        let wanted = waiting.is_some_and(|waiting| {
            waiting.code_hash == code_hash(house, mailbox_id, &to, code) && waiting.expires_at > house.clock.now()
        });
        if !wanted {
            return Ok(());
        }
        Language::of(&mailbox.language)
    };
    let words = words::code(language, &post.host, code, CODE_HOLDS.whole_minutes())?;
    let mail = Mail {
        id: job,
        at: house.clock.now(),
        to: to.address().clone(),
        language: language.tag(),
        subject: words.subject,
        text: words.text,
        html: words.html,
    };
    Ok(post.mailer.send(&mail).await?)
}
