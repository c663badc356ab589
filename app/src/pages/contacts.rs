//! `/installningar/kontakt`: where the person is reached, each address confirmed by a code.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
#[cfg(feature = "ssr")]
use crate::ports::{Added, AddressId, PortError};
use crate::ports::{Channel, ContactList, ContactRow};
use crate::request::{contacts, locale, mailbox, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Gives an address; a code goes out to it.
#[server(name = GiveAddress, prefix = "/api", endpoint = "kontakt/lagg-till")]
async fn give_address(slag: String, adress: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let channel = if slag == "mobil" { Channel::Sms } else { Channel::Email };
    let outcome = match contacts() {
        Ok(contacts) => contacts.add(channel, adress).await,
        Err(error) => Err(error),
    };
    go(&after_code(outcome));
    Ok(())
}

/// Asks for a new code.
#[server(name = NewCode, prefix = "/api", endpoint = "kontakt/ny-kod")]
async fn new_code(adress: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match contacts() {
        Ok(contacts) => contacts.new_code(AddressId(adress)).await,
        Err(error) => Err(error),
    };
    go(&after_code(outcome));
    Ok(())
}

/// Where to go when a code was asked for.
#[cfg(feature = "ssr")]
fn after_code(outcome: Result<Added, PortError>) -> String {
    let code = match outcome {
        Ok(Added::CodeSent(id)) => return format!("/installningar/kontakt?sag=kod-skickad#kod-{}", id.0),
        Ok(Added::NotAnAddress) => "adress#ny",
        Ok(Added::Abroad) => "utomlands#ny",
        Ok(Added::Already) => "redan",
        Ok(Added::Full) => "fullt",
        Ok(Added::TooMany) => "manga",
        Err(_) => "tekniskt",
    };
    format!("/installningar/kontakt?fel={code}")
}

/// Gives back the code.
#[server(name = ConfirmAddress, prefix = "/api", endpoint = "kontakt/bekrafta")]
async fn confirm_address(adress: String, kod: String) -> Result<(), ServerFnError> {
    use crate::ports::Confirmed;
    use crate::request::go;
    use crate::words::segment;

    let outcome = match contacts() {
        Ok(contacts) => contacts.confirm(AddressId(adress.clone()), kod).await,
        Err(error) => Err(error),
    };
    let which = segment(&adress);
    match outcome {
        Ok(Confirmed::Done) => go("/installningar/kontakt?sag=bekraftad"),
        Ok(Confirmed::Wrong { left }) => {
            go(&format!(
                "/installningar/kontakt?fel=kod&kvar={left}&for={which}#kod-{which}"
            ));
        }
        Ok(Confirmed::NotACode) => go(&format!("/installningar/kontakt?fel=ingen-kod&for={which}#kod-{which}")),
        Ok(Confirmed::Over) => go(&format!("/installningar/kontakt?fel=slut&for={which}#kod-{which}")),
        Err(_) => go("/installningar/kontakt?fel=tekniskt"),
    }
    Ok(())
}

/// Takes an address away.
#[server(name = RemoveAddress, prefix = "/api", endpoint = "kontakt/ta-bort")]
async fn remove_address(adress: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match contacts() {
        Ok(contacts) => contacts.remove(AddressId(adress)).await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/installningar/kontakt?sag=borttagen"
    } else {
        "/installningar/kontakt?fel=tekniskt"
    });
    Ok(())
}

/// What a form came to, read from the codes in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    done: Option<String>,
    wrong: Option<String>,
    left: Option<u32>,
    which: Option<String>,
}

impl Outcome {
    /// What is wrong with the address that was typed for a channel.
    fn with_typed(&self, l: Locale, channel: Channel, list: &ContactList) -> Option<(&'static str, String)> {
        let (_, typed) = list.typed.clone().filter(|(typed_for, _)| *typed_for == channel)?;
        let text = match (self.wrong.as_deref()?, channel) {
            ("adress", Channel::Email) => td_string!(l, contacts.not_email),
            ("adress", Channel::Sms) => td_string!(l, contacts.not_mobile),
            ("utomlands", _) => td_string!(l, contacts.abroad),
            _ => return None,
        };
        Some((text, typed))
    }

    /// What is wrong with the code of an address.
    fn with_code(&self, l: Locale, row: &ContactRow) -> Option<String> {
        if self.which.as_deref() != Some(row.id.0.as_str()) {
            return None;
        }
        match (self.wrong.as_deref()?, self.left) {
            ("kod", Some(1)) => Some(td_string!(l, contacts.wrong_code_one).to_owned()),
            ("kod", left) => Some(say!(l, contacts.wrong_code_many, n = left.unwrap_or(0))),
            ("ingen-kod", _) => Some(td_string!(l, contacts.not_a_code).to_owned()),
            ("slut", _) => Some(td_string!(l, contacts.over).to_owned()),
            _ => None,
        }
    }
}

