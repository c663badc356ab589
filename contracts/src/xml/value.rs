//! The simple types of XML Schema that the contract uses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use time::format_description::well_known::Rfc3339;
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

/// `xs:boolean`: `true`, `false`, `1` or `0`.
pub fn parse_boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// `xs:date` with or without time zone (`2023-10-11`, `2023-10-11+02:00`, `2023-10-11Z`). The zone is checked and then
/// dropped: a date of the contract is the sender's calendar day.
pub fn parse_date(text: &str) -> Option<Date> {
    let (date, zone) = (text.get(..10)?, text.get(10..)?);
    parse_zone(zone)?;
    plain_date(date)
}

/// `xs:dateTime`. Without a time zone it is taken as UTC.
pub fn parse_date_time(text: &str) -> Option<OffsetDateTime> {
    let date = plain_date(text.get(..10)?)?;
    let rest = text.get(10..)?.strip_prefix('T')?;
    let clock = rest.get(..8)?;
    let bytes = clock.as_bytes();
    if bytes.get(2) != Some(&b':') || bytes.get(5) != Some(&b':') {
        return None;
    }
    let (hour, minute, second) = (digits(clock, 0, 2)?, digits(clock, 3, 5)?, digits(clock, 6, 8)?);
    let mut rest = rest.get(8..)?;
    let mut nanosecond = 0_u32;
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return None;
        }
        // Nine digits are kept; finer ones cannot be told apart anyway.
        let shown = fraction.get(..length.min(9))?;
        nanosecond = shown.parse::<u32>().ok()? * 10_u32.pow(u32::try_from(9 - shown.len()).ok()?);
        rest = fraction.get(length..)?;
    }
    let offset = parse_zone(rest)?.unwrap_or(UtcOffset::UTC);
    let time = Time::from_hms_nano(
        u8::try_from(hour).ok()?,
        u8::try_from(minute).ok()?,
        u8::try_from(second).ok()?,
        nanosecond,
    );
    Some(OffsetDateTime::new_in_offset(date, time.ok()?, offset))
}

/// A date as the schema writes it, without zone.
pub fn write_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// A point in time as the schema writes it, in UTC and to the second.
pub fn write_date_time(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC).replace_nanosecond(0).unwrap_or(at);
    at.format(&Rfc3339).unwrap_or_default()
}

/// `xs:base64Binary`: white space anywhere is part of the type and is skipped.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = STANDARD.decode(text) {
        return Some(bytes);
    }
    let compact: Vec<u8> = text
        .bytes()
        .filter(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
        .collect();
    STANDARD.decode(compact).ok()
}

/// Base64 without line breaks.
pub fn encode_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

fn plain_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return None;
    }
    let month = Month::try_from(u8::try_from(digits(text, 5, 7)?).ok()?).ok()?;
    let year = i32::from(digits(text, 0, 4)?);
    Date::from_calendar_date(year, month, u8::try_from(digits(text, 8, 10)?).ok()?).ok()
}

/// `None` when it is no zone; `Some(None)` when there is none.
#[expect(clippy::option_option, reason = "private: no zone and a wrong zone are two things")]
fn parse_zone(text: &str) -> Option<Option<UtcOffset>> {
    if text.is_empty() {
        return Some(None);
    }
    if text == "Z" {
        return Some(Some(UtcOffset::UTC));
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if text.len() != 6 || text.as_bytes().get(3) != Some(&b':') {
        return None;
    }
    let (hours, minutes) = (
        i8::try_from(digits(text, 1, 3)?).ok()?,
        i8::try_from(digits(text, 4, 6)?).ok()?,
    );
    if hours > 14 || minutes > 59 {
        return None;
    }
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok().map(Some)
}

fn digits(text: &str, from: usize, to: usize) -> Option<u16> {
    let piece = text.get(from..to)?;
    if piece.bytes().all(|byte| byte.is_ascii_digit()) {
        piece.parse().ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn dates_with_and_without_zone() {
        for text in ["2023-10-11", "2023-10-11Z", "2023-10-11+02:00", "2023-10-11-05:30"] {
            assert_eq!(parse_date(text), Some(date!(2023 - 10 - 11)), "{text}");
        }
        for text in [
            "",
            "2023-13-01",
            "2023-02-29",
            "23-01-01",
            "2023-10-11+2",
            "2023-10-11T00:00:00",
            "2023-10-11 ",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn times_with_fractions_and_zones() {
        assert_eq!(
            parse_date_time("2024-05-06T07:08:09"),
            Some(datetime!(2024-05-06 07:08:09 UTC))
        );
        assert_eq!(
            parse_date_time("2024-05-06T07:08:09.25+02:00"),
            Some(datetime!(2024-05-06 07:08:09.25 +2))
        );
        assert_eq!(parse_date_time("2024-05-06T07:08"), None);
        assert_eq!(parse_date_time("2024-05-06T25:08:09Z"), None);
        assert_eq!(
            write_date_time(datetime!(2024-05-06 07:08:09.25 +2)),
            "2024-05-06T05:08:09Z"
        );
    }

    #[test]
    fn base64_may_be_broken_into_lines() {
        assert_eq!(decode_base64("aGVq\r\n IQ=="), Some(b"hej!".to_vec()));
        assert_eq!(decode_base64("aGV"), None);
        assert_eq!(decode_base64("å"), None);
    }

    proptest! {
        #[test]
        fn reading_any_text_never_fails_hard(text in ".{0,40}") {
            let _ = (parse_date(&text), parse_date_time(&text), decode_base64(&text), parse_boolean(&text));
        }

        #[test]
        fn what_is_written_is_read_back(days in 0_i32..40_000, bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            let date = Date::from_julian_day(2_415_021 + days).unwrap();
            prop_assert_eq!(parse_date(&write_date(date)), Some(date));
            prop_assert_eq!(decode_base64(&encode_base64(&bytes)), Some(bytes));
        }
    }
}
