//! What must be refused, however it is dressed up (section 7.3). Each case is a complete request that would be a good one
//! but for one thing, so that it fails for one reason.

mod changed;
mod document;
mod form;
mod wrapped;

use contracts::fault::ErrorCode;
use contracts::namespace::MESSAGE_V3;
use contracts::sending::sign;
use contracts::service::Refusal;
use time::macros::date;

use crate::pki::Pki;
use crate::sample::{delivery, received, sealed};

const DAY: time::Date = date!(2026 - 06 - 15);

/// The refusal of a request, which never tells anything of what is in it.
fn refused(request: &str, pki: &Pki) -> Refusal {
    let refusal = received(request, pki).expect_err("it was accepted");
    for secret in ["191212121212", "Tolvan", "förskoleplats", "Kommun A", "Frågor"] {
        assert!(!refusal.description.contains(secret), "{}", refusal.description);
    }
    refusal
}

fn denied(request: &str, pki: &Pki, why: &str) {
    let refusal = refused(request, pki);
    assert_eq!(refusal.code, ErrorCode::AccessDenied, "{}", refusal.description);
    assert!(
        refusal.description.contains(why),
        "expected «{why}» in: {}",
        refusal.description
    );
}

fn malformed(request: &str, pki: &Pki, why: &str) {
    let refusal = refused(request, pki);
    assert_eq!(refusal.code, ErrorCode::MalformedRequest, "{}", refusal.description);
    assert!(
        refusal.description.contains(why),
        "expected «{why}» in: {}",
        refusal.description
    );
}

/// A request around a sealed delivery that nobody has to have made properly.
fn enveloped(sealed: &str) -> String {
    let inner = sealed.replacen(
        &format!("<SealedDelivery xmlns=\"{MESSAGE_V3}\""),
        "<deliverSecure xmlns:m=\"x\"",
        1,
    );
    let inner = inner.replacen("</SealedDelivery>", "</deliverSecure>", 1);
    let inner = ["SignedDelivery", "Seal"].iter().fold(inner, |text, name| {
        text.replace(&format!("<{name}>"), &format!("<{name} xmlns=\"{MESSAGE_V3}\">"))
            .replace(
                &format!("<{name} Class="),
                &format!("<{name} xmlns=\"{MESSAGE_V3}\" Class="),
            )
    });
    format!(
        r#"<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><deliverSecure xmlns="http://minameddelanden.gov.se/schema/Service/v3">{inner}</deliverSecure></s:Body></s:Envelope>"#
    )
}

/// The last `ds:Signature` of a text (the seal's, in a sealed delivery).
fn last_signature(xml: &str) -> &str {
    let start = xml.rfind("<Signature ").unwrap();
    &xml[start..start + xml[start..].find("</Signature>").unwrap() + "</Signature>".len()]
}

/// The same delivery with another subject, unsigned: what an attacker would like to have signed.
fn forged_signed_delivery(pki: &Pki) -> String {
    let signed = sign(&delivery(), &pki.sender).unwrap();
    signed.replace("Beslut om", "Avslag på")
}

#[test]
fn the_wrapper_of_these_tests_is_harmless() {
    let pki = Pki::new();
    assert_eq!(received(&enveloped(&sealed(&pki)), &pki).unwrap().delivery, delivery());
}
