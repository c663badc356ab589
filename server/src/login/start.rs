//! `POST /logga-in`, and for staff `POST /staff/logga-in`: somebody has chosen an e-legitimation; we ask its identity provider.

use super::desk::LoginDesk;
use super::entity::Side;
use super::failure::Failure;
use super::providers::origin_of;
use super::saml::request::{Asked, Outgoing, RequestProblem, write};
use super::session::hash;
use crate::db::DbError;
use crate::seal::{Place, SealError};
use crate::store::login::{self as store, RequestRow};
use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use time::Duration;

/// How long a person may take at the identity provider.
const ANSWER_WITHIN: Duration = Duration::minutes(10);

/// The form on the login page.
#[derive(Deserialize)]
pub(super) struct Choice {
    idp: String,
    next: Option<String>,
}

/// What is sealed with a request.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) asked: Asked,
    pub(super) next: String,
    /// By which of our entities it was asked.
    #[serde(default)]
    pub(super) side: Side,
}

/// Why a login could not begin.
#[derive(Debug, thiserror::Error)]
pub(super) enum StartProblem {
    #[error(transparent)]
    Db(#[from] DbError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Request(#[from] RequestProblem),
    #[error("no such identity provider, or not one that reaches our level")]
    UnknownProvider,
}

/// `POST /logga-in`.
pub(super) async fn start(
    State(desk): State<Arc<LoginDesk>>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    begun(&desk, Side::People, &headers, &choice).await
}

/// `POST /staff/logga-in`.
pub(super) async fn start_staff(
    State(desk): State<Arc<LoginDesk>>,
    headers: HeaderMap,
    Form(choice): Form<Choice>,
) -> Response {
    begun(&desk, Side::Staff, &headers, &choice).await
}

async fn begun(desk: &LoginDesk, side: Side, headers: &HeaderMap, choice: &Choice) -> Response {
    match begin(desk, side, headers, choice).await {
        Ok(response) => response,
        Err(problem) => {
            let reference = super::reference(&desk.house);
            tracing::warn!(reference, %problem, "a login could not begin");
            Failure::Technical.page(side, &reference)
        }
    }
}

async fn begin(desk: &LoginDesk, side: Side, headers: &HeaderMap, choice: &Choice) -> Result<Response, StartProblem> {
    let entity = desk.entity(side);
    let provider = desk.providers.find(&choice.idp).ok_or(StartProblem::UnknownProvider)?;
    let levels = entity.levels(&provider);
    if levels.is_empty() {
        return Err(StartProblem::UnknownProvider);
    }
    let now = desk.house.clock.now();
    let random = || desk.house.ids.bytes::<32>().map_err(|_| SealError::NoRandomness);
    let asked = Asked {
        id: format!("_{}", hex::encode(random()?)),
        idp: provider.entity_id.clone(),
        acs: entity.acs.clone(),
        levels,
        force_authn: desk.config.force_authn,
        issued_at: now,
    };
    let relay_state = URL_SAFE_NO_PAD.encode(random()?);
    let outgoing = write(&asked, &entity.id, &provider, &desk.keys.signing, &relay_state)?;

    // A browser that logs in twice at once, in two tabs, keeps one value for both.
    let browser = match desk.sessions.cookies().read(headers, side.login_cookie()) {
        Some(value) if value.len() == 43 => value.to_owned(),
        _ => URL_SAFE_NO_PAD.encode(random()?),
    };
    let begun = Begun {
        asked,
        next: local(side, choice.next.as_deref()),
        side,
    };
    let place = request_place(&begun.asked.id);
    let content = desk.house.keys.seal_record(desk.house.ids, &place, &begun)?;
    let row = RequestRow {
        id: begun.asked.id,
        idp: provider.entity_id.clone(),
        relay_state: relay_state.clone(),
        browser_hash: hash(&browser),
        content,
        created_at: now,
        expires_at: now + ANSWER_WITHIN,
    };
    let mut tx = desk.house.db.begin().await?;
    store::insert_request(&mut tx, &row).await?;
    tx.commit().await?;

    let mut response = match outgoing {
        Outgoing::Redirect(address) => Redirect::to(&address).into_response(),
        Outgoing::Form { action, saml_request } => form_page(headers, &action, &saml_request, &relay_state),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    desk.sessions
        .cookies()
        .set(response.headers_mut(), side.login_cookie(), &browser);
    Ok(response)
}

pub(super) fn request_place(id: &str) -> Place<'_> {
    Place::new("login_request", id.as_bytes(), "content")
}

/// A path of ours, on this side, to go to after logging in; anything else becomes the side's first page.
pub(super) fn local(side: Side, next: Option<&str>) -> String {
    let ours = |path: &&str| {
        path.len() <= 512
            && path.starts_with('/')
            && !path.starts_with("//")
            && !path.starts_with("/logga-")
            && !path.starts_with("/utloggad")
            && !path.starts_with("/admin/logga-")
            && side.has(path)
            && path.chars().all(|c| !c.is_control() && c != '\\')
    };
    next.filter(ours).unwrap_or(side.home()).to_owned()
}

/// The page that carries a request by form: a button, and a script of ours that presses it.
#[derive(Template)]
#[template(path = "login/continue_sv.html")]
struct ContinueSv<'a> {
    action: &'a str,
    saml_request: &'a str,
    relay_state: &'a str,
}

