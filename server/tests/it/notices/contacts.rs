//! Addresses, their codes, and what is told of every change.

use super::post::{ADDRESS, MOBILE, Post, code_in, wrong};
use crate::harness::Engine;
use infrastruktur::catcher::Kind;
use server::domain::address::MOST;
use server::domain::channel::Channel::{Email, Push, Sms};
use server::domain::notice_rules::{Spare, When};
use server::mailbox::access::Person;
use server::mailbox::contacts::{Added, Confirmed, Removed, Wish, add, confirm, contacts, new_code, remove};
use server::mailbox::notice_rules::{Changed, current, undo, waiting};
use server::store;
use server::store::notice::{NoticeKind, NoticeState};
use time::Duration;
use uuid::Uuid;

on_both_databases! {
    async fn an_email_address_counts_when_its_code_has_come_back(post: Post) {
        let (id, code) = post.ask_for_code(Email, " Tolvan@Example.se ").await;
        let known = contacts(&post.house, &post.tolvan).await.unwrap().known;
        assert_eq!((known.len(), known[0].address.shown()), (1, "Tolvan@example.se".to_owned()));
        assert_eq!(post.is_in_use(id).await, Some(false));
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(confirm(&post.house, &post.tolvan, id, &spaced, Wish::AsRuled).await.unwrap(), Confirmed::Done);
        assert_eq!(post.is_in_use(id).await, Some(true));
        // The part before @ is the other server's business: capitals may make another address of it.
        let added = add(&post.house, &post.tolvan, Email, "tolvan@EXAMPLE.se").await.unwrap();
        assert!(matches!(added, Added::CodeSent(other) if other != id), "{added:?}");
        assert_eq!(add(&post.house, &post.tolvan, Email, "Tolvan@example.SE").await.unwrap(), Added::Already);
    }

    async fn a_mobile_number_gets_its_code_by_text_message(post: Post) {
        let (id, code) = post.ask_for_code(Sms, "070-174 06 05").await;
        let message = post.caught.all().pop().unwrap();
        assert_eq!((message.kind, message.to.as_str(), message.from.as_str()), (Kind::Sms, MOBILE, "brevlada"));
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::AsRuled).await.unwrap(), Confirmed::Done);
        post.a_letter_comes().await;
        let notice = post.caught.all().pop().unwrap();
        // With no e-mail address, what the usual rule would mail goes the second way.
        assert_eq!((notice.kind, notice.to.as_str()), (Kind::Sms, MOBILE));
        assert!(notice.text.unwrap().starts_with("Du har fått ett nytt brev i brevlada."));
    }

    /// Whoever had a number alone, which the second way reached, goes on being told there when an e-mail address has been added.
    async fn an_address_that_is_to_tell_goes_on_telling_beside_another(post: Post) {
        let (id, code) = post.ask_for_code(Sms, MOBILE).await;
        assert_eq!(contacts(&post.house, &post.tolvan).await.unwrap().silent, [Sms, Push]);
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::ToldThere).await.unwrap(), Confirmed::Done);
        assert_eq!(contacts(&post.house, &post.tolvan).await.unwrap().silent, [Push]);
        post.reached_at(Email, ADDRESS).await;
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        let mut told: Vec<Kind> = post.caught_since(count).into_iter().map(|(kind, ..)| kind).collect();
        told.sort_by_key(|kind| format!("{kind:?}"));
        assert_eq!(told, [Kind::Email, Kind::Sms]);
    }

    /// Without the wish the rules stay, and the number falls silent beside an e-mail address: which the rules then say.
    async fn an_address_that_is_not_to_tell_is_spare(post: Post) {
        let spare = async || {
            let now = current(&post.house, &post.tolvan).await.unwrap().unwrap();
            now.rules.spare(Sms, &now.ways)
        };
        assert_eq!(spare().await, None, "there is no number");
        post.reached_at(Sms, MOBILE).await;
        assert_eq!(spare().await, Some(Spare::Everything));
        post.reached_at(Email, ADDRESS).await;
        assert_eq!(spare().await, Some(Spare::WhenOthersFail));
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        let told = post.caught_since(count);
        assert_eq!((told.len(), told[0].0), (1, Kind::Email));
        let rules = current(&post.house, &post.tolvan).await.unwrap().unwrap().rules;
        assert_eq!((rules.usual.email, rules.usual.sms), (When::AtOnce, When::Never));
    }

    /// A rule that says something is left alone, by a wish too; and a wrong code wishes for nothing.
    async fn the_wish_to_be_told_changes_nothing_but_not_at_all(post: Post) {
        let usual = async || current(&post.house, &post.tolvan).await.unwrap().unwrap().rules.usual;
        let (id, code) = post.ask_for_code(Sms, MOBILE).await;
        let answer = confirm(&post.house, &post.tolvan, id, &wrong(&code), Wish::ToldThere).await.unwrap();
        assert_eq!((answer, usual().await.sms), (Confirmed::Wrong { left: 4 }, When::Never));
        post.rule(|rules| rules.usual.sms = When::Weekly).await;
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::ToldThere).await.unwrap(), Confirmed::Done);
        assert_eq!((usual().await.sms, usual().await.email), (When::Weekly, When::AtOnce));
        // What the rules had been before is not brought back over a wish that came after it.
        post.rule(|rules| rules.usual.sms = When::Never).await;
        let (other, code) = post.ask_for_code(Sms, "+46701740606").await;
        assert_eq!(confirm(&post.house, &post.tolvan, other, &code, Wish::ToldThere).await.unwrap(), Confirmed::Done);
        assert_eq!(usual().await.sms, When::AtOnce);
        assert_eq!(undo(&post.house, &post.tolvan).await.unwrap(), Changed::NotFound);
    }

    /// Letters that wait for their time are told then, once, and not anew by the number.
    async fn a_wish_does_not_tell_again_of_what_waits(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(|rules| rules.usual.email = When::Daily).await;
        post.a_letter_comes().await;
        let (id, code) = post.ask_for_code(Sms, MOBILE).await;
        let count = post.caught.all().len();
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::ToldThere).await.unwrap(), Confirmed::Done);
        post.run_jobs().await;
        assert!(post.caught_since(count).iter().all(|(kind, ..)| *kind == Kind::Email), "only that an address was added");
        assert_eq!(waiting(&post.house, &post.tolvan).await.unwrap().len(), 1);
        post.after(Duration::hours(9)).await;
        let told = post.told().await;
        assert_eq!(told, [(NoticeKind::Letters, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
    }

    async fn a_wrong_code_is_counted_and_five_are_too_many(post: Post) {
        let (id, code) = post.ask_for_code(Email, ADDRESS).await;
        for left in (1..5).rev() {
            let answer = confirm(&post.house, &post.tolvan, id, &wrong(&code), Wish::AsRuled).await.unwrap();
            assert_eq!(answer, Confirmed::Wrong { left });
        }
        assert_eq!(confirm(&post.house, &post.tolvan, id, &wrong(&code), Wish::AsRuled).await.unwrap(), Confirmed::Over);
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::AsRuled).await.unwrap(), Confirmed::Over);
        assert_eq!(new_code(&post.house, &post.tolvan, id).await.unwrap(), Added::CodeSent(id));
        post.run_jobs().await;
        let again = code_in(&post.caught.all().pop().unwrap());
        assert_eq!(confirm(&post.house, &post.tolvan, id, &again, Wish::AsRuled).await.unwrap(), Confirmed::Done);
        assert_eq!(confirm(&post.house, &post.tolvan, id, &again, Wish::AsRuled).await.unwrap(), Confirmed::Over, "used once");
    }

    /// Letters, too few, too many: none of them is a guess.
    async fn what_cannot_be_a_code_costs_no_try(post: Post) {
        let (id, code) = post.ask_for_code(Email, ADDRESS).await;
        for typed in ["abc", "", "12345", "1234567", "12 34 5x", "١٢٣٤٥٦"] {
            assert_eq!(confirm(&post.house, &post.tolvan, id, typed, Wish::AsRuled).await.unwrap(), Confirmed::NotACode, "{typed}");
        }
        assert_eq!(confirm(&post.house, &post.tolvan, id, &wrong(&code), Wish::AsRuled).await.unwrap(), Confirmed::Wrong { left: 4 });
        let spaced = format!(" {} {} ", &code[..3], &code[3..]);
        assert_eq!(confirm(&post.house, &post.tolvan, id, &spaced, Wish::AsRuled).await.unwrap(), Confirmed::Done);
    }

    /// A hundred at the same time are not a hundred tries, nor a hundred mails to somebody else's address.
    async fn limits_hold_for_many_at_once(post: Post) {
        let (id, code) = post.ask_for_code(Email, ADDRESS).await;
        let guesses = (0..50).map(|_| {
            let (house, tolvan, guess) = (post.house.clone(), post.tolvan.clone(), wrong(&code));
            tokio::spawn(async move { confirm(&house, &tolvan, id, &guess, Wish::AsRuled).await.unwrap() })
        });
        let answers = futures::future::join_all(guesses).await;
        let counted = answers.iter().filter(|answer| matches!(answer, Ok(Confirmed::Wrong { .. }))).count();
        assert_eq!(counted, 4, "the fifth is the last, and the others were not looked at");
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::AsRuled).await.unwrap(), Confirmed::Over);
        let strangers = (0..30).map(|n| {
            let (house, tolvan) = (post.house.clone(), post.tolvan.clone());
            tokio::spawn(async move { add(&house, &tolvan, Email, &format!("stranger{n}@example.se")).await.unwrap() })
        });
        let added = futures::future::join_all(strangers).await;
        let sent = added.iter().filter(|added| matches!(added, Ok(Added::CodeSent(_)))).count();
        assert_eq!(sent, 4, "five an hour, one of them before");
    }

    async fn a_code_holds_for_half_an_hour_and_for_its_own_address(post: Post) {
        let (first, code) = post.ask_for_code(Email, "first@example.se").await;
        let (second, other_code) = post.ask_for_code(Sms, MOBILE).await;
        if code != other_code {
            let answer = confirm(&post.house, &post.tolvan, second, &code, Wish::AsRuled).await.unwrap();
            assert_eq!(answer, Confirmed::Wrong { left: 4 });
        }
        post.clock.advance(Duration::minutes(30));
        assert_eq!(confirm(&post.house, &post.tolvan, first, &code, Wish::AsRuled).await.unwrap(), Confirmed::Over);
        assert_eq!(confirm(&post.house, &post.tolvan, second, &other_code, Wish::AsRuled).await.unwrap(), Confirmed::Over);
    }

    async fn five_codes_an_hour_are_enough_whatever_they_are_for(post: Post) {
        let (id, _) = post.ask_for_code(Email, ADDRESS).await;
        post.ask_for_code(Sms, MOBILE).await;
        for _ in 0..2 {
            assert_eq!(new_code(&post.house, &post.tolvan, id).await.unwrap(), Added::CodeSent(id));
        }
        remove(&post.house, &post.tolvan, id).await.unwrap();
        post.ask_for_code(Email, ADDRESS).await;
        assert_eq!(add(&post.house, &post.tolvan, Email, "b@example.se").await.unwrap(), Added::TooMany);
        post.clock.advance(Duration::HOUR);
        post.ask_for_code(Email, "b@example.se").await;
    }

    /// The old ones hear of each new one, and none of them can be taken away unnoticed.
    async fn every_change_is_told_to_an_address_that_was_there_before(post: Post) {
        let email = post.reached_at(Email, ADDRESS).await;
        let count = post.caught.all().len();
        post.reached_at(Sms, MOBILE).await;
        let told = post.caught_since(count);
        // First the code to the number itself, then the news to the address that was there.
        assert_eq!(told.len(), 2);
        assert_eq!((told[1].0, told[1].1.as_str()), (Kind::Email, ADDRESS));
        assert!(told[1].2.contains("070-••• 06 05") && !told[1].2.contains("174"), "{}", told[1].2);

        assert_eq!(remove(&post.house, &post.tolvan, email).await.unwrap(), Removed::Done);
        post.run_jobs().await;
        let last = post.caught.all().pop().unwrap();
        assert_eq!((last.to.as_str(), last.subject.as_deref()), (ADDRESS, Some("Adressen är borttagen från din brevlåda")));
        assert_eq!(post.is_in_use(email).await, None);
        post.a_letter_comes().await;
        assert_eq!(post.caught.all().pop().unwrap().to, MOBILE);
        let kinds: Vec<NoticeKind> = post.seen().await.into_iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds, [NoticeKind::Added, NoticeKind::Letters, NoticeKind::Removed]);
    }

    /// An address that nobody confirmed may be anybody's: it gets its code and nothing else.
    async fn an_address_that_waits_gets_nothing_but_its_code(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        let (waiting, _) = post.ask_for_code(Email, "stranger@example.se").await;
        let count = post.caught.all().len();
        post.a_letter_comes().await;
        remove(&post.house, &post.tolvan, waiting).await.unwrap();
        post.run_jobs().await;
        assert!(post.caught_since(count).iter().all(|(_, to, _)| to == ADDRESS));
    }

    async fn what_is_no_address_is_refused_and_kept_for_the_page_that_follows(post: Post) {
        for no in ["", "tolvan", "tolvan@localhost", "tolvan@example.se\r\nBcc: all@example.se"] {
            assert_eq!(add(&post.house, &post.tolvan, Email, no).await.unwrap(), Added::NotAnAddress, "{no}");
        }
        assert_eq!(add(&post.house, &post.tolvan, Sms, "08-123 45").await.unwrap(), Added::NotAnAddress);
        assert_eq!(add(&post.house, &post.tolvan, Sms, "+1 202 555 0123").await.unwrap(), Added::Abroad);
        let typed = contacts(&post.house, &post.tolvan).await.unwrap().typed;
        assert_eq!(typed, Some((Sms, "+1 202 555 0123".to_owned())));
        assert_eq!(contacts(&post.house, &post.other).await.unwrap().typed, None);
        post.clock.advance(Duration::minutes(16));
        assert_eq!(contacts(&post.house, &post.tolvan).await.unwrap().typed, None, "and forgotten");
    }

    async fn ten_addresses_are_enough(post: Post) {
        for number in 0..MOST {
            post.clock.advance(Duration::HOUR);
            let added = add(&post.house, &post.tolvan, Email, &format!("a{number}@example.se")).await.unwrap();
            assert!(matches!(added, Added::CodeSent(_)), "{added:?}");
        }
        assert_eq!(add(&post.house, &post.tolvan, Sms, MOBILE).await.unwrap(), Added::Full);
    }

    /// By its id an address is found in its own mailbox and nowhere else.
    async fn anothers_address_is_not_found(post: Post) {
        let (id, code) = post.ask_for_code(Email, ADDRESS).await;
        assert_eq!(confirm(&post.house, &post.other, id, &code, Wish::AsRuled).await.unwrap(), Confirmed::Over);
        assert_eq!(new_code(&post.house, &post.other, id).await.unwrap(), Added::NotFound);
        assert_eq!(remove(&post.house, &post.other, id).await.unwrap(), Removed::NotFound);
        assert!(contacts(&post.house, &post.other).await.unwrap().known.is_empty());
        let stranger = Person::new("198112189876".parse().unwrap(), "X".to_owned());
        assert_eq!(add(&post.house, &stranger, Email, ADDRESS).await.unwrap(), Added::NotFound);
        assert_eq!(confirm(&post.house, &stranger, id, &code, Wish::AsRuled).await.unwrap(), Confirmed::Over);
        assert!(contacts(&post.house, &stranger).await.unwrap().known.is_empty());
        assert_eq!(confirm(&post.house, &post.tolvan, id, &code, Wish::AsRuled).await.unwrap(), Confirmed::Done, "nothing has changed");
    }

    /// The catcher says 550 to `studs@…`.
    async fn an_address_that_refuses_its_code_is_shown_as_broken(post: Post) {
        let added = add(&post.house, &post.tolvan, Email, "studs@example.se").await.unwrap();
        let Added::CodeSent(id) = added else { panic!("{added:?}") };
        post.run_jobs().await;
        assert_eq!(post.jobs().await, [], "nobody tries that again");
        let known = contacts(&post.house, &post.tolvan).await.unwrap().known;
        assert_eq!(known[0].row.broken.as_ref().map(|(_, number)| number.as_str()), Some("550"));
        assert_eq!(new_code(&post.house, &post.tolvan, id).await.unwrap(), Added::CodeSent(id), "it may be mended");
    }

    async fn a_removed_address_takes_what_waited_for_it_with_it(post: Post) {
        let id = post.reached_at(Email, ADDRESS).await;
        post.letter("Kommun A", "Ett brev").await;
        let away = post.worker_without_mail();
        away.run_due(&tokio_util::sync::CancellationToken::new()).await.unwrap();
        remove(&post.house, &post.tolvan, id).await.unwrap();
        let count = post.caught.all().len();
        post.after(Duration::hours(1)).await;
        assert_eq!(post.told().await, [(NoticeKind::Letters, Email, NoticeState::Failed, 2, ADDRESS.to_owned())]);
        let told = post.caught_since(count);
        assert_eq!(told.len(), 1, "only that the address is gone");
        assert_eq!(post.jobs().await, []);
    }
}

