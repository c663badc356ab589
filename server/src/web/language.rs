//! `GET /sprak?till=en&ater=/inkorg`: chooses the language of the pages, without a script.

use super::Web;
use app::Language;
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Choice {
    till: String,
    #[serde(default)]
    ater: String,
}

/// A year, in seconds.
const REMEMBER: u32 = 31_536_000;

/// Remembers the language in a cookie and goes back to the page.
pub(super) async fn choose(State(web): State<Web>, Query(choice): Query<Choice>) -> Response {
    let mut response = Redirect::to(&own_address(&choice.ater)).into_response();
    if let Some(language) = Language::from_tag(&choice.till)
        && let Some(cookie) = remembered(&web, Language::COOKIE, language.tag())
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A cookie that remembers a choice for a year.
pub(super) fn remembered(web: &Web, name: &str, value: &str) -> Option<HeaderValue> {
    let secure = if web.https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={REMEMBER}; SameSite=Lax{secure}"
    ))
    .ok()
}

/// An address on this site, or the start page: nobody is sent elsewhere from here.
pub(super) fn own_address(given: &str) -> String {
    let own = given.starts_with('/')
        && !given.starts_with("//")
        && !given.contains(['\\', '\r', '\n'])
        && given.chars().all(|c| c.is_ascii_graphic());
    if own { given.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for elsewhere in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "/a\r\nSet-Cookie: x=y",
            "",
        ] {
            assert_eq!(own_address(elsewhere), "/");
        }
        assert_eq!(own_address("/brev/1?visa=1"), "/brev/1?visa=1");
    }
}
