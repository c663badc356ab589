//! Searching: letters come in, are indexed, and are found by whoever they belong to.

use crate::harness::{Database, Engine, house_on, open_mailbox, person};
use contracts::delivery::{
    AccountMethod, Attachment, Body, Delivery, Invoice, MatterExtension, MatterIdentity, Message, OfficialMatter,
    Sender, SupportInfo, checksum,
};
use contracts::service::{VerifiedDelivery, recheck, reopen};
use contracts::signature::SigningIdentity;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use infrastruktur::pki::Pki;
use server::clock::{HandClock, Ids};
use server::config::Config;
use server::domain::letter_text::Reading;
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::deliver::{Delivered, Preparation, deliver, prepare};
use server::mailbox::reach::reach;
use server::mailbox::search::{Lies, PaymentField, Question, Said, Search, Searched, Total, all_found, search};
use server::search::{Indexer, forget};
use server::store;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use time::macros::date;
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const TOLVAN: &str = "191212121212";
const AGNES: &str = "198005159804";
const KOMMUN_A: &str = "162021004748";
const KOMMUN_B: &str = "162021003898";

/// Printed by Chromium: two pages, with å, ä and ö.
const REAL_PDF: &[u8] = include_bytes!("files/beslut.pdf");

static PKI: LazyLock<Pki> = LazyLock::new(|| {
    Pki::open(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("search-pki"),
        OffsetDateTime::now_utc(),
    )
    .unwrap()
});

/// A house with the mailboxes of two people.
pub(crate) struct Library {
    pub(crate) house: House,
    clock: HandClock,
    indexer: Indexer,
    pub(crate) tolvan: Person,
    pub(crate) agnes: Person,
    pub(crate) mailbox: Uuid,
    database: Database,
}

impl Library {
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
        let mut config = Config::load(None, []).unwrap();
        config.search.reader = Some(env!("CARGO_BIN_EXE_brevlada").into());
        config.search.reader_time = std::time::Duration::from_secs(3);
        let (tolvan, agnes) = (person(TOLVAN, "Tolvan Tolvansson"), person(AGNES, "Agnes Andersson"));
        let mailbox = open_mailbox(&house, &tolvan).await;
        open_mailbox(&house, &agnes).await;
        Some(Self {
            indexer: Indexer::new(house.clone(), &config.search).unwrap(),
            house,
            clock,
            tolvan,
            agnes,
            mailbox,
            database,
        })
    }

    /// A letter comes in, some seconds after the last; gives its id.
    pub(crate) async fn receive(&self, letter: Delivery) -> Uuid {
        self.clock.advance(Duration::seconds(3));
        let identity = |number: &str| {
            let pair = PKI.pair(number).unwrap();
            SigningIdentity::from_pem(&pair.certificate, &pair.key).unwrap()
        };
        let day = self.house.clock.now().date();
        let original =
            contracts::sending::sign_and_seal(&letter, &identity(KOMMUN_A), &identity(KOMMUN_B), day).unwrap();
        let (report, (delivery, seal)) = (recheck(&original).unwrap(), reopen(&original).unwrap());
        let verified = VerifiedDelivery {
            delivery,
            seal,
            signer: report.signer,
            sealer: report.sealer,
            inner_signature_value: Ids.random().as_bytes().to_vec(),
            original,
        };
        let Preparation::Ready(prepared) = prepare(&self.house, &Arc::new(verified), None).await.unwrap() else {
            panic!("the mailbox is open");
        };
        let mut tx = self.house.db.begin().await.unwrap();
        let stored = deliver(&mut tx, &self.house, &prepared).await.unwrap();
        assert!(matches!(stored, Delivered::Stored { .. }));
        tx.commit().await.unwrap();
        prepared.letters().next().unwrap()
    }

    pub(crate) async fn index(&self) -> usize {
        self.indexer.run_waiting(&CancellationToken::new()).await.unwrap()
    }

    async fn ask(&self, question: &Question) -> Searched {
        match search(&self.house, &self.tolvan, question).await.unwrap() {
            Search::Page(page) => *page,
            other => panic!("a page was expected: {other:?}"),
        }
    }

    /// Subjects of what is found, the newest first.
    async fn found(&self, text: &str) -> Vec<String> {
        subjects(&self.ask(&asked(text)).await)
    }

    /// How many rows of a table there are.
    pub(crate) async fn rows(&self, sql: &'static str) -> i64 {
        let mut tx = self.database.db.read().await.unwrap();
        tx.fetch_optional(sql, vec![]).await.unwrap().unwrap().int("n").unwrap()
    }
}

