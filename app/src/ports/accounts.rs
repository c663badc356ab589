//! Accounts, as staff see them through a look, and deliveries that they trace. Nothing here names a letter, and a sender only to who named the
//! delivery.

use super::{AnswerMeans, Channel, NoticeKind, NoticeState, PortError, Shown};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

/// What somebody of the staff may ask of accounts; what is not theirs is [`PortError::NotAllowed`].
#[async_trait]
pub trait Accounts: Send + Sync {
    /// What was typed before and not taken, and their own looks that are not over.
    async fn looks(&self, draft: Option<String>) -> Result<LooksPage, PortError>;
    /// Opens a look at the account of the holder with a number.
    async fn find(&self, form: AccountFind) -> Result<FoundAccount, PortError>;
    /// What a look of theirs shows.
    async fn account(&self, look: String, from: AccountFrom) -> Result<AccountSeen, PortError>;
    /// Does something within a look of theirs.
    async fn act(&self, look: String, act: AccountAct) -> Result<AccountDone, PortError>;
    /// Looks of others that wait for a second.
    async fn waiting_looks(&self) -> Result<Vec<WaitingLook>, PortError>;
    /// Allows one, or refuses it; false when it waits no more.
    async fn answer_look(&self, look: String, allowed: bool) -> Result<bool, PortError>;
    /// What was typed to trace a delivery, and not taken.
    async fn trace_form(&self, draft: Option<String>) -> Result<TraceForm, PortError>;
    /// Takes a question about a delivery.
    async fn ask_trace(&self, form: TraceForm) -> Result<TraceAsked, PortError>;
    /// What was found.
    async fn trace(&self, id: String, from: Option<String>) -> Result<Trace, PortError>;
}

/// What a look is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LookCause {
    /// The holder cannot log in.
    Login,
    /// Notices do not come.
    Notices,
    /// A letter is missed.
    Letter,
    /// The holder wants it locked, or unlocked.
    Lock,
    /// The holder's identity is protected.
    Protected,
    /// Something else.
    Other,
}

/// Why staff looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookReason {
    /// What it is about.
    pub cause: LookCause,
    /// In their own words.
    pub words: String,
}

/// What is typed to find an account.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AccountFind {
    /// The holder's number.
    pub number: String,
    /// What it is about, by its stored name.
    pub cause: String,
    /// In their own words.
    pub words: String,
}

impl std::fmt::Debug for AccountFind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AccountFind(…)")
    }
}

/// What is not right with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongFind {
    /// It cannot be anybody's number.
    Number,
    /// Nobody with that number has a mailbox here.
    Nobody,
    /// No cause was chosen.
    Cause,
    /// No words, or too many.
    Words,
}

/// What came of looking for an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundAccount {
    /// This look shows it, or waits for a second.
    Look(String),
    /// Something is not right; what was typed waits under this name.
    Wrong(WrongFind, String),
}

/// How a look stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookStands {
    /// It shows the account.
    Open,
    /// It waits for a second.
    Waiting,
    /// The second said no.
    Refused,
    /// It is over.
    Over,
}

/// A look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookRow {
    /// Its id.
    pub id: String,
    /// Why.
    pub reason: LookReason,
    /// How it stands.
    pub stands: LookStands,
    /// When it was asked for.
    pub asked_at: OffsetDateTime,
    /// When it is over.
    pub ends_at: OffsetDateTime,
}

/// The page on which accounts are found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LooksPage {
    /// What was typed.
    pub typed: AccountFind,
    /// Their own looks, newest first.
    pub looks: Vec<LookRow>,
}

/// A look that waits for a second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLook {
    /// Its id.
    pub id: String,
    /// Who asks.
    pub who: String,
    /// Why.
    pub reason: LookReason,
    /// Since when.
    pub asked_at: OffsetDateTime,
    /// Until when it waits.
    pub ends_at: OffsetDateTime,
}

/// Where the lists of an account go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFrom {
    /// Notices.
    pub notices: Option<String>,
    /// What came.
    pub arrivals: Option<String>,
}

/// When something was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountWhen {
    /// At this moment.
    At(OffsetDateTime),
    /// On this day: of somebody with protected identity no more is told.
    On(Date),
}

/// How an address stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactStands {
    /// Confirmed, and taking messages.
    Confirmed(AccountWhen),
    /// Its code has not come back.
    Waiting,
    /// It takes nothing any more, by the other side's number.
    Broken(AccountWhen, String),
}

/// An address of the holder's, masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountContact {
    /// Names it in a form.
    pub handle: String,
    /// The way to it.
    pub channel: Channel,
    /// The address.
    pub shown: Shown,
    /// How it stands.
    pub stands: ContactStands,
}

/// A notice, its address masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountNotice {
    /// Names it in a form.
    pub handle: String,
    /// When it last changed.
    pub at: AccountWhen,
    /// What it is about.
    pub kind: NoticeKind,
    /// Of how many letters.
    pub letters: u32,
    /// By which way, and where to.
    pub to: Option<(Channel, Shown)>,
    /// What became of it.
    pub state: NoticeState,
    /// How many tries there were.
    pub attempts: u32,
    /// What the other side's answer means.
    pub means: Option<(Channel, AnswerMeans)>,
    /// When it was in the phone.
    pub arrived: Option<AccountWhen>,
    /// Whether it may be sent again.
    pub again: bool,
}

