//! Sessions and the language of notices.

use super::PortError;
use crate::request::Language;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Sessions and the language of notices.
#[async_trait]
pub trait Settings: Send + Sync {
    /// Where the person is logged in.
    async fn sessions(&self) -> Result<Vec<SessionRow>, PortError>;
    /// Ends one other session.
    async fn end_session(&self, handle: String) -> Result<(), PortError>;
    /// Ends every session but this one.
    async fn end_other_sessions(&self) -> Result<(), PortError>;
    /// Chooses the language of notices. Gives the cookie, as `Set-Cookie` has it, by which this browser has its pages in it too.
    async fn set_language(&self, language: Language) -> Result<String, PortError>;
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
