//! `/villkor`: the terms, and opening a mailbox at the first login.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Icon, Note, Prose, SharedPage, Still, Tone, icon, loaded};
use crate::ports::{Consent, ConsentStands, Standing};
#[cfg(feature = "ssr")]
use crate::request::Language;
use crate::request::{locale, ports, to};
use crate::words::say;
use leptos::either::EitherOf4;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;

/// What a closed mailbox says of itself, and where opening it again begins.
const CLOSED: &str = "/installningar/brevlada";

/// Accepts the terms of a version and opens the mailbox. What came of it is asked anew by the page, unless it is there.
#[server(name = OpenMailbox, prefix = "/api", endpoint = "villkor")]
async fn open_mailbox(villkor: String, #[server(default)] godkanner: Option<String>) -> Result<(), ServerFnError> {
    use crate::request::{go, registration};

    if godkanner.is_none() {
        go("/villkor?fel=kryss#kryss");
        return Ok(());
    }
    let standing = match registration() {
        Ok(registration) => registration.accept(villkor).await,
        Err(error) => Err(error),
    };
    go(match standing {
        Ok(Standing::Open) => "/inkorg?sag=valkommen",
        Ok(Standing::TryAgain) | Err(_) => "/villkor?fel=igen",
        Ok(Standing::MayOpen { .. }) => "/villkor?fel=kvar",
        // FaR says these two when it is asked to register, not when it is asked how the person stands.
        Ok(Standing::Protected) => "/villkor?fel=skyddad",
        Ok(Standing::NoSwedishNumber) => "/villkor?fel=nummer",
        Ok(_) => "/villkor?oppna=igen",
    });
    Ok(())
}

/// Accepts the terms of a version and moves the mailbox here.
#[server(name = MoveHere, prefix = "/api", endpoint = "villkor/flytta")]
async fn move_here(villkor: String, #[server(default)] godkanner: Option<String>) -> Result<(), ServerFnError> {
    use crate::request::{go, registration};

    if godkanner.is_none() {
        go("/villkor?oppna=igen&fel=kryss#kryss");
        return Ok(());
    }
    let standing = match registration() {
        Ok(registration) => registration.move_here(villkor).await,
        Err(error) => Err(error),
    };
    go(match standing {
        Ok(Standing::Open) => "/inkorg?sag=valkommen",
        Ok(Standing::TryAgain) | Err(_) => "/villkor?oppna=igen&fel=flytt",
        Ok(_) => "/villkor?oppna=igen",
    });
    Ok(())
}

/// The terms: to accept for whoever logs in for the first time, to read for everybody else.
#[component]
pub(crate) fn Terms() -> impl IntoView {
    let wrong = asked("fel");
    let again = asked("oppna").is_some();
    loaded(async move {
        let ports = ports()?;
        let l = locale();
        // A mailbox that is closed and can still be read: there is somewhere to go back to.
        let way_out = if ports.home.is_some() {
            WayOut::Back
        } else {
            WayOut::LogOut
        };
        let standing = match ports.registration {
            // Whoever has a mailbox comes here to read, or to open one that is closed.
            Some(registration) if ports.home.is_none() || again => {
                Some(match (registration.standing().await?, wrong.as_deref()) {
                    (Standing::MayOpen { .. }, Some("skyddad")) => Standing::Protected,
                    (Standing::MayOpen { .. }, Some("nummer")) => Standing::NoSwedishNumber,
                    (standing, _) => standing,
                })
            }
            _ => None,
        };
        let content = match standing {
            None => EitherOf4::A(view! {
                <div class="page-head">
                    <h1>{td_string!(l, terms.heading_read)}</h1>
                    <p class="lead">{td_string!(l, terms.lead_read)}</p>
                </div>
                <Text/>
            }),
            Some(Standing::MayOpen { name, terms }) => {
                EitherOf4::B(may_open(l, name, terms, wrong.as_deref(), way_out))
            }
            Some(Standing::Elsewhere { operator, terms }) => {
                EitherOf4::C(may_move(l, operator, terms, wrong.as_deref(), way_out))
            }
            Some(other) => EitherOf4::D(cannot_open(l, other, way_out)),
        };
        let acting = ports
            .companies
            .as_ref()
            .filter(|companies| ports.home.is_none() && companies.acts_for_some());
        let for_company = acting.map(|companies| companies_note(l, companies.waiting()));
        let helped = match ports.helping.as_ref().filter(|_| ports.home.is_none()) {
            Some(helping) => helping.received().await?,
            None => Vec::new(),
        };
        let for_helper = helpers_note(l, &helped);
        Ok(view! { <SharedPage title=td_string!(l, terms.title)>{for_helper}{for_company}{content}</SharedPage> })
    })
}

