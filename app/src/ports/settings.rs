//! Contact details, notices and sessions.

use super::{LetterId, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Contact details, notices and sessions.
#[async_trait]
pub trait Settings: Send + Sync {
    /// The e-mail address for notices.
    async fn contact(&self) -> Result<Contact, PortError>;
    /// Gives a new address; a code goes out by mail.
    async fn change_email(&self, address: String) -> Result<ChangeEmail, PortError>;
    /// Confirms the address with the code.
    async fn confirm_email(&self, code: String) -> Result<ConfirmEmail, PortError>;
    /// Takes the address away.
    async fn remove_email(&self) -> Result<(), PortError>;
    /// Every notice and what became of it, newest first.
    async fn notices(&self) -> Result<Vec<NoticeRow>, PortError>;
    /// Where the person is logged in.
    async fn sessions(&self) -> Result<Vec<SessionRow>, PortError>;
    /// Ends one other session.
    async fn end_session(&self, handle: String) -> Result<(), PortError>;
    /// Ends every session but this one.
    async fn end_other_sessions(&self) -> Result<(), PortError>;
    /// The language of notices, `sv` or `en`; follows the language chosen on the pages.
    async fn set_language(&self, language: String) -> Result<(), PortError>;
}

/// The state of the one e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Contact {
    /// No address.
    None,
    /// A code was sent and not yet given back.
    Unconfirmed {
        /// The address.
        email: String,
    },
    /// Notices go here.
    Confirmed {
        /// The address.
        email: String,
        /// A new address that waits for its code.
        waiting: Option<String>,
    },
}

/// What came of giving an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChangeEmail {
    /// A code is on its way.
    CodeSent,
    /// That is not an e-mail address.
    NotAnAddress,
    /// Too many codes were asked for; wait an hour.
    TooMany,
}

/// What came of giving a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConfirmEmail {
    /// The address is confirmed.
    Confirmed,
    /// Another code was sent; so many tries are left.
    WrongCode {
        /// Tries left.
        left: u32,
    },
    /// No tries are left, or the code is too old: ask for a new one.
    Over,
}

/// One notice and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Where it went.
    pub to: String,
    /// What became of it.
    pub state: NoticeState,
    /// How many times it was tried.
    pub attempts: u32,
    /// The letter it told of.
    pub letter: Option<LetterId>,
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeState {
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// Given up after the last try.
    Failed,
}

/// A place where the person is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Names it in the form that ends it; no session can be taken over with it.
    pub handle: String,
    /// Browser and system in words, from the browser's own description.
    pub device: String,
    /// Logged in at.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// Last used at.
    #[serde(with = "time::serde::rfc3339")]
    pub seen: OffsetDateTime,
    /// This one.
    pub current: bool,
}