/// Where the holder is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountSession {
    /// Names it in a form.
    pub handle: String,
    /// Browser and system.
    pub device: Option<String>,
    /// Logged in.
    pub since: AccountWhen,
    /// Last used.
    pub seen: AccountWhen,
}

/// What became of something that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivedState {
    /// Nobody has opened it.
    Unread,
    /// It has been opened.
    Read,
    /// It lies in the bin.
    Binned,
}

/// Something that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// When.
    pub at: AccountWhen,
    /// What became of it.
    pub state: ArrivedState,
}

/// Why a mailbox takes no letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// The holder has moved to another operator.
    Moved,
    /// The holder is with no operator, and it was not done here.
    Left,
    /// The holder ended it.
    Ended,
}

/// What FaR says of the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FarSays {
    /// With us.
    Here,
    /// With another operator, by name.
    Elsewhere(String),
    /// With none.
    Nowhere,
    /// A registration waits for more signatures.
    Pending,
    /// It gave no usable answer.
    Silent,
    /// That the identity is protected.
    Protected,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The look that shows it.
    pub look: LookRow,
    /// The holder's identity is protected.
    pub protected: bool,
    /// When it was opened.
    pub opened: AccountWhen,
    /// Why it takes no letters and since when, unless it does.
    pub closed: Option<(Closed, AccountWhen)>,
    /// Since when nobody comes in, if it is locked.
    pub locked: Option<AccountWhen>,
    /// Where the holder is reached; nothing of somebody with protected identity.
    pub contacts: Option<Vec<AccountContact>>,
    /// What was told, newest first.
    pub notices: Vec<AccountNotice>,
    /// Names the next part of it.
    pub more_notices: Option<String>,
    /// Where the holder is logged in.
    pub sessions: Vec<AccountSession>,
    /// What came, newest first.
    pub arrivals: Vec<Arrived>,
    /// Names the next part of it.
    pub more_arrivals: Option<String>,
    /// What FaR says; nothing on the later parts of a list.
    pub far: Option<FarSays>,
}

/// What a look shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountSeen {
    /// The account.
    Account(Box<Account>),
    /// Nothing: it waits, was refused or is over.
    Nothing(LookRow),
}

/// What is done within a look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountAct {
    /// Sends a notice again.
    Resend(String),
    /// Ends one session.
    EndSession(String),
    /// Ends every session.
    EndSessions,
    /// Locks the mailbox, if the holder asks for it.
    Lock(bool),
    /// Unlocks it, if the holder asks for it.
    Unlock(bool),
    /// Has an address confirmed again.
    AskAgain(String),
    /// Marks the holder's identity as protected, if the holder asks for it.
    Protect(bool),
    /// Closes the look.
    Close,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountDone {
    /// It is done.
    Done,
    /// There was nothing to do.
    Nothing,
    /// Too often within an hour.
    TooMany,
    /// Nobody has said that the holder asks for it.
    NotAsked,
    /// The look shows nothing now.
    NoLook,
}

/// What is typed to trace a delivery.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TraceForm {
    /// A `TransId`, a call id or a reference.
    pub what: String,
    /// The recipient's number.
    pub number: String,
    /// The first day.
    pub first: String,
    /// The last day.
    pub last: String,
    /// What it is about, by its stored name.
    pub cause: String,
    /// In their own words.
    pub words: String,
}

impl std::fmt::Debug for TraceForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TraceForm(…)")
    }
}

/// What is not right with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongTrace {
    /// Nothing is named, or too much.
    What,
    /// It cannot be anybody's number.
    Number,
    /// No days, the wrong way round, or too many.
    Days,
    /// No cause was chosen.
    Cause,
    /// No words, or too many.
    Words,
    /// The recipient's identity is protected.
    Protected,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceAsked {
    /// What was found is shown under this id.
    Trace(String),
    /// Something is not right; what was typed waits under this name.
    Wrong(WrongTrace, String),
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceOutcome {
    /// The letters are in the mailbox.
    Delivered,
    /// They were there already.
    Duplicate,
    /// The recipient has no open mailbox here.
    NotHere,
    /// Something was wrong with it.
    Refused,
    /// Something of ours failed.
    Failed,
}

/// What was told of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notified {
    /// By which way.
    pub channel: Channel,
    /// When it last changed, or is due.
    pub at: OffsetDateTime,
    /// What became of it; nothing of one that waits for its time.
    pub state: Option<NoticeState>,
    /// When it was in the phone.
    pub arrived: Option<OffsetDateTime>,
}

/// What lies in the mailbox of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceStored {
    /// Since when.
    pub at: AccountWhen,
    /// Each letter of it.
    pub letters: Vec<ArrivedState>,
    /// What was told.
    pub notices: Vec<Notified>,
}

/// A call of a sender's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceCall {
    /// When it came.
    pub at: AccountWhen,
    /// What became of it.
    pub outcome: TraceOutcome,
    /// The code of its fault.
    pub code: Option<u16>,
    /// Its id, as the sender was told it.
    pub call_id: Option<String>,
    /// Who sent it, when it was named.
    pub sender: Option<String>,
    /// What lies in the mailbox.
    pub stored: Option<TraceStored>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// Newest first.
    pub calls: Vec<TraceCall>,
    /// Names the next part.
    pub next: Option<String>,
    /// It was asked by name, not by recipient.
    pub by_name: bool,
}
