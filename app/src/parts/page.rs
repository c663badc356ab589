//! The two houses that pages live in: the home of someone who is logged in, and the open street.

use super::{Banners, Brand, Choose, FaultView, Folders, Icon, Remedy, icon, page_title, small_icon};
use crate::i18n::Locale;
use crate::islands::{Again, BrowserNotices, Copy, FrameHeight, IdleGuard, Keys, Offline, Turn};
use crate::ports::{List, MailboxStanding, MailboxWay, PortError, Viewer};
use crate::request::{
    Guest, GuestAs, Language, May, Shortcuts, answer_with, company, go, guest, language, locale, mailbox, may,
    shortcuts, to, visit,
};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use leptos_router::hooks::use_location;
use std::future::Future;

/// Where in the house a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The inbox itself.
    Inbox,
    /// A page under the inbox.
    Letter,
    /// A folder, the archive or the bin.
    Folder,
    /// The list of matters.
    Matters,
    /// A page under the matters.
    UnderMatters,
    /// What whoever is logged in has taken of a company's letters.
    Taken,
    /// What is to be paid.
    Payments,
    /// The search.
    Search,
    /// Others' mailboxes.
    Helping,
    /// Companies that the person acts for.
    Companies,
    /// The access log.
    AccessLog,
    /// The settings.
    Settings,
    /// A page under the settings.
    UnderSettings,
    /// A page that the menu does not lead to.
    Elsewhere,
    /// A page about where the mailbox is: says itself how it stands.
    Operator,
}

impl Place {
    /// What `aria-current` says of the menu's link to `exact`, of which `under` is a part.
    fn mark(self, exact: Self, under: Self) -> Option<&'static str> {
        if self == exact {
            Some("page")
        } else if self == under {
            Some("true")
        } else {
            None
        }
    }
}

