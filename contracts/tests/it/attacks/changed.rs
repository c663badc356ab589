//! What is changed, or signed by somebody whose signature does not count.

use contracts::fault::ErrorCode;
use contracts::sending::deliver_secure_request;
use contracts::sending::seal;
use contracts::sending::sign_and_seal;
use contracts::signature::SigningIdentity;
use time::Duration;

use super::{DAY, denied, enveloped, forged_signed_delivery, refused};
use crate::forge::Form;
use crate::forge::forge;
use crate::forge::unsigned;
use crate::pki::Authority;
use crate::pki::KOMMUN_A;
use crate::pki::NOW;
use crate::pki::Pki;
use crate::pki::Wish;
use crate::sample::delivery;
use crate::sample::request;
use crate::sample::sealed;

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
