//! Nobody else's page may act here in a person's name.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin` with every form. A request that changes
//! something is taken only from our own pages, or from what is no browser at all and so holds nobody's cookie. This works
//! without scripts and without a token in each form.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use url::Url;

/// Where pages of ours come from.
#[derive(Clone, Debug)]
pub struct Origin(String);

impl Origin {
    /// The origin of our public address.
    pub fn of(public_url: &Url) -> Self {
        Self(public_url.origin().ascii_serialization())
    }
}

/// Where identity providers send people, and staff.
const FROM_ELSEWHERE: [&str; 2] = ["/saml/acs", "/staff/saml/acs"];

/// Middleware. They alone take posts from elsewhere: identity providers send people there, and what they bring is
/// checked on its own.
pub async fn same_origin(State(origin): State<Origin>, request: Request, next: Next) -> Response {
    if is_ours(&origin, request.method(), request.uri().path(), request.headers()) {
        next.run(request).await
    } else {
        metrics::counter!("brevlada_cross_site_refused_total").increment(1);
        // The route, not what a stranger typed.
        let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
        tracing::warn!(route, "a request from another site was refused");
        (StatusCode::FORBIDDEN, "Cross-site request refused.\n").into_response()
    }
}

fn is_ours(origin: &Origin, method: &Method, path: &str, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) || FROM_ELSEWHERE.contains(&path) {
        return true;
    }
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    match (text("sec-fetch-site"), text("origin")) {
        // "none" is a person's own doing: an address typed, a form sent again after a restart.
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(from)) => from == origin.0,
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    fn post(path: &str, headers: &[(&'static str, &'static str)]) -> bool {
        let headers = headers
            .iter()
            .map(|&(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_ours(
            &Origin::of(&Url::parse("https://brevlada.example/x").unwrap()),
            &Method::POST,
            path,
            &headers,
        )
    }

    #[test]
    fn forms_of_ours_and_programs_may_post() {
        assert!(post("/logga-ut", &[("sec-fetch-site", "same-origin")]));
        assert!(post("/logga-ut", &[("origin", "https://brevlada.example")]));
        assert!(post("/logga-ut", &[]));
    }

    #[test]
    fn other_sites_may_not() {
        for headers in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "https://brevlada.example")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://brevlada.example")],
            &[("origin", "https://brevlada.example:444")],
            &[("origin", "null")],
        ] {
            assert!(!post("/logga-ut", headers), "{headers:?}");
            assert!(post("/saml/acs", headers) && post("/staff/saml/acs", headers));
            assert!(!post("/staff/lokal", headers) && !post("/staff/logga-in", headers));
        }
    }
}
