//! Rules: what is held and gathered, changed and taken back; reminders.

use super::post::{ADDRESS, MOBILE, Post};
use app::ports::RulesForm;
use infrastruktur::catcher::Kind;
use server::domain::channel::Channel::{Email, Sms};
use server::domain::notice_rules::{Hour, Letters, OwnRule, Quiet, Rules, Ways, When};
use server::mailbox::notice_rules::{Changed, change, current, keep_typed, put_own, senders, undo, waiting};
use server::store;
use server::store::notice::{NoticeKind, NoticeState};
use time::Duration;
use time::macros::datetime;
use uuid::Uuid;

fn hour(hour: u8) -> Hour {
    Hour::try_from(hour).unwrap()
}

fn quiet_at_night(rules: &mut Rules) {
    rules.quiet = Quiet::new(hour(20), hour(8));
}

fn usual(email: When, sms: When) -> impl FnOnce(&mut Rules) + Send {
    move |rules| (rules.usual.email, rules.usual.sms) = (email, sms)
}

on_both_databases! {
    /// Two letters in the night are told of in one message in the morning, of which the one that has been read is no part.
    async fn a_night_is_told_of_in_the_morning_and_together(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(quiet_at_night).await;
        post.after(Duration::hours(13)).await;
        let count = post.caught.all().len();
        let read = post.a_letter_comes().await;
        post.after(Duration::hours(2)).await;
        post.a_letter_comes().await;
        post.a_letter_comes().await;
        let rounds = waiting(&post.house, &post.tolvan).await.unwrap();
        assert_eq!((rounds.len(), rounds[0].letters, rounds[0].channel), (1, 3, Email));
        assert_eq!(rounds[0].due_at, datetime!(2027-01-16 07:00 UTC));
        assert!(waiting(&post.house, &post.other).await.unwrap().is_empty());
        assert_eq!(post.caught_since(count), [], "the night is quiet");
        post.read(read).await;
        post.after(Duration::hours(9)).await;
        let told = post.caught_since(count);
        assert_eq!(told.len(), 1);
        assert_eq!(post.caught.all().pop().unwrap().subject.as_deref(), Some("Du har fått 2 nya brev"));
        assert!(waiting(&post.house, &post.tolvan).await.unwrap().is_empty());
        assert_eq!(post.jobs().await, []);
    }

    /// A new try keeps to quiet hours too: the server was away in the evening, and is back in the night.
    async fn a_new_try_waits_for_the_morning(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(quiet_at_night).await;
        // 19.59 in Sweden.
        post.after(Duration::minutes(11 * 60 - 1)).await;
        post.letter("Kommun A", "Ett brev").await;
        post.worker_without_mail().run_due(&tokio_util::sync::CancellationToken::new()).await.unwrap();
        let count = post.caught.all().len();
        post.after(Duration::hours(2)).await;
        assert_eq!(post.caught_since(count), []);
        post.after(Duration::hours(11)).await;
        assert_eq!(post.caught_since(count).len(), 1);
    }

    /// One message a day, none on a day without letters, nothing told twice and nothing forgotten.
    async fn gathered_letters_are_told_once_a_day(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(usual(When::Daily, When::Never)).await;
        let count = post.caught.all().len();
        let subjects = |post: &Post| -> Vec<String> {
            post.caught.all().into_iter().skip(count).filter_map(|mail| mail.subject).collect()
        };
        post.a_letter_comes().await;
        post.after(Duration::hours(3)).await;
        post.a_letter_comes().await;
        assert_eq!(subjects(&post), [""; 0]);
        post.after(Duration::hours(5)).await;
        assert_eq!(subjects(&post), ["Du har fått 2 nya brev"]);
        let last = post.a_letter_comes().await;
        post.after(Duration::hours(23)).await;
        assert_eq!(subjects(&post), ["Du har fått 2 nya brev"]);
        post.after(Duration::hours(1)).await;
        assert_eq!(subjects(&post), ["Du har fått 2 nya brev", "Du har fått ett nytt brev"]);
        post.read(last).await;
        post.after(Duration::days(1)).await;
        assert_eq!(subjects(&post).len(), 2);
    }

    /// A worker that dies with the round in its hands, or after it has told and before it has said so: the round is told once.
    async fn a_round_is_told_once_whatever_stops_in_between(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(usual(When::Daily, When::Never)).await;
        post.a_letter_comes().await;
        post.clock.advance(Duration::hours(9));
        let now = post.house.clock.now();
        let lease = Duration::try_from(post.config.notice.lease).unwrap();
        let mut tx = post.house.db.begin().await.unwrap();
        assert_eq!(store::job::claim(&mut tx, Uuid::nil(), now, now + lease, 10).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
        let count = post.caught.all().len();
        // Another letter of the same round is decided while the round is in the hands of the one that died.
        assert_eq!(post.run_jobs().await, 0);
        post.after(lease + Duration::SECOND).await;
        assert_eq!(post.caught_since(count).len(), 1);
        post.after(Duration::hours(1)).await;
        assert_eq!(post.caught_since(count).len(), 1);
        assert_eq!(post.jobs().await, []);
    }

    async fn a_senders_own_rule_comes_first_in_quiet_hours_too(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        post.letter("Region Mellandalen", "Första").await;
        post.run_jobs().await;
        let known = senders(&post.house, &post.tolvan).await.unwrap();
        let (number, name) = known.iter().find(|(_, name)| *name == "Region Mellandalen").unwrap();
        assert!(senders(&post.house, &post.other).await.unwrap().is_empty());
        let rule = OwnRule {
            id: Uuid::from_u128(9),
            letters: Letters::From { number: number.clone(), name: name.clone() },
            ways: Ways { email: When::Never, sms: When::AtOnce, push: When::Never },
            always: true,
        };
        post.rule(|rules| {
            quiet_at_night(rules);
            assert_eq!(put_own(rules, rule.clone(), true), Changed::Done);
            assert_eq!(put_own(rules, OwnRule { id: Uuid::from_u128(10), ..rule }, true), Changed::Already);
        }).await;
        post.after(Duration::hours(15)).await;
        let count = post.caught.all().len();
        post.letter("Region Mellandalen", "Andra").await;
        post.letter("Kommun A", "Kan vänta").await;
        post.run_jobs().await;
        let told = post.caught_since(count);
        assert_eq!(told.iter().map(|one| one.0).collect::<Vec<_>>(), [Kind::Sms]);
    }

    /// What waits is decided anew when the rules change, and back again when that is undone.
    async fn a_change_holds_for_what_waits_too(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(usual(When::Weekly, When::Never)).await;
        post.a_letter_comes().await;
        let count = post.caught.all().len();
        post.rule(usual(When::Daily, When::Never)).await;
        let rounds = waiting(&post.house, &post.tolvan).await.unwrap();
        assert_eq!(rounds.iter().map(|round| round.due_at).collect::<Vec<_>>(), [datetime!(2027-01-15 16:00 UTC)]);
        assert_eq!(undo(&post.house, &post.tolvan).await.unwrap(), Changed::Done);
        let rounds = waiting(&post.house, &post.tolvan).await.unwrap();
        assert_eq!(rounds.iter().map(|round| round.due_at).collect::<Vec<_>>(), [datetime!(2027-01-18 08:00 UTC)]);
        assert_eq!(undo(&post.house, &post.tolvan).await.unwrap(), Changed::NotFound, "once");
        assert_eq!(post.caught_since(count), []);
        post.rule(usual(When::AtOnce, When::Never)).await;
        assert_eq!(post.caught_since(count).len(), 1);
        assert!(waiting(&post.house, &post.tolvan).await.unwrap().is_empty());
        post.after(Duration::days(4)).await;
        let of_letters = post.told().await.into_iter().filter(|one| one.0 == NoticeKind::Letters).count();
        assert_eq!(of_letters, 1, "told once, whatever was decided in between");
    }

    /// After three days at 17.00, after seven by every way, and not of what has been read; nothing when they are switched off.
    async fn what_is_still_unread_is_reminded_of(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        let read = post.a_letter_comes().await;
        post.a_letter_comes().await;
        post.read(read).await;
        let count = post.caught.all().len();
        post.after(Duration::hours(3 * 24 + 7)).await;
        assert_eq!(post.caught_since(count), []);
        post.after(Duration::hours(1)).await;
        let told = post.caught_since(count);
        assert_eq!(told.iter().map(|one| one.0).collect::<Vec<_>>(), [Kind::Email]);
        assert_eq!(post.caught.all().pop().unwrap().subject.as_deref(), Some("Påminnelse: du har ett oläst brev"));
        post.after(Duration::days(4)).await;
        let told = post.caught_since(count + 1);
        assert_eq!(told.len(), 2);
        assert!(told.iter().any(|one| one.0 == Kind::Sms) && told.iter().any(|one| one.0 == Kind::Email));
        post.after(Duration::days(30)).await;
        assert_eq!(post.caught_since(count + 3), []);

        post.rule(|rules| (rules.reminders.first, rules.reminders.second) = (false, false)).await;
        post.a_letter_comes().await;
        let count = post.caught.all().len();
        post.after(Duration::days(10)).await;
        assert_eq!(post.caught_since(count), []);
    }

    /// Many letters of a day are one reminder.
    async fn letters_of_one_day_are_reminded_of_together(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        for _ in 0..12 {
            post.a_letter_comes().await;
        }
        let count = post.caught.all().len();
        post.after(Duration::hours(3 * 24 + 8)).await;
        assert_eq!(post.caught_since(count).len(), 1);
        assert_eq!(post.caught.all().pop().unwrap().subject.as_deref(), Some("Påminnelse: du har 12 olästa brev"));
    }

    async fn rules_are_the_persons_own(post: Post) {
        post.rule(quiet_at_night).await;
        assert_eq!(current(&post.house, &post.other).await.unwrap().unwrap().rules, Rules::default());
        assert_eq!(undo(&post.house, &post.other).await.unwrap(), Changed::NotFound);
        let typed = RulesForm { word: "inte ett ord!".to_owned(), ..RulesForm::default() };
        keep_typed(&post.house, &post.tolvan, &typed).await.unwrap();
        assert_eq!(current(&post.house, &post.other).await.unwrap().unwrap().typed, None);
        assert_eq!(current(&post.house, &post.tolvan).await.unwrap().unwrap().typed, Some(typed));
        let stranger = server::mailbox::access::Person::new("198112189876".parse().unwrap(), "X".to_owned());
        assert!(current(&post.house, &stranger).await.unwrap().is_none());
        let changed = change(&post.house, &stranger, |_| Changed::Done).await.unwrap();
        assert_eq!(changed, Changed::NotFound);
        let kept = current(&post.house, &post.tolvan).await.unwrap().unwrap().rules;
        assert_eq!(kept.quiet, Quiet::new(hour(20), hour(8)));
    }

    /// With no way chosen at all, a letter is not announced; but it is reminded of, and seen.
    async fn somebody_who_wants_no_notices_is_still_reminded(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.rule(usual(When::Never, When::Never)).await;
        post.a_letter_comes().await;
        assert_eq!(post.told().await, []);
        post.after(Duration::hours(3 * 24 + 8)).await;
        assert_eq!(post.told().await, [(NoticeKind::Reminder, Email, NoticeState::Sent, 1, ADDRESS.to_owned())]);
    }
}
