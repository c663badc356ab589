//! `isReachable` and `isRegistered`: the two questions.

use time::OffsetDateTime;

use super::account::{AccountStatus, date_time, recipient_in};
use crate::call::{Call, Wire};
use crate::identifier::{OrganisationNumber, RecipientId};
use crate::namespace::{RECIPIENT, RECIPIENT_V3};
use crate::xml::{Element, ReadError, Sequence, Writer, parse_boolean, write_date_time};

/// How many recipients one `isReachable` may name.
pub const MOST_RECIPIENTS: usize = 1_000;

/// A mediator asks, right before sending, where recipients can be reached and whether they accept the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsReachable {
    /// For which sender.
    pub sender: OrganisationNumber,
    /// Whom; at most [`MOST_RECIPIENTS`]. Reading lets more through, so that the register can say so with its own fault.
    pub recipients: Vec<RecipientId>,
}

/// One recipient's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reachability {
    /// The account.
    pub status: AccountStatus,
    /// Whether the holder's reception rules let this sender through.
    pub sender_accepted: bool,
    /// When that was changed last.
    pub changed: Option<OffsetDateTime>,
}

/// The answer, one row for each recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsReachableAnswer(pub Vec<Reachability>);

/// An operator asks who is registered, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsRegistered {
    /// Whom; at least one.
    pub recipients: Vec<RecipientId>,
}

/// The answer, one row for each recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsRegisteredAnswer(pub Vec<AccountStatus>);

impl Wire for IsReachable {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "isReachable";

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V3, "senderOrgNr", &self.sender.to_string());
        write_recipients(&self.recipients, xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let sender = content.required(RECIPIENT_V3, "senderOrgNr")?;
        Ok(Self {
            sender: sender.parse("16 and ten digits", |t| t.parse().ok())?,
            recipients: read_recipients(content.many(RECIPIENT_V3, "recipientId"))?,
        })
    }
}

impl Call for IsReachable {
    type Answer = IsReachableAnswer;
}

impl Wire for IsReachableAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "isReachableResponse";

    fn write(&self, xml: &mut Writer) {
        for row in &self.0 {
            xml.start(RECIPIENT_V3, "return").start(RECIPIENT, "AccountStatus");
            row.status.write(xml);
            xml.end();
            xml.element(
                RECIPIENT,
                "SenderAccepted",
                if row.sender_accepted { "true" } else { "false" },
            );
            xml.optional(
                RECIPIENT,
                "LastSenderAcceptChange",
                row.changed.map(write_date_time).as_deref(),
            );
            xml.end();
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        content
            .many(RECIPIENT_V3, "return")
            .into_iter()
            .map(Reachability::read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Reachability {
    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let row = Self {
            status: AccountStatus::read(children.required(RECIPIENT, "AccountStatus")?)?,
            sender_accepted: children
                .required(RECIPIENT, "SenderAccepted")?
                .parse("true or false", parse_boolean)?,
            changed: children
                .optional(RECIPIENT, "LastSenderAcceptChange")
                .map(date_time)
                .transpose()?,
        };
        children.end()?;
        Ok(row)
    }
}

impl Wire for IsRegistered {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "isRegistered";

    fn write(&self, xml: &mut Writer) {
        write_recipients(&self.recipients, xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            recipients: read_recipients(content.some(RECIPIENT_V3, "recipientId")?)?,
        })
    }
}

impl Call for IsRegistered {
    type Answer = IsRegisteredAnswer;
}

impl Wire for IsRegisteredAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "isRegisteredResponse";

    fn write(&self, xml: &mut Writer) {
        for row in &self.0 {
            xml.start(RECIPIENT_V3, "return");
            row.write(xml);
            xml.end();
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        content
            .some(RECIPIENT_V3, "return")?
            .into_iter()
            .map(AccountStatus::read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

fn write_recipients(recipients: &[RecipientId], xml: &mut Writer) {
    for recipient in recipients {
        xml.element(RECIPIENT_V3, "recipientId", &recipient.to_string());
    }
}

fn read_recipients(elements: Vec<Element<'_>>) -> Result<Vec<RecipientId>, ReadError> {
    elements.into_iter().map(recipient_in).collect()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::super::{AccountType, Operator};
    use super::*;
    use crate::xml::Limits;

    #[test]
    fn questions_and_answers_are_read_as_they_were_written() {
        let here: RecipientId = "191212121212".parse().unwrap();
        let question = IsRegistered {
            recipients: vec![here, "165599999017".parse().unwrap()],
        };
        assert_eq!(
            IsRegistered::from_envelope(question.to_envelope().as_bytes(), &Limits::default()),
            Ok(question)
        );

        let status = AccountStatus {
            recipient: here,
            account: AccountType::Secure,
            pending: false,
            operator: Some(Operator {
                id: "165599999017".parse().unwrap(),
                name: "brevlada & co".into(),
                logo: None,
                service_address: "https://localhost:8443/service/v3".into(),
                page_address: Some("http://localhost:8080".into()),
                internal_address: String::new(),
            }),
            registered: Some(datetime!(2024-02-03 04:05:06 UTC)),
        };
        let answer = IsReachableAnswer(vec![
            Reachability {
                status: status.clone(),
                sender_accepted: true,
                changed: None,
            },
            Reachability {
                status: AccountStatus::none("197503029816".parse().unwrap()),
                sender_accepted: false,
                changed: Some(datetime!(2024-02-03 04:05:06 UTC)),
            },
        ]);
        let envelope = answer.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            IsReachableAnswer::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(answer)
        );
        let answer = IsRegisteredAnswer(vec![status]);
        assert_eq!(
            IsRegisteredAnswer::from_envelope(answer.to_envelope().as_bytes(), &Limits::default()),
            Ok(answer)
        );
    }

    #[test]
    fn a_question_without_anybody_is_refused_where_the_schema_does() {
        let nobody = IsRegistered { recipients: Vec::new() };
        assert!(IsRegistered::from_envelope(nobody.to_envelope().as_bytes(), &Limits::default()).is_err());
    }
}
