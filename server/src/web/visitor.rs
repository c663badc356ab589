//! Who is asking, and what they are given. Decided once for each request, before any page or handler runs; denied by default.

use super::Web;
use super::companies::{OwnCompanies, desk};
use super::contacts::OwnContacts;
use super::elsewhere::{COMPANIES, Elsewhere, HOS, base};
use super::errors::{Fault, explained};
use super::forwarding::OwnForwarding;
use super::handling::OwnHandling;
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
use crate::domain::access::Capacity;
use crate::domain::acts_for::{Ground, Learned};
use crate::domain::device::Device;
use crate::domain::holder::Holder;
use crate::domain::right::Right;
use crate::login::{Cookie, CurrentSession, CurrentStaff, device};
use crate::mailbox::access::{AskedFor, Person, There, Whose, find_mailbox, is_shut, look_around};
use crate::mailbox::{MailboxError, companies, consents};
use crate::register::Evidence;
use crate::telemetry::RequestId;
use app::ports::{Home, Ports};
use app::{Guest, GuestAs, Language, Look, May, Visit};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use contracts::identifier::RecipientId;
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

/// Pages of a mailbox that somebody else than the holder may be let into, each with the rights of which one is enough; of two that fit, the
/// longer counts. Those that are missing are the holder's alone.
const FOR_GUESTS: &[(&str, &[Right])] = &[
    ("/inkorg", &[Right::View]),
    ("/brev", &[Right::View]),
    ("/sok", &[Right::View]),
    ("/arenden", &[Right::View]),
    ("/betala", &[Right::View]),
    ("/arkiv", &[Right::View]),
    ("/mapp", &[Right::View]),
    ("/kategori", &[Right::View]),
    ("/kategorisera", &[Right::View]),
    ("/flytta", &[Right::View]),
    ("/slang", &[Right::View]),
    ("/tilldelat", &[Right::Organise]),
    ("/papperskorg", &[Right::View]),
    ("/papperskorg/tom", &[Right::Account]),
    ("/stjarnor", &[Right::View]),
    ("/hamta/brev", &[Right::View]),
    ("/hamta/allt", &[Right::Account]),
    ("/vem-har-last", &[Right::SeeAccess]),
    ("/vidarebefordrat", &[Right::GiveAccess]),
    ("/installningar/kontakt", &[Right::EditContacts]),
    ("/installningar/avisering", &[Right::EditSettings]),
    ("/installningar/mappar", &[Right::EditSettings]),
    ("/installningar/kategorier", &[Right::EditSettings]),
    ("/installningar/regler", &[Right::EditSettings]),
    ("/installningar/vidarebefordran", &[Right::GiveAccess]),
    ("/installningar/ombud", &[Right::GiveAccess]),
    ("/installningar/mottagning", &[Right::Account]),
    ("/installningar/export", &[Right::Account]),
    ("/installningar/brevlada", &[Right::Account]),
];

/// The page that leads to each setting, and the rights of which one leads anywhere from there.
const SETTINGS: (&str, &[Right]) = (
    "/installningar",
    &[
        Right::EditSettings,
        Right::EditContacts,
        Right::SeeAccess,
        Right::GiveAccess,
        Right::Account,
    ],
);

/// Pages and forms of a company's mailbox for what outlasts the session: Authority is asked again for each.
const ASKED_AGAIN: [&str; 17] = [
    "/vidarebefordrat",
    "/installningar/kontakt",
    "/installningar/ombud",
    "/installningar/vidarebefordran",
    "/api/betala/kalender",
    "/api/kontakt",
    "/api/ombud",
    "/api/vidarebefordra",
    "/papperskorg/tom",
    "/hamta/allt",
    "/installningar/mottagning",
    "/installningar/export",
    "/installningar/brevlada",
    "/api/papperskorg",
    "/api/mottagning",
    "/api/export",
    "/api/brevlada",
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

/// Who is asking, where Authority has been asked for this very request: laid with it by [`receive`].
#[derive(Clone)]
struct AskedNow(Person);

/// The company in whose mailbox a request is.
#[derive(Clone)]
struct AtCompany(Holder);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Fault> {
        let session = CurrentSession::of(parts).ok_or(Fault::SignedOut)?;
        let person = asking(&session, &parts.extensions);
        Ok(Self(person.at(Elsewhere::whose(&parts.extensions))))
    }
}

fn person(session: &CurrentSession) -> Person {
    let person = Person::new(session.holder, session.name.clone());
    match session.learned.told() {
        Some(told) => person.acting(Arc::new(told.clone()), AskedFor::TheSession),
        None => person,
    }
}

