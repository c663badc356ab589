//! Notices and codes by mail, with a real SMTP server in the test: infrastruktur's catcher.

use crate::harness::{Database, Engine};
use app::ports::{ChangeEmail, ConfirmEmail, Contact, NoticeState};
use infrastruktur::catcher::{Caught, Message, serve_smtp};
use server::clock::{HandClock, Ids};
use server::config::Config;
use server::domain::holder::Holder;
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::contact::{change_email, confirm_email, contact, remove_email};
use server::mailbox::notices::notices;
use server::outbox::{Job, Worker, enqueue};
use server::seal::{Keys, Place};
use server::store;
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

const TOLVAN: &str = "191212121212";
const ADDRESS: &str = "tolvan@example.se";

/// A house with one mailbox, Tolvan's, and a mail server.
struct Post {
    house: House,
    clock: HandClock,
    worker: Worker,
    config: Config,
    caught: Caught,
    tolvan: Person,
    mailbox: Uuid,
    database: Database,
    _mail_server: DropGuard,
}

impl Post {
    async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let master = database.folder.path().join("master.toml");
        Keys::create(&master, Ids, true).unwrap();
        let clock = HandClock::at(OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
        let house = House::new(database.db.clone(), Keys::load(&master).unwrap(), clock.clock());

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = Config::load(None, []).unwrap();
        config.smtp.url = format!("smtp://{}", listener.local_addr().unwrap()).parse().unwrap();
        let caught = Caught::new(10_000);
        let stop = CancellationToken::new();
        tokio::spawn(serve_smtp(
            listener,
            caught.clone(),
            infrastruktur::clock::Clock::system(),
            1 << 20,
            stop.clone(),
        ));
        let tolvan = Person {
            number: TOLVAN.parse().unwrap(),
            name: "Tolvan Tolvansson".to_owned(),
        };
        let mailbox = open_mailbox(&house, &tolvan).await;
        let worker = Worker::new(house.clone(), &config).unwrap();
        Some(Self {
            house,
            clock,
            worker,
            config,
            caught,
            tolvan,
            mailbox,
            database,
            _mail_server: stop.drop_guard(),
        })
    }

    /// Does everything that is due.
    async fn run_jobs(&self) -> usize {
        self.worker.run_due(&CancellationToken::new()).await.unwrap()
    }

    /// A worker whose mail server is not there: nobody listens on port 1.
    fn worker_without_a_server(&self) -> Worker {
        let mut config = self.config.clone();
        config.smtp.url = "smtp://127.0.0.1:1".parse().unwrap();
        Worker::new(self.house.clone(), &config).unwrap()
    }

    /// Gives an address and reads the code in the mail.
    async fn ask_for_code(&self, address: &str) -> String {
        assert_eq!(
            change_email(&self.house, &self.tolvan, address).await.unwrap(),
            Some(ChangeEmail::CodeSent)
        );
        self.run_jobs().await;
        code_in(&self.caught.all().pop().unwrap())
    }

    async fn confirm(&self, address: &str) {
        let code = self.ask_for_code(address).await;
        assert_eq!(
            confirm_email(&self.house, &self.tolvan, &code).await.unwrap(),
            ConfirmEmail::Confirmed
        );
    }

