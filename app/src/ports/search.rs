//! Searching the mailbox.

use super::{LetterId, LetterRow, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// What a person asks for. Empty fields ask for nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchQuery {
    /// Words, as they were written.
    pub text: String,
    /// Only from this sender: a token of [`SearchReach::senders`].
    pub sender: Option<String>,
    /// Only there.
    pub place: SearchPlace,
    /// Only what came this day or later, `YYYY-MM-DD`.
    pub from: Option<String>,
    /// Only what came this day or earlier, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Only unread.
    pub unread: bool,
    /// Only with attachments.
    pub attachment: bool,
    /// The hits after this one: [`SearchPage::next`].
    pub before: Option<i64>,
}

// What somebody searches for is as private as what they have.
impl std::fmt::Debug for SearchQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SearchQuery(…)")
    }
}

impl SearchQuery {
    /// The page of it that begins there; without, its first.
    #[must_use]
    pub fn page(&self, before: Option<i64>) -> Self {
        Self { before, ..self.clone() }
    }
}

/// Where in the mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchPlace {
    /// Everywhere but in the bin.
    #[default]
    Everywhere,
    /// In the inbox.
    Inbox,
    /// In the archive.
    Archive,
    /// In the bin.
    Bin,
    /// In a folder, by its id.
    Folder(String),
}

/// A piece of a text: what was looked for, or what stands around it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is a hit.
    pub hit: bool,
}

/// Where in a letter some words stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuotePlace {
    /// In its text.
    Body,
    /// In what is to be paid.
    Payment,
    /// In the matter.
    Matter,
    /// Among the sender's contact details and references.
    Notes,
    /// In the name of an attachment.
    FileName,
    /// In an attachment of that name, on a page, from 1.
    Page(String, u32),
}

/// Words around a hit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Where they stand.
    pub place: QuotePlace,
    /// What they are.
    pub quoted: Quoted,
}

/// What a quote says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quoted {
    /// Words of the letter's.
    Words(Vec<Piece>),
    /// What is to be paid.
    Payment(FoundPayment),
}

/// What is to be paid, with what of it was looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPayment {
    /// Amount in öre.
    pub amount_ore: u64,
    /// Currency code.
    pub currency: String,
    /// Last day to pay, `YYYY-MM-DD`.
    pub due: String,
    /// Account number.
    pub account: String,
    /// OCR number or free message.
    pub reference: Option<String>,
    /// What was looked for.
    pub hits: Vec<PaymentField>,
}

/// Something about a payment that can be looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentField {
    /// How much.
    Sum,
    /// The last day.
    Due,
    /// To which account.
    Account,
    /// OCR number or free message.
    Reference,
}

/// A letter that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Its row in a list.
    pub row: LetterRow,
    /// Where it lies.
    pub place: SearchPlace,
    /// Its sender, marked.
    pub sender: Vec<Piece>,
    /// Its subject, marked.
    pub subject: Vec<Piece>,
    /// Why it was found.
    pub quotes: Vec<Quote>,
}

/// A page of hits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// The newest first.
    pub hits: Vec<Hit>,
    /// How many there are in all.
    pub total: u64,
    /// Whether there may be more than that.
    pub at_least: bool,
    /// Give this as `before` for the following page.
    pub next: Option<i64>,
    /// The page is not full, because so many letters had to be opened: the next one goes on.
    pub unfinished: bool,
    /// Words that no letter has.
    pub unknown: Vec<String>,
    /// Words too short to be found inside others.
    pub short: Vec<String>,
    /// Words that are a part of so many that only beginnings counted.
    pub common: Vec<String>,
}

/// Why an attachment, or some of it, is not searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotSearched {
    /// It is too long; its beginning is searched.
    TooLong,
    /// It has pictures of pages, and no letters.
    Pictures,
    /// It cannot be opened.
    Broken,
    /// A kind of file that is not read here.
    OtherKind,
}

/// How far a search reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchReach {
    /// Senders to choose from: a token for the address, and a name.
    pub senders: Vec<(String, String)>,
    /// Letters that cannot be found by their words yet.
    pub waiting: u64,
    /// Whether there may be more of them.
    pub waiting_at_least: bool,
    /// Letters with attachments that are not searched, the newest first.
    pub lacking: Vec<Lacking>,
    /// Whether there are more of them.
    pub lacking_more: bool,
}

/// A letter with attachments that are not searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lacking {
    /// Which letter.
    pub letter: LetterId,
    /// Its subject.
    pub subject: String,
    /// File names, and why.
    pub files: Vec<(String, NotSearched)>,
}

/// Searching one mailbox.
#[async_trait]
pub trait Search: Send + Sync {
    /// A page of what was found; nothing when nothing was asked for.
    async fn search(&self, query: SearchQuery) -> Result<Option<SearchPage>, PortError>;

    /// What a search can be narrowed to, and what it cannot find.
    async fn reach(&self) -> Result<SearchReach, PortError>;
}
