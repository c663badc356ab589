//! `POST /logga-ut` ends the session; `POST /session/stanna` keeps it from running idle.

use super::cookie::Cookie;
use super::desk::LoginDesk;
use super::session::SessionError;
use crate::domain::audit::AuditAct;
use crate::support::access::write_coming_and_going;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use std::sync::Arc;
use time::OffsetDateTime;

/// Logs out here. The federation has no logout of its own, and we ask for a new legitimation each time.
pub(super) async fn log_out(State(desk): State<Arc<LoginDesk>>, headers: HeaderMap) -> Response {
    let ended = async {
        let mut tx = desk.house.db.begin().await?;
        desk.sessions.end_of(&mut tx, &headers).await?;
        tx.commit().await.map_err(SessionError::from)
    };
    if let Err(error) = ended.await {
        tracing::error!(%error, "a session could not be ended");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let mut response = Redirect::to("/utloggad").into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    desk.sessions.cookies().clear(response.headers_mut(), Cookie::Session);
    response
}

/// `POST /staff/logga-ut`: the same for staff.
pub(super) async fn log_out_staff(State(desk): State<Arc<LoginDesk>>, headers: HeaderMap) -> Response {
    let ended = async {
        let mut tx = desk.house.db.begin().await?;
        if let Some(id) = desk.staff.end_of(&mut tx, &headers).await? {
            write_coming_and_going(&mut tx, &desk.house, id, AuditAct::StaffLogout).await?;
        }
        tx.commit().await.map_err(SessionError::from)
    };
    if let Err(error) = ended.await {
        tracing::error!(%error, "a session of the staff's could not be ended");
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let mut response = Redirect::to("/admin/logga-in?sag=ut").into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    desk.sessions
        .cookies()
        .clear(response.headers_mut(), Cookie::StaffSession);
    response
}

/// Tells scripts in how many seconds the session now ends if nothing is done, and at the latest; sends a form back to the page it
/// stood on.
pub(super) async fn stay(State(desk): State<Arc<LoginDesk>>, headers: HeaderMap) -> Response {
    let extended = match desk.sessions.find(&headers).await {
        Ok(Some(session)) => desk.sessions.stay(&session).await,
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
            .unwrap_or_default()
    };
    let wants_json = text(header::ACCEPT).contains("application/json");
    match extended {
        Ok(Some(session)) if wants_json => {
            let now = desk.house.clock.now();
            let left = |until: OffsetDateTime| (until - now).whole_seconds().max(0);
            Json([left(session.idle_until), left(session.ends_at)]).into_response()
        }
        Ok(Some(_)) => Redirect::to(&came_from(text(header::REFERER))).into_response(),
        Ok(None) if wants_json => StatusCode::UNAUTHORIZED.into_response(),
        Ok(None) => Redirect::to("/utloggad?skal=tid").into_response(),
        Err(error) => {
            tracing::error!(%error, "a session could not be extended");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// The path of the page that a form stood on. Only the path: the rest may be anybody's.
fn came_from(referer: &str) -> String {
    let path = url::Url::parse(referer).ok().map(|page| match page.query() {
        Some(query) => format!("{}?{query}", page.path()),
        None => page.path().to_owned(),
    });
    path.filter(|path| !path.starts_with("//"))
        .unwrap_or_else(|| "/inkorg".to_owned())
}
