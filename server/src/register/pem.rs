//! Certificates, keys and revocation lists from files.

use rustls::RootCertStore;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use std::io;
use std::path::{Path, PathBuf};

/// Why a TLS set-up cannot be made as configured.
#[derive(Debug, thiserror::Error)]
pub enum PemError {
    /// A file cannot be read.
    #[error("{file}: {source}")]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{file}: {problem}")]
    Content {
        /// Which.
        file: PathBuf,
        /// What is missing or wrong.
        problem: String,
    },
    /// The parts do not fit together.
    #[error("TLS set-up: {0}")]
    Setup(String),
}

impl PemError {
    pub(crate) fn content(file: &Path, problem: impl ToString) -> Self {
        Self::Content {
            file: file.to_owned(),
            problem: problem.to_string(),
        }
    }
}

/// Certificates of a PEM file, in order; at least one.
pub(crate) async fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, PemError> {
    let pem = bytes(file).await?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let found = found.map_err(|e| PemError::content(file, e))?;
    if found.is_empty() {
        return Err(PemError::content(file, "holds no certificate in PEM form"));
    }
    Ok(found)
}

/// The certificates of a PEM file as those whose word counts.
pub(crate) async fn roots(file: &Path) -> Result<RootCertStore, PemError> {
    let mut roots = RootCertStore::empty();
    for ca in certificates(file).await? {
        roots.add(ca).map_err(|e| PemError::content(file, e))?;
    }
    Ok(roots)
}

/// The first private key of a PEM file.
pub(crate) async fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, PemError> {
    let pem = bytes(file).await?;
    // The library's own error might quote what it read.
    PrivateKeyDer::from_pem_slice(&pem).map_err(|_| PemError::content(file, "holds no private key in PEM form"))
}

/// Revocation lists of a file, PEM or DER, each as DER.
pub(crate) async fn revocation_lists(file: &Path) -> Result<Vec<Vec<u8>>, PemError> {
    let bytes = bytes(file).await?;
    if !bytes.starts_with(b"-----") {
        return Ok(vec![bytes]);
    }
    let found: Result<Vec<_>, _> = CertificateRevocationListDer::pem_slice_iter(&bytes).collect();
    let found = found.map_err(|e| PemError::content(file, e))?;
    Ok(found.into_iter().map(|crl| crl.as_ref().to_vec()).collect())
}

/// A PEM file as text.
pub(crate) async fn text(file: &Path) -> Result<String, PemError> {
    String::from_utf8(bytes(file).await?).map_err(|_| PemError::content(file, "is not in PEM form"))
}

async fn bytes(file: &Path) -> Result<Vec<u8>, PemError> {
    tokio::fs::read(file).await.map_err(|source| PemError::File {
        file: file.to_owned(),
        source,
    })
}
