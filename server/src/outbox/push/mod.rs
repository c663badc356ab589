//! Notices to browsers (Web Push): RFC 8030 carries them, RFC 8291 encrypts them, RFC 8292 says who sends them.

mod encrypt;
mod payload;
mod vapid;

pub(super) use encrypt::Fresh;
pub(super) use payload::{Payload, Urgency, topic};

use super::mail::Refusal;
use crate::config::Push as Settings;
use crate::domain::push::{PushAddress, Services};
use crate::http_client::{self, HttpClient, Over};
use crate::seal::Keys;
use bytes::Bytes;
use encrypt::encrypt;
use http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use std::time::Duration;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use url::Url;
use vapid::KeyPair;
pub use vapid::NoKeyPair;

/// The largest answer that is read, in bytes.
const MAX_ANSWER: usize = 16 * 1024;

/// The most of an answer that is kept, in characters.
const KEPT: usize = 200;

/// How long a push service keeps a message, in seconds. RFC 8030, section 5.2.
const TTL: HeaderName = HeaderName::from_static("ttl");
/// Whether it may wait until a battery is charged. RFC 8030, section 5.3.
const URGENCY: HeaderName = HeaderName::from_static("urgency");
/// What a message takes the place of. RFC 8030, section 5.4.
const TOPIC: HeaderName = HeaderName::from_static("topic");

/// What is needed to subscribe a browser, and to know whether what it gives is taken.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The push services that may be called.
    pub services: Services,
    /// The number of our key pair.
    pub key: u32,
    /// Its public half, base64url: the `applicationServerKey`.
    pub public: String,
}

impl Offer {
    /// By the settings of the house at `public_url`; nothing when no push service may be called.
    pub fn of(settings: &Settings, public_url: &Url, keys: &Keys) -> Result<Option<Self>, NoKeyPair> {
        let services = settings.services(public_url);
        if services.are_none() {
            return Ok(None);
        }
        Ok(Some(Self {
            services,
            key: settings.key,
            public: KeyPair::of(keys, settings.key)?.public(),
        }))
    }
}

/// Hands messages to push services.
#[derive(Clone)]
pub struct Pusher {
    client: HttpClient,
    keys: Keys,
    services: Services,
    contact: String,
    hold: Duration,
    timeout: Duration,
}

impl std::fmt::Debug for Pusher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pusher")
    }
}

/// A message to one browser.
pub(super) struct Push<'a> {
    /// Now.
    pub(super) at: OffsetDateTime,
    /// The browser.
    pub(super) to: &'a PushAddress,
    /// How soon it matters.
    pub(super) urgency: Urgency,
    /// What it takes the place of, if that has not been delivered.
    pub(super) topic: Option<&'static str>,
    /// What the browser is to show.
    pub(super) payload: Payload,
    /// Randomness for this message alone.
    pub(super) fresh: Fresh,
}

/// TLS cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("TLS cannot be set up")]
pub struct NoTls;

/// Why a push service did not take a message. Never names a person or an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// Its host is not among those that may be called.
    #[error("push.services does not name the host of this browser's push service")]
    NotAService,
    /// The message could not be made.
    #[error("the message to a browser could not be encrypted or signed")]
    NotMade,
    /// It was not reached, or the line broke.
    #[error("the push service was not reached")]
    NoConnection,
    /// It took too long.
    #[error("the push service took too long")]
    TooSlow,
    /// It said no, with this HTTP status.
    #[error("the push service answered {0}")]
    Refused(u16),
    /// It takes nothing just now, said with this HTTP status, and asks to be left alone for so long.
    #[error("the push service answered {status}")]
    NotNow {
        /// 429 or 503.
        status: u16,
        /// By its `Retry-After`.
        wait: Duration,
    },
}

impl Pusher {
    /// Sets up by the settings of the house at `public_url`. Connects to nothing yet.
    pub fn new(settings: &Settings, public_url: &Url, keys: Keys) -> Result<Self, NoTls> {
        let services = settings.services(public_url);
        let tls = http_client::tls(http_client::public_roots())
            .map_err(|_| NoTls)?
            .with_no_client_auth();
        let over = if services.loopback { Over::TlsOrClear } else { Over::Tls };
        let contact = settings.contact.as_ref().unwrap_or(public_url);
        Ok(Self {
            client: http_client::client(tls, over, settings.timeout),
            keys,
            services,
            contact: contact.as_str().trim_end_matches('/').to_owned(),
            hold: settings.hold,
            timeout: settings.timeout,
        })
    }

