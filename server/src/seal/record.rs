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

    /// A record as it is sealed here.
    pub(super) fn written(&self, record: &impl Serialize) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let plain = serde_json::to_vec(record).map_err(|_| self.unreadable())?;
        Ok(Zeroizing::new(plain))
    }

    /// The record that was opened here.
    pub(super) fn read<T: DeserializeOwned>(&self, plain: Vec<u8>) -> Result<T, SealError> {
        let plain = Zeroizing::new(plain);
        serde_json::from_slice(&plain).map_err(|_| self.unreadable())
    }

    fn unreadable(&self) -> SealError {
        SealError::Unreadable {
            table: self.table,
            field: self.field,
        }
    }
}

/// What the keys of records are derived from (HKDF-SHA-256). Its first half is done once for all of them: a page opens a hundred records.
#[derive(Clone)]
pub(super) struct Root(Hkdf<Sha256>);

impl Root {
    pub(super) fn of(key: &[u8; 32]) -> Self {
        Self(Hkdf::new(None, key))
    }

    /// The key for one purpose.
    pub(super) fn derive(&self, info: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
        let mut derived = Zeroizing::new([0; 32]);
        self.0
            .expand(info, derived.as_mut())
            .map_err(|_| SealError::DoesNotOpen)?;
        Ok(derived)
    }
}

/// The key of one mailbox.
#[derive(Clone)]
pub struct MailboxKey {
    bytes: Zeroizing<[u8; 32]>,
    root: Root,
}

impl fmt::Debug for MailboxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxKey(…)")
    }
}

impl MailboxKey {
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        let bytes = Zeroizing::new(bytes);
        let root = Root::of(&bytes);
        Self { bytes, root }
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Seals `plain` for its place.
    pub fn seal(&self, ids: Ids, place: &Place<'_>, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        seal(&self.root, ids, place, plain, &[FORMAT])
    }

    /// Seals a record for its place.
    pub fn seal_record(&self, ids: Ids, place: &Place<'_>, record: &impl Serialize) -> Result<Vec<u8>, SealError> {
        self.seal(ids, place, &place.written(record)?)
    }

    /// The key that blinds what has to be found in this mailbox, of one kind (`sender`, `word` …).
    pub fn blind(&self, kind: &'static str) -> Result<BlindKey, SealError> {
        let key = self.root.derive(format!("blind {kind}").as_bytes())?;
        // HMAC takes keys of every length.
        let mac = Hmac::new_from_slice(key.as_ref()).map_err(|_| SealError::DoesNotOpen)?;
        Ok(BlindKey(mac))
    }

    /// Opens what [`MailboxKey::seal`] made for the same place.
    pub fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let rest = sealed.strip_prefix(&[FORMAT]).ok_or(SealError::DoesNotOpen)?;
        open(&self.root, place, rest)
    }

    /// Opens what [`MailboxKey::seal_record`] made for the same place.
    pub fn open_record<T: DeserializeOwned>(&self, place: &Place<'_>, sealed: &[u8]) -> Result<T, SealError> {
        place.read(self.open(place, sealed)?)
    }

    /// Opens what is a text.
    pub fn open_text(&self, place: &Place<'_>, sealed: &[u8]) -> Result<String, SealError> {
        String::from_utf8(self.open(place, sealed)?).map_err(|_| place.unreadable())
    }
}

/// Blinds values of one kind in one mailbox: the same value always gives the same token, which finds it and tells nothing else.
pub struct BlindKey(Hmac<Sha256>);

impl fmt::Debug for BlindKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindKey(…)")
    }
}

impl BlindKey {
    /// The token of `value`: a truncated HMAC-SHA-256.
    pub fn token(&self, value: &str) -> [u8; 16] {
        let whole: [u8; 32] = self
            .0
            .clone()
            .chain_update(value.as_bytes())
            .finalize()
            .into_bytes()
            .into();
        let (token, _) = whole.split_at(16);
        token.try_into().unwrap_or_default()
    }
}

/// The key for what belongs to no mailbox, of one master key version.
#[derive(Clone)]
pub struct HouseKey {
    pub(super) version: u32,
    pub(super) root: Root,
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
        seal(&self.root, ids, place, plain, &head)
    }

    pub(super) fn open(&self, place: &Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (_, rest) = split_version(sealed)?;
        open(&self.root, place, rest)
    }
}

/// The master key version that sealed a value of the house, and the rest.
pub(super) fn split_version(sealed: &[u8]) -> Result<(u32, &[u8]), SealError> {
    let rest = sealed.strip_prefix(&[FORMAT]).ok_or(SealError::DoesNotOpen)?;
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(SealError::DoesNotOpen)?;
    Ok((u32::from_be_bytes(*version), rest))
}

fn cipher(root: &Root, place: &[u8]) -> Result<Aes256Gcm, SealError> {
    Aes256Gcm::new_from_slice(root.derive(place)?.as_ref()).map_err(|_| SealError::DoesNotOpen)
}

fn seal(root: &Root, ids: Ids, place: &Place<'_>, plain: &[u8], head: &[u8]) -> Result<Vec<u8>, SealError> {
    let place = place.bytes();
    let nonce: [u8; NONCE] = ids.bytes().map_err(|_| SealError::NoRandomness)?;
    let sealed = cipher(root, &place)?
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

fn open(root: &Root, place: &Place<'_>, rest: &[u8]) -> Result<Vec<u8>, SealError> {
    let place = place.bytes();
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(SealError::DoesNotOpen)?;
    cipher(root, &place)?
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
