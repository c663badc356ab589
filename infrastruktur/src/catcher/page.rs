//! The page with what was caught, and the same as JSON.

use super::{Caught, Fate, Kind, Message, Report};
use crate::texts::{Languages, Texts};
use crate::web;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use http::HeaderMap;
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;

#[derive(Template)]
#[template(path = "catcher.html")]
struct CatcherPage<'a> {
    texts: &'a Texts,
    messages: Vec<Shown>,
}

struct Shown {
    kind: String,
    subject: String,
    from: String,
    to: String,
    at: String,
    text: Option<Vec<Piece>>,
    html: Option<String>,
    report: Option<String>,
}

/// A piece of plain text; a link when it is an address on this machine, so that a notice can be followed.
struct Piece {
    text: String,
    link: bool,
}

#[derive(Deserialize)]
struct Choice {
    lang: Option<String>,
}

/// `/` and `/api/messages`.
pub fn router(caught: Caught, languages: Languages) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/api/messages", get(messages))
        .merge(web::static_files())
        .with_state((caught, languages))
}

async fn messages(State((caught, _)): State<(Caught, Languages)>) -> Json<Vec<Message>> {
    Json(caught.all())
}

async fn page(
    State((caught, languages)): State<(Caught, Languages)>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    let texts = languages.choose(choice.lang.as_deref(), &headers);
    let messages = caught
        .all()
        .into_iter()
        .rev()
        .map(|message| shown(message, texts))
        .collect();
    // The mail itself stands in a sandboxed frame, which inherits this policy: no script, nothing from outside.
    web::page(
        &CatcherPage { texts, messages },
        "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src data:",
    )
}

fn shown(message: Message, texts: &Texts) -> Shown {
    let subject = match (message.kind, message.subject) {
        (_, Some(subject)) if !subject.is_empty() => subject,
        (Kind::Email, _) => texts.catcher.no_subject.clone(),
        (Kind::Sms | Kind::Push, _) => String::new(),
    };
    Shown {
        kind: match message.kind {
            Kind::Email => texts.catcher.email.clone(),
            Kind::Sms => texts.catcher.sms.clone(),
            Kind::Push => texts.catcher.push.clone(),
        },
        subject,
        from: message.from,
        to: message.to,
        at: message.at.format(&Rfc3339).unwrap_or_default(),
        text: message.text.map(|text| pieces(&text)),
        html: message.html,
        report: message.report.map(|report| said(report, texts)),
    }
}

/// What is reported, and whether anybody wanted to know.
fn said(report: Report, texts: &Texts) -> String {
    let fate = match report.fate {
        Fate::Delivered => &texts.catcher.delivered,
        Fate::PhoneOff => &texts.catcher.phone_off,
        Fate::NobodysNumber => &texts.catcher.nobodys_number,
    };
    let taken = match report.taken {
        None => &texts.catcher.report_waits,
        Some(true) => &texts.catcher.report_taken,
        Some(false) => &texts.catcher.report_not_taken,
    };
    format!("{fate} ({taken})")
}

fn pieces(text: &str) -> Vec<Piece> {
    text.split_inclusive(char::is_whitespace)
        .flat_map(|word| {
            let end = word.trim_end();
            let local = ["http://localhost", "http://127.0.0.1"]
                .iter()
                .any(|start| end.starts_with(start));
            let space = word.get(end.len()..).unwrap_or_default();
            [
                Piece {
                    text: end.to_owned(),
                    link: local,
                },
                Piece {
                    text: space.to_owned(),
                    link: false,
                },
            ]
        })
        .filter(|piece| !piece.text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_this_machine_become_links() {
        let found: Vec<_> = pieces("Se http://localhost:8080/inkorg och\nhttp://example.test/ nu.")
            .into_iter()
            .filter(|p| p.link)
            .map(|p| p.text)
            .collect();
        assert_eq!(found, ["http://localhost:8080/inkorg"]);
    }
}
