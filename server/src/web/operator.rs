//! Where the mailbox is, and leaving, for the pages.

use super::companies::for_company;
use super::ports::unavailable;
use crate::domain::holder::Holder;
use crate::domain::leaving::destroyed_at;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::leaving;
use crate::mailbox::reception::mark_of;
use crate::register::{Evidence, Register};
use app::Language;
use app::ports::{BeforeTheEnd, Ended, InRegister, MailboxStanding, Operator, OperatorPage, PortError};
use async_trait::async_trait;
use std::sync::Arc;
use time::OffsetDateTime;

/// The mailbox of the person who is logged in, as FaR has it.
pub(super) struct OwnOperator {
    pub(super) house: House,
    pub(super) far: Arc<dyn Register>,
    pub(super) person: Person,
    pub(super) login: Evidence,
    pub(super) language: Language,
    /// The company whose mailbox it is, if it is one's.
    pub(super) company: Option<Holder>,
}

impl OwnOperator {
    fn text(&self, until: OffsetDateTime) -> String {
        for_company(
            self.language,
            self.company.as_ref(),
            app::ending_text(self.language, self.company.is_some(), until),
        )
    }
}

#[async_trait]
impl Operator for OwnOperator {
    async fn look(&self) -> Result<OperatorPage, PortError> {
        let look = leaving::look(&self.house, &*self.far, &self.person)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        Ok(OperatorPage {
            standing: for_page(look.standing),
            register: match look.register {
                leaving::InRegister::Here => InRegister::Here,
                leaving::InRegister::Elsewhere(operator) => InRegister::Elsewhere(operator),
                leaving::InRegister::Nowhere => InRegister::Nowhere,
                leaving::InRegister::Unknown => InRegister::Unknown,
            },
            opened_at: look.opened_at,
        })
    }

    async fn before_the_end(&self) -> Result<BeforeTheEnd, PortError> {
        let until = destroyed_at(self.house.clock.now());
        let text = self.text(until);
        Ok(BeforeTheEnd {
            until,
            mark: mark_of(&text),
            text,
        })
    }

    async fn end(&self, mark: String) -> Result<Ended, PortError> {
        let text = |until| self.text(until);
        let ended = leaving::end(&self.house, &*self.far, &self.person, text, &mark, self.login.clone()).await;
        match ended.map_err(unavailable)? {
            leaving::Ended::Done { .. } => Ok(Ended::Done),
            leaving::Ended::ReadAgain => Ok(Ended::ReadAgain),
            leaving::Ended::MoreMustSign => Ok(Ended::MoreMustSign),
            leaving::Ended::RuleNotSupported => Ok(Ended::RuleNotSupported),
            leaving::Ended::TryAgain => Ok(Ended::TryAgain),
            leaving::Ended::NotFound => Err(PortError::NotFound),
        }
    }
}

/// How it stands, told for people.
pub(super) fn for_page(standing: leaving::Standing) -> MailboxStanding {
    match standing {
        leaving::Standing::Open => MailboxStanding::Open,
        leaving::Standing::Moved { to, since } => MailboxStanding::Moved { to, since },
        leaving::Standing::Left { since } => MailboxStanding::Left { since },
        leaving::Standing::Ended { since, until } => MailboxStanding::Ended { since, until },
    }
}
