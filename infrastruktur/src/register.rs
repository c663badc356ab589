//! FaR and Authority of the demonstration: SOAP over mutual TLS in front of a database.

mod authority;
mod change;
mod company;
mod consent;
mod mediator;
mod pending;
mod recipient;
mod registration;
mod seed;
mod signing;
mod store;

pub use store::{Store, StoreError};

use crate::clock::Clock;
use crate::tls::Peer;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Extension, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use contracts::call::Wire;
use contracts::certificate::{TrustStore, organisation_of};
use contracts::fault::{ApplicationFault, ErrorCode};
use contracts::identifier::OrganisationNumber;
use contracts::xml::{Limits, ReadError, Xml};
use http::{StatusCode, header};
use std::sync::Arc;
use uuid::Uuid;

/// 1,000 recipients take some 60 kB; a delivery to the mediator takes more.
const LARGEST_REQUEST: usize = 4 * 1024 * 1024;

/// The register: its database, the authorities that it trusts and the time.
#[derive(Clone, Debug)]
pub struct Register {
    store: Store,
    trust: Arc<TrustStore>,
    clock: Clock,
}

/// Why a request is refused; becomes the contract's fault.
#[derive(Debug)]
struct Refusal {
    code: ErrorCode,
    description: String,
}

impl Refusal {
    fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }

    /// An operation of the contract that this register does not have.
    fn not_offered(operation: &str) -> Self {
        Self::new(
            ErrorCode::Unknown,
            format!("{operation} is not offered by this demonstration register yet"),
        )
    }

    fn to_fault(&self) -> ApplicationFault {
        let call_id = Uuid::new_v4().to_string();
        tracing::info!(
            code = self.code.number(),
            call_id,
            reason = self.description,
            "register: refused"
        );
        ApplicationFault {
            code: self.code,
            description: self.description.clone(),
            call_id,
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "register: the database failed");
        Self::new(
            ErrorCode::InternalError,
            "the register cannot answer at the moment; try again later",
        )
    }
}

impl From<ReadError> for Refusal {
    fn from(error: ReadError) -> Self {
        Self::new(ErrorCode::MalformedRequest, error.to_string())
    }
}

impl Register {
    /// In front of `store`; statements count when signed under `trust`.
    pub fn new(store: Store, trust: TrustStore, clock: Clock) -> Self {
        Self {
            store,
            trust: Arc::new(trust),
            clock,
        }
    }

    /// The database, for those who set the scene of a test.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// `/recipient/v3`, `/authority`, `/message/v3` and `/notification/v3`.
    pub fn router(self) -> Router {
        Router::new()
            .route("/recipient/v3", post(recipient_port))
            .route("/authority", post(authority_port))
            .route("/message/v3", post(mediator::message_port))
            .route("/notification/v3", post(mediator::notification_port))
            .layer(DefaultBodyLimit::max(LARGEST_REQUEST))
            .with_state(self)
    }
}

async fn recipient_port(
    State(register): State<Register>,
    Extension(peer): Extension<Option<Peer>>,
    body: Bytes,
) -> Response {
    let answered = async {
        let caller = caller(peer.as_ref())?;
        // The tree borrows the body, so it is let go before the first wait.
        let request = {
            let xml = Xml::parse_bytes(&body, &limits()).map_err(ReadError::from)?;
            contracts::recipient::Request::read(&xml)?
        };
        register.answer_recipient(caller, request).await
    };
    answered
        .await
        .map_or_else(|refusal: Refusal| fault(refusal.to_fault().to_envelope()), envelope)
}

async fn authority_port(
    State(register): State<Register>,
    Extension(peer): Extension<Option<Peer>>,
    body: Bytes,
) -> Response {
    // A fault is named after its operation, and one without an operation after the first of the port.
    let read = Xml::parse_bytes(&body, &limits())
        .map_err(ReadError::from)
        .and_then(|xml| contracts::authority::Request::read(&xml));
    let operation = read
        .as_ref()
        .map_or("getSenders", contracts::authority::Request::operation);
    let answered = async {
        let caller = caller(peer.as_ref())?;
        register.answer_authority(caller, read?).await
    };
    answered.await.map_or_else(
        |refusal: Refusal| fault(contracts::authority::fault_envelope(operation, &refusal.to_fault())),
        envelope,
    )
}

fn limits() -> Limits {
    Limits::default().with_bytes(LARGEST_REQUEST)
}

/// Who calls, by the client certificate that TLS has checked.
fn caller(peer: Option<&Peer>) -> Result<OrganisationNumber, Refusal> {
    let peer = peer.ok_or_else(|| Refusal::new(ErrorCode::CertificateError, "no client certificate was shown"))?;
    organisation_of(&peer.0).map_err(|problem| Refusal::new(ErrorCode::CertificateError, problem.to_string()))
}

fn soap(answer: &impl Wire) -> String {
    answer.to_envelope()
}

fn envelope(envelope: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], envelope).into_response()
}

fn fault(envelope: String) -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        [(header::CONTENT_TYPE, "text/xml; charset=utf-8")],
        envelope,
    )
        .into_response()
}
