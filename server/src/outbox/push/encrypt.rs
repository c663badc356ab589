//! Encrypts a message for one browser: RFC 8291, in one record of RFC 8188.

use crate::clock::Ids;
use crate::domain::push::{POINT, PushAddress};
use aes_gcm::Aes128Gcm;
use aes_gcm::aead::{Aead as _, KeyInit as _};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey, UnparsedPublicKey, agree};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// The record size that a message names; ours are one record, and the last may be shorter. RFC 8188, section 2.1.
const RECORD: u32 = 4096;

/// What marks the end of what is said in the last record; zeros follow. RFC 8188, section 2.
pub(super) const END: u8 = 2;

/// Randomness for one message: never used twice.
pub(in crate::outbox) struct Fresh {
    salt: [u8; 16],
    secret: Zeroizing<[u8; 32]>,
}

/// The message could not be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotEncrypted;

impl Fresh {
    /// From the system's generator.
    pub(in crate::outbox) fn new(ids: Ids) -> Result<Self, getrandom::Error> {
        Ok(Self {
            salt: ids.bytes()?,
            secret: Zeroizing::new(ids.bytes()?),
        })
    }
}

/// The body of a message. `content` ends with [`END`] and the padding.
pub(super) fn encrypt(to: &PushAddress, content: &[u8], fresh: &Fresh) -> Result<Vec<u8>, NotEncrypted> {
    let ours = PrivateKey::from_private_key(&ECDH_P256, fresh.secret.as_ref()).map_err(|_| NotEncrypted)?;
    let public = ours.compute_public_key().map_err(|_| NotEncrypted)?;
    let public: &[u8; POINT] = public.as_ref().try_into().map_err(|_| NotEncrypted)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, to.p256dh());
    let key_material = agree(&ours, theirs, NotEncrypted, |shared| key_material(to, public, shared))?;
    let expanded = Hkdf::<Sha256>::new(Some(&fresh.salt), key_material.as_ref());
    let key = expand::<16>(&expanded, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce = expand::<12>(&expanded, &[b"Content-Encoding: nonce\0"])?;
    // The first record's number is 0, which leaves the nonce as it is.
    let sealed = Aes128Gcm::new_from_slice(key.as_ref())
        .map_err(|_| NotEncrypted)?
        .encrypt(&(*nonce).into(), content)
        .map_err(|_| NotEncrypted)?;

    let mut body = Vec::with_capacity(fresh.salt.len() + 5 + POINT + sealed.len());
    body.extend_from_slice(&fresh.salt);
    body.extend_from_slice(&RECORD.to_be_bytes());
    body.extend(u8::try_from(POINT));
    body.extend_from_slice(public);
    body.extend_from_slice(&sealed);
    Ok(body)
}

/// What both keys and the shared secret come to. RFC 8291, section 3.4.
fn key_material(to: &PushAddress, public: &[u8; POINT], shared: &[u8]) -> Result<Zeroizing<[u8; 32]>, NotEncrypted> {
    let combined = Hkdf::<Sha256>::new(Some(to.auth()), shared);
    expand(&combined, &[b"WebPush: info\0", to.p256dh(), public])
}

fn expand<const N: usize>(from: &Hkdf<Sha256>, info: &[&[u8]]) -> Result<Zeroizing<[u8; N]>, NotEncrypted> {
    let mut key = Zeroizing::new([0; N]);
    from.expand_multi_info(info, key.as_mut()).map_err(|_| NotEncrypted)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::device::Device;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_example_of_the_standard_comes_out_as_it_stands_there() {
        // RFC 8291, section 5 and appendix A.
        let to = PushAddress::given(
            "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
            (
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                "BTBZMqHH6r4Tts7J_aSIgg",
            ),
            1,
            Device::default(),
        )
        .unwrap();
        let fresh = Fresh {
            salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"),
            secret: Zeroizing::new(bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
        };
        let body = encrypt(&to, b"When I grow up, I want to be a watermelon\x02", &fresh).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(body),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95b\
             Qpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }
}
