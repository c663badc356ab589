//! Deliveries that were received before: read again, and checked again.

use super::receive::{content, parts, split};
use crate::certificate::{CertificateProblem, Signer};
use crate::delivery::{Delivery, Seal, read};
use crate::signature::{Policy, PublicKey, Scope, Signature, SignatureError, check_document};
use crate::xml::{Element, Limits, ReadError, Xml};

/// A stored original that cannot be read any more: it is not what was stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReopenError {
    /// Not a delivery.
    #[error("the stored delivery cannot be read: {0}")]
    Delivery(#[from] ReadError),
    /// A signature whose form is broken.
    #[error("the stored delivery's signatures cannot be read: {0}")]
    Signature(#[from] SignatureError),
    /// A certificate in it cannot be read.
    #[error("a certificate in the stored delivery cannot be read: {0}")]
    Certificate(#[from] CertificateProblem),
}

/// Whether the signatures still fit a stored original, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// Both signatures fit, down to the last byte. Whether the certificates are trusted was decided when the delivery
    /// came; they expire, and letters do not.
    pub holds: bool,
    /// Whose certificate is in the sender's signature.
    pub signer: Signer,
    /// Whose certificate is in the seal.
    pub sealer: Signer,
}

/// Reads a stored original. Does not check its signatures; [`recheck`] does.
pub fn reopen(original: &str) -> Result<(Delivery, Seal), ReopenError> {
    let parsed = parse(original)?;
    let (signed, seal) = parts(parsed.root())?;
    Ok((read::delivery(content(signed)?)?, read::seal(seal)?))
}

/// Checks the signatures of a stored original with the certificates in it.
pub fn recheck(original: &str) -> Result<SignatureReport, ReopenError> {
    let parsed = parse(original)?;
    let (signed_delivery, _) = parts(parsed.root())?;
    let unambiguous = check_document(parsed.document()).is_ok();
    let (signer, inner_holds) = check(signed_delivery)?;
    let (sealer, outer_holds) = check(parsed.root())?;
    Ok(SignatureReport {
        holds: unambiguous && inner_holds && outer_holds,
        signer,
        sealer,
    })
}

fn check(signed: Element<'_>) -> Result<(Signer, bool), ReopenError> {
    // Whether SHA-1 was acceptable was decided when the delivery came.
    let signature = Signature::of(signed, Scope::StandAlone, Policy { allow_sha1: true })?;
    let certificates = signature.certificates()?;
    let (der, _) = split(&certificates)?;
    let key = PublicKey::from_certificate_der(der).map_err(|_| CertificateProblem::Key)?;
    let holds = signature
        .check_value(&[key])
        .and_then(|()| signature.check_digest())
        .is_ok();
    Ok((Signer::claimed_by(der)?, holds))
}

/// It was within the limits when it came, whatever they were.
fn parse(original: &str) -> Result<Xml<'_>, ReadError> {
    let limits = Limits {
        bytes: usize::MAX,
        tags: usize::MAX,
        attributes: usize::MAX,
        attributes_in_all: usize::MAX,
        namespaces: usize::MAX,
        depth: 256,
    };
    Ok(Xml::parse(original, &limits)?)
}
