//! Whether a number of a giro can be one: its last digit is a check digit.

/// Bankgiro numbers have seven or eight digits, plusgiro numbers two to eight; the last makes the sum by modulus 10 come out
/// even. Of other accounts nothing is known.
pub(crate) fn can_be_paid_to(method: &str, account: &str) -> bool {
    let lengths = match method {
        "BG" => 7..=8,
        "PG" => 2..=8,
        _ => return true,
    };
    let mut digits = Vec::new();
    for c in account.chars() {
        match c.to_digit(10) {
            Some(digit) => digits.push(digit),
            None if c == '-' || c.is_whitespace() => {}
            None => return false,
        }
    }
    lengths.contains(&digits.len()) && sum(&digits).is_multiple_of(10)
}

/// Every second digit from the right counts twice, digit by digit.
fn sum(digits: &[u32]) -> u32 {
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let places = digits.iter().rev().enumerate();
    places
        .map(|(place, digit)| if place % 2 == 1 { doubled(*digit) } else { *digit })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::can_be_paid_to;

    #[test]
    fn a_mistyped_number_is_seen() {
        for (method, good) in [
            ("BG", "991-2346"),
            ("BG", "5050-1055"),
            ("PG", "90 19 50-6"),
            ("IBAN", "SE35"),
        ] {
            assert!(can_be_paid_to(method, good), "{good}");
        }
        for (method, bad) in [
            ("BG", "123"),
            ("BG", "991-2345"),
            ("BG", "991-2346x"),
            ("BG", ""),
            ("PG", "1"),
            ("PG", "90 19 50-7"),
        ] {
            assert!(!can_be_paid_to(method, bad), "{bad}");
        }
    }
}
