//! The edge that browsers meet: who is asking, which page, with which headers.

mod errors;
mod headers;
mod language;
mod letter_parts;
mod ports;
mod visitor;

use crate::house::House;
use crate::login::{self, Sessions};
use crate::register::Register;
use crate::telemetry;
use app::{App, shell};
use axum::Router;
use axum::extract::FromRef;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list};
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

/// What the pages and their handlers share.
#[derive(Clone)]
pub struct Web {
    /// The house.
    pub house: House,
    /// FaR.
    pub far: Arc<dyn Register>,
    /// Sessions.
    pub sessions: Sessions,
    /// The e-legitimation services.
    pub providers: login::Providers,
    /// The public address is https.
    pub https: bool,
    /// Name of the client's files, and where they are.
    pub options: LeptosOptions,
}
