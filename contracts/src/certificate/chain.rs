//! From a certificate to an authority that is trusted.

use std::sync::Arc;

use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::ParsedExtension;
use x509_parser::oid_registry::{
    OID_PKCS1_SHA256WITHRSA, OID_PKCS1_SHA384WITHRSA, OID_PKCS1_SHA512WITHRSA, OID_SIG_ECDSA_WITH_SHA256,
    OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ECDSA_WITH_SHA512, Oid,
};

use super::{CertificateProblem, parse};
use crate::signature::{PublicKey, verify_certificate_signature};

/// Certificates between a signer and a trusted authority, at most.
const LONGEST_CHAIN: usize = 4;

/// A certificate that may issue others.
#[derive(Debug)]
pub(super) struct Authority {
    /// Subject in DER, which issuers are compared by.
    pub(super) subject: Vec<u8>,
    pub(super) key: PublicKey,
    issued: Issued,
    /// How many authorities may stand below it; `None` for any number.
    path_length: Option<u32>,
}

/// What a certificate says about the time and the place in its chain.
#[derive(Debug, Clone)]
pub(super) struct Issued {
    pub(super) serial: Vec<u8>,
    pub(super) not_before: i64,
    pub(super) not_after: i64,
}

/// One certificate of a chain with the authority that issued it.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) certificate: Issued,
    /// `None` for the trusted authority itself: nobody is asked whether that is revoked.
    pub(super) issuer: Option<Arc<Authority>>,
}

impl Authority {
    /// Reads an authority; an error when the certificate may not issue others.
    pub(super) fn read(der: &[u8]) -> Result<Self, CertificateProblem> {
        let certificate = parse(der)?;
        check_extensions(&certificate)?;
        let constraints = certificate
            .basic_constraints()
            .map_err(|_| CertificateProblem::Unreadable)?;
        let constraints = constraints.filter(|constraints| constraints.value.ca);
        let constraints = constraints.ok_or(CertificateProblem::IssuerNotAuthority)?;
        let usage = certificate.key_usage().map_err(|_| CertificateProblem::Unreadable)?;
        if usage.is_some_and(|usage| !usage.value.key_cert_sign()) {
            return Err(CertificateProblem::IssuerNotAuthority);
        }
        Ok(Self {
            subject: certificate.subject().as_raw().to_vec(),
            key: PublicKey::from_spki_der(certificate.public_key().raw).map_err(|_| CertificateProblem::Key)?,
            issued: Issued::of(&certificate),
            path_length: constraints.value.path_len_constraint,
        })
    }
}

impl Issued {
    pub(super) fn of(certificate: &X509Certificate<'_>) -> Self {
        Self {
            serial: significant(certificate.raw_serial()).to_vec(),
            not_before: certificate.validity().not_before.timestamp(),
            not_after: certificate.validity().not_after.timestamp(),
        }
    }
}

/// A serial number without leading zeros, so that its encodings compare equal.
pub(super) fn significant(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    serial.get(zeros..).unwrap_or_default()
}

/// The chain of a signer's certificate, from the signer to a trusted authority. `between` are certificates that came
/// along and are believed only when their own issuer is.
pub(super) fn build(
    signer: &X509Certificate<'_>,
    trusted: &[Arc<Authority>],
    between: &[Vec<u8>],
) -> Result<Vec<Link>, CertificateProblem> {
    check_signer(signer)?;
    let mut between: Vec<_> = between.iter().filter_map(|der| Some((der, parse(der).ok()?))).collect();
    let mut links = Vec::new();
    let mut current = signer.clone();
    for below in 0..=LONGEST_CHAIN {
        if let Some(authority) = issuer_among(&current, trusted)? {
            allow_length(&authority, below)?;
            let issued = authority.issued.clone();
            links.push(Link {
                certificate: Issued::of(&current),
                issuer: Some(authority),
            });
            links.push(Link {
                certificate: issued,
                issuer: None,
            });
            return Ok(links);
        }
        if is_self_signed(&current) {
            return Err(CertificateProblem::SelfSigned);
        }
        let next = between
            .iter()
            .position(|(_, candidate)| candidate.subject().as_raw() == current.issuer().as_raw());
        let (der, certificate) = next
            .map(|at| between.swap_remove(at))
            .ok_or(CertificateProblem::UnknownIssuer)?;
        let authority = Arc::new(Authority::read(der)?);
        if !issued_by(&current, &authority)? {
            return Err(CertificateProblem::UnknownIssuer);
        }
        allow_length(&authority, below)?;
        links.push(Link {
            certificate: Issued::of(&current),
            issuer: Some(authority),
        });
        current = certificate;
    }
    Err(CertificateProblem::UnknownIssuer)
}

