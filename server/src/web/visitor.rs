//! Who is asking, and what they are given. Decided once for each request, before any page or handler runs; denied by default.

use super::Web;
use super::contacts::OwnContacts;
use super::elsewhere::{Elsewhere, HOS, base};
use super::errors::Fault;
use super::forwarding::OwnForwarding;
use super::helping::{OwnConsents, OwnHelping};
use super::keeping::OwnKeeping;
use super::matters::OwnMatters;
use super::notices::OwnNotices;
use super::operator::OwnOperator;
use super::ports::OwnMailbox;
use super::public::Open;
use super::reception::OwnReception;
use super::registration::OwnRegistration;
use super::rules::OwnRules;
use super::search::OwnSearch;
use super::settings::OwnSettings;
use super::sorting::OwnSorting;
use super::staff::OnDutyHere;
use crate::domain::consent::Level;
use crate::domain::device::Device;
use crate::login::{Cookie, CurrentSession, CurrentStaff, device};
use crate::mailbox::access::{Person, Whose, find_mailbox, is_shut};
use crate::mailbox::consents;
use crate::register::Evidence;
use crate::telemetry::RequestId;
use app::ports::{Home, Ports};
use app::{Guest, Language, Look, Visit};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use std::sync::Arc;
use url::form_urlencoded::byte_serialize;

/// Pages that anybody may see. Everything else asks for a login.
const OPEN_TO_ALL: [&str; 11] = [
    "/",
    "/om",
    "/hjalp",
    "/tillganglighet",
    "/logga-in",
    "/kalender",
    "/utloggad",
    "/nyheter",
    "/tyck-till",
    "/integritet",
    TERMS_PAGE,
];

/// The page for people who are logged in and have no mailbox.
const TERMS_PAGE: &str = "/villkor";

/// Pages of a mailbox that somebody else than the holder may be let into. The others are the holder's alone.
const FOR_GUESTS: [&str; 14] = [
    "/inkorg",
    "/brev",
    "/sok",
    "/arenden",
    "/betala",
    "/arkiv",
    "/mapp",
    "/kategori",
    "/kategorisera",
    "/flytta",
    "/slang",
    "/papperskorg",
    "/stjarnor",
    "/hamta/brev",
];

/// The page with others' mailboxes, when one of them cannot be entered (any more).
const NOT_LET_IN: &str = "/hos?fel=slut";

/// The page that says that a session has run out.
const TIMED_OUT: &str = "/utloggad?skal=tid";

/// Where the staff's side begins, and what its forms are sent to. No session of a person's counts there, and none of staff's elsewhere.
const STAFFS_SIDE: [&str; 2] = ["/admin", "/api/admin"];

/// The staff's pages for those who are not logged in.
const STAFFS_LOGIN: &str = "/admin/logga-in";

/// A person who may read: an extractor for handlers beside the pages.
#[derive(Debug)]
pub(super) struct Reader(pub Person);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Fault> {
        CurrentSession::of(parts)
            .map(|session| Self(person(&session).at(Elsewhere::whose(&parts.extensions))))
            .ok_or(Fault::SignedOut)
    }
}

fn person(session: &CurrentSession) -> Person {
    Person::new(session.holder, session.name.clone())
}

/// The language that the visitor has chosen.
pub(super) fn language(headers: &HeaderMap) -> Language {
    headers
        .get(COOKIE)
        .and_then(|cookies| cookies.to_str().ok())
        .map_or_else(Language::default, Language::from_cookies)
}

/// The look that the visitor has chosen.
pub(super) fn look(headers: &HeaderMap) -> Look {
    headers
        .get(COOKIE)
        .and_then(|cookies| cookies.to_str().ok())
        .map_or_else(Look::default, Look::from_cookies)
}

/// Middleware: shows people to the page that fits how they stand, and gives pages what they may ask.
pub(super) async fn receive(State(web): State<Web>, request: Request, next: Next) -> Response {
    if is_under(&STAFFS_SIDE, request.uri().path()) {
        return receive_staff(&web, request, next).await;
    }
    let (mut request, session) = match recognised(&web, request).await {
        Ok(both) => both,
        Err(fault) => return fault.into_response(),
    };
    let path = request.uri().path().to_owned();
    let path = path.as_str();
    let whose = Elsewhere::whose(request.extensions());
    let is_page = is_page(&request);
    if session.is_none() && !is_page && had_session(&web, request.headers()) {
        return Redirect::to(TIMED_OUT).into_response();
    }
    if is_page && !is_open_to_all(path) {
        match &session {
            None => return Redirect::to(&signed_out(&web, &request)).into_response(),
            Some(session) if session.mailbox_id.is_none() && whose == Whose::Own && path != HOS => {
                return Redirect::to(TERMS_PAGE).into_response();
            }
            Some(_) => {}
        }
    }
    if let (Some(session), Whose::Of(_)) = (&session, whose) {
        match consents::where_now(&web.house, &person(session).at(whose)).await {
            Ok(Some(_)) if is_page && !is_open_to_all(path) && !is_under(&FOR_GUESTS, path) => {
                return Fault::NotFound.into_response();
            }
            Ok(Some(consent)) => {
                request.extensions_mut().insert(guest(consent));
            }
            // Whoever was let in learns that it is over; whoever never was learns no more than that.
            Ok(None) => return Redirect::to(NOT_LET_IN).into_response(),
            Err(error) => return Fault::ours(error).into_response(),
        }
    }
    if is_page && path == "/" && session.is_some() {
        return Redirect::to("/inkorg").into_response();
    }
    next.run(equipped(&web, request, session).await).await
}

