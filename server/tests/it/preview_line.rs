//! The first words of a letter in lists: kept sealed with the subject, from when it comes in.

use crate::search::{Library, letter};
use server::domain::sorting::{List, Order};
use server::mailbox::list::{Listing, read_list};
use server::store;

on_both_databases! {
    async fn lists_have_the_first_words_and_the_database_has_none_of_them(library: Library) {
        let id = library.receive(letter("Beslut om bygglov", "Beslut om bygglov\n\nDu får  bygga\nditt växthus.")).await;
        let bare = library.receive(letter("Kallelse", " ")).await;
        let page = read_list(&library.house, &library.tolvan, List::Inbox, Order::Newest, None).await.unwrap();
        let Listing::Page { letters, .. } = page else { panic!("no inbox") };
        let shown: Vec<_> = letters.iter().map(|letter| (letter.id, letter.header.preview.as_deref())).collect();
        assert_eq!(shown, [(bare, None), (id, Some("Du får bygga ditt växthus."))]);
        let mut tx = library.house.db.read().await.unwrap();
        let row = store::letter::by_id(&mut tx, library.mailbox, id).await.unwrap().unwrap();
        assert!(!row.header.windows(4).any(|bytes| bytes == b"bygg"), "sealed as the subject is");
    }
}
