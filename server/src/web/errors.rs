//! What a person sees when something cannot be answered: a sentence, what to do, and a reference number. Never more.

use super::headers::FAULT_POLICY;
use super::visitor::{language, look};
use crate::clock::Clock;
use crate::telemetry::RequestId;
use app::ports::PortError;
use app::{Visit, fault_document};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use time::OffsetDateTime;

/// Why a request is not answered as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing here, or nothing of yours.
    NotFound,
    /// Not theirs to do.
    NotAllowed,
    /// Log in first.
    SignedOut,
    /// Something of ours failed; it is logged.
    Ours,
}

impl Fault {
    /// A fault of ours: logged here, once.
    pub(super) fn ours<E: std::fmt::Display>(error: E) -> Self {
        tracing::error!(%error, "a request could not be answered");
        Self::Ours
    }
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        match error {
            PortError::NotFound => Self::NotFound,
            PortError::NotAllowed => Self::NotAllowed,
            PortError::SignedOut => Self::SignedOut,
            PortError::Unavailable => Self::Ours,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotAllowed => StatusCode::FORBIDDEN,
            Self::SignedOut => return Redirect::to("/").into_response(),
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
        .into_response()
    }
}

/// Middleware: an answer that is only a status gets a page in the visitor's language, with the reference number.
pub(super) async fn explain(State(clock): State<Clock>, request: Request, next: Next) -> Response {
    let (language, look) = (language(request.headers()), look(request.headers()));
    let reference = request
        .extensions()
        .get::<RequestId>()
        .map(ToString::to_string)
        .unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    let fault = match status.as_u16() {
        404 | 405 => app::Fault::NotFound,
        429 => app::Fault::TooMany,
        400..=499 => app::Fault::Refused,
        500..=599 => app::Fault::Ours,
        _ => return response,
    };
    let bare = response
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !bare {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts.headers.remove(CONTENT_TYPE);
    let page = explained(parts.status, fault, (language, look), (clock.now(), reference));
    let (page, body) = page.into_parts();
    parts.headers.extend(page.headers);
    Response::from_parts(parts, body)
}

/// A page that says what went wrong, for a browser with this language and look.
pub(super) fn explained(
    status: StatusCode,
    fault: app::Fault,
    (language, look): (app::Language, app::Look),
    (now, reference): (OffsetDateTime, String),
) -> Response {
    let visit = Visit {
        now,
        reference,
        banners: vec![],
    };
    let page = Html(fault_document(fault, language, look, visit));
    (status, [(CONTENT_SECURITY_POLICY, FAULT_POLICY)], page).into_response()
}
