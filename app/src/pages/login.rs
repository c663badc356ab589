//! `/logga-in/fel`: why a login did not work, by code. `/utloggad`: after a session.

use super::{asked, asked_reference};
use crate::parts::{OpenPage, Still, loaded, login_ways, reference_line};
use crate::request::{answer_with, locale, ports, to};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Why a login did not work, as the code in the address says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// The person broke it off.
    Cancelled,
    /// The issuer suspects fraud: no new attempt from here.
    Suspect,
    /// The level is too low.
    Level,
    /// No Swedish number.
    Number,
    /// Under 18.
    TooYoung,
    /// Too old, or begun elsewhere.
    Expired,
    /// The mailbox is locked.
    Locked,
    /// Anything else.
    Technical,
}

impl Reason {
    fn from_code(code: Option<&str>) -> Self {
        match code {
            Some("avbruten") => Self::Cancelled,
            Some("misstankt") => Self::Suspect,
            Some("niva") => Self::Level,
            Some("nummer") => Self::Number,
            Some("alder") => Self::TooYoung,
            Some("gammal") => Self::Expired,
            Some("last") => Self::Locked,
            _ => Self::Technical,
        }
    }
}

/// What happened, what it means, and the ways to try again where that makes sense.
#[component]
pub(crate) fn LoginFault() -> impl IntoView {
    let reason = Reason::from_code(asked("kod").as_deref());
    let reference = asked_reference();
    loaded(async move {
        let l = locale();
        let (heading, text) = match reason {
            Reason::Cancelled => (
                td_string!(l, login_fault.cancelled),
                td_string!(l, login_fault.cancelled_text),
            ),
            Reason::Suspect => (
                td_string!(l, login_fault.suspect),
                td_string!(l, login_fault.suspect_text),
            ),
            Reason::Level => (td_string!(l, login_fault.level), td_string!(l, login_fault.level_text)),
            Reason::Number => (
                td_string!(l, login_fault.number),
                td_string!(l, login_fault.number_text),
            ),
            Reason::TooYoung => (
                td_string!(l, login_fault.too_young),
                td_string!(l, login_fault.too_young_text),
            ),
            Reason::Expired => (
                td_string!(l, login_fault.expired),
                td_string!(l, login_fault.expired_text),
            ),
            Reason::Locked => (
                td_string!(l, login_fault.locked),
                td_string!(l, login_fault.locked_text),
            ),
            Reason::Technical => (
                td_string!(l, login_fault.technical),
                td_string!(l, login_fault.technical_text),
            ),
        };
        let again = !matches!(
            reason,
            Reason::Suspect | Reason::TooYoung | Reason::Number | Reason::Locked
        );
        let choices = if again {
            ports()?.login.choices().await?
        } else {
            Vec::new()
        };
        let shows_reference = reason != Reason::Cancelled;
        if reason == Reason::Technical {
            answer_with(502);
        }
        Ok(view! {
            <OpenPage title=td_string!(l, login_fault.title)>
                <div class="fault">
                    <Still askew={reason == Reason::Technical}/>
                    <div class="stack">
                        <h1>{heading}</h1>
                        <p class="lead">{text}</p>
                    </div>
                    {if again {
                        Either::Left(view! { <h2>{td_string!(l, login_fault.retry)}</h2>{login_ways(l, choices, "/logga-in", td_string!(l, start.no_ways), None)} })
                    } else {
                        Either::Right(view! { <p><a class="btn" href=to("/")>{td_string!(l, fault.to_start)}</a></p> })
                    }}
                    {reference.filter(|_| shows_reference).map(|reference| view! {
                        {reference_line(l, reference)}
                        <p>{td_string!(l, fault.help)}" "<a href=to("/hjalp#kontakt")>{td_string!(l, fault.help_link)}</a></p>
                    })}
                </div>
            </OpenPage>
        })
    })
}

/// The page after logging out, or after a session ran idle (`?skal=tid`).
#[component]
pub(crate) fn SignedOut() -> impl IntoView {
    let idle = asked("skal").as_deref() == Some("tid");
    loaded(async move {
        let l = locale();
        let still_in = ports()?.home.is_some();
        let (heading, text) = match (still_in, idle) {
            (true, _) => (td_string!(l, signed_out.still), td_string!(l, signed_out.still_text)),
            (false, true) => (
                td_string!(l, signed_out.idle_heading),
                td_string!(l, signed_out.idle_text),
            ),
            (false, false) => (td_string!(l, signed_out.heading), td_string!(l, signed_out.text)),
        };
        Ok(view! {
            <OpenPage title=td_string!(l, signed_out.title)>
                <div class="fault">
                    <Still askew=false/>
                    <div class="stack">
                        <h1>{heading}</h1>
                        <p class="lead">{text}</p>
                    </div>
                    <p class="row-of">
                        {if still_in {
                            Either::Left(view! { <a class="btn" href=to("/inkorg")>{td_string!(l, signed_out.to_inbox)}</a> })
                        } else {
                            Either::Right(view! { <a class="btn" href=to("/")>{td_string!(l, signed_out.again)}</a> })
                        }}
                    </p>
                </div>
            </OpenPage>
        })
    })
}
