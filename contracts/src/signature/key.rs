//! Public keys, wherever they come from.

use bergshamra::SoftwareKey;
use bergshamra::core::algorithm;
use bergshamra::crypto::sign as algorithms;
use bergshamra::keys::loader;

/// A key that cannot be used. The texts never hold the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a key or certificate in a form that we read.
    #[error("not a key that can be read; use PEM: PKCS#8 for private keys, X.509 for certificates")]
    Unreadable,
    /// Neither RSA of 2048 bits or more, nor ECDSA on P-256, P-384 or P-521.
    #[error("a key of this kind is not supported; use RSA of at least 2048 bits, or ECDSA on P-256, P-384 or P-521")]
    Unsupported,
    /// The private key belongs to another certificate.
    #[error("the private key does not belong to the certificate")]
    NotAPair,
}

/// A public key that signatures are verified with. Cheap to clone.
#[derive(Clone)]
pub struct PublicKey(SoftwareKey);

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicKey")
    }
}

impl PublicKey {
    /// From `SubjectPublicKeyInfo` in DER.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = loader::load_spki_der(der).map_err(|_| KeyError::Unreadable)?;
        let key = key.software_key().ok().flatten().ok_or(KeyError::Unreadable)?;
        if key_family_allowed(&key) {
            Ok(Self(key))
        } else {
            Err(KeyError::Unsupported)
        }
    }

    /// From an X.509 certificate in DER. Says nothing about whether the certificate is valid or trusted.
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, KeyError> {
        let (_, certificate) = x509_parser::parse_x509_certificate(der).map_err(|_| KeyError::Unreadable)?;
        Self::from_spki_der(certificate.public_key().raw)
    }

    pub(super) fn inner(&self) -> &SoftwareKey {
        &self.0
    }

    /// Whether a signature with this method can be of this key: an RSA key never verifies as an HMAC secret.
    pub(super) fn fits(&self, method: &str) -> bool {
        algorithms::key_algorithm_matches_signature_uri(method, self.0.algorithm())
    }
}

fn key_family_allowed(key: &SoftwareKey) -> bool {
    [algorithm::RSA_SHA256, algorithm::ECDSA_SHA256]
        .iter()
        .any(|method| algorithms::key_algorithm_matches_signature_uri(method, key.algorithm()))
}

/// Checks `signature` over `signed` as X.509 has it: RSA as in XML, ECDSA in DER. `method` is the XML name of the
/// algorithm.
pub(crate) fn verify_certificate_signature(key: &PublicKey, method: &str, signed: &[u8], signature: &[u8]) -> bool {
    if !key.fits(method) {
        return false;
    }
    let Ok(algorithm) = algorithms::from_uri(method) else {
        return false;
    };
    if !key.fits(algorithm::ECDSA_SHA256) {
        return algorithm.verify(key.inner(), signed, signature).unwrap_or(false);
    }
    // The length of a coordinate is not asked of the key but tried: only the right one can verify.
    [32, 48, 66].into_iter().any(|length| {
        fixed_form(signature, length)
            .is_some_and(|fixed| algorithm.verify(key.inner(), signed, &fixed).unwrap_or(false))
    })
}

/// `SEQUENCE { r INTEGER, s INTEGER }` as two numbers of `length` bytes.
fn fixed_form(der: &[u8], length: usize) -> Option<Vec<u8>> {
    let (content, rest) = der_value(der, 0x30)?;
    let (r, after) = der_value(content, 0x02)?;
    let (s, end) = der_value(after, 0x02)?;
    if !rest.is_empty() || !end.is_empty() {
        return None;
    }
    let mut fixed = Vec::with_capacity(2 * length);
    for number in [r, s] {
        let start = number.iter().take_while(|byte| **byte == 0).count();
        let number = number.get(start..)?;
        fixed.resize(fixed.len() + length.checked_sub(number.len())?, 0);
        fixed.extend_from_slice(number);
    }
    Some(fixed)
}

/// One DER value with this tag: its content, and what follows. Lengths up to 255.
fn der_value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match length {
        0..=0x7f => (*length, rest),
        0x81 => rest.split_first().map(|(length, rest)| (*length, rest))?,
        _ => return None,
    };
    if *first == tag {
        rest.split_at_checked(usize::from(length))
    } else {
        None
    }
}
