//! Our AuthnRequest: signed in the address for the Redirect binding, or as a form for identity providers that only take
//! forms.

use super::keys::KeyPair;
use super::names::{DS, PERSISTENT, POST, RSA_SHA256, RSA_SHA384, RSA_SHA512, SAML, SAMLP};
use super::provider::IdentityProvider;
use super::signature;
use super::time::write_time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;
use std::io::Write as _;
use time::OffsetDateTime;
use url::form_urlencoded::byte_serialize;

/// What was asked: kept on the server until the answer comes, and compared with it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Asked {
    /// ID of the request: `_` and 128 random bits or more.
    pub id: String,
    /// Entity id of the identity provider.
    pub idp: String,
    /// Our assertion consumer address.
    pub acs: String,
    /// Levels that will do, exactly.
    pub levels: Vec<String>,
    /// The person must be asked anew.
    pub force_authn: bool,
    /// When it was made.
    #[serde(with = "time::serde::timestamp::microseconds")]
    pub issued_at: OffsetDateTime,
}

/// How the browser brings the request there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// To this address.
    Redirect(String),
    /// By a form to `action`.
    Form {
        /// Where the form goes.
        action: String,
        /// Value of the field `SAMLRequest`.
        saml_request: String,
    },
}

/// A request that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RequestProblem {
    /// The identity provider has no address for us.
    #[error("the identity provider has no address for requests")]
    NoAddress,
    /// Signing failed.
    #[error("signing the request: {0}")]
    Signing(#[from] bergshamra::Error),
    /// Compressing failed.
    #[error("compressing the request: {0}")]
    Compressing(#[from] std::io::Error),
}

/// Writes and signs the request for `provider`. `relay_state` comes back with the answer: an opaque handle of at most
/// 80 bytes.
pub fn write(
    asked: &Asked,
    entity_id: &str,
    provider: &IdentityProvider,
    signing: &KeyPair,
    relay_state: &str,
) -> Result<Outgoing, RequestProblem> {
    let algorithm = signature_algorithm(provider);
    if let Some(address) = &provider.redirect {
        let xml = authn_request(asked, entity_id, address, "");
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(xml.as_bytes())?;
        let packed = STANDARD.encode(encoder.finish()?);
        let mut query = format!(
            "SAMLRequest={}&RelayState={}&SigAlg={}",
            encode(packed.as_bytes()),
            encode(relay_state.as_bytes()),
            encode(algorithm.as_bytes())
        );
        let signature = sign_bytes(signing, algorithm, query.as_bytes())?;
        query.push_str("&Signature=");
        query.push_str(&encode(STANDARD.encode(signature).as_bytes()));
        let joint = if address.contains('?') { '&' } else { '?' };
        return Ok(Outgoing::Redirect(format!("{address}{joint}{query}")));
    }
    let address = provider.post.as_ref().ok_or(RequestProblem::NoAddress)?;
    let template = signature::template(&asked.id, algorithm, &signing.certificate_base64());
    let signed = signature::fill(&authn_request(asked, entity_id, address, &template), signing.private())?;
    Ok(Outgoing::Form { action: address.clone(), saml_request: STANDARD.encode(signed) })
}

/// RSA-SHA256, which every conforming identity provider can check, unless its metadata lists others only.
fn signature_algorithm(provider: &IdentityProvider) -> &'static str {
    [RSA_SHA256, RSA_SHA512, RSA_SHA384]
        .into_iter()
        .find(|ours| provider.signing_methods.iter().any(|theirs| theirs == ours))
        .unwrap_or(RSA_SHA256)
}

fn sign_bytes(signing: &KeyPair, algorithm: &str, bytes: &[u8]) -> Result<Vec<u8>, bergshamra::Error> {
    let key = signing.private().software_key()?.ok_or_else(|| bergshamra::Error::Key("no signing key".into()))?;
    bergshamra::crypto::sign::from_uri(algorithm)?.sign(&key, bytes)
}

fn encode(bytes: &[u8]) -> String {
    byte_serialize(bytes).collect()
}

/// The request itself; `signature` stands after the issuer, as the schema wants it.
fn authn_request(asked: &Asked, entity_id: &str, destination: &str, signature: &str) -> String {
    let mut xml = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"{SAMLP}\" xmlns:saml=\"{SAML}\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{instant}\" Destination=\"{destination}\" ForceAuthn=\"{force}\" IsPassive=\"false\" \
         ProtocolBinding=\"{POST}\" AssertionConsumerServiceURL=\"{acs}\"><saml:Issuer>{issuer}</saml:Issuer>{signature}\
         <samlp:NameIDPolicy Format=\"{PERSISTENT}\" AllowCreate=\"true\"/>\
         <samlp:RequestedAuthnContext Comparison=\"exact\">",
        id = escape(&asked.id),
        instant = write_time(asked.issued_at),
        destination = escape(destination),
        force = asked.force_authn,
        acs = escape(&asked.acs),
        issuer = escape(entity_id),
    );
    for level in &asked.levels {
        let _ = write!(xml, "<saml:AuthnContextClassRef>{}</saml:AuthnContextClassRef>", escape(level));
    }
    xml.push_str("</samlp:RequestedAuthnContext></samlp:AuthnRequest>");
    debug_assert!(signature.is_empty() || xml.contains(DS));
    xml
}

/// Escapes for element content and attribute values alike.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
