//! Whole logins, from the button to the session, against an identity provider of the tests' own.

use super::saml::forge::*;
use super::saml::names::*;
use super::saml::response::MAX_RESPONSE;
use super::saml::signature::{self, SigningKeys};
use super::saml::tree::{self, MESSAGE, Read as _};
use super::*;
use crate::clock::{HandClock, Ids};
use crate::config::Config;
use crate::db::Db;
use crate::seal::Keys;
use app::ports::Login as _;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn_with_state;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::io::Read as _;
use tempfile::TempDir;
use time::Duration;
use tower::ServiceExt as _;
use url::Url;

const PUBLIC: &str = "http://localhost:8080";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

struct Town {
    desk: Arc<LoginDesk>,
    clock: HandClock,
    app: Router,
    folder: TempDir,
}

/// A page that says who is logged in.
async fn whoami(session: Option<CurrentSession>) -> String {
    session
        .map(|session| format!("{} {}", session.holder, session.name))
        .unwrap_or_default()
}

async fn house(folder: &TempDir, clock: &HandClock) -> House {
    let db = Db::open(&format!("sqlite:{}", folder.path().join("brevlada.db").display()))
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let keys = folder.path().join("master.toml");
    if !keys.exists() {
        Keys::create(&keys, Ids, true).unwrap();
    }
    House::new(db, Keys::load(&keys).unwrap(), clock.clock())
}

async fn desk_for(folder: &TempDir, clock: &HandClock, idp_metadata: Vec<String>) -> Arc<LoginDesk> {
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let Config { mut saml, session, .. } = Config::load(None, []).unwrap();
    saml.signing_cert_file = write("s.crt", &sp_signing().certificate_pem);
    saml.signing_key_file = write("s.key", &sp_signing().key_pem);
    saml.encryption_cert_file = write("e.crt", &sp_encryption().certificate_pem);
    saml.encryption_key_file = write("e.key", &sp_encryption().key_pem);
    let old = format!("{}{}", sp_old_encryption().certificate_pem, sp_old_encryption().key_pem);
    saml.earlier_encryption_files = vec![write("old.pem", &old)];
    saml.idp_metadata = idp_metadata;
    let house = house(folder, clock).await;
    Arc::new(LoginDesk::open(house, saml, &session, &Url::parse(PUBLIC).unwrap()).unwrap())
}

impl Town {
    async fn with_metadata(metadata: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("idp.xml");
        std::fs::write(&path, metadata).unwrap();
        let clock = HandClock::at(NOW);
        let desk = desk_for(&folder, &clock, vec![path.display().to_string()]).await;
        desk.providers().renew_all().await.unwrap();
        let app = routes::<()>(desk.clone())
            .route("/vem", get(whoami))
            .layer(from_fn_with_state(desk.sessions().clone(), with_session))
            .layer(from_fn_with_state(
                Origin::of(&Url::parse(PUBLIC).unwrap()),
                same_origin,
            ));
        Self {
            desk,
            clock,
            app,
            folder,
        }
    }

    async fn new() -> Self {
        Self::with_metadata(&idp_metadata(IDP, &[idp_key().certificate_base64()], "")).await
    }

