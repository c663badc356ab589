//! Who may ask: metadata of service providers, fetched when somebody first asks and kept for a while.

use super::names::{ENTITY_CATEGORY, MD, MDATTR, MDUI, POST, SAML, SAMLP};
use crate::clock::Clock;
use crate::http_client::{Connection, HttpError};
use contracts::namespace::{DSIG, XML};
use contracts::xml::{Element, Limits, Xml, decode_base64};
use http::StatusCode;
use time::{Duration, OffsetDateTime};
use tokio::sync::Mutex;
use url::Url;

/// After this, metadata is fetched again.
const FRESH_FOR: Duration = Duration::minutes(5);
/// Bad signatures do not make us fetch more often than this.
const BETWEEN_FETCHES: Duration = Duration::seconds(2);

/// A service provider, as its metadata describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServiceProvider {
    pub(super) entity_id: String,
    /// Names by language.
    pub(super) names: Vec<(String, String)>,
    /// Certificates (DER) whose keys sign its requests.
    pub(super) signing: Vec<Vec<u8>>,
    /// The certificate (DER) whose key assertions are encrypted for.
    pub(super) encryption: Option<Vec<u8>>,
    /// Assertion consumer addresses for the POST binding; the first is the default.
    pub(super) consumers: Vec<String>,
    pub(super) categories: Vec<String>,
}

impl ServiceProvider {
    /// Its name in a language, or its entity id.
    pub(super) fn name(&self, language: &str) -> &str {
        let named = self
            .names
            .iter()
            .find(|(l, _)| l == language)
            .or_else(|| self.names.first());
        named.map_or(self.entity_id.as_str(), |(_, name)| name)
    }

    pub(super) fn has_category(&self, category: &str) -> bool {
        self.categories.iter().any(|c| c == category)
    }
}

/// Why a service provider is not known.
#[derive(Debug, thiserror::Error)]
pub(super) enum UnknownProvider {
    #[error("no metadata of «{0}» was found")]
    NotFound(String),
    #[error("no metadata of «{entity_id}» was found; what went wrong: {}", problems.join("; "))]
    NotFetched { entity_id: String, problems: Vec<String> },
}

#[derive(Debug, thiserror::Error)]
enum FetchProblem {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("{0}: {1}")]
    File(String, std::io::Error),
    #[error("{0} answered {1}")]
    Status(String, StatusCode),
    #[error("{0}: {1}")]
    Unreadable(String, String),
}

/// All service providers that metadata names.
#[derive(Debug)]
pub(super) struct ServiceProviders {
    sources: Vec<String>,
    clock: Clock,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    providers: Vec<ServiceProvider>,
    fetched: Option<OffsetDateTime>,
}

impl ServiceProviders {
    /// From addresses and files.
    pub(super) fn new(sources: Vec<String>, clock: Clock) -> Self {
        Self {
            sources,
            clock,
            known: Mutex::default(),
        }
    }

    /// The provider with this entity id. What is not known, or old, is fetched first.
    pub(super) async fn find(&self, entity_id: &str) -> Result<ServiceProvider, UnknownProvider> {
        self.find_since(entity_id, FRESH_FOR).await
    }

    /// As [`ServiceProviders::find`], for somebody whose keys do not fit: they may have been changed a moment ago.
    pub(super) async fn find_again(&self, entity_id: &str) -> Result<ServiceProvider, UnknownProvider> {
        self.find_since(entity_id, BETWEEN_FETCHES).await
    }

    async fn find_since(&self, entity_id: &str, age: Duration) -> Result<ServiceProvider, UnknownProvider> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let fresh = known.fetched.is_some_and(|at| now - at < age);
        let find = |known: &Known| known.providers.iter().find(|p| p.entity_id == entity_id).cloned();
        if fresh && let Some(provider) = find(&known) {
            return Ok(provider);
        }
        let mut problems = Vec::new();
        let mut providers = Vec::new();
        for source in &self.sources {
            match fetch(source).await {
                Ok(found) => providers.extend(found),
                Err(problem) => problems.push(problem.to_string()),
            }
        }
        // What could not be fetched now stays as it was: a service that is restarting is still who it was.
        let mut kept = std::mem::take(&mut known.providers);
        kept.retain(|old| !providers.iter().any(|new| new.entity_id == old.entity_id));
        providers.extend(kept);
        *known = Known {
            providers,
            fetched: Some(now),
        };
        find(&known).ok_or_else(|| {
            let entity_id = entity_id.to_owned();
            if problems.is_empty() {
                UnknownProvider::NotFound(entity_id)
            } else {
                UnknownProvider::NotFetched { entity_id, problems }
            }
        })
    }
}

