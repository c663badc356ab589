//! The doors between the pages and the house: traits that the pages call and the plain data they carry. One file a trait.
//!
//! The server implements them for the person who is logged in and gives them by context, once for each request.
//! Nothing here knows of databases, keys or XML, and nothing here is reachable without a session except [`Login`] and [`Public`];
//! [`Staff`] asks for a session of staff, and everything else for one of a person's.

mod accounts;
mod companies;
mod consents;
mod contacts;
mod forwarding;
mod handling;
mod keeping;
mod login;
mod mailbox;
mod matters;
mod notices;
mod operator;
mod public;
mod reception;
mod registration;
mod rules;
mod search;
mod senders;
mod settings;
mod sorting;
mod staff;

pub use accounts::{
    Account, AccountAct, AccountContact, AccountDone, AccountFind, AccountFrom, AccountNotice, AccountSeen,
    AccountSession, AccountWhen, Accounts, Arrived, ArrivedState, Closed, ContactStands, FarSays, FoundAccount,
    LookCause, LookReason, LookRow, LookStands, LooksPage, Notified, Trace, TraceAsked, TraceCall, TraceForm,
    TraceOutcome, TraceStored, WaitingLook, WrongFind, WrongTrace,
};
pub use companies::{
    Companies, CompanyKind, CompanyList, CompanyLook, CompanyPage, CompanyRow, CompanySigned, CompanyStanding,
    CompanyToSign, CompanyWaits,
};
pub use consents::{
    Consent, ConsentForm, ConsentId, ConsentLevel, ConsentStands, Consents, GivenConsents, Helping, OfferConsent,
    RegisterConsent, RegisterConsents, WrongOffer,
};
pub use contacts::{
    Added, AddressId, Broken, BrowserForm, Channel, Confirmed, ContactList, ContactRow, Contacts, Shown, Subscribed,
};
pub use forwarding::{
    AlsoForward, AskForward, Asker, AskerAnswer, AskerState, ForbiddenForward, ForwardQuestion, ForwardRule,
    ForwardState, ForwardWay, ForwardedPage, ForwardedRow, Forwarding, SendForward, Typed,
};
pub use handling::{
    ColleagueId, Handling, HandlingChanged, HandlingDecision, HandlingStep, LetterNote, LetterWork, NoteId, Taken,
    TakenPage, TakenRow,
};
pub use keeping::{Export, Keeping, StartExport};
pub use login::{Login, LoginChoice};
pub use mailbox::{
    AccessAct, AccessCapacity, AccessPage, AccessQuery, AccessRow, AccessShow, Attachment, BodyLength, Layout, Letter,
    LetterRow, LetterText, Mailbox, MailboxWay, PassedOn, Payment, PaymentCode, Seal, Signer, Support,
};
pub use matters::{
    CalendarDetail, CalendarFeed, MatterEvent, MatterId, MatterPage, MatterRow, Matters, PaymentPage, PaymentRow,
    Stands,
};
pub use notices::{
    Answer, AnswerMeans, Letters, LogPage, LogQuery, NoticeKind, NoticePage, NoticeRow, NoticeState, Notices, OwnRule,
    OwnRuleForm, Preview, RulesForm, Saved, SavedOwn, Says, Sender, Spare, Tested, WaitingRow, When,
};
pub use operator::{BeforeTheEnd, Ended, InRegister, MailboxStanding, Operator, OperatorPage};
pub use public::{Opinion, Public, Said, Text, TextKind, TextRow};
pub use reception::{
    Conflict, Kept, Reception, Review, RuleChange, Rules, RulesPage, RulesQuery, SenderRow, ShowSenders, Signed, Tick,
};
pub use registration::{Registration, Standing};
pub use rules::{
    KnownSender, Rule, RuleAttempt, RuleId, RuleMade, RuleSays, SortingRules, Then, Tried, WantedRule, Within,
};
pub use search::{
    FoundPayment, Hit, Lacking, NotSearched, PaymentField, Piece, Quote, QuotePlace, Quoted, Search, SearchPage,
    SearchPlace, SearchQuery, SearchReach,
};
pub use senders::{
    CertificateEnd, CertificateNearness, CertificateSeen, CertificateUse, CertificatesPage, HeldCertificate,
    ListFreshness, Organisation, OrganisationList, OrganisationQuery, OrganisationRow, SeenCertificate, SenderFailure,
    SenderNumber, SendersRoom,
};
pub use settings::{SessionRow, Settings};
pub use sorting::{
    ActId, ActState, Category, CategoryId, Chosen, Colour, Counted, Deed, Folder, FolderChanged, FolderId,
    FolderRemoved, Lies, List, ListPage, ListQuery, Order, Places, Sorted, Sorting, Source, Told, TypedName,
};
pub use staff::{
    AnswerSent, Attention, AuditBreak, AuditPage, AuditQuery, AuditRight, AuditRow, AuditWalk, NumberKind, NumberTold,
    NumbersPage, OpinionCount, OpinionPage, OpinionRow, OpinionTag, OpinionsWanted, QueueCount, QueueJob, QueuePage,
    QueueShow, RetryWhat, Staff, StaffRole, StaffRoom, StaffText, StaffTextKind, StaffViewer, TextFields, TextForm,
    TextFormOf, TextSaved, TextVersion, TextWhen, TextWrong,
};

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use time::OffsetDateTime;

