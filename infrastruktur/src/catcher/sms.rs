//! The SMS gateway: the form API of 46elks, `POST /a1/sms`.

use super::{Caught, Kind, Message};
use crate::clock::Clock;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Form, Json, Router};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// What the gateway's documentation lets a caller send; other fields are accepted and ignored.
#[derive(Deserialize)]
struct Outgoing {
    from: Option<String>,
    to: Option<String>,
    message: Option<String>,
}

/// The gateway.
pub fn router(caught: Caught, clock: Clock) -> Router {
    Router::new().route("/a1/sms", post(send)).with_state((caught, clock))
}

async fn send(State((caught, clock)): State<(Caught, Clock)>, Form(sms): Form<Outgoing>) -> Response {
    let (from, to, message) = match check(sms) {
        Ok(parts) => parts,
        Err(complaint) => return (StatusCode::FORBIDDEN, complaint).into_response(),
    };
    let at = clock.now();
    caught.add(Message {
        kind: Kind::Sms,
        to: to.clone(),
        from: from.clone(),
        subject: None,
        text: Some(message.clone()),
        html: None,
        at,
    });
    // Parts as GSM counts them are not told apart here: one price for one message.
    Json(json!({
        "id": format!("s{}", Uuid::new_v4().simple()),
        "status": "created",
        "direction": "outgoing",
        "from": from,
        "to": to,
        "message": message,
        "created": at.format(&Rfc3339).unwrap_or_default(),
        "parts": 1,
        "cost": 0,
    }))
    .into_response()
}

fn check(sms: Outgoing) -> Result<(String, String, String), &'static str> {
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
    Ok((from, to, message))
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
        }
    }

    #[test]
    fn says_what_is_missing_or_wrong_as_the_gateway_does() {
        assert_eq!(
            check(sms("brevlada", "+46701234567", "Hej")).map(|p| p.2),
            Ok("Hej".to_owned())
        );
        assert_eq!(check(sms("", "+46701234567", "Hej")), Err("Missing key from"));
        assert_eq!(check(sms("brevlada", "0701234567", "Hej")), Err("Invalid to number"));
        assert_eq!(
            check(sms("far too long name", "+46701234567", "Hej")),
            Err("Invalid from")
        );
    }
}
