//! The form of a signature, read strictly (section 7.3): what is not known to be harmless is refused.

use bergshamra::c14n::C14nMode;
use bergshamra::core::algorithm;

use super::{Policy, SignatureError};
use crate::namespace::DSIG;
use crate::xml::{Element, Sequence, decode_base64};

/// What `URI=""` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The document that the element stands in, so the element must be its root.
    Document,
    /// The element as a document of its own, which is how deliveries are signed (section 7.2).
    StandAlone,
}

/// A signature whose form is in order. Nothing is verified yet.
#[derive(Debug)]
pub struct Signature<'d> {
    /// The element that it signs, and that it is a direct child of.
    pub(super) signed: Element<'d>,
    /// The `ds:Signature`.
    pub(super) element: Element<'d>,
    pub(super) signed_info: Element<'d>,
    /// Canonical form of the signature's own description.
    pub(super) canonical: Canonical,
    /// Canonical form of what is signed.
    pub(super) transform: Canonical,
    pub(super) method: &'static str,
    pub(super) digest_method: &'static str,
    pub(super) digest: Vec<u8>,
    pub(super) value: Vec<u8>,
    pub(super) key_info: Option<Element<'d>>,
}

/// A canonical form, with the prefixes that its exclusive kind treats as inclusive.
#[derive(Debug)]
pub(super) struct Canonical {
    pub(super) mode: C14nMode,
    pub(super) prefixes: Vec<String>,
}

/// The certificates in a signature, in DER, the signer's first as a rule.
pub type Certificates = Vec<Vec<u8>>;

impl<'d> Signature<'d> {
    /// Reads the signature that is a direct child of `signed`.
    pub fn of(signed: Element<'d>, scope: Scope, policy: Policy) -> Result<Self, SignatureError> {
        let mut found = signed.children().filter(|child| child.is(DSIG, "Signature"));
        let element = found.next().ok_or(SignatureError::Missing)?;
        if found.next().is_some() {
            return Err(SignatureError::Several);
        }
        only_attributes(element, &["Id"])?;
        let mut parts = sequence(element)?;
        let signed_info = next(&mut parts, "SignedInfo")?;
        let value_element = next(&mut parts, "SignatureValue")?;
        let key_info = parts.optional(DSIG, "KeyInfo");
        // No ds:Object: it would be unsigned content that looks as if it belonged here.
        end(parts)?;
        only_attributes(value_element, &["Id"])?;
        let value = binary(value_element)?;

        only_attributes(signed_info, &["Id"])?;
        let mut parts = sequence(signed_info)?;
        let canonical = canonical_form(next(&mut parts, "CanonicalizationMethod")?)?;
        let method_element = next(&mut parts, "SignatureMethod")?;
        only_attributes(method_element, &["Algorithm"])?;
        let method = allowed(method_element, SIGNATURES, policy, "signatures")?;
        let reference = next(&mut parts, "Reference")?;
        if parts.optional(DSIG, "Reference").is_some() {
            return Err(SignatureError::Reference);
        }
        end(parts)?;

        check_target(reference, signed, scope)?;
        let mut parts = sequence(reference)?;
        let transform = transforms(next(&mut parts, "Transforms")?)?;
        let digest_element = next(&mut parts, "DigestMethod")?;
        let digest_value = next(&mut parts, "DigestValue")?;
        end(parts)?;
        only_attributes(digest_element, &["Algorithm"])?;
        only_attributes(digest_value, &[])?;
        let digest_method = allowed(digest_element, DIGESTS, policy, "digests")?;
        let digest = binary(digest_value)?;
        Ok(Self {
            signed,
            element,
            signed_info,
            canonical,
            transform,
            method,
            digest_method,
            digest,
            value,
            key_info,
        })
    }

    /// The element that is signed. Read from here and nowhere else.
    pub fn signed(&self) -> Element<'d> {
        self.signed
    }

    /// The signature value, decoded.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The certificates in `KeyInfo/X509Data`, in order. Everything else in `KeyInfo` is ignored: names of the subject
    /// are written in as many ways as there are stacks (section 7.1).
    pub fn certificates(&self) -> Result<Certificates, SignatureError> {
        let data = self
            .key_info
            .into_iter()
            .flat_map(|info| info.children().collect::<Vec<_>>());
        data.filter(|data| data.is(DSIG, "X509Data"))
            .flat_map(|data| data.children().collect::<Vec<_>>())
            .filter(|part| part.is(DSIG, "X509Certificate"))
            .map(|part| binary(part).map_err(|_| SignatureError::Certificate))
            .collect()
    }
}

/// Name of the algorithm, and whether it is SHA-1.
type Allowed = &'static [(&'static str, bool)];

