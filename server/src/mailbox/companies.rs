//! Companies: a mailbox is opened, moved here and ended by those who sign for the company, each by their own signature, and its reception
//! rules are changed so.
//!
//! FaR knows who signs, who has signed and when it is enough; nothing of that is kept here, so nothing here can be wrong about it. What has to
//! be done here when it is enough (a mailbox is opened, or closed) is done by whose signature was the last. Should that break off, FaR says
//! at the next look that the company is ours, and the mailbox is opened without another signature.

use super::MailboxError;
use super::access::{AskedFor, Person, Whose, find_company_mailbox, holder_index};
use super::leaving::{Ended, log_act, sign_end};
use super::reception::{self, mark_of, sign_waiting};
use super::registration::open_for_company;
use crate::domain::access::Act;
use crate::domain::acts_for::{Company, Learned};
use crate::domain::holder::Holder;
use crate::domain::reception::Change;
use crate::house::House;
use crate::register::{
    self, AccessRights, Agreement, Companies, Evidence, Reason, Register, RegisterError, Registered, Senders,
    Signatory, Signer, Waits,
};
use crate::store;
use crate::store::mailbox::State;
use contracts::identifier::OrganisationNumber;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// How long Authority may take at a login: longer, and nobody acts for anybody until it is asked again.
const AT_LOGIN: Duration = Duration::from_secs(3);

/// What is needed to speak with FaR and Authority about companies, for one person.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The house.
    pub house: &'a House,
    /// FaR.
    pub far: &'a dyn Register,
    /// FaR, about companies.
    pub companies: &'a dyn Companies,
    /// Authority.
    pub rights: &'a dyn AccessRights,
    /// Who may send.
    pub senders: &'a Senders,
    /// Who asks.
    pub person: &'a Person,
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// The words that are signed, in the language that they are read in.
pub trait Wording: Sync {
    /// To open a mailbox for a company.
    fn opening(&self, company: &str, number: &str) -> String;
    /// To move it here from an operator.
    fn moving(&self, company: &str, number: &str, from: &str) -> String;
    /// To change its reception rules.
    fn rules(&self, company: &str, number: &str, changes: &[Change]) -> String;
}

/// What is signed for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// That it opens a mailbox.
    Opening,
    /// That it moves here.
    Moving,
    /// That it ends its mailbox.
    Ending,
    /// Reception rules.
    Rules,
}

/// Something that the person may sign.
#[derive(Clone, PartialEq, Eq)]
pub struct ToSign {
    /// What.
    pub kind: Kind,
    /// The whole text.
    pub text: String,
    /// How far it has come; nothing when nobody has signed yet.
    pub waits: Option<Waits>,
    /// Whether this person has.
    pub is_signed: bool,
}

impl std::fmt::Debug for ToSign {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ToSign({:?})", self.kind)
    }
}

impl ToSign {
    /// The mark of the text: what is signed is what was read.
    pub fn mark(&self) -> String {
        mark_of(&self.text)
    }
}

/// Where a company's mailbox is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nowhere.
    Nowhere,
    /// Here; nothing when FaR says so and it is not open yet: the last step was lost.
    Here(Option<Uuid>),
    /// With another operator, by name.
    Elsewhere(String),
    /// Something waits for signatures at another operator.
    WaitsElsewhere,
}

/// A company as somebody sees it who signs for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Firm {
    /// Its name.
    pub name: String,
    /// Who signs for it, in the register's words.
    pub rule: String,
    /// Who else may.
    pub others: Vec<Signatory>,
    /// Where its mailbox is.
    pub standing: Standing,
    /// What may be signed, or waits for others.
    pub to_sign: Vec<ToSign>,
}

/// What came of looking a company up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// Here it is.
    Firm(Box<Firm>),
    /// The person does not sign for it.
    NotSignatory,
    /// Companies of its form can have no mailbox.
    Form,
    /// There is no such company.
    Unknown,
    /// FaR or Authority does not answer; nothing was done.
    TryAgain,
}

/// What came of signing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signed {
    /// It was enough: it is done. With the mailbox, where one was opened.
    Done(Option<Uuid>),
    /// It counts, and more must sign.
    MoreMustSign,
    /// The text that was read is not what would be signed now, or there is nothing to sign any more: look again.
    ReadAgain,
    /// No machine can tell who must sign: nothing was done.
    RuleNotSupported,
    /// The person may not sign, or the company cannot have a mailbox.
    Refused,
    /// FaR or Authority does not answer. Signing again changes nothing that was done.
    TryAgain,
}

