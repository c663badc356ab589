//! Certificates for tests. The keys are fixed (`tests/keys`, made once by openssl): making RSA keys takes seconds.

use contracts::certificate::TrustStore;
use contracts::signature::SigningIdentity;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// The day on which all tests happen.
pub const NOW: OffsetDateTime = datetime!(2026-06-15 12:00 UTC);

pub const KOMMUN_A: &str = "162021004748";
pub const KOMMUN_B: &str = "162021003898";

pub fn key(name: &str) -> String {
    let path = format!("{}/tests/keys/{name}.key", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn key_pair(name: &str) -> KeyPair {
    KeyPair::from_pem(&key(name)).unwrap()
}

/// How a certificate is to be; starts as a good one.
pub struct Wish {
    pub organisation: Option<String>,
    pub name: String,
    pub key: &'static str,
    pub from: OffsetDateTime,
    pub to: OffsetDateTime,
    pub serial: u64,
    pub authority: bool,
    pub path_length: Option<u8>,
    pub usages: Vec<KeyUsagePurpose>,
}

impl Wish {
    pub fn of(organisation: &str, name: &str, key: &'static str) -> Self {
        Self {
            organisation: Some(organisation.to_owned()),
            name: name.to_owned(),
            key,
            from: NOW - Duration::days(100),
            to: NOW + Duration::days(100),
            serial: 17,
            authority: false,
            path_length: None,
            usages: vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment],
        }
    }

    pub fn authority(name: &str, key: &'static str) -> Self {
        Self {
            organisation: None,
            authority: true,
            usages: vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign],
            ..Self::of("", name, key)
        }
    }

    pub fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::default();
        let mut subject = DistinguishedName::new();
        subject.push(DnType::CountryName, "SE");
        subject.push(DnType::OrganizationName, self.name.as_str());
        subject.push(DnType::CommonName, self.name.as_str());
        if let Some(organisation) = &self.organisation {
            subject.push(DnType::CustomDnType(vec![2, 5, 4, 5]), organisation.as_str());
        }
        params.distinguished_name = subject;
        params.not_before = self.from;
        params.not_after = self.to;
        params.serial_number = Some(SerialNumber::from(self.serial));
        params.key_usages.clone_from(&self.usages);
        params.is_ca = match (self.authority, self.path_length) {
            (false, _) => IsCa::NoCa,
            (true, None) => IsCa::Ca(BasicConstraints::Unconstrained),
            (true, Some(length)) => IsCa::Ca(BasicConstraints::Constrained(length)),
        };
        params
    }
}

/// An authority that certificates can be had from.
pub struct Authority {
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn root(name: &str, key: &'static str) -> Self {
        Self::root_as(&Wish::authority(name, key))
    }

    pub fn root_as(wish: &Wish) -> Self {
        let pair = key_pair(wish.key);
        let certificate = wish.params().self_signed(&pair).unwrap();
        Self {
            pem: certificate.pem(),
            issuer: Issuer::new(wish.params(), pair),
        }
    }

    /// An authority below this one.
    pub fn below(&self, wish: &Wish) -> Self {
        let pair = key_pair(wish.key);
        let certificate = wish.params().signed_by(&pair, &self.issuer).unwrap();
        Self {
            pem: certificate.pem(),
            issuer: Issuer::new(wish.params(), pair),
        }
    }

    pub fn issue(&self, wish: &Wish) -> Certificate {
        wish.params().signed_by(&key_pair(wish.key), &self.issuer).unwrap()
    }

    pub fn identity(&self, wish: &Wish) -> SigningIdentity {
        SigningIdentity::from_pem(&self.issue(wish).pem(), &key(wish.key)).unwrap()
    }

    pub fn revoke(&self, serial: u64, from: OffsetDateTime, next_update: OffsetDateTime) -> Vec<u8> {
        let revoked = RevokedCertParams {
            serial_number: SerialNumber::from(serial),
            revocation_time: from,
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: NOW - Duration::days(10),
            next_update,
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: vec![revoked],
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().der().to_vec()
    }
}

/// What most tests need: one authority, a sender and a mediator.
pub struct Pki {
    pub authority: Authority,
    pub sender: SigningIdentity,
    pub mediator: SigningIdentity,
    pub trust: TrustStore,
}

impl Pki {
    pub fn new() -> Self {
        let authority = Authority::root("Test CA", "ca");
        let sender = authority.identity(&Wish::of(KOMMUN_A, "Kommun A", "sender"));
        let mediator = authority.identity(&Wish {
            serial: 18,
            ..Wish::of(KOMMUN_B, "Kommun B", "mediator")
        });
        let trust = TrustStore::from_pem(&authority.pem, Vec::new()).unwrap();
        Self {
            authority,
            sender,
            mediator,
            trust,
        }
    }
}