/// Whoever is asked to help, or does, may have come for that, not for a mailbox of their own.
fn helpers_note(l: Locale, helped: &[Consent]) -> Option<AnyView> {
    let first = |stands: ConsentStands| helped.iter().find(|consent| consent.stands == stands);
    let text = match (first(ConsentStands::Offered), first(ConsentStands::Active)) {
        (Some(asks), _) => say!(l, helping.asks_without, who = asks.name.clone()),
        (None, Some(helped)) => say!(l, helping.helps_without, who = helped.name.clone()),
        (None, None) => return None,
    };
    Some(note_with_way(text, "/hos", td_string!(l, helping.title)))
}

/// Whoever acts for a company may have come for its mailbox, not for one of their own.
fn companies_note(l: Locale, waiting: usize) -> AnyView {
    let text = match waiting {
        0 => td_string!(l, companies.act_for).to_owned(),
        1 => td_string!(l, companies.one_waits).to_owned(),
        n => say!(l, companies.some_wait, n = n),
    };
    note_with_way(text, "/foretag", td_string!(l, companies.title))
}

/// A note that leads somewhere else than the terms do.
fn note_with_way(text: String, address: &'static str, name: &'static str) -> AnyView {
    view! {
        <div class="note" role="note">
            {icon(Icon::Info)}
            <p class="note-text">{text}</p>
            <a class="btn bare" href=address>{name}</a>
        </div>
    }
    .into_any()
}

fn may_open(l: Locale, name: String, version: String, wrong: Option<&str>, way_out: WayOut) -> AnyView {
    let unticked = wrong == Some("kryss");
    let note = match wrong {
        None | Some("kryss") => None,
        Some("igen") => Some((td_string!(l, terms.try_again), td_string!(l, terms.try_again_text))),
        Some(_) => Some((
            td_string!(l, terms.still_closed),
            td_string!(l, terms.still_closed_text),
        )),
    };
    view! {
        {crumb(l, way_out)}
        <div class="page-head">
            <h1>{td_string!(l, terms.heading)}</h1>
            <p class="lead">{say!(l, terms.lead, name = name)}</p>
        </div>
        {note.map(|(heading, text)| view! { <Note tone=Tone::Wrong heading text/> })}
        <Text/>
        <p class="small muted">{say!(l, terms.version, version = version.clone())}</p>
        <form class="agree stack" method="post" action=to(OpenMailbox::PATH)>
            <input type="hidden" name="villkor" value=version/>
            {agreeing(td_string!(l, terms.agree), unticked.then_some(td_string!(l, terms.not_agreed_text)))}
            <p><button class="btn">{td_string!(l, terms.open)}</button></p>
        </form>
        {leave(l, way_out, Weight::Aside)}
    }
    .into_any()
}

/// The box to tick, with a sentence beside it when it was not.
fn agreeing(name: &'static str, wrong: Option<&'static str>) -> AnyView {
    view! {
        <div class="field" id="kryss">
            {wrong.map(|wrong| view! { <p class="wrong" id="kryss-fel" role="alert">{icon(Icon::Alert)}{wrong}</p> })}
            <label class="check">
                <input class="box" type="checkbox" name="godkanner" value="ja" required
                    aria-invalid=wrong.map(|_| "true") aria-describedby=wrong.map(|_| "kryss-fel")/>
                <span>{name}</span>
            </label>
        </div>
    }
    .into_any()
}

/// A mailbox at another operator can be moved here.
fn may_move(l: Locale, operator: String, version: String, wrong: Option<&str>, way_out: WayOut) -> AnyView {
    let unticked = wrong == Some("kryss");
    let note = match wrong {
        None | Some("kryss") => None,
        Some(_) => Some((td_string!(l, terms.not_moved), td_string!(l, terms.not_moved_text))),
    };
    view! {
        {crumb(l, way_out)}
        <div class="page-head">
            <h1>{td_string!(l, terms.elsewhere)}</h1>
            <p class="lead">{say!(l, terms.elsewhere_text, operator = operator)}</p>
        </div>
        {note.map(|(heading, text)| view! { <Note tone=Tone::Wrong heading text/> })}
        <div class="prose-list">
            <Prose heading=td_string!(l, terms.moving) text=td_string!(l, terms.moving_text)/>
        </div>
        <details class="unfold whole-terms">
            <summary>{td_string!(l, terms.whole)}{icon(Icon::Down)}</summary>
            <Text/>
        </details>
        <p class="small muted">{say!(l, terms.version, version = version.clone())}</p>
        <form class="agree stack" method="post" action=to(MoveHere::PATH)>
            <input type="hidden" name="villkor" value=version/>
            <p>{moving_sentence(l, &operator)}</p>
            {agreeing(td_string!(l, terms.agree_move), unticked.then_some(td_string!(l, terms.not_agreed_move)))}
            <p><button class="btn">{td_string!(l, terms.move_verb)}</button></p>
        </form>
        {leave(l, way_out, Weight::Aside)}
    }
    .into_any()
}

