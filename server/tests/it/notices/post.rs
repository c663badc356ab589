//! A house with two mailboxes, a mail server, a text message gateway and a push service.

use crate::harness::{Database, Engine, house_on, key_of, open_mailbox, person};
use infrastruktur::catcher::{Caught, Kind, Message, PushService, Subscribed, push_router, serve_smtp, sms_router};
use server::clock::HandClock;
use server::config::Config;
use server::domain::channel::Channel;
use server::domain::device::Device;
use server::domain::letter::Header;
use server::domain::notice_rules::Rules;
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::browser;
use server::mailbox::contacts::{Added, Confirmed, Wish, add, confirm, contacts};
use server::mailbox::mark::{Marked, mark};
use server::mailbox::notice_log::notices;
use server::mailbox::notice_rules::{Changed, change};
use server::outbox::push::Offer;
use server::outbox::{Job, Worker, enqueue};
use server::seal::Place;
use server::store;
use server::store::letter::LetterRow;
use server::store::notice::{NoticeKind, NoticeState};
use time::{Duration, OffsetDateTime};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

pub(super) const ADDRESS: &str = "tolvan@example.se";
pub(super) const MOBILE: &str = "+46701740605";

/// The house.
pub(super) struct Post {
    pub house: House,
    pub clock: HandClock,
    pub worker: Worker,
    pub config: Config,
    pub caught: Caught,
    pub push: PushService,
    pub tolvan: Person,
    pub other: Person,
    pub mailbox: Uuid,
    pub database: Database,
    _servers: DropGuard,
}

/// A notice as the person sees it: what, how, state, tries, where.
pub(super) type Seen = (NoticeKind, Channel, NoticeState, i64, String);

impl Post {
    pub(super) async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        // A Friday, 08.00 UTC: 09.00 in Sweden.
        let (house, clock) = house_on(&database, OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());

        let mut config = Config::load(None, []).unwrap();
        let caught = Caught::new(10_000);
        let stop = CancellationToken::new();
        let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();
        config.smtp.url = format!("smtp://{}", mail.local_addr().unwrap()).parse().unwrap();
        let real = infrastruktur::clock::Clock::system;
        tokio::spawn(serve_smtp(mail, caught.clone(), real(), 1 << 20, stop.clone()));
        let sms = TcpListener::bind("127.0.0.1:0").await.unwrap();
        config.sms.url = format!("http://{}/a1/sms", sms.local_addr().unwrap()).parse().unwrap();
        let soon = std::time::Duration::from_millis(10);
        let gateway = axum::serve(sms, sms_router(caught.clone(), real(), soon));
        // Nothing takes them in, but in the stories about them.
        config.sms.reports = false;
        tokio::spawn(
            gateway
                .with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );
        let service = TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Tokens are judged by the house's own time.
        let hand = clock.clock();
        let theirs = infrastruktur::clock::Clock::from_fn(move || hand.now());
        let push = PushService::new(caught.clone(), theirs, service.local_addr().unwrap());
        let serving = axum::serve(service, push_router(push.clone()));
        tokio::spawn(
            serving
                .with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );

