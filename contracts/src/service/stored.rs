//! Deliveries that were received before: read again, and checked again.

use super::receive::{content, parts, split};
use crate::certificate::{CertificateProblem, Signer};
use crate::delivery::{Delivery, Seal, read, write};
use crate::namespace::{COPY, MESSAGE_V3};
use crate::signature::{Policy, PublicKey, Scope, Signature, SignatureError, check_document};
use crate::xml::{Element, Limits, ReadError, Writer, Xml};

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

/// One message of a delivery, as a document that holds nothing of the others: what can be handed on of a delivery whose signature is
/// over several. It is in a namespace of ours and has no signature, so that no program takes it for the original. Nothing when there is
/// no such message.
pub fn copy_of_one(delivery: &Delivery, seal: Seal, place: usize) -> Option<String> {
    let one = Delivery {
        messages: vec![delivery.messages.get(place)?.clone()],
        ..delivery.clone()
    };
    let mut xml = Writer::new();
    xml.start(COPY, "CopyOfOneMessage");
    write::delivery(&one, &mut xml);
    write::seal(seal, &mut xml);
    xml.end();
    Some(xml.finish())
}

/// Reads what [`copy_of_one`] has written.
pub fn reopen_copy(copy: &str) -> Result<(Delivery, Seal), ReopenError> {
    let parsed = parse(copy)?;
    if !parsed.root().is(COPY, "CopyOfOneMessage") {
        return Err(parsed.root().wrong("a copy of one message").into());
    }
    let mut parts = parsed.root().sequence()?;
    let delivery = parts.required(MESSAGE_V3, "Delivery")?;
    let seal = parts.required(MESSAGE_V3, "Seal")?;
    parts.end()?;
    Ok((read::delivery(delivery)?, read::seal(seal)?))
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
