//! The doors between the pages and the house: traits that the pages call and the plain data they carry.
//!
//! The server implements them for the person who is logged in and gives them by context, once for each request.
//! Nothing here knows of databases, keys or XML, and nothing here is reachable without a session except [`Login`].

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use time::OffsetDateTime;

/// Everything a page may ask of the server. `citizen` is absent for visitors who are not logged in.
#[derive(Clone)]
pub struct Ports {
    /// Ways to log in; always there.
    pub login: Arc<dyn Login>,
    /// Registration of a person who is logged in but has no open mailbox yet.
    pub registration: Option<Arc<dyn Registration>>,
    /// The mailbox of the person who is logged in.
    pub mailbox: Option<Arc<dyn Mailbox>>,
    /// Contact details, notices and sessions of the person who is logged in.
    pub settings: Option<Arc<dyn Settings>>,
}

/// Why a port could not answer. Codes only: it may travel in an address, so it never carries what a person wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PortError {
    /// No such thing, or not yours: the two are never told apart.
    #[error("not-found")]
    NotFound,
    /// The session is over, or was never there.
    #[error("signed-out")]
    SignedOut,
    /// Something of ours failed; try again later.
    #[error("unavailable")]
    Unavailable,
}

/// Names one letter, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LetterId(pub String);

/// Who is logged in, for the door of every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The holder's display name.
    pub name: String,
    /// Unread letters in the mailbox.
    pub unread: u64,
    /// When the session ends unless something is done.
    #[serde(with = "time::serde::rfc3339")]
    pub idle_until: OffsetDateTime,
    /// When the session ends whatever is done.
    #[serde(with = "time::serde::rfc3339")]
    pub ends_at: OffsetDateTime,
}

/// Which letters the inbox shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// Every letter.
    #[default]
    All,
    /// Letters nobody has opened.
    Unread,
    /// Letters with attachments.
    WithAttachment,
}

/// One page of the inbox: newest first, from `before` (exclusive) on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxQuery {
    /// The last letter of the page before this one.
    pub before: Option<LetterId>,
    /// Filter.
    pub show: Show,
}

/// Letters of one page, and where the next begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPage {
    /// Newest first.
    pub letters: Vec<LetterRow>,
    /// Give this as `before` for the following page.
    pub next: Option<LetterId>,
    /// Unread letters in the whole mailbox.
    pub unread: u64,
}

/// A letter in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterRow {
    /// Its id.
    pub id: LetterId,
    /// The sender's name as signed.
    pub sender: String,
    /// The subject as signed.
    pub subject: String,
    /// When it arrived here.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
    /// Not opened yet.
    pub unread: bool,
    /// How many attachments it has.
    pub attachments: u32,
    /// What is to be paid, from signed data only.
    pub payment: Option<Payment>,
    /// The matter it belongs to, as the sender named it.
    pub matter: Option<String>,
}

/// Payment data of an invoice, from signed data only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Amount in öre.
    pub amount_ore: u64,
    /// Currency code, `SEK` unless the sender says otherwise.
    pub currency: String,
    /// Last day to pay, `YYYY-MM-DD`.
    pub due: String,
    /// `BG` or `PG`.
    pub method: String,
    /// Account number.
    pub account: String,
    /// OCR number or free message.
    pub reference: Option<String>,
}

/// A letter opened for reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its row in the list.
    pub row: LetterRow,
    /// Who signed it, and whether that holds.
    pub seal: Seal,
    /// Where to turn with questions.
    pub support: Support,
    /// How long the body is, for the first height of its frame.
    pub length: BodyLength,
    /// Language tag of the letter (BCP 47), when it can be told.
    pub language: Option<String>,
    /// The body, cleaned: safe to put into a document of its own (the frame, the print page). Never raw.
    pub body_html: String,
    /// What is attached, in the sender's order.
    pub attachments: Vec<Attachment>,
    /// The next newer letter.
    pub newer: Option<LetterId>,
    /// The next older letter.
    pub older: Option<LetterId>,
}

/// A first guess of a body's height.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum BodyLength {
    /// Some lines.
    Short,
    /// About a page.
    Medium,
    /// More.
    Long,
}

