//! What a person keeps outside the mailbox.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What a person keeps outside the mailbox. Single letters are fetched from addresses of their own, `/hamta/brev/{id}/…`.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// Whether letters can be fetched as PDF.
    fn makes_pdf(&self) -> bool;
    /// How the file with everything stands.
    async fn export(&self) -> Result<Export, PortError>;
    /// Begins to make one; it takes the place of one that is ready.
    async fn start_export(&self) -> Result<StartExport, PortError>;
    /// Takes it away.
    async fn remove_export(&self) -> Result<(), PortError>;
}

/// How the file with everything stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Export {
    /// None has been asked for.
    None,
    /// It is being made.
    Working {
        /// Letters that are in it.
        done: u64,
        /// Letters that will be.
        letters: u64,
        /// The last try failed; it will be tried again.
        held_up: bool,
    },
    /// It can be fetched.
    Ready {
        /// From where.
        address: String,
        /// How many letters are in it.
        letters: u64,
        /// How long it is.
        bytes: u64,
        /// The time that it shows the mailbox at.
        #[serde(with = "time::serde::rfc3339")]
        made_at: OffsetDateTime,
        /// It goes then.
        #[serde(with = "time::serde::rfc3339")]
        until: OffsetDateTime,
    },
    /// Given up.
    Failed,
}

/// What came of asking for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StartExport {
    /// It is being made.
    Started,
    /// One was being made already.
    Working,
}
