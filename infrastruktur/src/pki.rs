//! The demonstration PKI: a certificate authority of our own and everything it has signed, in one folder.
//!
//! Made on the first start, kept afterwards; what is missing or has run out is made again. The authority's key stays
//! in the folder, so that more senders, and bad certificates for tests, can be made. Every certificate says in its
//! issuer that it is a demonstration, and `brevlada` refuses it when its public address is not on loopback.

use crate::people;
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256, RsaKeySize, string::PrintableString,
};
use std::io;
use std::path::{Path, PathBuf};
use time::{Duration, OffsetDateTime};

/// Stands in the common name of the authority, and so in the issuer of everything that it signs.
pub const DEMONSTRATION_MARK: &str = "brevlada demonstration";

const AUTHORITY_YEARS: i64 = 10;
const CERTIFICATE_YEARS: i64 = 5;

/// Why the demonstration PKI could not be made or read.
#[derive(Debug, thiserror::Error)]
pub enum PkiError {
    /// A file could not be read or written.
    #[error("{path}: {source}.")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Nobody has made them here.
    #[error(
        "there are no demonstration certificates in {0}. Say this in the folder where `make run` was started, or name the folder \
         in INFRASTRUKTUR__PKI__DIR; `infrastruktur pki` makes new ones, which only a mailbox started with them trusts"
    )]
    NotHere(PathBuf),
    /// The certificate library refused.
    #[error("making a certificate for {0}: {1}")]
    Make(String, rcgen::Error),
    /// A file does not hold what its name promises.
    #[error("{0} does not hold a certificate that can be read: {1}. Remove it, and it is made again")]
    Unreadable(PathBuf, String),
    /// A name with characters that a certificate cannot carry.
    #[error("«{0}» is not a serial number that a certificate can carry")]
    SerialNumber(String),
}

/// What a certificate is to say.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// Subject `O`.
    pub organisation: &'a str,
    /// Subject `CN`.
    pub common_name: &'a str,
    /// Subject `serialNumber`: 16 and ten digits for organisations.
    pub serial_number: Option<&'a str>,
    /// What the key is for.
    pub purpose: Purpose,
    /// From when it counts.
    pub not_before: OffsetDateTime,
    /// Until when it counts.
    pub not_after: OffsetDateTime,
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An organisation's own: signs deliveries and connects as a client. RSA, 2048 bits, as in the field.
    Organisation,
    /// The operator's own: as an organisation's, and it may serve TLS on loopback as well.
    Operator,
    /// A TLS server on loopback. ECDSA, since it signs three times as many handshakes a second.
    LoopbackServer,
    /// Signs SAML messages. RSA, 2048 bits.
    SamlSigning,
    /// SAML assertions are encrypted to it. RSA, 2048 bits.
    SamlEncryption,
}

/// A certificate with its key.
#[derive(Clone)]
pub struct Issued {
    /// PEM.
    pub certificate: String,
    /// PKCS#8, PEM.
    pub key: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").finish_non_exhaustive()
    }
}

/// The folder with everything in it.
#[derive(Clone, Debug)]
pub struct Pki {
    dir: PathBuf,
    authority: Issued,
}

impl Pki {
    /// Opens the folder, and makes what is missing: the authority, the operator with its SAML keys, every sender, the two
    /// TLS servers and the signing key of the demonstration e-legitimation.
    pub fn open(dir: &Path, now: OffsetDateTime) -> Result<Self, PkiError> {
        std::fs::create_dir_all(dir).map_err(|source| PkiError::File {
            path: dir.to_owned(),
            source,
        })?;
        let (authority, is_new) = match read_pair(dir, "ca", now)? {
            Some(authority) => (authority, false),
            None => (make_authority(now)?, true),
        };
        if is_new {
            write_pair(dir, "ca", &authority)?;
        }
        let pki = Self {
            dir: dir.to_owned(),
            authority,
        };
        for (file, order) in Self::standing_orders(now) {
            // What an earlier authority has signed is of no use under a new one.
            if is_new || read_pair(dir, &file, now)?.is_none() {
                write_pair(dir, &file, &pki.issue(&order)?)?;
                tracing::info!(file, "made a demonstration certificate");
            }
        }
        Ok(pki)
    }

