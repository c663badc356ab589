//! When and how the person is told of letters, and what became of every notice.

use super::{AddressId, Channel, LetterId, PortError, Shown};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// When and how the person is told of letters, and what became of every notice.
#[async_trait]
pub trait Notices: Send + Sync {
    /// The rules, with what a form shows beside them; with what was typed a moment ago and is not saved, if `typed`.
    async fn rules(&self, typed: bool) -> Result<NoticePage, PortError>;
    /// Saves the rules, but for those of one's own.
    async fn save(&self, form: RulesForm) -> Result<Saved, PortError>;
    /// Keeps the rules in the form without saving them, to show what notices would look like.
    async fn try_out(&self, form: RulesForm) -> Result<(), PortError>;
    /// Takes the last saving back.
    async fn undo(&self) -> Result<(), PortError>;
    /// Senders that a rule may speak of.
    async fn senders(&self) -> Result<Vec<Sender>, PortError>;
    /// Saves a rule of one's own: a new one, or the one with this id.
    async fn save_own(&self, id: Option<String>, rule: OwnRuleForm) -> Result<SavedOwn, PortError>;
    /// Takes a rule of one's own away.
    async fn remove_own(&self, id: String) -> Result<(), PortError>;
    /// Sends a notice to every address that a real one would go to, or to the one of them that is named, to try them out.
    async fn test(&self, only: Option<AddressId>) -> Result<Tested, PortError>;
    /// A page of the log: newest first.
    async fn log(&self, query: LogQuery) -> Result<LogPage, PortError>;
}

/// How soon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// Not this way.
    #[default]
    Never,
    /// As soon as the letter has come.
    AtOnce,
    /// Gathered, once a day.
    Daily,
    /// Gathered, once a week.
    Weekly,
}

/// What a notice may say of a letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Says {
    /// Only that it has come.
    #[default]
    Nothing,
    /// Who sent it.
    Sender,
    /// Who sent it, and its subject.
    SenderAndSubject,
}

/// The rules as a form has them; nothing in it is known to be right.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box of the form that is ticked or not, apart from the others"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesForm {
    /// By e-mail.
    pub email: When,
    /// By text message.
    pub sms: When,
    /// In browsers.
    #[serde(default)]
    pub push: When,
    /// Hour of each day.
    pub daily: u8,
    /// Day of each week, 1 for Monday.
    pub weekday: u8,
    /// Hour of that day.
    pub weekly: u8,
    /// Nothing in the quiet hours.
    pub quiet: bool,
    /// They begin.
    pub quiet_from: u8,
    /// They end.
    pub quiet_to: u8,
    /// Nothing on weekends and public holidays.
    pub free_days: bool,
    /// Name of the time zone.
    pub zone: String,
    /// What a notice may say.
    pub says: Says,
    /// A word of one's own; empty for none.
    pub word: String,
    /// A reminder after three days.
    pub first_reminder: bool,
    /// A reminder after seven days.
    pub second_reminder: bool,
    /// Another way when one fails.
    pub second_way: bool,
}

/// The page of rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticePage {
    /// The rules as they are saved, or what was typed a moment ago and is not.
    pub form: RulesForm,
    /// The form holds something that is not saved.
    pub unsaved: bool,
    /// The last saving can be taken back.
    pub undoable: bool,
    /// The rules of one's own.
    pub own: Vec<OwnRule>,
    /// Time zones to choose from.
    pub zones: Vec<String>,
    /// What a notice looks like by the form.
    pub previews: Vec<Preview>,
    /// The channels that are used although the form says "not at all".
    pub spare: Vec<(Channel, Spare)>,
}

/// What a channel is used for although the usual rule says that it does not tell at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spare {
    /// Everything: nothing else that is wanted reaches the person.
    Everything,
    /// What does not arrive by the others.
    WhenOthersFail,
    /// Reminders alone.
    Reminders,
}

/// A rule for some letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRule {
    /// Names it.
    pub id: String,
    /// Which letters.
    pub letters: Letters,
    /// By e-mail.
    pub email: When,
    /// By text message.
    pub sms: When,
    /// In browsers.
    pub push: When,
    /// In quiet hours and on free days too.
    pub always: bool,
}

