//! Companies: who may sign for one (`isAuthorizedSigner`), and what it has asked for that waits for more signatures
//! (`getPendingAccountRequest`, `deletePendingAccountRequest`).

use super::account::recipient_in;
use super::registration::AccountRequest;
use crate::authority::{AuthorisationStatus, Person, SignatureAuthorisation, UserIdentity};
use crate::call::{Call, Wire, texts};
use crate::identifier::RecipientId;
use crate::namespace::{RECIPIENT, RECIPIENT_V2, RECIPIENT_V3};
use crate::xml::{Element, ReadError, Sequence, Writer, parse_boolean};

/// Asks whether a person may sign for a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsAuthorizedSigner {
    /// Which company.
    pub company: RecipientId,
    /// Which person.
    pub user: UserIdentity,
}

/// The company, as the companies register has it, and the person's part in it (`AuthorizedAccount`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IsAuthorizedSignerAnswer {
    /// Whether the person may sign, alone or with others.
    pub may_sign: bool,
    /// The person.
    pub user: UserIdentity,
    /// The company.
    pub company: RecipientId,
    /// Its name.
    pub name: String,
    /// Who signs for it, in words.
    pub rule: String,
    /// Who else may sign.
    pub possible_signers: Vec<Person>,
    /// Its account; none when nothing has been asked for.
    pub account: Option<AccountInformation>,
}

/// A company's account, or how far it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountInformation {
    /// Whether it is there yet.
    pub state: AccountState,
    /// Who has signed for it.
    pub signed_by: Vec<Person>,
    /// Whether that is enough.
    pub status: AuthorisationStatus,
    /// The operator, as it calls itself in requests: its internet domain \[inferred\].
    pub operator: String,
    /// What is agreed to.
    pub agreement: Option<String>,
}

texts! {
    /// Whether an account is there.
    AccountState {
        /// It is.
        Active = "Active",
        /// It waits for signatures.
        Pending = "Pending",
    }
}

/// Asks what waits for signatures: of these recipients, or of all that the person acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPendingAccountRequest {
    /// Of whom; of all when there are none.
    pub recipients: Vec<RecipientId>,
    /// Who asks.
    pub user: UserIdentity,
}

/// What waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetPendingAccountRequestAnswer(pub Vec<PendingAccountRequest>);

/// A request for an account, or for its end, that waits for signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingAccountRequest {
    /// What is asked for.
    pub request: AccountRequest,
    /// How far it has come.
    pub signatures: SignatureAuthorisation,
}

/// Takes back what waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletePendingAccountRequest {
    /// Of whom.
    pub recipient: RecipientId,
    /// Who takes it back.
    pub user: UserIdentity,
}

/// It is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeletePendingAccountRequestAnswer;

impl Wire for IsAuthorizedSigner {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "isAuthorizedSigner";

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V2, "CompanyId", &self.company.to_string());
        xml.element(RECIPIENT_V2, "UserIdentity", self.user.as_str());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            company: recipient_in(content.required(RECIPIENT_V2, "CompanyId")?)?,
            user: UserIdentity::read(content.required(RECIPIENT_V2, "UserIdentity")?)?,
        })
    }
}

impl Call for IsAuthorizedSigner {
    type Answer = IsAuthorizedSignerAnswer;
}

impl Wire for IsAuthorizedSignerAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V2;
    const NAME: &'static str = "isAuthorizedSignerResponse";

    fn write(&self, xml: &mut Writer) {
        xml.start(RECIPIENT_V2, "return");
        xml.element(
            RECIPIENT_V2,
            "isAccountAuthorizedSigner",
            if self.may_sign { "true" } else { "false" },
        );
        xml.element(RECIPIENT_V2, "UserIdentity", self.user.as_str());
        xml.element(RECIPIENT_V2, "CompanyId", &self.company.to_string());
        xml.element(RECIPIENT_V2, "CompanyName", &self.name);
        xml.element(RECIPIENT_V2, "CompanySignatureRuleText", &self.rule);
        for person in &self.possible_signers {
            person.write(RECIPIENT_V2, "PossibleSigners", xml);
        }
        if let Some(account) = &self.account {
            account.write(xml);
        }
        xml.end();
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let mut children = content.required(RECIPIENT_V2, "return")?.sequence()?;
        let answer = Self {
            may_sign: children
                .required(RECIPIENT_V2, "isAccountAuthorizedSigner")?
                .parse("true or false", parse_boolean)?,
            user: UserIdentity::read(children.required(RECIPIENT_V2, "UserIdentity")?)?,
            company: recipient_in(children.required(RECIPIENT_V2, "CompanyId")?)?,
            name: children.required(RECIPIENT_V2, "CompanyName")?.text()?.into_owned(),
            rule: children
                .required(RECIPIENT_V2, "CompanySignatureRuleText")?
                .text()?
                .into_owned(),
            possible_signers: persons(children.many(RECIPIENT_V2, "PossibleSigners"))?,
            account: children
                .optional(RECIPIENT_V2, "AccountInformation")
                .map(AccountInformation::read)
                .transpose()?,
        };
        children.end()?;
        Ok(answer)
    }
}

