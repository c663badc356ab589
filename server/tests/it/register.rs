//! Our calls to the infrastructure, over the wire: what the other side may do to us, and what we make of it.

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse as _;
use contracts::authority::{GetSendersAnswer, Sender};
use contracts::call::Wire as _;
use contracts::fault::{ApplicationFault, ErrorCode};
use contracts::identifier::RecipientId;
use contracts::recipient::{AccountStatus, AccountType, IsRegisteredAnswer, Operator};
use http::StatusCode;
use infrastruktur::pki::Pki;
use infrastruktur::tls::{PeerAcceptor, mutual_server};
use server::config::Config;
use server::register::{
    Agreement, Authority as _, AuthorityClient, Evidence, FarClient, Reason, Register as _, RegisterError, SoapClient,
    Standing,
};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use time::OffsetDateTime;

const TOLVAN: &str = "191212121212";

static PKI: LazyLock<Pki> = LazyLock::new(|| {
    Pki::open(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("register-pki"),
        OffsetDateTime::now_utc(),
    )
    .unwrap()
});

/// What the other side answers, one after the other; the last goes on. And what it was asked.
#[derive(Default)]
struct OtherSide {
    answers: Mutex<VecDeque<(StatusCode, String)>>,
    asked: Mutex<Vec<String>>,
}

impl OtherSide {
    /// A service on a free port, with our certificates, and a client that asks it.
    async fn answering(answers: &[(StatusCode, String)]) -> (Arc<Self>, Arc<SoapClient>) {
        let other = Arc::new(Self {
            answers: Mutex::new(answers.iter().cloned().collect()),
            asked: Mutex::default(),
        });
        let routes = Router::new().fallback(Self::answer).with_state(other.clone());
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let tls = mutual_server(&PKI.pair("infrastruktur-tls").unwrap(), PKI.authority()).unwrap();
        let server = axum_server::from_tcp(listener)
            .unwrap()
            .acceptor(PeerAcceptor::new(tls));
        tokio::spawn(server.serve(routes.into_make_service()));
        (other, client(port).await)
    }

    #[expect(clippy::unused_async, reason = "a handler is async")]
    async fn answer(State(other): State<Arc<Self>>, body: String) -> axum::response::Response {
        other.asked.lock().unwrap().push(body);
        let mut answers = other.answers.lock().unwrap();
        let next = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        next.unwrap().into_response()
    }

