//! `/installningar`: the way to each setting.

use super::asked;
use super::keys::keys_switch;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::ContactRow;
use crate::request::{May, company, contacts, guest, locale, mailbox, may, to};
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
        let mailbox = mailbox()?;
        let viewer = mailbox.viewer().await?;
        let addresses = if may(May::EditContacts) {
            Some(contacts()?.contacts().await?.addresses)
        } else {
            None
        };
        let l = locale();
        let title = format!("{} – {}", td_string!(l, settings.title), td_string!(l, brand.name));
        let helpers_text = match company() {
            None => td_string!(l, consents.settings_text),
            Some(_) => td_string!(l, consents.settings_text_of),
        };
        Ok(view! {
            <Home viewer place=Place::Settings title>
                <div class="page-head"><h1>{td_string!(l, settings.title)}</h1></div>
                <div class="stack">
                    {failed.then(|| view! { <Note tone=Tone::Wrong text=td_string!(l, settings.language_failed)/> })}
                    {addresses.map(|addresses| unreachable(l, &addresses))}
                    {group("avisering", td_string!(l, settings.told), vec![
                        way(May::EditContacts, "/installningar/kontakt", Icon::Mail, td_string!(l, contacts.title), td_string!(l, contacts.text)),
                        way(May::EditSettings, "/installningar/avisering", Icon::Bell, td_string!(l, notice_rules.title), td_string!(l, notice_rules.text)),
                        way(May::EditSettings, "/installningar/avisering/logg", Icon::Check, td_string!(l, notices.title), td_string!(l, settings.notices_text)),
                    ])}
                    {group("ordning", td_string!(l, settings.order), vec![
                        way(May::EditSettings, "/installningar/mappar", Icon::Folder, td_string!(l, folders.title), td_string!(l, folders.settings_text)),
                        way(May::EditSettings, "/installningar/kategorier", Icon::Tag, td_string!(l, categories.title), td_string!(l, categories.settings_text)),
                        way(May::EditSettings, "/installningar/regler", Icon::Sliders, td_string!(l, rules.title), td_string!(l, rules.settings_text)),
                    ])}
                    {group("skickar", td_string!(l, settings.senders), vec![
                        way(May::Account, "/installningar/mottagning", Icon::Inbox, td_string!(l, settings.reception), td_string!(l, settings.reception_text)),
                        way(May::GiveAccess, "/installningar/vidarebefordran", Icon::Send, td_string!(l, forward.rules_title), td_string!(l, forward.settings_text)),
                        way(May::GiveAccess, "/installningar/vidarebefordran/till-dig", Icon::Inbox, td_string!(l, askers.title), td_string!(l, askers.settings_text)),
                    ])}
                    {group("brevladan", td_string!(l, settings.mailbox), vec![
                        way(May::GiveAccess, "/installningar/ombud", Icon::Mobile, td_string!(l, consents.title), helpers_text),
                        way(May::SeeAccess, "/vem-har-last", Icon::Eye, td_string!(l, settings.access), td_string!(l, settings.access_text)),
                        own_way("/installningar/sessioner", Icon::Mobile, td_string!(l, settings.sessions), td_string!(l, settings.sessions_text)),
                        way(May::Account, "/installningar/export", Icon::Download, td_string!(l, export.title), td_string!(l, export.settings_text)),
                        way(May::Account, "/installningar/brevlada", Icon::Mail, td_string!(l, settings.operator), td_string!(l, settings.operator_text)),
                    ])}
                    {group("sidorna", td_string!(l, settings.pages), vec![
                        own_way("/installningar/utseende", Icon::Look, td_string!(l, settings.look), td_string!(l, settings.look_text)),
                    ])}
                    {may(May::EditSettings).then(|| language_of(l))}
                    {guest().is_none().then(|| keys_switch(l, "/installningar#tangentval"))}
                </div>
            </Home>
        })
    })
}

fn language_of(l: Locale) -> AnyView {
    view! {
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
    }
    .into_any()
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

/// Settings that belong together; nothing where none of them is for who is here.
fn group(id: &'static str, heading: &'static str, ways: Vec<Option<AnyView>>) -> AnyView {
    let ways: Vec<_> = ways.into_iter().flatten().collect();
    if ways.is_empty() {
        return ().into_any();
    }
    view! {
        <nav class="group links" aria-labelledby=id>
            <h2 id=id>{heading}</h2>
            <ul>{ways}</ul>
        </nav>
    }
    .into_any()
}

/// The way to a setting, for who may change it.
fn way(right: May, address: &'static str, sign: Icon, name: &'static str, text: &'static str) -> Option<AnyView> {
    may(right).then(|| row(address, sign, name, text))
}

/// The way to what is a person's own affair, wherever they are: from their own mailbox.
fn own_way(address: &'static str, sign: Icon, name: &'static str, text: &'static str) -> Option<AnyView> {
    guest().is_none().then(|| row(address, sign, name, text))
}

fn row(address: &'static str, sign: Icon, name: &'static str, text: &'static str) -> AnyView {
    view! {
        <li><a class="link-row" href=to(address)>
            {icon(sign)}
            <span><strong>{name}</strong><small>{text}</small></span>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}
