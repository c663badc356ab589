//! A list of letters: its filters and order, the letters with a box each, and what can be done with those that are picked.

use super::{FindField, Icon, PaymentSentence, place_name, small_icon};
use crate::i18n::Locale;
use crate::pages::SORT;
use crate::parts::icon;
use crate::ports::{Colour, LetterId, LetterRow, List, ListPage, ListQuery, Order, Places};
use crate::request::locale;
use crate::words::say;
use crate::words::{self, Moment};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// A page of a list and what was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) query: ListQuery,
    pub(crate) page: ListPage,
    pub(crate) now: OffsetDateTime,
    /// Where letters lie besides the inbox.
    pub(crate) places: Places,
    /// Unread letters of the mailbox.
    pub(crate) unread: u64,
    /// The letter that lies open beside it.
    pub(crate) open: Option<LetterId>,
}

/// The list. Its heading is the page's own unless a letter lies open beside it.
#[component]
pub(crate) fn LetterList(listing: Listing) -> impl IntoView {
    let l = locale();
    let title = list_title(l, &listing.query.list, &listing.places);
    let heading = if listing.open.is_some() {
        Either::Left(view! { <h2 class="list-title" id="lista">{title}</h2> })
    } else {
        Either::Right(view! { <h1 class="list-title" id="lista">{title}</h1> })
    };
    let empty = listing.page.letters.is_empty();
    view! {
        <section class="lists" aria-labelledby="lista">
            <div class="list-head">
                <div class="title-line">
                    {heading}
                    <button class="btn calm only-narrow" type="button" popovertarget="mappar">{small_icon(Icon::Folder)}{td_string!(l, folders.title)}</button>
                </div>
                <form role="search" action="/sok"><FindField/></form>
                {filters(l, &listing)}
                {unread_elsewhere(l, &listing)}
            </div>
            {if empty {
                Either::Left(nothing(l, &listing.query))
            } else {
                Either::Right(picking(l, &listing))
            }}
            {pages(l, &listing)}
        </section>
    }
    .into_any()
}

/// What a list is called.
pub(crate) fn list_title(l: Locale, list: &List, places: &Places) -> String {
    match list {
        List::Inbox | List::Unread | List::Attached => td_string!(l, inbox.title).to_owned(),
        List::Archive => td_string!(l, folders.archive).to_owned(),
        List::Bin => td_string!(l, folders.bin).to_owned(),
        List::Starred => td_string!(l, folders.starred).to_owned(),
        List::Category(id) => places.category(id).map_or_else(
            || td_string!(l, categories.category).to_owned(),
            |category| category.name.clone(),
        ),
        List::Folder(id) => places.folder(id).map_or_else(
            || td_string!(l, folders.folder).to_owned(),
            |folder| folder.name.clone(),
        ),
    }
}

fn first_page(list: List, order: Order) -> String {
    words::list_address(&ListQuery {
        list,
        order,
        from: None,
    })
}

/// Filters of the inbox, and the order of a place.
fn filters(l: Locale, listing: &Listing) -> AnyView {
    let ListQuery { list, order, .. } = &listing.query;
    let (shown, order) = (list.clone(), *order);
    let in_inbox = matches!(shown, List::Inbox | List::Unread | List::Attached);
    let has_orders = matches!(shown, List::Inbox | List::Archive | List::Folder(_));
    let unread = listing.unread;
    let chip = |list: List, name: &'static str, count: Option<u64>| {
        let current = (list == shown).then_some("true");
        view! {
            <li><a class="chip" href=first_page(list, Order::Newest) aria-current=current>
                {name}{count.map(|n| view! { " "<span class="number">{n}</span> })}
            </a></li>
        }
    };
    let orders = [
        (Order::Newest, td_string!(l, order.newest)),
        (Order::UnreadFirst, td_string!(l, order.unread_first)),
        (Order::Sender, td_string!(l, order.sender)),
        (Order::Subject, td_string!(l, order.subject)),
    ];
    let current = orders
        .iter()
        .find(|(one, _)| *one == order)
        .map_or("", |(_, name)| name);
    let ordered = shown.clone();
    view! {
        {in_inbox.then(|| view! {
            <nav aria-label=td_string!(l, inbox.show)>
                <ul class="chips">
                    {chip(List::Inbox, td_string!(l, inbox.all), None)}
                    {chip(List::Unread, td_string!(l, inbox.unread), (unread > 0).then_some(unread))}
                    {chip(List::Attached, td_string!(l, inbox.with_attachment), None)}
                </ul>
            </nav>
        })}
        {has_orders.then(|| view! {
            <details class="order">
                <summary>{td_string!(l, order.title)}" "<strong>{current}</strong>{small_icon(Icon::Down)}</summary>
                <ul>
                    {orders.into_iter().map(|(one, name)| view! {
                        <li><a href=first_page(ordered.clone(), one) aria-current=(one == order).then_some("true")>{name}</a></li>
                    }).collect_view()}
                </ul>
            </details>
        })}
    }
    .into_any()
}

