//! `/admin/avsandare/{number}`: whether an organisation may send and by whom, what comes from it by the day, and what went wrong.

use super::certificates::seen_table;
use super::numbers::{ByDay, picture, table};
use super::senders::{fresh, link};
use super::trace::code_name;
use crate::i18n::Locale;
use crate::pages::{asked, named};
use crate::parts::{Icon, StaffPage, StaffPlace, icon, staff_loaded, staff_title};
use crate::ports::{Organisation, SenderFailure, SenderNumber, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The page.
#[component]
pub(crate) fn StaffSender() -> impl IntoView {
    let (number, before) = (named("id"), asked("fore"));
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let page = staff.organisation(number?, before).await?;
        let l = locale();
        let name = if page.row.name.is_empty() {
            say!(l, admin_senders.nameless, number = page.row.shown)
        } else {
            page.row.name.clone()
        };
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Under(StaffRoom::Senders) title=staff_title(l, &name)>
                <a class="crumb" href="/admin/avsandare">{icon(Icon::Left)}{td_string!(l, admin.senders)}</a>
                <div class="page-head">
                    <h1>{name}</h1>
                    <p class="lead">{page.row.shown.clone()}</p>
                </div>
                <div class="stack">
                    {fresh(l, page.freshness, now)}
                    {state(l, &page)}
                    {days(l, &page)}
                    {codes(l, &page)}
                    {failures(l, &page, now)}
                    {certificates(l, page)}
                </div>
            </StaffPage>
        })
    })
}

fn state(l: Locale, page: &Organisation) -> AnyView {
    let approved = if page.approved {
        td_string!(l, admin_senders.approved)
    } else {
        td_string!(l, admin_senders.not_approved)
    };
    let by = if page.mediators.is_empty() {
        view! { <span>{td_string!(l, admin_senders.by_nobody)}</span> }.into_any()
    } else {
        let links = page.mediators.iter().cloned().map(|row| {
            let shown = row.shown.clone();
            view! { <li>{link(l, row)}" "<small class="muted">{shown}</small></li> }
        });
        view! { <ul>{links.collect_view()}</ul> }.into_any()
    };
    let sends_for = page.row.sends_for.map(|n| {
        let n = words::number(l, n);
        view! { <div><dt>{td_string!(l, admin_senders.as_mediator)}</dt><dd>{say!(l, admin_senders.sends_for_n, n = n)}</dd></div> }
    });
    view! {
        <section class="group" aria-labelledby="laget">
            <h2 id="laget">{td_string!(l, admin_senders.state)}</h2>
            <dl class="facts">
                <div><dt>{td_string!(l, admin_senders.as_sender)}</dt><dd>{approved}</dd></div>
                <div><dt>{td_string!(l, admin_senders.by)}</dt><dd>{by}</dd></div>
                {sends_for}
            </dl>
        </section>
    }
    .into_any()
}

fn number_name(l: Locale, number: SenderNumber) -> &'static str {
    match number {
        SenderNumber::Received => td_string!(l, admin_senders.received),
        SenderNumber::NotHere => td_string!(l, admin_senders.not_here),
        SenderNumber::Refused => td_string!(l, admin_senders.refused),
        SenderNumber::Failed => td_string!(l, admin_senders.failed),
        SenderNumber::Unread => td_string!(l, admin_senders.unread),
    }
}

fn days(l: Locale, page: &Organisation) -> AnyView {
    let heading = td_string!(l, admin_senders.by_day);
    let series: Vec<_> = page
        .series
        .iter()
        .map(|(number, told)| ByDay {
            name: number_name(l, *number),
            told,
            is_share: false,
            few: td_string!(l, admin_senders.few),
        })
        .collect();
    let pictures: Vec<_> = series.iter().map(|one| picture(l, one, &page.days)).collect();
    let file = page.may_export.then(|| {
        let address = format!("/admin/avsandare.csv?nummer={}", words::segment(&page.row.number));
        view! {
            <p><a class="btn calm" href=address download="avsandare.csv">{icon(Icon::Download)}{td_string!(l, admin_numbers.csv)}</a></p>
            <p class="small muted">{td_string!(l, admin_numbers.file_text)}</p>
        }
    });
    view! {
        <section class="group" aria-labelledby="dagar">
            <h2 id="dagar">{heading}</h2>
            <p>{td_string!(l, admin_senders.by_day_text)}</p>
            <div class="charts">{pictures}</div>
            <details class="unfold">
                <summary>{say!(l, admin_numbers.table, what = heading)}</summary>
                {table(l, heading, &series, &page.days)}
            </details>
            {file}
        </section>
    }
    .into_any()
}

