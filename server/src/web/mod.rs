//! The edge that browsers meet: who is asking, which page, with which headers.

mod accounts;
mod audit_export;
mod banners;
mod choice;
mod companies;
mod contacts;
mod download;
mod elsewhere;
mod errors;
mod forms;
mod forwarding;
mod handling;
mod headers;
mod helping;
mod keeping;
mod letter_parts;
mod matters;
mod notices;
mod numbers_export;
mod offline;
mod operator;
mod ports;
mod public;
mod reception;
mod registration;
mod rules;
mod search;
mod sender_export;
mod senders;
mod settings;
pub mod sms_reports;
mod sorting;
mod staff;
mod turns;
mod visitor;

use crate::config;
use crate::copies::pdf::Fonts;
use crate::domain::forward::Limits;
use crate::house::House;
use crate::login::{self, LoginDesk, Origin};
use crate::outbox::push::Offer;
use crate::register::{AccessRights, Companies, Infrastructure, Register, Senders};
use crate::support::certificates::AtHand;
use crate::telemetry;
use crate::turns::Turns;
use app::{App, give_context, shell};
use axum::extract::{FromRef, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use leptos::config::LeptosOptions;
use leptos::nonce::use_nonce;
use leptos::prelude::use_context;
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list, render_app_async_with_context};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::compression::{CompressionLayer, CompressionLevel};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use url::Url;

/// The largest form that is taken; a SAML response is the largest there is.
const MAX_BODY: usize = 1024 * 1024;

/// The longest that a request may take.
const MAX_TIME: Duration = Duration::from_secs(30);

/// What the pages and their handlers share.
#[derive(Clone)]
pub(crate) struct Web {
    house: House,
    fonts: Option<Fonts>,
    limits: Limits,
    push: Option<Offer>,
    certificates: AtHand,
    far: Arc<dyn Register>,
    companies: Arc<dyn Companies>,
    rights: Arc<dyn AccessRights>,
    senders: Arc<Senders>,
    desk: Arc<LoginDesk>,
    /// What is said of disturbances.
    banners: banners::Banners,
    https: bool,
    /// What people type to get here.
    host: String,
    source: Option<String>,
    public_url: Url,
    options: LeptosOptions,
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.options.clone()
    }
}

/// What letters, and notices of them, leave the mailbox with, and what comes back.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The faces for PDFs, if there are any.
    pub fonts: Option<Fonts>,
    /// What may be passed on by e-mail.
    pub limits: Limits,
    /// Whether the text message gateway reports here what became of its messages.
    pub sms_reports: bool,
    /// What browsers are subscribed with; none when they are not offered notices.
    pub push: Option<Offer>,
    /// Where the certificates are that staff watch.
    pub certificates: AtHand,
}

