//! Senders and mediators, what comes from each, and certificates that end soon, as staff see them. Nothing here names a letter or a person.

use super::PortError;
use super::staff::NumberTold;
use async_trait::async_trait;
use time::{Date, OffsetDateTime};

/// What somebody of the staff may ask of senders; what is not theirs is [`PortError::NotAllowed`].
#[async_trait]
pub trait SendersRoom: Send + Sync {
    /// A page of senders or mediators.
    async fn organisations(&self, query: OrganisationQuery) -> Result<OrganisationList, PortError>;
    /// One organisation; its failures from a place on.
    async fn organisation(&self, number: String, before: Option<String>) -> Result<Organisation, PortError>;
    /// A page of certificates.
    async fn certificates(&self, after: Option<String>) -> Result<CertificatesPage, PortError>;
}

/// What is asked of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationQuery {
    /// Mediators, instead of senders.
    pub mediators: bool,
    /// Part of a name or a number.
    pub wanted: String,
    /// After whom the page begins.
    pub after: Option<String>,
}

/// How fresh what the register told is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListFreshness {
    /// When it was told, if ever.
    pub fetched_at: Option<OffsetDateTime>,
    /// The register answered the last time that it was asked.
    pub fresh: bool,
}

/// An organisation in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationRow {
    /// Its number, for addresses.
    pub number: String,
    /// Its number, to show.
    pub shown: String,
    /// Its name; empty when it is not known.
    pub name: String,
    /// Of a mediator: for how many senders it may send.
    pub sends_for: Option<u64>,
}

/// A page of organisations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationList {
    /// By name.
    pub rows: Vec<OrganisationRow>,
    /// After whom the next page begins.
    pub next: Option<String>,
    /// How many were found in all.
    pub found: u64,
    /// How fresh the list is.
    pub freshness: ListFreshness,
}

/// Something that is counted of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SenderNumber {
    /// Letters that are in mailboxes.
    Received,
    /// Letters to who has no mailbox here.
    NotHere,
    /// Deliveries that were refused.
    Refused,
    /// Deliveries that something of ours failed in.
    Failed,
    /// Deliveries that were refused before it was known who had sent them.
    Unread,
}

/// A delivery that got a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderFailure {
    /// When it came.
    pub at: OffsetDateTime,
    /// Its id, as the sender's log has it.
    pub call_id: String,
    /// The code of the fault.
    pub code: Option<u16>,
    /// Something of ours failed.
    pub ours: bool,
}

/// An organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organisation {
    /// Its number, name, and for how many it may send.
    pub row: OrganisationRow,
    /// It is an approved sender.
    pub approved: bool,
    /// Who may send for it.
    pub mediators: Vec<OrganisationRow>,
    /// How fresh that is.
    pub freshness: ListFreshness,
    /// The days, the latest last.
    pub days: Vec<Date>,
    /// Each number, as it is told of each of the days.
    pub series: Vec<(SenderNumber, Vec<NumberTold>)>,
    /// How many deliveries got each code in those days.
    pub codes: Vec<(u16, u64)>,
    /// What went wrong, newest first.
    pub failures: Vec<SenderFailure>,
    /// Before which failure the next part begins.
    pub next: Option<String>,
    /// Its certificates, as they were seen.
    pub certificates: Vec<SeenCertificate>,
    /// Whether they may take the numbers along as a file.
    pub may_export: bool,
}

/// What a certificate at hand is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateUse {
    /// Mediators connect to it.
    Service,
    /// We connect to the register with it.
    Register,
    /// We sign requests for login with it.
    LoginSigning,
    /// Answers to logins are encrypted to it.
    LoginEncryption,
    /// Who issues what mediators connect with.
    ConnectionAuthority,
    /// Who issues what deliveries are signed with.
    SigningAuthority,
    /// Who issues what the register answers with.
    RegisterAuthority,
    /// An identity provider signs answers with it.
    IdentityProvider,
}

/// How near an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateNearness {
    /// There is time.
    Far,
    /// Something should be done.
    Warning,
    /// Something must be done now.
    Alarm,
    /// It is over.
    Over,
}

/// When a certificate ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertificateEnd {
    /// When.
    pub at: OffsetDateTime,
    /// Whole days until then; less than nothing when it is over.
    pub days: i64,
    /// How near it is.
    pub nearness: CertificateNearness,
}

/// A certificate that we have at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCertificate {
    /// What it is for.
    pub purpose: CertificateUse,
    /// Whose it is, or in which file it should be.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// When it ends; nothing when it cannot be read.
    pub end: Option<CertificateEnd>,
}

/// Where another's certificate was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateSeen {
    /// A mediator connected with it.
    Connection,
    /// A delivery was signed with it.
    Signature,
    /// A delivery was sealed with it.
    Seal,
}

/// A certificate that another has shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenCertificate {
    /// Whose it is.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Its organisation, for addresses and to show; nothing where it names none.
    pub organisation: Option<(String, String)>,
    /// The beginning of its fingerprint.
    pub fingerprint: String,
    /// Where it was seen.
    pub seen: CertificateSeen,
    /// When it ends.
    pub end: CertificateEnd,
    /// The day when it was seen first.
    pub first_seen: Date,
    /// The day when it was seen last.
    pub last_seen: Date,
}

/// A page of certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificatesPage {
    /// Those at hand, the first to end first; on the first page alone.
    pub held: Vec<HeldCertificate>,
    /// Those that others have shown, the first to end first.
    pub seen: Vec<SeenCertificate>,
    /// After which the next page begins.
    pub next: Option<String>,
    /// Whether this is the first page.
    pub first: bool,
}
