//! `/sok`: searching everything in the mailbox. One form, sent by GET, so that a search can be gone back to.

use super::asked;
use super::lists::{Codes, note};
use crate::i18n::Locale;
use crate::parts::{FindField, Home, Icon, Marked, Place, day_field, icon, loaded, pick_box, picking, small_icon};
use crate::ports::{
    FolderId, FoundPayment, Hit, Lacking, LetterId, NotSearched, PaymentField, Piece, Places, Quote, QuotePlace,
    Quoted, SearchPage as Page, SearchPlace, SearchQuery, SearchReach, Source,
};
use crate::request::{locale, mailbox, search, to, visit};
use crate::words::{self, Due, Moment, TypedDay, say};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The search.
#[component]
pub(crate) fn SearchPage() -> impl IntoView {
    let query = words::search_asked(asked);
    let days = Days::asked();
    let codes = Codes::read();
    loaded(async move {
        let (mailbox, search) = (mailbox()?, search()?);
        let now = visit()?.now;
        let viewer = mailbox.viewer().await?;
        let reach = search.reach().await?;
        // Of days that cannot be nothing is asked: what would be found is not what was meant.
        let page = if days.are_wrong() {
            None
        } else {
            search.search(query.clone()).await?
        };
        let l = locale();
        let title = title(l, page.as_ref());
        let places = viewer.places.clone();
        let said = note(l, codes, &places, &words::search_address(&query), now).await?;
        Ok(view! {
            <Home viewer place=Place::Search title>
                <div class="page-head"><h1>{td_string!(l, search.title)}</h1></div>
                {said}
                {form(l, &query, &days, &reach, &places)}
                {waiting(l, &reach)}
                {match page {
                    Some(page) => Either::Left(hits(l, &query, page, &places, now)),
                    None => Either::Right((!days.are_wrong()).then(|| how(l))),
                }}
                {not_searched(l, reach)}
            </Home>
        })
    })
}

/// “4 brev – Sök – brevlada”: how many, never what for; titles are read over shoulders and kept in lists.
fn title(l: Locale, page: Option<&Page>) -> String {
    let (search, brand) = (td_string!(l, search.title), td_string!(l, brand.name));
    match page {
        Some(page) => format!("{} – {search} – {brand}", how_many(l, page)),
        None => format!("{search} – {brand}"),
    }
}

fn how_many(l: Locale, page: &Page) -> String {
    match (page.total, page.at_least) {
        (n, true) => say!(l, search.at_least, n = n),
        (0, false) => td_string!(l, search.none).to_owned(),
        (1, false) => td_string!(l, search.one).to_owned(),
        (n, false) => say!(l, search.many, n = n),
    }
}

/// The days between which letters came, as they were typed.
struct Days {
    from: TypedDay,
    until: TypedDay,
}

impl Days {
    fn asked() -> Self {
        Self {
            from: TypedDay::of(asked("fran")),
            until: TypedDay::of(asked("till")),
        }
    }

    fn are_wrong(&self) -> bool {
        self.from.wrong().is_some() || self.until.wrong_after(&self.from).is_some()
    }
}

fn form(l: Locale, query: &SearchQuery, days: &Days, reach: &SearchReach, places: &Places) -> AnyView {
    let narrowed = SearchQuery {
        text: String::new(),
        before: None,
        ..query.clone()
    } != SearchQuery::default()
        || days.are_wrong();
    view! {
        <form class="stack tight search-form" role="search" action=to("/sok")>
            <FindField text=query.text.clone()/>
            <details class="refine" open=narrowed>
                <summary>{small_icon(Icon::Sliders)}{td_string!(l, search.refine)}{small_icon(Icon::Down)}</summary>
                <div class="fit">
                    <div class="field">
                        <label for="sok-av">{td_string!(l, search.sender)}</label>
                        {choice("sok-av", "av", query.sender.as_deref(), td_string!(l, search.any_sender), reach.senders.clone())}
                    </div>
                    <div class="field">
                        <label for="sok-var">{td_string!(l, search.place)}</label>
                        {choice("sok-var", "var", words::place_value(&query.place), td_string!(l, search.everywhere), place_options(l, places))}
                    </div>
                    {day_field(l, td_string!(l, search.from), "sok-fran", "fran", &days.from, days.from.wrong())}
                    {day_field(l, td_string!(l, search.until), "sok-till", "till", &days.until, days.until.wrong_after(&days.from))}
                </div>
                <div class="row-of">
                    <label class="check">
                        <input class="box" type="checkbox" name="olast" value="1" checked=query.unread/>
                        <span>{td_string!(l, search.unread)}</span>
                    </label>
                    <label class="check">
                        <input class="box" type="checkbox" name="bilaga" value="1" checked=query.attachment/>
                        <span>{td_string!(l, search.attachment)}</span>
                    </label>
                </div>
                <p class="row-of">
                    <button class="btn calm">{td_string!(l, search.apply)}</button>
                    {narrowed.then(|| view! {
                        <a class="btn bare" href=to(words::search_address(&SearchQuery { text: query.text.clone(), ..SearchQuery::default() }))>
                            {td_string!(l, search.everything)}
                        </a>
                    })}
                </p>
            </details>
        </form>
    }
    .into_any()
}

