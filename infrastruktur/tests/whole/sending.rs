//! Sending, to a mailbox that checks everything as the operator's does and keeps what it got in memory.

use super::House;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Extension, Router};
use axum_server::Handle;
use contracts::certificate::{TrustStore, organisation_of};
use contracts::fault::{ApplicationFault, ErrorCode};
use contracts::identifier::RecipientId;
use contracts::service::{
    DeliveryResult, ReceivePolicy, VerifiedDelivery, read_delivery_result, receive, write_delivery_result,
};
use http::StatusCode;
use infrastruktur::clock::Clock;
use infrastruktur::sending::{Letter, Mediator, SendError, attachment, load, pdf, send_demonstration_mail};
use infrastruktur::tls::{self, Peer, PeerAcceptor};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use time::OffsetDateTime;
use time::macros::date;

/// What arrived, with the organisation at the other end of TLS.
type Arrived = Arc<Mutex<Vec<(String, VerifiedDelivery)>>>;

#[derive(Clone)]
struct Mailbox {
    trust: Arc<TrustStore>,
    arrived: Arrived,
}

async fn deliver(State(mailbox): State<Mailbox>, Extension(peer): Extension<Option<Peer>>, body: Bytes) -> Response {
    let peer = organisation_of(&peer.unwrap().0).unwrap().to_string();
    match receive(
        &body,
        &ReceivePolicy::default(),
        &mailbox.trust,
        OffsetDateTime::now_utc(),
    ) {
        Ok(verified) => {
            let recipient = verified.delivery.recipient;
            // Nobody has a mailbox here but Tolvan.
            let delivered = recipient.to_string() == "191212121212";
            let result = DeliveryResult {
                trans_id: "t-1".into(),
                recipient,
                delivered,
            };
            if verified.delivery.messages.iter().any(|m| m.subject == "refuse") {
                let fault = ApplicationFault {
                    code: ErrorCode::UnknownSender,
                    description: "not you".into(),
                    call_id: "01234567-89ab-7def-8123-456789abcdef".into(),
                };
                return (StatusCode::INTERNAL_SERVER_ERROR, fault.to_envelope()).into_response();
            }
            mailbox.arrived.lock().unwrap().push((peer, verified));
            write_delivery_result(&result).into_response()
        }
        Err(refusal) => (StatusCode::INTERNAL_SERVER_ERROR, refusal.to_string()).into_response(),
    }
}

impl House {
    /// A mailbox, with its address known to FaR.
    async fn mailbox(&self) -> (Arrived, Handle<SocketAddr>) {
        let arrived = Arrived::default();
        let pki = &self.running.pki;
        let trust = Arc::new(TrustStore::from_pem(pki.authority(), Vec::new()).unwrap());
        let router = Router::new().route("/service/v3", post(deliver)).with_state(Mailbox {
            trust,
            arrived: Arc::clone(&arrived),
        });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("https://localhost:{}/service/v3", listener.local_addr().unwrap().port());
        self.running.register.set_operator_address(&address).await.unwrap();
        let config = tls::mutual_server(&pki.pair("brevlada-tls").unwrap(), pki.authority()).unwrap();
        let handle = Handle::new();
        let server = axum_server::from_tcp(listener)
            .unwrap()
            .acceptor(PeerAcceptor::new(config));
        tokio::spawn(server.handle(handle.clone()).serve(router.into_make_service()));
        (arrived, handle)
    }

    fn far(&self) -> String {
        format!(
            "https://localhost:{}/recipient/v3",
            self.running.addresses.register.port()
        )
    }

    fn mediator(&self, sender: &str, mediator: &str) -> Mediator {
        let (sender, mediator) = (sender.parse().unwrap(), mediator.parse().unwrap());
        Mediator::open(&self.running.pki, sender, mediator, &self.far(), Clock::system()).unwrap()
    }
}

fn letter(to: &str, subject: &str) -> Letter {
    let sender = "162021004748".parse().unwrap();
    Letter::new(
        sender,
        to.parse().unwrap(),
        "id-1".into(),
        subject,
        Letter::text("Hej på dig"),
    )
}

