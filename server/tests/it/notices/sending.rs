//! Notices on their way: tried by the schedule, once each, and by another way when one fails.

use super::post::{ADDRESS, MOBILE, Post};
use crate::harness::key_of;
use server::domain::channel::Channel::{Email, Sms};
use server::domain::day_figure::DayFigure;
use server::domain::notice_rules::{Says, Ways, When};
use server::mailbox::contacts::{Removed, contacts, remove};
use server::mailbox::language::{NoticeLanguage, set_language};
use server::mailbox::notice_log::notices;
use server::mailbox::notice_try::{ToTry, send_to_try};
use server::outbox::{Job, Worker, enqueue};
use server::seal::Place;
use server::store;
use server::store::leaving::{Closing, Why};
use server::store::notice::{NoticeKind, NoticeState};
use time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LETTERS: NoticeKind = NoticeKind::Letters;

on_both_databases! {
    async fn a_letter_is_announced_at_once_and_says_nothing_of_itself(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.a_letter_comes().await;
        let mail = post.caught.all().pop().unwrap();
        assert_eq!((mail.to.as_str(), mail.subject.as_deref()), (ADDRESS, Some("Du har fått ett nytt brev")));
        let text = mail.text.unwrap();
        assert!(text.contains("localhost:8080") && mail.html.unwrap().contains("<html lang=\"sv\">"));
        assert!(!text.contains("Kommun A") && !text.contains("Hemlig") && !text.contains("Tolvan"));
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
        let (logged, _) = notices(&post.house, &post.tolvan, None, None).await.unwrap();
        assert!(logged[0].answer.as_deref().unwrap().starts_with("250"), "{:?}", logged[0].answer);
        assert_eq!(post.jobs().await, []);
    }

    /// Once each by the day, when it is decided: not while it is tried again.
    async fn what_came_of_a_notice_is_counted(post: Post) {
        let counted = || {
            let counted = post.house.tally.take().into_iter();
            counted.map(|((_, figure), count)| (figure, count.total)).collect::<Vec<_>>()
        };
        post.reached_at(Email, ADDRESS).await;
        counted();
        post.a_letter_comes().await;
        assert_eq!(counted(), [(DayFigure::NoticesSent, 1)]);
        let read = post.letter("Kommun A", "Läst").await;
        post.read(read).await;
        let opened = counted();
        assert!(opened.iter().all(|(figure, _)| figure.grows_for().is_some()), "{opened:?}");
        post.letter("Kommun A", "Ett brev").await;
        let away = post.worker_without_mail();
        let stop = CancellationToken::new();
        away.run_due(&stop).await.unwrap();
        assert!(counted().iter().all(|(figure, _)| *figure != DayFigure::NoticesFailed), "it is tried again");
        for wait in post.config.notice.retry.clone() {
            post.clock.advance(Duration::try_from(wait).unwrap());
            away.run_due(&stop).await.unwrap();
        }
        assert_eq!(counted(), [(DayFigure::NoticesFailed, 1)]);
    }

    async fn an_address_that_cannot_be_read_silences_no_other(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        let known = contacts(&post.house, &post.tolvan).await.unwrap().known;
        let id = known.iter().find(|known| known.row.channel == Sms).unwrap().row.id;
        let key = key_of(&post.house, post.mailbox).await;
        let nothing = key.seal(post.house.ids, &Place::of("contact", &id, "confirmed"), b"no number").unwrap();
        let mut tx = post.house.db.begin().await.unwrap();
        let row = vec![nothing.into(), id.into()];
        assert_eq!(tx.execute("UPDATE address SET address = $1 WHERE id = $2", row).await.unwrap(), 1);
        tx.commit().await.unwrap();

        post.a_letter_comes().await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
        assert_eq!(contacts(&post.house, &post.tolvan).await.unwrap().known.len(), 1);
        assert_eq!(post.jobs().await, []);
    }

    async fn it_says_what_the_person_chose_and_the_persons_own_word(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        post.rule(|rules| {
            rules.usual.sms = When::AtOnce;
            rules.says = Says::SenderAndSubject;
            rules.word = Some("Blåklocka".parse().unwrap());
        }).await;
        let count = post.caught.all().len();
        post.letter("Kommun\r\nA", "Beslut om\u{2028}bygglov").await;
        post.run_jobs().await;
        let told = post.caught_since(count);
        assert_eq!(told.len(), 2);
        for (_, to, text) in told {
            assert!(text.contains("Kommun A: Beslut om bygglov") && text.contains("Blåklocka"), "{to}: {text}");
        }
    }

    async fn a_notice_is_in_the_language_that_was_chosen_last(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        for (language, subject) in [
            (NoticeLanguage::English, "You have a new letter"),
            (NoticeLanguage::Swedish, "Du har fått ett nytt brev"),
        ] {
            set_language(&post.house, &post.tolvan, language).await.unwrap();
            post.a_letter_comes().await;
            let mail = post.caught.all().pop().unwrap();
            assert_eq!(mail.subject.as_deref(), Some(subject));
        }
    }

    async fn without_an_address_there_is_no_notice(post: Post) {
        post.a_letter_comes().await;
        assert_eq!(post.seen().await, []);
        assert_eq!(post.jobs().await, []);
        assert!(post.caught.all().is_empty());
    }

    /// Tried by the schedule, seen all the time, given up at last, and tried again when the operator says so.
    async fn when_the_mail_server_is_away_a_notice_is_tried_by_the_schedule(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.letter("Kommun A", "Ett brev").await;
        let away = post.worker_without_mail();
        let stop = CancellationToken::new();
        away.run_due(&stop).await.unwrap();
        for (tries, wait) in (1..).zip(post.config.notice.retry.clone()) {
            assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Waiting, tries, ADDRESS.to_owned())]);
            post.clock.advance(Duration::try_from(wait).unwrap() - Duration::SECOND);
            assert_eq!(away.run_due(&stop).await.unwrap(), 0, "not before its time");
            post.clock.advance(Duration::SECOND);
            assert_eq!(away.run_due(&stop).await.unwrap(), 1);
        }
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Failed, 6, ADDRESS.to_owned())]);
        assert_eq!(post.jobs().await, [("notice-send".to_owned(), "failed".to_owned(), 1)]);
        post.clock.advance(Duration::days(1));
        assert_eq!(post.run_jobs().await, 0, "given up is given up");

        let mut tx = post.house.db.begin().await.unwrap();
        let failed = store::job::failed(&mut tx, 10).await.unwrap();
        assert_eq!(failed[0].3.as_deref(), Some("the mail server was not reached"));
        assert_eq!(store::job::retry_failed(&mut tx, post.house.clock.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(post.run_jobs().await, 1);
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
    }

    /// The schedule comes to its end, and the text message goes out: the person is told after all.
    async fn when_one_way_is_given_up_the_other_is_taken(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        post.letter("Kommun A", "Ett brev").await;
        let away = post.worker_without_mail();
        let stop = CancellationToken::new();
        away.run_due(&stop).await.unwrap();
        let count = post.caught.all().len();
        for wait in post.config.notice.retry.clone() {
            assert_eq!(post.caught_since(count).len(), 0, "not while there is a try left");
            post.clock.advance(Duration::try_from(wait).unwrap());
            away.run_due(&stop).await.unwrap();
        }
        assert_eq!(post.told().await, [
            (LETTERS, Email, NoticeState::Failed, 6, ADDRESS.to_owned()),
            (LETTERS, Sms, NoticeState::Sent, 1, MOBILE.to_owned()),
        ]);
        // Switched off, it stays with the one.
        post.rule(|rules| rules.second_way = false).await;
        post.letter("Kommun A", "Ett brev till").await;
        away.run_due(&stop).await.unwrap();
        for wait in post.config.notice.retry.clone() {
            post.clock.advance(Duration::try_from(wait).unwrap());
            away.run_due(&stop).await.unwrap();
        }
        assert_eq!(post.told().await.len(), 3);
    }

    /// The catcher says 550 to `studs@…`: nobody tries that again. The address is marked, the person told where they can be reached, and the
    /// letter announced there.
    async fn an_address_that_refuses_for_good_is_marked_and_the_second_way_taken(post: Post) {
        post.reached_at(Sms, MOBILE).await;
        let broken = post.reached_at(Email, "bra@example.se").await;
        // It was right when it was confirmed; the server has changed its mind since.
        let mut tx = post.house.db.begin().await.unwrap();
        let mailbox = store::mailbox::by_id(&mut tx, post.mailbox).await.unwrap().unwrap();
        let key = post.house.keys.unwrap(&post.mailbox, &mailbox.wrapped).unwrap();
        let mut row = store::address::by_id(&mut tx, post.mailbox, broken).await.unwrap().unwrap();
        let address = "studs@example.se".parse().map(server::domain::address::Address::Email).unwrap();
        row.address = server::outbox::addresses::sealed(post.house.ids, &key, &broken, &address).unwrap();
        store::address::put(&mut tx, post.mailbox, row).await.unwrap();
        tx.commit().await.unwrap();
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        let seen = post.seen().await;
        let of = |kind| seen.iter().filter(|one| one.0 == kind).map(|one| (one.1, one.2)).collect::<Vec<_>>();
        assert_eq!(of(LETTERS), [(Email, NoticeState::Failed), (Sms, NoticeState::Sent)]);
        assert_eq!(of(NoticeKind::Broken), [(Sms, NoticeState::Sent)]);
        assert!(post.caught_since(count).iter().any(|(_, _, text)| text.contains("s•••••@example.se")));
        let known = contacts(&post.house, &post.tolvan).await.unwrap().known;
        let marked = known.iter().find(|known| known.row.id == broken).unwrap();
        assert_eq!(marked.row.broken.as_ref().map(|(_, number)| number.as_str()), Some("550"));
        let (logged, _) = notices(&post.house, &post.tolvan, Some(NoticeState::Failed), None).await.unwrap();
        assert!(logged[0].answer.as_deref().unwrap().starts_with("550"), "the person sees the answer");
        assert_eq!(post.jobs().await, []);

        // From now on nothing is sent there, and nobody is told twice of the address.
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        let told = post.caught_since(count);
        assert_eq!(told.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), [MOBILE]);
    }

    /// With nothing left that works, it is seen.
    async fn a_letter_that_nobody_can_be_told_of_is_seen_as_failed(post: Post) {
        let id = post.reached_at(Email, ADDRESS).await;
        let mut tx = post.house.db.begin().await.unwrap();
        store::address::mark_broken(&mut tx, post.mailbox, id, post.house.clock.now(), "5.1.1").await.unwrap();
        tx.commit().await.unwrap();
        post.a_letter_comes().await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Failed, 0, ADDRESS.to_owned())]);
    }

    async fn what_has_been_read_in_the_meantime_is_not_told(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let letter = post.letter("Kommun A", "Ett brev").await;
        post.worker_without_mail().run_due(&CancellationToken::new()).await.unwrap();
        post.read(letter).await;
        let count = post.caught.all().len();
        post.after(Duration::HOUR).await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::NotNeeded, 2, ADDRESS.to_owned())]);
        assert_eq!(post.caught_since(count), []);
    }

    /// As when it is decided: whoever has left is called back to no letter. Of their addresses they hear all the same.
    async fn what_waits_to_be_told_when_the_mailbox_is_left_is_not(post: Post) {
        let address = post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        post.letter("Kommun A", "Ett brev").await;
        post.worker_without_mail().run_due(&CancellationToken::new()).await.unwrap();
        let closing = Closing { why: Why::Left, moved_to: None, destroy_at: None };
        let mut tx = post.house.db.begin().await.unwrap();
        assert!(store::leaving::close(&mut tx, post.mailbox, &closing, post.house.clock.now()).await.unwrap());
        tx.commit().await.unwrap();
        let count = post.caught.all().len();
        post.after(Duration::days(8)).await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::NotNeeded, 2, ADDRESS.to_owned())]);
        assert_eq!(post.caught_since(count), []);
        assert_eq!(remove(&post.house, &post.tolvan, address).await.unwrap(), Removed::Done);
        post.run_jobs().await;
        let told = post.caught_since(count);
        assert_eq!(told.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), [ADDRESS]);
    }

    async fn a_job_whose_transaction_is_undone_never_was(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let mut tx = post.house.db.begin().await.unwrap();
        let job = Job::Notice { mailbox_id: post.mailbox, letter_id: Uuid::nil() };
        enqueue(&mut tx, &post.house, &job, post.house.clock.now()).await.unwrap();
        drop(tx);
        assert_eq!(post.run_jobs().await, 0);
    }

    /// What cannot be written of one job takes nothing from those that end with it, and leaves nothing half done: it is tried again by the
    /// schedule, given up in the end, and done when the operator says so.
    async fn a_job_whose_end_cannot_be_written_takes_no_other_with_it(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let alter = async |sql| {
            let mut tx = post.house.db.begin().await.unwrap();
            tx.execute(sql, vec![]).await.unwrap();
            tx.commit().await.unwrap();
        };
        // The notice of a letter can be written, and the letter that it tells of cannot.
        alter("ALTER TABLE notice_letter RENAME TO notice_letter_away").await;
        post.letter("Kommun A", "Ett brev").await;
        for (tries, wait) in (1..).zip(post.config.notice.retry.clone()) {
            send_to_try(&post.house, &post.tolvan, None).await.unwrap();
            assert_eq!(post.run_jobs().await, 2);
            assert_eq!(post.jobs().await, [("notice".to_owned(), "ready".to_owned(), 1)], "the other is done");
            let seen = post.seen().await;
            assert_eq!(seen.len(), tries, "nothing is there of the letter's");
            assert!(seen.iter().all(|one| (one.0, one.2) == (NoticeKind::Test, NoticeState::Sent)), "{seen:?}");
            post.clock.advance(Duration::try_from(wait).unwrap());
        }
        assert_eq!(post.run_jobs().await, 1);
        assert_eq!(post.jobs().await, [("notice".to_owned(), "failed".to_owned(), 1)]);
        assert_eq!(post.told().await, []);

        alter("ALTER TABLE notice_letter_away RENAME TO notice_letter").await;
        let mut tx = post.house.db.begin().await.unwrap();
        assert_eq!(store::job::retry_failed(&mut tx, post.house.clock.now()).await.unwrap(), 1);
        tx.commit().await.unwrap();
        post.run_jobs().await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
    }

    /// Five workers, as in five processes, and sixty letters: sixty mails, no more and no fewer.
    async fn many_workers_do_each_job_once(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let before = post.caught.all().len();
        for number in 0..60 {
            post.letter("Kommun A", &format!("Brev {number}")).await;
        }
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
        post.run_jobs().await;
        assert_eq!(post.caught.all().len() - before, 60);
        let (first, next) = notices(&post.house, &post.tolvan, Some(NoticeState::Sent), None).await.unwrap();
        let (second, end) = notices(&post.house, &post.tolvan, Some(NoticeState::Sent), next).await.unwrap();
        assert_eq!((first.len(), second.len(), end), (50, 10, None));
        assert!(first.iter().chain(&second).all(|logged| logged.row.attempts == 1));
        assert_eq!(post.jobs().await, []);
    }

    /// A process that dies with a job in its hands: another takes it when the lease is over, and counts the lost try.
    async fn a_crash_costs_one_try(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.letter("Kommun A", "Ett brev").await;
        let lease = Duration::try_from(post.config.notice.lease).unwrap();
        let take = async || {
            let now = post.house.clock.now();
            let mut tx = post.house.db.begin().await.unwrap();
            let taken = store::job::claim(&mut tx, Uuid::nil(), now, now + lease, 10).await.unwrap();
            tx.commit().await.unwrap();
            taken.len()
        };
        assert_eq!(take().await, 1);
        assert_eq!(post.run_jobs().await, 0, "it is in somebody's hands");
        post.after(lease + Duration::SECOND).await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
    }

    /// The bell: no waiting for the next look, which here would be an hour away. And a stop ends the worker.
    async fn a_running_worker_sends_at_once_and_stops_when_asked(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let mut config = post.config.clone();
        config.notice.look_every = std::time::Duration::from_hours(1);
        let stop = CancellationToken::new();
        let running = tokio::spawn(Worker::new(post.house.clone(), &config).unwrap().run(stop.clone()));
        // Past its first look, and those it makes after the bells that have rung so far.
        tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
        let before = post.caught.all().len();
        post.letter("Kommun A", "Ett brev").await;
        let arrived = tokio::time::timeout(std::time::Duration::from_secs(10), async {
            while post.caught.all().len() == before {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        });
        arrived.await.expect("the mail comes soon");
        stop.cancel();
        tokio::time::timeout(std::time::Duration::from_secs(5), running).await.expect("it stops soon").unwrap();
    }

    /// The same message, by the same rules and with the person's word; only a line more.
    async fn a_notice_to_try_says_what_a_real_one_says(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        let line = "Det här är ett prov som du har bett om. Inget nytt brev har kommit.";
        let caught_by = |before: usize| post.caught.all().split_off(before);
        for says in [Says::Nothing, Says::Sender, Says::SenderAndSubject] {
            post.rule(|rules| {
                rules.word = Some("Blåklocka".parse().unwrap());
                rules.says = says;
                rules.usual = Ways { email: When::AtOnce, sms: When::AtOnce, push: When::AtOnce };
            }).await;
            let before = post.caught.all().len();
            send_to_try(&post.house, &post.tolvan, None).await.unwrap();
            post.run_jobs().await;
            let tests = caught_by(before);
            let before = post.caught.all().len();
            let letter = post.letter("Exempelkommunen", "Beslut om förskoleplats").await;
            post.run_jobs().await;
            let real = caught_by(before);
            post.read(letter).await;
            assert_eq!((tests.len(), real.len()), (2, 2));
            for test in tests {
                let real = real.iter().find(|real| real.kind == test.kind).unwrap();
                assert_eq!((&test.to, &test.subject), (&real.to, &real.subject));
                let (test, real) = (test.text.unwrap(), real.text.clone().unwrap());
                assert!(test.contains(line) && test.contains("Blåklocka") && !real.contains(line), "{test}");
                let bare = |text: &str| text.replacen(line, "", 1).split_whitespace().collect::<Vec<_>>().join(" ");
                assert_eq!(bare(&test), bare(&real), "{says:?}");
            }
        }
    }

    /// Where a real one would go, and nowhere else: what it does not reach, a letter's would not reach either.
    async fn a_notice_to_try_goes_where_a_real_one_would(post: Post) {
        let tried = async |only| {
            let count = post.caught.all().len();
            let answer = send_to_try(&post.house, &post.tolvan, only).await.unwrap();
            post.run_jobs().await;
            let to: Vec<String> = post.caught_since(count).into_iter().map(|(_, to, _)| to).collect();
            (answer, to)
        };
        let mobile = post.reached_at(Sms, MOBILE).await;
        assert_eq!(tried(None).await, (ToTry::Sent(1), vec![MOBILE.to_owned()]), "the second way, for want of a first");
        post.reached_at(Email, ADDRESS).await;
        assert_eq!(tried(None).await, (ToTry::Sent(1), vec![ADDRESS.to_owned()]), "the rules say not at all by text message");
        assert_eq!(tried(Some(mobile)).await, (ToTry::NotWanted, vec![]));
        post.rule(|rules| rules.usual = Ways { email: When::Never, sms: When::Never, push: When::AtOnce }).await;
        assert_eq!(tried(Some(mobile)).await, (ToTry::Sent(1), vec![MOBILE.to_owned()]));
        post.rule(|rules| rules.second_way = false).await;
        assert_eq!(tried(None).await, (ToTry::NotWanted, vec![]));
        post.rule(|rules| rules.usual.push = When::Never).await;
        assert_eq!(tried(None).await, (ToTry::NotWanted, vec![]));
        for _ in 0..2 {
            post.rule(|rules| rules.usual.email = When::Weekly).await;
            assert_eq!(tried(None).await.0, ToTry::Sent(1), "what was not sent is not counted");
        }
    }

    async fn a_notice_to_try_goes_everywhere_and_not_too_often(post: Post) {
        assert_eq!(send_to_try(&post.house, &post.tolvan, None).await.unwrap(), ToTry::Nowhere);
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        post.rule(|rules| rules.usual.sms = When::AtOnce).await;
        let count = post.caught.all().len();
        for _ in 0..5 {
            assert_eq!(send_to_try(&post.house, &post.tolvan, None).await.unwrap(), ToTry::Sent(2));
        }
        assert_eq!(send_to_try(&post.house, &post.tolvan, None).await.unwrap(), ToTry::TooMany);
        post.run_jobs().await;
        assert_eq!(post.caught_since(count).len(), 10);
        post.clock.advance(Duration::HOUR);
        assert_eq!(send_to_try(&post.house, &post.tolvan, None).await.unwrap(), ToTry::Sent(2));
        assert!(notices(&post.house, &post.other, None, None).await.unwrap().0.is_empty(), "another sees none of it");
    }
}
