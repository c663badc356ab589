//! Organisation certificates: who a certificate says it is, and whether that is to be believed (sections 3 and 7.4).

mod chain;
mod revocation;
mod store;

pub use store::{Revocation, TrustError, TrustStore};

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::OID_X509_SERIALNUMBER;
use x509_parser::pem::Pem;
use x509_parser::x509::{AttributeTypeAndValue, X509Name};

use crate::identifier::OrganisationNumber;

/// Why a certificate does not count. The texts may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum CertificateProblem {
    /// Not an X.509 certificate.
    #[error("the certificate cannot be read; send it as X.509 in DER")]
    Unreadable,
    /// Its time is over, or its issuer's is.
    #[error("the certificate, or the one that issued it, has expired; sign with a certificate that is in force")]
    Expired,
    /// Its time has not come, or its issuer's has not.
    #[error("the certificate, or the one that issued it, is not valid yet")]
    NotYetValid,
    /// No trusted issuer of that name and key.
    #[error("the certificate is not issued by a certification authority that this service trusts")]
    UnknownIssuer,
    /// It vouches for itself.
    #[error("the certificate is self-signed; use one from a certification authority that this service trusts")]
    SelfSigned,
    /// The issuer is not allowed to issue.
    #[error("the certificate is issued by a certificate that may not issue others")]
    IssuerNotAuthority,
    /// Signed by its issuer with an algorithm that is not accepted, SHA-1 for instance.
    #[error("the certificate is signed with an algorithm that is not accepted; use SHA-256 or better")]
    WeakSignature,
    /// On its issuer's list of revoked certificates.
    #[error("the certificate has been revoked")]
    Revoked,
    /// No current list of revoked certificates, and the setting is not to go on without.
    #[error("whether the certificate has been revoked is not known at the moment; try again later")]
    RevocationUnknown,
    /// No organisation number in its subject, or more than one.
    #[error("the certificate's subject has no organisation number (serialNumber, 16 and ten digits)")]
    NoOrganisation,
    /// A key that is not to be used for signing, or of a kind that is not supported.
    #[error("the certificate's key may not be used for signatures, or is of a kind that is not supported")]
    Key,
    /// A critical extension that we do not understand.
    #[error("the certificate has a critical extension that this service does not know")]
    UnknownExtension,
}

/// Who a certificate belongs to.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer {
    /// The organisation, from the subject's serialNumber.
    pub organisation: OrganisationNumber,
    /// The organisation's name, or the common name when it has none.
    pub name: String,
    /// Name of the authority that issued the certificate.
    pub issuer: String,
    /// SHA-256 over the certificate.
    pub fingerprint_sha256: [u8; 32],
    /// The certificate.
    pub der: Vec<u8>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Signer({} {}, issued by {})",
            self.organisation, self.name, self.issuer
        )
    }
}

impl Signer {
    /// What the certificate says, without asking whether that is to be believed.
    pub fn claimed_by(der: &[u8]) -> Result<Self, CertificateProblem> {
        Self::read(der, &parse(der)?)
    }

    fn read(der: &[u8], certificate: &X509Certificate<'_>) -> Result<Self, CertificateProblem> {
        Ok(Self {
            organisation: organisation_in(certificate.subject())?,
            name: display_name(certificate.subject()),
            issuer: display_name(certificate.issuer()),
            fingerprint_sha256: fingerprint(der),
            der: der.to_vec(),
        })
    }
}

/// What a certificate says of itself, without asking whether that is to be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// Whose it is: common name and organisation.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// The organisation, if its subject names one.
    pub organisation: Option<OrganisationNumber>,
    /// SHA-256 over the certificate.
    pub fingerprint_sha256: [u8; 32],
    /// When it ends.
    pub ends_at: OffsetDateTime,
}

impl Card {
    /// Reads a certificate.
    pub fn of(der: &[u8]) -> Result<Self, CertificateProblem> {
        let certificate = parse(der)?;
        let ends_at = certificate.validity().not_after.timestamp();
        Ok(Self {
            subject: whole_name(certificate.subject()),
            issuer: whole_name(certificate.issuer()),
            organisation: organisation_in(certificate.subject()).ok(),
            fingerprint_sha256: fingerprint(der),
            ends_at: OffsetDateTime::from_unix_timestamp(ends_at).map_err(|_| CertificateProblem::Unreadable)?,
        })
    }
}

/// SHA-256 over a certificate.
pub fn fingerprint(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

/// Common name and organisation, one after the other where they differ.
fn whole_name(name: &X509Name<'_>) -> String {
    let text = |found: Option<&AttributeTypeAndValue<'_>>| found.and_then(text_of).map(str::to_owned);
    let common = text(name.iter_common_name().next());
    let organisation = text(name.iter_organization().next()).filter(|one| Some(one) != common.as_ref());
    [common, organisation]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ")
}

/// The organisation number in a certificate's subject: OID 2.5.4.5, alone or within a multi-valued RDN. Does not check
/// the certificate; TLS has done that for those of clients.
pub fn organisation_of(der: &[u8]) -> Result<OrganisationNumber, CertificateProblem> {
    organisation_in(parse(der)?.subject())
}

/// Whether a certificate says that it may issue others.
pub(crate) fn is_authority(der: &[u8]) -> bool {
    parse(der).is_ok_and(|certificate| certificate.is_ca())
}

fn organisation_in(subject: &X509Name<'_>) -> Result<OrganisationNumber, CertificateProblem> {
    let mut numbers = subject.iter_by_oid(&OID_X509_SERIALNUMBER);
    let (Some(number), None) = (numbers.next(), numbers.next()) else {
        return Err(CertificateProblem::NoOrganisation);
    };
    let text = text_of(number).ok_or(CertificateProblem::NoOrganisation)?;
    text.parse().map_err(|_| CertificateProblem::NoOrganisation)
}

fn display_name(name: &X509Name<'_>) -> String {
    let text = |found: Option<&AttributeTypeAndValue<'_>>| found.and_then(text_of).map(str::to_owned);
    text(name.iter_organization().next())
        .or_else(|| text(name.iter_common_name().next()))
        .unwrap_or_default()
}

fn text_of<'a>(value: &'a AttributeTypeAndValue<'_>) -> Option<&'a str> {
    // UTF8String, PrintableString and IA5String are read as they stand; the older string types have other alphabets.
    value
        .as_str()
        .ok()
        .or_else(|| std::str::from_utf8(value.as_slice()).ok())
}

/// Reads a certificate with nothing behind it.
fn parse(der: &[u8]) -> Result<X509Certificate<'_>, CertificateProblem> {
    match x509_parser::parse_x509_certificate(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(CertificateProblem::Unreadable),
    }
}

/// The first certificate of a PEM text, in DER.
pub fn first_pem_certificate(pem: &str) -> Option<Vec<u8>> {
    pem_blocks(pem, "CERTIFICATE").into_iter().next()
}

/// All blocks of a PEM text with this label, in DER. What cannot be read is left out.
pub fn pem_blocks(pem: &str, label: &str) -> Vec<Vec<u8>> {
    let blocks = Pem::iter_from_buffer(pem.as_bytes()).filter_map(Result::ok);
    blocks
        .filter(|block| block.label == label)
        .map(|block| block.contents)
        .collect()
}
