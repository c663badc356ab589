//! What a person sees when something cannot be answered: a sentence, what to do, and a reference number. Never more.

use super::visitor::language;
use crate::telemetry::RequestId;
use app::Language;
use app::ports::PortError;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

/// Why a request is not answered as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing here, or nothing of yours.
    NotFound,
    /// Log in first.
    SignedOut,
    /// Something of ours failed; it is logged.
    Ours,
}

impl Fault {
    /// A fault of ours: logged here, once.
    #[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
    pub(super) fn ours<E: std::fmt::Display>(error: E) -> Self {
        tracing::error!(%error, "a request could not be answered");
        Self::Ours
    }
}

impl From<PortError> for Fault {
    fn from(error: PortError) -> Self {
        match error {
            PortError::NotFound => Self::NotFound,
            PortError::SignedOut => Self::SignedOut,
            PortError::Unavailable => Self::Ours,
        }
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::SignedOut => StatusCode::UNAUTHORIZED,
            Self::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        }
        .into_response()
    }
}

/// Middleware: an answer that is only a status gets a page in the visitor's language, with the reference number.
pub(super) async fn explain(request: Request, next: Next) -> Response {
    let language: Language = language(request.headers());
    let reference = request.extensions().get::<RequestId>().map(ToString::to_string).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    let is_bare = response.headers().get(axum::http::header::CONTENT_TYPE).is_none()
        || response.headers().get(axum::http::header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/plain"));
    if !(status.is_client_error() || status.is_server_error()) || !is_bare {
        return response;
    }
    let fault = match status.as_u16() {
        401 | 403 => app::Fault::SignedOut,
        404 | 405 => app::Fault::NotFound,
        400..=499 => app::Fault::Refused,
        _ => app::Fault::Ours,
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    parts.headers.remove(axum::http::header::CONTENT_TYPE);
    (parts, Html(app::fault_document(fault, language, &reference))).into_response()
}