/// The same, with what Authority has said for this request when it was asked for it.
fn asking(session: &CurrentSession, request: &Extensions) -> Person {
    request
        .get::<AskedNow>()
        .map_or_else(|| person(session), |AskedNow(person)| person.clone())
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
    let (mut request, mut session) = match recognised(&web, request).await {
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
            Some(session)
                if session.mailbox_id.is_none() && whose == Whose::Own && !is_under(&[HOS, COMPANIES], path) =>
            {
                return Redirect::to(TERMS_PAGE).into_response();
            }
            Some(_) => {}
        }
    }
    if let (Some(session), Whose::Of(_)) = (&mut session, whose)
        && let Err(outside) = let_in(&web, &mut request, session, whose).await
    {
        return match outside {
            Outside::Fault(fault) => fault.into_response(),
            // Whoever was let in learns that it is over; whoever never was learns no more than that.
            Outside::NotLetIn => Redirect::to(NOT_LET_IN).into_response(),
            Outside::RightsUnknown => rights_unknown(&web, &request),
        };
    }
    if is_page && path == "/" && session.is_some() {
        return Redirect::to("/inkorg").into_response();
    }
    next.run(equipped(&web, request, session).await).await
}

/// Why somebody is not let on into another's mailbox.
enum Outside {
    /// No such page for them, or something of ours failed.
    Fault(Fault),
    /// They are not let in, or no more.
    NotLetIn,
    /// Who acts for the company cannot be told now.
    RightsUnknown,
}

impl From<MailboxError> for Outside {
    fn from(error: MailboxError) -> Self {
        Self::Fault(Fault::ours(error))
    }
}

/// Lets somebody on into another's mailbox, to pages that they have a right to.
async fn let_in(web: &Web, request: &mut Request, session: &mut CurrentSession, whose: Whose) -> Result<(), Outside> {
    let path = request.uri().path().to_owned();
    let mut asks = person(session).at(whose);
    let mut there = look_around(&web.house, &asks).await?.ok_or(Outside::NotLetIn)?;
    if is_for_company(&there) && is_under(&ASKED_AGAIN, &path) {
        asks = companies::asked_again(&*web.rights, &asks)
            .await
            .ok_or(Outside::RightsUnknown)?;
        keep_what_was_said(web, session, &asks).await.map_err(Outside::Fault)?;
        there = look_around(&web.house, &asks).await?.ok_or(Outside::NotLetIn)?;
        request.extensions_mut().insert(AskedNow(asks.clone()));
        request.extensions_mut().insert(session.clone());
    }
    if is_page(request) && !is_open_to_all(&path) && !is_for_guests(&path, &there.rights) {
        return Err(Outside::Fault(Fault::NotFound));
    }
    let guest = guest(&asks, &there, session);
    request.extensions_mut().insert(guest);
    if is_for_company(&there) {
        request.extensions_mut().insert(AtCompany(there.holder));
    }
    Ok(())
}

fn is_for_company(there: &There) -> bool {
    matches!(there.capacity, Capacity::Signatory | Capacity::Role)
}

/// What Authority says now counts for the rest of the session too: who has lost a company has lost it.
async fn keep_what_was_said(web: &Web, session: &mut CurrentSession, asked: &Person) -> Result<(), Fault> {
    let mut now = (*asked.acts_for).clone();
    if let Some(before) = session.learned.told() {
        now.waiting.clone_from(&before.waiting);
        if *before == now {
            return Ok(());
        }
    }
    let sessions = web.desk.sessions();
    sessions.learn(session, Learned::Told(now)).await.map_err(Fault::ours)
}

/// The register that says who acts for a company does not answer, so what binds it cannot be done.
fn rights_unknown(web: &Web, request: &Request) -> Response {
    let headers = request.headers();
    explained(
        StatusCode::SERVICE_UNAVAILABLE,
        app::Fault::RightsUnknown,
        (language(headers), look(headers)),
        (web.house.clock.now(), reference(request)),
    )
}

