//! `/`: what this is, and the way in.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Icon, OpenPage, icon, loaded, login_ways, small_icon};
use crate::ports::LoginChoice;
use crate::request::{go, locale, ports, to};
use leptos::prelude::*;
use leptos_i18n::td_string;

/// The start page. Whoever is logged in already is sent on.
#[component]
pub(crate) fn Start() -> impl IntoView {
    let next = asked("vidare").filter(|next| next.starts_with('/') && !next.starts_with("//") && !next.contains('\\'));
    loaded(async move {
        let ports = ports()?;
        if ports.home.is_some() {
            go(next.as_deref().unwrap_or("/inkorg"));
        } else if ports.registration.is_some() {
            go("/villkor");
        }
        let choices = ports.login.choices().await?;
        Ok(start(locale(), choices, next))
    })
}

fn start(l: Locale, choices: Vec<LoginChoice>, next: Option<String>) -> AnyView {
    view! {
        <OpenPage title=td_string!(l, start.title) wide=true>
            <section class="door" aria-labelledby="rubrik">
                <div class="wrap hero">
                    <div>
                        <h1 id="rubrik">{td_string!(l, start.heading)}</h1>
                        <p class="lead">{td_string!(l, start.lead)}</p>
                    </div>
                    <div class="login">
                        <h2>{td_string!(l, start.sign_in)}</h2>
                        {next.is_some().then(|| view! { <p class="small">{td_string!(l, start.come_back)}</p> })}
                        {login_ways(l, choices, "/logga-in", td_string!(l, start.no_ways), next)}
                        <p class="small muted">{td_string!(l, start.first_time)}</p>
                        <p class="small"><a href=to("/hjalp#ingen-e-legitimation")>{td_string!(l, start.no_eid)}</a></p>
                    </div>
                    <Scene/>
                </div>
            </section>
            <section class="band wrap" aria-labelledby="tryggt">
                <h2 id="tryggt">{td_string!(l, start.safe)}</h2>
                <ul class="fit reasons">
                    {reason(Icon::Seal, td_string!(l, start.real_sender), td_string!(l, start.real_sender_text))}
                    {reason(Icon::Eye, td_string!(l, start.who_read), td_string!(l, start.who_read_text))}
                    {reason(Icon::Bell, td_string!(l, start.safe_notices), td_string!(l, start.safe_notices_text))}
                    {reason(Icon::Lock, td_string!(l, start.nothing_lost), td_string!(l, start.nothing_lost_text))}
                </ul>
            </section>
            <section class="band lift" aria-labelledby="undrar">
                <div class="wrap">
                    <h2 id="undrar">{td_string!(l, start.questions)}</h2>
                    <div class="faq">
                        {question(td_string!(l, start.q_who), td_string!(l, start.a_who))}
                        {question(td_string!(l, start.q_paper), td_string!(l, start.a_paper))}
                        {question(td_string!(l, start.q_cost), td_string!(l, start.a_cost))}
                        {question(td_string!(l, start.q_open), td_string!(l, start.a_open))}
                    </div>
                </div>
            </section>
        </OpenPage>
    }
    .into_any()
}

fn reason(sign: Icon, heading: &'static str, text: &'static str) -> AnyView {
    view! { <li>{icon(sign)}<h3>{heading}</h3><p>{text}</p></li> }.into_any()
}

fn question(question: &'static str, answer: &'static str) -> AnyView {
    view! { <details><summary>{question}{small_icon(Icon::Down)}</summary><p>{answer}</p></details> }.into_any()
}

/// A letter on its way through the slot of the door.
#[component]
fn Scene() -> impl IntoView {
    view! {
        <svg class="scene" viewBox="0 0 520 250" aria-hidden="true">
            <rect class="scene-door" x="1" y="34" width="518" height="320" rx="18"></rect>
            <rect class="scene-door" x="36" y="68" width="448" height="280" rx="10"></rect>
            <rect class="scene-brass" x="112" y="140" width="296" height="40" rx="20"></rect>
            <rect class="scene-dark" x="132" y="154" width="256" height="12" rx="6"></rect>
            <g class="scene-letter">
                <path class="scene-sheet" d="M158 8h204v152H158z"></path>
                <path class="scene-fold" d="m159 9 101 76L361 9"></path>
                <path class="scene-address" d="M184 112h70M184 126h46"></path>
            </g>
        </svg>
    }
    .into_any()
}
