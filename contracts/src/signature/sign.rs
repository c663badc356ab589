//! Signing, in the one form that every stack of the infrastructure understands: enveloped, RSA-SHA256 (or ECDSA for such
//! keys), exclusive canonical form of the signature's description, the signer's certificate and nothing else about it.

use bergshamra::SoftwareKey;
use bergshamra::c14n::{C14nMode, canonicalize_doc};
use bergshamra::core::algorithm;
use bergshamra::crypto::{digest, sign as algorithms};
use bergshamra::keys::loader;
use bergshamra::xml::NodeSet;

use super::{KeyError, PublicKey, SignatureError};
use crate::namespace::DSIG;
use crate::xml::{Element, Limits, Writer, Xml, encode_base64};

/// A certificate with its private key. `Debug` shows neither.
#[derive(Clone)]
pub struct SigningIdentity {
    certificate: Vec<u8>,
    key: SoftwareKey,
    method: &'static str,
}

impl std::fmt::Debug for SigningIdentity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningIdentity(hidden)")
    }
}

impl SigningIdentity {
    /// From PEM: a certificate (the first, when there are several) and its private key in PKCS#8.
    pub fn from_pem(certificate: &str, key: &str) -> Result<Self, KeyError> {
        let certificate = crate::certificate::first_pem_certificate(certificate).ok_or(KeyError::Unreadable)?;
        let key = loader::load_pem_auto(key.as_bytes(), None).map_err(|_| KeyError::Unreadable)?;
        let key = key.software_key().ok().flatten().ok_or(KeyError::Unreadable)?;
        if !key.has_private_key() {
            return Err(KeyError::Unreadable);
        }
        // AWS-LC makes ECDSA signatures only with the hash that matches the curve.
        let method = [
            algorithm::RSA_SHA256,
            algorithm::ECDSA_SHA256,
            algorithm::ECDSA_SHA384,
            algorithm::ECDSA_SHA512,
        ]
        .into_iter()
        .find(|method| {
            algorithms::key_algorithm_matches_signature_uri(method, key.algorithm())
                && algorithms::from_uri(method).is_ok_and(|algorithm| algorithm.sign(&key, b"").is_ok())
        })
        .ok_or(KeyError::Unsupported)?;
        let proof = algorithms::from_uri(method).and_then(|algorithm| algorithm.sign(&key, b"pair"));
        let proof = proof.map_err(|_| KeyError::Unsupported)?;
        let public = PublicKey::from_certificate_der(&certificate)?;
        let fits = algorithms::from_uri(method)
            .is_ok_and(|algorithm| algorithm.verify(public.inner(), b"pair", &proof).unwrap_or(false));
        if fits {
            Ok(Self {
                certificate,
                key,
                method,
            })
        } else {
            Err(KeyError::NotAPair)
        }
    }

    /// The certificate in DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// Signs bytes as they are, with the identity's own method (for the SAML redirect binding, for instance).
    pub fn sign_bytes(&self, bytes: &[u8]) -> Result<Vec<u8>, SignatureError> {
        let algorithm = algorithms::from_uri(self.method).map_err(|_| SignatureError::Algorithm("signatures"))?;
        algorithm.sign(&self.key, bytes).map_err(|_| SignatureError::Key)
    }

    /// The XML name of the method that [`SigningIdentity::sign_bytes`] uses.
    pub fn method(&self) -> &'static str {
        self.method
    }
}

/// Where the signature goes and what its reference says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement<'a> {
    /// Last in the root, `URI=""`, implied inclusive canonical form: how deliveries are signed (section 7.1).
    Delivery,
    /// `URI="#id"` of the root's own `ID` or `Id`, exclusive canonical form: how SAML is signed. `after` names the child
    /// of the root (namespace and name) that the signature follows; without it, the signature comes first.
    Saml {
        /// The child before the signature.
        after: Option<(&'a str, &'a str)>,
    },
}

/// Signs the document element of `xml` as deliveries are signed, and gives the document with its signature.
pub fn sign_enveloped(xml: &str, identity: &SigningIdentity) -> Result<String, SignatureError> {
    sign_enveloped_at(xml, identity, Placement::Delivery)
}

