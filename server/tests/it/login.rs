//! Logging in over the wire, with the demonstration e-legitimation, on both databases.

use crate::harness::Database;
use axum::Router;
use axum::body::Body;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use infrastruktur::{Infrastructure, Running};
use server::clock::{Clock, Ids};
use server::config::Config;
use server::domain::staff::Login;
use server::house::House;
use server::login::{CurrentSession, LoginDesk, routes, with_session};
use server::seal::Keys;
use server::support::register::{Added, New, add, lock};
use std::sync::Arc;
use url::Url;

const TOLVAN: &str = "191212121212";
/// Both work at the operator; Hanna is in its register.
const HANNA: &str = "198304099826";
const IVAR: &str = "197906289835";

/// A server with nothing but its login, and the e-legitimation, each on a port of its own.
struct Town {
    base: String,
    idp: String,
    desk: Arc<LoginDesk>,
    client: Client<HttpConnector, Body>,
    infrastructure: Running,
    house: House,
    _database: Database,
}

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
            .expect("the cookie is set");
        found.split(';').next().unwrap().to_owned()
    }

    /// The value of a hidden field of the page.
    fn field(&self, name: &str) -> String {
        let after = self
            .body
            .split(&format!("name=\"{name}\" value=\""))
            .nth(1)
            .expect("the field is on the page");
        let value = after.split('"').next().unwrap();
        value
            .replace("&#43;", "+")
            .replace("&#x2b;", "+")
            .replace("&#61;", "=")
            .replace("&#x3d;", "=")
    }
}

async fn whoami(session: Option<CurrentSession>) -> String {
    session.map(|session| session.holder.to_string()).unwrap_or_default()
}

impl Town {
    async fn build(database: Database) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let pki = database.folder.path().join("pki");

        let mut surroundings = infrastruktur::config::Config::default();
        let any = "127.0.0.1:0".parse().unwrap();
        surroundings.pki.dir = pki.clone();
        surroundings.register.listen = any;
        surroundings.register.database = format!("sqlite:{}", database.folder.path().join("far.db").display());
        surroundings.idp.listen = any;
        surroundings.idp.sp_metadata = vec![format!("{base}/saml/metadata"), format!("{base}/staff/saml/metadata")];
        surroundings.catcher.listen = any;
        surroundings.catcher.smtp_listen = any;
        surroundings.catcher.sms_listen = any;
        surroundings.catcher.push_listen = any;
        let infrastructure = Infrastructure::start(&surroundings, infrastruktur::clock::Clock::system())
            .await
            .unwrap();
        let idp = format!("http://localhost:{}", infrastructure.addresses.idp.port());

