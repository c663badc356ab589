//! Letting others into a mailbox and being let into theirs, for the person who is logged in.

use super::elsewhere::base;
use super::ports::unavailable;
use crate::domain::calendar::day_in_sweden;
use crate::domain::consent::Level;
use crate::domain::holder_number::written;
use crate::house::House;
use crate::mailbox::access::{LetIn, Person, let_in_by_register};
use crate::mailbox::consents::{self, Offered, Stands, Typed, Wrong};
use app::ports::{
    Consent, ConsentForm, ConsentId, ConsentLevel, ConsentStands, Consents, GivenConsents, Helping, KnownSender,
    OfferConsent, PortError, RegisterConsent, RegisterConsents, WrongOffer,
};
use async_trait::async_trait;
use time::Duration;
use uuid::Uuid;

/// The end that is proposed: most help for a while, and who wants it to last gives it again.
const PROPOSED: Duration = Duration::days(365);

/// Whom a person lets in.
#[derive(Debug)]
pub(super) struct OwnConsents {
    pub(super) house: House,
    pub(super) person: Person,
}

/// Whom a person helps.
#[derive(Debug)]
pub(super) struct OwnHelping {
    pub(super) house: House,
    pub(super) person: Person,
    /// The register has said, and for sure, who lets them in.
    pub(super) told: bool,
    /// It has named a consent that cannot be kept here.
    pub(super) narrower: bool,
}

#[async_trait]
impl Consents for OwnConsents {
    async fn given(&self) -> Result<GivenConsents, PortError> {
        let given = consents::given(&self.house, &self.person)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        let proposed = day_in_sweden(self.house.clock.now()) + PROPOSED;
        Ok(GivenConsents {
            consents: given.consents.into_iter().map(shown).collect(),
            senders: given
                .senders
                .into_iter()
                .map(|sender| KnownSender {
                    number: sender.number,
                    name: sender.name,
                })
                .collect(),
            typed: given.typed.map(|typed| ConsentForm {
                number: typed.number,
                level: level(typed.level),
                old_letters: typed.old_letters,
                senders: typed.senders,
                through: typed.through,
            }),
            proposed: proposed.to_string(),
        })
    }

    async fn offer(&self, form: ConsentForm) -> Result<OfferConsent, PortError> {
        let typed = Typed {
            number: form.number,
            level: match form.level {
                ConsentLevel::Read => Level::Read,
                ConsentLevel::Manage => Level::Manage,
                ConsentLevel::Administer => Level::Administer,
            },
            old_letters: form.old_letters,
            senders: form.senders,
            through: form.through,
        };
        match consents::offer(&self.house, &self.person, &typed)
            .await
            .map_err(unavailable)?
        {
            Offered::Done => Ok(OfferConsent::Done),
            Offered::Wrong(wrong) => Ok(OfferConsent::Wrong(match wrong {
                Wrong::Number => WrongOffer::Number,
                Wrong::OwnNumber => WrongOffer::OwnNumber,
                Wrong::Organisation => WrongOffer::Organisation,
                Wrong::Already => WrongOffer::Already,
                Wrong::Day => WrongOffer::Day,
                Wrong::DayOutOfBounds => WrongOffer::DayOutOfBounds,
                Wrong::NoSender => WrongOffer::NoSender,
                Wrong::Administers => WrongOffer::Administers,
                Wrong::TooMany => WrongOffer::TooMany,
            })),
            Offered::NotFound => Err(PortError::NotFound),
        }
    }

    async fn end(&self, id: ConsentId) -> Result<(), PortError> {
        there(consents::end(&self.house, &self.person, named(&id)?).await)
    }
}

#[async_trait]
impl Helping for OwnHelping {
    async fn received(&self) -> Result<Vec<Consent>, PortError> {
        let received = consents::received(&self.house, &self.person)
            .await
            .map_err(unavailable)?;
        Ok(received.into_iter().map(shown).collect())
    }

    async fn by_register(&self) -> Result<RegisterConsents, PortError> {
        let let_in = let_in_by_register(&self.house, &self.person)
            .await
            .map_err(unavailable)?;
        Ok(RegisterConsents {
            told: self.told,
            narrower: self.narrower,
            consents: let_in.into_iter().map(by_register).collect(),
        })
    }

    async fn asking(&self) -> Result<u64, PortError> {
        consents::count_offered(&self.house, &self.person)
            .await
            .map_err(unavailable)
    }

    async fn answer(&self, id: ConsentId, yes: bool) -> Result<(), PortError> {
        there(consents::answer(&self.house, &self.person, named(&id)?, yes).await)
    }

    async fn give_up(&self, id: ConsentId) -> Result<(), PortError> {
        there(consents::give_up(&self.house, &self.person, named(&id)?).await)
    }
}

fn there<E: std::fmt::Display>(done: Result<bool, E>) -> Result<(), PortError> {
    done.map_err(unavailable)?.then_some(()).ok_or(PortError::NotFound)
}

fn named(id: &ConsentId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&id.0).map_err(|_| PortError::NotFound)
}

fn by_register(let_in: LetIn) -> RegisterConsent {
    RegisterConsent {
        name: let_in.holder.name,
        number: written(&let_in.holder.number),
        address: format!("{}/inkorg", base(let_in.mailbox)),
        manage: let_in.level == Level::Manage,
    }
}

fn level(level: Level) -> ConsentLevel {
    match level {
        Level::Read => ConsentLevel::Read,
        Level::Manage => ConsentLevel::Manage,
        Level::Administer => ConsentLevel::Administer,
    }
}

/// As a page shows it.
pub(super) fn shown(consent: consents::Consent) -> Consent {
    Consent {
        id: ConsentId(consent.id.to_string()),
        name: consent.other.name,
        number: written(&consent.other.number),
        address: format!("{}/inkorg", base(consent.mailbox)),
        level: level(consent.level),
        from: consent.from,
        senders: consent.senders,
        through: consents::last_day(consent.ends_at),
        stands: match consent.stands {
            Stands::Offered => ConsentStands::Offered,
            Stands::Active => ConsentStands::Active,
            Stands::Refused => ConsentStands::Refused,
            Stands::EndedByHolder => ConsentStands::EndedByHolder,
            Stands::EndedByHelper => ConsentStands::EndedByHelper,
            Stands::Over => ConsentStands::Over,
        },
        since: consent.since,
    }
}
