//! What the login needs at hand: our part in the federation, the identity providers, the sessions.

use super::config::{ConfigProblem, SamlConfig};
use super::cookie::Cookies;
use super::providers::Providers;
use super::saml::keys::ServiceKeys;
use super::saml::metadata::{self, AboutUs, InTwoLanguages};
use super::saml::names::UNCERTIFIED_LOA3;
use super::saml::provider::IdentityProvider;
use super::session::Sessions;
use crate::config::Session;
use crate::db::DbError;
use crate::house::House;
use crate::store;
use app::ports::{LoginChoice, PortError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Category that opts in to samordningsnummer.
const ACCEPTS_COORDINATION: &str = "http://id.swedenconnect.se/general-ec/1.0/accepts-coordination-number";
/// How often what is over is forgotten.
const SWEEP: Duration = Duration::from_mins(5);

/// How many answers are checked at the same time.
const CHECKS_AT_ONCE: usize = 32;

/// The login of a server.
#[derive(Debug)]
pub struct LoginDesk {
    pub(super) house: House,
    pub(super) config: SamlConfig,
    pub(super) keys: ServiceKeys,
    pub(super) entity_id: String,
    pub(super) acs: String,
    pub(super) providers: Providers,
    pub(super) sessions: Sessions,
    /// Places at the check of answers: signatures and decryption cost milliseconds of a core each, so there are only so many at
    /// once. Who finds none for some seconds is told to try again.
    pub(super) checking: Arc<Semaphore>,
    public_url: Url,
}

impl LoginDesk {
    /// Reads keys and certificates and checks the configuration. Fetches nothing yet: see [`LoginDesk::run`].
    pub fn open(house: House, config: SamlConfig, session: &Session, public_url: &Url) -> Result<Self, ConfigProblem> {
        config.check()?;
        let sessions = Sessions::new(house.clone(), session, Cookies::new(public_url));
        let providers = Providers::new(house.clone(), config.sources()?, config.metadata_refresh);
        let base = public_url.as_str().trim_end_matches('/');
        Ok(Self {
            keys: config.keys(public_url)?,
            entity_id: config
                .entity_id
                .clone()
                .unwrap_or_else(|| format!("{base}/saml/metadata")),
            acs: format!("{base}/saml/acs"),
            checking: Arc::new(Semaphore::new(CHECKS_AT_ONCE)),
            public_url: public_url.clone(),
            house,
            config,
            providers,
            sessions,
        })
    }

    /// The sessions, for the middleware and for the settings.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// The identity providers.
    pub fn providers(&self) -> &Providers {
        &self.providers
    }

    /// Renews metadata and forgets what is over, until `stop`.
    pub async fn run(&self, stop: CancellationToken) {
        let sweep = async {
            loop {
                tokio::time::sleep(SWEEP).await;
                if let Err(error) = self.sweep().await {
                    tracing::warn!(%error, "sessions and logins that are over could not be forgotten");
                }
            }
        };
        tokio::join!(
            self.providers.clone().keep_fresh(stop.clone()),
            stop.run_until_cancelled(sweep)
        );
    }

    /// Forgets sessions and logins whose time is over; tells how many rows.
    pub async fn sweep(&self) -> Result<u64, DbError> {
        let now = self.house.clock.now();
        let mut tx = self.house.db.begin().await?;
        let gone = store::session::sweep(&mut tx, now).await? + store::login::sweep(&mut tx, now).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// The levels that will do from this provider: those we accept and it is certified for.
    pub(super) fn levels(&self, provider: &IdentityProvider) -> Vec<String> {
        let uncertified = self.config.uncertified.contains(&provider.entity_id);
        let ours = self
            .config
            .levels
            .iter()
            .map(String::as_str)
            .chain(uncertified.then_some(UNCERTIFIED_LOA3));
        ours.filter(|level| provider.levels.iter().any(|theirs| theirs == level))
            .map(str::to_owned)
            .collect()
    }

    /// Our metadata.
    pub(super) fn metadata(&self) -> String {
        let absolute = |address: &str| {
            self.public_url
                .join(address)
                .map_or_else(|_| address.to_owned(), |address| address.to_string())
        };
        let mut categories = self.config.categories.clone();
        if self.config.coordination_numbers {
            categories.push(ACCEPTS_COORDINATION.into());
        }
        let config = &self.config;
        let both = |sv: &'_ String, en: &'_ String| InTwoLanguages {
            sv: sv.clone(),
            en: en.clone(),
        };
        metadata::write(
            &AboutUs {
                entity_id: &self.entity_id,
                acs: &self.acs,
                organisation: both(&config.organisation_sv, &config.organisation_en),
                organisation_url: config.organisation_url.as_deref().unwrap_or(self.public_url.as_str()),
                organisation_number: config.organisation_number.as_deref(),
                display_name: both(&config.display_name_sv, &config.display_name_en),
                description: both(&config.description_sv, &config.description_en),
                logo: (&absolute(&config.logo), config.logo_width, config.logo_height),
                technical_contact: config.technical_contact.as_deref(),
                categories: &categories,
            },
            &self.keys,
        )
    }
}

#[async_trait::async_trait]
impl app::ports::Login for LoginDesk {
    async fn choices(&self) -> Result<Vec<LoginChoice>, PortError> {
        let providers = self.providers.all();
        let usable = providers.iter().filter(|provider| !self.levels(provider).is_empty());
        Ok(usable
            .map(|provider| LoginChoice {
                idp: provider.entity_id.clone(),
                name_sv: provider.name("sv").to_owned(),
                name_en: provider.name("en").to_owned(),
                demonstration: provider.is_on_loopback(),
            })
            .collect())
    }
}
