//! Signatures on SAML messages and metadata.
//!
//! bergshamra computes; what is allowed is decided here, before it runs: it has no list of algorithms of its own, and its
//! «valid» only says that *something* was signed. So the shape of the signature is checked first, down to each attribute,
//! then the same tree is verified, and the node that was digested must be the element the caller is about to read.

use super::names::{
    DS, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512, ENVELOPED, EXC_C14N, RSA_SHA256, RSA_SHA384, RSA_SHA512, SHA256, SHA384,
    SHA512,
};
use super::tree::Element;
use bergshamra::dsig::verify::verify_document;
use bergshamra::{DsigContext, Key, KeysManager, VerifyResult};
use std::collections::HashSet;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

/// Signature algorithms of the framework (Deployment Profile 8). SHA-1 and HMAC are not among them.
const SIGNATURES: [&str; 6] = [RSA_SHA256, RSA_SHA384, RSA_SHA512, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512];
/// Digest algorithms of the framework.
const DIGESTS: [&str; 3] = [SHA256, SHA384, SHA512];
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
    /// The form, an algorithm or a transform is outside what is allowed.
    #[error("the signature is not of the allowed form: {0}")]
    NotAllowed(&'static str),
    /// It does not fit what is signed, or was made with another key.
    #[error("the signature does not fit")]
    DoesNotFit,
}

/// Public keys that may have signed, from certificates in metadata or configuration. A certificate is only a container
/// here: neither its chain nor its dates count (Deployment Profile 2.1).
#[derive(Clone, Default)]
pub struct SigningKeys(Vec<Key>);

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKeys({})", self.0.len())
    }
}

impl SigningKeys {
    /// The keys of these certificates (DER). Keys that are too short or of an unknown kind are left out.
    pub fn from_certificates<'c>(certificates: impl IntoIterator<Item = &'c [u8]>) -> Self {
        Self(certificates.into_iter().filter_map(usable_key).collect())
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

fn usable_key(der: &[u8]) -> Option<Key> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    match certificate.public_key().parsed().ok()? {
        PublicKey::RSA(rsa) if rsa.key_size() >= MIN_RSA_BITS => {}
        PublicKey::EC(_) => {}
        _ => return None,
    }
    bergshamra::keys::loader::load_x509_cert_der(der).ok()
}

/// Whether `element` carries a signature of its own.
pub fn is_signed(element: Element<'_, '_>) -> bool {
    element.all(DS, "Signature").next().is_some()
}

/// Requires that `element` is signed by one of `keys`, as a whole, by an enveloped signature that is its own child.
///
/// Checks in order: a key is known, ids are unique in the document, the signature is the first in it, has the allowed
/// form and refers to this element, and fits.
pub fn require(element: Element<'_, '_>, keys: &SigningKeys) -> Result<(), SignatureProblem> {
    if keys.is_empty() {
        return Err(SignatureProblem::NoKey);
    }
    let mut own = element.all(DS, "Signature");
    let signature = own.next().ok_or(SignatureProblem::Missing)?;
    if own.next().is_some() {
        return Err(SignatureProblem::NotAllowed("two signatures on one element"));
    }
    let document = Element::root(element.document()).map_err(|_| SignatureProblem::NotAllowed("no root"))?;
    let first = document.descendants().find(|candidate| candidate.name().1 == "Signature");
    if first.map(Element::id) != Some(signature.id()) {
        return Err(SignatureProblem::NotAllowed("another signature stands before it"));
    }
    require_unique_ids(document)?;
    let id = element.attribute("ID").filter(|id| !id.is_empty()).ok_or(SignatureProblem::NotAllowed("no ID"))?;
    require_allowed_form(signature, id)?;

    let mut manager = KeysManager::new();
    manager.add_keys(keys.0.iter().cloned());
    match verify_document(&DsigContext::new(manager), element.document()) {
        Ok(VerifyResult::Valid { signature_node, references, .. })
            if signature_node == signature.id()
                && matches!(references.as_slice(), [one] if one.digest_verified && one.resolved_node == Some(element.id())) =>
        {
            Ok(())
        }
        _ => Err(SignatureProblem::DoesNotFit),
    }
}

/// Every attribute that any reader could take for an id, whatever its namespace, has a value of its own.
fn require_unique_ids(root: Element<'_, '_>) -> Result<(), SignatureProblem> {
    let mut seen = HashSet::new();
    for element in root.descendants() {
        let Some(node) = element.document().element(element.id()) else { continue };
        for attribute in &node.attributes {
            let name = &*attribute.name.local_name;
            if (name.eq_ignore_ascii_case("id") || name == "AssertionID") && !seen.insert(&*attribute.value) {
                return Err(SignatureProblem::NotAllowed("an id stands twice"));
            }
        }
    }
    Ok(())
}

