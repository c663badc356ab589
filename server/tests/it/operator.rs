//! Moving between operators, ending a mailbox, and what becomes of it: with a FaR that keeps books.

use crate::harness::{Town, login, person};
use infrastruktur::moving::move_to;
use infrastruktur::people;
use server::config::Config;
use server::domain::access::Act;
use server::domain::sorting::{List, Order};
use server::mailbox::access::{Person, find_mailbox};
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::leaving::{self, Ended, InRegister, Standing, check_batch, end, look, told};
use server::mailbox::list::{Listing, read_list};
use server::mailbox::reception::mark_of;
use server::mailbox::registration::{self, accept, move_here};
use server::outbox::Worker;
use server::store;
use std::time::Duration as StdDuration;
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const KOMMUN_A: &str = "162021004748";

impl Town {
    async fn standing(&self, person: &Person) -> Standing {
        told(&self.house, person).await.unwrap().unwrap().standing
    }

    /// As the other operator does when Tolvan chooses it.
    async fn moves_away(&self, who: &Person) {
        let clock = self.hand.clock();
        let clock = infrastruktur::clock::Clock::from_fn(move || clock.now());
        move_to(
            Self::pki(),
            &self.far_address(),
            people::ANOTHER_OPERATOR,
            who.number,
            &clock,
        )
        .await
        .unwrap();
    }

    /// Reads the text and ends the mailbox.
    async fn end(&self, who: &Person) -> Ended {
        let until = server::domain::leaving::destroyed_at(self.house.clock.now());
        end(&self.house, &*self.far, who, text, &mark_of(&text(until)), login())
            .await
            .unwrap()
    }

    async fn run_jobs(&self) {
        let worker = Worker::new(self.house.clone(), &Config::load(None, []).unwrap()).unwrap();
        worker.run_due(&CancellationToken::new()).await.unwrap();
    }

    async fn acts(&self, who: &Person) -> Vec<Act> {
        let log = read_access_log(&self.house, who, Show::All, None).await.unwrap();
        log.entries.into_iter().map(|entry| entry.act).collect()
    }

    async fn can_read(&self, who: &Person) -> bool {
        let list = read_list(&self.house, who, List::Inbox, Order::Newest, None)
            .await
            .unwrap();
        matches!(list, Listing::Page { .. })
    }

    /// Whether a delivery that comes now would be taken.
    async fn takes_letters(&self, mailbox: Uuid) -> bool {
        let mut tx = self.house.db.begin().await.unwrap();
        store::mailbox::receive(&mut tx, mailbox, 1).await.unwrap()
    }
}

fn text(until: OffsetDateTime) -> String {
    format!("Jag avslutar, senast läsbar {}.", until.date())
}

