//! The staff register, local accounts, and who may do what: every role against every page and every form.

use crate::harness::{Database, Engine, Town, house_on, rust_files};
use axum::Router;
use axum::body::Body;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use server::audit::{Found, verify};
use server::clock::HandClock;
use server::domain::audit::AuditAct;
use server::domain::staff::{Login, Role, Roles, StaffAct};
use server::domain::totp;
use server::house::House;
use server::login::{LoginDesk, NewSession};
use server::store;
use server::store::audit::Filter;
use server::store::staff_session::StaffSessionRow;
use server::support::local::{Refused, Typed, judge, log_in};
use server::support::register::{Added, New, Shown, add, list, lock, reset, set_roles};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use time::Duration;
use time::macros::datetime;
use tower::ServiceExt as _;
use zeroize::Zeroizing;

/// A house with one local account, and what it is logged in to with.
struct Emergency {
    house: House,
    clock: HandClock,
    login: Login,
    password: String,
    secret: Vec<u8>,
    _database: Database,
}

/// The bytes of a secret as it is shown.
fn secret_of(shown: &Shown) -> Vec<u8> {
    let signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held, mut bytes) = (0_u64, 0, vec![]);
    for sign in shown.secret.chars() {
        bits = (bits << 5) | signs.find(sign).unwrap() as u64;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from((bits >> held) & 0xff).unwrap());
        }
    }
    bytes
}

impl Emergency {
    async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, datetime!(2026-11-27 08:00 UTC));
        let login: Login = "drift".parse().unwrap();
        let new = New {
            name: "Drift".to_owned(),
            login: login.clone(),
            roles: Roles::of([Role::Operations]),
            password: None,
        };
        let Added::Done(Some(shown)) = add(&house, new, "post.example").await.unwrap() else {
            panic!("a local account is shown its secrets");
        };
        Some(Self {
            secret: secret_of(&shown),
            password: shown.password.as_ref().unwrap().to_string(),
            house,
            clock,
            login,
            _database: database,
        })
    }

    fn code(&self) -> String {
        totp::code(&self.secret, totp::step(self.house.clock.now()))
    }

    async fn tries(&self, name: &str, password: &str, code: &str) -> Result<String, Refused> {
        let typed = Typed {
            name: name.to_owned(),
            password: Zeroizing::new(password.to_owned()),
            code: code.to_owned(),
        };
        let judged = judge(&self.house, typed).await.unwrap();
        let mut tx = self.house.db.begin().await.unwrap();
        let outcome = log_in(&mut tx, &self.house, judged).await.unwrap();
        tx.commit().await.unwrap();
        outcome.map(|member| member.name)
    }

    async fn audited(&self, act: AuditAct) -> usize {
        let mut tx = self.house.db.read().await.unwrap();
        let rows = store::audit::page(&mut tx, Filter::Act(act.as_str()), i64::MAX, 1_000)
            .await
            .unwrap();
        rows.len()
    }
}

