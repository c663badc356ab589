//! Matters, what is to be paid, and the calendar feed: from what senders have signed, for the holder alone.

use crate::harness::{Home, message};
use contracts::delivery::{
    AccountMethod, Invoice, MatterExtension, MatterIdentity, MatterStatus, Message, OfficialMatter,
};
use server::domain::calendar_feed::Detail;
use server::domain::matter::Stands;
use server::domain::sorting::What;
use server::mailbox::bin::empty_bin;
use server::mailbox::calendar::{feed, fetch_feed, make_feed, revoke_feed};
use server::mailbox::leaving::told;
use server::mailbox::matters::{list_matters, open_matter};
use server::mailbox::payments::{open_payments, settle};
use server::mailbox::sort::{Choice, sort};
use time::macros::date;
use time::{Date, Duration};
use uuid::Uuid;

const KOMMUN_A: (&str, &str) = ("162021004748", "Kommun A");
const KOMMUN_B: (&str, &str) = ("162021003898", "Kommun B");

/// A message that is an event: its names as `(matter, event, event before)`.
fn event(
    subject: &str,
    about: Option<&str>,
    names: (Option<&str>, &str, Option<&str>),
    status: MatterStatus,
) -> Message {
    let owned = |name: Option<&str>| name.map(str::to_owned);
    Message {
        official_matter: Some(OfficialMatter {
            extension: Some(MatterExtension {
                timestamp: date!(2026 - 03 - 16),
                identity: Some(MatterIdentity {
                    event_id: Some(names.1.to_owned()),
                    official_matter_id: owned(names.0),
                    preceding_event_id: owned(names.2),
                }),
                subject: owned(about),
                event_type: Some("Beslut".to_owned()),
                status: Some(status),
            }),
            ..OfficialMatter::default()
        }),
        ..message(subject)
    }
}

fn bill(subject: &str, due: Date) -> Message {
    Message {
        official_matter: Some(OfficialMatter {
            invoices: vec![Invoice {
                due_date: due,
                amount: 24_800,
                currency: None,
                account_method: AccountMethod::Bankgiro,
                account_number: "991-2346".to_owned(),
                ocr_number: Some("100020261101".to_owned()),
            }],
            ..OfficialMatter::default()
        }),
        ..message(subject)
    }
}

