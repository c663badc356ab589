//! Reading the mailbox: letters, and who has read what.

use super::{CategoryId, LetterId, Lies, LookReason, MatterId, PortError, Viewer};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// A letter in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterRow {
    /// Its id.
    pub id: LetterId,
    /// The sender's name in the register, or else as signed.
    pub sender: String,
    /// The subject as signed.
    pub subject: String,
    /// The first words of the letter, when they are known.
    pub preview: Option<String>,
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
    /// The name of the holder who passed it on into this mailbox.
    pub passed_on_by: Option<String>,
    /// Where it lies; in the bin, where it goes back to.
    pub lies: Lies,
    /// In the bin, and gone for good then.
    #[serde(with = "time::serde::rfc3339::option")]
    pub gone_at: Option<OffsetDateTime>,
    /// Has a star.
    pub starred: bool,
    /// Its categories.
    pub categories: Vec<CategoryId>,
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
    /// Who signed it, and whether that holds; nothing when it was passed on as a copy without signature.
    pub seal: Option<Seal>,
    /// How it came, when another holder has passed it on.
    pub passed_on: Option<PassedOn>,
    /// The matter that it is an event in.
    pub matter: Option<MatterId>,
    /// A code that bank apps read, when what is to be paid can be said in one and the signatures hold.
    pub payment_code: Option<PaymentCode>,
    /// The person has marked it as paid.
    pub settled: bool,
    /// Where to turn with questions.
    pub support: Support,
    /// How long the body is, for the first height of its frame.
    pub length: BodyLength,
    /// Language tag of the letter (BCP 47), when it can be told.
    pub language: Option<String>,
    /// What is attached, in the sender's order.
    pub attachments: Vec<Attachment>,
    /// The next newer letter.
    pub newer: Option<LetterId>,
    /// The next older letter.
    pub older: Option<LetterId>,
}

impl Letter {
    /// The signatures are there, and hold.
    pub fn is_genuine(&self) -> bool {
        self.seal.as_ref().is_some_and(|seal| seal.holds)
    }
}

/// How a letter came by another holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOn {
    /// Their name.
    pub by: String,
    /// Their number, as people write it.
    pub number: String,
    /// When they passed it on.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The name of the holder that the sender addressed it to.
    pub addressed_to: String,
    /// When it came to that holder.
    #[serde(with = "time::serde::rfc3339")]
    pub first_came_at: OffsetDateTime,
    /// The signatures did not hold when a copy was made without them.
    pub copy_of_broken: bool,
    /// What the sender asks that holder to pay.
    pub payment: Option<Payment>,
}

/// The text of a letter, cleaned: safe to put into a document of its own (the frame, the print page). Never the sender's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterText {
    /// The letter.
    pub id: LetterId,
    /// The cleaned body.
    pub html: String,
    /// How much of its layout that has.
    pub layout: Layout,
    /// Language tag of the letter (BCP 47), when it can be told.
    pub language: Option<String>,
}

/// Whether a letter is shown as its sender laid it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Layout {
    /// As it was laid out.
    AsSent,
    /// Its words only: the layout would cost too much to show.
    WordsOnly,
}

/// A QR code, ready to be drawn: dark modules as one path in a square of `size`, quiet zone included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCode {
    /// Width and height in modules.
    pub size: u32,
    /// SVG path data of the dark modules.
    pub path: String,
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
    /// Media type: what the content shows itself to be, else as the sender gave it.
    pub content_type: String,
    /// Size in bytes.
    pub bytes: u64,
    /// A PDF or a picture, which the browser can show.
    pub can_be_shown: bool,
}

/// Whether the signatures of a letter hold, told for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Both signatures fit the letter as it is stored now.
    pub holds: bool,
    /// The sender's name as it was signed, when the register has another: the register's is the one that is shown.
    pub signed_name: Option<String>,
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
    /// Opens a letter: marks it read and writes the access log in the same transaction.
    async fn open(&self, id: LetterId) -> Result<Letter, PortError>;
    /// The text of a letter that was just opened: part of that opening, or else one of its own.
    async fn text(&self, id: LetterId) -> Result<LetterText, PortError>;
    /// Marks a letter unread (or read) again: only the person does that.
    async fn mark(&self, id: LetterId, unread: bool) -> Result<(), PortError>;
    /// Who has read what, newest first: a page of it.
    async fn access_log(&self, query: AccessQuery) -> Result<AccessPage, PortError>;
}

