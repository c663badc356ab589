//! What the text message gateway says of messages that it took: over HTTP, to the door that it is given.

use super::post::{ADDRESS, MOBILE, Post};
use crate::harness::Engine;
use infrastruktur::http_client::Connection;
use server::domain::channel::Channel::{Email, Sms};
use server::domain::notice_rules::When;
use server::mailbox::notice_log::{Logged, notices};
use server::outbox::Worker;
use server::outbox::report_path::{self, Handed};
use server::store::notice::{NoticeKind, NoticeState};
use server::web::sms_reports;
use std::time::Duration as Span;
use time::Duration;
use time::format_description::well_known::Rfc3339;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use url::Url;
use uuid::Uuid;

const LETTERS: NoticeKind = NoticeKind::Letters;
/// The catcher reports of these that nobody has the number, and that the phone is off.
const NOBODYS: &str = "+46701740699";
const OFF: &str = "+46701740698";

/// A house whose letters are told of by text message, and a door for reports of them.
struct Gate {
    post: Post,
    base: Url,
    _door: DropGuard,
}

impl Gate {
    async fn on(engine: Engine) -> Option<Self> {
        let mut post = Post::on(engine).await?;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let stop = CancellationToken::new();
        let door = axum::serve(listener, sms_reports::router(post.house.clone()));
        tokio::spawn(
            door.with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );
        post.config.web.public_url = base.clone();
        post.rule(|rules| (rules.usual.email, rules.usual.sms) = (When::Never, When::AtOnce))
            .await;
        Some(Self {
            post,
            base,
            _door: stop.drop_guard(),
        })
    }

    /// From now on the gateway is asked to report by itself.
    fn with_reports(mut self) -> Self {
        self.post.config.sms.reports = true;
        self.post.worker = Worker::new(self.post.house.clone(), &self.post.config).unwrap();
        self
    }

    /// The newest text message about letters.
    async fn newest(&self) -> Logged {
        let (logged, _) = notices(&self.post.house, &self.post.tolvan, None, None).await.unwrap();
        let is_ours = |logged: &Logged| logged.row.kind == LETTERS && logged.row.channel == Sms;
        logged.into_iter().find(is_ours).unwrap()
    }

    /// Where the gateway reports on a try.
    fn address(&self, notice: Uuid, attempt: u32) -> Url {
        report_path::of(&self.post.house, &self.base, Handed { notice, attempt }).unwrap()
    }

    /// Posts a form as the gateway does; gives the status.
    async fn reports(&self, address: &Url, form: &str) -> u16 {
        let mut connection = Connection::open(address, None).await.unwrap();
        let (status, _) = connection.post_form(form.to_owned().into()).await.unwrap();
        status.as_u16()
    }

    /// Does what is due until the newest text message stands as it should.
    async fn until(&self, stands: impl Fn(&Logged) -> bool) -> Logged {
        tokio::time::timeout(Span::from_secs(20), async {
            loop {
                self.post.run_jobs().await;
                let newest = self.newest().await;
                if stands(&newest) {
                    return newest;
                }
                tokio::time::sleep(Span::from_millis(20)).await;
            }
        })
        .await
        .expect("the report comes soon")
    }

    /// What was sent about letters since there were so many messages: to whom.
    fn told_since(&self, count: usize) -> Vec<String> {
        let told = self.post.caught_since(count).into_iter();
        // A mail says it in its subject.
        told.filter(|(_, _, text)| text.contains("nytt brev") || text.contains("Så här läser du"))
            .map(|(_, to, _)| to)
            .collect()
    }
}

