//! `POST /sprak`, `/utseende`, `/tangenter`, `/forsta-orden`: what a browser remembers of its user's choosing, in a cookie and without a script.
//! Forms, the language too: what only looks at an address, as browsers do that fetch links beforehand, changes nothing by it.

use super::Web;
use app::{Language, Look, PreviewLine, Shortcuts};
use axum::Form;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
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
pub(super) async fn choose<C: Remembered>(State(web): State<Web>, Form(choice): Form<Choice>) -> Response {
    let mut response = Redirect::to(&own_address(&choice.ater)).into_response();
    if let Some(chosen) = C::chosen(&choice.val)
        && let Ok(cookie) = HeaderValue::from_str(&cookie(web.https, C::COOKIE, chosen))
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

/// A cookie that remembers a choice for a year, as `Set-Cookie` has it.
pub(super) fn cookie(https: bool, name: &str, value: &str) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={REMEMBER}; SameSite=Lax{secure}")
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
