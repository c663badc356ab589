//! Mail that comes back after it was taken.

use super::post::{ADDRESS, MOBILE, Post};
use server::domain::bounce::{Action, read};
use server::domain::channel::Channel::{Email, Sms};
use server::mailbox::bounce::{Taken, take_in};
use server::mailbox::notice_log::notices;
use server::outbox::return_path;
use server::store::notice::{NoticeKind, NoticeState};
use time::Duration;
use uuid::Uuid;

/// Reports that Postfix 3.7 and Exim 4.96 wrote of our own mails to a server that refused them, what became of the mail by each, and the
/// number for an address that takes nothing any more.
const REAL: [(&str, Action, Option<&str>); 17] = [
    (
        include_str!("../files/bounces/postfix-gone-failed.eml"),
        Action::Failed,
        Some("5.1.1"),
    ),
    (
        include_str!("../files/bounces/postfix-disabled-failed.eml"),
        Action::Failed,
        Some("5.2.1"),
    ),
    (
        include_str!("../files/bounces/postfix-policy-failed.eml"),
        Action::Failed,
        None,
    ),
    (
        include_str!("../files/bounces/postfix-full-failed.eml"),
        Action::Failed,
        None,
    ),
    (
        include_str!("../files/bounces/postfix-plain-failed.eml"),
        Action::Failed,
        Some("550"),
    ),
    (
        include_str!("../files/bounces/postfix-data-failed.eml"),
        Action::Failed,
        None,
    ),
    (
        include_str!("../files/bounces/postfix-anna-delayed.eml"),
        Action::Other,
        None,
    ),
    (
        include_str!("../files/bounces/postfix-anna-failed.eml"),
        Action::Failed,
        None,
    ),
    (
        include_str!("../files/bounces/postfix-later-delayed.eml"),
        Action::Other,
        None,
    ),
    (
        include_str!("../files/bounces/exim-gone-failed.eml"),
        Action::Failed,
        Some("5.1.1"),
    ),
    (
        include_str!("../files/bounces/exim-disabled-failed.eml"),
        Action::Failed,
        Some("5.2.1"),
    ),
    (
        include_str!("../files/bounces/exim-policy-failed.eml"),
        Action::Failed,
        None,
    ),
    (
        include_str!("../files/bounces/exim-full-failed.eml"),
        Action::Failed,
        None,
    ),
    (
        include_str!("../files/bounces/exim-plain-failed.eml"),
        Action::Failed,
        Some("550"),
    ),
    (
        include_str!("../files/bounces/exim-later-delayed.eml"),
        Action::Other,
        None,
    ),
    (
        include_str!("../files/bounces/exim-anna-delayed.eml"),
        Action::Other,
        None,
    ),
    (
        include_str!("../files/bounces/exim-anna-failed.eml"),
        Action::Failed,
        None,
    ),
];

/// The beginning of the return paths in them; digits follow that differ.
const THEIRS: &str = "studs+00ff00ff";

#[test]
fn real_reports_are_read() {
    for (text, action, number) in REAL {
        let bounce = read(text).unwrap_or_else(|| panic!("{text}"));
        let [status] = bounce.statuses.as_slice() else {
            panic!("{text}");
        };
        assert_eq!(
            (status.action, status.for_good().as_deref()),
            (action, number),
            "{text}"
        );
        assert!(
            bounce.sent_to.iter().all(|to| to.starts_with(THEIRS)) && !bounce.sent_to.is_empty(),
            "{text}"
        );
    }
}

/// A report as mail servers write it, to `to`, with this action and status.
fn report(to: &str, action: &str, status: &str) -> String {
    format!(
        "To: <{to}>\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b1\"\r\n\r\n\
         --b1\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n\
         --b1\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {ADDRESS}\r\nAction: {action}\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 {status} User unknown\r\n\r\n--b1--\r\n"
    )
}

impl Post {
    /// Takes in a report to the return path of a notice.
    async fn comes_back(&self, to: &str, action: &str, status: &str) -> Taken {
        let bounce = read(&report(to, action, status)).unwrap();
        let taken = take_in(&self.house, &bounce, None).await.unwrap();
        self.run_jobs().await;
        taken
    }

    /// The return path of the newest notice of letters.
    async fn return_path(&self) -> String {
        let (logged, _) = notices(&self.house, &self.tolvan, None, None).await.unwrap();
        let newest = logged
            .iter()
            .find(|logged| logged.row.kind == NoticeKind::Letters)
            .unwrap();
        let bounces = "studs@brevlada.example".parse().unwrap();
        return_path::of(&self.house, &bounces, newest.row.id)
            .unwrap()
            .to_string()
    }
}

