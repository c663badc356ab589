//! From the bytes of a request to a delivery that is verified.
//!
//! The request is parsed once, rebuilt once (section 7.2) and the result parsed once. Both signatures are verified on that
//! second tree, the delivery is read from that tree, and the text it was parsed from is what is kept. Nothing is ever
//! read from the request itself.

use time::OffsetDateTime;

use crate::certificate::{CertificateProblem, Signer, TrustStore};
use crate::delivery::{Delivery, Seal, read};
use crate::fault::ErrorCode;
use crate::namespace::{DSIG, MESSAGE_V3, SERVICE_V3};
use crate::signature::{Policy, Scope, Signature, SignatureError, check_document, rebuild};
use crate::soap;
use crate::xml::{Element, Limits, ReadError, Xml, XmlError};

/// What a request may cost, and which signatures count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReceivePolicy {
    /// Size, depth and the like of the SOAP envelope.
    pub limits: Limits,
    /// SHA-1 or not.
    pub signatures: Policy,
}

/// Why a request was not accepted. The description is made to be answered: it says what to do and holds nothing from the
/// request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code:?}: {description}")]
pub struct Refusal {
    /// The code of the fault.
    pub code: ErrorCode,
    /// In English, without personal data.
    pub description: String,
}

impl Refusal {
    /// A refusal with this code and text.
    pub fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }
}

impl From<XmlError> for Refusal {
    fn from(error: XmlError) -> Self {
        let code = match error {
            XmlError::TooLarge { .. }
            | XmlError::TooDeep { .. }
            | XmlError::TooManyTags { .. }
            | XmlError::TooManyAttributes { .. } => ErrorCode::MaxExceeded,
            _ => ErrorCode::MalformedRequest,
        };
        Self::new(code, format!("The request cannot be read: {error}."))
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Document(error) => error.into(),
            error => Self::new(
                ErrorCode::MalformedRequest,
                format!("The request does not follow the schema: {error}."),
            ),
        }
    }
}

/// A delivery whose two signatures hold, by certificates that are trusted. Whether these organisations may send is for
/// the caller to ask (section 7.5).
pub struct VerifiedDelivery {
    /// What the sender signed.
    pub delivery: Delivery,
    /// What the mediator sealed it with.
    pub seal: Seal,
    /// Whose certificate the inner signature is by: the sender's, or its mediator's.
    pub signer: Signer,
    /// Whose certificate the seal is by.
    pub sealer: Signer,
    /// The value of the inner signature. A delivery sent again has a new seal but the same inner signature, so this is
    /// what tells duplicates (section 8).
    pub inner_signature_value: Vec<u8>,
    /// The sealed delivery as a document of its own, exactly the bytes that were verified. Any XML signature tool
    /// verifies its seal as it stands.
    pub original: String,
}

impl std::fmt::Debug for VerifiedDelivery {
    /// Who sent it, never what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "VerifiedDelivery({:?}, signed by {:?}, sealed by {:?})",
            self.delivery, self.signer, self.sealer
        )
    }
}

/// Verifies and reads a request.
///
/// `at` is the time that certificates must be valid at: now.
pub fn receive(
    request: &[u8],
    policy: &ReceivePolicy,
    trust: &TrustStore,
    at: OffsetDateTime,
) -> Result<VerifiedDelivery, Refusal> {
    verified(rebuilt_delivery(request, policy)?, policy, trust, at)
}

/// Verifies and reads an original that was given out earlier and comes back, with nothing taken on trust: as if a mediator had
/// delivered it on the day of its seal.
///
/// `at` is the time that certificates must be valid at. They expire, and letters do not: give the day of the seal.
pub fn receive_again(
    original: &[u8],
    policy: &ReceivePolicy,
    trust: &TrustStore,
    at: OffsetDateTime,
) -> Result<VerifiedDelivery, Refusal> {
    let rebuilt = {
        let parsed = Xml::parse_bytes(original, &policy.limits)?;
        if !parsed.root().is(MESSAGE_V3, "SealedDelivery") {
            return Err(parsed.root().wrong("a SealedDelivery").into());
        }
        rebuild(parsed.root(), None).map_err(|error| refuse(THE_DELIVERY, error))?
    };
    verified(rebuilt, policy, trust, at)
}

fn verified(
    original: String,
    policy: &ReceivePolicy,
    trust: &TrustStore,
    at: OffsetDateTime,
) -> Result<VerifiedDelivery, Refusal> {
    let parsed = Xml::parse(&original, &rebuilt_limits(policy.limits))?;
    check_document(parsed.document()).map_err(|error| refuse(THE_DELIVERY, error))?;
    let (signed_delivery, seal) = parts(parsed.root())?;

    let outer_signature = signature_of(parsed.root(), policy, THE_SEAL)?;
    let sealer = verify(&outer_signature, trust, at, THE_SEAL)?;
    let inner_signature = signature_of(signed_delivery, policy, THE_SIGNATURE)?;
    let signer = verify(&inner_signature, trust, at, THE_SIGNATURE)?;

    let seal = read::seal(seal)?;
    if !seal.signatures_ok {
        return Err(Refusal::new(
            ErrorCode::AccessDenied,
            "The seal says SignaturesOK=false: the mediator did not find the sender's signature good. \
             Deliver only what is signed correctly.",
        ));
    }
    let delivery = read::delivery(content(signed_delivery)?)?;
    let inner_signature_value = inner_signature.value().to_vec();
    Ok(VerifiedDelivery {
        delivery,
        seal,
        signer,
        sealer,
        inner_signature_value,
        original,
    })
}

