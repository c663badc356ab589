//! The ways that a person can be told something.

use std::str::FromStr;

/// A way to reach a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// A notice in a browser.
    Push,
}

impl Channel {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Email, Self::Sms, Self::Push];

    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
        }
    }
}

impl FromStr for Channel {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name).ok_or(())
    }
}