        let Config {
            mut saml,
            staff,
            session,
            ..
        } = Config::load(None, []).unwrap();
        saml.signing_cert_file = pki.join("saml-signing.crt");
        saml.signing_key_file = pki.join("saml-signing.key");
        saml.encryption_cert_file = pki.join("saml-encryption.crt");
        saml.encryption_key_file = pki.join("saml-encryption.key");
        // Pinned, so that the signature of the metadata is checked too.
        saml.idp_metadata = vec![format!("{idp}/metadata cert={}", pki.join("idp.crt").display())];
        let master = database.folder.path().join("master.toml");
        Keys::create(&master, Ids, true).unwrap();
        let house = House::new(database.db.clone(), Keys::load(&master).unwrap(), Clock::system());
        let desk =
            Arc::new(LoginDesk::open(house.clone(), saml, &staff, &session, &Url::parse(&base).unwrap()).unwrap());
        let app = routes::<()>(desk.clone())
            .route("/vem", get(whoami))
            .layer(from_fn_with_state(desk.sessions().clone(), with_session));
        tokio::spawn(async move { axum::serve(listener, Router::new().merge(app)).await.unwrap() });
        desk.providers().renew_all().await.unwrap();
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self {
            base,
            idp,
            desk,
            client,
            infrastructure,
            house,
            _database: database,
        }
    }

    fn house(&self) -> House {
        self.house.clone()
    }

    async fn ask(&self, method: &str, address: &str, cookies: &str, fields: &[(&str, &str)]) -> Reply {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header(header::COOKIE, cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form))
            .unwrap();
        let response = self.client.request(request).await.unwrap();
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
            body: String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap(),
        }
    }

    /// To the e-legitimation and back with its page: the login cookie, and the page that posts the answer.
    async fn fetch_answer(&self, choice: &[(&str, &str)]) -> (String, Reply) {
        self.fetch_answer_from("/logga-in", "login", choice).await
    }

    /// The same, beginning at this address of ours, which sets this cookie.
    async fn fetch_answer_from(&self, begin: &str, cookie: &str, choice: &[(&str, &str)]) -> (String, Reply) {
        let entity = format!("{}/metadata", self.idp);
        let begun = self
            .ask("POST", &format!("{}{begin}", self.base), "", &[("idp", &entity)])
            .await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER);
        let chosen = self.ask("GET", &begun.location, "", &[]).await;
        assert_eq!(
            chosen.status,
            StatusCode::SEE_OTHER,
            "the request was not taken: {}",
            chosen.body
        );
        let page = self
            .ask("POST", &format!("{}{}", self.idp, chosen.location), "", choice)
            .await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        (begun.cookie(cookie), page)
    }

    async fn deliver(&self, page: &Reply) -> Reply {
        self.deliver_to("/saml/acs", page).await
    }

    async fn deliver_to(&self, acs: &str, page: &Reply) -> Reply {
        let fields = [
            ("SAMLResponse", page.field("SAMLResponse")),
            ("RelayState", page.field("RelayState")),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.ask("POST", &format!("{}{acs}", self.base), "", &fields).await
    }

    /// Somebody logs in on the staff's side.
    async fn log_in_as_staff(&self, person: &str) -> Reply {
        let (login, page) = self
            .fetch_answer_from("/staff/logga-in", "staff-login", &[("person", person)])
            .await;
        let arrived = self.deliver_to("/staff/saml/acs", &page).await;
        assert!(
            arrived.location.starts_with("/staff/logga-in/klar?h="),
            "{}",
            arrived.location
        );
        self.ask("GET", &format!("{}{}", self.base, arrived.location), &login, &[])
            .await
    }

    async fn log_in(&self, choice: &[(&str, &str)]) -> Reply {
        let (login, page) = self.fetch_answer(choice).await;
        let arrived = self.deliver(&page).await;
        self.ask("GET", &format!("{}{}", self.base, arrived.location), &login, &[])
            .await
    }
}