/// Address and code are nowhere in the database's files, neither while the code waits nor after.
#[tokio::test]
async fn the_files_of_the_database_hold_no_address_and_no_code() {
    let post = Post::on(Engine::Sqlite).await.unwrap();
    let (id, code) = post.ask_for_code(Email, ADDRESS).await;
    add(&post.house, &post.tolvan, Email, "other.person@example.se")
        .await
        .unwrap();
    add(&post.house, &post.tolvan, Sms, "not.a.number").await.unwrap();
    post.run_jobs().await;
    confirm(&post.house, &post.tolvan, id, &wrong(&code), Wish::AsRuled)
        .await
        .unwrap();
    post.reached_at(Sms, MOBILE).await;
    post.a_letter_comes().await;
    for file in std::fs::read_dir(post.database.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for secret in [
            ADDRESS,
            "tolvan@",
            "other.person",
            "not.a.number",
            MOBILE,
            "0701740605",
            "Tolvansson",
            &code,
        ] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret}");
        }
    }
}

/// The one address that a mailbox had before there were several goes on working.
#[tokio::test]
async fn the_address_from_before_is_carried_over() {
    let post = Post::on(Engine::Sqlite).await.unwrap();
    let url = format!("sqlite:{}", post.database.folder.path().join("older.db").display());
    let older = server::db::Db::open(&url).await.unwrap();
    let server::db::Db::Sqlite { writer, .. } = &older else {
        unreachable!()
    };
    let migrations = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let run = async |name: &str| {
        let sql = std::fs::read_to_string(migrations.join(name)).unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(writer).await.unwrap();
    };
    for name in ["0001_the_house.sql", "0002_login_result.sql", "0003_places.sql"] {
        run(name).await;
    }
    let mailbox = Uuid::from_u128(7);
    let (key, _) = post.house.keys.new_mailbox_key(post.house.ids, &mailbox).unwrap();
    let place = server::seal::Place::of("contact", &mailbox, "confirmed");
    let sealed = key.seal(post.house.ids, &place, ADDRESS.as_bytes()).unwrap();
    sqlx::query("INSERT INTO contact (mailbox_id, confirmed, code_tries, codes_sent, codes_since, changed_at) VALUES ($1, $2, 0, 3, 5, 6)")
        .bind(mailbox.as_bytes().as_slice())
        .bind(sealed)
        .execute(writer)
        .await
        .unwrap();
    for name in ["0020_addresses.sql", "0071_contact_gone.sql"] {
        run(name).await;
    }
    let mut tx = older.read().await.unwrap();
    let known = server::outbox::addresses::known(&mut tx, &key, mailbox).await.unwrap();
    assert_eq!(known.len(), 1);
    assert!(known[0].row.is_in_use() && known[0].address.to_string() == ADDRESS);
    assert!(store::address::is_any_confirmed(&mut tx, mailbox).await.unwrap());
}
