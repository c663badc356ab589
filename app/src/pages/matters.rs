//! `/arenden` and `/arenden/{id}`: what senders have said of each matter, grouped and in order.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Place, Still, icon, loaded, small_icon};
use crate::ports::{LetterId, MatterEvent, MatterId, MatterPage, MatterRow, PortError, Stands};
use crate::request::{locale, mailbox, matters, to, visit};
use crate::words::{self, Due, Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use leptos_router::hooks::use_params_map;
use time::OffsetDateTime;

/// Every matter.
#[component]
pub(crate) fn MatterList() -> impl IntoView {
    let before = page_asked();
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let now = visit()?.now;
        let page = matters()?.matters(before.clone()).await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, matters.title), td_string!(l, brand.name));
        let nothing = page.matters.is_empty() && before.is_none();
        Ok(view! {
            <Home viewer place=Place::Matters title>
                <div class="page-head">
                    <h1>{td_string!(l, matters.title)}</h1>
                    <p class="lead">{td_string!(l, matters.lead)}</p>
                </div>
                {to_pay(l)}
                {if nothing { nothing_yet(l) } else { list(l, page, before.is_some(), None, now) }}
            </Home>
        })
    })
}

/// One matter, beside the others where there is room.
#[component]
pub(crate) fn MatterOne() -> impl IntoView {
    let named = use_params_map().read_untracked().get("id").map(MatterId);
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let now = visit()?.now;
        let matters = matters()?;
        let (matter, events) = matters.matter(named.ok_or(PortError::NotFound)?).await?;
        let page = matters.matters(None).await?;
        let l = locale();
        let title = say!(l, matters.one_title, title = matter.title.clone());
        let here = matter.id.clone();
        Ok(view! {
            <Home viewer place=Place::UnderMatters title>
                <a class="crumb only-narrow" href=to("/arenden")>{icon(Icon::Left)}{td_string!(l, matters.title)}</a>
                <div class="matter-two">
                    <div class="only-wide">
                        <p class="title">{td_string!(l, matters.title)}</p>
                        {list(l, page, false, Some(&here), now)}
                    </div>
                    {one(l, matter, events, now)}
                </div>
            </Home>
        })
    })
}

fn page_asked() -> Option<LetterId> {
    asked("fore").filter(|id| !id.is_empty()).map(LetterId)
}

fn to_pay(l: Locale) -> AnyView {
    view! {
        <p class="to-pay"><a class="btn calm" href=to("/betala")>{small_icon(Icon::Pay)}{td_string!(l, matters.to_pay)}</a></p>
    }
    .into_any()
}

fn nothing_yet(l: Locale) -> AnyView {
    view! {
        <section class="group" aria-labelledby="tom">
            <Still askew=false/>
            <h2 id="tom">{td_string!(l, matters.none)}</h2>
            <p>{td_string!(l, matters.none_text)}</p>
        </section>
    }
    .into_any()
}

fn list(l: Locale, page: MatterPage, later: bool, open: Option<&MatterId>, now: OffsetDateTime) -> AnyView {
    view! {
        <ul class="matters">
            {page.matters.into_iter().map(|matter| {
                let current = open == Some(&matter.id);
                view! {
                    <li><a class="matter-link" href=to(address(&matter.id)) aria-current=current.then_some("page")>
                        <strong>{matter.title.clone()}</strong>
                        <small>{matter.sender.clone()}</small>
                        {standing(l, &matter, now)}
                    </a></li>
                }
            }).collect_view()}
        </ul>
        {(page.next.is_some() || later).then(|| view! {
            <nav class="pages" aria-label=td_string!(l, matters.pages)>
                {later.then(|| view! { <a class="btn bare" href=to("/arenden")>{small_icon(Icon::Up)}{td_string!(l, matters.newest)}</a> })}
                {page.next.map(|next| view! {
                    <a class="btn calm" rel="next" href=to(format!("/arenden?fore={}", words::segment(&next.0)))>
                        {td_string!(l, matters.older)}{small_icon(Icon::Down)}
                    </a>
                })}
            </nav>
        })}
    }
    .into_any()
}

