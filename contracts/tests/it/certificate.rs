//! Whose certificates count.

use contracts::certificate::{
    CertificateProblem, Revocation, Signer, TrustError, TrustStore, first_pem_certificate, organisation_of,
};
use contracts::signature::{KeyError, SigningIdentity};
use rcgen::KeyUsagePurpose;
use time::Duration;

use crate::pki::{Authority, KOMMUN_A, NOW, Wish, key};

fn sender() -> Wish {
    Wish::of(KOMMUN_A, "Kommun A", "sender")
}

fn check(trust: &TrustStore, authority: &Authority, wish: &Wish) -> Result<Signer, CertificateProblem> {
    trust.check(authority.issue(wish).der(), NOW)
}

#[test]
fn a_good_certificate_names_its_organisation() {
    let authority = Authority::root("Test CA", "ca");
    let trust = TrustStore::from_pem(&authority.pem, Vec::new()).unwrap();
    for _ in 0..2 {
        // The second time from memory.
        let signer = check(&trust, &authority, &sender()).unwrap();
        assert_eq!(signer.organisation.to_string(), KOMMUN_A);
        assert_eq!((signer.name.as_str(), signer.issuer.as_str()), ("Kommun A", "Test CA"));
    }
}

#[test]
fn the_number_is_found_in_a_multi_valued_name() {
    let der = first_pem_certificate(include_str!("../keys/multivalued.crt")).unwrap();
    assert_eq!(organisation_of(&der).unwrap().to_string(), KOMMUN_A);
}

#[test]
fn each_fault_has_its_own_name() {
    let authority = Authority::root("Test CA", "ca");
    let stranger = Authority::root("Other CA", "other-ca");
    // The name of a trusted authority without its key.
    let impostor = Authority::root("Test CA", "other-ca");
    let trust = TrustStore::from_pem(&authority.pem, Vec::new()).unwrap();
    let day = Duration::days(1);
    let cases = [
        (
            &authority,
            Wish {
                to: NOW - day,
                ..sender()
            },
            CertificateProblem::Expired,
        ),
        (
            &authority,
            Wish {
                from: NOW + day,
                ..sender()
            },
            CertificateProblem::NotYetValid,
        ),
        (
            &authority,
            Wish {
                organisation: None,
                ..sender()
            },
            CertificateProblem::NoOrganisation,
        ),
        (
            &authority,
            Wish {
                organisation: Some("2021004748".into()),
                ..sender()
            },
            CertificateProblem::NoOrganisation,
        ),
        (
            &authority,
            Wish {
                organisation: Some("191212121212".into()),
                ..sender()
            },
            CertificateProblem::NoOrganisation,
        ),
        (
            &authority,
            Wish {
                usages: vec![KeyUsagePurpose::KeyAgreement],
                ..sender()
            },
            CertificateProblem::Key,
        ),
        (&stranger, sender(), CertificateProblem::UnknownIssuer),
        (&impostor, sender(), CertificateProblem::UnknownIssuer),
    ];
    for (authority, wish, problem) in cases {
        assert_eq!(check(&trust, authority, &wish), Err(problem));
    }
    let own = Authority::root_as(&sender());
    let der = first_pem_certificate(&own.pem).unwrap();
    assert_eq!(trust.check(&der, NOW), Err(CertificateProblem::SelfSigned));
    assert_eq!(trust.check(b"no certificate", NOW), Err(CertificateProblem::Unreadable));
    let mut longer = authority.issue(&sender()).der().to_vec();
    longer.push(0);
    assert_eq!(trust.check(&longer, NOW), Err(CertificateProblem::Unreadable));
}

#[test]
fn a_changed_certificate_is_not_believed() {
    let authority = Authority::root("Test CA", "ca");
    let trust = TrustStore::from_pem(&authority.pem, Vec::new()).unwrap();
    let mut der = authority.issue(&sender()).der().to_vec();
    let at = der.windows(12).position(|part| part == KOMMUN_A.as_bytes()).unwrap();
    der[at + 11] = b'9';
    assert_eq!(trust.check(&der, NOW), Err(CertificateProblem::UnknownIssuer));
}