on_both_databases! {
    /// With password and code, each of them needed; a code counts once; every try of a known account is written down.
    async fn a_local_account_takes_password_and_code(there: Emergency) {
        assert_eq!(there.tries("drift", &there.password, "").await, Err(Refused::Wrong));
        assert_eq!(there.tries("drift", "fel lösenord här", &there.code()).await, Err(Refused::Wrong));
        assert_eq!(there.tries("drift", &there.password, &there.code()).await, Ok("Drift".to_owned()));
        assert_eq!(there.tries("drift", &there.password, &there.code()).await, Err(Refused::Wrong), "a code counts once");
        there.clock.advance(Duration::seconds(30));
        assert_eq!(there.tries(" drift ", &there.password, &there.code()).await, Ok("Drift".to_owned()));
        assert_eq!(there.tries("annan", &there.password, &there.code()).await, Err(Refused::Wrong), "nobody's name");
        assert_eq!(there.tries("a@5599999017", &there.password, &there.code()).await, Err(Refused::Wrong));
        assert_eq!((there.audited(AuditAct::LocalLogin).await, there.audited(AuditAct::LocalLoginRefused).await), (2, 3));
    }

    /// Three free tries, then a wait that grows; what is right is refused meanwhile, and not lost for good.
    async fn guessing_takes_longer_and_longer(there: Emergency) {
        for _ in 0..3 {
            assert_eq!(there.tries("drift", "gissning gissning", "000000").await, Err(Refused::Wrong));
        }
        for minutes in [1, 2, 4, 8] {
            there.clock.advance(Duration::minutes(minutes) - Duration::SECOND);
            assert_eq!(there.tries("drift", &there.password, &there.code()).await, Err(Refused::Wait), "{minutes}");
            there.clock.advance(Duration::SECOND);
            assert_eq!(there.tries("drift", "gissning gissning", "000000").await, Err(Refused::Wrong));
        }
        there.clock.advance(Duration::HOUR);
        assert!(there.tries("drift", &there.password, &there.code()).await.is_ok());
        there.clock.advance(Duration::MINUTE);
        assert_eq!(there.tries("drift", "gissning gissning", "000000").await, Err(Refused::Wrong));
        there.clock.advance(Duration::MINUTE);
        assert!(there.tries("drift", &there.password, &there.code()).await.is_ok(), "begun anew");
    }

    /// Twenty at once are judged one after the other: no more of them count than one after the other would.
    async fn many_guesses_at_once_are_no_more_than_one_by_one(there: Emergency) {
        let guesses = (0..20).map(|_| there.tries("drift", "gissning gissning", "000000"));
        let outcomes = futures::future::join_all(guesses).await;
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Err(Refused::Wrong)).count(), 3);
        assert_eq!(there.audited(AuditAct::LocalLoginRefused).await, 3);
    }

    /// Two logins by one code at the same moment: one gets in.
    async fn one_code_is_one_login(there: Emergency) {
        let code = there.code();
        let (one, other) = tokio::join!(there.tries("drift", &there.password, &code), there.tries("drift", &there.password, &code));
        assert_eq!([one, other].iter().filter(|outcome| outcome.is_ok()).count(), 1);
    }

    /// Locked out, let in again, given other secrets: each at once, each written down.
    async fn the_register_is_kept(there: Emergency) {
        let taken = New { name: "Annan".to_owned(), login: there.login.clone(), roles: Roles::default(), password: None };
        assert!(matches!(add(&there.house, taken, "x").await.unwrap(), Added::Taken));
        assert!(lock(&there.house, &there.login, true).await.unwrap());
        assert_eq!(there.tries("drift", &there.password, &there.code()).await, Err(Refused::Wrong), "locked, and not told");
        assert!(lock(&there.house, &there.login, false).await.unwrap());
        assert!(there.tries("drift", &there.password, &there.code()).await.is_ok());

        let new = Zeroizing::new("ett eget långt lösenord".to_owned());
        let shown = reset(&there.house, &there.login, Some(new.clone()), "post.example").await.unwrap().unwrap();
        assert!(shown.password.is_none(), "one's own is not shown");
        let code = |secret: &[u8]| totp::code(secret, totp::step(there.house.clock.now()));
        there.clock.advance(Duration::MINUTE);
        assert_eq!(there.tries("drift", &new, &there.code()).await, Err(Refused::Wrong), "the old secret is over");
        assert!(there.tries("drift", &new, &code(&secret_of(&shown))).await.is_ok());

        assert!(set_roles(&there.house, &there.login, &"auditor editor".parse().unwrap()).await.unwrap());
        let listed = list(&there.house).await.unwrap();
        assert_eq!((listed.len(), listed[0].roles.to_string().as_str(), listed[0].locked), (1, "editor auditor", false));
        let nobody: Login = "ingen".parse().unwrap();
        assert!(!lock(&there.house, &nobody, true).await.unwrap() && !set_roles(&there.house, &nobody, &Roles::default()).await.unwrap());
        assert!(reset(&there.house, &nobody, None, "x").await.unwrap().is_none());
        for (act, rows) in [(AuditAct::AddedStaff, 1), (AuditAct::LockedStaff, 1), (AuditAct::UnlockedStaff, 1), (AuditAct::ResetStaff, 1), (AuditAct::ChangedRoles, 1)] {
            assert_eq!(there.audited(act).await, rows, "{act:?}");
        }
    }

    /// Every role, nobody and a person with a mailbox, against every page and every form of the staff's side.
    async fn nobody_does_what_is_not_theirs(town: Town) {
        let (pages, desk) = town.pages().await;
        let side = Side { pages, town: &town };
        let mut who: Vec<(Option<Roles>, String)> = vec![(None, String::new()), (None, citizen(&town, &desk).await)];
        let mut all: Vec<Roles> = Role::all().map(|role| Roles::of([role])).collect();
        all.extend([Roles::default(), Roles::of([Role::Operations, Role::Auditor])]);
        for roles in all {
            let cookie = side.somebody(&roles).await;
            who.push((Some(roles), cookie));
        }
        let mut denied = 0;
        for (roles, cookie) in &who {
            for (path, act) in PAGES {
                let (status, location) = side.get(path, cookie).await;
                let told = format!("{path} as {roles:?}: {status} {location}");
                match roles {
                    None => assert!(status.is_redirection() && location.starts_with("/admin/logga-in"), "{told}"),
                    Some(roles) if act.is_none_or(|act| roles.may(act)) => {
                        assert!(matches!(status, StatusCode::OK | StatusCode::NOT_FOUND), "{told}");
                    }
                    Some(_) => {
                        denied += 1;
                        assert_eq!(status, StatusCode::FORBIDDEN, "{told}");
                    }
                }
            }
            for (path, act, form) in FORMS {
                let (status, location) = side.post(path, cookie, form).await;
                let told = format!("{path} as {roles:?}: {status} {location}");
                assert!(status.is_redirection(), "{told}");
                match roles {
                    None => assert!(location.starts_with("/admin/logga-in"), "{told}"),
                    Some(roles) if roles.may(*act) => assert!(location.starts_with("/admin/") && !location.contains("fel=roll") && !location.contains("logga-in"), "{told}"),
                    Some(_) => {
                        denied += 1;
                        assert!(location.contains("fel=roll"), "{told}");
                    }
                }
            }
        }
        let mut tx = town.house.db.read().await.unwrap();
        let rows = store::audit::page(&mut tx, Filter::Act(AuditAct::DeniedStaff.as_str()), i64::MAX, 1_000).await.unwrap();
        assert_eq!(rows.len(), denied, "each no is written down");
        drop(tx);
        assert!(matches!(verify(&town.house.db, &town.house.keys, None).await.unwrap(), Found::Whole(_)));

        // And the other way: whoever is on duty has no mailbox by that.
        let everything = side.somebody(&Roles::of(Role::all())).await;
        for path in ["/inkorg", "/sok", "/installningar", "/vem-har-last", "/betala"] {
            let (status, location) = side.get(path, &everything).await;
            assert!(status.is_redirection() && location.starts_with("/?vidare="), "{path}: {status} {location}");
        }
        assert_eq!(side.get("/", &everything).await.0, StatusCode::OK);
        let (_, location) = side.get("/admin/logga-in", &everything).await;
        assert_eq!(location, "/admin");
        assert_eq!(side.get("/admin/logga-in", "").await.0, StatusCode::OK);
        assert_eq!(side.get("/admin/finns-inte", &everything).await.0, StatusCode::NOT_FOUND);
    }

    /// Idle after ten minutes, over after four hours, and no longer than the register allows.
    async fn a_session_of_staff_is_short(town: Town) {
        let (pages, _) = town.pages().await;
        let side = Side { pages, town: &town };
        let cookie = side.somebody(&Roles::of([Role::Operations])).await;
        for _ in 0..3 {
            town.hand.advance(Duration::minutes(9));
            assert_eq!(side.get("/admin/ko", &cookie).await.0, StatusCode::OK);
        }
        town.hand.advance(Duration::minutes(10));
        let (_, location) = side.get("/admin/ko", &cookie).await;
        assert_eq!(location, "/admin/logga-in?kod=tid&vidare=%2Fadmin%2Fko");
        let cookie = side.somebody(&Roles::of([Role::Operations])).await;
        for _ in 0..27 {
            town.hand.advance(Duration::minutes(9));
            side.get("/admin", &cookie).await;
        }
        assert!(side.get("/admin", &cookie).await.0.is_redirection(), "four hours are the end");
    }
}

