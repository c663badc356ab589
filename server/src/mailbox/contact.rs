//! The one e-mail address of a mailbox: given by the person, confirmed by a code that was sent to it.

use super::UseError;
use crate::db::Tx;
use crate::domain::access::Act;
use crate::domain::email::{self, CODE_HOLDS, CODE_PERIOD, CODE_TRIES, CODES, EmailAddress};
use crate::house::House;
use crate::outbox::{self, Job};
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::access_log::AccessRow;
use crate::store::contact::{ContactRow, WaitingRow};
use app::ports::{ChangeEmail, ConfirmEmail, Contact};
use subtle::ConstantTimeEq as _;
use time::OffsetDateTime;
use uuid::Uuid;

/// Whose contact details: the mailbox, its key, and the name of who acts, for the access log.
#[derive(Clone, Copy, Debug)]
pub struct Whose<'a> {
    /// The mailbox.
    pub mailbox_id: Uuid,
    /// Its key.
    pub key: &'a MailboxKey,
    /// Name of who acts.
    pub actor: &'a str,
}

/// How the address stands.
pub async fn contact(house: &House, whose: Whose<'_>) -> Result<Contact, UseError> {
    let mut tx = house.db.read().await?;
    let Some(row) = store::contact::read(&mut tx, whose.mailbox_id).await? else { return Ok(Contact::None) };
    let waiting = row.waiting.as_ref().map(|waiting| open(whose, "waiting", &waiting.address)).transpose()?;
    let confirmed = row.confirmed.as_ref().map(|confirmed| open(whose, "confirmed", confirmed)).transpose()?;
    Ok(match (confirmed, waiting) {
        (Some(email), waiting) => Contact::Confirmed { email, waiting },
        (None, Some(email)) => Contact::Unconfirmed { email },
        (None, None) => Contact::None,
    })
}

/// Takes a new address and sends a code to it. The confirmed one stays until the new one is confirmed.
pub async fn change_email(house: &House, whose: Whose<'_>, text: &str) -> Result<ChangeEmail, UseError> {
    let Ok(address) = text.parse::<EmailAddress>() else { return Ok(ChangeEmail::NotAnAddress) };
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let mut row = store::contact::read(&mut tx, whose.mailbox_id).await?.unwrap_or(ContactRow {
        confirmed: None,
        waiting: None,
        codes_sent: 0,
        codes_since: now,
        changed_at: now,
    });
    if now - row.codes_since >= CODE_PERIOD {
        row.codes_sent = 0;
        row.codes_since = now;
    }
    if row.codes_sent >= CODES {
        return Ok(ChangeEmail::TooMany);
    }
    let code = email::code(house.ids.bytes().map_err(|_| crate::seal::SealError::NoRandomness)?);
    row.codes_sent += 1;
    row.changed_at = now;
    row.waiting = Some(WaitingRow {
        address: seal(house, whose, "waiting", &address.to_string())?,
        code_hash: code_hash(house, whose.mailbox_id, &address, &code),
        expires_at: now + CODE_HOLDS,
        tries: 0,
    });
    store::contact::put(&mut tx, whose.mailbox_id, row).await?;
    let job = Job::EmailCode { mailbox_id: whose.mailbox_id, address: address.to_string(), code };
    outbox::enqueue(&mut tx, house, &job).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(ChangeEmail::CodeSent)
}

/// Confirms the address that waits, if `code` is the one that was sent to it.
pub async fn confirm_email(house: &House, whose: Whose<'_>, code: &str) -> Result<ConfirmEmail, UseError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(mut row) = store::contact::read(&mut tx, whose.mailbox_id).await? else { return Ok(ConfirmEmail::Over) };
    let Some(mut waiting) = row.waiting.take() else { return Ok(ConfirmEmail::Over) };
    if waiting.expires_at <= now || waiting.tries >= i64::from(CODE_TRIES) {
        return Ok(ConfirmEmail::Over);
    }
    let address = open(whose, "waiting", &waiting.address)?;
    let parsed: EmailAddress = address.parse().map_err(|_| UseError::Content)?;
    // People copy codes with spaces around and in them.
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = code_hash(house, whose.mailbox_id, &parsed, &code).ct_eq(&waiting.code_hash);
    let answer = if bool::from(fits) {
        row.confirmed = Some(seal(house, whose, "confirmed", &address)?);
        row.codes_sent = 0;
        log_change(&mut tx, house, whose, now).await?;
        ConfirmEmail::Confirmed
    } else {
        waiting.tries += 1;
        let left = CODE_TRIES.saturating_sub(u32::try_from(waiting.tries).unwrap_or(CODE_TRIES));
        row.waiting = Some(waiting);
        if left == 0 { ConfirmEmail::Over } else { ConfirmEmail::WrongCode { left } }
    };
    row.changed_at = now;
    store::contact::put(&mut tx, whose.mailbox_id, row).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Takes the address away, and one that waits. Notices that wait are not sent.
pub async fn remove_email(house: &House, whose: Whose<'_>) -> Result<(), UseError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(mut row) = store::contact::read(&mut tx, whose.mailbox_id).await? else { return Ok(()) };
    if row.confirmed.take().is_some() {
        log_change(&mut tx, house, whose, now).await?;
    }
    // The count of codes stays, so that removing is no way around it.
    row.waiting = None;
    row.changed_at = now;
    store::contact::put(&mut tx, whose.mailbox_id, row).await?;
    tx.commit().await?;
    Ok(())
}

/// The keyed hash of a code together with what it is for. Without the index key a million codes cannot be tried against it.
pub(crate) fn code_hash(house: &House, mailbox_id: Uuid, address: &EmailAddress, code: &str) -> Vec<u8> {
    house.keys.blind_index("email-code", &format!("{mailbox_id} {address} {code}")).to_vec()
}

async fn log_change(tx: &mut Tx, house: &House, whose: Whose<'_>, now: OffsetDateTime) -> Result<(), UseError> {
    let id = house.ids.at(now);
    let actor = whose.key.seal(house.ids, &Place::of("access_log", &id, "actor"), whose.actor.as_bytes())?;
    let row = AccessRow { id, at: now, actor, act: Act::ChangedContact, letter_id: None };
    Ok(store::access_log::insert(tx, whose.mailbox_id, &row).await?)
}

fn seal(house: &House, whose: Whose<'_>, field: &'static str, text: &str) -> Result<Vec<u8>, UseError> {
    Ok(whose.key.seal(house.ids, &Place::of("contact", &whose.mailbox_id, field), text.as_bytes())?)
}

fn open(whose: Whose<'_>, field: &'static str, sealed: &[u8]) -> Result<String, UseError> {
    let plain = whose.key.open(&Place::of("contact", &whose.mailbox_id, field), sealed)?;
    String::from_utf8(plain).map_err(|_| UseError::Content)
}
