//! `/installningar/vidarebefordran/till-dig`: who asks to pass letters on to the person, and whom they have answered.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{Asker, AskerState};
use crate::request::{forwarding, locale, mailbox, to, visit};
use crate::words::Moment;
use crate::words::say;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Answers somebody who asks, or answers anew.
#[server(name = AnswerAsker, prefix = "/api", endpoint = "vidarebefordra/svar")]
async fn answer_asker(fraga: String, svar: String) -> Result<(), ServerFnError> {
    use crate::ports::{AskerAnswer, PortError};
    use crate::request::go;
    use crate::words::segment;

    let here = "/installningar/vidarebefordran/till-dig";
    let answer = match svar.as_str() {
        "ja" => Some(AskerAnswer::Yes),
        "nej" => Some(AskerAnswer::No),
        "sparra" => Some(AskerAnswer::Block),
        "hav" => Some(AskerAnswer::Unblock),
        _ => None,
    };
    let outcome = match (forwarding(), answer) {
        (Ok(forwarding), Some(answer)) => forwarding.answer(fraga, answer).await,
        (Err(error), _) => Err(error),
        (Ok(_), None) => Err(PortError::NotFound),
    };
    go(&match outcome {
        Ok(()) => format!("{here}?sag={}", segment(&svar)),
        Err(PortError::NotFound) => format!("{here}?fel=borta"),
        Err(_) => format!("{here}?fel=tekniskt"),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn Askers() -> impl IntoView {
    let (done, wrong) = (asked("sag"), asked("fel"));
    loaded(async move {
        let (mailbox, forwarding) = (mailbox()?, forwarding()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let askers = forwarding.askers().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, askers.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let said = match (wrong.as_deref(), done.as_deref()) {
            (Some("borta"), _) => Some((Tone::Wrong, td_string!(l, askers.gone))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, forward.failed))),
            (None, Some("ja")) => Some((Tone::Done, td_string!(l, askers.said_yes))),
            (None, Some("nej")) => Some((Tone::Done, td_string!(l, askers.said_no))),
            (None, Some("sparra")) => Some((Tone::Done, td_string!(l, askers.said_never))),
            (None, Some("hav")) => Some((Tone::Done, td_string!(l, askers.said_again))),
            _ => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, askers.title)}</h1>
                    <p class="lead">{td_string!(l, askers.lead)}</p>
                </div>
                <div class="stack">
                    {said.map(|(tone, text)| view! { <Note tone text/> })}
                    {groups(l, &askers, now)}
                </div>
            </Home>
        })
    })
}

fn groups(l: Locale, askers: &[Asker], now: OffsetDateTime) -> AnyView {
    let of = |states: &[AskerState]| -> Vec<Asker> {
        let some = askers.iter().filter(|asker| states.contains(&asker.state));
        some.cloned().collect()
    };
    let waiting = of(&[AskerState::Waiting]);
    let accepted = of(&[AskerState::Accepted]);
    let declined = of(&[AskerState::Declined, AskerState::Blocked]);
    let has_waiting = !waiting.is_empty();
    view! {
        <section class="group" aria-labelledby="fragar">
            <h2 id="fragar">{td_string!(l, askers.waiting)}</h2>
            {has_waiting.then(|| view! { <p>{td_string!(l, askers.waiting_text)}</p> })}
            {list(l, waiting, now, td_string!(l, askers.nobody_waits))}
        </section>
        <section class="group" aria-labelledby="slapps-in">
            <h2 id="slapps-in">{td_string!(l, askers.accepted)}</h2>
            {list(l, accepted, now, td_string!(l, askers.nobody))}
        </section>
        {(!declined.is_empty()).then(|| view! {
            <section class="group" aria-labelledby="har-fatt-nej">
                <h2 id="har-fatt-nej">{td_string!(l, askers.declined)}</h2>
                <p>{td_string!(l, askers.declined_text)}</p>
                {list(l, declined, now, "")}
            </section>
        })}
    }
    .into_any()
}

fn list(l: Locale, askers: Vec<Asker>, now: OffsetDateTime, none: &'static str) -> AnyView {
    if askers.is_empty() {
        return view! { <p class="muted">{none}</p> }.into_any();
    }
    view! {
        <ul class="askers">
            {askers.into_iter().map(|asker| one(l, asker, now)).collect_view()}
        </ul>
    }
    .into_any()
}

fn one(l: Locale, asker: Asker, now: OffsetDateTime) -> AnyView {
    let day = Moment::new(asker.at, now).date_in_full(l);
    let who = asker.name.clone();
    let (what, since) = match asker.state {
        AskerState::Waiting => (
            say!(l, askers.asks, who = who.clone()),
            say!(l, askers.asked_on, date = day),
        ),
        AskerState::Accepted => (who.clone(), say!(l, askers.accepted_on, date = day)),
        AskerState::Declined => (who.clone(), say!(l, askers.declined_on, date = day)),
        AskerState::Blocked => (who.clone(), say!(l, askers.blocked_on, date = day)),
    };
    let acts: Vec<(&'static str, &'static str, &'static str)> = match asker.state {
        AskerState::Waiting => vec![
            ("ja", "btn", td_string!(l, askers.yes)),
            ("nej", "btn calm", td_string!(l, askers.no)),
            ("sparra", "btn bare", td_string!(l, askers.never)),
        ],
        AskerState::Accepted => vec![("nej", "btn bare", td_string!(l, askers.stop))],
        AskerState::Declined => vec![
            ("ja", "btn bare", td_string!(l, askers.yes_after_all)),
            ("sparra", "btn bare", td_string!(l, askers.never)),
        ],
        AskerState::Blocked => vec![("hav", "btn bare", td_string!(l, askers.may_ask))],
    };
    view! {
        <li>
            <p><strong>{what}</strong><small class="muted">{say!(l, askers.number, number = asker.number.clone())}" "{since}</small></p>
            <form class="row-of" method="post" action=to(AnswerAsker::PATH)>
                <input type="hidden" name="fraga" value=asker.id.clone()/>
                {acts.into_iter().map(|(value, class, text)| view! {
                    <button class=class name="svar" value=value aria-label=format!("{text}: {who}")>{text}</button>
                }).collect_view()}
            </form>
        </li>
    }
    .into_any()
}