fn asked(text: &str) -> Question {
    Question {
        text: text.to_owned(),
        ..Question::default()
    }
}

fn subjects(page: &Searched) -> Vec<String> {
    page.hits.iter().map(|hit| hit.listed.header.subject.clone()).collect()
}

pub(crate) fn letter(subject: &str, text: &str) -> Delivery {
    Delivery {
        sender: Sender {
            id: KOMMUN_A.parse().unwrap(),
            name: "Ekeby kommun".into(),
            attention: None,
        },
        recipient: TOLVAN.parse().unwrap(),
        reference: None,
        correlation_id: None,
        attention: None,
        messages: vec![Message {
            id: "1".into(),
            subject: subject.into(),
            support_info: SupportInfo {
                text: "Fråga kontaktcenter.".into(),
                ..SupportInfo::default()
            },
            official_matter: None,
            metadata: vec![],
            language: "svSE".into(),
            reply: None,
            receipt_request: None,
            body: Body {
                content_type: "text/plain".into(),
                content: text.into(),
            },
            attachments: vec![],
        }],
    }
}

pub(crate) fn with_file(mut letter: Delivery, name: &str, kind: &str, content: &[u8]) -> Delivery {
    letter.messages[0].attachments.push(Attachment {
        content_type: kind.into(),
        content: content.to_vec(),
        checksum: checksum(content),
        file_name: name.into(),
    });
    letter
}

/// A PDF of one page whose content stream is this, with a table of objects that fits.
pub(crate) fn pdf(content: &[u8], filter: &str, extra: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let stream = [
        format!("<< /Length {}{filter} >>\nstream\n", content.len()).as_bytes(),
        content,
        b"\nendstream",
    ]
    .concat();
    let objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        stream,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let table = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    file.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R{extra} >>\nstartxref\n{table}\n%%EOF\n",
            objects.len() + 1
        )
        .bytes(),
    );
    file
}

fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

