//! `/installningar/avisering/logg`: every notice and what became of it.

use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Place, icon, loaded, small_icon};
use crate::ports::{AnswerMeans, Channel, LogPage, LogQuery, NoticeKind, NoticeRow, NoticeState, WaitingRow};
use crate::request::{locale, mailbox, notices, to, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

const PAGE: &str = "/installningar/avisering/logg";

/// The filters: what the address says, and which notices that means.
const FILTERS: [(Option<&str>, Option<NoticeState>); 4] = [
    (None, None),
    (Some("vantar"), Some(NoticeState::Waiting)),
    (Some("skickade"), Some(NoticeState::Sent)),
    (Some("fel"), Some(NoticeState::Failed)),
];

/// The log of notices.
#[component]
pub(crate) fn NoticeLog() -> impl IntoView {
    let asked_for = asked("visa");
    let (filter, show) = FILTERS
        .into_iter()
        .find(|(name, _)| *name == asked_for.as_deref())
        .unwrap_or_default();
    let before = asked("fore");
    loaded(async move {
        let (mailbox, notices) = (mailbox()?, notices()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let is_first = before.is_none();
        let page = notices.log(LogQuery { before, show }).await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, notices.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href=to("/installningar/avisering")>{icon(Icon::Left)}{td_string!(l, notice_rules.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, notices.title)}</h1>
                    <p class="lead">{td_string!(l, notices.lead)}</p>
                </div>
                <div class="stack">
                    {filters(l, filter)}
                    {waiting(l, &page.waiting, now)}
                    <section class="group" aria-label=td_string!(l, notices.title)>{table(l, &page, now)}</section>
                    {pages(l, filter, &page, is_first)}
                </div>
            </Home>
        })
    })
}

fn filters(l: Locale, chosen: Option<&'static str>) -> AnyView {
    let chips = FILTERS
        .into_iter()
        .map(|(name, show)| {
            let words = match show {
                None => td_string!(l, notices.all),
                Some(NoticeState::Waiting) => td_string!(l, notices.show_waiting),
                Some(NoticeState::Sent) => td_string!(l, notices.show_sent),
                Some(_) => td_string!(l, notices.show_failed),
            };
            let current = (name == chosen).then_some("true");
            view! { <a class="chip" href=to(address(name, None)) aria-current=current>{words}</a> }
        })
        .collect_view();
    view! { <nav class="chips" aria-label=td_string!(l, notices.show)>{chips}</nav> }.into_any()
}

/// The address of a page of the log.
fn address(filter: Option<&str>, before: Option<&str>) -> String {
    let parts: Vec<String> = [("visa", filter), ("fore", before)]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", words::segment(value?))))
        .collect();
    if parts.is_empty() {
        PAGE.to_owned()
    } else {
        format!("{PAGE}?{}", parts.join("&"))
    }
}

fn pages(l: Locale, filter: Option<&'static str>, page: &LogPage, is_first: bool) -> AnyView {
    if page.next.is_none() && is_first {
        return ().into_any();
    }
    view! {
        <nav class="row-of" aria-label=td_string!(l, notices.pages)>
            {page.next.clone().map(|next| view! {
                <a class="btn calm" rel="next" href=to(address(filter, Some(&next)))>{td_string!(l, notices.older)}</a>
            })}
            {(!is_first).then(|| view! { <a class="btn bare" href=to(address(filter, None))>{td_string!(l, notices.newest)}</a> })}
        </nav>
    }
    .into_any()
}