/// Everything a page may ask of the server.
#[derive(Clone)]
pub struct Ports {
    /// Ways to log in; always there.
    pub login: Arc<dyn Login>,
    /// Help, news and opinions; always there.
    pub public: Arc<dyn Public>,
    /// Registration of a person who is logged in; they may have no mailbox yet.
    pub registration: Option<Arc<dyn Registration>>,
    /// Whom a person who is logged in helps in their mailboxes; they may have none of their own.
    pub helping: Option<Arc<dyn Helping>>,
    /// The companies that a person who is logged in acts for; they may have no mailbox of their own.
    pub companies: Option<Arc<dyn Companies>>,
    /// What a person who is logged in and has a mailbox may ask.
    pub home: Option<Home>,
    /// What somebody of the staff may ask, on their side of the pages. Nobody has both this and a home.
    pub staff: Option<Arc<dyn Staff>>,
    /// Where the program's source can be had, when the operator has said so.
    pub source: Option<String>,
}

/// Everything that can be asked in a mailbox, by whoever has been let in.
#[derive(Clone)]
pub struct Home {
    /// Reading.
    pub mailbox: Arc<dyn Mailbox>,
    /// Working on a company's letters together.
    pub handling: Arc<dyn Handling>,
    /// Matters, payments and the calendar feed.
    pub matters: Arc<dyn Matters>,
    /// Passing letters on.
    pub forwarding: Arc<dyn Forwarding>,
    /// What is kept outside the mailbox.
    pub keeping: Arc<dyn Keeping>,
    /// Who else is let in.
    pub consents: Arc<dyn Consents>,
    /// Where the person is reached.
    pub contacts: Arc<dyn Contacts>,
    /// When and how the person is told of letters.
    pub notices: Arc<dyn Notices>,
    /// Sessions, and the language of notices.
    pub settings: Arc<dyn Settings>,
    /// Where the mailbox is, and leaving.
    pub operator: Arc<dyn Operator>,
    /// Reception rules.
    pub reception: Arc<dyn Reception>,
    /// Lists, folders, and what is done with letters.
    pub sorting: Arc<dyn Sorting>,
    /// Rules for letters that come in.
    pub rules: Arc<dyn SortingRules>,
    /// Searching.
    pub search: Arc<dyn Search>,
}

/// Why a port could not answer. Codes only: it may travel in an address, so it never carries what a person wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PortError {
    /// No such thing, or not yours: the two are never told apart.
    #[error("not-found")]
    NotFound,
    /// Not theirs to do: of staff, whose roles decide.
    #[error("not-allowed")]
    NotAllowed,
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
    /// Unread letters in the mailbox, wherever they lie but in the bin.
    pub unread: u64,
    /// Where letters lie besides the inbox, with how many are unread there.
    pub places: Places,
    /// How many bills are not paid yet: counted to a hundred.
    pub to_pay: u64,
    /// Whether letters come in.
    pub standing: MailboxStanding,
    /// The mailboxes that the person can go to, this one among them; none when there is no other.
    pub mailboxes: Vec<MailboxWay>,
    /// When the session ends unless something is done.
    #[serde(with = "time::serde::rfc3339")]
    pub idle_until: OffsetDateTime,
    /// When the session ends whatever is done.
    #[serde(with = "time::serde::rfc3339")]
    pub ends_at: OffsetDateTime,
    /// So many seconds before its end the person is warned.
    pub warning: u32,
}
