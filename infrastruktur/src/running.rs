//! Everything together, started and stopped: by the program, and by tests on ports that the system gives.

use crate::catcher::{self, Caught};
use crate::clock::Clock;
use crate::config::Config;
use crate::pki::{Pki, PkiError};
use crate::register::{Register, Store, StoreError};
use crate::texts::Languages;
use crate::tls::{self, PeerAcceptor, TlsError};
use axum::Router;
use axum_server::Handle;
use contracts::certificate::{TrustError, TrustStore};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How long requests that have begun may take when all is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// Why it did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The certificates.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// The register's database.
    #[error("the register: {0}")]
    Store(#[from] StoreError),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The authority.
    #[error("the demonstration authority: {0}")]
    Trust(#[from] TrustError),
    /// The demonstration e-legitimation.
    #[error(transparent)]
    Idp(#[from] crate::idp::IdpError),
    /// A text file.
    #[error("a file of texts: {0}")]
    Texts(#[from] toml::de::Error),
    /// An address is taken, most often by an earlier start.
    #[error("{name} cannot listen at {address}: {source}. Is it running already? The address is a setting")]
    Listen {
        /// Which part.
        name: &'static str,
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// Where everything listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Addresses {
    /// FaR, Authority and the mediator (mutual TLS).
    pub register: SocketAddr,
    /// The demonstration e-legitimation.
    pub idp: SocketAddr,
    /// The catcher's page.
    pub catcher: SocketAddr,
    /// SMTP.
    pub smtp: SocketAddr,
    /// SMS.
    pub sms: SocketAddr,
    /// Notices to browsers.
    pub push: SocketAddr,
}

/// Starts it.
#[derive(Debug)]
pub struct Infrastructure;

/// What has been started. Dropping it stops nothing in order; call [`Running::stop`].
#[derive(Debug)]
pub struct Running {
    /// Where everything listens.
    pub addresses: Addresses,
    /// What has been caught.
    pub caught: Caught,
    /// The certificates.
    pub pki: Pki,
    /// The register's database.
    pub register: Store,
    handles: Vec<Handle<SocketAddr>>,
    stop: CancellationToken,
    tasks: JoinSet<()>,
}

impl Infrastructure {
    /// Makes what is missing, binds every address and serves.
    pub async fn start(config: &Config, clock: Clock) -> Result<Running, StartError> {
        let pki = Pki::open(&config.pki.dir, clock.now())?;
        let languages = Languages::read()?;
        let store = Store::open(&config.register.database).await?;
        store
            .seed(
                &config.register.operator_address,
                &config.register.operator_page,
                clock.now(),
            )
            .await?;
        let caught = Caught::new(config.catcher.keep);

        let register_listener = listen("the register", config.register.listen)?;
        let idp_listener = listen("the e-legitimation", config.idp.listen)?;
        let catcher_listener = listen("the catcher's page", config.catcher.listen)?;
        let smtp_listener = listen("the SMTP catcher", config.catcher.smtp_listen)?;
        let sms_listener = listen("the SMS catcher", config.catcher.sms_listen)?;
        let push_listener = listen("the push service", config.catcher.push_listen)?;
        let addresses = Addresses {
            register: register_listener.1,
            idp: idp_listener.1,
            catcher: catcher_listener.1,
            smtp: smtp_listener.1,
            sms: sms_listener.1,
            push: push_listener.1,
        };
        let idp = crate::idp::router(&config.idp, addresses.idp, &pki, languages.clone(), clock.clone())?;
        let register = Register::new(
            store.clone(),
            TrustStore::from_pem(pki.authority(), Vec::new())?,
            clock.clone(),
        )
        .router();
        let tls = tls::mutual_server(&pki.pair("infrastruktur-tls")?, pki.authority())?;

        let mut running = Running {
            addresses,
            caught: caught.clone(),
            pki,
            register: store,
            handles: Vec::new(),
            stop: CancellationToken::new(),
            tasks: JoinSet::new(),
        };
        running.serve_tls(register_listener.0, PeerAcceptor::new(tls), register);
        running.serve(idp_listener.0, idp);
        running.serve(catcher_listener.0, catcher::page_router(caught.clone(), languages));
        let report_after = Duration::from_millis(config.catcher.report_after);
        let gateway = catcher::sms_router(caught.clone(), clock.clone(), report_after);
        running.serve(sms_listener.0, gateway);
        let push = catcher::PushService::new(caught.clone(), clock.clone(), addresses.push);
        running.serve(push_listener.0, catcher::push_router(push));
        let smtp = tokio::net::TcpListener::from_std(smtp_listener.0).map_err(|source| StartError::Listen {
            name: "the SMTP catcher",
            address: addresses.smtp,
            source,
        })?;
        let stop = running.stop.clone();
        running
            .tasks
            .spawn(catcher::serve_smtp(smtp, caught, clock, config.catcher.max_size, stop));
        Ok(running)
    }
}

impl Running {
    fn serve(&mut self, listener: TcpListener, router: Router) {
        let handle = self.handle();
        self.tasks.spawn(async move {
            let served = match axum_server::from_tcp(listener) {
                Ok(server) => server.handle(handle).serve(router.into_make_service()).await,
                Err(error) => Err(error),
            };
            report(served);
        });
    }

    fn serve_tls(&mut self, listener: TcpListener, acceptor: PeerAcceptor, router: Router) {
        let handle = self.handle();
        self.tasks.spawn(async move {
            let served = match axum_server::from_tcp(listener) {
                Ok(server) => {
                    server
                        .acceptor(acceptor)
                        .handle(handle)
                        .serve(router.into_make_service())
                        .await
                }
                Err(error) => Err(error),
            };
            report(served);
        });
    }

    fn handle(&mut self) -> Handle<SocketAddr> {
        let handle = Handle::new();
        self.handles.push(handle.clone());
        handle
    }

    /// Stops listening, lets what has begun finish, and closes the database.
    pub async fn stop(mut self) {
        for handle in &self.handles {
            handle.graceful_shutdown(Some(GRACE));
        }
        self.stop.cancel();
        while self.tasks.join_next().await.is_some() {}
        self.register.close().await;
    }
}

fn report(served: io::Result<()>) {
    if let Err(error) = served {
        tracing::error!(%error, "a listener has stopped");
    }
}

fn listen(name: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { name, address, source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
}