/// Letters that a rule speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letters {
    /// From one sender.
    From(Sender),
    /// With something to pay.
    ToPay,
    /// That belong to a matter.
    InMatter,
}

/// A sender, to make a rule for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Organisation number.
    pub number: String,
    /// Name.
    pub name: String,
}

/// A rule of one's own as a form has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRuleForm {
    /// Which letters: `betala`, `arende`, or a sender's number.
    pub letters: String,
    /// By e-mail.
    pub email: When,
    /// By text message.
    pub sms: When,
    /// In browsers.
    pub push: When,
    /// In quiet hours and on free days too.
    pub always: bool,
}

/// What a notice looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// By which channel.
    pub channel: Channel,
    /// The subject of a mail, the title of a notice in a browser.
    pub subject: Option<String>,
    /// Its text, paragraphs parted by empty lines.
    pub text: String,
}

/// What came of saving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Saved {
    /// The rules hold from now on.
    Done,
    /// The word cannot be a word of one's own. What was typed is kept for the page that follows.
    NotAWord,
    /// Something else that no form of ours sends.
    Wrong,
}

/// What came of saving a rule of one's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SavedOwn {
    /// It holds from now on.
    Done,
    /// There is a rule for those letters already.
    Already,
    /// There are as many as there may be.
    Full,
}

/// What came of asking for a notice to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tested {
    /// On its way to so many addresses.
    Sent(u32),
    /// There is no address that it could go to.
    Nowhere,
    /// There is one, but no notice would go there by the rules.
    NotWanted,
    /// Too many were asked for; wait an hour.
    TooMany,
}

/// Which notices the log shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogQuery {
    /// The last notice of the page before this one.
    pub before: Option<String>,
    /// Of one outcome, or every one.
    pub show: Option<NoticeState>,
}

/// A page of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// What waits for its time; on the first page alone.
    pub waiting: Vec<WaitingRow>,
    /// Newest first.
    pub notices: Vec<NoticeRow>,
    /// Give this as `before` for the following page.
    pub next: Option<String>,
}

/// Letters that wait to be told of together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRow {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// By which channel.
    pub channel: Channel,
    /// How many.
    pub letters: u32,
}

/// One notice and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRow {
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// What it is about.
    pub kind: NoticeKind,
    /// By which channel.
    pub channel: Channel,
    /// Where it went.
    pub to: Shown,
    /// What became of it.
    pub state: NoticeState,
    /// How many times it was tried.
    pub attempts: u32,
    /// What the other side said last.
    pub answer: Option<Answer>,
    /// When it was in the phone, when the text message gateway has said so.
    #[serde(with = "time::serde::rfc3339::option")]
    pub arrived_at: Option<OffsetDateTime>,
    /// The letter it told of, when it was one.
    pub letter: Option<LetterId>,
    /// How many letters it told of.
    pub letters: u32,
}

/// What the other side said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// What it means.
    pub means: AnswerMeans,
    /// Its own words.
    pub words: String,
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AnswerMeans {
    /// It took the message.
    Taken,
    /// There is no such address, or it takes nothing any more.
    NoSuchAddress,
    /// The receiver's mailbox is full.
    Full,
    /// The phone was off or out of reach.
    NotReached,
    /// Not at that moment.
    NotNow,
    /// It does not want messages from us.
    NotWanted,
    /// It did not take the message, and its numbers do not say why.
    NotTaken,
}

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeKind {
    /// Letters that have come.
    Letters,
    /// Letters that are still unread.
    Reminder,
    /// A test.
    Test,
    /// An address that was added.
    Added,
    /// An address that was taken away.
    Removed,
    /// An address that takes nothing any more.
    Broken,
    /// A rule that passes letters on.
    ForwardRule,
    /// A letter that was passed on to an e-mail address for the first time.
    Forwarded,
    /// Somebody was let in.
    Helper,
    /// Somebody will soon no longer be let in.
    HelperEnds,
    /// The mailbox was locked.
    Locked,
    /// It was unlocked.
    Unlocked,
}

/// What became of a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoticeState {
    /// Waits to be sent, or to be tried again.
    Waiting,
    /// The other side took it.
    Sent,
    /// Given up, refused, or come back.
    Failed,
    /// Not sent: everything it would have told of had been read or put in the bin, or the mailbox was left.
    NotNeeded,
}
