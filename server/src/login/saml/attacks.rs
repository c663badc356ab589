//! What must never log anybody in: one test for each attack of docs/e-legitimation, section 8; and round trips of what must.

use super::forge::*;
use super::names::*;
use super::provider::{FeedProblem, read_feed};
use super::response::{MAX_RESPONSE, Refusal, Status};
use super::signature::{SignatureProblem, SigningKeys};
use time::Duration;

const BAD_FORM: fn(&Refusal) -> bool = |it| matches!(it, Refusal::Signature(SignatureProblem::NotAllowed(_)));

fn refused(xml: &str) -> Refusal {
    checked(&field(xml)).unwrap_err()
}

fn with(change: impl FnOnce(&mut Answer)) -> Answer {
    let mut answer = Answer::default();
    change(&mut answer);
    answer
}

fn attribute(answer: &mut Answer, name: &str, values: &[&str]) {
    answer.attributes.retain(|(known, _)| known != name);
    if !values.is_empty() {
        answer
            .attributes
            .push((name.to_owned(), values.iter().map(|&v| v.to_owned()).collect()));
    }
}

/// What an attacker would like to be read: another person, encrypted for us, as anybody can.
fn forged() -> String {
    let mut other = with(|it| it.sign_assertion = false);
    attribute(&mut other, PERSONAL_NUMBER, &["198001019871"]);
    other.encrypted(&other.assertion())
}

// --- what works

#[test]
fn a_good_login_gives_a_whole_identity() {
    let login = checked(&Answer::default().field()).unwrap();
    assert_eq!(login.person.number.to_string(), "191212121212");
    assert_eq!(login.person.name, "Tolvan Tolvansson");
    assert_eq!(login.person.transaction.as_deref(), Some("t-1"));
    assert_eq!(
        (login.level.as_str(), login.assertion_id.as_str()),
        (LOA3, "_assertion")
    );
    assert_eq!(login.usable_until, NOW + Duration::minutes(6));
}

#[test]
fn every_cipher_and_both_places_of_the_key() {
    for cipher in [AES128_CBC, AES192_CBC, AES256_CBC, AES128_GCM, AES192_GCM, AES256_GCM] {
        for key_place in [KeyPlace::Inside, KeyPlace::Beside] {
            for sign_assertion in [true, false] {
                let answer = Answer {
                    sign_assertion,
                    cipher,
                    key_place,
                    ..Answer::default()
                };
                assert!(checked(&answer.field()).is_ok(), "{cipher}");
            }
        }
    }
}

#[test]
fn key_transports_that_are_announced() {
    for transport in [
        (RSA_OAEP_MGF1P, None, None),
        (RSA_OAEP_MGF1P, Some(SHA1), None),
        (RSA_OAEP, Some(SHA256), Some(MGF1_SHA256)),
        (
            RSA_OAEP,
            Some(SHA512),
            Some("http://www.w3.org/2009/xmlenc11#mgf1sha512"),
        ),
    ] {
        assert!(
            checked(
                &Answer {
                    transport,
                    ..Answer::default()
                }
                .field()
            )
            .is_ok(),
            "{transport:?}"
        );
    }
}

#[test]
fn any_of_our_decryption_keys_opens_and_a_stranger_s_does_not() {
    for recipient_key in [sp_encryption(), sp_old_encryption()] {
        assert!(
            checked(
                &Answer {
                    recipient_key,
                    ..Answer::default()
                }
                .field()
            )
            .is_ok()
        );
    }
    let other = Answer {
        recipient_key: stranger_key(),
        ..Answer::default()
    };
    assert_eq!(checked(&other.field()).unwrap_err(), Refusal::NotOpened);
}

#[test]
fn prefixes_do_not_matter() {
    let answer = with(|it| it.sign_assertion = false);
    let xml = answer.response_with("_response", &answer.template(), &answer.encrypted(&answer.assertion()));
    let other = xml
        .replace("samlp:", "ns0:")
        .replace("xmlns:samlp", "xmlns:ns0")
        .replace("<e:", "<")
        .replace("</e:", "</")
        .replace("xmlns:e=", "xmlns=")
        .replace("ds:", "ns2:")
        .replace("xmlns:ds", "xmlns:ns2");
    let signed = sign(&other, idp_key().pair.private());
    assert!(signed.contains("<ns0:Response") && signed.contains("<EncryptedData") && signed.contains("<ns2:Signature"));
    assert!(checked(&field(&signed)).is_ok());
}

