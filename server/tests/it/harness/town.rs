//! A house with the real infrastructure around it: FaR and Authority over mutual TLS, in a process of the test.

use super::{Database, Engine, person};
use axum::Router;
use infrastruktur::pki::Pki;
use infrastruktur::register::Store;
use infrastruktur::sending::{Mediator, SendError};
use infrastruktur::{Infrastructure as Around, Running};
use server::clock::{HandClock, Ids};
use server::config::Config;
use server::house::House;
use server::login::LoginDesk;
use server::mailbox::access::Person;
use server::mailbox::registration::{Standing, open_registered};
use server::register::{Evidence, Infrastructure, Register, Senders};
use server::seal::Keys;
use server::web::Outside;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use time::OffsetDateTime;

/// One set of certificates for all: making RSA keys takes longer than everything else.
static PKI: LazyLock<Pki> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("town-pki");
    Pki::open(&folder, OffsetDateTime::now_utc()).unwrap()
});

/// The house, the infrastructure, and Tolvan, who has a mailbox here from the start.
pub(crate) struct Town {
    /// Our house.
    pub house: House,
    /// Its clock, and the infrastructure's.
    pub hand: HandClock,
    /// FaR, as we call it.
    pub far: Arc<dyn Register>,
    /// Who may send.
    pub senders: Arc<Senders>,
    /// The two together.
    pub register: Infrastructure,
    /// What FaR keeps.
    pub kept_by_far: Store,
    /// Where FaR listens.
    port: u16,
    around: Mutex<Option<Running>>,
    /// Has an open mailbox here.
    pub tolvan: Person,
    /// Where it is all kept: gone when the town is.
    database: Database,
}

impl Town {
    /// A new one; nothing when there is no such engine here.
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        // To the second, as a database would round it.
        let now = OffsetDateTime::now_utc();
        let hand = HandClock::at(now.replace_nanosecond(0).unwrap());
        let mut theirs = infrastruktur::config::Config::for_tests(database.folder.path());
        theirs.pki.dir = PKI.path("");
        let clock = hand.clock();
        let around = Around::start(&theirs, infrastruktur::clock::Clock::from_fn(move || clock.now()))
            .await
            .unwrap();
        let master = database.folder.path().join("master.toml");
        Keys::create(&master, Ids, true).unwrap();
        let house = House::new(database.db.clone(), Keys::load(&master).unwrap(), hand.clock());
        let port = around.addresses.register.port();
        let register = Infrastructure::open(&settings(port), &house).await.unwrap();
        register.senders.refresh().await.unwrap();
        let tolvan = person("191212121212", "Tolvan Tolvansson");
        let opened = open_registered(&house, &*register.far, &tolvan).await.unwrap();
        assert_eq!(opened, Standing::Open);
        Some(Self {
            house,
            hand,
            far: register.far.clone(),
            senders: register.senders.clone(),
            register,
            kept_by_far: around.register.clone(),
            port,
            around: Mutex::new(Some(around)),
            tolvan,
            database,
        })
    }

    /// The pages, as browsers reach them, and the login behind them. No identity provider has been asked for its metadata.
    pub(crate) async fn pages(&self) -> (Router, Arc<LoginDesk>) {
        let Config {
            mut saml,
            staff,
            session,
            mut web,
            ..
        } = Config::load(None, []).unwrap();
        saml.signing_cert_file = PKI.path("saml-signing.crt");
        saml.signing_key_file = PKI.path("saml-signing.key");
        saml.encryption_cert_file = PKI.path("saml-encryption.crt");
        saml.encryption_key_file = PKI.path("saml-encryption.key");
        web.site_root = self.database.folder.path().to_owned();
        let desk = LoginDesk::open(self.house.clone(), saml, &staff, &session, &web.public_url).unwrap();
        let desk = Arc::new(desk);
        let register = Infrastructure::open(&settings(self.port), &self.house).await.unwrap();
        let pages = server::web::router(self.house.clone(), Outside::default(), &register, desk.clone(), &web);
        (pages, desk)
    }

    /// FaR and everything around goes down.
    pub(crate) async fn stop_around(&self) {
        let around = self.around.lock().unwrap().take();
        if let Some(around) = around {
            around.stop().await;
        }
    }

    /// Where others reach FaR.
    pub(crate) fn far_address(&self) -> String {
        format!("https://localhost:{}/recipient/v3", self.port)
    }

    /// Everybody's certificates.
    pub(crate) fn pki() -> &'static Pki {
        &PKI
    }

    /// What FaR tells a sender that asks, as it must before it sends.
    pub(crate) async fn may_send(&self, sender: &str, to: &str) -> Result<(), SendError> {
        let sender = sender.parse().unwrap();
        let clock = self.hand.clock();
        let mediator = Mediator::open(
            &PKI,
            sender,
            sender,
            &self.far_address(),
            infrastruktur::clock::Clock::from_fn(move || clock.now()),
        )
        .unwrap();
        mediator.reach(sender, to.parse().unwrap()).await.map(drop)
    }
}

/// How we reach FaR and Authority at `port`.
fn settings(port: u16) -> server::config::Register {
    let mut config = Config::load(None, []).unwrap().register;
    config.recipient_url = format!("https://localhost:{port}/recipient/v3").parse().unwrap();
    config.authority_url = format!("https://localhost:{port}/authority").parse().unwrap();
    config.cert_file = PKI.path("brevlada.crt");
    config.key_file = PKI.path("brevlada.key");
    config.ca_file = PKI.path("ca.crt");
    config.answer = Duration::from_secs(5);
    config
}

/// How they logged in.
pub(crate) fn login() -> Evidence {
    Evidence {
        identity_provider: "http://localhost:8090/metadata".into(),
        level: "http://id.elegnamnden.se/loa/1.0/loa3".into(),
        assertion: "_a".into(),
    }
}