/// What somebody looks for in the access log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessShow {
    /// Everything.
    #[default]
    All,
    /// Letters that were read.
    Read,
    /// Logins.
    Logins,
    /// What was changed.
    Changes,
    /// What others than the holder did.
    Others,
}

/// A page of the access log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessQuery {
    /// Filter.
    pub show: AccessShow,
    /// Where this page begins, as the page before said.
    pub before: Option<String>,
    /// Nothing that is later than this day in Sweden, `YYYY-MM-DD`.
    pub until_day: Option<String>,
}

/// Rows of the access log, and where the next page begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPage {
    /// Newest first.
    pub rows: Vec<AccessRow>,
    /// Give this as `before` for the following page.
    pub next: Option<String>,
}

/// A mailbox that the person can go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailboxWay {
    /// Whose it is.
    pub name: String,
    /// Where it is entered.
    pub address: String,
    /// It is the one that this page is in.
    pub here: bool,
}

/// In which right somebody did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessCapacity {
    /// The holder.
    Holder,
    /// The holder of another mailbox, from there.
    Another,
    /// Somebody whom the holder lets in.
    Helper,
    /// Somebody who signs for the company that holds it.
    Signatory,
    /// Somebody with a role in the company that holds it.
    Role,
    /// Support staff.
    Staff,
    /// The service itself, or the infrastructure.
    System,
}

/// One row of the access log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRow {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who, by name.
    pub who: String,
    /// In which right.
    pub capacity: AccessCapacity,
    /// What was done.
    pub act: AccessAct,
    /// Which letter, with its subject, when there is one.
    pub letter: Option<(LetterId, String)>,
    /// Why, of what staff did.
    pub reason: Option<LookReason>,
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
    /// Downloaded a letter with its attachments.
    DownloadedLetter,
    /// Marked a letter unread.
    MarkedUnread,
    /// Decided who takes a letter, or how far it has come.
    HandledLetter,
    /// Wrote a note on a letter, or took it away.
    NotedOnLetter,
    /// Moved letters.
    MovedLetters,
    /// Put letters in the bin.
    BinnedLetters,
    /// Took letters out of the bin.
    RestoredLetters,
    /// Removed for good what lay in the bin.
    EmptiedBin,
    /// Changed contact details.
    ChangedContact,
    /// Changed from whom letters come here.
    ChangedReception,
    /// Saved a copy of a letter.
    SavedCopy,
    /// Fetched everything as one file.
    FetchedExport,
    /// Letters were read in from an earlier export.
    Imported,
    /// Let somebody in, or no longer; or was let in.
    ChangedConsent,
    /// Passed a letter on.
    Forwarded,
    /// Made or took away a rule that passes letters on.
    ChangedForwarding,
    /// Answered somebody who wants to pass letters on into this mailbox.
    AnsweredAsker,
    /// Passed a letter on into this mailbox.
    PassedOnHere,
    /// Opened the mailbox.
    OpenedMailbox,
    /// Ended the mailbox.
    EndedMailbox,
    /// Signed for a company what takes more signatures.
    SignedInPart,
    /// Took back what waited for signatures.
    TookBack,
    /// FaR said that the holder has gone.
    MovedAway,
    /// Staff looked at the account.
    StaffLooked,
    /// Staff traced a delivery.
    StaffTraced,
    /// Staff had a notice sent again.
    StaffResentNotice,
    /// Staff ended sessions.
    StaffEndedSessions,
    /// Staff locked the mailbox.
    StaffLocked,
    /// Staff unlocked it.
    StaffUnlocked,
    /// Staff asked that an address be confirmed again.
    StaffAskedAgain,
    /// The holder's identity was marked as protected.
    MarkedProtected,
}