/// What is unread where this list does not show it.
fn unread_elsewhere(l: Locale, listing: &Listing) -> Option<AnyView> {
    let elsewhere = listing.places.unread_elsewhere();
    let text = match listing.query.list {
        List::Inbox if elsewhere > 0 => say!(l, inbox.unread_elsewhere, unread = words::unread(l, elsewhere)),
        List::Attached if listing.unread > 0 => td_string!(l, inbox.hidden_unread).to_owned(),
        _ => return None,
    };
    Some(
        view! {
            <p class="note list-note">
                {small_icon(Icon::Info)}
                <span class="note-text">{text}" "<a href=first_page(List::Unread, Order::Newest)>{td_string!(l, inbox.show_unread)}</a></span>
            </p>
        }
        .into_any(),
    )
}

fn pages(l: Locale, listing: &Listing) -> Option<AnyView> {
    let query = &listing.query;
    let next = listing.page.next.clone().map(|next| {
        words::list_address(&ListQuery {
            from: Some(next),
            ..query.clone()
        })
    });
    let (further, first) = match query.order {
        Order::Newest => (td_string!(l, inbox.older), td_string!(l, inbox.newest)),
        Order::UnreadFirst | Order::Sender | Order::Subject => (td_string!(l, order.more), td_string!(l, order.first)),
    };
    (next.is_some() || query.from.is_some()).then(|| {
        view! {
            <nav class="pages" aria-label=td_string!(l, inbox.pages)>
                {query.from.is_some().then(|| view! {
                    <a class="btn bare" href=first_page(query.list.clone(), query.order)>{small_icon(Icon::Up)}{first}</a>
                })}
                {next.map(|next| view! {
                    <a class="btn calm" rel="next" href=next>{further}{small_icon(Icon::Down)}</a>
                })}
            </nav>
        }
        .into_any()
    })
}

fn nothing(l: Locale, query: &ListQuery) -> AnyView {
    let (heading, text) = match (&query.list, &query.from) {
        (_, Some(_)) => (td_string!(l, inbox.none_older), None),
        (List::Inbox, None) => (
            td_string!(l, folders.inbox_empty),
            Some(td_string!(l, folders.inbox_empty_text)),
        ),
        (List::Unread, None) => (
            td_string!(l, inbox.none_unread),
            Some(td_string!(l, inbox.none_unread_text)),
        ),
        (List::Attached, None) => (
            td_string!(l, inbox.none_attachment),
            Some(td_string!(l, inbox.none_attachment_text)),
        ),
        (List::Folder(_), None) => (td_string!(l, folders.empty), Some(td_string!(l, folders.empty_text))),
        (List::Archive, None) => (
            td_string!(l, folders.archive_empty),
            Some(td_string!(l, folders.archive_empty_text)),
        ),
        (List::Bin, None) => (
            td_string!(l, folders.bin_empty),
            Some(td_string!(l, folders.bin_empty_text)),
        ),
        (List::Category(_), None) => (
            td_string!(l, categories.empty),
            Some(td_string!(l, categories.empty_text)),
        ),
        (List::Starred, None) => (
            td_string!(l, folders.none_starred),
            Some(td_string!(l, folders.none_starred_text)),
        ),
    };
    view! {
        <div class="nothing">
            <h2>{heading}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            {(query.list != List::Inbox || query.from.is_some()).then(|| view! {
                <p><a href="/inkorg">{td_string!(l, inbox.show_all)}</a></p>
            })}
        </div>
    }
    .into_any()
}

