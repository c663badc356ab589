//! Becoming a holder, for the page of terms.

use super::ports::unavailable;
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::registration::{self, TERMS};
use crate::register::{Evidence, Register};
use app::Language;
use app::ports::{PortError, Registration, Standing};
use async_trait::async_trait;
use std::sync::Arc;

/// The registration of the person who is logged in.
pub(super) struct OwnRegistration {
    pub(super) house: House,
    pub(super) far: Arc<dyn Register>,
    pub(super) person: Person,
    pub(super) login: Evidence,
    pub(super) language: Language,
}

impl OwnRegistration {
    fn told(&self, standing: registration::Standing) -> Standing {
        match standing {
            registration::Standing::Open => Standing::Open,
            registration::Standing::MayOpen => Standing::MayOpen {
                name: self.person.name.clone(),
                terms: TERMS.to_owned(),
            },
            registration::Standing::Elsewhere(operator) => Standing::Elsewhere {
                operator,
                terms: TERMS.to_owned(),
            },
            registration::Standing::TooYoung => Standing::TooYoung,
            registration::Standing::Protected => Standing::Protected,
            registration::Standing::NoSwedishNumber => Standing::NoSwedishNumber,
            registration::Standing::TryAgain => Standing::TryAgain,
        }
    }
}

#[async_trait]
impl Registration for OwnRegistration {
    async fn standing(&self) -> Result<Standing, PortError> {
        let standing = registration::standing(&self.house, &*self.far, &self.person).await;
        standing.map(|standing| self.told(standing)).map_err(unavailable)
    }

    async fn accept(&self, terms: String) -> Result<Standing, PortError> {
        if terms != TERMS {
            // The terms changed while the page was open: show the new ones.
            return self.standing().await;
        }
        let text = app::terms_text(self.language);
        let login = self.login.clone();
        let language = self.language.tag();
        let accepted = registration::accept(&self.house, &*self.far, &self.person, text, login, language).await;
        accepted.map(|standing| self.told(standing)).map_err(unavailable)
    }

    async fn move_here(&self, terms: String) -> Result<Standing, PortError> {
        if terms != TERMS {
            return self.standing().await;
        }
        let text = |operator: &str| app::moving_text(self.language, operator);
        let (login, language) = (self.login.clone(), self.language.tag());
        let moved = registration::move_here(&self.house, &*self.far, &self.person, text, login, language).await;
        moved.map(|standing| self.told(standing)).map_err(unavailable)
    }
}