const SIGNATURES: Allowed = &[
    (algorithm::RSA_SHA256, false),
    (algorithm::RSA_SHA384, false),
    (algorithm::RSA_SHA512, false),
    (algorithm::ECDSA_SHA256, false),
    (algorithm::ECDSA_SHA384, false),
    (algorithm::ECDSA_SHA512, false),
    (algorithm::RSA_SHA1, true),
];

const DIGESTS: Allowed = &[
    (algorithm::SHA256, false),
    (algorithm::SHA384, false),
    (algorithm::SHA512, false),
    (algorithm::SHA1, true),
];

fn allowed(
    element: Element<'_>,
    list: Allowed,
    policy: Policy,
    of: &'static str,
) -> Result<&'static str, SignatureError> {
    if element.children().next().is_some() {
        // HMACOutputLength, RSAPSSParams and their like change what the algorithm means.
        return Err(SignatureError::Algorithm(of));
    }
    let name = element.attribute("Algorithm").ok_or(SignatureError::Algorithm(of))?;
    list.iter()
        .find(|(allowed, sha1)| *allowed == name && (policy.allow_sha1 || !sha1))
        .map(|(name, _)| *name)
        .ok_or(SignatureError::Algorithm(of))
}

fn check_target(reference: Element<'_>, signed: Element<'_>, scope: Scope) -> Result<(), SignatureError> {
    only_attributes(reference, &["URI", "Id", "Type"])?;
    // No URI at all would leave it to the application what is meant.
    let uri = reference.attribute("URI").ok_or(SignatureError::Reference)?;
    let fits = match uri.strip_prefix('#') {
        None => uri.is_empty() && (scope == Scope::StandAlone || signed.parent().is_none()),
        Some(id) => {
            let own = signed
                .attributes()
                .find(|a| a.namespace.is_empty() && matches!(a.name, "Id" | "ID"));
            !id.is_empty() && own.is_some_and(|own| own.value == id)
        }
    };
    if fits { Ok(()) } else { Err(SignatureError::Reference) }
}

fn transforms(element: Element<'_>) -> Result<Canonical, SignatureError> {
    only_attributes(element, &[])?;
    let mut parts = sequence(element)?;
    let first = next(&mut parts, "Transform")?;
    if first.attribute("Algorithm") != Some(algorithm::ENVELOPED_SIGNATURE) || first.children().next().is_some() {
        return Err(SignatureError::Transform);
    }
    only_attributes(first, &["Algorithm"])?;
    let second = parts.optional(DSIG, "Transform");
    if !parts.is_empty() {
        return Err(SignatureError::Transform);
    }
    // With none named, Canonical XML 1.0 is implied.
    second.map_or(
        Ok(Canonical {
            mode: C14nMode::Inclusive,
            prefixes: Vec::new(),
        }),
        |element| canonical_form(element).map_err(|_| SignatureError::Transform),
    )
}

fn canonical_form(element: Element<'_>) -> Result<Canonical, SignatureError> {
    only_attributes(element, &["Algorithm"])?;
    let name = element.attribute("Algorithm").unwrap_or_default();
    let mode = [C14nMode::Exclusive, C14nMode::Inclusive]
        .into_iter()
        .find(|mode| mode.uri() == name);
    let mode = mode.ok_or(SignatureError::Algorithm("canonical form"))?;
    let mut prefixes = Vec::new();
    for child in element.children() {
        if mode != C14nMode::Exclusive || !child.is(algorithm::EXC_C14N, "InclusiveNamespaces") || !prefixes.is_empty()
        {
            return Err(SignatureError::Algorithm("canonical form"));
        }
        let list = child.attribute("PrefixList").unwrap_or_default();
        prefixes = list.split_ascii_whitespace().map(str::to_owned).collect();
    }
    Ok(Canonical { mode, prefixes })
}

fn sequence(element: Element<'_>) -> Result<Sequence<'_>, SignatureError> {
    element
        .sequence()
        .map_err(|_| SignatureError::Structure("text between its elements"))
}

fn next<'d>(parts: &mut Sequence<'d>, name: &'static str) -> Result<Element<'d>, SignatureError> {
    parts.required(DSIG, name).map_err(|_| SignatureError::Structure(name))
}

fn end(parts: Sequence<'_>) -> Result<(), SignatureError> {
    parts
        .end()
        .map_err(|_| SignatureError::Structure("an element too many"))
}

fn only_attributes(element: Element<'_>, allowed: &[&str]) -> Result<(), SignatureError> {
    element
        .only_attributes(allowed)
        .map_err(|_| SignatureError::Structure("an attribute too many"))
}

fn binary(element: Element<'_>) -> Result<Vec<u8>, SignatureError> {
    let text = element
        .text()
        .map_err(|_| SignatureError::Structure("an element where base64 is expected"))?;
    decode_base64(&text).ok_or(SignatureError::Structure("a value that is not base64"))
}
