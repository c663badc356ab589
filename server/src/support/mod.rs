//! The operator's staff: who they are, what they may do, and what they do. Nothing here opens a letter; one place takes a mailbox's key, and
//! gives of it what an account is (`keyhole`).

pub mod access;
pub mod account;
pub mod account_acts;
pub mod attention;
pub mod audit_log;
pub mod certificates;
mod draft;
pub mod feedback;
mod keyhole;
pub mod local;
pub mod look;
pub mod numbers;
mod password;
pub mod queue;
pub mod register;
pub mod second;
pub mod senders;
pub mod texts;
pub mod trace;

use crate::audit::AuditError;
use crate::db::DbError;
use crate::seal::SealError;

/// Why something of the staff's could not be carried out at all.
#[derive(Debug, thiserror::Error)]
pub enum SupportError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// Something sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The audit log.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Opinions and texts, which are people's too.
    #[error(transparent)]
    Mailbox(#[from] crate::mailbox::MailboxError),
    /// A job could not be written.
    #[error(transparent)]
    Outbox(#[from] crate::outbox::OutboxError),
    /// A sealed record holds something else than we wrote.
    #[error("a stored {0} cannot be read")]
    Record(&'static str),
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// Not theirs to do.
    #[error("not theirs to do")]
    NotAllowed,
    /// A password could not be hashed.
    #[error("a password could not be hashed")]
    Hashing,
}
