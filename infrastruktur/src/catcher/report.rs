//! What the gateway reports of a message: in the phone, or not. Numbers that end in 99 belong to nobody, those that end in 98 to a phone
//! that is off; all others have theirs on.

use super::Caught;
use crate::clock::Clock;
use crate::http_client::Connection;
use serde::Serialize;
use std::time::Duration;
use time::macros::format_description;
use url::{Url, form_urlencoded};

/// How long to wait after each try that was not answered with 200 to 204: 46elks makes five or more.
const AGAIN_AFTER: [Duration; 5] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// In the phone.
    Delivered,
    /// The phone was off all the time.
    PhoneOff,
    /// Nobody has the number.
    NobodysNumber,
}

impl Fate {
    /// What becomes of messages to a number.
    pub fn of(number: &str) -> Self {
        match number.get(number.len().saturating_sub(2)..) {
            Some("99") => Self::NobodysNumber,
            Some("98") => Self::PhoneOff,
            _ => Self::Delivered,
        }
    }
}

/// A report, as `/api/messages` shows it with its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What it says.
    pub fate: Fate,
    /// Whether who asked for it has taken it; none while it has not been sent.
    pub taken: Option<bool>,
}

impl Report {
    /// One that is not sent yet.
    pub(super) fn waiting(fate: Fate) -> Self {
        Self { fate, taken: None }
    }
}

/// Reports what became of a message, as often as it takes, and notes whether that was taken.
pub(super) async fn post(caught: &Caught, clock: &Clock, address: &Url, id: &str, fate: Fate) {
    let form = form(clock, id, fate);
    let mut waits = AGAIN_AFTER.iter();
    let taken = loop {
        match post_once(address, &form).await {
            Ok(200..=204) => break true,
            Ok(status) => tracing::info!(status, "a report was not taken"),
            Err(error) => tracing::info!(%error, "a report was not taken"),
        }
        let Some(wait) = waits.next() else { break false };
        tokio::time::sleep(*wait).await;
    };
    caught.reported(id, taken);
}

async fn post_once(address: &Url, form: &str) -> Result<u16, crate::http_client::HttpError> {
    let mut connection = Connection::open(address, None).await?;
    let (status, _) = connection.post_form(form.to_owned().into()).await?;
    Ok(status.as_u16())
}

/// 46elks says when, and of what failed nothing more; the reason is what a gateway may add.
fn form(clock: &Clock, id: &str, fate: Fate) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("id", id);
    match fate {
        Fate::Delivered => {
            let in_utc = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]");
            let at = clock.now().format(in_utc).unwrap_or_default();
            form.append_pair("status", "delivered").append_pair("delivered", &at)
        }
        Fate::PhoneOff => form
            .append_pair("status", "failed")
            .append_pair("reason", "Absent subscriber"),
        Fate::NobodysNumber => form
            .append_pair("status", "failed")
            .append_pair("reason", "Unknown subscriber"),
    };
    form.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_end_of_a_number_decides() {
        assert_eq!(Fate::of("+46701740699"), Fate::NobodysNumber);
        assert_eq!(Fate::of("+46701740698"), Fate::PhoneOff);
        assert_eq!(Fate::of("+46701740605"), Fate::Delivered);
        assert_eq!(Fate::of(""), Fate::Delivered);
    }

    #[test]
    fn a_report_is_written_as_46elks_writes_it() {
        let clock = Clock::from_fn(|| datetime!(2026-11-26 14:05:31.5 UTC));
        assert_eq!(
            form(&clock, "s1", Fate::Delivered),
            "id=s1&status=delivered&delivered=2026-11-26T14%3A05%3A31.500000"
        );
        assert_eq!(
            form(&clock, "s1", Fate::NobodysNumber),
            "id=s1&status=failed&reason=Unknown+subscriber"
        );
    }
}
