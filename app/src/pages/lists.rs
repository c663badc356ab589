//! `/inkorg`, `/mapp/{id}`, `/arkiv`, `/papperskorg`, `/stjarnor`, `/kategori/{id}`: letters, a page at a time.

use super::{asked, named};
use crate::i18n::Locale;
use crate::parts::{Done, Home, Icon, LetterList, Listing, Note, Place, Still, Tone, icon, list_title, loaded};
use crate::ports::{ActId, CategoryId, FolderId, List, ListQuery, Places, PortError, Source};
use crate::request::{May, companies, forwarding, guest, helping, locale, mailbox, may, sorting, to, visit};
use crate::words::{self, say};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The inbox, its unread letters, or those with attachments.
#[component]
pub(crate) fn Inbox() -> impl IntoView {
    list_page(Ok(match asked("visa").as_deref() {
        Some("olasta") => List::Unread,
        Some("bilaga") => List::Attached,
        _ => List::Inbox,
    }))
}

/// A folder.
#[component]
pub(crate) fn FolderPage() -> impl IntoView {
    list_page(named("id").map(|id| List::Folder(FolderId(id))))
}

/// The archive.
#[component]
pub(crate) fn Archive() -> impl IntoView {
    list_page(Ok(List::Archive))
}

/// The bin.
#[component]
pub(crate) fn Bin() -> impl IntoView {
    list_page(Ok(List::Bin))
}

/// What has a star.
#[component]
pub(crate) fn Starred() -> impl IntoView {
    list_page(Ok(List::Starred))
}

/// What has a category.
#[component]
pub(crate) fn CategoryPage() -> impl IntoView {
    list_page(named("id").map(|id| List::Category(CategoryId(id))))
}

fn list_page(list: Result<List, PortError>) -> AnyView {
    let (order, from) = (asked("ordning"), asked("fore").filter(|from| !from.is_empty()));
    let codes = Codes::read();
    loaded(async move {
        let (mailbox, sorting) = (mailbox()?, sorting()?);
        let now = visit()?.now;
        let query = ListQuery {
            list: list?,
            order: words::order_named(order.as_deref()),
            from,
        };
        let page = sorting.list(query.clone()).await?;
        let viewer = mailbox.viewer().await?;
        let l = locale();
        let title = title(l, &query.list, &viewer.places, viewer.unread);
        let said = note(l, codes, &viewer.places, &words::list_address(&query), now).await?;
        let asked = match query.list {
            List::Inbox if guest().is_none() => {
                let helped = match helping()?.asking().await? {
                    0 => None,
                    1 => Some(td_string!(l, helping.one_asks).to_owned()),
                    n => Some(say!(l, helping.some_ask, n = n)),
                };
                let passed_on = match forwarding()?.askers_waiting().await? {
                    0 => None,
                    1 => Some(td_string!(l, askers.one_asks).to_owned()),
                    n => Some(say!(l, askers.some_ask, n = n)),
                };
                let waits = match companies()?.waiting() {
                    0 => None,
                    1 => Some(td_string!(l, companies.one_waits).to_owned()),
                    n => Some(say!(l, companies.some_wait, n = n)),
                };
                let notes = [
                    (helped, "/hos"),
                    (waits, "/foretag"),
                    (passed_on, "/installningar/vidarebefordran/till-dig"),
                ];
                let notes: Vec<_> = notes
                    .into_iter()
                    .filter_map(|(text, at)| Some(question(l, text?, at)))
                    .collect();
                (!notes.is_empty()).then(|| notes.into_any())
            }
            _ => None,
        };
        // A mailbox without any letter explains itself; an inbox that has been tidied does not.
        let lies_elsewhere = viewer.places.folders.iter().any(|folder| folder.count.letters > 0)
            || viewer.places.archive.letters + viewer.places.bin.letters > 0;
        let nothing_yet = page.letters.is_empty() && query == ListQuery::default() && !lies_elsewhere;
        let shown = query.list.clone();
        let place = match query.list {
            List::Inbox | List::Unread | List::Attached => Place::Inbox,
            _ => Place::Folder,
        };
        let content = if nothing_yet {
            Either::Left(empty(l, said, asked))
        } else {
            let before = before_the_list(l, &query.list, &viewer.places);
            let next = page.next.map(|next| Source::List(query.page(Some(next))));
            let listing = Listing {
                source: Source::List(query),
                letters: page.letters,
                next,
                now,
                places: viewer.places.clone(),
                unread: viewer.unread,
                to_pay: viewer.to_pay,
                open: None,
            };
            Either::Right(view! {
                {(said.is_some() || before.is_some() || asked.is_some()).then(|| view! { <div class="said stack">{said}{asked}{before}</div> })}
                <LetterList listing/>
                <div class="empty only-wide">
                    <Still askew=false/>
                    <h2>{td_string!(l, inbox.choose)}</h2>
                    <p>{td_string!(l, inbox.choose_text)}</p>
                </div>
            })
        };
        let class = if nothing_yet { "page" } else { "split" };
        Ok(view! { <Home viewer place title class list=shown>{content}</Home> })
    })
}

