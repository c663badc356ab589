//! What became of each call, kept for a while: for the answer to "has it arrived?". Written beside the answer and never in its way: when more
//! calls come than can be written, the rest are counted and forgotten. That letters are here, their own rows tell.

use crate::db::DbError;
use crate::house::House;
use crate::mailbox::access::holder_index;
use crate::record::{LONGEST_REFERENCE, Parties, place_of_call, reference_index};
use crate::seal::SealError;
use crate::store;
use crate::store::call::{CallOutcome, CallRow};
use contracts::delivery::Delivery;
use contracts::identifier::OrganisationNumber;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Calls that wait to be written; more are forgotten.
const QUEUE: usize = 4096;
/// Calls in one commit.
const BATCH: usize = 512;
/// Between two commits, so that the letters' own have the disk.
const PAUSE: Duration = Duration::from_millis(50);
/// How often old calls are forgotten, and how many at a time.
const SWEEP: Duration = Duration::from_mins(10);
const SWEPT: i64 = 1000;
/// References of one call that are kept.
const MOST_REFERENCES: usize = 20;

/// What is known of a request, once both its signatures hold. Nothing that is not signed is believed.
#[derive(Default)]
pub(super) struct Known {
    sender: Option<OrganisationNumber>,
    recipient: Option<String>,
    references: Vec<String>,
}

impl Known {
    /// Notes a delivery that was verified.
    pub(super) fn note(&mut self, delivery: &Delivery) {
        let ids = delivery.messages.iter().map(|message| message.id.as_str());
        let own = [&delivery.reference, &delivery.correlation_id];
        let references = own.into_iter().flatten().map(String::as_str).chain(ids);
        for reference in references {
            let reference = reference.trim();
            let fits = !reference.is_empty() && reference.chars().count() <= LONGEST_REFERENCE;
            if fits && self.references.len() < MOST_REFERENCES && !self.references.iter().any(|one| one == reference) {
                self.references.push(reference.to_owned());
            }
        }
        self.sender = Some(delivery.sender.id);
        self.recipient = Some(delivery.recipient.to_string());
    }
}

/// A call that has been answered.
pub(super) struct Call {
    /// Its id, as a fault has it.
    pub(super) id: Uuid,
    /// When it came.
    pub(super) at: OffsetDateTime,
    /// What became of it.
    pub(super) outcome: CallOutcome,
    /// The code of its fault.
    pub(super) code: Option<u16>,
    /// What the sender was told of letters that are here.
    pub(super) trans_id: Option<Uuid>,
    /// Whose connection.
    pub(super) peer: Option<OrganisationNumber>,
    /// What its request said.
    pub(super) known: Known,
}

/// Why a call could not be written.
#[derive(Debug, thiserror::Error)]
enum NotWritten {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// The way to who writes calls. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Calls(mpsc::Sender<Call>);

/// Who writes them, to wait for at the end.
#[derive(Debug)]
pub(super) struct CallWriter {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Calls {
    /// Starts the writer; what came longer ago than `keep` is forgotten.
    pub(super) fn start(house: House, keep: Duration) -> (Self, CallWriter) {
        let (sender, waiting) = mpsc::channel(QUEUE);
        let stop = CancellationToken::new();
        let task = tokio::spawn(write_all(house, keep, waiting, stop.clone()));
        (Self(sender), CallWriter { stop, task })
    }

    /// Notes a call, unless too many wait.
    pub(super) fn note(&self, call: Call) {
        if self.0.try_send(call).is_err() {
            metrics::counter!("brevlada_intake_calls_forgotten_total").increment(1);
        }
    }
}

impl CallWriter {
    /// Writes what waits, and returns.
    pub(super) async fn finish(self) {
        self.stop.cancel();
        if self.task.await.is_err() {
            tracing::error!("the writer of calls broke off");
        }
    }
}

async fn write_all(house: House, keep: Duration, mut waiting: mpsc::Receiver<Call>, stop: CancellationToken) {
    let mut sweep = tokio::time::interval(SWEEP);
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => waiting.close(),
            _ = sweep.tick() => {
                if let Err(error) = forget(&house, keep).await {
                    tracing::warn!(%error, "calls of long ago could not be forgotten");
                }
                continue;
            }
            count = waiting.recv_many(&mut batch, BATCH) => {
                if count == 0 {
                    return;
                }
            }
        }
        if batch.is_empty() {
            // Asked to stop: the rest, and the end.
            while waiting.recv_many(&mut batch, BATCH).await > 0 {
                write(&house, &mut batch).await;
            }
            return;
        }
        write(&house, &mut batch).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Writes a batch in one commit. What cannot be written is lost to traces, and to nothing else.
async fn write(house: &House, batch: &mut Vec<Call>) {
    let written = async {
        let mut tx = house.db.begin().await?;
        for call in &*batch {
            let id = house.ids.at(call.at);
            let parties = Parties {
                peer: call.peer.map(|peer| peer.to_string()),
                sender: call.known.sender.map(|sender| sender.to_string()),
            };
            let recipient = call.known.recipient.as_deref();
            let row = CallRow {
                id,
                call_id: call.id,
                trans_id: call.trans_id,
                outcome: call.outcome,
                code: call.code.map(i64::from),
                recipient_index: recipient.map(|number| holder_index(house, number).to_vec()),
                content: house.keys.seal_record(house.ids, &place_of_call(&id), &parties)?,
            };
            store::call::insert(&mut tx, &row).await?;
            for reference in &call.known.references {
                store::call::add_reference(&mut tx, reference_index(&house.keys, reference), id).await?;
            }
        }
        tx.commit().await?;
        Ok::<_, NotWritten>(())
    };
    if let Err(error) = written.await {
        let lost = batch.len();
        metrics::counter!("brevlada_intake_calls_forgotten_total").increment(u64::try_from(lost).unwrap_or(0));
        tracing::warn!(%error, lost, "what became of some calls could not be written");
    }
    batch.clear();
}

/// Forgets what came longer ago than `keep`, some at a time.
async fn forget(house: &House, keep: Duration) -> Result<(), DbError> {
    let keep = time::Duration::try_from(keep).unwrap_or(time::Duration::MAX);
    let before = house.ids.first_at(house.clock.now() - keep);
    loop {
        let mut tx = house.db.begin().await?;
        let gone = store::call::sweep(&mut tx, before, SWEPT).await?;
        tx.commit().await?;
        if gone == 0 {
            return Ok(());
        }
    }
}
