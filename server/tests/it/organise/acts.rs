//! What is done with letters, and undone.

use super::mailbox::Mailboxes;
use server::domain::sorting::{ARCHIVE, List, Order, Place, What};
use server::mailbox::access_log::{Show, read_access_log};
use server::mailbox::letter::open_letter;
use server::mailbox::sort::{Choice, Sorted, TakenBack, sort, take_back, told};
use server::store::sorting::ActState;
use time::Duration;

on_both_databases! {
    /// A moved letter is in its folder and nowhere else; unread it still counts; undone it is back, once.
    async fn letters_are_moved_and_moved_back(given: Mailboxes) {
        let (a, b) = (given.letter("Kommun A", "Bygglov").await, given.letter("Kommun A", "Avgift").await);
        let home = given.folder("Hemmet", None).await;
        let act = given.does(What::Move(Place::Folder(home)), Choice::These(vec![a, b])).await;
        assert!(given.ids(List::Inbox).await.is_empty());
        assert_eq!(given.ids(List::Placed(home)).await, [b, a]);
        assert_eq!(given.ids(List::Unread).await, [b, a], "unread is never hidden by a folder");
        given.counts_are_right().await;
        let said = told(&given.house, &given.tolvan, act).await.unwrap().unwrap();
        assert_eq!((said.letters, said.state), (2, ActState::Done));

        assert_eq!(take_back(&given.house, &given.tolvan, act).await.unwrap(), TakenBack::Begun);
        assert_eq!(given.ids(List::Inbox).await, [b, a]);
        given.counts_are_right().await;
        assert_eq!(take_back(&given.house, &given.tolvan, act).await.unwrap(), TakenBack::Over, "once");
    }

    /// Taking back leaves alone what was moved again since then.
    async fn undoing_does_not_undo_what_came_after(given: Mailboxes) {
        let (a, b) = (given.letter("Kommun A", "Bygglov").await, given.letter("Kommun A", "Avgift").await);
        let first = given.does(What::Move(Place::Archive), Choice::These(vec![a, b])).await;
        let home = given.folder("Hemmet", None).await;
        given.does(What::Move(Place::Folder(home)), Choice::These(vec![b])).await;
        take_back(&given.house, &given.tolvan, first).await.unwrap();
        assert_eq!(given.ids(List::Inbox).await, [a]);
        assert_eq!(given.ids(List::Placed(home)).await, [b]);
        given.counts_are_right().await;
    }

    /// Marks, stars and the bin count right, wherever the letter lies.
    async fn every_act_keeps_the_counts(given: Mailboxes) {
        let letters = given.letters(&[("A", "1"), ("B", "2"), ("C", "3"), ("D", "4")]).await;
        given.does(What::Move(Place::Archive), Choice::These(letters[..2].to_vec())).await;
        given.does(What::Read, Choice::These(vec![letters[0], letters[2]])).await;
        given.counts_are_right().await;
        given.does(What::Star, Choice::These(vec![letters[0], letters[3]])).await;
        assert_eq!(given.ids(List::Starred).await, [letters[3], letters[0]]);
        let binned = given.does(What::Bin, Choice::These(letters.clone())).await;
        given.counts_are_right().await;
        assert!(given.ids(List::Starred).await.is_empty(), "what is in the bin is in no other list");
        open_letter(&given.house, &given.tolvan, letters[1]).await.unwrap_err();
        take_back(&given.house, &given.tolvan, binned).await.unwrap();
        given.counts_are_right().await;
        assert_eq!(given.ids(List::Placed(ARCHIVE)).await, [letters[1], letters[0]], "back to where each was");
        let unread: Vec<_> = given.ids(List::Unread).await;
        assert_eq!(unread, [letters[3], letters[1]]);
    }

    /// Unread ones first is a whole list, page by page, without gaps or repeats.
    async fn unread_ones_first_is_the_whole_list(given: Mailboxes) {
        let subjects: Vec<String> = (0..130).map(|n| format!("Brev {n}")).collect();
        let letters = given.letters(&subjects.iter().map(|subject| ("A", subject.as_str())).collect::<Vec<_>>()).await;
        let read: Vec<_> = letters.iter().copied().step_by(3).collect();
        given.does(What::Read, Choice::These(read.clone())).await;
        let listed = given.list(List::Inbox, Order::UnreadFirst).await;
        assert_eq!(listed.len(), 130);
        let firsts = listed.iter().take_while(|letter| letter.unread).count();
        assert_eq!(firsts, 130 - read.len());
        assert!(listed[firsts..].iter().all(|letter| !letter.unread));
        assert!(listed[..firsts].is_sorted_by(|a, b| a.id > b.id) && listed[firsts..].is_sorted_by(|a, b| a.id > b.id));
    }

    /// All of a list, more than fits in one go: begun at once, finished by the worker, undone the same way. What comes in
    /// meanwhile is left alone.
    async fn all_letters_of_a_list_are_moved_in_the_background(given: Mailboxes) {
        let subjects: Vec<String> = (0..450).map(|n| format!("Brev {n}")).collect();
        given.letters(&subjects.iter().map(|subject| ("A", subject.as_str())).collect::<Vec<_>>()).await;
        let act = given.does(What::Move(Place::Archive), Choice::All(List::Inbox)).await;
        let said = told(&given.house, &given.tolvan, act).await.unwrap().unwrap();
        assert_eq!((said.letters, said.state), (200, ActState::Doing), "the first at once");
        given.counts_are_right().await;
        let late = given.letter("B", "Kom medan det pågick").await;
        given.run_jobs().await;
        let said = told(&given.house, &given.tolvan, act).await.unwrap().unwrap();
        assert_eq!((said.letters, said.state), (450, ActState::Done));
        assert_eq!(given.ids(List::Inbox).await, [late]);
        given.counts_are_right().await;

        assert_eq!(take_back(&given.house, &given.tolvan, act).await.unwrap(), TakenBack::Begun);
        given.run_jobs().await;
        assert_eq!(told(&given.house, &given.tolvan, act).await.unwrap().unwrap().state, ActState::Undone);
        assert_eq!(given.ids(List::Inbox).await.len(), 451);
        given.counts_are_right().await;
    }

    /// Undone while it is still being done: all letters are as they were.
    async fn an_act_can_be_taken_back_before_it_is_finished(given: Mailboxes) {
        let subjects: Vec<String> = (0..450).map(|n| format!("Brev {n}")).collect();
        let letters = given.letters(&subjects.iter().map(|subject| ("A", subject.as_str())).collect::<Vec<_>>()).await;
        let act = given.does(What::Bin, Choice::These(letters)).await;
        take_back(&given.house, &given.tolvan, act).await.unwrap();
        given.run_jobs().await;
        assert_eq!(given.ids(List::Inbox).await.len(), 450);
        given.counts_are_right().await;
    }

    /// Two windows: the folder was removed in the other one. A plain answer, and nothing is changed.
    async fn a_folder_that_was_removed_meanwhile_takes_no_letters(given: Mailboxes) {
        let letter = given.letter("A", "Brev").await;
        let home = given.folder("Hemmet", None).await;
        server::mailbox::folders::remove(&given.house, &given.tolvan, home, Place::Inbox).await.unwrap();
        let moved = sort(&given.house, &given.tolvan, What::Move(Place::Folder(home)), Choice::These(vec![letter])).await.unwrap();
        assert_eq!(moved, Sorted::NoSuchFolder);
        assert_eq!(given.ids(List::Inbox).await, [letter]);
    }

    /// The access log says what was done; with one letter it names it.
    async fn the_access_log_says_what_was_done(given: Mailboxes) {
        let letter = given.letter("A", "Bygglov").await;
        given.does(What::Move(Place::Archive), Choice::These(vec![letter])).await;
        given.does(What::Bin, Choice::These(vec![letter])).await;
        let log = read_access_log(&given.house, &given.tolvan, Show::All, None).await.unwrap();
        let told: Vec<_> = log.entries.iter().map(|entry| (entry.act.as_str(), entry.letter.clone().map(|(id, _)| id))).collect();
        assert_eq!(told, [("binned-letters", Some(letter)), ("moved-letters", Some(letter))]);
    }

    /// Only the newest acts can be taken back; the older are forgotten, with how the letters lay.
    async fn what_can_be_taken_back_is_bounded(given: Mailboxes) {
        let letter = given.letter("A", "Brev").await;
        let first = given.does(What::Star, Choice::These(vec![letter])).await;
        for _ in 0..6 {
            given.does(What::Unstar, Choice::These(vec![letter])).await;
            given.does(What::Star, Choice::These(vec![letter])).await;
        }
        given.clock.advance(Duration::seconds(1));
        assert!(told(&given.house, &given.tolvan, first).await.unwrap().is_none());
        assert_eq!(take_back(&given.house, &given.tolvan, first).await.unwrap(), TakenBack::Over);
    }
}
