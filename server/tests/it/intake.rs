//! Letters come in: over the wire, by mutual TLS, on both databases.

mod desk;
mod senders;
mod traces;

use crate::harness::Engine;
use contracts::delivery::{Body, Delivery, Message, Sender, SupportInfo};
use contracts::fault::{ErrorCode, ReceivedFault, read_fault};
use contracts::service::{DeliveryResult, read_delivery_result};
use contracts::xml::Limits;
use desk::{
    BOLAGSVERKET, Desk, FOREIGN, KOMMUN_A, KOMMUN_B, PKI, SKATTEVERKET, TOLVAN, issue, read, request, request_by,
};
use http::StatusCode;
use server::domain::day_figure::DayFigure;
use server::mailbox::access::Person;
use server::mailbox::letter::{Opened, open_letter};
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::AsyncReadExt as _;

/// A letter from an organisation to somebody.
fn letter(from: &str, to: &str, subject: &str) -> Delivery {
    Delivery {
        sender: Sender {
            id: from.parse().unwrap(),
            name: "A sender".into(),
            attention: None,
        },
        recipient: to.parse().unwrap(),
        reference: None,
        correlation_id: None,
        attention: None,
        messages: vec![Message {
            id: "7b1c0a66-2a54-4b6a-9a5d-0e7f6c1f1a10".into(),
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
                content: "Hejsan".into(),
            },
            attachments: vec![],
        }],
    }
}

/// The answer of a request that was understood.
fn result((status, body): (StatusCode, String)) -> DeliveryResult {
    assert_eq!(status, StatusCode::OK, "{body}");
    read_delivery_result(body.as_bytes()).unwrap().unwrap()
}

/// The fault of a request that was not.
fn fault((status, body): (StatusCode, String)) -> ReceivedFault {
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
    let fault = read_fault(body.as_bytes(), &Limits::default()).unwrap().unwrap();
    assert!(uuid::Uuid::parse_str(&fault.call_id).is_ok(), "a call id: {fault:?}");
    assert!(!body.contains(TOLVAN), "no personal number in a fault: {body}");
    fault
}

fn code(answer: (StatusCode, String)) -> ErrorCode {
    fault(answer).code().unwrap()
}