/// Where one may search, besides everywhere: folders as a tree.
fn place_options(l: Locale, places: &Places) -> Vec<(String, String)> {
    let named = |value: &str, name: &str| (value.to_owned(), name.to_owned());
    let mut options = vec![named("inkorg", td_string!(l, door.inbox))];
    options.extend(places.folders.iter().map(|folder| {
        let name = format!("{}{}", "\u{2003}".repeat(folder.depth), folder.name);
        (folder.id.0.clone(), name)
    }));
    options.push(named("arkiv", td_string!(l, folders.archive)));
    options.push(named("papperskorg", td_string!(l, folders.bin)));
    options
}

fn folder_name(l: Locale, places: &Places, id: String) -> String {
    places.folder(&FolderId(id)).map_or_else(
        || td_string!(l, folders.a_folder).to_owned(),
        |folder| folder.name.clone(),
    )
}

/// A list to choose one from, or none.
fn choice(
    id: &'static str,
    name: &'static str,
    chosen: Option<&str>,
    any: &'static str,
    options: Vec<(String, String)>,
) -> AnyView {
    let options = options
        .into_iter()
        .map(|(value, name)| {
            let selected = chosen == Some(value.as_str());
            view! { <option value=value selected=selected>{name}</option> }
        })
        .collect_view();
    view! {
        <span class="select">
            <select class="in" id=id name=name>
                <option value="">{any}</option>
                {options}
            </select>
            {icon(Icon::Down)}
        </span>
    }
    .into_any()
}

/// Letters that are too new, or whose index is being made.
fn waiting(l: Locale, reach: &SearchReach) -> AnyView {
    let text = match (reach.waiting, reach.waiting_at_least) {
        (0, _) => return ().into_any(),
        (1, false) => td_string!(l, search.waiting_one).to_owned(),
        (n, false) => say!(l, search.waiting_many, n = n),
        (n, true) => say!(l, search.waiting_more, n = n),
    };
    view! { <p class="note search-note" role="status">{icon(Icon::Info)}<span class="note-text">{text}</span></p> }
        .into_any()
}

fn hits(l: Locale, query: &SearchQuery, page: Page, places: &Places, now: OffsetDateTime) -> AnyView {
    let reached = match query.place {
        SearchPlace::Everywhere => td_string!(l, search.reached),
        _ => td_string!(l, search.reached_there),
    };
    let next = page.next.map(|next| words::search_address(&query.page(Some(next))));
    let begin = query.before.is_some().then(|| words::search_address(&query.page(None)));
    let source = Source::Search(query.clone());
    let more = next.is_some() || begin.is_some();
    let (further, at_end) = (page.unfinished, page.next.is_none() && !page.hits.is_empty());
    view! {
        <section class="hits" aria-labelledby="traffar">
            <div class="title-line">
                <h2 id="traffar">{how_many(l, &page)}</h2>
                <p class="small muted">{reached}</p>
            </div>
            {remarks(l, &page)}
            {(!page.hits.is_empty()).then(|| {
                let found = page.hits.into_iter().map(|found| hit(l, found, places, &source, now)).collect_view();
                picking(&source, more, places, view! { <ol>{found}</ol> }.into_any())
            })}
            {further.then(|| view! { <p class="small muted">{td_string!(l, search.unfinished)}</p> })}
            {more.then(|| view! {
                <nav class="pages" aria-label=td_string!(l, search.pages)>
                    {begin.map(|begin| view! {
                        <a class="btn bare" href=to(begin)>{small_icon(Icon::Up)}{td_string!(l, search.first)}</a>
                    })}
                    {next.map(|next| view! {
                        <a class="btn calm" rel="next" href=to(next)>
                            {if further { td_string!(l, search.go_on) } else { td_string!(l, search.older) }}
                            {small_icon(Icon::Down)}
                        </a>
                    })}
                </nav>
            })}
            {at_end.then(|| view! { <p class="small muted">{td_string!(l, search.all)}</p> })}
        </section>
    }
    .into_any()
}

