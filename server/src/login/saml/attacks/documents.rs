//! What is no proper document, or is one and holds what it should not.

use super::super::forge::*;
use super::super::names::*;
use super::super::response::{MAX_RESPONSE, Refusal};
use super::{attribute, refused, with};

#[test]
fn a_comment_in_a_value() {
    for name in [PERSONAL_NUMBER, DISPLAY_NAME] {
        let mut answer = with(|it| it.sign_assertion = false);
        attribute(&mut answer, name, &["1912<!-- -->12121212"]);
        assert_eq!(checked(&answer.field()).unwrap_err(), Refusal::Attributes);
    }
    let issuer = with(|it| it.response_issuer = format!("{IDP}<!-- -->.evil.example"));
    assert_eq!(refused(&issuer.xml()), Refusal::WrongIssuer);
    // Exclusive canonical form leaves comments out, so one can be put into a signed value afterwards.
    let added = Answer::default()
        .xml()
        .replacen(&format!("{IDP}<"), &format!("{IDP}<!-- --><"), 1);
    assert_eq!(refused(&added), Refusal::WrongIssuer);
}

#[test]
fn doctype_and_entities() {
    let genuine = Answer::default().xml();
    let entity = genuine.replacen(IDP, "&i;", 1);
    for xml in [
        format!("<!DOCTYPE x>{genuine}"),
        format!("<!DOCTYPE x [<!ENTITY i \"{IDP}\">]>{entity}"),
        format!("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">{genuine}"),
        entity.clone(),
    ] {
        assert_eq!(refused(&xml), Refusal::Unreadable);
    }
}

#[test]
fn a_second_root_or_another_one() {
    let genuine = Answer::default().xml();
    for xml in [
        format!("{genuine}{genuine}"),
        format!("{genuine}<x/>"),
        format!("{genuine}text"),
        format!("<x>{genuine}</x>"),
        genuine.replacen(SAMLP, "urn:other", 1),
        genuine.replacen("Version=\"2.0\"", "Version=\"1.1\"", 1),
        String::new(),
    ] {
        assert_eq!(refused(&xml), Refusal::Unreadable);
    }
}

#[test]
fn oversized_truncated_and_not_text() {
    let genuine = Answer::default().field();
    assert_eq!(checked(&"A".repeat(MAX_RESPONSE + 4)).unwrap_err(), Refusal::Unreadable);
    for length in [0, 1, 4, 100, genuine.len() / 2 / 4 * 4, genuine.len() - 4] {
        assert!(checked(&genuine[..length]).is_err());
    }
    assert_eq!(checked("////").unwrap_err(), Refusal::Unreadable, "not UTF-8");
    assert_eq!(refused(&"<a>".repeat(30_000)), Refusal::Unreadable);
}

#[test]
fn every_changed_byte_of_the_signed_part_is_noticed() {
    let genuine = Answer::default().xml();
    for (at, byte) in genuine.bytes().enumerate().step_by(97) {
        if byte.is_ascii_alphanumeric() {
            let mut bytes = genuine.clone().into_bytes();
            bytes[at] = if byte == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            // KeyInfo is neither signed nor read: a change there changes nothing.
            let key_info = genuine.find("<ds:KeyInfo").unwrap()..genuine.find("</ds:KeyInfo>").unwrap();
            assert!(
                checked(&field(&changed)).is_err() || key_info.contains(&at),
                "byte {at}"
            );
        }
    }
}
