//! What another mailbox operator does when somebody chooses it: it asks FaR for the holder, with a statement that it signs.

use crate::clock::Clock;
use crate::http_client::Connection;
use crate::people::{self, Operator};
use crate::pki::Pki;
use crate::sending::SendError;
use crate::tls;
use contracts::authority::AuthorisationStatus;
use contracts::call::{AnswerError, Wire as _};
use contracts::identifier::PersonalNumber;
use contracts::recipient::{ChangeServiceSupplier, ChangeServiceSupplierAnswer, SignatureData, Statement};
use contracts::signature::{SigningIdentity, sign_enveloped};
use contracts::xml::Limits;
use url::Url;

/// What the holder agrees to there.
const AGREEMENT: &str = "Jag flyttar min brevlåda hit.";

/// Why somebody could not be moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// Asking FaR failed.
    #[error(transparent)]
    Asking(#[from] SendError),
    /// FaR wants more than the holder's signature.
    #[error("FaR did not complete the move")]
    Incomplete,
}

/// Moves `person` to `operator`, which asks FaR at `recipient_url` for it with its own certificate.
pub async fn move_to(
    pki: &Pki,
    recipient_url: &str,
    operator: Operator,
    person: PersonalNumber,
    clock: &Clock,
) -> Result<(), MoveError> {
    let file = if operator == people::THIS_OPERATOR {
        "brevlada"
    } else {
        "grannpost"
    };
    let organisation = operator.number.parse().map_err(|_| MoveError::Incomplete)?;
    let pair = pki
        .pair(file)
        .map_err(|source| SendError::Identity { organisation, source })?;
    let identity = SigningIdentity::from_pem(&pair.certificate, &pair.key).map_err(SendError::Key)?;
    let statement = Statement {
        recipient: person.into(),
        person: person.into(),
        name: people::find(&person.to_string()).map_or_else(|| "Någon".to_owned(), people::Person::name),
        agreement: AGREEMENT.to_owned(),
        at: clock.now(),
        identity_provider: format!("https://{}/login", operator.domain),
        level: "http://id.elegnamnden.se/loa/1.0/loa3".to_owned(),
        assertion: "_demonstration".to_owned(),
    };
    let signed = sign_enveloped(&statement.to_xml(), &identity).map_err(SendError::Signing)?;
    let question = ChangeServiceSupplier {
        recipient: person.into(),
        user: person.into(),
        operator: operator.domain.to_owned(),
        agreement: AGREEMENT.to_owned(),
        signatures: vec![SignatureData {
            signature: signed.into_bytes(),
            certificate: pair.certificate.clone(),
            nonce: None,
            encoding: None,
        }],
    };
    let url = Url::parse(recipient_url).map_err(|_| SendError::Address(recipient_url.to_owned()))?;
    let tls = tls::client(Some(&pair), pki.authority()).map_err(SendError::Tls)?;
    let mut far = Connection::open(&url, Some(tls)).await.map_err(SendError::Http)?;
    let (_, answer) = far
        .post_soap(question.to_envelope().into())
        .await
        .map_err(SendError::Http)?;
    let answer = ChangeServiceSupplierAnswer::from_envelope(&answer, &Limits::default());
    let answer = answer.map_err(|error| match error {
        AnswerError::Fault(fault) => SendError::Far(fault),
        AnswerError::Read(error) => SendError::Answer("FaR", error),
    })?;
    if answer.0.status == Some(AuthorisationStatus::Complete) {
        Ok(())
    } else {
        Err(MoveError::Incomplete)
    }
}