/// Whether a page is for somebody with these rights, who is in another's mailbox.
fn is_for_guests(path: &str, rights: &[Right]) -> bool {
    let (settings, leads_on) = SETTINGS;
    let enough = if path == settings {
        Some(leads_on)
    } else {
        let fits = FOR_GUESTS.iter().filter(|(page, _)| is_under(&[*page], path));
        fits.max_by_key(|(page, _)| page.len()).map(|(_, enough)| *enough)
    };
    enough.is_some_and(|enough| enough.iter().any(|right| rights.contains(right)))
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
            certificates: web.certificates.clone(),
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
        companies: None,
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
    let (mut parts, body) = request.into_parts();
    let session = match CurrentSession::of(&parts) {
        Some(session) => match with_mailbox(web, session).await? {
            Some(session) => Some(with_companies(web, session).await?),
            None => None,
        },
        None => None,
    };
    if let Some(session) = &session {
        parts.extensions.insert(session.clone());
    }
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
fn guest(person: &Person, there: &There, session: &CurrentSession) -> Guest {
    let in_as = match (there.capacity, there.until) {
        (Capacity::Signatory, _) => GuestAs::Signatory,
        (Capacity::Role, _) => match person.acts_for.company(&there.holder.number).map(|it| &it.ground) {
            Some(Ground::Role(Some(role))) => GuestAs::Role(role.clone()),
            _ => GuestAs::Role(String::new()),
        },
        (_, Some(until)) => GuestAs::Helper {
            through: consents::last_day(until),
        },
        (_, None) => GuestAs::HelperByRegister,
    };
    Guest {
        holder: there.holder.name.clone(),
        of_company: matches!(there.holder.number.parse(), Ok(RecipientId::Organisation(_))),
        has_own: session.mailbox_id.is_some(),
        in_as,
        may: there.rights.iter().map(|right| may(*right)).collect(),
    }
}

/// A right as the pages know it.
fn may(right: Right) -> May {
    match right {
        Right::View => May::View,
        Right::Overview => May::Overview,
        Right::Forward => May::Forward,
        Right::Organise => May::Organise,
        Right::Arrange => May::Arrange,
        Right::EditSettings => May::EditSettings,
        Right::EditContacts => May::EditContacts,
        Right::SeeAccess => May::SeeAccess,
        Right::GiveAccess => May::GiveAccess,
        Right::Account => May::Account,
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

/// Authority is asked once in a session for which companies the person may act; what it says goes with the session.
async fn with_companies(web: &Web, mut session: CurrentSession) -> Result<CurrentSession, Fault> {
    if *session.learned == Learned::NotAsked {
        let learned = companies::learn(desk(web, &person(&session))).await;
        let sessions = web.desk.sessions();
        sessions.learn(&mut session, learned).await.map_err(Fault::ours)?;
    }
    Ok(session)
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
            companies: None,
            home: None,
            staff: None,
            source: web.source.clone(),
        };
    };
    let person = asking(&session, request.extensions());
    let company = request
        .extensions()
        .get::<AtCompany>()
        .map(|AtCompany(holder)| holder.clone());
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
        told: session.learned.told().is_some_and(|told| !told.all_unclear),
        narrower: session.learned.told().is_some_and(|told| told.narrower),
    });
    Ports {
        login,
        public,
        registration: Some(registration),
        helping: Some(helping),
        companies: Some(Arc::new(OwnCompanies {
            web: web.clone(),
            person: person.clone(),
            session: session.clone(),
            login: evidence(&session),
            language,
        })),
        home: (session.mailbox_id.is_some() || whose != Whose::Own)
            .then(|| home(web, person.at(whose), session, company, language, device(headers))),
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
fn home(
    web: &Web,
    person: Person,
    session: CurrentSession,
    company: Option<Holder>,
    language: Language,
    device: Device,
) -> Home {
    Home {
        mailbox: Arc::new(OwnMailbox {
            house: web.house.clone(),
            person: person.clone(),
            has_own: session.mailbox_id.is_some(),
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
            company: company.clone(),
        }),
        reception: Arc::new(OwnReception {
            house: web.house.clone(),
            far: web.far.clone(),
            senders: web.senders.clone(),
            person: person.clone(),
            login: evidence(&session),
            language,
            company,
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
        handling: Arc::new(OwnHandling {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_see_the_pages_of_their_rights_and_no_others() {
        let reads = [Right::View, Right::Overview];
        for open in [
            "/inkorg",
            "/brev/1",
            "/brev/1/text",
            "/papperskorg",
            "/hamta/brev/1/pdf",
        ] {
            assert!(is_for_guests(open, &reads), "{open}");
        }
        for shut in [
            "/installningar",
            "/installningar/kontakt",
            "/installningar/sessioner",
            "/installningar/utseende",
            "/vem-har-last",
            "/papperskorg/tom",
            "/hamta/allt/1",
            "/villkoren",
        ] {
            assert!(!is_for_guests(shut, &reads), "{shut}");
        }
        for (right, page) in [
            (Right::Account, "/installningar/brevlada/avsluta"),
            (Right::Account, "/papperskorg/tom"),
            (Right::EditContacts, "/installningar/kontakt"),
            (Right::SeeAccess, "/vem-har-last"),
            (Right::GiveAccess, "/installningar/ombud"),
            (Right::EditSettings, "/installningar/avisering/logg"),
        ] {
            assert!(
                is_for_guests(page, &[right]) && is_for_guests("/installningar", &[right]),
                "{page}"
            );
        }
        assert!(
            !is_for_guests("/installningar/sessioner", &Right::ALL),
            "a person's own affair wherever they are"
        );
    }
}