on_both_databases! {
    /// Signed by the sender, sealed by a mediator, stored before the answer.
    async fn a_letter_is_stored_and_answered(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let answer = result(desk.post(sent).await);
        assert!(answer.delivered);
        assert_eq!(answer.recipient.to_string(), TOLVAN);
        assert!(uuid::Uuid::parse_str(&answer.trans_id).is_ok());
        assert_eq!(desk.stored().await, (1, 1));
    }

    /// What is stored is counted on its day, once, and what is refused is not; an opened letter counts once, however often it is opened.
    async fn letters_and_their_openings_are_counted(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let counted = || {
            let counted = desk.house.tally.take().into_iter();
            counted.map(|((_, figure), count)| (figure, count.total, count.behind.len())).collect::<Vec<_>>()
        };
        assert!(result(desk.post(sent.clone()).await).delivered);
        assert!(result(desk.post(sent).await).delivered, "the same again");
        let nobody = letter(SKATTEVERKET, TOLVAN, "Hej");
        assert!(fault(desk.post(request(&nobody, SKATTEVERKET, KOMMUN_B)).await).code().is_some());
        assert_eq!(counted(), [(DayFigure::Letters, 1, 1)]);

        let tolvan = Person::new(TOLVAN.parse().unwrap(), "Tolvan");
        let mut tx = desk.house.db.read().await.unwrap();
        let row = tx.fetch_optional("SELECT id FROM letter", vec![]).await.unwrap().unwrap();
        drop(tx);
        let id = row.id("id").unwrap();
        assert!(matches!(open_letter(&desk.house, &tolvan, id).await.unwrap(), Opened::Letter(_)));
        assert_eq!(counted(), [(DayFigure::OpenedInDay, 1, 1), (DayFigure::OpenedInWeek, 1, 1)]);
        let mut tx = desk.house.db.begin().await.unwrap();
        tx.execute("UPDATE letter SET read_at = NULL", vec![]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(matches!(open_letter(&desk.house, &tolvan, id).await.unwrap(), Opened::Letter(_)));
        assert_eq!(counted(), []);
    }

    /// A connection is kept: the fiftieth request goes over it as the first did, faults between them.
    async fn a_connection_serves_many_requests(desk: Desk) {
        let mut connection = desk.connect(KOMMUN_A).await;
        for n in 0..10 {
            let sent = request(&letter(KOMMUN_A, TOLVAN, &format!("{n}")), KOMMUN_A, KOMMUN_A);
            assert!(result(read(connection.post_soap(sent.into()).await.unwrap())).delivered);
            assert_eq!(code(read(connection.post_soap("no xml".into()).await.unwrap())), ErrorCode::MalformedRequest);
        }
        assert_eq!(desk.stored().await, (10, 10));
    }

    /// Who shows no certificate, or one of an authority we do not know, does not come past the handshake.
    async fn strangers_are_refused_in_the_handshake(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let expired = issue(&PKI, Some(KOMMUN_B), -20, -10);
        let early = issue(&PKI, Some(KOMMUN_B), 10, 20);
        let foreign = FOREIGN.pair(KOMMUN_B).unwrap();
        for identity in [None, Some(&foreign), Some(&expired), Some(&early)] {
            // With TLS 1.3 the client learns of it when it first reads.
            if let Ok(mut connection) = desk.connect_as(identity).await {
                assert!(connection.post_soap(sent.clone().into()).await.is_err());
            }
        }
        assert_eq!(desk.stored().await, (0, 0));
        assert!(result(desk.post(sent).await).delivered, "the service is still up");
    }

    /// A certificate that we trust, but that names no organisation, gets a fault.
    async fn a_certificate_without_an_organisation_is_not_enough(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let mut connection = desk.connect_as(Some(&issue(&PKI, None, -1, 10))).await.unwrap();
        assert_eq!(code(read(connection.post_soap(sent.into()).await.unwrap())), ErrorCode::NotAuthorised);
        assert_eq!(desk.stored().await, (0, 0));
    }

    /// Nothing that was changed on the way is taken.
    async fn a_changed_delivery_is_refused(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        assert!(sent.contains("Hej") && sent.contains(TOLVAN));
        for (from, to) in [("Hej", "Hopp"), (TOLVAN, "197503029816"), (KOMMUN_A, KOMMUN_B)] {
            let answer = fault(desk.post(sent.replace(from, to)).await);
            assert_eq!(answer.code(), Some(ErrorCode::AccessDenied), "{from} for {to}: {answer}");
        }
        assert_eq!(desk.stored().await, (0, 0));
    }

    /// A certificate must be valid and of an authority that is trusted with signatures.
    async fn a_signer_that_nobody_vouches_for_is_refused(desk: Desk) {
        let delivery = letter(KOMMUN_A, TOLVAN, "Hej");
        let good = PKI.pair(KOMMUN_B).unwrap();
        for bad in [issue(&FOREIGN, Some(KOMMUN_A), -1, 10), issue(&PKI, Some(KOMMUN_A), -20, -10)] {
            for (signer, sealer) in [(&bad, &good), (&good, &bad)] {
                let answer = fault(desk.post(request_by(&delivery, signer, sealer)).await);
                let code = answer.code().unwrap();
                assert!(matches!(code, ErrorCode::AccessDenied | ErrorCode::CertificateError), "{answer}");
            }
        }
        assert_eq!(desk.stored().await, (0, 0));
    }

    /// The rules of who may send for whom.
    async fn sender_signer_and_mediator_must_be_approved(desk: Desk) {
        for (sender, signer, sealer, expected) in [
            // Not an approved sender, though a mediator.
            (SKATTEVERKET, SKATTEVERKET, SKATTEVERKET, ErrorCode::UnknownSender),
            // Signed by somebody else than the sender or its mediator.
            (KOMMUN_A, SKATTEVERKET, KOMMUN_B, ErrorCode::AccessDenied),
            // Sealed by a mediator that may not send for this sender.
            (KOMMUN_B, KOMMUN_B, KOMMUN_A, ErrorCode::DispatcherNotApproved),
            (KOMMUN_A, KOMMUN_A, BOLAGSVERKET, ErrorCode::DispatcherNotApproved),
        ] {
            let sent = request(&letter(sender, TOLVAN, "Hej"), signer, sealer);
            let mut connection = desk.connect(sealer).await;
            let answer = read(connection.post_soap(sent.into()).await.unwrap());
            assert_eq!(code(answer), expected, "{sender} signed by {signer}, sealed by {sealer}");
        }
        assert_eq!(desk.stored().await, (0, 0));
        // A mediator may sign for the sender too.
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_B, KOMMUN_B);
        assert!(result(desk.post(sent).await).delivered);
    }

    /// Whoever connects must be whoever sealed.
    async fn the_connection_must_be_the_sealers(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let mut connection = desk.connect(SKATTEVERKET).await;
        assert_eq!(code(read(connection.post_soap(sent.into()).await.unwrap())), ErrorCode::NotAuthorised);
        assert_eq!(desk.stored().await, (0, 0));
    }

    /// What is no request of ours gets a typed fault, and leaves the service standing.
    async fn what_cannot_be_understood_gets_a_fault(desk: Desk) {
        let good = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let soap = |body: &str| {
            format!("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body>{body}</s:Body></s:Envelope>")
        };
        let service = "http://minameddelanden.gov.se/schema/Service/v3";
        let deep = format!("{}{}", "<a>".repeat(5000), "</a>".repeat(5000));
        let entities = "<!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>";
        for bad in [
            String::new(),
            "{}".to_owned(),
            good[..good.len() / 2].to_owned(),
            format!("{entities}{}", soap("<x>&b;</x>")),
            soap(&deep),
            soap(""),
            soap(&format!("<deleteEverything xmlns='{service}'/>")),
            soap(&format!("<notify xmlns='{service}'/>")),
            soap(&format!("<deliverForward xmlns='{service}'/>")),
            soap(&format!("<deliverSecure xmlns='{service}'/>")),
        ] {
            let answer = fault(desk.post(bad.clone()).await);
            assert!(answer.code().is_some(), "{answer}");
        }
        let unsupported = fault(desk.post(soap(&format!("<notify xmlns='{service}'/>"))).await);
        assert!(unsupported.description.contains("does not offer"), "{unsupported}");
        assert_eq!(desk.stored().await, (0, 0));
        assert!(result(desk.post(good).await).delivered);
    }

    /// A good request to somebody who has no open mailbox here is answered, not refused.
    async fn whoever_has_no_open_mailbox_here_is_not_delivered_to(desk: Desk) {
        for nobody in ["197503029816", "198005159804", "165599999033", "191212121213"] {
            let sent = request(&letter(KOMMUN_A, nobody, "Hej"), KOMMUN_A, KOMMUN_B);
            let answer = result(desk.post(sent).await);
            assert!(!answer.delivered);
            assert_eq!(answer.recipient.to_string(), nobody);
        }
        desk.close_mailboxes().await;
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        assert!(!result(desk.post(sent).await).delivered);
        assert_eq!(desk.stored().await, (0, 0));
    }

    /// Two hundred times the same delivery at once: one letter, and every answer is the same.
    async fn the_same_two_hundred_times_is_one_letter(desk: Desk) {
        let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
        let mut connections = Vec::new();
        for _ in 0..200 {
            connections.push(desk.connect(KOMMUN_B).await);
        }
        let posts = connections.iter_mut().map(|connection| connection.post_soap(sent.clone().into()));
        let answers = futures::future::join_all(posts).await;
        let ids: BTreeSet<String> = answers
            .into_iter()
            .map(|answer| result(read(answer.unwrap())))
            .map(|answer| {
                assert!(answer.delivered);
                answer.trans_id
            })
            .collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(desk.stored().await, (1, 1));
        // Sealed anew, as a mediator does that sends again the next day, it is still the same.
        let again = result(desk.post(request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B)).await);
        assert!(ids.contains(&again.trans_id));
        assert_eq!(desk.stored().await, (1, 1));
    }

    /// Many different ones at once are all there afterwards.
    async fn many_at_once_are_all_stored(desk: Desk) {
        let posts = (0..8).map(|client| {
            let desk = &desk;
            async move {
                let mut connection = desk.connect(KOMMUN_B).await;
                for n in 0..10 {
                    let subject = format!("{client} {n}");
                    let sent = request(&letter(KOMMUN_A, TOLVAN, &subject), KOMMUN_A, KOMMUN_B);
                    assert!(result(read(connection.post_soap(sent.into()).await.unwrap())).delivered);
                }
            }
        });
        futures::future::join_all(posts).await;
        assert_eq!(desk.stored().await, (80, 80));
    }

    /// Authority goes down: who is known is known, also after a restart; who is not is told to come again.
    async fn deliveries_go_on_without_authority(desk: Desk) {
        let known = |subject: &str| request(&letter(KOMMUN_A, TOLVAN, subject), KOMMUN_A, KOMMUN_B);
        assert!(result(desk.post(known("one")).await).delivered);
        desk.lists.down.store(true, Ordering::SeqCst);
        assert!(result(desk.post(known("two")).await).delivered);
        let desk = Desk::at(desk.close().await, |_| ()).await;
        desk.lists.down.store(true, Ordering::SeqCst);
        assert!(result(desk.post(known("three")).await).delivered);
        let stranger = request(&letter(SKATTEVERKET, TOLVAN, "Hej"), SKATTEVERKET, SKATTEVERKET);
        let mut connection = desk.connect(SKATTEVERKET).await;
        let answer = read(connection.post_soap(stranger.clone().into()).await.unwrap());
        assert_eq!(code(answer), ErrorCode::InternalError, "not refused for good");
        assert_eq!(desk.stored().await, (3, 3));
        // Back, and with somebody new: known at once.
        desk.lists.down.store(false, Ordering::SeqCst);
        desk.lists.senders.lock().unwrap().push(SKATTEVERKET);
        assert!(result(read(connection.post_soap(stranger.into()).await.unwrap())).delivered);
    }

    /// A stop in the middle of the work: what was answered is stored, and what is stored was answered.
    async fn stopping_finishes_what_was_accepted(desk: Desk) {
        let mut connections = Vec::new();
        for n in 0..16 {
            let sent = request(&letter(KOMMUN_A, TOLVAN, &format!("{n}")), KOMMUN_A, KOMMUN_B);
            connections.push((desk.connect(KOMMUN_B).await, sent));
        }
        let posts: Vec<_> = connections
            .into_iter()
            .map(|(mut connection, sent)| tokio::spawn(async move { connection.post_soap(sent.into()).await }))
            .collect();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let database = desk.close().await;
        let mut delivered = 0;
        for post in posts {
            if let Ok(answer) = post.await.unwrap() {
                delivered += i64::from(result(read(answer)).delivered);
            }
        }
        assert_eq!(desk::count(&database, "letter").await, delivered);
    }

    /// The service describes itself.
    async fn the_wsdl_and_its_schemas_are_there(desk: Desk) {
        let (status, wsdl) = desk.get("?wsdl").await;
        assert_eq!(status, StatusCode::OK);
        assert!(wsdl.contains("deliverSecure") && wsdl.contains("https://localhost:8443/service/v3"));
        let schemas: Vec<&str> = wsdl.split("?xsd=").skip(1).filter_map(|rest| rest.split(['"', '\'']).next()).collect();
        assert!(!schemas.is_empty());
        for schema in schemas {
            let (status, text) = desk.get(&format!("?xsd={schema}")).await;
            assert_eq!(status, StatusCode::OK, "{schema}");
            assert!(text.contains("schema"));
        }
        assert_eq!(desk.get("?xsd=../../etc/passwd").await.0, StatusCode::NOT_FOUND);
        assert_eq!(desk.get("").await.0, StatusCode::NOT_FOUND);
    }
}

