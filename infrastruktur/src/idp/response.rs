//! Responses: signed always, with an encrypted and signed assertion when the login went well.

use super::Idp;
use super::attributes::Attributes;
use super::encrypt;
use super::names::{BEARER, NAME_FORMAT_URI, PERSISTENT, RESPONDER, SAML, SAMLP, SUCCESS, TRANSIENT};
use super::request::AuthnRequest;
use crate::config::Encryption;
use contracts::signature::{Placement, SignatureError, sign_enveloped_at};
use contracts::xml::{Writer, write_date_time};
use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

/// How long an assertion may be on its way.
const DELIVERED_WITHIN: Duration = Duration::minutes(5);

/// Why no response could be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ResponseError {
    #[error("signing: {0}")]
    Signing(#[from] SignatureError),
    #[error("encrypting: {0}")]
    Encrypting(#[from] bergshamra::Error),
    #[error("the service's metadata has no encryption key")]
    NoEncryptionKey,
    #[error("the system gives no randomness: {0}")]
    Randomness(#[from] getrandom::Error),
}

/// What a response says.
pub(super) enum Outcome<'a> {
    /// A person, at a level.
    LoggedIn {
        number: &'a str,
        attributes: &'a Attributes,
        level: &'a str,
        encryption: Encryption,
    },
    /// Nobody: the second-level status, and who is to blame.
    Failed { status: &'static str, by: &'static str },
}

impl Outcome<'_> {
    /// Nobody, and the request is not to blame.
    pub(super) fn failed(status: &'static str) -> Self {
        Self::Failed { status, by: RESPONDER }
    }
}

/// The signed response to `request`.
pub(super) fn write(idp: &Idp, request: &AuthnRequest, outcome: &Outcome<'_>) -> Result<String, ResponseError> {
    let now = idp.clock.now();
    let mut xml = Writer::new();
    xml.start(SAMLP, "Response")
        .attribute("ID", &new_id()?)
        .attribute("Version", "2.0");
    xml.attribute("IssueInstant", &write_date_time(now));
    xml.attribute("Destination", &request.consumer)
        .attribute("InResponseTo", &request.id);
    xml.element(SAML, "Issuer", &idp.entity_id());
    xml.start(SAMLP, "Status");
    match outcome {
        Outcome::LoggedIn {
            number,
            attributes,
            level,
            encryption,
        } => {
            xml.start(SAMLP, "StatusCode").attribute("Value", SUCCESS).end().end();
            let certificate = request
                .provider
                .encryption
                .as_deref()
                .ok_or(ResponseError::NoEncryptionKey)?;
            let plain = assertion(idp, request, number, attributes, level, now)?;
            let signed = sign_enveloped_at(&plain, &idp.signing, after_issuer())?;
            xml.raw(&encrypt::assertion(&signed, certificate, *encryption)?);
        }
        Outcome::Failed { status, by } => {
            xml.start(SAMLP, "StatusCode").attribute("Value", by);
            xml.start(SAMLP, "StatusCode")
                .attribute("Value", status)
                .end()
                .end()
                .end();
        }
    }
    Ok(sign_enveloped_at(&xml.finish(), &idp.signing, after_issuer())?)
}

fn after_issuer() -> Placement<'static> {
    Placement::Saml {
        after: Some((SAML, "Issuer")),
    }
}

/// The assertion, a document of its own: it is signed and encrypted before it is put into the response.
fn assertion(
    idp: &Idp,
    request: &AuthnRequest,
    number: &str,
    attributes: &Attributes,
    level: &str,
    now: OffsetDateTime,
) -> Result<String, ResponseError> {
    let until = write_date_time(now + DELIVERED_WITHIN);
    let mut xml = Writer::new();
    xml.start(SAML, "Assertion")
        .attribute("ID", &new_id()?)
        .attribute("IssueInstant", &write_date_time(now));
    xml.attribute("Version", "2.0");
    xml.element(SAML, "Issuer", &idp.entity_id());

    xml.start(SAML, "Subject");
    xml.start(SAML, "NameID")
        .attribute("Format", if request.transient { TRANSIENT } else { PERSISTENT });
    xml.attribute("NameQualifier", &idp.entity_id())
        .attribute("SPNameQualifier", &request.provider.entity_id);
    let name = if request.transient {
        new_id()?
    } else {
        persistent_name(idp, &request.provider.entity_id, number)
    };
    xml.text(&name).end();
    xml.start(SAML, "SubjectConfirmation").attribute("Method", BEARER);
    xml.start(SAML, "SubjectConfirmationData")
        .attribute("InResponseTo", &request.id);
    xml.attribute("NotOnOrAfter", &until)
        .attribute("Recipient", &request.consumer)
        .end()
        .end()
        .end();

    xml.start(SAML, "Conditions")
        .attribute("NotBefore", &write_date_time(now))
        .attribute("NotOnOrAfter", &until);
    xml.start(SAML, "AudienceRestriction")
        .element(SAML, "Audience", &request.provider.entity_id)
        .end()
        .end();

    xml.start(SAML, "AuthnStatement")
        .attribute("AuthnInstant", &write_date_time(now));
    xml.attribute("SessionIndex", &new_id()?);
    xml.start(SAML, "AuthnContext")
        .element(SAML, "AuthnContextClassRef", level)
        .end()
        .end();

    xml.start(SAML, "AttributeStatement");
    for (name, value) in attributes {
        xml.start(SAML, "Attribute")
            .attribute("Name", name)
            .attribute("NameFormat", NAME_FORMAT_URI);
        xml.element(SAML, "AttributeValue", value).end();
    }
    Ok(xml.finish())
}

/// The same name for the same person at the same service, and another one at another.
fn persistent_name(idp: &Idp, service: &str, number: &str) -> String {
    let mut hash = Sha256::new();
    for part in [idp.entity_id().as_str(), service, number] {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// An id: `_` and 160 random bits.
pub(super) fn new_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 20];
    getrandom::fill(&mut bytes)?;
    Ok(format!("_{}", hex::encode(bytes)))
}
