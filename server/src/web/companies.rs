//! The companies that whoever is logged in acts for, for the pages.

use super::Web;
use super::elsewhere::base;
use super::ports::unavailable;
use super::reception::for_page;
use crate::domain::acts_for::{Ground, Learned};
use crate::domain::calendar::day_in_sweden;
use crate::domain::holder::Holder;
use crate::domain::holder_number::{read_number, written};
use crate::domain::reception::Change;
use crate::login::CurrentSession;
use crate::mailbox::access::Person;
use crate::mailbox::companies::{self, Desk, Kind, Look, Signed, Standing, ToSign, Wording};
use crate::register::{Evidence, Signatory, Waits};
use app::Language;
use app::ports::{
    Companies, CompanyKind, CompanyList, CompanyLook, CompanyPage, CompanyRow, CompanySigned, CompanyStanding,
    CompanyToSign, CompanyWaits, PortError,
};
use async_trait::async_trait;
use contracts::identifier::{OrganisationNumber, RecipientId};

/// The companies of the person who is logged in.
pub(super) struct OwnCompanies {
    pub(super) web: Web,
    pub(super) person: Person,
    pub(super) session: CurrentSession,
    pub(super) login: Evidence,
    pub(super) language: Language,
}

/// What is signed, in the language that it is read in.
struct Words(Language);

impl Wording for Words {
    fn opening(&self, company: &str, number: &str) -> String {
        app::company_opening_text(self.0, company, &written(number))
    }

    fn moving(&self, company: &str, number: &str, from: &str) -> String {
        app::company_moving_text(self.0, company, &written(number), from)
    }

    fn rules(&self, company: &str, number: &str, changes: &[Change]) -> String {
        let changes: Vec<_> = changes.iter().map(for_page).collect();
        for_company(
            self.0,
            Some(&Holder {
                number: number.to_owned(),
                name: company.to_owned(),
            }),
            app::reception_text(self.0, true, &changes),
        )
    }
}

/// A text that is signed, which says for which company when it is for one.
pub(super) fn for_company(language: Language, company: Option<&Holder>, text: String) -> String {
    match company {
        Some(company) => {
            let line = app::company_line(language, &company.name, &written(&company.number));
            format!("{line}\n\n{text}")
        }
        None => text,
    }
}

impl OwnCompanies {
    fn desk(&self) -> Desk<'_> {
        desk(&self.web, &self.person)
    }

    async fn learn(&self) -> Result<(), PortError> {
        let learned = companies::learn(self.desk()).await;
        let mut session = self.session.clone();
        let sessions = self.web.desk.sessions();
        sessions.learn(&mut session, learned).await.map_err(unavailable)
    }
}

/// What is needed to ask about companies for a person.
pub(super) fn desk<'a>(web: &'a Web, person: &'a Person) -> Desk<'a> {
    Desk {
        house: &web.house,
        far: &*web.far,
        companies: &*web.companies,
        rights: &*web.rights,
        senders: &web.senders,
        person,
    }
}

#[async_trait]
impl Companies for OwnCompanies {
    async fn list(&self) -> Result<CompanyList, PortError> {
        let told = self.session.learned.told();
        let listed = companies::listed(&self.web.house, &self.person)
            .await
            .map_err(unavailable)?;
        let is_waiting = |number: &str| told.is_some_and(|told| told.waiting.iter().any(|other| other == number));
        let rows = listed.into_iter().map(|listed| {
            let signs = listed.company.is_signed_for();
            CompanyRow {
                waits: is_waiting(&listed.company.number),
                written: written(&listed.company.number),
                number: listed.company.number,
                name: listed.company.name,
                role: match listed.company.ground {
                    Ground::Signatory => None,
                    Ground::Role(role) => Some(role.unwrap_or_default()),
                },
                signs,
                address: listed.mailbox.map(|mailbox| format!("{}/inkorg", base(mailbox))),
            }
        });
        Ok(CompanyList {
            answered: matches!(*self.session.learned, Learned::Told(_)),
            rows: rows.collect(),
            unclear: told.map_or_else(Vec::new, |told| {
                told.unclear.iter().map(|number| written(number)).collect()
            }),
            all_unclear: told.is_some_and(|told| told.all_unclear),
        })
    }

    async fn ask_again(&self) -> Result<(), PortError> {
        self.learn().await
    }

