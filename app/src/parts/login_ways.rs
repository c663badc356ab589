//! The e-legitimations to choose among.

use super::{Icon, Note, Tone, icon};
use crate::i18n::Locale;
use crate::ports::LoginChoice;
use crate::request::to;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Those that are there, in configured order, for whoever logs in at `address`; or the words for when there are `none`. Only the first is
/// filled: the likeliest next step.
pub(crate) fn login_ways(
    l: Locale,
    choices: Vec<LoginChoice>,
    address: &'static str,
    none: &'static str,
    next: Option<String>,
) -> AnyView {
    if choices.is_empty() {
        return view! { <Note tone=Tone::Wrong text=none/> }.into_any();
    }
    view! {
        <form class="ways" method="post" action=to(address)>
            {next.map(|next| view! { <input type="hidden" name="next" value=next/> })}
            {choices.into_iter().enumerate().map(|(i, choice)| {
                let name = match l {
                    Locale::sv => choice.name_sv,
                    Locale::en => choice.name_en,
                };
                view! {
                    <button class="btn way" class:calm=i != 0 name="idp" value=choice.idp>
                        <span>
                            {name}
                            {choice.demonstration.then(|| view! { <small>{td_string!(l, start.demonstration)}</small> })}
                        </span>
                        {icon(Icon::Right)}
                    </button>
                }
            }).collect_view()}
        </form>
    }
    .into_any()
}
