//! What a sender and its mediator do: ask FaR, sign, seal, deliver. `send`, `load` and the demonstration mail use it,
//! and so do the server's tests and benchmarks.

mod demo;
mod letter;
pub mod load;
mod pdf;

pub use demo::{Sent, send_demonstration_mail};
pub use letter::{Letter, attachment};
pub use pdf::pdf;

use crate::clock::Clock;
use crate::http_client::{Connection, HttpError};
use crate::pki::{Pki, PkiError};
use crate::tls::{self, TlsError};
use bytes::Bytes;
use contracts::call::{AnswerError, Wire as _};
use contracts::delivery::Delivery;
use contracts::fault::ReceivedFault;
use contracts::identifier::{OrganisationNumber, RecipientId};
use contracts::recipient::{AccountType, IsReachable, IsReachableAnswer};
use contracts::sending::{deliver_secure_request, sign_and_seal};
use contracts::service::{DeliveryResult, read_delivery_result};
use contracts::signature::{KeyError, SignatureError, SigningIdentity};
use contracts::xml::{Limits, ReadError};
use rustls::ClientConfig;
use std::sync::Arc;
use url::Url;

/// Why a letter did not arrive.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// No certificate of that organisation in the demonstration's folder.
    #[error(
        "{organisation} has no certificate in the demonstration's folder: {source} `infrastruktur people` lists the senders"
    )]
    Identity {
        /// Who.
        organisation: OrganisationNumber,
        /// Why not.
        source: PkiError,
    },
    /// Its key cannot be used.
    #[error("the signing key: {0}")]
    Key(#[from] KeyError),
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// FaR or the mailbox could not be reached.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// FaR refused.
    #[error("FaR answered with a fault: {0}")]
    Far(ReceivedFault),
    /// The mailbox refused.
    #[error("the mailbox answered with a fault: {0}")]
    Mailbox(ReceivedFault),
    /// An answer that the contract does not allow.
    #[error("{0} answered something that the contract does not allow: {1}")]
    Answer(&'static str, ReadError),
    /// FaR says that there is no mailbox.
    #[error("{0} has no mailbox, says FaR; a real sender would send paper")]
    NoMailbox(RecipientId),
    /// FaR leads to an operator that exists in the register only.
    #[error(
        "{recipient} has a mailbox at {operator}, which exists only in this demonstration's FaR: there is nowhere to deliver. \
         `infrastruktur people` tells who has a mailbox here"
    )]
    Elsewhere {
        /// Whom it was for.
        recipient: RecipientId,
        /// The other operator.
        operator: String,
    },
    /// FaR says that the holder does not accept this sender.
    #[error("{recipient} does not accept mail from {sender}, says FaR; a real sender would send paper")]
    NotAccepted {
        /// Whom it was for.
        recipient: RecipientId,
        /// Who wanted to send.
        sender: OrganisationNumber,
    },
    /// FaR gave an address that cannot be called.
    #[error("FaR gives «{0}» as the mailbox's address, which cannot be called")]
    Address(String),
    /// The mailbox answered `Delivered=false`.
    #[error("the mailbox took no letter for {0} (Delivered=false): no open mailbox there")]
    NotDelivered(RecipientId),
    /// Signing failed.
    #[error("signing: {0}")]
    Signing(#[from] SignatureError),
}

/// Sends for one sender. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Mediator {
    sender: Arc<SigningIdentity>,
    sealer: Arc<SigningIdentity>,
    tls: Arc<ClientConfig>,
    recipient_url: Url,
    clock: Clock,
}

impl Mediator {
    /// With the certificates of `sender` and `mediator` from the folder; they may be the same.
    pub fn open(
        pki: &Pki,
        sender: OrganisationNumber,
        mediator: OrganisationNumber,
        recipient_url: &str,
        clock: Clock,
    ) -> Result<Self, SendError> {
        let pair = |organisation: OrganisationNumber| {
            pki.pair(&organisation.to_string())
                .map_err(|source| SendError::Identity { organisation, source })
        };
        let (sender, mediator) = (pair(sender)?, pair(mediator)?);
        Ok(Self {
            tls: tls::client(Some(&mediator), pki.authority())?,
            sender: Arc::new(SigningIdentity::from_pem(&sender.certificate, &sender.key)?),
            sealer: Arc::new(SigningIdentity::from_pem(&mediator.certificate, &mediator.key)?),
            recipient_url: Url::parse(recipient_url).map_err(|_| SendError::Address(recipient_url.to_owned()))?,
            clock,
        })
    }

    /// Asks FaR where the recipient's mailbox is, and whether this sender is accepted.
    pub async fn reach(&self, sender: OrganisationNumber, recipient: RecipientId) -> Result<Url, SendError> {
        let question = IsReachable {
            sender,
            recipients: vec![recipient],
        };
        let mut far = Connection::open(&self.recipient_url, Some(Arc::clone(&self.tls))).await?;
        let (_, answer) = far.post_soap(question.to_envelope().into()).await?;
        let rows = IsReachableAnswer::from_envelope(&answer, &Limits::default()).map_err(|error| match error {
            AnswerError::Fault(fault) => SendError::Far(fault),
            AnswerError::Read(error) => SendError::Answer("FaR", error),
        })?;
        let row = rows.0.into_iter().find(|row| row.status.recipient == recipient);
        let row = row
            .filter(|row| row.status.account == AccountType::Secure)
            .ok_or(SendError::NoMailbox(recipient))?;
        if !row.sender_accepted {
            return Err(SendError::NotAccepted { recipient, sender });
        }
        let operator = row.status.operator.ok_or(SendError::NoMailbox(recipient))?;
        let address =
            Url::parse(&operator.service_address).map_err(|_| SendError::Address(operator.service_address.clone()))?;
        // The top-level domain that leads nowhere (RFC 6761).
        if address.host_str().is_some_and(|host| host.ends_with(".invalid")) {
            return Err(SendError::Elsewhere {
                recipient,
                operator: operator.name,
            });
        }
        Ok(address)
    }

    /// Signs and seals: the whole request, ready to be posted.
    pub fn prepare(&self, delivery: &Delivery) -> Result<Bytes, SendError> {
        let sealed = sign_and_seal(delivery, &self.sender, &self.sealer, self.clock.now().date())?;
        let request = deliver_secure_request(&sealed).map_err(|error| SendError::Answer("our own writer", error))?;
        Ok(Bytes::from(request))
    }

    /// A kept-alive connection to a mailbox.
    pub async fn connect(&self, address: &Url) -> Result<Connection, SendError> {
        Ok(Connection::open(address, Some(Arc::clone(&self.tls))).await?)
    }

    /// Posts a prepared request and reads the answer. `Delivered=false` is an answer here, not an error.
    pub async fn post(&self, connection: &mut Connection, request: Bytes) -> Result<DeliveryResult, SendError> {
        let (_, answer) = connection.post_soap(request).await?;
        read_delivery_result(&answer)
            .map_err(|error| SendError::Answer("the mailbox", error))?
            .map_err(SendError::Mailbox)
    }

    /// Everything in order: FaR, signature, seal, delivery. Gives the answer of a letter that has arrived.
    pub async fn send(&self, delivery: &Delivery) -> Result<DeliveryResult, SendError> {
        let address = self.reach(delivery.sender.id, delivery.recipient).await?;
        let request = self.prepare(delivery)?;
        let result = self.post(&mut self.connect(&address).await?, request).await?;
        if result.delivered {
            Ok(result)
        } else {
            Err(SendError::NotDelivered(delivery.recipient))
        }
    }
}
