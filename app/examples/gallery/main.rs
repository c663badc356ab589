//! The page gallery: every page with made-up letters, for those who design and write them. Not shipped, and not safe:
//! nobody logs in, and nothing is kept.
//!
//! ```text
//! cargo run -p xtask -- site && cargo run -p app --example gallery --features ssr
//! ```
//!
//! Then open <http://127.0.0.1:8199/galleri>. `SITE` names the folder that xtask filled.

mod letters;
mod people;

use app::ports::{LetterId, Mailbox as _, Ports};
use app::{App, Fault, Language, Visit, fault_document, give_context, letter_document, shell};
use axum::Router;
use axum::extract::{Path, Query, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes, generate_route_list};
use people::Person;
use std::collections::HashMap;
use std::path::PathBuf;
use time::OffsetDateTime;
use time::macros::datetime;
use tower_http::services::ServeDir;

/// A Tuesday morning in March.
const NOW: OffsetDateTime = datetime!(2026-03-17 08:06:12 UTC);

/// What there is to see: who one is, where, and what it shows.
const CONTENTS: [(&str, &str, &str); 27] = [
    ("ingen", "/", "start"),
    ("ingen", "/?vidare=%2Fbrev%2Fb1", "start, on the way to a letter"),
    ("ny", "/villkor", "terms at the first login"),
    ("ny", "/villkor?fel=kryss", "terms, box not ticked"),
    ("ingen", "/villkor", "terms to read"),
    ("annanstans", "/villkor", "mailbox with another operator"),
    ("ung", "/villkor", "under 18"),
    ("skyddad", "/villkor", "protected identity"),
    ("utlandsk", "/villkor", "no Swedish number"),
    ("vantande", "/villkor", "FaR does not answer"),
    ("tom", "/inkorg?sag=valkommen", "empty inbox"),
    ("tolvan", "/inkorg", "inbox"),
    ("tolvan", "/inkorg?visa=bilaga", "inbox, with attachment"),
    ("tolvan", "/inkorg?sag=olast", "inbox, a letter marked unread"),
    ("tolvan", "/brev/b1", "letter"),
    ("tolvan", "/brev/b8", "letter whose signature does not hold"),
    ("tolvan", "/brev/b1/utskrift", "letter to print"),
    ("tolvan", "/vem-har-last", "access log"),
    ("tolvan", "/installningar", "settings"),
    ("tom", "/installningar", "settings, no address"),
    ("kodad", "/installningar?fel=kod&kvar=3", "settings, wrong code"),
    ("tolvan", "/installningar/avisering", "notices"),
    ("tolvan", "/installningar/sessioner", "sessions"),
    ("ingen", "/utloggad?skal=tid", "after running idle"),
    ("ingen", "/logga-in/fel?kod=tekniskt&ref=7Q4-MK2-91", "login failed"),
    ("trasig", "/inkorg", "our fault"),
    ("tolvan", "/finns-inte", "no such page"),
];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let site = std::env::var_os("SITE").map_or_else(|| PathBuf::from("target/site"), PathBuf::from);
    let options = LeptosOptions::builder()
        .output_name("brevlada")
        .site_root(site.to_string_lossy().into_owned())
        .site_pkg_dir("pkg")
        .build();
    let pages = {
        let options = options.clone();
        move || shell(options.clone())
    };
    let lost = get(leptos_axum::render_app_async_with_context(give_context, pages.clone())).with_state(());
    let street = Router::new()
        .leptos_routes_with_context(&options, generate_route_list(App), give_context, pages)
        .route("/galleri", get(contents))
        .route("/galleri/fel", get(fault))
        .route("/brev/{id}/text", get(text))
        .route("/brev/{id}/bilaga/{n}/{name}", get(attachment))
        .route("/sprak", get(change_language))
        .route("/logga-in", post(|| async { Redirect::to("/inkorg?som=tolvan") }))
        .route("/logga-ut", post(|| async { Redirect::to("/utloggad?som=ingen") }))
        .fallback_service(ServeDir::new(&site).precompressed_br().fallback(lost))
        .layer(middleware::from_fn(be_someone))
        .with_state(options);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8199").await?;
    println!("http://127.0.0.1:8199/galleri");
    axum::serve(listener, street).await?;
    Ok(())
}

fn visit() -> Visit {
    Visit {
        now: NOW,
        reference: "7Q4-MK2-91".to_owned(),
    }
}

fn cookie(headers: &HeaderMap) -> &str {
    headers
        .get(header::COOKIE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Lets the visitor be whoever `?som=` says, and stay so.
async fn be_someone(Query(asked): Query<HashMap<String, String>>, mut request: Request, next: Next) -> Response {
    let kept = cookie(request.headers())
        .split("; ")
        .find_map(|pair| pair.strip_prefix("som="))
        .map(str::to_owned);
    let name = asked
        .get("som")
        .cloned()
        .or(kept)
        .unwrap_or_else(|| "tolvan".to_owned());
    request.extensions_mut().insert::<Ports>(Person::named(&name).ports());
    request.extensions_mut().insert(visit());
    let mut answer = next.run(request).await;
    if asked.contains_key("som")
        && let Ok(value) = format!("som={name}; Path=/").parse()
    {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

async fn contents() -> Html<String> {
    let rows: String = CONTENTS
        .iter()
        .map(|(who, address, what)| {
            let mark = if address.contains('?') { '&' } else { '?' };
            format!("<li><a href=\"{address}{mark}som={who}\">{what}</a> <small>{who} {address}</small></li>")
        })
        .collect();
    Html(format!(
        "<!DOCTYPE html><html lang=\"en\"><title>brevlada: gallery</title><h1>Gallery</h1>\
         <p><a href=\"/sprak?till=en&ater=/galleri\">English</a> <a href=\"/sprak?till=sv&ater=/galleri\">Svenska</a> \
         <a href=\"/galleri/fel\">fault beside the pages</a></p><ul>{rows}</ul></html>"
    ))
}

async fn fault(headers: HeaderMap) -> impl IntoResponse {
    let page = fault_document(Fault::Refused, Language::from_cookies(cookie(&headers)), visit());
    (StatusCode::BAD_REQUEST, Html(page))
}

async fn text(Path(id): Path<String>, headers: HeaderMap) -> Response {
    match Person::named("tolvan").open(LetterId(id)).await {
        Ok(letter) => Html(letter_document(&letter, Language::from_cookies(cookie(&headers)))).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn attachment(Path((_, _, name)): Path<(String, u32, String)>) -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
        format!("{name}\n"),
    )
}

async fn change_language(Query(asked): Query<HashMap<String, String>>) -> impl IntoResponse {
    let to = asked
        .get("till")
        .and_then(|tag| Language::from_tag(tag))
        .unwrap_or_default();
    let back = asked.get("ater").map_or("/", String::as_str);
    (
        [(header::SET_COOKIE, format!("{}={}; Path=/", Language::COOKIE, to.tag()))],
        Redirect::to(back),
    )
}
