//! Passing letters on by e-mail, with a real SMTP server in the test.

use crate::forward_desk::{Desk, KOMMUN_A, NOBODY, TOLVAN};
use crate::harness::Engine;
use crate::keep::delivery;
use infrastruktur::catcher::Message;
use server::domain::forward::{Forbidden, Way};
use server::mailbox::access::Person;
use server::mailbox::forward::{Also, Asked, Days, Question, Sent, Typed, log, protect, question, remove_rule, rules};
use server::store::forward::State;
use time::Duration;
use uuid::Uuid;

const ANNA: &str = "anna@example.se";

impl Desk {
    async fn question(&self, person: &Person, letter: Uuid, draft: Option<Uuid>) -> Option<Question> {
        question(&self.home.house, person, &self.limits(), letter, draft)
            .await
            .unwrap()
    }

    /// The whole way, to Anna.
    async fn to_anna(&self, letter: Uuid, also: Also) {
        let sent = self.passes_on(&self.tolvan, letter, (Way::Mail, ANNA), also).await;
        assert_eq!(sent, Sent::Waiting);
    }

    /// State, tries and whether by a rule, of everything that Tolvan has passed on.
    async fn logged(&self) -> Vec<(State, u32, bool)> {
        let (rows, _) = log(&self.home.house, &self.home.tolvan, None).await.unwrap();
        rows.into_iter()
            .map(|row| (row.state, row.attempts, row.by_rule))
            .collect()
    }

    fn last_mail(&self) -> Message {
        self.caught.all().pop().unwrap()
    }
}

