//! One request, one id: in the answer's header, on the error page and in every log line that the request causes.

use crate::clock::Ids;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use std::fmt;
use std::time::Instant;
use tracing::Instrument as _;
use uuid::Uuid;

/// The header that carries it, both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand; handlers find it among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestId(pub Uuid);

/// The route of an answer that no route of the outermost router gave, put among the answer's extensions: of files, which have one name
/// together and not one each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route(pub &'static str);

impl Route {
    /// Of what is no address of ours, whatever was asked for.
    pub const OTHER: Self = Self("other");
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Middleware: gives the request its id, logs how it went, counts it.
///
/// `router.layer(axum::middleware::from_fn_with_state(ids, telemetry::trace))`, outermost, so that it sees every answer.
/// An id that a proxy gave is kept if it is a UUID; anything else from outside never reaches the log. The log names the
/// route (`/brev/{id}`), not the address, which may hold what a person searched for; of an answer that says by itself which [`Route`] it
/// took, that one.
pub async fn trace(State(ids): State<Ids>, mut request: Request, next: Next) -> Response {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let id = RequestId(given.and_then(|text| text.parse().ok()).unwrap_or_else(|| ids.random()));
    let matched = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let span = tracing::info_span!("request", request_id = %id, %method, route = matched);
    request.extensions_mut().insert(id);
    let header = HeaderValue::from_str(&id.to_string());
    if let Ok(header) = &header {
        request.headers_mut().insert(REQUEST_ID, header.clone());
    }

    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let took = begun.elapsed();
    let route = matched.unwrap_or_else(|| {
        let route = response.extensions().get().copied().unwrap_or(Route::OTHER).0;
        span.record("route", route);
        route.to_owned()
    });

    let status = response.status().as_u16();
    span.in_scope(|| {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        if response.status().is_server_error() {
            tracing::warn!(status, ms, "answered");
        } else {
            tracing::info!(status, ms, "answered");
        }
    });
    metrics::counter!("brevlada_requests_total", "route" => route.clone(), "status" => status.to_string()).increment(1);
    metrics::histogram!("brevlada_request_seconds", "route" => route).record(took.as_secs_f64());
    if let Ok(header) = header {
        response.headers_mut().insert(REQUEST_ID, header);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::response::IntoResponse as _;
    use axum::{Extension, Router, routing::get};
    use tower::ServiceExt as _;

    fn router() -> Router {
        Router::new()
            .route(
                "/",
                get(|Extension(id): Extension<RequestId>| async move { id.to_string() }),
            )
            .fallback(async |uri: http::Uri| match uri.path() {
                "/pkg/a.js" => Extension(Route("/pkg/{file}")).into_response(),
                _ => http::StatusCode::NOT_FOUND.into_response(),
            })
            .layer(axum::middleware::from_fn_with_state(Ids, trace))
    }

    async fn ask(given: Option<&str>) -> (String, String) {
        let mut request = http::Request::builder().uri("/");
        if let Some(given) = given {
            request = request.header(REQUEST_ID, given);
        }
        let response = router()
            .oneshot(request.body(axum::body::Body::empty()).unwrap())
            .await
            .unwrap();
        let header = response.headers()[REQUEST_ID].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 100).await.unwrap();
        (header, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn the_page_and_the_header_say_the_same_id() {
        let (header, body) = ask(None).await;
        assert_eq!(header, body);
        assert!(Uuid::parse_str(&header).is_ok());
    }

    #[tokio::test]
    async fn a_proxys_id_is_kept_and_anything_else_is_not() {
        let given = "6f1e5f0c-7f0b-4a53-9a43-0a3f1b3f5a10";
        assert_eq!(ask(Some(given)).await.0, given);
        let (header, _) = ask(Some("191212121212 was here")).await;
        assert!(Uuid::parse_str(&header).is_ok());
    }

    /// Files are counted together, and what nobody has is one thing, whatever it is called.
    #[tokio::test]
    async fn an_answer_is_counted_under_its_route_and_never_its_address() {
        let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let _here = metrics::set_default_local_recorder(&recorder);
        for path in ["/", "/pkg/a.js", "/191212121212", "/pkg/b.js"] {
            let request = http::Request::builder()
                .uri(path)
                .body(axum::body::Body::empty())
                .unwrap();
            router().oneshot(request).await.unwrap();
        }
        let counted = handle.render();
        for (route, status, times) in [("/", 200, 1), ("/pkg/{file}", 200, 1), ("other", 404, 2)] {
            let line = format!("brevlada_requests_total{{route=\"{route}\",status=\"{status}\"}} {times}");
            assert!(counted.contains(&line), "{line} in\n{counted}");
        }
        assert!(
            !counted.contains("191212121212") && !counted.contains("b.js"),
            "{counted}"
        );
    }
}
