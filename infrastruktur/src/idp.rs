//! The demonstration e-legitimation: a SAML identity provider where anybody may be any of the fictitious persons.
//!
//! It keeps to the Swedish deployment profile (e-legitimation.md 3–6) where a service provider can tell: signed
//! requests only, signed responses, encrypted assertions, the attribute sets, the status codes, signed metadata.

mod attributes;
mod encrypt;
mod metadata;
mod names;
mod pages;
mod request;
mod response;
mod service_provider;

use crate::clock::Clock;
use crate::config;
use crate::pki::{Pki, PkiError};
use crate::texts::Languages;
use axum::Router;
use contracts::signature::{KeyError, SigningIdentity};
use pages::Pending;
use service_provider::ServiceProviders;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

/// Why the e-legitimation could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum IdpError {
    /// Its signing key is not there.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// Its signing key cannot be used.
    #[error("the e-legitimation's signing key: {0}")]
    Key(#[from] KeyError),
}

/// What every page needs. Shared.
#[derive(Debug)]
struct Idp {
    public_url: String,
    encryption: config::Encryption,
    signing: SigningIdentity,
    providers: ServiceProviders,
    languages: Languages,
    clock: Clock,
    /// Logins that have begun, by an unguessable handle.
    pending: Mutex<HashMap<String, Pending>>,
}

impl Idp {
    fn entity_id(&self) -> String {
        format!("{}/metadata", self.public_url)
    }

    fn sso(&self) -> String {
        format!("{}/sso", self.public_url)
    }
}

/// Its pages. `bound` is where it listens, for the address of its own when none is configured.
pub(crate) fn router(
    config: &config::Idp,
    bound: SocketAddr,
    pki: &Pki,
    languages: Languages,
    clock: Clock,
) -> Result<Router, IdpError> {
    let pair = pki.pair("idp")?;
    let idp = Idp {
        public_url: config.public_url.as_deref().map_or_else(
            || format!("http://localhost:{}", bound.port()),
            |url| url.trim_end_matches('/').to_owned(),
        ),
        encryption: config.encryption,
        signing: SigningIdentity::from_pem(&pair.certificate, &pair.key)?,
        providers: ServiceProviders::new(config.sp_metadata.clone(), clock.clone()),
        languages,
        clock,
        pending: Mutex::default(),
    };
    Ok(pages::router(Arc::new(idp)))
}