/// The same on the staff's side: whoever is none of the staff is led to their login, wherever they wanted to go.
async fn receive_staff(web: &Web, request: Request, next: Next) -> Response {
    let staff = match web.desk.staff_sessions().find(request.headers()).await {
        Ok(staff) => staff,
        Err(error) => return Fault::ours(error).into_response(),
    };
    let path = request.uri().path();
    let is_page = is_page(&request);
    let is_login = path == STAFFS_LOGIN || path.starts_with("/admin/logga-in/");
    match &staff {
        None if !(is_page && is_login) => {
            let ended = web.desk.staff_sessions().brought(request.headers());
            let wanted = request
                .uri()
                .path_and_query()
                .filter(|_| is_page)
                .map_or("/admin", |address| address.as_str());
            let wanted: String = byte_serialize(wanted.as_bytes()).collect();
            let why = if ended { "kod=tid&" } else { "" };
            return Redirect::to(&format!("{STAFFS_LOGIN}?{why}vidare={wanted}")).into_response();
        }
        Some(_) if is_page && is_login => return Redirect::to("/admin").into_response(),
        _ => {}
    }
    next.run(equipped_for_staff(web, request, staff).await).await
}

/// The request with everything that a page of the staff's may ask, and nothing of anybody's mailbox.
async fn equipped_for_staff(web: &Web, mut request: Request, staff: Option<CurrentStaff>) -> Request {
    let language = language(request.headers());
    let port = staff.clone().map(|staff| {
        Arc::new(OnDutyHere {
            house: web.house.clone(),
            staff,
            banners: web.banners.clone(),
            far: web.far.clone(),
            senders: web.senders.clone(),
        })
    });
    let given = Ports {
        login: web.desk.clone(),
        public: Arc::new(Open {
            house: web.house.clone(),
            language,
        }),
        registration: None,
        helping: None,
        home: None,
        staff: port.map(|port| port as Arc<dyn app::ports::Staff>),
        source: web.source.clone(),
    };
    let visit = visit(web, reference(&request), language).await;
    request.extensions_mut().insert(given);
    request.extensions_mut().insert(visit);
    if let Some(staff) = staff {
        request.extensions_mut().insert(staff);
    }
    request
}

/// Middleware where no page is: nobody is sent elsewhere from there, and whoever is logged in keeps the home around the answer.
pub(super) async fn receive_lost(State(web): State<Web>, request: Request, next: Next) -> Response {
    if is_under(&STAFFS_SIDE, request.uri().path()) {
        return receive_staff(&web, request, next).await;
    }
    match recognised(&web, request).await {
        Ok((request, session)) => next.run(equipped(&web, request, session).await).await,
        Err(fault) => fault.into_response(),
    }
}

/// Who is asking.
async fn recognised(web: &Web, request: Request) -> Result<(Request, Option<CurrentSession>), Fault> {
    let (parts, body) = request.into_parts();
    let session = match CurrentSession::of(&parts) {
        Some(session) => with_mailbox(web, session).await?,
        None => None,
    };
    Ok((Request::from_parts(parts, body), session))
}

/// The request with everything that its page may ask.
async fn equipped(web: &Web, mut request: Request, session: Option<CurrentSession>) -> Request {
    let language = language(request.headers());
    let visit = visit(web, reference(&request), language).await;
    let given = ports(web, session, &request);
    request.extensions_mut().insert(given);
    request.extensions_mut().insert(visit);
    request
}

/// The number that the log has too.
fn reference(request: &Request) -> String {
    let id = request.extensions().get::<RequestId>();
    id.map(ToString::to_string).unwrap_or_default()
}

async fn visit(web: &Web, reference: String, language: Language) -> Visit {
    Visit {
        now: web.house.clock.now(),
        reference,
        banners: web.banners.now(language).await,
    }
}

/// What the pages are told of whoever is in another's mailbox.
fn guest(consent: consents::Consent) -> Guest {
    Guest {
        manage: consent.level == Level::Manage,
        whole: consent.from.is_none() && consent.senders.is_none(),
        through: consents::last_day(consent.ends_at),
        holder: consent.other.name,
    }
}

fn is_page(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD) && !request.uri().path().starts_with("/api/")
}

fn is_open_to_all(path: &str) -> bool {
    is_under(&OPEN_TO_ALL, path)
}

/// Whether a path is one of these pages, or lies under one.
pub(super) fn is_under(pages: &[&str], path: &str) -> bool {
    pages.iter().any(|page| {
        path == *page || (*page != "/" && path.strip_prefix(page).is_some_and(|rest| rest.starts_with('/')))
    })
}