#[test]
fn validity_is_asked_anew_each_time() {
    let authority = Authority::root("Test CA", "ca");
    let trust = TrustStore::from_pem(&authority.pem, Vec::new()).unwrap();
    let certificate = authority.issue(&sender());
    assert!(trust.check(certificate.der(), NOW).is_ok());
    assert_eq!(
        trust.check(certificate.der(), NOW + Duration::days(101)),
        Err(CertificateProblem::Expired)
    );
    assert_eq!(
        trust.check(certificate.der(), NOW - Duration::days(101)),
        Err(CertificateProblem::NotYetValid)
    );
}

#[test]
fn chains_lead_through_authorities_only() {
    let root = Authority::root("Root", "ca");
    let middle = root.below(&Wish {
        serial: 2,
        ..Wish::authority("Middle", "middle")
    });
    let middle_der = first_pem_certificate(&middle.pem).unwrap();
    let trust = TrustStore::from_pem(&root.pem, Vec::new()).unwrap();
    let certificate = middle.issue(&sender());
    assert_eq!(
        trust.check(certificate.der(), NOW),
        Err(CertificateProblem::UnknownIssuer)
    );
    assert!(
        trust
            .check_chain(certificate.der(), std::slice::from_ref(&middle_der), NOW)
            .is_ok()
    );
    let both = TrustStore::from_pem(&format!("{}{}", root.pem, middle.pem), Vec::new()).unwrap();
    assert!(both.check(certificate.der(), NOW).is_ok());

    // A sender's certificate does not make an authority of its owner.
    let not_authority = root.below(&sender());
    let der = first_pem_certificate(&not_authority.pem).unwrap();
    let forged = not_authority.issue(&Wish::of(KOMMUN_A, "Kommun X", "third"));
    assert_eq!(
        trust.check_chain(forged.der(), &[der], NOW).map(|_| ()),
        Err(CertificateProblem::IssuerNotAuthority)
    );
    // An expired authority in between.
    let old = root.below(&Wish {
        to: NOW - Duration::days(1),
        ..Wish::authority("Old", "middle")
    });
    let der = first_pem_certificate(&old.pem).unwrap();
    let result = trust.check_chain(old.issue(&sender()).der(), &[der], NOW).map(|_| ());
    assert_eq!(result, Err(CertificateProblem::Expired));
}

#[test]
fn an_authority_may_be_limited_in_what_stands_below_it() {
    let root = Authority::root_as(&Wish {
        path_length: Some(0),
        ..Wish::authority("Root", "ca")
    });
    let middle = root.below(&Wish::authority("Middle", "middle"));
    let der = first_pem_certificate(&middle.pem).unwrap();
    let trust = TrustStore::from_pem(&root.pem, Vec::new()).unwrap();
    assert!(trust.check(root.issue(&sender()).der(), NOW).is_ok());
    let result = trust
        .check_chain(middle.issue(&sender()).der(), &[der], NOW)
        .map(|_| ());
    assert_eq!(result, Err(CertificateProblem::IssuerNotAuthority));
}

#[test]
fn revoked_certificates_are_refused() {
    let authority = Authority::root("Test CA", "ca");
    let day = Duration::days(1);
    let list = authority.revoke(17, NOW - day, NOW + day);
    let trust = TrustStore::from_pem(&authority.pem, vec![list]).unwrap();
    assert_eq!(check(&trust, &authority, &sender()), Err(CertificateProblem::Revoked));
    assert!(check(&trust, &authority, &Wish { serial: 99, ..sender() }).is_ok());
    // Before it was revoked it was good: an old letter keeps its signature.
    assert!(
        trust
            .check(authority.issue(&sender()).der(), NOW - Duration::days(5))
            .is_ok()
    );
}

