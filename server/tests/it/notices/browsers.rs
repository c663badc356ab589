//! Notices to browsers: subscribed from a session, encrypted, signed, and given up when the subscription is over.

use super::post::{ADDRESS, MOBILE, Post};
use crate::harness::Engine;
use axum::http::StatusCode;
use infrastruktur::catcher::Kind;
use server::domain::channel::Channel::{Email, Push, Sms};
use server::domain::notice_rules::{Quiet, Says, When};
use server::mailbox::access::Person;
use server::mailbox::browser::Subscribed;
use server::mailbox::contacts::{Added, Removed, add, contacts, new_code, remove};
use server::mailbox::notice_log::notices;
use server::mailbox::notice_rules::{current, waiting};
use server::mailbox::notice_try::{ToTry, send_to_try};
use server::outbox::Worker;
use server::store::notice::{NoticeKind, NoticeState};
use time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const LETTERS: NoticeKind = NoticeKind::Letters;

/// The id of the person's first browser.
async fn browser_id(post: &Post) -> Uuid {
    let known = contacts(&post.house, &post.tolvan).await.unwrap().known;
    known.iter().find(|known| known.row.channel == Push).unwrap().row.id
}

/// The notices by channel alone.
async fn told(post: &Post) -> Vec<(server::domain::channel::Channel, NoticeState, i64)> {
    let told = post.told().await;
    told.into_iter()
        .map(|(_, channel, state, attempts, _)| (channel, state, attempts))
        .collect()
}

