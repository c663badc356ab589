//! The staff's side: what needs attention, the queue, opinions, texts, the audit log and the numbers. Accounts are in [`Accounts`], senders in
//! [`SendersRoom`]. Nothing here leads to a letter.

use super::PortError;
use super::accounts::{Accounts, LookReason};
use super::senders::SendersRoom;
use async_trait::async_trait;
use time::{Date, OffsetDateTime};

/// Everything that somebody of the staff may ask; what is not theirs is [`PortError::NotAllowed`].
#[async_trait]
pub trait Staff: Accounts + SendersRoom + Send + Sync {
    /// Who is logged in, for the door of every page.
    fn viewer(&self) -> StaffViewer;
    /// What needs attention.
    async fn attention(&self) -> Result<Attention, PortError>;
    /// A page of the queue.
    async fn queue(&self, show: QueueShow, before: Option<String>) -> Result<QueuePage, PortError>;
    /// Has work tried again; tells how much.
    async fn retry(&self, what: RetryWhat) -> Result<u64, PortError>;
    /// A page of opinions that nobody has taken care of.
    async fn opinions(&self, wanted: OpinionsWanted, after: Option<String>) -> Result<OpinionPage, PortError>;
    /// An opinion that wants an answer, with what was typed for it.
    async fn to_answer(&self, id: String, draft: Option<String>) -> Result<(OpinionRow, String), PortError>;
    /// Says what an opinion is about.
    async fn tag(&self, id: String, tag: Option<OpinionTag>) -> Result<(), PortError>;
    /// Answers an opinion.
    async fn answer(&self, id: String, words: String) -> Result<AnswerSent, PortError>;
    /// Says that an opinion is taken care of.
    async fn close(&self, id: String) -> Result<(), PortError>;
    /// Every text that there is.
    async fn texts(&self) -> Result<Vec<StaffText>, PortError>;
    /// Every version of a text.
    async fn text(&self, kind: StaffTextKind, name: String) -> Result<StaffText, PortError>;
    /// The form for a text: a new one, a new version of one, or what was typed before.
    async fn text_form(&self, of: TextFormOf) -> Result<TextForm, PortError>;
    /// Keeps what was typed, or publishes it.
    async fn save_text(&self, form: TextFields, publish: bool) -> Result<TextSaved, PortError>;
    /// Takes a text away in both languages; tells whether there was anything to take.
    async fn withdraw(&self, kind: StaffTextKind, name: String) -> Result<bool, PortError>;
    /// A page of the audit log.
    async fn audit(&self, query: AuditQuery) -> Result<AuditPage, PortError>;
    /// What happened by the day.
    async fn numbers(&self) -> Result<NumbersPage, PortError>;
}

/// What somebody of the staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    /// Helps people.
    Support,
    /// Writes texts.
    Editor,
    /// Keeps the service running.
    Operations,
    /// Reads what the others have done.
    Auditor,
}

/// A room on the staff's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRoom {
    /// The queue.
    Queue,
    /// What people think.
    Feedback,
    /// Help, news and banners.
    Texts,
    /// The audit log.
    Audit,
    /// Accounts.
    Accounts,
    /// Looks that wait for a second.
    Looks,
    /// Deliveries.
    Trace,
    /// What happens by the day.
    Numbers,
    /// Senders and certificates.
    Senders,
}

/// Who of the staff is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffViewer {
    /// Their name.
    pub name: String,
    /// Their roles.
    pub roles: Vec<StaffRole>,
    /// The rooms that are theirs.
    pub rooms: Vec<StaffRoom>,
    /// When the session ends unless something is done.
    pub idle_until: OffsetDateTime,
    /// When it ends whatever is done.
    pub ends_at: OffsetDateTime,
}

/// What needs attention; nothing of what is not theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attention {
    /// Jobs that were given up.
    pub given_up: Option<u64>,
    /// Jobs that failed and are tried again.
    pub again: Option<u64>,
    /// Jobs that should have run, and since when the first of them.
    pub late: Option<(u64, Option<OffsetDateTime>)>,
    /// Opinions that nobody has taken care of.
    pub opinions: Option<u64>,
    /// Banners that are shown now.
    pub banners: Option<u64>,
    /// Looks of others that wait for a second.
    pub looks: Option<u64>,
    /// Rows of the audit log.
    pub audited: Option<u64>,
}

/// Which jobs are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueShow {
    /// Those that were given up.
    #[default]
    GivenUp,
    /// Those that failed and are tried again.
    Again,
    /// Every one that is not given up.
    Waiting,
}