/// What waits for its time.
fn waiting(l: Locale, rows: &[WaitingRow], now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let rows = rows
        .iter()
        .map(|row| {
            let at = Moment::new(row.at, now).in_future(l);
            let way = match row.channel {
                Channel::Email => td_string!(l, notices.by_email),
                Channel::Sms => td_string!(l, notices.by_sms),
                Channel::Push => td_string!(l, notices.by_push),
            };
            view! { <li>{say!(l, notices.held_row, letters = letters(l, row.letters), at = at, way = way)}</li> }
        })
        .collect_view();
    view! {
        <section class="group" aria-labelledby="vantar">
            <h2 id="vantar">{td_string!(l, notices.held)}</h2>
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}

fn table(l: Locale, page: &LogPage, now: OffsetDateTime) -> AnyView {
    if page.notices.is_empty() {
        return view! {
            <h2>{td_string!(l, notices.none)}</h2>
            <p class="muted">{td_string!(l, notices.none_text)}</p>
        }
        .into_any();
    }
    let rows = page.notices.iter().map(|row| notice(l, row, now)).collect_view();
    view! {
        <table class="table log">
            <thead>
                <tr>
                    <th scope="col">{td_string!(l, notices.when)}</th>
                    <th scope="col">{td_string!(l, notices.what)}</th>
                    <th scope="col">{td_string!(l, notices.to)}</th>
                    <th scope="col">{td_string!(l, notices.state)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn notice(l: Locale, row: &NoticeRow, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(row.at, now);
    let letter = row.letter.as_ref().map(|id| {
        view! { <a href=to(format!("/brev/{}", words::segment(&id.0)))>{td_string!(l, notices.see_letter)}</a> }
    });
    view! {
        <tr>
            <td data-label=td_string!(l, notices.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
            <td class="what" data-label=td_string!(l, notices.what)><span>{what(l, row)}" "{letter}</span></td>
            <td data-label=td_string!(l, notices.to)><span class="to">{words::reached(l, &row.to)}</span></td>
            <td data-label=td_string!(l, notices.state)>{outcome(l, row, now)}</td>
        </tr>
    }
    .into_any()
}

/// How it went, and what the other side answered: folded where all went well, in words at once where it did not.
fn outcome(l: Locale, row: &NoticeRow, now: OffsetDateTime) -> AnyView {
    let class = match row.state {
        NoticeState::Sent => "good",
        NoticeState::Waiting | NoticeState::NotNeeded => "",
        NoticeState::Failed => "bad",
    };
    let state = view! { <span class=class>{state(l, row, now)}</span> };
    // That it is in the phone says more than what was answered before.
    let Some(answer) = row.answer.as_ref().filter(|_| row.arrived_at.is_none()) else {
        return state.into_any();
    };
    let means = in_words(l, row.channel, answer.means);
    let words = view! { <p><samp>{answer.words.clone()}</samp></p> };
    if row.state == NoticeState::Sent {
        return view! {
            <details class="answer">
                <summary>{state}<span class="unseen">", "{td_string!(l, notices.see_answer)}</span>{small_icon(Icon::Down)}</summary>
                <p>{means}</p>
                {words}
            </details>
        }
        .into_any();
    }
    view! {
        <div>
            {state}
            <small>{means}</small>
            <details class="answer">
                <summary>{td_string!(l, notices.answer)}{small_icon(Icon::Down)}</summary>
                {words}
            </details>
        </div>
    }
    .into_any()
}

/// What the other side's answer means.
pub(super) fn in_words(l: Locale, channel: Channel, means: AnswerMeans) -> &'static str {
    match (channel, means) {
        (Channel::Email, AnswerMeans::Taken) => td_string!(l, notices.email_taken),
        (Channel::Email, AnswerMeans::NoSuchAddress) => td_string!(l, notices.email_no_such),
        (Channel::Email, AnswerMeans::Full) => td_string!(l, notices.email_full),
        (Channel::Email, AnswerMeans::NotNow) => td_string!(l, notices.email_not_now),
        (Channel::Email, AnswerMeans::NotWanted) => td_string!(l, notices.email_not_wanted),
        (Channel::Email, AnswerMeans::NotReached | AnswerMeans::NotTaken) => td_string!(l, notices.email_not_taken),
        (Channel::Sms, AnswerMeans::Taken) => td_string!(l, notices.sms_taken),
        (Channel::Sms, AnswerMeans::NoSuchAddress) => td_string!(l, notices.sms_no_such),
        (Channel::Sms, AnswerMeans::NotReached) => td_string!(l, notices.sms_not_reached),
        (Channel::Sms, AnswerMeans::NotNow) => td_string!(l, notices.sms_not_now),
        (Channel::Sms, AnswerMeans::Full | AnswerMeans::NotWanted | AnswerMeans::NotTaken) => {
            td_string!(l, notices.sms_not_taken)
        }
        (Channel::Push, AnswerMeans::Taken) => td_string!(l, notices.push_taken),
        (Channel::Push, AnswerMeans::NoSuchAddress) => td_string!(l, notices.push_no_such),
        (Channel::Push, AnswerMeans::NotNow) => td_string!(l, notices.push_not_now),
        (
            Channel::Push,
            AnswerMeans::Full | AnswerMeans::NotReached | AnswerMeans::NotWanted | AnswerMeans::NotTaken,
        ) => td_string!(l, notices.push_not_taken),
    }
}

fn what(l: Locale, row: &NoticeRow) -> String {
    notice_kind(l, row.kind, row.letters)
}

/// What a notice is about; of letters, how many.
pub(super) fn notice_kind(l: Locale, kind: NoticeKind, n: u32) -> String {
    match kind {
        NoticeKind::Letters => letters(l, n),
        NoticeKind::Reminder => td_string!(l, notices.reminder).to_owned(),
        NoticeKind::Test => td_string!(l, notices.test).to_owned(),
        NoticeKind::Added => td_string!(l, notices.added).to_owned(),
        NoticeKind::Removed => td_string!(l, notices.removed).to_owned(),
        NoticeKind::Broken => td_string!(l, notices.broken).to_owned(),
        NoticeKind::ForwardRule => td_string!(l, notices.forward_rule).to_owned(),
        NoticeKind::Forwarded => td_string!(l, notices.forwarded).to_owned(),
        NoticeKind::Helper => td_string!(l, notices.helper).to_owned(),
        NoticeKind::HelperEnds => td_string!(l, notices.helper_ends).to_owned(),
        NoticeKind::Locked => td_string!(l, notices.locked).to_owned(),
        NoticeKind::Unlocked => td_string!(l, notices.unlocked).to_owned(),
    }
}

fn letters(l: Locale, n: u32) -> String {
    if n == 1 {
        td_string!(l, notices.letter).to_owned()
    } else {
        say!(l, notices.letters, n = n)
    }
}

fn state(l: Locale, row: &NoticeRow, now: OffsetDateTime) -> String {
    if let Some(arrived) = row.arrived_at {
        return say!(l, notices.arrived, at = Moment::new(arrived, now).beside(l, row.at));
    }
    match row.state {
        NoticeState::Waiting if row.attempts == 0 => td_string!(l, notices.waiting).to_owned(),
        NoticeState::Waiting => say!(l, notices.waiting_again, n = row.attempts),
        NoticeState::Sent => td_string!(l, notices.sent).to_owned(),
        NoticeState::Failed if row.attempts > 1 => say!(l, notices.failed_after, n = row.attempts),
        NoticeState::Failed => td_string!(l, notices.failed).to_owned(),
        NoticeState::NotNeeded => td_string!(l, notices.not_needed).to_owned(),
    }
}
