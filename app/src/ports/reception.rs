//! Reception rules (mottagningsregler): from whom letters come here, and from whom on paper.

use super::PortError;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Reception rules. They are kept in FaR; here are only ticks that wait to be signed.
#[async_trait]
pub trait Reception: Send + Sync {
    /// A page of the senders, as FaR has them, with the ticks.
    async fn rules(&self, query: RulesQuery) -> Result<RulesPage, PortError>;
    /// Keeps the ticks of a page.
    async fn keep(&self, ticks: Vec<Tick>) -> Result<Kept, PortError>;
    /// Ticks every sender, one way or the other.
    async fn keep_all(&self, digital: bool) -> Result<Kept, PortError>;
    /// Forgets the ticks.
    async fn forget(&self) -> Result<Kept, PortError>;
    /// Keeps the ticks where they differ from what FaR says now, and takes FaR's word for the rest.
    async fn settle(&self) -> Result<Kept, PortError>;
    /// The new senders have been seen.
    async fn see_all(&self) -> Result<Kept, PortError>;
    /// What is about to be signed.
    async fn review(&self) -> Result<Review, PortError>;
    /// Signs the text with this mark.
    async fn sign(&self, mark: String) -> Result<Signed, PortError>;
}

/// Which senders a page shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShowSenders {
    /// Every one.
    #[default]
    All,
    /// Those that have written to this mailbox.
    Written,
    /// Those whose letters come on paper.
    Paper,
    /// Those that have joined lately.
    New,
}

/// What a page is asked to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesQuery {
    /// Filter.
    pub show: ShowSenders,
    /// A part of a name, or of an organisation number.
    pub search: String,
    /// The letter that the names begin with, when there are too many for one page.
    pub letter: Option<String>,
}

/// The senders, or why they cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RulesPage {
    /// The senders.
    Rules(Rules),
    /// FaR does not answer; nothing has changed.
    TryAgain,
    /// The mailbox here is not open, so there are no rules here.
    NotHere,
}

/// A page of senders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// By name.
    pub senders: Vec<SenderRow>,
    /// The letters to choose among; none when everything fits on this page.
    pub letters: Vec<String>,
    /// The letter of this page.
    pub letter: Option<String>,
    /// How many fit the filter and the search.
    pub found: usize,
    /// Every sender of Mina meddelanden.
    pub total: usize,
    /// Of them, who has written to this mailbox.
    pub written: usize,
    /// Of them, whose letters come on paper.
    pub paper: usize,
    /// Of them, who has joined since the person last looked through the list.
    pub new: usize,
    /// Ticks that wait to be signed.
    pub changes: usize,
}

/// A sender on a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderRow {
    /// Its number, as forms carry it.
    pub number: String,
    /// Its number, as people write it.
    pub organisation: String,
    /// Its name.
    pub name: String,
    /// What FaR says.
    pub in_register: bool,
    /// What the ticks say.
    pub digital: bool,
    /// When its newest letter came.
    #[serde(with = "time::serde::rfc3339::option")]
    pub last_letter: Option<OffsetDateTime>,
    /// Has joined lately.
    pub new: bool,
}

/// One tick of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// The sender's number.
    pub number: String,
    /// What the page said that FaR says.
    pub was: bool,
    /// What is wanted.
    pub digital: bool,
}

/// What came of keeping ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kept {
    /// They are kept.
    Done,
    /// FaR would have to be asked and does not answer, or the mailbox is not open here. Nothing has changed.
    NotNow,
}

/// What is about to be signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Review {
    /// Nothing is changed.
    Nothing,
    /// Changes, and the text about them.
    Changes {
        /// By name.
        changes: Vec<RuleChange>,
        /// The whole text to be signed.
        text: String,
        /// The mark of the text: what is signed is what was read.
        mark: String,
    },
    /// FaR's rules have changed since the pages were made.
    Conflicts(Vec<Conflict>),
    /// FaR does not answer; nothing has changed.
    TryAgain,
    /// The mailbox here is not open.
    NotHere,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleChange {
    /// The sender's name.
    pub name: String,
    /// Its number, as people write it.
    pub organisation: String,
    /// Letters come here; else on paper.
    pub digital: bool,
}

/// A sender of which FaR says something else than the page did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The sender's name.
    pub name: String,
    /// What FaR says now.
    pub now: bool,
    /// What the person chose, or left as it was.
    pub chosen: bool,
}

/// What came of signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signed {
    /// FaR has the new rules.
    Stored,
    /// More people must sign (companies).
    MoreMustSign,
    /// No machine can tell who must sign (companies).
    RuleNotSupported,
    /// Something changed since the text was read: read it again.
    ReadAgain,
    /// FaR did not take them; its rules are as before.
    NotStored,
    /// FaR does not say whether it took them.
    Unknown,
}
