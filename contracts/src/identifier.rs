//! Who a delivery is from and to (section 4).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, Month};

/// Why a text is not an identifier. It does not repeat the text: that may be a personal number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierError {
    /// Not `16` and ten digits.
    #[error("an organisation number is 16 followed by ten digits, without a hyphen")]
    Organisation,
    /// Not twelve digits of a day and a check digit.
    #[error("a personal number is twelve digits, century first, with a real date and a right check digit")]
    Person,
    /// Neither.
    #[error("an identifier is twelve digits without a hyphen: 16 and an organisation number, or a personal number")]
    Recipient,
}

/// An organisation: `16` and its ten digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationNumber(Digits);

/// A person: personnummer, or samordningsnummer (the day plus 60). Twelve digits with a real date and a right check
/// digit. `Debug` hides it, so that it does not end in a log by chance.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonalNumber(Digits);

/// Whom a delivery is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum RecipientId {
    /// A company or other organisation.
    Organisation(OrganisationNumber),
    /// A person.
    Person(PersonalNumber),
    /// Twelve digits that the schema admits but that nobody can have: the schema checks neither the day nor the check
    /// digit. There can be no mailbox behind it, so a delivery to it is answered with `Delivered=false`.
    Nobody(NobodysNumber),
}

/// Twelve digits that fit the schema's pattern of a person without being one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NobodysNumber(Digits);

type Digits = [u8; 12];

impl OrganisationNumber {
    /// From the ten digits of everyday use, with or without hyphen (`202100-4748`), or the twelve of the contract.
    pub fn from_any_form(text: &str) -> Result<Self, IdentifierError> {
        let plain: String = text.chars().filter(|c| *c != '-').collect();
        if plain.len() == 10 {
            format!("16{plain}").parse()
        } else {
            plain.parse()
        }
    }
}

impl PersonalNumber {
    /// Whether it is a samordningsnummer, given to people who are not in the population register.
    pub fn is_coordination(&self) -> bool {
        day_field(&self.0) > 60
    }

    /// The day of birth that the number says.
    pub fn born(&self) -> Date {
        // A value of this type has a date; the fallback cannot be reached.
        birth(&self.0).unwrap_or(Date::MIN)
    }

    /// Whole years on the given day; 0 before birth.
    pub fn age_on(&self, day: Date) -> u8 {
        let born = self.born();
        let had_birthday = (day.month() as u8, day.day()) >= (born.month() as u8, born.day());
        u8::try_from(day.year() - born.year() - i32::from(!had_birthday)).unwrap_or(0)
    }
}

impl FromStr for OrganisationNumber {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits(text)
            .filter(|_| text.starts_with("16"))
            .map(Self)
            .ok_or(IdentifierError::Organisation)
    }
}

impl FromStr for PersonalNumber {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        digits(text)
            .filter(|_| ["18", "19", "20"].iter().any(|century| text.starts_with(century)))
            .filter(|number| birth(number).is_some() && check_digit_fits(number))
            .map(Self)
            .ok_or(IdentifierError::Person)
    }
}

impl FromStr for RecipientId {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(number) = text.parse() {
            return Ok(Self::Organisation(number));
        }
        if let Ok(number) = text.parse() {
            return Ok(Self::Person(number));
        }
        let number = digits(text).ok_or(IdentifierError::Recipient)?;
        let century = ["18", "19", "20"].iter().any(|century| text.starts_with(century));
        if century && (1..=12).contains(&month_field(&number)) {
            Ok(Self::Nobody(NobodysNumber(number)))
        } else {
            Err(IdentifierError::Recipient)
        }
    }
}

impl From<OrganisationNumber> for RecipientId {
    fn from(number: OrganisationNumber) -> Self {
        Self::Organisation(number)
    }
}

impl From<PersonalNumber> for RecipientId {
    fn from(number: PersonalNumber) -> Self {
        Self::Person(number)
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(&self.0, f)
    }
}

impl fmt::Debug for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(&self.0, f)
    }
}

impl fmt::Display for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(&self.0, f)
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalNumber(hidden)")
    }
}

impl fmt::Display for NobodysNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_digits(&self.0, f)
    }
}

impl fmt::Debug for NobodysNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NobodysNumber(hidden)")
    }
}

impl fmt::Display for RecipientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organisation(number) => number.fmt(f),
            Self::Person(number) => number.fmt(f),
            Self::Nobody(number) => number.fmt(f),
        }
    }
}

