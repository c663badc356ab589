//! What became of each call, kept for a while: for the answer to "has it arrived?". Written beside the answer and never in its way: when more
//! calls come than can be written, the rest are counted and forgotten. That letters are here, their own rows tell.

use crate::db::DbError;
use crate::domain::calendar::day_in_sweden;
use crate::domain::sender_figure::SenderFigure;
use crate::house::House;
use crate::mailbox::access::holder_index;
use crate::record::{LONGEST_REFERENCE, Parties, party_index, place_of_call, reference_index};
use crate::seal::SealError;
use crate::store;
use crate::store::call::{CallOutcome, CallRow};
use crate::store::sender_day::Of;
use crate::tally::is_enough;
use contracts::delivery::Delivery;
use contracts::identifier::OrganisationNumber;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use time::{Date, OffsetDateTime};
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
/// How long what a sender sends by the day is kept.
const KEPT: time::Duration = time::Duration::days(400);
/// References of one call that are kept.
const MOST_REFERENCES: usize = 20;

/// What is known of a request, once both its signatures hold. Nothing that is not signed is believed.
#[derive(Default)]
pub(super) struct Known {
    sender: Option<OrganisationNumber>,
    recipient: Option<String>,
    references: Vec<String>,
    letters: usize,
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
        self.letters = delivery.messages.len();
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

impl Call {
    /// Whose it is: the sender's, or when that could not be read, theirs who connected.
    fn party(&self) -> Option<OrganisationNumber> {
        self.known.sender.or(self.peer)
    }

    /// What it counts as, and how many; nothing for letters that were there already.
    fn counts_as(&self) -> Option<(SenderFigure, i64)> {
        let letters = i64::try_from(self.known.letters).unwrap_or(i64::MAX);
        let figure = match self.outcome {
            CallOutcome::Delivered => return Some((SenderFigure::Received, letters)),
            CallOutcome::NotHere => return Some((SenderFigure::NotHere, letters)),
            CallOutcome::Duplicate => return None,
            CallOutcome::Refused if self.known.sender.is_none() => SenderFigure::Unread,
            CallOutcome::Refused => SenderFigure::Refused,
            CallOutcome::Failed => SenderFigure::Failed,
        };
        Some((figure, 1))
    }
}

/// How many, and the first who stand behind them.
#[derive(Default)]
struct Count {
    total: i64,
    behind: BTreeSet<[u8; 32]>,
}

/// What is counted of a batch, in one order, whoever writes: two servers never wait for each other.
fn counted(house: &House, batch: &[Call]) -> BTreeMap<([u8; 32], Date, SenderFigure, i64), Count> {
    let mut counted: BTreeMap<_, Count> = BTreeMap::new();
    for call in batch {
        let (Some(party), Some((figure, total))) = (call.party(), call.counts_as()) else {
            continue;
        };
        let (day, code) = (day_in_sweden(call.at), call.code.map_or(0, i64::from));
        let count = counted
            .entry((party_index(&house.keys, party), day, figure, code))
            .or_default();
        count.total = count.total.saturating_add(total);
        if let Some(recipient) = call.known.recipient.as_deref().filter(|_| figure.is_of_people())
            && !is_enough(i64::try_from(count.behind.len()).unwrap_or(i64::MAX))
        {
            let of = format!("{day}\n{party}\n{}\n{recipient}", figure.as_str());
            count.behind.insert(house.keys.blind_index("intake.behind", &of));
        }
    }
    counted
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
            let party = call.party().map(|party| party_index(&house.keys, party));
            store::call::insert(&mut tx, &row, party.filter(|_| row.code.is_some())).await?;
            for reference in &call.known.references {
                store::call::add_reference(&mut tx, reference_index(&house.keys, reference), id).await?;
            }
        }
        for ((party, day, figure, code), count) in counted(house, batch) {
            let of = Of { party, day, figure };
            store::sender_day::add(&mut tx, of, code, count.total).await?;
            if figure.is_of_people() && !is_enough(store::sender_day::count_behind(&mut tx, of).await?) {
                for token in count.behind {
                    store::sender_day::stand_behind(&mut tx, of, token).await?;
                }
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

/// Forgets what came longer ago than `keep`, some at a time, and counts of long ago.
async fn forget(house: &House, keep: Duration) -> Result<(), DbError> {
    let keep = time::Duration::try_from(keep).unwrap_or(time::Duration::MAX);
    let before = house.ids.first_at(house.clock.now() - keep);
    loop {
        let mut tx = house.db.begin().await?;
        let gone = store::call::sweep(&mut tx, before, SWEPT).await?;
        tx.commit().await?;
        if gone == 0 {
            break;
        }
    }
    let mut tx = house.db.begin().await?;
    if let Some(before) = day_in_sweden(house.clock.now()).checked_sub(KEPT) {
        store::sender_day::forget(&mut tx, before).await?;
    }
    tx.commit().await
}
