//! Whole logins, from the button to the session, against an identity provider of the tests' own.

mod asking;
mod home;
mod sessions;
mod sources;

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
    let Config {
        mut saml,
        staff,
        session,
        ..
    } = Config::load(None, []).unwrap();
    saml.signing_cert_file = write("s.crt", &sp_signing().certificate_pem);
    saml.signing_key_file = write("s.key", &sp_signing().key_pem);
    saml.encryption_cert_file = write("e.crt", &sp_encryption().certificate_pem);
    saml.encryption_key_file = write("e.key", &sp_encryption().key_pem);
    let old = format!("{}{}", sp_old_encryption().certificate_pem, sp_old_encryption().key_pem);
    saml.earlier_encryption_files = vec![write("old.pem", &old)];
    saml.idp_metadata = idp_metadata;
    let house = house(folder, clock).await;
    Arc::new(LoginDesk::open(house, saml, &staff, &session, &Url::parse(PUBLIC).unwrap()).unwrap())
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
