//! The identity providers to choose from: their metadata is fetched, verified, kept and refreshed here. Nothing waits for
//! it: until it is there, or when it has expired, there is less to choose from.

use super::config::{Place, Source};
use super::saml::provider::{FeedProblem, IdentityProvider, read_feed};
use crate::db::DbError;
use crate::house::House;
use crate::http_client::{self, Over};
use crate::store::last_good;
use axum::http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Largest feed that is read. Sweden Connect's is some megabytes.
const MAX_FEED: usize = 32 * 1024 * 1024;
/// How long one fetch may take.
const FETCH: Duration = Duration::from_secs(30);
/// Waits after the first failures, then the last of them again and again, while no good copy has ever been had.
const IMPATIENT: [u64; 6] = [1, 1, 2, 5, 15, 60];

/// Why metadata could not be renewed.
#[derive(Debug, thiserror::Error)]
pub enum FetchProblem {
    /// It could not be fetched or read.
    #[error("{0}")]
    Transport(String),
    /// It is not used.
    #[error("{0}")]
    Feed(#[from] FeedProblem),
    /// There is no identity provider in it that could be used.
    #[error("it holds no identity provider that can be used")]
    Empty,
    /// The last good copy could not be kept or read.
    #[error(transparent)]
    Db(#[from] DbError),
}

struct Entry {
    source: Source,
    providers: RwLock<Arc<Vec<Arc<IdentityProvider>>>>,
}

/// The identity providers of every source, in configured order. Cheap to clone.
#[derive(Clone)]
pub struct Providers {
    house: House,
    entries: Arc<[Entry]>,
    refresh: Duration,
}

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Providers({} sources)", self.entries.len())
    }
}

impl Providers {
    /// None yet, from these sources.
    pub fn new(house: House, sources: Vec<Source>, refresh: Duration) -> Self {
        let entries = sources
            .into_iter()
            .map(|source| Entry {
                source,
                providers: RwLock::default(),
            })
            .collect();
        Self {
            house,
            entries,
            refresh,
        }
    }

    /// Those whose metadata may be used now, in order; of two with one entity id the first.
    pub fn all(&self) -> Vec<Arc<IdentityProvider>> {
        let now = self.house.clock.now();
        let mut found: Vec<Arc<IdentityProvider>> = Vec::new();
        for entry in &*self.entries {
            let providers = entry.providers.read().unwrap_or_else(PoisonError::into_inner).clone();
            for provider in providers.iter() {
                if provider.is_valid_at(now) && !found.iter().any(|known| known.entity_id == provider.entity_id) {
                    found.push(provider.clone());
                }
            }
        }
        found
    }

    /// The one with this entity id.
    pub fn find(&self, entity_id: &str) -> Option<Arc<IdentityProvider>> {
        self.all().into_iter().find(|provider| provider.entity_id == entity_id)
    }

    /// Reads the last good copies, then renews every source as long as the server runs. Each source has a task of its
    /// own, so that a slow one delays no other.
    pub async fn keep_fresh(self, stop: CancellationToken) {
        let tasks = (0..self.entries.len()).map(|index| {
            let (providers, stop) = (self.clone(), stop.clone());
            tokio::spawn(async move {
                stop.run_until_cancelled(providers.keep_one_fresh(index)).await;
            })
        });
        futures::future::join_all(tasks).await;
    }