const SOME_ID: &str = "01932f00-0000-7000-8000-000000000000";

/// Every page of the staff's side, by what one must be allowed to do there; the first page is everybody's.
const PAGES: &[(&str, Option<StaffAct>)] = &[
    ("/admin", None),
    ("/admin/ko", Some(StaffAct::SeeQueue)),
    ("/admin/ko?visa=igen", Some(StaffAct::SeeQueue)),
    ("/admin/ko?visa=vantar", Some(StaffAct::SeeQueue)),
    ("/admin/tyck-till", Some(StaffAct::ReadFeedback)),
    (
        "/admin/tyck-till/01932f00-0000-7000-8000-000000000000",
        Some(StaffAct::AnswerFeedback),
    ),
    ("/admin/texter", Some(StaffAct::SeeTexts)),
    ("/admin/texter/skriv?slag=banner", Some(StaffAct::WriteText)),
    (
        "/admin/texter/skriv?utkast=01932f00-0000-7000-8000-000000000000",
        Some(StaffAct::WriteText),
    ),
    ("/admin/texter/help/hitta", Some(StaffAct::SeeTexts)),
    ("/admin/texter/news/finns-inte", Some(StaffAct::SeeTexts)),
    ("/admin/granskning", Some(StaffAct::ReadAudit)),
    ("/admin/konto", Some(StaffAct::OpenLook)),
    (
        "/admin/konto?fel=ord&utkast=01932f00-0000-7000-8000-000000000000",
        Some(StaffAct::OpenLook),
    ),
    (
        "/admin/konto/01932f00-0000-7000-8000-000000000000",
        Some(StaffAct::SeeAccount),
    ),
    ("/admin/godkann", Some(StaffAct::SecondLook)),
    ("/admin/spara", Some(StaffAct::TraceDelivery)),
    (
        "/admin/spara/01932f00-0000-7000-8000-000000000000",
        Some(StaffAct::TraceDelivery),
    ),
    (
        "/admin/granskning?kontroll=ja&akt=denied-staff",
        Some(StaffAct::ReadAudit),
    ),
    ("/admin/granskning/fil?form=csv", Some(StaffAct::ExportAudit)),
    ("/admin/granskning/fil?form=jsonl", Some(StaffAct::ExportAudit)),
    ("/admin/siffror", Some(StaffAct::SeeNumbers)),
    ("/admin/siffror.csv", Some(StaffAct::ExportNumbers)),
    ("/admin/avsandare", Some(StaffAct::SeeSenders)),
    (
        "/admin/avsandare/01932f00-0000-7000-8000-000000000000",
        Some(StaffAct::SeeSenders),
    ),
    ("/admin/avsandare.csv", Some(StaffAct::ExportSender)),
    ("/admin/certifikat", Some(StaffAct::SeeSenders)),
];

