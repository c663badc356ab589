//! Whoever sits at an open session must not lead letters elsewhere unseen: what is passed on is told to the holder's own addresses. Not by the
//! rules for notices: no quiet hours hold it and nothing switches it off.

use super::MailboxError;
use super::access::Entered;
use super::forward_rules::Also;
use crate::db::Tx;
use crate::domain::address::Address;
use crate::domain::email::EmailAddress;
use crate::domain::forward::Way;
use crate::house::House;
use crate::outbox::addresses;
use crate::outbox::tell::tell_all;
use crate::store;
use crate::store::notice::NoticeKind;
use uuid::Uuid;

/// Tells every address in use that a rule was made, or that a letter goes to an e-mail address that none has gone to before: in the
/// transaction that does it. Of somebody's mailbox the holder is told when a rule leads there; its holder's number is in no message.
pub(super) async fn tell_holder(
    tx: &mut Tx,
    house: &House,
    entered: &Entered,
    (way, to): (Way, &str),
    also: Also,
) -> Result<(), MailboxError> {
    let now = house.clock.now();
    let known = addresses::known(tx, &entered.key, entered.id).await?;
    let is_own = |address: &Address| {
        let mut in_use = known.iter().filter(|known| known.row.is_in_use());
        in_use.any(|own| own.address == *address)
    };
    let email = match way {
        Way::Mail => to.parse::<EmailAddress>().ok().map(Address::Email),
        Way::Mailbox => None,
    };
    let is_news = match &email {
        Some(address) => {
            let is_new = store::forward::know(tx, entered.id, index(house, entered.id, to), now).await?;
            is_new && !is_own(address)
        }
        None => false,
    };
    let kind = match also {
        Also::FromSender(_) | Also::Everything(_) => NoticeKind::ForwardRule,
        Also::Nothing if is_news => NoticeKind::Forwarded,
        Also::Nothing => return Ok(()),
    };
    let mailbox = (entered.id, &entered.key);
    Ok(tell_all(tx, house, mailbox, (kind, email), &known).await?)
}

/// The keyed hash that an address is known by: in each mailbox another.
fn index(house: &House, mailbox: Uuid, to: &str) -> [u8; 32] {
    house.keys.blind_index("forward.known", &format!("{mailbox} {to}"))
}
