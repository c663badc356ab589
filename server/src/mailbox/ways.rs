//! The mailboxes that a person can go to: their own, those of companies that they act for, and those that they are let into.

use super::MailboxError;
use super::access::Person;
use super::companies::{Listed, listed};
use super::consents::{Stands, received};
use crate::house::House;
use uuid::Uuid;

/// A mailbox that is not the person's own.
#[derive(Clone, PartialEq, Eq)]
pub struct Way {
    /// The mailbox.
    pub mailbox: Uuid,
    /// Whose it is.
    pub name: String,
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Way({})", self.mailbox)
    }
}

/// Companies' first, then those that the person is let into; each once.
pub async fn ways(house: &House, person: &Person) -> Result<Vec<Way>, MailboxError> {
    let mut ways: Vec<Way> = Vec::new();
    for Listed { company, mailbox } in listed(house, person).await? {
        ways.extend(mailbox.map(|mailbox| Way {
            mailbox,
            name: company.name,
        }));
    }
    for consent in received(house, person).await? {
        if consent.stands == Stands::Active && ways.iter().all(|way| way.mailbox != consent.mailbox) {
            ways.push(Way {
                mailbox: consent.mailbox,
                name: consent.other.name,
            });
        }
    }
    Ok(ways)
}
