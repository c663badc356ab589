//! What is there without a network: the worker that keeps one page, and that page.

use super::headers::{OFFLINE_POLICY, WORKER_POLICY};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{MethodRouter, get_service};
use std::path::Path;
use tower_http::services::ServeFile;
use tower_http::set_header::SetResponseHeaderLayer;

/// The worker. Its policy is that of its script, and it has nothing to do but ask this house.
pub(super) fn worker(root: &Path) -> MethodRouter {
    let file = ServeFile::new(root.join("sw.js"))
        .precompressed_br()
        .precompressed_gzip();
    get_service(file).layer(SetResponseHeaderLayer::overriding(
        CONTENT_SECURITY_POLICY,
        WORKER_POLICY,
    ))
}

/// `GET /utan-nat`: the same for everybody, in both languages, for nobody knows who will read it.
pub(super) async fn page() -> Response {
    (
        [(CACHE_CONTROL, "no-cache")],
        [(CONTENT_SECURITY_POLICY, OFFLINE_POLICY)],
        Html(app::offline_document()),
    )
        .into_response()
}
