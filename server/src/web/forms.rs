//! What may be sent to the server functions under `/api/`: forms of ours, as browsers send them. What is none is the sender's fault, and said
//! so in one place: left to themselves the functions would call it ours.

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

/// The functions' answer has it when their arguments could not be read. They fail in no other way: what goes wrong inside leads to a page.
static NOT_READ: HeaderName = HeaderName::from_static("serverfnerror");

/// Middleware: 415 for a body that is no form, 400 for a form that is none of ours.
pub(super) async fn only_forms(request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    if !is_form(request.headers()) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let response = next.run(request).await;
    if response.headers().contains_key(&NOT_READ) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    response
}

/// Whether a body is sent as a form. One of no kind is looked at: there may be none.
fn is_form(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_none_or(|kind| {
        let kind = kind.to_str().unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forms_are_forms() {
        let with = |kind: &'static str| is_form(&HeaderMap::from_iter([(CONTENT_TYPE, kind.parse().unwrap())]));
        assert!(is_form(&HeaderMap::new()));
        assert!(with("application/x-www-form-urlencoded"));
        assert!(with("Application/X-WWW-Form-Urlencoded; charset=UTF-8"));
        for no in ["multipart/form-data; boundary=x", "application/json", "text/plain", ""] {
            assert!(!with(no), "{no}");
        }
    }
}