    fn times_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn client(port: u16) -> Arc<SoapClient> {
    Arc::new(SoapClient::new(settings(port)).await.unwrap())
}

fn settings(port: u16) -> server::config::Register {
    let mut config = Config::load(None, []).unwrap().register;
    config.recipient_url = format!("https://localhost:{port}/recipient/v3").parse().unwrap();
    config.authority_url = format!("https://localhost:{port}/authority").parse().unwrap();
    config.cert_file = PKI.path("brevlada.crt");
    config.key_file = PKI.path("brevlada.key");
    config.ca_file = PKI.path("ca.crt");
    config.max_answer_bytes = 100_000;
    config.answer = Duration::from_secs(5);
    config
}

fn fault(code: ErrorCode) -> (StatusCode, String) {
    let fault = ApplicationFault {
        code,
        description: "no".into(),
        call_id: "01234567-89ab-7def-8123-456789abcdef".into(),
    };
    (StatusCode::INTERNAL_SERVER_ERROR, fault.to_envelope())
}

fn status(operator: Option<(&str, &str)>) -> (StatusCode, String) {
    let operator = operator.map(|(number, name)| Operator {
        id: number.parse().unwrap(),
        name: name.into(),
        logo: None,
        service_address: "https://x/service/v3".into(),
        page_address: None,
        internal_address: String::new(),
    });
    let answer = IsRegisteredAnswer(vec![AccountStatus {
        recipient: tolvan(),
        account: if operator.is_some() {
            AccountType::Secure
        } else {
            AccountType::Not
        },
        pending: false,
        operator,
        registered: None,
    }]);
    (StatusCode::OK, answer.to_envelope())
}

fn tolvan() -> RecipientId {
    TOLVAN.parse().unwrap()
}

fn agreement() -> Agreement {
    Agreement {
        holder: tolvan(),
        person: TOLVAN.parse().unwrap(),
        name: "Tolvan Tolvansson".into(),
        text: "Jag vill ha en brevlåda.".into(),
        at: OffsetDateTime::now_utc(),
        login: Evidence {
            identity_provider: "http://localhost:8090/metadata".into(),
            level: "http://id.elegnamnden.se/loa/1.0/loa3".into(),
            assertion: "_a".into(),
        },
    }
}

#[tokio::test]
async fn where_somebody_stands() {
    let (us, others) = (infrastruktur::people::OPERATOR, infrastruktur::people::OTHER_OPERATOR);
    let answers = [
        status(None),
        status(Some((us, "we"))),
        status(Some((others, "Grannpost"))),
    ];
    let (_, soap) = OtherSide::answering(&answers).await;
    let far = FarClient::new(soap).await.unwrap();
    assert_eq!(far.standing(&tolvan()).await, Ok(Standing::Nowhere));
    assert_eq!(far.standing(&tolvan()).await, Ok(Standing::Here));
    let Ok(Standing::Elsewhere(operator)) = far.standing(&tolvan()).await else {
        panic!("with the others")
    };
    assert_eq!(
        (operator.organisation.to_string().as_str(), operator.name.as_str()),
        (others, "Grannpost")
    );
}

#[tokio::test]
async fn a_refusal_says_why() {
    let (other, soap) = OtherSide::answering(&[fault(ErrorCode::ProtectedIdentity)]).await;
    let far = FarClient::new(soap).await.unwrap();
    let Err(RegisterError::Refused { reason, code, call_id }) = far.register(&agreement()).await else {
        panic!("refused")
    };
    assert_eq!((reason, code), (Reason::ProtectedIdentity, 6006));
    assert_eq!(call_id, "01234567-89ab-7def-8123-456789abcdef");
    assert_eq!(other.times_asked(), 1);
}

#[tokio::test]
async fn somebody_who_is_registered_already_is_told_apart() {
    let others = infrastruktur::people::OTHER_OPERATOR;
    let answers = [
        fault(ErrorCode::ObjectAlreadyExists),
        status(Some((others, "Grannpost"))),
    ];
    let (_, soap) = OtherSide::answering(&answers).await;
    let far = FarClient::new(soap).await.unwrap();
    assert!(matches!(
        far.register(&agreement()).await,
        Err(RegisterError::ElsewhereAt(_))
    ));
}

#[tokio::test]
async fn a_question_is_asked_again_and_a_change_is_not() {
    let bad_gateway = (StatusCode::BAD_GATEWAY, "<html>no</html>".to_owned());
    let (other, soap) = OtherSide::answering(&[bad_gateway.clone(), bad_gateway.clone(), status(None)]).await;
    let far = FarClient::new(soap).await.unwrap();
    assert_eq!(far.standing(&tolvan()).await, Ok(Standing::Nowhere));
    assert_eq!(other.times_asked(), 3);

    let (other, soap) = OtherSide::answering(&[bad_gateway]).await;
    let far = FarClient::new(soap).await.unwrap();
    assert!(matches!(
        far.register(&agreement()).await,
        Err(RegisterError::Unreachable(_))
    ));
    assert_eq!(other.times_asked(), 1, "it might have taken effect");
}

#[tokio::test]
async fn errors_of_theirs_are_for_another_time() {
    for code in [ErrorCode::InternalError, ErrorCode::SparError] {
        let (_, soap) = OtherSide::answering(&[fault(code)]).await;
        let far = FarClient::new(soap).await.unwrap();
        assert!(matches!(
            far.register(&agreement()).await,
            Err(RegisterError::Unreachable(_))
        ));
    }
}

#[tokio::test]
async fn answers_that_cannot_be_used_are_not_believed() {
    let about_another = status(None).1.replace(TOLVAN, "197503029816");
    let doctype = format!("<!DOCTYPE a [<!ENTITY b 'c'>]>{}", status(None).1);
    let senders = vec![
        Sender {
            id: "162021004748".parse().unwrap(),
            name: "x".repeat(1000),
            attention: None
        };
        200
    ];
    let large = GetSendersAnswer(senders).to_envelope();
    for text in [about_another, doctype, String::new(), "<a/>".to_owned(), large.clone()] {
        let (_, soap) = OtherSide::answering(&[(StatusCode::OK, text)]).await;
        let far = FarClient::new(soap).await.unwrap();
        let answer = far.standing(&tolvan()).await;
        assert!(
            matches!(
                answer,
                Err(RegisterError::Misunderstood(_) | RegisterError::Unreachable(_))
            ),
            "{answer:?}"
        );
    }
    let (_, soap) = OtherSide::answering(&[(StatusCode::OK, large)]).await;
    assert!(
        AuthorityClient::new(soap).senders().await.is_err(),
        "larger than we read"
    );
}

#[tokio::test]
async fn nobody_there_is_an_error_in_a_while_and_not_a_wait() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let far = FarClient::new(client(free).await).await.unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(10), far.standing(&tolvan()))
        .await
        .unwrap();
    assert!(matches!(answer, Err(RegisterError::Unreachable(_))));
}