    fn waiting(&self) -> usize {
        self.session.learned.told().map_or(0, |told| told.waiting.len())
    }

    fn acts_for_some(&self) -> bool {
        !self.person.acts_for.companies.is_empty()
    }

    fn number(&self, typed: &str) -> Option<String> {
        match read_number(typed, day_in_sweden(self.web.house.clock.now())) {
            Some(RecipientId::Organisation(number)) => Some(number.to_string()),
            _ => None,
        }
    }

    async fn look(&self, number: String) -> Result<CompanyLook, PortError> {
        let number = named(&number)?;
        let look = companies::look(self.desk(), number, &Words(self.language))
            .await
            .map_err(unavailable)?;
        Ok(match look {
            Look::Firm(firm) => CompanyLook::Page(Box::new(CompanyPage {
                written: written(&number.to_string()),
                number: number.to_string(),
                name: firm.name,
                rule: firm.rule,
                others: names(firm.others),
                standing: match firm.standing {
                    Standing::Nowhere => CompanyStanding::Nowhere,
                    Standing::Here(Some(mailbox)) => CompanyStanding::Here(format!("{}/inkorg", base(mailbox))),
                    Standing::Here(None) => CompanyStanding::Unopened,
                    Standing::Elsewhere(operator) => CompanyStanding::Elsewhere(operator),
                    Standing::WaitsElsewhere => CompanyStanding::WaitsElsewhere,
                },
                to_sign: firm.to_sign.into_iter().map(to_sign).collect(),
            })),
            Look::NotSignatory => CompanyLook::NotSignatory,
            Look::Form => CompanyLook::Form,
            Look::Unknown => CompanyLook::Unknown,
            Look::TryAgain => CompanyLook::TryAgain,
        })
    }

    async fn sign(&self, number: String, kind: CompanyKind, mark: String) -> Result<CompanySigned, PortError> {
        let number = named(&number)?;
        let (login, tag) = (self.login.clone(), self.language.tag());
        let what = (told_kind(kind), mark.as_str());
        let signed = companies::sign(self.desk(), number, &Words(self.language), what, login, tag)
            .await
            .map_err(unavailable)?;
        Ok(match signed {
            Signed::Done(opened) => {
                // They may have become a signatory since they logged in; and what waited waits no more.
                self.learn().await?;
                CompanySigned::Done(opened.map(|mailbox| format!("{}/inkorg", base(mailbox))))
            }
            Signed::MoreMustSign => {
                self.learn().await?;
                CompanySigned::MoreMustSign
            }
            Signed::ReadAgain => CompanySigned::ReadAgain,
            Signed::RuleNotSupported => CompanySigned::RuleNotSupported,
            Signed::Refused => CompanySigned::Refused,
            Signed::TryAgain => CompanySigned::TryAgain,
        })
    }

    async fn take_back(&self, number: String, kind: CompanyKind) -> Result<bool, PortError> {
        let done = companies::take_back(self.desk(), named(&number)?, told_kind(kind))
            .await
            .map_err(unavailable)?;
        if done {
            self.learn().await?;
        }
        Ok(done)
    }
}

fn named(number: &str) -> Result<OrganisationNumber, PortError> {
    number.parse().map_err(|_| PortError::NotFound)
}

fn names(signatories: Vec<Signatory>) -> Vec<String> {
    signatories.into_iter().map(|signatory| signatory.name).collect()
}

fn to_sign(what: ToSign) -> CompanyToSign {
    CompanyToSign {
        kind: match what.kind {
            Kind::Opening => CompanyKind::Opening,
            Kind::Moving => CompanyKind::Moving,
            Kind::Ending => CompanyKind::Ending,
            Kind::Rules => CompanyKind::Rules,
        },
        mark: what.mark(),
        text: what.text,
        waits: what.waits.map(|Waits { signed, may_sign }| CompanyWaits {
            signed: names(signed),
            may_sign: names(may_sign),
        }),
        is_signed: what.is_signed,
    }
}

fn told_kind(kind: CompanyKind) -> Kind {
    match kind {
        CompanyKind::Opening => Kind::Opening,
        CompanyKind::Moving => Kind::Moving,
        CompanyKind::Ending => Kind::Ending,
        CompanyKind::Rules => Kind::Rules,
    }
}
