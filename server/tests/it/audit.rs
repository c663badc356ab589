//! The audit log: whole after everything that is done, and found broken whatever somebody with the database does to it.

use crate::harness::{Database, Engine, Town, house_on, login, open_mailbox, person};
use server::audit::{Actor, Broken, Event, Found, Mark, Member, Scribe, append, details, verify};
use server::clock::HandClock;
use server::db::DbError;
use server::domain::audit::{AuditAct, hash};
use server::house::House;
use server::mailbox::forward::protect;
use server::mailbox::leaving::{Ended, end};
use server::store::audit::{self as store, Filter, HeadRow};
use time::Duration;
use time::macros::datetime;

/// A house whose audit log has ten rows.
struct Logged {
    house: House,
    clock: HandClock,
    _database: Database,
}

impl Logged {
    async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, datetime!(2026-11-27 08:00 UTC));
        let logged = Self {
            house,
            clock,
            _database: database,
        };
        for _ in 0..10 {
            logged.write().await;
        }
        Some(logged)
    }

    async fn write(&self) {
        let mut tx = self.house.db.begin().await.unwrap();
        let hanna = Actor::Staff(Member {
            id: self.house.ids.random(),
            name: "Hanna Hjelm".to_owned(),
        });
        let event = Event::by(&hanna, AuditAct::WroteText).about_object("news driftstopp sv");
        append(&mut tx, Scribe::of(&self.house), event.about("Nils Nyström"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        self.clock.advance(Duration::SECOND);
    }

    async fn found(&self) -> Found {
        verify(&self.house.db, &self.house.keys, None).await.unwrap()
    }

    async fn broken(&self) -> Broken {
        match self.found().await {
            Found::Broken(broken) => broken,
            Found::Whole(mark) => panic!("whole: {mark}"),
        }
    }

    async fn mark(&self) -> Mark {
        match self.found().await {
            Found::Whole(mark) => mark,
            Found::Broken(broken) => panic!("{broken}"),
        }
    }

    /// What somebody does who has the database, and no key.
    async fn meddle(&self, sql: &'static str) {
        let mut tx = self.house.db.begin().await.unwrap();
        assert!(tx.execute(sql, vec![]).await.unwrap() > 0, "{sql}");
        tx.commit().await.unwrap();
    }

    /// Rows with right hashes from this number on, as anybody can make them; and a head that goes with them.
    async fn rehash(&self, from: i64) {
        let mut tx = self.house.db.begin().await.unwrap();
        let mut before = store::by_number(&mut tx, from - 1).await.unwrap().unwrap().hash;
        for row in store::after(&mut tx, from - 1, 100).await.unwrap() {
            let new = hash(&before, &row.fields()).to_vec();
            let set = "UPDATE audit SET hash = $1 WHERE number = $2";
            tx.execute(set, server::params![new.as_slice(), row.number])
                .await
                .unwrap();
            before = new;
        }
        let head = store::head(&mut tx).await.unwrap().unwrap();
        store::set_head(&mut tx, &HeadRow { hash: before, ..head })
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
}

on_both_databases! {
    /// Ten rows, walked without a key that opens anything; then read by one who has it.
    async fn a_log_that_nobody_has_touched_is_whole(logged: Logged) {
        assert_eq!(logged.mark().await.length, 10);
        let mut tx = logged.house.db.read().await.unwrap();
        let row = store::by_number(&mut tx, 3).await.unwrap().unwrap();
        assert!(!row.details.as_ref().unwrap().windows(4).any(|part| part == b"Nils" || part == b"Hann"), "nobody is named in the clear");
        let told = details(&logged.house.keys, &row).unwrap();
        assert_eq!((told.who.as_deref(), told.about.as_deref()), (Some("Hanna Hjelm"), Some("Nils Nyström")));
        assert_eq!(store::page(&mut tx, Filter::Act("wrote-text"), 5, 100).await.unwrap().len(), 4);
        assert!(store::page(&mut tx, Filter::Act("locked-staff"), 5, 100).await.unwrap().is_empty());
    }

    /// Any field of any row.
    async fn a_changed_row_is_found(logged: Logged) {
        logged.meddle("UPDATE audit SET object = 'news annat sv' WHERE number = 4").await;
        assert_eq!(logged.broken().await, Broken::Changed(4));
        logged.meddle("UPDATE audit SET object = 'news driftstopp sv' WHERE number = 4").await;
        assert_eq!(logged.mark().await.length, 10, "put back as it was");
        logged.meddle("UPDATE audit SET staff = NULL WHERE number = 7").await;
        assert_eq!(logged.broken().await, Broken::Changed(7));
    }

    /// Somebody who knows how hashes are made, and makes all of them anew, has no key for the seals.
    async fn a_row_that_was_hashed_anew_is_found(logged: Logged) {
        logged.meddle("UPDATE audit SET act = 'saw-queue' WHERE number = 4").await;
        logged.rehash(4).await;
        assert_eq!(logged.broken().await, Broken::Forged(4));
    }

    /// In the middle, the first one, and with the numbers closed up.
    async fn a_removed_row_is_found(logged: Logged) {
        logged.meddle("DELETE FROM audit WHERE number = 5").await;
        assert_eq!(logged.broken().await, Broken::Missing(5));
        logged.meddle("UPDATE audit SET number = 5 WHERE number = 6").await;
        assert_eq!(logged.broken().await, Broken::Changed(5));
    }

    /// Rows that change places.
    async fn rows_in_another_order_are_found(logged: Logged) {
        logged.meddle("UPDATE audit SET number = 99 WHERE number = 2").await;
        logged.meddle("UPDATE audit SET number = 2 WHERE number = 3").await;
        logged.meddle("UPDATE audit SET number = 3 WHERE number = 99").await;
        assert_eq!(logged.broken().await, Broken::Changed(2));
    }

    /// With the head left as it was; with a head that fits, but for its seal; with the last row's seal copied to it; and all of it.
    async fn a_cut_end_is_found(logged: Logged) {
        logged.meddle("DELETE FROM audit WHERE number > 8").await;
        assert_eq!(logged.broken().await, Broken::Cut(8));
        logged.meddle("UPDATE audit_head SET length = 8, hash = (SELECT hash FROM audit WHERE number = 8)").await;
        assert_eq!(logged.broken().await, Broken::Head);
        logged.meddle("UPDATE audit_head SET seal = (SELECT seal FROM audit WHERE number = 8)").await;
        assert_eq!(logged.broken().await, Broken::Head);

        // What is written after it does not make it right.
        logged.write().await;
        assert_eq!(logged.broken().await, Broken::Head);
        logged.meddle("DELETE FROM audit_head").await;
        assert_eq!(logged.broken().await, Broken::Head);
        logged.write_after_a_lost_head().await;
    }

    /// A row of somebody's own at the end, without a head that knows of it.
    async fn an_added_row_is_found(logged: Logged) {
        logged.meddle(
            "INSERT INTO audit (number, at, act, capacity, hash, seal) SELECT 11, at, act, capacity, hash, seal FROM audit WHERE number = 10",
        )
        .await;
        assert_eq!(logged.broken().await, Broken::Head);
    }

    /// The whole database put back to how it was: only somebody who has noted its mark elsewhere can tell.
    async fn a_log_that_was_put_back_is_found_by_its_mark(logged: Logged) {
        let mut tx = logged.house.db.begin().await.unwrap();
        let head = store::head(&mut tx).await.unwrap().unwrap();
        drop(tx);
        let early = logged.mark().await;
        logged.write().await;
        logged.write().await;
        let late = logged.mark().await;
        let with = async |mark: &Mark| verify(&logged.house.db, &logged.house.keys, Some(mark)).await.unwrap();
        assert_eq!(with(&early).await, Found::Whole(late.clone()), "it still holds what it held");

        logged.meddle("DELETE FROM audit WHERE number > 10").await;
        let mut tx = logged.house.db.begin().await.unwrap();
        store::set_head(&mut tx, &head).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(logged.found().await, Found::Whole(early.clone()), "by itself it looks whole");
        assert_eq!(with(&late).await, Found::Broken(Broken::NotAsNoted));
        logged.write().await;
        logged.write().await;
        assert_eq!(with(&late).await, Found::Broken(Broken::NotAsNoted), "other rows in their place");
        let again: Mark = early.to_string().parse().unwrap();
        assert_eq!(again, early);
    }

    /// Nothing at all is no empty log when there are accounts: their beginnings were told in it.
    async fn a_log_that_is_gone_altogether_is_missed(logged: Logged) {
        logged.meddle("DELETE FROM audit").await;
        logged.meddle("DELETE FROM audit_head").await;
        assert!(matches!(logged.found().await, Found::Whole(_)), "in a house without accounts");
        open_mailbox(&logged.house, &person("191212121212", "Tolvan Tolvansson")).await;
        assert_eq!(logged.broken().await, Broken::Head);
    }

    /// Forty at once: one after the other, without a gap, whoever walks it meanwhile.
    async fn many_at_once_write_one_log(logged: Logged) {
        let writing = futures::future::join_all((0..40).map(|_| logged.write()));
        let walking = async {
            for _ in 0..5 {
                assert!(matches!(logged.found().await, Found::Whole(_)));
            }
        };
        tokio::join!(writing, walking);
        assert_eq!(logged.mark().await.length, 50);
    }

    /// What is rolled back has no row, and leaves no gap.
    async fn what_was_not_done_is_not_told(logged: Logged) {
        let mut tx = logged.house.db.begin().await.unwrap();
        let event = Event::by(&Actor::Command, AuditAct::RotatedKeys);
        append(&mut tx, Scribe::of(&logged.house), event).await.unwrap();
        drop(tx);
        logged.write().await;
        assert_eq!(logged.mark().await.length, 11);
    }

    /// Opened, marked, ended: each by whoever did it.
    async fn what_happens_to_an_account_is_told(town: Town) {
        let number = town.tolvan.number.to_string();
        assert!(protect(&town.house, &number, true).await.unwrap());
        let mark = server::mailbox::reception::mark_of("text");
        let ended = end(&town.house, &*town.far, &town.tolvan, |_| "text".to_owned(), &mark, login()).await.unwrap();
        assert!(matches!(ended, Ended::Done { .. }));
        let mut tx = town.house.db.read().await.unwrap();
        let rows = store::page(&mut tx, Filter::All, i64::MAX, 10).await.unwrap();
        let told: Vec<_> = rows.iter().map(|row| (row.act.as_str(), row.capacity.as_str())).collect();
        assert_eq!(told, [("ended-mailbox", "holder"), ("protected-holder", "command"), ("opened-mailbox", "command")]);
        assert!(rows.iter().all(|row| row.account == rows[0].account && row.account.is_some() && row.details.is_none()), "an account, and nobody's name");
        assert!(matches!(verify(&town.house.db, &town.house.keys, None).await.unwrap(), Found::Whole(_)));
    }
}

impl Logged {
    /// Without a head the log begins anew: the rows that are there are in its way, and nothing is done that cannot be told.
    async fn write_after_a_lost_head(&self) {
        let mut tx = self.house.db.begin().await.unwrap();
        let event = Event::by(&Actor::Command, AuditAct::RotatedKeys);
        let refused = append(&mut tx, Scribe::of(&self.house), event).await.unwrap_err();
        assert!(matches!(refused, server::audit::AuditError::Db(error) if DbError::is_duplicate(&error)));
    }
}