/// SignedInfo with exclusive canonical form, one allowed algorithm, and one reference to `id` with the enveloped and the
/// exclusive transform; then SignatureValue; then perhaps KeyInfo, which is never read. No Object.
fn require_allowed_form(signature: Element<'_, '_>, id: &str) -> Result<(), SignatureProblem> {
    use SignatureProblem::NotAllowed;
    let parts: Vec<_> = signature.children().collect();
    let (signed_info, value) = match parts.as_slice() {
        [signed_info, value] => (*signed_info, *value),
        [signed_info, value, key_info] if key_info.is(DS, "KeyInfo") => (*signed_info, *value),
        _ => return Err(NotAllowed("parts of Signature")),
    };
    if !signed_info.is(DS, "SignedInfo") || !value.is(DS, "SignatureValue") || !signature.has_only_attributes(&["Id"]) {
        return Err(NotAllowed("parts of Signature"));
    }
    let parts: Vec<_> = signed_info.children().collect();
    let [canonical, method, reference] = parts.as_slice() else {
        return Err(NotAllowed("parts of SignedInfo"));
    };
    if !canonical.is(DS, "CanonicalizationMethod") || !method.is(DS, "SignatureMethod") || !reference.is(DS, "Reference") {
        return Err(NotAllowed("parts of SignedInfo"));
    }
    require_exclusive(*canonical)?;
    require_algorithm(*method, &SIGNATURES, "signature algorithm")?;
    if !reference.has_only_attributes(&["URI", "Id", "Type"])
        || reference.attribute("URI").and_then(|uri| uri.strip_prefix('#')) != Some(id)
    {
        return Err(NotAllowed("reference to something else"));
    }
    let parts: Vec<_> = reference.children().collect();
    let [transforms, digest, digest_value] = parts.as_slice() else {
        return Err(NotAllowed("parts of Reference"));
    };
    if !transforms.is(DS, "Transforms") || !digest.is(DS, "DigestMethod") || !digest_value.is(DS, "DigestValue") {
        return Err(NotAllowed("parts of Reference"));
    }
    require_algorithm(*digest, &DIGESTS, "digest algorithm")?;
    let steps: Vec<_> = transforms.children().collect();
    let [enveloped, exclusive] = steps.as_slice() else {
        return Err(NotAllowed("transforms"));
    };
    if !enveloped.is(DS, "Transform") || !exclusive.is(DS, "Transform") {
        return Err(NotAllowed("transforms"));
    }
    require_algorithm(*enveloped, &[ENVELOPED], "transforms")?;
    require_exclusive(*exclusive)
}

/// An element with an `Algorithm` of the list, no other attribute and no content.
fn require_algorithm(
    element: Element<'_, '_>,
    allowed: &[&str],
    what: &'static str,
) -> Result<(), SignatureProblem> {
    let algorithm = element.attribute("Algorithm").unwrap_or_default();
    if element.has_only_attributes(&["Algorithm"]) && allowed.contains(&algorithm) && element.children().next().is_none() {
        Ok(())
    } else {
        Err(SignatureProblem::NotAllowed(what))
    }
}

/// Exclusive canonical form, perhaps with a list of prefixes to treat inclusively.
fn require_exclusive(element: Element<'_, '_>) -> Result<(), SignatureProblem> {
    let list_only = element
        .children()
        .all(|child| child.is(EXC_C14N, "InclusiveNamespaces") && child.has_only_attributes(&["PrefixList"]));
    if element.has_only_attributes(&["Algorithm"])
        && element.attribute("Algorithm") == Some(EXC_C14N)
        && list_only
        && element.children().count() <= 1
    {
        Ok(())
    } else {
        Err(SignatureProblem::NotAllowed("canonical form"))
    }
}

/// An empty enveloped signature over the element with `id`, to be filled in by [`fill`].
pub fn template(id: &str, algorithm: &str, certificate_base64: &str) -> String {
    format!(
        "<ds:Signature xmlns:ds=\"{DS}\"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"{EXC_C14N}\"/>\
         <ds:SignatureMethod Algorithm=\"{algorithm}\"/><ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{ENVELOPED}\"/><ds:Transform Algorithm=\"{EXC_C14N}\"/></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{SHA256}\"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate_base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </ds:Signature>"
    )
}

/// Fills the signature template in `xml` with `key`.
pub fn fill(xml: &str, key: &Key) -> Result<String, bergshamra::Error> {
    let mut manager = KeysManager::new();
    manager.add_key(key.clone());
    bergshamra::sign(&DsigContext::new(manager), xml)
}