/// The addresses.
#[component]
pub(crate) fn ContactsPage() -> impl IntoView {
    let outcome = Outcome {
        done: asked("sag"),
        wrong: asked("fel"),
        left: asked("kvar").and_then(|left| left.parse().ok()),
        which: asked("for"),
    };
    loaded(async move {
        let (mailbox, contacts) = (mailbox()?, contacts()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let list = contacts.contacts().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, contacts.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href="/installningar">{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, contacts.title)}</h1>
                    <p class="lead">{td_string!(l, contacts.lead)}</p>
                </div>
                <div class="stack">
                    {note(l, &outcome, &list)}
                    {of_channel(l, Channel::Email, &list, &outcome, now)}
                    {of_channel(l, Channel::Sms, &list, &outcome, now)}
                </div>
            </Home>
        })
    })
}

/// What is done, or what failed without being the fault of a field.
fn note(l: Locale, outcome: &Outcome, list: &ContactList) -> AnyView {
    let wrong = match outcome.wrong.as_deref() {
        Some("redan") => Some(td_string!(l, contacts.already)),
        Some("fullt") => Some(td_string!(l, contacts.full)),
        Some("manga") => Some(td_string!(l, contacts.too_many)),
        Some("tekniskt") => Some(td_string!(l, contacts.failed)),
        _ => None,
    };
    if let Some(text) = wrong {
        return view! { <Note tone=Tone::Wrong text/> }.into_any();
    }
    // What an address says is done may be old, or made up: it is said only when it agrees with how things are.
    let waits = list.addresses.iter().any(|row| !row.confirmed);
    let reached = list.addresses.iter().any(ContactRow::is_in_use);
    match outcome.done.as_deref() {
        Some("kod-skickad") if !waits => ().into_any(),
        Some("bekraftad") if !reached => ().into_any(),
        Some("kod-skickad") => view! { <Note tone=Tone::Done text=td_string!(l, contacts.code_sent)/> }.into_any(),
        Some("borttagen") => view! { <Note tone=Tone::Done text=td_string!(l, contacts.removed)/> }.into_any(),
        Some("bekraftad") => view! {
            <Note tone=Tone::Done text=td_string!(l, contacts.now_confirmed)>
                <a class="btn bare" href="/installningar/avisering">{td_string!(l, contacts.choose_rules)}</a>
            </Note>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

fn of_channel(l: Locale, channel: Channel, list: &ContactList, outcome: &Outcome, now: OffsetDateTime) -> AnyView {
    let (id, heading, none) = match channel {
        Channel::Email => (
            "epost",
            td_string!(l, contacts.email),
            td_string!(l, contacts.none_email),
        ),
        Channel::Sms => (
            "mobil",
            td_string!(l, contacts.mobile),
            td_string!(l, contacts.none_mobile),
        ),
    };
    let rows: Vec<&ContactRow> = list.addresses.iter().filter(|row| row.channel == channel).collect();
    let in_use = list.addresses.iter().filter(|row| row.is_in_use()).count();
    let wrong = outcome.with_typed(l, channel, list);
    let anchor = wrong.as_ref().map(|_| "ny");
    let add = (!list.full).then(|| add(l, channel, rows.is_empty(), wrong));
    view! {
        <section class="group" id=id aria-labelledby=format!("{id}-h")>
            <h2 id=format!("{id}-h")>{heading}</h2>
            {rows.is_empty().then(|| view! { <p class="muted">{none}</p> })}
            {(!rows.is_empty()).then(|| view! {
                <ul class="addresses">
                    {rows.iter().map(|row| address(l, row, row.is_in_use() && in_use == 1, outcome, now)).collect_view()}
                </ul>
            })}
            <div id=anchor>{add}</div>
        </section>
    }
    .into_any()
}

fn address(l: Locale, row: &ContactRow, is_last: bool, outcome: &Outcome, now: OffsetDateTime) -> AnyView {
    let confirmed = match row.channel {
        Channel::Email => td_string!(l, contacts.confirmed),
        Channel::Sms => td_string!(l, contacts.confirmed_mobile),
    };
    let (class, standing) = match (&row.broken, row.confirmed) {
        (Some(_), _) => ("bad", td_string!(l, contacts.broken)),
        (None, true) => ("good", confirmed),
        (None, false) => ("due", td_string!(l, contacts.waiting)),
    };
    let broken = row.broken.as_ref().map(|broken| {
        let at = Moment::new(broken.since, now).in_sentence(l);
        say!(l, contacts.broken_text, at = at, number = broken.number)
    });
    let waits = !row.confirmed && row.broken.is_none();
    view! {
        <li>
            <p class="address"><strong>{row.shown.clone()}</strong>" "<span class=class>{standing}</span></p>
            {broken.map(|text| view! { <p class="hint">{text}</p> })}
            {waits.then(|| confirm(l, row, outcome.with_code(l, row)))}
            {(!row.is_in_use()).then(|| again(l, row))}
            {remove(l, row, is_last)}
        </li>
    }
    .into_any()
}

fn confirm(l: Locale, row: &ContactRow, wrong: Option<String>) -> AnyView {
    let id = row.id.0.clone();
    let hint = match row.channel {
        Channel::Email => say!(l, contacts.code_hint_email, address = row.shown),
        Channel::Sms => say!(l, contacts.code_hint_mobile, address = row.shown),
    };
    let invalid = wrong.is_some();
    let described = if invalid {
        format!("kod-fel-{id} kod-hjalp-{id}")
    } else {
        format!("kod-hjalp-{id}")
    };
    view! {
        <form class="stack" method="post" action=ConfirmAddress::PATH>
            <input type="hidden" name="adress" value=id.clone()/>
            <div class="field" id=format!("kod-{id}")>
                <label for=format!("falt-kod-{id}")>{td_string!(l, contacts.field_code)}</label>
                <p class="hint" id=format!("kod-hjalp-{id}")>{hint}</p>
                {wrong.map(|wrong| view! { <p class="wrong" id=format!("kod-fel-{id}") role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <input
                    class="in code" id=format!("falt-kod-{id}") name="kod" inputmode="numeric" autocomplete="one-time-code" required
                    maxlength="16" spellcheck="false"
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described
                />
            </div>
            <p><button class="btn">{td_string!(l, contacts.confirm)}</button></p>
        </form>
    }
    .into_any()
}

fn again(l: Locale, row: &ContactRow) -> AnyView {
    view! {
        <form method="post" action=NewCode::PATH>
            <input type="hidden" name="adress" value=row.id.0.clone()/>
            <button class="btn bare">{td_string!(l, contacts.new_code)}</button>
        </form>
    }
    .into_any()
}

/// Asks first, says what follows.
fn remove(l: Locale, row: &ContactRow, is_last: bool) -> AnyView {
    view! {
        <details class="unfold">
            <summary aria-label=say!(l, contacts.remove_which, address = row.shown)>{td_string!(l, contacts.remove)}{icon(Icon::Down)}</summary>
            <form class="stack" method="post" action=RemoveAddress::PATH>
                <input type="hidden" name="adress" value=row.id.0.clone()/>
                <p><strong>{say!(l, contacts.remove_question, address = row.shown)}</strong></p>
                {row.is_in_use().then(|| view! { <p>{td_string!(l, contacts.remove_text)}</p> })}
                {is_last.then(|| view! { <p>{td_string!(l, contacts.remove_last)}</p> })}
                <p><button class="btn warn">{say!(l, contacts.remove_which, address = row.shown)}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// The field for a new address, folded when there is another.
fn add(l: Locale, channel: Channel, first: bool, wrong: Option<(&'static str, String)>) -> AnyView {
    let open = first || wrong.is_some();
    let summary = match channel {
        Channel::Email => td_string!(l, contacts.add_email),
        Channel::Sms => td_string!(l, contacts.add_mobile),
    };
    if first {
        return give(l, channel, wrong);
    }
    view! {
        <details class="unfold" open=open>
            <summary>{summary}{icon(Icon::Down)}</summary>
            {give(l, channel, wrong)}
        </details>
    }
    .into_any()
}

fn give(l: Locale, channel: Channel, wrong: Option<(&'static str, String)>) -> AnyView {
    let (kind, label, hint, input, autocomplete, inputmode) = match channel {
        Channel::Email => (
            "epost",
            td_string!(l, contacts.field_email),
            td_string!(l, contacts.email_hint),
            "email",
            "email",
            "email",
        ),
        Channel::Sms => (
            "mobil",
            td_string!(l, contacts.field_mobile),
            td_string!(l, contacts.mobile_hint),
            "tel",
            "tel",
            "tel",
        ),
    };
    let invalid = wrong.is_some();
    let (text, typed) = wrong.unzip();
    let described = if invalid {
        format!("{kind}-fel {kind}-hjalp")
    } else {
        format!("{kind}-hjalp")
    };
    view! {
        <form class="stack" method="post" action=GiveAddress::PATH>
            <input type="hidden" name="slag" value=kind/>
            <div class="field">
                <label for=format!("falt-{kind}")>{label}</label>
                <p class="hint" id=format!("{kind}-hjalp")>{hint}</p>
                {text.map(|text| view! { <p class="wrong" id=format!("{kind}-fel") role="alert">{icon(Icon::Alert)}{text}</p> })}
                <input
                    class="in middle" id=format!("falt-{kind}") name="adress" type=input inputmode=inputmode autocomplete=autocomplete required
                    maxlength="254" spellcheck="false" autocapitalize="none"
                    value=typed
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=described
                />
            </div>
            <p><button class="btn calm">{td_string!(l, contacts.send_code)}</button></p>
        </form>
    }
    .into_any()
}
