//! Who may send for whom: the lists of Authority, and the rules that are read from them (infrastructure.md 7.5).

use contracts::identifier::OrganisationNumber;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A mediator and those it may send for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mediator {
    /// Its organisation.
    pub organisation: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// The senders it may send for.
    pub senders: Vec<OrganisationNumber>,
}

/// The organisations behind one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parties {
    /// Who the delivery says it is from.
    pub sender: OrganisationNumber,
    /// Whose certificate signed it.
    pub signer: OrganisationNumber,
    /// Whose certificate sealed it.
    pub sealer: OrganisationNumber,
}

/// Why a delivery of these parties is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotApproved {
    /// Rule 1: the sender is not approved.
    #[error("the sender is not an approved sender")]
    UnknownSender,
    /// Rule 2: signed by neither the sender nor a mediator that may send for it.
    #[error("the signature is by neither the sender nor a mediator approved for it")]
    SignerNotApproved,
    /// Rule 3: sealed by somebody who is not a mediator for this sender.
    #[error("the seal is not by a mediator approved for this sender")]
    MediatorNotApproved,
    /// It cannot be known now: Authority does not answer.
    #[error("the register of senders cannot be reached")]
    Unknown,
}

/// The lists, as they are kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Book {
    senders: BTreeMap<OrganisationNumber, String>,
    mediators: BTreeMap<OrganisationNumber, BTreeSet<OrganisationNumber>>,
    /// Names of mediators. A copy that was kept before they were read has none.
    #[serde(default)]
    mediator_names: BTreeMap<OrganisationNumber, String>,
}

impl Book {
    /// From the answers of getSenders and getDispatchers.
    pub(super) fn of(senders: Vec<(OrganisationNumber, String)>, mediators: Vec<Mediator>) -> Self {
        let mut book = Self {
            senders: senders.into_iter().collect(),
            mediators: BTreeMap::new(),
            mediator_names: BTreeMap::new(),
        };
        for mediator in mediators {
            book.mediator_names.insert(mediator.organisation, mediator.name);
            book.mediators
                .entry(mediator.organisation)
                .or_default()
                .extend(mediator.senders);
        }
        book
    }

    /// Every sender and its name.
    pub(super) fn senders(&self) -> impl Iterator<Item = (OrganisationNumber, &str)> {
        self.senders.iter().map(|(number, name)| (*number, name.as_str()))
    }

    /// The name of a sender in the list.
    pub(super) fn name_of(&self, sender: OrganisationNumber) -> Option<&str> {
        self.senders.get(&sender).map(String::as_str)
    }

    /// Every mediator: its number, its name if it is known, and for how many senders it may send.
    pub(super) fn mediators(&self) -> impl Iterator<Item = (OrganisationNumber, &str, usize)> {
        self.mediators.iter().map(|(number, senders)| {
            let name = self.mediator_names.get(number).map(String::as_str);
            (
                *number,
                name.or_else(|| self.name_of(*number)).unwrap_or_default(),
                senders.len(),
            )
        })
    }

    /// Whether a mediator may send for a sender.
    pub(super) fn sends_for(&self, mediator: OrganisationNumber, sender: OrganisationNumber) -> bool {
        let senders = self.mediators.get(&mediator);
        senders.is_some_and(|senders| senders.contains(&sender))
    }

    /// Whether an organisation is in either list.
    pub(super) fn names(&self, organisation: OrganisationNumber) -> bool {
        self.senders.contains_key(&organisation) || self.mediators.contains_key(&organisation)
    }

    /// Rules 1 to 3. `vouched_for` are senders that isSenderAccepted knows, though the list does not.
    pub(super) fn judge(
        &self,
        vouched_for: &BTreeSet<OrganisationNumber>,
        parties: &Parties,
    ) -> Result<(), NotApproved> {
        let sender = parties.sender;
        let sends_for = |mediator| self.sends_for(mediator, sender);
        if !self.senders.contains_key(&sender) && !vouched_for.contains(&sender) {
            Err(NotApproved::UnknownSender)
        } else if parties.signer != sender && !sends_for(parties.signer) {
            Err(NotApproved::SignerNotApproved)
        } else if !sends_for(parties.sealer) {
            Err(NotApproved::MediatorNotApproved)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KOMMUN_A: &str = "162021004748";
    const KOMMUN_B: &str = "162021003898";
    const SKATTEVERKET: &str = "162021005448";

    fn number(digits: &str) -> OrganisationNumber {
        digits.parse().unwrap()
    }

    /// Judged by a book in which Kommun A and B send, and B is a mediator for both.
    fn judge(sender: &str, signer: &str, sealer: &str) -> Result<(), NotApproved> {
        let mediator = Mediator {
            organisation: number(KOMMUN_B),
            name: "Kommun B".into(),
            senders: vec![number(KOMMUN_A), number(KOMMUN_B)],
        };
        let senders = [KOMMUN_A, KOMMUN_B].map(|sender| (number(sender), "A sender".to_owned()));
        let parties = Parties {
            sender: number(sender),
            signer: number(signer),
            sealer: number(sealer),
        };
        Book::of(senders.to_vec(), vec![mediator]).judge(&BTreeSet::new(), &parties)
    }

    #[test]
    fn the_sender_must_be_approved() {
        assert_eq!(judge(KOMMUN_A, KOMMUN_A, KOMMUN_B), Ok(()));
        assert_eq!(
            judge(SKATTEVERKET, SKATTEVERKET, KOMMUN_B),
            Err(NotApproved::UnknownSender)
        );
    }

    #[test]
    fn the_sender_signs_or_its_mediator_does() {
        assert_eq!(judge(KOMMUN_A, KOMMUN_B, KOMMUN_B), Ok(()));
        assert_eq!(
            judge(KOMMUN_A, SKATTEVERKET, KOMMUN_B),
            Err(NotApproved::SignerNotApproved)
        );
        assert_eq!(judge(KOMMUN_B, KOMMUN_A, KOMMUN_B), Err(NotApproved::SignerNotApproved));
    }

    #[test]
    fn a_mediator_of_the_senders_seals() {
        assert_eq!(judge(KOMMUN_B, KOMMUN_B, KOMMUN_B), Ok(()), "its own mediator");
        assert_eq!(
            judge(KOMMUN_A, KOMMUN_A, KOMMUN_A),
            Err(NotApproved::MediatorNotApproved),
            "not its own"
        );
        assert_eq!(
            judge(KOMMUN_A, KOMMUN_A, SKATTEVERKET),
            Err(NotApproved::MediatorNotApproved)
        );
    }

    #[test]
    fn somebody_vouched_for_is_a_sender() {
        let parties = Parties {
            sender: number(SKATTEVERKET),
            signer: number(SKATTEVERKET),
            sealer: number(SKATTEVERKET),
        };
        let own_mediator = Mediator {
            organisation: number(SKATTEVERKET),
            name: "Skatteverket".into(),
            senders: vec![number(SKATTEVERKET)],
        };
        let book = Book::of(vec![], vec![own_mediator]);
        assert_eq!(book.judge(&BTreeSet::from([number(SKATTEVERKET)]), &parties), Ok(()));
        assert_eq!(book.judge(&BTreeSet::new(), &parties), Err(NotApproved::UnknownSender));
    }
}
