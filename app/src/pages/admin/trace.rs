//! `/admin/spara`: "has it arrived?". What is asked is posted, and stands in no address.

use super::account::{when, when_inside};
use super::account_lists::{arrived_state, channel_name, notice_state};
use super::accounts::number_field;
use super::reason::{reason_fields, wrong};
use crate::i18n::Locale;
use crate::pages::{asked, named};
use crate::parts::{Icon, Note, StaffPage, StaffPlace, Tone, icon, staff_loaded, staff_title};
use crate::ports::{Notified, StaffRoom, Trace, TraceCall, TraceForm, TraceOutcome, TraceStored};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Takes a question about a delivery.
#[server(name = AskTrace, prefix = "/api", endpoint = "admin/spara/fraga")]
async fn ask_trace(
    #[server(default)] vad: String,
    #[server(default)] nummer: String,
    #[server(default)] fran: String,
    #[server(default)] till: String,
    #[server(default)] skal: String,
    #[server(default)] ord: String,
) -> Result<(), ServerFnError> {
    use super::after;
    use crate::ports::{TraceAsked, WrongTrace};
    use crate::request::go;
    use crate::words::segment;

    let form = TraceForm {
        what: vad,
        number: nummer,
        first: fran,
        last: till,
        cause: skal,
        words: ord,
    };
    let asked = match staff() {
        Ok(staff) => staff.ask_trace(form).await,
        Err(error) => Err(error),
    };
    go(&match asked {
        Ok(TraceAsked::Trace(id)) => format!("/admin/spara/{}", segment(&id)),
        Ok(TraceAsked::Wrong(wrong, draft)) => {
            let wrong = match wrong {
                WrongTrace::What => "vad",
                WrongTrace::Number => "nummer",
                WrongTrace::Days => "dagar",
                WrongTrace::Cause => "skal",
                WrongTrace::Words => "ord",
                WrongTrace::Protected => "skyddad",
            };
            format!("/admin/spara?fel={wrong}&utkast={}", segment(&draft))
        }
        Err(error) => after("/admin/spara", Err(error), ""),
    });
    Ok(())
}

/// The form.
#[component]
pub(crate) fn StaffTraceForm() -> impl IntoView {
    let (fault, draft) = (asked("fel"), asked("utkast"));
    staff_loaded(async move {
        let staff = staff()?;
        let viewer = staff.viewer();
        let typed = staff.trace_form(draft).await?;
        let l = locale();
        let note = fault.as_deref().map(|fault| match fault {
            "roll" => td_string!(l, admin.not_allowed_text),
            "skyddad" => td_string!(l, traces.protected),
            "vad" | "nummer" | "dagar" | "skal" | "ord" => td_string!(l, accounts.not_right),
            _ => td_string!(l, admin.failed),
        });
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Room(StaffRoom::Trace) title=staff_title(l, td_string!(l, traces.title))>
                <div class="page-head">
                    <h1>{td_string!(l, traces.title)}</h1>
                    <p class="lead">{td_string!(l, traces.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|text| view! { <Note tone=Tone::Wrong text/> })}
                    {fields(l, typed, fault.as_deref().unwrap_or_default())}
                </div>
            </StaffPage>
        })
    })
}

fn fields(l: Locale, typed: TraceForm, fault: &str) -> AnyView {
    let is = |name: &str| fault == name;
    let wrong_what = is("vad").then(|| td_string!(l, traces.wrong_what));
    let wrong_number = is("nummer").then(|| td_string!(l, accounts.wrong_number));
    let described = if wrong_what.is_some() {
        "vad-fel vad-tips"
    } else {
        "vad-tips"
    };
    view! {
        <form class="stack" method="post" action=AskTrace::PATH autocomplete="off">
            <fieldset class="group stack">
                <legend>{td_string!(l, traces.by_name)}</legend>
                <div class="field">
                    <label for="vad">{td_string!(l, traces.what)}</label>
                    <p class="hint" id="vad-tips">{td_string!(l, traces.what_hint)}</p>
                    {wrong_what.map(|text| wrong("vad-fel", text))}
                    <input class="in" id="vad" name="vad" maxlength="255" value=typed.what autocomplete="off" spellcheck="false"
                        aria-invalid=wrong_what.map(|_| "true") aria-describedby=described/>
                </div>
            </fieldset>
            <fieldset class="group stack">
                <legend>{td_string!(l, traces.by_recipient)}</legend>
                <p class="hint">{td_string!(l, traces.by_recipient_hint)}</p>
                {number_field(l, typed.number, wrong_number)}
                {is("dagar").then(|| wrong("dagar-fel", td_string!(l, traces.wrong_days)))}
                <div class="row-of until">
                    {day("fran", td_string!(l, traces.first), typed.first, is("dagar"))}
                    {day("till", td_string!(l, traces.last), typed.last, is("dagar"))}
                </div>
            </fieldset>
            <fieldset class="group stack">
                <legend>{td_string!(l, reasons.why)}</legend>
                {reason_fields(l, &typed.cause, typed.words, (is("skal"), is("ord")))}
            </fieldset>
            <p><button class="btn">{icon(Icon::Search)}{td_string!(l, traces.ask)}</button></p>
            <p class="small muted">{td_string!(l, traces.told_holder)}</p>
        </form>
    }
    .into_any()
}

/// A day. One that is none stays to be seen: date fields show nothing that they cannot read.
fn day(id: &'static str, label: &'static str, value: String, is_wrong: bool) -> AnyView {
    let kind = if is_wrong { "text" } else { "date" };
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input class="in" id=id name=id type=kind value=value maxlength="20"
                aria-invalid=is_wrong.then_some("true") aria-describedby=is_wrong.then_some("dagar-fel")/>
        </div>
    }
    .into_any()
}

