//! A holder's number as people write it: personnummer, samordningsnummer or organisationsnummer, with or without century and hyphen.

use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use time::Date;

/// What somebody can type is longer by some spaces and hyphens, not more.
const LONGEST: usize = 24;

/// Reads a number. Of two centuries it is the later one in which the person is born by `today`; after a `+` the one before that. Nothing
/// when the date or the check digit is wrong.
pub fn read_number(text: &str, today: Date) -> Option<RecipientId> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let before = text.contains('+');
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '+' | '\u{2010}'..='\u{2015}'))
        .collect();
    if !plain.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    match plain.len() {
        10 => organisation(&plain)
            .map(Into::into)
            .or_else(|| born_last(&plain, before, today).map(Into::into)),
        12 => match plain.strip_prefix("16") {
            Some(ten) => organisation(ten).map(Into::into),
            None => plain.parse::<PersonalNumber>().ok().map(Into::into),
        },
        _ => None,
    }
}

/// Ten digits with the hyphen before the last four, and the century of a person.
pub fn written(number: &str) -> String {
    let (first, last) = number.split_at_checked(8).unwrap_or((number, ""));
    match first.strip_prefix("16") {
        Some(six) => format!("{six}-{last}"),
        None => format!("{first}-{last}"),
    }
}

/// The third digit of an organisation's number is at least two, so it is never a day of birth (Skatteverket).
fn organisation(ten: &str) -> Option<OrganisationNumber> {
    let third = ten.chars().nth(2)?;
    (third >= '2' && luhn(ten))
        .then(|| format!("16{ten}").parse().ok())
        .flatten()
}

fn born_last(ten: &str, before: bool, today: Date) -> Option<PersonalNumber> {
    let mut born = ["20", "19", "18"]
        .into_iter()
        .filter_map(|century| format!("{century}{ten}").parse::<PersonalNumber>().ok())
        .filter(|number| number.born() <= today);
    if before {
        // A plus is written from the year in which somebody becomes a hundred.
        born.find(|number| today.year() - number.born().year() >= 100)
    } else {
        born.next()
    }
}

fn luhn(ten: &str) -> bool {
    let sum: u32 = ten
        .bytes()
        .zip([2, 1].into_iter().cycle())
        .map(|(digit, weight)| {
            let product = u32::from(digit - b'0') * weight;
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    fn read(text: &str) -> Option<String> {
        read_number(text, date!(2026 - 11 - 26)).map(|number| number.to_string())
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for (text, number) in [
            ("19750302-9816", "197503029816"),
            ("197503029816", "197503029816"),
            (" 750302-9816 ", "197503029816"),
            ("7503029816", "197503029816"),
            ("121212-1212", "201212121212"),
            ("121212+1212", "191212121212"),
            ("19 121212 – 1212", "191212121212"),
            ("701063-2391", "197010632391"),
            ("202100-4748", "162021004748"),
            ("2021004748", "162021004748"),
            ("16202100-4748", "162021004748"),
        ] {
            assert_eq!(read(text).as_deref(), Some(number), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        for text in [
            "",
            "Anna",
            "750302-9817",
            "202100-4749",
            "19750332-9816",
            "162021004749",
            "121212",
            "7503029816 7503029816",
            "７５0302-9816",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn it_is_written_as_people_know_it() {
        assert_eq!(written("197503029816"), "19750302-9816");
        assert_eq!(written("162021004748"), "202100-4748");
    }
}
