//! Fields that several forms share.

use super::{Icon, icon};
use crate::i18n::Locale;
use crate::words::{TypedDay, WrongDay};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// A list to choose one of; each option by the value that is sent and the words that are shown. What describes it is named by its id.
pub(crate) fn select(
    id: &str,
    name: &str,
    options: Vec<(String, String)>,
    chosen: &str,
    described: Option<String>,
) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view();
    view! {
        <span class="select">
            <select class="in" id=id.to_owned() name=name.to_owned() aria-describedby=described>{options}</select>
            {icon(Icon::Down)}
        </span>
    }
    .into_any()
}

/// A list with its label above it.
pub(crate) fn labelled_select(
    label: &'static str,
    id: &str,
    name: &str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    view! {
        <div class="field">
            <label for=id.to_owned()>{label}</label>
            {select(id, name, options, chosen, None)}
        </div>
    }
    .into_any()
}

/// A box to tick, with what it means and perhaps more about it.
pub(crate) fn check(name: &str, checked: bool, words: &'static str, more: Option<&'static str>) -> AnyView {
    view! {
        <label class="check">
            <input class="box" type="checkbox" name=name.to_owned() value="ja" checked=checked/>
            <span>{words}{more.map(|more| view! { <small>{more}</small> })}</span>
        </label>
    }
    .into_any()
}

/// One of several, in a frame of its own.
pub(crate) fn choice(
    name: &str,
    value: &'static str,
    checked: bool,
    words: &'static str,
    more: Option<&'static str>,
) -> AnyView {
    view! {
        <label class="choice">
            <input class="radio" type="radio" name=name.to_owned() value=value checked=checked/>
            <span>{words}{more.map(|more| view! { <small>{more}</small> })}</span>
        </label>
    }
    .into_any()
}

/// A field for a day, with what is wrong with what was typed. A date field shows nothing that is no day: then it is a field for text.
pub(crate) fn day_field(
    l: Locale,
    label: &'static str,
    id: &'static str,
    name: &'static str,
    typed: &TypedDay,
    wrong: Option<WrongDay>,
) -> AnyView {
    let text = wrong.map(|wrong| match wrong {
        WrongDay::NotADay => td_string!(l, day.not_a_day),
        WrongDay::Backwards => td_string!(l, day.backwards),
    });
    let kind = if wrong == Some(WrongDay::NotADay) {
        "text"
    } else {
        "date"
    };
    let told = format!("{id}-fel");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            {text.map(|text| view! { <p class="wrong" id=told.clone() role="alert">{icon(Icon::Alert)}{text}</p> })}
            <input
                class="in" id=id name=name type=kind value=typed.text().to_owned()
                aria-invalid=text.map(|_| "true")
                aria-describedby=text.map(|_| told)
            />
        </div>
    }
    .into_any()
}

/// A part of a long form, folded away under its heading and how it is set now.
pub(crate) fn fold(id: &'static str, heading: &'static str, now: String, open: bool, fields: AnyView) -> AnyView {
    view! {
        <details class="group fold" id=id open=open>
            <summary><h2>{heading}</h2><small>{now}</small>{icon(Icon::Down)}</summary>
            <div class="fold-in">{fields}</div>
        </details>
    }
    .into_any()
}