#[tokio::test]
async fn a_letter_arrives_signed_by_the_sender_and_sealed_by_the_mediator() {
    let house = House::open().await;
    let (arrived, _mailbox) = house.mailbox().await;
    let mut letter = letter("191212121212", "Hej & välkommen");
    letter
        .attachments
        .push(attachment("brev.pdf", pdf("Brev", &["Ett stycke"])));
    let sent = house
        .mediator("162021004748", "162021003898")
        .send(&letter.to_delivery())
        .await
        .unwrap();
    assert_eq!(sent.trans_id, "t-1");
    let arrived = arrived.lock().unwrap();
    let (peer, verified) = &arrived[0];
    assert_eq!(peer, "162021003898");
    assert_eq!(verified.signer.organisation.to_string(), "162021004748");
    assert_eq!(verified.sealer.organisation.to_string(), "162021003898");
    assert_eq!(verified.delivery, letter.to_delivery());
    assert!(
        verified.delivery.messages[0].attachments[0]
            .content
            .starts_with(b"%PDF-")
    );
}

#[tokio::test]
async fn a_letter_that_does_not_arrive_says_why() {
    let house = House::open().await;
    let (_arrived, mailbox) = house.mailbox().await;
    let kommun_a = house.mediator("162021004748", "162021004748");
    let why = |letter: Letter| {
        let kommun_a = kommun_a.clone();
        async move { kommun_a.send(&letter.to_delivery()).await.unwrap_err() }
    };
    assert!(matches!(
        why(letter("197503029816", "x")).await,
        SendError::NoMailbox(_)
    ));
    assert!(matches!(why(letter("191212121212", "refuse")).await, SendError::Mailbox(fault) if fault.number == 5014));
    let recipient: RecipientId = "195407209831".parse().unwrap();
    let RecipientId::Person(number) = recipient else {
        unreachable!()
    };
    let us = infrastruktur::people::OPERATOR.parse().unwrap();
    house
        .running
        .register
        .add_residents([number], Some(us), OffsetDateTime::now_utc())
        .await
        .unwrap();
    assert!(matches!(why(letter("195407209831", "x")).await, SendError::NotDelivered(r) if r == recipient));
    // Kommun A does not mediate for Kommun B.
    let wrong = house.mediator("162021003898", "162021004748");
    let delivery = Letter {
        sender: "162021003898".parse().unwrap(),
        ..letter("191212121212", "x")
    }
    .to_delivery();
    assert!(matches!(wrong.send(&delivery).await, Err(SendError::Far(fault)) if fault.number == 6005));
    mailbox.shutdown();
    let gone = why(letter("191212121212", "x")).await;
    assert!(matches!(gone, SendError::Http(_)), "{gone}");
}

#[tokio::test]
async fn the_demonstration_mail_is_the_same_letters_each_time() {
    let house = House::open().await;
    let (arrived, _mailbox) = house.mailbox().await;
    for _ in 0..2 {
        let to = "191212121212".parse().unwrap();
        let day = date!(2026 - 11 - 23);
        let sent = send_demonstration_mail(&house.running.pki, &house.far(), to, day, &Clock::system())
            .await
            .unwrap();
        assert_eq!(sent.len(), 10);
    }
    let arrived = arrived.lock().unwrap();
    let signatures: Vec<_> = arrived.iter().map(|(_, v)| &v.inner_signature_value).collect();
    assert_eq!(
        signatures[..10],
        signatures[10..],
        "an operator takes the second run for duplicates"
    );
    assert!(
        arrived
            .iter()
            .any(|(_, v)| v.signer.organisation != v.sealer.organisation),
        "one is mediated"
    );
}

#[tokio::test]
async fn load_counts_what_becomes_of_every_letter() {
    let house = House::open().await;
    let (arrived, _mailbox) = house.mailbox().await;
    let plan = load::Plan {
        sender: "162021004748".parse().unwrap(),
        recipients: vec!["191212121212".parse().unwrap(), "195407209831".parse().unwrap()],
        count: 20,
        connections: 4,
        size: 2_000,
    };
    let report = load::run(&house.mediator("162021004748", "162021004748"), &plan)
        .await
        .unwrap();
    assert_eq!(
        (report.delivered, report.not_delivered, report.latencies.len()),
        (10, 10, 20)
    );
    assert!(!report.is_clean() && report.request_bytes > 2_000);
    assert!(report.to_string().contains("deliveries/s"), "{report}");
    let arrived = arrived.lock().unwrap();
    let different: std::collections::BTreeSet<_> = arrived.iter().map(|(_, v)| &v.inner_signature_value).collect();
    assert_eq!(different.len(), 20, "no two are the same");
    assert!(read_delivery_result(b"").is_err());
}
