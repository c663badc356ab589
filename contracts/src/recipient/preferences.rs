//! Reception rules (mottagningsregler): which senders a holder accepts.

use super::account::recipient_in;
use super::registration::SignatureData;
use crate::authority::{Sender, SignatureAuthorisation, UserIdentity};
use crate::call::{Call, Wire};
use crate::identifier::RecipientId;
use crate::namespace::{RECIPIENT, RECIPIENT_V2, RECIPIENT_V3};
use crate::xml::{Element, ReadError, Sequence, Writer};

/// Whose mail is accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountPreferences {
    /// Whose rules.
    pub recipient: RecipientId,
    /// The senders that are let through.
    pub accepted: Vec<Sender>,
}

/// Asks for the rules of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAccountPreferences {
    /// Whose rules.
    pub recipient: RecipientId,
    /// Who asks.
    pub user: UserIdentity,
}

/// The rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAccountPreferencesAnswer(pub AccountPreferences);

/// Changes the rules of an account: what is not among the accepted senders is not let through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAccountPreferences {
    /// Whose rules.
    pub recipient: RecipientId,
    /// Who changes them.
    pub user: UserIdentity,
    /// The new rules.
    pub preferences: AccountPreferences,
    /// The text that was shown and signed.
    pub agreement: String,
    /// At least one.
    pub signatures: Vec<SignatureData>,
}

/// How far the change has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreAccountPreferencesAnswer(pub SignatureAuthorisation);

impl Wire for GetAccountPreferences {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "getAccountPreferences";

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V3, "RecipientId", &self.recipient.to_string());
        xml.element(RECIPIENT_V3, "UserIdentity", self.user.as_str());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            recipient: recipient_in(content.required(RECIPIENT_V3, "RecipientId")?)?,
            user: UserIdentity::read(content.required(RECIPIENT_V3, "UserIdentity")?)?,
        })
    }
}

impl Call for GetAccountPreferences {
    type Answer = GetAccountPreferencesAnswer;
}

impl Wire for GetAccountPreferencesAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "getAccountPreferencesResponse";

    fn write(&self, xml: &mut Writer) {
        xml.start(RECIPIENT_V3, "return");
        self.0.write(xml);
        xml.end();
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        AccountPreferences::read(content.required(RECIPIENT_V3, "return")?).map(Self)
    }
}

impl Wire for StoreAccountPreferences {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "storeAccountPreferences";

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V2, "Id", &self.recipient.to_string());
        xml.element(RECIPIENT_V2, "UserIdentity", self.user.as_str());
        xml.start(RECIPIENT_V2, "preferences");
        self.preferences.write(xml);
        xml.end();
        xml.element(RECIPIENT_V2, "AgreementText", &self.agreement);
        for signature in &self.signatures {
            signature.write(RECIPIENT_V2, "SignatureData", xml);
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            recipient: recipient_in(content.required(RECIPIENT_V2, "Id")?)?,
            user: UserIdentity::read(content.required(RECIPIENT_V2, "UserIdentity")?)?,
            preferences: AccountPreferences::read(content.required(RECIPIENT_V2, "preferences")?)?,
            agreement: content.required(RECIPIENT_V2, "AgreementText")?.text()?.into_owned(),
            signatures: SignatureData::read_some(content, RECIPIENT_V2, "SignatureData")?,
        })
    }
}

impl Call for StoreAccountPreferences {
    type Answer = StoreAccountPreferencesAnswer;
}

impl Wire for StoreAccountPreferencesAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "storeAccountPreferencesResponse";

    fn write(&self, xml: &mut Writer) {
        self.0.write(RECIPIENT_V2, "return", xml);
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        SignatureAuthorisation::read(content.required(RECIPIENT_V2, "return")?).map(Self)
    }
}

impl AccountPreferences {
    pub(super) fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT, "Id", &self.recipient.to_string());
        for sender in &self.accepted {
            sender.write(RECIPIENT, "AcceptedSenders", xml);
        }
    }

    pub(super) fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let preferences = Self {
            recipient: recipient_in(children.required(RECIPIENT, "Id")?)?,
            accepted: children
                .many(RECIPIENT, "AcceptedSenders")
                .into_iter()
                .map(Sender::read)
                .collect::<Result<_, _>>()?,
        };
        children.end()?;
        Ok(preferences)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::AuthorisationStatus;
    use crate::xml::Limits;

    #[test]
    fn rules_are_read_as_they_were_written() {
        let recipient: RecipientId = "191212121212".parse().unwrap();
        let user: UserIdentity = "191212121212".parse().unwrap();
        let question = GetAccountPreferences {
            recipient,
            user: user.clone(),
        };
        assert_eq!(
            GetAccountPreferences::from_envelope(question.to_envelope().as_bytes(), &Limits::default()),
            Ok(question)
        );
        let preferences = AccountPreferences {
            recipient,
            accepted: vec![Sender {
                id: "162021004748".parse().unwrap(),
                name: "Kommun A".into(),
                attention: None,
            }],
        };
        let answer = GetAccountPreferencesAnswer(preferences.clone());
        assert_eq!(
            GetAccountPreferencesAnswer::from_envelope(answer.to_envelope().as_bytes(), &Limits::default()),
            Ok(answer)
        );
        let store = StoreAccountPreferences {
            recipient,
            user,
            preferences,
            agreement: "så vill jag ha det".into(),
            signatures: vec![SignatureData {
                signature: vec![1, 2, 3],
                certificate: "c".into(),
                nonce: None,
                encoding: Some("UTF-8".into()),
            }],
        };
        let envelope = store.to_envelope();
        insta::assert_snapshot!(envelope);
        assert_eq!(
            StoreAccountPreferences::from_envelope(envelope.as_bytes(), &Limits::default()),
            Ok(store)
        );
        let answer = StoreAccountPreferencesAnswer(SignatureAuthorisation {
            status: Some(AuthorisationStatus::Complete),
            ..SignatureAuthorisation::default()
        });
        assert_eq!(
            StoreAccountPreferencesAnswer::from_envelope(answer.to_envelope().as_bytes(), &Limits::default()),
            Ok(answer)
        );
    }
}
