//! Our `AuthnRequest`: signed in the address for the Redirect binding, or as a form for identity providers that only take
//! forms.

use super::names::{PERSISTENT, POST, SAML, SAMLP};
use super::provider::IdentityProvider;
use super::time::write_time;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::signature::{Placement, SignatureError, SigningIdentity, sign_enveloped_at};
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
    Signing(#[from] SignatureError),
    /// Compressing failed.
    #[error("compressing the request: {0}")]
    Compressing(#[from] std::io::Error),
}

/// Writes and signs the request for `provider`, with RSA-SHA256 (or ECDSA for such a key), which every conforming
/// identity provider can check. `relay_state` comes back with the answer: an opaque handle of at most
/// 80 bytes.
pub fn write(
    asked: &Asked,
    entity_id: &str,
    provider: &IdentityProvider,
    signing: &SigningIdentity,
    relay_state: &str,
) -> Result<Outgoing, RequestProblem> {
    if let Some(address) = &provider.redirect {
        let xml = authn_request(asked, entity_id, address);
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(xml.as_bytes())?;
        let packed = STANDARD.encode(encoder.finish()?);
        let mut query = format!(
            "SAMLRequest={}&RelayState={}&SigAlg={}",
            encode(packed.as_bytes()),
            encode(relay_state.as_bytes()),
            encode(signing.method().as_bytes())
        );
        let signature = signing.sign_bytes(query.as_bytes())?;
        query.push_str("&Signature=");
        query.push_str(&encode(STANDARD.encode(signature).as_bytes()));
        let joint = if address.contains('?') { '&' } else { '?' };
        return Ok(Outgoing::Redirect(format!("{address}{joint}{query}")));
    }
    let address = provider.post.as_ref().ok_or(RequestProblem::NoAddress)?;
    // After the issuer, where the schema wants it.
    let place = Placement::Saml {
        after: Some((SAML, "Issuer")),
    };
    let signed = sign_enveloped_at(&authn_request(asked, entity_id, address), signing, place)?;
    Ok(Outgoing::Form {
        action: address.clone(),
        saml_request: STANDARD.encode(signed),
    })
}

fn encode(bytes: &[u8]) -> String {
    byte_serialize(bytes).collect()
}

/// The request itself.
fn authn_request(asked: &Asked, entity_id: &str, destination: &str) -> String {
    let mut xml = format!(
        "<samlp:AuthnRequest xmlns:samlp=\"{SAMLP}\" xmlns:saml=\"{SAML}\" ID=\"{id}\" Version=\"2.0\" \
         IssueInstant=\"{instant}\" Destination=\"{destination}\" ForceAuthn=\"{force}\" IsPassive=\"false\" \
         ProtocolBinding=\"{POST}\" AssertionConsumerServiceURL=\"{acs}\"><saml:Issuer>{issuer}</saml:Issuer>\
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
        let _ = write!(
            xml,
            "<saml:AuthnContextClassRef>{}</saml:AuthnContextClassRef>",
            escape(level)
        );
    }
    xml.push_str("</samlp:RequestedAuthnContext></samlp:AuthnRequest>");
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
