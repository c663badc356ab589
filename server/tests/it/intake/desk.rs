//! An operator's desk on a free port, senders with certificates, and an Authority that a test can change or switch off.

use crate::harness::{Database, Engine};
use async_trait::async_trait;
use bytes::Bytes;
use contracts::delivery::Delivery;
use contracts::identifier::{OrganisationNumber, PersonalNumber, RecipientId};
use contracts::sending::{deliver_secure_request, sign_and_seal};
use contracts::signature::SigningIdentity;
use http::StatusCode;
use infrastruktur::http_client::{Connection, HttpError};
use infrastruktur::pki::{Issued, Order, Pki, Purpose};
use infrastruktur::tls;
use server::clock::{HandClock, Ids};
use server::config::Config;
use server::house::House;
use server::intake::Intake;
use server::mailbox::access::Person;
use server::mailbox::registration;
use server::register::{
    Agreement, Authority, Mediator, Operator, Pace, Register, RegisterError, Registered, Senders, Standing,
};
use server::seal::Keys;
use server::store;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use time::OffsetDateTime;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;

pub(super) const TOLVAN: &str = "191212121212";
pub(super) const KOMMUN_A: &str = "162021004748";
pub(super) const KOMMUN_B: &str = "162021003898";
pub(super) const SKATTEVERKET: &str = "162021005448";
pub(super) const BOLAGSVERKET: &str = "162021005489";

/// Certificates, made once and kept beside the build.
pub(super) static PKI: LazyLock<Pki> = LazyLock::new(|| pki("intake-pki"));
/// The same of an authority that nobody here trusts.
pub(super) static FOREIGN: LazyLock<Pki> = LazyLock::new(|| pki("intake-foreign-pki"));

fn pki(folder: &str) -> Pki {
    Pki::open(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder),
        OffsetDateTime::now_utc(),
    )
    .unwrap()
}

/// What a test may change before the desk opens.
pub(super) type Change = fn(&mut Config);

