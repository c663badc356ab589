//! Keeping letters outside the mailbox: an export of everything, checked with public tools, and read in again.

use crate::harness::{Database, Engine, house_on, open_mailbox, person};
use app::Language;
use async_trait::async_trait;
use contracts::certificate::TrustStore;
use contracts::delivery::{Attachment, Body, Delivery, Message, Sender, SupportInfo};
use contracts::identifier::OrganisationNumber;
use contracts::sending::{deliver_secure_request, sign_and_seal};
use contracts::service::{ReceivePolicy, receive};
use contracts::signature::SigningIdentity;
use infrastruktur::pki::Pki;
use server::clock::HandClock;
use server::config::Config;
use server::copies::manifest::{MANIFEST, Manifest};
use server::domain::category::Colour;
use server::domain::sorting::{List, Order, Place as Lies, What};
use server::house::House;
use server::mailbox::access::Person;
use server::mailbox::copy::{Copied, copy_letter};
use server::mailbox::deliver::{Delivered, Preparation, deliver, prepare};
use server::mailbox::export::{Fetched, Started, export, fetch_export, remove_export, start_export};
use server::mailbox::import::{ImportError, Imported, LeftOut, Rules, import};
use server::mailbox::list::{Listing, read_list};
use server::mailbox::sort::{Choice, sort};
use server::mailbox::{categories, folders};
use server::outbox::Worker;
use server::register::{Authority, Mediator, Pace, RegisterError, Senders};
use server::shelf::Shelf;
use server::store;
use server::store::export::State;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, LazyLock};
use time::{Duration, OffsetDateTime};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const TOLVAN: &str = "191212121212";
const BERTIL: &str = "197503029816";
const KOMMUN_A: &str = "162021004748";
const KOMMUN_B: &str = "162021003898";
const SECRET: &str = "Alldeles hemligt innehåll";

static PKI: LazyLock<Pki> = LazyLock::new(|| {
    Pki::open(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("keep-pki"),
        OffsetDateTime::now_utc(),
    )
    .unwrap()
});

/// A house with Tolvan's and Bertil's mailboxes, and a worker.
pub(crate) struct Home {
    pub house: House,
    pub clock: HandClock,
    pub config: Config,
    pub tolvan: Person,
    pub bertil: Person,
    pub database: Database,
}

