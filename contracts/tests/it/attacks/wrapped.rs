//! Signatures that are good, beside something that they do not sign.

use contracts::fault::ErrorCode;
use contracts::namespace::MESSAGE_V3;
use contracts::sending::deliver_secure_request;
use contracts::sending::sign;
use contracts::sending::sign_and_seal;

use super::{DAY, denied, enveloped, last_signature, malformed, refused};
use crate::forge::Form;
use crate::forge::forge;
use crate::forge::unsigned;
use crate::pki::Pki;
use crate::sample::delivery;
use crate::sample::received;
use crate::sample::sealed;

/// Eight ways to wrap, known from SAML (XSW 1 to 8), carried over: the original is kept whole somewhere, its signature is
/// shown, and something else stands where the delivery is read.
#[test]
fn wrapped_deliveries() {
    let pki = Pki::new();
    let original = sealed(&pki);
    let signed = sign(&delivery(), &pki.sender).unwrap();
    let signed = signed.replacen(&format!(" xmlns=\"{MESSAGE_V3}\""), "", 1);
    let forged = signed.replace("Beslut om", "Avslag på");
    let outer = last_signature(&original);
    let inner = last_signature(&signed);
    let object = |signature: &str, content: &str| {
        signature.replace("</Signature>", &format!("<Object>{content}</Object></Signature>"))
    };
    let forged_sealed = original.replace("Beslut om", "Avslag på");
    let standalone = |xml: &str| {
        xml.replacen(
            "<SignedDelivery>",
            &format!("<SignedDelivery xmlns=\"{MESSAGE_V3}\">"),
            1,
        )
    };
    let in_matter = |content: &str| {
        forged.replace(
            "<Language>",
            &format!("<OfficialMatter>{content}</OfficialMatter><Language>"),
        )
    };
    let cases: Vec<(&str, String)> = vec![
        (
            "1: the original within the seal's signature",
            forged_sealed.replace(outer, &object(outer, &original)),
        ),
        (
            "2: the original beside, before the seal's signature",
            forged_sealed.replace(outer, &format!("{original}{outer}")),
        ),
        (
            "3: a forged signed delivery before the original",
            original.replace(&signed, &format!("{forged}{signed}")),
        ),
        (
            "4: the original within the forged one",
            original.replace(
                &signed,
                &forged.replace("</SignedDelivery>", &format!("{signed}</SignedDelivery>")),
            ),
        ),
        (
            "5: the forged one with the signature, the original last",
            original
                .replace(&signed, &forged)
                .replace("</SealedDelivery>", &format!("{signed}</SealedDelivery>")),
        ),
        (
            "6: the original within the forged one's signature",
            original.replace(&signed, &forged.replace(inner, &object(inner, &standalone(&signed)))),
        ),
        (
            "7: the original in foreign content",
            original.replace(
                &signed,
                &in_matter(&format!("<x:Any xmlns:x=\"urn:x\">{}</x:Any>", standalone(&signed))),
            ),
        ),
        (
            "8: the original in the key information",
            original.replace(
                &signed,
                &forged.replace("</KeyInfo>", &format!("{}</KeyInfo>", standalone(&signed))),
            ),
        ),
        (
            "a whole sealed delivery in foreign content",
            original.replace(&signed, &in_matter(&original)),
        ),
        (
            "its signature moved into foreign content",
            original.replace(
                &signed,
                &in_matter(inner).replace(&format!("</Delivery>{inner}"), "</Delivery>"),
            ),
        ),
        ("two sealed deliveries in one", format!("{original}{forged_sealed}")),
        ("the forged one first", format!("{forged_sealed}{original}")),
    ];
    for (what, case) in cases {
        let refusal = refused(&enveloped(&case), &pki);
        let code = refusal.code;
        assert!(
            matches!(code, ErrorCode::AccessDenied | ErrorCode::MalformedRequest),
            "{what}: {refusal}"
        );
    }
}

#[test]
fn a_forged_body_beside_the_original() {
    let pki = Pki::new();
    let original = sealed(&pki);
    let forged_sealed = original.replace("Beslut om", "Avslag på");
    let request = enveloped(&original);
    let forged_body = enveloped(&forged_sealed);
    let body = |request: &str| {
        let start = request.find("<s:Body>").unwrap();
        request[start..request.find("</s:Envelope>").unwrap()].to_owned()
    };
    let header = format!("<s:Header>{}</s:Header>", body(&request).replace("s:Body", "x"));
    let in_header = forged_body.replace(
        "<s:Body>",
        &format!("{}<s:Body>", header.replace("<x>", "<x xmlns=\"urn:x\">")),
    );
    denied(&in_header, &pki, "changed after it was signed");
    malformed(
        &request.replace("</s:Envelope>", &format!("{}</s:Envelope>", body(&forged_body))),
        &pki,
        "Body",
    );
}

#[test]
fn a_signature_in_foreign_content_signs_nothing_but_may_be_there() {
    let pki = Pki::new();
    let mut with_signature = delivery();
    let signature = last_signature(&sealed(&pki)).to_owned();
    with_signature.messages[0].official_matter = Some(contracts::delivery::OfficialMatter {
        foreign: vec![signature.clone()],
        ..Default::default()
    });
    let good = sign_and_seal(&with_signature, &pki.sender, &pki.mediator, DAY).unwrap();
    let verified = received(&deliver_secure_request(&good).unwrap(), &pki).unwrap();
    assert_eq!(verified.delivery, with_signature);
    // It does not stand in for the one that is missing.
    let without = forge(&unsigned(&good), &pki.mediator, &Form::default());
    let inner = last_signature(&good[..good.find("</SignedDelivery>").unwrap()]).to_owned();
    let without = unsigned(&without).replacen(&inner, "", 1);
    let without = forge(&without, &pki.mediator, &Form::default());
    malformed(
        &deliver_secure_request(&without).unwrap(),
        &pki,
        "SignedDelivery must have the element Signature",
    );
}

#[test]
fn a_second_signature_or_a_missing_one() {
    let pki = Pki::new();
    let sealed = sealed(&pki);
    let outer = last_signature(&sealed).to_owned();
    malformed(
        &enveloped(&sealed.replace(&outer, &format!("{outer}{outer}"))),
        &pki,
        "SealedDelivery has the element Signature",
    );
    malformed(
        &enveloped(&sealed.replace(&outer, "")),
        &pki,
        "SealedDelivery must have the element Signature",
    );
    malformed(
        &enveloped(&sealed.replace("<Seal>", &format!("{outer}<Seal>"))),
        &pki,
        "must have the element Seal",
    );
}
