//! The sign and the word, and the still picture of the slot for pages with little on them.

use crate::request::to;
use leptos::prelude::*;

/// The sign: a letter halfway through a brass slot.
#[component]
pub(crate) fn Sign() -> impl IntoView {
    view! {
        <svg class="sign" viewBox="0 0 32 32" aria-hidden="true">
            <rect class="plate" width="32" height="32" rx="8"></rect>
            <path class="sheet-in" d="M8.5 6.5a1.5 1.5 0 0 1 1.5-1.5h12a1.5 1.5 0 0 1 1.5 1.5V18h-15z"></path>
            <path class="fold" d="m9 6.5 7 6 7-6"></path>
            <rect class="brass" x="5" y="17" width="22" height="4.5" rx="2.25"></rect>
        </svg>
    }
    .into_any()
}

/// The sign and the word as a link home.
#[component]
pub(crate) fn Brand(home: &'static str, label: &'static str) -> impl IntoView {
    view! {
        <a class="brand" href=to(home) aria-label=label>
            <Sign/>
            <svg class="word" viewBox="0 0 100 23" aria-hidden="true">
                <path d="M3 2v18M18 9v11M18 15a5 5 0 0 1 5.2-5M36 15a5 5 0 1 0-1.5 3.6M39.5 10l4.7 9.2L49 10M54 2v18M68 9v11M82 2v18M96 9v11"></path>
                <circle cx="8" cy="15" r="5"></circle>
                <circle cx="63" cy="15" r="5"></circle>
                <circle cx="77" cy="15" r="5"></circle>
                <circle cx="91" cy="15" r="5"></circle>
                <path class="bar" d="M26 15h10"></path>
            </svg>
        </a>
    }
    .into_any()
}

/// A letter that lies straight in the slot, or askew where something went wrong.
#[component]
pub(crate) fn Still(askew: bool) -> impl IntoView {
    let (sheet, fold) = if askew {
        ("M40 30 98 36l-4 34-58-4z", "m41 31 26 24 31-18")
    } else {
        ("M38 34h60v34H38z", "m38 35 30 22 30-22")
    };
    view! {
        <svg class="still" viewBox="7 7 122 98" aria-hidden="true">
            <rect class="still-door" x="8" y="8" width="120" height="96" rx="14"></rect>
            <path class="still-sheet" d=sheet></path>
            <path class="still-fold" d=fold></path>
            <rect class="still-slot" x="26" y="66" width="84" height="13" rx="6.5"></rect>
        </svg>
    }
    .into_any()
}
