//! `/foretag`: the companies that the person acts for, and the way to open a mailbox for one.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Icon, Note, SharedPage, Tone, icon, loaded, way_out};
use crate::ports::{CompanyList, CompanyRow};
use crate::request::{companies, go, locale, ports};
use crate::words::{say, segment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// Has Authority asked again.
#[server(name = AskForCompanies, prefix = "/api", endpoint = "foretag/fraga")]
async fn ask_for_companies() -> Result<(), ServerFnError> {
    let outcome = match companies() {
        Ok(companies) => companies.ask_again().await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/foretag?sag=fragat"
    } else {
        "/foretag?fel=tekniskt"
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn CompaniesPage() -> impl IntoView {
    let (typed, wrong, said) = (asked("nummer"), asked("fel"), asked("sag"));
    loaded(async move {
        let companies = companies()?;
        let l = locale();
        let typed = typed.unwrap_or_default();
        if let Some(number) = companies.number(&typed) {
            go(&format!("/foretag/{number}"));
        }
        let list = companies.list().await?;
        let title = format!("{} – {}", td_string!(l, companies.title), td_string!(l, brand.name));
        let no_number = !typed.trim().is_empty();
        let note = match (wrong.as_deref(), said.as_deref()) {
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, companies.failed))),
            (None, Some("fragat")) if list.answered => Some((Tone::Done, td_string!(l, companies.asked_again))),
            _ => None,
        };
        let has_own = ports()?.home.is_some();
        Ok(view! {
            <SharedPage title>
                <div class="page-head">
                    <h1>{td_string!(l, companies.title)}</h1>
                    <p class="lead">{td_string!(l, companies.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    {unknown(l, &list)}
                    {rows(l, list)}
                    {by_number(l, &typed, no_number)}
                    {ask(l)}
                    {(!has_own).then(|| without_own(l))}
                </div>
            </SharedPage>
        })
    })
}

/// What is not known, and what that means.
fn unknown(l: Locale, list: &CompanyList) -> AnyView {
    let text = if !list.answered {
        td_string!(l, companies.no_answer).to_owned()
    } else if list.all_unclear {
        td_string!(l, companies.all_unclear).to_owned()
    } else if list.unclear.is_empty() {
        return ().into_any();
    } else {
        say!(l, companies.unclear, numbers = list.unclear.join(", "))
    };
    view! { <Note tone=Tone::Wrong text/> }.into_any()
}

fn rows(l: Locale, list: CompanyList) -> AnyView {
    if list.rows.is_empty() {
        let told = list.answered && list.unclear.is_empty() && !list.all_unclear;
        return told
            .then(|| view! { <p class="muted">{td_string!(l, companies.none)}</p> })
            .into_any();
    }
    view! {
        <section class="group" aria-labelledby="dina-foretag">
            <h2 id="dina-foretag">{td_string!(l, companies.yours)}</h2>
            <ul class="askers">{list.rows.into_iter().map(|company| row(l, company)).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn row(l: Locale, company: CompanyRow) -> AnyView {
    let CompanyRow {
        number,
        written,
        name,
        role,
        signs,
        address,
        waits,
    } = company;
    let right = match role {
        None => td_string!(l, companies.signatory).to_owned(),
        Some(role) if role.is_empty() => td_string!(l, companies.role).to_owned(),
        Some(role) => role,
    };
    let page = format!("/foretag/{}", segment(&number));
    let way = signs.then(|| {
        if address.is_none() && !waits {
            td_string!(l, companies.open_one)
        } else {
            td_string!(l, companies.signatures)
        }
    });
    let none_yet = address.is_none() && !signs;
    view! {
        <li>
            <p>
                <strong>{name.clone()}</strong>
                <small class="muted">{say!(l, companies.number_and_right, number = written, right = right)}</small>
            </p>
            {waits.then(|| view! { <p class="tag due">{icon(Icon::Info)}{td_string!(l, companies.waits_for_you)}</p> })}
            {none_yet.then(|| view! { <p>{td_string!(l, companies.none_yet)}</p> })}
            <p class="row-of">
                {address.map(|address| view! {
                    <a class="btn" href=address aria-label=say!(l, helping.open_whose, name = name.clone())>{icon(Icon::Inbox)}{td_string!(l, helping.open)}</a>
                })}
                {way.map(|text| view! { <a class="btn calm" href=page aria-label=format!("{text}: {name}")>{text}</a> })}
            </p>
        </li>
    }
    .into_any()
}

/// Any company, by its number: for one that the list does not have.
fn by_number(l: Locale, typed: &str, wrong: bool) -> AnyView {
    view! {
        <section class="group" aria-labelledby="nummer-h">
            <h2 id="nummer-h">{td_string!(l, companies.by_number)}</h2>
            <p>{td_string!(l, companies.by_number_text)}</p>
            <form class="stack" method="get" action="/foretag">
                <div class="field">
                    <label for="nummer">{td_string!(l, companies.number)}</label>
                    <small id="nummer-hjalp">{td_string!(l, companies.number_hint)}</small>
                    {wrong.then(|| view! { <p class="wrong" id="nummer-fel" role="alert">{icon(Icon::Alert)}{td_string!(l, companies.number_wrong)}</p> })}
                    <input class="in" id="nummer" name="nummer" inputmode="numeric" autocomplete="off" maxlength="20" required value=typed.to_owned()
                        aria-invalid=wrong.then_some("true")
                        aria-describedby=if wrong { "nummer-fel nummer-hjalp" } else { "nummer-hjalp" }/>
                </div>
                <p><button class="btn calm">{td_string!(l, companies.go_on)}</button></p>
            </form>
            <p class="small muted">{td_string!(l, companies.sole_trader)}</p>
        </section>
    }
    .into_any()
}

fn ask(l: Locale) -> AnyView {
    view! {
        <section class="group" aria-labelledby="fraga-h">
            <h2 id="fraga-h">{td_string!(l, companies.missing)}</h2>
            <p>{td_string!(l, companies.missing_text)}</p>
            <form method="post" action=AskForCompanies::PATH><button class="btn calm">{td_string!(l, companies.ask_again)}</button></form>
        </section>
    }
    .into_any()
}

/// Ways on for who has no mailbox of their own, and so no menu.
fn without_own(l: Locale) -> AnyView {
    view! {
        <p class="row-of">
            <a href="/villkor">{td_string!(l, companies.own)}</a>
            <a href="/hos">{td_string!(l, helping.title)}</a>
        </p>
        {way_out(l)}
    }
    .into_any()
}