    async fn ask(&self, request: Request<Body>) -> Reply {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let text = |name: header::HeaderName| {
            response
                .headers()
                .get_all(name)
                .iter()
                .map(|v| v.to_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        Reply {
            status: response.status(),
            location: text(header::LOCATION).pop().unwrap_or_default(),
            cookies: text(header::SET_COOKIE),
            body: String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap(),
        }
    }

    async fn get(&self, path: &str, cookies: &str) -> Reply {
        let request = Request::get(path)
            .header("cookie", cookies)
            .header("user-agent", BROWSER);
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookies: &str, fields: &[(&str, &str)]) -> Reply {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::post(path)
            .header("cookie", cookies)
            .header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form)).unwrap()).await
    }

    /// Chooses the e-legitimation; gives the login cookie and what came to the identity provider.
    async fn begin(&self, next: &str) -> (String, Asking) {
        let reply = self.post("/logga-in", "", &[("idp", IDP), ("next", next)]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
        (reply.cookie("login"), Asking::of(&reply.location))
    }

    async fn deliver(&self, answer: &Answer, asking: &Asking) -> Reply {
        let fields = [
            ("SAMLResponse", answer.field()),
            ("RelayState", asking.relay_state.clone()),
        ];
        self.post(
            "/saml/acs",
            "",
            &fields.each_ref().map(|(name, value)| (*name, value.as_str())),
        )
        .await
    }

    /// A good answer whose assertion has a name of its own: no two are the same.
    async fn arrive(&self, asking: &Asking) -> Reply {
        let mut answer = asking.answer(self);
        answer.sign_assertion = false;
        let assertion = answer
            .assertion()
            .replace("\"_assertion\"", &format!("\"_a{}\"", asking.id()));
        let response = field(&answer.signed(&answer.encrypted(&assertion)));
        self.post(
            "/saml/acs",
            "",
            &[("SAMLResponse", &response), ("RelayState", &asking.relay_state)],
        )
        .await
    }

    /// Logs in; gives the session cookie.
    async fn log_in(&self) -> String {
        let (login, asking) = self.begin("/brev/1").await;
        let arrived = self.arrive(&asking).await;
        let reply = self.get(&arrived.location, &login).await;
        assert_eq!(reply.location, "/brev/1", "{reply:?}");
        reply.cookie("brevlada")
    }

    async fn who(&self, cookies: &str) -> String {
        self.get("/vem", cookies).await.body
    }

    async fn session(&self, cookie: &str) -> Option<CurrentSession> {
        let headers = axum::http::HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]);
        self.desk.sessions().find(&headers).await.unwrap()
    }
}

#[derive(Debug)]
struct Reply {
    status: StatusCode,
    location: String,
    cookies: Vec<String>,
    body: String,
}

impl Reply {
    fn cookie(&self, name: &str) -> String {
        let found = self
            .cookies
            .iter()
            .find(|cookie| cookie.starts_with(&format!("{name}=")))
            .unwrap();
        found.split(';').next().unwrap().to_owned()
    }

    fn code(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        let query = self
            .location
            .strip_prefix("/logga-in/fel?kod=")
            .unwrap_or_else(|| panic!("{self:?}"));
        let (code, reference) = query.split_once("&ref=").unwrap();
        assert_eq!(reference.len(), 8);
        code.to_owned()
    }
}

/// A request of ours as the identity provider reads it.
struct Asking {
    xml: String,
    relay_state: String,
}

impl Asking {
    fn of(location: &str) -> Self {
        let address = Url::parse(location).unwrap();
        let value = |name: &str| {
            address
                .query_pairs()
                .find(|(key, _)| key == name)
                .unwrap()
                .1
                .into_owned()
        };
        let mut xml = String::new();
        let packed = STANDARD.decode(value("SAMLRequest")).unwrap();
        flate2::read::DeflateDecoder::new(packed.as_slice())
            .read_to_string(&mut xml)
            .unwrap();
        Self {
            xml,
            relay_state: value("RelayState"),
        }
    }

    fn id(&self) -> String {
        let document = tree::parse(&self.xml, &MESSAGE).unwrap();
        document.root().attribute("ID").unwrap().to_owned()
    }

    /// A good answer to it.
    fn answer(&self, town: &Town) -> Answer {
        let now = town.clock.clock().now();
        Answer {
            in_response_to: self.id(),
            confirmed_for: self.id(),
            destination: Some(format!("{PUBLIC}/saml/acs")),
            recipient: format!("{PUBLIC}/saml/acs"),
            issued: now,
            authn_instant: now,
            confirmed_until: Some(now + Duration::minutes(5)),
            conditions: Some(conditions(
                now,
                now + Duration::minutes(5),
                &format!("{PUBLIC}/saml/metadata"),
            )),
            ..Answer::default()
        }
    }
}

