//! What the browser sees: `/sso` takes the request, `/login/{handle}` lets one choose who to be, and the answer goes
//! back by a form.

use super::names::{AUTHN_FAILED, CANCEL, LOA2, LOA3, LOA4, NO_AUTHN_CONTEXT, NO_PASSIVE, REQUESTER};
use super::request::{self, AuthnRequest, BadRequest};
use super::response::{self, Outcome};
use super::{Idp, attributes, metadata};
use crate::people;
use crate::texts::Texts;
use crate::web;
use askama::Template;
use axum::extract::{DefaultBodyLimit, Path, Query, RawQuery, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Form, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use std::sync::{Arc, PoisonError};
use time::{Duration, OffsetDateTime};
use url::Url;

/// How long one may take to choose.
const PATIENCE: Duration = Duration::minutes(10);
/// How many logins may have begun at once.
const MOST_PENDING: usize = 10_000;

/// A login that has begun.
#[derive(Debug)]
pub(super) struct Pending {
    request: AuthnRequest,
    begun: OffsetDateTime,
}

#[derive(Template)]
#[template(path = "persons.html")]
struct PersonsPage<'a> {
    texts: &'a Texts,
    handle: &'a str,
    intro: String,
    persons: Vec<Choice<'a>>,
    levels: &'static [&'static str],
    encryptions: Vec<&'static str>,
}

struct Choice<'a> {
    number: &'a str,
    name: String,
    about: &'a str,
}

#[derive(Template)]
#[template(path = "answer.html")]
struct AnswerPage<'a> {
    texts: &'a Texts,
    action: &'a str,
    saml_response: String,
    relay_state: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage<'a> {
    texts: &'a Texts,
    reason: String,
}

#[derive(Template)]
#[template(path = "start.html")]
struct StartPage<'a> {
    texts: &'a Texts,
}

#[derive(Deserialize)]
struct Language {
    lang: Option<String>,
}

#[derive(Deserialize)]
struct PostedRequest {
    #[serde(rename = "SAMLRequest")]
    saml_request: String,
    #[serde(rename = "RelayState")]
    relay_state: Option<String>,
}

#[derive(Deserialize)]
struct Chosen {
    /// A person's number; absent when the choice was to cancel.
    person: Option<String>,
    #[serde(default)]
    level: String,
    #[serde(default)]
    encryption: String,
    lang: Option<String>,
}

pub(super) fn router(idp: Arc<Idp>) -> Router {
    Router::new()
        .route("/", get(start))
        .route("/metadata", get(our_metadata))
        .route("/sso", get(sso_redirect).post(sso_post))
        .route("/login/{handle}", get(persons).post(choose))
        .merge(web::static_files())
        .layer(DefaultBodyLimit::max(2 * request::LARGEST))
        .with_state(idp)
}

async fn start(State(idp): State<Arc<Idp>>, Query(language): Query<Language>, headers: HeaderMap) -> Response {
    let texts = idp.languages.choose(language.lang.as_deref(), &headers);
    web::page(&StartPage { texts }, "default-src 'none'; style-src 'self'")
}

