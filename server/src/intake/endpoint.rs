//! The one address of Service v3: `POST` delivers, `GET ?wsdl` and `?xsd=…` describe.

use super::calls::{Call, Calls, Known};
use super::content::essence;
use super::receive::{Judged, Receiver};
use super::refused::{Refused, XML, envelope};
use super::tls::Peer;
use crate::store::call::CallOutcome;
use crate::turns::{self, Turns};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::{Bytes, BytesMut};
use contracts::fault::ErrorCode;
use contracts::identifier::OrganisationNumber;
use futures::FutureExt as _;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt as _;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{timeout, timeout_at};
use uuid::Uuid;

/// What the address answers with.
pub(super) struct Endpoint {
    pub(super) receiver: Receiver,
    /// Notes what becomes of each call.
    pub(super) calls: Calls,
    /// Our address, for the WSDL.
    pub(super) address: String,
    pub(super) max_request_bytes: usize,
    /// How long a body may take, and how long a request may wait for its turn.
    pub(super) patience: Duration,
    /// Requests worked on at once; each may hold `max_request_bytes` of memory, and its tree.
    pub(super) in_flight: Arc<Semaphore>,
    /// Of those, one organisation's.
    pub(super) peers: Turns<OrganisationNumber>,
}

/// A request's place among those worked on. It goes along with the work, and is free when the work has ended, not when the sender has
/// gone.
#[derive(Debug)]
pub(super) struct Turn {
    _of_peer: turns::Turn<OrganisationNumber>,
    _in_flight: OwnedSemaphorePermit,
}

/// How long a body may take before it must come at [`RATE`].
const HEAD_START: Duration = Duration::from_secs(5);
/// Bytes a second that a body must bring.
const RATE: f64 = 16_384.0;

/// The routes of the listener.
pub(super) fn routes(endpoint: Arc<Endpoint>) -> Router {
    Router::new()
        .route("/service/v3", get(describe).post(deliver))
        .with_state(endpoint)
}

async fn describe(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let question = request.uri().query().unwrap_or_default();
    let text = match question.split_once('=') {
        None if question.eq_ignore_ascii_case("wsdl") => Some(contracts::service::wsdl(&endpoint.address)),
        Some((key, name)) if key.eq_ignore_ascii_case("xsd") => contracts::service::schema(name).map(str::to_owned),
        _ => None,
    };
    match text {
        Some(text) => ([(CONTENT_TYPE, XML)], text).into_response(),
        None => (StatusCode::NOT_FOUND, "Ask for ?wsdl, or POST a SOAP request.\n").into_response(),
    }
}

async fn deliver(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let call = endpoint.receiver.house.ids.random();
    let (began, at) = (Instant::now(), endpoint.receiver.house.clock.now());
    let peer = match request.extensions().get::<Peer>() {
        Some(Peer::Organisation(number)) => Some(*number),
        _ => None,
    };
    // A bug that one request meets costs that request, and is answered like any error of ours.
    let mut known = Known::default();
    let handled = AssertUnwindSafe(endpoint.handle(peer, request, call, &mut known))
        .catch_unwind()
        .await;
    let handled = handled.unwrap_or_else(|_| Err(Refused::ours("a bug: the handling broke off")));
    let took = began.elapsed();
    let (outcome, code, trans_id) = match &handled {
        Ok(judged) => (judged.outcome, None, judged.trans_id),
        Err(refused) if refused.cause.is_some() => (CallOutcome::Failed, Some(refused.code.number()), None),
        Err(refused) => (CallOutcome::Refused, Some(refused.code.number()), None),
    };
    endpoint.calls.note(Call {
        id: call,
        at,
        outcome,
        code,
        trans_id,
        peer,
        known,
    });
    let outcome = outcome.as_str();
    metrics::counter!("brevlada_intake_deliveries_total", "outcome" => outcome).increment(1);
    metrics::histogram!("brevlada_intake_seconds", "outcome" => outcome).record(took.as_secs_f64());
    let peer = peer.map_or_else(|| "none".to_owned(), |number| number.to_string());
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    match handled {
        Ok(Judged {
            result,
            sender,
            messages,
            ..
        }) => {
            tracing::info!(%call, outcome, %peer, %sender, messages, trans_id = result.trans_id, milliseconds, "delivery");
            envelope(StatusCode::OK, contracts::service::write_delivery_result(&result))
        }
        Err(refused) => {
            let (code, description) = (refused.code.number(), &refused.description);
            if let Some(cause) = &refused.cause {
                tracing::error!(%call, code, %peer, cause, milliseconds, "delivery failed");
            } else {
                tracing::warn!(%call, code, %peer, %description, milliseconds, "delivery refused");
            }
            refused.answer(call)
        }
    }
}

impl Endpoint {
    async fn handle(
        &self,
        peer: Option<OrganisationNumber>,
        request: Request,
        call: Uuid,
        known: &mut Known,
    ) -> Result<Judged, Refused> {
        let Some(peer) = peer else {
            return Err(Refused::new(
                ErrorCode::NotAuthorised,
                "The client certificate names no organisation: its subject needs serialNumber=16 and ten digits.",
            ));
        };
        check_type(request.headers())?;
        // Who may not deliver here takes no place of those who may.
        self.receiver.may_connect(peer).await?;
        let turn = timeout(self.patience, self.turn(peer)).await.map_err(|_| {
            Refused::new(
                ErrorCode::InternalError,
                "The service is busy. Nothing is stored; send again later.",
            )
        })??;
        let body = self.body(request).await?;
        self.receiver.receive(peer, body, call, (turn, known)).await
    }