on_both_databases! {
    /// In every cipher, then out; a «no» and a level that is too low are told as what they are.
    async fn a_person_logs_in_with_the_demonstration_e_legitimation(database: Database) {
        let town = Town::build(database).await;
        for encryption in ["", "aes128-cbc", "aes192-cbc", "aes256-cbc", "aes128-gcm", "aes192-gcm", "aes256-gcm"] {
            let reply = town.log_in(&[("person", TOLVAN), ("encryption", encryption)]).await;
            assert_eq!((reply.status, reply.location.as_str()), (StatusCode::SEE_OTHER, "/inkorg"), "{encryption}");
            let session = reply.cookie("brevlada");
            let vem = format!("{}/vem", town.base);
            assert_eq!(town.ask("GET", &vem, &session, &[]).await.body, TOLVAN);
            town.ask("POST", &format!("{}/logga-ut", town.base), &session, &[]).await;
            assert_eq!(town.ask("GET", &vem, &session, &[]).await.body, "");
        }
        for (choice, code) in [
            (vec![], "avbruten"),
            (vec![("person", TOLVAN), ("level", "http://id.elegnamnden.se/loa/1.0/loa2")], "niva"),
        ] {
            let (_, page) = town.fetch_answer(&choice).await;
            let reply = town.deliver(&page).await;
            assert!(reply.location.starts_with(&format!("/logga-in/fel?kod={code}&ref=")), "{}", reply.location);
        }
        town.infrastructure.stop().await;
    }

    /// By organisation identity, matched against the register; a session of their own, which is over when they are locked out.
    async fn staff_log_in_with_their_organisation_identity(database: Database) {
        let town = Town::build(database).await;
        let house = town.house();
        let hanna: Login = "hanna.hjelm@5599999017".parse().unwrap();
        let new = New { name: "Hanna Hjelm".to_owned(), login: hanna.clone(), roles: "support".parse().unwrap(), password: None };
        assert!(matches!(add(&house, new, "localhost").await.unwrap(), Added::Done(None)));
        let metadata = town.ask("GET", &format!("{}/staff/saml/metadata", town.base), "", &[]).await.body;
        assert!(metadata.contains("loa3-orgid") && !metadata.contains("loa3-pnr") && metadata.contains("/staff/saml/acs"));

        let reply = town.log_in_as_staff(HANNA).await;
        assert_eq!(reply.location, "/admin");
        let session = reply.cookie("brevlada-staff");
        let headers = http::HeaderMap::from_iter([(header::COOKIE, session.parse().unwrap())]);
        let found = town.desk.staff_sessions().find(&headers).await.unwrap().unwrap();
        assert_eq!((found.duty.name(), found.duty.roles().to_string().as_str()), ("Hanna Hjelm", "support"));
        assert_eq!(town.ask("GET", &format!("{}/vem", town.base), &session, &[]).await.body, "", "no person is logged in");
        assert!(reply.cookies.iter().all(|cookie| !cookie.starts_with("brevlada=")), "{:?}", reply.cookies);

        assert!(lock(&house, &hanna, true).await.unwrap());
        assert!(town.desk.staff_sessions().find(&headers).await.unwrap().is_none(), "at once");
        for nobody in [HANNA, IVAR] {
            let reply = town.log_in_as_staff(nobody).await;
            assert!(reply.location.starts_with("/admin/logga-in?kod=okand&ref="), "{}", reply.location);
            assert!(reply.cookies.iter().all(|cookie| !cookie.starts_with("brevlada-staff=") || cookie.contains("Max-Age=0")));
        }
        let mut tx = house.db.read().await.unwrap();
        let rows = server::store::audit::page(&mut tx, server::store::audit::Filter::All, i64::MAX, 10).await.unwrap();
        let acts: Vec<_> = rows.iter().map(|row| row.act.as_str()).collect();
        assert_eq!(acts, ["staff-login-refused", "staff-login-refused", "locked-staff", "staff-login", "added-staff"]);
        drop(tx);

        // What answers one of our entities is no answer to the other.
        let (login, page) = town.fetch_answer_from("/staff/logga-in", "staff-login", &[("person", IVAR)]).await;
        assert!(town.deliver_to("/saml/acs", &page).await.location.contains("/logga-in/fel?kod=gammal"));
        let arrived = town.deliver_to("/staff/saml/acs", &page).await;
        let handle = arrived.location.replace("/staff/logga-in/klar", "/logga-in/klar");
        let login = login.replace("staff-login=", "login=");
        let reply = town.ask("GET", &format!("{}{handle}", town.base), &login, &[]).await;
        assert!(reply.location.contains("/logga-in/fel?kod=gammal"), "{}", reply.location);
        let (_, page) = town.fetch_answer(&[("person", TOLVAN)]).await;
        assert!(town.deliver_to("/staff/saml/acs", &page).await.location.contains("/admin/logga-in?kod=gammal"));
        town.infrastructure.stop().await;
    }

    /// Junk that answers no request of ours takes no place at the check: who really comes from the e-legitimation gets in meanwhile.
    async fn junk_keeps_nobody_out(database: Database) {
        let town = Town::build(database).await;
        let acs = format!("{}/saml/acs", town.base);
        let nothing = "x".repeat(43);
        let junk = [("SAMLResponse", "AAAA"), ("RelayState", nothing.as_str())];
        let flood = async {
            let replies = (0..200).map(|_| town.ask("POST", &acs, "", &junk));
            futures::future::join_all(replies).await
        };
        let (junk, reply) = tokio::join!(flood, town.log_in(&[("person", TOLVAN)]));
        assert_eq!(reply.location, "/inkorg");
        assert!(junk.iter().all(|reply| reply.location.contains("kod=gammal")), "none of it was checked");
        town.infrastructure.stop().await;
    }

    /// The same answer sixteen times at once: the database lets one through, whichever it is.
    async fn one_answer_is_one_login(database: Database) {
        let town = Town::build(database).await;
        let (login, page) = town.fetch_answer(&[("person", TOLVAN)]).await;
        let replies = futures::future::join_all((0..16).map(|_| town.deliver(&page))).await;
        let good: Vec<_> = replies.iter().filter(|reply| reply.location.starts_with("/logga-in/klar?h=")).collect();
        assert_eq!(good.len(), 1);
        assert!(replies.iter().filter(|reply| reply.location.contains("kod=gammal")).count() == 15);
        let reply = town.ask("GET", &format!("{}{}", town.base, good[0].location), &login, &[]).await;
        assert!(!reply.cookie("brevlada").is_empty());
        assert!(town.desk.sweep().await.unwrap() == 0, "nothing is over yet");
        town.infrastructure.stop().await;
    }
}