#[tokio::test]
async fn a_registration_carries_a_statement_that_verifies() {
    let (other, soap) = OtherSide::answering(&[fault(ErrorCode::InvalidInput)]).await;
    let far = FarClient::new(soap).await.unwrap();
    far.register(&agreement()).await.unwrap_err();
    let asked = other.asked.lock().unwrap()[0].clone();
    let read = contracts::recipient::Register::from_envelope(asked.as_bytes(), &contracts::xml::Limits::default());
    let read = read.unwrap();
    assert_eq!(read.request.recipient, tolvan());
    assert_eq!(read.request.operator, "brevlada.localhost");
    let statement = String::from_utf8(read.signatures[0].signature.clone()).unwrap();
    let xml = contracts::xml::Xml::parse(&statement, &contracts::xml::Limits::default()).unwrap();
    let certificate = contracts::certificate::first_pem_certificate(&read.signatures[0].certificate).unwrap();
    let key = contracts::signature::PublicKey::from_certificate_der(&certificate).unwrap();
    contracts::signature::verify_with_keys(xml.root(), &[key], contracts::signature::Policy::default()).unwrap();
    let said = contracts::recipient::Statement::from_element(xml.root()).unwrap();
    assert_eq!((said.agreement, said.assertion), (agreement().text, "_a".to_owned()));
}

/// The whole conversation with a FaR and an Authority that keep books: our own `infrastruktur`.
mod with_the_real_register {
    use super::*;
    use crate::harness::{Database, Engine};
    use infrastruktur::Infrastructure as Demonstration;
    use server::clock::Clock;
    use server::house::House;
    use server::register::{Infrastructure, NotApproved, Parties, Registered};
    use server::seal::Keys;

    async fn neighbours(database: &Database) -> (infrastruktur::Running, Infrastructure) {
        let mut theirs = infrastruktur::config::Config::for_tests(database.folder.path());
        theirs.pki.dir = PKI.path("");
        let running = Demonstration::start(&theirs, infrastruktur::clock::Clock::system())
            .await
            .unwrap();
        let port = running.addresses.register.port();
        let keys = database.folder.path().join("master.toml");
        Keys::create(&keys, server::clock::Ids, true).unwrap();
        let house = House::new(database.db.clone(), Keys::load(&keys).unwrap(), Clock::system());
        let config = settings(port);
        (running, Infrastructure::open(&config, &house).await.unwrap())
    }

    fn parties(sender: &str, signer: &str, sealer: &str) -> Parties {
        Parties {
            sender: sender.parse().unwrap(),
            signer: signer.parse().unwrap(),
            sealer: sealer.parse().unwrap(),
        }
    }

    fn of(number: &str) -> Agreement {
        Agreement {
            holder: number.parse().unwrap(),
            person: number.parse().unwrap(),
            ..agreement()
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_holder_comes_and_goes() {
        let database = Database::on(Engine::Sqlite).await.unwrap();
        let (running, ours) = neighbours(&database).await;
        let bertil = "197503029816";
        let far = &ours.far;
        assert_eq!(far.standing(&tolvan()).await, Ok(Standing::Here));
        assert_eq!(far.standing(&bertil.parse().unwrap()).await, Ok(Standing::Nowhere));
        assert!(matches!(
            far.standing(&"198005159804".parse().unwrap()).await,
            Ok(Standing::Elsewhere(_))
        ));
        assert_eq!(far.register(&of(bertil)).await, Ok(Registered::Complete));
        assert_eq!(far.standing(&bertil.parse().unwrap()).await, Ok(Standing::Here));
        assert_eq!(far.deregister(&of(bertil)).await, Ok(Registered::Complete));
        assert_eq!(far.standing(&bertil.parse().unwrap()).await, Ok(Standing::Nowhere));
        let Err(RegisterError::Refused { reason, .. }) = far.register(&of("199011119824")).await else {
            panic!("protected identity")
        };
        assert_eq!(reason, Reason::ProtectedIdentity);
        assert!(matches!(
            far.register(&of("198005159804")).await,
            Err(RegisterError::ElsewhereAt(_))
        ));
        running.stop().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn senders_and_mediators_are_known() {
        let database = Database::on(Engine::Sqlite).await.unwrap();
        let (running, ours) = neighbours(&database).await;
        let (a, b) = ("162021004748", "162021003898");
        assert_eq!(ours.senders.approve(&parties(a, a, b)).await, Ok(()));
        assert_eq!(ours.senders.approve(&parties(a, a, a)).await, Ok(()));
        assert_eq!(
            ours.senders.approve(&parties(b, b, a)).await,
            Err(NotApproved::MediatorNotApproved)
        );
        let stranger = "165599999033";
        assert_eq!(
            ours.senders.approve(&parties(stranger, a, b)).await,
            Err(NotApproved::UnknownSender)
        );
        running.stop().await;
        assert_eq!(
            ours.senders.approve(&parties(a, a, b)).await,
            Ok(()),
            "also when they are gone"
        );
        assert_eq!(
            ours.senders.approve(&parties(stranger, a, b)).await,
            Err(NotApproved::Unknown)
        );
    }
}