#[tokio::test]
async fn from_the_button_to_the_letter_and_out_again() {
    let town = Town::new().await;
    let session = town.log_in().await;
    assert_eq!(town.who(&session).await, "191212121212 Tolvan Tolvansson");
    assert_eq!(town.who("").await, "");
    let reply = town.post("/logga-ut", &session, &[]).await;
    assert_eq!(reply.location, "/utloggad");
    assert_eq!(reply.cookie("brevlada"), "brevlada=");
    assert_eq!(town.who(&session).await, "", "the old cookie opens nothing any more");
}

#[tokio::test]
async fn what_the_identity_provider_is_asked() {
    let town = Town::new().await;
    let reply = town.post("/logga-in", "", &[("idp", IDP)]).await;
    let (start, query) = reply.location.split_once("&SAMLRequest=").unwrap();
    assert_eq!(start, "https://idp.example/sso?x=1");
    // The signature is over the query as it stands.
    let (signed, value) = query.split_once("&Signature=").unwrap();
    let value = STANDARD.decode(
        url::form_urlencoded::parse(format!("v={value}").as_bytes())
            .next()
            .unwrap()
            .1
            .as_bytes(),
    );
    let key = bergshamra::keys::loader::load_x509_cert_der(sp_signing().pair.certificate()).unwrap();
    let algorithm = bergshamra::crypto::sign::from_uri(RSA_SHA256).unwrap();
    let signed = format!("SAMLRequest={signed}");
    assert!(
        algorithm
            .verify(
                &key.software_key().unwrap().unwrap(),
                signed.as_bytes(),
                &value.unwrap()
            )
            .unwrap()
    );

    let asking = Asking::of(&reply.location);
    assert!(asking.relay_state.len() <= 80);
    let document = tree::parse(&asking.xml, &MESSAGE).unwrap();
    let request = document.root();
    assert!(request.is(SAMLP, "AuthnRequest"));
    for (name, value) in [
        ("Version", "2.0"),
        ("Destination", "https://idp.example/sso?x=1"),
        ("ForceAuthn", "true"),
        ("AssertionConsumerServiceURL", "http://localhost:8080/saml/acs"),
        ("ProtocolBinding", POST),
        ("IssueInstant", "2026-11-23T12:00:00Z"),
    ] {
        assert_eq!(request.attribute(name), Some(value));
    }
    assert_eq!(request.attribute("AssertionConsumerServiceIndex"), None);
    assert_eq!(
        request.one(SAML, "Issuer").unwrap().value().unwrap(),
        "http://localhost:8080/saml/metadata"
    );
    let context = request.one(SAMLP, "RequestedAuthnContext").unwrap();
    assert_eq!(context.attribute("Comparison"), Some("exact"));
    let levels: Vec<_> = context.children().map(|level| level.value().unwrap()).collect();
    assert_eq!(levels, [LOA3, LOA4]);
    let other = Asking::of(&town.post("/logga-in", "", &[("idp", IDP)]).await.location);
    assert!(other.id() != asking.id() && asking.id().len() >= 33);
}

