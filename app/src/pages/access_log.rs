//! `/vem-har-last`: everything that has happened in the mailbox: who, what, when, and in which right.

use super::admin::reason_told;
use super::asked;
use crate::i18n::Locale;
use crate::parts::{Home, Icon, Place, day_field, icon, loaded};
use crate::ports::{AccessAct, AccessCapacity, AccessPage, AccessQuery, AccessRow, AccessShow};
use crate::request::{locale, mailbox, to, visit};
use crate::words::{self, Moment, TypedDay};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// A filter and its name in addresses.
const FILTERS: [(AccessShow, &str); 5] = [
    (AccessShow::All, ""),
    (AccessShow::Read, "last"),
    (AccessShow::Logins, "inloggning"),
    (AccessShow::Changes, "andring"),
    (AccessShow::Others, "andra"),
];

/// The access log.
#[component]
pub(crate) fn AccessLog() -> impl IntoView {
    let show = asked("visa").unwrap_or_default();
    let show = FILTERS
        .into_iter()
        .find(|(_, name)| *name == show)
        .unwrap_or(FILTERS[0]);
    let (before, day) = (asked("fore"), TypedDay::of(asked("dag")));
    loaded(async move {
        let mailbox = mailbox()?;
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let query = AccessQuery {
            show: show.0,
            before,
            until_day: day.day(),
        };
        // Of a day that cannot be nothing is asked: what would be shown is not what was meant.
        let page = match day.wrong() {
            Some(_) => None,
            None => Some(mailbox.access_log(query).await?),
        };
        let l = locale();
        let title = format!("{} – {}", td_string!(l, access.title), td_string!(l, brand.name));
        Ok(view! {
            <Home viewer place=Place::AccessLog title>
                <div class="page-head">
                    <h1>{td_string!(l, access.title)}</h1>
                    <p class="lead">{td_string!(l, access.lead)}</p>
                </div>
                <section class="group" aria-label=td_string!(l, access.title)>
                    {filters(l, show, &day)}
                    {page.map(|page| view! {
                        {table(l, &page.rows, now)}
                        {ways_on(l, show.1, day.day().as_deref(), &page)}
                    })}
                </section>
            </Home>
        })
    })
}

/// The address of a page of the log.
fn address(show: &str, day: Option<&str>, before: Option<&str>) -> String {
    let query: Vec<_> = [("visa", Some(show)), ("dag", day), ("fore", before)]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        .map(|(name, value)| format!("{name}={}", words::segment(value)))
        .collect();
    if query.is_empty() {
        "/vem-har-last".to_owned()
    } else {
        format!("/vem-har-last?{}", query.join("&"))
    }
}

