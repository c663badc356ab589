//! The way back. `POST /saml/acs` takes the answer and decides; `GET /logga-in/klar` gives the browser its session.
//!
//! Two steps, because browsers send no `Lax` cookie with a form from another site. The answer is checked, used up and kept
//! under a one-time handle; the redirect to a page of ours then carries the cookie that shows that this browser is the one
//! that began. A stolen answer is worth nothing in another browser, and nobody can be logged in as somebody else unawares.

use super::cookie::Cookie;
use super::desk::LoginDesk;
use super::failure::Failure;
use super::saml::identity::Person;
use super::saml::response::{Checked, Expected, Refusal, Status, check};
use super::session::{NewSession, SessionError, device_in_words, hash};
use super::start::{Begun, request_place};
use crate::db::{DbError, Tx};
use crate::mailbox::access_log::log_login;
use crate::mailbox::{MailboxError, access};
use crate::seal::{Place, SealError};
use crate::store::login::{self as store, ResultRow};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use subtle::ConstantTimeEq as _;
use time::Duration;
use tokio::time::timeout;

/// How long a checked login waits for its browser: it comes at once, by redirect.
const FETCH_WITHIN: Duration = Duration::minutes(2);

/// How long an answer waits for a place at the check.
const WAIT_FOR_PLACE: std::time::Duration = std::time::Duration::from_secs(2);

/// What an identity provider's page posts.
#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(rename = "SAMLResponse")]
    response: String,
    #[serde(rename = "RelayState", default)]
    relay_state: String,
}

/// What is sealed with a checked login.
#[derive(Serialize, Deserialize)]
struct Arrived {
    number: String,
    name: String,
    idp: String,
    level: String,
    assertion_id: String,
    next: String,
}

/// Why an answer leads to no session.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("no request waits for this answer: it was used, took too long, or was never made")]
    NoRequest,
    #[error("the identity provider is not in verified metadata any more")]
    UnknownProvider,
    #[error("{0}")]
    Refused(#[from] Refusal),
    #[error("the answer has been used before")]
    Replayed,
    #[error("another browser than the one that began")]
    OtherBrowser,
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Session(#[from] SessionError),
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error("what was kept cannot be read")]
    Content,
    #[error("the check did not come to an end")]
    Broken,
    #[error("every place at the check is taken")]
    Busy,
}

impl Problem {
    fn failure(&self) -> Failure {
        match self {
            Problem::Refused(refusal) => (*refusal).into(),
            Problem::NoRequest | Problem::Replayed | Problem::OtherBrowser => Failure::Expired,
            _ => Failure::Technical,
        }
    }

    /// To the log without anything of a person; what may be misuse is marked as a security event.
    fn told(&self, desk: &LoginDesk) -> Response {
        let reference = super::reference(&desk.house);
        match self {
            Problem::Refused(Refusal::Status(Status::Cancelled)) => tracing::info!(reference, "a login was cancelled"),
            Problem::Refused(Refusal::Status(Status::Fraud)) | Problem::Replayed | Problem::OtherBrowser => {
                tracing::warn!(reference, security = true, problem = %self, "a login was refused");
            }
            Problem::Db(_)
            | Problem::Seal(_)
            | Problem::Session(_)
            | Problem::Mailbox(_)
            | Problem::Content
            | Problem::Broken => {
                tracing::error!(reference, problem = %self, "a login failed");
            }
            _ => tracing::warn!(reference, problem = %self, "a login was refused"),
        }
        self.failure().page(&reference)
    }
}

/// `POST /saml/acs`.
pub(super) async fn receive(State(desk): State<Arc<LoginDesk>>, Form(answer): Form<Answer>) -> Response {
    match decide(&desk, answer).await {
        Ok(handle) => no_store(Redirect::to(&format!("/logga-in/klar?h={handle}")).into_response()),
        Err(Problem::Busy) => {
            metrics::counter!("brevlada_logins_total", "outcome" => "busy").increment(1);
            StatusCode::TOO_MANY_REQUESTS.into_response()
        }
        Err(problem) => problem.told(&desk),
    }
}

async fn decide(desk: &Arc<LoginDesk>, answer: Answer) -> Result<String, Problem> {
    let now = desk.house.clock.now();
    let mut tx = desk.house.db.read().await?;
    let row = store::request(&mut tx, &answer.relay_state, now)
        .await?
        .ok_or(Problem::NoRequest)?;
    drop(tx);
    let begun: Begun = serde_json::from_slice(&desk.house.keys.open(&request_place(&row.id), &row.content)?)
        .map_err(|_| Problem::Content)?;
    let provider = desk.providers.find(&row.idp).ok_or(Problem::UnknownProvider)?;

    // Only an answer to a request of ours gets a place. It is kept until the check has ended, also when the browser has gone.
    let place = timeout(WAIT_FOR_PLACE, desk.checking.clone().acquire_owned());
    let place = place.await.map_err(|_| Problem::Busy)?.map_err(|_| Problem::Broken)?;
    // Signatures and decryption take milliseconds of a core: not on a thread that serves others.
    let (at_desk, asked) = (desk.clone(), begun.asked.clone());
    let checked = tokio::task::spawn_blocking(move || {
        let _place = place;
        let expected = Expected {
            entity_id: &at_desk.entity_id,
            asked: &asked,
            provider: &provider,
            keys: &at_desk.keys,
            skew: Duration::try_from(at_desk.config.clock_skew).unwrap_or(Duration::MINUTE),
            coordination_numbers: at_desk.config.coordination_numbers,
            now,
        };
        check(&answer.response, &expected)
    })
    .await
    .map_err(|_| Problem::Broken)?;

    // What another than the identity provider sends must not use up the request; what it signed does.
    let mut tx = desk.house.db.begin().await?;
    let outcome = match checked {
        Ok(checked) => keep(desk, &mut tx, &begun, checked, row.browser_hash).await,
        Err(refusal @ Refusal::Status(_)) => {
            store::delete_request(&mut tx, &begun.asked.id).await?;
            Err(refusal.into())
        }
        Err(refusal) => return Err(refusal.into()),
    };
    if matches!(outcome, Ok(_) | Err(Problem::Refused(_))) {
        tx.commit().await?;
    }
    outcome
}