/// Who is in neither list has no place here, whatever its certificate: it is told before anything of it is read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_bodies_of_a_stranger_take_no_place() {
    let desk = Desk::changed(Engine::Sqlite, |config| config.service.max_in_flight = 4)
        .await
        .unwrap();
    let stranger = issue(&PKI, Some("165599999033"), -1, 10);
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(desk.begin(&stranger, 8_000_000).await);
    }
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    let answer = tokio::time::timeout(Duration::from_secs(4), desk.post(sent.clone())).await;
    assert!(result(answer.expect("strangers are not waited for")).delivered);
    let mut connection = desk.connect_as(Some(&stranger)).await.unwrap();
    assert_eq!(
        code(read(connection.post_soap(sent.into()).await.unwrap())),
        ErrorCode::NotAuthorised
    );
}

/// One that is known takes so many places and no more; its slow bodies are given up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_bodies_of_one_leave_places_to_others() {
    let desk = Desk::changed(Engine::Sqlite, |config| {
        config.service.max_in_flight = 4;
        config.service.max_in_flight_of_one = 3;
    })
    .await
    .unwrap();
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(desk.begin(&PKI.pair(KOMMUN_A).unwrap(), 8_000_000).await);
    }
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    let answer = tokio::time::timeout(Duration::from_secs(4), desk.post(sent.clone())).await;
    assert!(result(answer.expect("there is a place left")).delivered);
    let mut slow = held.swap_remove(0);
    let mut told = String::new();
    let answer = tokio::time::timeout(Duration::from_secs(15), slow.read_to_string(&mut told)).await;
    assert!(answer.is_ok() && told.contains("too long to arrive"), "{told}");
}

