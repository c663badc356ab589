//! A list of letters: its filters and order, the letters with a box each, and what can be done with those that are picked.

use super::{FindField, Icon, PaymentSentence, pick_box, picking, place_title, small_icon};
use crate::i18n::Locale;
use crate::ports::{Colour, LetterId, LetterRow, List, ListQuery, Order, Places, Source};
use crate::request::{PreviewLine, locale, preview_line, to};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// A page of a list, or of what a search found, and what was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) source: Source,
    /// In the order asked for.
    pub(crate) letters: Vec<LetterRow>,
    /// The page that follows.
    pub(crate) next: Option<Source>,
    pub(crate) now: OffsetDateTime,
    /// Where letters lie besides the inbox.
    pub(crate) places: Places,
    /// Unread letters of the mailbox.
    pub(crate) unread: u64,
    /// Its bills that are not paid yet.
    pub(crate) to_pay: u64,
    /// The letter that lies open beside it.
    pub(crate) open: Option<LetterId>,
}

impl Listing {
    /// The list, and how it is ordered; a search is no list.
    fn list(&self) -> Option<&ListQuery> {
        match &self.source {
            Source::List(query) => Some(query),
            Source::Search(_) => None,
        }
    }

    pub(crate) fn order(&self) -> Order {
        self.list().map_or(Order::Newest, |query| query.order)
    }

    /// Whether this is not the first page.
    fn is_further(&self) -> bool {
        match &self.source {
            Source::List(query) => query.from.is_some(),
            Source::Search(query) => query.before.is_some(),
        }
    }

    /// Whether its letters lie in different places.
    fn is_across(&self) -> bool {
        self.list()
            .is_none_or(|query| matches!(query.list, List::Unread | List::Starred | List::Category(_)))
    }
}

/// The list. Its heading is the page's own unless a letter lies open beside it.
#[component]
pub(crate) fn LetterList(listing: Listing) -> impl IntoView {
    let l = locale();
    let title = source_title(l, &listing.source, &listing.places);
    let searched = match &listing.source {
        Source::Search(query) => query.text.clone(),
        Source::List(_) => String::new(),
    };
    let heading = if listing.open.is_some() {
        Either::Left(view! { <h2 class="list-title" id="lista">{title}</h2> })
    } else {
        Either::Right(view! { <h1 class="list-title" id="lista">{title}</h1> })
    };
    let empty = listing.letters.is_empty();
    view! {
        <section class="lists" aria-labelledby="lista">
            <div class="list-head">
                <div class="title-line">
                    {heading}
                    <button class="btn calm only-narrow" type="button" popovertarget="mappar">{small_icon(Icon::Folder)}{td_string!(l, folders.title)}</button>
                </div>
                <form role="search" action=to("/sok")><FindField text=searched/></form>
                {listing.list().map(|query| filters(l, query, &listing))}
                {listing.list().and_then(|query| unread_elsewhere(l, query, &listing))}
            </div>
            {if empty {
                Either::Left(listing.list().map(|query| nothing(l, query)))
            } else {
                let more = listing.next.is_some() || listing.is_further();
                Either::Right(picking(&listing.source, more, &listing.places, groups(l, &listing)))
            }}
            {pages(l, &listing)}
        </section>
    }
    .into_any()
}

/// What a list is called, or what a search found.
pub(crate) fn source_title(l: Locale, source: &Source, places: &Places) -> String {
    match source {
        Source::List(query) => list_title(l, &query.list, places),
        Source::Search(_) => td_string!(l, search.found).to_owned(),
    }
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

/// Filters of the inbox, and the order of a place; beside it in the inbox the way to what is to be paid, when there is something.
fn filters(l: Locale, query: &ListQuery, listing: &Listing) -> AnyView {
    let ListQuery { list, order, .. } = query;
    let unread = listing.unread;
    let (shown, order) = (list.clone(), *order);
    let in_inbox = matches!(shown, List::Inbox | List::Unread | List::Attached);
    let has_orders = matches!(shown, List::Inbox | List::Archive | List::Folder(_));
    let chip = |list: List, name: &'static str, count: Option<u64>| {
        let current = (list == shown).then_some("true");
        view! {
            <li><a class="chip" href=to(first_page(list, Order::Newest)) aria-current=current>
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
            <div class="title-line">
                <details class="order">
                    <summary>{td_string!(l, order.title)}" "<strong>{current}</strong>{small_icon(Icon::Down)}</summary>
                    <ul>
                        {orders.into_iter().map(|(one, name)| view! {
                            <li><a href=to(first_page(ordered.clone(), one)) aria-current=(one == order).then_some("true")>{name}</a></li>
                        }).collect_view()}
                    </ul>
                </details>
                {(in_inbox && listing.to_pay > 0).then(|| to_pay(l, listing.to_pay))}
            </div>
        })}
    }
    .into_any()
}

