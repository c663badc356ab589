//! For whom a person may act, as Authority says (`getUserAccessRights`): firmatecknare and those with a role in companies, and persons who let
//! them into their mailbox.

use super::access::Capacity;
use super::consent::Level;
use super::right::Right;
use contracts::authority::Activity;
use serde::{Deserialize, Serialize};

/// What Authority said of a person, or that it said nothing. Kept with the session, and never longer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Learned {
    /// It has not been asked yet.
    #[default]
    NotAsked,
    /// It gave no answer: nobody acts for anybody.
    NoAnswer,
    /// What it said.
    Told(ActsFor),
}

/// For whom a person may act.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActsFor {
    /// The companies, each once.
    pub companies: Vec<Company>,
    /// Companies, by number, of which the register's data could not be used: nothing of them is granted.
    pub unclear: Vec<String>,
    /// The register could not say of whom its data is unclear: then nothing at all is granted.
    pub all_unclear: bool,
    /// Numbers of companies where something waits for signatures.
    pub waiting: Vec<String>,
    /// Persons who let this one into their mailbox, as the register says, each once.
    #[serde(default)]
    pub consents: Vec<Consented>,
    /// Somebody lets them read no more than the holder has read: that cannot be kept here, so it lets in nowhere.
    #[serde(default)]
    pub narrower: bool,
}

/// A consent of a person's that the register tells of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consented {
    /// Whose: twelve digits.
    pub holder: String,
    /// To manage too, not to read alone.
    pub manage: bool,
}

impl std::fmt::Debug for Consented {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Consented(…)")
    }
}

impl Consented {
    /// As far as a consent that is given here.
    pub fn level(&self) -> Level {
        if self.manage { Level::Manage } else { Level::Read }
    }
}

/// A company that a person may act for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Twelve digits.
    pub number: String,
    /// Its name.
    pub name: String,
    /// By what right.
    pub ground: Ground,
    /// What is granted, in the contract's words: which rights that gives here is decided when they are used.
    pub activities: Vec<String>,
}

/// By what right somebody acts for a company.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ground {
    /// Firmatecknare.
    Signatory,
    /// A role, by its name if it has one.
    Role(Option<String>),
}

impl std::fmt::Debug for Company {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Company(…)")
    }
}

impl Ground {
    /// As logs have it.
    pub fn capacity(&self) -> Capacity {
        match self {
            Self::Signatory => Capacity::Signatory,
            Self::Role(_) => Capacity::Role,
        }
    }
}

impl Company {
    /// What the person may do in its mailbox.
    pub fn rights(&self) -> Vec<Right> {
        let known = self.activities.iter().filter_map(|name| Activity::from_text(name));
        let granted: Vec<Right> = known.flat_map(Right::granted_by).copied().collect();
        Right::ALL.into_iter().filter(|right| granted.contains(right)).collect()
    }

    /// Whether the person signs for it, alone or with others.
    pub fn is_signed_for(&self) -> bool {
        self.ground == Ground::Signatory && self.rights().contains(&Right::Account)
    }
}

impl ActsFor {
    /// The company with this number, if the person may act for it.
    pub fn company(&self, number: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.number == number)
    }

    /// The consent of this holder, if there is one.
    pub fn consented(&self, holder: &str) -> Option<&Consented> {
        self.consents.iter().find(|consent| consent.holder == holder)
    }

    /// The same without what is unclear.
    #[must_use]
    pub fn without_unclear(mut self) -> Self {
        if self.all_unclear {
            self.companies.clear();
            self.consents.clear();
            self.narrower = false;
        }
        let unclear = &self.unclear;
        self.consents.retain(|consent| !unclear.contains(&consent.holder));
        self.companies.retain(|company| !unclear.contains(&company.number));
        self
    }
}

impl Learned {
    /// What was said, if anything.
    pub fn told(&self) -> Option<&ActsFor> {
        match self {
            Self::Told(told) => Some(told),
            Self::NotAsked | Self::NoAnswer => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn company(number: &str, activities: &[Activity]) -> Company {
        Company {
            number: number.to_owned(),
            name: "Ek Bygg AB".to_owned(),
            ground: Ground::Signatory,
            activities: activities.iter().map(|activity| activity.as_str().to_owned()).collect(),
        }
    }

    #[test]
    fn rights_are_those_that_the_activities_give_and_no_others() {
        let reads = company("165599999033", &[Activity::View]);
        assert_eq!(reads.rights(), [Right::View, Right::Overview]);
        assert!(!reads.is_signed_for());
        let signs = company("165599999033", &[Activity::InitiateAccountAction, Activity::View]);
        assert_eq!(signs.rights(), [Right::View, Right::Overview, Right::Account]);
        assert!(signs.is_signed_for());
        let mut newer = company("165599999033", &[]);
        newer.activities.push("SingAloud".to_owned());
        assert!(newer.rights().is_empty(), "what is not known grants nothing");
    }

    #[test]
    fn what_is_unclear_grants_nothing() {
        let (one, other) = (
            company("165599999033", &[Activity::View]),
            company("169699999042", &[Activity::View]),
        );
        let mut said = ActsFor {
            companies: vec![one, other],
            unclear: vec!["165599999033".to_owned()],
            ..ActsFor::default()
        };
        let left = said.clone().without_unclear();
        assert!(left.company("165599999033").is_none() && left.company("169699999042").is_some());
        said.all_unclear = true;
        assert!(said.without_unclear().companies.is_empty());
    }
}
