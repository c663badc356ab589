//! Becoming a holder.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Becoming a holder.
#[async_trait]
pub trait Registration: Send + Sync {
    /// Who is logged in and how they stand with FaR.
    async fn standing(&self) -> Result<Standing, PortError>;
    /// Accepts the terms and registers here.
    async fn accept(&self, terms: String) -> Result<Standing, PortError>;
    /// Accepts the terms and moves the mailbox here from another operator.
    async fn move_here(&self, terms: String) -> Result<Standing, PortError>;
}

/// A person without an open mailbox here, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// May read the terms and open a mailbox.
    MayOpen {
        /// The person's name.
        name: String,
        /// Version of the terms to accept.
        terms: String,
    },
    /// Has an open mailbox here now.
    Open,
    /// Has a mailbox at another operator.
    Elsewhere {
        /// That operator's name.
        operator: String,
        /// Version of the terms to accept, to move here.
        terms: String,
    },
    /// Under 18.
    TooYoung,
    /// Protected identity.
    Protected,
    /// No Swedish number, or not in the population register.
    NoSwedishNumber,
    /// FaR cannot be reached: nothing was done, try again.
    TryAgain,
}
