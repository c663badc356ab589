//! Logging in with an e-legitimation, and staying logged in.
//!
//! `POST /logga-in` → the identity provider → `POST /saml/acs` (checked, used up) → `GET /logga-in/klar` (the browser that
//! began gets its session) → the inbox. Staff come the same way, by addresses under `/staff`, to the other of our two entities ([`entity`]). What holds before anybody is logged in is decided in [`saml::response`], alone.

mod arrival;
pub mod config;
mod cookie;
mod desk;
mod entity;
mod failure;
mod leave;
mod local;
mod providers;
mod same_origin;
pub mod saml;
mod session;
mod staff_session;
mod start;

pub use cookie::{Cookie, Cookies};
pub use desk::LoginDesk;
pub use failure::Failure;
pub use providers::{FetchProblem, Providers};
pub use same_origin::{Origin, same_origin};
pub(crate) use session::device;
pub use session::{CurrentSession, Listed, NewSession, SessionError, Sessions, with_session};
pub use staff_session::{CurrentStaff, StaffSessions};

use crate::house::House;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use entity::Side;
use std::sync::Arc;

/// A form around the largest response that is read: base64 grows by a little in a form.
const MAX_FORM: usize = 2 * saml::response::MAX_RESPONSE;

/// Every address of the login but its pages.
pub fn routes<S: Clone + Send + Sync + 'static>(desk: Arc<LoginDesk>) -> Router<S> {
    Router::new()
        .route("/logga-in", post(start::start))
        .route("/logga-in/vidare.js", get(start::press))
        .route("/logga-in/klar", get(arrival::finish))
        .route(
            "/saml/acs",
            post(arrival::receive).layer(DefaultBodyLimit::max(MAX_FORM)),
        )
        .route("/saml/metadata", get(metadata))
        .route("/staff/logga-in", post(start::start_staff))
        .route("/staff/logga-in/klar", get(arrival::finish_staff))
        .route(
            "/staff/saml/acs",
            post(arrival::receive_staff).layer(DefaultBodyLimit::max(MAX_FORM)),
        )
        .route("/staff/saml/metadata", get(staff_metadata))
        .route("/staff/lokal", post(local::enter))
        .route("/staff/logga-ut", post(leave::log_out_staff))
        .route("/logga-ut", post(leave::log_out))
        .route("/session/stanna", post(leave::stay))
        .with_state(desk)
}

/// `GET /saml/metadata`.
async fn metadata(State(desk): State<Arc<LoginDesk>>) -> Response {
    metadata_of(&desk, Side::People)
}

/// `GET /staff/saml/metadata`.
async fn staff_metadata(State(desk): State<Arc<LoginDesk>>) -> Response {
    metadata_of(&desk, Side::Staff)
}

fn metadata_of(desk: &LoginDesk, side: Side) -> Response {
    (
        [(header::CONTENT_TYPE, "application/samlmetadata+xml")],
        desk.metadata(side),
    )
        .into_response()
}

/// A number for a page and the log, so that one can be found from the other.
fn reference(house: &House) -> String {
    house.ids.random().simple().to_string().chars().take(8).collect()
}

#[cfg(test)]
mod journeys;