/// How many jobs of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueCount {
    /// Which kind of work.
    pub kind: String,
    /// How many wait, or are at hand.
    pub waiting: u64,
    /// How many were given up.
    pub given_up: u64,
    /// When the one that has waited longest should have run, if any waits.
    pub oldest: Option<OffsetDateTime>,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueJob {
    /// Its id.
    pub id: String,
    /// Which kind of work.
    pub kind: String,
    /// How many tries there have been.
    pub attempts: u64,
    /// When it should run, or should have run.
    pub run_at: OffsetDateTime,
    /// Why the last try failed.
    pub error: Option<String>,
}

/// A page of the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueuePage {
    /// What there is, by kind.
    pub counts: Vec<QueueCount>,
    /// The jobs, the latest first.
    pub jobs: Vec<QueueJob>,
    /// Before which job the next page begins.
    pub next: Option<String>,
    /// Whether they may have work tried again.
    pub may_retry: bool,
}

/// What is to be tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryWhat {
    /// One job.
    One(String),
    /// Everything of a kind that was given up.
    Kind(String),
    /// Everything that was given up.
    All,
}

/// What an opinion is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpinionTag {
    /// Something does not work.
    Fault,
    /// Something is hard to understand or to use.
    Hard,
    /// Something is missing.
    Wish,
    /// Something is good.
    Praise,
    /// Anything else.
    Other,
}

/// Which opinions are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OpinionsWanted {
    /// All.
    #[default]
    All,
    /// Those that have no tag yet.
    Untagged,
    /// Those of a tag.
    Tag(OpinionTag),
}

/// An opinion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionRow {
    /// Its id.
    pub id: String,
    /// When it came.
    pub at: OffsetDateTime,
    /// From which kind of page.
    pub page: String,
    /// The language of the pages.
    pub language: String,
    /// The words.
    pub words: String,
    /// Where an answer is wanted.
    pub answer_to: Option<String>,
    /// What it is about.
    pub tag: Option<OpinionTag>,
}

/// How many opinions there are of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpinionCount {
    /// Which tag.
    pub tag: Option<OpinionTag>,
    /// Not taken care of.
    pub open: u64,
    /// All there have ever been.
    pub all: u64,
    /// Those of the last thirty days.
    pub lately: u64,
}

/// A page of opinions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpinionPage {
    /// Oldest first.
    pub rows: Vec<OpinionRow>,
    /// After which one the next page begins.
    pub next: Option<String>,
    /// How many there are.
    pub counts: Vec<OpinionCount>,
}

/// What came of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerSent {
    /// It is on its way.
    Done,
    /// There are no words, or too many; what was typed waits under this name.
    Wrong(String),
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffTextKind {
    /// Help.
    Help,
    /// News.
    News,
    /// What is said of a disturbance, on every page.
    Banner,
}

/// Where a version stands in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextWhen {
    /// It counts now.
    Now,
    /// Its time has not come.
    Coming,
    /// Another one has come after it, or it has ended.
    Past,
}

/// A version of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextVersion {
    /// The language that it is in.
    pub language: String,
    /// Its heading; empty of one that takes the text away.
    pub title: String,
    /// It takes the text away.
    pub withdrawn: bool,
    /// How it looks.
    pub html: String,
    /// From when it is shown.
    pub from: OffsetDateTime,
    /// When it is gone, if it ends by itself.
    pub until: Option<OffsetDateTime>,
    /// Where it stands in time.
    pub when: TextWhen,
}

/// A text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffText {
    /// Which kind.
    pub kind: StaffTextKind,
    /// Its name in addresses.
    pub name: String,
    /// The house brings a text of this name, which is shown where staff have written none.
    pub houses: bool,
    /// Its versions, by language, newest first.
    pub versions: Vec<TextVersion>,
}

/// What a form for a text is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextFormOf {
    /// A new text.
    New(StaffTextKind),
    /// A new version of a text.
    Text(StaffTextKind, String),
    /// What was typed before.
    Draft(String),
}

/// The fields of a text, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextFields {
    /// Its kind, by name.
    pub kind: String,
    /// Its name in addresses.
    pub name: String,
    /// Heading in Swedish.
    pub title_sv: String,
    /// Text in Swedish.
    pub text_sv: String,
    /// Heading in English.
    pub title_en: String,
    /// Text in English.
    pub text_en: String,
    /// Day from which it is shown.
    pub from_day: String,
    /// Time of that day.
    pub from_time: String,
    /// Day when a banner is gone.
    pub until_day: String,
    /// Time of that day.
    pub until_time: String,
}

