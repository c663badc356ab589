//! Gives the frame with the letter's text exactly the height of the text.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::{HtmlElement, HtmlIFrameElement};

/// Shows nothing itself. The frame may be read because it is sandboxed without scripts but with its own origin; where it
/// cannot be read it keeps the height that the server guessed, and scrolls.
///
/// It finds the frame instead of holding it as a child: what the server marks around children stops an island from
/// waking.
#[island]
pub(crate) fn FrameHeight() -> impl IntoView {
    Effect::new(move |_| {
        let Some(frame) = frame() else { return };
        fit(&frame);
        let loaded = frame.clone();
        let on_load = Closure::<dyn Fn()>::new(move || fit(&loaded));
        let _ = frame.add_event_listener_with_callback("load", on_load.as_ref().unchecked_ref());
        // The listener lives as long as the page does.
        on_load.forget();
        let handle = window_event_listener(leptos::ev::resize, move |_| fit(&frame));
        on_cleanup(move || handle.remove());
    });
    view! { <span hidden></span> }
}

fn frame() -> Option<HtmlIFrameElement> {
    document()
        .query_selector("iframe.frame")
        .ok()
        .flatten()?
        .dyn_into()
        .ok()
}

fn fit(frame: &HtmlIFrameElement) {
    let Some(body) = frame.content_document().and_then(|document| document.body()) else {
        return;
    };
    // A frame that has not loaded yet is an empty page: leave its height alone.
    if body.child_element_count() == 0 {
        return;
    }
    let height = text_height(&body);
    // Set through the object model, which a style-src without 'unsafe-inline' allows.
    let _ = HtmlElement::style(frame).set_property("height", &format!("{height}px"));
}

/// Margins do not count into `scrollHeight` of a body that ends with one: a line is added.
fn text_height(body: &HtmlElement) -> i32 {
    body.offset_height() + 24
}