fn filters(l: Locale, current: (AccessShow, &'static str), typed: &TypedDay) -> AnyView {
    let day = typed.day();
    let name = |show: AccessShow| match show {
        AccessShow::All => td_string!(l, access.all),
        AccessShow::Read => td_string!(l, access.reads),
        AccessShow::Logins => td_string!(l, access.logins),
        AccessShow::Changes => td_string!(l, access.changes),
        AccessShow::Others => td_string!(l, access.others),
    };
    view! {
        <ul class="chips" aria-label=td_string!(l, access.show)>
            {FILTERS.into_iter().map(|(show, word)| view! {
                <li><a class="chip" href=to(address(word, day.as_deref(), None)) aria-current=(show == current.0).then_some("true")>{name(show)}</a></li>
            }).collect_view()}
        </ul>
        <form class="row-of until" method="get" action=to("/vem-har-last")>
            {(!current.1.is_empty()).then(|| view! { <input type="hidden" name="visa" value=current.1/> })}
            {day_field(l, td_string!(l, access.until), "dag", "dag", typed, typed.wrong())}
            <button class="btn calm">{td_string!(l, access.go)}</button>
        </form>
    }
    .into_any()
}

fn table(l: Locale, rows: &[AccessRow], now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted" role="status">{td_string!(l, access.none)}</p> }.into_any();
    }
    view! {
        <table class="table log">
            <thead>
                <tr>
                    <th scope="col">{td_string!(l, access.when)}</th>
                    <th scope="col">{td_string!(l, access.who)}</th>
                    <th scope="col">{td_string!(l, access.capacity)}</th>
                    <th scope="col">{td_string!(l, access.act)}</th>
                </tr>
            </thead>
            <tbody>
                {rows.iter().cloned().map(|row| {
                    let at = Moment::new(row.at, now);
                    // Who of the staff it was stands in the operator's own log.
                    let who = if row.who.is_empty() { td_string!(l, access.somebody_of_staff).to_owned() } else { row.who };
                    view! {
                        <tr>
                            <td data-label=td_string!(l, access.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
                            <td data-label=td_string!(l, access.who)>{who}</td>
                            <td data-label=td_string!(l, access.capacity)>{capacity(l, row.capacity)}</td>
                            <td class="what" data-label=td_string!(l, access.act)>
                                <span>
                                    {act(l, row.act, row.letter.is_some())}
                                    {row.letter.map(|(id, subject)| view! {
                                        " "<a href=to(format!("/brev/{}", words::segment(&id.0)))>{words::subject(l, &subject)}</a>
                                    })}
                                    {row.reason.map(|reason| view! { <small>{reason_told(l, &reason)}</small> })}
                                </span>
                            </td>
                        </tr>
                    }
                }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

fn ways_on(l: Locale, show: &str, day: Option<&str>, page: &AccessPage) -> AnyView {
    let next = page.next.as_deref().map(|before| address(show, day, Some(before)));
    view! {
        {next.map(|next| view! {
            <p><a class="btn calm" rel="next" href=to(next)>{td_string!(l, access.older)}{icon(Icon::Right)}</a></p>
        })}
    }
    .into_any()
}

/// In which right.
fn capacity(l: Locale, capacity: AccessCapacity) -> &'static str {
    match capacity {
        AccessCapacity::Holder => td_string!(l, access.as_holder),
        AccessCapacity::Another => td_string!(l, access.as_another),
        AccessCapacity::Helper => td_string!(l, access.as_helper),
        AccessCapacity::Signatory => td_string!(l, access.as_signatory),
        AccessCapacity::Role => td_string!(l, access.as_role),
        AccessCapacity::Staff => td_string!(l, access.as_staff),
        AccessCapacity::System => td_string!(l, access.as_system),
    }
}

/// What was done, with `one` letter that is named after it, or with several.
fn act(l: Locale, act: AccessAct, one: bool) -> &'static str {
    match act {
        AccessAct::HandledLetter => td_string!(l, access.handled),
        AccessAct::NotedOnLetter => td_string!(l, access.noted),
        AccessAct::MovedLetters if one => td_string!(l, access.moved_one),
        AccessAct::MovedLetters => td_string!(l, access.moved_many),
        AccessAct::BinnedLetters if one => td_string!(l, access.binned_one),
        AccessAct::BinnedLetters => td_string!(l, access.binned_many),
        AccessAct::RestoredLetters if one => td_string!(l, access.restored_one),
        AccessAct::RestoredLetters => td_string!(l, access.restored_many),
        AccessAct::EmptiedBin => td_string!(l, access.emptied),
        AccessAct::LoggedIn => td_string!(l, access.logged_in),
        AccessAct::OpenedLetter => td_string!(l, access.opened),
        AccessAct::FetchedAttachment => td_string!(l, access.fetched),
        AccessAct::DownloadedLetter => td_string!(l, access.downloaded),
        AccessAct::MarkedUnread if !one => td_string!(l, access.marked_many),
        AccessAct::MarkedUnread => td_string!(l, access.marked),
        AccessAct::ChangedContact => td_string!(l, access.contact),
        AccessAct::OpenedMailbox => td_string!(l, access.opened_mailbox),
        AccessAct::SignedInPart => td_string!(l, access.signed_in_part),
        AccessAct::TookBack => td_string!(l, access.took_back),
        AccessAct::EndedMailbox => td_string!(l, access.ended_mailbox),
        AccessAct::MovedAway => td_string!(l, access.moved_away),
        AccessAct::StaffLooked => td_string!(l, access.staff_looked),
        AccessAct::StaffTraced => td_string!(l, access.staff_traced),
        AccessAct::StaffResentNotice => td_string!(l, access.staff_resent),
        AccessAct::StaffEndedSessions => td_string!(l, access.staff_ended),
        AccessAct::StaffLocked => td_string!(l, access.staff_locked),
        AccessAct::StaffUnlocked => td_string!(l, access.staff_unlocked),
        AccessAct::StaffAskedAgain => td_string!(l, access.staff_asked),
        AccessAct::MarkedProtected => td_string!(l, access.marked_protected),
        AccessAct::ChangedReception => td_string!(l, access.reception),
        AccessAct::SavedCopy => td_string!(l, access.saved),
        AccessAct::FetchedExport => td_string!(l, access.exported),
        AccessAct::Imported => td_string!(l, access.imported),
        AccessAct::Forwarded => td_string!(l, access.forwarded),
        AccessAct::ChangedConsent => td_string!(l, access.consent),
        AccessAct::AnsweredAsker => td_string!(l, access.answered_asker),
        AccessAct::PassedOnHere => td_string!(l, access.passed_on_here),
        AccessAct::ChangedForwarding => td_string!(l, access.forwarding),
    }
}
