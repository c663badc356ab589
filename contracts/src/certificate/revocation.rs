//! Lists of revoked certificates (CRLs).

use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::FromDer as _;
use x509_parser::revocation_list::CertificateRevocationList;

use super::chain::{Authority, Issued, method_of, significant};
use crate::signature::verify_certificate_signature;

/// A list, read once. Its signature is checked with the authority that a chain shows.
#[derive(Debug)]
pub(super) struct RevocationList {
    pub(super) issuer: Vec<u8>,
    signed: Vec<u8>,
    signature: Vec<u8>,
    method: Option<&'static str>,
    /// Serial numbers with the time from which they are revoked, sorted.
    revoked: Vec<(Vec<u8>, i64)>,
    /// Until when the list may be used to say that something is *not* revoked.
    current_until: Option<i64>,
    /// Lists that cover only a part never say that something is not revoked.
    complete: bool,
}

/// What the lists say of one certificate.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Standing {
    /// From when it is revoked.
    pub(super) revoked_from: Option<i64>,
    /// Until when it is known not to be.
    pub(super) known_until: Option<i64>,
}

impl RevocationList {
    /// From DER, or PEM with the label `X509 CRL`.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let blocks = std::str::from_utf8(bytes)
            .map(|text| super::pem_blocks(text, "X509 CRL"))
            .unwrap_or_default();
        let der = blocks.first().map_or(bytes, Vec::as_slice);
        let (_, list) = CertificateRevocationList::from_der(der).ok()?;
        let mut revoked: Vec<_> = list
            .iter_revoked_certificates()
            .map(|entry| {
                (
                    significant(entry.raw_serial()).to_vec(),
                    entry.revocation_date.timestamp(),
                )
            })
            .collect();
        revoked.sort_unstable();
        let partial = |extension: &ParsedExtension<'_>| {
            !matches!(
                extension,
                ParsedExtension::AuthorityKeyIdentifier(_) | ParsedExtension::CRLNumber(_)
            )
        };
        Some(Self {
            issuer: list.issuer().as_raw().to_vec(),
            signed: list.tbs_cert_list.as_ref().to_vec(),
            signature: list.signature_value.data.to_vec(),
            method: method_of(&list.signature_algorithm.algorithm),
            revoked,
            current_until: list.next_update().map(|at| at.timestamp()),
            complete: !list
                .extensions()
                .iter()
                .any(|e| e.critical && partial(e.parsed_extension())),
        })
    }

    /// Whether `authority` signed the list.
    pub(super) fn is_of(&self, authority: &Authority) -> bool {
        self.issuer == authority.subject
            && self.method.is_some_and(|method| {
                verify_certificate_signature(&authority.key, method, &self.signed, &self.signature)
            })
    }
}

/// What `lists`, as far as `authority` signed them, say of a certificate that it issued.
pub(super) fn standing(certificate: &Issued, authority: &Authority, lists: &[RevocationList]) -> Standing {
    let mut standing = Standing::default();
    for list in lists.iter().filter(|list| list.is_of(authority)) {
        let entries = list.revoked.iter().filter(|(serial, _)| *serial == certificate.serial);
        let first = entries.map(|(_, from)| *from).min();
        standing.revoked_from = standing.revoked_from.into_iter().chain(first).min();
        if list.complete {
            standing.known_until = standing.known_until.max(list.current_until);
        }
    }
    standing
}
