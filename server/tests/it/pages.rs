//! The pages as browsers reach them: the whole router, with everything that lies around each of them.

use crate::harness::{Engine, Town, person};
use axum::Router;
use axum::body::{Body, Bytes};
use futures::stream;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use server::config::Config;
use server::login::saml::identity::Person as Proven;
use server::login::{Cookie, LoginDesk, NewSession};
use server::mailbox::access::Person;
use server::store;
use server::web::{Outside, router};
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;

/// A town with the pages of its house.
pub(crate) struct Site {
    pub(crate) town: Town,
    desk: Arc<LoginDesk>,
    pages: Router,
}

/// What a browser is answered.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    cookies: Vec<String>,
    pub(crate) body: String,
}

impl Site {
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let town = Town::on(engine).await?;
        let pki = Town::pki();
        let mut config = Config::load(None, []).unwrap();
        config.saml.idp_metadata = vec!["http://localhost:1/metadata".to_owned()];
        config.saml.signing_cert_file = pki.path("saml-signing.crt");
        config.saml.signing_key_file = pki.path("saml-signing.key");
        config.saml.encryption_cert_file = pki.path("saml-encryption.crt");
        config.saml.encryption_key_file = pki.path("saml-encryption.key");
        let house = town.house.clone();
        let desk = LoginDesk::open(
            house.clone(),
            config.saml,
            &config.staff,
            &config.session,
            &config.web.public_url,
        )
        .unwrap();
        let desk = Arc::new(desk);
        let pages = router(house, Outside::default(), &town.register, desk.clone(), &config.web);
        Some(Self { town, desk, pages })
    }

    /// The cookie of a browser in which somebody has logged in.
    pub(crate) async fn logged_in(&self, person: &Person) -> String {
        let proven = Proven {
            number: person.number,
            name: person.name.clone(),
            transaction: None,
        };
        let new = NewSession {
            person: &proven,
            idp: "http://localhost:8090/metadata",
            level: "http://id.elegnamnden.se/loa/1.0/loa3",
            assertion_id: "_a",
            device: "Firefox 140, Linux".to_owned(),
        };
        let sessions = self.desk.sessions();
        let mut tx = self.town.house.db.begin().await.unwrap();
        let value = sessions.begin(&mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        format!("{}={value}", sessions.cookies().name(Cookie::Session))
    }

    pub(crate) async fn get(&self, address: &str, cookies: &str) -> Reply {
        let request = Request::get(address).header(header::COOKIE, cookies);
        answered(self.pages.clone(), request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn post(&self, address: &str, cookies: &str, fields: &[(&str, &str)]) -> Reply {
        self.post_from("same-origin", address, cookies, fields).await
    }

    /// The same from a page of this site, or of another.
    async fn post_from(&self, site: &str, address: &str, cookies: &str, fields: &[(&str, &str)]) -> Reply {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let request = form_to(address, cookies).header("sec-fetch-site", site);
        answered(self.pages.clone(), request.body(Body::from(form)).unwrap()).await
    }

    /// Sends a form whose end does not come: it is being answered for as long as it likes. Tells when its reading has begun.
    fn holds(&self, cookies: &str) -> (JoinHandle<Reply>, oneshot::Receiver<()>) {
        let (begun, is_begun) = oneshot::channel();
        let never = stream::once(async move {
            begun.send(()).unwrap();
            pending::<Result<Bytes, Infallible>>().await
        });
        let request = form_to("/api/sprak", cookies).body(Body::from_stream(never)).unwrap();
        (tokio::spawn(answered(self.pages.clone(), request)), is_begun)
    }
}

fn form_to(address: &str, cookies: &str) -> http::request::Builder {
    Request::post(address)
        .header(header::COOKIE, cookies)
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

async fn answered(pages: Router, request: Request<Body>) -> Reply {
    let (head, body) = pages.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let text = |name: header::HeaderName| -> Vec<String> {
        let all = head.headers.get_all(name).iter();
        all.map(|value| value.to_str().unwrap().to_owned()).collect()
    };
    Reply {
        status: head.status,
        location: text(header::LOCATION).pop().unwrap_or_default(),
        cookies: text(header::SET_COOKIE),
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

on_both_databases! {
    /// Whoever only looks at an address, as a browser that fetches links beforehand, has nothing changed; nor does another site's page do it.
    async fn what_a_browser_remembers_is_chosen_by_a_form_of_ours(site: Site) {
        let logged_in = site.logged_in(&site.town.tolvan).await;
        for (address, value) in [("/sprak", "en"), ("/utseende", "morkt"), ("/tangenter", "av"), ("/forsta-orden", "dolj")] {
            let name = address.trim_start_matches('/');
            for cookies in ["", &logged_in, "brevlada=over-since-long"] {
                let looked = site.get(&format!("{address}?val={value}&till={value}&ater=/om"), cookies).await;
                assert_eq!((looked.status, looked.cookies), (StatusCode::METHOD_NOT_ALLOWED, vec![]), "{address}");
                let chosen = site.post(address, cookies, &[("val", value), ("ater", "/om?x=1#y")]).await;
                assert_eq!((chosen.status, chosen.location.as_str()), (StatusCode::SEE_OTHER, "/om?x=1#y"), "{address}");
                let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
                assert_eq!(chosen.cookies, [cookie]);
            }
            let elsewhere = site.post_from("cross-site", address, "", &[("val", value), ("ater", "/om")]).await;
            assert_eq!((elsewhere.status, elsewhere.cookies), (StatusCode::FORBIDDEN, vec![]), "{address}");
            let nonsense = site.post(address, "", &[("val", "rosa"), ("ater", "https://example.se/")]).await;
            assert_eq!((nonsense.location.as_str(), nonsense.cookies), ("/", vec![]), "{address}");
            let empty = site.post(address, "", &[]).await;
            assert_eq!((empty.status, empty.cookies), (StatusCode::SEE_OTHER, vec![]), "{address}");
        }
    }

    /// Of the pages in this browser at once, and of what is sent to the person; nonsense changes neither.
    async fn the_language_of_the_settings_is_that_of_pages_and_of_notices(site: Site) {
        let logged_in = site.logged_in(&site.town.tolvan).await;
        let house = &site.town.house;
        let of_notices = async || {
            let mut tx = house.db.read().await.unwrap();
            let index = house.keys.blind_index("holder", &site.town.tolvan.number.to_string());
            store::mailbox::by_holder(&mut tx, index).await.unwrap().unwrap().language
        };
        let wrong = site.post("/api/sprak", &logged_in, &[("till", "tlh")]).await;
        assert_eq!((wrong.location.as_str(), wrong.cookies), ("/installningar?fel=1", vec![]));
        assert_eq!(of_notices().await, "sv");
        for (language, heading) in [("en", "Settings"), ("sv", "Inställningar")] {
            let chosen = site.post("/api/sprak", &logged_in, &[("till", language)]).await;
            assert_eq!(chosen.location, "/installningar");
            let cookie = chosen.cookies[0].split(';').next().unwrap();
            let page = site.get("/installningar", &format!("{logged_in}; {cookie}")).await;
            assert!(page.body.contains(&format!("<h1>{heading}</h1>")), "{}", page.body);
            assert_eq!(of_notices().await, language);
        }
    }
}

/// Whoever opens sixty tabs waits for their own, in all their browsers, and is told so in the end; nobody else notices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_answered_more_than_four_times_at_once() {
    let site = Site::on(Engine::Sqlite).await.unwrap();
    let (one, other) = (
        site.logged_in(&site.town.tolvan).await,
        site.logged_in(&site.town.tolvan).await,
    );
    let agnes = site.logged_in(&person("198005159804", "Agnes Andersson")).await;
    let mut held = Vec::new();
    for cookies in [&one, &other, &one, &other] {
        let (answer, is_begun) = site.holds(cookies);
        tokio::time::timeout(Duration::from_secs(10), is_begun)
            .await
            .unwrap()
            .unwrap();
        held.push(answer);
    }
    let waits = site.get("/om", &one);
    let others = async {
        for cookies in [agnes.as_str(), ""] {
            assert_eq!(site.get("/om", cookies).await.status, StatusCode::OK);
        }
    };
    // Ten seconds, which are waited for; those who hold their places have thirty.
    let (refused, ()) = tokio::join!(waits, others);
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.body.contains("Vänta en stund"), "{}", refused.body);
    let gone = held.pop().unwrap();
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    assert_eq!(
        site.get("/om", &one).await.status,
        StatusCode::OK,
        "the place of who went away"
    );
}