/// One that has a certificate takes its share of the connections, and leaves the others to others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_of_one_leave_places_to_others() {
    let desk = Desk::changed(Engine::Sqlite, |config| config.service.max_connections = 12)
        .await
        .unwrap();
    let mut held = Vec::new();
    for _ in 0..12 {
        held.push(desk.begin(&PKI.pair(KOMMUN_A).unwrap(), 8_000_000).await);
    }
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    let answer = tokio::time::timeout(Duration::from_secs(10), desk.post(sent)).await;
    assert!(result(answer.expect("there is a place left")).delivered);
}

/// Connections that never come to a handshake keep nobody out who comes from elsewhere.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bare_connections_keep_nobody_out() {
    let desk = Desk::changed(Engine::Sqlite, |config| {
        config.service.max_connections = 10;
        config.service.handshake = Duration::from_secs(3);
    })
    .await
    .unwrap();
    let mut bare = Vec::new();
    for _ in 0..100 {
        let from = tokio::net::TcpSocket::new_v4().unwrap();
        from.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        bare.push(from.connect(desk.address()).await.unwrap());
    }
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    let answer = tokio::time::timeout(Duration::from_secs(2), desk.post(sent)).await;
    assert!(result(answer.expect("nobody waits for them")).delivered);
    let mut closed = 0;
    for tcp in &mut bare {
        let mut byte = [0];
        let end = tokio::time::timeout(Duration::from_millis(20), tcp.read(&mut byte)).await;
        closed += usize::from(end.is_ok());
    }
    assert!(
        closed >= 36,
        "only so many of one address may try at once: {closed} were closed"
    );
}