on_both_databases! {
    /// The whole of it: sent, come back, seen, told by another way.
    async fn what_comes_back_for_good_marks_the_address_and_is_told_by_the_other_way(post: Post) {
        let email = post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        post.a_letter_comes().await;
        let to = post.return_path().await;
        assert!(to.len() < 64 + 1 + 254 && to.split('@').next().unwrap().len() <= 64, "{to}");
        let count = post.caught.all().len();
        assert_eq!(post.comes_back(&to, "failed", "5.1.1").await, Taken::Failed { for_good: true });
        assert_eq!(post.is_in_use(email).await, Some(false));
        assert_eq!(post.told().await, [
            (NoticeKind::Letters, Email, NoticeState::Failed, 1, ADDRESS.to_owned()),
            (NoticeKind::Letters, Sms, NoticeState::Sent, 1, MOBILE.to_owned()),
        ]);
        let told = post.caught_since(count);
        assert!(told.iter().any(|one| one.2.contains("brevlada når dig inte på t•••••@example.se")), "{told:?}");
        let (logged, _) = notices(&post.house, &post.tolvan, Some(NoticeState::Failed), None).await.unwrap();
        assert_eq!(logged[0].answer.as_deref(), Some("550 5.1.1 User unknown"));
        assert_eq!(post.comes_back(&to, "failed", "5.1.1").await, Taken::NothingNew, "once");
    }

    /// As it comes from the mail server, with nothing but the headers to tell whose it is.
    async fn a_real_report_takes_the_notice_another_way(post: Post) {
        let email = post.reached_at(Email, ADDRESS).await;
        post.reached_at(Sms, MOBILE).await;
        let [full, gone] = ["postfix-full", "exim-gone"].map(|name| {
            let path = format!("{}/tests/it/files/bounces/{name}-failed.eml", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        });
        for (report, marked) in [(full, false), (gone, true)] {
            let count = post.caught.all().len();
            // The newest notice is told by its time.
            post.clock.advance(Duration::minutes(1));
            post.a_letter_comes().await;
            let at = report.find(THEIRS).unwrap();
            let theirs = report[at..].split_inclusive(".example").next().unwrap();
            let bounce = read(&report.replace(theirs, &post.return_path().await)).unwrap();
            assert_eq!(take_in(&post.house, &bounce, None).await.unwrap(), Taken::Failed { for_good: marked });
            post.run_jobs().await;
            assert_eq!(post.is_in_use(email).await, Some(!marked));
            let told = post.caught_since(count);
            assert!(told.iter().any(|(_, to, text)| to == MOBILE && text.contains("nytt brev")), "{told:?}");
        }
    }

    async fn what_is_full_or_late_does_not_mark_the_address(post: Post) {
        let email = post.reached_at(Email, ADDRESS).await;
        post.a_letter_comes().await;
        let to = post.return_path().await;
        assert_eq!(post.comes_back(&to, "delayed", "4.4.1").await, Taken::NothingNew);
        assert_eq!(post.comes_back(&to, "failed", "5.7.1").await, Taken::Failed { for_good: false });
        assert_eq!(post.is_in_use(email).await, Some(true));
        assert_eq!(post.told().await, [(NoticeKind::Letters, Email, NoticeState::Failed, 1, ADDRESS.to_owned())]);
    }

    /// Whoever knows everything but the key can report nothing.
    async fn a_forged_report_changes_nothing(post: Post) {
        post.reached_at(Email, ADDRESS).await;
        post.a_letter_comes().await;
        let to = post.return_path().await;
        let before = post.seen().await;
        let (user, domain) = to.split_once('@').unwrap();
        let last = if user.ends_with('0') { '1' } else { '0' };
        let forged = format!("{}{last}@{domain}", &user[..user.len() - 1]);
        let bounces = "studs@brevlada.example".parse().unwrap();
        let unknown = return_path::of(&post.house, &bounces, Uuid::from_u128(1)).unwrap().to_string();
        for to in [forged.as_str(), unknown.as_str(), "studs@brevlada.example", "studs+00@x.example", "å+å@x", ""] {
            assert_eq!(post.comes_back(to, "failed", "5.1.1").await, Taken::NotOurs, "{to}");
        }
        assert_eq!(post.seen().await, before);
        // Mail servers may write addresses in capitals; what the server itself names counts before the headers.
        let shouted = read(&report("somebody@else.example", "failed", "5.1.1")).unwrap();
        let taken = take_in(&post.house, &shouted, Some(&to.to_uppercase())).await.unwrap();
        assert_eq!(taken, Taken::Failed { for_good: true });
    }
}