on_both_databases! {
    /// Typed, seen once more, confirmed, sent, and in the log.
    async fn a_letter_is_passed_on(desk: Desk) {
        let tolvan = desk.home.tolvan.clone();
        let letter = desk.a_letter("Beslut om förskola").await;
        let Asked::Kept(wrong) = desk.ask(&tolvan, letter, (Way::Mail, "anna")).await else { panic!("kept") };
        let asked = desk.question(&tolvan, letter, Some(wrong)).await.unwrap();
        assert_eq!(asked.typed, Some(Typed::NoAddress("anna".to_owned())), "what was typed is kept");
        assert_eq!(desk.send(&tolvan, letter, wrong, Also::Nothing).await, Sent::NotFound);

        let Asked::Kept(draft) = desk.ask(&tolvan, letter, (Way::Mail, " anna@Example.SE ")).await else { panic!("kept") };
        let asked = desk.question(&tolvan, letter, Some(draft)).await.unwrap();
        assert_eq!(asked.typed, Some(Typed::Address(ANNA.to_owned())));
        assert_eq!((asked.attachments, asked.allowed), (1, Ok(())));
        assert_eq!(desk.home.run_jobs().await, 0, "nothing goes before it is confirmed");
        assert_eq!(desk.logged().await, []);

        assert_eq!(desk.send(&tolvan, letter, draft, Also::Nothing).await, Sent::Waiting);
        assert_eq!(desk.send(&tolvan, letter, draft, Also::Nothing).await, Sent::Already, "pressed twice");
        assert_eq!(desk.logged().await, [(State::Waiting, 0, false)]);
        assert_eq!(desk.home.run_jobs().await, 1);
        assert_eq!(desk.logged().await, [(State::Sent, 1, false)]);
        assert_eq!(desk.caught.all().len(), 1);
        let mail = desk.last_mail();
        assert_eq!(mail.to, ANNA);
        assert_eq!(mail.from, "Brevlåda <avisering@localhost>", "never the sender's");
        assert_eq!(mail.subject.as_deref(), Some("Vidarebefordrat: Beslut om förskola"));
        for body in [mail.text.unwrap(), mail.html.unwrap()] {
            for part in ["Tolvan Tolvansson har vidarebefordrat", "Ekeby kommun", "Alldeles hemligt innehåll", "Äkta."] {
                assert!(body.contains(part), "{part} in {body}");
            }
        }
        let entries = server::mailbox::access_log::read_access_log(&desk.home.house, &tolvan, server::mailbox::access_log::Show::All, None).await.unwrap();
        assert!(entries.entries.iter().any(|entry| entry.act == server::domain::access::Act::Forwarded));
    }

    /// Another's letter, draft and rule are not there, and nothing changes.
    async fn what_is_anothers_is_not_found(desk: Desk) {
        let (tolvan, bertil) = (desk.home.tolvan.clone(), desk.home.bertil.clone());
        let letter = desk.a_letter("Ett").await;
        let Asked::Kept(draft) = desk.ask(&tolvan, letter, (Way::Mail, ANNA)).await else { panic!("kept") };
        assert_eq!(desk.ask(&bertil, letter, (Way::Mail, ANNA)).await, Asked::NotFound);
        assert!(desk.question(&bertil, letter, Some(draft)).await.is_none());
        assert_eq!(desk.send(&bertil, letter, draft, Also::Nothing).await, Sent::NotFound);
        let other = desk.a_letter("Två").await;
        assert_eq!(desk.send(&tolvan, other, draft, Also::Nothing).await, Sent::NotFound, "the draft is of another letter");
        assert!(desk.question(&tolvan, other, Some(draft)).await.unwrap().typed.is_none());

        let month = Days::new(30).unwrap();
        desk.to_anna(letter, Also::Everything(month)).await;
        let rule = rules(&desk.home.house, &tolvan).await.unwrap()[0].id;
        assert!(!remove_rule(&desk.home.house, &bertil, rule).await.unwrap());
        assert!(rules(&desk.home.house, &bertil).await.unwrap().is_empty());
        assert_eq!(rules(&desk.home.house, &tolvan).await.unwrap().len(), 1);
        assert!(log(&desk.home.house, &bertil, None).await.unwrap().0.is_empty());
    }

    /// Protected identity, the sender's word and the size stop a letter: when it is asked for, and when it was on its way.
    async fn what_may_not_go_does_not_go(desk: Desk) {
        let mut desk = desk;
        let tolvan = desk.home.tolvan.clone();
        let letter = desk.a_letter("Ett").await;
        desk.to_anna(letter, Also::Nothing).await;
        assert!(protect(&desk.home.house, TOLVAN, true).await.unwrap());
        desk.home.run_jobs().await;
        assert_eq!(desk.logged().await, [(State::Stopped, 1, false)]);
        assert!(desk.caught.all().is_empty());
        assert_eq!(desk.ask(&tolvan, letter, (Way::Mail, ANNA)).await, Asked::Forbidden);
        let asked = desk.question(&tolvan, letter, None).await.unwrap();
        assert_eq!(asked.allowed, Err(Forbidden::Protected));
        assert!(protect(&desk.home.house, TOLVAN, false).await.unwrap());
        assert!(!protect(&desk.home.house, NOBODY, true).await.unwrap());

        desk.home.config.keep.stay = vec![KOMMUN_A.parse().unwrap()];
        let asked = desk.question(&tolvan, letter, None).await.unwrap();
        assert_eq!(asked.allowed, Err(Forbidden::BySender));
        desk.home.config.keep.stay = vec![];
        desk.home.config.keep.largest_mail = 20;
        let asked = desk.question(&tolvan, letter, None).await.unwrap();
        assert_eq!((asked.allowed, asked.by_mail), (Ok(()), Err(Forbidden::TooBig)));
    }

    /// Tried by the schedule, given up in sight.
    async fn when_the_mail_server_is_away_it_is_tried_again(desk: Desk) {
        let mut desk = desk;
        let letter = desk.a_letter("Ett").await;
        desk.home.config.smtp.url = "smtp://127.0.0.1:1".parse().unwrap();
        desk.to_anna(letter, Also::Nothing).await;
        desk.home.run_jobs().await;
        assert_eq!(desk.logged().await, [(State::Waiting, 1, false)]);
        for wait in desk.home.config.notice.retry.clone() {
            desk.home.clock.advance(Duration::try_from(wait).unwrap());
            desk.home.run_jobs().await;
        }
        assert_eq!(desk.logged().await, [(State::Failed, 6, false)]);
    }

    /// A rule passes on what comes in, until its day or until it is taken away; each letter once.
    async fn a_rule_passes_on_what_comes_until_its_day(desk: Desk) {
        let tolvan = desk.home.tolvan.clone();
        let letter = desk.a_letter("Ett").await;
        let month = Days::new(30).unwrap();
        desk.to_anna(letter, Also::FromSender(month)).await;
        desk.home.run_jobs().await;
        assert_eq!(desk.caught.all().len(), 1);
        let rule = &rules(&desk.home.house, &tolvan).await.unwrap()[0];
        assert_eq!((rule.rule.to.as_str(), rule.rule.sender.as_deref(), rule.over), (ANNA, Some(KOMMUN_A), false));

        desk.home.receive(&delivery(TOLVAN, &["Två", "Tre"])).await;
        desk.home.run_jobs().await;
        assert_eq!(desk.caught.all().len(), 3);
        assert!(desk.logged().await[..2].iter().all(|row| *row == (State::Sent, 1, true)));

        desk.home.clock.advance(Duration::days(31));
        desk.a_letter("Fyra").await;
        desk.home.run_jobs().await;
        assert_eq!(desk.caught.all().len(), 3, "its time is over");
        assert!(rules(&desk.home.house, &tolvan).await.unwrap()[0].over);

        let letter = desk.a_letter("Fem").await;
        desk.to_anna(letter, Also::Everything(month)).await;
        desk.home.run_jobs().await;
        assert_eq!(desk.caught.all().len(), 4);
        let held = rules(&desk.home.house, &tolvan).await.unwrap();
        assert_eq!(held.len(), 1, "the one that was over made room");
        assert!(remove_rule(&desk.home.house, &tolvan, held[0].id).await.unwrap());
        desk.a_letter("Sex").await;
        desk.home.run_jobs().await;
        assert_eq!(desk.caught.all().len(), 4);
        assert!(Days::new(0).is_none() && Days::new(367).is_none());
    }
}

/// Neither what was typed nor where it went is in the database's files.
#[tokio::test]
async fn the_files_of_the_database_hold_no_address() {
    let desk = Desk::on(Engine::Sqlite).await.unwrap();
    let letter = desk.a_letter("Ett").await;
    desk.ask(&desk.home.tolvan, letter, (Way::Mail, "skriver fel@adress"))
        .await;
    desk.to_anna(letter, Also::Everything(Days::new(30).unwrap())).await;
    desk.home.run_jobs().await;
    for file in std::fs::read_dir(desk.home.database.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        for secret in [ANNA, "fel@adress", "Tolvansson"] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret}"
            );
        }
    }
}
