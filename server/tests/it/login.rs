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
use server::house::House;
use server::login::{CurrentSession, LoginDesk, routes, with_session};
use server::seal::Keys;
use std::sync::Arc;
use url::Url;

const TOLVAN: &str = "191212121212";

/// A server with nothing but its login, and the e-legitimation, each on a port of its own.
struct Town {
    base: String,
    idp: String,
    desk: Arc<LoginDesk>,
    client: Client<HttpConnector, Body>,
    infrastructure: Running,
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
        surroundings.idp.sp_metadata = vec![format!("{base}/saml/metadata")];
        surroundings.catcher.listen = any;
        surroundings.catcher.smtp_listen = any;
        surroundings.catcher.sms_listen = any;
        surroundings.catcher.push_listen = any;
        let infrastructure = Infrastructure::start(&surroundings, infrastruktur::clock::Clock::system())
            .await
            .unwrap();
        let idp = format!("http://localhost:{}", infrastructure.addresses.idp.port());

        let Config { mut saml, session, .. } = Config::load(None, []).unwrap();
        saml.signing_cert_file = pki.join("saml-signing.crt");
        saml.signing_key_file = pki.join("saml-signing.key");
        saml.encryption_cert_file = pki.join("saml-encryption.crt");
        saml.encryption_key_file = pki.join("saml-encryption.key");
        // Pinned, so that the signature of the metadata is checked too.
        saml.idp_metadata = vec![format!("{idp}/metadata cert={}", pki.join("idp.crt").display())];
        let master = database.folder.path().join("master.toml");
        Keys::create(&master, Ids, true).unwrap();
        let house = House::new(database.db.clone(), Keys::load(&master).unwrap(), Clock::system());
        let desk = Arc::new(LoginDesk::open(house, saml, &session, &Url::parse(&base).unwrap()).unwrap());
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
            _database: database,
        }
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
        let entity = format!("{}/metadata", self.idp);
        let begun = self
            .ask("POST", &format!("{}/logga-in", self.base), "", &[("idp", &entity)])
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
        (begun.cookie("login"), page)
    }

    async fn deliver(&self, page: &Reply) -> Reply {
        let fields = [
            ("SAMLResponse", page.field("SAMLResponse")),
            ("RelayState", page.field("RelayState")),
        ];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        self.ask("POST", &format!("{}/saml/acs", self.base), "", &fields).await
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
