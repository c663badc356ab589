//! What was just done with letters, and the way to take it back.

use super::{Icon, Note, Tone, place_name, small_icon};
use crate::i18n::Locale;
use crate::pages::TAKE_BACK;
use crate::ports::{ActId, ActState, Deed, Places, Told};
use crate::request::{locale, to};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::{Duration, OffsetDateTime};

/// A note of what was done, with “Ångra” while it can be taken back. `back` is the address of this page.
#[component]
pub(crate) fn Done(act: ActId, told: Told, places: Places, back: String, now: OffsetDateTime) -> impl IntoView {
    let l = locale();
    let text = said(l, &told, &places, now);
    let can_be_undone =
        matches!(told.state, ActState::Done | ActState::Doing) && (told.letters > 0 || told.removed.is_some());
    if can_be_undone {
        view! {
            <Note tone=Tone::Done text>
                <form method="post" action=to(TAKE_BACK)>
                    <input type="hidden" name="gjort" value=act.0/>
                    <input type="hidden" name="lista" value=back/>
                    <button class="btn bare" data-key="z">{small_icon(Icon::Undo)}{td_string!(l, done.undo)}</button>
                </form>
            </Note>
        }
        .into_any()
    } else {
        view! { <Note tone=Tone::Done text/> }.into_any()
    }
}

fn said(l: Locale, told: &Told, places: &Places, now: OffsetDateTime) -> String {
    match told.state {
        ActState::Undone => return td_string!(l, done.undone).to_owned(),
        ActState::Undoing => return td_string!(l, done.undoing).to_owned(),
        ActState::Doing => return say!(l, done.doing, letters = words::letters(l, told.letters)),
        ActState::Done => {}
    }
    let one = told.letters == 1;
    let n = told.letters;
    if let (Some(name), Deed::Move(to)) = (&told.removed, &told.deed) {
        return if n == 0 {
            say!(l, done.folder_removed, name = name)
        } else {
            let place = place_name(l, places, to);
            say!(
                l,
                done.folder_emptied,
                name = name,
                letters = words::letters(l, n),
                place = place
            )
        };
    }
    if n == 0 {
        return td_string!(l, done.nothing).to_owned();
    }
    match &told.deed {
        Deed::Move(to) => {
            let place = place_name(l, places, to);
            if one {
                say!(l, done.moved_one, place = place)
            } else {
                say!(l, done.moved_many, n = n, place = place)
            }
        }
        Deed::Bin => {
            let gone = Moment::new(now + Duration::days(30), now).date_in_full(l);
            if one {
                say!(l, done.binned_one, date = gone)
            } else {
                say!(l, done.binned_many, n = n, date = gone)
            }
        }
        Deed::Restore if one => td_string!(l, done.restored_one).to_owned(),
        Deed::Restore => say!(l, done.restored_many, n = n),
        Deed::Read if one => td_string!(l, done.read_one).to_owned(),
        Deed::Read => say!(l, done.read_many, n = n),
        Deed::Unread if one => td_string!(l, inbox.marked).to_owned(),
        Deed::Unread => say!(l, done.unread_many, n = n),
        Deed::Star if one => td_string!(l, done.starred_one).to_owned(),
        Deed::Star => say!(l, done.starred_many, n = n),
        Deed::Give(id) | Deed::Take(id) => {
            let name = places
                .category(id)
                .map(|category| category.name.clone())
                .unwrap_or_default();
            let letters = words::letters(l, n);
            if matches!(told.deed, Deed::Give(_)) {
                say!(l, done.given, letters = letters, name = name)
            } else {
                say!(l, done.taken, letters = letters, name = name)
            }
        }
        Deed::Unstar if one => td_string!(l, done.unstarred_one).to_owned(),
        Deed::Unstar => say!(l, done.unstarred_many, n = n),
    }
}
