//! Asking the server something from an island.
//!
//! Not by the client that comes with server functions: with its encodings and its address parser it makes up a quarter of
//! what a first visit fetches.

use leptos::prelude::window;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Headers, RequestInit, Response, UrlSearchParams};
use wasm_bindgen_futures::JsFuture;

/// Fetches a page.
pub(super) async fn get(address: &str) -> Option<Response> {
    send(address, &RequestInit::new(), "text/html").await
}

/// Posts fields as a form does, and gives the page that answers.
pub(super) async fn post(address: &str, fields: &UrlSearchParams) -> Option<Response> {
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(fields);
    // Server functions redirect only those who want a page.
    send(address, &request, "text/html").await
}

/// Posts nothing and gives the answer as it was written, in JSON.
pub(super) async fn post_for_json(address: &str) -> Option<String> {
    let request = RequestInit::new();
    request.set_method("POST");
    let answer = send(address, &request, "application/json").await?;
    if !answer.ok() {
        return None;
    }
    text(&answer).await
}

/// What an answer holds.
pub(super) async fn text(answer: &Response) -> Option<String> {
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

async fn send(address: &str, request: &RequestInit, wanted: &str) -> Option<Response> {
    let headers = Headers::new().ok()?;
    headers.set("accept", wanted).ok()?;
    request.set_headers(&headers);
    JsFuture::from(window().fetch_with_str_and_init(address, request))
        .await
        .ok()?
        .dyn_into()
        .ok()
}
