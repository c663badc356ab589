//! What staff do in their rooms: the queue, opinions, texts and the audit log.

use crate::harness::{Database, Engine, house_on};
use server::clock::HandClock;
use server::domain::audit::AuditAct;
use server::domain::day_figure::DayFigure;
use server::domain::feedback_tag::Tag;
use server::domain::staff::{Role, Roles};
use server::domain::text::Kind;
use server::house::House;
use server::mailbox::feedback::{self as opinions, Typed as Opinion};
use server::mailbox::texts::banners;
use server::store;
use server::store::job::{NewJob, Show};
use server::support::SupportError;
use server::support::access::OnDuty;
use server::support::audit_log::{self, Query};
use server::support::feedback::{Answered, TypedAnswer, Wanted, answer, close, list, tag, to_answer};
use server::support::numbers::{self, Told};
use server::support::queue::{PAGE, Retry, look, retry};
use server::support::register::{New, add, list as register};
use server::support::texts::{self, Saved, Typed, When, Wrong};
use time::Duration;
use time::macros::{date, datetime};
use uuid::Uuid;

/// A house with somebody in it who has every role, and somebody who has none.
struct Office {
    house: House,
    clock: HandClock,
    all: OnDuty,
    none: OnDuty,
    _database: Database,
}

impl Office {
    async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, datetime!(2026-11-27 08:00 UTC));
        let mut duties = vec![];
        for (user, roles) in [("alla", Roles::of(Role::all())), ("inga", Roles::default())] {
            let new = New {
                name: user.to_owned(),
                login: format!("{user}@5599999017").parse().unwrap(),
                roles,
                password: None,
            };
            add(&house, new, "x").await.unwrap();
            let id = register(&house).await.unwrap().last().unwrap().id;
            let mut tx = house.db.read().await.unwrap();
            duties.push(OnDuty::of(&mut tx, &house, id).await.unwrap().unwrap());
            clock.advance(Duration::SECOND);
        }
        let none = duties.pop().unwrap();
        let all = duties.pop().unwrap();
        Some(Self {
            house,
            clock,
            all,
            none,
            _database: database,
        })
    }

    async fn job(&self, kind: &'static str, state: &str, attempts: i64) -> Uuid {
        let id = self.house.ids.at(self.house.clock.now());
        self.clock.advance(Duration::SECOND);
        let mut tx = self.house.db.begin().await.unwrap();
        let new = NewJob {
            id,
            kind,
            payload: vec![],
            run_at: self.house.clock.now(),
        };
        store::job::insert(&mut tx, new).await.unwrap();
        let set = "UPDATE job SET state = $2, attempts = $3, last_error = 'no answer' WHERE id = $1";
        tx.execute(set, server::params![id, state, attempts]).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn says(&self, words: &str, email: &str) -> Uuid {
        let typed = Opinion {
            words: words.to_owned(),
            answer: !email.is_empty(),
            email: email.to_owned(),
        };
        opinions::send(&self.house, typed, "/om", "sv").await.unwrap();
        self.clock.advance(Duration::SECOND);
        opinions::unread(&self.house, 100).await.unwrap().last().unwrap().id
    }

    fn banner(until: &str) -> Typed {
        Typed {
            kind: "banner".to_owned(),
            name: "driftstopp".to_owned(),
            sv: ("Driftstopp".to_owned(), "Stängt **i natt**.".to_owned()),
            en: ("Outage".to_owned(), "Closed tonight.".to_owned()),
            from: (String::new(), String::new()),
            until: ("2026-11-27".to_owned(), until.to_owned()),
        }
    }

    async fn last_audited(&self) -> (String, Option<String>) {
        let mut tx = self.house.db.read().await.unwrap();
        let mut rows = store::audit::page(&mut tx, store::audit::Filter::All, i64::MAX, 1)
            .await
            .unwrap();
        let row = rows.pop().unwrap();
        (row.act, row.object)
    }
}

