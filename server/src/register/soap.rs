//! A SOAP call over mutual TLS: kept-alive connections, bounded in time and size.

use super::pem::{self, PemError};
use super::{Reason, RegisterError};
use crate::config::Register;
use crate::http_client::{self, HttpClient, Over};
use bytes::Bytes;
use contracts::call::{AnswerError, Call, Wire as _};
use contracts::xml::Limits;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Waits between tries of a call that may be repeated.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// Tags in an answer, at most: every mediator is listed with everyone it may send for.
const MOST_TAGS: usize = 1_000_000;

/// Why there is no answer to read.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// No connection, or it broke.
    #[error("no connection: {0}")]
    Connection(String),
    /// No answer in time. Whether the call took effect is not known.
    #[error("no answer in time")]
    Late,
    /// The answer is larger than we read.
    #[error("the answer is too large, or broke off")]
    Body,
    /// Something in between answered, not the service.
    #[error("HTTP {0}")]
    Status(StatusCode),
}

/// Whether a call may be made again when it is not known to have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It only reads: again, at once and after a second.
    Reads,
    /// It changes something: never without being told.
    Changes,
}

/// Calls services of the infrastructure with our organisation certificate.
pub struct SoapClient {
    config: Register,
    recipient: Uri,
    authority: Uri,
    limits: Limits,
    client: RwLock<Arc<HttpClient>>,
}

impl std::fmt::Debug for SoapClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SoapClient")
    }
}

impl SoapClient {
    /// Reads certificates and keys; connects when first asked.
    pub async fn new(config: Register) -> Result<Self, PemError> {
        let client = RwLock::new(Arc::new(https(&config).await?));
        let address = |url: &url::Url| {
            url.as_str()
                .parse::<Uri>()
                .map_err(|e| PemError::Setup(format!("{url}: {e}")))
        };
        let limits = Limits {
            bytes: config.max_answer_bytes,
            tags: MOST_TAGS,
            // Some tools write two with each element.
            attributes_in_all: MOST_TAGS,
            ..Limits::default()
        };
        Ok(Self {
            recipient: address(&config.recipient_url)?,
            authority: address(&config.authority_url)?,
            limits,
            config,
            client,
        })
    }

    pub(super) fn config(&self) -> &Register {
        &self.config
    }

    /// Where FaR is.
    pub(super) fn recipient(&self) -> &Uri {
        &self.recipient
    }

    /// Where Authority is.
    pub(super) fn authority(&self) -> &Uri {
        &self.authority
    }

    /// Asks `question` and reads the answer. A fault is an error, with the other side's code and call id.
    pub(super) async fn ask<C: Call>(
        &self,
        url: &Uri,
        question: &C,
        effect: Effect,
    ) -> Result<C::Answer, RegisterError> {
        let answer = self.call(url, question.to_envelope(), effect).await;
        let answer = answer.map_err(|e| RegisterError::Unreachable(format!("{} at {url}: {e}", C::NAME)))?;
        C::Answer::from_envelope(&answer, &self.limits).map_err(|error| match error {
            AnswerError::Fault(fault) if is_passing(fault.number) => {
                RegisterError::Unreachable(format!("{}: {fault}", C::NAME))
            }
            AnswerError::Fault(fault) => RegisterError::Refused {
                reason: Reason::of(fault.number),
                code: fault.number,
                call_id: fault.call_id,
            },
            AnswerError::Read(error) => RegisterError::Misunderstood(format!("{}: {error}", C::NAME)),
        })
    }

    /// Reads certificates and keys again on SIGHUP, until `stop`.
    pub async fn reload_on_hangup(self: Arc<Self>, stop: CancellationToken) {
        let Ok(mut hangup) = signal(SignalKind::hangup()) else {
            tracing::error!("SIGHUP cannot be listened to; the certificate for FaR is not read again");
            return;
        };
        while let Some(Some(())) = stop.run_until_cancelled(hangup.recv()).await {
            match self.reload().await {
                Ok(()) => tracing::info!("the certificate for FaR and Authority is read again"),
                Err(error) => tracing::error!(%error, "the certificate for FaR could not be read; the old one stays"),
            }
        }
    }

    /// Reads certificates and keys anew. What was read before stays in use when that fails.
    pub async fn reload(&self) -> Result<(), PemError> {
        let client = Arc::new(https(&self.config).await?);
        *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
        Ok(())
    }

    /// Sends `envelope` to `url` and returns the envelope of the answer: a result (HTTP 200) or a fault (HTTP 500).
    async fn call(&self, url: &Uri, envelope: String, effect: Effect) -> Result<Bytes, CallError> {
        let envelope = Bytes::from(envelope);
        let mut waits = AGAIN_AFTER.iter();
        loop {
            let answer = self.once(url, envelope.clone()).await;
            let Err(error) = &answer else { return answer };
            // Whoever was slow once is not asked again: the caller has waited long enough.
            let again = effect == Effect::Reads && !matches!(error, CallError::Late);
            let Some(wait) = waits.next().filter(|_| again) else {
                return answer;
            };
            tracing::info!(%url, %error, "a call to the infrastructure failed and is made again");
            sleep(*wait).await;
        }
    }

    async fn once(&self, url: &Uri, envelope: Bytes) -> Result<Bytes, CallError> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner).clone();
        let request = Request::builder()
            .method(Method::POST)
            .uri(url)
            .header(header::CONTENT_TYPE, "text/xml; charset=utf-8")
            .header("SOAPAction", "\"\"")
            .body(Full::new(envelope))
            .map_err(|e| CallError::Connection(e.to_string()))?;
        let exchange = async {
            let answer = client
                .request(request)
                .await
                .map_err(|e| CallError::Connection(reasons(&e)))?;
            let status = answer.status();
            if status != StatusCode::OK && status != StatusCode::INTERNAL_SERVER_ERROR {
                return Err(CallError::Status(status));
            }
            let body = Limited::new(answer.into_body(), self.config.max_answer_bytes);
            Ok(body.collect().await.map_err(|_| CallError::Body)?.to_bytes())
        };
        timeout(self.config.answer, exchange)
            .await
            .map_err(|_| CallError::Late)?
    }
}

/// Faults that say «not now»: errors of theirs, and of the registers behind them (infrastructure.md 9).
fn is_passing(code: u16) -> bool {
    matches!(code, 4999 | 5000 | 5017 | 5018)
}

/// An error and its causes: the outermost alone says «client error (Connect)».
fn reasons(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text = format!("{text}: {cause}");
        next = cause.source();
    }
    text
}

async fn https(config: &Register) -> Result<HttpClient, PemError> {
    let tls = http_client::tls(pem::roots(&config.ca_file).await?)
        .map_err(|e| PemError::Setup(e.to_string()))?
        .with_client_auth_cert(
            pem::certificates(&config.cert_file).await?,
            pem::private_key(&config.key_file).await?,
        )
        .map_err(|e| PemError::content(&config.cert_file, e))?;
    Ok(http_client::client(tls, Over::Tls, config.connect))
}
