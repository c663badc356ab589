//! Headers that every answer carries.

use axum::http::HeaderValue;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use tower_http::set_header::SetResponseHeaderLayer;

/// A response header that is set unless the handler has set it.
pub(super) type Layer = SetResponseHeaderLayer<HeaderValue>;

/// Pages are private: nothing keeps them, nobody frames them, no address leaks from them. A page's own content security policy
/// has a nonce and is set where it is made; this one is for everything else.
pub(super) fn layers(https: bool) -> Vec<Layer> {
    let mut headers: Vec<(HeaderName, &'static str)> = vec![
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
        (
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        ),
    ];
    if https {
        headers.push((STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains"));
    }
    headers
        .into_iter()
        .map(|(name, value)| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value)))
        .collect()
}

/// The policy of a page: our own script by nonce, our own styles, our own pictures; frames for letters of ours. Forms lead to us, and
/// on to the identity providers, because browsers hold the redirect that follows a form to the same rule.
pub(super) fn page_policy(nonce: &str, form_targets: &[String]) -> String {
    let form_targets = form_targets.join(" ");
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; frame-src 'self'; \
         form-action 'self' {form_targets}; base-uri 'none'; frame-ancestors 'none'"
    )
}

/// The policy of a letter in its frame: words, and pictures that are in the letter. Nothing runs, nothing loads, nobody else
/// frames it. `allow-same-origin` lets our own page measure its height; without scripts it gives the letter nothing.
pub(super) const LETTER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src data:; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
     sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox",
);

/// The policy of a picture that is shown alone: it is only bytes to look at.
pub(super) const PICTURE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
);

/// The policy of the worker: it asks this house, and runs nothing but itself.
pub(super) const WORKER_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; connect-src 'self'");

/// The policy of the page that is kept for when there is no network: words, style and the sign.
pub(super) const OFFLINE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The policy of a page that tells of a fault: it has no script.
pub(super) const FAULT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);
