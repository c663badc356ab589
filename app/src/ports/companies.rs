//! Companies that a person acts for: opening their mailboxes, signing with others, taking back.

use super::PortError;
use async_trait::async_trait;

/// The companies of whoever is logged in.
#[async_trait]
pub trait Companies: Send + Sync {
    /// Those that they act for, as Authority said in this session.
    async fn list(&self) -> Result<CompanyList, PortError>;
    /// Has Authority asked again.
    async fn ask_again(&self) -> Result<(), PortError>;
    /// In how many of them something waits for this person's signature.
    fn waiting(&self) -> usize;
    /// Whether they act for any.
    fn acts_for_some(&self) -> bool;
    /// The twelve digits of an organisation's number as people type it; nothing when it is none.
    fn number(&self, typed: &str) -> Option<String>;
    /// One company, asked of FaR now.
    async fn look(&self, number: String) -> Result<CompanyLook, PortError>;
    /// Signs what has this mark.
    async fn sign(&self, number: String, kind: CompanyKind, mark: String) -> Result<CompanySigned, PortError>;
    /// Takes back what waits; false when FaR does not answer.
    async fn take_back(&self, number: String, kind: CompanyKind) -> Result<bool, PortError>;
}

/// The companies, and what is not known of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyList {
    /// Whether Authority has answered.
    pub answered: bool,
    /// The companies.
    pub rows: Vec<CompanyRow>,
    /// Numbers of companies whose data cannot be used, as people write them.
    pub unclear: Vec<String>,
    /// It is not known of whom the data cannot be used, so nothing is granted.
    pub all_unclear: bool,
}

/// A company in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyRow {
    /// Twelve digits.
    pub number: String,
    /// As people write it.
    pub written: String,
    /// Its name.
    pub name: String,
    /// The person's role; nothing when they sign for it.
    pub role: Option<String>,
    /// Whether they sign for it, alone or with others.
    pub signs: bool,
    /// Where its mailbox is entered, if it has one here.
    pub address: Option<String>,
    /// Whether something waits for their signature.
    pub waits: bool,
}

/// What came of looking a company up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyLook {
    /// Here it is.
    Page(Box<CompanyPage>),
    /// The person does not sign for it.
    NotSignatory,
    /// Companies of its form can have no mailbox.
    Form,
    /// There is no such company.
    Unknown,
    /// FaR or Authority does not answer.
    TryAgain,
}

/// A company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyPage {
    /// Twelve digits.
    pub number: String,
    /// As people write it.
    pub written: String,
    /// Its name.
    pub name: String,
    /// Who signs for it, in the register's words.
    pub rule: String,
    /// Names of those who may sign beside this person.
    pub others: Vec<String>,
    /// Where its mailbox is.
    pub standing: CompanyStanding,
    /// What may be signed, or waits for others.
    pub to_sign: Vec<CompanyToSign>,
}

/// Where a company's mailbox is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanyStanding {
    /// Nowhere.
    Nowhere,
    /// Here, entered at this address.
    Here(String),
    /// Signed for by all, and not open yet.
    Unopened,
    /// With another operator, by name.
    Elsewhere(String),
    /// Something waits for signatures at another operator.
    WaitsElsewhere,
}

/// What is signed for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyKind {
    /// That it opens a mailbox.
    Opening,
    /// That it moves here.
    Moving,
    /// That it ends its mailbox.
    Ending,
    /// Reception rules.
    Rules,
}

/// Something to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyToSign {
    /// What.
    pub kind: CompanyKind,
    /// The whole text.
    pub text: String,
    /// Its mark: what is signed is what was read.
    pub mark: String,
    /// How far it has come; nothing when nobody has signed yet.
    pub waits: Option<CompanyWaits>,
    /// Whether this person has signed.
    pub is_signed: bool,
}

/// Signatures that are not enough yet, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyWaits {
    /// Who has signed.
    pub signed: Vec<String>,
    /// Who may as well.
    pub may_sign: Vec<String>,
}

/// What came of signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompanySigned {
    /// It is done; with the address of the mailbox that is open now, if one is.
    Done(Option<String>),
    /// It counts, and more must sign.
    MoreMustSign,
    /// Something changed since the text was read.
    ReadAgain,
    /// No machine can tell who must sign.
    RuleNotSupported,
    /// Not for this person, or not for this company.
    Refused,
    /// FaR or Authority does not answer.
    TryAgain,
}
