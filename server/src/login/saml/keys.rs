//! Our own keys: one that signs (and others announced), and a list that open what is encrypted to us.

use bergshamra::Key;
use contracts::signature::{KeyError, SigningIdentity};
use x509_parser::pem::Pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};
use x509_parser::public_key::PublicKey;

/// Why a key of ours cannot be used. Says which file is at fault; never what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// No certificate in PEM.
    #[error("no X.509 certificate in PEM")]
    NoCertificate,
    /// No private RSA key in PEM.
    #[error("no private RSA key in PEM (PKCS#8 or PKCS#1, not encrypted)")]
    NoPrivateKey,
    /// RSA under 2048 bits, or not RSA.
    #[error("the key must be RSA of at least 2048 bits")]
    TooWeak,
    /// The two files do not belong together.
    #[error("the certificate is of another key")]
    DoNotFit,
    /// It cannot sign.
    #[error("{0}")]
    Signing(#[from] KeyError),
}

/// A certificate of ours and the private RSA key that opens what is encrypted to it. `Debug` shows neither.
#[derive(Clone)]
pub struct KeyPair {
    certificate: Vec<u8>,
    private: Key,
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyPair")
    }
}

impl KeyPair {
    /// Reads a certificate and its private key, and checks that they fit.
    pub fn from_pem(certificate_pem: &str, key_pem: &str) -> Result<Self, KeyProblem> {
        let certificate = certificate_from_pem(certificate_pem)?;
        let private = bergshamra::keys::loader::load_rsa_private_pem(private_block(key_pem)?.as_bytes())
            .map_err(|_| KeyProblem::NoPrivateKey)?;
        let (_, parsed) = X509Certificate::from_der(&certificate).map_err(|_| KeyProblem::NoCertificate)?;
        match parsed.public_key().parsed() {
            Ok(PublicKey::RSA(rsa)) if rsa.key_size() >= 2048 => {}
            _ => return Err(KeyProblem::TooWeak),
        }
        if private.to_spki_der().as_deref() != Some(parsed.public_key().raw) {
            return Err(KeyProblem::DoNotFit);
        }
        Ok(Self { certificate, private })
    }

    /// The certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// The private key.
    pub fn private(&self) -> &Key {
        &self.private
    }
}

/// The private key's own lines: a file may hold its certificate too.
fn private_block(pem: &str) -> Result<&str, KeyProblem> {
    const BEGIN: &str = "-----BEGIN ";
    pem.match_indices(BEGIN)
        .filter_map(|(at, _)| pem.get(at..))
        .find(|block| {
            block
                .lines()
                .next()
                .is_some_and(|line| line.trim_end().ends_with("PRIVATE KEY-----"))
        })
        .map(|block| match block.match_indices(BEGIN).nth(1) {
            Some((end, _)) => block.get(..end).unwrap_or(block),
            None => block,
        })
        .ok_or(KeyProblem::NoPrivateKey)
}

/// The first certificate in a PEM text, DER.
pub fn certificate_from_pem(pem: &str) -> Result<Vec<u8>, KeyProblem> {
    Pem::iter_from_buffer(pem.as_bytes())
        .filter_map(Result::ok)
        .find(|block| block.label == "CERTIFICATE")
        .map(|block| block.contents)
        .ok_or(KeyProblem::NoCertificate)
}

/// The keys of our SP.
#[derive(Clone, Debug)]
pub struct ServiceKeys {
    /// Signs requests.
    pub signing: SigningIdentity,
    /// Certificates announced beside it: the next or the previous signing key, while peers read new metadata.
    pub also_announced: Vec<Vec<u8>>,
    /// Announced for encryption. Only the new key is, when keys are changed.
    pub encryption: KeyPair,
    /// Keys that may still be encrypted to.
    pub also_decrypting: Vec<KeyPair>,
}

impl ServiceKeys {
    /// Every key to try when decrypting, the announced one first.
    pub fn decryption(&self) -> impl Iterator<Item = &Key> + Clone {
        std::iter::once(&self.encryption)
            .chain(&self.also_decrypting)
            .map(KeyPair::private)
    }
}