impl Home {
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let database = Database::on(engine).await?;
        let (house, clock) = house_on(&database, OffsetDateTime::now_utc());
        let house = house.with_shelf(Shelf::at(&database.folder.path().join("keep")));
        let mut config = Config::load(None, []).unwrap();
        config.trust.signing_ca_file = PKI.path("ca.crt");
        let (tolvan, bertil) = (person(TOLVAN, "Tolvan Tolvansson"), person(BERTIL, "Bertil Berg"));
        for holder in [&tolvan, &bertil] {
            open_mailbox(&house, holder).await;
        }
        Some(Self {
            house,
            clock,
            config,
            tolvan,
            bertil,
            database,
        })
    }

    pub(crate) fn worker(&self) -> Worker {
        Worker::new(self.house.clone(), &self.config).unwrap()
    }

    /// Does everything that is due.
    pub(crate) async fn run_jobs(&self) -> usize {
        self.worker().run_due(&CancellationToken::new()).await.unwrap()
    }

    /// A letter comes in: signed, sealed and verified as over the wire. Gives the letters' ids.
    pub(crate) async fn receive(&self, delivery: &Delivery) -> Vec<Uuid> {
        // Ids of one millisecond have no order between them.
        self.clock.advance(Duration::milliseconds(2));
        let identity = |number: &str| {
            let pair = PKI.pair(number).unwrap();
            SigningIdentity::from_pem(&pair.certificate, &pair.key).unwrap()
        };
        let today = OffsetDateTime::now_utc().date();
        let sealed = sign_and_seal(delivery, &identity(KOMMUN_A), &identity(KOMMUN_B), today).unwrap();
        let request = deliver_secure_request(&sealed).unwrap();
        let now = self.house.clock.now();
        let verified = receive(request.as_bytes(), &ReceivePolicy::default(), &trust(), now).unwrap();
        let Preparation::Ready(prepared) = prepare(&self.house, &Arc::new(verified), None).await.unwrap() else {
            panic!("the recipient has a mailbox")
        };
        let mut tx = self.house.db.begin().await.unwrap();
        let delivered = deliver(&mut tx, &self.house, &prepared).await.unwrap();
        assert!(matches!(delivered, Delivered::Stored { .. }));
        tx.commit().await.unwrap();
        prepared.letters().collect()
    }

    /// Asks for an export, has it made, and fetches it.
    pub(crate) async fn exported(&self, person: &Person, language: Language) -> Vec<u8> {
        assert_eq!(
            start_export(&self.house, person, language).await.unwrap(),
            Started::Started
        );
        self.run_jobs().await;
        let row = export(&self.house, person).await.unwrap().unwrap();
        assert_eq!(row.state, State::Ready);
        let Fetched::Download(download) = fetch_export(&self.house, person, row.id).await.unwrap() else {
            panic!("it is there")
        };
        let mut whole = Vec::new();
        for number in 0..download.parts() {
            whole.extend(download.part(number).await.unwrap());
        }
        assert_eq!(whole.len() as u64, download.bytes(), "as long as promised");
        whole
    }

    pub(crate) async fn import(&self, person: &Person, file: &[u8]) -> Result<Imported, ImportError> {
        self.import_by(Lists { known: true }, false, person, file).await
    }

    async fn import_by(
        &self,
        lists: Lists,
        former: bool,
        person: &Person,
        file: &[u8],
    ) -> Result<Imported, ImportError> {
        let trust = trust();
        let pace = Pace {
            every: std::time::Duration::from_hours(1),
            burst: 10,
            one_more_after: std::time::Duration::from_secs(1),
        };
        let senders = Senders::open(
            Arc::new(lists),
            self.database.db.clone(),
            self.house.clock.clone(),
            pace,
        )
        .await;
        let rules = Rules {
            trust: &trust,
            policy: ReceivePolicy::default(),
            senders: &senders,
            former,
        };
        import(&self.house, person, &rules, Cursor::new(file)).await
    }

    /// Sender, subject, whether unread, and when it came, of every letter in the inbox.
    async fn inbox(&self, person: &Person) -> Vec<(String, String, bool, OffsetDateTime)> {
        let listed = read_list(&self.house, person, List::Inbox, Order::Newest, None)
            .await
            .unwrap();
        let Listing::Page { letters, .. } = listed else {
            return vec![];
        };
        letters
            .into_iter()
            .map(|letter| {
                (
                    letter.header.sender,
                    letter.header.subject,
                    letter.unread,
                    letter.received_at,
                )
            })
            .collect()
    }

    /// Reads a letter, without the pages.
    async fn mark_read(&self, person: &Person, letter: Uuid) {
        let marked = server::mailbox::mark::mark(&self.house, person, letter, false)
            .await
            .unwrap();
        assert_eq!(marked, server::mailbox::mark::Marked::Done);
    }
}

fn trust() -> TrustStore {
    TrustStore::from_pem(PKI.authority(), vec![]).unwrap()
}

/// An Authority that has Kommun B send for Kommun A, or knows nobody.
struct Lists {
    known: bool,
}

#[async_trait]
impl Authority for Lists {
    async fn senders(&self) -> Result<Vec<(OrganisationNumber, String)>, RegisterError> {
        Ok(if self.known {
            vec![(KOMMUN_A.parse().unwrap(), "Kommun A".into())]
        } else {
            vec![]
        })
    }

    async fn mediators(&self) -> Result<Vec<Mediator>, RegisterError> {
        Ok(if self.known {
            vec![Mediator {
                organisation: KOMMUN_B.parse().unwrap(),
                name: "Kommun B".into(),
                senders: [KOMMUN_A.parse().unwrap()].into_iter().collect(),
            }]
        } else {
            vec![]
        })
    }

    async fn is_sender_accepted(&self, _: OrganisationNumber) -> Result<bool, RegisterError> {
        Ok(false)
    }
}

/// A delivery of one message for each subject.
pub(crate) fn delivery(to: &str, subjects: &[&str]) -> Delivery {
    Delivery {
        sender: Sender {
            id: KOMMUN_A.parse().unwrap(),
            name: "Ekeby kommun".into(),
            attention: None,
        },
        recipient: to.parse().unwrap(),
        reference: None,
        correlation_id: None,
        attention: None,
        messages: subjects.iter().map(|subject| message(subject)).collect(),
    }
}