/// A sender goes by the register's name here, whatever name it signs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sender_cannot_call_itself_what_it_likes() {
    let desk = Desk::on(Engine::Sqlite).await.unwrap();
    let mut disguised = letter(KOMMUN_A, TOLVAN, "He\u{202e}j\u{200b}");
    disguised.sender.name = "Skatteverket".into();
    assert!(result(desk.post(request(&disguised, KOMMUN_A, KOMMUN_B)).await).delivered);
    let tolvan = Person::new(TOLVAN.parse().unwrap(), "Tolvan");
    let mut tx = desk.house.db.read().await.unwrap();
    let id = tx
        .fetch_optional("SELECT id FROM letter", vec![])
        .await
        .unwrap()
        .unwrap()
        .id("id")
        .unwrap();
    drop(tx);
    let Opened::Letter(opened) = open_letter(&desk.house, &tolvan, id).await.unwrap() else {
        panic!("the letter is there");
    };
    assert_eq!(opened.listed.header.sender, "A sender", "as Authority names it");
    assert_eq!(opened.listed.header.subject, "Hej");
    assert_eq!(opened.signed_name, "Skatteverket");
}

/// Too much is refused by the length that is announced, before it is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_too_large_is_refused() {
    let desk = Desk::changed(Engine::Sqlite, |config| config.service.max_request_bytes = 20_000)
        .await
        .unwrap();
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    assert!(sent.len() < 20_000);
    let large = sent.replacen('<', &format!("<!--{}--><", " ".repeat(20_000)), 1);
    assert_eq!(code(desk.post(large).await), ErrorCode::MaxExceeded);
    assert!(result(desk.post(sent).await).delivered);
}

