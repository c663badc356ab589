//! Persons, and how far a set of signatures has come.

use std::str::FromStr;

use time::OffsetDateTime;

use crate::call::texts;
use crate::identifier::{IdentifierError, PersonalNumber, RecipientId};
use crate::namespace::AUTHORITY;
use crate::xml::{Element, ReadError, Writer, parse_date_time, write_date_time};

/// Somebody who uses a mailbox: a personal number, or two letters of a country and a foreign identifier (section 4).
/// `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UserIdentity(String);

impl UserIdentity {
    /// As the schema writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Swedish number, when it is one.
    pub fn person(&self) -> Option<PersonalNumber> {
        self.0.parse().ok()
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        element.parse(
            "a personal number of twelve digits, or a country's letters and an identifier",
            |t| t.parse().ok(),
        )
    }
}

impl FromStr for UserIdentity {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        let swedish = digits && ["18", "19", "20"].iter().any(|century| text.starts_with(century));
        let foreign =
            (12..=255).contains(&text.chars().count()) && text.bytes().take(2).all(|b| b.is_ascii_lowercase());
        if swedish || foreign {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdentifierError::Person)
        }
    }
}

impl From<PersonalNumber> for UserIdentity {
    fn from(number: PersonalNumber) -> Self {
        Self(number.to_string())
    }
}

impl std::fmt::Debug for UserIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UserIdentity(…)")
    }
}

/// A person with a name. `Debug` hides both.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// A personal number in the older schema, any text of 2 to 256 characters in the newest: read leniently.
    pub id: String,
    /// Name.
    pub name: String,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(…)")
    }
}

impl Person {
    pub(crate) fn write(&self, namespace: &str, name: &str, xml: &mut Writer) {
        xml.start(namespace, name);
        xml.element(AUTHORITY, "Id", &self.id)
            .element(AUTHORITY, "Name", &self.name);
        xml.end();
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let person = Self {
            id: children.required(AUTHORITY, "Id")?.token()?.into_owned(),
            name: children.required(AUTHORITY, "Name")?.text()?.into_owned(),
        };
        children.end()?;
        Ok(person)
    }
}

texts! {
    /// Whether what is signed is enough.
    AuthorisationStatus {
        /// It is.
        Complete = "Complete",
        /// More people must sign.
        Incomplete = "Incomplete",
        /// The company's rule cannot be read by a machine.
        RulesNotSupported = "RulesNotSupported",
    }
}

/// How far a set of signatures has come (`SignatureAuthorizationResult`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignatureAuthorisation {
    /// For whom.
    pub recipient: Option<RecipientId>,
    /// Who has signed.
    pub signed_by: Vec<Person>,
    /// Whether that is enough.
    pub status: Option<AuthorisationStatus>,
    /// When it was settled.
    pub at: Option<OffsetDateTime>,
    /// A word on it.
    pub text: Option<String>,
    /// Who may sign as well.
    pub possible_signers: Vec<Person>,
}

impl SignatureAuthorisation {
    pub(crate) fn write(&self, namespace: &str, name: &str, xml: &mut Writer) {
        xml.start(namespace, name);
        xml.optional(AUTHORITY, "Id", self.recipient.map(|r| r.to_string()).as_deref());
        for person in &self.signed_by {
            person.write(AUTHORITY, "SignedBy", xml);
        }
        xml.optional(AUTHORITY, "Status", self.status.map(AuthorisationStatus::as_str));
        xml.optional(AUTHORITY, "Timestamp", self.at.map(write_date_time).as_deref());
        xml.optional(AUTHORITY, "Text", self.text.as_deref());
        for person in &self.possible_signers {
            person.write(AUTHORITY, "PossibleSigners", xml);
        }
        xml.end();
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let persons = |elements: Vec<Element<'_>>| elements.into_iter().map(Person::read).collect::<Result<_, _>>();
        let result = Self {
            recipient: children
                .optional(AUTHORITY, "Id")
                .map(|e| e.parse("a recipient", |t| t.parse().ok()))
                .transpose()?,
            signed_by: persons(children.many(AUTHORITY, "SignedBy"))?,
            status: children
                .optional(AUTHORITY, "Status")
                .map(|e| {
                    e.parse(
                        "Complete, Incomplete or RulesNotSupported",
                        AuthorisationStatus::from_text,
                    )
                })
                .transpose()?,
            at: children
                .optional(AUTHORITY, "Timestamp")
                .map(|e| e.parse("a date and time", parse_date_time))
                .transpose()?,
            text: children
                .optional(AUTHORITY, "Text")
                .map(|e| e.text().map(std::borrow::Cow::into_owned))
                .transpose()?,
            possible_signers: persons(children.many(AUTHORITY, "PossibleSigners"))?,
        };
        children.end()?;
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_is_swedish_or_foreign() {
        let swedish: UserIdentity = "191212121212".parse().unwrap();
        assert!(swedish.person().is_some());
        let foreign: UserIdentity = "no/1234567890".parse().unwrap();
        assert_eq!(foreign.person(), None);
        for wrong in ["", "12121212", "NO/1234567890", "no/123", "161212121212"] {
            assert!(wrong.parse::<UserIdentity>().is_err(), "{wrong}");
        }
        assert!(!format!("{swedish:?}").contains("1912"));
    }
}
