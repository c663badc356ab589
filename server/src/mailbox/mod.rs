//! What is done with mailboxes: one file for each use case, each one transaction, each with a closed answer.

pub mod access;
pub mod access_log;
pub mod attachment;
pub mod bin;
pub mod bounce;
pub mod browser;
pub mod calendar;
pub mod categories;
pub mod companies;
pub mod consents;
pub mod contacts;
pub mod copy;
pub mod deliver;
pub mod download;
mod draft;
pub mod export;
pub mod feedback;
pub mod folders;
pub mod forward;
pub mod forward_ask;
mod forward_log;
mod forward_rules;
mod forward_told;
pub mod handling;
pub mod import;
mod import_places;
pub mod inbox;
pub mod keys;
pub mod language;
pub mod leaving;
pub mod letter;
pub mod list;
mod list_orders;
pub mod mark;
pub mod matters;
pub mod notice_log;
pub mod notice_rules;
pub mod notice_try;
pub mod payments;
pub mod reach;
pub mod reception;
pub mod registration;
mod rule_trial;
pub mod rules;
pub mod search;
pub mod sms_report;
pub mod sort;
mod subject_order;
pub mod texts;
pub mod typed_name;
pub mod ways;

use crate::db::DbError;
use crate::seal::SealError;

/// Why a use case could not be carried out at all; what a person may see of it is a reference number.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Something sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] crate::audit::AuditError),
    /// A job could not be written.
    #[error(transparent)]
    Outbox(#[from] crate::outbox::OutboxError),
    /// The index of search.
    #[error(transparent)]
    Search(#[from] crate::search::SearchError),
    /// A delivery's signed original.
    #[error(transparent)]
    Original(#[from] crate::original::OriginalError),
    /// Letters could not be sorted.
    #[error(transparent)]
    Sorting(#[from] crate::sorting::SortingError),
    /// The infrastructure gave no usable answer.
    #[error(transparent)]
    Register(#[from] crate::register::RegisterError),
    /// A sealed record holds something else than we wrote. The text names the record's kind, never its content.
    #[error("a stored {0} cannot be read")]
    Record(&'static str),
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// Work on letters.
    #[error(transparent)]
    Labour(#[from] crate::labour::EndedEarly),
}
