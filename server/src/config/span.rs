//! Lengths of time as people write them: `30s`, `15m`, `8h`, `7d`.

use serde::de::{Deserialize, Deserializer, Error};
use std::time::Duration;

/// Reads `30s`, `15m`, `8h` or `7d`.
pub(super) fn parse(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let wrong = || format!("«{text}» is not a length of time: write a number and s, m, h or d, as in 15m");
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let number: u64 = text
        .strip_suffix(unit)
        .unwrap_or_default()
        .trim()
        .parse()
        .map_err(|_| wrong())?;
    // A century is more than anything here can mean, and far from where sums with times overflow.
    number
        .checked_mul(seconds)
        .filter(|total| *total <= 100 * 366 * 24 * 60 * 60)
        .map(Duration::from_secs)
        .ok_or_else(wrong)
}

/// For one length.
pub(crate) fn one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// For a list of them.
pub(crate) fn many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| parse(text).map_err(D::Error::custom))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_read_as_people_write_them() {
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse(" 15m "), Ok(Duration::from_mins(15)));
        assert_eq!(parse("8h"), Ok(Duration::from_hours(8)));
        assert_eq!(parse("7d"), Ok(Duration::from_hours(168)));
        for wrong in [
            "",
            "15",
            "m",
            "1.5h",
            "-1m",
            "1å",
            "99999999999999999999d",
            "999999999999d",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_panic(text in ".*") {
            let _ = parse(&text);
        }
    }
}