on_both_databases! {
    /// By how long it took, and nothing of what was asked.
    async fn a_search_is_counted(library: Library) {
        library.receive(letter("Bygglov", "Beslut om bygglov.")).await;
        library.index().await;
        assert_eq!(library.found("bygglov").await, ["Bygglov"]);
        let nothing = search(&library.house, &library.tolvan, &Question::default()).await.unwrap();
        assert!(matches!(nothing, Search::NothingAsked));
        let counted = library.house.tally.take();
        assert_eq!(counted.values().map(|count| count.total).sum::<i64>(), 1);
        assert!(counted.keys().all(|(_, figure)| figure.as_str().starts_with("searches-")));
    }

    /// Forms, parts, several words, phrases, exclusion, case, and letters that a keyboard may lack.
    async fn words_are_found_as_people_write_them(library: Library) {
        library.receive(letter("Räkningarna för mars", "Avgiften är 1 250 kronor. Betala före den 31 mars.")).await;
        library.receive(letter("Beslutet om larm", "Du får trygghetslarm från den 1 april. Nya avgifter gäller.")).await;
        library.receive(letter("Påminnelse", "En räkning är obetald. Avgifter nya för dig.")).await;
        assert_eq!(library.index().await, 3);
        for (text, expected) in [
            ("räkning", &["Påminnelse", "Räkningarna för mars"][..]),
            ("RÄKNINGAR", &["Påminnelse", "Räkningarna för mars"]),
            ("rakning", &["Påminnelse", "Räkningarna för mars"]),
            ("räkning mars", &["Räkningarna för mars"]),
            ("räkning -påminnelse", &["Räkningarna för mars"]),
            ("räkning -obetalda", &["Räkningarna för mars"]),
            ("beslut", &["Beslutet om larm"]),
            ("larmet", &["Beslutet om larm"]),
            ("hetslar", &["Beslutet om larm"]),
            ("\"nya avgifter\"", &["Beslutet om larm"]),
            ("nya avgifter", &["Påminnelse", "Beslutet om larm"]),
            ("avgift -\"nya avgifter\"", &["Påminnelse", "Räkningarna för mars"]),
            ("1 250", &["Räkningarna för mars"]),
            ("1250 kronor", &["Räkningarna för mars"]),
            ("den 1 april", &["Beslutet om larm"]),
            ("ekeby", &["Påminnelse", "Beslutet om larm", "Räkningarna för mars"]),
            ("kontaktcenter", &["Påminnelse", "Beslutet om larm", "Räkningarna för mars"]),
            ("räknesticka", &[]),
        ] {
            let page = library.ask(&asked(text)).await;
            assert_eq!(subjects(&page), expected, "{text}");
            assert_eq!(page.total, Total::Exactly(expected.len()), "{text}");
        }
        assert_eq!(library.ask(&asked("räkning hemlis")).await.unknown, ["hemlis"]);
        assert_eq!(library.ask(&asked("hy")).await.short, ["hy"]);
        let nothing = search(&library.house, &library.tolvan, &asked(" \"\" - ")).await.unwrap();
        assert!(matches!(nothing, Search::NothingAsked));
    }

    /// Not only the text: numbers of the matter and the payment, HTML, names and contents of attachments.
    async fn everything_in_a_letter_is_searched(library: Library) {
        let mut invoice = letter("Faktura", "Se bilagan.");
        invoice.messages[0].official_matter = Some(OfficialMatter {
            extension: Some(MatterExtension {
                timestamp: date!(2027 - 01 - 02),
                identity: Some(MatterIdentity {
                    official_matter_id: Some("SN-2026/0815".into()),
                    ..MatterIdentity::default()
                }),
                subject: Some("Förskoleplats".into()),
                event_type: None,
                status: None,
            }),
            invoices: vec![Invoice {
                due_date: date!(2027 - 01 - 31),
                amount: 124_850,
                currency: None,
                account_method: AccountMethod::Bankgiro,
                account_number: "5050-1055".into(),
                ocr_number: Some("812345678901".into()),
            }],
            foreign: vec![],
        });
        library.receive(invoice).await;
        let mut html = letter("Nyhetsbrev", "");
        html.messages[0].body.content_type = "text/html".into();
        html.messages[0].body.content =
            "<h1>Sommar</h1><table><tr><td>simskola</td><td>bad</td></tr></table>".into();
        library.receive(html).await;
        let decision = with_file(letter("Om din ansökan", "Se bilagan."), "Slutbesked färdtjänst.pdf", "application/pdf", REAL_PDF);
        library.receive(with_file(decision, "Anteckning.txt", "text/plain", "Bifogad anteckning".as_bytes())).await;
        library.index().await;
        for (text, expected) in [
            ("1 248,50", &["Faktura"][..]),
            ("1248", &["Faktura"]),
            ("8123 4567 8901", &["Faktura"]),
            ("812345678901", &["Faktura"]),
            ("50501055", &["Faktura"]),
            ("SN-2026/0815", &["Faktura"]),
            ("förskole", &["Faktura"]),
            ("2027-01-31", &["Faktura"]),
            ("202100-4748", &["Om din ansökan", "Nyhetsbrev", "Faktura"]),
            ("simskola", &["Nyhetsbrev"]),
            ("h1", &[]),
            ("slutbesked", &["Om din ansökan"]),
            ("överklagandehänvisning", &["Om din ansökan"]),
            ("\"den 1 maj\"", &["Om din ansökan"]),
            ("ÖN-2026/0815", &["Om din ansökan"]),
            ("förvaltningsrätten", &["Om din ansökan"]),
            ("anteckning", &["Om din ansökan"]),
        ] {
            assert_eq!(library.found(text).await, expected, "{text}");
        }
        let page = library.ask(&asked("förvaltningsrätten")).await;
        let quote = &page.hits[0].quotes[0];
        assert_eq!(quote.of, server::domain::letter_text::Of::Page(0, 2), "on the second page");
        assert_eq!(quote.file.as_deref(), Some("Slutbesked färdtjänst.pdf"));
        let Said::Words(pieces) = &quote.said else { panic!("{quote:?}") };
        let marked: Vec<_> = pieces.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect();
        assert_eq!(marked, ["Förvaltningsrätten"]);
        // What is to be paid is shown as such, and not as the words that the index has of it.
        for (text, field) in [
            ("1 248,50", PaymentField::Sum),
            ("2027-01-31", PaymentField::Due),
            ("5050-1055", PaymentField::Account),
            ("8123 4567 8901", PaymentField::Reference),
        ] {
            let page = library.ask(&asked(text)).await;
            let found = page.hits[0].quotes.iter().find_map(|quote| match &quote.said {
                Said::Payment(found) => Some(found),
                Said::Words(_) => None,
            });
            let found = found.unwrap_or_else(|| panic!("{text}: {:?}", page.hits[0].quotes));
            assert_eq!((found.sum.0, found.due.as_str(), found.hits.as_slice()), (124_850, "2027-01-31", &[field][..]));
        }
        assert!(reach(&library.house, &library.tolvan).await.unwrap().unwrap().lacking.is_empty());
    }

    /// Filters narrow what is found, and the count says so.
    async fn filters_narrow(library: Library) {
        let first = library.receive(letter("Gammalt larm", "larm")).await;
        library.clock.advance(Duration::days(40));
        let mut other = letter("Annan avsändare", "larm");
        other.sender.id = KOMMUN_B.parse().unwrap();
        other.sender.name = "Norrvik kommun".into();
        library.receive(other).await;
        library.receive(with_file(letter("Med bilaga", "larm"), "a.txt", "text/plain", b"x")).await;
        let binned = library.receive(letter("I papperskorgen", "larm")).await;
        library.index().await;
        let now = library.house.clock.now();
        let folder = Ids.random();
        let mut tx = library.house.db.begin().await.unwrap();
        for (sql, id) in [
            ("UPDATE letter SET read_at = 1 WHERE mailbox_id = $1 AND id = $2 AND $3 = $3", first),
            ("UPDATE letter SET binned_at = 1 WHERE mailbox_id = $1 AND id = $2 AND $3 = $3", binned),
            ("UPDATE letter SET folder_id = $3 WHERE mailbox_id = $1 AND id = $2", first),
        ] {
            tx.execute(sql, vec![library.mailbox.into(), id.into(), folder.into()]).await.unwrap();
        }
        tx.commit().await.unwrap();

        let senders = reach(&library.house, &library.tolvan).await.unwrap().unwrap().senders;
        let names: Vec<_> = senders.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["Ekeby kommun", "Norrvik kommun"]);
        let question = || asked("larm");
        for (question, expected) in [
            (question(), &["Med bilaga", "Annan avsändare", "Gammalt larm"][..]),
            (Question { sender: Some(senders[1].0.clone()), ..question() }, &["Annan avsändare"]),
            (Question { sender: Some(senders[1].0.clone()), ..Question::default() }, &["Annan avsändare"]),
            (Question { attachment: true, ..question() }, &["Med bilaga"]),
            (Question { unread: true, ..question() }, &["Med bilaga", "Annan avsändare"]),
            (Question { lies: Lies::Inbox, ..question() }, &["Med bilaga", "Annan avsändare"]),
            (Question { lies: Lies::Folder(folder), ..question() }, &["Gammalt larm"]),
            (Question { lies: Lies::Bin, ..question() }, &["I papperskorgen"]),
            (Question { from: Some(now.date()), ..question() }, &["Med bilaga", "Annan avsändare"]),
            (Question { until: now.date().previous_day(), ..question() }, &["Gammalt larm"]),
            (Question { from: now.date().next_day(), ..question() }, &[]),
        ] {
            let page = library.ask(&question).await;
            assert_eq!(subjects(&page), expected);
            assert_eq!(page.total, Total::Exactly(expected.len()));
        }
    }

    /// All that a search finds is more than its page, and what another one has is none of it.
    async fn all_that_is_found_can_be_meant(library: Library) {
        for n in 0..30 {
            library.receive(letter(&format!("Avgift {n}"), "Betala in avgiften i tid.")).await;
        }
        library.receive(letter("Något annat", "I tid betala in.")).await;
        library.index().await;
        let all = |text: &'static str| {
            let (house, person) = (library.house.clone(), library.tolvan.clone());
            async move { all_found(&house, &person, &asked(text)).await.unwrap().unwrap().len() }
        };
        assert_eq!(all("avgift").await, 30);
        assert_eq!(all("\"betala in avgiften\"").await, 30);
        assert_eq!(all("betala -\"in avgiften\"").await, 1);
        assert_eq!(all("   ").await, 0, "who asks for nothing means nothing");
        let agnes = all_found(&library.house, &library.agnes, &asked("avgift")).await.unwrap().unwrap();
        assert!(agnes.is_empty());
    }

    /// Pages follow each other without losing or repeating, though letters come in between.
    async fn pages_lose_and_repeat_nothing(library: Library) {
        for n in 0..45 {
            library.receive(letter(&format!("Larm {n}"), "larm nytt")).await;
        }
        library.index().await;
        for text in ["larm", "\"larm nytt\""] {
            let (mut seen, mut before) = (Vec::new(), None);
            loop {
                let page = library.ask(&Question { before, ..asked(text) }).await;
                if before.is_none() {
                    assert!(matches!(page.total, Total::Exactly(45 | 47)), "{:?}", page.total);
                }
                seen.extend(subjects(&page));
                before = page.next;
                if before.is_none() {
                    break;
                }
                library.receive(letter("Annat", "larm nytt igen")).await;
                library.index().await;
            }
            seen.retain(|subject| subject != "Annat");
            let expected: Vec<_> = (0..45).rev().map(|n| format!("Larm {n}")).collect();
            assert_eq!(seen, expected, "{text}");
        }
    }

    /// A mailbox is looked through in stretches: letters so far apart that each lies in one of its own are found all the same, in
    /// order, counted, and between the days asked for.
    async fn what_lies_far_apart_is_found_as_one(library: Library) {
        const COUNT: usize = 25;
        for n in 0..COUNT {
            let text = if n % 5 == 0 { "larmet gick sällan" } else { "larm igen och igen" };
            library.receive(letter(&format!("Larm {n}"), text)).await;
            library.clock.advance(Duration::days(1));
            library.index().await;
            let mut tx = library.house.db.begin().await.unwrap();
            // As if some hundred thousand others had come in between.
            tx.execute("UPDATE search_index SET next_number = next_number + 573440", vec![]).await.unwrap();
            tx.commit().await.unwrap();
        }
        let named = |numbers: &[usize]| -> Vec<String> { numbers.iter().map(|n| format!("Larm {n}")).collect() };
        let first = library.ask(&asked("larm")).await;
        assert_eq!(subjects(&first), named(&(5..COUNT).rev().collect::<Vec<_>>()));
        assert_eq!(first.total, Total::Exactly(COUNT));
        let second = library.ask(&Question { before: first.next, ..asked("larm") }).await;
        assert_eq!(subjects(&second), named(&[4, 3, 2, 1, 0]));
        assert_eq!((second.total, second.next), (Total::Exactly(COUNT), None));

        for (text, expected) in [
            ("larm sällan", &[20, 15, 10, 5, 0][..]),
            ("\"gick sällan\"", &[20, 15, 10, 5, 0]),
            ("larm -igen", &[20, 15, 10, 5, 0]),
            ("sällan -larm", &[]),
            ("sällan finnsinte", &[]),
        ] {
            let page = library.ask(&asked(text)).await;
            assert_eq!(subjects(&page), named(expected), "{text}");
            assert_eq!(page.total, Total::Exactly(expected.len()), "{text}");
            let all = all_found(&library.house, &library.tolvan, &asked(text)).await.unwrap().unwrap();
            assert_eq!(all.len(), expected.len(), "{text}");
        }
        assert_eq!(library.ask(&asked("sällan finnsinte")).await.unknown, ["finnsinte"]);

        let day = |ago| (library.house.clock.now() - Duration::days(ago)).date();
        let between = Question { from: Some(day(12)), until: Some(day(9)), ..asked("larm") };
        assert_eq!(subjects(&library.ask(&between).await), named(&[16, 15, 14, 13]));
        assert_eq!(library.ask(&between).await.total, Total::Exactly(4));
    }

    /// Nobody finds anything of anybody else's, whatever they ask for.
    async fn another_mailbox_is_another_world(library: Library) {
        library.receive(letter("Hemligt larm", "larm")).await;
        library.index().await;
        let token = reach(&library.house, &library.tolvan).await.unwrap().unwrap().senders[0].0.clone();
        for question in [
            asked("larm"),
            Question { sender: Some(token), ..Question::default() },
            Question { lies: Lies::Inbox, ..Question::default() },
            asked("-finnsinte"),
        ] {
            let Search::Page(page) = search(&library.house, &library.agnes, &question).await.unwrap() else {
                panic!("a page");
            };
            assert!(page.hits.is_empty() && page.total == Total::Exactly(0));
        }
        let theirs = reach(&library.house, &library.agnes).await.unwrap().unwrap();
        assert!(theirs.senders.is_empty() && theirs.waiting == 0 && theirs.lacking.is_empty());
        let stranger = Person::new("197503029816".parse().unwrap(), "Bertil".to_owned());
        assert!(matches!(search(&library.house, &stranger, &asked("larm")).await.unwrap(), Search::NoMailbox));
        assert!(reach(&library.house, &stranger).await.unwrap().is_none());
    }

    /// What waits is said; several indexers at once give each letter one number.
    async fn letters_wait_openly_and_are_indexed_once(library: Library) {
        for n in 0..40 {
            library.receive(letter(&format!("Larm {n}"), "larm")).await;
        }
        assert_eq!(reach(&library.house, &library.tolvan).await.unwrap().unwrap().waiting, 40);
        assert_eq!(library.found("larm").await, Vec::<String>::new());
        let (one, other) = tokio::join!(library.index(), library.index());
        assert_eq!(one + other, 40);
        assert_eq!(library.index().await, 0);
        assert_eq!(reach(&library.house, &library.tolvan).await.unwrap().unwrap().waiting, 0);
        assert_eq!(library.ask(&asked("larm")).await.total, Total::Exactly(40));
        assert_eq!(library.rows("SELECT CAST(COUNT(DISTINCT number) AS BIGINT) AS n FROM letter").await, 40);
    }

    /// Erasing takes the words with it; those that other letters have stay.
    async fn what_is_forgotten_leaves_nothing(library: Library) {
        let kept = library.receive(letter("Behåll", "gemensamt kvarvarande")).await;
        let gone = library.receive(letter("Släng", "gemensamt försvunnet 4711")).await;
        library.index().await;
        let key = {
            let mut tx = library.house.db.read().await.unwrap();
            let row = store::mailbox::by_id(&mut tx, library.mailbox).await.unwrap().unwrap();
            library.house.keys.unwrap(&library.mailbox, &row.wrapped).unwrap()
        };
        let erase = async |letter: Uuid| {
            let mut tx = library.house.db.begin().await.unwrap();
            forget(&mut tx, Ids, library.mailbox, &key, &[letter]).await.unwrap();
            let sql = "DELETE FROM letter WHERE mailbox_id = $1 AND id = $2";
            tx.execute(sql, vec![library.mailbox.into(), letter.into()]).await.unwrap();
            tx.commit().await.unwrap();
        };
        erase(gone).await;
        assert_eq!(library.found("gemensamt").await, ["Behåll"]);
        assert_eq!(library.ask(&asked("försvunnet")).await.unknown, ["försvunnet"]);
        assert_eq!(library.ask(&asked("4711")).await.unknown, ["4711"]);
        assert_eq!(library.ask(&asked("gemensamt")).await.total, Total::Exactly(1));
        erase(kept).await;
        assert_eq!(library.rows("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM search_posting").await, 0);
        assert_eq!(library.rows("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM search_text").await, 0);
        assert_eq!(library.found("larm").await, Vec::<String>::new());
        library.receive(letter("Nytt", "gemensamt")).await;
        library.index().await;
        assert_eq!(library.found("gemensamt").await, ["Nytt"]);
    }

    /// Files made to break their reader cost a moment, are said to be unreadable, and keep nobody from finding the letter.
    async fn hostile_files_are_said_to_be_unreadable(library: Library) {
        let text = b"BT /F1 12 Tf 50 700 Td (Vanlig text) Tj ET";
        let bomb = deflated(&vec![0; 900_000_000]);
        let heavy = deflated(&[b"BT /F1 12 Tf ".as_slice(), &b"(abc) Tj ".repeat(30_000_000)].concat());
        let nested = [b"[".repeat(3_000_000), b"]".repeat(3_000_000)].concat();
        let mut loops = pdf(text, "", "");
        let at = loops.windows(8).position(|bytes| bytes == b"/Root 1 ").unwrap();
        loops.splice(at..at, format!("/Prev {} ", loops.windows(4).position(|b| b == b"xref").unwrap()).bytes());
        let cut = REAL_PDF[..REAL_PDF.len() / 3].to_vec();
        let locked = pdf(text, "", " /Encrypt << /Filter /Standard /V 1 /R 2 /O (01234567890123456789012345678901) /U (01234567890123456789012345678901) /P -4 >> /ID [(a) (b)]");
        let picture = pdf(b"0 0 100 100 re f", "", "");
        for (name, file) in [
            ("hel", pdf(text, "", "")),
            ("bomb", pdf(&deflated(&bomb), " /Filter [/FlateDecode /FlateDecode]", "")),
            ("tung", pdf(&heavy, " /Filter /FlateDecode", "")),
            ("nastlad", pdf(&nested, "", "")),
            ("slinga", loops),
            ("kapad", cut),
            ("last", locked),
            ("bild", picture),
            ("skrap", [b"%PDF-1.4\n".as_slice(), &[0xff; 5000]].concat()),
        ] {
            let subject = format!("Brev {name}");
            library.receive(with_file(letter(&subject, "larm"), &format!("{name}.pdf"), "application/pdf", &file)).await;
        }
        library.receive(with_file(letter("Brev foto", "larm"), "foto.png", "image/png", b"\x89PNG")).await;
        let begun = Instant::now();
        assert_eq!(library.index().await, 10);
        assert!(begun.elapsed().as_secs() < 100, "each within its time: {:?}", begun.elapsed());
        assert_eq!(library.ask(&asked("larm")).await.total, Total::Exactly(10));
        let whole = library.found("vanlig text").await;
        assert!(whole.contains(&"Brev hel".to_owned()), "{whole:?}");
        let lacking = reach(&library.house, &library.tolvan).await.unwrap().unwrap().lacking;
        let said: Vec<(String, Reading)> =
            lacking.into_iter().flat_map(|letter| letter.files).map(|file| (file.name, file.reading)).collect();
        for (name, reading) in [
            ("foto.png", Reading::OtherKind),
            ("last.pdf", Reading::Failed),
            ("skrap.pdf", Reading::Failed),
            ("kapad.pdf", Reading::Failed),
            ("bild.pdf", Reading::Pictures),
        ] {
            assert!(said.contains(&(name.to_owned(), reading)), "{name} in {said:?}");
        }
        for name in ["bomb.pdf", "nastlad.pdf", "tung.pdf"] {
            assert!(said.iter().any(|(said, _)| said == name), "{name} in {said:?}");
        }
        assert!(!said.iter().any(|(name, _)| name == "hel.pdf"));
    }
}
