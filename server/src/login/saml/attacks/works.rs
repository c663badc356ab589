//! What must log a person in: every cipher, either place of the key, any prefix.

use super::super::forge::*;
use super::super::names::*;
use super::super::response::Refusal;
use super::with;
use time::Duration;

#[test]
fn a_good_login_gives_a_whole_identity() {
    let login = checked(&Answer::default().field()).unwrap();
    assert_eq!(
        (login.level.as_str(), login.assertion_id.as_str()),
        (LOA3, "_assertion")
    );
    assert_eq!(login.usable_until, NOW + Duration::minutes(6));
    let person = person_of(login);
    assert_eq!(person.number.to_string(), "191212121212");
    assert_eq!(person.name, "Tolvan Tolvansson");
    assert_eq!(person.transaction.as_deref(), Some("t-1"));
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
