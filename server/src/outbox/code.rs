//! The code that confirms an address.

use super::post::{Back, Post};
use super::words::{Language, Message, Spoken};
use super::worker::TryError;
use super::{OutboxError, addresses};
use crate::domain::address::Address;
use crate::domain::code::HOLDS;
use crate::house::House;
use crate::store;
use uuid::Uuid;

/// The keyed hash of a code together with what it is for. Without the index key a million codes cannot be tried against it.
pub fn code_hash(house: &House, mailbox_id: Uuid, address: &Address, code: &str) -> Vec<u8> {
    house
        .keys
        .blind_index("contact.code", &format!("{mailbox_id} {address} {code}"))
        .to_vec()
}

/// An address that refused its code for good.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) mailbox_id: Uuid,
    pub(super) address_id: Uuid,
    pub(super) number: String,
}

/// Tries once.
pub(super) async fn run(
    post: &Post,
    job: Uuid,
    (mailbox_id, address_id): (Uuid, Uuid),
    code: &str,
) -> Result<(Result<(), TryError>, Option<Refused>), OutboxError> {
    let house = &post.house;
    let (to, language) = {
        let mut tx = house.db.read().await?;
        let Some(mailbox) = store::mailbox::by_id(&mut tx, mailbox_id).await? else {
            return Ok((Ok(()), None));
        };
        let key = house.keys.unwrap(&mailbox_id, &mailbox.wrapped)?;
        let Some(row) = store::address::by_id(&mut tx, mailbox_id, address_id).await? else {
            return Ok((Ok(()), None));
        };
        let known = addresses::opened(&key, row)?;
        // A code that was replaced, used or has grown old would only confuse whoever gets it.
        let wanted = known.row.code.as_ref().is_some_and(|waiting| {
            waiting.hash == code_hash(house, mailbox_id, &known.address, code) && waiting.expires_at > house.clock.now()
        });
        if !wanted {
            return Ok((Ok(()), None));
        }
        (known.address, Language::of(&mailbox.language))
    };
    // Without the person's own word: until the code has come back, the address may be anybody's.
    let spoken = Spoken {
        language,
        host: &post.host,
        word: None,
        company: None,
        message: Message::Code {
            code,
            minutes: HOLDS.whole_minutes(),
        },
    };
    Ok(match post.say(job, &to, &spoken, Back::Nowhere).await? {
        Ok(_) => (Ok(()), None),
        Err(refused) => match refused.for_good() {
            Some(number) => {
                let error = refused.error;
                tracing::warn!(%job, %error, "the other side takes no code for this address");
                let refused = Refused {
                    mailbox_id,
                    address_id,
                    number,
                };
                (Ok(()), Some(refused))
            }
            None => (Err(refused.error), None),
        },
    })
}