/// Check 13: the request and the assertion are used here, once; then the checked login is kept for its browser. Of two
/// equal answers at the same time, the database lets one through.
async fn keep(
    desk: &LoginDesk,
    tx: &mut Tx,
    begun: &Begun,
    checked: Checked,
    browser_hash: [u8; 32],
) -> Result<String, Problem> {
    let now = desk.house.clock.now();
    let idp = &begun.asked.idp;
    let until = checked.usable_until.max(now + Duration::hours(1));
    for used in [
        used_key("request", idp, &begun.asked.id),
        used_key("assertion", idp, &checked.assertion_id),
    ] {
        if !store::use_once(tx, &used, until).await? {
            return Err(Problem::Replayed);
        }
    }
    store::delete_request(tx, &begun.asked.id).await?;
    tracing::info!(
        idp,
        level = checked.level,
        assertion = checked.assertion_id,
        transaction = checked.person.transaction,
        "an answer was accepted"
    );
    let arrived = Arrived {
        number: checked.person.number.to_string(),
        name: checked.person.name,
        idp: idp.clone(),
        level: checked.level,
        assertion_id: checked.assertion_id,
        next: begun.next.clone(),
    };
    let handle = URL_SAFE_NO_PAD.encode(desk.house.ids.bytes::<32>().map_err(|_| SealError::NoRandomness)?);
    let handle_hash = hash(&handle);
    let plain = zeroize::Zeroizing::new(serde_json::to_vec(&arrived).map_err(|_| Problem::Content)?);
    let content = desk
        .house
        .keys
        .seal(desk.house.ids, &result_place(&handle_hash), &plain)?;
    let expires_at = now + FETCH_WITHIN;
    store::insert_result(
        tx,
        &ResultRow {
            handle_hash,
            browser_hash,
            content,
            expires_at,
        },
    )
    .await?;
    Ok(handle)
}

/// Fixed in length, whatever an identity provider calls its assertions; one provider cannot use up another's.
fn used_key(kind: &str, idp: &str, id: &str) -> String {
    let mut hasher = Sha256::new();
    for part in [kind, idp, id] {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hex::encode(hasher.finalize())
}

fn result_place(handle_hash: &[u8; 32]) -> Place<'_> {
    Place::new("login_result", handle_hash, "content")
}

/// The handle in the address.
#[derive(Deserialize)]
pub(super) struct Handle {
    #[serde(default)]
    h: String,
}

/// `GET /logga-in/klar`.
pub(super) async fn finish(
    State(desk): State<Arc<LoginDesk>>,
    headers: HeaderMap,
    Query(handle): Query<Handle>,
) -> Response {
    match open_session(&desk, &headers, &handle.h).await {
        Ok((value, next)) => {
            metrics::counter!("brevlada_logins_total", "outcome" => "logged_in").increment(1);
            let mut response = no_store(Redirect::to(&next).into_response());
            let cookies = desk.sessions.cookies();
            cookies.set(response.headers_mut(), Cookie::Session, &value);
            cookies.clear(response.headers_mut(), Cookie::Login);
            response
        }
        Err(problem) => problem.told(&desk),
    }
}

/// Check 16: a new session, in the browser that began. The one it had before is over.
async fn open_session(desk: &LoginDesk, headers: &HeaderMap, handle: &str) -> Result<(String, String), Problem> {
    let now = desk.house.clock.now();
    let mut tx = desk.house.db.begin().await?;
    let Some(row) = store::take_result(&mut tx, hash(handle)).await? else {
        return Err(Problem::NoRequest);
    };
    let browser = desk.sessions.cookies().read(headers, Cookie::Login).map(hash);
    let same = browser.is_some_and(|browser| bool::from(browser.ct_eq(&row.browser_hash)));
    if !same || row.expires_at <= now {
        // Taken is taken: no second try with this handle.
        tx.commit().await?;
        return Err(if same {
            Problem::NoRequest
        } else {
            Problem::OtherBrowser
        });
    }
    let plain = zeroize::Zeroizing::new(desk.house.keys.open(&result_place(&row.handle_hash), &row.content)?);
    let arrived: Arrived = serde_json::from_slice(&plain).map_err(|_| Problem::Content)?;
    let person = Person {
        number: arrived.number.parse().map_err(|_| Problem::Content)?,
        name: arrived.name,
        transaction: None,
    };
    desk.sessions.end_of(&mut tx, headers).await?;
    let new = NewSession {
        person: &person,
        idp: &arrived.idp,
        level: &arrived.level,
        assertion_id: &arrived.assertion_id,
        device: device_in_words(headers),
    };
    let value = desk.sessions.begin(&mut tx, new).await?;
    let whoever = access::Person {
        number: person.number,
        name: person.name,
    };
    log_login(&mut tx, &desk.house, &whoever).await?;
    tx.commit().await?;
    Ok((value, arrived.next))
}

fn no_store(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
