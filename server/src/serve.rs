//! Puts the house together, runs it, and stops it without losing what it has accepted.

use crate::audit::witness;
use crate::clock::Clock;
use crate::config::Config;
use crate::copies::pdf::Fonts;
use crate::db::{Db, DbError};
use crate::domain::certificate::Purpose;
use crate::house::House;
use crate::intake::{HANDSHAKES, Intake, IntakeError};
use crate::login::LoginDesk;
use crate::login::config::ConfigProblem;
use crate::login::saml::provider::IdentityProvider;
use crate::mailbox::leaving::walk_rounds;
use crate::ops::{Check, Ops};
use crate::outbox::push::{NoKeyPair, Offer};
use crate::outbox::{Worker, WorkerError};
use crate::register::{Infrastructure, PemError};
use crate::seal::{Keys, KeysError};
use crate::search::Indexer;
use crate::shelf::Shelf;
use crate::support::certificates::{self, AtHand};
use crate::support::numbers;
use crate::{listener, ops, telemetry, web};
use axum::Router;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Why the house does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The master keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Certificates towards the register.
    #[error("register: {0}")]
    Register(#[from] PemError),
    /// The listener for deliveries.
    #[error("service: {0}")]
    Intake(#[from] IntakeError),
    /// Keys and sources of the login.
    #[error("saml: {0}")]
    Login(#[from] ConfigProblem),
    /// The ways out for notices.
    #[error(transparent)]
    Worker(#[from] WorkerError),
    /// The key pair that browsers are subscribed with.
    #[error("push.key: {0}")]
    PushKey(#[from] NoKeyPair),
    /// The reader of attachments.
    #[error(transparent)]
    Reader(#[from] crate::search::ReaderError),
    /// An address cannot be listened on.
    #[error("{key}: cannot listen on {address}: {source}. Is something else using it?")]
    Listen {
        /// The key of the configuration.
        key: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system gives too few files: connections and the database would run out of them together.
    #[error(
        "the connections that the configuration allows need {needed} open files, and the system gives {given}: raise the limit \
         (LimitNOFILE=, ulimit -n), or lower web.max_connections and service.max_connections"
    )]
    Files {
        /// What is needed.
        needed: u64,
        /// What there is.
        given: u64,
    },
    /// A part ended though nobody had asked it to.
    #[error("a part of the server ended by itself; the log says why")]
    PartEnded,
    /// Not everything was finished in time.
    #[error(
        "not everything was finished within ops.stop_within; what was accepted is safe, and waits for the next start"
    )]
    StoppedLate,
}

/// Runs until the system asks to stop (SIGTERM, Ctrl-C). A second ask ends the process at once.
pub async fn until_stopped(config: Config) -> Result<(), ServeError> {
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        asked_to_stop().await;
        tracing::info!("asked to stop: finishing what was accepted");
        asked.cancel();
        asked_to_stop().await;
        tracing::warn!("asked again: ending at once");
        std::process::exit(130);
    });
    serve(config, stop).await
}