/// Whose session has ended is told so; whoever comes without one logs in first, and then comes to what was asked for.
fn signed_out(web: &Web, request: &Request) -> String {
    if had_session(web, request.headers()) {
        return TIMED_OUT.to_owned();
    }
    let wanted = request
        .uri()
        .path_and_query()
        .map_or("/inkorg", |address| address.as_str());
    let wanted = match Elsewhere::whose(request.extensions()) {
        Whose::Own => wanted.to_owned(),
        Whose::Of(mailbox) => format!("{}{wanted}", base(mailbox)),
    };
    let wanted: String = byte_serialize(wanted.as_bytes()).collect();
    format!("/?vidare={wanted}")
}

fn had_session(web: &Web, headers: &HeaderMap) -> bool {
    web.desk.sessions().cookies().read(headers, Cookie::Session).is_some()
}

/// A mailbox that was opened after the login belongs to the session from then on. A session that began at the moment when its mailbox was
/// locked is none.
async fn with_mailbox(web: &Web, mut session: CurrentSession) -> Result<Option<CurrentSession>, Fault> {
    if session.mailbox_id.is_none()
        && let Some(mailbox) = find_mailbox(&web.house, &person(&session)).await.map_err(Fault::ours)?
    {
        if is_shut(&web.house, &person(&session)).await.map_err(Fault::ours)? {
            return Ok(None);
        }
        web.desk
            .sessions()
            .attach_mailbox(&mut session, mailbox)
            .await
            .map_err(Fault::ours)?;
    }
    Ok(Some(session))
}

fn ports(web: &Web, session: Option<CurrentSession>, request: &Request) -> Ports {
    let (headers, whose) = (request.headers(), Elsewhere::whose(request.extensions()));
    let language = language(headers);
    let login = web.desk.clone();
    let public = Arc::new(Open {
        house: web.house.clone(),
        language,
    });
    let Some(session) = session else {
        return Ports {
            login,
            public,
            registration: None,
            helping: None,
            home: None,
            staff: None,
            source: web.source.clone(),
        };
    };
    let person = person(&session);
    let registration = Arc::new(OwnRegistration {
        house: web.house.clone(),
        far: web.far.clone(),
        person: person.clone(),
        login: evidence(&session),
        language,
    });
    let helping = Arc::new(OwnHelping {
        house: web.house.clone(),
        person: person.clone(),
    });
    Ports {
        login,
        public,
        registration: Some(registration),
        helping: Some(helping),
        home: (session.mailbox_id.is_some() || whose != Whose::Own)
            .then(|| home(web, person.at(whose), session, language, device(headers))),
        staff: None,
        source: web.source.clone(),
    }
}

/// How we know who it is, for what is signed.
fn evidence(session: &CurrentSession) -> Evidence {
    Evidence {
        identity_provider: session.idp.clone(),
        level: session.level.clone(),
        assertion: session.assertion_id.clone(),
    }
}

/// What a person may ask in their mailbox.
fn home(web: &Web, person: Person, session: CurrentSession, language: Language, device: Device) -> Home {
    Home {
        mailbox: Arc::new(OwnMailbox {
            house: web.house.clone(),
            person: person.clone(),
            idle_until: session.idle_until,
            ends_at: session.ends_at,
            warning: web.desk.sessions().warning(),
        }),
        operator: Arc::new(OwnOperator {
            house: web.house.clone(),
            far: web.far.clone(),
            person: person.clone(),
            login: evidence(&session),
            language,
        }),
        reception: Arc::new(OwnReception {
            house: web.house.clone(),
            far: web.far.clone(),
            senders: web.senders.clone(),
            person: person.clone(),
            login: evidence(&session),
            language,
        }),
        search: Arc::new(OwnSearch {
            house: web.house.clone(),
            person: person.clone(),
        }),
        rules: Arc::new(OwnRules {
            house: web.house.clone(),
            person: person.clone(),
        }),
        sorting: Arc::new(OwnSorting {
            house: web.house.clone(),
            person: person.clone(),
        }),
        matters: Arc::new(OwnMatters {
            house: web.house.clone(),
            person: person.clone(),
            public_url: web.public_url.clone(),
        }),
        forwarding: Arc::new(OwnForwarding {
            house: web.house.clone(),
            person: person.clone(),
            limits: web.limits.clone(),
        }),
        keeping: Arc::new(OwnKeeping {
            house: web.house.clone(),
            person: person.clone(),
            language,
            makes_pdf: web.fonts.is_some(),
        }),
        contacts: Arc::new(OwnContacts {
            house: web.house.clone(),
            person: person.clone(),
            push: web.push.clone(),
            device,
        }),
        notices: Arc::new(OwnNotices {
            house: web.house.clone(),
            person: person.clone(),
            host: web.host.clone(),
        }),
        consents: Arc::new(OwnConsents {
            house: web.house.clone(),
            person: person.clone(),
        }),
        settings: Arc::new(OwnSettings {
            house: web.house.clone(),
            person,
            sessions: web.desk.sessions().clone(),
            session,
            https: web.https,
        }),
    }
}
