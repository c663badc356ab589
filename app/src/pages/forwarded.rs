//! `/vidarebefordrat`: what was passed on, to whom, and how it went. `/installningar/vidarebefordran`: the rules that do it.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Tone, icon, loaded};
use crate::ports::{ForwardRule, ForwardState, ForwardWay, ForwardedRow};
use crate::request::{forwarding, locale, mailbox, to, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Takes a rule away.
#[server(name = EndForwarding, prefix = "/api", endpoint = "vidarebefordra/avsluta")]
async fn end_forwarding(regel: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match forwarding() {
        Ok(forwarding) => forwarding.remove_forward_rule(regel).await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/installningar/vidarebefordran?sag=avslutad"
    } else {
        "/installningar/vidarebefordran?fel=tekniskt"
    });
    Ok(())
}

/// Takes a letter back that waits for an answer.
#[server(name = TakeForwardBack, prefix = "/api", endpoint = "vidarebefordra/ta-tillbaka")]
async fn take_forward_back(rad: String) -> Result<(), ServerFnError> {
    use crate::ports::PortError;
    use crate::request::go;

    let outcome = match forwarding() {
        Ok(forwarding) => forwarding.take_back(rad).await,
        Err(error) => Err(error),
    };
    go(match outcome {
        Ok(()) => "/vidarebefordrat?sag=tillbaka",
        Err(PortError::NotFound) => "/vidarebefordrat?fel=sent",
        Err(_) => "/vidarebefordrat?fel=tekniskt",
    });
    Ok(())
}

/// The log.
#[component]
pub(crate) fn Forwarded() -> impl IntoView {
    let (done, wrong, before) = (asked("sag"), asked("fel"), asked("fore"));
    loaded(async move {
        let (mailbox, forwarding) = (mailbox()?, forwarding()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let page = forwarding.forwarded(before).await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, forward.log_title), td_string!(l, brand.name));
        let said = match (wrong.as_deref(), done.as_deref()) {
            (Some("sent"), _) => Some((Tone::Wrong, td_string!(l, forward.too_late))),
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, forward.failed))),
            (None, Some("skickas")) => Some((Tone::Done, td_string!(l, forward.is_sent))),
            (None, Some("regel")) => Some((Tone::Done, td_string!(l, forward.is_sent_and_rule))),
            (None, Some("fragar")) => Some((Tone::Done, td_string!(l, forward.asks))),
            (None, Some("fragar-regel")) => Some((Tone::Done, td_string!(l, forward.asks_and_rule))),
            (None, Some("tillbaka")) => Some((Tone::Done, td_string!(l, forward.taken_back))),
            _ => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar/vidarebefordran")>{icon(Icon::Left)}{td_string!(l, forward.rules_title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, forward.log_title)}</h1>
                    <p class="lead">{td_string!(l, forward.log_lead)}</p>
                </div>
                <div class="stack">
                    {said.map(|(tone, text)| view! { <Note tone text/> })}
                    <section class="group">{table(l, page.rows, now)}</section>
                    {page.next.map(|next| view! {
                        <p><a class="btn calm" rel="next" href=to(format!("/vidarebefordrat?fore={}", words::segment(&next)))>
                            {td_string!(l, forward.older)}
                        </a></p>
                    })}
                </div>
            </Home>
        })
    })
}