/// What is agreed to beside the terms, when a mailbox is moved.
fn moving_sentence(l: Locale, operator: &str) -> String {
    say!(l, terms.sign_move, operator = operator)
}

/// The whole text that is signed to move a mailbox here from `operator`.
#[cfg(feature = "ssr")]
pub fn moving_text(language: Language, operator: &str) -> String {
    format!(
        "{}\n\n{}",
        moving_sentence(language.into(), operator),
        terms_text(language)
    )
}

/// Where somebody goes who does not open a mailbox now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WayOut {
    /// Back to the mailbox that is closed.
    Back,
    /// Nowhere: there is no mailbox to be in.
    LogOut,
}

fn crumb(l: Locale, way_out: WayOut) -> Option<AnyView> {
    (way_out == WayOut::Back).then(|| {
        view! { <a class="crumb" href=to(CLOSED)>{icon(Icon::Left)}{td_string!(l, operator.title)}</a> }.into_any()
    })
}

/// What the way out is among the things to do on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    /// Beside another.
    Aside,
    /// The only one.
    Alone,
}

fn leave(l: Locale, way_out: WayOut, weight: Weight) -> AnyView {
    let (class, log_out) = match weight {
        Weight::Aside => ("btn bare", td_string!(l, terms.not_now)),
        Weight::Alone => ("btn", td_string!(l, door.sign_out)),
    };
    match way_out {
        WayOut::Back => {
            view! { <p><a class=class href=to(CLOSED)>{td_string!(l, terms.not_now_back)}</a></p> }.into_any()
        }
        WayOut::LogOut => view! {
            <form method="post" action=to("/logga-ut")><button class=class>{log_out}</button></form>
        }
        .into_any(),
    }
}

/// Why there will be no mailbox here, or not yet.
fn cannot_open(l: Locale, standing: Standing, way_out: WayOut) -> AnyView {
    let (heading, text) = match standing {
        Standing::Open | Standing::MayOpen { .. } | Standing::Elsewhere { .. } => {
            return view! {
                <h1>{td_string!(l, terms.open_already)}</h1>
                <p><a class="btn" href=to("/inkorg")>{td_string!(l, terms.to_inbox)}</a></p>
            }
            .into_any();
        }
        Standing::TooYoung => (td_string!(l, terms.too_young), td_string!(l, terms.too_young_text)),
        Standing::Protected => (td_string!(l, terms.protected), td_string!(l, terms.protected_text)),
        Standing::NoSwedishNumber => (td_string!(l, terms.no_number), td_string!(l, terms.no_number_text)),
        Standing::TryAgain => {
            return view! {
                <div class="fault">
                    <Still askew=true/>
                    <div class="stack">
                        <h1>{td_string!(l, terms.try_again)}</h1>
                        <p class="lead">{td_string!(l, terms.try_again_text)}</p>
                    </div>
                    <p><a class="btn" href=to("/villkor?oppna=igen")>{td_string!(l, terms.retry)}</a></p>
                    {leave(l, way_out, Weight::Aside)}
                </div>
            }
            .into_any();
        }
    };
    view! {
        <div class="fault">
            <Still askew=false/>
            <div class="stack">
                <h1>{heading}</h1>
                <p class="lead">{text}</p>
            </div>
            {leave(l, way_out, Weight::Alone)}
            <p><a href=to("/hjalp")>{td_string!(l, door.help)}</a></p>
        </div>
    }
    .into_any()
}

/// The terms, part by part: what the page shows is what is agreed to.
fn parts_of_terms(l: Locale) -> [(&'static str, &'static str); 5] {
    [
        (td_string!(l, terms.what), td_string!(l, terms.what_text)),
        (td_string!(l, terms.yours), td_string!(l, terms.yours_text)),
        (td_string!(l, terms.ours), td_string!(l, terms.ours_text)),
        (td_string!(l, terms.data), td_string!(l, terms.data_text)),
        (td_string!(l, terms.end), td_string!(l, terms.end_text)),
    ]
}

/// The whole text of the terms in a language, to be signed with the registration.
#[cfg(feature = "ssr")]
pub fn terms_text(language: Language) -> String {
    parts_of_terms(language.into())
        .map(|(heading, text)| format!("{heading}\n{text}"))
        .join("\n\n")
}

#[component]
fn Text() -> impl IntoView {
    let [what, yours, ours, data, end] = parts_of_terms(locale());
    view! {
        <div class="prose-list">
            <Prose heading=what.0 text=what.1/>
            <Prose heading=yours.0 text=yours.1/>
            <Prose heading=ours.0 text=ours.1/>
            <Prose heading=data.0 text=data.1 id="personuppgifter"/>
            <Prose heading=end.0 text=end.1/>
        </div>
    }
    .into_any()
}
