//! Pages that only tell: help, about, accessibility, privacy, and that there is no such page.

use super::news::help_texts;
use crate::parts::{FaultView, Prose, Remedy, SharedPage, loaded};
use crate::ports::TextKind;
use crate::request::{answer_with, locale, ports, public, to};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// `/hjalp`: what everybody needs, and what staff have written.
#[component]
pub(crate) fn Help() -> impl IntoView {
    loaded(async move {
        let l = locale();
        let more = help_texts(l, public()?.texts(TextKind::Help).await?);
        Ok(view! {
            <SharedPage title=format!("{} – {}", td_string!(l, help.title), td_string!(l, brand.name))>
                <div class="page-head"><h1>{td_string!(l, help.title)}</h1></div>
                {more}
                <div class="prose-list">
                    <Prose heading=td_string!(l, help.login) text=td_string!(l, help.login_text)/>
                    <Prose heading=td_string!(l, help.no_eid) text=td_string!(l, help.no_eid_text) id="ingen-e-legitimation"/>
                    <Prose heading=td_string!(l, help.foreign) text=td_string!(l, help.foreign_text)/>
                    <Prose heading=td_string!(l, help.phishing) text=td_string!(l, help.phishing_text)/>
                    <Prose heading=td_string!(l, help.shared) text=td_string!(l, help.shared_text)/>
                    <Prose heading=td_string!(l, help.letter) text=td_string!(l, help.letter_text)/>
                    <Prose heading=td_string!(l, help.script) text=td_string!(l, help.script_text)/>
                    <Prose heading=td_string!(l, help.contact) text=td_string!(l, help.contact_text) id="kontakt">
                        <p><a href=to("/tyck-till?fran=/hjalp")>{td_string!(l, help.say)}</a></p>
                    </Prose>
                </div>
            </SharedPage>
        })
    })
}

/// `/integritet`: what we know of people, why, and for how long, in plain words.
#[component]
pub(crate) fn Privacy() -> impl IntoView {
    let l = locale();
    view! {
        <SharedPage title=format!("{} – {}", td_string!(l, privacy.title), td_string!(l, brand.name))>
            <div class="page-head">
                <h1>{td_string!(l, privacy.title)}</h1>
                <p class="lead">{td_string!(l, privacy.lead)}</p>
            </div>
            <div class="prose-list">
                <Prose heading=td_string!(l, privacy.what) text=td_string!(l, privacy.what_text)/>
                <Prose heading=td_string!(l, privacy.why) text=td_string!(l, privacy.why_text)/>
                <Prose heading=td_string!(l, privacy.who) text=td_string!(l, privacy.who_text)>
                    <p><a href=to("/vem-har-last")>{td_string!(l, privacy.who_link)}</a></p>
                </Prose>
                <Prose heading=td_string!(l, privacy.others) text=td_string!(l, privacy.others_text)/>
                <Prose heading=td_string!(l, privacy.long) text=td_string!(l, privacy.long_text)/>
                <Prose heading=td_string!(l, privacy.cookies) text=td_string!(l, privacy.cookies_text)/>
                <Prose heading=td_string!(l, privacy.opinions) text=td_string!(l, privacy.opinions_text)/>
                <Prose heading=td_string!(l, privacy.rights) text=td_string!(l, privacy.rights_text)/>
            </div>
        </SharedPage>
    }
    .into_any()
}

/// `/om`.
#[component]
pub(crate) fn About() -> impl IntoView {
    let l = locale();
    let source = ports().ok().and_then(|ports| ports.source);
    view! {
        <SharedPage title=td_string!(l, about.title)>
            <div class="page-head">
                <h1>{td_string!(l, about.title)}</h1>
                <p class="lead">{td_string!(l, about.lead)}</p>
            </div>
            <div class="prose-list">
                <Prose heading=td_string!(l, about.how) text=td_string!(l, about.how_text)/>
                <Prose heading=td_string!(l, about.locked) text=td_string!(l, about.locked_text)/>
                <Prose heading=td_string!(l, about.cookies) text=td_string!(l, about.cookies_text)/>
                <Prose heading=td_string!(l, about.open) text=td_string!(l, about.open_text)>
                    {source.map(|source| view! { <p><a href=source.clone()>{td_string!(l, about.source)}</a></p> })}
                </Prose>
                <Prose heading=td_string!(l, about.law) text=td_string!(l, about.law_text)/>
            </div>
        </SharedPage>
    }
    .into_any()
}

/// `/tillganglighet`: the accessibility statement that act 2018:1937 asks for.
#[component]
pub(crate) fn Accessibility() -> impl IntoView {
    let l = locale();
    view! {
        <SharedPage title=format!("{} – {}", td_string!(l, accessibility.title), td_string!(l, brand.name))>
            <div class="page-head">
                <h1>{td_string!(l, accessibility.title)}</h1>
                <p class="lead">{td_string!(l, accessibility.lead)}</p>
            </div>
            <div class="prose-list">
                <Prose heading=td_string!(l, accessibility.status) text=td_string!(l, accessibility.status_text)/>
                <Prose heading=td_string!(l, accessibility.known) text=td_string!(l, accessibility.known_letters)>
                    <p>{td_string!(l, accessibility.known_frame)}</p>
                </Prose>
                <Prose heading=td_string!(l, accessibility.tested) text=td_string!(l, accessibility.tested_text)/>
                <Prose heading=td_string!(l, accessibility.report) text=td_string!(l, accessibility.report_text) id="rapportera">
                    <p><a href=to("/tyck-till?fran=/tillganglighet")>{td_string!(l, accessibility.report_here)}</a></p>
                </Prose>
                <Prose heading=td_string!(l, accessibility.authority) text=td_string!(l, accessibility.authority_text)/>
            </div>
            <p class="small muted">{td_string!(l, accessibility.date)}</p>
        </SharedPage>
    }
    .into_any()
}

/// Where no route leads.
#[component]
pub(crate) fn NoSuchPage() -> impl IntoView {
    answer_with(404);
    let l = locale();
    view! {
        <SharedPage title=td_string!(l, fault.not_found_title)>
            <FaultView remedy=Remedy::NotFound/>
        </SharedPage>
    }
    .into_any()
}
