//! A push service (RFC 8030) and the browsers behind it: it gives subscriptions, takes messages for them, and opens what only their
//! browser could.
//!
//! `POST /subscribe` gives what a browser's `PushSubscription.toJSON()` gives; its body is the sender's public key, or nothing for any.
//! `POST /push/{id}` takes a message as Google's, Mozilla's and Apple's services do. `PUT /push/{id}/answer` with a status has it answer
//! that from then on, so that failures can be tried. `GET /push/{id}` tells everything, with the browser's secrets and the messages as they
//! came, for other programs to open them too. With seconds behind the status (`503 600`), it is said when to come again. It is all forgotten when the program stops.

mod browser;
mod token;

use super::{Caught, Kind, Message};
use crate::clock::Clock;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use browser::Browser;
use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use token::Sender;
use uuid::Uuid;

/// RFC 8030, section 7.2: at least this much is taken, and no service takes more.
const LARGEST: usize = 4096;

/// RFC 8030, section 5.4.
const LONGEST_TOPIC: usize = 32;

/// What the service answers for a subscription when it is told to.
const ANSWERS: [StatusCode; 6] = [
    StatusCode::CREATED,
    StatusCode::NOT_FOUND,
    StatusCode::GONE,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];

/// A browser with what has come for it.
struct Subscription {
    browser: Browser,
    /// The sender that it was subscribed for.
    sender: Option<String>,
    answer: StatusCode,
    /// In so many seconds one may come again, if the answer says so.
    again: Option<u32>,
    came: Vec<Came>,
}

/// A message as it came.
#[derive(Clone, Serialize)]
struct Came {
    headers: HashMap<&'static str, String>,
    /// Encrypted, base64url.
    body: String,
}

/// What a browser gives when it is subscribed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Subscribed {
    /// Where messages for it are posted.
    pub endpoint: String,
    /// With which keys.
    pub keys: Keys,
}

/// The public half of a browser's secrets, base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Keys {
    /// A point on P-256.
    pub p256dh: String,
    /// The secret that it shares with senders.
    pub auth: String,
}

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct PushService {
    subscriptions: Arc<Mutex<HashMap<Uuid, Subscription>>>,
    /// Scheme and host of its addresses.
    origin: String,
    caught: Caught,
    clock: Clock,
}

impl std::fmt::Debug for PushService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PushService({})", self.origin)
    }
}

/// The service's addresses.
pub fn router(service: PushService) -> Router {
    Router::new()
        .route("/subscribe", post(subscribe))
        .route("/push/{id}", get(tell).post(take).delete(end))
        .route("/push/{id}/answer", put(answer))
        .with_state(service)
}

impl PushService {
    /// One that listens at `address`.
    pub fn new(caught: Caught, clock: Clock, address: SocketAddr) -> Self {
        Self {
            subscriptions: Arc::default(),
            origin: format!("http://{address}"),
            caught,
            clock,
        }
    }

    /// A new browser, which takes messages of `sender` (its public key, base64url) alone, or of anybody. Nothing when the system gives no
    /// randomness.
    pub fn subscribe(&self, sender: Option<String>) -> Option<Subscribed> {
        let (id, browser) = (Uuid::new_v4(), Browser::new()?);
        let subscribed = Subscribed {
            endpoint: self.endpoint(id),
            keys: browser.keys(),
        };
        let subscription = Subscription {
            browser,
            sender,
            answer: StatusCode::CREATED,
            again: None,
            came: Vec::new(),
        };
        self.subscriptions().insert(id, subscription);
        Some(subscribed)
    }

    /// What is answered for a browser from now on, and in how many seconds one may come again; whether there is such a browser.
    pub fn answer(&self, endpoint: &str, status: StatusCode, again: Option<u32>) -> bool {
        let id = endpoint.rsplit('/').next().and_then(|id| Uuid::parse_str(id).ok());
        let mut subscriptions = self.subscriptions();
        match id.and_then(|id| subscriptions.get_mut(&id)) {
            Some(subscription) => {
                (subscription.answer, subscription.again) = (status, again);
                true
            }
            None => false,
        }
    }

