//! Takes jobs and does them.

use super::decide::{self, Decision};
use super::mail::{MailError, Mailer, MailerError};
use super::parts::PartError;
use super::post::Post;
use super::push::{NoTls, PushError, Pusher};
use super::reminder::{self, Reminder};
use super::round::{self, Round};
use super::sms::{SmsError, Texter, TexterError};
use super::tried::{self, Outcome, Tried};
use super::{Job, OutboxError, code, destroy, enqueue, export, feedback, forward, helper, send};
use crate::config::{Config, Notice, host};
use crate::copies::export::ExportError;
use crate::db::{DbError, Tx, from_micros};
use crate::domain::sorting::BIN_KEEPS;
use crate::house::House;
use crate::original::OriginalError;
use crate::seal::{Place, SealError};
use crate::shelf::ShelfError;
use crate::sorting::{self, SortingError};
use crate::store;
use crate::store::export::Step;
use crate::store::forward::State as Forwarded;
use crate::store::job::ClaimedJob;
use futures::{FutureExt as _, StreamExt as _};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How many jobs are taken at once: one commit to take them, and some to end them.
const CLAIM: i64 = 32;

/// When to look after the bell: soon, for what was committed at once, and again for a transaction that took longer.
const AFTER_THE_BELL: [Duration; 3] = [
    Duration::from_millis(20),
    Duration::from_millis(200),
    Duration::from_secs(1),
];

