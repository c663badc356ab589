//! `/installningar/brevlada`: who keeps the mailbox, moving, and the way to ending it.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{InRegister, MailboxStanding, OperatorPage};
use crate::request::{guest, locale, mailbox, operator, to, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The page.
#[component]
pub(crate) fn OperatorSettings() -> impl IntoView {
    let said = asked("sag");
    loaded(async move {
        let (mailbox, operator) = (mailbox()?, operator()?);
        let now = visit()?.now;
        // First, for it may find that the person has moved.
        let page = operator.look().await?;
        let viewer = mailbox.viewer().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, operator.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::Operator title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head"><h1>{td_string!(l, operator.title)}</h1></div>
                <div class="stack">
                    {said_of(l, said.as_deref())}
                    {where_it_is(l, &page, now)}
                    {coming_back(l, &page)}
                    {moving(l, &page)}
                    {leaving(l, &page)}
                </div>
            </Home>
        })
    })
}

fn said_of(l: Locale, said: Option<&str>) -> AnyView {
    match said {
        Some("fler") => more_must_sign(l),
        Some(_) => view! { <Note tone=Tone::Done text=td_string!(l, operator.ended)/> }.into_any(),
        None => ().into_any(),
    }
}

/// Says that a signature counts and more are needed, and leads to where that is seen: out of the mailbox.
pub(super) fn more_must_sign(l: Locale) -> AnyView {
    view! {
        <Note tone=Tone::Done heading=td_string!(l, companies.counted) text=td_string!(l, companies.counted_text)>
            <a class="btn bare" href="/foretag">{td_string!(l, companies.see)}</a>
        </Note>
    }
    .into_any()
}

fn where_it_is(l: Locale, page: &OperatorPage, now: OffsetDateTime) -> AnyView {
    let date = |at: OffsetDateTime| Moment::new(at, now).date_in_full(l);
    let (heading, text) = match &page.standing {
        MailboxStanding::Open => (
            td_string!(l, operator.here).to_owned(),
            say!(l, operator.here_text, date = date(page.opened_at)),
        ),
        MailboxStanding::Moved { to, since } => (
            say!(l, operator.moved, operator = to),
            say!(l, operator.moved_text, operator = to, date = date(*since)),
        ),
        MailboxStanding::Left { since } => (
            td_string!(l, operator.left).to_owned(),
            say!(l, operator.left_text, date = date(*since)),
        ),
        MailboxStanding::Ended { since, until: None } => (
            td_string!(l, operator.closed).to_owned(),
            say!(l, operator.closed_text, date = date(*since)),
        ),
        MailboxStanding::Ended {
            since,
            until: Some(until),
        } => (
            say!(l, operator.ending, date = date(*until)),
            say!(l, operator.ending_text, since = date(*since), date = date(*until)),
        ),
    };
    let unknown = (page.register == InRegister::Unknown).then(|| {
        view! { <p class="tag due">{icon(Icon::Info)}{td_string!(l, operator.unknown)}</p> }
    });
    view! {
        <section class="group" aria-labelledby="var">
            <h2 id="var">{heading}</h2>
            <p>{text}</p>
            {unknown}
        </section>
    }
    .into_any()
}

/// A closed mailbox can be opened again, here.
fn coming_back(l: Locale, page: &OperatorPage) -> AnyView {
    if page.standing == MailboxStanding::Open {
        return ().into_any();
    }
    let text = match &page.register {
        InRegister::Elsewhere(operator) => say!(l, operator.back_from, operator = operator),
        InRegister::Here | InRegister::Nowhere | InRegister::Unknown => td_string!(l, operator.back_text).to_owned(),
    };
    view! {
        <section class="group" aria-labelledby="tillbaka">
            <h2 id="tillbaka">{td_string!(l, operator.back)}</h2>
            <p>{text}</p>
            <p>{match guest() {
                None => view! { <a class="btn" href=to("/villkor?oppna=igen")>{td_string!(l, operator.back_verb)}</a> }.into_any(),
                // Companies come back where they open one: each signatory signs there.
                Some(_) => view! { <a class="btn" href="/foretag">{td_string!(l, operator.back_verb)}</a> }.into_any(),
            }}</p>
        </section>
    }
    .into_any()
}

fn moving(l: Locale, page: &OperatorPage) -> AnyView {
    if page.standing != MailboxStanding::Open {
        return ().into_any();
    }
    view! {
        <section class="group" aria-labelledby="flytta">
            <h2 id="flytta">{td_string!(l, operator.moving)}</h2>
            <p>{td_string!(l, operator.moving_text)}</p>
            <p>{td_string!(l, operator.moving_old)}</p>
            <p><a class="btn calm" href="https://www.digg.se/digital-post/privatperson" rel="external noopener">{icon(Icon::Web)}{td_string!(l, operator.operators)}</a></p>
        </section>
    }
    .into_any()
}

fn leaving(l: Locale, page: &OperatorPage) -> AnyView {
    let ending = matches!(page.standing, MailboxStanding::Ended { until: Some(_), .. });
    if ending {
        return ().into_any();
    }
    view! {
        <section class="group" aria-labelledby="avsluta">
            <h2 id="avsluta">{td_string!(l, operator.leaving)}</h2>
            <p>{td_string!(l, operator.leaving_text)}</p>
            <p><a class="btn calm" href=to("/installningar/brevlada/avsluta")>{td_string!(l, operator.leaving_verb)}</a></p>
        </section>
    }
    .into_any()
}
