//! What the islands know of the page around them: they stand beside the home, which is exchanged when a page turns.

use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys::{AddEventListenerOptions, Element, Event, EventTarget};

/// Tells the other islands that another page has taken the place of the last.
pub(super) const TURNED: &str = "brevlada:turned";

/// The home: everything on the page but the islands.
pub(super) const HOME: &str = ".home";

/// Hears an event for as long as the document lives: the islands are woken once and never go.
pub(super) fn listen(target: &EventTarget, event: &str, capture: bool, hear: impl Fn(Event) + 'static) {
    let options = AddEventListenerOptions::new();
    options.set_capture(capture);
    let hear = Closure::<dyn Fn(Event)>::new(hear);
    let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
        event,
        hear.as_ref().unchecked_ref(),
        &options,
    );
    hear.forget();
}

/// A number that the server wrote on an element.
pub(super) fn number(element: &Element, attribute: &str) -> Option<u32> {
    element.get_attribute(attribute)?.parse().ok()
}
