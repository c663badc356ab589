//! Letting another person into a mailbox: only after their yes, only as far as it goes, and not a moment longer.

use crate::harness::{open_mailbox, person};
use crate::keep::{Home, delivery};
use server::domain::access::{Act, Capacity};
use server::domain::acts_for::{ActsFor, Consented};
use server::domain::consent::{AT_MOST, Level};
use server::domain::forward::{Limits, Way};
use server::domain::right::Right;
use server::domain::sorting::{List, Order, Place, What};
use server::house::House;
use server::mailbox::access::{AskedFor, Person, Whose, enter, find_mailbox, let_in_by_register, look_around};
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::attachment::{self, fetch_attachment};
use server::mailbox::consents::{Offered, Stands, Typed, Wrong, answer, end, give_up, given, offer, received};
use server::mailbox::copy::{Copied, copy_letter};
use server::mailbox::download::{self, Picked, pick};
use server::mailbox::letter::{Opened, open_again, open_letter};
use server::mailbox::list::{Listing, read_list};
use server::mailbox::search::{Question, Search, search};
use server::mailbox::sort::{Choice, Sorted, sort};
use server::mailbox::{
    access_log, bin, calendar, categories, contacts, export, folders, forward, forward_ask, language, leaving, mark,
    matters, notice_log, notice_rules, payments, reach, rules,
};
use server::search::Indexer;
use std::collections::BTreeSet;
use std::sync::Arc;
use time::Duration;
use time::macros::time;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const TOLVAN: &str = "191212121212";
const BERTIL: &str = "197503029816";
const AGNES: &str = "198112189876";
const KOMMUN_A: &str = "162021004748";
const KOMMUN_B: &str = "162021003898";

/// Tolvan's offer to Bertil.
fn typed(manage: bool, old_letters: bool, senders: Option<&[&str]>, days: i64, house: &House) -> Typed {
    let day = server::domain::calendar::day_in_sweden(house.clock.now()) + Duration::days(days);
    Typed {
        number: BERTIL.to_owned(),
        level: if manage { Level::Manage } else { Level::Read },
        old_letters,
        senders: senders.map(|senders| senders.iter().map(ToString::to_string).collect()),
        through: day.to_string(),
    }
}

/// Offers, says yes, and gives the helper as he is in Tolvan's mailbox.
async fn let_in(home: &Home, typed: &Typed) -> (Uuid, Person) {
    assert_eq!(offer(&home.house, &home.tolvan, typed).await.unwrap(), Offered::Done);
    let asked = received(&home.house, &home.bertil).await.unwrap();
    let asked = asked.iter().find(|consent| consent.stands == Stands::Offered).unwrap();
    assert!(answer(&home.house, &home.bertil, asked.id, true).await.unwrap());
    (asked.id, home.bertil.at(Whose::Of(asked.mailbox)))
}

/// What the register tells of a consent of one holder.
fn by_register(holder: &str, manage: bool) -> Arc<ActsFor> {
    Arc::new(ActsFor {
        consents: vec![Consented {
            holder: holder.to_owned(),
            manage,
        }],
        ..ActsFor::default()
    })
}

async fn subjects(house: &House, who: &Person) -> Option<Vec<String>> {
    match read_list(house, who, List::Inbox, Order::Newest, None).await.unwrap() {
        Listing::Page { letters, .. } => Some(letters.into_iter().map(|letter| letter.header.subject).collect()),
        Listing::NotFound => None,
    }
}

async fn opens(house: &House, who: &Person, letter: Uuid) -> bool {
    matches!(open_letter(house, who, letter).await.unwrap(), Opened::Letter(_))
}

async fn unread(home: &Home) -> u64 {
    let mut tx = home.house.db.read().await.unwrap();
    let entered = enter(&mut tx, &home.house, &home.tolvan, Right::View)
        .await
        .unwrap()
        .unwrap();
    entered.unread
}

