//! Passing letters on.

use super::{LetterId, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Passing letters on, by e-mail or into another mailbox here; and who may pass on into this one.
#[async_trait]
pub trait Forwarding: Send + Sync {
    /// What the page about a letter shows, with what was typed under `draft`.
    async fn question(&self, letter: LetterId, draft: Option<String>) -> Result<ForwardQuestion, PortError>;
    /// Keeps what was typed, to be confirmed or corrected.
    async fn ask(&self, letter: LetterId, way: ForwardWay, typed: String) -> Result<AskForward, PortError>;
    /// Confirms it.
    async fn send(&self, letter: LetterId, draft: String, also: AlsoForward) -> Result<SendForward, PortError>;
    /// What was passed on, newest first, older than `before`.
    async fn forwarded(&self, before: Option<String>) -> Result<ForwardedPage, PortError>;
    /// The rules, the oldest first.
    async fn forward_rules(&self) -> Result<Vec<ForwardRule>, PortError>;
    /// Takes one away.
    async fn remove_forward_rule(&self, id: String) -> Result<(), PortError>;
    /// Takes a letter back that waits for an answer.
    async fn take_back(&self, id: String) -> Result<(), PortError>;
    /// Who asks to pass letters on to the person, and whom they have answered: the newest question first.
    async fn askers(&self) -> Result<Vec<Asker>, PortError>;
    /// How many of them wait for an answer.
    async fn askers_waiting(&self) -> Result<u64, PortError>;
    /// Answers one of them.
    async fn answer(&self, id: String, answer: AskerAnswer) -> Result<(), PortError>;
}

/// Which way a letter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForwardWay {
    /// By e-mail.
    Mail,
    /// Into another mailbox here.
    Mailbox,
}

/// Who asks to pass letters on to the person, as the register of holders has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asker {
    /// Names the question in the forms that answer it.
    pub id: String,
    /// Name.
    pub name: String,
    /// Number, as people write it.
    pub number: String,
    /// How it stands.
    pub state: AskerState,
    /// When they asked, or were answered.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
}

/// How a question stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskerState {
    /// It waits for an answer.
    Waiting,
    /// Letters may come.
    Accepted,
    /// The answer was no.
    Declined,
    /// The answer was no, for good.
    Blocked,
}

/// What the person says to somebody who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AskerAnswer {
    /// Letters may come.
    Yes,
    /// No, or no longer.
    No,
    /// No, and not to be asked again.
    Block,
    /// May be asked again.
    Unblock,
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
    /// It is too big for e-mail: bigger than so many bytes.
    pub too_big_for_mail: Option<u64>,
    /// Into a mailbox it goes as the signed original; otherwise as a copy without signature.
    pub whole: bool,
    /// The holder that the sender addressed it to, when that is not the person.
    pub addressed_to: Option<String>,
    /// What was typed.
    pub typed: Option<Typed>,
}

/// What was typed as an address or a number.
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
    /// A number, to be confirmed under this name.
    Mailbox {
        /// The number as it was understood, as people write it.
        number: String,
        /// Names it in the form that confirms it.
        draft: String,
    },
    /// No number, or one that cannot be right.
    WrongNumber(String),
    /// The person's own number.
    OwnNumber(String),
}

/// Why a letter may not be passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForbiddenForward {
    /// The holder's identity is protected.
    Protected,
    /// The sender does not allow it.
    BySender,
    /// It lies in the bin.
    Binned,
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
    /// It waits for the answer of who is to have it.
    Asking,
    /// The letter may not be passed on.
    Forbidden,
    /// So many today that no more go.
    TooMany,
    /// So many rules that no more are made; nothing was sent.
    TooManyRules,
    /// So many are asked and have not said yes that nobody more is; nothing was sent.
    TooManyAsked,
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
    /// Names it in the form that takes it back.
    pub id: String,
    /// Which way.
    pub way: ForwardWay,
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
    /// Waits for an answer.
    Asking,
    /// Nobody has said yes.
    Unanswered,
    /// Taken back before there was an answer.
    Withdrawn,
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The mail server took it, or it lies in the other mailbox.
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
