//! Deliveries that are good, in all the forms that they come in.

use contracts::delivery::ChecksumFinding;
use contracts::fault::ErrorCode;
use contracts::identifier::RecipientId;
use contracts::sending::{deliver_secure_request, seal, sign, sign_and_seal};
use contracts::service::{ReceivePolicy, receive, recheck, reopen};
use contracts::signature::{Policy, Scope, Signature};
use contracts::xml::{Limits, Xml};
use time::macros::date;

use crate::pki::{KOMMUN_A, KOMMUN_B, NOW, Pki};
use crate::sample::{delivery, full_delivery, received, request, sealed, with_prefixes};

#[test]
fn a_letter_arrives_as_it_was_written() {
    let pki = Pki::new();
    let verified = received(&request(&pki), &pki).unwrap();
    assert_eq!(verified.delivery, delivery());
    assert_eq!(verified.signer.organisation.to_string(), KOMMUN_A);
    assert_eq!(verified.sealer.organisation.to_string(), KOMMUN_B);
    assert_eq!(verified.seal.received_on, date!(2026 - 06 - 15));
    assert_eq!(verified.original, sealed(&pki));
    let attachment = &verified.delivery.messages[0].attachments[0];
    assert_eq!(attachment.checksum_finding(), ChecksumFinding::Md5);
}

#[test]
fn every_field_is_kept() {
    let pki = Pki::new();
    let sealed = sign_and_seal(&full_delivery(), &pki.sender, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
    let request = deliver_secure_request(&sealed).unwrap();
    for form in [request.clone(), with_prefixes(&request)] {
        let verified = received(&form, &pki).unwrap();
        assert_eq!(verified.delivery, full_delivery());
        assert_eq!(verified.original, sealed);
    }
}

#[test]
fn prefixes_of_a_soap_stack_change_nothing() {
    let pki = Pki::new();
    let plain = request(&pki);
    let prefixed = with_prefixes(&plain);
    assert!(prefixed.contains(":SignedDelivery>") && prefixed.contains(":SignatureValue>"));
    let verified = received(&prefixed, &pki).unwrap();
    assert_eq!(verified.original, received(&plain, &pki).unwrap().original);
}

#[test]
fn the_stored_original_stands_on_its_own() {
    let pki = Pki::new();
    let verified = received(&request(&pki), &pki).unwrap();
    let (delivery, seal) = reopen(&verified.original).unwrap();
    assert_eq!((delivery, seal), (verified.delivery, verified.seal));
    let report = recheck(&verified.original).unwrap();
    assert!(report.holds);
    assert_eq!((report.signer, report.sealer), (verified.signer, verified.sealer));

    let changed = verified.original.replacen("Beslut om", "Avslag om", 1);
    assert!(!recheck(&changed).unwrap().holds);
    assert!(recheck("<a/>").is_err());
    assert!(reopen("not xml").is_err());
}

#[test]
fn the_inner_signature_verifies_alone_once_taken_out() {
    let pki = Pki::new();
    let signed = sign(&delivery(), &pki.sender).unwrap();
    let parsed = Xml::parse(&signed, &Limits::default()).unwrap();
    let signature = Signature::of(parsed.root(), Scope::Document, Policy::default()).unwrap();
    signature.check_digest().unwrap();
    // What tells duplicates stays when the same delivery is sealed again.
    let again = seal(&signed, &pki.mediator, date!(2026 - 06 - 16)).unwrap();
    let first = received(&request(&pki), &pki).unwrap();
    let second = received(&deliver_secure_request(&again).unwrap(), &pki).unwrap();
    assert_ne!(first.original, second.original);
    assert_eq!(first.inner_signature_value, second.inner_signature_value);
    assert_eq!(signature.value(), first.inner_signature_value);
}

#[test]
fn one_organisation_may_be_its_own_mediator() {
    let pki = Pki::new();
    let sealed = sign_and_seal(&delivery(), &pki.sender, &pki.sender, date!(2026 - 06 - 15)).unwrap();
    let verified = received(&deliver_secure_request(&sealed).unwrap(), &pki).unwrap();
    assert_eq!(verified.signer, verified.sealer);
}

#[test]
fn twice_encoded_content_is_kept_as_it_came() {
    let pki = Pki::new();
    let mut delivery = delivery();
    delivery.messages[0].body.content = b"PHA+SGVqPC9wPg==".to_vec();
    let sealed = sign_and_seal(&delivery, &pki.sender, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
    let verified = received(&deliver_secure_request(&sealed).unwrap(), &pki).unwrap();
    assert_eq!(verified.delivery.messages[0].body.content, b"PHA+SGVqPC9wPg==");
}

#[test]
fn nobodys_number_is_read_so_that_it_can_be_answered() {
    let pki = Pki::new();
    let mut delivery = delivery();
    delivery.recipient = "191212121213".parse().unwrap();
    let sealed = sign_and_seal(&delivery, &pki.sender, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
    let verified = received(&deliver_secure_request(&sealed).unwrap(), &pki).unwrap();
    assert!(matches!(verified.delivery.recipient, RecipientId::Nobody(_)));
}

#[test]
fn what_is_not_offered_yet_says_so() {
    let pki = Pki::new();
    for operation in ["notify", "deliverForward"] {
        let request = format!(
            r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><{operation} xmlns="http://minameddelanden.gov.se/schema/Service/v3"/></s:Body></s:Envelope>"#
        );
        let refusal = received(&request, &pki).unwrap_err();
        assert_eq!(refusal.code, ErrorCode::Unknown);
        assert!(refusal.description.contains("deliverSecure"));
    }
}

/// How fast a 12 kB letter is received: `cargo test --release -p contracts --test it speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement, not a test"]
fn speed() {
    let pki = Pki::new();
    let mut delivery = delivery();
    delivery.messages[0].attachments[0].content = vec![b'x'; 3500];
    let sealed = sign_and_seal(&delivery, &pki.sender, &pki.mediator, date!(2026 - 06 - 15)).unwrap();
    let request = deliver_secure_request(&sealed).unwrap();
    let prefixed = with_prefixes(&request);
    let (policy, count) = (ReceivePolicy::default(), 2000_u32);
    for (what, request) in [("plain", request), ("prefixed", prefixed)] {
        receive(request.as_bytes(), &policy, &pki.trust, NOW).unwrap();
        let start = std::time::Instant::now();
        for _ in 0..count {
            std::hint::black_box(receive(request.as_bytes(), &policy, &pki.trust, NOW).unwrap());
        }
        println!(
            "receive, {what}, {} bytes: {:?}",
            request.len(),
            start.elapsed() / count
        );
    }
    let start = std::time::Instant::now();
    for _ in 0..count {
        std::hint::black_box(recheck(&sealed).unwrap());
    }
    println!("recheck: {:?}", start.elapsed() / count);
    let start = std::time::Instant::now();
    for _ in 0..50 {
        std::hint::black_box(sign_and_seal(&delivery, &pki.sender, &pki.mediator, date!(2026 - 06 - 15)).unwrap());
    }
    println!("sign and seal: {:?}", start.elapsed() / 50);
}