/// Leads to what is to be paid, where the menu has no room to.
fn to_pay(l: Locale, bills: u64) -> AnyView {
    view! {
        <a class="chip due only-narrow" href=to("/betala")>
            {td_string!(l, payments.title)}" "<span class="number" aria-hidden="true">{words::counted_bills(bills)}</span><span class="unseen">{words::bills(l, bills)}</span>
        </a>
    }
    .into_any()
}

/// What is unread where this list does not show it.
fn unread_elsewhere(l: Locale, query: &ListQuery, listing: &Listing) -> Option<AnyView> {
    let elsewhere = listing.places.unread_elsewhere();
    let text = match query.list {
        List::Inbox if elsewhere > 0 => say!(l, inbox.unread_elsewhere, unread = words::unread(l, elsewhere)),
        List::Attached if listing.unread > 0 => td_string!(l, inbox.hidden_unread).to_owned(),
        _ => return None,
    };
    Some(
        view! {
            <p class="note list-note">
                {small_icon(Icon::Info)}
                <span class="note-text">{text}" "<a href=to(first_page(List::Unread, Order::Newest))>{td_string!(l, inbox.show_unread)}</a></span>
            </p>
        }
        .into_any(),
    )
}

fn pages(l: Locale, listing: &Listing) -> Option<AnyView> {
    let next = listing.next.as_ref().map(words::source_address);
    let begin = listing.is_further().then(|| match &listing.source {
        Source::List(query) => first_page(query.list.clone(), query.order),
        Source::Search(query) => words::search_address(&query.page(None)),
    });
    let (further, first) = match listing.order() {
        Order::Newest => (td_string!(l, inbox.older), td_string!(l, inbox.newest)),
        Order::UnreadFirst | Order::Sender | Order::Subject => (td_string!(l, order.more), td_string!(l, order.first)),
    };
    (next.is_some() || begin.is_some()).then(|| {
        view! {
            <nav class="pages" aria-label=td_string!(l, inbox.pages)>
                {begin.map(|begin| view! {
                    <a class="btn bare" href=to(begin)>{small_icon(Icon::Up)}{first}</a>
                })}
                {next.map(|next| view! {
                    <a class="btn calm" rel="next" href=to(next)>{further}{small_icon(Icon::Down)}</a>
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
                <p><a href=to("/inkorg")>{td_string!(l, inbox.show_all)}</a></p>
            })}
        </div>
    }
    .into_any()
}

/// The letters under headings: days when they are ordered by time, otherwise what the order says.
fn groups(l: Locale, listing: &Listing) -> AnyView {
    let (now, order) = (listing.now, listing.order());
    let heading = |letter: &LetterRow| match order {
        Order::Newest => Moment::new(letter.received_at, now).group().heading(l).to_owned(),
        Order::UnreadFirst if letter.unread => td_string!(l, inbox.unread).to_owned(),
        Order::UnreadFirst => td_string!(l, order.read).to_owned(),
        Order::Sender => letter.sender.clone(),
        Order::Subject => td_string!(l, order.by_subject).to_owned(),
    };
    let mut groups: Vec<(String, Vec<&LetterRow>)> = Vec::new();
    for letter in &listing.letters {
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
    let preview = letter.preview.filter(|_| preview_line() == PreviewLine::On);
    view! {
        <li>
            <div class=class>
                {pick_box(letter.id.0.clone(), &letter.subject)}
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
                        <a data-row="" href=to(words::letter_address(&letter.id, &listing.source)) aria-current=is_open.then_some("page")>{words::subject(l, &letter.subject)}</a>
                    </h3>
                    {preview.map(|preview| view! { <p class="row-preview">{preview}</p> })}
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
    let categories = letter
        .categories
        .iter()
        .filter_map(|id| listing.places.category(id))
        .map(|category| category_tag(category.name.clone(), category.colour))
        .collect_view();
    let lies = listing
        .is_across()
        .then(|| place_title(l, &listing.places, &letter.lies));
    let gone = letter.gone_at.map(|gone| {
        let date = Moment::new(gone, listing.now).date_in_full(l);
        say!(l, sort.gone, date = date)
    });
    let starred = letter.starred && listing.list().is_none_or(|query| query.list != List::Starred);
    let any = pay.is_some()
        || letter.attachments > 0
        || letter.matter.is_some()
        || letter.passed_on_by.is_some()
        || lies.is_some()
        || gone.is_some()
        || !letter.categories.is_empty()
        || starred;
    any.then(|| {
        view! {
            <p class="row-tags">
                {pay.map(|pay| view! { <span class="tag due">{small_icon(Icon::Pay)}{pay}</span>" " })}
                {letter.passed_on_by.clone().map(|who| view! {
                    <span class="tag">{small_icon(Icon::Send)}{say!(l, letter.passed_on, who = who)}</span>" "
                })}
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
