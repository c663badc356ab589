//! Two mailboxes with letters in them, a clock that is moved by hand, and a worker.

use crate::harness::{Database, Engine, house_on, key_of, open_mailbox, person};
use server::clock::HandClock;
use server::config::Config;
use server::domain::letter::Header;
use server::domain::sorting::{ARCHIVE, BIN, List, Order};
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::folders::{Changed, make, places};
use server::mailbox::inbox::Listed;
use server::mailbox::leaving::told;
use server::mailbox::list::{Listing, read_list};
use server::mailbox::sort::{Choice, Sorted, sort};
use server::outbox::Worker;
use server::seal::{MailboxKey, Place};
use server::search::Indexer;
use server::store;
use server::store::letter::LetterRow;
use server::store::place::Count;
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Tolvan's mailbox, and Bertil's, who must never see or change anything of hers.
pub(super) struct Mailboxes {
    pub house: House,
    pub clock: HandClock,
    worker: Worker,
    pub tolvan: Person,
    pub bertil: Person,
    pub mailbox: Uuid,
    key: MailboxKey,
    _database: Database,
}

impl Mailboxes {
    pub(super) async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
        let worker = Worker::new(house.clone(), &Config::load(None, []).unwrap()).unwrap();
        let tolvan = person("191212121212", "Tolvan Tolvansson");
        let bertil = person("197503029816", "Bertil Berg");
        let mailbox = open_mailbox(&house, &tolvan).await;
        let key = key_of(&house, mailbox).await;
        open_mailbox(&house, &bertil).await;
        Some(Self {
            house,
            clock,
            worker,
            tolvan,
            bertil,
            mailbox,
            key,
            _database: database,
        })
    }

    /// A letter in Tolvan's inbox, unread, a minute after the one before.
    pub(super) async fn letter(&self, sender: &str, subject: &str) -> Uuid {
        self.letters(&[(sender, subject)]).await.remove(0)
    }

    /// Puts the letters into the index of search.
    pub(super) async fn index(&self) {
        let config = Config::load(None, []).unwrap();
        let indexer = Indexer::new(self.house.clone(), &config.search).unwrap();
        indexer.run_waiting(&CancellationToken::new()).await.unwrap();
    }

    /// Several, in one delivery each.
    pub(super) async fn letters(&self, letters: &[(&str, &str)]) -> Vec<Uuid> {
        let mut tx = self.house.db.begin().await.unwrap();
        let mut ids = Vec::new();
        for (sender, subject) in letters {
            self.clock.advance(Duration::minutes(1));
            let now = self.house.clock.now();
            let delivery = self.house.ids.at(now);
            let key: [u8; 32] = std::array::from_fn(|n| delivery.as_bytes()[n % 16]);
            store::delivery::insert(&mut tx, self.mailbox, delivery, key, b"sealed", now)
                .await
                .unwrap();
            let row = self.row(delivery, sender, subject, now);
            store::letter::insert(&mut tx, self.mailbox, &row).await.unwrap();
            ids.push(row.id);
        }
        store::mailbox::receive(&mut tx, self.mailbox, i64::try_from(ids.len()).unwrap())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        ids
    }

    /// Two letters that came together.
    pub(super) async fn two_letters_in_one_delivery(&self) -> (Uuid, Uuid) {
        let first = self.letter("A", "Första").await;
        let delivery = self.deliveries(&[first]).await[0];
        self.clock.advance(Duration::minutes(1));
        let row = self.row(delivery, "A", "Andra", self.house.clock.now());
        let mut tx = self.house.db.begin().await.unwrap();
        store::letter::insert(&mut tx, self.mailbox, &row).await.unwrap();
        store::mailbox::receive(&mut tx, self.mailbox, 1).await.unwrap();
        tx.commit().await.unwrap();
        (first, row.id)
    }

    /// The deliveries that letters came in.
    pub(super) async fn deliveries(&self, letters: &[Uuid]) -> Vec<Uuid> {
        let mut tx = self.house.db.read().await.unwrap();
        let mut found = Vec::new();
        for letter in letters {
            let row = store::letter::by_id(&mut tx, self.mailbox, *letter)
                .await
                .unwrap()
                .unwrap();
            found.push(row.delivery_id);
        }
        found
    }

    fn row(&self, delivery_id: Uuid, sender: &str, subject: &str, now: OffsetDateTime) -> LetterRow {
        let id = self.house.ids.at(now);
        let header = serde_json::to_vec(&Header {
            sender: sender.to_owned(),
            sender_number: Some(sender.to_owned()),
            subject: subject.to_owned(),
            preview: None,
            payment: None,
            matter: None,
            passed_on_by: None,
        })
        .unwrap();
        LetterRow {
            id,
            delivery_id,
            place: 0,
            header: self
                .key
                .seal(self.house.ids, &Place::of("letter", &id, "header"), &header)
                .unwrap(),
            attachments: 0,
            read_at: None,
            received_at: now,
            folder_id: None,
            binned_at: None,
            starred_at: None,
            sender_index: Some(self.key.blind("sender").unwrap().token(sender).to_vec()),
        }
    }

    /// A folder of Tolvan's.
    pub(super) async fn folder(&self, name: &str, parent: Option<Uuid>) -> Uuid {
        self.clock.advance(Duration::seconds(1));
        match make(&self.house, &self.tolvan, name, parent).await.unwrap() {
            Changed::Done(id) => id,
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Does something, as Tolvan; gives the act.
    pub(super) async fn does(&self, what: server::domain::sorting::What, choice: Choice) -> Uuid {
        self.clock.advance(Duration::seconds(1));
        match sort(&self.house, &self.tolvan, what, choice).await.unwrap() {
            Sorted::Begun(act) => act,
            other => panic!("{other:?}"),
        }
    }

    /// The letters of a whole list, page by page.
    pub(super) async fn list(&self, list: List, order: Order) -> Vec<Listed> {
        let mut all = Vec::new();
        let mut from = None;
        loop {
            let page = read_list(&self.house, &self.tolvan, list, order, from.as_deref())
                .await
                .unwrap();
            let Listing::Page { letters, next } = page else {
                panic!("no such list: {list:?}")
            };
            all.extend(letters);
            match next {
                Some(next) => from = Some(next),
                None => return all,
            }
        }
    }

    /// Their ids.
    pub(super) async fn ids(&self, list: List) -> Vec<Uuid> {
        self.list(list, Order::Newest)
            .await
            .iter()
            .map(|letter| letter.id)
            .collect()
    }

    /// Does everything that is due.
    pub(super) async fn run_jobs(&self) {
        self.worker.run_due(&CancellationToken::new()).await.unwrap();
    }

    /// What is counted is what is there: every count against the lists themselves.
    pub(super) async fn counts_are_right(&self) {
        let places = places(&self.house, &self.tolvan).await.unwrap().unwrap();
        let mut expected: Vec<(Uuid, Count)> = places.folders.iter().map(|folder| (folder.id, folder.count)).collect();
        expected.push((ARCHIVE, places.archive));
        let mut unread_there = 0;
        for (place, count) in expected {
            let letters = self.list(List::Placed(place), Order::Newest).await;
            assert_eq!(count, counted(&letters), "{place}");
            unread_there += count.unread;
        }
        assert_eq!(places.bin, counted(&self.list(List::Bin, Order::Newest).await), "{BIN}");
        let inbox = counted(&self.list(List::Inbox, Order::Newest).await);
        let all = told(&self.house, &self.tolvan).await.unwrap().unwrap().unread;
        assert_eq!(
            i64::try_from(all).unwrap(),
            inbox.unread + unread_there,
            "all that is unread is counted"
        );
    }
}

fn counted(letters: &[Listed]) -> Count {
    Count {
        letters: i64::try_from(letters.len()).unwrap(),
        unread: i64::try_from(letters.iter().filter(|letter| letter.unread).count()).unwrap(),
    }
}
