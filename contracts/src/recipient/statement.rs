//! What an operator signs when a holder has agreed to something after a login.
//!
//! FaR asks for the person's signature, and a SAML login gives none. So the operator signs a statement: this person
//! agreed to this text at this time, and this assertion of the e-legitimation shows who it was. That FaR takes it is an
//! agreement between our operator and our FaR \[inferred; the real rule was not found, section 11\].

use time::OffsetDateTime;

use super::account::{date_time, recipient_in};
use crate::authority::UserIdentity;
use crate::identifier::RecipientId;
use crate::xml::{Element, ReadError, Writer, write_date_time};

/// Namespace of the statement: ours, not the contract's.
const STATEMENT: &str = "urn:brevlada:statement:1";

/// An operator's word that a holder agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whose account.
    pub recipient: RecipientId,
    /// Who agreed: the holder, or somebody who signs for a company.
    pub person: UserIdentity,
    /// The person's name as the e-legitimation gave it.
    pub name: String,
    /// The text, word for word.
    pub agreement: String,
    /// When.
    pub at: OffsetDateTime,
    /// The entity that identified the person.
    pub identity_provider: String,
    /// Its level of assurance.
    pub level: String,
    /// The assertion, by its id.
    pub assertion: String,
}

impl Statement {
    /// The document that the operator signs (enveloped, with its organisation certificate).
    pub fn to_xml(&self) -> String {
        let mut xml = Writer::new();
        xml.start(STATEMENT, "Statement");
        xml.element(STATEMENT, "Recipient", &self.recipient.to_string());
        xml.element(STATEMENT, "Person", self.person.as_str());
        xml.element(STATEMENT, "Name", &self.name);
        xml.element(STATEMENT, "AgreementText", &self.agreement);
        xml.element(STATEMENT, "At", &write_date_time(self.at));
        xml.element(STATEMENT, "IdentityProvider", &self.identity_provider);
        xml.element(STATEMENT, "Level", &self.level);
        xml.element(STATEMENT, "Assertion", &self.assertion);
        xml.finish()
    }

    /// Reads the statement from its root element, which must be the one that the signature covers. The signature
    /// itself may follow as the last child.
    pub fn from_element(element: Element<'_>) -> Result<Self, ReadError> {
        if !element.is(STATEMENT, "Statement") {
            return Err(element.wrong("a statement of an operator"));
        }
        let mut children = element.sequence()?;
        let statement = Self {
            recipient: recipient_in(children.required(STATEMENT, "Recipient")?)?,
            person: UserIdentity::read(children.required(STATEMENT, "Person")?)?,
            name: children.required(STATEMENT, "Name")?.text()?.into_owned(),
            agreement: children.required(STATEMENT, "AgreementText")?.text()?.into_owned(),
            at: date_time(children.required(STATEMENT, "At")?)?,
            identity_provider: children.required(STATEMENT, "IdentityProvider")?.text()?.into_owned(),
            level: children.required(STATEMENT, "Level")?.text()?.into_owned(),
            assertion: children.required(STATEMENT, "Assertion")?.text()?.into_owned(),
        };
        let _ = children.optional(crate::namespace::DSIG, "Signature");
        children.end()?;
        Ok(statement)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;
    use crate::xml::{Limits, Xml};

    #[test]
    fn a_statement_is_read_as_it_was_written() {
        let statement = Statement {
            recipient: "191212121212".parse().unwrap(),
            person: "191212121212".parse().unwrap(),
            name: "Tolvan Tolvansson".into(),
            agreement: "rad ett\nrad två <&>".into(),
            at: datetime!(2024-02-03 04:05:06 UTC),
            identity_provider: "http://localhost:8090/metadata".into(),
            level: "http://id.elegnamnden.se/loa/1.0/loa3".into(),
            assertion: "_abc".into(),
        };
        let text = statement.to_xml();
        let xml = Xml::parse(&text, &Limits::default()).unwrap();
        assert_eq!(Statement::from_element(xml.root()), Ok(statement));
    }
}