    fn subscriptions(&self) -> MutexGuard<'_, HashMap<Uuid, Subscription>> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn endpoint(&self, id: Uuid) -> String {
        format!("{}/push/{id}", self.origin)
    }

    /// Takes a message, or says why not, as RFC 8030 and RFC 8292 have it.
    fn take(&self, id: Uuid, headers: &HeaderMap, body: &Bytes) -> Result<(), Refusal> {
        let mut subscriptions = self.subscriptions();
        let subscription = subscriptions
            .get_mut(&id)
            .ok_or((StatusCode::NOT_FOUND, "no such subscription"))?;
        if subscription.answer != StatusCode::CREATED {
            return Err(Refusal {
                status: subscription.answer,
                why: "as it was told to answer",
                again: subscription.again,
            });
        }
        let sender = check(headers, body, &self.origin, &self.clock)?;
        if subscription.sender.as_ref().is_some_and(|known| *known != sender.key) {
            return Err((StatusCode::FORBIDDEN, "subscribed for another sender").into());
        }
        let told = [header::AUTHORIZATION, header::CONTENT_ENCODING]
            .iter()
            .map(header::HeaderName::as_str)
            .chain(["ttl", "urgency", "topic"])
            .filter_map(|name| Some((told_name(name)?, headers.get(name)?.to_str().ok()?.to_owned())));
        subscription.came.push(Came {
            headers: told.collect(),
            body: URL_SAFE_NO_PAD.encode(body),
        });
        self.caught
            .add(self.message(id, &sender, subscription.browser.open(body)));
        Ok(())
    }

    fn message(&self, id: Uuid, sender: &Sender, opened: Option<Vec<u8>>) -> Message {
        let said: Value = opened
            .and_then(|plain| serde_json::from_slice(&plain).ok())
            .unwrap_or_default();
        let part = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        Message {
            kind: Kind::Push,
            to: self.endpoint(id),
            from: sender.contact.clone(),
            subject: part("title"),
            text: part("text"),
            html: None,
            at: self.clock.now(),
            id: None,
            report: None,
        }
    }
}

/// Why a message is not taken.
struct Refusal {
    status: StatusCode,
    why: &'static str,
    /// In so many seconds one may come again.
    again: Option<u32>,
}

impl From<(StatusCode, &'static str)> for Refusal {
    fn from((status, why): (StatusCode, &'static str)) -> Self {
        Self {
            status,
            why,
            again: None,
        }
    }
}

/// The headers that are kept, by names that live as long as the program.
fn told_name(name: &str) -> Option<&'static str> {
    ["authorization", "content-encoding", "ttl", "urgency", "topic"]
        .into_iter()
        .find(|known| *known == name)
}

/// Who sends it, when everything about it is right.
fn check(headers: &HeaderMap, body: &Bytes, origin: &str, clock: &Clock) -> Result<Sender, (StatusCode, &'static str)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let ttl = text("ttl").and_then(|ttl| ttl.parse::<u32>().ok());
    if ttl.is_none() {
        return Err((StatusCode::BAD_REQUEST, "TTL is missing"));
    }
    if text("content-encoding") != Some("aes128gcm") {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Encoding must be aes128gcm"));
    }
    if body.len() > LARGEST {
        return Err((StatusCode::PAYLOAD_TOO_LARGE, "too large"));
    }
    if text("urgency").is_some_and(|urgency| !["very-low", "low", "normal", "high"].contains(&urgency)) {
        return Err((StatusCode::BAD_REQUEST, "Urgency is none"));
    }
    let is_topic = |topic: &str| {
        topic.len() <= LONGEST_TOPIC
            && topic
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if text("topic").is_some_and(|topic| !is_topic(topic)) {
        return Err((StatusCode::BAD_REQUEST, "Topic is none"));
    }
    let authorization = text("authorization").ok_or((StatusCode::UNAUTHORIZED, "Authorization is missing"))?;
    Sender::read(authorization, origin, clock.now()).ok_or((StatusCode::FORBIDDEN, "the token does not hold"))
}

async fn subscribe(State(service): State<PushService>, key: String) -> Response {
    let sender = Some(key.trim().to_owned()).filter(|key| !key.is_empty());
    match service.subscribe(sender) {
        Some(subscribed) => (StatusCode::CREATED, Json(subscribed)).into_response(),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn take(State(service): State<PushService>, Path(id): Path<Uuid>, headers: HeaderMap, body: Bytes) -> Response {
    match service.take(id, &headers, &body) {
        Ok(()) => {
            let location = format!("{}/message/{}", service.origin, Uuid::new_v4());
            (StatusCode::CREATED, [(header::LOCATION, location)]).into_response()
        }
        Err(Refusal { status, why, again }) => {
            let again = again.map(|seconds| [(header::RETRY_AFTER, seconds.to_string())]);
            (status, again, why).into_response()
        }
    }
}

async fn tell(State(service): State<PushService>, Path(id): Path<Uuid>) -> Response {
    let subscriptions = service.subscriptions();
    let Some(subscription) = subscriptions.get(&id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    Json(json!({
        "endpoint": service.endpoint(id),
        "keys": subscription.browser.keys(),
        "private_key": subscription.browser.secret(),
        "messages": subscription.came,
    }))
    .into_response()
}

async fn answer(State(service): State<PushService>, Path(id): Path<Uuid>, wanted: String) -> StatusCode {
    let mut words = wanted.split_whitespace();
    let status = words.next().unwrap_or_default();
    let again = words.next().map(str::parse).transpose();
    match (ANSWERS.into_iter().find(|answer| answer.as_str() == status), again) {
        (Some(status), Ok(again)) => set(&service, id, status, again),
        _ => StatusCode::BAD_REQUEST,
    }
}

/// As when a browser lets go of its subscription.
async fn end(State(service): State<PushService>, Path(id): Path<Uuid>) -> StatusCode {
    set(&service, id, StatusCode::GONE, None)
}

fn set(service: &PushService, id: Uuid, status: StatusCode, again: Option<u32>) -> StatusCode {
    if service.answer(&service.endpoint(id), status, again) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}
