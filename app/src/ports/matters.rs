//! Matters, what is to be paid, and the calendar feed that tells of it.

use super::{LetterId, Payment, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Names one matter, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MatterId(pub String);

/// How a matter stands, as its sender says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stands {
    /// The sender has the next step.
    SendersTurn,
    /// The recipient is to do something.
    YourTurn,
    /// Nothing more happens.
    Closed,
}

/// A matter in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterRow {
    /// Its id.
    pub id: MatterId,
    /// What it is about.
    pub title: String,
    /// The sender's number of it; none when letters are only grouped by what they are about.
    pub number: Option<String>,
    /// Who sent the newest event.
    pub sender: String,
    /// How it stands, when the sender says.
    pub stands: Option<Stands>,
    /// How many letters.
    pub events: u32,
    /// When the newest came.
    #[serde(with = "time::serde::rfc3339")]
    pub newest_at: OffsetDateTime,
}

/// An event of a matter: a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterEvent {
    /// The letter.
    pub letter: LetterId,
    /// Its subject.
    pub subject: String,
    /// Who sent it.
    pub sender: String,
    /// What happened, in the sender's words.
    pub what: Option<String>,
    /// How the matter stood after it.
    pub stands: Option<Stands>,
    /// The day in the sender's system, `YYYY-MM-DD`.
    pub day: String,
    /// A letter of another matter that it follows on, with its subject.
    pub follows: Option<(LetterId, String)>,
    /// Attachments of the letter.
    pub attachments: u32,
    /// Not opened.
    pub unread: bool,
}

/// A page of matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatterPage {
    /// Newest event first.
    pub matters: Vec<MatterRow>,
    /// Give this as `before` for the following page.
    pub next: Option<LetterId>,
}

/// Something to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// The letter that asks for it.
    pub letter: LetterId,
    /// What.
    pub payment: Payment,
    /// To whom.
    pub payee: String,
}

/// A page of what is to be paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentPage {
    /// Soonest day first.
    pub payments: Vec<PaymentRow>,
    /// Give this as `before` for the following page.
    pub next: Option<LetterId>,
}

/// How much a calendar is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalendarDetail {
    /// That something is to be paid that day.
    #[default]
    Day,
    /// And how much.
    Sum,
    /// And to whom.
    Payee,
}

/// The calendar feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFeed {
    /// Its address: a secret of the person's.
    pub address: String,
    /// How much it says.
    pub detail: CalendarDetail,
    /// Since when it is there.
    #[serde(with = "time::serde::rfc3339")]
    pub made_at: OffsetDateTime,
    /// When a calendar last fetched it.
    #[serde(with = "time::serde::rfc3339::option")]
    pub fetched_at: Option<OffsetDateTime>,
}

/// Matters and payments of a mailbox.
#[async_trait]
pub trait Matters: Send + Sync {
    /// A page of matters.
    async fn matters(&self, before: Option<LetterId>) -> Result<MatterPage, PortError>;
    /// One matter and its events, oldest first.
    async fn matter(&self, id: MatterId) -> Result<(MatterRow, Vec<MatterEvent>), PortError>;
    /// A page of what is to be paid.
    async fn payments(&self, before: Option<LetterId>) -> Result<PaymentPage, PortError>;
    /// Writes that what a letter asks for is paid, or is not: the person's own mark.
    async fn settle(&self, letter: LetterId, settled: bool) -> Result<(), PortError>;
    /// The calendar feed, if there is one.
    async fn calendar(&self) -> Result<Option<CalendarFeed>, PortError>;
    /// Makes a feed in the place of the one before, whose address answers nobody from then on.
    async fn make_calendar(&self, detail: CalendarDetail) -> Result<(), PortError>;
    /// Takes the feed away.
    async fn revoke_calendar(&self) -> Result<(), PortError>;
}
