//! A button that prints, where script can; a sentence that says how, where it cannot.

use leptos::prelude::*;

/// `how` stands there until script has taken over.
#[island]
pub(crate) fn PrintButton(label: String, how: String) -> impl IntoView {
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    view! {
        <span class="muted small" hidden=move || awake.get()>{how}</span>
        <button
            class="btn"
            type="button"
            hidden=move || !awake.get()
            on:click=move |_| {
                let _ = window().print();
            }
        >
            {label}
        </button>
    }
}
