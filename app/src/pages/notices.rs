//! `/installningar/avisering`: every notice and what became of it.

use crate::i18n::Locale;
use crate::parts::{Home, Icon, Place, icon, loaded};
use crate::ports::{NoticeRow, NoticeState};
use crate::request::{locale, mailbox, settings, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The log of notices.
#[component]
pub(crate) fn Notices() -> impl IntoView {
    loaded(async move {
        let (mailbox, settings) = (mailbox()?, settings()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let rows = settings.notices().await?;
        let l = locale();
        let title = format!(
            "{} – {} – {}",
            td_string!(l, notices.title),
            td_string!(l, settings.title),
            td_string!(l, brand.name)
        );
        Ok(view! {
            <Home viewer place=Place::UnderSettings title>
                <a class="crumb" href="/installningar">{icon(Icon::Left)}{td_string!(l, settings.title)}</a>
                <div class="page-head">
                    <h1>{td_string!(l, notices.title)}</h1>
                    <p class="lead">{td_string!(l, notices.lead)}</p>
                </div>
                <section class="group">{table(l, rows, now)}</section>
            </Home>
        })
    })
}

fn table(l: Locale, rows: Vec<NoticeRow>, now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! {
            <h2>{td_string!(l, notices.none)}</h2>
            <p class="muted">{td_string!(l, notices.none_text)}</p>
        }
        .into_any();
    }
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{td_string!(l, notices.when)}</th>
                    <th scope="col">{td_string!(l, notices.to)}</th>
                    <th scope="col">{td_string!(l, notices.state)}</th>
                    <th scope="col">{td_string!(l, notices.letter)}</th>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|row| {
                    let at = Moment::new(row.at, now);
                    let class = match row.state {
                        NoticeState::Sent => "good",
                        NoticeState::Waiting => "",
                        NoticeState::Failed => "bad",
                    };
                    view! {
                        <tr>
                            <td data-label=td_string!(l, notices.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
                            <td data-label=td_string!(l, notices.to)>{row.to.clone()}</td>
                            <td data-label=td_string!(l, notices.state)><span class=class>{state(l, &row)}</span></td>
                            <td data-label=td_string!(l, notices.letter)>
                                {row.letter.map(|id| view! {
                                    <a href=format!("/brev/{}", words::segment(&id.0))>{td_string!(l, notices.see_letter)}</a>
                                })}
                            </td>
                        </tr>
                    }
                }).collect_view()}
            </tbody>
        </table>
    }
    .into_any()
}

fn state(l: Locale, row: &NoticeRow) -> String {
    match row.state {
        NoticeState::Waiting if row.attempts == 0 => td_string!(l, notices.waiting).to_owned(),
        NoticeState::Waiting => say!(l, notices.waiting_again, n = row.attempts),
        NoticeState::Sent => td_string!(l, notices.sent).to_owned(),
        NoticeState::Failed => say!(l, notices.failed, n = row.attempts),
    }
}
