//! A piece of running text under a heading.

use leptos::prelude::*;

/// A heading, its text, and an anchor that other pages point to.
#[component]
pub(crate) fn Prose(
    heading: &'static str,
    text: &'static str,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <section class="prose" id=id>
            <h2>{heading}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </section>
    }
    .into_any()
}
