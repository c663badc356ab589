//! `/vem-har-last`: everything that has happened in the mailbox.

use crate::i18n::Locale;
use crate::parts::{Home, Place, loaded};
use crate::ports::{AccessAct, AccessRow};
use crate::request::{locale, mailbox, visit};
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The access log.
#[component]
pub(crate) fn AccessLog() -> impl IntoView {
    loaded(async move {
        let mailbox = mailbox()?;
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let rows = mailbox.access_log().await?;
        let l = locale();
        let title = format!("{} – {}", td_string!(l, access.title), td_string!(l, brand.name));
        Ok(view! {
            <Home viewer place=Place::AccessLog title>
                <div class="page-head">
                    <h1>{td_string!(l, access.title)}</h1>
                    <p class="lead">{td_string!(l, access.lead)}</p>
                </div>
                <section class="group">{table(l, rows, now)}</section>
            </Home>
        })
    })
}

fn table(l: Locale, rows: Vec<AccessRow>, now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="muted">{td_string!(l, access.none)}</p> }.into_any();
    }
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{td_string!(l, access.when)}</th>
                    <th scope="col">{td_string!(l, access.who)}</th>
                    <th scope="col">{td_string!(l, access.act)}</th>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|row| {
                    let at = Moment::new(row.at, now);
                    view! {
                        <tr>
                            <td data-label=td_string!(l, access.when)><time datetime=at.machine()>{at.in_letter(l)}</time></td>
                            <td data-label=td_string!(l, access.who)>{row.who}</td>
                            <td data-label=td_string!(l, access.act)>
                                <span>
                                    {act(l, row.act, row.letter.is_some())}
                                    {row.letter.map(|(id, subject)| view! {
                                        " "<a href=format!("/brev/{}", words::segment(&id.0))>{words::subject(l, &subject)}</a>
                                    })}
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

/// What was done, with `one` letter that is named after it, or with several.
fn act(l: Locale, act: AccessAct, one: bool) -> &'static str {
    match act {
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
        AccessAct::ChangedReception => td_string!(l, access.reception),
        AccessAct::SavedCopy => td_string!(l, access.saved),
        AccessAct::FetchedExport => td_string!(l, access.exported),
        AccessAct::Imported => td_string!(l, access.imported),
        AccessAct::Forwarded => td_string!(l, access.forwarded),
        AccessAct::ChangedForwarding => td_string!(l, access.forwarding),
    }
}