/// The letters, each with a box, in one form with what can be done with them.
fn picking(l: Locale, listing: &Listing) -> AnyView {
    let back = words::list_address(&listing.query);
    view! {
        <form class="picking" method="post" action=SORT>
            <input type="hidden" name="lista" value=back/>
            {groups(l, listing)}
            {pickbar(l, listing)}
        </form>
    }
    .into_any()
}

/// What can be done with the letters that are picked, or with all of the list.
fn pickbar(l: Locale, listing: &Listing) -> AnyView {
    let act = |value: &'static str, sign: Icon, name: &'static str| {
        let key = match value {
            "olast" => Some("u"),
            "arkivera" => Some("e"),
            "stjarna" => Some("s"),
            _ => None,
        };
        view! { <li><button class="act" name="gor" value=value data-key=key>{icon(sign)}{name}</button></li> }
    };
    // These lead to a page that asks first: a form that only asks has no need of POST.
    let asks = |address: &'static str, sign: Icon, name: &'static str| {
        let key = match address {
            "/flytta" => Some("v"),
            "/slang" => Some("#"),
            _ => None,
        };
        view! { <li><button class="act" formmethod="get" formaction=address data-key=key>{icon(sign)}{name}</button></li> }
    };
    let binned = listing.query.list == List::Bin;
    let archived = listing.query.list == List::Archive;
    let has_categories = !listing.places.categories.is_empty();
    let more = listing.page.next.is_some() || listing.query.from.is_some();
    view! {
        <div class="pickbar" role="group" aria-label=td_string!(l, sort.acts)>
            <p class="picked">{td_string!(l, sort.picked)}</p>
            <button class="act clear" type="reset">{td_string!(l, sort.clear)}</button>
            {more.then(|| view! {
                <label class="pick-all"><input class="box" type="checkbox" name="alla" value="1"/>{td_string!(l, sort.all)}</label>
            })}
            <ul class="fit">
                {(!binned).then(|| act("las", Icon::Check, td_string!(l, sort.read)))}
                {(!binned).then(|| act("olast", Icon::Unread, td_string!(l, sort.unread)))}
                {binned.then(|| act("aterstall", Icon::Undo, td_string!(l, sort.restore)))}
                {asks("/flytta", Icon::Folder, td_string!(l, sort.move_to))}
                {(!binned && !archived).then(|| act("arkivera", Icon::Archive, td_string!(l, sort.archive)))}
                {(!binned).then(|| act("stjarna", Icon::Star, td_string!(l, sort.star)))}
                {asks("/hamta/brev", Icon::Download, td_string!(l, sort.download))}
                {(!binned && has_categories).then(|| asks("/kategorisera", Icon::Tag, td_string!(l, categories.category)))}
                {(!binned).then(|| asks("/slang", Icon::Bin, td_string!(l, sort.bin)))}
            </ul>
        </div>
    }
    .into_any()
}

/// The letters under headings: days when they are ordered by time, otherwise what the order says.
fn groups(l: Locale, listing: &Listing) -> AnyView {
    let (now, order) = (listing.now, listing.query.order);
    let heading = |letter: &LetterRow| match order {
        Order::Newest => Moment::new(letter.received_at, now).group().heading(l).to_owned(),
        Order::UnreadFirst if letter.unread => td_string!(l, inbox.unread).to_owned(),
        Order::UnreadFirst => td_string!(l, order.read).to_owned(),
        Order::Sender => letter.sender.clone(),
        Order::Subject => td_string!(l, order.by_subject).to_owned(),
    };
    let mut groups: Vec<(String, Vec<&LetterRow>)> = Vec::new();
    for letter in &listing.page.letters {
        let here = heading(letter);
        match groups.last_mut() {
            Some((last, rows)) if *last == here => rows.push(letter),
            _ => groups.push((here, vec![letter])),
        }
    }
    groups
        .into_iter()
        .enumerate()
        .map(|(i, (heading, rows))| {
            let id = format!("dag-{i}");
            view! {
                <h2 class="day" id=id.clone()>{heading}</h2>
                <ul aria-labelledby=id>
                    {rows.into_iter().map(|letter| row(l, letter.clone(), listing)).collect_view()}
                </ul>
            }
        })
        .collect_view()
        .into_any()
}