    /// Makes one more certificate. Nothing is written.
    pub fn issue(&self, order: &Order<'_>) -> Result<Issued, PkiError> {
        let failed = |e| PkiError::Make(order.common_name.to_owned(), e);
        let authority_key = KeyPair::from_pem(&self.authority.key).map_err(failed)?;
        let issuer = Issuer::from_ca_cert_pem(&self.authority.certificate, authority_key).map_err(failed)?;
        let key = match order.purpose {
            Purpose::LoopbackServer => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            Purpose::Organisation | Purpose::Operator | Purpose::SamlSigning | Purpose::SamlEncryption => {
                KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)
            }
        }
        .map_err(failed)?;
        let certificate = order.parameters()?.signed_by(&key, &issuer).map_err(failed)?;
        Ok(Issued {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        })
    }

    /// The authority's certificate, PEM.
    pub fn authority(&self) -> &str {
        &self.authority.certificate
    }

    /// As [`Pki::open`], where somebody has made the certificates: for those who send to a mailbox that trusts them already.
    pub fn existing(dir: &Path, now: OffsetDateTime) -> Result<Self, PkiError> {
        if dir.join("ca.crt").is_file() {
            Self::open(dir, now)
        } else {
            Err(PkiError::NotHere(dir.to_owned()))
        }
    }

    /// Reads one pair by the stem of its file: `brevlada`, `162021004748`, `idp`…
    pub fn pair(&self, stem: &str) -> Result<Issued, PkiError> {
        read(&self.dir, stem)
    }

    /// Where a file of the folder is.
    pub fn path(&self, file: &str) -> PathBuf {
        self.dir.join(file)
    }

    fn standing_orders(now: OffsetDateTime) -> Vec<(String, Order<'static>)> {
        let order = |organisation, common_name, serial_number, purpose| Order {
            organisation,
            common_name,
            serial_number,
            purpose,
            not_before: now - Duration::days(1),
            not_after: now + Duration::days(365 * CERTIFICATE_YEARS),
        };
        let operator = people::THIS_OPERATOR;
        let mut orders = vec![
            (
                "brevlada".to_owned(),
                order(operator.name, operator.domain, Some(operator.number), Purpose::Operator),
            ),
            (
                "grannpost".to_owned(),
                order(
                    people::ANOTHER_OPERATOR.name,
                    people::ANOTHER_OPERATOR.domain,
                    Some(people::ANOTHER_OPERATOR.number),
                    Purpose::Organisation,
                ),
            ),
            (
                "saml-signing".to_owned(),
                order(operator.name, "SAML signing", None, Purpose::SamlSigning),
            ),
            (
                "saml-encryption".to_owned(),
                order(operator.name, "SAML encryption", None, Purpose::SamlEncryption),
            ),
            (
                "brevlada-tls".to_owned(),
                order(operator.name, "localhost", None, Purpose::LoopbackServer),
            ),
            (
                "infrastruktur-tls".to_owned(),
                order(
                    "infrastruktur (demonstration)",
                    "localhost",
                    None,
                    Purpose::LoopbackServer,
                ),
            ),
            (
                "idp".to_owned(),
                order(
                    "infrastruktur (demonstration)",
                    "demonstration IdP signing",
                    None,
                    Purpose::SamlSigning,
                ),
            ),
        ];
        for sender in people::SENDERS {
            orders.push((
                sender.number.to_owned(),
                order(sender.name, sender.name, Some(sender.number), Purpose::Organisation),
            ));
        }
        orders
    }
}

impl Order<'_> {
    fn parameters(&self) -> Result<CertificateParams, PkiError> {
        let names = match self.purpose {
            Purpose::LoopbackServer | Purpose::Operator => {
                ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec()
            }
            Purpose::Organisation | Purpose::SamlSigning | Purpose::SamlEncryption => Vec::new(),
        };
        let mut parameters =
            CertificateParams::new(names).map_err(|e| PkiError::Make(self.common_name.to_owned(), e))?;
        let mut subject = DistinguishedName::new();
        subject.push(DnType::CountryName, "SE");
        subject.push(DnType::OrganizationName, self.organisation);
        if let Some(number) = self.serial_number {
            let printable = PrintableString::try_from(number).map_err(|_| PkiError::SerialNumber(number.to_owned()))?;
            subject.push(DnType::from_oid(&[2, 5, 4, 5]), DnValue::PrintableString(printable));
        }
        subject.push(DnType::CommonName, self.common_name);
        parameters.distinguished_name = subject;
        parameters.not_before = self.not_before;
        parameters.not_after = self.not_after;
        parameters.use_authority_key_identifier_extension = true;
        parameters.key_usages = match self.purpose {
            Purpose::Organisation | Purpose::Operator => {
                vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment]
            }
            Purpose::LoopbackServer | Purpose::SamlSigning => vec![KeyUsagePurpose::DigitalSignature],
            Purpose::SamlEncryption => vec![KeyUsagePurpose::KeyEncipherment],
        };
        parameters.extended_key_usages = match self.purpose {
            Purpose::Organisation => vec![ExtendedKeyUsagePurpose::ClientAuth],
            Purpose::Operator => vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth],
            Purpose::LoopbackServer => vec![ExtendedKeyUsagePurpose::ServerAuth],
            Purpose::SamlSigning | Purpose::SamlEncryption => Vec::new(),
        };
        Ok(parameters)
    }
}

