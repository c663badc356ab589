//! Says to a push service who sends a message: a signed token (RFC 8292). A browser takes messages under the key alone that it was
//! subscribed with.

use crate::domain::push::POINT;
use crate::seal::Keys;
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderValue;
use time::{Duration, OffsetDateTime};

/// How long a token holds. The standard allows a day; half of one leaves room for clocks that differ.
const HOLDS: Duration = Duration::hours(12);

/// The key file gives no key pair under that number: a chance of one in four billion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no key pair of that number in this key file: give the next number in push.key")]
pub struct NoKeyPair;

/// A key pair that push services know us by.
pub(super) struct KeyPair {
    pair: EcdsaKeyPair,
    public: [u8; POINT],
}

impl KeyPair {
    /// The pair of a number, always the same for the same key file.
    pub(super) fn of(keys: &Keys, number: u32) -> Result<Self, NoKeyPair> {
        let secret = keys.push_secret(number).map_err(|_| NoKeyPair)?;
        let public = PrivateKey::from_private_key(&ECDH_P256, secret.as_ref())
            .map_err(|_| NoKeyPair)?
            .compute_public_key()
            .map_err(|_| NoKeyPair)?;
        let public: [u8; POINT] = public.as_ref().try_into().map_err(|_| NoKeyPair)?;
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, secret.as_ref(), &public)
            .map_err(|_| NoKeyPair)?;
        Ok(Self { pair, public })
    }

    /// The public half, base64url.
    pub(super) fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.public)
    }

    /// The header for a message to the push service at `origin`, which may complain to `contact`.
    pub(super) fn authorization(&self, origin: &str, contact: &str, now: OffsetDateTime) -> Option<HeaderValue> {
        let claims = serde_json::json!({
            "aud": origin,
            "exp": (now + HOLDS).unix_timestamp(),
            "sub": contact,
        });
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).ok()?;
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
        let mut header = HeaderValue::from_str(&format!("vapid t={token},k={}", self.public())).ok()?;
        header.set_sensitive(true);
        Some(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Ids;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    fn keys() -> Keys {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.toml");
        Keys::create(&path, Ids, true).unwrap();
        Keys::load(&path).unwrap()
    }

    #[test]
    fn a_token_names_the_service_and_holds_for_half_a_day() {
        let (keys, now) = (keys(), OffsetDateTime::from_unix_timestamp(1_800_000_000).unwrap());
        let pair = KeyPair::of(&keys, 1).unwrap();
        let header = pair
            .authorization("https://push.example.net", "mailto:drift@example.se", now)
            .unwrap();
        assert!(header.is_sensitive());
        let header = header.to_str().unwrap();
        let (token, key) = header.strip_prefix("vapid t=").unwrap().split_once(",k=").unwrap();
        assert_eq!(key, pair.public());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let public = URL_SAFE_NO_PAD.decode(key).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, public)
            .verify(signed.as_bytes(), &signature)
            .unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        let read =
            |part| -> serde_json::Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
        assert_eq!(read(head), serde_json::json!({"typ": "JWT", "alg": "ES256"}));
        assert_eq!(
            read(claims),
            serde_json::json!({"aud": "https://push.example.net", "exp": 1_800_043_200, "sub": "mailto:drift@example.se"})
        );
    }

    #[test]
    fn each_number_is_another_pair_and_always_the_same() {
        let keys = keys();
        let public = |number| KeyPair::of(&keys, number).unwrap().public();
        assert_eq!(public(1), public(1));
        assert_ne!(public(1), public(2));
    }
}
