//! What became of a call is kept for a while, and traced by staff.

use super::desk::{BOLAGSVERKET, Desk, KOMMUN_A, KOMMUN_B, TOLVAN, request};
use super::{fault, letter, result};
use crate::harness::Engine;
use contracts::delivery::Delivery;
use server::domain::access::Act;
use server::domain::staff::{Role, Roles};
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::forward::protect;
use server::store;
use server::store::call::{CallOutcome, CallRow};
use server::support::access::OnDuty;
use server::support::account::{ArrivalState, When};
use server::support::register::{New, add, list};
use server::support::trace::{Asked, Trace, TypedTrace, WrongTrace, ask, see};
use time::macros::format_description;
use uuid::Uuid;

const NOBODY: &str = "197503029816";

pub(super) async fn support(house: &House) -> OnDuty {
    let new = New {
        name: "Hanna".to_owned(),
        login: "hanna@5599999017".parse().unwrap(),
        roles: Roles::of([Role::Support]),
        password: None,
    };
    add(house, new, "x").await.unwrap();
    let id = list(house).await.unwrap().last().unwrap().id;
    let mut tx = house.db.read().await.unwrap();
    OnDuty::of(&mut tx, house, id).await.unwrap().unwrap()
}

fn named(what: &str) -> TypedTrace {
    TypedTrace {
        what: what.to_owned(),
        cause: "letter".to_owned(),
        words: "Avsändaren ringde".to_owned(),
        ..TypedTrace::default()
    }
}

/// The days around now.
fn days(house: &House, number: &str) -> TypedTrace {
    let day = |days| {
        let day = (house.clock.now() + time::Duration::days(days)).date();
        day.format(format_description!("[year]-[month]-[day]")).unwrap()
    };
    TypedTrace {
        what: String::new(),
        number: number.to_owned(),
        first: day(-1),
        last: day(1),
        ..named("")
    }
}

async fn traced(house: &House, duty: &OnDuty, typed: TypedTrace) -> Trace {
    let asked = ask(house, duty, typed).await.unwrap();
    let Asked::Trace(id) = asked else { panic!("{asked:?}") };
    see(house, duty, id, None).await.unwrap().unwrap()
}

