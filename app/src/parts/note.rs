//! A note: what happened, what it means, what to do.

use super::{Icon, icon};
use leptos::prelude::*;

/// How a note is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Something is done. Read out when there is time.
    Done,
    /// Something is wrong. Read out at once.
    Wrong,
}

/// A note with words in it, and perhaps one thing to press.
#[component]
pub(crate) fn Note(
    tone: Tone,
    #[prop(optional, into)] heading: Option<String>,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let (class, role, sign) = match tone {
        Tone::Done => ("note", "status", Icon::Check),
        Tone::Wrong => ("note note-wrong", "alert", Icon::Alert),
    };
    view! {
        <div class=class role=role>
            {icon(sign)}
            <div class="note-text">
                {heading.map(|heading| view! { <h2>{heading}</h2> })}
                <p>{text}</p>
            </div>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
