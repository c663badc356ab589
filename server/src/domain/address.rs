//! Where a person is reached: an e-mail address, a mobile number or a browser.

use super::channel::Channel;
use super::email::EmailAddress;
use super::mobile::{MobileNumber, NotAMobile};
use super::push::PushAddress;
use std::fmt;

/// The most addresses that a mailbox may have, confirmed and waiting.
pub const MOST: usize = 10;

/// An e-mail address, a mobile number or a browser. Its `Debug` shows none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// For e-mail.
    Email(EmailAddress),
    /// For text messages.
    Mobile(MobileNumber),
    /// For notices in a browser.
    Browser(Box<PushAddress>),
}

/// Why what a person wrote is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnAddress {
    /// It is none.
    #[error("not an address")]
    Form,
    /// A number outside the EU and the EES.
    #[error("outside the EU and the EES")]
    Abroad,
}

impl Address {
    /// Reads what a person wrote for a channel, or what is stored.
    pub fn parse(channel: Channel, text: &str) -> Result<Self, NotAnAddress> {
        match channel {
            Channel::Email => text.parse().map(Self::Email).map_err(|_| NotAnAddress::Form),
            Channel::Sms => text.parse().map(Self::Mobile).map_err(|wrong| match wrong {
                NotAMobile::Form => NotAnAddress::Form,
                NotAMobile::Abroad => NotAnAddress::Abroad,
            }),
            Channel::Push => text
                .parse()
                .map(|address| Self::Browser(Box::new(address)))
                .map_err(|_| NotAnAddress::Form),
        }
    }

    /// The way that leads to it.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Email(_) => Channel::Email,
            Self::Mobile(_) => Channel::Sms,
            Self::Browser(_) => Channel::Push,
        }
    }

    /// As its owner writes it; a browser as its owner calls it.
    pub fn shown(&self) -> String {
        match self {
            Self::Email(address) => address.to_string(),
            Self::Mobile(number) => number.shown(),
            Self::Browser(address) => address.device().to_string(),
        }
    }

    /// For those who help and have no need of the address, and in messages to the person's other addresses.
    pub fn masked(&self) -> String {
        match self {
            Self::Email(address) => address.masked(),
            Self::Mobile(number) => number.masked(),
            Self::Browser(address) => address.device().to_string(),
        }
    }

    /// For staff: enough to say whether it is the one that the holder names, and no more.
    pub fn hidden(&self) -> String {
        match self {
            Self::Email(address) => address.hidden(),
            Self::Mobile(number) => number.hidden(),
            Self::Browser(address) => address.device().to_string(),
        }
    }
}

/// The form that is stored and sent to.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email(address) => address.fmt(f),
            Self::Mobile(number) => number.fmt(f),
            Self::Browser(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_has_its_own_kind_of_address() {
        let email = Address::parse(Channel::Email, "anna.andersson@example.se").unwrap();
        assert_eq!(
            (email.channel(), email.masked()),
            (Channel::Email, "a•••••@example.se".to_owned())
        );
        let mobile = Address::parse(Channel::Sms, "070-174 06 05").unwrap();
        assert_eq!(
            (mobile.channel(), mobile.to_string()),
            (Channel::Sms, "+46701740605".to_owned())
        );
        assert_eq!(Address::parse(Channel::Email, "070-174 06 05"), Err(NotAnAddress::Form));
        assert_eq!(
            Address::parse(Channel::Sms, "+1 202 555 0123"),
            Err(NotAnAddress::Abroad)
        );
        for address in [email, mobile] {
            let shown = format!("{address:?}");
            assert!(!shown.contains("anna") && !shown.contains("0701"), "{shown}");
        }
    }
}