/// Asks Authority for whom the person may act, and FaR what waits for them there: at login, and when they ask for it.
pub async fn learn(desk: Desk<'_>) -> Learned {
    let asked = timeout(AT_LOGIN, desk.rights.acts_for(desk.person.number)).await;
    let mut said = match asked {
        Ok(Ok(said)) => said,
        Ok(Err(error)) => {
            tracing::warn!(%error, "Authority did not say for whom somebody may act");
            return Learned::NoAnswer;
        }
        Err(_) => {
            tracing::warn!("Authority did not say in time for whom somebody may act");
            return Learned::NoAnswer;
        }
    };
    if said.companies.iter().any(Company::is_signed_for) {
        // A word more for who comes; the company's own page asks anew.
        match timeout(AT_LOGIN, desk.companies.pending_accounts(None, desk.person.number)).await {
            Ok(Ok(pending)) => {
                let unsigned = pending
                    .iter()
                    .filter(|pending| !pending.waits.is_signed_by(desk.person.number));
                said.waiting = unsigned.map(|pending| pending.company.to_string()).collect();
            }
            _ => tracing::warn!("FaR did not say what waits for signatures"),
        }
    }
    Learned::Told(said)
}

/// The same person, for an act of an account: Authority is asked for it. Nothing when it does not answer.
pub async fn asked_again(rights: &dyn AccessRights, person: &Person) -> Option<Person> {
    match rights.acts_for(person.number).await {
        Ok(said) => Some(person.acting(Arc::new(said), AskedFor::ThisAct)),
        Err(error) => {
            tracing::warn!(%error, "Authority did not say for whom somebody may act");
            None
        }
    }
}

/// A company, and what may be signed for it.
pub async fn look(desk: Desk<'_>, number: OrganisationNumber, wording: &dyn Wording) -> Result<Look, MailboxError> {
    let signer = match desk.companies.signer(number, desk.person.number).await {
        Ok(signer) if signer.may_sign => signer,
        Ok(_) => return Ok(Look::NotSignatory),
        Err(error) => return Ok(refused(&error)),
    };
    match survey(desk, number, signer, wording).await {
        Ok(Some(firm)) => Ok(Look::Firm(Box::new(firm))),
        Ok(None) => Ok(Look::TryAgain),
        Err(MailboxError::Register(error)) => Ok(refused(&error)),
        Err(error) => Err(error),
    }
}

fn refused(error: &RegisterError) -> Look {
    match error {
        RegisterError::Refused {
            reason: Reason::CompanyForm,
            ..
        } => Look::Form,
        RegisterError::Refused {
            reason: Reason::NotInPopulationRegister,
            ..
        } => Look::Unknown,
        error => {
            tracing::warn!(%error, "FaR gave no usable answer about a company");
            Look::TryAgain
        }
    }
}

async fn survey(
    desk: Desk<'_>,
    number: OrganisationNumber,
    signer: Signer,
    wording: &dyn Wording,
) -> Result<Option<Firm>, MailboxError> {
    let (person, name) = (desk.person.number, signer.company.as_str());
    let to_sign = |kind, text, waits: Option<Waits>| ToSign {
        kind,
        text,
        is_signed: waits.as_ref().is_some_and(|waits| waits.is_signed_by(person)),
        waits,
    };
    let written = number.to_string();
    let mut all = Vec::new();
    let standing = match desk.far.standing(&number.into()).await? {
        register::Standing::Nowhere => {
            all.push(to_sign(Kind::Opening, wording.opening(name, &written), None));
            Standing::Nowhere
        }
        register::Standing::Pending(_) => {
            let pending = desk.companies.pending_accounts(Some(number), person).await?;
            match pending.into_iter().find(|pending| !pending.ends) {
                Some(pending) => {
                    // What the first has signed is what the others sign.
                    all.push(to_sign(Kind::Opening, pending.text, Some(pending.waits)));
                    Standing::Nowhere
                }
                None => Standing::WaitsElsewhere,
            }
        }
        register::Standing::Elsewhere(operator) => {
            let waits = desk.companies.pending_move(number, person).await?;
            let text = wording.moving(name, &written, &operator.name);
            all.push(to_sign(Kind::Moving, text, waits));
            Standing::Elsewhere(operator.name)
        }
        register::Standing::Here => {
            let mailbox = open_mailbox_of(desk.house, number).await?;
            if let Some(mailbox) = mailbox {
                let pending = desk.companies.pending_accounts(Some(number), person).await?;
                if let Some(pending) = pending.into_iter().find(|pending| pending.ends) {
                    all.push(to_sign(Kind::Ending, pending.text, Some(pending.waits)));
                }
                if let Some((accepted, waits)) = desk.companies.pending_rules(number, person).await? {
                    let Some(at) = acting_at(desk, mailbox).await else {
                        return Ok(None);
                    };
                    if let Some(waiting) = reception::waiting(rules_desk(desk, &at), accepted).await? {
                        let text = wording.rules(name, &written, &waiting.changes);
                        all.push(to_sign(Kind::Rules, text, Some(waits)));
                    }
                }
            }
            Standing::Here(mailbox)
        }
    };
    Ok(Some(Firm {
        name: signer.company,
        rule: signer.rule,
        others: signer.others,
        standing,
        to_sign: all,
    }))
}

