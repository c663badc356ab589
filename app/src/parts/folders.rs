//! The list of folders: a sheet on a phone, part of the door where there is room.

use super::{Icon, icon};
use crate::i18n::Locale;
use crate::ports::{Counted, Folder, FolderId, Lies, List, ListQuery, Places};
use crate::request::{May, locale, may, to};
use crate::words;
use crate::words::say;
use leptos::prelude::*;
use leptos_i18n::td_string;

/// Every place where letters lie, each with how many are unread there. `list` is the one that is shown.
#[component]
pub(crate) fn Folders(places: Places, unread: u64, list: Option<List>) -> impl IntoView {
    let l = locale();
    let in_inbox = unread.saturating_sub(places.unread_elsewhere());
    let inbox = Counted {
        letters: 0,
        unread: in_inbox,
    };
    let shown = |place: &List| list.as_ref() == Some(place);
    let Places {
        folders,
        archive,
        bin,
        categories,
    } = places;
    view! {
        <nav class="folders" id="mappar" popover="auto" aria-labelledby="mappar-h">
            <h2 id="mappar-h">{td_string!(l, folders.title)}</h2>
            <ul>
                <li class="only-narrow">{link(l, &List::Inbox, Some(Icon::Inbox), td_string!(l, inbox.title).to_owned(), inbox, shown(&List::Inbox))}</li>
                {folders.into_iter().map(|folder| {
                    let Folder { id, name, depth, count, .. } = folder;
                    let place = List::Folder(id);
                    let sign = (depth == 0).then_some(Icon::Folder);
                    view! { <li class=format!("storey-{depth}")>{link(l, &place, sign, name, count, shown(&place))}</li> }
                }).collect_view()}
                <li>{link(l, &List::Starred, Some(Icon::Star), td_string!(l, folders.starred).to_owned(), Counted::default(), shown(&List::Starred))}</li>
                <li>{link(l, &List::Archive, Some(Icon::Archive), td_string!(l, folders.archive).to_owned(), archive, shown(&List::Archive))}</li>
                <li>{link(l, &List::Bin, Some(Icon::Bin), td_string!(l, folders.bin).to_owned(), bin, shown(&List::Bin))}</li>
                {may(May::EditSettings).then(|| view! {
                    <li><a href=to("/installningar/mappar")>{icon(Icon::Plus)}{td_string!(l, folders.make)}</a></li>
                })}
            </ul>
            {(!categories.is_empty()).then(|| view! {
                <h2 id="kategorier-h">{td_string!(l, categories.title)}</h2>
                <ul aria-labelledby="kategorier-h">
                    {categories.into_iter().map(|category| {
                        let place = List::Category(category.id);
                        let current = shown(&place).then_some("page");
                        let address = words::list_address(&ListQuery { list: place, ..ListQuery::default() });
                        view! {
                            <li><a href=to(address) aria-current=current>
                                <span class="dot" data-colour=category.colour.name()></span>
                                <span class="folder-name">{category.name}</span>
                            </a></li>
                        }
                    }).collect_view()}
                </ul>
            })}
        </nav>
    }
    .into_any()
}

fn link(l: Locale, place: &List, sign: Option<Icon>, name: String, count: Counted, shown: bool) -> AnyView {
    let address = words::list_address(&ListQuery {
        list: place.clone(),
        ..ListQuery::default()
    });
    let key = match place {
        List::Starred => Some("g s"),
        List::Archive => Some("g a"),
        List::Bin => Some("g b"),
        _ => None,
    };
    // What is unread is said in words, wherever it lies; otherwise how many letters there are.
    let counted = if count.unread > 0 {
        let words = words::unread(l, count.unread);
        Some(view! { <span class="n new">{words}</span> }.into_any())
    } else {
        (count.letters > 0).then(|| {
            view! {
                <span class="n"><span aria-hidden="true">{count.letters}</span><span class="unseen">{words::letters(l, count.letters)}</span></span>
            }
            .into_any()
        })
    };
    view! {
        <a href=to(address) data-key=key aria-current=shown.then_some("page")>
            {sign.map(icon)}
            <span class="folder-name">{name}</span>
            " "
            {counted}
        </a>
    }
    .into_any()
}

/// What a place is called, in sentences and headings.
pub(crate) fn place_name(l: Locale, places: &Places, lies: &Lies) -> String {
    match lies {
        Lies::Inbox => td_string!(l, folders.the_inbox).to_owned(),
        Lies::Archive => td_string!(l, folders.the_archive).to_owned(),
        Lies::Folder(id) => match places.folder(id) {
            Some(folder) => say!(l, folders.the_folder, name = folder.name),
            None => td_string!(l, folders.a_folder).to_owned(),
        },
    }
}

/// A place by its own name, as it stands alone.
pub(crate) fn place_title(l: Locale, places: &Places, lies: &Lies) -> String {
    match lies {
        Lies::Inbox => td_string!(l, inbox.title).to_owned(),
        Lies::Archive => td_string!(l, folders.archive).to_owned(),
        Lies::Folder(id) => places.folder(id).map_or_else(
            || td_string!(l, folders.a_folder).to_owned(),
            |folder| folder.name.clone(),
        ),
    }
}

/// Choices of a folder for a `select`, each under the one it lies in; `but` is left out, with all that lies in it.
#[component]
pub(crate) fn FolderOptions(
    places: Places,
    #[prop(optional_no_strip)] but: Option<FolderId>,
    #[prop(optional_no_strip)] chosen: Option<FolderId>,
) -> impl IntoView {
    let mut inside = None;
    places
        .folders
        .into_iter()
        .filter(move |folder| {
            if inside.is_some_and(|depth| folder.depth > depth) {
                return false;
            }
            inside = (Some(&folder.id) == but.as_ref()).then_some(folder.depth);
            inside.is_none()
        })
        .map(|folder| {
            let name = format!("{}{}", "\u{2003}".repeat(folder.depth), folder.name);
            let selected = chosen.as_ref() == Some(&folder.id);
            view! { <option value=folder.id.0 selected=selected>{name}</option> }
        })
        .collect_view()
        .into_any()
}