impl AccountInformation {
    fn write(&self, xml: &mut Writer) {
        xml.start(RECIPIENT_V2, "AccountInformation");
        xml.element(RECIPIENT_V2, "AccountStatus", self.state.as_str());
        for person in &self.signed_by {
            person.write(RECIPIENT_V2, "SignedBy", xml);
        }
        xml.element(RECIPIENT_V2, "SignatureStatus", self.status.as_str());
        xml.element(RECIPIENT_V2, "serviceSupplier", &self.operator);
        xml.optional(RECIPIENT_V2, "AgreementText", self.agreement.as_deref());
        xml.end();
    }

    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let account = Self {
            state: children
                .required(RECIPIENT_V2, "AccountStatus")?
                .parse("Active or Pending", AccountState::from_text)?,
            signed_by: persons(children.many(RECIPIENT_V2, "SignedBy"))?,
            status: children.required(RECIPIENT_V2, "SignatureStatus")?.parse(
                "Complete, Incomplete or RulesNotSupported",
                AuthorisationStatus::from_text,
            )?,
            operator: children
                .required(RECIPIENT_V2, "serviceSupplier")?
                .token()?
                .into_owned(),
            agreement: children
                .optional(RECIPIENT_V2, "AgreementText")
                .map(|element| element.text().map(std::borrow::Cow::into_owned))
                .transpose()?,
        };
        children.end()?;
        Ok(account)
    }
}

fn persons(elements: Vec<Element<'_>>) -> Result<Vec<Person>, ReadError> {
    elements.into_iter().map(Person::read).collect()
}

impl Wire for GetPendingAccountRequest {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "getPendingAccountRequest";

    fn write(&self, xml: &mut Writer) {
        for recipient in &self.recipients {
            xml.element(RECIPIENT_V3, "recipientId", &recipient.to_string());
        }
        xml.element(RECIPIENT_V3, "userIdentity", self.user.as_str());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let recipients = content.many(RECIPIENT_V3, "recipientId");
        Ok(Self {
            recipients: recipients.into_iter().map(recipient_in).collect::<Result<_, _>>()?,
            user: UserIdentity::read(content.required(RECIPIENT_V3, "userIdentity")?)?,
        })
    }
}

impl Call for GetPendingAccountRequest {
    type Answer = GetPendingAccountRequestAnswer;
}

impl Wire for GetPendingAccountRequestAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "getPendingAccountRequestResponse";

    fn write(&self, xml: &mut Writer) {
        for pending in &self.0 {
            xml.start(RECIPIENT_V3, "return");
            pending.request.write(RECIPIENT, "AccountRequest", xml);
            pending.signatures.write(RECIPIENT, "SignatureStatus", xml);
            xml.end();
        }
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        let all = content.many(RECIPIENT_V3, "return").into_iter();
        all.map(PendingAccountRequest::read).collect::<Result<_, _>>().map(Self)
    }
}

impl PendingAccountRequest {
    fn read(element: Element<'_>) -> Result<Self, ReadError> {
        let mut children = element.sequence()?;
        let pending = Self {
            request: AccountRequest::read(children.required(RECIPIENT, "AccountRequest")?)?,
            signatures: SignatureAuthorisation::read(children.required(RECIPIENT, "SignatureStatus")?)?,
        };
        children.end()?;
        Ok(pending)
    }
}

impl Wire for DeletePendingAccountRequest {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "deletePendingAccountRequest";

