//! `/admin`: what needs attention, of what is theirs.

use crate::i18n::Locale;
use crate::parts::{Icon, StaffPage, StaffPlace, icon, room_of, staff_loaded, staff_title};
use crate::ports::{Attention, StaffRoom};
use crate::request::{locale, staff, visit};
use crate::words::{Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The first page.
#[component]
pub(crate) fn StaffStart() -> impl IntoView {
    staff_loaded(async move {
        let staff = staff()?;
        let now = visit()?.now;
        let viewer = staff.viewer();
        let attention = staff.attention().await?;
        let l = locale();
        let rooms = viewer.rooms.clone();
        Ok(view! {
            <StaffPage viewer place=StaffPlace::Start title=staff_title(l, td_string!(l, admin.start))>
                <div class="page-head">
                    <h1>{td_string!(l, admin.start_heading)}</h1>
                    <p class="lead">{td_string!(l, admin.start_lead)}</p>
                </div>
                {if rooms.is_empty() {
                    view! { <p class="note">{icon(Icon::Info)}<span class="note-text">{td_string!(l, admin.nothing_yours)}</span></p> }.into_any()
                } else {
                    view! { <ul class="group links">{rooms.into_iter().map(|room| one(l, room, &attention, now)).collect_view()}</ul> }.into_any()
                }}
            </StaffPage>
        })
    })
}

fn one(l: Locale, room: StaffRoom, attention: &Attention, now: OffsetDateTime) -> AnyView {
    let (address, sign, name) = room_of(l, room);
    let lines = said(l, room, attention, now);
    view! {
        <li><a class="link-row" href=address>
            {icon(sign)}
            <span>
                <strong>{name}</strong>
                {lines.into_iter().map(|(text, due)| view! { <small class:due=due>{text}</small> }).collect_view()}
            </span>
            {icon(Icon::Right)}
        </a></li>
    }
    .into_any()
}

/// Each sentence of a room, and whether somebody has to do something about it.
fn said(l: Locale, room: StaffRoom, attention: &Attention, now: OffsetDateTime) -> Vec<(String, bool)> {
    let mut lines = Vec::new();
    match room {
        StaffRoom::Queue => {
            if let Some(n) = attention.given_up {
                lines.push(match n {
                    0 => (td_string!(l, admin.given_up_none).to_owned(), false),
                    1 => (td_string!(l, admin.given_up_one).to_owned(), true),
                    n => (say!(l, admin.given_up_many, n = n), true),
                });
            }
            if let Some(n) = attention.again.filter(|n| *n > 0) {
                lines.push((say!(l, admin.again, n = n), false));
            }
            if let Some((n, Some(since))) = attention.late.filter(|(n, _)| *n > 0) {
                let since = Moment::new(since, now).in_sentence(l);
                lines.push((say!(l, admin.late, n = n, since = since), false));
            }
        }
        StaffRoom::Feedback => {
            if let Some(n) = attention.opinions {
                lines.push(match n {
                    0 => (td_string!(l, admin.opinions_none).to_owned(), false),
                    1 => (td_string!(l, admin.opinions_one).to_owned(), true),
                    n => (say!(l, admin.opinions_many, n = n), true),
                });
            }
        }
        StaffRoom::Texts => {
            if let Some(n) = attention.banners {
                lines.push(match n {
                    0 => (td_string!(l, admin.banners_none).to_owned(), false),
                    1 => (td_string!(l, admin.banners_one).to_owned(), true),
                    n => (say!(l, admin.banners_many, n = n), true),
                });
            }
        }
        StaffRoom::Accounts => lines.push((td_string!(l, admin.accounts_text).to_owned(), false)),
        StaffRoom::Trace => lines.push((td_string!(l, admin.trace_text).to_owned(), false)),
        StaffRoom::Looks => {
            if let Some(n) = attention.looks {
                lines.push(match n {
                    0 => (td_string!(l, admin.looks_none).to_owned(), false),
                    1 => (td_string!(l, admin.looks_one).to_owned(), true),
                    n => (say!(l, admin.looks_many, n = n), true),
                });
            }
        }
        StaffRoom::Audit => {
            if let Some(n) = attention.audited {
                lines.push((say!(l, admin.audited, n = n), false));
            }
        }
        StaffRoom::Senders => lines.push((td_string!(l, admin.senders_text).to_owned(), false)),
        StaffRoom::Numbers => lines.push((td_string!(l, admin.numbers_are).to_owned(), false)),
    }
    lines
}