on_both_databases! {
    /// By kind and one by one; one job, a kind and all are tried again; what a worker has in hand is left alone.
    async fn the_queue_is_seen_and_tried_again(office: Office) {
        let (house, all) = (&office.house, &office.all);
        let given_up = office.job("notice", "failed", 6).await;
        let other = office.job("code", "failed", 6).await;
        let again = office.job("export", "ready", 2).await;
        office.job("notice", "ready", 0).await;
        let queue = look(house, all, Show::GivenUp, None).await.unwrap();
        assert_eq!(queue.jobs.iter().map(|job| job.id).collect::<Vec<_>>(), [other, given_up], "the latest first");
        assert_eq!(queue.jobs[0].last_error.as_deref(), Some("no answer"));
        assert_eq!(queue.counts.iter().map(|of_kind| of_kind.count).sum::<i64>(), 4);
        assert_eq!(office.last_audited().await, ("saw-queue".to_owned(), Some("given-up".to_owned())));
        assert_eq!(look(house, all, Show::Again, None).await.unwrap().jobs.len(), 1);
        assert_eq!(look(house, all, Show::Waiting, None).await.unwrap().jobs.len(), 2);

        assert_eq!(retry(house, all, &Retry::One(given_up)).await.unwrap(), 1);
        assert_eq!(retry(house, all, &Retry::One(given_up)).await.unwrap(), 0, "it is ready already");
        assert_eq!(retry(house, all, &Retry::One(again)).await.unwrap(), 1, "one that waits for its next try too");
        assert_eq!(retry(house, all, &Retry::Kind("notice".to_owned())).await.unwrap(), 0);
        assert_eq!(retry(house, all, &Retry::Kind("code".to_owned())).await.unwrap(), 1);
        assert_eq!(office.last_audited().await, ("retried-jobs".to_owned(), Some("1 code".to_owned())));
        office.job("sort", "failed", 6).await;
        assert_eq!(retry(house, all, &Retry::All).await.unwrap(), 1);

        let mut tx = house.db.begin().await.unwrap();
        let now = house.clock.now();
        let held = store::job::claim(&mut tx, house.ids.random(), now, now + Duration::HOUR, 100).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(held.len(), 5);
        assert_eq!(retry(house, all, &Retry::One(held[0].id)).await.unwrap(), 0, "a worker has it");
        for _ in 0..=PAGE {
            office.job("notice", "failed", 6).await;
        }
        let first = look(house, all, Show::GivenUp, None).await.unwrap();
        let second = look(house, all, Show::GivenUp, first.next).await.unwrap();
        assert_eq!((first.jobs.len(), second.jobs.len(), second.next), (PAGE, 1, None));
        assert!(matches!(look(house, &office.none, Show::GivenUp, None).await, Err(SupportError::NotAllowed)));
    }

    /// Read, sorted, answered by e-mail and forgotten; counted after that too.
    async fn an_opinion_is_answered_and_forgotten(office: Office) {
        let (house, all) = (&office.house, &office.all);
        let one = office.says("Texten är liten", "nils@post.example").await;
        let two = office.says("Bra!", "").await;
        assert!(tag(house, all, one, Some(Tag::Hard)).await.unwrap());
        let hard = list(house, all, Wanted::Tag(Tag::Hard), None).await.unwrap();
        assert_eq!(hard.opinions.iter().map(|opinion| opinion.id).collect::<Vec<_>>(), [one]);
        let untagged = list(house, all, Wanted::Untagged, None).await.unwrap();
        assert_eq!(untagged.opinions.iter().map(|opinion| opinion.id).collect::<Vec<_>>(), [two]);
        assert!(to_answer(house, all, two, None).await.unwrap().is_none(), "nobody wants that answer");
        let Answered::Wrong(draft) = answer(house, all, one, TypedAnswer { words: " \n".to_owned() }).await.unwrap() else { panic!("no words") };
        let (opinion, typed) = to_answer(house, all, one, Some(draft)).await.unwrap().unwrap();
        assert_eq!((opinion.typed.email.as_str(), typed.words.as_str()), ("nils@post.example", " \n"));

        assert_eq!(answer(house, all, one, TypedAnswer { words: "Tack, vi tittar på det.".to_owned() }).await.unwrap(), Answered::Done);
        assert_eq!(office.last_audited().await, ("answered-feedback".to_owned(), Some(one.to_string())));
        assert_eq!(answer(house, all, one, TypedAnswer { words: "Igen".to_owned() }).await.unwrap(), Answered::NotFound);
        let mut tx = house.db.read().await.unwrap();
        let jobs = store::job::counts(&mut tx).await.unwrap();
        assert_eq!((jobs[0].kind.as_str(), jobs[0].count), ("feedback-answer", 1));
        let row = store::feedback::by_id(&mut tx, one).await.unwrap().unwrap();
        drop(tx);
        assert!(row.content.len() < 120, "words and address are gone");

        assert!(close(house, all, two).await.unwrap() && !close(house, all, two).await.unwrap());
        let page = list(house, all, Wanted::All, None).await.unwrap();
        assert!(page.opinions.is_empty());
        let of = |tag| page.counts.iter().find(|one| one.tag == tag && one.done).map(|one| one.count);
        assert_eq!((of(Some(Tag::Hard)), of(None)), (Some(1), Some(1)));
        assert!(!tag(house, all, one, Some(Tag::Wish)).await.unwrap());
        assert!(matches!(close(house, &office.none, one).await, Err(SupportError::NotAllowed)));
    }

    /// Typed, looked at, published in both languages, shown while it lasts, and gone by itself.
    async fn a_banner_is_shown_while_it_lasts(office: Office) {
        let (house, all) = (&office.house, &office.all);
        let titles = async |language: &str| banners(house, language).await.unwrap().into_iter().map(|banner| banner.title).collect::<Vec<_>>();
        let wrong = Typed { en: (String::new(), String::new()), ..Office::banner("12:00") };
        let Saved::Kept { draft, wrong: fields } = texts::save(house, all, wrong.clone(), true).await.unwrap() else { panic!("kept") };
        assert_eq!(fields, [Wrong::TitleEn, Wrong::TextEn]);
        assert_eq!(texts::resume(house, all, draft).await.unwrap(), Some(wrong), "nothing typed is lost");
        assert!(matches!(texts::resume(house, &office.none, draft).await, Err(SupportError::NotAllowed)));
        let Saved::Kept { wrong: fields, .. } = texts::save(house, all, Office::banner("12:00"), false).await.unwrap() else { panic!("looked at") };
        assert!(fields.is_empty() && titles("sv").await.is_empty(), "looking publishes nothing");

        let saved = texts::save(house, all, Office::banner("12:00"), true).await.unwrap();
        assert_eq!(saved, Saved::Done { kind: Kind::Banner, name: "driftstopp".to_owned() });
        assert_eq!(office.last_audited().await, ("wrote-text".to_owned(), Some("banner driftstopp en".to_owned())));
        assert_eq!((titles("sv").await, titles("en").await), (vec!["Driftstopp".to_owned()], vec!["Outage".to_owned()]));
        assert!(banners(house, "sv").await.unwrap()[0].html.contains("<strong>i natt</strong>"));
        office.clock.advance(Duration::hours(3));
        assert!(titles("sv").await.is_empty(), "twelve o'clock in Sweden has come");

        texts::save(house, all, Office::banner("18:00"), true).await.unwrap();
        let slug = "driftstopp".parse().unwrap();
        office.clock.advance(Duration::SECOND);
        assert!(texts::withdraw(house, all, Kind::Banner, &slug).await.unwrap());
        assert!(titles("sv").await.is_empty() && titles("en").await.is_empty());
        assert!(!texts::withdraw(house, all, Kind::Banner, &slug).await.unwrap(), "once");
        let versions = texts::versions(house, all, Kind::Banner, &slug).await.unwrap().unwrap().versions;
        assert_eq!(versions.len(), 6, "every version is kept");
        assert_eq!(versions.iter().filter(|version| version.when == When::Now).count(), 2);
    }

    /// Help of the house's own is taken up, changed and taken away like any other.
    async fn texts_are_listed_with_where_they_stand(office: Office) {
        let (house, all) = (&office.house, &office.all);
        let slug = "hitta".parse().unwrap();
        let begun = texts::begin(house, all, Kind::Help, Some(&slug)).await.unwrap();
        assert!(begun.sv.1.len() > 500 && begun.en.0 == "Finding a letter", "what the house brings is what one begins with");
        let later = Typed { from: ("2026-12-24".to_owned(), "15:00".to_owned()), ..begun.clone() };
        assert!(matches!(texts::save(house, all, later, true).await.unwrap(), Saved::Done { .. }));
        let listed = texts::list(house, all).await.unwrap();
        let hitta = listed.iter().find(|text| text.name == "hitta").unwrap();
        assert_eq!(hitta.versions.iter().map(|version| version.when).collect::<Vec<_>>(), [When::Coming, When::Coming]);
        assert!(hitta.houses && listed.iter().any(|text| text.name == "spara" && text.versions.is_empty()));
        office.clock.advance(Duration::SECOND);
        assert!(texts::withdraw(house, all, Kind::Help, &slug).await.unwrap());
        let texts_now = server::mailbox::texts::list(house, Kind::Help, "sv").await.unwrap();
        assert!(!texts_now.iter().any(|text| text.slug == "hitta"));
        office.clock.advance(Duration::days(60));
        let later = server::mailbox::texts::list(house, Kind::Help, "sv").await.unwrap();
        assert!(!later.iter().any(|text| text.slug == "hitta"), "what was to come is taken away too");
    }

    /// Told from five mailboxes on, and shares when their time is over; looking and taking along are written.
    async fn the_numbers_point_to_nobody(office: Office) {
        let (house, all) = (&office.house, &office.all);
        let today = date!(2026 - 11 - 27);
        let count = |figure, total, mailbox| house.tally.count(today, figure, total, Uuid::from_u128(mailbox));
        let told = async |figure| {
            let numbers = numbers::look(house, all).await.unwrap();
            let at = numbers.days.iter().position(|day| *day == today).unwrap();
            numbers.series.into_iter().find(|(known, _)| *known == figure).unwrap().1.split_off(at)
        };
        assert_eq!(told(DayFigure::Letters).await, [Told::Number(0)]);
        for mailbox in [1, 2, 3, 4, 4] {
            count(DayFigure::Letters, 10, mailbox);
        }
        assert_eq!(told(DayFigure::Letters).await, [Told::Few], "four mailboxes, however many letters");
        count(DayFigure::Letters, 1, 4);
        assert_eq!(told(DayFigure::Letters).await, [Told::Few], "the same one, later");
        count(DayFigure::Letters, 9, 5);
        assert_eq!(told(DayFigure::Letters).await, [Told::Number(60)]);
        assert_eq!(office.last_audited().await, ("saw-numbers".to_owned(), None));
        for mailbox in 1..=5 {
            count(DayFigure::OpenedInDay, 6, mailbox);
        }
        count(DayFigure::OpenedInWeek, 6, 1);
        assert_eq!(told(DayFigure::OpenedInDay).await, [Told::NotYet]);

        office.clock.advance(Duration::days(2));
        assert_eq!(told(DayFigure::OpenedInDay).await, [Told::Number(50), Told::Nothing, Told::NotYet], "nobody counted yesterday");
        assert_eq!(told(DayFigure::OpenedInWeek).await, [Told::NotYet, Told::Nothing, Told::NotYet]);
        office.clock.advance(Duration::WEEK);
        assert_eq!(told(DayFigure::OpenedInWeek).await[0], Told::Few);
        assert_eq!(told(DayFigure::Mailboxes).await[0], Told::Number(0));

        let numbers = numbers::export(house, all).await.unwrap();
        assert_eq!((numbers.days.len(), numbers.series.len()), (30, DayFigure::all().count()));
        assert_eq!(office.last_audited().await, ("exported-numbers".to_owned(), None));
        assert!(matches!(numbers::look(house, &office.none).await, Err(SupportError::NotAllowed)));
        assert!(matches!(numbers::export(house, &office.none).await, Err(SupportError::NotAllowed)));
        assert_eq!(office.last_audited().await, ("denied-staff".to_owned(), Some("export-numbers".to_owned())));
        office.clock.advance(Duration::days(401));
        numbers::look(house, all).await.unwrap();
        let mut tx = house.db.read().await.unwrap();
        let kept = store::day_figure::since(&mut tx, today).await.unwrap();
        assert!(kept.iter().all(|row| row.figure == "mailboxes"), "what is long ago is forgotten: {kept:?}");
    }

    /// What cannot be written waits, and is counted when it can.
    async fn nothing_counted_is_lost_while_the_database_is_away(office: Office) {
        let house = &office.house;
        let today = date!(2026 - 11 - 27);
        house.tally.count(today, DayFigure::Letters, 7, Uuid::from_u128(1));
        let mut tx = house.db.begin().await.unwrap();
        tx.execute("ALTER TABLE day_figure RENAME TO day_figure_away", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(numbers::write(house).await.is_err());
        let mut tx = house.db.begin().await.unwrap();
        tx.execute("ALTER TABLE day_figure_away RENAME TO day_figure", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        house.tally.count(today, DayFigure::Letters, 1, Uuid::from_u128(1));
        numbers::write(house).await.unwrap();
        numbers::write(house).await.unwrap();
        let mut tx = house.db.read().await.unwrap();
        let rows = store::day_figure::since(&mut tx, today).await.unwrap();
        assert_eq!(rows.iter().map(|row| (row.total, row.behind)).collect::<Vec<_>>(), [(8, 1)]);
    }

    /// By act, by person, by day, page by page; as a file; and reading is written too.
    async fn the_audit_log_is_searched(office: Office) {
        let (house, all) = (&office.house, &office.all);
        for _ in 0..60 {
            look(house, all, Show::GivenUp, None).await.unwrap();
        }
        office.clock.advance(Duration::days(2));
        look(house, all, Show::Again, None).await.unwrap();
        let page = async |query| audit_log::page(house, all, query, false).await.unwrap();
        let first = page(Query { act: Some(AuditAct::SawQueue), ..Query::default() }).await;
        let second = page(Query { act: Some(AuditAct::SawQueue), before: first.next, ..Query::default() }).await;
        assert_eq!((first.rows.len(), second.rows.len(), second.next), (audit_log::PAGE, 11, None));
        assert!(first.rows.iter().all(|row| row.details.who.as_deref() == Some("alla")));
        let until = Query { act: Some(AuditAct::SawQueue), until: Some(time::macros::date!(2026 - 11 - 27)), ..Query::default() };
        assert!(page(until).await.rows.iter().all(|row| row.object.as_deref() == Some("given-up")));
        let by = page(Query { staff: Some(office.none.id()), ..Query::default() }).await;
        assert!(by.rows.is_empty() && by.staff.len() == 2);
        assert_eq!(office.last_audited().await.0, "read-audit");

        let before = audit_log::begin_export(house, all, Query::default()).await.unwrap();
        let rows = audit_log::export(house, &Query::default(), before).await.unwrap();
        assert_eq!(rows[0].act_name, "exported-audit", "the export tells of itself");
        assert_eq!(rows.last().unwrap().number, 1);
        let walked = audit_log::page(house, all, Query::default(), true).await.unwrap().walk;
        assert!(matches!(walked, Some(server::audit::Found::Whole(_))));
        let mut tx = house.db.begin().await.unwrap();
        tx.execute("UPDATE audit SET details = $1 WHERE number = 5", server::params![b"broken".as_slice()]).await.unwrap();
        tx.commit().await.unwrap();
        let walked = audit_log::page(house, all, Query::default(), true).await.unwrap();
        assert_eq!(walked.walk, Some(server::audit::Found::Broken(server::audit::Broken::Changed(5))));
        assert!(walked.rows.len() > 10, "the others are read all the same");
    }
}
