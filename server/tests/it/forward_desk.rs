//! A home from which letters are passed on, with a mail server and a text message gateway in the test.

use crate::harness::{Engine, open_mailbox, person};
use crate::keep::{Home, delivery};
use infrastruktur::catcher::{Caught, serve_smtp, sms_router};
use server::domain::forward::{Limits, Way};
use server::mailbox::access::Person;
use server::mailbox::forward::{Also, Asked, Sent, ask, send};
use time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

pub(crate) const TOLVAN: &str = "191212121212";
pub(crate) const BERTIL: &str = "197503029816";
pub(crate) const AGNES: &str = "198112189876";
/// A number that nobody has a mailbox under.
pub(crate) const NOBODY: &str = "198005159804";
pub(crate) const KOMMUN_A: &str = "162021004748";

/// Where three who have mailboxes pass letters on. What stories of one kind say beside this stands with them.
pub(crate) struct Desk {
    pub home: Home,
    pub tolvan: Person,
    pub bertil: Person,
    pub agnes: Person,
    pub caught: Caught,
    _servers: DropGuard,
}

impl Desk {
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let mut home = Home::on(engine).await?;
        let agnes = person(AGNES, "Agnes Andersson");
        open_mailbox(&home.house, &agnes).await;
        let (caught, stop) = (Caught::new(1000), CancellationToken::new());
        let clock = infrastruktur::clock::Clock::system;
        let mail = TcpListener::bind("127.0.0.1:0").await.unwrap();
        home.config.smtp.url = format!("smtp://{}", mail.local_addr().unwrap()).parse().unwrap();
        tokio::spawn(serve_smtp(mail, caught.clone(), clock(), 1 << 22, stop.clone()));
        let sms = TcpListener::bind("127.0.0.1:0").await.unwrap();
        home.config.sms.url = format!("http://{}/a1/sms", sms.local_addr().unwrap()).parse().unwrap();
        home.config.sms.reports = false;
        let gateway = axum::serve(sms, sms_router(caught.clone(), clock(), std::time::Duration::ZERO));
        tokio::spawn(
            gateway
                .with_graceful_shutdown(stop.clone().cancelled_owned())
                .into_future(),
        );
        Some(Self {
            tolvan: home.tolvan.clone(),
            bertil: home.bertil.clone(),
            agnes,
            home,
            caught,
            _servers: stop.drop_guard(),
        })
    }

    pub(crate) fn limits(&self) -> Limits {
        self.home.config.keep.limits()
    }

    /// A letter comes to Tolvan.
    pub(crate) async fn a_letter(&self, subject: &str) -> Uuid {
        self.home.receive(&delivery(TOLVAN, &[subject])).await[0]
    }

    pub(crate) async fn ask(&self, who: &Person, letter: Uuid, to: (Way, &str)) -> Asked {
        // Ids of one millisecond have no order between them.
        self.home.clock.advance(Duration::milliseconds(2));
        ask(&self.home.house, who, &self.limits(), letter, to).await.unwrap()
    }

    pub(crate) async fn send(&self, who: &Person, letter: Uuid, draft: Uuid, also: Also) -> Sent {
        send(&self.home.house, who, &self.limits(), letter, draft, also)
            .await
            .unwrap()
    }

    /// From typing to confirming.
    pub(crate) async fn passes_on(&self, who: &Person, letter: Uuid, to: (Way, &str), also: Also) -> Sent {
        match self.ask(who, letter, to).await {
            Asked::Kept(draft) => self.send(who, letter, draft, also).await,
            Asked::Forbidden => Sent::Forbidden,
            Asked::NotFound => Sent::NotFound,
        }
    }
}
