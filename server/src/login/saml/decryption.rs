//! Opening an `EncryptedAssertion`.
//!
//! Only what the framework asks for: AES-CBC and AES-GCM in three sizes, a session key under RSA-OAEP. bergshamra's
//! ciphers are called directly; its `decrypt` would also look for keys by name, follow references, agree on keys and cut
//! keys to length. PKCS#1 v1.5 is refused. Every failure is the same value after the same work, so that nobody can use us
//! as an oracle; and CBC is only met after the Response's signature has been checked.

use super::names::{
    AES128_CBC, AES128_GCM, AES192_CBC, AES192_GCM, AES256_CBC, AES256_GCM, DS, RSA_OAEP, RSA_OAEP_MGF1P, XENC, XENC11,
};
use super::tree::Read as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bergshamra::Key;
use bergshamra::crypto::cipher;
use bergshamra::crypto::keytransport::{self, OaepParams};
use contracts::xml::Element;
use zeroize::Zeroizing;

/// Content ciphers and the length of their key in bytes.
const CIPHERS: [(&str, usize); 6] = [
    (AES128_CBC, 16),
    (AES192_CBC, 24),
    (AES256_CBC, 32),
    (AES128_GCM, 16),
    (AES192_GCM, 24),
    (AES256_GCM, 32),
];
/// As many recipients as are tried; each costs an RSA operation a key.
const MAX_ENCRYPTED_KEYS: usize = 4;

/// It could not be opened. Why is not told, not even to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the encrypted assertion cannot be opened")]
pub struct CannotDecrypt;

/// The plaintext of the one `EncryptedData` in `container` (an `EncryptedAssertion`), with any of `keys`.
///
/// `EncryptedKey` may stand in the data's `KeyInfo` or beside the data; both are in use.
pub fn decrypt<'k>(
    container: Element<'_>,
    keys: &(impl Iterator<Item = &'k Key> + Clone),
) -> Result<Zeroizing<String>, CannotDecrypt> {
    let data = container.one(XENC, "EncryptedData").map_err(|_| CannotDecrypt)?;
    let method = data.one(XENC, "EncryptionMethod").map_err(|_| CannotDecrypt)?;
    let algorithm = method.attribute("Algorithm").ok_or(CannotDecrypt)?;
    let (_, length) = CIPHERS
        .iter()
        .find(|(name, _)| *name == algorithm)
        .ok_or(CannotDecrypt)?;
    let cipher = cipher::from_uri(algorithm).map_err(|_| CannotDecrypt)?;
    let content = cipher_value(data)?;

    let key_info = data.optional(DS, "KeyInfo").map_err(|_| CannotDecrypt)?;
    let inside = key_info
        .into_iter()
        .flat_map(|info| info.all(XENC, "EncryptedKey").collect::<Vec<_>>());
    let wrapped: Vec<_> = inside
        .chain(container.all(XENC, "EncryptedKey"))
        .take(MAX_ENCRYPTED_KEYS)
        .collect();

    let mut opened = Err(CannotDecrypt);
    for encrypted_key in wrapped {
        for key in keys.clone() {
            let Ok(session_key) = unwrap(encrypted_key, key) else {
                continue;
            };
            if session_key.len() != *length {
                continue;
            }
            if let Ok(plain) = cipher.decrypt(&session_key, &content)
                && let Ok(text) = String::from_utf8(plain)
                && opened.is_err()
            {
                opened = Ok(Zeroizing::new(text));
            }
        }
    }
    opened
}

/// The session key in an `EncryptedKey`.
fn unwrap(encrypted_key: Element<'_>, key: &Key) -> Result<Zeroizing<Vec<u8>>, CannotDecrypt> {
    let method = encrypted_key.one(XENC, "EncryptionMethod").map_err(|_| CannotDecrypt)?;
    let algorithm = method.attribute("Algorithm").ok_or(CannotDecrypt)?;
    if ![RSA_OAEP_MGF1P, RSA_OAEP].contains(&algorithm) {
        return Err(CannotDecrypt);
    }
    let named = |element: Option<Element<'_>>| element.and_then(|it| it.attribute("Algorithm").map(str::to_owned));
    let digest = method.optional(DS, "DigestMethod").map_err(|_| CannotDecrypt)?;
    let mgf = method.optional(XENC11, "MGF").map_err(|_| CannotDecrypt)?;
    let label = match method.optional(XENC, "OAEPparams").map_err(|_| CannotDecrypt)? {
        Some(label) => Some(base64_of(label)?).filter(|label| !label.is_empty()),
        None => None,
    };
    let params = OaepParams {
        digest_uri: named(digest),
        mgf_uri: named(mgf),
        oaep_params: label,
    };
    let transport = keytransport::from_uri_with_params(algorithm, params).map_err(|_| CannotDecrypt)?;
    let private = key.software_key().ok().flatten().ok_or(CannotDecrypt)?;
    transport
        .decrypt(&private, &cipher_value(encrypted_key)?)
        .map(Zeroizing::new)
        .map_err(|_| CannotDecrypt)
}

fn cipher_value(element: Element<'_>) -> Result<Vec<u8>, CannotDecrypt> {
    let data = element.one(XENC, "CipherData").map_err(|_| CannotDecrypt)?;
    base64_of(data.one(XENC, "CipherValue").map_err(|_| CannotDecrypt)?)
}

fn base64_of(element: Element<'_>) -> Result<Vec<u8>, CannotDecrypt> {
    let text: String = element
        .value()
        .map_err(|_| CannotDecrypt)?
        .split_ascii_whitespace()
        .collect();
    STANDARD.decode(text).map_err(|_| CannotDecrypt)
}
