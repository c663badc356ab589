//! Authority over SOAP (infrastructure.md 13).

use super::soap::{Effect, SoapClient};
use super::{Authority, Mediator, RegisterError};
use async_trait::async_trait;
use contracts::authority::{GetDispatchers, GetSenders, IsSenderAccepted};
use contracts::identifier::OrganisationNumber;
use std::sync::Arc;

/// Asks Authority.
#[derive(Clone, Debug)]
pub struct AuthorityClient {
    pub(super) soap: Arc<SoapClient>,
}

impl AuthorityClient {
    /// Asks by way of `soap`.
    pub fn new(soap: Arc<SoapClient>) -> Self {
        Self { soap }
    }
}

#[async_trait]
impl Authority for AuthorityClient {
    async fn senders(&self) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        let answer = self.soap.ask(self.soap.authority(), &GetSenders, Effect::Reads).await?;
        Ok(answer.0.into_iter().map(|sender| (sender.id, sender.name)).collect())
    }

    async fn mediators(&self) -> Result<Vec<Mediator>, RegisterError> {
        let answer = self
            .soap
            .ask(self.soap.authority(), &GetDispatchers, Effect::Reads)
            .await?;
        let mediator = |dispatcher: contracts::authority::Dispatcher| Mediator {
            organisation: dispatcher.id,
            name: dispatcher.name,
            senders: dispatcher.senders,
        };
        Ok(answer.0.into_iter().map(mediator).collect())
    }

    async fn is_sender_accepted(&self, sender: OrganisationNumber) -> Result<bool, RegisterError> {
        let answer = self
            .soap
            .ask(self.soap.authority(), &IsSenderAccepted(sender.into()), Effect::Reads)
            .await?;
        Ok(answer.0)
    }
}
