//! Asks the browser to keep the page that says «no network», by the worker in `public/sw.js`.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// Shows nothing. Where there are no workers (an old browser, a private window) all is as it was.
#[island]
pub(crate) fn Offline() -> impl IntoView {
    Effect::new(move |_| {
        let navigator = window().navigator();
        if js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false) {
            let registered = navigator.service_worker().register("/sw.js");
            leptos::task::spawn_local(async move {
                let _ = JsFuture::from(registered).await;
            });
        }
    });
    view! { <span hidden></span> }
}