/// Who did what in Tolvan's mailbox, the newest first.
async fn log(home: &Home) -> Vec<(String, Capacity, Act)> {
    let page = read_access_log(&home.house, &home.tolvan, Show::All, None)
        .await
        .unwrap();
    page.entries
        .into_iter()
        .map(|entry| (entry.who, entry.capacity, entry.act))
        .collect()
}

on_both_databases! {
    /// Nothing is let in before the yes, or after the end, whoever ends it; and the holder sees all of it.
    async fn somebody_is_let_in_from_their_yes_until_either_ends_it(home: Home) {
        let house = &home.house;
        let letter = home.receive(&delivery(TOLVAN, &["Beslut"])).await[0];
        let mailbox = find_mailbox(house, &home.tolvan).await.unwrap().unwrap();
        let there = home.bertil.at(Whose::Of(mailbox));
        assert_eq!(subjects(house, &there).await, None);
        assert!(received(house, &home.bertil).await.unwrap().is_empty());

        let read = typed(false, true, None, 30, house);
        assert_eq!(offer(house, &home.tolvan, &read).await.unwrap(), Offered::Done);
        assert_eq!(subjects(house, &there).await, None, "an offer alone lets nobody in");
        let asked = received(house, &home.bertil).await.unwrap();
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].other.name.as_str(), asked[0].stands, asked[0].level), ("Tolvan Tolvansson", Stands::Offered, Level::Read));
        let agnes = person(AGNES, "Agnes Andersson");
        assert!(!answer(house, &agnes, asked[0].id, true).await.unwrap(), "somebody else's question");
        assert!(!answer(house, &home.tolvan, asked[0].id, true).await.unwrap(), "one's own");
        home.clock.advance(Duration::minutes(1));
        assert!(answer(house, &home.bertil, asked[0].id, true).await.unwrap());
        assert!(!answer(house, &home.bertil, asked[0].id, false).await.unwrap(), "answered already");

        assert_eq!(subjects(house, &there).await, Some(vec!["Beslut".to_owned()]));
        assert_eq!(subjects(house, &agnes.at(Whose::Of(mailbox))).await, None, "nobody else is let in by it");
        assert_eq!(subjects(house, &home.bertil).await, Some(vec![]), "his own mailbox is his own");
        home.clock.advance(Duration::minutes(1));
        assert!(opens(house, &there, letter).await);
        assert_eq!(unread(&home).await, 1, "who only reads leaves the holder's mark");
        assert_eq!(look_around(house, &there).await.unwrap().unwrap().holder.name, "Tolvan Tolvansson");
        let seen = log(&home).await;
        assert_eq!(seen[0], ("Bertil Berg".to_owned(), Capacity::Helper, Act::OpenedLetter));
        assert_eq!(seen[1], ("Bertil Berg".to_owned(), Capacity::Helper, Act::ChangedConsent));
        assert_eq!(seen[2], ("Tolvan Tolvansson".to_owned(), Capacity::Holder, Act::ChangedConsent));

        let told = given(house, &home.tolvan).await.unwrap().unwrap().consents;
        assert_eq!((told[0].other.name.as_str(), told[0].stands), ("Bertil Berg", Stands::Active));
        assert!(end(house, &home.tolvan, told[0].id).await.unwrap());
        assert!(!end(house, &home.tolvan, told[0].id).await.unwrap(), "once");
        assert_eq!(subjects(house, &there).await, None);
        assert!(!opens(house, &there, letter).await);
        assert!(look_around(house, &there).await.unwrap().is_none());

        home.clock.advance(Duration::minutes(1));
        let (id, there) = let_in(&home, &read).await;
        assert!(opens(house, &there, letter).await);
        assert!(!give_up(house, &agnes, id).await.unwrap());
        assert!(give_up(house, &home.bertil, id).await.unwrap());
        assert!(!opens(house, &there, letter).await);
        let told = given(house, &home.tolvan).await.unwrap().unwrap().consents;
        assert_eq!(told[0].stands, Stands::EndedByHelper);
    }

    /// A consent ends at midnight in Sweden after its last day, in the middle of reading.
    async fn a_consent_ends_with_its_last_day(home: Home) {
        let house = &home.house;
        home.receive(&delivery(TOLVAN, &["Beslut"])).await;
        let (_, there) = let_in(&home, &typed(false, true, None, 1, house)).await;
        let day = server::domain::calendar::day_in_sweden(house.clock.now()) + Duration::DAY;
        let end = server::domain::calendar::first_moment_after(day).unwrap();
        assert_ne!(end.time(), time!(0:00), "midnight in Sweden is another moment than in Greenwich");
        home.clock.advance(end - house.clock.now() - Duration::SECOND);
        assert!(subjects(house, &there).await.is_some());
        home.clock.advance(Duration::SECOND);
        assert_eq!(subjects(house, &there).await, None);
        assert!(received(house, &home.bertil).await.unwrap().is_empty());
        let told = given(house, &home.tolvan).await.unwrap().unwrap().consents;
        assert_eq!(told[0].stands, Stands::Over);
    }

    /// Who is let in for some letters meets no other: not in lists, by search, by address or in what is downloaded.
    async fn letters_that_are_not_meant_are_not_found_by_any_way(home: Home) {
        let house = &home.house;
        let from = |sender: &str, subject: &str| {
            let mut delivery = delivery(TOLVAN, &[subject]);
            delivery.sender.id = sender.parse().unwrap();
            sender.clone_into(&mut delivery.sender.name);
            delivery
        };
        let old = home.receive(&from(KOMMUN_A, "Gammalt")).await[0];
        let before = home.receive(&from(KOMMUN_B, "Andra")).await[0];
        home.clock.advance(Duration::minutes(1));
        let (_, there) = let_in(&home, &typed(true, false, Some(&[KOMMUN_A]), 30, house)).await;
        home.clock.advance(Duration::minutes(1));
        let seen = home.receive(&from(KOMMUN_A, "Nytt")).await[0];
        let other = home.receive(&from(KOMMUN_B, "Annat")).await[0];
        Indexer::new(house.clone(), &home.config.search)
            .unwrap()
            .run_waiting(&CancellationToken::new())
            .await
            .unwrap();

        assert_eq!(subjects(house, &there).await, Some(vec!["Nytt".to_owned()]));
        for order in [Order::UnreadFirst, Order::Sender, Order::Subject] {
            let Listing::Page { letters, .. } = read_list(house, &there, List::Inbox, order, None).await.unwrap() else {
                panic!("the inbox is there")
            };
            assert_eq!(letters.len(), 1, "{order:?}");
        }
        let question = Question { text: "innehåll".to_owned(), ..Question::default() };
        let Search::Page(found) = search(house, &there, &question).await.unwrap() else {
            panic!("something was asked for")
        };
        assert_eq!(found.hits.len(), 1);
        assert_eq!(found.hits[0].listed.id, seen);
        let Search::Page(all) = search(house, &home.tolvan, &question).await.unwrap() else {
            panic!("something was asked for")
        };
        assert_eq!(all.hits.len(), 4, "they are there for the holder");
        let asked = async |who: &Person, text: &str| {
            let question = Question { text: text.to_owned(), ..Question::default() };
            let Search::Page(found) = search(house, who, &question).await.unwrap() else {
                panic!("something was asked for")
            };
            (found.hits.len(), found.unknown, found.common)
        };
        assert_eq!(asked(&home.tolvan, "zebrafisk").await.1, ["zebrafisk"]);
        assert_eq!(asked(&there, "andra").await, asked(&there, "zebrafisk").await, "whether another letter has a word is not told");
        let reach = reach::reach(house, &there).await.unwrap().unwrap();
        assert_eq!(reach.senders.len(), 1);

        let limits = Limits::default();
        for hidden in [old, before, other] {
            assert!(!opens(house, &there, hidden).await);
            assert!(matches!(open_again(house, &there, hidden).await.unwrap(), Opened::NotFound));
            assert!(matches!(fetch_attachment(house, &there, hidden, 0).await.unwrap(), attachment::Fetched::NotFound));
            assert!(matches!(copy_letter(house, &there, hidden).await.unwrap(), Copied::NotFound));
            assert!(download::download(house, &there, hidden).await.unwrap().is_none());
            assert_eq!(mark::mark(house, &there, hidden, false).await.unwrap(), mark::Marked::NotFound);
            assert!(forward::question(house, &there, &limits, hidden, None).await.unwrap().is_none());
            let asked = forward::ask(house, &there, &limits, hidden, (Way::Mail, "a@b.example")).await.unwrap();
            assert!(matches!(asked, forward::Asked::NotFound));
            assert!(!payments::settle(house, &there, hidden, true).await.unwrap());
            let moved = sort(house, &there, What::Move(Place::Archive), Choice::These(vec![hidden])).await.unwrap();
            assert!(matches!(moved, Sorted::NotFound));
        }
        let Picked::Letters(picked) = pick(house, &there, Choice::All(List::Inbox)).await.unwrap() else {
            panic!("one letter is there")
        };
        assert_eq!(picked, [seen]);
        let all = sort(house, &there, What::Bin, Choice::All(List::Inbox)).await.unwrap();
        assert!(matches!(all, Sorted::NotFound), "a whole list has letters that are not his to see");
        let Sorted::Begun(act) = sort(house, &there, What::Move(Place::Archive), Choice::These(vec![seen, other])).await.unwrap() else {
            panic!("one of them is his")
        };
        home.run_jobs().await;
        assert_eq!(subjects(house, &home.tolvan).await.unwrap(), ["Annat", "Andra", "Gammalt"]);
        assert!(server::mailbox::sort::told(house, &there, act).await.unwrap().is_some());
        let Sorted::Begun(holders) = sort(house, &home.tolvan, What::Star, Choice::These(vec![other])).await.unwrap() else {
            panic!("it is there")
        };
        assert!(server::mailbox::sort::told(house, &there, holders).await.unwrap().is_none());

        let told = leaving::told(house, &there).await.unwrap().unwrap();
        assert_eq!(told.unread, 0, "who sees some letters is not told how many there are");
        let Opened::Letter(opened) = open_letter(house, &there, seen).await.unwrap() else {
            panic!("it is his to see")
        };
        assert_eq!((opened.newer, opened.older), (None, None), "what lies beside it may not be his to see");
    }

    /// What is typed wrong gets its own answer, is kept, and nothing is offered.
    async fn an_offer_that_cannot_be_is_told_why(home: Home) {
        let house = &home.house;
        home.receive(&delivery(TOLVAN, &["Beslut"])).await;
        let right = typed(false, true, None, 30, house);
        let wrong = |change: fn(&mut Typed)| {
            let mut typed = right.clone();
            change(&mut typed);
            typed
        };
        for (typed, why) in [
            (wrong(|typed| "hej".clone_into(&mut typed.number)), Wrong::Number),
            (wrong(|typed| "19121212-1212".clone_into(&mut typed.number)), Wrong::OwnNumber),
            (wrong(|typed| "202100-4748".clone_into(&mut typed.number)), Wrong::Organisation),
            (wrong(|typed| "i morgon".clone_into(&mut typed.through)), Wrong::Day),
            (wrong(|typed| "2020-01-01".clone_into(&mut typed.through)), Wrong::DayOutOfBounds),
            (wrong(|typed| "2099-01-01".clone_into(&mut typed.through)), Wrong::DayOutOfBounds),
            (wrong(|typed| typed.level = Level::Administer), Wrong::Administers),
            (wrong(|typed| typed.senders = Some(vec![])), Wrong::NoSender),
            (wrong(|typed| typed.senders = Some(vec!["165560000000".to_owned()])), Wrong::NoSender),
        ] {
            assert_eq!(offer(house, &home.tolvan, &typed).await.unwrap(), Offered::Wrong(why), "{why:?}");
            let page = given(house, &home.tolvan).await.unwrap().unwrap();
            assert_eq!(page.typed.unwrap(), typed, "what was typed is kept");
            assert!(page.consents.is_empty());
        }
        assert_eq!(offer(house, &home.tolvan, &right).await.unwrap(), Offered::Done);
        assert_eq!(offer(house, &home.tolvan, &right).await.unwrap(), Offered::Wrong(Wrong::Already));
        let mut others = 0;
        for born in 10..60 {
            let first = format!("19800101{born:02}0");
            let Some(number) = (0..10).map(|digit| format!("{first}{digit}")).find(|number| {
                number.parse::<contracts::identifier::PersonalNumber>().is_ok()
            }) else { continue };
            let one = Typed { number, ..right.clone() };
            match offer(house, &home.tolvan, &one).await.unwrap() {
                Offered::Done => others += 1,
                Offered::Wrong(why) => {
                    assert_eq!(why, Wrong::TooMany);
                    break;
                }
                Offered::NotFound => panic!("his own mailbox"),
            }
        }
        assert_eq!(others + 1, AT_MOST);
        let stranger = person(AGNES, "Agnes Andersson");
        assert_eq!(offer(house, &stranger, &right).await.unwrap(), Offered::NotFound, "without a mailbox");
    }

    /// Every use case by every kind of guest: each is let into what its consent allows, and into nothing else.
    async fn every_act_is_let_in_by_its_right_alone(home: Home) {
        let house = &home.house;
        let letter = home.receive(&delivery(TOLVAN, &["Beslut"])).await[0];
        let stranger = person(AGNES, "Agnes Andersson");
        open_mailbox(house, &stranger).await;
        let mailbox = find_mailbox(house, &home.tolvan).await.unwrap().unwrap();
        let rights = |some: &[Right]| -> BTreeSet<String> { some.iter().map(|right| format!("{right:?}")).collect() };
        let reads = rights(&[Right::View, Right::Overview]);
        let manages = rights(&[Right::View, Right::Overview, Right::Forward, Right::Organise, Right::Arrange]);
        let some = rights(&[Right::View, Right::Forward, Right::Organise]);

        assert_eq!(entered_for(house, &home.tolvan, letter).await, rights(&Right::ALL), "the holder");
        assert_eq!(entered_for(house, &stranger.at(Whose::Of(mailbox)), letter).await, rights(&[]), "a stranger");
        for (manage, senders, allowed) in [(false, None, &reads), (true, None, &manages), (true, Some([KOMMUN_A].as_slice()), &some)] {
            let (id, there) = let_in(&home, &typed(manage, true, senders, 30, house)).await;
            assert_eq!(entered_for(house, &there, letter).await, *allowed, "manage {manage}, senders {senders:?}");
            assert!(end(house, &home.tolvan, id).await.unwrap());
            home.clock.advance(Duration::minutes(1));
            assert_eq!(entered_for(house, &there, letter).await, rights(&[]), "no longer");
        }
        for (manage, allowed) in [(false, &reads), (true, &manages)] {
            let told = by_register(TOLVAN, manage);
            let there = stranger.acting(told.clone(), AskedFor::TheSession).at(Whose::Of(mailbox));
            assert_eq!(entered_for(house, &there, letter).await, *allowed, "by the register, manage {manage}");
            let of_another = stranger.acting(by_register(BERTIL, manage), AskedFor::ThisAct).at(Whose::Of(mailbox));
            assert_eq!(entered_for(house, &of_another, letter).await, rights(&[]), "another's consent");
        }
    }

    /// Who shares a mailbox is in the log for what they open, however lately another has opened it.
    async fn nobody_reads_in_the_shadow_of_anothers_opening(home: Home) {
        let house = &home.house;
        let letter = home.receive(&delivery(TOLVAN, &["Beslut"])).await[0];
        let (_, there) = let_in(&home, &typed(false, true, None, 30, house)).await;
        assert!(opens(house, &home.tolvan, letter).await);
        let opened = async || log(&home).await.into_iter().filter(|(.., act)| *act == Act::OpenedLetter).map(|(who, ..)| who).collect::<Vec<_>>();
        assert!(matches!(open_again(house, &there, letter).await.unwrap(), Opened::Letter(_)));
        assert_eq!(opened().await.len(), 2, "the helper's own row");
        assert!(matches!(open_again(house, &there, letter).await.unwrap(), Opened::Letter(_)));
        assert!(matches!(open_again(house, &home.tolvan, letter).await.unwrap(), Opened::Letter(_)));
        let mut who = opened().await;
        who.sort_unstable();
        assert_eq!(who, ["Bertil Berg", "Tolvan Tolvansson"], "and no second one for the frame of the page");
        let others = read_access_log(house, &home.tolvan, Show::Others, None).await.unwrap();
        assert!(others.entries.iter().any(|entry| entry.act == Act::OpenedLetter), "what another opened is another's");
        assert!(others.entries.iter().all(|entry| entry.who == "Bertil Berg"));
    }

    /// Who is let in as the register says is a helper, and written as one; a consent given here counts before it.
    async fn the_registers_word_lets_in_like_a_consent(home: Home) {
        let house = &home.house;
        let letter = home.receive(&delivery(TOLVAN, &["Beslut"])).await[0];
        let mailbox = find_mailbox(house, &home.tolvan).await.unwrap().unwrap();
        let bertil = home.bertil.acting(by_register(TOLVAN, true), AskedFor::TheSession);
        let there = bertil.at(Whose::Of(mailbox));
        let listed = let_in_by_register(house, &bertil).await.unwrap();
        assert_eq!((listed.len(), listed[0].mailbox, listed[0].level), (1, mailbox, Level::Manage));
        assert!(let_in_by_register(house, &home.bertil).await.unwrap().is_empty());
        assert!(opens(house, &there, letter).await);
        assert_eq!(log(&home).await[0], ("Bertil Berg".to_owned(), Capacity::Helper, Act::OpenedLetter));
        assert_eq!(look_around(house, &there).await.unwrap().unwrap().until, None);

        home.clock.advance(Duration::minutes(1));
        let (id, _) = let_in(&home, &typed(false, false, None, 30, house)).await;
        assert!(!opens(house, &there, letter).await, "here the holder lets in to new letters alone");
        assert!(let_in_by_register(house, &bertil).await.unwrap().is_empty());
        assert!(end(house, &home.tolvan, id).await.unwrap());
        assert!(opens(house, &there, letter).await);
    }
}

