//! `GET /tangenter?val=av&ater=/installningar`: whether single keys do something in this browser, without a script.

use super::Web;
use super::language::{own_address, remembered};
use app::Shortcuts;
use axum::extract::{Query, State};
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Choice {
    val: String,
    #[serde(default)]
    ater: String,
}

/// Remembers the choice in a cookie and goes back to the page.
pub(super) async fn choose(State(web): State<Web>, Query(choice): Query<Choice>) -> Response {
    let mut response = Redirect::to(&own_address(&choice.ater)).into_response();
    if let Some(shortcuts) = Shortcuts::from_tag(&choice.val)
        && let Some(cookie) = remembered(&web, Shortcuts::COOKIE, shortcuts.tag())
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
