//! Lists by sender and by subject: whole lists, page by page, whatever moves meanwhile.

use super::mailbox::Mailboxes;
use server::domain::alphabet::sort_key;
use server::domain::sorting::{List, Order, Place, What};
use server::mailbox::inbox::Listed;
use server::mailbox::sort::Choice;
use std::collections::BTreeSet;

fn senders(letters: &[Listed]) -> Vec<&str> {
    let mut senders: Vec<&str> = letters.iter().map(|letter| letter.header.sender.as_str()).collect();
    senders.dedup();
    senders
}

/// By subject, the newest first of those that are called the same; each letter once.
fn is_by_subject(letters: &[Listed]) {
    let keys: Vec<_> = letters
        .iter()
        .map(|letter| (sort_key(&letter.header.subject), std::cmp::Reverse(letter.id)))
        .collect();
    assert!(keys.is_sorted());
    let ids: BTreeSet<_> = letters.iter().map(|letter| letter.id).collect();
    assert_eq!(ids.len(), letters.len());
}

on_both_databases! {
    /// Sender by sender by the Swedish alphabet, each one's newest first; in a folder only those that have letters there.
    async fn by_sender(given: Mailboxes) {
        let names = ["Örebro kommun", "Alvesta kommun", "Ängelholms kommun", "Kommun A"];
        let letters: Vec<(&str, String)> = (0..130).map(|n| (names[n % 4], format!("Brev {n}"))).collect();
        let ids = given.letters(&letters.iter().map(|(sender, subject)| (*sender, subject.as_str())).collect::<Vec<_>>()).await;
        let listed = given.list(List::Inbox, Order::Sender).await;
        assert_eq!(listed.len(), 130);
        assert_eq!(senders(&listed), ["Alvesta kommun", "Kommun A", "Ängelholms kommun", "Örebro kommun"]);
        for sender in listed.chunk_by(|a, b| a.header.sender == b.header.sender) {
            assert!(sender.is_sorted_by(|a, b| a.id > b.id));
        }
        let home = given.folder("Hemmet", None).await;
        given.does(What::Move(Place::Folder(home)), Choice::These(vec![ids[0], ids[1], ids[4]])).await;
        let there = given.list(List::Placed(home), Order::Sender).await;
        assert_eq!(there.iter().map(|letter| letter.id).collect::<Vec<_>>(), [ids[1], ids[4], ids[0]]);
        assert_eq!(given.list(List::Inbox, Order::Sender).await.len(), 127);
    }

    /// A small place is sorted for each page; a big one keeps its order, and takes in what comes, and what comes back.
    async fn by_subject(given: Mailboxes) {
        let words = ["Bygglov", "Avgift", "Årsbesked", "Kallelse", "Beslut 10", "Beslut 9"];
        let letters: Vec<String> = (0..1_100).map(|n| format!("{} {}", words[n % 6], n / 6)).collect();
        let mut ids = Vec::new();
        for some in letters.chunks(200) {
            ids.extend(given.letters(&some.iter().map(|subject| ("A", subject.as_str())).collect::<Vec<_>>()).await);
        }
        let listed = given.list(List::Inbox, Order::Subject).await;
        assert_eq!(listed.len(), 1_100);
        is_by_subject(&listed);
        assert!(listed[0].header.subject.starts_with("Avgift 0"));

        let new = given.letter("A", "Aaa först av alla").await;
        given.does(What::Move(Place::Archive), Choice::These(ids[..40].to_vec())).await;
        let listed = given.list(List::Inbox, Order::Subject).await;
        assert_eq!(listed.len(), 1_061);
        assert_eq!(listed[0].id, new);
        is_by_subject(&listed);

        given.does(What::Move(Place::Inbox), Choice::These(ids[..40].to_vec())).await;
        let listed = given.list(List::Inbox, Order::Subject).await;
        assert_eq!(listed.len(), 1_101, "what comes back is in the order again");
        is_by_subject(&listed);
    }
}

/// Figures, for whoever asks: `cargo test --release -p server --test it -- --ignored --nocapture a_hundred_thousand`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes a minute and shows figures"]
async fn a_hundred_thousand_letters() {
    use server::mailbox::list::read_list;

    let given = Mailboxes::on(crate::harness::Engine::Sqlite).await.unwrap();
    let senders: Vec<String> = (0..300).map(|n| format!("Kommun {n}")).collect();
    for batch in 0..100_usize {
        let subjects: Vec<String> = (0..1_000)
            .map(|n| format!("Beslut {} om ärende {n}", (n * 7_919 + batch * 31) % 100_000))
            .collect();
        let letters: Vec<(&str, &str)> = subjects
            .iter()
            .enumerate()
            .map(|(n, subject)| (senders[(n + batch) % 300].as_str(), subject.as_str()))
            .collect();
        given.letters(&letters).await;
    }
    for (called, list, order) in [
        ("newest first", List::Inbox, Order::Newest),
        ("unread first", List::Inbox, Order::UnreadFirst),
        ("by sender, 300 of them", List::Inbox, Order::Sender),
        ("by subject, the first time", List::Inbox, Order::Subject),
        ("by subject, kept", List::Inbox, Order::Subject),
        (
            "an empty archive",
            List::Placed(server::domain::sorting::ARCHIVE),
            Order::Newest,
        ),
    ] {
        let begun = std::time::Instant::now();
        read_list(&given.house, &given.tolvan, list, order, None).await.unwrap();
        println!("{called}: {} ms", begun.elapsed().as_millis());
    }
    let begun = std::time::Instant::now();
    given.does(What::Move(Place::Archive), Choice::All(List::Inbox)).await;
    println!("all asked to be archived: {} ms", begun.elapsed().as_millis());
    let begun = std::time::Instant::now();
    given.run_jobs().await;
    println!("all archived by the worker: {} s", begun.elapsed().as_secs());
    given.counts_are_right().await;
}