        let tolvan = person("191212121212", "Tolvan Tolvansson");
        let other = person("197503029816", "Bertil Berg");
        let mailbox = open_mailbox(&house, &tolvan).await;
        open_mailbox(&house, &other).await;
        let worker = Worker::new(house.clone(), &config).unwrap();
        Some(Self {
            house,
            clock,
            worker,
            config,
            caught,
            push,
            tolvan,
            other,
            mailbox,
            database,
            _servers: stop.drop_guard(),
        })
    }

    /// Does everything that is due, and what that leads to.
    pub(super) async fn run_jobs(&self) -> usize {
        self.worker.run_due(&CancellationToken::new()).await.unwrap()
    }

    /// Moves the clock, and does what is due then.
    pub(super) async fn after(&self, by: Duration) {
        self.clock.advance(by);
        self.run_jobs().await;
    }

    /// A worker whose mail server is not there: nobody listens on port 1.
    pub(super) fn worker_without_mail(&self) -> Worker {
        let mut config = self.config.clone();
        config.smtp.url = "smtp://127.0.0.1:1".parse().unwrap();
        Worker::new(self.house.clone(), &config).unwrap()
    }

    /// A worker whose text message gateway is not there.
    pub(super) fn worker_without_gateway(&self) -> Worker {
        let mut config = self.config.clone();
        config.sms.url = "http://127.0.0.1:1/a1/sms".parse().unwrap();
        Worker::new(self.house.clone(), &config).unwrap()
    }

    /// Gives an address and reads the code that comes to it.
    pub(super) async fn ask_for_code(&self, channel: Channel, address: &str) -> (Uuid, String) {
        let added = add(&self.house, &self.tolvan, channel, address).await.unwrap();
        let Added::CodeSent(id) = added else {
            panic!("{added:?}");
        };
        self.run_jobs().await;
        (id, code_in(&self.caught.all().pop().unwrap()))
    }

    /// Gives and confirms an address; what that leads to is sent and forgotten.
    pub(super) async fn reached_at(&self, channel: Channel, address: &str) -> Uuid {
        let (id, code) = self.ask_for_code(channel, address).await;
        let confirmed = confirm(&self.house, &self.tolvan, id, &code, Wish::AsRuled)
            .await
            .unwrap();
        assert_eq!(confirmed, Confirmed::Done);
        self.run_jobs().await;
        id
    }

    /// What browsers are subscribed with.
    pub(super) fn offer(&self) -> Offer {
        let offer = Offer::of(&self.config.push, &self.config.web.public_url, &self.house.keys);
        offer.unwrap().unwrap()
    }

    /// A browser of somebody's that the push service knows, under our key.
    pub(super) fn browser(&self) -> Subscribed {
        self.push.subscribe(Some(self.offer().public)).unwrap()
    }

    /// Gives a browser; what that leads to is sent and forgotten.
    pub(super) async fn subscribe(&self, person: &Person, browser: &Subscribed) -> browser::Subscribed {
        self.subscribe_as(person, browser, None).await
    }

    /// The same of one that had another endpoint before.
    pub(super) async fn subscribe_as(
        &self,
        person: &Person,
        browser: &Subscribed,
        replaces: Option<&Subscribed>,
    ) -> browser::Subscribed {
        let given = browser::Given {
            endpoint: &browser.endpoint,
            p256dh: &browser.keys.p256dh,
            auth: &browser.keys.auth,
            device: Device::of("Chrome/140 Android"),
            replaces: replaces.map(|before| before.endpoint.as_str()),
        };
        let subscribed = browser::subscribe(&self.house, person, &self.offer(), given)
            .await
            .unwrap();
        self.run_jobs().await;
        subscribed
    }

    /// As when a letter comes in.
    pub(super) async fn letter(&self, sender: &str, subject: &str) -> Uuid {
        let (house, now) = (&self.house, self.house.clock.now());
        let id = house.ids.at(now);
        let header = Header {
            sender: sender.to_owned(),
            sender_number: Some(format!("1620{:08}", sender.len())),
            subject: subject.to_owned(),
            preview: None,
            payment: None,
            matter: None,
            passed_on_by: None,
        };
        let key = key_of(house, self.mailbox).await;
        let mut tx = house.db.begin().await.unwrap();
        let header = serde_json::to_vec(&header).unwrap();
        let row = LetterRow {
            id,
            delivery_id: id,
            place: 0,
            header: key
                .seal(house.ids, &Place::of("letter", &id, "header"), &header)
                .unwrap(),
            attachments: 0,
            read_at: None,
            received_at: now,
            folder_id: None,
            binned_at: None,
            starred_at: None,
            sender_index: None,
        };
        store::letter::insert(&mut tx, self.mailbox, &row).await.unwrap();
        store::mailbox::receive(&mut tx, self.mailbox, 1).await.unwrap();
        let job = Job::Notice {
            mailbox_id: self.mailbox,
            letter_id: id,
        };
        enqueue(&mut tx, house, &job, now).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A letter that comes and is told of as far as it can be now.
    pub(super) async fn a_letter_comes(&self) -> Uuid {
        let id = self.letter("Kommun A", "Hemlig rubrik").await;
        self.run_jobs().await;
        id
    }

    /// The person opens a letter.
    pub(super) async fn read(&self, letter: Uuid) {
        let marked = mark(&self.house, &self.tolvan, letter, false).await.unwrap();
        assert_eq!(marked, Marked::Done);
    }

    /// Changes the rules.
    pub(super) async fn rule(&self, how: impl FnOnce(&mut Rules) + Send) {
        let changed = change(&self.house, &self.tolvan, |rules| {
            how(rules);
            Changed::Done
        });
        assert_eq!(changed.await.unwrap(), Changed::Done);
        self.run_jobs().await;
    }

    /// Every notice of the person's, in an order that does not depend on which of two came first in the same moment.
    pub(super) async fn seen(&self) -> Vec<Seen> {
        let (rows, _) = notices(&self.house, &self.tolvan, None, None).await.unwrap();
        let mut seen: Vec<Seen> = rows
            .into_iter()
            .map(|logged| {
                let row = logged.row;
                (row.kind, row.channel, row.state, row.attempts, logged.to.to_string())
            })
            .collect();
        seen.sort_by_key(|one| format!("{one:?}"));
        seen
    }

    /// The notices of letters alone.
    pub(super) async fn told(&self) -> Vec<Seen> {
        let mut seen = self.seen().await;
        seen.retain(|(kind, ..)| matches!(kind, NoticeKind::Letters | NoticeKind::Reminder));
        seen
    }

    /// What was caught since there were so many, by e-mail or by text message: to and text.
    pub(super) fn caught_since(&self, count: usize) -> Vec<(Kind, String, String)> {
        let new = self.caught.all().into_iter().skip(count);
        new.map(|message| (message.kind, message.to, message.text.unwrap_or_default()))
            .collect()
    }

    /// Whether an address of the person's takes something.
    pub(super) async fn is_in_use(&self, id: Uuid) -> Option<bool> {
        let known = contacts(&self.house, &self.tolvan).await.unwrap().known;
        known
            .iter()
            .find(|known| known.row.id == id)
            .map(|known| known.row.is_in_use())
    }

    /// The table of jobs without reminders: kind, state, number.
    pub(super) async fn jobs(&self) -> Vec<(String, String, i64)> {
        let mut tx = self.house.db.read().await.unwrap();
        let counts = store::job::counts(&mut tx).await.unwrap();
        counts
            .into_iter()
            .filter(|jobs| jobs.kind != "reminder")
            .map(|jobs| (jobs.kind, jobs.state, jobs.count))
            .collect()
    }
}

/// The six digits in a message.
pub(super) fn code_in(message: &Message) -> String {
    let text = message.text.as_ref().unwrap();
    let six = |digits: &&str| digits.len() == 6;
    text.split(|c: char| !c.is_ascii_digit()).find(six).unwrap().to_owned()
}

pub(super) fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}