on_both_databases! {
    async fn a_letter_is_announced_in_the_browser_and_says_nothing_of_itself(post: Post) {
        let browser = post.browser();
        assert_eq!(post.subscribe(&post.tolvan, &browser).await, Subscribed::Done);
        post.a_letter_comes().await;
        let notice = post.caught.all().pop().unwrap();
        assert_eq!((notice.kind, &notice.to), (Kind::Push, &browser.endpoint));
        assert_eq!(notice.from, "http://localhost:8080", "whom the push service may complain to");
        assert_eq!(notice.subject.as_deref(), Some("Du har fått ett nytt brev"));
        let text = notice.text.unwrap();
        assert_eq!(text, "Öppna brevlada för att läsa.");
        assert_eq!(told(&post).await, [(Push, NoticeState::Sent, 1)]);
        let (logged, _) = notices(&post.house, &post.tolvan, None, None).await.unwrap();
        assert_eq!(logged[0].answer.as_deref(), Some("201 Created"));
        assert_eq!(logged[0].to.shown(), "Chrome, Android");
        assert_eq!(post.jobs().await, []);
    }

    async fn it_says_what_the_person_chose_in_their_language(post: Post) {
        post.subscribe(&post.tolvan, &post.browser()).await;
        post.rule(|rules| {
            rules.says = Says::SenderAndSubject;
            rules.word = Some("Blåklocka".parse().unwrap());
        }).await;
        let mut tx = post.house.db.begin().await.unwrap();
        server::store::mailbox::set_language(&mut tx, post.mailbox, "en").await.unwrap();
        tx.commit().await.unwrap();
        post.letter("Kommun\r\nA", "Beslut om\u{2028}bygglov").await;
        post.run_jobs().await;
        let notice = post.caught.all().pop().unwrap();
        assert_eq!(notice.subject.as_deref(), Some("You have a new letter"));
        assert_eq!(notice.text.as_deref(), Some("Blåklocka. Kommun A: Beslut om bygglov. Open brevlada to read."));
    }

    /// Adding one is a change like any other: it is in the access log, and the addresses that were there hear of it.
    async fn the_other_addresses_hear_of_a_new_browser_and_it_of_them(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let count = post.caught.all().len();
        let browser = post.browser();
        assert_eq!(post.subscribe(&post.tolvan, &browser).await, Subscribed::Done);
        let news = post.caught_since(count);
        assert_eq!((news.len(), news[0].1.as_str()), (1, ADDRESS));
        assert!(news[0].2.contains("Chrome på Android") && !news[0].2.contains("127.0.0.1"), "{}", news[0].2);
        assert_eq!(post.subscribe(&post.tolvan, &browser).await, Subscribed::Already);
        assert_eq!(post.caught.all().len(), count + 1, "nothing new to tell");
        post.reached_at(Sms, MOBILE).await;
        let news = post.caught.all().into_iter().filter(|message| message.to == browser.endpoint).collect::<Vec<_>>();
        assert_eq!(news.len(), 1);
        assert!(news[0].text.as_ref().unwrap().contains("070-••• 06 05"));

        let id = browser_id(&post).await;
        assert_eq!(remove(&post.house, &post.tolvan, id).await.unwrap(), Removed::Done);
        post.run_jobs().await;
        let last = post.caught.all().pop().unwrap();
        assert_eq!((&last.to, last.subject.as_deref()), (&browser.endpoint, Some("Den här webbläsaren får inga fler aviseringar")));
        post.a_letter_comes().await;
        assert_ne!(post.caught.all().pop().unwrap().to, browser.endpoint);
    }

    /// 410 says that the subscription is over: not tried again, marked, told to the others, and the letter goes another way.
    async fn a_subscription_that_is_over_is_marked_and_the_second_way_taken(post: Post) {
        post.reached_at(Sms, MOBILE).await;
        for (gone, number) in [(StatusCode::GONE, "410"), (StatusCode::NOT_FOUND, "404")] {
            let browser = post.browser();
            post.subscribe(&post.tolvan, &browser).await;
            assert!(post.push.answer(&browser.endpoint, gone, None));
            let count = post.caught.all().len();
            post.a_letter_comes().await;
            let said = post.caught_since(count);
            assert_eq!(said.len(), 2, "that it is over, and the letter: {said:?}");
            assert!(said.iter().all(|(kind, to, _)| *kind == Kind::Sms && to == MOBILE));
            assert!(said.iter().any(|(.., text)| text.contains("når dig inte på Chrome på Android")), "{said:?}");
            assert_eq!(post.jobs().await, [], "nobody tries that again");
            let id = browser_id(&post).await;
            let known = contacts(&post.house, &post.tolvan).await.unwrap().known;
            let row = &known.iter().find(|known| known.row.id == id).unwrap().row;
            assert_eq!(row.broken.as_ref().map(|(_, told)| told.as_str()), Some(number));
            assert_eq!(new_code(&post.house, &post.tolvan, id).await.unwrap(), Added::NotFound, "a browser gets no code");
            // Subscribed anew in the same browser, it is the same address.
            assert_eq!(post.subscribe(&post.tolvan, &browser).await, Subscribed::Done);
            assert_eq!(browser_id(&post).await, id);
            remove(&post.house, &post.tolvan, id).await.unwrap();
            post.run_jobs().await;
        }
    }

    /// A service that is busy, or will not believe us, says nothing of the browser.
    async fn what_is_not_the_browsers_fault_follows_the_schedule(post: Post) {
        let browser = post.browser();
        post.subscribe(&post.tolvan, &browser).await;
        post.push.answer(&browser.endpoint, StatusCode::TOO_MANY_REQUESTS, None);
        post.a_letter_comes().await;
        assert_eq!(told(&post).await, [(Push, NoticeState::Waiting, 1)]);
        post.push.answer(&browser.endpoint, StatusCode::SERVICE_UNAVAILABLE, None);
        post.after(Duration::try_from(post.config.notice.retry[0]).unwrap()).await;
        assert_eq!(told(&post).await, [(Push, NoticeState::Waiting, 2)]);
        let (logged, _) = notices(&post.house, &post.tolvan, None, None).await.unwrap();
        assert!(logged[0].answer.as_deref().unwrap().starts_with("503 Service Unavailable"));
        post.push.answer(&browser.endpoint, StatusCode::CREATED, None);
        post.after(Duration::try_from(post.config.notice.retry[1]).unwrap()).await;
        assert_eq!(told(&post).await, [(Push, NoticeState::Sent, 3)]);
    }

    /// A service says when to come again, and is left alone until then: never shorter than the schedule says, never longer than its longest
    /// step, and not for ever. Other channels wait by the schedule alone.
    async fn a_service_that_is_busy_is_left_alone_for_as_long_as_it_asks(post: Post) {
        let browser = post.browser();
        post.subscribe(&post.tolvan, &browser).await;
        let schedule: Vec<Duration> = post.config.notice.retry.iter().map(|step| Duration::try_from(*step).unwrap()).collect();
        let longest = *schedule.iter().max().unwrap();
        let busy = |again| post.push.answer(&browser.endpoint, StatusCode::SERVICE_UNAVAILABLE, Some(again));
        busy(0);
        post.letter("Kommun A", "Ett brev").await;
        post.run_jobs().await;
        let waits = [(schedule[0], 900), (Duration::seconds(900), 10), (schedule[2], u32::MAX), (longest, 0)];
        for (tries, (wait, asked_then)) in (1..).zip(waits) {
            assert_eq!(told(&post).await, [(Push, NoticeState::Waiting, tries)]);
            busy(asked_then);
            post.after(wait - Duration::SECOND).await;
            assert_eq!(told(&post).await, [(Push, NoticeState::Waiting, tries)], "not before its time");
            post.after(Duration::SECOND).await;
        }
        assert_eq!(told(&post).await, [(Push, NoticeState::Waiting, 5)]);
        post.after(longest).await;
        assert_eq!(told(&post).await, [(Push, NoticeState::Failed, 6)], "given up after as many tries as ever");
    }

    /// A browser that is given another subscription keeps its place, its rules, and the key that it asked with; believed from the session of
    /// whoever has the old one.
    async fn a_browser_that_changes_by_itself_is_followed(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let old = post.browser();
        post.subscribe(&post.tolvan, &old).await;
        let id = browser_id(&post).await;
        post.rule(|rules| rules.usual.push = When::Daily).await;
        post.subscribe(&post.other, &post.browser()).await;

        let mut post = post;
        let new = post.browser();
        // Our key has another number since: the browser asks with the one that it knows.
        post.config.push.key = 2;
        post.worker = Worker::new(post.house.clone(), &post.config).unwrap();
        assert_eq!(post.subscribe_as(&post.other, &new, Some(&old)).await, Subscribed::NotFound, "another's is not found");
        assert_eq!(post.subscribe_as(&post.tolvan, &new, Some(&new)).await, Subscribed::NotFound, "it had another before");
        let count = post.caught.all().len();
        assert_eq!(post.subscribe_as(&post.tolvan, &new, Some(&old)).await, Subscribed::Done);
        let news = post.caught_since(count);
        assert_eq!(news.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), [ADDRESS], "the others hear of it");
        assert_eq!(post.subscribe_as(&post.tolvan, &new, Some(&old)).await, Subscribed::NotFound, "the old one is gone");
        assert_eq!(browser_id(&post).await, id);
        assert_eq!(contacts(&post.house, &post.tolvan).await.unwrap().known.len(), 2);
        assert_eq!(current(&post.house, &post.tolvan).await.unwrap().unwrap().rules.usual.push, When::Daily);
        assert_eq!(send_to_try(&post.house, &post.tolvan, Some(id)).await.unwrap(), ToTry::Sent(1));
        post.run_jobs().await;
        assert_eq!(post.caught.all().pop().unwrap().to, new.endpoint);
    }

    /// The list is asked at each sending too: what an operator takes away from it is called no more.
    async fn nobody_is_called_but_the_push_services_of_the_configuration(post: Post) {
        let mut browser = post.browser();
        post.subscribe(&post.tolvan, &browser).await;
        let mut outside = post.config.clone();
        outside.web.public_url = "https://brevlada.example".parse().unwrap();
        let worker = Worker::new(post.house.clone(), &outside).unwrap();
        let count = post.caught.all().len();
        post.letter("Kommun A", "Ett brev").await;
        worker.run_due(&CancellationToken::new()).await.unwrap();
        assert_eq!(post.caught.all().len(), count, "this machine is no push service there");
        assert_eq!(told(&post).await, [(Push, NoticeState::Waiting, 1)]);

        for no in ["https://example.se/x", "http://fcm.googleapis.com/x", "https://10.0.0.1/x", "https://fcm.googleapis.com:22/x", "x"] {
            no.clone_into(&mut browser.endpoint);
            assert_eq!(post.subscribe(&post.tolvan, &browser).await, Subscribed::NotASubscription, "{no}");
        }
        "https://fcm.googleapis.com/x".clone_into(&mut browser.endpoint);
        "kort".clone_into(&mut browser.keys.auth);
        assert_eq!(post.subscribe(&post.tolvan, &browser).await, Subscribed::NotASubscription);
    }

    /// A key is changed by its number; browsers that were subscribed under the old one go on with that.
    async fn a_new_key_cuts_off_no_browser(post: Post) {
        let old = post.browser();
        post.subscribe(&post.tolvan, &old).await;
        let mut post = post;
        post.config.push.key = 2;
        post.worker = Worker::new(post.house.clone(), &post.config).unwrap();
        let new = post.browser();
        assert_eq!(post.subscribe(&post.tolvan, &new).await, Subscribed::Done);
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        let mut to: Vec<String> = post.caught_since(count).into_iter().map(|(_, to, _)| to).collect();
        let mut both = vec![old.endpoint, new.endpoint];
        to.sort();
        both.sort();
        assert_eq!(to, both, "each service was shown the key that it knows");
    }

    async fn rules_hours_and_reminders_hold_for_browsers_as_for_the_others(post: Post) {
        post.subscribe(&post.tolvan, &post.browser()).await;
        post.rule(|rules| rules.usual.push = When::Daily).await;
        post.a_letter_comes().await;
        post.letter("Kommun A", "Ett till").await;
        post.run_jobs().await;
        assert_eq!(told(&post).await, []);
        let held = waiting(&post.house, &post.tolvan).await.unwrap();
        assert_eq!((held.len(), held[0].channel, held[0].letters), (1, Push, 2));
        post.after(Duration::hours(9)).await;
        assert_eq!(post.caught.all().pop().unwrap().subject.as_deref(), Some("Du har fått 2 nya brev"));
        post.after(Duration::days(3)).await;
        assert_eq!(post.caught.all().pop().unwrap().subject.as_deref(), Some("Påminnelse: du har 2 olästa brev"));
        post.rule(|rules| {
            rules.usual.push = When::AtOnce;
            rules.quiet = Quiet::new(0.try_into().unwrap(), 23.try_into().unwrap());
        }).await;
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        assert_eq!(post.caught.all().len(), count, "quiet hours");
    }

    /// Whoever has no browser is told by the rules of what they have: not sooner, not twice, and nothing waits for a browser.
    async fn a_way_that_leads_nowhere_changes_nothing_for_the_others(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(|rules| (rules.usual.email, rules.usual.push) = (When::Daily, When::AtOnce)).await;
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        assert_eq!(post.caught.all().len(), count, "browsers are told at once, and there is none");
        let held = waiting(&post.house, &post.tolvan).await.unwrap();
        assert_eq!(held.iter().map(|round| round.channel).collect::<Vec<_>>(), [Email]);
        post.rule(|rules| rules.usual.push = When::Weekly).await;
        let held = waiting(&post.house, &post.tolvan).await.unwrap();
        assert_eq!(held.iter().map(|round| round.channel).collect::<Vec<_>>(), [Email]);
        post.after(Duration::hours(9)).await;
        assert_eq!(post.told().await, [(LETTERS, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
    }

    /// Turning on the first one is a wish to be told there; after that the rules are the person's own.
    async fn turning_on_the_first_browser_asks_to_be_told_at_once(post: Post) {
        let push = async || current(&post.house, &post.tolvan).await.unwrap().unwrap().rules.usual.push;
        assert_eq!(push().await, When::Never);
        post.subscribe(&post.tolvan, &post.browser()).await;
        assert_eq!(push().await, When::AtOnce);
        post.rule(|rules| rules.usual.push = When::Never).await;
        post.subscribe(&post.tolvan, &post.browser()).await;
        assert_eq!(push().await, When::Never);
    }

    async fn one_browser_can_be_tried_out_alone(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let browser = post.browser();
        post.subscribe(&post.tolvan, &browser).await;
        let id = browser_id(&post).await;
        let count = post.caught.all().len();
        assert_eq!(send_to_try(&post.house, &post.tolvan, Some(id)).await.unwrap(), ToTry::Sent(1));
        post.run_jobs().await;
        let said = post.caught_since(count);
        assert_eq!((said.len(), &said[0].1), (1, &browser.endpoint));
        assert!(said[0].2.contains("Inget nytt brev har kommit"));
        assert_eq!(send_to_try(&post.house, &post.other, Some(id)).await.unwrap(), ToTry::Nowhere, "another's is not found");
    }

    async fn anothers_browser_is_not_found_and_codes_do_not_make_one(post: Post) {
        let browser = post.browser();
        post.subscribe(&post.tolvan, &browser).await;
        let id = browser_id(&post).await;
        assert_eq!(remove(&post.house, &post.other, id).await.unwrap(), Removed::NotFound);
        assert!(contacts(&post.house, &post.other).await.unwrap().known.is_empty());
        let stranger = Person::new("198112189876".parse().unwrap(), "X".to_owned());
        assert_eq!(post.subscribe(&stranger, &browser).await, Subscribed::NotFound);
        let stored = contacts(&post.house, &post.tolvan).await.unwrap().known[0].address.to_string();
        assert_eq!(add(&post.house, &post.other, Push, &stored).await.unwrap(), Added::NotAnAddress);
        assert_eq!(post.is_in_use(id).await, Some(true), "nothing has changed");
    }

    async fn five_an_hour_and_ten_in_all(post: Post) {
        for _ in 0..5 {
            assert_eq!(post.subscribe(&post.tolvan, &post.browser()).await, Subscribed::Done);
        }
        assert_eq!(post.subscribe(&post.tolvan, &post.browser()).await, Subscribed::TooMany);
        post.clock.advance(Duration::HOUR);
        for _ in 0..5 {
            assert_eq!(post.subscribe(&post.tolvan, &post.browser()).await, Subscribed::Done);
        }
        post.clock.advance(Duration::HOUR);
        assert_eq!(post.subscribe(&post.tolvan, &post.browser()).await, Subscribed::Full);
    }
}

/// Endpoint and keys are nowhere in the database's files.
#[tokio::test]
async fn the_files_of_the_database_hold_no_endpoint() {
    let post = Post::on(Engine::Sqlite).await.unwrap();
    let browser = post.browser();
    post.subscribe(&post.tolvan, &browser).await;
    post.reached_at(Email, ADDRESS).await;
    post.a_letter_comes().await;
    let id = browser.endpoint.rsplit('/').next().unwrap();
    for file in std::fs::read_dir(post.database.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [id, "/push/", &browser.keys.p256dh, &browser.keys.auth, "chrome/android"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
}