fn address(id: &MatterId) -> String {
    format!("/arenden/{}", words::segment(&id.0))
}

/// “Din tur, sedan 2 mars”.
fn standing(l: Locale, matter: &MatterRow, now: OffsetDateTime) -> AnyView {
    let since = Moment::new(matter.newest_at, now).in_list(l);
    let (class, sign, text) = match matter.stands {
        Some(Stands::YourTurn) => ("tag due", Icon::Alert, say!(l, matters.your_turn_since, day = since)),
        Some(Stands::SendersTurn) => ("tag", Icon::Matter, say!(l, matters.senders_turn_since, day = since)),
        Some(Stands::Closed) => ("tag good", Icon::Check, say!(l, matters.closed_since, day = since)),
        None => ("tag", Icon::Mail, say!(l, matters.last_letter, day = since)),
    };
    view! { <span class=class>{small_icon(sign)}{text}</span> }.into_any()
}

fn one(l: Locale, matter: MatterRow, events: Vec<MatterEvent>, now: OffsetDateTime) -> AnyView {
    let last = events.len().saturating_sub(1);
    let next = match matter.stands {
        Some(Stands::YourTurn) => say!(l, matters.your_turn, who = matter.sender.clone()),
        Some(Stands::SendersTurn) => say!(l, matters.senders_turn, who = matter.sender.clone()),
        Some(Stands::Closed) => td_string!(l, matters.closed).to_owned(),
        None => td_string!(l, matters.says_nothing).to_owned(),
    };
    let is_loose = matter.number.is_none();
    view! {
        <section class="group matter" aria-labelledby="arende">
            <header class="stack tight">
                <p class="small muted">
                    {matter.sender.clone()}
                    {matter.number.clone().map(|number| view! { ", "<span>{number}</span> })}
                </p>
                <h1 id="arende">{matter.title.clone()}</h1>
                <p class="lead">{next}</p>
                {is_loose.then(|| view! { <p class="small muted">{td_string!(l, matters.loose)}</p> })}
            </header>
            <ol class="line">
                {events.into_iter().enumerate().map(|(place, event)| step(l, event, place == last, now)).collect_view()}
            </ol>
            <p class="small muted">{td_string!(l, matters.source)}</p>
        </section>
    }
    .into_any()
}

fn step(l: Locale, event: MatterEvent, is_last: bool, now: OffsetDateTime) -> AnyView {
    let day = Due::parse(&event.day);
    let sign = match event.stands {
        Some(Stands::Closed) => Icon::Check,
        Some(Stands::YourTurn) => Icon::Alert,
        _ => Icon::Mail,
    };
    let subject = words::subject(l, &event.subject);
    let what = event.what.clone().unwrap_or_else(|| subject.clone());
    let clips = (event.attachments > 0).then(|| words::attachments(l, event.attachments as usize));
    view! {
        <li class="step" aria-current=is_last.then_some("step")>
            <span class="pin">{small_icon(sign)}</span>
            <p class="by">
                {match day {
                    Some(day) => view! { <time datetime=day.machine()>{day.day_and_date(l, now)}</time> }.into_any(),
                    None => event.day.clone().into_any(),
                }}
                " · "{event.sender.clone()}
            </p>
            <h2>{what}</h2>
            <a class="link-row inset" href=to(format!("/brev/{}", words::segment(&event.letter.0)))>
                {icon(Icon::Mail)}
                <span>
                    <strong>{event.unread.then(|| view! { <span class="new">{td_string!(l, inbox.new)}</span>" " })}{subject}</strong>
                    {clips.map(|clips| view! { <small>{clips}</small> })}
                </span>
                {icon(Icon::Right)}
            </a>
            {event.follows.map(|(letter, subject)| view! {
                <p class="small">{td_string!(l, matters.follows)}" "<a href=to(format!("/brev/{}", words::segment(&letter.0)))>{words::subject(l, &subject)}</a></p>
            })}
        </li>
    }
    .into_any()
}
