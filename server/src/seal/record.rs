//! Sealing one field of one record.

use crate::clock::Ids;
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{Aead as _, Payload};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::fmt;
use uuid::Uuid;
use zeroize::Zeroizing;

const NONCE: usize = 12;
const FORMAT: u8 = 1;

/// Why something sealed could not be opened, or made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The value was changed, cut or moved, or the key is another.
    #[error("a sealed value does not open: it was changed or moved, or the key is another")]
    DoesNotOpen,
    /// The master key version that sealed it is not in the key file.
    #[error("master key version {0} is not in the key file: restore the file that has it")]
    UnknownVersion(u32),
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    NoRandomness,
    /// It opens, but holds something else than we write there. Names the place, never the content.
    #[error("what is sealed as {table}.{field} is not what belongs there: another version of the program wrote it")]
    Unreadable {
        /// The table.
        table: &'static str,
        /// What of the row.
        field: &'static str,
    },
}

/// Where a sealed value lives. It opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    table: &'static str,
    id: &'a [u8],
    field: &'static str,
}

impl<'a> Place<'a> {
    /// The field of the row of `table` whose key is `id`.
    pub fn new(table: &'static str, id: &'a [u8], field: &'static str) -> Self {
        Self { table, id, field }
    }

    /// The same for a row with a UUID.
    pub fn of(table: &'static str, id: &'a Uuid, field: &'static str) -> Self {
        Self {
            table,
            id: id.as_bytes(),
            field,
        }
    }

    /// Lengths first, so that no two places give the same bytes.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64);
        for part in [self.table.as_bytes(), self.id, self.field.as_bytes()] {
            bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }

    fn unreadable(&self) -> SealError {
        SealError::Unreadable {
            table: self.table,
            field: self.field,
        }
    }
}

/// The key of one mailbox.
#[derive(Clone)]
pub struct MailboxKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for MailboxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxKey(…)")
    }
}

impl MailboxKey {
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals `plain` for its place.
    pub fn seal(&self, ids: Ids, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        seal(&self.0, ids, place, plain, &[FORMAT])
    }

    /// Seals a record for its place.
    pub fn seal_record(&self, ids: Ids, place: &Place<'_>, record: &impl Serialize) -> Result<Vec<u8>, SealError> {
        let plain = Zeroizing::new(serde_json::to_vec(record).map_err(|_| place.unreadable())?);
        self.seal(ids, place, &plain)
    }

    /// The key that blinds what has to be found in this mailbox, of one kind (`sender`, `word` …).
    pub fn blind(&self, kind: &'static str) -> Result<BlindKey, SealError> {
        Ok(BlindKey(derive(&self.0, format!("blind {kind}").as_bytes())?))
    }

    /// Opens what [`MailboxKey::seal`] made for the same place.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let rest = sealed.strip_prefix(&[FORMAT]).ok_or(SealError::DoesNotOpen)?;
        open(&self.0, place, rest)
    }

    /// Opens what [`MailboxKey::seal_record`] made for the same place.
    pub fn open_record<T: DeserializeOwned>(&self, place: &Place<'_>, sealed: &[u8]) -> Result<T, SealError> {
        let plain = Zeroizing::new(self.open(place, sealed)?);
        serde_json::from_slice(&plain).map_err(|_| place.unreadable())
    }
}

/// Blinds values of one kind in one mailbox: the same value always gives the same token, which finds it and tells nothing else.
pub struct BlindKey(Zeroizing<[u8; 32]>);

impl fmt::Debug for BlindKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindKey(…)")
    }
}

impl BlindKey {
    /// The token of `value`: a truncated HMAC-SHA-256.
    pub fn token(&self, value: &str) -> [u8; 16] {
        let mut token = [0; 16];
        // HMAC takes keys of every length, so this cannot fail; an all-zero token would find nothing.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.as_ref()) {
            mac.update(value.as_bytes());
            token.copy_from_slice(mac.finalize().into_bytes().first_chunk::<16>().unwrap_or(&[0; 16]));
        }
        token
    }
}

