//! Made-up persons, each of whom sees the pages from another side.

use crate::{NOW, letters};
use app::ports::{
    AccessAct, AccessRow, ChangeEmail, ConfirmEmail, Contact, InboxPage, InboxQuery, Letter, LetterId, Login,
    LoginChoice, Mailbox, NoticeRow, NoticeState, PortError, Ports, Registration, SessionRow, Settings, Show, Standing,
    Viewer,
};
use std::sync::Arc;
use time::Duration;

/// Who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Person {
    /// Has letters.
    Tolvan,
    /// Has a mailbox and no letters.
    Empty,
    /// Waits for the code.
    Coded,
    /// Has a mailbox that cannot be read now.
    Broken,
    /// Logged in without a mailbox.
    Newcomer(Newcomer),
    /// Not logged in.
    Nobody,
}

/// How somebody without a mailbox stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Newcomer {
    MayOpen,
    Elsewhere,
    TooYoung,
    Protected,
    NoNumber,
    TryAgain,
}

impl Person {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "tom" => Self::Empty,
            "kodad" => Self::Coded,
            "trasig" => Self::Broken,
            "ny" => Self::Newcomer(Newcomer::MayOpen),
            "annanstans" => Self::Newcomer(Newcomer::Elsewhere),
            "ung" => Self::Newcomer(Newcomer::TooYoung),
            "skyddad" => Self::Newcomer(Newcomer::Protected),
            "utlandsk" => Self::Newcomer(Newcomer::NoNumber),
            "vantande" => Self::Newcomer(Newcomer::TryAgain),
            "ingen" => Self::Nobody,
            _ => Self::Tolvan,
        }
    }

    pub(crate) fn ports(self) -> Ports {
        let at_home = !matches!(self, Self::Nobody | Self::Newcomer(_));
        Ports {
            login: Arc::new(self),
            registration: matches!(self, Self::Newcomer(_)).then(|| Arc::new(self) as Arc<dyn Registration>),
            mailbox: at_home.then(|| Arc::new(self) as Arc<dyn Mailbox>),
            settings: at_home.then(|| Arc::new(self) as Arc<dyn Settings>),
        }
    }
}

#[async_trait::async_trait]
impl Login for Person {
    async fn choices(&self) -> Result<Vec<LoginChoice>, PortError> {
        Ok([
            ("BankID", "BankID", false),
            ("Freja+", "Freja+", false),
            ("Demo-legitimation", "Demonstration eID", true),
        ]
        .into_iter()
        .map(|(sv, en, demonstration)| LoginChoice {
            idp: format!("https://idp.example/{sv}"),
            name_sv: sv.to_owned(),
            name_en: en.to_owned(),
            demonstration,
        })
        .collect())
    }
}

#[async_trait::async_trait]
impl Registration for Person {
    async fn standing(&self) -> Result<Standing, PortError> {
        let Self::Newcomer(newcomer) = self else {
            return Ok(Standing::Open);
        };
        Ok(match newcomer {
            Newcomer::MayOpen => Standing::MayOpen {
                name: "Tolvan Tolvansson".to_owned(),
                terms: "2026-01".to_owned(),
            },
            Newcomer::Elsewhere => Standing::Elsewhere {
                operator: "Brevbäraren i Norrvik AB".to_owned(),
            },
            Newcomer::TooYoung => Standing::TooYoung,
            Newcomer::Protected => Standing::Protected,
            Newcomer::NoNumber => Standing::NoSwedishNumber,
            Newcomer::TryAgain => Standing::TryAgain,
        })
    }

    async fn accept(&self, _terms: String) -> Result<Standing, PortError> {
        self.standing().await
    }
}

#[async_trait::async_trait]
impl Mailbox for Person {
    async fn viewer(&self) -> Result<Viewer, PortError> {
        let unread = if *self == Self::Tolvan { 3 } else { 0 };
        let minutes = std::env::var("MINUTES")
            .ok()
            .and_then(|minutes| minutes.parse().ok())
            .unwrap_or(15);
        Ok(Viewer {
            name: "Tolvan Tolvansson".to_owned(),
            unread,
            idle_until: NOW + Duration::minutes(minutes),
            ends_at: NOW + Duration::hours(8),
        })
    }

