//! The house that the staff's pages live in: a grey door and the word Stöd, so that nobody takes it for somebody's mailbox. No script.

use super::page::{here, loaded_behind};
use super::{Brand, Choose, Icon, Still, icon, page_title, reference_line, small_icon};
use crate::i18n::Locale;
use crate::ports::{PortError, StaffRole, StaffRoom, StaffViewer};
use crate::request::{answer_with, locale, staff, visit};
use crate::words::{self, Moment, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use std::future::{Future, ready};

/// Where on the staff's side a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StaffPlace {
    /// The first page.
    Start,
    /// A room itself.
    Room(StaffRoom),
    /// A page under a room.
    Under(StaffRoom),
    /// A page that the menu does not lead to.
    Elsewhere,
}

/// A page's title, with where it is.
pub(crate) fn staff_title(l: Locale, title: &str) -> String {
    format!("{title} – {} – {}", td_string!(l, admin.tag), td_string!(l, brand.name))
}

/// Waits for what a page of the staff's shows, and shows the reason when it cannot be had. Sets the status of the answer.
pub(crate) fn staff_loaded<V>(page: impl Future<Output = Result<V, PortError>> + Send + 'static) -> AnyView
where
    V: IntoView + Send + 'static,
{
    loaded_behind("/admin/logga-in", page, |error| ready(fault(error)))
}

fn fault(error: PortError) -> AnyView {
    let l = locale();
    let (status, heading, text) = match error {
        PortError::NotAllowed => (
            403,
            td_string!(l, admin.not_allowed),
            td_string!(l, admin.not_allowed_text),
        ),
        PortError::NotFound => (404, td_string!(l, admin.not_found), td_string!(l, admin.not_found_text)),
        PortError::SignedOut | PortError::Unavailable => {
            (503, td_string!(l, admin.ours), td_string!(l, admin.ours_text))
        }
    };
    answer_with(status);
    let reference = visit().ok().filter(|_| status == 503).map(|visit| visit.reference);
    let title = staff_title(l, heading);
    let content = view! {
        <div class="fault">
            <Still askew=true/>
            <div class="stack">
                <h1>{heading}</h1>
                <p class="lead">{text}</p>
            </div>
            <p><a class="btn" href="/admin">{td_string!(l, admin.to_start)}</a></p>
            {reference.map(|reference| reference_line(l, reference))}
        </div>
    }
    .into_any();
    match staff() {
        Ok(staff) => view! { <StaffPage viewer=staff.viewer() place=StaffPlace::Elsewhere title>{content}</StaffPage> }
            .into_any(),
        Err(_) => view! { <StaffStreet title>{content}</StaffStreet> }.into_any(),
    }
}

/// A page for somebody of the staff who is logged in.
#[component]
pub(crate) fn StaffPage(
    viewer: StaffViewer,
    place: StaffPlace,
    #[prop(into)] title: String,
    children: Children,
) -> impl IntoView {
    let l = locale();
    view! {
        {page_title(&title)}
        <a class="skip" href="#innehall">{td_string!(l, skip)}</a>
        <div class="home staff">
            <div class="door">
                <header class="top">
                    <Brand home="/admin" label=td_string!(l, admin.to_start_of)/>
                    <span class="staff-tag">{td_string!(l, admin.tag)}</span>
                    {who(l, &viewer)}
                </header>
                {ways_around(l, place, &viewer.rooms)}
            </div>
            <div class="room">
                <main id="innehall" tabindex="-1" class="page">{children()}</main>
            </div>
            {foot(l)}
        </div>
    }
    .into_any()
}

/// A page of the staff's side for who is not logged in there.
#[component]
pub(crate) fn StaffStreet(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let l = locale();
    let other = td_string!(l, door.other_language_code);
    view! {
        {page_title(&title)}
        <a class="skip" href="#innehall">{td_string!(l, skip)}</a>
        <div class="staff">
            <div class="door">
                <header class="top wrap">
                    <Brand home="/admin" label=td_string!(l, admin.to_start_of)/>
                    <span class="staff-tag">{td_string!(l, admin.tag)}</span>
                    <nav class="languages" aria-label=td_string!(l, door.languages)>
                        <Choose address="/sprak" value=other back=here()><button lang=other>{td_string!(l, door.other_language)}</button></Choose>
                    </nav>
                </header>
            </div>
            <main id="innehall" tabindex="-1"><div class="wrap open-page">{children()}</div></main>
            <div class="wrap">{foot(l)}</div>
        </div>
    }
    .into_any()
}

fn who(l: Locale, viewer: &StaffViewer) -> AnyView {
    let now = visit().map_or(viewer.idle_until, |visit| visit.now);
    let idle_at = Moment::new(viewer.idle_until.min(viewer.ends_at), now).clock(l);
    let roles: Vec<_> = viewer.roles.iter().map(|role| role_name(l, *role)).collect();
    let roles = if roles.is_empty() {
        td_string!(l, admin.no_role).to_owned()
    } else {
        roles.join(", ")
    };
    let other = td_string!(l, door.other_language_code);
    view! {
        <details class="who">
            <summary>
                <span class="token" aria-hidden="true">{words::initials(&viewer.name)}</span>
                <span class="who-name">
                    <span class="unseen">{td_string!(l, door.menu_for)}</span>
                    {viewer.name.clone()}
                    <small>{roles}</small>
                </span>
                {small_icon(Icon::Down)}
            </summary>
            <div class="menu">
                <ul>
                    <li><Choose address="/sprak" value=other back=here()><button lang=other>{icon(Icon::Language)}{td_string!(l, door.other_language)}</button></Choose></li>
                </ul>
                <form method="post" action="/staff/logga-ut">
                    <button>{icon(Icon::Out)}{td_string!(l, door.sign_out)}</button>
                </form>
                <p class="menu-note">{say!(l, admin.idle_until, time = idle_at)}</p>
            </div>
        </details>
    }
    .into_any()
}

fn ways_around(l: Locale, place: StaffPlace, rooms: &[StaffRoom]) -> AnyView {
    let mark = |room: StaffRoom| {
        if place == StaffPlace::Room(room) {
            Some("page")
        } else if place == StaffPlace::Under(room) {
            Some("true")
        } else {
            None
        }
    };
    view! {
        <nav class="ways-around" aria-label=td_string!(l, door.main_menu)>
            <ul>
                <li><a href="/admin" aria-current=(place == StaffPlace::Start).then_some("page")>
                    {icon(Icon::Inbox)}<span>{td_string!(l, admin.start)}</span>
                </a></li>
                {rooms.iter().map(|room| {
                    let (address, sign, name) = room_of(l, *room);
                    view! {
                        <li><a href=address aria-current=mark(*room)>{icon(sign)}<span>{name}</span></a></li>
                    }
                }).collect_view()}
            </ul>
        </nav>
    }
    .into_any()
}

/// The address, the sign and the name of a room.
pub(crate) fn room_of(l: Locale, room: StaffRoom) -> (&'static str, Icon, &'static str) {
    match room {
        StaffRoom::Queue => ("/admin/ko", Icon::Send, td_string!(l, admin.queue)),
        StaffRoom::Feedback => ("/admin/tyck-till", Icon::Mail, td_string!(l, admin.feedback)),
        StaffRoom::Texts => ("/admin/texter", Icon::File, td_string!(l, admin.texts)),
        StaffRoom::Accounts => ("/admin/konto", Icon::Help, td_string!(l, admin.accounts)),
        StaffRoom::Looks => ("/admin/godkann", Icon::Lock, td_string!(l, admin.looks)),
        StaffRoom::Trace => ("/admin/spara", Icon::Search, td_string!(l, admin.trace)),
        StaffRoom::Audit => ("/admin/granskning", Icon::Eye, td_string!(l, admin.audit)),
        StaffRoom::Numbers => ("/admin/siffror", Icon::Sliders, td_string!(l, admin.numbers)),
        StaffRoom::Senders => ("/admin/avsandare", Icon::Seal, td_string!(l, admin.senders)),
    }
}

fn role_name(l: Locale, role: StaffRole) -> &'static str {
    match role {
        StaffRole::Support => td_string!(l, admin.role_support),
        StaffRole::Editor => td_string!(l, admin.role_editor),
        StaffRole::Operations => td_string!(l, admin.role_operations),
        StaffRole::Auditor => td_string!(l, admin.role_auditor),
    }
}

fn foot(l: Locale) -> AnyView {
    view! {
        <footer class="foot"><p class="small">{td_string!(l, admin.foot)}</p></footer>
    }
    .into_any()
}
