//! Another mailbox operator (`changeServiceSupplier`), and what waits until enough people have signed: a change of operator, and
//! reception rules. Only companies, for which several may have to sign, have anything that waits.

use super::account::{Operator, recipient_in};
use super::preferences::AccountPreferences;
use super::registration::SignatureData;
use crate::authority::{SignatureAuthorisation, UserIdentity};
use crate::call::{Call, Wire};
use crate::identifier::RecipientId;
use crate::namespace::RECIPIENT_V2;
use crate::xml::{Element, ReadError, Sequence, Writer};

/// Moves an account to the operator that calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeServiceSupplier {
    /// Whose account.
    pub recipient: RecipientId,
    /// Who moves it.
    pub user: UserIdentity,
    /// The chosen operator, by its internet domain.
    pub operator: String,
    /// The text that was shown and signed.
    pub agreement: String,
    /// At least one.
    pub signatures: Vec<SignatureData>,
}

/// How far the move has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeServiceSupplierAnswer(pub SignatureAuthorisation);

/// A recipient, and somebody who acts for it (`OrganizationIdentity`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActingFor {
    /// For whom.
    pub recipient: RecipientId,
    /// Who acts.
    pub user: UserIdentity,
}

/// Asks which move waits for signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPendingChangeServiceSupplier(pub ActingFor);

/// The move that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPendingChangeServiceSupplierAnswer {
    /// Where to; none when nothing waits.
    pub operator: Option<Operator>,
    /// How far it has come.
    pub signatures: SignatureAuthorisation,
}

/// Takes back a move that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletePendingChangeServiceSupplier(pub ActingFor);

/// Where the move would have led.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletePendingChangeServiceSupplierAnswer(pub Operator);

/// Asks which reception rules wait for signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPendingAccountPreferences(pub ActingFor);

/// The rules that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPendingAccountPreferencesAnswer {
    /// The rules.
    pub preferences: AccountPreferences,
    /// How far they have come.
    pub signatures: SignatureAuthorisation,
}

/// Takes back reception rules that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletePendingAccountPreferences(pub ActingFor);

/// Whose they were, and who took them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletePendingAccountPreferencesAnswer(pub ActingFor);

impl ActingFor {
    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V2, "Id", &self.recipient.to_string());
        xml.element(RECIPIENT_V2, "UserIdentity", self.user.as_str());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            recipient: recipient_in(content.required(RECIPIENT_V2, "Id")?)?,
            user: UserIdentity::read(content.required(RECIPIENT_V2, "UserIdentity")?)?,
        })
    }

    fn write_in(&self, name: &str, xml: &mut Writer) {
        xml.start(RECIPIENT_V2, name);
        self.write(xml);
        xml.end();
    }

    fn read_in(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let acting = Self::read(&mut children)?;
        children.end()?;
        Ok(acting)
    }
}

impl Wire for ChangeServiceSupplier {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "changeServiceSupplier";

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V2, "Id", &self.recipient.to_string());
        xml.element(RECIPIENT_V2, "UserIdentity", self.user.as_str());
        xml.element(RECIPIENT_V2, "ServiceSupplier", &self.operator);
        xml.element(RECIPIENT_V2, "AgreementText", &self.agreement);
        for signature in &self.signatures {
            signature.write(RECIPIENT_V2, "SignatureData", xml);
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let ActingFor { recipient, user } = ActingFor::read(content)?;
        Ok(Self {
            recipient,
            user,
            operator: content.required(RECIPIENT_V2, "ServiceSupplier")?.token()?.into_owned(),
            agreement: content.required(RECIPIENT_V2, "AgreementText")?.text()?.into_owned(),
            signatures: SignatureData::read_some(content, RECIPIENT_V2, "SignatureData")?,
        })
    }
}

impl Call for ChangeServiceSupplier {
    type Answer = ChangeServiceSupplierAnswer;
}

impl Wire for ChangeServiceSupplierAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "changeServiceSupplierResponse";

    fn write(&self, xml: &mut Writer) {
        self.0.write(RECIPIENT_V2, "signatureAuthorizationResult", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        SignatureAuthorisation::read(content.required(RECIPIENT_V2, "signatureAuthorizationResult")?).map(Self)
    }
}

impl Wire for GetPendingChangeServiceSupplier {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "getPendingChangeServiceSupplier";

    fn write(&self, xml: &mut Writer) {
        self.0.write(xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        ActingFor::read(content).map(Self)
    }
}

impl Call for GetPendingChangeServiceSupplier {
    type Answer = GetPendingChangeServiceSupplierAnswer;
}

impl Wire for GetPendingChangeServiceSupplierAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "getPendingChangeServiceSupplierResponse";

    fn write(&self, xml: &mut Writer) {
        xml.start(RECIPIENT_V2, "return");
        if let Some(operator) = &self.operator {
            operator.write_in(RECIPIENT_V2, "serviceSupplier", xml);
        }
        self.signatures.write(RECIPIENT_V2, "pendingSignatures", xml);
        xml.end();
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let mut children = content.required(RECIPIENT_V2, "return")?.sequence()?;
        let answer = Self {
            operator: children
                .optional(RECIPIENT_V2, "serviceSupplier")
                .map(Operator::read)
                .transpose()?,
            signatures: SignatureAuthorisation::read(children.required(RECIPIENT_V2, "pendingSignatures")?)?,
        };
        children.end()?;
        Ok(answer)
    }
}

