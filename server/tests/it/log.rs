//! The rule for logs: never a number, a name, an address, a subject, a body, a token or a key. At every level.

use infrastruktur::catcher::{Caught, serve_smtp};
use server::clock::{HandClock, Ids};
use server::config::Config;
use server::db::Db;
use server::domain::channel::Channel;
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::contacts::{Added, Wish, add, confirm, remove};
use server::outbox::{Job, Worker, enqueue};
use server::seal::{Keys, Place};
use server::store;
use server::telemetry;
use std::io::Write;
use std::sync::{Arc, Mutex};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// What a log writes on.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Paper {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Contact details, codes, notices that succeed, wait and fail, and requests that carry what they should not: the log, at its
/// most talkative, speaks of all of it and names nobody. One thread, so that everything is written on the one paper.
#[tokio::test(flavor = "current_thread")]
#[expect(
    clippy::too_many_lines,
    reason = "one story: everything that is logged stands on the one paper"
)]
async fn the_log_tells_what_happened_and_names_nobody() {
    let paper = Paper::default();
    let writer = paper.clone();
    // Where there is one subscriber alone, tracing asks the thread that first meets a line whether anybody wants it. Another test's thread has
    // none, and the line would be lost to this one too; so there are two.
    let _another = tracing::Dispatch::new(telemetry::to_json("trace", std::io::sink));
    let logging = tracing::subscriber::set_default(telemetry::to_json("trace", move || writer.clone()));

    let folder = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", folder.path().join("brevlada.db").display()))
        .await
        .unwrap();
    db.migrate().await.unwrap();
    let master = folder.path().join("master.toml");
    Keys::create(&master, Ids, true).unwrap();
    let clock = HandClock::at(OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
    let house = House::new(db, Keys::load(&master).unwrap(), clock.clock());
    let tolvan = Person::new("191212121212".parse().unwrap(), "Tolvan Tolvansson".to_owned());
    let now = house.clock.now();
    let mailbox_id = house.ids.at(now);
    let (key, wrapped) = house.keys.new_mailbox_key(Ids, &mailbox_id).unwrap();
    let mut tx = house.db.begin().await.unwrap();
    let new = store::mailbox::NewMailbox {
        id: mailbox_id,
        holder_index: house.keys.blind_index("holder", "191212121212"),
        holder: key
            .seal(
                Ids,
                &Place::of("mailbox", &mailbox_id, "holder"),
                br#"{"number":"191212121212","name":"Tolvan Tolvansson"}"#,
            )
            .unwrap(),
        wrapped,
        language: "sv".to_owned(),
        terms: "1".to_owned(),
        opened_at: now,
    };
    store::mailbox::insert(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut config = Config::load(None, []).unwrap();
    config.smtp.url = format!("smtp://{}", listener.local_addr().unwrap()).parse().unwrap();
    // Nobody listens on port 1.
    config.sms.url = "http://127.0.0.1:1/a1/sms".parse().unwrap();
    let (caught, stop) = (Caught::new(100), CancellationToken::new());
    tokio::spawn(serve_smtp(
        listener,
        caught.clone(),
        infrastruktur::clock::Clock::system(),
        1 << 20,
        stop.clone(),
    ));
    let worker = Worker::new(house.clone(), &config).unwrap();

    // A code that arrives, a wrong one, the right one; then a notice.
    let added = add(&house, &tolvan, Channel::Email, "tolvan.t@example.se")
        .await
        .unwrap();
    let Added::CodeSent(address) = added else {
        panic!("{added:?}")
    };
    worker.run_due(&stop).await.unwrap();
    let mail = caught.all().pop().unwrap().text.unwrap();
    let code = mail
        .split(|c: char| !c.is_ascii_digit())
        .find(|digits| digits.len() == 6)
        .unwrap()
        .to_owned();
    confirm(&house, &tolvan, address, "abcdef", Wish::AsRuled)
        .await
        .unwrap();
    confirm(&house, &tolvan, address, &code, Wish::AsRuled).await.unwrap();
    let letter_id = house.ids.at(now);
    let header = br#"{"sender":"Kommun hemlig","subject":"Hemlig rubrik"}"#;
    let letter = store::letter::LetterRow {
        id: letter_id,
        delivery_id: letter_id,
        place: 0,
        header: key
            .seal(Ids, &Place::of("letter", &letter_id, "header"), header)
            .unwrap(),
        attachments: 0,
        read_at: None,
        received_at: now,
        folder_id: None,
        binned_at: None,
        starred_at: None,
        sender_index: None,
    };
    let mut tx = house.db.begin().await.unwrap();
    store::letter::insert(&mut tx, mailbox_id, &letter).await.unwrap();
    enqueue(&mut tx, &house, &Job::Notice { mailbox_id, letter_id }, now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    worker.run_due(&stop).await.unwrap();

    // Addresses that the mail server refuses, with words that repeat them.
    for address in ["studs@example.org", "senare@example.org"] {
        add(&house, &tolvan, Channel::Email, address).await.unwrap();
        worker.run_due(&stop).await.unwrap();
    }
    add(&house, &tolvan, Channel::Sms, "070-174 06 05").await.unwrap();
    worker.run_due(&stop).await.unwrap();
    remove(&house, &tolvan, address).await.unwrap();
    clock.advance(Duration::hours(9));
    worker.run_due(&stop).await.unwrap();
    stop.cancel();

    // Requests with what a person wrote in the address and in headers.
    let routes = axum::Router::new()
        .route("/brev/{id}", axum::routing::get(async || "a body that is secret"))
        .layer(axum::middleware::from_fn_with_state(Ids, telemetry::trace));
    for uri in ["/brev/19121212-1212?q=Tolvansson", "/sok?q=hemlig+sjukdom"] {
        let request = http::Request::builder()
            .uri(uri)
            .header("cookie", "session=kakan")
            .header("x-request-id", "Tolvansson")
            .body(axum::body::Body::empty())
            .unwrap();
        routes.clone().oneshot(request).await.unwrap();
    }
    drop(logging);

    let log = paper.text();
    for told in [
        "job done",
        "the mail server answered 550",
        "the mail server answered 451",
        "the text message gateway was not reached",
        "/brev/{id}",
        "request_id",
    ] {
        assert!(log.contains(told), "«{told}» should be in the log:\n{log}");
    }
    let master = std::fs::read_to_string(&master).unwrap();
    let keys = master.lines().filter_map(|line| line.split('"').nth(1));
    let personal = [
        "191212121212",
        "19121212-1212",
        "Tolvan",
        "tolvan",
        "example.se",
        "example.org",
        "studs",
        "0701740605",
        "46701740605",
        "senare",
        "hemlig",
        "Hemlig",
        "kakan",
        "a body that is secret",
        &code,
    ];
    for secret in personal.into_iter().chain(keys) {
        let line = log.lines().find(|line| line.contains(secret));
        assert!(
            line.is_none(),
            "«{secret}» must not be in the log: {}",
            line.unwrap_or_default()
        );
    }
}
