//! Sums of money and sizes of files.

use super::NO_BREAK;
use crate::i18n::Locale;

/// “1 284,50 kronor”, “SEK 1,284.50”. `amount` is in hundredths.
pub(crate) fn sum(l: Locale, amount: u64, currency: &str) -> String {
    let number = hundredths(l, amount);
    match (l, currency) {
        (Locale::sv, "SEK") if amount == 100 => format!("{number}{NO_BREAK}krona"),
        (Locale::sv, "SEK") => format!("{number}{NO_BREAK}kronor"),
        (Locale::sv, other) => format!("{number}{NO_BREAK}{other}"),
        (_, other) => format!("{other}{NO_BREAK}{number}"),
    }
}

/// “184 kB”, “1,2 MB”: in thousands, as file managers count.
pub(crate) fn words_of_size(l: Locale, bytes: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (unit, name) in UNITS {
        // 999,600 bytes are a megabyte to people, not 1000 kB
        if bytes.saturating_mul(1000) / unit >= 999 || (unit == 1_000 && bytes >= unit) {
            let tenths = (bytes * 10 + unit / 2) / unit;
            return if tenths >= 100 || tenths.is_multiple_of(10) || unit == 1_000 {
                format!("{}{NO_BREAK}{name}", (bytes + unit / 2) / unit)
            } else {
                format!("{}{}{}{NO_BREAK}{name}", tenths / 10, decimal_mark(l), tenths % 10)
            };
        }
    }
    match l {
        Locale::sv => format!("{bytes}{NO_BREAK}byte"),
        Locale::en => format!("{bytes}{NO_BREAK}bytes"),
    }
}

/// “12 345”, “12,345”: a number of things.
pub(crate) fn number(l: Locale, n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 8);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(if matches!(l, Locale::sv) { NO_BREAK } else { ',' });
        }
        out.push(digit);
    }
    out
}

/// An account or reference as it is easiest to read aloud and to copy: digits in groups of four from the left when
/// there are many of them and the sender has not grouped them already.
pub(crate) fn account(written: &str) -> String {
    if written.len() < 7 || !written.bytes().all(|b| b.is_ascii_digit()) {
        return written.to_owned();
    }
    let mut out = String::with_capacity(written.len() + written.len() / 4);
    for (i, digit) in written.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push(NO_BREAK);
        }
        out.push(digit);
    }
    out
}

fn hundredths(l: Locale, amount: u64) -> String {
    let whole = thousands(l, amount / 100);
    match amount % 100 {
        0 => whole,
        rest => format!("{whole}{}{rest:02}", decimal_mark(l)),
    }
}

fn thousands(l: Locale, mut n: u64) -> String {
    let mark = match l {
        Locale::sv => NO_BREAK,
        Locale::en => ',',
    };
    let mut groups = Vec::new();
    while n >= 1000 {
        groups.push(format!("{:03}", n % 1000));
        n /= 1000;
    }
    groups.push(n.to_string());
    groups.reverse();
    groups.join(mark.to_string().as_str())
}

const fn decimal_mark(l: Locale) -> char {
    match l {
        Locale::sv => ',',
        Locale::en => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_said_in_each_language() {
        assert_eq!(sum(Locale::sv, 24_800, "SEK"), "248\u{a0}kronor");
        assert_eq!(sum(Locale::sv, 128_450, "SEK"), "1\u{a0}284,50\u{a0}kronor");
        assert_eq!(sum(Locale::en, 123_456_789, "EUR"), "EUR\u{a0}1,234,567.89");
        assert_eq!(sum(Locale::sv, 100, "SEK"), "1\u{a0}krona");
        assert_eq!(sum(Locale::sv, 150, "SEK"), "1,50\u{a0}kronor");
        assert_eq!(sum(Locale::sv, 5, "EUR"), "0,05\u{a0}EUR");
    }

    #[test]
    fn sizes_are_said_in_words() {
        assert_eq!(words_of_size(Locale::sv, 312), "312\u{a0}byte");
        assert_eq!(words_of_size(Locale::sv, 184_320), "184\u{a0}kB");
        assert_eq!(words_of_size(Locale::sv, 1_230_000), "1,2\u{a0}MB");
        assert_eq!(words_of_size(Locale::en, 1_230_000), "1.2\u{a0}MB");
        assert_eq!(words_of_size(Locale::en, 2_000_000), "2\u{a0}MB");
        assert_eq!(words_of_size(Locale::sv, 999_600), "1\u{a0}MB");
        assert_eq!(words_of_size(Locale::sv, 48_000_000), "48\u{a0}MB");
    }

    #[test]
    fn long_numbers_are_grouped_and_written_ones_left_alone() {
        assert_eq!(account("260317004127"), "2603\u{a0}1700\u{a0}4127");
        assert_eq!(account("123-4567"), "123-4567");
        assert_eq!(account("Faktura 7"), "Faktura 7");
    }
}
