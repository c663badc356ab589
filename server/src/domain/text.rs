//! Help, news and banners that the operator's staff write: what may be a text's name, and of what kind it is.

use std::fmt;
use std::str::FromStr;

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Help, under `/hjalp`.
    Help,
    /// News, under `/nyheter`.
    News,
    /// What is said of a disturbance, on every page, while it lasts.
    Banner,
}

impl Kind {
    /// The name it is stored under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Help => "help",
            Self::News => "news",
            Self::Banner => "banner",
        }
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "help" => Ok(Self::Help),
            "news" => Ok(Self::News),
            "banner" => Ok(Self::Banner),
            _ => Err("a text is help, news or banner".to_owned()),
        }
    }
}

/// A text's name in addresses: small letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slug(String);

impl Slug {
    /// As it stands in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fits = (1..=80).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !text.starts_with('-')
            && !text.ends_with('-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err("a text's name has small letters a to z, digits and hyphens, at most 80".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_fits_in_an_address() {
        assert_eq!("logga-in-2".parse::<Slug>().unwrap().as_str(), "logga-in-2");
        for wrong in ["", "-a", "a-", "Å", "a b", "a/b", "A", &"a".repeat(81)] {
            assert!(wrong.parse::<Slug>().is_err(), "{wrong}");
        }
    }
}
