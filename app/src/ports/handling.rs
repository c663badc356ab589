//! Working on a company's letters together.

use super::{LetterId, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Who of a company takes which letter, and what they note.
#[async_trait]
pub trait Handling: Send + Sync {
    /// The work on a letter; nothing in a person's mailbox.
    async fn work(&self, letter: LetterId) -> Result<Option<LetterWork>, PortError>;
    /// Decides who takes it, or how far they have come.
    async fn decide(
        &self,
        letter: LetterId,
        decision: HandlingDecision,
        seen: i64,
    ) -> Result<HandlingChanged, PortError>;
    /// Notes something for colleagues.
    async fn write_note(&self, letter: LetterId, text: String) -> Result<HandlingChanged, PortError>;
    /// Takes a note of one's own away.
    async fn remove_note(&self, letter: LetterId, note: NoteId) -> Result<HandlingChanged, PortError>;
    /// Letters that the person takes and has not done, the newest first.
    async fn taken(&self, before: Option<LetterId>) -> Result<TakenPage, PortError>;
}

/// Names a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteId(pub String);

/// Names somebody whom a letter can be given to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColleagueId(pub String);

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlingStep {
    /// Somebody is to take it.
    Given,
    /// They have begun.
    Begun,
    /// It is done.
    Done,
}

/// Who takes a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Their name.
    pub taker: String,
    /// It is who asks.
    pub mine: bool,
    /// How far it has come.
    pub step: HandlingStep,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: OffsetDateTime,
}

/// What a colleague has noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterNote {
    /// The note.
    pub id: NoteId,
    /// Who wrote it.
    pub author: String,
    /// It was who asks.
    pub mine: bool,
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub text: String,
}

/// The work on a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterWork {
    /// Who takes it; nothing: nobody yet.
    pub taken: Option<Taken>,
    /// To be given back when it is changed.
    pub seen: i64,
    /// Whom it can be given to, by name.
    pub colleagues: Vec<(ColleagueId, String)>,
    /// Notes, the oldest first.
    pub notes: Vec<LetterNote>,
    /// Whether whoever asks may change any of it.
    pub may_change: bool,
}

/// What is decided of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandlingDecision {
    /// Whoever decides takes it.
    Mine,
    /// Somebody else does.
    To(ColleagueId),
    /// Nobody does.
    Nobody,
    /// Whoever takes it has come so far.
    Step(HandlingStep),
}

/// What came of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandlingChanged {
    /// It is so now.
    Done,
    /// Somebody else has changed it meanwhile.
    Meanwhile,
    /// An empty note, or one too long or too many.
    NotTaken,
}

/// A letter that somebody takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenRow {
    /// Which.
    pub letter: LetterId,
    /// Its subject.
    pub subject: String,
    /// Who sent it.
    pub sender: String,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// It lies in the bin.
    pub is_binned: bool,
    /// How far it has come.
    pub step: HandlingStep,
}

/// A page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenPage {
    /// The newest first.
    pub rows: Vec<TakenRow>,
    /// Where the next page begins.
    pub next: Option<LetterId>,
}