async fn fetch(source: &str) -> Result<Vec<ServiceProvider>, FetchProblem> {
    let bytes = match Url::parse(source) {
        Ok(url) if url.scheme() == "http" => {
            let (status, body) = Connection::open(&url, None).await?.get().await?;
            if status != StatusCode::OK {
                return Err(FetchProblem::Status(source.to_owned(), status));
            }
            body.to_vec()
        }
        _ => tokio::fs::read(source)
            .await
            .map_err(|e| FetchProblem::File(source.to_owned(), e))?,
    };
    read(&bytes).map_err(|reason| FetchProblem::Unreadable(source.to_owned(), reason))
}

/// Every service provider in an `EntityDescriptor` or a whole `EntitiesDescriptor`.
fn read(bytes: &[u8]) -> Result<Vec<ServiceProvider>, String> {
    let xml = Xml::parse_bytes(bytes, &Limits::default()).map_err(|e| e.to_string())?;
    let found = xml
        .root()
        .descend()
        .into_iter()
        .filter(|e| e.is(MD, "EntityDescriptor"))
        .filter_map(provider);
    Ok(found.collect())
}

fn provider(entity: Element<'_>) -> Option<ServiceProvider> {
    let role = entity.child(MD, "SPSSODescriptor")?;
    role.attribute("protocolSupportEnumeration")?
        .split_ascii_whitespace()
        .find(|p| *p == SAMLP)?;
    let certificates = |purpose: &str| {
        let keys = role.children().filter(|e| e.is(MD, "KeyDescriptor"));
        let keys = keys.filter(|e| e.attribute("use").is_none_or(|usage| usage == purpose));
        keys.filter_map(|key| {
            let data = key.child(DSIG, "KeyInfo")?.child(DSIG, "X509Data")?;
            decode_base64(&data.child(DSIG, "X509Certificate")?.text().ok()?)
        })
        .collect::<Vec<_>>()
    };
    let mut consumers: Vec<_> = role
        .children()
        .filter(|e| e.is(MD, "AssertionConsumerService") && e.attribute("Binding") == Some(POST))
        .collect();
    consumers.sort_by_key(|e| e.attribute("isDefault").is_none_or(|d| d != "true" && d != "1"));
    let info = role.child(MD, "Extensions").and_then(|e| e.child(MDUI, "UIInfo"));
    let names = info.into_iter().flat_map(|info| {
        info.children()
            .filter(|e| e.is(MDUI, "DisplayName"))
            .filter_map(|name| {
                let language = name
                    .attributes()
                    .find(|a| a.namespace == XML && a.name == "lang")?
                    .value
                    .to_owned();
                Some((language, name.text().ok()?.into_owned()))
            })
    });
    Some(ServiceProvider {
        entity_id: entity.attribute("entityID")?.to_owned(),
        names: names.collect(),
        signing: certificates("signing"),
        encryption: certificates("encryption").into_iter().next(),
        consumers: consumers
            .iter()
            .filter_map(|e| e.attribute("Location"))
            .map(str::to_owned)
            .collect(),
        categories: categories(entity),
    })
}

fn categories(entity: Element<'_>) -> Vec<String> {
    let attributes = entity
        .child(MD, "Extensions")
        .and_then(|e| e.child(MDATTR, "EntityAttributes"));
    let attributes = attributes.into_iter().flat_map(|e| e.children().collect::<Vec<_>>());
    let named = attributes.filter(|a| a.is(SAML, "Attribute") && a.attribute("Name") == Some(ENTITY_CATEGORY));
    let values = named
        .flat_map(|a| a.children().collect::<Vec<_>>())
        .filter(|v| v.is(SAML, "AttributeValue"));
    values.filter_map(|v| Some(v.token().ok()?.into_owned())).collect()
}