async fn our_metadata(State(idp): State<Arc<Idp>>) -> Response {
    match metadata::write(&idp) {
        Ok(xml) => ([(header::CONTENT_TYPE, "application/samlmetadata+xml")], xml).into_response(),
        Err(error) => {
            tracing::error!(%error, "e-legitimation: metadata");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

async fn sso_redirect(State(idp): State<Arc<Idp>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let request = request::from_query(&idp, query.as_deref().unwrap_or_default()).await;
    begin(&idp, request, &headers)
}

async fn sso_post(State(idp): State<Arc<Idp>>, headers: HeaderMap, Form(form): Form<PostedRequest>) -> Response {
    let request = request::from_form(&idp, &form.saml_request, form.relay_state).await;
    begin(&idp, request, &headers)
}

/// Keeps a request that holds and goes on to the choice; what does not hold is said on a page.
fn begin(idp: &Idp, request: Result<AuthnRequest, BadRequest>, headers: &HeaderMap) -> Response {
    let texts = idp.languages.choose(None, headers);
    let request = match request {
        Ok(request) => request,
        Err(reason) => return refuse(texts, reason.to_string()),
    };
    if request.passive {
        // Somebody must always be asked here.
        return answer(idp, texts, &request, &Outcome::failed(NO_PASSIVE));
    }
    if !request.levels.is_empty() && !request.levels.iter().any(|level| level == LOA3) {
        return answer(
            idp,
            texts,
            &request,
            &Outcome::Failed {
                status: NO_AUTHN_CONTEXT,
                by: REQUESTER,
            },
        );
    }
    let now = idp.clock.now();
    let mut pending = idp.pending.lock().unwrap_or_else(PoisonError::into_inner);
    pending.retain(|_, login| now - login.begun < PATIENCE);
    if pending.len() >= MOST_PENDING {
        return refuse(texts, "too many logins have begun; try again later".into());
    }
    match response::new_id() {
        Ok(handle) => {
            let location = format!("/login/{handle}");
            pending.insert(handle, Pending { request, begun: now });
            Redirect::to(&location).into_response()
        }
        Err(error) => refuse(texts, error.to_string()),
    }
}

async fn persons(
    State(idp): State<Arc<Idp>>,
    Path(handle): Path<String>,
    Query(language): Query<Language>,
    headers: HeaderMap,
) -> Response {
    let texts = idp.languages.choose(language.lang.as_deref(), &headers);
    let now = idp.clock.now();
    let pending = idp.pending.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(login) = pending.get(&handle).filter(|login| now - login.begun < PATIENCE) else {
        return refuse(texts, "the login is over; begin again at the service".into());
    };
    let provider = &login.request.provider;
    let choice = |person: &'static people::Person| Choice {
        number: person.number,
        name: person.name(),
        about: texts.circumstances.of(person.circumstance),
    };
    let page = PersonsPage {
        texts,
        handle: &handle,
        intro: texts.idp.intro.replace("{service}", provider.name(&texts.language)),
        persons: attributes::persons(provider).into_iter().map(choice).collect(),
        levels: &[LOA3, LOA4, LOA2],
        encryptions: metadata::ENCRYPTIONS.iter().map(|e| metadata::short(*e)).collect(),
    };
    web::page(&page, "default-src 'none'; style-src 'self'; form-action 'self'")
}

async fn choose(
    State(idp): State<Arc<Idp>>,
    Path(handle): Path<String>,
    headers: HeaderMap,
    Form(chosen): Form<Chosen>,
) -> Response {
    let texts = idp.languages.choose(chosen.lang.as_deref(), &headers);
    let now = idp.clock.now();
    let login = idp
        .pending
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&handle);
    let Some(login) = login.filter(|login| now - login.begun < PATIENCE) else {
        return refuse(texts, "the login is over; begin again at the service".into());
    };
    let request = &login.request;
    let Some(number) = chosen.person else {
        return answer(&idp, texts, request, &Outcome::failed(CANCEL));
    };
    let person = attributes::persons(&request.provider)
        .into_iter()
        .find(|p| p.number == number);
    let attributes = person.and_then(|p| attributes::of(p, &request.provider, handle.trim_start_matches('_')));
    let Some(attributes) = attributes else {
        return answer(&idp, texts, request, &Outcome::failed(AUTHN_FAILED));
    };
    let level = if chosen.level.is_empty() { LOA3 } else { &chosen.level };
    let encryption = metadata::ENCRYPTIONS
        .iter()
        .copied()
        .find(|e| metadata::short(*e) == chosen.encryption);
    let outcome = Outcome::LoggedIn {
        number: &number,
        attributes: &attributes,
        level,
        encryption: encryption.unwrap_or(idp.encryption),
    };
    answer(&idp, texts, request, &outcome)
}

/// The page that takes the response to the service. The policy lets its form go there and nowhere else.
fn answer(idp: &Idp, texts: &Texts, request: &AuthnRequest, outcome: &Outcome<'_>) -> Response {
    let xml = match response::write(idp, request, outcome) {
        Ok(xml) => xml,
        Err(error) => return refuse(texts, error.to_string()),
    };
    let origin = Url::parse(&request.consumer).map_or_else(|_| "'none'".into(), |u| u.origin().ascii_serialization());
    let page = AnswerPage {
        texts,
        action: &request.consumer,
        saml_response: STANDARD.encode(xml),
        relay_state: request.relay_state.as_deref(),
    };
    web::page(
        &page,
        &format!("default-src 'none'; style-src 'self'; script-src 'self'; form-action {origin}"),
    )
}

fn refuse(texts: &Texts, reason: String) -> Response {
    tracing::info!(reason, "e-legitimation: a request was not taken");
    let page = RefusedPage { texts, reason };
    let mut response = web::page(&page, "default-src 'none'; style-src 'self'");
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}