async fn open_mailbox_of(house: &House, number: OrganisationNumber) -> Result<Option<Uuid>, MailboxError> {
    let mut tx = house.db.read().await?;
    let row = store::mailbox::by_holder(&mut tx, holder_index(house, &number.to_string())).await?;
    Ok(row.filter(|row| row.state == State::Open).map(|row| row.id))
}

/// The person in a company's mailbox, as Authority says now.
async fn acting_at(desk: Desk<'_>, mailbox: Uuid) -> Option<Person> {
    let person = asked_again(desk.rights, desk.person).await?;
    Some(person.at(Whose::Of(mailbox)))
}

fn rules_desk<'a>(desk: Desk<'a>, person: &'a Person) -> reception::Desk<'a> {
    reception::Desk {
        house: desk.house,
        far: desk.far,
        senders: desk.senders,
        person,
    }
}

/// The person signs something for the company, by the text with this mark.
pub async fn sign(
    desk: Desk<'_>,
    number: OrganisationNumber,
    wording: &dyn Wording,
    (kind, mark): (Kind, &str),
    login: Evidence,
    language: &str,
) -> Result<Signed, MailboxError> {
    let firm = match look(desk, number, wording).await? {
        Look::Firm(firm) => *firm,
        Look::NotSignatory | Look::Form | Look::Unknown => return Ok(Signed::Refused),
        Look::TryAgain => return Ok(Signed::TryAgain),
    };
    if matches!(kind, Kind::Opening | Kind::Moving)
        && let Standing::Here(mailbox) = firm.standing
    {
        // Signed by all, a moment ago or long since.
        return match mailbox {
            Some(mailbox) => Ok(Signed::Done(Some(mailbox))),
            None => open(desk, number, &firm.name, language).await,
        };
    }
    let Some(to_sign) = firm.to_sign.into_iter().find(|to_sign| to_sign.kind == kind) else {
        return Ok(Signed::ReadAgain);
    };
    if to_sign.mark() != mark {
        return Ok(Signed::ReadAgain);
    }
    let agreement = Agreement {
        holder: number.into(),
        person: desk.person.number,
        name: desk.person.name.clone(),
        text: to_sign.text,
        at: desk.house.clock.now(),
        login,
    };
    match (kind, firm.standing) {
        (Kind::Opening | Kind::Moving, _) => come_here(desk, number, &firm.name, kind, &agreement, language).await,
        (Kind::Ending, Standing::Here(Some(mailbox))) => end(desk, mailbox, &agreement).await,
        (Kind::Rules, Standing::Here(Some(mailbox))) => {
            let text = |changes: &[Change]| wording.rules(&firm.name, &number.to_string(), changes);
            change_rules(desk, number, mailbox, &agreement, text).await
        }
        (Kind::Ending | Kind::Rules, _) => Ok(Signed::ReadAgain),
    }
}

async fn come_here(
    desk: Desk<'_>,
    number: OrganisationNumber,
    name: &str,
    kind: Kind,
    agreement: &Agreement,
    language: &str,
) -> Result<Signed, MailboxError> {
    let registered = if kind == Kind::Moving {
        desk.far.move_here(agreement).await
    } else {
        desk.far.register(agreement).await
    };
    match registered {
        Ok(Registered::Complete) => open(desk, number, name, language).await,
        Ok(Registered::MoreMustSign) => Ok(Signed::MoreMustSign),
        Ok(Registered::RuleNotSupported) => Ok(Signed::RuleNotSupported),
        Err(RegisterError::Unreachable(why)) => {
            tracing::warn!(
                why,
                "FaR gave no answer to a company's signature; asking where the company is"
            );
            after_no_answer(desk, number, name, kind, language).await
        }
        Err(RegisterError::ElsewhereAt(_)) => Ok(Signed::ReadAgain),
        Err(RegisterError::Refused {
            reason: Reason::Signature | Reason::CompanyForm | Reason::NotInPopulationRegister,
            ..
        }) => Ok(Signed::Refused),
        Err(error) => {
            tracing::warn!(%error, "FaR did not take a company's signature");
            Ok(Signed::TryAgain)
        }
    }
}