/// The same, once it has been written.
async fn traced_soon(house: &House, duty: &OnDuty, what: &str, calls: usize) -> Trace {
    for _ in 0..200 {
        let trace = traced(house, duty, named(what)).await;
        if trace.calls.len() >= calls {
            return trace;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{what} is never traced");
}

fn with_reference(mut delivery: Delivery, reference: &str) -> Delivery {
    delivery.reference = Some(reference.to_owned());
    delivery
}

on_both_databases! {
    /// By `TransId`, by reference, by the call id of a fault, by recipient and days; the sender to who has named it alone.
    async fn what_became_of_a_call_is_told(desk: Desk) {
        let house = &desk.house;
        let duty = support(house).await;
        let sent = with_reference(letter(KOMMUN_A, TOLVAN, "Hemligt"), "Dnr 2026-17");
        let answer = result(desk.post(request(&sent, KOMMUN_A, KOMMUN_B)).await);
        let again = result(desk.post(request(&sent, KOMMUN_A, KOMMUN_B)).await);
        assert_eq!(answer.trans_id, again.trans_id);
        let not_here = with_reference(letter(KOMMUN_A, NOBODY, "Hej"), "Dnr 2026-18");
        assert!(!result(desk.post(request(&not_here, KOMMUN_A, KOMMUN_B)).await).delivered);
        let refused = fault(desk.post(request(&letter(BOLAGSVERKET, TOLVAN, "Hej"), BOLAGSVERKET, BOLAGSVERKET)).await);

        let trace = traced_soon(house, &duty, &answer.trans_id, 2).await;
        assert!(trace.by_name && trace.next.is_none());
        let of = |outcome| trace.calls.iter().find(|call| call.outcome == outcome).unwrap();
        let first = of(CallOutcome::Delivered);
        assert_eq!(first.sender.unwrap().to_string(), KOMMUN_A);
        let stored = first.stored.as_ref().unwrap();
        assert_eq!((stored.letters.as_slice(), matches!(stored.at, When::At(_))), ([ArrivalState::Unread].as_slice(), true));
        assert!(of(CallOutcome::Duplicate).stored.is_none());
        assert!(!format!("{trace:?}").contains("Hemligt"));
        assert_eq!(traced(house, &duty, named(" Dnr 2026-17 ")).await.calls.len(), 2);
        let elsewhere = traced_soon(house, &duty, "Dnr 2026-18", 1).await;
        assert_eq!((elsewhere.calls[0].outcome, elsewhere.calls[0].stored.clone()), (CallOutcome::NotHere, None));
        let told = traced_soon(house, &duty, &refused.call_id, 1).await;
        assert_eq!((told.calls[0].outcome, told.calls[0].code), (CallOutcome::Refused, Some(refused.code().unwrap().number())));
        assert_eq!(told.calls[0].call_id.unwrap().to_string(), refused.call_id);

        let by_recipient = traced(house, &duty, days(house, TOLVAN)).await;
        assert!(!by_recipient.by_name && by_recipient.calls.iter().all(|call| call.sender.is_none()));
        assert_eq!(by_recipient.calls.len(), 3);
        assert!(traced(house, &duty, named("Dnr 2026-19")).await.calls.is_empty());

        // The holder sees that it was asked, and why; others are not told of it.
        let tolvan = Person::new(TOLVAN.parse().unwrap(), "Tolvan");
        let log = read_access_log(house, &tolvan, Show::Others, None).await.unwrap();
        let of_staff = log.entries.iter().find(|entry| entry.act == Act::StaffTraced).unwrap();
        assert_eq!(of_staff.reason.as_ref().unwrap().words, "Avsändaren ringde");

        // A delivery whose call is not kept any more is told from its own row, without its sender.
        let mut tx = house.db.begin().await.unwrap();
        while store::call::sweep(&mut tx, Uuid::max(), 1).await.unwrap() > 0 {}
        tx.commit().await.unwrap();
        let kept = traced(house, &duty, named(&answer.trans_id)).await;
        assert_eq!((kept.calls.len(), kept.calls[0].outcome, kept.calls[0].sender), (1, CallOutcome::Delivered, None));
        assert!(kept.calls[0].stored.is_some());

        assert!(protect(house, TOLVAN, true).await.unwrap());
        let less = traced(house, &duty, named(&answer.trans_id)).await;
        let stored = less.calls[0].stored.clone().unwrap();
        assert!(matches!((less.calls[0].at, stored.at), (When::On(_), When::On(_))) && stored.letters.is_empty());
        let asked = ask(house, &duty, days(house, TOLVAN)).await.unwrap();
        assert!(matches!(asked, Asked::Wrong(WrongTrace::Protected, _)), "{asked:?}");
    }
}

/// What is not right is told; what was asked is another's to see never, and nobody's after half an hour.
#[tokio::test]
async fn what_is_not_right_is_not_traced() {
    let desk = Desk::on(Engine::Sqlite).await.unwrap();
    let house = &desk.house;
    let duty = support(house).await;
    let span = |first: &str, last: &str| TypedTrace {
        first: first.to_owned(),
        last: last.to_owned(),
        ..days(house, TOLVAN)
    };
    for (typed, wrong) in [
        (named(""), WrongTrace::What),
        (named(&"x".repeat(256)), WrongTrace::What),
        (days(house, "12"), WrongTrace::Number),
        (span("2026-02-30", "2026-03-01"), WrongTrace::Days),
        (span("2026-03-02", "2026-03-01"), WrongTrace::Days),
        (span("2026-03-01", "2026-04-01"), WrongTrace::Days),
        (
            TypedTrace {
                cause: String::new(),
                ..named("x")
            },
            WrongTrace::Cause,
        ),
        (
            TypedTrace {
                words: String::new(),
                ..named("x")
            },
            WrongTrace::Words,
        ),
    ] {
        let Asked::Wrong(told, draft) = ask(house, &duty, typed.clone()).await.unwrap() else {
            panic!("{wrong:?}")
        };
        assert_eq!(told, wrong);
        let kept = server::support::trace::form(house, &duty, Some(draft)).await.unwrap();
        assert_eq!(kept, Some(typed));
        assert!(
            see(house, &duty, draft, None).await.unwrap().is_none(),
            "nothing is shown"
        );
    }
    desk.close().await;
}

/// However many calls there are, the right ones are found at once, and the old ones forgotten some at a time.
#[tokio::test]
async fn a_hundred_thousand_calls_are_searched_at_once() {
    let desk = Desk::on(Engine::Sqlite).await.unwrap();
    let house = &desk.house;
    let duty = support(house).await;
    let index = house.keys.blind_index("holder", TOLVAN);
    let reference = house.keys.blind_index("intake.reference", "Dnr 1");
    let now = house.clock.now();
    let mut tx = house.db.begin().await.unwrap();
    for n in 0..100_000_i64 {
        let id = house.ids.at(now - time::Duration::seconds(n));
        let row = CallRow {
            id,
            call_id: house.ids.random(),
            trans_id: None,
            outcome: CallOutcome::NotHere,
            code: None,
            recipient_index: Some(index.to_vec()),
            content: vec![],
        };
        store::call::insert(&mut tx, &row, None).await.unwrap();
        store::call::add_reference(&mut tx, reference, id).await.unwrap();
    }
    tx.commit().await.unwrap();
    for typed in [named("Dnr 1"), days(house, TOLVAN)] {
        let asked = ask(house, &duty, typed).await.unwrap();
        let Asked::Trace(id) = asked else { panic!("{asked:?}") };
        let began = std::time::Instant::now();
        let first = see(house, &duty, id, None).await.unwrap().unwrap();
        let second = see(house, &duty, id, first.next.clone()).await.unwrap().unwrap();
        let took = began.elapsed();
        assert_eq!((first.calls.len(), second.calls.len()), (20, 20));
        assert_ne!(first.calls, second.calls);
        assert!(took < std::time::Duration::from_millis(500), "{took:?}");
    }
    desk.close().await;
}
