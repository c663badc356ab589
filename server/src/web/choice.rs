//! `GET /sprak?till=en&ater=/inkorg`, `/utseende?val=morkt…`, `/tangenter?val=av…`, `/forsta-orden?val=dolj…`: what a browser remembers of its user's choosing, in a
//! cookie and without a script.

use super::Web;
use app::{Language, Look, PreviewLine, Shortcuts};
use axum::extract::{Query, State};
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(alias = "till")]
    val: String,
    #[serde(default)]
    ater: String,
}

/// A year, in seconds.
const REMEMBER: u32 = 31_536_000;

/// Something to choose.
pub(super) trait Remembered: Sized {
    /// Name of the cookie.
    const COOKIE: &'static str;
    /// The choice of that name, as it will stand in the cookie.
    fn chosen(name: &str) -> Option<&'static str>;
}

macro_rules! remembered {
    ($($type:ty),*) => {$(
        impl Remembered for $type {
            const COOKIE: &'static str = <$type>::COOKIE;
            fn chosen(name: &str) -> Option<&'static str> {
                <$type>::from_tag(name).map(<$type>::tag)
            }
        }
    )*};
}
remembered!(Language, Look, PreviewLine, Shortcuts);

/// Remembers the choice in a cookie and goes back to the page.
pub(super) async fn choose<C: Remembered>(State(web): State<Web>, Query(choice): Query<Choice>) -> Response {
    let mut response = Redirect::to(&own_address(&choice.ater)).into_response();
    if let Some(chosen) = C::chosen(&choice.val)
        && let Some(cookie) = remembered(&web, C::COOKIE, chosen)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A cookie that remembers a choice for a year.
fn remembered(web: &Web, name: &str, value: &str) -> Option<HeaderValue> {
    let secure = if web.https { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Max-Age={REMEMBER}; SameSite=Lax{secure}"
    ))
    .ok()
}

/// An address on this site, or the start page: nobody is sent elsewhere from here.
fn own_address(given: &str) -> String {
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