fn issuer_among(
    certificate: &X509Certificate<'_>,
    authorities: &[Arc<Authority>],
) -> Result<Option<Arc<Authority>>, CertificateProblem> {
    for authority in authorities
        .iter()
        .filter(|authority| authority.subject == certificate.issuer().as_raw())
    {
        if issued_by(certificate, authority)? {
            return Ok(Some(Arc::clone(authority)));
        }
    }
    Ok(None)
}

fn is_self_signed(certificate: &X509Certificate<'_>) -> bool {
    certificate.issuer().as_raw() == certificate.subject().as_raw()
        && PublicKey::from_spki_der(certificate.public_key().raw)
            .is_ok_and(|key| signed_with(certificate, &key).unwrap_or(false))
}

fn issued_by(certificate: &X509Certificate<'_>, authority: &Authority) -> Result<bool, CertificateProblem> {
    signed_with(certificate, &authority.key)
}

fn signed_with(certificate: &X509Certificate<'_>, key: &PublicKey) -> Result<bool, CertificateProblem> {
    // The algorithm stands outside and inside of what is signed, and both must be the same (RFC 5280, 4.1.1.2).
    let inside = &certificate.tbs_certificate.signature;
    if *inside != certificate.signature_algorithm {
        return Err(CertificateProblem::Unreadable);
    }
    let method = method_of(&inside.algorithm).ok_or(CertificateProblem::WeakSignature)?;
    let signed = certificate.tbs_certificate.as_ref();
    Ok(verify_certificate_signature(
        key,
        method,
        signed,
        &certificate.signature_value.data,
    ))
}

/// The XML name of a certificate's signature algorithm, when it is one that counts.
pub(super) fn method_of(algorithm: &Oid<'_>) -> Option<&'static str> {
    use bergshamra::core::algorithm as name;
    [
        (OID_PKCS1_SHA256WITHRSA, name::RSA_SHA256),
        (OID_PKCS1_SHA384WITHRSA, name::RSA_SHA384),
        (OID_PKCS1_SHA512WITHRSA, name::RSA_SHA512),
        (OID_SIG_ECDSA_WITH_SHA256, name::ECDSA_SHA256),
        (OID_SIG_ECDSA_WITH_SHA384, name::ECDSA_SHA384),
        (OID_SIG_ECDSA_WITH_SHA512, name::ECDSA_SHA512),
    ]
    .into_iter()
    .find(|(oid, _)| oid == algorithm)
    .map(|(_, name)| name)
}

fn allow_length(authority: &Authority, below: usize) -> Result<(), CertificateProblem> {
    let allowed = authority
        .path_length
        .is_none_or(|length| usize::try_from(length).is_ok_and(|length| below <= length));
    if allowed {
        Ok(())
    } else {
        Err(CertificateProblem::IssuerNotAuthority)
    }
}

fn check_signer(certificate: &X509Certificate<'_>) -> Result<(), CertificateProblem> {
    check_extensions(certificate)?;
    let usage = certificate.key_usage().map_err(|_| CertificateProblem::Unreadable)?;
    // nonRepudiation is not demanded: organisation certificates have digitalSignature (section 7.4).
    if usage.is_some_and(|usage| !usage.value.digital_signature() && !usage.value.non_repudiation()) {
        return Err(CertificateProblem::Key);
    }
    Ok(())
}

fn check_extensions(certificate: &X509Certificate<'_>) -> Result<(), CertificateProblem> {
    let known = |extension: &ParsedExtension<'_>| {
        matches!(
            extension,
            ParsedExtension::AuthorityKeyIdentifier(_)
                | ParsedExtension::SubjectKeyIdentifier(_)
                | ParsedExtension::KeyUsage(_)
                | ParsedExtension::ExtendedKeyUsage(_)
                | ParsedExtension::BasicConstraints(_)
                | ParsedExtension::CertificatePolicies(_)
                | ParsedExtension::SubjectAlternativeName(_)
                | ParsedExtension::CRLDistributionPoints(_)
                | ParsedExtension::AuthorityInfoAccess(_)
        )
    };
    let strange = certificate.iter_extensions().any(|extension| {
        extension.parsed_extension().error().is_some() || (extension.critical && !known(extension.parsed_extension()))
    });
    if strange {
        Err(CertificateProblem::UnknownExtension)
    } else {
        Ok(())
    }
}
