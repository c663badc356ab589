//! When a person is told of a letter, and by which channels: the person's own rules, as plain data and pure questions.
//!
//! [`Rules::plan`] says what a letter leads to. Quiet hours hold the notice, never the letter.

mod hold;
mod plan;
mod reach;
mod spare;
mod word;
mod zone;

pub use plan::{Facts, Planned};
pub use reach::{Reach, Tried, Way, leading_somewhere, reach, second_way};
pub use spare::Spare;
pub use word::{NotAWord, Word};
pub use zone::{NoSuchZone, ZONES, Zone};

use super::channel::Channel;
use serde::{Deserialize, Serialize};
use time::Weekday;
use uuid::Uuid;

/// The most rules of one's own that a mailbox may have.
pub const MOST_OWN: usize = 100;

/// Everything that a person has decided about notices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// For letters that no rule of one's own speaks of.
    pub usual: Ways,
    /// Rules of one's own, at most one for a sender or a kind.
    pub own: Vec<OwnRule>,
    /// When what is gathered is told.
    pub gathered: Gathered,
    /// Hours of the day when nothing is told.
    pub quiet: Option<Quiet>,
    /// Nothing is told on weekends and public holidays, nor the evening before.
    pub free_days: bool,
    /// Where the person's clock is.
    pub zone: Zone,
    /// What a notice may say.
    pub says: Says,
    /// A word of one's own in each notice.
    pub word: Option<Word>,
    /// Reminders of what is unread.
    pub reminders: Reminders,
    /// When one way fails, try another that the person has given.
    pub second_way: bool,
}

/// By which ways, and how soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ways {
    /// By e-mail.
    pub email: When,
    /// By text message.
    pub sms: When,
    /// In browsers. Rules from before there were notices in browsers have nothing here.
    #[serde(default)]
    pub push: When,
}

impl Ways {
    /// How soon by one channel.
    pub fn by(self, channel: Channel) -> When {
        match channel {
            Channel::Email => self.email,
            Channel::Sms => self.sms,
            Channel::Push => self.push,
        }
    }

    /// The same ways, but how soon by one channel.
    #[must_use]
    pub fn with(self, channel: Channel, when: When) -> Self {
        match channel {
            Channel::Email => Self { email: when, ..self },
            Channel::Sms => Self { sms: when, ..self },
            Channel::Push => Self { push: when, ..self },
        }
    }

    /// The channels that tell at all.
    pub fn wanted(self) -> Vec<Channel> {
        let mut channels = Channel::ALL.to_vec();
        channels.retain(|channel| self.by(*channel) != When::Never);
        channels
    }
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

/// A rule for some letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnRule {
    /// Names it in addresses.
    pub id: Uuid,
    /// Which letters.
    pub letters: Letters,
    /// How they are told of.
    pub ways: Ways,
    /// In quiet hours and on free days too.
    pub always: bool,
}

/// Letters that a rule speaks of.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letters {
    /// From one sender.
    From {
        /// Organisation number, twelve digits.
        number: String,
        /// The name that it was chosen by.
        name: String,
    },
    /// With something to pay.
    ToPay,
    /// That belong to a matter.
    InMatter,
}

impl std::fmt::Debug for Letters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Letters(…)")
    }
}

/// When what is gathered is told: the local hour, and the day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathered {
    /// The hour of each day.
    pub daily: Hour,
    /// The day of each week.
    pub weekday: Weekday,
    /// The hour of that day.
    pub weekly: Hour,
}

/// A whole hour of the day, 0 to 23.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Hour(u8);

/// There is no such hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an hour is a number from 0 to 23")]
pub struct NoSuchHour;

impl TryFrom<u8> for Hour {
    type Error = NoSuchHour;

    fn try_from(hour: u8) -> Result<Self, NoSuchHour> {
        if hour < 24 { Ok(Self(hour)) } else { Err(NoSuchHour) }
    }
}

impl From<Hour> for u8 {
    fn from(hour: Hour) -> Self {
        hour.0
    }
}

/// Hours of the day when nothing is told, across midnight when they begin later than they end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    from: Hour,
    to: Hour,
}

impl Quiet {
    /// From one hour to another; nothing when they are the same.
    pub fn new(from: Hour, to: Hour) -> Option<Self> {
        (from != to).then_some(Self { from, to })
    }

    /// The first quiet hour.
    pub fn from(self) -> Hour {
        self.from
    }

    /// The first hour that is not quiet any more.
    pub fn to(self) -> Hour {
        self.to
    }
}

/// What a notice may say of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Says {
    /// Only that it has come.
    Nothing,
    /// Who sent it.
    Sender,
    /// Who sent it, and its subject.
    SenderAndSubject,
}

/// Reminders of letters that nobody has opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminders {
    /// After [`Reminders::FIRST`] days.
    pub first: bool,
    /// After [`Reminders::SECOND`] days, by every way there is.
    pub second: bool,
}

impl Reminders {
    /// Days until the first one.
    pub const FIRST: i64 = 3;
    /// Days until the second one.
    pub const SECOND: i64 = 7;
}

/// Of a new mailbox: at once by e-mail, and reminders. Nothing is held, and nothing is said but that a letter has come.
impl Default for Rules {
    fn default() -> Self {
        Self {
            usual: Ways {
                email: When::AtOnce,
                sms: When::Never,
                push: When::Never,
            },
            own: Vec::new(),
            gathered: Gathered {
                daily: Hour(17),
                weekday: Weekday::Monday,
                weekly: Hour(9),
            },
            quiet: None,
            free_days: false,
            zone: Zone::default(),
            says: Says::Nothing,
            word: None,
            reminders: Reminders {
                first: true,
                second: true,
            },
            second_way: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_kept_and_read_again() {
        let mut rules = Rules {
            quiet: Quiet::new(Hour(20), Hour(8)),
            word: Some("Blåklocka".parse().unwrap()),
            ..Rules::default()
        };
        rules.own.push(OwnRule {
            id: Uuid::from_u128(1),
            letters: Letters::From {
                number: "162021005448".to_owned(),
                name: "Skatteverket".to_owned(),
            },
            ways: Ways {
                email: When::Weekly,
                sms: When::AtOnce,
                push: When::Never,
            },
            always: true,
        });
        let kept = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&kept).unwrap(), rules);
        assert!(serde_json::from_str::<Rules>(&kept.replace("\"daily\":17", "\"daily\":24")).is_err());
        assert!(!format!("{rules:?}").contains("Skatteverket") && !format!("{rules:?}").contains("Blåklocka"));
    }

    #[test]
    fn rules_from_before_browsers_are_read() {
        let ways: Ways = serde_json::from_str(r#"{"email":"Daily","sms":"AtOnce"}"#).unwrap();
        assert_eq!((ways.email, ways.push), (When::Daily, When::Never));
    }
}