#[test]
fn without_a_current_list_the_setting_decides() {
    let authority = Authority::root("Test CA", "ca");
    let day = Duration::days(1);
    let old = || authority.revoke(99, NOW - day, NOW - day);
    let soft = TrustStore::from_pem(&authority.pem, vec![old()]).unwrap();
    assert!(check(&soft, &authority, &sender()).is_ok());
    let hard = TrustStore::from_pem(&authority.pem, vec![old()])
        .unwrap()
        .with_revocation(Revocation::Hard);
    assert_eq!(
        check(&hard, &authority, &sender()),
        Err(CertificateProblem::RevocationUnknown)
    );
    assert_eq!(
        check(&hard, &authority, &Wish { serial: 99, ..sender() }),
        Err(CertificateProblem::Revoked)
    );
    let current = authority.revoke(99, NOW - day, NOW + day);
    let hard = TrustStore::from_pem(&authority.pem, vec![current])
        .unwrap()
        .with_revocation(Revocation::Hard);
    assert!(check(&hard, &authority, &sender()).is_ok());
}

#[test]
fn a_list_of_somebody_else_is_noticed() {
    let authority = Authority::root("Test CA", "ca");
    let impostor = Authority::root("Test CA", "other-ca");
    let list = impostor.revoke(17, NOW, NOW);
    let result = TrustStore::from_pem(&authority.pem, vec![list]).map(|_| ());
    assert_eq!(result, Err(TrustError::RevocationList { position: 1 }));
    let result = TrustStore::from_pem(&authority.pem, vec![b"nothing".to_vec()]).map(|_| ());
    assert_eq!(result, Err(TrustError::RevocationList { position: 1 }));
}

#[test]
fn a_bundle_must_hold_authorities() {
    let authority = Authority::root("Test CA", "ca");
    assert_eq!(TrustStore::from_pem("", Vec::new()).map(|_| ()), Err(TrustError::Empty));
    let result = TrustStore::from_pem(&authority.issue(&sender()).pem(), Vec::new()).map(|_| ());
    let expected = TrustError::Authority {
        position: 1,
        problem: CertificateProblem::IssuerNotAuthority,
    };
    assert_eq!(result, Err(expected));
}

#[test]
fn elliptic_keys_are_as_good() {
    let authority = Authority::root("Elliptic CA", "elliptic-ca");
    let trust = TrustStore::from_pem(&authority.pem, Vec::new()).unwrap();
    assert!(
        check(
            &trust,
            &authority,
            &Wish {
                key: "elliptic",
                ..sender()
            }
        )
        .is_ok()
    );
}

#[test]
fn an_identity_is_a_pair() {
    let authority = Authority::root("Test CA", "ca");
    let pem = authority.issue(&sender()).pem();
    assert!(SigningIdentity::from_pem(&pem, &key("sender")).is_ok());
    assert_eq!(
        SigningIdentity::from_pem(&pem, &key("mediator")).map(|_| ()),
        Err(KeyError::NotAPair)
    );
    assert_eq!(
        SigningIdentity::from_pem(&pem, "nothing").map(|_| ()),
        Err(KeyError::Unreadable)
    );
    assert_eq!(
        SigningIdentity::from_pem("nothing", &key("sender")).map(|_| ()),
        Err(KeyError::Unreadable)
    );
}

#[test]
fn an_authority_that_came_along_can_revoke_and_be_revoked() {
    let root = Authority::root("Root", "ca");
    let middle = root.below(&Wish {
        serial: 2,
        ..Wish::authority("Middle", "middle")
    });
    let middle_der = first_pem_certificate(&middle.pem).unwrap();
    let certificate = middle.issue(&sender());
    let day = Duration::days(1);
    let with = |list| {
        let trust = TrustStore::from_pem(&root.pem, vec![list]).unwrap();
        trust
            .check_chain(certificate.der(), std::slice::from_ref(&middle_der), NOW)
            .map(|_| ())
    };
    assert_eq!(
        with(middle.revoke(17, NOW - day, NOW + day)),
        Err(CertificateProblem::Revoked)
    );
    assert_eq!(
        with(root.revoke(2, NOW - day, NOW + day)),
        Err(CertificateProblem::Revoked)
    );
    // The serial number of one authority says nothing of another's.
    assert_eq!(with(root.revoke(17, NOW - day, NOW + day)), Ok(()));
    assert_eq!(with(middle.revoke(17, NOW + day, NOW + day)), Ok(()));
}