/// Every form, by what one must be allowed to do, with something to send.
const FORMS: &[(&str, StaffAct, &str)] = &[
    ("/api/admin/ko/igen", StaffAct::RetryJobs, ""),
    (
        "/api/admin/ko/igen",
        StaffAct::RetryJobs,
        "jobb=01932f00-0000-7000-8000-000000000000",
    ),
    ("/api/admin/ko/igen", StaffAct::RetryJobs, "sort=notice"),
    (
        "/api/admin/tyck-till/tagg",
        StaffAct::TagFeedback,
        "id=01932f00-0000-7000-8000-000000000000&tagg=fel",
    ),
    (
        "/api/admin/tyck-till/klar",
        StaffAct::CloseFeedback,
        "id=01932f00-0000-7000-8000-000000000000",
    ),
    (
        "/api/admin/tyck-till/svara",
        StaffAct::AnswerFeedback,
        "id=01932f00-0000-7000-8000-000000000000&svar=Hej",
    ),
    (
        "/api/admin/texter/spara",
        StaffAct::WriteText,
        "falt%5Bslag%5D=news&falt%5Bnamn%5D=x&gor=granska",
    ),
    ("/api/admin/texter/bort", StaffAct::WriteText, "slag=news&namn=x"),
    (
        "/api/admin/konto/oppna",
        StaffAct::OpenLook,
        "nummer=191212121212&skal=login&ord=Ringde",
    ),
    ("/api/admin/konto/oppna", StaffAct::OpenLook, "nummer=1"),
    (
        "/api/admin/konto/gor",
        StaffAct::ResendNotice,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=avisera&vad=00",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::EndSessions,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=logga-ut&vad=00",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::EndSessions,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=logga-ut-alla",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::LockMailbox,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=las&bett=ja",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::UnlockMailbox,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=las-upp&bett=ja",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::AskAgain,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=bekrafta&vad=00",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::ProtectHolder,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=skydda&bett=ja",
    ),
    (
        "/api/admin/konto/gor",
        StaffAct::SeeAccount,
        "insyn=01932f00-0000-7000-8000-000000000000&gor=stang",
    ),
    (
        "/api/admin/godkann/svara",
        StaffAct::SecondLook,
        "insyn=01932f00-0000-7000-8000-000000000000&svar=ja",
    ),
    (
        "/api/admin/spara/fraga",
        StaffAct::TraceDelivery,
        "vad=abc&skal=letter&ord=Ringde",
    ),
];

