//! What must be refused, however it is dressed up (section 7.3). Each case is a complete request that would be a good one
//! but for one thing, so that it fails for one reason.

use contracts::fault::ErrorCode;
use contracts::namespace::{DSIG, MESSAGE_V3};
use contracts::sending::{deliver_secure_request, seal, sign, sign_and_seal};
use contracts::service::{ReceivePolicy, Refusal, receive};
use contracts::signature::{Policy, SigningIdentity};
use time::Duration;
use time::macros::date;

use crate::forge::{Form, forge, forge_hmac, unsigned};
use crate::pki::{Authority, KOMMUN_A, NOW, Pki, Wish};
use crate::sample::{delivery, received, request, sealed, with_prefixes};

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

#[test]
fn what_is_changed_after_signing() {
    let pki = Pki::new();
    let request = request(&pki);
    let body = "PHA+SGVqIFRvbHZhbiE"; // <p>Hej Tolvan!
    for (from, to) in [
        (body, "PHA+SGVqIEVsdmFuISE"),
        ("JVBERi0x", "JVBERi0y"),
        ("Beslut om", "Avslag om"),
        (">191212121212</Recipient>", ">201212121212</Recipient>"),
        ("162021004748</Id>", "162021003898</Id>"),
        ("2026-06-15<", "2026-06-16<"),
        ("</Subject>", " </Subject>"),
        ("<Header>", "<Header> "),
        ("svSE", "svFI"),
        ("text/html", "text/plain"),
        ("Beslut åäö.pdf", "Beslut åäo.pdf"),
    ] {
        assert!(request.contains(from), "{from}");
        denied(&request.replacen(from, to, 1), &pki, "changed after it was signed");
    }
}

#[test]
fn a_delivery_changed_between_sender_and_mediator() {
    let pki = Pki::new();
    let sealed = seal(&forged_signed_delivery(&pki), &pki.mediator, DAY).unwrap();
    denied(
        &deliver_secure_request(&sealed).unwrap(),
        &pki,
        "the sender's signature: the content has been changed",
    );
}

#[test]
fn a_mediator_that_did_not_find_the_signature_good() {
    let pki = Pki::new();
    let text = sealed(&pki).replace(">true</SignaturesOK>", ">false</SignaturesOK>");
    let text = forge(&unsigned(&text), &pki.mediator, &Form::default());
    denied(&deliver_secure_request(&text).unwrap(), &pki, "SignaturesOK=false");
}

#[test]
fn a_signature_by_another_key() {
    let pki = Pki::new();
    let other = pki.authority.identity(&Wish {
        serial: 19,
        ..Wish::of(KOMMUN_A, "Kommun A", "third")
    });
    // The right certificate, with a signature by a key that is not its own.
    let certificate = |identity: &SigningIdentity| contracts::xml::encode_base64(identity.certificate_der());
    let stolen = sign_and_seal(&delivery(), &pki.sender, &other, DAY).unwrap();
    let at = stolen.rfind(&certificate(&other)).unwrap();
    let stolen = format!(
        "{}{}",
        &stolen[..at],
        stolen[at..].replacen(&certificate(&other), &certificate(&pki.mediator), 1)
    );
    denied(&enveloped(&stolen), &pki, "does not fit the certificate's key");
}

#[test]
fn certificates_that_do_not_count() {
    let pki = Pki::new();
    let day = Duration::days(1);
    let stranger = Authority::root("Other CA", "other-ca");
    let own = Authority::root_as(&Wish::of(KOMMUN_A, "Kommun A", "third"));
    let own = SigningIdentity::from_pem(&own.pem, &crate::pki::key("third")).unwrap();
    let wish = || Wish::of(KOMMUN_A, "Kommun A", "third");
    let cases = [
        (
            pki.authority.identity(&Wish {
                to: NOW - day,
                ..wish()
            }),
            "has expired",
        ),
        (
            pki.authority.identity(&Wish {
                from: NOW + day,
                ..wish()
            }),
            "not valid yet",
        ),
        (
            pki.authority.identity(&Wish {
                organisation: None,
                ..wish()
            }),
            "has no organisation number",
        ),
        (stranger.identity(&wish()), "not issued by a certification authority"),
        (own, "self-signed"),
    ];
    for (identity, why) in &cases {
        for (sender, mediator, what) in [
            (identity, &pki.mediator, "the sender's signature"),
            (&pki.sender, identity, "the seal"),
        ] {
            let sealed = sign_and_seal(&delivery(), sender, mediator, DAY).unwrap();
            let request = deliver_secure_request(&sealed).unwrap();
            denied(&request, &pki, why);
            denied(&request, &pki, what);
        }
    }
}