/// The rights by which somebody gets in, asked of the use cases themselves: where several go by one right, all of them must agree.
#[expect(clippy::too_many_lines, reason = "one line for each use case")]
pub(crate) async fn entered_for(house: &House, who: &Person, letter: Uuid) -> BTreeSet<String> {
    let limits = Limits::default();
    let mut let_in: Vec<(Right, &str, bool)> = Vec::new();
    let mut ask = |right, name, entered| let_in.push((right, name, entered));

    ask(Right::View, "read_list", subjects(house, who).await.is_some());
    ask(
        Right::View,
        "open_again",
        matches!(open_again(house, who, letter).await.unwrap(), Opened::Letter(_)),
    );
    ask(
        Right::View,
        "copy_letter",
        matches!(copy_letter(house, who, letter).await.unwrap(), Copied::Copy(_)),
    );
    ask(
        Right::View,
        "download",
        download::download(house, who, letter).await.unwrap().is_some(),
    );
    ask(
        Right::View,
        "places",
        folders::places(house, who).await.unwrap().is_some(),
    );
    ask(Right::View, "told", leaving::told(house, who).await.unwrap().is_some());
    ask(Right::View, "reach", reach::reach(house, who).await.unwrap().is_some());
    let question = Question {
        text: "beslut".to_owned(),
        ..Question::default()
    };
    ask(
        Right::View,
        "search",
        matches!(search(house, who, &question).await.unwrap(), Search::Page(_)),
    );

    ask(Right::Overview, "list_matters", matters_are_listed(house, who).await);

    ask(
        Right::Forward,
        "question",
        forward::question(house, who, &limits, letter, None)
            .await
            .unwrap()
            .is_some(),
    );
    let asked = forward::ask(house, who, &limits, letter, (Way::Mail, "a@b.example"))
        .await
        .unwrap();
    ask(Right::Forward, "ask", !matches!(asked, forward::Asked::NotFound));

    ask(
        Right::Organise,
        "mark",
        mark::mark(house, who, letter, true).await.unwrap() == mark::Marked::Done,
    );
    let sorted = sort(house, who, What::Star, Choice::These(vec![letter])).await.unwrap();
    ask(Right::Organise, "sort", matches!(sorted, Sorted::Begun(_)));

    let made = folders::make(house, who, &format!("Mapp {}", house.ids.random()), None)
        .await
        .unwrap();
    ask(
        Right::Arrange,
        "make folder",
        !matches!(made, folders::Changed::NotFound),
    );
    let removed = categories::remove(house, who, house.ids.random()).await;
    ask(
        Right::Arrange,
        "categories",
        removed.is_ok() && may(house, who, Right::Arrange).await,
    );

    ask(
        Right::EditSettings,
        "notice rules",
        notice_rules::current(house, who).await.unwrap().is_some(),
    );
    ask(
        Right::GiveAccess,
        "make feed",
        calendar::make_feed(house, who, server::domain::calendar_feed::Detail::Day)
            .await
            .unwrap(),
    );
    let wanted = rules::Wanted {
        sender: None,
        words: None,
        within: server::domain::rule::Within::Letter,
        category: None,
        then: server::domain::rule::Then::Put(Place::Archive),
    };
    ask(
        Right::EditSettings,
        "rules",
        !matches!(rules::make(house, who, wanted).await.unwrap(), rules::Changed::NotFound),
    );
    notice_log::notices(house, who, None, None).await.unwrap();
    language::set_language(house, who, language::NoticeLanguage::Swedish)
        .await
        .unwrap();

    let added = contacts::add(house, who, server::domain::channel::Channel::Email, "inte en adress")
        .await
        .unwrap();
    ask(Right::EditContacts, "add", !matches!(added, contacts::Added::NotFound));

    ask(Right::GiveAccess, "given", given(house, who).await.unwrap().is_some());
    let page = access_log::read_access_log(house, who, Show::All, None).await.unwrap();
    ask(Right::SeeAccess, "access log", !page.entries.is_empty());
    ask(Right::GiveAccess, "askers", may(house, who, Right::GiveAccess).await);
    assert_eq!(forward_ask::count_waiting(house, who).await.unwrap(), 0);

    ask(
        Right::Account,
        "empty_bin",
        !matches!(bin::empty_bin(house, who).await.unwrap(), bin::Emptied::NotFound),
    );
    ask(Right::Account, "export", may(house, who, Right::Account).await);
    export::remove_export(house, who).await.unwrap();

    let mut by_right = BTreeSet::new();
    for right in Right::ALL {
        let of_it: Vec<_> = let_in.iter().filter(|(its, ..)| *its == right).collect();
        assert!(!of_it.is_empty(), "{right:?} is asked of nobody");
        let entered = of_it.iter().filter(|(.., entered)| *entered).count();
        assert!(entered == 0 || entered == of_it.len(), "they do not agree: {of_it:?}");
        if entered > 0 {
            by_right.insert(format!("{right:?}"));
        }
    }
    by_right
}

async fn may(house: &House, who: &Person, right: Right) -> bool {
    let mut tx = house.db.read().await.unwrap();
    enter(&mut tx, house, who, right).await.unwrap().is_some()
}

async fn matters_are_listed(house: &House, who: &Person) -> bool {
    matters::list_matters(house, who, None).await.unwrap();
    may(house, who, Right::Overview).await
}
