//! `/admin/logga-in` and `/admin/logga-in/lokal`: how staff log in, and why it did not work.

use crate::pages::{asked, asked_reference};
use crate::parts::{Icon, Note, StaffStreet, Tone, icon, login_ways, reference_line, staff_loaded, staff_title};
use crate::request::{answer_with, locale, ports};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Logging in with e-legitimation.
#[component]
pub(crate) fn StaffLogin() -> impl IntoView {
    let (code, said, next) = (asked("kod"), asked("sag"), asked("vidare"));
    let reference = asked_reference();
    staff_loaded(async move {
        let l = locale();
        let choices = ports()?.login.choices_of_staff().await?;
        let wrong = code.as_deref().map(|code| match code {
            "avbruten" => td_string!(l, admin_login.cancelled),
            "misstankt" => td_string!(l, admin_login.suspect),
            "niva" => td_string!(l, admin_login.level),
            "gammal" => td_string!(l, admin_login.expired),
            "okand" => td_string!(l, admin_login.unknown),
            "tid" => td_string!(l, admin_login.timed_out),
            _ => td_string!(l, admin_login.technical),
        });
        if code.as_deref() == Some("okand") {
            answer_with(403);
        }
        let out = said.is_some().then(|| td_string!(l, admin_login.out));
        let local = match &next {
            Some(next) => format!("/admin/logga-in/lokal?vidare={}", crate::words::segment(next)),
            None => "/admin/logga-in/lokal".to_owned(),
        };
        Ok(view! {
            <StaffStreet title=staff_title(l, td_string!(l, admin_login.title))>
                <div class="page-head">
                    <h1>{td_string!(l, admin_login.title)}</h1>
                    <p class="lead">{td_string!(l, admin_login.lead)}</p>
                </div>
                <div class="stack">
                    {wrong.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {reference.map(|reference| reference_line(l, reference))}
                    {out.map(|text| view! { <Note tone=Tone::Done text/> })}
                    {login_ways(l, choices, "/staff/logga-in", td_string!(l, admin_login.no_ways), next)}
                    <p class="small"><a href=local>{td_string!(l, admin_login.local_link)}</a></p>
                </div>
            </StaffStreet>
        })
    })
}

/// Logging in to a local account.
#[component]
pub(crate) fn StaffLocalLogin() -> impl IntoView {
    let (wrong, next) = (asked("fel"), asked("vidare"));
    staff_loaded(async move {
        let l = locale();
        let note = wrong.as_deref().map(|code| match code {
            "vanta" => td_string!(l, admin_login.wait),
            _ => td_string!(l, admin_login.wrong),
        });
        Ok(view! {
            <StaffStreet title=staff_title(l, td_string!(l, admin_login.local))>
                <a class="crumb" href="/admin/logga-in">{icon(Icon::Left)}{td_string!(l, admin_login.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, admin_login.local)}</h1>
                    <p class="lead">{td_string!(l, admin_login.local_lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    <form class="group stack" method="post" action="/staff/lokal">
                        {next.map(|next| view! { <input type="hidden" name="vidare" value=next/> })}
                        <div class="field middle">
                            <label for="namn">{td_string!(l, admin_login.name)}</label>
                            <input class="in" id="namn" name="namn" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="40" required/>
                        </div>
                        <div class="field middle">
                            <label for="losenord">{td_string!(l, admin_login.password)}</label>
                            <input class="in" id="losenord" name="losenord" type="password" autocomplete="current-password" maxlength="200" required/>
                        </div>
                        <div class="field middle">
                            <label for="kod">{td_string!(l, admin_login.code)}</label>
                            <p class="hint" id="kod-tips">{td_string!(l, admin_login.code_hint)}</p>
                            <input class="in code" id="kod" name="kod" inputmode="numeric" autocomplete="one-time-code" maxlength="10" required aria-describedby="kod-tips"/>
                        </div>
                        <p><button class="btn">{td_string!(l, admin_login.enter)}</button></p>
                    </form>
                </div>
            </StaffStreet>
        })
    })
}