fn make_authority(now: OffsetDateTime) -> Result<Issued, PkiError> {
    let name = format!("{DEMONSTRATION_MARK} CA");
    let failed = |e| PkiError::Make(name.clone(), e);
    let mut parameters = CertificateParams::new(Vec::new()).map_err(failed)?;
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CountryName, "SE");
    subject.push(DnType::OrganizationName, "brevlada demonstration, trusted by nobody");
    subject.push(DnType::CommonName, name.as_str());
    parameters.distinguished_name = subject;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters.not_before = now - Duration::days(1);
    parameters.not_after = now + Duration::days(365 * AUTHORITY_YEARS);
    let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).map_err(failed)?;
    let certificate = parameters.self_signed(&key).map_err(failed)?;
    Ok(Issued {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    })
}

/// Both files, if both are there and the certificate has not run out.
fn read_pair(dir: &Path, stem: &str, now: OffsetDateTime) -> Result<Option<Issued>, PkiError> {
    let certificate_path = dir.join(format!("{stem}.crt"));
    if !certificate_path.exists() || !dir.join(format!("{stem}.key")).exists() {
        return Ok(None);
    }
    let pair = read(dir, stem)?;
    let unreadable = |e: String| PkiError::Unreadable(certificate_path.clone(), e);
    let (_, pem) =
        x509_parser::pem::parse_x509_pem(pair.certificate.as_bytes()).map_err(|e| unreadable(e.to_string()))?;
    let certificate = pem.parse_x509().map_err(|e| unreadable(e.to_string()))?;
    let runs_out = certificate.validity().not_after.to_datetime();
    Ok((runs_out > now + Duration::days(1)).then_some(pair))
}

fn read(dir: &Path, stem: &str) -> Result<Issued, PkiError> {
    let read = |ending: &str| {
        let path = dir.join(format!("{stem}.{ending}"));
        std::fs::read_to_string(&path).map_err(|source| PkiError::File { path, source })
    };
    Ok(Issued {
        certificate: read("crt")?,
        key: read("key")?,
    })
}

fn write_pair(dir: &Path, stem: &str, pair: &Issued) -> Result<(), PkiError> {
    write(&dir.join(format!("{stem}.key")), &pair.key, 0o600)?;
    write(&dir.join(format!("{stem}.crt")), &pair.certificate, 0o644)
}

/// Writes beside and renames, so that a program that starts meanwhile never reads half a file.
fn write(path: &Path, content: &str, mode: u32) -> Result<(), PkiError> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let beside = path.with_extension("part");
    let written = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(mode)
        .open(&beside)
        .and_then(|mut file| file.write_all(content.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|source| PkiError::File {
        path: path.to_owned(),
        source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_folder_is_made_once_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let now = OffsetDateTime::now_utc();
        let first = Pki::open(dir.path(), now).unwrap();
        let again = Pki::open(dir.path(), now).unwrap();
        assert_eq!(first.authority(), again.authority());
        assert_eq!(
            first.pair("162021004748").unwrap().key,
            again.pair("162021004748").unwrap().key
        );
        let mode = std::fs::metadata(first.path("ca.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "keys are for the owner only");

        std::fs::remove_file(first.path("brevlada.crt")).unwrap();
        let mended = Pki::open(dir.path(), now).unwrap();
        assert!(mended.pair("brevlada").is_ok());
        assert_eq!(first.pair("idp").unwrap().key, mended.pair("idp").unwrap().key);
    }

    #[test]
    fn a_sender_is_named_by_number_and_issued_by_the_marked_authority() {
        let dir = tempfile::tempdir().unwrap();
        let pki = Pki::open(dir.path(), OffsetDateTime::now_utc()).unwrap();
        let pair = pki.pair("162021003898").unwrap();
        assert!(pair.key.starts_with("-----BEGIN PRIVATE KEY-----"), "PKCS#8");
        let (_, pem) = x509_parser::pem::parse_x509_pem(pair.certificate.as_bytes()).unwrap();
        let certificate = pem.parse_x509().unwrap();
        assert!(certificate.issuer().to_string().contains(DEMONSTRATION_MARK));
        let number = certificate
            .subject()
            .iter_by_oid(&x509_parser::oid_registry::OID_X509_SERIALNUMBER)
            .next()
            .and_then(|a| a.as_str().ok());
        assert_eq!(number, Some("162021003898"));
    }
}
