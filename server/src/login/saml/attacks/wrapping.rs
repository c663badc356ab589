//! XSW 1 to 8, and their kin: a genuine signature beside something else than what it signs.

use super::super::forge::*;
use super::super::names::*;
use super::super::response::Refusal;
use super::super::signature::SignatureProblem;
use super::{BAD_FORM, attribute, forged, refused};

/// The Response under an element of its own, with the signature around it or beside it, and a forged root.
fn wrapped_response(place: impl Fn(&str, &str) -> (String, String)) -> String {
    let answer = Answer::default();
    let genuine = answer.xml();
    let signature = cut(&genuine, "<ds:Signature", "</ds:Signature>");
    let unsigned = genuine.replacen(signature, "", 1);
    let (in_place_of_signature, after) = place(signature, &unsigned);
    answer.response_with("_forged", &in_place_of_signature, &format!("{}{after}", forged()))
}

#[test]
fn xsw_1_the_genuine_response_inside_its_signature() {
    let xml = wrapped_response(|signature, genuine| {
        (
            signature.replacen("</ds:Signature>", &format!("{genuine}</ds:Signature>"), 1),
            String::new(),
        )
    });
    assert!(BAD_FORM(&refused(&xml)));
}

#[test]
fn xsw_2_the_genuine_response_before_a_detached_signature() {
    let xml = wrapped_response(|signature, genuine| (format!("{genuine}{signature}"), String::new()));
    assert!(BAD_FORM(&refused(&xml)));
}

/// A genuine, wholly signed Response changed by `change`: the forged assertion added somewhere.
fn changed(change: impl Fn(&str, &str) -> String) -> String {
    let genuine = Answer::default().xml();
    let container = cut(&genuine, "<saml:EncryptedAssertion", "</saml:EncryptedAssertion>").to_owned();
    change(&genuine, &container)
}

#[test]
fn xsw_3_a_forged_assertion_before_the_genuine_one() {
    let xml = changed(|genuine, container| genuine.replacen(container, &format!("{}{container}", forged()), 1));
    assert_eq!(refused(&xml), Refusal::Signature(SignatureProblem::DoesNotFit));
}

#[test]
fn xsw_4_the_genuine_assertion_inside_a_forged_one() {
    let xml = changed(|genuine, container| {
        let around = forged().replacen(
            "</saml:EncryptedAssertion>",
            &format!("{container}</saml:EncryptedAssertion>"),
            1,
        );
        genuine.replacen(container, &around, 1)
    });
    assert_eq!(refused(&xml), Refusal::Signature(SignatureProblem::DoesNotFit));
}

/// The plaintext of a genuine outer Response is a wrapped assertion: what a stolen, signed assertion could be made into.
fn wrapped_assertion(change: impl Fn(&str, &str, &str) -> String) -> Refusal {
    let answer = Answer::default();
    let genuine = answer.assertion();
    let signature = cut(&genuine, "<ds:Signature", "</ds:Signature>").to_owned();
    let unsigned = genuine.replacen(&signature, "", 1);
    let mut other = answer.clone();
    attribute(&mut other, PERSONAL_NUMBER, &["198001019871"]);
    let evil = other.assertion_with("@").replacen("\"_assertion\"", "\"_evil\"", 1);
    refused(&answer.signed(&answer.encrypted(&change(&evil, &unsigned, &signature))))
}

#[test]
fn xsw_3_and_4_inside_the_encryption() {
    let beside = wrapped_assertion(|evil, unsigned, signature| {
        format!(
            "{}{}",
            evil.replace('@', ""),
            unsigned.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
        )
    });
    assert_eq!(beside, Refusal::NotOpened);
    let around = wrapped_assertion(|evil, unsigned, signature| {
        evil.replace(
            '@',
            &unsigned.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1),
        )
    });
    assert_eq!(around, Refusal::NotOpened);
}

#[test]
fn xsw_5_the_genuine_assertion_after_a_forged_one_with_its_signature() {
    let it = wrapped_assertion(|evil, unsigned, signature| format!("{}{unsigned}", evil.replace('@', signature)));
    assert_eq!(it, Refusal::NotOpened);
}

#[test]
fn xsw_6_the_genuine_assertion_inside_the_signature_of_a_forged_one() {
    let it = wrapped_assertion(|evil, unsigned, signature| {
        evil.replace(
            '@',
            &signature.replacen("</ds:Signature>", &format!("{unsigned}</ds:Signature>"), 1),
        )
    });
    assert_eq!(it, Refusal::NotOpened);
}

#[test]
fn xsw_7_a_forged_assertion_in_the_extensions() {
    let xml = changed(|genuine, container| {
        let extensions = format!("<samlp:Extensions>{}</samlp:Extensions>", forged());
        genuine.replacen(container, &format!("{extensions}{container}"), 1)
    });
    assert_eq!(refused(&xml), Refusal::Signature(SignatureProblem::DoesNotFit));
    // The same, signed by the identity provider itself, is still not exactly one assertion.
    let answer = Answer::default();
    let body = format!(
        "<samlp:Extensions>{}</samlp:Extensions>{}",
        forged(),
        answer.encrypted(&answer.assertion())
    );
    assert_eq!(refused(&answer.signed(&body)), Refusal::NotOneAssertion);
}

#[test]
fn xsw_8_the_genuine_one_in_an_object_of_the_signature() {
    let xml = wrapped_response(|signature, genuine| {
        let object = format!("<ds:Object xmlns:ds=\"{DS}\">{genuine}</ds:Object></ds:Signature>");
        (signature.replacen("</ds:Signature>", &object, 1), String::new())
    });
    assert!(BAD_FORM(&refused(&xml)));
    let it = wrapped_assertion(|evil, unsigned, signature| {
        let object = format!("<ds:Object>{unsigned}</ds:Object></ds:Signature>");
        evil.replace('@', &signature.replacen("</ds:Signature>", &object, 1))
    });
    assert_eq!(it, Refusal::NotOpened);
}

#[test]
fn a_signature_in_an_object_of_another() {
    let xml = wrapped_response(|signature, genuine| {
        let shell = "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:Object>";
        (
            format!("{shell}{genuine}{signature}</ds:Object></ds:Signature>"),
            String::new(),
        )
    });
    assert!(BAD_FORM(&refused(&xml)));
}

#[test]
fn an_id_that_stands_twice() {
    let xml = wrapped_response(|signature, genuine| (signature.to_owned(), genuine.to_owned())).replacen(
        "ID=\"_forged\"",
        "ID=\"_response\"",
        1,
    );
    assert!(BAD_FORM(&refused(&xml)));
    let other = wrapped_response(|signature, genuine| (signature.to_owned(), genuine.to_owned())).replacen(
        "ID=\"_forged\"",
        "ID=\"_response\" xmlns:o=\"urn:o\" o:id=\"_response\"",
        1,
    );
    assert!(BAD_FORM(&refused(&other)));
}
