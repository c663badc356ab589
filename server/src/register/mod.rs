//! Our calls to the infrastructure: FaR (who has a mailbox where) and Authority (who may send).
//!
//! Nothing outside knows of SOAP. Use cases are given a [`Register`] and [`Senders`]; both can be anything that keeps
//! their promises, and tests give them what they like.

mod authority;
mod book;
mod bucket;
mod companies;
mod far;
pub(crate) mod pem;
mod senders;
mod soap;

pub use authority::AuthorityClient;
pub use book::{Mediator, NotApproved, Parties};
pub use companies::{AccessRights, Companies, Pending, Signatory, Signer, Waits};
pub use far::FarClient;
pub use pem::PemError;
pub use senders::{Authority, Lists, Pace, Senders};
pub use soap::{CallError, SoapClient};

use crate::config;
use crate::house::House;
use async_trait::async_trait;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use std::sync::Arc;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

/// Where a holder stands in FaR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// With no mailbox operator.
    Nowhere,
    /// With us.
    Here,
    /// With another mailbox operator.
    Elsewhere(Operator),
    /// A registration waits for more signatures; with whom, if FaR says.
    Pending(Option<Operator>),
}

/// A mailbox operator, as FaR names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Its organisation.
    pub organisation: OrganisationNumber,
    /// Its name, to show.
    pub name: String,
}

/// What a person agreed to, and how we know that it was that person.
#[derive(Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Whose mailbox it is about.
    pub holder: RecipientId,
    /// Who agreed: the holder, or somebody who signs for it.
    pub person: PersonalNumber,
    /// That person's name.
    pub name: String,
    /// The whole text that was shown.
    pub text: String,
    /// When it was agreed to.
    pub at: OffsetDateTime,
    /// The login in which it was.
    pub login: Evidence,
}

/// How a login established who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Entity id of the identity provider.
    pub identity_provider: String,
    /// The level of assurance, as a URI.
    pub level: String,
    /// Id of the SAML assertion.
    pub assertion: String,
}

impl std::fmt::Debug for Agreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Agreement(…)")
    }
}

/// What became of a registration or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It holds.
    Complete,
    /// More people must sign (companies).
    MoreMustSign,
    /// The rule of who may sign cannot be evaluated (companies).
    RuleNotSupported,
}

/// Why FaR said no. The numbers are of infrastructure.md 9.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// 6006: the person's identity is protected.
    ProtectedIdentity,
    /// 6007: not in the population register.
    NotInPopulationRegister,
    /// 6004: companies of this form can have no mailbox.
    CompanyForm,
    /// 5003: it is not there.
    NotThere,
    /// 5010, 5012: the signature does not hold.
    Signature,
    /// 5002, 5 or 5001 and the like: another code, as FaR gave it.
    Other(u16),
}

/// Why a question to the infrastructure has no good answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// No answer: try again later. A change may have been made all the same; ask for the standing before trying again.
    #[error("the infrastructure cannot be reached: {0}")]
    Unreachable(String),
    /// The holder is with another mailbox operator.
    #[error("the holder is with another mailbox operator")]
    ElsewhereAt(Operator),
    /// FaR refused, and says why.
    #[error("refused with code {code}, call {call_id}")]
    Refused {
        /// Why, as far as it concerns the person.
        reason: Reason,
        /// FaR's code.
        code: u16,
        /// FaR's reference of the call, for its support.
        call_id: String,
    },
    /// An answer that breaks the contract.
    #[error("an answer that cannot be used: {0}")]
    Misunderstood(String),
}

impl Reason {
    fn of(code: u16) -> Self {
        match code {
            6006 => Self::ProtectedIdentity,
            6007 => Self::NotInPopulationRegister,
            6004 => Self::CompanyForm,
            5003 => Self::NotThere,
            5010 | 5012 => Self::Signature,
            other => Self::Other(other),
        }
    }
}

/// FaR, the register of who has a mailbox with whom.
#[async_trait]
pub trait Register: Send + Sync + 'static {
    /// Where a holder stands (isRegistered).
    async fn standing(&self, holder: &RecipientId) -> Result<Standing, RegisterError>;

    /// Where several holders stand, asked at once; at most [`contracts::recipient::MOST_RECIPIENTS`].
    async fn standings(&self, holders: &[RecipientId]) -> Result<Vec<(RecipientId, Standing)>, RegisterError>;

    /// Takes a holder over from another operator (changeServiceSupplier). Asked for somebody who is here already it changes nothing.
    async fn move_here(&self, agreement: &Agreement) -> Result<Registered, RegisterError>;

    /// Registers a holder with us (register). Asked for somebody who is here already it changes nothing.
    async fn register(&self, agreement: &Agreement) -> Result<Registered, RegisterError>;

    /// Ends a holder's registration with us (deregister).
    async fn deregister(&self, agreement: &Agreement) -> Result<Registered, RegisterError>;

    /// The senders that a holder accepts, with their names, asked for by `person` (getAccountPreferences).
    async fn preferences(
        &self,
        holder: &RecipientId,
        person: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, RegisterError>;

    /// Makes these the senders that a holder accepts (storeAccountPreferences). FaR takes the whole list or nothing.
    async fn store_preferences(
        &self,
        agreement: &Agreement,
        accepted: &[(OrganisationNumber, String)],
    ) -> Result<Registered, RegisterError>;
}

/// The infrastructure, ready to be asked.
#[derive(Clone)]
pub struct Infrastructure {
    /// FaR.
    pub far: Arc<dyn Register>,
    /// FaR, about companies.
    pub companies: Arc<dyn Companies>,
    /// For whom persons may act.
    pub rights: Arc<dyn AccessRights>,
    /// Who may send.
    pub senders: Arc<Senders>,
    soap: Arc<SoapClient>,
}

impl std::fmt::Debug for Infrastructure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Infrastructure")
    }
}

impl Infrastructure {
    /// Reads certificates and the last good lists of senders. Connects to nothing yet: we start when others are down.
    ///
    /// # Errors
    /// A certificate or key that cannot be used.
    pub async fn open(config: &config::Register, house: &House) -> Result<Self, PemError> {
        let soap = Arc::new(SoapClient::new(config.clone()).await?);
        let far = Arc::new(FarClient::new(soap.clone()).await?);
        let authority = Arc::new(AuthorityClient::new(soap.clone()));
        let pace = Pace {
            every: config.refresh_every,
            burst: config.miss_burst,
            one_more_after: config.miss_every,
        };
        let senders = Senders::open(authority.clone(), house.db.clone(), house.clock.clone(), pace).await;
        Ok(Self {
            companies: far.clone(),
            rights: authority,
            far,
            senders: Arc::new(senders),
            soap,
        })
    }

    /// Keeps the lists of senders fresh, and reads certificates again on SIGHUP, until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        tokio::join!(self.senders.run(stop.clone()), self.soap.reload_on_hangup(stop));
    }
}