/// The key for what belongs to no mailbox, of one master key version.
#[derive(Clone)]
pub struct HouseKey {
    pub(super) version: u32,
    pub(super) key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for HouseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HouseKey(version {})", self.version)
    }
}

impl HouseKey {
    pub(super) fn seal(&self, ids: Ids, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut head = vec![FORMAT];
        head.extend_from_slice(&self.version.to_be_bytes());
        seal(&self.key, ids, place, plain, &head)
    }

    pub(super) fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (_, rest) = split_version(sealed)?;
        open(&self.key, place, rest)
    }
}

/// The master key version that sealed a value of the house, and the rest.
pub(super) fn split_version(sealed: &[u8]) -> Result<(u32, &[u8]), SealError> {
    let rest = sealed.strip_prefix(&[FORMAT]).ok_or(SealError::DoesNotOpen)?;
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(SealError::DoesNotOpen)?;
    Ok((u32::from_be_bytes(*version), rest))
}

/// HKDF-SHA-256 of `key` for one purpose.
pub(super) fn derive(key: &[u8; 32], info: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
    let mut derived = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, key)
        .expand(info, derived.as_mut())
        .map_err(|_| SealError::DoesNotOpen)?;
    Ok(derived)
}

fn cipher(key: &[u8; 32], place: &[u8]) -> Result<Aes256Gcm, SealError> {
    Aes256Gcm::new_from_slice(derive(key, place)?.as_ref()).map_err(|_| SealError::DoesNotOpen)
}

fn seal(key: &[u8; 32], ids: Ids, place: &Place<'_>, plain: &[u8], head: &[u8]) -> Result<Vec<u8>, SealError> {
    let place = place.bytes();
    let nonce: [u8; NONCE] = ids.bytes().map_err(|_| SealError::NoRandomness)?;
    let sealed = cipher(key, &place)?
        .encrypt(
            &nonce.into(),
            Payload {
                msg: plain,
                aad: &place,
            },
        )
        .map_err(|_| SealError::DoesNotOpen)?;
    let mut whole = Vec::with_capacity(head.len() + NONCE + sealed.len());
    whole.extend_from_slice(head);
    whole.extend_from_slice(&nonce);
    whole.extend_from_slice(&sealed);
    Ok(whole)
}

fn open(key: &[u8; 32], place: &Place<'_>, rest: &[u8]) -> Result<Vec<u8>, SealError> {
    let place = place.bytes();
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(SealError::DoesNotOpen)?;
    cipher(key, &place)?
        .decrypt(
            &(*nonce).into(),
            Payload {
                msg: sealed,
                aad: &place,
            },
        )
        .map_err(|_| SealError::DoesNotOpen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> MailboxKey {
        MailboxKey::from_bytes([7; 32])
    }

    #[test]
    fn a_token_is_the_same_for_the_same_value_kind_and_mailbox_only() {
        let other = MailboxKey::from_bytes([8; 32]);
        let token = |key: &MailboxKey, kind, value| key.blind(kind).unwrap().token(value);
        let one = token(&key(), "word", "räkning");
        assert_eq!(one, token(&key(), "word", "räkning"));
        for different in [
            token(&key(), "word", "räkningar"),
            token(&key(), "sender", "räkning"),
            token(&other, "word", "räkning"),
        ] {
            assert_ne!(one, different);
        }
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(plain in proptest::collection::vec(any::<u8>(), 0..300), at in 0_usize..400) {
            let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
            let place = Place::of("letter", &here, "header");
            let sealed = key().seal(Ids, &place, &plain).unwrap();
            prop_assert_eq!(key().open(&place, &sealed).unwrap(), plain);
            prop_assert!(key().open(&Place::of("letter", &there, "header"), &sealed).is_err());
            prop_assert!(key().open(&Place::of("letter", &here, "original"), &sealed).is_err());
            prop_assert!(MailboxKey::from_bytes([8; 32]).open(&place, &sealed).is_err());
            let mut changed = sealed.clone();
            let at = at % changed.len();
            changed[at] ^= 1;
            prop_assert!(key().open(&place, &changed).is_err());
            prop_assert!(key().open(&place, &sealed[..at]).is_err());
        }
    }
}
