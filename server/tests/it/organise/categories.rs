//! Categories: given, taken, undone, removed; and never another's.

use super::mailbox::Mailboxes;
use server::domain::category::Colour;
use server::domain::sorting::{List, Order, Place, What};
use server::mailbox::categories::{Changed, put, remove};
use server::mailbox::sort::{Choice, Sorted, sort, take_back};
use uuid::Uuid;

async fn category(given: &Mailboxes, name: &str) -> Uuid {
    match put(&given.house, &given.tolvan, None, name, Colour::Blue)
        .await
        .unwrap()
    {
        Changed::Done(id) => id,
        other => panic!("{other:?}"),
    }
}

on_both_databases! {
    /// A letter has a category wherever it lies; taken back, it has it no more. What had it before keeps it.
    async fn letters_have_categories_wherever_they_lie(given: Mailboxes) {
        let (a, b) = (given.letter("A", "1").await, given.letter("A", "2").await);
        let money = category(&given, "Pengar").await;
        given.does(What::Give(money), Choice::These(vec![a])).await;
        let both = given.does(What::Give(money), Choice::These(vec![a, b])).await;
        given.does(What::Move(Place::Archive), Choice::These(vec![b])).await;
        assert_eq!(given.ids(List::Category(money)).await, [b, a]);
        assert_eq!(given.list(List::Inbox, Order::Newest).await[0].categories, [money]);
        take_back(&given.house, &given.tolvan, both).await.unwrap();
        assert_eq!(given.ids(List::Category(money)).await, [a]);
        given.does(What::Bin, Choice::These(vec![a])).await;
        assert!(given.ids(List::Category(money)).await.is_empty(), "not in the bin");
    }

    /// A category that goes leaves the letters where they are; giving it in another window is said, and changes nothing.
    async fn a_removed_category_leaves_the_letters(given: Mailboxes) {
        let letter = given.letter("A", "1").await;
        let money = category(&given, "Pengar").await;
        given.does(What::Give(money), Choice::These(vec![letter])).await;
        assert_eq!(put(&given.house, &given.tolvan, None, "pengar", Colour::Red).await.unwrap(), Changed::NameTaken);
        assert_eq!(put(&given.house, &given.tolvan, Some(money), "Räkningar", Colour::Red).await.unwrap(), Changed::Done(money));
        assert_eq!(remove(&given.house, &given.tolvan, money).await.unwrap(), Changed::Done(money));
        assert_eq!(given.ids(List::Inbox).await, [letter]);
        assert!(given.list(List::Inbox, Order::Newest).await[0].categories.is_empty());
        let given_late = sort(&given.house, &given.tolvan, What::Give(money), Choice::These(vec![letter])).await.unwrap();
        assert_eq!(given_late, Sorted::NoSuchCategory);
    }

    /// Bertil can neither change nor give nor remove a category of Tolvan's.
    async fn anothers_category_is_not_there(given: Mailboxes) {
        let letter = given.letter("A", "1").await;
        let money = category(&given, "Pengar").await;
        given.does(What::Give(money), Choice::These(vec![letter])).await;
        let (house, bertil) = (&given.house, &given.bertil);
        assert_eq!(put(house, bertil, Some(money), "Bertils", Colour::Red).await.unwrap(), Changed::NotFound);
        assert_eq!(remove(house, bertil, money).await.unwrap(), Changed::NotFound);
        assert_eq!(sort(house, bertil, What::Take(money), Choice::These(vec![letter])).await.unwrap(), Sorted::NoSuchCategory);
        assert_eq!(given.ids(List::Category(money)).await, [letter]);
    }
}
