//! `/installningar/utseende`: light, dark, or as the device. A plain form and a cookie; no script is needed.

use crate::i18n::Locale;
use crate::parts::{Home, Icon, Place, icon, loaded};
use crate::request::{Look, locale, look, mailbox};
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
                <a class="crumb" href="/installningar">{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, look.title)}</h1>
                    <p class="lead">{td_string!(l, look.lead)}</p>
                </div>
                <form class="group stack" method="get" action="/utseende">
                    <input type="hidden" name="ater" value="/installningar/utseende"/>
                    <fieldset class="field">
                        <legend>{td_string!(l, look.choose)}</legend>
                        {choice(l, Look::Device)}
                        {choice(l, Look::Light)}
                        {choice(l, Look::Dark)}
                    </fieldset>
                    <p><button class="btn">{td_string!(l, look.save)}</button></p>
                </form>
            </Home>
        })
    })
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
