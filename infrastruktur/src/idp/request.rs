//! `AuthnRequest`s: taken apart, and believed only when the service provider's key has signed them.

use super::Idp;
use super::names::{POST, SAML, SAMLP, SIGNATURE_METHODS, TRANSIENT};
use super::service_provider::{ServiceProvider, UnknownProvider};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contracts::signature::{Policy, PublicKey, verify_with_keys};
use contracts::xml::{Limits, Xml, parse_date_time};
use std::io::Read as _;
use time::Duration;
use url::form_urlencoded;

/// A request is a few kilobytes; with a signature and extensions some ten.
pub(super) const LARGEST: usize = 64 * 1024;
/// How old a request may be, and how far clocks may differ.
const FRESH_FOR: Duration = Duration::minutes(10);
const SKEW: Duration = Duration::minutes(1);

/// Why a request is not taken. Shown on the page, since the reader is the one who builds the service.
#[derive(Debug, thiserror::Error)]
pub(super) enum BadRequest {
    #[error("{0}")]
    Form(&'static str),
    #[error("the request is not XML that can be read: {0}")]
    Xml(String),
    #[error("{0}")]
    Provider(#[from] UnknownProvider),
    #[error("the signature does not hold: {0}")]
    Signature(String),
}

/// A request that holds.
#[derive(Clone, Debug)]
pub(super) struct AuthnRequest {
    pub(super) id: String,
    pub(super) provider: ServiceProvider,
    /// Where the answer goes; an address of the metadata.
    pub(super) consumer: String,
    pub(super) relay_state: Option<String>,
    /// Levels that will do; empty for any.
    pub(super) levels: Vec<String>,
    pub(super) passive: bool,
    pub(super) transient: bool,
}

/// How the signature came.
enum Signed<'a> {
    /// In the address: the signed part of the query as it came, the method and the signature.
    Query {
        signed: String,
        method: String,
        signature: Vec<u8>,
    },
    /// In the document.
    Document(&'a str),
}

/// The Redirect binding: `query` as it came, still encoded.
pub(super) async fn from_query(idp: &Idp, query: &str) -> Result<AuthnRequest, BadRequest> {
    let raw = |name: &str| -> Result<Option<&str>, BadRequest> {
        let mut found = query.split('&').filter(|p| p.split('=').next() == Some(name));
        match (found.next(), found.next()) {
            (_, Some(_)) => Err(BadRequest::Form("a parameter of the address stands twice")),
            (first, None) => Ok(first),
        }
    };
    let decoded = |raw: &str| {
        form_urlencoded::parse(raw.as_bytes())
            .next()
            .map(|(_, value)| value.into_owned())
    };
    let request = raw("SAMLRequest")?.ok_or(BadRequest::Form("the address has no SAMLRequest"))?;
    let method = raw("SigAlg")?.ok_or(BadRequest::Form("the request is not signed (SigAlg is missing)"))?;
    let signature = raw("Signature")?.ok_or(BadRequest::Form("the request is not signed (Signature is missing)"))?;
    let relay_state = raw("RelayState")?;
    // The signature covers the parameters as they were encoded, in this order (SAML bindings 3.4.4.1).
    let signed = [Some(request), relay_state, Some(method)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("&");
    let packed = decoded(request)
        .and_then(|text| STANDARD.decode(text).ok())
        .ok_or(BadRequest::Form("SAMLRequest is not base64"))?;
    let mut text = String::new();
    flate2::read::DeflateDecoder::new(packed.as_slice())
        .take(LARGEST as u64)
        .read_to_string(&mut text)
        .map_err(|_| BadRequest::Form("SAMLRequest is not deflated UTF-8"))?;
    let signature = decoded(signature)
        .and_then(|text| STANDARD.decode(text.split_ascii_whitespace().collect::<String>()).ok())
        .ok_or(BadRequest::Form("Signature is not base64"))?;
    let method = decoded(method).unwrap_or_default();
    read(
        idp,
        &text,
        Signed::Query {
            signed,
            method,
            signature,
        },
        relay_state.and_then(decoded),
    )
    .await
}

/// The POST binding.
pub(super) async fn from_form(
    idp: &Idp,
    saml_request: &str,
    relay_state: Option<String>,
) -> Result<AuthnRequest, BadRequest> {
    let compact: String = saml_request.split_ascii_whitespace().collect();
    let bytes = STANDARD
        .decode(compact)
        .map_err(|_| BadRequest::Form("SAMLRequest is not base64"))?;
    let text = String::from_utf8(bytes).map_err(|_| BadRequest::Form("SAMLRequest is not UTF-8"))?;
    read(idp, &text, Signed::Document(&text), relay_state).await
}

async fn read(
    idp: &Idp,
    text: &str,
    signed: Signed<'_>,
    relay_state: Option<String>,
) -> Result<AuthnRequest, BadRequest> {
    if relay_state.as_ref().is_some_and(|state| state.len() > 80) {
        return Err(BadRequest::Form("RelayState has more than 80 bytes"));
    }
    let said = said(text)?;
    let mut provider = idp.providers.find(&said.issuer).await?;
    if verify(&provider, &signed).is_err() {
        provider = idp.providers.find_again(&said.issuer).await?;
        verify(&provider, &signed)?;
    }
    if said.destination.as_deref() != Some(idp.sso().as_str()) {
        return Err(BadRequest::Form(
            "Destination is not the address that the request came to",
        ));
    }
    let now = idp.clock.now();
    if said.issued.is_none_or(|at| at > now + SKEW || at < now - FRESH_FOR) {
        return Err(BadRequest::Form("IssueInstant is missing or not recent"));
    }
    let consumer = match said.consumer {
        Some(named) => provider
            .consumers
            .iter()
            .find(|c| **c == named)
            .cloned()
            .ok_or(BadRequest::Form(
                "AssertionConsumerServiceURL is not in the service's metadata",
            ))?,
        None => provider.consumers.first().cloned().ok_or(BadRequest::Form(
            "the service's metadata has no AssertionConsumerService for HTTP-POST",
        ))?,
    };
    Ok(AuthnRequest {
        id: said.id,
        provider,
        consumer,
        relay_state,
        levels: said.levels,
        passive: said.passive,
        transient: said.transient,
    })
}

/// What a request says, before anything of it is believed.
struct Said {
    id: String,
    issuer: String,
    destination: Option<String>,
    issued: Option<time::OffsetDateTime>,
    consumer: Option<String>,
    levels: Vec<String>,
    passive: bool,
    transient: bool,
}

fn said(text: &str) -> Result<Said, BadRequest> {
    let limits = Limits::default().with_bytes(LARGEST);
    let xml = Xml::parse(text, &limits).map_err(|e| BadRequest::Xml(e.to_string()))?;
    let root = xml.root();
    if !root.is(SAMLP, "AuthnRequest") || root.attribute("Version") != Some("2.0") {
        return Err(BadRequest::Form("the document is not a SAML 2.0 AuthnRequest"));
    }
    let owned = |name: &str| root.attribute(name).map(str::to_owned);
    if root.attribute("ProtocolBinding").is_some_and(|binding| binding != POST) {
        return Err(BadRequest::Form("ProtocolBinding must be HTTP-POST"));
    }
    let issuer = root
        .only_child(SAML, "Issuer")
        .map_err(|e| BadRequest::Xml(e.to_string()))?;
    let issuer = issuer.token().map_err(|e| BadRequest::Xml(e.to_string()))?.into_owned();
    let mut levels = Vec::new();
    if let Some(context) = root.child(SAMLP, "RequestedAuthnContext") {
        if context
            .attribute("Comparison")
            .is_some_and(|comparison| comparison != "exact")
        {
            return Err(BadRequest::Form("RequestedAuthnContext must have Comparison=\"exact\""));
        }
        for class in context.children().filter(|e| e.is(SAML, "AuthnContextClassRef")) {
            levels.push(class.token().map_err(|e| BadRequest::Xml(e.to_string()))?.into_owned());
        }
    }
    Ok(Said {
        id: owned("ID")
            .filter(|id| !id.is_empty())
            .ok_or(BadRequest::Form("the request has no ID"))?,
        issuer,
        destination: owned("Destination"),
        issued: root.attribute("IssueInstant").and_then(parse_date_time),
        consumer: owned("AssertionConsumerServiceURL"),
        levels,
        passive: matches!(root.attribute("IsPassive"), Some("true" | "1")),
        transient: root
            .child(SAMLP, "NameIDPolicy")
            .is_some_and(|policy| policy.attribute("Format") == Some(TRANSIENT)),
    })
}

fn verify(provider: &ServiceProvider, signed: &Signed<'_>) -> Result<(), BadRequest> {
    let holds = match signed {
        Signed::Query {
            signed,
            method,
            signature,
        } => {
            if !SIGNATURE_METHODS.contains(&method.as_str()) {
                return Err(BadRequest::Signature("SigAlg is not one of the framework's".into()));
            }
            provider
                .signing
                .iter()
                .any(|der| verify_bytes(der, method, signed.as_bytes(), signature))
        }
        Signed::Document(text) => {
            let limits = Limits::default().with_bytes(LARGEST);
            let xml = Xml::parse(text, &limits).map_err(|e| BadRequest::Xml(e.to_string()))?;
            let keys: Vec<_> = provider
                .signing
                .iter()
                .filter_map(|der| PublicKey::from_certificate_der(der).ok())
                .collect();
            verify_with_keys(xml.root(), &keys, Policy::default()).map_err(|e| BadRequest::Signature(e.to_string()))?;
            true
        }
    };
    if holds {
        Ok(())
    } else {
        Err(BadRequest::Signature("no key of the service's metadata fits".into()))
    }
}

fn verify_bytes(certificate: &[u8], method: &str, bytes: &[u8], signature: &[u8]) -> bool {
    let verified = || {
        let key = bergshamra::keys::loader::load_x509_cert_der(certificate)
            .ok()?
            .software_key()
            .ok()??;
        bergshamra::crypto::sign::from_uri(method)
            .ok()?
            .verify(&key, bytes, signature)
            .ok()
    };
    verified().unwrap_or(false)
}
