//! `/hos`: others' mailboxes that the person has been let into, and those who ask for help.

use super::asked;
use super::consents::terms;
use crate::i18n::Locale;
use crate::parts::{Icon, Note, SharedPage, Tone, icon, loaded, way_out};
use crate::ports::{Consent, ConsentStands, RegisterConsent, RegisterConsents};
use crate::request::{helping, locale, mailbox, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Answers who asks for help.
#[server(name = AnswerHelp, prefix = "/api", endpoint = "hos/svar")]
async fn answer_help(ombud: String, svar: String) -> Result<(), ServerFnError> {
    use crate::ports::{ConsentId, PortError};
    use crate::request::go;

    let outcome = match (helping(), svar.as_str()) {
        (Ok(helping), "ja") => helping.answer(ConsentId(ombud), true).await,
        (Ok(helping), "nej") => helping.answer(ConsentId(ombud), false).await,
        (Ok(helping), "lamna") => helping.give_up(ConsentId(ombud)).await,
        (Ok(_), _) => Err(PortError::NotFound),
        (Err(error), _) => Err(error),
    };
    go(&match outcome {
        Ok(()) => format!("/hos?sag={}", crate::words::segment(&svar)),
        Err(PortError::NotFound) => "/hos?fel=borta".to_owned(),
        Err(_) => "/hos?fel=tekniskt".to_owned(),
    });
    Ok(())
}

/// The page.
#[component]
pub(crate) fn Helping() -> impl IntoView {
    let (done, wrong) = (asked("sag"), asked("fel"));
    loaded(async move {
        let now = visit()?.now;
        let helping = helping()?;
        let (received, registered) = (helping.received().await?, helping.by_register().await?);
        let l = locale();
        let title = format!("{} – {}", td_string!(l, helping.title), td_string!(l, brand.name));
        let said = match (wrong.as_deref(), done.as_deref()) {
            (Some("slut"), _) => Some((Tone::Wrong, td_string!(l, helping.over))),
            (Some("borta"), _) => Some((Tone::Wrong, td_string!(l, helping.gone))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, consents.failed))),
            (None, Some("ja")) => Some((Tone::Done, td_string!(l, helping.said_yes))),
            (None, Some("nej")) => Some((Tone::Done, td_string!(l, helping.said_no))),
            (None, Some("lamna")) => Some((Tone::Done, td_string!(l, helping.said_left))),
            _ => None,
        };
        let (offered, active): (Vec<Consent>, Vec<Consent>) = received
            .into_iter()
            .partition(|consent| consent.stands == ConsentStands::Offered);
        Ok(view! {
            <SharedPage title>
                <div class="page-head">
                    <h1>{td_string!(l, helping.title)}</h1>
                    <p class="lead">{td_string!(l, helping.lead)}</p>
                </div>
                <div class="stack">
                    {said.map(|(tone, text)| view! { <Note tone text/> })}
                    {asking(l, offered, now)}
                    {(!active.is_empty() || registered.consents.is_empty()).then(|| entered(l, active, now))}
                    {by_register(l, registered)}
                    {mailbox().is_err().then(|| way_out(l))}
                </div>
            </SharedPage>
        })
    })
}

fn asking(l: Locale, offered: Vec<Consent>, now: OffsetDateTime) -> Option<AnyView> {
    (!offered.is_empty()).then(|| {
        view! {
            <section class="group" aria-labelledby="fragar">
                <h2 id="fragar">{td_string!(l, helping.asking)}</h2>
                <p>{td_string!(l, helping.asking_text)}</p>
                <ul class="askers">
                    {offered.into_iter().map(|consent| {
                        let who = consent.name.clone();
                        let day = Moment::new(consent.since, now).date_in_full(l);
                        let act = |value: &'static str, class: &'static str, text: &'static str| view! {
                            <button class=class name="svar" value=value aria-label=format!("{text}: {who}")>{text}</button>
                        };
                        view! {
                            <li>
                                <p>
                                    <strong>{say!(l, helping.asks, who = who.clone())}</strong>
                                    <small class="muted">{say!(l, askers.number, number = consent.number.clone())}" "{say!(l, askers.asked_on, date = day)}</small>
                                </p>
                                <p>{terms(l, &consent, now)}</p>
                                <form class="row-of" method="post" action=AnswerHelp::PATH>
                                    <input type="hidden" name="ombud" value=consent.id.0.clone()/>
                                    {act("ja", "btn", td_string!(l, askers.yes))}
                                    {act("nej", "btn calm", td_string!(l, askers.no))}
                                </form>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}

fn entered(l: Locale, active: Vec<Consent>, now: OffsetDateTime) -> AnyView {
    if active.is_empty() {
        return view! { <p class="muted">{td_string!(l, helping.none)}</p> }.into_any();
    }
    view! {
        <section class="group" aria-labelledby="hjalper">
            <h2 id="hjalper">{td_string!(l, helping.active)}</h2>
            <ul class="askers">
                {active.into_iter().map(|consent| view! {
                    <li>
                        <p><strong>{consent.name.clone()}</strong><small class="muted">{say!(l, askers.number, number = consent.number.clone())}</small></p>
                        <p>{terms(l, &consent, now)}</p>
                        <form class="row-of" method="post" action=AnswerHelp::PATH>
                            <a class="btn" href=consent.address.clone() aria-label=say!(l, helping.open_whose, name = consent.name.clone())>
                                {icon(Icon::Inbox)}{td_string!(l, helping.open)}
                            </a>
                            <input type="hidden" name="ombud" value=consent.id.0.clone()/>
                            <button class="btn bare" name="svar" value="lamna" aria-label=say!(l, helping.leave_whose, name = consent.name.clone())>{td_string!(l, helping.leave)}</button>
                        </form>
                    </li>
                }).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

/// Those who let the person in as the register says; or that it has not said.
fn by_register(l: Locale, registered: RegisterConsents) -> Option<AnyView> {
    if !registered.told {
        return Some(view! { <Note tone=Tone::Wrong text=td_string!(l, helping.register_silent)/> }.into_any());
    }
    let one = |consent: RegisterConsent| {
        let level = if consent.manage {
            td_string!(l, helping.at_manage)
        } else {
            td_string!(l, helping.at_read)
        };
        view! {
            <li>
                <p><strong>{consent.name.clone()}</strong><small class="muted">{say!(l, askers.number, number = consent.number)}</small></p>
                <p>{level}</p>
                <p class="row-of">
                    <a class="btn" href=consent.address aria-label=say!(l, helping.open_whose, name = consent.name)>
                        {icon(Icon::Inbox)}{td_string!(l, helping.open)}
                    </a>
                </p>
            </li>
        }
    };
    let narrower = registered
        .narrower
        .then(|| view! { <p>{td_string!(l, helping.register_narrower)}</p> });
    let list = (!registered.consents.is_empty()).then(|| {
        view! {
            <p>{td_string!(l, helping.register_text)}</p>
            <ul class="askers">{registered.consents.into_iter().map(one).collect_view()}</ul>
        }
    });
    (list.is_some() || narrower.is_some()).then(|| {
        view! {
            <section class="group" aria-labelledby="registret">
                <h2 id="registret">{td_string!(l, helping.register)}</h2>
                {list}
                {narrower}
            </section>
        }
        .into_any()
    })
}