/// A hired agent's connection may carry what a mediator has sealed, when the operator says so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_may_connect_for_others() {
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    let agents = Desk::changed(Engine::Sqlite, |config| {
        config.service.agents = vec![BOLAGSVERKET.parse().unwrap()];
    })
    .await
    .unwrap();
    let mut connection = agents.connect(BOLAGSVERKET).await;
    assert!(result(read(connection.post_soap(sent.clone().into()).await.unwrap())).delivered);
    let anybody = Desk::changed(Engine::Sqlite, |config| config.service.require_tls_sealer_match = false)
        .await
        .unwrap();
    let mut connection = anybody.connect(SKATTEVERKET).await;
    assert!(result(read(connection.post_soap(sent.into()).await.unwrap())).delivered);
}

/// A certificate that is revoked while the service runs is refused from then on, without a restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_certificate_is_refused_after_the_next_reading() {
    let desk = Desk::changed(Engine::Sqlite, |config| {
        let list = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("intake-pki.crl");
        std::fs::write(&list, desk::revocation_list(&[])).unwrap();
        config.trust.crl_files = vec![list];
        config.trust.require_crl = true;
        config.service.reload_every = Duration::from_millis(200);
    })
    .await
    .unwrap();
    let doomed = issue(&PKI, Some(KOMMUN_B), -1, 10);
    let sent = request(&letter(KOMMUN_A, TOLVAN, "Hej"), KOMMUN_A, KOMMUN_B);
    let mut connection = desk.connect_as(Some(&doomed)).await.unwrap();
    assert!(result(read(connection.post_soap(sent.clone().into()).await.unwrap())).delivered);

    let list = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("intake-pki.crl");
    std::fs::write(&list, desk::revocation_list(&[&doomed])).unwrap();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    if let Ok(mut connection) = desk.connect_as(Some(&doomed)).await {
        assert!(connection.post_soap(sent.clone().into()).await.is_err());
    }
    let sealed_by_revoked = request_by(&letter(KOMMUN_A, TOLVAN, "Hopp"), &PKI.pair(KOMMUN_A).unwrap(), &doomed);
    let refused = fault(desk.post(sealed_by_revoked).await);
    assert!(
        matches!(
            refused.code(),
            Some(ErrorCode::AccessDenied | ErrorCode::CertificateError)
        ),
        "{refused}"
    );
    assert!(result(desk.post(sent).await).delivered, "the others are as before");
}