on_both_databases! {
    /// The whole way: the gateway takes the message, and says by itself that it is in the phone.
    async fn what_arrives_is_seen_to_have_arrived(gate: Gate) {
        let gate = gate.with_reports();
        gate.post.reached_at(Sms, MOBILE).await;
        gate.post.a_letter_comes().await;
        let newest = gate.until(|newest| newest.row.arrived_at.is_some()).await;
        assert_eq!((newest.row.state, newest.row.attempts), (NoticeState::Sent, 1));
        let sms = gate.post.caught.all().pop().unwrap();
        assert_eq!(sms.to, MOBILE);
        assert!(sms.report.is_some(), "it carried an address");
    }

    /// The whole way of one that does not: seen, the number marked, told by mail, once.
    async fn what_nobody_has_the_number_for_is_told_by_mail(gate: Gate) {
        let gate = gate.with_reports();
        gate.post.reached_at(Email, ADDRESS).await;
        let mobile = gate.post.reached_at(Sms, NOBODYS).await;
        let count = gate.post.caught.all().len();
        gate.post.a_letter_comes().await;
        let newest = gate.until(|newest| newest.row.state == NoticeState::Failed).await;
        assert_eq!(newest.answer.as_deref(), Some("Unknown subscriber"));
        gate.post.run_jobs().await;
        assert_eq!(gate.post.is_in_use(mobile).await, Some(false));
        assert_eq!(gate.told_since(count), [NOBODYS, ADDRESS]);
        let told = gate.post.caught_since(count);
        assert!(told.iter().any(|one| one.1 == ADDRESS && one.2.contains("070-••• 06 99")), "{told:?}");
    }

    /// A phone that is off today is on tomorrow.
    async fn a_phone_that_is_off_is_not_marked(gate: Gate) {
        let gate = gate.with_reports();
        gate.post.reached_at(Email, ADDRESS).await;
        let mobile = gate.post.reached_at(Sms, OFF).await;
        let count = gate.post.caught.all().len();
        gate.post.a_letter_comes().await;
        gate.until(|newest| newest.row.state == NoticeState::Failed).await;
        gate.post.run_jobs().await;
        assert_eq!(gate.post.is_in_use(mobile).await, Some(true));
        assert_eq!(gate.told_since(count), [OFF, ADDRESS]);
    }

    /// Without reports the gateway is given no address, and what it took is all that is known.
    async fn without_reports_nothing_is_asked(gate: Gate) {
        gate.post.reached_at(Sms, NOBODYS).await;
        gate.post.a_letter_comes().await;
        assert_eq!(gate.post.caught.all().pop().unwrap().report, None);
        assert_eq!(gate.newest().await.row.state, NoticeState::Sent);
    }

    /// 46elks repeats what is not answered with 204: it is taken once, however often it comes, and whatever comes after it.
    async fn a_report_counts_once(gate: Gate) {
        gate.post.reached_at(Email, ADDRESS).await;
        gate.post.reached_at(Sms, MOBILE).await;
        let count = gate.post.caught.all().len();
        gate.post.a_letter_comes().await;
        let address = gate.address(gate.newest().await.row.id, 1);
        for _ in 0..3 {
            assert_eq!(gate.reports(&address, "id=s1&status=failed").await, 204);
            gate.post.run_jobs().await;
        }
        assert_eq!(gate.told_since(count), [MOBILE, ADDRESS]);
        // Late, when the other way has been taken: nothing is taken back, and nothing told again.
        let before = gate.post.seen().await;
        assert_eq!(gate.reports(&address, "id=s1&status=delivered").await, 204);
        gate.post.run_jobs().await;
        assert_eq!(gate.post.seen().await, before);
        assert_eq!(gate.newest().await.row.arrived_at, None);
        assert_eq!(gate.newest().await.answer, None, "no reason was given");
    }

    /// Ten at the same moment, as from a gateway that has lost its head.
    async fn reports_at_once_count_once(gate: Gate) {
        gate.post.reached_at(Email, ADDRESS).await;
        gate.post.reached_at(Sms, MOBILE).await;
        let count = gate.post.caught.all().len();
        gate.post.a_letter_comes().await;
        let address = gate.address(gate.newest().await.row.id, 1);
        let ten = (0..10).map(|_| gate.reports(&address, "id=s1&status=failed"));
        assert_eq!(futures::future::join_all(ten).await, [204; 10]);
        gate.post.run_jobs().await;
        assert_eq!(gate.told_since(count), [MOBILE, ADDRESS]);
    }

    async fn what_has_arrived_does_not_fail_any_more(gate: Gate) {
        gate.post.reached_at(Email, ADDRESS).await;
        gate.post.reached_at(Sms, MOBILE).await;
        gate.post.a_letter_comes().await;
        let sent_at = gate.newest().await.row.at;
        gate.post.clock.advance(Duration::minutes(5));
        let address = gate.address(gate.newest().await.row.id, 1);
        // The moment that the gateway names, where it can be true.
        let at = (sent_at + Duration::minutes(2)).format(&Rfc3339).unwrap();
        let form = format!("id=s1&status=delivered&delivered={}", at.trim_end_matches('Z'));
        assert_eq!(gate.reports(&address, "id=s1&status=sent").await, 204);
        assert_eq!(gate.newest().await.row.arrived_at, None);
        assert_eq!(gate.reports(&address, &form).await, 204);
        assert_eq!(gate.newest().await.row.arrived_at, Some(sent_at + Duration::minutes(2)));
        assert_eq!(gate.reports(&address, "id=s1&status=failed&reason=Unknown+subscriber").await, 204);
        gate.post.run_jobs().await;
        assert_eq!(gate.post.told().await, [(LETTERS, Sms, NoticeState::Sent, 1, MOBILE.to_owned())]);

        gate.post.a_letter_comes().await;
        let address = gate.address(gate.newest().await.row.id, 1);
        assert_eq!(gate.reports(&address, "status=delivered&delivered=2001-01-01T00:00:00").await, 204);
        assert_eq!(gate.newest().await.row.arrived_at, Some(gate.post.house.clock.now()), "not before it was sent");
    }

    /// A call that broke may have been heard: then what the gateway says ends the tries, and what it says of an earlier try that failed
    /// does not touch the next.
    async fn a_report_on_a_try_that_broke(gate: Gate) {
        gate.post.reached_at(Email, ADDRESS).await;
        gate.post.reached_at(Sms, MOBILE).await;
        let away = gate.post.worker_without_gateway();
        let stop = CancellationToken::new();
        for (attempt, says, answered) in [
            // The message may be on its way to the gateway at this moment: come again.
            (2, "failed", 503),
            (1, "failed", 204),
        ] {
            gate.post.letter("Kommun A", "Ett brev").await;
            away.run_due(&stop).await.unwrap();
            let waiting = gate.newest().await.row;
            assert_eq!((waiting.state, waiting.attempts), (NoticeState::Waiting, 1));
            let address = gate.address(waiting.id, attempt);
            assert_eq!(gate.reports(&address, &format!("status={says}")).await, answered);
            assert_eq!(gate.newest().await.row.state, NoticeState::Waiting);
            gate.post.after(Duration::minutes(1)).await;
            assert_eq!((gate.newest().await.row.state, gate.newest().await.row.attempts), (NoticeState::Sent, 2));
        }
        let address = gate.address(gate.newest().await.row.id, 1);
        assert_eq!(gate.reports(&address, "status=failed").await, 204);
        assert_eq!(gate.newest().await.row.state, NoticeState::Sent, "the second try is not the first");

        gate.post.letter("Kommun A", "Ett brev till").await;
        away.run_due(&stop).await.unwrap();
        let count = gate.post.caught.all().len();
        let waiting = gate.newest().await.row;
        assert_eq!(gate.reports(&gate.address(waiting.id, 1), "status=delivered").await, 204);
        gate.post.after(Duration::HOUR).await;
        let newest = gate.newest().await.row;
        assert_eq!((newest.id, newest.state, newest.attempts), (waiting.id, NoticeState::Sent, 1));
        assert!(newest.arrived_at.is_some());
        assert!(gate.told_since(count).is_empty(), "no second message");
        assert_eq!(gate.post.jobs().await, []);
    }

    /// Whoever knows everything but the key can report nothing; and who may report can report nothing else.
    async fn a_forged_or_broken_report_changes_nothing(gate: Gate) {
        gate.post.reached_at(Sms, MOBILE).await;
        gate.post.a_letter_comes().await;
        let notice = gate.newest().await.row.id;
        let right = gate.address(notice, 1);
        let before = gate.post.seen().await;
        let token = right.path().rsplit('/').next().unwrap().to_owned();
        let last = if token.ends_with('0') { '1' } else { '0' };
        let cut = token[..token.len() - 2].to_owned();
        let another_try = token.replacen("00000001", "00000002", 1);
        assert_ne!(another_try, token);
        for forged in [format!("{}{last}", &token[..token.len() - 1]), cut, another_try, format!("{token}00"), "x".repeat(5000), "%00".to_owned()] {
            let address = gate.base.join(&format!("/sms/rapport/{forged}")).unwrap();
            assert_eq!(gate.reports(&address, "status=failed").await, 404, "{forged}");
        }
        let long = format!("status=failed&reason={}", "x".repeat(5000));
        for form in ["", "id=s1", "status=dropped", "{\"status\":\"failed\"}", long.as_str()] {
            assert_eq!(gate.reports(&right, form).await, 400, "{form}");
        }
        let (status, _) = Connection::open(&right, None).await.unwrap().get().await.unwrap();
        assert_eq!(status.as_u16(), 405);
        // Ours, but of a notice that is not there any more.
        assert_eq!(gate.reports(&gate.address(Uuid::from_u128(1), 1), "status=failed").await, 204);
        assert_eq!(gate.post.seen().await, before);
        assert_eq!(gate.newest().await.row.arrived_at, None);
    }
}