    async fn inbox(&self, query: InboxQuery) -> Result<InboxPage, PortError> {
        match self {
            Self::Broken => return Err(PortError::Unavailable),
            Self::Tolvan => {}
            _ => {
                return Ok(InboxPage {
                    letters: Vec::new(),
                    next: None,
                    unread: 0,
                });
            }
        }
        let mut letters = letters::rows();
        if let Some(before) = &query.before {
            let place = letters
                .iter()
                .position(|row| row.id == *before)
                .map_or(0, |place| place + 1);
            letters.drain(..place);
        }
        letters.retain(|row| match query.show {
            Show::All => true,
            Show::Unread => row.unread,
            Show::WithAttachment => row.attachments > 0,
        });
        let next = (letters.len() > 7)
            .then(|| letters.get(6).map(|row| row.id.clone()))
            .flatten();
        letters.truncate(7);
        Ok(InboxPage {
            letters,
            next,
            unread: 3,
        })
    }

    async fn open(&self, id: LetterId) -> Result<Letter, PortError> {
        letters::letter(&id).ok_or(PortError::NotFound)
    }

    async fn mark(&self, _id: LetterId, _unread: bool) -> Result<(), PortError> {
        Ok(())
    }

    async fn access_log(&self) -> Result<Vec<AccessRow>, PortError> {
        let letter = |id: &str, subject: &str| Some((LetterId(id.to_owned()), subject.to_owned()));
        Ok([
            (
                2,
                AccessAct::OpenedLetter,
                letter("b1", "Du får trygghetslarm från den 1 april"),
            ),
            (3, AccessAct::LoggedIn, None),
            (
                60 * 26,
                AccessAct::FetchedAttachment,
                letter("b5", "Din utbetalning i april"),
            ),
            (60 * 27, AccessAct::ChangedContact, None),
            (
                60 * 24 * 9,
                AccessAct::MarkedUnread,
                letter("b3", "Kallelse: synundersökning onsdag 8 april"),
            ),
        ]
        .into_iter()
        .map(|(minutes, act, letter)| AccessRow {
            at: NOW - Duration::minutes(minutes),
            who: "Tolvan Tolvansson".to_owned(),
            act,
            letter,
        })
        .collect())
    }
}

#[async_trait::async_trait]
impl Settings for Person {
    async fn contact(&self) -> Result<Contact, PortError> {
        let email = "tolvan@post.example".to_owned();
        Ok(match self {
            Self::Coded => Contact::Unconfirmed { email },
            Self::Empty => Contact::None,
            _ => Contact::Confirmed { email, waiting: None },
        })
    }

    async fn change_email(&self, address: String) -> Result<ChangeEmail, PortError> {
        Ok(if address.contains('@') {
            ChangeEmail::CodeSent
        } else {
            ChangeEmail::NotAnAddress
        })
    }

    async fn confirm_email(&self, code: String) -> Result<ConfirmEmail, PortError> {
        Ok(if code == "123456" {
            ConfirmEmail::Confirmed
        } else {
            ConfirmEmail::WrongCode { left: 3 }
        })
    }

    async fn remove_email(&self) -> Result<(), PortError> {
        Ok(())
    }

    async fn notices(&self) -> Result<Vec<NoticeRow>, PortError> {
        Ok([
            (50, NoticeState::Waiting, 2, "b1"),
            (180, NoticeState::Sent, 1, "b2"),
            (60 * 90, NoticeState::Failed, 9, "b3"),
        ]
        .into_iter()
        .map(|(minutes, state, attempts, letter)| NoticeRow {
            at: NOW - Duration::minutes(minutes),
            to: "tolvan@post.example".to_owned(),
            state,
            attempts,
            letter: Some(LetterId(letter.to_owned())),
        })
        .collect())
    }

    async fn sessions(&self) -> Result<Vec<SessionRow>, PortError> {
        Ok([
            ("a", "Firefox på Linux", 3, true),
            ("b", "Safari på Iphone", 60 * 20, false),
        ]
        .into_iter()
        .map(|(handle, device, minutes, current)| SessionRow {
            handle: handle.to_owned(),
            device: device.to_owned(),
            since: NOW - Duration::minutes(minutes),
            seen: NOW - Duration::minutes(minutes / 3),
            current,
        })
        .collect())
    }

    async fn end_session(&self, _handle: String) -> Result<(), PortError> {
        Ok(())
    }

    async fn end_other_sessions(&self) -> Result<(), PortError> {
        Ok(())
    }

    async fn set_language(&self, _language: String) -> Result<(), PortError> {
        Ok(())
    }

    async fn stay(&self) -> Result<Viewer, PortError> {
        self.viewer().await
    }
}