/// What there is to say about the words that were asked for.
fn remarks(l: Locale, page: &Page) -> AnyView {
    let quoted = |words: &[String]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("”{word}”")).collect();
        quoted.join(", ")
    };
    let mut said = Vec::new();
    if !page.unknown.is_empty() {
        said.push(say!(l, search.unknown, words = quoted(&page.unknown)));
    } else if page.total == 0 && !page.unfinished {
        said.push(td_string!(l, search.none_text).to_owned());
    }
    if !page.short.is_empty() {
        said.push(say!(l, search.short, words = quoted(&page.short)));
    }
    if !page.common.is_empty() {
        said.push(say!(l, search.common, words = quoted(&page.common)));
    }
    said.into_iter()
        .map(|text| view! { <p>{text}</p> })
        .collect_view()
        .into_any()
}

fn hit(l: Locale, hit: Hit, places: &Places, source: &Source, now: OffsetDateTime) -> AnyView {
    let when = Moment::new(hit.row.received_at, now);
    let class = if hit.row.unread { "hit is-unread" } else { "hit" };
    let (sign, place) = match hit.place {
        SearchPlace::Bin => (Icon::Bin, td_string!(l, folders.bin).to_owned()),
        SearchPlace::Archive => (Icon::Archive, td_string!(l, folders.archive).to_owned()),
        SearchPlace::Folder(id) => (Icon::Folder, folder_name(l, places, id)),
        SearchPlace::Inbox | SearchPlace::Everywhere => (Icon::Inbox, td_string!(l, door.inbox).to_owned()),
    };
    view! {
        <li class=class>
            {pick_box(hit.row.id.0.clone(), &hit.row.subject)}
            <div>
                <p class="row-top">
                    <span class="row-from">
                        {hit.row.unread.then(|| view! { <span class="slot"></span><span class="new">{td_string!(l, inbox.new)}</span>" " })}
                        <span><Marked pieces=hit.sender/></span>
                    </span>
                    " "
                    <time datetime=when.machine()>{when.in_sentence(l)}</time>
                </p>
                <h3><a data-row="" href=to(words::letter_address(&hit.row.id, source))><Marked pieces=hit.subject/></a></h3>
                {hit.quotes.into_iter().map(|words| quote(l, words, now)).collect_view()}
                <p class="row-tags">
                    <span class="tag">{small_icon(sign)}{place}</span>
                    {hit.row.passed_on_by.clone().map(|who| view! {
                        " "<span class="tag">{small_icon(Icon::Send)}{say!(l, letter.passed_on, who = who)}</span>
                    })}
                </p>
            </div>
        </li>
    }
    .into_any()
}

fn letter(id: &LetterId) -> String {
    format!("/brev/{}", words::segment(&id.0))
}

fn quote(l: Locale, quote: Quote, now: OffsetDateTime) -> AnyView {
    let place = match quote.place {
        QuotePlace::Body => None,
        QuotePlace::Payment => Some((Icon::Pay, td_string!(l, search.in_payment).to_owned())),
        QuotePlace::Matter => Some((Icon::Matter, td_string!(l, search.in_matter).to_owned())),
        QuotePlace::Notes => Some((Icon::Info, td_string!(l, search.in_notes).to_owned())),
        QuotePlace::FileName => Some((Icon::Clip, td_string!(l, search.in_file_name).to_owned())),
        QuotePlace::Page(file, page) => Some((Icon::File, say!(l, search.in_file, file = file, page = page))),
    };
    view! {
        <div>
            {place.map(|(sign, words)| view! { <p class="tag">{small_icon(sign)}{words}</p> })}
            {match quote.quoted {
                Quoted::Words(pieces) => Either::Left(view! { <q><Marked pieces/></q> }),
                Quoted::Payment(found) => Either::Right(view! { <p class="found-pay"><Marked pieces=payment(l, &found, now)/></p> }),
            }}
        </div>
    }
    .into_any()
}