fn table(l: Locale, rows: Vec<ForwardedRow>, now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! {
            <h2>{td_string!(l, forward.none)}</h2>
            <p class="muted">{td_string!(l, forward.none_text)}</p>
        }
        .into_any();
    }
    view! {
        <table class="table log">
            <thead>
                <tr>
                    <th scope="col">{td_string!(l, notices.when)}</th>
                    <th scope="col">{td_string!(l, notices.letter)}</th>
                    <th scope="col">{td_string!(l, notices.to)}</th>
                    <th scope="col">{td_string!(l, notices.state)}</th>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|row| {
                    let at = Moment::new(row.at, now);
                    let class = match row.state {
                        ForwardState::Sent => "good",
                        ForwardState::Waiting | ForwardState::Asking | ForwardState::Withdrawn | ForwardState::Unanswered => "",
                        ForwardState::Failed | ForwardState::Stopped => "bad",
                    };
                    let state = state(l, &row);
                    let back = (row.state == ForwardState::Asking).then(|| {
                        let which = say!(l, forward.take_back_which, to = row.to.clone());
                        view! {
                            <form method="post" action=to(TakeForwardBack::PATH)>
                                <input type="hidden" name="rad" value=row.id.clone()/>
                                <button class="btn bare" aria-label=which>{td_string!(l, forward.take_back)}</button>
                            </form>
                        }
                    });
                    view! {
                        <tr>
                            <td data-label=td_string!(l, notices.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
                            <td class="what" data-label=td_string!(l, notices.letter)>
                                {match row.letter {
                                    Some((id, subject)) => view! {
                                        <a href=to(format!("/brev/{}", words::segment(&id.0)))>{subject}</a>
                                    }.into_any(),
                                    None => view! { <span>{td_string!(l, forward.gone)}</span> }.into_any(),
                                }}
                            </td>
                            <td data-label=td_string!(l, notices.to)>{row.to}{row.by_rule.then(|| view! { <small>{td_string!(l, forward.by_rule)}</small> })}</td>
                            <td data-label=td_string!(l, notices.state)><span class=class>{state}</span>{back}</td>
                        </tr>
                    }
                }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

fn state(l: Locale, row: &ForwardedRow) -> String {
    match row.state {
        ForwardState::Asking => td_string!(l, forward.asking).to_owned(),
        ForwardState::Unanswered => td_string!(l, forward.unanswered).to_owned(),
        ForwardState::Withdrawn => td_string!(l, forward.withdrawn).to_owned(),
        ForwardState::Sent if row.way == ForwardWay::Mailbox => td_string!(l, forward.handed_over).to_owned(),
        ForwardState::Waiting if row.attempts == 0 => td_string!(l, notices.waiting).to_owned(),
        ForwardState::Waiting => say!(l, notices.waiting_again, n = row.attempts),
        ForwardState::Sent => td_string!(l, forward.sent).to_owned(),
        ForwardState::Failed => say!(l, notices.failed, n = row.attempts),
        ForwardState::Stopped => td_string!(l, forward.stopped).to_owned(),
    }
}

/// The rules.
#[component]
pub(crate) fn ForwardRules() -> impl IntoView {
    let (done, wrong) = (asked("sag"), asked("fel"));
    loaded(async move {
        let (mailbox, forwarding) = (mailbox()?, forwarding()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let rules = forwarding.forward_rules().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, forward.rules_title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        let said = match (wrong, done) {
            (Some(_), _) => Some((Tone::Wrong, td_string!(l, forward.failed))),
            (None, Some(_)) => Some((Tone::Done, td_string!(l, forward.ended))),
            _ => None,
        };
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar")>{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, forward.rules_title)}</h1>
                    <p class="lead">{td_string!(l, forward.rules_lead)}</p>
                </div>
                <div class="stack">
                    {said.map(|(tone, text)| view! { <Note tone text/> })}
                    <section class="group" aria-labelledby="regler">
                        <h2 id="regler">{td_string!(l, forward.rules)}</h2>
                        {list(l, rules, now)}
                        <p class="muted">{td_string!(l, forward.rules_how)}</p>
                    </section>
                    <p><a href=to("/vidarebefordrat")>{td_string!(l, forward.see_log)}</a></p>
                    <p><a href=to("/installningar/vidarebefordran/till-dig")>{td_string!(l, forward.see_askers)}</a></p>
                </div>
            </Home>
        })
    })
}

fn list(l: Locale, rules: Vec<ForwardRule>, now: OffsetDateTime) -> AnyView {
    if rules.is_empty() {
        return view! { <p>{td_string!(l, forward.no_rules)}</p> }.into_any();
    }
    view! {
        <ul>
            {rules.into_iter().map(|rule| {
                let until = Moment::new(rule.ends_at, now).date_in_full(l);
                let what = match rule.sender {
                    Some(sender) => say!(l, forward.rule_sender, sender = sender),
                    None => td_string!(l, forward.rule_all).to_owned(),
                };
                let ends = if rule.over { say!(l, forward.was_over, date = until) } else { say!(l, forward.until, date = until) };
                let which = say!(l, forward.end_which, to = rule.to);
                view! {
                    <li class="setting">
                        <div><strong class="address">{rule.to.clone()}</strong><small>{what}" "{ends}</small></div>
                        <form method="post" action=to(EndForwarding::PATH)>
                            <input type="hidden" name="regel" value=rule.id/>
                            <button class="btn bare" aria-label=which>{td_string!(l, forward.end)}</button>
                        </form>
                    </li>
                }
            }).collect_view()}
        </ul>
    }
    .into_any()
}