/// The desk.
pub(super) struct Desk {
    pub database: Database,
    pub house: House,
    pub lists: Arc<Lists>,
    pub senders: Arc<Senders>,
    pub url: url::Url,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Desk {
    /// Open, with a mailbox for Tolvan; Kommun A sends itself and through Kommun B.
    pub(super) async fn on(engine: Engine) -> Option<Self> {
        Self::changed(engine, |_| ()).await
    }

    /// The same, with another configuration.
    pub(super) async fn changed(engine: Engine, change: Change) -> Option<Self> {
        let database = Database::on(engine).await?;
        Some(Self::at(database, change).await)
    }

    /// The same, on a database that is there.
    pub(super) async fn at(database: Database, change: Change) -> Self {
        let hand = HandClock::at(OffsetDateTime::now_utc());
        let keys = database.folder.path().join("master.toml");
        if !keys.exists() {
            Keys::create(&keys, Ids, true).unwrap();
        }
        let house = House::new(database.db.clone(), Keys::load(&keys).unwrap(), hand.clock());
        let mut config = Config::load(None, []).unwrap();
        config.service.listen = "127.0.0.1:0".parse().unwrap();
        config.service.cert_file = PKI.path("brevlada-tls.crt");
        config.service.key_file = PKI.path("brevlada-tls.key");
        config.trust.client_ca_file = PKI.path("ca.crt");
        config.trust.signing_ca_file = PKI.path("ca.crt");
        change(&mut config);
        let lists = Arc::new(Lists::default());
        let pace = Pace {
            every: Duration::from_hours(1),
            burst: 100,
            one_more_after: Duration::from_secs(1),
        };
        let senders = Arc::new(Senders::open(lists.clone(), database.db.clone(), hand.clock(), pace).await);
        let intake = Intake::bind(house.clone(), senders.clone(), config.service, config.trust)
            .await
            .unwrap();
        let url = format!("https://localhost:{}/service/v3", intake.address().port())
            .parse()
            .unwrap();
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let stop = stop.clone();
            async move { intake.run(stop, Duration::from_secs(10)).await.unwrap() }
        });
        let desk = Self {
            database,
            house,
            lists,
            senders,
            url,
            stop,
            running,
        };
        desk.open_mailbox(TOLVAN).await;
        desk
    }

    /// Opens a mailbox for a person.
    pub(super) async fn open_mailbox(&self, number: &str) {
        let person = Person::new(number.parse().unwrap(), "Somebody");
        let standing = registration::open_registered(&self.house, &Far, &person).await.unwrap();
        assert_eq!(standing, registration::Standing::Open);
    }

    /// Closes every mailbox.
    pub(super) async fn close_mailboxes(&self) {
        let mut tx = self.house.db.begin().await.unwrap();
        for row in tx.fetch_all("SELECT id FROM mailbox", vec![]).await.unwrap() {
            let (id, now) = (row.id("id").unwrap(), self.house.clock.now());
            store::mailbox::set_state(&mut tx, id, store::mailbox::State::Closed, now)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }

    /// A connection that shows this organisation's certificate.
    pub(super) async fn connect(&self, organisation: &str) -> Connection {
        self.connect_as(Some(&PKI.pair(organisation).unwrap())).await.unwrap()
    }

    /// A connection with any certificate, or none.
    pub(super) async fn connect_as(&self, identity: Option<&Issued>) -> Result<Connection, HttpError> {
        Connection::open(&self.url, Some(tls::client(identity, PKI.authority()).unwrap())).await
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.url.port().unwrap()))
    }

    /// A connection that has promised a body of so many bytes, and brought three.
    pub(super) async fn begin(&self, identity: &Issued, length: usize) -> TlsStream<TcpStream> {
        let tls = TlsConnector::from(tls::client(Some(identity), PKI.authority()).unwrap());
        let tcp = TcpStream::connect(self.address()).await.unwrap();
        let mut stream = tls.connect("localhost".try_into().unwrap(), tcp).await.unwrap();
        let head = format!(
            "POST /service/v3 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/xml\r\nConnection: close\r\n\
             Content-Length: {length}\r\n\r\n<a>"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }

    /// Posts an envelope over a new connection of Kommun B's.
    pub(super) async fn post(&self, envelope: impl Into<Bytes>) -> (StatusCode, String) {
        let mut connection = self.connect(KOMMUN_B).await;
        read(connection.post_soap(envelope.into()).await.unwrap())
    }

    /// Asks for a page of the service, as Kommun B.
    pub(super) async fn get(&self, query: &str) -> (StatusCode, String) {
        let url = format!("{}{query}", self.url).parse().unwrap();
        let tls = tls::client(Some(&PKI.pair(KOMMUN_B).unwrap()), PKI.authority()).unwrap();
        read(Connection::open(&url, Some(tls)).await.unwrap().get().await.unwrap())
    }

    /// Letters and deliveries that are stored, of everybody.
    pub(super) async fn stored(&self) -> (i64, i64) {
        (
            count(&self.database, "letter").await,
            count(&self.database, "delivery").await,
        )
    }

    /// Stops, as on SIGTERM, and gives back the database.
    pub(super) async fn close(self) -> Database {
        self.stop.cancel();
        self.running.await.unwrap();
        self.database
    }
}

/// Status and text of an answer.
pub(super) fn read((status, body): (StatusCode, Bytes)) -> (StatusCode, String) {
    (status, String::from_utf8(body.to_vec()).unwrap())
}

pub(super) async fn count(database: &Database, table: &'static str) -> i64 {
    let mut tx = database.db.read().await.unwrap();
    let sql = match table {
        "letter" => "SELECT COUNT(*) AS n FROM letter",
        _ => "SELECT COUNT(*) AS n FROM delivery",
    };
    tx.fetch_optional(sql, vec![]).await.unwrap().unwrap().int("n").unwrap()
}

/// A sender's or mediator's key.
pub(super) fn identity(pair: &Issued) -> SigningIdentity {
    SigningIdentity::from_pem(&pair.certificate, &pair.key).unwrap()
}

/// A request as a mediator sends it: signed by `signer`, sealed by `sealer`.
pub(super) fn request(delivery: &Delivery, signer: &str, sealer: &str) -> String {
    let (signer, sealer) = (PKI.pair(signer).unwrap(), PKI.pair(sealer).unwrap());
    request_by(delivery, &signer, &sealer)
}

/// The same with any keys.
pub(super) fn request_by(delivery: &Delivery, signer: &Issued, sealer: &Issued) -> String {
    let day = OffsetDateTime::now_utc().date();
    deliver_secure_request(&sign_and_seal(delivery, &identity(signer), &identity(sealer), day).unwrap()).unwrap()
}

/// One more certificate of `pki`.
pub(super) fn issue(pki: &Pki, number: Option<&str>, from: i64, until: i64) -> Issued {
    let now = OffsetDateTime::now_utc();
    pki.issue(&Order {
        organisation: "Somebody",
        common_name: "somebody",
        serial_number: number,
        purpose: Purpose::Organisation,
        not_before: now + time::Duration::days(from),
        not_after: now + time::Duration::days(until),
    })
    .unwrap()
}

