//! The way back. `POST /saml/acs` takes the answer and decides; `GET /logga-in/klar` gives the browser its session. For staff the same is
//! done at `/staff/saml/acs` and `/staff/logga-in/klar`, for the other of our entities.
//!
//! Two steps, because browsers send no `Lax` cookie with a form from another site. The answer is checked, used up and kept
//! under a one-time handle; the redirect to a page of ours then carries the cookie that shows that this browser is the one
//! that began. A stolen answer is worth nothing in another browser, and nobody can be logged in as somebody else unawares.

use super::cookie::Cookie;
use super::desk::LoginDesk;
use super::entity::Side;
use super::failure::Failure;
use super::saml::identity::Person;
use super::saml::response::{Checked, Expected, Refusal, Status, Who, check};
use super::session::{NewSession, SessionError, device_in_words, hash};
use super::start::{Begun, request_place};
use crate::db::{DbError, Tx};
use crate::domain::audit::AuditAct;
use crate::mailbox::access_log::log_login;
use crate::mailbox::{MailboxError, access};
use crate::seal::{Place, SealError};
use crate::store::login::{self as store, ResultRow};
use crate::support::SupportError;
use crate::support::access::{Recognised, recognise, write_coming_and_going, write_refusal};
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
    who: ArrivedAs,
    idp: String,
    level: String,
    assertion_id: String,
    next: String,
}

/// Who it is, as far as the identity provider knows.
#[derive(Serialize, Deserialize)]
enum ArrivedAs {
    Person { number: String, name: String },
    Employee { name: String, affiliations: Vec<String> },
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
    #[error(transparent)]
    Support(#[from] SupportError),
    #[error("none of the staff, or locked out")]
    NotStaff,
    #[error("the mailbox is locked")]
    Locked,
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
            Problem::NotStaff => Failure::NotStaff,
            Problem::Locked => Failure::Locked,
            _ => Failure::Technical,
        }
    }

    /// To the log without anything of a person; what may be misuse is marked as a security event.
    fn told(&self, desk: &LoginDesk, side: Side) -> Response {
        let reference = super::reference(&desk.house);
        match self {
            Problem::Refused(Refusal::Status(Status::Cancelled)) => tracing::info!(reference, "a login was cancelled"),
            Problem::Refused(Refusal::Status(Status::Fraud))
            | Problem::Replayed
            | Problem::OtherBrowser
            | Problem::Locked
            | Problem::NotStaff => {
                tracing::warn!(reference, security = true, problem = %self, "a login was refused");
            }
            Problem::Db(_)
            | Problem::Seal(_)
            | Problem::Session(_)
            | Problem::Mailbox(_)
            | Problem::Support(_)
            | Problem::Content
            | Problem::Broken => {
                tracing::error!(reference, problem = %self, "a login failed");
            }
            _ => tracing::warn!(reference, problem = %self, "a login was refused"),
        }
        self.failure().page(side, &reference)
    }
}

/// `POST /saml/acs`.
pub(super) async fn receive(State(desk): State<Arc<LoginDesk>>, Form(answer): Form<Answer>) -> Response {
    received(&desk, Side::People, answer).await
}

/// `POST /staff/saml/acs`.
pub(super) async fn receive_staff(State(desk): State<Arc<LoginDesk>>, Form(answer): Form<Answer>) -> Response {
    received(&desk, Side::Staff, answer).await
}

async fn received(desk: &Arc<LoginDesk>, side: Side, answer: Answer) -> Response {
    match decide(desk, side, answer).await {
        Ok(handle) => no_store(Redirect::to(&format!("{}?h={handle}", side.arrival())).into_response()),
        Err(Problem::Busy) => {
            metrics::counter!("brevlada_logins_total", "outcome" => "busy").increment(1);
            StatusCode::TOO_MANY_REQUESTS.into_response()
        }
        Err(problem) => problem.told(desk, side),
    }
}

