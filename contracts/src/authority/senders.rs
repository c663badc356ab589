//! Who may send, and who mediates for whom.

use crate::call::{Call, Wire};
use crate::identifier::{OrganisationNumber, RecipientId};
use crate::namespace::{AUTHORITY_WSDL, DISPATCHER, SENDER};
use crate::xml::{Element, ReadError, Sequence, Writer, parse_boolean};

/// An approved sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Its organisation number. The schema would let a person through; a sender is an organisation.
    pub id: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// A department.
    pub attention: Option<String>,
}

/// A mediator (förmedlare).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatcher {
    /// Its organisation number.
    pub id: OrganisationNumber,
    /// Its name.
    pub name: String,
    /// For whom it may send.
    pub senders: Vec<OrganisationNumber>,
}

/// Asks who may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetSenders;

/// Who may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetSendersAnswer(pub Vec<Sender>);

/// Asks who mediates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GetDispatchers;

/// Who mediates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetDispatchersAnswer(pub Vec<Dispatcher>);

/// Asks about one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsSenderAccepted(pub RecipientId);

/// Whether it may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IsSenderAcceptedAnswer(pub bool);

impl Wire for GetSenders {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "getSenders";

    fn write(&self, _: &mut Writer) {}

    fn read(_: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self)
    }
}

impl Call for GetSenders {
    type Answer = GetSendersAnswer;
}

impl Wire for GetSendersAnswer {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "getSendersResponse";

    fn write(&self, xml: &mut Writer) {
        for sender in &self.0 {
            sender.write("", "return", xml);
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        content
            .many("", "return")
            .into_iter()
            .map(Sender::read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Wire for GetDispatchers {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "getDispatchers";

    fn write(&self, _: &mut Writer) {}

    fn read(_: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self)
    }
}

impl Call for GetDispatchers {
    type Answer = GetDispatchersAnswer;
}

impl Wire for GetDispatchersAnswer {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "getDispatchersResponse";

    fn write(&self, xml: &mut Writer) {
        for dispatcher in &self.0 {
            xml.start("", "return");
            xml.element(DISPATCHER, "Id", &dispatcher.id.to_string());
            xml.element(DISPATCHER, "Name", &dispatcher.name);
            for sender in &dispatcher.senders {
                xml.element(DISPATCHER, "Senders", &sender.to_string());
            }
            xml.end();
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        content
            .many("", "return")
            .into_iter()
            .map(Dispatcher::read)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl Wire for IsSenderAccepted {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "isSenderAccepted";

    fn write(&self, xml: &mut Writer) {
        xml.element("", "arg0", &self.0.to_string());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        content
            .required("", "arg0")?
            .parse("a recipient, 16 and ten digits", |t| t.parse().ok())
            .map(Self)
    }
}

impl Call for IsSenderAccepted {
    type Answer = IsSenderAcceptedAnswer;
}

impl Wire for IsSenderAcceptedAnswer {
    const NAMESPACE: &'static str = AUTHORITY_WSDL;
    const NAME: &'static str = "isSenderAcceptedResponse";

    fn write(&self, xml: &mut Writer) {
        xml.element("", "return", if self.0 { "true" } else { "false" });
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        content
            .required("", "return")?
            .parse("true or false", parse_boolean)
            .map(Self)
    }
}

impl Sender {
    pub(crate) fn write(&self, namespace: &str, name: &str, xml: &mut Writer) {
        xml.start(namespace, name);
        xml.element(SENDER, "Id", &self.id.to_string());
        xml.element(SENDER, "Name", &self.name);
        xml.optional(SENDER, "Attention", self.attention.as_deref());
        xml.end();
    }

    pub(crate) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let sender = Self {
            id: organisation(children.required(SENDER, "Id")?)?,
            name: children.required(SENDER, "Name")?.text()?.into_owned(),
            attention: children
                .optional(SENDER, "Attention")
                .map(|e| e.text().map(std::borrow::Cow::into_owned))
                .transpose()?,
        };
        children.end()?;
        Ok(sender)
    }
}

impl Dispatcher {
    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let dispatcher = Self {
            id: organisation(children.required(DISPATCHER, "Id")?)?,
            name: children.required(DISPATCHER, "Name")?.text()?.into_owned(),
            senders: children
                .many(DISPATCHER, "Senders")
                .into_iter()
                .map(organisation)
                .collect::<Result<_, _>>()?,
        };
        children.end()?;
        Ok(dispatcher)
    }
}

fn organisation(element: Element<'_>) -> Result<OrganisationNumber, ReadError> {
    element.parse("16 and ten digits", |t| t.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Limits;

    #[test]
    fn lists_are_read_as_they_were_written() {
        let [a, b] = ["162021004748", "162021003898"].map(|n| n.parse::<OrganisationNumber>().unwrap());
        let senders = GetSendersAnswer(vec![
            Sender {
                id: a,
                name: "Kommun A".into(),
                attention: Some("Bygglov".into()),
            },
            Sender {
                id: b,
                name: "Kommun <B>".into(),
                attention: None,
            },
        ]);
        let envelope = senders.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            GetSendersAnswer::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(senders)
        );

        let dispatchers = GetDispatchersAnswer(vec![
            Dispatcher {
                id: b,
                name: "Kommun B".into(),
                senders: vec![b, a],
            },
            Dispatcher {
                id: a,
                name: "Kommun A".into(),
                senders: Vec::new(),
            },
        ]);
        let envelope = dispatchers.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            GetDispatchersAnswer::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(dispatchers)
        );

        let asked = IsSenderAccepted(a.into()).to_envelope();
        assert_eq!(
            IsSenderAccepted::from_envelope(asked.as_bytes(), &Limits::default()),
            Ok(IsSenderAccepted(a.into()))
        );
        for yes in [true, false] {
            let answer = IsSenderAcceptedAnswer(yes);
            let read = IsSenderAcceptedAnswer::from_envelope(answer.to_envelope().as_bytes(), &Limits::default());
            assert_eq!(read, Ok(answer));
        }
        assert!(GetSenders::from_envelope(GetSenders.to_envelope().as_bytes(), &Limits::default()).is_ok());
    }
}