/// Runs until `stop`.
///
/// The order of the end: listeners take no more, what they hold is answered, jobs that were begun are finished, the database is
/// closed. All of it within `ops.stop_within`.
pub async fn serve(config: Config, stop: CancellationToken) -> Result<(), ServeError> {
    make_room(&config)?;
    // Before anything counts.
    let figures = telemetry::figures();
    let db = Db::open_for(config.database.url.expose(), config.database.max_connections).await?;
    db.migrate().await?;
    let keys = Keys::load(&config.keys.master_file)?;
    let house = House::new(db, keys, Clock::system()).with_shelf(Shelf::at(&config.keep.folder));

    let parts = Parts {
        tracker: TaskTracker::new(),
        stop: stop.clone(),
        failed: CancellationToken::new(),
    };
    let register = Infrastructure::open(&config.register, &house).await?;
    let desk = Arc::new(LoginDesk::open(
        house.clone(),
        config.saml.clone(),
        &config.staff,
        &config.session,
        &config.web.public_url,
    )?);
    let worker = Worker::new(house.clone(), &config)?;
    let indexer = Indexer::new(house.clone(), &config.search)?;

    for problem in config.warnings() {
        tracing::warn!(%problem, "the configuration");
    }
    let outside = web::Outside {
        fonts: fonts(&config),
        limits: config.keep.limits(),
        sms_reports: config.sms.reports,
        push: Offer::of(&config.push, &config.web.public_url, &house.keys)?,
        certificates: at_hand(&config, &desk),
    };
    let certificates = outside.certificates.clone();
    let pages = web::router(house.clone(), outside, &register, desk.clone(), &config.web);
    // What a stop may take is for the writer too.
    let grace = config.ops.stop_within / 10 * 9;
    let limits = listener::Limits::of(config.web.max_connections);
    parts
        .listen("web.listen", config.web.listen, pages, limits, grace)
        .await?;
    let intake = Intake::bind(
        house.clone(),
        register.senders.clone(),
        config.service.clone(),
        config.trust.clone(),
    )
    .await?;
    parts.run("intake", {
        let stop = stop.clone();
        async move {
            if let Err(error) = intake.run(stop, grace).await {
                tracing::error!(%error, "the intake ended");
            }
        }
    });
    let checks = checks(&house, &register, &desk);
    let far = register.far.clone();
    parts.run("register", register.run(stop.clone()));
    parts.run("login", {
        let (desk, stop) = (desk.clone(), stop.clone());
        async move { desk.run(stop).await }
    });
    parts.run("outbox", worker.run(stop.clone()));
    parts.run("search", indexer.run(stop.clone()));
    parts.run_for_staff(&house, certificates);
    parts.run(
        "leavers",
        walk_rounds(house.clone(), far, config.register.leavers_every, stop.clone()),
    );
    // Last: once it answers, the others listen.
    let ops = Ops {
        db: house.db.clone(),
        checks,
        figures,
        stop: stop.clone(),
    };
    let limits = listener::Limits::of(OPS_CONNECTIONS);
    parts
        .listen("ops.listen", config.ops.listen, ops::router(ops), limits, grace)
        .await?;

    tracing::info!(
        web = %config.web.listen, service = %config.service.listen, ops = %config.ops.listen,
        version = env!("CARGO_PKG_VERSION"), "brevlada runs"
    );
    stop.cancelled().await;
    parts.tracker.close();
    let finished = tokio::time::timeout(config.ops.stop_within, async {
        parts.tracker.wait().await;
        write_last(&house).await;
        house.db.close().await;
    })
    .await;
    match (finished, parts.failed.is_cancelled()) {
        (Err(_), _) => Err(ServeError::StoppedLate),
        (Ok(()), true) => Err(ServeError::PartEnded),
        (Ok(()), false) => {
            tracing::info!("stopped, with everything finished");
            Ok(())
        }
    }
}

/// Writes what still waits in memory for the staff's figures.
async fn write_last(house: &House) {
    if let Err(error) = numbers::write(house).await {
        tracing::warn!(%error, "what was counted last could not be written");
    }
    if let Err(error) = certificates::write(house).await {
        tracing::warn!(%error, "certificates that were seen last could not be written");
    }
}

/// Connections of operators and their machines, at once.
const OPS_CONNECTIONS: usize = 64;
/// Open files beside those of connections: an embedded database, calls of ours, the log, certificates while they are read.
const OTHER_FILES: u64 = 236;

/// Raises the number of files that this process may have open to what the system allows, and makes sure that it is enough.
fn make_room(config: &Config) -> Result<(), ServeError> {
    let connections = config.web.max_connections + config.service.max_connections + HANDSHAKES + OPS_CONNECTIONS;
    let connections = u64::try_from(connections).unwrap_or(u64::MAX);
    let needed = connections.saturating_add(u64::from(config.database.max_connections) + OTHER_FILES);
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(given) if given < needed => Err(ServeError::Files { needed, given }),
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "how many files may be open is not known");
            Ok(())
        }
    }
}

/// The faces for PDFs. Letters can be read without them, so their lack stops nothing.
fn fonts(config: &Config) -> Option<Fonts> {
    match config.keep.fonts.as_deref().map(Fonts::read)? {
        Ok(fonts) => Some(fonts),
        Err(error) => {
            tracing::warn!(%error, "keep.fonts: letters are not offered as PDF");
            None
        }
    }
}

