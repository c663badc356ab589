//! No signature, another's, or one made with what is not allowed.

use super::super::forge::*;
use super::super::names::*;
use super::super::provider::read_feed;
use super::super::response::Refusal;
use super::super::signature::{SignatureProblem, SigningKeys};
use super::{BAD_FORM, forged, refused, with};

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
