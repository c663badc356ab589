//! What search looks like wherever it is: the field to write in, and a text with its hits.

use super::{Icon, icon};
use crate::ports::Piece;
use crate::request::locale;
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The field and its button, inside a form that leads to `/sok`.
#[component]
pub(crate) fn FindField(
    /// What was written last.
    #[prop(optional, into)]
    text: String,
) -> impl IntoView {
    let l = locale();
    view! {
        <div class="find">
            {icon(Icon::Search)}
            <label class="unseen" for="sok-q">{td_string!(l, search.field)}</label>
            <input class="in" id="sok-q" name="q" type="search" value=text autocomplete="off" maxlength="400" enterkeyhint="search"/>
            <button class="btn">{td_string!(l, search.button)}</button>
        </div>
    }
    .into_any()
}

/// A text in pieces, its hits marked.
#[component]
pub(crate) fn Marked(pieces: Vec<Piece>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|piece| {
            if piece.hit {
                Either::Left(view! { <mark>{piece.text}</mark> })
            } else {
                Either::Right(piece.text)
            }
        })
        .collect_view()
        .into_any()
}
