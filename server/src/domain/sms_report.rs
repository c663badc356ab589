//! What a text message gateway says of a message after it has taken it: a form, as 46elks posts to the address given as `whendelivered`
//! (46elks.se/docs/sms-delivery-reports): `id`, `status` (`delivered`, `failed`, of some also `sent`), and for `delivered` the moment, in
//! UTC. A gateway that knows why a message failed may say so in `reason`, which 46elks does not send.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::form_urlencoded;

/// The largest form that is read, in bytes.
pub const LONGEST: usize = 4 * 1024;

/// The most of a reason that is kept, in characters.
const KEPT: usize = 200;

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// It is in the phone.
    Delivered {
        /// Since when, if that is said and can be read.
        at: Option<OffsetDateTime>,
    },
    /// It will not come there.
    Failed {
        /// Why, in the gateway's words, when it says.
        reason: Option<String>,
    },
    /// It is still on its way.
    OnItsWay,
}

/// Why a message did not come to a phone, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Nobody has the number: it takes nothing, and never will.
    NoSuchNumber,
    /// The phone was off or out of reach for as long as the gateway tried.
    NotReached,
}

/// Reads a form; nothing when it is no report.
pub fn read(form: &[u8]) -> Option<Report> {
    let field = |wanted: &str| {
        let found = form_urlencoded::parse(form).find(|(name, _)| name == wanted);
        found.map(|(_, value)| value)
    };
    match field("status")?.as_ref() {
        "delivered" => Some(Report::Delivered {
            at: field("delivered").and_then(|text| moment(&text)),
        }),
        "failed" => Some(Report::Failed {
            reason: field("reason").map(|text| kept(&text)).filter(|text| !text.is_empty()),
        }),
        "created" | "sent" => Some(Report::OnItsWay),
        _ => None,
    }
}

/// Why, when a gateway's words are among those that are known: 46elks' own on a number that cannot be, and the names of the two errors
/// that the mobile network gives for a phone (3GPP TS 29.002, 17.6.6: `unknownSubscriber`, `absentSubscriber`).
pub fn why(words: &str) -> Option<Why> {
    let letters: String = words
        .chars()
        .filter(char::is_ascii_alphabetic)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    match letters.as_str() {
        "invalidtonumber" | "unknownsubscriber" => Some(Why::NoSuchNumber),
        "absentsubscriber" => Some(Why::NotReached),
        _ => None,
    }
}

/// `2026-11-26T14:05:31.123456`, in UTC with or without saying so.
fn moment(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(&format!("{text}Z"), &Rfc3339))
        .ok()
}

fn kept(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_report_is_read_as_the_gateway_writes_it() {
        let at = datetime!(2026-11-26 14:05:31.123456 UTC);
        for form in [
            "id=s70df59406a1b4643b96f3f91e0bfb7b0&status=delivered&delivered=2026-11-26T14%3A05%3A31.123456",
            "status=delivered&delivered=2026-11-26T14:05:31.123456Z&id=s1",
            "status=delivered&delivered=2026-11-26T15%3A05%3A31.123456%2B01%3A00",
        ] {
            assert_eq!(
                read(form.as_bytes()),
                Some(Report::Delivered { at: Some(at) }),
                "{form}"
            );
        }
        let untimed = Some(Report::Delivered { at: None });
        assert_eq!(read(b"id=s1&status=delivered"), untimed);
        assert_eq!(read(b"id=s1&status=delivered&delivered=yesterday"), untimed);
        assert_eq!(read(b"id=s1&status=failed"), Some(Report::Failed { reason: None }));
        assert_eq!(
            read(b"id=s1&status=failed&reason=Absent+subscriber%0D%0A"),
            Some(Report::Failed {
                reason: Some("Absent subscriber".to_owned())
            })
        );
        assert_eq!(read(b"id=s1&status=sent"), Some(Report::OnItsWay));
    }

    #[test]
    fn anything_else_is_no_report() {
        for form in [
            &b""[..],
            b"id=s1",
            b"status=",
            b"status=Delivered!",
            b"{\"status\":\"failed\"}",
            b"\xff\x00=\xfe",
        ] {
            assert_eq!(read(form), None, "{}", String::from_utf8_lossy(form));
        }
        let long = format!("status=failed&reason={}", "x".repeat(3000));
        let Some(Report::Failed { reason: Some(reason) }) = read(long.as_bytes()) else {
            panic!("a report")
        };
        assert_eq!(reason.len(), KEPT);
    }

    #[test]
    fn only_what_speaks_of_the_number_is_for_good() {
        for words in [
            "Invalid to number",
            "Unknown subscriber",
            "unknownSubscriber",
            "UNKNOWN_SUBSCRIBER",
        ] {
            assert_eq!(why(words), Some(Why::NoSuchNumber), "{words}");
        }
        assert_eq!(why("Absent subscriber"), Some(Why::NotReached));
        for words in ["", "Not enough credits", "Spam", "Not an Invalid to number"] {
            assert_eq!(why(words), None, "{words}");
        }
    }
}
