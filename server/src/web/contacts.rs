//! Where the person who is logged in is reached.

use super::ports::unavailable;
use crate::domain::channel::Channel as Way;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::contacts;
use crate::outbox::addresses::Known;
use app::ports::{Added, AddressId, Broken, Channel, Confirmed, ContactList, ContactRow, Contacts, PortError};
use async_trait::async_trait;
use uuid::Uuid;

/// The addresses of one mailbox, for its holder.
pub(super) struct OwnContacts {
    pub(super) house: House,
    pub(super) person: Person,
}

/// A channel for a page.
pub(super) fn channel(way: Way) -> Channel {
    match way {
        Way::Email => Channel::Email,
        Way::Sms => Channel::Sms,
    }
}

fn way(channel: Channel) -> Way {
    match channel {
        Channel::Email => Way::Email,
        Channel::Sms => Way::Sms,
    }
}

fn address_id(id: &AddressId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&id.0).map_err(|_| PortError::NotFound)
}

fn row(known: Known) -> ContactRow {
    ContactRow {
        id: AddressId(known.row.id.to_string()),
        channel: channel(known.row.channel),
        shown: known.address.shown(),
        confirmed: known.row.confirmed_at.is_some(),
        broken: known.row.broken.map(|(since, number)| Broken { since, number }),
    }
}

fn added(added: contacts::Added) -> Result<Added, PortError> {
    Ok(match added {
        contacts::Added::CodeSent(id) => Added::CodeSent(AddressId(id.to_string())),
        contacts::Added::NotAnAddress => Added::NotAnAddress,
        contacts::Added::Abroad => Added::Abroad,
        contacts::Added::Already => Added::Already,
        contacts::Added::Full => Added::Full,
        contacts::Added::TooMany => Added::TooMany,
        contacts::Added::NotFound => return Err(PortError::NotFound),
    })
}

#[async_trait]
impl Contacts for OwnContacts {
    async fn contacts(&self) -> Result<ContactList, PortError> {
        let found = contacts::contacts(&self.house, &self.person)
            .await
            .map_err(unavailable)?;
        Ok(ContactList {
            full: found.known.len() >= crate::domain::address::MOST,
            addresses: found.known.into_iter().map(row).collect(),
            typed: found.typed.map(|(way, text)| (channel(way), text)),
        })
    }

    async fn add(&self, channel: Channel, address: String) -> Result<Added, PortError> {
        let answer = contacts::add(&self.house, &self.person, way(channel), &address).await;
        added(answer.map_err(unavailable)?)
    }

    async fn new_code(&self, id: AddressId) -> Result<Added, PortError> {
        let answer = contacts::new_code(&self.house, &self.person, address_id(&id)?).await;
        added(answer.map_err(unavailable)?)
    }

    async fn confirm(&self, id: AddressId, code: String) -> Result<Confirmed, PortError> {
        let answer = contacts::confirm(&self.house, &self.person, address_id(&id)?, &code).await;
        Ok(match answer.map_err(unavailable)? {
            contacts::Confirmed::Done => Confirmed::Done,
            contacts::Confirmed::Wrong { left } => Confirmed::Wrong { left },
            contacts::Confirmed::NotACode => Confirmed::NotACode,
            contacts::Confirmed::Over => Confirmed::Over,
        })
    }

    async fn remove(&self, id: AddressId) -> Result<(), PortError> {
        let answer = contacts::remove(&self.house, &self.person, address_id(&id)?).await;
        match answer.map_err(unavailable)? {
            contacts::Removed::Done => Ok(()),
            contacts::Removed::NotFound => Err(PortError::NotFound),
        }
    }
}
