//! `/betala`: what letters ask to be paid, soonest first, and the calendar feed that tells of it.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Note, Place, Still, Tone, loaded, small_icon};
use crate::ports::{CalendarDetail, CalendarFeed, LetterId, PaymentPage, PaymentRow};
#[cfg(feature = "ssr")]
use crate::request::Language;
use crate::request::{May, locale, mailbox, matters, may, may_manage, to, visit};
use crate::words::{self, Due, Moment, say};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Marks what a letter asks for as paid, or as not. Comes back to the letter when it was asked there.
#[server(name = Settle, prefix = "/api", endpoint = "betala/markera")]
async fn settle(brev: String, betald: bool, fran: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let letter = LetterId(brev);
    let back = match fran.as_str() {
        "brev" => format!("/brev/{}", words::segment(&letter.0)),
        _ => "/betala".to_owned(),
    };
    let outcome = match matters() {
        Ok(matters) => matters.settle(letter.clone(), betald).await,
        Err(error) => Err(error),
    };
    let said = match (&outcome, betald) {
        (Ok(()), true) => format!("sag=betald&brev={}", words::segment(&letter.0)),
        (Ok(()), false) => "sag=obetald".to_owned(),
        (Err(_), _) => "fel=betald".to_owned(),
    };
    let place = if fran == "brev" { "#betala" } else { "" };
    go(&format!("{back}?{said}{place}"));
    Ok(())
}

/// Makes the calendar feed, in the place of the one before.
#[server(name = MakeCalendar, prefix = "/api", endpoint = "betala/kalender")]
async fn make_calendar(visa: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let detail = match visa.as_str() {
        "summa" => CalendarDetail::Sum,
        "mottagare" => CalendarDetail::Payee,
        _ => CalendarDetail::Day,
    };
    let outcome = match matters() {
        Ok(matters) => matters.make_calendar(detail).await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/betala?sag=kalender#kalender"
    } else {
        "/betala?fel=kalender#kalender"
    });
    Ok(())
}

/// Takes the calendar feed away.
#[server(name = RevokeCalendar, prefix = "/api", endpoint = "betala/kalender/bort")]
async fn revoke_calendar() -> Result<(), ServerFnError> {
    use crate::request::go;

    let outcome = match matters() {
        Ok(matters) => matters.revoke_calendar().await,
        Err(error) => Err(error),
    };
    go(if outcome.is_ok() {
        "/betala?sag=kalender-bort#kalender"
    } else {
        "/betala?fel=kalender#kalender"
    });
    Ok(())
}

/// The words of the calendar feed in one language, with `{sum}` and `{payee}` to be filled.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug)]
pub struct CalendarWords {
    /// The calendar's name.
    pub name: &'static str,
    /// An entry that says the day only.
    pub day: &'static str,
    /// One that says the sum.
    pub sum: &'static str,
    /// One that says the payee too.
    pub payee: &'static str,
    /// What stands in each: where the day comes from.
    pub source: &'static str,
}

/// The words of the calendar feed.
#[cfg(feature = "ssr")]
pub fn calendar_words(language: Language) -> CalendarWords {
    let l: Locale = language.into();
    CalendarWords {
        name: td_string!(l, payments.calendar_name),
        day: td_string!(l, payments.calendar_day),
        sum: td_string!(l, payments.calendar_sum),
        payee: td_string!(l, payments.calendar_payee),
        source: td_string!(l, payments.calendar_source),
    }
}

/// What is to be paid.
#[component]
pub(crate) fn Payments() -> impl IntoView {
    let before = asked("fore").filter(|id| !id.is_empty()).map(LetterId);
    let (said, wrong, settled) = (asked("sag"), asked("fel"), asked("brev"));
    loaded(async move {
        let viewer = mailbox()?.viewer().await?;
        let now = visit()?.now;
        let matters = matters()?;
        let page = matters.payments(before.clone()).await?;
        let feed = matters.calendar().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, payments.title), td_string!(l, brand.name));
        let note = match (said.as_deref(), wrong.as_deref()) {
            (_, Some(_)) => Some((Tone::Wrong, td_string!(l, payments.failed))),
            (Some("betald"), _) => Some((Tone::Done, td_string!(l, payments.now_paid))),
            (Some("obetald"), _) => Some((Tone::Done, td_string!(l, payments.now_unpaid))),
            (Some("kalender"), _) => Some((Tone::Done, td_string!(l, payments.calendar_made))),
            (Some("kalender-bort"), _) => Some((Tone::Done, td_string!(l, payments.calendar_revoked))),
            _ => None,
        };
        let take_back = settled.filter(|_| said.as_deref() == Some("betald"));
        Ok(view! {
            <Home viewer place=Place::Payments title>
                <div class="page-head">
                    <h1>{td_string!(l, payments.title)}</h1>
                    <p class="lead">{td_string!(l, payments.lead)}</p>
                </div>
                <div class="stack">
                    {note.map(|(tone, text)| view! { <Note tone text/> })}
                    {take_back.map(|letter| settle_form(&LetterId(letter), false, "lista", td_string!(l, payments.undo)))}
                    {list(l, page, before.is_some(), now)}
                    {may(May::GiveAccess).then(|| calendar(l, feed, now))}
                </div>
            </Home>
        })
    })
}

