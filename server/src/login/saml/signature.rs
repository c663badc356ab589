//! Signatures on SAML messages and metadata: the house's one signature module, under SAML's stricter rules.
//!
//! `contracts::signature` checks form and algorithms before any cryptography and verifies the very element that is then
//! read. SAML adds: the reference is by the element's ID, the canonical form is the exclusive one, and keys come from
//! metadata or configuration, never from the message.

use super::names::{DS, EXC_C14N};
use super::tree::Read as _;
use contracts::signature::{Policy, PublicKey, SignatureError, verify_with_keys};
use contracts::xml::Element;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key;

/// Smallest RSA key the framework allows.
const MIN_RSA_BITS: usize = 2048;

/// Why a signature does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureProblem {
    /// The element is not signed.
    #[error("the element carries no signature")]
    Missing,
    /// There is no key to check with.
    #[error("no signing key is known for the issuer")]
    NoKey,
    /// The form, an algorithm, a transform or the reference is outside what is allowed.
    #[error("{0}")]
    NotAllowed(SignatureError),
    /// It does not fit what is signed, or was made with another key.
    #[error("the signature does not fit")]
    DoesNotFit,
}

impl From<SignatureError> for SignatureProblem {
    fn from(error: SignatureError) -> Self {
        match error {
            SignatureError::Missing => Self::Missing,
            SignatureError::Digest | SignatureError::Value | SignatureError::Key => Self::DoesNotFit,
            other => Self::NotAllowed(other),
        }
    }
}

/// Public keys that may have signed, from certificates in metadata or configuration. A certificate is only a container
/// here: neither its chain nor its dates count (Deployment Profile 2.1).
#[derive(Clone, Debug, Default)]
pub struct SigningKeys(Vec<PublicKey>);

impl SigningKeys {
    /// The keys of these certificates (DER). Keys that are too short or of an unknown kind are left out.
    pub fn from_certificates<'c>(certificates: impl IntoIterator<Item = &'c [u8]>) -> Self {
        Self(certificates.into_iter().filter_map(usable_key).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn usable_key(der: &[u8]) -> Option<PublicKey> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    match certificate.public_key().parsed().ok()? {
        public_key::PublicKey::RSA(rsa) if rsa.key_size() < MIN_RSA_BITS => None,
        _ => PublicKey::from_certificate_der(der).ok(),
    }
}

/// Requires that `element` is signed by one of `keys`, as a whole, by an enveloped signature that is its own child.
pub fn require(element: Element<'_>, keys: &SigningKeys) -> Result<(), SignatureProblem> {
    if keys.is_empty() {
        return Err(SignatureProblem::NoKey);
    }
    require_saml_form(element)?;
    verify_with_keys(element, &keys.0, Policy::default())?;
    Ok(())
}

/// What SAML asks beyond the common form (Core 5.4): a reference by ID, and exclusive canonical form throughout.
fn require_saml_form(element: Element<'_>) -> Result<(), SignatureError> {
    let signature = element.child(DS, "Signature").ok_or(SignatureError::Missing)?;
    let signed_info = signature
        .one(DS, "SignedInfo")
        .map_err(|_| SignatureError::Structure("SignedInfo"))?;
    let reference = signed_info
        .one(DS, "Reference")
        .map_err(|_| SignatureError::Reference)?;
    let id = element
        .attribute("ID")
        .filter(|id| !id.is_empty())
        .ok_or(SignatureError::Reference)?;
    if reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != Some(id) {
        return Err(SignatureError::Reference);
    }
    let canonical = signed_info
        .one(DS, "CanonicalizationMethod")
        .map_err(|_| SignatureError::Transform)?;
    let transforms = reference.one(DS, "Transforms").map_err(|_| SignatureError::Transform)?;
    let last = transforms
        .all(DS, "Transform")
        .nth(1)
        .ok_or(SignatureError::Transform)?;
    if [canonical, last]
        .iter()
        .all(|method| method.attribute("Algorithm") == Some(EXC_C14N))
    {
        Ok(())
    } else {
        Err(SignatureError::Transform)
    }
}
