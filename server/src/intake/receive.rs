//! A delivery's way through the checks, in the order of infrastructure.md 8. Nothing is stored before the last of them.

use super::calls::Known;
use super::content::ContentRules;
use super::endpoint::Turn;
use super::group_commit::{CommitError, Entry, GroupCommit};
use super::refused::Refused;
use crate::db::Tx;
use crate::domain::calendar::day_in_sweden;
use crate::domain::certificate::SeenAs;
use crate::domain::day_figure::DayFigure;
use crate::house::House;
use crate::mailbox::MailboxError;
use crate::mailbox::deliver::{Delivered, Preparation, Prepared, deliver, prepare};
use crate::register::{NotApproved, Parties, Senders};
use crate::store::call::CallOutcome;
use async_trait::async_trait;
use bytes::Bytes;
use contracts::certificate::TrustStore;
use contracts::delivery::{ChecksumFinding, Delivery};
use contracts::fault::ErrorCode;
use contracts::identifier::{OrganisationNumber, RecipientId};
use contracts::service::{DeliveryResult, ReceivePolicy, Refusal, VerifiedDelivery};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// What receiving a delivery takes.
pub(super) struct Receiver {
    pub(super) house: House,
    pub(super) senders: Arc<Senders>,
    pub(super) policy: ReceivePolicy,
    pub(super) content: ContentRules,
    /// Rule 4: the connection must be the sealer's; or one of these agents'.
    pub(super) sealer_must_connect: Option<Vec<OrganisationNumber>>,
    /// Whose signatures count. Replaced when certificates are read again.
    pub(super) trust: RwLock<Arc<TrustStore>>,
    /// Verifying is work for a processor: as many at once as there are processors.
    pub(super) processors: Arc<Semaphore>,
    pub(super) writer: GroupCommit<Deliveries>,
}

/// A delivery that was judged, for the answer and the log.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) result: DeliveryResult,
    /// The id under which its letters are here.
    pub(super) trans_id: Option<Uuid>,
    pub(super) sender: OrganisationNumber,
    pub(super) messages: usize,
    /// What happened.
    pub(super) outcome: CallOutcome,
}

impl Receiver {
    /// Takes in one request, or says why not. What is known of it then is noted either way.
    pub(super) async fn receive(
        &self,
        peer: OrganisationNumber,
        request: Bytes,
        call: Uuid,
        (turn, known): (Turn, &mut Known),
    ) -> Result<Judged, Refused> {
        let (verified, _turn) = self.verify(request, turn).await?;
        known.note(&verified.delivery);
        self.see(&verified);
        let sender = self.approve(peer, &verified).await?;
        self.content.check(&verified.delivery)?;
        let verified = Arc::new(verified);
        let (trans_id, delivered, outcome) = match self.keep(&verified).await? {
            Delivered::Stored { trans_id } => (trans_id, true, CallOutcome::Delivered),
            Delivered::Duplicate { trans_id } => (trans_id, true, CallOutcome::Duplicate),
            // Unknown, closed or moved: the request is good, and this recipient cannot receive here.
            Delivered::NoMailbox => (call, false, CallOutcome::NotHere),
        };
        let messages = verified.delivery.messages.len();
        let result = DeliveryResult {
            trans_id: trans_id.to_string(),
            recipient: verified.delivery.recipient,
            delivered,
        };
        Ok(Judged {
            result,
            sender,
            messages,
            trans_id: delivered.then_some(trans_id),
            outcome,
        })
    }

    /// Notes whose certificates the delivery is signed and sealed with.
    fn see(&self, verified: &VerifiedDelivery) {
        let now = self.house.clock.now();
        for (seen_as, signer) in [(SeenAs::Signature, &verified.signer), (SeenAs::Seal, &verified.sealer)] {
            let sightings = &self.house.sightings;
            sightings.note(seen_as, signer.fingerprint_sha256, &signer.der, now);
        }
    }

    /// Puts another set of signing CAs in place.
    pub(super) fn trust(&self, trust: Arc<TrustStore>) {
        *self.trust.write().unwrap_or_else(PoisonError::into_inner) = trust;
    }

    /// Whether this organisation may deliver here at all, before anything of it is read.
    pub(super) async fn may_connect(&self, peer: OrganisationNumber) -> Result<(), Refused> {
        match &self.sealer_must_connect {
            Some(agents) if !agents.contains(&peer) => match self.senders.knows(peer).await {
                Ok(()) => Ok(()),
                Err(NotApproved::Unknown) => Err(not_known_now()),
                Err(_) => Err(Refused::new(
                    ErrorCode::NotAuthorised,
                    "The organisation of the TLS connection is neither a sender nor a mediator in Authority's lists.",
                )),
            },
            _ => Ok(()),
        }
    }