/// Why a try failed. Never names a person: it is kept in the job's row and written in the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum TryError {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Outbox(#[from] OutboxError),
    #[error(transparent)]
    Audit(#[from] crate::audit::AuditError),
    #[error(transparent)]
    Mail(#[from] MailError),
    #[error(transparent)]
    Sms(#[from] SmsError),
    #[error(transparent)]
    Push(#[from] PushError),
    #[error(transparent)]
    Sorting(#[from] SortingError),
    #[error(transparent)]
    Original(#[from] OriginalError),
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Part(#[from] PartError),
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    #[error("the job, or what it names, cannot be read")]
    Content,
    #[error("the text of a mail could not be made")]
    Words,
    #[error("trust.signing_ca_file cannot be read")]
    Authorities,
    #[error("the try ended in a panic; the log has it")]
    Panicked,
    #[error("what is asked changed while a letter was handed over")]
    Busy,
}

impl TryError {
    /// For how long the other side asks to be left alone, if it does.
    fn asks_to_wait(&self) -> Option<Duration> {
        match self {
            Self::Push(PushError::NotNow { wait, .. }) => Some(*wait),
            _ => None,
        }
    }
}

/// Why there is no worker.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// The mail server's settings.
    #[error("smtp.url: {0}")]
    Mailer(#[from] MailerError),
    /// The text message gateway's settings.
    #[error("sms: {0}")]
    Texter(#[from] TexterError),
    /// What calls push services.
    #[error("push: {0}")]
    Pusher(#[from] NoTls),
}

/// What else is written when a try ends, in the same transaction.
#[derive(Debug)]
pub(super) enum Effect {
    /// Nothing.
    None,
    /// When and how a letter is told of.
    Decided(Box<Decision>),
    /// Notices of what has waited.
    Told(Box<Round>),
    /// A reminder, or that it comes later.
    Reminded(Reminder),
    /// Notices that somebody will soon no longer be let in.
    HelperEnds(Box<helper::Ending>),
    /// How a notice stands.
    Tried(Box<Tried>),
    /// An address takes no code.
    CodeRefused(code::Refused),
    /// A piece of an export is there; with `expires_at` it was the last.
    Exported {
        mailbox_id: Uuid,
        export_id: Uuid,
        step: Step,
        expires_at: Option<OffsetDateTime>,
    },
    /// An export waits for another try.
    HoldUpExport {
        mailbox_id: Uuid,
        export_id: Uuid,
        at: OffsetDateTime,
    },
    /// No more tries.
    FailExport { mailbox_id: Uuid, export_id: Uuid },
    /// An export's pieces are gone.
    RemoveExport { mailbox_id: Uuid, export_id: Uuid },
    /// How what waits to be passed on stands now.
    Forward {
        mailbox_id: Uuid,
        id: Uuid,
        state: Forwarded,
        attempts: i64,
    },
}

/// What becomes of the job.
enum Rest {
    Done,
    /// There is more to do then.
    Later(OffsetDateTime),
}

/// Does the house's jobs. Any number of them may run, in any number of processes.
#[derive(Clone, Debug)]
pub struct Worker {
    post: Post,
    settings: Notice,
}

/// What follows a try that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Another, by the schedule.
    Try,
    /// Nothing: the schedule has come to its end.
    GivenUp,
}

impl Next {
    /// For figures.
    fn name(self) -> &'static str {
        match self {
            Self::Try => "retried",
            Self::GivenUp => "given-up",
        }
    }
}

/// A try that has ended.
struct Ended {
    job: ClaimedJob,
    how: How,
    effect: Effect,
}

enum How {
    Done,
    Failed(TryError),
    /// The process is stopping, so it was not begun.
    NotBegun,
}

impl Worker {
    /// A worker for `house`, by the settings of `config`.
    pub fn new(house: House, config: &Config) -> Result<Self, WorkerError> {
        let post = Post {
            pusher: Pusher::new(&config.push, &config.web.public_url, house.keys.clone())?,
            house,
            mailer: Mailer::new(&config.smtp, &config.web.public_url)?,
            texter: Texter::new(&config.sms)?,
            host: host(&config.web.public_url),
            bounces: config.smtp.bounce_address.clone(),
            reports: config.sms.reports.then(|| config.web.public_url.clone()),
            authorities: config.trust.signing_ca_file.clone(),
            hold_exports: config.keep.hold,
            limits: config.keep.limits(),
        };
        Ok(Self {
            post,
            settings: config.notice.clone(),
        })
    }

    /// Works until `stop`: then what was begun is finished, and what was only taken is given back.
    pub async fn run(self, stop: CancellationToken) {
        let mut looks = AFTER_THE_BELL.iter();
        while !stop.is_cancelled() {
            if let Err(error) = self.run_due(&stop).await {
                tracing::error!(%error, "jobs could not be taken or ended; trying again");
            }
            let wait = looks.next().copied().unwrap_or(self.settings.look_every);
            tokio::select! {
                () = stop.cancelled() => break,
                () = self.post.house.bell.notified() => {
                    looks = AFTER_THE_BELL.iter();
                    // Lets the transaction that rang commit, and others join the same round.
                    let soon = looks.next().copied().unwrap_or_default();
                    tokio::select! { () = stop.cancelled() => break, () = tokio::time::sleep(soon) => {} }
                }
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Does everything that is due now; tells how many tries that were.
    pub async fn run_due(&self, stop: &CancellationToken) -> Result<usize, OutboxError> {
        let mut tries = 0;
        while !stop.is_cancelled() {
            let lease = self.post.house.ids.random();
            let jobs = self.claim(lease).await?;
            if jobs.is_empty() {
                break;
            }
            tries += jobs.len();
            // Ended tries are written as they come, as many as there are at that moment in one transaction, so that a slow
            // mail server does not hold back what is known of the others.
            let mut ended = futures::stream::iter(jobs)
                .map(|job| self.attempt(job, stop))
                .buffer_unordered(self.settings.at_once.max(1))
                .ready_chunks(usize::try_from(CLAIM).unwrap_or(1));
            while let Some(some) = ended.next().await {
                self.end(lease, some).await?;
            }
        }
        Ok(tries)
    }

    async fn claim(&self, lease: Uuid) -> Result<Vec<ClaimedJob>, OutboxError> {
        let house = &self.post.house;
        let now = house.clock.now();
        // A look that finds nothing must not make writers wait.
        let mut tx = house.db.read().await?;
        if !store::job::any_due(&mut tx, now).await? {
            return Ok(Vec::new());
        }
        drop(tx);
        let mut tx = house.db.begin().await?;
        let jobs = store::job::claim(&mut tx, lease, now, now + self.settings.lease, CLAIM).await?;
        tx.commit().await?;
        Ok(jobs)
    }

    async fn attempt(&self, job: ClaimedJob, stop: &CancellationToken) -> Ended {
        if stop.is_cancelled() {
            return Ended {
                job,
                how: How::NotBegun,
                effect: Effect::None,
            };
        }
        // A library that panics costs one try of one job, not the worker.
        let (result, effect) = AssertUnwindSafe(self.perform(&job))
            .catch_unwind()
            .await
            .unwrap_or((Err(TryError::Panicked), Effect::None));
        let how = result.map_or_else(How::Failed, |()| How::Done);
        Ended { job, how, effect }
    }

    async fn perform(&self, job: &ClaimedJob) -> (Result<(), TryError>, Effect) {
        self.try_once(job)
            .await
            .unwrap_or_else(|error| (Err(error), Effect::None))
    }

    async fn try_once(&self, job: &ClaimedJob) -> Result<(Result<(), TryError>, Effect), TryError> {
        let house = &self.post.house;
        let plain = house.keys.open(&Place::of("job", &job.id, "payload"), &job.payload)?;
        let asked = serde_json::from_slice(&plain).map_err(|_| TryError::Content)?;
        let done = |effect| Ok((Ok(()), effect));
        match asked {
            Job::Notice { mailbox_id, letter_id } => {
                let decision = decide::run(house, mailbox_id, letter_id).await?;
                done(decision.map_or(Effect::None, |decision| Effect::Decided(Box::new(decision))))
            }
            Job::Round { mailbox_id } => {
                let round = round::run(house, mailbox_id, job.id).await?;
                done(Effect::Told(Box::new(round)))
            }
            Job::Reminder { mailbox_id, day } => done(Effect::Reminded(reminder::run(house, mailbox_id, day).await?)),
            Job::Send { mailbox_id } => {
                let (result, tried) = send::run(&self.post, job.id, job.attempt, mailbox_id).await?;
                Ok((
                    result,
                    tried.map_or(Effect::None, |tried| Effect::Tried(Box::new(tried))),
                ))
            }
            Job::Code {
                mailbox_id,
                address_id,
                code,
            } => {
                let (result, refused) = code::run(&self.post, job.id, (mailbox_id, address_id), &code).await?;
                Ok((result, refused.map_or(Effect::None, Effect::CodeRefused)))
            }
            Job::Export { mailbox_id, export_id } => Ok(export::run(&self.post, mailbox_id, export_id).await),
            Job::ExportRemoval { mailbox_id, export_id } => Ok(export::remove(&self.post, mailbox_id, export_id).await),
            Job::Forward { mailbox_id, forward_id } => {
                Ok(forward::run(&self.post, job.attempt, mailbox_id, forward_id).await)
            }
            Job::HelperEnds { mailbox_id, consent_id } => {
                let ending = helper::run(house, mailbox_id, consent_id).await?;
                done(ending.map_or(Effect::None, |ending| Effect::HelperEnds(Box::new(ending))))
            }
            Job::AnswerFeedback { to, language, words } => {
                let how = feedback::run(&self.post, job.id, &to, &language, &words).await?;
                Ok((how, Effect::None))
            }
            Job::DestroyMailbox { mailbox_id } => Ok((destroy::run(&self.post, mailbox_id).await, Effect::None)),
            Job::Sort { mailbox_id, act_id } => {
                let house = house.clone();
                let rest = async move { sorting::finish(&house, mailbox_id, act_id).await };
                Ok((by_itself(rest).await, Effect::None))
            }
            Job::EmptyBin {
                mailbox_id,
                binned_until,
            } => {
                let house = house.clone();
                let until = binned_until.map_or_else(|| house.clock.now() - BIN_KEEPS, from_micros);
                let emptying = async move { sorting::empty(&house, mailbox_id, until).await.map(drop) };
                Ok((by_itself(emptying).await, Effect::None))
            }
        }
    }

    /// Writes how some tries ended, in one transaction, and says so.
    async fn end(&self, lease: Uuid, ended: Vec<Ended>) -> Result<(), OutboxError> {
        let mut tx = self.post.house.db.begin().await?;
        let mut told = Vec::new();
        for one in ended {
            let (id, kind, attempt) = (one.job.id, one.job.kind.clone(), one.job.attempt);
            tx.savepoint().await?;
            match self.end_one(&mut tx, lease, one).await {
                Ok(ending) => {
                    tx.release().await?;
                    told.push(ending);
                }
                // What cannot be written of one is not written, and takes nothing from the others.
                Err(error) => {
                    tx.rollback_to_savepoint().await?;
                    let next = self.failed(&mut tx, lease, (id, &kind, attempt), &error, None).await?;
                    told.push((kind, next.name()));
                }
            }
        }
        tx.commit().await?;
        for (kind, outcome) in told {
            metrics::counter!("brevlada_jobs_total", "kind" => kind, "outcome" => outcome).increment(1);
        }
        Ok(())
    }

    async fn end_one(
        &self,
        tx: &mut Tx,
        lease: Uuid,
        Ended { job, how, effect }: Ended,
    ) -> Result<(String, &'static str), OutboxError> {
        let (id, kind, attempt) = (job.id, job.kind, job.attempt);
        let outcome = match how {
            How::Done => match self.write(tx, effect).await? {
                Rest::Done => {
                    store::job::done(tx, id, lease).await?;
                    tracing::info!(job = %id, kind, attempt, "job done");
                    "done"
                }
                Rest::Later(at) => {
                    store::job::go_on(tx, id, lease, at).await?;
                    tracing::info!(job = %id, kind, attempt, "job goes on later");
                    "later"
                }
            },
            How::NotBegun => {
                store::job::give_back(tx, id, lease).await?;
                "given-back"
            }
            How::Failed(error) => {
                let asked = error.asks_to_wait();
                let next = self.failed(tx, lease, (id, &kind, attempt), &error, asked).await?;
                let effect = match next {
                    Next::Try => effect,
                    Next::GivenUp => given_up(effect),
                };
                self.write(tx, effect).await?;
                next.name()
            }
        };
        Ok((kind, outcome))
    }

    /// Writes that a try failed: tried again by the schedule, or given up. Who asks to be left alone for longer than it says is, but not
    /// for longer than its longest step: nobody else says when a person is told.
    async fn failed(
        &self,
        tx: &mut Tx,
        lease: Uuid,
        (id, kind, attempt): (Uuid, &str, i64),
        error: &(dyn std::error::Error + Sync),
        asked: Option<Duration>,
    ) -> Result<Next, OutboxError> {
        let schedule = &self.settings.retry;
        let step = usize::try_from(attempt - 1).ok().and_then(|tried| schedule.get(tried));
        if let Some(step) = step {
            let longest = schedule.iter().max().copied().unwrap_or_default();
            let wait = asked.unwrap_or_default().min(longest).max(*step);
            let at = self.post.house.clock.now() + wait;
            store::job::again(tx, id, lease, at, &error.to_string()).await?;
            tracing::warn!(job = %id, kind, attempt, %error, again_in = wait.as_secs(), "job failed, will be tried again");
            Ok(Next::Try)
        } else {
            store::job::give_up(tx, id, lease, &error.to_string()).await?;
            tracing::error!(job = %id, kind, attempt, %error, "job given up; «brevlada jobs retry» tries again");
            Ok(Next::GivenUp)
        }
    }

    /// Writes what a try means beside its job.
    async fn write(&self, tx: &mut Tx, effect: Effect) -> Result<Rest, OutboxError> {
        let house = &self.post.house;
        let now = house.clock.now();
        match effect {
            Effect::None | Effect::Reminded(Reminder::NotNeeded) => {}
            Effect::Decided(decision) => decide::write(tx, house, &decision).await?,
            Effect::Told(round) => {
                if round::write(tx, house, &round).await? {
                    return Ok(Rest::Later(now));
                }
            }
            Effect::Reminded(Reminder::Later(at)) => return Ok(Rest::Later(at)),
            Effect::Reminded(Reminder::Due(due)) => reminder::write(tx, house, &due).await?,
            Effect::HelperEnds(ending) => helper::write(tx, house, &ending).await?,
            Effect::Tried(tried) => {
                tried::write(tx, house, &tried).await?;
                if let Outcome::Held { until } = tried.outcome {
                    return Ok(Rest::Later(until));
                }
            }
            Effect::CodeRefused(refused) => {
                store::address::mark_broken(tx, refused.mailbox_id, refused.address_id, now, &refused.number).await?;
            }
            Effect::Exported {
                mailbox_id,
                export_id,
                step,
                expires_at,
            } => {
                if store::export::advance(tx, mailbox_id, export_id, step).await? {
                    let (job, at) = if let Some(expires_at) = expires_at {
                        store::export::finish(tx, mailbox_id, export_id, expires_at).await?;
                        (Job::ExportRemoval { mailbox_id, export_id }, expires_at)
                    } else {
                        (Job::Export { mailbox_id, export_id }, now)
                    };
                    enqueue(tx, house, &job, at).await?;
                }
            }
            Effect::HoldUpExport {
                mailbox_id,
                export_id,
                at,
            } => store::export::hold_up(tx, mailbox_id, export_id, at).await?,
            Effect::FailExport { mailbox_id, export_id } => store::export::fail(tx, mailbox_id, export_id).await?,
            Effect::RemoveExport { mailbox_id, export_id } => {
                store::export::remove(tx, mailbox_id, export_id).await?;
            }
            Effect::Forward {
                mailbox_id,
                id,
                state,
                attempts,
            } => {
                store::forward::change(tx, mailbox_id, id, Forwarded::Waiting, state, attempts, now).await?;
            }
        }
        Ok(Rest::Done)
    }
}

/// Work that writes runs in a task of its own. Polled together with the other tries it would stand still in the middle of its
/// transaction while the end of another try waits for that very transaction.
async fn by_itself(work: impl Future<Output = Result<(), SortingError>> + Send + 'static) -> Result<(), TryError> {
    match tokio::spawn(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(TryError::Panicked),
    }
}

/// The last try is not followed by another: what waited has failed.
fn given_up(effect: Effect) -> Effect {
    match effect {
        Effect::Tried(mut tried) if tried.outcome == Outcome::Again => {
            tried.outcome = Outcome::GivenUp;
            Effect::Tried(tried)
        }
        Effect::HoldUpExport {
            mailbox_id, export_id, ..
        } => Effect::FailExport { mailbox_id, export_id },
        Effect::Forward {
            mailbox_id,
            id,
            attempts,
            ..
        } => Effect::Forward {
            mailbox_id,
            id,
            state: Forwarded::Failed,
            attempts,
        },
        other => other,
    }
}
