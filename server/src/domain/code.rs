//! The code that confirms an address, and its limits.

use time::Duration;

/// How many digits a code has.
const LENGTH: usize = 6;

/// How long a code holds.
pub const HOLDS: Duration = Duration::minutes(30);

/// How many wrong codes there may be before the code is over.
pub const TRIES: u32 = 5;

/// How many codes a mailbox may ask for within [`PERIOD`], to whichever addresses.
pub const MOST: i64 = 5;

/// The period that [`MOST`] counts in.
pub const PERIOD: Duration = Duration::HOUR;

/// The code that somebody has typed, without the spaces that people copy with it; nothing when it cannot be one.
pub fn typed(text: &str) -> Option<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let is_code = code.len() == LENGTH && code.bytes().all(|byte| byte.is_ascii_digit());
    is_code.then_some(code)
}

/// Six digits from eight random bytes: one in a million, to within one part in ten million million.
pub fn code(random: [u8; 8]) -> String {
    format!("{:0LENGTH$}", u64::from_be_bytes(random) % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_the_last_six_digits() {
        assert_eq!(code([0; 8]), "000000");
        assert_eq!(code(12_345_678_u64.to_be_bytes()), "345678");
    }

    #[test]
    fn what_cannot_be_a_code_is_none() {
        assert_eq!(typed(" 123 456\u{a0}").as_deref(), Some("123456"));
        for no in ["", "abc", "12345", "1234567", "12345a", "１２３４５６", "-12345"] {
            assert_eq!(typed(no), None, "{no}");
        }
    }

    proptest! {
        #[test]
        fn a_code_is_six_digits(random in any::<[u8; 8]>()) {
            let code = code(random);
            prop_assert_eq!(typed(&code), Some(code.clone()));
            prop_assert!(code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
