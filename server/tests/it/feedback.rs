//! Opinions, help and news, and the log of who has read what: what anybody may say and read, and what only the holder may.

use crate::harness::{Town, person};
use server::audit::Actor;
use server::domain::access::{Act, Capacity};
use server::domain::text::Kind;
use server::mailbox::access::find_mailbox;
use server::mailbox::access_log::{PAGE, Show, log_login, read_access_log};
use server::mailbox::feedback::{LONGEST, Sent, Typed, end, send, take_draft, unread};
use server::mailbox::texts::{Written, list, read, write};
use server::seal::Place;
use server::store;
use server::store::access_log::AccessRow;
use std::collections::BTreeSet;
use std::time::Instant;
use time::{Duration, OffsetDateTime};

fn typed(words: &str, answer: bool, email: &str) -> Typed {
    Typed {
        words: words.to_owned(),
        answer,
        email: email.to_owned(),
    }
}

fn text(slug: &str, language: &str, title: &str, markdown: Option<&str>, from: OffsetDateTime) -> Written {
    Written {
        kind: Kind::News,
        slug: slug.parse().unwrap(),
        language: language.to_owned(),
        title: title.to_owned(),
        markdown: markdown.map(str::to_owned),
        shown_from: from,
        shown_until: None,
        by: Actor::Command,
    }
}

impl Town {
    async fn titles(&self, language: &str) -> Vec<String> {
        let news = list(&self.house, Kind::News, language).await.unwrap();
        news.into_iter().map(|text| text.title).collect()
    }

    /// Rows in Tolvan's log, as many years of reading would leave them.
    async fn long_log(&self, rows: usize) {
        let mailbox = find_mailbox(&self.house, &self.tolvan).await.unwrap().unwrap();
        let mut tx = self.house.db.begin().await.unwrap();
        let row = store::mailbox::by_id(&mut tx, mailbox).await.unwrap().unwrap();
        let key = self.house.keys.unwrap(&mailbox, &row.wrapped).unwrap();
        for n in 0..rows {
            let at = self.house.clock.now() - Duration::minutes(i64::try_from(rows - n).unwrap());
            let id = self.house.ids.at(at);
            let actor = key
                .seal(self.house.ids, &Place::of("access_log", &id, "actor"), b"Tolvan")
                .unwrap();
            let act = if n % 10_000 == 7 {
                Act::ChangedContact
            } else {
                Act::LoggedIn
            };
            let capacity = if n % 10_000 == 9 {
                Capacity::Staff
            } else {
                Capacity::Holder
            };
            let row = AccessRow {
                id,
                at,
                actor,
                act,
                letter_id: None,
                capacity,
            };
            store::access_log::insert(&mut tx, mailbox, &row).await.unwrap();
        }
        tx.commit().await.unwrap();
    }
}

