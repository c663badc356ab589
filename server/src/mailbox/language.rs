//! The language of notices.

use super::MailboxError;
use super::access::{Person, enter};
use crate::domain::right::Right;
use crate::house::House;
use crate::store;

/// A language that notices are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeLanguage {
    /// Swedish.
    Swedish,
    /// English.
    English,
}

impl NoticeLanguage {
    fn tag(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }
}

/// Sets the language of the person's notices.
pub async fn set_language(house: &House, person: &Person, language: NoticeLanguage) -> Result<(), MailboxError> {
    let mut tx = house.db.begin().await?;
    if let Some(entered) = enter(&mut tx, house, person, Right::EditSettings).await? {
        store::mailbox::set_language(&mut tx, entered.id, language.tag()).await?;
        tx.commit().await?;
    }
    Ok(())
}
