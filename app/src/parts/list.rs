//! The list of letters, with its filters and the way to older ones.

use super::{Icon, PaymentSentence, small_icon};
use crate::i18n::Locale;
use crate::ports::{InboxPage, InboxQuery, LetterId, LetterRow, Show};
use crate::request::locale;
use crate::words::{self, Group, Moment};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// A page of the list and what was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) query: InboxQuery,
    pub(crate) page: InboxPage,
    pub(crate) now: OffsetDateTime,
    /// The letter that lies open beside it.
    pub(crate) open: Option<LetterId>,
}

/// The list. Its heading is the page's own unless a letter lies open beside it.
#[component]
pub(crate) fn LetterList(listing: Listing) -> impl IntoView {
    let l = locale();
    let Listing { query, page, now, open } = listing;
    let title = td_string!(l, inbox.title);
    let heading = if open.is_some() {
        Either::Left(view! { <h2 class="list-title" id="lista">{title}</h2> })
    } else {
        Either::Right(view! { <h1 class="list-title" id="lista">{title}</h1> })
    };
    let hides_unread = query.show == Show::WithAttachment && page.unread > 0;
    let next = page.next.as_ref().map(|next| inbox_address(query.show, Some(next)));
    view! {
        <section class="lists" aria-labelledby="lista">
            <div class="list-head">
                {heading}
                {filters(l, query.show, page.unread)}
                {hides_unread.then(|| view! {
                    <p class="note list-note">
                        {small_icon(Icon::Info)}
                        <span class="note-text">{td_string!(l, inbox.hidden_unread)}" "<a href=inbox_address(Show::Unread, None)>{td_string!(l, inbox.show_unread)}</a></span>
                    </p>
                })}
            </div>
            {if page.letters.is_empty() {
                Either::Left(nothing(l, &query))
            } else {
                Either::Right(groups(l, page.letters, now, open.as_ref()))
            }}
            {(next.is_some() || query.before.is_some()).then(|| view! {
                <nav class="pages" aria-label=td_string!(l, inbox.pages)>
                    {query.before.is_some().then(|| view! {
                        <a class="btn bare" href=inbox_address(query.show, None)>{small_icon(Icon::Up)}{td_string!(l, inbox.newest)}</a>
                    })}
                    {next.map(|next| view! {
                        <a class="btn calm" rel="next" href=next>{td_string!(l, inbox.older)}{small_icon(Icon::Down)}</a>
                    })}
                </nav>
            })}
        </section>
    }
    .into_any()
}

/// The address of a page of the inbox.
fn inbox_address(show: Show, before: Option<&LetterId>) -> String {
    let mut parts = Vec::new();
    if let Some(before) = before {
        parts.push(format!("fore={}", words::segment(&before.0)));
    }
    match show {
        Show::All => {}
        Show::Unread => parts.push("visa=olasta".to_owned()),
        Show::WithAttachment => parts.push("visa=bilaga".to_owned()),
    }
    if parts.is_empty() {
        "/inkorg".to_owned()
    } else {
        format!("/inkorg?{}", parts.join("&"))
    }
}

fn filters(l: Locale, shown: Show, unread: u64) -> AnyView {
    let chip = |show: Show, name: &'static str, count: Option<u64>| {
        view! {
            <li><a class="chip" href=inbox_address(show, None) aria-current=(show == shown).then_some("true")>
                {name}{count.map(|n| view! { " "<span class="number">{n}</span> })}
            </a></li>
        }
    };
    view! {
        <nav aria-label=td_string!(l, inbox.show)>
            <ul class="chips">
                {chip(Show::All, td_string!(l, inbox.all), None)}
                {chip(Show::Unread, td_string!(l, inbox.unread), (unread > 0).then_some(unread))}
                {chip(Show::WithAttachment, td_string!(l, inbox.with_attachment), None)}
            </ul>
        </nav>
    }
    .into_any()
}

fn nothing(l: Locale, query: &InboxQuery) -> AnyView {
    let (heading, text) = match (query.show, &query.before) {
        (_, Some(_)) | (Show::All, None) => (td_string!(l, inbox.none_older), None),
        (Show::Unread, None) => (
            td_string!(l, inbox.none_unread),
            Some(td_string!(l, inbox.none_unread_text)),
        ),
        (Show::WithAttachment, None) => (
            td_string!(l, inbox.none_attachment),
            Some(td_string!(l, inbox.none_attachment_text)),
        ),
    };
    view! {
        <div class="nothing">
            <h2>{heading}</h2>
            {text.map(|text| view! { <p>{text}</p> })}
            <p><a href="/inkorg">{td_string!(l, inbox.show_all)}</a></p>
        </div>
    }
    .into_any()
}

fn groups(l: Locale, letters: Vec<LetterRow>, now: OffsetDateTime, open: Option<&LetterId>) -> AnyView {
    let mut groups: Vec<(Group, Vec<LetterRow>)> = Vec::new();
    for letter in letters {
        let group = Moment::new(letter.received_at, now).group();
        match groups.last_mut() {
            Some((last, rows)) if *last == group => rows.push(letter),
            _ => groups.push((group, vec![letter])),
        }
    }
    groups
        .into_iter()
        .enumerate()
        .map(|(i, (group, rows))| {
            let id = format!("dag-{i}");
            view! {
                <h2 class="day" id=id.clone()>{group.heading(l)}</h2>
                <ul aria-labelledby=id>
                    {rows.into_iter().map(|letter| {
                        let is_open = open == Some(&letter.id);
                        row(l, letter, now, is_open)
                    }).collect_view()}
                </ul>
            }
        })
        .collect_view()
        .into_any()
}

fn row(l: Locale, letter: LetterRow, now: OffsetDateTime, is_open: bool) -> AnyView {
    let when = Moment::new(letter.received_at, now);
    // Whoever has it open is reading it.
    let unread = letter.unread && !is_open;
    let class = match (unread, is_open) {
        (_, true) => "letter-row is-open",
        (true, false) => "letter-row is-unread",
        (false, false) => "letter-row",
    };
    let pay = letter
        .payment
        .as_ref()
        .map(|payment| PaymentSentence::new(l, payment, now).0);
    let tagged = pay.is_some() || letter.attachments > 0 || letter.matter.is_some();
    view! {
        <li>
            <div class=class>
                <p class="row-top">
                    <span class="row-from">
                        {unread.then(|| view! { <span class="slot"></span><span class="new">{td_string!(l, inbox.new)}</span>" " })}
                        <span>{letter.sender}</span>
                    </span>
                    " "
                    <time datetime=when.machine()>{when.in_list(l)}</time>
                </p>
                <h3 class="row-subject">
                    <a href=format!("/brev/{}", words::segment(&letter.id.0)) aria-current=is_open.then_some("page")>{letter.subject}</a>
                </h3>
                {tagged.then(|| view! {
                    <p class="row-tags">
                        {pay.map(|pay| view! { <span class="tag due">{small_icon(Icon::Pay)}{pay}</span>" " })}
                        {(letter.attachments > 0).then(|| view! {
                            <span class="tag">{small_icon(Icon::Clip)}{words::attachments(l, letter.attachments as usize)}</span>" "
                        })}
                        {letter.matter.map(|matter| view! {
                            <span class="tag">{small_icon(Icon::Matter)}{td_string!(l, inbox.matter)}{matter}</span>
                        })}
                    </p>
                })}
            </div>
        </li>
    }
    .into_any()
}