on_both_databases! {
    /// Said, read by the operator, taken care of, forgotten. Only the kind of page is kept, and nothing in the clear.
    async fn an_opinion_comes_through_and_is_forgotten(town: Town) {
        let (house, words) = (&town.house, "Sökningen är bra, men texten är för liten.");
        assert_eq!(send(house, typed(words, true, "nils@post.example"), "/brev/0198-x?y=z", "sv").await.unwrap(), Sent::Done);
        town.hand.advance(time::Duration::seconds(1));
        assert_eq!(send(house, typed("Tack!", false, "glömd@post.example"), "/", "en").await.unwrap(), Sent::Done);
        let all = unread(house, 10).await.unwrap();
        assert_eq!((all[0].typed.words.as_str(), all[0].page.as_str()), (words, "/brev"));
        assert_eq!(all[1].typed.email, "", "an address that is not needed is not kept");
        let mut tx = house.db.read().await.unwrap();
        let row = store::feedback::by_id(&mut tx, all[0].id).await.unwrap().unwrap();
        drop(tx);
        assert!(!row.content.windows(4).any(|part| part == b"nils" || part == b"text"));
        assert!(end(house, all[0].id, &Actor::Command).await.unwrap());
        assert!(!end(house, all[0].id, &Actor::Command).await.unwrap(), "once");
        assert_eq!(unread(house, 10).await.unwrap().len(), 1);
    }

    /// What is not right comes back once, to whoever has its id, for a while.
    async fn what_was_typed_is_not_lost(town: Town) {
        let house = &town.house;
        let Sent::Wrong { draft, words, email } = send(house, typed("Svara mig", true, "inte en adress"), "/om", "sv").await.unwrap() else { panic!("wrong") };
        assert_eq!((words, email), (false, true));
        let (kept, page) = take_draft(house, draft).await.unwrap().unwrap();
        assert_eq!((kept.words.as_str(), kept.email.as_str(), page.as_str()), ("Svara mig", "inte en adress", "/om"));
        assert!(take_draft(house, draft).await.unwrap().is_none());
        assert!(unread(house, 10).await.unwrap().is_empty());

        let long = "å".repeat(LONGEST + 1);
        for wrong in ["", "  \n ", &long] {
            assert!(matches!(send(house, typed(wrong, false, ""), "/", "sv").await.unwrap(), Sent::Wrong { words: true, email: false, .. }));
        }
        let Sent::Wrong { draft, .. } = send(house, typed("", false, ""), "/", "sv").await.unwrap() else { panic!("wrong") };
        town.hand.advance(Duration::minutes(31));
        assert!(take_draft(house, draft).await.unwrap().is_none(), "not for ever");
        let sent = send(house, typed("Hej", false, ""), "/", "sv").await.unwrap();
        assert_eq!(sent, Sent::Done);
        let sent = unread(house, 10).await.unwrap().remove(0);
        assert!(take_draft(house, sent.id).await.unwrap().is_none(), "what is sent is no draft");
    }

    /// The page is open to all, and cannot be used to fill the database.
    async fn a_flood_is_stopped_and_passes(town: Town) {
        let mut taken = 0;
        while send(&town.house, typed("Hej", false, ""), "/", "sv").await.unwrap() == Sent::Done {
            taken += 1;
            assert!(taken <= 500);
        }
        assert_eq!(taken, 500);
        town.hand.advance(Duration::minutes(61));
        assert_eq!(send(&town.house, typed("Hej", false, ""), "/", "sv").await.unwrap(), Sent::Done);
    }

    /// A version is shown when its time has come, and until then the one before; what was is kept.
    async fn news_come_at_their_time(town: Town) {
        let (house, now) = (&town.house, town.house.clock.now());
        write(house, text("driftstopp", "sv", "Driftstopp på söndag", Some("Stängt **en timme**."), now)).await.unwrap();
        write(house, text("driftstopp", "sv", "Driftstoppet är över", Some("Allt fungerar."), now + Duration::days(2))).await.unwrap();
        write(house, text("nytt", "sv", "Nytt utseende", Some("Titta."), now + Duration::days(1))).await.unwrap();
        write(house, text("nytt", "en", "New look", Some("See."), now + Duration::days(1))).await.unwrap();
        assert_eq!(town.titles("sv").await, ["Driftstopp på söndag"]);
        assert_eq!(town.titles("en").await, ["Driftstopp på söndag"], "in Swedish, rather than not at all");
        let shown = read(house, Kind::News, "driftstopp", "en").await.unwrap().unwrap();
        assert_eq!((shown.listed.language.as_str(), shown.html.trim()), ("sv", "<p>Stängt <strong>en timme</strong>.</p>"));
        assert!(read(house, Kind::News, "nytt", "sv").await.unwrap().is_none(), "not before its time");
        assert!(read(house, Kind::Help, "driftstopp", "sv").await.unwrap().is_none(), "news are no help");

        town.hand.advance(Duration::days(3));
        assert_eq!(town.titles("sv").await, ["Driftstoppet är över", "Nytt utseende"]);
        assert_eq!(town.titles("en").await, ["Driftstoppet är över", "New look"]);
        write(house, text("driftstopp", "sv", "", None, town.house.clock.now())).await.unwrap();
        assert_eq!(town.titles("sv").await, ["Nytt utseende"]);
        let mut tx = house.db.read().await.unwrap();
        assert_eq!(store::text::versions(&mut tx, "news", "driftstopp").await.unwrap().len(), 3);
    }

    /// The house brings help in both languages; staff put their own over it, add to it, and take it away.
    async fn help_is_there_from_the_beginning_and_staff_have_the_last_word(town: Town) {
        let (house, now) = (&town.house, town.house.clock.now());
        let titles = |language: &'static str| async move {
            let texts = list(house, Kind::Help, language).await.unwrap();
            texts.into_iter().map(|text| (text.slug, text.title)).collect::<Vec<_>>()
        };
        let (swedish, english) = (titles("sv").await, titles("en").await);
        assert_eq!(swedish[0], ("kom-igang".to_owned(), "Kom igång".to_owned()));
        assert_eq!(english[0], ("kom-igang".to_owned(), "Getting started".to_owned()));
        assert_eq!(swedish.iter().map(|(slug, _)| slug).collect::<Vec<_>>(), english.iter().map(|(slug, _)| slug).collect::<Vec<_>>());
        let shown = read(house, Kind::Help, "hitta", "en").await.unwrap().unwrap();
        assert!(shown.html.contains("<table>") && shown.listed.shown_from.is_none());
        assert!(list(house, Kind::News, "sv").await.unwrap().is_empty(), "help is no news");

        let help = |slug: &str, language: &str, title: &str, markdown: Option<&str>| Written { kind: Kind::Help, ..text(slug, language, title, markdown, now) };
        write(house, help("hitta", "sv", "Hitta rätt", Some("Nytt."))).await.unwrap();
        write(house, help("eget", "sv", "Vårt eget", Some("Hej."))).await.unwrap();
        write(house, help("spara", "en", "", None)).await.unwrap();
        let then = titles("sv").await;
        assert_eq!((then[1].1.as_str(), then.last().unwrap().1.as_str()), ("Hitta rätt", "Vårt eget"), "in its place, and after the house's own");
        assert_eq!(read(house, Kind::Help, "hitta", "sv").await.unwrap().unwrap().html.trim(), "<p>Nytt.</p>");
        assert_eq!(read(house, Kind::Help, "hitta", "en").await.unwrap().unwrap().listed.title, "Finding a letter", "each language by itself");
        let saved = read(house, Kind::Help, "spara", "en").await.unwrap().unwrap();
        assert_eq!(saved.listed.language, "sv", "what was taken away in English is there in Swedish");
        write(house, help("spara", "sv", "", None)).await.unwrap();
        assert!(read(house, Kind::Help, "spara", "sv").await.unwrap().is_none());
    }

    /// Page by page, every row once, each filter finding its own.
    async fn a_long_log_is_paged_and_filtered(town: Town) {
        town.long_log(230).await;
        let mut seen = BTreeSet::new();
        let (mut before, mut pages) = (None, 0);
        loop {
            let page = read_access_log(&town.house, &town.tolvan, Show::All, before).await.unwrap();
            seen.extend(page.entries.iter().map(|entry| entry.at));
            pages += 1;
            before = page.next;
            if before.is_none() { break; }
        }
        assert_eq!((seen.len(), pages), (230, 230_usize.div_ceil(PAGE)));
        let show = |show| read_access_log(&town.house, &town.tolvan, show, None);
        let changes = show(Show::Group(server::domain::access::Group::Changes)).await.unwrap();
        assert_eq!(changes.entries.len(), 1);
        let others = show(Show::Others).await.unwrap();
        assert_eq!((others.entries.len(), others.entries[0].capacity), (1, Capacity::Staff));
        assert!(show(Show::Group(server::domain::access::Group::Read)).await.unwrap().entries.is_empty());
    }

    /// Nobody reads another's log.
    async fn a_log_is_its_holders(town: Town) {
        let mut tx = town.house.db.begin().await.unwrap();
        log_login(&mut tx, &town.house, &town.tolvan).await.unwrap();
        tx.commit().await.unwrap();
        let bertil = person("197503029816", "Bertil Berg");
        assert!(read_access_log(&town.house, &bertil, Show::All, None).await.unwrap().entries.is_empty());
        assert_eq!(read_access_log(&town.house, &town.tolvan, Show::All, None).await.unwrap().entries.len(), 1);
    }
}

/// A hundred thousand rows: the newest page, a page far down and the rarest filter cost the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_rows_are_no_more_work_than_fifty() {
    let town = Town::on(crate::harness::Engine::Sqlite).await.unwrap();
    town.long_log(100_000).await;
    let middle = town
        .house
        .ids
        .first_at(town.house.clock.now() - Duration::minutes(50_000));
    for (show, before, rows) in [
        (Show::All, None, PAGE),
        (Show::All, Some(middle), PAGE),
        (Show::Group(server::domain::access::Group::Changes), None, 10),
        (Show::Others, None, 10),
    ] {
        let began = Instant::now();
        let page = read_access_log(&town.house, &town.tolvan, show, before).await.unwrap();
        let took = began.elapsed();
        assert_eq!(page.entries.len(), rows);
        println!("{show:?} before {before:?}: {took:?}");
        assert!(took.as_millis() < 250, "{show:?}: {took:?}");
    }
}
