//! Bertil can neither see nor change anything in Tolvan's mailbox, whatever ids he has.

use super::mailbox::Mailboxes;
use server::domain::sorting::{List, Order, Place, What};
use server::mailbox::bin::empty_bin;
use server::mailbox::download::{Picked, download, pick};
use server::mailbox::folders::{Changed, Removed, make, place, places, remove, rename};
use server::mailbox::list::{Listing, read_list};
use server::mailbox::sort::{Choice, Sorted, TakenBack, sort, take_back, told};
use time::Duration;

on_both_databases! {
    /// Every use case, with ids that are real in another's mailbox: not found, and nothing is changed.
    async fn anothers_mailbox_is_not_there(given: Mailboxes) {
        let (a, b) = (given.letter("A", "1").await, given.letter("A", "2").await);
        let home = given.folder("Hemmet", None).await;
        let act = given.does(What::Move(Place::Folder(home)), Choice::These(vec![a])).await;
        given.does(What::Bin, Choice::These(vec![b])).await;
        let (house, bertil) = (&given.house, &given.bertil);

        for what in [What::Move(Place::Inbox), What::Bin, What::Restore, What::Read, What::Unread, What::Star, What::Unstar] {
            let sorted = sort(house, bertil, what, Choice::These(vec![a, b])).await.unwrap();
            assert_eq!(sorted, Sorted::NotFound, "{what:?}");
        }
        assert_eq!(sort(house, bertil, What::Move(Place::Folder(home)), Choice::These(vec![a])).await.unwrap(), Sorted::NoSuchFolder);
        for list in [List::Inbox, List::Bin, List::Unread] {
            sort(house, bertil, What::Read, Choice::All(list)).await.unwrap();
        }
        assert!(matches!(pick(house, bertil, Choice::These(vec![a, b])).await.unwrap(), Picked::NotFound));
        assert!(download(house, bertil, a).await.unwrap().is_none());
        assert_eq!(take_back(house, bertil, act).await.unwrap(), TakenBack::Over);
        assert!(told(house, bertil, act).await.unwrap().is_none());
        assert!(matches!(read_list(house, bertil, List::Placed(home), Order::Newest, None).await.unwrap(), Listing::NotFound));
        assert!(places(house, bertil).await.unwrap().unwrap().folders.is_empty());
        assert_eq!(make(house, bertil, "Hos Tolvan", Some(home)).await.unwrap(), Changed::NotFound);
        assert_eq!(rename(house, bertil, home, "Bertils").await.unwrap(), Changed::NotFound);
        assert_eq!(place(house, bertil, home, None).await.unwrap(), Changed::NotFound);
        assert_eq!(remove(house, bertil, home, Place::Inbox).await.unwrap(), Removed::NotFound);
        given.clock.advance(Duration::seconds(1));
        empty_bin(house, bertil).await.unwrap();
        given.run_jobs().await;

        let listed = given.list(List::Placed(home), Order::Newest).await;
        assert_eq!(listed.iter().map(|letter| (letter.id, letter.unread)).collect::<Vec<_>>(), [(a, true)]);
        assert_eq!(given.ids(List::Bin).await, [b]);
        given.counts_are_right().await;
    }
}
