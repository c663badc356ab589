//! What staff see of senders and of certificates: counted beside the letters, and pointing to nobody.

use super::desk::{Desk, KOMMUN_A, KOMMUN_B, PKI, SKATTEVERKET, TOLVAN, issue, request, request_by};
use super::traces::support;
use super::{fault, letter, result};
use contracts::identifier::OrganisationNumber;
use server::domain::certificate::{Nearness, Purpose, SeenAs};
use server::domain::sender_figure::SenderFigure;
use server::store::sender_day::{self, Of};
use server::support::access::OnDuty;
use server::support::certificates::{self, AtHand};
use server::support::numbers::Told;
use server::support::senders::{self, Sender, Which};
use std::sync::Arc;
use std::sync::atomic::Ordering;

const NOBODY: &str = "197503029816";

fn number(digits: &str) -> OrganisationNumber {
    digits.parse().unwrap()
}

async fn seen(desk: &Desk, duty: &OnDuty, who: &str) -> Sender {
    let found = senders::see(&desk.house, duty, &desk.senders, Some(number(who)), None).await;
    found.unwrap().unwrap()
}

/// The same, once so many failures have been written.
async fn seen_soon(desk: &Desk, duty: &OnDuty, who: &str, failures: usize) -> Sender {
    for _ in 0..200 {
        let sender = seen(desk, duty, who).await;
        if sender.failures.len() >= failures {
            return sender;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("failures of {who} are never written");
}

/// What is told of today.
fn today(sender: &Sender, figure: SenderFigure) -> Told {
    let (_, told) = sender.days.series.iter().find(|(known, _)| *known == figure).unwrap();
    *told.last().unwrap()
}

on_both_databases! {
    /// Letters to fewer than five people are few; failures are counted always, with their codes, and name no recipient.
    async fn what_a_sender_sends_is_counted_by_the_day(desk: Desk) {
        let duty = support(&desk.house).await;
        desk.senders.refresh().await.unwrap();
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        assert!(result(desk.post(sent.clone()).await).delivered);
        assert!(result(desk.post(sent).await).delivered, "the same again counts once");
        assert!(!result(desk.post(request(&letter(KOMMUN_A, NOBODY, "Hej"), KOMMUN_A, KOMMUN_B)).await).delivered);
        let wrong = fault(desk.post(request(&letter(KOMMUN_A, TOLVAN, "Fel"), SKATTEVERKET, KOMMUN_B)).await);
        fault(desk.post("no xml").await);

        let sender = seen_soon(&desk, &duty, KOMMUN_A, 1).await;
        assert!(sender.approved && sender.freshness.fresh);
        let mediators: Vec<_> = sender.mediators.iter().map(|(number, _)| number.to_string()).collect();
        assert_eq!(mediators, [KOMMUN_B, KOMMUN_A]);
        assert_eq!(today(&sender, SenderFigure::Received), Told::Few);
        assert_eq!(today(&sender, SenderFigure::NotHere), Told::Few);
        assert_eq!(today(&sender, SenderFigure::Refused), Told::Number(1));
        assert_eq!(today(&sender, SenderFigure::Unread), Told::Number(0));
        assert_eq!((sender.days.days.len(), sender.days.codes.as_slice()), (30, [(5002, 1)].as_slice()));
        assert_eq!(sender.failures[0].call_id.to_string(), wrong.call_id);
        assert!(!sender.failures[0].ours);
        let mediator = seen_soon(&desk, &duty, KOMMUN_B, 1).await;
        assert_eq!(today(&mediator, SenderFigure::Unread), Told::Number(1), "whose connection it was");
        assert_eq!(mediator.sends_for, Some(2));

        let of = Of {
            party: desk.house.keys.blind_index("intake.party", KOMMUN_A),
            day: *sender.days.days.last().unwrap(),
            figure: SenderFigure::Received,
        };
        let mut tx = desk.house.db.begin().await.unwrap();
        sender_day::add(&mut tx, of, 0, 9).await.unwrap();
        for token in 0..4 {
            sender_day::stand_behind(&mut tx, of, [token; 32]).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(today(&seen(&desk, &duty, KOMMUN_A).await, SenderFigure::Received), Told::Number(10));
        let days = senders::export(&desk.house, &duty, Some(number(KOMMUN_A))).await.unwrap().unwrap();
        assert_eq!(days.series.len(), SenderFigure::all().count());

        let unknown = seen(&desk, &duty, "165560000001").await;
        assert!(!unknown.approved && unknown.name.is_none() && unknown.failures.is_empty());
        assert!(senders::see(&desk.house, &duty, &desk.senders, None, None).await.unwrap().is_none());
        let mut tx = desk.house.db.begin().await.unwrap();
        sender_day::forget(&mut tx, of.day.next_day().unwrap()).await.unwrap();
        assert!(sender_day::since(&mut tx, of.party, of.day).await.unwrap().is_empty());
        drop(tx);
        desk.close().await;
    }

    /// Each certificate once in each place, however many letters come with it; those at hand beside them, what cannot be read first.
    async fn certificates_are_remembered_by_when_they_end(desk: Desk) {
        let duty = support(&desk.house).await;
        let soon = issue(&PKI, Some(KOMMUN_A), -20, 10);
        let sealer = PKI.pair(KOMMUN_B).unwrap();
        for subject in ["Ett", "Två", "Tre"] {
            let sent = request_by(&letter(KOMMUN_A, TOLVAN, subject), &soon, &sealer);
            assert!(result(desk.post(sent).await).delivered);
        }
        let at_hand = AtHand {
            files: vec![
                (Purpose::Service, PKI.path("brevlada-tls.crt")),
                (Purpose::SigningAuthority, PKI.path("ca.crt")),
                (Purpose::Register, PKI.path("there-is-no-such-file.crt")),
            ],
            providers: Arc::new(|| vec![("En utfärdare".to_owned(), b"no certificate".to_vec())]),
        };
        let found = certificates::look(&desk.house, &duty, &at_hand, None).await.unwrap();
        let held: Vec<_> = found.held.iter().map(|one| (one.purpose, one.ends_at.is_some())).collect();
        assert_eq!(held[..2], [(Purpose::Register, false), (Purpose::IdentityProvider, false)]);
        assert!(held[2..].iter().all(|(_, read)| *read) && held.len() == 4, "{held:?}");
        let seen: Vec<_> = found.seen.iter().map(|one| (one.seen_as, one.organisation.as_str())).collect();
        assert_eq!(seen[0], (SeenAs::Signature, KOMMUN_A), "the first to end");
        assert_eq!(seen.len(), 3, "{seen:?}");
        assert!(seen.contains(&(SeenAs::Connection, KOMMUN_B)) && seen.contains(&(SeenAs::Seal, KOMMUN_B)));
        assert_eq!(Nearness::of(found.seen[0].ends_at, desk.house.clock.now()), Nearness::Alarm);
        assert_eq!(found.next, None);
        let own = seen_soon(&desk, &duty, KOMMUN_A, 0).await.certificates;
        assert_eq!(own.len(), 1);
        desk.close().await;
    }
}

/// However many there are: a page at a time, by name; found by part of a name or a number; from memory when Authority is down.
#[tokio::test]
async fn the_lists_are_paged_and_searched() {
    let desk = Desk::on(crate::harness::Engine::Sqlite).await.unwrap();
    let duty = support(&desk.house).await;
    let many = (0..100_000)
        .map(|n| format!("16556{n:07}"))
        .filter(|digits| digits.parse::<OrganisationNumber>().is_ok());
    let many: Vec<&'static str> = many.take(10_000).map(|digits| &*digits.leak()).collect();
    desk.lists.senders.lock().unwrap().extend(&many);
    desk.senders.refresh().await.unwrap();
    desk.lists.down.store(true, Ordering::SeqCst);
    assert!(desk.senders.refresh().await.is_err());
    let list = async |which, wanted: &str, after| {
        let listed = senders::list(&desk.house, &duty, &desk.senders, (which, wanted), after).await;
        listed.unwrap()
    };
    let began = std::time::Instant::now();
    let first = list(Which::Senders, "", None).await;
    let second = list(Which::Senders, "", first.next).await;
    assert!(began.elapsed() < std::time::Duration::from_secs(2));
    assert_eq!((first.rows.len(), second.rows.len()), (senders::PAGE, senders::PAGE));
    assert_eq!(first.found, many.len() + 2);
    assert!(
        first.rows.last().unwrap().number < second.rows[0].number,
        "names are alike here: by number"
    );
    assert!(
        !first.freshness.fresh && first.freshness.fetched_at.is_some(),
        "from memory"
    );
    let one = list(Which::Senders, "202100-4748", None).await;
    assert_eq!(
        one.rows.iter().map(|row| row.number.to_string()).collect::<Vec<_>>(),
        [KOMMUN_A]
    );
    assert!(list(Which::Senders, "ingen heter så", None).await.rows.is_empty());
    let mediators = list(Which::Mediators, "MEDIATOR", None).await;
    assert_eq!(mediators.rows.len(), 4);
    desk.close().await;
}