pub(crate) fn message(subject: &str) -> Message {
    Message {
        id: "1".into(),
        subject: subject.into(),
        support_info: SupportInfo {
            text: "Ring oss.".into(),
            ..SupportInfo::default()
        },
        official_matter: None,
        metadata: vec![],
        language: "svSE".into(),
        reply: None,
        receipt_request: None,
        body: Body {
            content_type: "text/plain".into(),
            content: SECRET.into(),
        },
        attachments: vec![Attachment {
            content_type: "application/pdf".into(),
            content: b"%PDF-1.7 attached".to_vec(),
            checksum: "?".into(),
            file_name: "../Beslut åäö.pdf".into(),
        }],
    }
}

/// Unpacks as a person does, and gives the folder.
fn unpacked(file: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("allt.zip"), file).unwrap();
    let done = Command::new("unzip")
        .args(["-q", "allt.zip"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    folder
}

/// The commands of an export's own instruction, as they stand there.
fn commands(instruction: &str) -> Vec<&str> {
    instruction
        .lines()
        .filter_map(|line| line.strip_prefix("    "))
        .filter(|line| line.starts_with("xmlsec1") || line.starts_with("perl"))
        .collect()
}

fn shell(command: &str, at: &Path) -> (bool, String) {
    let done = Command::new("sh")
        .args(["-c", command])
        .current_dir(at)
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// A ZIP file of one's own making.
fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The file in an archive.
fn file_in(archive: &[u8], name: &str) -> Vec<u8> {
    let mut content = Vec::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    archive.by_name(name).unwrap().read_to_end(&mut content).unwrap();
    content
}

on_both_databases! {
    /// A person who leaves can check every signature with public tools, by the instruction in the file and nothing else.
    async fn an_export_can_be_checked_without_us(home: Home) {
        home.receive(&delivery(TOLVAN, &["Beslut om förskola"])).await;
        home.receive(&delivery(TOLVAN, &["Två brev", "i ett"])).await;
        for (language, check, letters, certificates) in [
            (Language::Swedish, "KONTROLLERA.txt", "brev", "certifikat"),
            (Language::English, "CHECK.txt", "letters", "certificates"),
        ] {
            let file = home.exported(&home.tolvan, language).await;
            let folder = unpacked(&file);
            let index = std::fs::read_to_string(folder.path().join("index.html")).unwrap();
            assert!(index.contains("Beslut om förskola") && index.contains("Tolvan Tolvansson"));
            let instruction = std::fs::read_to_string(folder.path().join(check)).unwrap();
            let commands = commands(&instruction);
            assert_eq!(commands.len(), 3, "{commands:?}");
            let mut checked = 0;
            for letter in std::fs::read_dir(folder.path().join(letters)).unwrap() {
                let letter = letter.unwrap().path();
                for command in &commands {
                    let (good, said) = shell(command, &letter);
                    assert!(good, "{command}: {said}");
                }
                let original = std::fs::read_to_string(letter.join("original.xml")).unwrap();
                std::fs::write(letter.join("original.xml"), original.replace("Ekeby", "Ekebu")).unwrap();
                shell(commands[1], &letter);
                assert!(!shell(commands[0], &letter).0 && !shell(commands[2], &letter).0, "a change is seen");
                checked += 1;
            }
            assert_eq!(checked, 3);
            let verified = format!("openssl verify -no_check_time -CAfile {certificates}/utfardare.pem {certificates}/Kommun*.pem");
            let (good, said) = shell(&verified, folder.path());
            assert!(good, "{said}");
        }
    }

    /// The letters of a mailbox that was exported are there again in an empty house, with what the person did with them.
    async fn an_export_is_read_in_again(home: Home) {
        let first = home.receive(&delivery(TOLVAN, &["Ett", "Två"])).await;
        home.clock.advance(Duration::hours(3));
        home.receive(&delivery(TOLVAN, &["Tre"])).await;
        home.mark_read(&home.tolvan, first[0]).await;
        let file = home.exported(&home.tolvan, Language::Swedish).await;
        let before = home.inbox(&home.tolvan).await;

        // Later, so that the order cannot come from when it was read in.
        let elsewhere = Home::on(Engine::Sqlite).await.unwrap();
        elsewhere.clock.advance(Duration::days(2));
        let told = elsewhere.import(&elsewhere.tolvan, &file).await.unwrap();
        assert_eq!(told, Imported { added: 2, known: 0, left_out: vec![] });
        let after = elsewhere.inbox(&elsewhere.tolvan).await;
        let known: Vec<_> = after.iter().map(|(sender, subject, unread, _)| (sender.as_str(), subject.as_str(), *unread)).collect();
        // By the register's name, whatever they signed with.
        let tre = ("Kommun A", "Tre", true);
        assert_eq!(known[0], tre, "the newest first");
        assert!(known.contains(&("Kommun A", "Ett", false)) && known.contains(&("Kommun A", "Två", true)));
        assert_eq!(after[0].3, before[0].3, "at the time when it came");
        assert_eq!(server::mailbox::leaving::told(&elsewhere.house, &elsewhere.tolvan).await.unwrap().map(|told| told.unread), Some(2));
        assert_eq!(elsewhere.run_jobs().await, 0, "nobody is told of old letters");

        let again = elsewhere.import(&elsewhere.tolvan, &file).await.unwrap();
        assert_eq!(again, Imported { added: 0, known: 2, left_out: vec![] });
        assert_eq!(elsewhere.inbox(&elsewhere.tolvan).await.len(), 3);

        let others = elsewhere.import(&elsewhere.bertil, &file).await.unwrap();
        assert_eq!((others.added, others.left_out.len()), (0, 2));
        assert!(others.left_out.iter().all(|(_, why)| *why == LeftOut::AnotherHolder));
        assert!(elsewhere.inbox(&elsewhere.bertil).await.is_empty());
    }

    /// The person's own order comes back too: folders in folders, categories, and nothing twice.
    async fn own_folders_and_categories_come_back(home: Home) {
        let (house, tolvan) = (&home.house, &home.tolvan);
        let letters = home.receive(&delivery(TOLVAN, &["Elräkning", "Bygglov"])).await;
        let made = |made| match made {
            folders::Changed::Done(id) => id,
            other => panic!("{other:?}"),
        };
        let at_home = made(folders::make(house, tolvan, "Hemmet", None).await.unwrap());
        let power = made(folders::make(house, tolvan, "El & vatten", Some(at_home)).await.unwrap());
        let categories::Changed::Done(due) = categories::put(house, tolvan, None, "Betalas", Colour::Red).await.unwrap() else {
            panic!("a category");
        };
        let one = |what| sort(house, tolvan, what, Choice::These(vec![letters[0]]));
        one(What::Move(Lies::Folder(power))).await.unwrap();
        one(What::Give(due)).await.unwrap();
        let file = home.exported(tolvan, Language::Swedish).await;
        let kept = Manifest::read(&file_in(&file, MANIFEST)).unwrap().letters;
        assert_eq!(kept.iter().filter(|kept| kept.marks.folder == ["Hemmet", "El & vatten"]).count(), 1);
        let index = String::from_utf8(file_in(&file, "index.html")).unwrap();
        assert!(index.contains("Mapp: Hemmet / El &#38; vatten"), "{index}");

        let elsewhere = Home::on(Engine::Sqlite).await.unwrap();
        let (house, tolvan) = (&elsewhere.house, &elsewhere.tolvan);
        // One of the folders is there already, written otherwise.
        made(folders::make(house, tolvan, "HEMMET", None).await.unwrap());
        elsewhere.import(tolvan, &file).await.unwrap();
        let there = folders::places(house, tolvan).await.unwrap().unwrap();
        let names: Vec<_> = there.folders.iter().map(|folder| (folder.name.as_str(), folder.depth, folder.count.letters)).collect();
        assert_eq!(names, [("HEMMET", 0, 0), ("El & vatten", 1, 1)]);
        assert_eq!(there.categories.len(), 1);
        assert_eq!((there.categories[0].name.as_str(), there.categories[0].colour), ("Betalas", Colour::Red));
        let list = List::Category(there.categories[0].id);
        let Listing::Page { letters, .. } = read_list(house, tolvan, list, Order::Newest, None).await.unwrap() else {
            panic!("the category's letters");
        };
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].header.subject, "Elräkning");
    }

    /// Whom the register does not know stays out, unless the operator says otherwise; and then by the certificate's name.
    async fn an_unknown_sender_needs_the_operators_word(home: Home) {
        home.receive(&delivery(TOLVAN, &["Ett"])).await;
        let file = home.exported(&home.tolvan, Language::Swedish).await;
        let elsewhere = Home::on(Engine::Sqlite).await.unwrap();
        let nobody = || Lists { known: false };
        let told = elsewhere.import_by(nobody(), false, &elsewhere.tolvan, &file).await.unwrap();
        assert!(matches!(&told.left_out[..], [(_, LeftOut::SignerNotApproved)]), "{told:?}");
        let told = elsewhere.import_by(nobody(), true, &elsewhere.tolvan, &file).await.unwrap();
        assert_eq!((told.added, told.left_out.len()), (1, 0));
        let (sender, ..) = elsewhere.inbox(&elsewhere.tolvan).await.remove(0);
        assert_ne!(sender, "Ekeby kommun", "a name that was only signed is not shown as the sender's");
    }

    /// What was changed, is missing or is somebody's trick does not come in.
    async fn what_does_not_verify_stays_out(home: Home) {
        home.receive(&delivery(TOLVAN, &["Ett"])).await;
        let file = home.exported(&home.tolvan, Language::Swedish).await;
        let list = file_in(&file, MANIFEST);
        let name = Manifest::read(&list).unwrap().letters[0].original.clone();
        let original = String::from_utf8(file_in(&file, &name)).unwrap();

        let elsewhere = Home::on(Engine::Sqlite).await.unwrap();
        let changed = original.replace("Ekeby", "Ekebu");
        let told = elsewhere.import(&elsewhere.tolvan, &zipped(&[(MANIFEST, &list), (&name, changed.as_bytes())])).await.unwrap();
        assert!(matches!(&told.left_out[..], [(_, LeftOut::NotVerified(_))]), "{told:?}");
        let told = elsewhere.import(&elsewhere.tolvan, &zipped(&[(MANIFEST, &list)])).await.unwrap();
        assert!(matches!(&told.left_out[..], [(_, LeftOut::Missing)]), "{told:?}");

        // Ten thousand times longer than it says: it is not unpacked.
        let bomb = vec![b' '; 64 * 1024 * 1024];
        let told = elsewhere.import(&elsewhere.tolvan, &zipped(&[(MANIFEST, &list), (&name, &bomb)])).await.unwrap();
        assert!(matches!(&told.left_out[..], [(_, LeftOut::Missing)]), "{told:?}");

        let climbs = zipped(&[(MANIFEST, &list), (&name, original.as_bytes()), ("../../etc/cron.d/x", b"* * * * *")]);
        assert!(matches!(elsewhere.import(&elsewhere.tolvan, &climbs).await, Err(ImportError::Hostile(_))));
        let other = zipped(&[("hej.txt", b"hej")]);
        assert!(matches!(elsewhere.import(&elsewhere.tolvan, &other).await, Err(ImportError::NoExport)));
        assert!(matches!(elsewhere.import(&elsewhere.tolvan, b"no zip").await, Err(ImportError::Archive(_))));
        let stranger = person("198112189876", "X");
        assert!(matches!(elsewhere.import(&stranger, &file).await, Err(ImportError::NoMailbox)));
        assert!(elsewhere.inbox(&elsewhere.tolvan).await.is_empty());
    }

    /// A process dies with a piece in its hands: another goes on from the pieces that are there.
    async fn an_export_goes_on_after_a_crash(home: Home) {
        for n in 0..5 {
            home.receive(&delivery(TOLVAN, &[&format!("Brev {n}a"), &format!("Brev {n}b")])).await;
        }
        // A piece holds two hundred letters: enough for two, of which a crash takes the second.
        let many: Vec<String> = (0..210).map(|n| format!("Fler {n}")).collect();
        home.receive(&delivery(TOLVAN, &many.iter().map(String::as_str).collect::<Vec<_>>())).await;
        start_export(&home.house, &home.tolvan, Language::Swedish).await.unwrap();
        assert_eq!(start_export(&home.house, &home.tolvan, Language::Swedish).await.unwrap(), Started::Working);
        let step = || async {
            let now = home.house.clock.now();
            let mut tx = home.house.db.begin().await.unwrap();
            let taken = store::job::claim(&mut tx, Uuid::nil(), now, now + Duration::minutes(5), 10).await.unwrap();
            tx.commit().await.unwrap();
            taken.len()
        };
        assert_eq!(step().await, 1, "taken by a process that dies");
        assert_eq!(home.run_jobs().await, 0);
        home.clock.advance(Duration::minutes(6));
        home.run_jobs().await;
        let row = export(&home.house, &home.tolvan).await.unwrap().unwrap();
        assert_eq!((row.state, row.letters, row.done), (State::Ready, 220, 220));
        assert!(row.parts >= 3, "in pieces: {}", row.parts);
        let Fetched::Download(download) = fetch_export(&home.house, &home.tolvan, row.id).await.unwrap() else {
            panic!("it is there")
        };
        let mut whole = Vec::new();
        for number in 0..download.parts() {
            whole.extend(download.part(number).await.unwrap());
        }
        let manifest = Manifest::read(&file_in(&whole, MANIFEST)).unwrap();
        assert_eq!(manifest.letters.len(), 220);
    }

    /// One's own and nobody else's; gone after its days, and when it is no longer wanted.
    async fn an_export_is_its_holders_alone_and_does_not_stay(home: Home) {
        let letter = home.receive(&delivery(TOLVAN, &["Ett"])).await[0];
        home.exported(&home.tolvan, Language::Swedish).await;
        let row = export(&home.house, &home.tolvan).await.unwrap().unwrap();
        let stranger = person("198112189876", "X");
        for other in [&home.bertil, &stranger] {
            assert!(export(&home.house, other).await.unwrap().is_none());
            assert!(matches!(fetch_export(&home.house, other, row.id).await.unwrap(), Fetched::NotFound));
            remove_export(&home.house, other).await.unwrap();
            assert!(matches!(copy_letter(&home.house, other, letter).await.unwrap(), Copied::NotFound));
        }
        assert_eq!(start_export(&home.house, &stranger, Language::Swedish).await.unwrap(), Started::NotFound);
        assert!(matches!(fetch_export(&home.house, &home.tolvan, Uuid::nil()).await.unwrap(), Fetched::NotFound));
        assert!(matches!(copy_letter(&home.house, &home.tolvan, letter).await.unwrap(), Copied::Copy(_)));

        let folder = home.database.folder.path().join(format!("keep/export-{}", row.id));
        let pieces: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|piece| piece.unwrap().path()).collect();
        assert_eq!(pieces.len(), 3);
        for piece in pieces {
            let bytes = std::fs::read(&piece).unwrap();
            for secret in ["Ekeby", "PK\u{3}\u{4}", "SealedDelivery", "Tolvan"] {
                assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} in {}", piece.display());
            }
        }
        home.clock.advance(Duration::days(7) + Duration::SECOND);
        assert!(matches!(fetch_export(&home.house, &home.tolvan, row.id).await.unwrap(), Fetched::NotFound));
        home.run_jobs().await;
        assert!(export(&home.house, &home.tolvan).await.unwrap().is_none() && !folder.exists());

        home.exported(&home.tolvan, Language::Swedish).await;
        let row = export(&home.house, &home.tolvan).await.unwrap().unwrap();
        remove_export(&home.house, &home.tolvan).await.unwrap();
        assert!(export(&home.house, &home.tolvan).await.unwrap().is_none());
        home.clock.advance(Duration::minutes(2));
        home.run_jobs().await;
        assert!(!home.database.folder.path().join(format!("keep/export-{}", row.id)).exists());
    }

    /// A disk that cannot be written to: the person sees that it takes longer, and at last that it did not work.
    async fn an_export_that_cannot_be_made_is_given_up_in_sight(home: Home) {
        let mut home = home;
        let blocked = home.database.folder.path().join("blocked");
        std::fs::write(&blocked, "a file where a folder should be").unwrap();
        home.house = home.house.clone().with_shelf(Shelf::at(&blocked));
        home.receive(&delivery(TOLVAN, &["Ett"])).await;
        start_export(&home.house, &home.tolvan, Language::Swedish).await.unwrap();
        home.run_jobs().await;
        let row = export(&home.house, &home.tolvan).await.unwrap().unwrap();
        assert!(row.state == State::Working && row.held_up_at.is_some());
        for wait in home.config.notice.retry.clone() {
            home.clock.advance(Duration::try_from(wait).unwrap());
            home.run_jobs().await;
        }
        let row = export(&home.house, &home.tolvan).await.unwrap().unwrap();
        assert_eq!(row.state, State::Failed);
        assert_eq!(start_export(&home.house, &home.tolvan, Language::Swedish).await.unwrap(), Started::Started);
    }
}
