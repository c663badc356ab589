//! The one e-mail address of a mailbox: given by the person, confirmed by a code that was sent to it.

use super::MailboxError;
use super::access::{Entered, Person, enter};
use crate::domain::access::Act;
use crate::domain::email::{self, CODE_HOLDS, CODE_PERIOD, CODE_TRIES, CODES, EmailAddress};
use crate::house::House;
use crate::outbox::{self, Job, code_hash};
use crate::seal::Place;
use crate::store;
use crate::store::contact::{ContactRow, WaitingRow};
use app::ports::{ChangeEmail, ConfirmEmail, Contact};
use subtle::ConstantTimeEq as _;

/// How the address stands; [`Contact::None`] without a mailbox too.
pub async fn contact(house: &House, person: &Person) -> Result<Contact, MailboxError> {
    let mut tx = house.db.read().await?;
    let Some(whose) = enter(&mut tx, house, person).await? else {
        return Ok(Contact::None);
    };
    let Some(row) = store::contact::read(&mut tx, whose.id).await? else {
        return Ok(Contact::None);
    };
    let waiting = row
        .waiting
        .as_ref()
        .map(|waiting| open(&whose, "waiting", &waiting.address))
        .transpose()?;
    let confirmed = row
        .confirmed
        .as_ref()
        .map(|confirmed| open(&whose, "confirmed", confirmed))
        .transpose()?;
    Ok(match (confirmed, waiting) {
        (Some(email), waiting) => Contact::Confirmed { email, waiting },
        (None, Some(email)) => Contact::Unconfirmed { email },
        (None, None) => Contact::None,
    })
}

/// Takes a new address and sends a code to it. The confirmed one stays until the new one is confirmed. Nothing without a
/// mailbox.
pub async fn change_email(house: &House, person: &Person, text: &str) -> Result<Option<ChangeEmail>, MailboxError> {
    let Ok(address) = text.parse::<EmailAddress>() else {
        return Ok(Some(ChangeEmail::NotAnAddress));
    };
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter(&mut tx, house, person).await? else {
        return Ok(None);
    };
    let mut row = store::contact::read(&mut tx, whose.id).await?.unwrap_or(ContactRow {
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
        return Ok(Some(ChangeEmail::TooMany));
    }
    let code = email::code(house.ids.bytes().map_err(|_| MailboxError::NoRandomness)?);
    row.codes_sent += 1;
    row.changed_at = now;
    row.waiting = Some(WaitingRow {
        address: seal(house, &whose, "waiting", &address.to_string())?,
        code_hash: code_hash(house, whose.id, &address, &code),
        expires_at: now + CODE_HOLDS,
        tries: 0,
    });
    store::contact::put(&mut tx, whose.id, row).await?;
    let job = Job::EmailCode {
        mailbox_id: whose.id,
        address: address.to_string(),
        code,
    };
    outbox::enqueue(&mut tx, house, &job, now).await?;
    tx.commit().await?;
    house.bell.notify_one();
    Ok(Some(ChangeEmail::CodeSent))
}

/// Confirms the address that waits, if `code` is the one that was sent to it. A wrong code is counted, and the count kept.
pub async fn confirm_email(house: &House, person: &Person, code: &str) -> Result<ConfirmEmail, MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter(&mut tx, house, person).await? else {
        return Ok(ConfirmEmail::Over);
    };
    let Some(mut row) = store::contact::read(&mut tx, whose.id).await? else {
        return Ok(ConfirmEmail::Over);
    };
    let Some(mut waiting) = row.waiting.take() else {
        return Ok(ConfirmEmail::Over);
    };
    if waiting.expires_at <= now || waiting.tries >= i64::from(CODE_TRIES) {
        return Ok(ConfirmEmail::Over);
    }
    let address = open(&whose, "waiting", &waiting.address)?;
    let parsed: EmailAddress = address.parse().map_err(|_| MailboxError::Record("e-mail address"))?;
    // People copy codes with spaces around and in them.
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = code_hash(house, whose.id, &parsed, &code).ct_eq(&waiting.code_hash);
    let answer = if bool::from(fits) {
        row.confirmed = Some(seal(house, &whose, "confirmed", &address)?);
        row.codes_sent = 0;
        whose.log(&mut tx, house.ids, now, Act::ChangedContact, None).await?;
        ConfirmEmail::Confirmed
    } else {
        waiting.tries += 1;
        let left = CODE_TRIES.saturating_sub(u32::try_from(waiting.tries).unwrap_or(CODE_TRIES));
        row.waiting = Some(waiting);
        if left == 0 {
            ConfirmEmail::Over
        } else {
            ConfirmEmail::WrongCode { left }
        }
    };
    row.changed_at = now;
    store::contact::put(&mut tx, whose.id, row).await?;
    tx.commit().await?;
    Ok(answer)
}

/// Takes the address away, and one that waits. Notices that wait are not sent.
pub async fn remove_email(house: &House, person: &Person) -> Result<(), MailboxError> {
    let now = house.clock.now();
    let mut tx = house.db.begin().await?;
    let Some(whose) = enter(&mut tx, house, person).await? else {
        return Ok(());
    };
    let Some(mut row) = store::contact::read(&mut tx, whose.id).await? else {
        return Ok(());
    };
    if row.confirmed.take().is_some() {
        whose.log(&mut tx, house.ids, now, Act::ChangedContact, None).await?;
    }
    // The count of codes stays, so that removing is no way around it.
    row.waiting = None;
    row.changed_at = now;
    store::contact::put(&mut tx, whose.id, row).await?;
    tx.commit().await?;
    Ok(())
}

fn seal(house: &House, whose: &Entered, field: &'static str, text: &str) -> Result<Vec<u8>, MailboxError> {
    Ok(whose
        .key
        .seal(house.ids, &Place::of("contact", &whose.id, field), text.as_bytes())?)
}

fn open(whose: &Entered, field: &'static str, sealed: &[u8]) -> Result<String, MailboxError> {
    let plain = whose.key.open(&Place::of("contact", &whose.id, field), sealed)?;
    String::from_utf8(plain).map_err(|_| MailboxError::Record("e-mail address"))
}