/// A field that is not right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextWrong {
    /// There is no such kind.
    Kind,
    /// It is no name.
    Name,
    /// The Swedish heading.
    TitleSv,
    /// The Swedish text.
    TextSv,
    /// The English heading.
    TitleEn,
    /// The English text.
    TextEn,
    /// When it begins.
    From,
    /// When it ends.
    Until,
}

/// The form for a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextForm {
    /// Its fields.
    pub fields: TextFields,
    /// How it will look in Swedish.
    pub preview_sv: String,
    /// How it will look in English.
    pub preview_en: String,
}

/// What came of saving a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextSaved {
    /// It is published.
    Published(StaffTextKind, String),
    /// It is kept under this name, with what is not right.
    Kept(String, Vec<TextWrong>),
}

/// What is asked of the audit log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Of one act, by its stored name.
    pub act: Option<String>,
    /// By one of the staff.
    pub staff: Option<String>,
    /// About one mailbox.
    pub account: Option<String>,
    /// To the end of this day.
    pub until_day: Option<String>,
    /// Before this row.
    pub before: Option<String>,
    /// Walk the whole log, and tell whether it is whole.
    pub walk: bool,
}

/// In which right something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditRight {
    /// A holder, in their own mailbox.
    Holder,
    /// Somebody else.
    Another,
    /// Somebody whom the holder lets in.
    Helper,
    /// Somebody who signs for the company that holds the mailbox.
    Signatory,
    /// Somebody with a role in that company.
    Role,
    /// The operator's staff.
    Staff,
    /// The operator's programs, or the infrastructure.
    System,
    /// Whoever may run commands on the operator's machine.
    Command,
    /// None that we know.
    Unknown,
}

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: OffsetDateTime,
    /// What, by its stored name.
    pub act: String,
    /// In which right.
    pub right: AuditRight,
    /// Who, by name, where it was somebody of the staff.
    pub who: Option<String>,
    /// Which mailbox.
    pub account: Option<String>,
    /// What it was about, that is no person's.
    pub object: Option<String>,
    /// Whom it was about.
    pub about: Option<String>,
    /// Why, as they said.
    pub reason: Option<LookReason>,
}

/// Whether the log is whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditWalk {
    /// So many rows, each as it was written; its mark.
    Whole(u64, String),
    /// The first thing that does not hold.
    Broken(AuditBreak),
}

/// What does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditBreak {
    /// This row is missing.
    Missing(i64),
    /// This row is not what was written.
    Changed(i64),
    /// This row was written by somebody without the key file.
    Forged(i64),
    /// The log was longer than this.
    Cut(i64),
    /// What tells how many rows there are.
    Head,
}

/// A page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// Newest first.
    pub rows: Vec<AuditRow>,
    /// Before which row the next page begins.
    pub next: Option<String>,
    /// Everybody of the staff, by id and name.
    pub staff: Vec<(String, String)>,
    /// Every act, by stored name.
    pub acts: Vec<&'static str>,
    /// Whether it is whole, when that was asked.
    pub walk: Option<AuditWalk>,
}

/// Something that is counted by the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    /// Open mailboxes.
    Mailboxes,
    /// Letters that senders have delivered.
    Letters,
    /// Of them, so many in a hundred opened within a day.
    OpenedInDay,
    /// Of them, so many in a hundred opened within a week.
    OpenedInWeek,
    /// Notices that the other side has taken.
    NoticesSent,
    /// Notices that are known to be in a phone.
    NoticesArrived,
    /// Notices that were given up, refused, or came back.
    NoticesFailed,
    /// Notices whose letters had been read before.
    NoticesNotNeeded,
    /// Searches within a tenth of a second.
    SearchesTenth,
    /// Searches within half a second.
    SearchesHalf,
    /// Searches within two seconds.
    SearchesTwo,
    /// Searches that took longer.
    SearchesLonger,
}

/// What is told of it on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberTold {
    /// So many.
    Number(u64),
    /// Fewer than five mailboxes stand behind it.
    Few,
    /// Its time is not over.
    NotYet,
    /// Nothing was counted.
    Nothing,
}

/// The numbers of some days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumbersPage {
    /// The days, the latest last.
    pub days: Vec<Date>,
    /// Each number, as it is told of each of the days.
    pub series: Vec<(NumberKind, Vec<NumberTold>)>,
    /// Whether they may take them along as a file.
    pub may_export: bool,
}
