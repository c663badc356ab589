//! What a browser is to remember of its user's choosing.

use crate::request::to;
use leptos::prelude::*;

/// A form with a button that chooses `value` of what `address` is about (`/sprak`, `/tangenter`, `/forsta-orden`), and comes back to `back`. It
/// looks like its button.
#[component]
pub(crate) fn Choose(
    address: &'static str,
    value: &'static str,
    #[prop(into)] back: String,
    children: Children,
) -> impl IntoView {
    view! {
        <form method="post" action=to(address)>
            <input type="hidden" name="val" value=value/>
            <input type="hidden" name="ater" value=back/>
            {children()}
        </form>
    }
    .into_any()
}