const THE_DELIVERY: &str = "the delivery";
const THE_SEAL: &str = "the seal (the mediator's signature)";
const THE_SIGNATURE: &str = "the sender's signature";

/// The sealed delivery in the request, as the document that was signed.
fn rebuilt_delivery(request: &[u8], policy: &ReceivePolicy) -> Result<String, Refusal> {
    let parsed = Xml::parse_bytes(request, &policy.limits)?;
    let operation = soap::body(&parsed)?;
    if operation.namespace() != SERVICE_V3 {
        return Err(unknown_operation());
    }
    match operation.name() {
        "deliverSecure" => {}
        "notify" | "deliverForward" => {
            return Err(Refusal::new(
                ErrorCode::Unknown,
                "This mailbox does not offer that operation yet. Deliver with deliverSecure.",
            ));
        }
        _ => return Err(unknown_operation()),
    }
    operation.only_attributes(&[])?;
    let mut content = operation.sequence()?;
    let sealed = content.required(SERVICE_V3, "deliverSecure")?;
    content.end()?;
    rebuild(sealed, Some((MESSAGE_V3, "SealedDelivery"))).map_err(|error| refuse(THE_DELIVERY, error))
}

fn unknown_operation() -> Refusal {
    Refusal::new(
        ErrorCode::MalformedRequest,
        "The operation is not known. Call deliverSecure of version 3, in the namespace \
         http://minameddelanden.gov.se/schema/Service/v3; the WSDL is at ?wsdl.",
    )
}

/// Writing anew makes a document longer: empty elements get an end tag, escapes get longer. What came in was within its
/// limits, so these only have to be wide enough.
pub(super) fn rebuilt_limits(limits: Limits) -> Limits {
    Limits {
        bytes: limits.bytes.saturating_mul(8),
        tags: limits.tags.saturating_mul(2),
        attributes: limits.attributes.saturating_mul(2).saturating_add(2),
        // Each element and each attribute may declare its own.
        attributes_in_all: limits.attributes_in_all.saturating_mul(2).saturating_add(limits.tags),
        namespaces: limits.namespaces.saturating_mul(8),
        ..limits
    }
}

/// `SignedDelivery` and `Seal` of a `SealedDelivery`.
pub(super) fn parts(sealed: Element<'_>) -> Result<(Element<'_>, Element<'_>), ReadError> {
    if !sealed.is(MESSAGE_V3, "SealedDelivery") {
        return Err(sealed.wrong("a SealedDelivery"));
    }
    sealed.only_attributes(&["Id"])?;
    let mut parts = sealed.sequence()?;
    let signed = parts.required(MESSAGE_V3, "SignedDelivery")?;
    let seal = parts.required(MESSAGE_V3, "Seal")?;
    parts.required(DSIG, "Signature")?;
    parts.end()?;
    signed.only_attributes(&["Id"])?;
    let mut inner = signed.sequence()?;
    inner.required(MESSAGE_V3, "Delivery")?;
    inner.required(DSIG, "Signature")?;
    inner.end()?;
    Ok((signed, seal))
}

/// `Delivery` of a `SignedDelivery`.
pub(super) fn content(signed: Element<'_>) -> Result<Element<'_>, ReadError> {
    signed.only_child(MESSAGE_V3, "Delivery")
}

fn signature_of<'d>(signed: Element<'d>, policy: &ReceivePolicy, what: &'static str) -> Result<Signature<'d>, Refusal> {
    Signature::of(signed, Scope::StandAlone, policy.signatures).map_err(|error| refuse(what, error))
}

/// Certificate first: whose key it is decides whether anything else is worth computing.
fn verify(
    signature: &Signature<'_>,
    trust: &TrustStore,
    at: OffsetDateTime,
    what: &'static str,
) -> Result<Signer, Refusal> {
    let refuse = |error| refuse(what, error);
    let certificates = signature.certificates().map_err(refuse)?;
    let (der, between) = split(&certificates).map_err(refuse)?;
    let (signer, key) = trust
        .check_chain(der, between, at)
        .map_err(|problem| distrust(what, problem))?;
    signature.check_value(std::slice::from_ref(&key)).map_err(refuse)?;
    signature.check_digest().map_err(refuse)?;
    Ok(signer)
}

/// The signer's certificate and the authorities that came along. A second certificate that is no authority's would leave
/// it open who signed.
pub(super) fn split(certificates: &[Vec<u8>]) -> Result<(&[u8], &[Vec<u8>]), SignatureError> {
    let (signer, between) = certificates.split_first().ok_or(SignatureError::Certificate)?;
    if between.len() > 4 || !between.iter().all(|der| crate::certificate::is_authority(der)) {
        return Err(SignatureError::Certificate);
    }
    Ok((signer, between))
}

fn refuse(what: &str, error: SignatureError) -> Refusal {
    Refusal::new(
        ErrorCode::AccessDenied,
        format!("The signatures were not accepted. In {what}: {error}."),
    )
}

fn distrust(what: &str, problem: CertificateProblem) -> Refusal {
    Refusal::new(
        ErrorCode::AccessDenied,
        format!("The signatures were not accepted. In {what}: {problem}."),
    )
}
