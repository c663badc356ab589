//! What people see of brevlada: pages, the parts they share, and the few islands that need a browser.
//!
//! A page is complete before any script runs. It is rendered by the server in one piece, links are links and forms are
//! plain POST forms to server functions, which answer with a redirect and, when there is something to say, a code in its
//! address. Islands only add comfort.
//!
//! What a page may know comes through [`ports`], given by the server for each request together with a [`Visit`].

// A page is a type that holds the types of everything on it: deeper than the compiler looks by itself.
#![recursion_limit = "512"]
#![expect(
    unreachable_pub,
    reason = "the component macro writes `pub` on what only this crate can reach"
)]

mod texts {
    #![expect(
        deprecated,
        reason = "the build script that replaces the macro is one more crate for the same result"
    )]
    #![expect(
        clippy::large_stack_arrays,
        reason = "the macro lays out every text of a language in one array; it is a constant"
    )]
    leptos_i18n::load_locales!();
}
use texts::i18n;

mod islands;
mod pages;
mod parts;
pub mod ports;
mod request;
mod site;
mod words;

#[cfg(feature = "ssr")]
mod copy_words;
#[cfg(feature = "ssr")]
mod documents;

#[cfg(feature = "ssr")]
pub use copy_words::CopyWords;
#[cfg(feature = "ssr")]
pub use documents::{Fault, fault_document, letter_document, offline_document};
#[cfg(feature = "ssr")]
pub use pages::{
    Asked, CalendarWords, asked_letters, calendar_words, company_line, company_moving_text, company_opening_text,
    ending_text, moving_text, reception_text, terms_text,
};
#[cfg(feature = "ssr")]
pub use request::give_context;
pub use request::{Banner, Base, Guest, GuestAs, Language, Look, May, PreviewLine, Shortcuts, Visit};
pub use site::{App, shell};

/// Brings the islands of a page to life; called by the script that the server puts into it.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
