//! `/installningar`: the way to each setting.

use super::asked;
use super::keys::keys_switch;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::ContactRow;
use crate::request::{contacts, locale, mailbox, to};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Chooses the language of notices, and of the pages in this browser.
#[server(name = SetLanguage, prefix = "/api", endpoint = "sprak")]
async fn set_language(till: String) -> Result<(), ServerFnError> {
    use crate::request::{Language, go, remember, settings};

    let chosen = match (settings(), Language::from_tag(&till)) {
        (Ok(settings), Some(language)) => settings.set_language(language).await.ok(),
        _ => None,
    };
    match chosen {
        Some(cookie) => {
            remember(&cookie);
            go("/installningar");
        }
        None => go("/installningar?fel=1"),
    }
    Ok(())
}

/// The settings.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let failed = asked("fel").is_some();
    loaded(async move {
        let (mailbox, contacts) = (mailbox()?, contacts()?);
        let viewer = mailbox.viewer().await?;
        let addresses = contacts.contacts().await?.addresses;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, settings.title), td_string!(l, brand.name));
        Ok(view! {
            <Home viewer place=Place::Settings title>
                <div class="page-head"><h1>{td_string!(l, settings.title)}</h1></div>
                <div class="stack">
                    {failed.then(|| view! { <Note tone=Tone::Wrong text=td_string!(l, settings.language_failed)/> })}
                    {unreachable(l, &addresses)}
                    {group("avisering", td_string!(l, settings.told), vec![
                        way("/installningar/kontakt", Icon::Mail, td_string!(l, contacts.title), td_string!(l, contacts.text)),
                        way("/installningar/avisering", Icon::Bell, td_string!(l, notice_rules.title), td_string!(l, notice_rules.text)),
                        way("/installningar/avisering/logg", Icon::Check, td_string!(l, notices.title), td_string!(l, settings.notices_text)),
                    ])}
                    {group("ordning", td_string!(l, settings.order), vec![
                        way("/installningar/mappar", Icon::Folder, td_string!(l, folders.title), td_string!(l, folders.settings_text)),
                        way("/installningar/kategorier", Icon::Tag, td_string!(l, categories.title), td_string!(l, categories.settings_text)),
                        way("/installningar/regler", Icon::Sliders, td_string!(l, rules.title), td_string!(l, rules.settings_text)),
                    ])}
                    {group("skickar", td_string!(l, settings.senders), vec![
                        way("/installningar/mottagning", Icon::Inbox, td_string!(l, settings.reception), td_string!(l, settings.reception_text)),
                        way("/installningar/vidarebefordran", Icon::Send, td_string!(l, forward.rules_title), td_string!(l, forward.settings_text)),
                        way("/installningar/vidarebefordran/till-dig", Icon::Inbox, td_string!(l, askers.title), td_string!(l, askers.settings_text)),
                    ])}
                    {group("brevladan", td_string!(l, settings.mailbox), vec![
                        way("/installningar/ombud", Icon::Mobile, td_string!(l, consents.title), td_string!(l, consents.settings_text)),
                        way("/vem-har-last", Icon::Eye, td_string!(l, settings.access), td_string!(l, settings.access_text)),
                        way("/installningar/sessioner", Icon::Mobile, td_string!(l, settings.sessions), td_string!(l, settings.sessions_text)),
                        way("/installningar/export", Icon::Download, td_string!(l, export.title), td_string!(l, export.settings_text)),
                        way("/installningar/brevlada", Icon::Mail, td_string!(l, settings.operator), td_string!(l, settings.operator_text)),
                    ])}
                    {group("sidorna", td_string!(l, settings.pages), vec![
                        way("/installningar/utseende", Icon::Look, td_string!(l, settings.look), td_string!(l, settings.look_text)),
                    ])}
                    <section class="group" aria-labelledby="sprak">
                        <div class="setting">
                            <div>
                                <h2 id="sprak">{td_string!(l, settings.language)}</h2>
                                <small>{td_string!(l, settings.language_text)}</small>
                            </div>
                            <form method="post" action=to(SetLanguage::PATH)>
                                <input type="hidden" name="till" value=td_string!(l, door.other_language_code)/>
                                <button class="btn bare">{td_string!(l, settings.language_other)}</button>
                            </form>
                        </div>
                    </section>
                    {keys_switch(l, "/installningar#tangentval")}
                </div>
            </Home>
        })
    })
}

/// Says so when nothing that we send arrives anywhere.
fn unreachable(l: Locale, addresses: &[ContactRow]) -> AnyView {
    let text = if addresses.iter().any(ContactRow::is_in_use) {
        return ().into_any();
    } else if addresses.iter().any(|address| address.broken.is_some()) {
        td_string!(l, settings.broken)
    } else {
        td_string!(l, settings.none)
    };
    view! {
        <Note tone=Tone::Wrong text>
            <a class="btn bare" href=to("/installningar/kontakt")>{td_string!(l, settings.give)}</a>
        </Note>
    }
    .into_any()
}

/// Settings that belong together.
fn group(id: &'static str, heading: &'static str, ways: Vec<AnyView>) -> AnyView {
    view! {
        <nav class="group links" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            <ul>{ways}</ul>
        </nav>
    }
    .into_any()
}

fn way(address: &'static str, sign: Icon, name: &'static str, text: &'static str) -> AnyView {
    view! {
        <li><a class="link-row" href=to(address)>
            {icon(sign)}
            <span><strong>{name}</strong><small>{text}</small></span>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}