    /// Checks both signatures. The places go into the work: a sender that hangs up ends no verification, and must not make room for
    /// another beside it.
    async fn verify(&self, request: Bytes, turn: Turn) -> Result<(VerifiedDelivery, Turn), Refused> {
        let trust = self.trust.read().unwrap_or_else(PoisonError::into_inner).clone();
        let (policy, now) = (self.policy, self.house.clock.now());
        let processor = self.processors.clone().acquire_owned().await.map_err(Refused::ours)?;
        let verified = tokio::task::spawn_blocking(move || {
            let _processor = processor;
            let verified = contracts::service::receive(&request, &policy, &trust, now)?;
            count_odd_checksums(&verified.delivery);
            Ok::<_, Refusal>((verified, turn))
        });
        // A panic in there is a bug that one request met: it costs that request, and no other.
        Ok(verified.await.map_err(Refused::ours)??)
    }

    /// The four rules of infrastructure.md 7.5.
    async fn approve(
        &self,
        peer: OrganisationNumber,
        verified: &VerifiedDelivery,
    ) -> Result<OrganisationNumber, Refused> {
        let parties = Parties {
            sender: verified.delivery.sender.id,
            signer: verified.signer.organisation,
            sealer: verified.sealer.organisation,
        };
        if let Some(agents) = &self.sealer_must_connect
            && peer != parties.sealer
            && !agents.contains(&peer)
        {
            return Err(Refused::new(
                ErrorCode::NotAuthorised,
                "The organisation of the TLS connection is not the one that sealed the delivery.",
            ));
        }
        match self.senders.approve(&parties).await {
            Ok(()) => Ok(parties.sender),
            Err(NotApproved::UnknownSender) => Err(Refused::new(
                ErrorCode::UnknownSender,
                "The sender is not registered as an approved sender.",
            )),
            Err(NotApproved::SignerNotApproved) => Err(Refused::new(
                ErrorCode::AccessDenied,
                "The delivery is signed by neither its sender nor a mediator that may send for it.",
            )),
            Err(NotApproved::MediatorNotApproved) => Err(Refused::new(
                ErrorCode::DispatcherNotApproved,
                "The delivery is sealed by an organisation that may not send for its sender.",
            )),
            Err(NotApproved::Unknown) => Err(not_known_now()),
        }
    }

    /// Seals the content beside the writer, then waits until it is on disk.
    async fn keep(&self, verified: &Arc<VerifiedDelivery>) -> Result<Delivered, Refused> {
        let mut tries = 0;
        loop {
            let known_as = self.senders.name_of(verified.delivery.sender.id);
            let prepared = match prepare(&self.house, verified, known_as.as_deref())
                .await
                .map_err(Refused::ours)?
            {
                Preparation::Ready(prepared) => prepared,
                Preparation::NoMailbox => return Ok(Delivered::NoMailbox),
            };
            let recipient = verified.delivery.recipient;
            let (mailbox, day) = (*prepared.mailbox(), day_in_sweden(prepared.received_at()));
            match self.writer.put(Arrival { recipient, prepared }).await {
                Ok(delivered @ Delivered::Stored { .. }) => {
                    let letters = i64::try_from(verified.delivery.messages.len()).unwrap_or(i64::MAX);
                    self.house.tally.count(day, DayFigure::Letters, letters, mailbox);
                    return Ok(delivered);
                }
                Ok(delivered) => return Ok(delivered),
                // Another process stored the same delivery between our look and our row: look again.
                Err(CommitError::Item(MailboxError::Db(error))) if error.is_duplicate() && tries < 3 => tries += 1,
                Err(CommitError::Item(error)) => return Err(Refused::ours(error)),
                Err(CommitError::Batch(error)) => return Err(Refused::ours(error)),
                Err(CommitError::Stopped) => return Err(Refused::ours("the writer has stopped")),
            }
        }
    }
}

fn not_known_now() -> Refused {
    Refused {
        description: "Whether the sender is approved cannot be known now; send the same delivery again later.".into(),
        ..Refused::ours("Authority has no answer")
    }
}

/// Checksums of attachments are of many kinds and protect nothing that the signature does not (infrastructure.md 6.3): one that
/// fits no kind is worth a line, and no refusal.
fn count_odd_checksums(delivery: &Delivery) {
    let attachments = delivery.messages.iter().flat_map(|message| &message.attachments);
    let odd = attachments
        .filter(|attachment| attachment.checksum_finding() == ChecksumFinding::Different)
        .count();
    if odd > 0 {
        tracing::info!(sender = %delivery.sender.id, odd, "checksums of attachments that are neither MD5 nor CRC-32");
    }
}

/// A delivery at the writer's door.
pub(super) struct Arrival {
    recipient: RecipientId,
    prepared: Box<Prepared>,
}

/// How deliveries are written.
pub(super) struct Deliveries(pub(super) House);

#[async_trait]
impl Entry for Deliveries {
    type Item = Arrival;
    type Outcome = Delivered;
    type Error = MailboxError;
    type Order = RecipientId;

    async fn put(&self, tx: &mut Tx, item: Arrival) -> Result<Delivered, MailboxError> {
        deliver(tx, &self.0, &item.prepared).await
    }

    fn order(item: &Arrival) -> RecipientId {
        item.recipient
    }

    fn committed(&self) {
        self.0.bell.notify_one();
    }
}
