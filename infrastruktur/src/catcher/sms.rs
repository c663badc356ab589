//! The SMS gateway: the form API of 46elks, `POST /a1/sms`, and its reports (46elks.se/docs/sms-delivery-reports).

use super::report::{self, Fate};
use super::{Caught, Kind, Message};
use crate::clock::Clock;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use url::Url;
use uuid::Uuid;

/// What the gateway's documentation lets a caller send; other fields are accepted and ignored.
#[derive(Deserialize)]
struct Outgoing {
    from: Option<String>,
    to: Option<String>,
    message: Option<String>,
    whendelivered: Option<String>,
}

/// An SMS that is as it should be.
#[derive(Debug, PartialEq, Eq)]
struct Checked {
    from: String,
    to: String,
    message: String,
    report_to: Option<Url>,
}

#[derive(Clone)]
struct Gateway {
    caught: Caught,
    clock: Clock,
    report_after: Duration,
}

/// The gateway. What became of a message is reported `report_after` it came, where the sender has asked for it.
pub fn router(caught: Caught, clock: Clock, report_after: Duration) -> Router {
    let gateway = Gateway {
        caught,
        clock,
        report_after,
    };
    Router::new().route("/a1/sms", post(send)).with_state(gateway)
}

async fn send(State(gateway): State<Gateway>, Form(sms): Form<Outgoing>) -> Response {
    let sms = match check(sms) {
        Ok(sms) => sms,
        Err(complaint) => return (StatusCode::FORBIDDEN, complaint).into_response(),
    };
    let (id, at) = (format!("s{}", Uuid::new_v4().simple()), gateway.clock.now());
    let fate = sms.report_to.as_ref().map(|_| Fate::of(&sms.to));
    gateway.caught.add(Message {
        kind: Kind::Sms,
        to: sms.to.clone(),
        from: sms.from.clone(),
        subject: None,
        text: Some(sms.message.clone()),
        html: None,
        at,
        id: Some(id.clone()),
        report: fate.map(report::Report::waiting),
    });
    if let Some((address, fate)) = sms.report_to.zip(fate) {
        let Gateway {
            caught,
            clock,
            report_after,
        } = gateway;
        let id = id.clone();
        tokio::spawn(async move {
            tokio::time::sleep(report_after).await;
            report::post(&caught, &clock, &address, &id, fate).await;
        });
    }
    // Parts as GSM counts them are not told apart here: one price for one message.
    Json(json!({
        "id": id,
        "status": "created",
        "direction": "outgoing",
        "from": sms.from,
        "to": sms.to,
        "message": sms.message,
        "created": at.format(&Rfc3339).unwrap_or_default(),
        "parts": 1,
        "cost": 0,
    }))
    .into_response()
}

fn check(sms: Outgoing) -> Result<Checked, &'static str> {
    let from = sms.from.filter(|f| !f.is_empty()).ok_or("Missing key from")?;
    let to = sms.to.filter(|t| !t.is_empty()).ok_or("Missing key to")?;
    let message = sms.message.filter(|m| !m.is_empty()).ok_or("Missing key message")?;
    let digits = to.strip_prefix('+').ok_or("Invalid to number")?;
    if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err("Invalid to number");
    }
    let named = (3..=11).contains(&from.len()) && from.bytes().all(|b| b.is_ascii_alphanumeric());
    let numbered = from
        .strip_prefix('+')
        .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    if !named && !numbered {
        return Err("Invalid from");
    }
    let report_to = sms
        .whendelivered
        .map(|address| Url::parse(&address).map_err(|_| "Invalid whendelivered"))
        .transpose()?;
    Ok(Checked {
        from,
        to,
        message,
        report_to,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sms(from: &str, to: &str, message: &str) -> Outgoing {
        let some = |s: &str| Some(s.to_owned());
        Outgoing {
            from: some(from),
            to: some(to),
            message: some(message),
            whendelivered: None,
        }
    }

    #[test]
    fn says_what_is_missing_or_wrong_as_the_gateway_does() {
        assert_eq!(
            check(sms("brevlada", "+46701234567", "Hej")).map(|sms| sms.message),
            Ok("Hej".to_owned())
        );
        assert_eq!(check(sms("", "+46701234567", "Hej")), Err("Missing key from"));
        assert_eq!(check(sms("brevlada", "0701234567", "Hej")), Err("Invalid to number"));
        assert_eq!(
            check(sms("far too long name", "+46701234567", "Hej")),
            Err("Invalid from")
        );
        let nowhere = Outgoing {
            whendelivered: Some("nowhere".to_owned()),
            ..sms("brevlada", "+46701234567", "Hej")
        };
        assert_eq!(check(nowhere), Err("Invalid whendelivered"));
    }
}
