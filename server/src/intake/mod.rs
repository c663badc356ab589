//! Letters coming in: Service v3 on its own mutual-TLS listener (infrastructure.md 5 and 8).
//!
//! A request's way: the handshake names the organisation (`tls`) → known, type, turn, size (`endpoint`) → both signatures, sender and
//! mediator, content (`receive`) → one commit for many (`group_commit`) → the answer. Whatever fails is a typed fault whose call
//! id the log has too (`refused`), and leaves nothing behind.

pub(crate) mod calls;
mod content;
mod endpoint;
pub mod group_commit;
mod receive;
mod refused;
mod tls;
mod turnstile;

pub use tls::HANDSHAKES;

use crate::config::{Service, Trust};
use crate::house::House;
use crate::register::{PemError, Senders};
use crate::turns::Turns;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use calls::{CallWriter, Calls};
use content::ContentRules;
use contracts::service::ReceivePolicy;
use contracts::signature::Policy;
use contracts::xml::Limits;
use endpoint::Endpoint;
use group_commit::{GroupCommit, Writer};
use receive::{Deliveries, Receiver};
use std::io;
use std::net::SocketAddr;
use std::num::NonZero;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tls::PeerAcceptor;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Why Service v3 cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Certificates, keys, CAs or CRLs.
    #[error(transparent)]
    Pem(#[from] PemError),
    /// The address cannot be listened on, or listening failed.
    #[error("{address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// Service v3, listening but not answering yet.
pub struct Intake {
    service: Service,
    trust: Trust,
    listener: TcpListener,
    address: SocketAddr,
    tls: RustlsConfig,
    endpoint: Arc<Endpoint>,
    writer: Writer,
    call_writer: CallWriter,
}

impl std::fmt::Debug for Intake {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Intake({})", self.address)
    }
}

impl Intake {
    /// Reads certificates, takes the address, and starts the writer.
    ///
    /// # Errors
    /// A file that cannot be used, an address that is taken.
    pub async fn bind(
        house: House,
        senders: Arc<Senders>,
        service: Service,
        trust: Trust,
    ) -> Result<Self, IntakeError> {
        let material = tls::read(&service, &trust).await?;
        let unheard = |source| IntakeError::Listen {
            address: service.listen,
            source,
        };
        let listener = TcpListener::bind(service.listen).await.map_err(unheard)?;
        let address = listener.local_addr().map_err(unheard)?;
        let queue = service.max_in_flight;
        let (commits, writer) =
            GroupCommit::start(house.db.clone(), Deliveries(house.clone()), service.max_batch, queue);
        let processors = std::thread::available_parallelism().map_or(2, NonZero::get);
        let (calls, call_writer) = Calls::start(house.clone(), service.keep_calls);
        let receiver = Receiver {
            house,
            senders,
            policy: policy(&service, &trust),
            content: ContentRules {
                max_messages: service.max_messages,
                max_message_bytes: service.max_message_bytes,
                attachment_types: service
                    .attachment_types
                    .iter()
                    .map(|kind| kind.to_ascii_lowercase())
                    .collect(),
            },
            sealer_must_connect: service.require_tls_sealer_match.then(|| service.agents.clone()),
            trust: RwLock::new(material.signing),
            processors: Arc::new(Semaphore::new(processors)),
            writer: commits,
        };
        let endpoint = Arc::new(Endpoint {
            receiver,
            calls,
            address: service.public_url.to_string(),
            max_request_bytes: service.max_request_bytes,
            patience: service.body,
            in_flight: Arc::new(Semaphore::new(service.max_in_flight)),
            peers: Turns::new(service.max_in_flight_of_one),
        });
        Ok(Self {
            tls: RustlsConfig::from_config(material.server),
            service,
            trust,
            listener,
            address,
            endpoint,
            writer,
            call_writer,
        })
    }

    /// Where it listens: the port, when the configuration left it to the system.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`; then takes no more connections, finishes within `grace` what is under way, writes everything that was
    /// accepted, and returns.
    pub async fn run(self, stop: CancellationToken, grace: Duration) -> Result<(), IntakeError> {
        let Self {
            service,
            trust,
            listener,
            address,
            tls,
            endpoint,
            writer,
            call_writer,
        } = self;
        let acceptor = PeerAcceptor::new(
            endpoint.receiver.house.clone(),
            tls.clone(),
            service.handshake,
            service.max_connections,
        );
        let handle = Handle::new();
        let stopping = tokio::spawn({
            let (handle, stop) = (handle.clone(), stop.clone());
            async move {
                stop.cancelled().await;
                handle.graceful_shutdown(Some(grace));
            }
        });
        let reloading = tokio::spawn(reload(service.clone(), trust, tls, endpoint.clone()));
        let unheard = |source| IntakeError::Listen { address, source };
        let server = axum_server::Server::<SocketAddr>::from_listener(listener);
        let mut server = server.acceptor(acceptor).handle(handle).http1_only();
        server
            .http_builder()
            .http1()
            .header_read_timeout(service.idle)
            .keep_alive(true);
        let server = server.accept_error_handler(|peer, error| {
            let peer = peer.map(ToString::to_string);
            metrics::counter!("brevlada_intake_refused_connections_total").increment(1);
            tracing::info!(peer, %error, "a connection to Service v3 was refused");
        });
        tracing::info!(%address, "Service v3 listens");
        let ended = server.serve(endpoint::routes(endpoint).into_make_service()).await;
        reloading.abort();
        stopping.abort();
        writer.finish().await;
        call_writer.finish().await;
        ended.map_err(unheard)
    }
}

fn policy(service: &Service, trust: &Trust) -> ReceivePolicy {
    ReceivePolicy {
        limits: Limits::default().with_bytes(service.max_request_bytes),
        signatures: Policy {
            allow_sha1: trust.allow_sha1,
        },
    }
}

/// Reads certificates, CAs and CRLs again on SIGHUP and on schedule. What cannot be read changes nothing.
async fn reload(service: Service, trust: Trust, tls: RustlsConfig, endpoint: Arc<Endpoint>) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        tracing::error!("SIGHUP cannot be listened to; certificates are not read again");
        return;
    };
    loop {
        let schedule = async {
            if service.reload_every.is_zero() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(service.reload_every).await;
        };
        tokio::select! {
            _ = hangup.recv() => {}
            () = schedule => {}
        }
        match tls::read(&service, &trust).await {
            Ok(material) => {
                tls.reload_from_config(material.server);
                endpoint.receiver.trust(material.signing);
                tracing::info!("certificates, CAs and CRLs of Service v3 are read again");
            }
            Err(error) => tracing::error!(%error, "certificates of Service v3 could not be read; the old ones stay"),
        }
    }
}
