//! Letting others into one's mailbox, and being let into theirs.

use super::{KnownSender, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

/// Whom somebody lets into their own mailbox.
#[async_trait]
pub trait Consents: Send + Sync {
    /// Everybody who is let in, is asked, or was.
    async fn given(&self) -> Result<GivenConsents, PortError>;
    /// Offers somebody to be let in. Nothing is let in before they have said yes.
    async fn offer(&self, form: ConsentForm) -> Result<OfferConsent, PortError>;
    /// Ends it, or takes the offer back.
    async fn end(&self, id: ConsentId) -> Result<(), PortError>;
}

/// Whom somebody helps in their mailboxes.
#[async_trait]
pub trait Helping: Send + Sync {
    /// Those who let the person in, and those who ask.
    async fn received(&self) -> Result<Vec<Consent>, PortError>;
    /// Those who let the person in as the register says.
    async fn by_register(&self) -> Result<RegisterConsents, PortError>;
    /// How many ask and have no answer.
    async fn asking(&self) -> Result<u64, PortError>;
    /// Answers an offer.
    async fn answer(&self, id: ConsentId, yes: bool) -> Result<(), PortError>;
    /// The person wants no longer to be let in.
    async fn give_up(&self, id: ConsentId) -> Result<(), PortError>;
}

/// Names a consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentId(pub String);

/// What somebody is let in for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsentLevel {
    /// Reading.
    #[default]
    Read,
    /// Reading, keeping in order and passing on.
    Manage,
    /// All that, and settings and whom else to let in.
    Administer,
}

/// How a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConsentStands {
    /// No answer yet.
    Offered,
    /// In force.
    Active,
    /// The helper said no.
    Refused,
    /// The holder ended it.
    EndedByHolder,
    /// The helper ended it.
    EndedByHelper,
    /// Its time is over.
    Over,
}

/// A consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// The other one's name; empty while they have not answered.
    pub name: String,
    /// The other one's personal number, as it is written.
    pub number: String,
    /// Where the mailbox is entered.
    pub address: String,
    /// What for.
    pub level: ConsentLevel,
    /// Letters from that day on; nothing: the old ones too.
    #[serde(with = "time::serde::rfc3339::option")]
    pub from: Option<OffsetDateTime>,
    /// Only from these senders; nothing: from all.
    pub senders: Option<Vec<String>>,
    /// The last day.
    pub through: Date,
    /// How it stands.
    pub stands: ConsentStands,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
}

/// A consent that the register told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterConsent {
    /// The holder's name.
    pub name: String,
    /// The holder's personal number, as it is written.
    pub number: String,
    /// Where the mailbox is entered.
    pub address: String,
    /// Managing too, not reading alone.
    pub manage: bool,
}

/// Those that the register told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterConsents {
    /// It has said, and for sure; otherwise nobody is let in by it.
    pub told: bool,
    /// Somebody lets them read no more than the holder has read, which cannot be kept here.
    pub narrower: bool,
    /// The consents to mailboxes here.
    pub consents: Vec<RegisterConsent>,
}

/// The page where consents are given.
#[derive(Clone, Debug)]
pub struct GivenConsents {
    /// The newest first.
    pub consents: Vec<Consent>,
    /// Senders that can be named.
    pub senders: Vec<KnownSender>,
    /// What was typed and not taken.
    pub typed: Option<ConsentForm>,
    /// The last day that is proposed, `YYYY-MM-DD`.
    pub proposed: String,
}

/// An offer as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentForm {
    /// Personal number.
    pub number: String,
    /// What for.
    pub level: ConsentLevel,
    /// Letters that have come before too.
    pub old_letters: bool,
    /// Only from these senders, by organisation number; nothing: from all.
    pub senders: Option<Vec<String>>,
    /// The last day, `YYYY-MM-DD`.
    pub through: String,
}

/// What came of an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfferConsent {
    /// They can answer.
    Done,
    /// It was not offered.
    Wrong(WrongOffer),
}

/// What is wrong with an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WrongOffer {
    /// That is no personal number.
    Number,
    /// It is the person's own.
    OwnNumber,
    /// It is an organisation's.
    Organisation,
    /// That person has been let in, or is asked, already.
    Already,
    /// That is no day.
    Day,
    /// The day is past, or too far away.
    DayOutOfBounds,
    /// No sender was chosen.
    NoSender,
    /// Only in a company's mailbox can anybody be let in to administer, and only who sees every letter.
    Administers,
    /// So many are let in that no more can be.
    TooMany,
}