/// Where the certificates are that staff and figures watch.
fn at_hand(config: &Config, desk: &Arc<LoginDesk>) -> AtHand {
    let desk = desk.clone();
    let files = [
        (Purpose::Service, &config.service.cert_file),
        (Purpose::Register, &config.register.cert_file),
        (Purpose::LoginSigning, &config.saml.signing_cert_file),
        (Purpose::LoginEncryption, &config.saml.encryption_cert_file),
        (Purpose::ConnectionAuthority, &config.trust.client_ca_file),
        (Purpose::SigningAuthority, &config.trust.signing_ca_file),
        (Purpose::RegisterAuthority, &config.register.ca_file),
    ];
    AtHand {
        files: files.map(|(purpose, file)| (purpose, file.clone())).into(),
        providers: Arc::new(move || {
            let named = |provider: &Arc<IdentityProvider>| {
                let name = provider.name("sv").to_owned();
                let certificates = provider.certificates.clone();
                certificates.into_iter().map(move |der| (name.clone(), der))
            };
            desk.providers().all().iter().flat_map(named).collect()
        }),
    }
}

/// What must be in order before people and letters are sent here.
fn checks(house: &House, register: &Infrastructure, desk: &Arc<LoginDesk>) -> Vec<Check> {
    let senders = register.senders.clone();
    let desk = desk.clone();
    vec![
        Check::database(&house.db),
        Check::migrations(&house.db),
        Check::new("senders", move || {
            let read = senders.fetched_at().is_some();
            async move {
                if read {
                    Ok(())
                } else {
                    Err("Authority has not been read yet, and there is no kept copy".to_owned())
                }
            }
        }),
        Check::new("identity-providers", move || {
            let some = !desk.providers().all().is_empty();
            async move {
                if some {
                    Ok(())
                } else {
                    Err("no metadata that may be used: nobody can log in".to_owned())
                }
            }
        }),
    ]
}

/// The running parts. When one ends though nobody asked it to, all are stopped: half a house serves nobody.
#[derive(Clone)]
struct Parts {
    tracker: TaskTracker,
    stop: CancellationToken,
    failed: CancellationToken,
}

impl Parts {
    /// Runs a part, which ends when it is stopped.
    fn run(&self, name: &'static str, part: impl Future<Output = ()> + Send + 'static) {
        let parts = self.clone();
        let running = tokio::spawn(part);
        self.tracker.spawn(async move {
            let ended = running.await;
            if ended.is_err() || !parts.stop.is_cancelled() {
                tracing::error!(part = name, panicked = ended.is_err(), "a part ended by itself");
                parts.failed.cancel();
                parts.stop.cancel();
            }
        });
    }

    /// Runs what keeps the staff's side: the audit log, figures and certificates.
    fn run_for_staff(&self, house: &House, certificates: AtHand) {
        let stop = &self.stop;
        self.run("audit", witness(house.clone(), stop.clone()));
        self.run("numbers", numbers::keep_counting(house.clone(), stop.clone()));
        let watching = certificates::keep_watching(house.clone(), certificates, stop.clone());
        self.run("certificates", watching);
    }

    /// Serves a router; the requests at hand are answered after the stop, within `grace`.
    async fn listen(
        &self,
        key: &'static str,
        address: SocketAddr,
        router: Router,
        limits: listener::Limits,
        grace: Duration,
    ) -> Result<(), ServeError> {
        let listening =
            TcpListener::bind(address)
                .await
                .map_err(|source| ServeError::Listen { key, address, source })?;
        let stop = self.stop.clone();
        self.run(key, async move {
            if let Err(error) = listener::serve(listening, router, limits, stop, grace).await {
                tracing::error!(%error, key, "the listener ended");
            }
        });
        Ok(())
    }
}

/// Waits for SIGTERM or Ctrl-C.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            tracing::error!(%error, "Ctrl-C cannot be listened for");
            std::future::pending::<()>().await;
        }
    };
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(error) => {
                tracing::error!(%error, "SIGTERM cannot be listened for");
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}