macro_rules! as_text {
    ($($kind:ty),*) => {$(
        impl TryFrom<String> for $kind {
            type Error = IdentifierError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$kind> for String {
            fn from(number: $kind) -> Self {
                number.to_string()
            }
        }
    )*};
}
as_text!(OrganisationNumber, PersonalNumber, RecipientId);

fn digits(text: &str) -> Option<Digits> {
    let bytes: Digits = text.as_bytes().try_into().ok()?;
    bytes.iter().all(u8::is_ascii_digit).then_some(bytes)
}

fn write_digits(number: &Digits, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(std::str::from_utf8(number).unwrap_or_default())
}

fn field(number: &Digits, from: usize, to: usize) -> u16 {
    number
        .get(from..to)
        .unwrap_or_default()
        .iter()
        .fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
}

fn month_field(number: &Digits) -> u16 {
    field(number, 4, 6)
}

fn day_field(number: &Digits) -> u16 {
    field(number, 6, 8)
}

fn birth(number: &Digits) -> Option<Date> {
    let day = match day_field(number) {
        day @ 61..=91 => day - 60,
        day => day,
    };
    let month = Month::try_from(u8::try_from(month_field(number)).ok()?).ok()?;
    Date::from_calendar_date(i32::from(field(number, 0, 4)), month, u8::try_from(day).ok()?).ok()
}

/// The Luhn sum over the ten digits without century (SKV 704).
fn check_digit_fits(number: &Digits) -> bool {
    let sum: u16 = number
        .iter()
        .skip(2)
        .enumerate()
        .map(|(at, digit)| {
            let product = u16::from(digit - b'0') * if at % 2 == 0 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::date;

    use super::*;

    #[test]
    fn a_personal_number_has_a_date_and_a_check_digit() {
        assert!("191212121212".parse::<PersonalNumber>().is_ok());
        for text in [
            "191212121213",
            "191213121212",
            "121212121212",
            "19121212121",
            "19121212-1212",
            "",
            "1912121212aa",
        ] {
            assert_eq!(text.parse::<PersonalNumber>(), Err(IdentifierError::Person), "{text}");
        }
    }

    #[test]
    fn a_coordination_number_is_a_person_too() {
        let number: PersonalNumber = "197010632391".parse().unwrap();
        assert!(number.is_coordination());
        assert_eq!(number.born(), date!(1970 - 10 - 03));
    }

    #[test]
    fn age_changes_on_the_birthday() {
        let number: PersonalNumber = "191212121212".parse().unwrap();
        assert_eq!(number.age_on(date!(2026 - 12 - 11)), 113);
        assert_eq!(number.age_on(date!(2026 - 12 - 12)), 114);
        assert_eq!(number.age_on(date!(1900 - 01 - 01)), 0);
    }

    #[test]
    fn a_recipient_is_an_organisation_a_person_or_nobody() {
        let kind = |text: &str| text.parse::<RecipientId>();
        assert!(matches!(kind("162021004748"), Ok(RecipientId::Organisation(_))));
        assert!(matches!(kind("191212121212"), Ok(RecipientId::Person(_))));
        assert!(matches!(kind("191212121213"), Ok(RecipientId::Nobody(_))));
        assert!(matches!(kind("201299991234"), Err(IdentifierError::Recipient)));
        assert!(matches!(kind("211212121212"), Err(IdentifierError::Recipient)));
        assert!(matches!(kind("1912121212123"), Err(IdentifierError::Recipient)));
    }

    #[test]
    fn debug_output_hides_a_person() {
        let number: PersonalNumber = "191212121212".parse().unwrap();
        assert!(!format!("{number:?} {:?}", RecipientId::from(number)).contains("1212"));
    }

    #[test]
    fn everyday_forms_of_an_organisation_number() {
        assert_eq!(
            OrganisationNumber::from_any_form("202100-4748").unwrap().to_string(),
            "162021004748"
        );
        assert!(OrganisationNumber::from_any_form("2021004748x").is_err());
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_back(text in "(16|18|19|20)[0-9]{10}") {
            if let Ok(id) = text.parse::<RecipientId>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }

        #[test]
        fn any_text_is_taken_or_refused(text in ".{0,14}") {
            let _ = text.parse::<RecipientId>();
        }
    }
}
