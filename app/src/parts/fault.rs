//! The page for what went wrong: whose fault it is, what is safe, one way on, and a number to read aloud.

use super::Still;
use crate::i18n::Locale;
use crate::ports::Ports;
use crate::request::{locale, to, visit};
use crate::words::Moment;
use crate::words::say;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// What went wrong, and so what can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// No such page, or not for this person: look elsewhere.
    NotFound,
    /// Ours: try again.
    Ours,
    /// What came cannot be taken in: go back.
    #[cfg(feature = "ssr")]
    Refused,
    /// Who acts for a company cannot be told now: try again.
    #[cfg(feature = "ssr")]
    RightsUnknown,
    /// Too much in too short a time: wait.
    #[cfg(feature = "ssr")]
    TooMany,
}

/// Heading, explanation, ways on, reference number.
#[component]
pub(crate) fn FaultView(remedy: Remedy) -> impl IntoView {
    let l = locale();
    let (heading, text) = match remedy {
        Remedy::NotFound => (td_string!(l, fault.not_found), td_string!(l, fault.not_found_text)),
        Remedy::Ours => (td_string!(l, fault.ours), td_string!(l, fault.ours_text)),
        #[cfg(feature = "ssr")]
        Remedy::Refused => (td_string!(l, fault.refused), td_string!(l, fault.refused_text)),
        #[cfg(feature = "ssr")]
        Remedy::RightsUnknown => (
            td_string!(l, fault.rights_unknown),
            td_string!(l, fault.rights_unknown_text),
        ),
        #[cfg(feature = "ssr")]
        Remedy::TooMany => (td_string!(l, fault.too_many), td_string!(l, fault.too_many_text)),
    };
    let at_home = use_context::<Ports>().is_some_and(|ports| ports.home.is_some());
    let (home, home_label) = if at_home {
        ("/inkorg", td_string!(l, fault.to_inbox))
    } else {
        ("/", td_string!(l, fault.to_start))
    };
    let try_again = remedy == Remedy::Ours;
    view! {
        <div class="fault">
            <Still askew=true/>
            <div class="stack">
                <h1>{heading}</h1>
                <p class="lead">{text}</p>
            </div>
            <p class="row-of">
                {try_again.then(|| view! { <a class="btn" href="">{td_string!(l, fault.retry)}</a> })}
                <a class="btn" class:calm=try_again href=to(home)>{home_label}</a>
            </p>
            {visit().ok().filter(|_| remedy != Remedy::NotFound).map(|visit| {
                let when = Moment::new(visit.now, visit.now);
                view! {
                    {reference_line(l, visit.reference)}
                    <div class="stack">
                        <p>{td_string!(l, fault.help)}" "<a href=to("/hjalp#kontakt")>{td_string!(l, fault.help_link)}</a></p>
                        <p class="small muted">{say!(l, fault.when, at = when.in_full(l))}</p>
                    </div>
                }
            })}
        </div>
    }
    .into_any()
}

/// The number that the log has too, to be read aloud.
pub(crate) fn reference_line(l: Locale, reference: String) -> AnyView {
    view! {
        <p class="reference"><span class="small muted">{td_string!(l, fault.reference)}</span><b>{reference}</b></p>
    }
    .into_any()
}