/// The same in English.
#[derive(Template)]
#[template(path = "login/continue_en.html")]
struct ContinueEn<'a> {
    action: &'a str,
    saml_request: &'a str,
    relay_state: &'a str,
}

fn form_page(headers: &HeaderMap, action: &str, saml_request: &str, relay_state: &str) -> Response {
    let page = if speaks_english(headers) {
        ContinueEn {
            action,
            saml_request,
            relay_state,
        }
        .render()
    } else {
        ContinueSv {
            action,
            saml_request,
            relay_state,
        }
        .render()
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; form-action {}; frame-ancestors 'none'; base-uri 'none'",
        origin_of(action).unwrap_or_default()
    );
    let mut response = Html(page.unwrap_or_default()).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Whether the person chose English on our pages, or, without a choice, has a browser that prefers it.
fn speaks_english(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .unwrap_or_default()
    };
    let chosen = text(header::COOKIE)
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='));
    match chosen
        .filter(|(name, _)| *name == "sprak")
        .map(|(_, value)| value)
        .next()
    {
        Some(language) => language.starts_with("en"),
        None => text(header::ACCEPT_LANGUAGE).starts_with("en"),
    }
}

/// `GET /logga-in/vidare.js`: presses the button of the form page.
pub(super) async fn press() -> Response {
    let script = "document.forms[0].submit();\n";
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for path in ["/brev/1", "/sok?q=å&x=1", "/"] {
            assert_eq!(local(Side::People, Some(path)), path);
        }
        for other in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "",
            "brev",
            "/a\r\nb",
            "/logga-ut",
            "/logga-in/klar",
            "/admin",
            "/admin/ko",
        ] {
            assert_eq!(local(Side::People, Some(other)), "/inkorg", "{other:?}");
        }
        assert_eq!(local(Side::People, None), "/inkorg");
    }

    #[test]
    fn staff_stay_on_their_side() {
        assert_eq!(local(Side::Staff, Some("/admin/ko?visa=1")), "/admin/ko?visa=1");
        for other in ["/inkorg", "/brev/1", "//admin", "/admin/logga-in", "/administration"] {
            assert_eq!(local(Side::Staff, Some(other)), "/admin", "{other:?}");
        }
    }

    #[test]
    fn nothing_in_a_relay_state_or_address_becomes_markup() {
        let response = form_page(
            &HeaderMap::new(),
            "https://idp.example/post",
            "QUJD",
            "\"><script>x</script>",
        );
        assert!(
            response.headers()[header::CONTENT_SECURITY_POLICY]
                .to_str()
                .unwrap()
                .contains("form-action https://idp.example;")
        );
        let page = ContinueSv {
            action: "a",
            saml_request: "b",
            relay_state: "\"><script>",
        }
        .render()
        .unwrap();
        assert!(!page.contains("\"><script>"));
    }
}
