//! FaR over SOAP (infrastructure.md 11 and 12).

use super::pem::{self, PemError};
use super::soap::{Effect, SoapClient};
use super::{Agreement, Operator, Register, RegisterError, Registered, Standing};
use async_trait::async_trait;
use contracts::authority::{AuthorisationStatus, Sender, SignatureAuthorisation};
use contracts::certificate::organisation_of;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use contracts::recipient::{
    AccountAction, AccountPreferences, AccountRequest, AccountStatus, AccountType, ChangeServiceSupplier, Deregister,
    GetAccountPreferences, IsRegistered, SignatureData, Statement, StoreAccountPreferences,
};
use contracts::signature::{SigningIdentity, sign_enveloped};
use std::sync::Arc;
use time::OffsetDateTime;
use time_tz::OffsetDateTimeExt as _;

/// FaR's code for a holder who is registered already.
const EXISTS_ALREADY: u16 = 5007;

/// Asks FaR, and tells it of our holders.
pub struct FarClient {
    pub(super) soap: Arc<SoapClient>,
    /// We, as our certificate names us: which accounts are ours.
    ourselves: OrganisationNumber,
    /// Signs that a person agreed.
    identity: SigningIdentity,
    /// The certificate that goes with the signature.
    certificate: String,
    /// What FaR calls us in a request.
    service_supplier: String,
}

impl std::fmt::Debug for FarClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FarClient({})", self.ourselves)
    }
}

impl FarClient {
    /// Asks by way of `soap`, and signs with the certificate that it connects with.
    ///
    /// # Errors
    /// A file that cannot be used; a certificate that names no organisation.
    pub async fn new(soap: Arc<SoapClient>) -> Result<Self, PemError> {
        let config = soap.config();
        let (cert_file, key_file) = (&config.cert_file, &config.key_file);
        let first = pem::certificates(cert_file).await?.into_iter().next();
        let first = first.ok_or_else(|| PemError::content(cert_file, "holds no certificate"))?;
        let ourselves = organisation_of(&first).map_err(|e| PemError::content(cert_file, e))?;
        let certificate = pem::text(cert_file).await?;
        let identity = SigningIdentity::from_pem(&certificate, &pem::text(key_file).await?)
            .map_err(|e| PemError::content(key_file, e))?;
        let service_supplier = config.service_supplier.clone();
        Ok(Self {
            soap,
            ourselves,
            identity,
            certificate,
            service_supplier,
        })
    }

    /// We, as our certificate names us.
    pub(super) fn ourselves(&self) -> OrganisationNumber {
        self.ourselves
    }

    fn request(&self, agreement: &Agreement, action: AccountAction) -> AccountRequest {
        AccountRequest {
            recipient: agreement.holder,
            action,
            agreement: agreement.text.clone(),
            day: day_in_sweden(agreement.at),
            operator: self.service_supplier.clone(),
        }
    }

    /// A SAML login gives no signature of the person's, so we sign what was agreed to and how we know.
    fn signature(&self, agreement: &Agreement) -> Result<SignatureData, RegisterError> {
        let statement = Statement {
            recipient: agreement.holder,
            person: agreement.person.into(),
            name: agreement.name.clone(),
            agreement: agreement.text.clone(),
            at: agreement.at,
            identity_provider: agreement.login.identity_provider.clone(),
            level: agreement.login.level.clone(),
            assertion: agreement.login.assertion.clone(),
        };
        let signed = sign_enveloped(&statement.to_xml(), &self.identity)
            .map_err(|e| RegisterError::Misunderstood(format!("our own statement cannot be signed: {e}")))?;
        Ok(SignatureData {
            signature: signed.into_bytes(),
            certificate: self.certificate.clone(),
            nonce: None,
            encoding: None,
        })
    }

    fn standing_of(&self, status: AccountStatus) -> Standing {
        let operator = status.operator.map(|operator| Operator {
            organisation: operator.id,
            name: operator.name,
        });
        match (status.account, operator) {
            (_, operator) if status.pending => Standing::Pending(operator),
            (AccountType::Not, _) | (_, None) => Standing::Nowhere,
            (_, Some(operator)) if operator.organisation == self.ourselves => Standing::Here,
            (_, Some(operator)) => Standing::Elsewhere(operator),
        }
    }
}

#[async_trait]
impl Register for FarClient {
    async fn standing(&self, holder: &RecipientId) -> Result<Standing, RegisterError> {
        let answered = self.standings(&[*holder]).await?;
        match answered.into_iter().find(|(about, _)| about == holder) {
            Some((_, standing)) => Ok(standing),
            None => Err(RegisterError::Misunderstood(
                "isRegistered answered about somebody else".into(),
            )),
        }
    }

