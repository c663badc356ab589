//! Passing letters on.

use super::{LetterId, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Passing letters on by e-mail.
#[async_trait]
pub trait Forwarding: Send + Sync {
    /// What the page about a letter shows, with what was typed under `draft`.
    async fn question(&self, letter: LetterId, draft: Option<String>) -> Result<ForwardQuestion, PortError>;
    /// Keeps what was typed, to be confirmed or corrected.
    async fn ask(&self, letter: LetterId, typed: String) -> Result<AskForward, PortError>;
    /// Confirms it.
    async fn send(&self, letter: LetterId, draft: String, also: AlsoForward) -> Result<SendForward, PortError>;
    /// What was passed on, newest first, older than `before`.
    async fn forwarded(&self, before: Option<String>) -> Result<ForwardedPage, PortError>;
    /// The rules, the oldest first.
    async fn forward_rules(&self) -> Result<Vec<ForwardRule>, PortError>;
    /// Takes one away.
    async fn remove_forward_rule(&self, id: String) -> Result<(), PortError>;
}

/// A letter that is to be passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardQuestion {
    /// The sender's name.
    pub sender: String,
    /// The subject.
    pub subject: String,
    /// How many attachments go along.
    pub attachments: u32,
    /// How many bytes they and the text are.
    pub bytes: u64,
    /// Why it may not be passed on, if it may not.
    pub forbidden: Option<ForbiddenForward>,
    /// What was typed.
    pub typed: Option<Typed>,
}

/// What was typed as an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Typed {
    /// An address, to be confirmed under this name.
    Address {
        /// The address as it will be used.
        address: String,
        /// Names it in the form that confirms it.
        draft: String,
    },
    /// Something else, to be corrected.
    Wrong(String),
}

/// Why a letter may not be passed on by e-mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForbiddenForward {
    /// The holder's identity is protected.
    Protected,
    /// The sender does not allow it.
    BySender,
    /// It is bigger than so many bytes.
    TooBig(u64),
}

/// What came of typing an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskForward {
    /// Kept under this name.
    Kept(String),
    /// The letter may not be passed on.
    Forbidden,
}

/// What else is to go to the same address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlsoForward {
    /// Nothing.
    Nothing,
    /// What comes from the same sender, for so many days.
    FromSender(u16),
    /// Everything that comes, for so many days.
    Everything(u16),
}

/// What came of confirming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SendForward {
    /// It is on its way.
    Waiting,
    /// The letter may not be passed on.
    Forbidden,
    /// So many today that no more go.
    TooMany,
    /// So many rules that no more are made; nothing was sent.
    TooManyRules,
}

/// Some of what was passed on, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardedPage {
    /// Newest first.
    pub rows: Vec<ForwardedRow>,
    /// Give this as `before` for the following page.
    pub next: Option<String>,
}

/// A letter that was passed on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardedRow {
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// To where.
    pub to: String,
    /// What became of it.
    pub state: ForwardState,
    /// How many tries there were.
    pub attempts: u32,
    /// By a rule.
    pub by_rule: bool,
    /// Which letter, with its subject, if it is still there.
    pub letter: Option<(LetterId, String)>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForwardState {
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// Given up after the last try.
    Failed,
    /// No longer allowed when its turn came, or the letter was gone.
    Stopped,
}

/// A rule that passes on what comes in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForwardRule {
    /// Names it in the form that takes it away.
    pub id: String,
    /// To where.
    pub to: String,
    /// From which sender; from all without.
    pub sender: Option<String>,
    /// When it ends.
    #[serde(with = "time::serde::rfc3339")]
    pub ends_at: OffsetDateTime,
    /// It has ended.
    pub over: bool,
}