#[test]
fn a_revoked_certificate() {
    let mut pki = Pki::new();
    let list = pki
        .authority
        .revoke(17, NOW - Duration::days(1), NOW + Duration::days(1));
    pki.trust = contracts::certificate::TrustStore::from_pem(&pki.authority.pem, vec![list]).unwrap();
    denied(
        &request(&pki),
        &pki,
        "the sender's signature: the certificate has been revoked",
    );
}

#[test]
fn a_certificate_too_many_or_none() {
    let pki = Pki::new();
    let sealed = sealed(&pki);
    let certificate = |identity: &SigningIdentity| {
        format!(
            "<X509Certificate>{}</X509Certificate>",
            contracts::xml::encode_base64(identity.certificate_der())
        )
    };
    let (sender, mediator) = (certificate(&pki.sender), certificate(&pki.mediator));
    for with in [
        format!("{mediator}{sender}"),
        format!("{sender}{mediator}"),
        String::new(),
    ] {
        let at = sealed.rfind(&mediator).unwrap();
        let changed = format!("{}{}{}", &sealed[..at], with, &sealed[at + mediator.len()..]);
        let refusal = refused(&enveloped(&changed), &pki);
        assert_eq!(refusal.code, ErrorCode::AccessDenied);
        assert!(
            refusal.description.contains("exactly one X509Certificate"),
            "{}",
            refusal.description
        );
    }
}

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
    // And in the envelope around it.
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

#[test]
fn references_to_something_else() {
    let pki = Pki::new();
    let unsigned = unsigned(&sealed(&pki));
    let with_id = unsigned.replacen("<SealedDelivery ", "<SealedDelivery Id=\"_1\" ", 1);
    let good = forge(
        &with_id,
        &pki.mediator,
        &Form {
            uri: Some("#_1"),
            ..Form::default()
        },
    );
    assert!(
        received(&deliver_secure_request(&good).unwrap(), &pki).is_ok(),
        "the own Id is a good reference"
    );
    for uri in [
        Some("#_2"),
        Some("#"),
        Some("#xpointer(/)"),
        Some("#xpointer(id('_1'))"),
        Some("cid:1"),
        Some("http://example.com/x"),
        Some("file:///etc/passwd"),
        None,
    ] {
        let bad = forge(&with_id, &pki.mediator, &Form { uri, ..Form::default() });
        denied(
            &deliver_secure_request(&bad).unwrap(),
            &pki,
            "reference is not to the element",
        );
    }
    let two = forge(
        &with_id,
        &pki.mediator,
        &Form {
            references: 2,
            ..Form::default()
        },
    );
    denied(
        &deliver_secure_request(&two).unwrap(),
        &pki,
        "reference is not to the element",
    );
    let none = forge(
        &with_id,
        &pki.mediator,
        &Form {
            references: 0,
            ..Form::default()
        },
    );
    denied(&deliver_secure_request(&none).unwrap(), &pki, "not built as expected");
}