/// The signature may have come through, though its answer did not.
async fn after_no_answer(
    desk: Desk<'_>,
    number: OrganisationNumber,
    name: &str,
    kind: Kind,
    language: &str,
) -> Result<Signed, MailboxError> {
    let person = desk.person.number;
    let waits = match desk.far.standing(&number.into()).await {
        Ok(register::Standing::Here) => return open(desk, number, name, language).await,
        Ok(_) if kind == Kind::Moving => desk.companies.pending_move(number, person).await.ok().flatten(),
        Ok(_) => {
            let pending = desk.companies.pending_accounts(Some(number), person).await;
            let mut pending = pending.unwrap_or_default().into_iter();
            pending.find(|pending| !pending.ends).map(|pending| pending.waits)
        }
        Err(_) => None,
    };
    Ok(if waits.is_some_and(|waits| waits.is_signed_by(person)) {
        Signed::MoreMustSign
    } else {
        Signed::TryAgain
    })
}

async fn open(desk: Desk<'_>, number: OrganisationNumber, name: &str, language: &str) -> Result<Signed, MailboxError> {
    let holder = Holder {
        number: number.to_string(),
        name: name.to_owned(),
    };
    let mailbox = open_for_company(desk.house, holder, desk.person, language).await?;
    Ok(Signed::Done(Some(mailbox)))
}

async fn end(desk: Desk<'_>, mailbox: Uuid, agreement: &Agreement) -> Result<Signed, MailboxError> {
    let Some(at) = acting_at(desk, mailbox).await else {
        return Ok(Signed::TryAgain);
    };
    Ok(match sign_end(desk.house, desk.far, &at, agreement).await? {
        Ended::Done { .. } => Signed::Done(None),
        Ended::MoreMustSign => Signed::MoreMustSign,
        Ended::RuleNotSupported => Signed::RuleNotSupported,
        Ended::ReadAgain => Signed::ReadAgain,
        Ended::NotFound => Signed::Refused,
        Ended::TryAgain => Signed::TryAgain,
    })
}

async fn change_rules(
    desk: Desk<'_>,
    number: OrganisationNumber,
    mailbox: Uuid,
    agreement: &Agreement,
    text: impl Fn(&[Change]) -> String,
) -> Result<Signed, MailboxError> {
    let Some(at) = acting_at(desk, mailbox).await else {
        return Ok(Signed::TryAgain);
    };
    let pending = desk.companies.pending_rules(number, desk.person.number).await;
    let accepted = match pending {
        Ok(Some((accepted, _))) => accepted,
        Ok(None) => return Ok(Signed::ReadAgain),
        Err(_) => return Ok(Signed::TryAgain),
    };
    let rules = rules_desk(desk, &at);
    let Some(waiting) = reception::waiting(rules, accepted).await? else {
        return Ok(Signed::TryAgain);
    };
    // Somebody may have asked for other rules since the text was made.
    if text(&waiting.changes) != agreement.text {
        return Ok(Signed::ReadAgain);
    }
    Ok(match sign_waiting(rules, &waiting, agreement).await? {
        reception::Signed::Stored => Signed::Done(None),
        reception::Signed::MoreMustSign => Signed::MoreMustSign,
        reception::Signed::RuleNotSupported => Signed::RuleNotSupported,
        reception::Signed::ReadAgain => Signed::ReadAgain,
        reception::Signed::NotStored | reception::Signed::Unknown | reception::Signed::NotHere => Signed::TryAgain,
    })
}

/// Takes back what waits for signatures; false when FaR does not answer, or refuses. Taken back already is well too.
pub async fn take_back(desk: Desk<'_>, number: OrganisationNumber, kind: Kind) -> Result<bool, MailboxError> {
    let person = desk.person.number;
    let done = match kind {
        Kind::Opening | Kind::Ending => desk.companies.take_back_account(number, person).await,
        Kind::Moving => desk.companies.take_back_move(number, person).await,
        Kind::Rules => desk.companies.take_back_rules(number, person).await,
    };
    if let Err(error) = done {
        tracing::warn!(%error, "FaR did not take back what waits for signatures");
        return Ok(false);
    }
    if let Some(mailbox) = open_mailbox_of(desk.house, number).await?
        && let Some(at) = acting_at(desk, mailbox).await
    {
        log_act(desk.house, &at, Act::TookBack).await?;
    }
    Ok(true)
}

/// A company that a person acts for, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The company.
    pub company: Company,
    /// Its mailbox here, open or closed.
    pub mailbox: Option<Uuid>,
}

/// The companies that the person acts for.
pub async fn listed(house: &House, person: &Person) -> Result<Vec<Listed>, MailboxError> {
    let mut all = Vec::new();
    for company in &person.acts_for.companies {
        all.push(Listed {
            company: company.clone(),
            mailbox: find_company_mailbox(house, company).await?,
        });
    }
    Ok(all)
}
