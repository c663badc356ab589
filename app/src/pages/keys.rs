//! `/hjalp/tangenter`: the keys, on a page of its own; the sheet that «?» opens shows the same list.

use crate::i18n::Locale;
use crate::parts::{Choose, Icon, SharedPage, icon};
use crate::request::{Shortcuts, locale, mailbox, shortcuts, to};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The page.
#[component]
pub(crate) fn KeysPage() -> impl IntoView {
    let l = locale();
    let title = format!(
        "{} – {} – {}",
        td_string!(l, keys.title),
        td_string!(l, help.title),
        td_string!(l, brand.name)
    );
    view! {
        <SharedPage title>
            <a class="crumb" href=to("/hjalp")>{icon(Icon::Left)}{td_string!(l, help.title)}</a>
            <div class="page-head">
                <h1>{td_string!(l, keys.title)}</h1>
                <p class="lead">{td_string!(l, keys.lead)}</p>
            </div>
            <div class="stack">
                {mailbox().is_ok().then(|| keys_switch(l, "/hjalp/tangenter"))}
                <div class="group key-lists" id="tangenter">{lists(l)}</div>
            </div>
        </SharedPage>
    }
    .into_any()
}

/// Whether the keys are on in this browser, and the way to change that. `back` is the address of this page.
pub(super) fn keys_switch(l: Locale, back: &'static str) -> AnyView {
    let (state, other, change) = match shortcuts() {
        Shortcuts::On => (td_string!(l, keys.on), Shortcuts::Off, td_string!(l, keys.turn_off)),
        Shortcuts::Off => (td_string!(l, keys.off), Shortcuts::On, td_string!(l, keys.turn_on)),
    };
    view! {
        <section class="group" aria-labelledby="tangentval">
            <div class="setting">
                <div>
                    <h2 id="tangentval">{td_string!(l, keys.title)}</h2>
                    <small>{state}" "{td_string!(l, keys.need)}</small>
                </div>
                <Choose address="/tangenter" value=other.tag() back><button class="btn bare">{change}</button></Choose>
            </div>
        </section>
    }
    .into_any()
}

fn lists(l: Locale) -> AnyView {
    view! {
        {list(td_string!(l, keys.list), vec![
            ("j", td_string!(l, keys.next)),
            ("k", td_string!(l, keys.previous)),
            ("o", td_string!(l, keys.open)),
            ("x", td_string!(l, keys.pick)),
        ])}
        {list(td_string!(l, keys.letter), vec![
            ("e", td_string!(l, keys.archive)),
            ("#", td_string!(l, keys.bin)),
            ("s", td_string!(l, keys.star)),
            ("u", td_string!(l, keys.unread)),
            ("v", td_string!(l, keys.move_to)),
            ("z", td_string!(l, keys.undo)),
        ])}
        {list(td_string!(l, keys.go), vec![
            ("g i", td_string!(l, keys.inbox)),
            ("g s", td_string!(l, keys.starred)),
            ("g a", td_string!(l, keys.archived)),
            ("g b", td_string!(l, keys.binned)),
            ("g m", td_string!(l, keys.matters)),
            ("/", td_string!(l, keys.search)),
            ("?", td_string!(l, keys.sheet)),
        ])}
    }
    .into_any()
}

/// A key, or keys one after the other, and what comes of it.
fn list(heading: &'static str, keys: Vec<(&'static str, &'static str)>) -> AnyView {
    view! {
        <div class="key-list">
            <h2>{heading}</h2>
            <dl>
                {keys.into_iter().map(|(keys, text)| view! {
                    <div>
                        <dt>{keys.split(' ').map(|key| view! { <kbd>{key}</kbd>" " }).collect_view()}</dt>
                        <dd>{text}</dd>
                    </div>
                }).collect_view()}
            </dl>
        </div>
    }
    .into_any()
}
