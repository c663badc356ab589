//! `/installningar`: the e-mail address for notices, and the way to the other settings.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::Contact;
use crate::request::{locale, mailbox, settings};
use crate::words::say;
use leptos::either::EitherOf3;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Gives an address; a code goes out to it.
#[server(name = GiveEmail, prefix = "/api", endpoint = "epost/andra")]
async fn give_email(epost: String) -> Result<(), ServerFnError> {
    use crate::ports::ChangeEmail;
    use crate::request::go;

    let outcome = match settings() {
        Ok(settings) => settings.change_email(epost).await,
        Err(error) => Err(error),
    };
    go(match outcome {
        Ok(ChangeEmail::CodeSent) => "/installningar?sag=kod-skickad#epost",
        Ok(ChangeEmail::NotAnAddress) => "/installningar?fel=adress#epost",
        Ok(ChangeEmail::TooMany) => "/installningar?fel=manga#epost",
        Err(_) => "/installningar?fel=tekniskt#epost",
    });
    Ok(())
}

/// Gives back the code.
#[server(name = ConfirmAddress, prefix = "/api", endpoint = "epost/bekrafta")]
async fn confirm_address(kod: String) -> Result<(), ServerFnError> {
    use crate::ports::ConfirmEmail;
    use crate::request::go;

    let outcome = match settings() {
        Ok(settings) => settings.confirm_email(kod.trim().to_owned()).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(ConfirmEmail::Confirmed) => go("/installningar?sag=bekraftad#epost"),
        Ok(ConfirmEmail::WrongCode { left }) => go(&format!("/installningar?fel=kod&kvar={left}#epost")),
        Ok(ConfirmEmail::Over) => go("/installningar?fel=slut#epost"),
        Err(_) => go("/installningar?fel=tekniskt#epost"),
    }
    Ok(())
}

/// Takes the address away.
#[server(name = RemoveEmail, prefix = "/api", endpoint = "epost/ta-bort")]
async fn remove_email() -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match settings() {
        Ok(settings) => settings.remove_email().await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/installningar?sag=borttagen#epost"
    } else {
        "/installningar?fel=tekniskt#epost"
    });
    Ok(())
}

/// What a form came to, read from the codes in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Outcome {
    done: Option<String>,
    wrong: Option<String>,
    left: Option<u32>,
}

/// The settings.
#[component]
pub(crate) fn SettingsPage() -> impl IntoView {
    let outcome = Outcome {
        done: asked("sag"),
        wrong: asked("fel"),
        left: asked("kvar").and_then(|left| left.parse().ok()),
    };
    loaded(async move {
        let (mailbox, settings) = (mailbox()?, settings()?);
        let viewer = mailbox.viewer().await?;
        let contact = settings.contact().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, settings.title), td_string!(l, brand.name));
        Ok(view! {
            <Home viewer place=Place::Settings title>
                <div class="page-head"><h1>{td_string!(l, settings.title)}</h1></div>
                <div class="stack">
                    {note(l, &outcome, &contact)}
                    {email(l, contact, &outcome)}
                    <section class="group" aria-labelledby="sprak">
                        <div class="setting">
                            <div>
                                <h2 id="sprak">{td_string!(l, settings.language)}</h2>
                                <small>{td_string!(l, settings.language_text)}</small>
                            </div>
                            <a class="btn bare" href=format!("/sprak?till={}&ater=%2Finstallningar", td_string!(l, door.other_language_code))>
                                {td_string!(l, settings.language_other)}
                            </a>
                        </div>
                    </section>
                    <nav class="group links" aria-labelledby="mer">
                        <h2 id="mer">{td_string!(l, settings.more)}</h2>
                        <ul>
                            {way("/installningar/avisering", Icon::Bell, td_string!(l, settings.notices), td_string!(l, settings.notices_text))}
                            {way("/installningar/mottagning", Icon::Inbox, td_string!(l, settings.reception), td_string!(l, settings.reception_text))}
                            {way("/installningar/kategorier", Icon::Tag, td_string!(l, categories.title), td_string!(l, categories.settings_text))}
                            {way("/installningar/regler", Icon::Sliders, td_string!(l, rules.title), td_string!(l, rules.settings_text))}
                            {way("/installningar/mappar", Icon::Folder, td_string!(l, folders.title), td_string!(l, folders.settings_text))}
                            {way("/installningar/sessioner", Icon::Mobile, td_string!(l, settings.sessions), td_string!(l, settings.sessions_text))}
                            {way("/installningar/vidarebefordran", Icon::Send, td_string!(l, forward.rules_title), td_string!(l, forward.settings_text))}
                            {way("/installningar/export", Icon::Download, td_string!(l, export.title), td_string!(l, export.settings_text))}
                            {way("/vem-har-last", Icon::Eye, td_string!(l, settings.access), td_string!(l, settings.access_text))}
                        </ul>
                    </nav>
                </div>
            </Home>
        })
    })
}

