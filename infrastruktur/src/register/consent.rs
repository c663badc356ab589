//! What a holder has agreed to, as the operator states and signs it.

use super::{Refusal, Register};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, RecipientId};
use contracts::recipient::{SignatureData, Statement};
use contracts::signature::{Policy, Scope, Signature, check_document};
use contracts::xml::{Limits, Xml};
use time::Duration;

/// How old a statement may be, and how far clocks may differ.
const FRESH_FOR: Duration = Duration::days(1);
const SKEW: Duration = Duration::minutes(5);

impl Register {
    /// The statements behind a request: each signed by the calling operator, fresh, and about this recipient and text.
    pub(super) fn statements(
        &self,
        caller: OrganisationNumber,
        recipient: RecipientId,
        agreement: &str,
        signatures: &[SignatureData],
    ) -> Result<Vec<Statement>, Refusal> {
        signatures
            .iter()
            .map(|signature| self.statement(caller, recipient, agreement, signature))
            .collect()
    }

    fn statement(
        &self,
        caller: OrganisationNumber,
        recipient: RecipientId,
        agreement: &str,
        data: &SignatureData,
    ) -> Result<Statement, Refusal> {
        let refused = |reason: String| Refusal::new(ErrorCode::RegisterAccountSignatureError, reason);
        let now = self.clock.now();
        let xml = Xml::parse_bytes(&data.signature, &Limits::default()).map_err(|e| refused(e.to_string()))?;
        check_document(xml.document()).map_err(|e| refused(e.to_string()))?;
        let signature =
            Signature::of(xml.root(), Scope::Document, Policy::default()).map_err(|e| refused(e.to_string()))?;
        signature.check_digest().map_err(|e| refused(e.to_string()))?;
        let certificates = signature.certificates().map_err(|e| refused(e.to_string()))?;
        let leaf = certificates
            .first()
            .ok_or_else(|| refused("the signature has no certificate".into()))?;
        let (signer, key) = self
            .trust
            .check_chain(leaf, certificates.get(1..).unwrap_or_default(), now)
            .map_err(|e| refused(e.to_string()))?;
        signature.check_value(&[key]).map_err(|e| refused(e.to_string()))?;
        if signer.organisation != caller {
            return Err(refused(
                "the statement is signed by another than the operator that calls".into(),
            ));
        }
        let statement = Statement::from_element(signature.signed()).map_err(|e| refused(e.to_string()))?;
        if statement.recipient != recipient {
            return Err(refused("the statement is about another recipient".into()));
        }
        if statement.agreement != agreement {
            return Err(refused(
                "the signed text is not the agreement text of the request".into(),
            ));
        }
        if statement.at > now + SKEW || statement.at < now - FRESH_FOR {
            return Err(refused("the statement is not of today; sign again".into()));
        }
        Ok(statement)
    }
}