on_both_databases! {
    /// By the sender's number, or loosely by what the matter is called; never by two senders' same number.
    async fn letters_of_one_matter_are_told_in_order(home: Home) {
        let (turn, closed) = (MatterStatus::RecipientInitiative, MatterStatus::Closed);
        let bygglov = Some("Bygglov");
        home.receive(KOMMUN_A, &home.tolvan, event("Komplettera", bygglov, (Some("BN 1"), "e1", None), turn)).await;
        home.receive(KOMMUN_B, &home.tolvan, event("Annat", Some("Avfall"), (Some("BN 1"), "e1", None), turn)).await;
        home.receive(KOMMUN_A, &home.tolvan, event("Du får bygga", bygglov, (Some("BN 1"), "e2", Some("e1")), closed)).await;
        home.receive(KOMMUN_A, &home.tolvan, event("Grannen", Some("Granens väg"), (None, "e3", Some("e2")), turn)).await;
        home.receive(KOMMUN_B, &home.tolvan, event("Vägen", Some("granens  VÄG"), (None, "e4", None), turn)).await;

        let (matters, next) = list_matters(&home.house, &home.tolvan, None).await.unwrap();
        let told: Vec<_> = matters.iter().map(|it| (it.matter.title.as_str(), it.events)).collect();
        assert_eq!(told, [("granens  VÄG", 2), ("Bygglov", 2), ("Avfall", 1)], "newest event first");
        assert_eq!(next, None);

        let (matter, letters) = open_matter(&home.house, &home.tolvan, matters[1].id).await.unwrap().unwrap();
        assert_eq!(matter.matter.stands, Some(Stands::Closed));
        let subjects: Vec<_> = letters.iter().map(|it| it.event.subject.as_str()).collect();
        assert_eq!(subjects, ["Komplettera", "Du får bygga"]);
        assert!(letters.iter().all(|it| it.follows.is_none() && it.unread), "what it follows on stands in the list");

        let (loose, letters) = open_matter(&home.house, &home.tolvan, matters[0].id).await.unwrap().unwrap();
        assert_eq!(loose.matter.number, None);
        assert_eq!(letters[0].follows.as_ref().map(|(_, subject)| subject.as_str()), Some("Du får bygga"));
    }

    /// Another's matter is not found by its id, though the id is right; and matters blind differently in each mailbox.
    async fn a_matter_is_its_holders_alone(home: Home) {
        let turn = MatterStatus::RecipientInitiative;
        home.receive(KOMMUN_A, &home.tolvan, event("Ett", Some("Bygglov"), (Some("BN 1"), "e1", None), turn)).await;
        let (matters, _) = list_matters(&home.house, &home.tolvan, None).await.unwrap();
        assert!(open_matter(&home.house, &home.agnes, matters[0].id).await.unwrap().is_none());
        home.receive(KOMMUN_A, &home.agnes, event("Två", Some("Bygglov"), (Some("BN 1"), "e1", None), turn)).await;
        let (theirs, _) = list_matters(&home.house, &home.agnes, None).await.unwrap();
        assert_ne!(theirs[0].id, matters[0].id);
        assert!(open_matter(&home.house, &home.agnes, matters[0].id).await.unwrap().is_none());
    }

    /// What a letter said goes with it for good: its matter is as the event before left it, and its bill is forgotten.
    async fn a_letter_that_goes_for_good_takes_what_it_said_with_it(home: Home) {
        let (turn, closed) = (MatterStatus::RecipientInitiative, MatterStatus::Closed);
        home.receive(KOMMUN_A, &home.tolvan, event("Första", Some("Ett"), (Some("BN 1"), "e1", None), turn)).await;
        home.receive(KOMMUN_A, &home.tolvan, event("Andra", Some("Annat"), (Some("BN 1"), "e2", None), closed)).await;
        home.receive(KOMMUN_A, &home.tolvan, bill("Räkning", date!(2026 - 05 - 01))).await;
        let (matters, _) = list_matters(&home.house, &home.tolvan, None).await.unwrap();
        let matter = matters[0].id;
        let (_, letters) = open_matter(&home.house, &home.tolvan, matter).await.unwrap().unwrap();
        let bill = open_payments(&home.house, &home.tolvan, None).await.unwrap().0[0].letter;
        let away = async |letters: Vec<Uuid>| {
            sort(&home.house, &home.tolvan, What::Bin, Choice::These(letters)).await.unwrap();
            home.clock.advance(Duration::seconds(1));
            empty_bin(&home.house, &home.tolvan).await.unwrap();
        };
        away(vec![letters[1].letter, bill]).await;
        let (left, letters) = open_matter(&home.house, &home.tolvan, matter).await.unwrap().unwrap();
        assert_eq!((left.matter.title.as_str(), left.matter.stands, left.events), ("Ett", Some(Stands::YourTurn), 1));
        assert!(open_payments(&home.house, &home.tolvan, None).await.unwrap().0.is_empty());
        away(vec![letters[0].letter]).await;
        assert!(open_matter(&home.house, &home.tolvan, matter).await.unwrap().is_none());
    }

    /// A page of fifty, then the rest, none twice.
    async fn many_matters_come_in_pages(home: Home) {
        for n in 0..53 {
            let number = format!("BN {n}");
            let new = event("Nytt", None, (Some(&number), "e", None), MatterStatus::SenderInitiative);
            home.receive(KOMMUN_A, &home.tolvan, new).await;
        }
        let (first, next) = list_matters(&home.house, &home.tolvan, None).await.unwrap();
        let (second, end) = list_matters(&home.house, &home.tolvan, next).await.unwrap();
        assert_eq!((first.len(), second.len(), end), (50, 3, None));
        let mut ids: Vec<_> = first.iter().chain(&second).map(|it| it.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 53);
    }

    /// Soonest first; the person's own mark takes one away and brings it back; nobody else's does.
    async fn what_is_to_be_paid_waits_until_the_person_says_so(home: Home) {
        home.receive(KOMMUN_A, &home.tolvan, bill("Sen", date!(2026 - 05 - 01))).await;
        home.receive(KOMMUN_B, &home.tolvan, bill("Snart", date!(2026 - 03 - 31))).await;
        let open = async || open_payments(&home.house, &home.tolvan, None).await.unwrap().0;
        let listed = open().await;
        assert_eq!(listed.iter().map(|it| it.payee.as_str()).collect::<Vec<_>>(), ["Kommun B", "Kommun A"]);
        let letter = listed[0].letter;
        let counted = async |person| told(&home.house, person).await.unwrap().map(|told| told.to_pay);
        assert_eq!((counted(&home.tolvan).await, counted(&home.agnes).await), (Some(2), Some(0)), "every page says how many");

        assert!(!settle(&home.house, &home.agnes, letter, true).await.unwrap(), "not hers");
        assert_eq!(open().await.len(), 2);
        assert!(settle(&home.house, &home.tolvan, letter, true).await.unwrap());
        assert_eq!((open().await.len(), counted(&home.tolvan).await), (1, Some(1)));
        assert!(settle(&home.house, &home.tolvan, letter, false).await.unwrap());
        assert_eq!(open().await.len(), 2);
    }

    /// One address at a time: a new one ends the old one, and a revoked one answers nobody.
    async fn a_calendar_reads_what_was_chosen_until_it_is_revoked(home: Home) {
        home.receive(KOMMUN_A, &home.tolvan, bill("Räkning", date!(2026 - 03 - 31))).await;
        assert!(feed(&home.house, &home.tolvan).await.unwrap().is_none());
        assert!(make_feed(&home.house, &home.tolvan, Detail::Day).await.unwrap());
        let first = feed(&home.house, &home.tolvan).await.unwrap().unwrap();
        assert_eq!((first.detail, first.fetched_at), (Detail::Day, None));
        let fetched = fetch_feed(&home.house, &first.secret).await.unwrap().unwrap();
        assert_eq!((fetched.entries.len(), fetched.detail), (1, Detail::Day));
        assert!(feed(&home.house, &home.tolvan).await.unwrap().unwrap().fetched_at.is_some());
        assert!(feed(&home.house, &home.agnes).await.unwrap().is_none());

        assert!(make_feed(&home.house, &home.tolvan, Detail::Payee).await.unwrap());
        let second = feed(&home.house, &home.tolvan).await.unwrap().unwrap();
        assert_ne!(first.secret, second.secret);
        assert!(fetch_feed(&home.house, &first.secret).await.unwrap().is_none());
        revoke_feed(&home.house, &home.agnes).await.unwrap();
        assert!(fetch_feed(&home.house, &second.secret).await.unwrap().is_some(), "hers was none");
        revoke_feed(&home.house, &home.tolvan).await.unwrap();
        assert!(fetch_feed(&home.house, &second.secret).await.unwrap().is_none());
    }
}