/// What was attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Its place in the letter, from 0; part of its address `/brev/{id}/bilaga/{index}/{name}`.
    pub index: u32,
    /// File name, safe to show and to save.
    pub name: String,
    /// Media type as the sender gave it.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// A PDF, which the browser can show.
    pub is_pdf: bool,
}

/// Whether the signatures of a letter hold, told for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Both signatures fit the letter as it is stored now.
    pub holds: bool,
    /// Organisation of the inner signature: who answers for the text.
    pub signed_by: Signer,
    /// Organisation that sealed and delivered it.
    pub sealed_by: Signer,
    /// Day of the seal as the mediator wrote it, `YYYY-MM-DD`.
    pub sealed_on: String,
    /// When we checked certificates, signatures and the right to send.
    #[serde(with = "time::serde::rfc3339")]
    pub checked_at: OffsetDateTime,
}

/// A signer as its certificate names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signer {
    /// Name in the certificate.
    pub name: String,
    /// Organisation number, ten digits with a hyphen.
    pub organisation: String,
    /// Who issued the certificate.
    pub issuer: String,
    /// SHA-256 of the certificate, hex.
    pub fingerprint: String,
}

/// The sender's support information.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Support {
    /// Free text.
    pub text: String,
    /// `http` or `https` address.
    pub url: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
}

/// Reading the mailbox.
#[async_trait]
pub trait Mailbox: Send + Sync {
    /// Who is logged in, and how much is unread.
    async fn viewer(&self) -> Result<Viewer, PortError>;
    /// A page of the inbox.
    async fn inbox(&self, query: InboxQuery) -> Result<InboxPage, PortError>;
    /// Opens a letter: marks it read and writes the access log in the same transaction.
    async fn open(&self, id: LetterId) -> Result<Letter, PortError>;
    /// Marks a letter unread (or read) again: only the person does that.
    async fn mark(&self, id: LetterId, unread: bool) -> Result<(), PortError>;
    /// Who has read what, newest first.
    async fn access_log(&self) -> Result<Vec<AccessRow>, PortError>;
}

/// One row of the access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who, by name.
    pub who: String,
    /// What was done.
    pub act: AccessAct,
    /// Which letter, with its subject, when there is one.
    pub letter: Option<(LetterId, String)>,
}

/// What the access log knows of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessAct {
    /// Logged in.
    LoggedIn,
    /// Opened a letter.
    OpenedLetter,
    /// Fetched an attachment.
    FetchedAttachment,
    /// Marked a letter unread.
    MarkedUnread,
    /// Changed contact details.
    ChangedContact,
}

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
    /// Keeps the session from running idle: says when it now ends.
    async fn stay(&self) -> Result<Viewer, PortError>;
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

/// Becoming a holder.
#[async_trait]
pub trait Registration: Send + Sync {
    /// Who is logged in and how they stand with FaR.
    async fn standing(&self) -> Result<Standing, PortError>;
    /// Accepts the terms and registers here.
    async fn accept(&self, terms: String) -> Result<Standing, PortError>;
}

/// A person without an open mailbox here, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// May read the terms and open a mailbox.
    MayOpen {
        /// The person's name.
        name: String,
        /// Version of the terms to accept.
        terms: String,
    },
    /// Has an open mailbox here now.
    Open,
    /// Has a mailbox at another operator.
    Elsewhere {
        /// That operator's name.
        operator: String,
    },
    /// Under 18.
    TooYoung,
    /// Protected identity.
    Protected,
    /// No Swedish number, or not in the population register.
    NoSwedishNumber,
    /// FaR cannot be reached: nothing was done, try again.
    TryAgain,
}

/// Ways to log in.
#[async_trait]
pub trait Login: Send + Sync {
    /// The e-legitimation services to choose from, in configured order.
    async fn choices(&self) -> Result<Vec<LoginChoice>, PortError>;
}

/// One e-legitimation service. Logging in is a POST to `/logga-in` with the field `idp`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginChoice {
    /// Its entity id.
    pub idp: String,
    /// Name in Swedish.
    pub name_sv: String,
    /// Name in English.
    pub name_en: String,
    /// For demonstration only.
    pub demonstration: bool,
}