/// A page or a form that is added must be added above.
#[test]
fn every_page_and_form_of_the_staffs_side_is_in_the_table() {
    let tabled: BTreeSet<String> = PAGES
        .iter()
        .map(|(path, _)| (*path).to_owned())
        .chain(FORMS.iter().map(|(path, ..)| (*path).to_owned()))
        .map(|path| path.split('?').next().unwrap().replace(SOME_ID, ":id"))
        .map(|path| {
            path.replace("help/hitta", ":kind/:name")
                .replace("news/finns-inte", ":kind/:name")
        })
        .collect();
    let mut there = BTreeSet::from(["/admin/granskning/fil".to_owned()]);
    for file in rust_files("app/src").into_iter().chain(rust_files("server/src/web")) {
        for (mark, before) in [
            ("path!(\"/admin", "/admin"),
            ("endpoint = \"admin/", "/api/admin/"),
            (".route(\"/admin", "/admin"),
        ] {
            for rest in file.code.split(mark).skip(1) {
                there.insert(format!("{before}{}", rest.split('"').next().unwrap()));
            }
        }
    }
    // For those who are not logged in.
    there.remove("/admin/logga-in");
    there.remove("/admin/logga-in/lokal");
    assert_eq!(tabled, there);
}

/// The pages, and people who come to them.
struct Side<'a> {
    pages: Router,
    town: &'a Town,
}

impl Side<'_> {
    /// Somebody of the staff with these roles, logged in: their cookie.
    async fn somebody(&self, roles: &Roles) -> String {
        let house = &self.town.house;
        let user = house.ids.random().simple().to_string();
        let login: Login = format!("{user}@5599999017").parse().unwrap();
        let new = New {
            name: format!("Någon {roles}"),
            login,
            roles: roles.clone(),
            password: None,
        };
        add(house, new, "localhost").await.unwrap();
        let id = list(house).await.unwrap().last().unwrap().id;
        let (value, now) = (house.ids.random().to_string(), house.clock.now());
        let row = StaffSessionRow {
            id: Sha256::digest(value.as_bytes()).into(),
            staff_id: id,
            created_at: now,
            seen_at: now,
            expires_at: now + Duration::minutes(10),
        };
        let mut tx = house.db.begin().await.unwrap();
        store::staff_session::insert(&mut tx, &row).await.unwrap();
        tx.commit().await.unwrap();
        // Ids of one millisecond stand in any order.
        self.town.hand.advance(Duration::milliseconds(2));
        format!("brevlada-staff={value}")
    }

    async fn ask(&self, request: Request<Body>) -> (StatusCode, String) {
        let response: Response<Body> = self.pages.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let location = response.headers().get(header::LOCATION);
        let location = location
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(status != StatusCode::OK || !body.is_empty());
        (status, location)
    }

    async fn get(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    async fn post(&self, path: &str, cookie: &str, form: &str) -> (StatusCode, String) {
        let request = Request::post(path)
            .header(header::COOKIE, cookie)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.to_owned())).unwrap()).await
    }
}

/// Tolvan, logged in to his mailbox: his cookie.
async fn citizen(town: &Town, desk: &LoginDesk) -> String {
    let person = server::login::saml::identity::Person {
        number: town.tolvan.number,
        name: town.tolvan.name.clone(),
        transaction: None,
    };
    let new = NewSession {
        person: &person,
        idp: "https://idp.example",
        level: "loa3",
        assertion_id: "_a",
        device: String::new(),
    };
    let mut tx = town.house.db.begin().await.unwrap();
    let value = desk.sessions().begin(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    format!("brevlada={value}")
}