fn list(l: Locale, page: PaymentPage, later: bool, now: OffsetDateTime) -> AnyView {
    if page.payments.is_empty() {
        return view! {
            <section class="group" aria-labelledby="inget">
                <Still askew=false/>
                <h2 id="inget">{td_string!(l, payments.none)}</h2>
                <p>{td_string!(l, payments.none_text)}</p>
            </section>
        }
        .into_any();
    }
    view! {
        <ul class="payments">{page.payments.into_iter().map(|row| payment(l, row, now)).collect_view()}</ul>
        {(page.next.is_some() || later).then(|| view! {
            <nav class="pages" aria-label=td_string!(l, payments.pages)>
                {later.then(|| view! { <a class="btn bare" href=to("/betala")>{small_icon(Icon::Up)}{td_string!(l, matters.newest)}</a> })}
                {page.next.map(|next| view! {
                    <a class="btn calm" rel="next" href=to(format!("/betala?fore={}", words::segment(&next.0)))>
                        {td_string!(l, payments.more)}{small_icon(Icon::Down)}
                    </a>
                })}
            </nav>
        })}
    }
    .into_any()
}

fn payment(l: Locale, row: PaymentRow, now: OffsetDateTime) -> AnyView {
    let due = Due::parse(&row.payment.due);
    let sum = words::sum(l, row.payment.amount_ore, &row.payment.currency);
    let late = due.is_some_and(|due| due.is_past(now));
    view! {
        <li class="card payment">
            <div>
                <p class="sum">{sum}</p>
                <p><a href=to(format!("/brev/{}#betala", words::segment(&row.letter.0)))>{row.payee.clone()}</a></p>
            </div>
            <p class="payment-day" class:bad=late>
                {match due {
                    Some(due) => view! {
                        <strong><time datetime=due.machine()>{due.day_and_date(l, now)}</time></strong>
                        <small>{due.until_then(l, now)}</small>
                    }.into_any(),
                    None => row.payment.due.clone().into_any(),
                }}
            </p>
            {settle_form(&row.letter, true, "lista", td_string!(l, payments.mark_paid))}
        </li>
    }
    .into_any()
}

/// The button that marks a payment, and where it comes back to.
pub(super) fn settle_form(letter: &LetterId, paid: bool, from: &'static str, word: &'static str) -> AnyView {
    if !may_manage() {
        return ().into_any();
    }
    view! {
        <form method="post" action=to(Settle::PATH)>
            <input type="hidden" name="brev" value=letter.0.clone()/>
            <input type="hidden" name="betald" value=if paid { "true" } else { "false" }/>
            <input type="hidden" name="fran" value=from/>
            <button class="btn calm">{small_icon(if paid { Icon::Check } else { Icon::Left })}{word}</button>
        </form>
    }
    .into_any()
}

fn calendar(l: Locale, feed: Option<CalendarFeed>, now: OffsetDateTime) -> AnyView {
    let detail = feed.as_ref().map(|feed| feed.detail).unwrap_or_default();
    let choice = |of: CalendarDetail, value: &'static str, name: &'static str| {
        view! {
            <label class="check">
                <input class="radio" type="radio" name="visa" value=value checked=of == detail/>
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <section class="group" id="kalender" aria-labelledby="kalender-h">
            <h2 id="kalender-h">{td_string!(l, payments.calendar)}</h2>
            <p>{td_string!(l, payments.calendar_text)}</p>
            {feed.as_ref().map(|feed| {
                let fetched = match feed.fetched_at {
                    Some(at) => say!(l, payments.calendar_fetched, at = Moment::new(at, now).in_sentence(l)),
                    None => td_string!(l, payments.calendar_not_fetched).to_owned(),
                };
                view! {
                    <div class="field">
                        <label for="kalender-adress">{td_string!(l, payments.calendar_address)}</label>
                        <p class="hint" id="kalender-hjalp">{td_string!(l, payments.calendar_secret)}</p>
                        <input class="in" id="kalender-adress" readonly value=feed.address.clone() aria-describedby="kalender-hjalp"/>
                        <p class="row-of"><button class="btn bare copy" type="button" data-copy=feed.address.clone()>{td_string!(l, payments.copy)}</button></p>
                    </div>
                    <p class="small muted">{fetched}</p>
                }
            })}
            <form class="stack" method="post" action=to(MakeCalendar::PATH)>
                <fieldset class="choices">
                    <legend>{td_string!(l, payments.calendar_says)}</legend>
                    {choice(CalendarDetail::Day, "dag", td_string!(l, payments.calendar_says_day))}
                    {choice(CalendarDetail::Sum, "summa", td_string!(l, payments.calendar_says_sum))}
                    {choice(CalendarDetail::Payee, "mottagare", td_string!(l, payments.calendar_says_payee))}
                </fieldset>
                {feed.is_some().then(|| view! { <p class="hint">{td_string!(l, payments.calendar_again_text)}</p> })}
                <p><button class="btn calm">
                    {if feed.is_some() { td_string!(l, payments.calendar_again) } else { td_string!(l, payments.calendar_make) }}
                </button></p>
            </form>
            {feed.is_some().then(|| view! {
                <form method="post" action=to(RevokeCalendar::PATH)>
                    <button class="btn warn">{td_string!(l, payments.calendar_revoke)}</button>
                </form>
            })}
        </section>
    }
    .into_any()
}