async fn decide(desk: &Arc<LoginDesk>, side: Side, answer: Answer) -> Result<String, Problem> {
    let now = desk.house.clock.now();
    let mut tx = desk.house.db.read().await?;
    let row = store::request(&mut tx, &answer.relay_state, now)
        .await?
        .ok_or(Problem::NoRequest)?;
    drop(tx);
    let begun: Begun = desk.house.keys.open_record(&request_place(&row.id), &row.content)?;
    // An answer to one of our entities is none to the other.
    if begun.side != side {
        return Err(Problem::NoRequest);
    }
    let provider = desk.providers.find(&row.idp).ok_or(Problem::UnknownProvider)?;

    // Only an answer to a request of ours gets a place. It is kept until the check has ended, also when the browser has gone.
    let place = timeout(WAIT_FOR_PLACE, desk.checking.clone().acquire_owned());
    let place = place.await.map_err(|_| Problem::Busy)?.map_err(|_| Problem::Broken)?;
    // Signatures and decryption take milliseconds of a core: not on a thread that serves others.
    let (at_desk, asked) = (desk.clone(), begun.asked.clone());
    let checked = tokio::task::spawn_blocking(move || {
        let _place = place;
        let entity = at_desk.entity(side);
        let expected = Expected {
            entity_id: &entity.id,
            asked: &asked,
            provider: &provider,
            keys: &at_desk.keys,
            skew: Duration::try_from(at_desk.config.clock_skew).unwrap_or(Duration::MINUTE),
            asks: entity.asks,
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
    let (who, transaction) = match checked.who {
        Who::Person(person) => (
            ArrivedAs::Person {
                number: person.number.to_string(),
                name: person.name,
            },
            person.transaction,
        ),
        Who::Employee(employee) => (
            ArrivedAs::Employee {
                name: employee.name,
                affiliations: employee.affiliations,
            },
            employee.transaction,
        ),
    };
    tracing::info!(
        idp,
        level = checked.level,
        assertion = checked.assertion_id,
        transaction,
        "an answer was accepted"
    );
    let arrived = Arrived {
        who,
        idp: idp.clone(),
        level: checked.level,
        assertion_id: checked.assertion_id,
        next: begun.next.clone(),
    };
    let handle = URL_SAFE_NO_PAD.encode(desk.house.ids.bytes::<32>().map_err(|_| SealError::NoRandomness)?);
    let handle_hash = hash(&handle);
    let place = result_place(&handle_hash);
    let content = desk.house.keys.seal_record(desk.house.ids, &place, &arrived)?;
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
    finished(&desk, Side::People, &headers, &handle.h).await
}

/// `GET /staff/logga-in/klar`.
pub(super) async fn finish_staff(
    State(desk): State<Arc<LoginDesk>>,
    headers: HeaderMap,
    Query(handle): Query<Handle>,
) -> Response {
    finished(&desk, Side::Staff, &headers, &handle.h).await
}

async fn finished(desk: &LoginDesk, side: Side, headers: &HeaderMap, handle: &str) -> Response {
    match open_session(desk, side, headers, handle).await {
        Ok((value, next)) => {
            let session = match side {
                Side::People => {
                    metrics::counter!("brevlada_logins_total", "outcome" => "logged_in").increment(1);
                    Cookie::Session
                }
                Side::Staff => {
                    metrics::counter!("brevlada_staff_logins_total", "outcome" => "logged_in").increment(1);
                    Cookie::StaffSession
                }
            };
            let mut response = no_store(Redirect::to(&next).into_response());
            let cookies = desk.sessions.cookies();
            cookies.set(response.headers_mut(), session, &value);
            cookies.clear(response.headers_mut(), side.login_cookie());
            response
        }
        Err(problem) => problem.told(desk, side),
    }
}

/// Check 16: a new session, in the browser that began. The one it had before is over.
async fn open_session(
    desk: &LoginDesk,
    side: Side,
    headers: &HeaderMap,
    handle: &str,
) -> Result<(String, String), Problem> {
    let now = desk.house.clock.now();
    let mut tx = desk.house.db.begin().await?;
    let Some(row) = store::take_result(&mut tx, hash(handle)).await? else {
        return Err(Problem::NoRequest);
    };
    let browser = desk.sessions.cookies().read(headers, side.login_cookie()).map(hash);
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
    let arrived: Arrived = desk
        .house
        .keys
        .open_record(&result_place(&row.handle_hash), &row.content)?;
    let value = match (side, &arrived.who) {
        (Side::People, ArrivedAs::Person { number, name }) => {
            let person = Person {
                number: number.parse().map_err(|_| Problem::Content)?,
                name: name.clone(),
                transaction: None,
            };
            let begun = begin_for(desk, &mut tx, headers, person, &arrived).await;
            // Taken is taken, of a locked mailbox too.
            if matches!(begun, Ok(_) | Err(Problem::Locked)) {
                tx.commit().await?;
            }
            begun?
        }
        (Side::Staff, ArrivedAs::Employee { name, affiliations }) => {
            let begun = begin_for_staff(desk, &mut tx, headers, name, affiliations).await;
            // Who was not let in is written down too.
            if matches!(begun, Ok(_) | Err(Problem::NotStaff)) {
                tx.commit().await?;
            }
            begun?
        }
        // Fetched at the wrong side: nobody is there.
        (Side::People, ArrivedAs::Employee { .. }) | (Side::Staff, ArrivedAs::Person { .. }) => {
            return Err(Problem::NoRequest);
        }
    };
    Ok((value, arrived.next))
}

/// A session of a person's, in their browser. None while their mailbox is locked: whoever can use their e-legitimation is not let in anywhere.
async fn begin_for(
    desk: &LoginDesk,
    tx: &mut Tx,
    headers: &HeaderMap,
    person: Person,
    arrived: &Arrived,
) -> Result<String, Problem> {
    if access::is_locked(tx, &desk.house, &person.number).await? {
        return Err(Problem::Locked);
    }
    desk.sessions.end_of(tx, headers).await?;
    let new = NewSession {
        person: &person,
        idp: &arrived.idp,
        level: &arrived.level,
        assertion_id: &arrived.assertion_id,
        device: device_in_words(headers),
    };
    let value = desk.sessions.begin(tx, new).await?;
    let whoever = access::Person::new(person.number, person.name);
    log_login(tx, &desk.house, &whoever).await?;
    Ok(value)
}

/// A session of somebody of the staff. What they may do is in our register, and nothing of it in the assertion.
async fn begin_for_staff(
    desk: &LoginDesk,
    tx: &mut Tx,
    headers: &HeaderMap,
    name: &str,
    affiliations: &[String],
) -> Result<String, Problem> {
    match recognise(tx, &desk.house, affiliations).await? {
        Recognised::Staff(id) => {
            desk.staff.end_of(tx, headers).await?;
            let value = desk.staff.begin(tx, id).await?;
            write_coming_and_going(tx, &desk.house, id, AuditAct::StaffLogin).await?;
            Ok(value)
        }
        Recognised::Nobody => {
            write_refusal(tx, &desk.house, name, affiliations).await?;
            Err(Problem::NotStaff)
        }
    }
}

fn no_store(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