#[tokio::test]
async fn an_identity_provider_that_only_takes_forms() {
    let metadata = idp_metadata(IDP, &[idp_key().certificate_base64()], "");
    let redirect = cut(&metadata, "<md:SingleSignOnService", "/>").to_owned();
    let town = Town::with_metadata(&metadata.replacen(&redirect, "", 1)).await;
    let reply = town.post("/logga-in", "sprak=en", &[("idp", IDP)]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.body.contains("action=\"https://idp.example/post\"") && reply.body.contains("Continue"));
    assert!(!reply.body.contains("<script>"), "no script in the page itself");
    assert!(!reply.cookie("login").is_empty());
    let field = reply
        .body
        .split("name=\"SAMLRequest\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let field = field.replace("&#43;", "+").replace("&#x2b;", "+").replace("&#61;", "=");
    let xml = String::from_utf8(STANDARD.decode(field).unwrap()).unwrap();
    let document = tree::parse(&xml, &MESSAGE).unwrap();
    let keys = SigningKeys::from_certificates([sp_signing().pair.certificate()]);
    signature::require(document.root(), &keys).unwrap();
    assert!(town.get("/logga-in/vidare.js", "").await.body.contains("submit"));
}

#[tokio::test]
async fn our_metadata() {
    let town = Town::new().await;
    let reply = town.get("/saml/metadata", "").await;
    let document = tree::parse(&reply.body, &MESSAGE).unwrap();
    let entity = document.root();
    assert_eq!(
        entity.attribute("entityID"),
        Some("http://localhost:8080/saml/metadata")
    );
    let role = entity.one(MD, "SPSSODescriptor").unwrap();
    assert_eq!(role.attribute("AuthnRequestsSigned"), Some("true"));
    let uses: Vec<_> = role
        .all(MD, "KeyDescriptor")
        .map(|key| key.attribute("use").unwrap())
        .collect();
    assert_eq!(uses, ["signing", "encryption"]);
    let methods = role
        .all(MD, "KeyDescriptor")
        .last()
        .unwrap()
        .all(MD, "EncryptionMethod")
        .count();
    assert_eq!(methods, 8);
    let service = role.one(MD, "AssertionConsumerService").unwrap();
    assert_eq!(service.attribute("Location"), Some("http://localhost:8080/saml/acs"));
    let info = role.one(MD, "Extensions").unwrap().one(MDUI, "UIInfo").unwrap();
    assert_eq!(
        info.one(MDUI, "Logo").unwrap().value().unwrap(),
        "http://localhost:8080/ikon-192.png"
    );
    assert!(
        info.all(MDUI, "DisplayName")
            .any(|name| name.attribute_in(XML, "lang") == Some("sv"))
    );
    let attributes = entity
        .one(MD, "Extensions")
        .unwrap()
        .one(MDATTR, "EntityAttributes")
        .unwrap();
    let values: Vec<_> = attributes
        .one(SAML, "Attribute")
        .unwrap()
        .children()
        .map(|it| it.value().unwrap())
        .collect();
    assert!(values.contains(&"http://id.elegnamnden.se/ec/1.0/loa3-pnr".to_owned()));
    assert!(values.contains(&"http://id.swedenconnect.se/general-ec/1.0/accepts-coordination-number".to_owned()));
    entity.one(MD, "Organization").unwrap();
}

#[tokio::test]
async fn the_choices_on_the_page() {
    let town = Town::new().await;
    let choices = town.desk.choices().await.unwrap();
    assert_eq!(choices.len(), 1);
    assert_eq!(
        (choices[0].name_sv.as_str(), choices[0].name_en.as_str()),
        ("Exempel-ID", "Example ID")
    );
    assert!(!choices[0].demonstration);
    assert_eq!(
        town.post("/logga-in", "", &[("idp", "https://none.example")])
            .await
            .code(),
        "tekniskt"
    );
}

#[tokio::test]
async fn only_the_browser_that_began_is_logged_in() {
    let town = Town::new().await;
    for other in ["", "login=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let (login, asking) = town.begin("/").await;
        let arrived = town.arrive(&asking).await;
        assert_eq!(town.get(&arrived.location, other).await.code(), "gammal");
        let late = town.get(&arrived.location, &login).await;
        assert_eq!(
            late.code(),
            "gammal",
            "the handle is used up, for the right browser too"
        );
    }
    assert_eq!(town.get("/logga-in/klar", "").await.code(), "gammal");
    assert_eq!(town.get("/logga-in/klar?h=x", "").await.code(), "gammal");
}

#[tokio::test]
async fn two_tabs_at_once() {
    let town = Town::new().await;
    let (login, first) = town.begin("/brev/1").await;
    let reply = town
        .post("/logga-in", &login, &[("idp", IDP), ("next", "/brev/2")])
        .await;
    assert_eq!(reply.cookie("login"), login);
    let second = Asking::of(&reply.location);
    for (asking, next) in [(&second, "/brev/2"), (&first, "/brev/1")] {
        let arrived = town.arrive(asking).await;
        assert_eq!(town.get(&arrived.location, &login).await.location, next);
    }
}

#[tokio::test]
async fn an_answer_is_used_once_also_in_parallel() {
    let town = Town::new().await;
    let (login, asking) = town.begin("/").await;
    let answer = asking.answer(&town);
    let replies = futures::future::join_all((0..8).map(|_| town.deliver(&answer, &asking))).await;
    let (good, bad): (Vec<_>, Vec<_>) = replies
        .iter()
        .partition(|reply| reply.location.starts_with("/logga-in/klar"));
    assert_eq!((good.len(), bad.len()), (1, 7));
    assert!(bad.iter().all(|reply| reply.code() == "gammal"));
    assert!(!town.get(&good[0].location, &login).await.cookie("brevlada").is_empty());
    assert_eq!(town.get(&good[0].location, &login).await.code(), "gammal");
    assert_eq!(town.deliver(&answer, &asking).await.code(), "gammal");

    // The same assertion as the answer to another request of ours.
    let (_, other) = town.begin("/").await;
    assert_eq!(town.deliver(&other.answer(&town), &other).await.code(), "gammal");
}

/// Something wrong with an answer.
type Change = Box<dyn Fn(&mut Answer)>;

#[tokio::test]
async fn what_goes_wrong_is_told_in_plain_codes() {
    let town = Town::new().await;
    let status = |top: &str, second: &str| {
        format!("<samlp:StatusCode Value=\"{top}\"><samlp:StatusCode Value=\"{second}\"/></samlp:StatusCode>")
    };
    let cases: [(Change, &str); 6] = [
        (
            Box::new(|it| it.level = "http://id.elegnamnden.se/loa/1.0/loa2".into()),
            "niva",
        ),
        (
            Box::new(|it| it.attributes.retain(|(name, _)| name != PERSONAL_NUMBER)),
            "nummer",
        ),
        (Box::new(|it| it.issued = NOW - Duration::hours(1)), "gammal"),
        (Box::new(|it| it.signer = stranger_key()), "tekniskt"),
        (Box::new(|it| it.recipient = "https://other.example".into()), "tekniskt"),
        (Box::new(|it| it.in_response_to = "_other".into()), "tekniskt"),
    ];
    for (change, code) in cases {
        let (_, asking) = town.begin("/").await;
        let mut answer = asking.answer(&town);
        change(&mut answer);
        assert_eq!(town.deliver(&answer, &asking).await.code(), code);
        // What was no proper answer has not used up the request.
        assert!(town.arrive(&asking).await.location.starts_with("/logga-in/klar?h="));
    }
    for (second, code) in [
        (STATUS_CANCEL, "avbruten"),
        (STATUS_FRAUD, "misstankt"),
        (STATUS_NO_AUTHN_CONTEXT, "tekniskt"),
    ] {
        let (_, asking) = town.begin("/").await;
        let mut answer = asking.answer(&town);
        answer.status = status(STATUS_RESPONDER, second);
        let fields = [
            ("SAMLResponse", field(&answer.signed(""))),
            ("RelayState", asking.relay_state.clone()),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        assert_eq!(town.post("/saml/acs", "", &fields).await.code(), code);
        assert_eq!(
            town.post("/saml/acs", "", &fields).await.code(),
            "gammal",
            "a no is an answer too"
        );
    }
}

#[tokio::test]
async fn an_answer_that_comes_late_or_to_nothing() {
    let town = Town::new().await;
    let (_, asking) = town.begin("/").await;
    town.clock.advance(Duration::minutes(11));
    assert_eq!(town.deliver(&asking.answer(&town), &asking).await.code(), "gammal");
    let (_, asking) = town.begin("/").await;
    let lost = Asking {
        relay_state: "other".into(),
        ..asking
    };
    assert_eq!(town.deliver(&lost.answer(&town), &lost).await.code(), "gammal");
    let (login, asking) = town.begin("/").await;
    let arrived = town.deliver(&asking.answer(&town), &asking).await;
    town.clock.advance(Duration::minutes(3));
    assert_eq!(town.get(&arrived.location, &login).await.code(), "gammal");
    let huge = "A".repeat(2 * MAX_RESPONSE + 1);
    let reply = town
        .post("/saml/acs", "", &[("SAMLResponse", &huge), ("RelayState", "x")])
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(
        town.post("/saml/acs", "", &[("RelayState", "x")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

#[tokio::test]
async fn a_session_runs_idle_unless_it_is_used_and_ends_in_any_case() {
    let town = Town::new().await;
    let cookie = town.log_in().await;
    let begun = town.session(&cookie).await.unwrap();
    assert_eq!(
        (begun.idle_until, begun.ends_at),
        (NOW + Duration::minutes(15), NOW + Duration::hours(8))
    );

    town.clock.advance(Duration::seconds(59));
    let same = town.session(&cookie).await.unwrap();
    assert_eq!(same.idle_until, begun.idle_until, "written at most once a minute");
    town.clock.advance(Duration::minutes(13));
    let used = town.session(&cookie).await.unwrap();
    assert_eq!(used.idle_until, NOW + Duration::minutes(28) + Duration::seconds(59));
    town.clock.advance(Duration::seconds(30));
    let reply = town.post("/session/stanna", &cookie, &[]).await;
    assert_eq!(
        (reply.status, reply.location.as_str()),
        (StatusCode::SEE_OTHER, "/inkorg")
    );
    let stayed = town.session(&cookie).await.unwrap();
    assert_eq!(stayed.idle_until, used.idle_until + Duration::seconds(30));

    town.clock.advance(Duration::minutes(15));
    assert!(town.session(&cookie).await.is_none(), "idle");
    assert_eq!(
        town.post("/session/stanna", &cookie, &[]).await.location,
        "/utloggad?skal=tid"
    );
    assert!(town.session(&cookie).await.is_none(), "nothing wakes it");

    let cookie = town.log_in().await;
    for _ in 0..48 {
        assert!(town.session(&cookie).await.is_some());
        town.clock.advance(Duration::minutes(10));
    }
    assert!(town.session(&cookie).await.is_none(), "eight hours are the end");
    // Two sessions, and a request and an assertion of each login.
    assert_eq!(town.desk.sweep().await.unwrap(), 6);
    assert_eq!(town.desk.sweep().await.unwrap(), 0);
}

#[tokio::test]
async fn other_sessions_are_listed_and_ended() {
    let town = Town::new().await;
    let mailbox = Ids.random();
    let mut sessions = vec![];
    for _ in 0..3 {
        let cookie = town.log_in().await;
        town.clock.advance(Duration::seconds(5));
        let mut session = town.session(&cookie).await.unwrap();
        town.desk
            .sessions()
            .attach_mailbox(&mut session, mailbox)
            .await
            .unwrap();
        sessions.push((cookie, session));
    }
    let stranger = town.log_in().await;
    let mut other = town.session(&stranger).await.unwrap();
    town.desk
        .sessions()
        .attach_mailbox(&mut other, Ids.random())
        .await
        .unwrap();

    let (first, me) = (&sessions[0], &sessions[2].1);
    let listed = town.desk.sessions().list(me).await.unwrap();
    assert_eq!(
        listed.iter().map(|it| it.current).collect::<Vec<_>>(),
        [true, false, false]
    );
    assert!(listed.iter().all(|it| it.device == "Firefox, Linux"));
    assert!(listed.iter().any(|it| it.handle == first.1.handle));

    assert!(
        !town.desk.sessions().end(me, &other.handle).await.unwrap(),
        "another person's"
    );
    assert!(!town.desk.sessions().end(me, "not base64!").await.unwrap());
    assert!(town.desk.sessions().end(me, &first.1.handle).await.unwrap());
    assert!(town.session(&first.0).await.is_none());
    assert_eq!(town.desk.sessions().end_others(me).await.unwrap(), 1);
    assert!(town.session(&sessions[2].0).await.is_some() && town.session(&stranger).await.is_some());
}

#[tokio::test]
async fn a_new_login_ends_the_session_before_it() {
    let town = Town::new().await;
    let before = town.log_in().await;
    let (login, asking) = town.begin("/").await;
    let arrived = town.arrive(&asking).await;
    let after = town
        .get(&arrived.location, &format!("{login}; {before}"))
        .await
        .cookie("brevlada");
    assert_ne!(before, after);
    assert_eq!(town.who(&before).await, "");
    assert!(!town.who(&after).await.is_empty());
}

#[tokio::test]
async fn the_database_holds_no_number_no_name_and_no_cookie() {
    let town = Town::new().await;
    let cookie = town.log_in().await;
    let _ = town.begin("/").await;
    town.desk.house.db.close().await;
    let mut stored = vec![];
    for file in std::fs::read_dir(town.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("brevlada.db") {
            stored.extend(std::fs::read(path).unwrap());
        }
    }
    let value = cookie.strip_prefix("brevlada=").unwrap();
    for secret in ["191212121212", "Tolvansson", value] {
        assert!(
            !stored.windows(secret.len()).any(|window| window == secret.as_bytes()),
            "{secret}"
        );
    }
}

#[tokio::test]
async fn metadata_is_fetched_kept_and_used_when_its_owner_is_down() {
    let metadata = idp_metadata(
        IDP,
        &[idp_key().certificate_base64()],
        "validUntil=\"2026-11-24T12:00:00Z\"",
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/metadata", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        axum::serve(
            listener,
            Router::new().route("/metadata", get(|| async move { metadata })),
        )
        .await
        .unwrap();
    });
    let folder = tempfile::tempdir().unwrap();
    let clock = HandClock::at(NOW);
    let desk = desk_for(&folder, &clock, vec![address.clone()]).await;
    assert!(desk.providers().all().is_empty(), "starting waits for nobody");
    desk.providers().renew_all().await.unwrap();
    assert_eq!(desk.providers().all().len(), 1);

    served.abort();
    let _ = served.await;
    assert!(desk.providers().renew_all().await.is_err());
    assert_eq!(desk.providers().all().len(), 1, "the last good copy stays");

    let restarted = desk_for(&folder, &clock, vec![address]).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let (task, running) = (restarted.clone(), stop.clone());
    let run = tokio::spawn(async move { task.run(running).await });
    for _ in 0..100 {
        if !restarted.providers().all().is_empty() {
            break;
        }
        tokio::task::yield_now().await;
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert_eq!(restarted.providers().all().len(), 1, "kept over a restart");
    stop.cancel();
    run.await.unwrap();
    clock.advance(Duration::days(2));
    assert!(
        restarted.providers().all().is_empty(),
        "and forgotten when it has expired"
    );
}

#[test]
fn metadata_from_elsewhere_must_be_signed_by_somebody_we_know() {
    let Config { mut saml, .. } = Config::load(None, []).unwrap();
    saml.idp_metadata = vec!["https://md.example/role/idp.xml".into()];
    assert!(saml.sources().unwrap_err().to_string().contains("md.example"));
    let folder = tempfile::tempdir().unwrap();
    let pin = folder.path().join("md.crt");
    std::fs::write(&pin, &idp_key().certificate_pem).unwrap();
    saml.idp_metadata = vec![format!("https://md.example/role/idp.xml cert={}", pin.display())];
    assert!(saml.sources().unwrap()[0].pinned.is_some());
    saml.idp_metadata = vec![
        "https://md.example/role/idp.xml".into(),
        "http://localhost:8090/metadata".into(),
    ];
    saml.metadata_cert_file = Some(pin);
    assert!(saml.sources().unwrap().iter().all(|source| source.pinned.is_some()));
}
