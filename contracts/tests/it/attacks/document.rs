//! Documents that are none, or that are dangerous to read.

use contracts::fault::ErrorCode;
use contracts::service::ReceivePolicy;
use contracts::service::receive;

use super::{denied, enveloped, malformed, refused};
use crate::pki::NOW;
use crate::pki::Pki;
use crate::sample::request;
use crate::sample::sealed;
use crate::sample::with_prefixes;

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
    let attributes = (0..1000).fold(String::new(), |text, n| text + &format!(" a{n}=\"\""));
    assert_eq!(
        code(&request.replace("<Language>", &format!("<a{attributes}/><Language>"))),
        ErrorCode::MaxExceeded
    );
    // One long namespace, to be written at every element.
    let name = "n".repeat(300_000);
    let many = "<e:a><e:b xmlns:e=\"urn:e\"/></e:a>".repeat(2_000);
    let growing = request.replace(
        "<Language>",
        &format!("<z xmlns:e=\"{name}\"><y>{many}</y></z><Language>"),
    );
    denied(&growing, &pki, "too large when it is written without prefixes");
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
}