on_both_databases! {
    /// FaR tells nobody: whoever has gone is found by asking, the mailbox takes no letters, and the person can read on.
    async fn a_holder_who_moved_away_is_found(town: Town) {
        let mailbox = find_mailbox(&town.house, &town.tolvan).await.unwrap().unwrap();
        let batch = check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap();
        assert_eq!((batch.asked, batch.left), (1, 0));
        assert!(town.takes_letters(mailbox).await);
        town.moves_away(&town.tolvan).await;
        let batch = check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap();
        assert_eq!((batch.asked, batch.left, batch.believed), (1, 1, true));
        assert!(!town.takes_letters(mailbox).await, "Delivered=false from now on");
        let Standing::Moved { to, .. } = town.standing(&town.tolvan).await else { panic!("moved") };
        assert_eq!(to, people::ANOTHER_OPERATOR.name);
        assert!(town.can_read(&town.tolvan).await);
        assert_eq!(town.acts(&town.tolvan).await, [Act::MovedAway]);
        assert_eq!(check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap().asked, 0, "it is not asked about again");
    }

    /// The page itself asks FaR, and so does not wait for the round.
    async fn the_page_knows_at_once(town: Town) {
        let page = look(&town.house, &*town.far, &town.tolvan).await.unwrap().unwrap();
        assert_eq!((page.standing, page.register), (Standing::Open, InRegister::Here));
        town.moves_away(&town.tolvan).await;
        let page = look(&town.house, &*town.far, &town.tolvan).await.unwrap().unwrap();
        assert!(matches!(page.standing, Standing::Moved { .. }));
        assert_eq!(page.register, InRegister::Elsewhere(people::ANOTHER_OPERATOR.name.to_owned()));
        town.stop_around().await;
        let page = look(&town.house, &*town.far, &town.tolvan).await.unwrap().unwrap();
        assert_eq!(page.register, InRegister::Unknown);
    }

    /// From another operator to us: FaR moves the account, and the mailbox opens here. Twice is once.
    async fn a_holder_moves_here(town: Town) {
        let agnes = person("198005159804", "Agnes Andersson");
        let words = |from: &str| format!("Jag flyttar från {from}.");
        for _ in 0..2 {
            let moved = move_here(&town.house, &*town.far, &agnes, words, login(), "sv").await.unwrap();
            assert_eq!(moved, registration::Standing::Open);
        }
        assert!(matches!(town.far.standing(&agnes.number.into()).await, Ok(server::register::Standing::Here)));
        assert_eq!(town.standing(&agnes).await, Standing::Open);
        town.may_send(KOMMUN_A, "198005159804").await.unwrap();

        let minor = person("201206019836", "David Dahl");
        let refused = move_here(&town.house, &*town.far, &minor, words, login(), "sv").await.unwrap();
        assert_eq!(refused, registration::Standing::TooYoung);
        let nowhere = person("197503029816", "Bertil Berg");
        let refused = move_here(&town.house, &*town.far, &nowhere, words, login(), "sv").await.unwrap();
        assert_eq!(refused, registration::Standing::MayOpen);
        assert!(find_mailbox(&town.house, &nowhere).await.unwrap().is_none());
    }

    /// Somebody who moved away comes back: the old mailbox is open again, with what was in it.
    async fn a_holder_moves_away_and_comes_back(town: Town) {
        let before = find_mailbox(&town.house, &town.tolvan).await.unwrap().unwrap();
        town.moves_away(&town.tolvan).await;
        check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap();
        town.hand.advance(Duration::minutes(1));
        let words = |from: &str| format!("Jag flyttar från {from}.");
        let back = move_here(&town.house, &*town.far, &town.tolvan, words, login(), "sv").await.unwrap();
        assert_eq!(back, registration::Standing::Open);
        assert_eq!(find_mailbox(&town.house, &town.tolvan).await.unwrap(), Some(before));
        assert!(town.takes_letters(before).await);
        assert_eq!(town.acts(&town.tolvan).await, [Act::OpenedMailbox, Act::MovedAway]);
    }

    /// Open, ended, readable for thirty days, destroyed: and a new mailbox afterwards.
    async fn a_mailbox_is_ended_and_destroyed_on_its_day(town: Town) {
        let mailbox = find_mailbox(&town.house, &town.tolvan).await.unwrap().unwrap();
        let sealed_key = wrapped(&town, mailbox).await;
        let Ended::Done { until } = town.end(&town.tolvan).await else { panic!("ended") };
        assert_eq!(until, town.house.clock.now() + Duration::days(30));
        assert!(!town.takes_letters(mailbox).await);
        assert!(matches!(town.far.standing(&town.tolvan.number.into()).await, Ok(server::register::Standing::Nowhere)));
        assert!(town.may_send(KOMMUN_A, "191212121212").await.is_err(), "senders are told, and send paper");

        town.hand.advance(Duration::days(29));
        town.run_jobs().await;
        assert!(town.can_read(&town.tolvan).await);
        assert!(matches!(town.standing(&town.tolvan).await, Standing::Ended { until: Some(day), .. } if day == until));

        town.hand.advance(Duration::days(1) + Duration::seconds(1));
        town.run_jobs().await;
        assert!(!town.can_read(&town.tolvan).await);
        assert_eq!(find_mailbox(&town.house, &town.tolvan).await.unwrap(), None);
        let left = wrapped(&town, mailbox).await;
        assert_eq!(left.len(), sealed_key.len());
        assert!(left.iter().all(|byte| *byte == 0), "the key is written over");
        let mut tx = town.house.db.read().await.unwrap();
        assert!(store::access_log::page(&mut tx, mailbox, store::access_log::Filter::All, Uuid::max(), 10).await.unwrap().is_empty(), "and the rest is swept");
        drop(tx);
        assert_eq!(server::mailbox::keys::rewrap_all(&town.house).await.unwrap(), 0, "keys can still be rotated");

        let opened = accept(&town.house, &*town.far, &town.tolvan, "Villkor".into(), login(), "sv").await.unwrap();
        assert_eq!(opened, registration::Standing::Open);
        assert_ne!(find_mailbox(&town.house, &town.tolvan).await.unwrap(), Some(mailbox));
        town.run_jobs().await;
        assert!(town.can_read(&town.tolvan).await);
    }

    /// Within the thirty days it can be taken back: then nothing is destroyed, that day or after another ending.
    async fn an_ending_is_taken_back(town: Town) {
        let mailbox = find_mailbox(&town.house, &town.tolvan).await.unwrap();
        town.end(&town.tolvan).await;
        town.hand.advance(Duration::days(20));
        let opened = accept(&town.house, &*town.far, &town.tolvan, "Villkor".into(), login(), "sv").await.unwrap();
        assert_eq!(opened, registration::Standing::Open);
        town.hand.advance(Duration::days(11));
        town.run_jobs().await;
        assert_eq!(find_mailbox(&town.house, &town.tolvan).await.unwrap(), mailbox);
        assert!(town.can_read(&town.tolvan).await);

        let Ended::Done { until } = town.end(&town.tolvan).await else { panic!("ended") };
        town.hand.advance(Duration::days(5));
        assert_eq!(town.end(&town.tolvan).await, Ended::Done { until }, "ended twice, the first day holds");
        town.hand.advance(Duration::days(24));
        town.run_jobs().await;
        assert!(town.can_read(&town.tolvan).await);
    }

    /// A mailbox that was moved away can be ended here too, without asking FaR to take out what is not ours.
    async fn what_a_mover_left_behind_can_be_ended(town: Town) {
        town.moves_away(&town.tolvan).await;
        check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap();
        assert!(matches!(town.end(&town.tolvan).await, Ended::Done { .. }));
        assert!(matches!(town.far.standing(&town.tolvan.number.into()).await, Ok(server::register::Standing::Elsewhere(_))));
        town.hand.advance(Duration::days(31));
        town.run_jobs().await;
        assert!(!town.can_read(&town.tolvan).await);
    }

    /// FaR is away: nothing is ended, nobody is taken for a leaver.
    async fn nothing_is_ended_while_the_register_is_away(town: Town) {
        let mailbox = find_mailbox(&town.house, &town.tolvan).await.unwrap().unwrap();
        let read = end(&town.house, &*town.far, &town.tolvan, text, "another mark", login()).await.unwrap();
        assert_eq!(read, Ended::ReadAgain);
        town.stop_around().await;
        assert_eq!(town.end(&town.tolvan).await, Ended::TryAgain);
        assert!(check_batch(&town.house, &*town.far, Uuid::nil()).await.is_err());
        assert!(town.takes_letters(mailbox).await);
    }

    /// Whoever has no mailbox here ends nobody's.
    async fn nobody_elses_mailbox_is_ended(town: Town) {
        let mailbox = find_mailbox(&town.house, &town.tolvan).await.unwrap().unwrap();
        let agnes = person("198005159804", "Agnes Andersson");
        assert_eq!(town.end(&agnes).await, Ended::NotFound);
        assert!(look(&town.house, &*town.far, &agnes).await.unwrap().is_none());
        assert!(told(&town.house, &agnes).await.unwrap().is_none());
        assert!(town.takes_letters(mailbox).await);
        assert!(matches!(town.far.standing(&agnes.number.into()).await, Ok(server::register::Standing::Elsewhere(_))));
    }

    /// A thousand in a question; and a register that has forgotten everybody closes nobody.
    async fn a_register_that_forgot_everybody_is_not_believed(town: Town) {
        let many: Vec<_> = people::crowd().take(1_000).collect();
        let us = people::OPERATOR.parse().unwrap();
        town.kept_by_far.add_residents(many.iter().copied(), Some(us), town.house.clock.now()).await.unwrap();
        for number in many {
            let somebody = Person::new(number, "Invånare");
            let opened = registration::open_registered(&town.house, &*town.far, &somebody).await.unwrap();
            assert_eq!(opened, registration::Standing::Open);
        }
        let first = check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap();
        assert_eq!((first.asked, first.left, first.believed), (1_000, 0, true));
        let second = check_batch(&town.house, &*town.far, first.next.unwrap()).await.unwrap();
        assert_eq!((second.asked, second.left), (1, 0));
        assert_eq!(check_batch(&town.house, &*town.far, second.next.unwrap()).await.unwrap().next, None);

        town.kept_by_far.forget_accounts().await.unwrap();
        let forgotten = check_batch(&town.house, &*town.far, Uuid::nil()).await.unwrap();
        assert_eq!((forgotten.left, forgotten.believed), (1_000, false));
        assert_eq!(town.standing(&town.tolvan).await, Standing::Open);
    }

    /// Rounds go on by themselves, in one process at a time.
    async fn rounds_are_walked(town: Town) {
        town.moves_away(&town.tolvan).await;
        let stop = CancellationToken::new();
        let every = StdDuration::from_hours(1);
        let walks = [0, 1].map(|_| {
            tokio::spawn(leaving::walk_rounds(town.house.clone(), town.far.clone(), every, stop.clone()))
        });
        for _ in 0..100 {
            if town.standing(&town.tolvan).await != Standing::Open {
                break;
            }
            tokio::time::sleep(StdDuration::from_millis(100)).await;
        }
        assert!(matches!(town.standing(&town.tolvan).await, Standing::Moved { .. }));
        stop.cancel();
        for walk in walks {
            walk.await.unwrap();
        }
        assert_eq!(town.acts(&town.tolvan).await, [Act::MovedAway]);
    }
}

async fn wrapped(town: &Town, mailbox: Uuid) -> Vec<u8> {
    let mut tx = town.house.db.read().await.unwrap();
    store::mailbox::by_id(&mut tx, mailbox)
        .await
        .unwrap()
        .unwrap()
        .wrapped
        .bytes
}