    /// As when a letter comes in.
    async fn a_letter_comes(&self) -> Uuid {
        let letter_id = self.house.ids.at(self.house.clock.now());
        let mut tx = self.house.db.begin().await.unwrap();
        let job = Job::Notice {
            mailbox_id: self.mailbox,
            letter_id,
        };
        enqueue(&mut tx, &self.house, &job, self.house.clock.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        letter_id
    }

    /// State, tries and letter of every notice that the person sees.
    async fn seen(&self) -> Vec<(NoticeState, u32, String)> {
        let rows = notices(&self.house, &self.tolvan).await.unwrap();
        rows.into_iter()
            .map(|row| (row.state, row.attempts, row.letter.unwrap().0))
            .collect()
    }

    /// The table of jobs: kind, state, number.
    async fn jobs(&self) -> Vec<(String, String, i64)> {
        let mut tx = self.house.db.read().await.unwrap();
        let counts = store::job::counts(&mut tx).await.unwrap();
        counts
            .into_iter()
            .map(|jobs| (jobs.kind, jobs.state, jobs.count))
            .collect()
    }
}

async fn open_mailbox(house: &House, person: &Person) -> Uuid {
    let now = house.clock.now();
    let id = house.ids.at(now);
    let (key, wrapped) = house.keys.new_mailbox_key(house.ids, &id).unwrap();
    let holder = Holder {
        number: person.number.to_string(),
        name: person.name.clone(),
    };
    let holder = serde_json::to_vec(&holder).unwrap();
    let mut tx = house.db.begin().await.unwrap();
    let new = store::mailbox::NewMailbox {
        id,
        holder_index: house.keys.blind_index("holder", &person.number.to_string()),
        holder: key
            .seal(house.ids, &Place::of("mailbox", &id, "holder"), &holder)
            .unwrap(),
        wrapped,
        language: "sv".to_owned(),
        terms: "1".to_owned(),
        opened_at: now,
    };
    store::mailbox::insert(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The six digits in a mail.
fn code_in(mail: &Message) -> String {
    let text = mail.text.as_ref().unwrap();
    let digits: Vec<char> = text.chars().collect();
    digits
        .windows(6)
        .find(|six| six.iter().all(char::is_ascii_digit))
        .unwrap()
        .iter()
        .collect()
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

on_both_databases! {
    /// The whole way: address, code, confirmation, letter, notice, and the person's own list.
    async fn a_letter_is_announced_to_the_confirmed_address(post: Post) {
        assert_eq!(contact(&post.house, &post.tolvan).await.unwrap(), Contact::None);
        let code = post.ask_for_code(" Tolvan@Example.se ").await;
        assert_eq!(
            contact(&post.house, &post.tolvan).await.unwrap(),
            Contact::Unconfirmed { email: "Tolvan@example.se".to_owned() }
        );
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(confirm_email(&post.house, &post.tolvan, &spaced).await.unwrap(), ConfirmEmail::Confirmed);
        assert_eq!(
            contact(&post.house, &post.tolvan).await.unwrap(),
            Contact::Confirmed { email: "Tolvan@example.se".to_owned(), waiting: None }
        );

        let letter = post.a_letter_comes().await;
        assert_eq!(post.run_jobs().await, 1);
        let mail = post.caught.all().pop().unwrap();
        assert_eq!(mail.to, "Tolvan@example.se");
        assert_eq!(mail.subject.as_deref(), Some("Du har fått en ny försändelse"));
        assert!(mail.text.unwrap().contains("localhost:8080") && mail.html.unwrap().contains("<html lang=\"sv\">"));
        assert_eq!(post.seen().await, [(NoticeState::Sent, 1, letter.to_string())]);
        assert_eq!(post.jobs().await, []);
    }

    async fn a_notice_is_in_the_language_of_the_mailbox(post: Post) {
        post.confirm(ADDRESS).await;
        let mut tx = post.house.db.begin().await.unwrap();
        store::mailbox::set_language(&mut tx, post.mailbox, "en").await.unwrap();
        tx.commit().await.unwrap();
        post.a_letter_comes().await;
        post.run_jobs().await;
        let mail = post.caught.all().pop().unwrap();
        assert_eq!(mail.subject.as_deref(), Some("You have a new letter"));
    }

    async fn without_an_address_there_is_no_notice(post: Post) {
        post.a_letter_comes().await;
        post.run_jobs().await;
        assert_eq!(post.seen().await, []);
        assert_eq!(post.jobs().await, []);
        assert!(post.caught.all().is_empty());
    }

    /// Tried by the schedule, seen all the time, given up at last, and tried again when the operator says so.
    async fn when_the_mail_server_is_away_a_notice_is_tried_by_the_schedule(post: Post) {
        post.confirm(ADDRESS).await;
        let letter = post.a_letter_comes().await.to_string();
        let away = post.worker_without_a_server();
        let stop = CancellationToken::new();
        for (tries, wait) in (1..).zip(post.config.notice.retry.clone()) {
            assert_eq!(away.run_due(&stop).await.unwrap(), 1);
            assert_eq!(post.seen().await, [(NoticeState::Waiting, tries, letter.clone())]);
            post.clock.advance(Duration::try_from(wait).unwrap() - Duration::SECOND);
            assert_eq!(away.run_due(&stop).await.unwrap(), 0, "not before its time");
            post.clock.advance(Duration::SECOND);
        }
        assert_eq!(away.run_due(&stop).await.unwrap(), 1);
        assert_eq!(post.seen().await, [(NoticeState::Failed, 6, letter.clone())]);
        assert_eq!(post.jobs().await, [("notice".to_owned(), "failed".to_owned(), 1)]);
        post.clock.advance(Duration::days(1));
        assert_eq!(post.run_jobs().await, 0, "given up is given up");

        let mut tx = post.house.db.begin().await.unwrap();
        let failed = store::job::failed(&mut tx, 10).await.unwrap();
        assert_eq!(failed[0].3.as_deref(), Some("the mail server was not reached"));
        assert_eq!(store::job::retry_failed(&mut tx, post.house.clock.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(post.run_jobs().await, 1);
        assert_eq!(post.seen().await, [(NoticeState::Sent, 1, letter)]);
    }

    /// The catcher says 550 to `studs@…`. What it says with it may name the person, so only the number is kept.
    async fn a_refusal_is_kept_as_a_number_only(post: Post) {
        change_email(&post.house, &post.tolvan, "studs@example.se").await.unwrap();
        assert_eq!(post.run_jobs().await, 1);
        for wait in post.config.notice.retry.clone() {
            post.clock.advance(Duration::try_from(wait).unwrap());
            // The code is too old after half an hour; then there is nothing left to send.
            post.run_jobs().await;
        }
        assert_eq!(post.jobs().await, []);

        post.confirm(ADDRESS).await;
        post.a_letter_comes().await;
        let mut tx = post.house.db.begin().await.unwrap();
        let mut row = store::contact::read(&mut tx, post.mailbox).await.unwrap().unwrap();
        let mailbox = store::mailbox::by_id(&mut tx, post.mailbox).await.unwrap().unwrap();
        let key = post.house.keys.unwrap(&post.mailbox, &mailbox.wrapped).unwrap();
        let place = Place::of("contact", &post.mailbox, "confirmed");
        row.confirmed = Some(key.seal(Ids, &place, b"studs@example.se").unwrap());
        store::contact::put(&mut tx, post.mailbox, row).await.unwrap();
        tx.commit().await.unwrap();
        for wait in std::iter::once(std::time::Duration::ZERO).chain(post.config.notice.retry.clone()) {
            post.clock.advance(Duration::try_from(wait).unwrap());
            assert_eq!(post.run_jobs().await, 1);
        }
        let mut tx = post.house.db.read().await.unwrap();
        let failed = store::job::failed(&mut tx, 10).await.unwrap();
        assert_eq!(failed[0].3.as_deref(), Some("the mail server answered 550"));
    }

    async fn a_notice_that_waits_is_not_sent_once_the_address_is_gone(post: Post) {
        post.confirm(ADDRESS).await;
        let letter = post.a_letter_comes().await.to_string();
        post.worker_without_a_server().run_due(&CancellationToken::new()).await.unwrap();
        remove_email(&post.house, &post.tolvan).await.unwrap();
        assert_eq!(contact(&post.house, &post.tolvan).await.unwrap(), Contact::None);
        let before = post.caught.all().len();
        post.clock.advance(Duration::hours(1));
        post.run_jobs().await;
        assert_eq!(post.seen().await, [(NoticeState::Failed, 1, letter)]);
        assert_eq!(post.caught.all().len(), before);
        assert_eq!(post.jobs().await, []);
    }

    async fn a_job_whose_transaction_is_undone_never_was(post: Post) {
        post.confirm(ADDRESS).await;
        let mut tx = post.house.db.begin().await.unwrap();
        let job = Job::Notice { mailbox_id: post.mailbox, letter_id: Uuid::nil() };
        enqueue(&mut tx, &post.house, &job, post.house.clock.now()).await.unwrap();
        drop(tx);
        assert_eq!(post.run_jobs().await, 0);
    }

    /// Five workers, as in five processes, and two hundred notices: two hundred mails, no more and no fewer.
    async fn many_workers_do_each_job_once(post: Post) {
        post.confirm(ADDRESS).await;
        let before = post.caught.all().len();
        let mut tx = post.house.db.begin().await.unwrap();
        for number in 0..200 {
            let job = Job::Notice { mailbox_id: post.mailbox, letter_id: Uuid::from_u128(number) };
            enqueue(&mut tx, &post.house, &job, post.house.clock.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let workers = (0..5).map(|_| {
            let worker = Worker::new(post.house.clone(), &post.config).unwrap();
            tokio::spawn(async move {
                let stop = CancellationToken::new();
                // PostgreSQL may end one of two claims that wait for each other; the worker's loop then looks again.
                while !matches!(worker.run_due(&stop).await, Ok(0)) {}
            })
        });
        for ended in futures::future::join_all(workers).await {
            ended.unwrap();
        }
        assert_eq!(post.caught.all().len() - before, 200);
        let sent = notices(&post.house, &post.tolvan).await.unwrap();
        assert_eq!(sent.len(), 200);
        assert!(sent.iter().all(|row| row.state == NoticeState::Sent && row.attempts == 1));
        assert_eq!(post.jobs().await, []);
    }

    /// A process that dies with a job in its hands: another takes it when the lease is over, and counts the lost try.
    async fn a_crash_costs_one_try(post: Post) {
        post.confirm(ADDRESS).await;
        let letter = post.a_letter_comes().await.to_string();
        let now = post.house.clock.now();
        let mut tx = post.house.db.begin().await.unwrap();
        let lease = Duration::try_from(post.config.notice.lease).unwrap();
        let taken = store::job::claim(&mut tx, Uuid::nil(), now, now + lease, 10).await.unwrap();
        assert_eq!(taken.len(), 1);
        tx.commit().await.unwrap();
        assert_eq!(post.run_jobs().await, 0, "it is in somebody's hands");
        post.clock.advance(lease + Duration::SECOND);
        assert_eq!(post.run_jobs().await, 1);
        assert_eq!(post.seen().await, [(NoticeState::Sent, 2, letter)]);
    }

    /// The bell: no waiting for the next look, which here would be an hour away. And a stop ends the worker.
    async fn a_running_worker_sends_at_once_and_stops_when_asked(post: Post) {
        post.confirm(ADDRESS).await;
        let mut config = post.config.clone();
        config.notice.look_every = std::time::Duration::from_hours(1);
        let stop = CancellationToken::new();
        let running = tokio::spawn(Worker::new(post.house.clone(), &config).unwrap().run(stop.clone()));
        // Past its first look, and those it makes after the bells that have rung so far.
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        let before = post.caught.all().len();
        post.a_letter_comes().await;
        let arrived = tokio::time::timeout(std::time::Duration::from_secs(10), async {
            while post.caught.all().len() == before {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        arrived.await.expect("the mail comes soon");
        stop.cancel();
        tokio::time::timeout(std::time::Duration::from_secs(5), running).await.expect("it stops soon").unwrap();
    }

    async fn a_wrong_code_is_counted_and_five_are_too_many(post: Post) {
        let code = post.ask_for_code(ADDRESS).await;
        for left in (1..5).rev() {
            let answer = confirm_email(&post.house, &post.tolvan, &wrong(&code)).await.unwrap();
            assert_eq!(answer, ConfirmEmail::WrongCode { left });
        }
        assert_eq!(confirm_email(&post.house, &post.tolvan, &wrong(&code)).await.unwrap(), ConfirmEmail::Over);
        assert_eq!(confirm_email(&post.house, &post.tolvan, &code).await.unwrap(), ConfirmEmail::Over);
        let again = post.ask_for_code(ADDRESS).await;
        assert_eq!(confirm_email(&post.house, &post.tolvan, &again).await.unwrap(), ConfirmEmail::Confirmed);
        assert_eq!(confirm_email(&post.house, &post.tolvan, &again).await.unwrap(), ConfirmEmail::Over, "used once");
    }

    async fn a_code_holds_for_half_an_hour_and_for_its_own_address(post: Post) {
        let first = post.ask_for_code("first@example.se").await;
        let second = post.ask_for_code("second@example.se").await;
        if first != second {
            let answer = confirm_email(&post.house, &post.tolvan, &first).await.unwrap();
            assert_eq!(answer, ConfirmEmail::WrongCode { left: 4 });
        }
        post.clock.advance(Duration::minutes(30));
        assert_eq!(confirm_email(&post.house, &post.tolvan, &second).await.unwrap(), ConfirmEmail::Over);
    }

    async fn five_codes_an_hour_are_enough(post: Post) {
        for _ in 0..5 {
            post.ask_for_code(ADDRESS).await;
            remove_email(&post.house, &post.tolvan).await.unwrap();
        }
        let sixth = change_email(&post.house, &post.tolvan, ADDRESS).await.unwrap();
        assert_eq!(sixth, Some(ChangeEmail::TooMany));
        post.clock.advance(Duration::HOUR);
        post.ask_for_code(ADDRESS).await;
    }

    /// The old address gets the notices until the new one is confirmed.
    async fn a_new_address_waits_beside_the_old_one(post: Post) {
        post.confirm("old@example.se").await;
        let code = post.ask_for_code("new@example.se").await;
        post.a_letter_comes().await;
        post.run_jobs().await;
        assert_eq!(post.caught.all().pop().unwrap().to, "old@example.se");
        assert_eq!(
            contact(&post.house, &post.tolvan).await.unwrap(),
            Contact::Confirmed { email: "old@example.se".to_owned(), waiting: Some("new@example.se".to_owned()) }
        );
        assert_eq!(confirm_email(&post.house, &post.tolvan, &code).await.unwrap(), ConfirmEmail::Confirmed);
        post.a_letter_comes().await;
        post.run_jobs().await;
        assert_eq!(post.caught.all().pop().unwrap().to, "new@example.se");
    }

    async fn what_is_no_address_is_refused_and_a_stranger_has_nothing(post: Post) {
        for no in ["", "tolvan", "tolvan@localhost", "tolvan@example.se\r\nBcc: all@example.se"] {
            let answer = change_email(&post.house, &post.tolvan, no).await.unwrap();
            assert_eq!(answer, Some(ChangeEmail::NotAnAddress), "{no}");
        }
        let stranger = Person { number: "198112189876".parse().unwrap(), name: "X".to_owned() };
        assert_eq!(change_email(&post.house, &stranger, ADDRESS).await.unwrap(), None);
        assert_eq!(confirm_email(&post.house, &stranger, "000000").await.unwrap(), ConfirmEmail::Over);
        assert_eq!(contact(&post.house, &stranger).await.unwrap(), Contact::None);
        assert!(notices(&post.house, &stranger).await.unwrap().is_empty());
    }
}

/// Address and code are nowhere in the database's files, neither while the code waits nor after.
#[tokio::test]
async fn the_files_of_the_database_hold_no_address_and_no_code() {
    let post = Post::on(Engine::Sqlite).await.unwrap();
    let code = post.ask_for_code(ADDRESS).await;
    change_email(&post.house, &post.tolvan, "other.person@example.se")
        .await
        .unwrap();
    confirm_email(&post.house, &post.tolvan, &wrong(&code)).await.unwrap();
    post.confirm(ADDRESS).await;
    post.a_letter_comes().await;
    post.run_jobs().await;
    for file in std::fs::read_dir(post.database.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [ADDRESS, "tolvan@", "other.person", TOLVAN, "Tolvansson", &code] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
}