#[test]
fn an_assertion_that_leaves_its_namespaces_outside() {
    let answer = with(|it| it.sign_assertion = false);
    let bare = answer.assertion().replacen(&format!(" xmlns:saml=\"{SAML}\""), "", 1);
    assert!(checked(&field(&answer.signed(&answer.encrypted(&bare)))).is_ok());
    let declared = format!("<?xml version=\"1.0\"?>\n{}", answer.assertion());
    assert!(checked(&field(&answer.signed(&answer.encrypted(&declared)))).is_ok());
}

#[test]
fn line_breaks_in_the_field_and_nothing_else() {
    let whole = Answer::default().field();
    let mut broken = whole.clone();
    broken.insert_str(76, "\r\n");
    assert!(checked(&broken).is_ok());
    for bad in [format!(" {whole}"), whole.replace('+', "-"), format!("{whole}=")] {
        if bad != whole {
            assert_eq!(checked(&bad).unwrap_err(), Refusal::Unreadable);
        }
    }
}

#[test]
fn key_rollover() {
    let new = Answer {
        signer: next_idp_key(),
        ..Answer::default()
    };
    assert!(checked_by(&new.field(), &provider_with(&[idp_key(), next_idp_key()]), NOW).is_ok());
    assert!(checked_by(&new.field(), &provider_with(&[next_idp_key()]), NOW).is_ok());
    assert!(checked_by(&new.field(), &provider_with(&[idp_key()]), NOW).is_err());
}

// --- wrapped signatures

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

// --- no signature, or another's

#[test]
fn the_signature_of_the_response_removed() {
    let answer = Answer::default();
    let xml = answer.response_with("_response", "", &answer.encrypted(&answer.assertion()));
    assert_eq!(refused(&xml), Refusal::Signature(SignatureProblem::Missing));
}

#[test]
fn both_signatures_removed() {
    let answer = with(|it| it.sign_assertion = false);
    let xml = answer.response_with("_response", "", &answer.encrypted(&answer.assertion()));
    assert_eq!(refused(&xml), Refusal::Signature(SignatureProblem::Missing));
}

#[test]
fn an_own_key_in_key_info() {
    let answer = Answer {
        signer: stranger_key(),
        ..Answer::default()
    };
    assert_eq!(refused(&answer.xml()), Refusal::Signature(SignatureProblem::DoesNotFit));
    let inner = Answer {
        signer: stranger_key(),
        ..Answer::default()
    }
    .assertion();
    let answer = Answer::default();
    assert_eq!(
        refused(&answer.signed(&answer.encrypted(&inner))),
        Refusal::AssertionSignature(SignatureProblem::DoesNotFit)
    );
}

#[test]
fn the_key_of_another_identity_provider() {
    // Known to us, but not the key of the one that was asked.
    let answer = Answer {
        signer: next_idp_key(),
        ..Answer::default()
    };
    assert_eq!(refused(&answer.xml()), Refusal::Signature(SignatureProblem::DoesNotFit));
    let named = Answer {
        response_issuer: "https://other.example".into(),
        signer: next_idp_key(),
        ..Answer::default()
    };
    assert_eq!(refused(&named.xml()), Refusal::WrongIssuer);
}

#[test]
fn metadata_without_a_key() {
    let metadata = idp_metadata(IDP, &[], "");
    let feed = read_feed(&metadata, None, NOW).unwrap();
    assert_eq!(
        (feed.providers.len(), feed.unusable.len()),
        (0, 1),
        "it is not even offered"
    );
    let mut keyless = provider();
    keyless.keys = SigningKeys::default();
    let unsigned = Answer::default().response_with("_response", "", &forged());
    for xml in [Answer::default().xml(), unsigned] {
        let refusal = checked_by(&field(&xml), &keyless, NOW).unwrap_err();
        assert_eq!(refusal, Refusal::Signature(SignatureProblem::NoKey));
    }
}

// --- algorithms and transforms