fn codes(l: Locale, page: &Organisation) -> AnyView {
    let content = if page.codes.is_empty() {
        view! { <p class="muted">{td_string!(l, admin_senders.no_codes)}</p> }.into_any()
    } else {
        let rows = page.codes.iter().map(|(code, total)| {
            view! {
                <tr>
                    <td data-label=td_string!(l, traces.code)>{*code}": "{code_name(l, *code)}</td>
                    <td data-label=td_string!(l, admin_senders.deliveries) class="number">{words::number(l, *total)}</td>
                </tr>
            }
        });
        view! {
            <table class="table">
                <caption class="unseen">{td_string!(l, admin_senders.codes)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, traces.code)}</th>
                    <th scope="col">{td_string!(l, admin_senders.deliveries)}</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <section class="group" aria-labelledby="koder">
            <h2 id="koder">{td_string!(l, admin_senders.codes)}</h2>
            {content}
        </section>
    }
    .into_any()
}

fn failures(l: Locale, page: &Organisation, now: OffsetDateTime) -> AnyView {
    let content = if page.failures.is_empty() {
        view! { <p class="muted">{td_string!(l, admin_senders.no_failures)}</p> }.into_any()
    } else {
        view! {
            <table class="table">
                <caption class="unseen">{td_string!(l, admin_senders.failures)}</caption>
                <thead><tr>
                    <th scope="col">{td_string!(l, access.when)}</th>
                    <th scope="col">{td_string!(l, traces.code)}</th>
                    <th scope="col">{td_string!(l, admin_senders.call_id)}</th>
                </tr></thead>
                <tbody>{page.failures.iter().map(|one| failure(l, one, now)).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    let next = page.next.as_deref().map(|next| {
        let number = words::segment(&page.row.number);
        format!("/admin/avsandare/{number}?fore={}#fel", words::segment(next))
    });
    view! {
        <section class="group" aria-labelledby="fel">
            <h2 id="fel">{td_string!(l, admin_senders.failures)}</h2>
            <p>{td_string!(l, admin_senders.failures_text)}</p>
            {content}
            {next.map(|next| view! { <p><a class="btn calm" rel="next" href=next>{td_string!(l, admin.older)}{icon(Icon::Right)}</a></p> })}
        </section>
    }
    .into_any()
}

fn failure(l: Locale, failure: &SenderFailure, now: OffsetDateTime) -> AnyView {
    let at = Moment::new(failure.at, now);
    let code = failure
        .code
        .map(|code| format!("{code}: {}", code_name(l, code)))
        .unwrap_or_default();
    let whose = failure
        .ours
        .then(|| view! { <small>{td_string!(l, admin_senders.ours)}</small> });
    view! {
        <tr>
            <td data-label=td_string!(l, access.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
            <td data-label=td_string!(l, traces.code)><span>{code}" "{whose}</span></td>
            <td data-label=td_string!(l, admin_senders.call_id)><span class="id">{failure.call_id.clone()}</span></td>
        </tr>
    }
    .into_any()
}

fn certificates(l: Locale, page: Organisation) -> AnyView {
    view! {
        <section class="group" aria-labelledby="certifikat">
            <h2 id="certifikat">{td_string!(l, admin_certificates.title)}</h2>
            {seen_table(l, td_string!(l, admin_certificates.title), page.certificates)}
        </section>
    }
    .into_any()
}
