//! XML signatures: what may be signed how, checked before any cryptography, and verified on the very node that is then
//! read.
//!
//! A signature library says «valid» when *something* in a document is signed. Every wrapping attack lives on that, so
//! nothing here searches for a signature or follows a reference: the caller names the element that it is going to read,
//! the signature must be that element's own child, its one reference must mean that element, and the digest is computed
//! over that node. Canonical form, digests and signature values are bergshamra's.

mod key;
mod rebuild;
mod shape;
mod sign;

pub use key::{KeyError, PublicKey};
pub use rebuild::rebuild;
pub use shape::{Certificates, Scope, Signature};
pub use sign::{Placement, SigningIdentity, sign_enveloped, sign_enveloped_at};

pub(crate) use key::verify_certificate_signature;

use bergshamra::c14n::{C14nMode, canonicalize_doc};
use bergshamra::crypto::{digest, sign as algorithms};
use bergshamra::xml::NodeSet;
use subtle::ConstantTimeEq as _;

use crate::xml::{Document, Element, NodeId, NodeKind};

/// What is accepted beyond the default. RSA or ECDSA with SHA-256, -384 or -512 always is; HMAC never.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// Also SHA-1, in digests and signatures. Older senders still use it (section 7.1).
    pub allow_sha1: bool,
}

/// Why a signature does not count. The texts may be answered: they say what is wrong with the form, never what was in
/// the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The element is not signed, or its signature is somewhere else than directly in it.
    #[error("there is no ds:Signature directly in the signed element")]
    Missing,
    /// More than one.
    #[error("there is more than one ds:Signature directly in the signed element")]
    Several,
    /// A signature that is not built as XML Signature says, or with parts that have no place here.
    #[error("the signature is not built as expected: {0}")]
    Structure(&'static str),
    /// An algorithm that is not allowed.
    #[error("the signature uses an algorithm that is not accepted for {0}; use RSA or ECDSA with SHA-256 or better")]
    Algorithm(&'static str),
    /// A reference to something else than the signed element.
    #[error("the signature's reference is not to the element that it stands in; use URI=\"\" or the element's own Id")]
    Reference,
    /// A transform that could change what is signed.
    #[error("the signature uses a transform that is not accepted; use enveloped-signature, then at most one c14n")]
    Transform,
    /// The same identifier twice, so that a reference could mean two things.
    #[error("two elements have the same Id")]
    DuplicateId,
    /// A processing instruction.
    #[error("processing instructions are not allowed in what is signed")]
    ProcessingInstruction,
    /// The content is not what was signed.
    #[error("the content has been changed after it was signed (the digest does not fit)")]
    Digest,
    /// The signature value does not fit the key.
    #[error("the signature value does not fit the certificate's key, or the signature itself was changed")]
    Value,
    /// No key that could have made it.
    #[error("the key of the certificate cannot be used with the signature's algorithm")]
    Key,
    /// Not exactly one certificate of a signer.
    #[error("the signature must carry exactly one X509Certificate of the signer")]
    Certificate,
}

/// Verifies the signature that is a direct child of `signed`, in the document it stands in, with one of `keys`.
///
/// For SAML: the keys come from metadata, whatever `KeyInfo` says is ignored, prefixes are kept. `URI=""` counts only
/// when `signed` is the document element. What is read afterwards must be read from `signed`.
pub fn verify_with_keys<'d>(
    signed: Element<'d>,
    keys: &[PublicKey],
    policy: Policy,
) -> Result<Signature<'d>, SignatureError> {
    check_document(signed.document())?;
    let signature = Signature::of(signed, Scope::Document, policy)?;
    // The value first: only what a known key has signed is worth the work of a canonical form, which can be made large.
    signature.check_value(keys)?;
    signature.check_digest()?;
    Ok(signature)
}

/// Canonical form may repeat a namespace at every element, so a long name would make a small document huge.
const LONGEST_NAMESPACE: usize = 1024;

/// Refuses what makes a document ambiguous for any signature in it (two equal identifiers, processing instructions), or
/// dangerous to bring into canonical form. Once per document, before its signatures.
pub fn check_document(document: &Document<'_>) -> Result<(), SignatureError> {
    let mut identifiers = std::collections::HashSet::new();
    for node in document.descendants(document.root()) {
        match document.node_kind(node) {
            Some(NodeKind::ProcessingInstruction(_)) => return Err(SignatureError::ProcessingInstruction),
            Some(NodeKind::Element(element)) => {
                if element
                    .namespace_declarations
                    .iter()
                    .any(|(_, name)| name.len() > LONGEST_NAMESPACE)
                {
                    return Err(SignatureError::Structure("a namespace with a very long name"));
                }
                let id = |name: &str| matches!(name, "Id" | "ID" | "id" | "AssertionID");
                for attribute in element
                    .attributes
                    .iter()
                    .filter(|attribute| id(&attribute.name.local_name))
                {
                    if !identifiers.insert(attribute.value.as_ref()) {
                        return Err(SignatureError::DuplicateId);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

impl Signature<'_> {
    /// Compares the digest of the signed element, without this signature, with what the signature says.
    pub fn check_digest(&self) -> Result<(), SignatureError> {
        let document = self.signed.document();
        let mut nodes = NodeSet::tree_without_comments(self.signed.node(), document);
        leave_out(self.element.node(), document, &mut nodes);
        let bytes = canonical(document, self.transform.mode, &nodes, &self.transform.prefixes)?;
        let digest = digest::digest(self.digest_method, &bytes).map_err(|_| SignatureError::Algorithm("digests"))?;
        if bool::from(digest.ct_eq(&self.digest)) {
            Ok(())
        } else {
            Err(SignatureError::Digest)
        }
    }

    /// Checks the signature value with each key in turn; one that fits is enough.
    pub fn check_value(&self, keys: &[PublicKey]) -> Result<(), SignatureError> {
        let document = self.signed.document();
        let nodes = NodeSet::tree_without_comments(self.signed_info.node(), document);
        let bytes = canonical(document, self.canonical.mode, &nodes, &self.canonical.prefixes)?;
        let algorithm = algorithms::from_uri(self.method).map_err(|_| SignatureError::Algorithm("signatures"))?;
        let mut suitable = false;
        for key in keys.iter().filter(|key| key.fits(self.method)) {
            suitable = true;
            if algorithm.verify(key.inner(), &bytes, &self.value).unwrap_or(false) {
                return Ok(());
            }
        }
        Err(if suitable {
            SignatureError::Value
        } else {
            SignatureError::Key
        })
    }
}

/// Canonical form of the nodes in the set.
fn canonical(
    document: &Document<'_>,
    mode: C14nMode,
    nodes: &NodeSet,
    prefixes: &[String],
) -> Result<Vec<u8>, SignatureError> {
    canonicalize_doc(document, mode, Some(nodes), prefixes).map_err(|_| SignatureError::Structure("no canonical form"))
}

/// The enveloped-signature transform: the signature being verified, and only that one.
fn leave_out(node: NodeId, document: &Document<'_>, nodes: &mut NodeSet) {
    nodes.remove_id(node);
    for inner in document.descendants(node) {
        nodes.remove_id(inner);
    }
}
