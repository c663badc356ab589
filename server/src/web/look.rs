//! `GET /utseende?val=morkt&ater=/inkorg`: chooses how the pages look, without a script.

use super::Web;
use super::language::{own_address, remembered};
use app::Look;
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

/// Remembers the look in a cookie and goes back to the page.
pub(super) async fn choose(State(web): State<Web>, Query(choice): Query<Choice>) -> Response {
    let mut response = Redirect::to(&own_address(&choice.ater)).into_response();
    if let Some(look) = Look::from_tag(&choice.val)
        && let Some(cookie) = remembered(&web, Look::COOKIE, look.tag())
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}