/// Signs the document element of `xml`, which has no signature of its own yet.
pub fn sign_enveloped_at(
    xml: &str,
    identity: &SigningIdentity,
    placement: Placement<'_>,
) -> Result<String, SignatureError> {
    let limits = Limits {
        bytes: usize::MAX,
        ..Limits::default()
    };
    let parsed = Xml::parse(xml, &limits).map_err(|_| SignatureError::Structure("the document is not XML"))?;
    let root = parsed.root();
    if root.child(DSIG, "Signature").is_some() {
        return Err(SignatureError::Several);
    }
    let (uri, mode) = match placement {
        Placement::Delivery => (String::new(), C14nMode::Inclusive),
        Placement::Saml { .. } => {
            let id = root
                .attribute("ID")
                .or_else(|| root.attribute("Id"))
                .ok_or(SignatureError::Reference)?;
            (format!("#{id}"), C14nMode::Exclusive)
        }
    };
    let nodes = NodeSet::tree_without_comments(root.node(), root.document());
    let bytes = canonicalize_doc::<&str>(root.document(), mode, Some(&nodes), &[])
        .map_err(|_| SignatureError::Structure("no canonical form"))?;
    let digest = digest::digest(algorithm::SHA256, &bytes).map_err(|_| SignatureError::Algorithm("digests"))?;
    let signature = signature(&uri, mode, &digest, identity)?;
    let at = position(xml, root, placement).ok_or(SignatureError::Structure("no place for the signature"))?;
    let (before, after) = xml
        .split_at_checked(at)
        .ok_or(SignatureError::Structure("no place for the signature"))?;
    Ok([before, &signature, after].concat())
}

/// The `ds:Signature` element. What the writer makes is canonical already, so its description is signed as written.
fn signature(uri: &str, mode: C14nMode, digest: &[u8], identity: &SigningIdentity) -> Result<String, SignatureError> {
    let mut info = Writer::new();
    let empty = |xml: &mut Writer, name: &str, algorithm: &str| {
        xml.start(DSIG, name).attribute("Algorithm", algorithm).end();
    };
    info.start(DSIG, "SignedInfo");
    empty(&mut info, "CanonicalizationMethod", algorithm::EXC_C14N);
    empty(&mut info, "SignatureMethod", identity.method);
    info.start(DSIG, "Reference")
        .attribute("URI", uri)
        .start(DSIG, "Transforms");
    empty(&mut info, "Transform", algorithm::ENVELOPED_SIGNATURE);
    if mode == C14nMode::Exclusive {
        empty(&mut info, "Transform", algorithm::EXC_C14N);
    }
    info.end();
    empty(&mut info, "DigestMethod", algorithm::SHA256);
    info.element(DSIG, "DigestValue", &encode_base64(digest));
    let info = info.finish();
    let value = identity.sign_bytes(info.as_bytes())?;
    let mut xml = Writer::new();
    // Within the signature the namespace is declared already.
    let inner = info.replacen(&format!(" xmlns=\"{DSIG}\""), "", 1);
    xml.start(DSIG, "Signature")
        .raw(&inner)
        .element(DSIG, "SignatureValue", &encode_base64(&value));
    xml.start(DSIG, "KeyInfo").start(DSIG, "X509Data");
    xml.element(DSIG, "X509Certificate", &encode_base64(&identity.certificate));
    Ok(xml.finish())
}

/// The byte before which the signature is put.
fn position(xml: &str, root: Element<'_>, placement: Placement<'_>) -> Option<usize> {
    let range = |element: Element<'_>| element.document().node_range(element.node());
    let end_tag = || {
        let end = range(root)?.end;
        xml.get(..end)?.rfind("</")
    };
    match placement {
        Placement::Delivery => end_tag(),
        Placement::Saml {
            after: Some((namespace, name)),
        } => Some(range(root.child(namespace, name)?)?.end),
        Placement::Saml { after: None } => root
            .children()
            .next()
            .map_or_else(end_tag, |first| Some(range(first)?.start)),
    }
}