    async fn turn(&self, peer: OrganisationNumber) -> Result<Turn, Refused> {
        Ok(Turn {
            _of_peer: self.peers.take(peer).await.map_err(Refused::ours)?,
            _in_flight: self.in_flight.clone().acquire_owned().await.map_err(Refused::ours)?,
        })
    }

    async fn body(&self, request: Request) -> Result<Bytes, Refused> {
        let announced = announced_length(request.headers());
        let waits_for_word = request.headers().contains_key(EXPECT);
        if announced > self.max_request_bytes && waits_for_word {
            return Err(too_large(self.max_request_bytes));
        }
        let arrival = collect(request.into_body(), announced, self.max_request_bytes);
        match timeout(self.patience, arrival).await {
            Ok(Ok(Some(body))) => Ok(body),
            Ok(Ok(None)) => Err(too_large(self.max_request_bytes)),
            Ok(Err(Interrupted::BrokeOff)) => Err(Refused::new(ErrorCode::MalformedRequest, "The request broke off.")),
            Ok(Err(Interrupted::TooSlow)) | Err(_) => Err(Refused::new(
                ErrorCode::MalformedRequest,
                "The request took too long to arrive.",
            )),
        }
    }
}

/// Why a body did not come to its end.
#[derive(Debug)]
enum Interrupted {
    /// The sender hung up.
    BrokeOff,
    /// It came more slowly than [`RATE`].
    TooSlow,
}

/// The body; `None` when it is larger than `most`. A sender that is still sending does not read: so what is too large is heard
/// out, and forgotten, up to four times what is allowed.
async fn collect(mut body: Body, announced: usize, most: usize) -> Result<Option<Bytes>, Interrupted> {
    let began = tokio::time::Instant::now();
    let mut kept = BytesMut::with_capacity(announced.min(most));
    let mut length = 0_usize;
    loop {
        #[expect(clippy::cast_precision_loss, reason = "a body is megabytes")]
        let due = began + HEAD_START + Duration::from_secs_f64(length as f64 / RATE);
        let frame = timeout_at(due, body.frame()).await.map_err(|_| Interrupted::TooSlow)?;
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(|_| Interrupted::BrokeOff)?.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length <= most {
            kept.extend_from_slice(&data);
        } else if length <= most.saturating_mul(4) {
            kept = BytesMut::new();
        } else {
            break;
        }
    }
    Ok((length <= most).then(|| kept.freeze()))
}

/// A missing type is forgiven; MTOM and SOAP 1.2 are other protocols.
fn check_type(headers: &HeaderMap) -> Result<(), Refused> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(essence);
    match kind.as_deref() {
        None | Some("text/xml" | "application/xml") => Ok(()),
        Some(_) => Err(Refused::new(
            ErrorCode::MalformedRequest,
            "Send SOAP 1.1 as text/xml; charset=utf-8, with binary content as base64 in it.",
        )),
    }
}

/// The length that the head promises; 0 when it promises none.
fn announced_length(headers: &HeaderMap) -> usize {
    let length = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn too_large(most: usize) -> Refused {
    Refused::new(
        ErrorCode::MaxExceeded,
        format!("The request is larger than {most} bytes."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt as _;
    use http::HeaderValue;

    fn with_type(kind: &'static str) -> HeaderMap {
        [(CONTENT_TYPE, HeaderValue::from_static(kind))].into_iter().collect()
    }

    #[test]
    fn soap_1_1_and_nothing_else() {
        for good in [
            "text/xml",
            "text/xml; charset=utf-8",
            "Text/XML;charset=\"UTF-8\"",
            "application/xml",
        ] {
            assert!(check_type(&with_type(good)).is_ok(), "{good}");
        }
        assert!(check_type(&HeaderMap::new()).is_ok());
        for bad in [
            "application/soap+xml",
            "multipart/related; type=\"application/xop+xml\"",
            "text/html",
            "",
        ] {
            assert!(check_type(&with_type(bad)).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_body_is_kept_up_to_the_limit_and_no_further() {
        let kept = collect(Body::from(vec![b'x'; 100]), 100, 100).await.unwrap();
        assert_eq!(kept.map(|body| body.len()), Some(100));
        assert_eq!(collect(Body::from(vec![b'x'; 101]), 0, 100).await.unwrap(), None);
        let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(b"xxxxxxxxxx")));
        assert_eq!(collect(Body::from_stream(endless), 0, 100).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_body_that_trickles_is_not_waited_for() {
        let trickle = |bytes: usize| {
            let drop = Bytes::from(vec![b'x'; bytes]);
            let drops = futures::stream::repeat(drop).take(100).then(|drop| async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                Ok::<_, std::io::Error>(drop)
            });
            Body::from_stream(drops)
        };
        let slow = collect(trickle(10), 8_000_000, 8_000_000);
        let steady = collect(trickle(2_000), 0, 8_000_000);
        let (slow, steady) = tokio::join!(slow, steady);
        assert!(matches!(slow, Err(Interrupted::TooSlow)), "{slow:?}");
        assert_eq!(steady.unwrap().map(|body| body.len()), Some(100 * 2_000));
    }
}
