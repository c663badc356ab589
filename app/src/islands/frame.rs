//! Gives the frame with the letter's text exactly the height of the text.

use super::page::listen;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlIFrameElement};

/// Shows nothing itself. The frame may be read because it is sandboxed without scripts but with its own origin; where it
/// cannot be read it keeps the height that the server guessed, and scrolls.
///
/// It stands outside the home and hears of every frame that loads in it, so it need not be woken for each letter.
#[island]
pub(crate) fn FrameHeight() -> impl IntoView {
    Effect::new(move |_| {
        // A frame's load does not bubble, but it can be heard on the way down.
        listen(&document(), "load", true, |_| fit());
        listen(&window(), "resize", false, |_| fit());
        fit();
    });
    view! { <span hidden></span> }
}

fn fit() {
    let frame = document().query_selector("iframe.frame").ok().flatten();
    if let Some(frame) = frame.and_then(|frame: Element| frame.dyn_into::<HtmlIFrameElement>().ok()) {
        fit_to_text(&frame);
    }
}

fn fit_to_text(frame: &HtmlIFrameElement) {
    let Some(body) = frame.content_document().and_then(|document| document.body()) else {
        return;
    };
    // A frame that has not loaded yet is an empty page: leave its height alone.
    if body.child_element_count() == 0 {
        return;
    }
    // Margins do not count into the height of a body that ends with one: a line is added.
    let height = body.offset_height() + 24;
    // Set through the object model, which a style-src without 'unsafe-inline' allows.
    let _ = HtmlElement::style(frame).set_property("height", &format!("{height}px"));
}