/// A response whose signature template is changed before it is filled in, so that only the algorithm is wrong.
fn signed_with(change: impl Fn(String) -> String) -> String {
    let answer = Answer::default();
    let body = answer.encrypted(&answer.assertion());
    answer.response_with("_response", &change(answer.template()), &body)
}

#[test]
fn sha_1_in_signature_or_digest() {
    let genuine = Answer::default().xml();
    let weak = genuine.replacen(RSA_SHA256, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", 1);
    assert!(BAD_FORM(&refused(&weak)));
    let weak = signed_with(|template| {
        template.replacen(
            &format!("DigestMethod Algorithm=\"{SHA256}\""),
            &format!("DigestMethod Algorithm=\"{SHA1}\""),
            1,
        )
    });
    assert!(
        BAD_FORM(&refused(&sign(&weak, idp_key().pair.private()))),
        "well signed, and still refused"
    );
}

#[test]
fn hmac_with_the_public_key() {
    let xml =
        signed_with(|template| template.replacen(RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256", 1));
    for secret in [idp_key().pair.certificate(), idp_key().certificate_pem.as_bytes()] {
        let key = bergshamra::keys::loader::load_hmac_key(secret).unwrap();
        assert!(BAD_FORM(&refused(&sign(&xml, &key))));
    }
}

#[test]
fn transforms_that_choose_what_is_signed() {
    let exclusive = format!("<ds:Transform Algorithm=\"{EXC_C14N}\"/>");
    for other in [
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\"><ds:XPath>false()</ds:XPath></ds:Transform>",
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"><x xmlns=\"http://www.w3.org/1999/XSL/Transform\"/></ds:Transform>",
        "<ds:Transform Algorithm=\"http://www.w3.org/2002/06/xmldsig-filter2\"/>",
        "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\"/>",
        "<ds:Transform Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\"/>",
        "<ds:Transform xmlns:o=\"urn:o\" o:Algorithm=\"http://www.w3.org/2000/09/xmldsig#base64\" Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
        "",
    ] {
        for together in [
            other.to_owned(),
            format!("{other}{exclusive}"),
            format!("{exclusive}{other}"),
        ] {
            if together == exclusive {
                continue;
            }
            let xml = signed_with(|template| template.replacen(&exclusive, &together, 1));
            assert!(BAD_FORM(&refused(&xml)), "{together}");
        }
    }
}

#[test]
fn references_to_something_else() {
    for uri in [
        "URI=\"\"",
        "URI=\"#_assertion\"",
        "URI=\"#xpointer(/)\"",
        "URI=\"file:///etc/passwd\"",
        "",
    ] {
        let xml = signed_with(|template| template.replacen("URI=\"#_response\"", uri, 1));
        assert!(BAD_FORM(&refused(&xml)), "{uri}");
    }
    let two = signed_with(|template| {
        let reference = cut(&template, "<ds:Reference", "</ds:Reference>").to_owned();
        template.replacen(&reference, &format!("{reference}{reference}"), 1)
    });
    assert!(BAD_FORM(&refused(&two)));
}

#[test]
fn key_transport_that_is_refused() {
    let xml = Answer::default().xml();
    assert!(xml.contains(RSA_OAEP_MGF1P));
    let answer = Answer::default();
    for other in [
        "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        "http://www.w3.org/2001/04/xmlenc#kw-aes256",
        "urn:none",
    ] {
        let body = answer.encrypted(&answer.assertion()).replacen(RSA_OAEP_MGF1P, other, 1);
        assert_eq!(refused(&answer.signed(&body)), Refusal::NotOpened);
    }
    for other in ["http://www.w3.org/2001/04/xmlenc#tripledes-cbc", AES128_GCM, AES256_CBC] {
        let body = answer.encrypted(&answer.assertion()).replacen(AES256_GCM, other, 1);
        assert_eq!(refused(&answer.signed(&body)), Refusal::NotOpened, "{other}");
    }
}

#[test]
fn broken_ciphertexts_are_all_alike() {
    for cipher in [AES128_CBC, AES256_CBC, AES128_GCM, AES256_GCM] {
        let answer = Answer {
            cipher,
            ..Answer::default()
        };
        let key: Vec<u8> = vec![
            7;
            if [AES128_CBC, AES128_GCM].contains(&cipher) {
                16
            } else {
                32
            }
        ];
        for content in [
            vec![],
            vec![1],
            vec![1; 12],
            vec![1; 16],
            vec![1; 28],
            vec![1; 32],
            vec![1; 33],
            vec![1; 4096],
        ] {
            let xml = answer.signed(&answer.encrypted_parts(&key, &content));
            assert_eq!(refused(&xml), Refusal::NotOpened);
        }
        for short in [vec![], vec![1], vec![1; 8], vec![1; 64]] {
            let xml = answer.signed(&answer.encrypted_parts(&short, &[1; 64]));
            assert_eq!(refused(&xml), Refusal::NotOpened);
        }
    }
}

// --- documents

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

// --- assertions

#[test]
fn two_assertions() {
    let answer = Answer::default();
    let one = answer.encrypted(&answer.assertion());
    assert_eq!(
        refused(&answer.signed(&format!("{one}{one}"))),
        Refusal::NotOneAssertion
    );
    let both = format!("{0}{0}", answer.assertion());
    assert_eq!(refused(&answer.signed(&answer.encrypted(&both))), Refusal::NotOpened);
    assert_eq!(refused(&answer.signed("")), Refusal::NotOneAssertion);
}

#[test]
fn a_plain_assertion_beside_or_instead_of_the_encrypted_one() {
    let answer = with(|it| it.sign_assertion = false);
    let (plain, encrypted) = (answer.assertion(), answer.encrypted(&answer.assertion()));
    for body in [
        plain.clone(),
        format!("{plain}{encrypted}"),
        format!("{encrypted}{plain}"),
    ] {
        assert_eq!(refused(&answer.signed(&body)), Refusal::NotOneAssertion);
    }
}

#[test]
fn something_else_inside_the_encryption() {
    let answer = with(|it| it.sign_assertion = false);
    let assertion = answer.assertion();
    for plain in [
        "",
        "text",
        "<x/>",
        "</opened><opened>",
        &assertion.replacen(SAML, "urn:other", 1),
        &assertion
            .replacen("saml:Assertion", "saml:Advice", 1)
            .replacen("/saml:Assertion", "/saml:Advice", 1),
        &format!("{assertion}text"),
        &format!("</opened><opened>{assertion}"),
        &format!("<!DOCTYPE x>{assertion}"),
        &answer.encrypted(&assertion),
    ] {
        assert_eq!(
            refused(&answer.signed(&answer.encrypted(plain))),
            Refusal::NotOpened,
            "{plain}"
        );
    }
}

#[test]
fn an_assertion_whose_content_was_changed_after_signing() {
    let answer = Answer::default();
    let changed = answer.assertion().replacen("191212121212", "198001019871", 1);
    let refusal = refused(&answer.signed(&answer.encrypted(&changed)));
    assert_eq!(refusal, Refusal::AssertionSignature(SignatureProblem::DoesNotFit));
}

#[test]
fn meant_for_others() {
    let other = "https://other.example/";
    let cases: [(Answer, Refusal); 9] = [
        (
            with(|it| it.destination = Some(other.into())),
            Refusal::WrongDestination,
        ),
        (with(|it| it.in_response_to = "_other".into()), Refusal::WrongRequest),
        (with(|it| it.confirmed_for = "_other".into()), Refusal::NotConfirmed),
        (with(|it| it.recipient = other.into()), Refusal::NotConfirmed),
        (with(|it| it.response_issuer = other.into()), Refusal::WrongIssuer),
        (
            with(|it| it.assertion_issuer = other.into()),
            Refusal::WrongAssertionIssuer,
        ),
        (
            with(|it| it.conditions = Some(conditions(NOW, NOW + Duration::minutes(5), other))),
            Refusal::WrongAudience,
        ),
        (with(|it| it.conditions = None), Refusal::Conditions),
        (
            with(|it| it.conditions = Some("<saml:Conditions/>".into())),
            Refusal::WrongAudience,
        ),
    ];
    for (answer, refusal) in cases {
        assert_eq!(checked(&answer.field()).unwrap_err(), refusal);
    }
    let no_destination = with(|it| it.destination = None);
    assert!(checked(&no_destination.field()).is_ok());
    let two_audiences = with(|it| {
        let mine = conditions(NOW, NOW + Duration::minutes(5), SP);
        let more = "<saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction>";
        it.conditions = Some(mine.replacen("</saml:Conditions>", &format!("{more}</saml:Conditions>"), 1));
    });
    assert_eq!(checked(&two_audiences.field()).unwrap_err(), Refusal::WrongAudience);
    let unknown = with(|it| {
        let mine = conditions(NOW, NOW + Duration::minutes(5), SP);
        it.conditions = Some(mine.replacen("</saml:Conditions>", "<saml:Condition/></saml:Conditions>", 1));
    });
    assert_eq!(checked(&unknown.field()).unwrap_err(), Refusal::Conditions);
}

#[test]
fn expired_and_not_yet_valid() {
    let minute = Duration::minutes(1);
    let cases: [(Answer, Refusal); 8] = [
        (with(|it| it.confirmed_until = Some(NOW - minute)), Refusal::NotOfNow),
        (with(|it| it.confirmed_until = None), Refusal::NotConfirmed),
        (
            with(|it| it.conditions = Some(conditions(NOW - 9 * minute, NOW - minute, SP))),
            Refusal::NotOfNow,
        ),
        (
            with(|it| it.conditions = Some(conditions(NOW + 2 * minute, NOW + 9 * minute, SP))),
            Refusal::NotOfNow,
        ),
        (with(|it| it.issued = NOW - 7 * minute), Refusal::NotOfNow),
        (with(|it| it.issued = NOW + 2 * minute), Refusal::NotOfNow),
        (with(|it| it.authn_instant = NOW - 2 * minute), Refusal::Statements),
        (with(|it| it.authn_instant = NOW + 2 * minute), Refusal::Statements),
    ];
    for (answer, refusal) in cases {
        assert_eq!(checked(&answer.field()).unwrap_err(), refusal);
    }
    // Clocks may differ by a minute, not more.
    let almost = with(|it| it.confirmed_until = Some(NOW - Duration::seconds(59)));
    assert!(checked(&almost.field()).is_ok());
    // The same good answer, an hour later.
    assert_eq!(
        checked_by(&Answer::default().field(), &provider(), NOW + 60 * minute).unwrap_err(),
        Refusal::NotOfNow
    );
}

#[test]
fn a_level_that_was_not_asked_for_or_not_certified() {
    for level in [
        "http://id.elegnamnden.se/loa/1.0/loa2",
        LOA4,
        UNCERTIFIED_LOA3,
        "",
        "urn:none",
    ] {
        let answer = with(|it| it.level = level.into());
        assert_eq!(checked(&answer.field()).unwrap_err(), Refusal::WrongLevel, "{level}");
    }
    let mut uncertified = provider();
    uncertified.levels = vec![LOA4.into()];
    assert_eq!(
        checked_by(&Answer::default().field(), &uncertified, NOW).unwrap_err(),
        Refusal::WrongLevel
    );
}

#[test]
fn numbers_and_names() {
    let case = |name: &'static str, values: &'static [&'static str]| {
        let mut answer = Answer::default();
        attribute(&mut answer, name, values);
        checked(&answer.field()).map(|login| login.person)
    };
    assert_eq!(case(PERSONAL_NUMBER, &[]).unwrap_err(), Refusal::NoSwedishNumber);
    for values in [
        &["191212121212", "191212121212"][..],
        &["191212121212", "198001019871"],
        &[""],
    ] {
        let mut answer = Answer::default();
        attribute(&mut answer, PERSONAL_NUMBER, values);
        assert_eq!(checked(&answer.field()).unwrap_err(), Refusal::Attributes);
    }
    for wrong in [
        &["191212121213"],
        &["1212121212"],
        &["19121212-1212"],
        &["191213121212"],
        &["abc"],
    ] {
        assert_eq!(
            case(PERSONAL_NUMBER, wrong).unwrap_err(),
            Refusal::WrongNumber,
            "{wrong:?}"
        );
    }
    for name in [GIVEN_NAME, SURNAME, DISPLAY_NAME] {
        assert_eq!(case(name, &[]).unwrap_err(), Refusal::Attributes);
    }
    assert_eq!(case(TRANSACTION, &[]).unwrap().transaction, None, "optional");
    assert!(case(ORG_AFFILIATION, &["a@idp.example"]).is_ok());
    assert_eq!(
        case(ORG_AFFILIATION, &["a@other.example"]).unwrap_err(),
        Refusal::Attributes
    );
    let twice = with(|it| {
        it.attributes
            .push((PERSONAL_NUMBER.into(), vec!["198001019871".into()]));
    });
    assert_eq!(checked(&twice.field()).unwrap_err(), Refusal::Attributes);
}

// --- no login

#[test]
fn answers_that_say_no() {
    let no = |top: &str, second: &str| {
        let inner = if second.is_empty() {
            String::new()
        } else {
            format!("<samlp:StatusCode Value=\"{second}\"/>")
        };
        let message = "<samlp:StatusMessage>&lt;script&gt;</samlp:StatusMessage>";
        let answer =
            with(|it| it.status = format!("<samlp:StatusCode Value=\"{top}\">{inner}</samlp:StatusCode>{message}"));
        refused(&answer.signed(""))
    };
    assert_eq!(no(STATUS_RESPONDER, STATUS_CANCEL), Refusal::Status(Status::Cancelled));
    assert_eq!(no(STATUS_RESPONDER, STATUS_FRAUD), Refusal::Status(Status::Fraud));
    assert_eq!(
        no(STATUS_RESPONDER, STATUS_POSSIBLE_FRAUD),
        Refusal::Status(Status::Fraud)
    );
    assert_eq!(
        no(STATUS_RESPONDER, STATUS_NO_AUTHN_CONTEXT),
        Refusal::Status(Status::Other)
    );
    for top in [STATUS_REQUESTER, STATUS_RESPONDER, STATUS_VERSION] {
        assert_eq!(no(top, ""), Refusal::Status(Status::Other));
    }
}

#[test]
fn an_error_response_with_an_assertion() {
    let answer = with(|it| it.status = format!("<samlp:StatusCode Value=\"{STATUS_RESPONDER}\"/>"));
    assert_eq!(refused(&answer.xml()), Refusal::ErrorWithAssertion);
    let unsigned = answer.response_with("_response", "", "");
    assert_eq!(
        refused(&unsigned),
        Refusal::Signature(SignatureProblem::Missing),
        "nobody else may say no either"
    );
}

// --- metadata of others

#[test]
fn a_feed_is_checked_against_the_pinned_certificate() {
    let certificate = idp_key().certificate_base64();
    let single = idp_metadata(IDP, &[certificate], "").replacen(" ID=\"_md\"", "", 1);
    let template = template("_feed", RSA_SHA256, "");
    let feed =
        format!("<md:EntitiesDescriptor xmlns:md=\"{MD}\" ID=\"_feed\">{template}{single}</md:EntitiesDescriptor>");
    let signed = sign(&feed, next_idp_key().pair.private());
    let pin = |made: &Made| SigningKeys::from_certificates([made.pair.certificate()]);
    assert_eq!(
        read_feed(&signed, Some(&pin(next_idp_key())), NOW)
            .unwrap()
            .providers
            .len(),
        1
    );
    let wrong = read_feed(&signed, Some(&pin(stranger_key())), NOW).unwrap_err();
    assert_eq!(wrong, FeedProblem::Signature(SignatureProblem::DoesNotFit));
    let missing = read_feed(&single, Some(&pin(next_idp_key())), NOW).unwrap_err();
    assert_eq!(missing, FeedProblem::Signature(SignatureProblem::Missing));
    let changed = signed.replacen("Exempel-ID", "Exempel-1D", 1);
    assert!(read_feed(&changed, Some(&pin(next_idp_key())), NOW).is_err());
}

#[test]
fn expired_metadata_is_left_out() {
    let certificate = idp_key().certificate_base64();
    let at = |until: &str| read_feed(&idp_metadata(IDP, std::slice::from_ref(&certificate), until), None, NOW);
    assert_eq!(
        at("validUntil=\"2026-11-23T11:59:59Z\"").unwrap_err(),
        FeedProblem::Expired
    );
    assert_eq!(at("validUntil=\"soon\"").unwrap_err(), FeedProblem::Expired);
    let provider = at("validUntil=\"2026-11-23T12:00:01Z\"").unwrap().providers.remove(0);
    assert!(provider.is_valid_at(NOW) && !provider.is_valid_at(NOW + Duration::seconds(2)));
}
