//! Folders: a tree that stays one, and letters that are never lost with them.

use super::mailbox::Mailboxes;
use server::domain::sorting::{ARCHIVE, List, Place, What};
use server::mailbox::folders::{Changed, Removed, make, place, places, remove, rename};
use server::mailbox::sort::{Choice, take_back, told};
use server::store::sorting::ActState;
use uuid::Uuid;

/// Names with their depth, as they are listed.
async fn tree(given: &Mailboxes) -> Vec<(usize, String)> {
    let places = places(&given.house, &given.tolvan).await.unwrap().unwrap();
    places
        .folders
        .into_iter()
        .map(|folder| (folder.depth, folder.name))
        .collect()
}

fn named(names: &[(usize, &str)]) -> Vec<(usize, String)> {
    names.iter().map(|(depth, name)| (*depth, (*name).to_owned())).collect()
}

on_both_databases! {
    /// Made, renamed and moved, by the Swedish alphabet.
    async fn folders_are_a_tree(given: Mailboxes) {
        let tax = given.folder("Skatt", None).await;
        let year = given.folder("2025", Some(tax)).await;
        given.folder("Åre", None).await;
        given.folder("Bil", None).await;
        assert_eq!(tree(&given).await, named(&[(0, "Bil"), (0, "Skatt"), (1, "2025"), (0, "Åre")]));
        assert_eq!(rename(&given.house, &given.tolvan, tax, " Skatt  och annat ").await.unwrap(), Changed::Done(tax));
        assert_eq!(place(&given.house, &given.tolvan, year, None).await.unwrap(), Changed::Done(year));
        assert_eq!(tree(&given).await, named(&[(0, "2025"), (0, "Bil"), (0, "Skatt och annat"), (0, "Åre")]));
    }

    /// What would not be a tree, or not be told apart, is refused, and nothing is changed.
    async fn what_would_be_no_tree_is_refused(given: Mailboxes) {
        let mut parent = None;
        let mut chain = Vec::new();
        for n in 1..=5 {
            let folder = given.folder(&format!("Steg {n}"), parent).await;
            chain.push(folder);
            parent = Some(folder);
        }
        let (house, tolvan) = (&given.house, &given.tolvan);
        assert_eq!(make(house, tolvan, "Steg 6", parent).await.unwrap(), Changed::TooDeep);
        assert_eq!(place(house, tolvan, chain[0], Some(chain[3])).await.unwrap(), Changed::InItself);
        assert_eq!(make(house, tolvan, "steg 1", None).await.unwrap(), Changed::NameTaken);
        assert_eq!(make(house, tolvan, "  ", None).await.unwrap(), Changed::NotAName);
        assert_eq!(make(house, tolvan, "I en som inte finns", Some(Uuid::from_u128(7))).await.unwrap(), Changed::NotFound);
        assert_eq!(tree(&given).await.len(), 5);
    }

    /// Removing a folder moves its letters and lifts its folders; taking it back makes it whole again.
    async fn a_removed_folder_loses_no_letter(given: Mailboxes) {
        let (a, b) = (given.letter("A", "1").await, given.letter("A", "2").await);
        let tax = given.folder("Skatt", None).await;
        let year = given.folder("2025", Some(tax)).await;
        given.does(What::Move(Place::Folder(tax)), Choice::These(vec![a])).await;
        given.does(What::Move(Place::Folder(year)), Choice::These(vec![b])).await;
        let Removed::Begun(act) = remove(&given.house, &given.tolvan, tax, Place::Archive).await.unwrap() else { panic!() };
        assert_eq!(tree(&given).await, named(&[(0, "2025")]));
        assert_eq!(given.ids(List::Placed(ARCHIVE)).await, [a]);
        assert_eq!(given.ids(List::Placed(year)).await, [b]);
        given.counts_are_right().await;
        assert_eq!(told(&given.house, &given.tolvan, act).await.unwrap().unwrap().removed.as_deref(), Some("Skatt"));

        take_back(&given.house, &given.tolvan, act).await.unwrap();
        assert_eq!(tree(&given).await, named(&[(0, "Skatt"), (1, "2025")]));
        assert_eq!(given.ids(List::Placed(tax)).await, [a]);
        given.counts_are_right().await;
    }

    /// A folder with many letters goes when the last has left it.
    async fn a_full_folder_is_emptied_in_the_background(given: Mailboxes) {
        let subjects: Vec<String> = (0..250).map(|n| format!("Brev {n}")).collect();
        given.letters(&subjects.iter().map(|subject| ("A", subject.as_str())).collect::<Vec<_>>()).await;
        let home = given.folder("Hemmet", None).await;
        given.does(What::Move(Place::Folder(home)), Choice::All(List::Inbox)).await;
        given.run_jobs().await;
        let Removed::Begun(act) = remove(&given.house, &given.tolvan, home, Place::Inbox).await.unwrap() else { panic!() };
        assert_eq!(tree(&given).await.len(), 1, "it is there until it is empty");
        given.run_jobs().await;
        assert!(tree(&given).await.is_empty());
        assert_eq!(given.ids(List::Inbox).await.len(), 250);
        take_back(&given.house, &given.tolvan, act).await.unwrap();
        given.run_jobs().await;
        assert_eq!(told(&given.house, &given.tolvan, act).await.unwrap().unwrap().state, ActState::Undone);
        assert_eq!(given.ids(List::Placed(home)).await.len(), 250);
        given.counts_are_right().await;
    }
}
