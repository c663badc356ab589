//! `POST /sms/rapport/{token}`: where the text message gateway says what became of a message. A stranger's door: the token in the address is
//! all that lets anybody in, and is looked at before anything else is read.

use crate::domain::sms_report::{LONGEST, read};
use crate::house::House;
use crate::mailbox::sms_report::{Taken, take_in};
use crate::outbox::report_path::{self, handed};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tower_http::set_header::SetResponseHeaderLayer;

/// Reports that are taken in at the same time: writing is what letters and people wait for.
const PLACES: usize = 8;
/// How long one waits for a place.
const WAIT_FOR_PLACE: Duration = Duration::from_secs(2);
/// How long a body of this size may take.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// When a report that could not be taken in is to come again, in seconds.
const COME_AGAIN: HeaderValue = HeaderValue::from_static("60");

/// What the door needs.
#[derive(Clone)]
struct Door {
    house: House,
    places: Arc<Semaphore>,
}

/// What came of a request, for figures and for the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Arrived,
    Failed,
    NothingNew,
    TooEarly,
    NotOurs,
    Unreadable,
    Busy,
    Fault,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Failed => "failed",
            Self::NothingNew => "nothing-new",
            Self::TooEarly => "too-early",
            Self::NotOurs => "not-ours",
            Self::Unreadable => "unreadable",
            Self::Busy => "busy",
            Self::Fault => "fault",
        }
    }

    /// 46elks repeats a report for hours unless the answer is between 200 and 204, so what has no effect is answered as what has one.
    fn answer(self) -> Response {
        let status = match self {
            Self::Arrived | Self::Failed | Self::NothingNew => StatusCode::NO_CONTENT,
            Self::NotOurs => StatusCode::NOT_FOUND,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::TooEarly | Self::Busy => {
                return (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, COME_AGAIN)]).into_response();
            }
        };
        status.into_response()
    }
}

/// The door.
pub fn router(house: House) -> Router {
    let door = Door {
        house,
        places: Arc::new(Semaphore::new(PLACES)),
    };
    Router::new()
        .route(&format!("{}{{token}}", report_path::PATH), post(report))
        .layer(SetResponseHeaderLayer::overriding(
            CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .with_state(door)
}

async fn report(State(door): State<Door>, Path(token): Path<String>, body: Body) -> Response {
    let outcome = taken(&door, &token, body).await;
    metrics::counter!("brevlada_sms_reports_total", "outcome" => outcome.name()).increment(1);
    outcome.answer()
}

async fn taken(door: &Door, token: &str, body: Body) -> Outcome {
    let Some(handed) = handed(&door.house, token) else {
        return Outcome::NotOurs;
    };
    let Ok(Ok(form)) = timeout(READ_WITHIN, to_bytes(body, LONGEST)).await else {
        return Outcome::Unreadable;
    };
    let Some(report) = read(&form) else {
        return Outcome::Unreadable;
    };
    let Ok(Ok(_place)) = timeout(WAIT_FOR_PLACE, door.places.acquire()).await else {
        return Outcome::Busy;
    };
    match take_in(&door.house, handed, &report).await {
        Ok(Taken::Arrived) => Outcome::Arrived,
        Ok(Taken::Failed { .. }) => Outcome::Failed,
        Ok(Taken::NothingNew) => Outcome::NothingNew,
        Ok(Taken::TooEarly) => Outcome::TooEarly,
        Err(error) => {
            tracing::error!(%error, "a report of the text message gateway could not be taken in");
            Outcome::Fault
        }
    }
}
