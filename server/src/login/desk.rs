//! What the login needs at hand: our part in the federation, the identity providers, the sessions.

use super::config::{ConfigProblem, SamlConfig, StaffConfig};
use super::cookie::Cookies;
use super::entity::{Entity, Side};
use super::providers::Providers;
use super::saml::keys::ServiceKeys;
use super::saml::metadata::{self, AboutUs, InTwoLanguages};
use super::session::Sessions;
use super::staff_session::StaffSessions;
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
    people: Entity,
    of_staff: Entity,
    pub(super) providers: Providers,
    pub(super) sessions: Sessions,
    pub(super) staff: StaffSessions,
    /// Places at the check of answers: signatures and decryption cost milliseconds of a core each, so there are only so many at
    /// once. Who finds none for some seconds is told to try again.
    pub(super) checking: Arc<Semaphore>,
    /// The place where passwords of local accounts are judged: one, for there are few of them, and a hash is dear.
    pub(super) judging: Arc<Semaphore>,
    public_url: Url,
}

impl LoginDesk {
    /// Reads keys and certificates and checks the configuration. Fetches nothing yet: see [`LoginDesk::run`].
    pub fn open(
        house: House,
        config: SamlConfig,
        staff: &StaffConfig,
        session: &Session,
        public_url: &Url,
    ) -> Result<Self, ConfigProblem> {
        config.check()?;
        staff.check()?;
        let cookies = Cookies::new(public_url);
        let sessions = Sessions::new(house.clone(), session, cookies);
        let providers = Providers::new(house.clone(), config.sources()?, config.metadata_refresh);
        let base = public_url.as_str().trim_end_matches('/');
        Ok(Self {
            keys: config.keys(public_url)?,
            people: Entity::of_people(&config, base),
            of_staff: Entity::of_staff(staff, base),
            staff: StaffSessions::new(house.clone(), staff, cookies),
            judging: Arc::new(Semaphore::new(1)),
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

    /// The staff's sessions.
    pub fn staff_sessions(&self) -> &StaffSessions {
        &self.staff
    }

    /// One of our entities.
    pub(super) fn entity(&self, side: Side) -> &Entity {
        match side {
            Side::People => &self.people,
            Side::Staff => &self.of_staff,
        }
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
        let gone = store::session::sweep(&mut tx, now).await?
            + store::staff_session::sweep(&mut tx, now).await?
            + store::login::sweep(&mut tx, now).await?;
        tx.commit().await?;
        Ok(gone)
    }

    /// The metadata of one of our entities.
    pub(super) fn metadata(&self, side: Side) -> String {
        let absolute = |address: &str| {
            self.public_url
                .join(address)
                .map_or_else(|_| address.to_owned(), |address| address.to_string())
        };
        let (config, entity) = (&self.config, self.entity(side));
        let both = |sv: &'_ String, en: &'_ String| InTwoLanguages {
            sv: sv.clone(),
            en: en.clone(),
        };
        metadata::write(
            &AboutUs {
                entity_id: &entity.id,
                acs: &entity.acs,
                organisation: both(&config.organisation_sv, &config.organisation_en),
                organisation_url: config.organisation_url.as_deref().unwrap_or(self.public_url.as_str()),
                organisation_number: config.organisation_number.as_deref(),
                display_name: entity.display_name.clone(),
                description: entity.description.clone(),
                logo: (&absolute(&config.logo), config.logo_width, config.logo_height),
                technical_contact: config.technical_contact.as_deref(),
                categories: &entity.categories,
            },
            &self.keys,
        )
    }
}

impl LoginDesk {
    fn choices_of(&self, side: Side) -> Vec<LoginChoice> {
        let entity = self.entity(side);
        let providers = self.providers.all();
        let usable = providers.iter().filter(|provider| !entity.levels(provider).is_empty());
        usable
            .map(|provider| LoginChoice {
                idp: provider.entity_id.clone(),
                name_sv: provider.name("sv").to_owned(),
                name_en: provider.name("en").to_owned(),
                demonstration: provider.is_on_loopback(),
            })
            .collect()
    }
}

#[async_trait::async_trait]
impl app::ports::Login for LoginDesk {
    async fn choices(&self) -> Result<Vec<LoginChoice>, PortError> {
        Ok(self.choices_of(Side::People))
    }

    async fn choices_of_staff(&self) -> Result<Vec<LoginChoice>, PortError> {
        Ok(self.choices_of(Side::Staff))
    }
}
