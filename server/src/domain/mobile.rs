//! A mobile number that text messages can be sent to.

use std::fmt;
use std::str::FromStr;

/// The calling codes of the countries of the EU and the EES: nothing is sent outside them. Sweden's own is 46.
const COUNTRIES: [&str; 30] = [
    "30", "31", "32", "33", "34", "351", "352", "353", "354", "356", "357", "358", "359", "36", "370", "371", "372",
    "385", "386", "39", "40", "420", "421", "423", "43", "45", "46", "47", "48", "49",
];

/// What may stand between digits.
const BETWEEN: [char; 7] = [' ', '\u{a0}', '-', '–', '.', '(', ')'];

/// A number in the form of E.164, `+46701740605`. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct MobileNumber(String);

/// Why a number is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMobile {
    /// It cannot be a mobile number.
    #[error("not a mobile number")]
    Form,
    /// It belongs to a country outside the EU and the EES.
    #[error("a number outside the EU and the EES")]
    Abroad,
}

impl FromStr for MobileNumber {
    type Err = NotAMobile;

    /// Reads what a person wrote: `070-174 06 05`, `+46 (0)70 174 06 05`, `0046701740605`. Without a country it is Swedish.
    fn from_str(text: &str) -> Result<Self, NotAMobile> {
        let text = text.trim().replace("(0)", "");
        let (plus, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text.as_str()),
        };
        let digits: String = rest.chars().filter(|c| !BETWEEN.contains(c)).collect();
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NotAMobile::Form);
        }
        let whole = match (plus, digits.strip_prefix("00"), digits.strip_prefix('0')) {
            (true, ..) => digits,
            (false, Some(abroad), _) => abroad.to_owned(),
            (false, None, Some(home)) => format!("46{home}"),
            (false, None, None) => return Err(NotAMobile::Form),
        };
        if let Some(home) = whole.strip_prefix("46") {
            let home = home.strip_prefix('0').unwrap_or(home);
            // The mobile series of the Swedish numbering plan: 070, 072, 073, 076, 079, each with seven digits more.
            let is_mobile = ["70", "72", "73", "76", "79"]
                .iter()
                .any(|series| home.starts_with(series));
            return if is_mobile && home.len() == 9 {
                Ok(Self(format!("+46{home}")))
            } else {
                Err(NotAMobile::Form)
            };
        }
        if !(8..=15).contains(&whole.len()) {
            return Err(NotAMobile::Form);
        }
        if COUNTRIES.iter().any(|country| whole.starts_with(country)) {
            Ok(Self(format!("+{whole}")))
        } else {
            Err(NotAMobile::Abroad)
        }
    }
}

impl MobileNumber {
    /// As people write it: `070-174 06 05`; foreign ones with their country.
    pub fn shown(&self) -> String {
        match self.home() {
            Some([a, b, c, d, e, f, g, h, i]) => format!("0{a}{b}-{c}{d}{e} {f}{g} {h}{i}"),
            None => self.0.clone(),
        }
    }

    /// For those who help and have no need of the number: `070-••• 06 05`.
    pub fn masked(&self) -> String {
        match self.home() {
            Some([a, b, _, _, _, f, g, h, i]) => format!("0{a}{b}-••• {f}{g} {h}{i}"),
            None => {
                let (head, tail) = (self.0.get(..3).unwrap_or_default(), self.0.len().saturating_sub(4));
                format!("{head} ••• {}", self.0.get(tail..).unwrap_or_default())
            }
        }
    }

    /// For staff, who only ask whether it is the one: `+46 ••• •• 05`.
    pub fn hidden(&self) -> String {
        let digits = self.0.trim_start_matches('+');
        let country = COUNTRIES.iter().find(|country| digits.starts_with(*country));
        let tail = digits.len().saturating_sub(2);
        format!(
            "+{} ••• •• {}",
            country.copied().unwrap_or_default(),
            digits.get(tail..).unwrap_or_default()
        )
    }

    /// The nine digits of a Swedish number.
    fn home(&self) -> Option<[char; 9]> {
        let digits: Vec<char> = self.0.strip_prefix("+46")?.chars().collect();
        digits.try_into().ok()
    }
}

impl fmt::Display for MobileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for MobileNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MobileNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for text in [
            "070-174 06 05",
            "0701740605",
            "+46 70 174 06 05",
            "+46(0)70-1740605",
            "0046701740605",
            "+46 070 174 06 05",
            " 070 1740605 ",
        ] {
            assert_eq!(
                text.parse::<MobileNumber>().unwrap().to_string(),
                "+46701740605",
                "{text}"
            );
        }
        assert_eq!(
            "+47 912 34 567".parse::<MobileNumber>().unwrap().to_string(),
            "+4791234567"
        );
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for text in [
            "",
            "070",
            "08-123 456 78",
            "070-174 06 055",
            "sjuttio",
            "7017406",
            "+",
            "070-174 06 0x",
            "+46 8 123 45 67",
        ] {
            assert_eq!(text.parse::<MobileNumber>(), Err(NotAMobile::Form), "{text}");
        }
        for text in ["+1 202 555 0123", "+44 7700 900123", "00882 16 1234567"] {
            assert_eq!(text.parse::<MobileNumber>(), Err(NotAMobile::Abroad), "{text}");
        }
    }

    #[test]
    fn it_is_shown_to_its_owner_and_masked_for_others() {
        let number: MobileNumber = "0701740605".parse().unwrap();
        assert_eq!(
            (number.shown(), number.masked()),
            ("070-174 06 05".to_owned(), "070-••• 06 05".to_owned())
        );
        let abroad: MobileNumber = "+4791234567".parse().unwrap();
        assert_eq!(
            (abroad.shown(), abroad.masked()),
            ("+4791234567".to_owned(), "+47 ••• 4567".to_owned())
        );
        assert_eq!(
            (number.hidden(), abroad.hidden()),
            ("+46 ••• •• 05".to_owned(), "+47 ••• •• 67".to_owned())
        );
        assert_eq!(format!("{number:?}"), "MobileNumber(…)");
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic_and_what_is_read_can_be_read_again(text in ".*") {
            if let Ok(number) = text.parse::<MobileNumber>() {
                prop_assert_eq!(number.to_string().parse::<MobileNumber>(), Ok(number.clone()));
                prop_assert_eq!(number.shown().parse::<MobileNumber>(), Ok(number));
            }
        }

        #[test]
        fn every_swedish_mobile_number_is_taken(digits in "07[02369][0-9]{7}") {
            prop_assert!(digits.parse::<MobileNumber>().is_ok());
        }
    }
}
