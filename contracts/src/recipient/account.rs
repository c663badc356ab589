//! Accounts: who has a mailbox, and at which operator.

use time::OffsetDateTime;

use crate::call::texts;
use crate::identifier::{OrganisationNumber, RecipientId};
use crate::namespace::RECIPIENT;
use crate::xml::{Element, ReadError, Writer, parse_boolean, parse_date_time, write_date_time};

texts! {
    /// What kind of account it is.
    AccountType {
        /// A mailbox of a person or company that has been identified.
        Secure = "Secure",
        /// Without identification; of the first generation.
        Anonymous = "Anonymous",
        /// No account.
        Not = "Not",
    }
}

/// A mailbox operator (`ServiceSupplier`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Its organisation number.
    pub id: OrganisationNumber,
    /// Its name, or domain.
    pub name: String,
    /// Its picture.
    pub logo: Option<String>,
    /// Where deliveries are sent (`ServiceAdress`).
    pub service_address: String,
    /// Where people read (`UIAdress`).
    pub page_address: Option<String>,
    /// Present but empty in real answers (`InternalServiceAdress`).
    pub internal_address: String,
}

/// What FaR knows about one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountStatus {
    /// Whom it is about.
    pub recipient: RecipientId,
    /// Whether there is an account.
    pub account: AccountType,
    /// Whether a registration waits for more signatures.
    pub pending: bool,
    /// At which operator.
    pub operator: Option<Operator>,
    /// Since when.
    pub registered: Option<OffsetDateTime>,
}

impl AccountStatus {
    /// The status of somebody without an account.
    pub fn none(recipient: RecipientId) -> Self {
        Self {
            recipient,
            account: AccountType::Not,
            pending: false,
            operator: None,
            registered: None,
        }
    }

    pub(super) fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT, "RecipientId", &self.recipient.to_string());
        xml.element(RECIPIENT, "Type", self.account.as_str());
        xml.element(RECIPIENT, "Pending", if self.pending { "true" } else { "false" });
        if let Some(operator) = &self.operator {
            operator.write_in(RECIPIENT, "ServiceSupplier", xml);
        }
        xml.optional(
            RECIPIENT,
            "LastRegistration",
            self.registered.map(write_date_time).as_deref(),
        );
    }

    pub(super) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let status = Self {
            recipient: recipient_in(children.required(RECIPIENT, "RecipientId")?)?,
            account: children
                .required(RECIPIENT, "Type")?
                .parse("Secure, Anonymous or Not", AccountType::from_text)?,
            pending: children
                .required(RECIPIENT, "Pending")?
                .parse("true or false", parse_boolean)?,
            operator: children
                .optional(RECIPIENT, "ServiceSupplier")
                .map(Operator::read)
                .transpose()?,
            registered: children
                .optional(RECIPIENT, "LastRegistration")
                .map(date_time)
                .transpose()?,
        };
        children.end()?;
        Ok(status)
    }
}

impl Operator {
    /// As an element of that name.
    pub(super) fn write_in(&self, namespace: &str, name: &str, xml: &mut Writer) {
        xml.start(namespace, name);
        self.write(xml);
        xml.end();
    }

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT, "Id", &self.id.to_string());
        xml.element(RECIPIENT, "Name", &self.name);
        xml.optional(RECIPIENT, "Logo", self.logo.as_deref());
        xml.element(RECIPIENT, "ServiceAdress", &self.service_address);
        xml.optional(RECIPIENT, "UIAdress", self.page_address.as_deref());
        xml.element(RECIPIENT, "InternalServiceAdress", &self.internal_address);
    }

    pub(super) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let operator = Self {
            id: children
                .required(RECIPIENT, "Id")?
                .parse("16 and ten digits", |t| t.parse().ok())?,
            name: children.required(RECIPIENT, "Name")?.text()?.into_owned(),
            logo: children.optional(RECIPIENT, "Logo").map(text).transpose()?,
            service_address: text(children.required(RECIPIENT, "ServiceAdress")?)?,
            page_address: children.optional(RECIPIENT, "UIAdress").map(text).transpose()?,
            // The schema demands it, but it says nothing; do without rather than refuse an answer for it.
            internal_address: children
                .optional(RECIPIENT, "InternalServiceAdress")
                .map(text)
                .transpose()?
                .unwrap_or_default(),
        };
        children.end()?;
        Ok(operator)
    }
}

pub(super) fn recipient_in(element: Element<'_>) -> Result<RecipientId, ReadError> {
    element.parse(
        "a recipient: 16 and an organisation number, or a personal number of twelve digits",
        |t| t.parse().ok(),
    )
}

pub(super) fn text(element: Element<'_>) -> Result<String, ReadError> {
    Ok(element.token()?.into_owned())
}

pub(super) fn date_time(element: Element<'_>) -> Result<OffsetDateTime, ReadError> {
    element.parse("a date and time", parse_date_time)
}
