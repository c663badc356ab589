//! Which certificates count, and a memory of those already checked.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;

use super::chain::{self, Authority};
use super::revocation::{RevocationList, Standing, standing};
use super::{CertificateProblem, Signer, parse, pem_blocks};
use crate::signature::PublicKey;

/// What to do when no current list of revoked certificates is at hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Revocation {
    /// Go on; a certificate on a list, even an old one, is refused all the same.
    #[default]
    Soft,
    /// Refuse.
    Hard,
}

/// Why a trust store could not be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// No certificate at all in the bundle.
    #[error("the bundle holds no certificate; it must be PEM with at least one CERTIFICATE block")]
    Empty,
    /// A certificate of the bundle that may not issue others, or cannot be read.
    #[error("certificate {position} of the bundle cannot be used as an authority: {problem}")]
    Authority {
        /// Its place in the bundle, counted from 1.
        position: usize,
        /// What is wrong with it.
        problem: CertificateProblem,
    },
    /// A list of revoked certificates that cannot be read, or that its issuer in the bundle did not sign.
    #[error("revocation list {position} cannot be read, or is not signed by the authority that it names")]
    RevocationList {
        /// Its place among the lists, counted from 1.
        position: usize,
    },
}

/// Authorities whose certificates count, with their lists of revoked ones. Make a new one when the files change.
#[derive(Debug)]
pub struct TrustStore {
    authorities: Vec<Arc<Authority>>,
    lists: Vec<RevocationList>,
    revocation: Revocation,
    known: RwLock<HashMap<[u8; 32], Arc<Checked>>>,
}

/// A certificate whose chain has been verified; what is left depends on the time.
#[derive(Debug)]
struct Checked {
    signer: Signer,
    key: PublicKey,
    links: Vec<TimedLink>,
}

#[derive(Debug)]
struct TimedLink {
    not_before: i64,
    not_after: i64,
    /// `None` for the trusted authority itself.
    standing: Option<Standing>,
}

/// Only certificates with a good chain are remembered, so the memory is bounded by what the authorities issue; this
/// bounds it further.
const REMEMBERED: usize = 1024;

impl TrustStore {
    /// From a PEM bundle of authorities, every one of them trusted as it stands, and lists of revoked certificates (DER
    /// or PEM).
    pub fn from_pem(authorities: &str, lists: Vec<Vec<u8>>) -> Result<Self, TrustError> {
        let bundle = pem_blocks(authorities, "CERTIFICATE");
        if bundle.is_empty() {
            return Err(TrustError::Empty);
        }
        let read = |(at, der): (usize, &Vec<u8>)| {
            Authority::read(der)
                .map(Arc::new)
                .map_err(|problem| TrustError::Authority {
                    position: at + 1,
                    problem,
                })
        };
        let authorities = bundle.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        let read = |(at, bytes): (usize, Vec<u8>)| {
            let list = RevocationList::read(&bytes).ok_or(TrustError::RevocationList { position: at + 1 })?;
            let mut named = authorities
                .iter()
                .filter(|authority| authority.subject == list.issuer)
                .peekable();
            // Issuers outside the bundle are seen only with the chains that they are part of.
            if named.peek().is_some() && !named.any(|authority| list.is_of(authority)) {
                return Err(TrustError::RevocationList { position: at + 1 });
            }
            Ok(list)
        };
        let lists = lists.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            authorities,
            lists,
            revocation: Revocation::default(),
            known: RwLock::default(),
        })
    }

    /// The same store with another rule for unknown revocation.
    #[must_use]
    pub fn with_revocation(mut self, revocation: Revocation) -> Self {
        self.revocation = revocation;
        self
    }

    /// Checks a signer's certificate at a point in time: chain, validity of every part of it, revocation, key usage,
    /// organisation number.
    pub fn check(&self, der: &[u8], at: OffsetDateTime) -> Result<Signer, CertificateProblem> {
        self.check_chain(der, &[], at).map(|(signer, _)| signer)
    }

    /// As [`TrustStore::check`], with certificates that came along and may lead to a trusted authority; also gives the
    /// key.
    pub fn check_chain(
        &self,
        der: &[u8],
        between: &[Vec<u8>],
        at: OffsetDateTime,
    ) -> Result<(Signer, PublicKey), CertificateProblem> {
        let checked = self.checked(der, between)?;
        let at = at.unix_timestamp();
        for link in &checked.links {
            if at < link.not_before {
                return Err(CertificateProblem::NotYetValid);
            }
            if at > link.not_after {
                return Err(CertificateProblem::Expired);
            }
            let Some(standing) = link.standing else { continue };
            if standing.revoked_from.is_some_and(|from| from <= at) {
                return Err(CertificateProblem::Revoked);
            }
            if self.revocation == Revocation::Hard && standing.known_until.is_none_or(|until| until < at) {
                return Err(CertificateProblem::RevocationUnknown);
            }
        }
        Ok((checked.signer.clone(), checked.key.clone()))
    }

    fn checked(&self, der: &[u8], between: &[Vec<u8>]) -> Result<Arc<Checked>, CertificateProblem> {
        let mut hash = Sha256::new();
        for certificate in std::iter::once(der).chain(between.iter().map(Vec::as_slice)) {
            hash.update(certificate.len().to_be_bytes());
            hash.update(certificate);
        }
        let name: [u8; 32] = hash.finalize().into();
        // A poisoned lock only means that another thread stopped while it held the map; the map is whole.
        if let Some(checked) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&name) {
            return Ok(Arc::clone(checked));
        }
        let checked = Arc::new(self.verify(der, between)?);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(name, Arc::clone(&checked));
        Ok(checked)
    }

    fn verify(&self, der: &[u8], between: &[Vec<u8>]) -> Result<Checked, CertificateProblem> {
        let certificate = parse(der)?;
        let links = chain::build(&certificate, &self.authorities, between)?;
        let links = links.iter().map(|link| TimedLink {
            not_before: link.certificate.not_before,
            not_after: link.certificate.not_after,
            standing: link
                .issuer
                .as_ref()
                .map(|issuer| standing(&link.certificate, issuer, &self.lists)),
        });
        Ok(Checked {
            signer: Signer::read(der, &certificate)?,
            key: PublicKey::from_spki_der(certificate.public_key().raw).map_err(|_| CertificateProblem::Key)?,
            links: links.collect(),
        })
    }
}
