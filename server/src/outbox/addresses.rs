//! The addresses of a mailbox, opened.

use super::OutboxError;
use crate::clock::Ids;
use crate::db::Tx;
use crate::domain::address::Address;
use crate::domain::notice_rules::Way;
use crate::seal::{MailboxKey, Place};
use crate::store;
use crate::store::address::AddressRow;
use uuid::Uuid;

/// An address with its row.
#[derive(Clone, Debug)]
pub struct Known {
    /// The address.
    pub address: Address,
    /// Its row.
    pub row: AddressRow,
}

impl Known {
    /// As far as it matters to where a message goes.
    pub fn way(&self) -> Way {
        Way {
            id: self.row.id,
            channel: self.row.channel,
            confirmed: self.row.confirmed_at.is_some(),
            broken: self.row.broken.is_some(),
        }
    }
}

/// Every address of a mailbox, oldest first. One that cannot be read any more is passed over: it must not silence the others.
pub async fn known(tx: &mut Tx, key: &MailboxKey, mailbox_id: Uuid) -> Result<Vec<Known>, OutboxError> {
    let mut known = Vec::new();
    for row in store::address::of_mailbox(tx, mailbox_id).await? {
        let address = row.id;
        match opened(key, row) {
            Ok(one) => known.push(one),
            Err(OutboxError::Content) => tracing::error!(%address, "a stored address cannot be read"),
            Err(error) => return Err(error),
        }
    }
    Ok(known)
}

/// Opens a row.
pub fn opened(key: &MailboxKey, row: AddressRow) -> Result<Known, OutboxError> {
    let plain = key.open(&place(&row.id), &row.address)?;
    let text = String::from_utf8(plain).map_err(|_| OutboxError::Content)?;
    let address = Address::parse(row.channel, &text).map_err(|_| OutboxError::Content)?;
    Ok(Known { address, row })
}

/// Seals an address for its row.
pub fn sealed(ids: Ids, key: &MailboxKey, id: &Uuid, address: &Address) -> Result<Vec<u8>, OutboxError> {
    Ok(key.seal(ids, &place(id), address.to_string().as_bytes())?)
}

/// Where an address is sealed: named as when a mailbox had one, so that migration 0020 could carry it over without opening it.
fn place(id: &Uuid) -> Place<'_> {
    Place::of("contact", id, "confirmed")
}
