//! Rules: tried before they count, applied to what is there, undone; and never another's. That they sort what comes in is shown with
//! real letters, in the browser tests.

use super::mailbox::Mailboxes;
use server::domain::rule::{Then, Within};
use server::domain::sorting::{List, Place};
use server::mailbox::folders::remove as remove_folder;
use server::mailbox::rules::{Applied, Changed, Wanted, apply, attempt, earlier, make, remove, rules, senders, switch};
use server::mailbox::sort::take_back;
use uuid::Uuid;

fn words(words: &str, then: Then) -> Wanted {
    Wanted {
        sender: None,
        words: Some(words.to_owned()),
        within: Within::Subject,
        category: None,
        then,
    }
}

async fn rule(given: &Mailboxes, wanted: Wanted) -> Uuid {
    match make(&given.house, &given.tolvan, wanted).await.unwrap() {
        Changed::Done(id) => id,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    /// What it would have caught is what it then moves, and what comes back when it is taken back.
    async fn a_rule_is_tried_applied_and_taken_back(given: Mailboxes) {
        let a = given.letter("162021004748", "Avgift för vatten").await;
        given.letter("162021004748", "Bygglov").await;
        let c = given.letter("162021005448", "Avgifter 2026").await;
        let home = given.folder("Hemmet", None).await;
        given.index().await;
        let id = rule(&given, words("avgift", Then::Put(Place::Folder(home)))).await;
        let (told, tried) = attempt(&given.house, &given.tolvan, id).await.unwrap().unwrap();
        assert_eq!(tried.caught, 2);
        assert!(told.active && !tried.waiting);
        assert_eq!(tried.some.iter().map(|letter| letter.id).collect::<Vec<_>>(), [c, a]);
        assert_eq!(given.ids(List::Inbox).await.len(), 3, "trying changes nothing");

        let Applied::Begun(act) = apply(&given.house, &given.tolvan, id).await.unwrap() else { panic!() };
        assert_eq!(given.ids(List::Placed(home)).await, [c, a]);
        given.counts_are_right().await;
        take_back(&given.house, &given.tolvan, act).await.unwrap();
        assert_eq!(given.ids(List::Inbox).await.len(), 3);
    }

    /// By sender, from the senders that letters have come from.
    async fn a_rule_may_ask_for_the_sender(given: Mailboxes) {
        given.letter("162021004748", "Avgift").await;
        let tax = given.letter("162021005448", "Deklaration").await;
        given.index().await;
        let known = senders(&given.house, &given.tolvan).await.unwrap();
        assert_eq!(known.iter().map(|sender| sender.number.as_str()).collect::<Vec<_>>(), ["162021004748", "162021005448"]);
        let wanted = |sender: &str| Wanted { sender: Some(sender.to_owned()), words: None, within: Within::Subject, category: None, then: Then::Put(Place::Archive) };
        let id = rule(&given, wanted("162021005448")).await;
        let (_, tried) = attempt(&given.house, &given.tolvan, id).await.unwrap().unwrap();
        assert_eq!(tried.some.iter().map(|letter| letter.id).collect::<Vec<_>>(), [tax]);
        assert_eq!(make(&given.house, &given.tolvan, wanted("165560000000")).await.unwrap(), Changed::NotFound);
    }

    /// Order, switch, removal; and what asks nothing is no rule.
    async fn rules_are_ordered_switched_and_removed(given: Mailboxes) {
        let first = rule(&given, words("ett", Then::Put(Place::Archive))).await;
        let second = rule(&given, words("två", Then::Put(Place::Archive))).await;
        earlier(&given.house, &given.tolvan, second).await.unwrap();
        switch(&given.house, &given.tolvan, second, false).await.unwrap();
        let all = rules(&given.house, &given.tolvan).await.unwrap();
        assert_eq!(all.iter().map(|told| (told.id, told.active)).collect::<Vec<_>>(), [(second, false), (first, true)]);
        remove(&given.house, &given.tolvan, second).await.unwrap();
        assert_eq!(rules(&given.house, &given.tolvan).await.unwrap().len(), 1);
        assert_eq!(make(&given.house, &given.tolvan, words(" – ", Then::Put(Place::Archive))).await.unwrap(), Changed::AsksNothing);
    }

    /// A rule whose folder is gone is shown as broken, and does nothing.
    async fn a_rule_without_its_folder_is_broken(given: Mailboxes) {
        given.letter("A", "Avgift").await;
        let home = given.folder("Hemmet", None).await;
        let id = rule(&given, words("avgift", Then::Put(Place::Folder(home)))).await;
        remove_folder(&given.house, &given.tolvan, home, Place::Inbox).await.unwrap();
        let all = rules(&given.house, &given.tolvan).await.unwrap();
        assert!(!all[0].whole);
        assert_eq!(apply(&given.house, &given.tolvan, id).await.unwrap(), Applied::NotFound);
        assert_eq!(given.ids(List::Inbox).await.len(), 1);
    }

    /// Bertil can neither see, try, change nor remove a rule of Tolvan's.
    async fn anothers_rule_is_not_there(given: Mailboxes) {
        let id = rule(&given, words("avgift", Then::Put(Place::Archive))).await;
        let (house, bertil) = (&given.house, &given.bertil);
        assert!(rules(house, bertil).await.unwrap().is_empty());
        assert!(senders(house, bertil).await.unwrap().is_empty());
        assert!(attempt(house, bertil, id).await.unwrap().is_none());
        assert_eq!(apply(house, bertil, id).await.unwrap(), Applied::NotFound);
        assert_eq!(switch(house, bertil, id, false).await.unwrap(), Changed::NotFound);
        assert_eq!(earlier(house, bertil, id).await.unwrap(), Changed::NotFound);
        assert_eq!(remove(house, bertil, id).await.unwrap(), Changed::NotFound);
        let all = rules(house, &given.tolvan).await.unwrap();
        assert_eq!(all.iter().map(|told| told.active).collect::<Vec<_>>(), [true]);
    }
}