#[test]
fn transforms_that_could_change_what_is_signed() {
    let pki = Pki::new();
    let unsigned = unsigned(&sealed(&pki));
    const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
    const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
    for good in [&[ENVELOPED][..], &[ENVELOPED, EXCLUSIVE], &[ENVELOPED, INCLUSIVE]] {
        let sealed = forge(
            &unsigned,
            &pki.mediator,
            &Form {
                transforms: good,
                ..Form::default()
            },
        );
        assert!(
            received(&deliver_secure_request(&sealed).unwrap(), &pki).is_ok(),
            "{good:?}"
        );
    }
    for bad in [
        &[][..],
        &[EXCLUSIVE],
        &[EXCLUSIVE, ENVELOPED],
        &[ENVELOPED, ENVELOPED],
        &[ENVELOPED, EXCLUSIVE, EXCLUSIVE],
        &[ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116"],
        &[ENVELOPED, "http://www.w3.org/2002/06/xmldsig-filter2"],
        &[ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116"],
        &[ENVELOPED, "http://www.w3.org/2000/09/xmldsig#base64"],
        &[ENVELOPED, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"],
        &[
            ENVELOPED,
            "http://schemas.openxmlformats.org/package/2006/RelationshipTransform",
        ],
    ] {
        let sealed = forge(
            &unsigned,
            &pki.mediator,
            &Form {
                transforms: bad,
                ..Form::default()
            },
        );
        let refusal = refused(&deliver_secure_request(&sealed).unwrap(), &pki);
        assert_eq!(refusal.code, ErrorCode::AccessDenied, "{bad:?}: {refusal}");
    }
}

#[test]
fn algorithms_that_are_too_weak_or_not_signatures() {
    let pki = Pki::new();
    let text = unsigned(&sealed(&pki));
    let weak_digest = Form {
        digest: "http://www.w3.org/2000/09/xmldsig#sha1",
        ..Form::default()
    };
    let sealed = deliver_secure_request(&forge(&text, &pki.mediator, &weak_digest)).unwrap();
    denied(&sealed, &pki, "not accepted for digests");
    let lenient = ReceivePolicy {
        signatures: Policy { allow_sha1: true },
        ..ReceivePolicy::default()
    };
    assert!(receive(sealed.as_bytes(), &lenient, &pki.trust, NOW).is_ok());

    for method in [
        "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    ] {
        let sealed = forge_hmac(&text, &pki.mediator, method);
        denied(
            &deliver_secure_request(&sealed).unwrap(),
            &pki,
            "not accepted for signatures",
        );
        let refusal = receive(
            deliver_secure_request(&sealed).unwrap().as_bytes(),
            &lenient,
            &pki.trust,
            NOW,
        );
        assert_eq!(refusal.unwrap_err().code, ErrorCode::AccessDenied);
    }
    for method in ["http://www.w3.org/2001/04/xmldsig-more#rsa-md5", "urn:none", ""] {
        let form = Form {
            declared_method: Some(method),
            ..Form::default()
        };
        let sealed = forge(&text, &pki.mediator, &form);
        denied(
            &deliver_secure_request(&sealed).unwrap(),
            &pki,
            "not accepted for signatures",
        );
    }
    let form = Form {
        declared_method: Some("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
        ..Form::default()
    };
    denied(
        &deliver_secure_request(&forge(&text, &pki.mediator, &form)).unwrap(),
        &pki,
        "cannot be used with the signature's algorithm",
    );
}

/// Made once with `openssl dgst -sha1 -sign`, since our own provider refuses to make such signatures.
#[test]
fn rsa_with_sha1_counts_only_when_allowed() {
    let pki = Pki::new();
    let sealed = include_str!("../samples/sealed-rsa-sha1.xml");
    let request = deliver_secure_request(sealed.trim_end()).unwrap();
    denied(&request, &pki, "not accepted for signatures");
    let lenient = ReceivePolicy {
        signatures: Policy { allow_sha1: true },
        ..ReceivePolicy::default()
    };
    let verified = receive(request.as_bytes(), &lenient, &pki.trust, NOW).unwrap();
    assert_eq!(verified.delivery, delivery());
    let changed = request.replacen("Beslut om", "Avslag om", 1);
    assert!(receive(changed.as_bytes(), &lenient, &pki.trust, NOW).is_err());
}

#[test]
fn the_same_identifier_twice() {
    let pki = Pki::new();
    let text = unsigned(&sealed(&pki));
    let text = text.replacen("<SealedDelivery ", "<SealedDelivery Id=\"_1\" ", 1);
    let text = text.replacen("</KeyInfo></Signature>", "</KeyInfo></Signature>", 1);
    let twice = text
        .replacen("<X509Data>", "<X509Data>", 1)
        .replacen("<Signature ", "<Signature Id=\"_1\" ", 1);
    let sealed = forge(
        &twice,
        &pki.mediator,
        &Form {
            uri: Some("#_1"),
            ..Form::default()
        },
    );
    denied(
        &deliver_secure_request(&sealed).unwrap(),
        &pki,
        "two elements have the same Id",
    );
}

#[test]
fn elements_and_attributes_that_have_no_place() {
    let pki = Pki::new();
    let sealed = sealed(&pki);
    for (from, to, why) in [
        ("<Seal>", "<Extra/><Seal>", "must have the element Seal"),
        (
            "</SignedDelivery>",
            "<Extra/></SignedDelivery>",
            "has the element Extra",
        ),
        ("<Seal>", "text<Seal>", "text between its elements"),
        (
            "<SignedDelivery>",
            "<SignedDelivery Class=\"x\">",
            "an attribute that the schema does not allow",
        ),
    ] {
        malformed(&enveloped(&sealed.replacen(from, to, 1)), &pki, why);
    }
    let request = enveloped(&sealed);
    malformed(
        &request.replace(
            "</deliverSecure></deliverSecure>",
            "</deliverSecure><more/></deliverSecure>",
        ),
        &pki,
        "has the element more",
    );
    malformed(
        &request.replace("s:Body><deliverSecure ", "s:Body><deliverSecure x=\"1\" "),
        &pki,
        "an attribute",
    );
    denied(
        &request.replace("<Seal ", "<?php evil?><Seal "),
        &pki,
        "processing instructions",
    );
}

#[test]
fn documents_that_are_dangerous_to_parse() {
    let pki = Pki::new();
    let request = request(&pki);
    let after_declaration = request.find("?>").unwrap() + 2;
    let with = |prolog: &str| {
        format!(
            "{}{}{}",
            &request[..after_declaration],
            prolog,
            &request[after_declaration..]
        )
    };
    malformed(&with("<!DOCTYPE Envelope>"), &pki, "DOCTYPE");
    malformed(
        &with("<!DOCTYPE e [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"),
        &pki,
        "DOCTYPE",
    );
    let laughs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>]>";
    malformed(&with(laughs), &pki, "DOCTYPE");
    malformed(&request.replace("Beslut om", "&secret; om"), &pki, "not well-formed");
    let code = |text: &str| refused(text, &pki).code;
    let deep = "<a>".repeat(100) + &"</a>".repeat(100);
    assert_eq!(
        code(&request.replace("<Language>", &format!("{deep}<Language>"))),
        ErrorCode::MaxExceeded
    );
    assert_eq!(
        code(&request.replace("<Language>", &format!("{}<Language>", "<a/>".repeat(50_000)))),
        ErrorCode::MaxExceeded
    );
    let attributes: String = (0..1000).map(|n| format!(" a{n}=\"\"")).collect();
    assert_eq!(
        code(&request.replace("<Language>", &format!("<a{attributes}/><Language>"))),
        ErrorCode::MaxExceeded
    );
    let large = request.replace("JVBERi0x", &"QUJD".repeat(1_100_000));
    let refusal = refused(&large, &pki);
    assert_eq!(refusal.code, ErrorCode::MaxExceeded);
    assert!(refusal.description.contains("4194304 bytes"));
    malformed(&request.replacen("UTF-8", "ISO-8859-1", 1), &pki, "UTF-8");
    let mut bytes = request.clone().into_bytes();
    bytes[200] = 0xff;
    assert!(receive(&bytes, &ReceivePolicy::default(), &pki.trust, NOW).is_err());
    for text in ["", " ", "<", "hello", "{}", "<a/>", "\u{0}"] {
        malformed(text, &pki, "");
    }
}

#[test]
fn a_request_cut_off_anywhere() {
    let pki = Pki::new();
    for request in [request(&pki), with_prefixes(&request(&pki))] {
        for end in (0..request.len())
            .step_by(7)
            .filter(|end| request.is_char_boundary(*end))
        {
            let refusal = refused(&request[..end], &pki);
            assert_eq!(refusal.code, ErrorCode::MalformedRequest);
        }
    }
}

#[test]
fn operations_and_envelopes_that_are_none() {
    let pki = Pki::new();
    let request = enveloped(&sealed(&pki));
    malformed(
        &request.replace("deliverSecure", "deliverSomething"),
        &pki,
        "operation is not known",
    );
    malformed(
        &request.replace("schema/Service/v3", "schema/Service/v2"),
        &pki,
        "operation is not known",
    );
    malformed(
        &request.replace(
            "http://schemas.xmlsoap.org/soap/envelope/",
            "http://www.w3.org/2003/05/soap-envelope",
        ),
        &pki,
        "SOAP 1.1",
    );
    malformed(&sealed(&pki), &pki, "SOAP 1.1");
    assert!(DSIG.starts_with("http"));
}