/// “Betala 248 kronor, senast 31 mars, till konto 5050-1055, OCR-nummer 8123 4567”: what was looked for is marked.
fn payment(l: Locale, found: &FoundPayment, now: OffsetDateTime) -> Vec<Piece> {
    let date = Due::parse(&found.due).map_or_else(|| found.due.clone(), |due| due.date(l, now));
    let sum = words::sum(l, found.amount_ore, &found.currency);
    let account = words::account(&found.account);
    let reference = found.reference.as_deref().map(words::account);
    let parts = [
        (PaymentField::Sum, Some(say!(l, search.pay_sum, sum = sum))),
        (PaymentField::Due, Some(say!(l, search.pay_by, date = date))),
        (PaymentField::Account, Some(say!(l, search.pay_to, account = account))),
        (
            PaymentField::Reference,
            reference.map(|reference| say!(l, search.pay_reference, reference = reference)),
        ),
    ];
    let mut pieces = Vec::new();
    for (field, text) in parts {
        let Some(text) = text else { continue };
        if !pieces.is_empty() {
            pieces.push(Piece {
                text: ", ".to_owned(),
                hit: false,
            });
        }
        pieces.push(Piece {
            text,
            hit: found.hits.contains(&field),
        });
    }
    pieces
}

/// Shown before anything is asked for.
fn how(l: Locale) -> AnyView {
    view! {
        <section class="group search-how" aria-labelledby="sa-soker-du">
            <h2 id="sa-soker-du">{td_string!(l, search.how)}</h2>
            <p>{td_string!(l, search.how_where)}</p>
            <dl>
                <div><dt>{td_string!(l, search.how_words)}</dt><dd>{td_string!(l, search.how_words_text)}</dd></div>
                <div><dt>{td_string!(l, search.how_part)}</dt><dd>{td_string!(l, search.how_part_text)}</dd></div>
                <div><dt>{td_string!(l, search.how_phrase)}</dt><dd>{td_string!(l, search.how_phrase_text)}</dd></div>
                <div><dt>{td_string!(l, search.how_not)}</dt><dd>{td_string!(l, search.how_not_text)}</dd></div>
                <div><dt>{td_string!(l, search.how_number)}</dt><dd>{td_string!(l, search.how_number_text)}</dd></div>
            </dl>
        </section>
    }
    .into_any()
}

/// The attachments that cannot be searched: said, not passed over.
fn not_searched(l: Locale, reach: SearchReach) -> AnyView {
    if reach.lacking.is_empty() {
        return ().into_any();
    }
    let more = reach.lacking_more.then(|| td_string!(l, search.lacking_more));
    view! {
        <details class="unfold lacking">
            <summary>{td_string!(l, search.lacking)}{small_icon(Icon::Down)}</summary>
            <p class="small muted">{td_string!(l, search.lacking_text)}</p>
            <ul>{reach.lacking.into_iter().map(|lacking| lacking_letter(l, lacking)).collect_view()}</ul>
            {more.map(|more| view! { <p class="small muted">{more}</p> })}
        </details>
    }
    .into_any()
}

fn lacking_letter(l: Locale, lacking: Lacking) -> AnyView {
    let files = lacking.files.into_iter().map(|(name, why)| {
        let why = match why {
            NotSearched::TooLong => td_string!(l, search.too_long),
            NotSearched::Pictures => td_string!(l, search.pictures),
            NotSearched::Broken => td_string!(l, search.broken),
            NotSearched::OtherKind => td_string!(l, search.other_kind),
        };
        view! { <p class="small">{small_icon(Icon::Clip)}<span>{name}": "<span class="muted">{why}</span></span></p> }
    });
    view! {
        <li>
            <a href=to(letter(&lacking.letter))>{lacking.subject}</a>
            {files.collect_view()}
        </li>
    }
    .into_any()
}