/// “3 olästa – Inkorg – brevlada”.
fn title(l: Locale, list: &List, places: &Places, unread: u64) -> String {
    let (name, brand) = (list_title(l, list, places), td_string!(l, brand.name));
    let in_inbox = matches!(list, List::Inbox | List::Unread | List::Attached);
    if in_inbox && unread > 0 {
        format!("{} – {name} – {brand}", words::unread(l, unread))
    } else {
        format!("{name} – {brand}")
    }
}

/// What the address says about what was just done.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    said: Option<String>,
    failed: Option<String>,
    done: Option<ActId>,
}

impl Codes {
    pub(super) fn read() -> Self {
        Self {
            said: asked("sag"),
            failed: asked("fel"),
            done: asked("gjort").map(ActId),
        }
    }
}

/// The note about it, if there is anything to say; `back` is the address of this page without the codes.
pub(super) async fn note(
    l: Locale,
    codes: Codes,
    places: &Places,
    back: &str,
    now: OffsetDateTime,
) -> Result<Option<AnyView>, PortError> {
    if let Some(failed) = codes.failed {
        let text = match failed.as_str() {
            "inget-valt" => td_string!(l, done.none_picked),
            "for-manga" => td_string!(l, done.too_many),
            "for-manga-funna" => td_string!(l, done.too_many_found),
            "mapp" => td_string!(l, done.folder_gone),
            "kategori" => td_string!(l, done.category_gone),
            "borta" => td_string!(l, done.letters_gone),
            "angrat" => td_string!(l, done.too_late),
            "olast" => td_string!(l, letter.marking_failed),
            _ => td_string!(l, done.failed),
        };
        return Ok(Some(view! { <Note tone=Tone::Wrong text/> }.into_any()));
    }
    if let Some(act) = codes.done {
        let told = sorting()?.told(act.clone()).await?;
        let (places, back) = (places.clone(), back.to_owned());
        return Ok(told.map(|told| view! { <Done act told places back now/> }.into_any()));
    }
    Ok(match codes.said.as_deref() {
        Some("valkommen") => Some(welcome(l)),
        Some("olast") => Some(view! { <Note tone=Tone::Done text=td_string!(l, inbox.marked)/> }.into_any()),
        Some("tomd") => Some(view! { <Note tone=Tone::Done text=td_string!(l, done.emptied)/> }.into_any()),
        _ => None,
    })
}

/// The first time that somebody is in a new mailbox: their own, or one that they have opened for a company.
fn welcome(l: Locale) -> AnyView {
    let (heading, text) = match guest() {
        None => (
            td_string!(l, inbox.welcome).to_owned(),
            td_string!(l, inbox.welcome_text).to_owned(),
        ),
        Some(guest) => (
            say!(l, inbox.welcome_of, name = guest.holder.clone()),
            say!(l, inbox.welcome_of_text, name = guest.holder),
        ),
    };
    view! { <Note tone=Tone::Done heading text/> }.into_any()
}

/// What the bin says of itself.
fn before_the_list(l: Locale, list: &List, places: &Places) -> Option<AnyView> {
    (*list == List::Bin && places.bin.letters > 0 && may(May::Account)).then(|| {
        view! {
            <div class="note">
                {icon(Icon::Info)}
                <p class="note-text">{td_string!(l, folders.bin_text)}</p>
                <a class="btn bare" href=to("/papperskorg/tom")>{td_string!(l, folders.empty_bin)}</a>
            </div>
        }
        .into_any()
    })
}

/// Says that somebody asks something, and leads to the question.
fn question(l: Locale, text: String, at: &'static str) -> AnyView {
    view! {
        <div class="note" role="note">
            {icon(Icon::Info)}
            <p class="note-text">{text}</p>
            <a class="btn bare" href=at>{td_string!(l, askers.see)}</a>
        </div>
    }
    .into_any()
}

fn empty(l: Locale, said: Option<AnyView>, asked: Option<AnyView>) -> AnyView {
    view! {
        <div class="page-head"><h1>{td_string!(l, inbox.title)}</h1></div>
        <div class="stack">
            {said}
            {asked}
            <section class="group" aria-labelledby="tom">
                <Still askew=false/>
                <h2 id="tom">{td_string!(l, inbox.empty)}</h2>
                <p class="lead">{td_string!(l, inbox.empty_text)}</p>
                {may(May::EditSettings).then(|| view! {
                    <p><a class="btn" href=to("/installningar")>{td_string!(l, inbox.empty_settings)}</a></p>
                })}
            </section>
            <section class="group" aria-labelledby="annat">
                <h2 id="annat">{td_string!(l, inbox.waiting)}</h2>
                <p>{td_string!(l, inbox.waiting_text)}</p>
            </section>
        </div>
    }
    .into_any()
}