    /// Hands a message over; gives the push service's answer when it has taken it. Redirects are not followed: they would lead past
    /// the list of services.
    pub(super) async fn send(&self, push: &Push<'_>) -> Result<String, Refusal<PushError>> {
        let silent = |error| Refusal {
            error,
            answer: String::new(),
        };
        if !self.services.take(push.to.endpoint()) {
            return Err(silent(PushError::NotAService));
        }
        let request = self.request(push).ok_or_else(|| silent(PushError::NotMade))?;
        let exchange = async {
            let answer = self
                .client
                .request(request)
                .await
                .map_err(|_| PushError::NoConnection)?;
            let status = answer.status();
            let wait = answer.headers().get(RETRY_AFTER).and_then(|told| wait(told, push.at));
            let body = Limited::new(answer.into_body(), MAX_ANSWER).collect().await;
            let body = body.map_err(|_| PushError::NoConnection)?.to_bytes();
            Ok((status, wait, String::from_utf8_lossy(&body).into_owned()))
        };
        let (status, wait, body) = tokio::time::timeout(self.timeout, exchange)
            .await
            .map_err(|_| silent(PushError::TooSlow))?
            .map_err(silent)?;
        let answer = told(status, &body);
        if status.is_success() {
            Ok(answer)
        } else {
            Err(Refusal {
                error: refused(status, wait),
                answer,
            })
        }
    }

    fn request(&self, push: &Push<'_>) -> Option<Request<Full<Bytes>>> {
        let endpoint = push.to.endpoint();
        let body = encrypt(push.to, &push.payload.padded()?, &push.fresh).ok()?;
        let pair = KeyPair::of(&self.keys, push.to.key()).ok()?;
        let authorization = pair.authorization(&endpoint.origin(), &self.contact, push.at)?;
        let mut request = Request::post(endpoint.url().as_str())
            .header(TTL, self.hold.as_secs())
            .header(URGENCY, push.urgency.as_str());
        if let Some(topic) = push.topic {
            request = request.header(TOPIC, topic);
        }
        request
            .header(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))
            .header(AUTHORIZATION, authorization)
            .body(Full::new(Bytes::from(body)))
            .ok()
    }
}

/// Why a message was not taken that was answered so.
fn refused(status: StatusCode, wait: Option<Duration>) -> PushError {
    match (status, wait) {
        (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, Some(wait)) => PushError::NotNow {
            status: status.as_u16(),
            wait,
        },
        _ => PushError::Refused(status.as_u16()),
    }
}

/// For how long a `Retry-After` asks to be left alone: seconds, or a date (RFC 9110, section 10.2.3).
fn wait(told: &HeaderValue, now: OffsetDateTime) -> Option<Duration> {
    let told = told.to_str().ok()?.trim();
    if let Ok(seconds) = told.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = OffsetDateTime::parse(told, &Rfc2822).ok()?;
    // Of a moment that is past there is nothing to wait for.
    Some(Duration::try_from(until - now).unwrap_or_default())
}

/// What is worth keeping of an answer: its status, and the beginning of what was written.
fn told(status: StatusCode, body: &str) -> String {
    let body: String = body.trim().chars().filter(|c| !c.is_control()).take(KEPT).collect();
    format!("{status} {body}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn an_answer_is_kept_short() {
        assert_eq!(told(StatusCode::CREATED, ""), "201 Created");
        assert_eq!(told(StatusCode::GONE, "expired\r\n"), "410 Gone expired");
        assert!(told(StatusCode::BAD_REQUEST, &"x".repeat(1000)).len() < 250);
    }

    #[test]
    fn how_long_to_wait_is_told_in_seconds_or_as_a_date() {
        let now = datetime!(2026-11-27 08:00 UTC);
        let wait = |told: &str| super::wait(&told.parse().unwrap(), now).map(|wait| wait.as_secs());
        assert_eq!(wait("0"), Some(0));
        assert_eq!(wait(" 120 "), Some(120));
        assert_eq!(wait("Fri, 27 Nov 2026 08:10:00 GMT"), Some(600));
        assert_eq!(wait("Fri, 27 Nov 2026 07:10:00 GMT"), Some(0), "it is over");
        for none in [
            "",
            "-1",
            "1.5",
            "soon",
            "99999999999999999999999",
            "2026-11-27T08:10:00Z",
        ] {
            assert_eq!(wait(none), None, "{none}");
        }
    }

    #[test]
    fn only_who_is_busy_is_waited_for() {
        let wait = Some(Duration::from_mins(2));
        for status in [429, 503] {
            let told = StatusCode::from_u16(status).unwrap();
            let not_now = PushError::NotNow {
                status,
                wait: Duration::from_mins(2),
            };
            assert_eq!(refused(told, wait), not_now);
            assert_eq!(refused(told, None), PushError::Refused(status));
        }
        assert_eq!(refused(StatusCode::GONE, wait), PushError::Refused(410));
    }
}
