//! Passing letters on into another mailbox of the house: asked first, answered, handed over once.

use crate::forward_desk::{AGNES, BERTIL, Desk, KOMMUN_A, NOBODY, TOLVAN};
use crate::harness::{Engine, open_mailbox, person};
use crate::keep::{delivery, message};
use app::{CopyWords, Language};
use contracts::delivery::{AccountMethod, Invoice, MatterExtension, MatterIdentity, Message, OfficialMatter};
use server::copies::manifest::{MANIFEST, Manifest};
use server::copies::{LetterCopy, eml};
use server::domain::access::{Act, Capacity};
use server::domain::forward::{Forbidden, Way};
use server::domain::sorting::{List, Order};
use server::mailbox::access::Person;
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::copy::{Copied, copy_letter};
use server::mailbox::forward::{
    Also, Asked, Days, Sent, Typed, ask, log, protect, question, remove_rule, rules, send, take_back,
};
use server::mailbox::forward_ask::{Answer, MOST_ASKED, NO_HOLDS, WAITS, answer, askers, count_waiting};
use server::mailbox::import::LeftOut;
use server::mailbox::inbox::Listed;
use server::mailbox::letter::{OpenLetter, Opened, open_letter};
use server::mailbox::list::{Listing, read_list};
use server::mailbox::matters::list_matters;
use server::mailbox::payments::open_payments;
use server::mailbox::search::{Question as Looking, Search, search};
use server::outbox::{self, Job};
use server::search::Indexer;
use server::store;
use server::store::forward::State;
use server::store::forward_ask::State as AskState;
use server::store::leaving::{Closing, Why};
use std::io::{Cursor, Read as _};
use time::macros::date;
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

impl Desk {
    fn now(&self) -> OffsetDateTime {
        self.home.house.clock.now()
    }

    /// From typing to confirming, into a mailbox.
    async fn pass_on(&self, who: &Person, letter: Uuid, number: &str, also: Also) -> Sent {
        self.passes_on(who, letter, (Way::Mailbox, number), also).await
    }

    async fn answer(&self, who: &Person, said: Answer) -> bool {
        let asker = &askers(&self.home.house, who).await.unwrap()[0];
        answer(&self.home.house, who, asker.id, said).await.unwrap()
    }

    /// To whom and how it stands, the newest first.
    async fn told(&self, who: &Person) -> Vec<(String, State)> {
        let (rows, _) = log(&self.home.house, who, None).await.unwrap();
        rows.into_iter().map(|row| (row.to, row.state)).collect()
    }

    async fn states(&self, who: &Person) -> Vec<State> {
        self.told(who).await.into_iter().map(|(_, state)| state).collect()
    }

    async fn inbox(&self, who: &Person) -> Vec<Listed> {
        match read_list(&self.home.house, who, List::Inbox, Order::Newest, None)
            .await
            .unwrap()
        {
            Listing::Page { letters, .. } => letters,
            Listing::NotFound => panic!("there is a mailbox"),
        }
    }

    async fn open(&self, who: &Person, letter: Uuid) -> OpenLetter {
        match open_letter(&self.home.house, who, letter).await.unwrap() {
            Opened::Letter(letter) => *letter,
            Opened::NotFound => panic!("it is there"),
        }
    }

    async fn copy(&self, who: &Person, letter: Uuid) -> LetterCopy {
        match copy_letter(&self.home.house, who, letter).await.unwrap() {
            Copied::Copy(copy) => *copy,
            Copied::NotFound => panic!("it is there"),
        }
    }

    async fn acts(&self, who: &Person) -> Vec<(Act, Capacity, String)> {
        let page = read_access_log(&self.home.house, who, Show::All, None).await.unwrap();
        let entries = page.entries.into_iter();
        entries.map(|entry| (entry.act, entry.capacity, entry.who)).collect()
    }

    async fn mailbox(&self, who: &Person) -> Uuid {
        server::mailbox::access::find_mailbox(&self.home.house, who)
            .await
            .unwrap()
            .unwrap()
    }

    /// Tolvan may pass on to Bertil, and has passed on one letter.
    async fn let_in(&self, subject: &str) -> Uuid {
        let letter = self.a_letter(subject).await;
        assert_eq!(
            self.pass_on(&self.tolvan, letter, BERTIL, Also::Nothing).await,
            Sent::Asking
        );
        assert!(self.answer(&self.bertil, Answer::Yes).await);
        self.home.run_jobs().await;
        letter
    }
}