/// An Authority of lists.
pub(super) struct Lists {
    pub down: AtomicBool,
    pub senders: Mutex<Vec<&'static str>>,
    pub mediators: Mutex<Vec<(&'static str, Vec<&'static str>)>>,
}

impl Default for Lists {
    fn default() -> Self {
        Self {
            down: AtomicBool::new(false),
            senders: Mutex::new(vec![KOMMUN_A, KOMMUN_B]),
            mediators: Mutex::new(vec![
                (KOMMUN_A, vec![KOMMUN_A]),
                (KOMMUN_B, vec![KOMMUN_A, KOMMUN_B]),
                (SKATTEVERKET, vec![SKATTEVERKET]),
                (BOLAGSVERKET, vec![BOLAGSVERKET]),
            ]),
        }
    }
}

impl Lists {
    fn answer(&self) -> Result<(), RegisterError> {
        if self.down.load(Ordering::SeqCst) {
            return Err(RegisterError::Unreachable("switched off".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Authority for Lists {
    async fn senders(&self) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        self.answer()?;
        Ok(self
            .senders
            .lock()
            .unwrap()
            .iter()
            .map(|s| (s.parse().unwrap(), "A sender".into()))
            .collect())
    }

    async fn mediators(&self) -> Result<Vec<Mediator>, RegisterError> {
        self.answer()?;
        let mediators = self.mediators.lock().unwrap();
        let all = mediators.iter().map(|(mediator, senders)| Mediator {
            organisation: mediator.parse().unwrap(),
            name: "A mediator".into(),
            senders: senders.iter().map(|s| s.parse().unwrap()).collect(),
        });
        Ok(all.collect())
    }

    async fn is_sender_accepted(&self, _: OrganisationNumber) -> Result<bool, RegisterError> {
        self.answer()?;
        Ok(false)
    }
}

/// A FaR that has everybody with us.
struct Far;

#[async_trait]
impl Register for Far {
    async fn standing(&self, _: &RecipientId) -> Result<Standing, RegisterError> {
        Ok(Standing::Here)
    }

    async fn standings(&self, holders: &[RecipientId]) -> Result<Vec<(RecipientId, Standing)>, RegisterError> {
        Ok(holders.iter().map(|holder| (*holder, Standing::Here)).collect())
    }

    async fn move_here(&self, _: &Agreement) -> Result<Registered, RegisterError> {
        Ok(Registered::Complete)
    }

    async fn register(&self, _: &Agreement) -> Result<Registered, RegisterError> {
        Ok(Registered::Complete)
    }

    async fn deregister(&self, _: &Agreement) -> Result<Registered, RegisterError> {
        Err(RegisterError::ElsewhereAt(Operator {
            organisation: KOMMUN_A.parse().unwrap(),
            name: "nobody".into(),
        }))
    }

    async fn preferences(
        &self,
        _: &RecipientId,
        _: PersonalNumber,
    ) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        Ok(vec![])
    }

    async fn store_preferences(
        &self,
        _: &Agreement,
        _: &[(OrganisationNumber, String)],
    ) -> Result<Registered, RegisterError> {
        Ok(Registered::Complete)
    }
}

/// A revocation list of `PKI` with these certificates on it, PEM.
pub(super) fn revocation_list(revoked: &[&Issued]) -> String {
    let now = OffsetDateTime::now_utc();
    let key = std::fs::read_to_string(PKI.path("ca.key")).unwrap();
    let key = rcgen::KeyPair::from_pem(&key).unwrap();
    let issuer = rcgen::Issuer::from_ca_cert_pem(PKI.authority(), key).unwrap();
    let revoked_certs = revoked.iter().map(|pair| {
        let (_, pem) = x509_parser::pem::parse_x509_pem(pair.certificate.as_bytes()).unwrap();
        rcgen::RevokedCertParams {
            serial_number: rcgen::SerialNumber::from_slice(pem.parse_x509().unwrap().raw_serial()),
            revocation_time: now - time::Duration::hours(1),
            reason_code: None,
            invalidity_date: None,
        }
    });
    let list = rcgen::CertificateRevocationListParams {
        this_update: now - time::Duration::hours(1),
        next_update: now + time::Duration::days(7),
        crl_number: rcgen::SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: revoked_certs.collect(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    list.signed_by(&issuer).unwrap().pem().unwrap()
}
