//! Numbers, times and sizes as people say them.

mod address;
mod amount;
mod day;
mod giro;
mod typed_day;

pub(crate) use address::{
    attachment_address, letter_address, list_address, order_named, place_value, search_address, search_asked, segment,
    source_address, source_named, telephone, unescaped,
};
pub(crate) use amount::{account, number, sum, words_of_size};
pub(crate) use day::{Due, Moment, day_with_year, weekday_named};
pub(crate) use giro::can_be_paid_to;
pub(crate) use typed_day::{TypedDay, WrongDay};

use crate::i18n::Locale;
use crate::ports::{Payment, Shown};
use leptos_i18n::td_string;
use std::fmt::Display;
use time::OffsetDateTime;

/// A text with its `{places}` filled: `say!(l, count.unread_many, n = 3)`.
///
/// The locale files use single braces. Double ones are for the reactive interpolation of `leptos_i18n`, which cannot make
/// strings without its build script, and nothing here is reactive.
macro_rules! say {
    ($l:expr, $($key:ident).+ $(, $place:ident = $value:expr)+ $(,)?) => {
        $crate::words::fill(leptos_i18n::td_string!($l, $($key).+), &[$((stringify!($place), &$value)),+])
    };
}
pub(crate) use say;

/// Fills places by name. What is filled in is not read again, so a subject with braces in it stays as it is.
pub(crate) fn fill(pattern: &str, places: &[(&str, &dyn Display)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let filled = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = places.iter().find(|(place, _)| *place == name)?;
            Some((value.to_string(), after))
        });
        if let Some((value, after)) = filled {
            out.push_str(&value);
            rest = after;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// A space at which no line breaks: inside dates and sums.
pub(crate) const NO_BREAK: char = '\u{a0}';

/// Where a person is reached: an address as they write it, or “Chrome på Android”.
pub(crate) fn reached(l: Locale, shown: &Shown) -> String {
    match shown {
        Shown::Written(address) => address.clone(),
        Shown::Browser {
            name: Some(name),
            system: Some(system),
        } => say!(l, browsers.name, browser = name, system = system),
        Shown::Browser {
            name: Some(one),
            system: None,
        }
        | Shown::Browser {
            name: None,
            system: Some(one),
        } => one.clone(),
        Shown::Browser {
            name: None,
            system: None,
        } => td_string!(l, browsers.some).to_owned(),
    }
}

/// “3 olästa”.
pub(crate) fn unread(l: Locale, n: u64) -> String {
    if n == 1 {
        td_string!(l, count.unread_one).to_string()
    } else {
        say!(l, count.unread_many, n = n)
    }
}

/// “2 bilagor”.
pub(crate) fn attachments(l: Locale, n: usize) -> String {
    if n == 1 {
        td_string!(l, count.attachment_one).to_string()
    } else {
        say!(l, count.attachment_many, n = n)
    }
}

/// “Betala 1 250 kr senast 30 november till Ekeby kommun. Bankgiro: 123-4567.”
pub(crate) fn pay(l: Locale, payment: &Payment, payee: &str, now: OffsetDateTime) -> String {
    let method = match payment.method.as_str() {
        "BG" => td_string!(l, letter.bankgiro),
        "PG" => td_string!(l, letter.plusgiro),
        _ => td_string!(l, letter.account),
    };
    let date = Due::parse(&payment.due).map_or_else(|| payment.due.clone(), |due| due.date(l, now));
    let mut said = say!(
        l,
        copy.pay,
        sum = sum(l, payment.amount_ore, &payment.currency),
        date = date,
        payee = payee,
        method = method,
        account = account(&payment.account)
    );
    if let Some(reference) = &payment.reference {
        said.push(' ');
        said.push_str(&say!(l, copy.reference, reference = account(reference)));
    }
    said
}

/// “2 brev”.
pub(crate) fn letters(l: Locale, n: u64) -> String {
    if n == 1 {
        td_string!(l, count.letter_one).to_string()
    } else {
        say!(l, count.letter_many, n = n)
    }
}

/// The most bills that are told by their number.
const MOST_BILLS: u64 = 99;

/// “2 räkningar”.
pub(crate) fn bills(l: Locale, n: u64) -> String {
    match n {
        1 => td_string!(l, count.bill_one).to_string(),
        n if n > MOST_BILLS => say!(l, count.bill_more, n = MOST_BILLS),
        n => say!(l, count.bill_many, n = n),
    }
}

/// The same in a mark that has no room for words: “2”, “99+”.
pub(crate) fn counted_bills(n: u64) -> String {
    if n > MOST_BILLS {
        format!("{MOST_BILLS}+")
    } else {
        n.to_string()
    }
}

/// A subject that can be pressed and heard, also when the sender gave none.
pub(crate) fn subject(l: Locale, signed: &str) -> String {
    if signed.trim().is_empty() {
        td_string!(l, letter.no_subject).to_string()
    } else {
        signed.to_owned()
    }
}

/// Whether there is anything to read or look at in a cleaned body.
pub(crate) fn says_something(body_html: &str) -> bool {
    let words = body_html.split('<').any(|piece| {
        let text = piece.split_once('>').map_or(piece, |(_, text)| text);
        !text.replace("&nbsp;", "").trim().is_empty()
    });
    words || body_html.contains("<img")
}

/// The first letters of the first and the last name, for the round token beside it.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_once_and_others_left() {
        assert_eq!(fill("{a} och {b} {c}", &[("a", &"{b}"), ("b", &2)]), "{b} och 2 {c}");
        assert_eq!(fill("{", &[]), "{");
    }

    /// The compiler sees to it that each language has each text; this, that it says as much.
    #[test]
    fn each_language_has_the_same_places_to_fill() {
        let texts = [
            include_str!("../../locales/sv.json"),
            include_str!("../../locales/en.json"),
        ]
        .map(|file| places(&serde_json::from_str(file).unwrap()));
        assert_eq!(texts[0], texts[1]);
    }

    fn places(texts: &serde_json::Value) -> Vec<Vec<String>> {
        match texts {
            serde_json::Value::Object(parts) => parts.values().flat_map(places).collect(),
            text => {
                let text = text.as_str().unwrap();
                let mut names: Vec<_> = text
                    .split('{')
                    .skip(1)
                    .map(|rest| rest.split('}').next().unwrap().to_owned())
                    .collect();
                names.sort();
                vec![names]
            }
        }
    }

    #[test]
    fn one_is_not_many() {
        assert_eq!(unread(Locale::sv, 1), "1 oläst");
        assert_eq!(unread(Locale::sv, 3), "3 olästa");
        assert_eq!(attachments(Locale::en, 2), "2 attachments");
    }

    #[test]
    fn a_letter_without_subject_has_something_to_press() {
        assert_eq!(subject(Locale::sv, " \t"), "(inget ämne)");
        assert_eq!(subject(Locale::en, ""), "(no subject)");
        assert_eq!(subject(Locale::sv, "Beslut"), "Beslut");
    }

    #[test]
    fn empty_elements_say_nothing() {
        assert!(!says_something(""));
        assert!(!says_something("<div><p> &nbsp;\u{a0}</p><br></div>\n"));
        assert!(says_something("<p>Hej</p>"));
        assert!(says_something("1 < 2"));
        assert!(says_something("<p><img src=\"data:image/png;base64,AA\"></p>"));
    }

    #[test]
    fn initials_come_from_first_and_last_name() {
        assert_eq!(initials("Tolvan Tolvansson"), "TT");
        assert_eq!(initials("anna Maria Öberg"), "AÖ");
        assert_eq!(initials("Cher"), "C");
        assert_eq!(initials(""), "");
    }
}