    async fn standings(&self, holders: &[RecipientId]) -> Result<Vec<(RecipientId, Standing)>, RegisterError> {
        let question = IsRegistered {
            recipients: holders.to_vec(),
        };
        let answer = self.soap.ask(self.soap.recipient(), &question, Effect::Reads).await?;
        let standing = |status: AccountStatus| (status.recipient, self.standing_of(status));
        Ok(answer.0.into_iter().map(standing).collect())
    }

    async fn move_here(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        let request = ChangeServiceSupplier {
            recipient: agreement.holder,
            user: agreement.person.into(),
            operator: self.service_supplier.clone(),
            agreement: agreement.text.clone(),
            signatures: vec![self.signature(agreement)?],
        };
        let answer = self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await?;
        registered(&answer.0)
    }

    async fn register(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        let request = contracts::recipient::Register {
            request: self.request(agreement, AccountAction::Create),
            account: AccountType::Secure,
            signatures: vec![self.signature(agreement)?],
        };
        match self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await {
            Ok(answer) => registered(&answer.0),
            Err(RegisterError::Refused { code, .. }) if code == EXISTS_ALREADY => {
                match self.standing(&agreement.holder).await? {
                    Standing::Here => Ok(Registered::Complete),
                    Standing::Elsewhere(operator) => Err(RegisterError::ElsewhereAt(operator)),
                    Standing::Nowhere | Standing::Pending(_) => Err(RegisterError::Misunderstood(
                        "FaR says that the holder exists, and that not".into(),
                    )),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn deregister(&self, agreement: &Agreement) -> Result<Registered, RegisterError> {
        let request = Deregister {
            request: self.request(agreement, AccountAction::Delete),
            signatures: vec![self.signature(agreement)?],
        };
        let answer = self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await?;
        registered(&answer.0)
    }

    async fn preferences(
        &self,
        holder: &RecipientId,
        person: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        let question = GetAccountPreferences {
            recipient: *holder,
            user: person.into(),
        };
        let answer = self.soap.ask(self.soap.recipient(), &question, Effect::Reads).await?;
        if answer.0.recipient != *holder {
            return Err(RegisterError::Misunderstood(
                "getAccountPreferences answered about somebody else".into(),
            ));
        }
        let accepted = answer.0.accepted.into_iter();
        Ok(accepted.map(|sender| (sender.id, sender.name)).collect())
    }

    async fn store_preferences(
        &self,
        agreement: &Agreement,
        accepted: &[(OrganisationNumber, String)],
    ) -> Result<Registered, RegisterError> {
        let sender = |(id, name): &(OrganisationNumber, String)| Sender {
            id: *id,
            name: name.clone(),
            attention: None,
        };
        let request = StoreAccountPreferences {
            recipient: agreement.holder,
            user: agreement.person.into(),
            preferences: AccountPreferences {
                recipient: agreement.holder,
                accepted: accepted.iter().map(sender).collect(),
            },
            agreement: agreement.text.clone(),
            signatures: vec![self.signature(agreement)?],
        };
        let answer = self.soap.ask(self.soap.recipient(), &request, Effect::Changes).await?;
        registered(&answer.0)
    }
}

fn registered(result: &SignatureAuthorisation) -> Result<Registered, RegisterError> {
    match result.status {
        Some(AuthorisationStatus::Complete) => Ok(Registered::Complete),
        Some(AuthorisationStatus::Incomplete) => Ok(Registered::MoreMustSign),
        Some(AuthorisationStatus::RulesNotSupported) => Ok(Registered::RuleNotSupported),
        None => Err(RegisterError::Misunderstood("an answer without a status".into())),
    }
}

/// FaR has dates without a time zone; the people it is about live in Sweden's.
fn day_in_sweden(at: OffsetDateTime) -> time::Date {
    at.to_timezone(time_tz::timezones::db::europe::STOCKHOLM).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn a_day_begins_at_midnight_in_sweden() {
        assert_eq!(day_in_sweden(datetime!(2026-11-23 23:30 UTC)), date!(2026 - 11 - 24));
        assert_eq!(day_in_sweden(datetime!(2026-07-01 22:30 UTC)), date!(2026 - 07 - 02));
    }

    #[test]
    fn only_a_complete_registration_counts() {
        let result = |status| SignatureAuthorisation {
            status,
            ..SignatureAuthorisation::default()
        };
        assert_eq!(
            registered(&result(Some(AuthorisationStatus::Complete))),
            Ok(Registered::Complete)
        );
        assert_eq!(
            registered(&result(Some(AuthorisationStatus::Incomplete))),
            Ok(Registered::MoreMustSign)
        );
        assert!(registered(&result(None)).is_err());
    }
}
