//! Sessions, and the language of notices, of the person who is logged in.

use super::choice;
use super::ports::unavailable;
use crate::house::House;
use crate::login::{CurrentSession, Sessions};
use crate::mailbox::access::Person;
use crate::mailbox::language::{NoticeLanguage, set_language};
use app::Language;
use app::ports::{PortError, SessionRow, Settings};
use async_trait::async_trait;

/// The settings of one mailbox, for its holder.
pub(super) struct OwnSettings {
    pub(super) house: House,
    pub(super) person: Person,
    pub(super) sessions: Sessions,
    pub(super) session: CurrentSession,
    /// Whether the house is reached over https alone.
    pub(super) https: bool,
}

#[async_trait]
impl Settings for OwnSettings {
    async fn sessions(&self) -> Result<Vec<SessionRow>, PortError> {
        let sessions = self.sessions.list(&self.session).await.map_err(unavailable)?;
        Ok(sessions
            .into_iter()
            .map(|session| SessionRow {
                handle: session.handle,
                device: session.device,
                since: session.since,
                seen: session.seen,
                current: session.current,
            })
            .collect())
    }

    async fn end_session(&self, handle: String) -> Result<(), PortError> {
        let ended = self.sessions.end(&self.session, &handle).await.map_err(unavailable)?;
        if ended { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn end_other_sessions(&self) -> Result<(), PortError> {
        self.sessions
            .end_others(&self.session)
            .await
            .map(drop)
            .map_err(unavailable)
    }

    async fn set_language(&self, language: Language) -> Result<String, PortError> {
        let notices = match language {
            Language::Swedish => NoticeLanguage::Swedish,
            Language::English => NoticeLanguage::English,
        };
        set_language(&self.house, &self.person, notices)
            .await
            .map_err(unavailable)?;
        Ok(choice::cookie(self.https, Language::COOKIE, language.tag()))
    }
}