    fn write(&self, xml: &mut Writer) {
        xml.element(RECIPIENT_V3, "recipientId", &self.recipient.to_string());
        xml.element(RECIPIENT_V3, "userIdentity", self.user.as_str());
    }

    fn read(content: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            recipient: recipient_in(content.required(RECIPIENT_V3, "recipientId")?)?,
            user: UserIdentity::read(content.required(RECIPIENT_V3, "userIdentity")?)?,
        })
    }
}

impl Call for DeletePendingAccountRequest {
    type Answer = DeletePendingAccountRequestAnswer;
}

impl Wire for DeletePendingAccountRequestAnswer {
    const NAMESPACE: &'static str = RECIPIENT_V3;
    const NAME: &'static str = "deletePendingAccountRequestResponse";

    fn write(&self, _: &mut Writer) {}

    fn read(_: &mut Sequence<'_>) -> Result<Self, ReadError> {
        Ok(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipient::AccountAction;
    use crate::xml::Limits;
    use time::macros::date;

    fn round_trip<W: Wire + PartialEq + std::fmt::Debug>(written: &W) -> String {
        let envelope = written.to_envelope();
        assert_eq!(
            W::from_envelope(envelope.as_bytes(), &Limits::default()).as_ref(),
            Ok(written)
        );
        envelope
    }

    fn filip() -> Person {
        Person {
            id: "197209239859".into(),
            name: "Filip Fors".into(),
        }
    }

    fn answer(account: Option<AccountInformation>) -> IsAuthorizedSignerAnswer {
        IsAuthorizedSignerAnswer {
            may_sign: true,
            user: "198502149860".parse().unwrap(),
            company: "169699999042".parse().unwrap(),
            name: "Fors & Gran HB".into(),
            rule: "Firman tecknas av bolagsmännen gemensamt.".into(),
            possible_signers: vec![filip()],
            account,
        }
    }

    /// In the order of the schema, and each element in its namespace: the parts of a person are Authority's.
    #[test]
    fn who_may_sign_is_read_as_it_was_written() {
        let asked = round_trip(&IsAuthorizedSigner {
            company: "169699999042".parse().unwrap(),
            user: "198502149860".parse().unwrap(),
        });
        assert!(asked.contains("<CompanyId>169699999042</CompanyId><UserIdentity>198502149860</UserIdentity>"));
        round_trip(&answer(None));
        let whole = round_trip(&answer(Some(AccountInformation {
            state: AccountState::Pending,
            signed_by: vec![filip()],
            status: AuthorisationStatus::Incomplete,
            operator: "brevlada.localhost".into(),
            agreement: Some("Vi vill ha vår post här".into()),
        })));
        let names = [
            "isAccountAuthorizedSigner",
            "UserIdentity",
            "CompanyId",
            "CompanyName",
            "CompanySignatureRuleText",
            "PossibleSigners",
            "AccountInformation",
            "AccountStatus",
            "SignedBy",
            "SignatureStatus",
            "serviceSupplier",
            "AgreementText",
        ];
        let places: Vec<_> = names.map(|name| whole.find(&format!("<{name}")).unwrap()).to_vec();
        assert!(places.is_sorted(), "{whole}");
    }

    #[test]
    fn what_waits_for_an_account_is_read_as_it_was_written() {
        round_trip(&GetPendingAccountRequest {
            recipients: vec![],
            user: "198502149860".parse().unwrap(),
        });
        round_trip(&GetPendingAccountRequestAnswer(vec![]));
        round_trip(&GetPendingAccountRequestAnswer(vec![PendingAccountRequest {
            request: AccountRequest {
                recipient: "169699999042".parse().unwrap(),
                action: AccountAction::Create,
                agreement: "Vi vill".into(),
                day: date!(2026 - 11 - 27),
                operator: "brevlada.localhost".into(),
            },
            signatures: SignatureAuthorisation {
                signed_by: vec![filip()],
                status: Some(AuthorisationStatus::Incomplete),
                ..SignatureAuthorisation::default()
            },
        }]));
        round_trip(&DeletePendingAccountRequest {
            recipient: "169699999042".parse().unwrap(),
            user: "198502149860".parse().unwrap(),
        });
        round_trip(&DeletePendingAccountRequestAnswer);
    }
}
