//! Work that follows a commit: notices and codes, by e-mail, text message and in browsers, exports, letters that are passed on, and what is done with many letters at once.
//!
//! A job is a row, written by [`enqueue`] in the transaction that causes the work: either both are kept or neither. A
//! [`Worker`] takes rows by lease, does the work, and tries again by the schedule of the configuration. What is given up
//! stays as a row, a figure and a line in the log.
//!
//! A letter's way to its reader: a [`Job::Notice`] decides by the person's rules ([`decide`]). What is to be told at once becomes a notice
//! and a [`Job::Send`] for each address ([`tell`]); what is held or gathered waits in a round, whose [`Job::Round`] does the same at its
//! time. Each send is tried on its own, and when all of them have failed the second way is taken ([`tried`]). Every step is written in the
//! transaction that ends the one before, so that nothing is lost or told twice, whatever stops in between.

pub mod addresses;
mod code;
pub mod decide;
mod destroy;
mod export;
mod feedback;
mod forward;
mod hand_over;
pub mod helper;
mod labels;
pub mod mail;
pub mod parts;
mod post;
mod preview;
pub mod push;
mod reminder;
pub mod report_path;
pub mod return_path;
mod round;
pub mod rules;
mod send;
pub mod sms;
pub mod tell;
pub mod tried;
pub mod words;
mod worker;

pub use code::code_hash;
pub use hand_over::{ASK_WAITS, ask_index};
pub use preview::{Shown, preview};
pub use worker::{Worker, WorkerError};

use crate::db::{DbError, Tx};
use crate::house::House;
use crate::seal::{Place, SealError};
use crate::store;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};
use uuid::Uuid;

/// What is to be done.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Job {
    /// Decide when and how the holder is told that a letter has come.
    Notice {
        /// Whose mailbox.
        mailbox_id: Uuid,
        /// Which letter.
        letter_id: Uuid,
    },
    /// Tell of everything that has waited for this moment. The job's id is the round's.
    Round {
        /// Whose mailbox.
        mailbox_id: Uuid,
    },
    /// Remind of what is still unread.
    Reminder {
        /// Whose mailbox.
        mailbox_id: Uuid,
        /// The day of the reminder, by the holder's calendar.
        day: Date,
    },
    /// Send a notice to its address. The job's id is the notice's.
    Send {
        /// Whose mailbox.
        mailbox_id: Uuid,
    },
    /// Send the code that confirms an address.
    Code {
        /// Whose mailbox.
        mailbox_id: Uuid,
        /// Which address.
        address_id: Uuid,
        /// Six digits.
        code: String,
    },
    /// Do the rest of what was asked for with many letters.
    Sort {
        /// Whose mailbox.
        mailbox_id: Uuid,
        /// The act.
        act_id: Uuid,
    },
    /// Remove for good what lies in the bin.
    EmptyBin {
        /// Whose mailbox.
        mailbox_id: Uuid,
        /// What was put there until then, in microseconds; without it, what has lain there for as long as the bin keeps letters.
        binned_until: Option<i64>,
    },
    /// Make the next piece of an export.
    Export {
        /// Of which mailbox.
        mailbox_id: Uuid,
        /// Which export.
        export_id: Uuid,
    },
    /// Pass a letter on, by e-mail or into another mailbox.
    Forward {
        /// From which mailbox.
        mailbox_id: Uuid,
        /// Which row of what is passed on.
        forward_id: Uuid,
    },
    /// Take an export away.
    ExportRemoval {
        /// Of which mailbox.
        mailbox_id: Uuid,
        /// Which export.
        export_id: Uuid,
    },
    /// Tell that somebody will soon no longer be let in.
    HelperEnds {
        /// Into which mailbox.
        mailbox_id: Uuid,
        /// By which consent.
        consent_id: Uuid,
    },
    /// Answer what somebody thinks of the service, by e-mail.
    AnswerFeedback {
        /// Their address, as they typed it.
        to: String,
        /// The language of the pages that they were on.
        language: String,
        /// What staff have written.
        words: String,
    },
    /// Destroy the key of a mailbox that was ended, when its day has come.
    DestroyMailbox {
        /// Whose mailbox it was.
        mailbox_id: Uuid,
    },
}

impl std::fmt::Debug for Job {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Job({})", self.kind())
    }
}

impl Job {
    /// The name of its kind, in the table and in figures.
    fn kind(&self) -> &'static str {
        match self {
            Job::Notice { .. } => "notice",
            Job::Round { .. } => "notice-round",
            Job::Reminder { .. } => "reminder",
            Job::Send { .. } => "notice-send",
            Job::Code { .. } => "code",
            Job::Sort { .. } => "sort",
            Job::EmptyBin { .. } => "empty-bin",
            Job::Export { .. } => "export",
            Job::ExportRemoval { .. } => "export-removal",
            Job::Forward { .. } => "forward",
            Job::HelperEnds { .. } => "helper-ends",
            Job::AnswerFeedback { .. } => "feedback-answer",
            Job::DestroyMailbox { .. } => "destroy-mailbox",
        }
    }
}

/// Why work could not be taken on. Never names a person.
#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Sealing or opening.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// What is in a row cannot be written or read.
    #[error("a job, or what it names, holds something that cannot be read")]
    Content,
    /// The words of a message could not be put together.
    #[error("the text of a message could not be made")]
    Words,
}

/// Writes a job in the caller's transaction, to be done at `run_at` or soon after, and rings for the worker. Gives the job's id.
///
/// The worker looks a moment after the ring and again a little later, so a transaction that commits soon needs nothing more.
pub async fn enqueue(tx: &mut Tx, house: &House, job: &Job, run_at: OffsetDateTime) -> Result<Uuid, OutboxError> {
    let id = house.ids.at(run_at);
    store::job::insert(tx, new_job(house, id, job, run_at)?).await?;
    house.bell.notify_one();
    Ok(id)
}

/// The same for a job whose id is given: nothing when it is there already.
pub async fn enqueue_once(
    tx: &mut Tx,
    house: &House,
    id: Uuid,
    job: &Job,
    run_at: OffsetDateTime,
) -> Result<(), OutboxError> {
    store::job::insert_once(tx, new_job(house, id, job, run_at)?).await?;
    house.bell.notify_one();
    Ok(())
}

fn new_job(house: &House, id: Uuid, job: &Job, run_at: OffsetDateTime) -> Result<store::job::NewJob, OutboxError> {
    let plain = serde_json::to_vec(job).map_err(|_| OutboxError::Content)?;
    Ok(store::job::NewJob {
        id,
        kind: job.kind(),
        payload: house.keys.seal(house.ids, &Place::of("job", &id, "payload"), &plain)?,
        run_at,
    })
}
