//! The secrets of a browser, and how it opens what comes: RFC 8291 and RFC 8188, seen from the other end.

use super::Keys;
use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Prk, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// A browser.
pub(super) struct Browser {
    secret: [u8; 32],
    public: Vec<u8>,
    auth: [u8; 16],
}

impl Browser {
    /// With new secrets; nothing when the system gives no randomness.
    pub(super) fn new() -> Option<Self> {
        let (mut secret, mut auth) = ([0; 32], [0; 16]);
        getrandom::fill(&mut secret).ok()?;
        getrandom::fill(&mut auth).ok()?;
        let public = private(&secret)?.compute_public_key().ok()?;
        Some(Self {
            secret,
            public: public.as_ref().to_vec(),
            auth,
        })
    }

    /// What it gives to those who send to it.
    pub(super) fn keys(&self) -> Keys {
        Keys {
            p256dh: URL_SAFE_NO_PAD.encode(&self.public),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
        }
    }

    /// What it keeps to itself, base64url.
    pub(super) fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret)
    }

    /// What a message says; nothing when it was not made for this browser.
    pub(super) fn open(&self, body: &[u8]) -> Option<Vec<u8>> {
        let (salt, rest) = body.split_first_chunk::<16>()?;
        let (record, rest) = rest.split_first_chunk::<4>()?;
        let (length, rest) = rest.split_first()?;
        let (sender, sealed) = rest.split_at_checked(usize::from(*length))?;
        // One record: RFC 8291, section 4, asks for no more.
        if sealed.len() > usize::try_from(u32::from_be_bytes(*record)).ok()? {
            return None;
        }
        let ours = private(&self.secret)?;
        let theirs = UnparsedPublicKey::new(&ECDH_P256, sender);
        let combined = agree(&ours, theirs, (), |shared| {
            Ok(Salt::new(HKDF_SHA256, &self.auth).extract(shared))
        })
        .ok()?;
        let material = expand::<32>(&combined, &[b"WebPush: info\0", &self.public, sender])?;
        let prk = Salt::new(HKDF_SHA256, salt).extract(&material);
        let key = expand::<16>(&prk, &[b"Content-Encoding: aes128gcm\0"])?;
        let nonce = expand::<12>(&prk, &[b"Content-Encoding: nonce\0"])?;
        let mut sealed = sealed.to_vec();
        let plain = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?)
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .ok()?;
        // 2 ends what is said in the last record, and zeros follow.
        let end = plain.iter().rposition(|byte| *byte != 0)?;
        let (said, end) = plain.get(..=end)?.split_at(end);
        (end == [2]).then(|| said.to_vec())
    }
}

fn private(secret: &[u8; 32]) -> Option<PrivateKey> {
    PrivateKey::from_private_key(&ECDH_P256, secret).ok()
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const N: usize>(from: &Prk, info: &[&[u8]]) -> Option<[u8; N]> {
    let mut key = [0; N];
    from.expand(info, Length(N)).ok()?.fill(&mut key).ok()?;
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    #[test]
    fn opens_the_example_of_the_standard() {
        // RFC 8291, section 5.
        let browser = Browser {
            secret: bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94").try_into().unwrap(),
            public: bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg").try_into().unwrap(),
        };
        let body = bytes(
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b\
             Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN",
        );
        assert_eq!(
            browser.open(&body).unwrap(),
            b"When I grow up, I want to be a watermelon"
        );
        for at in 0..body.len() {
            let mut changed = body.clone();
            changed[at] ^= 1;
            // The record size only bounds; every other byte counts.
            assert!((16..20).contains(&at) || browser.open(&changed).is_none(), "{at}");
            assert!(browser.open(&body[..at]).is_none());
        }
    }
}