fn way(address: &'static str, sign: Icon, name: &'static str, text: &'static str) -> AnyView {
    view! {
        <li><a class="link-row" href=address>
            {icon(sign)}
            <span><strong>{name}</strong><small>{text}</small></span>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}

/// What is done, or what failed without being the fault of a field.
fn note(l: Locale, outcome: &Outcome, contact: &Contact) -> AnyView {
    let done = outcome.done.as_deref().filter(|code| is_so(code, contact));
    let done = match done {
        Some("kod-skickad") => Some(td_string!(l, settings.code_sent)),
        Some("bekraftad") => Some(td_string!(l, settings.now_confirmed)),
        Some("borttagen") => Some(td_string!(l, settings.removed)),
        _ => None,
    };
    let wrong = match outcome.wrong.as_deref() {
        Some("manga") => Some(td_string!(l, settings.too_many)),
        Some("slut") => Some(td_string!(l, settings.over)),
        Some("tekniskt") => Some(td_string!(l, settings.failed)),
        _ => None,
    };
    let said = wrong
        .map(|text| (Tone::Wrong, text))
        .or(done.map(|text| (Tone::Done, text)));
    said.map(|(tone, text)| view! { <Note tone text/> }).into_any()
}

/// Whether what the address says is done agrees with how things are: it may be old, or made up.
fn is_so(code: &str, contact: &Contact) -> bool {
    match code {
        "kod-skickad" => matches!(
            contact,
            Contact::Unconfirmed { .. } | Contact::Confirmed { waiting: Some(_), .. }
        ),
        "bekraftad" => matches!(contact, Contact::Confirmed { .. }),
        "borttagen" => matches!(contact, Contact::None),
        _ => false,
    }
}

fn email(l: Locale, contact: Contact, outcome: &Outcome) -> AnyView {
    let address_wrong = (outcome.wrong.as_deref() == Some("adress")).then(|| td_string!(l, settings.not_an_address));
    let code_wrong = (outcome.wrong.as_deref() == Some("kod")).then(|| match outcome.left {
        Some(1) => td_string!(l, settings.wrong_code_one).to_owned(),
        left => say!(l, settings.wrong_code_many, n = left.unwrap_or(0)),
    });
    let content = match contact {
        Contact::None => EitherOf3::A(view! {
            <p>{td_string!(l, settings.none)}</p>
            {give(l, true, address_wrong)}
        }),
        Contact::Unconfirmed { email } => EitherOf3::B(view! {
            <p class="address"><strong>{email.clone()}</strong>" "<span class="due">{td_string!(l, settings.unconfirmed)}</span></p>
            {confirm(l, email.clone(), code_wrong)}
            {again(l, email)}
            {change(l, address_wrong)}
            {remove(l)}
        }),
        Contact::Confirmed { email, waiting } => EitherOf3::C(view! {
            <p class="address"><strong>{email}</strong>" "<span class="good">{td_string!(l, settings.confirmed)}</span></p>
            {waiting.map(|waiting| view! {
                <p class="address"><strong>{waiting.clone()}</strong>" "<span class="due">{td_string!(l, settings.unconfirmed)}</span></p>
                {confirm(l, waiting.clone(), code_wrong)}
                {again(l, waiting)}
            })}
            {change(l, address_wrong)}
            {remove(l)}
        }),
    };
    view! {
        <section class="group" id="epost" aria-labelledby="epost-h">
            <h2 id="epost-h">{td_string!(l, settings.email)}</h2>
            <p class="muted">{td_string!(l, settings.email_lead)}</p>
            {content}
        </section>
    }
    .into_any()
}

/// The field for an address; `first` when it is the likeliest thing to do here.
fn give(l: Locale, first: bool, wrong: Option<&'static str>) -> AnyView {
    view! {
        <form class="stack" method="post" action=GiveEmail::PATH>
            <div class="field">
                <label for="falt-epost">{td_string!(l, settings.field_email)}</label>
                <p class="hint" id="epost-hjalp">{td_string!(l, settings.email_hint)}</p>
                {wrong.map(|wrong| view! { <p class="wrong" id="epost-fel" role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <input
                    class="in middle" id="falt-epost" name="epost" type="email" autocomplete="email" required
                    maxlength="254" spellcheck="false" autocapitalize="none"
                    aria-invalid=wrong.map(|_| "true")
                    aria-describedby=if wrong.is_some() { "epost-fel epost-hjalp" } else { "epost-hjalp" }
                />
            </div>
            <p><button class="btn" class:calm=!first>{td_string!(l, settings.send_code)}</button></p>
        </form>
    }
    .into_any()
}

fn change(l: Locale, wrong: Option<&'static str>) -> AnyView {
    view! {
        <details class="unfold" open=wrong.is_some()>
            <summary>{td_string!(l, settings.change)}{icon(Icon::Down)}</summary>
            {give(l, false, wrong)}
        </details>
    }
    .into_any()
}

fn confirm(l: Locale, email: String, wrong: Option<String>) -> AnyView {
    let invalid = wrong.is_some();
    view! {
        <form class="stack" method="post" action=ConfirmAddress::PATH>
            <div class="field">
                <label for="falt-kod">{td_string!(l, settings.field_code)}</label>
                <p class="hint" id="kod-hjalp">{say!(l, settings.code_hint, email = email)}</p>
                {wrong.map(|wrong| view! { <p class="wrong" id="kod-fel" role="alert">{icon(Icon::Alert)}{wrong}</p> })}
                <input
                    class="in code" id="falt-kod" name="kod" inputmode="numeric" autocomplete="one-time-code" required
                    maxlength="16" spellcheck="false"
                    aria-invalid=invalid.then_some("true")
                    aria-describedby=if invalid { "kod-fel kod-hjalp" } else { "kod-hjalp" }
                />
            </div>
            <p><button class="btn">{td_string!(l, settings.confirm)}</button></p>
        </form>
    }
    .into_any()
}

/// The same address once more: a new code.
fn again(l: Locale, email: String) -> AnyView {
    view! {
        <form method="post" action=GiveEmail::PATH>
            <input type="hidden" name="epost" value=email/>
            <button class="btn bare">{td_string!(l, settings.new_code)}</button>
        </form>
    }
    .into_any()
}

/// Asks first, says what follows.
fn remove(l: Locale) -> AnyView {
    view! {
        <details class="unfold">
            <summary>{td_string!(l, settings.remove)}{icon(Icon::Down)}</summary>
            <form class="stack" method="post" action=RemoveEmail::PATH>
                <p><strong>{td_string!(l, settings.remove_question)}</strong>" "{td_string!(l, settings.remove_text)}</p>
                <p><button class="btn warn">{td_string!(l, settings.remove)}</button></p>
            </form>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_so_is_said_to_be_done() {
        let email = || "tolvan@post.example".to_owned();
        assert!(is_so("borttagen", &Contact::None));
        assert!(!is_so("bekraftad", &Contact::None));
        assert!(!is_so("bekraftad", &Contact::Unconfirmed { email: email() }));
        let confirmed = Contact::Confirmed {
            email: email(),
            waiting: None,
        };
        assert!(is_so("bekraftad", &confirmed));
        assert!(!is_so("kod-skickad", &confirmed));
    }
}