fn bill(subject: &str) -> Message {
    Message {
        official_matter: Some(OfficialMatter {
            extension: Some(MatterExtension {
                timestamp: date!(2026 - 03 - 16),
                identity: Some(MatterIdentity {
                    official_matter_id: Some("FÖ 12".to_owned()),
                    ..MatterIdentity::default()
                }),
                subject: Some("Förskola".to_owned()),
                event_type: None,
                status: None,
            }),
            invoices: vec![Invoice {
                due_date: date!(2026 - 12 - 30),
                amount: 24_800,
                currency: None,
                account_method: AccountMethod::Bankgiro,
                account_number: "991-2346".to_owned(),
                ocr_number: None,
            }],
            ..OfficialMatter::default()
        }),
        ..message(subject)
    }
}

on_both_databases! {
    /// Asked once, by name and number as in the register of holders; after a yes what waited comes, and what follows goes at once.
    async fn a_letter_comes_when_its_receiver_has_said_yes(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        let letter = desk.a_letter("Beslut om förskola").await;
        assert_eq!(desk.pass_on(tolvan, letter, "750302-9816", Also::Nothing).await, Sent::Asking);
        assert_eq!(desk.home.run_jobs().await, 0, "nothing goes before there is an answer");
        assert_eq!(desk.told(tolvan).await, [(BERTIL.to_owned(), State::Asking)]);
        assert!(desk.inbox(bertil).await.is_empty());

        assert_eq!(count_waiting(house, bertil).await.unwrap(), 1);
        let asker = askers(house, bertil).await.unwrap().remove(0);
        assert_eq!((asker.name.as_str(), asker.number.as_str(), asker.state), ("Tolvan Tolvansson", TOLVAN, AskState::Asked));
        assert!(answer(house, bertil, asker.id, Answer::Yes).await.unwrap());
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 0);
        desk.home.run_jobs().await;
        assert_eq!(desk.states(tolvan).await, [State::Sent]);

        let listed = desk.inbox(bertil).await.remove(0);
        assert_eq!((listed.header.sender.as_str(), listed.header.subject.as_str()), ("Ekeby kommun", "Beslut om förskola"));
        assert_eq!(listed.header.passed_on_by.as_deref(), Some("Tolvan Tolvansson"));
        assert!(listed.unread && listed.attachments == 1);
        assert_eq!(server::mailbox::leaving::told(house, bertil).await.unwrap().unwrap().unread, 1);
        let open = desk.open(bertil, listed.id).await;
        assert!(open.report.unwrap().holds, "the signature is that of the original");
        let passed_on = open.passed_on.unwrap();
        assert_eq!((passed_on.by.number.as_str(), passed_on.addressed_to.as_str()), (TOLVAN, "Tolvan Tolvansson"));
        assert_eq!(passed_on.copy_held, None);
        assert!(open.checked_at < passed_on.at, "checked when it came to Tolvan");
        let (own, others) = (desk.copy(tolvan, letter).await, desk.copy(bertil, listed.id).await);
        assert_eq!(own.original, others.original, "to the last byte");

        let another = desk.a_letter("Nästa").await;
        assert_eq!(desk.pass_on(tolvan, another, BERTIL, Also::Nothing).await, Sent::Waiting);
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(bertil).await.len(), 2);
        assert!(desk.acts(tolvan).await.iter().any(|(act, ..)| *act == Act::Forwarded));
        let row = (Act::PassedOnHere, Capacity::Another, "Tolvan Tolvansson".to_owned());
        let acts = desk.acts(bertil).await;
        assert_eq!(acts.iter().filter(|act| **act == row).count(), 2, "{acts:?}");
        assert!(acts.iter().any(|(act, ..)| *act == Act::AnsweredAsker));
        assert!(desk.acts(&desk.agnes).await.is_empty());
        let others = read_access_log(house, bertil, Show::Others, None).await.unwrap().entries;
        assert_eq!(others.len(), 2, "among what others than the holder did");
    }

    /// A mailbox that says nothing, one that says no, one that blocks and none at all: who asks sees the same, day by day.
    async fn who_asks_learns_nothing(desk: Desk) {
        let (house, tolvan) = (&desk.home.house, &desk.tolvan);
        let carl = person("197010632391", "Carl Cederström");
        open_mailbox(house, &carl).await;
        let letter = desk.a_letter("Ett").await;
        let numbers = [NOBODY, BERTIL, AGNES, "197010632391", "202100-5489"];
        for number in numbers {
            assert_eq!(desk.pass_on(tolvan, letter, number, Also::Nothing).await, Sent::Asking, "{number}");
        }
        assert!(desk.answer(&desk.agnes, Answer::No).await);
        assert!(desk.answer(&carl, Answer::Block).await);
        desk.home.run_jobs().await;
        assert_eq!(desk.states(tolvan).await, [State::Asking; 5]);
        desk.home.clock.advance(WAITS - Duration::minutes(1));
        assert_eq!(desk.states(tolvan).await, [State::Asking; 5]);
        desk.home.clock.advance(Duration::minutes(2));
        assert_eq!(desk.states(tolvan).await, [State::Unanswered; 5]);
        assert_eq!(count_waiting(house, &desk.bertil).await.unwrap(), 0, "nor is it asked any more");
        assert!(!askers(house, &desk.bertil).await.unwrap().iter().any(|asker| asker.state == AskState::Asked));
        // Asked again they are the same again.
        for number in numbers {
            assert_eq!(desk.pass_on(tolvan, letter, number, Also::Nothing).await, Sent::Asking, "{number}");
        }
        assert_eq!(count_waiting(house, &desk.bertil).await.unwrap(), 1);
        assert_eq!(count_waiting(house, &desk.agnes).await.unwrap(), 0, "a no holds");
        assert_eq!(count_waiting(house, &carl).await.unwrap(), 0, "and a block");
        desk.home.clock.advance(NO_HOLDS);
        for number in numbers {
            assert_eq!(desk.pass_on(tolvan, letter, number, Also::Nothing).await, Sent::Asking, "{number}");
        }
        assert_eq!(count_waiting(house, &desk.agnes).await.unwrap(), 1, "after half a year one may ask again");
        assert_eq!(count_waiting(house, &carl).await.unwrap(), 0, "not who is blocked");
        for who in [&desk.bertil, &desk.agnes, &carl] {
            assert!(desk.inbox(who).await.is_empty());
        }
    }

    /// What was typed is kept, and said to be wrong.
    async fn a_number_that_cannot_be_right_is_told(desk: Desk) {
        let (house, tolvan) = (&desk.home.house, &desk.tolvan);
        let letter = desk.a_letter("Ett").await;
        for (text, typed) in [
            ("19750302-9817", Typed::NoNumber("19750302-9817".to_owned())),
            ("202100-4749", Typed::NoNumber("202100-4749".to_owned())),
            (" 121212+1212 ", Typed::OwnNumber("121212+1212".to_owned())),
            ("202100-4748", Typed::Number(KOMMUN_A.to_owned())),
            ("750302-9816", Typed::Number(BERTIL.to_owned())),
        ] {
            let Asked::Kept(draft) = ask(house, tolvan, &desk.limits(), letter, (Way::Mailbox, text)).await.unwrap() else {
                panic!("it may be passed on")
            };
            let asked = question(house, tolvan, &desk.limits(), letter, Some(draft)).await.unwrap().unwrap();
            let right = matches!(typed, Typed::Number(_));
            assert_eq!(asked.typed, Some(typed));
            if !right {
                let sent = send(house, tolvan, &desk.limits(), letter, draft, Also::Nothing).await.unwrap();
                assert_eq!(sent, Sent::NotFound);
            }
        }
        assert!(desk.told(tolvan).await.is_empty());
        assert_eq!(count_waiting(house, &desk.bertil).await.unwrap(), 0, "nobody is asked before it is confirmed");
    }

    /// Another's letter, row and question are not there, and nothing changes.
    async fn what_is_anothers_is_not_found(desk: Desk) {
        let (house, tolvan, bertil, agnes) = (&desk.home.house, &desk.tolvan, &desk.bertil, &desk.agnes);
        let letter = desk.a_letter("Ett").await;
        assert_eq!(desk.pass_on(agnes, letter, BERTIL, Also::Nothing).await, Sent::NotFound);
        let Asked::Kept(draft) = ask(house, tolvan, &desk.limits(), letter, (Way::Mailbox, BERTIL)).await.unwrap() else {
            panic!("it may be passed on")
        };
        assert_eq!(send(house, agnes, &desk.limits(), letter, draft, Also::Nothing).await.unwrap(), Sent::NotFound);
        assert_eq!(desk.pass_on(tolvan, letter, BERTIL, Also::Nothing).await, Sent::Asking);
        let asker = askers(house, bertil).await.unwrap()[0].id;
        for said in [Answer::Yes, Answer::No, Answer::Block, Answer::Unblock] {
            for other in [agnes, tolvan, &person(NOBODY, "Nils")] {
                assert!(!answer(house, other, asker, said).await.unwrap(), "{said:?}");
            }
        }
        assert!(askers(house, agnes).await.unwrap().is_empty());
        let row = log(house, tolvan, None).await.unwrap().0[0].id;
        for other in [agnes, bertil] {
            assert!(!take_back(house, other, row).await.unwrap());
        }
        assert_eq!(desk.states(tolvan).await, [State::Asking]);
        assert_eq!(askers(house, bertil).await.unwrap()[0].state, AskState::Asked);

        assert!(desk.answer(bertil, Answer::Yes).await);
        desk.home.run_jobs().await;
        let theirs = desk.inbox(bertil).await[0].id;
        for other in [tolvan, agnes] {
            assert!(matches!(open_letter(house, other, theirs).await.unwrap(), Opened::NotFound));
        }
        assert!(matches!(open_letter(house, bertil, letter).await.unwrap(), Opened::NotFound));
    }

    /// The signature is over all letters of a delivery; who gets one of them gets nothing of the others, and is told what that costs.
    async fn one_of_several_goes_without_the_others(desk: Desk) {
        let (tolvan, bertil) = (&desk.tolvan, &desk.bertil);
        let letters = desk.home.receive(&delivery(TOLVAN, &["Det hemliga", "Det andra", "Det tredje"])).await;
        let asked = question(&desk.home.house, tolvan, &desk.limits(), letters[1], None).await.unwrap().unwrap();
        assert!(!asked.whole, "which is said beforehand");
        assert_eq!(desk.pass_on(tolvan, letters[1], BERTIL, Also::Nothing).await, Sent::Asking);
        assert!(desk.answer(bertil, Answer::Yes).await);
        desk.home.run_jobs().await;
        let listed = desk.inbox(bertil).await;
        assert_eq!(listed.len(), 1);
        let open = desk.open(bertil, listed[0].id).await;
        assert_eq!((open.message.subject.as_str(), open.message.attachments.len()), ("Det andra", 1));
        assert!(open.report.is_none(), "no signature that could be checked");
        assert_eq!(open.passed_on.unwrap().copy_held, Some(true), "it held when the copy was made");
        let copy = desk.copy(bertil, listed[0].id).await;
        for other in ["Det hemliga", "Det tredje", "SignatureValue"] {
            assert!(!copy.original.contains(other), "{other}");
        }
        // And so it stays, when it is passed on again.
        assert_eq!(desk.pass_on(bertil, listed[0].id, AGNES, Also::Nothing).await, Sent::Asking);
        assert!(desk.answer(&desk.agnes, Answer::Yes).await);
        desk.home.run_jobs().await;
        let again = desk.inbox(&desk.agnes).await.remove(0);
        let open = desk.open(&desk.agnes, again.id).await;
        let passed_on = open.passed_on.unwrap();
        assert_eq!((passed_on.by.name.as_str(), passed_on.addressed_to.as_str()), ("Bertil Berg", "Tolvan Tolvansson"));
        assert!(open.report.is_none() && passed_on.copy_held == Some(true));
    }

    /// A job that is done again after its commit, and the same letter passed on again, make no second letter.
    async fn no_letter_is_handed_over_twice(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        let letter = desk.let_in("Ett").await;
        let job = Job::Forward {
            mailbox_id: desk.mailbox(tolvan).await,
            forward_id: log(house, tolvan, None).await.unwrap().0[0].id,
        };
        let mut tx = house.db.begin().await.unwrap();
        outbox::enqueue(&mut tx, house, &job, desk.now()).await.unwrap();
        outbox::enqueue(&mut tx, house, &job, desk.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.home.run_jobs().await, 2);
        assert_eq!(desk.states(tolvan).await, [State::Sent]);
        assert_eq!(desk.pass_on(tolvan, letter, BERTIL, Also::Nothing).await, Sent::Waiting);
        desk.home.run_jobs().await;
        assert_eq!(desk.states(tolvan).await, [State::Sent; 2]);
        assert_eq!(desk.inbox(bertil).await.len(), 1);
        assert_eq!(server::mailbox::leaving::told(house, bertil).await.unwrap().unwrap().unread, 1);
        assert_eq!(desk.acts(bertil).await.iter().filter(|(act, ..)| *act == Act::PassedOnHere).count(), 1);
    }

    /// Several jobs for one letter at the same time, in several workers.
    async fn two_workers_at_once_hand_over_once(desk: Desk) {
        let (house, tolvan) = (&desk.home.house, &desk.tolvan);
        desk.let_in("Ett").await;
        let letter = desk.a_letter("Två").await;
        assert_eq!(desk.pass_on(tolvan, letter, BERTIL, Also::Nothing).await, Sent::Waiting);
        let job = Job::Forward {
            mailbox_id: desk.mailbox(tolvan).await,
            forward_id: log(house, tolvan, None).await.unwrap().0[0].id,
        };
        let mut tx = house.db.begin().await.unwrap();
        for _ in 0..7 {
            outbox::enqueue(&mut tx, house, &job, desk.now()).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (one, two) = (desk.home.worker(), desk.home.worker());
        let stop = CancellationToken::new();
        let (one, two) = tokio::join!(one.run_due(&stop), two.run_due(&stop));
        assert_eq!(one.unwrap() + two.unwrap(), 8);
        assert_eq!(desk.states(tolvan).await, [State::Sent; 2]);
        assert_eq!(desk.inbox(&desk.bertil).await.len(), 2);
    }

    /// A yes can be taken back, a no be changed, a block lifted; what was given stays.
    async fn an_answer_can_be_changed(desk: Desk) {
        let (tolvan, bertil) = (&desk.tolvan, &desk.bertil);
        desk.let_in("Ett").await;
        assert!(desk.answer(bertil, Answer::No).await);
        let two = desk.a_letter("Två").await;
        assert_eq!(desk.pass_on(tolvan, two, BERTIL, Also::Nothing).await, Sent::Asking);
        assert_eq!(count_waiting(&desk.home.house, bertil).await.unwrap(), 0, "not asked again so soon");
        assert_eq!(desk.inbox(bertil).await.len(), 1, "what came stays");
        assert!(!desk.answer(bertil, Answer::Unblock).await, "there is no block");
        assert!(desk.answer(bertil, Answer::Block).await);
        assert!(!desk.answer(bertil, Answer::Yes).await, "a block is lifted first");
        assert!(desk.answer(bertil, Answer::Unblock).await);
        assert!(desk.answer(bertil, Answer::Yes).await);
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(bertil).await.len(), 2, "what waited came after all");

        // Taken back while the letter is on its way: it waits again.
        let three = desk.a_letter("Tre").await;
        assert_eq!(desk.pass_on(tolvan, three, BERTIL, Also::Nothing).await, Sent::Waiting);
        assert!(desk.answer(bertil, Answer::No).await);
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(bertil).await.len(), 2);
        assert_eq!(desk.states(tolvan).await[0], State::Asking);
    }

    /// Who typed a wrong number takes the letter back, and nobody is asked any more.
    async fn a_letter_that_waits_can_be_taken_back(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        let letters = [desk.a_letter("Ett").await, desk.a_letter("Två").await];
        for letter in letters {
            desk.pass_on(tolvan, letter, BERTIL, Also::Nothing).await;
        }
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 1, "two letters, one question");
        let rows: Vec<Uuid> = log(house, tolvan, None).await.unwrap().0.iter().map(|row| row.id).collect();
        assert!(take_back(house, tolvan, rows[0]).await.unwrap());
        assert!(!take_back(house, tolvan, rows[0]).await.unwrap(), "once");
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 1);
        let asker = askers(house, bertil).await.unwrap()[0].id;
        assert!(take_back(house, tolvan, rows[1]).await.unwrap());
        assert_eq!(desk.states(tolvan).await, [State::Withdrawn; 2]);
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 0);
        assert!(askers(house, bertil).await.unwrap().is_empty());
        assert!(!answer(house, bertil, asker, Answer::Yes).await.unwrap(), "there is no question");
        desk.home.run_jobs().await;
        assert!(desk.inbox(bertil).await.is_empty());
    }

    /// So many are asked at a time, whatever they have said.
    async fn not_everybody_is_asked(desk: Desk) {
        let (house, tolvan) = (&desk.home.house, &desk.tolvan);
        let letter = desk.a_letter("Ett").await;
        let numbers: Vec<String> = (0..10_000)
            .map(|n| format!("19800515{n:04}"))
            .filter(|number| number.parse::<contracts::identifier::PersonalNumber>().is_ok())
            .take(MOST_ASKED)
            .collect();
        assert_eq!(desk.pass_on(tolvan, letter, AGNES, Also::Nothing).await, Sent::Asking);
        assert!(desk.answer(&desk.agnes, Answer::No).await);
        for number in &numbers[1..] {
            assert_eq!(desk.pass_on(tolvan, letter, number, Also::Nothing).await, Sent::Asking, "{number}");
        }
        let month = Also::Everything(Days::new(30).unwrap());
        assert_eq!(desk.pass_on(tolvan, letter, BERTIL, month).await, Sent::TooManyAsked);
        assert!(rules(house, tolvan).await.unwrap().is_empty());
        assert_eq!(count_waiting(house, &desk.bertil).await.unwrap(), 0);
        assert_eq!(desk.pass_on(tolvan, letter, &numbers[1], Also::Nothing).await, Sent::Asking, "who is asked can be asked");
        assert!(desk.answer(&desk.agnes, Answer::Yes).await);
        assert_eq!(desk.pass_on(tolvan, letter, BERTIL, Also::Nothing).await, Sent::Asking, "a yes makes room");
    }

    /// Protected identity and the sender's word stop a letter here too, size does not; who asks and becomes protected is not told of.
    async fn what_may_not_go_does_not_go(desk: Desk) {
        let mut desk = desk;
        let (tolvan, bertil) = (desk.tolvan.clone(), desk.bertil.clone());
        let one = desk.a_letter("Ett").await;
        assert_eq!(desk.pass_on(&tolvan, one, BERTIL, Also::Nothing).await, Sent::Asking);
        let asker = askers(&desk.home.house, &bertil).await.unwrap()[0].id;
        assert!(protect(&desk.home.house, TOLVAN, true).await.unwrap());
        assert_eq!(count_waiting(&desk.home.house, &bertil).await.unwrap(), 0);
        assert!(askers(&desk.home.house, &bertil).await.unwrap().is_empty(), "neither name nor number");
        assert!(!answer(&desk.home.house, &bertil, asker, Answer::Yes).await.unwrap());
        assert_eq!(desk.pass_on(&tolvan, one, BERTIL, Also::Nothing).await, Sent::Forbidden);
        let asked = question(&desk.home.house, &tolvan, &desk.limits(), one, None).await.unwrap().unwrap();
        assert_eq!(asked.allowed, Err(Forbidden::Protected));
        assert!(protect(&desk.home.house, TOLVAN, false).await.unwrap());

        // Between the yes and the going.
        assert!(desk.answer(&bertil, Answer::Yes).await);
        assert!(protect(&desk.home.house, TOLVAN, true).await.unwrap());
        desk.home.run_jobs().await;
        assert_eq!(desk.states(&tolvan).await, [State::Stopped]);
        assert!(protect(&desk.home.house, TOLVAN, false).await.unwrap());
        assert!(desk.inbox(&bertil).await.is_empty());

        // Who is to receive may be protected: they decide, and nothing is told of them.
        assert!(protect(&desk.home.house, BERTIL, true).await.unwrap());
        desk.home.config.keep.largest_mail = 20;
        assert_eq!(desk.pass_on(&tolvan, one, BERTIL, Also::Nothing).await, Sent::Waiting);
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(&bertil).await.len(), 1, "no mail server has a say");
        let theirs = desk.inbox(&bertil).await[0].id;
        assert_eq!(desk.pass_on(&bertil, theirs, AGNES, Also::Nothing).await, Sent::Forbidden);

        desk.home.config.keep.stay = vec![KOMMUN_A.parse().unwrap()];
        assert_eq!(desk.pass_on(&tolvan, one, BERTIL, Also::Nothing).await, Sent::Forbidden);
    }

    /// A rule hands over what senders send. What another has passed on goes no further by itself: two rules would never end.
    async fn a_rule_passes_on_to_a_mailbox_and_never_in_a_circle(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        let month = Also::Everything(Days::new(30).unwrap());
        let one = desk.a_letter("Ett").await;
        assert_eq!(desk.pass_on(tolvan, one, BERTIL, month).await, Sent::Asking);
        desk.a_letter("Två").await;
        desk.home.run_jobs().await;
        assert_eq!(desk.states(tolvan).await, [State::Asking; 2], "a rule waits for the same answer");
        assert!(desk.answer(bertil, Answer::Yes).await);
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(bertil).await.len(), 2);

        // And Bertil's back to Tolvan.
        let theirs = desk.inbox(bertil).await[0].id;
        assert_eq!(desk.pass_on(bertil, theirs, TOLVAN, month).await, Sent::Asking);
        assert!(desk.answer(tolvan, Answer::Yes).await);
        desk.home.run_jobs().await;
        let before = desk.inbox(tolvan).await.len();
        desk.a_letter("Tre").await;
        for _ in 0..5 {
            desk.home.run_jobs().await;
        }
        assert_eq!(desk.inbox(bertil).await.len(), 3);
        assert_eq!(desk.inbox(tolvan).await.len(), before + 1);

        let rule = rules(house, tolvan).await.unwrap().remove(0);
        assert_eq!((rule.rule.to.as_str(), rule.rule.way()), (BERTIL, Way::Mailbox));
        assert!(remove_rule(house, tolvan, rule.id).await.unwrap());
        desk.a_letter("Fyra").await;
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(bertil).await.len(), 3);
    }

    /// A rule to somebody who never answers does not go on asking.
    async fn a_rule_asks_nobody_by_itself(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        let one = desk.a_letter("Ett").await;
        desk.pass_on(tolvan, one, BERTIL, Also::Everything(Days::new(366).unwrap())).await;
        desk.home.clock.advance(WAITS + Duration::HOUR);
        desk.a_letter("Två").await;
        desk.home.run_jobs().await;
        assert_eq!(desk.states(tolvan).await, [State::Unanswered; 2]);
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 0);
    }

    /// What the sender asks Tolvan to pay, and Tolvan's matter, are not Bertil's; the letter is found, by who passed it on too.
    async fn it_is_a_letter_and_nobody_elses_debt(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        let sent = contracts::delivery::Delivery { messages: vec![bill("Avgift för förskola")], ..delivery(TOLVAN, &[]) };
        let letter = desk.home.receive(&sent).await[0];
        desk.pass_on(tolvan, letter, BERTIL, Also::Nothing).await;
        assert!(desk.answer(bertil, Answer::Yes).await);
        desk.home.run_jobs().await;
        let listed = desk.inbox(bertil).await.remove(0);
        assert!(listed.header.payment.is_none() && listed.header.matter.is_none());
        for (who, some) in [(tolvan, 1), (bertil, 0)] {
            assert_eq!(open_payments(house, who, None).await.unwrap().0.len(), some);
            assert_eq!(list_matters(house, who, None).await.unwrap().0.len(), some);
        }
        let open = desk.open(bertil, listed.id).await;
        assert!(open.message.official_matter.is_some_and(|matter| matter.invoice().is_some()), "told, in the letter");

        let mut config = desk.home.config.search.clone();
        config.reader = Some(env!("CARGO_BIN_EXE_brevlada").into());
        Indexer::new(house.clone(), &config).unwrap().run_waiting(&CancellationToken::new()).await.unwrap();
        for words in ["avgift", "tolvansson", "ekeby"] {
            let looking = Looking { text: words.to_owned(), ..Looking::default() };
            let found = search(house, bertil, &looking).await.unwrap();
            let Search::Page(page) = found else { panic!("{words}") };
            assert_eq!(page.hits.iter().map(|hit| hit.listed.id).collect::<Vec<_>>(), [listed.id], "{words}");
        }
    }

    /// Copies say who passed it on; an export has it, and is not believed when it says so itself.
    async fn copies_say_who_passed_it_on(desk: Desk) {
        let (tolvan, bertil) = (&desk.tolvan, &desk.bertil);
        desk.let_in("Ett beslut").await;
        let letters = desk.home.receive(&delivery(TOLVAN, &["Ett av två", "Två av två"])).await;
        desk.pass_on(tolvan, letters[0], BERTIL, Also::Nothing).await;
        desk.home.run_jobs().await;
        let words = CopyWords::of(Language::Swedish);
        let letters = desk.inbox(bertil).await;
        for (letter, status) in [(letters[1].id, "valid"), (letters[0].id, "none")] {
            let copy = desk.copy(bertil, letter).await;
            let mail = String::from_utf8(eml::letter(&copy, &words, desk.now()).unwrap()).unwrap();
            assert!(mail.contains(&format!("X-Brevlada-Signature: {status}")), "{mail}");
            assert!(mail.contains("X-Brevlada-Forwarded-By: Tolvan Tolvansson"), "{mail}");
            assert_eq!(copy.holder, "Tolvan Tolvansson", "to whom it is addressed");
            assert!(copy.facts(&words).iter().any(|(name, value)| *name == words.passed_on_by() && value.starts_with("Tolvan")));
        }
        let file = desk.home.exported(bertil, Language::Swedish).await;
        let mut archive = zip::ZipArchive::new(Cursor::new(file.clone())).unwrap();
        let mut list = Vec::new();
        archive.by_name(MANIFEST).unwrap().read_to_end(&mut list).unwrap();
        let manifest = Manifest::read(&list).unwrap();
        let mut names: Vec<_> = manifest.letters.iter().map(|kept| (kept.passed_on, kept.original.rsplit('/').next().unwrap())).collect();
        names.sort_unstable();
        assert_eq!(names, [(true, "kopia.xml"), (true, "original.xml")]);
        let told = desk.home.import(bertil, &file).await.unwrap();
        assert_eq!((told.added, told.known), (0, 0));
        assert!(told.left_out.len() == 2 && told.left_out.iter().all(|(_, why)| *why == LeftOut::PassedOn));
    }

    /// A closed mailbox gets nothing, which looks like no answer; opened again it is asked again. With its key go its answers.
    async fn who_leaves_gets_nothing_and_forgets(desk: Desk) {
        let (house, tolvan, bertil) = (&desk.home.house, &desk.tolvan, &desk.bertil);
        desk.let_in("Ett").await;
        let mailbox = desk.mailbox(bertil).await;
        let mut tx = house.db.begin().await.unwrap();
        let destroy_at = Some(desk.now() + Duration::days(30));
        let closing = Closing { why: Why::Ended, moved_to: None, destroy_at };
        assert!(store::leaving::close(&mut tx, mailbox, &closing, desk.now()).await.unwrap());
        tx.commit().await.unwrap();
        let two = desk.a_letter("Två").await;
        assert_eq!(desk.pass_on(tolvan, two, BERTIL, Also::Nothing).await, Sent::Waiting);
        desk.home.run_jobs().await;
        assert_eq!(desk.states(tolvan).await, [State::Asking, State::Sent]);
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 0, "not while it is closed");
        assert!(!desk.answer(bertil, Answer::Yes).await);

        let mut tx = house.db.begin().await.unwrap();
        store::mailbox::set_state(&mut tx, mailbox, store::mailbox::State::Open, desk.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(count_waiting(house, bertil).await.unwrap(), 1);
        assert!(desk.answer(bertil, Answer::Yes).await);
        desk.home.run_jobs().await;
        assert_eq!(desk.inbox(bertil).await.len(), 2);

        let mut tx = house.db.begin().await.unwrap();
        assert!(store::leaving::close(&mut tx, mailbox, &closing, desk.now()).await.unwrap());
        let job = Job::DestroyMailbox { mailbox_id: mailbox };
        desk.home.clock.advance(Duration::days(31));
        outbox::enqueue(&mut tx, house, &job, desk.now()).await.unwrap();
        tx.commit().await.unwrap();
        desk.home.run_jobs().await;
        open_mailbox(house, bertil).await;
        assert!(askers(house, bertil).await.unwrap().is_empty());
        assert_eq!(desk.pass_on(tolvan, two, BERTIL, Also::Nothing).await, Sent::Asking, "the yes went with the mailbox");
    }
}

/// Neither who asks whom, nor by whom a letter came, is in the database's files.
#[tokio::test]
async fn the_files_of_the_database_hold_no_name_and_no_number() {
    let desk = Desk::on(Engine::Sqlite).await.unwrap();
    let letter = desk.let_in("Ett").await;
    desk.pass_on(&desk.tolvan, letter, NOBODY, Also::Everything(Days::new(30).unwrap()))
        .await;
    desk.home.run_jobs().await;
    for file in std::fs::read_dir(desk.home.database.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        for secret in [TOLVAN, BERTIL, NOBODY, "Tolvansson", "Bertil"] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret}"
            );
        }
    }
}
