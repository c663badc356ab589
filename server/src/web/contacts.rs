//! Where the person who is logged in is reached.

use super::ports::unavailable;
use crate::domain::address::Address;
use crate::domain::channel::Channel as Way;
use crate::domain::device::Device;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::{browser, contacts};
use crate::outbox::addresses::Known;
use crate::outbox::push::Offer;
use app::ports::{
    Added, AddressId, Broken, BrowserForm, Channel, Confirmed, ContactList, ContactRow, Contacts, PortError, Shown,
    Subscribed,
};
use async_trait::async_trait;
use uuid::Uuid;

/// The addresses of one mailbox, for its holder.
pub(super) struct OwnContacts {
    pub(super) house: House,
    pub(super) person: Person,
    /// What browsers are subscribed with.
    pub(super) push: Option<Offer>,
    /// The browser that asks.
    pub(super) device: Device,
}

/// A channel for a page.
pub(super) fn channel(way: Way) -> Channel {
    match way {
        Way::Email => Channel::Email,
        Way::Sms => Channel::Sms,
        Way::Push => Channel::Push,
    }
}

/// An address as a page names it.
pub(super) fn shown(address: &Address) -> Shown {
    match address {
        Address::Email(_) | Address::Mobile(_) => Shown::Written(address.shown()),
        Address::Browser(browser) => Shown::Browser {
            name: browser.device().browser.map(|it| it.name().to_owned()),
            system: browser.device().system.map(|it| it.name().to_owned()),
        },
    }
}

fn way(channel: Channel) -> Way {
    match channel {
        Channel::Email => Way::Email,
        Channel::Sms => Way::Sms,
        Channel::Push => Way::Push,
    }
}

/// The id that a form names, or nothing found.
pub(super) fn address_id(id: &AddressId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&id.0).map_err(|_| PortError::NotFound)
}

fn row(known: Known) -> ContactRow {
    ContactRow {
        id: AddressId(known.row.id.to_string()),
        channel: channel(known.row.channel),
        shown: shown(&known.address),
        endpoint: match &known.address {
            Address::Browser(browser) => Some(browser.endpoint().url().to_string()),
            Address::Email(_) | Address::Mobile(_) => None,
        },
        confirmed: known.row.confirmed_at,
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
            silent: found.silent.into_iter().map(channel).collect(),
            push_key: self.push.as_ref().map(|offer| offer.public.clone()),
        })
    }

    async fn add(&self, channel: Channel, address: String) -> Result<Added, PortError> {
        let answer = contacts::add(&self.house, &self.person, way(channel), &address).await;
        added(answer.map_err(unavailable)?)
    }

    async fn subscribe(&self, form: BrowserForm) -> Result<Subscribed, PortError> {
        let offer = self.push.as_ref().ok_or(PortError::NotFound)?;
        let given = browser::Given {
            endpoint: &form.endpoint,
            p256dh: &form.p256dh,
            auth: &form.auth,
            device: self.device,
            replaces: form.replaces.as_deref(),
        };
        let answer = browser::subscribe(&self.house, &self.person, offer, given).await;
        Ok(match answer.map_err(unavailable)? {
            browser::Subscribed::Done => Subscribed::Done,
            browser::Subscribed::Already => Subscribed::Already,
            browser::Subscribed::NotASubscription => Subscribed::NotASubscription,
            browser::Subscribed::Full => Subscribed::Full,
            browser::Subscribed::TooMany => Subscribed::TooMany,
            browser::Subscribed::NotFound => return Err(PortError::NotFound),
        })
    }

    async fn new_code(&self, id: AddressId) -> Result<Added, PortError> {
        let answer = contacts::new_code(&self.house, &self.person, address_id(&id)?).await;
        added(answer.map_err(unavailable)?)
    }

    async fn confirm(&self, id: AddressId, code: String, tell_there: bool) -> Result<Confirmed, PortError> {
        let id = address_id(&id)?;
        let wish = if tell_there {
            contacts::Wish::ToldThere
        } else {
            contacts::Wish::AsRuled
        };
        let answer = contacts::confirm(&self.house, &self.person, id, &code, wish).await;
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
