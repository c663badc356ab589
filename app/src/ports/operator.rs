//! The mailbox operator: where the mailbox is, and leaving.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Where the mailbox is, and leaving.
#[async_trait]
pub trait Operator: Send + Sync {
    /// How it stands here and in FaR.
    async fn look(&self) -> Result<OperatorPage, PortError>;
    /// What is signed to end the mailbox, and what follows.
    async fn before_the_end(&self) -> Result<BeforeTheEnd, PortError>;
    /// Ends the mailbox, by the text with this mark.
    async fn end(&self, mark: String) -> Result<Ended, PortError>;
}

/// Whether letters come in, and if not, why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MailboxStanding {
    /// Letters come in.
    Open,
    /// The holder has moved to another operator.
    Moved {
        /// Its name.
        to: String,
        /// When that was found.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
    /// The holder has no mailbox anywhere, and it was not ended here.
    Left {
        /// When that was found.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
    },
    /// The holder ended the mailbox.
    Ended {
        /// When.
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
        /// Until when it can be read.
        #[serde(with = "time::serde::rfc3339::option")]
        until: Option<OffsetDateTime>,
    },
}

/// What FaR says of the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum InRegister {
    /// Here.
    Here,
    /// With another operator, by name.
    Elsewhere(String),
    /// Nowhere.
    Nowhere,
    /// FaR does not answer.
    Unknown,
}

/// The page about the operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorPage {
    /// How it stands here.
    pub standing: MailboxStanding,
    /// What FaR says.
    pub register: InRegister,
    /// When the mailbox was opened.
    #[serde(with = "time::serde::rfc3339")]
    pub opened_at: OffsetDateTime,
}

/// What a person reads before they end the mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeforeTheEnd {
    /// Until when it can be read.
    #[serde(with = "time::serde::rfc3339")]
    pub until: OffsetDateTime,
    /// The whole text to be signed.
    pub text: String,
    /// The mark of the text: what is signed is what was read.
    pub mark: String,
}

/// What came of ending the mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ended {
    /// It is ended.
    Done,
    /// The text is another now: read it again.
    ReadAgain,
    /// More people must sign (companies).
    MoreMustSign,
    /// No machine can tell who must sign (companies).
    RuleNotSupported,
    /// FaR did not answer, or refused; nothing has changed.
    TryAgain,
}
