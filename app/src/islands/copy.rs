//! Copies what a button with `data-copy` holds. Without script there are no such buttons to see, and numbers select whole on a click.

use super::page::listen;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;
use wasm_bindgen_futures::JsFuture;

/// Says `done` politely, and on the button for a while.
#[island]
pub(crate) fn Copy(done: String) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let words = done.clone();
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-script", "");
        }
        let words = words.clone();
        listen(&document(), "click", false, move |event| {
            let button = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok())
                .and_then(|pressed| pressed.closest("[data-copy]").ok().flatten());
            let Some(button) = button else { return };
            let text = button.get_attribute("data-copy").unwrap_or_default();
            let words = words.clone();
            leptos::task::spawn_local(async move {
                let written = window().navigator().clipboard().write_text(&text);
                if JsFuture::from(written).await.is_ok() {
                    let _ = button.set_attribute("data-copied", &words);
                    // Said again, also when it is the same.
                    said.set(String::new());
                    said.set(words);
                }
            });
        });
    });
    view! { <p class="unseen" role="status">{said}</p> }
}