impl Wire for DeletePendingChangeServiceSupplier {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "deletePendingChangeServiceSupplier";

    fn write(&self, xml: &mut Writer) {
        self.0.write_in("organizationIdentity", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        ActingFor::read_in(content.required(RECIPIENT_V2, "organizationIdentity")?).map(Self)
    }
}

impl Call for DeletePendingChangeServiceSupplier {
    type Answer = DeletePendingChangeServiceSupplierAnswer;
}

impl Wire for DeletePendingChangeServiceSupplierAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "deletePendingChangeServiceSupplierResponse";

    fn write(&self, xml: &mut Writer) {
        self.0.write_in(RECIPIENT_V2, "serviceSupplier", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Operator::read(content.required(RECIPIENT_V2, "serviceSupplier")?).map(Self)
    }
}

impl Wire for GetPendingAccountPreferences {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "getPendingAccountPreferences";

    fn write(&self, xml: &mut Writer) {
        self.0.write(xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        ActingFor::read(content).map(Self)
    }
}

impl Call for GetPendingAccountPreferences {
    type Answer = GetPendingAccountPreferencesAnswer;
}

impl Wire for GetPendingAccountPreferencesAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "getPendingAccountPreferencesResponse";

    fn write(&self, xml: &mut Writer) {
        xml.start(RECIPIENT_V2, "return");
        xml.start(RECIPIENT_V2, "AccountPreferences");
        self.preferences.write(xml);
        xml.end();
        self.signatures.write(RECIPIENT_V2, "PendingSignatures", xml);
        xml.end();
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let mut children = content.required(RECIPIENT_V2, "return")?.sequence()?;
        let answer = Self {
            preferences: AccountPreferences::read(children.required(RECIPIENT_V2, "AccountPreferences")?)?,
            signatures: SignatureAuthorisation::read(children.required(RECIPIENT_V2, "PendingSignatures")?)?,
        };
        children.end()?;
        Ok(answer)
    }
}

impl Wire for DeletePendingAccountPreferences {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "deletePendingAccountPreferences";

    fn write(&self, xml: &mut Writer) {
        self.0.write_in("organizationIdentity", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        ActingFor::read_in(content.required(RECIPIENT_V2, "organizationIdentity")?).map(Self)
    }
}

impl Call for DeletePendingAccountPreferences {
    type Answer = DeletePendingAccountPreferencesAnswer;
}

impl Wire for DeletePendingAccountPreferencesAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "deletePendingAccountPreferencesResponse";

    fn write(&self, xml: &mut Writer) {
        self.0.write_in("return", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        ActingFor::read_in(content.required(RECIPIENT_V2, "return")?).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{AuthorisationStatus, Person};
    use crate::xml::Limits;

    fn acting() -> ActingFor {
        ActingFor {
            recipient: "169699999042".parse().unwrap(),
            user: "197209239859".parse().unwrap(),
        }
    }

    fn operator() -> Operator {
        Operator {
            id: "165599999025".parse().unwrap(),
            name: "Grannpost".into(),
            logo: None,
            service_address: "https://grannpost.invalid/service/v3".into(),
            page_address: None,
            internal_address: String::new(),
        }
    }

    fn half() -> SignatureAuthorisation {
        SignatureAuthorisation {
            recipient: Some(acting().recipient),
            signed_by: vec![Person {
                id: "197209239859".into(),
                name: "Filip Fors".into(),
            }],
            status: Some(AuthorisationStatus::Incomplete),
            ..SignatureAuthorisation::default()
        }
    }

    /// Writes it, shows it, and reads the same.
    fn round_trip<W: Wire + PartialEq + std::fmt::Debug>(written: &W) -> String {
        let envelope = written.to_envelope();
        assert_eq!(
            W::from_envelope(envelope.as_bytes(), &Limits::default()).as_ref(),
            Ok(written)
        );
        envelope
    }

    #[test]
    fn a_move_is_read_as_it_was_written() {
        let ActingFor { recipient, user } = acting();
        insta::assert_snapshot!(round_trip(&ChangeServiceSupplier {
            recipient,
            user,
            operator: "brevlada.localhost".into(),
            agreement: "Jag flyttar hit <allt>".into(),
            signatures: vec![SignatureData {
                signature: vec![1, 2, 3],
                certificate: "c".into(),
                nonce: None,
                encoding: None,
            }],
        }));
        insta::assert_snapshot!(round_trip(&ChangeServiceSupplierAnswer(half())));
    }

    #[test]
    fn what_waits_is_read_as_it_was_written() {
        round_trip(&GetPendingChangeServiceSupplier(acting()));
        insta::assert_snapshot!(round_trip(&GetPendingChangeServiceSupplierAnswer {
            operator: Some(operator()),
            signatures: half(),
        }));
        round_trip(&GetPendingChangeServiceSupplierAnswer {
            operator: None,
            signatures: SignatureAuthorisation::default(),
        });
        insta::assert_snapshot!(round_trip(&DeletePendingChangeServiceSupplier(acting())));
        round_trip(&DeletePendingChangeServiceSupplierAnswer(operator()));
        round_trip(&GetPendingAccountPreferences(acting()));
        insta::assert_snapshot!(round_trip(&GetPendingAccountPreferencesAnswer {
            preferences: AccountPreferences {
                recipient: acting().recipient,
                accepted: vec![],
            },
            signatures: half(),
        }));
        round_trip(&DeletePendingAccountPreferences(acting()));
        round_trip(&DeletePendingAccountPreferencesAnswer(acting()));
    }
}