fn row(l: Locale, letter: LetterRow, listing: &Listing) -> AnyView {
    let now = listing.now;
    let is_open = listing.open.as_ref() == Some(&letter.id);
    let when = Moment::new(letter.received_at, now);
    // Whoever has it open is reading it.
    let unread = letter.unread && !is_open;
    let class = match (unread, is_open) {
        (_, true) => "letter-row is-open",
        (true, false) => "letter-row is-unread",
        (false, false) => "letter-row",
    };
    let tags = tags(l, &letter, listing);
    view! {
        <li>
            <div class=class>
                <label class="pick">
                    <input class="box" type="checkbox" name="brev[]" value=letter.id.0.clone() autocomplete="off"/>
                    <span class="unseen">{say!(l, sort.pick, subject = words::subject(l, &letter.subject))}</span>
                </label>
                <div class="row-body">
                    <p class="row-top">
                        <span class="row-from">
                            {unread.then(|| view! { <span class="slot"></span><span class="new">{td_string!(l, inbox.new)}</span>" " })}
                            <span>{letter.sender}</span>
                        </span>
                        " "
                        <time datetime=when.machine()>{when.in_list(l)}</time>
                    </p>
                    <h3 class="row-subject">
                        <a data-row="" href=format!("/brev/{}", words::segment(&letter.id.0)) aria-current=is_open.then_some("page")>{words::subject(l, &letter.subject)}</a>
                    </h3>
                    {tags}
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// What is to be paid, what is attached, where it lies when the list holds more than one place.
fn tags(l: Locale, letter: &LetterRow, listing: &Listing) -> Option<AnyView> {
    let pay = letter
        .payment
        .as_ref()
        .map(|payment| PaymentSentence::new(l, payment, listing.now).0);
    let across = matches!(listing.query.list, List::Unread | List::Starred | List::Category(_));
    let categories = letter
        .categories
        .iter()
        .filter_map(|id| listing.places.category(id))
        .map(|category| category_tag(category.name.clone(), category.colour))
        .collect_view();
    let lies = across.then(|| place_name(l, &listing.places, &letter.lies));
    let gone = letter.gone_at.map(|gone| {
        let date = Moment::new(gone, listing.now).date_in_full(l);
        say!(l, sort.gone, date = date)
    });
    let starred = letter.starred && listing.query.list != List::Starred;
    let any = pay.is_some()
        || letter.attachments > 0
        || letter.matter.is_some()
        || lies.is_some()
        || gone.is_some()
        || !letter.categories.is_empty()
        || starred;
    any.then(|| {
        view! {
            <p class="row-tags">
                {pay.map(|pay| view! { <span class="tag due">{small_icon(Icon::Pay)}{pay}</span>" " })}
                {gone.map(|gone| view! { <span class="tag">{small_icon(Icon::Bin)}{gone}</span>" " })}
                {starred.then(|| view! { <span class="tag star">{small_icon(Icon::Star)}{td_string!(l, sort.has_star)}</span>" " })}
                {categories}
                {(letter.attachments > 0).then(|| view! {
                    <span class="tag">{small_icon(Icon::Clip)}{words::attachments(l, letter.attachments as usize)}</span>" "
                })}
                {letter.matter.clone().map(|matter| view! {
                    <span class="tag">{small_icon(Icon::Matter)}{td_string!(l, inbox.matter)}{matter}</span>" "
                })}
                {lies.map(|lies| view! { <span class="tag">{small_icon(Icon::Folder)}{lies}</span> })}
            </p>
        }
        .into_any()
    })
}

/// A category: its colour as a shape, and its word.
pub(crate) fn category_tag(name: String, colour: Colour) -> AnyView {
    view! { <span class="tag category"><span class="dot" data-colour=colour.name()></span>{name}</span>" " }.into_any()
}
