//! `/installningar/utseende`: light, dark, or as the device, and what lists show of letters. A plain form and a cookie; no script is needed.

use crate::i18n::Locale;
use crate::parts::{Choose, Home, Icon, Place, icon, loaded};
use crate::request::{Look, PreviewLine, locale, look, mailbox, preview_line, to};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The page.
#[component]
pub(crate) fn LookSettings() -> impl IntoView {
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, look.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, look.title)}</h1>
                    <p class="lead">{td_string!(l, look.lead)}</p>
                </div>
                <div class="stack">
                    <form class="group stack" method="post" action=to("/utseende")>
                        <input type="hidden" name="ater" value="/installningar/utseende"/>
                        <fieldset class="field">
                            <legend>{td_string!(l, look.choose)}</legend>
                            {choice(l, Look::Device)}
                            {choice(l, Look::Light)}
                            {choice(l, Look::Dark)}
                        </fieldset>
                        <p><button class="btn">{td_string!(l, look.save)}</button></p>
                    </form>
                    {first_words(l)}
                </div>
            </Home>
        })
    })
}

/// Whether lists show the first words of each letter, and the way to change that.
fn first_words(l: Locale) -> AnyView {
    let (state, other, change) = match preview_line() {
        PreviewLine::On => (
            td_string!(l, look.words_on),
            PreviewLine::Off,
            td_string!(l, look.words_hide),
        ),
        PreviewLine::Off => (
            td_string!(l, look.words_off),
            PreviewLine::On,
            td_string!(l, look.words_show),
        ),
    };
    view! {
        <section class="group" aria-labelledby="forsta-orden">
            <div class="setting">
                <div>
                    <h2 id="forsta-orden">{td_string!(l, look.words)}</h2>
                    <small>{state}" "{td_string!(l, look.words_text)}</small>
                </div>
                <Choose address="/forsta-orden" value=other.tag() back="/installningar/utseende#forsta-orden">
                    <button class="btn bare">{change}</button>
                </Choose>
            </div>
        </section>
    }
    .into_any()
}

fn choice(l: Locale, of: Look) -> AnyView {
    let (name, text) = match of {
        Look::Device => (td_string!(l, look.device), td_string!(l, look.device_text)),
        Look::Light => (td_string!(l, look.light), td_string!(l, look.light_text)),
        Look::Dark => (td_string!(l, look.dark), td_string!(l, look.dark_text)),
    };
    view! {
        <label class="check">
            <input class="radio" type="radio" name="val" value=of.tag() checked=of == look()/>
            <span>{name}<small>{text}</small></span>
        </label>
    }
    .into_any()
}
