//! A house on a fresh database, and people with mailboxes in it.

use super::Database;
use server::clock::{HandClock, Ids};
use server::domain::holder::Holder;
use server::house::House;
use server::mailbox::access::Person;
use server::seal::{Keys, MailboxKey, Place};
use server::store;
use time::OffsetDateTime;
use uuid::Uuid;

/// A house whose time is moved by hand.
pub(crate) fn house_on(database: &Database, at: OffsetDateTime) -> (House, HandClock) {
    let master = database.folder.path().join("master.toml");
    Keys::create(&master, Ids, true).unwrap();
    let clock = HandClock::at(at);
    let house = House::new(database.db.clone(), Keys::load(&master).unwrap(), clock.clock());
    (house, clock)
}

/// Somebody who has logged in.
pub(crate) fn person(number: &str, name: &str) -> Person {
    Person::new(number.parse().unwrap(), name)
}

/// Opens a mailbox, as after asking FaR.
pub(crate) async fn open_mailbox(house: &House, person: &Person) -> Uuid {
    open_mailbox_of(house, &person.number.to_string(), &person.name).await
}

/// The same for anybody, by number and name.
pub(crate) async fn open_mailbox_of(house: &House, number: &str, name: &str) -> Uuid {
    let now = house.clock.now();
    let id = house.ids.at(now);
    let (key, wrapped) = house.keys.new_mailbox_key(house.ids, &id).unwrap();
    let holder = Holder {
        number: number.to_owned(),
        name: name.to_owned(),
    };
    let holder = serde_json::to_vec(&holder).unwrap();
    let new = store::mailbox::NewMailbox {
        id,
        holder_index: house.keys.blind_index("holder", number),
        holder: key
            .seal(house.ids, &Place::of("mailbox", &id, "holder"), &holder)
            .unwrap(),
        wrapped,
        language: "sv".to_owned(),
        terms: "1".to_owned(),
        opened_at: now,
    };
    let mut tx = house.db.begin().await.unwrap();
    store::mailbox::insert(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// The key of a mailbox.
pub(crate) async fn key_of(house: &House, mailbox: Uuid) -> MailboxKey {
    let mut tx = house.db.read().await.unwrap();
    let row = store::mailbox::by_id(&mut tx, mailbox).await.unwrap().unwrap();
    house.keys.unwrap(&mailbox, &row.wrapped).unwrap()
}