/// What was found.
#[component]
pub(crate) fn StaffTrace() -> impl IntoView {
    let (id, from) = (named("id"), asked("fore"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let id = id?;
        let trace = staff.trace(id.clone(), from).await?;
        let l = locale();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Trace) title=staff_title(l, td_string!(l, traces.found))>
                <a class="crumb" href="/admin/spara">{icon(Icon::Left)}{td_string!(l, traces.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, traces.found)}</h1>
                    <p class="lead">{if trace.by_name { td_string!(l, traces.found_name) } else { td_string!(l, traces.found_recipient) }}</p>
                </div>
                {found(l, &id, trace, now)}
            </StaffPage>
        })
    })
}

fn found(l: Locale, id: &str, trace: Trace, now: OffsetDateTime) -> AnyView {
    if trace.calls.is_empty() {
        return view! { <p class="group" role="status">{td_string!(l, traces.nothing)}</p> }.into_any();
    }
    let next = trace
        .next
        .map(|next| format!("/admin/spara/{}?fore={}", words::segment(id), words::segment(&next)));
    view! {
        <section class="group stack" aria-label=td_string!(l, traces.found)>
            <ul class="jobs">{trace.calls.into_iter().map(|call| one(l, call, now)).collect_view()}</ul>
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, admin.older)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

fn one(l: Locale, call: TraceCall, now: OffsetDateTime) -> AnyView {
    let (name, class) = match call.outcome {
        TraceOutcome::Delivered => (td_string!(l, traces.delivered), "good"),
        TraceOutcome::Duplicate => (td_string!(l, traces.duplicate), "good"),
        TraceOutcome::NotHere => (td_string!(l, traces.not_here), "bad"),
        TraceOutcome::Refused => (td_string!(l, traces.refused), "bad"),
        TraceOutcome::Failed => (td_string!(l, traces.failed), "bad"),
    };
    let sender = call
        .sender
        .map(|sender| view! { <div><dt>{td_string!(l, traces.sender)}</dt><dd>{sender}</dd></div> });
    let code = call.code.map(|code| {
        view! { <div><dt>{td_string!(l, traces.code)}</dt><dd>{code}": "{code_name(l, code)}</dd></div> }
    });
    let call_id = call
        .call_id
        .map(|id| view! { <div><dt>{td_string!(l, traces.call_id)}</dt><dd class="id">{id}</dd></div> });
    let is_delivered = call.outcome == TraceOutcome::Delivered;
    let kept = match call.stored {
        Some(stored) => stored_facts(l, stored, now),
        None if is_delivered => {
            view! { <div><dt>{td_string!(l, traces.stored)}</dt><dd>{td_string!(l, traces.stored_not)}</dd></div> }
                .into_any()
        }
        None => ().into_any(),
    };
    view! {
        <li>
            <p><strong class=class>{name}</strong></p>
            <dl class="facts">
                <div><dt>{td_string!(l, traces.received)}</dt><dd>{when(l, call.at, now)}</dd></div>
                {sender}{code}{call_id}{kept}
            </dl>
        </li>
    }
    .into_any()
}

fn stored_facts(l: Locale, stored: TraceStored, now: OffsetDateTime) -> AnyView {
    let letters: Vec<_> = stored.letters.iter().map(|state| arrived_state(l, *state)).collect();
    let letters = (!letters.is_empty()).then(|| format!(" ({})", letters.join(", ")));
    let notices = if stored.notices.is_empty() {
        ().into_any()
    } else {
        view! {
            <div><dt>{td_string!(l, traces.notices)}</dt>
            <dd><ul>{stored.notices.into_iter().map(|notice| view! { <li>{notified(l, notice, now)}</li> }).collect_view()}</ul></dd></div>
        }
        .into_any()
    };
    view! {
        <div><dt>{td_string!(l, traces.stored)}</dt>
        <dd>{td_string!(l, traces.stored_since)}" "{when_inside(l, stored.at, now)}{letters}</dd></div>
        {notices}
    }
    .into_any()
}

fn notified(l: Locale, notice: Notified, now: OffsetDateTime) -> String {
    let way = channel_name(l, notice.channel);
    let at = Moment::new(notice.at, now);
    match (notice.state, notice.arrived) {
        (_, Some(arrived)) => say!(
            l,
            traces.notice_arrived,
            way = way,
            at = Moment::new(arrived, now).in_sentence(l)
        ),
        (Some(state), None) => {
            let state = notice_state(l, state, 0);
            say!(l, traces.notice, way = way, state = state, at = at.in_sentence(l))
        }
        (None, None) => say!(l, traces.notice_later, way = way, at = at.in_future(l)),
    }
}

/// What a code means, in few words; a sender's engineers were told more.
pub(super) fn code_name(l: Locale, code: u16) -> &'static str {
    match code {
        1 | 5001 | 5016 => td_string!(l, traces.code_malformed),
        3 => td_string!(l, traces.code_certificate),
        5 => td_string!(l, traces.code_not_authorised),
        5002 | 5012 => td_string!(l, traces.code_signature),
        5005 => td_string!(l, traces.code_too_large),
        5014 | 6005 => td_string!(l, traces.code_sender),
        5019 => td_string!(l, traces.code_content),
        4999 | 5000 | 5015 => td_string!(l, traces.code_ours),
        _ => td_string!(l, traces.code_other),
    }
}
