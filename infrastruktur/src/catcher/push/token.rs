//! The token by which a sender says who it is: RFC 8292.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use time::{Duration, OffsetDateTime};

/// RFC 8292, section 2: a token holds for a day at most.
const LONGEST: Duration = Duration::DAY;

/// Who sends.
pub(super) struct Sender {
    /// Its public key, base64url.
    pub(super) key: String,
    /// How it is reached.
    pub(super) contact: String,
}

#[derive(Deserialize)]
struct Head {
    alg: String,
}

#[derive(Deserialize)]
struct Claims {
    aud: String,
    exp: i64,
    #[serde(default)]
    sub: String,
}

impl Sender {
    /// Reads an `Authorization` header for the service at `origin`; nothing when it does not hold.
    pub(super) fn read(header: &str, origin: &str, now: OffsetDateTime) -> Option<Self> {
        let parts = header.strip_prefix("vapid ")?;
        let part = |name: &str| {
            parts
                .split(',')
                .find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
        };
        let (token, key) = (part("t")?, part("k")?);
        let (signed, signature) = token.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, URL_SAFE_NO_PAD.decode(key).ok()?)
            .verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        let head: Head = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(head).ok()?).ok()?;
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        let until = OffsetDateTime::from_unix_timestamp(claims.exp).ok()?;
        let holds = head.alg == "ES256" && claims.aud == origin && until > now && until <= now + LONGEST;
        holds.then(|| Self {
            key: key.to_owned(),
            contact: claims.sub,
        })
    }
}