/// Waits for what a page shows, and shows the reason when it cannot be had. Sets the status of the answer.
pub(crate) fn loaded<V>(page: impl Future<Output = Result<V, PortError>> + Send + 'static) -> AnyView
where
    V: IntoView + Send + 'static,
{
    loaded_behind("/", page, fault)
}

/// The same behind a door of its own: who is not logged in there is sent to it, and what cannot be had is told in its own way.
pub(super) fn loaded_behind<V, T>(
    door: &'static str,
    page: impl Future<Output = Result<V, PortError>> + Send + 'static,
    fault: impl FnOnce(PortError) -> T + Send + 'static,
) -> AnyView
where
    V: IntoView + Send + 'static,
    T: Future<Output = AnyView> + Send,
{
    let here = here();
    view! {
        <Suspense>
            {Suspend::new(async move {
                match page.await {
                    Ok(view) => view.into_any(),
                    Err(PortError::SignedOut) => {
                        go(&format!("{door}?vidare={}", words::segment(&here)));
                        ().into_any()
                    }
                    Err(error) => fault(error).await,
                }
            })}
        </Suspense>
    }
    .into_any()
}

async fn fault(error: PortError) -> AnyView {
    let l = locale();
    let (status, title, remedy) = match error {
        PortError::NotFound | PortError::NotAllowed => (404, td_string!(l, fault.not_found_title), Remedy::NotFound),
        PortError::SignedOut | PortError::Unavailable => (503, td_string!(l, fault.title), Remedy::Ours),
    };
    answer_with(status);
    for_anyone(
        title.to_owned(),
        Box::new(move || view! { <FaultView remedy/> }.into_any()),
    )
    .await
}

/// A page for anyone: in their own home for those who are logged in, in the open for everybody else.
#[component]
pub(crate) fn SharedPage(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! { <Suspense>{Suspend::new(for_anyone(title, children))}</Suspense> }.into_any()
}

async fn for_anyone(title: String, children: Children) -> AnyView {
    let viewer = match mailbox() {
        Ok(mailbox) => mailbox.viewer().await.ok(),
        Err(_) => None,
    };
    match viewer {
        Some(viewer) => view! { <Home viewer place=Place::Elsewhere title>{children()}</Home> }.into_any(),
        None => view! { <OpenPage title>{children()}</OpenPage> }.into_any(),
    }
}

/// The way out for who is logged in and has no mailbox of their own, and so no menu.
pub(crate) fn way_out(l: Locale) -> AnyView {
    view! { <form method="post" action="/logga-ut"><button class="btn bare">{td_string!(l, door.sign_out)}</button></form> }
        .into_any()
}

/// The address of this page, as the server was asked for it.
pub(super) fn here() -> String {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    if search.is_empty() {
        path
    } else {
        format!("{path}?{}", search.trim_start_matches('?'))
    }
}

/// The same without its query.
fn path_here() -> String {
    use_location().pathname.get_untracked()
}

/// The home of someone who is logged in: the door with the way around, then the page.
#[component]
pub(crate) fn Home(
    viewer: Viewer,
    place: Place,
    #[prop(into)] title: String,
    /// The page lays itself out (list and letter) instead of being one column.
    #[prop(optional)]
    class: Option<&'static str>,
    /// The list that is shown, marked among the folders.
    #[prop(optional_no_strip, into)]
    list: Option<List>,
    children: Children,
) -> impl IntoView {
    let l = locale();
    let now = visit().map_or(viewer.idle_until, |visit| visit.now);
    let class = class.unwrap_or("page");
    // Rounded up: the page must not give up before the session has.
    let seconds = |until: time::OffsetDateTime| (until - now).whole_seconds().max(-1) + 1;
    let islands = islands(l, viewer.warning);
    let who = whose(l, &viewer, place, now);
    let around = ways_around(l, place, viewer.unread, viewer.to_pay);
    let closed = (place != Place::Operator).then(|| closed(l, &viewer.standing, now));
    let at = guest().map(|guest| at_somebodys(l, &guest));
    view! {
        {page_title(&title)}
        <a class="skip" href="#innehall">{td_string!(l, skip)}</a>
        {class.contains("reading").then(|| view! { <a class="skip only-wide" href="#lista">{td_string!(l, skip_to_list)}</a> })}
        <div class="home" data-idle=seconds(viewer.idle_until) data-end=seconds(viewer.ends_at)>
            <div class="door">
                <header class="top">
                    <Brand home="/inkorg" label=td_string!(l, brand.to_inbox)/>
                    {who}
                </header>
                {around}
                <Folders places=viewer.places unread=viewer.unread list/>
            </div>
            <div class="room">
                {at}
                <Banners/>
                {closed}
                <main id="innehall" tabindex="-1" class=class>{children()}</main>
            </div>
            <Foot/>
        </div>
        {islands}
    }
    .into_any()
}

/// Every page says in whose mailbox one is, when it is not one's own, and leads home.
fn at_somebodys(l: Locale, guest: &Guest) -> AnyView {
    let whose = say!(l, helping.at, name = guest.holder.clone());
    let level = || {
        if guest.may.contains(&May::GiveAccess) {
            td_string!(l, helping.at_administer)
        } else if guest.may.contains(&May::Organise) {
            td_string!(l, helping.at_manage)
        } else {
            td_string!(l, helping.at_read)
        }
    };
    let how = match &guest.in_as {
        GuestAs::HelperByRegister => format!("{} {}", level(), td_string!(l, helping.at_register)),
        GuestAs::Helper { through } => {
            let level = level();
            let until = say!(l, helping.at_until, date = words::day_with_year(l, *through));
            format!("{level} {until}")
        }
        GuestAs::Signatory => td_string!(l, companies.at_signatory).to_owned(),
        GuestAs::Role(role) if role.is_empty() => td_string!(l, companies.at_role).to_owned(),
        GuestAs::Role(role) => say!(l, companies.at_role_named, role = role.clone()),
    };
    let others = match &guest.in_as {
        GuestAs::Helper { .. } | GuestAs::HelperByRegister => ("/hos", td_string!(l, helping.others)),
        GuestAs::Signatory | GuestAs::Role(_) => ("/foretag", td_string!(l, companies.title)),
    };
    let has_own = guest.has_own;
    // Out of this mailbox: these addresses have nothing put before them.
    view! {
        <aside class="at-somebodys" aria-label=td_string!(l, helping.title)>
            <p>{icon(Icon::Info)}<strong>{whose}</strong>" "<span>{how}</span></p>
            <p class="row-of">
                {has_own.then(|| view! { <a href="/inkorg">{td_string!(l, helping.home)}</a> })}
                <a href=others.0>{others.1}</a>
            </p>
        </aside>
    }
    .into_any()
}

/// A mailbox that takes no letters says so on every page.
fn closed(l: Locale, standing: &MailboxStanding, now: time::OffsetDateTime) -> AnyView {
    let text = match standing {
        MailboxStanding::Open => return ().into_any(),
        MailboxStanding::Moved { to, .. } => say!(l, operator.said_moved, operator = to),
        MailboxStanding::Left { .. } => td_string!(l, operator.said_left).to_owned(),
        MailboxStanding::Ended { until: None, .. } => td_string!(l, operator.said_closed).to_owned(),
        MailboxStanding::Ended { until: Some(until), .. } => {
            say!(l, operator.said_ending, date = Moment::new(*until, now).date_in_full(l))
        }
    };
    view! {
        <aside class="closed" aria-label=td_string!(l, operator.title)>
            <p class="note">
                {icon(Icon::Info)}
                <span class="note-text">{text}{may(May::Account).then(|| view! { " "<a href=to("/installningar/brevlada")>{td_string!(l, operator.said_more)}</a> })}</span>
            </p>
        </aside>
    }
    .into_any()
}

/// Whose mailbox it is, and what belongs to the person rather than to a page.
///
/// On a phone it also leads where the bar below has no room to: to all that the menu at the side has where there is room.
fn whose(l: Locale, viewer: &Viewer, place: Place, now: time::OffsetDateTime) -> AnyView {
    let idle_at = Moment::new(viewer.idle_until.min(viewer.ends_at), now).clock(l);
    let name = viewer.name.clone();
    let (sees_access, whole) = (may(May::SeeAccess), may(May::Overview));
    let takes = takes_letters();
    let switch = switch(l, &viewer.mailboxes);
    view! {
        <details class="who">
            <summary>
                <span class="token" aria-hidden="true">{words::initials(&viewer.name)}</span>
                <span class="who-name">
                    <span class="unseen">{td_string!(l, door.menu_for)}</span>
                    {name}
                    <small>{match guest() {
                        Some(guest) => say!(l, helping.whose_mailbox, name = guest.holder),
                        None => td_string!(l, door.your_mailbox).to_owned(),
                    }}</small>
                </span>
                {small_icon(Icon::Down)}
            </summary>
            <div class="menu">
                {switch}
                <ul>
                    <li class="only-narrow"><button type="button" popovertarget="mappar">{icon(Icon::Folder)}{td_string!(l, folders.all)}</button></li>
                    {takes.then(|| view! {
                        <li class="only-narrow"><a href=to("/tilldelat") aria-current=place.mark(Place::Taken, Place::Taken)>
                            {icon(Icon::Check)}{td_string!(l, handling.door)}
                        </a></li>
                    })}
                    {whole.then(|| view! {
                        <li class="only-narrow"><a href=to("/betala") aria-current=place.mark(Place::Payments, Place::Payments)>
                            {icon(Icon::Pay)}{td_string!(l, payments.title)}
                        </a></li>
                    })}
                    {sees_access.then(|| view! {
                        <li class="only-narrow"><a href=to("/vem-har-last") aria-current=place.mark(Place::AccessLog, Place::AccessLog)>
                            {icon(Icon::Eye)}{td_string!(l, door.access_log)}
                        </a></li>
                    })}
                    <li><a href="/hos" aria-current=place.mark(Place::Helping, Place::Helping)>{icon(Icon::Mail)}{td_string!(l, helping.others)}</a></li>
                    <li><a href="/foretag" aria-current=place.mark(Place::Companies, Place::Companies)>{icon(Icon::Folder)}{td_string!(l, companies.title)}</a></li>
                    <li>
                        <Choose address="/sprak" value=td_string!(l, door.other_language_code) back=here()>
                            <button lang=td_string!(l, door.other_language_code)>{icon(Icon::Language)}{td_string!(l, door.other_language)}</button>
                        </Choose>
                    </li>
                    <li><a href=to("/hjalp")>{icon(Icon::Help)}{td_string!(l, door.help)}</a></li>
                </ul>
                <form class="menu-out" method="post" action=to("/logga-ut")>
                    <button>{icon(Icon::Out)}{td_string!(l, door.sign_out)}</button>
                </form>
                <p class="menu-note">{say!(l, door.idle_until, time = idle_at)}</p>
            </div>
        </details>
    }
    .into_any()
}

/// The mailboxes that the person can go to from here: each is entered by its own address, so other windows stay where they are.
fn switch(l: Locale, mailboxes: &[MailboxWay]) -> AnyView {
    if mailboxes.is_empty() {
        return ().into_any();
    }
    view! {
        <p class="menu-note" id="byt-brevlada">{td_string!(l, companies.switch)}</p>
        <ul class="menu-mailboxes" aria-labelledby="byt-brevlada">
            {mailboxes.iter().cloned().map(|way| view! {
                <li><a href=way.address aria-current=way.here.then_some("true")>{icon(Icon::Inbox)}{way.name}</a></li>
            }).collect_view()}
        </ul>
    }
    .into_any()
}

/// Whether whoever is here shares the work on a company's letters.
fn takes_letters() -> bool {
    company().is_some() && may(May::Organise)
}

fn ways_around(l: Locale, place: Place, unread: u64, to_pay: u64) -> AnyView {
    let settings = if place == Place::Operator {
        Place::UnderSettings
    } else {
        place
    };
    let (sees_access, whole) = (may(May::SeeAccess), may(May::Overview));
    let takes = takes_letters();
    let settings_too = [
        May::EditSettings,
        May::EditContacts,
        May::SeeAccess,
        May::GiveAccess,
        May::Account,
    ]
    .into_iter()
    .any(may);
    view! {
        <nav class="ways-around" aria-label=td_string!(l, door.main_menu)>
            <ul>
                <li><a href=to("/inkorg") data-key="g i" aria-current=place.mark(Place::Inbox, Place::Letter)>
                    {icon(Icon::Inbox)}
                    <span>{td_string!(l, door.inbox)}</span>
                    {(unread > 0).then(|| view! {
                        <span class="tally"><span aria-hidden="true">{unread}</span><span class="unseen">{words::unread(l, unread)}</span></span>
                    })}
                </a></li>
                <li><a href=to("/sok") data-key="/" aria-current=place.mark(Place::Search, Place::Search)>
                    {icon(Icon::Search)}<span>{td_string!(l, door.search)}</span>
                </a></li>
                {takes.then(|| view! {
                    <li class="only-wide"><a href=to("/tilldelat") aria-current=place.mark(Place::Taken, Place::Taken)>
                        {icon(Icon::Check)}<span>{td_string!(l, handling.door)}</span>
                    </a></li>
                })}
                {whole.then(|| view! {
                    <li><a href=to("/arenden") data-key="g m" aria-current=place.mark(Place::Matters, Place::UnderMatters)>
                        {icon(Icon::Matter)}<span>{td_string!(l, door.matters)}</span>
                    </a></li>
                })}
                {whole.then(|| view! { <li class="only-wide"><a href=to("/betala") aria-current=place.mark(Place::Payments, Place::Payments)>
                    {icon(Icon::Pay)}
                    <span>{td_string!(l, payments.title)}</span>
                    {(to_pay > 0).then(|| view! {
                        <span class="tally"><span aria-hidden="true">{words::counted_bills(to_pay)}</span><span class="unseen">{words::bills(l, to_pay)}</span></span>
                    })}
                </a></li> })}
                {sees_access.then(|| view! { <li class="only-wide"><a href=to("/vem-har-last") aria-current=place.mark(Place::AccessLog, Place::AccessLog)>
                    {icon(Icon::Eye)}<span>{td_string!(l, door.access_log)}</span>
                </a></li> })}
                {settings_too.then(|| view! { <li><a href=to("/installningar") aria-current=settings.mark(Place::Settings, Place::UnderSettings)>
                    {icon(Icon::Sliders)}<span>{td_string!(l, door.settings)}</span>
                </a></li> })}
            </ul>
        </nav>
    }
    .into_any()
}

/// The comfort of script, beside the home and for every page of it.
fn islands(l: Locale, warning: u32) -> AnyView {
    view! {
        <Turn unreachable=td_string!(l, fault.unreachable).to_owned()/>
        <FrameHeight/>
        <Copy done=td_string!(l, payments.copied).to_owned()/>
        <Again/>
        <Offline/>
        <BrowserNotices/>
        {(shortcuts() == Shortcuts::On).then(|| view! {
            <Keys
                heading=td_string!(l, keys.title).to_owned()
                close=td_string!(l, keys.close).to_owned()
                settings=td_string!(l, keys.settings).to_owned()
            />
        })}
        <IdleGuard
            warning
            heading=td_string!(l, idle.heading).to_owned()
            text=td_string!(l, idle.text).to_owned()
            final_text=td_string!(l, idle.final_text).to_owned()
            minutes=td_string!(l, idle.minutes).to_owned()
            minute=td_string!(l, idle.minute).to_owned()
            seconds=td_string!(l, idle.seconds).to_owned()
            stay=td_string!(l, idle.stay).to_owned()
            understood=td_string!(l, idle.understood).to_owned()
            leave=td_string!(l, idle.leave).to_owned()
        />
    }
    .into_any()
}

/// A page in the open, for anyone.
#[component]
pub(crate) fn OpenPage(
    #[prop(into)] title: String,
    /// The page lays itself out instead of being one column.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let l = locale();
    view! {
        {page_title(&title)}
        <a class="skip" href="#innehall">{td_string!(l, skip)}</a>
        <div class="door">
            <header class="top wrap">
                <Brand home="/" label=td_string!(l, brand.to_start)/>
                <Languages/>
            </header>
        </div>
        <Banners/>
        <main id="innehall" tabindex="-1">
            {if wide {
                Either::Left(children())
            } else {
                Either::Right(view! { <div class="wrap open-page">{children()}</div> })
            }}
        </main>
        <div class="wrap"><Foot/></div>
    }
    .into_any()
}

#[component]
fn Languages() -> impl IntoView {
    let l = locale();
    let one = |of: Language, name: &'static str| {
        if of == language() {
            return view! { <span lang=of.tag() aria-current="true">{name}</span> }.into_any();
        }
        view! { <Choose address="/sprak" value=of.tag() back=here()><button lang=of.tag()>{name}</button></Choose> }
            .into_any()
    };
    let (swedish, english) = match language() {
        Language::Swedish => ("Svenska", td_string!(l, door.other_language)),
        Language::English => (td_string!(l, door.other_language), "English"),
    };
    view! {
        <nav class="languages" aria-label=td_string!(l, door.languages)>
            {one(Language::Swedish, swedish)}
            {one(Language::English, english)}
        </nav>
    }
    .into_any()
}

#[component]
fn Foot() -> impl IntoView {
    let l = locale();
    view! {
        <footer class="foot">
            <ul aria-label=td_string!(l, foot.label)>
                <li><a href=to("/hjalp")>{td_string!(l, foot.help)}</a></li>
                <li><a href=to(format!("/tyck-till?fran={}", words::segment(&path_here())))>{td_string!(l, foot.feedback)}</a></li>
                <li><a href=to("/nyheter")>{td_string!(l, foot.news)}</a></li>
                <li><a href=to("/tillganglighet")>{td_string!(l, foot.accessibility)}</a></li>
                <li><a href=to("/tillganglighet#rapportera")>{td_string!(l, foot.report)}</a></li>
                <li><a href=to("/villkor")>{td_string!(l, foot.terms)}</a></li>
                <li><a href=to("/integritet")>{td_string!(l, foot.privacy)}</a></li>
                <li><a href=to("/om")>{td_string!(l, foot.about)}</a></li>
            </ul>
        </footer>
    }
    .into_any()
}
