//! `register` and `deregister`: an operator opens and closes accounts, with the holder's signature.

use time::Date;

use super::account::{AccountType, recipient_in};
use crate::authority::SignatureAuthorisation;
use crate::call::{Call, Wire, texts};
use crate::identifier::RecipientId;
use crate::namespace::{COMMON, RECIPIENT, RECIPIENT_V3};
use crate::xml::{Element, ReadError, Sequence, Writer, decode_base64, encode_base64, parse_date, write_date};

texts! {
    /// What is asked for.
    AccountAction {
        /// Open.
        Create = "Create",
        /// Close.
        Delete = "Delete",
    }
}

/// What the holder has agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRequest {
    /// Whose account.
    pub recipient: RecipientId,
    /// Open or close.
    pub action: AccountAction,
    /// The text that was shown and signed.
    pub agreement: String,
    /// The day.
    pub day: Date,
    /// The operator, by its internet domain \[inferred, section 11\].
    pub operator: String,
}

/// A signature by, or for, the holder.
#[derive(Clone, PartialEq, Eq)]
pub struct SignatureData {
    /// The signature as the e-legitimation gave it; with a [`super::Statement`], that signed document.
    pub signature: Vec<u8>,
    /// The signer's certificate, PEM or base64.
    pub certificate: String,
    /// What made the signed text unique.
    pub nonce: Option<String>,
    /// Encoding of the signed text; UTF-8 when absent.
    pub encoding: Option<String>,
}

impl std::fmt::Debug for SignatureData {
    /// Signatures name persons, so they are not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignatureData")
            .field("bytes", &self.signature.len())
            .finish_non_exhaustive()
    }
}

/// Opens an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// What was agreed to.
    pub request: AccountRequest,
    /// What kind; people and companies that are identified get [`AccountType::Secure`].
    pub account: AccountType,
    /// At least one.
    pub signatures: Vec<SignatureData>,
}

/// Closes an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deregister {
    /// What was agreed to.
    pub request: AccountRequest,
    /// At least one.
    pub signatures: Vec<SignatureData>,
}

/// How far an opening has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterAnswer(pub SignatureAuthorisation);

/// How far a closing has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeregisterAnswer(pub SignatureAuthorisation);

impl Wire for Register {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "register";

    fn write(&self, xml: &mut Writer) {
        self.request.write(RECIPIENT_V3, "accountRequest", xml);
        xml.element(RECIPIENT_V3, "accountType", self.account.as_str());
        for signature in &self.signatures {
            signature.write(RECIPIENT_V3, "signature", xml);
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            request: AccountRequest::read(content.required(RECIPIENT_V3, "accountRequest")?)?,
            account: content
                .required(RECIPIENT_V3, "accountType")?
                .parse("Secure, Anonymous or Not", AccountType::from_text)?,
            signatures: SignatureData::read_some(content, RECIPIENT_V3, "signature")?,
        })
    }
}

impl Call for Register {
    type Answer = RegisterAnswer;
}

impl Wire for Deregister {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "deregister";

    fn write(&self, xml: &mut Writer) {
        self.request.write(RECIPIENT_V3, "deregisterAccount", xml);
        for signature in &self.signatures {
            signature.write(RECIPIENT_V3, "signature", xml);
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            request: AccountRequest::read(content.required(RECIPIENT_V3, "deregisterAccount")?)?,
            signatures: SignatureData::read_some(content, RECIPIENT_V3, "signature")?,
        })
    }
}

impl Call for Deregister {
    type Answer = DeregisterAnswer;
}

impl Wire for RegisterAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "registerResponse";

    fn write(&self, xml: &mut Writer) {
        self.0.write(RECIPIENT_V3, "return", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        SignatureAuthorisation::read(content.required(RECIPIENT_V3, "return")?).map(Self)
    }
}

impl Wire for DeregisterAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "deregisterResponse";

    fn write(&self, xml: &mut Writer) {
        self.0.write(RECIPIENT_V3, "return", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        SignatureAuthorisation::read(content.required(RECIPIENT_V3, "return")?).map(Self)
    }
}

