//! What anybody may ask, logged in or not: help and news, and saying what one thinks of the service.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What anybody may ask.
#[async_trait]
pub trait Public: Send + Sync {
    /// The texts of a kind that are shown now, newest first.
    async fn texts(&self, kind: TextKind) -> Result<Vec<TextRow>, PortError>;
    /// One text.
    async fn text(&self, kind: TextKind, name: String) -> Result<Text, PortError>;
    /// Says what one thinks of the service.
    async fn say(&self, opinion: Opinion) -> Result<Said, PortError>;
    /// What was typed and was not right, once.
    async fn typed(&self, draft: String) -> Result<Option<Opinion>, PortError>;
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextKind {
    /// Help.
    Help,
    /// News.
    News,
}

/// A text in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextRow {
    /// Its name in addresses.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// The language that it is in.
    pub language: String,
    /// From when it is shown; nothing when the house itself brings it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub shown_from: Option<OffsetDateTime>,
}

/// A text to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// What lists say of it.
    pub row: TextRow,
    /// The text, cleaned: safe to put on a page.
    pub html: String,
}

/// What somebody thinks of the service.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The words.
    pub words: String,
    /// An answer is wanted.
    pub answer: bool,
    /// Where to.
    pub email: String,
    /// The page that they came from.
    pub page: String,
}

impl std::fmt::Debug for Opinion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opinion(…)")
    }
}

/// What came of saying it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Said {
    /// It is here.
    Done,
    /// Something is not right.
    Wrong {
        /// Names what was typed, for one page.
        draft: String,
        /// The words are missing or too many.
        words: bool,
        /// There is no address for the answer.
        email: bool,
    },
    /// Too much came in the last hour.
    TooMany,
}