/// Every address that browsers reach.
pub fn router(
    house: House,
    outside: Outside,
    register: &Infrastructure,
    desk: Arc<LoginDesk>,
    config: &config::Web,
) -> Router {
    let config::Web {
        public_url, site_root, ..
    } = config;
    let options = LeptosOptions::builder()
        .output_name("brevlada")
        .site_root(site_root.display().to_string())
        .site_pkg_dir("pkg")
        .build();
    let https = public_url.scheme() == "https";
    let (ids, clock) = (house.ids, house.clock.clone());
    // Beside the pages: no cookie, no language and no page for who asks there.
    let reports = outside.sms_reports.then(|| sms_reports::router(house.clone()));
    let sessions = desk.sessions().clone();
    let web = Web {
        banners: banners::Banners::new(house.clone()),
        house,
        fonts: outside.fonts,
        limits: outside.limits,
        push: outside.push,
        certificates: outside.certificates,
        far: register.far.clone(),
        companies: register.companies.clone(),
        rights: register.rights.clone(),
        senders: register.senders.clone(),
        desk: desk.clone(),
        https,
        host: config::host(&config.public_url),
        source: config.source_url.as_ref().map(ToString::to_string),
        public_url: public_url.clone(),
        options: options.clone(),
    };

    let give = {
        let desk = desk.clone();
        move || {
            give_context();
            if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
                && let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce, &form_targets(&desk)))
            {
                response.insert_header(CONTENT_SECURITY_POLICY, policy);
            }
        }
    };
    let document = move || shell(options.clone());
    let lost = Router::new()
        .fallback(render_app_async_with_context(give.clone(), document.clone()))
        .layer(from_fn_with_state(web.clone(), visitor::receive_lost))
        .layer(from_fn_with_state(sessions.clone(), login::with_session))
        .layer(map_response(async |answer: Response| {
            (Extension(telemetry::Route::OTHER), answer)
        }))
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ));
    let pages = Router::new()
        .leptos_routes_with_context(&web, generate_route_list(App), give, document)
        .route("/brev/{id}/text", get(letter_parts::text))
        .route("/brev/{id}/textfil", get(letter_parts::text_file))
        .route("/brev/{id}/bilaga/{index}/{name}", get(letter_parts::attachment))
        .route("/kalender/{file}", get(matters::feed))
        .route("/hamta/brev", get(download::letters))
        .route("/hamta/brev/{id}/epost", get(keeping::as_mail))
        .route("/hamta/brev/{id}/pdf", get(keeping::as_pdf))
        .route("/hamta/brev/{id}/original", get(keeping::original))
        .route("/hamta/allt/{id}", get(keeping::everything))
        .route("/admin/granskning/fil", get(audit_export::file))
        .route("/admin/siffror.csv", get(numbers_export::file))
        .route("/admin/avsandare.csv", get(sender_export::file))
        .route_layer(from_fn_with_state(web.clone(), visitor::receive))
        // Whoever it is, and however they stand: a browser's own affair.
        .route("/sprak", post(choice::choose::<app::Language>))
        .route("/utseende", post(choice::choose::<app::Look>))
        .route("/tangenter", post(choice::choose::<app::Shortcuts>))
        .route("/forsta-orden", post(choice::choose::<app::PreviewLine>))
        .with_state(web)
        .merge(login::routes(desk))
        .layer(from_fn(forms::only_forms))
        .layer(from_fn_with_state(Turns::new(turns::AT_ONCE), turns::in_turn))
        .layer(from_fn_with_state(sessions, login::with_session))
        .layer(from_fn_with_state(Origin::of(public_url), login::same_origin));

    let mut router = pages
        .fallback_service(site(site_root, lost))
        .layer(RequestBodyLimitLayer::new(MAX_BODY))
        .layer(from_fn_with_state(clock, errors::explain))
        .merge(reports.unwrap_or_default())
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            MAX_TIME,
        ))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Fastest)
                // An export is packed already, and its length is promised.
                .compress_when(DefaultPredicate::new().and(NotForContentType::const_new("application/zip"))),
        );
    for header in headers::layers(https) {
        router = router.layer(header);
    }
    let router = router.layer(from_fn_with_state(ids, telemetry::trace));
    // A second router around it: the address must have been read before it is decided whose it is.
    Router::new().fallback_service(router).layer(from_fn(elsewhere::find))
}

/// Origins that the login form leads on to, by redirect or by a form of its own.
fn form_targets(desk: &LoginDesk) -> Vec<String> {
    let mut targets = BTreeSet::new();
    for provider in desk.providers().all() {
        for address in [&provider.redirect, &provider.post].into_iter().flatten() {
            if let Ok(address) = Url::parse(address) {
                targets.insert(address.origin().ascii_serialization());
            }
        }
    }
    targets.into_iter().collect()
}

/// Style, script and pictures: the same for everybody, looked up again at each visit so that a new release is seen at once.
/// What is none of them is answered by `lost`: the page that says so.
fn site(root: &Path, lost: Router) -> Router {
    let files = ServeDir::new(root)
        .precompressed_br()
        .precompressed_gzip()
        .append_index_html_on_directories(false)
        .fallback(lost);
    Router::new()
        .route("/utan-nat", get(offline::page))
        .route_service("/sw.js", offline::worker(root))
        .fallback_service(files)
        .layer(from_fn(name_file))
        .layer(SetResponseHeaderLayer::if_not_present(
            CACHE_CONTROL,
            HeaderValue::from_static("no-cache"),
        ))
}

/// Middleware: says for the log and the figures which kind of file was asked for, unless there is none.
async fn name_file(request: Request, next: Next) -> Response {
    let route = match request.uri().path() {
        "/utan-nat" => "/utan-nat",
        "/sw.js" => "/sw.js",
        path if path.starts_with("/pkg/") => "/pkg/{file}",
        _ => "/{file}",
    };
    let mut answer = next.run(request).await;
    answer.extensions_mut().get_or_insert(telemetry::Route(route));
    answer
}
