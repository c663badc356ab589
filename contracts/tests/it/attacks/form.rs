//! Signatures whose form lets them mean something else.

use contracts::fault::ErrorCode;
use contracts::sending::deliver_secure_request;
use contracts::service::ReceivePolicy;
use contracts::service::receive;
use contracts::signature::Policy;

use super::{denied, refused};
use crate::forge::Form;
use crate::forge::forge;
use crate::forge::forge_hmac;
use crate::forge::unsigned;
use crate::pki::NOW;
use crate::pki::Pki;
use crate::sample::delivery;
use crate::sample::received;
use crate::sample::sealed;

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";

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
    let sealed = include_str!("../../samples/sealed-rsa-sha1.xml");
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
    let twice = text.replacen("<Signature ", "<Signature Id=\"_1\" ", 1);
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