    async fn keep_one_fresh(&self, index: usize) {
        let Some(entry) = self.entries.get(index) else { return };
        let place = &entry.source.place;
        let mut known = match self.recall(entry).await {
            Ok(known) => known,
            Err(problem) => {
                tracing::warn!(source = %place, %problem, "the kept copy of metadata is not used");
                false
            }
        };
        let mut failures = 0;
        loop {
            let wait = match self.renew(entry).await {
                Ok(count) => {
                    if !known || failures > 0 {
                        tracing::info!(source = %place, count, "metadata of identity providers read");
                    }
                    (known, failures) = (true, 0);
                    self.refresh
                }
                Err(problem) => {
                    let wait = IMPATIENT.get(failures).or(IMPATIENT.last()).copied().unwrap_or(60);
                    failures += 1;
                    metrics::counter!("brevlada_saml_metadata_failures_total").increment(1);
                    tracing::warn!(source = %place, %problem, "metadata of identity providers could not be renewed");
                    Duration::from_secs(wait)
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Renews every source once; the first problem of any of them is told.
    pub async fn renew_all(&self) -> Result<(), FetchProblem> {
        for entry in &*self.entries {
            self.renew(entry).await?;
        }
        Ok(())
    }

    async fn renew(&self, entry: &Entry) -> Result<usize, FetchProblem> {
        let text = fetch(&entry.source.place).await?;
        let count = self.take(entry, text.clone()).await?;
        if matches!(entry.source.place, Place::Address(_)) {
            last_good::keep(&self.house.db, &name(entry), text.as_bytes(), self.house.clock.now()).await?;
        }
        Ok(count)
    }

    /// The last good copy, verified like a fresh one. Tells whether there was one.
    async fn recall(&self, entry: &Entry) -> Result<bool, FetchProblem> {
        let Some(copy) = last_good::recall(&self.house.db, &name(entry)).await? else {
            return Ok(false);
        };
        let text = String::from_utf8(copy.content).map_err(|_| FetchProblem::Transport("not UTF-8".into()))?;
        self.take(entry, text).await?;
        Ok(true)
    }

    async fn take(&self, entry: &Entry, text: String) -> Result<usize, FetchProblem> {
        let (pinned, now) = (entry.source.pinned.clone(), self.house.clock.now());
        // A whole federation is megabytes of XML and a signature over them: not on a thread that serves others.
        let feed = tokio::task::spawn_blocking(move || read_feed(&text, pinned.as_ref(), now))
            .await
            .map_err(|_| FetchProblem::Transport("reading it did not come to an end".into()))??;
        if !feed.unusable.is_empty() {
            tracing::warn!(source = %entry.source.place, entities = ?feed.unusable, "identity providers that cannot be used");
        }
        if feed.providers.is_empty() {
            return Err(FetchProblem::Empty);
        }
        let count = feed.providers.len();
        let providers = Arc::new(feed.providers.into_iter().map(Arc::new).collect());
        *entry.providers.write().unwrap_or_else(PoisonError::into_inner) = providers;
        Ok(count)
    }
}

/// The origin of an address, as a content security policy names it.
pub(super) fn origin_of(address: &str) -> Option<String> {
    Url::parse(address)
        .ok()
        .map(|address| address.origin().ascii_serialization())
}

fn name(entry: &Entry) -> String {
    format!("idp-metadata {}", entry.source.place)
}

async fn fetch(place: &Place) -> Result<String, FetchProblem> {
    let bytes = match place {
        Place::File(path) => tokio::fs::read(path)
            .await
            .map_err(|error| FetchProblem::Transport(error.to_string()))?,
        Place::Address(address) => tokio::time::timeout(FETCH, fetch_address(address.as_str()))
            .await
            .map_err(|_| FetchProblem::Transport("no answer in time".into()))??,
    };
    String::from_utf8(bytes).map_err(|_| FetchProblem::Transport("not UTF-8".into()))
}

/// Fetches by http or https; redirects are not followed, so that a configured address is the one that is asked.
async fn fetch_address(address: &str) -> Result<Vec<u8>, FetchProblem> {
    let transport = |error: &dyn std::fmt::Display| FetchProblem::Transport(error.to_string());
    let tls = http_client::tls(http_client::public_roots())
        .map_err(|error| transport(&error))?
        .with_no_client_auth();
    let client = http_client::client(tls, Over::TlsOrClear, FETCH);
    let request = Request::get(address)
        .header(
            header::ACCEPT,
            "application/samlmetadata+xml, application/xml;q=0.9, */*;q=0.1",
        )
        .header(header::USER_AGENT, "brevlada")
        .body(Full::default())
        .map_err(|error| transport(&error))?;
    let response = client.request(request).await.map_err(|error| transport(&error))?;
    if response.status() != StatusCode::OK {
        return Err(FetchProblem::Transport(format!("answered {}", response.status())));
    }
    let body = Limited::new(response.into_body(), MAX_FEED).collect().await;
    body.map(|body| body.to_bytes().to_vec())
        .map_err(|error| FetchProblem::Transport(error.to_string()))
}
