//! The bin: thirty days, then gone for good; sooner only when the person says so.

use super::mailbox::Mailboxes;
use server::domain::sorting::{List, Place, What};
use server::mailbox::bin::empty_bin;
use server::mailbox::folders::remove;
use server::mailbox::sort::{Choice, TakenBack, take_back};
use server::store;
use time::Duration;

on_both_databases! {
    /// Nothing goes on the thirtieth day's eve, everything after it: the letter, and the original that no other letter came in.
    async fn after_thirty_days_a_letter_is_gone_for_good(given: Mailboxes) {
        let (a, b) = (given.letter("A", "Slängs").await, given.letter("A", "Behålls").await);
        let deliveries = given.deliveries(&[a, b]).await;
        given.does(What::Bin, Choice::These(vec![a])).await;
        given.clock.advance(Duration::days(30) - Duration::minutes(1));
        given.run_jobs().await;
        assert_eq!(given.ids(List::Bin).await, [a]);
        given.clock.advance(Duration::minutes(2));
        given.run_jobs().await;
        assert!(given.ids(List::Bin).await.is_empty());
        assert_eq!(given.ids(List::Inbox).await, [b]);
        let mut tx = given.house.db.read().await.unwrap();
        assert!(store::delivery::original(&mut tx, given.mailbox, deliveries[0]).await.unwrap().is_none());
        assert!(store::delivery::original(&mut tx, given.mailbox, deliveries[1]).await.unwrap().is_some());
        drop(tx);
        given.counts_are_right().await;
    }

    /// The original stays as long as one letter of it does.
    async fn an_original_stays_while_a_letter_of_it_does(given: Mailboxes) {
        let (a, b) = given.two_letters_in_one_delivery().await;
        let delivery = given.deliveries(&[a]).await[0];
        given.does(What::Bin, Choice::These(vec![a])).await;
        given.clock.advance(Duration::seconds(1));
        empty_bin(&given.house, &given.tolvan).await.unwrap();
        let mut tx = given.house.db.read().await.unwrap();
        assert!(store::letter::by_id(&mut tx, given.mailbox, a).await.unwrap().is_none());
        assert!(store::delivery::original(&mut tx, given.mailbox, delivery).await.unwrap().is_some());
        drop(tx);
        given.does(What::Bin, Choice::These(vec![b])).await;
        given.clock.advance(Duration::seconds(1));
        empty_bin(&given.house, &given.tolvan).await.unwrap();
        let mut tx = given.house.db.read().await.unwrap();
        assert!(store::delivery::original(&mut tx, given.mailbox, delivery).await.unwrap().is_none());
    }

    /// What was taken out in time, or binned again later, keeps its own thirty days.
    async fn a_letter_that_was_taken_back_stays(given: Mailboxes) {
        let letter = given.letter("A", "Brev").await;
        let act = given.does(What::Bin, Choice::These(vec![letter])).await;
        assert_eq!(take_back(&given.house, &given.tolvan, act).await.unwrap(), TakenBack::Begun);
        given.clock.advance(Duration::days(20));
        given.does(What::Bin, Choice::These(vec![letter])).await;
        given.clock.advance(Duration::days(15));
        given.run_jobs().await;
        assert_eq!(given.ids(List::Bin).await, [letter]);
        given.clock.advance(Duration::days(16));
        given.run_jobs().await;
        assert!(given.ids(List::Bin).await.is_empty());
    }

    /// Emptied at once: everything that lies there, and only that. Taking the binning back then finds nothing, and harms nothing.
    async fn the_bin_is_emptied_at_once(given: Mailboxes) {
        let (a, b) = (given.letter("A", "Slängs").await, given.letter("A", "Behålls").await);
        let act = given.does(What::Bin, Choice::These(vec![a])).await;
        given.clock.advance(Duration::seconds(1));
        empty_bin(&given.house, &given.tolvan).await.unwrap();
        assert!(given.ids(List::Bin).await.is_empty());
        take_back(&given.house, &given.tolvan, act).await.unwrap();
        assert_eq!(given.ids(List::Inbox).await, [b]);
        given.counts_are_right().await;
    }

    /// A letter whose folder was removed while it lay in the bin comes back to the inbox.
    async fn a_letter_from_a_folder_that_is_gone_comes_back_to_the_inbox(given: Mailboxes) {
        let letter = given.letter("A", "Brev").await;
        let home = given.folder("Hemmet", None).await;
        given.does(What::Move(Place::Folder(home)), Choice::These(vec![letter])).await;
        given.does(What::Bin, Choice::These(vec![letter])).await;
        remove(&given.house, &given.tolvan, home, Place::Archive).await.unwrap();
        given.does(What::Restore, Choice::These(vec![letter])).await;
        assert_eq!(given.ids(List::Inbox).await, [letter]);
        given.counts_are_right().await;
    }
}
