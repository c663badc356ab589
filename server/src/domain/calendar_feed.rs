//! What a calendar is told of what is to be paid: iCalendar (RFC 5545), and no more than the person chose.

use super::letter::Payment;
use std::fmt::Write as _;
use std::str::FromStr;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime};
use uuid::Uuid;

/// How much an entry says. Whoever has the feed's address, and the maker of the calendar, can read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// That something is to be paid that day.
    #[default]
    Day,
    /// And how much.
    Sum,
    /// And to whom.
    Payee,
}

impl Detail {
    /// The name it is stored under, and that forms send.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Sum => "sum",
            Self::Payee => "payee",
        }
    }
}

impl FromStr for Detail {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "day" => Ok(Self::Day),
            "sum" => Ok(Self::Sum),
            "payee" => Ok(Self::Payee),
            _ => Err(()),
        }
    }
}

/// A day in the feed.
#[derive(Clone)]
pub struct Entry {
    /// The letter: makes the entry's name, so that a calendar knows it again.
    pub letter: Uuid,
    /// What is to be paid.
    pub payment: Payment,
    /// To whom.
    pub payee: String,
}

/// The words of a feed in one language, with `{sum}` and `{payee}` to be filled.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    /// The calendar's name.
    pub name: &'a str,
    /// An entry that says the day only.
    pub day: &'a str,
    /// One that says the sum.
    pub sum: &'a str,
    /// One that says the payee too.
    pub payee: &'a str,
    /// What stands in each: where the day comes from.
    pub source: &'a str,
}

/// The feed. `host` names us, `now` is when it was made.
pub fn feed(entries: &[Entry], detail: Detail, words: &Words<'_>, host: &str, now: OffsetDateTime) -> String {
    let mut out = String::new();
    let stamp = now
        .to_offset(time::UtcOffset::UTC)
        .format(format_description!("[year][month][day]T[hour][minute][second]Z"))
        .unwrap_or_default();
    line(&mut out, "BEGIN:VCALENDAR");
    line(&mut out, "VERSION:2.0");
    line(&mut out, "PRODID:-//brevlada//brevlada//SV");
    line(&mut out, "METHOD:PUBLISH");
    line(&mut out, &format!("X-WR-CALNAME:{}", escaped(words.name)));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION:PT6H");
    for entry in entries {
        let Some(day) = day_of(&entry.payment.due) else {
            continue;
        };
        let written = |day: Date| {
            day.format(format_description!("[year][month][day]"))
                .unwrap_or_default()
        };
        let summary = match detail {
            Detail::Day => words.day.to_owned(),
            Detail::Sum => filled(words.sum, entry),
            Detail::Payee => filled(words.payee, entry),
        };
        line(&mut out, "BEGIN:VEVENT");
        line(&mut out, &format!("UID:{}@{host}", entry.letter));
        line(&mut out, &format!("DTSTAMP:{stamp}"));
        line(&mut out, &format!("DTSTART;VALUE=DATE:{}", written(day)));
        line(&mut out, &format!("DTEND;VALUE=DATE:{}", written(day + Duration::DAY)));
        line(&mut out, &format!("SUMMARY:{}", escaped(&summary)));
        line(&mut out, &format!("DESCRIPTION:{}", escaped(words.source)));
        line(&mut out, "TRANSP:TRANSPARENT");
        line(&mut out, "END:VEVENT");
    }
    line(&mut out, "END:VCALENDAR");
    out
}

fn filled(pattern: &str, entry: &Entry) -> String {
    let ore = entry.payment.amount_ore;
    let sum = match ore % 100 {
        0 => format!("{} {}", ore / 100, entry.payment.currency),
        rest => format!("{},{rest:02} {}", ore / 100, entry.payment.currency),
    };
    pattern.replace("{sum}", &sum).replace("{payee}", &entry.payee)
}

fn day_of(written: &str) -> Option<Date> {
    Date::parse(written, format_description!("[year]-[month]-[day]")).ok()
}

/// Text as RFC 5545, 3.3.11, wants it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// One content line, folded at 75 bytes (RFC 5545, 3.1) and never inside a character.
fn line(out: &mut String, text: &str) {
    let mut room = 75;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    // Writing to a String cannot fail.
    let _ = out.write_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const WORDS: Words<'static> = Words {
        name: "Att betala",
        day: "Något att betala",
        sum: "Betala {sum}",
        payee: "Betala {sum} till {payee}",
        source: "Dagen står i ett brev i din brevlåda.",
    };

    fn made(detail: Detail, payee: &str) -> String {
        let entry = Entry {
            letter: Uuid::from_u128(7),
            payment: Payment {
                amount_ore: 24_850,
                currency: "SEK".into(),
                due: "2026-03-31".into(),
                method: "BG".into(),
                account: "1".into(),
                reference: None,
            },
            payee: payee.to_owned(),
        };
        feed(
            &[entry],
            detail,
            &WORDS,
            "brevlada.example",
            datetime!(2026-03-17 08:00 UTC),
        )
    }

    #[test]
    fn an_entry_says_no_more_than_was_chosen() {
        let day = made(Detail::Day, "Kommun A");
        assert!(day.contains("SUMMARY:Något att betala\r\n"));
        assert!(day.contains("DTSTART;VALUE=DATE:20260331\r\nDTEND;VALUE=DATE:20260401\r\n"));
        assert!(!day.contains("248") && !day.contains("Kommun A"));
        let sum = made(Detail::Sum, "Kommun A");
        assert!(sum.contains("SUMMARY:Betala 248\\,50 SEK\r\n") && !sum.contains("Kommun A"));
        assert!(made(Detail::Payee, "Kommun A").contains("till Kommun A"));
    }

    #[test]
    fn what_a_sender_is_called_cannot_write_lines_of_its_own() {
        let text = made(Detail::Payee, "A\r\nEND:VEVENT; å".repeat(20).as_str());
        assert_eq!(text.matches("\r\nEND:VEVENT").count(), 1);
        assert!(text.lines().all(|line| line.len() <= 75), "folded");
    }
}