impl AccountRequest {
    pub(super) fn write(&self, namespace: &str, name: &str, xml: &mut Writer) {
        xml.start(namespace, name);
        xml.element(RECIPIENT, "Id", &self.recipient.to_string());
        xml.element(RECIPIENT, "Type", self.action.as_str());
        xml.element(RECIPIENT, "AgreementText", &self.agreement);
        xml.element(RECIPIENT, "Timestamp", &write_date(self.day));
        xml.element(RECIPIENT, "ServiceSupplier", &self.operator);
        xml.end();
    }

    pub(super) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let request = Self {
            recipient: recipient_in(children.required(RECIPIENT, "Id")?)?,
            action: children
                .required(RECIPIENT, "Type")?
                .parse("Create or Delete", AccountAction::from_text)?,
            agreement: children.required(RECIPIENT, "AgreementText")?.text()?.into_owned(),
            day: children.required(RECIPIENT, "Timestamp")?.parse("a date", parse_date)?,
            operator: children.required(RECIPIENT, "ServiceSupplier")?.token()?.into_owned(),
        };
        children.end()?;
        Ok(request)
    }
}

impl SignatureData {
    pub(super) fn write(&self, namespace: &str, name: &str, xml: &mut Writer) {
        xml.start(namespace, name);
        xml.element(COMMON, "Signature", &encode_base64(&self.signature));
        xml.element(COMMON, "Certificate", &self.certificate);
        xml.optional(COMMON, "Nonce", self.nonce.as_deref());
        xml.optional(COMMON, "EncodingOfSignedText", self.encoding.as_deref());
        xml.end();
    }

    /// One and all that follow.
    pub(super) fn read_some(
        content: &mut Sequence<'_>,
        namespace: &str,
        name: &'static str,
    ) -> Result<Vec<Self>, ReadError> {
        content.some(namespace, name)?.into_iter().map(Self::read).collect()
    }

    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let optional =
            |element: Option<Element<'_>>| element.map(|e| e.text().map(std::borrow::Cow::into_owned)).transpose();
        let data = Self {
            signature: children.required(COMMON, "Signature")?.parse("base64", decode_base64)?,
            certificate: children.required(COMMON, "Certificate")?.text()?.into_owned(),
            nonce: optional(children.optional(COMMON, "Nonce"))?,
            encoding: optional(children.optional(COMMON, "EncodingOfSignedText"))?,
        };
        children.end()?;
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;
    use crate::authority::{AuthorisationStatus, Person};
    use crate::xml::Limits;

    #[test]
    fn a_registration_is_read_as_it_was_written() {
        let register = Register {
            request: AccountRequest {
                recipient: "191212121212".parse().unwrap(),
                action: AccountAction::Create,
                agreement: "Jag vill ha min post <här> & inte på papper".into(),
                day: date!(2024 - 02 - 29),
                operator: "brevlada.localhost".into(),
            },
            account: AccountType::Secure,
            signatures: vec![SignatureData {
                signature: b"<signed/>".to_vec(),
                certificate: "PEM".into(),
                nonce: Some("n".into()),
                encoding: None,
            }],
        };
        let envelope = register.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            Register::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(register.clone())
        );
        let mut close = Deregister {
            request: register.request,
            signatures: register.signatures,
        };
        close.request.action = AccountAction::Delete;
        assert_eq!(
            Deregister::from_envelope(close.to_envelope().as_bytes(), &Limits::default()),
            Ok(close.clone())
        );
        close.signatures.clear();
        assert!(Deregister::from_envelope(close.to_envelope().as_bytes(), &Limits::default()).is_err());
    }

    #[test]
    fn an_answer_says_who_has_signed_and_who_may() {
        let person = |id: &str| Person {
            id: id.into(),
            name: "Å Ö".into(),
        };
        let answer = RegisterAnswer(SignatureAuthorisation {
            recipient: Some("169699999042".parse().unwrap()),
            signed_by: vec![person("197209239859")],
            status: Some(AuthorisationStatus::Incomplete),
            at: Some(datetime!(2024-02-03 04:05:06 UTC)),
            text: Some("one more".into()),
            possible_signers: vec![person("198502149860")],
        });
        let envelope = answer.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            RegisterAnswer::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(answer)
        );
    }
}
