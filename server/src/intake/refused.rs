//! What a sender is told when a delivery is not taken, and what the log is told beside it.

use contracts::fault::{ApplicationFault, ErrorCode};
use contracts::service::Refusal;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response, StatusCode};
use std::borrow::Cow;
use uuid::Uuid;

/// SOAP 1.1 envelopes are sent as this.
pub(super) const XML: HeaderValue = HeaderValue::from_static("text/xml; charset=utf-8");

/// A call that gets a fault.
#[derive(Debug)]
pub(super) struct Refused {
    /// The code of the fault.
    pub(super) code: ErrorCode,
    /// What was wrong and what to do; for the sender's engineers, in English. Never personal data.
    pub(super) description: Cow<'static, str>,
    /// What the log is told, and the sender is not: an error of ours.
    pub(super) cause: Option<String>,
}

impl Refused {
    pub(super) fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        Self {
            code,
            description: description.into(),
            cause: None,
        }
    }

    /// Something of ours failed: nothing is stored, and the same delivery may be sent again.
    pub(super) fn ours(cause: impl ToString) -> Self {
        Self {
            code: ErrorCode::InternalError,
            description: "The mailbox operator failed. Nothing is stored; send the same delivery again later.".into(),
            cause: Some(cause.to_string()),
        }
    }

    /// The envelope with the fault, under the id that the log has too.
    pub(super) fn answer(self, call: Uuid) -> Response<axum::body::Body> {
        let fault = ApplicationFault {
            code: self.code,
            description: self.description.into_owned(),
            call_id: call.to_string(),
        };
        envelope(StatusCode::INTERNAL_SERVER_ERROR, fault.to_envelope())
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.code, refusal.description)
    }
}

/// A SOAP answer.
pub(super) fn envelope(status: StatusCode, text: String) -> Response<axum::body::Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, XML);
    response
}
